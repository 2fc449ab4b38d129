"""The statistics page of a month among 1,000,000 returns, beside the raw SQL of what it shows.

The floor adds everything up in the database: pieces and measures by reason, the check line, what was shipped, the cost
by reason; and it reads the month's complaints with their limits, as the page's table has them.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import MS, Ratio, medians
from benchmarks._returns import LAST_MONTH, plants
from qms_desktop.db.record import database, moment_text, on_postgresql
from qms_desktop.ui.statistics import read_month
from tests.helpers.plant import SHANGHAI
from tests.hostile.stage import QUALITY_MANAGER

if TYPE_CHECKING:
    from qms_desktop.session import Session

RETURNS, SHORT_RETURNS = 1_000_000, 20_000
ROUNDS, SHORT_ROUNDS = 7, 3
MOST_OF_RAW = 2.0
YEAR, MONTH = LAST_MONTH
BEGINS = {"before": (YEAR, MONTH - 1), "this": (YEAR, MONTH), "after": (YEAR, MONTH + 1)}
REASON = (
    "coalesce((SELECT d.name FROM judgement j JOIN defect_code d ON d.id = j.defect_code_id WHERE j.round_id = r.id"
    " ORDER BY j.id DESC LIMIT 1), (SELECT d.name FROM rma_line l JOIN defect_code d ON d.id = l.defect_code_id"
    " WHERE l.id = r.rma_line_id), '')"
)
ROUNDS_OF = "FROM sorting_round r WHERE r.number = 1 AND r.created_at >= {begin} AND r.created_at < {end}"
RETURNED = (
    f"SELECT {REASON} AS reason, sum(r.pieces), sum(r.refused_r1 + r.refused_r2 + r.refused_r3 + r.refused_r4),"
    f" sum(CASE WHEN r.state = 'DONE' THEN 0 ELSE r.pieces END) {ROUNDS_OF} GROUP BY 1"
)
MEASURES = (
    f"SELECT c.reason, count(DISTINCT c.case_id), count(DISTINCT d.id), count(DISTINCT CASE WHEN d.met_at IS NOT NULL"
    " THEN d.id END), min(CASE WHEN d.met_at IS NULL THEN coalesce(d.extended_to, d.due_at) END)"
    f" FROM (SELECT {REASON} AS reason, r.case_id {ROUNDS_OF} UNION SELECT k.name, l.case_id FROM complaint_line l"
    " JOIN complaint c ON c.id = l.complaint_id JOIN defect_code k ON k.id = l.defect_code_id"
    " WHERE c.received_at >= {begin} AND c.received_at < {end}) c LEFT JOIN complaint_line l ON l.case_id = c.case_id"
    " LEFT JOIN defect_code k ON k.id = l.defect_code_id LEFT JOIN deadline d ON d.kind = 'complaint'"
    " AND d.record_id = l.complaint_id AND d.event = 'CAUSES_AND_MEASURES' AND d.state <> 'DROPPED'"
    " AND (k.id IS NULL OR k.name = c.reason) GROUP BY c.reason"
)
CHECKED = (
    "SELECT sum(l.pieces_agreed) FROM receipt_line l WHERE l.receipt_id IN (SELECT s.record_id FROM signature s"
    " WHERE s.kind = 'receipt' AND s.meaning = 'ACCEPT_COUNT' AND s.created_at >= {begin} AND s.created_at < {end})"
)
REFUSED = (
    "SELECT sum(d.pieces) FROM disposition d WHERE d.refusal_reason IS NOT NULL"
    f" AND d.round_id IN (SELECT r.id {ROUNDS_OF})"
)
SHIPPED = "SELECT sum(pieces_shipped) FROM shipment_line WHERE shipped_on >= {first_day} AND shipped_on < {day_after}"
COST = (
    f"SELECT {REASON} AS reason, w.begun >= {{begin}}, sum(w.amount) FROM ("
    "SELECT round_id, started_at AS begun, {minutes} * 480000 / 60 AS amount FROM work_time"
    " WHERE state = 'ENDED' AND started_at >= {before} AND started_at < {end}"
    " UNION ALL SELECT d.round_id, d.created_at, d.pieces * p.standard_cost FROM disposition d"
    " JOIN sorting_round s ON s.id = d.round_id JOIN product_price p ON p.product_id = s.product_id"
    " WHERE d.kind = 'SCRAP' AND d.created_at >= {before} AND d.created_at < {end}) w"
    " JOIN sorting_round r ON r.id = w.round_id GROUP BY 1, 2"
)
ENTRIES = (
    f"SELECT {REASON} AS reason, e.cost_class, e.happened_on >= {{first_day}}, sum(e.amount) FROM cost_entry e"
    " JOIN sorting_round r ON r.case_id = e.case_id WHERE e.happened_on >= {first_day_before}"
    " AND e.happened_on < {day_after} GROUP BY 1, 2, 3"
)
COMPLAINTS = (
    "SELECT c.id, c.number, c.customer_reference, c.received_at, c.complaint_class, c.urgency, c.state, c.created_by,"
    " k.short_name, k.name FROM complaint c JOIN customer k ON k.id = c.customer_id WHERE c.received_at < {end}"
    " AND c.id IN (SELECT id FROM complaint WHERE received_at >= {begin} AND received_at < {end} UNION SELECT id"
    " FROM complaint WHERE state NOT IN ('REFUSED', 'CLOSED', 'ARCHIVED')) ORDER BY c.received_at, c.id"
)
OF_COMPLAINTS = (
    (
        "SELECT l.complaint_id, l.lot_number, l.customer_words, l.pieces_complained, p.code FROM complaint_line l"
        " JOIN product p ON p.id = l.product_id WHERE l.complaint_id IN ({ids}) ORDER BY l.position"
    ),
    (
        "SELECT record_id, event, due_at, met_at, extended_to, extension_reason FROM deadline WHERE kind = 'complaint'"
        " AND record_id IN ({ids}) AND state <> 'DROPPED'"
    ),
    "SELECT complaint_id, id, number, goods_state FROM rma WHERE complaint_id IN ({ids}) ORDER BY id",
)
ONCE = (RETURNED, MEASURES, CHECKED, REFUSED, SHIPPED, COST, ENTRIES)


def words() -> dict[str, str]:
    """Give the moments and days of the month as literals of the database in use."""
    typed = ("timestamptz ", "date ") if on_postgresql() else ("", "")
    marks = {}
    for name, (year, month) in BEGINS.items():
        begin = datetime(year, month, 1, tzinfo=SHANGHAI)
        marks[name] = f"{typed[0]}'{moment_text(begin.astimezone(UTC))}'"
        marks[f"{name} day"] = f"{typed[1]}'{begin:%Y-%m-%d}'"
    minutes = (
        "(extract(epoch FROM ended_at - started_at) / 60)::bigint"
        if on_postgresql()
        else "CAST(round((julianday(ended_at) - julianday(started_at)) * 1440) AS INTEGER)"
    )
    return {
        "before": marks["before"], "begin": marks["this"], "end": marks["after"], "minutes": minutes,
        "first_day_before": marks["before day"], "first_day": marks["this day"], "day_after": marks["after day"],
    }  # fmt: skip


def raw(session: Session) -> dict[str, list[Any]]:
    """Read what the page shows by raw SQL on the session's own connection; gives what was found by its statement."""
    with session.store.use():
        cursor = database().connection().cursor()

        def rows(query: str, **more: str) -> list[Any]:
            cursor.execute(query.format(**more))
            return list(cursor.fetchall())

        this = words()
        earlier = {**this, "begin": this["before"], "end": this["begin"]}
        found = {query: rows(query, **this) for query in ONCE}
        rows(RETURNED, **earlier)
        rows(SHIPPED, **{**this, "first_day": this["first_day_before"], "day_after": this["first_day"]})
        found[COMPLAINTS] = rows(COMPLAINTS, **this)
        ids = ", ".join(str(row[0]) for row in found[COMPLAINTS])
        for query in OF_COMPLAINTS:
            rows(query, ids=ids)
        return found


