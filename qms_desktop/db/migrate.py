"""Bringing a database to the program's schema: numbered files once, the fence every time, all in one transaction.

Every file's SHA-256 is recorded; an advisory lock lets one upgrade run at a time; killed at any statement, the database
is the old one or the new one (database.md §4). Workstations never call this on a server: `qms-desktop db upgrade` does.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from qms_desktop import VERSION, files
from qms_desktop.db import grants, postgresql_functions, schema, strays, tables
from qms_desktop.db.connection import Server
from qms_desktop.db.foundation import RolePermission, SchemaFile, SignatureRight, TransitionRow
from qms_desktop.db.rma import ApprovalRule
from qms_desktop.db.signed_content import signables
from qms_desktop.errors import Unavailable
from qms_desktop.i18n import N_
from qms_desktop.permissions import WHO_MAY

if TYPE_CHECKING:
    from pathlib import Path

    from peewee import Database

    from qms_desktop.db.record import Record

UPGRADE_LOCK = 715_301
NEWER_SCHEMA = N_(
    "This database was upgraded by a newer program ({version}). Install that version here; this one will not write to "
    "it."
)
OLDER_SCHEMA = N_("This database is older than the program. Ask IT to run `qms-desktop db upgrade`.")
CHANGED_FILE = N_("The schema file {name} is not the one that made this database. Install the program again.")


@dataclass(frozen=True)
class SchemaChange:
    """A numbered file: its name, its text's SHA-256, and its statements for each database."""

    name: str
    sha256: str
    postgresql: tuple[str, ...]
    sqlite: tuple[str, ...]


def changes() -> list[SchemaChange]:
    """Give the program's numbered schema files in their order."""
    return [_load(path) for path in sorted(files.migrations().glob("[0-9]*.py"))]


def _load(path: Path) -> SchemaChange:
    spec = importlib.util.spec_from_file_location(f"qms_schema_{path.stem}", path)
    if spec is None or spec.loader is None:
        message = f"{path} cannot be read as a schema file"
        raise RuntimeError(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = path.read_bytes().replace(b"\r\n", b"\n")
    return SchemaChange(path.stem, hashlib.sha256(text).hexdigest(), module.POSTGRESQL, module.SQLITE)


def apply(opened: Database) -> list[str]:
    """Bring the database in use to today's schema and fence, in the caller's transaction; give the files that ran."""
    server = isinstance(opened, Server)
    if server:
        # A large database takes its time, and so does another upgrade that is waited for; a table in use does not wait.
        opened.execute_sql("SET LOCAL statement_timeout = 0")
        opened.execute_sql("SET LOCAL lock_timeout = 0")
        opened.execute_sql("SELECT pg_advisory_xact_lock(%s)", (UPGRADE_LOCK,))
        opened.execute_sql("SET LOCAL lock_timeout TO DEFAULT")
    known = _recorded(opened)
    ran: list[SchemaChange] = []
    for change in changes():
        if change.name in known:
            if known[change.name] != change.sha256:
                raise Unavailable(CHANGED_FILE, name=change.name)
            continue
        if not ran and not known and server:
            _execute(opened, postgresql_functions.early_statements())
        _execute(opened, change.postgresql if server else change.sqlite)
        ran.append(change)
    if set(known) - {change.name for change in changes()}:
        raise Unavailable(NEWER_SCHEMA, version=_newest_version(opened))
    _execute(opened, schema.fence_statements(opened))
    strays.take_down()
    _fill_machinery()
    for change in ran:
        SchemaFile.insert(name=change.name, sha256=change.sha256, program_version=VERSION).execute()
    if server:
        _execute(opened, grants.statements())
    return [change.name for change in ran]


def _execute(opened: Database, statements: tuple[str, ...] | list[str]) -> None:
    # Straight to the driver: peewee hands over an empty list of parameters, and then "%" is a placeholder.
    cursor = opened.cursor()
    for statement in statements:
        cursor.execute(statement)


def _recorded(opened: Database) -> dict[str, str]:
    if not opened.table_exists("schema_file"):
        return {}
    return {row.name: row.sha256 for row in SchemaFile.select()}


def _newest_version(_opened: Database) -> str:
    return str(SchemaFile.select().order_by(SchemaFile.id.desc()).get().program_version)


def refuse_unless_current() -> None:
    """Raise Unavailable when the database in use is older or newer than the program."""
    recorded = {row.name: row.sha256 for row in SchemaFile.select()}
    known = {change.name: change.sha256 for change in changes()}
    if set(recorded) - set(known):
        newest = SchemaFile.select().order_by(SchemaFile.id.desc()).get()
        raise Unavailable(NEWER_SCHEMA, version=newest.program_version)
    if set(known) - set(recorded):
        raise Unavailable(OLDER_SCHEMA)


def _fill_machinery() -> None:
    machinery: tuple[type[Record], ...] = (TransitionRow, RolePermission, SignatureRight)
    for model in machinery:
        model.delete().execute()
    TransitionRow.insert_many(
        [
            {
                "kind": step.kind,
                "column_name": step.column,
                "start_state": step.start,
                "end_state": step.end,
                "permission": step.permission,
            }
            for step in dict.fromkeys(tables.TRANSITIONS)
        ]
    ).execute()
    RolePermission.insert_many(
        [{"role": role, "permission": permission} for permission, who in WHO_MAY.items() for role in sorted(who)]
    ).execute()
    SignatureRight.insert_many(
        [
            {"kind": signable.kind, "meaning": meaning, "permission": permission}
            for signable in signables()
            for meaning, permission in signable.meanings.items()
        ]
    ).execute()
    if not ApprovalRule.select().exists():
        _load_approval_rules()
    for table, rows in tables.starting_rows().items():
        if not table.select().exists():
            table.insert_many(rows).execute()


def _load_approval_rules() -> None:
    """Fill the authority table as it is delivered: one row a condition, subject and role that must sign."""
    columns = {
        ("PIECES", "MORE_THAN"): "pieces_above",
        ("AMOUNT", "MORE_THAN"): "amount_above",
        ("AMOUNT", "AT_LEAST"): "amount_from",
        ("AMOUNT", "LESS_THAN"): "amount_below",
    }
    with (files.resources() / "rules" / "approval_rules.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            signers = sorted({*row["approved_by"].split(), *row["discussed_by"].split()})
            for subject, role in product(row["subjects"].split(), signers):
                limit = {columns[row["metric"], row["operator"]]: Decimal(row["limit"])}
                ApprovalRule.insert(
                    code=row["id"],
                    subject=subject,
                    market=row["market"],
                    rank=int(row["rank"]),
                    role=role,
                    source=row["source"],
                    **limit,
                ).execute()
