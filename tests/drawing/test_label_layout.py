from __future__ import annotations

import pytest

from qms_desktop.drawing import text
from qms_desktop.drawing.label_layout import GEOMETRY, Box, Code, LabelSize, Mark, Slash, Words, layout
from qms_desktop.errors import Refused
from qms_desktop.steps.receipt_label import LabelStatus
from tests.helpers.receipt_labels import LONG_TEXTS, PAYLOAD, a_label, a_void_label

pytestmark = pytest.mark.usefixtures("qapp")

Bounds = tuple[float, float, float, float]


def bounds(mark: Mark) -> Bounds:
    """Give left, top, right and bottom of what a mark covers, in dots."""
    match mark:
        case Box():
            return mark.x, mark.y, mark.x + mark.width, mark.y + mark.height
        case Words():
            drawn = text.ink(mark.text, dots=mark.dots, bold=mark.bold)
            left, top = mark.x + drawn.left, mark.baseline + drawn.top
            return left, top, left + drawn.width, top + drawn.height
        case Code():
            high = mark.bar_height or mark.symbol.height * mark.module
            return mark.x, mark.y, mark.x + mark.symbol.width * mark.module, mark.y + high
        case Slash():
            return mark.x, mark.y, mark.x + mark.side + mark.thickness, mark.y + mark.side


def overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def words_of(marks: tuple[Mark, ...]) -> list[Words]:
    return [mark for mark in marks if isinstance(mark, Words)]


def shown_texts(marks: tuple[Mark, ...]) -> list[str]:
    return [words.text for words in words_of(marks)]


@pytest.mark.parametrize("sample", LONG_TEXTS.values(), ids=LONG_TEXTS)
@pytest.mark.parametrize("size", LabelSize)
def test_nothing_stands_outside_the_label(size: LabelSize, sample: str) -> None:
    place = GEOMETRY[size]
    label = a_void_label(
        product_code=sample, product_name=sample, model=sample, customer_name=sample, customer_short_name=sample
    )
    for mark in layout(label, size):
        left, top, right, bottom = bounds(mark)
        assert left >= place.margin - 2, mark
        assert top >= place.margin, mark
        assert right <= place.width - place.margin + 2, mark
        assert bottom <= place.height - 4, mark


@pytest.mark.parametrize("make", [a_label, a_void_label])
@pytest.mark.parametrize("size", LabelSize)
def test_the_quiet_zone_of_the_code_stays_white(size: LabelSize, make: type) -> None:
    place, marks = GEOMETRY[size], layout(make(product_code="W" * 60, carton=3), size)
    matrix = next(mark for mark in marks if isinstance(mark, Code))
    left, top, right, bottom = bounds(matrix)
    quiet = 1.6 * place.module
    zone = (left - quiet, top - quiet, right + quiet, bottom + quiet)
    assert [mark for mark in marks if mark is not matrix and overlap(bounds(mark), zone)] == []
    assert left - quiet >= 0


def test_the_quiet_zone_of_the_line_code_stays_white() -> None:
    marks = layout(a_void_label(), LabelSize.LARGE)
    bars = next(mark for mark in marks if isinstance(mark, Code) and mark.bar_height)
    left, top, right, bottom = bounds(bars)
    zone = (left - 10 * bars.module, top, right + 10 * bars.module, bottom)
    assert [mark for mark in marks if mark is not bars and overlap(bounds(mark), zone)] == []


@pytest.mark.parametrize("size", LabelSize)
def test_lines_of_text_do_not_run_into_each_other(size: LabelSize) -> None:
    label = a_label(pieces=123_456, product_code="W" * 60, customer_name="名" * 60, customer_short_name="名" * 60)
    placed = [bounds(words) for words in words_of(layout(label, size)) if not words.white]
    clashes = [(one, other) for at, one in enumerate(placed) for other in placed[at + 1 :] if overlap(one, other)]
    assert clashes == []


@pytest.mark.parametrize("size", LabelSize)
def test_a_void_label_is_hatched_and_names_its_successors(size: LabelSize) -> None:
    marks = layout(a_void_label(), size)
    assert sum(isinstance(mark, Slash) for mark in marks) > 8
    assert shown_texts(marks)[:2] == ["由 52～56 取代", "作废 VOID"]


