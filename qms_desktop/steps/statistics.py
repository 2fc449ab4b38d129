"""Statistics: the returns of a month for the managers, and the tracking table of complaints (004-C §9; 003-A §5.4).

What came back counts in the month in which its count was signed. Recognised is what was not refused (003-O §4.1; good
pieces of a confirmed bad lot are settled, domain.md §16). A reason is the defect that was judged.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import action, reading
from qms_desktop.db import audit
from qms_desktop.db.claim_execution import ClaimChargeBack
from qms_desktop.db.complaint import Complaint, ComplaintLine
from qms_desktop.db.foundation import DatabaseKind, Signature
from qms_desktop.db.inspection import Inspection
from qms_desktop.db.master_data import DefectCode, Person, ShipmentLine
from qms_desktop.db.quality_cost import CostClass, CostEntry
from qms_desktop.db.receipt import Receipt, ReceiptLine
from qms_desktop.db.record import now
from qms_desktop.db.rework import OrderReport
from qms_desktop.db.rework_effort import MaterialUse, WorkTime
from qms_desktop.db.rma import RmaLine
from qms_desktop.db.sorting import REFUSED, Judgement, RoundOrigin, RoundState, SortingRound
from qms_desktop.db.sorting_disposition import Disposition
from qms_desktop.db.statistics import MONTH_CLOSED_ONCE, MonthClose
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps.claim_sheet import SignaturePlace
from qms_desktop.steps.quality_cost import CLASS_WORDS
from qms_desktop.steps.quality_cost_lines import CostLine, lines_of
from qms_desktop.steps.statistics_measures import Measure, measures_of
from qms_desktop.steps.statistics_monthly import MonthlyCost, MonthlyReason, MonthlyReturns
from qms_desktop.steps.statistics_tracking import tracking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qms_desktop.db.case import CaseEvent
    from qms_desktop.session import Session

FORM_NUMBER = "QMS-004-C-9"
PREPARED, REVIEWED, APPROVED = N_("Prepared by"), N_("Reviewed by"), N_("Approved by")
OTHER = N_("Other")
NOT_OURS = N_("{pieces} pieces were refused (R1 to R4) and do not count as recognised.")
NOT_SORTED = N_("{pieces} pieces are not sorted yet and count as recognised until they are.")
NO_MONTH = N_("Choose a month from 1 to 12.")
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
DECEMBER = 12


@dataclass(frozen=True)
class Month:
    """A month of the plant: its first and last day, and the moments between which it lies."""

    first: date
    last: date
    begins: datetime
    ends: datetime

    def holds(self, day: date) -> bool:
        """Tell whether a day is in the month."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class _Returned:
    """What came back of one line in a month: its case, reason, pieces, and how many of them were refused."""

    case_id: int
    rma_line_id: int | None
    reason: str
    pieces: int
    refused: int
    is_sorted: bool

    @property
    def recognised(self) -> int:
        return self.pieces - self.refused


