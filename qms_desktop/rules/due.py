"""What is due now: the plant's own clock, and the limit that ends first in each case, for lists and records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.case import Deadline, DeadlineState
from qms_desktop.db.record import now
from qms_desktop.permissions import Permission
from qms_desktop.rules.clock import DeadlineShown, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qms_desktop.session import Session

RUNNING = (DeadlineState.OPEN, DeadlineState.EXTENDED)


@reading(Permission.READ)
def moment(session: Session) -> datetime:
    """Give the database's own clock: no page reckons with the clock of a PC."""
    return now()


@reading(Permission.READ)
def nearest_of_cases(session: Session, *, case_ids: Sequence[int]) -> dict[int, DeadlineShown]:
    """Give, by case, the limit that ends first among those that still run."""
    rows = Deadline.select().where(Deadline.case.in_(list(case_ids) or [0]) & Deadline.state.in_(list(RUNNING)))
    nearest: dict[int, DeadlineShown] = {}
    for limit in sorted((shown(row) for row in rows), key=lambda limit: limit.runs_until):
        nearest.setdefault(limit.case_id, limit)
    return nearest


@dataclass(frozen=True)
class Punctuality:
    """How many limits ended in a span of time, and how many of them were met in time."""

    in_time: int
    ended: int


@reading(Permission.READ)
def punctuality(session: Session, *, since: datetime) -> Punctuality:
    """Say how many of the limits that were met, or ran out, since a moment were met in time."""
    present = now()
    rows = [shown(row) for row in Deadline.select().where(Deadline.due_at >= since)]
    ended = [one for one in rows if one.met_at is not None or one.runs_until < present]
    in_time = [one for one in ended if one.met_at is not None and one.met_at <= one.runs_until]
    return Punctuality(len(in_time), len(ended))


@reading(Permission.READ)
def running(session: Session) -> tuple[DeadlineShown, ...]:
    """Give every limit of the plant that still runs, the nearest first."""
    rows = Deadline.select().where(Deadline.state.in_(list(RUNNING)))
    return tuple(sorted((shown(row) for row in rows), key=lambda limit: limit.runs_until))
