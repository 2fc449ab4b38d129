"""Times are the plant's, wherever the PC stands."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from qms_desktop.rules import calendar
from qms_desktop.ui import plant_time, wording
from qms_desktop.ui.complaint import ComplaintPage
from qms_desktop.ui.controls import MomentField
from tests.ui import desk as story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from tests.ui.desk import Desk

OPENING = datetime(2026, 11, 20, 1, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_pc_in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_moment_is_shown_in_the_zone_of_the_plant_not_of_the_pc() -> None:
    plant_time.use(ZoneInfo("Asia/Shanghai"))
    assert wording.moment(OPENING) == "2026-11-20 09:40"
    assert wording.short_moment(OPENING, today=date(2026, 11, 20)) == "09:40"
    assert plant_time.day_of(OPENING) == date(2026, 11, 20)


def test_a_moment_is_typed_in_the_zone_of_the_plant(qtbot: QtBot) -> None:
    plant_time.use(ZoneInfo("Asia/Shanghai"))
    field = MomentField(field="reported_at")
    qtbot.addWidget(field.widget)
    field.put("2026-11-20 09:40")
    assert field.read() == OPENING


def test_a_limit_of_this_evening_is_due_today_at_the_plant() -> None:
    plant_time.use(ZoneInfo("Asia/Shanghai"))
    evening = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)
    assert wording.urgency(evening, OPENING) == "soon"
    assert wording.urgency(datetime(2026, 11, 20, 16, 1, tzinfo=UTC), OPENING) == "left"


def test_the_zone_comes_from_the_site_of_the_database(desk: Desk) -> None:
    assert calendar.zone_of_plant(desk.plant.sign_in("徐兰")) == ZoneInfo("Asia/Shanghai")


def test_the_page_of_complaints_shows_the_call_at_the_plants_time(desk: Desk) -> None:
    story.registered(desk.plant)
    page = desk.show(ComplaintPage(desk.workplace("徐兰")))
    desk.until(lambda: page.record is not None)
    (row,) = page.list.rows
    assert str(page.list.model.value(row, 0)).endswith("2026-11-03 09:12")
