"""Find the row of headings under titles, and which column is which field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.exchange import texts
from qms_desktop.exchange.raw import RawTable, RawValue, column_letters, column_number
from qms_desktop.exchange.refusals import ColumnsAsked, FileRefused, Refusal
from qms_desktop.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qms_desktop.exchange.layouts import Column, Layout, Row

_SEARCHED_ROWS = 40
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Header:
    """The row of headings: its index, the column of each field, and the headings that nobody asked for."""

    index: int
    columns: Mapping[str, int]
    unused: tuple[str, ...]
    width: int


def find(table: RawTable, layout: Layout[Row], chosen: Mapping[str, str]) -> Header:
    """Find the headings of a layout; `chosen` names columns by letter for fields that were asked.

    Raises FileRefused when no row looks like headings or a required column is missing, ColumnsAsked when two columns
    may be meant.
    """
    best, most = -1, 0
    for index in range(min(_SEARCHED_ROWS, len(table.rows))):
        matched = sum(1 for column in layout.columns if _places(table.rows[index], column))
        if matched > most:
            best, most = index, matched
    required = [column for column in layout.columns if column.is_required and column.name not in chosen]
    if most < max(1, len(required) * _LEAST_SHARE):
        expected = ", ".join(column.headings[0] for column in required or layout.columns)
        raise FileRefused(Refusal.NO_HEADER, file=table.file_name, expected=expected)
    return _header(table, layout, chosen, best)


def _header(table: RawTable, layout: Layout[Row], chosen: Mapping[str, str], index: int) -> Header:
    found = table.rows[index]
    columns: dict[str, int] = {}
    missing: list[str] = []
    for column in layout.columns:
        place = _place(table, index, column, chosen)
        if place is not None:
            columns[column.name] = place
        elif column.is_required:
            missing.append(column.headings[0])
    if missing:
        raise FileRefused(
            Refusal.COLUMNS_MISSING, file=table.file_name, row=table.row_numbers[index], missing=", ".join(missing)
        )
    used = set(columns.values())
    unused = tuple(
        texts.trimmed(value)
        for place, value in enumerate(found)
        if place not in used and isinstance(value, str) and texts.trimmed(value)
    )
    width = max((place + 1 for place, value in enumerate(found) if value is not None and value != ""), default=0)
    return Header(index, columns, unused, width)


def _places(row: Sequence[RawValue], column: Column) -> list[int]:
    """Give the columns whose heading is a name of the field; an earlier name in the list wins over a later one."""
    headings = [texts.heading(value) if isinstance(value, str) else "" for value in row]
    for name in column.headings:
        places = [place for place, heading in enumerate(headings) if heading == texts.heading(name)]
        if places:
            return places
    return []


def _place(table: RawTable, index: int, column: Column, chosen: Mapping[str, str]) -> int | None:
    if column.name in chosen:
        letters = chosen[column.name]
        place = column_number(letters) if letters.isascii() and letters.isalpha() else -1
        if not 0 <= place < len(table.rows[index]):
            raise FileRefused(Refusal.NO_SUCH_COLUMN, file=table.file_name, column=letters, heading=_(column.label))
        return place
    places = _places(table.rows[index], column)
    if len(places) > 1:
        raise ColumnsAsked(
            column_name=column.name,
            letters=tuple(column_letters(place) for place in places),
            file=table.file_name,
            row=table.row_numbers[index],
            heading=_(column.label),
        )
    return places[0] if places else None
