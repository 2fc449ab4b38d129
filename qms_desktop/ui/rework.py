"""The rework page: orders to production, their balance, hours by badge, material, and what production reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.rules import due
from qms_desktop.rules.scan import CodeKind
from qms_desktop.steps import inspection, rework
from qms_desktop.steps.rework import OrderKind, OrderState
from qms_desktop.steps.rework_effort import RateKind
from qms_desktop.ui import cards, plant_time, rework_deeds, theme, wording
from qms_desktop.ui.balance import Balance
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.list_reading import gather
from qms_desktop.ui.list_side import PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.record import Link
from qms_desktop.ui.record_page import RecordPage, RecordView
from qms_desktop.ui.rework_effort import MaterialCard, WorkCard
from qms_desktop.ui.rework_words import ICONS, kind, shares_of, state_of
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Eliding, Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qms_desktop.rules.scan import ScannedCode
    from qms_desktop.session import Session
    from qms_desktop.steps.inspection_reading import PartShown
    from qms_desktop.steps.rework_effort import RateNameShown
    from qms_desktop.steps.rework_reading import FreeHeap, OrderRow, OrderShown
    from qms_desktop.ui.workplace import Workplace

S = OrderState
FILTERS = (
    Filter("open", lambda: _("Still open")),
    Filter("work", lambda: _("In work")),
    Filter("reported", lambda: _("To inspect")),
    Filter("all", lambda: _("All")),
)
_STATES: dict[str, tuple[OrderState, ...]] = {
    "open": (S.OPEN, S.RELEASED, S.RUNNING, S.REPORTED),
    "work": (S.RELEASED, S.RUNNING),
    "reported": (S.REPORTED,),
    "all": (),
}


@dataclass(frozen=True)
class OrderRead:
    """An order with what its page says beside it."""

    shown: OrderShown
    parts: Sequence[PartShown]
    now: datetime


@dataclass(frozen=True)
class Offered:
    """What the page offers for every order: heaps without an order, wage groups, materials."""

    heaps: Sequence[FreeHeap]
    rates: Sequence[RateNameShown]
    materials: Sequence[RateNameShown]


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the list of orders."""
    rows, more = gather(
        lambda last: rework.listed(session, states=_STATES[which], before_id=last, count=PAGE_ROWS),
        before_id=before_id,
        text=text,
        words=lambda one: (
            one.number,
            one.rma_number,
            one.customer_short_name,
            one.product_code,
            one.product_name,
            one.instruction,
        ),
    )
    in_work = wording.pieces(sum(one.pieces_in_work for one in rows))
    foot = wording.joined(
        wording.count_of(len(rows), N_("{count} order"), N_("{count} orders")),
        _("in work: {pieces}").format(pieces=in_work),
    )
    return ListPage(rows, more, foot)


def read_record(session: Session, *, order_id: int) -> OrderRead:
    """Give one order with its recovered parts and the plant's clock."""
    shown = rework.show(session, order_id=order_id)
    is_dismantling = shown.row.kind is OrderKind.DISMANTLE
    parts = inspection.parts_of(session, order_id=order_id) if is_dismantling else ()
    return OrderRead(shown, parts, due.moment(session))


def read_offered(session: Session) -> Offered:
    """Give the free heaps and what hours and material are booked with."""
    return Offered(
        rework.free_heaps(session),
        rework.rate_names(session, kind=RateKind.LABOUR),
        rework.rate_names(session, kind=RateKind.MATERIAL),
    )


