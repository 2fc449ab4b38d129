"""Which claims wait for one person: to be prepared, reviewed, calculated, sent on, signed, executed or closed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.claim import Claim, ClaimState
from qms_desktop.db.record import take
from qms_desktop.db.rma import GoodsState, SettlementState
from qms_desktop.permissions import Permission
from qms_desktop.rules.signature import signatures_of
from qms_desktop.steps import claim, claim_execution, rma
from qms_desktop.steps.claim_reading import ClaimRow, approval_need, empty_places, listed, places_of, show
from qms_desktop.steps.rma import missing_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.session import Session

MOST_LISTED = 500
OPEN = (
    ClaimState.DRAFT,
    ClaimState.REVIEWED,
    ClaimState.CALCULATED,
    ClaimState.APPROVAL,
    ClaimState.APPROVED,
    ClaimState.EXECUTED,
)


class Wanted(StrEnum):
    """What is wanted of the person."""

    REVIEW = "REVIEW"
    CALCULATE = "CALCULATE"
    SUBMIT = "SUBMIT"
    PLACE = "PLACE"
    APPROVE = "APPROVE"
    DELIVER = "DELIVER"
    PAY = "PAY"
    FINISH = "FINISH"
    CLOSE = "CLOSE"


@dataclass(frozen=True)
class ClaimWaiting:
    """A claim that waits for a person, what for, and why for this one (in the current language, may be empty)."""

    row: ClaimRow
    wanted: Wanted
    why: str = ""


@reading(Permission.READ)
def waiting_for_me(session: Session) -> tuple[ClaimWaiting, ...]:
    """Give the claims that wait for this person, newest first."""
    rows = listed(session, states=OPEN, count=MOST_LISTED)
    return tuple(found for row in rows for found in _wanted(session, row))


@reading(Permission.READ)
def to_prepare(session: Session) -> tuple[rma.RmaRow, ...]:
    """Give the RMAs that are sorted and not settled yet, for those who prepare claims."""
    if not session.may(claim.prepare.permission):
        return ()
    rows = rma.listed(session, states=(GoodsState.SORTED,), count=MOST_LISTED)
    return tuple(row for row in rows if row.settlement_state is SettlementState.OPEN)


def _wanted(session: Session, row: ClaimRow) -> Iterator[ClaimWaiting]:
    simple = {
        ClaimState.REVIEWED: (claim.calculate, Wanted.CALCULATE),
        ClaimState.CALCULATED: (claim.submit, Wanted.SUBMIT),
        ClaimState.EXECUTED: (claim_execution.close, Wanted.CLOSE),
    }
    if row.state is ClaimState.DRAFT:
        if session.may(claim.review.permission) and row.prepared_by != session.login:
            yield ClaimWaiting(row, Wanted.REVIEW)
    elif row.state is ClaimState.APPROVAL:
        yield from _to_sign(session, row)
    elif row.state is ClaimState.APPROVED:
        yield from _to_execute(session, row)
    elif row.state in simple:
        verb, wanted = simple[row.state]
        if session.may(verb.permission):
            yield ClaimWaiting(row, wanted)


def _to_sign(session: Session, row: ClaimRow) -> Iterator[ClaimWaiting]:
    """Give the places that are this person's, then the approval: it comes after all places are signed."""
    record = take(Claim, row.id)
    empty = empty_places(record)
    mine = [shown.title for shown in places_of(record) if shown.place in empty and shown.role in session.roles]
    if mine:
        yield ClaimWaiting(row, Wanted.PLACE, mine[0])
    if empty or not session.may(claim.approve.permission) or row.prepared_by == session.login:
        return
    need = approval_need(record)
    if set(missing_roles(need, signatures_of("claim", row.id))) & session.roles:
        yield ClaimWaiting(row, Wanted.APPROVE, "; ".join(str(reason) for reason in need.reasons))


def _to_execute(session: Session, row: ClaimRow) -> Iterator[ClaimWaiting]:
    """Give the goods that are still to go out and the money still to be given, each to its own department."""
    shown = show(session, claim_id=row.id)
    owes_goods = any(position.pieces_to_deliver > 0 for position in shown.positions)
    if owes_goods and session.may(claim_execution.deliver.permission):
        yield ClaimWaiting(row, Wanted.DELIVER)
    if shown.sums is None:
        return
    owes_money = shown.sums.to_give > 0
    if owes_money and session.may(claim_execution.pay.permission):
        yield ClaimWaiting(row, Wanted.PAY)
    if not owes_goods and not owes_money and session.may(claim_execution.finish.permission):
        yield ClaimWaiting(row, Wanted.FINISH)
