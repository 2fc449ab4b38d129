"""Pages with real records in them: a plant in a folder that is thrown away, told as far as the picture needs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication, QWidget

from qms_desktop.demo.eight_d_filling import INTERIM
from qms_desktop.steps.eight_d import ReportKind, Section
from qms_desktop.steps.master_data import ImportKind
from qms_desktop.ui import trade_words
from qms_desktop.ui.eight_d import EightDPage
from qms_desktop.ui.main_window import MainWindow, MakePage, Readings, entries_of_flow
from qms_desktop.ui.master_data import MasterDataPage
from qms_desktop.ui.recall import WHAT_IF, RecallPage
from qms_desktop.ui.statistics import StatisticsPage
from qms_desktop.ui.workplace import Destination
from tests.helpers import book
from tests.helpers.plant import Plant, Templates
from tests.scenarios import test_eight_d, test_recall
from tests.tools import folders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.tools.screenshots import Studio

_LOADED_WITHIN_S = 10
WRONG_SHIPMENTS = book.SAMPLES / "出货明细_有错误.xlsx"


@dataclass
class PlantStudio:
    """Plants that were told once, and workplaces of the people in them."""

    folder: Path = field(default_factory=lambda: folders.folder("plant-pages-"))

    @cached_property
    def templates(self) -> Templates:
        """Give the template of all plants."""
        return Templates(self.folder)

    @cached_property
    def book(self) -> Plant:
        """Give a plant that knows the whole book of the ERP."""
        plant = self.templates.file_copy()
        plant.at("2026-11-20 09:40")
        session = plant.sign_in("管理员")
        kinds = (ImportKind.CUSTOMERS, ImportKind.PRODUCTS, ImportKind.DEFECT_CODES, ImportKind.SHIPMENTS)
        for kind in kinds:
            found = book.read(kind, book.BOOK[kind])
            book.master_data.import_rows(
                session,
                kind=kind,
                rows=found.rows,
                file_name=found.file_name,
                sha256=found.sha256,
                confirmed=True,
            )
        return plant

    @cached_property
    def eight_d(self) -> test_eight_d.Told:
        """Give the 8D report of the story, when its 3D was sent and the causes are being sought."""
        told = test_eight_d.opened(self.templates.file_copy())
        told.filled(*INTERIM).begun(ReportKind.THREE_D).submitted().reviewed().approved_by("胡丽桂").sent()
        told.plant.at("2026-11-11 14:11")
        told.filled(Section.D4).begun(ReportKind.FIVE_D)
        return told

    @cached_property
    def recall(self) -> test_recall.Told:
        """Give the recall of the story, reported to the general manager."""
        return test_recall.suspected(self.templates.file_copy()).assessed().narrowed().heard().reported()

    def window(self, studio: Studio, page: str, name: str, plant: Plant) -> MainWindow:
        """Open a page of the real window for one of the people of a plant, and wait until it has read."""
        workplace = replace(studio.workplace, session=plant.sign_in(name))
        entries = entries_of_flow(PAGE_MAKERS)
        readings = Readings(search=lambda _session, *, text: [], waiting=lambda _session: {})
        seats = trade_words.seat_of(workplace.session.roles)
        window = MainWindow(
            studio.app, workplace, entries, seat=lambda: seats, readings=readings, scanner=studio.scanner
        )
        window.resize(1440, 900)
        window.go(Destination(page))
        window.show()
        return window

    def settle(self, window: MainWindow, until: Callable[[], bool]) -> MainWindow:
        """Let the page read until something is there."""
        ends = time.monotonic() + _LOADED_WITHIN_S
        while not until() and time.monotonic() < ends:
            QApplication.processEvents()
            time.sleep(0.005)
        QApplication.processEvents()
        return window


@cache
def plants() -> PlantStudio:
    """Give the plants of this run; their folder goes with the machine's temporary files."""
    return PlantStudio()


def lists(studio: Studio) -> QWidget:
    """Show the lists of master data."""
    window = plants().window(studio, "master_data", "管理员", plants().book)
    page = cast("MasterDataPage", window.page)
    return plants().settle(window, lambda: page.side.model.rowCount() > 0)


def checked_file(studio: Studio) -> QWidget:
    """Show a file with faults, checked before its import."""
    window = plants().window(studio, "master_data", "管理员", plants().book)
    page = cast("MasterDataPage", window.page)
    page.begin_import()
    page.sheet.kind.put(ImportKind.SHIPMENTS)
    page.sheet.take(WRONG_SHIPMENTS)
    return plants().settle(window, lambda: page.sheet.preview.checked is not None)


def report(section: Section) -> Callable[[Studio], QWidget]:
    """Show the 8D report of the story at one of its sections."""

    def show(studio: Studio) -> QWidget:
        told = plants().eight_d
        window = plants().window(studio, "eight_d", "徐兰", told.plant)
        page = cast("EightDPage", window.page)
        page.open_record(told.eight_d_id)
        plants().settle(window, lambda: page.record is not None)
        page.go_to(section, "")
        return window

    return show


def recall_record(studio: Studio) -> QWidget:
    """Show the recall of the story before it is decided."""
    window = plants().window(studio, "recall", "胡霞军", plants().recall.plant)
    page = cast("RecallPage", window.page)
    return plants().settle(window, lambda: page.record is not None)


def what_if(studio: Studio) -> QWidget:
    """Show where a supplier's lot went."""
    window = plants().window(studio, "recall", "胡霞军", plants().recall.plant)
    page = cast("RecallPage", window.page)
    page.turn_to(WHAT_IF)
    page.what_if.fields["supplier_lot"].control.put("S463087")
    page.what_if.ask()
    return plants().settle(window, lambda: page.what_if.trace is not None)


def month(studio: Studio) -> QWidget:
    """Show a month with the complaint of the story."""
    window = plants().window(studio, "statistics", "胡丽桂", plants().recall.plant)
    page = cast("StatisticsPage", window.page)
    return plants().settle(window, lambda: page.shown is not None)


PAGE_MAKERS: dict[str, MakePage] = {
    "master_data": MasterDataPage,
    "eight_d": EightDPage,
    "recall": RecallPage,
    "statistics": StatisticsPage,
}
PAGES: dict[str, Callable[[Studio], QWidget]] = {
    "master_data": lists,
    "import": checked_file,
    "eight_d_problem": report(Section.D2),
    "eight_d_causes": report(Section.D4),
    "recall": recall_record,
    "recall_what_if": what_if,
    "statistics": month,
}
