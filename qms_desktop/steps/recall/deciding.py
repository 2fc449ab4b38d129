"""Who is heard, what the general manager decides by signature, and how the recall runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.action import action
from qms_desktop.db.recall import (
    ALL_ARE_HEARD,
    COMPLETE_WHEN_ALL_IS_SETTLED,
    NOTHING_STARTS_BEFORE_THE_SIGNATURE,
    RECALL_MOVES,
    SEAT_SPEAKS_FOR_ITSELF,
    SETTLED_WITHIN_SHIPPED,
    ProgressKind,
    Recall,
    RecallDecision,
    RecallHearing,
    RecallLine,
    RecallProgress,
    RecallState,
    Seat,
)
from qms_desktop.db.record import change, lock
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role
from qms_desktop.rules.signature import Meaning, sign
from qms_desktop.steps.recall.moves import REASON_MISSING, assessed, taken
from qms_desktop.steps.recall.reading import lines_of, still_to_hear

if TYPE_CHECKING:
    from qms_desktop.session import Session

OPINION_MISSING = N_("Write what this seat says to the scope.")


@action(Permission.RECALL_HEAR)
def hear(session: Session, *, recall_id: int, seat: Seat, opinion: str, read_hash: str) -> None:
    """Speak from a seat to the scope that was read: quality, production, sales or product safety (000-T §4.1.10).

    Raises Refused for a seat that is not one's own, or when the scope changed since it was read.
    """
    if not opinion.strip():
        raise InvalidInput(OPINION_MISSING, field="opinion")
    if Role(str(seat)) not in session.roles:
        SEAT_SPEAKS_FOR_ITSELF.refuse()
    recall = assessed(recall_id)
    RecallHearing.create(case=recall.case_id, recall=recall, seat=seat, opinion=opinion, content_hash=read_hash)


@action(Permission.RECALL_ASSESS)
def report_to_gm(session: Session, *, recall_id: int) -> None:
    """Report the scope to the general manager, after all four were heard on it."""
    recall = taken(recall_id, RecallState.REPORTED)
    silent = still_to_hear(recall)
    if silent:
        ALL_ARE_HEARD.refuse(seats=", ".join(silent))
    change(recall, state=RecallState.REPORTED)


@action(Permission.RECALL_ASSESS)
def take_report_back(session: Session, *, recall_id: int, reason: str) -> None:
    """Take the report back before it is decided, because the scope has to change."""
    if not reason.strip():
        raise InvalidInput(REASON_MISSING, field="reason")
    recall = lock(Recall, recall_id)
    if recall.state is not RecallState.REPORTED:
        RECALL_MOVES.refuse(number=recall.number, start=recall.state, end=RecallState.ASSESSED)
    change(recall, state=RecallState.ASSESSED)


@action(Permission.RECALL_DECIDE, signs=Meaning.DECIDE)
def decide(session: Session, *, recall_id: int, read_hash: str, reason: str) -> None:
    """Decide as the general manager, by signature on the scope that was read, that it is called back (003-A §6.9)."""
    _decide(recall_id, read_hash, reason, is_approved=True)


@action(Permission.RECALL_DECIDE, signs=Meaning.DECLINE)
def decline(session: Session, *, recall_id: int, read_hash: str, reason: str) -> None:
    """Decline the recall, as the general manager and by signature, with the reason."""
    _decide(recall_id, read_hash, reason, is_approved=False)


def _decide(recall_id: int, read_hash: str, reason: str, *, is_approved: bool) -> None:
    if not reason.strip():
        raise InvalidInput(REASON_MISSING, field="reason")
    end = RecallState.APPROVED if is_approved else RecallState.DECLINED
    recall = taken(recall_id, end)
    meaning = Meaning.DECIDE if is_approved else Meaning.DECLINE
    sign("recall", recall.id, case_id=recall.case_id, meaning=meaning, read_hash=read_hash, remark=reason)
    RecallDecision.create(case=recall.case_id, recall=recall, is_approved=is_approved, reason=reason)
    change(recall, state=end)


@action(Permission.RECALL_RUN)
def start(session: Session, *, recall_id: int) -> None:
    """Start the recall that was decided; refused before the general manager has signed."""
    recall = lock(Recall, recall_id)
    if recall.state is not RecallState.APPROVED:
        NOTHING_STARTS_BEFORE_THE_SIGNATURE.refuse()
    change(recall, state=RecallState.RUNNING)


@action(Permission.RECALL_RUN)
def record_progress(session: Session, *, line_id: int, kind: ProgressKind, pieces: int = 0, text: str = "") -> None:
    """Record that a customer was told, or what became of pieces of a shipment; pieces in the product's unit."""
    line = lock(RecallLine, line_id)
    if line.pieces_settled + pieces > line.pieces:
        SETTLED_WITHIN_SHIPPED.refuse(pieces=line.pieces, settled=line.pieces_settled, more=pieces)
    RecallProgress.create(case=line.case_id, recall_line=line, kind=kind, pieces=pieces, text=text)


@action(Permission.RECALL_RUN)
def complete(session: Session, *, recall_id: int) -> None:
    """Close the recall when every customer was told and every piece of the scope is accounted for."""
    recall = taken(recall_id, RecallState.COMPLETE)
    in_scope = [line for line in lines_of(recall) if line.is_in_scope]
    out = sum(line.pieces - line.pieces_settled for line in in_scope)
    untold = sum(1 for line in in_scope if line.informed_at is None)
    if out or untold:
        COMPLETE_WHEN_ALL_IS_SETTLED.refuse(pieces=out, customers=untold)
    change(recall, state=RecallState.COMPLETE)
