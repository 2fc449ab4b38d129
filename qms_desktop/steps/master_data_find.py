"""Finding customers, products, lots and shipment lines from what is typed into a field (for master data's readings).

By code, by a part of the name in Chinese or Latin, or by the first letters of the name's pinyin: `hdyh` finds 华东远航.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peewee import JOIN, fn

from qms_desktop.db.bulk import tuples
from qms_desktop.db.master_data import Customer, Lot, LotKind, Market, Product, ShipmentLine
from qms_desktop.db.record import on_postgresql
from qms_desktop.errors import Refused
from qms_desktop.i18n import N_
from qms_desktop.rules import search

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

SHOWN_LOTS = 8
AMBIGUOUS = N_("{number} names {count} lots: {lots}. Choose one of them.")


@dataclass(frozen=True)
class CustomerFound:
    """A customer that fits what was typed."""

    id: int
    code: str
    name: str
    short_name: str
    market: Market
    country: str


@dataclass(frozen=True)
class ProductFound:
    """A product that fits what was typed."""

    id: int
    code: str
    name: str
    model: str
    unit: str


@dataclass(frozen=True)
class LotFound:
    """A lot: what it is a lot of, its number, and for material the supplier's name and lot."""

    id: int
    kind: LotKind
    article: str
    number: str
    supplier_name: str
    supplier_lot: str

    @property
    def name(self) -> str:
        """Give the lot's full name, as `YQ-22 L2610A`."""
        supplied = " ".join(filter(None, (self.supplier_name, self.supplier_lot)))
        return f"{self.article} {self.number}" + (f" ({supplied})" if supplied else "")


@dataclass(frozen=True)
class ShipmentFound:
    """A shipment line that fits what was typed; `lot` is empty when nobody knows it."""

    id: int
    number: str
    order_no: str
    customer_code: str
    customer_name: str
    product_code: str
    lot: str
    date_code: str
    pieces_shipped: int
    unit: str
    shipped_on: date


class LotIsAmbiguous(Refused):
    """A number names several lots: they are listed in `candidates`, and nothing goes on before one is chosen."""

    def __init__(self, number: str, candidates: Sequence[LotFound]) -> None:
        names = "; ".join(lot.name for lot in candidates[:SHOWN_LOTS])
        more = ", …" if len(candidates) > SHOWN_LOTS else ""
        super().__init__(AMBIGUOUS, field="lot", number=number, count=len(candidates), lots=names + more)
        self.candidates = tuple(candidates)


def customers(text: str, *, limit: int) -> tuple[CustomerFound, ...]:
    """Give the customers that fit, the exact code first."""
    return tuple(
        CustomerFound(each.id, each.code, each.name, each.short_name, each.market, each.country)
        for each in _found(Customer, search.Kind.CUSTOMER, text, limit)
    )


def products(text: str, *, limit: int) -> tuple[ProductFound, ...]:
    """Give the products that fit, the exact code first."""
    return tuple(
        ProductFound(each.id, each.code, each.name, each.model, each.unit)
        for each in _found(Product, search.Kind.PRODUCT, text, limit)
    )


def _found(model: Any, kind: search.Kind, text: str, limit: int) -> list[Any]:  # noqa: ANN401 - peewee's model class
    typed = search.normalised(text)
    if not typed:
        return list(model.select().order_by(model.code).limit(limit))
    ids = [hit.record_id for hit in search.hits(text, kinds=(kind,), limit=limit)]
    exact = fn.lower(model.code) == typed
    chosen = list(model.select().where(model.id.in_(ids or [0]) | exact))
    # Exact code, then codes that begin so, then names that begin so, then the rest by code.
    chosen.sort(
        key=lambda each: (
            each.code.casefold() != typed,
            not each.code.casefold().startswith(typed),
            not search.normalised(each.name).startswith(typed),
            each.code,
        )
    )
    return chosen[:limit]


def lots(text: str, *, product: str | None, limit: int) -> tuple[LotFound, ...]:
    """Give the lots whose number, article, supplier or supplier's lot fits; exact numbers first."""
    typed = search.normalised(text)
    chosen = Lot.select()
    if typed:
        ids = [hit.record_id for hit in search.hits(text, kinds=(search.Kind.LOT,), limit=limit)]
        spellings = {text.strip(), typed, typed.upper()}
        exact = Lot.number.in_(spellings) | (Lot.supplier_lot.in_(spellings) & (Lot.supplier_lot != ""))
        chosen = chosen.where(Lot.id.in_(ids or [0]) | exact)
    if product is not None:
        chosen = chosen.where(Lot.article == product)
    found = [lot_found(lot) for lot in chosen.order_by(Lot.id.desc()).limit(limit)]
    found.sort(
        key=lambda lot: (typed not in (lot.number.casefold(), lot.supplier_lot.casefold()), lot.article, lot.number)
    )
    return tuple(found)


def lot_found(lot: Lot) -> LotFound:
    """Give a lot's row in the form that pages use."""
    return LotFound(lot.id, lot.kind, lot.article, lot.number, lot.supplier_name, lot.supplier_lot)


def shipments(
    text: str, *, customer_id: int | None, product_id: int | None, lot_id: int | None, limit: int
) -> tuple[ShipmentFound, ...]:
    """Give the newest shipment lines whose shipment or order number begins so, of a customer, product or lot."""
    line = ShipmentLine
    fields = (
        line.id, line.number, line.order_no, Customer.code, Customer.name, Product.code, fn.COALESCE(Lot.number, ""),
        line.date_code, line.pieces_shipped, line.unit, line.shipped_on,
    )  # fmt: skip
    joined = line.select(*fields).join(Customer).switch(line).join(Product).switch(line)
    chosen = joined.join(Lot, JOIN.LEFT_OUTER)
    for column, wanted in ((line.customer, customer_id), (line.product, product_id), (line.lot, lot_id)):
        if wanted is not None:
            chosen = chosen.where(column == wanted)
    typed = text.strip().upper()
    if typed:
        chosen = chosen.where(_begins(line.number, typed) | _begins(line.order_no, typed))
    rows = chosen.order_by(line.shipped_on.desc(), line.id.desc()).limit(limit)
    return tuple(ShipmentFound(*row) for row in tuples(rows))


def _begins(column: Any, typed: str) -> Any:  # noqa: ANN401 - peewee's expressions
    # The range is for the index, the comparison for the truth, whatever the server's order of letters is.
    begins = fn.starts_with(column, typed) if on_postgresql() else fn.substr(column, 1, len(typed)) == typed
    return (column >= typed) & (column <= typed + "\uffff") & begins
