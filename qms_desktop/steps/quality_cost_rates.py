"""The price of something on a day: labour, material, foreign money, standard cost. What is missing is never zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.bulk import tuples
from qms_desktop.db.master_data import Product, ProductPrice, Rate, RateKind
from qms_desktop.db.record import among
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.steps.master_data_rates import PriceList

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

NO_RATE = N_("There is no rate for {code} on {day}. Ask IT to import the rates, then try again.")
NO_STANDARD_COST = N_("Product {code} has no standard cost. Ask IT to import the prices, then try again.")


def rate_in(prices: PriceList, code: str, day: date) -> Rate:
    """Give the row of a price list that holds on a day; raises InvalidInput when there is none."""
    rate = prices.on(code, day)
    if rate is None:
        raise InvalidInput(NO_RATE, field="rate", code=code, day=day.isoformat())
    return rate


def rate_on(kind: RateKind, code: str, day: date) -> Rate:
    """Give the row of the price list that holds on a day; raises InvalidInput when there is none."""
    return rate_in(PriceList(kind), code, day)


class StandardCosts:
    """What one piece of each of some products costs to make."""

    def __init__(self, product_ids: Iterable[int]) -> None:
        prices = ProductPrice.select(ProductPrice.product, ProductPrice.standard_cost)
        self._costs: dict[int, Decimal | None] = dict(tuples(prices.where(among(ProductPrice.product, product_ids))))

    def of(self, product_id: int) -> Decimal:
        """Give the cost of one piece; raises InvalidInput when nobody said."""
        cost = self._costs.get(product_id)
        if cost is None:
            raise InvalidInput(NO_STANDARD_COST, code=Product.get_by_id(product_id).code)
        return cost
