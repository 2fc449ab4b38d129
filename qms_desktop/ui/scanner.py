"""The keyboard-wedge scanner: a burst of keys that ends with Enter or Tab is a scan, wherever the cursor stands.

Printable keys are held back for the length of one gap; typed by hand they go on to their field unchanged. A field that
wants scans itself (the station's one field) sets the property `takes_scans`. Passwords are never held back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable

GAP_MS = 35
SHORTEST_CODE = 4
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_HAND_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


@dataclass(frozen=True)
class _Key:
    key: int
    modifiers: Qt.KeyboardModifier
    text: str


class Scanner(QObject):
    """Filters the keys of the widget that has the focus; it follows the focus through all windows.

    A filter on the application would be asked about every paint and every move, in Python.

    Signals: `scanned(str)` with the text of a scan, without its ending.
    """

    scanned = Signal(str)

    def __init__(self, app: QApplication, *, clock_ms: Callable[[], float] | None = None) -> None:
        super().__init__(app)
        self._clock_ms = clock_ms or (lambda: time.monotonic() * 1000)
        self._held: list[_Key] = []
        self._last_ms = 0.0
        self._field: QWidget | None = None
        self._replaying = False
        self._timer = QTimer(self, singleShot=True, interval=GAP_MS)
        self._timer.timeout.connect(self._give_back)
        self._filtered: QWidget | None = None
        self._app = app
        app.focusChanged.connect(self._follow)
        self._follow(None, app.focusWidget())

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        # Without a focus the window itself gets the keys.
        wanted = now or self._app.activeWindow()
        if wanted is self._filtered:
            return
        if self._filtered is not None and isValid(self._filtered):
            self._filtered.removeEventFilter(self)
        self._filtered = wanted
        if wanted is not None:
            wanted.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or self._replaying or not isinstance(watched, QWidget):
            return False
        return self._key_pressed(watched, event) if isinstance(event, QKeyEvent) else False

    def _key_pressed(self, field: QWidget, event: QKeyEvent) -> bool:
        if not _may_be_scanned_into(field) or event.isAutoRepeat() or event.modifiers() & _HAND_MODIFIERS:
            self._give_back()
            return False
        # The system's own time of the press: after a busy moment all waiting presses arrive at once.
        now = float(event.timestamp()) or self._clock_ms()
        in_time = now - self._last_ms <= GAP_MS and field is self._field
        self._last_ms = now
        if event.key() in _ENDS:
            return self._ended(in_time=in_time)
        if not event.text() or not event.text().isprintable():
            # Shift comes between the keys of a scan, too.
            return False
        if not in_time:
            self._give_back()
        self._field = field
        self._held.append(_Key(event.key(), event.modifiers(), event.text()))
        self._timer.start()
        return True

    def _ended(self, *, in_time: bool) -> bool:
        text = "".join(key.text for key in self._held)
        if in_time and len(text) >= SHORTEST_CODE:
            self._timer.stop()
            self._held.clear()
            self.scanned.emit(text)
            return True
        self._give_back()
        return False

    def _give_back(self) -> None:
        self._timer.stop()
        held, self._held = self._held, []
        if self._field is None or not held or not isValid(self._field):
            return
        self._replaying = True
        try:
            for key in held:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QCoreApplication.sendEvent(self._field, QKeyEvent(kind, key.key, key.modifiers, key.text))
        finally:
            self._replaying = False


def _may_be_scanned_into(field: QWidget) -> bool:
    if field.property("takes_scans"):
        return False
    return not (isinstance(field, QLineEdit) and field.echoMode() != QLineEdit.EchoMode.Normal)
