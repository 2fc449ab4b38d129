"""The balance of a heap, always in view: what came in, where every piece of it is, and whether the sum is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import theme, wording
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.flow import Flow
from qms_desktop.ui.rows import STRETCH, column, empty_out, row
from qms_desktop.ui.text import Text, Words, said

if TYPE_CHECKING:
    from collections.abc import Sequence

_BAR_HEIGHT, _GAP, _RADIUS = 10, 2, 3


@dataclass(frozen=True)
class Share:
    """A part of the balance: its words, its pieces, and its colour, a chart token or a state family."""

    words: Words
    pieces: int
    colour: str


class _Square(QWidget):
    """The square that says which colour of the bar a figure has."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(theme.px(10), theme.px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._colour))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)


class BalanceBar(QWidget):
    """One bar, divided in the colours of the parts; what is missing stays pale."""

    def __init__(self) -> None:
        super().__init__()
        self._total = 0
        self._shares: tuple[Share, ...] = ()
        self.setFixedHeight(theme.px(_BAR_HEIGHT))

    def show_shares(self, total: int, shares: Sequence[Share]) -> None:
        """Show the parts of a total."""
        self._total, self._shares = total, tuple(shares)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line2"))
        painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        whole = max(self._total, sum(share.pieces for share in self._shares), 1)
        left = 0.0
        for share in self._shares:
            width = self.width() * share.pieces / whole
            painter.setBrush(theme.colour(share.colour))
            painter.drawRoundedRect(QRectF(left, 0, max(2.0, width - _GAP), self.height()), _RADIUS, _RADIUS)
            left += width


class Balance(QFrame):
    """Shows `total = the sum of the parts`; the chip turns bad and names the difference when the sum fails."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._total, self._unit = 0, ""
        self._shares: tuple[Share, ...] = ()
        self.setProperty("card", "2")
        self._parts = Flow(gap=18)
        self.chip = Chip(State("receipt", "agreed", word="0"))
        self.bar = BalanceBar()
        figures = QWidget()
        figures.setLayout(self._parts)
        column(
            row((figures, 1), column(self.chip, STRETCH, gap=0), gap=10),
            self.bar,
            gap=8,
            margins=(12, 8, 12, 10),
            into=self,
        )

    @property
    def difference(self) -> int:
        """Give the pieces that are in no part; below zero when the parts are more than came in."""
        return self._total - sum(share.pieces for share in self._shares)

    def show_balance(self, total: int, shares: Sequence[Share], unit: str = "") -> None:
        """Show what came in and its parts; parts without pieces are left out."""
        self._total, self._unit = total, unit
        self._shares = tuple(share for share in shares if share.pieces)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        empty_out(self._parts)
        self._parts.addWidget(_figure(said(self._words), wording.pieces(self._total, self._unit), ""))
        if self._shares:
            self._parts.addWidget(_sign("="))
        for share in self._shares:
            self._parts.addWidget(_figure(said(share.words), wording.pieces(share.pieces), share.colour))
        self.bar.show_shares(self._total, self._shares)
        self.chip.show_state(self._state())
        spoken = ", ".join(f"{said(share.words)} {share.pieces}" for share in self._shares)
        self.setAccessibleName(f"{said(self._words)} {self._total}: {spoken}")

    def _state(self) -> State:
        if self.difference:
            words = _("{pieces} differ").format(pieces=wording.pieces(abs(self.difference)))
            return State("receipt", "difference", word=words)
        return State("receipt", "agreed", word=_("Every piece is somewhere"))


def _figure(label: str, figure: str, colour: str) -> QWidget:
    head = row(_Square(colour) if colour else None, Text(label, theme.SMALL, ink="text2"), gap=5)
    return column(head, Text(figure, theme.TITLE, bold=True), gap=0)


def _sign(mark: str) -> QWidget:
    return column(STRETCH, Text(mark, theme.TITLE, ink="text3"), gap=0)
