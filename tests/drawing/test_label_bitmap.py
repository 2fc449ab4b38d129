from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QTransform

from qms_desktop.drawing.label_bitmap import bitmap
from qms_desktop.drawing.label_layout import GEOMETRY, LabelSize
from qms_desktop.errors import Refused
from qms_desktop.steps.receipt_label import LabelStatus
from tests.helpers.receipt_labels import LONG_TEXTS, PAYLOAD, a_label, a_void_label, codes_read

pytestmark = pytest.mark.usefixtures("qapp")


def expected(size: LabelSize) -> dict[str, str]:
    kinds = ["DataMatrix", "Code128"] if size is LabelSize.LARGE else ["DataMatrix"]
    return dict.fromkeys(kinds, PAYLOAD)


def rows(picture: QImage) -> list[bytes]:
    pixels, stride = bytes(picture.constBits()), picture.bytesPerLine()
    return [pixels[at : at + picture.width()] for at in range(0, stride * picture.height(), stride)]


@pytest.mark.parametrize("status", LabelStatus)
@pytest.mark.parametrize("size", LabelSize)
def test_every_label_is_read_back_however_it_is_turned(size: LabelSize, status: LabelStatus) -> None:
    label = a_label(status=status, reprint=2, replaced_by=(52, 53) if status is LabelStatus.VOID else ())
    picture = bitmap(label, size)
    for degrees in (0, 90, 180, 270):
        turned = picture.transformed(QTransform().rotate(degrees))
        assert codes_read(turned) == expected(size), degrees


@pytest.mark.parametrize("sample", LONG_TEXTS.values(), ids=LONG_TEXTS)
@pytest.mark.parametrize("size", LabelSize)
def test_no_text_of_people_harms_the_code(size: LabelSize, sample: str) -> None:
    label = a_void_label(
        product_code=sample, product_name=sample, model=sample, customer_name=sample, customer_short_name=sample
    )
    assert codes_read(bitmap(label, size)) == expected(size)


@pytest.mark.parametrize("size", LabelSize)
def test_the_picture_has_the_dots_of_the_printer(size: LabelSize) -> None:
    picture = bitmap(a_label(), size)
    wide, high = (int(side) for side in size.split("x"))
    assert (picture.width(), picture.height()) == (wide * 8, high * 8)
    assert picture.dotsPerMeterX() == 8000
    assert set(b"".join(rows(picture))) == {0, 255}


@pytest.mark.parametrize("size", LabelSize)
def test_the_edge_of_the_paper_stays_white(size: LabelSize) -> None:
    edge = GEOMETRY[size].margin // 2
    drawn = rows(bitmap(a_void_label(customer_name="ÅjÅj" * 40, customer_short_name="jjjj" * 40), size))
    assert set(b"".join(drawn[:edge] + drawn[-edge:])) == {255}
    assert {value for row in drawn for value in row[:edge] + row[-edge:]} == {255}


def test_the_same_label_is_drawn_the_same() -> None:
    assert bitmap(a_label(), LabelSize.MEDIUM) == bitmap(a_label(), LabelSize.MEDIUM)


def test_the_hatch_lies_on_the_text_and_not_on_the_code() -> None:
    place = GEOMETRY[LabelSize.MEDIUM]
    plain = rows(bitmap(a_label(status=LabelStatus.VOID), LabelSize.MEDIUM))
    valid = rows(bitmap(a_label(), LabelSize.MEDIUM))
    below_band = range(place.margin + place.band_height, place.height)
    struck = {(x, y) for y in below_band for x in range(place.width) if plain[y][x] != valid[y][x]}
    assert len(struck) > 2000
    code_right = place.code_x + place.code_side + place.module
    assert not [(x, y) for x, y in struck if x < code_right and y < place.divider_y]


def test_a_refused_label_leaves_no_painter_behind() -> None:
    with pytest.raises(Refused):
        bitmap(a_label(lot="L" * 80), LabelSize.SMALL)
    assert codes_read(bitmap(a_label(), LabelSize.SMALL)) == expected(LabelSize.SMALL)
