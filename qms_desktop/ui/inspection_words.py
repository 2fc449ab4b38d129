"""The words of the re-inspection: what is inspected, and how a result is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.steps.inspection import InspectionKind
from qms_desktop.ui.chip import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qms_desktop.steps.inspection_reading import InspectionRow

KINDS: Mapping[InspectionKind, str] = {
    InspectionKind.GOOD: N_("Good pieces"),
    InspectionKind.ORDER: N_("Reported pieces"),
    InspectionKind.PARTS: N_("Recovered parts"),
}
ICONS: Mapping[InspectionKind, str] = {
    InspectionKind.GOOD: "circle-check",
    InspectionKind.ORDER: "tool",
    InspectionKind.PARTS: "scissors",
}


def kind(one: InspectionKind) -> str:
    """Name what is inspected in the current language."""
    return _(KINDS[one])


def state_of(one: InspectionRow) -> State:
    """Give what is next for an inspection: its pieces wait for the stock, are booked in, or none passed."""
    if one.left_for_stock:
        return State("task", "to_do", word=_("To book in"))
    if one.passed:
        return State("dismantling", "done")
    return State("pieces", "failed", {"round": ""}, word=_("None passed"))
