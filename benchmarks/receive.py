"""Receiving one carton: the whole verb beside the same work by bare psycopg, at one and at eight connections.

The floor takes the line under a lock, books the event, its label and the total, writes a plain audit row, and commits.
Ours does all that through permission, state, guards, audit chain, request key and notice. Both work in the same run, in
turns, on the same server with fsync on; each connection counts into a receipt of its own case, as different docks do.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg

from benchmarks import Limit, Ratio
from benchmarks._statements import statements
from benchmarks._workers import at_once
from qms_desktop.db import people
from qms_desktop.steps import receipt
from tests.helpers.plant import Templates, password_of
from tests.helpers.postgres import Server
from tests.hostile.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
BOOKINGS_A_ROUND = 60
WARM_UP = 15
MOST_STATEMENTS = 12
CLERK = "10001"
FLOOR_TABLES = """
CREATE TABLE floor_line (id bigserial PRIMARY KEY, pieces_agreed integer NOT NULL, pieces integer NOT NULL DEFAULT 0,
 state text NOT NULL);
CREATE TABLE floor_count (id bigserial PRIMARY KEY, line_id bigint NOT NULL REFERENCES floor_line (id),
 pieces integer NOT NULL, at timestamptz NOT NULL, who text NOT NULL, carton text NOT NULL);
CREATE INDEX ON floor_count (line_id);
CREATE TABLE floor_label (id bigserial PRIMARY KEY, count_id bigint NOT NULL REFERENCES floor_count (id),
 code text NOT NULL UNIQUE);
CREATE INDEX ON floor_label (count_id);
CREATE TABLE floor_audit (id bigserial PRIMARY KEY, table_name text NOT NULL, row_id bigint NOT NULL, who text NOT NULL,
 at timestamptz NOT NULL, new_row text NOT NULL);
CREATE INDEX ON floor_audit (table_name, row_id);
INSERT INTO floor_line (pieces_agreed, state) SELECT 1000000, 'OPEN' FROM generate_series(1, 64);
"""


def floor_booking(address: str, user: str, password: str, line: int) -> Callable[[], object]:
    """Open a bare connection and give the function that books one carton on it."""
    connection = psycopg.connect(address, user=user, password=password)
    cursor = connection.cursor()

    def book() -> None:
        at = datetime.now(UTC)
        cursor.execute("SELECT pieces_agreed, pieces, state FROM floor_line WHERE id = %s FOR UPDATE", (line,))
        agreed, pieces, state = cursor.fetchone() or (0, 0, "")
        assert state == "OPEN"
        assert pieces < agreed
        cursor.execute(
            "INSERT INTO floor_count (line_id, pieces, at, who, carton) VALUES (%s, 1, %s, %s, '1') RETURNING id",
            (line, at, CLERK),
        )
        (count_id,) = cursor.fetchone() or (0,)
        cursor.execute(
            "INSERT INTO floor_label (count_id, code) VALUES (%s, %s) RETURNING id", (count_id, f"L{count_id:012d}")
        )
        cursor.fetchone()
        cursor.execute("UPDATE floor_line SET pieces = pieces + 1 WHERE id = %s", (line,))
        cursor.execute(
            "INSERT INTO floor_audit (table_name, row_id, who, at, new_row) VALUES ('floor_count', %s, %s, %s, %s)",
            (count_id, CLERK, at, json.dumps({"line": line, "pieces": 1})),
        )
        connection.commit()

    return book


def our_booking(address: str, line: int) -> Callable[[], object]:
    """Sign in and give the function that counts one carton through the verb, with a request key as the page does."""
    session = people.sign_in(address, CLERK, password_of(CLERK))
    return lambda: receipt.receive(
        session, receipt_line_id=line, pieces=1, lot="L2610A", carton=uuid4().hex[:12], request_key=uuid4()
    )


def work(order: dict[str, Any], ready: Any, answers: Any) -> None:  # noqa: ANN401 - multiprocessing's own types
    """Book in turns with the floor and with ours, and hand back the median of each round in milliseconds."""
    books = {
        "floor": floor_booking(order["floor"], order["user"], order["password"], order["floor_line"]),
        "ours": our_booking(order["ours"], order["line"]),
    }
    medians: dict[str, list[float]] = {kind: [] for kind in books}
    for book in books.values():
        for _booking in range(WARM_UP):
            book()
    for _round in range(order["rounds"]):
        for kind, book in books.items():
            ready.wait()  # all connections are at the same kind of work
            taken = []
            for _booking in range(order["bookings"]):
                begun = time.perf_counter()
                book()
                taken.append((time.perf_counter() - begun) * 1000)
            medians[kind].append(statistics.median(taken))
    answers.put(medians)


def at_connections(orders: list[dict[str, Any]]) -> dict[str, float]:
    """Let one process a connection work at once, and give the medians of floor and ours in milliseconds."""
    seen = at_once(work, orders)
    return {kind: statistics.median(value for one in seen for value in one[kind]) for kind in ("floor", "ours")}


def statements_of_a_booking(address: str, line: int) -> list[str]:
    """Give the statements that one booking sends, once the session has done it before."""
    book = our_booking(address, line)
    book()
    with statements() as sent:
        book()
    return sent


def measure(*, short: bool) -> list[Ratio | Limit]:
    """Measure the verb beside its floor at 1 and at 8 connections, and count its statements."""
    rounds, bookings = (3, 20) if short else (ROUNDS, BOOKINGS_A_ROUND)
    with Server.start(18, fsync=True) as server, tempfile.TemporaryDirectory() as folder:
        plant = Templates(Path(folder)).server_copy(server)
        plant.at("2026-11-03 09:20")
        server.new_database("floor")
        with server.connect("floor") as connection:
            connection.execute(FLOOR_TABLES)
        lines = [Stage(plant).arrived(pieces=12).receipt_line_id for _connection in range(8)]
        address = f"postgresql://127.0.0.1:{server.port}/floor"
        orders = [
            {"floor": address, "user": server.superuser, "password": server.password, "floor_line": place + 1,
             "ours": plant.url, "line": line, "rounds": rounds, "bookings": bookings}
            for place, line in enumerate(lines)
        ]  # fmt: skip
        sent = statements_of_a_booking(plant.url, lines[0])
        found: list[Ratio | Limit] = [
            Limit("receive: statements", len(sent), MOST_STATEMENTS, "statements", is_exact=True)
        ]
        for connections, goal in ((1, 3), (8, 4)):
            medians = at_connections(orders[:connections])
            name = f"receive: {connections} connection{'s' if connections > 1 else ''}"
            found.append(Ratio(name, medians["floor"], medians["ours"], goal, "ms"))
        plant.close()
    return found
