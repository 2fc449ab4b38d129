"""What every table has in common: the current database, the base record, and the kinds of columns.

Money is an integer of 1/10,000 of the currency unit in the database and a `Decimal` in Python; a moment is timestamptz
or UTC text in the database and an aware UTC `datetime` in Python (database.md §2).
"""

from __future__ import annotations

import json
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar
from uuid import UUID

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    Database,
    DatabaseProxy,
    Expression,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    Node,
    TextField,
    Value,
    fn,
)

from qms_desktop.errors import ChangedMeanwhile, NotFound
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

E = TypeVar("E", bound=StrEnum)
R = TypeVar("R", bound="Record")
V = TypeVar("V", bound="Versioned")

_database: ContextVar[Database | None] = ContextVar("database", default=None)

MONEY_UNITS = 10_000
UNKNOWN_RECORD = N_("This record does not exist any more, or you may not see it. Reload the page.")
CHANGED_MEANWHILE = N_(
    "Somebody else changed this record while it was open here. Reload it and enter your change again."
)


class CurrentDatabase(DatabaseProxy):
    """Stands for the database that this thread works in now; `Store.use` sets it."""

    @property
    def obj(self) -> Database | None:
        """Give the database in use here, None outside `Store.use`."""
        return _database.get()

    @obj.setter
    def obj(self, _value: object) -> None:
        """Ignore peewee's initialisation: there is no database for all threads."""


current = CurrentDatabase()


def database() -> Database:
    """Give the database in use here; asking outside of a verb or reading is a fault of the program."""
    found = _database.get()
    if found is None:
        message = "no database is in use: call a verb or a reading"
        raise RuntimeError(message)
    return found


def on_postgresql() -> bool:
    """Tell whether the database in use is the shared server and not a file."""
    return database().param == "%s"


class MomentField(Field):
    """A moment in time: aware, in UTC, to the microsecond."""

    field_type = "MOMENT"

    def db_value(self, value: datetime | None) -> datetime | str | None:
        """Give the database's form; a naive moment is a fault of the program."""
        if value is None or isinstance(value, str):
            return value
        if value.tzinfo is None:
            message = f"{self.name}: a moment needs a time zone"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc if on_postgresql() else moment_text(utc)

    def python_value(self, value: datetime | str | None) -> datetime | None:
        """Give the moment in UTC."""
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return None if value is None else value.astimezone(UTC)


def moment_text(moment: datetime) -> str:
    """Give a moment as SQLite keeps it: UTC, always with six digits of a second, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")


class DayField(Field):
    """A day of the calendar."""

    field_type = "DAY"

    def db_value(self, value: date | None) -> date | str | None:
        """Give the database's form."""
        if value is None or isinstance(value, str) or on_postgresql():
            return value
        return value.isoformat()

    def python_value(self, value: date | str | None) -> date | None:
        """Give the day."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class MoneyField(BigIntegerField):
    """An amount of money in its currency's unit, exact to 1/10,000."""

    def db_value(self, value: Decimal | int | None) -> int | None:
        """Give the amount in 1/10,000 units, rounded half up."""
        if value is None:
            return None
        if isinstance(value, float):
            message = f"{self.name}: money is never a float"
            raise TypeError(message)
        return int((Decimal(value) * MONEY_UNITS).quantize(Decimal(1), ROUND_HALF_UP))

    def python_value(self, value: int | None) -> Decimal | None:
        """Give the amount as a Decimal with four places."""
        return None if value is None else Decimal(value) / MONEY_UNITS


class BytesField(Field):
    """A file or a part of one; it is read only where it is asked for by name."""

    field_type = "BLOB"

    def db_value(self, value: bytes | None) -> bytes | None:
        """Give the bytes as they are."""
        return value

    def python_value(self, value: bytes | None) -> bytes | None:
        """Give the bytes as they are."""
        return value


class ChoiceField(TextField, Generic[E]):
    """One of the words of an enumeration, held by a CHECK."""

    def __init__(self, choice: type[E], **kwargs: Any) -> None:  # noqa: ANN401 - peewee's own options
        super().__init__(**kwargs)
        self.choice = choice

    def db_value(self, value: E | str | None) -> str | None:
        """Give the word."""
        return None if value is None else str(self.choice(value))

    def python_value(self, value: str | None) -> E | None:
        """Give the member."""
        return None if value is None else self.choice(value)


