"""Which limit is the shortest, and who set it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.db.complaint import ComplaintClass, Severity, Urgency
from qms_desktop.rules.deadline import (
    ComplaintFacts,
    CustomerLimit,
    DeadlineRule,
    DueMoment,
    Event,
    LimitUnit,
    NamedBy,
    Start,
    due_after,
    end_of_limit,
    shortest,
    starting_rules,
)
from qms_desktop.working_calendar import CalendarDay, WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar()
RECEIVED = datetime(2026, 11, 3, 9, 12, tzinfo=SHANGHAI)
ASKED_12_HOURS = CustomerLimit(Event.WRITTEN_REPLY, Decimal(12), LimitUnit.HOURS, NamedBy.NOTICE)
PROFILE_48_HOURS = CustomerLimit(Event.WRITTEN_REPLY, Decimal(48), LimitUnit.HOURS, NamedBy.CUSTOMER_PROFILE)
STORY = ComplaintFacts(
    received_at=RECEIVED,
    complaint_class=ComplaintClass.QUALITY,
    urgent=True,
    batch=True,
    performance=True,
    strong_reaction=True,
    customer_limits=(PROFILE_48_HOURS, ASKED_12_HOURS),
)


def due_of(facts: ComplaintFacts, calendar: WorkingCalendar = CALENDAR) -> dict[Event, DueMoment]:
    return {due.event: due for due in shortest(facts, rules=starting_rules(), calendar=calendar)}


def plain(**facts: object) -> ComplaintFacts:
    return ComplaintFacts(received_at=RECEIVED, **{"complaint_class": ComplaintClass.QUALITY, **facts})  # type: ignore[arg-type]


def test_the_story_is_contained_within_four_hours() -> None:
    due = due_of(STORY)[Event.CONTAINMENT]
    assert due.due_at == datetime(2026, 11, 3, 13, 12, tzinfo=SHANGHAI)
    assert (due.named_by, due.rule_id) == (NamedBy.RULE, "T1")


def test_the_twelve_hours_of_the_notice_win_over_the_rule_and_the_profile() -> None:
    due = due_of(STORY)[Event.WRITTEN_REPLY]
    assert due.due_at == datetime(2026, 11, 3, 21, 12, tzinfo=SHANGHAI)
    assert (due.named_by, due.rule_id, due.amount) == (NamedBy.NOTICE, "", Decimal(12))


def test_causes_and_measures_of_the_story_are_due_after_seven_working_days() -> None:
    due = due_of(STORY)[Event.CAUSES_AND_MEASURES]
    assert due.due_at == datetime(2026, 11, 13, 0, 0, tzinfo=SHANGHAI)  # Thursday 12 November, 24:00
    assert due.rule_id == "T8"
    assert not due.provisional


def test_the_story_has_exactly_these_three_limits_earliest_first() -> None:
    events = [due.event for due in shortest(STORY, rules=starting_rules(), calendar=CALENDAR)]
    assert events == [Event.CONTAINMENT, Event.WRITTEN_REPLY, Event.CAUSES_AND_MEASURES]


@pytest.mark.parametrize("trait", ["batch", "performance", "strong_reaction"])
def test_one_trait_is_enough_for_four_hours(trait: str) -> None:
    assert due_of(plain(**{trait: True}))[Event.CONTAINMENT].rule_id == "T1"


def test_without_a_trait_containment_has_a_day() -> None:
    due = due_of(plain())[Event.CONTAINMENT]
    assert due.rule_id == "T7"
    assert due.due_at == RECEIVED + timedelta(hours=24)


def test_what_is_not_urgent_gets_a_preliminary_and_a_written_reply() -> None:
    due = due_of(plain())
    assert due[Event.PRELIMINARY_REPLY].due_at == datetime(2026, 11, 5, 0, 0, tzinfo=SHANGHAI)
    assert due[Event.WRITTEN_REPLY].due_at == datetime(2026, 11, 7, 0, 0, tzinfo=SHANGHAI)
    assert due[Event.WRITTEN_REPLY].rule_id == "T4"


def test_the_profile_shortens_three_working_days() -> None:
    due = due_of(plain(customer_limits=(PROFILE_48_HOURS,)))[Event.WRITTEN_REPLY]
    assert (due.named_by, due.due_at) == (NamedBy.CUSTOMER_PROFILE, RECEIVED + timedelta(hours=48))


def test_a_longer_wish_of_the_customer_does_not_stretch_the_rule() -> None:
    a_week = CustomerLimit(Event.WRITTEN_REPLY, Decimal(168), LimitUnit.HOURS, NamedBy.NOTICE)
    assert due_of(plain(urgent=True, customer_limits=(a_week,)))[Event.WRITTEN_REPLY].named_by is NamedBy.RULE


def test_at_the_same_moment_the_rule_is_named() -> None:
    as_the_rule = CustomerLimit(Event.WRITTEN_REPLY, Decimal(24), LimitUnit.HOURS, NamedBy.NOTICE)
    assert due_of(plain(urgent=True, customer_limits=(as_the_rule,)))[Event.WRITTEN_REPLY].rule_id == "T2"


def test_a_cause_notice_is_owed_where_no_8d_is_required() -> None:
    assert Event.CAUSE_NOTICE not in due_of(plain())
    assert due_of(plain(eight_d_required=False))[Event.CAUSE_NOTICE].rule_id == "T5"


@pytest.mark.parametrize("complaint_class", [ComplaintClass.DELIVERY, ComplaintClass.SERVICE])
def test_delivery_and_service_are_coordinated_within_the_hour(complaint_class: ComplaintClass) -> None:
    due = due_of(plain(complaint_class=complaint_class))
    assert due[Event.COORDINATION].due_at == RECEIVED + timedelta(hours=1)
    assert due[Event.FEEDBACK].due_at == RECEIVED + timedelta(hours=24)


def test_a_rule_that_is_not_in_force_sets_nothing() -> None:
    rule = DeadlineRule("X1", Event.FINISHED, Decimal(1), LimitUnit.HOURS, "own", in_force=False)
    assert shortest(plain(), rules=[rule], calendar=CALENDAR) == ()


def test_a_rule_by_severity_asks_for_that_severity() -> None:
    rule = DeadlineRule("X2", Event.FINISHED, Decimal(1), LimitUnit.WORKING_DAYS, "own", severity=Severity.SEVERE)
    assert shortest(plain(severity=Severity.MEDIUM), rules=[rule], calendar=CALENDAR) == ()
    assert shortest(plain(severity=Severity.SEVERE), rules=[rule], calendar=CALENDAR)[0].rule_id == "X2"


def test_a_limit_that_reaches_into_an_unpublished_year_is_provisional() -> None:
    calendar = WorkingCalendar([CalendarDay(date(2031, 2, 8), working=True, official=True)])
    received = datetime(2031, 12, 29, 9, 0, tzinfo=SHANGHAI)
    facts = ComplaintFacts(received_at=received, complaint_class=ComplaintClass.QUALITY)
    due = due_of(facts, calendar)
    assert due[Event.CAUSES_AND_MEASURES].provisional
    assert not due[Event.PRELIMINARY_REPLY].provisional


def test_a_limit_that_ends_with_the_year_does_not_ask_the_next_one() -> None:
    calendar = WorkingCalendar([CalendarDay(date(2031, 2, 8), working=True, official=True)])
    facts = ComplaintFacts(
        received_at=datetime(2031, 12, 30, 9, 0, tzinfo=SHANGHAI), complaint_class=ComplaintClass.QUALITY
    )
    due = due_of(facts, calendar)[Event.PRELIMINARY_REPLY]
    assert due.due_at == datetime(2032, 1, 1, 0, 0, tzinfo=SHANGHAI)
    assert not due.provisional


def test_judgement_is_due_the_working_day_after_the_report() -> None:
    arrived = datetime(2026, 11, 4, 10, 40, tzinfo=SHANGHAI)
    (due,) = due_after(Start.REPORT_TO_QUALITY, arrived, rules=starting_rules(), calendar=CALENDAR)
    assert (due.event, due.rule_id) == (Event.JUDGEMENT, "T12")
    assert due.due_at == datetime(2026, 11, 6, 0, 0, tzinfo=SHANGHAI)


def test_the_customer_is_called_back_a_week_after_the_last_step() -> None:
    closed = datetime(2026, 12, 18, 10, 0, tzinfo=SHANGHAI)
    (due,) = due_after(Start.HANDLING_FINISHED, closed, rules=starting_rules(), calendar=CALENDAR)
    assert due.due_at == datetime(2026, 12, 26, 0, 0, tzinfo=SHANGHAI)  # 25 December, 24:00
    assert due.rule_id == "T17"


@pytest.mark.parametrize("amount", [Decimal("1.5"), Decimal(0), Decimal(-1)])
def test_days_are_counted_whole_and_above_zero(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="whole number above zero"):
        end_of_limit(RECEIVED, amount=amount, unit=LimitUnit.CALENDAR_DAYS, calendar=CALENDAR)


def test_every_starting_rule_has_its_own_id_and_names_its_source() -> None:
    rules = starting_rules()
    assert len({rule.id for rule in rules}) == len(rules) == 28
    assert all(rule.source and rule.amount > 0 for rule in rules)


def test_the_main_procedures_are_in_force_and_the_contradicting_ones_are_not() -> None:
    in_force = {rule.id for rule in starting_rules() if rule.in_force}
    assert in_force == {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T11", "T12", "T13", "T14", "T15", "T17"}


@given(
    received=st.datetimes(
        min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis sets the zone
        max_value=datetime(2027, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    urgent=st.booleans(),
    batch=st.booleans(),
    hours=st.lists(st.tuples(st.sampled_from(list(NamedBy)[1:]), st.integers(1, 500)), max_size=3),
)
def test_nothing_is_due_later_than_any_limit_that_applies(
    *, received: datetime, urgent: bool, batch: bool, hours: list[tuple[NamedBy, int]]
) -> None:
    limits = tuple(CustomerLimit(Event.WRITTEN_REPLY, Decimal(n), LimitUnit.HOURS, by) for by, n in hours)
    facts = ComplaintFacts(
        received_at=received,
        complaint_class=ComplaintClass.QUALITY,
        urgent=urgent,
        batch=batch,
        customer_limits=limits,
    )
    due = due_of(facts)
    for _, n in hours:
        assert due[Event.WRITTEN_REPLY].due_at <= received + timedelta(hours=n)
    assert due[Event.CONTAINMENT].due_at == received + timedelta(hours=4 if batch else 24)
    assert facts.urgency is (Urgency.URGENT if urgent else Urgency.NORMAL)
