"""Pictures in the window: the small copy in a tile, the upright copy whole. Only our own JPEG reaches Qt (B65)."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QImageReader, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget
from shiboken6 import isValid

from qms_desktop.rules import attachment
from qms_desktop.ui import icons, theme
from qms_desktop.ui.rows import column
from qms_desktop.ui.text import Eliding, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.session import Session
    from qms_desktop.ui.page import Page

TILE_WIDTH, PICTURE_HEIGHT = 196, 128
_MOST_MEGABYTES = 64
_MOST_KEPT = 400


def decoded(jpeg: bytes) -> QImage:
    """Decode a copy that we made ourselves; on a reader thread, never on the window's."""
    buffer = QBuffer()
    buffer.setData(QByteArray(jpeg))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    QImageReader.setAllocationLimit(_MOST_MEGABYTES)
    return QImageReader(buffer, QByteArray(b"jpeg")).read()


def read_thumbnail(session: Session, *, attachment_id: int) -> QImage:
    """Read a thumbnail and decode it."""
    return decoded(attachment.thumbnail(session, attachment_id=attachment_id))


def read_copy(session: Session, *, attachment_id: int) -> QImage:
    """Read the upright copy and decode it."""
    return decoded(attachment.upright_copy(session, attachment_id=attachment_id))


class Thumbnails:
    """Reads each thumbnail once for a page; a picture never changes, so what was read stays good."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._kept: dict[int, QImage] = {}

    def into(self, picture: PictureBox, attachment_id: int) -> None:
        """Show a thumbnail when it is read."""
        if attachment_id in self._kept:
            picture.show_image(self._kept[attachment_id])
            return

        def shown(image: QImage) -> None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[attachment_id] = image
            if isValid(picture):
                picture.show_image(image)

        self._page.read(read_thumbnail, then=shown, attachment_id=attachment_id)


class PictureBox(QWidget):
    """A picture as large as the place allows; an icon stands for a file, and until the picture is read.

    `badge` is a small number at the corner.
    """

    def __init__(self, *, icon: str = "photo", height: int = 0) -> None:
        super().__init__()
        self._icon, self.badge = icon, ""
        self.image: QImage | None = None
        if height:
            self.setFixedHeight(theme.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage | None) -> None:
        """Show a picture; None shows the icon."""
        self.image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(TILE_WIDTH), theme.px(PICTURE_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect())
        if self.image is None or self.image.isNull():
            drawn = icons.pixmap(self._icon, "text3", 40, stroke=1.5, ratio=self.devicePixelRatioF())
            half = drawn.deviceIndependentSize() / 2
            painter.drawPixmap(int(room.center().x() - half.width()), int(room.center().y() - half.height()), drawn)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            shown = self.image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, shown.width(), shown.height())
            place.moveCenter(room.center())
            painter.drawImage(place, self.image)
        if self.badge:
            self._paint_badge(painter)

    def _paint_badge(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.SMALL, bold=True))
        wide = max(theme.px(22), painter.fontMetrics().horizontalAdvance(self.badge) + theme.px(12))
        place = QRectF(0, 0, wide, theme.px(22))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setPen(theme.colour("accent_fg"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.badge)


def icon_of(file_name: str, *, is_picture: bool) -> str:
    """Name the icon of a file by its ending."""
    if is_picture:
        return "photo"
    ending = PurePath(file_name).suffix.lower()
    return {".xlsx": "file-spreadsheet", ".xls": "file-spreadsheet", ".docx": "file-type-docx"}.get(ending, "file-text")


class PhotoTile(QFrame):
    """A picture with its caption and small lines below. A click or Tab chooses it, Enter or a double click opens it.

    `keys` and, with Alt, `moves` are further keys. Signals: `chosen()`, `clicked()` by the mouse, `opened()`.
    """

    chosen = Signal()
    clicked = Signal()
    opened = Signal()

    def __init__(self, title: Words, *lines: Words, icon: str = "photo", badge: str = "") -> None:
        super().__init__()
        self.setProperty("card", "2")
        self.setFixedWidth(theme.px(TILE_WIDTH))
        self.picture = PictureBox(icon=icon, height=PICTURE_HEIGHT)
        self._title = Eliding(title, bold=True)
        self._lines = [Eliding(line, theme.SMALL, ink="text2") for line in lines]
        self.picture.badge = badge
        self.is_chosen = False
        self.keys: dict[Qt.Key, Callable[[], object]] = {}
        self.moves: dict[Qt.Key, Callable[[], object]] = {}
        column(self.picture, 4, self._title, *self._lines, gap=0, margins=(8,), into=self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{badge} {self._title.text()}".strip())
        self.setAccessibleDescription(" \u00b7 ".join(line.text() for line in self._lines))

    def set_chosen(self, chosen: bool) -> None:
        """Show whether it is the chosen one."""
        if chosen != self.is_chosen:
            self.is_chosen = chosen
            theme.set_property(self, "card", "chosen" if chosen else "2")

    def show_badge(self, badge: str) -> None:
        """Show a small number at the corner; empty takes it away."""
        self.picture.badge = badge
        self.setAccessibleName(f"{badge} {self._title.text()}".strip())
        self.picture.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and key in self.moves:
            self.moves[key]()
        elif key in self.keys:
            self.keys[key]()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(key == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)
