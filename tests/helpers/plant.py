"""A small plant to test in: people with passwords, a few customers, products and shipments, on both databases.

Each test gets its own copy of a template that is made once; people sign in with their own passwords. The clock stands
at 2026-11-03 09:20 until somebody sets it. How a story that many tests begin with is told only once: scene.py.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import psycopg

from qms_desktop.db import master_data as md
from qms_desktop.db import people, setup
from qms_desktop.db.connection import SqliteFile, write
from qms_desktop.db.setup import NewPerson, Purpose
from qms_desktop.db.sqlite_functions import Identity
from qms_desktop.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qms_desktop.session import Session
    from tests.helpers.postgres import Server

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLANT = setup.Plant(name="示例气弹簧有限公司", english_name="Demo Gas Springs Co., Ltd.")
UPGRADE_PASSWORD = "upgrade-password-1"
_BEGIN = "2026-11-03 09:20"
_TOLD_KEPT = 24
"""Databases with a told story that a test process keeps: of 20 MB on a server, and in memory."""
R = Role
PEOPLE = {
    "周磊秀": ("10001", {R.WAREHOUSE}),
    "徐兰": ("10002", {R.QE}),
    "高平": ("10003", {R.INSPECTOR}),
    "罗强": ("10004", {R.PRODUCTION}),
    "王伟涛": ("10005", {R.SALES}),
    "王涛兰": ("10006", {R.SALES_MANAGER}),
    "郭明": ("10007", {R.SALES_VP}),
    "沈国强": ("10008", {R.RETURN_LEADER}),
    "胡霞军": ("10009", {R.GM}),
    "胡丽桂": ("10010", {R.QUALITY_MANAGER}),
    "曹颖": ("10011", {R.FINANCE}),
    "钱进": ("10012", {R.PLANNING}),
    "宋佳": ("10013", {R.AFTER_SALES}),
    "邓小梅": ("10014", {R.ADMINISTRATION}),
    "冯志远": ("10015", {R.SQE}),
    "吕慧": ("10016", {R.PRODUCT_SAFETY}),
    "马财": ("10017", {R.FINANCE_VP}),
    "管理员": ("it", {R.ADMIN}),
}


def password_of(login: str) -> str:
    """Give a person's password in the test plant."""
    return f"password-{login}"


@dataclass(frozen=True)
class Place:
    """Where a database stands, and how it goes."""

    url: str
    drop: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Chapter:
    """A part of a story: its title says everything that it depends on but for the chapters before it."""

    title: str
    tell: Callable[[Plant], Any]


