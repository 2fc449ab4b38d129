"""Hours and material of an order: start and stop by badge, and one line of material after the other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from qms_desktop.i18n import _
from qms_desktop.steps import rework
from qms_desktop.steps.rework_effort import LONGEST_SPAN
from qms_desktop.steps.rework_reading import WorkState
from qms_desktop.ui import theme, wording
from qms_desktop.ui.amounts import AmountField
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cards import card_head
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.controls import Choice, ChoiceField, MomentField, NotesField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.rework_words import ACTIVITIES, hours, quantity
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from qms_desktop.steps.rework_effort import RateNameShown, Started, Worked
    from qms_desktop.steps.rework_reading import MaterialShown, OrderShown, WorkShown
    from qms_desktop.ui.page import Page

NOTHING_YET = Choice("", "\u2014")


def offer(field: ChoiceField, choices: Sequence[Choice], *, chosen: Any = None) -> None:  # noqa: ANN401 - any value
    """Put other lines into a choice; what was chosen stays, else `chosen` is."""
    kept = field.keep()
    choices = choices or [NOTHING_YET]
    field.combo.choices = list(choices)
    field.combo.clear()
    field.combo.addItems([str(choice.words) for choice in choices])
    known = {choice.value for choice in choices}
    field.put(kept if kept in known else chosen)


def on_enter(widget: QWidget, do: Callable[[], object]) -> None:
    """Let Enter in a field or a choice go on."""
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(do)


class WorkCard(QFrame):
    """Scan a badge: whoever works on the order stops, everybody else starts. `booked(text)` is called after each."""

    def __init__(self, page: Page, booked: Callable[[str], object]) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page, self._booked = page, booked
        self.shown: OrderShown | None = None
        self.now: datetime | None = None
        self.badge = TextField(field="badge", required=True, longest=40, icon="id-badge-2")
        self.rate = ChoiceField([NOTHING_YET], field="rate")
        fields = {
            "badge": Field(lambda: _("Badge"), self.badge, hint=lambda: _("Scan or type it, then Enter")),
            "rate": Field(lambda: _("Wage group"), self.rate),
        }
        self.form = Form("rework.work", fields, parent=self)
        self.go = Button(self._verb, icon="clock", clicked=self.send)
        self.form.submits(self.go)
        self.form.changed.connect(lambda: self.go.say(self._verb))
        on_enter(self.badge.widget, self.send)
        self.total = Text("", theme.SMALL, ink="text2")
        self.model = TableModel(
            [
                Column(lambda: _("Person"), Cell.TWO_LINE, self._who, 130, stretch=True),
                Column(lambda: _("Work"), Cell.TWO_LINE, _what, 120),
                Column(lambda: _("From"), Cell.TEXT, lambda span: wording.moment(span.started_at), 130),
                Column(lambda: _("Until"), Cell.TWO_LINE, self._until, 150),
                Column(lambda: _("Spent"), Cell.NUMBER, self._spent, 70),
            ]
        )
        self.table = Table(self.model, name="rework_work", spoken_name=lambda: _("Hours"), row_height=44)
        self.mend = Button(lambda: _("Mend a stop…"), kind="ghost", icon="clock-edit", key="F6", clicked=self.ask_mend)
        self.cancel = Button(lambda: _("Cancel hours…"), kind="ghost", icon="x", clicked=self.ask_cancel)
        self.line = row(
            (fields["badge"], 2),
            (fields["rate"], 2),
            column(22, self.go, STRETCH, gap=0),
            gap=10,
        )
        column(
            card_head("clock", lambda: _("Hours"), self.total, self.mend, self.cancel),
            self.line,
            self.table,
            gap=8,
            margins=(12,),
            into=self,
        )

    def show_order(self, shown: OrderShown, now: datetime, *, may_book: bool) -> None:
        """Show an order's hours, the newest first."""
        self.shown, self.now = shown, now
        spans = tuple(reversed(shown.work))
        self.model.show(spans)
        fixed_rows(self.table, max(len(spans), 1))
        self.total.say(lambda: _("{hours} h in all").format(hours=hours(shown.minutes)))
        self.line.setVisible(may_book)
        self.mend.setVisible(may_book and any(span.state is WorkState.RUNNING for span in spans))
        self.cancel.setVisible(may_book and bool(spans))
        self.go.say(self._verb)

    def offer_rates(self, rates: Sequence[RateNameShown]) -> None:
        """Offer the wage groups; the one used last on this PC is chosen."""
        last = self._page.workplace.memory.get("rework_rate", otherwise="")
        offer(self.rate, [Choice(one.code, one.name or one.code) for one in rates], chosen=last)

    @property
    def running(self) -> WorkShown | None:
        """Give the running work of the badge that is typed."""
        typed = self.badge.line.text().strip()
        spans = self.shown.work if self.shown else ()
        return next((span for span in spans if span.state is WorkState.RUNNING and span.badge == typed), None)

    def _verb(self) -> str:
        return _("Stop") if self.running else _("Start")

    def take_badge(self, badge: str) -> None:
        """Use a scanned badge at once."""
        self.badge.put(badge)
        self.send()

    def send(self) -> None:
        """Start or stop the person of the badge."""
        values = self.form.read()
        if values is None or self.shown is None:
            return
        if self.running:
            self._page.run(rework.stop_work, then=self._stopped, form=self.form, badge=values["badge"])
        else:
            self._page.workplace.memory.keep("rework_rate", values["rate"])
            self._page.run(
                rework.start_work,
                then=self._started,
                form=self.form,
                order_id=self.shown.row.id,
                badge=values["badge"],
                rate=values["rate"] or "",
            )

    def _started(self, done: Started) -> None:
        self.badge.put("")
        self._booked(_("{who} has started.").format(who=done.person_name))

    def _stopped(self, done: Worked) -> None:
        self.badge.put("")
        self._booked(_("{who} has stopped after {hours} h.").format(who=done.person_name, hours=hours(done.minutes)))

    def ask_mend(self) -> None:
        """Ask when the work really ended that runs for longest, or that is chosen in the table."""
        spans = [span for span in self.shown.work if span.state is WorkState.RUNNING] if self.shown else []
        chosen = self.table.current()
        span = chosen if chosen in spans else next(iter(spans), None)
        if span is None:
            return
        ask_form(
            self._page,
            rework.mend_stop,
            name=f"rework.mend.{span.id}",
            title=_("When did {who} stop?").format(who=span.person_name),
            icon="clock-edit",
            words=lambda: _("Mend the stop"),
            fields={
                "ended_at": Field(lambda: _("Stopped at"), MomentField(field="ended_at"), required=True),
                "reason": Field(lambda: _("Why it was forgotten"), NotesField(field="reason", required=True)),
            },
            above=[Text(_("Started {moment}").format(moment=wording.moment(span.started_at)), ink="text2")],
            then=self._stopped,
            work_time_id=span.id,
        )

    def ask_cancel(self) -> None:
        """Ask why the hours that are chosen in the table count nothing."""
        span = self.table.current()
        if span is None:
            self._page.say(_("Choose the hours in the table first."), tone="wait")
            return
        ask_form(
            self._page,
            rework.cancel_hours,
            name=f"rework.cancel_hours.{span.id}",
            title=_("Cancel the hours of {who}").format(who=span.person_name),
            icon="x",
            words=lambda: _("Cancel these hours"),
            fields={"reason": Field(lambda: _("Why"), NotesField(field="reason", required=True), required=True)},
            then=lambda _none: self._booked(_("The hours are cancelled; they stay on record.")),
            work_time_id=span.id,
        )

    def _is_forgotten(self, span: WorkShown) -> bool:
        if span.state is not WorkState.RUNNING or self.now is None:
            return False
        return self.now - span.started_at > LONGEST_SPAN

    def _who(self, span: WorkShown) -> TwoLine:
        tone = "bad" if self._is_forgotten(span) else "text3" if span.state is WorkState.CANCELLED else "text"
        return TwoLine(span.person_name, f"{span.badge} \u00b7 {span.rate_code}", tone=tone)

    def _until(self, span: WorkShown) -> TwoLine:
        if span.state is WorkState.CANCELLED:
            return TwoLine(_("cancelled"), span.reason, bold=False, tone="text3")
        if span.ended_at is not None:
            return TwoLine(wording.moment(span.ended_at), span.reason, bold=False)
        if self._is_forgotten(span):
            return TwoLine(_("Stop forgotten?"), _("F6 mends it"), "alert-triangle", tone="bad")
        return TwoLine(_("at work"), "", "player-play", tone="run")

    def _spent(self, span: WorkShown) -> str:
        if span.state is WorkState.RUNNING and self.now is not None:
            return hours(max(0, int((self.now - span.started_at) / timedelta(minutes=1))))
        return hours(span.minutes)


