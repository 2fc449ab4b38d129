"""The look that is current: palette, text size and style sheet. Every size and colour of the window is asked here."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QTemporaryDir
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette

from qms_desktop import files, i18n
from qms_desktop.drawing.palette import DARK, LIGHT, TOKENS, Palette
from qms_desktop.ui import fonts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

PERCENT_CHOICES = (100, 110, 125, 150)
BODY, SMALL, TINY, CARD_TITLE, TITLE, FIGURE = 13, 12, 11, 15, 18, 24
CONTROL, HEAD_BUTTON, SIGN_IN_CONTROL, FILTER = 28, 32, 36, 26
ROW, TWO_LINE_ROW, GROUP_ROW, TABLE_HEAD = 34, 44, 30, 28
FOLD_BELOW_WIDTH, SINGLE_BELOW_WIDTH = 1366, 1100

_ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunk",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "accent_fg",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.ToolTipBase: "text",
    QPalette.ColorRole.ToolTipText: "surface",
    QPalette.ColorRole.Link: "accent_text",
    QPalette.ColorRole.Mid: "line",
}


class Breadth(Enum):
    """How much a window shows side by side: all; without its right column; or the list and the record in turn."""

    WIDE = "wide"
    FOLDED = "folded"
    SINGLE = "single"


class _Look:
    """What is current; one for the whole process, since all its windows look alike."""

    palette: Palette = LIGHT
    percent: int = 100
    sheet: str = ""
    pictures: QTemporaryDir | None = None


def palette() -> Palette:
    """Give the palette that is current."""
    return _Look.palette


def is_dark() -> bool:
    """Tell whether the dark palette is current."""
    return _Look.palette.dark


def percent() -> int:
    """Give the text size in percent, 100 to 150."""
    return _Look.percent


def px(pixels: float) -> int:
    """Scale a size of the design by the person's text size."""
    return round(pixels * _Look.percent / 100)


def breadth(window: QWidget) -> Breadth:
    """Tell how much fits side by side: the window's width as the text size leaves it."""
    width = window.width() * 100 / _Look.percent
    if width >= FOLD_BELOW_WIDTH:
        return Breadth.WIDE
    return Breadth.FOLDED if width >= SINGLE_BELOW_WIDTH else Breadth.SINGLE


def colour(name: str) -> QColor:
    """Give a token's colour in the palette that is current."""
    return _colour(_Look.palette, name)


@lru_cache(maxsize=256)
def _colour(chosen: Palette, name: str) -> QColor:
    return QColor(chosen.colour(name))


def font(pixels: int = BODY, *, bold: bool = False, fixed_width: bool = False) -> QFont:
    """Give a font of the design, scaled by the person's text size."""
    return fonts.face(px(pixels), bold=bold, fixed_width=fixed_width)


def face(pixels: int = BODY, *, bold: bool = False) -> tuple[QFont, QFontMetricsF]:
    """Give a font of the design with its measures, made once: for what is painted often. Nobody may change it."""
    return _face(px(pixels), bold, i18n.language())


@lru_cache(maxsize=128)
def _face(pixels: int, bold: bool, language: str) -> tuple[QFont, QFontMetricsF]:
    made = fonts.face(pixels, bold=bold, language=language)
    return made, QFontMetricsF(made)


def apply(app: QApplication, *, dark: bool = False, percent: int = 100) -> None:
    """Put the look on the application; windows that exist are repainted, those of another text size must be remade."""
    if percent not in PERCENT_CHOICES:
        raise ValueError(percent)
    _Look.palette = DARK if dark else LIGHT
    _Look.percent = percent
    app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(_qt_palette(_Look.palette))
    before, _Look.sheet = _Look.sheet, _sheet(_Look.palette)
    for window in app.topLevelWidgets():
        if before and window.styleSheet() == before:
            dress(window)


def dress(window: QWidget) -> None:
    """Put the style sheet on a window that has no other window above it; all that comes into it wears it too.

    On the application it would be put on each part anew, with all that stands in it, whenever the part gets a parent:
    a page that is built of parts in parts was dressed ten times.
    """
    window.setStyleSheet(_Look.sheet)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Change a dynamic property that the style sheet looks at, and let the sheet see it."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _qt_palette(chosen: Palette) -> QPalette:
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, QColor(chosen.colour(token)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(chosen.text3))
    return made


class _Sizes(dict[str, str]):
    """Answers px8 with "8px" at the current text size."""

    def __missing__(self, key: str) -> str:
        if key.startswith("px") and key[2:].isdigit():
            return f"{px(int(key[2:]))}px"
        raise KeyError(key)


def _sheet(chosen: Palette) -> str:
    values = _Sizes({token: chosen.colour(token) for token in TOKENS})
    values["chevron"] = _tinted("chevron-down", chosen.text2)
    values["tick"] = _tinted("check", chosen.accent_fg)
    return Template((files.resources() / "style" / "window.qss").read_text(encoding="utf-8")).substitute(values)


def _tinted(name: str, colour_value: str) -> str:
    # A style sheet takes pictures from files only, and a combo box in a sheet has no arrow without one.
    if _Look.pictures is None:
        _Look.pictures = QTemporaryDir()
    path = _Look.pictures.filePath(f"{name}{colour_value.removeprefix('#')}.svg")
    source = (files.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    with open(path, "w", encoding="utf-8") as picture:  # noqa: PTH123 - Qt gives the path as text
        picture.write(source.replace("currentColor", colour_value))
    return path
