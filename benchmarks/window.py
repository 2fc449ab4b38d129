"""How long one event holds the window's thread, while somebody walks through all pages, opens records and scrolls.

Every query runs behind the window, so what holds it is drawing, and building a page when it is opened for the first
time. The time is that of the clock, so a wait would show; on a machine that others share, the thread's own time beside
it says how much of it was ours.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks import MS, Limit
from qms_desktop.app import pages
from qms_desktop.app.start import Program, Start
from qms_desktop.demo import place
from qms_desktop.ui.main_window import MainWindow
from qms_desktop.ui.table import Table
from qms_desktop.ui.workplace import Destination
from tests.helpers.plant import PEOPLE, Templates, password_of
from tests.hostile.stage import QUALITY_MANAGER, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_MS = 50
PAGES = (*pages.MAKERS, pages.FIRST_PAGE)
ROUNDS, SHORT_ROUNDS = 3, 1
LOADED_WITHIN_S = 60.0
SETTLED_S, SHORT_SETTLED_S = 0.25, 0.02


@dataclass
class Held:
    """The longest that one event held the thread: by the clock and by the thread's own time, and on which page."""

    at: str = ""
    clock_s: float = 0.0
    own_s: float = 0.0
    on: str = ""
    own_on: str = ""

    def take(self, clock_s: float, own_s: float, what: str) -> None:
        """Keep what was longer than anything before."""
        if clock_s > self.clock_s:
            self.clock_s, self.on = clock_s, f"{self.at}, {what}"
        if own_s > self.own_s:
            self.own_s, self.own_on = own_s, f"{self.at}, {what}"


@dataclass
class Watch:
    """Stands between Qt and the program, and times each event that is not inside another."""

    held: Held = field(default_factory=Held)
    depth: int = 0


class WatchedApplication(QApplication):
    """The application whose events are timed."""

    def __init__(self) -> None:
        super().__init__([])
        self.watch = Watch()
        self.settled_s = SETTLED_S

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        watch = self.watch
        if watch.depth:
            return super().notify(receiver, event)
        watch.depth += 1
        what = f"{type(receiver).__name__} {event.type().name}"
        clock, own = time.perf_counter(), time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            watch.held.take(time.perf_counter() - clock, time.thread_time() - own, what)
            watch.depth -= 1


def settle(app: WatchedApplication, until: Callable[[], bool] = lambda: True) -> None:
    """Let events come until something is there, and then until nothing has happened for a while."""
    end = time.monotonic() + LOADED_WITHIN_S
    while not until():
        app.processEvents()
        if time.monotonic() > end:
            message = "the window did not come so far"
            raise TimeoutError(message)
        time.sleep(0.005)
    quiet = time.monotonic() + app.settled_s
    while time.monotonic() < quiet:
        app.processEvents()
        time.sleep(0.005)


def as_event(app: WatchedApplication, work: Callable[[], object]) -> None:
    """Let some work be an event of its own, as a click is."""
    done: list[object] = []
    QTimer.singleShot(0, app, lambda: done.append(work()))
    settle(app, lambda: bool(done))


def walk(app: WatchedApplication, program: Program) -> None:
    """Go to every page; open the first records of its lists, and scroll them."""
    for name in PAGES:
        app.watch.held.at = name
        as_event(app, partial(program.go, Destination(name)))
        window = program.shown
        assert isinstance(window, MainWindow)
        shown = window.page
        assert shown is not None
        for table in shown.findChildren(Table):
            if table.isVisible() and table.rows_model.rowCount():
                for row in range(min(3, table.rows_model.rowCount())):
                    as_event(app, partial(table.choose, row))
                as_event(app, partial(table.verticalScrollBar().setValue, 10_000))


@contextmanager
def opened(*, short: bool) -> Iterator[Start]:
    """Give the demo as the window opens it; in the short form, a small plant with one return."""
    with tempfile.TemporaryDirectory() as folder:
        names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME")
        with mock.patch.dict(os.environ, dict.fromkeys(names, folder)):
            if short:
                plant = Templates(Path(folder)).file_copy()
                plant.at("2026-11-03 09:20")
                Stage(plant).signed()
                login = PEOPLE[QUALITY_MANAGER][0]
                yield Start(database=plant.url, login=login, password=password_of(login))
                plant.close()
            else:
                demo = place.make_when_missing()
                yield Start(database=demo.url, login=demo.login, password=demo.password)


def measure(*, short: bool) -> list[Limit]:
    """Walk through the window, and tell the longest event of the first walk and of those after it."""
    app = WatchedApplication()
    app.settled_s = SHORT_SETTLED_S if short else SETTLED_S
    first, later = Held(), Held()
    with opened(short=short) as start:
        program = Program(start)
        program.open()
        settle(app, lambda: isinstance(program.shown, MainWindow))
        app.watch.held = first
        walk(app, program)
        app.watch.held = later
        for _round in range(SHORT_ROUNDS if short else ROUNDS):
            walk(app, program)
        app.watch.held = Held()
        assert program.shown is not None
        program.shown.close()
        program.close()
        app.processEvents()
    return [
        line
        for name, held in (("opening each page for the first time", first), ("walking through all pages", later))
        for line in (
            Limit(f"window, {name}: longest event ({held.on})", held.clock_s * MS, MOST_MS, "ms"),
            Limit(f"window, {name}: its own time ({held.own_on})", held.own_s * MS, MOST_MS, "ms"),
        )
    ]
