"""Measures what the program costs: `python -m benchmarks [NAME ...] [--short]`; a table, and JSON in build/bench."""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import pkgutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # labels are drawn without a screen

import benchmarks
from benchmarks import Ratio

RESULTS = Path(__file__).parents[1] / "build" / "bench"


def names() -> list[str]:
    """Give the names of all benchmarks."""
    return sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_")


def lines_of(name: str, *, short: bool) -> list[dict[str, Any]]:
    """Run one benchmark and give its lines; `short` is the form for a quick look, where the benchmark has one."""
    module = importlib.import_module(f"benchmarks.{name}")
    has_short_form = "short" in inspect.signature(module.measure).parameters
    measured = module.measure(short=short) if has_short_form else module.measure()
    return [line_of(entry) for entry in measured]


def line_of(entry: Ratio | dict[str, Any]) -> dict[str, Any]:
    """Give a line of the table; some benchmarks make their lines themselves."""
    if not isinstance(entry, Ratio):
        return {"name": entry["name"], "floor": entry.get("floor"), "ours": entry.get("value", entry.get("ours")),
                "unit": entry.get("unit", ""), "ratio": entry.get("ratio"), "goal": entry.get("goal"),
                "met": entry.get("met")}  # fmt: skip
    sign = ">=" if entry.more_is_better else "<="
    return {**asdict(entry), "ratio": round(entry.ratio, 2), "goal": f"{sign} {entry.goal:g} x", "met": entry.is_met}


def shown(value: object) -> str:
    """Give a cell of the table."""
    if isinstance(value, bool):
        return "met" if value else "MISSED"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return "" if value is None else str(value)


def print_table(lines: list[dict[str, Any]]) -> None:
    """Print the ratios, one line each."""
    columns = ("name", "floor", "ours", "unit", "ratio", "goal", "met")
    cells = [list(columns), *([shown(line.get(column)) for column in columns] for line in lines)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


def main(words: list[str]) -> int:
    """Run the benchmarks that are named, or all; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names())}")
    parser.add_argument("--short", action="store_true", help="a quick look with few rounds")
    asked = parser.parse_args(words)
    unknown = set(asked.names) - set(names())
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    all_lines: list[dict[str, Any]] = []
    for name in asked.names or names():
        lines = lines_of(name, short=asked.short)
        text = json.dumps(lines, ensure_ascii=False, indent=1, default=float)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        all_lines += lines
    print_table(all_lines)
    return 0 if all(line.get("met") is not False for line in all_lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
