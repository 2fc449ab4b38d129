"""The statistics page on a real plant: the month chosen by keyboard, tiles, tables, and the papers for Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from qms_desktop.ui.statistics import StatisticsPage
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.desk import Desk


def opened(desk: Desk, name: str) -> StatisticsPage:
    page = desk.show(StatisticsPage(desk.workplace(name)))
    desk.until(lambda: page.shown is not None)
    desk.settle(page)
    return page


def test_the_present_month_shows_its_complaints_and_no_later_one(desk: Desk) -> None:
    story.registered(desk.plant)
    page = opened(desk, "胡丽桂")
    assert page.month == (2026, 11)
    assert [row.one.customer for row in page.complaints.rows_model.rows] == ["华东远航"]
    assert page.tiles["complaints"].accessibleName().startswith("Complaints: 1")
    assert not page.after.isEnabled()
    assert page.after.toolTip() == "This is the present month."


def test_ctrl_left_and_right_change_the_month(desk: Desk) -> None:
    story.registered(desk.plant)
    page = opened(desk, "胡丽桂")
    desk.qtbot.keyClick(page.reasons, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: page.shown.returns.month == 10)
    assert page.tiles["ppm"].accessibleName() == "Returned PPM: 0 of 1,920 shipped"
    assert page.complaints.rows_model.rowCount() == 0
    desk.qtbot.keyClick(page.reasons, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: page.shown.returns.month == 11)


def test_the_page_is_whole_for_the_quality_manager(desk: Desk) -> None:
    story.registered(desk.plant)
    page = opened(desk, "胡丽桂")
    assert page.tiles["cost"].isVisible()
    assert page.may_see_money
    assert shapes.squeezed(page) == []
    assert shapes.nameless(page) == []


def test_the_monthly_table_is_written_for_excel(desk: Desk, tmp_path: Path) -> None:
    story.registered(desk.plant)
    page = opened(desk, "胡丽桂")
    page.workplace.memory.keep("last_folder", str(tmp_path))
    desk.qtbot.keyClick(page.reasons, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    desk.qtbot.keyClick(QApplication.activeModalWidget().findChild(QLineEdit), Qt.Key.Key_Return)
    written = tmp_path / "returns_2026-11.xlsx"
    desk.until(written.exists)
    desk.settle(page)
    texts = [cell for row in load_workbook(written).active.iter_rows(values_only=True) for cell in row if cell]
    assert any("示例气弹簧有限公司" in str(text) for text in texts)
