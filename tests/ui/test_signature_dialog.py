"""Signing: the password goes to the verb, an error stays in the dialog, and the dialog closes on success alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.i18n import N_
from qms_desktop.ui import theme
from qms_desktop.ui.page import Page
from qms_desktop.ui.signature_dialog import SignatureDialog, sign
from tests.tools.samples_of_parts import sample_signature

if TYPE_CHECKING:
    from uuid import UUID

    from pytestqt.qtbot import QtBot

    from qms_desktop.session import Session
    from qms_desktop.ui.workplace import Workplace


class Approving:
    """A verb that knows one password."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, int, UUID]] = []

    def __call__(self, _session: Session, *, password: str, remark: str, rma: int, request_key: UUID) -> str:
        self.calls.append((password, remark, rma, request_key))
        if password == "wrong":
            raise InvalidInput(N_("The password is wrong."), field="password")
        if password == "late":
            raise Refused(N_("Somebody else signed it."))
        return "approved"


@pytest.fixture
def page(workplace: Workplace, qtbot: QtBot) -> Page:
    made = Page(workplace)
    qtbot.addWidget(made)
    theme.dress(made)
    made.resize(1000, 700)
    made.show()
    return made


def opened(page: Page, verb: Approving, results: list[str]) -> SignatureDialog:
    return sign(page, verb, sample_signature(), then=results.append, rma=7)


def test_enter_signs_with_password_and_remark(page: Page, qtbot: QtBot) -> None:
    verb = Approving()
    results: list[str] = []
    dialog = opened(page, verb, results)
    dialog.remark.put("同意")
    dialog.password.put("right")
    dialog.activateWindow()
    qtbot.waitUntil(dialog.password.line.hasFocus)
    qtbot.keyClick(dialog.password.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: results == ["approved"])
    assert verb.calls[0][:3] == ("right", "同意", 7)


def test_a_wrong_password_stays_in_the_dialog_with_the_same_key(page: Page, qtbot: QtBot) -> None:
    verb = Approving()
    results: list[str] = []
    dialog = opened(page, verb, results)
    dialog.password.put("wrong")
    dialog.send()
    qtbot.waitUntil(lambda: dialog.form.fields["password"].error is not None)
    assert dialog.isVisible()
    dialog.password.put("right")
    dialog.send()
    qtbot.waitUntil(lambda: results == ["approved"])
    assert verb.calls[0][3] == verb.calls[1][3]


def test_a_refusal_without_a_field_is_shown_in_the_dialog(page: Page, qtbot: QtBot) -> None:
    dialog = opened(page, Approving(), [])
    dialog.password.put("late")
    dialog.send()
    qtbot.waitUntil(lambda: dialog.form.fields["password"].error is not None)
    assert str(dialog.form.fields["password"].error) == "Somebody else signed it."
    assert not page.toast.isVisible()


def test_without_a_password_nothing_is_sent(page: Page) -> None:
    verb = Approving()
    dialog = opened(page, verb, [])
    dialog.send()
    assert verb.calls == []
    assert dialog.form.fields["password"].error is not None


def test_escape_goes_back_without_signing(page: Page, qtbot: QtBot) -> None:
    verb = Approving()
    results: list[str] = []
    dialog = opened(page, verb, results)
    dialog.password.put("right")
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert (verb.calls, results) == ([], [])


def test_the_dialog_covers_its_window_and_only_that(page: Page) -> None:
    dialog = opened(page, Approving(), [])
    assert dialog.size() == page.window().size()
    assert dialog.windowModality() == Qt.WindowModality.WindowModal
