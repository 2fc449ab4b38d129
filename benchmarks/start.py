"""From the start of the program to its first painted window, beside a bare PySide6 window; and what it has imported.

Two thirds of a bare start are imports, so what no first window needs is loaded later: the pages while the password is
typed, the Office libraries when a paper is written. That second window has no goal of its own but the last one.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import MS, Limit, Ratio
from tests.helpers.plant import PEOPLE, Templates, password_of
from tests.hostile.stage import SALES

ROUNDS, SHORT_ROUNDS = 9, 3
MOST_RATIO = 3.0
PROJECT = Path(__file__).parents[1]


def seconds_to_paint(arguments: list[str], home: Path) -> tuple[float, list[str]]:
    """Start a window; gives the seconds until it was painted, and the heavy modules that were loaded by then."""
    places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"), str(home))
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._first_paint", *arguments],
        cwd=PROJECT, env={**os.environ, **places}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    painted, _blank, heavy = done.stdout.strip().partition(" ")
    return float(painted) - begun, [name for name in heavy.split(",") if name]


def measure(*, short: bool) -> list[Ratio | Limit]:
    """Measure the sign-in and the window behind it, each beside the bare window, in turns."""
    login = PEOPLE[SALES][0]
    with tempfile.TemporaryDirectory() as folder:
        plant = Templates(Path(folder)).file_copy()
        plant.at("2026-11-03 09:20")
        windows = {"bare": ["bare"], "ours": ["ours", plant.url, login]}
        seen: dict[str, list[float]] = {name: [] for name in windows}
        for turn in range((SHORT_ROUNDS if short else ROUNDS) + 1):
            for name, arguments in windows.items():
                taken, _heavy = seconds_to_paint(arguments, Path(folder))
                if turn:  # the first turn fills the disk's cache
                    seen[name].append(taken)
        _taken, heavy = seconds_to_paint([*windows["ours"], password_of(login)], Path(folder))
        plant.close()
    floor, ours = (statistics.median(seen[name]) * MS for name in ("bare", "ours"))
    return [
        Ratio("first painted window, beside a bare PySide6 one", floor, ours, MOST_RATIO, "ms"),
        Limit(f"heavy modules when the pages are there: {heavy}", len(heavy), 0, "modules", is_exact=True),
    ]
