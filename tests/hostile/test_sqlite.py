"""Attacks on the file of one PC: other tools, a replaced row, totals and events past the verbs."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import guards, tables
from tests.helpers.floor import goods_received
from tests.hostile.stage import CLERK, INSPECTOR, SALES, Stage, guard_called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.plant import Templates


@pytest.fixture
def file_stage(templates: Templates) -> Iterator[Stage]:
    """Give a stage on a file."""
    plant = templates.file_copy()
    yield Stage(plant)
    plant.close()


def test_another_tool_writes_no_table_of_the_file(file_stage: Stage) -> None:
    """A tool without the program's functions cannot add, change or delete a row."""
    assert guard_called("fence_is_the_programs").sqlite()
    file_stage.signed()
    before = file_stage.records()
    passed = []
    with file_stage.owner() as tool:
        for table, model in tables.BY_TABLE.items():
            columns = [field.column_name for field in model._meta.sorted_fields]
            listed = ", ".join(column for column in columns if column != "id")
            for statement in (
                f"UPDATE {table} SET {columns[-1]} = {columns[-1]}",
                f"DELETE FROM {table}",
                f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {table} LIMIT 1",
                f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
            ):
                if not before[table]:
                    continue
                try:
                    tool.execute(statement)
                except sqlite3.Error:
                    continue
                passed.append(statement)
    assert passed == []
    assert file_stage.records() == before


def test_a_row_is_not_replaced(file_stage: Stage) -> None:
    file_stage.counted()
    before = file_stage.records()
    for who in (CLERK, SALES):
        with file_stage.plant.plain(who) as connection:
            for table in ("receipt_count", "complaint", "rma_line", "receipt", "audit_entry", "request"):
                if before[table]:
                    with pytest.raises(sqlite3.Error):
                        connection.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")
    assert file_stage.records() == before


def test_totals_and_events_do_not_move_past_the_verbs(file_stage: Stage) -> None:
    file_stage.counted()
    file_stage.attack(
        CLERK,
        ("server_columns_are_filled", "UPDATE receipt SET pieces_counted = 1000"),
        ("server_columns_are_filled", "UPDATE receipt_line SET pieces_counted = 1000"),
        ("server_columns_are_filled", "UPDATE rma_line SET pieces_received = 12"),
        ("server_columns_are_filled", "UPDATE rma SET number = 'R1'"),
        ("events_never_change", "UPDATE receipt_count SET pieces = 1000"),
        ("never_deleted", "DELETE FROM receipt_count"),
        ("never_deleted", "DELETE FROM receipt"),
    )


def test_a_stopped_trigger_opens_no_door_for_the_next_statement(file_stage: Stage) -> None:
    """A trigger that was stopped half-way must not leave the mark "a trigger is at work" to a later statement."""
    file_stage.signed()
    count = (
        "INSERT INTO receipt_count (case_id, receipt_id, receipt_line_id, carton, pieces)"
        f" VALUES ({file_stage.case_id}, {file_stage.receipt_id}, {file_stage.receipt_line_id}, '9', 5)"
    )
    before = file_stage.records()
    with file_stage.plant.plain(CLERK) as connection:
        file_stage.refused_on(connection, "count_moves_receipt", count)
        file_stage.refused_on(connection, "server_columns_are_filled", "UPDATE receipt SET pieces_counted = 1000")
    assert file_stage.records() == before


@pytest.mark.parametrize("conflict", ["OR FAIL", "OR IGNORE", "OR REPLACE", "OR ABORT", "OR ROLLBACK"])
def test_no_way_to_settle_a_conflict_keeps_half_of_a_booking(file_stage: Stage, conflict: str) -> None:
    """SQLite takes the way of the outer statement into its triggers: a count would stand without its total."""
    floor = goods_received(file_stage.plant, pieces=60).judged()
    too_many = (
        f"INSERT {conflict} INTO disposition (case_id, round_id, kind, pieces, remark)"
        f" VALUES ({floor.case_id}, {floor.round_id}, 'REWORK', 61, 'x')"
    )
    before = file_stage.records()
    with file_stage.plant.plain(INSPECTOR) as connection, pytest.raises(sqlite3.Error):
        connection.execute(too_many)
    with file_stage.plant.plain(INSPECTOR) as connection:
        connection.execute("BEGIN")
        with pytest.raises(sqlite3.Error):
            connection.execute(too_many)
        if connection.in_transaction and conflict == "OR FAIL":
            with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
                connection.execute("COMMIT")
        elif connection.in_transaction:
            connection.execute("COMMIT")
    assert file_stage.records() == before


def test_the_file_is_strict_and_checked(file_stage: Stage) -> None:
    with file_stage.owner() as tool:
        loose = tool.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
        )
        names = {row[0] for row in loose if not row[0].startswith(("sqlite_", "search_"))}
        assert names == set()
        assert tool.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert tool.execute("PRAGMA foreign_key_check").fetchall() == []
    with file_stage.plant.plain(CLERK) as connection:
        kept = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in (
            "journal_mode", "synchronous", "foreign_keys", "recursive_triggers")}  # fmt: skip
    assert kept == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}


def test_passwords_lie_in_the_file_as_argon2_only(file_stage: Stage) -> None:
    kept = file_stage.rows("SELECT password_hash FROM person_secret")
    assert len(kept) == 18
    assert all(row[0].startswith("$argon2id$") for row in kept)
    content = b"".join(
        path.read_bytes() for path in file_stage.plant_file().parent.glob(f"{file_stage.plant_file().name}*")
    )
    assert b"password-10001" not in content


def test_nobody_pretends_that_a_trigger_is_at_work(file_stage: Stage) -> None:
    """The mark that lets a trigger write a total is given to triggers alone, and nobody makes one of his own."""
    file_stage.counted()
    before = file_stage.records()
    with file_stage.plant.plain(CLERK) as connection:
        for statement in (
            guards.AT_WORK,
            guards.DONE,
            "UPDATE trigger_at_work SET is_open = -1",
            "INSERT OR REPLACE INTO trigger_at_work VALUES (1, 1)",
            "WITH apply_x AS (SELECT -1 AS is_open) INSERT INTO trigger_at_work (is_open) SELECT is_open FROM apply_x",
            "INSERT INTO trigger_at_work WITH apply_x AS (SELECT 1, -1) SELECT * FROM apply_x",
            "INSERT INTO trigger_at_work SELECT * FROM (SELECT 1, -1) AS number_receipt RETURNING id",
            f"CREATE TEMP TRIGGER apply_own BEFORE UPDATE ON receipt BEGIN {guards.AT_WORK}; END",
            f"CREATE TRIGGER apply_own BEFORE UPDATE ON receipt BEGIN {guards.AT_WORK}; END",
            "CREATE TEMP VIEW apply_own AS SELECT -1",
            "CREATE TEMP TABLE trigger_at_work (id INTEGER)",
            "CREATE TABLE own (id INTEGER)",
            "DROP TRIGGER z_audit_update_receipt",
            "DROP TABLE audit_entry",
            "ALTER TABLE receipt ADD COLUMN own INTEGER",
            "ATTACH DATABASE ':memory:' AS own",
            "PRAGMA ignore_check_constraints = 1",
            "PRAGMA recursive_triggers = 0",
            "PRAGMA writable_schema = 1",
            "PRAGMA foreign_keys = 0",
        ):
            with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited"):
                connection.execute(statement)
        file_stage.refused_on(connection, "server_columns_are_filled", "UPDATE receipt SET pieces_counted = 1000")
    assert file_stage.records() == before
