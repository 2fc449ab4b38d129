"""The page of a list beside its record, and the record with its tabs: what the steps of the flow share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import cards, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.case_tabs import CaseTabs
from qms_desktop.ui.page import Page
from qms_desktop.ui.record import RecordHead
from qms_desktop.ui.rows import STRETCH, Part, column, layout_of, row

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from qms_desktop.rules.attachment import AttachedTo
    from qms_desktop.ui.list_side import ListSide
    from qms_desktop.ui.text import Words
    from qms_desktop.ui.workplace import Destination, Workplace

_WIDEST_ALONE = 640


class RecordPage(Page):
    """A list beside the record that is chosen from it. A child calls `put` and writes `read_record`."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record_id: int | None = None
        self.record: Any = None
        self._at_record = False
        self.list: ListSide
        self.view: RecordView

    def put(
        self,
        side: ListSide,
        view: RecordView,
        *,
        nothing: cards.EmptyPage,
        head: QWidget | None = None,
        shares: tuple[int, int] = (5, 8),
    ) -> None:
        """Lay the page out: the list beside the record, or `nothing` while none is chosen, under a head if any."""
        self.list, self.view, self.nothing = side, view, cards.card(nothing)
        self.list.chosen.connect(self.row_chosen)
        self.list.emptied.connect(self.show_nothing)
        self.list.table.opened.connect(lambda _one: self.turn(to_record=True))
        self.list.table.clicked.connect(lambda _index: self.turn(to_record=True))
        self.right = QStackedWidget()
        self.right.addWidget(self.nothing)
        self.right.addWidget(self.view)
        self.back = Button(
            lambda: _("Back to the list"),
            kind="ghost",
            icon="arrow-left",
            key="Alt+Left",
            show_key=False,
            clicked=lambda: self.turn(to_record=False),
        )
        body = row((self.list, shares[0]), (self.right, shares[1]), gap=12)
        self._back_row = row(self.back, STRETCH)
        self._back_row.hide()
        self.right.currentChanged.connect(self._arrange)
        column(head, self._back_row, (body, 1), gap=10, margins=(16, 12 if head else 16, 16, 16), into=self)
        self.first_focus = self.list.table

    # What a child writes.

    def read_record(self, record_id: int) -> None:
        """Read one record and give it to `show_read`."""
        raise NotImplementedError

    # What the frame asks.

    def reload(self) -> None:
        self.list.reload(keep=self.record_id)
        if self.record_id is not None:
            self.read_record(self.record_id)

    def retranslate(self) -> None:
        self.reload()

    def show_record(self, destination: Destination) -> None:
        if destination.record_id is not None:
            self.open_record(destination.record_id)
            self.list.mark(destination.record_id)

    # The record.

    def row_chosen(self, one: Any) -> None:  # noqa: ANN401 - a row of the child's list
        """Show the row that a person chose beside the list."""
        self.choose(one.id)

    def choose(self, record_id: int) -> None:
        """Read a record and show it in its place."""
        self.record_id = record_id
        self.read_record(record_id)

    def open_record(self, record_id: int) -> None:
        """Show a record, before the list where only one of them fits."""
        self.choose(record_id)
        self.turn(to_record=True)

    def open_numbered(self, number: str) -> bool:
        """Open the record of this number when the list holds it; tell whether it does."""
        found = next((one for one in self.list.rows if one.number == number), None)
        if found is not None:
            self.open_record(found.id)
            self.list.mark(found.id)
        return found is not None

    def show_read(self, read: Any) -> None:  # noqa: ANN401 - what the child's reading gives
        """Show the record that was read."""
        self.record = read
        self.view.show_read(read)
        self.right.setCurrentWidget(self.view)

    def show_nothing(self) -> None:
        """Say that no record is chosen, when none is."""
        if self.record_id is None:
            self.right.setCurrentWidget(self.nothing)
            self.turn(to_record=False)

    # Where only one of them fits, the list and the record take turns.

    def turn(self, *, to_record: bool) -> None:
        """Show the record, or the list, where only one of them fits."""
        has_turned = self._at_record is not to_record
        self._at_record = to_record
        self._arrange()
        if not has_turned or self.breadth is not theme.Breadth.SINGLE:
            return
        (self.view.tabs.bar if to_record else self.list.table).setFocus()

    def fold(self, breadth: theme.Breadth) -> None:
        self.view.fold(on=breadth is not theme.Breadth.WIDE)
        self._arrange()

    def _arrange(self) -> None:
        takes_turns = self.breadth is theme.Breadth.SINGLE
        # An empty list says itself what belongs here: a second empty card beside it would only repeat it.
        has_record = not (self.list.is_empty and self.right.currentWidget() is self.nothing)
        self.list.setVisible(not takes_turns or not self._at_record)
        self.right.setVisible(self._at_record if takes_turns else has_record)
        self._back_row.setVisible(takes_turns and self._at_record)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.back.isVisible():
            self.turn(to_record=False)
            return
        super().keyPressEvent(event)

    def booked(self, text: str) -> None:
        """Say what was booked, and show the record anew."""
        self.say(text)
        self.refresh()


@dataclass(frozen=True)
class Beside:
    """The right column of a record: the last part of a row of the body. `title` names its tab in a narrow window."""

    widget: QWidget
    title: Words
    width: int


class RecordView(QWidget):
    """The card of a record: head, and the tabs of its case. A child calls `put` and writes `show_read`.

    Photos have a tab of their own where `photos_of` says what files are attached to.
    """

    def __init__(self, page: Page, head: RecordHead | None = None, *, photos_of: AttachedTo | None = None) -> None:
        super().__init__()
        self.head = head or RecordHead()
        self.case = CaseTabs(page, photos_of)
        self._is_folded = False

    def put(self, body: QWidget, *under_head: Part, beside: Beside | None = None) -> None:
        """Lay the card out: head, what stands under it on every tab, and the tabs with the body in the first.

        `beside` is the right column of the body; in a narrow window it becomes a tab.
        """
        self.tabs = self.case.tabs(body)
        self._beside = beside
        if beside is not None:
            beside.widget.setFixedWidth(theme.px(beside.width))
            self._home = layout_of(beside.widget.parentWidget())
        gap = 10 if under_head else 8
        column((cards.card(self.head, *under_head, (self.tabs, 1), gap=gap, margins=(16,)), 1), into=self)

    def fold(self, *, on: bool) -> None:
        """Make the right column a tab, or put it back beside the rest."""
        if self._beside is None or on == self._is_folded:
            return
        self._is_folded = on
        column_beside = self._beside.widget
        if on:
            column_beside.setMinimumWidth(0)
            column_beside.setMaximumWidth(theme.px(_WIDEST_ALONE))
            self.tabs.fold_in(self._beside.title, column_beside)
        else:
            column_beside.setFixedWidth(theme.px(self._beside.width))
            self._home.addWidget(column_beside)
            self.tabs.fold_out()

    def show_read(self, read: Any) -> None:  # noqa: ANN401 - what the child's reading gives
        """Fill everything in."""
        raise NotImplementedError