def month_of(year: int, month: int) -> Month:
    """Give a month in the plant's own time; raises InvalidInput for a month that does not exist."""
    if not 1 <= month <= DECEMBER or year < 1:
        raise InvalidInput(NO_MONTH, field="month")
    zone = plant_zone()
    first = date(year, month, 1)
    after = date(year + month // DECEMBER, month % DECEMBER + 1, 1)
    begins, ends = (datetime.combine(day, time(), tzinfo=zone) for day in (first, after))
    return Month(first, after - timedelta(days=1), begins, ends)


def _month_before(month: Month) -> Month:
    earlier = month.first - timedelta(days=1)
    return month_of(earlier.year, earlier.month)


@reading(Permission.REPORT_MONTHLY)
def monthly(session: Session, *, year: int, month: int) -> MonthlyReturns:
    """Give the returns of one month: reasons, top five, check line, PPM, cost, and the anchor (004-C §9).

    Raises InvalidInput for a month that does not exist, and for a rate that is missing in the cost.
    """
    this = month_of(year, month)
    before = _month_before(this)
    returned, earlier = _returned_in(this), _returned_in(before)
    lines = _cost_of(this, before)
    moment = now()
    return MonthlyReturns(
        company=DatabaseKind.get().plant,
        form_number=FORM_NUMBER,
        year=year,
        month=month,
        reasons=_reasons(this, returned, earlier, [line for line in lines if this.holds(line.day)]),
        pieces_in_details=_pieces_in_details(this),
        pieces_returned=sum(one.pieces for one in returned),
        pieces_shipped=_pieces_shipped(this),
        signatures=_signatures(this),
        printed_at=moment,
        zone=plant_zone().key,
        distribution=COPIES,
        costs=_costs(lines, this, before),
        notes=_notes(returned),
        audit_anchor=_anchor(moment) if session.may(Permission.READ_AUDIT) else "",
    )


def _returned_in(month: Month) -> list[_Returned]:
    """Give what came back in a month, line by line: the first rounds begin when the count is signed."""
    rounds = list(
        SortingRound.select().where(
            (SortingRound.number == 1)
            & (SortingRound.created_at >= month.begins)
            & (SortingRound.created_at < month.ends)
        )
    )
    reasons = _reasons_of(rounds)
    refused = _refused_of(rounds)
    return [
        _Returned(
            case_id=goods.case_id,
            rma_line_id=goods.rma_line_id,
            reason=reasons[goods.id],
            pieces=goods.pieces,
            refused=refused[goods.id],
            is_sorted=goods.state is RoundState.DONE,
        )
        for goods in rounds
    ]


def _refused_of(rounds: Iterable[SortingRound]) -> dict[int, int]:
    return {goods.id: sum(getattr(goods, column) for column in REFUSED.values()) for goods in rounds}


def _reasons_of(rounds: list[SortingRound]) -> dict[int, str]:
    """Name the reason of each round: the defect that was judged, else the one that the RMA names."""
    ids = [goods.id for goods in rounds] or [0]
    judged = Judgement.select(Judgement.round, DefectCode.name.alias("defect_name")).join(DefectCode).objects()
    judged = judged.where(Judgement.round.in_(ids)).order_by(Judgement.id)
    names = {row.round_id: row.defect_name for row in judged}
    told = RmaLine.select(RmaLine.id, DefectCode.name.alias("defect_name")).join(DefectCode).objects()
    lines = told.where(RmaLine.id.in_([goods.rma_line_id or 0 for goods in rounds] or [0]))
    announced = {line.id: line.defect_name for line in lines}
    return {goods.id: names.get(goods.id) or announced.get(goods.rma_line_id or 0, "") for goods in rounds}


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
    rounds = SortingRound.select(SortingRound.id).where(
        (SortingRound.number == 1) & (SortingRound.created_at >= month.begins) & (SortingRound.created_at < month.ends)
    )
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


def _cases_by_reason(month: Month, returned: list[_Returned]) -> dict[str, set[int]]:
    """Give the cases of each reason: what came back, and what was complained of, in the month (003-A §6.10.1)."""
    cases: dict[str, set[int]] = defaultdict(set)
    for one in returned:
        cases[one.reason].add(one.case_id)
    complained = (
        ComplaintLine.select(ComplaintLine.case, DefectCode.name.alias("defect_name"))
        .join(Complaint)
        .switch(ComplaintLine)
        .join(DefectCode)
        .where((Complaint.received_at >= month.begins) & (Complaint.received_at < month.ends))
        .objects()
    )
    for line in complained:
        cases[line.defect_name].add(line.case_id)
    return cases


def _reasons(
    month: Month, returned: list[_Returned], earlier: list[_Returned], lines: list[CostLine]
) -> tuple[MonthlyReason, ...]:
    cases = _cases_by_reason(month, returned)
    losses = _losses(lines)
    names = {one.reason for one in (*returned, *earlier)} | set(cases) | set(losses)
    measures = measures_of(cases, moment=now())
    return tuple(
        MonthlyReason(
            reason=name or _(OTHER),
            cases=len(cases.get(name, ())),
            pieces=sum(one.recognised for one in returned if one.reason == name),
            pieces_last_month=sum(one.recognised for one in earlier if one.reason == name),
            loss=losses.get(name, Decimal(0)),
            measure=measures.get(name, Measure()).text,
            measure_overdue=measures.get(name, Measure()).is_overdue,
            collective=not name,
        )
        for name in sorted(names)
    )


def _losses(lines: list[CostLine]) -> dict[str, Decimal]:
    """Add the cost of a month up by reason; what belongs to no line goes to the case's reason with most pieces."""
    cases = {line.case_id for line in lines} or {0}
    rounds = list(SortingRound.select().where(SortingRound.case.in_(list(cases)) & (SortingRound.number == 1)))
    reasons = _reasons_of(rounds)
    by_line = {goods.rma_line_id: reasons[goods.id] for goods in rounds if goods.rma_line_id}
    main: dict[int, str] = {}
    for goods in sorted(rounds, key=lambda goods: goods.pieces):
        main[goods.case_id] = reasons[goods.id]
    losses: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        losses[by_line.get(line.rma_line_id, main.get(line.case_id, ""))] += line.amount
    return losses


def _cost_of(this: Month, before: Month) -> list[CostLine]:
    """Give the lines of all cases that have cost in one of two months that follow each other."""
    booked: tuple[type[CaseEvent], ...] = (Disposition, Inspection, MaterialUse, OrderReport, ClaimChargeBack)
    cases: set[int] = set()
    for model in booked:
        in_time = (model.created_at >= before.begins) & (model.created_at < this.ends)
        cases |= {row.case_id for row in model.select(model.case).where(in_time).distinct()}
    in_time = (WorkTime.started_at >= before.begins) & (WorkTime.started_at < this.ends)
    cases |= {row.case_id for row in WorkTime.select(WorkTime.case).where(in_time).distinct()}
    entries = CostEntry.select(CostEntry.case).where(
        (CostEntry.happened_on >= before.first) & (CostEntry.happened_on <= this.last)
    )
    cases |= {row.case_id for row in entries}
    approved = Signature.select(Signature.case_id).where(
        (Signature.kind == "claim") & (Signature.created_at >= before.begins) & (Signature.created_at < this.ends)
    )
    cases |= {row.case_id for row in approved if row.case_id}
    return lines_of(cases)


def _costs(lines: list[CostLine], this: Month, before: Month) -> tuple[MonthlyCost, ...]:
    def amount(cost_class: CostClass, month: Month) -> Decimal:
        chosen = (line.amount for line in lines if line.cost_class is cost_class and month.holds(line.day))
        return sum(chosen, start=Decimal(0))

    made = (MonthlyCost(CLASS_WORDS[one], amount(one, this), amount(one, before)) for one in CostClass)
    return tuple(cost for cost in made if cost.amount or cost.amount_last_month)


def _notes(returned: list[_Returned]) -> tuple[str, ...]:
    refused = sum(one.refused for one in returned)
    waiting = sum(one.pieces for one in returned if not one.is_sorted)
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
    returned = _returned_in(this)
    made = MonthClose.create(
        first_day=this.first,
        last_day=this.last,
        pieces_returned=sum(one.pieces for one in returned),
        pieces_recognised=sum(one.recognised for one in returned),
        anchor=_anchor(moment),
    )
    return int(made.id)


__all__ = ["Month", "close_month", "month_of", "monthly", "tracking"]
