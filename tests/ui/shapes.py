"""Looks at a window as a critical eye does: clipped words, squeezed widgets, nameless fields, many primaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from qms_desktop.ui.buttons import Button
from qms_desktop.ui.chip import Chip
from qms_desktop.ui.text import Eliding

if TYPE_CHECKING:
    from collections.abc import Iterator

_SLACK = 1
_DEEPEST = 20
"""Layouts in layouts: each round of requests reaches one parent farther."""


def settle() -> None:
    """Let every layout answer what has just changed: a text that came this moment has its room a moment later."""
    for _ in range(_DEEPEST):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


def visible(window: QWidget) -> Iterator[QWidget]:
    """Give every widget of ours that can be seen."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not isinstance(widget, QHeaderView | QScrollBar) and widget.width() > 0:
            yield widget


def squeezed(window: QWidget) -> list[str]:
    """Name every control that is narrower or lower than it needs."""
    settle()
    found = []
    for widget in visible(window):
        if not isinstance(widget, QLabel | QAbstractButton | QComboBox | Chip) or isinstance(widget, Eliding):
            continue
        if widget.parent() is None or isinstance(widget.parent(), QAbstractItemView | QLineEdit):
            continue
        needed = widget.minimumSizeHint()
        if isinstance(widget, QLabel) and widget.wordWrap():
            if widget.heightForWidth(widget.width()) > widget.height() + _SLACK:
                found.append(f"{_name(widget)}: {widget.height()} high, needs {widget.heightForWidth(widget.width())}")
            continue
        if needed.width() > widget.width() + _SLACK:
            found.append(f"{_name(widget)}: {widget.width()} wide, needs {needed.width()}")
        if isinstance(widget, QLabel) and needed.height() > widget.height() + _SLACK:
            found.append(f"{_name(widget)}: {widget.height()} high, needs {needed.height()}")
    return found


def outside(window: QWidget) -> list[str]:
    """Name every widget that reaches out of its parent, scrolled contents aside."""
    settle()
    found = []
    for widget in visible(window):
        parent = widget.parentWidget()
        if parent is None or parent.inherits("QAbstractScrollArea") or parent.objectName() == "qt_scrollarea_viewport":
            continue
        if not QRect(-_SLACK, -_SLACK, parent.width() + 2 * _SLACK, parent.height() + 2 * _SLACK).contains(
            widget.geometry()
        ):
            found.append(f"{_name(widget)} {widget.geometry().getRect()} in {parent.width()} × {parent.height()}")
    return found


def nameless(window: QWidget) -> list[str]:
    """Name every control that a screen reader could not name."""
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QAbstractButton)
    return [
        _name(widget)
        for widget in visible(window)
        if isinstance(widget, kinds)
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and not isinstance(widget.parent(), QLineEdit | QComboBox | QAbstractItemView)
    ]


def primaries(window: QWidget) -> list[str]:
    """Give the words of the primary buttons that can be seen."""
    return [
        _name(widget)
        for widget in visible(window)
        if isinstance(widget, Button) and widget.property("kind") == "primary"
    ]


def unclickable(window: QWidget) -> list[str]:
    """Name every button under 26 px high."""
    return [
        _name(widget)
        for widget in visible(window)
        if isinstance(widget, QAbstractButton)
        and widget.height() < 26
        and not isinstance(widget.parent(), QLineEdit | QAbstractItemView)
    ]


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__} “{words}”"
