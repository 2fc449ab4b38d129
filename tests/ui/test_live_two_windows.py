"""Two windows on one PostgreSQL: what one books, the other shows within a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.listener import Listener
from qms_desktop.steps import complaint
from qms_desktop.ui.complaint import ComplaintPage
from tests.ui import desk as story
from tests.ui.conftest import close_windows
from tests.ui.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tests.helpers.plant import Plant

LONGEST_S = 1.0


@pytest.fixture
def server_desk(server_plant: Plant, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(server_plant, qtbot, tmp_path)
    yield made
    close_windows(qapp)
    made.close()


def test_a_booking_of_one_window_reaches_the_other_within_a_second(server_desk: Desk) -> None:
    desk, server_plant = server_desk, server_desk.plant
    made = story.registered(server_plant)
    place = desk.workplace("徐兰")
    connected: list[bool] = []
    place.live.connection_changed.connect(connected.append)
    listener = Listener(
        url=server_plant.url, login=place.session.login, password=server_plant.password("徐兰"), ear=place.live
    )
    listener.start()
    try:
        page = desk.show(ComplaintPage(place))
        place.live.noticed.connect(page.take_notices)
        desk.until(lambda: page.record is not None and connected == [True])
        desk.settle(page)
        began = time.monotonic()
        complaint.accept(server_plant.sign_in("王伟涛"), complaint_id=made.complaint_id)
        desk.until(lambda: str(page.record.shown.row.state) == "ACCEPTED")
        assert time.monotonic() - began < LONGEST_S
        assert str(page.list.rows[0].row.state) == "ACCEPTED"
    finally:
        listener.stop()
