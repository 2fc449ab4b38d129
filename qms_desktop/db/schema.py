"""From the tables and guards to the statements of both databases: tables, indexes, triggers, functions.

The statements for tables are frozen into numbered files (db/migrations); the fence of guards, audit, numbers and rights
is put up anew at every upgrade, in the same transaction (database.md §4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import SQL, BooleanField, ForeignKeyField

from qms_desktop.db import audit, belonging, guards, numbers, postgresql_functions, tables
from qms_desktop.db.connection import Server, SqliteFile
from qms_desktop.db.record import ChoiceField, Event, _database
from qms_desktop.db.sqlite_functions import OWNER, Identity
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peewee import Database, Field

    from qms_desktop.db.record import Record

NEVER_DELETED = guards.Kept(
    name="never_deleted",
    table="*",
    tables=(
        *(model._meta.table_name for model in tables.MODELS if not tables.is_machinery(model)),
        *("audit_entry", "request", "schema_file", "database_kind", "number_counter", "person_secret"),
    ),
    on="DELETE",
    message=N_("What was recorded is never deleted. Record a correction with its reason."),
    attacked_by="test_nothing_is_deleted_or_truncated",
)
FENCE_IS_THE_PROGRAMS = guards.ProgramsOwn(
    name="fence_is_the_programs",
    table="*",
    tables=(*(model._meta.table_name for model in tables.MODELS if tables.is_machinery(model)), guards.MARK),
    message=N_("The tables of the fence are written by the program alone."),
    attacked_by="test_another_tool_writes_no_table_of_the_file",
)
EVENTS_NEVER_CHANGE = guards.Kept(
    name="events_never_change",
    table="*",
    tables=(
        *(
            model._meta.table_name
            for model in tables.MODELS
            if tables.is_event(model) and not tables.is_machinery(model)
        ),
        *("audit_entry", "request", "schema_file"),
    ),
    on="UPDATE",
    message=N_("What happened is never changed. Record a correction with its reason."),
    attacked_by="test_an_event_is_never_changed",
)


def _server_columns(model: type[Record]) -> tuple[str, ...]:
    own = tuple(getattr(model._meta, "server_columns", ()))
    return (*("created_by", "created_at"), *own) if issubclass(model, Event) else own


SERVER_COLUMNS_ARE_FILLED = guards.ServerColumns(
    name="server_columns_are_filled",
    table="*",
    columns={model._meta.table_name: columns for model in tables.MODELS if (columns := _server_columns(model))},
    message=N_("Who, when, numbers and totals are written by the database alone."),
    attacked_by="test_who_when_numbers_and_totals_are_the_databases",
)


def blank_server() -> Server:
    """Give a PostgreSQL dialect without a connection, for writing statements."""
    return Server("postgresql:///", "", "")


def blank_file() -> SqliteFile:
    """Give a SQLite dialect without a connection, for writing statements."""
    return SqliteFile(":memory:", Identity(OWNER))


def quoted(name: str) -> str:
    """Give a name as both databases take it, whatever it is made of."""
    return '"' + name.replace('"', '""') + '"'


def table_statements(dialect: Database) -> list[str]:
    """Give the CREATE TABLE and CREATE INDEX statements of all tables."""
    token = _database.set(dialect)
    try:
        return [statement for model in tables.MODELS for statement in _statements_of(model, dialect)]
    finally:
        _database.reset(token)


def _statements_of(model: type[Record], dialect: Database) -> Iterator[str]:
    meta = model._meta
    schema: Any = model._schema  # type: ignore[attr-defined]  # noqa: SLF001
    kept = meta.constraints, meta.strict_tables
    defaults = {field: said for field in meta.sorted_fields if (said := _default_of(field, dialect))}
    links = tuple(_links_held_elsewhere(model)) if isinstance(dialect, Server) else ()
    for field, said in defaults.items():
        field.constraints = [SQL(said)]
    for link in links:
        link.deferred = True
    meta.constraints = [SQL(clause) for clause in _clauses(model, dialect)]
    meta.strict_tables = isinstance(dialect, SqliteFile)
    try:
        yield schema._create_table(safe=False).query()[0]  # noqa: SLF001 - peewee has no public call for the text
    finally:
        meta.constraints, meta.strict_tables = kept
        for field in defaults:
            field.constraints = None
        for link in links:
            link.deferred = False
    for index in schema._create_indexes(safe=False):  # noqa: SLF001
        yield index.query()[0]


def _links_held_elsewhere(model: type[Record]) -> Iterator[ForeignKeyField]:
    """Give the links that SAME_CASE holds, and with them the one to the case: a record of the case stands for it."""
    links = tables.links_within_case(model)
    yield from links
    if any(not link.null for link in links):
        yield model._meta.columns["case_id"]


def _default_of(field: Field, dialect: Database) -> str:
    """Give the DEFAULT of a column whose default is a plain value, so that a plain connection gets it too."""
    value = field.default
    if field.constraints or value is None or callable(value):
        return ""
    if isinstance(value, bool):
        return f"DEFAULT {value}" if isinstance(dialect, Server) else f"DEFAULT {int(value)}"
    return f"DEFAULT {value}" if isinstance(value, int) else f"DEFAULT '{value}'"


def _clauses(model: type[Record], dialect: Database) -> Iterator[str]:
    table = model._meta.table_name
    for field in model._meta.sorted_fields:
        column = field.column_name
        if isinstance(field, ChoiceField):
            words = ", ".join(f"'{word}'" for word in field.choice)
            yield f"CONSTRAINT {table}_{column}_is_known CHECK ({column} IN ({words}))"
        elif isinstance(field, BooleanField) and isinstance(dialect, SqliteFile):
            yield f"CONSTRAINT {table}_{column}_is_yes_or_no CHECK ({column} IN (0, 1))"
    yield from guards.checks_of(table)
    if isinstance(dialect, Server):
        yield from belonging.SAME_CASE.clauses(table)


def fence_statements(dialect: Database) -> list[str]:
    """Give the statements that put up functions, guards, audit and numbers; they may run again and again."""
    server = isinstance(dialect, Server)
    statements = list(postgresql_functions.statements()) if server else [guards.MARK_TABLE]
    for guard in guards.catalogue():
        statements += guard.postgresql() if server else guard.sqlite()
    statements += numbers.statements(server=server)
    statements += audit.statements(server=server)
    return statements
