"""The type faces of the window: Latin first, then the language's own Chinese face, then the one that is shipped."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from qms_desktop import files, i18n

_WINDOWS_CHINESE = {"zh_CN": "Microsoft YaHei UI", "zh_TW": "Microsoft JhengHei UI", "en": "Microsoft YaHei UI"}
_SHIPPED = {"zh_CN": ("QMS Sans SC", "QMS Sans TC"), "zh_TW": ("QMS Sans TC", "QMS Sans SC")}
_CJK = {"zh_CN": "Noto Sans CJK SC", "zh_TW": "Noto Sans CJK TC", "en": "Noto Sans CJK SC"}


@cache
def load_shipped() -> tuple[str, ...]:
    """Load the faces in resources/fonts, once, and name their families; none when the folder is empty."""
    found: list[str] = []
    for path in sorted((files.resources() / "fonts").glob("*.[to]tf")):
        number = QFontDatabase.addApplicationFont(str(path))
        found += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return tuple(found)


def families(language: str | None = None) -> list[str]:
    """Give the family list of a language (now: the window's), first choice first."""
    spoken = language or i18n.language()
    load_shipped()
    shipped = _SHIPPED.get(spoken, _SHIPPED["zh_CN"])
    return ["Segoe UI", _WINDOWS_CHINESE[spoken], *shipped, "QMS Sans Latin", _CJK[spoken]]


def face(pixels: int, *, bold: bool = False, fixed_width: bool = False, language: str | None = None) -> QFont:
    """Make a font of the window; only 400 and 700 exist, because the Chinese face on Windows has no other weight."""
    font = QFont()
    chosen = families(language)
    font.setFamilies(["Cascadia Mono", "Consolas", "DejaVu Sans Mono", *chosen] if fixed_width else chosen)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return font
