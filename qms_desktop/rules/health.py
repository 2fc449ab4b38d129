"""The health of a database: whether schema, fence and rights are those of the program, and whether the chains hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db import audit, grants, migrate, strays, totals, verification
from qms_desktop.db.audit import Broken
from qms_desktop.db.foundation import AuditEntry, DatabaseKind, SchemaFile
from qms_desktop.db.record import database, now, on_postgresql, take
from qms_desktop.db.stored_file import ImportedFile, StoredFile
from qms_desktop.errors import QmsError
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qms_desktop.db.audit import ChainHead
    from qms_desktop.db.totals import Differs
    from qms_desktop.db.verification import Unaccounted
    from qms_desktop.session import Session


@dataclass(frozen=True)
class Health:
    """What was found: what the database is for, the schema files that ran, and every fault in words."""

    kind: str
    plant: str
    schema_files: tuple[str, ...]
    faults: tuple[str, ...]


@reading(Permission.READ)
def check(session: Session) -> Health:
    """Compare the database with the program: schema files, the guards as they stand, and on a server the rights."""
    kind = DatabaseKind.get()
    return Health(
        kind=kind.kind,
        plant=kind.plant,
        schema_files=tuple(row.name for row in SchemaFile.select().order_by(SchemaFile.id)),
        faults=(*_schema_faults(), *strays.faults(), *_right_faults()),
    )


def _schema_faults() -> tuple[str, ...]:
    try:
        migrate.refuse_unless_current()
    except QmsError as error:
        return (str(error),)
    return ()


def _right_faults() -> tuple[str, ...]:
    if not on_postgresql():
        return ()
    expected, live = grants.expected(), grants.live()
    open_doors = database().execute_sql(grants.OPEN_DOORS).fetchall()
    return (
        *(f"open to everybody: {door}" for (door,) in open_doors),
        *grants.strange_settings(),
        *(f"right is missing: {_words(grant)}" for grant in sorted(expected - live)),
        *(f"right is too much: {_words(grant)}" for grant in sorted(live - expected)),
    )


def _words(grant: grants.Grant) -> str:
    column = f" ({grant.column})" if grant.column else ""
    return f"{grant.privilege} on {grant.subject}{column} to {grant.role}"


@dataclass(frozen=True)
class Verification:
    """What following the evidence found: chains that do not hold, rows past the trail, totals past their events."""

    heads: tuple[ChainHead, ...]
    broken: tuple[Broken, ...]
    unaccounted: tuple[Unaccounted, ...]
    differing: tuple[Differs, ...]

    @property
    def count(self) -> int:
        """Give the number of faults."""
        return len(self.broken) + len(self.unaccounted) + len(self.differing)


@reading(Permission.READ_AUDIT)
def verify(session: Session, *, kept: tuple[ChainHead, ...] = ()) -> Verification:
    """Follow every audit chain, compare rows with their newest entry, totals with their events, files with their hash.

    `kept` are chain heads that were noted down outside of the database earlier: each must still be in its chain.
    """
    return Verification(
        heads=tuple(audit.chain_heads()),
        broken=(*audit.verify(), *verification.missing_heads(kept), *_file_faults()),
        unaccounted=tuple(verification.unaccounted()),
        differing=tuple(totals.differences()),
    )


def _file_faults() -> Iterator[Broken]:
    """Compare each kept file with its hash, and each attachment with what the audit trail saw when it was made."""
    hashes: dict[int, tuple[str, str]] = {}
    for row in StoredFile.select(StoredFile.id).order_by(StoredFile.id):
        file = take(StoredFile, row.id)
        hashes[file.id] = (file.sha256, file.copy_sha256)
        found = (_sha256(file.original), _sha256(file.upright_copy))
        if found != hashes[file.id]:
            yield Broken("stored_file", file.id, "is not the one that its SHA-256 names")
    seen = AuditEntry.select(AuditEntry.chain, AuditEntry.position, AuditEntry.row_id, AuditEntry.new_row)
    for entry in seen.where((AuditEntry.table_name == "attachment") & (AuditEntry.operation == "INSERT")):
        told = json.loads(entry.new_row or "{}")
        if hashes.get(told["file_id"]) != (told["sha256"], told["copy_sha256"]):
            yield Broken(entry.chain, entry.position, f"attachment {entry.row_id} has another file than it had")
    for batch in ImportedFile.select(ImportedFile.id).order_by(ImportedFile.id):
        imported = take(ImportedFile, batch.id)
        if _sha256(imported.original) != imported.sha256:
            yield Broken("imported_file", imported.id, "is not the one that its SHA-256 names")


def _sha256(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


@reading(Permission.READ)
def plant_today(session: Session) -> date:
    """Give the plant's present day, by the database's clock."""
    return now().astimezone(plant_zone()).date()
