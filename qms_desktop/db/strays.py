"""What of the fence stands in a database: what is missing, what was altered, and what the program does not know.

A guard that was renamed or given up leaves its old trigger and function behind; `db upgrade` takes down what is not in
the catalogue, and `db check` names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db import schema
from qms_desktop.db.record import database, on_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FUNCTION = re.compile(
    r"CREATE OR REPLACE FUNCTION (\w+)\((.*?)\) RETURNS .*?AS \$(\w+)\$(.*)\$\3\$", re.ASCII | re.DOTALL
)
_SERVER_TRIGGER = re.compile(
    r"CREATE (?:OR REPLACE )?TRIGGER (\w+) (BEFORE|AFTER) (.+?) ON (?:qms\.)?(\w+)"
    r" FOR EACH (ROW|STATEMENT)(?: WHEN \((.*)\))? EXECUTE FUNCTION (?:qms\.)?(.+)",
    re.ASCII | re.DOTALL,
)
_FILE_TRIGGER = re.compile(r"CREATE TRIGGER (\w+)", re.ASCII)
_CONSTRAINT = re.compile(r"CONSTRAINT (\w+)", re.ASCII)
_TABLE = re.compile(r'CREATE TABLE "(\w+)"', re.ASCII)
_INDEX = re.compile(r'CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?"?(\w+)"?', re.ASCII)

_SEARCH_PATH = "search_path=qms, pg_catalog, pg_temp"
_LIVE_FUNCTIONS = f"""
SELECT p.proname, oidvectortypes(p.proargtypes), p.prosrc,
p.prosecdef AND '{_SEARCH_PATH}' = ANY (coalesce(p.proconfig, ARRAY[]::text[])) FROM pg_proc p
WHERE p.pronamespace = 'qms'::regnamespace
"""
_LIVE_TRIGGERS = """
SELECT pg_get_triggerdef(t.oid), t.tgenabled::text = 'O' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'qms'::regnamespace AND NOT t.tgisinternal
"""
_LIVE_CONSTRAINTS = """
SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.connamespace = 'qms'::regnamespace AND k.convalidated
"""


@dataclass(frozen=True, order=True)
class Piece:
    """A trigger or function of the fence: its kind, its name, and on a server its table or the types it takes."""

    kind: str
    name: str
    of: str = ""

    def __str__(self) -> str:
        """Give its name for people."""
        if self.kind == "function":
            return f"function {self.name}({self.of})"
        return f"{self.kind} {self.name}{f' on {self.of}' if self.of else ''}"

    def drop(self) -> str:
        """Give the statement that takes it down."""
        if self.kind == "function":
            return f"DROP FUNCTION {schema.quoted(self.name)}({self.of})"
        on = f" ON {schema.quoted(self.of)}" if self.of else ""
        return f"DROP TRIGGER {schema.quoted(self.name)}{on}"


def take_down() -> None:
    """Take down every trigger and function that is not in the catalogue, in the caller's transaction."""
    expected = _expected()
    for piece in sorted(set(_live()) - set(expected), key=lambda piece: piece.kind == "function"):
        # Straight to the driver, as the fence itself (db/migrate.py); a trigger falls before its function.
        database().cursor().execute(piece.drop())


def faults() -> Iterator[str]:
    """Name what is missing, altered or strange in the database in use."""
    expected, live = _expected(), _live()
    for piece in sorted(set(expected) - set(live)):
        yield f"{piece} is missing"
    for piece in sorted(set(live) - set(expected)):
        yield f"{piece} is not ours"
    for piece in sorted(set(live) & set(expected)):
        if live[piece] != expected[piece]:
            yield f"{piece} was altered"
    for table, name in sorted(_expected_constraints() - _live_constraints()):
        yield f"rule {name} of {table} is missing"
    for name in sorted(_expected_indexes() - _live_indexes()):
        yield f"index {name} is missing"


def _expected() -> dict[Piece, str]:
    statements = schema.fence_statements(database())
    return dict(_server_pieces(statements) if on_postgresql() else _file_pieces(statements))


def _live() -> dict[Piece, str]:
    opened = database()
    if not on_postgresql():
        rows = opened.execute_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        return dict(_file_pieces(statement for (statement,) in rows))
    found = {
        Piece("function", name, types): source if is_fenced else f"without the owner's rights or path: {source}"
        for name, types, source, is_fenced in opened.execute_sql(_LIVE_FUNCTIONS).fetchall()
    }
    for definition, is_on in opened.execute_sql(_LIVE_TRIGGERS).fetchall():
        found |= {piece: text if is_on else "switched off" for piece, text in _server_pieces([definition])}
    return found


def _file_pieces(statements: Iterable[str]) -> Iterator[tuple[Piece, str]]:
    for statement in statements:
        if found := _FILE_TRIGGER.match(statement):
            yield Piece("trigger", found[1]), statement


def _server_pieces(statements: Iterable[str]) -> Iterator[tuple[Piece, str]]:
    for statement in statements:
        if found := _FUNCTION.match(statement):
            types = ", ".join(each.split()[1] for each in found[2].split(", ") if each)
            types = types.replace("timestamptz", "timestamp with time zone")
            yield Piece("function", found[1], types), found[4]
        elif found := _SERVER_TRIGGER.match(statement):
            name, moment, events, table, each, condition, call = found.groups()
            # The server writes the events in an order of its own, and the condition with brackets of its own.
            words = " ".join(sorted(re.split(r"[\s,]+", events.replace('"', ""))))
            asked = re.sub(r'[\s()"]+', "", condition or "").casefold()
            yield Piece("trigger", name, table), f"{moment} {words} {each} {asked} {call}"


def _expected_constraints() -> set[tuple[str, str]]:
    dialect = schema.blank_server() if on_postgresql() else schema.blank_file()
    return {
        (table[1], name)
        for statement in schema.table_statements(dialect)
        if (table := _TABLE.match(statement))
        for name in _CONSTRAINT.findall(statement)
    }


def _live_constraints() -> set[tuple[str, str]]:
    if on_postgresql():
        return {(table, name) for table, name in database().execute_sql(_LIVE_CONSTRAINTS).fetchall()}
    rows = database().execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    return {(table, name) for table, statement in rows for name in _CONSTRAINT.findall(statement or "")}


def _expected_indexes() -> set[str]:
    dialect = schema.blank_server() if on_postgresql() else schema.blank_file()
    statements = (*schema.table_statements(dialect), *schema.fence_statements(dialect))
    return {found[1][:63] for statement in statements if (found := _INDEX.match(statement))}


def _live_indexes() -> set[str]:
    query = (
        "SELECT c.relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid"
        " WHERE c.relnamespace = 'qms'::regnamespace AND i.indisvalid"
        if on_postgresql()
        else "SELECT name FROM sqlite_master WHERE type = 'index'"
    )
    return {name for (name,) in database().execute_sql(query).fetchall()}
