"""A narrow window, or large text: the right column becomes a tab, and then the list and the record take turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from qms_desktop.ui import theme
from qms_desktop.ui.complaint import ComplaintPage
from qms_desktop.ui.receipt import ReceiptPage
from qms_desktop.ui.rma import RmaPage
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from qms_desktop.ui.record_page import RecordPage
    from tests.ui.desk import Desk, Keys

WIDE, FOLDED, SINGLE = 1440, 1200, 1000


def tabs_of(page: RecordPage) -> list[str]:
    """Give the words of the record's tabs without their counts."""
    bar = page.view.tabs.bar
    return [bar.tabText(place).split("  ")[0] for place in range(bar.count())]


def shown(desk: Desk, page: RecordPage, width: int) -> RecordPage:
    """Show a page at a width of the window, with a record read."""
    desk.show(page, width=width)
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    return page


def test_a_wide_window_shows_the_approval_beside_the_record(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = shown(desk, RmaPage(desk.workplace("郭明")), WIDE)
    assert tabs_of(page) == ["Record", "Photos", "History", "Related"]
    assert page.list.isVisible()
    assert page.view.approval.isVisible()


def test_a_narrower_window_makes_the_approval_a_tab(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = shown(desk, RmaPage(desk.workplace("郭明")), FOLDED)
    assert tabs_of(page) == ["Record", "Approval", "Photos", "History", "Related"]
    assert page.list.isVisible()
    assert not page.view.approval.isVisible()
    page.view.tabs.bar.setCurrentIndex(1)
    assert page.view.approval.isVisible()


def test_a_window_that_grows_again_puts_the_approval_back(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = shown(desk, RmaPage(desk.workplace("郭明")), FOLDED)
    page.view.tabs.bar.setCurrentIndex(1)
    page.resize(WIDE, 900)
    desk.settle(page)
    assert tabs_of(page) == ["Record", "Photos", "History", "Related"]
    page.view.tabs.bar.setCurrentIndex(0)
    assert page.view.approval.isVisible()
    assert page.view.approval.width() == theme.px(330)


def test_the_history_keeps_its_count_when_a_tab_comes_before_it(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = shown(desk, RmaPage(desk.workplace("郭明")), FOLDED)
    bar = page.view.tabs.bar
    desk.until(lambda: all("  " in bar.tabText(place) for place in (2, 3, 4)))
    assert ["  " in bar.tabText(place) for place in range(5)] == [False, False, True, True, True]


def test_where_one_fits_enter_opens_the_record_and_esc_goes_back(desk: Desk, keys: Keys) -> None:
    story.reviewed(desk.plant)
    page = shown(desk, RmaPage(desk.workplace("郭明")), SINGLE)
    assert page.list.isVisible()
    assert not page.right.isVisible()
    keys.go_to(page.list.table)
    keys.press(Qt.Key.Key_Return)
    assert page.right.isVisible()
    assert not page.list.isVisible()
    keys.press(Qt.Key.Key_Escape)
    assert page.list.isVisible()
    assert page.list.table.hasFocus()


def test_moving_in_the_list_does_not_leave_it(desk: Desk, keys: Keys) -> None:
    story.reviewed(desk.plant)
    page = shown(desk, RmaPage(desk.workplace("郭明")), SINGLE)
    keys.go_to(page.list.table)
    keys.press(Qt.Key.Key_Down)
    desk.settle(page)
    assert page.list.isVisible()


@pytest.mark.parametrize("kind", [ComplaintPage, RmaPage, ReceiptPage])
def test_heads_are_whole_at_150_percent_on_a_small_screen(
    desk: Desk, qapp: QApplication, kind: type[RecordPage]
) -> None:
    theme.apply(qapp, percent=150)
    story.arrived(desk.plant)
    page = shown(desk, kind(desk.workplace("徐兰")), WIDE)
    assert page.breadth is theme.Breadth.SINGLE
    page.turn(to_record=True)
    desk.settle(page)
    assert shapes.squeezed(page) == []
    assert shapes.outside(page) == []


def test_an_empty_list_has_the_page_to_itself(desk: Desk) -> None:
    page = desk.show(RmaPage(desk.workplace("郭明")))
    desk.until(lambda: page.list.is_empty)
    assert not page.right.isVisible()
    assert page.list.show_all.isVisible()
    page.list.show_all.click()
    desk.settle(page)
    assert page.list.which == "all"
