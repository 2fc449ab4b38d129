"""What the monthly return statistics (顾客退货月统计表, 004-C §9) say: reasons, top five, check line and cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.steps.claim_sheet import SignaturePlace

MILLION = 1_000_000


@dataclass(frozen=True)
class MonthlyReason:
    """One reason of return in the month; pieces are the recognised ones (003-O §4.1), `loss` is in the currency.

    `collective` marks the heap of all other reasons: it stands last and takes no place among the top five. `measure`
    says what is done about it, and `measure_overdue` that this is late.
    """

    reason: str
    cases: int
    pieces: int
    pieces_last_month: int
    loss: Decimal
    measure: str = ""
    measure_overdue: bool = False
    collective: bool = False


@dataclass(frozen=True)
class MonthlyCost:
    """External failure cost of the month in one class; `name` is a source text."""

    name: str
    amount: Decimal
    amount_last_month: Decimal


@dataclass(frozen=True)
class RankedReason:
    """A reason among the top five; equals share a place."""

    place: int
    reason: MonthlyReason


@dataclass(frozen=True)
class MonthlyReturns:
    """The returns of one month.

    `pieces_in_details` is counted from the single returns, apart from the table, so that the two can be compared.
    `pieces_returned` is everything that came back, `pieces_shipped` the denominator of the PPM. `audit_anchor` is the
    digest of the audit chains, printed so that it exists outside the database. Moments are aware.
    """

    company: str
    form_number: str
    year: int
    month: int
    reasons: tuple[MonthlyReason, ...]
    pieces_in_details: int
    pieces_returned: int
    pieces_shipped: int
    signatures: tuple[SignaturePlace, ...]
    printed_at: datetime
    zone: str
    distribution: tuple[str, ...] = ()
    costs: tuple[MonthlyCost, ...] = ()
    notes: tuple[str, ...] = ()
    audit_anchor: str = ""
    pieces_returned_last_month: int = 0
    pieces_shipped_last_month: int = 0
    currency: str = "CNY"
    top_n: int = 5

    @property
    def pareto(self) -> tuple[MonthlyReason, ...]:
        """Give the reasons by pieces, most first, the heap of all others last."""
        return tuple(sorted(self.reasons, key=lambda reason: (reason.collective, -reason.pieces, -reason.cases)))

    @property
    def cases(self) -> int:
        """Give the number of returns in the table."""
        return sum(reason.cases for reason in self.reasons)

    @property
    def pieces(self) -> int:
        """Give the recognised pieces in the table."""
        return sum(reason.pieces for reason in self.reasons)

    @property
    def loss(self) -> Decimal:
        """Give the loss of all reasons together."""
        return sum((reason.loss for reason in self.reasons), start=Decimal(0))

    @property
    def cumulative_pieces(self) -> tuple[int, ...]:
        """Give the running sum of pieces down the table."""
        return tuple(accumulate(reason.pieces for reason in self.pareto))

    @property
    def top(self) -> tuple[RankedReason, ...]:
        """Give the top reasons by number of cases; those equal to the last place are all in (C31)."""
        ranked = sorted(
            (reason for reason in self.reasons if reason.cases and not reason.collective),
            key=lambda reason: (-reason.cases, -reason.pieces),
        )
        places = [1 + sum(other.cases > reason.cases for other in ranked) for reason in ranked]
        return tuple(
            RankedReason(place, reason) for place, reason in zip(places, ranked, strict=True) if place <= self.top_n
        )

    def ppm(self, pieces: int) -> int | None:
        """Give pieces per million shipped, half up; None when nothing was shipped."""
        return _ppm(pieces, self.pieces_shipped)

    @property
    def ppm_last_month(self) -> int | None:
        """Give the recognised pieces per million shipped of the month before."""
        recognised = sum(reason.pieces_last_month for reason in self.reasons)
        return _ppm(recognised, self.pieces_shipped_last_month)


def _ppm(pieces: int, shipped: int) -> int | None:
    if not shipped:
        return None
    return int((Decimal(pieces * MILLION) / shipped).quantize(Decimal(1), ROUND_HALF_UP))
