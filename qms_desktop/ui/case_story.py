"""The story of one case: every heap with its quantity on one time line, from the complaint to the recall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cards import card, card_head
from qms_desktop.ui.page import Page
from qms_desktop.ui.pictures import Timeline
from qms_desktop.ui.record import Link, RecordHead
from qms_desktop.ui.rows import STRETCH, column, empty_out, row, scrolling
from qms_desktop.ui.side_by_side import SideBySide
from qms_desktop.ui.text import Eliding, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.drawing.timeline import Happening
    from qms_desktop.ui.workplace import Destination, Workplace


@dataclass(frozen=True)
class RelatedRecord:
    """A record of the case: its chip's state, its two lines, and where it opens."""

    title: str
    second: str
    destination: Destination


@dataclass(frozen=True)
class CaseStory:
    """What the page shows; the reading of app.py makes it from the steps, in words of the current language."""

    number: str
    customer: str
    subject: str
    happenings: Sequence[Happening]
    related: Sequence[RelatedRecord]


class CaseStoryPage(Page):
    """Opened from any record by *whole case*; `reading(session, case_id=…)` gives a CaseStory."""

    watches = frozenset(
        {"complaint", "rma", "receipt", "sorting", "rework", "inspection", "claim", "eight_d", "recall"}
    )

    def __init__(self, workplace: Workplace, *, reading: Callable[..., CaseStory]) -> None:
        super().__init__(workplace)
        self._reading = reading
        self._case_id: int | None = None
        self.head = RecordHead()
        self.story = Timeline(name=lambda: _("Time line of the case"))
        scroll = scrolling(column(self.story, STRETCH))
        copy = Button(lambda: _("Copy the picture"), kind="ghost", icon="copy", clicked=self.story.copy)
        related = QWidget()
        self._related = QVBoxLayout(related)
        self._related.setContentsMargins(0, 0, 0, 0)
        self._related.setSpacing(theme.px(4))
        left = card(self.head, card_head("timeline", lambda: _("Time line"), copy), (scroll, 1), margins=(16,))
        right = card(card_head("list-details", lambda: _("Records of the case")), related, STRETCH)
        self.columns = SideBySide(left, lambda: _("Time line"), right, lambda: _("Records of the case"), width=330)
        column((self.columns, 1), margins=(16,), into=self)

    def fold(self, breadth: theme.Breadth) -> None:
        self.columns.fold(on=breadth is not theme.Breadth.WIDE)

    def show_record(self, destination: Destination) -> None:
        """Open a case by its id."""
        self._case_id = destination.record_id
        self.refresh()

    def reload(self) -> None:
        """Read the story again."""
        if self._case_id is not None:
            self.read(self._reading, then=self.show_story, slot="story", case_id=self._case_id)

    def retranslate(self) -> None:
        """Read the story again: its words come from the reading."""
        self.reload()

    def show_story(self, story: CaseStory) -> None:
        """Show a case."""
        self.head.show_number(story.number, ())
        self.head.show_facts("building-factory-2", story.customer, [Link("", story.subject)] if story.subject else [])
        self.story.show_happenings(list(story.happenings))
        empty_out(self._related)
        for one in story.related:
            self._related.addWidget(self._record(one))

    def _record(self, one: RelatedRecord) -> QWidget:
        opened = Button(
            lambda: _("Open"),
            kind="ghost",
            name=lambda: _("Open {number}").format(number=one.title),
            clicked=lambda: self.workplace.go(one.destination),
        )
        words = column(Text(one.title, bold=True), Eliding(one.second, theme.SMALL, ink="text2"), gap=0)
        return row((words, 1), opened)
