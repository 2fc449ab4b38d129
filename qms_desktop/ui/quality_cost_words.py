"""The words and colours of quality cost: what was paid, lost or got back, and the classes of GB/T 13339."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.steps.quality_cost import CostClass, CostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

K = CostKind
KINDS: Mapping[CostKind, str] = {
    K.FREIGHT: N_("Freight"),
    K.PREMIUM_FREIGHT: N_("Premium freight"),
    K.INSURANCE: N_("Insurance"),
    K.MATERIAL: N_("Material used"),
    K.LABOUR: N_("Labour"),
    K.ANALYSIS: N_("Analysis work"),
    K.SCRAP: N_("Lost goods"),
    K.OUTSIDE_WORK: N_("Outside work"),
    K.CLAIM_CASH: N_("Claim in cash"),
    K.DISCOUNT: N_("Discount"),
    K.PENALTY: N_("Penalty"),
    K.LEGAL: N_("Legal cost"),
    K.RECOVERY: N_("Recovered parts"),
    K.SCRAP_SALE: N_("Scrap sold"),
    K.CHARGEBACK: N_("Charged to the supplier"),
}
# What a person enters as an invoiced sum; the rest is read from what the other steps booked.
SUMS = (K.FREIGHT, K.PREMIUM_FREIGHT, K.INSURANCE, K.OUTSIDE_WORK, K.PENALTY, K.LEGAL, K.CHARGEBACK)
ICONS: Mapping[CostKind, str] = {
    K.FREIGHT: "truck",
    K.PREMIUM_FREIGHT: "truck",
    K.INSURANCE: "shield-check",
    K.MATERIAL: "packages",
    K.LABOUR: "clock",
    K.ANALYSIS: "stethoscope",
    K.SCRAP: "trash",
    K.OUTSIDE_WORK: "tool",
    K.CLAIM_CASH: "receipt-yuan",
    K.DISCOUNT: "receipt-yuan",
    K.PENALTY: "alert-triangle",
    K.LEGAL: "gavel",
    K.RECOVERY: "repeat",
    K.SCRAP_SALE: "trash",
    K.CHARGEBACK: "coins",
}
COLOURS: Mapping[CostClass, str] = {
    CostClass.RETURN_LOSS: "g1",
    CostClass.CLAIM: "g5",
    CostClass.PRICE_REDUCTION: "g3",
    CostClass.WARRANTY: "g2",
    CostClass.LITIGATION: "g7",
    CostClass.RECALL: "g4",
}


def kind(one: CostKind) -> str:
    """Name a kind of cost in the current language."""
    return _(KINDS[one])
