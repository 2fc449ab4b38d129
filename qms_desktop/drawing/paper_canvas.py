"""A canvas in millimetres for the pictures that go on paper, the same on screen and in a file.

The inks are those of the paper; colour is never the only sign, so everything also reads in black and white.
"""

from __future__ import annotations

import struct
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from qms_desktop import drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QFont

BLUE = "#1F3A5F"
PALE = "#E8EDF4"
RED = "#B00020"
GREEN = "#1B6E3C"
STEEL = "#8FA3BC"
GREY = "#46525F"
INK = "#1A1A1A"
GRID = "#DDE2E8"

# Fonts want whole pixels: a fine unit under the millimetre keeps 6-point text true at any scale.
_UNITS_A_MM = 20
_MM_A_POINT = 25.4 / 72
_PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
_COMPRESSION = 1


class Canvas:
    """Draws in millimetres with the origin at the upper left of a rectangle."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter

    def line(
        self, start: tuple[float, float], end: tuple[float, float], *, colour: str, width: float, dashed: bool = False
    ) -> None:
        """Draw a straight line; the width is in mm."""
        self._painter.setPen(_pen(colour, width, dashed=dashed))
        self._painter.drawLine(QLineF(_point(*start), _point(*end)))

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str, colour: str = "", hatched: bool = False
    ) -> None:
        """Draw a filled rectangle, with an outline when a colour is given; hatched for what is not good."""
        area = QRectF(_point(x, y), _point(x + width, y + height))
        self._painter.setPen(_pen(colour, 0.25) if colour else Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(fill))
        self._painter.drawRect(area)
        if hatched:
            self._hatch(area)

    def dot(self, x: float, y: float, *, radius: float, colour: str, filled: bool = True) -> None:
        """Draw a round mark."""
        self._painter.setPen(_pen(colour, 0.2))
        self._painter.setBrush(QColor(colour) if filled else QColor("white"))
        self._painter.drawEllipse(_point(x, y), radius * _UNITS_A_MM, radius * _UNITS_A_MM)

    def arrow_head(self, x: float, y: float, *, length: float, colour: str) -> None:
        """Draw the point of an arrow that looks to the right."""
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QBrush(QColor(colour)))
        corners = [_point(x, y), _point(x - length, y - length / 2), _point(x - length, y + length / 2)]
        self._painter.drawPolygon(QPolygonF(corners))

    def text(
        self,
        area: tuple[float, float, float, float],
        words: str,
        *,
        points: float,
        colour: str = INK,
        bold: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
    ) -> None:
        """Write text into x, y, width, height; it wraps, shrinks to 70 % when it must, and is never cut off."""
        x, y, width, height = area
        wanted = QRectF(0, 0, width * _UNITS_A_MM, height * _UNITS_A_MM)
        flags = align | Qt.TextFlag.TextWordWrap
        font = _font(words, points=points, bold=bold)
        for share in (1.0, 0.9, 0.8, 0.7):
            font = _font(words, points=points * share, bold=bold)
            needed = QFontMetricsF(font).boundingRect(wanted, int(flags), words)
            if needed.height() <= wanted.height() + 1 and needed.width() <= wanted.width() + 1:
                break
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(wanted.translated(_point(x, y)), int(flags | Qt.TextFlag.TextDontClip), words)

    def upright_text(self, x: float, y: float, length: float, words: str, *, points: float) -> None:
        """Write text that reads upwards, centred on x and on y, within a length."""
        self._painter.save()
        self._painter.translate(_point(x, y))
        self._painter.rotate(-90)
        self.text((-length / 2, -3, length, 6), words, points=points)
        self._painter.restore()

    def text_width(self, words: str, *, points: float, bold: bool = False) -> float:
        """Give the width of one line of text in mm."""
        return QFontMetricsF(_font(words, points=points, bold=bold)).horizontalAdvance(words) / _UNITS_A_MM

    def _hatch(self, area: QRectF) -> None:
        self._painter.save()
        self._painter.setClipRect(area)
        self._painter.setPen(_pen("#FFFFFF", 0.3))
        step = 1.6 * _UNITS_A_MM
        x = area.left() - area.height()
        while x < area.right():
            self._painter.drawLine(QLineF(x, area.bottom(), x + area.height(), area.top()))
            x += step
        self._painter.restore()


@contextmanager
def canvas(painter: QPainter, rect: QRectF, *, width_mm: float, height_mm: float) -> Iterator[Canvas]:
    """Lend a canvas of a size in mm that fills a rectangle as far as its proportion allows."""
    painter.save()
    try:
        scale = min(rect.width() / width_mm, rect.height() / height_mm) / _UNITS_A_MM
        painter.translate(rect.topLeft())
        painter.scale(scale, scale)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        yield Canvas(painter)
    finally:
        painter.restore()


def png(draw: Callable[[QPainter, QRectF], None], *, width_mm: float, height_mm: float, dpi: int = 300) -> bytes:
    """Give a drawing as PNG on white, `dpi` dots to the inch of its printed size."""
    drawing.ready()
    dots_a_mm = dpi / 25.4
    image = QImage(round(width_mm * dots_a_mm), round(height_mm * dots_a_mm), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    try:
        draw(painter, QRectF(0, 0, image.width(), image.height()))
    finally:
        painter.end()
    return _png_of(image, dots_a_metre=round(dots_a_mm * 1000))


def _png_of(image: QImage, *, dots_a_metre: int) -> bytes:
    """Pack an image whose rows stay as they are: flat ink gets smaller so, in a third of the time of Qt's filters."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height, length = image.width(), image.height(), image.bytesPerLine()
    dots = bytes(image.constBits())
    rows = b"".join(b"\0" + dots[start : start + 3 * width] for start in range(0, length * height, length))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", dots_a_metre, dots_a_metre, 1)),
        (b"IDAT", zlib.compress(rows, _COMPRESSION)),
        (b"IEND", b""),
    )
    packed = (
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
    return _PNG_BEGINS + b"".join(packed)


def _point(x: float, y: float) -> QPointF:
    return QPointF(x * _UNITS_A_MM, y * _UNITS_A_MM)


def _pen(colour: str, width: float, *, dashed: bool = False) -> QPen:
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    return QPen(QColor(colour), width * _UNITS_A_MM, style, Qt.PenCapStyle.FlatCap)


def _font(words: str, *, points: float, bold: bool) -> QFont:
    return drawing.font(words, pixels=max(1, round(points * _MM_A_POINT * _UNITS_A_MM)), bold=bold)
