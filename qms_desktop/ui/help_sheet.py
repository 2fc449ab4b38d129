"""F1: the keys that work now, read from the buttons of the open page and of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.overlay import Overlay
from qms_desktop.ui.rows import STRETCH, row
from qms_desktop.ui.text import KeyCap, Sign, Text, said

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS = 12


def keys_of(window: QWidget) -> list[tuple[str, str]]:
    """Give (key, what it does) of every button that can be seen now, then the keys of every list and of the frame."""
    seen: dict[str, str] = {}
    for button in window.findChildren(Button):
        if button.key and button.isVisible():
            seen.setdefault(button.key, said(button.words) or button.accessibleName())
    seen |= {
        "Ctrl+K": _("Search or scan"),
        "Ctrl+B": _("Fold the side bar"),
        "Enter": _("Open the chosen row, or go on"),
        "Esc": _("Back; what was typed is kept"),
        "Ctrl+C": _("Copy rows for Excel"),
        "F8": _("To the next wrong field"),
    }
    return list(seen.items())


def show(window: QWidget) -> Overlay:
    """Open the sheet."""
    keys: Sequence[tuple[str, str]] = keys_of(window)
    dialog = Overlay(window, width=720)
    sheet = QWidget()
    grid = QGridLayout(sheet)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(10))
    for place, (key, words) in enumerate(keys):
        pair, line = divmod(place, _ROWS)
        grid.addWidget(row(STRETCH, KeyCap(key)), line, pair * 2)
        grid.addWidget(Text(words), line, pair * 2 + 1)
        grid.setColumnStretch(pair * 2 + 1, 1)
    close = Button(lambda: _("Close"), kind="primary", height=theme.HEAD_BUTTON, clicked=dialog.accept)
    dialog.setAccessibleName(_("Keys"))
    dialog.put(
        row(Sign("keyboard", "accent_text", 24), Text(lambda: _("Keys"), theme.TITLE, bold=True), STRETCH),
        sheet,
        row(STRETCH, close),
    )
    dialog.open()
    close.setFocus()
    return dialog
