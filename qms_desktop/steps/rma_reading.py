"""What pages read of RMAs: lists, one RMA whole, and what the authority table asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import reading
from qms_desktop.db.master_data import (
    Customer,
    Lot,
    Market,
    Product,
    ShipmentLine,
)
from qms_desktop.db.record import take
from qms_desktop.db.rma import (
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
from qms_desktop.db.rma_approval import ONE_RETURN
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.approval import ApprovalNeed, signers_needed
from qms_desktop.rules.signature import Signed, content_hash, signatures_of

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from qms_desktop.session import Session


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


def need_of(rma: Rma) -> ApprovalNeed:
    """Say whose signatures the authority table asks for, by pieces and amount of the whole return (003-A §5.7)."""
    whole = ONE_RETURN.sums(rma.id)
    return signers_needed(
        rma.market, pieces=whole.pieces, amount_with_tax_cny=whole.amount, together_with=whole.numbers
    )


@reading(Permission.READ)
def listed(
    session: Session,
    *,
    before_id: int | None = None,
    count: int = 100,
    states: tuple[GoodsState, ...] = (),
    only_mine: bool = False,
    text: str = "",
) -> tuple[RmaRow, ...]:
    """Give RMAs, newest first, a page at a time: before an id, in some states, my own requests, holding a text."""
    query = Rma.select(Rma, Customer).join(Customer).order_by(Rma.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(Rma.id < before_id)
    if states:
        query = query.where(Rma.goods_state.in_(states))
    if only_mine:
        query = query.where(Rma.created_by == session.login)
    if typed := text.strip():
        held = Rma.number.contains(typed) | Rma.customer_reference.contains(typed)
        query = query.where(held | Customer.name.contains(typed) | Customer.code.contains(typed))
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
        need=need_of(rma) if sees_money else None,
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
