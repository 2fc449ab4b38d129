"""Icons: outline SVG files of resources/icons, tinted with a ink of the palette, cached."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from qms_desktop import files
from qms_desktop.ui import theme

_BIG_FROM_PIXELS = 56


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return (files.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def exists(name: str) -> bool:
    """Tell whether the icon is shipped."""
    return (files.resources() / "icons" / f"{name}.svg").is_file()


def pixmap(name: str, ink: str = "text2", size: int = 16, *, stroke: float | None = None, ratio: float = 1) -> QPixmap:
    """Draw an icon in a ink's colour.

    `size` is in the design's pixels and grows with the text size; `ratio` is the screen's device pixel ratio. Raises
    FileNotFoundError when there is no such icon.
    """
    width = stroke if stroke is not None else (1.3 if size >= _BIG_FROM_PIXELS else 1.75)
    return _drawn(name, theme.palette().colour(ink), theme.px(size), width, ratio)


@lru_cache(maxsize=1024)
def _drawn(name: str, colour: str, pixels: int, stroke: float, ratio: float) -> QPixmap:
    svg = _source(name).replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    drawn = QPixmap(QSize(round(pixels * ratio), round(pixels * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels * ratio, pixels * ratio))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, ink: str = "text2", size: int = 16, *, ratio: float = 1) -> QIcon:
    """Make a button's icon; disabled it takes the colour of hints."""
    made = QIcon(pixmap(name, ink, size, ratio=ratio))
    made.addPixmap(pixmap(name, "text3", size, ratio=ratio), QIcon.Mode.Disabled)
    return made
