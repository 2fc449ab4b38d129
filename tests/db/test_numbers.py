"""Numbers that auditors count: no gaps, no doubles, whatever is rolled back and however many write at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.complaint import Channel
from qms_desktop.errors import InvalidInput
from qms_desktop.steps import complaint
from qms_desktop.steps.complaint import NewLine
from tests.helpers.plant import moment
from tests.hostile.stage import SALES

if TYPE_CHECKING:
    from tests.helpers.plant import Plant
    from tests.hostile.stage import Stage

GOOD = NewLine(product="YQ-22", lot="L2610A", pieces=1, customer_words="漏油")
BAD = NewLine(product="unknown", pieces=1, customer_words="漏油")


def register(plant: Plant, *lines: NewLine) -> str:
    return complaint.register(
        plant.sign_in(SALES),
        customer="C1001",
        received_at=moment("2026-11-03 09:00"),
        channel=Channel.PHONE,
        lines=lines,
    ).number


def numbers(stage: Stage) -> list[str]:
    return [row[0] for row in stage.rows("SELECT number FROM complaint ORDER BY number")]


def test_a_number_is_the_day_of_the_plant_and_counts_up(stage: Stage) -> None:
    assert [register(stage.plant, GOOD) for _time in range(2)] == ["C20261103001", "C20261103002"]
    stage.plant.at("2026-11-04 07:59")
    assert register(stage.plant, GOOD) == "C20261104001"


def test_the_day_changes_at_the_plants_midnight(stage: Stage) -> None:
    stage.plant.at("2026-11-03 23:59")
    assert register(stage.plant, GOOD).startswith("C20261103")
    stage.plant.at("2026-11-04 00:00")
    assert register(stage.plant, GOOD).startswith("C20261104")


def test_what_is_rolled_back_leaves_no_gap(stage: Stage) -> None:
    register(stage.plant, GOOD)
    for _time in range(3):
        with pytest.raises(InvalidInput):
            register(stage.plant, GOOD, BAD)
    register(stage.plant, GOOD)
    assert numbers(stage) == ["C20261103001", "C20261103002"]


def test_the_thousandth_of_a_day_takes_a_fourth_digit(stage: Stage) -> None:
    register(stage.plant, GOOD)
    # On a file the program's own functions are needed even for this.
    with stage.owner() if stage.plant.kind == "postgresql" else stage.plant.plain(SALES) as owner:
        owner.execute("UPDATE number_counter SET last = 998 WHERE prefix = 'C'")
    assert [register(stage.plant, GOOD) for _time in range(2)] == ["C20261103999", "C202611031000"]


def test_sixteen_who_write_at_once_get_numbers_without_gaps(stage: Stage) -> None:
    each = 4 if stage.plant.kind == "postgresql" else 1

    def work() -> None:
        for turn in range(each):
            if turn % 2:
                with pytest.raises(InvalidInput):
                    register(stage.plant, GOOD, BAD)
            register(stage.plant, GOOD)
        stage.plant.sign_in(SALES).store.close()

    threads = [threading.Thread(target=work) for _writer in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(stage) == [f"C20261103{number:03d}" for number in range(1, 16 * each + 1)]
