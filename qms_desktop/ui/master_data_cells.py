"""How the preview of an import is drawn: the sheet with its wrong cells framed, and what was found beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from qms_desktop.exchange.problems import Problem
from qms_desktop.i18n import N_, _
from qms_desktop.ui import icons, theme
from qms_desktop.ui.cells import CellDelegate, IconText, draw_text
from qms_desktop.ui.master_data_sheet import CheckedFile, Finding, RowState, SheetColumn, SheetRow

if TYPE_CHECKING:
    from collections.abc import Callable

_PAD = 8
_HEAD, _EDGE = 24, 4
_Index = QModelIndex | QPersistentModelIndex

STATES: dict[RowState, tuple[str, str, str]] = {
    RowState.NEW: (N_("New"), "plus", "ok"),
    RowState.CHANGED: (N_("Changed"), "pencil", "run"),
    RowState.SAME: (N_("Same"), "equal", "text3"),
    RowState.REFUSED: (N_("Refused"), "circle-x", "bad"),
    RowState.WRONG: (N_("Wrong"), "alert-circle", "bad"),
    RowState.ASKED: (N_("To decide"), "help-circle", "wait"),
}
FILTERS: dict[RowState, str] = {
    RowState.WRONG: N_("Wrong"),
    RowState.ASKED: N_("To decide"),
    RowState.REFUSED: N_("Refused"),
    RowState.CHANGED: N_("Changed"),
    RowState.NEW: N_("New"),
    RowState.SAME: N_("Same"),
}


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell of the sheet; `tone` is empty, "bad" for a wrong one, "wait" for one that asks."""

    text: str
    tone: str = ""

    def __str__(self) -> str:
        return self.text


def state_cell(row: SheetRow) -> IconText:
    """Say what would become of a row."""
    word, icon, tone = STATES[row.state]
    return IconText(_(word), icon, tone)


def cell_of(checked: CheckedFile, column: SheetColumn) -> Callable[[SheetRow], SheetCell]:
    """Give the function that takes one column's cell out of a row."""

    def take(row: SheetRow) -> SheetCell:
        fault = checked.fault(row, column.place)
        text = checked.text(row, column.place)
        if fault is None:
            return SheetCell(text)
        tone = "wait" if fault.problem is Problem.AMBIGUOUS_DATE else "bad"
        return SheetCell(text or _("(empty)"), tone)

    return take


class SheetDelegate(CellDelegate):
    """Draws the sheet with thin upright lines, and a frame around what is wrong."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._model.row_at(index.row())
        value = self._model.value(row, index.column())
        box = QRectF(option.rect)
        if isinstance(value, SheetCell):
            painter.save()
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._ground(painter, option.rect, option, chosen=chosen, place=index.column())
            self._cell(painter, box, value, right=self._model.columns[index.column()].to_the_right)
            painter.restore()
        else:
            super().paint(painter, option, index)
        painter.fillRect(QRectF(box.right() - 1, box.y(), 1, box.height()), theme.colour("line2"))

    @staticmethod
    def _cell(painter: QPainter, box: QRectF, value: SheetCell, *, right: bool) -> None:
        if value.tone:
            painter.setPen(QPen(theme.colour(value.tone), 2))
            painter.setBrush(theme.colour(f"{value.tone}_bg"))
            painter.drawRect(box.adjusted(1, 1, -2, -2))
        pad = theme.px(_PAD)
        tone = value.tone or "text"
        draw_text(painter, box.adjusted(pad, 0, -pad, 0), value.text, bold=bool(value.tone), tone=tone, right=right)


class FindingDelegate(CellDelegate):
    """Draws a finding as a small card: sign, cell and what it holds in bold, below it what is wrong and what to do."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        finding: Finding = self._model.row_at(index.row())
        _word, icon, tone = STATES[finding.state]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -theme.px(6) + 0.5)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("accent_bg" if chosen else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setClipRect(QRectF(box.x(), box.y(), theme.px(_EDGE), box.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(tone))
        painter.drawRoundedRect(box, 4, 4)
        painter.setClipping(False)
        left, top = box.x() + theme.px(12), box.y() + theme.px(6)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(round(left), round(top + theme.px(2)), icons.pixmap(icon, tone, 16, ratio=ratio))
        left += theme.px(24)
        wide = QFontMetrics(theme.font(bold=True)).horizontalAdvance(finding.address) + theme.px(10)
        draw_text(painter, QRectF(left, top, wide, theme.px(20)), finding.address, bold=True, tone=tone)
        rest = QRectF(left + wide, top, box.right() - left - wide - theme.px(8), theme.px(20))
        draw_text(painter, rest, finding.title, bold=True)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("text2"))
        below = QRectF(box.x() + theme.px(12), top + theme.px(22), box.width() - theme.px(20), box.height())
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap), finding.text)
        painter.restore()


def finding_height(finding: Finding, width: int) -> int:
    """Give the height that a finding needs at a width, both in pixels of the screen."""
    room = QRect(0, 0, max(80, width - theme.px(20)), 10_000)
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
    text = QFontMetrics(theme.font(theme.SMALL)).boundingRect(room, flags, finding.text)
    return text.height() + theme.px(6 + 22 + 8 + 6)
