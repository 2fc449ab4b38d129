"""What is due now: the plant's own clock, and the limit that ends first in each case, for lists and heads of records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.case import Deadline, DeadlineState
from qms_desktop.db.record import now
from qms_desktop.permissions import Permission
from qms_desktop.rules.clock import DeadlineShown, shown

if TYPE_CHECKING:
    from qms_desktop.session import Session

RUNNING = (DeadlineState.OPEN, DeadlineState.EXTENDED)


@reading(Permission.READ)
def moment(session: Session) -> datetime:  # noqa: ARG001 - a reading takes a session first
    """Give the database's own clock: no page reckons with the clock of a PC."""
    return now()


@reading(Permission.READ)
def nearest_of_cases(session: Session, *, case_ids: Sequence[int]) -> dict[int, DeadlineShown]:  # noqa: ARG001
    """Give, by case, the limit that ends first among those that still run."""
    rows = Deadline.select().where(Deadline.case.in_(list(case_ids) or [0]) & Deadline.state.in_(list(RUNNING)))
    nearest: dict[int, DeadlineShown] = {}
    for limit in sorted((shown(row) for row in rows), key=lambda limit: limit.runs_until):
        nearest.setdefault(limit.case_id, limit)
    return nearest


@reading(Permission.READ)
def running(session: Session) -> tuple[DeadlineShown, ...]:  # noqa: ARG001
    """Give every limit of the plant that still runs, the nearest first."""
    rows = Deadline.select().where(Deadline.state.in_(list(RUNNING)))
    return tuple(sorted((shown(row) for row in rows), key=lambda limit: limit.runs_until))
