"""The pages from sorting to quality cost with real records: the story is told into a file, a page is opened on it."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from qms_desktop import i18n
from qms_desktop.rules import calendar
from qms_desktop.steps import claim, quality_cost, rework
from qms_desktop.steps.rework import OrderKind, Take
from qms_desktop.steps.sorting import DispositionKind
from qms_desktop.ui import plant_time, trade_words
from qms_desktop.ui.claim import ClaimPage
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.inspection import InspectionPage
from qms_desktop.ui.live import Live
from qms_desktop.ui.main_window import MainWindow, PageEntry, Readings, entries_of_flow
from qms_desktop.ui.memory import Memory
from qms_desktop.ui.page import Page
from qms_desktop.ui.quality_cost import QualityCostPage
from qms_desktop.ui.rework import ReworkPage
from qms_desktop.ui.sorting import SortingPage
from qms_desktop.ui.workplace import Destination, Workplace
from tests.helpers.plant import Chapter, Plant, Templates
from tests.scenarios import test_claim_and_cost as ending
from tests.scenarios import test_sorting_to_stock as story
from tests.tools import folders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from qms_desktop.ui.background import Background
    from tests.tools.screenshots import Studio

_LOADED_WITHIN_S = 10
_FLOW = ("complaint", "rma", "receipt", "sorting", "rework", "inspection", "claim", "quality_cost", "eight_d", "recall")


class Floor:
    """A plant in which the story was told up to a point; pages are opened for one of its people."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.templates = Templates(folder)
        self._plants: dict[str, Plant] = {}
        self._opened = 0

    def told(self, until: str) -> Plant:
        """Give a plant with the story told up to a point, a name in _TELL; each point is told once."""
        if until not in self._plants:
            self._plants[until] = self.templates.file_copy()
            with i18n.speaking("en"):  # the scenarios look for English words in what is refused
                self._tell(self._plants[until], until)
        return self._plants[until]

    def _tell(self, plant: Plant, until: str) -> None:
        before, tell = _TELL[until]
        if before:
            self._tell(plant, before)
        plant.told(Chapter(until, tell))

    def workplace(self, plant: Plant, name: str, background: Background) -> Workplace:
        """Give one of the plant's people a workplace."""
        self._opened += 1
        session = replace(plant.sign_in(name), station="QC-02")
        plant_time.use(calendar.zone_of_plant(session))
        return Workplace(
            session=session,
            background=background,
            live=Live(),
            drafts=Drafts(self.folder / f"drafts{self._opened}.sqlite3", person=name, store=plant.url),
            memory=Memory(self.folder / f"window{self._opened}.json"),
            go=lambda _destination: None,
        )


@cache
def floor() -> Floor:
    """Give the floor of this process, in a folder of its own."""
    return Floor(folders.folder("floor-"))


def _judged(plant: Plant) -> None:
    story.judge_the_goods(plant, story.receive_the_goods(plant))


def _working(plant: Plant) -> None:
    (first, *_others) = story.rounds_of(plant, 1)
    story.sort_the_goods(plant, 1)
    story.repack_sixty(plant, first.id)
    plant.at("2026-11-09 08:00")
    xu, luo = plant.sign_in("徐兰"), plant.sign_in("罗强")
    order = rework.open_order(xu, kind=OrderKind.REWORK, takes=(Take(first.id, 424),))
    rework.release(xu, order_id=order.order_id, instruction="RW-YQ22-01", revision="A")
    rework.start_work(luo, order_id=order.order_id, badge="B10105", rate="返修技工")
    plant.at("2026-11-10 13:05")
    for badge in ("B10004", "B10114"):
        rework.start_work(luo, order_id=order.order_id, badge=badge, rate="返修技工")
    rework.use_material(luo, order_id=order.order_id, material="M-101", quantity=Decimal(184))
    rework.report(luo, order_id=order.order_id, to_inspect=176, failed=5, scrapped=3, badge="B10004")
    plant.at("2026-11-10 14:06")


def _signed(plant: Plant) -> None:
    made = ending.prepare_the_claim(plant, ending.tell(plant))
    ending.send_to_approval(plant, made.claim_id)
    ending.sign_the_places(plant, made.claim_id)


