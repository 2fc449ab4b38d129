"""Four programs that write into one SQLite file without a pause: the longest that any booking waited.

SQLite's own busy handler let one of four wait 3.7 s; ours tries again after a short time of its own choosing.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import Limit
from benchmarks._workers import at_once
from benchmarks.receive import our_booking
from tests.helpers.plant import Templates
from tests.hostile.stage import Stage

WRITERS = 4
BOOKINGS, SHORT_BOOKINGS = 300, 40
MOST_WAIT_S = 0.5


def work(order: tuple[str, int, int], ready: Any, answers: Any) -> None:  # noqa: ANN401 - multiprocessing's own types
    """Book cartons one after the other, and hand back how long the slowest took, in seconds."""
    address, line, bookings = order
    book = our_booking(address, line)
    book()
    ready.wait()
    longest = 0.0
    for _booking in range(bookings):
        begun = time.perf_counter()
        book()
        longest = max(longest, time.perf_counter() - begun)
    answers.put(longest)


def measure(*, short: bool) -> list[Limit]:
    """Let the writers work at once; all that they booked must be there."""
    bookings = SHORT_BOOKINGS if short else BOOKINGS
    with tempfile.TemporaryDirectory() as folder:
        plant = Templates(Path(folder)).file_copy()
        plant.at("2026-11-03 09:20")
        stages = [Stage(plant).arrived() for _writer in range(WRITERS)]
        longest = max(at_once(work, [(plant.url, stage.receipt_line_id, bookings) for stage in stages]))
        assert stages[0].rows("SELECT count(*) FROM receipt_count") == [(WRITERS * (bookings + 1),)]
        plant.close()
    return [Limit(f"SQLite, {WRITERS} writers without a pause: longest booking", longest, MOST_WAIT_S, "s")]
