"""A disk that is full, fails, or is write-protected: one sentence, nothing half made, and no blame on the file."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import people, setup
from qms_desktop.db.connection import sqlite_path
from qms_desktop.db.record import database
from qms_desktop.db.setup import NewPerson, Purpose
from qms_desktop.errors import Unavailable
from qms_desktop.permissions import Role
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data_rows import SourceRow, SupplierRow
from tests.helpers.plant import PLANT, Plant, password_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.plant import Templates

ADMIN = NewPerson(login="it", name="管理员", roles=frozenset({Role.ADMIN}), password=password_of("it"))


@pytest.fixture
def file_plant(templates: Templates) -> Iterator[Plant]:
    made = templates.file_copy()
    yield made
    made.close()


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as a disk does that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def suppliers(count: int) -> list[SupplierRow]:
    return [SupplierRow(f"V{n}", "厂" * 200, None, None, (), SourceRow("供应商", n)) for n in range(count)]


@pytest.mark.parametrize("size", [0, 1000, 500_000])
def test_a_database_that_finds_no_room_is_not_made(tmp_path: Path, size: int) -> None:
    file = tmp_path / "new.qms"
    with room_for(size), pytest.raises(Unavailable, match="The disk of the database"):
        setup.make_file(f"sqlite:///{file}", purpose=Purpose.TEST, plant=PLANT, admin=ADMIN)
    assert list(tmp_path.iterdir()) == []


def test_an_import_that_finds_no_room_saves_nothing(file_plant: Plant) -> None:
    session = file_plant.sign_in("管理员")
    with session.store.use():
        (pages,) = database().execute_sql("PRAGMA page_count").fetchone()
        database().execute_sql(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(Unavailable, match="disk of the database is full"):
        master_data.import_rows(session, kind="suppliers", rows=suppliers(5000), file_name="x", sha256="1" * 64)
    assert len(master_data.preview(session, kind="suppliers", rows=suppliers(5000)).new) == 5000


def test_a_file_that_may_only_be_read_says_so(file_plant: Plant) -> None:
    session = file_plant.sign_in("管理员")
    with session.store.use():
        database().execute_sql("PRAGMA query_only = ON")
    with pytest.raises(Unavailable, match="may only be read"):
        master_data.import_rows(session, kind="suppliers", rows=suppliers(1), file_name="x", sha256="1" * 64)


def test_a_file_that_cannot_be_opened_is_not_called_foreign(file_plant: Plant) -> None:
    path = sqlite_path(file_plant.url)
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    in_the_way = path.with_name(f"{path.name}-wal")
    in_the_way.mkdir()
    with pytest.raises(Unavailable, match="cannot be opened for writing"):
        people.sign_in(file_plant.url, "it", password_of("it"))
    in_the_way.rmdir()
