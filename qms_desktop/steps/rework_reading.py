"""What the pages of rework show: heaps that wait for an order, the list of orders, and one order with its balance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from peewee import JOIN

from qms_desktop.action import reading
from qms_desktop.db.master_data import Customer, Person, Product
from qms_desktop.db.record import take
from qms_desktop.db.rework import OrderKind, OrderPieces, OrderReport, OrderState, WorkOrder
from qms_desktop.db.rework_effort import Activity, MaterialUse, RateName, WorkState, WorkTime
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.db.sorting import HEAPS, USED, DispositionKind, SortingRound
from qms_desktop.permissions import Permission
from qms_desktop.steps.rework_effort import THOUSANDTHS, minutes_of

if TYPE_CHECKING:
    from datetime import datetime

    from peewee import ModelSelect

    from qms_desktop.session import Session


@dataclass(frozen=True)
class FreeHeap:
    """Pieces of a round that wait for an order of a kind."""

    round_id: int
    rma_number: str
    position: int | None
    round_number: int
    product_code: str
    kind: OrderKind
    pieces: int


@dataclass(frozen=True)
class OrderRow:
    """An order in a list; `pieces` = in work + to inspect + failed + scrapped, in the product's unit."""

    id: int
    case_id: int
    number: str
    kind: OrderKind
    state: OrderState
    rma_id: int
    rma_number: str
    rma_line_id: int | None
    position: int | None
    customer_short_name: str
    product_code: str
    product_name: str
    unit: str
    instruction: str
    revision: str
    pieces: int
    pieces_in_work: int
    pieces_to_inspect: int
    pieces_failed: int
    pieces_scrapped: int
    pieces_inspected: int
    opened_at: datetime

    @property
    def pieces_waiting(self) -> int:
        """Give what was reported and waits for the inspection; a dismantling order has no such pieces."""
        return 0 if self.kind is OrderKind.DISMANTLE else self.pieces_to_inspect - self.pieces_inspected


@dataclass(frozen=True)
class SourceShown:
    """Pieces that an order took from a round, or gave back."""

    round_id: int
    round_number: int
    pieces: int
    remark: str


@dataclass(frozen=True)
class ReportShown:
    """One report of production."""

    id: int
    to_inspect: int
    failed: int
    scrapped: int
    remark: str
    badge: str
    who: str
    at: datetime


@dataclass(frozen=True)
class WorkShown:
    """A span of work by one person; `minutes` is 0 while it runs or when it was cancelled."""

    id: int
    person_name: str
    badge: str
    activity: Activity
    rate_code: str
    started_at: datetime
    ended_at: datetime | None
    minutes: int
    state: WorkState
    reason: str


@dataclass(frozen=True)
class MaterialShown:
    """An entry of material in the material's unit; below zero takes an earlier one back."""

    id: int
    code: str
    name: str
    unit: str
    quantity: Decimal
    corrects_id: int | None
    remark: str
    at: datetime


@dataclass(frozen=True)
class OrderShown:
    """An order whole: where its pieces came from, its reports, hours and material."""

    row: OrderRow
    version: int
    text: str
    sources: tuple[SourceShown, ...]
    reports: tuple[ReportShown, ...]
    work: tuple[WorkShown, ...]
    material: tuple[MaterialShown, ...]

    @property
    def minutes(self) -> int:
        """Give all minutes that were worked on the order and not cancelled."""
        return sum(span.minutes for span in self.work)


@reading(Permission.READ)
def free_heaps(session: Session, *, rma_id: int | None = None) -> tuple[FreeHeap, ...]:
    """Give the heaps that wait for an order, the oldest round first."""
    query = (
        SortingRound.select(SortingRound, Rma, RmaLine, Product)
        .join(Rma)
        .switch(SortingRound)
        .join(RmaLine, JOIN.LEFT_OUTER)
        .switch(SortingRound)
        .join(Product, JOIN.LEFT_OUTER)
        .order_by(SortingRound.id)
    )
    if rma_id is not None:
        query = query.where(SortingRound.rma == rma_id)
    is_free = None
    for kind in OrderKind:
        heap = getattr(SortingRound, HEAPS[DispositionKind(kind)])
        here = heap > getattr(SortingRound, USED[DispositionKind(kind)])
        is_free = here if is_free is None else is_free | here
    return tuple(
        FreeHeap(
            round_id=goods.id,
            rma_number=goods.rma.number,
            position=goods.rma_line.position if goods.rma_line else None,
            round_number=goods.number,
            product_code=goods.product.code if goods.product else "",
            kind=kind,
            pieces=pieces,
        )
        for goods in query.where(is_free)
        for kind in OrderKind
        if (pieces := _free(goods, kind))
    )


def _free(goods: SortingRound, kind: OrderKind) -> int:
    heap = DispositionKind(kind)
    return int(getattr(goods, HEAPS[heap]) - getattr(goods, USED[heap]))


