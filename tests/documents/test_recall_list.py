"""The list of a recall what-if: the story's pieces, sheets that reconcile, and lists of any length."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest

from qms_desktop.documents import long_list, recall_list
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.steps.recall_scope import LotBalance, OpenPoint, RecallScope
from tests.documents.sheet_stories import Words, shipped_lines, story_recall
from tests.documents.test_return_analysis_sheet import CHINESE, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook

    from qms_desktop.steps.recall_scope import ShippedLine

ENGLISH = Words("en")


def written(scope: RecallScope, *, results: bool = True) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(recall_list.write(scope, "en")), data_only=results)


def verdicts(book: Workbook) -> dict[str, tuple[int, int, int, str]]:
    rows = book["Check"].iter_rows(min_row=4, values_only=True)
    return {str(row[0]): (row[1], row[2], row[3], row[4]) for row in rows if row[4]}


def test_the_what_if_of_the_story_names_1660_pieces_at_five_other_customers() -> None:
    scope = story_recall("en")
    assert sum(customer.pieces for customer in scope.others) == 1_660
    assert len(scope.others) == 5
    assert scope.pieces_in_scope == 720
    text = texts(written(scope)["Scope"])
    assert "Besides the complainant: 1,660 pieces at 5 other customers, 720 recalled." in text
    assert "Shipments known until 2026-11-03 08:00 (UTC+8). Asked by Xu Lan." in text


def test_every_shipment_is_listed_with_its_date_as_a_date() -> None:
    sheet = written(story_recall("en"))["Shipments"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert len(rows) == 7
    assert rows[1][1] == "CK261028902"
    assert rows[1][2].isoformat() == "2026-10-28T00:00:00"
    assert (rows[1][9], rows[1][10], rows[1][11]) == (600, "yes", "S463087 → M2610F1 → YQ-22 L2610A")


def test_the_check_sheet_of_the_story_agrees_in_every_line() -> None:
    found = verdicts(written(story_recall("en")))
    assert found["All pieces at customers"] == (2_460, 2_460, 0, "agrees")
    assert found["All pieces recalled"] == (720, 720, 0, "agrees")
    assert found["Lot YQ-22 L2610A: shipped"] == (1_520, 1_520, 0, "agrees")
    assert found["Comparisons that differ"][2:] == (0, "all agree")
    assert len([row for row in found if row.startswith("Customer ")]) == 6


def test_the_comparisons_are_formulas_on_the_list_itself() -> None:
    sheet = written(story_recall("en"), results=False)["Check"]
    assert sheet["C4"].value == "=SUM('Shipments'!$J$4:$J$10)"
    assert sheet["C7"].value == "=SUMPRODUCT(--('Shipments'!$E$4:$E$10=\"C2002\"),'Shipments'!$J$4:$J$10)"
    assert sheet["D7"].value == "=B7-C7"


def test_a_lost_shipment_is_seen_in_three_places() -> None:
    lines = [line for line in shipped_lines(ENGLISH) if line.shipment != "CK261028902"]
    found = verdicts(written(replace(story_recall("en"), lines=lines)))
    differing = {subject for subject, row in found.items() if row[3] == "■ differs"}
    assert differing == {
        "All pieces at customers",
        "All pieces recalled",
        "Customer C2002 Kestrel Automotive Ltd",
        "Lot YQ-22 L2610A: shipped",
        "Comparisons that differ",
    }
    assert found["Comparisons that differ"][2] == 4


def test_pieces_that_nobody_can_place_are_said() -> None:
    lots = (LotBalance("YQ-22", "L2610A", 1_700, 1_520, 160),)
    assert lots[0].pieces_unknown == 20
    text = texts(written(replace(story_recall("en"), lots=lots))["Check"])
    assert "■ not placed" in text


def test_what_cannot_be_ruled_out_is_listed_even_without_a_number() -> None:
    rows = list(written(story_recall("en"))["Cannot be ruled out"].iter_rows(min_row=4, values_only=True))
    assert rows[0][1:] == (
        "Lots shipped after 2026-11-03 08:00",
        "Shipments are imported up to that moment only",
        "—",
        "Xu Lan",
    )
    assert rows[1][3] == 270


def test_nothing_open_is_a_sentence_and_not_an_empty_sheet() -> None:
    text = texts(written(replace(story_recall("en"), open_points=()))["Cannot be ruled out"])
    assert "Nothing is open: every piece of the traced lots is placed." in text


def test_a_trace_that_finds_nothing_still_reconciles() -> None:
    empty = replace(story_recall("en"), lines=(), customers=(), lots=(), open_points=())
    found = verdicts(written(empty))
    assert found["All pieces at customers"] == (0, 0, 0, "agrees")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1"])
def test_text_from_the_erp_never_becomes_a_formula(text: str) -> None:
    (line, *_rest) = shipped_lines(ENGLISH)
    evil = replace(line, shipment=text, order=text, customer=text, found_by=text)
    scope = replace(story_recall("en"), lines=[evil], open_points=(OpenPoint(text, text),), question=text)
    book = written(scope, results=False)
    cells = [cell for row in book["Shipments"].iter_rows(min_row=4) for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell.value for cell in cells].count(text) == 4
    assert all(cell.quotePrefix for cell in cells if cell.value == text)


def test_a_customer_number_with_a_quote_cannot_leave_its_formula() -> None:
    scope = story_recall("en")
    number = 'C"+1*'
    lines = [replace(line, customer_number=number) for line in shipped_lines(ENGLISH)]
    customers = (replace(scope.customers[0], number=number, pieces=2_460, pieces_in_scope=720),)
    book = written(replace(scope, lines=lines, customers=customers), results=False)
    assert '="C""+1*")' in book["Check"]["C6"].value
    assert verdicts(written(replace(scope, lines=lines, customers=customers)))["Comparisons that differ"][2] == 0


def test_text_longer_than_a_cell_is_refused_instead_of_lost() -> None:
    (line, *_rest) = shipped_lines(ENGLISH)
    with pytest.raises(InvalidInput, match="32,768 characters"):
        recall_list.write(replace(story_recall("en"), lines=[replace(line, found_by="x" * 32_768)]), "en")


def test_more_rows_than_excel_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_list, "EXCEL_ROWS", 8)
    with pytest.raises(Refused, match="more than 8 rows"):
        recall_list.write(story_recall("en"), "en")


def test_a_stream_of_lines_is_read_once() -> None:
    read = []

    def stream() -> Iterator[ShippedLine]:
        for line in shipped_lines(ENGLISH):
            read.append(line.shipment)
            yield line

    recall_list.write(replace(story_recall("en"), lines=stream()), "en")
    assert len(read) == len(set(read)) == 7


def test_every_sheet_repeats_its_head_and_has_its_footer() -> None:
    for sheet in written(story_recall("en")):
        assert sheet.print_title_rows.startswith("$1:$")
        assert sheet.oddFooter.center.text == "Page &P of &N"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is the format's own default


def test_an_english_list_holds_no_chinese_character() -> None:
    assert [CHINESE.findall(texts(sheet)) for sheet in written(story_recall("en"))] == [[]] * 4
