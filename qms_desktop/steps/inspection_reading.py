"""What the pages of the re-inspection show: what waits, the list of inspections, one inspection, recovered parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import JOIN

from qms_desktop.action import reading
from qms_desktop.db.inspection import Inspection, InspectionKind, RecoveredPart, StockEntry
from qms_desktop.db.master_data import HoldState, LotHold, Person, Product
from qms_desktop.db.receipt import ReceiptCount
from qms_desktop.db.record import take
from qms_desktop.db.rework import OrderKind, WorkOrder
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.db.sorting import SortingRound
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from peewee import ModelSelect

    from qms_desktop.session import Session


@dataclass(frozen=True)
class WaitingRow:
    """Something that waits for the inspection: `subject_id` is the round, the order or the part, by kind."""

    kind: InspectionKind
    subject_id: int
    case_id: int
    rma_id: int
    rma_number: str
    position: int | None
    product_code: str
    number: str
    pieces: int
    since: datetime


@dataclass(frozen=True)
class InspectionRow:
    """An inspection in a list; for parts all figures are single parts."""

    id: int
    case_id: int
    kind: InspectionKind
    rma_id: int
    rma_number: str
    position: int | None
    product_code: str
    number: str
    submitted: int
    passed: int
    failed: int
    scrapped: int
    stocked: int
    sampled: int | None
    who: str
    at: datetime

    @property
    def left_for_stock(self) -> int:
        """Give what passed and is not in stock yet."""
        return self.passed - self.stocked


@dataclass(frozen=True)
class EntryShown:
    """A stock entry; below zero takes one back."""

    id: int
    pieces: int
    place: str
    slip_no: str
    remark: str
    who: str
    at: datetime


@dataclass(frozen=True)
class InspectionShown:
    """An inspection whole, with its stock entries; `is_on_hold` tells that the lot of its pieces is stopped."""

    row: InspectionRow
    method: str
    remark: str
    is_on_hold: bool
    entries: tuple[EntryShown, ...]


@dataclass(frozen=True)
class PartShown:
    """Recovered parts of one kind: total = candidates + unusable; candidates = inspected one by one."""

    id: int
    order_id: int
    order_number: str
    name: str
    total: int
    candidates: int
    inspected: int
    passed: int
    rejected: int
    stocked: int

    @property
    def scrap(self) -> int:
        """Give what goes to scrap: unusable at once, or rejected by the inspector."""
        return self.total - self.candidates + self.rejected


@reading(Permission.READ)
def waiting(session: Session) -> tuple[WaitingRow, ...]:
    """Give everything that waits for the inspection, the longest first."""
    found = (*_good_waiting(), *_orders_waiting(), *_parts_waiting())
    return tuple(sorted(found, key=lambda row: row.since))


def _good_waiting() -> Iterator[WaitingRow]:
    rounds = (
        SortingRound.select(SortingRound, Rma, RmaLine, Product)
        .join(Rma)
        .switch(SortingRound)
        .join(RmaLine, JOIN.LEFT_OUTER)
        .switch(SortingRound)
        .join(Product, JOIN.LEFT_OUTER)
        .where(SortingRound.pieces_good > SortingRound.good_inspected)
    )
    for goods in rounds:
        yield _waiting(
            InspectionKind.GOOD,
            goods,
            goods.id,
            pieces=goods.pieces_good - goods.good_inspected,
            since=goods.created_at,
        )


def _orders_waiting() -> Iterator[WaitingRow]:
    for order in _orders().where(
        (WorkOrder.kind != OrderKind.DISMANTLE) & (WorkOrder.pieces_to_inspect > WorkOrder.pieces_inspected)
    ):
        yield _waiting(
            InspectionKind.ORDER,
            order,
            order.id,
            pieces=order.pieces_to_inspect - order.pieces_inspected,
            since=order.created_at,
        )


def _parts_waiting() -> Iterator[WaitingRow]:
    parts = RecoveredPart.select().where(RecoveredPart.parts_inspected < RecoveredPart.parts_candidate)
    for part in parts:
        order = _orders().where(WorkOrder.id == part.work_order_id).get()
        yield _waiting(
            InspectionKind.PARTS,
            order,
            part.id,
            pieces=part.parts_candidate - part.parts_inspected,
            since=part.created_at,
        )


def _orders() -> ModelSelect[WorkOrder]:
    return (
        WorkOrder.select(WorkOrder, Rma, RmaLine, Product)
        .join(Rma)
        .switch(WorkOrder)
        .join(RmaLine, JOIN.LEFT_OUTER)
        .switch(WorkOrder)
        .join(Product, JOIN.LEFT_OUTER)
    )


def _waiting(
    kind: InspectionKind, subject: SortingRound | WorkOrder, subject_id: int, *, pieces: int, since: datetime
) -> WaitingRow:
    return WaitingRow(
        kind=kind,
        subject_id=subject_id,
        case_id=subject.case_id,
        rma_id=subject.rma_id,
        rma_number=str(subject.rma.number),
        position=subject.rma_line.position if subject.rma_line else None,
        product_code=subject.product.code if subject.product else "",
        number=str(subject.number if isinstance(subject, WorkOrder) else subject.rma.number),
        pieces=pieces,
        since=since,
    )


@reading(Permission.READ)
def listed(
    session: Session,
    *,
    case_id: int | None = None,
    before_id: int | None = None,
    count: int = 100,
    only_to_stock: bool = False,
) -> tuple[InspectionRow, ...]:
    """Give inspections, newest first, a page at a time: before an id, of one case, or with pieces to book in."""
    query = Inspection.select().order_by(Inspection.id.desc()).limit(count)
    if case_id is not None:
        query = query.where(Inspection.case == case_id)
    if before_id is not None:
        query = query.where(Inspection.id < before_id)
    if only_to_stock:
        query = query.where(Inspection.pieces_passed > Inspection.pieces_stocked)
    return tuple(_row(done) for done in query)


def subject_of(done: Inspection) -> SortingRound | WorkOrder:
    """Give the round or the order that carries the line of what was inspected; of a part, its dismantling order."""
    if done.round_id is not None:
        return take(SortingRound, done.round_id)
    if done.part_id is not None:
        return take(WorkOrder, take(RecoveredPart, done.part_id).work_order_id)
    return take(WorkOrder, done.work_order_id)


def _row(done: Inspection) -> InspectionRow:
    subject = subject_of(done)
    rma_number = take(Rma, subject.rma_id).number
    return InspectionRow(
        id=done.id,
        case_id=done.case_id,
        kind=done.kind,
        rma_id=subject.rma_id,
        rma_number=rma_number,
        position=take(RmaLine, subject.rma_line_id).position if subject.rma_line_id else None,
        product_code=take(Product, subject.product_id).code if subject.product_id else "",
        number=str(subject.number) if isinstance(subject, WorkOrder) else rma_number,
        submitted=done.pieces_submitted,
        passed=done.pieces_passed,
        failed=done.pieces_failed,
        scrapped=done.pieces_scrapped,
        stocked=done.pieces_stocked,
        sampled=done.pieces_sampled,
        who=_name_of(done.created_by),
        at=done.created_at,
    )


@reading(Permission.READ)
def show(session: Session, *, inspection_id: int) -> InspectionShown:
    """Give one inspection whole; raises NotFound."""
    done = take(Inspection, inspection_id)
    entries = StockEntry.select().where(StockEntry.inspection == done).order_by(StockEntry.id)
    return InspectionShown(
        row=_row(done),
        method=done.method,
        remark=done.remark,
        is_on_hold=is_on_hold(done),
        entries=tuple(
            EntryShown(row.id, row.pieces, row.place, row.slip_no, row.remark, _name_of(row.created_by), row.created_at)
            for row in entries
        ),
    )


def is_on_hold(done: Inspection) -> bool:
    """Tell whether a lot of the line that the inspected pieces belong to is on hold."""
    subject = subject_of(done)
    lots = {
        count.lot_id
        for count in ReceiptCount.select(ReceiptCount.lot).where(ReceiptCount.receipt_line == subject.receipt_line_id)
    }
    if subject.rma_line_id is not None:
        lots.add(take(RmaLine, subject.rma_line_id).lot_id)
    held = LotHold.select().where(LotHold.lot.in_(list(lots - {None}) or [0]) & (LotHold.state == HoldState.ON))
    return bool(held.exists())


@reading(Permission.READ)
def parts_of(session: Session, *, order_id: int) -> tuple[PartShown, ...]:
    """Give the recovered parts of a dismantling order."""
    order = take(WorkOrder, order_id)
    parts = RecoveredPart.select().where(RecoveredPart.work_order == order).order_by(RecoveredPart.id)
    return tuple(
        PartShown(
            id=part.id,
            order_id=order.id,
            order_number=str(order.number),
            name=part.name,
            total=part.parts_total,
            candidates=part.parts_candidate,
            inspected=part.parts_inspected,
            passed=part.parts_passed,
            rejected=part.parts_rejected,
            stocked=sum(done.pieces_stocked for done in Inspection.select().where(Inspection.part == part)),
        )
        for part in parts
    )


def _name_of(login: str) -> str:
    return str(Person.get(Person.login == login).name)
