"""How many pieces somebody typed: a whole number, or a small sum such as 11*50+46 (cartons and the rest)."""

from __future__ import annotations

import math
import re

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_

MOST_PIECES = 10_000_000
_LONGEST_TEXT = 60

_NOT_NUMBERS = {"nan", "inf", "infinity"}
# Spaces that people and spreadsheets put between groups of three: plain, no-break, figure, thin, narrow no-break.
_SPACES = " \u00a0\u2007\u2009\u202f"
_MINUS_SIGNS = str.maketrans(dict.fromkeys("\u2212\u2010\u2011\u2012\u2013", "-"))
_TIMES_SIGNS = str.maketrans(dict.fromkeys("\u00d7xX", "*"))
# Only full-width forms are made narrow. Unicode's own folding would also turn 5² into 52 and ① into 1.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_DIGITS = re.compile(r"\d+", re.ASCII)
_GROUPED = re.compile(rf"\d{{1,3}}(?:,\d{{3}})+|\d{{1,3}}(?:[{_SPACES}]\d{{3}})+", re.ASCII)
_POWER_OF_TEN = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)
_POINT_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3})+", re.ASCII)
_FRACTION = re.compile(r"\d*[.,]\d+|\d+[.,]", re.ASCII)


def parse_pieces(text: str, *, field: str = "pieces", zero_allowed: bool = False) -> int:
    """Read a number of pieces; sums of products are worked out, full-width digits and groups of three are read.

    Raises InvalidInput with a named rule for signs, fractions, powers of ten, words, nothing, zero and far too many.
    """
    typed = text.translate(_FULL_WIDTH).strip(_SPACES + "\t")
    if not typed:
        raise InvalidInput(N_("No number is given. Type how many pieces there are."), field=field)
    if len(typed) > _LONGEST_TEXT:
        raise InvalidInput(N_("This is too long for a number of pieces. Check what was typed or scanned."), field=field)
    _refuse_what_is_no_number(typed, field=field)
    plain = typed.translate(_MINUS_SIGNS).translate(_TIMES_SIGNS)
    pieces = sum(_product(term, field=field) for term in plain.split("+"))
    if pieces == 0 and not zero_allowed:
        raise InvalidInput(N_("0 is not a number of pieces here. Type 1 or more, or cancel."), field=field)
    if pieces > MOST_PIECES:
        raise InvalidInput(
            N_("{pieces} pieces are more than the {most} that one entry may hold. Check the number."),
            field=field,
            pieces=f"{pieces:,}",
            most=f"{MOST_PIECES:,}",
        )
    return pieces


def _refuse_what_is_no_number(typed: str, *, field: str) -> None:
    if typed.lstrip("+-").lower() in _NOT_NUMBERS:
        raise InvalidInput(N_("“{text}” is not a number of pieces. Type digits."), field=field, text=typed)
    if _POWER_OF_TEN.fullmatch(typed):
        raise InvalidInput(
            N_("“{text}” is written with a power of ten. Type all digits, such as 1000."), field=field, text=typed
        )


def _product(term: str, *, field: str) -> int:
    return math.prod(_whole(factor, field=field) for factor in term.split("*"))


def _whole(written: str, *, field: str) -> int:
    number = written.strip(_SPACES)
    if _DIGITS.fullmatch(number):
        return int(number)
    if _GROUPED.fullmatch(number):
        return int(re.sub(r"\D", "", number))
    if not number:
        raise InvalidInput(N_("A number is missing beside * or +. Write it like 11*50+46."), field=field)
    if number.startswith("-"):
        raise InvalidInput(
            N_("{text} is negative. Pieces are counted from 1 up; undo a booking instead of entering a minus."),
            field=field,
            text=number,
        )
    if _POINT_GROUPS.fullmatch(number):
        raise InvalidInput(
            N_("“{text}” can be read in two ways. Type the digits without a point."), field=field, text=number
        )
    if _FRACTION.fullmatch(number):
        raise InvalidInput(N_("“{text}” is a fraction. Only whole pieces are counted."), field=field, text=number)
    raise InvalidInput(N_("“{text}” is not a number of pieces. Type digits."), field=field, text=number)
