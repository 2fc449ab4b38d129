"""From the command line to the window: settings, look, first start, signing in, and the pages."""

from __future__ import annotations

import contextlib
import logging
import sys
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication, QWidget

from qms_desktop import VERSION, files, i18n, settings
from qms_desktop.app import crash
from qms_desktop.i18n import _
from qms_desktop.permissions import Permission
from qms_desktop.ui import place_dialog, plant_time, theme
from qms_desktop.ui.background import Background
from qms_desktop.ui.controls import Choice
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.first_start import FirstStartWindow
from qms_desktop.ui.idle_lock import IdleLock
from qms_desktop.ui.live import Live
from qms_desktop.ui.memory import Memory
from qms_desktop.ui.scanner import Scanner
from qms_desktop.ui.sign_in import SignIn, SignInWindow
from qms_desktop.ui.workplace import Destination, Workplace

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from qms_desktop.app import places
    from qms_desktop.db.listener import Listener
    from qms_desktop.demo import place
    from qms_desktop.session import Session
    from qms_desktop.ui.dock_station import StationWindow
    from qms_desktop.ui.main_window import MainWindow

log = logging.getLogger(__name__)
LOCALES = {"zh_CN": "zh_CN", "zh_TW": "zh_TW", "en": "en_GB"}


def _behind() -> ModuleType:
    """Give what stands behind the sign-in; the first call loads it, off the window's thread, for about a second."""
    return import_module("qms_desktop.app.behind")


def _make_demo() -> place.Demo:
    made: place.Demo = _behind().place.make_when_missing()
    return made


