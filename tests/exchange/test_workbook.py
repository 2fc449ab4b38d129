"""Workbooks as they come, read by the child process (B7-B28)."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

import pytest

from qms_desktop.exchange import FileRefused, NoticeKind, Refusal, read_table
from qms_desktop.exchange.limits import LIMITS
from qms_desktop.exchange.raw import Fault, FaultKind, RawTable, Truth
from tests.exchange.books import SHEET_PART, book, cell, pack, parts, saved, sheet_xml, with_wrong_checksum

if TYPE_CHECKING:
    from pathlib import Path


def table(
    folder: Path, inside: str, *, before: str = "", workbook_properties: str = "", **more: str | bytes
) -> RawTable:
    content = pack(parts(sheet_xml(inside, before=before), workbook_properties=workbook_properties, more=dict(more)))
    return read_table(saved(folder, content))


def refusal(folder: Path, content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read_table(saved(folder, content))
    return refused.value


def test_every_cell_has_its_address_kind_and_value(tmp_path: Path) -> None:
    read = table(tmp_path, f'<row r="3">{cell("B3", "气弹簧")}{cell("D3", 120)}{cell("E3", 46026, style=1)}</row>')
    assert read.sheet == "表1"
    assert [read.cell(2, place).address for place in range(5)] == ["A3", "B3", "C3", "D3", "E3"]
    assert [read.cell(2, place).value for place in range(5)] == [None, "气弹簧", None, 120, date(2026, 1, 4)]
    assert [read.cell(2, place).kind for place in range(5)] == ["empty", "str", "empty", "float", "date"]


def test_a_wrong_checksum_is_named_by_its_sheet(tmp_path: Path) -> None:
    refused = refusal(tmp_path, with_wrong_checksum(book([("甲", 1)]), SHEET_PART))
    assert refused.refusal is Refusal.DAMAGED_SHEET
    assert str(refused) == "“表.xlsx” is damaged at sheet “表1”. Have it sent again."


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET_PART]
)
def test_entities_are_refused_in_every_part(tmp_path: Path, part: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
    refused = refusal(tmp_path, pack(parts(sheet_xml(""), more={part: bomb})))
    assert refused.refusal is Refusal.FORBIDDEN_XML
    assert refused.values["part"] == part


def test_one_value_at_the_far_corner_is_refused_by_its_cell(tmp_path: Path) -> None:
    inside = f'<row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("XFD1048576", 1)}</row>'
    refused = refusal(tmp_path, pack(parts(sheet_xml(inside))))
    assert refused.refusal is Refusal.RANGE_TOO_LARGE
    assert refused.values["cell"] == "XFD1048576"


def test_a_far_corner_that_hides_from_the_quick_look_costs_only_the_child(tmp_path: Path) -> None:
    far = '<c r ="XFD1048576"><v>1</v></c>'
    inside = f'<row r="1">{cell("A1", "x" * 9000)}</row><row r ="1048576">{far}</row>'
    assert refusal(tmp_path, pack(parts(sheet_xml(inside)))).refusal is Refusal.TOO_MUCH_MEMORY


def test_a_format_at_the_far_corner_is_no_value(tmp_path: Path) -> None:
    read = table(tmp_path, f'<row r="1">{cell("A1", 1)}</row><row r="1048576"><c r="XFD1048576" s="1"/></row>')
    assert [list(row) for row in read.rows] == [[1]]


def test_a_false_dimension_is_not_believed(tmp_path: Path) -> None:
    read = table(tmp_path, f'<row r="2">{cell("C2", 7)}</row>', before='<dimension ref="A1"/>')
    assert read.cell(1, 2).value == 7


def test_a_formula_without_a_result_is_told_from_an_empty_cell(tmp_path: Path) -> None:
    inside = '<row r="7"><c r="A7"><v>1</v></c><c r="D7"><f>A7*2</f><v></v></c><c r="E7"><f>A7</f><v>1</v></c></row>'
    read = table(tmp_path, inside)
    assert read.cell(6, 3).value == Fault(FaultKind.NO_RESULT, "=A7*2")
    assert read.cell(6, 4).value == 1


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_a_cell_error_is_named(tmp_path: Path, error: str) -> None:
    read = table(tmp_path, f'<row r="1"><c r="A1" t="e"><v>{error}</v></c></row>')
    assert read.cell(0, 0).value == Fault(FaultKind.ERROR, error)


def test_an_empty_text_of_a_formula_is_an_empty_cell(tmp_path: Path) -> None:
    read = table(tmp_path, f'<row r="1">{cell("A1", 1)}<c r="B1" t="str"><f>""</f><v></v></c></row>')
    assert read.cell(0, 1).value is None


def test_the_value_of_a_formula_in_another_workbook_is_used_with_a_notice(tmp_path: Path) -> None:
    read = table(tmp_path, '<row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>5</v></c></row>')
    assert read.cell(0, 0).value == 5
    assert [notice.kind for notice in read.notices] == [NoticeKind.EXTERNAL_LINKS]


def test_hidden_rows_columns_and_filters_are_counted(tmp_path: Path) -> None:
    inside = f'<row r="1" hidden="1">{cell("A1", 1)}</row><row r="2">{cell("B2", 2)}</row>'
    sheet = sheet_xml(
        inside, before='<cols><col min="2" max="3" hidden="1"/></cols>', after='<autoFilter ref="A1:B2"/>'
    )
    read = read_table(saved(tmp_path, pack(parts(sheet))))
    assert read.hidden_rows == {1}
    assert [str(notice) for notice in read.notices] == [
        "2 hidden columns were read as well: B, C.",
        "1 hidden rows, the first in row 1.",
        "The sheet has a filter; rows that it hides were read as well.",
    ]


def test_the_1904_system_of_dates_is_honoured(tmp_path: Path) -> None:
    inside = f'<row r="1">{cell("A1", 46026 - 1462, style=1)}</row>'
    assert table(tmp_path, inside, workbook_properties='date1904="1"').cell(0, 0).value == date(2026, 1, 4)


def test_a_truth_is_not_the_number_one(tmp_path: Path) -> None:
    read = table(tmp_path, '<row r="1"><c r="A1" t="b"><v>1</v></c></row>')
    assert read.cell(0, 0).value is Truth.TRUE


def test_the_first_visible_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    content = _three_sheets()
    read = read_table(saved(tmp_path, content))
    assert read.sheet == "乙"
    assert [str(notice) for notice in read.notices] == [
        "Only the sheet “乙” was read, not: 丙.",
        "Hidden sheets were not read: 甲.",
    ]
    assert read_table(saved(tmp_path, content), sheet="丙").cell(0, 0).value == 3
    with pytest.raises(FileRefused, match=r"It has: 甲, 乙, 丙\."):
        read_table(saved(tmp_path, content), sheet="丁")


def _three_sheets(cover: str | None = None) -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    states = {"甲": ' state="hidden"', "乙": "", "丙": ""}
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>'
        for number, (name, state) in enumerate(states.items(), 1)
    )
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{relations}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in (1, 2, 3)
    )
    more: dict[str, str | bytes] = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{targets}</Relationships>",
        **{
            f"xl/worksheets/sheet{number}.xml": sheet_xml(f'<row r="1">{cell("A1", number)}</row>')
            for number in (1, 2, 3)
        },
    }
    if cover is not None:
        more["xl/worksheets/sheet2.xml"] = cover
    return pack(parts("", more=more))


def test_an_empty_cover_sheet_is_passed_over(tmp_path: Path) -> None:
    content = _three_sheets(cover=sheet_xml(""))
    assert read_table(saved(tmp_path, content)).sheet == "丙"


def test_a_macro_is_never_run_only_named(tmp_path: Path) -> None:
    content = pack(parts(sheet_xml(f'<row r="1">{cell("A1", 1)}</row>'), more={"xl/vbaProject.bin": b"\xd0\xcf\x11"}))
    assert [notice.kind for notice in read_table(saved(tmp_path, content, "表.xlsm")).notices] == [NoticeKind.MACROS]


@pytest.mark.parametrize(
    ("part", "kind"), [("word/document.xml", "Word"), ("xl/workbook.bin", "xlsb"), ("mimetype", "OpenDocument")]
)
def test_other_packed_formats_are_named(tmp_path: Path, part: str, kind: str) -> None:
    refused = refusal(tmp_path, pack({part: b"x"}))
    assert refused.refusal is Refusal.OTHER_FORMAT
    assert refused.values["kind"] == kind


def test_strict_open_xml_is_named(tmp_path: Path) -> None:
    strict = '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'
    refused = refusal(tmp_path, pack(parts(sheet_xml(""), more={"xl/workbook.xml": strict})))
    assert refused.values["kind"] == "Strict Open XML"


def test_too_many_rows_are_refused_with_the_limit(tmp_path: Path) -> None:
    limits = dataclasses.replace(LIMITS, rows=50)
    with pytest.raises(FileRefused) as refused:
        read_table(saved(tmp_path, book([(number,) for number in range(60)])), limits=limits)
    assert refused.value.refusal is Refusal.TOO_MANY_ROWS
    assert refused.value.values["limit"] == 50


def test_empty_rows_that_carry_only_a_format_do_not_count(tmp_path: Path) -> None:
    inside = f'<row r="1">{cell("A1", 1)}</row>' + "".join(f'<row r="{number}"/>' for number in range(2, 100))
    limits = dataclasses.replace(LIMITS, rows=50)
    read = read_table(saved(tmp_path, pack(parts(sheet_xml(inside)))), limits=limits)
    assert len(read.rows) == 1


def test_too_many_columns_are_refused_with_their_number(tmp_path: Path) -> None:
    inside = '<row r="1">' + "<c><v>1</v></c>" * 201 + "</row>"
    refused = refusal(tmp_path, pack(parts(sheet_xml(inside))))
    assert refused.refusal is Refusal.TOO_MANY_COLUMNS
    assert refused.values["columns"] == 201


def test_a_workbook_without_a_cell_says_so(tmp_path: Path) -> None:
    assert refusal(tmp_path, pack(parts(sheet_xml("")))).refusal is Refusal.NO_CELLS


def test_a_reference_to_a_text_that_is_not_there_is_damage(tmp_path: Path) -> None:
    sheet = sheet_xml('<row r="1"><c r="A1" t="s"><v>5</v></c></row>')
    assert refusal(tmp_path, pack(parts(sheet))).refusal is Refusal.DAMAGED


def test_a_writer_with_prefixes_and_single_quotes_is_read_carefully(tmp_path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f"<x:worksheet xmlns:x='{main}'><x:sheetData><x:row r='1'><x:c r='A1'><x:v>1</x:v></x:c>"
        "<x:c r='B1' t='e'><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    read = read_table(saved(tmp_path, pack(parts(sheet))))
    assert read.cell(0, 1).value == Fault(FaultKind.ERROR, "#N/A")
