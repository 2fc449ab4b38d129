"""The scanner types like a keyboard, only faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QWidget

from qms_desktop.ui.scanner import GAP_MS, Scanner
from qms_desktop.ui.station import station_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

Focused = TypeVar("Focused", bound=QWidget)
LABEL = "R20261103001.1.000042"


class Keyboard:
    """Types into whatever has the focus, with the system's own time on each press."""

    def __init__(self, app: QApplication) -> None:
        self.app, self.now_ms = app, 1000

    def press(self, key: int, text: str, after_ms: int, *, repeated: bool = False) -> None:
        self.now_ms += after_ms
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text, repeated)
        event.setTimestamp(self.now_ms)
        field = self.app.focusWidget()
        assert field is not None
        QCoreApplication.sendEvent(field, event)

    def type(self, text: str, *, gap_ms: int, end: int | None = Qt.Key.Key_Return) -> None:
        for letter in text:
            self.press(ord(letter.upper()), letter, gap_ms)
        if end is not None:
            self.press(end, "\r", gap_ms)


@pytest.fixture
def scans(qapp: QApplication) -> Iterator[list[str]]:
    scanner = Scanner(qapp)
    heard: list[str] = []
    scanner.scanned.connect(heard.append)
    yield heard
    scanner.setParent(None)
    scanner.deleteLater()


@pytest.fixture
def keyboard(qapp: QApplication) -> Keyboard:
    return Keyboard(qapp)


def focused(widget: Focused, qtbot: QtBot) -> Focused:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_a_burst_that_ends_is_a_scan_and_types_nothing(
    scans: list[str], keyboard: Keyboard, qtbot: QtBot, end: int
) -> None:
    line = focused(QLineEdit(), qtbot)
    keyboard.type(LABEL, gap_ms=8, end=end)
    qtbot.wait(2 * GAP_MS)
    assert scans == [LABEL]
    assert line.text() == ""


def test_what_a_hand_types_reaches_its_field(scans: list[str], keyboard: Keyboard, qtbot: QtBot) -> None:
    line = focused(QLineEdit(), qtbot)
    keyboard.type("L2610A", gap_ms=120)
    qtbot.wait(2 * GAP_MS)
    assert scans == []
    assert line.text() == "L2610A"


def test_enter_after_a_typed_number_reaches_the_field(scans: list[str], keyboard: Keyboard, qtbot: QtBot) -> None:
    line = focused(QLineEdit(), qtbot)
    with qtbot.waitSignal(line.returnPressed):
        keyboard.type("596", gap_ms=10)
    assert (scans, line.text()) == ([], "596")


def test_a_burst_without_an_end_is_typed(scans: list[str], keyboard: Keyboard, qtbot: QtBot) -> None:
    line = focused(QLineEdit(), qtbot)
    keyboard.type("L2610A", gap_ms=5, end=None)
    qtbot.waitUntil(lambda: line.text() == "L2610A")
    assert scans == []


def test_a_scan_works_where_nothing_can_be_typed(scans: list[str], keyboard: Keyboard, qtbot: QtBot) -> None:
    focused(QTableView(), qtbot)
    keyboard.type(LABEL, gap_ms=8)
    assert scans == [LABEL]


def test_a_station_field_takes_the_scan_itself(scans: list[str], keyboard: Keyboard, qtbot: QtBot) -> None:
    line = focused(station_field(placeholder=""), qtbot)
    keyboard.type(LABEL, gap_ms=8)
    assert (scans, line.text()) == ([], LABEL)


def test_a_password_is_never_taken_for_a_scan(scans: list[str], keyboard: Keyboard, qtbot: QtBot) -> None:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    focused(line, qtbot)
    keyboard.type("geheim1", gap_ms=5)
    assert (scans, line.text()) == ([], "geheim1")


def test_a_key_that_is_held_down_is_no_scan(scans: list[str], keyboard: Keyboard, qtbot: QtBot) -> None:
    line = focused(QLineEdit(), qtbot)
    for _turn in range(6):
        keyboard.press(Qt.Key.Key_0, "0", 30, repeated=True)
    keyboard.press(Qt.Key.Key_Return, "\r", 30)
    assert (scans, line.text()) == ([], "000000")


def test_hand_typing_before_a_scan_stays_in_its_field(scans: list[str], keyboard: Keyboard, qtbot: QtBot) -> None:
    line = focused(QLineEdit(), qtbot)
    keyboard.type("12", gap_ms=100, end=None)
    keyboard.now_ms += 500
    keyboard.type(LABEL, gap_ms=8)
    assert (scans, line.text()) == ([LABEL], "12")
