"""The sample book: the exports that an ERP hands over, read from the demo's files and imported into an empty plant."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from qms_desktop import exchange, files
from qms_desktop.db import setup
from qms_desktop.db.setup import NewPerson, Purpose
from qms_desktop.permissions import Role
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data import ImportKind
from tests.helpers.plant import PLANT, Plant, ServerCopies, make_database, password_of

if TYPE_CHECKING:
    from pathlib import Path

    from qms_desktop.exchange import Reading
    from qms_desktop.session import Session
    from qms_desktop.steps.master_data import ImportResult
    from tests.helpers.postgres import Server

TODAY = date(2026, 11, 20)
DEMO = files.resources() / "demo"
SAMPLES = files.resources().parent / "tests" / "samples"
BOOK: dict[ImportKind, Path] = {
    ImportKind.CUSTOMERS: DEMO / "客户资料.xlsx",
    ImportKind.PRODUCTS: DEMO / "产品主数据.xlsx",
    ImportKind.SUPPLIERS: DEMO / "供应商资料.xlsx",
    ImportKind.DEFECT_CODES: DEMO / "缺陷代码.xlsx",
    ImportKind.PEOPLE: DEMO / "人员与工号.xlsx",
    ImportKind.RATES: DEMO / "费率与物料单价.xlsx",
    ImportKind.LOT_GENEALOGY: DEMO / "批次用料追溯.xlsx",
    ImportKind.SHIPMENTS: DEMO / "出货明细_2026.xlsx",
    ImportKind.STOCK: DEMO / "库存快照.xlsx",
}
FIRST_QUARTER = SAMPLES / "出货明细_2026Q1_GB18030.csv"


def read(kind: ImportKind, path: Path) -> Reading[Any]:
    """Read a file of the book as the plant would in November 2026."""
    return exchange.read(str(kind), path, today=TODAY, day_first=False)


def take_in(session: Session, kind: ImportKind, path: Path) -> ImportResult:
    """Read and import one file."""
    found = read(kind, path)
    return master_data.import_rows(session, kind=kind, rows=found.rows, file_name=found.file_name, sha256=found.sha256)


def import_book(session: Session) -> dict[ImportKind, ImportResult]:
    """Import the whole book."""
    return {kind: take_in(session, kind, path) for kind, path in BOOK.items()}


def empty_file(folder: Path) -> Plant:
    """Make an empty SQLite plant with IT as its only person."""
    url = f"sqlite:///{folder / 'book.qms'}"
    setup.make_file(url, purpose=Purpose.TEST, plant=PLANT, admin=_admin())
    return Plant(url=url, kind="sqlite", admin_password=password_of("it"))


def empty_server(server: Server, name: str) -> Plant:
    """Make an empty PostgreSQL plant with IT as its only person."""
    url = f"postgresql://127.0.0.1:{server.port}/{name}?sslmode=disable"
    make_database(server, url)
    return ServerCopies.plant_at(url)


def _admin() -> NewPerson:
    return NewPerson(login="it", name="管理员", roles=frozenset({Role.ADMIN}), password=password_of("it"))
