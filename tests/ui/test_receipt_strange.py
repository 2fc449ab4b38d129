"""Goods without an RMA in the window: sales finds them, takes the complaint down in their case, and names the RMA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLabel

from qms_desktop.app.work import my_work
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.complaint import ComplaintPage
from qms_desktop.ui.form_dialog import FormDialog
from qms_desktop.ui.receipt import ReceiptPage
from qms_desktop.ui.workplace import Destination
from tests.scenarios.test_goods_without_rma import approved_rma, closed

if TYPE_CHECKING:
    from qms_desktop.steps import receipt
    from tests.ui.desk import Desk


def opened(desk: Desk, made: receipt.Quarantined) -> ReceiptPage:
    page = desk.show(ReceiptPage(desk.workplace("王伟涛")))
    page.open_record(made.receipt_id)
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    return page


def words_of(page: ReceiptPage | ComplaintPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def primary(page: ReceiptPage) -> Button:
    (found,) = (one for one in page.findChildren(Button) if one.isVisible() and one.property("kind") == "primary")
    return found


def test_the_first_step_is_the_complaint_in_the_case_of_the_goods(desk: Desk) -> None:
    made = closed(desk.plant)
    page = opened(desk, made)
    told = words_of(page)
    assert made.number in told
    assert "customer not known" in told
    assert "without an RMA" in told
    assert primary(page).text().strip().startswith("Take the complaint down")
    primary(page).click()
    assert desk.went[-1] == Destination("complaint", None, f"new {made.case_id}")
    complaints = desk.show(ComplaintPage(desk.workplace("王伟涛")))
    complaints.show_record(desk.went[-1])
    assert complaints.form.joins_case == made.case_id
    assert "For goods that came without an RMA" in words_of(complaints)
    complaints.begin()
    assert complaints.form.joins_case is None
    assert "For goods that came without an RMA" not in words_of(complaints)


def test_the_approved_rma_is_named_and_the_difference_can_be_agreed(desk: Desk) -> None:
    made = closed(desk.plant)
    approved_rma(desk.plant, made.case_id)
    page = opened(desk, made)
    assert primary(page).text().strip().startswith("Name the RMA")
    primary(page).click()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), FormDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FormDialog)
    dialog.send()
    desk.until(lambda: page.record.shown.row.rma_id is not None)
    assert page.record.shown.row.customer_short_name == "华东远航"
    assert primary(page).text().strip().startswith("Agree the difference")


def test_they_wait_in_the_work_of_sales_and_of_nobody_else(desk: Desk) -> None:
    made = closed(desk.plant)
    (item,) = (one for one in my_work(desk.plant.sign_in("王伟涛")).items if one.destination.page == "receipt")
    assert (item.what, item.customer) == ("Goods without an RMA", "customer not known")
    assert item.destination.record_id == made.receipt_id
    assert not any(one.destination.page == "receipt" for one in my_work(desk.plant.sign_in("沈国强")).items)
