"""The rework page on a real plant: the order, hours by badge in two steps, material in three, reports that add up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop.rules.scan import read_code
from qms_desktop.steps import rework
from qms_desktop.steps.rework import OrderKind, OrderState
from qms_desktop.steps.rework_reading import WorkState
from qms_desktop.ui import plant_time
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.rework import ReworkPage
from tests.helpers.floor import goods_received, hire_workers, price_list
from tests.ui import shapes

if TYPE_CHECKING:
    from qms_desktop.steps.rework_reading import OrderShown
    from tests.helpers.floor import Floor
    from tests.ui.desk import Desk, Keys

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def floor(desk: Desk) -> Floor:
    """Give 60 pieces on the heap of rework."""
    price_list(desk.plant)
    hire_workers(desk.plant)
    return goods_received(desk.plant).judged().sorted(rework=60)


def ordered(floor: Floor) -> int:
    """Open and release an order for the whole heap."""
    xu = floor.plant.sign_in("徐兰")
    made = rework.open_order(xu, kind=OrderKind.REWORK, takes=floor.take(60))
    rework.release(xu, order_id=made.order_id, instruction="RW-YQ22-01", revision="A")
    return made.order_id


def opened(desk: Desk, name: str) -> ReworkPage:
    page = desk.show(ReworkPage(desk.workplace(name)))
    desk.until(lambda: page.record is not None and page.offered is not None)
    desk.settle(page)
    return page


def shown(floor: Floor, order_id: int) -> OrderShown:
    return rework.show(floor.plant.sign_in("高平"), order_id=order_id)


def test_an_order_is_opened_for_a_heap_and_released_with_its_instruction(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = desk.show(ReworkPage(desk.workplace("徐兰")))
    desk.until(lambda: page.offered is not None)
    desk.settle(page)
    page.list.table.setFocus()
    keys.press(Qt.Key.Key_N, CTRL)
    dialog = QApplication.activeModalWidget()
    assert dialog.form.fields["pieces"].control.line.text() == "60"
    keys.go_to(dialog.form.fields["pieces"].control.widget)
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    assert shapes.primaries(page) == ["Button “ Release…”"]
    next(one for one in page.findChildren(Button) if "Release" in one.text()).click()
    dialog = QApplication.activeModalWidget()
    for name, text in (("instruction", "RW-YQ22-01"), ("revision", "A")):
        keys.go_to(dialog.form.fields[name].control.widget)
        keys.type(text)
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.row.state is OrderState.RELEASED)
    assert page.record.shown.row.instruction == "RW-YQ22-01"


def test_hours_start_and_stop_in_two_steps_each(desk: Desk, keys: Keys, floor: Floor) -> None:
    order_id = ordered(floor)
    page = opened(desk, "罗强")
    page.view.work.rate.put("返修技工")
    keys.go_to(page.view.work.badge.widget)
    keys.type("B10105")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: page.record.shown.work)
    desk.settle(page)
    assert keys.steps == 2
    assert shown(floor, order_id).work[0].state is WorkState.RUNNING
    keys.go_to(page.view.work.badge.widget)
    keys.type("B10105")
    assert "Stop" in page.view.work.go.text()
    floor.plant.at("2026-11-03 11:20")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: page.record.shown.work[0].state is WorkState.ENDED)
    assert keys.steps == 4
    assert shown(floor, order_id).minutes == 120


def test_a_scanned_badge_starts_at_once_and_an_unknown_one_is_refused(desk: Desk, floor: Floor) -> None:
    order_id = ordered(floor)
    page = opened(desk, "罗强")
    assert page.take_scan(read_code("B99999"))
    desk.until(lambda: page.view.work.form.fields["badge"].error is not None)
    assert page.take_scan(read_code("B10113"))
    desk.until(lambda: page.record.shown.work)
    assert shown(floor, order_id).work[0].person_name == "李敏"


def test_one_line_of_material_takes_three_steps(desk: Desk, keys: Keys, floor: Floor) -> None:
    order_id = ordered(floor)
    page = opened(desk, "罗强")
    keys.go_to(page.view.material.material.widget)
    keys.press(Qt.Key.Key_Down)
    keys.go_to(page.view.material.quantity.widget)
    keys.type("8.48")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: page.record.shown.material)
    assert keys.steps == 3
    assert [(one.code, one.quantity) for one in shown(floor, order_id).material] == [("M-102", Decimal("8.48"))]


def test_a_quantity_that_can_be_read_in_two_ways_is_refused(desk: Desk, keys: Keys, floor: Floor) -> None:
    ordered(floor)
    page = opened(desk, "罗强")
    keys.go_to(page.view.material.quantity.widget)
    keys.type("1,280")
    keys.press(Qt.Key.Key_Return)
    assert page.view.material.form.fields["quantity"].error is not None


def test_a_report_moves_the_balance_and_more_than_is_in_work_is_refused(desk: Desk, keys: Keys, floor: Floor) -> None:
    order_id = ordered(floor)
    rework.start(floor.plant.sign_in("罗强"), order_id=order_id)
    page = opened(desk, "罗强")
    page.list.table.setFocus()
    keys.press(Qt.Key.Key_F4)
    dialog = QApplication.activeModalWidget()
    fields = dialog.form.fields
    keys.go_to(fields["to_inspect"].control.widget)
    fields["to_inspect"].control.widget.selectAll()
    keys.type("61")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(dialog.wrong.isVisible)
    fields["to_inspect"].control.widget.selectAll()
    keys.type("50")
    keys.go_to(fields["not_mended"].control.widget)
    keys.type("3")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.row.pieces_in_work == 7)
    assert page.view.balance.difference == 0
    one = shown(floor, order_id).row
    assert (one.pieces, one.pieces_to_inspect, one.pieces_failed, one.pieces_in_work) == (60, 50, 3, 7)


def test_a_forgotten_stop_is_shown_and_mended(desk: Desk, keys: Keys, floor: Floor) -> None:
    order_id = ordered(floor)
    rework.start_work(floor.plant.sign_in("罗强"), order_id=order_id, badge="B10105", rate="返修技工")
    floor.plant.at("2026-11-04 14:06")
    page = opened(desk, "罗强")
    (span,) = page.record.shown.work
    assert str(page.view.work.model.value(span, 3)).startswith("Stop forgotten?")
    page.list.table.setFocus()
    keys.press(Qt.Key.Key_F6)
    dialog = QApplication.activeModalWidget()
    stopped = plant_time.local(span.started_at).replace(second=0)
    keys.go_to(dialog.form.fields["ended_at"].control.widget)
    keys.type(f"{stopped:%Y-%m-%d} {stopped.hour + 3:02}:{stopped.minute:02}")
    keys.go_to(dialog.form.fields["reason"].control.widget)
    keys.type("went home")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.work[0].state is WorkState.ENDED)
    assert shown(floor, order_id).minutes == 180
