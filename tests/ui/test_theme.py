"""The look: every pair of colours that meets is readable, every icon and chip is complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from qms_desktop import files
from qms_desktop.drawing.palette import CHART_TOKENS, DARK, FAMILIES, LIGHT, Palette, contrast
from qms_desktop.ui import icons, theme
from qms_desktop.ui.chip import CHIPS, State
from qms_desktop.ui.rows import column
from qms_desktop.ui.text import Text

TEXT, CONTROL = 4.5, 3.0
PAIRS = [
    *[("text", ground, TEXT) for ground in ("surface", "bg", "sunk", "accent_bg")],
    *[("text2", ground, TEXT) for ground in ("surface", "bg", "sunk", "accent_bg")],
    *[("text3", ground, TEXT) for ground in ("surface", "sunk", "neutral_bg")],
    *[("accent_fg", ground, TEXT) for ground in ("accent", "accent_h")],
    *[("accent_text", ground, TEXT) for ground in ("surface", "bg", "accent_bg")],
    *[("control", ground, CONTROL) for ground in ("surface", "bg")],
    ("focus", "surface", CONTROL),
    ("side_text", "side", TEXT),
    ("side_dim", "side", TEXT),
    ("side_fg", "side_sel", TEXT),
    ("side_fg", "late", TEXT),
    *[(family, f"{family}_bg", TEXT) for family in FAMILIES],
    *[(family, "surface", TEXT) for family in FAMILIES if family != "crit"],
    *[("text2", f"{family}_bg", TEXT) for family in FAMILIES if family != "crit"],
    *[(chart, "surface", CONTROL) for chart in CHART_TOKENS],
]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS, ids=str)
def test_every_pair_of_colours_that_meets_has_its_contrast(
    palette: Palette, ink: str, ground: str, least: float
) -> None:
    assert contrast(palette.colour(ink), palette.colour(ground)) >= least


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("key", CHIPS, ids="-".join)
def test_every_chip_has_family_icon_and_word(key: tuple[str, str]) -> None:
    look = CHIPS[key]
    assert look.family in FAMILIES
    assert icons.exists(look.icon)
    word = str(State(*key, {"reason": "R1", "left": "2 h", "round": 2, "level": 1, "count": 3}))
    assert word
    assert "{" not in word


def test_no_chip_is_blue() -> None:
    assert not {look.family for look in CHIPS.values()} & {"accent", "g1"}


def test_every_icon_that_the_source_names_is_shipped() -> None:
    named: set[str] = set()
    for source in (Path(theme.__file__).parent).glob("*.py"):
        text = source.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:icon=|Sign\(|card_head\(|pixmap\(|icons\.icon\()"([a-z0-9-]+)"', text))
    assert named, "the pattern finds no icon any more"
    assert {name for name in named if not icons.exists(name)} == set()


def test_icons_come_with_their_licence() -> None:
    assert "MIT" in (files.resources() / "icons" / "LICENSE").read_text(encoding="utf-8")


def test_an_icon_takes_the_colour_of_its_token(qapp: QApplication) -> None:
    drawn = icons.pixmap("check", "bad", 32).toImage()
    colours = {
        drawn.pixelColor(x, y).name() for x in range(32) for y in range(32) if drawn.pixelColor(x, y).alpha() == 255
    }
    assert colours == {LIGHT.bad.lower()}


@pytest.mark.parametrize("percent", theme.PERCENT_CHOICES)
def test_text_and_sizes_grow_from_one_place(qapp: QApplication, percent: int) -> None:
    theme.apply(qapp, percent=percent)
    assert theme.px(28) == round(28 * percent / 100)
    assert Text("x", 13).font().pixelSize() == theme.px(13)


def test_another_look_reaches_labels_that_exist(qapp: QApplication) -> None:
    label = Text("late", ink="bad")
    theme.dress(label)
    label.show()
    theme.apply(qapp, dark=True)
    label.ensurePolished()
    assert label.palette().color(QLabel.foregroundRole(label)).name() == DARK.bad.lower()


class Counting(Text):
    """A label that counts how often it is dressed."""

    dressed = 0

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's own name
        self.dressed += event.type() is QEvent.Type.StyleChange
        super().changeEvent(event)


def test_a_part_is_dressed_once_however_deep_it_stands(qapp: QApplication) -> None:
    window, label = QWidget(), Counting("late", ink="bad")
    theme.dress(window)
    part: QWidget = label
    for _level in range(8):
        part = column(part)
    before = label.dressed
    column(part, into=window)
    window.show()
    assert label.dressed - before == 1
    assert before == 0
    assert label.palette().color(QLabel.foregroundRole(label)).name() == LIGHT.bad.lower()
    window.close()


def test_another_text_size_than_offered_is_refused(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="90"):
        theme.apply(qapp, percent=90)
