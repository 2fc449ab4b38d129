"""What is done for a claim: goods in advance before it, then goods, money and the supplier's share after its approval.

Nothing is executed before the approval, except goods in advance that the review of the RMA allowed (domain.md §16).
With the last piece and the last cent the claim is executed by itself; closing it settles the return.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import action, reading
from qms_desktop.db.claim import CLAIM_MOVES, Claim, ClaimAmount, ClaimPosition, ClaimState
from qms_desktop.db.claim_approval import PLACES_BEFORE_APPROVAL
from qms_desktop.db.claim_execution import (
    ADVANCE_IS_CERTIFIED,
    ADVANCE_MOVES_ALLOWANCE,
    ADVANCE_OF_A_FREE_LOT,
    ADVANCE_WITHIN_ANNOUNCED,
    CHARGE_BACK_AFTER_THE_APPROVAL,
    CHARGE_BACK_NAMES_THE_SUPPLIER,
    DELIVERED_WITHIN_SETTLED,
    DELIVERY_MOVES_POSITION,
    DELIVERY_NAMES_ITS_ORDER,
    PAID_WITHIN_SETTLED,
    PAYMENT_MOVES_AMOUNT,
    AdvanceAllowance,
    AdvanceSupply,
    ClaimChargeBack,
    ClaimDelivery,
    ClaimPayment,
    CustomerDeduction,
    DeductionState,
    PaymentKind,
)
from qms_desktop.db.master_data import HoldState, Lot, LotHold, Supplier
from qms_desktop.db.record import change, lock, take
from qms_desktop.db.rma import Rma, RmaLine, SettlementState
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Permission
from qms_desktop.rules.money import round_cent
from qms_desktop.steps.claim_reading import empty_places, place_title
from qms_desktop.steps.complaint import known_lot

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from qms_desktop.session import Session

UNKNOWN_SUPPLIER = N_("There is no supplier {code}. Choose one from the list, or write the name.")
NO_AMOUNT = N_("Type an amount above zero.")


@dataclass(frozen=True)
class AdvanceShown:
    """Goods that left before the claim."""

    id: int
    rma_line_id: int
    pieces: int
    lot_number: str
    order_no: str
    carrier: str
    certificate: str
    who: str
    at: datetime


@action(Permission.CLAIM_DELIVER)
def supply_in_advance(
    session: Session,
    *,
    rma_line_id: int,
    pieces: int,
    lot: str,
    certificate: str,
    order_no: str = "",
    carrier: str = "",
) -> int:
    """Record certified pieces that leave for the customer's line before the goods are judged (003-A §5.1; C19).

    The id that comes back is what the ledger's entry for the freight names. Raises Refused without the review's word,
    above the announced pieces, or for a lot on hold.
    """
    line = take(RmaLine, rma_line_id)
    if pieces <= 0 or not lot.strip() or not certificate.strip():
        raise InvalidInput(ADVANCE_IS_CERTIFIED.message, field="pieces")
    allowance = AdvanceAllowance.get_or_none(AdvanceAllowance.rma_line == line)
    if allowance is None:
        ADVANCE_MOVES_ALLOWANCE.refuse()
    left = allowance.pieces_allowed - allowance.pieces_supplied
    if pieces > left:
        ADVANCE_WITHIN_ANNOUNCED.refuse(left=left)
    known = known_lot(line.product, lot)
    if _is_held(known):
        ADVANCE_OF_A_FREE_LOT.refuse()
    made = AdvanceSupply.create(
        case=line.case_id,
        rma_line=line,
        pieces=pieces,
        lot_number=lot.strip(),
        lot=known,
        order_no=order_no,
        carrier=carrier,
        certificate=certificate,
    )
    return int(made.id)


def _is_held(lot: Lot | None) -> bool:
    return lot is not None and LotHold.select().where((LotHold.lot == lot) & (LotHold.state == HoldState.ON)).exists()


@reading(Permission.READ)
def advances(session: Session, *, rma_id: int) -> tuple[AdvanceShown, ...]:
    """Give the goods that left for a return in advance, oldest first."""
    lines = RmaLine.select(RmaLine.id).where(RmaLine.rma == rma_id)
    rows = AdvanceSupply.select().where(AdvanceSupply.rma_line.in_(lines)).order_by(AdvanceSupply.id)
    return tuple(
        AdvanceShown(
            id=row.id,
            rma_line_id=row.rma_line_id,
            pieces=row.pieces,
            lot_number=row.lot_number,
            order_no=row.order_no,
            carrier=row.carrier,
            certificate=row.certificate,
            who=row.created_by,
            at=row.created_at,
        )
        for row in rows
    )


@action(Permission.CLAIM_DELIVER)
def deliver(session: Session, *, claim_position_id: int, pieces: int, order_no: str, delivery_no: str = "") -> None:
    """Record replacement goods that leave with an order of the customer (003-A §6.7.1; 003-O §5.2.6)."""
    position = lock(ClaimPosition, claim_position_id)
    claim = take(Claim, position.claim_id)
    if pieces <= 0 or not order_no.strip():
        raise InvalidInput(DELIVERY_NAMES_ITS_ORDER.message, field="pieces" if pieces <= 0 else "order_no")
    if claim.state is not ClaimState.APPROVED:
        DELIVERY_MOVES_POSITION.refuse()
    gone = position.pieces_advance + position.pieces_delivered
    if pieces > position.pieces_goods - gone:
        DELIVERED_WITHIN_SETTLED.refuse(goods=position.pieces_goods, gone=gone, left=position.pieces_goods - gone)
    ClaimDelivery.create(
        case=claim.case_id,
        claim=claim,
        claim_position=position,
        pieces=pieces,
        order_no=order_no.strip(),
        delivery_no=delivery_no,
    )


@action(Permission.CLAIM_PAY)
def pay(session: Session, *, claim_id: int, amount: Decimal, kind: PaymentKind, voucher: str = "") -> None:
    """Record cash or a discount that finance gives, in the claim's currency (003-A §6.7.2)."""
    claim = lock(Claim, claim_id)
    if amount <= 0 or amount != round_cent(amount):
        raise InvalidInput(NO_AMOUNT, field="amount")
    if claim.state is not ClaimState.APPROVED:
        PAYMENT_MOVES_AMOUNT.refuse()
    sums = ClaimAmount.get(ClaimAmount.claim == claim)
    left = sums.cash + sums.discount - sums.deducted
    if amount > left:
        PAID_WITHIN_SETTLED.refuse(left=round_cent(left), settled=round_cent(sums.cash + sums.discount))
    ClaimPayment.insert(case=claim.case_id, claim=claim, kind=kind, amount=amount, voucher=voucher).execute()


