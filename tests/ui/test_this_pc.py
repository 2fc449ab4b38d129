"""What belongs to this PC has its place in the window: the label printer, its labels, and the folder of photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop import settings
from qms_desktop.documents.receipt_label import LabelSize
from qms_desktop.ui import this_pc
from qms_desktop.ui.dock import DockStation
from qms_desktop.ui.receipt import ReceiptPage
from qms_desktop.ui.station_sound import Sounds
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qms_desktop.ui.form_dialog import FormDialog
    from tests.ui.desk import Desk


@pytest.fixture(autouse=True)
def own_settings() -> Iterator[None]:
    """Leave the settings as they were."""
    before = settings.load()
    yield
    settings.save(before)


@pytest.fixture
def dock(desk: Desk) -> DockStation:
    story.approved(desk.plant)
    sounds = Sounds()
    sounds.on = False
    return desk.show(DockStation(desk.workplace("周磊秀"), sounds=sounds))


def asked(desk: Desk, dock: DockStation, **typed: str) -> FormDialog:
    dialog = this_pc.ask(dock, then=dock.use_settings)
    for name, text in typed.items():
        dialog.form.fields[name].control.put(text)
    dialog.send()
    desk.settle(dock)
    return dialog


def test_the_dock_takes_up_its_printer_labels_and_folder_at_once(desk: Desk, dock: DockStation, tmp_path: Path) -> None:
    asked(desk, dock, label_printer="zebra", label_size="100x70", photo_folder=str(tmp_path))
    assert dock.prints.printer is not None
    assert (dock.prints.printer.host, dock.prints.printer.port) == ("zebra", 9100)
    assert dock.prints.size is LabelSize.LARGE
    assert dock.photos.folder == str(tmp_path)
    assert settings.load().photo_folder == str(tmp_path)


@pytest.mark.parametrize("address", [":9100", "a b", "zebra:", "zebra:no", "zebra:0", "zebra:70000", "zebra:\uff19"])
def test_what_is_no_address_is_refused_beside_its_field(desk: Desk, dock: DockStation, address: str) -> None:
    dialog = asked(desk, dock, label_printer=address)
    assert "no address" in str(dialog.form.fields["label_printer"].error)
    assert settings.load().label_printer == ""
    assert shapes.nameless(dialog) == []


def test_a_folder_that_is_not_there_is_refused_beside_its_field(desk: Desk, dock: DockStation, tmp_path: Path) -> None:
    dialog = asked(desk, dock, photo_folder=str(tmp_path / "gone"))
    assert "There is no folder" in str(dialog.form.fields["photo_folder"].error)


def test_what_another_window_kept_meanwhile_stays(desk: Desk, dock: DockStation) -> None:
    dialog = this_pc.ask(dock, then=dock.use_settings)
    settings.change(language="zh_TW")
    dialog.form.fields["label_printer"].control.put("zebra:9101")
    dialog.send()
    desk.settle(dock)
    assert (settings.load().language, settings.load().label_printer) == ("zh_TW", "zebra:9101")


def test_a_scan_is_not_heard_behind_the_question(desk: Desk, dock: DockStation) -> None:
    this_pc.ask(dock, then=dock.use_settings)
    dock.hear("R20261103001")
    desk.settle(dock)
    assert dock.parcel is None


def test_the_receipt_page_prints_on_the_new_printer(desk: Desk) -> None:
    story.counted(desk.plant)
    page = desk.show(ReceiptPage(desk.workplace("沈国强")))
    settings.change(label_printer="zebra")
    page.use_settings()
    assert page.prints.printer is not None
