"""What a page shows and a column at its right; in a narrow window two chips turn between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qms_desktop.ui import theme
from qms_desktop.ui.buttons import FilterChip
from qms_desktop.ui.rows import STRETCH, column, layout_of, row

if TYPE_CHECKING:
    from qms_desktop.ui.text import Words


class SideBySide(QWidget):
    """The page calls `fold` when its width changes."""

    def __init__(self, main: QWidget, main_words: Words, beside: QWidget, beside_words: Words, *, width: int) -> None:
        super().__init__()
        self.main, self.beside, self._width = main, beside, width
        self.chips = (FilterChip(main_words, chosen=True), FilterChip(beside_words))
        self.chips[0].clicked.connect(lambda: self._turn(to_beside=False))
        self.chips[1].clicked.connect(lambda: self._turn(to_beside=True))
        self._bar = row(*self.chips, STRETCH)
        self._both = row((main, 1), (beside, 0), gap=12)
        column(self._bar, (self._both, 1), into=self)
        self.is_folded = False
        self._bar.hide()
        beside.setFixedWidth(theme.px(width))

    def fold(self, *, on: bool) -> None:
        """Show one of the two at a time, or both."""
        self.is_folded = on
        self._bar.setVisible(on)
        if on:
            self.beside.setMinimumWidth(0)
            self.beside.setMaximumWidth(_ANY_WIDTH)
            layout_of(self._both).setStretchFactor(self.beside, 1)
        else:
            self.beside.setFixedWidth(theme.px(self._width))
        self._turn(to_beside=self.chips[1].isChecked())

    def _turn(self, *, to_beside: bool) -> None:
        self.main.setVisible(not self.is_folded or not to_beside)
        self.beside.setVisible(not self.is_folded or to_beside)


_ANY_WIDTH = 16777215
