"""Many rows at once: values through their columns' own forms, as few statements as both databases take.

peewee's `insert_many` builds every statement anew and took five times as long for the lines of a year (200,000).
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from qms_desktop.db.record import database, on_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qms_desktop.db.record import Record

# The most that SQLite takes in one statement by default; PostgreSQL takes twice as many.
MOST_VALUES = 32_000
# Looking up is quickest when the server plans a list of moderate length.
MOST_KEYS = 2_000


def insert_rows(model: type[Record], names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert rows, given as values in the order of the named fields, in the caller's transaction; give their number."""
    fields = [model._meta.fields[name] for name in names]
    converters = [field.db_value for field in fields]
    mark = "%s" if on_postgresql() else "?"
    one = f"({', '.join([mark] * len(fields))})"
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    head = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES '
    counted = 0
    for chunk in chunks(rows, MOST_VALUES // len(fields)):
        values = [convert(value) for row in chunk for convert, value in zip(converters, row, strict=True)]
        database().execute_sql(head + ", ".join([one] * len(chunk)), values)
        counted += len(chunk)
    return counted


def chunks(values: Iterable[Sequence[object]], size: int) -> Iterator[list[Sequence[object]]]:
    """Give values in lists of at most `size`."""
    left = iter(values)
    while chunk := list(islice(left, size)):
        yield chunk


def key_chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    """Give different keys in lists that one look-up takes, in a steady order."""
    ordered = sorted(set(keys))
    for begin in range(0, len(ordered), MOST_KEYS):
        yield ordered[begin : begin + MOST_KEYS]
