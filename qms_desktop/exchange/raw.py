"""What was found in a table before anybody asks what it means: rows of cells with their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LETTERS = 26


class FaultKind(StrEnum):
    """Why a cell holds no value although it is not empty."""

    ERROR = "error"
    NO_RESULT = "no_result"


@dataclass(frozen=True)
class Fault:
    """A cell that shows an error (`#N/A`), or a formula that was never calculated."""

    kind: FaultKind
    text: str


class Truth(Enum):
    """A cell of the kind TRUE or FALSE; not a `bool`, because in Python `True` equals 1."""

    TRUE = "TRUE"
    FALSE = "FALSE"


# Merged cells: first row, first column, last row, last column, counted from 0.
Area = tuple[int, int, int, int]
RawValue = str | int | float | date | datetime | time | timedelta | Truth | Fault | None


class NoticeKind(StrEnum):
    """What a clerk should know about a file that was read all the same."""

    READ_AS_CSV = "read_as_csv"
    MACROS = "macros"
    EXTERNAL_LINKS = "external_links"
    OTHER_SHEETS = "other_sheets"
    HIDDEN_SHEETS = "hidden_sheets"
    HIDDEN_COLUMNS = "hidden_columns"
    HIDDEN_ROWS = "hidden_rows"
    FILTER = "filter"
    ENCODING = "encoding"
    SEPARATOR = "separator"
    UNUSED_COLUMNS = "unused_columns"
    ABSENT_COLUMNS = "absent_columns"
    LEADING_ZEROS = "leading_zeros"


NOTICES: dict[NoticeKind, str] = {
    NoticeKind.READ_AS_CSV: N_("The file is a text table (CSV), not an Excel workbook; it was read as CSV."),
    NoticeKind.MACROS: N_("The workbook contains macros; only its values were read."),
    NoticeKind.EXTERNAL_LINKS: N_("{count} formulas point to other workbooks; their last values were used."),
    NoticeKind.OTHER_SHEETS: N_("Only the sheet “{sheet}” was read, not: {others}."),
    NoticeKind.HIDDEN_SHEETS: N_("Hidden sheets were not read: {others}."),
    NoticeKind.HIDDEN_COLUMNS: N_("{count} hidden columns were read as well: {columns}."),
    NoticeKind.HIDDEN_ROWS: N_("{count} hidden rows, the first in row {row}."),
    NoticeKind.FILTER: N_("The sheet has a filter; rows that it hides were read as well."),
    NoticeKind.ENCODING: N_("The text was read as {encoding}."),
    NoticeKind.SEPARATOR: N_("The columns are separated by {separator}."),
    NoticeKind.UNUSED_COLUMNS: N_("These columns are not used: {columns}."),
    NoticeKind.ABSENT_COLUMNS: N_("The file has no columns for: {columns}. They stay empty; check the headings."),
    NoticeKind.LEADING_ZEROS: N_(
        "{field}: {count} cells are numbers, the first at {cell}; leading zeros may be lost. Format the column as text."
    ),
}


@dataclass(frozen=True)
class Notice:
    """One remark about a file: its kind and the values of its sentence."""

    kind: NoticeKind
    values: Mapping[str, object]

    def __str__(self) -> str:
        """Give the sentence in the current language."""
        return _(NOTICES[self.kind]).format(**self.values)


def column_letters(column: int) -> str:
    """Give the letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Give the column, counted from 0, of its letters: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


@dataclass(frozen=True)
class RawCell:
    """One cell: address as Excel names it (in a CSV the number is the line), kind of value, and value."""

    address: str
    kind: str
    value: RawValue


@dataclass(frozen=True)
class RawTable:
    """A sheet or a CSV as it was found: rows from column A on, and the row or line number of each of them."""

    file_name: str
    sha256: str
    sheet: str | None
    rows: Sequence[Sequence[RawValue]]
    row_numbers: Sequence[int]
    hidden_rows: frozenset[int]
    notices: tuple[Notice, ...]
    other_sheets: tuple[str, ...] = ()
    merged: tuple[Area, ...] = ()
    original: bytes = field(default=b"", repr=False)

    def shown_from(self, column: int, *, after: int) -> dict[int, str]:
        """Say which cells of a column only show the value of another, by row index; merges up to `after` are titles."""
        found: dict[int, str] = {}
        for top, left, bottom, right in self.merged:
            if top > after and left <= column <= right and self.cell(top, left).value not in (None, ""):
                rows = range(top + (column == left), min(bottom, len(self.rows) - 1) + 1)
                found |= dict.fromkeys(rows, self.address(top, left))
        return found

    @property
    def is_csv(self) -> bool:
        """Say whether it came from a text table, whose rows may have different lengths."""
        return self.sheet is None

    def address(self, index: int, column: int) -> str:
        """Give the address of a cell: `K4`; in a CSV the number is the line where the record begins."""
        return f"{column_letters(column)}{self.row_numbers[index]}"

    def cell(self, index: int, column: int) -> RawCell:
        """Give one cell; a cell beyond the end of its row is empty."""
        row = self.rows[index]
        value = row[column] if column < len(row) else None
        kind = "empty" if value is None else type(value).__name__.lower()
        return RawCell(self.address(index, column), kind, value)
