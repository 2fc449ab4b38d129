"""The lines of a new complaint that were added already, with the way to take one out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import _
from qms_desktop.steps import complaint
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class GatheredLine:
    """A line that was added to the complaint already."""

    number: int
    line: complaint.NewLine


class LinesField:
    """The lines that were added already, as one control of the form, so that a draft keeps them."""

    def __init__(self) -> None:
        self.model = TableModel(
            [
                Column("#", Cell.TEXT, "number", 32),
                Column(
                    lambda: _("Product and lot"),
                    Cell.TWO_LINE,
                    lambda one: TwoLine(one.line.product, one.line.lot),
                    150,
                ),
                Column(
                    lambda: _("What is wrong"), Cell.WRAPPED, lambda one: one.line.customer_words, 160, stretch=True
                ),
                Column(lambda: _("Pieces"), Cell.NUMBER, lambda one: one.line.pieces, 80),
            ]
        )
        self.table = Table(self.model, name="complaint_new_lines", spoken_name=lambda: _("Lines"), row_height=44)
        self.table.hide()
        self.lines: tuple[complaint.NewLine, ...] = ()
        self.widget: QWidget = self.table
        self._tell: list[Any] = []

    def add(self, line: complaint.NewLine) -> None:
        """Put one more line under the others."""
        self._show((*self.lines, line))

    def take_out(self, number: int) -> complaint.NewLine:
        """Take a line out by its number, and give it."""
        self._show((*self.lines[: number - 1], *(taken := self.lines)[number:]))
        return taken[number - 1]

    def read(self) -> tuple[complaint.NewLine, ...]:
        return self.lines

    def keep(self) -> Any:  # noqa: ANN401
        return [vars(line) for line in self.lines]

    def put(self, kept: Any) -> None:  # noqa: ANN401
        self._show(tuple(complaint.NewLine(**line) for line in kept or ()))

    def when_changed(self, tell: Any) -> None:  # noqa: ANN401
        self._tell.append(tell)

    def _show(self, lines: tuple[complaint.NewLine, ...]) -> None:
        self.lines = lines
        self.model.show([GatheredLine(number, line) for number, line in enumerate(lines, start=1)])
        self.table.setVisible(bool(lines))
        fixed_rows(self.table, max(len(lines), 1))
        for tell in self._tell:
            tell()
