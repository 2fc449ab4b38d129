"""The functions that a SQLite connection must bring along before a trigger will let it write (database.md §5).

Other tools do not have them, so nobody edits the file by accident. They carry the same names as the server's.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from qms_desktop.db.guards import MARK
from qms_desktop.errors import NotPermitted
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role, permissions_of

OWNER = "qms_owner"
FRESH_CONNECTION_S = 15
SEPARATOR = "\x1f"
# Filled by db/tables.py: the SELECT of the canonical text of each kind of record that can be signed.
CONTENT_QUERIES: dict[str, str] = {}
# What a person's connection is refused: the triggers' own mark, another shape of the file, switching its guards off.
_WRITING = frozenset((sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE))
_SHAPING = frozenset(
    code
    for name, code in vars(sqlite3).items()
    if name.startswith(("SQLITE_CREATE_", "SQLITE_DROP_", "SQLITE_ALTER_", "SQLITE_ATTACH"))
)
_DISARMING = frozenset(
    ("writable_schema", "foreign_keys", "recursive_triggers", "trusted_schema", "ignore_check_constraints",
     "defer_foreign_keys", "journal_mode", "synchronous")
)  # fmt: skip
UNKNOWN_PERSON = N_("{login} may not sign in here.")


@dataclass
class Identity:
    """Who works on a connection to the file, proved by the password when it was opened."""

    login: str
    roles: frozenset[Role] = frozenset()
    is_proved: bool = False
    opened_as: str = field(default_factory=lambda: str(uuid.uuid4()))
    opened_at: float = field(default_factory=time.monotonic)

    def verify(self, connection: sqlite3.Connection, password: str) -> None:
        """Prove the password against its argon2 hash and learn the roles; raises NotPermitted."""
        row = connection.execute(
            "SELECT p.id, s.password_hash FROM person p JOIN person_secret s ON s.person_id = p.id"
            " WHERE p.login = ? AND p.is_active",
            (self.login,),
        ).fetchone()
        try:
            PasswordHasher().verify(row[1] if row else "", password)
        except (VerificationError, ValueError) as error:
            raise NotPermitted(UNKNOWN_PERSON, login=self.login) from error
        roles = connection.execute("SELECT role FROM person_role WHERE person_id = ?", (row[0],))
        self.roles = frozenset(Role(role) for (role,) in roles)
        self.is_proved = True

    def permissions(self) -> frozenset[Permission]:
        """Give what the roles allow."""
        return permissions_of(self.roles)


def hashed(password: str) -> str:
    """Give the argon2 hash under which a password is kept in the file."""
    return PasswordHasher().hash(password)


def day_in(zone: str, moment: str) -> str:
    """Give the day as yyyyMMdd that a moment falls on in a time zone."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).strftime("%Y%m%d")


def _authorise(action: int, first: str | None, second: str | None, _base: str | None, trigger: str | None) -> int:
    """Refuse a person's statement that would pretend to be a trigger or take the fence down; asked once a statement."""
    if action in _WRITING:
        # A WITH is named here like a trigger when it reads or calls, but never when something is written.
        is_refused = first == MARK and not (trigger or "").startswith(("apply_", "number_"))
    elif action == sqlite3.SQLITE_PRAGMA:
        is_refused = first in _DISARMING and second is not None
    else:
        is_refused = action in _SHAPING
    return sqlite3.SQLITE_DENY if is_refused else sqlite3.SQLITE_OK


def register(connection: sqlite3.Connection, identity: Identity) -> None:
    """Give a connection the functions that the file's triggers and defaults call.

    They make evidence, no prison: whoever runs code of his own on the PC can take them off again, and then
    `qms-desktop db check` and `db verify` show what was bent (database.md §5).
    """
    spoken = {"action": "", "reason": ""}

    def now() -> str:
        row = connection.execute("SELECT set_to FROM clock").fetchone()
        return row[0] if row else datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")

    def is_now(asked: str) -> int:
        return int(abs(datetime.fromisoformat(asked) - datetime.fromisoformat(now())) <= timedelta(minutes=1))

    def today() -> str:
        (zone,) = connection.execute("SELECT time_zone FROM site ORDER BY id LIMIT 1").fetchone()
        return datetime.fromisoformat(now()).astimezone(ZoneInfo(zone)).date().isoformat()

    def may(permission: str) -> int:
        return int(identity.login == OWNER or Permission(permission) in identity.permissions())

    def holds(role: str) -> int:
        return int(Role(role) in identity.roles)

    def say(action: str, reason: str) -> int:
        # The trail's hash covers its fields side by side: the client's words must not move their borders.
        spoken.update(action=action.replace(SEPARATOR, " "), reason=reason.replace(SEPARATOR, " "))
        return 1

    def sha256(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    def file_sha256(content: bytes | None) -> str | None:
        return None if content is None else hashlib.sha256(content).hexdigest()

    def content_hash(kind: str, record_id: int) -> str | None:
        query = CONTENT_QUERIES.get(kind)
        row = connection.execute(query, {"id": record_id}).fetchone() if query else None
        return sha256(row[0]) if row and row[0] is not None else None

    connection.create_function("qms_now", 0, now)
    connection.create_function("qms_is_now", 1, is_now)
    connection.create_function("qms_is_program", 0, lambda: 1)
    connection.create_function("qms_salt", 0, lambda: uuid.uuid4().hex)
    connection.create_function("qms_user", 0, lambda: identity.login)
    connection.create_function("qms_may", 1, may)
    connection.create_function("qms_holds", 1, holds)
    connection.create_function("qms_say", 2, say)
    connection.create_function("qms_action", 0, lambda: spoken["action"])
    connection.create_function("qms_reason", 0, lambda: spoken["reason"])
    connection.create_function("qms_connection", 0, lambda: identity.opened_as)
    connection.create_function("qms_roles", 0, lambda: ",".join(sorted(identity.roles)))
    connection.create_function(
        "qms_is_fresh", 0, lambda: int(time.monotonic() - identity.opened_at < FRESH_CONNECTION_S)
    )
    connection.create_function("qms_today", 0, today)
    connection.create_function("qms_day", 1, lambda zone: day_in(zone, now()))
    connection.create_function("qms_content_hash", 2, content_hash)
    connection.create_function("qms_address", 0, lambda: "local")
    connection.create_function("qms_file_sha256", 1, file_sha256, deterministic=True)
    connection.create_function("qms_sha256", 1, sha256, deterministic=True)
    if identity.login != OWNER:
        connection.set_authorizer(_authorise)
