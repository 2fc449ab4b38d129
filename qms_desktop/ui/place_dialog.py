"""Where the data is kept: make a database on this PC, or join the plant's, from the first window."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from PySide6.QtCore import QTimeZone, Signal

from qms_desktop.errors import InvalidInput, QmsError
from qms_desktop.i18n import N_, _
from qms_desktop.ui import overlay, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import Choice, ChoiceField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.rows import STRETCH, row
from qms_desktop.ui.text import Eliding, Sign, Text, Words, said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from qms_desktop.ui.background import Background

NOT_THE_SAME = N_("The two passwords are not the same. Type the second one again.")
_MOST_BELOW_EACH_OTHER = 4
_USUAL_ZONE = "Asia/Shanghai"
Work = Callable[[dict[str, Any]], Any]


class PlaceDialog(overlay.Overlay):
    """Some fields and one piece of work, done off the window's thread; it stays open until that succeeded.

    Signals: `ready(object)` with what the work gave.
    """

    ready = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        background: Background,
        *,
        title: Words,
        icon: str,
        explained: Words,
        fields: Mapping[str, Field],
        verb: Words,
        work: Work,
    ) -> None:
        super().__init__(parent, width=620)
        self._background, self._work = background, work
        self.setAccessibleName(said(title))
        self.form = Form("place", fields, parent=self)
        self.wrong = Text("", bold=True, ink="bad", wrap=True)
        self.wrong.hide()
        self.go = Button(
            verb, kind="primary", icon="check", height=theme.HEAD_BUTTON, key="Ctrl+Return", clicked=self.send
        )
        self.form.submits(self.go)
        back = Button(lambda: _("Cancel"), height=theme.HEAD_BUTTON, key="Escape", clicked=self.reject)
        self.put(
            row(Sign(icon, "accent_text", 24), (Eliding(title, theme.TITLE, bold=True), 1), gap=10),
            Text(explained, ink="text2", wrap=True),
            *_lines(list(fields.values())),
            self.wrong,
            row(STRETCH, back, self.go),
            gap=8,
        )

    def open(self) -> None:
        super().open()
        next(iter(self.form.fields.values())).control.widget.setFocus()

    def send(self) -> None:
        """Check the fields, then do the work."""
        if self.form.busy:
            return
        self.wrong.hide()
        values = self.form.read()
        again = self.form.fields.get("again")
        if values is not None and again is not None and values["again"] != values["password"]:
            again.show_error(InvalidInput(NOT_THE_SAME, field="again"))
            again.control.widget.setFocus()
            values = None
        self.place()
        if values is not None:
            self.form.set_busy(True)
            self._background.write(lambda: self._work(values), done=self._done, failed=self._failed)

    def _done(self, result: Any) -> None:  # noqa: ANN401 - what the work gives
        self.form.set_busy(False)
        self.accept()
        self.ready.emit(result)

    def _failed(self, error: BaseException) -> None:
        self.form.set_busy(False)
        if not isinstance(error, QmsError):
            overlay.show_fault(self, "".join(traceback.format_exception(error)))
            return
        if not self.form.show_error(error):
            self.wrong.say(str(error))
            self.wrong.show()
        self.place()


def _lines(fields: list[Field]) -> list[QWidget]:
    """Put a long form's fields in pairs, so that it fits the first window."""
    if len(fields) <= _MOST_BELOW_EACH_OTHER:
        return list(fields)
    return [row((left, 1), (right, 1), gap=16) for left, right in zip(fields[::2], fields[1::2], strict=True)]


def single_pc(parent: QWidget, background: Background, *, file: str, work: Work) -> PlaceDialog:
    """Ask for the plant and its first person; `work` makes the database in the file and signs in."""
    here = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    zone = ChoiceField([Choice(name, name) for name in sorted(available_timezones())], field="time_zone")
    zone.put(here if here in available_timezones() and not here.startswith("Etc/") and "/" in here else _USUAL_ZONE)
    fields = {
        "plant": Field(
            lambda: _("Name of the plant"), TextField(field="plant", required=True, longest=120), required=True
        ),
        "time_zone": Field(lambda: _("Time zone of the plant"), zone, hint=lambda: _("It decides where a day ends.")),
        "name": Field(lambda: _("Your own name"), TextField(field="name", required=True, longest=60), required=True),
        "login": Field(
            lambda: _("Login"),
            TextField(field="login", required=True, longest=60),
            hint=lambda: _("What you type to sign in, such as your employee number."),
            required=True,
        ),
        "password": _password("password", lambda: _("Password"), lambda: _("At least 8 characters.")),
        "again": _password("again", lambda: _("The password again"), ""),
    }
    return PlaceDialog(
        parent,
        background,
        title=lambda: _("New data on this PC"),
        icon="device-desktop",
        explained=lambda: _(
            "Everything is kept in one file: {file}. You can do every task yourself at first; approvals that need two "
            "people need a second person with an own password. The file proves what happened on this PC, not who of "
            "several people sat at it."
        ).format(file=file),
        fields=fields,
        verb=lambda: _("Make it and sign in"),
        work=work,
    )


def shared(parent: QWidget, background: Background, *, work: Work) -> PlaceDialog:
    """Ask for the address of the plant's database and a login; `work` signs in there."""
    fields = {
        "database": Field(
            lambda: _("Address of the database"),
            TextField(field="database", required=True, longest=300, placeholder="postgresql://qms.example.com/qms"),
            hint=lambda: _("IT gives it to you. It is asked for only once on this PC."),
            required=True,
        ),
        "login": Field(lambda: _("Login"), TextField(field="login", required=True, longest=60), required=True),
        "password": _password("password", lambda: _("Password"), ""),
    }
    return PlaceDialog(
        parent,
        background,
        title=lambda: _("Join a shared database"),
        icon="server-2",
        explained=lambda: _("The address is kept only when signing in there succeeded."),
        fields=fields,
        verb=lambda: _("Connect and sign in"),
        work=work,
    )


def _password(name: str, words: Words, hint: Words) -> Field:
    return Field(words, TextField(field=name, required=True, secret=True), hint=hint, required=True)
