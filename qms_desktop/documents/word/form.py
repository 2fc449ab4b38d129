"""An empty controlled form: page, styles and settings that Word on any machine opens alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from qms_desktop.documents.word.text import BLUE, element, font_element

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle

    from qms_desktop.documents.word.text import Typeface

_INK = "1A1A1A"
_SOFT = "44505E"
_FOREIGN_PARTS = {
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
}
_EAST_ASIAN_TAG = {"zh_CN": "zh-CN", "zh_TW": "zh-TW", "en": "zh-CN"}


@dataclass(frozen=True, kw_only=True)
class PageSetup:
    """Margins of an A4 page, and how far header and footer stand from its edge, all in mm."""

    top_mm: float
    right_mm: float
    bottom_mm: float
    left_mm: float
    header_mm: float = 9
    footer_mm: float = 7

    @property
    def text_mm(self) -> float:
        """Give the width left for text."""
        return 210 - self.left_mm - self.right_mm


@dataclass(frozen=True, kw_only=True)
class StyleSheet:
    """The size of running text and its exact lead, in points; the other styles follow from them."""

    size: float = 9
    lead: float = 13


@dataclass(frozen=True, kw_only=True)
class _Style:
    size: float
    lead: float = 0
    bold: bool = False
    colour: str = _INK
    before: float = 0
    after: float = 0
    centred: bool = False
    keep_next: bool = False
    fill: str = ""


def latin_tag(language: str) -> str:
    """Name the language of Latin text; marked as Chinese, numbers and codes would break anywhere."""
    return "en-GB" if language == "en" else "en-US"


def build_form(*, language: str, typeface: Typeface, page: PageSetup, styles: StyleSheet) -> Document:
    """Make an empty document of the house look."""
    document = docx.Document()
    _set_page(document, page)
    _set_defaults(document, language=language, typeface=typeface)
    normal = document.styles["Normal"]
    _set_style(normal, _Style(size=styles.size), typeface)
    normal.element.get_or_add_pPr().append(element("snapToGrid", val=0))
    for name, look in _styles(styles).items():
        style = (
            document.styles[name]
            if name in {known.name for known in document.styles}
            else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        style.base_style = normal
        _set_style(style, look, typeface)
    _set_compatibility(document.settings.element, language=language)
    _name_fonts_everywhere(document, typeface)
    _drop_foreign_parts(document)
    return document


def page_field(paragraph: BaseOxmlElement, code: str) -> None:
    """Add a field that Word refreshes by itself, such as PAGE or NUMPAGES."""
    for kind in ("begin", code, "separate", "result", "end"):
        run = element("r")
        if kind in {"begin", "separate", "end"}:
            run.append(element("fldChar", fldCharType=kind))
        elif kind == "result":
            shown = element("t")
            shown.text = "1"
            run.append(shown)
        else:
            instruction = element("instrText")
            instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            instruction.text = f" {code} "
            run.append(instruction)
        paragraph.append(run)


def _styles(sheet: StyleSheet) -> dict[str, _Style]:
    size, lead = sheet.size, sheet.lead
    return {
        "QMS Title": _Style(size=20, bold=True, colour=BLUE, after=2),
        "QMS Subject": _Style(size=11, lead=16, bold=True, after=4),
        "Heading 1": _Style(size=11, lead=18, bold=True, colour="FFFFFF", before=9, after=3, keep_next=True, fill=BLUE),
        "Heading 2": _Style(size=9.5, lead=14, bold=True, colour=BLUE, before=6, after=2, keep_next=True),
        "QMS Body": _Style(size=size, lead=lead, after=2),
        "QMS Cell": _Style(size=size - 0.5, lead=lead - 1),
        "QMS Label": _Style(size=size - 0.5, lead=lead - 1, colour=_SOFT),
        "QMS Cell Head": _Style(size=size - 0.5, lead=lead - 1, bold=True, colour=BLUE),
        "QMS Cell Small": _Style(size=7.5, lead=10),
        "QMS Picture": _Style(size=size, centred=True, keep_next=True, before=2),
        "Caption": _Style(size=8, lead=11, colour=_SOFT, centred=True, after=3),
        "QMS Header": _Style(size=8, lead=11, colour=_SOFT),
    }


def _set_page(document: Document, page: PageSetup) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(page.top_mm), Mm(page.bottom_mm)
    section.left_margin, section.right_margin = Mm(page.left_mm), Mm(page.right_mm)
    section.header_distance, section.footer_distance = Mm(page.header_mm), Mm(page.footer_mm)
    properties = document.element.body.find(qn("w:sectPr"))
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)


def _set_defaults(document: Document, *, language: str, typeface: Typeface) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    look = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for tag in ("w:rFonts", "w:lang"):
        for old in look.findall(qn(tag)):
            look.remove(old)
    look.append(font_element(typeface.latin, typeface.east_asian))
    look.append(element("lang", val=latin_tag(language), eastAsia=_EAST_ASIAN_TAG[language], bidi="ar-SA"))


def _set_style(style: ParagraphStyle, look: _Style, typeface: Typeface) -> None:
    run_look = style.element.get_or_add_rPr()
    for old in run_look.findall(qn("w:rFonts")):
        run_look.remove(old)
    run_look.insert(0, font_element(typeface.latin, typeface.east_asian))
    style.font.size = Pt(look.size)
    style.font.bold, style.font.italic = look.bold, False
    style.font.color.rgb = RGBColor.from_string(look.colour)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.keep_with_next, shape.widow_control = look.keep_next, True
    if look.lead:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.lead)
    else:
        shape.line_spacing = 1.0
    shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if look.centred else WD_ALIGN_PARAGRAPH.LEFT
    if look.fill:
        style.element.get_or_add_pPr().append(element("shd", val="clear", color="auto", fill=look.fill))


def _name_fonts_everywhere(document: Document, typeface: Typeface) -> None:
    """Leave no style of the library with a theme font, and no font of another house in the font table."""
    for old in list(document.styles.element.iter(qn("w:rFonts"))):
        old.getparent().replace(old, font_element(typeface.latin, typeface.east_asian))
    names = "".join(f'<w:font w:name="{name}"/>' for name in (typeface.latin, typeface.east_asian))
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{names}</w:fonts>'
            relation.target_part._blob = table.encode()  # noqa: SLF001 - python-docx keeps unknown parts as bytes


def _set_compatibility(settings: BaseOxmlElement, *, language: str) -> None:
    """Ask for the layout of today's Word; without, cells begin 1.4 mm left of the margin."""
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    compatibility = parse_xml(
        f'<w:compat {nsdecls("w")}><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    followers = ("w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping", "w:decimalSymbol", "w:listSeparator")
    following = next(child for child in settings if child.tag in {qn(tag) for tag in followers})
    following.addprevious(compatibility)
    for theme in settings.findall(qn("w:themeFontLang")):
        theme.set(qn("w:val"), latin_tag(language))
        theme.set(qn("w:eastAsia"), _EAST_ASIAN_TAG[language])


def _drop_foreign_parts(document: Document) -> None:
    """Take out what the library's template brings along: a picture of a page, its program, a second set of styles."""
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if relation.reltype in _FOREIGN_PARTS:
                del holder.rels[key]
