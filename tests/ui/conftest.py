"""What the tests of the window share: no screen, one look, a workplace in a folder of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent

from qms_desktop import i18n
from qms_desktop.ui import plant_time, theme
from tests.tools.samples_of_pages import sample_workplace
from tests.ui.desk import Desk, Keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from qms_desktop.ui.workplace import Workplace
    from tests.helpers.plant import Plant, Templates


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    """Begin each test in English, light, at 100 percent, and leave no window behind."""
    before = i18n.language()
    i18n.use("en")
    plant_time.use(None)
    theme.apply(qapp)
    yield
    close_windows(qapp)
    i18n.use(before)
    plant_time.use(None)


def close_windows(app: QApplication) -> None:
    """Close and delete every window, at once: their timers must not run into the next test."""
    for window in app.topLevelWidgets():
        window.close()
        window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.processEvents()


@pytest.fixture
def workplace(tmp_path: Path, qapp: QApplication) -> Iterator[Workplace]:
    """Give everything that a page is given."""
    made = sample_workplace(tmp_path)
    yield made
    close_windows(qapp)
    made.background.close()
    made.drafts.close()


@pytest.fixture
def file_plant(templates: Templates) -> Iterator[Plant]:
    """Give a SQLite plant of its own to a page; the clock stands at 2026-11-03 09:20."""
    made = templates.file_copy()
    yield made
    made.close()


@pytest.fixture
def desk(file_plant: Plant, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    """Give the way to real pages on a real plant."""
    made = Desk(file_plant, qtbot, tmp_path)
    yield made
    close_windows(qapp)
    made.close()


@pytest.fixture
def keys(qtbot: QtBot) -> Keys:
    """Give hands and a scanner."""
    return Keys(qtbot)
