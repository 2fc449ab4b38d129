"""Re-inspection: only the inspector says that a piece is good, and only what passed goes into stock (003-A §6.8.5).

Good pieces of a round, pieces that production reported, and recovered parts are inspected; submitted = passed +
failed + scrapped. What fails becomes a new round of sorting. Parts of dismantled units are inspected one by one.
How pieces of a lot on hold get back into stock is written down in db/inspection.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import action
from qms_desktop.db.inspection import (
    HELD_LOT_NEEDS_EVERY_PIECE,
    INSPECTION_ADDS_UP,
    INSPECTION_MOVES_ORDER,
    PARTS_INSPECTED_WITHIN_CANDIDATES,
    PARTS_OF_A_DISMANTLING,
    PARTS_WHOLLY_INSPECTED,
    SAMPLE_IS_NAMED,
    STOCKED_WITHIN_PASSED,
    Inspection,
    InspectionKind,
    RecoveredPart,
    StockEntry,
)
from qms_desktop.db.record import change, lock, take
from qms_desktop.db.rework import INSPECTED_WITHIN_REPORTED, OrderKind, OrderState, WorkOrder
from qms_desktop.db.sorting import DispositionKind, RoundOrigin, SortingRound
from qms_desktop.db.sorting_disposition import USED_PIECES_STAY
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.steps.inspection_flow import ageing, goods_flow
from qms_desktop.steps.inspection_reading import is_on_hold, listed, parts_of, show, waiting
from qms_desktop.steps.sorting import free_pieces

if TYPE_CHECKING:
    from qms_desktop.session import Session

NO_PIECES = N_("Type how many pieces, a whole number above zero.")
NO_PARTS = N_("Type at least one kind of part with its number.")
NO_PLACE = N_("Say to which place in the store the pieces go.")
WHY = N_("Write why the entry is taken back.")


@dataclass(frozen=True)
class Inspected:
    """An inspection that was recorded; `new_round_id` is the round that the failed pieces became."""

    inspection_id: int
    new_round_id: int | None


@dataclass(frozen=True)
class NewPart:
    """Parts of one kind out of dismantled units: all of them, and those that may be reusable."""

    name: str
    total: int
    candidates: int


@action(Permission.INSPECTION_RECORD)
def inspect_good(
    session: Session,
    *,
    round_id: int,
    passed: int,
    failed: int = 0,
    scrapped: int = 0,
    submitted: int | None = None,
    sampled: int | None = None,
    method: str = "",
    remark: str = "",
) -> Inspected:
    """Record the re-inspection of pieces that were sorted as good; without `submitted`, it is the sum.

    `sampled` is the size of the sample when not every piece was inspected. Raises InvalidInput when the figures do not
    add up, Refused for more than is waiting.
    """
    goods = lock(SortingRound, round_id)
    asked = _submitted(submitted, passed, failed, scrapped, sampled)
    free = free_pieces(goods, DispositionKind.GOOD)
    if asked > free:
        USED_PIECES_STAY.refuse(left=free)
    _serialise(goods.receipt_line_id, goods.rma_id)
    made = Inspection.create(
        case=goods.case_id,
        kind=InspectionKind.GOOD,
        round=goods,
        pieces_submitted=asked,
        pieces_passed=passed,
        pieces_failed=failed,
        pieces_scrapped=scrapped,
        is_every_piece=sampled is None,
        pieces_sampled=sampled,
        method=method,
        remark=remark,
    )
    return Inspected(made.id, _round_of(made.id))


@action(Permission.INSPECTION_RECORD)
def inspect_order(
    session: Session,
    *,
    order_id: int,
    passed: int,
    failed: int = 0,
    scrapped: int = 0,
    submitted: int | None = None,
    sampled: int | None = None,
    method: str = "",
    remark: str = "",
) -> Inspected:
    """Record the re-inspection of pieces that production reported; the last piece of a reported order closes it.

    Raises InvalidInput when the figures do not add up, Refused for more than is waiting or for a dismantling order.
    """
    order = lock(WorkOrder, order_id)
    asked = _submitted(submitted, passed, failed, scrapped, sampled)
    if order.kind is OrderKind.DISMANTLE:
        INSPECTION_MOVES_ORDER.refuse()
    left = order.pieces_to_inspect - order.pieces_inspected
    if asked > left:
        INSPECTED_WITHIN_REPORTED.refuse(left=left)
    _serialise(order.receipt_line_id, order.rma_id)
    made = Inspection.create(
        case=order.case_id,
        kind=InspectionKind.ORDER,
        work_order=order,
        pieces_submitted=asked,
        pieces_passed=passed,
        pieces_failed=failed,
        pieces_scrapped=scrapped,
        is_every_piece=sampled is None,
        pieces_sampled=sampled,
        method=method,
        remark=remark,
    )
    order = take(WorkOrder, order_id)
    if order.state is OrderState.REPORTED and order.pieces_inspected == order.pieces_to_inspect:
        change(order, state=OrderState.DONE)
    return Inspected(made.id, _round_of(made.id))


def _submitted(submitted: int | None, passed: int, failed: int, scrapped: int, sampled: int | None) -> int:
    total = passed + failed + scrapped
    if min(passed, failed, scrapped) < 0 or not total:
        raise InvalidInput(NO_PIECES, field="passed")
    if submitted is not None and submitted != total:
        raise InvalidInput(
            INSPECTION_ADDS_UP.detail,
            field="passed",
            submitted=submitted,
            passed=passed,
            failed=failed,
            scrapped=scrapped,
        )
    if sampled is not None and not 1 <= sampled <= total:
        raise InvalidInput(SAMPLE_IS_NAMED.message, field="sampled")
    return total


def _serialise(receipt_line_id: int | None, rma_id: int) -> None:
    # The next round's number is counted from those before it: two inspections of one RMA must not count at once.
    rounds = SortingRound.select(SortingRound.id).where(
        (SortingRound.rma == rma_id) & (SortingRound.receipt_line == receipt_line_id)
    )
    first = rounds.order_by(SortingRound.id).first()
    if first is not None:
        lock(SortingRound, first.id)


def _round_of(inspection_id: int) -> int | None:
    found = SortingRound.get_or_none(
        (SortingRound.origin == RoundOrigin.REINSPECTION) & (SortingRound.source_id == inspection_id)
    )
    return int(found.id) if found else None


@action(Permission.REWORK_BOOK)
def count_parts(session: Session, *, order_id: int, parts: tuple[NewPart, ...], badge: str = "") -> None:
    """Count the parts out of the units that a dismantling order took apart, and those that may be reusable.

    Raises InvalidInput for no parts or more candidates than parts, Refused before units were reported as taken apart.
    """
    order = lock(WorkOrder, order_id)
    if order.kind is not OrderKind.DISMANTLE or not order.pieces_to_inspect:
        PARTS_OF_A_DISMANTLING.refuse()
    if not parts or any(part.total <= 0 or not 0 <= part.candidates <= part.total for part in parts):
        raise InvalidInput(NO_PARTS, field="parts")
    for part in parts:
        RecoveredPart.create(
            case=order.case_id,
            work_order=order,
            name=part.name.strip(),
            parts_total=part.total,
            parts_candidate=part.candidates,
            badge=badge,
        )


@action(Permission.INSPECTION_RECORD)
def inspect_parts(
    session: Session, *, part_id: int, passed: int, rejected: int = 0, method: str = "", remark: str = ""
) -> Inspected:
    """Record the inspection of recovered parts, one by one (003-A §6.8.6.1); the last part closes the dismantling.

    Raises InvalidInput for no parts, Refused for more than are candidates.
    """
    asked = _submitted(None, passed, rejected, 0, None)
    part = lock(RecoveredPart, part_id)
    left = part.parts_candidate - part.parts_inspected
    if asked > left:
        PARTS_INSPECTED_WITHIN_CANDIDATES.refuse(left=left)
    made = Inspection.create(
        case=part.case_id,
        kind=InspectionKind.PARTS,
        part=part,
        pieces_submitted=asked,
        pieces_passed=passed,
        pieces_failed=rejected,
        method=method,
        remark=remark,
    )
    _close_dismantling(part.work_order_id)
    return Inspected(made.id, None)


def _close_dismantling(order_id: int) -> None:
    order = lock(WorkOrder, order_id)
    still_open = RecoveredPart.select().where(
        (RecoveredPart.work_order == order) & (RecoveredPart.parts_inspected < RecoveredPart.parts_candidate)
    )
    if order.state is OrderState.REPORTED and not still_open.exists():
        change(order, state=OrderState.DONE)


@action(Permission.STOCK_ENTER)
def enter_stock(
    session: Session, *, inspection_id: int, pieces: int, place: str, slip_no: str = "", remark: str = ""
) -> int:
    """Book pieces or parts that passed an inspection into stock (入库单); gives the id of the entry.

    Raises InvalidInput without pieces or place, Refused for more than passed, for parts that are not all inspected, and
    for a sample of a lot on hold.
    """
    if pieces <= 0:
        raise InvalidInput(NO_PIECES, field="pieces")
    if not place.strip():
        raise InvalidInput(NO_PLACE, field="place")
    done = lock(Inspection, inspection_id)
    left = done.pieces_passed - done.pieces_stocked
    if pieces > left:
        STOCKED_WITHIN_PASSED.refuse(left=left, passed=done.pieces_passed)
    if done.part_id is not None:
        part = take(RecoveredPart, done.part_id)
        if part.parts_inspected != part.parts_candidate:
            PARTS_WHOLLY_INSPECTED.refuse()
    elif not done.is_every_piece and is_on_hold(done):
        HELD_LOT_NEEDS_EVERY_PIECE.refuse()
    entry = StockEntry.create(
        case=done.case_id, inspection=done, pieces=pieces, place=place.strip(), slip_no=slip_no.strip(), remark=remark
    )
    return int(entry.id)


@action(Permission.STOCK_ENTER)
def take_out_of_stock(session: Session, *, inspection_id: int, pieces: int, place: str, reason: str) -> int:
    """Take a wrong stock entry back by a counter-entry with its reason; gives the id of the counter-entry."""
    if not reason.strip():
        raise InvalidInput(WHY, field="reason")
    if pieces <= 0:
        raise InvalidInput(NO_PIECES, field="pieces")
    done = lock(Inspection, inspection_id)
    if pieces > done.pieces_stocked:
        STOCKED_WITHIN_PASSED.refuse(left=done.pieces_passed - done.pieces_stocked, passed=done.pieces_passed)
    entry = StockEntry.create(
        case=done.case_id, inspection=done, pieces=-pieces, place=place.strip(), remark=reason.strip()
    )
    return int(entry.id)


__all__ = [
    "Inspected",
    "NewPart",
    "ageing",
    "count_parts",
    "enter_stock",
    "goods_flow",
    "inspect_good",
    "inspect_order",
    "inspect_parts",
    "listed",
    "parts_of",
    "show",
    "take_out_of_stock",
    "waiting",
]
