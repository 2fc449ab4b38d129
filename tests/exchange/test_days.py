"""Dates from texts and numbers: one day or an error, never a guess (B24, B25, B80)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.exchange import days
from qms_desktop.exchange.problems import Problem, Trouble

DAYS = st.dates(days.EARLIEST, days.LATEST)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03",
        "2026-11-3",
        "2026/11/03",
        "2026/11/3",
        "2026.11.3",
        "20261103",
        "2026年11月3日",
        "2026年11月03号",
        "２０２６／１１／０３",
        " 2026-11-03 ",
        "2026-11-03 00:00:00",
        "2026-11-03T08:30:00",
        "3 Nov 2026",
        "03-Nov-2026",
    ],
)
def test_texts_that_name_one_day(text: str) -> None:
    assert days.from_text(text, day_first=None) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-02-30", Problem.NO_SUCH_DATE),
        ("2027/2/29", Problem.NO_SUCH_DATE),
        ("20261301", Problem.NO_SUCH_DATE),
        ("0000-01-01", Problem.NO_SUCH_DATE),
        ("31/31/2026", Problem.NO_SUCH_DATE),
        ("26.5.1", Problem.TWO_DIGIT_YEAR),
        ("5/1/26", Problem.TWO_DIGIT_YEAR),
        ("26年5月1日", Problem.TWO_DIGIT_YEAR),
        ("2026-1/4", Problem.NOT_A_DATE),
        ("2026年1-4", Problem.NOT_A_DATE),
        ("2026-1", Problem.NOT_A_DATE),
        ("昨天", Problem.NOT_A_DATE),
        ("3 Foo 2026", Problem.NOT_A_DATE),
        ("", Problem.NOT_A_DATE),
    ],
)
def test_texts_that_name_no_day(text: str, problem: Problem) -> None:
    with pytest.raises(Trouble) as trouble:
        days.from_text(text, day_first=None)
    assert trouble.value.problem is problem


def test_a_date_with_two_readings_is_asked_with_both() -> None:
    with pytest.raises(Trouble) as trouble:
        days.from_text("03/04/2026", day_first=None)
    assert trouble.value.problem is Problem.AMBIGUOUS_DATE
    assert trouble.value.values == {"day_first": "2026-04-03", "month_first": "2026-03-04"}


def test_the_answer_decides_a_date_with_two_readings() -> None:
    assert days.from_text("03/04/2026", day_first=True) == date(2026, 4, 3)
    assert days.from_text("03/04/2026", day_first=False) == date(2026, 3, 4)


@pytest.mark.parametrize("day_first", [None, True, False])
def test_a_date_with_one_possible_reading_needs_no_answer(day_first: bool | None) -> None:  # noqa: FBT001
    assert days.from_text("25/04/2026", day_first=day_first) == date(2026, 4, 25)
    assert days.from_text("04/25/2026", day_first=day_first) == date(2026, 4, 25)
    assert days.from_text("04/04/2026", day_first=day_first) == date(2026, 4, 4)


def test_a_number_is_a_date_only_when_it_reads_as_one() -> None:
    assert days.from_number(20261103.0) == date(2026, 11, 3)
    for number in (46026, 60, -1, 2958466, 20261103.5, 1e30, float("nan"), float("inf")):
        with pytest.raises(Trouble):
            days.from_number(number)


def test_the_future_and_far_years_are_refused() -> None:
    today = date(2026, 11, 20)
    assert days.in_range(today, today=today, may_be_future=False) == today
    with pytest.raises(Trouble) as future:
        days.in_range(date(2026, 11, 21), today=today, may_be_future=False)
    assert future.value.problem is Problem.FUTURE_DATE
    for day in (date(1, 1, 1), date(1900, 2, 28), date(9999, 12, 31)):
        with pytest.raises(Trouble) as far:
            days.in_range(day, today=today, may_be_future=True)
        assert far.value.problem is Problem.DATE_OUT_OF_RANGE


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d-%b-%Y"]))
def test_every_day_comes_back_from_its_text(day: date, written: str) -> None:
    assert days.from_text(day.strftime(written), day_first=None) == day


@given(st.text("0123456789-/.年月日T: ", max_size=14), st.sampled_from([None, True, False]))
def test_any_text_is_a_day_or_a_trouble(text: str, day_first: bool | None) -> None:  # noqa: FBT001
    try:
        day = days.from_text(text, day_first=day_first)
    except Trouble:
        return
    assert days.from_text(day.isoformat(), day_first=None) == day


@pytest.mark.parametrize(
    "text",
    ["Mar 4, 2026", "March 4, 2026", "4-Mar-2026", "2026-Mar-04", "2026/3/4 上午 8:30", "2026-03-04 8:30 PM"],
)
def test_a_date_with_the_month_in_words_or_half_of_the_day_is_read(text: str) -> None:
    assert days.from_text(text, day_first=None) == date(2026, 3, 4)


def test_a_month_in_words_with_a_short_year_says_so() -> None:
    with pytest.raises(Trouble) as trouble:
        days.from_text("3-Mar-26", day_first=None)
    assert trouble.value.problem is Problem.TWO_DIGIT_YEAR


def test_a_number_by_which_excel_counts_days_says_which_day_it_may_be() -> None:
    for counted in (lambda: days.from_number(46026.0), lambda: days.from_text("46026", day_first=None)):
        with pytest.raises(Trouble) as trouble:
            counted()
        assert (trouble.value.problem, trouble.value.values) == (Problem.DAY_NUMBER, {"day": "2026-01-04"})
