from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx.oxml.ns import qn
from PIL import Image

from qms_desktop.documents.word import (
    Cell,
    PageSetup,
    Properties,
    Row,
    Sheet,
    Span,
    StyleSheet,
    TableLook,
    Typeface,
    build_form,
    fill_fields,
    page_field,
    save,
    set_properties,
    upright,
    watermark,
)
from qms_desktop.documents.word.text import add_spans, element
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.exchange import picture_decoder
from qms_desktop.exchange.limits import Limits
from tests.documents.word_reader import WordFile, grid_of, has, rows_of, text_of, widths_of

if TYPE_CHECKING:
    from docx.document import Document

CHINESE = Typeface(latin="Arial", east_asian="微软雅黑")
ENGLISH = Typeface(latin="Arial", east_asian="Microsoft YaHei", latin_marks=True)
PAGE = PageSetup(top_mm=27, right_mm=16, bottom_mm=15, left_mm=18)
ORIENTATION = 0x0112
GPS = 0x8825


def form(language: str = "zh_CN", typeface: Typeface = CHINESE) -> Document:
    return build_form(language=language, typeface=typeface, page=PAGE, styles=StyleSheet())


def reopened(document: Document) -> WordFile:
    return WordFile(save(document))


def runs(text: str, typeface: Typeface = CHINESE) -> list[tuple[str, bool]]:
    """Give the runs of a text, each with whether it is set in the font of the marks."""
    paragraph = element("p")
    add_spans(paragraph, text, typeface=typeface)
    return [
        ("".join(part.text or "" for part in run.iter(qn("w:t"))), run.find(qn("w:rPr")) is not None)
        for run in paragraph.iter(qn("w:r"))
    ]


def photo(*, turned: bool = False, located: bool = False, size: tuple[int, int] = (400, 300)) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, 0, size[0] // 4, size[1] // 4))
    tags = Image.Exif()
    if turned:
        tags[ORIENTATION] = 6
    if located:
        tags.get_ifd(GPS)[1] = "N"
        tags.get_ifd(GPS)[2] = (30.0, 15.0, 0.0)
    stream = BytesIO()
    image.save(stream, "JPEG", exif=tags)
    return stream.getvalue()


def test_marks_stand_in_runs_of_their_own_in_the_chinese_font() -> None:
    assert runs("规格 ≤30 N ●") == [("规格 ", False), ("≤", True), ("30 N ", False), ("●", True)]


def test_quotes_and_comparison_signs_stay_latin_in_english() -> None:
    assert runs("“≤30 N” ●", ENGLISH) == [("“≤30 N” ", False), ("●", True)]


def test_a_date_keeps_together_and_a_code_keeps_its_plain_hyphen() -> None:
    paragraph = element("p")
    add_spans(paragraph, "MR-2611-014 of 2026-11-05", typeface=ENGLISH)
    hyphens = list(paragraph.iter(qn("w:noBreakHyphen")))
    words = "".join(part.text or "" for part in paragraph.iter(qn("w:t")))
    assert len(hyphens) == 2
    assert words == "MR-2611-014 of 20261105"


@pytest.mark.parametrize("text", ["a<b & c", "{{7*7}}", "  two  spaces ", "**not bold**", "=1+1"])
def test_text_stands_in_the_document_exactly_as_typed(text: str) -> None:
    document = form("en", ENGLISH)
    Sheet(document, typeface=ENGLISH).paragraph(text, style="QMS Body")
    assert [text_of(paragraph) for paragraph in reopened(document).paragraphs] == [text]


@pytest.mark.parametrize("text", ["one\ntwo", "one\r\ntwo", "one\rtwo"])
def test_a_line_break_is_a_break_and_not_a_paragraph(text: str) -> None:
    document = form()
    Sheet(document, typeface=CHINESE).paragraph(text, style="QMS Body")
    assert [text_of(paragraph) for paragraph in reopened(document).paragraphs] == ["one\ntwo"]


def test_grid_cells_and_table_carry_the_same_widths() -> None:
    document = form()
    rows = [Row(cells=(Cell(text="a", columns=2), Cell(text="b"))), Row(cells=(Cell(), Cell(), Cell()))]
    Sheet(document, typeface=CHINESE).table(rows, widths_mm=(16, 108, 52))
    table = reopened(document).tables[0]
    grid = grid_of(table)
    assert [widths_of(row) for row in rows_of(table)] == [[grid[0] + grid[1], grid[2]], grid]
    assert [int(width.get(qn("w:w"))) for width in table.iter(qn("w:tblW"))] == [sum(grid)]


def test_a_row_that_does_not_fill_its_table_is_a_fault_of_the_program() -> None:
    document = form()
    with pytest.raises(ValueError, match="fills 1 of 2"):
        Sheet(document, typeface=CHINESE).table([Row(cells=(Cell(),))], widths_mm=(88, 88))


def test_rows_do_not_break_and_heads_come_again_bound_to_the_next_row() -> None:
    document = form()
    rows = [Row(cells=(Cell(text="head"),), head=True), Row(cells=(Cell(text="one"),)), Row(cells=(Cell(text="two"),))]
    Sheet(document, typeface=CHINESE).table(rows, widths_mm=(176,))
    drawn = rows_of(reopened(document).tables[0])
    assert all(has(row, "w:cantSplit") for row in drawn)
    assert [has(row, "w:tblHeader") for row in drawn] == [True, False, False]
    assert [has(row, "w:keepNext") for row in drawn] == [True, False, False]


def test_a_table_kept_whole_binds_all_rows_but_the_last() -> None:
    document = form()
    rows = [Row(cells=(Cell(text=str(number)),)) for number in range(3)]
    Sheet(document, typeface=CHINESE).table(rows, widths_mm=(176,), look=TableLook(keep_whole=True))
    bound = [has(row, "w:keepNext") for row in rows_of(reopened(document).tables[0])]
    assert bound == [True, True, False]


