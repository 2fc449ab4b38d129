from __future__ import annotations

import pytest

from qms_desktop.errors import InvalidInput
from qms_desktop.steps.receipt_label import LabelCode, LabelStatus, read_label_code
from tests.helpers.receipt_labels import PAYLOAD, a_label


def test_the_code_names_rma_line_and_serial() -> None:
    assert a_label().code.payload == PAYLOAD


def test_a_scanned_code_is_taken_apart() -> None:
    assert read_label_code(f" {PAYLOAD}\r\n") == LabelCode(rma_number="R20261103001", rma_line=1, serial=42)


@pytest.mark.parametrize(
    "scanned",
    [
        pytest.param("", id="nothing"),
        pytest.param(PAYLOAD.lower(), id="Caps Lock"),
        pytest.param(PAYLOAD * 2, id="two codes glued"),
        pytest.param(PAYLOAD[:-4], id="half a code"),
        pytest.param("Ｒ20261103001.1.000042", id="full-width input"),
        pytest.param("R20261103001.1.٠٠٠٠٤٢", id="other digits"),
        pytest.param("https://example.com/" + "9" * 4000, id="a long web address"),
    ],
)
def test_anything_but_one_whole_code_is_refused(scanned: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_label_code(scanned)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("number", ["Y20261103001", "R2026-11-03", "R2026110300", "R20261103001/1", "R２0261103001"])
def test_a_number_that_a_scanner_may_garble_makes_no_code(number: str) -> None:
    with pytest.raises(ValueError, match="no label code"):
        a_label(rma_number=number)


@pytest.mark.parametrize("changes", [{"serial": -1}, {"serial": 10**9}, {"rma_line": -1}, {"pieces": 0}])
def test_a_label_of_impossible_numbers_cannot_be_made(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"label"):
        a_label(**changes)


def test_an_unreadable_lot_has_its_word() -> None:
    assert a_label(lot=None).lot_shown == "批号不明"
    assert a_label(lot="").lot_shown == "批号不明"


def test_the_product_name_is_said_once() -> None:
    assert a_label(product_name="气弹簧", model="气弹簧 B781 242N").product_shown == "气弹簧 B781 242N"
    assert a_label(product_name="气弹簧", model="B781 242N").product_shown == "气弹簧 B781 242N"
    assert a_label(product_name="气弹簧", model="").product_shown == "气弹簧"


@pytest.mark.parametrize("status", LabelStatus)
def test_every_status_speaks_chinese_and_english(status: LabelStatus) -> None:
    assert any("\u4e00" <= character <= "\u9fff" for character in status.chinese)
    assert all(word.isascii() and word.isupper() for word in status.english)
