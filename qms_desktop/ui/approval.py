"""The approval panel: who signed when and on what ground, who must sign and why, and which row of the rule applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.cards import card_head
from qms_desktop.ui.rows import STRETCH, column, empty_out, row
from qms_desktop.ui.text import Eliding, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Place:
    """A place for a signature: who, in which seat, its state ("done", "now", "later", "refused"), and the ground.

    The ground says when and why it was signed, or why this person must sign; texts are translated already.
    """

    name: str
    seat: str
    state: str
    ground: str


@dataclass(frozen=True)
class Rung:
    """A row of the rule: the condition, who signs, and whether this case falls into it."""

    condition: str
    signer: str
    this_one: bool = False


_FAMILY = {"done": "ok", "now": "wait", "later": "neutral", "refused": "bad"}


class _Number(QWidget):
    """The round number of a place, in its state's colours."""

    def __init__(self, number: int, family: str) -> None:
        super().__init__()
        self._number, self._family = number, family
        self.setFixedSize(theme.px(24), theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour(f"{self._family}_bd"))
        painter.setBrush(theme.colour(f"{self._family}_bg"))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(theme.colour(self._family))
        painter.setFont(theme.font(theme.SMALL, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))


class ApprovalPanel(QFrame):
    """A card of about 330; the page fills it from what rules/approval gives."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._done = Text("", theme.SMALL, ink="text2")
        self._places = QVBoxLayout()
        self._places.setSpacing(theme.px(10))
        self._ladder = QVBoxLayout()
        self._ladder.setSpacing(0)
        self._source = Text("", theme.SMALL, ink="text3", wrap=True)
        self._covers = Text("", theme.SMALL, ink="hold", wrap=True)
        self._lock = QFrame()
        self._lock.setProperty("tone", "hold")
        row(Sign("lock", "hold"), (self._covers, 1), margins=(8,), into=self._lock)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.px(12) for _side in range(4)))
        layout.setSpacing(theme.px(10))
        layout.addWidget(card_head("signature", lambda: _("Approval"), self._done))
        layout.addLayout(self._places)
        layout.addLayout(self._ladder)
        layout.addWidget(self._source)
        layout.addWidget(self._lock)
        layout.addStretch(1)

    def show_approval(
        self,
        places: Sequence[Place],
        *,
        ladder_title: str = "",
        ladder: Sequence[Rung] = (),
        source: str = "",
        covers: str = "",
    ) -> None:
        """Show the places, the rule with the row of this case marked, where the rule stands, and what is signed."""
        signed = sum(place.state == "done" for place in places)
        self._done.say(lambda: _("{done} of {all} done").format(done=signed, all=len(places)))
        empty_out(self._places)
        for number, place in enumerate(places, start=1):
            self._places.addWidget(self._place(number, place))
        empty_out(self._ladder)
        if ladder:
            self._ladder.addWidget(self._rung(ladder_title, _("Signed by"), head=True))
        for rung in ladder:
            self._ladder.addWidget(self._rung(rung.condition, rung.signer, marked=rung.this_one))
        self._source.say(source)
        self._source.setVisible(bool(source))
        self._covers.say(covers)
        self._lock.setVisible(bool(covers))

    @staticmethod
    def _place(number: int, place: Place) -> QWidget:
        seat = Eliding(place.seat, theme.SMALL, ink="text2")
        words = column(
            row(Text(place.name, bold=True), (seat, 1), gap=6),
            Text(place.ground, theme.SMALL, ink="text2", wrap=True),
            gap=2,
        )
        return row(column(_Number(number, _FAMILY[place.state]), STRETCH, gap=0), (words, 1), gap=10)

    @staticmethod
    def _rung(condition: str, signer: str, *, head: bool = False, marked: bool = False) -> QWidget:
        ink = "text2" if head else "text" if marked else "text3"
        frame = QFrame()
        frame.setProperty("band", "head" if head else "this" if marked else "row")
        left, right = (
            Eliding(condition, theme.SMALL, bold=marked, ink=ink),
            Eliding(signer, theme.SMALL, bold=marked, ink=ink),
        )
        this_one = (Sign("arrow-left", "accent_text", 14), Text(_("this one"), theme.SMALL, ink="accent_text"))
        signed_by = row((right, 1), *(this_one if marked else ()), gap=4)
        row((left, 5), (signed_by, 6), gap=4, margins=(8, 4, 4, 4), into=frame)
        frame.setMinimumHeight(theme.px(28))
        return frame
