"""Attacks on the fence's own posts: triggers and functions left over, slipped in, altered, switched off or gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from qms_desktop.db import setup
from qms_desktop.rules import health
from tests.helpers.plant import UPGRADE_PASSWORD
from tests.hostile.stage import CLERK, IT

if TYPE_CHECKING:
    from tests.helpers.postgres import Server
    from tests.hostile.stage import Stage

OLD_GUARD = {
    "sqlite": (
        (
            "CREATE TRIGGER guard_of_yesterday BEFORE INSERT ON receipt FOR EACH ROW"
            " BEGIN SELECT RAISE(ABORT, 'QM001 guard_of_yesterday'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION guard_of_yesterday() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
            " AS 'BEGIN RETURN NULL; END'"
        ),
        "CREATE TRIGGER guard_of_yesterday BEFORE INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION guard_of_yesterday()",
        "CREATE FUNCTION qms_may(asked text, too text) RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'",
    ),
}
BENDING = {
    "sqlite": (
        ("DROP TRIGGER guard_receipt_needs_approval", "trigger guard_receipt_needs_approval is missing"),
        ("DROP TRIGGER guard_never_deleted_receipt", "trigger guard_never_deleted_receipt was altered"),
        (
            "CREATE TRIGGER guard_never_deleted_receipt BEFORE DELETE ON receipt FOR EACH ROW BEGIN SELECT 1; END",
            "trigger guard_never_deleted_receipt was altered",
        ),
        ("DROP INDEX carton_counted_once", "index carton_counted_once is missing"),
    ),
    "postgresql": (
        (
            "DROP TRIGGER guard_receipt_needs_approval ON receipt",
            "trigger guard_receipt_needs_approval on receipt is missing",
        ),
        ("ALTER TABLE receipt DISABLE TRIGGER z_audit", "trigger z_audit on receipt was altered"),
        (
            (
                "CREATE OR REPLACE FUNCTION qms_may(permission_asked text) RETURNS boolean LANGUAGE plpgsql"
                " SECURITY DEFINER SET search_path = qms, pg_catalog, pg_temp AS 'BEGIN RETURN TRUE; END'"
            ),
            "function qms_may(text) was altered",
        ),
        ("ALTER FUNCTION qms_holds(text) SECURITY INVOKER", "function qms_holds(text) was altered"),
        (
            (
                "CREATE OR REPLACE TRIGGER guard_count_belongs_together BEFORE UPDATE ON receipt_count"
                " FOR EACH ROW EXECUTE FUNCTION guard_count_belongs_together()"
            ),
            "trigger guard_count_belongs_together on receipt_count was altered",
        ),
        (
            "ALTER FUNCTION qms_user() SET search_path = public, qms",
            "function qms_user() was altered",
        ),
        ("ALTER TABLE receipt_count DROP CONSTRAINT count_is_whole", "rule count_is_whole of receipt_count is missing"),
        ("DROP INDEX carton_counted_once", "index carton_counted_once is missing"),
    ),
}


def faults(stage: Stage) -> tuple[str, ...]:
    return health.check(stage.plant.sign_in(IT)).faults


def upgrade(stage: Stage) -> None:
    setup.upgrade(stage.plant.url, UPGRADE_PASSWORD)


def test_a_whole_fence_has_no_faults(stage: Stage) -> None:
    assert faults(stage) == ()
    upgrade(stage)
    assert faults(stage) == ()


def test_what_an_earlier_version_left_is_named_and_taken_down(stage: Stage) -> None:
    with stage.owner() as owner:
        for statement in OLD_GUARD[stage.plant.kind]:
            owner.execute(statement)
    named = [fault for fault in faults(stage) if fault.startswith(("trigger", "function"))]
    assert all(fault.endswith("is not ours") for fault in named)
    assert len(named) == len(OLD_GUARD[stage.plant.kind])
    upgrade(stage)
    assert faults(stage) == ()


def test_a_bent_fence_is_named_and_put_up_again(stage: Stage) -> None:
    with stage.owner() as owner:
        for statement, _fault in BENDING[stage.plant.kind]:
            owner.execute(statement)
    found = faults(stage)
    assert [fault for _statement, fault in BENDING[stage.plant.kind] if fault not in found] == []
    upgrade(stage)
    left = {fault for fault in faults(stage) if not fault.startswith("rule ")}
    assert left == set()


def test_a_guard_that_asks_for_something_else_is_named(server_stage: Stage) -> None:
    """Its trigger stands, calls the right function, and never does."""
    name = "guard_stays_in_its_case"
    [(table, definition)] = server_stage.rows(
        "SELECT c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        f" WHERE t.tgname = '{name}' AND c.relname = 'receipt'"
    )
    begin, when, rest = definition.partition(" WHEN ((")
    end = rest[rest.index(" EXECUTE FUNCTION") :]
    bent = f"{begin}{when}old.id IS DISTINCT FROM old.id)){end}".replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER")
    with server_stage.owner() as owner:
        owner.execute(bent)
    assert faults(server_stage) == (f"trigger {name} on {table} was altered",)
    upgrade(server_stage)
    assert faults(server_stage) == ()


def test_who_sets_his_own_limits_back_is_named(server_stage: Stage, postgres: Server) -> None:
    """PostgreSQL lets nobody forbid it: one session could keep all others waiting without end."""
    with server_stage.plant.plain(CLERK) as clerk:
        name = clerk.info.dbname
        clerk.execute(f'ALTER ROLE CURRENT_USER IN DATABASE "{name}" SET idle_in_transaction_session_timeout = 0')
    own = "the sessions of 10001 begin with idle_in_transaction_session_timeout = 0"
    assert faults(server_stage) == (own,)
    with psycopg.connect(
        server_stage.plant.url, user=postgres.superuser, password=postgres.password, autocommit=True
    ) as administrator:
        administrator.execute(f'ALTER ROLE "10001" IN DATABASE "{name}" RESET ALL')
        administrator.execute(f'ALTER DATABASE "{name}" RESET lock_timeout')
    assert faults(server_stage) == ("sessions begin without lock_timeout = 5s",)


def test_a_door_that_the_administrator_opened_again_is_named(server_stage: Stage, postgres: Server) -> None:
    with psycopg.connect(server_stage.plant.url, user=postgres.superuser, password=postgres.password) as administrator:
        administrator.execute("GRANT EXECUTE ON FUNCTION pg_catalog.pg_advisory_lock(bigint) TO PUBLIC")
    assert faults(server_stage) == ("open to everybody: pg_advisory_lock(bigint)",)
