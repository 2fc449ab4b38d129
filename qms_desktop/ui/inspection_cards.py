"""Entering a result and booking into stock: the two short forms of the re-inspection."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import _
from qms_desktop.steps import inspection
from qms_desktop.steps.inspection import InspectionKind
from qms_desktop.ui import theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cards import ErrorLine, card_head
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.controls import NotesField, NumberField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.rework_effort import on_enter
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.sorting_entry import OptionalPieces
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.steps.inspection_reading import InspectionShown, WaitingRow
    from qms_desktop.ui.page import Page

_FIGURES = ("passed", "failed", "scrapped")


class ResultCard(QFrame):
    """Three figures and Ctrl+Enter: passed, failed, scrapped. `booked(Inspected)` is called afterwards."""

    def __init__(self, page: Page, booked: Callable[[inspection.Inspected], object]) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page, self._booked = page, booked
        self.row: WaitingRow | None = None
        self.fields = {
            "passed": Field(lambda: _("Passed"), OptionalPieces(field="passed")),
            "failed": Field(lambda: _("Failed"), OptionalPieces(field="failed")),
            "scrapped": Field(lambda: _("Scrapped"), OptionalPieces(field="scrapped")),
            "sampled": Field(lambda: _("Sample size"), OptionalPieces(field="sampled"), hint=lambda: _("Empty: all")),
            "method": Field(lambda: _("How it was inspected"), TextField(field="method", longest=120)),
            "remark": Field(lambda: _("Remark"), TextField(field="remark")),
        }
        self.form = Form("inspection.result", self.fields, parent=self)
        self.left = Chip(State("sorting", "waiting", word="0"))
        self.book = Button(
            lambda: _("Record the result"), kind="primary", icon="check", key="Ctrl+Return", clicked=self.send
        )
        self.rest = Button(
            lambda: _("Rest passed"), kind="ghost", icon="arrow-bar-to-down", key="F9", clicked=self.rest_passed
        )
        self.form.submits(self.book)
        self.form.changed.connect(self._say_left)
        for here, there in zip(_FIGURES, (*_FIGURES[1:], "sampled"), strict=True):
            on_enter(self.fields[here].control.widget, partial(self._go, there))
        column(
            card_head("checkup-list", lambda: _("Result"), self.left),
            ErrorLine(self.form),
            row(*((self.fields[name], 1) for name in (*_FIGURES, "sampled")), gap=12),
            row((self.fields["method"], 1), (self.fields["remark"], 1), gap=12),
            row(self.rest, STRETCH, self.book),
            gap=8,
            margins=(12,),
            into=self,
        )

    def show_waiting(self, one: WaitingRow) -> None:
        """Begin the result of what waits."""
        if self.row is None or (self.row.kind, self.row.subject_id) != (one.kind, one.subject_id):
            self.form.open()
        self.row = one
        is_parts = one.kind is InspectionKind.PARTS
        for name in ("scrapped", "sampled"):
            self.fields[name].setVisible(not is_parts)
        self._say_left()

    def begin(self) -> None:
        """Put the cursor into the first figure."""
        self._go("passed")

    def _go(self, name: str) -> None:
        field = self.fields[name]
        if field.isVisible():
            field.enter()
        else:
            self.book.setFocus()

    @property
    def pieces_left(self) -> int:
        """Give what is not accounted for by the figures that are typed."""
        typed = 0
        for name in _FIGURES:
            try:
                typed += self.fields[name].control.read()
            except InvalidInput:
                continue
        return (self.row.pieces if self.row else 0) - typed

    def rest_passed(self) -> None:
        """Say that everything else has passed."""
        control = self.fields["passed"].control
        try:
            rest = self.pieces_left + control.read()
        except InvalidInput:
            return
        if rest > 0:
            control.put(str(rest))
        control.widget.setFocus()

    def _say_left(self) -> None:
        left = self.pieces_left
        if left < 0:
            state = State("receipt", "difference", word=_("{pieces} too many").format(pieces=wording.pieces(-left)))
        elif left:
            state = State("sorting", "waiting", word=_("{pieces} left").format(pieces=wording.pieces(left)))
        else:
            state = State("receipt", "agreed", word=_("Adds up"))
        self.left.show_state(state)

    def send(self) -> None:
        """Record the result of what is chosen."""
        values = self.form.read()
        if values is None or self.row is None:
            return
        words = {"method": values["method"], "remark": values["remark"]}
        if self.row.kind is InspectionKind.PARTS:
            self._run(
                inspection.inspect_parts,
                part_id=self.row.subject_id,
                passed=values["passed"],
                rejected=values["failed"],
                **words,
            )
            return
        # A page keeps the word `failed` for what it calls when a verb is refused: the pieces go along in the verb.
        figures = {"passed": values["passed"], "scrapped": values["scrapped"], "sampled": values["sampled"] or None}
        if self.row.kind is InspectionKind.GOOD:
            verb = partial(inspection.inspect_good, failed=values["failed"])
            self._run(verb, round_id=self.row.subject_id, **figures, **words)
        else:
            verb = partial(inspection.inspect_order, failed=values["failed"])
            self._run(verb, order_id=self.row.subject_id, **figures, **words)

    def _run(self, verb: Any, **values: Any) -> None:  # noqa: ANN401 - a verb and its arguments
        self._page.run(verb, then=self._sent, form=self.form, **values)

    def _sent(self, done: inspection.Inspected) -> None:
        self.form.open()
        self._booked(done)


class StockCard(QFrame):
    """Where the pieces that passed are put: pieces, place, slip, Ctrl+Enter."""

    def __init__(self, page: Page, booked: Callable[[str], object]) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page, self._booked = page, booked
        self.shown: InspectionShown | None = None
        self.fields = {
            "pieces": Field(lambda: _("Pieces"), NumberField(), required=True),
            "place": Field(lambda: _("Place in the store"), TextField(field="place", longest=80), required=True),
            "slip_no": Field(lambda: _("Slip no."), TextField(field="slip_no", longest=60)),
            "remark": Field(lambda: _("Remark"), TextField(field="remark")),
        }
        self.form = Form("inspection.stock", self.fields, parent=self)
        self.book = Button(
            lambda: _("Book into stock"),
            kind="primary",
            icon="building-warehouse",
            key="Ctrl+Return",
            clicked=self.send,
        )
        self.form.submits(self.book)
        self.left = Text("", theme.SMALL, ink="text2")
        self.model = TableModel(
            [
                Column(lambda: _("Pieces"), Cell.NUMBER, lambda one: wording.pieces(one.pieces), 80),
                Column(lambda: _("Place"), Cell.TWO_LINE, lambda one: TwoLine(one.place, one.slip_no), 140),
                Column(lambda: _("Remark"), Cell.WRAPPED, "remark", 120, stretch=True),
                Column(
                    lambda: _("Who and when"),
                    Cell.TWO_LINE,
                    lambda one: TwoLine(one.who, wording.moment(one.at), bold=False),
                    140,
                ),
            ]
        )
        self.entries = Table(self.model, name="stock_entries", spoken_name=lambda: _("Stock entries"), row_height=44)
        self.back = Button(lambda: _("Take out…"), kind="ghost", icon="arrow-back-up", clicked=self.ask_back)
        self.inputs = column(
            row((self.fields["pieces"], 1), (self.fields["place"], 2), (self.fields["slip_no"], 2), gap=12),
            row((self.fields["remark"], 1), column(22, self.book, STRETCH, gap=0), gap=12),
        )
        column(
            card_head("building-warehouse", lambda: _("Stock"), self.left, self.back),
            self.inputs,
            self.entries,
            gap=8,
            margins=(12,),
            into=self,
        )

    def show_inspection(self, shown: InspectionShown) -> None:
        """Show what of an inspection is in stock, and what is to be booked."""
        is_other = self.shown is None or self.shown.row.id != shown.row.id
        moved = self.shown is not None and self.shown.row.left_for_stock != shown.row.left_for_stock
        self.shown = shown
        left = shown.row.left_for_stock
        if is_other or moved:
            place = self._page.workplace.memory.get("stock_place", otherwise="")
            self.form.open({"pieces": str(left) if left else "", "place": place})
        may_enter = self._page.workplace.session.may(inspection.enter_stock.permission)
        self.inputs.setVisible(may_enter and left > 0)
        self.back.setVisible(may_enter and shown.row.stocked > 0)
        self.left.say(
            lambda: _("{stocked} of {passed} in stock").format(
                stocked=wording.pieces(shown.row.stocked), passed=wording.pieces(shown.row.passed)
            )
        )
        entries = tuple(reversed(shown.entries))
        self.model.show(entries)
        fixed_rows(self.entries, max(len(entries), 1))

    def begin(self) -> None:
        """Put the cursor into the number of pieces."""
        self.fields["pieces"].enter()

    def send(self) -> None:
        """Book the entry."""
        values = self.form.read()
        if values is None or self.shown is None:
            return
        self._page.workplace.memory.keep("stock_place", values["place"])
        self._page.run(
            inspection.enter_stock,
            then=lambda _id: self._booked(_("Booked into stock.")),
            form=self.form,
            inspection_id=self.shown.row.id,
            **values,
        )

    def ask_back(self) -> None:
        """Ask what is taken out of stock again, and why."""
        if self.shown is None:
            return
        last = self.shown.entries[-1].place if self.shown.entries else ""
        dialog = ask_form(
            self._page,
            inspection.take_out_of_stock,
            name=f"inspection.take_out.{self.shown.row.id}",
            title=_("Take a stock entry back"),
            icon="arrow-back-up",
            words=lambda: _("Take out"),
            fields={
                "pieces": Field(lambda: _("Pieces"), NumberField(), required=True),
                "place": Field(lambda: _("Place in the store"), TextField(field="place", longest=80)),
                "reason": Field(lambda: _("Why"), NotesField(field="reason", required=True), required=True),
            },
            then=lambda _id: self._booked(_("Taken out by a counter-entry.")),
            inspection_id=self.shown.row.id,
        )
        if not dialog.form.dirty:
            dialog.form.open({"place": last})
