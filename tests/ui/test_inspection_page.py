"""The re-inspection page on a real plant: a result in four steps, a new round for what failed, the way into stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from qms_desktop.steps import inspection, sorting
from qms_desktop.ui.inspection import TO_STOCK, InspectionPage
from tests.helpers.floor import goods_received, price_list
from tests.ui import shapes

if TYPE_CHECKING:
    from tests.helpers.floor import Floor
    from tests.ui.desk import Desk, Keys

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def floor(desk: Desk) -> Floor:
    """Give 60 pieces that were sorted as good."""
    price_list(desk.plant)
    return goods_received(desk.plant).judged().sorted(good=60)


def opened(desk: Desk, name: str) -> InspectionPage:
    page = desk.show(InspectionPage(desk.workplace(name)))
    desk.until(lambda: page.chosen is not None)
    desk.settle(page)
    return page


def test_a_result_takes_four_steps_and_what_failed_is_a_new_round(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = opened(desk, "高平")
    for name, pieces in (("passed", "55"), ("failed", "3"), ("scrapped", "2")):
        keys.go_to(page.view.result.fields[name].control.widget)
        keys.type(pieces)
    assert page.view.result.left.state.look.family == "ok"
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record_id is not None)
    assert keys.steps == 4
    (done,) = inspection.listed(desk.plant.sign_in("高平"))
    assert (done.passed, done.failed, done.scrapped) == (55, 3, 2)
    newest = sorting.listed(desk.plant.sign_in("高平"), rma_id=floor.rma_id)[0]
    assert (newest.number, newest.pieces) == (2, 3)


def test_the_rest_has_passed_by_one_key(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = opened(desk, "高平")
    keys.go_to(page.view.result.fields["failed"].control.widget)
    keys.type("4")
    keys.press(Qt.Key.Key_F9)
    assert page.view.result.fields["passed"].control.line.text() == "56"


def test_more_than_waits_is_refused_and_stays_typed(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = opened(desk, "高平")
    line = page.view.result.fields["passed"].control.line
    keys.go_to(line)
    keys.type("61")
    assert page.view.result.left.state.look.family == "bad"
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.last_error is not None)
    assert line.text() == "61"
    assert inspection.listed(desk.plant.sign_in("高平")) == ()


def test_what_passed_is_booked_into_stock(desk: Desk, keys: Keys, floor: Floor) -> None:
    done = inspection.inspect_good(desk.plant.sign_in("高平"), round_id=floor.round_id, passed=60)
    page = desk.show(InspectionPage(desk.workplace("周磊秀")))
    page.list.choose_filter(TO_STOCK)
    desk.until(lambda: page.record_id == done.inspection_id)
    desk.settle(page)
    assert page.view.stock.fields["pieces"].control.line.text() == "60"
    assert shapes.primaries(page) == ["Button “ Book into stock  Ctrl+Enter”"]
    keys.go_to(page.view.stock.fields["place"].control.widget)
    keys.type("成品库")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.view.stock.shown.row.stocked == 60)
    (entry,) = inspection.show(desk.plant.sign_in("高平"), inspection_id=done.inspection_id).entries
    assert (entry.pieces, entry.place, entry.who) == (60, "成品库", "周磊秀")


def test_a_place_must_be_named(desk: Desk, keys: Keys, floor: Floor) -> None:
    done = inspection.inspect_good(desk.plant.sign_in("高平"), round_id=floor.round_id, passed=60)
    page = desk.show(InspectionPage(desk.workplace("周磊秀")))
    page.list.choose_filter(TO_STOCK)
    desk.until(lambda: page.record_id == done.inspection_id)
    desk.settle(page)
    keys.go_to(page.view.stock.fields["pieces"].control.widget)
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.view.stock.fields["place"].error is not None)


def test_the_warehouse_sees_what_waits_but_enters_no_result(desk: Desk, floor: Floor) -> None:
    page = opened(desk, "周磊秀")
    assert not page.view.result.isVisible()
    assert shapes.primaries(page) == []
