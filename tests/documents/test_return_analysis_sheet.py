"""The return analysis sheet: the story's figures, formulas to check, places to sign."""

from __future__ import annotations

import gettext
import io
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop import i18n
from qms_desktop.documents import return_analysis_sheet
from tests.documents.sheet_stories import story_claim

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from qms_desktop.steps.claim_sheet import ClaimSheetLine, ReturnAnalysisSheet

CHINESE = re.compile("[一-鿿　-〿＀-￯]")


def written(sheet: ReturnAnalysisSheet, *, results: bool = False, language: str = "en") -> Worksheet:
    content = return_analysis_sheet.write(sheet, language)
    return openpyxl.load_workbook(io.BytesIO(content), data_only=results).active


def texts(page: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None)


def test_the_storys_claim_comes_to_33311_22() -> None:
    claim = story_claim()
    assert (claim.pieces, claim.total, claim.refund) == (657, Decimal("34872.78"), Decimal("33311.22"))
    assert [line.refund for line in claim.lines if line.refund] == [
        Decimal("29846.88"),
        Decimal("2511.90"),
        Decimal("952.44"),
    ]
    assert claim.not_settled_yet == 0
    assert claim.refused_pieces == (("R2", 4), ("R3", 8))


def test_line_totals_and_refunds_are_formulas_that_the_reader_can_check() -> None:
    page = written(story_claim("en"))
    assert page["F5"].value == "=ROUND(D5*E5,2)"
    assert page["L9"].value == "=ROUND(F9*K9,2)"
    assert page["L14"].value == "=SUM(L5:L13)"


def test_a_viewer_that_does_not_calculate_shows_the_storys_sums() -> None:
    page = written(story_claim("en"), results=True)
    assert [page.cell(row=row, column=12).value for row in range(5, 10)] == [29846.88, 0, 0, 2511.9, 952.44]
    assert (page["D14"].value, page["F14"].value, page["L14"].value) == (657, 34872.78, 33311.22)


def test_the_quantity_stays_a_number_and_carries_its_unit_in_the_format() -> None:
    cell = written(story_claim("en"))["D5"]
    assert cell.value == 588
    assert cell.number_format == '#,##0" pcs"_ '


def test_the_sheet_says_how_it_is_settled_and_who_is_charged() -> None:
    text = texts(written(story_claim("en")))
    assert "Refund to the customer: CNY 33,311.22" in text
    assert "equal-value goods CNY 29,846.88 (order SO261190010)" in text
    assert "deducted from receivables CNY 3,464.34" in text
    assert "charged to the supplier CNY 2,511.90" in text
    assert "not settled yet" not in text
    assert "Refused 12 (R2 4, R3 8), not counted for the settlement." in text
    assert "Amounts include 13 % tax." in text


def test_what_is_not_settled_is_said() -> None:
    claim = story_claim("en")
    text = texts(written(replace(claim, settlements=claim.settlements[:1])))
    assert "not settled yet CNY 3,464.34" in text


def test_chinese_sheets_write_the_refund_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    # The source texts stand in for a catalogue: what counts here is the amount.
    monkeypatch.setattr(i18n, "_catalogue", lambda language: gettext.NullTranslations())
    page = written(story_claim("zh_CN"), language="zh_CN")
    assert "人民币叁万叁仟叁佰壹拾壹元贰角贰分" in texts(page)
    assert page["A1"].font.name == "宋体"
    assert page["A2"].font.name == "黑体"


def test_another_currency_is_named_and_not_written_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalogue", lambda language: gettext.NullTranslations())
    text = texts(written(replace(story_claim("zh_CN"), currency="EUR"), language="zh_CN"))
    assert "EUR 33,311.22" in text
    assert "人民币" not in text


def test_an_english_sheet_holds_no_chinese_character() -> None:
    found = CHINESE.findall(texts(written(story_claim("en"))))
    assert found == []


def test_signed_places_show_the_moment_and_empty_ones_wait() -> None:
    text = texts(written(story_claim("en", signed=4)))
    assert text.count("● signed electronically") == 4
    assert text.count("Signature / date:") == 3 + 1  # and the approval of the vice president
    assert "Gao Ping\n● signed electronically\n24 Nov 09:31" in text


def test_the_approval_names_the_figures_that_made_it_necessary() -> None:
    text = texts(written(story_claim("en")))
    assert "Approval: 645 pieces > 200; CNY 33,311.22 > 10,000" in text
    assert "Vice president of sales: Guo Ming ● signed electronically 24 Nov 16:20" in text


def test_nothing_can_be_added_by_hand_below_the_last_line() -> None:
    assert written(story_claim("en"))["B10"].value == "—— blank below ——"


def test_the_form_is_one_landscape_page_with_its_number() -> None:
    page = written(story_claim("en"))
    assert page.page_setup.orientation == "landscape"
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 1)
    assert page.print_title_rows == "$1:$4"
    assert page.print_area.endswith("$A$1:$L$20")
    assert page.oddFooter.left.text == "QMS-004-J"
    assert not page.sheet_view.showGridLines


def test_forty_lines_go_over_several_pages_with_their_head() -> None:
    claim = story_claim("en")
    page = written(replace(claim, lines=claim.lines * 8))
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$1:$4"
    assert page["L44"].value == "=ROUND(F44*K44,2)"


def test_a_sheet_without_lines_sums_to_nothing() -> None:
    page = written(replace(story_claim("en"), lines=(), settlements=()), results=True)
    assert page["B5"].value == "—— blank below ——"
    assert page["L14"].value == 0


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_text_of_the_customer_never_becomes_a_formula(text: str) -> None:
    claim = story_claim("en")
    line = replace(claim.lines[0], stated_reason=text, product=text, disposition=text, unit='"&A1&"')
    page = written(replace(claim, lines=(line,), customer=text, notes=(text,)))
    formulas = {cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"}
    assert formulas == {"F5", "L5", "D14", "F14", "L14"}
    assert page["G5"].value == text
    assert page["D5"].number_format == '#,##0" &A1&"_ '


@given(
    pieces=st.integers(min_value=0, max_value=100_000),
    price=st.decimals(min_value=0, max_value=10_000, places=4),
    ratio=st.decimals(min_value=0, max_value=1, places=2),
)
def test_a_refund_is_never_more_than_the_price(pieces: int, price: Decimal, ratio: Decimal) -> None:
    line: ClaimSheetLine = replace(story_claim().lines[0], pieces=pieces, unit_price=price, refund_ratio=ratio)
    assert 0 <= line.refund <= line.total
    assert line.total == line.total.quantize(Decimal("0.01"))


def test_goodwill_pays_a_refused_line_and_it_counts_no_more_as_refused() -> None:
    claim = story_claim()
    paid = replace(claim.lines[1], refund_ratio=Decimal(1))
    assert replace(claim, lines=(paid,)).refused_pieces == ()
