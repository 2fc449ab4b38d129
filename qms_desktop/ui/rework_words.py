"""The words, signs and colours of rework: kinds of orders, activities, and where the pieces of an order are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.steps.rework import OrderKind
from qms_desktop.steps.rework_reading import Activity
from qms_desktop.ui.balance import Share
from qms_desktop.ui.chip import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qms_desktop.steps.rework_reading import OrderRow

KINDS: Mapping[OrderKind, str] = {
    OrderKind.REWORK: N_("Rework"),
    OrderKind.REPAIR: N_("Repair"),
    OrderKind.REPACK: N_("Repack"),
    OrderKind.DISMANTLE: N_("Dismantle"),
}
ICONS: Mapping[OrderKind, str] = {
    OrderKind.REWORK: "tool",
    OrderKind.REPAIR: "settings",
    OrderKind.REPACK: "package",
    OrderKind.DISMANTLE: "scissors",
}
ACTIVITIES: Mapping[Activity, str] = {
    Activity.ANALYSIS: N_("Analysis work"),
    Activity.SORTING: N_("Sorting"),
    Activity.POLISHING: N_("Polishing"),
    Activity.REWORK: N_("Rework"),
    Activity.REPAIR: N_("Repair"),
    Activity.REPACK: N_("Repacking"),
    Activity.DISMANTLE: N_("Dismantling"),
    Activity.INSPECTION: N_("Inspection"),
}


def kind(one: OrderKind) -> str:
    """Name a kind of order in the current language."""
    return _(KINDS[one])


def state_of(one: OrderRow) -> State:
    """Give an order's state for its chip."""
    state = str(one.state).lower()
    return State("rma_goods", "cancelled") if state == "cancelled" else State("order", state)


def shares_of(one: OrderRow) -> list[Share]:
    """Give where an order's pieces are: what production reported, and what is in work."""
    is_dismantling = one.kind is OrderKind.DISMANTLE
    reported = partial(_, N_("Taken apart")) if is_dismantling else partial(_, N_("To inspect"))
    return [
        Share(reported, one.pieces_to_inspect, "g3" if is_dismantling else "g2"),
        Share(partial(_, N_("Not mended")), one.pieces_failed, "g3"),
        Share(partial(_, N_("Held for scrap")), one.pieces_scrapped, "g4"),
        Share(partial(_, N_("In work")), one.pieces_in_work, "g7"),
    ]


def hours(minutes: int) -> str:
    """Write minutes as hours and minutes: 4:35."""
    return f"{minutes // 60}:{minutes % 60:02}"


def quantity(amount: object, unit: str) -> str:
    """Write an amount of material in its own unit, without needless zeros: 8.48 kg."""
    figure = f"{amount:,.3f}".rstrip("0").rstrip(".").replace("-", "\u2212")
    return f"{figure} {unit}".strip()


__all__ = ["ACTIVITIES", "ICONS", "KINDS", "hours", "kind", "quantity", "shares_of", "state_of"]
