"""The monthly return statistics: shares, top five, check line, a native Pareto, and a month without returns."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from qms_desktop.documents import monthly_table
from tests.documents.sheet_stories import empty_month, november
from tests.documents.test_return_analysis_sheet import CHINESE, texts

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from qms_desktop.steps.statistics_monthly import MonthlyReturns

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def written(month: MonthlyReturns, *, results: bool = False) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(monthly_table.write(month, "en")), data_only=results).active


def chart_of(month: MonthlyReturns) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(monthly_table.write(month, "en"))) as book:
        return ET.fromstring(book.read("xl/charts/chart1.xml"))  # noqa: S314 - our own file


def test_the_table_goes_by_pieces_and_the_heap_of_others_stands_last() -> None:
    page = written(november("en"))
    assert [page.cell(row=row, column=1).value for row in range(5, 12)] == [
        "Resistance",
        "Leak",
        "Burr",
        "Scratch (transport)",
        "Sticking",
        "Wrong or short delivery",
        "Other",
    ]


def test_shares_are_formulas_with_their_results() -> None:
    month = november("en")
    assert written(month)["D5"].value == "=IF(SUM($C$5:$C$11)=0,0,C5/SUM($C$5:$C$11))"
    page = written(month, results=True)
    assert page["D5"].value == pytest.approx(596 / 984)
    assert page["E7"].value == pytest.approx((596 + 131 + 118) / 984)
    assert page["E11"].value == 1
    assert (page["B12"].value, page["C12"].value, page["D12"].value) == (19, 984, 1)
    assert (page["F12"].value, page["G12"].value) == (446, 37012.19)


def test_the_check_line_compares_with_the_single_returns_and_gives_both_ppm() -> None:
    text = texts(written(november("en")))
    assert "Check: 984 pieces in the single returns, 984 in this table, difference 0." in text
    assert "Shipped 61,240. Recognised 984 = 16,068 PPM, returned 996 = 16,264 PPM" in text


def test_a_difference_to_the_single_returns_is_seen() -> None:
    text = texts(written(replace(november("en"), pieces_in_details=990)))
    assert "990 pieces in the single returns, 984 in this table, difference 6." in text


def test_without_shipments_there_is_no_ppm() -> None:
    assert replace(november(), pieces_shipped=0).ppm(984) is None
    assert "Recognised 984 = — PPM" in texts(written(replace(november("en"), pieces_shipped=0)))


def test_the_top_five_go_by_cases_and_equals_share_a_place() -> None:
    assert [(ranked.place, ranked.reason.reason) for ranked in november("en").top] == [
        (1, "Resistance"),
        (2, "Leak"),
        (3, "Burr"),
        (3, "Scratch (transport)"),
        (5, "Sticking"),
    ]


def test_all_who_share_the_fifth_place_are_in_and_others_never() -> None:
    month = november("en")
    reasons = tuple(replace(reason, cases=2) for reason in month.reasons)
    assert len(replace(month, reasons=reasons).top) == 6
    assert all(not ranked.reason.collective for ranked in replace(month, reasons=reasons).top)


def test_an_overdue_measure_is_said_in_words_too() -> None:
    page = written(november("en"))
    (cell,) = [cell for row in page.iter_rows() for cell in row if str(cell.value).startswith("■ overdue")]
    assert "8D20261117001" in cell.value
    assert cell.font.bold


def test_the_cost_of_the_month_is_summed() -> None:
    page = written(november("en"))
    totals = [row for row in page.iter_rows(values_only=True) if row[0] == "Total"]
    assert totals[-1][4] == 7320.45
    assert totals[-1][6] == 10570.54


def test_the_pareto_is_native_with_both_axes_shown() -> None:
    chart = chart_of(november("en"))
    assert chart.find(f".//{CHART}barChart") is not None
    assert chart.find(f".//{CHART}lineChart") is not None
    shown = [axis.find(f"{CHART}delete") for kind in ("catAx", "valAx") for axis in chart.iter(f"{CHART}{kind}")]
    assert len(shown) == 3
    assert [axis.get("val") for axis in shown if axis is not None] == ["0", "0", "0"]


def test_hundred_percent_is_level_with_all_pieces() -> None:
    chart = chart_of(november("en"))
    axes = list(chart.iter(f"{CHART}valAx"))
    tops = sorted(float(top.get("val", "")) for axis in axes for top in axis.iter(f"{CHART}max"))
    assert tops == [1.0, 984.0]
    crosses = [cross.get("val") for axis in axes for cross in axis.iter(f"{CHART}crosses")]
    assert "max" in crosses


@pytest.mark.parametrize(("total", "step"), [(1, 1), (6, 1), (7, 2), (984, 200), (30, 5), (31, 10), (100_000, 20_000)])
def test_the_axis_has_about_five_round_steps(total: int, step: int) -> None:
    month = november("en")
    reason = replace(month.reasons[1], pieces=total)
    chart = chart_of(replace(month, reasons=(reason,)))
    steps = [float(unit.get("val", "")) for unit in chart.iter(f"{CHART}majorUnit")]
    assert max(steps) == step


def test_a_month_without_returns_prints_zeros_a_sentence_and_no_chart() -> None:
    page = written(empty_month("en"), results=True)
    assert [page.cell(row=6, column=column).value for column in (2, 3, 4, 6, 7)] == [0, 0, 0, 0, 0]
    assert "No returns this month." in texts(page)
    with zipfile.ZipFile(io.BytesIO(monthly_table.write(empty_month("en"), "en"))) as book:
        assert not [name for name in book.namelist() if "chart" in name]


def test_a_month_with_reasons_but_without_pieces_divides_by_nothing() -> None:
    month = november("en")
    quiet = tuple(replace(reason, cases=0, pieces=0, loss=Decimal(0)) for reason in month.reasons)
    page = written(replace(month, reasons=quiet, pieces_in_details=0), results=True)
    assert [page.cell(row=row, column=4).value for row in range(5, 13)] == [0] * 8


def test_reasons_of_which_nothing_came_back_stand_in_the_table_and_not_among_the_bars() -> None:
    month = november("en")
    returns = replace(month, reasons=(*month.reasons[1:4], replace(month.reasons[1], reason="Rattle", pieces=0)))
    chart = chart_of(returns)
    references = {reference.text for reference in chart.iter(f"{CHART}f")}
    assert any(text and text.endswith("$A$5:$A$7") for text in references)
    assert "Rattle" in texts(written(returns))


def test_names_of_reasons_never_become_formulas() -> None:
    month = november("en")
    evil = replace(month.reasons[1], reason="=1+1", measure="@SUM(A1)")
    page = written(replace(month, reasons=(evil,)))
    assert page["A5"].data_type == "s"
    assert page["A5"].value == "=1+1"
    assert [cell.data_type for row in page.iter_rows() for cell in row if cell.value == "@SUM(A1)"] == ["s"]


def test_an_english_table_holds_no_chinese_character() -> None:
    assert CHINESE.findall(texts(written(november("en")))) == []


def test_the_table_is_one_portrait_page() -> None:
    page = written(november("en"))
    assert page.page_setup.orientation == "portrait"
    assert page.page_setup.fitToHeight == 1
    assert page.print_title_rows == "$1:$4"
