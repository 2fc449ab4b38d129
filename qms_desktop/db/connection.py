"""One database: an embedded SQLite file or a shared PostgreSQL, opened as one person (database.md §3, §5).

Each thread has a connection of its own. `write` runs a piece of work in one transaction, repeats it after a deadlock or
a lost connection, and says "unknown" only when the connection broke during the commit itself.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, quote, unquote, urlsplit

import peewee

from qms_desktop.db import guards, sqlite_functions
from qms_desktop.db.record import _database, database
from qms_desktop.errors import InvalidInput, NotPermitted, OutcomeUnknown, Unavailable
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
log = logging.getLogger(__name__)

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    # Without this, INSERT OR REPLACE silently replaced an append-only row: its delete trigger did not fire.
    "recursive_triggers": 1,
    "trusted_schema": 1,
}
SQLITE_BUSY_WAIT_S = 0.02
SQLITE_PATIENCE_S = 10.0
ATTEMPTS = 6

# Either of the two kinds of time limit alone left a dead cable hanging for 40 s; together the error came in 6 s.
POSTGRESQL_OPTIONS: dict[str, Any] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "target_session_attrs": "read-write",
    "application_name": "QMS Desktop",
    "options": "-c search_path=qms,pg_catalog,pg_temp -c timezone=UTC",
}

WRONG_PASSWORD = N_("The name or the password is not right. Check both; the password is case-sensitive.")
NO_SERVER = N_("The database at {place} does not answer. Check the network, or ask IT whether the server runs.")
NO_FILE = N_("There is no database file {place}. Make one with `qms-desktop db init`, or choose another file.")
NETWORK_FILE = N_(
    "The file {place} lies on a network drive. A SQLite file must lie on this PC; several PCs share PostgreSQL."
)
NOT_A_DATABASE = N_("The file {place} is not a QMS Desktop database. It was left as it is; choose another file.")
BAD_ADDRESS = N_("{address} is no database address. Write sqlite:///path/to/file.qms or postgresql://host/name.")
NOT_SET_UP = N_(
    "The database at {place} holds no QMS Desktop. Make it with `qms-desktop db init`, or correct the address."
)
CANNOT_OPEN = N_(
    "The file {place} cannot be opened for writing. Check that its folder is there and that you may write in it."
)
NO_TLS = N_(
    "The server {place} offers no encrypted connection. Ask IT to switch TLS on, or add ?sslmode=disable to the "
    "address if everybody in this network may read along."
)
CONNECTION_LOST = N_("The connection to the database is lost. Nothing of this was saved; try again in a moment.")
FILE_BUSY = N_("Another program keeps the database file busy. Nothing was saved; try again in a moment.")
DISK_FULL = N_("The disk of the database is full. Nothing was saved; free some space, then try again.")
READ_ONLY = N_(
    "The database file may only be read here. Nothing was saved; let IT take the write protection from its folder."
)
DISK_FAILED = N_("The disk of the database failed while writing. Nothing was saved; let IT look at the disk.")
# What SQLite says of its file, and what is told about it.
_FILE_SAYS = {
    "disk is full": DISK_FULL,
    "readonly database": READ_ONLY,
    "disk I/O error": DISK_FAILED,
    "database is locked": FILE_BUSY,
}

SIGNED_OUT = "this person signed out"
# How a server says that it does not let somebody in; who left is told no more than who mistyped.
_NOT_LET_IN = ("authentication failed", "no password supplied", "not permitted to log in")


class _Left(peewee.Database):
    """Knows the connections of all its threads, so that whoever leaves closes them all, from any thread.

    A connection that a thread is using is closed by that thread, when it has done: SQLite crashes when a connection
    is closed under a statement that runs.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - peewee's own options
        self._held: dict[Any, int] = {}  # each connection, and the thread that opened it
        self._uses: Counter[int] = Counter()
        self._counting = threading.Lock()
        self.is_left = False
        super().__init__(*arguments, **options)

    def _connect(self) -> Any:  # noqa: ANN401 - either driver's connection
        if self.is_left:
            raise peewee.OperationalError(SIGNED_OUT)
        opened = super()._connect()  # type: ignore[misc]  # peewee's stubs leave it out
        with self._counting:
            self._held[opened] = threading.get_ident()
        if self.is_left:  # meanwhile
            self._close_unused()
        return opened

    def _close(self, conn: Any) -> None:  # noqa: ANN401 - either driver's connection
        super()._close(conn)  # type: ignore[misc]  # peewee's stubs leave it out
        with self._counting:
            self._held.pop(conn, None)

    def forget(self) -> None:
        """Drop this thread's dead connection, so that the next statement opens a new one."""
        dead = self._state.conn  # type: ignore[attr-defined]  # peewee has no public call that asks nothing of it
        self._state.reset()  # type: ignore[attr-defined]
        if dead is not None:
            self._close(dead)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep this thread's connection open inside the block, even when another thread leaves."""
        thread = threading.get_ident()
        with self._counting:
            self._uses[thread] += 1
        try:
            yield
        finally:
            with self._counting:
                self._uses[thread] -= 1
            if self.is_left:
                self._close_unused()

    def leave(self) -> None:
        """Close the connections of all threads for good; what a thread is doing is finished first."""
        self.is_left = True
        self._close_unused()

    def _close_unused(self) -> None:
        with self._counting:
            unused = [opened for opened, thread in self._held.items() if not self._uses[thread]]
            for opened in unused:
                del self._held[opened]
                opened.close()
        if not self._uses[threading.get_ident()]:
            self._state.reset()  # type: ignore[attr-defined]


