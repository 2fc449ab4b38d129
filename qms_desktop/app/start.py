"""From the command line to the window: settings, look, first start, signing in, and the pages."""

from __future__ import annotations

import contextlib
import logging
import sys
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QWidget

from qms_desktop import VERSION, files, i18n, settings
from qms_desktop.app import crash, pages
from qms_desktop.db import people
from qms_desktop.db.listener import Listener
from qms_desktop.demo import place
from qms_desktop.i18n import _
from qms_desktop.rules import calendar
from qms_desktop.ui import plant_time, theme
from qms_desktop.ui.background import Background
from qms_desktop.ui.controls import Choice
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.first_start import FirstStartWindow
from qms_desktop.ui.idle_lock import IdleLock
from qms_desktop.ui.live import Live
from qms_desktop.ui.main_window import MainWindow
from qms_desktop.ui.memory import Memory
from qms_desktop.ui.scanner import Scanner
from qms_desktop.ui.sign_in import SignIn, SignInWindow
from qms_desktop.ui.workplace import Destination, Workplace

if TYPE_CHECKING:
    from datetime import tzinfo

    from qms_desktop.db.connection import Store
    from qms_desktop.session import Session
    from qms_desktop.ui.dock_station import StationWindow

log = logging.getLogger(__name__)
LOCALES = {"zh_CN": "zh_CN", "zh_TW": "zh_TW", "en": "en_GB"}


@dataclass(frozen=True)
class Start:
    """How the program was started: which database, as a station or not, and whether somebody is signed in already."""

    database: str = ""
    station: str = ""
    login: str = ""
    password: str = ""


@dataclass(frozen=True)
class Opened:
    """What signing in gives: the session, the password for the listener's own connection, and the plant's zone."""

    session: Session
    password: str
    zone: tzinfo


