"""What waits at the front: limits of complaints and counts, RMAs by the authority table, receipts by their state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qms_desktop.app.work.desk import pieces
from qms_desktop.i18n import _
from qms_desktop.permissions import Role
from qms_desktop.rules.deadline import Event, starting_rules
from qms_desktop.steps import claim_waiting, complaint, complaint_ending, receipt, rma_waiting
from qms_desktop.steps.rma_waiting import Wanted
from qms_desktop.ui import trade_words, wording
from qms_desktop.ui.chip import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qms_desktop.app.work.desk import Desk
    from qms_desktop.rules.clock import DeadlineShown
    from qms_desktop.ui.my_work import WorkItem

# The verb that meets a limit: who may call it sees the limit, and so does the role that the rule names.
_MET_BY: Mapping[Event, Any] = {
    Event.CONTAINMENT: complaint.contain,
    Event.PRELIMINARY_REPLY: complaint.reply,
    Event.WRITTEN_REPLY: complaint.reply,
    Event.INTERIM_REPLY: complaint.reply,
    Event.COORDINATION: complaint.reply,
    Event.FEEDBACK: complaint.reply,
    Event.CAUSES_AND_MEASURES: complaint.reply,
    Event.COUNT: receipt.receive,
    Event.CALL_BACK: complaint_ending.take_verdict,
}


def items(desk: Desk) -> Iterator[WorkItem]:
    """Give what this person owes by a limit, and the RMAs and receipts that wait for this person."""
    for limit in desk.limits:
        if _is_mine(desk, limit):
            yield from _owed(desk, limit)
    for known in desk.complaints:
        yield from _ending(desk, known)
    for waiting in rma_waiting.waiting_for_me(desk.session):
        yield _rma(desk, waiting)
    for row in claim_waiting.to_prepare(desk.session):
        yield desk.item(
            _("Prepare the claim"),
            page="rma",
            record_id=row.id,
            number=row.number,
            which=f"{row.number} \u00b7 {wording.first_of(row.products)}",
            customer=row.customer_short_name,
            problem=pieces(row.pieces),
            why=_("everything that came is sorted"),
            state=State("rma_goods", str(row.goods_state).lower()),
            icon="receipt-yuan",
        )
    for one in desk.receipts:
        yield from _receipt(desk, one)


def _responsible(limit: DeadlineShown) -> Role | None:
    # A customer's own limit names no rule; whoever answers for the rule of the same event answers for it too.
    rule_id = limit.rule.partition(" ")[0]
    of_event = [rule for rule in starting_rules() if rule.event is limit.event and rule.in_force]
    named = [rule for rule in of_event if rule.id == rule_id]
    return next((rule.responsible for rule in named or of_event), None)


def _is_mine(desk: Desk, limit: DeadlineShown) -> bool:
    verb = _MET_BY.get(limit.event)
    return _responsible(limit) in desk.session.roles or (verb is not None and desk.session.may(verb.permission))


def _owed(desk: Desk, limit: DeadlineShown) -> Iterator[WorkItem]:
    what = _(trade_words.EVENTS[limit.event])
    if limit.kind == "complaint" and limit.record_id in desk.complaint_of:
        yield _of_complaint(desk, desk.complaint_of[limit.record_id], what, limit=limit)
    elif limit.kind == "receipt" and limit.record_id in desk.receipt_of:
        counted = desk.receipt_of[limit.record_id]
        yield desk.item(
            what,
            page="receipt",
            record_id=counted.id,
            number=counted.rma_number,
            customer=counted.customer_short_name,
            state=State("receipt", str(counted.state).lower()),
            limit=limit,
        )


def _ending(desk: Desk, one: complaint.ComplaintRow) -> Iterator[WorkItem]:
    """Give the last steps of a complaint, and what the general manager hears when a customer is dissatisfied twice."""
    states, session = complaint.ComplaintState, desk.session
    again = one.round >= complaint_ending.ROUND_OF_THE_GENERAL_MANAGER
    if one.state is states.REPLIED and session.may(complaint_ending.take_verdict.permission):
        what, why = _("Ask whether the customer is satisfied"), _("the answer was sent")
    elif one.state is states.VERIFYING and session.may(complaint_ending.close.permission):
        what, why = _("Confirm the effect and close"), _("the customer is satisfied")
    elif one.state is states.ANALYSIS and again and Role.GM in session.roles:
        what, why = _("Decide how to go on with the customer"), _("dissatisfied for the second time")
    else:
        return
    yield _of_complaint(desk, one, what, why=why)


def _of_complaint(
    desk: Desk, one: complaint.ComplaintRow, what: str, *, why: str = "", limit: DeadlineShown | None = None
) -> WorkItem:
    return desk.item(
        what,
        page="complaint",
        record_id=one.id,
        number=one.number,
        which=f"{one.number} \u00b7 {wording.first_of(one.products)}",
        customer=one.customer_name,
        problem=pieces(one.pieces),
        why=why,
        state=State("complaint", str(one.state).lower()),
        limit=limit,
    )


def _rma(desk: Desk, one: rma_waiting.RmaWaiting) -> WorkItem:
    words = {
        Wanted.OPINION: (_("Give quality's opinion"), _("quality speaks before the approval")),
        Wanted.REVIEW: (_("Review against the contract"), _("you did not apply for it")),
        Wanted.SIGNATURE: (_("Approve and sign"), one.why),
    }
    what, why = words[one.wanted]
    return desk.item(
        what,
        page="rma",
        record_id=one.row.id,
        number=one.row.number,
        which=f"{one.row.number} \u00b7 {wording.first_of(one.row.products)}",
        customer=one.row.customer_short_name,
        problem=pieces(one.row.pieces),
        why=why,
        state=State("rma_goods", str(one.row.goods_state).lower()),
        needs_signature=one.wanted is not Wanted.OPINION,
    )


def _receipt(desk: Desk, one: receipt.ReceiptRow) -> Iterator[WorkItem]:
    states = receipt.ReceiptState
    if one.state is states.DIFFERENCE and one.rma_id is None and desk.session.may(receipt.name_rma.permission):
        what, why, signs = _("Goods without an RMA"), _("find out whose they are; they wait in quarantine"), False
    elif one.state is states.DIFFERENCE and desk.session.may(receipt.agree.permission):
        what, why, signs = _("Agree the difference"), _("the count differs from what was announced"), False
    elif one.state in (states.COUNTED, states.AGREED) and desk.session.may(receipt.accept_count.permission):
        what, why, signs = _("Sign the count"), _("the return leader takes the goods in"), True
    else:
        return
    yield desk.item(
        what,
        page="receipt",
        record_id=one.id,
        number=one.rma_number,
        customer=one.customer_short_name or _("customer not known"),
        problem=_("{pieces} pieces counted").format(pieces=wording.pieces(one.pieces_counted)),
        why=why,
        state=State("receipt", str(one.state).lower()),
        needs_signature=signs,
    )
