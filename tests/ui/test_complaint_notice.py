"""The customer's notice fills the form of a complaint in and is kept with it; a line that was added can be changed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from qms_desktop import files
from qms_desktop.db.connection import write
from qms_desktop.db.master_data import Customer
from qms_desktop.rules import attachment, search
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.ui.complaint import ComplaintPage
from tests.exchange.books import book, saved
from tests.ui import shapes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.desk import Desk

NOTICE = "客户退货通知_华东远航.xlsx"
HEADINGS = ("序号", "物料号", "贵司批号", "数量", "不良现象", "处理要求")


@pytest.fixture
def page(desk: Desk) -> ComplaintPage:
    with desk.plant.sign_in("管理员").store.use():
        write(let_the_customer_be_found)
    made = desk.show(ComplaintPage(desk.workplace("王伟涛")))
    made.begin()
    desk.settle(made)
    return made


def let_the_customer_be_found() -> None:
    """Write down by which words the customer is found, as the import of customers does."""
    one = Customer.get(Customer.code == "C1001")
    search.keep(search.Kind.CUSTOMER, one.id, case_id=None, title=one.code, text=f"{one.name} {one.short_name}")


def copied(tmp_path: Path) -> Path:
    return shutil.copy(files.resources() / "demo" / NOTICE, tmp_path / NOTICE)


def test_the_notice_fills_the_form_in_and_is_kept_with_the_complaint(
    desk: Desk, page: ComplaintPage, tmp_path: Path
) -> None:
    form = page.form
    form.files.take_notice(copied(tmp_path))
    desk.settle(page)
    assert form.customer.found_number == "C1001"
    assert form.fields["customer_reference"].control.keep() == "TH-20261103-07"
    assert form.fields["own_limit_hours"].control.keep() == "12"
    assert form.fields["channel"].control.keep() == "NOTICE"
    assert [(line.product, line.lot, line.pieces) for line in form.gathered.lines] == [
        ("YQ-22", "L2610A", 600),
        ("YQ-28", "L2609B", 45),
        ("ZW-22", "L2610C", 12),
    ]
    assert shapes.nameless(page) == []
    form.send()
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    shown = page.record.shown
    kept = attachment.listed(
        page.workplace.session, case_id=shown.row.case_id, kind=AttachedTo.COMPLAINT, record_id=shown.row.id
    )
    assert [one.file_name for one in kept] == [NOTICE]
    assert shown.demand == "要求12小时内书面回复，并提交8D报告。"


def test_what_was_typed_before_the_notice_stays(desk: Desk, page: ComplaintPage, tmp_path: Path) -> None:
    page.form.fields["customer_reference"].control.put("as they said by phone")
    page.form.files.take_notice(copied(tmp_path))
    desk.settle(page)
    assert page.form.fields["customer_reference"].control.keep() == "as they said by phone"


def test_a_line_of_an_unknown_product_waits_in_the_fields(desk: Desk, page: ComplaintPage, tmp_path: Path) -> None:
    rows = [
        ["华东远航汽配有限公司退货通知单"],
        ["单号：TH-1"],
        HEADINGS,
        [1, "NO-SUCH", "L1", 5, "漏油", "退货"],
        [2, "YQ-22", "L2610A", 600, "漏油", "退货"],
    ]
    page.form.files.take_notice(saved(tmp_path, book(rows)))
    desk.settle(page)
    assert [line.product for line in page.form.gathered.lines] == ["YQ-22"]
    assert page.form.product.line.text() == "NO-SUCH"
    assert page.form.pieces.line.text() == "5"
    page.form.send()
    assert "not chosen yet" in str(page.form.fields["product"].error)


def test_a_file_that_is_no_notice_is_kept_and_said(desk: Desk, page: ComplaintPage, tmp_path: Path) -> None:
    page.form.files.take_notice(saved(tmp_path, book([["name", "value"], ["a", 1]]), "other.xlsx"))
    desk.settle(page)
    assert "other.xlsx is kept with the complaint" in page.form.files.said.text()
    assert [path.name for path in page.form.files.paths] == ["other.xlsx"]


def test_files_come_back_with_the_draft(desk: Desk, page: ComplaintPage, tmp_path: Path) -> None:
    page.form.files.add([copied(tmp_path)])
    page.form.leave()
    page.begin()
    desk.settle(page)
    assert [path.name for path in page.form.files.paths] == [NOTICE]


def test_a_file_that_went_away_is_named_after_the_complaint_is_registered(
    desk: Desk, page: ComplaintPage, tmp_path: Path
) -> None:
    path = copied(tmp_path)
    page.form.files.take_notice(path)
    desk.settle(page)
    path.unlink()
    page.form.send()
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    assert NOTICE in page.toast.text
    assert "not attached" in page.toast.text


def test_a_line_that_was_added_comes_back_into_the_fields(desk: Desk, page: ComplaintPage, tmp_path: Path) -> None:
    form = page.form
    form.files.take_notice(copied(tmp_path))
    desk.settle(page)
    form.gathered.table.choose(1)
    form.change_line()
    assert [line.product for line in form.gathered.lines] == ["YQ-22", "ZW-22"]
    assert (form.product.found_number, form.lot.line.text(), form.pieces.line.text()) == ("YQ-28", "L2609B", "45")
    form.pieces.line.setText("40")
    form.add_line()
    assert [line.pieces for line in form.gathered.lines] == [600, 12, 40]
    assert form.gathered.lines[-1].demand == "退款"
