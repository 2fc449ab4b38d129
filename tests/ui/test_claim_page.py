"""The claim page on a real plant: preparing, the places and the approval, what is given, and the Excel form."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop.steps import claim, claim_reading
from qms_desktop.steps.claim import ClaimState, Settlement, SettlementKind
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.claim import ClaimPage
from qms_desktop.ui.signature_dialog import SignatureDialog
from qms_desktop.ui.text import Text
from tests.helpers.floor import goods_received, price_list
from tests.ui import shapes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.helpers.floor import Floor
    from tests.ui.desk import Desk, Keys

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def floor(desk: Desk) -> Floor:
    """Give 60 sorted pieces of a return."""
    price_list(desk.plant)
    return goods_received(desk.plant).judged().sorted(rework=40, scrap=20)


def prepared(floor: Floor) -> int:
    """Prepare a claim in cash and send it to the approval."""
    wang, manager = floor.plant.sign_in("王伟涛"), floor.plant.sign_in("王涛兰")
    (line,) = claim_reading.to_settle(wang, rma_id=floor.rma_id)
    settlement = Settlement(line.rma_line_id, SettlementKind.CASH, 60)
    made = claim.prepare(wang, rma_id=floor.rma_id, settlements=(settlement,))
    claim.review(manager, claim_id=made.claim_id, text="合同索赔条款已核对")
    claim.calculate(wang, claim_id=made.claim_id)
    claim.submit(wang, claim_id=made.claim_id)
    return made.claim_id


def opened(desk: Desk, name: str) -> ClaimPage:
    page = desk.show(ClaimPage(desk.workplace(name)))
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    return page


def words_of(page: ClaimPage) -> str:
    return "\n".join(text.text() for text in page.findChildren(Text) if text.isVisible())


def button(page: ClaimPage, word: str) -> Button:
    return next(one for one in page.findChildren(Button) if one.isVisible() and word in one.text())


def shown(floor: Floor, claim_id: int) -> claim_reading.ClaimShown:
    return claim.show(floor.plant.sign_in("郭明"), claim_id=claim_id)


def test_a_sorted_return_is_claimed_with_what_was_accepted(desk: Desk, keys: Keys, floor: Floor) -> None:
    page = desk.show(ClaimPage(desk.workplace("王伟涛")))
    page.list.setFocus()
    keys.press(Qt.Key.Key_N, CTRL)
    desk.until(lambda: QApplication.activeModalWidget() is not None)
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: QApplication.activeModalWidget() and len(QApplication.activeModalWidget().form.fields) > 1)
    form = QApplication.activeModalWidget().form
    (pieces,) = [field for name, field in form.fields.items() if name.endswith(".pieces")]
    assert pieces.control.line.text() == "60"
    keys.go_to(pieces.control.widget)
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record is not None)
    (line,) = page.record.shown.lines
    assert (line.pieces, line.kind, line.ratio) == (60, SettlementKind.GOODS, 1)
    assert page.record.shown.row.state is ClaimState.DRAFT


def test_a_return_with_a_claim_is_not_offered_again(desk: Desk, floor: Floor) -> None:
    prepared(floor)
    page = opened(desk, "王伟涛")
    page.begin()
    desk.settle(page)
    assert QApplication.activeModalWidget() is None


def test_an_own_place_is_signed_with_the_password(desk: Desk, keys: Keys, floor: Floor) -> None:
    claim_id = prepared(floor)
    page = opened(desk, "高平")
    button(page, "Sign your place").click()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, SignatureDialog))
    desk.until(dialog.password.line.hasFocus)
    keys.type(desk.plant.password("高平"))
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: any(one.signed_at for one in page.record.shown.places))
    filled = [(str(one.place), one.name) for one in shown(floor, claim_id).places if one.signed_at]
    assert filled == [("3", "高平")]


def test_the_page_says_which_places_are_empty_and_whose_they_are(desk: Desk, floor: Floor) -> None:
    prepared(floor)
    told = words_of(opened(desk, "郭明"))
    assert "0 of 7 done" in told
    assert "Quality inspector" in told


def test_nobody_without_the_right_to_money_sees_an_amount(desk: Desk, floor: Floor) -> None:
    prepared(floor)
    page = opened(desk, "高平")
    assert page.record.sheet is None
    assert not page.view.approval.isVisible()
    assert "¥" not in words_of(page)


def test_the_next_step_of_a_draft_is_the_review_for_those_who_may(desk: Desk, keys: Keys, floor: Floor) -> None:
    wang = desk.plant.sign_in("王伟涛")
    (line,) = claim_reading.to_settle(wang, rma_id=floor.rma_id)
    claim.prepare(wang, rma_id=floor.rma_id, settlements=(Settlement(line.rma_line_id, SettlementKind.CASH, 60),))
    page = opened(desk, "王涛兰")
    assert shapes.primaries(page) == ["Button “ Contract reviewed…”"]
    button(page, "Contract reviewed").click()
    keys.go_to(QApplication.activeModalWidget().form.fields["text"].control.widget)
    keys.type("terms checked")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.row.state is ClaimState.REVIEWED)


def test_the_excel_form_is_written_where_it_was_asked_for(desk: Desk, floor: Floor, tmp_path: Path) -> None:
    claim_id = prepared(floor)
    page = opened(desk, "郭明")
    page.save_sheet(tmp_path / "sheet.xlsx")
    desk.until((tmp_path / "sheet.xlsx").exists)
    desk.settle(page)
    cells = [cell.value for line in openpyxl.load_workbook(tmp_path / "sheet.xlsx").active.iter_rows() for cell in line]
    assert any(shown(floor, claim_id).row.number in str(value) for value in cells)
    assert 60 in cells
    assert Decimal("1.00") in [Decimal(str(value)) for value in cells if isinstance(value, int | float)]


def test_a_place_that_cannot_be_written_is_said(desk: Desk, floor: Floor, tmp_path: Path) -> None:
    prepared(floor)
    page = opened(desk, "郭明")
    page.save_sheet(tmp_path / "missing" / "sheet.xlsx")
    desk.until(lambda: page.last_error is not None)
    assert "sheet.xlsx" in str(page.last_error)
