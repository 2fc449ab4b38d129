"""Text in dots of a label printer: how wide it is, how it is made to fit, and its black dots."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from qms_desktop import drawing

LEAST_DOTS = 18
ELLIPSIS = "…"

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_EDGE_DOTS = 4


@dataclass(frozen=True)
class Fitted:
    """A text made to fit: what is left of it, its size and its width in dots."""

    text: str
    dots: int
    width: int
    is_cut: bool


@dataclass(frozen=True)
class Ink:
    """The black dots of one text, cropped: place from the pen's point, size in dots, and rows of whole bytes.

    In a row the leftmost dot is the highest bit; 1 is black.
    """

    left: int
    top: int
    width: int
    height: int
    rows: bytes

    @property
    def bytes_per_row(self) -> int:
        """The bytes of one row, the width rounded up to 8 dots."""
        return (self.width + 7) // 8


def shown(text: str) -> str:
    """Give a text in one line with whatever cannot be seen (controls, direction marks, surrogates) shown as □."""
    joined = " ".join(text.split())
    return "".join("□" if unicodedata.category(character) in _INVISIBLE else character for character in joined)


@lru_cache(maxsize=8192)
def width(text: str, *, dots: int, bold: bool = False) -> int:
    """Give the width of a text in dots, rounded up."""
    return math.ceil(QFontMetricsF(drawing.font(text, pixels=dots, bold=bold)).horizontalAdvance(text))


@lru_cache(maxsize=4096)
def fit(text: str, *, dots: int, room: int, bold: bool = False) -> Fitted:
    """Make a text fit into some room: smaller down to 18 dots, then with its end cut off."""
    size = dots
    while size > LEAST_DOTS and width(text, dots=size, bold=bold) > room:
        size -= 1
    kept = text
    while kept not in {"", ELLIPSIS} and width(kept, dots=size, bold=bold) > room:
        kept = kept.removesuffix(ELLIPSIS)[:-1].rstrip() + ELLIPSIS
    return Fitted(text=kept, dots=size, width=width(kept, dots=size, bold=bold), is_cut=kept != text)


@lru_cache(maxsize=4096)
def ink(text: str, *, dots: int, bold: bool = False) -> Ink:
    """Draw a text black on white and give its dots; the words of states and customers come again and again."""
    chosen = drawing.font(text, pixels=dots, bold=bold)
    ascent = 2 * dots
    canvas = QImage(width(text, dots=dots, bold=bold) + 2 * _EDGE_DOTS, 3 * dots, QImage.Format.Format_Grayscale8)
    canvas.fill(Qt.GlobalColor.white)
    painter = QPainter(canvas)
    painter.setFont(chosen)
    painter.drawText(QPoint(_EDGE_DOTS, ascent), text)
    painter.end()
    rows = _black_rows(canvas)
    return _cropped(rows, line=canvas.width(), pen_x=_EDGE_DOTS, pen_y=ascent)


def _black_rows(canvas: QImage) -> list[int]:
    """Give each row as a number whose bits are its dots, 1 = black, the leftmost dot highest."""
    stride, line = canvas.bytesPerLine(), canvas.width()
    grey = bytes(canvas.constBits())
    return [
        int(grey[start : start + line].translate(_BINARY_DIGIT), 2)
        for start in range(0, stride * canvas.height(), stride)
    ]


# Above the middle, so that thin strokes of small Chinese characters stay whole.
_BINARY_DIGIT = bytes(ord("1") if grey < 140 else ord("0") for grey in range(256))


def _cropped(rows: list[int], *, line: int, pen_x: int, pen_y: int) -> Ink:
    inked = [number for number, row in enumerate(rows) if row]
    if not inked:
        return Ink(left=0, top=0, width=0, height=0, rows=b"")
    top, bottom = inked[0], inked[-1]
    columns = 0
    for row in rows:
        columns |= row
    right_blank = (columns & -columns).bit_length() - 1
    left = line - columns.bit_length()
    across = columns.bit_length() - right_blank
    whole = (across + 7) // 8
    packed = b"".join(
        ((row >> right_blank) << (whole * 8 - across)).to_bytes(whole, "big") for row in rows[top : bottom + 1]
    )
    return Ink(left=left - pen_x, top=top - pen_y, width=across, height=bottom - top + 1, rows=packed)
