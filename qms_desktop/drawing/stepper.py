"""The stepper: the stations of a record in one line, the done ones ticked, the current one in blue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.drawing.palette import Palette

HEIGHT = 46


def draw(
    painter: QPainter, width: float, *, stations: Sequence[str], current: int, palette: Palette, scale: float = 1.0
) -> None:
    """Draw the stations; `current` counts from 0, and len(stations) means that all are done. Height: HEIGHT * scale."""
    if not stations:
        return
    each, middle = width / len(stations), 13 * scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place in range(len(stations) - 1):
        x = each * place + each / 2
        painter.setPen(QPen(QColor(palette.ok if place < current else palette.line), 2 * scale))
        painter.drawLine(QPointF(x + 13 * scale, middle), QPointF(x + each - 13 * scale, middle))
    for place, word in enumerate(stations):
        _station(painter, each * place + each / 2, middle, place - current, palette=palette, scale=scale)
        box = QRectF(each * place + 2, 25 * scale, each - 4, 19 * scale)
        tone = palette.text if place == current else palette.text2 if place < current else palette.text3
        _word(painter, box, word, tone, bold=place == current, scale=scale)


def _station(painter: QPainter, x: float, y: float, ahead: int, *, palette: Palette, scale: float) -> None:
    centre = QPointF(x, y)
    if ahead < 0:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.ok_bg))
        painter.drawEllipse(centre, 10 * scale, 10 * scale)
        pen = QPen(QColor(palette.ok), 1.8 * scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        tick = ((-4.2, 0.2), (-1.2, 3.2), (4.4, -3.2))
        painter.drawPolyline(QPolygonF([centre + QPointF(dx * scale, dy * scale) for dx, dy in tick]))
    elif ahead == 0:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.accent))
        painter.drawEllipse(centre, 10 * scale, 10 * scale)
        painter.setBrush(QColor(palette.accent_fg))
        painter.drawEllipse(centre, 4 * scale, 4 * scale)
    else:
        painter.setPen(QPen(QColor(palette.control), 1.5 * scale))
        painter.setBrush(QColor(palette.surface))
        painter.drawEllipse(centre, 9 * scale, 9 * scale)


def _word(painter: QPainter, box: QRectF, word: str, tone: str, *, bold: bool, scale: float) -> None:
    font = QFont(painter.font())
    font.setPixelSize(round(12 * scale))
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(QColor(tone))
    shown = QFontMetricsF(font).elidedText(word, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
