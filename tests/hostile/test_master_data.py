"""Attacks on what the plant knows: holds, shipments, rates, badges, roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from qms_desktop.db import guards, people
from qms_desktop.db.connection import write
from qms_desktop.db.setup import NewPerson
from qms_desktop.errors import Refused
from qms_desktop.permissions import Role
from qms_desktop.steps import recall
from tests.helpers.plant import password_of
from tests.hostile.stage import CLERK, IT, QE, QUALITY_MANAGER, guard_called

if TYPE_CHECKING:
    from tests.helpers.postgres import Server
    from tests.hostile.stage import Stage

HOLD = "INSERT INTO lot_hold (lot_id, reason, state) VALUES (1, '阻力不符', 'ON')"
SHIPMENT = (
    "INSERT INTO shipment_line (number, order_no, customer_id, product_id, lot_id, pieces_shipped, shipped_on)"
    " VALUES ('{number}', '{order}', 1, 1, 1, {pieces}, '2026-10-27')"
)


def test_a_clerk_cannot_release_a_hold(stage: Stage) -> None:
    with stage.plant.plain(QE) as connection:
        connection.execute(HOLD)
    release = "UPDATE lot_hold SET state = 'RELEASED'"
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(CLERK, release)
        stage.attack_by_rights(CLERK, HOLD.replace("(1,", "(2,"))
    stage.attack(QE, ("lot_hold_state_moves", release), rights_come_first=True, owner_may=True)
    stage.attack(QE, ("lot_hold_state_begins", HOLD.replace("(1,", "(2,").replace("'ON'", "'RELEASED'")))


def test_a_released_hold_is_not_put_on_again(stage: Stage) -> None:
    with stage.plant.plain(QE) as connection:
        connection.execute(HOLD)
    manager = stage.plant.sign_in(QUALITY_MANAGER)
    (hold,) = recall.holds(manager)
    recall.release(
        manager,
        hold_id=hold.id,
        read_hash=hold.content_hash,
        remark="复检合格",
        password=stage.plant.password(QUALITY_MANAGER),
    )
    stage.attack(QUALITY_MANAGER, ("lot_hold_state_moves", "UPDATE lot_hold SET state = 'ON'"))


def test_a_lot_is_held_once(stage: Stage) -> None:
    with stage.plant.plain(QE) as connection:
        connection.execute(HOLD)
    stage.attack(QE, ("one_hold_a_lot", HOLD))


def test_a_shipment_of_no_pieces_is_refused(stage: Stage) -> None:
    for pieces in (0, -800):
        stage.attack(IT, ("shipped_is_positive", SHIPMENT.format(number="CK1", order="SO1", pieces=pieces)))


def test_the_same_shipment_line_is_not_booked_twice(stage: Stage) -> None:
    stage.attack(IT, ("shipment_line_once", SHIPMENT.format(number="CK261027901", order="SOCK261027901", pieces=800)))


def test_a_rate_that_ends_before_it_begins_is_refused(stage: Stage) -> None:
    statement = (
        "INSERT INTO rate (kind, code, amount, currency, valid_from, valid_until)"
        " VALUES ('EXCHANGE', 'EUR', 78000, 'CNY', '2026-11-01', '2026-10-31')"
    )
    stage.attack(IT, ("rate_ends_after_it_begins", statement))


def test_two_rates_do_not_hold_on_the_same_day(stage: Stage) -> None:
    add = (
        "INSERT INTO rate (kind, code, amount, currency, valid_from, valid_until)"
        " VALUES ('LABOUR', '返工', 420000, 'CNY', '{}', {})"
    )
    with stage.plant.plain(IT) as connection:
        connection.execute(add.format("2026-07-01", "'2026-09-30'"))
        connection.execute(add.format("2026-10-01", "NULL"))
    longer = "UPDATE rate SET valid_until = '2026-10-01', version = version + 1 WHERE valid_until = '2026-09-30'"
    stage.attack(
        IT,
        ("rates_do_not_overlap", add.format("2026-09-30", "NULL")),
        ("rates_do_not_overlap", add.format("2026-06-01", "'2026-07-01'")),
        ("rates_do_not_overlap", add.format("2026-08-01", "'2026-08-31'")),
        ("rate_ends_before_the_next", longer),
    )


def test_no_price_is_negative(stage: Stage) -> None:
    stage.attack(
        IT,
        ("rate_is_positive", "UPDATE rate SET amount = -71000, version = version + 1"),
        ("rate_is_positive", "UPDATE rate SET amount = 0, version = version + 1"),
        ("prices_are_not_negative", "UPDATE product_price SET unit_price = -1, version = version + 1"),
        ("prices_are_not_negative", "UPDATE product_price SET standard_cost = -1, version = version + 1"),
    )


def test_nothing_is_known_by_another_code(stage: Stage) -> None:
    """The pieces of a lot that came back would suddenly be of another lot, and a recall would ask for the wrong one."""
    stage.attack(
        IT,
        ("known_by_the_same", "UPDATE lot SET number = 'L9999Z', version = version + 1 WHERE number = 'L2610A'"),
        ("known_by_the_same", "UPDATE product SET code = 'YQ-99', version = version + 1 WHERE code = 'YQ-22'"),
        ("known_by_the_same", "UPDATE customer SET code = 'C9999', version = version + 1 WHERE code = 'C1001'"),
        ("known_by_the_same", "UPDATE shipment_line SET number = 'CK0', version = version + 1"),
        ("known_by_the_same", "UPDATE rate SET valid_from = '2025-01-01', version = version + 1"),
    )


def test_a_badge_belongs_to_one_person(stage: Stage) -> None:
    stolen = NewPerson(
        login="20001", name="新人", roles=frozenset({Role.WAREHOUSE}), password="password-20001", badge="B10001"
    )
    before = stage.records()
    with stage.plant.sign_in(IT).store.use(), pytest.raises(Refused) as refused:
        write(lambda: people.provision(stolen))
    assert refused.value.template == guard_called("badge_once").message
    assert stage.records() == before
    stage.attack(
        IT,
        ("badge_once", "INSERT INTO person (login, name, badge, site_id) VALUES ('20002', '新人', 'B10001', 1)"),
    )


def test_nobody_gives_himself_a_role(stage: Stage) -> None:
    statement = "INSERT INTO person_role (person_id, role) SELECT id, 'gm' FROM person WHERE login = '10001'"
    stage.attack(CLERK, ("role_needs_admin", statement), rights_come_first=True, owner_may=True)


def test_it_cannot_take_over_the_servers_administrator(server_stage: Stage) -> None:
    before = server_stage.records()
    with server_stage.plant.plain(IT) as connection:
        verifier = people.scram_verifier(connection, "postgres", "taken-over-1")
        for login in ("postgres", "qms_owner", "qms_upgrade", "qms_gm", "pg_monitor"):
            for call, values in (
                ("qms_provision(%s, '', '', '', '', 'admin', %s)", (login, verifier)),
                ("qms_reset_password(%s, %s)", (login, verifier)),
            ):
                with pytest.raises(psycopg.Error) as caught:
                    connection.execute(f"SELECT {call}", values)
                refusal = guards.refusal_of(str(caught.value), caught.value.sqlstate, None)
                assert refusal is not None, caught.value
                assert refusal.template == guard_called("login_is_reserved").message
    assert server_stage.records() == before


def test_it_cannot_take_over_a_stranger_on_the_same_server(server_stage: Stage, postgres: Server) -> None:
    """A role that replicates, or belongs to another program, was not made by us and stays its own."""
    with postgres.connect() as administrator:
        administrator.execute("DROP ROLE IF EXISTS standby, other_program")
        administrator.execute("CREATE ROLE standby LOGIN REPLICATION")
        administrator.execute("CREATE ROLE other_program LOGIN")
    before = server_stage.records()
    with server_stage.plant.plain(IT) as connection:
        verifier = people.scram_verifier(connection, "standby", "taken-over-1")
        for login in ("standby", "other_program"):
            with pytest.raises(psycopg.Error):
                connection.execute("SELECT qms_provision(%s, '', '', '', '', 'admin', %s)", (login, verifier))
    assert server_stage.records() == before


def test_a_password_goes_over_as_a_verifier_only(server_stage: Stage) -> None:
    with server_stage.plant.plain(IT) as connection:
        for call in (
            "qms_provision('20003', '新人', '', '', '', 'warehouse', 'plain-password')",
            "qms_reset_password('10001', 'plain-password')",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(f"SELECT {call}")


def test_a_new_password_is_seen_in_the_history_of_the_person(stage: Stage) -> None:
    """Whoever gives the general manager a new password could sign as the general manager: that leaves its trace."""
    with stage.plant.sign_in(IT).store.use():
        write(lambda: people.reset_password("10009", password_of("10009")))
    traces = stage.rows(
        "SELECT who FROM audit_entry WHERE table_name = 'person' AND operation = 'UPDATE'"
        " AND row_id = (SELECT id FROM person WHERE login = '10009')"
    )
    assert traces == [("it",)]


def test_it_gives_no_role_to_itself(stage: Stage) -> None:
    """IT may give the general manager's role to a new person, and the trail says so; not to itself."""
    own = "INSERT INTO person_role (person_id, role) SELECT id, 'gm' FROM person WHERE login = 'it'"
    stage.attack(IT, ("nobody_raises_himself", own))
    if stage.plant.kind == "postgresql":
        with stage.plant.plain(IT) as connection:
            connection.execute("SELECT qms_set_active('it', FALSE)")
            stage.refused_on(
                connection,
                "nobody_raises_himself",
                "SELECT qms_provision('it', '管理员', '', '', '', 'gm', 'SCRAM-SHA-256$4096:a$b:c')",
            )
            assert connection.execute("SELECT pg_has_role('it', 'qms_gm', 'MEMBER')").fetchone() == (False,)
            connection.execute("SELECT qms_set_active('it', TRUE)")
