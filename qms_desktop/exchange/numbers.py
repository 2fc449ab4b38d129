"""Numbers as they come from a cell or a text: exact, or an error; never rounded in silence, never guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

from qms_desktop.exchange.problems import Problem, Trouble
from qms_desktop.exchange.texts import narrowed, refuse_unseen, trimmed

# A double holds 15 digits surely; Excel stores no more.
_EXCEL_DIGITS = 15
_EXCEL_LIMIT = 10.0**_EXCEL_DIGITS
_MOST_CHARACTERS = 40
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_SCIENTIFIC = re.compile(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+")
_SIGNS = str.maketrans({"\u2212": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})


def from_text(text: str) -> Decimal:
    """Give the number that a text names: 1200, 1,200, 1 200.50 or the same in full width.

    Raises Trouble for anything else: 1,5 and 1.234,56 are not guessed at, 1.2e3 is refused.
    """
    plain = trimmed(narrowed(text)).translate(_SIGNS)
    refuse_unseen(plain)
    if len(plain) > _MOST_CHARACTERS:
        raise Trouble(Problem.NOT_A_NUMBER)
    if _PLAIN.fullmatch(plain):
        return Decimal(plain)
    if _GROUPED.fullmatch(plain):
        return Decimal(plain.replace(",", "").replace(" ", ""))
    raise Trouble(Problem.SCIENTIFIC if _SCIENTIFIC.fullmatch(plain) else Problem.NOT_A_NUMBER)


def from_cell(number: float) -> Decimal:
    """Give the number that a cell of a workbook shows, to the 15 digits that Excel keeps.

    Raises Trouble for a number that is not finite, or so long that the file no longer holds its end (B23).
    """
    if not isfinite(number):
        raise Trouble(Problem.NOT_A_NUMBER)
    if abs(number) >= _EXCEL_LIMIT:
        raise Trouble(Problem.TOO_MANY_DIGITS)
    exact = Decimal(repr(number))
    if len(exact.as_tuple().digits) > _EXCEL_DIGITS:
        # 0.1 + 0.2 is stored as 0.30000000000000004 and shown as 0.3; what Excel shows is what the clerk means.
        exact = Decimal(f"{number:.{_EXCEL_DIGITS}g}")
    return exact


def in_range(number: Decimal, *, least: Decimal, most: Decimal, may_be_zero: bool) -> Decimal:
    """Give the number again when it is within the limits; raises Trouble naming the rule (B78)."""
    if number < 0 and least >= 0:
        raise Trouble(Problem.NEGATIVE)
    if number == 0 and not may_be_zero:
        raise Trouble(Problem.ZERO)
    if not least <= number <= most:
        raise Trouble(Problem.OUT_OF_RANGE, least=f"{least:,f}", most=f"{most:,f}")
    return number


def whole(number: Decimal, *, unit: str) -> int:
    """Give a whole number; raises Trouble for a fraction of one."""
    if number != number.to_integral_value():
        raise Trouble(Problem.FRACTION, unit=unit)
    return int(number)


def rounded(number: Decimal, places: int) -> Decimal:
    """Give the number with exactly so many decimal places; raises Trouble when it has more that matter."""
    exact = number.quantize(Decimal(1).scaleb(-places))
    if exact != number:
        raise Trouble(Problem.TOO_MANY_PLACES, places=places)
    return abs(exact) if exact == 0 else exact
