"""Locks a personal session after some idle minutes (database.md §1a): nothing is closed, no form loses a word.

The window is covered whole, so that nobody reads what stood there; the own password opens it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QFrame

from qms_desktop.errors import QmsError
from qms_desktop.i18n import _
from qms_desktop.ui import overlay, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.sign_in import wait_after
from qms_desktop.ui.text import Sign, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent
    from PySide6.QtWidgets import QWidget

    from qms_desktop.ui.background import Background

_AT_WORK = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
_WIDTH = 420


class IdleLock(QObject):
    """Watches keys and mouse of the whole program. Signals: `sign_out_wanted()`.

    `prove(password)` runs off the window's thread and raises a QmsError when it is not the person's password.
    """

    sign_out_wanted = Signal()

    def __init__(
        self, window: QWidget, *, name: str, minutes: int, prove: Callable[[str], object], background: Background
    ) -> None:
        super().__init__(window)
        self._window, self._name, self._prove, self._background = window, name, prove, background
        self.screen: LockScreen | None = None
        self.idle = QTimer(self, singleShot=True, interval=minutes * 60_000)
        self.idle.timeout.connect(self.lock)
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(self)
        self.idle.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _AT_WORK and self.screen is None:
            self.idle.start()
        return False

    def lock(self) -> None:
        """Cover the window until the password is typed."""
        if self.screen is not None:
            return
        # A dialog that is open keeps what was typed; the screen lies above it.
        below = QApplication.activeModalWidget() or self._window
        self.screen = LockScreen(below, self._window, name=self._name, prove=self._prove, background=self._background)
        self.screen.opened.connect(self._unlocked)
        self.screen.sign_out_wanted.connect(self._leave)
        self.screen.open()

    def _unlocked(self) -> None:
        self._take_away()
        self.idle.start()

    def _leave(self) -> None:
        self._take_away()
        self.sign_out_wanted.emit()

    def _take_away(self) -> None:
        if self.screen is not None:
            self.screen.end()
            self.screen = None


class LockScreen(QDialog):
    """Covers the window. Signals: `opened()`, `sign_out_wanted()`."""

    opened = Signal()
    sign_out_wanted = Signal()

    def __init__(
        self,
        below: QWidget,
        window: QWidget,
        *,
        name: str,
        prove: Callable[[str], object],
        background: Background,
    ) -> None:
        super().__init__(below, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._prove, self._background, self._failures, self._over = prove, background, 0, False
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "1")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("The session is locked"))
        self.password = TextField(field="password", required=True, secret=True, icon="lock")
        field = Field(lambda: _("Password"), self.password)
        self.form = Form("unlock", {"password": field}, parent=self)
        self.enter = Button(
            lambda: _("Unlock"), kind="primary", height=theme.SIGN_IN_CONTROL, key="Return", clicked=self.try_to_open
        )
        self.form.submits(self.enter)
        leave = Button(lambda: _("Sign in as somebody else"), kind="ghost", clicked=self.sign_out_wanted.emit)
        card = QFrame()
        card.setProperty("card", "dialog")
        card.setFixedWidth(theme.px(_WIDTH))
        column(
            row(Sign("lock", "accent_text", 24), (Text(lambda: _("The session is locked"), theme.TITLE, bold=True), 1)),
            Text(name, bold=True),
            Text(lambda: _("What you typed is still there. Your password opens it again."), wrap=True, ink="text2"),
            field,
            self.enter,
            row(STRETCH, leave, STRETCH),
            gap=12,
            margins=(24,),
            into=card,
        )
        column(STRETCH, row(STRETCH, card, STRETCH), STRETCH, into=self)
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(lambda: self.enter.forbid(""))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.setGeometry(corner.x(), corner.y(), window.width(), window.height())

    def open(self) -> None:
        super().open()
        self.raise_()
        self.password.widget.setFocus()

    def try_to_open(self) -> None:
        """Let the password be proved; the button is grey until the answer comes."""
        typed = self.form.read()
        if typed is None or self.form.busy:
            return
        self.form.set_busy(True)
        self._background.write(lambda: self._prove(typed["password"]), done=self._proved, failed=self._failed)

    def _proved(self, _nothing: object) -> None:
        self.form.set_busy(False)
        self.opened.emit()

    def _failed(self, error: BaseException) -> None:
        self.form.set_busy(False)
        if not isinstance(error, QmsError):
            overlay.show_fault(self, f"{type(error).__name__}: {error}")
            return
        self.form.fields["password"].show_error(error)
        self.password.line.selectAll()
        self._failures += 1
        if (wait_s := wait_after(self._failures)) > 0:
            self.enter.forbid(lambda: _("Wait {seconds} s before the next try.").format(seconds=wait_s))
            self._wait.start(wait_s * 1000)

    def end(self) -> None:
        """Take the screen away; nothing else closes it."""
        self._over = True
        self.close()

    def reject(self) -> None:
        """Stay: Esc opens nothing."""

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._over:
            super().closeEvent(event)
        else:
            event.ignore()
