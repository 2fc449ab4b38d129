"""Pages: verbs run off the window's thread, errors stand where they belong, keys are kept until success."""

from __future__ import annotations

import threading
import time
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit

from qms_desktop.errors import BookedOtherwise, ConfirmationNeeded, InvalidInput, Refused
from qms_desktop.i18n import N_
from qms_desktop.ui import theme
from qms_desktop.ui.controls import NumberField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.live import Notice, Notices
from qms_desktop.ui.overlay import Overlay
from qms_desktop.ui.page import Page

if TYPE_CHECKING:
    from uuid import UUID

    from pytestqt.qtbot import QtBot

    from qms_desktop.errors import QmsError
    from qms_desktop.session import Session
    from qms_desktop.ui.workplace import Workplace


def slowly(seconds: float, result: object) -> object:
    time.sleep(seconds)
    return result


class CountingPage(Page):
    watches = frozenset({"receipt"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.reloads, self.edited = 0, False
        self.results: list[object] = []
        self.form = Form(
            "count",
            {"pieces": Field("Pieces", NumberField()), "note": Field("Note", TextField(field="note"))},
            parent=self,
        )
        self.form.open({"pieces": "596"})
        for field in self.form.fields.values():
            field.setParent(self)

    def reload(self) -> None:
        self.reloads += 1

    def is_being_edited(self) -> bool:
        return self.edited


@pytest.fixture
def page(workplace: Workplace, qtbot: QtBot) -> CountingPage:
    made = CountingPage(workplace)
    qtbot.addWidget(made)
    theme.dress(made)
    made.resize(800, 500)
    made.show()
    return made


def test_a_slow_verb_leaves_the_window_free(page: CountingPage, qtbot: QtBot) -> None:
    ticks: list[float] = []
    beat = QTimer(page, interval=10)
    beat.timeout.connect(lambda: ticks.append(time.monotonic()))
    beat.start()
    page.run(lambda _session, *, request_key: slowly(0.5, "booked"), then=page.results.append)
    qtbot.waitUntil(lambda: page.results == ["booked"])
    gaps = [later - earlier for earlier, later in pairwise(ticks)]
    assert len(ticks) > 20
    assert max(gaps) < 0.2


def test_the_word_that_a_reading_takes_long_goes_away_with_its_answer(page: CountingPage, qtbot: QtBot) -> None:
    free = threading.Event()
    page.read(lambda _session: free.wait(20), then=page.results.append, slot="slow")
    qtbot.waitUntil(page.toast.isVisible)
    assert "Press Esc" in page.toast.text
    free.set()
    qtbot.waitUntil(lambda: page.results == [True])
    assert not page.toast.isVisible()


def test_results_arrive_on_the_thread_of_the_window(page: CountingPage, qtbot: QtBot) -> None:
    seen: list[tuple[int, int]] = []
    page.run(
        lambda _session, *, request_key: threading.get_ident(),
        then=lambda worker: seen.append((worker, threading.get_ident())),
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != seen[0][1] == threading.get_ident()


def test_verbs_run_in_the_order_of_the_clicks(page: CountingPage, qtbot: QtBot) -> None:
    for number in range(5):
        page.run(
            lambda _session, *, request_key, number: slowly(0.02 if number == 0 else 0, number),
            then=page.results.append,
            number=number,
        )
    qtbot.waitUntil(lambda: len(page.results) == 5)
    assert page.results == [0, 1, 2, 3, 4]


def test_the_request_key_stays_until_success_and_is_new_after_it(page: CountingPage, qtbot: QtBot) -> None:
    keys: list[UUID] = []

    def receive(_session: Session, *, request_key: UUID, pieces: int) -> str:
        keys.append(request_key)
        if len(keys) < 3:
            raise Refused(N_("Only {left} pieces are left."), left=3)
        return "booked"

    def tried(times: int) -> bool:
        return len(keys) == times and not page.form.busy

    for tries in range(1, 5):
        page.run(receive, form=page.form, then=page.results.append, pieces=596)
        qtbot.waitUntil(partial(tried, tries))
    assert keys[0] == keys[1] == keys[2]
    assert keys[3] != keys[0]
    assert page.results == ["booked", "booked"]


def test_an_error_of_a_field_stands_beside_it(page: CountingPage, qtbot: QtBot) -> None:
    def receive(_session: Session, *, request_key: UUID) -> None:
        raise InvalidInput(N_("Only {left} pieces are left."), field="pieces", left=3)

    page.run(receive, form=page.form)
    qtbot.waitUntil(lambda: page.form.fields["pieces"].error is not None)
    assert str(page.form.fields["pieces"].error) == "Only 3 pieces are left."
    assert page.form.contents()["pieces"] == "596"
    assert not page.toast.isVisible()


def test_an_error_without_a_field_is_said_at_the_foot(page: CountingPage, qtbot: QtBot) -> None:
    def refuse(_session: Session, *, request_key: UUID) -> None:
        raise Refused(N_("Only {left} pieces are left."), left=3)

    heard: list[str] = []
    page.run(refuse, form=page.form, failed=lambda error: heard.append(str(error)))
    qtbot.waitUntil(lambda: bool(heard))
    assert page.toast.text == heard[0] == "Only 3 pieces are left."


def test_a_yes_runs_the_verb_again_with_the_same_key(page: CountingPage, qtbot: QtBot) -> None:
    calls: list[tuple[UUID, bool]] = []

    def close(_session: Session, *, request_key: UUID, confirmed: bool = False) -> str:
        calls.append((request_key, confirmed))
        if not confirmed:
            raise ConfirmationNeeded(N_("Close it?"))
        return "closed"

    page.run(close, form=page.form, then=page.results.append)
    qtbot.waitUntil(lambda: bool(page.findChildren(Overlay)) or bool(page.window().findChildren(Overlay)))
    page.window().findChildren(Overlay)[0].accept()
    qtbot.waitUntil(lambda: page.results == ["closed"])
    assert [confirmed for _key, confirmed in calls] == [False, True]
    assert calls[0][0] == calls[1][0]


def test_a_no_leaves_the_form_as_it_was(page: CountingPage, qtbot: QtBot) -> None:
    def close(_session: Session, *, request_key: UUID) -> None:
        raise ConfirmationNeeded(N_("Close it?"))

    key = page.form.request_key
    page.run(close, form=page.form, then=page.results.append)
    qtbot.waitUntil(lambda: bool(page.window().findChildren(Overlay)))
    page.window().findChildren(Overlay)[0].reject()
    assert page.results == []
    assert page.form.request_key == key
    assert not page.form.busy


def booked_otherwise(_session: Session, *, request_key: UUID, pieces: int) -> str:
    raise BookedOtherwise(N_("Only {left} pieces are left."), answer="booked first", left=str(pieces))


def test_what_was_booked_with_other_values_is_shown_and_the_form_begins_anew(page: CountingPage, qtbot: QtBot) -> None:
    key = page.form.request_key
    page.run(booked_otherwise, form=page.form, then=page.results.append, pieces=5)
    qtbot.waitUntil(lambda: bool(page.window().findChildren(Overlay)))
    assert page.results == []
    page.window().findChildren(Overlay)[0].accept()
    assert page.results == ["booked first"]
    assert page.form.request_key != key
    assert not page.form.busy


def test_a_form_that_was_booked_otherwise_can_be_kept_and_is_never_sent_under_a_new_key(
    page: CountingPage, qtbot: QtBot
) -> None:
    key = page.form.request_key
    heard: list[QmsError] = []
    page.run(booked_otherwise, form=page.form, then=page.results.append, failed=heard.append, pieces=5)
    qtbot.waitUntil(lambda: bool(page.window().findChildren(Overlay)))
    page.window().findChildren(Overlay)[0].reject()
    assert (page.results, [str(error) for error in heard]) == ([], ["Only 5 pieces are left."])
    assert (page.form.request_key, page.form.busy, page.form.contents()["pieces"]) == (key, False, "596")


def test_a_fault_of_the_program_can_be_copied(
    page: CountingPage, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    page.run(lambda _session, *, request_key: 1 / 0)
    qtbot.waitUntil(lambda: bool(page.window().findChildren(Overlay)))
    report = page.window().findChildren(Overlay)[0].findChildren(QPlainTextEdit)[0].toPlainText()
    assert "ZeroDivisionError" in report
    assert "ZeroDivisionError" in caplog.text


def test_of_readings_in_one_slot_only_the_newest_answers(page: CountingPage, qtbot: QtBot) -> None:
    page.read(lambda _session, *, text: slowly(0.1, text), then=page.results.append, slot="find", text="R2026")
    page.read(lambda _session, *, text: text, then=page.results.append, slot="find", text="R20261103001")
    qtbot.waitUntil(lambda: bool(page.results))
    qtbot.wait(200)
    assert page.results == ["R20261103001"]


def test_an_answer_after_the_page_is_gone_is_dropped(workplace: Workplace, qtbot: QtBot) -> None:
    page = CountingPage(workplace)
    results: list[int] = []
    page.read(lambda _session: slowly(0.1, 1), then=results.append)
    page.deleteLater()
    qtbot.wait(250)
    assert results == []


def test_a_visible_page_reloads_on_its_notices_alone(page: CountingPage) -> None:
    before = page.reloads
    page.take_notices(Notices(frozenset({Notice("claim", 1, 1)})))
    assert page.reloads == before
    page.take_notices(Notices(frozenset({Notice("receipt", 1, 1)})))
    assert page.reloads == before + 1
    page.take_notices(Notices(everything=True))
    assert page.reloads == before + 2


def test_a_hidden_page_goes_stale_and_reloads_when_shown(page: CountingPage) -> None:
    page.hide()
    before = page.reloads
    page.take_notices(Notices(frozenset({Notice("receipt", 1, 1)})))
    assert (page.stale, page.reloads) == (True, before)
    page.show()
    assert (page.stale, page.reloads) == (False, before + 1)


def test_nothing_is_reloaded_under_an_editor(page: CountingPage, qtbot: QtBot) -> None:
    page.edited = True
    before = page.reloads
    with qtbot.waitSignal(page.went_stale):
        page.take_notices(Notices(frozenset({Notice("receipt", 1, 1)})))
    assert page.reloads == before
    assert page.toast.isVisible()


def test_work_that_takes_longer_than_a_moment_shows_progress(page: CountingPage, qtbot: QtBot) -> None:
    page.read(lambda _session: time.sleep(0.7), then=page.results.append)
    assert not page.progress.isVisible()
    qtbot.waitUntil(page.progress.isVisible)
    qtbot.waitUntil(lambda: page.results == [None])
    assert not page.progress.isVisible()


def test_a_reading_can_be_given_up(page: CountingPage, qtbot: QtBot) -> None:
    page.read(lambda _session: slowly(0.3, 1), then=page.results.append, slot="long")
    assert page.stop_waiting()
    qtbot.wait(450)
    assert page.results == []
    assert not page.stop_waiting()
