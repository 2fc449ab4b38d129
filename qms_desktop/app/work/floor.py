"""What waits on the floor: goods to judge and to sort, orders, pieces to inspect, and passed pieces to book in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qms_desktop.app.work.desk import pieces
from qms_desktop.i18n import _
from qms_desktop.rules.deadline import Event
from qms_desktop.steps import inspection, inspection_reading, rework, rework_reading, sorting, sorting_reading
from qms_desktop.steps.rework import OrderState
from qms_desktop.steps.sorting_reading import RoundState
from qms_desktop.ui import inspection_words, rework_words, wording
from qms_desktop.ui.chip import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.action import Deed
    from qms_desktop.app.work.desk import Desk
    from qms_desktop.ui.my_work import WorkItem

MOST_LISTED = 500
OPEN_ROUNDS = (RoundState.WAITING, RoundState.JUDGED, RoundState.SORTING)
OPEN_ORDERS = (OrderState.OPEN, OrderState.RELEASED, OrderState.RUNNING)


def items(desk: Desk) -> Iterator[WorkItem]:
    """Give what waits for this person from the judgement to the stock."""
    yield from _rounds(desk)
    if desk.session.may(rework.open_order.permission):
        yield from _free_heaps(desk)
    yield from _orders(desk)
    if desk.session.may(inspection.inspect_good.permission):
        yield from _to_inspect(desk)
    if desk.session.may(inspection.enter_stock.permission):
        yield from _to_stock(desk)


def _rounds(desk: Desk) -> Iterator[WorkItem]:
    session = desk.session
    for one in sorting_reading.listed(session, states=OPEN_ROUNDS, count=MOST_LISTED):
        waits = one.state is RoundState.WAITING
        verb = sorting.judge if waits else sorting.sort
        if not session.may(verb.permission):
            continue
        limit = desk.limit_of("sorting_round", one.id, Event.JUDGEMENT if waits else Event.SORTING)
        yield desk.item(
            _("Judge the goods") if waits else _("Sort the goods"),
            page="sorting",
            record_id=one.id,
            number=one.rma_number,
            which=" \u00b7 ".join(filter(None, (one.rma_number, f"{one.product_code} {one.lot_number}".strip()))),
            customer=one.customer_short_name,
            problem=_("{pieces} pieces undecided").format(pieces=wording.pieces(one.pieces_undecided)),
            why="" if limit else _("the goods are received") if waits else _("the goods are judged"),
            state=State("sorting", str(one.state).lower()),
            limit=limit,
            needs_signature=waits,
        )


def _free_heaps(desk: Desk) -> Iterator[WorkItem]:
    for heap in rework_reading.free_heaps(desk.session):
        number = f"{heap.rma_number}-{heap.position}" if heap.position else heap.rma_number
        yield desk.item(
            _("Open an order: {kind}").format(kind=rework_words.kind(heap.kind)),
            page="rework",
            record_id=None,
            number="",
            which=f"{number} \u00b7 {heap.product_code}",
            problem=pieces(heap.pieces),
            why=_("sorted, in no order yet"),
            state=State("order", "open", word=_("No order yet")),
            icon=rework_words.ICONS[heap.kind],
        )


def _orders(desk: Desk) -> Iterator[WorkItem]:
    session = desk.session
    for one in rework_reading.listed(session, states=OPEN_ORDERS, count=MOST_LISTED):
        words: dict[OrderState, tuple[Deed[Any], str, str]] = {
            OrderState.OPEN: (rework.release, _("Release the order"), _("production waits for the instruction")),
            OrderState.RELEASED: (rework.start, _("Start the order"), _("released to production")),
            OrderState.RUNNING: (rework.report, _("Work and report"), _("in work")),
        }
        verb, what, why = words[one.state]
        if not session.may(verb.permission):
            continue
        yield desk.item(
            what,
            page="rework",
            record_id=one.id,
            number=one.number,
            which=f"{one.number} \u00b7 {one.product_code}",
            customer=one.customer_short_name,
            problem=_("{left} of {pieces} pieces in work").format(
                left=wording.pieces(one.pieces_in_work), pieces=wording.pieces(one.pieces)
            ),
            why=why,
            state=rework_words.state_of(one),
            icon=rework_words.ICONS[one.kind],
        )


def _to_inspect(desk: Desk) -> Iterator[WorkItem]:
    for one in inspection_reading.waiting(desk.session):
        yield desk.item(
            _("Inspect: {kind}").format(kind=inspection_words.kind(one.kind)),
            page="inspection",
            record_id=None,
            number="",
            which=f"{one.number} \u00b7 {one.product_code}",
            customer=desk.customer_of(one.case_id),
            problem=_("{count} to inspect").format(count=wording.pieces(one.pieces)),
            why=_("stock only after a pass"),
            state=State("pieces", "to_inspect"),
        )


def _to_stock(desk: Desk) -> Iterator[WorkItem]:
    for one in inspection_reading.listed(desk.session, only_to_stock=True, count=MOST_LISTED):
        yield desk.item(
            _("Book into stock"),
            page="inspection",
            record_id=one.id,
            number=one.number,
            which=f"{one.number} \u00b7 {one.product_code}",
            customer=desk.customer_of(one.case_id),
            problem=_("{count} passed").format(count=wording.pieces(one.left_for_stock)),
            why=_("passed the re-inspection"),
            state=inspection_words.state_of(one),
            icon="building-warehouse",
        )
