"""Pictures as bytes: charts, fishbones, trees and label bitmaps, drawn with the fonts of resources/fonts.

Qt aborts the process when text is drawn without a QGuiApplication. The window has one; whoever draws without a
window (command line, scheduled jobs) calls `ready()` first.
"""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from qms_desktop import files

SIMPLIFIED = "QMS Sans SC"
TRADITIONAL = "QMS Sans TC"
LATIN = "QMS Sans Latin"

_kept_alive: list[QGuiApplication] = []


def ready() -> QGuiApplication:
    """Give the application that drawing needs, made without a screen when there is none, with the fonts loaded.

    Raises RuntimeError when an application without graphics runs already: nothing can be drawn in such a process.
    """
    application = QCoreApplication.instance()
    if application is None:
        application = QGuiApplication(["qms-desktop", "-platform", "offscreen"])
        _kept_alive.append(application)
    if not isinstance(application, QGuiApplication):
        raise RuntimeError("text cannot be drawn under a QCoreApplication")  # noqa: TRY004 - of the process, no argument
    fonts()
    return application


@cache
def fonts() -> tuple[str, ...]:
    """Load the shipped fonts once and give the names of their families.

    Needs a QGuiApplication; raises RuntimeError when a font file is missing or damaged.
    """
    families: dict[str, None] = {}
    for path in sorted((files.resources() / "fonts").glob("*.[ot]tf")):
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise RuntimeError(f"the font file {path.name} cannot be loaded")
        families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    if missing := {SIMPLIFIED, TRADITIONAL, LATIN} - families.keys():
        raise RuntimeError(f"fonts are missing: {', '.join(sorted(missing))}")
    return tuple(families)


@lru_cache(maxsize=4096)
def family(text: str) -> str:
    """Name the font whose character shapes suit a text: Taiwanese for text in traditional characters."""
    ideographs = [character for character in text if "\u3400" <= character <= "\u9fff"]
    simplified = all(_encodable(character, "gb2312") for character in ideographs)
    if simplified or not all(_encodable(character, "big5") for character in ideographs):
        return SIMPLIFIED
    return TRADITIONAL


def font(text: str, *, pixels: int, bold: bool = False) -> QFont:
    """Give the font for drawing one text, unhinted, so that its widths are the same at every scale."""
    fonts()
    chosen = QFont()
    first = family(text)
    second = SIMPLIFIED if first == TRADITIONAL else TRADITIONAL
    chosen.setFamilies([first, second, LATIN])
    chosen.setPixelSize(pixels)
    chosen.setBold(bold)
    chosen.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return chosen


def _encodable(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
