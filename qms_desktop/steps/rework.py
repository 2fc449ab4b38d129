"""Rework: orders to production for what was sorted, and what production reports (003-A §6.8.4; 004-A §5.6.2).

An order takes pieces from the heap of its kind, is released with its instruction, and runs. Production reports what
waits for the inspection, what could not be mended and what it holds for scrap; it never says that a piece is good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import action
from qms_desktop.db.record import change, lock, take
from qms_desktop.db.rework import (
    INSPECTED_WITHIN_REPORTED,
    ORDER_MOVES,
    ORDER_TAKES_FROM_ITS_HEAP,
    RELEASED_WITH_INSTRUCTION,
    REPORT_MOVES_ORDER,
    REPORTED_WITHIN_ORDER,
    OrderKind,
    OrderPieces,
    OrderReport,
    OrderState,
    WorkOrder,
)
from qms_desktop.db.sorting import DispositionKind, SortingRound
from qms_desktop.db.sorting_disposition import USED_PIECES_STAY
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules import search
from qms_desktop.steps.rework_effort import (
    book_hours,
    book_quality_hours,
    cancel_hours,
    cancel_quality_hours,
    mend_stop,
    rate_names,
    start_work,
    stop_work,
    take_back_material,
    use_material,
    working_now,
)
from qms_desktop.steps.rework_reading import free_heaps, listed, show
from qms_desktop.steps.sorting import free_pieces

if TYPE_CHECKING:
    from qms_desktop.session import Session

NO_PIECES = N_("Type how many pieces, a whole number above zero.")
WHY = N_("Write why.")


@dataclass(frozen=True)
class Take:
    """Pieces that an order takes from a round."""

    round_id: int
    pieces: int


@dataclass(frozen=True)
class Ordered:
    """An order that was opened, with its number."""

    order_id: int
    number: str


@action(Permission.REWORK_ORDER)
def open_order(
    session: Session,
    *,
    kind: OrderKind,
    takes: tuple[Take, ...],
    instruction: str = "",
    revision: str = "",
    text: str = "",
) -> Ordered:
    """Open an order for pieces of one received line, from one or several rounds; gives its number (不合格品申请单).

    Raises InvalidInput for no pieces, Refused when fewer are free on the heap or the rounds are of different lines.
    """
    if not takes:
        raise InvalidInput(NO_PIECES, field="pieces")
    first = take(SortingRound, takes[0].round_id)
    order = WorkOrder.create(
        case=first.case_id,
        rma=first.rma_id,
        rma_line=first.rma_line_id,
        receipt_line=first.receipt_line_id,
        product=first.product_id,
        kind=kind,
        instruction=instruction.strip(),
        revision=revision.strip(),
        text=text.strip(),
        state=OrderState.OPEN,
    )
    for one in takes:
        _take_pieces(order, one)
    number = str(take(WorkOrder, order.id).number)
    words = f"{first.rma.number} {first.product.code if first.product else ''}"
    search.keep(search.Kind.ORDER, order.id, case_id=first.case_id, title=number, text=words)
    return Ordered(order.id, number)


def _take_pieces(order: WorkOrder, wanted: Take) -> None:
    if wanted.pieces <= 0:
        raise InvalidInput(NO_PIECES, field="pieces")
    goods = lock(SortingRound, wanted.round_id)
    if (goods.receipt_line_id, goods.rma_line_id) != (order.receipt_line_id, order.rma_line_id):
        ORDER_TAKES_FROM_ITS_HEAP.refuse()
    free = free_pieces(goods, DispositionKind(order.kind))
    if wanted.pieces > free:
        USED_PIECES_STAY.refuse(left=free)
    OrderPieces.create(case=order.case_id, work_order=order, round=goods, kind=order.kind, pieces=wanted.pieces)


@action(Permission.REWORK_ORDER)
def add_pieces(session: Session, *, order_id: int, round_id: int, pieces: int) -> None:
    """Add pieces of a round to an order that is still open. Raises Refused when fewer are free."""
    order = lock(WorkOrder, order_id)
    _refuse_unless(order, OrderState.OPEN, goal=OrderState.OPEN)
    _take_pieces(order, Take(round_id, pieces))


@action(Permission.REWORK_ORDER)
def release(session: Session, *, order_id: int, instruction: str = "", revision: str = "") -> None:
    """Release an order to production; rework and repair need the released instruction and its revision (IATF 8.7.1.4).

    Raises Refused without them, or for an order without pieces.
    """
    order = lock(WorkOrder, order_id)
    _refuse_unless(order, OrderState.OPEN, goal=OrderState.RELEASED)
    said, at_revision = instruction.strip() or order.instruction, revision.strip() or order.revision
    if order.kind in (OrderKind.REWORK, OrderKind.REPAIR) and not (said and at_revision):
        RELEASED_WITH_INSTRUCTION.refuse()
    change(order, instruction=said, revision=at_revision)
    change(order, state=OrderState.RELEASED)


@action(Permission.REWORK_ORDER)
def withdraw(session: Session, *, order_id: int, reason: str) -> None:
    """Take a released order back before production starts it, to change its pieces or its instruction."""
    if not reason.strip():
        raise InvalidInput(WHY, field="reason")
    order = lock(WorkOrder, order_id)
    _refuse_unless(order, OrderState.RELEASED, goal=OrderState.OPEN)
    change(order, state=OrderState.OPEN)


@action(Permission.REWORK_ORDER)
def cancel(session: Session, *, order_id: int, reason: str) -> None:
    """Cancel an open order: its pieces go back to the heaps that they came from, and the order stays on record."""
    if not reason.strip():
        raise InvalidInput(WHY, field="reason")
    order = lock(WorkOrder, order_id)
    _refuse_unless(order, OrderState.OPEN, goal=OrderState.CANCELLED)
    held: dict[int, int] = {}
    for row in OrderPieces.select().where(OrderPieces.work_order == order).order_by(OrderPieces.id):
        held[row.round_id] = held.get(row.round_id, 0) + row.pieces
    for round_id, pieces in held.items():
        if pieces:
            OrderPieces.create(
                case=order.case_id, work_order=order, round=round_id, kind=order.kind, pieces=-pieces, remark=reason
            )
    change(order, state=OrderState.CANCELLED)


@action(Permission.REWORK_BOOK)
def start(session: Session, *, order_id: int) -> None:
    """Start a released order; booking its first hours starts it too."""
    order = lock(WorkOrder, order_id)
    _refuse_unless(order, OrderState.RELEASED, goal=OrderState.RUNNING)
    change(order, state=OrderState.RUNNING)


@action(Permission.REWORK_BOOK)
def report(
    session: Session,
    *,
    order_id: int,
    to_inspect: int = 0,
    failed: int = 0,
    scrapped: int = 0,
    remark: str = "",
    badge: str = "",
) -> OrderState:
    """Report pieces of a running order: 完工待检, 返不好, 待判报废. The last piece closes it; gives the new state.

    Of a dismantling order `to_inspect` are the units taken apart. What failed or is held for scrap goes back to the
    inspector as a new round. Raises InvalidInput for no pieces, Refused for more than are in work.
    """
    asked = to_inspect + failed + scrapped
    if min(to_inspect, failed, scrapped) < 0 or not asked:
        raise InvalidInput(NO_PIECES, field="to_inspect")
    order = lock(WorkOrder, order_id)
    if order.state is not OrderState.RUNNING:
        REPORT_MOVES_ORDER.refuse()
    if asked > order.pieces_in_work:
        REPORTED_WITHIN_ORDER.refuse(left=order.pieces_in_work, pieces=order.pieces, asked=asked)
    OrderReport.create(
        case=order.case_id,
        work_order=order,
        pieces_to_inspect=to_inspect,
        pieces_failed=failed,
        pieces_scrapped=scrapped,
        remark=remark,
        station=session.station,
        badge=badge,
    )
    order = take(WorkOrder, order.id)
    if not order.pieces_in_work:
        change(order, state=OrderState.REPORTED)
        if not order.pieces_to_inspect:
            change(order, state=OrderState.DONE)
    return OrderState(order.state)


@action(Permission.REWORK_BOOK)
def correct_report(session: Session, *, order_id: int, pieces: int, reason: str, badge: str = "") -> None:
    """Take back pieces that were reported as waiting for the inspection: they are in work again.

    Raises InvalidInput without a reason, Refused when the inspection had them already.
    """
    if not reason.strip():
        raise InvalidInput(WHY, field="reason")
    if pieces <= 0:
        raise InvalidInput(NO_PIECES, field="pieces")
    order = lock(WorkOrder, order_id)
    left = order.pieces_to_inspect - order.pieces_inspected
    if pieces > left:
        INSPECTED_WITHIN_REPORTED.refuse(left=left)
    if order.state is OrderState.REPORTED:
        change(order, state=OrderState.RUNNING)
    OrderReport.create(
        case=order.case_id,
        work_order=order,
        pieces_to_inspect=-pieces,
        remark=reason.strip(),
        station=session.station,
        badge=badge,
    )


def _refuse_unless(order: WorkOrder, state: OrderState, *, goal: OrderState) -> None:
    if order.state is not state:
        ORDER_MOVES.refuse(number=order.number, start=order.state, end=goal)


__all__ = [
    "Ordered",
    "Take",
    "add_pieces",
    "book_hours",
    "book_quality_hours",
    "cancel",
    "cancel_hours",
    "cancel_quality_hours",
    "correct_report",
    "free_heaps",
    "listed",
    "mend_stop",
    "open_order",
    "rate_names",
    "release",
    "report",
    "show",
    "start",
    "start_work",
    "stop_work",
    "take_back_material",
    "use_material",
    "withdraw",
    "working_now",
]
