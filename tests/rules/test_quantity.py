"""What may be typed as a number of pieces (bad_input.md B77 and B78)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.errors import InvalidInput
from qms_desktop.rules.quantity import MOST_PIECES, parse_pieces


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("596", 596),
        ("11*50+46", 596),
        (" 11 × 50 + 46 ", 596),
        ("１２", 12),
        ("１１＊５０＋４６", 596),
        ("1 500", 1500),
        ("1,680", 1680),
        ("12,345,678".replace("12,", "1,"), 1345678),
        ("007", 7),
        ("0+5", 5),
    ],
)
def test_whole_numbers_and_small_sums_are_read(typed: str, pieces: int) -> None:
    assert parse_pieces(typed) == pieces


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,5", "fraction"),
        ("1.5", "fraction"),
        (".5", "fraction"),
        ("1.500", "two ways"),
        ("1e3", "power of ten"),
        ("1e400", "power of ten"),
        ("-0", "negative"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("10+-3", "negative"),
        ("NaN", "not a number"),
        ("-Infinity", "not a number"),
        ("inf", "not a number"),
        ("0", "0 is not"),
        ("0*9", "0 is not"),
        ("", "No number"),
        ("  ", "No number"),
        ("11*", "missing"),
        ("+5", "missing"),
        ("一百", "not a number"),
        ("5²", "not a number"),
        ("①", "not a number"),
        ("٣", "not a number"),
        ("12 34", "not a number"),
        ("1,50", "fraction"),
        ("9999999*9999999", "more than"),
        ("9" * 61, "too long"),
    ],
)
def test_anything_else_is_refused_with_its_rule(typed: str, said: str, english: None) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        parse_pieces(typed, field="counted")
    assert refused.value.field == "counted"


def test_zero_is_taken_where_the_form_allows_it() -> None:
    assert parse_pieces("0", zero_allowed=True) == 0


@given(st.integers(min_value=1, max_value=MOST_PIECES))
def test_every_number_that_the_program_prints_is_read_back(pieces: int) -> None:
    assert parse_pieces(f"{pieces:,}") == parse_pieces(str(pieces)) == pieces


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 400)), min_size=1, max_size=5))
def test_cartons_times_content_add_up(cartons: list[tuple[int, int]]) -> None:
    assert parse_pieces("+".join(f"{boxes}*{each}" for boxes, each in cartons)) == sum(
        boxes * each for boxes, each in cartons
    )


@given(st.text(max_size=80))
def test_any_text_gives_a_number_in_range_or_a_named_rule(typed: str) -> None:
    try:
        pieces = parse_pieces(typed)
    except InvalidInput as refused:
        outcome: object = refused.field
    else:
        outcome = 1 <= pieces <= MOST_PIECES
    assert outcome in (True, "pieces")
