"""Photos and goods without an RMA at the dock: by keys alone, and the count never waits for a picture."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from qms_desktop import files
from qms_desktop.errors import Unavailable
from qms_desktop.rules import attachment
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import receipt
from qms_desktop.ui import dock_photo
from qms_desktop.ui.dock import DockStation
from qms_desktop.ui.scanner import Scanner
from qms_desktop.ui.station_sound import RIGHT, WRONG, Sounds
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from qms_desktop.rules.attachment import AttachmentShown
    from qms_desktop.ui.station_sound import Tone
    from tests.ui.desk import Desk, Keys

DEMO = files.resources() / "demo"
CARTON = "照片_外箱破损.jpg"


@pytest.fixture(autouse=True)
def scanner(qapp: QApplication) -> Iterator[Scanner]:
    made = Scanner(qapp)
    yield made
    made.setParent(None)
    made.deleteLater()


@pytest.fixture
def heard() -> list[Sequence[Tone]]:
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "phone"
    made.mkdir()
    return made


@pytest.fixture
def dock(desk: Desk, heard: list[Sequence[Tone]], folder: Path) -> DockStation:
    story.approved(desk.plant)
    desk.plant.at("2026-11-04 10:40")
    made = desk.show(DockStation(desk.workplace("周磊秀"), sounds=Sounds(heard.append)), width=1600, height=960)
    made.photos.folder = str(folder)
    return made


def shown_words(dock: DockStation) -> str:
    return "\n".join(label.text() for label in dock.findChildren(QLabel) if label.isVisible())


def opened(dock: DockStation, desk: Desk, keys: Keys) -> None:
    """Bring the parcel to the count of its first carton."""
    keys.scan("R20261103001")
    desk.until(dock.arrival_page.isVisible)
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.count_page.field.hasFocus)


def counted(dock: DockStation, desk: Desk, keys: Keys, pieces: str = "60") -> None:
    """Type the number and book the carton."""
    keys.type(pieces)
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)


def phone(folder: Path, name: str, age_s: int = 0) -> None:
    """Let a phone leave a picture in the folder."""
    shutil.copy(DEMO / CARTON, folder / name)
    moment = (folder / name).stat().st_mtime - age_s
    os.utime(folder / name, (moment, moment))


def attached(desk: Desk, dock: DockStation) -> tuple[AttachmentShown, ...]:
    return attachment.listed(desk.plant.sign_in("周磊秀"), case_id=dock.shown.row.case_id)


def test_a_damaged_carton_gets_the_newest_picture_of_the_phone(
    dock: DockStation, desk: Desk, keys: Keys, folder: Path
) -> None:
    phone(folder, "IMG_1.jpg", age_s=60)
    phone(folder, "IMG_2.jpg")
    (folder / "notes.txt").write_text("no picture")
    opened(dock, desk, keys)
    keys.steps = 0
    keys.scan("L2610A")
    keys.press(Qt.Key.Key_F4)
    keys.press(Qt.Key.Key_F5)
    desk.until(lambda: "IMG_2.jpg" in shown_words(dock))
    counted(dock, desk, keys)
    assert keys.steps == 5
    desk.until(lambda: "Attached to this carton" in shown_words(dock))
    (photo,) = attached(desk, dock)
    assert (photo.kind, photo.record_id) == (AttachedTo.RECEIPT_COUNT, dock.booked.made.count_id)
    assert (photo.caption, photo.file_name, photo.taken_by) == ("Carton 1, damaged", "IMG_2.jpg", "周磊秀")
    faults = [shapes.squeezed, shapes.outside, shapes.nameless]
    assert [found for fault in faults for found in fault(dock)] == []


def test_a_picture_that_comes_while_a_damaged_carton_is_counted_is_taken_by_itself(
    dock: DockStation, desk: Desk, keys: Keys, folder: Path
) -> None:
    phone(folder, "old.jpg")
    opened(dock, desk, keys)
    keys.press(Qt.Key.Key_F4)
    desk.until(dock.photos.clock.isActive)
    phone(folder, "new.jpg")
    desk.until(lambda: "new.jpg" in shown_words(dock))
    assert "old.jpg" not in shown_words(dock)
    counted(dock, desk, keys)
    desk.until(lambda: len(attached(desk, dock)) == 1)


def test_a_picture_that_is_still_being_copied_is_waited_for(dock: DockStation, folder: Path, desk: Desk) -> None:
    photos = dock.photos
    photos.clock.start()
    whole = (DEMO / CARTON).read_bytes()
    lying = dock_photo.Lying(folder / "half.jpg", 1000)
    photos.take_new((lying,))
    (folder / "half.jpg").write_bytes(whole)
    photos.take_new((dock_photo.Lying(lying.path, len(whole)),))
    assert not photos.carton.taken
    photos.take_new((dock_photo.Lying(lying.path, len(whole)),))
    desk.until(lambda: photos.carton.taken)
    photos.clock.stop()


def test_a_picture_taken_in_late_stays_with_its_carton(dock: DockStation, desk: Desk, keys: Keys, folder: Path) -> None:
    phone(folder, "IMG_1.jpg")
    opened(dock, desk, keys)
    dock.photos.take(folder / "IMG_1.jpg")
    counted(dock, desk, keys)
    first = dock.booked.made.count_id
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.count_page.isVisible)
    desk.until(lambda: attached(desk, dock))
    assert [one.record_id for one in attached(desk, dock)] == [first]
    assert not dock.photos.carton.taken


def test_without_a_folder_the_file_is_asked_for(dock: DockStation, desk: Desk, keys: Keys) -> None:
    dock.photos.folder = ""
    opened(dock, desk, keys)
    keys.press(Qt.Key.Key_F5)
    (dialog,) = dock.findChildren(QFileDialog)
    dialog.filesSelected.emit([str(DEMO / CARTON)])
    dialog.close()
    desk.until(lambda: CARTON in shown_words(dock))


def test_a_photo_of_the_carton_that_was_just_counted_is_attached_to_it(
    dock: DockStation, desk: Desk, keys: Keys, folder: Path
) -> None:
    opened(dock, desk, keys)
    counted(dock, desk, keys)
    phone(folder, "later.jpg")
    keys.press(Qt.Key.Key_F6)
    desk.until(lambda: len(attached(desk, dock)) == 1)
    assert attached(desk, dock)[0].record_id == dock.booked.made.count_id
    assert attached(desk, dock)[0].caption == "Carton 1"


def test_a_file_that_is_no_picture_is_heard_and_the_count_goes_on(
    dock: DockStation, desk: Desk, keys: Keys, folder: Path, heard: list[Sequence[Tone]]
) -> None:
    (folder / "broken.jpg").write_bytes(b"<html>")
    opened(dock, desk, keys)
    keys.press(Qt.Key.Key_F5)
    desk.until(lambda: "is not a picture" in shown_words(dock))
    assert heard[-1] == WRONG
    counted(dock, desk, keys)
    assert attached(desk, dock) == ()


def test_a_folder_that_is_gone_is_named() -> None:
    with pytest.raises(Unavailable, match="The photo folder /no/such/place cannot be read"):
        dock_photo.pictures_in(None, folder="/no/such/place")  # type: ignore[arg-type]


def test_goods_without_an_rma_are_quarantined_by_keys_alone(
    dock: DockStation, desk: Desk, keys: Keys, heard: list[Sequence[Tone]]
) -> None:
    keys.press(Qt.Key.Key_F2)
    desk.until(dock.strange.page.field.hasFocus)
    assert "what are they?" in shown_words(dock)
    keys.type("YQ-22")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: "Whose are they?" in shown_words(dock))
    keys.type("C1001")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.count_page.isVisible)
    assert heard[-1] == RIGHT
    number = dock.shown.row.rma_number
    assert number == "G20261104001"
    assert "华东远航汽配有限公司" in shown_words(dock)
    counted(dock, desk, keys, "12")
    assert dock.booked.made.payload.startswith(f"{number}.0.")
    keys.press(Qt.Key.Key_F10)
    desk.until(dock.closed_page.isVisible)
    assert "they stay in quarantine" in shown_words(dock)
    (row,) = receipt.listed(desk.plant.sign_in("王伟涛"), states=(receipt.ReceiptState.DIFFERENCE,))
    assert (row.rma_id, row.customer_short_name) == (None, "华东远航")


def test_nobody_knows_whose_they_are(dock: DockStation, desk: Desk, keys: Keys) -> None:
    keys.press(Qt.Key.Key_F2)
    desk.until(dock.strange.page.field.hasFocus)
    keys.type("纸箱无标识")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: dock.strange.page.asks_customer)
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.count_page.isVisible)
    assert "customer not known" in shown_words(dock)
    assert "纸箱无标识" in shown_words(dock)


def test_a_customer_that_nobody_has_is_said(
    dock: DockStation, desk: Desk, keys: Keys, heard: list[Sequence[Tone]]
) -> None:
    keys.press(Qt.Key.Key_F2)
    desk.until(dock.strange.page.field.hasFocus)
    keys.type("YQ-22")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: dock.strange.page.asks_customer)
    keys.type("nobody")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: "No customer is called" in shown_words(dock))
    assert heard[-1] == WRONG
    assert receipt.listed(desk.plant.sign_in("周磊秀")) == ()
