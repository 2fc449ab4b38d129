"""The codes that exist already: what the cells of an import are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.master_data import Customer, Product, Rate, RateKind
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from qms_desktop.session import Session

HOME_CURRENCY = "CNY"


@dataclass(frozen=True)
class Known:
    """Codes of customers and products, and currencies that have a rate."""

    customers: frozenset[str]
    products: frozenset[str]
    currencies: frozenset[str]


@reading(Permission.MASTER_DATA_IMPORT)
def known_codes(session: Session) -> Known:
    """Give the codes that exist in the database now."""
    currencies = {rate.code for rate in Rate.select(Rate.code).where(Rate.kind == RateKind.EXCHANGE)}
    return Known(
        customers=frozenset(customer.code for customer in Customer.select(Customer.code)),
        products=frozenset(product.code for product in Product.select(Product.code)),
        currencies=frozenset({HOME_CURRENCY, *currencies}),
    )
