"""The stations: one thing at a time, everything by key, an alarm that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from qms_desktop.ui.dock_station import StationWindow, dock_station
from qms_desktop.ui.station import Alarm, StationKey, station_button, station_field

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from qms_desktop.ui.workplace import Workplace


@pytest.fixture
def dock(workplace: Workplace, qtbot: QtBot) -> StationWindow:
    made = dock_station(workplace)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    return made


def test_keys_of_the_bar_do_what_they_say_and_old_ones_no_longer(dock: StationWindow, qtbot: QtBot) -> None:
    heard: list[str] = []
    field = station_field(placeholder="R…")
    dock.show_step(0, field, [StationKey("F2", "Find", lambda: heard.append("find"))], focus=field)
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_F2)
    other = station_field(placeholder="", count=True)
    dock.show_step(1, other, [StationKey("F6", "Difference", lambda: heard.append("difference"))], focus=other)
    qtbot.waitUntil(other.hasFocus)
    qtbot.keyClick(other, Qt.Key.Key_F2)
    qtbot.keyClick(other, Qt.Key.Key_F6)
    assert heard == ["find", "difference"]


def test_going_back_keeps_what_was_typed(dock: StationWindow) -> None:
    first, second = QLineEdit("R2026"), QLineEdit()
    dock.show_step(0, first, [])
    dock.show_step(1, second, [])
    dock.show_step(0, first, [])
    assert first.isVisible()
    assert not second.isVisible()
    assert first.text() == "R2026"


def test_the_alarm_stays_until_enter_and_leads_back_to_the_step(dock: StationWindow, qtbot: QtBot) -> None:
    field = station_field(placeholder="R…")
    dock.show_step(0, field, [], focus=field)
    alarm = Alarm("Stop", "void", "Tear it off", understood=dock.end_alarm)
    dock.sound_alarm(alarm, [])
    assert alarm.isVisible()
    assert not dock.plates.isVisible()
    qtbot.waitUntil(alarm.button.hasFocus)
    qtbot.keyClick(alarm.button, Qt.Key.Key_Return)
    assert not dock.in_alarm
    assert field.isVisible()
    assert dock.plates.isVisible()


def test_a_second_alarm_still_leads_back_to_the_step(dock: StationWindow) -> None:
    field = QWidget()
    dock.show_step(2, field, [])
    dock.sound_alarm(Alarm("Stop", "1", "x", understood=dock.end_alarm), [])
    dock.sound_alarm(Alarm("Stop", "2", "x", understood=dock.end_alarm), [])
    dock.end_alarm()
    assert field.isVisible()


def test_the_plates_say_the_step(dock: StationWindow) -> None:
    dock.show_step(1, QWidget(), [])
    assert dock.plates.accessibleName() == "Step 2 of 4: Count"


def test_station_parts_have_the_size_of_the_design(dock: StationWindow) -> None:
    assert station_field(placeholder="").height() == 64
    assert station_field(placeholder="", count=True).height() == 150
    assert station_button("x", kind="primary", clicked=lambda: None).height() == 84
    assert station_button("x", clicked=lambda: None).height() == 64


def test_the_connection_is_shown_on_the_strip(dock: StationWindow, qtbot: QtBot) -> None:
    dock.workplace.live.connected(on=False)
    qtbot.waitUntil(lambda: not dock.strip.connection.connected)
