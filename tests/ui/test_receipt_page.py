"""The receipt page on a real plant: cartons, differences, agreement, signature and labels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop.documents.label_printer import LabelPrinter
from qms_desktop.rules.scan import read_code
from qms_desktop.steps import receipt
from qms_desktop.steps.receipt import ReceiptState
from qms_desktop.ui import receipt_deeds
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.receipt import ReceiptPage
from qms_desktop.ui.signature_dialog import SignatureDialog
from tests.helpers.label_printers import printer_that, prints
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.desk import Desk, Keys

CTRL = Qt.KeyboardModifier.ControlModifier


def opened(desk: Desk, name: str) -> ReceiptPage:
    page = desk.show(ReceiptPage(desk.workplace(name)))
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    return page


def click(page: ReceiptPage, word: str) -> None:
    next(one for one in page.findChildren(Button) if one.isVisible() and word in one.text()).click()


def test_sales_agrees_the_difference(desk: Desk, keys: Keys) -> None:
    story.counted(desk.plant, first=596)
    page = opened(desk, "王伟涛")
    assert page.record.shown.row.state is ReceiptState.DIFFERENCE
    click(page, "Agree the difference")
    dialog = QApplication.activeModalWidget()
    keys.go_to(dialog.form.fields["agreed_with"].control.widget)
    keys.type("Mr Wang, phone")
    keys.press(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: page.record.shown.row.state is ReceiptState.AGREED)
    assert [line.pieces_agreed for line in page.record.shown.lines] == [596, 45, 12]


def test_the_leader_accepts_the_count_in_three_steps(desk: Desk, keys: Keys) -> None:
    story.counted(desk.plant)
    page = opened(desk, "沈国强")
    click(page, "Sign the count")
    keys.steps += 1
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, SignatureDialog))
    desk.until(dialog.password.line.hasFocus)
    keys.type(desk.plant.password("沈国强"))
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: page.record.shown.row.state is ReceiptState.SIGNED)
    assert keys.steps == 3
    assert [one.name for one in page.record.shown.signatures] == ["沈国强"]


def test_a_scanned_label_opens_its_receipt(desk: Desk) -> None:
    story.counted(desk.plant)
    page = opened(desk, "沈国强")
    page.record_id = page.record = None
    assert page.take_scan(read_code("R20261103001.1.000002"))
    desk.until(lambda: page.record is not None)
    assert page.record.shown.row.rma_number == "R20261103001"


def test_a_reprint_reaches_the_printer_and_is_counted(desk: Desk) -> None:
    story.counted(desk.plant)
    page = opened(desk, "沈国强")
    desk.until(lambda: page.view.label is not None)
    with printer_that(prints) as printer:
        page.prints.printer = LabelPrinter(host="127.0.0.1", port=printer.port)
        for count in (1, 2):
            receipt_deeds.print_again(page, page.view.carton())
            desk.settle(page)
            desk.until(partial(lambda wanted: len(printer.received) == wanted, count))
    carton = page.view.carton()
    label = receipt.preview_label(desk.plant.sign_in("沈国强"), label_id=carton.count.label_id)
    assert label.reprint == 1


def test_without_a_printer_nothing_is_counted_as_printed(desk: Desk) -> None:
    story.counted(desk.plant)
    page = opened(desk, "沈国强")
    receipt_deeds.print_again(page, page.view.carton())
    assert "No label printer is set" in page.toast.text


def test_a_label_is_saved_as_pdf_and_as_printer_commands(desk: Desk, tmp_path: Path) -> None:
    story.counted(desk.plant)
    page = opened(desk, "沈国强")
    desk.until(lambda: page.view.label is not None)
    for name, begins in (("label.pdf", b"%PDF"), ("label.zpl", b"^XA")):
        assert page.view.label is not None
        receipt_deeds.write_label(page, tmp_path / name, page.view.label)
        assert (tmp_path / name).read_bytes().startswith(begins)


def test_nothing_is_squeezed_or_nameless(desk: Desk) -> None:
    story.counted(desk.plant, first=596)
    page = opened(desk, "王伟涛")
    assert shapes.squeezed(page) == []
    assert shapes.nameless(page) == []
    assert len(shapes.primaries(page)) == 1
