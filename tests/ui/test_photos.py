"""The tab *photos* on a real plant: thumbnails, attaching by file, paste and drop, opening, saving, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QLabel

from qms_desktop import files
from qms_desktop.exchange import evidence
from qms_desktop.rules import attachment
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import receipt
from qms_desktop.ui.complaint import ComplaintPage
from qms_desktop.ui.form_dialog import FormDialog
from qms_desktop.ui.photo_deeds import LargeView
from qms_desktop.ui.receipt import ReceiptPage
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from pathlib import Path

    from qms_desktop.ui.page import Page
    from qms_desktop.ui.photos import PhotosTab
    from tests.ui.desk import Desk, Keys

DEMO = files.resources() / "demo"
CARTON = DEMO / "照片_外箱破损.jpg"
NOTICE = DEMO / "客户退货通知_华东远航.xlsx"
SHANGHAI = ZoneInfo("Asia/Shanghai")
CAPTION = "到货第 4 箱外箱破损"


def photographed(desk: Desk) -> int:
    """Tell the count with its photo of carton 4; gives the receipt."""
    arrived = story.counted(desk.plant)
    zhou = desk.plant.sign_in("周磊秀")
    shown = receipt.show(zhou, receipt_id=arrived.receipt_id)
    (damaged,) = (count for line in shown.lines for count in line.counts if count.is_damaged)
    attachment.attach(
        zhou,
        kind=AttachedTo.RECEIPT_COUNT,
        record_id=damaged.id,
        file=evidence.take(CARTON, zone=SHANGHAI),
        caption=CAPTION,
    )
    return arrived.receipt_id


@pytest.fixture
def page(desk: Desk) -> ReceiptPage:
    receipt_id = photographed(desk)
    made = desk.show(ReceiptPage(desk.workplace("周磊秀")))
    made.open_record(receipt_id)
    desk.until(lambda: made.view.case.photos.tiles)
    made.view.tabs.bar.setCurrentIndex(1)
    desk.settle(made)
    return made


@pytest.fixture
def tab(page: ReceiptPage) -> PhotosTab:
    return page.view.case.photos


def words_of(widget: object) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())  # type: ignore[attr-defined]


def dialog_of(desk: Desk, page: Page) -> FormDialog:
    desk.until(lambda: any(one.isVisible() for one in page.window().findChildren(FormDialog)))
    return next(one for one in page.window().findChildren(FormDialog) if one.isVisible())


def attached(desk: Desk, page: ReceiptPage) -> list[str]:
    case_id = page.record.shown.row.case_id
    return [one.caption or one.file_name for one in attachment.listed(desk.plant.sign_in("周磊秀"), case_id=case_id)]


def test_a_photo_of_a_carton_is_seen_at_its_receipt(page: ReceiptPage, tab: PhotosTab, desk: Desk) -> None:
    (tile,) = tab.tiles.values()
    desk.until(lambda: tile.picture.image is not None)
    assert max(tile.picture.image.width(), tile.picture.image.height()) == 256
    assert CAPTION in words_of(tile)
    assert "Carton 4" in words_of(tile)
    assert page.view.tabs.bar.tabText(1).split() == ["Photos", "1"]
    faults = [shapes.squeezed, shapes.outside, shapes.nameless, shapes.primaries, shapes.unclickable]
    assert [found for fault in faults for found in fault(page)] == []


def test_another_record_of_the_case_shows_it_beside_its_own(page: ReceiptPage, desk: Desk) -> None:
    complaints = desk.show(ComplaintPage(desk.workplace("王伟涛")))
    complaints.list.table.choose(0)
    desk.until(lambda: complaints.view.case.photos.tiles)
    complaints.view.tabs.bar.setCurrentIndex(1)
    told = words_of(complaints.view.case.photos)
    assert "Nothing is attached to this record yet" in told
    assert "Other records of this case" in told
    assert CAPTION in told


def test_a_chosen_file_is_attached_with_its_caption(page: ReceiptPage, tab: PhotosTab, desk: Desk, keys: Keys) -> None:
    tab.add.click()
    desk.until(lambda: page.window().findChildren(QFileDialog))
    (dialog,) = page.window().findChildren(QFileDialog)
    dialog.filesSelected.emit([str(DEMO / "照片_划伤.jpg")])
    dialog.close()
    form = dialog_of(desk, page)
    assert "照片_划伤.jpg" in form.accessibleName()
    assert "camera does not say" in words_of(form)
    assert form.form.fields["taken_by"].control.read() == "周磊秀"
    keys.type("导向套划痕")
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: len(tab.tiles) == 2)
    assert attached(desk, page) == [CAPTION, "导向套划痕"]
    shown = attachment.listed(desk.plant.sign_in("周磊秀"), case_id=page.record.shown.row.case_id)[1]
    assert (shown.kind, shown.record_id, shown.taken_by) == (AttachedTo.RECEIPT, page.record_id, "周磊秀")


def dropped(tab: PhotosTab, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    tab.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none))


def test_dropped_files_are_asked_for_one_after_the_other(
    page: ReceiptPage, tab: PhotosTab, desk: Desk, keys: Keys
) -> None:
    dropped(tab, NOTICE, DEMO / "照片_漏油_竖拍.jpg")
    first = dialog_of(desk, page)
    assert "1/2" in first.accessibleName()
    first.reject()
    desk.until(lambda: not first.isVisible())
    desk.until(lambda: any("2/2" in one.accessibleName() for one in page.window().findChildren(FormDialog)))
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: len(tab.tiles) == 2)
    assert attached(desk, page) == [CAPTION, "照片_漏油_竖拍.jpg"]


def test_a_picture_on_the_clipboard_is_pasted(page: ReceiptPage, tab: PhotosTab, desk: Desk, keys: Keys) -> None:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    tab.paste()
    dialog_of(desk, page)
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: len(tab.tiles) == 2)
    assert attached(desk, page)[1] == "pasted picture.png"


def test_an_empty_clipboard_is_said(page: ReceiptPage, tab: PhotosTab) -> None:
    QGuiApplication.clipboard().clear()
    tab.paste()
    assert "no picture or file on the clipboard" in words_of(page)


def test_what_is_no_picture_is_refused_by_name(page: ReceiptPage, tab: PhotosTab, desk: Desk, tmp_path: Path) -> None:
    wrong = tmp_path / "photo.jpg"
    wrong.write_bytes(b"<html>")
    dropped(tab, wrong)
    desk.until(lambda: "is not a picture" in words_of(page))
    assert attached(desk, page) == [CAPTION]


def test_the_same_file_again_is_named_with_who_attached_it(
    page: ReceiptPage, tab: PhotosTab, desk: Desk, keys: Keys
) -> None:
    dropped(tab, NOTICE)
    dialog_of(desk, page)
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: len(tab.tiles) == 2)
    dropped(tab, NOTICE)
    form = dialog_of(desk, page)
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: "attached here already, by 周磊秀" in words_of(form))
    form.reject()


def test_a_picture_opens_large_and_is_saved_as_it_came(
    page: ReceiptPage, tab: PhotosTab, desk: Desk, tmp_path: Path
) -> None:
    (tile,) = tab.tiles.values()
    tile.chosen.emit()
    tile.opened.emit()
    (view,) = page.window().findChildren(LargeView)
    desk.until(lambda: view.picture.image is not None)
    assert (view.picture.image.width(), view.picture.image.height()) == (1280, 960)
    assert CAPTION in words_of(view)
    view.reject()
    tab.save_chosen()
    (dialog,) = (one for one in page.window().findChildren(QFileDialog) if one.isVisible())
    target = tmp_path / "saved.jpg"
    dialog.fileSelected.emit(str(target))
    dialog.close()
    desk.until(target.is_file)
    assert target.read_bytes() == CARTON.read_bytes()


def test_a_wrong_picture_is_taken_back_with_a_reason(page: ReceiptPage, tab: PhotosTab, desk: Desk, keys: Keys) -> None:
    (tile,) = tab.tiles.values()
    tile.setFocus()
    keys.press(Qt.Key.Key_Delete)
    form = dialog_of(desk, page)
    desk.until(form.form.fields["reason"].control.widget.hasFocus)
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: "This is needed" in words_of(form))
    keys.type("拍错了箱子")
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: not tab.tiles)
    assert attached(desk, page) == []


def test_who_may_not_take_it_back_is_told_why(desk: Desk) -> None:
    receipt_id = photographed(desk)
    page = desk.show(ReceiptPage(desk.workplace("高平")))
    page.open_record(receipt_id)
    tab = page.view.case.photos
    desk.until(lambda: tab.tiles)
    tab.choose(next(iter(tab.tiles)))
    assert not tab.back.isEnabled()
    assert "Attached by 周磊秀" in tab.back.toolTip()


def test_who_may_not_attach_sees_no_way_to(desk: Desk) -> None:
    receipt_id = photographed(desk)
    page = desk.show(ReceiptPage(desk.workplace("曹颖")))
    page.open_record(receipt_id)
    tab = page.view.case.photos
    desk.until(lambda: tab.tiles)
    assert not tab.add.isVisibleTo(tab) or not tab.add.isEnabled()
    assert not tab.acceptDrops()
