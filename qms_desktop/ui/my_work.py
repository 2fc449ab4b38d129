"""My work: what waits for this person, by when and why; what waits for others; what just happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.steps import complaint
from qms_desktop.ui import cards, plant_time, theme, wording
from qms_desktop.ui.buttons import Button, FilterChip
from qms_desktop.ui.cells import Cell, Deadline, GroupRow, TwoLine
from qms_desktop.ui.page import Page
from qms_desktop.ui.rows import STRETCH, column, empty_out, layout_of, row
from qms_desktop.ui.side_by_side import SideBySide
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.text import Eliding, Rule, Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from qms_desktop.ui.chip import State
    from qms_desktop.ui.workplace import Workplace

LATE, TODAY, LATER = "late", "today", "later"
ALL, OWED, SIGN = "all", "owed", "sign"
_MOST_BESIDE = 7


@dataclass(frozen=True)
class WorkItem:
    """Something that waits for a person, in words of the current language; `group` is LATE, TODAY or LATER.

    `needs_signature` is True for what waits for a review or a signature, `due` is None where no limit runs.
    """

    what: str
    which: str
    icon: str
    customer: str
    problem: str
    why: str
    state: State
    due: datetime | None
    group: str
    destination: Destination = field(compare=False)
    needs_signature: bool = False


@dataclass(frozen=True)
class WaitingForOthers:
    """Something of mine that waits for somebody else, and since when."""

    who: str
    what: str
    since: datetime
    destination: Destination = field(compare=False)


@dataclass(frozen=True)
class JustHappened:
    """A deed of anybody, told in one line."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Work:
    """Everything that the page shows at a moment; `on_time` is a share of one, None while no limit ended yet."""

    now: datetime
    items: Sequence[WorkItem]
    waiting: Sequence[WaitingForOthers]
    happened: Sequence[JustHappened]
    on_time: float | None


@dataclass(frozen=True)
class _Dated:
    item: WorkItem
    now: datetime

    @property
    def due(self) -> Deadline:
        """Write the limit: the moment over the time left."""
        if self.item.due is None:
            return Deadline("\u2014", "", "left")
        until = self.item.due
        return Deadline(
            wording.limit(until, today=plant_time.day_of(self.now)),
            wording.time_left(until, self.now),
            wording.urgency(until, self.now),
        )


