"""Texts in the window: labels that keep to one place for size and colour and follow the language by themselves.

Words are given as a plain text (a number, a name) or as a function, `lambda: _("Facts")`: then the widget asks again
when the language changes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from qms_desktop.ui import icons, theme

Words = str | Callable[[], str]


def said(words: Words) -> str:
    """Give the text of words in the current language."""
    return words() if callable(words) else words


def key_text(key: str) -> str:
    """Write a key the way it stands on the keyboard: Ctrl+Return becomes Ctrl+Enter."""
    return key.replace("Return", "Enter").replace("Escape", "Esc")


class Text(QLabel):
    """A label of plain text; `ink` is a token of the palette."""

    def __init__(
        self,
        words: Words = "",
        size: int = theme.BODY,
        *,
        bold: bool = False,
        ink: str = "text",
        wrap: bool = False,
        right: bool = False,
        fixed_width: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._face = partial(theme.font, size, bold=bold, fixed_width=fixed_width)
        self.setFont(self._face())
        self.setProperty("ink", ink)
        self.setWordWrap(wrap)
        if right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.words: Words = words
        self.say(words)

    def say(self, words: Words) -> None:
        """Show other words."""
        self.words = words
        self.setText(said(words))

    def follow_width(self) -> Text:
        """Wrap into whatever width the place gives, and never ask for more."""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)  # a new policy forgets what word wrap had set
        self.setSizePolicy(policy)
        self.setWordWrap(True)
        return self

    def set_ink(self, ink: str) -> None:
        """Show the words in another token's colour."""
        theme.set_property(self, "ink", ink)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setFont(self._face())
            if callable(self.words):
                self.setText(said(self.words))
        super().changeEvent(event)


class Eliding(Text):
    """A label that never widens its row: what does not fit ends in … and stands in the tooltip."""

    def __init__(
        self, words: Words = "", size: int = theme.BODY, *, bold: bool = False, ink: str = "text", right: bool = False
    ) -> None:
        super().__init__(words, size, bold=bold, ink=ink, right=right)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, words: Words) -> None:
        super().say(words)
        self.setToolTip("")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def is_cut(self) -> bool:
        """Tell whether some of the text does not fit now."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(self.text() if self.is_cut() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.colour(str(self.property("ink"))))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)


class Sign(QWidget):
    """One icon; beside it stands a word, so screen readers pass it over."""

    def __init__(self, name: str, ink: str = "text2", size: int = 16, *, stroke: float | None = None) -> None:
        super().__init__()
        self.name, self.ink, self._size, self._stroke = name, ink, size, stroke
        self.setFixedSize(theme.px(size), theme.px(size))

    def show_icon(self, name: str, ink: str | None = None) -> None:
        """Show another icon, or the same in another colour."""
        self.name, self.ink = name, ink or self.ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        drawn = icons.pixmap(self.name, self.ink, self._size, stroke=self._stroke, ratio=self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, drawn)


class Rule(QFrame):
    """A hairline between parts; `upright` stands between words of a row."""

    def __init__(self, *, upright: bool = False, length: int = 0) -> None:
        super().__init__()
        self.setProperty("rule", "1")
        if upright:
            self.setFixedWidth(1)
            if length:
                self.setFixedHeight(theme.px(length))
        else:
            self.setFixedHeight(1)


class KeyCap(QWidget):
    """The picture of a key, such as F5."""

    def __init__(self, key: str, size: int = theme.TINY) -> None:
        super().__init__()
        self.key, self._font = key_text(key), theme.font(size, bold=True)
        self.setFont(self._font)
        metrics = self.fontMetrics()
        self.setFixedSize(metrics.horizontalAdvance(self.key) + theme.px(size * 1.2), theme.px(size * 1.8))
        self.setAccessibleName(self.key)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("control"))
        painter.setBrush(theme.colour("sunk"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(theme.colour("text2"))
        painter.setFont(self._font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.key)
