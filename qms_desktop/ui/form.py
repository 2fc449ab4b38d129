"""Forms: fields as small columns, errors beside the field, drafts every two seconds, one request key until success."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID, uuid4

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from qms_desktop.errors import QmsError
from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.rows import STRETCH, row
from qms_desktop.ui.text import Eliding, Sign, Text, Words, said

if TYPE_CHECKING:
    from concurrent.futures import Future

    from qms_desktop.ui.controls import Control
    from qms_desktop.ui.drafts import Draft, Drafts

DRAFT_EVERY_MS = 2000


class Field(QWidget):
    """A small column: label, control, and one place for the hint or the error, so that nothing jumps."""

    def __init__(self, words: Words, control: Control, *, hint: Words = "", required: bool = False) -> None:
        super().__init__()
        self.control, self.required, self._words, self._hint = control, required, words, hint
        self._error: QmsError | None = None
        self.label = Eliding(self._label_text, theme.SMALL, ink="text2")
        self.label.setBuddy(control.widget)
        self._fit_label()
        self._star = Text("*" if required else "", theme.SMALL, ink="bad")
        self._sign = Sign("alert-circle", "bad", 14)
        self._note = Text("", theme.SMALL, ink="text3").follow_width()
        self._note.setMinimumHeight(self._note.fontMetrics().height())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(4))
        layout.addWidget(row((self.label, 1), self._star, STRETCH, gap=3) if required else self.label)
        layout.addWidget(control.widget)
        layout.addWidget(row(self._sign, (self._note, 1), gap=4))
        grows = isinstance(control.widget, QPlainTextEdit)
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred if grows else QSizePolicy.Policy.Fixed
        )
        self._show_note()
        self._name_control()

    @property
    def error(self) -> QmsError | None:
        """Give the error that stands under the field, or None."""
        return self._error

    def set_hint(self, hint: Words) -> None:
        """Say something else in the place below the control."""
        self._hint = hint
        self._show_note()

    def show_error(self, error: QmsError | None) -> None:
        """Show an error in place of the hint, or the hint again."""
        self._error = error
        theme.set_property(self.control.widget, "wrong", "1" if error else "")
        self._show_note()
        self._name_control()

    def read(self) -> Any:  # noqa: ANN401 - each control gives its own kind of value
        """Give the control's value; raises InvalidInput when its form is wrong."""
        return self.control.read()

    def enter(self) -> None:
        """Put the cursor into the field; what stands in a line is chosen, so that typing replaces it."""
        self.control.widget.setFocus()
        if isinstance(line := self.control.widget, QLineEdit):
            line.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.label.say(self._label_text)
            self._fit_label()
            self._show_note()
            self._name_control()
        super().changeEvent(event)

    def _fit_label(self) -> None:
        self.label.setMaximumWidth(self.label.fontMetrics().horizontalAdvance(self.label.text()) + 2)

    def _label_text(self) -> str:
        return said(self._words)

    def _show_note(self) -> None:
        self._sign.setVisible(self._error is not None)
        self._note.set_ink("bad" if self._error else "text3")
        self._note.say(str(self._error) if self._error else self._hint)

    def _name_control(self) -> None:
        self.control.widget.setAccessibleName(said(self._words))
        self.control.widget.setAccessibleDescription(str(self._error) if self._error else said(self._hint))


class FormField(Protocol):
    """What a form asks of a field: its control, and to say what is wrong with it."""

    control: Control

    @property
    def error(self) -> QmsError | None:
        """Give the error that is shown, or None."""

    def show_error(self, error: QmsError | None) -> None:
        """Show an error, or none."""

    def read(self) -> Any:  # noqa: ANN401 - each control gives its own kind of value
        """Give the control's value; raises InvalidInput when its form is wrong."""


