"""Rates: which one holds on a day, and which two of an import would hold on the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.master_data import Rate, RateKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def rate_of_the_day(kind: RateKind, code: str, day: date) -> Rate | None:
    """Give the rate that holds on a day: of those whose days include it, the one that began last."""
    holds = (Rate.valid_from <= day) & (Rate.valid_until.is_null() | (Rate.valid_until >= day))
    found: Rate | None = (
        Rate.select().where((Rate.kind == kind) & (Rate.code == code) & holds).order_by(Rate.valid_from.desc()).first()
    )
    return found


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
