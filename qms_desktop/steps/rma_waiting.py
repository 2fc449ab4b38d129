"""Which RMAs wait for one person: for quality's opinion, for the review, or for the own signature by the table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.permissions import Permission
from qms_desktop.steps import rma

if TYPE_CHECKING:
    from qms_desktop.session import Session

MOST_LISTED = 500


class Wanted(StrEnum):
    """What is wanted of the person."""

    OPINION = "OPINION"
    REVIEW = "REVIEW"
    SIGNATURE = "SIGNATURE"


@dataclass(frozen=True)
class RmaWaiting:
    """An RMA that waits for a person, what for, and why for this one (in the current language)."""

    row: rma.RmaRow
    wanted: Wanted
    why: str


@reading(Permission.READ)
def waiting_for_me(session: Session) -> tuple[RmaWaiting, ...]:
    """Give the RMAs that wait for this person, newest first."""
    states = (rma.GoodsState.REQUESTED, rma.GoodsState.APPROVAL)
    rows = rma.listed(session, states=states, count=MOST_LISTED)
    found = (_wanted(session, row) for row in rows)
    return tuple(one for one in found if one is not None)


def _wanted(session: Session, row: rma.RmaRow) -> RmaWaiting | None:
    shown = rma.show(session, rma_id=row.id)
    if row.goods_state is rma.GoodsState.REQUESTED:
        # The database refuses a review before quality spoke of every line.
        if any(line.opinion is None for line in shown.lines):
            return RmaWaiting(row, Wanted.OPINION, "") if session.may(rma.give_opinion.permission) else None
        if session.may(rma.review.permission) and row.requested_by != session.login:
            return RmaWaiting(row, Wanted.REVIEW, "")
        return None
    if shown.need is None or not set(rma.missing_roles(shown.need, shown.signatures)) & session.roles:
        return None
    return RmaWaiting(row, Wanted.SIGNATURE, "; ".join(str(reason) for reason in shown.need.reasons))
