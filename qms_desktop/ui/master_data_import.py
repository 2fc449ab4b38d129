"""The import of a table: choose or drop a file, check it, write it whole, and see what was done."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from qms_desktop.exchange.refusals import ColumnsAsked
from qms_desktop.i18n import N_, _
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data import ImportKind
from qms_desktop.ui import cards, file_choice, theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.controls import Choice, ChoiceField
from qms_desktop.ui.flow import flow
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.master_data_preview import ImportPreview
from qms_desktop.ui.master_data_sheet import RIGHT, CheckedFile, RowState, check_file
from qms_desktop.ui.pictures import Stepper
from qms_desktop.ui.rows import STRETCH, column, empty_out, row
from qms_desktop.ui.text import Eliding, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qms_desktop.errors import QmsError
    from qms_desktop.ui.page import Page

KIND_WORDS: dict[ImportKind, str] = {
    ImportKind.CUSTOMERS: N_("Customers"),
    ImportKind.PRODUCTS: N_("Products"),
    ImportKind.SUPPLIERS: N_("Suppliers"),
    ImportKind.DEFECT_CODES: N_("Defect codes"),
    ImportKind.PEOPLE: N_("People"),
    ImportKind.RATES: N_("Rates and prices"),
    ImportKind.SHIPMENTS: N_("Shipments"),
    ImportKind.LOT_GENEALOGY: N_("Lots and what went into them"),
    ImportKind.STOCK: N_("Stock"),
}
_KILOBYTE = 1024
_CHOOSE, _CHECK, _DONE = range(3)


def stations() -> list[str]:
    """Name the stations of an import."""
    return [_("Choose the file"), _("Check"), _("Write")]


class ImportSheet(QWidget):
    """Signals: `imported(master_data.ImportResult)` after something was written, `left()` when it is closed."""

    imported = Signal(object)
    left = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self.path: Path | None = None
        self._day_first: bool | None = None
        self._columns: dict[str, str] = {}
        self.setAcceptDrops(True)
        self.kind = ChoiceField([Choice(kind, partial(_, words)) for kind, words in KIND_WORDS.items()], field="kind")
        self.kind.when_changed(self._kind_changed)
        self.form = Form("import", {}, parent=self)
        self._buttons()
        self.preview = ImportPreview()
        self.preview.day_first_answered.connect(self._answer_day)
        self.stack = QStackedWidget()
        for widget in (self._choosing(), self._checking(), self._finished()):
            self.stack.addWidget(widget)
        column((self.stack, 1), into=self)
        for key, forwards in (("F8", True), ("Shift+F8", False)):
            QShortcut(QKeySequence(key), self).activated.connect(partial(self.preview.step, forwards))

    def _buttons(self) -> None:
        high = theme.HEAD_BUTTON
        self.choose = Button(
            lambda: _("Choose a file…"), kind="primary", icon="file-upload", height=high, key="Ctrl+O", clicked=self.ask
        )
        self.other = Button(lambda: _("Another file…"), icon="file-upload", height=high, clicked=self.ask)
        self.only_right = Button(
            lambda: _("Import only the right ones"),
            icon="table-import",
            height=high,
            clicked=partial(self._import, only_right=True),
        )
        self.all_rows = Button(
            lambda: _("Import all rows"),
            kind="primary",
            icon="check",
            height=high,
            key="Ctrl+Return",
            show_key=False,
            clicked=partial(self._import, only_right=False),
        )
        self.form.submits(self.other, self.only_right, self.all_rows)

    # The three places.

    def _choosing(self) -> QWidget:
        self._refusal = QVBoxLayout()
        kind = Field(lambda: _("What the file lists"), self.kind)
        kind.setFixedWidth(theme.px(280))
        hint = Text(
            lambda: _(
                "Excel (.xlsx) or CSV, as the ERP exports it. You can also drop the file here."
                " Nothing is written before you say so."
            ),
            ink="text2",
            wrap=True,
        ).follow_width()
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        back = Button(
            lambda: _("Back to the lists"),
            kind="ghost",
            icon="arrow-left",
            key="Escape",
            show_key=False,
            clicked=self.left.emit,
        )
        box = column(
            cards.BigSign("table-import"),
            8,
            row(STRETCH, Text(lambda: _("Import what the ERP knows"), theme.TITLE, bold=True), STRETCH),
            hint,
            row(STRETCH, kind, STRETCH),
            row(STRETCH, self.choose, back, STRETCH),
            self._refusal,
        )
        box.setFixedWidth(theme.px(560))
        return cards.card(STRETCH, row(STRETCH, box, STRETCH), STRETCH, margins=(24,))

    def _checking(self) -> QWidget:
        self._title = Text("", theme.TITLE, bold=True)
        self._file = Text("", bold=True)
        self._facts = Eliding("", theme.SMALL, ink="text2")
        title = row(self._title, Chip(State("import", "preview")))
        back = Button(
            icon="x",
            kind="quiet",
            name=lambda: _("Back to the lists"),
            height=theme.HEAD_BUTTON,
            clicked=self.left.emit,
        )
        head = cards.card(
            flow(title, STRETCH, self.other, self.only_right, self.all_rows, back),
            row(Sign("file-spreadsheet", "ok", 18), self._file, (self._facts, 1)),
            gap=6,
            margins=(16, 12, 16, 12),
        )
        self.stepper = Stepper(stations, 1, name=lambda: _("Stations of the import"))
        self.stepper.setFixedWidth(theme.px(480))
        return column(head, row(self.stepper, STRETCH), (self.preview, 1), gap=12)

    def _finished(self) -> QWidget:
        self._done_title = Text("", theme.TITLE, bold=True)
        self._done_words = Text("", ink="text2", wrap=True).follow_width()
        self._done_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        again = Button(
            lambda: _("Import another file…"), icon="file-upload", height=theme.HEAD_BUTTON, clicked=self.begin
        )
        self.to_lists = Button(
            lambda: _("Show the list"),
            kind="primary",
            icon="list",
            height=theme.HEAD_BUTTON,
            key="Return",
            show_key=False,
            clicked=self.left.emit,
        )
        box = column(
            cards.BigSign("circle-check", tone="ok"),
            8,
            row(STRETCH, self._done_title, STRETCH),
            self._done_words,
            8,
            row(STRETCH, self.to_lists, again, STRETCH),
        )
        box.setFixedWidth(theme.px(560))
        return cards.card(STRETCH, row(STRETCH, box, STRETCH), STRETCH, margins=(24,))

    # Choosing.

    def begin(self, kind: ImportKind | None = None) -> None:
        """Begin with no file."""
        if kind is not None:
            self.kind.put(kind)
        self.path = None
        empty_out(self._refusal)
        self.stack.setCurrentIndex(_CHOOSE)
        self.choose.setFocus()

    def ask(self) -> None:
        """Ask for the file."""
        patterns = _("Tables (*.xlsx *.xlsm *.csv *.txt)")
        file_choice.ask_open(self._page, title=_("File to import"), patterns=patterns, then=self.take)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.take(Path(files[0]))

    def take(self, path: Path) -> None:
        """Check a file that was chosen or dropped."""
        self.path, self._day_first, self._columns = path, None, {}
        self._check()

    def _kind_changed(self) -> None:
        empty_out(self._refusal)

    def _answer_day(self, is_first: bool) -> None:
        self._day_first = is_first
        self._check()

    def check_again(self) -> None:
        """Read and compare the file anew."""
        if self.path is not None and self.stack.currentIndex() == _CHECK:
            self._check()

    def _check(self) -> None:
        if self.path is None:
            return
        columns: Mapping[str, str] = dict(self._columns)
        self._page.read(
            check_file,
            then=self._show,
            failed=self._refused,
            slot="import.check",
            kind=self.kind.read(),
            path=self.path,
            day_first=self._day_first,
            columns=columns,
        )

    def _refused(self, error: QmsError) -> None:
        self._page.toast.hide()
        self.stack.setCurrentIndex(_CHOOSE)
        empty_out(self._refusal)
        self._refusal.addWidget(cards.panel("bad", "alert-circle", lambda: _("The file was not taken"), str(error)))
        if isinstance(error, ColumnsAsked):
            buttons = [
                Button(
                    _("Column {letter}").format(letter=letter),
                    clicked=partial(self._choose_column, error.column_name, letter),
                )
                for letter in error.letters
            ]
            self._refusal.addWidget(row(STRETCH, *buttons, STRETCH))
        self.choose.setFocus()

    def _choose_column(self, name: str, letter: str) -> None:
        self._columns[name] = letter
        self._check()

    # Checking.

    def _show(self, checked: CheckedFile) -> None:
        self.preview.show_checked(checked)
        self._title.say(lambda: _("Import: {what}").format(what=_(KIND_WORDS[checked.kind])))
        self._file.say(checked.reading.file_name)
        self._facts.say(lambda: _facts(checked))
        self._show_buttons(checked)
        self.form.open()
        self.stack.setCurrentIndex(_CHECK)
        QTimer.singleShot(0, self.preview.to_first)
        (self.all_rows if self.all_rows.isEnabled() else self.preview.side.findings).setFocus()

    def _show_buttons(self, checked: CheckedFile) -> None:
        right, total = checked.count(*RIGHT), len(checked.rows)
        work = checked.count(RowState.NEW, RowState.CHANGED)
        self.all_rows.say(lambda: wording.count_of(total, N_("Import the {count} row"), N_("Import all {count} rows")))
        self.only_right.say(lambda: _("Import only the {count} right ones").format(count=wording.pieces(right)))
        self.only_right.setVisible(0 < right < total)
        self.only_right.forbid("" if work else _nothing_new)
        self.other.setEnabled(True)
        if right < total:
            self.all_rows.forbid(
                lambda: _("Some rows are wrong. Mend them in the file, or import only the right ones.")
            )
        else:
            self.all_rows.forbid("" if work else _nothing_new)

    # Writing.

    def _import(self, *, only_right: bool) -> None:
        checked = self.preview.checked
        if checked is None:
            return
        self._page.run(
            master_data.import_rows,
            then=partial(self._written, checked),
            failed=lambda _error: self._show_buttons(checked),
            form=self.form,
            kind=checked.kind,
            rows=checked.reading.rows,
            file_name=checked.reading.file_name,
            sha256=checked.reading.sha256,
            original=checked.reading.original,
            confirmed=only_right,
        )

    def _written(self, checked: CheckedFile, done: master_data.ImportResult) -> None:
        left_out = len(checked.rows) - done.rows_new - done.rows_changed - done.rows_same
        self._done_title.say(lambda: _("{file} is imported").format(file=checked.reading.file_name))
        self._done_words.say(
            lambda: _("{new} new, {changed} changed, {same} the same, {left_out} left out.").format(
                new=wording.pieces(done.rows_new),
                changed=wording.pieces(done.rows_changed),
                same=wording.pieces(done.rows_same),
                left_out=wording.pieces(left_out),
            )
        )
        self.stack.setCurrentIndex(_DONE)
        self.to_lists.setFocus()
        self.imported.emit(done)


def _nothing_new() -> str:
    return _("Everything in this file is known already.")


def _facts(checked: CheckedFile) -> str:
    parts = [
        _("sheet {sheet}").format(sheet=checked.table.sheet) if checked.table.sheet else "",
        wording.count_of(len(checked.rows), N_("{count} row"), N_("{count} rows")),
        f"{max(1, round(checked.size_bytes / _KILOBYTE)):,} KB",
        f"SHA-256 {checked.reading.sha256[:4]}\u2026{checked.reading.sha256[-4:]}",
    ]
    return " \u00b7 ".join(part for part in parts if part)
