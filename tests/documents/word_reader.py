"""Reads a Word file as tests want to see it: its XML, its tables as texts, its headings."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterator


class WordFile:
    """A Word file opened by python-docx; elements are those of lxml."""

    def __init__(self, content: bytes) -> None:
        self.document = docx.Document(BytesIO(content))
        self.body: Any = self.document.element.body
        section = self.document.sections[0]
        self.header: Any = section.header.part.element
        self.footer: Any = section.footer.part.element
        self.styles: Any = self.document.styles.element

    @property
    def stories(self) -> tuple[Any, ...]:
        return (self.document.element, self.styles, self.header, self.footer)

    @property
    def headings(self) -> list[str]:
        """Give the first word of every heading of the first level."""
        return [text_of(paragraph).split()[0] for paragraph in self.paragraphs if style_of(paragraph) == "Heading1"]

    @property
    def paragraphs(self) -> list[Any]:
        """Give the paragraphs of the body outside its tables."""
        return list(self.body.findall(qn("w:p")))

    @property
    def tables(self) -> list[Any]:
        return list(self.body.findall(qn("w:tbl")))

    def table(self, description: str) -> Any:  # noqa: ANN401 - lxml has no types here
        """Give the table whose description begins so."""
        for table in self.tables:
            said = table.find(qn("w:tblPr")).find(qn("w:tblDescription"))
            if said is not None and said.get(qn("w:val")).startswith(description):
                return table
        raise AssertionError(f"no table {description}")

    @property
    def text(self) -> str:
        """Give all text of the body, cells parted by bars."""
        lines = [text_of(paragraph) for paragraph in self.paragraphs]
        lines += ["|".join(row) for table in self.tables for row in cells_of(table)]
        return "\n".join(lines)

    @property
    def text_of_margins(self) -> str:
        return " ".join(part.text or "" for margin in (self.header, self.footer) for part in margin.iter(qn("w:t")))

    @property
    def pictures(self) -> list[Any]:
        return list(self.body.iter(qn("wp:docPr")))

    def files(self, *endings: str) -> Iterator[bytes]:
        """Give the parts of the package whose names end so."""
        for part in self.document.part.package.iter_parts():
            if part.partname.endswith(endings):
                yield part.blob


def text_of(paragraph: Any) -> str:  # noqa: ANN401 - lxml has no types here
    """Give a paragraph's text; a hyphen that does not break is a hyphen."""
    signs = {qn("w:br"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
    parts = paragraph.iter(qn("w:t"), *signs)
    inside_runs = (part for part in parts if part.getparent().tag == qn("w:r"))
    return "".join(signs.get(part.tag) or part.text or "" for part in inside_runs)


def style_of(paragraph: Any) -> str:  # noqa: ANN401 - the same
    return str(paragraph.find(qn("w:pPr")).find(qn("w:pStyle")).get(qn("w:val")))


def rows_of(table: Any) -> list[Any]:  # noqa: ANN401 - the same
    return list(table.findall(qn("w:tr")))


def cells_of(table: Any) -> list[list[str]]:  # noqa: ANN401 - the same
    """Give the texts of a table, one for every cell as it is drawn."""
    return [
        ["\n".join(text_of(paragraph) for paragraph in cell.findall(qn("w:p"))) for cell in row.findall(qn("w:tc"))]
        for row in rows_of(table)
    ]


def grid_of(table: Any) -> list[int]:  # noqa: ANN401 - the same
    """Give the widths of the columns in twentieths of a point."""
    return [int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))]


def widths_of(row: Any) -> list[int]:  # noqa: ANN401 - the same
    return [int(width.get(qn("w:w"))) for width in row.iter(qn("w:tcW"))]


def has(part: Any, name: str) -> bool:  # noqa: ANN401 - the same
    """Say whether an element of this name, such as w:cantSplit, stands anywhere below."""
    return next(part.iter(qn(name)), None) is not None