class Program:
    """Holds the windows and what they share, from the first window to the last."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.settings = settings.load()
        found = QApplication.instance()
        self.app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
        self.app.setApplicationName("QMS Desktop")
        self.background = Background()
        self.scanner = Scanner(self.app)
        self.shown: QWidget | None = None
        self.listener: Listener | None = None
        self._wear()

    def _wear(self) -> None:
        i18n.use(self.settings.language)
        QLocale.setDefault(QLocale(LOCALES[self.settings.language]))
        theme.apply(self.app, dark=self.settings.is_dark, percent=self.settings.text_percent)

    def keep(self, **changes: Any) -> None:  # noqa: ANN401 - the settings' own values
        """Change settings and keep them."""
        self.settings = replace(self.settings, **changes)
        settings.save(self.settings)

    @property
    def database(self) -> str:
        """Give the database's address: as started, else as remembered."""
        return self.start.database or self.settings.database

    def open(self) -> None:
        """Open the first window: the first start, the sign-in, or with a password at hand the program itself."""
        if not self.database:
            self._show(self._first_start())
        elif self.start.password:
            self._open_session(self._session_of(SignIn(self.start.login, self.start.password, "", remember=False)))
        else:
            self._show(self._sign_in())

    def _show(self, window: QWidget) -> None:
        before, self.shown = self.shown, window
        window.show()
        if before is not None:
            before.close()
            before.deleteLater()

    def _first_start(self) -> FirstStartWindow:
        window = FirstStartWindow(version=VERSION)
        window.demo_wanted.connect(self._open_demo)
        window.language_chosen.connect(self._speak)
        return window

    def _open_demo(self) -> None:
        self.background.write(
            place.make_when_missing, done=self._demo_made, failed=lambda error: log.error("no demo: %s", error)
        )

    def _demo_made(self, demo: place.Demo) -> None:
        self.start = replace(self.start, database=demo.url, login=demo.login, password=demo.password)
        self.open()

    def _sign_in(self) -> SignInWindow:
        window = SignInWindow(
            database=self.database,
            stations=[
                Choice("", partial(_, "This PC")),
                Choice("dock-1", partial(_, "Dock")),
                Choice("line-1", partial(_, "Line")),
            ],
            open_session=self._session_of,
            background=self.background,
            version=VERSION,
            login=self.start.login or self.settings.login,
        )
        window.signed_in.connect(self._open_session)
        window.language_chosen.connect(self._speak)
        return window

    def _session_of(self, typed: SignIn) -> Opened:
        session = people.sign_in(
            self.database, typed.login, typed.password, station=typed.station or self._station_name()
        )
        return Opened(session, typed.password, calendar.zone_of_plant(session))

    def _station_name(self) -> str:
        return self.start.station or self.settings.station

    def _open_session(self, opened: Opened) -> None:
        session, password = opened.session, opened.password
        plant_time.use(opened.zone)
        self.keep(login=session.login, **({} if self.start.database else {"database": self.database}))
        live = Live()
        self.listener = Listener(url=self.database, login=session.login, password=password, ear=live)
        drafts = Drafts(files.person_folder() / "drafts.sqlite", person=session.login, store=self.database)
        workplace = Workplace(
            session=session,
            background=self.background,
            live=live,
            drafts=drafts,
            memory=Memory(files.person_folder() / "memory.json"),
            go=self.go,
        )
        self._show(self._station(workplace) if self.start.station else self._window(workplace))
        self.listener.start()

    def _window(self, workplace: Workplace) -> MainWindow:
        window = MainWindow(
            self.app,
            workplace,
            pages.entries(workplace.session),
            seat=lambda: pages.seat(workplace.session),
            readings=pages.READINGS,
            scanner=self.scanner,
        )
        window.resize(theme.px(1440), theme.px(900))
        window.language_changed.connect(lambda chosen: self.keep(language=chosen))
        window.look_changed.connect(lambda dark: self.keep(is_dark=dark))
        window.size_wanted.connect(self._resize_text)
        window.sign_out_wanted.connect(self._sign_out)
        window.closed.connect(self._closed)
        window.go(Destination(pages.FIRST_PAGE))
        if self.settings.lock_minutes > 0:
            self._lock_when_idle(window, workplace.session)
        return window

    def _lock_when_idle(self, window: MainWindow, session: Session) -> None:
        def prove(password: str) -> None:
            cast("Store", people.sign_in(self.database, session.login, password).store).close()

        lock = IdleLock(
            window,
            name=session.name,
            minutes=self.settings.lock_minutes,
            prove=prove,
            background=self.background,
        )
        lock.sign_out_wanted.connect(self._sign_out)

    def _station(self, workplace: Workplace) -> StationWindow:
        station = pages.STATIONS[self.start.station.partition("-")[0]](workplace)
        station.left.connect(self._sign_out)
        station.open_full_screen()
        return station

    def go(self, destination: Destination) -> None:
        """Open a page of the window that is shown."""
        if isinstance(self.shown, MainWindow):
            self.shown.go(destination)

    def _speak(self, chosen: str) -> None:
        self.keep(language=chosen)
        self._wear()

    def _resize_text(self, percent: int) -> None:
        self.keep(text_percent=percent)
        self._wear()
        if isinstance(self.shown, MainWindow):
            self._show(self._window(self.shown.workplace))

    def _sign_out(self) -> None:
        self._stop_listening()
        self.start = replace(self.start, password="")
        self._show(self._sign_in())

    def _closed(self) -> None:
        self._stop_listening()

    def _stop_listening(self) -> None:
        if self.listener is not None:
            self.listener.stop()
            self.listener = None

    def close(self) -> None:
        """End the threads."""
        self._stop_listening()
        self.background.close()


def run(start: Start) -> int:
    """Open the window and stay until it is closed; gives the exit code."""
    crash.watch()
    program = Program(start)
    with contextlib.closing(program):
        program.open()
        return int(program.app.exec())
