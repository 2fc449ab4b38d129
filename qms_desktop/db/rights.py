"""A right on a table, as a step declares it; db/grants.py turns rights into GRANTs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db.record import Event, ForeignKeyField, Versioned

if TYPE_CHECKING:
    from qms_desktop.db.record import Record

# Filled by the database alone; nobody is granted these columns (database.md §1).
SERVER_COLUMNS = frozenset({"id", "created_by", "created_at"})


@dataclass(frozen=True)
class Right:
    """INSERT or UPDATE of columns of a table, EXECUTE of a function, or LOCK of a table's rows (qms_lock)."""

    privilege: str
    subject: str
    columns: tuple[str, ...] = ()


def _writable(model: type[Record]) -> tuple[str, ...]:
    forbidden = SERVER_COLUMNS | frozenset(getattr(model._meta, "server_columns", ()))
    return tuple(sorted(f.column_name for f in model._meta.sorted_fields if f.column_name not in forbidden))


def insert(model: type[Record], *columns: str) -> Right:
    """Allow rows to be added, with all columns that the database does not fill, or only with those named."""
    return Right("INSERT", model._meta.table_name, tuple(sorted(columns)) or _writable(model))


def _lasting(model: type[Record]) -> frozenset[str]:
    """Give the columns by which a row belongs to its case: it keeps them, whoever writes it."""
    across = getattr(model._meta, "across_cases", ())
    links = (f for f in model._meta.sorted_fields if isinstance(f, ForeignKeyField) and f.name not in across)
    return frozenset({"case_id", *(f.column_name for f in links if "case_id" in f.rel_model._meta.columns)})


def update(model: type[Record], *columns: str) -> Right:
    """Allow columns to be changed: all but those that the database fills or that last, or only those named.

    On an event this is a fault of the program.
    """
    if issubclass(model, Event) and not issubclass(model, Versioned):
        message = f"{model.__name__} is an event: it is never changed"
        raise TypeError(message)
    writable = tuple(column for column in _writable(model) if column not in _lasting(model))
    return Right("UPDATE", model._meta.table_name, tuple(sorted(columns)) or writable)


def execute(signature: str) -> Right:
    """Allow a function to be called."""
    return Right("EXECUTE", signature)


def takes(model: type[Record]) -> Right:
    """Allow rows to be locked that are neither written nor linked to."""
    return Right("LOCK", model._meta.table_name)
