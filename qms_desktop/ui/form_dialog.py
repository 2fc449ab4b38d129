"""A small form over the page: a few fields and one verb; it stays open until the verb succeeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence, QShortcut

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.overlay import Overlay
from qms_desktop.ui.rows import STRETCH, Part, row
from qms_desktop.ui.text import Eliding, Sign, Text, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qms_desktop.errors import QmsError
    from qms_desktop.ui.page import Page


class FormDialog(Overlay):
    """Ctrl+Enter sends, Esc goes back; what was typed is kept as a draft under the form's name."""

    def __init__(
        self,
        page: Page,
        *,
        name: str,
        title: str,
        icon: str,
        fields: Mapping[str, Field],
        verb: Words,
        send: Callable[[FormDialog, dict[str, Any]], None],
        above: Sequence[Part] = (),
        lines: Sequence[Part] | None = None,
        width: int = 560,
    ) -> None:
        super().__init__(page, width=width)
        self.setAccessibleName(title)
        self._send = send
        self.form = Form(name, fields, drafts=page.workplace.drafts, parent=self)
        self.form.speaks_itself = True
        self.wrong = Text("", bold=True, ink="bad", wrap=True)
        self.wrong.hide()
        self.go = Button(
            verb, kind="primary", icon="check", height=theme.HEAD_BUTTON, key="Ctrl+Return", clicked=self.send
        )
        back = Button(lambda: _("Cancel"), height=theme.HEAD_BUTTON, key="Escape", clicked=self.reject)
        self.form.submits(self.go)
        parts: Sequence[Part] = lines if lines is not None else list(fields.values())
        self.put(
            row(Sign(icon, "accent_text", 24), (Eliding(title, theme.TITLE, bold=True), 1), gap=10),
            *above,
            *parts,
            self.wrong,
            row(STRETCH, back, self.go),
        )
        QShortcut(QKeySequence("F8"), self).activated.connect(self.form.to_next_problem)
        self._first = next(iter(fields.values()), None)
        draft = self.form.draft()
        if draft is not None:
            self.form.take_draft(draft)

    def open(self) -> None:
        super().open()
        if self._first is not None:
            self._first.control.widget.setFocus()
        else:
            self.go.setFocus()

    def send(self) -> None:
        """Check the form's own rules, then hand its values over."""
        self.wrong.hide()
        values = self.form.read()
        self.place()
        if values is not None:
            self._send(self, values)

    def show_problem(self, error: QmsError) -> None:
        """Show an error of the verb: beside its field, or above the buttons."""
        if not self.form.wrong_fields():
            self.wrong.say(str(error))
            self.wrong.show()
        self.place()


def ask_form(
    page: Page,
    verb: Callable[..., Any],
    *,
    name: str,
    title: str,
    icon: str,
    words: Words,
    fields: Mapping[str, Field],
    then: Callable[[Any], object],
    arguments: Callable[[dict[str, Any]], dict[str, Any]] = lambda values: values,
    above: Sequence[Part] = (),
    lines: Sequence[Part] | None = None,
    width: int = 560,
    **kwargs: Any,  # noqa: ANN401 - a verb's own arguments
) -> FormDialog:
    """Open a form and run a verb with what was typed; `arguments` turns the fields' values into the verb's."""

    def send(dialog: FormDialog, values: dict[str, Any]) -> None:
        def booked(result: Any) -> None:  # noqa: ANN401 - what the verb gives
            dialog.accept()
            then(result)

        page.run(verb, then=booked, failed=dialog.show_problem, form=dialog.form, **arguments(values), **kwargs)

    dialog = FormDialog(
        page,
        name=name,
        title=title,
        icon=icon,
        fields=fields,
        verb=words,
        send=send,
        above=above,
        lines=lines,
        width=width,
    )
    dialog.open()
    return dialog
