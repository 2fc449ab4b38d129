"""Notices of the database reach the window gathered, and on its own thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from qms_desktop.ui.live import Live, Notice, Notices

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_notices_of_a_plain_thread_are_gathered_into_one(qtbot: QtBot) -> None:
    live = Live()
    heard: list[tuple[Notices, int]] = []
    live.noticed.connect(lambda notices: heard.append((notices, threading.get_ident())))

    def listen() -> None:
        for number in range(50):
            live.receive([("receipt", number % 5, 1)])

    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(300)
    assert [(notices.notices, on) for notices, on in heard] == [
        (frozenset(Notice("receipt", number, 1) for number in range(5)), threading.get_ident())
    ]


def test_after_a_reconnect_everything_is_read_again(qtbot: QtBot) -> None:
    live = Live()
    with qtbot.waitSignal(live.noticed) as heard:
        live.receive(None)
    assert heard.args[0].everything
    assert heard.args[0].touch(frozenset({"anything"}))
