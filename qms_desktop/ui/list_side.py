"""The list beside a record: filter chips, a line to filter by text, the table in keyset pages, and a foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button, FilterChip
from qms_desktop.ui.controls import line_edit
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.text import Eliding, Rule, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.errors import QmsError
    from qms_desktop.ui.page import Page

PAGE_ROWS = 100
LIST_WIDTH = 508
PAUSE_MS = 200


@dataclass(frozen=True)
class Filter:
    """A choice of the list: its name, and its words on the chip."""

    name: str
    words: Words


@dataclass(frozen=True)
class ListPage:
    """Some rows of a list; `more` says that others follow. `counts` are for the chips, by the filter's name."""

    rows: Sequence[Any]
    more: bool
    foot: str = ""
    counts: tuple[tuple[str, int], ...] = ()


class ListSide(QFrame):
    """Reads with `reading(session, *, which, text, before_id)`, which gives a ListPage; rows have an `id`.

    Signals: `chosen(row)` when a person chose another row, `emptied()` when nothing is left to show.
    """

    chosen = Signal(object)
    emptied = Signal()

    def __init__(
        self,
        page: Page,
        columns: Sequence[Column],
        *,
        name: str,
        spoken_name: Words,
        filters: Sequence[Filter],
        reading: Callable[..., ListPage],
        first: str = "",
        empty: QWidget | None = None,
        begin: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page, self._reading, self._name = page, reading, name
        self.which = first or filters[0].name
        self._quiet, self.is_empty = False, False
        self.chips = {one.name: FilterChip(one.words, chosen=one.name == self.which) for one in filters}
        for chip_name, chip in self.chips.items():
            chip.clicked.connect(lambda _on=True, chosen=chip_name: self.choose_filter(chosen))
        filter_words = lambda: _("Filter this list")  # noqa: E731 - said twice
        self.filter = line_edit(placeholder=filter_words, icon="search", name=filter_words)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        self.filter.textEdited.connect(lambda _text: self._pause.start())
        self.model = TableModel(columns, fetch=self._fetch)
        self.table = Table(
            self.model,
            name=name,
            spoken_name=spoken_name,
            row_height=theme.TWO_LINE_ROW,
            memory=page.workplace.memory,
            nothing=lambda: _("Nothing fits. Clear the filter, or choose another list above."),
        )
        self.table.chosen.connect(self._row_chosen)
        copy = Button(icon="copy", name=lambda: _("Copy the list for Excel"), clicked=self._copy)
        self._foot = Eliding("", theme.SMALL, ink="text2")
        self._body = QStackedWidget()
        self._body.addWidget(self.table)
        self._empty = empty
        self._last_filter = filters[-1].name
        self.show_all = Button(
            lambda: _("Show all"),
            kind="ghost",
            icon="list-details",
            clicked=lambda: self.choose_filter(self._last_filter),
        )
        if empty is not None:
            self._body.addWidget(column((empty, 1), row(STRETCH, self.show_all, STRETCH, margins=(0, 0, 0, 24)), gap=0))
        column(
            column(
                row(*self.chips.values(), STRETCH, begin, gap=6),
                row((self.filter, 1), copy, gap=6),
                gap=8,
                margins=(10, 10, 10, 8),
            ),
            Rule(),
            (self._body, 1),
            Rule(),
            row((self._foot, 1), margins=(12, 6, 12, 8)),
            gap=0,
            margins=(1,),
            into=self,
        )

    @property
    def rows(self) -> Sequence[Any]:
        """Give the rows that are here."""
        return self.model.rows

    def choose_filter(self, name: str) -> None:
        """Show another choice."""
        self.which = name
        self.chips[name].setChecked(True)
        self.reload()

    def reload(self, *, keep: int | None = None) -> None:
        """Read the first page again; the record that was chosen, or the one with the id `keep`, stays chosen."""
        current = self.table.current()
        kept = keep if keep is not None else current.id if current is not None else None
        self._page.read(
            self._reading,
            then=lambda listed: self._show(listed, kept),
            slot=f"{self._name}.list",
            which=self.which,
            text=self.filter.text(),
            before_id=None,
        )

    def mark(self, record_id: int) -> None:
        """Choose a record that was opened from elsewhere, without opening it again."""
        self._quiet = True
        if not self.table.choose_where(lambda one: one.id == record_id):
            self.table.clearSelection()
            self.table.setCurrentIndex(self.model.index(-1, -1))
        self._quiet = False

    def _show(self, listed: ListPage, kept: int | None) -> None:
        self._quiet = True
        self.model.show(list(listed.rows), more=listed.more)
        found = kept is not None and self.table.choose_where(lambda one: one.id == kept)
        self._quiet = False
        self._foot.say(listed.foot)
        for name, count in listed.counts:
            self.chips[name].show_count(count)
        self.is_empty = not listed.rows and not self.filter.text()
        if self._empty is not None:
            self._body.setCurrentIndex(1 if self.is_empty else 0)
        self.show_all.setVisible(self.which != self._last_filter)
        if not found and kept is None and listed.rows:
            self.table.choose(0)
        elif not listed.rows and kept is None:
            self.emptied.emit()

    def _fetch(self, last: Any) -> None:  # noqa: ANN401 - any row
        self._page.read(
            self._reading,
            then=lambda listed: self.model.append(listed.rows, more=listed.more),
            failed=self._fetch_failed,
            slot=f"{self._name}.more",
            which=self.which,
            text=self.filter.text(),
            before_id=last.id if last is not None else None,
        )

    def _fetch_failed(self, _error: QmsError) -> None:
        self.model.fetch_failed()

    def _row_chosen(self, one: Any) -> None:  # noqa: ANN401 - any row
        if not self._quiet:
            self.chosen.emit(one)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.table.as_tab_separated())
        self._page.say(_("The list is on the clipboard. Paste it into Excel."))
