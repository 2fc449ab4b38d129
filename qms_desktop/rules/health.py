"""The health of a database: whether schema, fence and rights are those of the program, and whether the chains hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db import audit, grants, migrate, schema
from qms_desktop.db.foundation import DatabaseKind, SchemaFile
from qms_desktop.db.record import database, now, on_postgresql
from qms_desktop.errors import QmsError
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone

if TYPE_CHECKING:
    from datetime import date

    from qms_desktop.db.audit import Broken
    from qms_desktop.session import Session

_TRIGGER = re.compile(r"^CREATE (?:OR REPLACE )?TRIGGER (\w+)(?: .*? ON (\w+))?", re.ASCII)
_LIVE_SERVER_TRIGGERS = """
SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'qms' AND NOT t.tgisinternal AND t.tgenabled = 'O'
"""


@dataclass(frozen=True)
class Health:
    """What was found: what the database is for, the schema files that ran, and every fault in words."""

    kind: str
    plant: str
    schema_files: tuple[str, ...]
    faults: tuple[str, ...]


@reading(Permission.READ)
def check(session: Session) -> Health:
    """Compare the database with the program: schema files, triggers of the guards, and on a server the rights."""
    kind = DatabaseKind.get()
    return Health(
        kind=kind.kind,
        plant=kind.plant,
        schema_files=tuple(row.name for row in SchemaFile.select().order_by(SchemaFile.id)),
        faults=(*_schema_faults(), *_trigger_faults(), *_right_faults()),
    )


def _schema_faults() -> tuple[str, ...]:
    try:
        migrate.refuse_unless_current()
    except QmsError as error:
        return (str(error),)
    return ()


def _trigger_faults() -> tuple[str, ...]:
    opened = database()
    expected = {
        (found[1], found[2] if on_postgresql() else "")
        for statement in schema.fence_statements(opened)
        if (found := _TRIGGER.match(statement))
    }
    if on_postgresql():
        live = {(name, table) for name, table in opened.execute_sql(_LIVE_SERVER_TRIGGERS).fetchall()}
    else:
        rows = opened.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        live = {(name, "") for (name,) in rows}
    missing = sorted(" on ".join(filter(None, pair)) for pair in expected - live)
    strange = sorted(" on ".join(filter(None, pair)) for pair in live - expected)
    return (*(f"guard {name} is missing" for name in missing), *(f"trigger {name} is not ours" for name in strange))


def _right_faults() -> tuple[str, ...]:
    if not on_postgresql():
        return ()
    expected, live = grants.expected(), grants.live()
    return (
        *(f"right is missing: {_words(grant)}" for grant in sorted(expected - live)),
        *(f"right is too much: {_words(grant)}" for grant in sorted(live - expected)),
    )


def _words(grant: grants.Grant) -> str:
    column = f" ({grant.column})" if grant.column else ""
    return f"{grant.privilege} on {grant.subject}{column} to {grant.role}"


@reading(Permission.READ_AUDIT)
def verify(session: Session) -> tuple[int, tuple[Broken, ...]]:
    """Follow every audit chain from its beginning; gives their number and each place that does not hold."""
    return len(audit.chain_heads()), tuple(audit.verify())


@reading(Permission.READ)
def plant_today(session: Session) -> date:
    """Give the plant's present day, by the database's clock."""
    return now().astimezone(plant_zone()).date()
