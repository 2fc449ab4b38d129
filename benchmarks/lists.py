"""List pages: the newest hundred complaints, chosen ones and a page far down, at 10,000 and at 1,000,000.

The floor is raw SQL for the same page: its complaints with their customers, lines with products, and open deadlines,
made into the same typed rows by hand.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import MS, Ratio, medians
from benchmarks._many import SALES_LOGIN, plants
from qms_desktop.db.case import DeadlineState
from qms_desktop.db.complaint import ComplaintState, Urgency
from qms_desktop.db.record import database
from qms_desktop.rules.clock import DeadlineShown
from qms_desktop.rules.deadline import Event, NamedBy
from qms_desktop.steps import complaint
from qms_desktop.steps.complaint_choice import Choice
from qms_desktop.steps.complaint_reading import ComplaintRow
from tests.hostile.stage import SALES

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.session import Session

SMALL, FULL = 10_000, 1_000_000
SHORT_SMALL, SHORT = 1_000, 10_000
ROUNDS, SHORT_ROUNDS = 15, 5
MOST_OF_RAW, MOST_GROWTH = 3.0, 2.0
PAGE = (
    "SELECT c.id, c.case_id, c.number, c.received_at, c.state, c.urgency, c.round, k.code, k.name, k.short_name"
    " FROM complaint c"
    " JOIN customer k ON k.id = c.customer_id {where} ORDER BY c.id DESC LIMIT 100"
)
LINES = (
    "SELECT l.complaint_id, l.lot_number, l.pieces_complained, p.code FROM complaint_line l"
    " JOIN product p ON p.id = l.product_id WHERE l.complaint_id IN ({ids})"
)
DEADLINES = (
    "SELECT d.id, d.case_id, d.kind, d.record_id, d.event, d.due_at, d.named_by, d.source, d.state, d.met_at,"
    " d.extended_to FROM deadline d WHERE d.kind = 'complaint'"
    " AND d.record_id IN ({ids}) AND d.state IN ('OPEN', 'EXTENDED')"
)
LATE = (
    "SELECT d.record_id FROM deadline d WHERE d.kind = 'complaint' AND d.state IN ('OPEN', 'EXTENDED')"
    " AND coalesce(d.extended_to, d.due_at) < '2026-11-03T01:20:00.000000+00:00'"
)


def raw(session: Session, where: str) -> tuple[ComplaintRow, ...]:
    """Read a page by raw SQL on the session's own connection."""
    with session.store.use():
        cursor = database().connection().cursor()
        cursor.execute(PAGE.format(where=where))
        heads = cursor.fetchall()
        ids = ", ".join(str(head[0]) for head in heads)
        cursor.execute(LINES.format(ids=ids))
        lines: dict[int, list[tuple[str, int]]] = {}
        for complaint_id, lot, pieces, product in cursor.fetchall():
            lines.setdefault(complaint_id, []).append((f"{product} {lot}", pieces))
        cursor.execute(DEADLINES.format(ids=ids))
        limits = [limit(row) for row in cursor.fetchall()]
    next_one = {one.record_id: one for one in sorted(limits, key=lambda one: one.runs_until, reverse=True)}
    return tuple(made(head, lines[head[0]], next_one.get(head[0])) for head in heads)


def moment(told: Any) -> datetime | None:  # noqa: ANN401 - as the database gives it
    """Give a moment in UTC."""
    if told is None:
        return None
    return datetime.fromisoformat(told) if isinstance(told, str) else told.astimezone(UTC)


def limit(row: tuple[Any, ...]) -> DeadlineShown:
    """Make a deadline of its columns."""
    key, case_id, kind, record_id, event, due_at, named_by, source, state, met_at, extended_to = row
    due, met, extended = moment(due_at), moment(met_at), moment(extended_to)
    assert due is not None
    return DeadlineShown(
        key, case_id, kind, record_id, Event(event), due, NamedBy(named_by), source, DeadlineState(state), met, extended
    )


def made(head: tuple[Any, ...], lines: list[tuple[str, int]], unmet: DeadlineShown | None) -> ComplaintRow:
    """Make a row of the list of its columns."""
    key, case_id, number, received_at, state, urgency, round_, code, name, short_name = head
    received = moment(received_at)
    assert received is not None
    goods, pieces = " · ".join(dict.fromkeys(each for each, _pieces in lines)), sum(pieces for _each, pieces in lines)
    return ComplaintRow(
        key, case_id, number, code, name, short_name or name, received, ComplaintState(state), Urgency(urgency), goods,
        pieces, round_, unmet,
    )  # fmt: skip


def pages(count: int) -> dict[str, tuple[str, dict[str, Any]]]:
    """Give, by name, the condition of the raw page and the arguments of ours."""
    return {
        "newest": ("", {}),
        "open": ("WHERE c.state NOT IN ('REFUSED', 'CLOSED', 'ARCHIVED')", {"choice": Choice.OPEN}),
        "mine": (f"WHERE c.created_by = '{SALES_LOGIN}'", {"choice": Choice.MINE}),
        "overdue": (f"WHERE c.id IN ({LATE})", {"choice": Choice.OVERDUE}),
        "far down": (f"WHERE c.id < {count // 2}", {"before_id": count // 2}),
    }


def measured(session: Session, count: int, rounds: int) -> dict[str, float]:
    """Give the median seconds of each page, raw and ours, after they were seen to be the same."""
    works: dict[str, Callable[[], Any]] = {}
    for name, (where, arguments) in pages(count).items():
        found = complaint.listed(session, **arguments)
        assert found == raw(session, where), name
        assert found, name
        works[f"raw {name}"] = partial(raw, session, where)
        works[name] = partial(complaint.listed, session, **arguments)
    return medians(works, rounds=rounds)


def measure(*, short: bool) -> list[Ratio]:
    """Measure each page beside raw SQL, and beside itself in a small plant."""
    small, full, rounds = (SHORT_SMALL, SHORT, SHORT_ROUNDS) if short else (SMALL, FULL, ROUNDS)
    lines: list[Ratio] = []
    with tempfile.TemporaryDirectory() as folder, plants(Path(folder), (small, full), with_texts=False) as made:
        for kind, (of_small, of_full) in made.items():
            few = measured(of_small.sign_in(SALES), small, rounds)
            many = measured(of_full.sign_in(SALES), full, rounds)
            for name in pages(full):
                line = f"list, {name}, of {full:,} ({kind})"
                lines += [
                    Ratio(f"{line}, beside raw SQL", many[f"raw {name}"] * MS, many[name] * MS, MOST_OF_RAW, "ms"),
                    Ratio(f"{line}, beside {small:,}", few[name] * MS, many[name] * MS, MOST_GROWTH, "ms"),
                ]
    return lines
