"""What the cell library does not tell about a sheet, from one streaming pass over its XML.

It cannot tell a formula without a value, or a cell that shows an error, from an empty cell, nor does it know hidden
rows, and a single value at XFD1048576 makes it ask for half a terabyte. A search for a few marks decides, at the
speed of memory, whether a sheet can have any of these; only then every cell is looked at one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from qms_desktop.exchange.raw import Fault, FaultKind, column_letters, column_number
from qms_desktop.exchange.refusals import FileRefused, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qms_desktop.exchange.limits import Limits

# A mark may be cut in two by the end of a piece; the longest is a far address.
_OVERLAP_BYTES = 64
_MARKS = (b"<f", b"<!", b"hidden=", b't="e"', b"<autoFilter")
# A writer of single quotes or blanks around the sign does so from the first cell on.
_OTHER_STYLE = re.compile(rb"""=\s*'|\s=|=\s+"|<\w+:worksheet""")
_STYLE_BYTES = 8192
# Columns from GS and rows from 200,000 on; whether they hold a value is then seen cell by cell. Searches that begin
# with the same fixed sign are five times as fast as one with alternatives.
_FAR = (
    re.compile(rb'r="[A-Za-z]{3}[0-9]'),
    re.compile(rb'r="(?:[H-Zh-z][A-Za-z]|[Gg][S-Zs-z])[0-9]'),
    re.compile(rb'r="(?:[2-9][0-9]{5}|[0-9]{7})'),
)
_SHEET_BEGINS = b"<sheetData"
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_TRUE = ("1", "true")


@dataclass
class SheetFacts:
    """Faulty cells by (row, column) counted from 0, and what is hidden (rows from 1, columns from 0)."""

    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    external_formulas: int = 0
    has_filter: bool = False


def may_hide_something(pieces: Iterable[bytes], limits: Limits) -> bool:
    """Say whether a sheet must be read cell by cell; reads it to its end in any case, so that its checksum is seen."""
    suspect: bool | None = None
    carried = b""
    rows = 0
    for piece in pieces:
        rows += piece.count(b"<row")
        if suspect is None:
            # Nearly every sheet begins its cells in the first piece; one that does not is read carefully.
            suspect = _SHEET_BEGINS not in piece or _OTHER_STYLE.search(piece[:_STYLE_BYTES]) is not None
        if not suspect:
            seen = carried + piece
            suspect = any(mark in seen for mark in _MARKS) or any(far.search(seen) for far in _FAR)
            carried = piece[-_OVERLAP_BYTES:]
    return bool(suspect) or rows > limits.rows


def sheet_facts(pieces: Iterable[bytes], sheet: str, limits: Limits) -> SheetFacts:
    """Read a sheet cell by cell; raises FileRefused for a used range that is too large and for broken XML."""
    watcher = _CellWatcher(sheet, limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = watcher.start
    parser.EndElementHandler = watcher.end
    parser.CharacterDataHandler = watcher.text
    try:
        for piece in pieces:
            parser.Parse(piece, False)  # noqa: FBT003 - expat takes no keywords
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise FileRefused(Refusal.DAMAGED_SHEET, sheet=sheet) from error
    return watcher.facts


class _CellWatcher:
    """Handlers for expat; names are taken without their prefix, as some writers use one."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.facts = SheetFacts()
        self._sheet = sheet
        self._limits = limits
        self._row = 0
        self._column = -1
        self._rows_filled = 0
        self._row_is_filled = False
        self._in_cell = False
        self._text_of: str | None = None
        self._type = ""
        self._value = ""
        self._formula: str | None = None
        self._has_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if self._in_cell:
            self._start_in_cell(local)
        elif local == "c":
            self._start_cell(attributes)
        elif local == "row":
            self._start_row(attributes)
        elif local == "col":
            self._hide_columns(attributes)
        elif local == "autoFilter":
            self.facts.has_filter = True

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isascii() and number.isdigit() else self._row + 1
        self._column = -1
        self._row_is_filled = False
        if attributes.get("hidden") in _TRUE:
            self.facts.hidden_rows.append(self._row)

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") not in _TRUE:
            return
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdecimal() and last.isdecimal():
            self.facts.hidden_columns += range(int(first) - 1, min(int(last), self._limits.columns))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference:
            self._column = column_number(reference[1])
            self._row = int(reference[2])
        else:
            self._column += 1
        self._in_cell = True
        self._type = attributes.get("t", "n")
        self._value = ""
        self._formula = None
        self._has_text = False

    def _start_in_cell(self, local: str) -> None:
        if local == "f":
            self._formula = ""
            self._text_of = "f"
        elif local == "v":
            self._text_of = "v"
        elif local == "is":
            self._has_text = True

    def text(self, characters: str) -> None:
        if self._text_of == "v":
            self._value += characters
        elif self._text_of == "f":
            self._formula = (self._formula or "") + characters

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in ("f", "v"):
            self._text_of = None
        elif local == "c" and self._in_cell:
            self._in_cell = False
            self._end_cell()

    def _end_cell(self) -> None:
        is_filled = bool(self._value.strip()) or self._formula is not None or self._has_text
        if not is_filled:
            return
        self._refuse_far()
        place = (self._row - 1, self._column)
        if self._type == "e":
            self.facts.faults[place] = Fault(FaultKind.ERROR, self._value[:20])
        elif self._formula is not None and not self._value and self._type != "str":
            self.facts.faults[place] = Fault(FaultKind.NO_RESULT, f"={self._formula}"[:100])
        if self._formula and "[" in self._formula:
            self.facts.external_formulas += 1

    def _refuse_far(self) -> None:
        if not self._row_is_filled:
            self._row_is_filled = True
            self._rows_filled += 1
        if self._rows_filled > self._limits.rows:
            raise FileRefused(Refusal.TOO_MANY_ROWS, sheet=self._sheet, limit=self._limits.rows)
        if self._row > self._limits.rows or self._column >= self._limits.columns:
            cell = f"{column_letters(self._column)}{self._row}"
            raise FileRefused(Refusal.RANGE_TOO_LARGE, sheet=self._sheet, cell=cell)
