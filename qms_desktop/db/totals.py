"""What every total must be, told by the events that move it: for the verification, never for a booking.

A total is moved by triggers, one event at a time (database.md §1). Here the same figure is summed up from the events
once more, in SQL that both databases understand; `t` is the row that holds the total. A difference means that somebody
wrote past the triggers: as the owner of a server, or in a file with the program's own functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db import sorting
from qms_desktop.db.record import database
from qms_desktop.db.rework import OrderKind
from qms_desktop.db.sorting import DispositionKind

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Differs:
    """A total that is not what its events make: the table, the row, the column, and both figures."""

    table: str
    row_id: int
    column: str
    stands: int
    events_make: int


def _sum(what: str, of: str) -> str:
    return f"coalesce((SELECT sum({what}) FROM {of}), 0)"


def _heaps() -> dict[str, str]:
    of = "disposition d WHERE d.round_id = t.id"
    heaps = {column: _sum("d.pieces", f"{of} AND d.kind = '{kind}'") for kind, column in sorting.HEAPS.items()}
    refused = {
        column: _sum("d.pieces", f"{of} AND d.refusal_reason = '{reason}'")
        for reason, column in sorting.REFUSED.items()
    }
    ordered = {
        sorting.USED[DispositionKind(kind)]: _sum(
            "o.pieces", f"order_pieces o WHERE o.round_id = t.id AND o.kind = '{kind}'"
        )
        for kind in OrderKind
    }
    return heaps | refused | ordered


_IN_FORCE = "NOT EXISTS (SELECT 1 FROM receipt_count n WHERE n.replaces_id = c.id)"
_OF_RMA_LINE = "receipt_line l JOIN receipt r ON r.id = l.receipt_id WHERE l.rma_line_id = t.id AND r.state = 'SIGNED'"
_ROUND_PIECES = (
    "CASE t.origin WHEN 'RECEIPT' THEN (SELECT l.pieces_agreed FROM receipt_line l WHERE l.id = t.receipt_line_id)"
    " WHEN 'NON_PHYSICAL' THEN (SELECT l.pieces_agreed FROM rma_line l WHERE l.id = t.rma_line_id)"
    " WHEN 'REINSPECTION' THEN (SELECT i.pieces_failed FROM inspection i WHERE i.id = t.source_id)"
    " ELSE (SELECT o.pieces_failed + o.pieces_scrapped FROM order_report o WHERE o.id = t.source_id) END"
)
_ADVANCE = (
    "coalesce((SELECT CASE WHEN a.pieces_supplied < t.pieces_goods THEN a.pieces_supplied ELSE t.pieces_goods END"
    " FROM advance_allowance a JOIN claim c ON c.id = t.claim_id WHERE a.rma_line_id = t.rma_line_id"
    " AND c.state IN ('APPROVED', 'EXECUTED', 'CLOSED')), 0)"
)


def _reported(column: str) -> str:
    return _sum(f"o.{column}", "order_report o WHERE o.work_order_id = t.id")


def _inspected(column: str, subject: str) -> str:
    return _sum(f"i.{column}", f"inspection i WHERE i.{subject} = t.id")


def _claimed(kind: str) -> str:
    return _sum(
        "a.amount",
        "claim_line_amount a JOIN claim_line n ON n.id = a.claim_line_id"
        f" WHERE n.claim_id = t.claim_id AND n.kind = '{kind}'",
    )


TOTALS: dict[str, dict[str, str]] = {
    "rma": {"pieces_announced": _sum("l.pieces_announced", "rma_line l WHERE l.rma_id = t.id")},
    "rma_line": {"pieces_received": _sum("l.pieces_agreed", _OF_RMA_LINE)},
    "rma_amount": {
        "amount": _sum(
            "p.home_amount", "rma_line_price p JOIN rma_line l ON l.id = p.rma_line_id WHERE l.rma_id = t.rma_id"
        )
    },
    "receipt": {"pieces_counted": _sum("c.pieces", f"receipt_count c WHERE c.receipt_id = t.id AND {_IN_FORCE}")},
    "receipt_line": {
        "pieces_counted": _sum("c.pieces", f"receipt_count c WHERE c.receipt_line_id = t.id AND {_IN_FORCE}")
    },
    "sorting_round": {
        "pieces": _ROUND_PIECES,
        "pieces_undecided": f"{_ROUND_PIECES} - {_sum('d.pieces', 'disposition d WHERE d.round_id = t.id')}",
        "good_inspected": _inspected("pieces_submitted", "round_id"),
        **_heaps(),
    },
    "work_order": {
        "pieces": _sum("o.pieces", "order_pieces o WHERE o.work_order_id = t.id"),
        "pieces_in_work": f"{_sum('o.pieces', 'order_pieces o WHERE o.work_order_id = t.id')}"
        f" - {_reported('pieces_to_inspect')} - {_reported('pieces_failed')} - {_reported('pieces_scrapped')}",
        "pieces_to_inspect": _reported("pieces_to_inspect"),
        "pieces_failed": _reported("pieces_failed"),
        "pieces_scrapped": _reported("pieces_scrapped"),
        "pieces_inspected": _inspected("pieces_submitted", "work_order_id"),
    },
    "recovered_part": {
        "parts_inspected": _inspected("pieces_submitted", "part_id"),
        "parts_passed": _inspected("pieces_passed", "part_id"),
        "parts_rejected": f"{_inspected('pieces_failed', 'part_id')} + {_inspected('pieces_scrapped', 'part_id')}",
    },
    "inspection": {"pieces_stocked": _sum("e.pieces", "stock_entry e WHERE e.inspection_id = t.id")},
    "claim": {"pieces_settled": _sum("n.pieces", "claim_line n WHERE n.claim_id = t.id")},
    "claim_position": {
        "pieces_settled": _sum("n.pieces", "claim_line n WHERE n.claim_position_id = t.id"),
        "pieces_goods": _sum("n.pieces", "claim_line n WHERE n.claim_position_id = t.id AND n.kind = 'GOODS'"),
        "pieces_advance": _ADVANCE,
        "pieces_delivered": _sum("d.pieces", "claim_delivery d WHERE d.claim_position_id = t.id"),
    },
    "claim_amount": {
        "goods": _claimed("GOODS"),
        "cash": _claimed("CASH"),
        "discount": _claimed("DISCOUNT"),
        "home_amount": _sum(
            "a.home_amount",
            "claim_line_amount a JOIN claim_line n ON n.id = a.claim_line_id WHERE n.claim_id = t.claim_id",
        ),
        "deducted": _sum("p.amount", "claim_payment p WHERE p.claim_id = t.claim_id"),
    },
    "advance_allowance": {
        "pieces_allowed": "coalesce((SELECT l.pieces_announced FROM rma_line l WHERE l.id = t.rma_line_id), 0)",
        "pieces_supplied": _sum("s.pieces", "advance_supply s WHERE s.rma_line_id = t.rma_line_id"),
    },
    "eight_d": {"revision": "(SELECT count(*) FROM eight_d_version v WHERE v.eight_d_id = t.id)"},
    "recall": {"pieces_found": _sum("l.pieces", "recall_line l WHERE l.recall_id = t.id AND NOT l.is_complainant")},
    "recall_line": {"pieces_settled": _sum("p.pieces", "recall_progress p WHERE p.recall_line_id = t.id")},
}


def differences() -> Iterator[Differs]:
    """Sum up every total from its events, and give each that stands otherwise."""
    for table, columns in TOTALS.items():
        for column, events in columns.items():
            query = (
                f"SELECT t.id, t.{column}, {events} FROM {table} t WHERE t.{column} IS DISTINCT FROM ({events})"
                " ORDER BY t.id"
            )
            for row_id, stands, made in database().execute_sql(query).fetchall():
                yield Differs(table, row_id, column, int(stands), int(made or 0))
