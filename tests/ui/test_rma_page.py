"""The RMA page on a real plant: who must sign and why, the check against shipments, and signing by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop.steps import rma
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.rma import TO_ME, RmaPage, _check
from qms_desktop.ui.signature_dialog import SignatureDialog
from qms_desktop.ui.text import Text
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from tests.ui.desk import Desk, Keys


def opened(desk: Desk, name: str) -> RmaPage:
    page = desk.show(RmaPage(desk.workplace(name)))
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    return page


def words_of(page: RmaPage) -> str:
    return "\n".join(text.text() for text in page.findChildren(Text) if text.isVisible())


def button(page: RmaPage, word: str) -> Button:
    return next(one for one in page.findChildren(Button) if one.isVisible() and word in one.text())


def test_the_page_says_who_must_sign_and_why(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = opened(desk, "郭明")
    told = words_of(page)
    assert "郭明" in told
    assert "657 pieces are more than 200" in told
    assert "CNY 34,872.78 is more than 10,000" in told
    assert "¥\u00a034,872.78" in told
    assert shapes.primaries(page) == ["Button “ Approve and sign…”"]


def test_the_check_against_shipments_is_spelled_out(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = opened(desk, "郭明")
    checks = [str(_check(one)) for one in page.record.lines]
    assert checks == ["800 \u2212 0 \u2265 600", "400 \u2212 0 \u2265 45", "Not shipped"]


def test_approving_takes_the_password_and_enter(desk: Desk, keys: Keys) -> None:
    made = story.reviewed(desk.plant)
    page = opened(desk, "郭明")
    page.view.head.setFocus()
    button(page, "Approve and sign").click()
    keys.steps += 1
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, SignatureDialog))
    desk.until(dialog.password.line.hasFocus)
    keys.type(desk.plant.password("郭明"))
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: str(page.record.shown.row.goods_state) == "AWAITING_GOODS")
    assert keys.steps == 3
    after = rma.show(desk.plant.sign_in("郭明"), rma_id=made.rma_id)
    assert [(one.name, one.is_valid) for one in after.signatures] == [("郭明", True)]


def test_a_wrong_password_stays_in_the_dialog(desk: Desk, keys: Keys) -> None:
    made = story.reviewed(desk.plant)
    page = opened(desk, "郭明")
    button(page, "Approve and sign").click()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, SignatureDialog))
    desk.until(dialog.password.line.hasFocus)
    keys.type("not-the-password")
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: dialog.form.fields["password"].error is not None)
    assert dialog.isVisible()
    assert str(rma.show(desk.plant.sign_in("郭明"), rma_id=made.rma_id).row.goods_state) == "APPROVAL"


def test_the_dock_sees_neither_prices_nor_the_ladder(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = opened(desk, "周磊秀")
    assert "34,872" not in words_of(page)
    assert [column.title() for column in page.view.model.columns if callable(column.title)].count("Price ¥") == 0


def test_what_waits_for_me_is_counted_and_listed(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = opened(desk, "郭明")
    assert page.list.chips[TO_ME].count == 1
    page.list.choose_filter(TO_ME)
    desk.settle(page)
    assert [one.row.number for one in page.list.rows] == ["R20261103001"]


def test_a_refusal_needs_its_evidence(desk: Desk, keys: Keys) -> None:
    made = story.reviewed(desk.plant)
    page = opened(desk, "郭明")
    button(page, "Refuse R1-R4").click()
    dialog = QApplication.activeModalWidget()
    keys.go_to(dialog.form.fields["reason"].control.widget)
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.form.fields["evidence"].error is not None
    keys.go_to(dialog.form.fields["evidence"].control.widget)
    keys.type("out of the 36 months; papers in folder 12")
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: str(page.record.shown.row.goods_state) == "REFUSED")
    refusal = rma.show(desk.plant.sign_in("郭明"), rma_id=made.rma_id).refusal
    assert refusal is not None
    assert refusal[1] == "out of the 36 months; papers in folder 12"


def test_the_sales_manager_reviews_what_somebody_else_requested(desk: Desk, keys: Keys) -> None:
    story.judged(desk.plant)
    page = opened(desk, "王涛兰")
    button(page, "Review").click()
    dialog = QApplication.activeModalWidget()
    keys.go_to(dialog.form.fields["text"].control.widget)
    keys.type("contract read")
    dialog.form.fields["accepts_missing_record"].control.check.setChecked(True)
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(page)
    desk.until(lambda: page.record.shown.reviews)
    assert page.record.shown.reviews[0].text == "contract read"


def test_the_review_is_not_offered_before_quality_spoke(desk: Desk) -> None:
    story.requested(desk.plant)
    page = opened(desk, "王涛兰")
    assert not [one for one in page.findChildren(Button) if one.isVisible() and "Review" in one.text()]
    assert "Quality has not given its opinion yet" in words_of(page)


def test_nothing_is_squeezed_or_nameless(desk: Desk) -> None:
    story.reviewed(desk.plant)
    page = opened(desk, "郭明")
    assert shapes.squeezed(page) == []
    assert shapes.nameless(page) == []
    assert len(shapes.primaries(page)) == 1
