"""Working days, holidays and make-up days; limits that end at 24:00, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.working_calendar import CalendarDay, WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Shanghai has no summer time now; Berlin has; in Havana and Santiago the clocks change at midnight.
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/Havana", "America/Santiago")
CALENDARS = {zone: WorkingCalendar((), zone) for zone in ZONES}

zones = st.sampled_from(ZONES)
moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis sets the zone
counts = st.integers(min_value=1, max_value=40)


@given(zone=zones, start=moments, count=counts)
def test_a_limit_ends_at_midnight_after_a_working_day(zone: str, start: datetime, count: int) -> None:
    calendar = CALENDARS[zone]
    end = calendar.end_of_working_day(start, count)
    last_moment = (end - timedelta(microseconds=1)).astimezone(calendar.zone)
    assert end.tzinfo is UTC
    assert calendar.is_working_day(last_moment.date())
    assert end.astimezone(calendar.zone).date() == last_moment.date() + timedelta(days=1)


@given(zone=zones, start=moments, count=counts)
def test_exactly_so_many_working_days_lie_after_the_day_of_receipt(zone: str, start: datetime, count: int) -> None:
    calendar = CALENDARS[zone]
    received = start.astimezone(calendar.zone).date()
    last = calendar.nth_working_day(received, count)
    days = [received + timedelta(days=n) for n in range(1, (last - received).days + 1)]
    assert sum(calendar.is_working_day(day) for day in days) == count


@given(zone=zones, first=moments, second=moments, count=counts)
def test_who_comes_later_is_not_due_earlier(zone: str, first: datetime, second: datetime, count: int) -> None:
    earlier, later = sorted((first, second))
    calendar = CALENDARS[zone]
    assert calendar.end_of_working_day(earlier, count) <= calendar.end_of_working_day(later, count)


@given(zone=zones, start=moments, count=counts)
def test_a_longer_limit_ends_later(zone: str, start: datetime, count: int) -> None:
    calendar = CALENDARS[zone]
    assert calendar.end_of_working_day(start, count) < calendar.end_of_working_day(start, count + 1)


@given(zone=zones, start=moments, hours=st.integers(min_value=0, max_value=1000))
def test_hours_run_on_the_clock_through_nights_and_changes_of_time(zone: str, start: datetime, hours: int) -> None:
    calendar = CALENDARS[zone]
    end = calendar.add_hours(start.astimezone(calendar.zone), hours)
    assert end.tzinfo is UTC
    assert end - start == timedelta(hours=hours)


def test_half_an_hour_is_a_limit_too() -> None:
    start = datetime(2026, 11, 3, 1, 12, tzinfo=UTC)
    assert CALENDARS["Asia/Shanghai"].add_hours(start, Decimal("0.5")) == datetime(2026, 11, 3, 1, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)],
)
def test_the_make_up_days_of_2026_are_worked(day: date) -> None:
    assert day.weekday() >= 5
    assert CALENDARS["Asia/Shanghai"].is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 2), date(2026, 2, 16), date(2026, 2, 23), date(2026, 4, 6), date(2026, 5, 5), date(2026, 10, 7)],
)
def test_the_days_off_of_2026_are_not_worked(day: date) -> None:
    assert day.weekday() < 5
    assert not CALENDARS["Asia/Shanghai"].is_working_day(day)


def test_november_2026_has_no_holiday() -> None:
    days = [date(2026, 11, day) for day in range(1, 31)]
    worked = [day for day in days if CALENDARS["Asia/Shanghai"].is_working_day(day)]
    assert worked == [day for day in days if day.weekday() < 5]


def test_a_limit_over_national_day_counts_the_make_up_saturday() -> None:
    start = datetime(2026, 9, 30, 16, 0, tzinfo=SHANGHAI)
    end = CALENDARS["Asia/Shanghai"].end_of_working_day(start, 3)
    # 8 and 9 October, then Saturday the 10th.
    assert end == datetime(2026, 10, 11, 0, 0, tzinfo=SHANGHAI)


def test_a_limit_runs_over_the_end_of_the_year() -> None:
    start = datetime(2025, 12, 31, 23, 59, tzinfo=SHANGHAI)
    # 1 to 3 January are off, Sunday the 4th is worked.
    assert CALENDARS["Asia/Shanghai"].nth_working_day(date(2025, 12, 31), 1) == date(2026, 1, 4)
    assert CALENDARS["Asia/Shanghai"].end_of_working_day(start, 1) == datetime(2026, 1, 5, 0, 0, tzinfo=SHANGHAI)


def test_the_day_of_receipt_is_the_local_one() -> None:
    late_on_monday_in_utc = datetime(2026, 11, 2, 16, 30, tzinfo=UTC)
    end = CALENDARS["Asia/Shanghai"].end_of_working_day(late_on_monday_in_utc, 1)
    assert end == datetime(2026, 11, 5, 0, 0, tzinfo=SHANGHAI)


def test_a_day_of_25_hours_ends_at_its_own_midnight() -> None:
    berlin = WorkingCalendar([CalendarDay(date(2026, 10, 25), working=True)], "Europe/Berlin")
    start = datetime(2026, 10, 24, 12, 0, tzinfo=berlin.zone)
    assert berlin.end_of_working_day(start, 1) == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)


def test_where_midnight_does_not_exist_the_limit_ends_when_the_clocks_jump() -> None:
    havana = CALENDARS["America/Havana"]
    end = havana.end_of_calendar_day(datetime(2026, 3, 6, 12, 0, tzinfo=havana.zone), 1)
    assert end == datetime(2026, 3, 8, 5, 0, tzinfo=UTC)


def test_own_days_win_over_the_public_calendar() -> None:
    calendar = WorkingCalendar(
        [
            CalendarDay(date(2026, 10, 1), working=True),
            CalendarDay(date(2026, 11, 4), working=False, name="Stocktaking"),
        ]
    )
    assert calendar.is_working_day(date(2026, 10, 1))
    assert not calendar.is_working_day(date(2026, 11, 4))


def test_the_last_word_on_a_day_counts() -> None:
    day = date(2026, 11, 4)
    assert WorkingCalendar([CalendarDay(day, working=False), CalendarDay(day, working=True)]).is_working_day(day)


def test_a_year_that_is_not_published_is_provisional() -> None:
    calendar = WorkingCalendar()
    assert not calendar.is_provisional(2025)
    assert not calendar.is_provisional(2026)
    assert calendar.is_provisional(2031)


def test_an_official_own_day_makes_its_year_published() -> None:
    calendar = WorkingCalendar([CalendarDay(date(2031, 2, 8), working=True, official=True)])
    assert not calendar.is_provisional(2031)
    assert calendar.is_provisional(2032)


def test_a_day_of_the_plant_alone_does_not_make_a_year_published() -> None:
    assert WorkingCalendar([CalendarDay(date(2031, 2, 8), working=True)]).is_provisional(2031)


@pytest.mark.parametrize("count", [0, -1])
def test_a_limit_without_a_working_day_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="at least one working day"):
        WorkingCalendar().end_of_working_day(datetime(2026, 11, 3, tzinfo=UTC), count)


def test_a_plant_that_never_works_is_named_instead_of_searched_for_ever() -> None:
    start = date(2026, 1, 1)
    closed = [CalendarDay(start + timedelta(days=n), working=False) for n in range(400)]
    with pytest.raises(ValueError, match="no working day within a year"):
        WorkingCalendar(closed).nth_working_day(start, 1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        WorkingCalendar().add_hours(datetime(2026, 11, 3), 1)  # noqa: DTZ001 - the very fault
