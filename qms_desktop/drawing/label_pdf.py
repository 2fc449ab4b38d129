"""Receipt labels as PDF in their actual size: one a page for a roll, or many on a sheet of A4."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLineF, QMarginsF, QSizeF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from qms_desktop.drawing.label_bitmap import paint
from qms_desktop.drawing.label_layout import DOTS_PER_MM, GEOMETRY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.drawing.label_layout import LabelSize
    from qms_desktop.steps.receipt_label import ReceiptLabel

_UNITS_PER_DOT = 5
_DPI = 1016  # 40 units a mm: every dot is a whole number of units
_A4_MM = (210, 297)
_SHEET_EDGE_MM = 5  # what ordinary printers leave white
_CREATOR = "QMS Desktop"


def pdf(labels: Sequence[ReceiptLabel], size: LabelSize) -> bytes:
    """Print labels one a page, each page as large as the label.

    Raises ValueError without labels and Refused when a label does not fit on this size.
    """
    place = GEOMETRY[size]
    page = QSizeF(place.width / DOTS_PER_MM, place.height / DOTS_PER_MM)
    paper = QPageSize(page, QPageSize.Unit.Millimeter, size.shown, QPageSize.SizeMatchPolicy.ExactMatch)
    return _printed(labels, size, paper=paper, places=[(0, 0)], first=0)


def places_on_sheet(size: LabelSize) -> int:
    """Count the labels that fit on one sheet of A4."""
    return len(_sheet_places(size))


def sheet_pdf(labels: Sequence[ReceiptLabel], size: LabelSize, *, first_place: int = 1) -> bytes:
    """Print labels on sheets of A4 with fine lines to cut along, row by row.

    `first_place` counts from 1 and skips what is used already of the first sheet. Raises ValueError without labels or
    for a place that a sheet does not have, and Refused when a label does not fit on this size.
    """
    places = _sheet_places(size)
    if not 1 <= first_place <= len(places):
        raise ValueError(f"a sheet has the places 1 to {len(places)}, not {first_place}")
    paper = QPageSize(QPageSize.PageSizeId.A4)
    return _printed(labels, size, paper=paper, places=places, first=first_place - 1)


def _sheet_places(size: LabelSize) -> list[tuple[int, int]]:
    """Give the upper left corners of the labels on a sheet, in dots."""
    place = GEOMETRY[size]
    wide, high = (side * DOTS_PER_MM for side in _A4_MM)
    columns, rows = ((side - 2 * _SHEET_EDGE_MM) * DOTS_PER_MM for side in _A4_MM)
    columns, rows = columns // place.width, rows // place.height
    left, top = (wide - columns * place.width) // 2, (high - rows * place.height) // 2
    return [(left + column * place.width, top + row * place.height) for row in range(rows) for column in range(columns)]


def _printed(
    labels: Sequence[ReceiptLabel], size: LabelSize, *, paper: QPageSize, places: list[tuple[int, int]], first: int
) -> bytes:
    if not labels:
        raise ValueError("there is no label to print")
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator(_CREATOR)
    writer.setTitle(labels[0].rma_number)
    writer.setResolution(_DPI)
    writer.setPageLayout(QPageLayout(paper, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    painter = QPainter(writer)
    try:
        for number, label in enumerate(labels, start=first):
            if number > first and number % len(places) == 0:
                writer.newPage()
            x, y = places[number % len(places)]
            painter.resetTransform()
            painter.scale(_UNITS_PER_DOT, _UNITS_PER_DOT)
            painter.translate(x, y)
            if len(places) > 1:
                _draw_cutting_lines(painter, size)
            paint(painter, label, size)
    finally:
        painter.end()
    return bytes(written.data())


def _draw_cutting_lines(painter: QPainter, size: LabelSize) -> None:
    place = GEOMETRY[size]
    painter.setPen(QPen(Qt.GlobalColor.lightGray, 0.5))
    corners = [(0, 0), (place.width, 0), (place.width, place.height), (0, place.height), (0, 0)]
    painter.drawLines([QLineF(*begin, *end) for begin, end in pairwise(corners)])
