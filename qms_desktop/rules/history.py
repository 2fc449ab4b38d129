"""What happened to a case, in the trade's words: one line a deed, from the audit trail.

Rows that one deed wrote in one moment are one line. Prices and costs are left out for those who may not see them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db import audit
from qms_desktop.db.case import CaseFile
from qms_desktop.db.master_data import Customer, Person
from qms_desktop.db.record import take
from qms_desktop.permissions import Permission
from qms_desktop.rules.history_figures import SIGNED_COUNT, Figure, figures_of_case
from qms_desktop.rules.history_titles import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from qms_desktop.session import Session


@dataclass(frozen=True)
class Told:
    """One deed in the story of a case: when, by whom, what (a source text), why, and the pieces that it moved."""

    at: datetime
    who: str
    title: str
    reason: str
    figures: tuple[Figure, ...] = ()

    @property
    def pieces(self) -> int:
        """Give all the pieces that the deed moved."""
        return sum(figure.pieces for figure in self.figures)


@dataclass(frozen=True)
class CaseHistory:
    """The story of a case with its head."""

    case_id: int
    number: str
    customer_name: str
    subject: str
    deeds: tuple[Told, ...]


@reading(Permission.READ)
def case_history(session: Session, *, case_id: int, with_figures: bool = True) -> CaseHistory:
    """Give the story of a case, oldest deed first, with the pieces that moved where asked for; raises NotFound."""
    case = take(CaseFile, case_id)
    names = {person.login: person.name for person in Person.select(Person.login, Person.name)}
    entries = audit.history(case_id, sees_money=session.may(Permission.READ_MONEY))
    figures = figures_of_case(case_id) if with_figures else {}
    told = []
    for (action, who, at), rows in groupby(entries, key=lambda entry: (entry.action, entry.who, entry.at)):
        written = list(rows)
        moved = _summed(figures.get((row.table_name, row.row_id), {}) for row in written if _moves(row))
        told.append(Told(at, names.get(who, who), TITLES.get(action, action), written[0].reason, moved))
    customer = take(Customer, case.customer_id).name if case.customer_id else ""
    return CaseHistory(case.id, case.number, customer, case.title, tuple(told))


def told_together(deeds: Sequence[Told], *, zone: ZoneInfo) -> tuple[Told, ...]:
    """Make one of deeds that one person did one after the other on one day, such as twelve cartons counted."""
    together: list[Told] = []
    for deed in deeds:
        before = together[-1] if together else None
        same = before is not None and (before.who, before.title, before.reason) == (deed.who, deed.title, deed.reason)
        if before is not None and same and before.at.astimezone(zone).date() == deed.at.astimezone(zone).date():
            sums = _summed({one.what: one.pieces for one in told.figures} for told in (before, deed))
            together[-1] = replace(before, figures=sums)
        else:
            together.append(deed)
    return tuple(together)


def _moves(entry: audit.HistoryEntry) -> bool:
    """Say whether an entry made what moves pieces; a receipt exists before, its signature takes the pieces in."""
    if entry.table_name == "receipt":
        return entry.action == SIGNED_COUNT
    return entry.operation == "INSERT"


def _summed(figures: Iterable[Mapping[str, int]]) -> tuple[Figure, ...]:
    sums: dict[str, int] = {}
    for one in figures:
        for what, pieces in one.items():
            sums[what] = sums.get(what, 0) + pieces
    return tuple(Figure(what, pieces) for what, pieces in sums.items())
