"""The audit trail: what it holds, and that its verification finds whatever the owner of the database changed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from qms_desktop.db import audit
from qms_desktop.db import master_data as md
from qms_desktop.db.connection import write
from qms_desktop.db.foundation import AuditEntry
from qms_desktop.steps import receipt
from tests.hostile.stage import CLERK, IT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.hostile.stage import Stage

KEPT = ("guard_never_deleted", "guard_never_deleted_all", "guard_events_never_change")


@contextmanager
def forger(stage: Stage) -> Iterator[Any]:
    """Open the database as the one who owns it, with the guards of the trail switched off."""
    with stage.owner() as connection:
        if isinstance(connection, sqlite3.Connection):
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
        else:
            connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        yield connection


def verified(stage: Stage) -> list[audit.Broken]:
    with stage.plant.sign_in(IT).store.use():
        return audit.verify()


def chain_of(stage: Stage) -> str:
    return f"case:{stage.case_id}"


def test_an_untouched_trail_holds(stage: Stage) -> None:
    stage.signed()
    assert verified(stage) == []
    assert len(stage.rows("SELECT id FROM audit_entry")) > 20


Forgery = tuple[str, str]


@pytest.mark.parametrize(
    ("forgery", "fault"),
    [
        ("UPDATE audit_entry SET new_row = replace(new_row, 'id', 'ID') WHERE {third}", "its text was changed"),
        ("UPDATE audit_entry SET who = '10009' WHERE {third}", "its text was changed"),
        ("UPDATE audit_entry SET reason = 'x' WHERE {third}", "its text was changed"),
        ("UPDATE audit_entry SET at = '2026-11-02T00:00:00.000000+00:00' WHERE {third}", "its text was changed"),
        ("UPDATE audit_entry SET hash = '0' WHERE {third}", "its text was changed"),
        ("DELETE FROM audit_entry WHERE {third}", "entry 3 is missing"),
        ("UPDATE audit_entry SET previous_hash = '0' WHERE {third}", "does not follow the entry before"),
    ],
)
def test_a_changed_or_removed_entry_is_found(stage: Stage, forgery: str, fault: str) -> None:
    stage.counted()
    with forger(stage) as connection:
        connection.execute(forgery.format(third=f"chain = '{chain_of(stage)}' AND position = 3"))
    found = verified(stage)
    assert fault in [broken.fault for broken in found]
    assert {broken.chain for broken in found} == {chain_of(stage)}
    assert {broken.position for broken in found} <= {3, 4}


def test_a_forged_entry_with_a_hash_of_its_own_breaks_the_next(stage: Stage) -> None:
    """Who recomputes one hash has to recompute all that follow, and then the printed head differs."""
    stage.counted()
    with stage.plant.sign_in(IT).store.use():
        heads = audit.chain_heads()
        entry = AuditEntry.get((AuditEntry.chain == chain_of(stage)) & (AuditEntry.position == 3))
        entry.who = "10009"
        forged = audit._hash_of(entry)  # noqa: SLF001 - the forger knows the program
    with forger(stage) as connection:
        connection.execute(
            f"UPDATE audit_entry SET who = '10009', hash = '{forged}'"
            f" WHERE chain = '{chain_of(stage)}' AND position = 3"
        )
    assert [(broken.position, broken.fault) for broken in verified(stage)] == [(4, "does not follow the entry before")]
    with stage.plant.sign_in(IT).store.use():
        assert audit.chain_heads() == heads


def test_two_entries_in_another_order_are_found(stage: Stage) -> None:
    stage.counted()
    with forger(stage) as connection:
        for old, new in ((3, -3), (4, 3), (-3, 4)):
            connection.execute(
                f"UPDATE audit_entry SET position = {new} WHERE chain = '{chain_of(stage)}' AND position = {old}"
            )
    found = verified(stage)
    assert {broken.position for broken in found} >= {3, 4}


def test_a_chain_cut_short_differs_from_the_printed_head(stage: Stage) -> None:
    stage.counted()
    with stage.plant.sign_in(IT).store.use():
        printed = {head.chain: head for head in audit.chain_heads()}
    with forger(stage) as connection:
        connection.execute(
            f"DELETE FROM audit_entry WHERE chain = '{chain_of(stage)}'"
            f" AND position = {printed[chain_of(stage)].position}"
        )
    assert verified(stage) == []
    with stage.plant.sign_in(IT).store.use():
        present = {head.chain: head for head in audit.chain_heads()}
    assert present[chain_of(stage)] != printed[chain_of(stage)]


def test_each_case_has_its_own_chain(stage: Stage) -> None:
    stage.counted()
    first = stage.case_id
    stage.complaint_id = 0
    stage.requested()
    chains = {row[0] for row in stage.rows("SELECT DISTINCT chain FROM audit_entry WHERE chain LIKE 'case:%'")}
    assert chains == {f"case:{first}", f"case:{stage.case_id}"}
    starts = stage.rows("SELECT previous_hash FROM audit_entry WHERE position = 1")
    assert {row[0] for row in starts} == {""}


def test_an_entry_says_who_when_and_what_for(stage: Stage) -> None:
    stage.arrived()
    receipt.receive(stage.plant.sign_in(CLERK), receipt_line_id=stage.receipt_line_id, pieces=5, remark="湿")
    with stage.plant.sign_in(IT).store.use():
        entry = AuditEntry.select().where(AuditEntry.table_name == "receipt_count").get()
    assert (entry.who, entry.operation, entry.action) == ("10001", "INSERT", "receipt.receive")
    assert entry.at == datetime(2026, 11, 3, 1, 20, tzinfo=UTC)
    assert entry.address == ("127.0.0.1" if stage.plant.kind == "postgresql" else "local")
    assert (entry.old_row, json.loads(entry.new_row or "")["remark"]) == (None, "湿")


def test_a_reason_is_kept_and_cannot_forge_the_next_field(stage: Stage) -> None:
    stage.closed()
    clerk = stage.plant.sign_in(CLERK)

    def reopen() -> None:
        # The verb refuses such a reason; somebody with the program's own code need not ask the verb.
        audit.say("receipt.reopen_count", "重数\x1f客户")
        receipt.reopen_count.function(clerk, receipt_id=stage.receipt_id, reason="重数")

    with clerk.store.use():
        write(reopen)
    with stage.plant.sign_in(IT).store.use():
        entry = AuditEntry.select().where(AuditEntry.action == "receipt.reopen_count").get()
    assert entry.reason == "重数 客户"
    assert verified(stage) == []


@pytest.mark.parametrize("text", ["", "o'clock", '"|~\\', "１２ ＡＢＣ", "a\nb\tc", "🚗 é é"])
def test_whatever_text_is_written_the_chain_holds(stage: Stage, text: str) -> None:
    stage.arrived()
    receipt.receive(stage.plant.sign_in(CLERK), receipt_line_id=stage.receipt_line_id, pieces=5, remark=text)
    assert verified(stage) == []
    assert stage.rows("SELECT remark FROM receipt_count") == [(text,)]


def test_the_hash_is_sha256_over_the_stored_texts(stage: Stage) -> None:
    """Somebody without our program can verify: the order of the fields and the separator are all there is."""
    stage.complained()
    columns = (
        "previous_hash, chain, position, table_name, row_id, operation, at, who, address, action, reason, old_row,"
        " new_row, hash"
    )
    for row in stage.rows(f"SELECT {columns} FROM audit_entry ORDER BY chain, position"):
        texts = ["" if value is None else moment(value) if isinstance(value, datetime) else str(value) for value in row]
        assert hashlib.sha256("\x1f".join(texts[:-1]).encode()).hexdigest() == texts[-1]


def moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")


def test_an_import_is_audited_once_and_a_later_change_row_by_row(stage: Stage) -> None:
    before = len(stage.rows("SELECT id FROM audit_entry"))

    def booked(work: Callable[[], object]) -> list[tuple[Any, ...]]:
        with stage.plant.sign_in(IT).store.use():
            write(work)
        return stage.rows("SELECT table_name, operation FROM audit_entry ORDER BY id")[before:]

    def bring() -> None:
        batch = md.ImportBatch.create(
            kind="products", file_name="p.xlsx", sha256="1" * 64, rows_new=500, rows_changed=0, rows_same=0
        )
        rows = [{"code": f"P{n}", "name": "件", "unit": "支", "batch": batch} for n in range(500)]
        md.Product.insert_many(rows).execute()

    assert booked(bring) == [("import_batch", "INSERT")]
    changed = booked(lambda: md.Product.update(name="新").where(md.Product.code.in_(["P1", "P2"])).execute())
    assert changed == [("import_batch", "INSERT"), ("product", "UPDATE"), ("product", "UPDATE")]


def test_a_rolled_back_verb_leaves_no_entry(stage: Stage) -> None:
    stage.counted()
    before = stage.rows("SELECT max(id), count(*) FROM audit_entry")
    with pytest.raises(Exception, match="counted already"):
        receipt.receive(stage.plant.sign_in(CLERK), receipt_line_id=stage.receipt_line_id, pieces=5, carton="1")
    assert stage.rows("SELECT max(id), count(*) FROM audit_entry") == before
