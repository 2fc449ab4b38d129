"""The real window with all its pages: scans, language, names and keys hold on every one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from qms_desktop import i18n
from qms_desktop.app import pages
from qms_desktop.steps import STEPS
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.main_window import MainWindow
from qms_desktop.ui.scanner import GAP_MS, Scanner
from qms_desktop.ui.table import Table
from qms_desktop.ui.text import Eliding
from qms_desktop.ui.workplace import Destination
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.ui.page import Page
    from tests.ui.desk import Desk

EVERY_PAGE = ("my_work", *(step.name for step in STEPS))
SCAN = "R20261103001"


@pytest.fixture
def scanner(qapp: QApplication) -> Iterator[Scanner]:
    made = Scanner(qapp)
    yield made
    made.setParent(None)
    made.deleteLater()


@pytest.fixture
def window(desk: Desk, scanner: Scanner, qapp: QApplication) -> MainWindow:
    """Open the window of a quality engineer in a plant where goods are counted."""
    story.counted(desk.plant)
    return opened(desk, scanner, qapp)


def opened(desk: Desk, scanner: Scanner, qapp: QApplication) -> MainWindow:
    place = desk.workplace("徐兰")
    made = MainWindow(
        qapp,
        place,
        pages.entries(place.session),
        seat=lambda: pages.seat(place.session),
        readings=pages.READINGS,
        scanner=scanner,
    )
    desk.qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.activateWindow()
    return made


def at(desk: Desk, window: MainWindow, page: str) -> Page:
    """Go to a page and wait until it has read."""
    window.go(Destination(page))
    assert window.page is not None
    desk.settle(window.page)
    return window.page


def burst(field: QWidget, text: str) -> None:
    """Send the keys of a scanner to a field: five milliseconds apart, Enter at the end."""
    now = 50_000
    for letter in (*text, "\r"):
        now += GAP_MS // 7
        key = Qt.Key.Key_Return if letter == "\r" else ord(letter.upper())
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter)
        event.setTimestamp(now)
        QCoreApplication.sendEvent(field, event)


def texts(page: QWidget) -> list[str]:
    """Give every word that stands on a page now, and what a screen reader says of it."""
    found = []
    for widget in shapes.visible(page):
        if isinstance(widget, QLabel | QAbstractButton):
            found.append(widget.text())
        if isinstance(widget, QComboBox):
            found += [widget.itemText(place) for place in range(widget.count())]
        if isinstance(widget, QTabBar):
            found += [widget.tabText(place) for place in range(widget.count())]
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            found.append(widget.placeholderText())
        if isinstance(widget, Table):
            found += widget.as_tab_separated().splitlines()
        # An eliding label says its text again where it is cut: that follows the width, not the language.
        found += [widget.accessibleName(), "" if isinstance(widget, Eliding) else widget.toolTip()]
    return sorted(filter(None, found))


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_scan_on_any_page_opens_what_it_names_and_types_nothing(desk: Desk, window: MainWindow, page: str) -> None:
    shown = at(desk, window, page)
    field = next((one for one in shapes.visible(shown) if isinstance(one, QLineEdit) and one.isEnabled()), None)
    focused = field or shown.first_focus
    assert focused is not None
    window.activateWindow()
    focused.setFocus()
    desk.until(focused.hasFocus)
    before = field.text() if field else ""
    burst(focused, SCAN)
    desk.until(lambda: window.stack.currentWidget() is window.pages.get("rma"))
    desk.until(lambda: window.pages["rma"].record is not None)
    assert window.pages["rma"].record.shown.row.number == SCAN
    assert (field.text() if field else "") == before


def test_no_word_of_the_old_language_stays_on_any_page(
    desk: Desk, window: MainWindow, scanner: Scanner, qapp: QApplication
) -> None:
    for page in EVERY_PAGE:
        at(desk, window, page)
    window.speak("zh_CN")
    switched = {}
    for page in EVERY_PAGE:
        switched[page] = texts(at(desk, window, page))
    window.close()
    i18n.use("zh_CN")
    fresh = opened(desk, scanner, qapp)
    for page in EVERY_PAGE:
        assert switched[page] == texts(at(desk, fresh, page)), page


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_control_has_a_name_and_every_bare_icon_a_tooltip(desk: Desk, window: MainWindow, page: str) -> None:
    at(desk, window, page)
    assert shapes.nameless(window) == []
    bare = [one for one in shapes.visible(window) if isinstance(one, Button) and not one.text().strip()]
    assert [one.accessibleName() for one in bare if not one.toolTip()] == []


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_button_is_reached_with_tab(desk: Desk, window: MainWindow, page: str) -> None:
    shown = at(desk, window, page)
    buttons = {one for one in shapes.visible(shown) if isinstance(one, Button) and one.isEnabled()}
    seen: set[QWidget] = set()
    widget: QWidget | None = window
    while widget is not None and widget not in seen:
        seen.add(widget)
        widget = widget.nextInFocusChain()
    unreached = [
        one.accessibleName() for one in buttons if one not in seen or not one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert unreached == []


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_at_most_one_primary_on_every_page(desk: Desk, window: MainWindow, page: str) -> None:
    assert len(shapes.primaries(at(desk, window, page))) <= 1
