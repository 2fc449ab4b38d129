from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pypdfium2
import pytest
import zxingcpp

from qms_desktop.drawing.label_layout import GEOMETRY, LabelSize
from qms_desktop.drawing.label_pdf import pdf, places_on_sheet, sheet_pdf
from qms_desktop.errors import Refused
from qms_desktop.steps.receipt_label import LabelStatus
from tests.helpers.receipt_labels import HOSTILE, PAYLOAD, a_label, a_void_label, codes_read

if TYPE_CHECKING:
    from PIL.Image import Image

pytestmark = pytest.mark.usefixtures("qapp")

MM_A_POINT = 25.4 / 72


def pages(printed: bytes, *, dpi: int) -> list[Image]:
    with closing(pypdfium2.PdfDocument(printed)) as document:
        return [page.render(scale=dpi / 72).to_pil() for page in document]


def page_sizes_mm(printed: bytes) -> list[tuple[float, float]]:
    with closing(pypdfium2.PdfDocument(printed)) as document:
        return [(page.get_width() * MM_A_POINT, page.get_height() * MM_A_POINT) for page in document]


def page_text(printed: bytes) -> str:
    with closing(pypdfium2.PdfDocument(printed)) as document:
        return str(document[0].get_textpage().get_text_bounded())


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", LabelSize)
def test_every_status_is_read_back_from_paper(size: LabelSize, dpi: int) -> None:
    labels = [a_label(status=status, reprint=1) for status in LabelStatus] + [a_void_label()]
    kinds = ["DataMatrix", "Code128"] if size is LabelSize.LARGE else ["DataMatrix"]
    printed = pages(pdf(labels, size), dpi=dpi)
    assert len(printed) == len(labels)
    for page in printed:
        for degrees in (0, 90, 180, 270):
            assert codes_read(page.rotate(degrees, expand=True)) == dict.fromkeys(kinds, PAYLOAD)


@pytest.mark.parametrize("size", LabelSize)
def test_a_page_is_as_large_as_its_label(size: LabelSize) -> None:
    wide, high = (float(side) for side in size.split("x"))
    assert page_sizes_mm(pdf([a_label(), a_label()], size)) == [pytest.approx((wide, high), abs=0.2)] * 2


@pytest.mark.parametrize("size", LabelSize)
def test_the_code_has_its_true_size_and_place(size: LabelSize) -> None:
    place, dots_an_inch = GEOMETRY[size], 203.2
    page = pages(pdf([a_label()], size), dpi=600)[0]
    corners = next(code for code in zxingcpp.read_barcodes(page) if code.format.name == "DataMatrix").position
    scale = 600 / dots_an_inch
    assert corners.top_left.x == pytest.approx(place.code_x * scale, abs=6)
    assert corners.top_left.y == pytest.approx(place.code_y * scale, abs=6)
    assert corners.bottom_right.x - corners.top_left.x == pytest.approx(place.code_side * scale, abs=12)


def test_text_stays_text() -> None:
    shown = page_text(pdf([a_label(product_code=HOSTILE[:12])], LabelSize.LARGE))
    for expected in ("客退隔离 QUARANTINE", "R20261103001-1", "L2610A", "华东远航汽配有限公司", "60 支", HOSTILE[:12]):
        assert expected in shown


@pytest.mark.parametrize(("size", "places"), [(LabelSize.SMALL, 45), (LabelSize.MEDIUM, 21), (LabelSize.LARGE, 8)])
def test_a_sheet_is_filled_and_every_label_read_back(size: LabelSize, places: int) -> None:
    assert places_on_sheet(size) == places
    printed = sheet_pdf([a_label(serial=serial) for serial in range(1, places + 2)], size)
    assert page_sizes_mm(printed) == [pytest.approx((210, 297), abs=0.3)] * 2
    first, second = pages(printed, dpi=300)
    wanted = {f"R20261103001.1.{serial:06d}" for serial in range(1, places + 1)}
    assert {code.text for code in zxingcpp.read_barcodes(first)} == wanted
    assert set(codes_read(second).values()) == {f"R20261103001.1.{places + 1:06d}"}


def test_a_used_sheet_is_begun_where_it_is_free() -> None:
    printed = sheet_pdf([a_label(serial=1), a_label(serial=2)], LabelSize.LARGE, first_place=8)
    first, second = pages(printed, dpi=200)
    assert set(codes_read(first).values()) == {"R20261103001.1.000001"}
    assert set(codes_read(second).values()) == {"R20261103001.1.000002"}


@pytest.mark.parametrize("first_place", [0, 9])
def test_a_place_that_no_sheet_has_is_a_mistake(first_place: int) -> None:
    with pytest.raises(ValueError, match="places 1 to 8"):
        sheet_pdf([a_label()], LabelSize.LARGE, first_place=first_place)


def test_no_label_makes_no_paper() -> None:
    with pytest.raises(ValueError, match="no label"):
        pdf([], LabelSize.SMALL)


def test_a_label_that_does_not_fit_is_refused_on_paper_too() -> None:
    with pytest.raises(Refused, match="does not fit"):
        pdf([a_label(), a_label(lot="L" * 80)], LabelSize.SMALL)
