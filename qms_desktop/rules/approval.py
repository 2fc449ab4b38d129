"""Who must sign a return or a claim, by market, pieces and amount; 003-A §5.7 (domain.md §4.1).

"More than" is strict: exactly 100 or 200 pieces, 5,000 or 10,000 do not reach the higher step; 1,000 and 100,000 of a
foreign return belong to the middle one; what goes abroad through an export trader is foreign (003-A §6.6). Amounts are
in CNY with tax, compared in whole cents as they are printed; foreign ones are converted before they come here.
The starting table is resources/rules/approval_rules.csv; it serves returns and claims alike (C13).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from qms_desktop import files
from qms_desktop.db.master_data import Market
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Role
from qms_desktop.rules.money import round_cent

if TYPE_CHECKING:
    from collections.abc import Iterable


class Subject(StrEnum):
    """What is to be approved: the return at the RMA (gross figures) or the claim (net figures)."""

    RMA = "RMA"
    CLAIM = "CLAIM"


class Metric(StrEnum):
    """Which figure a limit looks at."""

    NONE = "NONE"
    PIECES = "PIECES"
    AMOUNT = "AMOUNT"


class Operator(StrEnum):
    """How the figure is compared with the limit."""

    ALWAYS = "ALWAYS"
    LESS_THAN = "LESS_THAN"
    AT_LEAST = "AT_LEAST"
    MORE_THAN = "MORE_THAN"


class ApprovalLevel(StrEnum):
    """The steps of the table, named after the one who approves."""

    SALES_REVIEW = "SALES_REVIEW"
    SALES_MANAGER = "SALES_MANAGER"
    SALES_VP = "SALES_VP"
    GENERAL_MANAGER = "GENERAL_MANAGER"


LEVEL_NAMES = {
    ApprovalLevel.SALES_REVIEW: N_("Sales review"),
    ApprovalLevel.SALES_MANAGER: N_("Sales manager"),
    ApprovalLevel.SALES_VP: N_("Vice president of sales"),
    ApprovalLevel.GENERAL_MANAGER: N_("General manager"),
}


class ApprovalMeaning(StrEnum):
    """What a signature of the table says."""

    DISCUSSED = "DISCUSSED"
    APPROVED = "APPROVED"
    SIGNED_OUTWARD = "SIGNED_OUTWARD"


_REASONS = {
    (Metric.PIECES, Operator.MORE_THAN): N_("{pieces:,} pieces are more than {limit:,}"),
    (Metric.AMOUNT, Operator.MORE_THAN): N_("CNY {amount:,.2f} is more than {limit:,}"),
    (Metric.AMOUNT, Operator.AT_LEAST): N_("CNY {amount:,.2f} is {limit:,} or more"),
    (Metric.AMOUNT, Operator.LESS_THAN): N_("CNY {amount:,.2f} is less than {limit:,}"),
}
_NO_LIMIT_REACHED = N_("No limit is reached: {pieces:,} pieces, CNY {amount:,.2f}. The sales review is recorded.")


@dataclass(frozen=True)
class ApprovalRule:
    """One row of the approval table; of the rows whose limit is reached, those of the highest rank count."""

    id: str
    market: Market
    subjects: frozenset[Subject]
    rank: int
    metric: Metric
    operator: Operator
    limit: Decimal
    level: ApprovalLevel
    discussed_by: tuple[Role, ...]
    approved_by: tuple[Role, ...]
    outward_signer: Role
    source: str

    def is_reached_by(self, *, pieces: int, amount_with_tax_cny: Decimal) -> bool:
        """Tell whether the figures reach this row's limit."""
        figure = Decimal(pieces) if self.metric is Metric.PIECES else amount_with_tax_cny
        match self.operator:
            case Operator.ALWAYS:
                return True
            case Operator.LESS_THAN:
                return figure < self.limit
            case Operator.AT_LEAST:
                return figure >= self.limit
            case Operator.MORE_THAN:
                return figure > self.limit


