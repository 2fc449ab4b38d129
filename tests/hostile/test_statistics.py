"""Attacks on the months that were reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop.errors import InvalidInput, NotPermitted
from qms_desktop.steps import statistics
from tests.hostile.claim_desk import FINANCE
from tests.hostile.stage import QUALITY_MANAGER, SALES
from tests.hostile.test_quality_cost import entry

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

CLOSING = (
    "INSERT INTO month_close (first_day, last_day, pieces_returned, pieces_recognised, anchor)"
    " VALUES ('2026-10-01', '{last}', {returned}, {recognised}, '{anchor}')"
)


def closed(stage: Stage) -> None:
    statistics.close_month(stage.plant.sign_in(QUALITY_MANAGER), year=2026, month=10)


def test_a_month_is_closed_once(stage: Stage) -> None:
    closed(stage)
    again = CLOSING.format(last="2026-10-31", returned=0, recognised=0, anchor="x")
    stage.attack(QUALITY_MANAGER, ("month_closed_once", again))
    with pytest.raises(InvalidInput, match="not over"):
        statistics.close_month(stage.plant.sign_in(QUALITY_MANAGER), year=2026, month=11)
    with pytest.raises(NotPermitted):
        statistics.close_month(stage.plant.sign_in(SALES), year=2026, month=9)


def test_a_month_is_closed_with_its_figures(stage: Stage) -> None:
    stage.attack(
        QUALITY_MANAGER,
        ("closed_month_has_figures", CLOSING.format(last="2026-10-31", returned=0, recognised=0, anchor="")),
        ("closed_month_has_figures", CLOSING.format(last="2026-10-31", returned=1, recognised=2, anchor="x")),
        ("closed_month_has_figures", CLOSING.format(last="2026-09-30", returned=0, recognised=0, anchor="x")),
    )


def test_a_closed_month_takes_no_cost(stage: Stage) -> None:
    stage.complained()
    closed(stage)
    stage.attack(FINANCE, ("closed_month_stays", entry(stage, happened_on="2026-10-15")))


def test_a_month_to_come_is_not_closed(stage: Stage) -> None:
    """A month that was closed takes no cost: whoever closed years to come would stop the ledger."""
    stage.attack(
        QUALITY_MANAGER,
        ("closed_month_is_over", CLOSING.format(last="2026-11-03", returned=0, recognised=0, anchor="x")),
        ("closed_month_is_over", CLOSING.format(last="2099-12-31", returned=0, recognised=0, anchor="x")),
    )
