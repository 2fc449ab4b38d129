"""A customer's own return notice, with its free lines above and below the table."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from qms_desktop import files
from qms_desktop.exchange import KnownCodes, Problem, read_return_notice
from tests.exchange.books import book, saved

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 20)
HEADINGS = ("序号", "物料号", "贵司批号", "数量", "不良现象", "处理要求")


def test_the_notice_of_the_story_is_read_whole() -> None:
    reading = read_return_notice(files.resources() / "demo" / "客户退货通知_华东远航.xlsx", today=TODAY)
    (notice,) = reading.rows
    assert (notice.number, notice.day) == ("TH-20261103-07", date(2026, 11, 3))
    assert (notice.customer_name, notice.contact) == ("华东远航汽配有限公司", "王经理 021-58881234")
    assert (notice.reply_hours, notice.wants_eight_d) == (12, True)
    assert notice.demands == ("要求12小时内书面回复，并提交8D报告。",)
    assert [(line.product_code, line.lot, line.pieces) for line in notice.lines] == [
        ("YQ-22", "L2610A", 600),
        ("YQ-28", "L2609B", 45),
        ("ZW-22", "L2610C", 12),
    ]
    assert notice.lines[0].defect == "行程中阻力不符，开启困难"


def test_a_fault_in_a_line_or_in_the_heading_is_named_and_nothing_is_taken(tmp_path: Path) -> None:
    rows = [
        ("甲公司 退货通知单",),
        ("日期：2026年2月30日", None, "单号：TH\u200b-1"),
        HEADINGS,
        (1, "YQ-22", "L2610A", "六百", "漏油", "换货"),
        (2, "ZZ-00", "L2610A", 5, "漏油", "换货"),
    ]
    reading = read_return_notice(saved(tmp_path, book(rows)), today=TODAY, known=KnownCodes(products={"YQ-22"}))
    assert [(error.cell, error.problem) for error in reading.errors] == [
        ("C2", Problem.INVISIBLE_CHARACTER),
        ("A2", Problem.NO_SUCH_DATE),
        ("D4", Problem.NOT_A_NUMBER),
        ("B5", Problem.UNKNOWN_PRODUCT),
    ]
    assert reading.rows == ()


def test_a_notice_without_a_number_says_so(tmp_path: Path) -> None:
    reading = read_return_notice(saved(tmp_path, book([HEADINGS, (1, "YQ-22", "L1", 5, "漏油", "换货")])), today=TODAY)
    assert [str(error) for error in reading.errors] == ["Notice number is missing. Fill it in."]


def test_the_hours_and_the_8d_may_stand_in_english(tmp_path: Path) -> None:
    rows = [
        ("Return Notice",),
        ("No.: RN-7", None, "Date: 2026-11-03"),
        HEADINGS,
        (1, "YQ-22", "L1", 5, "leak", "credit"),
        ("Please answer within 24 hours with an 8D report.",),
    ]
    (notice,) = read_return_notice(saved(tmp_path, book(rows)), today=TODAY).rows
    assert (notice.number, notice.reply_hours, notice.wants_eight_d) == ("RN-7", 24, True)
    assert notice.customer_name is None
