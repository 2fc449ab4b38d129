"""The label of a carton of returned goods on paper: ZPL for thermal printers, PDF for all others, a picture to look at.

ZPL goes to printers of 203 dpi. Plain ASCII is written with the printer's own font, everything else as its black
dots, so that printers without Chinese fonts print the same. Text of people never reaches the printer as commands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qms_desktop.drawing import text
from qms_desktop.drawing.label_bitmap import bitmap, paint
from qms_desktop.drawing.label_layout import GEOMETRY, Box, Code, LabelSize, Slash, Words, layout
from qms_desktop.drawing.label_pdf import pdf, places_on_sheet, sheet_pdf

if TYPE_CHECKING:
    from qms_desktop.drawing.label_layout import Mark
    from qms_desktop.steps.receipt_label import ReceiptLabel

__all__ = ["LabelSize", "bitmap", "paint", "pdf", "places_on_sheet", "sheet_pdf", "zpl"]

_PLAIN = re.compile(r"[ -\[\]-~]+")  # without the backslash: some makes break the line at \&
_NOT_SAFE = re.compile(r"[^0-9A-Za-z .,/#+()-]")

# Widths of the printer's font 0 in its own size, a little more than the widest of the makes: a text that might not
# fit is sent as dots instead.
_FONT_0_WIDTHS = {"MW@%mw-": 0.95, " .,:;!|'ijlI/()": 0.42}
_FONT_0_CAPITAL = 0.7
_FONT_0_OTHER = 0.58


def zpl(label: ReceiptLabel, size: LabelSize) -> bytes:
    """Give the commands that print one label on a ZPL printer; a reprint is a label of its own with its count.

    Raises Refused when the label does not fit on this size.
    """
    place = GEOMETRY[size]
    fields = [_field(mark) for mark in layout(label, size)]
    lines = [f"^XA^CI28^PW{place.width}^LL{place.height}^LH0,0", *filter(None, fields), "^PQ1^XZ", ""]
    return "\n".join(lines).encode("ascii")


def _field(mark: Mark) -> str:
    match mark:
        case Box():
            colour = "W" if mark.white else "B"
            thickness = min(mark.width, mark.height)
            return f"^FO{mark.x},{mark.y}^GB{mark.width},{mark.height},{thickness},{colour}^FS"
        case Words():
            return _words(mark)
        case Code():
            return _code(mark)
        case Slash():
            return f"^FO{mark.x},{mark.y}^GD{mark.side},{mark.side},{mark.thickness},B,R^FS"


def _words(words: Words) -> str:
    if not words.text.strip():
        return ""
    if not words.white and _PLAIN.fullmatch(words.text) and _font_0_width(words) <= words.room:
        return f"^FT{words.x},{words.baseline}^A0N,{words.dots + 2},{words.dots}^FH^FD{_escaped(words.text)}^FS"
    drawn = text.ink(words.text, dots=words.dots, bold=words.bold)
    x, y = words.x + drawn.left, words.baseline + drawn.top
    turned = "^FR" if words.white else ""
    length = len(drawn.rows)
    return f"^FO{x},{y}{turned}^GFA,{length},{length},{drawn.bytes_per_row},{drawn.rows.hex().upper()}^FS"


def _font_0_width(words: Words) -> float:
    return words.dots * sum(_font_0_character(character) for character in words.text)


def _font_0_character(character: str) -> float:
    for characters, across in _FONT_0_WIDTHS.items():
        if character in characters:
            return across
    return _FONT_0_CAPITAL if character.isupper() else _FONT_0_OTHER


def _escaped(plain: str) -> str:
    """Write whatever could be taken for a command as its hexadecimal number, as ^FH reads it."""
    return _NOT_SAFE.sub(lambda found: f"_{ord(found[0]):02X}", plain)


def _code(code: Code) -> str:
    if code.bar_height:
        # Mode A packs digits in pairs as the drawn code does; without it the code is a quarter longer.
        return f"^FO{code.x},{code.y}^BY{code.module}^BCN,{code.bar_height},N,N,N,A^FD{code.payload}^FS"
    side = code.symbol.width  # given, so that a printer never makes a larger one that grows into the text
    return f"^FO{code.x},{code.y}^BXN,{code.module},200,{side},{side}^FD{code.payload}^FS"
