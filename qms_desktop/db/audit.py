"""The audit trail: one trigger a table on both databases, a chain of hashes a case, and its verification.

Each entry's hash covers the previous entry's hash and the stored texts of its own, so verifying never serialises a row
again and a move to another database keeps the chain (database.md §2). The same trigger tells the other windows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.db import tables
from qms_desktop.db.foundation import AuditEntry
from qms_desktop.db.guards import DEFINER, Announced
from qms_desktop.db.record import BytesField, database, moment_text, on_postgresql
from qms_desktop.db.sqlite_functions import SEPARATOR
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from qms_desktop.db.record import Record

CHANNEL = "qms"
_HASHED = (
    "chain", "position", "table_name", "row_id", "operation", "at", "who", "address", "action", "reason",
    "old_row", "new_row",
)  # fmt: skip


# The same texts in the same order as the audit function on the server calls them.
_SERVER_HASHED = (
    "chain_name", "spot", "TG_TABLE_NAME", "row_key", "TG_OP", "moment_text", "session_user", "from_where", "what_for",
    "why", "coalesce(old_text, '')", "coalesce(new_text, '')",
)  # fmt: skip

# A guard reads what stands now: in an older snapshot it would not see that an RMA was cancelled, or a lot held.
WRITTEN_ON_WHAT_STANDS = Announced(
    name="written_on_what_stands",
    table="*",
    message=N_("The database is written in READ COMMITTED only: whoever writes must see what stands now."),
    attacked_by="test_nobody_writes_on_what_stood_yesterday",
)


@dataclass(frozen=True)
class Broken:
    """A place where a chain does not hold: which entry, and what is wrong with it."""

    chain: str
    position: int
    fault: str


@dataclass(frozen=True)
class ChainHead:
    """The last entry of a chain: printed in the monthly report, it is the anchor outside the database."""

    chain: str
    position: int
    hash: str


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a case's history: when, who, which row, and what for."""

    at: datetime
    who: str
    table_name: str
    row_id: int
    operation: str
    action: str
    reason: str


def audited_models() -> Iterator[type[Record]]:
    """Give every table whose rows are audited."""
    return (model for model in tables.MODELS if not tables.is_machinery(model))


def statements(*, server: bool) -> list[str]:
    """Give the audit function and the triggers of all audited tables."""
    made = [_server_function()] if server else []
    for model in audited_models():
        made += _server_trigger(model) if server else _file_triggers(model)
    return made


def _chain_of(model: type[Record], row: str) -> str:
    table = model._meta.table_name
    if table == "case_file":
        return f"'case:' || {row}.id"
    if tables.has_case(model):
        return f"coalesce('case:' || {row}.case_id, 'table:{table}')"
    return f"'table:{table}'"


def _server_function() -> str:
    hashed = " || chr(31) || ".join(_SERVER_HASHED)
    return (
        f"CREATE OR REPLACE FUNCTION qms_audit() RETURNS trigger {DEFINER} SET timezone = 'UTC' AS $qms$ DECLARE"
        " old_text text; new_text text; row_key bigint; case_key bigint; chain_name text; spot integer; last_hash text;"
        " moment timestamptz := qms_now(); moment_text text; from_where text; what_for text; why text; BEGIN"
        " IF current_setting('transaction_isolation') <> 'read committed' THEN"
        f" RAISE EXCEPTION '{WRITTEN_ON_WHAT_STANDS.name}' USING ERRCODE = 'QM001'; END IF;"
        " IF TG_OP = 'INSERT' THEN row_key := NEW.id; ELSE row_key := OLD.id; END IF;"
        " IF TG_OP <> 'INSERT' THEN old_text := row_to_json(OLD)::text; END IF;"
        " IF TG_OP <> 'DELETE' THEN new_text := row_to_json(NEW)::text; END IF;"
        " IF TG_ARGV[0] = 'case' THEN case_key := NEW.case_id;"
        " ELSIF TG_ARGV[0] = 'own' THEN case_key := NEW.id; END IF;"
        " chain_name := coalesce('case:' || case_key, 'table:' || TG_TABLE_NAME);"
        " PERFORM pg_advisory_xact_lock(hashtextextended(chain_name, 0));"
        " SELECT a.position, a.hash INTO spot, last_hash FROM audit_entry a WHERE a.chain = chain_name"
        " ORDER BY a.position DESC LIMIT 1;"
        " spot := coalesce(spot, 0) + 1; last_hash := coalesce(last_hash, '');"
        ' moment_text := to_char(moment, \'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\');'
        " from_where := coalesce(host(inet_client_addr()), 'local');"
        " what_for := translate(coalesce(current_setting('qms.action', true), ''), chr(31), ' ');"
        " why := translate(coalesce(current_setting('qms.reason', true), ''), chr(31), ' ');"
        " INSERT INTO audit_entry (chain, position, table_name, row_id, operation, at, who, address, action, reason,"
        " old_row, new_row, previous_hash, hash) VALUES (chain_name, spot, TG_TABLE_NAME, row_key, TG_OP, moment,"
        " session_user, from_where, what_for, why, old_text, new_text, last_hash,"
        f" encode(sha256(convert_to(last_hash || chr(31) || {hashed}, 'UTF8')), 'hex'));"
        f" PERFORM pg_notify('{CHANNEL}', TG_TABLE_NAME || ':' || row_key || ':' || coalesce(case_key, 0));"
        " RETURN NULL; END $qms$"
    )


def _operations(model: type[Record]) -> tuple[str, ...]:
    return ("INSERT", "UPDATE", "DELETE") if tables.audits_inserts(model) else ("UPDATE", "DELETE")


