"""What exactly a signature covers: one list a kind of record, and one canonical text made from it (database.md §2).

The text is the same on both databases: every value as text, missing values marked, separators escaped, child rows in
the order of their ids. Its SHA-256 is what is signed; a signature is valid while the content still has that hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db.record import BooleanField, MomentField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peewee import Field

    from qms_desktop.db.record import Record

_signables: dict[str, Signable] = {}


@dataclass(frozen=True)
class Part:
    """Child rows that belong to the signed content: their table, the column that points to the record, the columns."""

    table: str
    link: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Signable:
    """A kind of record that can be signed, in which meanings by which permission, and what the signature covers."""

    kind: str
    table: str
    meanings: Mapping[str, str]
    columns: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        """Enter it into the list."""
        _signables[self.kind] = self


def signables() -> tuple[Signable, ...]:
    """Give every kind of record that can be signed."""
    return tuple(_signables.values())


def content_query(signable: Signable, models: Mapping[str, type[Record]], *, server: bool) -> str:
    """Give the SELECT that yields the canonical text of one record, with `:id` standing for its id."""
    main = _line(signable.table, signable.columns, models[signable.table], server=server)
    pieces = [f"(SELECT {main} FROM {signable.table} WHERE id = :id)"]
    for part in signable.parts:
        line = _line(part.table, part.columns, models[part.table], server=server)
        rows = f"SELECT id, {line} AS line FROM {part.table} WHERE {part.link} = :id ORDER BY id"
        joined = "string_agg(line, chr(10) ORDER BY id)" if server else "group_concat(line, char(10))"
        pieces.append(f"coalesce((SELECT {joined} FROM ({rows}) AS rows), '')")
    newline = "chr(10)" if server else "char(10)"
    return f"SELECT {f' || {newline} || '.join(pieces)}"


def _line(table: str, columns: tuple[str, ...], model: type[Record], *, server: bool) -> str:
    fields = {field.column_name: field for field in model._meta.sorted_fields}
    shown = [_text(column, fields[column], server=server) for column in columns]
    return f"'{table}|' || " + " || '|' || ".join(shown)


def _text(column: str, field: Field, *, server: bool) -> str:
    if isinstance(field, MomentField) and server:
        value = f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')"
    elif isinstance(field, BooleanField):
        value = f"CASE WHEN {column} THEN 'yes' ELSE 'no' END"
    else:
        value = f"CAST({column} AS TEXT)"
    escaped = f"replace(replace({value}, '~', '~t'), '|', '~p')"
    newline = "chr(10)" if server else "char(10)"
    return f"coalesce(replace({escaped}, {newline}, '~n'), '~0')"
