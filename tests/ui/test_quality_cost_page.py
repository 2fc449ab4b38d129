"""The page of quality cost on a real plant: the sum of each class, every line, and what is entered by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop.steps import quality_cost
from qms_desktop.steps.quality_cost import CostClass, CostKind
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.quality_cost import QualityCostPage
from tests.helpers.floor import goods_received, price_list

if TYPE_CHECKING:
    from tests.helpers.floor import Floor
    from tests.ui.desk import Desk, Keys

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def floor(desk: Desk) -> Floor:
    """Give a return of which 20 pieces were scrapped."""
    price_list(desk.plant)
    return goods_received(desk.plant).judged().sorted(good=40, scrap=20)


def opened(desk: Desk, name: str) -> QualityCostPage:
    page = desk.show(QualityCostPage(desk.workplace(name)))
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    return page


def test_the_total_is_the_sum_of_the_lines(desk: Desk, floor: Floor) -> None:
    page = opened(desk, "徐兰")
    assert page.record.cost.total == Decimal("681.09")
    assert page.view.total.text() == "¥\u00a0681.09"
    assert [line.amount for line in page.view.model.rows] == [Decimal("681.09")]


def test_freight_is_booked_by_keyboard(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = opened(desk, "徐兰")
    page.list.table.setFocus()
    keys.press(Qt.Key.Key_N, CTRL)
    dialog = QApplication.activeModalWidget()
    for name, text in (("amount", "1280,50"), ("text", "专车补供"), ("document_no", "F-77")):
        keys.go_to(dialog.form.fields[name].control.widget)
        keys.type(text)
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.cost.total == Decimal("1961.59"))
    cost = quality_cost.case_cost(desk.plant.sign_in("徐兰"), case_id=floor.case_id)
    entry = next(line for line in cost.lines if line.entry_id)
    assert (entry.kind, entry.amount, entry.detail) == (CostKind.FREIGHT, Decimal("1280.50"), "F-77")
    assert cost.sum_of(CostClass.RETURN_LOSS) == Decimal("1961.59")


def test_an_entry_is_taken_back_by_a_counter_entry(desk: Desk, keys: Keys, floor: Floor) -> None:
    quality_cost.book_sum(
        desk.plant.sign_in("徐兰"), case_id=floor.case_id, kind=CostKind.FREIGHT, amount=Decimal(100), text="freight"
    )
    page = opened(desk, "徐兰")
    page.view.lines.choose_where(lambda line: line.entry_id is not None)
    page.take_back()
    keys.go_to(QApplication.activeModalWidget().form.fields["reason"].control.widget)
    keys.type("another case")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.cost.total == Decimal("681.09"))
    assert sorted(line.amount for line in page.record.cost.lines if line.entry_id) == [Decimal(-100), Decimal(100)]


def test_a_derived_line_is_not_taken_back_here(desk: Desk, floor: Floor) -> None:
    page = opened(desk, "徐兰")
    page.view.lines.choose(0)
    page.take_back()
    assert QApplication.activeModalWidget() is None


def test_who_may_not_book_sees_the_cost_without_buttons(desk: Desk, floor: Floor) -> None:
    page = opened(desk, "郭明")
    assert not [one for one in page.view.head.findChildren(Button) if "Book a cost" in one.text()]
    assert page.record.cost.total == Decimal("681.09")
