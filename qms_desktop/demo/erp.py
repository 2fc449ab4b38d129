"""The files of the plant's ERP, imported when the story's IT did it: shipments again and again, as they grow."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qms_desktop import exchange, files
from qms_desktop.steps import master_data

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller
    from qms_desktop.exchange.reading import Reading

IT = "管理员"
FIRST_DAY = "2026-10-09 08:00"
EXPORTED_ON = date(2026, 11, 20)
# The order matters: shipments name customers and products.
MASTER_DATA = (
    ("people", "人员与工号.xlsx"),
    ("customers", "客户资料.xlsx"),
    ("products", "产品主数据.xlsx"),
    ("suppliers", "供应商资料.xlsx"),
    ("defect_codes", "缺陷代码.xlsx"),
    ("rates", "费率与物料单价.xlsx"),
)
SHIPMENTS = ("shipments", "出货明细_2026.xlsx")
# The genealogy names lots that were shipped; the stock was taken on the morning of the complaint.
LOTS = (("lot_genealogy", "批次用料追溯.xlsx"), ("stock", "库存快照.xlsx"))


def import_master_data(teller: Teller) -> None:
    """Tell the first imports: people, customers, products, suppliers, codes, rates, and the shipments so far."""
    teller.at(FIRST_DAY)
    for kind, file_name in MASTER_DATA:
        _import(teller, kind, file_name)
    import_shipments(teller, FIRST_DAY)


def import_lots(teller: Teller, at: str) -> None:
    """Tell the import of what the lots were made of, and of what lies in stock."""
    teller.at(at)
    for kind, file_name in LOTS:
        _import(teller, kind, file_name)


def import_shipments(teller: Teller, at: str) -> None:
    """Tell the import of the shipments that had left when it was made: up to the day before."""
    teller.at(at)
    until = teller.moment(at).date() - timedelta(days=1)
    _import(teller, *SHIPMENTS, until=until)


@lru_cache(maxsize=1)
def _read(kind: str, file_name: str) -> Reading[Any]:
    """Read a file once, though its shipments are imported four times."""
    return exchange.read(kind, files.resources() / "demo" / file_name, today=EXPORTED_ON)


def _import(teller: Teller, kind: str, file_name: str, *, until: date | None = None) -> None:
    read = _read(kind, file_name)
    rows = tuple(row for row in read.rows if until is None or row.shipped_on <= until)
    done = master_data.import_rows(
        teller.by(IT), kind=kind, rows=rows, file_name=file_name, sha256=read.sha256, original=read.original
    )
    upto = f" up to {until:%Y-%m-%d}" if until else ""
    teller.told(IT, f"imported {file_name}{upto}: {len(rows)} rows, {done.rows_new} new")
