"""By when goods that arrived are counted (003-A §6.6.1; T10, T11)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.db.receipt import ArrivalKind
from qms_desktop.rules.calendar import plant_calendar
from qms_desktop.rules.deadline import DueMoment, Event, LimitUnit, NamedBy, Start, due_after, starting_rules

if TYPE_CHECKING:
    from datetime import datetime


def count_limits(arrival_kind: ArrivalKind, moment: datetime) -> tuple[DueMoment, ...]:
    """Give the limits of the count: on site by the end of the day, by post within three working days."""
    if arrival_kind is ArrivalKind.POST:
        return due_after(Start.GOODS_ARRIVED_BY_POST, moment, rules=starting_rules(), calendar=plant_calendar())
    # 003-A §6.6.1: what is brought is counted at that moment (当时), so the limit is the end of that working day.
    return (
        DueMoment(
            event=Event.COUNT,
            due_at=plant_calendar().end_of_calendar_day(moment, 0),
            amount=Decimal(0),
            unit=LimitUnit.CALENDAR_DAYS,
            named_by=NamedBy.RULE,
            rule_id="T10",
        ),
    )
