"""A line at the foot of a page: what was done, or what went wrong and belongs to no field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.rows import row
from qms_desktop.ui.text import Sign, Text

_SHOWN_MS = 6000
_SIGNS = {"ok": "circle-check", "bad": "alert-circle", "wait": "alert-triangle", "run": "info-circle"}


class Toast(QFrame):
    """Success goes away by itself; what must be read stays until it is closed."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._sign = Sign("circle-check", "ok", 18)
        self._words = Text("", bold=True).follow_width()
        self._close = Button(icon="x", kind="quiet", height=theme.FILTER, name=lambda: _("Close"), clicked=self.hide)
        row(self._sign, (self._words, 1), self._close, gap=10, margins=(12, 6, 8, 6), into=self)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        page.installEventFilter(self)
        self.hide()

    def say(self, text: str, tone: str) -> None:
        """Show a text; only good news goes away by itself."""
        theme.set_property(self, "tone", tone)
        self._sign.show_icon(_SIGNS[tone], tone)
        self._words.set_ink(tone)
        self._words.say(text)
        self.setAccessibleName(text)
        self._timer.stop()
        if tone == "ok":
            self._timer.start()
        self.show()
        self._place()
        self.raise_()

    @property
    def text(self) -> str:
        """Give what is shown."""
        return self._words.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        margin = theme.px(16)
        width = min(theme.px(640), self._page.width() - 2 * margin)
        height = max(self.heightForWidth(width), theme.px(40))
        self.setGeometry((self._page.width() - width) // 2, self._page.height() - height - margin, width, height)
