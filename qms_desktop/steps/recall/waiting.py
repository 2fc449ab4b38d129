"""Which recalls wait for one person: to be assessed, heard, reported, decided, started or carried through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qms_desktop.action import Verb, reading
from qms_desktop.db.recall import Recall, RecallState
from qms_desktop.db.record import take
from qms_desktop.permissions import Permission
from qms_desktop.steps.recall.assessing import assess
from qms_desktop.steps.recall.deciding import decide, record_progress, report_to_gm, start
from qms_desktop.steps.recall.reading import RecallRow, listed, still_to_hear

if TYPE_CHECKING:
    from qms_desktop.session import Session

MOST_LISTED = 500


class Wanted(StrEnum):
    """What is wanted of the person."""

    ASSESS = "ASSESS"
    HEAR = "HEAR"
    REPORT = "REPORT"
    DECIDE = "DECIDE"
    START = "START"
    FOLLOW = "FOLLOW"


@dataclass(frozen=True)
class RecallWaiting:
    """A recall that waits for a person, and what for."""

    row: RecallRow
    wanted: Wanted


@reading(Permission.READ)
def waiting_for_me(session: Session) -> tuple[RecallWaiting, ...]:
    """Give the recalls that wait for this person, newest first."""
    rows = listed(session, count=MOST_LISTED, only_open=True)
    found = ((row, _wanted(session, row)) for row in rows)
    return tuple(RecallWaiting(row, wanted) for row, wanted in found if wanted is not None)


def _wanted(session: Session, row: RecallRow) -> Wanted | None:
    if row.state is RecallState.ASSESSED:
        silent = still_to_hear(take(Recall, row.id))
        if {str(seat) for seat in silent} & {str(role) for role in session.roles}:
            return Wanted.HEAR
        return Wanted.REPORT if not silent and session.may(report_to_gm.permission) else None
    verbs: dict[RecallState, tuple[Verb[Any], Wanted]] = {
        RecallState.SUSPECTED: (assess, Wanted.ASSESS),
        RecallState.REPORTED: (decide, Wanted.DECIDE),
        RecallState.APPROVED: (start, Wanted.START),
        RecallState.RUNNING: (record_progress, Wanted.FOLLOW),
    }
    if row.state not in verbs:
        return None
    verb, wanted = verbs[row.state]
    return wanted if session.may(verb.permission) else None
