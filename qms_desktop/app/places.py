"""The places where data is kept, as the first window offers them: a file on this PC, a plant's server, a backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop import files
from qms_desktop.db import people, setup
from qms_desktop.db.connection import sqlite_path
from qms_desktop.errors import Refused, Unavailable
from qms_desktop.i18n import N_
from qms_desktop.permissions import Role
from qms_desktop.rules import calendar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo
    from pathlib import Path

    from qms_desktop.session import Session

NOT_A_BACKUP = N_("The file {place} is no backup of QMS Desktop. Nothing was changed; choose another file.")


@dataclass(frozen=True)
class Opened:
    """What signing in gives: the session, the password for the listener's own connection, and the plant's zone."""

    database: str
    session: Session
    password: str
    zone: tzinfo


def own_file() -> Path:
    """Give the file that a single PC keeps its data in."""
    return files.person_folder() / "plant.qms"


def url_of(path: Path) -> str:
    """Give the address of a file."""
    return f"sqlite:///{path}"


def sign_in(url: str, login: str, password: str, *, station: str = "") -> Opened:
    """Open a database as a person; raises InvalidInput for a wrong password, Unavailable for the rest."""
    session = people.sign_in(url, login, password, station=station)
    return Opened(url, session, password, calendar.zone_of_plant(session))


def make_single_pc(typed: Mapping[str, str]) -> Opened:
    """Make the database of a single PC with its first person, and sign in; raises Refused when the file exists.

    The person holds every role, for there is nobody else yet; what two people must sign still needs a second one.
    """
    url = url_of(own_file())
    admin = setup.NewPerson(login=typed["login"], name=typed["name"], roles=frozenset(Role), password=typed["password"])
    plant = setup.Plant(name=typed["plant"], time_zone=typed["time_zone"])
    setup.make_file(url, purpose=setup.Purpose.REAL, plant=plant, admin=admin)
    return sign_in(url, typed["login"], typed["password"])


def join(typed: Mapping[str, str]) -> Opened:
    """Sign in at the address that IT gave; raises InvalidInput or Unavailable that say what is wrong with it."""
    return sign_in(typed["database"], typed["login"], typed["password"])


def restore(backup: Path) -> str:
    """Copy a backup to where a single PC keeps its data, and give its address.

    Raises Refused when data is there already, Unavailable when the file is no backup; then nothing was changed.
    """
    url = url_of(own_file())
    target = sqlite_path(url)
    if target.exists():
        raise Refused(setup.FILE_EXISTS, field="database", place=str(target))
    fresh = target.with_suffix(".restoring")
    try:
        with closing(sqlite3.connect(f"{backup.as_uri()}?mode=ro", uri=True)) as source:
            source.execute("SELECT 1 FROM schema_file LIMIT 1")
            with closing(sqlite3.connect(fresh)) as copy:
                source.backup(copy)
    except sqlite3.DatabaseError as error:
        fresh.unlink(missing_ok=True)
        raise Unavailable(NOT_A_BACKUP, place=str(backup)) from error
    fresh.replace(target)
    return url