def same(session: Session) -> bool:
    """Tell whether the page shows what the raw SQL found."""
    shown, found = read_month(session, year=YEAR, month=MONTH), raw(session)
    pieces = {reason: int(all_ - refused) for reason, all_, refused, _unsorted in found[RETURNED]}
    cases = {row[0]: row[1] for row in found[MEASURES]}
    amounts = sum(row[2] for row in found[COST] if row[1]) + sum(row[3] for row in found[ENTRIES] if row[2])
    reasons = shown.returns.reasons
    return (
        {one.reason: one.pieces for one in reasons} == pieces
        and {one.reason: one.cases for one in reasons} == cases
        and abs(sum(cost.amount for cost in shown.returns.costs) * 10_000 - amounts) < amounts / 10_000
        and shown.returns.pieces_in_details == shown.returns.pieces == found[CHECKED][0][0] - found[REFUSED][0][0]
        and shown.returns.pieces_shipped == found[SHIPPED][0][0]
        and len(shown.tracking.complaints) == len(found[COMPLAINTS])
    )


def measure(*, short: bool) -> list[Ratio]:
    """Measure the page of the last full month on both databases."""
    count, rounds = (SHORT_RETURNS, SHORT_ROUNDS) if short else (RETURNS, ROUNDS)
    lines: list[Ratio] = []
    with tempfile.TemporaryDirectory() as folder, plants(Path(folder), count) as made:
        for kind, plant in made.items():
            session = plant.sign_in(QUALITY_MANAGER)
            assert same(session), kind
            found = medians(
                {"floor": lambda: raw(session), "ours": lambda: read_month(session, year=YEAR, month=MONTH)},  # noqa: B023 - called before the next plant
                rounds=rounds,
            )
            name = f"statistics page among {count:,} returns ({kind})"
            lines.append(Ratio(name, found["floor"] * MS, found["ours"] * MS, MOST_OF_RAW, "ms"))
    return lines
