"""What the Word documents of the house are made of: safe text, fixed tables, pictures, page set-up, and saving.

The rules stand in the order of the traps that they avoid: text goes in as typed, marks and Chinese get one font,
tables carry agreeing widths, every element stands in the order of the schema (ECMA-376 part 1, 17), because Word
calls a file damaged where other programs say nothing.
"""

from __future__ import annotations

from qms_desktop.documents.word.file import Properties, fill_fields, save, set_properties, watermark
from qms_desktop.documents.word.form import PageSetup, StyleSheet, build_form, page_field
from qms_desktop.documents.word.pictures import Picture, upright
from qms_desktop.documents.word.sheet import Alignment, Cell, Row, Sheet, TableLook
from qms_desktop.documents.word.text import BLUE, GREY, RED, Span, Text, Typeface, add_spans, spans_of

__all__ = [
    "BLUE",
    "GREY",
    "RED",
    "Alignment",
    "Cell",
    "PageSetup",
    "Picture",
    "Properties",
    "Row",
    "Sheet",
    "Span",
    "StyleSheet",
    "TableLook",
    "Text",
    "Typeface",
    "add_spans",
    "build_form",
    "fill_fields",
    "page_field",
    "save",
    "set_properties",
    "spans_of",
    "upright",
    "watermark",
]
