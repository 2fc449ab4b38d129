"""Many rows at once: they come as peewee gives them, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.bulk import rows, tuples
from qms_desktop.db.master_data import Customer, ProductPrice, ShipmentLine
from qms_desktop.db.record import among
from tests.hostile.stage import IT

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

MORE_THAN_A_STATEMENT_TAKES = 70_000


def test_every_kind_of_column_comes_in_its_own_kind(stage: Stage) -> None:
    with stage.plant.sign_in(IT).store.use():
        for model in (Customer, ProductPrice, ShipmentLine):
            query = model.select().order_by(model.id)
            found, wanted = tuples(query), [tuple(row.__data__.values()) for row in query]
            assert wanted
            assert [[(type(value), value) for value in row] for row in found] == [
                [(type(value), value) for value in row] for row in wanted
            ]


def test_a_row_has_the_names_of_its_fields_and_a_link_is_an_id(stage: Stage) -> None:
    with stage.plant.sign_in(IT).store.use():
        query = ShipmentLine.select(ShipmentLine.number, ShipmentLine.customer).order_by(ShipmentLine.id)
        first, line = rows(query)[0], query.get()
        assert (first.number, first.customer) == (line.number, line.customer_id)
        assert rows(query.where(ShipmentLine.number == "none such")) == []


def test_any_number_of_keys_is_asked_at_once(stage: Stage) -> None:
    with stage.plant.sign_in(IT).store.use():
        every = Customer.select().count()
        assert Customer.select().where(among(Customer.id, range(MORE_THAN_A_STATEMENT_TAKES))).count() == every
        assert Customer.select().where(among(Customer.id, ())).count() == 0
