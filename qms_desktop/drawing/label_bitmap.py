"""Receipt labels drawn by Qt: as a picture in true dots, and on any paper through a painter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPolygon

from qms_desktop import drawing
from qms_desktop.drawing import text
from qms_desktop.drawing.label_layout import DOTS_PER_MM, GEOMETRY, Box, Code, Slash, Words, layout

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.drawing.label_layout import LabelSize, Mark
    from qms_desktop.steps.receipt_label import ReceiptLabel


def bitmap(label: ReceiptLabel, size: LabelSize) -> QImage:
    """Draw a label in true dots, black and white; raises Refused when the label does not fit on this size."""
    place = GEOMETRY[size]
    image = QImage(place.width, place.height, QImage.Format.Format_Grayscale8)
    image.setDotsPerMeterX(DOTS_PER_MM * 1000)
    image.setDotsPerMeterY(DOTS_PER_MM * 1000)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    try:
        _paint(painter, layout(label, size), _ON_DOTS)
    finally:
        painter.end()
    return image


def paint(painter: QPainter, label: ReceiptLabel, size: LabelSize) -> None:
    """Draw a label from the painter's origin, one unit a dot: the painter is scaled to the paper by its owner.

    Text stays text and modules stay rectangles. Raises Refused when the label does not fit on this size.
    """
    _paint(painter, layout(label, size), _ON_PAPER)


@dataclass(frozen=True)
class _Ground:
    """How text and codes are put down: as dots of a picture, or as shapes on paper."""

    write: Callable[[QPainter, Words], None]
    encode: Callable[[QPainter, Code], None]


def _paint(painter: QPainter, marks: tuple[Mark, ...], ground: _Ground) -> None:
    for mark in marks:
        match mark:
            case Box():
                painter.fillRect(QRect(mark.x, mark.y, mark.width, mark.height), _colour(white=mark.white))
            case Words():
                ground.write(painter, mark)
            case Code():
                ground.encode(painter, mark)
            case Slash():
                _draw_slash(painter, mark)


def _colour(*, white: bool) -> QColor:
    return QColor(Qt.GlobalColor.white if white else Qt.GlobalColor.black)


def _write_text(painter: QPainter, words: Words) -> None:
    painter.setFont(drawing.font(words.text, pixels=words.dots, bold=words.bold))
    painter.setPen(_colour(white=words.white))
    painter.drawText(QPoint(words.x, words.baseline), words.text)


def _write_dots(painter: QPainter, words: Words) -> None:
    drawn = text.ink(words.text, dots=words.dots, bold=words.bold)
    if drawn.rows:
        picture = _ink_picture(drawn, white=words.white)
        painter.drawImage(QPoint(words.x + drawn.left, words.baseline + drawn.top), picture)


@lru_cache(maxsize=1024)
def _ink_picture(drawn: text.Ink, *, white: bool) -> QImage:
    """Give the dots of a text as a picture that is transparent between them."""
    lines = QImage(drawn.rows, drawn.width, drawn.height, drawn.bytes_per_row, QImage.Format.Format_Mono)
    lines.setColorTable([0, _colour(white=white).rgba()])
    return lines.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _code_dots(painter: QPainter, code: Code) -> None:
    symbol = code.symbol
    modules = QImage(symbol.grey, symbol.width, symbol.height, symbol.width, QImage.Format.Format_Grayscale8)
    high = code.bar_height or symbol.height * code.module
    painter.drawImage(QRect(code.x, code.y, symbol.width * code.module, high), modules)


def _code_shape(painter: QPainter, code: Code) -> None:
    """Fill all modules as one path: drawn one by one, fine white seams may show between them on paper."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    module, high = code.module, code.bar_height or code.module
    for run in code.symbol.runs():
        path.addRect(code.x + run.x * module, code.y + run.y * module, run.length * module, high)
    painter.fillPath(path, _colour(white=False))


def _draw_slash(painter: QPainter, slash: Slash) -> None:
    low, high = slash.y + slash.side, slash.y
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_colour(white=False))
    painter.drawPolygon(
        QPolygon(
            [
                QPoint(slash.x, low),
                QPoint(slash.x + slash.thickness, low),
                QPoint(slash.x + slash.side + slash.thickness, high),
                QPoint(slash.x + slash.side, high),
            ]
        )
    )


_ON_DOTS = _Ground(write=_write_dots, encode=_code_dots)
_ON_PAPER = _Ground(write=_write_text, encode=_code_shape)
