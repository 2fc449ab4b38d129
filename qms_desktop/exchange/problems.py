"""What can be wrong with one cell, each with a sentence in a clerk's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping


class Problem(StrEnum):
    """The kinds of fault of a cell."""

    MISSING = "missing"
    NO_RESULT = "no_result"
    CELL_ERROR = "cell_error"
    WRONG_KIND = "wrong_kind"
    NOT_A_NUMBER = "not_a_number"
    SCIENTIFIC = "scientific"
    NEGATIVE = "negative"
    ZERO = "zero"
    FRACTION = "fraction"
    TOO_MANY_PLACES = "too_many_places"
    OUT_OF_RANGE = "out_of_range"
    TOO_MANY_DIGITS = "too_many_digits"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DATE = "no_such_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    TWO_DIGIT_YEAR = "two_digit_year"
    FUTURE_DATE = "future_date"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    CONTROL_CHARACTER = "control_character"
    INVISIBLE_CHARACTER = "invisible_character"
    TOO_LONG = "too_long"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_CURRENCY = "unknown_currency"
    NOT_A_CHOICE = "not_a_choice"
    ORDERED_BELOW_SHIPPED = "ordered_below_shipped"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    SAME_LINE_TWICE = "same_line_twice"
    COLUMN_COUNT = "column_count"
    MERGED = "merged"
    NO_RATE = "no_rate"
    DAY_NUMBER = "day_number"


SENTENCES: dict[Problem, str] = {
    Problem.MISSING: N_("{field} is missing. Fill it in."),
    Problem.NO_RESULT: N_("The cell is a formula without a result ({found}). Open the file in Excel and save it."),
    Problem.CELL_ERROR: N_("The cell shows the error {found}. Correct the formula, or type the value."),
    Problem.WRONG_KIND: N_("“{found}” is not of the right kind for {field}. Type it as text."),
    Problem.NOT_A_NUMBER: N_("“{found}” is not a number. Type digits, such as 1200 or 1,200."),
    Problem.SCIENTIFIC: N_("“{found}” is in scientific notation. Type all digits."),
    Problem.NEGATIVE: N_("{found} is negative. {field} cannot be below 0."),
    Problem.ZERO: N_("{field} is 0. Type the right number, or remove the line."),
    Problem.FRACTION: N_("{found} is not a whole number. Type whole {unit}."),
    Problem.TOO_MANY_PLACES: N_("{found} has more than {places} decimal places. Round it."),
    Problem.OUT_OF_RANGE: N_("{found} is out of range. {field} may be {least} to {most}."),
    Problem.TOO_MANY_DIGITS: N_(
        "The number has more than 15 digits, and Excel has already changed its end. Format the column as text and"
        " export again."
    ),
    Problem.NOT_A_DATE: N_("“{found}” is not a date. Type it as 2026-11-03."),
    Problem.NO_SUCH_DATE: N_("There is no day {found}. Correct the date."),
    Problem.AMBIGUOUS_DATE: N_("{found} may be {day_first} or {month_first}. Say which comes first, day or month."),
    Problem.TWO_DIGIT_YEAR: N_("{found} has a year of two digits. Type all four digits."),
    Problem.FUTURE_DATE: N_("{found} is in the future; today is {today}. Correct the date."),
    Problem.DATE_OUT_OF_RANGE: N_("{found} is out of range. Dates may be {earliest} to {latest}."),
    Problem.CONTROL_CHARACTER: N_(
        "There is a control character ({code}) at position {position}. Delete it, or type the text again."
    ),
    Problem.INVISIBLE_CHARACTER: N_(
        "There is an invisible character ({code}) at position {position}. Delete it, or type the text again."
    ),
    Problem.TOO_LONG: N_("The text has {length} characters; {field} may have {longest}. Shorten it."),
    Problem.UNKNOWN_CUSTOMER: N_("There is no customer {found}. Correct the number, or import the customer first."),
    Problem.UNKNOWN_PRODUCT: N_("There is no product {found}. Correct the number, or import the product first."),
    Problem.UNKNOWN_CURRENCY: N_("There is no currency {found}. Use its code of three letters, such as CNY or USD."),
    Problem.NOT_A_CHOICE: N_("“{found}” is not known here. {field} may be: {choices}."),
    Problem.ORDERED_BELOW_SHIPPED: N_(
        "Only {found} pieces are ordered, but {shipped} are shipped. Correct one of the two."
    ),
    Problem.ENDS_BEFORE_IT_BEGINS: N_("{found} is before the first day {begins}. Correct one of the two."),
    Problem.SAME_LINE_TWICE: N_("This is the same line as row {row} ({key}). Delete one of the two."),
    Problem.MERGED: N_("The cell is merged with {cell}. Unmerge the cells in Excel, and fill in each line."),
    Problem.NO_RATE: N_("There is no exchange rate for {found}. Import the rates first, or correct the currency."),
    Problem.DAY_NUMBER: N_(
        "{found} is a number; as a date Excel would show {day}. Format the column as a date, and save the file again."
    ),
    Problem.COLUMN_COUNT: N_("The line has {found} columns, the headings have {expected}. Check commas and quotes."),
}


class Trouble(Exception):
    """A cell cannot be taken; becomes a CellError once its place is known."""

    def __init__(self, problem: Problem, /, **values: object) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values


@dataclass(frozen=True)
class CellError:
    """One fault: where (`K4`; in a CSV the number is the line), in which field, what was found, and what to do.

    `field` is the name in the typed row, `label` its source text for people, `found` the cell as it was shown.
    """

    cell: str
    row: int
    field: str
    label: str
    found: str
    problem: Problem
    values: Mapping[str, object]

    @property
    def template(self) -> str:
        """Give the source text of the sentence."""
        return SENTENCES[self.problem]

    def __str__(self) -> str:
        """Give the sentence in the current language."""
        return _(self.template).format(**{**self.values, "field": _(self.label), "found": self.found})
