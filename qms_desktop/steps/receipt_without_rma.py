"""Goods that come without an RMA: a case of their own is opened at the dock, and they wait in quarantine for sales.

They are counted and labelled like all others (待判定·禁止出货). When the count is closed, sales finds out whose they
are, takes the complaint down in the same case and names its RMA; then they are agreed and taken in (domain.md §16).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import action
from qms_desktop.db.case import CaseFile
from qms_desktop.db.master_data import Customer, Product, Site
from qms_desktop.db.receipt import (
    NAMED_RMA_FITS,
    RMA_IS_NAMED_ONCE,
    ArrivalKind,
    DifferenceKind,
    Receipt,
    ReceiptDifference,
    ReceiptLine,
    ReceiptState,
)
from qms_desktop.db.record import change, lock, now, take
from qms_desktop.db.rma import GoodsState, Rma, RmaLine
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules import search
from qms_desktop.rules.clock import open_deadlines
from qms_desktop.steps.receipt_limits import count_limits

if TYPE_CHECKING:
    from qms_desktop.session import Session

WHAT_IS_IT = N_("Say what the goods are: the product, or a few words that describe them.")
NO_CUSTOMER = N_("There is no customer {code}. Choose one from the list, or leave it empty.")
NO_PRODUCT = N_("There is no product {code}. Choose one from the list.")


@dataclass(frozen=True)
class Quarantined:
    """Goods without an RMA that are at the dock now: their receipt, and the number of the case that they opened."""

    receipt_id: int
    case_id: int
    number: str


@action(Permission.RECEIPT_RECEIVE)
def arrive_without_rma(
    session: Session,
    *,
    product: str = "",
    description: str = "",
    customer: str = "",
    arrival_kind: ArrivalKind = ArrivalKind.ON_SITE,
    place: str = "",
) -> Quarantined:
    """Open a case for goods that nobody announced, with the line to count into; the customer only if it is known.

    Raises InvalidInput when nothing says what they are, or for an unknown product or customer.
    """
    words = description.strip()
    if not product and not words:
        raise InvalidInput(WHAT_IS_IT, field="product")
    known = Product.get_or_none(Product.code == product) if product else None
    if product and known is None:
        raise InvalidInput(NO_PRODUCT, field="product", code=product)
    sender = Customer.get_or_none(Customer.code == customer) if customer else None
    if customer and sender is None:
        raise InvalidInput(NO_CUSTOMER, field="customer", code=customer)
    title = " \u00b7 ".join(part for part in (f"{known.code} {known.name}" if known else "", words) if part)
    made = CaseFile.create(customer=sender, site=Site.select().order_by(Site.id).first(), title=title)
    case = take(CaseFile, made.id)
    moment = now()
    receipt = Receipt.create(
        case=case, arrival_kind=arrival_kind, arrived_at=moment, place=place, state=ReceiptState.ARRIVED
    )
    line = ReceiptLine.create(case=case, receipt=receipt, product=known, description=words)
    kind = DifferenceKind.OTHER_PRODUCT if known else DifferenceKind.NOT_OURS
    ReceiptDifference.create(case=case, receipt_line=line, kind=kind, pieces=0, text=words)
    limits = count_limits(arrival_kind, moment)
    open_deadlines(case_id=case.id, kind="receipt", record_id=receipt.id, moments=limits)
    text = f"{title} {sender.name} {sender.short_name}" if sender else title
    search.keep(search.Kind.CASE, case.id, case_id=case.id, title=case.number, text=text)
    return Quarantined(receipt.id, case.id, case.number)


@action(Permission.RECEIPT_AGREE)
def name_rma(session: Session, *, receipt_id: int, rma_id: int) -> None:
    """Say for which RMA the goods came after all; each line joins the RMA's line of the same product.

    Raises Refused for an RMA that is not approved or of another case, or when the goods have theirs already.
    """
    receipt = lock(Receipt, receipt_id)
    rma = lock(Rma, rma_id)
    if receipt.rma_id is not None:
        RMA_IS_NAMED_ONCE.refuse()
    arrives = rma.goods_state in (GoodsState.AWAITING_GOODS, GoodsState.RECEIVED)
    if rma.case_id != receipt.case_id or not arrives or receipt.state is not ReceiptState.DIFFERENCE:
        NAMED_RMA_FITS.refuse()
    change(receipt, rma=rma)
    free = list(RmaLine.select().where(RmaLine.rma == rma).order_by(RmaLine.position))
    for line in ReceiptLine.select().where(ReceiptLine.receipt == receipt).order_by(ReceiptLine.id):
        fits = next((one for one in free if one.product_id == line.product_id), None)
        if fits is not None:
            free.remove(fits)
            change(line, rma_line=fits)
