"""A frame of the one table that every list uses: 300 cells, beside Qt's own table over the quickest model.

The floor looks its enum up once and draws plain text; ours draws through the delegate that also knows chips and icons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QFrame, QHeaderView, QTableView

from benchmarks import MS, Ratio, medians
from qms_desktop.ui import theme
from qms_desktop.ui.cells import Cell
from qms_desktop.ui.table import Column, Table, TableModel

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS, FRAME_ROWS = 12, 25
COLUMN_WIDTH = 100
MANY, FEW = 1_000_000, 1_000
FRAMES, SHORT_FRAMES = 150, 20
MOST_RATIO, MOST_GROWTH = 1.5, 1.25
_DISPLAY = Qt.ItemDataRole.DisplayRole
_NO_PARENT = QModelIndex()


@dataclass(frozen=True)
class Row:
    """A row of texts; the same twelve for every number, so that only the drawing is measured."""

    number: int
    text: str


class Rows(Sequence[Row]):
    """As many rows as are wanted, made when they are looked at."""

    def __init__(self, count: int) -> None:
        self.how_many = count

    def __len__(self) -> int:
        return self.how_many

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(self.how_many))]
        return Row(place, f"R{place:07d}")


class FloorModel(QAbstractTableModel):
    """The shortest model that shows the same texts."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:  # noqa: N802 - Qt's own name
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:  # noqa: N802 - Qt's own name
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own
        return self.rows[index.row()].text if role == _DISPLAY else None


def floor_table(count: int) -> QTableView:
    """Give Qt's own table, as bare as ours looks: no grid, no row numbers, fixed heights."""
    table = QTableView()
    table.setModel(FloorModel(Rows(count)))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.px(theme.ROW))
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    for column in range(COLUMNS):
        table.horizontalHeader().resizeSection(column, theme.px(COLUMN_WIDTH))
    return table


def our_table(count: int) -> Table:
    """Give the table of every list."""
    model = TableModel([Column(f"{number}", Cell.TEXT, "text", width=COLUMN_WIDTH) for number in range(COLUMNS)])
    model.show(Rows(count))
    return Table(model, name="bench", spoken_name="bench")


def frames(table: QTableView) -> Callable[[], None]:
    """Show a table with 300 cells in sight, and give the function that scrolls a page on and paints it."""
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerItem)
    theme.dress(table)
    table.resize(theme.px(COLUMN_WIDTH) * COLUMNS + 20, theme.px(theme.ROW) * FRAME_ROWS + theme.px(theme.TABLE_HEAD))
    table.show()
    QApplication.processEvents()
    bar = table.verticalScrollBar()
    at = 0

    def paint() -> None:
        nonlocal at
        at = (at + FRAME_ROWS) % max(bar.maximum(), 1)
        bar.setValue(at)
        table.viewport().repaint()

    return paint


def measure(*, short: bool) -> list[Ratio]:
    """Measure a frame of ours beside the floor's, and one of a million rows beside one of a thousand."""
    found_app = QApplication.instance()
    app = found_app if isinstance(found_app, QApplication) else QApplication([])
    theme.apply(app)
    tables = {"floor": floor_table(MANY), "ours": our_table(MANY), "few": our_table(FEW)}
    found = medians({name: frames(table) for name, table in tables.items()}, rounds=SHORT_FRAMES if short else FRAMES)
    for table in tables.values():
        table.close()
        table.deleteLater()
    app.processEvents()
    return [
        Ratio(
            "table, a frame of 300 cells, beside Qt's own", found["floor"] * MS, found["ours"] * MS, MOST_RATIO, "ms"
        ),
        Ratio(
            f"table, a frame of {MANY:,} rows beside {FEW:,}", found["few"] * MS, found["ours"] * MS, MOST_GROWTH, "ms"
        ),
    ]
