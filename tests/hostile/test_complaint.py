"""Attacks on complaints: each statement is tried on a plain connection with a person's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.steps import complaint, complaint_ending
from tests.hostile.stage import QE, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

COLUMNS = "case_id, customer_id, channel, received_at, complaint_class, urgency, severity, state"
NEW = "{case}, 1, 'PHONE', '2026-11-03T01:00:00.000000+00:00', 'QUALITY', 'NORMAL', 'GENERAL'"


def new_complaint(case_id: int, state: str, more: str = "", values: str = "") -> str:
    return f"INSERT INTO complaint ({COLUMNS}{more}) VALUES ({NEW.format(case=case_id)}, '{state}'{values})"


def new_line(stage: Stage, position: int, pieces: int) -> str:
    return (
        "INSERT INTO complaint_line (case_id, complaint_id, position, product_id, pieces_complained, customer_words)"
        f" VALUES ({stage.case_id}, {stage.complaint_id}, {position}, 1, {pieces}, '漏油')"
    )


def test_a_complaint_takes_only_its_own_steps(stage: Stage) -> None:
    stage.complained()
    stage.attack(SALES, ("complaint_state_begins", new_complaint(stage.case_id, "CLOSED")))
    stage.attack(
        SALES, ("complaint_state_moves", f"UPDATE complaint SET state = 'CONTAINED' WHERE id = {stage.complaint_id}")
    )
    stage.attack(
        QE, ("complaint_state_moves", f"UPDATE complaint SET state = 'REPLIED' WHERE id = {stage.complaint_id}")
    )


def test_a_complaint_of_no_pieces_is_refused(stage: Stage) -> None:
    stage.complained()
    stage.attack(SALES, ("line_has_pieces", new_line(stage, 2, 0)))
    stage.attack(SALES, ("line_has_pieces", new_line(stage, 2, -12)))


def test_a_limit_of_no_hours_is_refused(stage: Stage) -> None:
    stage.complained()
    stage.attack(
        SALES, ("own_limit_is_positive", new_complaint(stage.case_id, "REGISTERED", ", own_limit_hours", ", 0"))
    )


def test_what_set_the_clocks_of_a_complaint_stays(stage: Stage) -> None:
    """An urgent complaint that is late must not become one that never was urgent."""
    stage.complained()
    for change in ("urgency = 'NORMAL'", "complaint_class = 'DELIVERY'", "severity = 'GENERAL'"):
        statement = f"UPDATE complaint SET {change} WHERE id = {stage.complaint_id}"
        stage.attack(SALES, ("complaint_keeps_what_set_its_clocks", statement), rights_come_first=True)


def test_a_measure_and_an_answer_say_something(stage: Stage) -> None:
    stage.complained()
    of = f"({stage.case_id}, {stage.complaint_id}"
    measure = f"INSERT INTO containment (case_id, complaint_id, place, measure, pieces) VALUES {of}, "
    stage.attack(
        QE,
        ("containment_says_what", f"{measure}'仓库', '', NULL)"),
        ("containment_says_what", f"{measure}'', '隔离', NULL)"),
        ("containment_says_what", f"{measure}'仓库', '隔离', -5)"),
    )
    reply = f"INSERT INTO customer_reply (case_id, complaint_id, kind, text) VALUES {of}, 'WRITTEN', '')"
    stage.attack(SALES, ("reply_says_something", reply))


def test_a_complaint_line_has_its_own_position(stage: Stage) -> None:
    stage.complained()
    stage.attack(SALES, ("complaint_position_once", new_line(stage, 1, 5)))


def verdict(
    stage: Stage, occasion: str, *, is_satisfied: str = "TRUE", said_by: str = "王经理", text: str = "满意"
) -> str:
    return (
        "INSERT INTO customer_verdict (case_id, complaint_id, round, occasion, is_satisfied, said_by, text) VALUES"
        f" ({stage.case_id}, {stage.complaint_id}, 1, '{occasion}', {is_satisfied}, '{said_by}', '{text}')"
    )


def to(stage: Stage, state: str, more: str = "") -> str:
    return f"UPDATE complaint SET state = '{state}'{more} WHERE id = {stage.complaint_id}"


def answered(stage: Stage) -> None:
    stage.complained()
    complaint.accept(stage.plant.sign_in(SALES), complaint_id=stage.complaint_id)
    complaint.analyse(stage.plant.sign_in(QE), complaint_id=stage.complaint_id)
    complaint.reply(
        stage.plant.sign_in(SALES),
        complaint_id=stage.complaint_id,
        kind=complaint.ReplyKind.CAUSES_AND_MEASURES,
        text="限位磨损，已更换",
    )


def test_a_verdict_is_taken_only_after_the_answer_or_the_end(stage: Stage) -> None:
    stage.complained()
    stage.attack(SALES, ("verdict_fits_the_state", verdict(stage, "ANSWER")))
    stage.attack(SALES, ("verdict_fits_the_state", verdict(stage, "CALL_BACK")))
    answered(stage)
    stage.attack(SALES, ("verdict_fits_the_state", verdict(stage, "CALL_BACK")))
    stage.attack(SALES, ("verdict_names_who", verdict(stage, "ANSWER", said_by="")))
    stage.attack(SALES, ("verdict_names_who", verdict(stage, "ANSWER", is_satisfied="FALSE", text="")))


def test_a_complaint_is_not_closed_over_the_customers_head(stage: Stage) -> None:
    answered(stage)
    stage.attack(SALES, ("verified_when_satisfied", to(stage, "VERIFYING")))
    complaint_ending.take_verdict(
        stage.plant.sign_in(SALES), complaint_id=stage.complaint_id, is_satisfied=True, said_by="王经理"
    )
    stage.attack(QE, ("closed_when_satisfied", to(stage, "CLOSED")))
    complaint_ending.close(stage.plant.sign_in(QE), complaint_id=stage.complaint_id, text="2,400 支，不合格 0")
    stage.attack(SALES, ("archived_after_the_call_back", to(stage, "ARCHIVED")))


def test_a_complaint_is_not_refused_without_a_reason(stage: Stage) -> None:
    stage.complained()
    stage.attack(SALES, ("complaint_refused_with_a_reason", to(stage, "REFUSED")))


def test_the_rounds_of_a_complaint_are_not_counted_away(stage: Stage) -> None:
    answered(stage)
    stage.attack(
        SALES,
        ("round_grows_by_one", to(stage, "ANALYSIS", ", round = 9")),
        ("round_grows_by_one", to(stage, "REPLIED", ", round = 2")),
    )


def test_a_complaint_of_tomorrow_is_refused(stage: Stage) -> None:
    stage.complained()
    later = new_complaint(stage.case_id, "REGISTERED").replace("2026-11-03T01:00", "2026-11-04T01:00")
    stage.attack(SALES, ("complained_is_not_later", later))
