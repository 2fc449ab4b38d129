from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from docx.oxml.ns import qn
from PIL import Image

from qms_desktop import drawing
from qms_desktop.demo.eight_d_story import bare, first_day, story
from qms_desktop.documents import eight_d_report
from qms_desktop.documents.eight_d_report import ChineseLeft
from qms_desktop.documents.eight_d_report.form import Form
from qms_desktop.documents.word.file import SCHEMA_ORDER
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import LANGUAGES
from qms_desktop.steps.eight_d_content import (
    CauseKind,
    Discipline,
    PaperState,
    Photo,
    Place,
    Problem,
)
from tests.documents.word_reader import WordFile, cells_of, grid_of, has, rows_of, text_of, widths_of

if TYPE_CHECKING:
    from qms_desktop.steps.eight_d_content import EightDReport

CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    drawing.ready()


@pytest.fixture(scope="module", params=list(LANGUAGES))
def full(request: pytest.FixtureRequest) -> WordFile:
    return printed(story(request.param), request.param)


@pytest.fixture(scope="module")
def english() -> WordFile:
    return printed(story("en"), "en")


@pytest.fixture(scope="module")
def draft() -> WordFile:
    return printed(first_day("en"), "en")


def printed(report: EightDReport, language: str = "en") -> WordFile:
    return WordFile(eight_d_report.write(report, language))


