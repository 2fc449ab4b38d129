"""Dates as they come: real dates, and the texts that people type; what can be read two ways is asked, not guessed."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, date, timedelta

from qms_desktop.exchange.problems import Problem, Trouble
from qms_desktop.exchange.texts import narrowed, refuse_unseen, trimmed

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)
_COMPACT_DIGITS = 8
_YEAR_DIGITS = 4
# Excel counts days from here; the numbers are those of EARLIEST and of the day after LATEST.
_EXCEL_BEGINS = date(1899, 12, 30)
_FIRST_NUMBER, _LAST_NUMBER = (EARLIEST - _EXCEL_BEGINS).days, (LATEST - _EXCEL_BEGINS).days + 1

# A time of day behind the date, as systems export it, is left out.
_TIME = r"(?:[ T]+(?:[上下]午\s*)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s*[AaPp][Mm])?)?"
_YEAR_FIRST = re.compile(r"([0-9]{4})\s*([-/.年])\s*([0-9]{1,2})\s*(?:\2|月)\s*([0-9]{1,2})\s*[日号號]?" + _TIME)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})" + _TIME)
_SHORT_YEAR = re.compile(
    r"(?:[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}[日号號]?)" + _TIME
)
_MONTH_NAMED = re.compile(
    r"(?:(?P<day>[0-9]{1,2})[-/ ](?P<month>[A-Za-z]{3})[a-z]*\.?[-/ ,]+(?P<year>[0-9]{4}|[0-9]{2})"
    r"|(?P<month2>[A-Za-z]{3})[a-z]*\.? (?P<day2>[0-9]{1,2})[ ,]+(?P<year2>[0-9]{4}|[0-9]{2})"
    r"|(?P<year3>[0-9]{4})[-/ ](?P<month3>[A-Za-z]{3})[a-z]*[-/ ](?P<day3>[0-9]{1,2}))" + _TIME
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def from_text(text: str, *, day_first: bool | None) -> date:
    """Give the day that a text names: 2026/01/04, 2026-1-4, 2026年11月3日, 20260104, 4 Jan 2026 and the like.

    `day_first` is the clerk's answer for dates such as 03/04/2026; None means not asked yet, and then such a date
    raises Trouble with both readings. Raises Trouble for two-digit years, days that do not exist and other texts.
    """
    plain = trimmed(narrowed(text))
    refuse_unseen(plain)
    if found := _YEAR_FIRST.fullmatch(plain):
        if (found[2] == "年") != ("月" in plain):
            raise Trouble(Problem.NOT_A_DATE)
        return _day(found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(plain):
        return _day(*found.groups())
    if found := _YEAR_LAST.fullmatch(plain):
        return _either_way(found[1], found[3], found[4], day_first)
    if _SHORT_YEAR.fullmatch(plain):
        raise Trouble(Problem.TWO_DIGIT_YEAR)
    if found := _MONTH_NAMED.fullmatch(plain):
        return _month_named(found)
    if plain.isdecimal():
        _refuse_day_number(int(plain))
    raise Trouble(Problem.NOT_A_DATE)


def _month_named(found: re.Match[str]) -> date:
    parts = {name[:-1] if name[-1].isdigit() else name: text for name, text in found.groupdict().items() if text}
    if parts["month"].lower() not in _MONTHS:
        raise Trouble(Problem.NOT_A_DATE)
    if len(parts["year"]) != _YEAR_DIGITS:
        raise Trouble(Problem.TWO_DIGIT_YEAR)
    return _day(parts["year"], str(_MONTHS.index(parts["month"].lower()) + 1), parts["day"])


def _refuse_day_number(number: float) -> None:
    """Raise Trouble for a number by which Excel counts a day: without the format nobody knows from which year on."""
    if _FIRST_NUMBER <= number < _LAST_NUMBER:
        raise Trouble(Problem.DAY_NUMBER, day=(_EXCEL_BEGINS + timedelta(days=int(number))).isoformat())


def from_number(number: float) -> date:
    """Give the day of a number such as 20260104; any other number is not a date."""
    _refuse_day_number(number)
    text = str(int(number)) if number == number // 1 and abs(number) < 10.0**_COMPACT_DIGITS else ""
    if len(text) == _COMPACT_DIGITS:
        found = _COMPACT.fullmatch(text)
        if found:
            return _day(*found.groups())
    raise Trouble(Problem.NOT_A_DATE)


def in_range(day: date, *, today: date, may_be_future: bool) -> date:
    """Give the day again when it is plausible; raises Trouble for the future and for years far off (B80)."""
    if not may_be_future and day > today:
        raise Trouble(Problem.FUTURE_DATE, today=today.isoformat())
    if not EARLIEST <= day <= LATEST:
        raise Trouble(Problem.DATE_OUT_OF_RANGE, earliest=EARLIEST.isoformat(), latest=LATEST.isoformat())
    return day


def _day(year: str, month: str, day: str) -> date:
    found = _day_or_none(int(year), int(month), int(day))
    if found is None:
        raise Trouble(Problem.NO_SUCH_DATE)
    return found


def _day_or_none(year: int, month: int, day: int) -> date | None:
    if not MINYEAR <= year <= MAXYEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _either_way(first: str, second: str, year: str, day_first: bool | None) -> date:  # noqa: FBT001 - three answers
    as_day_first = _day_or_none(int(year), int(second), int(first))
    as_month_first = _day_or_none(int(year), int(first), int(second))
    if as_day_first is None and as_month_first is None:
        raise Trouble(Problem.NO_SUCH_DATE)
    if as_day_first is None or as_month_first is None or as_day_first == as_month_first:
        found = as_day_first or as_month_first
        if found is None:
            raise Trouble(Problem.NO_SUCH_DATE)
        return found
    if day_first is None:
        raise Trouble(
            Problem.AMBIGUOUS_DATE, day_first=as_day_first.isoformat(), month_first=as_month_first.isoformat()
        )
    return as_day_first if day_first else as_month_first
