"""Signing in: login, password, station; the error stands beside the password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from qms_desktop import i18n
from qms_desktop.errors import QmsError
from qms_desktop.i18n import _
from qms_desktop.ui import icons, overlay, theme
from qms_desktop.ui.brand import BrandPanel
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import CheckField, Choice, ChoiceField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.text import Rule, Text
from qms_desktop.ui.topbar import ConnectionSign, language_menu

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.ui.background import Background

WIDTH, HEIGHT = 1000, 640
_FIRST_WAIT_S, _LONGEST_WAIT_S, _FREE_TRIES = 2, 300, 3


@dataclass(frozen=True)
class SignIn:
    """What was typed; `station` is the value of the chosen choice."""

    login: str
    password: str
    station: str
    remember: bool


class SignInWindow(QWidget):
    """The wait after wrong passwords grows on this PC only, so nobody can lock a colleague out.

    `open_session(SignIn)` runs off the window's thread, gives a session or raises a QmsError. Signals:
    `signed_in(object)` with what it gave; `other_database_wanted()`; `language_chosen(str)`.
    """

    signed_in = Signal(object)
    other_database_wanted = Signal()
    language_chosen = Signal(str)

    def __init__(
        self,
        *,
        database: str,
        stations: Sequence[Choice],
        open_session: Callable[[SignIn], Any],
        background: Background,
        version: str,
        login: str = "",
    ) -> None:
        super().__init__()
        theme.dress(self)
        self._open_session, self._background, self.failures = open_session, background, 0
        self.setWindowTitle(_("QMS Desktop"))
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(theme.px(WIDTH), theme.px(HEIGHT))
        self.login = TextField(field="login", required=True, longest=60, icon="user")
        self.password = TextField(field="password", required=True, secret=True, icon="lock")
        self._add_eye(self.password.line)
        self.station = ChoiceField(stations, field="station")
        self.remember = CheckField(lambda: _("Remember the login (never the password)"))
        fields = {
            "login": Field(lambda: _("Login"), self.login),
            "password": Field(lambda: _("Password"), self.password),
            "station": Field(lambda: _("Station"), self.station),
        }
        self.form = Form("sign_in", fields, parent=self)
        self.form.put({"login": login})
        self.remember.put(bool(login))
        self.enter = Button(
            lambda: _("Sign in"),
            kind="primary",
            height=theme.SIGN_IN_CONTROL,
            key="Return",
            clicked=self.try_to_sign_in,
        )
        self.form.submits(self.enter)
        self.connection = ConnectionSign()
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(lambda: self.enter.forbid(""))
        row(BrandPanel(width=360, version=version), (self._right(database, fields), 1), gap=0, into=self)
        (self.password if login else self.login).widget.setFocus()

    def _right(self, database: str, fields: dict[str, Field]) -> QWidget:
        where = Text(lambda: _("Database {name}").format(name=database), theme.SMALL, ink="text2")
        language = Button(lambda: i18n.LANGUAGES[i18n.language()], kind="quiet", icon="language", size=theme.SMALL)
        language.clicked.connect(lambda: self._languages(language))
        other = Button(
            lambda: _("Another database…"), kind="ghost", size=theme.SMALL, clicked=self.other_database_wanted.emit
        )
        return column(
            STRETCH,
            Text(lambda: _("Sign in"), theme.FIGURE, bold=True),
            where,
            8,
            *fields.values(),
            self.remember.widget,
            4,
            self.enter,
            STRETCH,
            Rule(),
            row(self.connection, STRETCH, language, other),
            gap=8,
            margins=(72, 28, 72, 16),
        )

    def try_to_sign_in(self, password: str = "") -> None:
        """Read the form, or take a password that is known, and hand it over; the button is grey until the answer."""
        if password:
            self.password.put(password)
        typed = self.form.read()
        if typed is None or self.form.busy:
            return
        wanted = SignIn(typed["login"], typed["password"], str(typed["station"]), remember=self.remember.read())
        self.form.set_busy(True)
        self._background.write(lambda: self._open_session(wanted), done=self._done, failed=self._failed)

    def _done(self, session: Any) -> None:  # noqa: ANN401 - what open_session gives
        self.form.set_busy(False)
        self.failures = 0
        self.password.put("")
        self.signed_in.emit(session)

    def _failed(self, error: BaseException) -> None:
        self.form.set_busy(False)
        if not isinstance(error, QmsError):
            overlay.show_fault(self, f"{type(error).__name__}: {error}")
            return
        if not self.form.show_error(error):
            self.form.fields["password"].show_error(error)
        self.password.line.selectAll()
        self.failures += 1
        if (wait_s := wait_after(self.failures)) > 0:
            self.enter.forbid(lambda: _("Wait {seconds} s before the next try.").format(seconds=wait_s))
            self._wait.start(wait_s * 1000)

    def _languages(self, below: QWidget) -> None:
        language_menu(self, self.language_chosen.emit).popup(below.mapToGlobal(below.rect().topLeft()))

    def _add_eye(self, line: QLineEdit) -> None:
        eye = QAction(icons.icon("eye"), _("Show the password"), line)
        line.addAction(eye, QLineEdit.ActionPosition.TrailingPosition)
        hidden, plain = QLineEdit.EchoMode.Password, QLineEdit.EchoMode.Normal
        eye.triggered.connect(lambda: line.setEchoMode(plain if line.echoMode() == hidden else hidden))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setWindowTitle(_("QMS Desktop"))
        super().changeEvent(event)


def wait_after(failures: int) -> int:
    """Give the seconds to wait after so many wrong passwords in a row: none three times, then 2, 4, 8 … 300."""
    if failures < _FREE_TRIES:
        return 0
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S << min(failures - _FREE_TRIES, 10))
