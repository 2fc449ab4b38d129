"""The recall page: recalls with scope and decision, what asks for an assessment, the what-if, and holds on lots."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from qms_desktop import documents, i18n
from qms_desktop.i18n import _, plural
from qms_desktop.rules import access, due
from qms_desktop.steps import recall
from qms_desktop.steps.recall import HoldShown, Proposal, RecallRow, RecallShown, RecallState
from qms_desktop.ui import cards, file_choice, recall_deeds, theme, wording
from qms_desktop.ui.buttons import Button, FilterChip
from qms_desktop.ui.cells import Bar, Cell, TwoLine
from qms_desktop.ui.chip import State
from qms_desktop.ui.list_reading import gather
from qms_desktop.ui.list_side import PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.page import Page
from qms_desktop.ui.recall_trace import WhatIf
from qms_desktop.ui.recall_view import RecallView
from qms_desktop.ui.rows import column, row
from qms_desktop.ui.table import Column, Table, TableModel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qms_desktop.session import Session
    from qms_desktop.steps.recall_scope import RecallScope
    from qms_desktop.ui.workplace import Destination, Workplace

RECALLS, PROPOSALS, WHAT_IF, HOLDS = range(4)
_ENDED = (RecallState.DECLINED, RecallState.COMPLETE)


@dataclass(frozen=True)
class RecallRead:
    """A recall with its frozen what-if, and what its page says beside it: the plant's clock and who is who."""

    shown: RecallShown
    scope: RecallScope
    now: datetime
    names: Mapping[str, str]

    def name_of(self, login: str) -> str:
        """Give a person's own name."""
        return self.names.get(login, login)


