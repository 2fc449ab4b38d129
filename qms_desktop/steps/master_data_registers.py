"""Customers, suppliers, defect codes, products and rates: what is known by one code each, as an import brings it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qms_desktop.db.bulk import key_chunks, tuples
from qms_desktop.db.master_data import (
    Characteristic,
    Customer,
    DefectCode,
    Imported,
    Market,
    Product,
    ProductPrice,
    Rate,
    Supplier,
)
from qms_desktop.db.master_data_rates import RATES_DO_NOT_OVERLAP
from qms_desktop.db.record import MONEY_UNITS
from qms_desktop.i18n import N_
from qms_desktop.rules import search
from qms_desktop.rules.search import Findable
from qms_desktop.steps.master_data_changes import FieldChange, Refusal, Shelf, Verdict, joined, refused, shown
from qms_desktop.steps.master_data_rates import overlap_of
from qms_desktop.steps.master_data_rows import (
    CustomerRow,
    DefectCodeRow,
    DefectGrade,
    ProductRow,
    RateRow,
    SupplierRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from qms_desktop.db.master_data import RateKind

TOO_EXACT = N_("{amount} has more than four decimal places. Round it in the source system.")
GRAMS_PER_KG = 1000
NO_LONGER = {"is_critical": False, "is_safety": False}
DIVIDER = ";"

Values = dict[str, object]


class Register:
    """A table whose rows are known by one code; `values` makes the columns of a row."""

    def __init__(
        self,
        model: type[Imported],
        columns: Mapping[str, str],
        values: Callable[[Any], Values],
        kind: search.Kind | None = None,
    ) -> None:
        self.shelf = Shelf(model, columns)
        self.values = values
        self.kind = kind

    def plan(self, rows: Sequence[Any]) -> list[Verdict | Refusal]:
        """Compare rows with what is stored under their codes."""
        self.load(sorted({form for row in rows for form in (row.code, row.code.upper(), row.code.lower())}))
        # A code in other letters is the known code; where two are known that differ by letters alone, each is itself.
        known = {str(code) for (code,) in self.shelf.stored}
        spelled = {code.casefold(): code for code in known}
        return [
            self.put(row if row.code in known else replace(row, code=spelled.get(row.code.casefold(), row.code)))
            for row in rows
        ]

    def load(self, codes: Sequence[str]) -> None:
        """Read what is stored under some codes."""
        model = self.shelf.model
        fields = [model._meta.fields[name] for name in ("code", "id", "version", *self.shelf.columns)]
        for some in key_chunks(codes):
            for code, record_id, version, *values in tuples(model.select(*fields).where(fields[0].in_(some))):
                self.shelf.fill((code,), record_id, version, values)

    def put(self, row: Any) -> Verdict:  # noqa: ANN401 - rows of several kinds
        """Compare one row."""
        return self.shelf.put((row.code,), {**self.values(row), "code": row.code})

    def key(self, row: Any) -> str:  # noqa: ANN401 - rows of several kinds
        """Name a row by its code."""
        return str(row.code)

    def write(self, batch_id: int) -> None:
        """Write what is new or changed, and what it is found by."""
        self.shelf.write(batch_id)
        if self.kind is not None:
            search.keep_many(self.kind, self._findables())

    def _findables(self) -> list[Findable]:
        model = self.shelf.model
        touched = [str(key[0]) for key in (*self.shelf.new, *self.shelf.changed)]
        found = []
        for some in key_chunks(touched):
            found += [findable(record) for record in model.select().where(model._meta.fields["code"].in_(some))]
        return found


def findable(record: Any) -> Findable:  # noqa: ANN401 - records of several tables
    """Say what a customer, product or supplier is found by: its code, its names, and the pinyin of its name."""
    others = (getattr(record, name, "") for name in ("short_name", "english_name", "model", "contact", "material"))
    return Findable(
        record_id=record.id,
        title=f"{record.code} {record.name}",
        text=" ".join(filter(None, (*others, search.pinyin(record.name)))),
    )


CUSTOMER_COLUMNS = {
    "name": N_("Customer name"),
    "english_name": N_("English name"),
    "market": N_("Domestic or foreign"),
    "via_trader": N_("Through a trader"),
    "country": N_("Country"),
    "contact": N_("Contact"),
    "phone": N_("Telephone"),
    "email": N_("E-mail"),
    "reply_hours": N_("Reply within (hours)"),
    "warranty_months": N_("Warranty (months)"),
    "currency": N_("Currency"),
    "remark": N_("Remark"),
}


def _customer(row: CustomerRow) -> Values:
    # Goods that go through an export trader are sold abroad, wherever the trader sits (003-A §6.6).
    market = Market.FOREIGN if row.via_trader else row.market
    return {**{name: getattr(row, name) for name in CUSTOMER_COLUMNS}, "market": market}


def _supplier(row: SupplierRow) -> Values:
    return {"name": row.name, "contact": row.contact, "email": row.email, "material": DIVIDER.join(row.materials or ())}


def _defect_code(row: DefectCodeRow) -> Values:
    # What breaks a safety characteristic breaks a key one (003-A §6.9); the product's list is asked at use.
    return {
        "name": row.name,
        "english_name": row.english_name,
        "product_class": row.product_family,
        "breaks_characteristic": DIVIDER.join(row.breaks or ()),
        "grade": str(row.grade),
        "is_safety": row.grade == DefectGrade.SAFETY,
        "is_critical": row.grade in (DefectGrade.SAFETY, DefectGrade.CRITICAL),
    }


class Customers(Register):
    """Customers; who buys through an export trader stays foreign when a file does not tell of traders."""

    def put(self, row: CustomerRow) -> Verdict:
        """Compare one customer."""
        stored = self.shelf.stored.get((row.code,))
        if row.via_trader is None and stored is not None:
            row = replace(row, via_trader=bool(stored.values[list(CUSTOMER_COLUMNS).index("via_trader")]))
        return super().put(row)


def customers() -> Register:
    """Give the register of customers."""
    return Customers(Customer, CUSTOMER_COLUMNS, _customer, search.Kind.CUSTOMER)


def suppliers() -> Register:
    """Give the register of suppliers."""
    columns = {
        "name": N_("Supplier name"),
        "contact": N_("Contact"),
        "email": N_("E-mail"),
        "material": N_("Materials"),
    }
    return Register(Supplier, columns, _supplier, search.Kind.SUPPLIER)


def defect_codes() -> Register:
    """Give the register of defect codes."""
    columns = {
        "name": N_("Defect"),
        "english_name": N_("English name"),
        "product_class": N_("Product family"),
        "breaks_characteristic": N_("Characteristics it breaks"),
        "grade": N_("Grade"),
        "is_safety": N_("Safety characteristic"),
        "is_critical": N_("Critical characteristics"),
    }
    return Register(DefectCode, columns, _defect_code)


def _product(row: ProductRow) -> Values:
    grams = None if row.weight_kg is None else int((row.weight_kg * GRAMS_PER_KG).to_integral_value())
    return {
        "name": row.name,
        "model": row.model,
        "unit": row.unit,
        "warranty_months": row.warranty_months,
        "lot_rule": row.lot_rule,
        "substance_control": row.substance_control,
        "weight_grams": grams,
    }


def _as_change(shelf: Shelf, verdict: Verdict, values: Mapping[str, object]) -> Verdict:
    """Tell of a new part of a known product as of a change."""
    if not verdict.is_new:
        return verdict
    return Verdict(changes=tuple(FieldChange(shelf.columns[name], "", shown(value)) for name, value in values.items()))


class Products(Register):
    """Products with their price, their standard cost and their characteristics, each in a table of its own."""

    def __init__(self) -> None:
        columns = {
            "name": N_("Product name"),
            "model": N_("Model"),
            "unit": N_("Unit"),
            "warranty_months": N_("Warranty (months)"),
            "lot_rule": N_("Rule of lot numbers"),
            "substance_control": N_("Hazardous substances"),
            "weight_grams": N_("Weight (g)"),
        }
        super().__init__(Product, columns, _product, search.Kind.PRODUCT)
        self.prices = Shelf(ProductPrice, {"unit_price": N_("Unit price"), "standard_cost": N_("Standard cost")})
        self.characteristics = Shelf(
            Characteristic, {"is_critical": N_("Critical characteristics"), "is_safety": N_("Safety characteristic")}
        )
        self.names: dict[str, list[str]] = {}

    def load(self, codes: Sequence[str]) -> None:
        """Read products, prices and characteristics."""
        super().load(codes)
        price, one = ProductPrice, Characteristic
        for some in key_chunks(codes):
            chosen = price.select(Product.code, price.id, price.version, price.unit_price, price.standard_cost)
            for code, record_id, version, *values in tuples(chosen.join(Product).where(Product.code.in_(some))):
                self.prices.fill((code,), record_id, version, values)
            named = one.select(Product.code, one.name, one.id, one.version, one.is_critical, one.is_safety)
            for code, name, record_id, version, *values in tuples(named.join(Product).where(Product.code.in_(some))):
                self.characteristics.fill((code, name), record_id, version, values)
                self.names.setdefault(code, []).append(name)

    def put(self, row: ProductRow) -> Verdict:
        """Compare a product, its price and its characteristics."""
        parts = [super().put(row)]
        prices = {"unit_price": row.unit_price, "standard_cost": row.standard_cost}
        parts.append(_as_change(self.prices, self.prices.put((row.code,), prices), prices))
        known = self.names.get(row.code, ())
        # A file without the column does not say that there are none.
        is_told = row.critical_characteristics is not None
        names = row.critical_characteristics if row.critical_characteristics is not None else known
        for name in names:
            flags = {"is_critical": True if is_told else None, "is_safety": row.is_safety_relevant}
            verdict = self.characteristics.put((row.code, name), {**flags, "name": name})
            parts.append(_as_change(self.characteristics, verdict, {"is_critical": name}))
        gone = [name for name in known if name not in names]
        parts += [self.characteristics.put((row.code, name), NO_LONGER) for name in gone]
        return joined(parts)

    def write(self, batch_id: int) -> None:
        """Write products first, then what hangs on them."""
        super().write(batch_id)
        for shelf in (self.prices, self.characteristics):
            shelf.write(batch_id, lambda key: {"product": self.shelf.ids[key[:1]]})


RATE_COLUMNS = {
    "name": N_("Designation"),
    "unit": N_("Unit"),
    "amount": N_("Price or rate"),
    "currency": N_("Currency"),
    "valid_until": N_("Valid until"),
}


class Rates:
    """Labour rates, material prices and exchange rates, each by its kind, code and first day."""

    def __init__(self) -> None:
        # An open end is a statement: the rate holds on.
        self.shelf = Shelf(Rate, RATE_COLUMNS, empty_counts=frozenset({"valid_until"}))
        # The last day of each rate as it would stand after the import, by kind and code, then first day.
        self.ends: dict[tuple[RateKind, str], dict[date, date | None]] = {}

    def plan(self, rows: Sequence[RateRow]) -> list[Verdict | Refusal]:
        """Compare rates with those of the same kind, code and first day."""
        names = ("kind", "code", "valid_from", "id", "version", *RATE_COLUMNS)
        for some in key_chunks(row.code for row in rows):
            fields = [Rate._meta.fields[name] for name in names]
            for kind, code, begins, record_id, version, *values in tuples(
                Rate.select(*fields).where(Rate.code.in_(some))
            ):
                self.shelf.fill((kind, code, begins), record_id, version, values)
                self.ends.setdefault((kind, code), {})[begins] = values[-1]
        for row in rows:
            self.ends.setdefault((row.kind, row.code), {})[row.valid_from] = row.valid_until
        return [self._put(row) for row in rows]

    def _put(self, row: RateRow) -> Verdict | Refusal:
        if (row.amount * MONEY_UNITS) % 1:
            return refused(TOO_EXACT, amount=f"{row.amount.normalize():f}")
        overlap = overlap_of(row.valid_from, self.ends[row.kind, row.code])
        if overlap is not None:
            begin, end, other = (day.isoformat() for day in overlap)
            return refused(RATES_DO_NOT_OVERLAP.detail, begin=begin, end=end, other=other)
        values = {name: getattr(row, name) for name in RATE_COLUMNS}
        values |= {"kind": row.kind, "code": row.code, "valid_from": row.valid_from}
        return self.shelf.put((row.kind, row.code, row.valid_from), values)

    def key(self, row: RateRow) -> str:
        """Name a rate by its code and first day."""
        return f"{row.code} {row.valid_from.isoformat()}"

    def write(self, batch_id: int) -> None:
        """Write what is new or changed."""
        self.shelf.write(batch_id)
