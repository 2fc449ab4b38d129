"""Rates and their days: which one holds, and that no two say so of the same day.

Rates have a validity (domain.md §16), and what is booked costs the rate of its day. A rate without an end holds until
the next one begins. A rate with an end says which is its last day: another one that begins before that day is over
would be a second price for the same day, and past hours would cost another sum than was reported. Such a rate is
refused, in the preview of the import by its row; the one before it is ended first, in the same file if need be.
"""

from __future__ import annotations

from qms_desktop.db.guards import Refusal
from qms_desktop.i18n import N_


def _includes(rate: str, day: str) -> str:
    return f"{rate}.valid_from <= {day} AND ({rate}.valid_until IS NULL OR {rate}.valid_until >= {day})"


def of_the_day(rate: str, day: str) -> str:
    """Give the condition that a row is the rate of a day: of those whose days include it, the one that began last."""
    return (
        f"{_includes(rate, day)} AND NOT EXISTS (SELECT 1 FROM rate later WHERE later.kind = {rate}.kind"
        f" AND later.code = {rate}.code AND later.valid_from > {rate}.valid_from AND {_includes('later', day)})"
    )


def _overlaps(*, name: str, on: str) -> Refusal:
    return Refusal(
        name=name,
        table="rate",
        on=on,
        when="EXISTS (SELECT 1 FROM rate o WHERE o.kind = NEW.kind AND o.code = NEW.code"
        " AND ((o.valid_from < NEW.valid_from AND o.valid_until >= NEW.valid_from)"
        " OR (o.valid_from > NEW.valid_from AND NEW.valid_until >= o.valid_from)))",
        message=N_("Two rates would hold on the same day. End the earlier one before the other begins."),
        detail=N_(
            "The rate from {begin} to {end} and the one that begins on {other} would both hold on {other}. "
            "End the earlier one before that day, in the same file if you like."
        ),
        attacked_by="test_two_rates_do_not_hold_on_the_same_day",
    )


RATES_DO_NOT_OVERLAP = _overlaps(name="rates_do_not_overlap", on="INSERT")
RATE_ENDS_BEFORE_THE_NEXT = _overlaps(name="rate_ends_before_the_next", on="UPDATE OF valid_until")
