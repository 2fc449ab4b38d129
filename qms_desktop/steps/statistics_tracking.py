"""The tracking table of complaints as the month's review sees it (客户抱怨处理跟踪表, 003-A §5.4)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.case import Deadline, DeadlineState
from qms_desktop.db.claim import Claim, ClaimAmount, ClaimState
from qms_desktop.db.complaint import (
    Complaint,
    ComplaintClass,
    ComplaintLine,
    ComplaintState,
    CustomerReply,
    ReplyKind,
    Urgency,
)
from qms_desktop.db.foundation import DatabaseKind
from qms_desktop.db.master_data import Customer, Person, Product
from qms_desktop.db.recall import Recall
from qms_desktop.db.record import now
from qms_desktop.db.rma import GoodsState, Rma
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.deadline import Event
from qms_desktop.steps.complaint_tracking import ComplaintTracking, Milestone, TrackedComplaint
from qms_desktop.steps.master_data_known import HOME_CURRENCY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from qms_desktop.session import Session

FORM_NUMBER = "ADD-PCD-QA-015.F2E"
CLASS_WORDS = {
    ComplaintClass.QUALITY: N_("Quality"),
    ComplaintClass.SERVICE: N_("Service"),
    ComplaintClass.ATTITUDE: N_("Attitude"),
    ComplaintClass.DELIVERY: N_("Delivery"),
    ComplaintClass.PAPERS: N_("Papers"),
}
STATE_WORDS = {
    ComplaintState.REGISTERED: N_("Registered"),
    ComplaintState.ACCEPTED: N_("Accepted"),
    ComplaintState.REFUSED: N_("Not accepted"),
    ComplaintState.CONTAINED: N_("Contained"),
    ComplaintState.ANALYSIS: N_("In analysis"),
    ComplaintState.REPLIED: N_("Replied"),
    ComplaintState.VERIFYING: N_("Verifying"),
    ComplaintState.CLOSED: N_("Closed"),
    ComplaintState.ARCHIVED: N_("Archived"),
}
GOODS_WORDS = {
    GoodsState.REQUESTED: N_("requested"),
    GoodsState.APPROVAL: N_("approval"),
    GoodsState.AWAITING_GOODS: N_("awaiting goods"),
    GoodsState.NON_PHYSICAL: N_("goods stay at the customer"),
    GoodsState.RECEIVED: N_("received"),
    GoodsState.SORTED: N_("sorted"),
    GoodsState.REFUSED: N_("refused"),
    GoodsState.CANCELLED: N_("cancelled"),
}
CLAIM_WORDS = {
    ClaimState.DRAFT: N_("draft"),
    ClaimState.REVIEWED: N_("contract reviewed"),
    ClaimState.CALCULATED: N_("calculated"),
    ClaimState.APPROVAL: N_("approval"),
    ClaimState.APPROVED: N_("approved"),
    ClaimState.EXECUTED: N_("executed"),
    ClaimState.CLOSED: N_("closed"),
    ClaimState.REFUSED: N_("refused"),
}
OVER = (ComplaintState.CLOSED, ComplaintState.ARCHIVED, ComplaintState.REFUSED)
DECEMBER = 12


@reading(Permission.REPORT_MONTHLY)
def tracking(session: Session, *, year: int, month: int) -> ComplaintTracking:
    """Give the latest state of the complaints of a month, and of older ones that are still open (003-A §5.4)."""
    zone = plant_zone()
    begins = datetime.combine(date(year, month, 1), time(), tzinfo=zone)
    ends = datetime.combine(date(year + month // DECEMBER, month % DECEMBER + 1, 1), time(), tzinfo=zone)
    complaints = list(
        Complaint.select(Complaint, Customer)
        .join(Customer)
        .where(
            (Complaint.received_at < ends)
            & ((Complaint.received_at >= begins) | Complaint.state.not_in([str(state) for state in OVER]))
        )
        .order_by(Complaint.received_at, Complaint.id)
    )
    moment = now()
    known = _Known(complaints, sees_money=session.may(Permission.READ_MONEY))
    return ComplaintTracking(
        company=DatabaseKind.get().plant,
        form_number=FORM_NUMBER,
        year=year,
        month=month,
        cut_off=min(moment, ends),
        complaints=tuple(known.row(complaint) for complaint in complaints),
        prepared_by=session.name,
        printed_at=moment,
        zone=zone.key,
    )


class _Known:
    """What belongs to the complaints of a table, read once for all of them."""

    def __init__(self, complaints: list[Complaint], *, sees_money: bool) -> None:
        ids = [complaint.id for complaint in complaints] or [0]
        cases = [complaint.case_id for complaint in complaints] or [0]
        self.deadlines: dict[tuple[int, str], Deadline] = {
            (row.record_id, row.event): row
            for row in Deadline.select().where((Deadline.kind == "complaint") & Deadline.record_id.in_(ids))
        }
        told = CustomerReply.select().where(
            CustomerReply.complaint.in_(ids) & (CustomerReply.kind == ReplyKind.EXTENSION)
        )
        self.told = {row.complaint_id: row.created_at for row in told.order_by(CustomerReply.id.desc())}
        lines = ComplaintLine.select(ComplaintLine, Product).join(Product).where(ComplaintLine.complaint.in_(ids))
        self.lines: dict[int, list[ComplaintLine]] = {}
        for line in lines.order_by(ComplaintLine.position):
            self.lines.setdefault(line.complaint_id, []).append(line)
        self.rmas = {rma.complaint_id: rma for rma in Rma.select().where(Rma.complaint.in_(ids)).order_by(Rma.id)}
        claims = Claim.select().where(Claim.case.in_(cases)).order_by(Claim.id)
        self.claims = {claim.rma_id: claim for claim in claims}
        self.amounts = self._amounts(self.claims.values()) if sees_money else {}
        recalls = Recall.select(Recall.case).where(Recall.case.in_(cases))
        self.recalled = {row.case_id for row in recalls}
        self.names = {person.login: person.name for person in Person.select(Person.login, Person.name)}

    @staticmethod
    def _amounts(claims: Iterable[Claim]) -> dict[int, Decimal]:
        rows = ClaimAmount.select().where(ClaimAmount.claim.in_([claim.id for claim in claims] or [0]))
        return {row.claim_id: row.goods + row.cash + row.discount for row in rows}

    def _milestone(self, complaint: Complaint, event: Event) -> Milestone | None:
        row = self.deadlines.get((complaint.id, str(event)))
        if row is None or row.state is DeadlineState.DROPPED:
            return None
        told = self.told.get(complaint.id) if row.extended_to else None
        return Milestone(row.due_at, row.met_at, row.extended_to, told, row.extension_reason)

    def row(self, complaint: Complaint) -> TrackedComplaint:
        lines = self.lines.get(complaint.id, [])
        first = lines[0] if lines else None
        rma = self.rmas.get(complaint.id)
        claim = self.claims.get(rma.id) if rma else None
        amount = self.amounts.get(claim.id) if claim else None
        return TrackedComplaint(
            number=complaint.number,
            customer_reference=complaint.customer_reference,
            received_at=complaint.received_at,
            customer=complaint.customer.short_name or complaint.customer.name,
            complaint_class=CLASS_WORDS[complaint.complaint_class],
            urgent=complaint.urgency is Urgency.URGENT,
            product=f"{first.product.code} {first.lot_number}".strip() if first else "",
            defect=first.customer_words if first else "",
            pieces=sum(line.pieces_complained for line in lines),
            preliminary_reply=self._milestone(complaint, Event.PRELIMINARY_REPLY)
            or self._milestone(complaint, Event.CONTAINMENT),
            written_reply=self._milestone(complaint, Event.WRITTEN_REPLY),
            causes_and_measures=self._milestone(complaint, Event.CAUSES_AND_MEASURES),
            call_back=self._milestone(complaint, Event.CALL_BACK),
            responsible=self.names.get(complaint.created_by, complaint.created_by),
            state=STATE_WORDS[complaint.state],
            closed=complaint.state in OVER,
            recall=complaint.case_id in self.recalled,
            return_number=rma.number if rma else "",
            return_state=GOODS_WORDS[rma.goods_state] if rma else "",
            claim_number=claim.number if claim else "",
            claim_amount=_amount_text(amount, claim.currency) if claim and amount else "",
            claim_state=CLAIM_WORDS[claim.state] if claim else "",
        )


def _amount_text(amount: Decimal, currency: str) -> str:
    """Write an amount; a foreign one with its currency, as the table's other amounts are the plant's own."""
    return f"{amount:,.2f}" if currency == HOME_CURRENCY else f"{currency} {amount:,.2f}"