class Plant:
    """A database with people in it, for one test; a copy of a template is made when it is first needed."""

    def __init__(
        self,
        *,
        kind: str,
        url: str = "",
        admin_login: str = "it",
        admin_password: str = "",
        copies: Copies | None = None,
        chapters: tuple[Chapter, ...] = (),
    ) -> None:
        """Take a database that stands at `url`, or one to be copied when the chapters were told in it."""
        self.kind, self.admin_login, self.admin_password = kind, admin_login, admin_password
        self.sessions: list[Session] = []
        self._place = Place(url) if url else None
        self._copies, self._chapters = copies, chapters
        self._by_thread: dict[tuple[int, str], Session] = {}
        self._reader: Any = None
        self._one_at_a_time = threading.Lock()

    @property
    def url(self) -> str:
        """Give the address of the database, which stands from now on."""
        return self._standing().url

    def told(self, chapter: Chapter) -> Any:  # noqa: ANN401 - whatever the chapter gives
        """Let a chapter have happened: told here if the plant is in use, else once for all plants that begin so."""
        if self._place is not None:
            return chapter.tell(self)
        assert self._copies
        self._chapters = (*self._chapters, chapter)
        return self._copies.result(self._chapters)

    def sign_in(self, name: str, *, station: str = "") -> Session:
        """Sign a person of the story in with the right password."""
        login = PEOPLE[name][0]
        key = (threading.get_ident(), login)
        if key not in self._by_thread:
            self._by_thread[key] = people.sign_in(self.url, login, password_of(login), station=station)
            self.sessions.append(self._by_thread[key])
        return self._by_thread[key]

    def password(self, name: str) -> str:
        """Give a person's password."""
        return password_of(PEOPLE[name][0])

    def at(self, text: str) -> None:
        """Set the plant's clock: `2026-11-03 09:20` in the plant's own time."""
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        setup.set_clock(self.url, moment, login=self.admin_login, password=self.admin_password)

    @contextmanager
    def plain(self, name: str) -> Iterator[Any]:
        """Open a plain connection with a person's own password, as an attacker would: psql, or the file itself.

        On a file the connection carries the program's functions, as an attacker with its code would have them.
        """
        login = PEOPLE[name][0]
        if self.kind == "postgresql":
            with psycopg.connect(
                self.url, user=login, password=password_of(login), autocommit=True, options="-c search_path=qms"
            ) as connection:
                yield connection
        else:
            opened = SqliteFile(self.url.removeprefix("sqlite:///"), Identity(login))
            opened.connect()
            opened.identity.verify(opened.connection(), password_of(login))
            yield opened.connection()
            opened.close()

    def open_as_owner(self) -> Any:  # noqa: ANN401 - either driver's connection
        """Open the database as its owner: on a server by the upgrade login, on a file by the bare file."""
        if self.kind == "sqlite":
            return sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        server = psycopg.connect(
            self.url, user="qms_upgrade", password=UPGRADE_PASSWORD, autocommit=True, options="-c search_path=qms"
        )
        server.execute("SET ROLE qms_owner")
        return server

    def reader(self) -> Any:  # noqa: ANN401 - either driver's connection
        """Give the owner's connection by which the tests look on; it stays open, as opening costs most."""
        if self._reader is None:
            self._reader = self.open_as_owner()
        return self._reader

    def look_anew(self) -> None:
        """Let the next look open a connection of its own: the server was begun anew."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def close(self) -> None:
        """Close the connections of this test, and drop its database: a thousand of them fill the disk."""
        self._disconnect()
        if self._place is not None:
            self._place.drop()

    def left(self) -> Place:
        """Close the connections, and give the database as they left it."""
        self._disconnect()
        return self._standing()

    def _disconnect(self) -> None:
        for session in self.sessions:
            session.store.close()
        self.look_anew()

    def _standing(self) -> Place:
        with self._one_at_a_time:  # many people may come to a new plant at once
            if self._place is None:
                assert self._copies
                self._place = self._copies.new(self._chapters)
            return self._place


def moment(text: str) -> datetime:
    """Give a moment in the plant's own time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def make_database(server: Server, url: str, purpose: Purpose = Purpose.TEST) -> None:
    """Make a database on a running server, with IT as its only person."""
    setup.make_server(
        url,
        superuser=server.superuser,
        superuser_password=server.password,
        upgrade_password=UPGRADE_PASSWORD,
        purpose=purpose,
        plant=PLANT,
        admin=_admin(),
    )


def fill(url: str, admin_password: str) -> None:
    """Give the template its people and a little master data, with the administrator's own rights."""
    session = people.sign_in(url, "it", admin_password)
    with session.store.use():
        for name, (login, roles) in PEOPLE.items():
            if login != "it":
                person = NewPerson(
                    login=login, name=name, roles=frozenset(roles), password=password_of(login), badge=f"B{login}"
                )
                write(partial(people.provision, person))
        write(_master_data)
    session.store.close()


