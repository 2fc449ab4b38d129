"""RMA: what may come back, quality's opinion, the review, and the approval by the authority table (003-A §5.5-5.7).

The number is given at the request. Quality says what it thinks of every line, somebody who did not apply reviews the
contract, and the table decides whose signature the pieces and the amount need. What is signed is a snapshot: the lines
cannot be changed afterwards, only cancelled and requested anew (domain.md §16).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.action import action, reading
from qms_desktop.db.case import CaseFile
from qms_desktop.db.complaint import Complaint
from qms_desktop.db.master_data import (
    Customer,
    DefectCode,
    Lot,
    Market,
    Product,
    ProductPrice,
    Rate,
    RateKind,
    ShipmentLine,
)
from qms_desktop.db.record import change, lock, now, take
from qms_desktop.db.rma import (
    CANCELLED_BEFORE_GOODS,
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
from qms_desktop.db.rma_approval import APPROVED_BY_AUTHORITY
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role
from qms_desktop.rules import search
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.money import round_cent
from qms_desktop.rules.signature import Meaning, Signed, sign, signatures_of
from qms_desktop.steps.complaint import known_lot
from qms_desktop.steps.master_data_rates import rate_of_the_day
from qms_desktop.steps.rma_reading import (
    ReviewShown,
    RmaLineShown,
    RmaRow,
    RmaShown,
    find,
    listed,
    need_of,
    shipped_and_returned,
    show,
)

if TYPE_CHECKING:
    from datetime import date

    from qms_desktop.rules.approval import ApprovalNeed
    from qms_desktop.session import Session

__all__ = [
    "GoodsState",
    "NewRmaLine",
    "OpinionKind",
    "OpinionOnLine",
    "RefusalReason",
    "Requested",
    "ReturnMode",
    "ReviewShown",
    "RmaKind",
    "RmaLineShown",
    "RmaRow",
    "RmaShown",
    "SettlementState",
    "approve",
    "cancel",
    "find",
    "give_opinion",
    "listed",
    "may_become",
    "missing_roles",
    "newest_shipment",
    "price_of",
    "refuse",
    "request",
    "review",
    "shipped_and_returned",
    "show",
]

NO_LINES = N_("An RMA needs at least one line: which product, which lot, how many pieces.")
NO_PRODUCT = N_("Line {position}: there is no product {code}. Choose one from the list.")
NO_RATE = N_("There is no exchange rate for {currency} on {day}. Ask IT to import the rates.")
PRICE_MISSING = N_("Line {position}: type the price of one piece.")
MORE_THAN_SHIPPED = N_(
    "Line {position}: {shipped} pieces of lot {lot} were shipped and {returned} are returned already; "
    "{pieces} cannot come back. Check the lot, or say why the goods are accepted all the same."
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

    Without `return_mode`, domestic customers send the goods and foreign ones do not (003-A §6.6). Raises InvalidInput
    for unknown products, no price, more pieces than were shipped without a reason, or a currency without a rate.
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
    number = take(Rma, rma.id).number
    words = (rma.customer_reference, customer.name, customer.short_name, *(f"{one.product} {one.lot}" for one in lines))
    search.keep(search.Kind.RMA, rma.id, case_id=rma.case_id, title=number, text=" ".join(words))
    return Requested(rma.id, number, rma.case_id)


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
    rate = None if line.currency == "CNY" else _rate_of(line.currency, now().astimezone(plant_zone()).date())
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


def _rate_of(currency: str, day: date) -> Rate:
    rate = rate_of_the_day(RateKind.EXCHANGE, currency, day)
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
    if not need_of(rma).signatures and session.may(Permission.RMA_APPROVE):
        change(rma, goods_state=_after_approval(rma))


def _taken(rma_id: int, end: GoodsState) -> Rma:
    rma = lock(Rma, rma_id)
    if not may_become(rma.goods_state, end):
        GOODS_MOVE.refuse(number=rma.number, start=rma.goods_state, end=end)
    return rma


def may_become(start: GoodsState, end: GoodsState) -> bool:
    """Tell whether the table of steps leads from one state of the goods to the other."""
    return any(step.column == "goods_state" and step.start == start and step.end == end for step in TRANSITIONS)


def _after_approval(rma: Rma) -> GoodsState:
    return GoodsState.AWAITING_GOODS if rma.return_mode is ReturnMode.PHYSICAL else GoodsState.NON_PHYSICAL


@action(Permission.RMA_APPROVE, signs=Meaning.APPROVE)
def approve(session: Session, *, rma_id: int, read_hash: str, remark: str = "") -> None:
    """Sign the RMA that was read; when every signature of the authority table is there, the goods may come.

    `read_hash` is the content's hash as it was shown. Raises Refused when this person's signature is not asked for,
    when the content changed since, or through the guards.
    """
    rma = _taken(rma_id, GoodsState.AWAITING_GOODS)
    need = need_of(rma)
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
        CANCELLED_BEFORE_GOODS.refuse()
    change(rma, goods_state=GoodsState.CANCELLED)


@reading(Permission.READ_MONEY)
def price_of(session: Session, *, product: str) -> Decimal:
    """Give the price of one piece of a product, as the form fills it in; raises InvalidInput when there is none."""
    price = ProductPrice.select().join(Product).where(Product.code == product).first()
    if price is None or price.unit_price is None:
        raise InvalidInput(
            N_("Product {code} has no price yet. Type the price of one piece."), field="unit_price", code=product
        )
    return Decimal(price.unit_price)


def case_of(rma_id: int) -> CaseFile:
    """Give the case of an RMA."""
    return take(CaseFile, take(Rma, rma_id).case_id)
