"""How many pieces each deed of a case moved, and what became of them: the quantities on the case's time line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qms_desktop.db.claim import ClaimLine
from qms_desktop.db.claim_execution import AdvanceSupply, ClaimDelivery
from qms_desktop.db.complaint import ComplaintLine, Containment
from qms_desktop.db.inspection import Inspection, InspectionKind, RecoveredPart, StockEntry
from qms_desktop.db.recall import RecallLine, RecallProgress
from qms_desktop.db.receipt import Receipt, ReceiptAgreement, ReceiptCount
from qms_desktop.db.rework import OrderPieces, OrderReport
from qms_desktop.db.rma import RmaLine
from qms_desktop.db.sorting_disposition import Disposition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PASSED, FAILED, SCRAPPED, TO_INSPECT, PARTS = "passed", "failed", "scrapped", "to_inspect", "parts"


@dataclass(frozen=True)
class Figure:
    """Pieces that a deed moved (below zero: took back), and what became of them.

    `what` is a DispositionKind, an OrderKind, a SettlementKind, one of the words above, or empty for plain pieces;
    for PARTS the figure counts single parts.
    """

    what: str
    pieces: int


def _plain(column: str) -> Callable[[Any], dict[str, int | None]]:
    return lambda row: {"": getattr(row, column)}


def _by_kind(row: Any) -> dict[str, int | None]:  # noqa: ANN401 - a row of any event table with a kind
    return {str(row.kind): row.pieces}


def _inspected(row: Inspection) -> dict[str, int | None]:
    if row.kind is InspectionKind.PARTS:
        return {PARTS: row.pieces_passed}
    return {PASSED: row.pieces_passed, FAILED: row.pieces_failed, SCRAPPED: row.pieces_scrapped}


def _reported(row: OrderReport) -> dict[str, int | None]:
    return {TO_INSPECT: row.pieces_to_inspect, FAILED: row.pieces_failed, SCRAPPED: row.pieces_scrapped}


def _stocked(row: StockEntry) -> dict[str, int | None]:
    return {PARTS if row.inspection.kind is InspectionKind.PARTS else "": row.pieces}


def _found(row: RecallLine) -> dict[str, int | None]:
    return {} if row.is_complainant else {"": row.pieces}


# The rows whose making is what moved the pieces.
_EVENTS: Mapping[Any, Callable[[Any], dict[str, int | None]]] = {
    ComplaintLine: _plain("pieces_complained"),
    Containment: _plain("pieces"),
    RmaLine: _plain("pieces_announced"),
    ReceiptCount: _plain("pieces"),
    ReceiptAgreement: _plain("pieces"),
    Disposition: _by_kind,
    OrderPieces: _by_kind,
    OrderReport: _reported,
    RecoveredPart: lambda row: {PARTS: row.parts_total},
    Inspection: _inspected,
    StockEntry: _stocked,
    ClaimLine: _by_kind,
    AdvanceSupply: _plain("pieces"),
    ClaimDelivery: _plain("pieces"),
    RecallLine: _found,
    RecallProgress: _plain("pieces"),
}
# A receipt is made when the goods arrive; its signature is what takes the pieces in.
SIGNED_COUNT = "receipt.accept_count"


def figures_of_case(case_id: int) -> Mapping[tuple[str, int], Mapping[str, int]]:
    """Give, by table and row, the pieces of every event of a case."""
    found: dict[tuple[str, int], Mapping[str, int]] = {}
    for model, figures in (*_EVENTS.items(), (Receipt, _plain("pieces_counted"))):
        table = model._meta.table_name
        for row in model.select().where(model.case == case_id):
            found[table, row.id] = {what: pieces for what, pieces in figures(row).items() if pieces}
    return found