def test_every_picture_has_its_own_number_and_its_alt_text() -> None:
    document = form()
    sheet = Sheet(document, typeface=CHINESE)
    picture = upright(photo(), name="one")
    for alt in ("first", "second"):
        sheet.picture(picture.content, size_mm=(40, 30), alt=alt)
    found = reopened(document).pictures
    assert [properties.get("descr") for properties in found] == ["first", "second"]
    assert len({properties.get("id") for properties in found}) == 2


def test_a_photograph_is_turned_upright_and_loses_its_place() -> None:
    picture = upright(photo(turned=True, located=True), name="one")
    with Image.open(BytesIO(picture.content)) as opened:
        assert opened.size == (300, 400)
        assert not dict(opened.getexif())
        corner = opened.getpixel((290, 10))
    assert isinstance(corner, tuple)
    assert max(corner) < 60, "the black corner turns with the picture, clockwise"


def test_the_long_side_of_a_photograph_is_at_most_1280_pixels() -> None:
    picture = upright(photo(size=(3000, 1500)), name="one")
    assert (picture.width_px, picture.height_px) == (1280, 640)


def test_a_copy_that_the_program_keeps_is_not_packed_again() -> None:
    kept = picture_decoder.decode(photo(turned=True, located=True, size=(2400, 1800)), Limits()).jpeg
    made = upright(kept, name="1")
    assert (made.content, made.width_px, made.height_px) == (kept, 960, 1280)


def test_a_small_picture_with_notes_loses_them_all_the_same() -> None:
    stream = BytesIO()
    Image.new("RGB", (40, 30)).save(stream, "JPEG", comment=b"of the camera")
    assert b"of the camera" not in upright(stream.getvalue(), name="1").content


def test_a_picture_that_was_cut_off_is_refused() -> None:
    kept = picture_decoder.decode(photo(), Limits()).jpeg
    with pytest.raises(InvalidInput):
        upright(kept[:-40], name="1")


def test_a_picture_fits_its_cell_with_its_proportion() -> None:
    picture = upright(photo(turned=True), name="one")
    assert picture.fitted(width_mm=74, height_mm=46) == pytest.approx((34.5, 46))


@pytest.mark.parametrize("content", [b"", b"not a picture", photo()[:300]])
def test_what_is_no_picture_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="Carton 4"):
        upright(content, name="Carton 4")


def test_a_field_missing_in_the_form_is_named() -> None:
    document = form("en", ENGLISH)
    document.sections[0].header.paragraphs[0].text = "{number}"
    with pytest.raises(Refused, match="revision"):
        fill_fields(document, {"number": "8D1", "revision": "3"})
    assert document.sections[0].header.paragraphs[0].text == "8D1"


def test_a_page_field_is_complete_and_asks_no_question_on_opening() -> None:
    document = form()
    paragraph = next(document.sections[0].header.part.element.iter(qn("w:p")))
    page_field(paragraph, "NUMPAGES")
    kinds = [part.get(qn("w:fldCharType")) for part in paragraph.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    assert [part.text for part in paragraph.iter(qn("w:instrText"))] == [" NUMPAGES "]
    assert document.settings.element.find(qn("w:updateFields")) is None


def test_the_watermark_bears_a_name_so_that_it_can_be_removed() -> None:
    document = form()
    watermark(document, "草 稿", typeface=CHINESE)
    xml = reopened(document).header.xml
    assert 'id="QMSWatermark"' in xml
    assert 'string="草 稿"' in xml


def test_nothing_of_the_library_remains_in_the_properties() -> None:
    document = form()
    made = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    properties = Properties(
        title="t",
        subject="s",
        author="Xu Lan",
        created_at=made,
        changed_at=made,
        version="3",
        keywords="k",
        language="en",
        category="8D",
    )
    set_properties(document, properties)
    with zipfile.ZipFile(BytesIO(save(document))) as archive:
        core = archive.read("docProps/core.xml").decode()
        names = archive.namelist()
    assert "python-docx" not in core
    assert "2013" not in core
    foreign = ("thumbnail", "app.xml", "customXml", "stylesWithEffects")
    assert not [name for name in names if any(part in name for part in foreign)]


def test_every_style_names_its_font_in_all_four_slots() -> None:
    document = form()
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        assert {re.sub("{.*}", "", name) for name in fonts.attrib} == {"ascii", "hAnsi", "cs", "eastAsia"}


def test_latin_text_is_never_marked_as_chinese() -> None:
    languages = [lang.get(qn("w:val")) for lang in form().styles.element.iter(qn("w:lang"))]
    assert languages == ["en-US"]


def test_the_form_asks_for_the_layout_of_todays_word() -> None:
    setting = form().settings.element.find(qn("w:compat")).find(qn("w:compatSetting"))
    assert (setting.get(qn("w:name")), setting.get(qn("w:val"))) == ("compatibilityMode", "15")


def test_pictures_are_never_cut_by_an_exact_line() -> None:
    rule = form().styles["QMS Picture"].element.pPr.find(qn("w:spacing")).get(qn("w:lineRule"))
    assert rule in {None, "auto"}


def test_a_span_carries_its_colour_and_size() -> None:
    paragraph = element("p")
    add_spans(paragraph, Span("37", bold=True, colour="B00020", size=7.5), typeface=CHINESE)
    look = paragraph.find(qn("w:r")).find(qn("w:rPr"))
    assert look.find(qn("w:color")).get(qn("w:val")) == "B00020"
    assert look.find(qn("w:sz")).get(qn("w:val")) == "15"


def test_the_same_content_gives_the_same_bytes() -> None:
    assert save(form()) == save(form())
