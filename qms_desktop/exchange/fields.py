"""The kinds of field that a column may hold: how a raw value becomes a value of the trade, or a Trouble."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from qms_desktop.exchange import days, numbers, texts
from qms_desktop.exchange.currencies import CURRENCIES
from qms_desktop.exchange.problems import Problem, Trouble
from qms_desktop.exchange.raw import Fault, FaultKind, RawValue, Truth
from qms_desktop.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_PARTS = re.compile(r"[;；,，、\n]+")
PARTS_OR_SLASH = re.compile(r"[;；,，、/\n]+")
# What plants write for the yuan; ISO 4217 has one code for it.
_YUAN = frozenset(("RMB", "CN¥", "¥", "￥", "人民币", "人民幣", "元"))
_MOST = Decimal(10_000_000)


@dataclass(frozen=True)
class KnownCodes:
    """The codes that exist already; None means that they are not checked."""

    customers: Collection[str] | None = None
    products: Collection[str] | None = None
    currencies: Collection[str] | None = None

    @cached_property
    def _customers_folded(self) -> Mapping[str, str | None]:
        return _folded(self.customers or ())

    @cached_property
    def _products_folded(self) -> Mapping[str, str | None]:
        return _folded(self.products or ())

    def customer(self, code: str) -> str | None:
        """Give a customer's code as it is kept, whatever its case; None for one that is not known."""
        return code if self.customers is None or code in self.customers else self._customers_folded.get(code.casefold())

    def product(self, code: str) -> str | None:
        """Give a product's code as it is kept, whatever its case; None for one that is not known."""
        return code if self.products is None or code in self.products else self._products_folded.get(code.casefold())


def _folded(codes: Collection[str]) -> dict[str, str | None]:
    """Give the one code of each spelling without case; None where two codes differ by case alone."""
    found: dict[str, str | None] = {}
    for code in codes:
        folded = code.casefold()
        found[folded] = None if folded in found else code
    return found


@dataclass(frozen=True)
class Context:
    """What a value is judged by beside itself: known codes, today, and the answer about 03/04/2026."""

    known: KnownCodes
    today: date
    day_first: bool | None


class FieldKind(Protocol):
    """One kind of field."""

    def take(self, raw: RawValue, context: Context) -> object:
        """Give the value; raises Trouble. The raw value is neither empty nor a fault."""
        ...  # pragma: no cover - a protocol


def is_blank(raw: RawValue) -> bool:
    """Say whether a cell holds nothing, or spaces only."""
    return raw is None or (isinstance(raw, str) and not texts.trimmed(raw))


def refuse_fault(raw: RawValue) -> None:
    """Raise Trouble for a cell that shows an error, or a formula that was never calculated."""
    if isinstance(raw, Fault):
        raise Trouble(Problem.CELL_ERROR if raw.kind is FaultKind.ERROR else Problem.NO_RESULT)
    if isinstance(raw, str) and raw[:1] == "#" and raw.strip() in texts.ERRORS_SHOWN:
        raise Trouble(Problem.CELL_ERROR)


def shown(raw: RawValue) -> str:
    """Give a cell as the clerk sees it, shortened."""
    if isinstance(raw, Fault):
        return raw.text
    if isinstance(raw, Truth):
        return raw.value
    if isinstance(raw, float):
        return f"{Decimal(f'{raw:.15g}'):f}" if abs(raw) < 10.0**15 else f"{raw:.0f}"
    text = "" if raw is None else str(raw)
    longest = 60
    return text if len(text) <= longest else f"{text[:longest]}…"


def _as_text(raw: RawValue) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Trouble(Problem.WRONG_KIND)
    return f"{numbers.from_cell(raw):f}".removesuffix(".0")


def _as_number(raw: RawValue) -> Decimal:
    if isinstance(raw, str):
        return numbers.from_text(raw)
    if isinstance(raw, int | float):
        return numbers.from_cell(raw)
    raise Trouble(Problem.NOT_A_NUMBER)


@dataclass(frozen=True)
class Text:
    """A name or a remark."""

    longest: int = 200
    keeps_lines: bool = False

    def take(self, raw: RawValue, _context: Context) -> str:
        """Give the text, trimmed and composed."""
        return texts.plain_text(_as_text(raw), longest=self.longest, keeps_lines=self.keeps_lines)


@dataclass(frozen=True)
class Family(Text):
    """A family of products; an asterisk stands for all of them and gives None."""

    def take(self, raw: RawValue, context: Context) -> str | None:  # type: ignore[override]
        """Give the family's name, or None for all."""
        name = super().take(raw, context)
        return None if name in ("*", "＊") else name


@dataclass(frozen=True)
class Code:
    """A code whose every character counts; a number in the cell is taken, but noticed for its leading zeros (B22)."""

    longest: int = 40

    def take(self, raw: RawValue, _context: Context) -> str:
        """Give the code in ordinary width."""
        return texts.code(_as_text(raw), longest=self.longest)


