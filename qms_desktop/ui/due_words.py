"""How a running limit stands in lists and at the head of a record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from qms_desktop.i18n import _
from qms_desktop.ui import plant_time, trade_words, wording
from qms_desktop.ui.cells import Deadline

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.rules.clock import DeadlineShown
    from qms_desktop.ui.record import DeadlineBox

_MINUTES_COUNT = timedelta(hours=10)


def due_cell(limit: DeadlineShown | None, now: datetime) -> Deadline:
    """Write a limit for a list: only how long it is off, the record says the rest."""
    if limit is None:
        return Deadline("\u2014", "", "left")
    until = limit.runs_until
    if until < now:
        words = _("{span} late").format(span=wording.rough_span(now - until))
    else:
        # Near the end the minutes count; further off they only fill the column.
        words = (wording.span if until - now < _MINUTES_COUNT else wording.rough_span)(until - now)
    return Deadline(words, "", wording.urgency(until, now))


def show_deadline(box: DeadlineBox, limit: DeadlineShown | None, now: datetime) -> None:
    """Show a limit at the head of a record: what is due, the moment, the time left; nothing when none runs."""
    if limit is None:
        box.hide()
        return
    until = limit.runs_until
    when = f"{wording.limit(until, today=plant_time.day_of(now))} \u00b7 {wording.time_left(until, now)}"
    box.show_deadline(
        _("{what} due").format(what=_(trade_words.EVENTS[limit.event])), when, wording.urgency(until, now)
    )
