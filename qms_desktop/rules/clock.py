"""Deadlines as records: opened by the rules, met by an event, extended with a reason that the customer was told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db.bulk import tuples
from qms_desktop.db.case import Deadline, DeadlineState
from qms_desktop.db.record import among, change, now
from qms_desktop.rules.deadline import DueMoment, Event, NamedBy, starting_rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from peewee import ModelSelect

_SOURCES = {rule.id: rule.source for rule in starting_rules()}


@dataclass(frozen=True)
class DeadlineShown:
    """A deadline as a page shows it: what, by when, who set it, and how it stands."""

    id: int
    case_id: int
    kind: str
    record_id: int
    event: Event
    due_at: datetime
    named_by: NamedBy
    rule: str
    state: DeadlineState
    met_at: datetime | None
    extended_to: datetime | None

    @property
    def runs_until(self) -> datetime:
        """Give the moment that counts: the extension that the customer was told, else the limit."""
        return self.extended_to or self.due_at


def open_deadlines(*, case_id: int, kind: str, record_id: int, moments: Iterable[DueMoment]) -> None:
    """Start the clocks of a record, one a event; each says who set it and by which rule."""
    Deadline.insert_many(
        [
            {
                "case": case_id,
                "kind": kind,
                "record_id": record_id,
                "event": due.event,
                "due_at": due.due_at,
                "named_by": due.named_by,
                "source": f"{due.rule_id} {_SOURCES.get(due.rule_id, '')}".strip(),
                "state": DeadlineState.OPEN,
            }
            for due in moments
        ]
    ).execute()


def meet(kind: str, record_id: int, *events: Event) -> None:
    """Stop the clocks of events that happened now; clocks that do not run are left alone."""
    moment = now()
    for deadline in _running(kind, record_id).where(Deadline.event.in_([str(event) for event in events])):
        change(deadline, state=DeadlineState.MET, met_at=moment)


def drop(kind: str, record_id: int) -> None:
    """Stop all clocks of a record that nobody owes anything any more."""
    for deadline in _running(kind, record_id):
        change(deadline, state=DeadlineState.DROPPED)


def _running(kind: str, record_id: int) -> ModelSelect[Deadline]:
    return Deadline.select().where(
        (Deadline.kind == kind)
        & (Deadline.record_id == record_id)
        & (Deadline.state.in_([DeadlineState.OPEN, DeadlineState.EXTENDED]))
    )


def extend(kind: str, record_id: int, event: Event, *, until: datetime, reason: str) -> None:
    """Move a limit, with the reason and the new date that the customer was told (003-A §5.3)."""
    deadline = Deadline.get(
        (Deadline.kind == kind) & (Deadline.record_id == record_id) & (Deadline.event == str(event))
    )
    change(deadline, state=DeadlineState.EXTENDED, extended_to=until, extension_reason=reason)


def deadlines_of(*, case_id: int) -> tuple[DeadlineShown, ...]:
    """Give all deadlines of a case, the nearest first."""
    rows = Deadline.select().where(Deadline.case == case_id).order_by(Deadline.due_at, Deadline.id)
    return tuple(shown(row) for row in rows)


def unmet_deadlines(kind: str, record_ids: Iterable[int]) -> dict[int, DeadlineShown]:
    """Give, by record, the deadline that ends first among those that still run."""
    columns = (Deadline.id, Deadline.case, Deadline.kind, Deadline.record_id, Deadline.event, Deadline.due_at,
               Deadline.named_by, Deadline.source, Deadline.state, Deadline.met_at, Deadline.extended_to)  # fmt: skip
    rows = Deadline.select(*columns).where(
        (Deadline.kind == kind)
        & among(Deadline.record_id, record_ids)
        & Deadline.state.in_([DeadlineState.OPEN, DeadlineState.EXTENDED])
    )
    nearest: dict[int, DeadlineShown] = {}
    running = (
        DeadlineShown(deadline, case, of, record, Event(event), due, NamedBy(named), rule, state, met, extended)
        for deadline, case, of, record, event, due, named, rule, state, met, extended in tuples(rows)
    )
    for each in sorted(running, key=lambda deadline: deadline.runs_until):
        nearest.setdefault(each.record_id, each)
    return nearest


def shown(row: Deadline) -> DeadlineShown:
    """Give a deadline's row in the form that pages use."""
    return DeadlineShown(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        record_id=row.record_id,
        event=Event(row.event),
        due_at=row.due_at,
        named_by=NamedBy(row.named_by),
        rule=row.source,
        state=row.state,
        met_at=row.met_at,
        extended_to=row.extended_to,
    )
