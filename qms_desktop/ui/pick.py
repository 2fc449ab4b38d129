"""Type to find: a line with the answers of a reading below it, for fields that name a record and for the search box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _
from qms_desktop.ui import theme
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.controls import TextField
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.workplace import Found

PAUSE_MS = 150
_MOST_SHOWN = 8
Show = Callable[[Sequence[Found]], None]
Search = Callable[[str, Show], None]


class Answers(QWidget):
    """The list below a line. Signals: `taken(Found)`."""

    taken = Signal(object)

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line.window(), Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._line = line
        column = Column("", Cell.TWO_LINE, lambda found: TwoLine(found.title, found.second, found.icon), stretch=True)
        self.model = TableModel([column])
        self.table = Table(self.model, name="answers", spoken_name=lambda: _("Answers"), row_height=theme.TWO_LINE_ROW)
        self.table.horizontalHeader().hide()
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.clicked.connect(lambda index: self._take(index.row()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.table)

    def offer(self, answers: Sequence[Found]) -> None:
        """Show the answers below the line, the first one chosen."""
        self.model.show(list(answers[:_MOST_SHOWN]))
        if not answers:
            self.hide()
            return
        below = self._line.mapToGlobal(QPoint(0, self._line.height() + 2))
        height = theme.px(theme.TWO_LINE_ROW) * len(self.model.rows) + 2
        self.setGeometry(below.x(), below.y(), max(self._line.width(), theme.px(320)), height)
        self.table.choose(0)
        self.show()

    def handle(self, event: QKeyEvent) -> bool:
        """Use a key pressed in the line: arrows move, Enter takes, Esc closes; tell whether it was used."""
        if not self.isVisible():
            return False
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.table.selectRow((self.table.currentIndex().row() + step) % len(self.model.rows))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.table.currentIndex().row())
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        return False

    def _take(self, number: int) -> None:
        found = self.model.row_at(number)
        self.hide()
        self.taken.emit(found)


class Finder(QObject):
    """Puts answers under any line: asks `search` when typing pauses. Signals: `taken(Found)`, `asked(str)` on Enter."""

    taken = Signal(object)
    asked = Signal(str)

    def __init__(self, line: QLineEdit, search: Search, *, at_least: int = 1) -> None:
        super().__init__(line)
        self._line, self._search, self._at_least = line, search, at_least
        self._answers: Answers | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.ask)
        line.textEdited.connect(lambda _text: self._pause.start())
        line.installEventFilter(self)

    @property
    def answers(self) -> Answers:
        """Give the list, made when it is needed first."""
        if self._answers is None:
            self._answers = Answers(self._line)
            self._answers.taken.connect(self.taken)
        return self._answers

    def ask(self) -> None:
        """Ask now."""
        text = self._line.text().strip()
        if len(text) < self._at_least:
            self.answers.hide()
            return
        self._search(text, lambda found: self._show(text, found))

    def _show(self, text: str, found: Sequence[Found]) -> None:
        # An answer to what stood here before is no answer any more.
        if self._line.text().strip() == text and self._line.hasFocus():
            self.answers.offer(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self._answers is not None:
            self._answers.hide()
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if self._answers is not None and self._answers.handle(event):
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._line.text().strip():
            self._pause.stop()
            self.asked.emit(self._line.text().strip())
        return False


class PickField(TextField):
    """A field that names a record: type a part of its name, number or pinyin initials, take one. Gives its id."""

    def __init__(self, search: Search, *, field: str, required: bool = True, placeholder: str = "") -> None:
        super().__init__(field=field, required=required, placeholder=placeholder, icon="search")
        self.found_id: int | None = None
        self.found_number = ""  # the record's code or number, for verbs that take codes
        self._found_title = ""
        self._tell: list[Callable[[], None]] = []
        self.finder = Finder(self.line, search)
        self.finder.taken.connect(self.take)
        self.line.textEdited.connect(self._typed)

    def take(self, found: Found) -> None:
        """Name a record."""
        self.found_id, self._found_title = found.destination.record_id, found.title
        self.found_number = found.destination.number
        self.line.setText(found.title)
        self.line.setCursorPosition(0)
        for tell in self._tell:
            tell()

    def when_taken(self, tell: Callable[[], None]) -> None:
        """Be told when a record was named, to fill the fields that follow from it."""
        self._tell.append(tell)

    def _typed(self, text: str) -> None:
        if text != self._found_title:
            self.found_id, self.found_number = None, ""

    def read(self) -> int | None:  # type: ignore[override]
        text = self.line.text().strip()
        if not text and not self.required:
            return None
        if not text:
            raise InvalidInput(N_("This is needed. Type a part of the name and choose."), field=self.field)
        if self.found_id is None:
            raise InvalidInput(
                N_("“{text}” is not chosen yet. Choose it from the list below the field."), field=self.field, text=text
            )
        return self.found_id

    def keep(self) -> Any:  # noqa: ANN401
        return {"id": self.found_id, "title": self.line.text(), "number": self.found_number}

    def put(self, kept: Any) -> None:  # noqa: ANN401
        self.found_id = kept["id"] if kept else None
        self.found_number = kept.get("number", "") if kept else ""
        self._found_title = kept["title"] if kept else ""
        self.line.setText(self._found_title)
