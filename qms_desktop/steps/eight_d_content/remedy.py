"""D4 to D8 of an 8D report: causes, actions, their effect, prevention, returned goods and closure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.steps.eight_d_content.codes import Progress, Verdict

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from qms_desktop.steps.eight_d_content.codes import (
        CauseCategory,
        CauseKind,
        Direction,
        DocumentKind,
        RefusalClass,
        Strength,
    )


@dataclass(frozen=True, kw_only=True)
class Why:
    """One answer of a chain of whys, with its evidence."""

    fact: str
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class RootCause:
    """A verified cause; `share_percent` adds up to 100 in each kind."""

    kind: CauseKind
    code: str
    category: CauseCategory
    title: str
    share_percent: Decimal | None = None
    whys: tuple[Why, ...] = ()
    root: str = ""
    stopped_because: str = ""
    proof: str = ""


@dataclass(frozen=True, kw_only=True)
class CauseCandidate:
    """A potential cause on the fishbone, and what was found out about it."""

    category: CauseCategory
    text: str
    verdict: Verdict = Verdict.POSSIBLE
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RootCauses:
    """D4: the effect at the fishbone's head, the candidates, and the verified causes."""

    effect: str = ""
    candidates: tuple[CauseCandidate, ...] = ()
    causes: tuple[RootCause, ...] = ()
    share_basis: str = ""
    failure_category: str = ""
    change_record: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectiveAction:
    """D5: one action against one or more causes."""

    number: str
    causes: tuple[str, ...]
    action: str
    strength: Strength | None = None
    verified_before: str = ""
    effectiveness_percent: Decimal | None = None
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CorrectiveActions:
    """D5: the chosen actions, and those that were weighed and not chosen."""

    actions: tuple[CorrectiveAction, ...] = ()
    not_chosen: str = ""


@dataclass(frozen=True, kw_only=True)
class Implementation:
    """D6: how one action was introduced, and what the figures say."""

    action_number: str
    introduced_on: date | None = None
    clean_point: str = ""
    evidence: str = ""
    owner: str = ""
    progress: Progress = Progress.OPEN


@dataclass(frozen=True, kw_only=True)
class LotResult:
    """Pieces checked and found defective in one lot; `after` the clean point or before it."""

    lot: str
    pieces_checked: int
    pieces_not_ok: int
    after: bool = False


@dataclass(frozen=True, kw_only=True)
class MeasuredSample:
    """Measured values of pieces, in the unit of the characteristic."""

    label: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True)
class EffectEvidence:
    """Before and after in figures: the lots in order, and a sample of each side against the upper limit."""

    characteristic: str
    unit: str
    upper_limit: Decimal
    clean_point: str
    lots: tuple[LotResult, ...] = ()
    before: MeasuredSample | None = None
    after: MeasuredSample | None = None

    @property
    def pieces_after(self) -> int:
        """Give the pieces checked after the clean point."""
        return sum(lot.pieces_checked for lot in self.lots if lot.after)

    @property
    def not_ok_after(self) -> int:
        """Give the defective pieces found after the clean point."""
        return sum(lot.pieces_not_ok for lot in self.lots if lot.after)

    @property
    def upper_limit_ppm(self) -> int | None:
        """Give the upper 95 % limit of the defect rate by the rule of three; None unless nothing was found."""
        if self.not_ok_after or not self.pieces_after:
            return None
        return round(3_000_000 / self.pieces_after)


@dataclass(frozen=True, kw_only=True)
class Validation:
    """D6: the actions in place, the figures, and the customer's own measure."""

    implementations: tuple[Implementation, ...] = ()
    effect: EffectEvidence | None = None
    period: str = ""
    customer_measure: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentChange:
    """D7: one document and its revisions, or `no_change_because`."""

    kind: DocumentKind
    number: str
    old_revision: str = ""
    new_revision: str = ""
    change: str = ""
    no_change_because: str = ""
    owner: str = ""
    released_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ReadAcross:
    """D7: another product, line, plant, supplier or lot, and what was decided for it."""

    direction: Direction
    target: str
    same: str = ""
    decision: str = ""
    owner: str = ""
    done_on: date | None = None
    progress: Progress = Progress.OPEN


@dataclass(frozen=True, kw_only=True)
class Prevention:
    """D7: documents, read-across and what was learned; training only as a supplement."""

    documents: tuple[DocumentChange, ...] = ()
    read_across: tuple[ReadAcross, ...] = ()
    lessons: str = ""


@dataclass(frozen=True, kw_only=True)
class RefusedUnits:
    """Units of one refusal class and where they went; printed for all four classes, zero too."""

    refusal: RefusalClass
    reason: str = ""
    pieces: int = 0
    treatment: str = ""


@dataclass(frozen=True, kw_only=True)
class TreatedHeap:
    """A heap of accepted units and its final treatment."""

    name: str
    reason: str = ""
    pieces: int = 0
    treatment: str = ""


@dataclass(frozen=True, kw_only=True)
class ReturnedGoods:
    """What became of the goods that came back; the settled pieces are the counted less the refused."""

    rma_line: str
    pieces_declared: int | None = None
    pieces_counted: int | None = None
    receipt_note: str = ""
    refused: tuple[RefusedUnits, ...] = ()
    heaps: tuple[TreatedHeap, ...] = ()
    settlement: str = ""

    @property
    def pieces_refused(self) -> int:
        """Give the pieces refused in all classes."""
        return sum(units.pieces for units in self.refused)

    @property
    def pieces_treated(self) -> int:
        """Give the pieces of all rows of the table, refused and accepted."""
        return self.pieces_refused + sum(heap.pieces for heap in self.heaps)


@dataclass(frozen=True, kw_only=True)
class Closure:
    """D8: what shows that the case is complete."""

    completeness: str = ""
    result: str = ""
    recognition: str = ""
    customer_satisfaction: str = ""
    effect_watch: str = ""
