"""The real pages from the complaint to the count, on a plant in which the story was told up to their moment."""

from __future__ import annotations

import time
from functools import cache, partial
from typing import TYPE_CHECKING

from qms_desktop.app import pages
from qms_desktop.rules import calendar
from qms_desktop.ui import plant_time, rma_deeds
from qms_desktop.ui.background import Background
from qms_desktop.ui.dock import DockStation
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.live import Live
from qms_desktop.ui.main_window import MainWindow
from qms_desktop.ui.memory import Memory
from qms_desktop.ui.rma import RmaPage
from qms_desktop.ui.workplace import Destination, Workplace
from tests.helpers.plant import Plant, Templates
from tests.tools import folders
from tests.ui import desk as story

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication, QWidget

    from tests.tools.screenshots import Studio

_WITHIN_S = 10.0
TELL: dict[str, tuple[Callable[[Plant], object], str]] = {
    "registered": (story.registered, "2026-11-03 09:41"),
    "reviewed": (story.reviewed, "2026-11-03 15:40"),
    "approved": (story.approved, "2026-11-04 10:40"),
    "short": (partial(story.counted, first=596), "2026-11-04 11:40"),
}


@cache
def _templates() -> Templates:
    return Templates(folders.folder("core-pages-"))


@cache
def told(until: str) -> Plant:
    """Give a plant with the story told up to a point."""
    plant = _templates().file_copy()
    tell, moment = TELL[until]
    tell(plant)
    plant.at(moment)
    return plant


def _place(plant: Plant, name: str, go: Callable[[Destination], None]) -> Workplace:
    folder = folders.folder("core-person-")
    session = plant.sign_in(name, station="SALES-03")
    drafts = Drafts(folder / "drafts.sqlite3", person=session.login, store=plant.url)
    plant_time.use(calendar.zone_of_plant(session))
    return Workplace(session, Background(), Live(), drafts, Memory(folder / "window.json"), go)


def settle(app: QApplication, window: MainWindow | DockStation) -> None:
    """Wait until the page has read what it shows."""
    end = time.monotonic() + _WITHIN_S
    quiet = 0
    while quiet < 10 and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.02)
        page = window.page if isinstance(window, MainWindow) else window
        quiet = 0 if page is None or page.at_work else quiet + 1


def window(studio: Studio, until: str, name: str, page: str) -> MainWindow:
    """Open the real window for a person at a point of the story."""
    opened: list[MainWindow] = []
    place = _place(told(until), name, lambda wanted: opened[0].go(wanted))  # noqa: PLW0108 - the window is made after its place
    made = MainWindow(
        studio.app,
        place,
        pages.entries(place.session),
        seat=lambda: pages.seat(place.session),
        readings=pages.READINGS,
        scanner=studio.scanner,
    )
    opened.append(made)
    made.resize(1440, 900)
    made.show()
    made.go(Destination(page))
    made.count()
    settle(studio.app, made)
    return made


def form(studio: Studio) -> MainWindow:
    """Open the form for a new complaint with what is missing."""
    made = window(studio, "registered", "王伟涛", "complaint")
    made.page.begin()
    settle(studio.app, made)
    made.page.form.send()
    return made


def case(studio: Studio) -> MainWindow:
    """Open the story of the case."""
    made = window(studio, "short", "徐兰", "complaint")
    made.go(Destination("case", made.page.record.shown.row.case_id))
    settle(studio.app, made)
    return made


def signature(studio: Studio) -> QWidget:
    """Open the signature of the RMA over its page."""
    made = window(studio, "reviewed", "郭明", "rma")
    page = made.page
    assert isinstance(page, RmaPage)
    assert page.record is not None
    rma_deeds.approve(page, page.record)
    dialog = studio.app.activeModalWidget()
    assert dialog is not None
    return dialog


def dock(studio: Studio, *, step: int) -> DockStation:
    """Open the dock at one of its steps: 0 scan, 1 count."""
    plant = _templates().file_copy()
    story.approved(plant)
    plant.at("2026-11-04 10:40")
    made = DockStation(_place(plant, "周磊秀", lambda _wanted: None))
    made.resize(1600, 960)
    made.show()
    settle(studio.app, made)
    if step:
        made.open_named("R20261103001")
        settle(studio.app, made)
        made.arrival_page.on_site.click()
        settle(studio.app, made)
        made.hear("L2610A")
        made.count_page.field.setText("60")
    if step > 1:
        made.confirm()
        settle(studio.app, made)
    return made


PAGES: dict[str, Callable[[Studio], QWidget]] = {
    "real_my_work": lambda studio: window(studio, "reviewed", "徐兰", "my_work"),
    "real_complaint": lambda studio: window(studio, "registered", "徐兰", "complaint"),
    "real_complaint_form": form,
    "real_rma": lambda studio: window(studio, "reviewed", "郭明", "rma"),
    "real_rma_signature": signature,
    "real_receipt": lambda studio: window(studio, "short", "王伟涛", "receipt"),
    "real_case": case,
    "real_dock_scan": partial(dock, step=0),
    "real_dock_count": partial(dock, step=1),
    "real_dock_label": partial(dock, step=2),
}
