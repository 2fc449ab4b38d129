"""The tabs that every record of a case has: its history in the trade's words, and the other records of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qms_desktop.drawing.timeline import Happening
from qms_desktop.i18n import _
from qms_desktop.rules import history, related
from qms_desktop.ui import figure_words, plant_time, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.chip import CHIPS, Chip, State
from qms_desktop.ui.photos import PhotosTab
from qms_desktop.ui.pictures import Timeline
from qms_desktop.ui.record import Tabs
from qms_desktop.ui.rows import STRETCH, column, empty_out, row
from qms_desktop.ui.text import Eliding, Rule, Sign, Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.rules.attachment import AttachedTo
    from qms_desktop.ui.page import Page
    from qms_desktop.ui.text import Words

ICONS = {
    "complaint": "message-report",
    "rma": "truck-return",
    "receipt": "package-import",
    "sorting": "arrows-split-2",
    "rework": "tool",
    "inspection": "checkup-list",
    "claim": "receipt-yuan",
    "eight_d": "file-report",
    "recall": "speakerphone",
}
_CHIP_KINDS = {"rma": "rma_goods", "rework": "order"}


def happenings(deeds: Sequence[history.Told]) -> list[Happening]:
    """Give the deeds of a case as a time line draws them; the first of each day carries the day."""
    made: list[Happening] = []
    last_day = ""
    for deed in deeds:
        day = wording.short_day(plant_time.day_of(deed.at))
        made.append(
            Happening(
                wording.clock(deed.at),
                _(deed.title),
                " \u00b7 ".join(filter(None, (deed.who, figure_words.what_became(deed.figures), deed.reason))),
                figure=figure_words.total(deed.figures),
                family="ok",
                day=day if day != last_day else "",
            )
        )
        last_day = day
    return made


def state_of(found: related.CaseRecordFound) -> State | None:
    """Give the state of a record for its chip, None when the table of chips does not know it."""
    kind = _CHIP_KINDS.get(found.step, found.step)
    return State(kind, found.state.lower()) if (kind, found.state.lower()) in CHIPS else None


class CaseTabs:
    """The tabs *photos*, *history* and *related* of one page, behind its own first tab.

    Photos have a tab where the record is one that files can be attached to.
    """

    def __init__(self, page: Page, photos_of: AttachedTo | None = None) -> None:
        self._page = page
        self.photos = PhotosTab(page, photos_of) if photos_of is not None else None
        self._case_id: int | None = None
        self.story = Timeline(name=lambda: _("History of the case"))
        self.history = column(self.story, STRETCH)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.related = QWidget()
        outer = QVBoxLayout(self.related)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._list)
        outer.addStretch(1)
        self.counted = lambda _deeds, _records: None

    def tabs(self, body: QWidget) -> Tabs:
        """Make the tabs of a record, its own page first, and let them show how much is in each."""
        titles: list[Words] = [lambda: _("Record"), lambda: _("History"), lambda: _("Related")]
        pages: list[QWidget] = [body, self.history, self.related]
        if self.photos is not None:
            titles.insert(1, lambda: _("Photos"))
            pages.insert(1, self.photos)
        made = Tabs(titles, pages)
        if self.photos is not None:
            self.photos.counted = lambda count: made.show_count(1, count)

        def counted(deeds: int | None, records: int | None) -> None:
            if deeds is not None:
                made.show_count(len(pages) - 2, deeds)
            if records is not None:
                made.show_count(len(pages) - 1, records)

        self.counted = counted
        return made

    def show_case(self, case_id: int, record_id: int = 0) -> None:
        """Read the history and the records of a case, and what is attached there."""
        self._case_id = case_id
        if self.photos is not None:
            self.photos.show_record(case_id, record_id)
        self._page.read(history.case_history, then=self._show_history, slot="tabs.history", case_id=case_id)
        self._page.read(related.records_of_case, then=self._show_related, slot="tabs.related", case_id=case_id)

    def _show_history(self, told: history.CaseHistory) -> None:
        self.story.show_happenings(happenings(told.deeds))
        self.counted(len(told.deeds), None)

    def _show_related(self, found: Sequence[related.CaseRecordFound]) -> None:
        empty_out(self._list)
        for one in found:
            self._list.addWidget(self._line(one))
            self._list.addWidget(Rule())
        self.counted(None, len(found))

    def _line(self, one: related.CaseRecordFound) -> QWidget:
        state = state_of(one)
        opened = Button(
            lambda: _("Open"),
            kind="ghost",
            icon="external-link",
            name=lambda: _("Open {number}").format(number=one.number),
            clicked=lambda: self._page.workplace.go(Destination(one.step, one.record_id, one.number)),
        )
        words = column(
            Text(one.number, bold=True),
            Eliding(
                f"{_(trade_words.STEP_TITLES[one.step])} \u00b7 {wording.moment(one.at)}", theme.SMALL, ink="text2"
            ),
            gap=0,
        )
        chip = Chip(state) if state else None
        return row(Sign(ICONS[one.step], "text2", 18), (words, 1), chip, opened, gap=10, margins=(4, 6, 4, 6))
