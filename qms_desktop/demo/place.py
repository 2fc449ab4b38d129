"""Where the demo lives, and how it is made: a SQLite file of the person, filled by the same import as a plant's."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop import files
from qms_desktop.db import setup
from qms_desktop.db.connection import sqlite_url
from qms_desktop.demo import chapters, erp
from qms_desktop.demo.teller import ADMIN_LOGIN, DEMO_PASSWORD, Teller
from qms_desktop.permissions import Role
from qms_desktop.rules import access

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLANT = setup.Plant(name="示例气弹簧有限公司", english_name="Demo Gas Springs Co., Ltd.")
OPENS_AS = "10002"


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
    return Demo(sqlite_url(path), OPENS_AS, DEMO_PASSWORD)


@contextmanager
def told_into(path: Path, *, listen: Callable[[str], None] = lambda _line: None) -> Iterator[Teller]:
    """Make a demo beside its place, let the story be told there, and put it in its place when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / "demo.qms"
        teller = make(sqlite_url(made), listen=listen)
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
    admin = setup.NewPerson(login=ADMIN_LOGIN, name=erp.IT, roles=frozenset({Role.ADMIN}), password=DEMO_PASSWORD)
    setup.make_file(url, purpose=setup.Purpose.DEMO, plant=PLANT, admin=admin)
    teller = Teller(url=url, listen=listen)
    fill(teller)
    return teller


def fill(teller: Teller) -> None:
    """Import the master data and give everybody the demo's password."""
    erp.import_master_data(teller)
    admin = teller.by(erp.IT)
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
