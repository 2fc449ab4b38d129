"""Makes the empty forms of the 8D report anew: `python -m tests.tools.eight_d_form`.

Only needed when the house look changes for all languages; a plant changes its forms in Word.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image, ImageDraw, ImageFont

from qms_desktop import files
from qms_desktop.documents.eight_d_report.form import Form
from qms_desktop.documents.word import (
    BLUE,
    Cell,
    PageSetup,
    Picture,
    Properties,
    Row,
    Sheet,
    Span,
    StyleSheet,
    TableLook,
    add_spans,
    build_form,
    page_field,
    save,
    set_properties,
)
from qms_desktop.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document

    from qms_desktop.documents.word import Typeface

_PAGE = PageSetup(top_mm=27, right_mm=16, bottom_mm=15, left_mm=18)
_MADE = datetime(2026, 11, 3, tzinfo=UTC)


def main() -> None:
    """Write the form of every language."""
    folder = files.forms() / "eight_d_report"
    margins = tomllib.loads((folder / "form.toml").read_text(encoding="utf-8"))["margins"]
    for language in LANGUAGES:
        form, words = Form.of(language), margins[language]
        document = build_form(language=language, typeface=form.typeface, page=_PAGE, styles=StyleSheet())
        _write_header(document, form.typeface, words)
        _write_footer(document, form.typeface, words)
        set_properties(
            document,
            Properties(
                title=words["title"],
                subject="",
                author="",
                created_at=_MADE,
                changed_at=_MADE,
                version="",
                keywords="",
                language=language.replace("_", "-"),
                category="8D",
            ),
        )
        (folder / f"{language}.docx").write_bytes(save(document))


def _write_header(document: Document, typeface: Typeface, words: Mapping[str, str]) -> None:
    header = document.sections[0].header
    header.is_linked_to_previous = False
    first = next(header.part.element.iter(qn("w:p")))
    sheet = Sheet(document, typeface=typeface, story=header.part)
    company = (Span("{company}", bold=True, colour=BLUE, size=10.5), f"\n{words['title']}")
    number = (words["number"], Span("{number}", bold=True), "\n")
    cells = (
        Cell(picture=_logo(), picture_mm=(30, 11), alt=words["logo"]),
        Cell(text=company, style="QMS Header", align="center"),
        Cell(text=number, style="QMS Header", align="right"),
    )
    look = TableLook(lines=False, margin_mm=(0.3, 0.8))
    sheet.table([Row(cells=cells)], widths_mm=(38, 84, 54), look=look)
    page_line = list(header.part.element.iter(qn("w:p")))[-1]
    before, after = words["page"].split("{page}")
    between, last = after.split("{pages}")
    add_spans(page_line, before, typeface=typeface)
    page_field(page_line, "PAGE")
    add_spans(page_line, between, typeface=typeface)
    page_field(page_line, "NUMPAGES")
    add_spans(page_line, last, typeface=typeface)
    # A header must end with a paragraph; this one carries the rule.
    header.part.element.remove(first)
    rule = sheet.paragraph(style="QMS Header")
    rule.pPr.append(
        parse_xml(f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="8" w:space="1" w:color="{BLUE}"/></w:pBdr>')
    )
    rule.pPr.append(parse_xml(f'<w:spacing {nsdecls("w")} w:line="60" w:lineRule="exact"/>'))


def _write_footer(document: Document, typeface: Typeface, words: Mapping[str, str]) -> None:
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    footer.paragraphs[0].style = "QMS Header"
    line = next(footer.part.element.iter(qn("w:p")))
    line.pPr.append(parse_xml(f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:pos="9978"/></w:tabs>'))
    text = f"{{form}} · {words['confidential']}\t{{frozen}}"
    add_spans(line, Span(text, size=7.5), typeface=typeface)


def _logo() -> Picture:
    """Draw the empty place where a plant puts its own logo."""
    image = Image.new("RGB", (480, 176), "white")
    brush = ImageDraw.Draw(image)
    brush.rectangle((3, 3, 476, 172), outline="#A9B4C2", width=3)
    brush.text((240, 88), "LOGO", font=ImageFont.load_default(64), fill="#A9B4C2", anchor="mm")
    stream = BytesIO()
    image.save(stream, "PNG")
    return Picture(content=stream.getvalue(), width_px=image.width, height_px=image.height)


if __name__ == "__main__":
    main()
