"""Statistics: the returns of a month for the managers, and the tracking table of complaints (004-C §9; 003-A §5.4).

What came back counts in the month in which its count was signed. Recognised is what was not refused (003-O §4.1; good
pieces of a confirmed bad lot are settled, domain.md §16). A reason is the defect that was judged.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import action, reading
from qms_desktop.db import audit
from qms_desktop.db.bulk import collected_later, tuples
from qms_desktop.db.claim_execution import ClaimChargeBack
from qms_desktop.db.foundation import DatabaseKind, Signature
from qms_desktop.db.inspection import Inspection
from qms_desktop.db.master_data import Person, ShipmentLine
from qms_desktop.db.quality_cost import CostClass, CostEntry
from qms_desktop.db.receipt import Receipt, ReceiptLine
from qms_desktop.db.record import among, now
from qms_desktop.db.rework import OrderReport
from qms_desktop.db.rework_effort import MaterialUse, WorkTime
from qms_desktop.db.rma import RmaLine
from qms_desktop.db.sorting import RoundOrigin, SortingRound
from qms_desktop.db.sorting_disposition import Disposition
from qms_desktop.db.statistics import MONTH_CLOSED_ONCE, MonthClose
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps.claim_sheet import SignaturePlace
from qms_desktop.steps.quality_cost import CLASS_WORDS
from qms_desktop.steps.quality_cost_lines import LOST_WORDS, CostLine, lines_of
from qms_desktop.steps.statistics_measures import Measure, measures_of
from qms_desktop.steps.statistics_monthly import MonthlyCost, MonthlyReason, MonthlyReturns
from qms_desktop.steps.statistics_returned import (
    Month,
    Returned,
    came_back_in,
    month_before,
    month_of,
    reason_of_round,
    returned_in,
)
from qms_desktop.steps.statistics_tracking import tracking

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.session import Session

FORM_NUMBER = "QMS-004-C-9"
PREPARED, REVIEWED, APPROVED = N_("Prepared by"), N_("Reviewed by"), N_("Approved by")
OTHER = N_("Other")
NOT_OURS = N_("{pieces} pieces were refused (R1 to R4) and do not count as recognised.")
NOT_SORTED = N_("{pieces} pieces are not sorted yet and count as recognised until they are.")
NOT_OVER = N_("This month is not over. Close it when it is.")
# 004-C §9: who gets a copy.
COPIES = (
    N_("General manager"),
    N_("Deputy general manager"),
    N_("Management representative"),
    N_("Technical department"),
    N_("Sales department"),
    N_("Production department"),
)
NOTHING = Returned(pieces=0, refused=0, unsorted=0)


@reading(Permission.REPORT_MONTHLY)
@collected_later()
def monthly(session: Session, *, year: int, month: int, is_printed: bool = True) -> MonthlyReturns:
    """Give the returns of one month: reasons, top five, check line, PPM, cost, and in print the anchor (004-C §9).

    Raises InvalidInput for a month that does not exist, and for a rate that is missing in the cost.
    """
    this = month_of(year, month)
    before = month_before(this)
    returned, earlier = returned_in(this), returned_in(before)
    lines = _cost_of(this, before)
    moment = now()
    return MonthlyReturns(
        company=DatabaseKind.get().plant,
        form_number=FORM_NUMBER,
        year=year,
        month=month,
        reasons=_reasons(this, returned, earlier, [line for line in lines if this.holds(line.day)]),
        pieces_in_details=_pieces_in_details(this),
        pieces_returned=_pieces_returned(returned),
        pieces_shipped=_pieces_shipped(this),
        pieces_returned_last_month=_pieces_returned(earlier),
        pieces_shipped_last_month=_pieces_shipped(before),
        signatures=_signatures(this),
        printed_at=moment,
        zone=plant_zone().key,
        distribution=COPIES,
        costs=_costs(lines, this, before),
        notes=_notes(returned),
        audit_anchor=_anchor(moment) if is_printed and session.may(Permission.READ_AUDIT) else "",
    )


def _pieces_returned(returned: dict[str, Returned]) -> int:
    return sum(one.pieces for one in returned.values())


def _pieces_in_details(month: Month) -> int:
    """Count the recognised pieces from signed counts and refusing dispositions, apart from the rounds' totals."""
    signed = Signature.select(Signature.record_id).where(
        (Signature.kind == "receipt")
        & (Signature.meaning == Meaning.ACCEPT_COUNT)
        & (Signature.created_at >= month.begins)
        & (Signature.created_at < month.ends)
    )
    counted = ReceiptLine.select(fn.COALESCE(fn.SUM(ReceiptLine.pieces_agreed), 0)).join(Receipt)
    received = int(counted.where(Receipt.id.in_(signed)).scalar())
    rounds = SortingRound.select(SortingRound.id).where(came_back_in(month))
    stayed = RmaLine.select(fn.COALESCE(fn.SUM(RmaLine.pieces_agreed), 0)).where(
        RmaLine.id.in_(
            SortingRound.select(SortingRound.rma_line).where(
                SortingRound.id.in_(rounds) & (SortingRound.origin == RoundOrigin.NON_PHYSICAL)
            )
        )
    )
    refused = Disposition.select(fn.COALESCE(fn.SUM(Disposition.pieces), 0)).where(
        Disposition.round.in_(rounds) & Disposition.refusal_reason.is_null(is_null=False)
    )
    return received + int(stayed.scalar()) - int(refused.scalar())


def _pieces_shipped(month: Month) -> int:
    shipped = ShipmentLine.select(fn.COALESCE(fn.SUM(ShipmentLine.pieces_shipped), 0))
    return int(
        shipped.where((ShipmentLine.shipped_on >= month.first) & (ShipmentLine.shipped_on <= month.last)).scalar()
    )


