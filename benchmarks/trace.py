"""Recall trace: 2,000,000 shipment lines, five levels of lots, beside the shortest raw SQL that answers the same.

Totals a customer, the full line list with names and chains, and how the time of a line grows with the book.
"""

from __future__ import annotations

import random
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import MS, Ratio, medians
from qms_desktop.db import bulk
from qms_desktop.db import master_data as md
from qms_desktop.db.connection import write
from qms_desktop.db.record import database
from qms_desktop.steps import master_data
from tests.helpers.book import empty_file, empty_server
from tests.helpers.postgres import Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qms_desktop.session import Session
    from tests.helpers.plant import Plant

FULL, SMALL = 2_000_000, 200_000
SHORT, SHORT_SMALL = 20_000, 4_000
LEVELS = (2_000, 8_000, 16_000, 30_000, 60_000)
SHORT_LEVELS = (50, 200, 400, 750, 1_500)
CUSTOMERS, PRODUCTS = 3_000, 60
ROUNDS = 11
# A lot in the middle of the book: its neighbours in time share its parents, as in a plant.
ASKED, SHORT_ASKED = 1_000, 25
FIRST_DAY = date(2024, 1, 1)
CHUNK = 100_000
US = 1_000_000

TRACE = (
    "WITH RECURSIVE t(id) AS (SELECT {mark} UNION SELECT u.made_id FROM t JOIN lot_use u ON u.used_id = t.id) "
    "SELECT s.customer_id, sum(s.pieces_shipped), count(*) FROM t JOIN shipment_line s ON s.lot_id = t.id "
    "GROUP BY s.customer_id ORDER BY 2 DESC"
)
LINES = (
    "WITH RECURSIVE t(id) AS (SELECT {mark} UNION SELECT u.made_id FROM t JOIN lot_use u ON u.used_id = t.id) "
    "SELECT s.id, s.number, s.shipped_on, s.lot_id, s.customer_id, s.pieces_shipped "
    "FROM t JOIN shipment_line s ON s.lot_id = t.id"
)


@dataclass(frozen=True)
class Book:
    """A plant with a book of shipments, and its administrator."""

    session: Session
    lines: int


def lots(levels: tuple[int, ...]) -> Iterator[tuple[str, str, str, int | None]]:
    """Give kind, article, number and product of every lot, level by level."""
    for level, count in enumerate(levels):
        kind = "MATERIAL" if level == 0 else "FINISHED" if level == len(levels) - 1 else "COMPONENT"
        for place in range(count):
            product = place % PRODUCTS + 1 if kind == "FINISHED" else None
            yield kind, f"P-{product}" if product else f"A-{level}", f"L{level}-{place:07d}", product


def uses(levels: tuple[int, ...], dice: random.Random) -> Iterator[tuple[int, int]]:
    """Give two or three parents one level up for every lot, near in time."""
    above, first = levels[0], 1
    for count in levels[1:]:
        for place in range(count):
            middle = int(place / count * above)
            parents = {min(max(middle + dice.randrange(-8, 9), 0), above - 1) for _ in range(dice.choice((2, 2, 3)))}
            yield from ((first + parent, first + above + place) for parent in parents)
        first += above
        above = count