def said_by_server(expression: str) -> list[Node]:
    """Make a column that the database fills by itself; nobody who works may write it."""
    return [SQL(f"DEFAULT ({expression})")]


class NumberField(TextField):
    """A number that the database gives: empty for a moment inside the insert of a SQLite file, and never after."""

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type | None = None) -> Any: ...  # noqa: ANN401

    def __init__(self) -> None:
        super().__init__(null=True)


class SerialField(IntegerField):
    """A serial that the database gives, as `NumberField` is a number."""

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type | None = None) -> Any: ...  # noqa: ANN401

    def __init__(self) -> None:
        super().__init__(null=True)


class SaltField(TextField):
    """Chance beside a signed amount: whoever may not see the amount cannot find it by trying until the hash agrees."""

    def __init__(self) -> None:
        super().__init__(constraints=said_by_server("qms_salt()"))


class KeyField(Field):
    """A UUID that makes a retry recognisable."""

    field_type = "UUID"

    def db_value(self, value: UUID | str | None) -> str | None:
        """Give the canonical text."""
        return None if value is None else str(value)

    def python_value(self, value: UUID | str | None) -> UUID | None:
        """Give the UUID."""
        return value if value is None or isinstance(value, UUID) else UUID(value)


def _insert_text(table: str, columns: list[str], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(mark for _column in columns)})"


def _select_text(table: str, columns: list[str], mark: str) -> str:
    return f'SELECT {", ".join(columns)} FROM {table} WHERE "id" = {mark}'


def _change_text(table: str, columns: list[str], mark: str) -> str:
    changed = ", ".join(f"{column} = {mark}" for column in columns)
    return f'UPDATE {table} SET {changed} WHERE "id" = {mark} AND "version" = {mark}'


# Given by the database as a row is inserted, so that whoever inserts it wants to know them.
NUMBERED = (NumberField, SerialField)

# peewee writes the text of a statement anew each time, which took more than half of a booking. The statements that
# every verb needs (read by id, insert, save with version) are written once a model, columns and database.
_texts: dict[tuple[object, ...], str] = {}


def _text_of(kind: str, model: type[Model], names: tuple[str, ...], write: Callable[[str, list[str], str], str]) -> str:
    """Give a statement's text by its kind, model and fields; `write` gets the table, the columns and the mark."""
    mark = database().param
    key = (kind, model, names, mark)
    if key not in _texts:
        columns = [f'"{model._meta.fields[name].column_name}"' for name in names]
        _texts[key] = write(f'"{model._meta.table_name}"', columns, mark)
    return _texts[key]


def _insert(model: type[Model], text: str, values: list[object], said: tuple[str, ...]) -> Sequence[object]:
    """Insert a row and give its columns `said`; a file's triggers number it only after RETURNING would have told."""
    answer = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in said)
    if on_postgresql():
        row: Sequence[object] = database().execute_sql(f"{text} RETURNING {answer}", values).fetchone()
        return row
    row_id = database().execute_sql(text, values).lastrowid
    if said == ("id",):
        return (row_id,)
    numbered: Sequence[object] = (
        database().execute_sql(_text_of("select", model, said, _select_text), (row_id,)).fetchone()
    )
    return numbered


def _values_for(model: type[Model], names: Iterable[str], values: Mapping[str, object]) -> list[object]:
    return [model._meta.fields[name].db_value(values[name]) for name in names]


def _is_plain(values: Iterable[object]) -> bool:
    return not any(isinstance(value, Node) for value in values)


class Record(Model):
    """A row that is kept for ever."""

    id = BigAutoField()

    @classmethod
    def create(cls, **values: Any) -> Self:  # noqa: ANN401 - peewee's own signature
        """Insert a row and give it with its id and its number; what else the database fills in is read by `take`."""
        record: Self = cls(**values)
        # peewee keeps a model's values in `__data__`, by field name; a foreign key's is the other row's id.
        given: dict[str, object] = record.__data__
        if "id" in given or not given or not _is_plain(given.values()):
            record.save(force_insert=True)
            return record
        names = tuple(given)
        text = _text_of("insert", cls, names, _insert_text)
        said = ("id", *(field.name for field in cls._meta.sorted_fields if isinstance(field, NUMBERED)))
        record.__data__.update(zip(said, _insert(cls, text, _values_for(cls, names, given), said), strict=True))
        record._dirty.clear()
        return record

    class Meta:
        database = current
        legacy_table_names = False
        only_save_dirty = True
        strict_tables = True

    if TYPE_CHECKING:
        # peewee puts `case_id` beside `case`, and columns of a join beside the record's own; its stubs do not know.
        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401


