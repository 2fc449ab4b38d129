"""Rounding to the cent, and capitals that read back as the amount they were written from."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qms_desktop.errors import InvalidInput
from qms_desktop.rules.money import amount_in_capitals, round_cent

DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
SMALL_UNITS = {"拾": 10, "佰": 100, "仟": 1_000}
LARGE_UNITS = {"万": 10_000, "亿": 100_000_000}


def read_whole_number(capitals: str) -> int:
    """Read capitals as a bookkeeper does, left to right: 万 and 亿 lift everything that was read before them."""
    total = section = digit = 0
    for sign in capitals:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in SMALL_UNITS:
            section += digit * SMALL_UNITS[sign]
            digit = 0
        else:
            lifted = section + digit
            total = (
                (total + lifted) * LARGE_UNITS[sign]
                if LARGE_UNITS[sign] > total
                else total + lifted * LARGE_UNITS[sign]
            )
            section = digit = 0
    return total + section + digit


def read_capitals(capitals: str) -> Decimal:
    rest = capitals.removeprefix("人民币").removesuffix("整")
    yuan = Decimal(0)
    if "元" in rest:
        whole, rest = rest.split("元")
        yuan = Decimal(read_whole_number(whole))
    cents, digit = 0, 0
    for sign in rest:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            cents += digit * {"角": 10, "分": 1}[sign]
    return yuan + Decimal(cents) / 100


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("33311.22", "人民币叁万叁仟叁佰壹拾壹元贰角贰分"),
        ("10500.00", "人民币壹万零伍佰元整"),
        ("100000.05", "人民币壹拾万元零伍分"),
        ("0.30", "人民币叁角整"),
        ("0.05", "人民币伍分"),
        ("0", "人民币零元整"),
        ("1001000", "人民币壹佰万壹仟元整"),
        ("100010000", "人民币壹亿零壹万元整"),
        ("1000005000", "人民币壹拾亿零伍仟元整"),
        ("1000000000001", "人民币壹万亿零壹元整"),
        ("9999999999999999.99", "人民币" + "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amounts_are_written_as_accounts_want_them(amount: str, capitals: str) -> None:
    assert amount_in_capitals(Decimal(amount)) == capitals


@given(st.integers(min_value=0, max_value=10**18 - 1))
@example(10**12)
@example(101)
@example(10**14 + 10**10)
def test_a_reader_of_the_capitals_gets_the_amount_back(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert read_capitals(amount_in_capitals(amount)) == amount


@given(st.lists(st.sampled_from([0, 0, 0, 1, 9]), min_size=16, max_size=16))
def test_skipped_places_never_change_the_amount(digits: list[int]) -> None:
    yuan = Decimal("".join(map(str, digits)))
    capitals = amount_in_capitals(yuan)
    assert read_capitals(capitals) == yuan
    assert "零零" not in capitals


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "1e400", "10000000000000000", "0.001"])
def test_what_has_no_capitals_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        amount_in_capitals(Decimal(amount))
    assert refused.value.field == "amount"


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.015", "0.02"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("68.1092", "68.11")],
)
def test_half_a_cent_is_rounded_up(amount: str, rounded: str) -> None:
    assert round_cent(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize("amount", ["NaN", "-Infinity", "1e400"])
def test_what_is_no_number_of_money_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInput):
        round_cent(Decimal(amount))
