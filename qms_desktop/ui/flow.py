"""A row that wraps onto the next line when the window is narrow or the text is large: buttons, chips, facts."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from qms_desktop.ui import theme
from qms_desktop.ui.rows import STRETCH


class Flow(QLayout):
    """Lays widgets out left to right; after `push_right` the rest of the first line stands at its right end."""

    def __init__(self, *, gap: int = 8) -> None:
        super().__init__()
        self._gap = theme.px(gap)
        self._places: list[QLayoutItem] = []
        self._right_from: int | None = None
        self.setContentsMargins(0, 0, 0, 0)

    def push_right(self) -> None:
        """Let what is added from now on stand at the right, while all fits on one line."""
        self._right_from = len(self._places)

    def addItem(self, item: QLayoutItem) -> None:
        self._places.append(item)

    def count(self) -> int:
        return len(self._places)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._places[index] if 0 <= index < len(self._places) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._places):
            return None
        taken = self._places.pop(index)
        if not self._places:
            self._right_from = None
        return taken

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        sizes = [place.sizeHint() for place in self._shown()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [place.minimumSize() for place in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0)
        )

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def _shown(self) -> list[QLayoutItem]:
        return [place for place in self._places if not place.isEmpty()]

    def _lay(self, rect: QRect, *, move: bool) -> int:
        x, y = rect.x(), rect.y()
        spare = rect.width() - self.sizeHint().width()
        pushed = (
            self._places[self._right_from] if self._right_from is not None and self._right_from < self.count() else None
        )
        line: list[tuple[QLayoutItem, QRect]] = []
        for place in self._shown():
            size = place.sizeHint()
            if rect.width() > 0:
                size.setWidth(max(place.minimumSize().width(), min(size.width(), rect.width())))
            if place is pushed and spare > 0:
                x += spare
            if line and x + size.width() > rect.right() + 1:
                y += _centred(line, move=move) + self._gap
                x, line = rect.x(), []
            line.append((place, QRect(QPoint(x, y), size)))
            x += size.width() + self._gap
        return y + _centred(line, move=move) - rect.y()


def _centred(line: list[tuple[QLayoutItem, QRect]], *, move: bool) -> int:
    """Put what stands on one line around its middle; give the height of the line."""
    height = max((spot.height() for _place, spot in line), default=0)
    if move:
        for place, spot in line:
            place.setGeometry(spot.translated(0, (height - spot.height()) // 2))
    return height


def flow(*parts: QWidget | str, gap: int = 8) -> QWidget:
    """Put widgets into a wrapping row; STRETCH pushes what follows to the right."""
    widget = QWidget()
    layout = Flow(gap=gap)
    widget.setLayout(layout)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        elif part == STRETCH:
            layout.push_right()
    return widget
