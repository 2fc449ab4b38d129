"""The sorting page on a real plant: judging with a signature, five heaps in seven steps, and taking pieces back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop.steps import sorting
from qms_desktop.steps.sorting import DispositionKind, RoundState
from qms_desktop.ui.balance import Share
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.signature_dialog import SignatureDialog
from qms_desktop.ui.sorting import SortingPage
from tests.helpers.floor import goods_received, price_list
from tests.ui import shapes

if TYPE_CHECKING:
    from tests.helpers.floor import Floor
    from tests.ui.desk import Desk, Keys

K = DispositionKind
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def floor(desk: Desk) -> Floor:
    """Give 240 received pieces."""
    price_list(desk.plant)
    return goods_received(desk.plant, pieces=240)


def opened(desk: Desk, name: str = "高平") -> SortingPage:
    page = desk.show(SortingPage(desk.workplace(name)))
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    return page


def button(page: SortingPage, word: str) -> Button:
    return next(one for one in page.findChildren(Button) if one.isVisible() and word in one.text())


def heaps(floor: Floor) -> dict[DispositionKind, int]:
    shown = sorting.show(floor.plant.sign_in("高平"), round_id=floor.round_id)
    return {one.kind: one.pieces for one in shown.heaps}


def test_a_heap_of_240_goes_into_five_dispositions_in_seven_steps(desk: Desk, keys: Keys, floor: Floor) -> None:
    floor.judged()
    page = opened(desk)
    entry = page.view.entry
    for kind, pieces in ((K.REWORK, "160"), (K.REPACK, "30"), (K.GOOD, "20"), (K.DISMANTLE, "18")):
        keys.go_to(entry.rows[kind].pieces.line)
        keys.type(pieces)
    assert entry.left.state.word == "12 left"
    keys.go_to(entry.rows[K.SCRAP].pieces.line)
    keys.press(Qt.Key.Key_F8)
    assert entry.left.state.look.family == "ok"
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.row.state is RoundState.DONE)
    assert keys.steps <= 7
    assert heaps(floor) == {K.REWORK: 160, K.REPACK: 30, K.GOOD: 20, K.DISMANTLE: 18, K.SCRAP: 12}


def test_enter_goes_from_quantity_to_quantity(desk: Desk, keys: Keys, floor: Floor) -> None:
    floor.judged()
    page = opened(desk)
    keys.go_to(page.view.entry.rows[K.REWORK].pieces.line)
    keys.press(Qt.Key.Key_Return)
    assert page.view.entry.rows[K.REPACK].pieces.line.hasFocus()


def test_too_many_pieces_are_refused_and_stay_typed(desk: Desk, keys: Keys, floor: Floor) -> None:
    floor.judged()
    page = opened(desk)
    entry = page.view.entry
    keys.go_to(entry.rows[K.REWORK].pieces.line)
    keys.type("241")
    assert entry.left.state.look.family == "bad"
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: "240" in entry.wrong.text())
    assert entry.rows[K.REWORK].pieces.line.text() == "241"
    assert heaps(floor) == {}


def test_what_is_no_number_is_said_under_the_table(desk: Desk, keys: Keys, floor: Floor) -> None:
    floor.judged()
    page = opened(desk)
    keys.go_to(page.view.entry.rows[K.SCRAP].pieces.line)
    keys.type("12.5")
    keys.press(Qt.Key.Key_Return, CTRL)
    assert page.view.entry.wrong.isVisible()
    assert page.view.entry.wrong.text().startswith("Scrap: pieces")


def test_pieces_back_to_the_customer_carry_their_refusal_reason(desk: Desk, keys: Keys, floor: Floor) -> None:
    floor.judged()
    page = opened(desk)
    row = page.view.entry.rows[K.RETURN_TO_CUSTOMER]
    keys.go_to(row.pieces.line)
    keys.type("8")
    combo = row.more[0].control.combo
    keys.go_to(combo)
    for _press in range(3):
        keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.refused)
    assert [(str(one.reason), one.pieces) for one in page.record.shown.refused] == [("R3", 8)]


def test_only_pieces_for_the_analysis_are_offered_before_the_judgement(desk: Desk, floor: Floor) -> None:
    page = opened(desk)
    offered = [kind for kind, row in page.view.entry.rows.items() if row.pieces.line.isVisible()]
    assert offered == [K.ANALYSED]
    assert shapes.primaries(page) == ["Button “ Judge and sign…”"]
    assert heaps(floor) == {}


def test_the_goods_are_judged_with_a_signature(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = opened(desk)
    button(page, "Judge and sign").click()
    form = QApplication.activeModalWidget()
    for name, text in (("method", "拉力机 全行程"), ("limit_sample", "LS-22"), ("text", "阻力超差")):
        keys.go_to(form.form.fields[name].control.widget)
        keys.type(text)
    keys.go_to(form.form.fields["first"].control.widget)
    for _press in range(3):
        keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return, CTRL)
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, SignatureDialog))
    desk.until(dialog.password.line.hasFocus)
    keys.type(desk.plant.password("高平"))
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: page.record.shown.row.state is RoundState.JUDGED)
    (judgement,) = sorting.show(desk.plant.sign_in("高平"), round_id=floor.round_id).judgements
    assert (judgement.text, judgement.shares[0].percent, str(judgement.shares[0].code)) == ("阻力超差", 100, "3")
    assert QApplication.activeModalWidget() is None


def test_a_wrong_password_leaves_the_judgement_open(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = opened(desk)
    button(page, "Judge and sign").click()
    form = QApplication.activeModalWidget()
    form.form.put({"method": "拉力机", "text": "阻力超差", "first": "3", "first_percent": "100"})
    form.send()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, SignatureDialog))
    desk.until(dialog.password.line.hasFocus)
    keys.type("not-the-password")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: dialog.form.fields["password"].error is not None)
    assert form.isVisible()
    assert not sorting.show(desk.plant.sign_in("高平"), round_id=floor.round_id).judgements


def test_pieces_are_taken_back_by_a_counter_entry(desk: Desk, keys: Keys, floor: Floor) -> None:
    floor.judged().sorted(scrap=240)
    page = desk.show(SortingPage(desk.workplace("高平")))
    page.list.choose_filter("all")
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    button(page, "Take back").click()
    dialog = QApplication.activeModalWidget()
    keys.go_to(dialog.form.fields["pieces"].control.widget)
    keys.type("40")
    keys.go_to(dialog.form.fields["reason"].control.widget)
    keys.type("counted wrongly")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.row.pieces_undecided == 40)
    assert [one.pieces for one in page.record.shown.dispositions] == [240, -40]
    assert heaps(floor) == {K.SCRAP: 200}


def test_the_balance_names_the_difference_when_a_sum_fails(desk: Desk, floor: Floor) -> None:
    page = opened(desk)
    assert page.view.balance.chip.state.look.family == "ok"
    assert page.view.balance.difference == 0
    page.view.balance.show_balance(240, [Share("Rework", 238, "g1")])
    assert page.view.balance.chip.state.look.family == "bad"
    assert page.view.balance.chip.state.word == "2 differ"


def test_who_may_not_sort_sees_the_round_without_the_table(desk: Desk, floor: Floor) -> None:
    floor.judged()
    page = opened(desk, "王伟涛")
    assert not page.view.entry.isVisible()
    assert shapes.primaries(page) == []


def test_the_list_is_filtered_by_a_part_of_the_customers_name(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = opened(desk)
    keys.go_to(page.list.filter)
    page.list.filter.setText("远航")
    page.list.reload()
    desk.settle(page)
    assert [one.id for one in page.list.rows] == [floor.round_id]
    page.list.filter.setText("Kestrel")
    page.list.reload()
    desk.settle(page)
    assert not page.list.rows
