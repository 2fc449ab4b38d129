"""The typed rows that an import brings: every field valid in itself, quantities whole, money exact.

exchange/ reads them from files, the verbs of master data take them in. Texts are trimmed and codes narrowed; what a
code looked like before stands in `source.originals`. An optional field that was empty, or had no column, is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from qms_desktop.db.master_data import Market, RateKind
    from qms_desktop.permissions import Role


class ImportKind(StrEnum):
    """What an imported table lists; the words are those of the files' layouts and of the command line."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    SUPPLIERS = "suppliers"
    DEFECT_CODES = "defect_codes"
    PEOPLE = "people"
    RATES = "rates"
    SHIPMENTS = "shipments"
    LOT_GENEALOGY = "lot_genealogy"
    STOCK = "stock"


class DefectGrade(StrEnum):
    """How heavy a defect is; from safety and critical a recall assessment follows (domain.md §16)."""

    SAFETY = "SAFETY"
    CRITICAL = "CRITICAL"
    BANNED_SUBSTANCE = "BANNED_SUBSTANCE"
    MAJOR = "MAJOR"
    ORDINARY = "ORDINARY"
    MINOR = "MINOR"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where a row came from: sheet (None in a CSV), row or line, and (field, text) of codes that were put right."""

    sheet: str | None
    row: int
    originals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer; `reply_hours` is the limit of its own for a written reply, `market` what the file says of it."""

    code: str
    name: str
    english_name: str | None
    market: Market
    via_trader: bool | None
    country: str | None
    contact: str | None
    phone: str | None
    email: str | None
    reply_hours: int | None
    warranty_months: int | None
    currency: str | None
    remark: str | None
    source: SourceRow


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product; prices in CNY a unit, weight in kg, characteristics by name."""

    code: str
    name: str
    model: str | None
    unit: str
    unit_price: Decimal
    standard_cost: Decimal
    warranty_months: int | None
    critical_characteristics: tuple[str, ...] | None
    is_safety_relevant: bool | None
    substance_control: str | None
    lot_rule: str | None
    weight_kg: Decimal | None
    source: SourceRow


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    """One line of a shipment; `lot` is None when the source system does not know it."""

    shipment_number: str
    order_number: str | None
    customer_code: str
    customer_name: str | None
    product_code: str
    model: str | None
    lot: str | None
    date_code: str | None
    contract_number: str | None
    ordered_pieces: int | None
    shipped_pieces: int
    unit: str | None
    unit_price: Decimal
    currency: str
    shipped_on: date
    carrier: str | None
    source: SourceRow

    @property
    def key(self) -> tuple[str, str, str]:
        """Give shipment number, order number and product: what names the line in every system.

        The lot is no part of it, because one system knows the lot of a line and another does not. Where one key has
        several lines with different lots, `lot` tells them apart (see `is_same_line`).
        """
        return self.shipment_number, self.order_number or "", self.product_code

    def is_same_line(self, other: ShipmentRow) -> bool:
        """Say whether both name the same line: same key, and no two lots that contradict each other."""
        return self.key == other.key and (self.lot is None or other.lot is None or self.lot == other.lot)


@dataclass(frozen=True, slots=True)
class GenealogyRow:
    """One use of a material lot in a component lot in a finished lot; `used` is the amount in `unit` a piece."""

    product_code: str
    lot: str
    component_code: str | None
    component_lot: str | None
    material_code: str
    material_lot: str
    supplier: str | None
    supplier_lot: str | None
    used: Decimal | None
    unit: str | None
    shift: str | None
    machine: str | None
    source: SourceRow


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person by badge number, with the roles held."""

    badge: str
    name: str
    department: str | None
    post: str | None
    roles: tuple[Role, ...]
    source: SourceRow


@dataclass(frozen=True, slots=True)
class RateRow:
    """One price with its validity: an hour of labour, a unit of material, or one unit of a currency in CNY."""

    kind: RateKind
    code: str
    name: str
    unit: str
    amount: Decimal
    currency: str
    valid_from: date
    valid_until: date | None
    source: SourceRow


@dataclass(frozen=True, slots=True)
class StockRow:
    """Stock of one lot at one place; the code is a product's or a material's."""

    code: str
    name: str | None
    lot: str
    supplier_lot: str | None
    place: str
    status: str
    pieces: int
    unit: str | None
    source: SourceRow


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One supplier and what it supplies."""

    code: str
    name: str
    contact: str | None
    email: str | None
    materials: tuple[str, ...] | None
    source: SourceRow


@dataclass(frozen=True, slots=True)
class DefectCodeRow:
    """One defect code; `product_family` is None for all products, `breaks` names the characteristics it breaks."""

    code: str
    name: str
    english_name: str | None
    product_family: str | None
    breaks: tuple[str, ...] | None
    grade: DefectGrade
    source: SourceRow


@dataclass(frozen=True, slots=True)
class ReturnNoticeLine:
    """One line of a customer's return notice; the lot is as the customer wrote it."""

    number: int | None
    product_code: str
    model: str | None
    lot: str | None
    pieces: int
    defect: str | None
    found_at: str | None
    demand: str | None
    source: SourceRow


@dataclass(frozen=True, slots=True)
class ReturnNotice:
    """A customer's own return notice: its heading, what it asks for, and its lines."""

    number: str
    day: date | None
    customer_name: str | None
    contact: str | None
    reply_hours: int | None
    wants_eight_d: bool
    demands: tuple[str, ...]
    lines: tuple[ReturnNoticeLine, ...]
    source: SourceRow
