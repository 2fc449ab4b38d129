"""Thin widgets around drawing/: the same function paints the window, PNG and SVG."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QSizePolicy, QWidget

from qms_desktop.drawing import stepper, timeline
from qms_desktop.drawing.palette import LIGHT, Palette
from qms_desktop.ui import theme
from qms_desktop.ui.text import Words, said

if TYPE_CHECKING:
    from pathlib import Path

Draw = Callable[[QPainter, float, float, Palette, float], None]


class Picture(QWidget):
    """A picture drawn by `draw(painter, width, height, palette, scale)`; `name` and `numbers` are spoken."""

    def __init__(self, draw: Draw, *, name: Words, numbers: Words = "", height: int = 0, width: int = 0) -> None:
        super().__init__()
        self._draw, self._name, self._numbers = draw, name, numbers
        self.setFont(theme.font())
        if height:
            self.setFixedHeight(theme.px(height))
        if width:
            self.setFixedWidth(theme.px(width))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._speak()

    def draw_again(self, draw: Draw, *, numbers: Words = "") -> None:
        """Draw something else."""
        self._draw, self._numbers = draw, numbers
        self._speak()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(120))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()
            self.update()
        super().changeEvent(event)

    def _speak(self) -> None:
        self.setAccessibleName(said(self._name))
        self.setAccessibleDescription(said(self._numbers))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        self._draw(painter, self.width(), self.height(), theme.palette(), theme.percent() / 100)

    def image(self, *, ratio: int = 2) -> QImage:
        """Draw it on white paper, for the clipboard and for PNG."""
        drawn = QImage(self.size() * ratio, QImage.Format.Format_ARGB32)
        drawn.fill(Qt.GlobalColor.white)
        painter = QPainter(drawn)
        painter.scale(ratio, ratio)
        painter.setFont(self.font())
        self._draw(painter, self.width(), self.height(), LIGHT, theme.percent() / 100)
        painter.end()
        return drawn

    def svg(self) -> bytes:
        """Draw it as SVG."""
        written = QByteArray()
        buffer = QBuffer(written)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self.size())
        generator.setViewBox(QRectF(0, 0, self.width(), self.height()))
        painter = QPainter(generator)
        painter.setFont(self.font())
        self._draw(painter, self.width(), self.height(), LIGHT, theme.percent() / 100)
        painter.end()
        return bytes(written.data())

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())

    def save(self, path: Path) -> None:
        """Write PNG or SVG, as the file's name says; raises OSError when the place cannot be written."""
        if path.suffix.lower() == ".svg":
            path.write_bytes(self.svg())
        elif not self.image().save(str(path), "PNG"):  # type: ignore[call-overload]
            raise OSError(path)


class Stepper(Picture):
    """The stations of a record; `current` counts from 0."""

    def __init__(self, stations: Callable[[], list[str]], current: int, *, name: Words) -> None:
        self._stations, self._current = stations, current
        super().__init__(self._paint, name=name, numbers=self._say, height=stepper.HEIGHT)

    def show_current(self, current: int) -> None:
        """Show another station as the current one."""
        self._current = current
        self.draw_again(self._paint, numbers=self._say)

    def _say(self) -> str:
        stations = self._stations()
        return stations[self._current] if self._current < len(stations) else stations[-1]

    def _paint(self, painter: QPainter, width: float, height: float, palette: Palette, scale: float) -> None:
        stepper.draw(painter, width, stations=self._stations(), current=self._current, palette=palette, scale=scale)


class Timeline(Picture):
    """The time line of a case."""

    def __init__(self, *, name: Words) -> None:
        self._happenings: list[timeline.Happening] = []
        super().__init__(self._paint, name=name)

    def show_happenings(self, happenings: list[timeline.Happening]) -> None:
        """Show what happened, oldest first."""
        self._happenings = happenings
        self.setFixedHeight(round(timeline.height(happenings, scale=theme.percent() / 100)) + 8)
        words = "; ".join(f"{one.day} {one.when} {one.title} {one.figure}".strip() for one in happenings)
        self.draw_again(self._paint, numbers=words)

    def _paint(self, painter: QPainter, width: float, height: float, palette: Palette, scale: float) -> None:
        timeline.draw(painter, width, happenings=self._happenings, palette=palette, scale=scale)