def _reasons(
    month: Month, returned: dict[str, Returned], earlier: dict[str, Returned], lines: list[CostLine]
) -> tuple[MonthlyReason, ...]:
    losses = _losses(lines)
    measures = measures_of(month, moment=now())
    return tuple(
        MonthlyReason(
            reason=name or _(OTHER),
            cases=measures.get(name, Measure()).cases,
            pieces=returned.get(name, NOTHING).recognised,
            pieces_last_month=earlier.get(name, NOTHING).recognised,
            loss=losses.get(name, Decimal(0)),
            measure=measures.get(name, Measure()).text,
            measure_overdue=measures.get(name, Measure()).is_overdue,
            collective=not name,
        )
        for name in sorted({*returned, *earlier, *measures, *losses})
    )


def _losses(lines: list[CostLine]) -> dict[str, Decimal]:
    """Add the cost of a month up by reason; what belongs to no line goes to the case's reason with most pieces."""
    rounds = (
        SortingRound.select(SortingRound.case, SortingRound.rma_line, reason_of_round())
        .where(among(SortingRound.case, {line.case_id for line in lines}) & (SortingRound.number == 1))
        .order_by(SortingRound.pieces, SortingRound.id)
    )
    by_line, main = {}, {}
    for case_id, rma_line_id, reason in tuples(rounds):
        by_line[rma_line_id] = main[case_id] = reason
    by_line.pop(None, None)
    losses: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        losses[by_line.get(line.rma_line_id, main.get(line.case_id, ""))] += line.amount
    return losses


def _cost_of(this: Month, before: Month) -> list[CostLine]:
    """Give the lines of all cases that have cost in one of two months that follow each other."""
    happened = (
        (Disposition, Disposition.created_at, Disposition.kind.in_(list(LOST_WORDS))),
        (Inspection, Inspection.created_at, Inspection.pieces_scrapped > 0),
        (MaterialUse, MaterialUse.created_at, True),
        (OrderReport, OrderReport.created_at, True),
        (ClaimChargeBack, ClaimChargeBack.created_at, True),
        (WorkTime, WorkTime.started_at, True),
    )
    cases: set[int] = set()
    for model, moment, costs in happened:
        in_time = (moment >= before.begins) & (moment < this.ends)
        cases |= {case_id for (case_id,) in tuples(model.select(model.case).where(in_time & costs))}
    entries = CostEntry.select(CostEntry.case).where(
        (CostEntry.happened_on >= before.first) & (CostEntry.happened_on <= this.last)
    )
    cases |= {case_id for (case_id,) in tuples(entries)}
    approved = Signature.select(Signature.case_id).where(
        (Signature.kind == "claim") & (Signature.created_at >= before.begins) & (Signature.created_at < this.ends)
    )
    cases |= {case_id for (case_id,) in tuples(approved) if case_id}
    return lines_of(cases)


def _costs(lines: list[CostLine], this: Month, before: Month) -> tuple[MonthlyCost, ...]:
    def amount(cost_class: CostClass, month: Month) -> Decimal:
        chosen = (line.amount for line in lines if line.cost_class is cost_class and month.holds(line.day))
        return sum(chosen, start=Decimal(0))

    made = (MonthlyCost(CLASS_WORDS[one], amount(one, this), amount(one, before)) for one in CostClass)
    return tuple(cost for cost in made if cost.amount or cost.amount_last_month)


def _notes(returned: dict[str, Returned]) -> tuple[str, ...]:
    refused = sum(one.refused for one in returned.values())
    waiting = sum(one.unsorted for one in returned.values())
    notes = [_(NOT_OURS).format(pieces=refused)] if refused else []
    return (*notes, *([_(NOT_SORTED).format(pieces=waiting)] if waiting else []))


def _signatures(month: Month) -> tuple[SignaturePlace, ...]:
    closed = MonthClose.get_or_none(MonthClose.first_day == month.first)
    if closed is None:
        return (SignaturePlace(PREPARED), SignaturePlace(REVIEWED), SignaturePlace(APPROVED))
    name = Person.get(Person.login == closed.created_by).name
    return (SignaturePlace(PREPARED, name, closed.created_at), SignaturePlace(REVIEWED), SignaturePlace(APPROVED))


def _anchor(moment: datetime) -> str:
    """Give the digest of all chain heads: with the paper it stands outside the database (database.md §2)."""
    heads = "\n".join(f"{head.chain} {head.position} {head.hash}" for head in audit.chain_heads())
    local = moment.astimezone(plant_zone())
    return f"{hashlib.sha256(heads.encode()).hexdigest()} · {local:%Y-%m-%d %H:%M}"


@action(Permission.REPORT_CLOSE)
def close_month(session: Session, *, year: int, month: int) -> int:
    """Close a month that is over: its figures and the anchor are kept, and it takes no more cost (domain.md §16)."""
    this = month_of(year, month)
    moment = now()
    if moment < this.ends:
        raise InvalidInput(NOT_OVER, field="month")
    if MonthClose.select().where(MonthClose.first_day == this.first).exists():
        MONTH_CLOSED_ONCE.refuse()
    returned = returned_in(this)
    made = MonthClose.create(
        first_day=this.first,
        last_day=this.last,
        pieces_returned=_pieces_returned(returned),
        pieces_recognised=sum(one.recognised for one in returned.values()),
        anchor=_anchor(moment),
    )
    return int(made.id)


__all__ = ["Month", "close_month", "month_of", "monthly", "tracking"]
