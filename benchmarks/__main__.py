"""Measures what the program costs: `python -m benchmarks [NAME ...] [--short]`; a table, and JSON in build/bench.

The full form ends with 1 when a goal is missed. The short form, for a shared machine, has few rows and rounds: it shows
a missed time and goes on; what must be the same on every machine, a count of statements or modules, fails it too.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # labels and windows are drawn without a screen

import benchmarks

if TYPE_CHECKING:
    from benchmarks import Line

RESULTS = Path(__file__).parents[1] / "build" / "bench"
COLUMNS = ("name", "floor", "ours", "unit", "ratio", "goal", "met")


def names() -> list[str]:
    """Give the names of all benchmarks."""
    return sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_")


def row_of(line: Line) -> dict[str, Any]:
    """Give what the table and the file show of a line."""
    return {"name": line.name, **line.cells(), "met": line.is_met, "exact": line.is_exact}


def file_of(name: str) -> Path:
    """Give where the lines of a benchmark are kept."""
    return RESULTS / f"{name}.json"


def shown(value: object) -> str:
    """Give a cell of the table."""
    if isinstance(value, bool):
        return "met" if value else "MISSED"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return "" if value is None else str(value)


def print_table(rows: list[dict[str, Any]]) -> None:
    """Print what was measured, one line each."""
    cells = [list(COLUMNS), *([shown(row[column]) for column in COLUMNS] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(COLUMNS))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


def measured(name: str, *, short: bool) -> list[dict[str, Any]]:
    """Run one benchmark, and give and keep its lines."""
    lines: list[Line] = importlib.import_module(f"benchmarks.{name}").measure(short=short)
    rows = [row_of(line) for line in lines]
    RESULTS.mkdir(parents=True, exist_ok=True)
    file_of(name).write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return rows


def measured_apart(name: str, *, short: bool) -> list[dict[str, Any]]:
    """Run one benchmark in a process of its own, so that none finds what another has loaded or opened."""
    begun = time.perf_counter()
    options = ["--short"] if short else []
    done = subprocess.run([sys.executable, "-m", "benchmarks", name, "--rows-only", *options], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    rows: list[dict[str, Any]] = json.loads(file_of(name).read_text(encoding="utf-8"))
    return rows


def main(words: list[str]) -> int:
    """Run the benchmarks that are named, or all; 1 when a goal is missed (in the short form: a count)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names())}")
    parser.add_argument("--short", action="store_true", help="few rows and rounds; only a missed count fails")
    parser.add_argument("--rows-only", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    unknown = set(asked.names) - set(names())
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    if asked.rows_only:
        measured(asked.names[0], short=asked.short)
        return 0
    rows = [row for name in asked.names or names() for row in measured_apart(name, short=asked.short)]
    print_table(rows)
    return 1 if any(not row["met"] and (row["exact"] or not asked.short) for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
