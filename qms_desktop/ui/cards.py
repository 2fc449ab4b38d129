"""Cards and what stands in them: heads, tiles, tinted panels, facts, the error line of a form, the empty page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import icons, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.form import Form, problem_words
from qms_desktop.ui.rows import STRETCH, Part, column, row
from qms_desktop.ui.text import Eliding, Sign, Text, Words, said

if TYPE_CHECKING:
    from collections.abc import Sequence


def card(
    *parts: Part, gap: int = 8, margins: tuple[int, ...] = (12,), inner: bool = False, across: bool = False
) -> QFrame:
    """Make a white card with a hairline; `inner` is the sunk one inside a card, `across` puts the parts in a row."""
    frame = QFrame()
    frame.setProperty("card", "2" if inner else "1")
    (row if across else column)(*parts, gap=gap, margins=margins, into=frame)
    return frame


def card_head(icon: str, words: Words, *right: Part) -> QWidget:
    """Make the head of a card: sign, title, and what stands at the right."""
    return row(Sign(icon, "text2", 18), (Eliding(words, theme.CARD_TITLE, bold=True), 1), *right)


def page_head(title: Words, second: Words, *right: Part) -> QWidget:
    """Make the head of a page: its name, one line below, and buttons at the right."""
    names = column(Text(title, theme.TITLE, bold=True), Eliding(second, theme.SMALL, ink="text2"), gap=0)
    return row((names, 1), *right)


def panel(tone: str, icon: str, title: Words, second: Words = "", *right: Part, station: bool = False) -> QFrame:
    """Make a tinted panel: a state family or "accent", a sign, a bold line, a small line, and buttons.

    `station` makes it readable from two metres.
    """
    large, small, sign = (20, 16, 32) if station else (theme.BODY, theme.SMALL, 20)
    ink = "accent_text" if tone == "accent" else tone
    frame = QFrame()
    frame.setProperty("tone", tone)
    lines = [Text(title, large, bold=True, wrap=True, ink="text" if tone == "accent" else ink)]
    if said(second):
        lines.append(Text(second, small, wrap=True, ink="text2"))
    row(Sign(icon, ink, sign), (column(*lines, gap=2), 1), *right, gap=10, margins=(12, 8, 12, 8), into=frame)
    return frame


class Tile(QFrame):
    """A figure with its label; a click filters the page by it. Signals: `clicked()`."""

    clicked = Signal()

    def __init__(self, words: Words, icon: str, *, tone: str = "text") -> None:
        super().__init__()
        self._words = words
        self.setProperty("card", "1")
        self._figure = Text("", theme.FIGURE, bold=True, ink=tone)
        self._second = Eliding("", theme.SMALL, ink="text2")
        label = Eliding(words, theme.SMALL, ink="text2")
        sign = Sign(icon, "text3" if tone == "text" else tone, 22)
        row(
            (column(label, row(self._figure, (self._second, 1), gap=8), gap=0), 1),
            sign,
            margins=(14, 8, 14, 8),
            into=self,
        )
        self.setFixedHeight(theme.px(72))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_figure(self, figure: str, second: str = "") -> None:
        """Show the figure and the small words beside it."""
        self._figure.say(figure)
        self._second.say(second)
        self.setAccessibleName(f"{said(self._words)}: {figure} {second}".strip())

    def set_chosen(self, chosen: bool) -> None:
        """Show that the list is filtered by this tile."""
        theme.set_property(self, "card", "chosen" if chosen else "1")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


@dataclass(frozen=True)
class Fact:
    """A line of facts: what, and its value as a text or a widget."""

    words: Words
    value: Words | QWidget


class Facts(QWidget):
    """Lines of label and value, the labels in one column."""

    def __init__(self, facts: Sequence[Fact] = (), *, label_width: int = 116) -> None:
        super().__init__()
        self._label_width = label_width
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(8))
        self._grid.setColumnStretch(1, 1)
        self.show_facts(facts)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts."""
        while (place := self._grid.takeAt(0)) is not None:
            if (old := place.widget()) is not None:
                old.hide()
                old.deleteLater()
        for line, fact in enumerate(facts):
            label = Text(fact.words, theme.SMALL, ink="text2", wrap=True)
            label.setFixedWidth(theme.px(self._label_width))
            value = fact.value if isinstance(fact.value, QWidget) else Text(fact.value, wrap=True)
            self._grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, line, 1)


class ErrorLine(QFrame):
    """The line on top of a form: how many fields are wrong, and F8 to the next one."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self.setProperty("tone", "bad")
        self._words = Text("", bold=True, ink="bad", wrap=True)
        self._go = Button(lambda: _("Next"), key="F8", clicked=form.to_next_problem)
        row(Sign("alert-circle", "bad", 18), (self._words, 1), self._go, gap=10, margins=(12, 6, 8, 6), into=self)
        form.problems_changed.connect(self._show)
        self.hide()

    def _show(self, count: int) -> None:
        self.setVisible(count > 0)
        if count:
            self._words.say(lambda: problem_words(count))


class BigSign(QWidget):
    """The one big sign of an empty page, in a circle."""

    def __init__(self, icon: str, *, tone: str = "accent", size: int = 128) -> None:
        super().__init__()
        self._icon, self._tone, self._size = icon, tone, size
        self.setFixedHeight(theme.px(size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre, radius = QPointF(self.width() / 2, self.height() / 2), self.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(f"{self._tone}_bg"))
        painter.drawEllipse(centre, radius, radius)
        ink = "accent_text" if self._tone == "accent" else self._tone
        drawn = icons.pixmap(self._icon, ink, round(self._size * 0.56), ratio=self.devicePixelRatioF())
        half = drawn.deviceIndependentSize().width() / 2
        painter.drawPixmap(centre - QPointF(half, half), drawn)


class EmptyPage(QWidget):
    """What a list shows before it holds anything: what belongs here and how to begin."""

    def __init__(
        self, icon: str, title: Words, words: Words, *, begin: Button | None = None, others: Sequence[Button] = ()
    ) -> None:
        super().__init__()
        head = Text(title, theme.TITLE, bold=True, wrap=True)
        head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = Text(words, ink="text2", wrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        text.follow_width().setMaximumWidth(theme.px(380))
        column(
            STRETCH,
            BigSign(icon),
            8,
            head,
            row((QWidget(), 1), (text, 10), (QWidget(), 1), gap=0),
            8,
            row(STRETCH, begin, STRETCH) if begin else None,
            row(STRETCH, *others, STRETCH) if others else None,
            STRETCH,
            margins=(16,),
            into=self,
        )
