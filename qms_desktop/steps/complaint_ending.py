"""How a complaint ends: refused at once; or the customer is satisfied, the effect is confirmed, and he is called back.

A customer who is not satisfied sends it back into the analysis, in a new round; a second time the general manager is
told (000-E; 000-R §3.3; 003-C §4; domain.md §6.9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.action import action
from qms_desktop.db.complaint import (
    COMPLAINT_MOVES,
    TRANSITIONS,
    VERDICT_FITS_THE_STATE,
    VERDICT_NAMES_WHO,
    Complaint,
    ComplaintClosing,
    ComplaintRefusal,
    ComplaintState,
    CustomerVerdict,
    VerdictOccasion,
)
from qms_desktop.db.record import change, lock, now
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_calendar
from qms_desktop.rules.clock import drop, meet, open_deadlines
from qms_desktop.rules.deadline import Event, Start, due_after, starting_rules

if TYPE_CHECKING:
    from qms_desktop.session import Session

WHY_REFUSED = N_("Write why the complaint is refused, as the customer was told.")
HOW_CONFIRMED = N_("Write how the effect was confirmed, and what became standard.")
# In the third round the customer has been dissatisfied twice (003-C §4).
ROUND_OF_THE_GENERAL_MANAGER = 3
_OCCASIONS = {ComplaintState.REPLIED: VerdictOccasion.ANSWER, ComplaintState.CLOSED: VerdictOccasion.CALL_BACK}
_SATISFIED = {VerdictOccasion.ANSWER: ComplaintState.VERIFYING, VerdictOccasion.CALL_BACK: ComplaintState.ARCHIVED}


@action(Permission.COMPLAINT_ACCEPT)
def refuse(session: Session, *, complaint_id: int, reason: str) -> None:
    """Refuse a complaint that is not ours to answer, with the reason that the customer was told; its clocks stop."""
    if not reason.strip():
        raise InvalidInput(WHY_REFUSED, field="reason")
    complaint = _lock(complaint_id, ComplaintState.REFUSED)
    ComplaintRefusal.create(case=complaint.case_id, complaint=complaint, reason=reason.strip())
    change(complaint, state=ComplaintState.REFUSED)
    drop("complaint", complaint.id)


@action(Permission.COMPLAINT_TAKE_VERDICT)
def take_verdict(
    session: Session, *, complaint_id: int, is_satisfied: bool, said_by: str, text: str = ""
) -> ComplaintState:
    """Record whether the customer is satisfied with the answer or, of a closed complaint, when called back.

    Satisfied with the answer, the effect is verified; when called back, the complaint is archived. Not satisfied, the
    analysis begins again in a new round. Gives the new state. Raises InvalidInput without who said it, or without the
    customer's words where he is not satisfied; Refused before the answer.
    """
    if not said_by.strip():
        raise InvalidInput(VERDICT_NAMES_WHO.message, field="said_by")
    if not is_satisfied and not text.strip():
        raise InvalidInput(VERDICT_NAMES_WHO.message, field="text")
    complaint = lock(Complaint, complaint_id)
    occasion = _OCCASIONS.get(complaint.state)
    if occasion is None:
        VERDICT_FITS_THE_STATE.refuse()
    CustomerVerdict.create(
        case=complaint.case_id,
        complaint=complaint,
        round=complaint.round,
        occasion=occasion,
        is_satisfied=is_satisfied,
        said_by=said_by.strip(),
        text=text.strip(),
    )
    meet("complaint", complaint.id, Event.CALL_BACK)
    if is_satisfied:
        end = _SATISFIED[occasion]
        change(complaint, state=end)
    else:
        end = ComplaintState.ANALYSIS
        change(complaint, state=end, round=complaint.round + 1)
    return end


@action(Permission.COMPLAINT_CLOSE)
def close(session: Session, *, complaint_id: int, text: str) -> None:
    """Close a complaint whose customer is satisfied and whose effect is confirmed; the call-back falls due (T17)."""
    if not text.strip():
        raise InvalidInput(HOW_CONFIRMED, field="text")
    complaint = _lock(complaint_id, ComplaintState.CLOSED)
    ComplaintClosing.create(case=complaint.case_id, complaint=complaint, round=complaint.round, text=text.strip())
    change(complaint, state=ComplaintState.CLOSED)
    moments = due_after(Start.HANDLING_FINISHED, now(), rules=starting_rules(), calendar=plant_calendar())
    open_deadlines(case_id=complaint.case_id, kind="complaint", record_id=complaint.id, moments=moments)


def _lock(complaint_id: int, end: ComplaintState) -> Complaint:
    complaint = lock(Complaint, complaint_id)
    if not any(step.start == complaint.state and step.end == end for step in TRANSITIONS):
        COMPLAINT_MOVES.refuse(number=complaint.number, start=complaint.state, end=end)
    return complaint
