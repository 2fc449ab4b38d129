"""From cells to typed rows: every fault by its cell, nothing half taken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop import i18n
from qms_desktop.exchange import KnownCodes, NoticeKind, Problem
from qms_desktop.exchange.fields import Context
from qms_desktop.exchange.layouts import CUSTOMERS, PEOPLE, RATES, SHIPMENTS, Layout
from qms_desktop.exchange.raw import RawTable, RawValue, column_letters
from qms_desktop.exchange.reading import Reading, read_rows
from qms_desktop.exchange.refusals import ColumnsAsked, FileRefused, Refusal
from qms_desktop.permissions import Role
from tests.exchange.books import A_SHIPMENT, SHIPMENT_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = date(2026, 11, 20)


def table(
    rows: Sequence[Sequence[RawValue]], *, sheet: str | None = "表1", hidden: frozenset[int] = frozenset()
) -> RawTable:
    return RawTable("出货.xlsx", "0" * 64, sheet, rows, range(1, len(rows) + 1), hidden, ())


def judged(
    rows: Sequence[Sequence[RawValue]],
    layout: Layout[Any] = SHIPMENTS,
    *,
    sheet: str | None = "表1",
    day_first: bool | None = None,
    known: KnownCodes | None = None,
    columns: dict[str, str] | None = None,
) -> Reading[Any]:
    context = Context(known or KnownCodes(), TODAY, day_first)
    return read_rows(table(rows, sheet=sheet), layout, context=context, columns=columns)


def shipment(**changed: RawValue) -> list[RawValue]:
    """Give a right line of a shipment table, with some cells changed by their heading."""
    return [changed.get(heading, value) for heading, value in zip(SHIPMENT_HEADINGS, A_SHIPMENT, strict=True)]


def problems(reading: Reading[Any]) -> list[tuple[str, Problem]]:
    return [(error.cell, error.problem) for error in reading.errors]


def test_a_right_line_becomes_a_typed_row() -> None:
    (row,) = judged([SHIPMENT_HEADINGS, shipment()]).rows
    assert (row.shipment_number, row.lot, row.shipped_pieces, row.shipped_on) == (
        "CK1",
        "L2610A",
        600,
        date(2026, 10, 27),
    )
    assert row.unit_price == Decimal("50.7600")
    assert isinstance(row.unit_price, Decimal)
    assert (row.source.sheet, row.source.row) == ("表1", 2)


def test_headings_are_found_under_titles_and_whatever_their_width() -> None:
    headings: list[RawValue] = [
        " 出货\n单号",
        "订单号",
        "客户编号",
        "产品编号 ",
        "批号",
        "订单数量",
        "出货数量",
        "单价",
        "币种",
        "出货日期",
    ]
    reading = judged([["出货明细表"], ["导出时间：2026-11-20 08:31"], [], headings, shipment()])
    assert len(reading.rows) == 1
    assert reading.titles == ("出货明细表", "导出时间：2026-11-20 08:31")


def test_english_and_traditional_headings_are_known() -> None:
    english = ["Customer No.", "Customer Name", "Market"]
    traditional = ["客戶編號", "客戶名稱", "國內/國外"]
    for headings, market in ((english, "Domestic"), (traditional, "國內")):
        assert judged([headings, ["C1", "甲", market]], CUSTOMERS).rows[0].code == "C1"


def test_a_table_without_headings_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        judged([["甲", "乙"], ["1", "2"]])
    assert refused.value.refusal is Refusal.NO_HEADER


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FileRefused) as refused:
        judged([SHIPMENT_HEADINGS[:-1], shipment()[:-1]])
    assert str(refused.value) == "“出货.xlsx”, row 1: the headings lack 出货日期. Add these columns, or name them."


def test_two_columns_of_one_name_are_asked_and_the_answer_is_taken() -> None:
    rows: list[list[RawValue]] = [[*SHIPMENT_HEADINGS, "批号"], [*shipment(), "L2609B"]]
    with pytest.raises(ColumnsAsked) as asked:
        judged(rows)
    assert (asked.value.column_name, asked.value.letters) == ("lot", ("E", "K"))
    assert str(asked.value) == "“出货.xlsx”, row 1: Lot may be column E, K. Choose which one is meant."
    assert judged(rows, columns={"lot": "K"}).rows[0].lot == "L2609B"


def test_a_chosen_column_that_is_not_there_is_refused() -> None:
    for letters in ("ZZ", "", "1", "批"):
        with pytest.raises(FileRefused) as refused:
            judged([SHIPMENT_HEADINGS, shipment()], columns={"lot": letters})
        assert refused.value.refusal is Refusal.NO_SUCH_COLUMN


@pytest.mark.parametrize(
    "footer",
    [
        "小计",
        "合 计",
        "总计：",
        "小計",
        "合計",
        "制表人：王伟",
        "签章：",
        "審核：",
        "本页小计",
        "第 1 页 共 3 页",
        "Total",
        "Sub-total",
        "Grand total:",
        "Prepared by: Wang",
        "导出时间：2026-11-20",
    ],
)
def test_footers_and_sums_are_left_out_and_listed(footer: str) -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(), [None, footer, None, None, None, None, 600.0], [footer]])
    assert len(reading.rows) == 1
    assert [(skipped.row, skipped.text) for skipped in reading.skipped] == [(3, footer), (4, footer)]
    assert not reading.errors


@pytest.mark.parametrize("number", ["Total-1", "小计A1", "合计客户", "CK合计", "Page1"])
def test_a_record_that_only_looks_like_a_footer_is_kept(number: str) -> None:
    assert len(judged([SHIPMENT_HEADINGS, shipment(出货单号=number)]).rows) == 1


def test_headings_repeated_on_every_page_are_left_out() -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(), SHIPMENT_HEADINGS, shipment(出货单号="CK2")])
    assert len(reading.rows) == 2
    assert [skipped.row for skipped in reading.skipped] == [3]


def test_blank_lines_are_passed_over() -> None:
    reading = judged([SHIPMENT_HEADINGS, [], shipment(), [None, "  ", "\u3000"]])
    assert (len(reading.rows), reading.errors, reading.skipped) == (1, (), ())


def test_hidden_rows_can_be_left_out() -> None:
    rows = [SHIPMENT_HEADINGS, shipment(), shipment(出货单号="CK2")]
    context = Context(KnownCodes(), TODAY, None)
    hidden = table(rows, hidden=frozenset({3}))
    assert len(read_rows(hidden, SHIPMENTS, context=context).rows) == 2
    assert len(read_rows(hidden, SHIPMENTS, context=context, with_hidden_rows=False).rows) == 1


def test_what_a_code_was_before_is_kept() -> None:
    (row,) = judged([SHIPMENT_HEADINGS, shipment(产品编号="ＹＱ－２２ ", 批号="L2610A  ")]).rows
    assert (row.product_code, row.lot) == ("YQ-22", "L2610A")
    assert row.source.originals == (("product_code", "ＹＱ－２２ "),)


def test_a_code_that_is_a_number_is_taken_with_a_notice_about_leading_zeros() -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(批号=123.0)])
    assert reading.rows[0].lot == "123"
    assert [str(notice) for notice in reading.notices if notice.kind is NoticeKind.LEADING_ZEROS] == [
        "Lot: 1 cells are numbers, the first at E2; leading zeros may be lost. Format the column as text."
    ]


def test_a_code_of_twenty_digits_stored_as_a_number_is_refused() -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(批号=1.2345678901234567e19)])
    assert problems(reading) == [("E2", Problem.TOO_MANY_DIGITS)]


@pytest.mark.parametrize(
    ("heading", "value", "cell", "problem"),
    [
        ("出货数量", 0.0, "G2", Problem.ZERO),
        ("出货数量", -0.0, "G2", Problem.ZERO),
        ("出货数量", -0.5, "G2", Problem.NEGATIVE),
        ("出货数量", "12.5", "G2", Problem.FRACTION),
        ("出货数量", float("nan"), "G2", Problem.NOT_A_NUMBER),
        ("出货数量", 10_000_001.0, "G2", Problem.OUT_OF_RANGE),
        ("单价", 0.0, "H2", Problem.ZERO),
        ("单价", 1.23456, "H2", Problem.TOO_MANY_PLACES),
        ("单价", "1,5", "H2", Problem.NOT_A_NUMBER),
        ("单价", "#REF!", "H2", Problem.CELL_ERROR),
        ("币种", "yuan", "I2", Problem.UNKNOWN_CURRENCY),
        ("出货日期", 46026.0, "J2", Problem.DAY_NUMBER),
        ("出货日期", date(1900, 2, 28), "J2", Problem.DATE_OUT_OF_RANGE),
        ("出货单号", "  ", "A2", Problem.MISSING),
        ("出货单号", date(2026, 1, 1), "A2", Problem.WRONG_KIND),
        ("批号", "L\x0026", "E2", Problem.CONTROL_CHARACTER),
    ],
)
def test_a_fault_is_named_by_its_cell(heading: str, value: RawValue, cell: str, problem: Problem) -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(**{heading: value})])
    assert problems(reading) == [(cell, problem)]
    assert not reading.rows
    assert str(reading.errors[0])


def test_every_fault_has_a_sentence_in_which_nothing_is_left_open() -> None:
    wrong = [
        shipment(出货数量=-5.0),
        shipment(出货单号="CK2", 批号="L\u200b1"),
        shipment(出货单号="CK3", 出货日期="2026-13-01"),
    ]
    sentences = [str(error) for error in judged([SHIPMENT_HEADINGS, *wrong]).errors]
    assert sentences == [
        "-5 is negative. Shipped pieces cannot be below 0.",
        "There is an invisible character (U+200B) at position 2. Delete it, or type the text again.",
        "There is no day 2026-13-01. Correct the date.",
    ]


def test_what_plants_write_for_the_yuan_is_cny() -> None:
    for yuan in ("RMB", "人民币", "rmb", "ＣＮＹ"):
        assert judged([SHIPMENT_HEADINGS, shipment(币种=yuan)]).rows[0].currency == "CNY"


def test_codes_are_checked_only_against_what_is_known() -> None:
    known = KnownCodes(customers={"C1"}, products={"YQ-28"}, currencies={"USD"})
    reading = judged([SHIPMENT_HEADINGS, shipment()], known=known)
    assert problems(reading) == [
        ("C2", Problem.UNKNOWN_CUSTOMER),
        ("D2", Problem.UNKNOWN_PRODUCT),
        ("I2", Problem.NO_RATE),
    ]


def test_a_missing_lot_is_allowed() -> None:
    assert judged([SHIPMENT_HEADINGS, shipment(批号=None)]).rows[0].lot is None


def test_two_lots_of_one_shipment_are_two_lines_and_the_same_lot_is_the_same_line() -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(), shipment(批号="L2610B"), shipment()])
    assert problems(reading) == [("A4", Problem.SAME_LINE_TWICE)]
    assert reading.errors[0].values["row"] == 2
    first, second = reading.rows
    assert first.key == second.key
    assert not first.is_same_line(second)


def test_a_line_whose_lot_another_system_does_not_know_is_the_same_line() -> None:
    (known,) = judged([SHIPMENT_HEADINGS, shipment()]).rows
    (unknown,) = judged([SHIPMENT_HEADINGS, shipment(批号=None)]).rows
    assert known.is_same_line(unknown)


def test_two_lines_with_faulty_keys_are_not_called_the_same() -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(出货单号=None), shipment(出货单号=None)])
    assert problems(reading) == [("A2", Problem.MISSING), ("A3", Problem.MISSING)]


def test_an_ambiguous_date_waits_for_one_answer() -> None:
    rows = [SHIPMENT_HEADINGS, shipment(出货日期="03/04/2026"), shipment(出货单号="CK2", 出货日期="05/06/2026")]
    reading = judged(rows)
    assert reading.asks_day_first
    assert problems(reading) == [("J2", Problem.AMBIGUOUS_DATE), ("J3", Problem.AMBIGUOUS_DATE)]
    answered = judged(rows, day_first=True)
    assert not answered.asks_day_first
    assert [row.shipped_on for row in answered.rows] == [date(2026, 4, 3), date(2026, 6, 5)]


def test_every_line_of_a_csv_with_a_wrong_number_of_columns_is_listed() -> None:
    rows = [SHIPMENT_HEADINGS, shipment()[:-1], [*shipment(), "x"], [*shipment(), "", ""], ["小计", "5"]]
    reading = judged(rows, sheet=None)
    assert [(error.row, error.problem, error.found) for error in reading.errors] == [
        (2, Problem.COLUMN_COUNT, "9"),
        (3, Problem.COLUMN_COUNT, "11"),
    ]
    assert len(reading.rows) == 1


def test_columns_that_nobody_asked_for_are_named() -> None:
    reading = judged([[*SHIPMENT_HEADINGS, "车牌号"], [*shipment(), "沪A12345"]])
    assert [str(notice) for notice in reading.notices] == ["These columns are not used: 车牌号."]


def test_a_rate_that_ends_before_it_begins_is_refused() -> None:
    headings = ["类别", "编号", "名称", "单位", "单价", "币种", "生效日期", "失效日期"]
    line: list[RawValue] = ["人工", "返工普工", "返工普工", "小时", 38.0, "CNY", "2026-07-01", "2026-06-30"]
    reading = judged([headings, line], RATES)
    assert problems(reading) == [("H2", Problem.ENDS_BEFORE_IT_BEGINS)]


def test_a_person_may_hold_several_roles_and_an_unknown_one_is_refused() -> None:
    headings = ["工号", "姓名", "角色"]
    reading = judged([headings, ["1", "徐兰", "qe、inspector"], ["2", "高平", "boss"]], PEOPLE)
    assert reading.rows[0].roles == (Role.QE, Role.INSPECTOR)
    assert problems(reading) == [("C3", Problem.NOT_A_CHOICE)]


def test_a_fault_speaks_the_language_of_who_reads_it() -> None:
    (error,) = judged([SHIPMENT_HEADINGS, shipment(出货数量=-5.0)]).errors
    with i18n.speaking("en"):
        assert str(error) == error.template.format(**error.values, found="-5", field="Shipped pieces")


RAW_VALUES = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.sampled_from([*A_SHIPMENT, "03/04/2026", "１２", "1e3", "-1", "#N/A"]),
)


@given(st.lists(st.lists(RAW_VALUES, min_size=10, max_size=10), max_size=6))
def test_any_cells_give_right_rows_or_faults_and_no_line_is_lost(lines: list[list[RawValue]]) -> None:
    reading = judged([SHIPMENT_HEADINGS, *lines, shipment(出货单号="LAST")])
    faulty = {error.row for error in reading.errors}
    taken = {row.source.row for row in reading.rows}
    skipped = {line.row for line in reading.skipped}
    blank = {
        number
        for number, line in enumerate(lines, 2)
        if all(
            value is None
            or (isinstance(value, str) and not value.strip(" \t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000\ufeff"))
            for value in line
        )
    }
    assert faulty | taken | skipped | blank == set(range(2, len(lines) + 3))
    assert not faulty & taken
    for row in reading.rows:
        assert row.shipped_pieces >= 1
        assert row.unit_price > 0
        assert row.shipped_on <= TODAY
    for error in reading.errors:
        assert str(error)
        assert error.cell.rstrip("0123456789") in {column_letters(place) for place in range(10)}


@given(
    pieces=st.integers(1, 10_000_000),
    price=st.decimals("0.0001", "9999999.9999", places=4),
    day=st.dates(date(1990, 1, 1), TODAY),
    as_text=st.booleans(),
)
def test_right_values_come_back_exactly(pieces: int, price: Decimal, day: date, as_text: bool) -> None:  # noqa: FBT001
    changed: dict[str, RawValue] = {"订单数量": None, "出货数量": float(pieces), "单价": float(price), "出货日期": day}
    if as_text:
        changed |= {"出货数量": f"{pieces:,}", "单价": str(price), "出货日期": day.strftime("%Y/%m/%d")}
    (row,) = judged([SHIPMENT_HEADINGS, shipment(**changed)]).rows
    assert (row.shipped_pieces, row.unit_price, row.shipped_on) == (pieces, price, day)


@pytest.mark.parametrize("text", ["C1001 小计", "C1001 汇总", "C1001 Total", "10月小计", "数量合计", "共 4 条", "1/3"])
def test_a_sum_that_names_its_group_is_left_out_and_listed(text: str) -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(), [text, None, None, None, None, None, 600.0]])
    assert (len(reading.rows), [skipped.row for skipped in reading.skipped], reading.errors) == (1, [3], ())


def test_a_sum_beside_the_code_of_its_group_is_left_out_and_listed() -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(), [None, None, "C1001", "小计", None, None, 600.0]])
    assert (len(reading.rows), len(reading.skipped), reading.errors) == (1, 1, ())


def test_sums_without_a_word_are_left_out_and_listed() -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(), [None] * 5 + [800.0, 600.0]])
    assert (len(reading.rows), [skipped.row for skipped in reading.skipped]) == (1, [3])


def test_a_record_that_lacks_one_cell_is_no_sum_whatever_it_says() -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(出货单号=None, 批号="小计")])
    assert problems(reading) == [("A2", Problem.MISSING)]


@pytest.mark.parametrize(
    ("field", "heading"),
    [
        ("lot", "Lot No"),
        ("lot", "Lot Number"),
        ("lot", "Batch No."),
        ("lot", "生产批号"),
        ("customer_code", "Customer No"),
        ("customer_code", "*客户编号"),
        ("customer_code", "客户编号："),
        ("customer_code", "客户编号 Customer No."),
        ("customer_code", "客户编号\nCustomer No."),
        ("customer_code", "客户编号(Customer No.)"),
        ("product_code", "物料编码"),
        ("shipped_pieces", "出货数量(支)"),
        ("shipped_pieces", "Qty (pcs)"),
        ("unit_price", "单价（含税）"),
        ("shipped_on", "Shipment Date"),
    ],
)
def test_a_column_is_known_by_its_other_names(field: str, heading: str) -> None:
    place = {"lot": 4, "customer_code": 2, "product_code": 3, "shipped_pieces": 6, "unit_price": 7, "shipped_on": 9}
    headings: list[RawValue] = list(SHIPMENT_HEADINGS)
    headings[place[field]] = heading
    (row,) = judged([headings, shipment()]).rows
    (usual,) = judged([SHIPMENT_HEADINGS, shipment()]).rows
    assert getattr(row, field) == getattr(usual, field)


@pytest.mark.parametrize(("place", "heading"), [(6, "出货数量(箱)"), (6, "数量（千只）"), (7, "单价(不含税)")])
def test_a_heading_that_means_something_else_is_not_taken(place: int, heading: str) -> None:
    headings: list[RawValue] = list(SHIPMENT_HEADINGS)
    headings[place] = heading
    with pytest.raises(FileRefused) as refused:
        judged([headings, shipment()])
    assert refused.value.refusal is Refusal.COLUMNS_MISSING


def test_a_column_that_is_not_there_is_remarked() -> None:
    headings: list[RawValue] = list(SHIPMENT_HEADINGS)
    headings[4] = "Werk"
    (absent,) = [each for each in judged([headings, shipment()]).notices if each.kind is NoticeKind.ABSENT_COLUMNS]
    assert "Lot" in str(absent)


@pytest.mark.parametrize("nothing", ["-", "—", "/", "//", "无", "無", "N/A", "n/a", "NULL", "批号不明", " - "])
def test_a_sign_for_nothing_is_no_lot(nothing: str) -> None:
    reading = judged([SHIPMENT_HEADINGS, shipment(批号=nothing)])
    assert reading.rows[0].lot is None
    assert problems(judged([SHIPMENT_HEADINGS, shipment(出货单号=nothing)])) == [("A2", Problem.MISSING)]


@pytest.mark.parametrize("dash", "\u2010\u2011\u2012\u2013\u2014\u2212")
def test_hyphens_that_look_the_same_are_the_same(dash: str) -> None:
    assert judged([SHIPMENT_HEADINGS, shipment(产品编号=f"YQ{dash}22")]).rows[0].product_code == "YQ-22"


def test_a_known_code_in_small_letters_is_the_known_code() -> None:
    known = KnownCodes(customers={"C1001"}, products={"YQ-22", "ab", "AB"})
    (row,) = judged([SHIPMENT_HEADINGS, shipment(客户编号="c1001", 产品编号="yq-22")], known=known).rows
    assert (row.customer_code, row.product_code) == ("C1001", "YQ-22")
    unsure = judged([SHIPMENT_HEADINGS, shipment(产品编号="Ab")], known=known)
    assert problems(unsure) == [("D2", Problem.UNKNOWN_PRODUCT)]


def test_a_code_that_excel_has_shortened_is_refused() -> None:
    assert problems(judged([SHIPMENT_HEADINGS, shipment(批号="1.23457E+11")])) == [("E2", Problem.SCIENTIFIC)]


@pytest.mark.parametrize(("heading", "value"), [("出货数量", "100\u200b"), ("出货日期", "2026\u200b-10-27")])
def test_what_nobody_sees_in_a_number_or_a_date_is_named(heading: str, value: str) -> None:
    (error,) = judged([SHIPMENT_HEADINGS, shipment(**{heading: value})]).errors
    assert error.problem is Problem.INVISIBLE_CHARACTER


def test_an_amount_needs_a_rate_of_its_currency_and_terms_of_payment_do_not() -> None:
    known = KnownCodes(currencies={"CNY"})
    reading = judged([SHIPMENT_HEADINGS, shipment(币种="USD"), shipment(出货单号="CK2", 币种="RMBY")], known=known)
    assert problems(reading) == [("I2", Problem.NO_RATE), ("I3", Problem.UNKNOWN_CURRENCY)]
    customers = [["客户编号", "客户名称", "国内/国外", "结算币种"], ["C1", "甲", "国外", "USD"]]
    assert judged(customers, CUSTOMERS, known=known).rows[0].currency == "USD"


def test_nothing_below_the_headings_is_said() -> None:
    with pytest.raises(FileRefused) as refused:
        judged([SHIPMENT_HEADINGS, [], ["合计"]])
    assert refused.value.refusal is Refusal.NO_LINES


def test_a_cell_that_only_shows_the_value_of_another_is_blamed() -> None:
    rows = [["出货明细"], SHIPMENT_HEADINGS, shipment(), shipment(出货单号=None, 批号=None), shipment(批号=None)]
    merged = RawTable(
        "出货.xlsx", "0" * 64, "表1", rows, range(1, 6), frozenset(), (),
        merged=((0, 0, 0, 9), (2, 0, 3, 0), (2, 4, 4, 4)),
    )  # fmt: skip
    reading = read_rows(merged, SHIPMENTS, context=Context(KnownCodes(), TODAY, None))
    assert problems(reading) == [("A4", Problem.MERGED), ("E4", Problem.MERGED), ("E5", Problem.MERGED)]
    assert "A3" in str(reading.errors[0])
