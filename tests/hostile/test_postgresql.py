"""Attacks with what PostgreSQL itself offers: other roles, own functions, files, programs, forged settings."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import errors

from qms_desktop.db import setup
from qms_desktop.db.listener import Listener
from tests.helpers.plant import PEOPLE, UPGRADE_PASSWORD
from tests.hostile.stage import CLERK, IT, LEADER, QE, SALES, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.helpers.plant import Templates
    from tests.helpers.postgres import Server


class Ear:
    """Keeps what the listener told."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.on, self.told = threading.Event(), threading.Event()

    def receive(self, notices: Iterable[tuple[str, int | None, int | None]] | None) -> None:
        self.heard.append(notices)
        self.told.set()

    def connected(self, on: bool) -> None:  # noqa: FBT001 - as the listener calls it
        if on:
            self.on.set()


EVERYBODY = tuple(PEOPLE)
MAKING = (
    "CREATE TABLE qms.own (id integer)",
    "CREATE TABLE public.own (id integer)",
    "CREATE TABLE own (id integer)",
    "CREATE SCHEMA own",
    "CREATE TEMP TABLE receipt (id bigint)",
    "CREATE FUNCTION qms.qms_may(permission_asked name) RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'",
    "CREATE FUNCTION pg_temp.qms_may(permission_asked text) RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'",
    "CREATE OR REPLACE FUNCTION qms.qms_may(permission_asked text) RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'",
    "CREATE ROLE own LOGIN",
    "CREATE DATABASE own",
    "CREATE PUBLICATION own FOR ALL TABLES",
    "CREATE TRIGGER own BEFORE INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION qms_number('X')",
    "CREATE RULE own AS ON INSERT TO receipt_count DO INSTEAD NOTHING",
    "CREATE VIEW qms.own AS SELECT 1",
    "CREATE POLICY own ON receipt USING (TRUE)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
)
RISING = (
    "SET ROLE qms_owner",
    "SET ROLE qms_upgrade",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    'SET SESSION AUTHORIZATION "{other}"',
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER CREATEROLE",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE qms_owner PASSWORD 'taken'",
    "ALTER ROLE qms_upgrade PASSWORD 'taken'",
    "ALTER ROLE \"{other}\" PASSWORD 'taken'",
    "GRANT qms_gm TO CURRENT_USER",
    "GRANT qms_owner TO CURRENT_USER",
    "SET session_replication_role = replica",
    "ALTER SYSTEM SET log_statement = 'none'",
    "ALTER TABLE receipt OWNER TO CURRENT_USER",
    "REASSIGN OWNED BY qms_owner TO CURRENT_USER",
)
REACHING = (
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "COPY receipt TO PROGRAM 'cat'",
    "COPY receipt FROM PROGRAM 'true'",
    "COPY receipt TO '/tmp/receipt.csv'",
    "SELECT lo_import('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT passwd FROM pg_shadow",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_promote()",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
)


def not_stopped(stage: Stage, who: str, statements: tuple[str, ...]) -> list[str]:
    passed = []
    other = "10001" if who == "胡霞军" else "10009"
    with stage.plant.plain(who) as connection:
        for statement in statements:
            try:
                connection.execute(statement.replace("{other}", other))
            except (errors.InsufficientPrivilege, errors.UndefinedFunction, errors.InvalidGrantOperation):
                continue
            except psycopg.Error as error:
                passed.append(f"{who}: {statement}: {error}")
            else:
                passed.append(f"{who}: {statement}")
    return passed


@pytest.mark.parametrize("statements", [MAKING, RISING, REACHING], ids=["making", "rising", "reaching"])
def test_nobody_makes_rises_or_reaches_out(server_stage: Stage, statements: tuple[str, ...]) -> None:
    before = server_stage.records()
    passed = [fault for who in EVERYBODY for fault in not_stopped(server_stage, who, statements)]
    assert [fault for fault in passed if "pg_terminate_backend" not in fault] == []
    assert server_stage.records() == before


def test_the_programs_of_others_are_not_ended(server_stage: Stage) -> None:
    with server_stage.plant.plain(LEADER) as leader:
        pid = leader.info.backend_pid
        with server_stage.plant.plain(CLERK) as clerk:
            for call in ("pg_terminate_backend", "pg_cancel_backend"):
                with pytest.raises(errors.InsufficientPrivilege):
                    clerk.execute(f"SELECT {call}({pid})")
        assert leader.execute("SELECT 1").fetchone() == (1,)


def test_the_trail_is_not_read_or_written_by_who_may_not(server_stage: Stage) -> None:
    server_stage.complained()
    for who in (CLERK, LEADER, SALES):
        server_stage.attack_by_rights(
            who,
            "SELECT * FROM audit_entry",
            "SELECT count(*) FROM audit_entry",
            "INSERT INTO audit_entry (chain) VALUES ('case:1')",
            "SELECT nextval('audit_entry_id_seq') FROM audit_entry",
        )


