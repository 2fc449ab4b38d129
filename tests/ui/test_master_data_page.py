"""The master data page on a real plant: lists, and the import from the file to its rows, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from qms_desktop.steps import master_data
from qms_desktop.steps.master_data import ImportKind
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.master_data import MasterDataPage
from qms_desktop.ui.master_data_sheet import RowState
from qms_desktop.ui.text import Text
from tests.ui import shapes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.desk import Desk, Keys

HEAD = ("客户编号", "客户名称", "国内/国外", "联系人")
SHIPMENT_HEAD = ("出货单号", "订单号", "客户编号", "产品编号", "批号", "出货数量", "单价", "币种", "出货日期")


def opened(desk: Desk, name: str = "管理员") -> MasterDataPage:
    page = desk.show(MasterDataPage(desk.workplace(name)))
    desk.until(lambda: page.side.model.rowCount() > 0)
    desk.settle(page)
    return page


def book(path: Path, *rows: tuple[object, ...]) -> Path:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def choose(desk: Desk, page: MasterDataPage, path: Path) -> None:
    """Choose a file as a person does: the button by the space bar, the name, Enter."""
    desk.qtbot.keyClick(page.sheet.choose, Qt.Key.Key_Space)
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    line = QApplication.activeModalWidget().findChild(QLineEdit)
    line.setText(str(path))
    desk.qtbot.keyClick(line, Qt.Key.Key_Return)
    desk.until(lambda: QApplication.activeModalWidget() is None)
    desk.settle(page)


def names(desk: Desk) -> dict[str, str]:
    found = master_data.find_customer(desk.plant.sign_in("管理员"), text="", limit=100)
    return {one.code: one.name for one in found}


def test_a_list_is_filtered_by_what_is_typed(desk: Desk, keys: Keys) -> None:
    page = opened(desk)
    keys.go_to(page.side.filter)
    keys.type("c2002")
    desk.until(lambda: [one.code for one in page.side.model.rows] == ["C2002"])


def test_who_may_not_import_sees_no_button(desk: Desk) -> None:
    page = opened(desk, "徐兰")
    assert not page.bring.isVisible()


def test_new_and_changed_rows_are_shown_then_written_with_one_key(desk: Desk, tmp_path: Path) -> None:
    page = opened(desk)
    path = book(tmp_path / "c.xlsx", HEAD, ("C1001", "华东远航新名", "国内", ""), ("C9001", "新客户", "国内", "王"))
    page.begin_import()
    choose(desk, page, path)
    checked = page.sheet.preview.checked
    assert [one.state for one in checked.rows] == [RowState.CHANGED, RowState.NEW]
    (finding,) = checked.findings()
    assert finding.text == "Customer name: 华东远航汽配有限公司 → 华东远航新名"
    assert "C9001" not in names(desk)
    assert shapes.squeezed(page) == []
    desk.qtbot.keyClick(page.sheet.all_rows, Qt.Key.Key_Space)
    desk.until(lambda: names(desk).get("C9001") == "新客户")
    assert names(desk)["C1001"] == "华东远航新名"


def test_wrong_cells_have_the_sheets_own_letters_and_only_right_rows_go_in(desk: Desk, tmp_path: Path) -> None:
    page = opened(desk)
    path = book(tmp_path / "c.xlsx", HEAD, ("C9001", "新客户", "国内", ""), ("C9002", "", "火星", ""))
    page.begin_import()
    choose(desk, page, path)
    assert [one.address for one in page.sheet.preview.checked.findings()] == ["B3", "C3"]
    assert not page.sheet.all_rows.isEnabled()
    assert page.sheet.only_right.text().strip() == "Import only the 1 right ones"
    page.sheet.only_right.click()
    desk.until(lambda: "C9001" in names(desk))
    assert "C9002" not in names(desk)


def test_the_same_file_again_says_when_and_by_whom(desk: Desk, tmp_path: Path) -> None:
    path = book(tmp_path / "c.xlsx", HEAD, ("C9001", "新客户", "国内", ""))
    page = opened(desk)
    for _time in range(2):
        page.begin_import()
        choose(desk, page, path)
        if page.sheet.all_rows.isEnabled():
            page.sheet.all_rows.click()
            desk.until(lambda: "C9001" in names(desk))
            desk.settle(page)
    words = [text.text() for text in page.sheet.preview.side.findChildren(Text)]
    assert "This very file was imported before" in words
    assert any("管理员" in text and "c.xlsx" in text for text in words)
    assert page.sheet.all_rows.toolTip() == "Everything in this file is known already."


def test_a_date_that_may_be_two_days_is_asked_once(desk: Desk, tmp_path: Path) -> None:
    lines = [(f"CK2611{n:03}", f"SO{n}", "C1001", "YQ-22", "L2610A", 10, 50, "CNY", "03/04/2026") for n in (1, 2)]
    path = book(tmp_path / "s.xlsx", SHIPMENT_HEAD, *lines)
    page = opened(desk)
    page.begin_import()
    page.sheet.kind.put(ImportKind.SHIPMENTS)
    choose(desk, page, path)
    assert page.sheet.preview.checked.question.cell == "I2"
    words = [text.text() for text in page.sheet.preview.side.findChildren(Text)]
    assert "I2: which day is 03/04/2026?" in words
    answer = next(one for one in page.sheet.preview.side.findChildren(Button) if one.text() == "2026-04-03")
    answer.click()
    desk.settle(page)
    desk.until(lambda: page.sheet.preview.checked.question is None)
    assert {str(row.shipped_on) for row in page.sheet.preview.checked.reading.rows} == {"2026-04-03"}


def test_a_file_that_is_no_table_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    path.write_bytes(b"")
    page = opened(desk)
    page.begin_import()
    choose(desk, page, path)
    words = [text.text() for text in page.sheet.findChildren(Text)]
    assert "“c.xlsx” is empty (0 bytes). Export it again." in words
