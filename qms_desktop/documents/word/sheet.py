"""The body of a Word document, written from top to bottom: paragraphs, fixed tables, pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from docx.oxml.ns import qn
from docx.shared import Mm

from qms_desktop.documents.word.text import Text, add_spans, element, spans_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.parts.story import StoryPart

    from qms_desktop.documents.word.pictures import Picture
    from qms_desktop.documents.word.text import Typeface

Alignment = Literal["left", "center", "right"]
_BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
_LINE_COLOUR = "A9B4C2"


def twips(millimetres: float) -> int:
    """Give millimetres in twentieths of a point, whole."""
    return round(millimetres * 1440 / 25.4)


@dataclass(frozen=True, kw_only=True)
class TableLook:
    """Lines and inner margins (mm, above and below, left and right) of a table."""

    lines: bool = True
    margin_mm: tuple[float, float] = (0.7, 1.4)
    keep_whole: bool = False
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell: paragraphs of text, or one picture (bytes with its size and alt text)."""

    text: Text = ""
    style: str = "QMS Cell"
    align: Alignment = "left"
    fill: str = ""
    columns: int = 1
    indent_mm: float = 0
    valign: Literal["top", "center", "bottom"] = "center"
    picture: Picture | None = None
    picture_mm: tuple[float, float] = (0, 0)
    alt: str = ""

    @property
    def plain(self) -> str:
        """Give the text without its looks."""
        return "".join(span.text for span in spans_of(self.text))


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row; `head` rows come again on every page, `height_mm` is the least height."""

    cells: tuple[Cell, ...]
    head: bool = False
    keep_next: bool = False
    height_mm: float = 0


class Sheet:
    """Writes one story of a document: its body, or the header or footer that is given as `story`.

    The styles must exist in the form that the document was opened from.
    """

    def __init__(self, document: Document, *, typeface: Typeface, story: StoryPart | None = None) -> None:
        self.typeface = typeface
        self._part = story or document.part
        self._root = document.element.body if story is None else story.element
        self._style_ids = {style.name: style.style_id for style in document.styles}
        self._pictures = 0

    def paragraph(
        self, text: Text = "", *, style: str, keep_next: bool = False, before_pt: float | None = None
    ) -> BaseOxmlElement:
        """Add a paragraph at the end of the body and give its element."""
        made = self._paragraph(style=style, keep_next=keep_next, before_pt=before_pt)
        add_spans(made, text, typeface=self.typeface)
        self._append(made)
        return made

    def right_tab(self, paragraph: BaseOxmlElement, *, at_mm: float) -> None:
        """Give a paragraph a right tab; a little inside the edge, since a trailing space is dropped before it."""
        tabs = element("tabs")
        tabs.append(element("tab", val="right", pos=twips(at_mm)))
        paragraph.get_or_add_pPr().append(tabs)

    def gap(self, *, points: float) -> None:
        """Add an empty paragraph of an exact height: two tables without one between become one table."""
        made = self._paragraph(style="QMS Body")
        made.pPr.append(element("spacing", before=0, after=0, line=round(points * 20), lineRule="exact"))
        self._append(made)

    def page_break(self) -> None:
        """Begin a new page."""
        made = self._paragraph(style="QMS Body")
        run = element("r")
        run.append(element("br", type="page"))
        made.append(run)
        self._append(made)

    def picture(
        self, content: bytes, *, size_mm: tuple[float, float], alt: str, style: str = "QMS Picture"
    ) -> BaseOxmlElement:
        """Add a picture in a paragraph of its own."""
        made = self._paragraph(style=style)
        self._place(made, content, size_mm=size_mm, alt=alt)
        self._append(made)
        return made

    def table(self, rows: Sequence[Row], *, widths_mm: Sequence[float], look: TableLook | None = None) -> None:
        """Add a table whose grid and every cell carry the same widths.

        Rows never break across pages. `keep_whole` binds all rows but the last to the next one.
        """
        look = look or TableLook()
        widths = [twips(width) for width in widths_mm]
        table = element("tbl")
        table.append(_table_properties(sum(widths), look))
        grid = element("tblGrid")
        for width in widths:
            grid.append(element("gridCol", w=width))
        table.append(grid)
        last = len(rows) - 1
        for place, row in enumerate(rows):
            keep = row.head or row.keep_next or (look.keep_whole and place < last)
            table.append(self._row(replace(row, keep_next=keep), widths))
        self._append(table)

    def _append(self, made: BaseOxmlElement) -> None:
        section = self._root.find(qn("w:sectPr"))
        if section is None:
            self._root.append(made)
        else:
            section.addprevious(made)

    def _row(self, row: Row, widths: Sequence[int]) -> BaseOxmlElement:
        made = element("tr")
        properties = element("trPr")
        properties.append(element("cantSplit"))
        if row.height_mm:
            properties.append(element("trHeight", val=twips(row.height_mm), hRule="atLeast"))
        if row.head:
            properties.append(element("tblHeader"))
        made.append(properties)
        column = 0
        for cell in row.cells:
            width = sum(widths[column : column + cell.columns])
            column += cell.columns
            made.append(self._cell(cell, width, keep_next=row.keep_next))
        if column != len(widths):
            message = f"a row fills {column} of {len(widths)} columns"
            raise ValueError(message)
        return made

    def _cell(self, cell: Cell, width: int, *, keep_next: bool) -> BaseOxmlElement:
        made = element("tc")
        properties = element("tcPr")
        properties.append(element("tcW", w=width, type="dxa"))
        if cell.columns > 1:
            properties.append(element("gridSpan", val=cell.columns))
        if cell.fill:
            properties.append(element("shd", val="clear", color="auto", fill=cell.fill))
        properties.append(element("vAlign", val=cell.valign))
        made.append(properties)
        if cell.picture:
            paragraph = self._paragraph(style="QMS Picture", keep_next=keep_next)
            self._place(paragraph, cell.picture.content, size_mm=cell.picture_mm, alt=cell.alt)
        else:
            paragraph = self._paragraph(style=cell.style, keep_next=keep_next)
            if cell.indent_mm:
                paragraph.pPr.append(element("ind", left=twips(cell.indent_mm)))
            if cell.align != "left":
                paragraph.pPr.append(element("jc", val=cell.align))
            add_spans(paragraph, cell.text, typeface=self.typeface)
        made.append(paragraph)
        return made

    def _paragraph(self, *, style: str, keep_next: bool = False, before_pt: float | None = None) -> BaseOxmlElement:
        made = element("p")
        properties = made.get_or_add_pPr()
        properties.append(element("pStyle", val=self._style_ids[style]))
        if keep_next:
            properties.append(element("keepNext"))
        if before_pt is not None:
            properties.append(element("spacing", before=round(before_pt * 20)))
        return made

    def _place(self, paragraph: BaseOxmlElement, content: bytes, *, size_mm: tuple[float, float], alt: str) -> None:
        inline = self._part.new_pic_inline(BytesIO(content), Mm(size_mm[0]), Mm(size_mm[1]))
        self._pictures += 1
        # Numbers from 100 up stay clear of the pictures that the form itself holds.
        number = 100 + self._pictures
        for properties in inline.iter(qn("wp:docPr"), qn("pic:cNvPr")):
            properties.set("id", str(number))
            properties.set("name", f"Picture {self._pictures}")
            properties.set("descr", alt)
        run, drawing = element("r"), element("drawing")
        drawing.append(inline)
        run.append(drawing)
        paragraph.append(run)


def _table_properties(width: int, look: TableLook) -> BaseOxmlElement:
    properties = element("tblPr")
    properties.append(element("tblW", w=width, type="dxa"))
    properties.append(element("tblInd", w=0, type="dxa"))
    if look.lines:
        borders = element("tblBorders")
        for side in _BORDERS:
            borders.append(element(side, val="single", sz=4, space=0, color=_LINE_COLOUR))
        properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    upper, side_margin = (twips(margin) for margin in look.margin_mm)
    margins = element("tblCellMar")
    for side, margin in (("top", upper), ("left", side_margin), ("bottom", upper), ("right", side_margin)):
        margins.append(element(side, w=margin, type="dxa"))
    properties.append(margins)
    if look.description:
        properties.append(element("tblDescription", val=look.description))
    return properties
