"""Draws all paper that the program prints as pictures in build/papers, to be looked at and read back.

    python -m tests.tools.papers [labels …]

Each kind of paper has its module here, papers_<kind>.py, with a function `render(out)` that writes below `out` and
raises when what it drew is wrong.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "build" / "papers"


def kinds() -> list[str]:
    """Name the kinds of paper that can be drawn."""
    return sorted(path.stem.removeprefix("papers_") for path in HERE.glob("papers_*.py"))


def main(*wanted: str) -> int:
    """Draw the wanted kinds, or all; give 2 for a kind that does not exist."""
    known = kinds()
    if unknown := set(wanted) - set(known):
        print(f"no such paper: {', '.join(sorted(unknown))}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for kind in wanted or known:
        print(kind, flush=True)
        import_module(f"tests.tools.papers_{kind}").render(OUT)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