@dataclass(frozen=True)
class ApprovalReason:
    """Why a row of the table counts: its id, a template to translate, and the figures that go into it."""

    row_id: str
    template: str
    pieces: int
    amount: Decimal
    limit: Decimal
    together_with: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Give the reason in the current language."""
        reason = _(self.template).format(pieces=self.pieces, amount=self.amount, limit=self.limit)
        if not self.together_with:
            return reason
        numbers = _(", ").join(self.together_with)
        return _("{reason}, counted together with {numbers}").format(reason=reason, numbers=numbers)


@dataclass(frozen=True)
class NeededSignature:
    """One signature that the table asks for."""

    role: Role
    meaning: ApprovalMeaning


@dataclass(frozen=True)
class ApprovalNeed:
    """What the table asks for: the level, the signatures in their order, and why.

    `signatures` is empty when no limit is reached: then the sales review is recorded and nobody signs on top (C14).
    """

    level: ApprovalLevel
    signatures: tuple[NeededSignature, ...]
    outward_signer: Role
    reasons: tuple[ApprovalReason, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        """Give the roles that must sign, each once, in the order of their first signature."""
        return tuple(dict.fromkeys(signature.role for signature in self.signatures))

    @property
    def row_ids(self) -> tuple[str, ...]:
        """Name the rows of the table that set this level."""
        return tuple(reason.row_id for reason in self.reasons)


@cache
def starting_rules() -> tuple[ApprovalRule, ...]:
    """Read the table that a new database starts with."""
    with (files.resources() / "rules" / "approval_rules.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(_rule(row) for row in csv.DictReader(rows))


def _rule(row: dict[str, str]) -> ApprovalRule:
    return ApprovalRule(
        id=row["id"],
        market=Market(row["market"]),
        subjects=frozenset(Subject(name) for name in row["subjects"].split()),
        rank=int(row["rank"]),
        metric=Metric(row["metric"]),
        operator=Operator(row["operator"]),
        limit=Decimal(row["limit"] or "0"),
        level=ApprovalLevel(row["level"]),
        discussed_by=tuple(Role(name) for name in row["discussed_by"].split()),
        approved_by=tuple(Role(name) for name in row["approved_by"].split()),
        outward_signer=Role(row["outward_signer"]),
        source=row["source"],
    )


def signers_needed(
    market: Market,
    *,
    pieces: int,
    amount_with_tax_cny: Decimal,
    subject: Subject = Subject.RMA,
    rules: Iterable[ApprovalRule] | None = None,
    together_with: tuple[str, ...] = (),
) -> ApprovalNeed:
    """Say who must sign one return or claim; `rules` are the plant's own rows, else the starting table.

    Pieces and amount are those of the whole return; `together_with` names the other RMAs or claims of it, if any.

    Raises InvalidInput for negative pieces and for an amount that is negative or no number, ValueError for a table
    that has no row for these figures.
    """
    if pieces < 0:
        raise InvalidInput(N_("The number of pieces cannot be negative ({pieces})."), field="pieces", pieces=pieces)
    if not amount_with_tax_cny.is_finite() or amount_with_tax_cny < 0:
        raise InvalidInput(
            N_("The amount must be a number and not negative ({amount})."), field="amount", amount=amount_with_tax_cny
        )
    amount = round_cent(amount_with_tax_cny)
    reached = [
        rule
        for rule in (starting_rules() if rules is None else rules)
        if rule.market is market
        and subject in rule.subjects
        and rule.is_reached_by(pieces=pieces, amount_with_tax_cny=amount)
    ]
    if not reached:
        message = f"the approval table has no row for {market}, {subject}, {pieces} pieces, {amount}"
        raise ValueError(message)
    highest = max(rule.rank for rule in reached)
    decisive = [rule for rule in reached if rule.rank == highest]
    return ApprovalNeed(
        level=decisive[0].level,
        signatures=_signatures(decisive[0]),
        outward_signer=decisive[0].outward_signer,
        reasons=tuple(_reason(rule, pieces, amount, together_with) for rule in decisive),
    )


def _signatures(rule: ApprovalRule) -> tuple[NeededSignature, ...]:
    """Put a row's signatures in order: those who discuss, those who approve, then the outward one if it is another."""
    signatures = [NeededSignature(role, ApprovalMeaning.DISCUSSED) for role in rule.discussed_by]
    signatures += [NeededSignature(role, ApprovalMeaning.APPROVED) for role in rule.approved_by]
    if rule.approved_by and rule.outward_signer not in rule.approved_by:
        signatures.append(NeededSignature(rule.outward_signer, ApprovalMeaning.SIGNED_OUTWARD))
    return tuple(signatures)


def _reason(rule: ApprovalRule, pieces: int, amount: Decimal, together_with: tuple[str, ...]) -> ApprovalReason:
    template = _REASONS.get((rule.metric, rule.operator), _NO_LIMIT_REACHED)
    return ApprovalReason(
        row_id=rule.id,
        template=template,
        pieces=pieces,
        amount=amount,
        limit=rule.limit,
        together_with=together_with,
    )
