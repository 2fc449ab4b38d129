"""Opening a database: addresses, passwords, servers that are away, and transactions that are worth a second try."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from qms_desktop.db import people
from qms_desktop.db.connection import (
    BAD_ADDRESS,
    FILE_BUSY,
    NETWORK_FILE,
    NO_FILE,
    NO_SERVER,
    NO_TLS,
    NOT_A_DATABASE,
    WRONG_PASSWORD,
    connect,
    read,
    sqlite_path,
    write,
)
from qms_desktop.db.master_data import Customer, Person
from qms_desktop.db.record import change, database, lock, take
from qms_desktop.errors import ChangedMeanwhile, InvalidInput, QmsError, Unavailable
from tests.hostile.stage import CLERK, IT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.helpers.plant import Plant, Templates
    from tests.helpers.postgres import Server


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("sqlite:///here.qms", "here.qms"),
        ("sqlite:////srv/quality/plant.qms", "/srv/quality/plant.qms"),
        ("sqlite:///C:/Quality/plant.qms", "C:/Quality/plant.qms"),
        ("sqlite:////srv/%E8%B4%A8%E9%87%8F%20A/plant.qms", "/srv/质量 A/plant.qms"),
    ],
)
def test_an_address_names_its_file(address: str, path: str) -> None:
    assert sqlite_path(address).as_posix() == path


@pytest.mark.parametrize(
    ("address", "template"),
    [
        ("sqlite://", BAD_ADDRESS),
        ("sqlite:///", BAD_ADDRESS),
        ("sqlite://server/share/plant.qms", NETWORK_FILE),
        ("sqlite://///server/share/plant.qms", NETWORK_FILE),
        ("sqlite:///\\\\server\\share\\plant.qms", NETWORK_FILE),
        ("mysql://host/plant", BAD_ADDRESS),
        ("plant.qms", BAD_ADDRESS),
        ("", BAD_ADDRESS),
        ("postgresql://127.0.0.1:1/plant?sslmode=sometimes", BAD_ADDRESS),
        ("postgresql://127.0.0.1:1/plant?colour=blue", BAD_ADDRESS),
    ],
)
def test_an_address_that_is_none_is_refused(address: str, template: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        connect(address, "it", "password-it")
    assert refused.value.template == template
    assert refused.value.field == "database"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refused:
        connect(f"sqlite:///{tmp_path / 'no.qms'}", "it", "password-it")
    assert refused.value.template == NO_FILE
    assert not (tmp_path / "no.qms").exists()


@pytest.mark.parametrize("content", [b"", b"\x00" * 5000, b"not a database, but a text that is long enough" * 30])
def test_a_foreign_file_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    foreign = tmp_path / "foreign.qms"
    foreign.write_bytes(content)
    with pytest.raises(Unavailable) as refused:
        connect(f"sqlite:///{foreign}", "it", "password-it")
    assert refused.value.template == NOT_A_DATABASE
    assert foreign.read_bytes() == content


def test_a_file_that_another_program_holds_is_busy_and_not_foreign(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = templates.file_copy()
    monkeypatch.setattr("qms_desktop.db.connection.SQLITE_PATIENCE_S", 0.1)
    holder = sqlite3.connect(plant.url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Unavailable) as refused:
        connect(plant.url, "it", "password-it")
    holder.close()
    assert refused.value.template == FILE_BUSY
    connect(plant.url, "it", "password-it").close()


@pytest.mark.parametrize(
    ("login", "password"), [("10001", "password-10002"), ("10001", ""), ("nobody", "password-10001"), ("", "")]
)
def test_a_wrong_password_is_refused(plant: Plant, login: str, password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        people.sign_in(plant.url, login, password)
    assert refused.value.template == WRONG_PASSWORD
    assert refused.value.field == "password"


def test_somebody_who_left_does_not_sign_in(plant: Plant) -> None:
    with plant.sign_in(IT).store.use():
        write(lambda: people.set_active("10001", is_active=False))
        try:
            with pytest.raises(InvalidInput) as refused:
                people.sign_in(plant.url, "10001", "password-10001")
        finally:  # a login belongs to the whole server, which other tests use too
            write(lambda: people.set_active("10001", is_active=True))
    assert refused.value.template == WRONG_PASSWORD


def test_a_server_that_is_away_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable) as refused:
            connect(f"postgresql://127.0.0.1:{taken.getsockname()[1]}/plant?sslmode=disable", "it", "password-it")
    assert refused.value.template == NO_SERVER
    assert "127.0.0.1" in str(refused.value)


def test_without_tls_nobody_connects_unless_the_address_says_so(server_plant: Plant) -> None:
    bare = server_plant.url.removesuffix("?sslmode=disable")
    with pytest.raises(Unavailable) as refused:
        connect(bare, "it", "password-it")
    assert refused.value.template == NO_TLS
    with pytest.raises(Unavailable):
        connect(f"{bare}?connect_timeout=5", "it", "password-it")


def test_both_kinds_of_time_limit_are_set(server_plant: Plant) -> None:
    opened = connect(server_plant.url, "it", "password-it")
    said = opened.connection().info.get_parameters()
    settings = opened.execute_sql(
        "SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),"
        " current_setting('statement_timeout'), current_setting('TimeZone'), current_setting('search_path')"
    ).fetchone()
    opened.close()
    assert (said["tcp_user_timeout"], said["keepalives_idle"], said["connect_timeout"]) == ("5000", "5", "5")
    assert settings == ("5s", "10s", "1min", "UTC", "qms,pg_catalog,pg_temp")


def test_a_second_person_who_saves_the_same_record_is_told(plant: Plant) -> None:
    with plant.sign_in(IT).store.use():
        first, second = take(Customer, 1), take(Customer, 1)
        write(lambda: change(first, remark="先"))
        with pytest.raises(ChangedMeanwhile):
            write(lambda: change(second, remark="后"))
        assert (take(Customer, 1).remark, take(Customer, 1).version) == ("先", 2)
        write(lambda: change(first, remark="再"))
        assert (take(Customer, 1).remark, first.version) == ("再", 3)


def test_a_refused_piece_of_work_saves_nothing(plant: Plant) -> None:
    def half() -> None:
        change(take(Customer, 1), remark="一半")
        raise InvalidInput("no")

    with plant.sign_in(IT).store.use():
        with pytest.raises(QmsError):
            write(half)
        assert take(Customer, 1).remark == ""


def test_a_deadlock_is_tried_again(server_plant: Plant) -> None:
    ready, tries = threading.Barrier(2), []

    def book(first: int, second: int) -> None:
        session = people.sign_in(server_plant.url, "it", "password-it")
        met: list[int] = []

        def work() -> None:
            tries.append(first)
            lock(Customer, first)
            if not met:
                met.append(1)
                ready.wait()
            lock(Customer, second)
            for customer in (first, second):
                change(take(Customer, customer), remark=f"{first}{second}")

        with session.store.use():
            write(work)
        session.store.close()

    threads = [threading.Thread(target=book, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with server_plant.sign_in(IT).store.use():
        remarks = {take(Customer, 1).remark, take(Customer, 2).remark}
        versions = (take(Customer, 1).version, take(Customer, 2).version)
    assert len(tries) == 3, "one of the two was thrown out and tried again"
    assert len(remarks) == 1
    assert versions == (3, 3)


def test_a_connection_cut_in_the_middle_is_opened_again_and_books_once(server_plant: Plant, postgres: Server) -> None:
    tries = []

    def work() -> None:
        change(take(Customer, 1), remark="断线")
        tries.append(database().connection().info.backend_pid)
        if len(tries) == 1:
            with postgres.connect() as administrator:
                administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (tries[0],))
        change(take(Customer, 2), remark="断线")

    with server_plant.sign_in(IT).store.use():
        write(work)
        assert (take(Customer, 1).version, take(Customer, 2).version) == (2, 2)
    assert len(set(tries)) == 2


def test_a_reading_survives_a_cut_connection(server_plant: Plant, postgres: Server) -> None:
    with server_plant.sign_in(CLERK).store.use():
        with postgres.connect() as administrator:
            pid = database().connection().info.backend_pid
            administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        assert read(lambda: Person.select().count()) == 18


def test_a_lock_that_is_never_given_is_no_crash(server_plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qms_desktop.db.connection.ATTEMPTS", 2)

    def work() -> None:
        database().execute_sql("SET LOCAL lock_timeout = '100ms'")
        change(take(Customer, 1), remark="等")

    with server_plant.plain(IT) as holder, server_plant.sign_in(IT).store.use():
        holder.execute("BEGIN")
        holder.execute("UPDATE customer SET remark = '占' WHERE id = 1")
        with pytest.raises(Unavailable):
            write(work)
        holder.execute("ROLLBACK")
        write(work)
        assert take(Customer, 1).remark == "等"


def test_whoever_signs_out_leaves_no_connection_behind(server_plant: Plant, postgres: Server) -> None:
    """Readers have connections of their own; they went on as this person for as long as the program ran."""
    session = people.sign_in(server_plant.url, "10001", server_plant.password(CLERK))
    ready, leave = threading.Barrier(4), threading.Event()

    def read_on() -> None:
        with session.store.use():
            Customer.select().count()
        ready.wait()
        leave.wait()

    readers = [threading.Thread(target=read_on) for _each in range(3)]
    for reader in readers:
        reader.start()
    ready.wait()
    asked = "SELECT count(*) FROM pg_stat_activity WHERE usename = '10001'"
    with psycopg.connect(server_plant.url, user=postgres.superuser, password=postgres.password) as watch:
        watch.autocommit = True
        assert watch.execute(asked).fetchone() == (4,)
        session.store.close()
        deadline = time.monotonic() + 5
        while watch.execute(asked).fetchone() != (0,) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert watch.execute(asked).fetchone() == (0,)
    leave.set()
    for reader in readers:
        reader.join()
    with session.store.use(), pytest.raises(Unavailable):
        read(lambda: Customer.select().count())


def test_a_file_that_somebody_left_is_opened_by_nobody_any_more(templates: Templates) -> None:
    plant = templates.file_copy()
    session = people.sign_in(plant.url, "10001", plant.password(CLERK))
    with session.store.use():
        Customer.select().count()
    closing = threading.Thread(target=session.store.close)
    closing.start()
    closing.join()
    with session.store.use(), pytest.raises(Unavailable):
        read(lambda: Customer.select().count())


def test_whoever_signs_out_takes_no_connection_from_under_a_reading(plant: Plant) -> None:
    """SQLite ended the whole program when a connection was closed under a statement that ran."""
    session = people.sign_in(plant.url, "10001", plant.password(CLERK))
    begun, left = threading.Event(), threading.Event()
    seen = []

    def read_on() -> None:
        with session.store.use():
            rows = iter(Customer.select().order_by(Customer.id))
            first = next(rows)
            begun.set()
            left.wait()
            seen.extend([first.id, *(row.id for row in rows)])
            seen.append(Customer.select().count())
        with session.store.use(), pytest.raises(Unavailable):
            read(lambda: Customer.select().count())

    reader = threading.Thread(target=read_on)
    reader.start()
    begun.wait()
    session.store.close()
    left.set()
    reader.join()
    assert len(seen) == seen[-1] + 1
