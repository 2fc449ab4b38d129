"""Without a command: the window. Qt is loaded here and not before, so that commands run where there is no screen."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the window understands."""
    parser.add_argument(
        "--database", metavar="URL", help="open this database: sqlite:///file.qms or postgresql://host/name"
    )
    parser.add_argument("--user", metavar="NAME", help="who signs in")
    parser.add_argument("--password-file", metavar="FILE", type=Path, help="with a command: a file with the password")
    parser.add_argument("--json", action="store_true", help="with a command: print its answer as JSON")
    parser.add_argument("--demo", action="store_true", help="open the demo; it is made when it is not there yet")
    parser.add_argument("--station", choices=("dock",), default="", help="open a station, full screen")


def open_window(asked: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    app = import_module("qms_desktop.app")
    start = app.Start(database=asked.database or "", station=asked.station, login=asked.user or "")
    if asked.demo:
        demo = import_module("qms_desktop.demo.place").make_when_missing()
        start = app.Start(database=demo.url, station=asked.station, login=demo.login, password=demo.password)
    return int(app.run(start))
