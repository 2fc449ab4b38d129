"""Where every piece of a return is now, line by line, and how long what is not finished has been waiting.

The figures are the totals that the database holds, so the sum of all places is what was received: `is_balanced` says
so, and nothing here makes it true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.inspection import Inspection, InspectionKind
from qms_desktop.db.master_data import Product
from qms_desktop.db.receipt import Receipt, ReceiptLine
from qms_desktop.db.record import now, take
from qms_desktop.db.rework import OrderKind, OrderState, WorkOrder
from qms_desktop.db.rma import GoodsState, Rma, RmaLine
from qms_desktop.db.sorting import HEAPS, REFUSED, USED, DispositionKind, RoundOrigin, RoundState, SortingRound
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from qms_desktop.session import Session

K = DispositionKind


@dataclass(frozen=True)
class Places:
    """Where the pieces of a line are now, in the product's unit; together they are what came.

    `to_order` lies on a heap without an order, `to_inspect` waits for the inspection, `to_stock` has passed it;
    `at_customer` was scrapped there. `refused` is the part of `to_customer` that was refused (R1-R4).
    """

    undecided: int = 0
    to_order: int = 0
    in_work: int = 0
    to_inspect: int = 0
    to_stock: int = 0
    in_stock: int = 0
    conceded: int = 0
    to_customer: int = 0
    refused: int = 0
    to_supplier: int = 0
    analysed: int = 0
    retained: int = 0
    dismantled: int = 0
    scrapped: int = 0
    at_customer: int = 0

    @property
    def pieces(self) -> int:
        """Give the sum of all places; `refused` is a part of one of them."""
        return (
            self.undecided + self.to_order + self.in_work + self.to_inspect + self.to_stock + self.in_stock
            + self.conceded + self.to_customer + self.to_supplier + self.analysed + self.retained + self.dismantled
            + self.scrapped + self.at_customer
        )  # fmt: skip

    @property
    def unfinished(self) -> int:
        """Give what still waits for somebody."""
        return self.undecided + self.to_order + self.in_work + self.to_inspect + self.to_stock


@dataclass(frozen=True)
class SortedAs:
    """How many pieces of a round were put on a heap."""

    round_number: int
    kind: DispositionKind
    pieces: int


@dataclass(frozen=True)
class LineFlow:
    """One line of a return from the announcement to where its pieces are now.

    `pieces_in` is what came to be sorted: signed at the receipt, or left at the customer of a non-physical return.
    """

    rma_line_id: int | None
    position: int | None
    product_code: str
    lot_number: str
    pieces_announced: int
    pieces_received: int
    pieces_in: int
    dispositions: tuple[SortedAs, ...]
    places: Places

    @property
    def is_balanced(self) -> bool:
        """Tell whether every piece that came is somewhere."""
        return self.places.pieces == self.pieces_in

    @property
    def pieces_lost(self) -> int:
        """Give the pieces that are gone for good by our hand: analysed, dismantled, scrapped here."""
        return self.places.analysed + self.places.dismantled + self.places.scrapped


@dataclass(frozen=True)
class Ageing:
    """A line of a return with pieces that still wait, and since how many days the goods are here."""

    rma_id: int
    rma_number: str
    case_id: int
    position: int | None
    product_code: str
    places: Places
    since: datetime
    days: int


@reading(Permission.READ)
def goods_flow(session: Session, *, rma_id: int) -> tuple[LineFlow, ...]:
    """Give the flow of each line of an RMA, then of goods that nobody announced; raises NotFound."""
    take(Rma, rma_id)
    lines = RmaLine.select().where(RmaLine.rma == rma_id).order_by(RmaLine.position)
    announced = tuple(_flow(line, _rounds_of(rma_id, line.id), _orders_of(rma_id, line.id)) for line in lines)
    return (*announced, *_unannounced(rma_id))


def _rounds_of(rma_id: int, line_id: int | None) -> tuple[SortingRound, ...]:
    is_of_line = SortingRound.rma_line == line_id if line_id else SortingRound.rma_line.is_null()
    return tuple(SortingRound.select().where((SortingRound.rma == rma_id) & is_of_line).order_by(SortingRound.id))


def _orders_of(rma_id: int, line_id: int | None) -> tuple[WorkOrder, ...]:
    is_of_line = WorkOrder.rma_line == line_id if line_id else WorkOrder.rma_line.is_null()
    return tuple(WorkOrder.select().where((WorkOrder.rma == rma_id) & is_of_line).order_by(WorkOrder.id))


def _unannounced(rma_id: int) -> Iterable[LineFlow]:
    rounds, orders = _rounds_of(rma_id, None), _orders_of(rma_id, None)
    lines = (
        ReceiptLine.select().join(Receipt).where((Receipt.rma == rma_id) & ReceiptLine.rma_line.is_null())
    ).order_by(ReceiptLine.id)
    for line in lines:
        yield _flow(
            line,
            tuple(goods for goods in rounds if goods.receipt_line_id == line.id),
            tuple(order for order in orders if order.receipt_line_id == line.id),
        )


def _flow(line: RmaLine | ReceiptLine, rounds: tuple[SortingRound, ...], orders: tuple[WorkOrder, ...]) -> LineFlow:
    is_announced = isinstance(line, RmaLine)
    came = [goods for goods in rounds if goods.origin in (RoundOrigin.RECEIPT, RoundOrigin.NON_PHYSICAL)]
    return LineFlow(
        rma_line_id=line.id if is_announced else None,
        position=line.position if isinstance(line, RmaLine) else None,
        product_code=take(Product, line.product_id).code if line.product_id else "",
        lot_number=line.lot_number if isinstance(line, RmaLine) else "",
        pieces_announced=line.pieces_announced if isinstance(line, RmaLine) else 0,
        pieces_received=line.pieces_received if isinstance(line, RmaLine) else line.pieces_agreed or 0,
        pieces_in=sum(goods.pieces for goods in came),
        dispositions=tuple(
            SortedAs(goods.number, kind, getattr(goods, column))
            for goods in rounds
            for kind, column in HEAPS.items()
            if getattr(goods, column)
        ),
        places=_places(rounds, orders),
    )


def _places(rounds: tuple[SortingRound, ...], orders: tuple[WorkOrder, ...]) -> Places:
    done = _inspections(rounds, orders)
    to_mend = (K.REWORK, K.REPAIR, K.REPACK, K.DISMANTLE)
    mended = [order for order in orders if order.kind is not OrderKind.DISMANTLE]
    taken_apart = [order for order in orders if order.kind is OrderKind.DISMANTLE]
    passed = sum(one.pieces_passed for one in done)
    stocked = sum(one.pieces_stocked for one in done)
    return Places(
        undecided=sum(goods.pieces_undecided for goods in rounds),
        to_order=sum(_heap(goods, kind) - getattr(goods, USED[kind]) for goods in rounds for kind in to_mend),
        in_work=sum(order.pieces_in_work for order in orders),
        to_inspect=sum(_heap(goods, K.GOOD) - goods.good_inspected for goods in rounds)
        + sum(order.pieces_to_inspect - order.pieces_inspected for order in mended),
        to_stock=passed - stocked,
        in_stock=stocked,
        conceded=sum(_heap(goods, K.CONCESSION) for goods in rounds),
        to_customer=sum(_heap(goods, K.RETURN_TO_CUSTOMER) for goods in rounds),
        refused=sum(getattr(goods, column) for goods in rounds for column in REFUSED.values()),
        to_supplier=sum(_heap(goods, K.RETURN_TO_SUPPLIER) for goods in rounds),
        analysed=sum(_heap(goods, K.ANALYSED) for goods in rounds),
        retained=sum(_heap(goods, K.RETAINED) for goods in rounds),
        dismantled=sum(order.pieces_to_inspect for order in taken_apart),
        scrapped=sum(_heap(goods, K.SCRAP) for goods in rounds) + sum(one.pieces_scrapped for one in done),
        at_customer=sum(_heap(goods, K.SCRAPPED_AT_CUSTOMER) for goods in rounds),
    )


def _heap(goods: SortingRound, kind: DispositionKind) -> int:
    return int(getattr(goods, HEAPS[kind]))


def _inspections(rounds: tuple[SortingRound, ...], orders: tuple[WorkOrder, ...]) -> tuple[Inspection, ...]:
    is_of_line = Inspection.round.in_([goods.id for goods in rounds] or [0]) | Inspection.work_order.in_(
        [order.id for order in orders] or [0]
    )
    return tuple(Inspection.select().where(is_of_line & (Inspection.kind != InspectionKind.PARTS)))


@reading(Permission.READ)
def ageing(session: Session) -> tuple[Ageing, ...]:
    """Give the lines whose goods still wait for somebody, the oldest first, with whole days since they came."""
    rmas = (
        {goods.rma_id for goods in SortingRound.select(SortingRound.rma).where(_is_unfinished())}
        | {
            order.rma_id
            for order in WorkOrder.select(WorkOrder.rma).where(
                WorkOrder.state.not_in([OrderState.DONE, OrderState.CANCELLED])
            )
        }
        | {rma.id for rma in Rma.select(Rma.id).where(Rma.goods_state == GoodsState.RECEIVED)}
    )
    found = [one for rma_id in sorted(rmas) for one in _ageing_of(take(Rma, rma_id))]
    return tuple(sorted(found, key=lambda one: one.since))


def _is_unfinished():  # type: ignore[no-untyped-def]  # noqa: ANN202 - peewee's expression has no useful type
    return (
        (SortingRound.state != RoundState.DONE)
        | (SortingRound.pieces_good > 0)
        | (SortingRound.pieces_rework > SortingRound.ordered_rework)
        | (SortingRound.pieces_repair > SortingRound.ordered_repair)
        | (SortingRound.pieces_repack > SortingRound.ordered_repack)
        | (SortingRound.pieces_dismantle > SortingRound.ordered_dismantle)
    )


def _ageing_of(rma: Rma) -> Iterable[Ageing]:
    moment = now()
    lines = {line.id: line for line in RmaLine.select().where(RmaLine.rma == rma)}
    by_line: dict[int | None, list[SortingRound]] = {}
    for goods in SortingRound.select().where(SortingRound.rma == rma).order_by(SortingRound.id):
        by_line.setdefault(goods.rma_line_id, []).append(goods)
    for line_id, rounds in by_line.items():
        places = _places(tuple(rounds), _orders_of(rma.id, line_id))
        if places.unfinished:
            yield Ageing(
                rma_id=rma.id,
                rma_number=rma.number,
                case_id=rma.case_id,
                position=lines[line_id].position if line_id else None,
                product_code=take(Product, rounds[0].product_id).code if rounds[0].product_id else "",
                places=places,
                since=rounds[0].created_at,
                days=(moment - rounds[0].created_at).days,
            )
