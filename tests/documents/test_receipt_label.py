from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qms_desktop.documents.receipt_label import LabelSize, zpl
from qms_desktop.drawing import text
from qms_desktop.drawing.label_layout import GEOMETRY
from qms_desktop.errors import Refused
from qms_desktop.steps.receipt_label import LabelStatus
from tests.helpers.receipt_labels import HOSTILE, LONG_TEXTS, PAYLOAD, a_label, a_void_label

pytestmark = pytest.mark.usefixtures("qapp")

OUR_COMMANDS = {"XA", "CI", "PW", "LL", "LH", "FO", "FT", "FR", "FS", "FH", "FD", "GB", "GD", "GF", "A0"} | {
    "BX",
    "BY",
    "BC",
    "PQ",
    "XZ",
}
GRAPHIC = re.compile(r"\^FO(\d+),(\d+)(\^FR)?\^GFA,(\d+),(\d+),(\d+),([0-9A-F]*)\^FS")


def commands_of(written: str) -> list[str]:
    """Give the two letters of every command that a printer would see."""
    return [name.upper() for name in re.findall(r"[\^~](.{2})", written)]


def field_texts(written: str) -> list[str]:
    """Give the texts that a printer writes with its own font, its escapes undone."""
    fields = re.findall(r"\^A0N,\d+,\d+\^FH\^FD([^\^]*)\^FS", written)
    return [re.sub("_([0-9A-F]{2})", lambda escape: chr(int(escape[1], 16)), field) for field in fields]


@pytest.mark.parametrize("size", LabelSize)
def test_a_label_is_one_format_of_the_papers_size(size: LabelSize) -> None:
    lines = zpl(a_label(), size).decode("ascii").splitlines()
    place = GEOMETRY[size]
    assert lines[0] == f"^XA^CI28^PW{place.width}^LL{place.height}^LH0,0"
    assert lines[-1] == "^PQ1^XZ"
    assert sum(line.count("^XA") for line in lines) == 1


def test_the_medium_label_stands_where_the_table_says() -> None:
    written = zpl(a_label(), LabelSize.MEDIUM).decode()
    assert "^FO16,16^GB448,48,48,B^FS" in written
    assert f"^FO30,78^BXN,7,200,18,18^FD{PAYLOAD}^FS" in written
    assert "^FT177,107^A0N,32,30^FH^FDR20261103001-1^FS" in written
    assert "^FO16,226^GB448,2,2,B^FS" in written


def test_the_line_code_is_asked_for_in_its_short_form() -> None:
    assert f"^FO189,454^BY2^BCN,52,N,N,N,A^FD{PAYLOAD}^FS" in zpl(a_label(), LabelSize.LARGE).decode()


@pytest.mark.parametrize("size", LabelSize)
def test_typed_commands_are_printed_as_typed(size: LabelSize) -> None:
    written = zpl(a_label(product_code="^XA_5E", lot="~JA<>"), size).decode()
    assert {"^XA_5E", "~JA<>"} <= set(field_texts(written))
    assert set(commands_of(written)) <= OUR_COMMANDS


@pytest.mark.parametrize("sample", LONG_TEXTS.values(), ids=LONG_TEXTS)
@pytest.mark.parametrize("size", LabelSize)
def test_no_text_of_people_becomes_a_command(size: LabelSize, sample: str) -> None:
    label = a_label(
        product_code=sample, product_name=sample, model=sample, customer_name=sample, customer_short_name=sample
    )
    assert set(commands_of(zpl(label, size).decode())) <= OUR_COMMANDS


@settings(max_examples=60)
@given(typed=st.text(max_size=40) | st.text(alphabet="^~_\\XAZFSD\n,>", max_size=20))
def test_whatever_is_typed_the_printer_sees_the_same_commands(typed: str) -> None:
    label = a_label(product_code=typed, customer_name=typed, customer_short_name=typed, model=typed)
    written = zpl(label, LabelSize.MEDIUM).decode("ascii")
    assert set(commands_of(written)) <= OUR_COMMANDS
    assert (written.count("^XA"), written.count("^XZ")) == (1, 1)
    assert all(" " <= character <= "~" or character == "\n" for character in written)


@pytest.mark.parametrize("make", [a_label, a_void_label])
@pytest.mark.parametrize("size", LabelSize)
def test_every_bitmap_is_whole_and_inside_the_label(size: LabelSize, make: type) -> None:
    written = zpl(make(reprint=1), size).decode()
    place, graphics = GEOMETRY[size], GRAPHIC.findall(written)
    assert len(graphics) == written.count("^GFA") > 3
    for x, y, _, total, sent, across, dots in graphics:
        assert total == sent
        assert len(dots) == 2 * int(total)
        assert int(x) + 8 * int(across) <= place.width
        assert int(y) + int(total) // int(across) <= place.height


def test_chinese_is_sent_as_its_black_dots() -> None:
    drawn = text.ink("华东远航", dots=20)
    assert f"^GFA,{len(drawn.rows)},{len(drawn.rows)},{drawn.bytes_per_row},{drawn.rows.hex().upper()}^FS" in zpl(
        a_label(), LabelSize.SMALL
    ).decode("ascii")


def test_the_status_is_reversed_into_the_band_after_the_band() -> None:
    written = zpl(a_label(), LabelSize.LARGE).decode()
    reversed_fields = [match for match in GRAPHIC.finditer(written) if match[3]]
    assert len(reversed_fields) == 1
    assert written.index("^GB752,72,72,B") < reversed_fields[0].start()


def test_text_that_may_be_too_wide_in_the_printers_font_is_sent_as_dots() -> None:
    written = zpl(a_label(product_code="W" * 14), LabelSize.MEDIUM).decode()
    assert "WW" not in "".join(field_texts(written))
    assert written.count("^GFA") == zpl(a_label(), LabelSize.MEDIUM).count(b"^GFA") + 1


def test_a_backslash_is_sent_as_dots_because_some_printers_break_the_line_there() -> None:
    assert field_texts(zpl(a_label(product_code="A\\&B"), LabelSize.LARGE).decode())[1] == "L2610A"


def test_a_void_label_is_hatched_and_keeps_its_code() -> None:
    written = zpl(a_void_label(), LabelSize.SMALL).decode()
    assert f"^FD{PAYLOAD}^FS" in written
    slashes = re.findall(r"\^FO(\d+),(\d+)\^GD(\d+),(\d+),(\d+),B,R\^FS", written)
    assert len(slashes) > 8
    assert all(wide == high for _, _, wide, high, _ in slashes)


@pytest.mark.parametrize("status", [LabelStatus.PROVISIONAL, LabelStatus.QUARANTINED])
def test_labels_of_different_status_differ(status: LabelStatus) -> None:
    assert zpl(a_label(status=status), LabelSize.SMALL) != zpl(a_label(status=LabelStatus.GOOD), LabelSize.SMALL)


def test_a_label_that_would_lose_part_of_its_lot_is_refused() -> None:
    with pytest.raises(Refused, match="a lot is never printed in part"):
        zpl(a_label(lot=HOSTILE * 3), LabelSize.SMALL)
