"""Many rows at once: COPY on the server, wide statements in a file; guards, rights and triggers hold as for one row.

peewee's `insert_many` builds every statement anew and took four times as long for the lines of a year (200,000).
"""

from __future__ import annotations

import gc
from collections import namedtuple
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from peewee import BooleanField, Field, ForeignKeyField, __exception_wrapper__  # type: ignore[attr-defined]

from qms_desktop.db.record import database, on_postgresql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from peewee import Node

    from qms_desktop.db.record import Record

V = TypeVar("V")

# The most values that SQLite takes in one statement by default.
MOST_VALUES = 32_000
# One COPY is one statement, and a statement has a minute on the server.
ROWS_A_COPY = 20_000
# A look-up is quickest when its list of keys has a moderate length.
MOST_KEYS = 2_000


def insert_rows(model: type[Record], names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert rows, given as values in the order of the named fields, in the caller's transaction; give their number.

    The rows get rising ids in their order.
    """
    fields = [model._meta.fields[name] for name in names]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    head = f'"{model._meta.table_name}" ({columns})'
    converters = [field.db_value for field in fields]
    converted = ([convert(value) for convert, value in zip(converters, row, strict=True)] for row in rows)
    return _copy(head, converted) if on_postgresql() else _insert(head, converted, len(fields))


def _copy(head: str, rows: Iterable[Sequence[object]]) -> int:
    counted = 0
    for chunk in chunks(rows, ROWS_A_COPY):
        # So that a guard that stops a row is recognised as in any other statement.
        with __exception_wrapper__, database().cursor() as cursor, cursor.copy(f"COPY {head} FROM STDIN") as copy:
            for row in chunk:
                copy.write_row(row)
        counted += len(chunk)
    return counted


def _insert(head: str, rows: Iterable[Sequence[object]], width: int) -> int:
    counted = 0
    one = f"({', '.join('?' * width)})"
    for chunk in chunks(rows, MOST_VALUES // width):
        values = [value for row in chunk for value in row]
        database().execute_sql(f"INSERT INTO {head} VALUES {', '.join([one] * len(chunk))}", values)
        counted += len(chunk)
    return counted


def tuples(query: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - peewee's stubs give a query's rows as its model
    """Give the rows of a query as plain tuples: values of fields, and numbers and texts that the database worked out.

    A column is converted as a whole, and only if its kind asks for it: peewee took most of the time of a list for that.
    """
    found = database().execute_sql(*query.sql()).fetchall()
    converters = [_converter_of(column) for column in query.selected_columns]
    columns = (
        map(to, column) if to else column for to, column in zip(converters, zip(*found, strict=True), strict=False)
    )
    return list(zip(*columns, strict=True))


def rows(query: Any) -> list[Any]:  # noqa: ANN401 - peewee's stubs give a query's rows as its model
    """Give the rows of a query, as `tuples` does, with the names of their fields; a link is the other row's id."""
    made = namedtuple("Row", [column.name for column in query.selected_columns])  # type: ignore[misc]  # noqa: PYI024 - named by the query
    return list(map(made._make, tuples(query)))


def _converter_of(column: Node) -> Callable[[Any], Any] | None:
    """Give what makes a column's value that of its field; whole numbers and texts come as they are."""
    field = column.unwrap()
    if not isinstance(field, Field):
        return None
    is_plain = type(field).python_value in (Field.python_value, ForeignKeyField.python_value)
    return None if is_plain and not isinstance(field, BooleanField) else field.python_value


def chunks(values: Iterable[V], size: int) -> Iterator[list[V]]:
    """Give values in lists of at most `size`."""
    left = iter(values)
    while chunk := list(islice(left, size)):
        yield chunk


def key_chunks(keys: Iterable[V]) -> Iterator[list[V]]:
    """Give different keys in lists that one look-up takes, in the order in which they came."""
    return chunks(dict.fromkeys(keys), MOST_KEYS)


def expect_long_work() -> None:
    """Let this transaction pause longer between statements than a clerk's may: many rows are compared in between."""
    if on_postgresql():
        database().execute_sql("SELECT set_config('idle_in_transaction_session_timeout', '120s', true)")


@contextmanager
def collected_later() -> Iterator[None]:
    """Look for no garbage meanwhile: among ten thousand new rows there is none, and looking took a sixth of a trace."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
