"""What pages read of receipts and labels: lists, one receipt whole, a label as it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from peewee import JOIN, fn

from qms_desktop.action import reading
from qms_desktop.db.case import CaseFile
from qms_desktop.db.master_data import Customer, Product
from qms_desktop.db.receipt import (
    ArrivalKind,
    DifferenceKind,
    Label,
    LabelState,
    Receipt,
    ReceiptCount,
    ReceiptDifference,
    ReceiptLine,
    ReceiptState,
)
from qms_desktop.db.record import take
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.errors import NotFound
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.signature import Signed, content_hash, signatures_of
from qms_desktop.steps.receipt_label import LabelStatus, ReceiptLabel, read_label_code

if TYPE_CHECKING:
    from datetime import datetime

    from peewee import ModelSelect

    from qms_desktop.session import Session

NO_LABEL = N_("There is no label {serial}. Scan again.")


@dataclass(frozen=True)
class CountShown:
    """A carton as it was counted; `is_replaced` when a recount took its place."""

    id: int
    carton: str
    lot_number: str
    pieces: int
    is_damaged: bool
    remark: str
    who: str
    at: datetime
    is_replaced: bool
    label_id: int | None
    label_serial: int | None
    label_state: LabelState | None


@dataclass(frozen=True)
class ReceiptLineShown:
    """What one receipt holds for a line; `rma_line_id` and `position` are None for goods that nobody announced.

    `pieces_announced` is what was still to come of the RMA line; it is not shown to the one who counts (blind count).
    """

    id: int
    rma_line_id: int | None
    position: int | None
    product_code: str
    product_name: str
    description: str
    unit: str
    lot_announced: str
    pieces_announced: int
    pieces_counted: int
    pieces_agreed: int | None
    counts: tuple[CountShown, ...]

    @property
    def difference(self) -> int:
        """Give counted minus announced pieces."""
        return self.pieces_counted - self.pieces_announced


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt in a list.

    For goods without an RMA `rma_number` is the number of their case, and the customer may be unknown.
    """

    id: int
    case_id: int
    rma_id: int | None
    rma_number: str
    customer_name: str
    customer_short_name: str
    arrival_kind: ArrivalKind
    arrived_at: datetime
    pieces_counted: int
    state: ReceiptState
    place: str


@dataclass(frozen=True)
class ReceiptShown:
    """A receipt whole: its lines with each carton, the differences and the signature."""

    row: ReceiptRow
    version: int
    lines: tuple[ReceiptLineShown, ...]
    differences: tuple[DifferenceShown, ...]
    signatures: tuple[Signed, ...]
    content_hash: str


@dataclass(frozen=True)
class DifferenceShown:
    """A difference that was found, and what sales agreed about it."""

    receipt_line_id: int
    kind: DifferenceKind
    pieces: int
    text: str


@dataclass(frozen=True)
class LabelFound:
    """What a scanned label is worth now: its state, its carton, and what replaced it."""

    label_id: int
    case_id: int
    receipt_id: int
    rma_number: str
    serial: int
    state: LabelState
    pieces: int
    replaced_by: str
    counted_at: datetime
    counted_by: str


def number_of(receipt: Receipt) -> str:
    """Give the number that people quote: the RMA's, or the case's for goods without one."""
    record = take(Rma, receipt.rma_id) if receipt.rma_id is not None else take(CaseFile, receipt.case_id)
    return str(record.number)


def still_to_come(line: ReceiptLine) -> int:
    """Give the pieces of the RMA line that were announced and are not received yet; 0 for other goods."""
    if line.rma_line_id is None:
        return 0
    rma_line = take(RmaLine, line.rma_line_id)
    return int(rma_line.pieces_agreed - rma_line.pieces_received)


@reading(Permission.READ)
def preview_label(session: Session, *, label_id: int) -> ReceiptLabel:
    """Give what a label looks like now, without counting a print."""
    return paper_of(take(Label, label_id))


_STATUS = {
    LabelState.PROVISIONAL: LabelStatus.PROVISIONAL,
    LabelState.VALID: LabelStatus.QUARANTINED,
    LabelState.VOID: LabelStatus.VOID,
}


def paper_of(label: Label) -> ReceiptLabel:
    """Give what is printed on a label."""
    count = take(ReceiptCount, label.receipt_count_id)
    receipt = take(Receipt, count.receipt_id)
    line = take(ReceiptLine, count.receipt_line_id)
    owner = take(Rma, receipt.rma_id) if receipt.rma_id is not None else take(CaseFile, receipt.case_id)
    customer_id = owner.customer_id
    customer = take(Customer, customer_id) if customer_id is not None else None
    product = take(Product, line.product_id) if line.product_id else None
    return ReceiptLabel(
        status=_STATUS[label.state],
        rma_number=number_of(receipt),
        rma_line=take(RmaLine, line.rma_line_id).position if line.rma_line_id else 0,
        serial=label.serial,
        product_code=product.code if product else "—",
        product_name=product.name if product else line.description,
        model=product.model if product else "",
        lot=count.lot_number or None,
        customer_name=customer.name if customer else "",
        customer_short_name=(customer.short_name or customer.name) if customer else "",
        received_on=receipt.arrived_at.astimezone(plant_zone()).date(),
        pieces=label.pieces,
        unit=product.unit if product else "",
        carton=int(count.carton) if count.carton.isdigit() else None,
        reprint=max(label.prints - 1, 0),
        replaced_by=tuple(int(serial) for serial in label.replaced_by.split(",") if serial),
    )


