"""Making a database: a SQLite file for one PC, or the roles, schema and first person on a PostgreSQL server."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlunsplit
from zoneinfo import available_timezones

import peewee
import psycopg
from psycopg import sql

from qms_desktop.db import grants, migrate, people
from qms_desktop.db.connection import (
    NOT_SET_UP,
    Server,
    SqliteFile,
    connect,
    explained,
    is_file,
    parts_of,
    place_of,
    refuse_foreign,
    sqlite_path,
    trouble_of_file,
)
from qms_desktop.db.foundation import Clock, DatabaseKind
from qms_desktop.db.master_data import Site
from qms_desktop.db.record import _database
from qms_desktop.db.sqlite_functions import OWNER, Identity
from qms_desktop.errors import InvalidInput, Refused, Unavailable
from qms_desktop.i18n import N_
from qms_desktop.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

OLDEST_SERVER = 160_000
FILE_EXISTS = N_("There is a file {place} already. It was left as it is; choose another name.")
OLD_SERVER = N_(
    "The server runs PostgreSQL {version}. QMS Desktop needs 16 or newer: older ones cannot keep its rights apart."
)
DATABASE_EXISTS = N_("The database {place} holds QMS Desktop already. Use `qms-desktop db upgrade`.")
NO_SUCH_ZONE = N_("There is no time zone {zone}. Write it as Asia/Shanghai.")
NO_CLOCK = N_("The clock of a real database cannot be set.")


class Purpose(StrEnum):
    """What a database is for; only a demo or test one has a clock that can be set."""

    REAL = "real"
    DEMO = "demo"
    TEST = "test"


@dataclass(frozen=True)
class Plant:
    """The plant that a database is made for; `time_zone` decides where its days end."""

    name: str
    english_name: str = ""
    time_zone: str = "Asia/Shanghai"
    code: str = "1"


@dataclass(frozen=True)
class NewPerson:
    """Somebody to be given access: login name, own name, badge, roles and first password."""

    login: str
    name: str
    roles: frozenset[Role]
    password: str
    badge: str = ""
    department: str = ""
    position: str = ""


def make_file(url: str, *, purpose: Purpose, plant: Plant, admin: NewPerson) -> None:
    """Make a SQLite database with its first person; raises Refused when the file exists."""
    _refuse_strange(plant, admin)
    path = sqlite_path(url)
    if path.exists():
        raise Refused(FILE_EXISTS, field="database", place=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whoever is killed meanwhile leaves no half database under the name that was asked for.
    making = path.with_name(f"{path.name}.making")
    _remove(making)
    opened = SqliteFile(str(making), Identity(OWNER, frozenset(Role)))
    try:
        with _as(opened), opened.atomic():
            migrate.apply(opened)
            _found(purpose, plant)
            people.provision(admin)
        opened.close()
        making.rename(path)
    except BaseException as error:
        opened.close()
        _remove(making)
        told = trouble_of_file(path, error)
        if told is not None:
            raise told from error
        raise


def _remove(file: Path) -> None:
    """Remove a file with what SQLite keeps beside it, as far as that can be done."""
    for end in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            file.with_name(f"{file.name}{end}").unlink()


def _refuse_strange(plant: Plant, admin: NewPerson) -> None:
    """Raise InvalidInput before anything is made for a plant or a first person that could not be used."""
    if plant.time_zone not in available_timezones():
        raise InvalidInput(NO_SUCH_ZONE, field="time_zone", zone=plant.time_zone)
    people.refuse_strange(admin)


def make_server(
    url: str,
    *,
    superuser: str,
    superuser_password: str,
    upgrade_password: str,
    purpose: Purpose,
    plant: Plant,
    admin: NewPerson,
) -> None:
    """Make the database, roles, schema and first person on a server, as its administrator.

    Raises Refused when the database holds QMS Desktop already, Unavailable when the server is older than 16.
    """
    _refuse_strange(plant, admin)
    people.refuse_short(upgrade_password)
    _create_database(url, superuser, superuser_password)
    opened = connect(url, superuser, superuser_password)
    try:
        with _as(opened), opened.atomic():
            _prepare_cluster(opened, url, upgrade_password)
            opened.execute_sql(f"SET LOCAL ROLE {grants.OWNER}")
            migrate.apply(opened)
            _found(purpose, plant)
            people.provision(admin)
    except peewee.PeeweeException as error:
        raise explained(error) from error
    finally:
        opened.close()


def _create_database(url: str, superuser: str, password: str) -> None:
    parts = parts_of(url)
    name = parts.path.lstrip("/")
    # The maintenance database is where a database can be created from.
    elsewhere = urlunsplit(parts._replace(path="/postgres"))
    opened = connect(elsewhere, superuser, password)
    try:
        server = opened.connection()
        if server.info.server_version < OLDEST_SERVER:
            raise Unavailable(OLD_SERVER, version=server.info.server_version // 10_000)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
            )
    finally:
        opened.close()


def _prepare_cluster(opened: peewee.Database, url: str, upgrade_password: str) -> None:
    connection: psycopg.Connection[tuple[object, ...]] = opened.connection()
    if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (grants.SCHEMA,)).fetchone():
        raise Refused(DATABASE_EXISTS, field="database", place=url)
    # Two set-ups on one cluster would trip over each other's roles.
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (migrate.UPGRADE_LOCK,))
    for statement in grants.cluster_statements():
        connection.execute(statement.encode())
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (grants.UPGRADE,)).fetchone():
        verifier = people.scram_verifier(connection, grants.UPGRADE, upgrade_password)
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}").format(
                sql.Identifier(grants.UPGRADE), sql.Literal(verifier)
            )
        )
        connection.execute(f"GRANT {grants.OWNER} TO {grants.UPGRADE}".encode())
    connection.execute(f"CREATE SCHEMA {grants.SCHEMA} AUTHORIZATION {grants.OWNER}".encode())
    fence_database(connection, parts_of(url).path.lstrip("/"))


def fence_database(connection: psycopg.Connection[tuple[object, ...]], database_name: str) -> None:
    """Close what PostgreSQL leaves open to everybody in a database, as its administrator (grants.OPEN_DOORS)."""
    name = sql.Identifier(database_name)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO PUBLIC").format(name))
    connection.execute(b"REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for (function,) in connection.execute(grants.CLOSED_FUNCTIONS.encode()).fetchall():
        connection.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC".encode())
        connection.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {grants.OWNER}".encode())
    for setting, value in grants.SERVER_SETTINGS.items():
        values = sql.SQL(value) if setting == "search_path" else sql.Literal(value)
        connection.execute(sql.SQL("ALTER DATABASE {} SET {} = {}").format(name, sql.SQL(setting), values))


def _found(purpose: Purpose, plant: Plant) -> None:
    DatabaseKind.insert(kind=purpose, plant=plant.name).execute()
    Site.insert(code=plant.code, name=plant.name, english_name=plant.english_name, time_zone=plant.time_zone).execute()


def upgrade(url: str, password: str) -> list[str]:
    """Bring a database to the program's schema and fence; give the names of the schema files that ran.

    On a server the password is that of `qms_upgrade`; a SQLite file is copied aside first, as `….before-upgrade`.
    Raises Unavailable when there is no such file, and for a file or a database that is not ours.
    """
    if is_file(url):
        path = sqlite_path(url)
        _copy_aside(path)
        opened: peewee.Database = SqliteFile(str(path), Identity(OWNER, frozenset(Role)))
    else:
        opened = connect(url, grants.UPGRADE, password)
    try:
        with _as(opened), opened.atomic():
            if isinstance(opened, Server):
                _refuse_never_made(opened, url)
                opened.execute_sql(f"SET LOCAL ROLE {grants.OWNER}")
            return migrate.apply(opened)
    except (peewee.DatabaseError, sqlite3.DatabaseError) as error:
        told = trouble_of_file(sqlite_path(url), error) if is_file(url) else None
        if told is not None:
            raise told from error
        raise
    finally:
        opened.close()


def _refuse_never_made(opened: Server, url: str) -> None:
    found = opened.execute_sql("SELECT 1 FROM pg_namespace WHERE nspname = %s", (grants.SCHEMA,)).fetchone()
    if found is None:
        raise Unavailable(NOT_SET_UP, field="database", place=place_of(url))


def _copy_aside(path: Path) -> None:
    refuse_foreign(path)
    # The backup API takes along what still lies in the write-ahead log.
    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(path.with_name(f"{path.name}.before-upgrade"))) as target,
    ):
        source.backup(target)


def set_clock(url: str, moment: datetime, *, login: str, password: str) -> None:
    """Set the clock of a demo or test database, as somebody who may become its owner; raises Refused for a real one."""
    if is_file(url):
        opened: peewee.Database = SqliteFile(str(sqlite_path(url)), Identity(OWNER, frozenset(Role)))
    else:
        opened = connect(url, login, password)
    try:
        with _as(opened), opened.atomic():
            if isinstance(opened, Server):
                opened.execute_sql(f"SET LOCAL ROLE {grants.OWNER}")
            if not Clock.update(set_to=moment).execute():
                Clock.insert(set_to=moment).execute()
    except peewee.PeeweeException as error:
        raise explained(error) from error
    finally:
        opened.close()


@contextmanager
def _as(opened: peewee.Database) -> Iterator[None]:
    token = _database.set(opened)
    try:
        yield
    finally:
        _database.reset(token)
