"""Printing receipt labels from a page: the printer of the settings is reached, the print counted, the label sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qms_desktop import settings
from qms_desktop.documents import receipt_label
from qms_desktop.documents.label_printer import RAW_PORT, LabelPrinter
from qms_desktop.documents.receipt_label import LabelSize
from qms_desktop.errors import QmsError, Unavailable
from qms_desktop.i18n import N_, _
from qms_desktop.steps import receipt
from qms_desktop.ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from socket import socket
    from uuid import UUID

    from qms_desktop.session import Session
    from qms_desktop.steps.receipt_label import ReceiptLabel
    from qms_desktop.ui.page import Page

NO_PRINTER = N_("No label printer is set. Name it under “This PC” (F12 at the dock), or save the label as PDF.")


def printer_of(address: str) -> LabelPrinter | None:
    """Give the printer at HOST:PORT, None for an empty address."""
    host, _colon, port = address.strip().partition(":")
    if not host:
        return None
    return LabelPrinter(host=host, port=int(port) if port.isdigit() else RAW_PORT)


def _count_print(session: Session, *, label_id: int, request_key: UUID) -> ReceiptLabel:
    receipt.print_label(session, label_id=label_id, request_key=request_key)
    return receipt.preview_label(session, label_id=label_id)


class LabelPrints:
    """Prints labels for one page; `printer` and `size` come from the settings of this PC."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.reload()

    def reload(self) -> None:
        """Take up what the settings say now."""
        kept = settings.load()
        self.printer = printer_of(kept.label_printer)
        self.size = LabelSize(kept.label_size) if kept.label_size in set(LabelSize) else LabelSize.MEDIUM

    def print(self, label_id: int, *, done: Callable[[ReceiptLabel], None], failed: Callable[[QmsError], None]) -> None:
        """Reach the printer, count one print and send the label; `done` when the printer has taken it whole.

        Nothing is counted at a printer that is not reached.
        """
        printer, size = self.printer, self.size
        if printer is None:
            failed(Unavailable(NO_PRINTER))
            return
        read = self._page.workplace.background.read

        def told(error: BaseException) -> None:
            if not isinstance(error, QmsError):
                raise error
            failed(error)

        def count(reached: socket) -> None:
            def send(label: ReceiptLabel) -> None:
                commands = receipt_label.zpl(label, size)
                read(lambda: printer.hand_over(reached, commands), done=lambda _none: done(label), failed=told)

            def let_go(error: QmsError) -> None:
                reached.close()
                failed(error)

            self._page.run(_count_print, then=send, failed=let_go, label_id=label_id)

        read(printer.reach, done=count, failed=told)


class LabelPicture(QWidget):
    """A label as its dots, as large as the place allows, on white paper."""

    def __init__(self, size: LabelSize) -> None:
        super().__init__()
        self._size = size
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(240), theme.px(160))
        self.setAccessibleName(_("Label"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(_("Label"))
        super().changeEvent(event)

    def use_size(self, size: LabelSize) -> None:
        """Draw labels of another size from now on."""
        self._size = size

    def show_label(self, label: ReceiptLabel | None) -> None:
        """Show a label; None takes it away."""
        self._image = receipt_label.bitmap(label, self._size) if label is not None else None
        if label is not None:
            self.setAccessibleDescription(f"{label.code.payload} {label.product_shown} {label.pieces}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(320))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.rect().adjusted(8, 8, -8, -8)
        shown = self._image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, shown.width(), shown.height())
        place.moveCenter(QRectF(room).center())
        painter.setPen(theme.colour("control"))
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawRoundedRect(place.adjusted(-6, -6, 6, 6), 8, 8)
        painter.drawImage(place, self._image)
