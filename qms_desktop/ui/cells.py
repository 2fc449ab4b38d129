"""What a table cell can hold, and how each kind is drawn: one delegate for every list."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from qms_desktop.ui import icons, theme
from qms_desktop.ui.chip import State, chip_width, paint_chip

if TYPE_CHECKING:
    from qms_desktop.ui.table import TableModel

_PAD = 8
# Plain numbers, made once: putting Qt's flags together costs more than drawing the text of a cell.
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_SELECTED, _HOVER = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value
_ELIDED = Qt.TextElideMode.ElideRight
_Index = QModelIndex | QPersistentModelIndex


class Cell(Enum):
    """The kinds of cells; the value that each takes stands beside it."""

    TEXT = auto()  # text
    WRAPPED = auto()  # text, 12 px, on up to two lines
    NUMBER = auto()  # int, Decimal or a text that is written already; right-aligned
    TWO_LINE = auto()  # TwoLine
    ICON_TEXT = auto()  # IconText
    CHIP = auto()  # chip.State
    DEADLINE = auto()  # Deadline
    BAR = auto()  # Bar
    CHECK = auto()  # bool
    ACTION = auto()  # text of the one row action; drawn in the chosen row only


@dataclass(frozen=True, slots=True)
class TwoLine:
    """Bold what, grey which."""

    first: str
    second: str = ""
    icon: str = ""
    bold: bool = True
    tone: str = "text"

    def __str__(self) -> str:
        return f"{self.first} \u00b7 {self.second}" if self.second else self.first


@dataclass(frozen=True, slots=True)
class IconText:
    """A sign and a word, such as the result of a check."""

    text: str
    icon: str
    tone: str = "text2"
    bold: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment over the time left; `state` is "left", "soon", "late", "paused" or "met"."""

    moment: str
    left: str = ""
    state: str = "left"

    def __str__(self) -> str:
        return f"{self.moment} \u00b7 {self.left}" if self.left else self.moment


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of one as a bar with its figure; `colour` is a chart token or a family."""

    share: float
    text: str
    colour: str = "g1"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A heading inside a list, such as *overdue · 2*; it can be chosen as little as the table's head."""

    title: str
    icon: str = "list"
    tone: str = "text2"


_DEADLINE_SIGNS = {
    "left": ("clock", "text2"),
    "soon": ("clock-exclamation", "wait"),
    "late": ("flame", "bad"),
    "paused": ("clock-pause", "hold"),
    "met": ("check", "ok"),
}


def cell_text(value: Any) -> str:  # noqa: ANN401 - any cell value
    """Write a cell's value the way the table shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "\u2713" if value else ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value)


def on_two_lines(text: str, font: QFont, width: float) -> str:
    """Break a text into at most two lines of a width; what does not fit ends in an ellipsis."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    first = layout.createLine()
    first.setLineWidth(width)
    layout.endLayout()
    end = first.textLength()
    if end >= len(text):
        return text
    second = QFontMetricsF(font).elidedText(text[end:].strip(), Qt.TextElideMode.ElideRight, width)
    return f"{text[:end].rstrip()}\n{second}"


def state_width(value: State | Deadline) -> int:
    """Give the width that a chip or a limit needs to be read whole, with the cell's own margins."""
    if isinstance(value, Deadline):
        bold = QFontMetricsF(theme.font(bold=True)).horizontalAdvance
        small = QFontMetricsF(theme.font(theme.SMALL)).horizontalAdvance
        words = max(bold(value.moment), small(value.left)) if value.left else _small_width(value)
        return round(words) + theme.px(28 + 2 * _PAD) + 1
    return round(chip_width(str(value), bold=value.look.family == "crit")) + theme.px(2 * _PAD) + 1


def _small_width(value: Deadline) -> float:
    return QFontMetricsF(theme.font(theme.SMALL, bold=value.state == "late")).horizontalAdvance(value.moment)