@dataclass(frozen=True)
class Start:
    """How the program was started: which database, as a station or not, and whether somebody is signed in already."""

    database: str = ""
    station: str = ""
    login: str = ""
    password: str = ""


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
        self.session: Session | None = None
        self._wear()

    def _wear(self) -> None:
        i18n.use(self.settings.language)
        QLocale.setDefault(QLocale(LOCALES[self.settings.language]))
        theme.apply(self.app, dark=self.settings.is_dark, percent=self.settings.text_percent)

    def keep(self, **changes: Any) -> None:  # noqa: ANN401 - the settings' own values
        """Change settings and keep them."""
        self.settings = settings.change(**changes)

    @property
    def database(self) -> str:
        """Give the database's address: as started, else as remembered."""
        return self.start.database or self.settings.database

    def open(self) -> None:
        """Open the first window: the first start, or the sign-in, which signs in by itself with a password at hand."""
        if not self.database:
            self._show(self._first_start())
        else:
            window = self._sign_in()
            self._show(window)
            if self.start.password:
                window.try_to_sign_in(self.start.password)
                return
        self.background.read(_behind, done=lambda _loaded: None, failed=_not_loaded)

    def _show(self, window: QWidget) -> None:
        before, self.shown = self.shown, window
        window.show()
        if before is not None:
            before.close()
            before.deleteLater()

    def _first_start(self) -> FirstStartWindow:
        window = FirstStartWindow(version=VERSION, may_go_back=bool(self.database))
        window.demo_wanted.connect(lambda: self._open_demo(window))
        window.single_pc_wanted.connect(lambda: self._make_single_pc(window))
        window.shared_wanted.connect(lambda: self._join(window))
        window.backup_chosen.connect(lambda chosen: self._restore(window, chosen))
        window.back_wanted.connect(lambda: self._show(self._sign_in()))
        window.language_chosen.connect(self.speak)
        return window

    def _open_demo(self, window: FirstStartWindow) -> None:
        window.show_working(lambda: _("The demo is made: a year of shipments and a whole return. About a minute…"))
        self.background.write(_make_demo, done=self._demo_made, failed=window.show_failure)

    def _demo_made(self, demo: place.Demo) -> None:
        self.start = replace(self.start, database=demo.url, login=demo.login, password=demo.password)
        self.open()

    def _make_single_pc(self, window: FirstStartWindow) -> None:
        places = _behind().places
        dialog = place_dialog.single_pc(
            window, self.background, file=str(places.own_file()), work=places.make_single_pc
        )
        dialog.ready.connect(self._settle_at)
        dialog.open()

    def _join(self, window: FirstStartWindow) -> None:
        dialog = place_dialog.shared(window, self.background, work=_behind().places.join)
        dialog.ready.connect(self._settle_at)
        dialog.open()

    def _restore(self, window: FirstStartWindow, backup: Path) -> None:
        window.show_working(lambda: _("The backup is copied…"))
        self.background.write(lambda: _behind().places.restore(backup), done=self._restored, failed=window.show_failure)

    def _restored(self, url: str) -> None:
        self.start = replace(self.start, database="", password="")
        self.keep(database=url)
        self._show(self._sign_in())

    def _settle_at(self, opened: places.Opened) -> None:
        self.start = replace(self.start, database="", password="")
        self._open_session(opened)

    def _sign_in(self) -> SignInWindow:
        window = SignInWindow(
            database=self.database,
            stations=[
                Choice("", lambda: _("This PC")),
                Choice("dock-1", lambda: _("Dock")),
                Choice("line-1", lambda: _("Production line")),
            ],
            open_session=self._session_of,
            background=self.background,
            version=VERSION,
            login=self.start.login or self.settings.login,
        )
        window.signed_in.connect(lambda opened: self._open_session(opened, station=str(window.station.read())))
        window.other_database_wanted.connect(lambda: self._show(self._first_start()))
        window.language_chosen.connect(self.speak)
        return window

    def _session_of(self, typed: SignIn) -> places.Opened:
        station = typed.station or self._station_name()
        opened: places.Opened = _behind().places.sign_in(self.database, typed.login, typed.password, station=station)
        return opened

    def _station_name(self) -> str:
        return self.start.station or self.settings.station

    def _open_session(self, opened: places.Opened, *, station: str = "") -> None:
        session, password = opened.session, opened.password
        plant_time.use(opened.zone)
        self.keep(login=session.login, **({} if self.start.database else {"database": opened.database}))
        self.session = session
        live = Live()
        self.listener = _behind().Listener(url=self.database, login=session.login, password=password, ear=live)
        drafts = Drafts(files.person_folder() / "drafts.sqlite", person=session.login, store=self.database)
        workplace = Workplace(
            session=session,
            background=self.background,
            live=live,
            drafts=drafts,
            memory=Memory(files.person_folder() / "memory.json"),
            go=self.go,
        )
        self._show(self._station(workplace, station) or self._window(workplace))
        self.listener.start()

    def _window(self, workplace: Workplace) -> MainWindow:
        pages = _behind().pages
        window: MainWindow = _behind().MainWindow(
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
        window.sign_out_wanted.connect(self.sign_out)
        window.closed.connect(self._closed)
        window.go(Destination(pages.FIRST_PAGE))
        if self.settings.lock_minutes > 0:
            self._lock_when_idle(window, workplace.session)
        return window

    def _lock_when_idle(self, window: MainWindow, session: Session) -> None:
        def prove(password: str) -> None:
            _behind().places.sign_in(self.database, session.login, password).session.store.close()

        lock = IdleLock(
            window,
            name=session.name,
            minutes=self.settings.lock_minutes,
            prove=prove,
            background=self.background,
        )
        lock.sign_out_wanted.connect(self.sign_out)

    def _station(self, workplace: Workplace, chosen: str) -> StationWindow | None:
        """Make the station that the program was started for, or that somebody who works there chose at the sign-in."""
        wanted = self.start.station or (chosen if workplace.session.may(Permission.RECEIPT_RECEIVE) else "")
        make = _behind().pages.STATIONS.get(wanted.partition("-")[0])
        if make is None:
            return None
        station: StationWindow = make(workplace)
        station.left.connect(self.sign_out)
        station.open_full_screen()
        return station

    def go(self, destination: Destination) -> None:
        """Open a page of the window that is shown."""
        if isinstance(self.shown, _behind().MainWindow):
            self.shown.go(destination)

    def speak(self, chosen: str) -> None:
        """Change the language of every window that is open."""
        self.keep(language=chosen)
        self._wear()
        for window in self.app.topLevelWidgets():
            self.app.sendEvent(window, QEvent(QEvent.Type.LanguageChange))

    def _resize_text(self, percent: int) -> None:
        self.keep(text_percent=percent)
        self._wear()
        if isinstance(self.shown, _behind().MainWindow):
            self._show(self._window(self.shown.workplace))

    def sign_out(self) -> None:
        """Forget the password and ask for another."""
        self._stop_listening()
        if self.session is not None:
            # After the verbs that were handed over before: what somebody began is finished in his name.
            self.background.write(
                self.session.store.close, done=lambda _none: None, failed=lambda error: log.error("sign-out: %s", error)
            )
            self.session = None
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
        if self.session is not None:
            self.session.store.close()


def _not_loaded(error: BaseException) -> None:
    raise error


def run(start: Start) -> int:
    """Open the window and stay until it is closed; gives the exit code."""
    crash.watch()
    program = Program(start)
    with contextlib.closing(program):
        program.open()
        return int(program.app.exec())
