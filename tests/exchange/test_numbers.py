"""Numbers from texts and cells: exact or an error (B23, B77-B79)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.exchange import numbers
from qms_desktop.exchange.problems import Problem, Trouble


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200", "1200"),
        ("1,200", "1200"),
        ("12,345,678.90", "12345678.90"),
        ("1 500", "1500"),
        ("1\u00a0500", "1500"),
        ("１２", "12"),
        ("１，２００．５", "1200.5"),
        (" 50.76 ", "50.76"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("+7", "7"),
        (".5", "0.5"),
        ("120.", "120"),
        ("-0", "0"),
    ],
)
def test_texts_that_name_one_number(text: str, number: str) -> None:
    assert numbers.from_text(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1,5", Problem.NOT_A_NUMBER),
        ("1.234,56", Problem.NOT_A_NUMBER),
        ("1,2345", Problem.NOT_A_NUMBER),
        ("1,000 000", Problem.NOT_A_NUMBER),
        ("1e3", Problem.SCIENTIFIC),
        ("1.2E+3", Problem.SCIENTIFIC),
        ("1e400", Problem.SCIENTIFIC),
        ("NaN", Problem.NOT_A_NUMBER),
        ("Infinity", Problem.NOT_A_NUMBER),
        ("一百", Problem.NOT_A_NUMBER),
        ("5²", Problem.NOT_A_NUMBER),
        ("١٢", Problem.NOT_A_NUMBER),
        ("12只", Problem.NOT_A_NUMBER),
        ("--5", Problem.NOT_A_NUMBER),
        ("9" * 5000, Problem.NOT_A_NUMBER),
        ("", Problem.NOT_A_NUMBER),
    ],
)
def test_texts_that_are_no_number_or_more_than_one(text: str, problem: Problem) -> None:
    with pytest.raises(Trouble) as trouble:
        numbers.from_text(text)
    assert trouble.value.problem is problem


def test_a_cell_gives_what_excel_shows() -> None:
    assert numbers.from_cell(0.1 + 0.2) == Decimal("0.3")
    assert numbers.from_cell(50.76) == Decimal("50.76")
    assert numbers.from_cell(13.7577) == Decimal("13.7577")
    assert numbers.from_cell(120.0) == 120


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (1.2345678901234567e19, Problem.TOO_MANY_DIGITS),
        (1e15, Problem.TOO_MANY_DIGITS),
        (-1e15, Problem.TOO_MANY_DIGITS),
        (float("nan"), Problem.NOT_A_NUMBER),
        (float("inf"), Problem.NOT_A_NUMBER),
    ],
)
def test_a_cell_that_no_longer_holds_its_number_is_refused(number: float, problem: Problem) -> None:
    with pytest.raises(Trouble) as trouble:
        numbers.from_cell(number)
    assert trouble.value.problem is problem


@given(st.integers(-(10**14), 10**14), st.integers(0, 4))
def test_a_number_of_excel_comes_back_exactly(digits: int, places: int) -> None:
    exact = Decimal(digits).scaleb(-places)
    assert numbers.from_cell(float(exact)) == exact
    assert numbers.from_text(f"{exact:f}") == exact
    assert numbers.from_text(f"{exact:,f}") == exact


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_trouble(text: str) -> None:
    try:
        number = numbers.from_text(text)
    except Trouble:
        return
    assert number.is_finite()
    assert numbers.from_text(f"{number:f}") == number


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_cell_number_is_exact_to_15_digits_or_a_trouble(number: float) -> None:
    try:
        exact = numbers.from_cell(number)
    except Trouble:
        return
    assert f"{float(exact):.14e}" == f"{number:.14e}"


def test_a_fifth_decimal_place_is_never_rounded_away() -> None:
    assert numbers.rounded(Decimal("1.5"), 4) == Decimal("1.5000")
    assert str(numbers.rounded(Decimal("1.50000"), 4)) == "1.5000"
    with pytest.raises(Trouble) as trouble:
        numbers.rounded(Decimal("1.23456"), 4)
    assert trouble.value.problem is Problem.TOO_MANY_PLACES
