"""Find the row of headings under titles, and which column is which field."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
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
_MARKS = re.compile(r"[\s.:：*#_]+")
_BRACKETS = re.compile(r"[(\[【](.*?)[)\]】]", re.DOTALL)
# What may stand in brackets without changing the meaning. A heading that says boxes, thousands or without tax is not
# the column that we look for.
_UNITS = "支 只 件 个 個 条 條 根 pcs pc pieces ea 元 人民币 rmb cny 含税 含稅 元含税 含税元 月 小时 kg 必填 可选"
_HARMLESS = frozenset(_UNITS.split())
# Two languages in one heading: 客户编号 Customer No., or divided by a slash or a line break.
_PARTS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9][a-z0-9 .\-]*")


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
        row = _Headings(table.rows[index], layout)
        matched = sum(1 for column in layout.columns if row.places(column))
        if matched > most:
            best, most = index, matched
    required = [column for column in layout.columns if column.is_required and column.name not in chosen]
    if most < max(1, len(required) * _LEAST_SHARE):
        expected = ", ".join(column.headings[0] for column in required or layout.columns)
        raise FileRefused(Refusal.NO_HEADER, file=table.file_name, expected=expected)
    return _header(table, layout, chosen, best)


def _header(table: RawTable, layout: Layout[Row], chosen: Mapping[str, str], index: int) -> Header:
    found = table.rows[index]
    headings = _Headings(found, layout)
    columns: dict[str, int] = {}
    missing: list[str] = []
    for column in layout.columns:
        place = _place(table, index, column, chosen, headings)
        if place is not None and place not in columns.values():
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


@lru_cache(maxsize=1024)
def _bare(text: str) -> str:
    """Give a heading as it is compared: one width, lower case, without spaces, dots and marks."""
    return _MARKS.sub("", texts.heading(text))


@lru_cache(maxsize=1024)
def _plainer(text: str) -> frozenset[str]:
    """Give what else a heading says: itself without harmless brackets, and each of its two languages."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    bracketed = [_bare(inside) for inside in _BRACKETS.findall(plain)]
    outside = _BRACKETS.sub(" ", plain)
    spoken = [_bare(part) for part in _PARTS.findall(outside)]
    foreign = [inside for inside in bracketed if inside not in _HARMLESS]
    if len(foreign) > 1 or (foreign and not foreign[0].isascii() and not _bare(outside).isascii()):
        return frozenset()
    if foreign:
        # A bracket in the other language is its translation: whether it is one, its own name tells.
        return frozenset((foreign[0],))
    return frozenset((_bare(outside), *spoken))


class _Headings:
    """The headings of one row, and which of them are exactly a name of some column."""

    def __init__(self, row: Sequence[RawValue], layout: Layout[Row]) -> None:
        names = {_bare(name) for column in layout.columns for name in column.headings}
        self._texts = [value if isinstance(value, str) else "" for value in row]
        self._exact = [_bare(text) for text in self._texts]
        self._more = [
            frozenset[str]() if exact in names else _plainer(text)
            for text, exact in zip(self._texts, self._exact, strict=True)
        ]

    def places(self, column: Column) -> list[int]:
        """Give the places that are headed by a name of the column; an earlier name in its list wins over a later."""
        names = [_bare(name) for name in column.headings]
        for name in names:
            if places := [place for place, exact in enumerate(self._exact) if exact == name]:
                return places
        for name in names:
            if places := [place for place, more in enumerate(self._more) if name in more]:
                return places
        return []


def _place(table: RawTable, index: int, column: Column, chosen: Mapping[str, str], headings: _Headings) -> int | None:
    if column.name in chosen:
        letters = chosen[column.name]
        place = column_number(letters) if letters.isascii() and letters.isalpha() else -1
        if not 0 <= place < len(table.rows[index]):
            raise FileRefused(Refusal.NO_SUCH_COLUMN, file=table.file_name, column=letters, heading=_(column.label))
        return place
    places = headings.places(column)
    if len(places) > 1:
        raise ColumnsAsked(
            column_name=column.name,
            letters=tuple(column_letters(place) for place in places),
            file=table.file_name,
            row=table.row_numbers[index],
            heading=_(column.label),
        )
    return places[0] if places else None
