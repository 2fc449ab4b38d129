"""One section of an 8D report as it is written: its fields, its lists, and what two do who write at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from qms_desktop.i18n import _
from qms_desktop.steps import eight_d
from qms_desktop.steps.eight_d import FIELDS, Entry, FieldKind, PhotoRow, Section, SectionChanged, SectionShown
from qms_desktop.steps.eight_d_content import Answer
from qms_desktop.ui import cards, theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import IconText
from qms_desktop.ui.controls import ChoiceField, DayField, MomentField, NotesField, TextField
from qms_desktop.ui.eight_d_controls import FigureField, FiguresField, OptionalPieces
from qms_desktop.ui.eight_d_lists import RowsCard
from qms_desktop.ui.eight_d_photos import PhotosCard
from qms_desktop.ui.eight_d_rows import ROW_LISTS, kept, shown
from qms_desktop.ui.eight_d_words import FIELD_WORDS, LONG, PROGRESS, SECTIONS, choices_of, section_name
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.rows import STRETCH, column, empty_out, row, scrolling
from qms_desktop.ui.text import Eliding, Rule, Sign, Text

if TYPE_CHECKING:
    from qms_desktop.errors import QmsError
    from qms_desktop.ui.controls import Control
    from qms_desktop.ui.eight_d import EightDPage


def _control(name: str, kind: FieldKind) -> Control:
    match kind:
        case FieldKind.ANSWER:
            return ChoiceField(choices_of(Answer, may_be_empty=True), field=name)
        case FieldKind.DAY:
            return DayField(field=name, required=False)
        case FieldKind.MOMENT:
            return MomentField(field=name, required=False)
        case FieldKind.NUMBER:
            return FigureField(field=name)
        case FieldKind.NUMBERS:
            return FiguresField(field=name)
        case FieldKind.PIECES:
            return OptionalPieces(field=name)
        case _ if name in LONG:
            return NotesField(field=name, height=56)
        case _:
            return TextField(field=name, longest=500)


def set_read_only(control: Control) -> None:
    """Let a control be read and copied from, but not changed."""
    widget = control.widget
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        widget.setReadOnly(True)
    elif isinstance(widget, QComboBox):
        widget.setEnabled(False)


class SectionEditor(QFrame):
    """Ctrl+S saves the fields; each list is saved when one of its rows is."""

    def __init__(self, page: EightDPage) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page = page
        self.section: SectionShown | None = None
        self.form: Form | None = None
        self.fields: dict[str, Field] = {}
        self.lists: dict[type, RowsCard] = {}
        self.photos: PhotosCard | None = None
        self._title = Eliding("", theme.CARD_TITLE, bold=True)
        self._progress_sign = Sign("circle-dashed", "text3", 16)
        self._progress = Text("", theme.SMALL, ink="text2")
        self.progress = Button(lambda: _("Progress…"), kind="ghost", icon="clock-edit", clicked=page.ask_progress)
        self._saved = Eliding("", theme.SMALL, ink="text3")
        self.save = Button(lambda: _("Save the section"), icon="device-floppy", key="Ctrl+S", clicked=self.send)
        self._place = QVBoxLayout()
        column(
            row((self._title, 1), self._progress_sign, self._progress, self.progress, margins=(14, 10, 10, 6)),
            Rule(),
            self._place,
            Rule(),
            row((self._saved, 1), self.save, margins=(14, 8, 12, 8)),
            gap=0,
            margins=(1,),
            into=self,
        )
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.setStretchFactor(self._place, 1)
        for key, step in (("Alt+PgDown", 1), ("Alt+PgUp", -1)):
            QShortcut(QKeySequence(key), self).activated.connect(partial(page.step_section, step))

    @property
    def dirty(self) -> bool:
        """Tell whether something was typed that is not saved."""
        return self.form is not None and self.form.dirty

    def show_section(self, section: SectionShown, *, may_write: bool) -> None:
        """Show a section, read-only for those who may not write."""
        if self.form is not None:
            self.form.keep_draft()
        self.section = section
        self._title.say(f"{section_name(section.section)}  {_(SECTIONS[section.section])}".strip)
        word, icon, tone = PROGRESS[section.progress]
        self._progress_sign.show_icon(icon, tone)
        self._progress.say(
            lambda: " \u00b7 ".join(
                filter(None, (_(word), section.owner, wording.day(section.done_on) if section.done_on else ""))
            )
        )
        self.progress.setVisible(may_write)
        self._say_saved()
        self._rebuild(section, may_write=may_write)

    def _say_saved(self) -> None:
        section = self.section
        if section is None or section.saved_at is None:
            self._saved.say(lambda: _("Nothing was saved here yet"))
            return
        moment, who = section.saved_at, self._page.name_of(section.saved_by)
        self._saved.say(lambda: _("Saved by {who}, {moment}").format(who=who, moment=wording.short_moment(moment)))

    def _rebuild(self, section: SectionShown, *, may_write: bool) -> None:
        empty_out(self._place)
        if self.form is not None:
            self.form.setParent(None)
            self.form.deleteLater()
        self.fields = _fields_of(section.section)
        name = f"eight_d.{self._page.record_id}.{section.section}"
        self.form = Form(name, self.fields, drafts=self._page.workplace.drafts, parent=self)
        self.form.open({entry: kept(section.value(entry)) for entry in self.fields})
        self.save.setVisible(bool(self.fields) and may_write)
        self.form.submits(self.save)
        self.form.not_kept.connect(lambda why: self._saved.say(_("The draft is not kept: {why}").format(why=why)))
        self.lists = {
            listed.rows_of: RowsCard(self._page, section, ROW_LISTS[listed.rows_of], listed.rows, may_write=may_write)
            for listed in section.lists
            if listed.rows_of in ROW_LISTS
        }
        self.photos = self._photos_of(section, may_write=may_write)
        if not may_write:
            for field in self.fields.values():
                set_read_only(field.control)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(theme.px(8))
        body = column(
            self._notes,
            _grid(self.fields) if self.fields else None,
            *self.lists.values(),
            self.photos,
            STRETCH,
            gap=14,
            margins=(14, 12, 14, 12),
        )
        self._place.addWidget(scrolling(body, name=_("Section")))
        self._offer_draft()

    def _photos_of(self, section: SectionShown, *, may_write: bool) -> PhotosCard | None:
        rows = next((listed.rows for listed in section.lists if listed.rows_of is PhotoRow), None)
        record = self._page.record
        if rows is None or record is None:
            return None
        return PhotosCard(self._page, section, rows, case_id=record.shown.row.case_id, may_write=may_write)

    def _offer_draft(self) -> None:
        draft = self.form.draft() if self.form else None
        if draft is None or self.form is None:
            return
        panel = cards.panel(
            "run",
            "cloud-check",
            lambda: _("A draft of this section was kept, {moment}").format(moment=wording.short_moment(draft.saved_at)),
            "",
            Button(lambda: _("Go on with it"), clicked=lambda: self._take_draft(draft)),
            Button(lambda: _("Throw it away"), kind="ghost", clicked=self._forget_draft),
        )
        self._notes.addWidget(panel)

    def _forget_draft(self) -> None:
        if self.form is not None:
            self.form.forget_draft()
        empty_out(self._notes)

    def _take_draft(self, draft: Any) -> None:  # noqa: ANN401 - drafts.Draft
        if self.form is not None:
            self.form.take_draft(draft)
        empty_out(self._notes)

    def send(self) -> None:
        """Save the fields."""
        if self.section is not None:
            self._send(self.section.version)

    def _send(self, read_version: int) -> None:
        if self.form is None or self.section is None or (values := self.form.read()) is None:
            return
        section = self.section.section
        self._page.run(
            eight_d.save_section,
            then=lambda _version: self._page.section_saved(section),
            failed=self._not_saved,
            form=self.form,
            eight_d_id=self._page.record_id,
            section=section,
            read_version=read_version,
            fields=tuple(Entry(name, value) for name, value in values.items()),
        )

    def _not_saved(self, error: QmsError) -> None:
        if isinstance(error, SectionChanged):
            self._page.toast.hide()
            self._show_conflict(error)

    def _show_conflict(self, error: SectionChanged) -> None:
        empty_out(self._notes)
        theirs = {entry.field: entry.value for entry in error.theirs}
        lines = []
        for entry in error.mine:
            mine, their = shown(entry.value), str(theirs.get(entry.field, "") or "")
            if FIELDS[self._section_of(error)].get(entry.field) is FieldKind.TEXT and mine != their:
                words = FIELD_WORDS[self._section_of(error)][entry.field]
                lines += [
                    Text(partial(_, words), theme.SMALL, bold=True),
                    Text(_("Saved: {text}").format(text=their or "\u2014"), theme.SMALL, wrap=True),
                    Text(_("Yours: {text}").format(text=mine or "\u2014"), theme.SMALL, wrap=True),
                ]
        frame = QFrame()
        frame.setProperty("tone", "wait")
        version = error.present_version
        column(
            row(Sign("alert-triangle", "wait", 18), (Text(str(error), bold=True, ink="wait", wrap=True), 1)),
            *lines,
            row(
                Button(lambda: _("Save mine over it"), clicked=lambda: self._send(version)),
                Button(lambda: _("Take what was saved"), kind="ghost", clicked=self._take_theirs),
                STRETCH,
            ),
            margins=(12, 8, 12, 10),
            into=frame,
        )
        self._notes.addWidget(frame)

    def _section_of(self, _error: SectionChanged) -> Section:
        return self.section.section if self.section else Section.D0

    def _take_theirs(self) -> None:
        if self.form is not None:
            self.form.forget_draft()
            self.form.dirty = False
        self._page.read_record()

    def go_to(self, name: str) -> None:
        """Put the cursor into a field, or into the list that holds what is missing."""
        field = self.fields.get(name)
        target: QWidget | None = field.control.widget if field else None
        if target is None and self.lists:
            wanted = next((one for one in self.lists.values() if one.is_meant_by(name)), None)
            target = (wanted or next(iter(self.lists.values()))).add
        if target is not None:
            # What was just built is shown by the event loop; a widget that is not shown cannot take the cursor.
            QTimer.singleShot(0, target, partial(target.setFocus, Qt.FocusReason.TabFocusReason))


def _fields_of(section: Section) -> dict[str, Field]:
    kinds = FIELDS[section]
    return {name: Field(partial(_, words), _control(name, kinds[name])) for name, words in FIELD_WORDS[section].items()}


def _grid(fields: dict[str, Field]) -> QWidget:
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(14))
    grid.setVerticalSpacing(theme.px(4))
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    line, place = 0, 0
    for name, field in fields.items():
        if name in LONG:
            line += 1 if place else 0
            grid.addWidget(field, line, 0, 1, 2)
            line, place = line + 1, 0
        else:
            grid.addWidget(field, line, place, Qt.AlignmentFlag.AlignTop)
            line, place = (line + 1, 0) if place else (line, 1)
    return widget


def progress_cell(section: SectionShown) -> IconText:
    """Write how far a section is."""
    word, icon, tone = PROGRESS[section.progress]
    return IconText(_(word), icon, tone)
