"""What breaks while goods are counted: programs killed, connections cut, the server started again (database.md §6)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from qms_desktop.db import audit
from tests.helpers.plant import password_of
from tests.helpers.postgres import Server
from tests.hostile.stage import IT, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.plant import Plant, Templates

PROJECT = Path(__file__).parents[2]
KILLS = 5
CUTS = 30
BACK_WITHIN_S = 10


class Clerk:
    """A program of its own that counts cartons without pause; `answered` are those that it was told are booked."""

    def __init__(self, stage: Stage, login: str, first: int = 0) -> None:
        self.answered: list[str] = []
        self.program = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.scenarios.clerk_at_work",
                stage.plant.url,
                login,
                password_of(login),
                str(stage.receipt_line_id),
                str(first),
            ],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.program.stdout is not None
        assert self.program.stdout.readline() == "ready\n"
        self._reader = threading.Thread(target=self._listen, args=(self.program.stdout,))
        self._reader.start()

    def _listen(self, said: Iterator[str]) -> None:
        for line in said:
            word, _space, carton = line.rstrip("\n").partition(" ")
            assert word == "counted", line
            self.answered.append(carton)

    def kill(self) -> None:
        """End the program at once, wherever it is, as a power cut would."""
        self.program.kill()
        self.program.wait()
        self._reader.join()
        assert self.program.stdout is not None
        self.program.stdout.close()


@contextmanager
def working(stage: Stage, *logins: str) -> Iterator[list[Clerk]]:
    """Let clerks work during the block, and end them after it."""
    clerks = [Clerk(stage, login) for login in logins]
    try:
        yield clerks
    finally:
        for clerk in clerks:
            clerk.kill()


def assert_whole(stage: Stage, answered: list[str], *, at_most_unanswered: int) -> None:
    """Nothing answered is lost, nothing is doubled or half, sums and chain hold."""
    cartons = [row[0] for row in stage.rows("SELECT carton FROM receipt_count")]
    assert len(cartons) == len(set(cartons))
    assert set(answered) <= set(cartons)
    assert len(cartons) - len(set(answered)) <= at_most_unanswered
    pieces = len(cartons) * 3
    assert stage.rows(f"SELECT pieces_counted FROM receipt WHERE id = {stage.receipt_id}") == [(pieces,)]
    assert stage.rows(f"SELECT pieces_counted FROM receipt_line WHERE id = {stage.receipt_line_id}") == [(pieces,)]
    # A serial that a broken booking took is a gap; none is used twice (domain.md §16 "Count and label").
    serials = [row[0] for row in stage.rows("SELECT serial FROM label")]
    assert len(serials) == len(set(serials)) == len(cartons)
    bare = "SELECT count(*) FROM receipt_count c LEFT JOIN label l ON l.receipt_count_id = c.id WHERE l.id IS NULL"
    assert stage.rows(bare) == [(0,)]
    assert stage.rows("SELECT count(*) FROM request WHERE action = 'receipt.receive'") == [(len(cartons),)]
    with stage.plant.sign_in(IT).store.use():
        assert audit.verify() == []


def test_a_program_killed_at_any_moment_leaves_nothing_half(plant: Plant) -> None:
    stage = Stage(plant).arrived(pieces=50)
    chance, answered = random.Random(7), []
    for turn in range(KILLS):
        clerk = Clerk(stage, "10001", first=turn * 10_000)
        until = time.monotonic() + 10
        while not clerk.answered and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
        clerk.kill()
        answered += clerk.answered
    assert len(answered) >= KILLS
    assert_whole(stage, answered, at_most_unanswered=KILLS)


def test_cut_connections_lose_nothing_and_double_nothing(server_plant: Plant, postgres: Server) -> None:
    stage = Stage(server_plant).arrived(pieces=50)
    chance = random.Random(11)
    with working(stage, "10001", "10008") as clerks, postgres.connect() as administrator:
        for _cut in range(CUTS):
            time.sleep(chance.uniform(0.005, 0.06))
            administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('10001', '10008')"
            )
        seen = [len(clerk.answered) for clerk in clerks]
        until = time.monotonic() + 10
        while any(len(c.answered) <= n for c, n in zip(clerks, seen, strict=True)) and time.monotonic() < until:
            time.sleep(0.02)
        back = [len(clerk.answered) for clerk in clerks]
    assert all(now > before for now, before in zip(back, seen, strict=True)), "both were back within ten seconds"
    assert_whole(stage, [carton for clerk in clerks for carton in clerk.answered], at_most_unanswered=len(clerks))


@pytest.fixture
def own_server(templates: Templates) -> Iterator[tuple[Plant, Server]]:
    """Give a plant on a server of its own, which may be stopped."""
    with Server.start(18, fsync=True) as server:
        made = templates.server_copy(server)
        yield made, server
        made.close()


@pytest.mark.timeout(300)  # it makes a server of its own, and the server recovers twice
def test_a_server_started_again_under_load_loses_nothing(own_server: tuple[Plant, Server]) -> None:
    plant, server = own_server
    plant.at("2026-11-03 09:20")
    stage = Stage(plant).arrived(pieces=50)
    with working(stage, "10001", "10008") as clerks:
        for _restart in range(2):
            time.sleep(0.3)
            crash(server)
            seen = [len(clerk.answered) for clerk in clerks]
            until = time.monotonic() + BACK_WITHIN_S
            while any(len(c.answered) <= n for c, n in zip(clerks, seen, strict=True)) and time.monotonic() < until:
                time.sleep(0.02)
            back = [len(clerk.answered) for clerk in clerks]
            assert all(now > before for now, before in zip(back, seen, strict=True)), "clients come back by themselves"
    plant.look_anew()
    assert_whole(stage, [carton for clerk in clerks for carton in clerk.answered], at_most_unanswered=len(clerks))


def crash(server: Server) -> None:
    """Let one server process die hard: the server throws everybody out, recovers from its log, and works again."""
    victim = server.connect()
    os.kill(victim.info.backend_pid, signal.SIGKILL)
    with pytest.raises(psycopg.OperationalError):
        victim.execute("SELECT 1")
    victim.close()
    while True:  # how long the recovery takes is the disk's affair; pytest's time limit ends a server that stays away
        try:
            server.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
