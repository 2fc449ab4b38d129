"""Stops on lots: placed with a reason, released by signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import action, reading
from qms_desktop.db.master_data import HoldState, Lot, LotHold, LotKind
from qms_desktop.db.record import change, lock
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.signature import Meaning, Signed, content_hash, sign, signatures_of

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.session import Session

LOT_UNKNOWN = N_("There is no lot {lot} of product {product}.")
HOLD_IS_RELEASED = N_("This hold was released already.")
LOTS_MISSING = N_("Choose the lots to be held.")
HOLD_REASON_MISSING = N_("Write why these lots are held.")
RELEASE_REASON_MISSING = N_("Write why the lot is released, such as who consented: it is signed.")


@dataclass(frozen=True)
class HoldShown:
    """A stop on a lot; `content_hash` is what its release signs."""

    id: int
    product: str
    lot: str
    case_id: int | None
    reason: str
    state: HoldState
    since: datetime
    placed_by: str
    content_hash: str
    signatures: tuple[Signed, ...]


@dataclass(frozen=True)
class LotStop:
    """A lot to be held: the product's code and the lot's number."""

    product: str
    lot: str


@action(Permission.HOLD_PLACE)
def hold_lots(session: Session, *, stops: tuple[LotStop, ...], reason: str, case_id: int | None = None) -> int:
    """Put lots on hold and give how many were not held before: no label, stock entry or shipment while it is on."""
    if not stops:
        raise InvalidInput(LOTS_MISSING, field="stops")
    if not reason.strip():
        raise InvalidInput(HOLD_REASON_MISSING, field="reason")
    placed = 0
    for stop in stops:
        lot = Lot.get_or_none((Lot.kind == LotKind.FINISHED) & (Lot.article == stop.product) & (Lot.number == stop.lot))
        if lot is None:
            raise InvalidInput(LOT_UNKNOWN, field="stops", lot=stop.lot, product=stop.product)
        if not LotHold.select().where((LotHold.lot == lot) & (LotHold.state == HoldState.ON)).exists():
            LotHold.create(lot=lot, case_id=case_id, reason=reason, state=HoldState.ON)
            placed += 1
    return placed


@action(Permission.HOLD_RELEASE, signs=Meaning.RELEASE)
def release(session: Session, *, hold_id: int, read_hash: str, remark: str) -> None:
    """Release a lot by signature, with the reason, as the customer's consent."""
    if not remark.strip():
        raise InvalidInput(RELEASE_REASON_MISSING, field="remark")
    hold = lock(LotHold, hold_id)
    if hold.state is not HoldState.ON:
        raise Refused(HOLD_IS_RELEASED)
    sign("lot_hold", hold.id, case_id=hold.case_id, meaning=Meaning.RELEASE, read_hash=read_hash, remark=remark)
    change(hold, state=HoldState.RELEASED)


@reading(Permission.READ)
def holds(session: Session, *, case_id: int | None = None, only_on: bool = True) -> tuple[HoldShown, ...]:
    """Give the holds, newest first, of a case if it is named."""
    query = LotHold.select(LotHold, Lot).join(Lot).order_by(LotHold.id.desc())
    if case_id is not None:
        query = query.where(LotHold.case_id == case_id)
    if only_on:
        query = query.where(LotHold.state == HoldState.ON)
    return tuple(
        HoldShown(
            id=hold.id,
            product=hold.lot.article,
            lot=hold.lot.number,
            case_id=hold.case_id,
            reason=hold.reason,
            state=hold.state,
            since=hold.created_at,
            placed_by=hold.created_by,
            content_hash=content_hash("lot_hold", hold.id),
            signatures=signatures_of("lot_hold", hold.id),
        )
        for hold in query
    )
