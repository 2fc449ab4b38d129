"""The page of a list beside its record, and the record with its tabs: what the steps of the flow share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from qms_desktop.ui import cards
from qms_desktop.ui.case_tabs import CaseTabs
from qms_desktop.ui.page import Page
from qms_desktop.ui.record import RecordHead
from qms_desktop.ui.rows import Part, column, row

if TYPE_CHECKING:
    from qms_desktop.rules.attachment import AttachedTo
    from qms_desktop.ui.list_side import ListSide
    from qms_desktop.ui.workplace import Destination, Workplace


class RecordPage(Page):
    """A list beside the record that is chosen from it. A child calls `put` and writes `read_record`."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record_id: int | None = None
        self.record: Any = None
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
        self.right = QStackedWidget()
        self.right.addWidget(self.nothing)
        self.right.addWidget(self.view)
        body = row((self.list, shares[0]), (self.right, shares[1]), gap=12)
        column(head, (body, 1), gap=10, margins=(16, 12 if head else 16, 16, 16), into=self)
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
        """Open the row that a person chose."""
        self.open_record(one.id)

    def open_record(self, record_id: int) -> None:
        """Read a record and show it."""
        self.record_id = record_id
        self.read_record(record_id)

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

    def booked(self, text: str) -> None:
        """Say what was booked, and show the record anew."""
        self.say(text)
        self.refresh()


class RecordView(QWidget):
    """The card of a record: head, and the tabs of its case. A child calls `put` and writes `show_read`.

    Photos have a tab of their own where `photos_of` says what files are attached to.
    """

    def __init__(self, page: Page, head: RecordHead | None = None, *, photos_of: AttachedTo | None = None) -> None:
        super().__init__()
        self.head = head or RecordHead()
        self.case = CaseTabs(page, photos_of)

    def put(self, body: QWidget, *under_head: Part) -> None:
        """Lay the card out: head, what stands under it on every tab, and the tabs with the body in the first."""
        self.tabs = self.case.tabs(body)
        gap = 10 if under_head else 8
        column((cards.card(self.head, *under_head, (self.tabs, 1), gap=gap, margins=(16,)), 1), into=self)

    def show_read(self, read: Any) -> None:  # noqa: ANN401 - what the child's reading gives
        """Fill everything in."""
        raise NotImplementedError
