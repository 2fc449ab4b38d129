"""The brand panel of the two windows before the work begins: the name, and the flow as a chain."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.ui import icons, theme

_STATIONS = (
    ("message-report", N_("Complaint")),
    ("truck-return", N_("Return authorisation")),
    ("package-import", N_("Receipt and labels")),
    ("arrows-split-2", N_("Analysis and sorting")),
    ("tool", N_("Rework and re-inspection")),
    ("file-report", N_("8D report")),
    ("chart-bar", N_("Statistics")),
)
# The panel is the same in both looks, as a company's colours are.
_TOP, _FOOT, _CHAIN, _RING, _BEAD = "#1B2C4D", "#101A2E", "#3A5079", "#4C6596", "#22345A"
_WORDS, _SLOGAN, _VERSION = "#DCE6F7", "#AFC0DE", "#93A6C6"


class BrandPanel(QWidget):
    """Fixed in width: 360 beside the sign-in, 300 beside the first start."""

    def __init__(self, *, width: int, version: str) -> None:
        super().__init__()
        self._version = version
        self.setFixedWidth(theme.px(width))
        self.setAccessibleName(_("QMS Desktop"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = QPainter(self), theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QLinearGradient(0, 0, self.width(), self.height())
        ground.setColorAt(0, QColor(_TOP))
        ground.setColorAt(1, QColor(_FOOT))
        painter.fillRect(self.rect(), ground)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(QRectF(px(40), px(44), px(44), px(44)), 9, 9)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(px(50), px(54), icons.pixmap("rotate-clockwise-2", "accent_fg", 24, stroke=2.2, ratio=ratio))
        self._text(
            painter, QRectF(px(98), px(44), self.width() - px(110), px(44)), _("QMS Desktop"), "#FFFFFF", 22, bold=True
        )
        for place, (icon, words) in enumerate(_STATIONS):
            self._station(painter, px(150 + 52 * place), icon, _(words), last=place == len(_STATIONS) - 1)
        room = self.width() - px(56)
        foot = self.height()
        self._text(
            painter, QRectF(px(40), foot - px(58), room, px(20)), _("From the first call to the closed 8D"), _SLOGAN, 13
        )
        version = _("Version {version}").format(version=self._version)
        self._text(painter, QRectF(px(40), foot - px(36), room, px(20)), version, _VERSION, 12)

    def _station(self, painter: QPainter, y: int, icon: str, words: str, *, last: bool) -> None:
        px, ratio = theme.px, self.devicePixelRatioF()
        if not last:
            painter.setPen(QPen(QColor(_CHAIN), 2))
            painter.drawLine(QPointF(px(58), y + px(34)), QPointF(px(58), y + px(52)))
        painter.setPen(QPen(QColor(_RING), 1.5))
        painter.setBrush(QColor(_BEAD))
        painter.drawEllipse(QPointF(px(58), y + px(16)), px(17), px(17))
        painter.drawPixmap(px(49), y + px(7), icons.pixmap(icon, "side_text", 18, ratio=ratio))
        self._text(painter, QRectF(px(90), y, self.width() - px(100), px(32)), words, _WORDS, 15)

    @staticmethod
    def _text(painter: QPainter, box: QRectF, words: str, colour: str, size: int, *, bold: bool = False) -> None:
        painter.setFont(theme.font(size, bold=bold))
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
