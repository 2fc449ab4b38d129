from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from qms_desktop import drawing
from qms_desktop.drawing import fishbone
from qms_desktop.steps.eight_d_content import CauseCandidate, CauseCategory, RootCauses, Verdict

BLANK = RootCauses(effect="Friction force\n38-52 N")


@pytest.fixture(autouse=True)
def _fonts() -> None:
    drawing.ready()


def drawn(*candidates: CauseCandidate, dpi: int = 150) -> Image.Image:
    return Image.open(BytesIO(fishbone.png(replace(BLANK, candidates=candidates), dpi=dpi))).convert("RGB")


def candidate(verdict: Verdict, category: CauseCategory = CauseCategory.MACHINE) -> CauseCandidate:
    return CauseCandidate(category=category, text="worn stop block", verdict=verdict, code="O1")


def reds(picture: Image.Image) -> int:
    return sum(
        count
        for count, colour in picture.getcolors(picture.width * picture.height) or []
        if isinstance(colour, tuple) and colour[0] > 140 and colour[1] < 60 and colour[2] < 90
    )


def test_the_picture_has_300_dots_to_the_inch_of_172_by_76_mm() -> None:
    with Image.open(BytesIO(fishbone.png(BLANK))) as picture:
        assert picture.size == (2031, 898)


def test_only_a_proved_cause_is_red() -> None:
    assert reds(drawn(candidate(Verdict.RULED_OUT))) == 0
    assert reds(drawn(candidate(Verdict.POSSIBLE))) == 0
    assert reds(drawn(candidate(Verdict.PROVED))) > 100


def test_a_proved_cause_differs_in_black_and_white_too() -> None:
    proved = drawn(candidate(Verdict.PROVED)).convert("L").point(lambda grey: 255 if grey > 160 else 0)
    ruled_out = drawn(candidate(Verdict.RULED_OUT)).convert("L").point(lambda grey: 255 if grey > 160 else 0)
    assert proved.histogram()[0] > ruled_out.histogram()[0]


@pytest.mark.parametrize("category", list(CauseCategory))
def test_every_category_has_a_bone_of_its_own(category: CauseCategory) -> None:
    empty = drawn()
    assert drawn(candidate(Verdict.PROVED, category)).tobytes() != empty.tobytes()


def test_a_bone_with_many_candidates_shows_the_proved_one_first() -> None:
    many = [replace(candidate(Verdict.RULED_OUT), text=f"reason {number}") for number in range(12)]
    assert reds(drawn(*many, candidate(Verdict.PROVED))) > 100


def test_the_effect_stands_at_the_head() -> None:
    other = fishbone.png(replace(BLANK, effect="Oil leak"), dpi=100)
    assert other != fishbone.png(BLANK, dpi=100)


def test_a_text_too_long_for_one_line_is_told_apart_from_its_beginning() -> None:
    short = replace(candidate(Verdict.PROVED), text="end test without force over full stroke")
    longer = replace(short, text=f"{short.text} and without friction")
    assert drawn(short).tobytes() != drawn(longer).tobytes()


def test_a_drawing_leaves_the_painter_as_it_was() -> None:
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    before = painter.transform()
    fishbone.draw(painter, QRectF(10, 10, 300, 150), causes=BLANK)
    assert painter.transform() == before
    painter.end()


def test_the_picture_says_how_large_it_is_on_paper() -> None:
    with Image.open(BytesIO(fishbone.png(BLANK, dpi=300))) as picture:
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.01)
