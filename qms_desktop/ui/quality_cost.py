"""The page of quality cost: cases with what they cost, the sum of each class, and every line behind it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qms_desktop.i18n import _
from qms_desktop.rules.search import normalised
from qms_desktop.steps import quality_cost
from qms_desktop.ui import cards, quality_cost_deeds, theme, wording
from qms_desktop.ui.balance import BalanceBar, Share
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.list_reading import holds
from qms_desktop.ui.list_side import PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.quality_cost_words import COLOURS, ICONS, kind
from qms_desktop.ui.record_page import RecordPage, RecordView
from qms_desktop.ui.rework_words import quantity
from qms_desktop.ui.rows import STRETCH, column, empty_out, row
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from qms_desktop.session import Session
    from qms_desktop.steps.quality_cost import CaseCost, CaseCostRow, ClassSum
    from qms_desktop.steps.quality_cost_lines import CostLine
    from qms_desktop.ui.workplace import Workplace

FILTERS = (Filter("with_cost", lambda: _("With cost")), Filter("all", lambda: _("All cases")))
CURRENCY = "CNY"


@dataclass(frozen=True)
class CaseInList:
    """A case of the list; its id is the case's."""

    id: int
    row: CaseCostRow


@dataclass(frozen=True)
class CostRead:
    """A case's cost with its customer, as the list names it."""

    cost: CaseCost
    customer_name: str
    title: str


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the cases with their cost."""
    wanted, last = normalised(text), before_id
    found: list[quality_cost.CaseCostRow] = []
    while len(found) < PAGE_ROWS:
        rows = quality_cost.listed(session, before_id=last, count=PAGE_ROWS)
        found += [one for one in rows if (which == "all" or one.sums) and holds(one, wanted, _words)]
        if len(rows) < PAGE_ROWS:
            break
        last = rows[-1].case_id
    total = sum((one.total for one in found), start=Decimal(0))
    foot = _("Cases: {count} \u00b7 {total}").format(count=len(found), total=wording.money(total, CURRENCY))
    return ListPage([CaseInList(one.case_id, one) for one in found], len(found) >= PAGE_ROWS, foot)


def _words(one: CaseCostRow) -> tuple[str, ...]:
    return one.number, one.customer_name, one.title


def read_record(session: Session, *, case_id: int) -> CostRead:
    """Give one case's cost with its customer."""
    cost = quality_cost.case_cost(session, case_id=case_id)
    rows = quality_cost.listed(session, before_id=case_id + 1, count=1)
    named = next((one for one in rows if one.case_id == case_id), None)
    return CostRead(cost, named.customer_name if named else "", named.title if named else "")


class QualityCostPage(RecordPage):
    """Ctrl+N books a cost of the case that is chosen."""

    view: CostView
    watches = frozenset(
        {"cost_entry", "work_time", "material_use", "disposition", "inspection", "claim", "claim_charge_back"}
    )

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record: CostRead | None = None
        empty = cards.EmptyPage(
            "coins",
            lambda: _("The cost of each case stands here"),
            lambda: _("Hours, material, lost goods and claims come by themselves; freight and the like are entered."),
        )
        side = ListSide(
            self,
            _list_columns(),
            name="quality_cost",
            spoken_name=lambda: _("Cost of cases"),
            filters=FILTERS,
            reading=read_list,
            empty=empty,
        )
        side.setMinimumWidth(min(theme.px(400), 460))
        nothing = cards.EmptyPage(
            "coins", lambda: _("No case is chosen"), lambda: _("Choose one from the list to see what it costs.")
        )
        self.put(side, CostView(self), nothing=nothing, shares=(4, 7))

    def read_record(self, record_id: int) -> None:
        self.read(read_record, then=self.show_read, slot="quality_cost.record", case_id=record_id)

    def book(self) -> None:
        """Enter a sum."""
        if self.record is not None:
            quality_cost_deeds.ask_sum(self, self.record.cost)

    def confirm_destruction(self) -> None:
        """Confirm that scrap was made unusable."""
        if self.record is not None:
            quality_cost_deeds.ask_destruction(self, self.record.cost)

    def take_back(self) -> None:
        """Take the entry back that is chosen in the table."""
        line = self.view.lines.current()
        if line is None or line.entry_id is None or line.corrects_id is not None:
            words = _("Choose an entry that was typed in by hand; derived lines change with their records.")
            self.say(words, tone="wait")
            return
        quality_cost_deeds.ask_take_back(self, line)


