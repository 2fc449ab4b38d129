"""Which days are worked, and when a limit of hours or of working days ends.

The seed is China's public calendar from the library `holidays`, with its days off and make-up days; what the plant
decides itself is laid over it. The arrangement of a year is published in the autumn before: until then the seed knows
only the statutory feasts of that year, and whoever shows a date in it should say that it is provisional.
Limits: domain.md §3 and §16 (day of receipt is day 0; a limit of n working days ends at 24:00 local time).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_WEEKEND_DAY = 5
ONE_DAY = timedelta(days=1)
LONGEST_REST_DAYS = 366


@dataclass(frozen=True)
class CalendarDay:
    """A day that the plant sets itself, over the public calendar.

    `official` marks a day copied from the published arrangement of its year: the year then counts as published, even
    when the library does not know it yet.
    """

    day: date
    working: bool
    name: str = ""
    official: bool = False


@dataclass(frozen=True)
class _PublicYear:
    """What the library knows of one year: days off, weekend days that are worked, and whether it was published."""

    days_off: frozenset[date]
    make_up_days: frozenset[date]
    published: bool


@cache
def _public_year(year: int) -> _PublicYear:
    # A quarter of a second that the first painted window does not have to wait for (0.24 s, measured).
    from holidays import country_holidays  # noqa: PLC0415

    seed = country_holidays("CN", years=[year])
    make_up_days = frozenset(day for day in seed.weekend_workdays if day.year == year)
    return _PublicYear(
        days_off=frozenset(day for day in seed if day.year == year),
        make_up_days=make_up_days,
        # Every arrangement of the State Council trades weekend days for bridge days; a mere forecast has none.
        published=bool(make_up_days),
    )


class WorkingCalendar:
    """The working days of one site, in the time zone of that site.

    `days` override the public calendar, the last one of a date wins; `zone` is the site's IANA name. Raises
    `zoneinfo.ZoneInfoNotFoundError` for a zone that does not exist.
    """

    def __init__(self, days: Iterable[CalendarDay] = (), zone: str = "Asia/Shanghai") -> None:
        own_days = tuple(days)
        self.zone = ZoneInfo(zone)
        self._own = {own.day: own.working for own in own_days}
        self._own_years = frozenset(own.day.year for own in own_days if own.official)

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work on this day: own days first, then make-up days, days off and weekends."""
        own = self._own.get(day)
        if own is not None:
            return own
        public = _public_year(day.year)
        if day in public.make_up_days:
            return True
        return day.weekday() < FIRST_WEEKEND_DAY and day not in public.days_off

    def is_provisional(self, year: int) -> bool:
        """Tell whether days off and make-up days of this year are not published yet, so that dates may still move."""
        return year not in self._own_years and not _public_year(year).published

    def nth_working_day(self, start: date, count: int) -> date:
        """Give the n-th working day after a day, which is itself day 0.

        Raises ValueError for a count below 1, and when the plant's own days leave no working day within a year.
        """
        if count < 1:
            message = f"a limit has at least one working day, not {count}"
            raise ValueError(message)
        day, left, rest_days = start, count, 0
        while left:
            day += ONE_DAY
            rest_days += 1
            if self.is_working_day(day):
                left, rest_days = left - 1, 0
            elif rest_days > LONGEST_REST_DAYS:
                message = f"no working day within a year before {day}"
                raise ValueError(message)
        return day

    def end_of_working_day(self, start: datetime, count: int) -> datetime:
        """Give the aware UTC moment at which a limit of `count` working days ends: 24:00 local of the n-th one."""
        return self._end_of(self.nth_working_day(self.local_day(start), count))

    def end_of_calendar_day(self, start: datetime, count: int) -> datetime:
        """Give the aware UTC moment at which a limit of `count` calendar days ends: 24:00 local of the last one."""
        return self._end_of(self.local_day(start) + timedelta(days=count))

    def add_hours(self, start: datetime, hours: int | Decimal) -> datetime:
        """Give the aware UTC moment so many hours later; hours run on the clock, by night and on holidays too."""
        _refuse_naive(start)
        return start.astimezone(UTC) + timedelta(seconds=int(Decimal(hours) * 3600))

    def local_day(self, moment: datetime) -> date:
        """Give the day that a moment falls on at the site; raises ValueError for a moment without a zone."""
        _refuse_naive(moment)
        return moment.astimezone(self.zone).date()

    def _end_of(self, day: date) -> datetime:
        """Give 24:00 of a local day; where clocks change at midnight, the first of the two midnights."""
        return datetime.combine(day + ONE_DAY, time.min, tzinfo=self.zone).astimezone(UTC)


def _refuse_naive(moment: datetime) -> None:
    if moment.tzinfo is None:
        message = "a moment needs its zone"
        raise ValueError(message)