def _master_data() -> None:
    batch = md.ImportBatch.create(
        kind="test", file_name="test", sha256="0" * 64, rows_new=1, rows_changed=0, rows_same=0
    )
    customers = [
        ("C1001", "华东远航汽配有限公司", "华东远航", "DOMESTIC", False),
        ("C1018", "宁波甬江汽车配件", "甬江", "DOMESTIC", False),
        ("C2002", "Kestrel Automotive Ltd", "Kestrel", "FOREIGN", False),
        ("C3003", "上海浦江国贸", "浦江", "FOREIGN", True),
    ]
    made = {
        code: md.Customer.create(
            code=code, name=name, short_name=short, market=market, via_trader=trader, reply_hours=48, batch=batch
        )
        for code, name, short, market, trader in customers
    }
    products = {}
    for code, name, price, cost in (
        ("YQ-22", "气弹簧", "50.76", "34.0546"),
        ("YQ-28", "气弹簧", "55.82", "33.5691"),
        ("ZW-22", "装饰外壳", "158.74", "90"),
    ):
        products[code] = md.Product.create(
            code=code, name=name, model=f"{name} B781", unit="支", warranty_months=36, batch=batch
        )
        md.ProductPrice.create(
            product=products[code], unit_price=Decimal(price), standard_cost=Decimal(cost), currency="CNY", batch=batch
        )
    md.Characteristic.create(product=products["YQ-22"], name="开启力", is_critical=True, is_safety=True, batch=batch)
    for code, name, breaks, safety in (("F-012", "阻力不符", "开启力;行程", True), ("F-013", "漏油", "密封性", False),
                                       ("F-021", "划伤", "", False)):  # fmt: skip
        md.DefectCode.create(
            code=code,
            name=name,
            breaks_characteristic=breaks,
            is_safety=safety,
            is_critical=code == "F-013",
            batch=batch,
        )
    md.Rate.create(
        kind="EXCHANGE",
        code="USD",
        unit="CNY",
        amount=Decimal("7.1"),
        currency="CNY",
        valid_from=date(2026, 1, 1),
        batch=batch,
    )
    for code, number, shipments in (
        (
            "YQ-22",
            "L2610A",
            (("CK261027901", "C1001", 800), ("CK261028001", "C2002", 600), ("CK261028002", "C1018", 120)),
        ),
        ("YQ-28", "L2609B", (("CK260927001", "C1001", 400),)),
        ("ZW-22", "L2610C", ()),
    ):
        lot = md.Lot.create(kind="FINISHED", article=code, number=number, product=products[code], batch=batch)
        for shipment, customer, pieces in shipments:
            line = md.ShipmentLine.create(
                number=shipment, order_no=f"SO{shipment}", customer=made[customer], product=products[code], lot=lot,
                pieces_ordered=pieces, pieces_shipped=pieces, shipped_on=date(2026, 10, 27), batch=batch,
            )  # fmt: skip
            md.ShipmentPrice.create(shipment_line=line, unit_price=Decimal("50.76"), currency="CNY", batch=batch)


class Copies(ABC):
    """The copies of one template: as it is, or with chapters of a story that were told once."""

    kind: str

    def __init__(self) -> None:
        """Begin without a copy."""
        self._told: OrderedDict[tuple[str, ...], tuple[Place, Any]] = OrderedDict()

    @abstractmethod
    def plant(self, chapters: tuple[Chapter, ...] = ()) -> Plant:
        """Give a plant whose database is copied when it is needed."""

    @abstractmethod
    def copy(self, told: Place | None) -> Place:
        """Copy the database in which something was told, or the template."""

    def new(self, chapters: tuple[Chapter, ...]) -> Place:
        """Make a copy in which the chapters were told."""
        return self.copy(self._after(chapters)[0] if chapters else None)

    def result(self, chapters: tuple[Chapter, ...]) -> Any:  # noqa: ANN401 - whatever the chapter gives
        """Give what the last of the chapters gave."""
        return self._after(chapters)[1]

    def _after(self, chapters: tuple[Chapter, ...]) -> tuple[Place, Any]:
        titles = tuple(chapter.title for chapter in chapters)
        if titles not in self._told:
            plant = self.plant(chapters[:-1])
            result = chapters[-1].tell(plant)
            self._told[titles] = plant.left(), result
            while len(self._told) > _TOLD_KEPT:
                _titles, (place, _result) = self._told.popitem(last=False)
                place.drop()
        self._told.move_to_end(titles)
        return self._told[titles]


