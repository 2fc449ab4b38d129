"""Signing in: the wait after wrong passwords, the language, and no password that stays."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.ui.controls import Choice
from qms_desktop.ui.sign_in import SignIn, SignInWindow, wait_after

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from qms_desktop.ui.workplace import Workplace


def open_session(typed: SignIn) -> str:
    if typed.password != "right":
        raise InvalidInput(N_("The password is wrong."), field="password")
    return f"{typed.login} at {typed.station}"


@pytest.fixture
def window(workplace: Workplace, qtbot: QtBot) -> SignInWindow:
    made = SignInWindow(
        database="plant",
        stations=[Choice("desk", "Desk"), Choice("dock", "Dock")],
        open_session=open_session,
        background=workplace.background,
        version="1.0",
        login="10002",
    )
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_right_password_opens_a_session_at_the_station(window: SignInWindow, qtbot: QtBot) -> None:
    window.password.put("right")
    window.station.put("dock")
    with qtbot.waitSignal(window.signed_in) as signed_in:
        window.enter.click()
    assert signed_in.args == ["10002 at dock"]
    assert window.password.line.text() == ""


def test_a_wrong_password_is_said_beside_the_field(window: SignInWindow, qtbot: QtBot) -> None:
    window.password.put("wrong")
    window.enter.click()
    qtbot.waitUntil(lambda: window.form.fields["password"].error is not None)
    assert window.login.line.text() == "10002"


def test_the_third_wrong_password_makes_one_wait(window: SignInWindow, qtbot: QtBot) -> None:
    def failed(times: int) -> bool:
        return window.failures == times

    for failures in range(1, 4):
        window.password.put("wrong")
        window.try_to_sign_in()
        qtbot.waitUntil(partial(failed, failures))
    assert not window.enter.isEnabled()
    assert "Wait 2 s" in window.enter.toolTip()
    qtbot.waitUntil(window.enter.isEnabled, timeout=4000)


def test_the_wait_grows_and_ends_at_five_minutes() -> None:
    assert [wait_after(failures) for failures in (0, 1, 2, 3, 4, 5, 20, 10_000)] == [0, 0, 0, 2, 4, 8, 300, 300]


def test_an_empty_login_is_not_sent(window: SignInWindow) -> None:
    window.login.put("")
    window.password.put("right")
    window.try_to_sign_in()
    assert window.form.fields["login"].error is not None
    assert not window.form.busy
