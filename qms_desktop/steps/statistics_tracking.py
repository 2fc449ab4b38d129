"""The tracking table of complaints as the month's review sees it (客户抱怨处理跟踪表, 003-A §5.4)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from peewee import fn

from qms_desktop.action import reading
from qms_desktop.db.bulk import collected_later, rows, tuples
from qms_desktop.db.case import Deadline, DeadlineState
from qms_desktop.db.claim import Claim, ClaimAmount, ClaimState
from qms_desktop.db.complaint import (
    ENDED,
    STILL_OPEN,
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
from qms_desktop.db.record import among, now
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
MILESTONES = (
    Event.PRELIMINARY_REPLY,
    Event.CONTAINMENT,
    Event.WRITTEN_REPLY,
    Event.CAUSES_AND_MEASURES,
    Event.CALL_BACK,
)
DECEMBER = 12


@reading(Permission.REPORT_MONTHLY)
@collected_later()
def tracking(session: Session, *, year: int, month: int) -> ComplaintTracking:
    """Give the latest state of the complaints of a month, and of older ones that are still open (003-A §5.4)."""
    zone = plant_zone()
    begins = datetime.combine(date(year, month, 1), time(), tzinfo=zone)
    ends = datetime.combine(date(year + month // DECEMBER, month % DECEMBER + 1, 1), time(), tzinfo=zone)
    of_month = Complaint.select(Complaint.id).where((Complaint.received_at >= begins) & (Complaint.received_at < ends))
    still_open = Complaint.select(Complaint.id).where(STILL_OPEN)
    complaints = rows(
        Complaint.select(
            *(Complaint.id, Complaint.case, Complaint.number, Complaint.customer_reference, Complaint.received_at),
            *(Complaint.complaint_class, Complaint.urgency, Complaint.state, Complaint.created_by),
            fn.COALESCE(fn.NULLIF(Customer.short_name, ""), Customer.name).alias("customer"),
        )
        .join(Customer)
        .where((Complaint.received_at < ends) & Complaint.id.in_(of_month | still_open))
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

    def __init__(self, complaints: list[Any], *, sees_money: bool) -> None:
        ids = [complaint.id for complaint in complaints]
        cases = [complaint.case for complaint in complaints]
        limits = Deadline.select(
            *(Deadline.record_id, Deadline.event, Deadline.due_at, Deadline.met_at),
            *(Deadline.extended_to, Deadline.extension_reason),
        ).where(
            (Deadline.kind == "complaint")
            & among(Deadline.record_id, ids)
            & (Deadline.state != DeadlineState.DROPPED)
            & Deadline.event.in_([str(event) for event in MILESTONES])
        )
        self.limits = {(row.record_id, row.event): row for row in rows(limits)}
        told = CustomerReply.select(CustomerReply.complaint, CustomerReply.created_at).where(
            among(CustomerReply.complaint, ids) & (CustomerReply.kind == ReplyKind.EXTENSION)
        )
        self.told = dict(tuples(told.order_by(CustomerReply.id.desc())))
        lines = (
            ComplaintLine.select(
                *(ComplaintLine.complaint, ComplaintLine.lot_number, ComplaintLine.customer_words),
                *(ComplaintLine.pieces_complained, Product.code),
            )
            .join(Product)
            .where(among(ComplaintLine.complaint, ids))
            .order_by(ComplaintLine.position)
        )
        self.lines: dict[int, list[Any]] = {}
        for line in rows(lines):
            self.lines.setdefault(line.complaint, []).append(line)
        rmas = Rma.select(Rma.complaint, Rma.id, Rma.number, Rma.goods_state).where(among(Rma.complaint, ids))
        self.rmas = {rma.complaint: rma for rma in rows(rmas.order_by(Rma.id))}
        claims = Claim.select(Claim.rma, Claim.id, Claim.number, Claim.currency, Claim.state)
        claims = claims.where(among(Claim.case, cases)).order_by(Claim.id)
        self.claims = {claim.rma: claim for claim in rows(claims)}
        self.amounts = self._amounts(self.claims.values()) if sees_money else {}
        recalls = Recall.select(Recall.case).where(among(Recall.case, cases))
        self.recalled = {case_id for (case_id,) in tuples(recalls)}
        self.names = dict(tuples(Person.select(Person.login, Person.name)))

    @staticmethod
    def _amounts(claims: Iterable[Any]) -> dict[int, Decimal]:
        sums = (ClaimAmount.goods, ClaimAmount.cash, ClaimAmount.discount)
        chosen = ClaimAmount.select(ClaimAmount.claim, *sums).where(
            among(ClaimAmount.claim, [claim.id for claim in claims])
        )
        return {claim_id: goods + cash + discount for claim_id, goods, cash, discount in tuples(chosen)}

    def _milestone(self, complaint_id: int, event: Event) -> Milestone | None:
        row = self.limits.get((complaint_id, event))
        if row is None:
            return None
        told = self.told.get(complaint_id) if row.extended_to else None
        return Milestone(row.due_at, row.met_at, row.extended_to, told, row.extension_reason)

    def row(self, complaint: Any) -> TrackedComplaint:  # noqa: ANN401 - a row of the query above
        lines = self.lines.get(complaint.id, [])
        first = lines[0] if lines else None
        rma = self.rmas.get(complaint.id)
        claim = self.claims.get(rma.id) if rma else None
        amount = self.amounts.get(claim.id) if claim else None
        return TrackedComplaint(
            number=complaint.number,
            customer_reference=complaint.customer_reference,
            received_at=complaint.received_at,
            customer=complaint.customer,
            complaint_class=CLASS_WORDS[complaint.complaint_class],
            urgent=complaint.urgency is Urgency.URGENT,
            product=f"{first.code} {first.lot_number}".strip() if first else "",
            defect=first.customer_words if first else "",
            pieces=sum(line.pieces_complained for line in lines),
            preliminary_reply=self._milestone(complaint.id, Event.PRELIMINARY_REPLY)
            or self._milestone(complaint.id, Event.CONTAINMENT),
            written_reply=self._milestone(complaint.id, Event.WRITTEN_REPLY),
            causes_and_measures=self._milestone(complaint.id, Event.CAUSES_AND_MEASURES),
            call_back=self._milestone(complaint.id, Event.CALL_BACK),
            responsible=self.names.get(complaint.created_by, complaint.created_by),
            state=STATE_WORDS[complaint.state],
            closed=complaint.state in ENDED,
            recall=complaint.case in self.recalled,
            return_number=rma.number if rma else "",
            return_state=GOODS_WORDS[rma.goods_state] if rma else "",
            claim_number=claim.number if claim else "",
            claim_amount=_amount_text(amount, claim.currency) if claim and amount else "",
            claim_state=CLAIM_WORDS[claim.state] if claim else "",
        )


def _amount_text(amount: Decimal, currency: str) -> str:
    """Write an amount; a foreign one with its currency, as the table's other amounts are the plant's own."""
    return f"{amount:,.2f}" if currency == HOME_CURRENCY else f"{currency} {amount:,.2f}"
