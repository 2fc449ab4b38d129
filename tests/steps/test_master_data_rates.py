"""Rates: no two of an import hold on the same day, and an open one holds until the next begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.master_data import RateKind
from qms_desktop.errors import Refused
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data import ImportKind, ImportResult
from qms_desktop.steps.master_data_rates import rate_of_the_day
from qms_desktop.steps.master_data_rows import RateRow, SourceRow

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


def take_in(plant: Plant, *rows: RateRow) -> ImportResult:
    return master_data.import_rows(
        plant.sign_in("管理员"), kind=ImportKind.RATES, rows=rows, file_name="费率.xlsx", sha256=f"{len(rows):064}"
    )


def reasons(plant: Plant, *rows: RateRow) -> list[str]:
    found = master_data.preview(plant.sign_in("管理员"), kind=ImportKind.RATES, rows=rows)
    return [one.text for one in found.refused]


def counts(result: ImportResult) -> tuple[int, int, int]:
    return result.rows_new, result.rows_changed, result.rows_same


def wage(begin: date, end: date | None, amount: int = 42) -> RateRow:
    return RateRow(RateKind.LABOUR, "返工", "返工", "小时", Decimal(amount), "CNY", begin, end, SourceRow(None, 4))


OLD, NEXT = wage(date(2026, 1, 1), date(2026, 12, 31), 38), wage(date(2026, 7, 1), None)
OVERLAP = (
    "The rate from 2026-01-01 to 2026-12-31 and the one that begins on 2026-07-01 would both hold on 2026-07-01. "
    "End the earlier one before that day, in the same file if you like."
)


def test_two_rates_that_would_hold_on_the_same_day_are_refused_by_their_rows(plant: Plant) -> None:
    assert reasons(plant, OLD, NEXT) == [OVERLAP, OVERLAP]
    take_in(plant, OLD)
    assert reasons(plant, NEXT) == [OVERLAP]
    with pytest.raises(Refused, match="would both hold on 2026-07-01"):
        take_in(plant, NEXT)


def test_a_rate_that_reaches_into_the_next_one_is_refused_too(plant: Plant) -> None:
    take_in(plant, NEXT)
    assert reasons(plant, OLD) == [OVERLAP]


def test_a_rate_is_ended_and_followed_in_one_file(plant: Plant) -> None:
    take_in(plant, OLD)
    ended = replace(OLD, valid_until=date(2026, 6, 30))
    assert counts(take_in(plant, ended, NEXT)) == (1, 1, 0)
    assert counts(take_in(plant, ended, NEXT)) == (0, 0, 2)


def test_a_rate_without_an_end_holds_until_the_next_begins(plant: Plant) -> None:
    take_in(plant, replace(OLD, valid_until=None), NEXT)
    with plant.sign_in("管理员").store.use():
        amounts = [
            found.amount if (found := rate_of_the_day(RateKind.LABOUR, "返工", day)) else None
            for day in (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))
        ]
    assert amounts == [None, Decimal(38), Decimal(42)]