def test_every_step_is_a_real_heading_in_order(full: WordFile) -> None:
    assert full.headings == ["D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "RMA", "D8"]


def test_every_table_is_as_wide_as_the_text(full: WordFile) -> None:
    for table in full.tables:
        assert sum(grid_of(table)) / 1440 * 25.4 == pytest.approx(176, abs=0.2)


def test_the_form_gives_176_mm_to_every_table() -> None:
    for language in LANGUAGES:
        wrong = {name: sum(widths) for name, widths in Form.of(language).widths.items() if name != "comparison"}
        assert {name: total for name, total in wrong.items() if abs(total - 176) > 0.01} == {}


def test_every_cell_agrees_with_the_grid_and_no_row_breaks(full: WordFile) -> None:
    for table in full.tables:
        for row in rows_of(table):
            assert sum(widths_of(row)) == sum(grid_of(table))
            assert has(row, "w:cantSplit")


@pytest.mark.parametrize("kind", ["pPr", "rPr", "tblPr", "tcPr"])
def test_all_children_stand_in_the_order_of_the_schema(full: WordFile, kind: str) -> None:
    order = [qn(f"w:{name}") for name in SCHEMA_ORDER[kind].split()]
    for part in full.stories:
        for properties in part.iter(qn(f"w:{kind}")):
            places = [order.index(child.tag) for child in properties]
            assert places == sorted(places)


def test_two_tables_never_touch(full: WordFile) -> None:
    tags = [child.tag for child in full.body]
    assert (qn("w:tbl"), qn("w:tbl")) not in set(pairwise(tags))


def test_every_picture_says_in_words_what_it_shows(full: WordFile) -> None:
    assert len(full.pictures) == 6
    assert all(len(properties.get("descr")) > 10 for properties in full.pictures)
    assert len({properties.get("id") for properties in full.pictures}) == 6


def test_photographs_are_upright_small_and_without_their_place(full: WordFile) -> None:
    sizes = []
    for blob in full.files(".jpg", ".jpeg"):
        with Image.open(BytesIO(blob)) as opened:
            sizes.append(opened.size)
            assert not dict(opened.getexif())
    assert sorted(sizes) == [(960, 1280), (1280, 960), (1280, 960)]


def test_the_charts_have_300_dots_to_the_inch_of_their_printed_size(full: WordFile) -> None:
    sizes = set()
    for blob in full.files(".png"):
        with Image.open(BytesIO(blob)) as opened:
            sizes.add(opened.size)
    assert {(2031, 898), (2031, 732)} <= sizes


def test_page_numbers_are_fields_and_the_margins_hold_the_facts(english: WordFile) -> None:
    codes = [part.text.strip() for part in english.header.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    text = english.text_of_margins
    for fact in ("Demo Gas Springs Co., Ltd.", "8D20261103001", "Rev. 3", "ADD-PCD-QA-001.F1W", "2026"):
        assert fact in text
    sha = story("en").content_sha256
    assert f"SHA-256 {sha[:8]}…{sha[-4:]}" in text
    assert "{" not in text


def test_the_properties_tell_the_case_and_nothing_of_the_library(english: WordFile) -> None:
    core = english.document.core_properties
    assert (core.title, core.author, core.last_modified_by) == ("8D report 8D20261103001", "Xu Lan", "Xu Lan")
    assert (core.version, core.comments, core.category) == ("3", "", "8D")
    for number in ("8D20261103001", "C20261103001", "R20261103001", "TH-20261103-07", "RC20261105001", "L2610A"):
        assert number in core.keywords
    assert core.created.isoformat() == "2026-11-03T08:30:00+00:00"


def test_the_english_file_holds_no_chinese_anywhere() -> None:
    with zipfile.ZipFile(BytesIO(eight_d_report.write(story("en"), "en"))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and "theme" not in name:
                assert not CHINESE.search(archive.read(name).decode()), name


def test_chinese_left_in_an_english_report_is_named_field_by_field() -> None:
    report = story("en")
    members = (replace(report.team.members[0], name="胡霞军"), *report.team.members[1:])
    report = replace(report, team=replace(report.team, members=members), title="Gas spring，YQ-22")
    with pytest.raises(ChineseLeft) as caught:
        eight_d_report.write(report, "en")
    assert caught.value.fields == ("title", "team.members 1.name")
    assert "胡霞军" in str(caught.value)


def test_containment_always_shows_six_places_and_their_total(english: WordFile) -> None:
    rows = cells_of(english.table("D3: containment"))
    assert [row[0][0] for row in rows[1:7]] == ["1", "2", "3", "4", "5", "6"]
    assert rows[7][:6] == ["Total", "", "3,324", "1,524", "1,278", "246"]
    assert rows[2][2:6] == ["0", "—", "—", "—"]
    assert rows[2][6].startswith("None, because")


def test_only_pieces_that_are_not_ok_are_red(english: WordFile) -> None:
    red = {
        "".join(part.text or "" for part in run.iter(qn("w:t")))
        for run in english.body.iter(qn("w:r"))
        for colour in run.iter(qn("w:color"))
        if colour.get(qn("w:val")) == "B00020"
    }
    assert red == {"37", "39", "11", "159"}


def test_the_sum_of_the_shares_is_printed_for_every_kind(english: WordFile) -> None:
    assert "occurrence O1 75 % + O2 25 % = 100 %; escape E1 100 %; system S1 100 %" in english.text


def test_each_why_stands_further_in_and_the_reason_for_stopping_is_told(english: WordFile) -> None:
    table = english.table("D4: whys of cause O2")
    indents = [int(indent.get(qn("w:left"))) for indent in table.iter(qn("w:ind"))]
    assert len(indents) == 3
    assert indents == sorted(set(indents))
    assert "(Stopped at why 4: the next why is system cause S1)" in english.text


def test_all_refusal_classes_are_printed_also_with_zero(english: WordFile) -> None:
    rows = cells_of(english.table("Treatment of returned goods"))
    assert [(row[0], row[2]) for row in rows[1:5]] == [
        ("Refused R1", "0"),
        ("Refused R2", "4"),
        ("Refused R3", "8"),
        ("Refused R4", "0"),
    ]
    assert rows[-1][2] == "600"
    assert "600 − 12 = 588 pcs" in rows[-1][3]


def test_zero_findings_carry_their_upper_limit(english: WordFile) -> None:
    assert "after the clean point 0 of 2,400, upper 95 % limit (3/n) 1,250 PPM" in english.text


def test_signatures_are_printed_with_name_meaning_time_and_kind(english: WordFile) -> None:
    rows = cells_of(english.table("Signatures"))
    assert "Time (UTC+8)" in rows[0]
    assert rows[-1] == [
        "Approved by",
        "Hu Xiajun",
        "General manager",
        "Major 8D, closure approved",
        "2026-12-18 16:31:05",
        "● electronic",
    ]


def test_english_shortens_dates_with_the_name_of_the_month(english: WordFile) -> None:
    strip = cells_of(english.table("Completion dates"))
    assert strip[1][0] == "● 3 Nov"
    assert strip[1][8] == "● 18 Dec"


def test_an_approved_report_has_no_watermark_and_a_draft_has(english: WordFile, draft: WordFile) -> None:
    assert "QMSWatermark" not in english.header.xml
    assert 'string="DRAFT"' in draft.header.xml
    assert "Draft, not approved" in draft.text_of_margins


def test_a_replaced_revision_is_marked_void() -> None:
    void = printed(replace(story("en"), state=PaperState.VOID))
    assert 'string="VOID"' in void.header.xml
    assert "Void, replaced by a later revision" in void.text


def test_a_draft_says_in_grey_what_is_missing_who_owes_it_and_until_when(draft: WordFile) -> None:
    text = draft.text
    assert "Not yet filled in: why it was made; owner Xu Lan, due 2026-11-12 23:59" in text
    assert "must be answered before D1" in text
    assert "Revision history" not in text


def test_an_unknown_number_is_a_dash_and_never_zero(draft: WordFile) -> None:
    rows = cells_of(draft.table("D3: containment"))
    assert len(rows) == 7
    assert rows[1][2:6] == ["800", "—", "—", "—"]
    assert all(row[2:6] == ["—"] * 4 for row in rows[2:])


def test_an_empty_report_keeps_all_its_headings_and_grey_lines() -> None:
    document = printed(bare())
    text = document.text
    assert document.headings == [*[step.value for step in Discipline][:8], "RMA", "D8"]
    assert len(cells_of(document.table("D3: containment"))) == 1 + len(Place)
    assert text.count("Not yet filled in") >= 10
    greys = [c for c in document.body.iter(qn("w:color")) if c.get(qn("w:val")) == "6B7480"]
    assert len(greys) > 20


@pytest.mark.parametrize("text", ["a<b & c", "{{7*7}} {number}", "**bold**, =1+1", "】'\"<w:t>"])
def test_hostile_text_is_printed_as_typed(text: str) -> None:
    report = bare()
    report = replace(report, preparation=replace(report.preparation, symptom=text))
    assert text in printed(report, "zh_CN").text


@pytest.mark.parametrize("control", ["\x00", "\x0b", "\x1b", "\ufffe"])
def test_control_characters_are_refused_by_the_field_that_holds_them(control: str) -> None:
    report = bare()
    report = replace(report, preparation=replace(report.preparation, symptom=f"hard{control}to open"))
    with pytest.raises(InvalidInput) as caught:
        eight_d_report.write(report, "en")
    assert caught.value.field == "preparation.symptom"


def test_a_long_text_goes_whole_into_an_annex() -> None:
    long = "word " * 300
    report = replace(bare(), problem=Problem(customer_words=long))
    document = printed(report)
    cell = cells_of(document.table("D2: the customer's words"))[0][1]
    assert len(cell) < 1100
    assert cell.endswith("… (see text annex 1)")
    assert long in [text_of(paragraph) for paragraph in document.paragraphs]


def test_more_than_eight_photographs_go_on_in_an_annex() -> None:
    one = story("en").problem.photos[0]
    photos = tuple(replace(one, caption=f"Picture {number}") for number in range(1, 10))
    document = printed(replace(bare(), problem=Problem(photos=photos)))
    shown = [len(list(table.iter(qn("wp:docPr")))) for table in document.tables]
    assert [count for count in shown if count] == [4, 5]
    assert "Annex: photographs" in [text_of(paragraph) for paragraph in document.paragraphs]


def test_a_picture_that_cannot_be_read_is_named() -> None:
    photo = Photo(picture=b"GIF89a broken", caption="Carton 4")
    with pytest.raises(InvalidInput, match="Carton 4"):
        eight_d_report.write(replace(bare(), problem=Problem(photos=(photo,))), "en")


def test_a_list_longer_than_a_page_flows_with_its_head() -> None:
    report = story("en")
    record = report.attached[0]
    many = tuple(replace(record, number=f"A{number}") for number in range(1, 121))
    table = printed(replace(report, attached=many)).table("Attachments")
    bound = [has(row, "w:keepNext") for row in rows_of(table)]
    assert bound == [True] + [False] * 60
    assert has(rows_of(table)[0], "w:tblHeader")


def test_attachments_stand_side_by_side_and_none_is_lost() -> None:
    report = story("en")
    for count in (1, 2, 7):
        some = report.attached[:count]
        cells = cells_of(printed(replace(report, attached=some)).table("Attachments"))[1:]
        read_downwards = [(row[column], row[column + 1]) for column in (0, 2) for row in cells]
        assert [one for one in read_downwards if any(one)] == [(record.number, record.title) for record in some]


def test_a_grid_of_labels_goes_on_over_a_page_and_leaves_no_hole() -> None:
    document = printed(story("en"))
    assert not has(document.table("D2: the seven questions"), "w:keepNext")


def test_the_six_places_go_over_a_page_and_leave_no_hole_before_them() -> None:
    table = printed(story("zh_CN"), "zh_CN").table("D3：六处遏制")
    bound = [has(row, "w:keepNext") for row in rows_of(table)]
    assert bound == [True, True, *[False] * (len(bound) - 4), True, False]


def test_a_kind_of_cause_that_is_missing_is_asked_for() -> None:
    report = story("en")
    escapes = tuple(cause for cause in report.root_causes.causes if cause.kind is CauseKind.ESCAPE)
    document = printed(replace(report, root_causes=replace(report.root_causes, causes=escapes)))
    assert "Occurrence cause O|Not yet filled in: why it was made" in document.text
    assert "System cause S|Not yet filled in: why the system allowed it" in document.text
    assert "Escape cause E|" not in document.text


@pytest.mark.parametrize(("causes", "heads"), [(1, ["C1 fits"]), (3, ["C1", "C2", "C3"]), (5, ["Explained by"])])
def test_is_and_is_not_has_a_column_for_every_occurrence_cause(causes: int, heads: list[str]) -> None:
    report = story("en")
    first = report.root_causes.causes[0]
    many = tuple(replace(first, code=f"C{number}") for number in range(1, causes + 1))
    document = printed(replace(report, root_causes=replace(report.root_causes, causes=many)))
    table = document.table("D2: is and is not")
    assert cells_of(table)[0][4:] == heads
    assert sum(grid_of(table)) / 1440 * 25.4 == pytest.approx(176, abs=0.2)


def test_a_chart_needs_two_lots() -> None:
    report = story("en")
    assert report.validation.effect is not None
    effect = replace(report.validation.effect, lots=report.validation.effect.lots[:1])
    document = printed(replace(report, validation=replace(report.validation, effect=effect)))
    assert len(document.pictures) == 5


def test_the_same_report_gives_the_same_bytes() -> None:
    assert eight_d_report.write(bare(), "en") == eight_d_report.write(bare(), "en")


def test_money_has_no_place_in_the_report(full: WordFile) -> None:
    assert not re.search("[¥￥$€]|CNY|RMB|EUR|人民币", full.text)
