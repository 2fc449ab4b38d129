"""Shipment lines as an import brings them: lots made as needed, prices apart, and lines of two systems kept as one.

A line is named by shipment, order and product; the lot tells several such lines apart, but one system knows it and
another does not. So equal lots are matched first, and then lines where only one side names the lot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from peewee import JOIN

from qms_desktop.db.bulk import key_chunks, tuples
from qms_desktop.db.master_data import Customer, Lot, LotKind, Product, ShipmentLine, ShipmentPrice
from qms_desktop.i18n import N_
from qms_desktop.steps.master_data_changes import (
    NEW,
    SAME,
    FieldChange,
    Refusal,
    Stored,
    Verdict,
    insert,
    refused,
    shown,
    update,
)
from qms_desktop.steps.master_data_lots import LotKey, Lots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from qms_desktop.steps.master_data_rows import ShipmentRow

NO_CUSTOMER = N_("There is no customer {code}. Import the customers first.")
NO_PRODUCT = N_("There is no product {code}. Import the products first.")
WHICH_LOT = N_("Shipment {shipment} has several lines of {product} with different lots. Name the lot.")

LABELS = {
    "customer": N_("Customer number"),
    "lot": N_("Lot"),
    "date_code": N_("Date code"),
    "contract_no": N_("Production contract"),
    "pieces_ordered": N_("Ordered pieces"),
    "pieces_shipped": N_("Shipped pieces"),
    "unit": N_("Unit"),
    "shipped_on": N_("Shipped on"),
    "carrier": N_("Carrier"),
}
PRICE_LABELS = {"unit_price": N_("Unit price"), "currency": N_("Currency")}
_COMPARED = tuple(LABELS)


@dataclass(frozen=True, slots=True)
class Line:
    """A stored line: what is compared, by name as people know it, and its price if it has one."""

    stored: Stored
    lot: str | None
    price: Stored | None


@dataclass
class Plan:
    """What is to be written."""

    new: list[ShipmentRow]
    lines: dict[int, tuple[Stored, dict[str, object]]]
    prices: dict[int, tuple[Stored, dict[str, object]]]
    missing_prices: list[tuple[int, Decimal, str]]


class Shipments:
    """Takes in shipment lines with their lots and prices."""

    def __init__(self) -> None:
        self.lots = Lots()
        self.customers: dict[str, int] = {}
        self.known: dict[tuple[str, str, str], list[Line]] = {}
        self.plans = Plan([], {}, {}, [])

    def plan(self, rows: Sequence[ShipmentRow]) -> list[Verdict | Refusal]:
        """Compare lines with those that are stored."""
        self.customers = dict(tuples(Customer.select(Customer.code, Customer.id)))
        self.lots.load(row.lot for row in rows if row.lot)
        self._load(rows)
        matches = self._match(rows)
        return [self._judge(row, match) for row, match in zip(rows, matches, strict=True)]

    def _load(self, rows: Sequence[ShipmentRow]) -> None:
        line, price = ShipmentLine, ShipmentPrice
        fields = (
            line.number, line.order_no, Product.code, line.id, line.version, Customer.code, Lot.number, line.date_code,
            line.contract_no, line.pieces_ordered, line.pieces_shipped, line.unit, line.shipped_on, line.carrier,
            price.id, price.version, price.unit_price, price.currency,
        )  # fmt: skip
        chosen = (
            line.select(*fields)
            .join(Product)
            .switch(line)
            .join(Customer)
            .switch(line)
            .join(Lot, JOIN.LEFT_OUTER)
            .switch(line)
            .join(price, JOIN.LEFT_OUTER)
        )
        for some in key_chunks(row.shipment_number for row in rows):
            for number, order, product, *rest in tuples(chosen.where(line.number.in_(some))):
                values, (price_id, price_version, unit_price, currency) = rest[2:-4], rest[-4:]
                stored = Stored(rest[0], rest[1], tuple(values))
                priced = Stored(price_id, price_version, (unit_price, currency)) if price_id else None
                self.known.setdefault((number, order, product), []).append(Line(stored, values[1], priced))

    def _match(self, rows: Sequence[ShipmentRow]) -> list[Line | Refusal | None]:
        """Find each row's stored line: first where both name the same lot, then where only one side names it."""
        matches: list[Line | Refusal | None] = [None] * len(rows)
        if not self.known:
            return matches
        taken: set[int] = set()
        for place, row in enumerate(rows):
            same = [line for line in self.known.get(row.key, ()) if line.lot == row.lot and line.stored.id not in taken]
            if same:
                matches[place] = same[0]
                taken.add(same[0].stored.id)
        for place, row in enumerate(rows):
            if matches[place] is None:
                matches[place] = self._loose(row, taken)
        return matches

    def _loose(self, row: ShipmentRow, taken: set[int]) -> Line | Refusal | None:
        free = [line for line in self.known.get(row.key, ()) if line.stored.id not in taken]
        if row.lot is not None:
            free = [line for line in free if line.lot is None]
        if row.lot is None and len(free) > 1:
            return refused(WHICH_LOT, shipment=row.shipment_number, product=row.product_code)
        if not free:
            return None
        taken.add(free[0].stored.id)
        return free[0]

    def _judge(self, row: ShipmentRow, match: Line | Refusal | None) -> Verdict | Refusal:
        if isinstance(match, Refusal):
            return match
        if row.customer_code not in self.customers:
            return refused(NO_CUSTOMER, code=row.customer_code)
        if row.product_code not in self.lots.products:
            return refused(NO_PRODUCT, code=row.product_code)
        if row.lot is not None:
            self.lots.want(_lot_key(row))
        if match is None:
            self.plans.new.append(row)
            return NEW
        return self._compare(row, match)

    def _compare(self, row: ShipmentRow, line: Line) -> Verdict:
        values = (
            row.customer_code, row.lot, row.date_code, row.contract_number, row.ordered_pieces, row.shipped_pieces,
            row.unit, row.shipped_on, row.carrier,
        )  # fmt: skip
        price = (row.unit_price, row.currency)
        priced = line.price.values if line.price is not None else (None, None)
        if values == line.stored.values and price == priced:
            return SAME
        different = _different(_COMPARED, line.stored.values, values)
        repriced = _different(tuple(PRICE_LABELS), priced, price)
        if different:
            self.plans.lines[line.stored.id] = (line.stored, self._columns(row, different))
        if repriced and line.price is not None:
            self.plans.prices[line.stored.id] = (line.price, repriced)
        elif repriced:
            self.plans.missing_prices.append((line.stored.id, row.unit_price, row.currency))
        changes = _changes(LABELS, line.stored.values, different) + _changes(PRICE_LABELS, priced, repriced)
        return Verdict(changes=changes) if changes else SAME

    def _columns(self, row: ShipmentRow, different: dict[str, object]) -> dict[str, object]:
        """Give the columns to write; a lot is filled in when it exists."""
        columns = dict(different)
        if "customer" in columns:
            columns["customer"] = self.customers[row.customer_code]
        if "lot" in columns:
            columns["lot"] = _lot_key(row)
        return columns

    def key(self, row: ShipmentRow) -> str:
        """Name a line by its shipment, product and lot."""
        return " ".join(filter(None, (row.shipment_number, row.product_code, row.lot)))

    def write(self, batch_id: int) -> None:
        """Make the lots, then lines and prices."""
        self.lots.write(batch_id)
        for stored, values in self.plans.lines.values():
            key = values.get("lot")
            lot = {"lot": self.lots.id_of(cast("LotKey", key))} if key else {}
            update(ShipmentLine, stored, {**values, **lot})
        for stored, values in self.plans.prices.values():
            update(ShipmentPrice, stored, values)
        if self.plans.new:
            insert(ShipmentLine, [self._new(row) for row in self.plans.new], batch_id)
        line = ShipmentLine
        made = tuples(line.select(line.id).where(line.batch == batch_id).order_by(line.id))
        prices = [
            (line_id, row.unit_price, row.currency) for (line_id,), row in zip(made, self.plans.new, strict=True)
        ] + self.plans.missing_prices
        if prices:
            names = ("shipment_line", "unit_price", "currency")
            insert(ShipmentPrice, [dict(zip(names, price, strict=True)) for price in prices], batch_id)

    def _new(self, row: ShipmentRow) -> dict[str, object]:
        return {
            "number": row.shipment_number,
            "order_no": row.order_number or "",
            "customer": self.customers[row.customer_code],
            "product": self.lots.products[row.product_code],
            "lot": self.lots.id_of(_lot_key(row)) if row.lot is not None else None,
            "date_code": row.date_code,
            "contract_no": row.contract_number,
            "pieces_ordered": row.ordered_pieces,
            "pieces_shipped": row.shipped_pieces,
            "unit": row.unit,
            "shipped_on": row.shipped_on,
            "carrier": row.carrier,
        }


def _lot_key(row: ShipmentRow) -> LotKey:
    return LotKey(LotKind.FINISHED, row.product_code, row.lot or "")


def _different(names: Sequence[str], old: Sequence[object], new: Sequence[object]) -> dict[str, object]:
    return {
        name: after
        for name, before, after in zip(names, old, new, strict=True)
        if after not in (None, "") and after != before
    }


def _changes(
    labels: Mapping[str, str], old: Sequence[object], different: Mapping[str, object]
) -> tuple[FieldChange, ...]:
    before = dict(zip(labels, old, strict=True))
    return tuple(
        FieldChange(labels[name], shown(before[name]), value.number if isinstance(value, LotKey) else shown(value))
        for name, value in different.items()
    )
