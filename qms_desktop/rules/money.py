"""Money on paper: rounding to the cent, and amounts in the capital numerals of Chinese accounts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_

CENT = Decimal("0.01")
AMOUNT_LIMIT = Decimal(10) ** 16

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_GROUP_UNITS = ("仟", "佰", "拾", "")
_GROUP = 10_000
_YI = 100_000_000


def round_cent(amount: Decimal) -> Decimal:
    """Round an amount half up to the cent, as the ledger does with every entry (story.md, cost of the case).

    Raises InvalidInput for NaN, infinity and amounts from 10^16 on.
    """
    if not amount.is_finite() or abs(amount) >= AMOUNT_LIMIT:
        raise InvalidInput(N_("The amount must be a number below 10^16 ({amount})."), field="amount", amount=amount)
    return amount.quantize(CENT, ROUND_HALF_UP)


def amount_in_capitals(amount: Decimal) -> str:
    """Write an amount in CNY in capital numerals: 33,311.22 is 人民币叁万叁仟叁佰壹拾壹元贰角贰分.

    Skipped places are read as one 零, and an amount without cents ends in 整. Raises InvalidInput for amounts that are
    negative, no number, finer than a cent, or from 10,000 万亿 on.
    """
    if not amount.is_finite() or amount < 0:
        raise InvalidInput(
            N_("Only an amount from zero on can be written in capitals ({amount})."), field="amount", amount=amount
        )
    if amount >= AMOUNT_LIMIT or amount != round_cent(amount):
        raise InvalidInput(
            N_("Only whole cents below 10^16 can be written in capitals ({amount})."), field="amount", amount=amount
        )
    yuan, cents = divmod(int(amount * 100), 100)
    return "人民币" + _yuan(yuan, cents) + _cents(yuan, cents)


def _yuan(yuan: int, cents: int) -> str:
    if yuan:
        return _whole_number(yuan) + "元"
    return "" if cents else "零元"


def _cents(yuan: int, cents: int) -> str:
    tenths, hundredths = divmod(cents, 10)
    if not cents:
        return "整"
    if not tenths:
        return ("零" if yuan else "") + _DIGITS[hundredths] + "分"
    return _DIGITS[tenths] + "角" + (_DIGITS[hundredths] + "分" if hundredths else "整")


def _whole_number(number: int) -> str:
    """Read a number above zero: 亿 counts groups of eight digits, 万 groups of four."""
    for unit_value, unit in ((_YI, "亿"), (_GROUP, "万")):
        if number >= unit_value:
            high, low = divmod(number, unit_value)
            # One 零 stands for all places skipped between the unit and the first digit that follows it.
            gap = "零" if low and low < unit_value // 10 else ""
            return _whole_number(high) + unit + gap + (_whole_number(low) if low else "")
    return _group(number)


def _group(number: int) -> str:
    """Read four digits, with one 零 for zeros between two digits and none before or after."""
    text, skipped = "", False
    for digit, unit in zip(f"{number:04}", _GROUP_UNITS, strict=True):
        if digit == "0":
            skipped = bool(text)
            continue
        text += ("零" if skipped else "") + _DIGITS[int(digit)] + unit
        skipped = False
    return text
