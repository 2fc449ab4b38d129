"""Tells a story in a demo database: sets its clock, signs its people in by password, and keeps a line a deed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from qms_desktop.db import people, setup
from qms_desktop.rules import access

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.db.connection import Store
    from qms_desktop.session import Session

# A demo database holds invented records only; its passwords are known to everybody who tries it.
DEMO_PASSWORD = "demo-2026"  # noqa: S105
ADMIN_LOGIN = "it"
MOMENT_LENGTH = len("2026-11-03 09:20")


@dataclass
class Teller:
    """The database of the story, the people who are signed in, and what was told so far.

    `clock_login` and `clock_password` may set the clock of a demo database on a server; a file needs none.
    """

    url: str
    zone: str = "Asia/Shanghai"
    clock_login: str = ""
    clock_password: str = ""
    listen: Callable[[str], None] = lambda _line: None
    lines: list[str] = field(default_factory=list)
    now: datetime | None = None
    _sessions: dict[str, Session] = field(default_factory=dict)
    _logins: dict[str, str] = field(default_factory=dict)

    def at(self, text: str) -> None:
        """Set the plant's clock: `2026-11-03 09:20` in the plant's own time."""
        self.now = self.moment(text)
        setup.set_clock(self.url, self.now, login=self.clock_login, password=self.clock_password)

    def moment(self, text: str) -> datetime:
        """Give a moment in the plant's own time."""
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=self.plant_zone)

    @property
    def plant_zone(self) -> ZoneInfo:
        """Give the plant's own time zone."""
        return ZoneInfo(self.zone)

    def by(self, name: str) -> Session:
        """Sign a person in by name, once; each works on a connection of the own."""
        if name not in self._sessions:
            login = self.login_of(name)
            self._sessions[name] = people.sign_in(self.url, login, DEMO_PASSWORD, station="demo")
        return self._sessions[name]

    def login_of(self, name: str) -> str:
        """Give a person's login by name."""
        if name not in self._logins:
            if ADMIN_LOGIN not in self._sessions:
                self._sessions[ADMIN_LOGIN] = people.sign_in(self.url, ADMIN_LOGIN, DEMO_PASSWORD, station="demo")
            admin = self._sessions[ADMIN_LOGIN]
            self._logins = {person.name: person.login for person in access.listed(admin)}
        return self._logins[name]

    def told(self, who: str, what: str) -> None:
        """Keep a line of what was done."""
        when = f"{self.now:%Y-%m-%d %H:%M}" if self.now else ""
        line = f"{when}  {who}  {what}"
        self.lines.append(line)
        self.listen(line)

    def in_order_of_time(self) -> tuple[str, ...]:
        """Give the lines as they happened; the chapters tell each case by itself."""
        return tuple(sorted(self.lines, key=lambda line: line[:MOMENT_LENGTH]))

    def close(self) -> None:
        """Sign everybody out."""
        for session in self._sessions.values():
            cast("Store", session.store).close()
        self._sessions.clear()
