"""What the dock reads: what may come today, the RMA of a parcel, and the product that somebody named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.steps import master_data, receipt, rma

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.session import Session

SEVERAL = N_("{count} open RMAs fit “{text}”. Type more of the name, or the RMA number.")

NOBODY = N_("No customer is called “{text}”. Type it again, or leave it empty when nobody knows.")
SEVERAL_CUSTOMERS = N_("{count} customers fit “{text}”. Type more of the name, or the code.")


@dataclass(frozen=True)
class Expected:
    """What may come today: RMAs on their way, and receipts that are being counted."""

    rmas: tuple[rma.RmaRow, ...]
    receipts: tuple[receipt.ReceiptRow, ...]


@dataclass(frozen=True)
class Parcel:
    """What a number opened: the RMA, and its receipt if goods were noted already."""

    shown: rma.RmaShown
    receipt_id: int | None


@dataclass(frozen=True)
class Booked:
    """The carton that was counted last."""

    made: receipt.Counted
    pieces: int
    unit: str


def read_expected(session: Session) -> Expected:
    """Give what may come."""
    rmas = rma.listed(session, states=(rma.GoodsState.AWAITING_GOODS,), count=20)
    begun = receipt.listed(session, states=(receipt.ReceiptState.ARRIVED,), count=20)
    return Expected(rmas, begun)


def open_parcel(session: Session, *, text: str) -> Parcel:
    """Open the RMA of a parcel by its number, the customer's own number, or a part of the customer's name.

    Raises InvalidInput when nothing or too much fits.
    """
    try:
        rma_id = rma.find(session, number=text)
    except InvalidInput:
        fitting = rma.listed(session, states=(rma.GoodsState.AWAITING_GOODS,), text=text)
        if not fitting:
            raise
        if len(fitting) > 1:
            raise InvalidInput(SEVERAL, field="code", count=len(fitting), text=text) from None
        rma_id = fitting[0].id
    shown = rma.show(session, rma_id=rma_id)
    open_ones = receipt.listed(session, rma_id=rma_id, states=(receipt.ReceiptState.ARRIVED,))
    return Parcel(shown, open_ones[0].id if open_ones else None)


def known_customer(session: Session, *, text: str) -> str:
    """Give the code of the customer that was named, nothing for an empty text; raises InvalidInput when unsure."""
    if not text:
        return ""
    found = master_data.find_customer(session, text=text)
    exact = [one for one in found if text.casefold() in (one.code.casefold(), one.name.casefold())]
    fitting = exact or list(found)
    if not fitting:
        raise InvalidInput(NOBODY, field="customer", text=text)
    if len(fitting) > 1:
        raise InvalidInput(SEVERAL_CUSTOMERS, field="customer", count=len(fitting), text=text)
    return fitting[0].code


def known_product(session: Session, *, text: str) -> str:
    """Give the code of the product that was named exactly, or nothing."""
    found: Sequence[master_data.ProductFound] = master_data.find_product(session, text=text) if text else ()
    return next((one.code for one in found if one.code.casefold() == text.casefold()), "")


def last_counted(shown: receipt.ReceiptShown) -> tuple[int, receipt.CountShown] | None:
    """Give the carton that was counted last and the place of its line; None when nothing was counted."""
    counted = [
        (place, count) for place, line in enumerate(shown.lines) for count in line.counts if not count.is_replaced
    ]
    return max(counted, key=lambda one: one[1].id) if counted else None