def shipments(count: int, levels: tuple[int, ...], dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Give shipment lines over the finished lots, in the order of time."""
    finished, first = levels[-1], sum(levels[:-1]) + 1
    for line in range(count):
        place = min(max(int(line / count * finished) - dice.randrange(50), 0), finished - 1)
        yield (
            f"CK{line // 4:09d}", f"SO{line:09d}", dice.randrange(CUSTOMERS) + 1, place % PRODUCTS + 1, first + place,
            dice.randrange(1, 500), FIRST_DAY + timedelta(days=line * 1000 // count),
        )  # fmt: skip


def fill(session: Session, count: int, levels: tuple[int, ...]) -> None:
    """Load the book by the program's own way for many rows, a transaction a table."""
    dice = random.Random(7)
    buyers = ((f"C{number}", f"Customer {number}", "DOMESTIC") for number in range(CUSTOMERS))
    made = ((f"P-{number + 1}", f"Product {number + 1}", "pcs") for number in range(PRODUCTS))
    with session.store.use():
        load(md.Customer, ("code", "name", "market"), buyers)
        load(md.Product, ("code", "name", "unit"), made)
        load(md.Lot, ("kind", "article", "number", "product"), lots(levels))
        load(md.LotUse, ("used", "made"), uses(levels, dice))
        names = ("number", "order_no", "customer", "product", "lot", "pieces_shipped", "shipped_on")
        for some in bulk.chunks(shipments(count, levels, dice), CHUNK):
            load(md.ShipmentLine, names, some)


def load(model: type[md.Imported], names: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Insert the rows of one table."""
    write(lambda: bulk.insert_rows(model, names, rows))


@contextmanager
def books(folder: Path, counts: tuple[int, ...], levels: tuple[int, ...]) -> Iterator[dict[str, list[Book]]]:
    """Give filled plants of each size on both databases."""
    opened: list[Plant] = []
    with Server.start(18) as server:
        made: dict[str, list[Book]] = {"SQLite": [], "PostgreSQL": []}
        for count in counts:
            place = folder / str(count)
            place.mkdir()
            for name, plant in (("SQLite", empty_file(place)), ("PostgreSQL", empty_server(server, f"book{count}"))):
                opened.append(plant)
                session = plant.sign_in("管理员")
                fill(session, count, levels)
                made[name].append(Book(session, count))
        for count in counts:
            with server.connect(f"book{count}") as owner:  # what autovacuum does in a plant at night
                owner.execute("VACUUM ANALYZE")
        yield made
        for plant in opened:
            plant.close()


def raw(session: Session, query: str, lot_id: int) -> list[tuple[Any, ...]]:
    """Run the floor on the session's own connection, without anything of the program in between."""
    with session.store.use():
        opened = database()
        mark = "%s::bigint" if opened.param == "%s" else "?"
        cursor = opened.connection().cursor()
        cursor.execute(query.format(mark=mark), (lot_id,))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def measure_one(name: str, book: Book, asked: int, rounds: int) -> tuple[list[Ratio], float]:
    """Measure totals and lines of one plant; also give the seconds that one line of the list takes."""
    session = book.session
    totals = master_data.customers_of_lot(session, lot_id=asked)
    trace = master_data.what_if(session, lot_id=asked)
    floor_totals, floor_lines = raw(session, TRACE, asked), raw(session, LINES, asked)
    assert sorted((each.customer_id, each.pieces) for each in totals) == sorted(
        (row[0], int(row[1])) for row in floor_totals
    )
    assert sorted(line.id for line in trace.lines) == sorted(row[0] for row in floor_lines)
    assert len(trace.lines) > 0
    found = medians(
        {
            "floor totals": lambda: raw(session, TRACE, asked),
            "totals": lambda: master_data.customers_of_lot(session, lot_id=asked),
            "floor lines": lambda: raw(session, LINES, asked),
            "lines": lambda: master_data.what_if(session, lot_id=asked),
        },
        rounds=rounds,
    )
    of = f"{name}, {book.lines:,} lines"
    totals_name, lines_name = (
        f"trace, totals a customer ({of})",
        f"trace, {len(trace.lines):,} lines with chains ({of})",
    )
    return [
        Ratio(totals_name, found["floor totals"] * MS, found["totals"] * MS, 2.0, "ms"),
        Ratio(lines_name, found["floor lines"] * MS, found["lines"] * MS, 4.0, "ms"),
    ], found["lines"] / len(trace.lines)


def measure(*, short: bool) -> list[Ratio]:
    """Measure on both databases; the short form has a hundredth of the lines."""
    small, full, rounds = (SHORT_SMALL, SHORT, 3) if short else (SMALL, FULL, ROUNDS)
    levels, asked = (SHORT_LEVELS, SHORT_ASKED) if short else (LEVELS, ASKED)
    ratios: list[Ratio] = []
    with tempfile.TemporaryDirectory() as folder, books(Path(folder), (small, full), levels) as made:
        for name, (of_small, of_full) in made.items():
            _ignored, small_line_s = measure_one(name, of_small, asked, rounds)
            found, full_line_s = measure_one(name, of_full, asked, rounds)
            ratios += found
            growth = f"trace, one line at {full:,} beside {small:,} ({name})"
            ratios.append(Ratio(growth, small_line_s * US, full_line_s * US, 1.5, "µs a line"))
    return ratios
