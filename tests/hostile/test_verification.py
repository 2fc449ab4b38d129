"""Attacks with the owner's hand: rows, totals and the trail's end changed past every guard; the verification tells.

On a server this is the administrator, in a file anybody who has it: what cannot be hindered must at least be seen.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from qms_desktop import cli
from qms_desktop.db import guards, tables
from qms_desktop.db.audit import ChainHead
from qms_desktop.db.record import BooleanField, IntegerField, MoneyField
from qms_desktop.db.totals import TOTALS
from qms_desktop.db.verification import GONE, NO_ENTRY, OTHERWISE
from qms_desktop.rules import health
from qms_desktop.steps import receipt
from tests.hostile.stage import CLERK, IT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.hostile.stage import Stage


@contextmanager
def owner_past_the_guards(stage: Stage) -> Iterator[Any]:
    """Open the database as its owner, with every trigger switched off."""
    with stage.owner() as connection:
        if isinstance(connection, sqlite3.Connection):
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in connection.execute(triggers).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
        else:
            for table in tables.BY_TABLE:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection


def verified(stage: Stage, kept: tuple[ChainHead, ...] = ()) -> health.Verification:
    return health.verify(stage.plant.sign_in(IT), kept=kept)


def test_an_untouched_database_holds(stage: Stage) -> None:
    stage.signed()
    found = verified(stage)
    assert (found.broken, found.unaccounted, found.differing, found.count) == ((), (), (), 0)
    assert verified(stage, found.heads).count == 0


@pytest.mark.parametrize(
    ("forgery", "table", "fault"),
    [
        ("UPDATE receipt_count SET pieces = 11", "receipt_count", OTHERWISE),
        ("UPDATE complaint SET received_at = '2026-10-01T00:00:00.000000+00:00'", "complaint", OTHERWISE),
        ("UPDATE rma SET created_by = '10009'", "rma", OTHERWISE),
        ("UPDATE rma_line_price SET unit_price = unit_price + 1", "rma_line_price", OTHERWISE),
        ("UPDATE signature SET roles = 'gm'", "signature", OTHERWISE),
        ("UPDATE customer SET version = 2 WHERE id = 1", "customer", NO_ENTRY),
        ("DELETE FROM receipt_difference", "receipt_difference", GONE),
        (
            (
                "INSERT INTO containment (case_id, complaint_id, place, measure, created_by, created_at)"
                " SELECT case_id, id, 'x', 'x', created_by, created_at FROM complaint"
            ),
            "containment",
            NO_ENTRY,
        ),
    ],
)
def test_a_row_that_was_written_past_the_trail_is_found(stage: Stage, forgery: str, table: str, fault: str) -> None:
    stage.signed()
    with stage.plant.plain(CLERK) as clerk:
        clerk.execute(
            "INSERT INTO receipt_difference (case_id, receipt_line_id, kind, pieces)"
            f" VALUES ({stage.case_id}, {stage.receipt_line_id}, 'DAMAGED', 1)"
        )
    with owner_past_the_guards(stage) as owner:
        owner.execute(forgery)
    found = verified(stage)
    assert {(row.table, row.fault) for row in found.unaccounted} == {(table, fault)}
    assert found.broken == ()


def test_a_total_that_its_events_do_not_make_is_found(stage: Stage) -> None:
    """Even when the trail tells of it: in a file somebody can take the watch off and pretend to be a trigger."""
    stage.signed()
    if stage.plant.kind == "sqlite":
        with stage.plant.plain(CLERK) as pretender:
            stage.pretend_a_trigger(pretender)
            pretender.execute("UPDATE receipt SET pieces_counted = 11")
            pretender.execute(guards.DONE)
            pretender.execute("COMMIT")
    else:
        with owner_past_the_guards(stage) as owner:
            owner.execute("UPDATE receipt SET pieces_counted = 11")
    found = verified(stage)
    assert [(d.table, d.column, d.stands, d.events_make) for d in found.differing] == [
        ("receipt", "pieces_counted", 11, 12)
    ]


def test_every_total_is_summed_up() -> None:
    """Each figure that the database alone writes has its sum; a number, a serial and a chance have none."""
    filled = {
        (table, field.column_name)
        for table, model in tables.BY_TABLE.items()
        for field in model._meta.sorted_fields
        if field.column_name in getattr(model._meta, "server_columns", ())
        and isinstance(field, (IntegerField, MoneyField))
        and not isinstance(field, BooleanField)
    }
    without = {("sorting_round", "number"), ("label", "serial")}
    assert {(table, column) for table, columns in TOTALS.items() for column in columns} == filled - without


def test_a_trail_that_was_cut_short_is_found(stage: Stage) -> None:
    stage.signed()
    heads = verified(stage).heads
    chain = f"case:{stage.case_id}"
    with owner_past_the_guards(stage) as owner:
        owner.execute(
            f"DELETE FROM audit_entry WHERE chain = '{chain}' AND position >"
            f" (SELECT max(position) - 3 FROM audit_entry WHERE chain = '{chain}')"
        )
    found = verified(stage)
    assert found.broken == ()  # what is left of the chain holds
    assert found.unaccounted  # but the rows are further than it
    assert [broken.chain for broken in verified(stage, heads).broken] == [chain]


def test_a_trail_and_rows_that_were_put_back_are_found_by_the_heads_that_were_kept(stage: Stage) -> None:
    """A copy of yesterday over today's file holds in itself; only what is kept elsewhere tells."""
    stage.counted()
    heads = verified(stage).heads
    forged = tuple(ChainHead(head.chain, head.position, "0" * 64) for head in heads if head.chain == "table:person")
    longer = tuple(ChainHead(head.chain, head.position + 5, head.hash) for head in heads if "case" in head.chain)
    found = verified(stage, (*forged, *longer)).broken
    assert {broken.fault.split(":")[0] for broken in found} == {"the chain was cut short", "the chain was written anew"}


def test_the_command_keeps_the_heads_and_misses_them_later(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.counted()
    monkeypatch.setenv("QMS_PASSWORD", stage.plant.password(IT))
    heads = tmp_path / "heads.txt"
    verify = ["db", "verify", "--database", stage.plant.url, "--user", "it", "--heads", str(heads)]
    assert cli.run(verify) == 0
    first = heads.read_text(encoding="utf-8")
    assert f"case:{stage.case_id} " in first
    receipt.close_count(stage.plant.sign_in(CLERK), receipt_id=stage.receipt_id)
    assert cli.run(verify) == 0
    grown = heads.read_text(encoding="utf-8")
    assert grown != first
    with owner_past_the_guards(stage) as owner:
        owner.execute("UPDATE receipt SET pieces_counted = 11")
        owner.execute(f"DELETE FROM audit_entry WHERE chain = 'case:{stage.case_id}' AND position > 4")
    capsys.readouterr()
    assert cli.run(verify) == 1
    told = capsys.readouterr().out
    assert "the chain was cut short" in told
    assert "receipt 1: pieces_counted is 11, its events make 12" in told
    assert heads.read_text(encoding="utf-8") == grown  # what is wrong is not noted down
    heads.write_text("case:1 one abc\n", encoding="utf-8")
    assert cli.run(verify) == 1
    assert "Line 1 of" in capsys.readouterr().err