@dataclass(frozen=True)
class Around:
    """What stands beside the recalls: what asks for an assessment, the holds, and the plant's clock."""

    proposals: tuple[Proposal, ...]
    holds: tuple[HoldShown, ...]
    now: datetime
    names: Mapping[str, str]


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the list."""
    rows, more = gather(
        lambda last: recall.listed(session, before_id=last, count=PAGE_ROWS),
        before_id=before_id,
        text=text,
        words=lambda one: (one.number, one.complaint_number, one.product_code, one.lot_number),
        fits=lambda one: which == "all" or one.state not in _ENDED,
    )
    return ListPage(rows, more, plural("{count} recall", "{count} recalls", len(rows)).format(count=len(rows)))


def read_recall(session: Session, *, recall_id: int) -> RecallRead:
    """Give one recall whole."""
    names = {person.login: person.name for person in access.listed(session)}
    shown = recall.show(session, recall_id=recall_id)
    return RecallRead(shown, recall.scope(session, recall_id=recall_id), due.moment(session), names)


def read_around(session: Session) -> Around:
    """Give what stands beside the recalls."""
    names = {person.login: person.name for person in access.listed(session)}
    return Around(recall.proposals(session), recall.holds(session), due.moment(session), names)


def make_list(session: Session, *, recall_id: int, language: str) -> bytes:
    """Give the list of a recall as an Excel workbook."""
    return bytes(documents.recall_list.write(recall.scope(session, recall_id=recall_id), language))


class RecallPage(Page):
    """Alt+1 to Alt+4 turn to recalls, proposals, what-if and holds; Ctrl+E exports the list."""

    watches = frozenset({"recall", "recall_line", "recall_hearing", "recall_progress", "lot_hold", "complaint_line"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record_id: int | None = None
        self.record: RecallRead | None = None
        self.around: Around | None = None
        self.view = RecallView(self)
        self.what_if = WhatIf(self)
        self.stack = QStackedWidget()
        for widget in (self._recalls(), self._proposals(), self.what_if, self._holds()):
            self.stack.addWidget(widget)
        self.turns = [
            FilterChip(words, chosen=place == RECALLS)
            for place, words in enumerate(
                (lambda: _("Recalls"), lambda: _("To assess"), lambda: _("What if"), lambda: _("Holds"))
            )
        ]
        for place, chip in enumerate(self.turns):
            chip.setShortcut(f"Alt+{place + 1}")
            chip.clicked.connect(partial(self.turn_to, place))
        self.hold = Button(
            lambda: _("Put lots on hold…"),
            icon="hand-stop",
            key="Ctrl+H",
            show_key=False,
            clicked=lambda: recall_deeds.hold(self),
        ).ask_permission(workplace.session, recall.hold_lots)
        head = cards.page_head(
            lambda: _("Recall"), lambda: _("Who else has goods with the same fault"), *self.turns, 12, self.hold
        )
        column(head, (self.stack, 1), gap=10, margins=(16, 12, 16, 16), into=self)
        self.first_focus = self.list.table

    def _recalls(self) -> QWidget:
        empty = cards.EmptyPage(
            "speakerphone",
            lambda: _("No recall is on its way"),
            lambda: _(
                "A complaint that breaks a safety or key characteristic asks for an assessment; see there first."
            ),
            begin=Button(lambda: _("See what asks for one"), icon="scale", clicked=lambda: self.turn_to(PROPOSALS)),
        )
        self.list = ListSide(
            self,
            _columns(),
            name="recall",
            spoken_name=lambda: _("Recalls"),
            filters=(Filter("open", lambda: _("Still open")), Filter("all", lambda: _("All"))),
            reading=read_list,
            empty=empty,
        )
        self.list.setFixedWidth(theme.px(300))
        self.list.chosen.connect(lambda one: self.open_record(one.id))
        nothing = cards.card(
            cards.EmptyPage(
                "speakerphone",
                lambda: _("No recall is chosen"),
                lambda: _("Choose one from the list, or ask what would be concerned under “What if”."),
            )
        )
        self.right = QStackedWidget()
        self.right.addWidget(nothing)
        self.right.addWidget(self.view)
        return row(self.list, (self.right, 1), gap=12)

    def _proposals(self) -> QWidget:
        self.proposals = Table(
            TableModel(_proposal_columns()),
            name="recall.proposals",
            spoken_name=lambda: _("Complaint lines that ask for an assessment"),
            row_height=theme.TWO_LINE_ROW,
            memory=self.workplace.memory,
        )
        self.proposals.opened.connect(self.propose)
        self.put_up = Button(
            lambda: _("Put it up for assessment"),
            kind="primary",
            icon="scale",
            height=theme.HEAD_BUTTON,
            clicked=lambda: self.propose(self.proposals.current()),
        ).ask_permission(self.workplace.session, recall.propose)
        return self._listing(
            self.proposals,
            lambda: _("These lines break a safety or key characteristic, and others have goods of the same lot."),
            self.put_up,
        )

    def _holds(self) -> QWidget:
        self.holds = Table(
            TableModel(_hold_columns(self)),
            name="recall.holds",
            spoken_name=lambda: _("Lots on hold"),
            row_height=theme.TWO_LINE_ROW,
            memory=self.workplace.memory,
        )
        self.holds.opened.connect(self.release)
        self.let_go = Button(
            lambda: _("Release and sign…"),
            icon="signature",
            height=theme.HEAD_BUTTON,
            clicked=lambda: self.release(self.holds.current()),
        ).ask_permission(self.workplace.session, recall.release)
        return self._listing(
            self.holds, lambda: _("No label, stock entry or shipment while a lot is on hold."), self.let_go
        )

    @staticmethod
    def _listing(table: Table, words: Any, button: Button) -> QWidget:  # noqa: ANN401 - text.Words
        head = row((cards.card_head("info-circle", words), 1), button, margins=(14, 10, 12, 10))
        return cards.card(head, (table, 1), gap=0, margins=(1,))

    # What the frame asks.

    def fold(self, breadth: theme.Breadth) -> None:
        for columns in (self.view.columns, self.what_if.result.columns):
            columns.fold(on=breadth is not theme.Breadth.WIDE)

    def reload(self) -> None:
        self.read(read_around, then=self._show_around, slot="recall.around")
        self.list.reload(keep=self.record_id)
        if self.record_id is not None:
            self._read_record()

    def retranslate(self) -> None:
        self.reload()
        self.what_if.ask()

    def show_record(self, destination: Destination) -> None:
        self.turn_to(PROPOSALS if destination.record_id is None and destination.number else RECALLS)
        if destination.record_id is not None:
            self.open_record(destination.record_id)
            self.list.mark(destination.record_id)

    @property
    def now(self) -> datetime | None:
        """Give the plant's clock as it was read last."""
        return self.around.now if self.around else None

    def turn_to(self, place: int, _on: object = None) -> None:
        """Show recalls, proposals, the what-if or the holds."""
        self.turns[place].setChecked(True)
        self.stack.setCurrentIndex(place)
        first = (self.list.table, self.proposals, self.what_if.fields["product"].control.widget, self.holds)[place]
        first.setFocus()

    # Records.

    def open_record(self, recall_id: int) -> None:
        """Show a recall."""
        self.record_id = recall_id
        self._read_record()

    def _read_record(self) -> None:
        self.read(read_recall, then=self._show, slot="recall.record", recall_id=self.record_id)

    def _show(self, read: RecallRead) -> None:
        self.record = read
        self.view.show_recall(read)
        self.right.setCurrentWidget(self.view)

    def _show_around(self, around: Around) -> None:
        self.around = around
        self.proposals.rows_model.show(around.proposals)
        self.holds.rows_model.show(around.holds)
        self.turns[PROPOSALS].show_count(len(around.proposals))
        self.turns[HOLDS].show_count(len(around.holds))
        for table, button in ((self.proposals, self.put_up), (self.holds, self.let_go)):
            table.choose(0)
            button.forbid("" if table.rows_model.rowCount() else lambda: _("There is nothing to choose."))

    def done(self, words: str) -> None:
        """Say what was done, and read again."""
        self.say(words)
        self.reload()

    def propose(self, one: Proposal | None) -> None:
        """Put a complaint line up for assessment, and open its recall."""
        if one is not None and self.workplace.session.may(recall.propose.permission):
            self.run(recall.propose, then=self._proposed, complaint_line_id=one.complaint_line_id)

    def _proposed(self, made: recall.Proposed) -> None:
        self.record_id = made.recall_id
        self.turn_to(RECALLS)
        self.done(_("{number} is put up for assessment.").format(number=made.number))

    def release(self, held: HoldShown | None) -> None:
        """Ask for the signature that releases a lot."""
        if held is not None and self.workplace.session.may(recall.release.permission):
            recall_deeds.release(self, held)

    def export(self) -> None:
        """Ask for the place and write the list of customers and shipments."""
        if self.record is None or self.record_id is None:
            return
        number, language = self.record.shown.row.number, i18n.language()
        file_choice.save_paper(
            self,
            title=_("Export the list of {number}").format(number=number),
            name=f"{number}.xlsx",
            pattern=file_choice.excel_pattern(),
            make=partial(make_list, recall_id=self.record_id, language=language),
            said=_("{file} is written."),
        )