class SqliteFile(_Left, peewee.SqliteDatabase):
    """SQLite with our column types, our functions, and a fair wait for the one writer."""

    field_types = peewee.SqliteDatabase.field_types | {"MOMENT": "TEXT", "DAY": "TEXT"}

    def __init__(self, path: str, identity: sqlite_functions.Identity) -> None:
        super().__init__(
            path,
            pragmas=SQLITE_PRAGMAS,
            timeout=SQLITE_BUSY_WAIT_S,
            lock_type="IMMEDIATE",
            check_same_thread=False,  # whoever signs out closes the connections of all threads
        )
        self.identity = identity

    def _add_conn_hooks(self, conn: sqlite3.Connection) -> None:
        # peewee's stubs leave its hooks out.
        super()._add_conn_hooks(conn)  # type: ignore[misc]
        sqlite_functions.register(conn, self.identity)

    def _connect(self) -> sqlite3.Connection:
        opened: sqlite3.Connection = _patiently(super()._connect)
        return opened

    def begin(self, lock_type: str | None = None) -> None:
        """Wait for the writer's place with a jittered retry: SQLite's own handler let one of four wait 3.7 s."""
        _patiently(lambda: super(SqliteFile, self).begin(lock_type or "IMMEDIATE"))


def _patiently(work: Callable[[], T]) -> T:
    """Try again while another connection has the file, up to SQLITE_PATIENCE_S; opening it asks for the file too."""
    patience = time.monotonic() + SQLITE_PATIENCE_S
    while True:
        try:
            return work()
        except (peewee.OperationalError, sqlite3.OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
            time.sleep(random.uniform(0.0005, 0.004))  # noqa: S311 - spreads the waiting, hides nothing


class Server(_Left, peewee.PostgresqlDatabase):
    """PostgreSQL with our column types, on psycopg 3."""

    field_types = peewee.PostgresqlDatabase.field_types | {"MOMENT": "TIMESTAMPTZ", "DAY": "DATE"}

    def __init__(self, conninfo: str, login: str, password: str) -> None:
        super().__init__(conninfo, prefer_psycopg3=True, user=login, password=password, **POSTGRESQL_OPTIONS)


class Store:
    """A database that was opened as one person; give it to `Session`."""

    def __init__(self, url: str, login: str, password: str) -> None:
        self.url = url
        self.login = login
        self.database = connect(url, login, password)

    @property
    def is_shared(self) -> bool:
        """Tell whether several PCs work on it."""
        return isinstance(self.database, Server)

    @contextmanager
    def use(self) -> Iterator[None]:
        """Make this database the current one of the thread inside the block."""
        token = _database.set(self.database)
        try:
            with self.database.used():
                yield
        finally:
            _database.reset(token)

    @contextmanager
    def signing(self, password: str) -> Iterator[None]:
        """Run the block on a fresh connection, opened with the password that was just typed.

        Raises InvalidInput (field `password`) when it is not this person's password.
        """
        fresh = connect(self.url, self.login, password)
        token = _database.set(fresh)
        try:
            yield
        finally:
            _database.reset(token)
            fresh.close()

    def close(self) -> None:
        """Close the connections of all threads: whoever signed out leaves none behind; the store opens none again.

        A thread that is at work finishes it and then closes its own.
        """
        self.database.leave()


def connect(url: str, login: str, password: str) -> SqliteFile | Server:
    """Open a database as a person, and prove the password by it.

    Raises InvalidInput for a wrong password or address, Unavailable when file or server cannot be reached.
    """
    if is_file(url):
        return _connect_file(sqlite_path(url), login, password)
    return _connect_server(url, login, password)


def parts_of(url: str) -> SplitResult:
    """Take an address apart; raises InvalidInput for one that names neither a file nor a database on a server."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidInput(BAD_ADDRESS, field="database", address=url) from error
    is_named = parts.scheme == "sqlite" or bool(parts.path.strip("/"))
    if parts.scheme not in ("sqlite", "postgresql", "postgres") or not is_named:
        raise InvalidInput(BAD_ADDRESS, field="database", address=url)
    return parts


def is_file(url: str) -> bool:
    """Say whether an address names a SQLite file, not a server; raises InvalidInput for neither."""
    return parts_of(url).scheme == "sqlite"


def sqlite_path(url: str) -> Path:
    """Give the file that an address names: sqlite:///here.qms, sqlite:////absolute/file.qms, sqlite:///C:/file.qms.

    Raises InvalidInput for an empty address and for network drives.
    """
    parts = parts_of(url)
    # In the name of a file a number sign is a sign as any other, not the begin of a fragment.
    text = unquote(f"{parts.path}#{parts.fragment}" if parts.fragment else parts.path).removeprefix("/")
    path = Path(text)
    if not text.strip("/"):
        raise InvalidInput(BAD_ADDRESS, field="database", address=url)
    if text.startswith(("\\\\", "//")) or parts.netloc:
        raise InvalidInput(NETWORK_FILE, field="database", place=str(path))
    return path


def sqlite_url(path: Path) -> str:
    """Give the address of a file, whatever characters its path holds; the reverse of `sqlite_path`."""
    return f"sqlite:///{quote(path.as_posix(), safe='/:')}"


def _connect_file(path: Path, login: str, password: str) -> SqliteFile:
    refuse_foreign(path)
    opened = SqliteFile(str(path), sqlite_functions.Identity(login=login))
    try:
        opened.connect()
        opened.identity.verify(opened.connection(), password)
    except (peewee.DatabaseError, sqlite3.DatabaseError) as error:
        opened.close()
        raise _unusable(path, error) from error
    except NotPermitted:
        opened.close()
        raise InvalidInput(WRONG_PASSWORD, field="password") from None
    return opened


def conninfo_of(url: str) -> str:
    """Give an address with TLS checked to the end, unless the plant accepts less knowingly and the address says so."""
    return url if "sslmode=" in url else f"{url}{'&' if '?' in url else '?'}sslmode=verify-full"


def _unusable(path: Path, error: Exception) -> Unavailable:
    return trouble_of_file(path, error) or Unavailable(NOT_A_DATABASE, field="database", place=str(path))


def trouble_of_file(path: Path, error: BaseException) -> Unavailable | None:
    """Say what hinders SQLite at its file; None when the file itself is not the trouble."""
    said = _said(error)
    if "unable to open" in said:
        return Unavailable(CANNOT_OPEN, field="database", place=str(path))
    return next((Unavailable(told) for says, told in _FILE_SAYS.items() if says in said), None)


def _said(error: BaseException) -> str:
    """Give all that was said on the way to an error: taking a failed transaction back may fail too, and hide why."""
    context = error.__context__
    return f"{error}\n{_said(context)}" if context else str(error)


def refuse_foreign(path: Path) -> None:
    """Raise Unavailable for a file that is not ours, before anything of ours (WAL, tables) is written into it."""
    if not path.is_file():
        raise Unavailable(NO_FILE, field="database", place=str(path))
    try:
        with closing(sqlite3.connect(path)) as bare:
            bare.execute("SELECT 1 FROM schema_file LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise _unusable(path, error) from error


def _connect_server(url: str, login: str, password: str) -> Server:
    opened = Server(conninfo_of(url), login, password)
    try:
        opened.connect()
    except peewee.ProgrammingError as error:
        raise InvalidInput(BAD_ADDRESS, field="database", address=url) from error
    except peewee.OperationalError as error:
        text = str(error)
        if "invalid" in text and "value" in text:
            raise InvalidInput(BAD_ADDRESS, field="database", address=url) from error
        if any(said in text for said in _NOT_LET_IN) or ("does not exist" in text and "role" in text):
            raise InvalidInput(WRONG_PASSWORD, field="password") from error
        raise Unavailable(_why_not(text), field="database", place=place_of(url)) from error
    return opened


def _why_not(text: str) -> str:
    if "SSL" in text or "root certificate" in text:
        return NO_TLS
    return NOT_SET_UP if 'FATAL:  database "' in text and "does not exist" in text else NO_SERVER


def place_of(url: str) -> str:
    """Give what people call a database's place: its file, or its server."""
    return str(sqlite_path(url)) if is_file(url) else parts_of(url).hostname or url


def sqlstate(error: Exception) -> str | None:
    """Give the server's five-letter code of an error, None for SQLite and for a broken connection."""
    # peewee takes the driver's error out of `args` and keeps it here.
    state: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state


def _is_broken(error: Exception) -> bool:
    opened = database()
    if isinstance(opened, SqliteFile):
        return opened.is_left
    state = sqlstate(error) or ""
    return not opened.is_connection_usable() or state.startswith(("08", "57P"))


def _is_passing(error: Exception) -> bool:
    """Deadlock, serialisation failure, lock not available, or SQLite's busy: the same work may pass next time."""
    return sqlstate(error) in ("40P01", "40001", "55P03") or "database is locked" in str(error)


def write(work: Callable[[], T]) -> T:
    """Run work in one transaction and give its answer; all of it is saved, or nothing.

    Raises Refused through the guard that stopped it, Unavailable when nothing was saved, OutcomeUnknown when the
    connection broke during the commit.
    """
    for attempt in range(1, ATTEMPTS + 1):
        at_commit = False
        try:
            with database().atomic():
                answer = work()
                at_commit = True
        except peewee.PeeweeException as error:
            if _is_broken(error):
                forget_connection()
                if at_commit:
                    raise OutcomeUnknown from error
                if attempt == ATTEMPTS:
                    raise Unavailable(CONNECTION_LOST) from error
            elif not _is_passing(error):
                raise explained(error) from error
            elif attempt == ATTEMPTS:
                raise Unavailable(FILE_BUSY) from error
            log.info("repeating a transaction, attempt %s: %s", attempt, error)
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - spreads the waiting
        else:
            return answer
    raise Unavailable(CONNECTION_LOST)


def read(work: Callable[[], T]) -> T:
    """Run work that only reads; a connection that broke since the last time is opened again once."""
    for attempt in (1, 2):
        try:
            return work()
        except peewee.PeeweeException as error:
            if not _is_broken(error):
                raise explained(error) from error
            forget_connection()
            if attempt == 2:  # noqa: PLR2004
                raise Unavailable(CONNECTION_LOST) from error
    raise Unavailable(CONNECTION_LOST)


def forget_connection() -> None:
    """Drop this thread's dead connection, so that the next statement opens a new one."""
    opened = database()
    if isinstance(opened, SqliteFile | Server):
        opened.forget()


def explained(error: peewee.PeeweeException) -> Exception:
    """Turn a database's refusal into the guard's sentence; what no guard knows stays a fault of the program."""
    text = str(error)
    if sqlstate(error) == "53100":
        return Unavailable(DISK_FULL)
    said = _said(error)
    told = next((told for says, told in _FILE_SAYS.items() if says in said), None)
    if told is not None:
        return Unavailable(told)
    return guards.refusal_of(text, sqlstate(error), _constraint(error)) or error


def _constraint(error: Exception) -> str | None:
    diagnosis = getattr(getattr(error, "orig", None), "diag", None)
    name: str | None = getattr(diagnosis, "constraint_name", None)
    return name
