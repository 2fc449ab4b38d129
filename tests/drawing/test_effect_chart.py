from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from qms_desktop import drawing
from qms_desktop.drawing import effect_chart
from qms_desktop.steps.eight_d_content import EffectEvidence, LotResult, MeasuredSample

EFFECT = EffectEvidence(
    characteristic="friction force",
    unit="N",
    upper_limit=Decimal(30),
    clean_point="2026-11-13",
    lots=(
        LotResult(lot="L2610A", pieces_checked=1672, pieces_not_ok=705),
        LotResult(lot="L2611B", pieces_checked=2400, pieces_not_ok=0, after=True),
    ),
    before=MeasuredSample(label="before", values=tuple(Decimal(value) for value in (20, 22, 40, 45, 50))),
    after=MeasuredSample(label="after", values=tuple(Decimal(value) for value in (18, 20, 21, 22, 24))),
)


@pytest.fixture(autouse=True)
def _fonts() -> None:
    drawing.ready()


def drawn(effect: EffectEvidence) -> Image.Image:
    return Image.open(BytesIO(effect_chart.png(effect, dpi=100))).convert("RGB")


def count(picture: Image.Image, colour: tuple[int, int, int]) -> int:
    found = picture.getcolors(picture.width * picture.height) or []
    return sum(number for number, seen in found if seen == colour)


def test_the_picture_has_300_dots_to_the_inch_of_172_by_62_mm() -> None:
    with Image.open(BytesIO(effect_chart.png(EFFECT))) as picture:
        assert picture.size == (2031, 732)


def test_the_rule_of_three_gives_the_upper_limit_of_nothing_found() -> None:
    assert EFFECT.upper_limit_ppm == 1250


def test_one_piece_found_leaves_no_upper_limit_of_zero() -> None:
    found = replace(EFFECT.lots[1], pieces_not_ok=1)
    assert replace(EFFECT, lots=(EFFECT.lots[0], found)).upper_limit_ppm is None


@pytest.mark.parametrize(
    ("bad", "of", "text"), [(0, 120, "0 %"), (705, 1672, "42.2 %"), (1, 300, "0.333 %"), (5, 5, "100 %")]
)
def test_a_share_has_three_digits_at_most(bad: int, of: int, text: str) -> None:
    assert effect_chart.share_text(LotResult(lot="L", pieces_checked=of, pieces_not_ok=bad)) == text


def test_bad_lots_are_red_and_hatched_and_good_samples_green() -> None:
    picture = drawn(EFFECT)
    assert count(picture, (0xB0, 0x00, 0x20)) > 500
    assert count(picture, (0x1B, 0x6E, 0x3C)) > 100


def test_without_samples_the_lots_take_the_whole_width() -> None:
    both, alone = drawn(EFFECT), drawn(replace(EFFECT, before=None, after=None))
    assert count(alone, (0x1B, 0x6E, 0x3C)) == 0
    assert count(alone, (0xB0, 0x00, 0x20)) > count(both, (0xB0, 0x00, 0x20))


def test_all_lots_without_a_finding_can_be_drawn() -> None:
    clean = tuple(replace(lot, pieces_not_ok=0) for lot in EFFECT.lots)
    assert drawn(replace(EFFECT, lots=clean)).size == (677, 244)


def test_samples_of_one_value_can_be_drawn() -> None:
    same = MeasuredSample(label="same", values=(Decimal(30), Decimal(30)))
    assert drawn(replace(EFFECT, before=same, after=same)).size == (677, 244)
