"""Excel in: 100,000 shipment lines through the whole import, beside calamine's own reading of the same file."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import python_calamine as calamine
import xlsxwriter

from benchmarks import Ratio, medians
from qms_desktop import exchange
from qms_desktop.exchange.layouts import SHIPMENTS

LINES, SHORT_LINES = 100_000, 5_000
ROUNDS = 5
MOST_RATIO = 4.0
TODAY = dt.date(2026, 11, 20)
HEADINGS = (
    "出货单号",
    "订单号",
    "客户编号",
    "客户名称",
    "产品编号",
    "型号规格",
    "批号",
    "Date Code",
    "生产合同号",
    "订单数量",
    "出货数量",
    "单位",
    "单价",
    "币种",
    "出货日期",
    "承运商",
)


def write_shipments(path: Path, lines: int) -> None:
    """Write a workbook of shipment lines as a plant's system does: many numbers, few products, real dates."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("出货明细")
        as_day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADINGS)
        for line in range(1, lines + 1):
            pieces = 1 + line * 7919 % 2000
            texts = (
                f"CK26{line:08}",
                f"SO26{line:08}",
                f"C1{line % 97:03}",
                "华东远航汽配有限公司",
                f"YQ-{10 + line % 60}",
            )
            more = ("气弹簧 B781 242N", f"L26{1 + line % 11:02}A", "0126", f"PC-2601-{line % 3000:02}")
            sheet.write_row(line, 0, (*texts, *more, pieces, pieces, "支", (100 + line % 199_900) / 10_000, "CNY"))
            sheet.write_datetime(line, 14, dt.datetime(2026, 1, 1) + dt.timedelta(line % 300), as_day)  # noqa: DTZ001 - a cell has no zone
            sheet.write_string(line, 15, "顺丰")


def measure(*, short: bool) -> list[Ratio]:
    """Measure the import of a workbook beside its floor."""
    lines, rounds = (SHORT_LINES, 1) if short else (LINES, ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shipments.xlsx"
        write_shipments(path, lines)
        found = medians({"floor": lambda: _calamine(path, lines), "ours": lambda: _import(path, lines)}, rounds=rounds)
    return [Ratio(f"Excel in, {lines:,} lines judged, beside calamine", found["floor"], found["ours"], MOST_RATIO, "s")]


def _calamine(path: Path, lines: int) -> None:
    rows = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert len(rows) == lines + 1


def _import(path: Path, lines: int) -> None:
    reading = exchange.read(SHIPMENTS, path, today=TODAY)
    assert len(reading.rows) == lines
    assert not reading.errors
