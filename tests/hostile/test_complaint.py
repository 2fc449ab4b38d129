"""Attacks on complaints: each statement is tried on a plain connection with a person's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        SALES, ("complaint_state_moves", f"UPDATE complaint SET state = 'CLOSED' WHERE id = {stage.complaint_id}")
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


def test_a_complaint_line_has_its_own_position(stage: Stage) -> None:
    stage.complained()
    stage.attack(SALES, ("complaint_position_once", new_line(stage, 1, 5)))
