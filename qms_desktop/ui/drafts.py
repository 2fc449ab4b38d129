"""Drafts: what was typed into a form is kept in the person's own folder until it is saved for good."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "drafts.sqlite3"
_TABLE = """CREATE TABLE IF NOT EXISTS draft (
    person TEXT NOT NULL, store TEXT NOT NULL, form TEXT NOT NULL, request_key TEXT NOT NULL, saved_at TEXT NOT NULL,
    contents TEXT NOT NULL, PRIMARY KEY (person, store, form)) WITHOUT ROWID"""


@dataclass(frozen=True)
class Draft:
    """A form as it was left: its name, when (UTC), its request key, and what stood in its fields (JSON values)."""

    form: str
    saved_at: datetime
    request_key: UUID
    contents: Mapping[str, Any]


class Drafts:
    """The drafts of one person in one database. Writing happens on a thread of its own, in order."""

    def __init__(self, path: Path, *, person: str, store: str) -> None:
        self.path = path
        self._person, self._store = person, store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drafts")
        self._thread.submit(self._prepare).result()

    def keep(self, form: str, contents: Mapping[str, Any], *, request_key: UUID) -> Future[None]:
        """Keep a form's contents in place of what was kept of it before; gives at once."""
        moment, written = datetime.now(UTC).isoformat(), json.dumps(contents, ensure_ascii=False)
        row = (self._person, self._store, form, str(request_key), moment, written)
        return self._thread.submit(self._run, "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?, ?)", row)

    def clear(self, form: str) -> Future[None]:
        """Forget a form's draft."""
        question = "DELETE FROM draft WHERE person = ? AND store = ? AND form = ?"
        return self._thread.submit(self._run, question, (self._person, self._store, form))

    def find(self, form: str) -> Draft | None:
        """Give a form's draft, or None."""
        return next((draft for draft in self.all() if draft.form == form), None)

    def all(self) -> list[Draft]:
        """Give every draft of the person, newest first: offered again after a crash."""
        return self._thread.submit(self._read).result()

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._thread.shutdown(wait=True)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=5)

    def _prepare(self) -> None:
        with closing(self._open()) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_TABLE)

    def _run(self, question: str, values: tuple[str, ...]) -> None:
        with closing(self._open()) as connection, connection:
            connection.execute(question, values)

    def _read(self) -> list[Draft]:
        question = (
            "SELECT form, saved_at, request_key, contents FROM draft"
            " WHERE person = ? AND store = ? ORDER BY saved_at DESC"
        )
        with closing(self._open()) as connection:
            rows = connection.execute(question, (self._person, self._store)).fetchall()
        return [
            Draft(form, datetime.fromisoformat(at), UUID(key), json.loads(contents)) for form, at, key, contents in rows
        ]
