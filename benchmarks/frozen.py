"""The frozen program beside the same program from source: how soon it answers.

Only measured when `python3 dev.py build` has made the folder; there is nothing to measure without it.
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks import MS, Ratio, medians

PROJECT = Path(__file__).parents[1]
PROGRAM = PROJECT / "dist" / "qms-desktop" / ("qms-desktop.exe" if sys.platform == "win32" else "qms-desktop")
ROUNDS, SHORT_ROUNDS = 9, 3
MOST_RATIO = 1.2


def help_of(*program: str) -> None:
    """Let the program describe all its commands, for which it loads everything but the window."""
    subprocess.run([*program, "--help"], cwd=PROJECT, check=True, capture_output=True)


def measure(*, short: bool) -> list[Ratio]:
    """Measure both in turns."""
    if not PROGRAM.is_file():
        return []
    works = {"floor": partial(help_of, sys.executable, "-m", "qms_desktop"), "ours": partial(help_of, str(PROGRAM))}
    found = medians(works, rounds=SHORT_ROUNDS if short else ROUNDS)
    return [Ratio("frozen program, beside source", found["floor"] * MS, found["ours"] * MS, MOST_RATIO, "ms")]
