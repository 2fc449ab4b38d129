"""Attacks on the fence's own tables: clock, kind of database, signatures, events, who and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import postgresql_functions, schema, setup, sqlite_functions, tables
from qms_desktop.db.guards import Kept
from qms_desktop.db.setup import NewPerson, Purpose
from qms_desktop.errors import Refused
from qms_desktop.permissions import Role
from qms_desktop.rules.signature import Meaning, content_hash, sign
from qms_desktop.steps import receipt, rma
from tests.helpers.plant import PLANT, Plant, ServerCopies, make_database, moment, password_of
from tests.hostile.stage import CLERK, IT, LEADER, SALES, SALES_MANAGER, Stage, guard_called

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.postgres import Server

NOW = "2026-11-03T01:20:00.000000+00:00"


@pytest.fixture(params=["sqlite", "postgresql"])
def real_stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """Give a database that was made for real work, not for demos or tests."""
    admin = NewPerson(login="it", name=IT, roles=frozenset({Role.ADMIN}), password=password_of("it"))
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'real.qms'}"
        setup.make_file(url, purpose=Purpose.REAL, plant=PLANT, admin=admin)
        plant = Plant(url=url, kind="sqlite")
        yield Stage(plant)
        plant.close()
        return
    # Roles belong to the whole server: a server of its own keeps this plant's people apart.
    server: Server = request.getfixturevalue("postgres")
    request.getfixturevalue("templates").server_copy(server)
    url = f"postgresql://127.0.0.1:{server.port}/real_plant?sslmode=disable"
    make_database(server, url, Purpose.REAL)
    plant = ServerCopies.plant_at(url)
    yield Stage(plant)
    plant.close()
    server.drop_database("real_plant")


def test_the_clock_of_a_real_database_cannot_be_set(real_stage: Stage) -> None:
    plant = real_stage.plant
    with pytest.raises(Refused) as refused:
        setup.set_clock(plant.url, moment("2026-11-03 09:20"), login=plant.admin_login, password=plant.admin_password)
    assert refused.value.template == guard_called("clock_only_in_demo").message
    statement = f"INSERT INTO clock (set_to) VALUES ('{NOW}')"
    real_stage.attack(IT, ("clock_only_in_demo", statement), rights_come_first=True)


def test_a_real_database_cannot_be_made_a_demo(real_stage: Stage) -> None:
    real_stage.attack(
        IT,
        ("database_kind_is_fixed", "UPDATE database_kind SET kind = 'demo'"),
        ("database_kind_has_one_row", "INSERT INTO database_kind (kind) VALUES ('demo')"),
        ("never_deleted", "DELETE FROM database_kind"),
        rights_come_first=True,
    )


def test_the_clock_has_one_row(stage: Stage) -> None:
    statement = f"INSERT INTO clock (set_to) VALUES ('{NOW}')"
    stage.attack(IT, ("clock_has_one_row", statement), rights_come_first=True)


def sign_directly(stage: Stage, *, meaning: str = "ACCEPT_COUNT", content: str = "") -> str:
    """Give the statement by which somebody signs the receipt past the program."""
    covered = content or str(content_hash_of(stage))
    if stage.plant.kind == "postgresql":
        return f"SELECT qms_sign({stage.case_id}, 'receipt', {stage.receipt_id}, '{meaning}', '{covered}', '')"
    return (
        "INSERT INTO signature (case_id, kind, record_id, meaning, content_hash, roles, connection) VALUES"
        f" ({stage.case_id}, 'receipt', {stage.receipt_id}, '{meaning}', '{covered}', qms_roles(), qms_connection())"
    )


def content_hash_of(stage: Stage) -> str:
    with stage.plant.sign_in(LEADER).store.use():
        return content_hash("receipt", stage.receipt_id)


def test_a_signature_on_other_content_is_refused(stage: Stage) -> None:
    stage.closed()
    stage.attack(LEADER, ("signature_is_of_the_content", sign_directly(stage, content="0" * 64)))


def test_a_signature_of_what_was_read_before_it_changed_is_refused(stage: Stage) -> None:
    stage.counted()
    read = receipt.show(stage.plant.sign_in(LEADER), receipt_id=stage.receipt_id).content_hash
    receipt.close_count(stage.plant.sign_in(CLERK), receipt_id=stage.receipt_id)
    before = stage.records()
    with pytest.raises(Refused) as refused:
        receipt.accept_count(
            stage.plant.sign_in(LEADER),
            receipt_id=stage.receipt_id,
            read_hash=read,
            password=stage.plant.password(LEADER),
        )
    assert refused.value.template == guard_called("signature_is_of_the_content").message
    assert stage.records() == before


def test_a_signature_without_the_right_is_refused(stage: Stage) -> None:
    stage.closed()
    stage.attack(CLERK, ("signature_needs_the_right", sign_directly(stage)))
    stage.attack(LEADER, ("signature_needs_the_right", sign_directly(stage, meaning="APPROVE")))


def test_a_signature_on_an_old_connection_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.closed()
    statement = sign_directly(stage)
    before = stage.records()
    if stage.plant.kind == "sqlite":
        monkeypatch.setattr(sqlite_functions, "FRESH_CONNECTION_S", 0)
        stage.attack(LEADER, ("signature_needs_a_fresh_connection", statement))
    else:
        with stage.plant.plain(LEADER) as connection:
            connection.execute("SELECT pg_sleep(%s)", (postgresql_functions.FRESH_CONNECTION_S + 0.2,))
            stage.refused_on(connection, "signature_needs_a_fresh_connection", statement)
    assert stage.records() == before


def test_a_connection_signs_once(stage: Stage) -> None:
    stage.closed()
    statement = sign_directly(stage)
    with stage.plant.plain(LEADER) as connection:
        connection.execute(statement)
        once = stage.records()
        stage.refused_on(connection, "one_signature_a_connection", statement)
    assert stage.records() == once


def test_a_signature_lies_in_the_case_of_what_it_signs(stage: Stage) -> None:
    """Else it would stand in the time line and the audit chain of a foreign case."""
    first = stage.complained().case_id
    stage.complaint_id = 0
    stage.closed()
    foreign = stage.signing("receipt", stage.receipt_id, "ACCEPT_COUNT", case_id=first)
    nowhere = stage.signing("receipt", stage.receipt_id, "ACCEPT_COUNT", case_id=999)
    stage.attack(LEADER, ("signature_lies_in_its_case", foreign), ("signature_lies_in_its_case", nowhere))


def test_nobody_signs_for_somebody_else(stage: Stage) -> None:
    stage.closed()
    covered = content_hash_of(stage)
    signature = (
        "INSERT INTO signature (case_id, kind, record_id, meaning, content_hash, roles, connection)"
        f" VALUES ({stage.case_id}, 'receipt', {stage.receipt_id}, 'ACCEPT_COUNT',"
    )
    attempts = [
        (
            "signature_is_own",
            f"{signature} '{covered}', {roles}, {connection})",
        )
        for roles, connection in (("'gm'", "qms_connection()"), ("qms_roles()", "'borrowed'"))
    ]
    stage.attack(LEADER, *attempts, rights_come_first=True)


def test_a_signature_is_void_when_what_was_signed_changes(stage: Stage) -> None:
    stage.judged(pieces=120)
    rma.review(stage.plant.sign_in(SALES_MANAGER), rma_id=stage.rma_id)
    with stage.plant.sign_in(SALES_MANAGER).store.signing(stage.plant.password(SALES_MANAGER)):
        sign("rma", stage.rma_id, case_id=stage.case_id, meaning=Meaning.APPROVE)
    shown = rma.show(stage.plant.sign_in(SALES), rma_id=stage.rma_id)
    assert [signed.is_valid for signed in shown.signatures] == [True]
    with stage.plant.plain(SALES) as connection:
        connection.execute(f"UPDATE rma SET goods_state = 'REQUESTED' WHERE id = {stage.rma_id}")
        connection.execute(
            "INSERT INTO rma_line (case_id, rma_id, position, product_id, pieces_announced, pieces_agreed,"
            f" without_record_reason) VALUES ({stage.case_id}, {stage.rma_id}, 2, 1, 1, 1, '加一件')"
        )
    shown = rma.show(stage.plant.sign_in(SALES), rma_id=stage.rma_id)
    assert [signed.is_valid for signed in shown.signatures] == [False]


def test_nothing_is_deleted_or_truncated(stage: Stage) -> None:
    stage.signed()
    before = stage.records()
    filled = [table for table in guarded("never_deleted") if before[table]]
    stage.attack(IT, *(("never_deleted", f"DELETE FROM {table}") for table in filled), rights_come_first=True)
    if stage.plant.kind == "postgresql":
        stage.attack(IT, *(("never_deleted", f"TRUNCATE {table} CASCADE") for table in filled), rights_come_first=True)
    assert len(filled) > 20


def test_an_event_is_never_changed(stage: Stage) -> None:
    stage.signed()
    before = stage.records()
    attempts = [
        ("events_never_change", f"UPDATE {table} SET {(column := changeable_column(table))} = {column}")
        for table in guarded("events_never_change")
        if before[table]
    ]
    stage.attack(IT, *attempts, rights_come_first=True)
    assert len(attempts) >= 8


def guarded(name: str) -> tuple[str, ...]:
    guard = guard_called(name)
    assert isinstance(guard, Kept)
    return guard.tables


def changeable_column(table: str) -> str:
    """Give a column that no guard of its own protects, so that the guard of events must answer."""
    filled = set(schema.SERVER_COLUMNS_ARE_FILLED.columns.get(table, ())) | {"id"}
    columns: list[str] = [field.column_name for field in tables.BY_TABLE[table]._meta.sorted_fields]
    return next(column for column in columns if column not in filled)


def refuse_server_columns(stage: Stage, who: str, *statements: str) -> None:
    """On a server nobody is granted the columns; on a file the guard answers."""
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(who, *statements)
    else:
        stage.attack(who, *(("server_columns_are_filled", statement) for statement in statements))


def test_who_when_numbers_and_totals_are_the_databases(stage: Stage) -> None:
    stage.counted()
    before = stage.records()
    events = guarded("events_never_change")
    statements = [
        f"UPDATE {table} SET {column} = {column}"
        for table, columns in schema.SERVER_COLUMNS_ARE_FILLED.columns.items()
        for column in columns
        if before[table] and table not in events
    ]
    refuse_server_columns(stage, IT, *statements)
    assert len(statements) > 12


def test_nobody_writes_in_somebody_elses_name_or_at_another_time(stage: Stage) -> None:
    stage.counted()
    said = f"{stage.case_id}, {stage.receipt_id}, {stage.receipt_line_id}, '9', 5"
    forged = (("created_by", "'10009'"), ("created_at", "'2020-01-01T00:00:00.000000+00:00'"))
    refuse_server_columns(
        stage,
        CLERK,
        *(
            f"INSERT INTO receipt_count (case_id, receipt_id, receipt_line_id, carton, pieces, {column})"
            f" VALUES ({said}, {value})"
            for column, value in forged
        ),
    )


def test_a_total_cannot_begin_above_nothing(stage: Stage) -> None:
    stage.arrived()
    refuse_server_columns(
        stage,
        CLERK,
        "INSERT INTO receipt_line (case_id, receipt_id, product_id, pieces_counted)"
        f" VALUES ({stage.case_id}, {stage.receipt_id}, 2, 1000)",
    )


def test_a_request_key_is_used_once(stage: Stage) -> None:
    key = "6f1f7f0e-0000-4000-8000-000000000001"
    statement = f"INSERT INTO request (key, action, content, answer) VALUES ('{key}', 'receipt.receive', '', 'null')"
    with stage.plant.plain(SALES) as connection:
        connection.execute(statement)
    stage.attack(CLERK, ("request_key", statement))


def test_a_session_with_more_roles_than_the_person_has_gains_nothing(stage: Stage) -> None:
    stage.closed()
    forged = replace(stage.plant.sign_in(CLERK), roles=frozenset(Role))
    before = stage.records()
    with pytest.raises(Refused) as refused:
        receipt.accept_count(
            forged, receipt_id=stage.receipt_id, read_hash=content_hash_of(stage), password=stage.plant.password(CLERK)
        )
    assert refused.value.template == guard_called("signature_needs_the_right").message
    assert stage.records() == before
