"""The return analysis sheet of a claim, filled from its records (退货分析处理单, 004-J)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import reading
from qms_desktop.db.claim import Claim, ClaimAmount, ClaimLine, ClaimPosition
from qms_desktop.db.claim_execution import AdvanceSupply, ClaimChargeBack, ClaimDelivery, ClaimPayment, PaymentKind
from qms_desktop.db.foundation import DatabaseKind
from qms_desktop.db.master_data import ShipmentLine
from qms_desktop.db.record import now, take
from qms_desktop.db.rma import RefusalReason, RmaLine, RmaLinePrice
from qms_desktop.db.sorting import HEAPS, REFUSED, DispositionKind, Responsibility, SortingRound
from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Permission, Role
from qms_desktop.rules.approval import LEVEL_NAMES, ApprovalNeed
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.signature import Meaning, signatures_of
from qms_desktop.steps.claim_reading import HUNDRED_PERCENT, approval_need, places_of, positions_of, refused_of
from qms_desktop.steps.claim_sheet import (
    CREDIT_NOTE,
    EQUAL_VALUE_GOODS,
    OFF_RECEIVABLES,
    PAID_OUT,
    ClaimSheetLine,
    ReturnAnalysisSheet,
    SettlementPart,
    SignaturePlace,
)

if TYPE_CHECKING:
    from datetime import date

    from qms_desktop.session import Session

FORM_NUMBER = "QMS-004-J"
HEAP_WORDS = {
    DispositionKind.GOOD: N_("good"),
    DispositionKind.REWORK: N_("rework"),
    DispositionKind.REPAIR: N_("repair"),
    DispositionKind.REPACK: N_("repack"),
    DispositionKind.CONCESSION: N_("concession"),
    DispositionKind.DISMANTLE: N_("dismantle"),
    DispositionKind.SCRAP: N_("scrap"),
    DispositionKind.RETURN_TO_CUSTOMER: N_("back to the customer"),
    DispositionKind.RETURN_TO_SUPPLIER: N_("back to the supplier"),
    DispositionKind.ANALYSED: N_("cut up for analysis"),
    DispositionKind.RETAINED: N_("retained sample"),
    DispositionKind.SCRAPPED_AT_CUSTOMER: N_("scrapped at the customer"),
}
REFUSAL_WORDS = {
    RefusalReason.OUT_OF_WARRANTY: N_("out of warranty"),
    RefusalReason.NOT_OURS: N_("not our product"),
    RefusalReason.MISUSE: N_("misuse"),
    RefusalReason.CONFORMS: N_("conforms to the contract"),
}
PAYMENT_WORDS = {
    PaymentKind.OFF_RECEIVABLES: OFF_RECEIVABLES,
    PaymentKind.PAID_OUT: PAID_OUT,
    PaymentKind.CREDIT_NOTE: CREDIT_NOTE,
}


@reading(Permission.READ_MONEY)
def sheet(session: Session, *, claim_id: int) -> ReturnAnalysisSheet:
    """Give the return analysis sheet of a claim (退货分析处理单, 004-J); raises NotFound."""
    claim = take(Claim, claim_id)
    need = approval_need(claim)
    zone = plant_zone()
    return ReturnAnalysisSheet(
        company=DatabaseKind.get().plant,
        form_number=FORM_NUMBER,
        customer=claim.customer.name,
        customer_number=claim.customer.code,
        day=claim.created_at.astimezone(zone).date(),
        claim_number=claim.number,
        rma_number=claim.rma.number,
        lines=tuple(line for row in positions_of(claim) for line in _sheet_lines(row)),
        signatures=tuple(SignaturePlace(p.title, p.name, p.signed_at) for p in places_of(claim)),
        printed_at=now(),
        zone=zone.key,
        settlements=_settlements(claim),
        charged_to_supplier=sum(
            (row.amount for row in ClaimChargeBack.select().where(ClaimChargeBack.claim == claim)), start=Decimal(0)
        ),
        approval=_approval(claim, need),
        approval_reason=_("; ").join(str(reason) for reason in need.reasons),
        currency=claim.currency,
    )


def _approval(claim: Claim, need: ApprovalNeed) -> tuple[SignaturePlace, ...]:
    given = [s for s in signatures_of("claim", claim.id) if s.is_valid and s.meaning is Meaning.APPROVE]
    by_role = {role: signed for signed in given for role in signed.roles}
    if not need.roles:
        return tuple(SignaturePlace(LEVEL_NAMES[need.level], signed.name, signed.at) for signed in given)
    return tuple(
        SignaturePlace(ROLE_WORDS.get(role, str(role)), by_role[role].name, by_role[role].at)
        if role in by_role
        else SignaturePlace(ROLE_WORDS.get(role, str(role)))
        for role in need.roles
    )


ROLE_WORDS = {
    Role.SALES_MANAGER: N_("Sales manager"),
    Role.SALES_VP: N_("Vice president of sales"),
    Role.FINANCE_VP: N_("Vice president of finance"),
    Role.GM: N_("General manager"),
}


def _sheet_lines(row: ClaimPosition) -> list[ClaimSheetLine]:
    line = row.rma_line
    price = RmaLinePrice.get(RmaLinePrice.rma_line == line)
    first_shipped = _ex_factory(line)

    def made(pieces: int, *, ratio: Decimal, disposition: str, refusal: RefusalReason | None = None) -> ClaimSheetLine:
        code = Responsibility.CUSTOMER if refusal else row.responsibility
        return ClaimSheetLine(
            product=line.product.name,
            model=line.product.code,
            lot=line.lot_number,
            ex_factory=first_shipped,
            pieces=pieces,
            unit=line.product.unit,
            unit_price=price.unit_price,
            stated_reason=row.stated_reason,
            final_cause=_(REFUSAL_WORDS[refusal]) if refusal else row.final_cause,
            responsibility_code=int(code) if code else None,
            disposition=disposition,
            refund_ratio=ratio,
            refusal_code=str(refusal or ""),
        )

    disposition = row.disposition or heaps_in_words(line)
    back = _(HEAP_WORDS[DispositionKind.RETURN_TO_CUSTOMER])
    settled = ClaimLine.select().where(ClaimLine.claim_position == row).order_by(ClaimLine.id)
    lines = [
        made(one.pieces, ratio=one.ratio_basis_points / HUNDRED_PERCENT, disposition=one.text or disposition)
        for one in settled
    ]
    lines += [made(pieces, ratio=Decimal(0), disposition=back, refusal=reason) for reason, pieces in refused_of(row)]
    return lines


def _ex_factory(line: RmaLine) -> date | None:
    """Give the first day on which the lot left the factory for this customer, where the book knows it."""
    if line.lot_id is None:
        return line.shipment_line.shipped_on if line.shipment_line else None
    first = ShipmentLine.select(fn.MIN(ShipmentLine.shipped_on)).where(
        (ShipmentLine.lot == line.lot_id) & (ShipmentLine.customer == line.rma.customer_id)
    )
    day: date | None = ShipmentLine.shipped_on.python_value(first.scalar())
    return day


def heaps_in_words(line: RmaLine) -> str:
    """Say what was done with the pieces of a line that were not refused: `good 58 · rework 424`."""
    heaps = dict.fromkeys(HEAPS, 0)
    for goods in SortingRound.select().where((SortingRound.rma_line == line) & (SortingRound.number == 1)):
        for kind, column in HEAPS.items():
            heaps[kind] += getattr(goods, column)
        heaps[DispositionKind.RETURN_TO_CUSTOMER] -= sum(getattr(goods, column) for column in REFUSED.values())
    return " · ".join(f"{_(HEAP_WORDS[kind])} {pieces}" for kind, pieces in heaps.items() if pieces)


def _settlements(claim: Claim) -> tuple[SettlementPart, ...]:
    parts = []
    goods = ClaimAmount.get(ClaimAmount.claim == claim).goods
    if goods:
        orders = [row.order_no for row in _sent(claim)]
        parts.append(SettlementPart(EQUAL_VALUE_GOODS, goods, ", ".join(dict.fromkeys(filter(None, orders)))))
    for kind, name in PAYMENT_WORDS.items():
        rows = list(ClaimPayment.select().where((ClaimPayment.claim == claim) & (ClaimPayment.kind == kind)))
        given = sum((row.amount for row in rows), start=Decimal(0))
        if given:
            parts.append(SettlementPart(name, given, ", ".join(dict.fromkeys(r.voucher for r in rows if r.voucher))))
    return tuple(parts)


def _sent(claim: Claim) -> list[AdvanceSupply | ClaimDelivery]:
    lines = RmaLine.select(RmaLine.id).where(RmaLine.rma == claim.rma_id)
    advance = AdvanceSupply.select().where(AdvanceSupply.rma_line.in_(lines)).order_by(AdvanceSupply.id)
    later = ClaimDelivery.select().where(ClaimDelivery.claim == claim).order_by(ClaimDelivery.id)
    return [*advance, *later]
