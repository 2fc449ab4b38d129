"""The re-inspection page: what waits, the result of it, and the way into stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.rules import due
from qms_desktop.rules.scan import CodeKind
from qms_desktop.rules.search import normalised
from qms_desktop.steps import inspection
from qms_desktop.ui import cards, theme, wording
from qms_desktop.ui.balance import Balance, Share
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.chip import State
from qms_desktop.ui.inspection_cards import ResultCard, StockCard
from qms_desktop.ui.inspection_words import ICONS, kind, state_of
from qms_desktop.ui.list_reading import gather, holds
from qms_desktop.ui.list_side import PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.record import Link
from qms_desktop.ui.record_page import RecordPage, RecordView
from qms_desktop.ui.rows import STRETCH, column
from qms_desktop.ui.table import Column
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.rules.scan import ScannedCode
    from qms_desktop.session import Session
    from qms_desktop.steps.inspection_reading import InspectionRow, InspectionShown, WaitingRow
    from qms_desktop.ui.workplace import Workplace

WAITING, TO_STOCK, ALL = "waiting", "to_stock", "all"
FILTERS = (
    Filter(WAITING, lambda: _("To inspect")),
    Filter(TO_STOCK, lambda: _("To book in")),
    Filter(ALL, lambda: _("All results")),
)


@dataclass(frozen=True)
class Line:
    """A line of the list: something that waits, or an inspection; waiting things have a text as their id."""

    id: int | str
    waiting: WaitingRow | None
    done: InspectionRow | None
    now: datetime

    @property
    def row(self) -> WaitingRow | InspectionRow:
        """Give what the line shows."""
        found = self.waiting or self.done
        assert found is not None  # noqa: S101 - one of the two is always given
        return found


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give what waits, or a page of the inspections that were recorded."""
    now = due.moment(session)
    if which == WAITING:
        wanted = normalised(text)
        waiting = [one for one in inspection.waiting(session) if holds(one, wanted, _words)]
        foot = wording.joined(
            wording.count_of(len(waiting), N_("{count} heap waits"), N_("{count} heaps wait")),
            wording.all_pieces(sum(one.pieces for one in waiting)),
        )
        lines = [Line(f"{one.kind}.{one.subject_id}", one, None, now) for one in waiting]
        return ListPage(lines, more=False, foot=foot)
    rows, more = gather(
        lambda last: inspection.listed(session, before_id=last, count=PAGE_ROWS),
        before_id=before_id,
        text=text,
        words=_words,
        fits=lambda one: which == ALL or one.left_for_stock > 0,
    )
    passed = wording.pieces(sum(one.passed for one in rows))
    foot = wording.joined(
        wording.count_of(len(rows), N_("{count} inspection"), N_("{count} inspections")),
        _("{passed} passed").format(passed=passed),
    )
    return ListPage([Line(one.id, None, one, now) for one in rows], more, foot)


def _words(one: WaitingRow | InspectionRow) -> tuple[str, ...]:
    return one.rma_number, one.number, one.product_code


