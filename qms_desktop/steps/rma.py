"""RMA: what may come back, quality's opinion, the review, and the approval by the authority table (004-D; 003-A §5.5-5.7).

The number is given at the request. Quality says what it thinks of every line, somebody who did not apply reviews the
contract, and the table decides whose signature the pieces and the amount need. What is signed is a snapshot: the lines
cannot be changed afterwards, only cancelled and requested anew (domain.md §16).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import action, reading
from qms_desktop.db.case import CaseFile
from qms_desktop.db.complaint import Complaint
from qms_desktop.db.master_data import Customer, DefectCode, Lot, Market, Product, Rate, RateKind, ShipmentLine
from qms_desktop.db.record import change, lock, now, take
from qms_desktop.db.rma import (
    APPROVED_BY_AUTHORITY,
    GOODS_MOVE,
    MISSING_RECORD_HAS_A_REASON,
    RMA_LINE_HAS_PIECES,
    TRANSITIONS,
    GoodsState,
    OpinionKind,
    RefusalReason,
    ReturnMode,
    Rma,
    RmaAmount,
    RmaKind,
    RmaLine,
    RmaLinePrice,
    RmaOpinion,
    RmaRefusal,
    RmaReview,
    SettlementState,
)
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role
from qms_desktop.rules.approval import ApprovalNeed, signers_needed
from qms_desktop.rules.money import round_cent
from qms_desktop.rules.signature import Meaning, Signed, content_hash, sign, signatures_of
from qms_desktop.steps.complaint import known_lot

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from qms_desktop.session import Session

NO_LINES = N_("An RMA needs at least one line: which product, which lot, how many pieces.")
NO_PRODUCT = N_("Line {position}: there is no product {code}. Choose one from the list.")
NO_RATE = N_("There is no exchange rate for {currency} on {day}. Ask IT to import the rates.")
PRICE_MISSING = N_("Line {position}: type the price of one piece.")
MORE_THAN_SHIPPED = N_(
    "Line {position}: {shipped} pieces of lot {lot} were shipped and {returned} are returned already; {pieces} cannot come back. "
    "Check the lot, or say why the goods are accepted all the same."
)
EVIDENCE_MISSING = N_("A refusal needs the evidence: what was found, and where it is kept.")
OPINION_UNKNOWN_LINE = N_("This line does not belong to the RMA.")


@dataclass(frozen=True)
class NewRmaLine:
    """One line of a request: product and lot, pieces, and the price of one piece with tax in `currency`."""

    product: str
    pieces: int
    unit_price: Decimal
    lot: str = ""
    order_no: str = ""
    currency: str = "CNY"
    defect_code: str = ""
    reason: str = ""
    without_record_reason: str = ""


@dataclass(frozen=True)
class Requested:
    """An RMA that was requested."""

    rma_id: int
    number: str
    case_id: int


@dataclass(frozen=True)
class OpinionOnLine:
    """What quality says of one line."""

    rma_line_id: int
    opinion: OpinionKind
    text: str = ""


@dataclass(frozen=True)
class RmaLineShown:
    """An RMA line as pages show it; prices are None for those who may not see money."""

    id: int
    position: int
    product_code: str
    product_name: str
    model: str
    lot_number: str
    order_no: str
    unit: str
    pieces_announced: int
    pieces_agreed: int
    pieces_received: int
    pieces_shipped: int | None
    defect_code: str
    reason: str
    without_record_reason: str
    opinion: OpinionKind | None
    opinion_text: str
    unit_price: Decimal | None
    amount: Decimal | None
    currency: str


@dataclass(frozen=True)
class RmaRow:
    """An RMA in a list."""

    id: int
    case_id: int
    number: str
    customer_code: str
    customer_name: str
    customer_short_name: str
    goods_state: GoodsState
    settlement_state: SettlementState
    products: str
    pieces: int
    requested_at: datetime
    requested_by: str


@dataclass(frozen=True)
class ReviewShown:
    """A contract review: by whom, when, and what was accepted."""

    who: str
    at: datetime
    text: str
    accepts_missing_record: bool
    allows_advance: bool


@dataclass(frozen=True)
class RmaShown:
    """An RMA whole; `amount` and `need` are None for those who may not see money."""

    row: RmaRow
    version: int
    kind: RmaKind
    return_mode: ReturnMode
    market: Market
    customer_reference: str
    lines: tuple[RmaLineShown, ...]
    reviews: tuple[ReviewShown, ...]
    amount: Decimal | None
    need: ApprovalNeed | None
    signatures: tuple[Signed, ...]
    refusal: tuple[RefusalReason, str] | None
    content_hash: str


@action(Permission.RMA_REQUEST)
def request(
    session: Session,
    *,
    lines: tuple[NewRmaLine, ...],
    complaint_id: int,
    kind: RmaKind = RmaKind.REPLACE,
    return_mode: ReturnMode | None = None,
    customer_reference: str = "",
) -> Requested:
    """Request an RMA for a complaint; the number is given now. Amounts include tax (domain.md §16 "Money").

    Without `return_mode`, domestic customers send the goods and foreign ones do not (003-A §6.6). Raises InvalidInput for
    unknown products, no price, more pieces than were shipped without a reason, or a currency without a rate.
    """
    complaint = take(Complaint, complaint_id)
    customer = take(Customer, complaint.customer_id)
    if not lines:
        raise InvalidInput(NO_LINES, field="lines")
    by_market = ReturnMode.PHYSICAL if customer.market is Market.DOMESTIC else ReturnMode.NON_PHYSICAL
    rma = Rma.create(
        case=complaint.case_id,
        complaint=complaint,
        customer=customer,
        market=customer.market,
        kind=kind,
        return_mode=return_mode or by_market,
        customer_reference=customer_reference or complaint.customer_reference,
        goods_state=GoodsState.REQUESTED,
        settlement_state=SettlementState.OPEN,
    )
    RmaAmount.insert(case=rma.case_id, rma=rma, version=1).execute()
    for position, line in enumerate(lines, start=1):
        _add_line(rma, customer, position, line)
    return Requested(rma.id, take(Rma, rma.id).number, rma.case_id)


def _add_line(rma: Rma, customer: Customer, position: int, line: NewRmaLine) -> None:
    product = Product.get_or_none(Product.code == line.product)
    if product is None:
        raise InvalidInput(NO_PRODUCT, field=f"lines.{position}.product", position=position, code=line.product)
    if line.pieces <= 0:
        raise InvalidInput(RMA_LINE_HAS_PIECES.message, field=f"lines.{position}.pieces")
    if line.unit_price <= 0:
        raise InvalidInput(PRICE_MISSING, field=f"lines.{position}.unit_price", position=position)
    lot = known_lot(product, line.lot)
    shipment = newest_shipment(customer, lot, line.order_no)
    _refuse_unless_shipped(customer, lot, shipment, position, line)
    added = RmaLine.create(
        case=rma.case_id,
        rma=rma,
        position=position,
        product=product,
        lot_number=line.lot,
        lot=lot,
        shipment_line=shipment,
        order_no=line.order_no or (shipment.order_no if shipment else ""),
        pieces_announced=line.pieces,
        pieces_agreed=line.pieces,
        defect_code=DefectCode.get_or_none(DefectCode.code == line.defect_code),
        reason=line.reason,
        without_record_reason=line.without_record_reason,
    )
    amount = round_cent(line.unit_price * line.pieces)
    rate = None if line.currency == "CNY" else _rate_of(line.currency, now().date())
    RmaLinePrice.insert(
        case=rma.case_id,
        rma_line=added,
        unit_price=line.unit_price,
        currency=line.currency,
        is_tax_included=True,
        rate=rate,
        amount=amount,
        home_amount=amount if rate is None else round_cent(amount * rate.amount),
    ).execute()


def newest_shipment(customer: Customer, lot: Lot | None, order_no: str = "") -> ShipmentLine | None:
    """Find the newest shipment of a lot to a customer, of one order when it is named."""
    if lot is None:
        return None
    found = ShipmentLine.select().where((ShipmentLine.lot == lot) & (ShipmentLine.customer == customer))
    if order_no:
        found = found.where(ShipmentLine.order_no == order_no)
    newest: ShipmentLine | None = found.order_by(ShipmentLine.shipped_on.desc(), ShipmentLine.id.desc()).first()
    return newest


def _refuse_unless_shipped(
    customer: Customer, lot: Lot | None, shipment: ShipmentLine | None, position: int, line: NewRmaLine
) -> None:
    if line.without_record_reason:
        return
    if shipment is None or lot is None:
        raise InvalidInput(
            MISSING_RECORD_HAS_A_REASON.detail,
            field=f"lines.{position}.without_record_reason",
            position=position,
            lot=line.lot or "—",
        )
    shipped, returned = shipped_and_returned(customer, lot)
    if line.pieces > shipped - returned:
        raise InvalidInput(
            MORE_THAN_SHIPPED,
            field=f"lines.{position}.pieces",
            position=position,
            shipped=shipped,
            returned=returned,
            lot=line.lot,
            pieces=line.pieces,
        )


def shipped_and_returned(customer: Customer, lot: Lot) -> tuple[int, int]:
    """Give the pieces of a lot that went to a customer, and those of them that RMAs already let come back."""
    shipped = (
        ShipmentLine.select(fn.COALESCE(fn.SUM(ShipmentLine.pieces_shipped), 0))
        .where((ShipmentLine.lot == lot) & (ShipmentLine.customer == customer))
        .scalar()
    )
    ended = (GoodsState.REFUSED, GoodsState.CANCELLED)
    returned = (
        RmaLine.select(fn.COALESCE(fn.SUM(RmaLine.pieces_announced), 0))
        .join(Rma)
        .where((RmaLine.lot == lot) & (Rma.customer == customer) & Rma.goods_state.not_in(ended))
        .scalar()
    )
    return int(shipped), int(returned)


def _rate_of(currency: str, day: date) -> Rate:
    rate: Rate | None = (
        Rate.select()
        .where(
            (Rate.kind == RateKind.EXCHANGE)
            & (Rate.code == currency)
            & (Rate.valid_from <= day)
            & (Rate.valid_until.is_null() | (Rate.valid_until >= day))
        )
        .order_by(Rate.valid_from.desc())
        .first()
    )
    if rate is None:
        raise InvalidInput(NO_RATE, field="currency", currency=currency, day=day.isoformat())
    return rate


@action(Permission.RMA_GIVE_OPINION)
def give_opinion(session: Session, *, rma_id: int, opinions: tuple[OpinionOnLine, ...]) -> None:
    """Record what quality thinks of the lines, before the approval (domain.md §16 "RMA number")."""
    rma = take(Rma, rma_id)
    own = {line.id for line in RmaLine.select(RmaLine.id).where(RmaLine.rma == rma)}
    for opinion in opinions:
        if opinion.rma_line_id not in own:
            raise InvalidInput(OPINION_UNKNOWN_LINE, field="opinions")
        RmaOpinion.create(
            case=rma.case_id, rma=rma, rma_line=opinion.rma_line_id, opinion=opinion.opinion, text=opinion.text
        )


@action(Permission.RMA_REVIEW)
def review(
    session: Session, *, rma_id: int, text: str = "", accepts_missing_record: bool = False, allows_advance: bool = False
) -> None:
    """Review the request against the contract, as somebody who did not apply (003-A §5.5; C14).

    Where the authority table asks for no signature, the review lets the goods come. Raises Refused through the guards.
    """
    rma = _taken(rma_id, GoodsState.APPROVAL)
    RmaReview.create(
        case=rma.case_id,
        rma=rma,
        text=text,
        accepts_missing_record=accepts_missing_record,
        allows_advance=allows_advance,
    )
    change(rma, goods_state=GoodsState.APPROVAL)
    if not _need(rma).signatures and session.may(Permission.RMA_APPROVE):
        change(rma, goods_state=_after_approval(rma))


def _taken(rma_id: int, end: GoodsState) -> Rma:
    rma = lock(Rma, rma_id)
    if not may_become(rma.goods_state, end):
        GOODS_MOVE.refuse(number=rma.number, start=rma.goods_state, end=end)
    return rma


def may_become(start: GoodsState, end: GoodsState) -> bool:
    """Tell whether the table of steps leads from one state of the goods to the other."""
    return any(step.column == "goods_state" and step.start == start and step.end == end for step in TRANSITIONS)


def _need(rma: Rma) -> ApprovalNeed:
    amount = RmaAmount.get(RmaAmount.rma == rma).amount
    return signers_needed(rma.market, pieces=rma.pieces_announced, amount_with_tax_cny=amount)


def _after_approval(rma: Rma) -> GoodsState:
    return GoodsState.AWAITING_GOODS if rma.return_mode is ReturnMode.PHYSICAL else GoodsState.NON_PHYSICAL


@action(Permission.RMA_APPROVE, signs=Meaning.APPROVE)
def approve(session: Session, *, rma_id: int, read_hash: str, remark: str = "") -> None:
    """Sign the RMA that was read; when every signature of the authority table is there, the goods may come.

    `read_hash` is the content's hash as it was shown. Raises Refused when this person's signature is not asked for, when
    the content changed since, or through the guards.
    """
    rma = _taken(rma_id, GoodsState.AWAITING_GOODS)
    need = _need(rma)
    reasons = "; ".join(str(reason) for reason in need.reasons)
    if not set(need.roles) & session.roles:
        roles = ", ".join(str(role) for role in need.roles)
        APPROVED_BY_AUTHORITY.refuse(roles=roles, reason=reasons)
    sign("rma", rma.id, case_id=rma.case_id, meaning=Meaning.APPROVE, read_hash=read_hash, remark=remark)
    if not missing_roles(need, signatures_of("rma", rma.id)):
        change(rma, goods_state=_after_approval(rma))


def missing_roles(need: ApprovalNeed, signatures: tuple[Signed, ...]) -> tuple[Role, ...]:
    """Give the roles of the authority table whose valid signature is not there yet."""
    held = {
        role for signed in signatures if signed.is_valid and signed.meaning is Meaning.APPROVE for role in signed.roles
    }
    return tuple(role for role in need.roles if role not in held)


@action(Permission.RMA_REFUSE)
def refuse(session: Session, *, rma_id: int, reason: RefusalReason, evidence: str) -> None:
    """Refuse an RMA for one of the four reasons, with the evidence (003-A §5.6)."""
    if not evidence.strip():
        raise InvalidInput(EVIDENCE_MISSING, field="evidence")
    rma = _taken(rma_id, GoodsState.REFUSED)
    RmaRefusal.create(case=rma.case_id, rma=rma, reason=reason, evidence=evidence)
    change(rma, goods_state=GoodsState.REFUSED)


@action(Permission.RMA_REQUEST)
def cancel(session: Session, *, rma_id: int, reason: str) -> None:
    """Cancel an RMA before goods came; it stays on record with the reason."""
    if not reason.strip():
        raise InvalidInput(N_("Write why the RMA is cancelled."), field="reason")
    rma = _taken(rma_id, GoodsState.CANCELLED)
    if RmaLine.select().where((RmaLine.rma == rma) & (RmaLine.pieces_received > 0)).exists():
        raise Refused(N_("Goods of this RMA were received already. It cannot be cancelled."))
    change(rma, goods_state=GoodsState.CANCELLED)


@reading(Permission.READ)
def listed(
    session: Session, *, before_id: int | None = None, count: int = 100, states: tuple[GoodsState, ...] = ()
) -> tuple[RmaRow, ...]:
    """Give RMAs, newest first, a page at a time: those before an id, in the states that are asked for."""
    query = Rma.select(Rma, Customer).join(Customer).order_by(Rma.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(Rma.id < before_id)
    if states:
        query = query.where(Rma.goods_state.in_(states))
    return _rows(list(query))


def _rows(rmas: list[Rma]) -> tuple[RmaRow, ...]:
    products: dict[int, list[str]] = {}
    wanted = [rma.id for rma in rmas] or [0]
    for line in RmaLine.select(RmaLine, Product).join(Product).where(RmaLine.rma.in_(wanted)).order_by(RmaLine.id):
        products.setdefault(line.rma_id, []).append(f"{line.product.code} {line.lot_number}".strip())
    return tuple(
        RmaRow(
            id=rma.id,
            case_id=rma.case_id,
            number=rma.number,
            customer_code=rma.customer.code,
            customer_name=rma.customer.name,
            customer_short_name=rma.customer.short_name or rma.customer.name,
            goods_state=rma.goods_state,
            settlement_state=rma.settlement_state,
            products=" · ".join(dict.fromkeys(products.get(rma.id, []))),
            pieces=rma.pieces_announced,
            requested_at=rma.created_at,
            requested_by=rma.created_by,
        )
        for rma in rmas
    )


@reading(Permission.READ)
def find(session: Session, *, number: str) -> int:
    """Give the id of the RMA with a number, or of the newest open one with the customer's own return number."""
    rma = Rma.get_or_none(Rma.number == number.strip().upper())
    if rma is None:
        rma = Rma.select().where(Rma.customer_reference == number.strip()).order_by(Rma.id.desc()).first()
    if rma is None:
        raise InvalidInput(
            N_("There is no RMA {number}. Scan again, or find it by customer and product."), number=number
        )
    return int(rma.id)


