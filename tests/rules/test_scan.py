"""What a scan is taken for, and which ones are refused (bad_input.md B66 to B70)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.errors import InvalidInput
from qms_desktop.rules.scan import LONGEST_CODE, CodeKind, ScannedCode, check_digit, read_code


def test_a_label_names_rma_line_and_serial() -> None:
    assert read_code("R20261103001.1.000042") == ScannedCode(
        CodeKind.LABEL, "R20261103001.1.000042", "R20261103001", rma_line=1, label_serial=42
    )


@pytest.mark.parametrize(
    ("scanned", "kind"),
    [
        ("C20261103001", CodeKind.COMPLAINT),
        ("R202611031001", CodeKind.RMA),
        ("8D20170331001", CodeKind.EIGHT_D),
        ("W20261117002", CodeKind.ORDER),
        ("N20261105001", CodeKind.NONCONFORMING),
        ("K20261112002", CodeKind.CLAIM),
        ("RC20261105001", CodeKind.RECALL),
        ("4006381333931", CodeKind.ARTICLE),
        ("96385074", CodeKind.ARTICLE),
        ("20261103", CodeKind.OTHER),
        ("TH-20261103-07", CodeKind.OTHER),
        ("L2610A", CodeKind.OTHER),
        ("CK260114008", CodeKind.OTHER),
    ],
)
def test_numbers_are_told_apart_by_their_form(scanned: str, kind: CodeKind) -> None:
    code = read_code(scanned + "\r")
    assert (code.kind, code.number) == (kind, scanned)


@pytest.mark.parametrize(
    ("scanned", "said"),
    [
        ("4006381333937", "expected 1"),
        ("Ｒ20261103001", "input to English"),
        ("R20261103001。1。000042", "input to English"),
        ("人20261103001", "input to English"),
        ("r20261103001.1.000042", "Caps Lock"),
        ("8d20261103001", "Caps Lock"),
        ("R20261103001R20261103002", "Two codes"),
        ("R20261103001.1.000042R20261103001.1.000043", "Two codes"),
        ("R2026110", "part of the code"),
        ("R20261103001.1", "part of the code"),
        ("R20261103001.1.", "part of the code"),
        ("R20261303001", "not a day"),
        ("https://example.com/R20261103001", "web address"),
        ("^XA^FO10,10^FDx^XZ", "printer"),
        ("x" * 4000, "4,000 characters"),
        ("", "Nothing was read"),
        ("R2026\x0001", "control characters"),
    ],
)
def test_a_bad_scan_is_refused_with_its_reason(scanned: str, said: str, english: None) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_code(scanned)


@pytest.mark.parametrize("separator", ["\x1d", "^]"])
def test_gs1_parts_are_read_with_either_form_of_the_separator(separator: str) -> None:
    code = read_code(f"]d2010400638133393110L2610A{separator}3750")
    assert (code.kind, code.number, code.lot, code.pieces) == (CodeKind.GS1, "04006381333931", "L2610A", 50)


def test_a_lost_gs1_separator_is_named(english: None) -> None:
    with pytest.raises(InvalidInput, match="separator"):
        read_code("010400638133393110L2610A-SPRING-21000123456")


def test_a_wrong_check_digit_inside_gs1_is_named(english: None) -> None:
    with pytest.raises(InvalidInput, match="expected 1"):
        read_code("010400638133393710L2610A")


@given(st.text(alphabet="0123456789", min_size=12, max_size=13))
def test_one_wrong_digit_of_an_article_number_is_always_found(digits: str) -> None:
    right = digits + str(check_digit(digits))
    wrong = ("1" if right[0] == "0" else "0") + right[1:]
    assert check_digit(wrong[:-1]) != int(right[-1])


@given(st.text(max_size=LONGEST_CODE + 20))
def test_any_text_is_a_code_or_a_named_refusal(scanned: str) -> None:
    try:
        code = read_code(scanned)
    except InvalidInput as refused:
        outcome = refused.field
    else:
        outcome = "code" if code.text else "nothing"
    assert outcome == "code"
