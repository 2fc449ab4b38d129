"""The state chip: icon, word and colour, always all three, from one table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.ui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

CHIP_HEIGHT, STATION_CHIP_HEIGHT = 22, 30
_STATION_TEXT = 15


@dataclass(frozen=True)
class ChipLook:
    """How a state looks: colour family, icon, and its word as English source text (may hold {values})."""

    family: str
    icon: str
    word: str


CHIPS: dict[tuple[str, str], ChipLook] = {
    ("complaint", "new"): ChipLook("neutral", "circle-dashed", N_("New")),
    ("complaint", "registered"): ChipLook("neutral", "pencil", N_("Registered")),
    ("complaint", "accepted"): ChipLook("run", "player-play", N_("Accepted")),
    ("complaint", "contained"): ChipLook("hold", "shield-check", N_("Contained")),
    ("complaint", "analysis"): ChipLook("run", "stethoscope", N_("In analysis")),
    ("complaint", "replied"): ChipLook("wait", "send", N_("Replied")),
    ("complaint", "verifying"): ChipLook("run", "target-arrow", N_("Verifying")),
    ("complaint", "closed"): ChipLook("ok", "circle-check", N_("Closed")),
    ("complaint", "archived"): ChipLook("neutral", "archive", N_("Archived")),
    ("complaint", "refused"): ChipLook("bad", "circle-x", N_("Not accepted")),
    ("complaint", "urgent"): ChipLook("bad", "urgent", N_("Urgent")),
    ("rma_goods", "requested"): ChipLook("neutral", "clipboard-text", N_("Requested")),
    ("rma_goods", "approval"): ChipLook("wait", "signature", N_("To approve")),
    ("rma_goods", "awaiting_goods"): ChipLook("neutral", "truck", N_("Awaiting goods")),
    ("rma_goods", "non_physical"): ChipLook("neutral", "file-text", N_("No goods come back")),
    ("rma_goods", "received"): ChipLook("run", "package-import", N_("Received")),
    ("rma_goods", "sorted"): ChipLook("run", "arrows-split-2", N_("Sorted")),
    ("rma_goods", "refused"): ChipLook("bad", "circle-x", N_("Refused {reason}")),
    ("rma_goods", "cancelled"): ChipLook("neutral", "ban", N_("Cancelled")),
    ("rma_kind", "physical"): ChipLook("neutral", "package", N_("Physical return")),
    ("rma_kind", "non_physical"): ChipLook("neutral", "file-text", N_("No physical return")),
    ("rma_settlement", "open"): ChipLook("neutral", "circle-dashed", N_("Not settled")),
    ("rma_settlement", "settling"): ChipLook("run", "receipt-yuan", N_("Settling")),
    ("rma_settlement", "closed"): ChipLook("ok", "circle-check", N_("Closed")),
    ("receipt", "expected"): ChipLook("neutral", "truck", N_("Expected")),
    ("receipt", "arrived"): ChipLook("wait", "hourglass", N_("Arrived, to count")),
    ("receipt", "counted"): ChipLook("run", "list-numbers", N_("Counted")),
    ("receipt", "difference"): ChipLook("bad", "arrows-diff", N_("Difference open")),
    ("receipt", "agreed"): ChipLook("ok", "check", N_("Agreed")),
    ("receipt", "signed"): ChipLook("ok", "signature", N_("Signed")),
    ("receipt", "labelled"): ChipLook("run", "tags", N_("Labelled")),
    ("receipt", "quarantined"): ChipLook("hold", "lock", N_("Quarantined")),
    ("sorting", "waiting"): ChipLook("wait", "hourglass", N_("To judge")),
    ("sorting", "judged"): ChipLook("run", "stethoscope", N_("Judged")),
    ("sorting", "sorting"): ChipLook("run", "arrows-split-2", N_("Being sorted")),
    ("sorting", "classified"): ChipLook("ok", "checkup-list", N_("Classified")),
    ("sorting", "done"): ChipLook("ok", "circle-check", N_("Done")),
    ("order", "open"): ChipLook("neutral", "circle-dashed", N_("Opened")),
    ("order", "released"): ChipLook("neutral", "clipboard-check", N_("Released to production")),
    ("order", "running"): ChipLook("run", "player-play", N_("In work")),
    ("order", "reported"): ChipLook("wait", "checkup-list", N_("Done, to inspect")),
    ("order", "done"): ChipLook("ok", "circle-check", N_("Done")),
    ("pieces", "to_inspect"): ChipLook("wait", "checkup-list", N_("To inspect")),
    ("pieces", "passed"): ChipLook("ok", "circle-check", N_("Passed")),
    ("pieces", "failed"): ChipLook("bad", "repeat", N_("Failed, round {round}")),
    ("pieces", "scrapped"): ChipLook("neutral", "trash", N_("Scrapped")),
    ("dismantling", "open"): ChipLook("neutral", "circle-dashed", N_("To dismantle")),
    ("dismantling", "running"): ChipLook("run", "scissors", N_("Being dismantled")),
    ("dismantling", "reported"): ChipLook("wait", "checkup-list", N_("Parts to inspect")),
    ("dismantling", "done"): ChipLook("ok", "building-warehouse", N_("Booked in")),
    ("claim", "draft"): ChipLook("neutral", "pencil", N_("Draft")),
    ("claim", "reviewed"): ChipLook("run", "file-check", N_("Reviewed")),
    ("claim", "calculated"): ChipLook("run", "coins", N_("Calculated")),
    ("claim", "approval"): ChipLook("wait", "signature", N_("To approve")),
    ("claim", "approved"): ChipLook("ok", "check", N_("Approved")),
    ("claim", "executed"): ChipLook("ok", "circle-check", N_("Executed")),
    ("claim", "closed"): ChipLook("ok", "lock", N_("Closed")),
    ("claim", "refused"): ChipLook("bad", "circle-x", N_("Refused")),
    ("claim", "customer_deducted"): ChipLook("wait", "alert-triangle", N_("Customer deducted")),
    ("eight_d", "open"): ChipLook("run", "stethoscope", N_("In analysis")),
    ("eight_d", "verifying"): ChipLook("run", "target-arrow", N_("Verifying")),
    ("eight_d", "closed"): ChipLook("ok", "circle-check", N_("Closed")),
    ("eight_d", "reopened"): ChipLook("bad", "repeat", N_("Reopened")),
    ("eight_d_version", "draft"): ChipLook("neutral", "pencil", N_("Draft")),
    ("eight_d_version", "review"): ChipLook("wait", "user-check", N_("In review")),
    ("eight_d_version", "sent_back"): ChipLook("bad", "arrow-back-up", N_("Sent back")),
    ("eight_d_version", "approved"): ChipLook("ok", "signature", N_("Approved")),
    ("eight_d_version", "sent"): ChipLook("run", "send", N_("Sent to customer")),
    ("eight_d_version", "accepted"): ChipLook("ok", "circle-check", N_("Accepted by customer")),
    ("eight_d_version", "rejected"): ChipLook("bad", "circle-x", N_("Rejected by customer")),
    ("recall", "suspected"): ChipLook("wait", "help-hexagon", N_("Suspected")),
    ("recall", "assessed"): ChipLook("wait", "scale", N_("Assessed")),
    ("recall", "reported"): ChipLook("wait", "signature", N_("Reported to GM")),
    ("recall", "approved"): ChipLook("crit", "gavel", N_("Recall approved")),
    ("recall", "declined"): ChipLook("neutral", "x", N_("No recall")),
    ("recall", "running"): ChipLook("crit", "speakerphone", N_("Recall running")),
    ("recall", "complete"): ChipLook("ok", "flag", N_("Complete")),
    ("hold", "on"): ChipLook("hold", "hand-stop", N_("Shipment hold")),
    ("hold", "released"): ChipLook("ok", "circle-check", N_("Hold released")),
    ("stop", "on"): ChipLook("crit", "alert-octagon", N_("Critical stop")),
    ("emergency", "raised"): ChipLook("crit", "alert-octagon", N_("Raised")),
    ("emergency", "handling"): ChipLook("run", "player-play", N_("Handling")),
    ("emergency", "reported"): ChipLook("wait", "send", N_("Reported to the leading group")),
    ("emergency", "summarised"): ChipLook("ok", "circle-check", N_("Summarised")),
    ("scar", "sent"): ChipLook("wait", "send", N_("Sent to supplier")),
    ("scar", "answered"): ChipLook("run", "file-text", N_("Answered")),
    ("scar", "accepted"): ChipLook("ok", "check", N_("Answer accepted")),
    ("scar", "rejected"): ChipLook("bad", "circle-x", N_("Answer rejected")),
    ("scar", "closed"): ChipLook("ok", "circle-check", N_("Closed")),
    ("deadline", "left"): ChipLook("neutral", "clock", N_("{left} left")),
    ("deadline", "soon"): ChipLook("wait", "clock-exclamation", N_("{left} left")),
    ("deadline", "late"): ChipLook("bad", "flame", N_("{left} late")),
    ("deadline", "paused"): ChipLook("hold", "clock-pause", N_("Paused")),
    ("deadline", "extended"): ChipLook("neutral", "clock-edit", N_("Extended")),
    ("deadline", "escalated"): ChipLook("bad", "stairs-up", N_("Escalated, level {level}")),
    ("deadline", "met"): ChipLook("ok", "check", N_("Met")),
    ("label", "provisional"): ChipLook("hold", "lock", N_("Provisional, do not ship")),
    ("label", "valid"): ChipLook("ok", "tags", N_("Valid")),
    ("label", "void"): ChipLook("crit", "alert-octagon", N_("Void")),
    ("label", "reprint"): ChipLook("neutral", "repeat", N_("Reprint {count}")),
    ("task", "to_do"): ChipLook("wait", "hourglass", N_("To do")),
    ("import", "preview"): ChipLook("neutral", "eye", N_("Preview, nothing written yet")),
    ("form", "draft"): ChipLook("neutral", "pencil", N_("Draft")),
    ("start", "recommended"): ChipLook("ok", "bulb", N_("Look at this first")),
}


@dataclass(frozen=True)
class State:
    """A record's state, ready for a chip: `record` and `state` as in CHIPS, `values` for its word.

    `word`, a text that is translated already, replaces the table's word ("12 min to reminder").
    """

    record: str
    state: str
    values: Mapping[str, object] = field(default_factory=dict)
    word: str = ""

    @property
    def look(self) -> ChipLook:
        """Give family, icon and source word; raises KeyError for a state that the table does not know."""
        return CHIPS[self.record, self.state.lower()]

    def __str__(self) -> str:
        """Give the word in the current language."""
        if self.word:
            return self.word
        given = {"reason": "", "left": "", "round": "", "level": "", "count": ""} | dict(self.values)
        return _(self.look.word).format(**given).strip()


def chip_width(text: str, *, size: int = theme.SMALL, bold: bool = False) -> float:
    """Give the width of a chip with this text, in pixels of the screen."""
    icon = 14 if size < _STATION_TEXT else size
    return theme.px(8 + icon + 5 + 9) + QFontMetricsF(theme.font(size, bold=bold)).horizontalAdvance(text) + 1


def paint_chip(
    painter: QPainter,
    x: float,
    middle: float,
    state: State,
    *,
    size: int = theme.SMALL,
    most: float | None = None,
    ratio: float = 1,
) -> float:
    """Draw a chip from x around a middle line, not wider than `most`; give its width."""
    look, text = state.look, str(state)
    bold = look.family == "crit"
    icon = 14 if size < _STATION_TEXT else size
    height = theme.px(CHIP_HEIGHT if size < _STATION_TEXT else STATION_CHIP_HEIGHT)
    width = chip_width(text, size=size, bold=bold)
    if most is not None and width > most:
        width = most
    before = theme.px(8 + icon + 5)
    font = theme.font(size, bold=bold)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width - before - theme.px(8))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(f"{look.family}_bd"), 1))
    painter.setBrush(theme.colour(f"{look.family}_bg"))
    painter.drawRoundedRect(QRectF(x + 0.5, round(middle - height / 2) + 0.5, width - 1, height - 1), 4, 4)
    drawn = icons.pixmap(look.icon, look.family, icon, stroke=2, ratio=ratio)
    painter.drawPixmap(QPointF(x + theme.px(8), round(middle - theme.px(icon) / 2)), drawn)
    painter.setPen(theme.colour(look.family))
    painter.setFont(font)
    painter.drawText(
        QRectF(x + before, middle - height / 2, width - before, height), Qt.AlignmentFlag.AlignVCenter, shown
    )
    painter.restore()
    return width


class Chip(QWidget):
    """A chip as a widget of its own."""

    def __init__(self, state: State, *, size: int = theme.SMALL) -> None:
        super().__init__()
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.state = state
        self.show_state(state)

    def show_state(self, state: State) -> None:
        """Show another state."""
        self.state = state
        self.setAccessibleName(str(state))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = CHIP_HEIGHT if self._size < _STATION_TEXT else STATION_CHIP_HEIGHT
        width = chip_width(str(self.state), size=self._size, bold=self.state.look.family == "crit")
        return QSize(round(width + 0.5), theme.px(height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.show_state(self.state)
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        paint_chip(QPainter(self), 0, self.height() / 2, self.state, size=self._size, most=self.width(), ratio=ratio)