class ReworkPage(RecordPage):
    """Ctrl+N opens an order for a heap; F4 reports pieces; a scanned badge starts or stops."""

    view: ReworkView
    watches = frozenset({"work_order", "order_pieces", "order_report", "work_time", "material_use", "disposition"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record: OrderRead | None = None
        self.offered: Offered | None = None
        empty = cards.EmptyPage(
            "tool",
            lambda: _("Orders to production stand here"),
            lambda: _("Pieces that were sorted to rework, repair, repack or dismantle wait for an order."),
        )
        side = ListSide(
            self,
            _list_columns(),
            name="rework",
            spoken_name=lambda: _("Orders"),
            filters=FILTERS,
            reading=read_list,
            empty=empty,
        )
        side.setMinimumWidth(min(theme.px(440), 460))
        self.new = Button(
            lambda: _("New order…"), icon="plus", key="Ctrl+N", show_key=False, clicked=self.begin
        ).ask_permission(workplace.session, rework.open_order)
        self.waiting = Eliding(self._waiting_words, theme.SMALL, ink="text2")
        names = column(Text(lambda: _("Rework"), theme.TITLE, bold=True), self.waiting, gap=0)
        nothing = cards.EmptyPage(
            "tool", lambda: _("No order is chosen"), lambda: _("Choose one from the list, or scan its number.")
        )
        self.put(side, ReworkView(self), nothing=nothing, head=row((names, 1), self.new))

    def _waiting_words(self) -> str:
        waiting = sum(one.pieces for one in self.offered.heaps) if self.offered else 0
        if not waiting:
            return _("No heap waits for an order.")
        return _("{pieces} sorted pieces wait for an order.").format(pieces=wording.pieces(waiting))

    def reload(self) -> None:
        super().reload()
        self.read(read_offered, then=self._show_offered, slot="rework.offered")

    def is_being_edited(self) -> bool:
        return bool(self.view.work.badge.line.text() or self.view.material.quantity.line.text())

    def take_scan(self, code: ScannedCode) -> bool:
        if code.kind is CodeKind.ORDER:
            return self.open_numbered(code.number)
        if code.kind is CodeKind.OTHER and self.view.work.line.isVisible():
            self.view.work.take_badge(code.number)
            return True
        return False

    def read_record(self, record_id: int) -> None:
        self.read(read_record, then=self.show_read, slot="rework.record", order_id=record_id)

    def _show_offered(self, offered: Offered) -> None:
        self.offered = offered
        self.new.forbid("" if offered.heaps else (lambda: _("No heap waits for an order.")))
        self.view.work.offer_rates(offered.rates)
        self.view.material.offer_material(offered.materials)
        self.waiting.say(self._waiting_words)

    def begin(self) -> None:
        """Open the form for a new order."""
        if self.offered is not None and self.offered.heaps:
            rework_deeds.ask_order(self, self.offered.heaps, then=self._ordered)

    def _ordered(self, made: rework.Ordered) -> None:
        self.record_id = made.order_id
        self.booked(_("Order {number} is open. Release it with its instruction.").format(number=made.number))


class ReworkView(RecordView):
    """The record: head, balance, hours, material, reports, recovered parts."""

    def __init__(self, page: ReworkPage) -> None:
        super().__init__(page)
        self._page = page
        self.balance = Balance(lambda: _("Taken in"))
        self.work = WorkCard(page, page.booked)
        self.material = MaterialCard(page, page.booked)
        self.reports_model = TableModel(_report_columns())
        self.reports = Table(
            self.reports_model, name="rework_reports", spoken_name=lambda: _("Reports of production"), row_height=44
        )
        self.parts_model = TableModel(_part_columns())
        self.parts = Table(self.parts_model, name="rework_parts", spoken_name=lambda: _("Recovered parts"))
        self.parts_card = cards.card(cards.card_head("scissors", lambda: _("Recovered parts")), self.parts)
        body = column(
            self.work,
            self.material,
            cards.card(cards.card_head("checkup-list", lambda: _("Reported by production")), self.reports),
            self.parts_card,
            STRETCH,
            gap=12,
        )
        self.put(body, self.balance)

    def show_read(self, read: OrderRead) -> None:
        shown, one = read.shown, read.shown.row
        self._show_head(shown)
        self.balance.show_balance(one.pieces, shares_of(one), one.unit)
        is_at_work = one.state in (S.RELEASED, S.RUNNING, S.REPORTED)
        may_book = self._page.workplace.session.may(rework.start_work.permission) and is_at_work
        self.work.show_order(shown, read.now, may_book=may_book)
        self.material.show_order(shown, may_book=may_book)
        self.reports_model.show(tuple(reversed(shown.reports)))
        fixed_rows(self.reports, max(len(shown.reports), 1))
        self.parts_card.setVisible(bool(read.parts))
        self.parts_model.show(read.parts)
        fixed_rows(self.parts, max(len(read.parts), 1))
        self.case.show_case(one.case_id)

    def _show_head(self, shown: OrderShown) -> None:
        one, page = shown.row, self._page
        self.head.show_number(one.number, [state_of(one)])
        line = _("{number}, line {position}").format(number=one.rma_number, position=one.position or "\u2014")
        instruction = f"{one.instruction} {one.revision}".strip()
        links = [
            Link("", one.customer_short_name),
            Link("", line, lambda: page.workplace.go(Destination("rma", one.rma_id, one.rma_number))),
        ]
        if instruction:
            links.append(Link(lambda: _("Instruction"), instruction))
        product = f"{kind(one.kind)} \u00b7 {one.product_code} {one.product_name}".strip()
        self.head.show_facts(ICONS[one.kind], product, links)
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: page.workplace.go(Destination("case", one.case_id)),
        )
        next_step, others = rework_deeds.buttons(page, shown)
        self.head.show_buttons(next_step, others, [whole])


def _reported(one: OrderRow) -> str:
    return f"{wording.pieces(one.pieces - one.pieces_in_work)} / {wording.pieces(one.pieces)}"


def _list_columns() -> list[Column]:
    return [
        Column(
            lambda: _("Work order"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.number, wording.day(plant_time.day_of(one.opened_at))),
            118,
        ),
        Column(
            lambda: _("Work and customer"),
            Cell.TWO_LINE,
            lambda one: TwoLine(f"{kind(one.kind)} {one.product_code}", one.customer_short_name, bold=False),
            96,
            stretch=True,
        ),
        Column(lambda: _("Reported"), Cell.NUMBER, _reported, 82),
        Column(lambda: _("State"), Cell.CHIP, state_of, 136),
    ]


def _report_columns() -> list[Column]:
    return [
        Column(
            lambda: _("Who and when"),
            Cell.TWO_LINE,
            lambda one: TwoLine(
                " \u00b7 ".join(filter(None, (one.who, one.badge))), wording.moment(one.at), bold=False
            ),
            170,
        ),
        Column(lambda: _("To inspect"), Cell.NUMBER, lambda one: wording.pieces(one.to_inspect), 90),
        Column(lambda: _("Not mended"), Cell.NUMBER, lambda one: wording.pieces(one.failed), 90),
        Column(lambda: _("Held for scrap"), Cell.NUMBER, lambda one: wording.pieces(one.scrapped), 100),
        Column(lambda: _("Remark"), Cell.WRAPPED, "remark", 120, stretch=True),
    ]


def _part_columns() -> list[Column]:
    return [
        Column(lambda: _("Part"), Cell.TEXT, "name", 120, stretch=True),
        Column(lambda: _("In all"), Cell.NUMBER, "total", 72),
        Column(lambda: _("Perhaps reusable"), Cell.NUMBER, "candidates", 120),
        Column(lambda: _("Passed"), Cell.NUMBER, "passed", 72),
        Column(lambda: _("Rejected"), Cell.NUMBER, "rejected", 72),
        Column(lambda: _("In stock"), Cell.NUMBER, "stocked", 72),
        Column(lambda: _("Scrap"), Cell.NUMBER, "scrap", 72),
    ]
