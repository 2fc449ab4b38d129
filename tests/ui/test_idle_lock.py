"""A session that nobody uses is locked: nothing is closed, and only the own password opens it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from qms_desktop.db import people
from qms_desktop.ui.background import Background
from qms_desktop.ui.idle_lock import IdleLock
from tests.helpers.plant import PEOPLE
from tests.ui import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from tests.helpers.plant import Plant

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")
LOGIN = PEOPLE["徐兰"][0]


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


@pytest.fixture
def lock(plant: Plant, qtbot: QtBot, background: Background) -> IdleLock:
    window = QWidget()
    QVBoxLayout(window).addWidget(QLineEdit("half a sentence"))
    window.resize(1100, 680)
    qtbot.addWidget(window)
    window.show()

    def prove(password: str) -> None:
        people.sign_in(plant.url, LOGIN, password).store.close()  # type: ignore[attr-defined]

    return IdleLock(window, name="徐兰", minutes=10, prove=prove, background=background)


def form_of(lock: IdleLock) -> QLineEdit:
    return lock.parent().findChild(QLineEdit)


def test_work_starts_the_ten_minutes_anew(lock: IdleLock, qtbot: QtBot) -> None:
    lock.idle.stop()
    qtbot.keyClicks(form_of(lock), "x")
    assert lock.idle.isActive()
    assert lock.idle.interval() == 600_000


def test_only_the_own_password_opens_and_the_form_is_as_it_was(lock: IdleLock, qtbot: QtBot, plant: Plant) -> None:
    lock.idle.timeout.emit()
    screen = lock.screen
    assert screen is not None
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.isVisible(), "Esc opens nothing"
    screen.close()
    assert screen.isVisible(), "closing opens nothing"
    assert shapes.squeezed(screen) == []
    assert shapes.nameless(screen) == []
    screen.password.put("wrong-password")
    screen.try_to_open()
    qtbot.waitUntil(lambda: screen.form.fields["password"].error is not None and not screen.form.busy)
    assert lock.screen is screen
    screen.password.put(plant.password("徐兰"))
    screen.try_to_open()
    qtbot.waitUntil(lambda: lock.screen is None)
    assert form_of(lock).text() == "half a sentence"
    assert lock.idle.isActive()


def test_somebody_else_may_sign_in(lock: IdleLock, qtbot: QtBot) -> None:
    lock.lock()
    assert lock.screen is not None
    with qtbot.waitSignal(lock.sign_out_wanted):
        lock.screen.sign_out_wanted.emit()
    assert lock.screen is None
