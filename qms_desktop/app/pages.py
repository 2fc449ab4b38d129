"""Which pages the window has, what its frame asks, and which stations there are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.app.story import case_story
from qms_desktop.app.work import my_work, waiting
from qms_desktop.i18n import _
from qms_desktop.permissions import Permission
from qms_desktop.rules import search
from qms_desktop.ui import trade_words
from qms_desktop.ui.case_story import CaseStoryPage
from qms_desktop.ui.claim import ClaimPage
from qms_desktop.ui.complaint import ComplaintPage
from qms_desktop.ui.dock import DockStation
from qms_desktop.ui.eight_d import EightDPage
from qms_desktop.ui.inspection import InspectionPage
from qms_desktop.ui.main_window import MakePage, PageEntry, Readings, entries_of_flow, my_work_entry
from qms_desktop.ui.master_data import MasterDataPage
from qms_desktop.ui.my_work import MyWorkPage
from qms_desktop.ui.quality_cost import QualityCostPage
from qms_desktop.ui.recall import RecallPage
from qms_desktop.ui.receipt import ReceiptPage
from qms_desktop.ui.rework import ReworkPage
from qms_desktop.ui.rma import RmaPage
from qms_desktop.ui.sorting import SortingPage
from qms_desktop.ui.statistics import StatisticsPage
from qms_desktop.ui.workplace import Destination, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qms_desktop.session import Session
    from qms_desktop.ui.dock_station import StationWindow
    from qms_desktop.ui.workplace import Workplace

FIRST_PAGE = "my_work"
MAKERS: Mapping[str, MakePage] = {
    "master_data": MasterDataPage,
    "complaint": ComplaintPage,
    "rma": RmaPage,
    "receipt": ReceiptPage,
    "sorting": SortingPage,
    "rework": ReworkPage,
    "inspection": InspectionPage,
    "claim": ClaimPage,
    "quality_cost": QualityCostPage,
    "eight_d": EightDPage,
    "recall": RecallPage,
    "statistics": StatisticsPage,
}
NEEDED: Mapping[str, Permission] = {
    "quality_cost": Permission.READ_MONEY,
    "statistics": Permission.REPORT_MONTHLY,
}
STATIONS: Mapping[str, Callable[[Workplace], StationWindow]] = {"dock": DockStation}
MOST_FOUND = 12
_PAGE_OF = {
    search.Kind.CASE: ("case", "timeline"),
    search.Kind.COMPLAINT: ("complaint", "message-report"),
    search.Kind.RMA: ("rma", "truck-return"),
    search.Kind.LABEL: ("receipt", "tags"),
    search.Kind.EIGHT_D: ("eight_d", "file-report"),
    search.Kind.CLAIM: ("claim", "receipt-yuan"),
    search.Kind.RECALL: ("recall", "speakerphone"),
    search.Kind.ORDER: ("rework", "tool"),
    search.Kind.CUSTOMER: ("master_data", "building-factory-2"),
    search.Kind.PRODUCT: ("master_data", "package"),
    search.Kind.SUPPLIER: ("master_data", "building-warehouse"),
    search.Kind.LOT: ("master_data", "packages"),
}


def entries(session: Session) -> list[PageEntry]:
    """Give every page of the window in the order of the side bar."""
    return [
        my_work_entry(partial(MyWorkPage, reading=my_work)),
        *entries_of_flow(MAKERS, NEEDED),
        PageEntry("case", partial(CaseStoryPage, reading=case_story)),
    ]


def seat(session: Session) -> str:
    """Name the person's seats, as the top bar shows them."""
    return trade_words.seat_of(session.roles)


@reading(Permission.READ)
def find(session: Session, *, text: str) -> Sequence[Found]:
    """Give what the search box offers: the record with exactly this number alone, else all that hold the words."""
    hits = search.find(session, text=text, limit=MOST_FOUND)
    exact = [hit for hit in hits if hit.title.casefold() == text.strip().casefold()]
    return [_found(hit) for hit in exact or hits if _PAGE_OF[hit.kind][0] in {*MAKERS, "case"}]


def _found(hit: search.Hit) -> Found:
    page, icon = _PAGE_OF[hit.kind]
    title = _(trade_words.STEP_TITLES[page]) if page in trade_words.STEP_TITLES else ""
    return Found(Destination(page, hit.record_id, hit.title), hit.title, title, icon)


READINGS = Readings(search=find, waiting=waiting)
