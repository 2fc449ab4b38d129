"""Limits: which rule, customer's profile or notice says by when something must be done, and which of them is shortest.

The starting rules are rows T1-T26 of domain.md §3 that carry a figure (resources/rules/deadline_rules.csv). T9 (tell
the customer within the original limit), T10 (count at once), T27-T28 (monthly and weekly reports) and T29 (no figure)
are not limits that run from an event. Rows that contradict the lead document (§9, C1, C15) are there, but not in force.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from qms_desktop import files
from qms_desktop.db.complaint import ComplaintClass, Severity, Urgency
from qms_desktop.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from qms_desktop.working_calendar import WorkingCalendar


class LimitUnit(StrEnum):
    """What a limit is counted in; C25 of domain.md §9."""

    HOURS = "HOURS"
    WORKING_DAYS = "WORKING_DAYS"
    CALENDAR_DAYS = "CALENDAR_DAYS"


class Trait(StrEnum):
    """A circumstance of a complaint that some rules ask for."""

    BATCH = "BATCH"
    PERFORMANCE = "PERFORMANCE"
    STRONG_REACTION = "STRONG_REACTION"
    NO_EIGHT_D = "NO_EIGHT_D"


class Start(StrEnum):
    """The event from which a limit runs."""

    COMPLAINT_RECEIVED = "COMPLAINT_RECEIVED"
    INTERIM_MEASURE = "INTERIM_MEASURE"
    GOODS_ARRIVED_BY_POST = "GOODS_ARRIVED_BY_POST"
    REPORT_TO_QUALITY = "REPORT_TO_QUALITY"
    REPORT_TO_PRODUCTION = "REPORT_TO_PRODUCTION"
    FORM_TO_DEPARTMENT = "FORM_TO_DEPARTMENT"
    TRANSFER_NOTE = "TRANSFER_NOTE"
    HANDLING_FINISHED = "HANDLING_FINISHED"


class Event(StrEnum):
    """What must have happened when a limit ends."""

    REGISTRATION = "REGISTRATION"
    CONTAINMENT = "CONTAINMENT"
    INTERIM_REPLY = "INTERIM_REPLY"
    PRELIMINARY_REPLY = "PRELIMINARY_REPLY"
    WRITTEN_REPLY = "WRITTEN_REPLY"
    CAUSE_NOTICE = "CAUSE_NOTICE"
    CAUSES_AND_MEASURES = "CAUSES_AND_MEASURES"
    COUNT = "COUNT"
    JUDGEMENT = "JUDGEMENT"
    SORTING = "SORTING"
    COORDINATION = "COORDINATION"
    FEEDBACK = "FEEDBACK"
    FORM_RETURNED = "FORM_RETURNED"
    ANSWER_AND_PLAN = "ANSWER_AND_PLAN"
    CALL_BACK = "CALL_BACK"
    FINISHED = "FINISHED"


class NamedBy(StrEnum):
    """Who set the limit that counts; at the same moment the rule is named first, then the profile."""

    RULE = "RULE"
    CUSTOMER_PROFILE = "CUSTOMER_PROFILE"
    NOTICE = "NOTICE"


@dataclass(frozen=True)
class DeadlineRule:
    """One limit of the procedures: from `starts_at` to `event` in `amount` of `unit`, where the conditions hold.

    A condition that is None or empty holds always; of `any_of` one trait is enough.
    """

    id: str
    event: Event
    amount: Decimal
    unit: LimitUnit
    source: str
    starts_at: Start = Start.COMPLAINT_RECEIVED
    urgency: Urgency | None = None
    severity: Severity | None = None
    complaint_classes: frozenset[ComplaintClass] = frozenset()
    any_of: frozenset[Trait] = frozenset()
    responsible: Role | None = None
    in_force: bool = True

    def applies_to(self, facts: ComplaintFacts) -> bool:
        """Tell whether the rule is in force and all its conditions hold for this complaint."""
        return (
            self.in_force
            and self.urgency in (None, facts.urgency)
            and self.severity in (None, facts.severity)
            and (not self.complaint_classes or facts.complaint_class in self.complaint_classes)
            and (not self.any_of or bool(self.any_of & facts.traits))
        )


@dataclass(frozen=True)
class CustomerLimit:
    """A limit that the customer sets, in the profile for all complaints or in this notice alone."""

    event: Event
    amount: Decimal
    unit: LimitUnit
    named_by: NamedBy


@dataclass(frozen=True)
class ComplaintFacts:
    """What the limits of one complaint depend on; `received_at` is the customer's own time stamp, aware."""

    received_at: datetime
    complaint_class: ComplaintClass
    urgent: bool = False
    severity: Severity = Severity.GENERAL
    batch: bool = False
    performance: bool = False
    strong_reaction: bool = False
    eight_d_required: bool = True
    customer_limits: tuple[CustomerLimit, ...] = ()

    @property
    def urgency(self) -> Urgency:
        """Say the urgency in the words of the rule table."""
        return Urgency.URGENT if self.urgent else Urgency.NORMAL

    @property
    def traits(self) -> frozenset[Trait]:
        """Collect the circumstances that rules may ask for."""
        present = (
            (Trait.BATCH, self.batch),
            (Trait.PERFORMANCE, self.performance),
            (Trait.STRONG_REACTION, self.strong_reaction),
            (Trait.NO_EIGHT_D, not self.eight_d_required),
        )
        return frozenset(trait for trait, holds in present if holds)


