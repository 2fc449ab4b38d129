"""The side bar: my work, the flow in order, and the foot; counts at the right, red only where something is late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import icons, theme
from qms_desktop.ui.text import Text, Words, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, COLLAPSED_WIDTH = 208, 56
TOP, FLOW, FOOT = "top", "flow", "foot"
_ENTRY_HEIGHT = 34


@dataclass(frozen=True)
class SideEntry:
    """One entry: the page's name, its words and icon, and where it stands: "top", "flow" or "foot"."""

    page: str
    words: Words
    icon: str
    group: str = FLOW


@dataclass(frozen=True)
class Waiting:
    """How much waits behind an entry; `late` makes the count a red bubble."""

    count: int
    late: bool = False


class _EntryButton(QAbstractButton):
    def __init__(self, entry: SideEntry) -> None:
        super().__init__()
        self.entry, self.waiting, self.narrow = entry, Waiting(0), False
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(theme.px(_ENTRY_HEIGHT))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.dress()

    def dress(self) -> None:
        words = said(self.entry.words)
        self.setText(words)
        self.setToolTip(words if self.narrow else "")
        count = self.waiting.count
        late = _("{page}, {count} waiting, some late") if self.waiting.late else _("{page}, {count} waiting")
        self.setAccessibleName(late.format(page=words, count=count) if count else words)
        self.update()

    def sizeHint(self) -> QSize:
        wide = theme.px(48 + 60) + QFontMetrics(theme.font(bold=True)).horizontalAdvance(self.text())
        return QSize(theme.px(COLLAPSED_WIDTH) if self.narrow else wide, theme.px(_ENTRY_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(COLLAPSED_WIDTH), theme.px(_ENTRY_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, chosen = QPainter(self), self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height, px = self.width(), self.height(), theme.px
        plate = QRectF(px(8), 1, width - px(16), height - 2)
        if chosen or self.underMouse() or self.hasFocus():
            painter.setPen(theme.colour("side_mark") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("side_sel") if chosen else theme.colour("side_line"))
            painter.drawRoundedRect(plate, 4, 4)
        if chosen:
            painter.fillRect(QRectF(px(8), height / 2 - px(9), 3, px(18)), theme.colour("side_mark"))
        ink = "side_fg" if chosen else "side_text"
        ratio = self.devicePixelRatioF()
        icon_x = (width - px(18)) / 2 if self.narrow else px(20)
        painter.drawPixmap(int(icon_x), (height - px(18)) // 2, icons.pixmap(self.entry.icon, ink, 18, ratio=ratio))
        if self.narrow:
            if self.waiting.late:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("late"))
                painter.drawEllipse(QRectF(icon_x + px(14), px(5), px(9), px(9)))
            return
        count_width = self._paint_count(painter)
        font = theme.font(bold=chosen)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        room = width - px(48) - count_width - px(24)
        words = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(px(48), 0, room, height), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_count(self, painter: QPainter) -> float:
        if not self.waiting.count:
            return 0
        text, px = f"{self.waiting.count:,}", theme.px
        font = theme.font(theme.SMALL, bold=self.waiting.late)
        width = max(px(22), QFontMetrics(font).horizontalAdvance(text) + px(12))
        box = QRectF(self.width() - px(18) - width, (self.height() - px(18)) / 2, width, px(18))
        painter.setFont(font)
        if self.waiting.late:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("late"))
            painter.drawRoundedRect(box, px(9), px(9))
            painter.setPen(theme.colour("side_fg"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        else:
            painter.setPen(theme.colour("side_dim"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box.adjusted(0, 0, -px(6), 0), int(side), text)
        return width


class _Mark(QWidget):
    """The product's mark and name."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = False
        self.setFixedHeight(theme.px(48))
        self.setAccessibleName("QMS Desktop")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = QPainter(self), theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = (self.width() - px(26)) / 2 if self.narrow else px(16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(QRectF(x, px(12), px(26), px(26)), 6, 6)
        drawn = icons.pixmap("rotate-clockwise-2", "accent_fg", 18, stroke=2.2, ratio=self.devicePixelRatioF())
        painter.drawPixmap(int(x + px(4)), px(16), drawn)
        if not self.narrow:
            painter.setFont(theme.font(theme.CARD_TITLE, bold=True))
            painter.setPen(theme.colour("side_fg"))
            box = QRectF(px(52), px(11), self.width() - px(60), px(28))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, _("QMS Desktop"))


class SideBar(QFrame):
    """Signals: `chosen(str)` with the page's name; `collapsed(bool)`."""

    chosen = Signal(str)
    collapsed = Signal(bool)

    def __init__(self, entries: Sequence[SideEntry]) -> None:
        super().__init__()
        self.setProperty("strip", "side")
        self.setAccessibleName(_("Pages"))
        self._mark = _Mark()
        self._flow = Text(lambda: _("Flow"), theme.SMALL, ink="side_dim")
        self._flow.setContentsMargins(theme.px(20), theme.px(8), 0, theme.px(2))
        self.is_collapsed = False
        self._fold = _EntryButton(SideEntry("", lambda: _("Collapse  Ctrl+B"), "layout-sidebar-left-collapse"))
        self._fold.setCheckable(False)
        self._fold.clicked.connect(lambda: self.collapse(on=not self.is_collapsed))
        self.buttons = {entry.page: _EntryButton(entry) for entry in entries}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, theme.px(8))
        layout.setSpacing(0)
        layout.addWidget(self._mark)
        layout.addSpacing(theme.px(10))
        self._add(layout, TOP)
        layout.addWidget(self._flow)
        self._add(layout, FLOW)
        layout.addStretch(1)
        layout.addWidget(self._line())
        self._add(layout, FOOT)
        layout.addWidget(self._line())
        layout.addWidget(self._fold)
        self.setFixedWidth(theme.px(WIDTH))

    def _add(self, layout: QVBoxLayout, group: str) -> None:
        for button in self.buttons.values():
            if button.entry.group == group:
                layout.addWidget(button)
                button.clicked.connect(lambda _on=False, page=button.entry.page: self.chosen.emit(page))

    @staticmethod
    def _line() -> QWidget:
        line = _SideLine()
        line.setFixedHeight(theme.px(11))
        return line

    def mark(self, page: str) -> None:
        """Show which page is open."""
        if page in self.buttons:
            self.buttons[page].setChecked(True)
            return
        # A page without an entry (a case's story) leaves none of them chosen.
        for button in self.buttons.values():
            button.setAutoExclusive(False)
            button.setChecked(False)
            button.setAutoExclusive(True)

    def show_waiting(self, waiting: Mapping[str, Waiting]) -> None:
        """Show what waits behind each page."""
        for page, button in self.buttons.items():
            button.waiting = waiting.get(page, Waiting(0))
            button.dress()

    def collapse(self, *, on: bool) -> None:
        """Leave only the icons, or show the words again."""
        self.is_collapsed = on
        self.setFixedWidth(theme.px(COLLAPSED_WIDTH if on else WIDTH))
        self._flow.setVisible(not on)
        self._mark.narrow = on
        self._fold.entry = SideEntry(
            "",
            (lambda: _("Expand  Ctrl+B")) if on else (lambda: _("Collapse  Ctrl+B")),
            "layout-sidebar-left-expand" if on else "layout-sidebar-left-collapse",
        )
        for button in (*self.buttons.values(), self._fold):
            button.narrow = on
            button.dress()
        self.collapsed.emit(on)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(_("Pages"))
            for button in (*self.buttons.values(), self._fold):
                button.dress()
            self._mark.update()
        super().changeEvent(event)


class _SideLine(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        inset = theme.px(16)
        QPainter(self).fillRect(inset, self.height() // 2, self.width() - 2 * inset, 1, theme.colour("side_line"))