def draw_text(
    painter: QPainter,
    box: QRectF,
    text: str,
    *,
    size: int = theme.BODY,
    bold: bool = False,
    tone: str = "text",
    right: bool = False,
) -> None:
    """Draw one line of text inside its box; what does not fit ends in …."""
    font, metrics = theme.face(size, bold=bold)
    painter.setFont(font)
    painter.setPen(theme.colour(tone))
    width = box.width()
    shown = text if metrics.horizontalAdvance(text) <= width else metrics.elidedText(text, _ELIDED, width)
    painter.drawText(box, _RIGHT if right else _LEFT, shown)


class CellDelegate(QStyledItemDelegate):
    """Draws every cell of every list from the model's rows."""

    def __init__(self, model: TableModel) -> None:
        super().__init__(model)
        self._model = model
        self._draw = {
            Cell.WRAPPED: self._wrapped,
            Cell.TWO_LINE: self._two_line,
            Cell.ICON_TEXT: self._icon_text,
            Cell.CHIP: self._chip,
            Cell.DEADLINE: self._deadline,
            Cell.BAR: self._bar,
            Cell.CHECK: self._check,
            Cell.ACTION: self._action,
        }

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(theme.px(60), theme.px(theme.ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, place, rect = self._model.row_at(index.row()), index.column(), option.rect
        if isinstance(row, GroupRow):
            painter.save()
            painter.setClipRect(rect)
            self._group(painter, QRectF(rect), option, row)
            painter.restore()
            return
        chosen = bool(option.state.value & _SELECTED)
        self._ground(painter, rect, option, chosen=chosen, place=place)
        kind, value = self._model.columns[place].kind, self._model.value(row, place)
        if value is None or (kind is Cell.ACTION and not chosen):
            return
        pad = theme.px(_PAD)
        inside = QRectF(rect.x() + pad, rect.y(), rect.width() - 2 * pad, rect.height())
        if kind is Cell.TEXT or kind is Cell.NUMBER:  # stays inside its box and sets its own font and pen
            draw_text(painter, inside, cell_text(value), right=kind is Cell.NUMBER)
            return
        painter.save()
        painter.setClipRect(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw[kind](painter, inside, value)
        painter.restore()

    @staticmethod
    def _is_first(option: QStyleOptionViewItem, place: int) -> bool:
        view = option.widget
        return isinstance(view, QTableView) and view.horizontalHeader().visualIndex(place) == 0

    @classmethod
    def _ground(cls, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, *, chosen: bool, place: int) -> None:
        if chosen:
            painter.fillRect(rect, theme.colour("accent_bg"))
            if cls._is_first(option, place):
                painter.fillRect(rect.x(), rect.y(), 3, rect.height(), theme.colour("accent"))
        elif option.state.value & _HOVER:
            painter.fillRect(rect, theme.colour("sunk"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.colour("line2"))

    @staticmethod
    def _group(painter: QPainter, box: QRectF, option: QStyleOptionViewItem, row: GroupRow) -> None:
        # Each cell draws its own part of one text that runs over the whole row: no spans, so any number of groups.
        painter.fillRect(box, theme.colour("sunk"))
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), theme.colour("line2"))
        view = option.widget
        scrolled = view.horizontalHeader().offset() if isinstance(view, QTableView) else 0
        left = theme.px(_PAD) - scrolled
        drawn = icons.pixmap(row.icon, row.tone, 16, stroke=2, ratio=painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(left, box.center().y() - theme.px(8)), drawn)
        text = QRectF(left + theme.px(22), box.y(), theme.px(800), box.height())
        draw_text(painter, text, row.title, size=theme.SMALL, bold=True, tone=row.tone)

    @staticmethod
    def _wrapped(painter: QPainter, box: QRectF, value: Any) -> None:  # noqa: ANN401
        font, _metrics = theme.face(theme.SMALL)
        painter.setFont(font)
        painter.setPen(theme.colour("text2"))
        painter.drawText(box, _LEFT, on_two_lines(str(value), font, box.width()))

    @staticmethod
    def _two_line(painter: QPainter, box: QRectF, value: TwoLine) -> None:
        left = box
        if value.icon:
            ratio = painter.device().devicePixelRatioF()
            drawn = icons.pixmap(value.icon, "text2" if value.tone == "text" else value.tone, 18, ratio=ratio)
            painter.drawPixmap(QPointF(box.x(), box.center().y() - theme.px(9)), drawn)
            left = box.adjusted(theme.px(28), 0, 0, 0)
        if not value.second:
            draw_text(painter, left, value.first, bold=value.bold, tone=value.tone)
            return
        line = theme.px(19)
        top = QRectF(left.x(), left.center().y() - line + 1, left.width(), line)
        second_tone = "text2" if value.tone == "text" else value.tone
        draw_text(painter, top, value.first, bold=value.bold, tone=value.tone)
        draw_text(painter, top.translated(0, line - 1), value.second, size=theme.SMALL, tone=second_tone)

    @staticmethod
    def _icon_text(painter: QPainter, box: QRectF, value: IconText) -> None:
        drawn = icons.pixmap(value.icon, value.tone, 16, ratio=painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(box.x(), box.center().y() - theme.px(8)), drawn)
        tone = "text" if value.tone == "ok" else value.tone
        draw_text(
            painter, box.adjusted(theme.px(22), 0, 0, 0), value.text, size=theme.SMALL, bold=value.bold, tone=tone
        )

    @staticmethod
    def _chip(painter: QPainter, box: QRectF, value: State) -> None:
        ratio = painter.device().devicePixelRatioF()
        paint_chip(painter, box.x(), box.center().y(), value, most=box.width() + theme.px(_PAD) - 2, ratio=ratio)

    def _deadline(self, painter: QPainter, box: QRectF, value: Deadline) -> None:
        icon, tone = _DEADLINE_SIGNS[value.state]
        if value.left:
            shown_tone = "text" if tone == "text2" else tone
            self._two_line_with_sign(painter, box, value, icon=icon, tone=shown_tone, sign=tone)
        else:
            self._icon_text(painter, box, IconText(value.moment, icon, tone, bold=value.state == "late"))

    @staticmethod
    def _two_line_with_sign(
        painter: QPainter, box: QRectF, value: Deadline, *, icon: str, tone: str, sign: str
    ) -> None:
        drawn = icons.pixmap(icon, sign, 18, ratio=painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(box.x(), box.center().y() - theme.px(9)), drawn)
        line = theme.px(19)
        top = QRectF(box.x() + theme.px(28), box.center().y() - line + 1, box.width() - theme.px(28), line)
        draw_text(painter, top, value.moment, bold=tone != "text", tone=tone)
        draw_text(painter, top.translated(0, line - 1), value.left, size=theme.SMALL, tone=sign)

    @staticmethod
    def _bar(painter: QPainter, box: QRectF, value: Bar) -> None:
        figure = theme.px(52)
        track = QRectF(box.x(), box.center().y() - 3, max(0.0, box.width() - figure), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line2"))
        painter.drawRoundedRect(track, 3, 3)
        if value.share > 0:
            painter.setBrush(theme.colour(value.colour))
            filled = min(track.width(), max(6.0, track.width() * value.share))
            painter.drawRoundedRect(QRectF(track.x(), track.y(), filled, 6), 3, 3)
        draw_text(
            painter,
            QRectF(box.right() - figure, box.y(), figure, box.height()),
            value.text,
            size=theme.SMALL,
            right=True,
        )

    @staticmethod
    def _check(painter: QPainter, box: QRectF, value: bool) -> None:
        side = theme.px(16)
        square = QRectF(box.x(), box.center().y() - side / 2, side, side)
        painter.setPen(QPen(theme.colour("accent" if value else "control"), 1))
        painter.setBrush(theme.colour("accent" if value else "surface"))
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if value:
            tick = icons.pixmap("check", "accent_fg", 14, stroke=3, ratio=painter.device().devicePixelRatioF())
            painter.drawPixmap(square.topLeft() + QPointF(1, 1), tick)

    @staticmethod
    def _action(painter: QPainter, box: QRectF, value: Any) -> None:  # noqa: ANN401
        font, metrics = theme.face(theme.SMALL)
        width = min(box.width() + theme.px(_PAD), metrics.horizontalAdvance(str(value)) + theme.px(20))
        plate = QRectF(box.right() - width + theme.px(4), box.center().y() - theme.px(12), width, theme.px(24))
        painter.setPen(QPen(theme.colour("control"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(plate.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, str(value))
