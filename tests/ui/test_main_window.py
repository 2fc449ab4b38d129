"""The frame: only what a person may see, pages made when they are opened, scans that find their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop import i18n
from qms_desktop.permissions import Permission, Role
from qms_desktop.steps import STEPS
from qms_desktop.ui import theme
from qms_desktop.ui.help_sheet import keys_of
from qms_desktop.ui.live import Notice, Notices
from qms_desktop.ui.main_window import MainWindow, PageEntry, Readings, entries_of_flow, my_work_entry
from qms_desktop.ui.page import Page
from qms_desktop.ui.scanner import Scanner
from qms_desktop.ui.sidebar import Waiting
from qms_desktop.ui.workplace import Destination, Found, Workplace
from tests.tools.samples_of_pages import sample_session, sample_workplace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from qms_desktop.rules.scan import ScannedCode


class PlainPage(Page):
    made = 0

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        type(self).made += 1
        self.opened: list[Destination] = []
        self.scans: list[str] = []
        self.translated = 0
        self.takes = False

    def show_record(self, destination: Destination) -> None:
        self.opened.append(destination)

    def take_scan(self, code: ScannedCode) -> bool:
        self.scans.append(code.number)
        return self.takes

    def retranslate(self) -> None:
        self.translated += 1


FOUND = {"R20261103001": [Found(Destination("rma", 7, "R20261103001"), "R20261103001")]}


def shown(window: MainWindow) -> PlainPage:
    """Give the page that is open."""
    assert isinstance(window.page, PlainPage)
    return window.page


def page_of(window: MainWindow, name: str) -> PlainPage:
    """Give a page that was made."""
    page = window.pages[name]
    assert isinstance(page, PlainPage)
    return page


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    PlainPage.made = 0
    place = sample_workplace(tmp_path, session=sample_session(Role.WAREHOUSE))
    entries = [
        my_work_entry(PlainPage),
        *entries_of_flow({step.name: PlainPage for step in STEPS}, {"quality_cost": Permission.READ_MONEY}),
        PageEntry("case", PlainPage),
    ]
    readings = Readings(
        search=lambda _session, *, text: FOUND.get(text, []), waiting=lambda _session: {"rma": Waiting(5, late=True)}
    )
    scanner = Scanner(qapp)
    made = MainWindow(qapp, place, entries, seat=lambda: "Warehouse", readings=readings, scanner=scanner)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.go(Destination("my_work"))
    yield made
    place.background.close()
    place.drafts.close()
    scanner.deleteLater()


def test_steps_that_a_person_may_not_read_are_absent(window: MainWindow) -> None:
    assert "quality_cost" not in window.side.buttons
    assert "receipt" in window.side.buttons
    window.go(Destination("quality_cost"))
    assert "quality_cost" not in window.pages


def test_the_side_bar_shows_the_flow_in_its_order(window: MainWindow) -> None:
    tops = {page: button.mapTo(window, button.rect().topLeft()).y() for page, button in window.side.buttons.items()}
    flow = [step.name for step in STEPS if step.group == "flow" and step.name in tops]
    assert sorted(flow, key=tops.__getitem__) == flow
    assert tops["my_work"] < tops[flow[0]]
    assert tops["statistics"] > tops[flow[-1]]


def test_a_page_is_made_when_it_is_opened_first_and_kept(window: MainWindow) -> None:
    assert PlainPage.made == 1
    window.go(Destination("rma"))
    window.go(Destination("my_work"))
    window.go(Destination("rma", 7))
    assert PlainPage.made == 2
    assert shown(window).opened == [Destination("rma", 7)]


def test_a_page_without_an_entry_leaves_none_chosen(window: MainWindow) -> None:
    window.go(Destination("case", 3))
    assert shown(window).opened == [Destination("case", 3)]
    assert not any(button.isChecked() for button in window.side.buttons.values())


def test_what_waits_is_counted_when_the_window_opens_and_said(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.side.buttons["rma"].waiting == Waiting(5, late=True))
    assert window.side.buttons["rma"].accessibleName() == "RMA, 5 waiting, some late"


def test_a_scan_opens_what_it_names(window: MainWindow, qtbot: QtBot) -> None:
    window.take_scan("R20261103001")
    qtbot.waitUntil(lambda: "rma" in window.pages and bool(page_of(window, "rma").opened))
    assert window.page is window.pages["rma"]


def test_a_page_may_take_the_scan_itself(window: MainWindow, qtbot: QtBot) -> None:
    shown(window).takes = True
    window.take_scan("R20261103001.1.000042")
    qtbot.wait(100)
    assert shown(window).scans == ["R20261103001"]
    assert "rma" not in window.pages


def test_a_scan_through_the_input_method_is_named_and_opens_nothing(window: MainWindow) -> None:
    window.take_scan("Ｒ20261103001")
    assert "Switch the input to English" in shown(window).toast.text


def test_an_unknown_number_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.take_scan("R20261103099")
    qtbot.waitUntil(lambda: "R20261103099" in shown(window).toast.text)


def test_ctrl_k_goes_to_the_box_and_enter_opens(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.top.box.hasFocus)
    window.top.box.setText("R20261103001")
    qtbot.keyClick(window.top.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "rma" in window.pages)


def test_the_language_changes_while_running(window: MainWindow, qtbot: QtBot) -> None:
    titles = {button.text() for button in window.side.buttons.values()}
    with qtbot.waitSignal(window.language_changed) as changed:
        window.speak("zh_CN")
    assert changed.args == ["zh_CN"]
    assert i18n.language() == "zh_CN"
    assert shown(window).translated == 1
    assert window.top.language.text().strip() == "简体中文"
    assert {button.text() for button in window.side.buttons.values()} == {i18n._(text) for text in _source_titles()}
    window.speak("en")
    assert {button.text() for button in window.side.buttons.values()} == titles


def _source_titles() -> set[str]:
    return {"My work", *(step.title for step in STEPS if step.name != "quality_cost")}


def test_the_look_changes_while_running(window: MainWindow) -> None:
    before = window.grab().toImage().pixelColor(700, 870)
    window.wear(dark=True)
    QApplication.processEvents()
    assert theme.is_dark()
    after = window.grab().toImage().pixelColor(700, 870)
    assert after.lightness() < 60 < before.lightness()


def test_the_side_bar_folds_by_hand_and_on_narrow_windows(window: MainWindow, qtbot: QtBot) -> None:
    assert window.side.width() == 208
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.side.width() == 56
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    window.resize(1200, 800)
    QApplication.processEvents()
    assert window.side.is_collapsed


def test_notices_go_to_every_page_that_was_made(window: MainWindow) -> None:
    page = shown(window)
    page.watches = frozenset({"rma"})
    window.go(Destination("receipt"))
    window.take_notices(Notices(frozenset({Notice("rma", 1, 1)})))
    assert page.stale


def test_many_notices_are_one_count_of_what_waits(window: MainWindow, qtbot: QtBot) -> None:
    counted: list[object] = []
    window.count_soon.setInterval(50)
    window.count_soon.timeout.connect(lambda: counted.append(1))
    for carton in range(20):
        window.take_notices(Notices(frozenset({Notice("receipt_count", carton, 1)})))
    assert counted == []
    qtbot.waitUntil(lambda: len(counted) == 1)


def test_a_lost_connection_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    window.workplace.live.connected(on=False)
    qtbot.waitUntil(lambda: not window.top.connection.connected)


def test_f1_names_the_keys(window: MainWindow) -> None:
    assert dict(keys_of(window))["Ctrl+K"] == "Search or scan"
    assert dict(keys_of(window))["F1"] == "Keys and help"
