"""Rows and columns of widgets, written in one line: the only layouts of the window besides one grid for forms."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from qms_desktop.ui import theme

STRETCH = "stretch"
Part = QWidget | QLayout | int | str | tuple[QWidget, int] | None


def fill(layout: QBoxLayout, parts: tuple[Part, ...], *, gap: int = 8, margins: tuple[int, ...] = (0,)) -> None:
    """Put parts into a layout: a widget, a number of pixels, STRETCH, (widget, stretch), or None for nothing."""
    layout.setSpacing(theme.px(gap))
    around = margins * 4 if len(margins) == 1 else margins
    layout.setContentsMargins(*(theme.px(margin) for margin in around))
    for part in parts:
        _put(layout, part)


def _put(layout: QBoxLayout, part: Part) -> None:
    if part is None:
        return
    if isinstance(part, int):
        layout.addSpacing(theme.px(part))
    elif isinstance(part, str):
        layout.addStretch(1)
    elif isinstance(part, tuple):
        layout.addWidget(part[0], part[1])
    elif isinstance(part, QLayout):
        layout.addLayout(part)
    else:
        layout.addWidget(part)


def row(*parts: Part, gap: int = 8, margins: tuple[int, ...] = (0,), into: QWidget | None = None) -> QWidget:
    """Put parts side by side."""
    widget = into if into is not None else QWidget()
    fill(QHBoxLayout(widget), parts, gap=gap, margins=margins)
    return widget


def column(*parts: Part, gap: int = 8, margins: tuple[int, ...] = (0,), into: QWidget | None = None) -> QWidget:
    """Put parts one under the other."""
    widget = into if into is not None else QWidget()
    fill(QVBoxLayout(widget), parts, gap=gap, margins=margins)
    return widget


def scrolling(widget: QWidget, *, name: str = "") -> QScrollArea:
    """Let a tall widget scroll up and down; in width it follows the window."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setProperty("ground", "none")
    area.setWidget(widget)
    area.setAccessibleName(name)
    return area


def layout_of(widget: QWidget | None) -> QBoxLayout:
    """Give the layout of a widget that `row` or `column` made."""
    layout = widget.layout() if widget is not None else None
    if not isinstance(layout, QBoxLayout):
        raise TypeError(f"{widget!r} was made by neither row nor column")
    return layout


def empty_out(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (place := layout.takeAt(0)) is not None:
        if (widget := place.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := place.layout()) is not None:
            empty_out(inner)
