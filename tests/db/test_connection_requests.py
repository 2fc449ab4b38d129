"""A request key makes a retry book once, whatever was lost on the way."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop import action
from qms_desktop.db import connection, request
from qms_desktop.db.record import database
from qms_desktop.errors import BookedOtherwise, InvalidInput, OutcomeUnknown, QmsError, Unavailable
from qms_desktop.steps import receipt, rma
from qms_desktop.steps.rma import NewRmaLine
from tests.hostile.stage import CLERK, LEADER, SALES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.postgres import Server
    from tests.hostile.stage import Stage


def counts(stage: Stage) -> list[tuple[Any, ...]]:
    return stage.rows("SELECT carton, pieces FROM receipt_count ORDER BY id")


def test_the_same_key_gives_the_same_answer_and_books_once(stage: Stage) -> None:
    stage.arrived()
    session, key = stage.plant.sign_in(CLERK), uuid4()
    first = receipt.receive(session, receipt_line_id=stage.receipt_line_id, pieces=5, request_key=key)
    again = receipt.receive(session, receipt_line_id=stage.receipt_line_id, pieces=5, request_key=key)
    assert again == first
    assert isinstance(again, receipt.Counted)
    assert counts(stage) == [("1", 5)]


def test_a_retry_that_the_rule_would_refuse_gives_the_first_answer(stage: Stage) -> None:
    stage.arrived()
    session, key = stage.plant.sign_in(CLERK), uuid4()
    said: dict[str, Any] = {"receipt_line_id": stage.receipt_line_id, "pieces": 5, "carton": "K1", "request_key": key}
    first = receipt.receive(session, **said)
    assert receipt.receive(session, **said) == first
    assert counts(stage) == [("K1", 5)]


def test_another_key_books_again(stage: Stage) -> None:
    stage.arrived()
    for _time in range(2):
        receipt.receive(
            stage.plant.sign_in(CLERK), receipt_line_id=stage.receipt_line_id, pieces=5, request_key=uuid4()
        )
    assert counts(stage) == [("1", 5), ("2", 5)]


def test_the_same_key_with_other_values_is_refused_and_books_nothing(stage: Stage) -> None:
    stage.arrived()
    session, key = stage.plant.sign_in(CLERK), uuid4()
    said: dict[str, Any] = {"receipt_line_id": stage.receipt_line_id, "carton": "K1", "request_key": key}
    first = receipt.receive(session, pieces=5, **said)
    before = stage.records()
    for other in (said | {"pieces": 6}, said | {"pieces": 5, "carton": "K2"}, said | {"pieces": 6, "carton": "K2"}):
        with pytest.raises(BookedOtherwise, match=r"sent already, at \d{4}-\d\d-\d\d \d\d:\d\d, with other") as refused:
            receipt.receive(session, **other)
        assert refused.value.answer == first
    assert stage.records() == before
    assert receipt.receive(session, pieces=5, **said) == first


def test_values_changed_after_a_sending_that_booked_nothing_are_booked(stage: Stage) -> None:
    stage.arrived()
    session, key = stage.plant.sign_in(CLERK), uuid4()
    with pytest.raises(QmsError):
        receipt.receive(session, receipt_line_id=stage.receipt_line_id, pieces=0, request_key=key)
    receipt.receive(session, receipt_line_id=stage.receipt_line_id, pieces=6, request_key=key)
    assert counts(stage) == [("1", 6)]


def test_the_table_of_requests_tells_neither_the_key_nor_the_values(stage: Stage) -> None:
    """A hash of the values alone would be found by trying prices until it agrees; everybody may read the table."""
    stage.complained()
    key, line = uuid4(), NewRmaLine(product="YQ-22", lot="L2610A", pieces=12, unit_price=Decimal("50.76"))
    values: dict[str, Any] = {"complaint_id": stage.complaint_id, "lines": (line,)}
    rma.request(stage.plant.sign_in(SALES), request_key=key, **values)
    [(kept, content)] = stage.rows("SELECT key, content FROM request")
    assert request.sent(key, values) == request.Sent(UUID(str(kept)), content)
    assert str(kept) != str(key)
    assert request.sent(UUID(str(kept)), values).content != content


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (Decimal("50.76"), Decimal("50.7600")),
        (datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 3, 17, tzinfo=ZoneInfo("Asia/Shanghai"))),
        (("a", "b"), ["a", "b"]),
        (b"photo", b"photo"),
        (frozenset(("sales", "gm")), frozenset(("gm", "sales"))),
    ],
)
def test_values_that_are_equal_are_the_same_request(first: object, again: object) -> None:
    key = uuid4()
    assert request.sent(key, {"value": first}) == request.sent(key, {"value": again, "confirmed": True})


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.decimals(allow_nan=False) | st.none(), max_size=4))
def test_another_value_is_another_request(values: dict[str, object]) -> None:
    key = uuid4()
    marks = {request.sent(key, values | {"reason": reason}).content for reason in ("", "1", 1, None, ("1",), b"1")}
    assert len(marks) == 6


def test_the_key_of_another_person_is_refused(stage: Stage) -> None:
    stage.arrived()
    key = uuid4()
    receipt.receive(stage.plant.sign_in(CLERK), receipt_line_id=stage.receipt_line_id, pieces=5, request_key=key)
    with pytest.raises(InvalidInput, match="sent already for something else"):
        receipt.receive(stage.plant.sign_in(LEADER), receipt_line_id=stage.receipt_line_id, pieces=5, request_key=key)
    assert counts(stage) == [("1", 5)]


def test_the_key_of_another_deed_is_refused(stage: Stage) -> None:
    stage.counted()
    key = uuid4()
    receipt.close_count(stage.plant.sign_in(CLERK), receipt_id=stage.receipt_id, request_key=key)
    with pytest.raises(InvalidInput, match="sent already for something else"):
        receipt.reopen_count(stage.plant.sign_in(CLERK), receipt_id=stage.receipt_id, reason="重数", request_key=key)
    assert stage.rows("SELECT state FROM receipt") == [("COUNTED",)]


def test_two_presses_at_once_book_once(stage: Stage) -> None:
    stage.arrived()
    key, ready = uuid4(), threading.Barrier(4)
    answers: list[object] = []

    def press() -> None:
        session = stage.plant.sign_in(CLERK)
        ready.wait()
        try:
            answers.append(receipt.receive(session, receipt_line_id=stage.receipt_line_id, pieces=5, request_key=key))
        finally:
            session.store.close()

    threads = [threading.Thread(target=press) for _press in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert counts(stage) == [("1", 5)]


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch, postgres: Server) -> Callable[[str], None]:
    """Give a function that cuts the connection once, right before or right after the next COMMIT."""

    def cut_once(when: str) -> None:
        commit = connection.Server.commit

        def broken(self: connection.Server) -> None:
            monkeypatch.setattr(connection.Server, "commit", commit)
            pid = self.connection().info.backend_pid
            if when == "after":
                commit(self)
            with postgres.connect() as administrator:
                administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            if when == "after":
                self.execute_sql("SELECT 1")
            commit(self)

        monkeypatch.setattr(connection.Server, "commit", broken)

    return cut_once


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_lost_at_the_commit_is_booked_once(
    server_stage: Stage, cut: Callable[[str], None], when: str
) -> None:
    server_stage.arrived()
    session = server_stage.plant.sign_in(CLERK)
    cut(when)
    made = receipt.receive(session, receipt_line_id=server_stage.receipt_line_id, pieces=5, request_key=uuid4())
    assert counts(server_stage) == [("1", 5)]
    assert server_stage.rows("SELECT id FROM receipt_count") == [(made.count_id,)]


@pytest.mark.parametrize(("when", "booked"), [("before", 6), ("after", 5)])
def test_what_was_edited_after_a_lost_answer_is_never_booked_beside_the_first(
    server_stage: Stage, cut: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, when: str, booked: int
) -> None:
    """The form keeps its key: the database says what became of the first sending, and books at most one of the two."""
    server_stage.arrived()
    session, key = server_stage.plant.sign_in(CLERK), uuid4()
    monkeypatch.setattr(action, "read", unreachable)
    cut(when)
    with pytest.raises(OutcomeUnknown):
        receipt.receive(session, receipt_line_id=server_stage.receipt_line_id, pieces=5, request_key=key)
    monkeypatch.undo()
    edited: dict[str, Any] = {"receipt_line_id": server_stage.receipt_line_id, "pieces": 6, "request_key": key}
    if when == "after":
        with pytest.raises(BookedOtherwise):
            receipt.receive(session, **edited)
    else:
        receipt.receive(session, **edited)
    assert counts(server_stage) == [("1", booked)]


def unreachable(_work: object) -> None:
    raise Unavailable(connection.CONNECTION_LOST)


def test_without_a_key_a_lost_commit_is_said_to_be_unknown(server_stage: Stage, cut: Callable[[str], None]) -> None:
    server_stage.arrived()
    session = server_stage.plant.sign_in(CLERK)
    cut("after")
    with pytest.raises(OutcomeUnknown):
        receipt.receive(session, receipt_line_id=server_stage.receipt_line_id, pieces=5)
    assert counts(server_stage) == [("1", 5)]
    # The next deed opens a new connection by itself.
    receipt.receive(session, receipt_line_id=server_stage.receipt_line_id, pieces=6, request_key=uuid4())
    assert counts(server_stage) == [("1", 5), ("2", 6)]


def test_a_fault_of_the_program_is_no_refusal(stage: Stage) -> None:
    with stage.plant.sign_in(CLERK).store.use(), pytest.raises(peewee.PeeweeException):
        connection.write(lambda: database().execute_sql("SELECT no_such_column FROM person"))
