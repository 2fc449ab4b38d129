"""One table for every list: rows are frozen dataclasses, columns say how to show them; a million rows stay fluent.

Long lists come in keyset pages: the model asks its `fetch` for the rows after the last one, the page reads them off the
window's thread and gives them to `append`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.cells import Cell, CellDelegate, GroupRow, TwoLine, cell_text, state_width
from qms_desktop.ui.text import Words, said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.ui.memory import Memory

Row = Any
# Looked up once: reading an enum member costs more than everything else in data() (measured with 1,000,000 rows).
_DISPLAY = Qt.ItemDataRole.DisplayRole
_READABLE = (_DISPLAY, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
_ALIGN = Qt.ItemDataRole.TextAlignmentRole
_HEAD_FONT = Qt.ItemDataRole.FontRole
_ACROSS = Qt.Orientation.Horizontal
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_HEADING_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_NO_PARENT = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_NARROWEST_STATE = 72
_FITTED_ROWS = 100
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column: what its head says, what it holds, and how wide it is.

    `key` is an attribute's name or a function of the row; `width` is in the design's pixels, and the least width
    of the column that stretches.
    """

    title: Words
    kind: Cell
    key: str | Callable[[Row], Any]
    width: int = 120
    stretch: bool = False
    right: bool | None = None

    @property
    def to_the_right(self) -> bool:
        """Tell whether the head stands right, as pieces and money do."""
        return self.kind is Cell.NUMBER if self.right is None else self.right


class TableModel(QAbstractTableModel):
    """The rows of a list."""

    def __init__(self, columns: Sequence[Column], *, fetch: Callable[[Row | None], None] | None = None) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.fetch = fetch
        self._getters = tuple(attrgetter(each.key) if isinstance(each.key, str) else each.key for each in self.columns)
        self._rows: Sequence[Row] = ()
        self._more = False
        self._fetching = False

    @property
    def rows(self) -> Sequence[Row]:
        """Give the rows that are here."""
        return self._rows

    def row_at(self, number: int) -> Row:
        """Give one row."""
        return self._rows[number]

    def value(self, row: Row, column: int) -> Any:  # noqa: ANN401 - any cell value
        """Give a cell's value as the column takes it from the row."""
        return self._getters[column](row)

    def show(self, rows: Sequence[Row], *, more: bool = False) -> None:
        """Put other rows in place of all that are here; `more` says that fetch can give some."""
        self.beginResetModel()
        self._rows, self._more, self._fetching = rows, more and self.fetch is not None, False
        self.endResetModel()

    def append(self, rows: Sequence[Row], *, more: bool) -> None:
        """Put the next page under the rows that are here."""
        self._fetching, self._more = False, more
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        if not isinstance(self._rows, list):
            self._rows = list(self._rows)
        self._rows.extend(rows)
        self.endInsertRows()

    def fetch_failed(self) -> None:
        """Allow another try after a page could not be read."""
        self._fetching = False

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return self._more and not self._fetching and not parent.isValid()

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        if self.fetch is None or self._fetching:
            return
        self._fetching = True
        self.fetch(self._rows[-1] if self._rows else None)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _DISPLAY) -> Any:  # noqa: ANN401
        if role in _READABLE:
            row = self._rows[index.row()]
            if isinstance(row, GroupRow):
                return row.title if index.column() == 0 else None
            return cell_text(self._getters[index.column()](row))
        if role == _ALIGN:
            return _RIGHT if self.columns[index.column()].to_the_right else _LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:  # noqa: ANN401
        if orientation != _ACROSS:
            return None
        if role == _DISPLAY:
            return said(self.columns[section].title)
        if role == _ALIGN:
            return _RIGHT if self.columns[section].to_the_right else _LEFT
        return theme.font(theme.SMALL) if role == _HEAD_FONT else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        return _HEADING_FLAGS if isinstance(self._rows[index.row()], GroupRow) else _FLAGS