def test_who_and_when_in_the_trail_are_not_the_clients_word(server_stage: Stage) -> None:
    """The action is what the client says; who, when and from where the server knows by itself."""
    server_stage.arrived()
    with server_stage.plant.plain(CLERK) as clerk:
        clerk.execute("SELECT set_config('qms.action', 'receipt.accept_count', false)")
        clerk.execute("SELECT set_config('qms.user', '10009', false)")
        clerk.execute("SET ROLE qms_warehouse")
        clerk.execute("SET timezone = 'America/New_York'")
        clerk.execute("SET application_name = '10009'")
        clerk.execute(
            "INSERT INTO receipt_count (case_id, receipt_id, receipt_line_id, carton, pieces)"
            " VALUES (%s, %s, %s, '1', 1)",
            (server_stage.case_id, server_stage.receipt_id, server_stage.receipt_line_id),
        )
    entry = server_stage.rows(
        "SELECT who, action, address, new_row::json ->> 'created_by',"
        " to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"
        " FROM audit_entry WHERE table_name = 'receipt_count'"
    )
    assert entry == [("10001", "receipt.accept_count", "127.0.0.1", "10001", "2026-11-03 01:20")]


def test_numbers_and_serials_are_not_drawn_by_hand(server_stage: Stage) -> None:
    before = server_stage.records()
    for who in (CLERK, SALES, IT):
        server_stage.attack_by_rights(
            who,
            "SELECT qms_next('C', '20261103')",
            "SELECT qms_number()",
            "SELECT qms_serial()",
            "SELECT * FROM number_counter",
            "SELECT setval('receipt_id_seq', 1)",
            "SELECT nextval('label_serial')",
            "SELECT setval('label_serial', 2147483647)",
        )
    assert server_stage.records() == before


def test_the_clock_is_not_written_by_hand(server_stage: Stage) -> None:
    for who in (CLERK, IT):
        server_stage.attack_by_rights(
            who, "UPDATE clock SET set_to = now()", "DELETE FROM clock", "INSERT INTO clock (set_to) VALUES (now())"
        )


def test_a_search_path_of_ones_own_leads_no_guard_astray(server_stage: Stage) -> None:
    server_stage.judged()
    jump = f"UPDATE qms.rma SET goods_state = 'AWAITING_GOODS' WHERE id = {server_stage.rma_id}"
    for path in ("pg_temp, pg_catalog, qms", "public", "''", "information_schema, qms"):
        before = server_stage.records()
        with server_stage.plant.plain(SALES) as connection:
            connection.execute(f"SET search_path = {path}")
            server_stage.refused_on(connection, "rma_goods_state_moves", jump)
        assert server_stage.records() == before


def test_lasting_settings_of_ones_own_lead_no_guard_astray(server_stage: Stage) -> None:
    server_stage.judged()
    jump = f"UPDATE qms.rma SET goods_state = 'AWAITING_GOODS' WHERE id = {server_stage.rma_id}"
    with server_stage.plant.plain(SALES) as connection:
        for setting in ("row_security = off", "check_function_bodies = off", "standard_conforming_strings = off",
                        "transform_null_equals = on", "xmloption = content", "DateStyle = 'SQL, DMY'"):  # fmt: skip
            try:
                connection.execute(f"SET {setting}")
            except errors.InsufficientPrivilege:
                continue
            server_stage.refused_on(connection, "rma_goods_state_moves", jump)


def test_only_it_gives_access(server_stage: Stage) -> None:
    for who in (CLERK, SALES, LEADER):
        server_stage.attack_by_rights(
            who,
            "SELECT qms_provision('20009', '新人', '', '', '', 'gm', 'SCRAM-SHA-256$x')",
            "SELECT qms_reset_password('10009', 'SCRAM-SHA-256$x')",
            "SELECT qms_set_active('10009', FALSE)",
            "UPDATE person SET name = '总经理' WHERE login = '10001'",
        )


def test_it_provisions_no_role_of_the_fence(server_stage: Stage) -> None:
    """A role name that is none of ours, or the owner's, cannot be smuggled in among the roles of a new person."""
    before = server_stage.records()
    with server_stage.plant.plain(IT) as connection:
        for roles in ("owner", "upgrade", "gm; DROP TABLE qms.receipt", "nothing"):
            with pytest.raises(psycopg.Error):
                connection.execute(
                    "SELECT qms_provision('20010', '新人', '', '', '', %s, 'SCRAM-SHA-256$4096:a$b:c')", (roles,)
                )
        assert connection.execute("SELECT 1 FROM pg_roles WHERE rolname = '20010'").fetchone() is None
    assert server_stage.records() == before


def test_it_cannot_take_over_a_colleagues_login(server_stage: Stage) -> None:
    """A second "new" person with the login of the general manager would be a quiet change of password."""
    before = server_stage.records()
    with server_stage.plant.plain(IT) as connection:
        server_stage.refused_on(
            connection,
            "login_is_taken",
            "SELECT qms_provision('10009', '总经理', '', '', '', 'admin', 'SCRAM-SHA-256$4096:a$b:c')",
        )
    assert server_stage.records() == before
    assert server_stage.plant.sign_in("胡霞军").login == "10009"


