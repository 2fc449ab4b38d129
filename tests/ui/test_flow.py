"""Rows that wrap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.flow import flow
from qms_desktop.ui.rows import STRETCH, empty_out

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def three(qtbot: QtBot, *, width: int) -> tuple[QWidget, list[Button]]:
    buttons = [Button(words) for words in ("Approve", "Send back", "Print")]
    row = flow(*buttons[:2], STRETCH, buttons[2])
    qtbot.addWidget(row)
    theme.dress(row)
    row.resize(width, row.heightForWidth(width))
    row.show()
    QApplication.processEvents()
    return row, buttons


def test_with_room_the_last_ones_stand_at_the_right(qtbot: QtBot) -> None:
    row, buttons = three(qtbot, width=800)
    assert {button.y() for button in buttons} == {0}
    assert buttons[2].geometry().right() + 1 == row.width()


def test_without_room_the_row_wraps_and_nothing_is_squeezed(qtbot: QtBot) -> None:
    _row, buttons = three(qtbot, width=200)
    assert buttons[2].y() > buttons[0].y()
    assert all(button.width() >= button.minimumSizeHint().width() for button in buttons)


def test_an_emptied_row_can_be_filled_again(qtbot: QtBot) -> None:
    row, _buttons = three(qtbot, width=800)
    layout = row.layout()
    assert layout is not None
    empty_out(layout)
    layout.addWidget(Button("Close"))
    QApplication.processEvents()
    assert layout.count() == 1
