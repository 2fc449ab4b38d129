"""The time line of one case: what happened, when, by whom, and how many pieces; what is due next stands hollow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.drawing.palette import Palette

ROW_HEIGHT = 52
_WHEN_WIDTH, _DOT_X, _TEXT_X, _FIGURE_WIDTH = 104, 122, 144, 170


@dataclass(frozen=True)
class Happening:
    """One line of the story, in words that are translated already.

    `family` is a state family ("ok", "run", "wait", "bad", "hold", "neutral"); `done` is False for what is still due.
    `day` heads the first happening of a day. `figure` is a quantity or an amount, such as "596 pcs".
    """

    when: str
    title: str
    second: str = ""
    figure: str = ""
    family: str = "run"
    done: bool = True
    day: str = ""


def height(happenings: Sequence[Happening], *, scale: float = 1.0) -> float:
    """Give the height that the picture needs."""
    return len(happenings) * ROW_HEIGHT * scale


def draw(
    painter: QPainter, width: float, *, happenings: Sequence[Happening], palette: Palette, scale: float = 1.0
) -> None:
    """Draw the story from top to bottom."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    row = ROW_HEIGHT * scale
    for place, one in enumerate(happenings):
        y = place * row
        if place + 1 < len(happenings):
            pen = QPen(QColor(palette.line), 2 * scale)
            if not happenings[place + 1].done:
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(QPointF(_DOT_X * scale, y + 18 * scale), QPointF(_DOT_X * scale, y + row + 8 * scale))
        _happening(painter, y, width, one, palette=palette, scale=scale)


def _happening(painter: QPainter, y: float, width: float, one: Happening, *, palette: Palette, scale: float) -> None:
    tone = QColor(palette.colour(one.family if one.family != "crit" else "bad"))
    painter.setPen(QPen(tone, 2 * scale))
    painter.setBrush(tone if one.done else QColor(palette.surface))
    painter.drawEllipse(QPointF(_DOT_X * scale, y + 13 * scale), 5 * scale, 5 * scale)

    def text(left: float, top: float, room: float, words: str, colour: str, *, bold: bool = False, size: int = 12,
             right: bool = False) -> None:  # fmt: skip
        font = QFont(painter.font())
        font.setPixelSize(round(size * scale))
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, top, room, 20 * scale), int(side | Qt.AlignmentFlag.AlignVCenter), shown)

    when_room = _WHEN_WIDTH * scale
    if one.day:
        text(0, y + 3 * scale, when_room, one.day, palette.text, bold=True, right=True)
        text(0, y + 21 * scale, when_room, one.when, palette.text2, right=True)
    else:
        text(0, y + 3 * scale, when_room, one.when, palette.text2, right=True)
    figure_room = _FIGURE_WIDTH * scale if one.figure else 0
    left, room = _TEXT_X * scale, width - _TEXT_X * scale - figure_room - 8 * scale
    text(left, y + 3 * scale, room, one.title, palette.text if one.done else palette.text2, bold=one.done, size=13)
    text(left, y + 21 * scale, room, one.second, palette.text2)
    if one.figure:
        text(width - figure_room, y + 3 * scale, figure_room, one.figure, palette.text, bold=True, size=13, right=True)