@reading(Permission.READ)
def show(session: Session, *, rma_id: int) -> RmaShown:
    """Give one RMA whole, with prices only for those who may see money; raises NotFound."""
    rma = take(Rma, rma_id)
    sees_money = session.may(Permission.READ_MONEY)
    refusal = RmaRefusal.get_or_none(RmaRefusal.rma == rma)
    return RmaShown(
        row=_rows([rma])[0],
        version=rma.version,
        kind=rma.kind,
        return_mode=rma.return_mode,
        market=rma.market,
        customer_reference=rma.customer_reference,
        lines=_lines(rma, sees_money=sees_money),
        reviews=tuple(
            ReviewShown(r.created_by, r.created_at, r.text, r.accepts_missing_record, r.allows_advance)
            for r in RmaReview.select().where(RmaReview.rma == rma).order_by(RmaReview.id)
        ),
        amount=RmaAmount.get(RmaAmount.rma == rma).amount if sees_money else None,
        need=_need(rma) if sees_money else None,
        signatures=signatures_of("rma", rma.id),
        refusal=(refusal.reason, refusal.evidence) if refusal else None,
        content_hash=content_hash("rma", rma.id),
    )


def _lines(rma: Rma, *, sees_money: bool) -> tuple[RmaLineShown, ...]:
    own = RmaLine.select(RmaLine, Product).join(Product).where(RmaLine.rma == rma).order_by(RmaLine.position)
    prices = {}
    if sees_money:
        prices = {p.rma_line_id: p for p in RmaLinePrice.select().join(RmaLine).where(RmaLine.rma == rma)}
    opinions = {o.rma_line_id: o for o in RmaOpinion.select().where(RmaOpinion.rma == rma).order_by(RmaOpinion.id)}
    return tuple(_line(rma, line, prices.get(line.id), opinions.get(line.id)) for line in own)


def _line(rma: Rma, line: RmaLine, price: RmaLinePrice | None, opinion: RmaOpinion | None) -> RmaLineShown:
    shipped = shipped_and_returned(rma.customer, line.lot)[0] if line.lot else None
    return RmaLineShown(
        id=line.id,
        position=line.position,
        product_code=line.product.code,
        product_name=line.product.name,
        model=line.product.model,
        lot_number=line.lot_number,
        order_no=line.order_no,
        unit=line.product.unit,
        pieces_announced=line.pieces_announced,
        pieces_agreed=line.pieces_agreed,
        pieces_received=line.pieces_received,
        pieces_shipped=shipped or None,
        defect_code=line.defect_code.code if line.defect_code else "",
        reason=line.reason,
        without_record_reason=line.without_record_reason,
        opinion=opinion.opinion if opinion else None,
        opinion_text=opinion.text if opinion else "",
        unit_price=price.unit_price if price else None,
        amount=price.amount if price else None,
        currency=price.currency if price else "",
    )


def case_of(rma_id: int) -> CaseFile:
    """Give the case of an RMA."""
    return take(CaseFile, take(Rma, rma_id).case_id)
