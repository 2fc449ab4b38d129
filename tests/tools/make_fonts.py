"""Makes the files of resources/fonts from Noto Sans CJK and Liberation Sans; run once, when those have a new version.

    python -m tests.tools.make_fonts /usr/share/fonts resources/fonts

Needs fontTools, which nothing else needs: it is not in the lock, install it beside. Takes some minutes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

VERSION = "1.0"
STYLES = ("Regular", "Bold")
LEFT_OUT = ("BASE", "VORG", "vhea", "vmtx")  # vertical writing and its metrics
LATIN_GREEK_CYRILLIC = (range(0x20, 0x7F), range(0xA0, 0x180), range(0x370, 0x530), range(0x1E00, 0x1F00))
MARKS = (
    range(0x2000, 0x2070),
    range(0x20A0, 0x2C00),
    range(0x3000, 0x3130),
    range(0x3200, 0x3400),
    range(0xFE30, 0xFE70),
    range(0xFF00, 0xFFF0),
)
IDEOGRAPHS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x33480))


@dataclass(frozen=True)
class Cut:
    """One font to be cut out of another: its file and place there, its new family and its ideographs."""

    file: str
    index: int
    family: str
    origin: str
    ending: str
    codec: str | None = None

    def characters(self) -> set[int]:
        """Give the code points to keep; those that the collection lacks are ignored by fontTools."""
        kept = {point for block in (*LATIN_GREEK_CYRILLIC, *MARKS) for point in block}
        for block in IDEOGRAPHS:
            kept.update(point for point in block if self.codec is None or _in_codec(point, self.codec))
        return kept


NOTO = "opentype/noto/NotoSansCJK-{style}.ttc"
LIBERATION = "truetype/liberation2/LiberationSans-{style}.ttf"
CUTS = (
    Cut(file=NOTO, index=2, family="QMS Sans SC", origin="Noto Sans CJK SC", ending="otf"),
    Cut(file=NOTO, index=3, family="QMS Sans TC", origin="Noto Sans CJK TC", ending="otf", codec="big5"),
    Cut(file=LIBERATION, index=0, family="QMS Sans Latin", origin="Liberation Sans", ending="ttf"),
)


def _in_codec(point: int, codec: str) -> bool:
    try:
        chr(point).encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _rename(font: Any, cut: Cut, style: str) -> None:  # noqa: ANN401 - fontTools has no types
    """Give the font a name of its own, so that no font installed on a PC is ever taken for it."""
    full, postscript = f"{cut.family} {style}", f"{cut.family.replace(' ', '')}-{style}"
    table = font["name"]
    kept = {record.nameID: str(record) for record in table.names if record.nameID in {0, 7, 8, 9, 12, 13, 14}}
    changed = {
        1: cut.family,
        2: style,
        3: f"{VERSION};{postscript}",
        4: full,
        5: f"Version {VERSION}, cut from {cut.origin} {table.getDebugName(5)}",
        6: postscript,
        10: f"A subset of {cut.origin}, renamed.",
    }
    table.names = []
    for number, text in sorted((kept | changed).items()):
        table.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        outlines = font["CFF "].cff
        outlines.fontNames = [postscript]
        outlines.topDictIndex[0].FullName, outlines.topDictIndex[0].FamilyName = full, cut.family


def make(origin: Path, target: Path, *, cut: Cut, style: str) -> None:
    """Write one font of one style."""
    options = import_module("fontTools.subset").Options(
        layout_features=["ccmp", "kern", "mark"], hinting=False, notdef_outline=True, name_IDs=["*"]
    )
    options.drop_tables = [*options.drop_tables, *LEFT_OUT]
    font = import_module("fontTools.ttLib").TTFont(origin, fontNumber=cut.index)
    subsetter = import_module("fontTools.subset").Subsetter(options)
    subsetter.populate(unicodes=cut.characters())
    subsetter.subset(font)
    _rename(font, cut, style)
    font.save(target)


def main(installed: str, target: str, *families: str) -> None:
    """Write all fonts, or those of some families, and say how large they are."""
    for style in STYLES:
        for cut in CUTS:
            if families and cut.family not in families:
                continue
            path = Path(target) / f"{cut.family.replace(' ', '')}-{style}.{cut.ending}"
            make(Path(installed) / cut.file.format(style=style), path, cut=cut, style=style)
            print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
