"""Taking a recall for its next step."""

from __future__ import annotations

from qms_desktop.db.recall import RECALL_MOVES, TRANSITIONS, Recall, RecallState
from qms_desktop.db.record import lock
from qms_desktop.i18n import N_

REASON_MISSING = N_("Write the reason: it is signed with the scope.")


def taken(recall_id: int, end: RecallState) -> Recall:
    """Take a recall for a step; raises Refused when the table of steps does not lead there."""
    recall = lock(Recall, recall_id)
    if not any(step.start == recall.state and step.end == end for step in TRANSITIONS):
        RECALL_MOVES.refuse(number=recall.number, start=recall.state, end=end)
    return recall


def assessed(recall_id: int) -> Recall:
    """Take a recall whose scope may still change."""
    recall = lock(Recall, recall_id)
    if recall.state is not RecallState.ASSESSED:
        RECALL_MOVES.refuse(number=recall.number, start=recall.state, end=RecallState.ASSESSED)
    return recall
