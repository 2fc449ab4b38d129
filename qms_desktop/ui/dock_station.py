"""The frame of a full-screen station: strip, step plates, the page of the step, key bar. `--station dock` opens it.

The pages of the steps, and the verbs behind them, are given from outside (ui/receipt.py); this file knows none.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.ui import theme
from qms_desktop.ui.page import Page
from qms_desktop.ui.rows import column
from qms_desktop.ui.station import Alarm, KeyBar, StationKey, StationStrip, StepPlates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.ui.text import Words
    from qms_desktop.ui.workplace import Workplace

DOCK_STEPS = (N_("Scan"), N_("Count"), N_("Labelling"), N_("Next"))


class StationWindow(Page):
    """One thing at a time. A child builds its step pages and calls `show_step`.

    Signals: `left()` when the person leaves the station.
    """

    left = Signal()

    def __init__(self, workplace: Workplace, *, icon: str, words: Words, steps: Sequence[Words]) -> None:
        super().__init__(workplace)
        theme.dress(self)
        session = workplace.session
        self.strip = StationStrip(icon, words, who=f"{session.name} \u00b7 {session.login}")
        self.plates = StepPlates(steps)
        self.keys = KeyBar(self)
        self._middle = QVBoxLayout()
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._shown: QWidget | None = None
        self._before_alarm: tuple[QWidget | None, Sequence[StationKey]] = (None, ())
        self._offered: Sequence[StationKey] = ()
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(*(theme.px(24) for _side in range(4)))
        inside.setSpacing(theme.px(16))
        inside.addWidget(self.plates)
        inside.addLayout(self._middle, 1)
        column(self.strip, (body, 1), self.keys, gap=0, into=self)
        workplace.live.connection_changed.connect(lambda on: self.strip.connection.show_connection(connected=on))

    @property
    def in_alarm(self) -> bool:
        """Tell whether an alarm fills the station."""
        return isinstance(self._shown, Alarm)

    def show_step(
        self, number: int, page: QWidget, keys: Sequence[StationKey], *, focus: QWidget | None = None
    ) -> None:
        """Show a step's page with its keys; what was typed on the page before stays in it."""
        self.plates.show()
        self.plates.show_step(number)
        self._put(page, keys)
        if focus is not None:
            focus.setFocus()

    def sound_alarm(self, alarm: Alarm, keys: Sequence[StationKey]) -> None:
        """Fill the station with an alarm; `end_alarm` goes back to where the station was."""
        if not self.in_alarm:
            self._before_alarm = (self._shown, self._offered)
        self.plates.hide()
        self._put(alarm, keys)
        alarm.button.setFocus()

    def end_alarm(self) -> None:
        """Go back to the step before the alarm."""
        page, keys = self._before_alarm
        alarm = self._shown
        self.plates.show()
        if page is not None:
            self._put(page, keys)
        if alarm is not None:
            alarm.deleteLater()

    def _put(self, page: QWidget, keys: Sequence[StationKey]) -> None:
        if self._shown is not None and self._shown is not page:
            self._shown.hide()
            self._middle.removeWidget(self._shown)
        self._shown, self._offered = page, keys
        page.setParent(self)
        self._middle.addWidget(page, 1)
        page.show()
        self.keys.show_keys(keys)

    def open_full_screen(self) -> None:
        """Take the whole screen: no menu, no title."""
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.showFullScreen()

    def leave(self) -> None:
        """Leave the station (Esc on the first step)."""
        self.left.emit()


def dock_station(workplace: Workplace) -> StationWindow:
    """Make the frame of the dock, with its four steps."""
    steps: list[Words] = [partial(_, step) for step in DOCK_STEPS]
    return StationWindow(workplace, icon="package-import", words=lambda: _("Dock"), steps=steps)
