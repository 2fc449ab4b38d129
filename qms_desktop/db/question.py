"""Questions that a verb asks every time it is called: their text is written once for each database.

peewee writes the text of a query anew each time, which took longer than the answer.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peewee import Alias, Field, Value

from qms_desktop.db.record import database

if TYPE_CHECKING:
    from collections.abc import Callable

    from peewee import ModelSelect


@dataclass(frozen=True)
class Asked:
    """The place in a query where a value stands that differs each time."""

    name: str


def asked(name: str) -> Value:
    """Mark such a place; the value is given as the database keeps it."""
    return Value(Asked(name), converter=False)


class Question:
    """A query with marked places, whose columns are fields, or fields under an alias."""

    def __init__(self, query: Callable[[], ModelSelect[Any]]) -> None:
        self.query = query
        self._written: dict[str, _Written] = {}

    def first(self, **values: object) -> Any:  # noqa: ANN401 - a named tuple of the query's columns, or None
        """Ask, and give the first row by the names of its columns; None when there is none."""
        mark = database().param
        if mark not in self._written:
            self._written[mark] = _written(self.query().limit(1))
        written = self._written[mark]
        told = [values[place.name] if isinstance(place, Asked) else place for place in written.places]
        row = database().execute_sql(written.text, told).fetchone()
        return None if row is None else written.row(*(to(value) for to, value in zip(written.to, row, strict=True)))


@dataclass(frozen=True)
class _Written:
    text: str
    places: list[object]
    row: type[Any]
    to: tuple[Callable[[Any], Any], ...]


def _written(query: ModelSelect[Any]) -> _Written:
    text, places = query.sql()
    columns: list[Field | Alias] = query._returning  # type: ignore[attr-defined]  # noqa: SLF001 - the stubs leave it out
    fields: list[Field] = [column.unwrap() for column in columns]
    names = [column.name for column in columns]
    return _Written(text, places, namedtuple("Row", names), tuple(field.python_value for field in fields))  # noqa: PYI024 - named by the query