@action(Permission.CLAIM_CHARGE_BACK)
def charge_back(
    session: Session,
    *,
    claim_id: int,
    amount: Decimal,
    supplier: str = "",
    supplier_name: str = "",
    debit_note: str = "",
) -> None:
    """Charge a supplier for its share of an approved claim, in CNY (000-T §4.1.5); `supplier` is its code."""
    claim = lock(Claim, claim_id)
    known = Supplier.get_or_none(Supplier.code == supplier) if supplier else None
    if supplier and known is None:
        raise InvalidInput(UNKNOWN_SUPPLIER, field="supplier", code=supplier)
    name = known.name if known else supplier_name.strip()
    if amount <= 0 or amount != round_cent(amount) or not name:
        raise InvalidInput(CHARGE_BACK_NAMES_THE_SUPPLIER.message, field="supplier_name" if not name else "amount")
    if claim.state not in (ClaimState.APPROVED, ClaimState.EXECUTED):
        CHARGE_BACK_AFTER_THE_APPROVAL.refuse()
    ClaimChargeBack.insert(
        case=claim.case_id, claim=claim, supplier=known, supplier_name=name, amount=amount, debit_note=debit_note
    ).execute()


@action(Permission.CLAIM_EXECUTE)
def finish(session: Session, *, claim_id: int) -> None:
    """Say that a claim is executed for which nothing is left to do: everything was supplied in advance."""
    change(_taken(claim_id, ClaimState.APPROVED, ClaimState.EXECUTED), state=ClaimState.EXECUTED)


@action(Permission.CLAIM_EXECUTE)
def close(session: Session, *, claim_id: int) -> None:
    """Close an executed claim; the return is settled with it. Raises Refused while a signature place is empty."""
    claim = _taken(claim_id, ClaimState.EXECUTED, ClaimState.CLOSED)
    empty = empty_places(claim)
    if empty:
        PLACES_BEFORE_APPROVAL.refuse(places=_(", ").join(_(place_title(place)) for place in empty))
    change(claim, state=ClaimState.CLOSED)
    change(lock(Rma, claim.rma_id), settlement_state=SettlementState.CLOSED)


def _taken(claim_id: int, start: ClaimState, end: ClaimState) -> Claim:
    claim = lock(Claim, claim_id)
    if claim.state is not start:
        CLAIM_MOVES.refuse(number=claim.number, start=claim.state, end=end)
    return claim


@action(Permission.CLAIM_PAY)
def note_deduction(session: Session, *, rma_id: int, deducted_on: date, amount: Decimal, remark: str = "") -> int:
    """Note an amount in CNY that the customer took off by himself (domain.md §16 "Settlement")."""
    rma = take(Rma, rma_id)
    if amount <= 0:
        raise InvalidInput(NO_AMOUNT, field="amount")
    made = CustomerDeduction.create(
        case=rma.case_id, rma=rma, deducted_on=deducted_on, amount=amount, remark=remark, state=DeductionState.NOTED
    )
    return int(made.id)


@action(Permission.CLAIM_PAY)
def decide_deduction(session: Session, *, deduction_id: int, accepts: bool, reason: str) -> None:
    """Accept what the customer took off, or say that it is reclaimed, with the reason."""
    if not reason.strip():
        raise InvalidInput(N_("Write why the deduction is accepted or reclaimed."), field="reason")
    deduction = lock(CustomerDeduction, deduction_id)
    change(deduction, state=DeductionState.ACCEPTED if accepts else DeductionState.RECLAIMED, remark=reason)
