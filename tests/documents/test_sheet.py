"""What all Excel forms share: text stays text, formulas carry their result, rows are as high as their text."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop import i18n
from qms_desktop.documents.sheet import (
    CELL_CHARACTERS,
    Sheet,
    checked_figure,
    lines_needed,
    long_moment,
    needs_quote,
    printable,
    put_formula,
    put_text,
    short_day,
    short_limit,
    short_moment,
)
from qms_desktop.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

PRINTED = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)
ZONE = "Asia/Shanghai"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with i18n.speaking("en"):
        yield


def a_sheet(form_number: str = "F-1", company: str = "Demo", *, landscape: bool = False) -> Sheet:
    return Sheet(
        title="A form",
        company=company,
        form_number=form_number,
        widths_mm=(40, 60, 86),
        landscape=landscape,
        printed_at=PRINTED,
        zone=ZONE,
    )


def opened(content: bytes, *, results: bool = False) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=results).active


@pytest.mark.parametrize("text", ["=1+1", "+86 21 555", "-5", "@SUM(A1)", "\tx", "＝1+1", "＋1", "－1", "＠x"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    sheet = a_sheet()
    sheet.text(1, text)
    sheet.end_row()
    cell = opened(sheet.to_bytes()).cell(row=3, column=1)
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_plain_text_is_not_marked() -> None:
    assert not needs_quote("R20261103001")
    cell = openpyxl.Workbook().active["A1"]
    put_text(cell, "YQ-22")
    assert not cell.quotePrefix


@given(st.text(max_size=200))
def test_any_text_of_people_can_be_written_and_read_back(text: str) -> None:
    sheet = a_sheet()
    sheet.text(1, text)
    sheet.end_row()
    cell = opened(sheet.to_bytes()).cell(row=3, column=1)
    assert cell.data_type != "f"
    expected = printable(text).replace("\r\n", "\n").replace("\r", "\n")
    assert (cell.value or "").replace("\r\n", "\n").replace("\r", "\n") == expected


def test_the_longest_text_of_a_cell_is_written_whole() -> None:
    assert printable("x" * CELL_CHARACTERS) == "x" * CELL_CHARACTERS


def test_one_character_more_is_refused_instead_of_cut() -> None:
    with pytest.raises(InvalidInput, match="32,768 characters; a cell holds 32,767"):
        printable("x" * (CELL_CHARACTERS + 1))


def test_characters_outside_the_basic_plane_count_twice_as_excel_counts_them() -> None:
    with pytest.raises(InvalidInput):
        printable("𠀀" * (CELL_CHARACTERS // 2 + 1))


def test_characters_that_a_file_cannot_carry_are_seen_and_not_lost() -> None:
    assert printable("a\x00b\x1fc\ud800d") == "a□b□c□d"


def test_a_formula_of_ours_must_be_one() -> None:
    with pytest.raises(ValueError, match="not a formula"):
        put_formula(openpyxl.Workbook().active["A1"], "SUM(A1)")


def test_a_formula_carries_its_result_for_viewers_that_do_not_calculate() -> None:
    sheet = a_sheet()
    sheet.formula(1, "=ROUND(2*50.76,2)", result=Decimal("101.52"), number_format="0.00")
    sheet.end_row()
    content = sheet.to_bytes()
    assert opened(content).cell(row=3, column=1).value == "=ROUND(2*50.76,2)"
    assert opened(content, results=True).cell(row=3, column=1).value == 101.52


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_instead_of_left_empty(figure: str) -> None:
    with pytest.raises(InvalidInput):
        checked_figure(Decimal(figure))


def test_the_same_form_gives_the_same_bytes() -> None:
    def written() -> bytes:
        sheet = a_sheet()
        sheet.formula(1, "=1+1", result=2, number_format="0")
        sheet.end_row()
        return sheet.to_bytes()

    assert written() == written()


def test_the_file_names_the_company_and_the_moment_of_printing() -> None:
    sheet = a_sheet()
    sheet.line_across("x")
    properties = openpyxl.load_workbook(io.BytesIO(sheet.to_bytes())).properties
    assert (properties.creator, properties.title) == ("Demo", "A form")
    assert properties.created == properties.modified == datetime(2026, 11, 24, 2, 5)  # noqa: DTZ001 - as the file has it


def test_the_footer_names_form_page_and_moment() -> None:
    sheet = a_sheet("QMS & Co-1")
    sheet.line_across("x")
    footer = opened(sheet.to_bytes()).oddFooter
    assert footer.left.text == "QMS && Co-1"
    assert footer.center.text == "Page &P of &N"
    assert footer.right.text == "Printed 2026-11-24 10:05 (UTC+8)"


def test_a_row_grows_with_its_longest_text() -> None:
    sheet = a_sheet()
    sheet.text(1, "密封圈压缩率过大，" * 20)
    sheet.text(2, "short")
    sheet.end_row(19)
    sheet.text(1, "short")
    sheet.end_row(19)
    rows = opened(sheet.to_bytes()).row_dimensions
    assert rows[3].height > 10 * 10
    assert rows[4].height == 19


def test_no_row_is_higher_than_excel_allows() -> None:
    sheet = a_sheet()
    sheet.text(1, "很长的文字。" * 4_000)
    sheet.end_row()
    assert opened(sheet.to_bytes()).row_dimensions[3].height == 409


@given(st.text(alphabet="密封圈漏油，。ab 12", min_size=1, max_size=300), st.integers(min_value=20, max_value=100))
def test_more_text_never_needs_fewer_lines(text: str, width_mm: int) -> None:
    shorter = lines_needed(text, width_mm=width_mm, size_pt=10)
    longer = lines_needed(text + "密", width_mm=width_mm, size_pt=10)
    assert 1 <= shorter <= longer <= shorter + 1


def test_a_chinese_line_holds_as_many_characters_as_fit_on_paper() -> None:
    # 40 mm less the padding, at 10 points (3.53 mm) a character
    assert lines_needed("密" * 10, width_mm=40, size_pt=10) == 1
    assert lines_needed("密" * 11, width_mm=40, size_pt=10) == 2


def test_a_word_without_a_gap_is_broken_and_counted() -> None:
    assert lines_needed("8" * 200, width_mm=40, size_pt=10) >= 10


def test_a_form_that_fits_is_one_page_and_a_long_one_repeats_its_head() -> None:
    short, long = a_sheet(), a_sheet()
    for sheet, rows in ((short, 5), (long, 120)):
        sheet.head(("a", "b", "c"))
        for _number in range(rows):
            sheet.blank()
            sheet.end_row(20)
    assert opened(short.to_bytes()).page_setup.fitToHeight == 1
    page = opened(long.to_bytes())
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$1:$3"
    assert page.print_area == "'A form'!$A$1:$C$123"


@pytest.mark.parametrize("rows", range(60, 100, 3))
def test_totals_and_signatures_are_never_torn_apart(rows: int) -> None:
    sheet = a_sheet()
    sheet.head(("a", "b", "c"))
    for _number in range(rows):
        sheet.blank()
        sheet.end_row(20)
    sheet.keep_rest_together()
    tail = sheet.row
    for _number in range(8):
        sheet.blank()
        sheet.end_row(20)
    page = opened(sheet.to_bytes())
    body_pt = (297 - 14 - 16) / 25.4 * 72
    head_pt = sum(page.row_dimensions[row].height for row in range(1, 4))
    rows_on_first, rows_on_next = (body_pt - head_pt) // 20, (body_pt - head_pt) // 20
    on_last_page = (rows - rows_on_first) % rows_on_next
    torn = on_last_page > 0 and on_last_page + 8 > rows_on_next
    assert [row_break.id for row_break in page.row_breaks.brk] == ([tail - 1] if torn else [])


def test_parts_that_belong_together_begin_a_page_each_when_they_must() -> None:
    sheet = a_sheet()
    sheet.head(("a", "b", "c"))
    begins = []
    for rows in (20, 30, 3, 35):
        sheet.keep_rest_together()
        begins.append(sheet.row)
        for _number in range(rows):
            sheet.blank()
            sheet.end_row(20)
    page = opened(sheet.to_bytes())
    assert [row_break.id for row_break in page.row_breaks.brk] == [begins[1] - 1, begins[3] - 1]


def test_the_name_of_a_tab_holds_nothing_that_excel_forbids() -> None:
    sheet = Sheet(
        title="A/B: [x] " + "y" * 40,
        company="",
        form_number="",
        widths_mm=(10,),
        landscape=True,
        printed_at=PRINTED,
        zone=ZONE,
    )
    sheet.line_across("x")
    assert opened(sheet.to_bytes()).title == ("A B   x  " + "y" * 40)[:31]


def test_english_days_name_the_month_and_chinese_ones_do_not() -> None:
    assert short_day(date(2026, 11, 3)) == "3 Nov"
    with i18n.speaking("zh_CN"):
        assert short_day(date(2026, 11, 3)) == "11-03"


def test_moments_are_shown_at_the_site() -> None:
    moment = datetime(2026, 11, 3, 1, 12, tzinfo=UTC)
    assert short_moment(moment, ZONE) == "3 Nov 09:12"
    assert long_moment(moment, "Asia/Kolkata") == "2026-11-03 06:42 (UTC+5:30)"
    assert long_moment(moment, "America/New_York") == "2026-11-02 20:12 (UTC-5)"


def test_a_limit_at_midnight_is_the_end_of_the_day_before() -> None:
    assert short_limit(datetime(2026, 11, 12, 16, 0, tzinfo=UTC), ZONE) == "12 Nov 24:00"
    assert short_limit(datetime(2026, 11, 3, 13, 12, tzinfo=UTC), ZONE) == "3 Nov 21:12"
