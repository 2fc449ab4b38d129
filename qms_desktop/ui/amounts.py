"""Fields for amounts with decimals: money, hours, kilograms."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.ui.controls import TextField

# Groups of three by commas or blanks, then a point; or a comma before one or two digits, as Europeans write cents.
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d+(?:\.\d+)?|\.\d+", re.ASCII)
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}", re.ASCII)
NOT_AN_AMOUNT = N_("“{text}” is not a clear amount. Write it with a point and no groups, like 1280.50.")


class AmountField(TextField):
    """An amount above zero with a decimal point; with `required` off, an empty field gives None."""

    def __init__(self, *, field: str, required: bool = True) -> None:
        super().__init__(field=field, required=required, right=True, longest=20)

    def read(self) -> Decimal | None:  # type: ignore[override]
        typed = super().read()
        return read_amount(typed, field=self.field) if typed else None


def read_amount(typed: str, *, field: str) -> Decimal:
    """Read a typed amount; raises InvalidInput for words, signs and what can be read in two ways, such as 1,280."""
    text = re.sub(r"[\s\u00a5\uffe5]", "", unicodedata.normalize("NFKC", typed))
    if _DECIMAL_COMMA.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if not _GROUPED.fullmatch(text):
        raise InvalidInput(NOT_AN_AMOUNT, field=field, text=typed)
    return Decimal(text.replace(",", ""))