class MyWorkPage(Page):
    """Tiles over a grouped list; Enter opens. `reading(session)` gives a Work."""

    watches = frozenset(
        {
            "complaint",
            "containment",
            "customer_reply",
            "customer_verdict",
            "deadline",
            "rma",
            "rma_review",
            "rma_opinion",
            "signature",
            "receipt",
            "sorting_round",
            "work_order",
            "recovered_part",
            "inspection",
            "claim",
            "claim_place_signature",
            "eight_d",
            "eight_d_version",
            "recall",
            "recall_hearing",
        }
    )

    def __init__(self, workplace: Workplace, *, reading: Callable[..., Work]) -> None:
        super().__init__(workplace)
        self._reading = reading
        self.work: Work | None = None
        self.shown, self.group = ALL, ""
        self.tiles = {
            LATE: cards.Tile(lambda: _("Late"), "flame", tone="bad"),
            TODAY: cards.Tile(lambda: _("Due today"), "calendar-due", tone="wait"),
            LATER: cards.Tile(lambda: _("Later"), "calendar-week"),
            "others": cards.Tile(lambda: _("Waiting for others"), "hourglass"),
            "on_time": cards.Tile(lambda: _("On time this month"), "target-arrow", tone="ok"),
        }
        for name in (LATE, TODAY, LATER):
            self.tiles[name].clicked.connect(lambda name=name: self.choose_group(name))
        self.chips = {
            ALL: FilterChip(lambda: _("All"), chosen=True),
            OWED: FilterChip(lambda: _("With a limit")),
            SIGN: FilterChip(lambda: _("To review or sign")),
        }
        for name, chip in self.chips.items():
            chip.clicked.connect(lambda _on=True, name=name: self.choose(name))
        self.model = TableModel(_columns())
        self.table = Table(
            self.model,
            name="my_work",
            spoken_name=lambda: _("My work"),
            row_height=theme.TWO_LINE_ROW,
            memory=workplace.memory,
        )
        self.table.opened.connect(lambda dated: workplace.go(dated.item.destination))
        self._date = Eliding("", theme.SMALL, ink="text2")
        self._foot = Text("", theme.SMALL, ink="text3")
        self._others, self._happened = QWidget(), QWidget()
        for widget in (self._others, self._happened):
            column(gap=0, into=widget)
        self._nothing = cards.EmptyPage(
            "inbox",
            lambda: _("Nothing waits for you"),
            lambda: _("What you owe by a limit, and what waits for your review or signature, stands here."),
        )
        self._lay_out()
        self.first_focus = self.table
        register = QShortcut(QKeySequence("Ctrl+N"), self)
        register.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        register.activated.connect(self.begin.click)

    def _lay_out(self) -> None:
        self.begin = Button(
            lambda: _("Register a complaint"),
            kind="primary",
            icon="plus",
            clicked=lambda: self.workplace.go(Destination("complaint", None, "new")),
        )
        self.begin.ask_permission(self.workplace.session, complaint.register)
        listing = cards.card(
            row(
                *self.chips.values(),
                STRETCH,
                Text(lambda: _("by limit"), theme.SMALL, ink="text2"),
                margins=(12, 10, 12, 8),
            ),
            Rule(),
            (self.table, 1),
            (self._nothing, 1),
            Rule(),
            row(
                (
                    Eliding(
                        lambda: _("Enter opens \u00b7 ↑↓ move \u00b7 Ctrl+C copies to Excel"), theme.SMALL, ink="text3"
                    ),
                    1,
                ),
                self._foot,
                margins=(12, 6, 12, 8),
            ),
            gap=0,
            margins=(1,),
        )
        right = column(
            cards.card(cards.card_head("hourglass", lambda: _("Waiting for others")), self._others),
            cards.card(cards.card_head("activity", lambda: _("Just happened")), self._happened),
            STRETCH,
            gap=12,
        )
        self.columns = SideBySide(listing, lambda: _("Mine"), right, lambda: _("Others and news"), width=320)
        head = row((column(Text(lambda: _("My work"), theme.TITLE, bold=True), self._date, gap=0), 1), self.begin)
        column(
            head,
            row(*((tile, 1) for tile in self.tiles.values()), gap=12),
            (self.columns, 1),
            gap=12,
            margins=(16,),
            into=self,
        )

    def fold(self, breadth: theme.Breadth) -> None:
        self.columns.fold(on=breadth is not theme.Breadth.WIDE)

    def reload(self) -> None:
        self.read(self._reading, then=self.show_work, slot="my_work")

    def retranslate(self) -> None:
        self.reload()

    def choose(self, name: str) -> None:
        """Show all, only what has a limit, or only what waits for a review or a signature."""
        self.shown = name
        self._fill()

    def choose_group(self, name: str) -> None:
        """Show one group alone, or all again."""
        self.group = "" if self.group == name else name
        for other in (LATE, TODAY, LATER):
            self.tiles[other].set_chosen(other == self.group)
        self._fill()

    def show_work(self, work: Work) -> None:
        """Fill everything in."""
        self.work = work
        local = plant_time.local(work.now)
        self._date.say(
            f"{wording.day(local.date())} {wording.weekday(local.date())} \u00b7 {self.workplace.session.name}"
        )
        self._show_tiles(work)
        counts = {
            ALL: len(work.items),
            OWED: sum(one.due is not None for one in work.items),
            SIGN: sum(one.needs_signature for one in work.items),
        }
        for name, count in counts.items():
            self.chips[name].show_count(count)
        self._fill()
        self._show_beside(work)

    def _show_tiles(self, work: Work) -> None:
        by_group = {name: [one for one in work.items if one.group == name] for name in (LATE, TODAY, LATER)}
        late = [one.due for one in by_group[LATE] if one.due]
        today = [one.due for one in by_group[TODAY] if one.due]
        longest = _("longest {span}").format(span=wording.span(work.now - min(late))) if late else ""
        nearest = _("next {time}").format(time=wording.clock(min(today))) if today else ""
        self.tiles[LATE].show_figure(str(len(by_group[LATE])), longest)
        self.tiles[TODAY].show_figure(str(len(by_group[TODAY])), nearest)
        self.tiles[LATER].show_figure(str(len(by_group[LATER])))
        since = [one.since for one in work.waiting]
        oldest = _("longest {span}").format(span=wording.span(work.now - min(since))) if since else ""
        self.tiles["others"].show_figure(str(len(work.waiting)), oldest)
        share = wording.percent(work.on_time) if work.on_time is not None else "\u2014"
        self.tiles["on_time"].show_figure(share)

    def _fill(self) -> None:
        if self.work is None:
            return
        fits = {ALL: lambda _one: True, OWED: lambda one: one.due is not None, SIGN: lambda one: one.needs_signature}
        chosen = self.table.current()
        rows: list[object] = []
        for name, words, icon, tone in (
            (LATE, _("Late"), "flame", "bad"),
            (TODAY, _("Today"), "calendar-due", "wait"),
            (LATER, _("Later"), "calendar-week", "text2"),
        ):
            items = [one for one in self.work.items if one.group == name and fits[self.shown](one)]
            if items and self.group in ("", name):
                rows.append(GroupRow(f"{words} \u00b7 {len(items)}", icon, tone))
                rows += [_Dated(one, self.work.now) for one in items]
        self.model.show(rows)
        self.table.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        if not (chosen and self.table.choose_where(lambda one: one.item == chosen.item)) and rows:
            self.table.choose(0)
        moment = wording.clock(self.work.now)
        self._foot.say(
            wording.joined(
                wording.count_of(len(self.work.items), N_("{count} thing"), N_("{count} things")),
                _("read at {time}").format(time=moment),
            )
        )

    def _show_beside(self, work: Work) -> None:
        layout = layout_of(self._others)
        empty_out(layout)
        for one in work.waiting[:_MOST_BESIDE]:
            words = column(Eliding(one.who, bold=True), Eliding(one.what, theme.SMALL, ink="text2"), gap=0)
            layout.addWidget(
                row(
                    (words, 1), Text(wording.span(work.now - one.since), theme.SMALL, ink="text2"), margins=(0, 5, 0, 5)
                )
            )
            layout.addWidget(Rule())
        if not work.waiting:
            layout.addWidget(Text(lambda: _("Nothing of yours waits for others."), theme.SMALL, ink="text3"))
        layout = layout_of(self._happened)
        empty_out(layout)
        for news in work.happened[:_MOST_BESIDE]:
            moment = Text(wording.short_moment(news.at, today=plant_time.day_of(work.now)), theme.SMALL, ink="text2")
            layout.addWidget(column(moment, Text(news.text, theme.SMALL, wrap=True), gap=0, margins=(0, 4, 0, 4)))


def _columns() -> list[Column]:
    return [
        Column(
            lambda: _("To do"), Cell.TWO_LINE, lambda one: TwoLine(one.item.what, one.item.which, one.item.icon), 232
        ),
        Column(
            lambda: _("Customer and problem"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.item.customer, one.item.problem),
            128,
            stretch=True,
        ),
        Column(lambda: _("Why you"), Cell.WRAPPED, lambda one: one.item.why, 118),
        Column(lambda: _("State"), Cell.CHIP, lambda one: one.item.state, 104),
        Column(lambda: _("Due"), Cell.DEADLINE, lambda one: one.due, 150),
        Column("", Cell.ACTION, lambda _one: _("Open ↵"), 78),
    ]
