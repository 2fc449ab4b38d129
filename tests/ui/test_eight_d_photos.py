"""D2's photographs on a real plant: chosen from the case, captioned, moved, taken out, and printed upright."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop import files
from qms_desktop.errors import Refused
from qms_desktop.exchange import evidence
from qms_desktop.rules import attachment
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import eight_d
from qms_desktop.steps.eight_d import PhotoRow, ReportKind, Section
from qms_desktop.ui.eight_d import EightDPage
from qms_desktop.ui.eight_d_dialogs import make_word
from qms_desktop.ui.eight_d_photos import ChoosePhotos, PhotosCard
from qms_desktop.ui.form_dialog import FormDialog
from tests.scenarios.test_eight_d import Told
from tests.scenarios.test_eight_d import opened as told_open
from tests.ui import shapes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.desk import Desk, Keys

DEMO = files.resources() / "demo"
PICTURES = ("照片_划伤.jpg", "照片_漏油_竖拍.jpg", "照片_外箱破损.jpg")


@pytest.fixture
def told(desk: Desk) -> Told:
    made = told_open(desk.plant)
    for name in PICTURES:
        attachment.attach(
            made.author,
            kind=AttachedTo.EIGHT_D,
            record_id=made.eight_d_id,
            file=evidence.take(DEMO / name, zone=ZoneInfo("Asia/Shanghai")),
            caption=name.removesuffix(".jpg"),
        )
    return made


@pytest.fixture
def page(desk: Desk, told: Told) -> EightDPage:
    made = desk.show(EightDPage(desk.workplace("徐兰")))
    desk.until(lambda: made.list.model.rowCount() == 1)
    desk.qtbot.keyClick(made.list.table, Qt.Key.Key_Return)
    desk.until(lambda: made.record is not None)
    made.go_to(Section.D2, "requirement")
    desk.settle(made)
    return made


def card(page: EightDPage) -> PhotosCard:
    assert page.editor.photos is not None
    return page.editor.photos


def captions(told: Told) -> list[str]:
    shown = eight_d.show(told.author, eight_d_id=told.eight_d_id)
    section = next(one for one in shown.sections if one.section is Section.D2)
    return [row.caption for row in section.rows(PhotoRow)]


def chosen(page: EightDPage, desk: Desk, *places: int) -> None:
    """Open the pictures of the case, take some by the mouse, and confirm."""
    card(page).choose.click()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), ChoosePhotos))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ChoosePhotos)
    tiles = list(dialog.tiles.values())
    for place in places:
        desk.qtbot.mouseClick(tiles[place], Qt.MouseButton.LeftButton)
    faults = [shapes.squeezed, shapes.outside, shapes.nameless]
    assert [found for fault in faults for found in fault(dialog)] == []
    dialog.take.click()
    desk.until(lambda: len(card(page).tiles) > 0 and not page.at_work)


def test_pictures_of_the_case_are_chosen_in_the_order_of_the_clicks(page: EightDPage, told: Told, desk: Desk) -> None:
    chosen(page, desk, 1, 0)
    desk.until(lambda: captions(told) == ["照片_漏油_竖拍", "照片_划伤"])
    assert [tile.accessibleName() for tile in card(page).tiles] == ["1 照片_漏油_竖拍", "2 照片_划伤"]


def test_a_picture_is_moved_captioned_and_taken_out_by_keys(
    page: EightDPage, told: Told, desk: Desk, keys: Keys
) -> None:
    chosen(page, desk, 0, 1, 2)
    desk.until(lambda: len(card(page).tiles) == 3)
    page.window().activateWindow()
    keys.go_to(card(page).tiles[2])
    keys.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    desk.until(lambda: captions(told) == ["照片_划伤", "照片_外箱破损", "照片_漏油_竖拍"] and not page.at_work)
    keys.go_to(card(page).tiles[0])
    keys.press(Qt.Key.Key_Delete)
    desk.until(lambda: captions(told) == ["照片_外箱破损", "照片_漏油_竖拍"] and not page.at_work)
    keys.go_to(card(page).tiles[0])
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), FormDialog))
    form = QApplication.activeModalWidget()
    assert isinstance(form, FormDialog)
    form.form.fields["caption"].control.put("第 4 箱外箱破损")
    form.send()
    desk.until(lambda: captions(told)[0] == "第 4 箱外箱破损")


def test_what_is_chosen_stands_upright_in_the_word_file(
    page: EightDPage, told: Told, desk: Desk, tmp_path: Path
) -> None:
    chosen(page, desk, 1)
    desk.until(lambda: captions(told) == ["照片_漏油_竖拍"])
    paper = tmp_path / "report.docx"
    paper.write_bytes(make_word(told.author, eight_d_id=told.eight_d_id, kind=ReportKind.THREE_D, language="zh_CN"))
    document = Document(str(paper))
    words = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "照片_漏油_竖拍" in words
    assert "徐兰" in words
    heights = [shape.height / shape.width for shape in document.inline_shapes]
    assert any(height > 1 for height in heights)


def test_a_picture_of_a_sent_report_is_kept_from_being_taken_back(page: EightDPage, told: Told, desk: Desk) -> None:
    chosen(page, desk, 0)
    desk.until(lambda: captions(told) == ["照片_划伤"])
    case_id = page.record.shown.row.case_id
    shown = attachment.listed(told.author, case_id=case_id)
    with pytest.raises(Refused, match="An 8D report shows this picture"):
        attachment.withdraw(told.author, attachment_id=shown[0].id, reason="拍错")
