"""The recall page on a real plant: what-if, hearings, the decision by signature, holds, and the list for Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from qms_desktop.steps import recall
from qms_desktop.steps.recall import LotStop, RecallState
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.form_dialog import FormDialog
from qms_desktop.ui.recall import HOLDS, PROPOSALS, WHAT_IF, RecallPage
from qms_desktop.ui.signature_dialog import SignatureDialog
from tests.scenarios.test_complaint_to_label import register_the_notice
from tests.scenarios.test_recall import GM, QE, QUALITY_MANAGER, supply, suspected

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.desk import Desk, Keys


def opened(desk: Desk, name: str) -> RecallPage:
    page = desk.show(RecallPage(desk.workplace(name)))
    desk.until(lambda: page.around is not None)
    desk.settle(page)
    return page


def button(page: RecallPage, word: str) -> Button:
    return next(one for one in page.findChildren(Button) if one.isVisible() and word in one.text())


def dialog_of(desk: Desk, kind: type) -> FormDialog | SignatureDialog:
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def test_a_safety_complaint_is_put_up_for_assessment_with_one_key(desk: Desk, keys: Keys) -> None:
    supply(desk.plant)
    register_the_notice(desk.plant)
    page = opened(desk, QE)
    page.turn_to(PROPOSALS)
    assert page.turns[PROPOSALS].count == 1
    keys.go_to(page.proposals)
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: page.record is not None)
    assert page.record.shown.row.state is RecallState.SUSPECTED
    assert button(page, "Trace and assess").property("kind") == "primary"


def test_the_what_if_answers_while_typing_without_the_complainant(desk: Desk, keys: Keys) -> None:
    supply(desk.plant)
    page = opened(desk, QE)
    page.turn_to(WHAT_IF)
    for name, text in (("supplier_lot", "S463087"), ("without_customers", "C1001")):
        keys.go_to(page.what_if.fields[name].control.widget)
        keys.type(text)
    desk.until(lambda: page.what_if.trace is not None and page.what_if.trace.without_customers == ("C1001",))
    assert keys.steps == 2
    desk.settle(page)
    lines = {one.number: (one.pieces, one.in_scope) for one in page.what_if.result.model.rows}
    assert lines["C1001"] == (800, 0)
    assert lines["C2002"] == (600, 600)
    assert page.what_if.result.tiles["scope"].accessibleName() == "Pieces in scope: 1,660 of 2,460"


def test_an_unknown_lot_is_said_beside_the_field_it_was_typed_in(desk: Desk, keys: Keys) -> None:
    page = opened(desk, QE)
    page.turn_to(WHAT_IF)
    keys.go_to(page.what_if.fields["material_lot"].control.widget)
    keys.type("ML-404")
    field = page.what_if.fields["material_lot"]
    desk.until(lambda: field.error is not None)
    assert "ML-404" in str(field.error)


def test_the_general_manager_signs_the_decision_with_its_reason(desk: Desk, keys: Keys) -> None:
    told = suspected(desk.plant).assessed().narrowed().heard().reported()
    page = opened(desk, GM)
    desk.until(lambda: page.record is not None)
    deed = button(page, "Approve the recall")
    assert deed.property("kind") == "danger"
    deed.click()
    dialog = dialog_of(desk, SignatureDialog)
    keys.go_to(dialog.remark.widget)
    keys.type("safety")
    keys.go_to(dialog.password.widget)
    keys.type(desk.plant.password(GM))
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: told.show().row.state is RecallState.APPROVED)
    (signed,) = told.show().signatures
    assert (signed.name, signed.remark) == (GM, "safety")


def test_a_decision_without_a_reason_is_not_signed(desk: Desk, keys: Keys) -> None:
    told = suspected(desk.plant).assessed().narrowed().heard().reported()
    page = opened(desk, GM)
    desk.until(lambda: page.record is not None)
    button(page, "No recall").click()
    dialog = dialog_of(desk, SignatureDialog)
    keys.type(desk.plant.password(GM))
    keys.press(Qt.Key.Key_Return)
    assert str(dialog.form.fields["remark"].error) == "This is needed. Fill it in."
    assert told.show().row.state is RecallState.REPORTED
    dialog.reject()


def test_a_seat_speaks_to_the_scope(desk: Desk, keys: Keys) -> None:
    told = suspected(desk.plant).assessed()
    page = opened(desk, QUALITY_MANAGER)
    desk.until(lambda: page.record is not None)
    button(page, "Speak to the scope").click()
    dialog = dialog_of(desk, FormDialog)
    keys.go_to(dialog.form.fields["opinion"].control.widget)
    keys.type("agreed")
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: told.show().hearings)
    assert told.show().hearings[0].opinion == "agreed"


def test_a_hold_is_released_by_signature_with_its_reason(desk: Desk, keys: Keys) -> None:
    recall.hold_lots(desk.plant.sign_in(QE), stops=(LotStop("YQ-22", "L2610A"),), reason="under suspicion")
    page = opened(desk, QUALITY_MANAGER)
    page.turn_to(HOLDS)
    keys.go_to(page.holds)
    keys.press(Qt.Key.Key_Return)
    dialog = dialog_of(desk, SignatureDialog)
    keys.go_to(dialog.remark.widget)
    keys.type("customer consents")
    keys.go_to(dialog.password.widget)
    keys.type(desk.plant.password(QUALITY_MANAGER))
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: recall.holds(desk.plant.sign_in(QE)) == ())


def test_the_list_is_written_for_excel(desk: Desk, tmp_path: Path) -> None:
    suspected(desk.plant).assessed().narrowed()
    page = opened(desk, QE)
    desk.until(lambda: page.record is not None)
    page.workplace.memory.keep("last_folder", str(tmp_path))
    button(page, "Export Excel").click()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    desk.qtbot.keyClick(QApplication.activeModalWidget().findChild(QLineEdit), Qt.Key.Key_Return)
    written = tmp_path / "RC20261105001.xlsx"
    desk.until(written.exists)
    desk.settle(page)
    values = [cell for sheet in load_workbook(written) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "CK261028001" in values
