"""The head of a record: number, chips, deadline, one line of facts and links, stepper, buttons, tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.flow import Flow, flow
from qms_desktop.ui.pictures import Stepper
from qms_desktop.ui.rows import STRETCH, column, empty_out, row, scrolling
from qms_desktop.ui.text import Eliding, Rule, Sign, Text, Words, said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SIGN = {"left": "clock", "soon": "clock-exclamation", "late": "flame", "paused": "clock-pause", "met": "check"}
_TONE = {"left": "neutral", "soon": "wait", "late": "bad", "paused": "hold", "met": "ok"}


@dataclass(frozen=True)
class Link:
    """A part of the facts line: a small label and a value; with `open` the value is a link."""

    words: Words
    value: str
    open: Callable[[], None] | None = None


class DeadlineBox(QFrame):
    """The deadline at the right of a record's head; `state` as in cells.Deadline."""

    def __init__(self) -> None:
        super().__init__()
        self._sign = Sign("clock", "neutral", 20)
        self._what = Text("", theme.SMALL, ink="neutral")
        self._when = Text("", bold=True, ink="neutral")
        row(self._sign, column(self._what, self._when, gap=0), gap=10, margins=(12, 4, 12, 4), into=self)
        self.hide()

    def show_deadline(self, what: str, when: str, state: str) -> None:
        """Show what is due, the moment with the time left, and how urgent it is."""
        tone = _TONE[state]
        theme.set_property(self, "tone", tone)
        self._sign.show_icon(_SIGN[state], tone)
        for text in (self._what, self._when):
            text.set_ink(tone)
        self._what.say(what)
        self._when.say(when)
        self.setAccessibleName(f"{what}: {when}")
        self.show()


class RecordHead(QWidget):
    """Fills the upper part of a record's card; the page calls the show_… functions when it has read the record."""

    def __init__(self, stations: Callable[[], list[str]] | None = None) -> None:
        super().__init__()
        self.number = Text("", theme.TITLE, bold=True)
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = Button(
            icon="copy",
            kind="quiet",
            height=theme.FILTER,
            name=lambda: _("Copy the number"),
            clicked=lambda: QGuiApplication.clipboard().setText(self.number.text()),
        )
        chips = QWidget()
        self._chips = QHBoxLayout(chips)
        self._chips.setContentsMargins(0, 0, 0, 0)
        self._chips.setSpacing(theme.px(8))
        self.deadline = DeadlineBox()
        self._facts = Flow()
        self.stepper = Stepper(stations, 0, name=lambda: _("Stations of the record")) if stations else None
        self._buttons = Flow()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(10))
        layout.addWidget(flow(row(self.number, self.copy), chips, STRETCH, self.deadline))
        layout.addLayout(self._facts)
        if self.stepper:
            layout.addWidget(self.stepper)
        layout.addLayout(self._buttons)

    def show_station(self, current: int) -> None:
        """Show where on its way the record is, where it has a way."""
        if self.stepper is not None:
            self.stepper.show_current(current)

    def show_number(self, number: str, states: Sequence[State]) -> None:
        """Show the record's number and its chips: where the goods are and how the case is settled are two chips."""
        self.number.say(number)
        empty_out(self._chips)
        for state in states:
            self._chips.addWidget(Chip(state))

    def show_facts(self, icon: str, name: str, links: Sequence[Link]) -> None:
        """Show whose the record is, and what belongs to it."""
        empty_out(self._facts)
        self._facts.addWidget(row(Sign(icon), (_fitting(name, bold=True), 1)))
        for link in links:
            label = Text(link.words, theme.SMALL, ink="text2") if said(link.words) else None
            value: QWidget = _fitting(link.value, theme.SMALL)
            if link.open is not None:
                value = Button(link.value, kind="ghost", height=theme.FILTER, size=theme.SMALL, clicked=link.open)
            self._facts.addWidget(row(Rule(upright=True, length=14), label, (value, 1)))

    def show_buttons(
        self, next_step: Button | None, others: Sequence[Button] = (), ghosts: Sequence[Button] = ()
    ) -> None:
        """Show the one next step, its alternatives, and at the right what is only looked at."""
        empty_out(self._buttons)
        for button in (next_step, *others):
            if button is not None:
                self._buttons.addWidget(button)
        self._buttons.push_right()
        for button in ghosts:
            self._buttons.addWidget(button)


def _fitting(words: str, size: int = theme.BODY, *, bold: bool = False) -> Eliding:
    """Make a label that asks for its whole text and gives way only where the line is shorter."""
    made = Eliding(words, size, bold=bold)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made


class Tabs(QWidget):
    """The tabs of a record: record, photos, history, related. Signals: `turned(int)`.

    In a narrow window the column beside the record becomes the second tab.
    """

    turned = Signal(int)

    def __init__(self, titles: Sequence[Words], pages: Sequence[QWidget]) -> None:
        super().__init__()
        areas = [page if isinstance(page, QScrollArea) else scrolling(page) for page in pages]
        self._tabs = [_Tab(title, area) for title, area in zip(titles, areas, strict=True)]
        self._folded: _Tab | None = None
        self.bar = QTabBar()
        self.bar.setFont(theme.font())
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setFixedHeight(theme.px(36))
        self.stack = QStackedWidget()
        for tab in self._tabs:
            self.bar.addTab(said(tab.title))
            self.stack.addWidget(tab.area)
        self.bar.currentChanged.connect(self.stack.setCurrentIndex)
        self.bar.currentChanged.connect(self.turned)
        column(self.bar, Rule(), 8, (self.stack, 1), gap=0, into=self)

    def show_count(self, place: int, count: int | None) -> None:
        """Show behind a tab's word how much is in it; places count as they were given."""
        self._tabs[place].count = count
        self._dress()

    def fold_in(self, title: Words, widget: QWidget) -> None:
        """Take a widget in as the second tab."""
        self._folded = _Tab(title, scrolling(row((widget, 100), STRETCH)))
        self.stack.insertWidget(1, self._folded.area)
        self.bar.insertTab(1, said(title))
        widget.show()

    def fold_out(self) -> None:
        """Drop the second tab after its widget went back to its own place."""
        if self._folded is not None:
            self.bar.removeTab(1)
            self.stack.removeWidget(self._folded.area)
            self._folded.area.deleteLater()
            self._folded = None

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        shown = [*self._tabs[:1], *([self._folded] if self._folded else []), *self._tabs[1:]]
        for place, tab in enumerate(shown):
            words = said(tab.title)
            self.bar.setTabText(place, words if tab.count is None else f"{words}  {tab.count}")


@dataclass
class _Tab:
    """A tab: its word, what it shows, and how much is in it."""

    title: Words
    area: QScrollArea
    count: int | None = None