@dataclass(frozen=True)
class DueMoment:
    """By when an event must have happened (aware UTC), and who says so.

    `rule_id` names the row when a rule set it. `provisional` warns that the working days of that year may still move.
    """

    event: Event
    due_at: datetime
    amount: Decimal
    unit: LimitUnit
    named_by: NamedBy
    rule_id: str = ""
    provisional: bool = False


@cache
def starting_rules() -> tuple[DeadlineRule, ...]:
    """Read the rules that a new database starts with."""
    with (files.resources() / "rules" / "deadline_rules.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(_rule(row) for row in csv.DictReader(rows))


def _rule(row: dict[str, str]) -> DeadlineRule:
    return DeadlineRule(
        id=row["id"],
        event=Event(row["event"]),
        amount=Decimal(row["amount"]),
        unit=LimitUnit(row["unit"]),
        source=row["source"],
        starts_at=Start(row["starts_at"]),
        urgency=Urgency(row["urgency"]) if row["urgency"] else None,
        severity=Severity(row["severity"]) if row["severity"] else None,
        complaint_classes=frozenset(ComplaintClass(name) for name in row["complaint_classes"].split()),
        any_of=frozenset(Trait(name) for name in row["any_of"].split()),
        responsible=Role(row["responsible"]),
        in_force=row["in_force"] == "yes",
    )


def end_of_limit(start: datetime, *, amount: Decimal, unit: LimitUnit, calendar: WorkingCalendar) -> datetime:
    """Give the aware UTC moment at which a limit ends.

    Hours run on the clock; limits of days end at 24:00 local of the last one and count whole days. Raises ValueError
    for a limit of days that is not whole, or not above zero.
    """
    if unit is LimitUnit.HOURS:
        return calendar.add_hours(start, amount)
    days = int(amount)
    if days != amount or days < 1:
        message = f"a limit of days is a whole number above zero, not {amount}"
        raise ValueError(message)
    if unit is LimitUnit.WORKING_DAYS:
        return calendar.end_of_working_day(start, days)
    return calendar.end_of_calendar_day(start, days)


def shortest(
    facts: ComplaintFacts, *, rules: Iterable[DeadlineRule], calendar: WorkingCalendar
) -> tuple[DueMoment, ...]:
    """Give every event that this complaint has a limit for, each with its earliest due moment; earliest first.

    Rules, the customer's profile and this notice's own limit compete; the shortest wins, and the result names it
    (domain.md §16). At the same moment a rule is named before the profile, and the profile before the notice.
    """
    candidates = [
        _due(facts.received_at, rule, named_by=NamedBy.RULE, calendar=calendar)
        for rule in rules
        if rule.starts_at is Start.COMPLAINT_RECEIVED and rule.applies_to(facts)
    ]
    candidates += [
        _due(facts.received_at, limit, named_by=limit.named_by, calendar=calendar) for limit in facts.customer_limits
    ]
    return _earliest_of_each_event(candidates)


def due_after(
    start: Start, moment: datetime, *, rules: Iterable[DeadlineRule], calendar: WorkingCalendar
) -> tuple[DueMoment, ...]:
    """Give the due moments that run from another event than a complaint's receipt: a parcel, a report, a last step."""
    return _earliest_of_each_event(
        [
            _due(moment, rule, named_by=NamedBy.RULE, calendar=calendar)
            for rule in rules
            if rule.starts_at is start and rule.in_force
        ]
    )


def _due(
    start: datetime, limit: DeadlineRule | CustomerLimit, *, named_by: NamedBy, calendar: WorkingCalendar
) -> DueMoment:
    due_at = end_of_limit(start, amount=limit.amount, unit=limit.unit, calendar=calendar)
    return DueMoment(
        event=limit.event,
        due_at=due_at,
        amount=limit.amount,
        unit=limit.unit,
        named_by=named_by,
        rule_id=limit.id if isinstance(limit, DeadlineRule) else "",
        provisional=limit.unit is LimitUnit.WORKING_DAYS and _is_provisional(start, due_at, calendar),
    )


def _is_provisional(start: datetime, due_at: datetime, calendar: WorkingCalendar) -> bool:
    # 24:00 is 00:00 of the next day, and on 31 December of the next year, which has no say in this limit.
    last_day = calendar.local_day(due_at - timedelta(seconds=1))
    years = range(calendar.local_day(start).year, last_day.year + 1)
    return any(calendar.is_provisional(year) for year in years)


def _earliest_of_each_event(candidates: Sequence[DueMoment]) -> tuple[DueMoment, ...]:
    precedence = list(NamedBy)
    earliest: dict[Event, DueMoment] = {}
    for due in sorted(candidates, key=lambda due: (due.due_at, precedence.index(due.named_by))):
        earliest.setdefault(due.event, due)
    return tuple(earliest.values())
