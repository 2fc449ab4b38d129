"""Tells a window what others changed: LISTEN on a server, the change counter of a SQLite file; one thread, no Qt.

After a lost connection it connects again by itself and reports "reload everything", because nobody knows what was
missed in between. It has a connection of its own, outside of those that verbs use.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from typing import TYPE_CHECKING, Protocol

import psycopg

from qms_desktop.db.audit import CHANNEL
from qms_desktop.db.connection import POSTGRESQL_OPTIONS, conninfo_of, sqlite_path

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)

WAIT_S = 1.0
FILE_POLL_S = 0.3
RECONNECT_S = 2.0
# A record's id has at most 19 digits.
_NOTICE = re.compile(r"([a-z_]{1,63}):([0-9]{1,19}):([0-9]{1,19})")


class Ear(Protocol):
    """Who is told; both calls come from the listener's thread."""

    def receive(self, notices: Iterable[tuple[str, int | None, int | None]] | None) -> None:
        """Take what was touched, as (kind, id, case id); None stands for everything."""

    def connected(self, on: bool) -> None:  # noqa: FBT001 - one word
        """Take word whether the database can be reached."""


def _touched(payload: str) -> tuple[str, int, int | None] | None:
    """Read what the audit trigger tells; anybody with a login can notify anything, and that is passed over."""
    found = _NOTICE.fullmatch(payload)
    if found is None:
        log.warning("a notice that no trigger of ours wrote: %.80r", payload)
        return None
    return found[1], int(found[2]), int(found[3]) or None


class Listener:
    """Listens until it is stopped; `start` begins, `stop` ends and waits for the thread."""

    def __init__(self, *, url: str, login: str, password: str, ear: Ear) -> None:
        self._url, self._login, self._password, self._ear = url, login, password, ear
        self._ended = threading.Event()
        target = self._watch_file if url.startswith("sqlite:") else self._listen
        self._thread = threading.Thread(target=target, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the thread."""
        self._ended.set()
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        was_lost = False
        while not self._ended.is_set():
            try:
                with psycopg.connect(
                    conninfo_of(self._url),
                    user=self._login,
                    password=self._password,
                    autocommit=True,
                    **POSTGRESQL_OPTIONS,
                ) as connection:
                    connection.execute(f"LISTEN {CHANNEL}".encode())
                    self._ear.connected(True)  # noqa: FBT003 - one word
                    if was_lost:
                        self._ear.receive(None)
                    was_lost = False
                    self._hear(connection)
            except psycopg.Error as error:
                log.info("the listener lost the server: %s", error)
                was_lost = True
                self._ear.connected(False)  # noqa: FBT003 - one word
                self._ended.wait(RECONNECT_S)

    def _hear(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        while not self._ended.is_set():
            for notice in connection.notifies(timeout=WAIT_S, stop_after=1):
                if touched := _touched(notice.payload):
                    self._ear.receive([touched])
            # A dead cable shows here and not only when somebody saves.
            connection.execute(b"SELECT 1")

    def _watch_file(self) -> None:
        connection = sqlite3.connect(f"{sqlite_path(self._url).resolve().as_uri()}?mode=ro", uri=True)
        self._ear.connected(True)  # noqa: FBT003 - one word
        last = None
        try:
            while not self._ended.wait(FILE_POLL_S):
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                if last is not None and version != last:
                    self._ear.receive(None)
                last = version
        finally:
            connection.close()
