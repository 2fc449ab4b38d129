"""The complaint page on a real plant: a known shipment in few steps, drafts, errors beside fields, the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop.errors import Unavailable
from qms_desktop.steps import complaint
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.complaint import ComplaintPage
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from qms_desktop.ui.pick import PickField
    from tests.ui.desk import Desk, Keys

# The list of answers is raised above the window, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(desk: Desk, name: str) -> ComplaintPage:
    return desk.show(ComplaintPage(desk.workplace(name)))


def pick(desk: Desk, keys: Keys, control: PickField, text: str) -> None:
    """Type a part of a name and take the first answer: two steps."""
    keys.go_to(control.line)
    keys.type(text)
    desk.until(control.finder.answers.isVisible)
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: control.found_id is not None)


def fill_in(desk: Desk, keys: Keys, page: ComplaintPage) -> None:
    form = page.form
    pick(desk, keys, form.customer, "C1001")
    pick(desk, keys, form.shipment, "L2610A")
    desk.until(lambda: form.lot.line.text() == "L2610A")
    keys.go_to(form.pieces.line)
    keys.type("600")
    keys.go_to(form.fields["customer_words"].control.widget)
    keys.type("stiff, hard to open")


def test_a_complaint_from_a_known_shipment_takes_at_most_twelve_steps(desk: Desk, keys: Keys) -> None:
    page = opened(desk, "王伟涛")
    page.list.table.setFocus()
    keys.go_to(page)
    keys.press(Qt.Key.Key_N, CTRL)
    desk.until(page.form.isVisible)
    desk.settle(page)
    fill_in(desk, keys, page)
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record is not None)
    assert keys.steps <= 12
    line = page.record.shown.lines[0]
    assert (line.product_code, line.lot_number) == ("YQ-22", "L2610A")
    assert (line.pieces_complained, line.pieces_shipped) == (600, 800)


def test_more_pieces_than_shipped_are_said_beside_the_field(desk: Desk, keys: Keys) -> None:
    page = opened(desk, "王伟涛")
    page.begin()
    desk.settle(page)
    pick(desk, keys, page.form.customer, "C1001")
    pick(desk, keys, page.form.shipment, "L2610A")
    desk.settle(page)
    keys.go_to(page.form.pieces.line)
    keys.type("900")
    assert "100 more than shipped" in str(page.form.fields["pieces"].error)


def test_a_failed_save_keeps_the_form_and_its_draft(desk: Desk, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(desk, "王伟涛")
    page.begin()
    desk.settle(page)
    fill_in(desk, keys, page)

    def broken(*_given: object, **_values: object) -> None:
        raise Unavailable("The database cannot be reached. Nothing was saved.")

    with monkeypatch.context() as patch:
        patch.setattr(complaint, "register", broken)
        page.form.send()
        desk.settle(page)
    assert page.form.isVisible()
    assert page.form.pieces.line.text() == "600"
    page.form.leave()
    page.begin()
    desk.settle(page)
    assert page.form.pieces.line.text() == "600"
    page.form.send()
    desk.until(lambda: page.record is not None)
    assert page.form.form.draft() is None


def test_the_next_step_is_accepted_then_contained(desk: Desk, keys: Keys) -> None:
    story.registered(desk.plant)
    page = opened(desk, "徐兰")
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    assert shapes.primaries(page) == ["Button “ Accept”"]
    next(one for one in page.findChildren(Button) if one.isVisible() and "Accept" in one.text()).click()
    desk.until(lambda: str(page.record.shown.row.state) == "ACCEPTED")
    desk.settle(page)
    next(one for one in page.findChildren(Button) if one.isVisible() and "Contain" in one.text()).click()
    dialog = QApplication.activeModalWidget()
    keys.go_to(dialog.form.fields["place"].control.widget)
    keys.type("stock and shipments")
    keys.go_to(dialog.form.fields["measure"].control.widget)
    keys.type("L2610A on hold")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.containments)
    assert str(page.record.shown.row.state) == "CONTAINED"


def test_what_is_missing_stands_beside_its_field(desk: Desk) -> None:
    page = opened(desk, "王伟涛")
    page.begin()
    desk.settle(page)
    page.form.send()
    wrong = {name for name, field in page.form.fields.items() if field.error is not None}
    assert wrong == {"customer", "product", "pieces", "customer_words"}
    assert shapes.nameless(page) == []


def test_several_lines_are_gathered(desk: Desk, keys: Keys) -> None:
    page = opened(desk, "王伟涛")
    page.begin()
    desk.settle(page)
    fill_in(desk, keys, page)
    page.form.add_line()
    assert [line.pieces for line in page.form.gathered.lines] == [600]
    page.form.send()
    desk.until(lambda: page.record is not None)
    assert len(page.record.shown.lines) == 1
