"""Numbers that auditors count: no gaps, no doubles, whatever is rolled back and however many write at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.complaint import Channel
from qms_desktop.errors import InvalidInput
from qms_desktop.steps import complaint, receipt
from qms_desktop.steps.complaint import NewLine
from tests.helpers.plant import moment
from tests.hostile.stage import CLERK, SALES, Stage

if TYPE_CHECKING:
    from tests.helpers.plant import Plant

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


def test_a_dock_does_not_wait_for_the_label_of_another(server_stage: Stage) -> None:
    """One counter for all labels let every dock wait until the others had committed."""
    here, there = server_stage.arrived(), Stage(server_stage.plant).arrived()
    with server_stage.plant.plain(CLERK) as slow:
        slow.execute("SET lock_timeout = 0")
        slow.execute("BEGIN")
        count = slow.execute(
            "INSERT INTO receipt_count (case_id, receipt_id, receipt_line_id, carton, pieces)"
            " VALUES (%s, %s, %s, '1', 5) RETURNING id",
            (there.case_id, there.receipt_id, there.receipt_line_id),
        ).fetchone()[0]
        first = slow.execute(
            "INSERT INTO label (case_id, receipt_count_id, rma_line_id, pieces, state)"
            " VALUES (%s, %s, %s, 5, 'PROVISIONAL') RETURNING serial",
            (there.case_id, count, there.rma_line_id),
        ).fetchone()[0]
        made = receipt.receive(server_stage.plant.sign_in(CLERK), receipt_line_id=here.receipt_line_id, pieces=1)
        slow.execute("COMMIT")
    assert made.serial > first


def test_a_label_serial_is_never_used_again(stage: Stage) -> None:
    stage.arrived()
    made = [
        receipt.receive(stage.plant.sign_in(CLERK), receipt_line_id=stage.receipt_line_id, pieces=1, carton=carton)
        for carton in ("1", "2", "3")
    ]
    assert stage.rows("SELECT serial FROM label ORDER BY id") == [(each.serial,) for each in made]
    assert len({each.serial for each in made}) == len(made)
