"""What the return analysis sheet (退货分析处理单, 004-J) says: the lines, the settlement and the seven signatures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.i18n import N_
from qms_desktop.rules.money import round_cent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

# 责任划分代号 (004-J): who is responsible for the defect.
RESPONSIBILITIES = {
    1: N_("customer"),
    2: N_("supplier"),
    3: N_("manufacturing"),
    4: N_("after-sales"),
    5: N_("material control"),
    6: N_("transport"),
    7: N_("design"),
    8: N_("sales"),
    9: N_("other"),
}

# The seven places in the order of 004-J; the return team signs twice.
SIGNATURE_PLACES = (
    N_("Sales clerk"),
    N_("Return team"),
    N_("Quality inspector"),
    N_("Head of sales"),
    N_("After-sales"),
    N_("Planning and material control"),
    N_("Return team (closing)"),
)

EQUAL_VALUE_GOODS = N_("equal-value goods")
OFF_RECEIVABLES = N_("deducted from receivables")
PAID_OUT = N_("paid out")
CREDIT_NOTE = N_("credit note")


@dataclass(frozen=True)
class ClaimSheetLine:
    """One product and responsibility: what came back, why, and what of its price is refunded.

    `unit_price` is in the sheet's currency; `refund_ratio` is from 0 to 1. A line with a `refusal_code` (R1-R4) holds
    pieces that do not count for the settlement.
    """

    product: str
    model: str
    lot: str
    ex_factory: date | None
    pieces: int
    unit: str
    unit_price: Decimal
    stated_reason: str
    final_cause: str
    responsibility_code: int | None
    disposition: str
    refund_ratio: Decimal
    refusal_code: str = ""

    @property
    def total(self) -> Decimal:
        """Give pieces times price, half up to the cent."""
        return round_cent(self.pieces * self.unit_price)

    @property
    def refund(self) -> Decimal:
        """Give what the customer gets for this line, half up to the cent."""
        return round_cent(self.total * self.refund_ratio)


@dataclass(frozen=True)
class SettlementPart:
    """One way in which the refund is given: `name` is a source text, `reference` an order, voucher or invoice."""

    name: str
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True)
class SignaturePlace:
    """A place for a signature; `place` is a source text, and without `signed_at` it is still empty."""

    place: str
    name: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True)
class ReturnAnalysisSheet:
    """The whole sheet of one claim.

    `settlements` are the customer's; what a supplier is charged stands beside them. `approval` holds the signatures
    that the authority table asks for, `approval_reason` says why. Moments are aware, `zone` is the site's.
    """

    company: str
    form_number: str
    customer: str
    customer_number: str
    day: date
    claim_number: str
    rma_number: str
    lines: tuple[ClaimSheetLine, ...]
    signatures: tuple[SignaturePlace, ...]
    printed_at: datetime
    zone: str
    settlements: tuple[SettlementPart, ...] = ()
    charged_to_supplier: Decimal = Decimal(0)
    approval: tuple[SignaturePlace, ...] = ()
    approval_reason: str = ""
    notes: tuple[str, ...] = ()
    currency: str = "CNY"
    tax_percent: Decimal | None = None

    @property
    def pieces(self) -> int:
        """Give all pieces on the sheet, the refused ones too."""
        return sum(line.pieces for line in self.lines)

    @property
    def total(self) -> Decimal:
        """Give the selling price of all lines."""
        return _sum(line.total for line in self.lines)

    @property
    def refund(self) -> Decimal:
        """Give what the customer gets back in all."""
        return _sum(line.refund for line in self.lines)

    @property
    def not_settled_yet(self) -> Decimal:
        """Give the part of the refund that no settlement covers; negative when more was settled than is owed."""
        return self.refund - _sum(part.amount for part in self.settlements)

    @property
    def refused_pieces(self) -> tuple[tuple[str, int], ...]:
        """Give the refused pieces by class, R1 to R4; a refused line that is paid out of goodwill is none."""
        refused: dict[str, int] = {}
        for line in self.lines:
            if line.refusal_code and not line.refund_ratio:
                refused[line.refusal_code] = refused.get(line.refusal_code, 0) + line.pieces
        return tuple(sorted(refused.items()))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, start=Decimal(0))