class FileCopies(Copies):
    """Copies of a SQLite file."""

    def __init__(self, folder: Path) -> None:
        """Make the template."""
        super().__init__()
        self._folder, self._number = folder, count(1)
        self._template = folder / "template.qms"
        url = f"sqlite:///{self._template}"
        setup.make_file(url, purpose=Purpose.TEST, plant=PLANT, admin=_admin())
        fill(url, password_of("it"))
        self.plant_at(url).at(_BEGIN)

    @staticmethod
    def plant_at(url: str) -> Plant:
        """Give a plant on a file that stands."""
        return Plant(url=url, kind="sqlite")

    def plant(self, chapters: tuple[Chapter, ...] = ()) -> Plant:
        """Give a plant whose file is copied when it is needed."""
        return Plant(kind="sqlite", copies=self, chapters=chapters)

    def copy(self, told: Place | None) -> Place:
        """Copy a file that nobody has open."""
        source = Path(told.url.removeprefix("sqlite:///")) if told else self._template
        with sqlite3.connect(source) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        copy = self._folder / f"plant{next(self._number)}.qms"
        shutil.copy(source, copy)
        return Place(f"sqlite:///{copy}", partial(_remove, copy))


class ServerCopies(Copies):
    """Copies of a database on a PostgreSQL server."""

    def __init__(self, server: Server) -> None:
        """Make the template."""
        super().__init__()
        self._server, self._number = server, count(1)
        url = self._url("template_plant")
        make_database(server, url)
        fill(url, password_of("it"))
        self.plant_at(url).at(_BEGIN)

    @staticmethod
    def plant_at(url: str) -> Plant:
        """Give a plant on a database that stands."""
        return Plant(url=url, kind="postgresql", admin_login="qms_upgrade", admin_password=UPGRADE_PASSWORD)

    def plant(self, chapters: tuple[Chapter, ...] = ()) -> Plant:
        """Give a plant whose database is copied when it is needed."""
        return Plant(
            kind="postgresql",
            admin_login="qms_upgrade",
            admin_password=UPGRADE_PASSWORD,
            copies=self,
            chapters=chapters,
        )

    def copy(self, told: Place | None) -> Place:
        """Copy a database that nobody is connected to."""
        source = told.url.rpartition("/")[2].partition("?")[0] if told else "template_plant"
        name = f"plant{next(self._number)}"
        self._server.new_database(name, template=source)
        with psycopg.connect(
            self._url(name), user=self._server.superuser, password=self._server.password, autocommit=True
        ) as connection:
            setup.fence_database(connection, name)
        return Place(self._url(name), partial(self._server.drop_database, name))

    def _url(self, name: str) -> str:
        return f"postgresql://127.0.0.1:{self._server.port}/{name}?sslmode=disable"


class Templates:
    """The templates of a test process: one file, and one database on each server, made when the first test asks."""

    def __init__(self, folder: Path) -> None:
        """Begin with an empty folder for the files."""
        self.folder = folder
        self._files: FileCopies | None = None
        self._servers: dict[int, ServerCopies] = {}

    def file_copy(self) -> Plant:
        """Give a SQLite plant of its own."""
        if self._files is None:
            self._files = FileCopies(self.folder)
        return self._files.plant()

    def server_copy(self, server: Server) -> Plant:
        """Give a PostgreSQL plant of its own on a running server."""
        if server.port not in self._servers:
            self._servers[server.port] = ServerCopies(server)
        return self._servers[server.port].plant()


def _remove(file: Path) -> None:
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()


def _admin() -> NewPerson:
    return NewPerson(login="it", name="管理员", roles=frozenset({Role.ADMIN}), password=password_of("it"))
