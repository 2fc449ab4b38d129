"""Rates: which one holds on a day, and which two of an import would hold on the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.master_data import Rate, RateKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class PriceList:
    """The rates of one kind, read once a code."""

    def __init__(self, kind: RateKind) -> None:
        self.kind = kind
        self._rates: dict[str, list[Rate]] = {}

    def on(self, code: str, day: date) -> Rate | None:
        """Give the rate that holds on a day: of those whose days include it, the one that began last."""
        if code not in self._rates:
            of_code = Rate.select().where((Rate.kind == self.kind) & (Rate.code == code))
            self._rates[code] = list(of_code.order_by(Rate.valid_from.desc()))
        return next((rate for rate in self._rates[code] if _holds(rate, day)), None)


def _holds(rate: Rate, day: date) -> bool:
    is_over = rate.valid_until is not None and rate.valid_until < day
    return rate.valid_from <= day and not is_over


def rate_of_the_day(kind: RateKind, code: str, day: date) -> Rate | None:
    """Give the rate that holds on a day: of those whose days include it, the one that began last."""
    return PriceList(kind).on(code, day)


def overlap_of(begin: date, ends: Mapping[date, date | None]) -> tuple[date, date, date] | None:
    """Say where the rate that begins on a day overlaps another: the earlier one's begin and end, the later one's begin.

    `ends` are the last days of all rates of one kind and code, by their first day.
    """
    for other in sorted(ends):
        earlier, later = sorted((begin, other))
        end = ends[earlier]
        if earlier != later and end is not None and end >= later:
            return earlier, end, later
    return None
