"""Many hands at once: each carton is counted once, totals are exact, numbers have no gaps (database.md §6)."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from qms_desktop.db import audit, people
from qms_desktop.db.connection import write
from qms_desktop.db.setup import NewPerson
from qms_desktop.errors import Refused
from qms_desktop.permissions import Role
from qms_desktop.steps import receipt
from tests.helpers.plant import password_of
from tests.hostile.stage import CLERK, IT, LEADER, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.plant import Plant

CARTONS = 20
PIECES = 25


@pytest.fixture
def crowd(plant: Plant, request: pytest.FixtureRequest) -> list[str]:
    """Give clerks with logins of their own: 32 on a server, 8 at a file."""
    many = 32 if plant.kind == "postgresql" else 8
    logins = [f"clerk{number}" for number in range(many)]

    def hire() -> None:
        for login in logins:
            people.provision(
                NewPerson(
                    login=login, name=login, roles=frozenset({Role.WAREHOUSE}), password=password_of(login), badge=login
                )
            )

    with plant.sign_in(IT).store.use():
        write(hire)
    return logins


def all_at_once(plant: Plant, logins: list[str], work: Callable[[object], None]) -> None:
    """Let every clerk do the same work with a store of its own, all beginning together."""
    ready = threading.Barrier(len(logins))
    faults: list[BaseException] = []

    def one(login: str) -> None:
        session = people.sign_in(plant.url, login, password_of(login))
        ready.wait()
        try:
            work(session)
        except BaseException as fault:  # noqa: BLE001 - shown by the test's own thread
            faults.append(fault)
        finally:
            session.store.close()

    threads = [threading.Thread(target=one, args=(login,)) for login in logins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def totals(stage: Stage) -> tuple[int, int, int]:
    """Give the pieces of the events, of the receipt and of its line."""
    counted = stage.rows("SELECT coalesce(sum(pieces), 0) FROM receipt_count")[0][0]
    moved = stage.rows(f"SELECT pieces_counted FROM receipt WHERE id = {stage.receipt_id}")[0][0]
    line = stage.rows(f"SELECT pieces_counted FROM receipt_line WHERE id = {stage.receipt_line_id}")[0][0]
    return int(counted), int(moved), int(line)


def test_many_clerks_count_the_same_cartons_each_once(plant: Plant, crowd: list[str]) -> None:
    stage = Stage(plant).arrived(pieces=50)
    refused: Counter[str] = Counter()

    def count_all(session: object) -> None:
        for carton in range(CARTONS):
            try:
                receipt.receive(
                    session,  # type: ignore[arg-type]
                    receipt_line_id=stage.receipt_line_id,
                    pieces=PIECES,
                    carton=f"K{carton}",
                    request_key=uuid4(),
                )
            except Refused as refusal:
                refused[str(refusal).partition(" at ")[0]] += 1

    all_at_once(plant, crowd, count_all)
    assert totals(stage) == (CARTONS * PIECES,) * 3
    assert refused == {f"Carton K{carton} is counted already": len(crowd) - 1 for carton in range(CARTONS)}
    serials = [row[0] for row in stage.rows("SELECT serial FROM label ORDER BY serial")]
    assert serials == list(range(serials[0], serials[0] + CARTONS))
    assert holds(plant)


def test_many_clerks_count_cartons_without_codes_and_none_is_lost(plant: Plant, crowd: list[str]) -> None:
    """Without a code the next free carton number is taken: each clerk's carton is another one."""
    stage = Stage(plant).arrived(pieces=50)
    each = 3

    def count_some(session: object) -> None:
        for _carton in range(each):
            receipt.receive(session, receipt_line_id=stage.receipt_line_id, pieces=1, request_key=uuid4())  # type: ignore[arg-type]

    all_at_once(plant, crowd, count_some)
    cartons = sorted(int(row[0]) for row in stage.rows("SELECT carton FROM receipt_count"))
    assert cartons == list(range(1, each * len(crowd) + 1))
    assert totals(stage) == (each * len(crowd),) * 3
    assert holds(plant)


def test_one_of_many_corrections_of_a_carton_counts(plant: Plant, crowd: list[str]) -> None:
    stage = Stage(plant).counted()
    first = stage.rows("SELECT id FROM receipt_count")[0][0]
    refused: list[Refused] = []

    def correct(session: object) -> None:
        try:
            receipt.recount(session, count_id=first, pieces=11, reason="重数")  # type: ignore[arg-type]
        except Refused as refusal:
            refused.append(refusal)

    all_at_once(plant, crowd, correct)
    assert len(refused) == len(crowd) - 1
    assert stage.rows(f"SELECT pieces_counted FROM receipt WHERE id = {stage.receipt_id}") == [(11,)]
    assert stage.rows("SELECT state, count(*) FROM label GROUP BY state ORDER BY state") == [
        ("PROVISIONAL", 1),
        ("VOID", 1),
    ]


def test_counting_and_closing_at_once_leave_no_carton_behind_the_signature(plant: Plant, crowd: list[str]) -> None:
    """Whoever comes after the count was closed is told so; the signed total is the sum of the cartons."""
    stage = Stage(plant).counted(pieces=12, announced=12)
    told: list[Refused] = []

    def count_or_close(session: object) -> None:
        try:
            if session.login == "clerk0":  # type: ignore[attr-defined]
                receipt.close_count(session, receipt_id=stage.receipt_id)  # type: ignore[arg-type]
            else:
                receipt.receive(session, receipt_line_id=stage.receipt_line_id, pieces=1)  # type: ignore[arg-type]
        except Refused as refusal:
            told.append(refusal)

    all_at_once(plant, crowd, count_or_close)
    state = stage.rows(f"SELECT state FROM receipt WHERE id = {stage.receipt_id}")[0][0]
    assert state in ("COUNTED", "DIFFERENCE")
    assert len(set(totals(stage))) == 1
    late = stage.plant.sign_in(CLERK)
    with pytest.raises(Refused):
        receipt.receive(late, receipt_line_id=stage.receipt_line_id, pieces=1)


def test_one_of_many_signatures_takes_the_goods_in(plant: Plant) -> None:
    stage = Stage(plant).closed()
    read = receipt.show(plant.sign_in(LEADER), receipt_id=stage.receipt_id).content_hash
    ready, told = threading.Barrier(4), []

    def accept() -> None:
        session = plant.sign_in(LEADER)
        ready.wait()
        try:
            receipt.accept_count(session, receipt_id=stage.receipt_id, read_hash=read, password=plant.password(LEADER))
        except Refused as refusal:
            told.append(refusal)
        finally:
            session.store.close()

    threads = [threading.Thread(target=accept) for _leader in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 3
    assert stage.rows("SELECT count(*) FROM signature WHERE kind = 'receipt'") == [(1,)]
    assert stage.rows(f"SELECT pieces_received FROM rma_line WHERE id = {stage.rma_line_id}") == [(12,)]


def holds(plant: Plant) -> bool:
    with plant.sign_in(IT).store.use():
        return audit.verify() == []
