"""What a what-if of a recall says: the scope, the customers with their pieces, every shipment, and what stays open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


@dataclass(frozen=True)
class LotBalance:
    """Where the pieces of one lot are; built = shipped + in stock + in progress + scrapped, or the rest is unknown."""

    product: str
    lot: str
    pieces_built: int
    pieces_shipped: int
    pieces_in_stock: int
    pieces_in_progress: int = 0
    pieces_scrapped: int = 0

    @property
    def pieces_unknown(self) -> int:
        """Give the pieces that nobody can place; negative when more are placed than were built."""
        placed = self.pieces_shipped + self.pieces_in_stock + self.pieces_in_progress + self.pieces_scrapped
        return self.pieces_built - placed


@dataclass(frozen=True)
class AffectedCustomer:
    """A customer who has pieces of the traced lots, as the trace adds them up.

    `pieces_in_scope` are those that are called back: 0 for the complainant, who sends them back anyway, and for lots
    that were cleared.
    """

    number: str
    name: str
    country: str
    pieces: int
    pieces_in_scope: int
    shipments: int
    first_shipped: date | None
    last_shipped: date | None
    contact: str = ""
    complainant: bool = False


@dataclass(frozen=True)
class ShippedLine:
    """One shipment line that the trace found; `found_by` names the chain from the material to this line."""

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
    """Something that cannot be ruled out, and why; `pieces` is None when not even the number is known."""

    subject: str
    why: str
    pieces: int | None = None
    owner: str = ""


@dataclass(frozen=True)
class RecallScope:
    """The answer to one what-if.

    `lines` may be a stream and is read once. `question` is what was asked, `scope` what was decided or proposed.
    `known_until` is the newest shipment record that the trace could see. Moments are aware, `zone` is the site's.
    """

    company: str
    form_number: str
    assessment_number: str
    question: str
    scope: str
    lots: tuple[LotBalance, ...]
    customers: tuple[AffectedCustomer, ...]
    lines: Iterable[ShippedLine]
    open_points: tuple[OpenPoint, ...]
    asked_by: str
    known_until: datetime
    printed_at: datetime
    zone: str

    @property
    def pieces_at_customers(self) -> int:
        """Give the pieces that the trace finds at customers."""
        return sum(customer.pieces for customer in self.customers)

    @property
    def pieces_in_scope(self) -> int:
        """Give the pieces that are called back."""
        return sum(customer.pieces_in_scope for customer in self.customers)

    @property
    def others(self) -> tuple[AffectedCustomer, ...]:
        """Give the customers besides the one who complained."""
        return tuple(customer for customer in self.customers if not customer.complainant)