class Event(Record):
    """A row that is inserted once and never changed: who and when come from the database, never from the client."""

    created_by = TextField(constraints=said_by_server("qms_user()"))
    created_at = MomentField(constraints=said_by_server("qms_now()"))


class Versioned(Event):
    """A row that several people may change: `version` tells the second one that the first was faster."""

    version = IntegerField(default=1)


def now() -> datetime:
    """Give the database's own clock: no record carries the clock of a PC."""
    told = database().execute_sql("SELECT qms_now()").fetchone()[0]
    return datetime.fromisoformat(told) if isinstance(told, str) else told.astimezone(UTC)


def take(model: type[R], record_id: int) -> R:
    """Read one record; raises NotFound."""
    names = tuple(field.name for field in model._meta.sorted_fields)
    row = database().execute_sql(_text_of("select", model, names, _select_text), (record_id,)).fetchone()
    return _record_of(model, row)


def lock(model: type[R], record_id: int) -> R:
    """Take a record for this transaction, so that what is read now is still true when it is booked.

    On SQLite the whole file is taken already (BEGIN IMMEDIATE). A server lets only those lock who write the record or
    what links to it (db/tables.py `lockers_of`). Raises NotFound.
    """
    if not on_postgresql():
        return take(model, record_id)
    row = database().execute_sql("SELECT qms_lock(%s, %s)", (model._meta.table_name, record_id)).fetchone()[0]
    return _record_of(model, row and [row[field.column_name] for field in model._meta.sorted_fields])


def _record_of(model: type[R], row: Sequence[object] | None) -> R:
    """Make a record of the values of its columns, in the order of the model's fields."""
    if row is None:
        raise NotFound(UNKNOWN_RECORD)
    found = model(__no_default__=True)
    fields = model._meta.sorted_fields
    found.__data__.update((field.name, field.python_value(value)) for field, value in zip(fields, row, strict=True))
    return found


def change(record: V, **values: object) -> None:
    """Save values on a record that was read earlier; raises ChangedMeanwhile when somebody else saved it since."""
    model = type(record)
    saved = {**values, "version": record.version + 1}
    if _is_plain(saved.values()) and all(name in model._meta.fields for name in saved):
        text = _text_of("change", model, tuple(saved), _change_text)
        told = [*_values_for(model, saved, saved), record.id, record.version]
        changed = database().execute_sql(text, told).rowcount
    else:
        changed = model.update(**saved).where((model.id == record.id) & (model.version == record.version)).execute()
    if not changed:
        raise ChangedMeanwhile(CHANGED_MEANWHILE)
    record.version += 1
    for name, value in values.items():
        setattr(record, name, value)


def among(field: Field, keys: Iterable[int]) -> Expression:
    """Tell whether a key is one of many, which go over as one value: no database takes each as a value of its own."""
    if on_postgresql():
        found: Expression = field == fn.ANY(Value(list(keys), unpack=False))
        return found
    return field.in_(SQL("(SELECT value FROM json_each(?))", (json.dumps(list(keys)),)))


def all_models(base: type[Record] = Record) -> Iterable[type[Record]]:
    """Give every table's model that has been imported."""
    for child in base.__subclasses__():
        if child not in (Event, Versioned):
            yield child
        yield from all_models(child)


__all__ = [
    "BigIntegerField",
    "BooleanField",
    "BytesField",
    "ChoiceField",
    "DayField",
    "Event",
    "ForeignKeyField",
    "IntegerField",
    "KeyField",
    "MomentField",
    "MoneyField",
    "NumberField",
    "Record",
    "SaltField",
    "SerialField",
    "TextField",
    "Versioned",
    "all_models",
    "among",
    "change",
    "current",
    "database",
    "lock",
    "now",
    "on_postgresql",
    "said_by_server",
    "take",
]