@reading(Permission.READ)
def listed(
    session: Session,
    *,
    rma_id: int | None = None,
    states: tuple[OrderState, ...] = (),
    before_id: int | None = None,
    count: int = 100,
) -> tuple[OrderRow, ...]:
    """Give orders, newest first, a page at a time: those before an id, of one RMA, or in some states."""
    query = _rows().order_by(WorkOrder.id.desc()).limit(count)
    if rma_id is not None:
        query = query.where(WorkOrder.rma == rma_id)
    if states:
        query = query.where(WorkOrder.state.in_([str(state) for state in states]))
    if before_id is not None:
        query = query.where(WorkOrder.id < before_id)
    return tuple(_row(order) for order in query)


def _rows() -> ModelSelect[WorkOrder]:
    return (
        WorkOrder.select(WorkOrder, Rma, Customer, RmaLine, Product)
        .join(Rma)
        .join(Customer)
        .switch(WorkOrder)
        .join(RmaLine, JOIN.LEFT_OUTER)
        .switch(WorkOrder)
        .join(Product, JOIN.LEFT_OUTER)
    )


def _row(order: WorkOrder) -> OrderRow:
    customer, product = order.rma.customer, order.product
    return OrderRow(
        id=order.id,
        case_id=order.case_id,
        number=str(order.number),
        kind=order.kind,
        state=order.state,
        rma_id=order.rma_id,
        rma_number=order.rma.number,
        rma_line_id=order.rma_line_id,
        position=order.rma_line.position if order.rma_line else None,
        customer_short_name=customer.short_name or customer.name,
        product_code=product.code if product else "",
        product_name=product.name if product else "",
        unit=product.unit if product else "",
        instruction=order.instruction,
        revision=order.revision,
        pieces=order.pieces,
        pieces_in_work=order.pieces_in_work,
        pieces_to_inspect=order.pieces_to_inspect,
        pieces_failed=order.pieces_failed,
        pieces_scrapped=order.pieces_scrapped,
        pieces_inspected=order.pieces_inspected,
        opened_at=order.created_at,
    )


@reading(Permission.READ)
def show(session: Session, *, order_id: int) -> OrderShown:
    """Give one order whole; raises NotFound."""
    take(WorkOrder, order_id)
    order = _rows().where(WorkOrder.id == order_id).get()
    sources = (
        OrderPieces.select(OrderPieces, SortingRound)
        .join(SortingRound)
        .where(OrderPieces.work_order == order)
        .order_by(OrderPieces.id)
    )
    return OrderShown(
        row=_row(order),
        version=order.version,
        text=order.text,
        sources=tuple(SourceShown(row.round_id, row.round.number, row.pieces, row.remark) for row in sources),
        reports=_reports(order),
        work=spans(WorkTime.work_order == order),
        material=_material(order),
    )


def _reports(order: WorkOrder) -> tuple[ReportShown, ...]:
    rows = (
        OrderReport.select(OrderReport, Person.name.alias("person_name"))
        .join(Person, on=(Person.login == OrderReport.created_by))
        .where(OrderReport.work_order == order)
        .order_by(OrderReport.id)
        .objects()
    )
    return tuple(
        ReportShown(
            id=row.id,
            to_inspect=row.pieces_to_inspect,
            failed=row.pieces_failed,
            scrapped=row.pieces_scrapped,
            remark=row.remark,
            badge=row.badge,
            who=row.person_name,
            at=row.created_at,
        )
        for row in rows
    )


def spans(condition: object) -> tuple[WorkShown, ...]:
    """Give the spans of work for a condition on WorkTime, in the order in which they began."""
    rows = (
        WorkTime.select(WorkTime, Person, RateName)
        .join(Person)
        .switch(WorkTime)
        .join(RateName)
        .where(condition)
        .order_by(WorkTime.started_at, WorkTime.id)
    )
    return tuple(
        WorkShown(
            id=span.id,
            person_name=span.person.name,
            badge=span.badge,
            activity=span.activity,
            rate_code=span.rate.code,
            started_at=span.started_at,
            ended_at=span.ended_at,
            minutes=minutes_of(span) if span.state is WorkState.ENDED else 0,
            state=span.state,
            reason=span.reason,
        )
        for span in rows
    )


def _material(order: WorkOrder) -> tuple[MaterialShown, ...]:
    rows = (
        MaterialUse.select(MaterialUse, RateName)
        .join(RateName)
        .where(MaterialUse.work_order == order)
        .order_by(MaterialUse.id)
    )
    return tuple(
        MaterialShown(
            id=row.id,
            code=row.material.code,
            name=row.material.name,
            unit=row.material.unit,
            quantity=Decimal(row.quantity_thousandths) / THOUSANDTHS,
            corrects_id=row.corrects_id,
            remark=row.remark,
            at=row.created_at,
        )
        for row in rows
    )