@reading(Permission.READ)
def read_label(session: Session, *, scanned: str) -> LabelFound:
    """Say what a scanned label is worth now; a void one sounds the alarm at the station. Raises NotFound."""
    code = read_label_code(scanned)
    label = Label.get_or_none(Label.serial == code.serial)
    if label is None:
        raise NotFound(NO_LABEL, serial=f"{code.serial:06d}")
    count = take(ReceiptCount, label.receipt_count_id)
    receipt = take(Receipt, count.receipt_id)
    # A label that was printed before sales named the RMA carries the case's number.
    if code.rma_number not in (number_of(receipt), take(CaseFile, receipt.case_id).number):
        raise NotFound(
            N_(
                "Label {serial} belongs to {number}, not to {scanned}. Set the carton aside and call the return leader."
            ),
            serial=f"{code.serial:06d}",
            number=number_of(receipt),
            scanned=code.rma_number,
        )
    return LabelFound(
        label_id=label.id,
        case_id=label.case_id,
        receipt_id=count.receipt_id,
        rma_number=number_of(receipt),
        serial=label.serial,
        state=label.state,
        pieces=label.pieces,
        replaced_by=label.replaced_by,
        counted_at=count.created_at,
        counted_by=count.created_by,
    )


@reading(Permission.READ)
def listed(
    session: Session,
    *,
    before_id: int | None = None,
    count: int = 100,
    rma_id: int | None = None,
    states: tuple[ReceiptState, ...] = (),
    text: str = "",
) -> tuple[ReceiptRow, ...]:
    """Give receipts, newest first, a page at a time: those before an id, of one RMA, in some states, holding a text."""
    query = _receipts().order_by(Receipt.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(Receipt.id < before_id)
    if rma_id is not None:
        query = query.where(Receipt.rma == rma_id)
    if states:
        query = query.where(Receipt.state.in_(states))
    if typed := text.strip():
        told = (Rma.number, CaseFile.number, CaseFile.title, Customer.name, Customer.code)
        query = query.where(reduce(or_, (column.contains(typed) for column in told)))
    return tuple(_row(receipt) for receipt in query.objects())


_CUSTOMER = (Customer.name.alias("customer_name"), Customer.short_name.alias("short_name"))


def _receipts() -> ModelSelect[Receipt]:
    """Read receipts with their numbers and customer; goods without an RMA have their case's."""
    return (
        Receipt.select(Receipt, Rma.number.alias("rma_number"), CaseFile.number.alias("case_number"), *_CUSTOMER)
        .join(CaseFile)
        .join(Rma, JOIN.LEFT_OUTER, on=(Rma.id == Receipt.rma))
        .join(Customer, JOIN.LEFT_OUTER, on=(Customer.id == fn.COALESCE(Rma.customer, CaseFile.customer)))
    )


def _row(receipt: Receipt) -> ReceiptRow:
    return ReceiptRow(
        id=receipt.id,
        case_id=receipt.case_id,
        rma_id=receipt.rma_id,
        rma_number=receipt.rma_number or receipt.case_number,
        customer_name=receipt.customer_name or "",
        customer_short_name=receipt.short_name or receipt.customer_name or "",
        arrival_kind=receipt.arrival_kind,
        arrived_at=receipt.arrived_at,
        pieces_counted=receipt.pieces_counted,
        state=receipt.state,
        place=receipt.place,
    )


@reading(Permission.READ)
def show(session: Session, *, receipt_id: int) -> ReceiptShown:
    """Give one receipt whole; raises NotFound."""
    receipt = take(Receipt, receipt_id)
    lines = list(ReceiptLine.select().where(ReceiptLine.receipt == receipt).order_by(ReceiptLine.id))
    differences = (
        ReceiptDifference.select()
        .join(ReceiptLine)
        .where(ReceiptLine.receipt == receipt)
        .order_by(ReceiptDifference.id)
    )
    return ReceiptShown(
        row=_row(_receipts().where(Receipt.id == receipt_id).objects().get()),
        version=receipt.version,
        lines=tuple(_line(line) for line in lines),
        differences=tuple(DifferenceShown(d.receipt_line_id, d.kind, d.pieces, d.text) for d in differences),
        signatures=signatures_of("receipt", receipt.id),
        content_hash=content_hash("receipt", receipt.id),
    )


def _line(line: ReceiptLine) -> ReceiptLineShown:
    rma_line = take(RmaLine, line.rma_line_id) if line.rma_line_id else None
    product = take(Product, line.product_id) if line.product_id else None
    counts = list(ReceiptCount.select().where(ReceiptCount.receipt_line == line).order_by(ReceiptCount.id))
    replaced = {count.replaces_id for count in counts}
    labels = {label.receipt_count_id: label for label in Label.select().where(Label.receipt_count.in_(counts or [0]))}
    return ReceiptLineShown(
        id=line.id,
        rma_line_id=line.rma_line_id,
        position=rma_line.position if rma_line else None,
        product_code=product.code if product else "",
        product_name=product.name if product else "",
        description=line.description,
        unit=product.unit if product else "",
        lot_announced=rma_line.lot_number if rma_line else "",
        pieces_announced=still_to_come(line),
        pieces_counted=line.pieces_counted,
        pieces_agreed=line.pieces_agreed,
        counts=tuple(_count(count, labels.get(count.id), is_replaced=count.id in replaced) for count in counts),
    )


def _count(count: ReceiptCount, label: Label | None, *, is_replaced: bool) -> CountShown:
    return CountShown(
        id=count.id,
        carton=count.carton,
        lot_number=count.lot_number,
        pieces=count.pieces,
        is_damaged=count.is_damaged,
        remark=count.remark,
        who=count.created_by,
        at=count.created_at,
        is_replaced=is_replaced,
        label_id=label.id if label else None,
        label_serial=label.serial if label else None,
        label_state=label.state if label else None,
    )