class Table(QTableView):
    """A list of records: rows are chosen whole, opened by Enter or double click, copied to Excel by Ctrl+C.

    Signals: `chosen(row)` when another row is current, `opened(row)`; both give the row itself.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        model: TableModel,
        *,
        name: str,
        spoken_name: Words,
        row_height: int = theme.ROW,
        memory: Memory | None = None,
        nothing: Words = "",
    ) -> None:
        super().__init__()
        self._nothing = nothing or (lambda: _("Nothing is here yet."))
        self.list_name, self.rows_model, self._memory = name, model, memory
        self._spoken_name = spoken_name
        self._is_fitting = False
        self._fixed_rows: int | None = None
        self.setModel(model)
        self.setItemDelegate(CellDelegate(model))
        self.setAccessibleName(said(spoken_name))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(theme.px(20))
        self.verticalHeader().setDefaultSectionSize(theme.px(row_height))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._prepare_head()
        model.modelReset.connect(self._size_groups)
        model.modelReset.connect(self._fit_states)
        model.rowsInserted.connect(self._size_groups)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.selectionModel().currentRowChanged.connect(self._current_changed)

    def _prepare_head(self) -> None:
        head = self.horizontalHeader()
        head.setFixedHeight(theme.px(theme.TABLE_HEAD))
        head.setMinimumSectionSize(theme.px(24))
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        remembered = self._memory.widths(self.list_name) if self._memory else {}
        for number, column in enumerate(self.rows_model.columns):
            head.resizeSection(
                number, theme.px(column.width) if column.stretch else remembered.get(number, theme.px(column.width))
            )
        head.sectionResized.connect(self._section_resized)
        if self._memory is not None:
            for place, number in enumerate(self._memory.order(self.list_name, head.count())):
                head.moveSection(head.visualIndex(number), place)
            head.sectionMoved.connect(self._section_moved)

    def _section_resized(self, section: int, _before: int, width: int) -> None:
        if self.rows_model.columns[section].stretch:
            return  # the window's doing, not the person's
        if self._is_fitting:
            return
        if self._memory is not None and self.isVisible():
            self._memory.keep_width(self.list_name, section, width)
        self._stretch()

    def _section_moved(self) -> None:
        head = self.horizontalHeader()
        if self._memory is not None:
            self._memory.keep_order(self.list_name, [head.logicalIndex(place) for place in range(head.count())])

    def _stretch(self) -> None:
        """Give what is left to the stretching column, but never less than its own width: then the list scrolls."""
        head, columns = self.horizontalHeader(), self.rows_model.columns
        free = self.viewport().width() - sum(
            head.sectionSize(number) for number, one in enumerate(columns) if not one.stretch
        )
        for number, column in enumerate(columns):
            if column.stretch:
                head.resizeSection(number, max(theme.px(column.width), free))
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.rows_model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(theme.colour("text3"))
            painter.setFont(theme.font(theme.SMALL))
            room = self.viewport().rect()
            room.setHeight(min(room.height(), self.verticalHeader().defaultSectionSize()))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, said(self._nothing))

    def fix_rows(self, count: int) -> None:
        """Be as high as so many rows, with room for the bar that scrolls sideways where one is needed."""
        self._fixed_rows = count
        head = self.horizontalHeader()
        height = self.verticalHeader().defaultSectionSize() * count + (0 if head.isHidden() else head.height())
        if head.length() > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stretch()
        if self._fixed_rows is not None:
            self.fix_rows(self._fixed_rows)

    def _fit_states(self) -> None:
        """Make the columns of chips and limits as wide as their words in this language, unless a person chose.

        What they leave goes to the column that stretches: the customer's name.
        """
        chosen = self._memory.widths(self.list_name) if self._memory else {}
        rows = [row for row in islice(self.rows_model.rows, _FITTED_ROWS) if not isinstance(row, GroupRow)]
        self._is_fitting = True
        for number, column in enumerate(self.rows_model.columns):
            if column.kind not in (Cell.CHIP, Cell.DEADLINE) or column.stretch or number in chosen:
                continue
            values = (self.rows_model.value(row, number) for row in rows)
            needed = max((state_width(value) for value in values if value is not None), default=0)
            own = theme.px(min(column.width, _NARROWEST_STATE)) if needed else theme.px(column.width)
            self.horizontalHeader().resizeSection(number, max(own, needed))
        self._is_fitting = False
        self._stretch()

    def _size_groups(self) -> None:
        if isinstance(self.rows_model.rows, list | tuple):
            for number, row in enumerate(self.rows_model.rows):
                if isinstance(row, GroupRow):
                    self.verticalHeader().resizeSection(number, theme.px(theme.GROUP_ROW))

    def current(self) -> Row | None:
        """Give the row that is chosen, or None."""
        index = self.currentIndex()
        return self.rows_model.row_at(index.row()) if index.isValid() else None

    def choose(self, number: int) -> None:
        """Choose a row by its place; a heading passes the choice to the row below it."""
        while number < self.rows_model.rowCount() and isinstance(self.rows_model.row_at(number), GroupRow):
            number += 1
        if number < self.rows_model.rowCount():
            self.selectRow(number)
            if all(isinstance(self.rows_model.row_at(above), GroupRow) for above in range(number)):
                self.scrollToTop()  # a heading above the first row stays in sight

    def choose_where(self, wanted: Callable[[Row], bool]) -> bool:
        """Choose the first row that fits, such as the record that was open before a reload; tell whether there is."""
        for number, row in enumerate(self.rows_model.rows):
            if not isinstance(row, GroupRow) and wanted(row):
                self.selectRow(number)
                return True
        return False

    def _current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not isinstance(row := self.rows_model.row_at(now.row()), GroupRow):
            self.chosen.emit(row)

    def _open(self, number: int) -> None:
        row = self.rows_model.row_at(number)
        if not isinstance(row, GroupRow):
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_tab_separated())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(said(self._spoken_name))
            self.horizontalHeader().viewport().update()
            self.viewport().update()
        super().changeEvent(event)

    def as_tab_separated(self) -> str:
        """Give the chosen rows, or all that are here, with their heads, as Excel takes them from the clipboard.

        Numbers are plain digits; a text that a sheet would run as a formula gets an apostrophe in front.
        """
        head = self.horizontalHeader()
        order = [
            head.logicalIndex(place)
            for place in range(head.count())
            if not head.isSectionHidden(head.logicalIndex(place))
        ]
        columns = [number for number in order if self.rows_model.columns[number].kind is not Cell.ACTION]
        chosen = sorted({index.row() for index in self.selectedIndexes()}) or range(self.rows_model.rowCount())
        lines = ["\t".join(_pasteable(said(self.rows_model.columns[number].title)) for number in columns)]
        for number in chosen:
            row = self.rows_model.row_at(number)
            if not isinstance(row, GroupRow):
                lines.append("\t".join(_pasteable(self.rows_model.value(row, column)) for column in columns))
        return "\r\n".join(lines) + "\r\n"


def _pasteable(value: Any) -> str:  # noqa: ANN401 - any cell value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = " ".join((str(value) if isinstance(value, TwoLine) else cell_text(value)).split())
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def fixed_rows(table: Table, count: int) -> QWidget:
    """Make a table exactly as high as its head and `count` rows: for the short tables inside a record."""
    table.fix_rows(count)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return table
