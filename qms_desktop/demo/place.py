"""Where the demo lives, and how it is made: a SQLite file of the person, filled by the same import as a plant's."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop import exchange, files
from qms_desktop.db import setup
from qms_desktop.demo import chapters
from qms_desktop.demo.teller import ADMIN_LOGIN, DEMO_PASSWORD, Teller
from qms_desktop.permissions import Role
from qms_desktop.rules import access
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data_known import known_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

PLANT = setup.Plant(name="示例气弹簧有限公司", english_name="Demo Gas Springs Co., Ltd.")
OPENS_AS = "10002"
# The order matters: shipments name customers and products, the genealogy names lots.
DEMO_SET = (
    ("people", "人员与工号.xlsx"),
    ("customers", "客户资料.xlsx"),
    ("products", "产品主数据.xlsx"),
    ("suppliers", "供应商资料.xlsx"),
    ("defect_codes", "缺陷代码.xlsx"),
    ("rates", "费率与物料单价.xlsx"),
    ("shipments", "出货明细_2026.xlsx"),
    ("lot_genealogy", "批次用料追溯.xlsx"),
    ("stock", "库存快照.xlsx"),
)


@dataclass(frozen=True)
class Demo:
    """A demo database that is ready: its address, and as whom the window opens."""

    url: str
    login: str
    password: str


def make_when_missing() -> Demo:
    """Give the person's demo, made whole or not at all when it is not there yet."""
    path = files.person_folder() / "demo" / "demo.qms"
    if not path.exists():
        with told_into(path) as teller:
            chapters.tell_until_the_demo_opens(teller)
    return Demo(f"sqlite:///{path}", OPENS_AS, DEMO_PASSWORD)


@contextmanager
def told_into(path: Path, *, listen: Callable[[str], None] = lambda _line: None) -> Iterator[Teller]:
    """Make a demo beside its place, let the story be told there, and put it in its place when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / "demo.qms"
        teller = make(f"sqlite:///{made}", listen=listen)
        try:
            yield teller
        finally:
            teller.close()
        # A copy by the backup API holds what still lies in the write-ahead log; a plain move would lose it.
        fresh = Path(folder) / "whole.qms"
        with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(fresh)) as target:
            source.backup(target)
        fresh.replace(path)


def make(url: str, *, listen: Callable[[str], None] = lambda _line: None) -> Teller:
    """Make a demo database in a SQLite file with the demo set in it; gives who tells the story there."""
    admin = setup.NewPerson(login=ADMIN_LOGIN, name="管理员", roles=frozenset({Role.ADMIN}), password=DEMO_PASSWORD)
    setup.make_file(url, purpose=setup.Purpose.DEMO, plant=PLANT, admin=admin)
    teller = Teller(url=url, listen=listen)
    fill(teller)
    return teller


def fill(teller: Teller) -> None:
    """Import the demo set and give everybody the demo's password."""
    teller.at("2026-10-09 08:00")
    admin = teller.by("管理员")
    today = teller.moment("2026-11-20 08:31").date()
    for kind, file_name in DEMO_SET:
        imported = _import(teller, kind, file_name, today)
        teller.told("管理员", f"{file_name}: {imported} rows")
    for person in access.listed(admin):
        if person.login != ADMIN_LOGIN:
            access.add_person(
                admin,
                login=person.login,
                name=person.name,
                roles=frozenset(person.roles),
                first_password=DEMO_PASSWORD,
                badge=person.badge,
            )


def _import(teller: Teller, kind: str, file_name: str, today: date) -> int:
    admin = teller.by("管理员")
    codes = known_codes(admin)
    known = exchange.KnownCodes(codes.customers, codes.products, codes.currencies) if kind == "shipments" else None
    read = exchange.read(kind, files.resources() / "demo" / file_name, today=today, known=known)
    master_data.import_rows(admin, kind=kind, rows=read.rows, file_name=file_name, sha256=read.sha256)
    return len(read.rows)
