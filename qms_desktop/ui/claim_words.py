"""The words of claims: how pieces are settled, how money is given, the stations and places of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.steps.claim import ClaimState, SettlementKind
from qms_desktop.steps.claim_execution import PaymentKind
from qms_desktop.ui.chip import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qms_desktop.steps.claim_reading import ClaimRow

S = ClaimState
SETTLEMENTS: Mapping[SettlementKind, str] = {
    SettlementKind.GOODS: N_("Goods of equal value"),
    SettlementKind.CASH: N_("Cash"),
    SettlementKind.DISCOUNT: N_("Discount, customer keeps the goods"),
}
SHORT_SETTLEMENTS: Mapping[SettlementKind, str] = {
    SettlementKind.GOODS: N_("Goods"),
    SettlementKind.CASH: N_("Cash"),
    SettlementKind.DISCOUNT: N_("Discount"),
}
PAYMENTS: Mapping[PaymentKind, str] = {
    PaymentKind.OFF_RECEIVABLES: N_("Taken off the receivables"),
    PaymentKind.PAID_OUT: N_("Paid out"),
    PaymentKind.CREDIT_NOTE: N_("Credit note"),
}
STATIONS = (S.DRAFT, S.REVIEWED, S.CALCULATED, S.APPROVAL, S.APPROVED, S.EXECUTED, S.CLOSED)


def stations() -> list[str]:
    """Name the stations of a claim for the stepper."""
    return [str(State("claim", str(state).lower())) for state in STATIONS]


def station_of(state: ClaimState) -> int:
    """Give the place of a state among the stations; a closed claim has passed them all."""
    if state is S.CLOSED:
        return len(STATIONS)
    return STATIONS.index(state) if state in STATIONS else 0


def state_of(one: ClaimRow) -> State:
    """Give a claim's state for its chip."""
    return State("claim", str(one.state).lower())


def settlement(kind: SettlementKind) -> str:
    """Name a way of settling in the current language."""
    return _(SHORT_SETTLEMENTS[kind])
