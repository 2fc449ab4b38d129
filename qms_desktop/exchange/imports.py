"""The door of the imports: one call from a file to typed rows, faults and remarks."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, overload

from qms_desktop.exchange import headers, layouts
from qms_desktop.exchange.fields import Context, KnownCodes
from qms_desktop.exchange.layouts import RETURN_NOTICE, Kind, Layout, Row
from qms_desktop.exchange.limits import LIMITS, Limits
from qms_desktop.exchange.reader import read_table
from qms_desktop.exchange.reading import Reading, read_rows
from qms_desktop.exchange.refusals import ColumnsAsked, FileRefused
from qms_desktop.exchange.return_notice import read_notice

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from datetime import date

    from qms_desktop.exchange.raw import RawTable
    from qms_desktop.exchange.rows import ReturnNotice

LAYOUTS: dict[Kind, Layout[Any]] = {
    layout.kind: layout
    for layout in (
        layouts.CUSTOMERS,
        layouts.PRODUCTS,
        layouts.SHIPMENTS,
        layouts.LOT_GENEALOGY,
        layouts.PEOPLE,
        layouts.RATES,
        layouts.STOCK,
        layouts.SUPPLIERS,
        layouts.DEFECT_CODES,
    )
}


@overload
def read(
    kind: Layout[Row],
    path: str | os.PathLike[str],
    *,
    today: date,
    known: KnownCodes | None = None,
    day_first: bool | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    with_hidden_rows: bool = True,
    limits: Limits = LIMITS,
) -> Reading[Row]: ...


@overload
def read(
    kind: Kind | str,
    path: str | os.PathLike[str],
    *,
    today: date,
    known: KnownCodes | None = None,
    day_first: bool | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    with_hidden_rows: bool = True,
    limits: Limits = LIMITS,
) -> Reading[Any]: ...


def read(
    kind: Layout[Any] | Kind | str,
    path: str | os.PathLike[str],
    *,
    today: date,
    known: KnownCodes | None = None,
    day_first: bool | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    with_hidden_rows: bool = True,
    limits: Limits = LIMITS,
) -> Reading[Any]:
    """Read a table of one kind; a kind gives `Reading[Any]`, a layout (`layouts.SHIPMENTS`) its own typed rows.

    `known` holds the codes that exist; `day_first` answers for dates such as 03/04/2026; `columns` names columns by
    letter for fields that could not be told (`{"lot": "G"}`). Raises FileRefused for a file that cannot be read at all,
    ColumnsAsked when two columns may be meant, ValueError for a kind that does not exist.
    """
    layout = kind if isinstance(kind, Layout) else LAYOUTS.get(Kind(kind))
    context = Context(known or KnownCodes(), today, day_first)
    with _no_garbage_yet():
        table = read_headed(
            path, layout or RETURN_NOTICE, columns=columns, sheet=sheet, encoding=encoding, limits=limits
        )
        if layout is None:
            return read_notice(table, context=context, columns=columns)
        return read_rows(table, layout, context=context, columns=columns, with_hidden_rows=with_hidden_rows)


def read_headed(
    path: str | os.PathLike[str],
    layout: Layout[Any],
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> RawTable:
    """Read the sheet that has the headings of a layout: the one named, or the first such of those that can be seen.

    Raises FileRefused about the first filled sheet when none has them.
    """
    table = read_table(path, sheet=sheet, encoding=encoding, limits=limits)
    if sheet is not None or not table.other_sheets or _is_headed(table, layout, columns):
        return table
    for name in table.other_sheets:
        other = read_table(path, sheet=name, limits=limits)
        if _is_headed(other, layout, columns):
            return other
    return table


def _is_headed(table: RawTable, layout: Layout[Any], columns: Mapping[str, str] | None) -> bool:
    try:
        headers.find(table, layout, columns or {})
    except ColumnsAsked:
        return True
    except FileRefused:
        return False
    return True


@contextmanager
def _no_garbage_yet() -> Iterator[None]:
    """Do not look for garbage meanwhile: for a million new cells Python searches all of them, over and over."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_return_notice(
    path: str | os.PathLike[str],
    *,
    today: date,
    known: KnownCodes | None = None,
    day_first: bool | None = None,
    columns: Mapping[str, str] | None = None,
) -> Reading[ReturnNotice]:
    """Read a customer's return notice; `rows` holds the one notice when every cell of it is right."""
    context = Context(known or KnownCodes(), today, day_first)
    return read_notice(read_headed(path, RETURN_NOTICE, columns=columns), context=context, columns=columns)
