"""Whether the live rows are those that the trail tells of: each as its newest entry left it, none gone, none strange.

The chains (db/audit.py) show that the trail was not changed; this shows that nobody wrote past it. A trail whose end
was cut off shows here too, unless the rows were put back to what they were before: only chain heads that are kept
outside of the database tell of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db import audit, tables
from qms_desktop.db.foundation import AuditEntry
from qms_desktop.db.record import database, on_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qms_desktop.db.audit import Broken, ChainHead
    from qms_desktop.db.record import Record

NO_ENTRY = "no entry of the trail tells of this row"
OTHERWISE = "the row is not as its newest entry left it"
GONE = "the row is gone"


@dataclass(frozen=True)
class Unaccounted:
    """A row that the trail does not account for, and why."""

    table: str
    row_id: int
    fault: str


def unaccounted() -> Iterator[Unaccounted]:
    """Compare every audited row with its newest entry."""
    for model in audit.audited_models():
        table = model._meta.table_name
        for row_id, has_entry in database().execute_sql(_differing(model)).fetchall():
            yield Unaccounted(table, row_id, OTHERWISE if has_entry else NO_ENTRY)
        for (row_id,) in database().execute_sql(_gone(table)).fetchall():
            yield Unaccounted(table, row_id, GONE)


def _differing(model: type[Record]) -> str:
    table = model._meta.table_name
    newest = (
        f"SELECT e.id FROM audit_entry e WHERE e.table_name = '{table}' AND e.row_id = t.id ORDER BY e.id DESC LIMIT 1"
    )
    # A column that came with a later schema is not in an older entry.
    agrees = "to_jsonb(t) @> a.new_row::jsonb" if on_postgresql() else f"{audit.row_text('t', model)} = a.new_row"
    return (
        f"SELECT t.id, a.id IS NOT NULL FROM {table} t LEFT JOIN audit_entry a ON a.id = ({newest})"
        f" WHERE {_has_an_entry(model)} AND (a.id IS NULL OR a.new_row IS NULL OR NOT ({agrees})) ORDER BY t.id"
    )


def _has_an_entry(model: type[Record]) -> str:
    """Give the condition under which a row has an entry: an imported one, of millions, only after a change."""
    if tables.audits_inserts(model):
        return "TRUE"
    told = f"t.id IN (SELECT e.row_id FROM audit_entry e WHERE e.table_name = '{model._meta.table_name}')"
    return f"(t.version > 1 OR {told})" if "version" in model._meta.columns else told


def _gone(table: str) -> str:
    return (
        f"SELECT DISTINCT e.row_id FROM audit_entry e WHERE e.table_name = '{table}'"
        f" AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = e.row_id) ORDER BY e.row_id"
    )


def missing_heads(kept: Iterable[ChainHead]) -> Iterator[Broken]:
    """Name each chain that does not hold an entry any more which was its head when somebody noted it down."""
    for head in kept:
        entry = AuditEntry.get_or_none((AuditEntry.chain == head.chain) & (AuditEntry.position == head.position))
        if entry is None:
            yield audit.Broken(
                head.chain, head.position, "the chain was cut short: this entry was noted down and is gone"
            )
        elif entry.hash != head.hash:
            yield audit.Broken(head.chain, head.position, "the chain was written anew: another entry was noted down")