def _columns() -> list[Column]:
    return [
        Column(
            lambda: _("Recall"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.number, f"{one.product_code} \u00b7 {one.lot_number}", "speakerphone"),
            150,
            stretch=True,
        ),
        Column(lambda: _("State"), Cell.CHIP, lambda one: State("recall", str(one.state).lower()), 136),
    ]


def settled_bar(one: RecallRow) -> Bar:
    """Draw how much of the scope is settled."""
    share = one.pieces_settled / one.pieces_in_scope if one.pieces_in_scope else 0.0
    return Bar(share, wording.percent(share), "ok")


def _proposal_columns() -> list[Column]:
    return [
        Column(lambda: _("Complaint"), Cell.TWO_LINE, lambda one: TwoLine(one.complaint_number, one.product_code), 170),
        Column(lambda: _("Lot"), Cell.TEXT, "lot_number", 120),
        Column(
            lambda: _("Defect"),
            Cell.TWO_LINE,
            lambda one: TwoLine(
                f"{one.defect_code} {one.defect_name}".strip(), _(recall_deeds.TRIGGERS[one.trigger]), bold=False
            ),
            240,
            stretch=True,
        ),
        Column(lambda: _("Same lot at others"), Cell.NUMBER, "pieces_of_lot_elsewhere", 150),
        Column(lambda: _("Customers sharing material"), Cell.NUMBER, "customers_with_shared_material", 200),
    ]


def _hold_columns(page: RecallPage) -> list[Column]:
    def who(one: HoldShown) -> TwoLine:
        name = page.around.names.get(one.placed_by, one.placed_by) if page.around else one.placed_by
        return TwoLine(wording.moment(one.since), name, bold=False)

    return [
        Column(lambda: _("Lot"), Cell.TWO_LINE, lambda one: TwoLine(one.lot, one.product, "hand-stop"), 170),
        Column(lambda: _("Why"), Cell.WRAPPED, "reason", 260, stretch=True),
        Column(lambda: _("Since"), Cell.TWO_LINE, who, 160),
        Column(lambda: _("State"), Cell.CHIP, lambda one: State("hold", str(one.state).lower()), 150),
    ]
