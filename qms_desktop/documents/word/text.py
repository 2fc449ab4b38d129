"""Text in a Word paragraph, exactly as it was typed, in fonts that do not fall apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.oxml.xmlchemy import BaseOxmlElement

BLUE = "1F3A5F"
RED = "B00020"
GREY = "6B7480"

# Signs of GB 2312 that Arial draws in another size or width than the Chinese font does.
_MARKS = "■□●○▲△※→←↑↓√≤≥№└“”‘’…—·～"
# In Latin text quotes, dashes and comparison signs belong to the Latin font.
_LATIN_MARKS = "■□●○▲△※→←↑↓√№└"
_DATE = re.compile(r"(?<!\d)(?:\d{4}-\d{2}(?:-\d{2})?|\d{2}-\d{2})(?![\d-])")
# What stands in a text as an element of its own; NUL, which no text holds, is the hyphen of a date.
_DATE_HYPHEN = "\0"
_ELEMENTS = {"\n": "br", "\t": "tab", _DATE_HYPHEN: "noBreakHyphen"}
_BETWEEN_WORDS = re.compile("([\n\t\0])")
_NAMESPACES = {"w": nsmap["w"]}


@dataclass(frozen=True, kw_only=True)
class Typeface:
    """The fonts of a document; `latin_marks` says that the running text is not Chinese."""

    latin: str
    east_asian: str
    latin_marks: bool = False

    @property
    def marks(self) -> str:
        """Give the signs that are set in the East Asian font."""
        return _LATIN_MARKS if self.latin_marks else _MARKS


@dataclass(frozen=True)
class Span:
    """A piece of text of one look; `colour` is RRGGBB, `size` in points."""

    text: str
    bold: bool | None = None
    colour: str | None = None
    size: float | None = None


Text = str | Span | tuple[Span | str, ...]


def spans_of(text: Text) -> tuple[Span, ...]:
    """Give text of any form as spans."""
    if isinstance(text, str):
        return (Span(text),)
    if isinstance(text, Span):
        return (text,)
    return tuple(Span(part) if isinstance(part, str) else part for part in text)


def element(tag: str, **attributes: object) -> BaseOxmlElement:
    """Make an element of the main namespace, its attributes too."""
    given = {_full_name(name): str(value) for name, value in attributes.items()}
    made: BaseOxmlElement = oxml_parser.makeelement(_full_name(tag), given, _NAMESPACES)
    return made


@cache
def _full_name(name: str) -> str:
    return str(qn(f"w:{name}"))


def font_element(latin: str, east_asian: str, *, hint: bool = False) -> BaseOxmlElement:
    """Name the fonts in all four slots; a slot left out falls to the theme font of whoever opens the file."""
    fonts = element("rFonts", ascii=latin, hAnsi=latin, cs=latin, eastAsia=east_asian)
    if hint:
        fonts.set(qn("w:hint"), "eastAsia")
    return fonts


def add_spans(paragraph: BaseOxmlElement, text: Text, *, typeface: Typeface) -> None:
    """Add text to a `w:p`: marks in runs of their own, dates that do not break, line breaks as breaks."""
    split_at_marks = re.compile(f"([{typeface.marks}]+)")
    for span in spans_of(text):
        # Text pasted from Windows ends its lines with two characters.
        one_kind = span.text.replace("\r\n", "\n").replace("\r", "\n")
        for part in split_at_marks.split(one_kind):
            if part:
                paragraph.append(_run(part, span, typeface))


def _run(text: str, span: Span, typeface: Typeface) -> BaseOxmlElement:
    run = element("r")
    look = element("rPr")
    if text[0] in typeface.marks:
        look.append(font_element(typeface.east_asian, typeface.east_asian, hint=True))
    if span.bold is not None:
        look.append(element("b", val=int(span.bold)))
    if span.colour:
        look.append(element("color", val=span.colour))
    if span.size:
        half_points = round(span.size * 2)
        look.append(element("sz", val=half_points))
        look.append(element("szCs", val=half_points))
    if len(look):
        run.append(look)
    for piece in _pieces(text):
        run.append(piece)
    return run


def _pieces(text: str) -> Iterable[BaseOxmlElement]:
    """Cut text into `w:t`, breaks, tabs and, inside dates, hyphens that keep the date on one line."""
    marked = _DATE.sub(lambda date: date[0].replace("-", _DATE_HYPHEN), text)
    for part in _BETWEEN_WORDS.split(marked):
        if part in _ELEMENTS:
            yield element(_ELEMENTS[part])
        elif part:
            words = element("t")
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            words.text = part
            yield words
