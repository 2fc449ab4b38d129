"""The first start: each way to begin leads to a signed-in window, or says what is wrong and changes nothing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from qms_desktop import files
from qms_desktop.app import places
from qms_desktop.app.start import Program, Start
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.dock import DockStation
from qms_desktop.ui.first_start import FirstStartWindow
from qms_desktop.ui.main_window import MainWindow
from qms_desktop.ui.place_dialog import PlaceDialog
from qms_desktop.ui.sign_in import SignInWindow
from tests.ui import shapes
from tests.ui.conftest import close_windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.helpers.plant import Plant

TYPED = {
    "plant": "第二工厂",
    "time_zone": "Asia/Shanghai",
    "name": "王敏",
    "login": "wangmin",
    "password": "a long password",
    "again": "a long password",
}
PATIENCE_MS = 60_000


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Program]:
    """Start the program on a PC that has never seen it."""
    monkeypatch.setattr(files, "person_folder", lambda: tmp_path)
    made = Program(Start())
    made.keep(language="en")
    made.speak("en")
    made.open()
    yield made
    close_windows(qapp)
    made.close()
    made.scanner.deleteLater()


def pressed(program: Program, words: str) -> PlaceDialog:
    """Press a button of the first window and give the dialog that opens."""
    window = program.shown
    assert isinstance(window, FirstStartWindow)
    next(button for button in window.findChildren(Button) if button.text().strip() == words).click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PlaceDialog)
    return dialog


def send(dialog: PlaceDialog, typed: dict[str, str]) -> None:
    """Type into the fields and press the button."""
    for name, text in typed.items():
        dialog.form.fields[name].control.put(text)
    dialog.go.click()


@pytest.mark.parametrize(
    "case",
    [
        ("周磊秀", "dock-1", DockStation),
        ("周磊秀", "", MainWindow),
        ("周磊秀", "line-1", MainWindow),
        ("徐兰", "dock-1", MainWindow),
    ],
)
def test_who_receives_goods_and_chooses_the_dock_is_at_the_dock(
    program: Program, file_plant: Plant, qtbot: QtBot, case: tuple[str, str, type]
) -> None:
    name, station, opened = case
    login = file_plant.sign_in(name).login
    program.start = Start(database=file_plant.url, login=login)
    program.open()
    window = program.shown
    assert isinstance(window, SignInWindow)
    window.station.put(station)
    window.try_to_sign_in(file_plant.password(name))
    qtbot.waitUntil(lambda: isinstance(program.shown, opened), timeout=PATIENCE_MS)


def test_a_single_pc_is_made_from_the_window_and_opens(program: Program, qtbot: QtBot) -> None:
    dialog = pressed(program, "New data")
    assert shapes.squeezed(dialog) == []
    assert shapes.nameless(dialog) == []
    send(dialog, TYPED)
    qtbot.waitUntil(lambda: isinstance(program.shown, MainWindow), timeout=PATIENCE_MS)
    assert program.settings.database == places.url_of(places.own_file())
    assert program.settings.login == "wangmin"
    assert program.shown.workplace.session.name == "王敏"
    again = places.sign_in(program.settings.database, "wangmin", "a long password")
    assert str(again.zone) == "Asia/Shanghai"
    again.session.store.close()


def test_two_different_passwords_make_nothing(program: Program) -> None:
    dialog = pressed(program, "New data")
    send(dialog, TYPED | {"again": "another password"})
    assert "not the same" in str(dialog.form.fields["again"].error)
    assert not places.own_file().exists()


def test_a_short_password_is_said_beside_its_field_and_makes_nothing(program: Program, qtbot: QtBot) -> None:
    dialog = pressed(program, "New data")
    send(dialog, TYPED | {"password": "short", "again": "short"})
    qtbot.waitUntil(lambda: dialog.form.fields["password"].error is not None, timeout=PATIENCE_MS)
    assert "at least 8 characters" in str(dialog.form.fields["password"].error)
    assert not places.own_file().exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("qms.example.com", "is no database address"),
        ("postgresql://127.0.0.1:1/qms?sslmode=disable", "does not answer"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_beside_the_field(
    program: Program, qtbot: QtBot, address: str, said: str
) -> None:
    dialog = pressed(program, "Connect…")
    send(dialog, {"database": address, "login": "wangmin", "password": "a long password"})
    qtbot.waitUntil(lambda: dialog.form.fields["database"].error is not None, timeout=PATIENCE_MS)
    assert said in str(dialog.form.fields["database"].error)
    assert program.settings.database == ""


def test_joining_signs_in_and_keeps_the_address(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    places.make_single_pc(TYPED).session.store.close()
    there = places.own_file().replace(tmp_path / "shared.qms")
    send(
        pressed(program, "Connect…"),
        {"database": places.url_of(there), "login": "wangmin", "password": "a long password"},
    )
    qtbot.waitUntil(lambda: isinstance(program.shown, MainWindow), timeout=PATIENCE_MS)
    assert program.settings.database == places.url_of(there)


def test_a_backup_is_restored_and_asks_for_the_password(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    places.make_single_pc(TYPED).session.store.close()
    backup = places.own_file().replace(tmp_path / "plant.qms.before-upgrade")
    program.shown.backup_chosen.emit(backup)
    qtbot.waitUntil(lambda: isinstance(program.shown, SignInWindow), timeout=PATIENCE_MS)
    restored = places.sign_in(program.settings.database, "wangmin", "a long password")
    assert restored.session.name == "王敏"
    restored.session.store.close()
    assert backup.exists()


def test_a_file_that_is_no_backup_is_named_and_changes_nothing(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    photo = tmp_path / "photo.qms"
    photo.write_bytes(b"\xff\xd8\xff" * 400)
    window = program.shown
    window.backup_chosen.emit(photo)
    qtbot.waitUntil(lambda: "is no backup" in window.status.text(), timeout=PATIENCE_MS)
    assert not places.own_file().exists()
    assert not list(tmp_path.glob("*.restoring"))
    assert all(button.isEnabled() for button in window.offers)


def test_a_backup_never_replaces_data_that_is_there(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    places.make_single_pc(TYPED).session.store.close()
    backup = tmp_path / "copy.qms"
    with sqlite3.connect(places.own_file()) as source, sqlite3.connect(backup) as copy:
        source.backup(copy)
    before = places.own_file().read_bytes()
    window = program.shown
    window.backup_chosen.emit(backup)
    qtbot.waitUntil(lambda: "There is a file" in window.status.text(), timeout=PATIENCE_MS)
    assert places.own_file().read_bytes() == before


def test_the_first_window_speaks_another_language_at_once(program: Program) -> None:
    program.speak("zh_CN")
    words = " ".join(button.text() for button in program.shown.findChildren(Button))
    assert "开始演示" in words
    assert "Start the demo" not in words


def test_another_database_leads_back_to_the_ways_to_begin(program: Program, qtbot: QtBot) -> None:
    send(pressed(program, "New data"), TYPED)
    qtbot.waitUntil(lambda: isinstance(program.shown, MainWindow), timeout=PATIENCE_MS)
    program.sign_out()
    program.shown.other_database_wanted.emit()
    assert isinstance(program.shown, FirstStartWindow)
    program.shown.back_wanted.emit()
    assert isinstance(program.shown, SignInWindow)
