"""The words, signs and colours of heaps and responsibilities: the same on every page that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.steps.sorting import DispositionKind, Responsibility
from qms_desktop.steps.sorting_reading import RoundOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping

K, R = DispositionKind, Responsibility


@dataclass(frozen=True)
class HeapLook:
    """How a heap is named and drawn: source text, icon, chart colour."""

    words: str
    icon: str
    colour: str


# In the order in which the bench works: the daily heaps first (looks.md, page 04).
HEAPS: Mapping[DispositionKind, HeapLook] = {
    K.REWORK: HeapLook(N_("Rework"), "tool", "g1"),
    K.REPACK: HeapLook(N_("Repack"), "package", "g2"),
    K.GOOD: HeapLook(N_("Good"), "circle-check", "g6"),
    K.RETURN_TO_CUSTOMER: HeapLook(N_("Back to customer"), "truck-return", "g5"),
    K.DISMANTLE: HeapLook(N_("Dismantle"), "scissors", "g3"),
    K.SCRAP: HeapLook(N_("Scrap"), "trash", "g4"),
    K.ANALYSED: HeapLook(N_("Cut up for analysis"), "stethoscope", "hold"),
    K.REPAIR: HeapLook(N_("Repair"), "settings", "g1"),
    K.CONCESSION: HeapLook(N_("Concession"), "file-check", "g6"),
    K.RETURN_TO_SUPPLIER: HeapLook(N_("Back to supplier"), "building-factory-2", "g5"),
    K.RETAINED: HeapLook(N_("Retained sample"), "archive", "hold"),
    K.SCRAPPED_AT_CUSTOMER: HeapLook(N_("Scrapped at the customer"), "world", "g4"),
}
UNDECIDED = N_("Undecided")
RESPONSIBILITIES: Mapping[Responsibility, str] = {
    R.CUSTOMER: N_("1 Customer"),
    R.SUPPLIER: N_("2 Supplier"),
    R.MANUFACTURING: N_("3 Manufacturing"),
    R.AFTER_SALES: N_("4 After-sales"),
    R.MATERIAL_CONTROL: N_("5 Material control"),
    R.TRANSPORT: N_("6 Transport"),
    R.DESIGN: N_("7 Design"),
    R.SALES: N_("8 Sales"),
    R.OTHER: N_("9 Other"),
}
ORIGINS: Mapping[RoundOrigin, str] = {
    RoundOrigin.RECEIPT: N_("from the receipt"),
    RoundOrigin.NON_PHYSICAL: N_("at the customer"),
    RoundOrigin.REINSPECTION: N_("failed the re-inspection"),
    RoundOrigin.PRODUCTION: N_("sent back by production"),
}


def heap(kind: DispositionKind) -> str:
    """Name a heap in the current language."""
    return _(HEAPS[kind].words)


def responsible(code: Responsibility, percent: int, supplier: str = "") -> str:
    """Write a share of the responsibility: 3 Manufacturing 80 %."""
    return " \u00b7 ".join(filter(None, (f"{_(RESPONSIBILITIES[code])} {percent}\u00a0%", supplier)))