class InspectionPage(RecordPage):
    """Choose what waits, type three figures, Ctrl+Enter; what passed is booked into stock in the same way."""

    view: InspectionView
    watches = frozenset({"inspection", "stock_entry", "work_order", "sorting_round", "recovered_part"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.chosen: Line | None = None
        empty = cards.EmptyPage(
            "checkup-list",
            lambda: _("Nothing waits for the inspection"),
            lambda: _("Good pieces of the sorting, reported orders and recovered parts come here by themselves."),
        )
        side = ListSide(
            self,
            _list_columns(),
            name="inspection",
            spoken_name=lambda: _("Re-inspection"),
            filters=FILTERS,
            reading=read_list,
            empty=empty,
        )
        side.setMinimumWidth(min(theme.px(440), 460))
        nothing = cards.EmptyPage(
            "checkup-list",
            lambda: _("Nothing is chosen"),
            lambda: _("Choose what is inspected from the list, or scan the number of its order."),
        )
        self.put(side, InspectionView(self), nothing=nothing)

    def retranslate(self) -> None:
        super().retranslate()
        if self.chosen is not None and self.chosen.waiting is not None:
            self.view.show_waiting(self.chosen.waiting)

    def is_being_edited(self) -> bool:
        return self.view.result.form.dirty or self.view.stock.form.dirty

    def take_scan(self, code: ScannedCode) -> bool:
        if code.kind not in (CodeKind.ORDER, CodeKind.RMA, CodeKind.LABEL):
            return False
        found = next((one for one in self.list.rows if one.row.number == code.number), None)
        if found is not None:
            self.list.mark(found.id)
            self.row_chosen(found)
        return found is not None

    def row_chosen(self, one: Line) -> None:
        """Show what waits, or an inspection."""
        self.chosen = one
        if one.waiting is not None:
            self.record_id = None
            self.view.show_waiting(one.waiting)
            self.right.setCurrentWidget(self.view)
        elif one.done is not None:
            self.choose(one.done.id)

    def read_record(self, record_id: int) -> None:
        self.read(inspection.show, then=self.show_read, slot="inspection.record", inspection_id=record_id)

    def show_nothing(self) -> None:
        if self.record_id is None:
            self.chosen = None
        super().show_nothing()

    def recorded(self, done: inspection.Inspected) -> None:
        """Say what became of a result, and show it: it may go into stock now."""
        if done.new_round_id is not None:
            self.say(_("Recorded. What failed is a new round of sorting."))
        else:
            self.say(_("Recorded. What passed can be booked into stock."))
        self.chosen, self.record_id = None, done.inspection_id
        self.refresh()


class InspectionView(RecordView):
    """What is inspected, its figures, the form of the result or of the stock entry."""

    def __init__(self, page: InspectionPage) -> None:
        super().__init__(page)
        self._page = page
        self.balance = Balance(lambda: _("Submitted"))
        self.result = ResultCard(page, page.recorded)
        self.stock = StockCard(page, page.booked)
        self.facts = cards.Facts(label_width=130)
        self.facts_card = cards.card(cards.card_head("list-details", lambda: _("Facts")), self.facts)
        self.hold = cards.panel(
            "hold",
            "hand-stop",
            lambda: _("The lot of these pieces is on hold"),
            lambda: _("They go into stock only when every piece was inspected; a sample is not enough."),
        )
        body = column(self.hold, self.result, self.stock, self.facts_card, STRETCH, gap=12)
        self.put(body, self.balance)

    def show_waiting(self, one: WaitingRow) -> None:
        """Show what waits, with the form of its result for the inspector."""
        state = State("pieces", "to_inspect")
        self._show_head(one, state)
        self.balance.show_balance(one.pieces, [Share(lambda: _("To inspect"), one.pieces, "g7")])
        may = self._page.workplace.session.may(inspection.inspect_good.permission)
        self.result.setVisible(may)
        self.result.show_waiting(one)
        self.stock.hide()
        self.hold.hide()
        self.facts_card.setVisible(not may)
        self.facts.show_facts([cards.Fact(lambda: _("Waits since"), wording.moment(one.since))])
        self.case.show_case(one.case_id)

    def show_read(self, shown: InspectionShown) -> None:
        """Show a result, with the way into stock."""
        one = shown.row
        self._show_head(one, state_of(one))
        shares = [
            Share(lambda: _("Passed"), one.passed, "g6"),
            Share(lambda: _("Failed"), one.failed, "g3"),
            Share(lambda: _("Scrapped"), one.scrapped, "g4"),
        ]
        self.balance.show_balance(one.submitted, shares)
        self.result.hide()
        self.stock.setVisible(one.passed > 0)
        self.stock.show_inspection(shown)
        self.hold.setVisible(shown.is_on_hold)
        self.facts_card.show()
        how = _("Every piece")
        if one.sampled is not None:
            how = _("Sample of {pieces}").format(pieces=wording.pieces(one.sampled))
        self.facts.show_facts(
            [
                cards.Fact(lambda: _("Inspected"), f"{one.who} \u00b7 {wording.moment(one.at)}"),
                cards.Fact(lambda: _("How"), " \u00b7 ".join(filter(None, (how, shown.method)))),
                cards.Fact(lambda: _("Remark"), shown.remark or "\u2014"),
            ]
        )
        self.case.show_case(one.case_id)

    def _show_head(self, one: WaitingRow | InspectionRow, state: State) -> None:
        page = self._page
        self.head.show_number(one.number, [state])
        line = _("{number}, line {position}").format(number=one.rma_number, position=one.position or "\u2014")
        self.head.show_facts(
            ICONS[one.kind],
            kind(one.kind),
            [
                Link("", one.product_code),
                Link("", line, lambda: page.workplace.go(Destination("rma", one.rma_id, one.rma_number))),
            ],
        )
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: page.workplace.go(Destination("case", one.case_id)),
        )
        self.head.show_buttons(None, (), [whole])


def _line_words(one: WaitingRow | InspectionRow) -> str:
    line = _("Line {position}").format(position=one.position or "\u2014")
    return line if one.number == one.rma_number else one.rma_number


def _state(line: Line) -> State:
    if line.done is not None:
        return state_of(line.done)
    waits = wording.span(line.now - line.waiting.since) if line.waiting else ""
    return State("pieces", "to_inspect", word=_("Waits {span}").format(span=waits))


def _pieces(line: Line) -> str:
    if line.done is not None:
        return f"{wording.pieces(line.done.passed)} / {wording.pieces(line.done.submitted)}"
    return wording.pieces(line.waiting.pieces) if line.waiting else ""


def _list_columns() -> list[Column]:
    return [
        Column(
            lambda: _("Number"),
            Cell.TWO_LINE,
            lambda line: TwoLine(line.row.number, _line_words(line.row)),
            122,
        ),
        Column(
            lambda: _("What is inspected"),
            Cell.TWO_LINE,
            lambda line: TwoLine(line.row.product_code, kind(line.row.kind), bold=False),
            110,
            stretch=True,
        ),
        Column(lambda: _("Pieces"), Cell.NUMBER, _pieces, 82),
        Column(lambda: _("State"), Cell.CHIP, _state, 128),
    ]
