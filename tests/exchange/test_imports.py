"""The files of the demo set and the file with known faults, through the one door."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qms_desktop import exchange, files
from qms_desktop.exchange import Kind, KnownCodes, Problem, read
from qms_desktop.exchange.layouts import CUSTOMERS, PRODUCTS, SHIPMENTS
from tests.exchange.books import A_SHIPMENT, SHIPMENT_HEADINGS, book, saved

if TYPE_CHECKING:
    from qms_desktop.exchange.rows import ShipmentRow

DEMO = files.resources() / "demo"
SAMPLES = Path(__file__).parent.parent / "samples"
TODAY = date(2026, 11, 20)

# The words of the list of faults, and what the program calls them.
FAULTS = {
    "negative quantity": Problem.NEGATIVE,
    "not a number": Problem.NOT_A_NUMBER,
    "fraction of a piece": Problem.FRACTION,
    "missing quantity": Problem.MISSING,
    "no such date": Problem.NO_SUCH_DATE,
    "ambiguous date": Problem.AMBIGUOUS_DATE,
    "date in the future": Problem.FUTURE_DATE,
    "unknown customer": Problem.UNKNOWN_CUSTOMER,
    "unknown product": Problem.UNKNOWN_PRODUCT,
    "unknown currency": Problem.UNKNOWN_CURRENCY,
    "formula without a value": Problem.NO_RESULT,
    "negative price": Problem.NEGATIVE,
    "invisible character in the lot": Problem.INVISIBLE_CHARACTER,
    "quantity out of range": Problem.OUT_OF_RANGE,
    "order quantity below shipped quantity": Problem.ORDERED_BELOW_SHIPPED,
    "missing shipment number": Problem.MISSING,
    "same line twice": Problem.SAME_LINE_TWICE,
    "scientific notation": Problem.SCIENTIFIC,
    "text too long": Problem.TOO_LONG,
    "two-digit year": Problem.TWO_DIGIT_YEAR,
}


@pytest.fixture(scope="module")
def known() -> KnownCodes:
    customers = read(CUSTOMERS, DEMO / "客户资料.xlsx", today=TODAY)
    products = read(PRODUCTS, DEMO / "产品主数据.xlsx", today=TODAY)
    return KnownCodes(
        customers={row.code for row in customers.rows},
        products={row.code for row in products.rows},
        currencies={"CNY", "USD", "EUR", "JPY"},
    )


@pytest.fixture(scope="module")
def shipments(known: KnownCodes) -> tuple[ShipmentRow, ...]:
    reading = read(SHIPMENTS, DEMO / "出货明细_2026.xlsx", today=TODAY, known=known)
    assert not reading.errors
    return reading.rows


def test_the_file_with_twenty_faults_names_exactly_those_cells(known: KnownCodes) -> None:
    with (SAMPLES / "出货明细_有错误.expected.csv").open(encoding="utf-8-sig", newline="") as listed:
        expected = {line["cell"]: FAULTS[line["fault"]] for line in csv.DictReader(listed)}
    reading = read(Kind.SHIPMENTS, SAMPLES / "出货明细_有错误.xlsx", today=TODAY, known=known)
    assert len(expected) == 20
    assert {error.cell: error.problem for error in reading.errors} == expected
    assert len(reading.errors) == 20
    assert len(reading.rows) == 40


@pytest.mark.parametrize(
    ("kind", "file_name", "rows", "skipped"),
    [
        (Kind.CUSTOMERS, "客户资料.xlsx", 33, 1),
        (Kind.PRODUCTS, "产品主数据.xlsx", 60, 0),
        (Kind.SHIPMENTS, "出货明细_2026.xlsx", 6008, 7),
        (Kind.LOT_GENEALOGY, "批次用料追溯.xlsx", 3912, 0),
        (Kind.PEOPLE, "人员与工号.xlsx", 46, 0),
        (Kind.RATES, "费率与物料单价.xlsx", 15, 0),
        (Kind.STOCK, "库存快照.xlsx", 7, 0),
        (Kind.SUPPLIERS, "供应商资料.xlsx", 6, 0),
        (Kind.DEFECT_CODES, "缺陷代码.xlsx", 15, 0),
    ],
)
def test_the_demo_set_is_read_without_a_fault(
    known: KnownCodes, kind: Kind, file_name: str, rows: int, skipped: int
) -> None:
    reading = read(kind, DEMO / file_name, today=TODAY, known=known)
    assert [str(error) for error in reading.errors] == []
    assert (len(reading.rows), len(reading.skipped)) == (rows, skipped)


def test_the_subtotals_of_the_workbook_are_the_sums_of_its_lines(shipments: tuple[ShipmentRow, ...]) -> None:
    table = exchange.read_table(DEMO / "出货明细_2026.xlsx")
    total = next(row[10] for row in table.rows if row[0] == "合计")
    assert sum(row.shipped_pieces for row in shipments) == total


def test_the_lots_of_the_story_are_there(shipments: tuple[ShipmentRow, ...]) -> None:
    told = [row for row in shipments if (row.product_code, row.lot) == ("YQ-22", "L2610A")]
    assert {row.customer_code: row.shipped_pieces for row in told} == {"C1001": 800, "C2002": 600, "C1018": 120}


def test_another_system_s_export_of_the_quarter_gives_the_same_lines(
    shipments: tuple[ShipmentRow, ...], known: KnownCodes
) -> None:
    other = read(SHIPMENTS, SAMPLES / "出货明细_2026Q1_GB18030.csv", today=TODAY, known=known)
    assert not other.errors
    by_key = {row.key: row for row in shipments if row.shipped_on < date(2026, 4, 1)}
    assert len(by_key) == len(other.rows) == 1632
    fields = [name for name in other.rows[0].__slots__ if name not in ("lot", "source")]
    for line in other.rows:
        same = by_key[line.key]
        assert same.is_same_line(line)
        assert [getattr(same, name) for name in fields] == [getattr(line, name) for name in fields]
    # What the workbook does not know, the other system does; nothing contradicts.
    assert sum(1 for line in other.rows if by_key[line.key].lot is None) == 21


def test_prices_are_exact(shipments: tuple[ShipmentRow, ...]) -> None:
    assert shipments[0].unit_price == Decimal("13.7577")
    assert all(row.unit_price.as_tuple().exponent == -4 for row in shipments)


def test_a_layout_and_its_name_give_the_same(tmp_path: Path) -> None:
    path = saved(tmp_path, book([SHIPMENT_HEADINGS, A_SHIPMENT]))
    assert read("shipments", path, today=TODAY) == read(SHIPMENTS, path, today=TODAY)


def test_a_kind_that_does_not_exist_is_a_fault_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        read("nonsense", saved(tmp_path, book([SHIPMENT_HEADINGS])), today=TODAY)


def test_loading_the_package_loads_no_library_for_excel_or_pictures() -> None:
    asked = (
        "import sys, qms_desktop.exchange as e; e.Kind; e.Problem; e.FileRefused; "
        "print([m for m in ('python_calamine', 'openpyxl', 'PIL', 'pi_heif', 'PySide6') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_child_loads_no_window_and_no_database() -> None:
    asked = (
        "import sys, qms_desktop.exchange.child, qms_desktop.exchange.workbook, qms_desktop.exchange.csv_text; "
        "import qms_desktop.exchange.picture_decoder; "
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'peewee', 'psycopg', 'sqlite3')])"
    )
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    for name in exchange.__all__:
        assert getattr(exchange, name) is not None
    with pytest.raises(AttributeError):
        exchange.nothing_of_the_kind  # noqa: B018 - asking is the test
