"""The Word file as a whole: its properties, the fields of its form, the watermark, and the bytes."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING

from docx.opc.constants import CONTENT_TYPE
from docx.opc.oxml import CT_Types, serialize_part_xml
from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
from docx.opc.spec import default_content_types
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from qms_desktop.documents.word.text import element
from qms_desktop.errors import Refused
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from docx.document import Document
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml.xmlchemy import BaseOxmlElement

    from qms_desktop.documents.word.text import Typeface

WATERMARK_NAME = "QMSWatermark"

# ECMA-376 part 1, 17.3.1.26, 17.3.2.28, 17.4.59, 17.4.69: the order of children is part of the schema.
SCHEMA_ORDER = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
        "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
        "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
        "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs "
        "em lang eastAsianLayout specVanish oMath"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
        "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange"
    ),
    "tcPr": ("cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"),
}
_PLACES = {
    qn(f"w:{name}"): {qn(f"w:{child}"): place for place, child in enumerate(order.split())}
    for name, order in SCHEMA_ORDER.items()
}

_WATERMARK = """<w:r {namespaces} xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:schemas-microsoft-com:office:word"><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>
<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom"
 o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>
<v:textpath on="t" fitshape="t"/><v:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>
<v:shape id="{name}" o:spid="_x0000_s2050" type="#_x0000_t136" alt="{word}" style="position:absolute;margin-left:0;
margin-top:0;width:400pt;height:110pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;
mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin"
 o:allowincell="f" fillcolor="#d9dde3" stroked="f"><v:fill opacity=".55"/>
<v:textpath style="font-family:&quot;{font}&quot;;font-size:1pt" string="{word}"/>
<w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>"""


@dataclass(frozen=True, kw_only=True)
class Properties:
    """What the file says of itself in the explorer and in a document store; times are aware."""

    title: str
    subject: str
    author: str
    created_at: datetime
    changed_at: datetime
    version: str
    keywords: str
    language: str
    category: str


def set_properties(document: Document, properties: Properties) -> None:
    """Write the core properties; the library's own author, comment and date would remain otherwise."""
    core = document.core_properties
    core.title, core.subject = properties.title, properties.subject
    core.author = core.last_modified_by = properties.author
    core.created = properties.created_at.astimezone(UTC).replace(tzinfo=None)
    core.modified = properties.changed_at.astimezone(UTC).replace(tzinfo=None)
    core.version, core.keywords, core.category = properties.version, properties.keywords, properties.category
    core.language, core.comments, core.revision = properties.language, "", 1


def fill_fields(document: Document, values: Mapping[str, str]) -> None:
    """Put values in place of `{name}` in headers and footers.

    Raises Refused when the form lacks one: somebody has changed the form and the paper would miss a fact.
    """
    missing = set(values)
    for story in _margins(document):
        for words in story.iter(qn("w:t")):
            for name, value in values.items():
                if f"{{{name}}}" in (words.text or ""):
                    words.text = words.text.replace(f"{{{name}}}", value)
                    missing.discard(name)
    if missing:
        message = N_("The form lacks the field {missing}. Put it back into its header or footer, or restore the form.")
        raise Refused(message, missing=", ".join(sorted(missing)))


def watermark(document: Document, word: str, *, typeface: Typeface) -> None:
    """Write a pale word across every page; the shape bears a name, so that it can be taken out on approval."""
    run = parse_xml(
        _WATERMARK.format(namespaces=nsdecls("w"), name=WATERMARK_NAME, word=word, font=typeface.east_asian)
    )
    # A paragraph of its own: the last one of the header is 3 pt high and would hide the shape in part.
    paragraph = element("p")
    properties = element("pPr")
    properties.append(element("spacing", before=0, after=0, line=20, lineRule="exact"))
    paragraph.append(properties)
    paragraph.append(run)
    document.sections[0].header.part.element.append(paragraph)


_PACKED_ALREADY = ("jpg", "jpeg", "png")
_NO_CLOCK = (1980, 1, 1, 0, 0, 0)


def save(document: Document) -> bytes:
    """Give the file: children in schema order, and the same bytes for the same content."""
    for story in (document.element, document.styles.element, *_margins(document)):
        _put_in_order(story)
    package = document.part.package
    parts = package.parts
    stream = BytesIO()
    # The library packs the pictures once more, which takes as long as all the rest.
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _pack(archive, CONTENT_TYPES_URI, _content_types(parts))
        _pack(archive, PACKAGE_URI.rels_uri, package.rels.xml)
        for part in parts:
            part.before_marshal()
            _pack(archive, part.partname, part.blob)
            if part.rels:
                _pack(archive, part.partname.rels_uri, part.rels.xml)
    return stream.getvalue()


def _pack(archive: zipfile.ZipFile, place: PackURI, content: bytes) -> None:
    packing = zipfile.ZIP_STORED if place.ext in _PACKED_ALREADY else zipfile.ZIP_DEFLATED
    archive.writestr(zipfile.ZipInfo(place.membername, _NO_CLOCK), content, packing)


def _content_types(parts: Iterable[Part]) -> bytes:
    """Say what kind of content each part is: by its ending where that is enough, else by its name."""
    by_ending = {"rels": CONTENT_TYPE.OPC_RELATIONSHIPS, "xml": CONTENT_TYPE.XML}
    by_name = {}
    for part in parts:
        if (part.partname.ext.lower(), part.content_type) in default_content_types:
            by_ending[part.partname.ext] = part.content_type
        else:
            by_name[part.partname] = part.content_type
    types = CT_Types.new()
    for ending, content_type in sorted(by_ending.items()):
        types.add_default(ending, content_type)
    for name, content_type in sorted(by_name.items()):
        types.add_override(name, content_type)
    return bytes(serialize_part_xml(types))


def _margins(document: Document) -> Iterator[BaseOxmlElement]:
    for section in document.sections:
        yield section.header.part.element
        yield section.footer.part.element


def _put_in_order(story: BaseOxmlElement) -> None:
    for properties in story.iter(*_PLACES):
        place = _PLACES[properties.tag]
        children = sorted(properties, key=lambda child: place[child.tag])
        if children != list(properties):
            for child in children:
                properties.append(child)
