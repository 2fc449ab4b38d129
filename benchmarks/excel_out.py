"""Excel out: a list of 100,000 rows and 12 columns, beside XlsxWriter alone with the same cells."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from benchmarks import Limit, Ratio, medians
from qms_desktop.documents import recall_list
from qms_desktop.steps.recall_scope import RecallScope, ShippedLine

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS, SHORT_ROWS = 100_000, 5_000
ROUNDS = 3
MOST_RATIO = 1.3
MOST_GROWTH_MB = 64
FIRST_DAY = date(2024, 1, 1)


def lines(rows: int = ROWS) -> Iterator[ShippedLine]:
    """Make shipment lines as they come out of a cursor, one at a time."""
    for number in range(rows):
        yield ShippedLine(
            shipment=f"CK{number:09}",
            shipped_on=FIRST_DAY + timedelta(days=number % 900),
            order=f"SO{number:09}",
            customer_number=f"C{number % 300:04}",
            customer=f"客户 {number % 300}",
            product=f"IT-{number % 2000:05}",
            model="气弹簧 B781 242N",
            lot=f"L{number % 50_000:07}",
            pieces=number % 500,
            in_scope=number % 7 == 0,
            found_by=f"S463087 → M{number % 90:04}",
        )


def scope(rows: int = ROWS) -> RecallScope:
    return RecallScope(
        company="示例气弹簧有限公司",
        form_number="F-1",
        assessment_number="RC20261105001",
        question="?",
        scope="?",
        lots=(),
        customers=(),
        lines=lines(rows),
        open_points=(),
        asked_by="",
        known_until=datetime(2026, 11, 3, tzinfo=UTC),
        printed_at=datetime(2026, 11, 5, tzinfo=UTC),
        zone="Asia/Shanghai",
    )


def ours(rows: int = ROWS) -> bytes:
    """Write the recall list, with its frames, checks and sums."""
    return recall_list.write(scope(rows), "en")


def floor(rows: int = ROWS) -> bytes:
    """Write the same cells with XlsxWriter alone, in constant memory."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, line in enumerate(lines(rows), start=1):
        cells = (
            row,
            line.shipment,
            line.shipped_on,
            line.order,
            line.customer_number,
            line.customer,
            line.product,
            line.model,
            line.lot,
            line.pieces,
            "yes" if line.in_scope else "no",
            line.found_by,
        )
        for column, cell in enumerate(cells):
            if column == 2:
                sheet.write_datetime(row, column, cell, day)
            else:
                sheet.write(row, column, cell)
    book.close()
    return target.getvalue()


def peak_growth_mb(rows: int = ROWS) -> float:
    """Measure in a process of its own how far the list lifts the peak of memory above that of a short list (Linux)."""
    code = (
        "import sys; from benchmarks.excel_out import ours, peak_mb; ours(10); before = peak_mb(); "
        "ours(int(sys.argv[1])); print(peak_mb() - before)"
    )
    found = subprocess.run([sys.executable, "-c", code, str(rows)], check=True, capture_output=True, text=True)
    return float(found.stdout)


def peak_mb() -> float:
    """Read the highest memory of this process; getrusage would inherit the peak of the parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(*, short: bool) -> list[Ratio | Limit]:
    """Measure the list beside its floor, and how far it lifts the peak of memory.

    The clock is the processor's: one thread that never waits, on a machine that others share.
    """
    rows, rounds = (SHORT_ROWS, 1) if short else (ROWS, ROUNDS)
    found = medians({"floor": lambda: floor(rows), "ours": lambda: ours(rows)}, rounds=rounds, clock=time.process_time)
    name = f"Excel out, {rows:,} rows"
    return [
        Ratio(f"{name}, beside XlsxWriter alone", found["floor"], found["ours"], MOST_RATIO, "s"),
        Limit(f"{name}: growth of the peak", peak_growth_mb(rows), MOST_GROWTH_MB, "MB"),
    ]
