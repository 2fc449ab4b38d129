"""The flow: one module a step, in the order in which a return goes through the plant.

This list is the map for newcomers, and the side bar: what a step is called, what it is for, and which icon it has.
"""

from __future__ import annotations

from dataclasses import dataclass

from qms_desktop.i18n import N_


@dataclass(frozen=True)
class Step:
    """A step of the flow: `name` is its file name on every shelf, the rest is for people (source texts)."""

    name: str
    title: str
    sentence: str
    group: str
    icon: str


FLOW = "flow"
FOOT = "foot"

STEPS: tuple[Step, ...] = (
    Step(
        "master_data",
        N_("Master data"),
        N_("Customers, products, shipments, lots, people and rates."),
        FOOT,
        "database",
    ),
    Step(
        "complaint",
        N_("Complaint"),
        N_("Register what the customer reports and keep its limits."),
        FLOW,
        "message-report",
    ),
    Step("rma", N_("RMA"), N_("Agree what may come back, and have it approved."), FLOW, "truck-return"),
    Step(
        "receipt", N_("Receipt"), N_("Count what arrives, label it and put it into quarantine."), FLOW, "package-import"
    ),
    Step("sorting", N_("Sorting"), N_("Judge the goods and divide every piece into a heap."), FLOW, "arrows-split-2"),
    Step("rework", N_("Rework"), N_("Rework and repack, with hours and material."), FLOW, "tool"),
    Step(
        "inspection", N_("Re-inspection"), N_("Only what passes inspection goes back to stock."), FLOW, "checkup-list"
    ),
    Step("claim", N_("Claim"), N_("Settle with the customer by goods, cash or discount."), FLOW, "receipt-yuan"),
    Step("quality_cost", N_("Quality cost"), N_("What the case costs, entry by entry."), FLOW, "coins"),
    Step("eight_d", N_("8D"), N_("Find the cause, mend it, and report it to the customer."), FLOW, "file-report"),
    Step("recall", N_("Recall"), N_("Trace the lots and decide whether they are recalled."), FLOW, "speakerphone"),
    Step("statistics", N_("Statistics"), N_("The month in numbers."), FOOT, "chart-bar"),
)
