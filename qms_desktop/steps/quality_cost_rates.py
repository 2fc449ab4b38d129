"""The price of something on a day: labour, material, foreign money, standard cost. What is missing is never zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.master_data import Product, ProductPrice, Rate, RateKind
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.steps.master_data_rates import rate_of_the_day

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

NO_RATE = N_("There is no rate for {code} on {day}. Ask IT to import the rates, then try again.")
NO_STANDARD_COST = N_("Product {code} has no standard cost. Ask IT to import the prices, then try again.")


def rate_on(kind: RateKind, code: str, day: date) -> Rate:
    """Give the row of the price list that holds on a day; raises InvalidInput when there is none."""
    rate = rate_of_the_day(kind, code, day)
    if rate is None:
        raise InvalidInput(NO_RATE, field="rate", code=code, day=day.isoformat())
    return rate


def standard_cost_of(product_id: int) -> Decimal:
    """Give what one piece of a product costs to make; raises InvalidInput when nobody said."""
    price = ProductPrice.get_or_none(ProductPrice.product == product_id)
    if price is None or price.standard_cost is None:
        raise InvalidInput(NO_STANDARD_COST, code=Product.get_by_id(product_id).code)
    cost: Decimal = price.standard_cost
    return cost