@pytest.mark.parametrize(
    ("serials", "shown"),
    [((52,), "由 52 取代"), ((52, 53), "由 52～53 取代"), ((56, 52, 60, 53), "由 52～53, 56, 60 取代")],
)
def test_successors_are_gathered_into_ranges(serials: tuple[int, ...], shown: str) -> None:
    assert shown in shown_texts(layout(a_void_label(replaced_by=serials), LabelSize.LARGE))


def test_a_valid_label_is_not_hatched() -> None:
    assert not any(isinstance(mark, Slash) for mark in layout(a_label(), LabelSize.LARGE))


@pytest.mark.parametrize("reprint", [0, 1, 99])
@pytest.mark.parametrize("status", LabelStatus)
@pytest.mark.parametrize("size", LabelSize)
def test_the_status_is_never_cut_and_stays_in_the_band(size: LabelSize, status: LabelStatus, reprint: int) -> None:
    place, label = GEOMETRY[size], a_label(status=status, reprint=reprint)
    marks = layout(label, size)
    word = next(words for words in words_of(marks) if words.white)
    assert word.text in [f"{status.chinese} {english}" for english in status.english]
    assert word.dots >= text.LEAST_DOTS
    left, top, right, bottom = bounds(word)
    boxes = [bounds(mark) for mark in marks if isinstance(mark, Box) and mark.white]
    assert not any(overlap((left, top, right, bottom), box) for box in boxes)
    assert place.margin < left
    assert right < place.right
    assert place.margin + 2 <= top
    assert bottom <= place.margin + place.band_height - 2


@pytest.mark.parametrize("size", LabelSize)
def test_a_reprint_says_how_often(size: LabelSize) -> None:
    assert "补打 12" in shown_texts(layout(a_label(status=LabelStatus.PROVISIONAL, reprint=12), size))


@pytest.mark.parametrize("size", LabelSize)
def test_number_lot_serial_date_and_quantity_are_whole(size: LabelSize) -> None:
    label = a_label(rma_number="R202611030012", rma_line=9, pieces=12_345, serial=1_234_567)
    shown = shown_texts(layout(label, size))
    assert {"R202611030012-9", "L2610A", "2026-11-04", "#1234567", "12,345 支"} <= set(shown)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lot": "L2610A-" * 8}, "The lot L2610A-L2610A-.* does not fit on a label of 40 × 30 mm"),
        ({"rma_number": "R202611030012", "rma_line": 999}, "The RMA line R202611030012-999 does not fit"),
        ({"unit": "支（每箱两层，每层三十支）"}, "The quantity 60 支.* does not fit on a label of 40 × 30 mm"),
    ],
)
def test_a_size_is_refused_when_a_number_would_be_cut(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        layout(a_label(**changes), LabelSize.SMALL)


def test_a_lot_refused_by_the_small_label_fits_the_large_one() -> None:
    lot = "L2610A-CAVITY-3-SHIFT-2"
    with pytest.raises(Refused):
        layout(a_label(lot=lot), LabelSize.SMALL)
    assert lot in shown_texts(layout(a_label(lot=lot), LabelSize.LARGE))


def test_an_unreadable_lot_is_said() -> None:
    assert "批号不明" in shown_texts(layout(a_label(lot=None), LabelSize.SMALL))


def test_the_small_label_shows_the_short_name_and_no_model() -> None:
    shown = shown_texts(layout(a_label(), LabelSize.SMALL))
    assert "华东远航" in shown
    assert "华东远航汽配有限公司" not in shown
    assert "气弹簧 B781 242N" not in shown


def test_both_codes_of_the_large_label_say_the_same_in_clear_text_too() -> None:
    marks = layout(a_label(), LabelSize.LARGE)
    assert [mark.payload for mark in marks if isinstance(mark, Code)] == [PAYLOAD, PAYLOAD]
    assert PAYLOAD in shown_texts(marks)


def test_a_long_customer_is_cut_with_an_ellipsis() -> None:
    shown = shown_texts(layout(a_label(customer_name=LONG_TEXTS["long Chinese"]), LabelSize.MEDIUM))
    assert any(line.startswith("华东远航汽车") and line.endswith("…") for line in shown)