def test_only_records_are_locked_and_only_for_a_moment(server_stage: Stage) -> None:
    """Whoever holds a record keeps others waiting for five seconds at most: they get an answer."""
    with server_stage.plant.plain(CLERK) as connection:
        for table in ("number_counter", "audit_entry", "clock", "pg_catalog.pg_class", "no_such_table"):
            with pytest.raises(psycopg.Error):
                connection.execute("SELECT qms_lock(%s, 1)", (table,))
        for table in ("recall", "eight_d", "judgement", "cost_entry"):  # nothing of the clerk's hangs on these
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute("SELECT qms_lock(%s, 1)", (table,))
        connection.execute("SELECT qms_lock('receipt', 1)")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT qms_lock('rma_line_price', 1)")
        assert connection.execute("SHOW lock_timeout").fetchone() == ("5s",)
        assert connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("10s",)


@pytest.mark.parametrize("version", [16, 18])
def test_nobody_takes_an_advisory_lock(templates: Templates, request: pytest.FixtureRequest, version: int) -> None:
    """No time limit ends such a lock: one login could have stopped all bookings of a case, and every upgrade."""
    server: Server = request.getfixturevalue("postgres" if version == 18 else "postgres_16")
    plant = templates.server_copy(server)
    with plant.plain(CLERK) as clerk:
        calls = clerk.execute(
            "SELECT p.proname, oidvectortypes(p.proargtypes) FROM pg_proc p"
            " WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ 'advisory'"
        ).fetchall()
        assert len(calls) > 20
        for name, types in calls:
            values = ", ".join(f"1::{each}" for each in types.split(", ") if each)
            with pytest.raises(errors.InsufficientPrivilege):
                clerk.execute(f"SELECT {name}({values})")
    stage = Stage(plant).arrived()  # the trail, which takes such a lock for each case, still works
    assert setup.upgrade(plant.url, UPGRADE_PASSWORD) == []
    assert stage.receipt_id
    plant.close()


def test_a_forged_notice_deafens_no_window(server_stage: Stage) -> None:
    """Anybody with a login may notify anything on the channel of the program."""
    ear = Ear()
    listener = Listener(url=server_stage.plant.url, login="10002", password=server_stage.plant.password(QE), ear=ear)
    listener.start()
    assert ear.on.wait(10)
    with server_stage.plant.plain(CLERK) as clerk:
        for payload in ("", "x", "receipt:1", "receipt:1:2:3", "receipt:one:2", "receipt:1:-2", "\x1f:1:2", "a" * 7000):
            clerk.execute("SELECT pg_notify('qms', %s)", (payload,))
        clerk.execute("SELECT pg_notify('qms', 'receipt:4:7')")
    assert ear.told.wait(10)
    listener.stop()
    assert ear.heard == [[("receipt", 4, 7)]]


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_nobody_writes_on_what_stood_yesterday(server_stage: Stage, level: str) -> None:
    """A snapshot that was opened before an RMA was cancelled, a lot held or a month closed would see none of it."""
    server_stage.reviewed()
    arrive = (
        "INSERT INTO receipt (case_id, rma_id, arrival_kind, arrived_at, state)"
        f" VALUES ({server_stage.case_id}, {server_stage.rma_id}, 'POST', qms_now(), 'ARRIVED')"
    )
    with server_stage.plant.plain(CLERK) as clerk:
        clerk.execute(f"BEGIN ISOLATION LEVEL {level}")
        assert clerk.execute("SELECT goods_state FROM rma").fetchone() == ("AWAITING_GOODS",)
        with server_stage.plant.plain(SALES) as sales:
            sales.execute("UPDATE rma SET goods_state = 'CANCELLED'")
        server_stage.refused_on(clerk, "written_on_what_stands", arrive)
        clerk.execute("ROLLBACK")
        clerk.execute(f"SET default_transaction_isolation = '{level.lower()}'")
        server_stage.refused_on(clerk, "receipt_needs_approval", arrive)


def test_a_forged_reason_moves_no_border_between_the_fields_of_the_trail(server_stage: Stage) -> None:
    """The hash covers the fields side by side: a text with a separator in it could be read as two."""
    server_stage.arrived()
    with server_stage.plant.plain(CLERK) as clerk:
        clerk.execute("SELECT set_config('qms.action', %s, false)", ("receipt.receive\x1fwell counted",))
        clerk.execute("SELECT set_config('qms.reason', %s, false)", ("\x1fchecked",))
        clerk.execute(
            "INSERT INTO receipt_count (case_id, receipt_id, receipt_line_id, carton, pieces)"
            " VALUES (%s, %s, %s, '1', 1)",
            (server_stage.case_id, server_stage.receipt_id, server_stage.receipt_line_id),
        )
    entry = server_stage.rows("SELECT action, reason FROM audit_entry WHERE table_name = 'receipt_count'")
    assert entry == [("receipt.receive well counted", " checked")]
