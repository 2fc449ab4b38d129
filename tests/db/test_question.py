"""Questions that are written once: the answer is the same as peewee's own, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.master_data import Customer, Product, ProductPrice
from qms_desktop.db.question import Question, asked
from tests.hostile.stage import IT

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

PRICE = Question(
    lambda: (
        ProductPrice.select(ProductPrice.unit_price, Product.code.alias("product"), ProductPrice.created_at)
        .join(Product)
        .where(Product.code == asked("code"))
        .order_by(ProductPrice.id.desc())
    )
)


def test_a_question_answers_for_each_value_in_the_columns_own_kinds(stage: Stage) -> None:
    with stage.plant.sign_in(IT).store.use():
        for code in ("YQ-22", "YQ-28", "YQ-22"):
            wanted = ProductPrice.select().join(Product).where(Product.code == code).get()
            found = PRICE.first(code=code)
            assert (found.unit_price, found.created_at) == (wanted.unit_price, wanted.created_at)
            assert found.product == code
        assert PRICE.first(code="none such") is None


def test_text_in_a_value_stays_text(stage: Stage) -> None:
    named = Question(lambda: Customer.select(Customer.id).where(Customer.name == asked("name")))
    with stage.plant.sign_in(IT).store.use():
        assert named.first(name="' OR 1=1 --") is None
        assert named.first(name="100%s") is None