class Form(QObject):
    """The fields of one form: reads them, shows what is wrong, keeps a draft.

    The request key is made when the form opens and kept until the verb succeeded, so that a second click, or a retry
    after a broken connection, books once. Signals: `changed()`, `kept()` after a draft was written,
    `not_kept(str)` when the disk refused it, `problems_changed(int)` with the number of wrong fields.
    """

    speaks_itself = False  # True in a dialog, which shows errors without a field in its own frame
    changed = Signal()
    kept = Signal()
    not_kept = Signal(str)
    _written = Signal(object)
    problems_changed = Signal(int)

    def __init__(
        self, name: str, fields: Mapping[str, FormField], *, drafts: Drafts | None = None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.name, self.fields, self._drafts = name, dict(fields), drafts
        self.request_key: UUID = uuid4()
        self.dirty, self.busy = False, False
        self._submits: list[QWidget] = []
        self._timer = QTimer(self, interval=DRAFT_EVERY_MS)
        self._timer.timeout.connect(self.keep_draft)
        self._unkept = False
        self._written.connect(self._tell_written, Qt.ConnectionType.QueuedConnection)
        for field in self.fields.values():
            field.control.when_changed(self._field_changed)
            if isinstance(line := field.control.widget, QLineEdit):
                line.returnPressed.connect(partial(_go_on, line))

    def submits(self, *buttons: QWidget) -> None:
        """Name the buttons that are grey while the verb runs."""
        self._submits += buttons

    def open(self, contents: Mapping[str, Any] | None = None) -> None:
        """Begin a fresh form: other contents, no errors, a new request key."""
        self.request_key = uuid4()
        self.put(contents or {})
        self.dirty, self._unkept = False, False

    def put(self, contents: Mapping[str, Any]) -> None:
        """Fill the fields; what is not named becomes empty."""
        self.clear_errors()
        for name, field in self.fields.items():
            field.control.put(contents.get(name))

    def contents(self) -> dict[str, Any]:
        """Give what stands in the fields, as JSON values."""
        return {name: field.control.keep() for name, field in self.fields.items()}

    def draft(self) -> Draft | None:
        """Give what was kept of this form, to be offered with its date."""
        return self._drafts.find(self.name) if self._drafts else None

    def take_draft(self, draft: Draft) -> None:
        """Go on with a draft, under its own request key."""
        self.put(draft.contents)
        self.request_key, self.dirty = draft.request_key, True

    def forget_draft(self) -> None:
        """Throw the draft away."""
        if self._drafts:
            self._drafts.clear(self.name)

    def keep_draft(self) -> None:
        """Keep the contents now when they changed."""
        self._timer.stop()
        if self._drafts and self._unkept and not self.busy:
            self._unkept = False
            written = self._drafts.keep(self.name, self.contents(), request_key=self.request_key)
            written.add_done_callback(self._draft_written)

    def _draft_written(self, written: Future[None]) -> None:
        # Called on the drafts' own thread; the signal crosses over.
        if isValid(self):
            self._written.emit(written.exception())

    def _tell_written(self, error: BaseException | None) -> None:
        if error is None:
            self.kept.emit()
        else:
            self._unkept = True
            self.not_kept.emit(str(error))

    def read(self) -> dict[str, Any] | None:
        """Give every field's value, or None after showing what is wrong beside each field."""
        self.clear_errors()
        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                values[name] = field.read()
            except QmsError as error:
                field.show_error(error)
        if self.wrong_fields():
            self._problems()
            self.to_next_problem()
            return None
        return values

    def show_error(self, error: QmsError) -> bool:
        """Show a verb's error beside its field; tell whether the form has that field."""
        field = self.fields.get(error.field or "")
        if field is None:
            return False
        field.show_error(error)
        self._problems()
        field.control.widget.setFocus()
        return True

    def clear_errors(self) -> None:
        """Take all errors away."""
        for field in self.fields.values():
            if field.error is not None:
                field.show_error(None)
        self._problems()

    def wrong_fields(self) -> list[FormField]:
        """Give the fields that show an error, in reading order."""
        return [field for field in self.fields.values() if field.error is not None]

    def to_next_problem(self) -> None:
        """Go to the next field with an error (F8), round and round."""
        wrong = self.wrong_fields()
        here = next((place for place, field in enumerate(wrong) if field.control.widget.hasFocus()), -1)
        if wrong:
            wrong[(here + 1) % len(wrong)].control.widget.setFocus()

    def set_busy(self, busy: bool) -> None:
        """Make the submit buttons grey while the verb runs."""
        self.busy = busy
        for button in self._submits:
            button.setEnabled(not busy)

    def succeeded(self) -> None:
        """The verb is booked: forget the draft, take a new request key."""
        self._timer.stop()
        self.request_key, self.dirty, self._unkept = uuid4(), False, False
        self.clear_errors()
        self.forget_draft()

    def _problems(self) -> None:
        self.problems_changed.emit(len(self.wrong_fields()))

    def _field_changed(self) -> None:
        self.dirty, self._unkept = True, True
        if self._drafts and not self._timer.isActive():
            self._timer.start()
        self.changed.emit()


def problem_words(count: int) -> str:
    """Say how many fields are wrong, for the error line on top of a form."""
    return _(
        "{count} more to mend before it can be saved. Each is written beside its field; F8 goes from one to the next."
    ).format(count=count)


def _go_on(line: QLineEdit) -> None:
    """Go from a line to what Tab would reach next: Enter goes on, Ctrl+Enter sends."""
    after = line.nextInFocusChain()
    while after is not None and after is not line:
        if after.isVisible() and after.isEnabled() and after.focusPolicy() & Qt.FocusPolicy.TabFocus:
            after.setFocus(Qt.FocusReason.TabFocusReason)
            return
        after = after.nextInFocusChain()


Ready = Callable[[dict[str, Any]], None]
