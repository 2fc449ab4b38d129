"""What waits at the ends of a case: claims, 8D reports and recalls, each by its own rule of who is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.app.work.desk import pieces
from qms_desktop.i18n import N_, _
from qms_desktop.rules.deadline import Event
from qms_desktop.steps import claim_waiting, eight_d, recall
from qms_desktop.steps.claim_waiting import Wanted as C
from qms_desktop.steps.eight_d import waiting as eight_d_waiting
from qms_desktop.steps.eight_d.waiting import Wanted as E
from qms_desktop.steps.recall import waiting as recall_waiting
from qms_desktop.steps.recall.waiting import Wanted as R
from qms_desktop.ui import claim_words, wording
from qms_desktop.ui.chip import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qms_desktop.app.work.desk import Desk
    from qms_desktop.steps.eight_d import EightDRow
    from qms_desktop.ui.my_work import WorkItem


# What is wanted, and why it is wanted of this person; source texts.
_CLAIM: Mapping[C, tuple[str, str]] = {
    C.REVIEW: (N_("Review the claim against the contract"), N_("you did not prepare it")),
    C.CALCULATE: (N_("Calculate the claim"), N_("the contract is reviewed")),
    C.SUBMIT: (N_("Send the claim to the approval"), N_("it is calculated")),
    C.PLACE: (N_("Sign your place on the sheet"), N_("your place is empty")),
    C.APPROVE: (N_("Approve the claim and sign"), ""),
    C.DELIVER: (N_("Deliver the replacement"), N_("the claim is approved")),
    C.PAY: (N_("Give the money"), N_("the claim is approved")),
    C.FINISH: (N_("Say that the claim is executed"), N_("nothing is left to do")),
    C.CLOSE: (N_("Close the claim"), N_("it is executed")),
}
_EIGHT_D: Mapping[E, tuple[str, str]] = {
    E.WRITE: (N_("Write the 8D"), N_("you are an author")),
    E.REVIEW: (N_("Review the 8D"), N_("you did not write it")),
    E.APPROVE: (N_("Approve the 8D and sign"), N_("it is reviewed")),
    E.SEND: (N_("Send the 8D"), N_("it is approved")),
    E.ANSWER: (N_("Record the customer's answer"), N_("the version was sent")),
    E.PROVE: (N_("Record whether the measures work"), N_("the effect is being verified")),
    E.CLOSE: (N_("Close the 8D"), N_("its effect is proved")),
}
_RECALL: Mapping[R, tuple[str, str]] = {
    R.ASSESS: (N_("Trace the lots"), N_("a recall is suspected")),
    R.HEAR: (N_("Speak to the recall"), N_("your department is heard before the decision")),
    R.REPORT: (N_("Report to the general manager"), N_("all departments were heard")),
    R.DECIDE: (N_("Decide the recall and sign"), N_("only the general manager decides")),
    R.START: (N_("Start the recall"), N_("the general manager signed")),
    R.FOLLOW: (N_("Follow the recall up"), N_("not every piece is accounted for")),
}


def items(desk: Desk) -> Iterator[WorkItem]:
    """Give the claims, reports and recalls that wait for this person."""
    yield from _claims(desk)
    yield from _without_report(desk)
    yield from _reports(desk)
    if desk.session.may(recall.propose.permission):
        yield from _proposals(desk)
    yield from _recalls(desk)


def _claims(desk: Desk) -> Iterator[WorkItem]:
    for one in claim_waiting.waiting_for_me(desk.session):
        what, why = _CLAIM[one.wanted]
        yield desk.item(
            _(what),
            page="claim",
            record_id=one.row.id,
            number=one.row.number,
            which=f"{one.row.number} \u00b7 {one.row.rma_number}",
            customer=one.row.customer_name,
            problem=pieces(one.row.pieces_settled),
            why=(_(one.why) if one.wanted is C.PLACE else one.why) or (_(why) if why else ""),
            state=claim_words.state_of(one.row),
            needs_signature=one.wanted in (C.PLACE, C.APPROVE),
        )


def _without_report(desk: Desk) -> Iterator[WorkItem]:
    for one in eight_d_waiting.complaints_without_report(desk.session):
        yield desk.item(
            _("Open the 8D"),
            page="complaint",
            record_id=one.complaint_id,
            number=one.complaint_number,
            which=f"{one.complaint_number} \u00b7 {one.product_code} {one.lot_number}".strip(),
            customer=one.customer_name,
            problem=pieces(one.pieces),
            why=_(eight_d.WHY_NEEDED[one.reasons[-1]]),  # they are ordered by weight
            state=State("task", "to_do"),
            limit=desk.limit_of("complaint", one.complaint_id, Event.CAUSES_AND_MEASURES),
            icon="file-report",
        )


def _reports(desk: Desk) -> Iterator[WorkItem]:
    for one in eight_d_waiting.waiting_for_me(desk.session):
        what, why = _EIGHT_D[one.wanted]
        complaint = desk.complaint_of_case.get(one.row.case_id)
        limit = desk.limit_of("complaint", complaint.id, Event.CAUSES_AND_MEASURES) if complaint else None
        yield desk.item(
            _(what),
            page="eight_d",
            record_id=one.row.id,
            number=one.row.number,
            which=f"{one.row.number} \u00b7 {one.row.product_code} {one.row.lot_number}".strip(),
            customer=one.row.customer_name,
            problem=one.row.title,
            why=_(why),
            state=_state_of(one.row),
            limit=limit,
            needs_signature=one.wanted in (E.REVIEW, E.APPROVE),
        )


def _state_of(row: EightDRow) -> State:
    if row.newest_state is None:
        return State("eight_d", str(row.state).lower())
    return State("eight_d_version", str(row.newest_state).lower())


def _proposals(desk: Desk) -> Iterator[WorkItem]:
    for one in recall.proposals(desk.session):
        yield desk.item(
            _("Assess other customers"),
            page="recall",
            record_id=None,
            number=one.complaint_number,
            which=f"{one.complaint_number} \u00b7 {one.product_code} {one.lot_number}",
            customer=desk.customer_of(one.case_id),
            problem=wording.count_of(
                one.pieces_of_lot_elsewhere,
                N_("{count} piece of the lot elsewhere"),
                N_("{count} pieces of the lot elsewhere"),
            ),
            why=_("a safety or key characteristic, or a banned substance"),
            state=State("task", "to_do"),
        )


def _recalls(desk: Desk) -> Iterator[WorkItem]:
    for one in recall_waiting.waiting_for_me(desk.session):
        what, why = _RECALL[one.wanted]
        yield desk.item(
            _(what),
            page="recall",
            record_id=one.row.id,
            number=one.row.number,
            which=f"{one.row.number} \u00b7 {one.row.product_code} {one.row.lot_number}".strip(),
            customer=desk.customer_of(one.row.case_id),
            problem=pieces(one.row.pieces_in_scope),
            why=_(why),
            state=State("recall", str(one.row.state).lower()),
            needs_signature=one.wanted is R.DECIDE,
        )
