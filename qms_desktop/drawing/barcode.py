"""The codes of a label as modules: DataMatrix of 18 × 18 and Code 128."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

import zxingcpp

from qms_desktop.errors import Refused
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from typing_extensions import Buffer

MATRIX_MODULES = 18

_BLACK = re.compile(b"\0+")


class Run(NamedTuple):
    """Neighbouring black modules in one row: where they begin, and how many."""

    x: int
    y: int
    length: int


@dataclass(frozen=True)
class Symbol:
    """A drawn code, without its quiet zone; a line code has one row.

    `grey` holds the modules row by row, one byte each, 0 = black and 255 = white.
    """

    width: int
    height: int
    grey: bytes

    def runs(self) -> list[Run]:
        """Give the black modules as runs, row by row."""
        return [
            Run(black.start(), y, black.end() - black.start())
            for y in range(self.height)
            for black in _BLACK.finditer(self.grey[y * self.width : (y + 1) * self.width])
        ]


@lru_cache(maxsize=256)
def data_matrix(payload: str) -> Symbol:
    """Draw a DataMatrix of exactly 18 × 18 modules; Refused when the text needs a larger one."""
    across, grey = _pixels(zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.DataMatrix, force_square=True))
    if across != MATRIX_MODULES:
        raise Refused(N_("The code {payload} is too long for the label's barcode."), payload=payload)
    return Symbol(width=across, height=across, grey=grey)


@lru_cache(maxsize=256)
def code_128(payload: str) -> Symbol:
    """Draw a Code 128 as one row of modules."""
    across, grey = _pixels(zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.Code128))
    return Symbol(width=across, height=1, grey=grey[:across])


def _pixels(code: zxingcpp.Barcode) -> tuple[int, bytes]:
    """Give the modules in a row, and all rows with one grey byte a module."""
    picture = code.to_image(scale=1, add_quiet_zones=False)
    grey = memoryview(cast("Buffer", picture))  # its stub leaves the buffer out
    return picture.shape[1], grey.tobytes()