def _what(span: WorkShown) -> TwoLine:
    return TwoLine(_(ACTIVITIES[span.activity]), "", bold=False)


class MaterialCard(QFrame):
    """Choose a material, type how much, Enter: three steps a line."""

    def __init__(self, page: Page, booked: Callable[[str], object]) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page, self._booked = page, booked
        self.shown: OrderShown | None = None
        self._units: dict[str, str] = {}
        self.material = ChoiceField([NOTHING_YET], field="material")
        self.quantity = AmountField(field="quantity")
        self.fields = {
            "material": Field(lambda: _("Material used"), self.material),
            "quantity": Field(lambda: _("Quantity"), self.quantity),
        }
        self.form = Form("rework.material", self.fields, parent=self)
        self.book = Button(lambda: _("Book"), icon="check", clicked=self.send)
        self.form.submits(self.book)
        self.fields["material"].control.when_changed(self._say_unit)
        on_enter(self.quantity.widget, self.send)
        on_enter(self.material.widget, self.quantity.widget.setFocus)
        self.model = TableModel(
            [
                Column(lambda: _("Material used"), Cell.TWO_LINE, _material, 150),
                Column(lambda: _("Quantity"), Cell.NUMBER, lambda one: quantity(one.quantity, one.unit), 110),
                Column(lambda: _("Remark"), Cell.WRAPPED, "remark", 140, stretch=True),
                Column(lambda: _("Booked at"), Cell.TEXT, lambda one: wording.moment(one.at), 130),
            ]
        )
        self.table = Table(self.model, name="rework_material", spoken_name=lambda: _("Material used"), row_height=44)
        self.back = Button(lambda: _("Take back…"), kind="ghost", icon="arrow-back-up", clicked=self.ask_back)
        self.line = row(
            (self.fields["material"], 3),
            (self.fields["quantity"], 1),
            column(22, self.book, STRETCH, gap=0),
            gap=10,
        )
        column(
            card_head("packages", lambda: _("Material used"), self.back),
            self.line,
            self.table,
            gap=8,
            margins=(12,),
            into=self,
        )

    def show_order(self, shown: OrderShown, *, may_book: bool) -> None:
        """Show an order's material, the newest first."""
        self.shown = shown
        entries = tuple(reversed(shown.material))
        self.model.show(entries)
        fixed_rows(self.table, max(len(entries), 1))
        self.line.setVisible(may_book)
        self.back.setVisible(may_book and bool(entries))

    def offer_material(self, materials: Sequence[RateNameShown]) -> None:
        """Offer the materials of the price list."""
        self._units = {one.code: one.unit for one in materials}
        offer(self.material, [Choice(one.code, f"{one.code} {one.name}") for one in materials])
        self._say_unit()

    def _say_unit(self) -> None:
        self.fields["quantity"].set_hint(self._units.get(self.material.keep() or "", ""))

    def send(self) -> None:
        """Book the line."""
        values = self.form.read()
        if values is None or self.shown is None:
            return
        self._page.run(
            rework.use_material,
            then=self._sent,
            form=self.form,
            order_id=self.shown.row.id,
            material=values["material"] or "",
            quantity=values["quantity"],
        )

    def _sent(self, _use_id: int) -> None:
        self.quantity.put("")
        self.material.widget.setFocus()
        self._booked(_("The material is booked."))

    def ask_back(self) -> None:
        """Ask why the entry that is chosen in the table is taken back."""
        one = self.table.current()
        if one is None:
            self._page.say(_("Choose the entry in the table first."), tone="wait")
            return
        ask_form(
            self._page,
            rework.take_back_material,
            name=f"rework.take_back_material.{one.id}",
            title=_("Take back {material}").format(material=f"{one.code} {one.name}"),
            icon="arrow-back-up",
            words=lambda: _("Take back"),
            fields={"reason": Field(lambda: _("Why"), NotesField(field="reason", required=True), required=True)},
            then=lambda _use_id: self._booked(_("The entry is taken back by a counter-entry.")),
            use_id=one.id,
        )


def _material(one: MaterialShown) -> TwoLine:
    is_counter = one.quantity < 0
    second = _("taken back") if is_counter else one.code
    return TwoLine(one.name or one.code, second, tone="bad" if is_counter else "text")