@dataclass(frozen=True)
class CustomerCode(Code):
    """The code of a customer that must exist."""

    def take(self, raw: RawValue, context: Context) -> str:
        """Give the code; raises Trouble when it is not known."""
        code = context.known.customer(super().take(raw, context))
        if code is None:
            raise Trouble(Problem.UNKNOWN_CUSTOMER)
        return code


@dataclass(frozen=True)
class ProductCode(Code):
    """The code of a product that must exist."""

    def take(self, raw: RawValue, context: Context) -> str:
        """Give the code; raises Trouble when it is not known."""
        code = context.known.product(super().take(raw, context))
        if code is None:
            raise Trouble(Problem.UNKNOWN_PRODUCT)
        return code


@dataclass(frozen=True)
class Currency:
    """A currency by its code of three letters (ISO 4217); amounts in it need a rate, terms of payment do not."""

    needs_rate: bool = False

    def take(self, raw: RawValue, context: Context) -> str:
        """Give the code; what plants write for the yuan becomes CNY. Raises Trouble for a missing rate."""
        code = texts.code(_as_text(raw), longest=40).upper()
        code = "CNY" if code in _YUAN else code
        known = context.known.currencies
        if code not in CURRENCIES:
            raise Trouble(Problem.UNKNOWN_CURRENCY)
        if self.needs_rate and known is not None and code not in known:
            raise Trouble(Problem.NO_RATE)
        return code


@dataclass(frozen=True)
class Whole:
    """A whole number of something; `unit` names it for the sentence about fractions."""

    unit: str = N_("pieces")
    least: Decimal = Decimal(1)
    most: Decimal = _MOST

    def take(self, raw: RawValue, _context: Context) -> int:
        """Give the number; raises Trouble for fractions and what is out of range."""
        number = _as_number(raw)
        if number == number.to_integral_value() or number < 0:
            numbers.in_range(number, least=self.least, most=self.most, may_be_zero=not self.least)
        return numbers.whole(number, unit=_(self.unit))


@dataclass(frozen=True)
class Amount:
    """A price or a measure with a fixed number of decimal places."""

    places: int = 4
    most: Decimal = _MOST
    may_be_zero: bool = False

    def take(self, raw: RawValue, _context: Context) -> Decimal:
        """Give the exact number; raises Trouble for more places than may be, and what is out of range."""
        number = _as_number(raw)
        numbers.in_range(number, least=Decimal(0), most=self.most, may_be_zero=self.may_be_zero)
        return numbers.rounded(number, self.places)


@dataclass(frozen=True)
class Day:
    """A date."""

    may_be_future: bool = False

    def take(self, raw: RawValue, context: Context) -> date:
        """Give the day; raises Trouble for what is no date, no such date, or ambiguous."""
        if isinstance(raw, datetime):
            day = raw.date()
        elif isinstance(raw, date):
            day = raw
        elif isinstance(raw, str):
            day = days.from_text(raw, day_first=context.day_first)
        elif isinstance(raw, int | float):
            day = days.from_number(raw)
        else:
            raise Trouble(Problem.NOT_A_DATE)
        return days.in_range(day, today=context.today, may_be_future=self.may_be_future)


@dataclass(frozen=True)
class Choice:
    """One of a list, named in any of the three languages."""

    values: Mapping[str, object]
    offered: tuple[str, ...]
    _by_heading: dict[str, object] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Remember the names as they are compared."""
        self._by_heading.update({texts.heading(name): value for name, value in self.values.items()})

    def take(self, raw: RawValue, _context: Context) -> object:
        """Give the value of the name; raises Trouble listing what may stand there."""
        name = raw.value if isinstance(raw, Truth) else _as_text(raw)
        name = texts.heading(name)
        if name not in self._by_heading:
            raise Trouble(Problem.NOT_A_CHOICE, choices=", ".join(self.offered))
        return self._by_heading[name]


@dataclass(frozen=True)
class Words:
    """Several names in one cell, divided by ; , 、 or line breaks; with `of`, each must be one of a list."""

    of: Choice | None = None
    divider: re.Pattern[str] = _PARTS

    def take(self, raw: RawValue, context: Context) -> tuple[object, ...]:
        """Give the names in their order, each once."""
        # The dividers are read in ordinary width, the names are kept as they are.
        parts = [part for part in self.divider.split(_as_text(raw)) if texts.trimmed(part)]
        taken = [self.of.take(part, context) if self.of else texts.plain_text(part, longest=100) for part in parts]
        return tuple(dict.fromkeys(taken))


YES_NO = Choice(
    {
        **dict.fromkeys(("是", "有", "yes", "y", "true", "1", "√", "✓"), True),
        **dict.fromkeys(("否", "无", "無", "no", "n", "false", "0", "×", "-"), False),
    },
    ("是", "否"),
)
