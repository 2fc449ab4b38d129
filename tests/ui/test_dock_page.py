"""The dock on a real plant: parcels, cartons, labels and alarms, by scanner and keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from qms_desktop.db.receipt import Label
from qms_desktop.documents.label_printer import LabelPrinter
from qms_desktop.steps import receipt
from qms_desktop.steps.receipt import LabelState, ReceiptState
from qms_desktop.ui.dock import DockStation
from qms_desktop.ui.scanner import Scanner
from qms_desktop.ui.station import Alarm
from qms_desktop.ui.station_sound import RIGHT, STOP, WRONG, Sounds
from tests.helpers.label_printers import port_without_printer, printer_that, prints
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtWidgets import QApplication

    from qms_desktop.ui.station_sound import Tone
    from tests.ui.desk import Desk, Keys


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
def dock(desk: Desk, heard: list[Sequence[Tone]]) -> DockStation:
    story.approved(desk.plant)
    desk.plant.at("2026-11-04 10:40")
    return desk.show(DockStation(desk.workplace("周磊秀"), sounds=Sounds(heard.append)), width=1600, height=960)


def shown_words(dock: DockStation) -> str:
    return "\n".join(label.text() for label in dock.findChildren(QLabel) if label.isVisible())


def opened(dock: DockStation, desk: Desk, keys: Keys) -> None:
    """Bring the parcel to the count."""
    keys.scan("R20261103001")
    desk.until(dock.arrival_page.isVisible)
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.count_page.isVisible)
    desk.until(dock.count_page.field.hasFocus)


def receipt_of(desk: Desk) -> receipt.ReceiptShown:
    zhou = desk.plant.sign_in("周磊秀")
    return receipt.show(zhou, receipt_id=receipt.listed(zhou)[0].id)


@pytest.mark.parametrize("number", ["R20261103001", "TH-20261103-07"])
def test_one_scan_opens_the_rma_of_a_parcel(dock: DockStation, desk: Desk, keys: Keys, number: str) -> None:
    keys.scan(number)
    desk.until(dock.arrival_page.isVisible)
    assert keys.steps == 1
    assert "R20261103001" in shown_words(dock)


def test_a_part_of_the_customers_name_opens_the_parcel_too(dock: DockStation, desk: Desk, keys: Keys) -> None:
    keys.type("远航")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.arrival_page.isVisible)


def test_a_carton_takes_three_steps_with_its_label(
    dock: DockStation, desk: Desk, keys: Keys, heard: list[Sequence[Tone]]
) -> None:
    opened(dock, desk, keys)
    keys.steps = 0
    keys.scan("L2610A")
    desk.until(lambda: dock.count_page.lot.text() == "L2610A")
    keys.type("60")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    assert keys.steps == 3
    counts = receipt_of(desk).lines[0].counts
    assert [(one.pieces, one.lot_number, one.label_state) for one in counts] == [(60, "L2610A", LabelState.PROVISIONAL)]
    assert heard[-1] == RIGHT


def test_the_label_goes_to_the_printer_of_the_settings(dock: DockStation, desk: Desk, keys: Keys) -> None:
    with printer_that(prints) as printer:
        dock.prints.printer = LabelPrinter(host="127.0.0.1", port=printer.port)
        opened(dock, desk, keys)
        keys.scan("L2610A")
        keys.type("60")
        keys.press(Qt.Key.Key_Return)
        desk.until(lambda: "has the label" in shown_words(dock))
    assert b"R20261103001.1.000001" in b"".join(printer.received)


def test_a_small_sum_is_understood(dock: DockStation, desk: Desk, keys: Keys) -> None:
    opened(dock, desk, keys)
    keys.type("11*50+46")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    assert receipt_of(desk).lines[0].pieces_counted == 596


def test_the_scanned_lot_chooses_the_line(dock: DockStation, desk: Desk, keys: Keys) -> None:
    opened(dock, desk, keys)
    keys.scan("L2609B")
    desk.until(lambda: dock.place == 1)
    keys.type("45")
    keys.press(Qt.Key.Key_Enter)
    desk.until(dock.label_page.isVisible)
    assert [line.pieces_counted for line in receipt_of(desk).lines] == [0, 45, 0]


def test_a_scan_on_the_label_page_begins_the_next_carton(dock: DockStation, desk: Desk, keys: Keys) -> None:
    opened(dock, desk, keys)
    keys.scan("L2610A")
    keys.type("60")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    keys.scan("L2610A")
    desk.until(dock.count_page.isVisible)
    desk.until(dock.count_page.field.hasFocus)
    keys.type("58")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    assert [one.pieces for one in receipt_of(desk).lines[0].counts] == [60, 58]


def test_the_announced_pieces_are_never_shown(dock: DockStation, desk: Desk, keys: Keys) -> None:
    opened(dock, desk, keys)
    told = [shown_words(dock)]
    keys.type("59")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    told.append(shown_words(dock))
    keys.press(Qt.Key.Key_F10)
    desk.until(dock.closed_page.isVisible)
    told.append(shown_words(dock))
    assert not [words for words in told if "600" in words or "657" in words or "541" in words]
    assert "It differs from what was announced" in told[-1]
    assert receipt_of(desk).row.state is ReceiptState.DIFFERENCE


def test_damage_is_noted_with_one_key(dock: DockStation, desk: Desk, keys: Keys) -> None:
    opened(dock, desk, keys)
    keys.steps = 0
    keys.press(Qt.Key.Key_F4)
    keys.type("60")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    assert keys.steps == 3
    assert receipt_of(desk).lines[0].counts[0].is_damaged


def test_other_goods_become_a_line_of_their_own_in_three_steps(dock: DockStation, desk: Desk, keys: Keys) -> None:
    opened(dock, desk, keys)
    keys.steps = 0
    keys.press(Qt.Key.Key_F6)
    desk.until(dock.other_page.field.hasFocus)
    keys.type("a grey pump, no name")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: dock.place == 3 and dock.count_page.isVisible())
    assert keys.steps == 3
    assert receipt_of(desk).lines[3].description == "a grey pump, no name"


def test_a_wrong_number_says_why_and_sounds_low(
    dock: DockStation, desk: Desk, keys: Keys, heard: list[Sequence[Tone]]
) -> None:
    opened(dock, desk, keys)
    keys.type("12.5")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: heard[-1] == WRONG)
    assert "fraction" in shown_words(dock)
    assert dock.count_page.field.text() == "12.5"
    assert receipt_of(desk).row.pieces_counted == 0


def test_an_unknown_parcel_keeps_what_was_typed(
    dock: DockStation, desk: Desk, keys: Keys, heard: list[Sequence[Tone]]
) -> None:
    keys.type("R20261199001")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: WRONG in heard)
    assert dock.scan_page.isVisible()
    assert dock.scan_page.field.text() == "R20261199001"


def test_a_void_label_sounds_the_alarm_until_enter_and_books_nothing(
    dock: DockStation, desk: Desk, keys: Keys, heard: list[Sequence[Tone]]
) -> None:
    opened(dock, desk, keys)
    keys.scan("L2610A")
    keys.type("60")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    keys.press(Qt.Key.Key_F9)
    desk.until(dock.count_page.field.hasFocus)
    keys.type("59")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    before = receipt_of(desk).row.pieces_counted
    keys.scan("R20261103001.1.000001")
    desk.until(lambda: dock.in_alarm)
    assert heard[-1] == STOP
    keys.scan("L2610A")
    assert dock.in_alarm
    assert "000001" in shown_words(dock)
    alarm = dock.findChild(Alarm)
    desk.until(alarm.button.hasFocus)
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: not dock.in_alarm)
    assert receipt_of(desk).row.pieces_counted == before == 59


def test_a_carton_with_a_valid_label_is_not_counted_twice(dock: DockStation, desk: Desk, keys: Keys) -> None:
    opened(dock, desk, keys)
    keys.scan("L2610A")
    keys.type("60")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    keys.scan("R20261103001.1.000001")
    desk.until(lambda: "counted already" in shown_words(dock))
    assert receipt_of(desk).row.pieces_counted == 60


def test_going_back_to_the_parcel_goes_on_with_the_same_receipt(dock: DockStation, desk: Desk, keys: Keys) -> None:
    opened(dock, desk, keys)
    keys.type("60")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    keys.press(Qt.Key.Key_Escape)
    desk.until(dock.scan_page.field.hasFocus)
    keys.scan("R20261103001")
    desk.until(dock.count_page.isVisible)
    assert len(receipt.listed(desk.plant.sign_in("周磊秀"))) == 1


def test_every_page_of_the_dock_holds_its_words(dock: DockStation, desk: Desk, keys: Keys) -> None:
    assert shapes.squeezed(dock) == []
    opened(dock, desk, keys)
    assert shapes.squeezed(dock) == []
    keys.type("60")
    keys.press(Qt.Key.Key_Return)
    desk.until(dock.label_page.isVisible)
    desk.settle(dock)
    assert shapes.squeezed(dock) == []
    assert shapes.nameless(dock) == []
    assert [field for field in dock.findChildren(QLineEdit) if field.isVisible()] == []


def test_a_printer_that_refuses_is_told_and_nothing_is_counted_as_printed(
    dock: DockStation, desk: Desk, keys: Keys
) -> None:
    dock.prints.printer = LabelPrinter(host="127.0.0.1", port=port_without_printer())
    opened(dock, desk, keys)
    keys.scan("L2610A")
    keys.type("60")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: "nothing was printed" in shown_words(dock))
    with desk.plant.sign_in("周磊秀").store.use():
        assert [label.prints for label in Label.select()] == [0]