def _costed(plant: Plant) -> None:
    (made,) = claim.listed(plant.sign_in("郭明"))
    ending.approve_the_claim(plant, made.id)
    ending.execute_the_claim(plant, made.id)
    kind = quality_cost.CostKind.PREMIUM_FREIGHT
    quality_cost.book_sum(
        plant.sign_in("徐兰"), case_id=made.case_id, kind=kind, amount=Decimal("1280.00"), text="专车补供"
    )


_TELL: dict[str, tuple[str, Callable[[Plant], None]]] = {
    "judged": ("", _judged),
    "working": ("judged", _working),
    "signed": ("", _signed),
    "costed": ("signed", _costed),
}


def settle(page: Page) -> None:
    """Let the window work until everything that the page asked for has come."""
    app = QApplication.instance()
    until = time.monotonic() + _LOADED_WITHIN_S
    quiet = 0
    while quiet < 5 and time.monotonic() < until:
        app.processEvents()
        busy = any(not ticket.told and not ticket.cancelled for ticket in page._latest.values())  # noqa: SLF001
        quiet = 0 if busy else quiet + 1
        with contextlib.suppress(InterruptedError):
            time.sleep(0.02)


def window(studio: Studio, until: str, name: str, page: str, make: Callable[[Workplace], Page]) -> MainWindow:
    """Open a page in the real frame for one of the people, with the story told up to a point, and wait for it."""
    place = floor().workplace(floor().told(until), name, studio.workplace.background)
    entries = [
        PageEntry(entry.page, make if entry.page == page else Page, entry.permission, entry.side)
        for entry in entries_of_flow(dict.fromkeys(_FLOW, Page))
    ]
    readings = Readings(search=lambda _session, *, text: [], waiting=lambda _session: {})
    made = MainWindow(
        studio.app,
        place,
        entries,
        seat=lambda: trade_words.seat_of(place.session.roles),
        readings=readings,
        scanner=studio.scanner,
    )
    made.resize(1440, 900)
    made.show()
    made.go(Destination(page))
    settle(made.pages[page])
    return made


def sorting(studio: Studio) -> QWidget:
    """Show 588 pieces that are being put on heaps."""
    made = window(studio, "judged", "高平", "sorting", SortingPage)
    page = made.pages["sorting"]
    page.list.table.choose(len(page.list.rows) - 1)
    settle(page)
    rows = page.view.entry.rows
    for kind, pieces in ((DispositionKind.REWORK, "424"), (DispositionKind.REPACK, "60"), (DispositionKind.GOOD, "58")):
        rows[kind].pieces.put(pieces)
    rows[DispositionKind.DISMANTLE].pieces.line.setFocus()
    return made


def sorting_done(studio: Studio) -> QWidget:
    """Show a round of which every piece is on a heap."""
    made = window(studio, "working", "高平", "sorting", SortingPage)
    page = made.pages["sorting"]
    page.list.choose_filter("all")
    settle(page)
    page.list.table.choose(len(page.list.rows) - 1)
    settle(page)
    return made


def sorting_judge(studio: Studio) -> QWidget:
    """Show the form of a judgement over its page."""
    made = window(studio, "judged", "高平", "sorting", SortingPage)
    made.pages["sorting"].judge()
    settle(made.pages["sorting"])
    return QApplication.activeModalWidget() or made


def inspection(studio: Studio) -> QWidget:
    """Show a result that is being typed."""
    made = window(studio, "working", "高平", "inspection", InspectionPage)
    page = made.pages["inspection"]
    page.list.table.choose(len(page.list.rows) - 1)
    settle(page)
    for name, pieces in (("passed", "170"), ("failed", "4")):
        page.view.result.fields[name].control.put(pieces)
    return made


PAGES: dict[str, Callable[[Studio], QWidget]] = {
    "sorting": sorting,
    "sorting_done": sorting_done,
    "sorting_judge": sorting_judge,
    "rework": partial(window, until="working", name="罗强", page="rework", make=ReworkPage),
    "inspection": inspection,
    "claim": partial(window, until="signed", name="郭明", page="claim", make=ClaimPage),
    "claim_executed": partial(window, until="costed", name="冯志远", page="claim", make=ClaimPage),
    "quality_cost": partial(window, until="costed", name="徐兰", page="quality_cost", make=QualityCostPage),
}
