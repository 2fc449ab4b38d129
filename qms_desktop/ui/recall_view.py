"""One recall: its head, the shipments of the scope, who was heard, what stays open, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.steps.recall import Seat
from qms_desktop.ui import cards, plant_time, recall_deeds, theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, IconText, TwoLine
from qms_desktop.ui.chip import State
from qms_desktop.ui.record import Link, RecordHead
from qms_desktop.ui.rows import STRETCH, column, empty_out, row, scrolling
from qms_desktop.ui.side_by_side import SideBySide
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.text import Eliding, Rule, Sign, Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from qms_desktop.steps.recall import HearingShown, RecallLineShown
    from qms_desktop.ui.recall import RecallPage, RecallRead


class RecallView(QWidget):
    """Several shipments are chosen with Ctrl and Shift."""

    def __init__(self, page: RecallPage) -> None:
        super().__init__()
        self._page = page
        self.head = RecordHead()
        self.model = TableModel(_line_columns())
        self.lines = Table(
            self.model,
            name="recall.lines",
            spoken_name=lambda: _("Shipments of the scope"),
            row_height=theme.TWO_LINE_ROW,
            memory=page.workplace.memory,
        )
        self.lines.selectionModel().selectionChanged.connect(lambda _now, _before: self._show_buttons())
        self._question = Text("", theme.SMALL, ink="text2", wrap=True)
        self._total = Eliding("", bold=True, right=True)
        self._side = QVBoxLayout()
        self._side.setSpacing(theme.px(12))
        scope = cards.card(
            column(
                cards.card_head("hierarchy-2", lambda: _("Shipments found")),
                self._question,
                gap=2,
                margins=(14, 10, 12, 6),
            ),
            (self.lines, 1),
            Rule(),
            row(Text(lambda: _("Total"), ink="text2"), (self._total, 1), margins=(12, 8, 12, 10)),
            gap=0,
            margins=(1,),
        )
        side = scrolling(column(self._side, STRETCH), name=_("Hearings and decision"))
        self.columns = SideBySide(scope, lambda: _("Shipments"), side, lambda: _("Hearings and decision"), width=296)
        column(cards.card(self.head, margins=(16, 12, 16, 10)), (self.columns, 1), gap=12, into=self)
        self._read: RecallRead | None = None

    def chosen_lines(self) -> list[RecallLineShown]:
        """Give the shipments that are chosen in the table."""
        rows = sorted({index.row() for index in self.lines.selectedIndexes()})
        return [self.model.row_at(number) for number in rows]

    def show_recall(self, read: RecallRead) -> None:
        """Fill everything in."""
        self._read = read
        shown = read.shown
        self.head.show_number(shown.row.number, [State("recall", str(shown.row.state).lower())])
        self.head.show_facts(
            "package",
            f"{shown.row.product_code} \u00b7 {shown.row.lot_number}",
            [
                Link(lambda: _("Complaint"), shown.row.complaint_number),
                Link(lambda: _("Triggered by"), _(recall_deeds.TRIGGERS[shown.trigger])),
            ],
        )
        self._question.say(shown.scope or shown.question)
        self._question.setVisible(bool(shown.scope or shown.question))
        kept = self.lines.current()
        self.model.show(shown.lines)
        if kept is not None:
            self.lines.choose_where(lambda one: one.id == kept.id)
        customers = len({one.customer_number for one in shown.lines if one.is_in_scope})
        self._total.say(
            _("{scope} of {found} pieces in scope, {customers}, {settled} settled").format(
                scope=wording.pieces(shown.row.pieces_in_scope),
                found=wording.pieces(shown.row.pieces_found),
                customers=wording.count_of(customers, N_("{count} customer"), N_("{count} customers")),
                settled=wording.pieces(shown.row.pieces_settled),
            )
        )
        empty_out(self._side)
        self._side.addWidget(_decision(read))
        self._side.addWidget(_hearings(read))
        self._side.addWidget(_open_points(read))
        self._show_buttons()

    def _show_buttons(self) -> None:
        if self._read is None:
            return
        case_id = self._read.shown.row.case_id
        next_step, others = recall_deeds.buttons(self._page, self._read)
        export = Button(
            lambda: _("Export Excel"),
            kind="ghost",
            icon="table-export",
            key="Ctrl+E",
            show_key=False,
            clicked=self._page.export,
        )
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: self._page.workplace.go(Destination("case", case_id)),
        )
        self.head.show_buttons(next_step, others, [export, whole])


def _line_columns() -> list[Column]:
    return [
        Column(
            lambda: _("Customer"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.customer, one.customer_number),
            130,
            stretch=True,
        ),
        Column(
            lambda: _("Shipment"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.shipment, wording.day(one.shipped_on), bold=False),
            112,
        ),
        Column(lambda: _("Lot"), Cell.TEXT, "lot", 68),
        Column(lambda: _("Pieces"), Cell.NUMBER, "pieces", 62),
        Column(lambda: _("Scope"), Cell.ICON_TEXT, _scope_cell, 124),
        Column(lambda: _("Cleared"), Cell.NUMBER, "pieces_settled", 66),
    ]


def _scope_cell(one: RecallLineShown) -> IconText:
    if one.is_complainant:
        return IconText(_("complainant"), "message-report")
    if not one.is_in_scope:
        return IconText(_("out: {why}").format(why=one.scope_reason), "circle-minus")
    if one.informed_at is None:
        return IconText(_("in, not told"), "circle-dot", "bad")
    return IconText(
        _("in, told {day}").format(day=wording.short_day(plant_time.day_of(one.informed_at))), "phone-call", "ok"
    )


def _decision(read: RecallRead) -> QFrame:
    shown = read.shown
    if not shown.signatures:
        words = _("Nothing starts before the general manager has signed, with the reason.")
        return cards.card(
            cards.card_head("gavel", lambda: _("Decision")), Text(words, theme.SMALL, ink="text2", wrap=True)
        )
    signed = shown.signatures[-1]
    when = _("{name} signed, {moment}").format(name=signed.name, moment=wording.moment(signed.at))
    return cards.card(
        cards.card_head("gavel", lambda: _("Decision")),
        row(Sign("signature", "ok" if signed.is_valid else "bad", 18), (Text(when, bold=True, wrap=True), 1)),
        Text(shown.decision_reason, wrap=True),
    )


def _hearings(read: RecallRead) -> QFrame:
    shown = read.shown
    latest = {hearing.seat: hearing for hearing in shown.hearings}
    silent = len(shown.still_to_hear)
    count = Text(f"{len(Seat) - silent} / {len(Seat)}", theme.SMALL, ink="text2")
    return cards.card(
        cards.card_head("users", lambda: _("Heard"), count), *(_hearing(read, seat, latest.get(seat)) for seat in Seat)
    )


def _hearing(read: RecallRead, seat: Seat, hearing: HearingShown | None) -> QWidget:
    if hearing is None:
        sign, second = Sign("circle-dashed", "text3", 18), _("not heard yet")
    elif not hearing.is_valid:
        sign, second = Sign("repeat", "wait", 18), _("spoke to another scope; must be heard again")
    else:
        sign = Sign("circle-check", "ok", 18)
        second = wording.explained(
            f"{read.name_of(hearing.who)} \u00b7 {wording.short_moment(hearing.at)}", hearing.opinion
        )
    words = column(
        Text(recall_deeds.seat_words(seat), bold=True), Text(second, theme.SMALL, ink="text2", wrap=True), gap=0
    )
    return row(sign, (words, 1))


def _open_points(read: RecallRead) -> QFrame:
    points = read.scope.open_points
    lines: list[QWidget] = []
    for one in points:
        figure = wording.pieces(one.pieces) if one.pieces is not None else "?"
        words = column(
            Text(one.subject, bold=True, wrap=True), Text(one.why, theme.SMALL, ink="text2", wrap=True), gap=0
        )
        lines.append(row(Sign("help-hexagon", "wait", 18), (words, 1), Text(figure, bold=True, ink="wait")))
    if not points:
        lines.append(Text(lambda: _("Nothing stays open."), theme.SMALL, ink="text2"))
    return cards.card(cards.card_head("help-hexagon", lambda: _("Cannot be ruled out")), *lines)