def _server_trigger(model: type[Record]) -> list[str]:
    table = model._meta.table_name
    case = "own" if table == "case_file" else "case" if tables.has_case(model) else ""
    return [
        f"CREATE OR REPLACE TRIGGER z_audit AFTER {' OR '.join(_operations(model))} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION qms_audit('{case}')"
    ]


def _file_triggers(model: type[Record]) -> list[str]:
    table = model._meta.table_name
    made = []
    for operation in _operations(model):
        row = "OLD" if operation == "DELETE" else "NEW"
        old = row_text("OLD", model) if operation != "INSERT" else "NULL"
        new = row_text("NEW", model) if operation != "DELETE" else "NULL"
        values = (
            f"SELECT {_chain_of(model, row)} AS chain, '{table}' AS table_name, {row}.id AS row_id,"
            f" '{operation}' AS operation, qms_now() AS at, qms_user() AS who, qms_address() AS address,"
            f" qms_action() AS action, qms_reason() AS reason, {old} AS old_row, {new} AS new_row"
        )
        # `last` is the chain's newest entry; a file has one writer, so nobody can come between.
        chained = (
            "SELECT n.*, coalesce(l.position, 0) + 1 AS position, coalesce(l.hash, '') AS previous_hash"
            f" FROM ({values}) AS n LEFT JOIN audit_entry l ON l.chain = n.chain AND l.position ="
            " (SELECT max(m.position) FROM audit_entry m WHERE m.chain = n.chain)"
        )
        hashed = " || char(31) || ".join(f"coalesce({column}, '')" for column in ("previous_hash", *_HASHED))
        columns = ", ".join((*_HASHED, "previous_hash"))
        made += [
            f"DROP TRIGGER IF EXISTS z_audit_{operation.lower()}_{table}",
            f"CREATE TRIGGER z_audit_{operation.lower()}_{table} AFTER {operation} ON {table} FOR EACH ROW BEGIN"
            f" INSERT INTO audit_entry ({columns}, hash) SELECT {columns}, qms_sha256({hashed}) FROM ({chained}) AS e;"
            " END",
        ]
    return made


def row_text(row: str, model: type[Record]) -> str:
    """Give the SQL by which a file writes a row down."""
    # JSON holds no bytes; the rows of files are never changed, so this text is never made of one.
    shown = [field for field in model._meta.sorted_fields if not isinstance(field, BytesField)]
    pairs = ", ".join(f"'{f.column_name}', {row}.{f.column_name}" for f in shown)
    return f"json_object({pairs})"


def say(action: str, reason: str) -> None:
    """Tell the audit trail what the statements of this transaction are for: the client's word, unlike who and when.

    A verb and the guards behind it find rows by their keys: by the third setting the server keeps the plans of their
    statements, instead of weighing in every transaction whether the values of today deserve another one.
    """
    if on_postgresql():
        database().execute_sql(
            "SELECT set_config('qms.action', %s, true), set_config('qms.reason', %s, true),"
            " set_config('plan_cache_mode', 'force_generic_plan', true)",
            (action, reason),
        )
    else:
        database().execute_sql("SELECT qms_say(?, ?)", (action, reason))


def history(case_id: int, *, sees_money: bool) -> list[HistoryEntry]:
    """Give what happened to a case, oldest first; entries of need-to-know tables only for those who may see money."""
    if on_postgresql():
        rows = database().execute_sql("SELECT * FROM qms_history(%s)", (case_id,)).fetchall()
        return [HistoryEntry(*row) for row in rows]
    hidden = [] if sees_money else tables.money_tables()
    entries = AuditEntry.select().where(AuditEntry.chain == f"case:{case_id}").order_by(AuditEntry.position)
    return [
        HistoryEntry(e.at, e.who, e.table_name, e.row_id, e.operation, e.action, e.reason)
        for e in entries
        if e.table_name not in hidden
    ]


def verify() -> list[Broken]:
    """Follow every chain from its beginning and name each place where it does not hold."""
    broken: list[Broken] = []
    chain, position, previous = "", 0, ""
    for entry in AuditEntry.select().order_by(AuditEntry.chain, AuditEntry.position).iterator():
        if entry.chain != chain:
            chain, position, previous = entry.chain, 0, ""
        position += 1
        if entry.position != position:
            broken.append(Broken(chain, entry.position, f"entry {position} is missing"))
            position = entry.position
        elif entry.previous_hash != previous:
            broken.append(Broken(chain, position, "does not follow the entry before"))
        if entry.hash != _hash_of(entry):
            broken.append(Broken(chain, position, "its text was changed"))
        previous = entry.hash
    return broken


def _hash_of(entry: AuditEntry) -> str:
    texts = [entry.previous_hash]
    for column in _HASHED:
        value = moment_text(entry.at) if column == "at" else getattr(entry, column)
        texts.append("" if value is None else str(value))
    return hashlib.sha256(SEPARATOR.join(texts).encode()).hexdigest()


def chain_heads() -> list[ChainHead]:
    """Give the newest entry of every chain, by chain."""
    ends = AuditEntry.select(AuditEntry.chain, fn.MAX(AuditEntry.position).alias("end")).group_by(AuditEntry.chain)
    newest = (
        AuditEntry.select(AuditEntry.chain, AuditEntry.position, AuditEntry.hash)
        .join(ends, on=(AuditEntry.chain == ends.c.chain) & (AuditEntry.position == ends.c.end))
        .order_by(AuditEntry.chain)
    )
    return [ChainHead(entry.chain, entry.position, entry.hash) for entry in newest]
