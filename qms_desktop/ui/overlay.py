"""Questions over the page: a frame on a dimmed picture of the window, a real dialog, so focus and Esc are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QGraphicsDropShadowEffect, QPlainTextEdit, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import rows, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.rows import STRETCH
from qms_desktop.ui.text import Sign, Text

if TYPE_CHECKING:
    from collections.abc import Callable

_INK = QColor(11, 18, 32, 150)
_BORDER = 2  # one pixel of the frame, one of the margin that keeps its round corners


class Overlay(QDialog):
    """A frame of a given width over the dimmed window of its page."""

    def __init__(self, parent: QWidget, *, width: int = 480) -> None:
        self._window, self._design_width = parent.window(), width
        self._below: QPixmap = self._window.grab()
        self._inside: QWidget | None = None
        super().__init__(self._window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.frame = QFrame(self)
        self.frame.setProperty("card", "dialog")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shadow = QGraphicsDropShadowEffect(self.frame)
        shadow.setBlurRadius(48)
        shadow.setOffset(0, 12)
        shadow.setColor(QColor(0, 0, 0, 120))
        self.frame.setGraphicsEffect(shadow)

    def put(self, *parts: rows.Part, gap: int = 12, margin: int = 24) -> None:
        """Put the frame's contents in."""
        self._inside = rows.column(*parts, gap=gap, margins=(margin,))
        rows.column(rows.scrolling(self._inside), margins=(1,), into=self.frame)

    def open(self) -> None:
        origin = self._window.mapToGlobal(self._window.rect().topLeft())
        self.setGeometry(origin.x(), origin.y(), self._window.width(), self._window.height())
        super().open()
        self.place()

    def place(self) -> None:
        """Give the frame its width and the height that its wrapped texts need, in the middle."""
        width = min(theme.px(self._design_width), self.width() - theme.px(32))
        if self._inside is None:
            return
        layout = rows.layout_of(self._inside)
        layout.activate()
        room = width - 2 * _BORDER
        needed = layout.totalHeightForWidth(room) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        # Left to itself, the scroll area would ask wrapped texts for their height at their narrowest.
        self._inside.setFixedHeight(needed)
        # On a small screen the frame scrolls rather than squeezes.
        height = min(needed + 2 * _BORDER, self.height() - theme.px(16))
        self.frame.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._below)
        painter.fillRect(QRectF(self.rect()), _INK)


def ask(parent: QWidget, question: str, *, yes: Callable[[], None], no: Callable[[], None], word: str = "") -> Overlay:
    """Ask for a yes; Enter says yes, Esc says no. The question names the object and the number."""
    dialog = Overlay(parent)
    agree = Button(
        word or (lambda: _("Yes, go on")), kind="primary", height=theme.HEAD_BUTTON, key="Return", clicked=dialog.accept
    )
    refuse = Button(lambda: _("No, go back"), height=theme.HEAD_BUTTON, clicked=dialog.reject)
    words = Text(question, theme.CARD_TITLE, bold=True, wrap=True)
    dialog.setAccessibleName(question)
    dialog.put(
        rows.row(Sign("help-circle", "accent_text", 24), (words, 1), gap=12),
        rows.row(STRETCH, refuse, agree),
        gap=20,
    )
    dialog.accepted.connect(yes)
    dialog.rejected.connect(no)
    dialog.open()
    agree.setFocus()
    return dialog


def show_fault(parent: QWidget, report: str) -> Overlay:
    """Say that the program has a fault and nothing was saved; the report can be copied for the IT department."""
    dialog = Overlay(parent, width=720)
    box = QPlainTextEdit(report)
    box.setReadOnly(True)
    box.setFont(theme.font(theme.SMALL, fixed_width=True))
    box.setFixedHeight(theme.px(220))
    box.setAccessibleName(_("Report of the fault"))
    copy = Button(
        lambda: _("Copy the report"),
        icon="copy",
        height=theme.HEAD_BUTTON,
        clicked=lambda: QGuiApplication.clipboard().setText(report),
    )
    close = Button(lambda: _("Back to the page"), kind="primary", height=theme.HEAD_BUTTON, clicked=dialog.accept)
    title = Text(lambda: _("The program made a mistake"), theme.TITLE, bold=True)
    what = Text(
        lambda: _("What you typed is still there. Try again; if it happens again, copy the report and give it to IT."),
        wrap=True,
        ink="text2",
    )
    dialog.setAccessibleName(_("The program made a mistake"))
    dialog.put(
        rows.row(Sign("alert-octagon", "bad", 24), (title, 1), gap=12), what, box, rows.row(STRETCH, copy, close)
    )
    dialog.open()
    close.setFocus()
    return dialog
