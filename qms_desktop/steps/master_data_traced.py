"""What a trace gives: lots, customers, lines and stock that were reached, and what cannot be ruled out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from qms_desktop.i18n import _

if TYPE_CHECKING:
    from datetime import date, datetime

    from qms_desktop.steps.master_data_find import LotFound


class Doubt(StrEnum):
    """Why something cannot be ruled out."""

    NO_LOT = "NO_LOT"
    OTHER_PORTION = "OTHER_PORTION"
    NO_WAY = "NO_WAY"


@dataclass(frozen=True, slots=True)
class TracedLot:
    """A lot that the trace reached, how, and where its pieces are; pieces in the product's unit."""

    lot: LotFound
    found_by: str
    pieces_shipped: int
    pieces_in_stock: int
    pieces_in_progress: int


@dataclass(frozen=True, slots=True)
class StockFound:
    """Stock of a reached lot, as the ERP last handed it over; `quantity` in `unit`."""

    lot: LotFound
    place: str
    status: str
    quantity: int
    unit: str
    taken_on: date


# A trace may have ten thousand of the next three; a frozen dataclass takes five times as long to make as a named tuple.
class CustomerPieces(NamedTuple):
    """What a customer has of the reached lots; `pieces_in_scope` is 0 for those left out of the question."""

    customer_id: int
    number: str
    name: str
    country: str
    contact: str
    pieces: int
    pieces_in_scope: int
    lines: int
    first_shipped: date
    last_shipped: date


class CustomerTotal(NamedTuple):
    """How many pieces of the reached lots a customer has, on how many shipment lines."""

    customer_id: int
    number: str
    name: str
    pieces: int
    lines: int
    in_scope: bool


class TracedLine(NamedTuple):
    """A shipment line of a reached lot; `found_by` names the chain from the start of the trace to its lot."""

    id: int
    shipment: str
    shipped_on: date
    order: str
    customer_number: str
    customer: str
    product: str
    model: str
    lot: str
    pieces: int
    in_scope: bool
    found_by: str


@dataclass(frozen=True)
class OpenPoint:
    """Something that cannot be ruled out, by which rule; `pieces` is None when not even the number is known."""

    doubt: Doubt
    subject: str
    reason: str
    values: tuple[tuple[str, str], ...]
    pieces: int | None
    lines: tuple[TracedLine, ...] = ()

    @property
    def why(self) -> str:
        """Give the reason in the current language."""
        return _(self.reason).format(**dict(self.values))


@dataclass(frozen=True)
class Trace:
    """The answer to a what-if: lots, customers, lines, stock, and what stays open.

    `starts` are the lots that were asked for. `known_until` is the moment of the newest import of shipments, or None.
    """

    starts: tuple[LotFound, ...]
    lots: tuple[TracedLot, ...]
    customers: tuple[CustomerPieces, ...]
    lines: tuple[TracedLine, ...]
    stock: tuple[StockFound, ...]
    open_points: tuple[OpenPoint, ...]
    without_customers: tuple[str, ...]
    known_until: datetime | None

    @property
    def pieces_at_customers(self) -> int:
        """Give the pieces that all customers have."""
        return sum(customer.pieces for customer in self.customers)

    @property
    def pieces_in_scope(self) -> int:
        """Give the pieces at the customers that the question is about."""
        return sum(customer.pieces_in_scope for customer in self.customers)

    @property
    def customers_in_scope(self) -> int:
        """Give the number of customers that the question is about."""
        return sum(1 for customer in self.customers if customer.pieces_in_scope)