class CostView(RecordView):
    """The record: the total, a bar of its classes, and every line."""

    def __init__(self, page: QualityCostPage) -> None:
        super().__init__(page)
        self._page = page
        self.total = Text("", theme.FIGURE, bold=True)
        self.bar = BalanceBar()
        self._sums = QVBoxLayout()
        self._sums.setSpacing(theme.px(6))
        sums = cards.card(
            row(
                column(Text(lambda: _("Cost of the case"), theme.SMALL, ink="text2"), self.total, gap=0),
                STRETCH,
            ),
            self.bar,
            self._sums,
            gap=10,
            inner=True,
        )
        self.model = TableModel(_line_columns())
        self.lines = Table(self.model, name="cost_lines", spoken_name=lambda: _("Lines of cost"), row_height=44)
        self.back = Button(
            lambda: _("Take back…"), kind="ghost", icon="arrow-back-up", clicked=page.take_back
        ).ask_permission(page.workplace.session, quality_cost.take_back)
        lines = cards.card(cards.card_head("list-details", lambda: _("Every line"), self.back), self.lines)
        body = column(sums, lines, STRETCH, gap=12)
        self.put(body)

    def show_read(self, read: CostRead) -> None:
        cost, page = read.cost, self._page
        self.head.show_number(cost.number, [])
        self.head.show_facts("building-factory-2", f"{read.customer_name} \u00b7 {read.title}", [])
        self.head.show_buttons(*self._buttons(), [self._whole(cost.case_id)])
        self.total.say(wording.money(cost.total, CURRENCY))
        spent = [one for one in cost.sums if one.amount > 0]
        shares = [Share(_(one.name), int(one.amount), COLOURS[one.cost_class]) for one in spent]
        self.bar.show_shares(sum(share.pieces for share in shares), shares)
        empty_out(self._sums)
        for one in cost.sums:
            self._sums.addWidget(_sum_line(one, cost.total))
        newest = tuple(reversed(cost.lines))
        self.model.show(newest)
        fixed_rows(self.lines, max(len(newest), 1))
        self.back.setVisible(
            page.workplace.session.may(quality_cost.take_back.permission)
            and any(line.entry_id is not None for line in newest)
        )
        self.case.show_case(cost.case_id)

    def _buttons(self) -> tuple[Button | None, list[Button]]:
        page = self._page
        if not page.workplace.session.may(quality_cost.book_sum.permission):
            return None, []
        book = Button(
            lambda: _("Book a cost…"),
            kind="primary",
            icon="plus",
            key="Ctrl+N",
            show_key=False,
            height=theme.HEAD_BUTTON,
            clicked=page.book,
        )
        destroyed = Button(
            lambda: _("Scrap destroyed…"), icon="trash", height=theme.HEAD_BUTTON, clicked=page.confirm_destruction
        )
        sold = Button(
            lambda: _("Scrap sold…"),
            icon="receipt-yuan",
            height=theme.HEAD_BUTTON,
            clicked=lambda: quality_cost_deeds.ask_sale(page),
        )
        return book, [destroyed, sold]

    def _whole(self, case_id: int) -> Button:
        return Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: self._page.workplace.go(Destination("case", case_id)),
        )


def _sum_line(one: ClassSum, total: Decimal) -> QWidget:
    bar = BalanceBar()
    whole = max(int(total), 1)
    bar.show_shares(whole, [Share(_(one.name), max(int(one.amount), 0), COLOURS[one.cost_class])])
    name = Text(_(one.name))
    name.setMinimumWidth(theme.px(150))
    amount = Text(wording.money(one.amount), right=True, ink="ok" if one.amount < 0 else "text")
    amount.setMinimumWidth(theme.px(110))
    return row(name, (bar, 1), amount, gap=12)


def _list_columns() -> list[Column]:
    return [
        Column(
            lambda: _("Case"), Cell.TWO_LINE, lambda one: TwoLine(one.row.number, wording.first_of(one.row.title)), 130
        ),
        Column(lambda: _("Customer"), Cell.TEXT, lambda one: one.row.customer_name, 110, stretch=True),
        Column(lambda: _("Cost"), Cell.NUMBER, lambda one: wording.money(one.row.total, CURRENCY), 120),
    ]


def _line_columns() -> list[Column]:
    return [
        Column(lambda: _("Cost item"), Cell.TWO_LINE, _what, 190, stretch=True),
        Column(lambda: _("Class"), Cell.TEXT, lambda one: _(quality_cost.CLASS_WORDS[one.cost_class]), 124),
        Column(lambda: _("Day"), Cell.TEXT, lambda one: wording.day(one.day), 92),
        Column(lambda: _("Made of"), Cell.NUMBER, _made_of, 150),
        Column(lambda: _("Amount"), Cell.NUMBER, lambda one: wording.money(one.amount), 100),
    ]


def _what(one: CostLine) -> TwoLine:
    second = " \u00b7 ".join(filter(None, (kind(one.kind), one.detail)))
    if one.corrects_id is not None:
        second = f"{second} \u00b7 {_('counter-entry')}"
    return TwoLine(_(one.text), second, ICONS[one.kind])


def _made_of(one: CostLine) -> str:
    price = wording.money(one.unit_cost) if one.unit_cost is not None else ""
    if one.hours is not None:
        return _("{hours} h × {price}").format(hours=f"{one.hours:.2f}", price=price)
    if one.quantity is not None and price:
        return f"{quantity(one.quantity, '')} × {price}"
    return ""
