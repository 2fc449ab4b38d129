"""Attacks on recalls and holds: the frozen scope, the hearings, the general manager's signature, the progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop.steps import recall
from qms_desktop.steps.recall import ProgressKind, Seat
from tests.hostile.stage import GM, PRODUCTION, QE, QUALITY_MANAGER, SALES_MANAGER, Stage
from tests.scenarios.test_recall import Told, suspected

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


@pytest.fixture
def told(plant: Plant) -> Told:
    """Give a recall that is suspected."""
    return suspected(plant)


def stage_of(told: Told) -> Stage:
    return Stage(told.plant, case_id=case_of(told))


def case_of(told: Told) -> int:
    return told.show().row.case_id


def run(told: Told, who: str, *statements: str) -> None:
    with told.plant.plain(who) as connection:
        for statement in statements:
            connection.execute(statement)


def moving(told: Told, state: str) -> str:
    return f"UPDATE recall SET state = '{state}' WHERE id = {told.recall_id}"


def signing(told: Told, meaning: str) -> str:
    covered = f"qms_content_hash('recall', {told.recall_id})"
    if told.plant.kind == "postgresql":
        return f"SELECT qms_sign({case_of(told)}, 'recall', {told.recall_id}, '{meaning}', {covered}, '')"
    return (
        "INSERT INTO signature (case_id, kind, record_id, meaning, content_hash, roles, connection) VALUES"
        f" ({case_of(told)}, 'recall', {told.recall_id}, '{meaning}', {covered}, qms_roles(), qms_connection())"
    )


def deciding(told: Told, *, is_approved: bool = True) -> str:
    return (
        "INSERT INTO recall_decision (case_id, recall_id, is_approved, reason)"
        f" VALUES ({case_of(told)}, {told.recall_id}, {str(is_approved).lower()}, '安全特性')"
    )


def test_a_recall_takes_only_its_own_steps(told: Told) -> None:
    stage = stage_of(told)
    line = stage.rows(f"SELECT id FROM complaint_line WHERE id <> {told.complaint_line_id}")[0][0]
    begun = (
        "INSERT INTO recall (case_id, complaint_line_id, trigger_kind, state)"
        f" VALUES ({stage.case_id}, {line}, 'SAFETY_OR_KEY', 'RUNNING')"
    )
    stage.attack(QE, ("recall_state_begins", begun))
    told.assessed().heard()
    stage.attack(GM, ("recall_state_moves", moving(told, "REPORTED")))


def test_a_complaint_line_has_one_recall(told: Told) -> None:
    stage = stage_of(told)
    again = (
        "INSERT INTO recall (case_id, complaint_line_id, trigger_kind, state)"
        f" VALUES ({stage.case_id}, {told.complaint_line_id}, 'SAFETY_OR_KEY', 'SUSPECTED')"
    )
    stage.attack(QE, ("one_recall_a_line", again))


def test_a_recall_number_is_given_once(told: Told) -> None:
    stage = stage_of(told)
    line = stage.rows(f"SELECT id FROM complaint_line WHERE id <> {told.complaint_line_id}")[0][0]
    run(
        told,
        QE,
        "INSERT INTO recall (case_id, complaint_line_id, trigger_kind, state)"
        f" VALUES ({stage.case_id}, {line}, 'SAFETY_OR_KEY', 'SUSPECTED')",
    )
    stage.attack(
        QE,
        ("recall_number_once", "UPDATE recall SET number = (SELECT min(number) FROM recall)"),
        rights_come_first=True,
    )


def copied_line(told: Told, change: str = "", value: str = "") -> str:
    """Give the statement that books the first shipment of the scope again, with one column told otherwise."""
    columns = ["shipment_line_id", "customer_id", "lot_id", "pieces", "is_complainant", "is_in_scope"]
    values = ", ".join(value if column == change else column for column in columns)
    return (
        f"INSERT INTO recall_line (case_id, recall_id, {', '.join(columns)}) SELECT case_id, recall_id, {values}"
        f" FROM recall_line WHERE is_in_scope AND recall_id = {told.recall_id} ORDER BY id LIMIT 1"
    )


def test_a_shipment_is_in_a_scope_once(told: Told) -> None:
    told.assessed()
    recall.widen(told.plant.sign_in(QE), recall_id=told.recall_id)
    stage_of(told).attack(QE, ("shipment_once_a_recall", copied_line(told)))


def test_a_scope_line_says_what_the_shipment_says(told: Told) -> None:
    told.assessed()
    recall.widen(told.plant.sign_in(QE), recall_id=told.recall_id)
    own = "(SELECT customer_id FROM recall_line WHERE is_complainant)"
    stage_of(told).attack(
        QE,
        *(
            ("recall_line_is_the_shipment", copied_line(told, change, value))
            for change, value in (("pieces", "1"), ("customer_id", own), ("is_complainant", "true"), ("lot_id", "3"))
        ),
    )


def test_nothing_is_slipped_into_a_frozen_scope(told: Told) -> None:
    told.assessed()
    stage = stage_of(told)
    other = stage.rows("SELECT id, customer_id, lot_id, pieces_shipped FROM shipment_line WHERE number = 'CK260927001'")
    shipment, customer, lot, pieces = other[0]
    stage.attack(
        QE,
        (
            "recall_line_total",
            (
                "INSERT INTO recall_line (case_id, recall_id, shipment_line_id, customer_id, lot_id, pieces,"
                f" is_complainant, is_in_scope, scope_reason) VALUES ({stage.case_id}, {told.recall_id}, {shipment},"
                f" {customer}, {lot}, {pieces}, true, false, '客户自己的')"
            ),
        ),
    )


def test_a_decided_scope_is_not_changed(told: Told) -> None:
    told.assessed()
    recall.note_open_point(told.plant.sign_in(QE), recall_id=told.recall_id, subject="转售", why="未知")
    told.heard().reported()
    stage = stage_of(told)
    narrowing = "UPDATE recall_line SET is_in_scope = false, scope_reason = '太贵' WHERE is_in_scope"
    lot = stage.rows("SELECT id FROM lot WHERE number = 'L2609B'")[0][0]
    attempts = (
        ("recall_line_is_frozen", narrowing),
        ("recall_text_is_frozen", "UPDATE recall SET scope = '无'"),
        ("recall_lot_update_before_report", "UPDATE recall_lot SET pieces_built = 1"),
        (
            "recall_lot_insert_before_report",
            (
                "INSERT INTO recall_lot (case_id, recall_id, lot_id, is_asked)"
                f" VALUES ({stage.case_id}, {told.recall_id}, {lot}, true)"
            ),
        ),
        (
            "recall_open_point_insert_before_report",
            (
                "INSERT INTO recall_open_point (case_id, recall_id, subject, why)"
                f" VALUES ({stage.case_id}, {told.recall_id}, '转售', '未知')"
            ),
        ),
    )
    stage.attack(QE, *attempts)
    stage.attack(
        QE,
        ("recall_open_point_update_before_report", "UPDATE recall_open_point SET pieces = 0"),
        ("recall_line_is_frozen", "UPDATE recall_line SET pieces = 1"),
        rights_come_first=True,
    )
    told.decided()
    stage.attack(QE, *attempts)


def test_a_scope_is_not_narrowed_without_a_reason(told: Told) -> None:
    told.assessed()
    stage_of(told).attack(
        QE,
        ("narrowed_with_a_reason", "UPDATE recall_line SET is_in_scope = false WHERE is_in_scope"),
        ("narrowed_with_a_reason", "UPDATE recall_line SET is_in_scope = true WHERE is_complainant"),
    )


def hearing(told: Told, seat: Seat, opinion: str = "同意", covered: str = "") -> str:
    content = covered or f"qms_content_hash('recall', {told.recall_id})"
    return (
        "INSERT INTO recall_hearing (case_id, recall_id, seat, opinion, content_hash)"
        f" VALUES ({case_of(told)}, {told.recall_id}, '{seat}', '{opinion}', {content})"
    )


def test_nobody_is_heard_for_somebody_else(told: Told) -> None:
    told.assessed()
    stage_of(told).attack(
        QUALITY_MANAGER,
        ("seat_speaks_for_itself", hearing(told, Seat.PRODUCTION)),
        ("seat_speaks_for_itself", hearing(told, Seat.QUALITY, opinion="")),
    )


def test_a_hearing_is_of_the_scope_as_it_stands(told: Told) -> None:
    early = ("hearing_is_of_the_scope", hearing(told, Seat.PRODUCTION))
    stage_of(told).attack(PRODUCTION, early)
    told.assessed()
    other = f"'{'0' * 64}'"
    stage_of(told).attack(PRODUCTION, ("hearing_is_of_the_scope", hearing(told, Seat.PRODUCTION, covered=other)))


def test_a_recall_is_not_reported_before_all_are_heard(told: Told) -> None:
    told.assessed().heard(Seat.QUALITY, Seat.SALES, Seat.PRODUCT_SAFETY)
    attack = ("all_are_heard", moving(told, "REPORTED"))
    stage_of(told).attack(QE, attack)
    told.heard(Seat.PRODUCTION).narrowed()
    stage_of(told).attack(QE, attack)


def test_a_recall_is_not_assessed_without_a_trace(told: Told) -> None:
    stage_of(told).attack(QE, ("assessed_with_a_scope", moving(told, "ASSESSED")))


def test_a_recall_is_not_decided_without_the_general_managers_signature(told: Told) -> None:
    told.assessed().heard().reported()
    stage = stage_of(told)
    approve = ("decided_by_general_manager", moving(told, "APPROVED"))
    decline = ("decided_by_general_manager", moving(told, "DECLINED"))
    stage.attack(GM, approve, decline)
    run(told, GM, signing(told, "DECLINE"))
    stage.attack(GM, approve, decline)
    run(told, GM, deciding(told))
    stage.attack(GM, approve, decline)
    stage.attack(QUALITY_MANAGER, ("signature_needs_the_right", signing(told, "DECIDE")))


def test_nothing_starts_before_the_general_manager_signs(told: Told) -> None:
    told.assessed().narrowed().heard().reported()
    stage = stage_of(told)
    line = next(line for line in told.show().lines if line.is_in_scope)
    progress = "INSERT INTO recall_progress (case_id, recall_line_id, kind, pieces) VALUES"
    told_customer = f"{progress} ({stage.case_id}, {line.id}, 'INFORMED', 0)"
    stage.attack(QE, ("progress_of_a_running_recall", told_customer))
    told.decided()
    stage.attack(SALES_MANAGER, ("progress_of_a_running_recall", told_customer))
    # Even the owner of the database cannot start a recall whose signed content is not what was decided.
    with stage.owner() as owner:
        if told.plant.kind == "postgresql":
            owner.execute("ALTER TABLE recall DISABLE TRIGGER guard_recall_text_is_frozen")
            owner.execute("UPDATE recall SET scope = '全部'")
            owner.execute("ALTER TABLE recall ENABLE TRIGGER guard_recall_text_is_frozen")
        else:
            triggers = owner.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'recall'"
            )
            for name, _sql in (kept := triggers.fetchall()):
                owner.execute(f"DROP TRIGGER {name}")
            owner.execute("UPDATE recall SET scope = '全部'")
            for _name, sql in kept:
                owner.execute(sql)
    stage.attack(QE, ("nothing_starts_before_the_signature", moving(told, "RUNNING")))


def running(told: Told) -> Told:
    told.assessed().narrowed().heard().reported().decided()
    recall.start(told.plant.sign_in(QE), recall_id=told.recall_id)
    return told


def test_no_more_pieces_come_back_than_were_shipped(told: Told) -> None:
    running(told)
    stage = stage_of(told)
    line = next(line for line in told.show().lines if line.pieces == 120 and line.is_in_scope)
    outside = next(line for line in told.show().lines if not line.is_in_scope)
    recall.record_progress(told.plant.sign_in(QE), line_id=line.id, kind=ProgressKind.RECOVERED, pieces=100)
    assert stage.rows(f"SELECT pieces_settled FROM recall_line WHERE id = {line.id}") == [(100,)], "progress_settles"
    progress = "INSERT INTO recall_progress (case_id, recall_line_id, kind, pieces) VALUES"
    stage.attack(
        QE,
        ("settled_within_shipped", f"{progress} ({stage.case_id}, {line.id}, 'RECOVERED', 21)"),
        ("progress_of_a_running_recall", f"{progress} ({stage.case_id}, {outside.id}, 'RECOVERED', 1)"),
        ("progress_of_a_running_recall", f"{progress} ({stage.case_id}, {line.id}, 'RECOVERED', -1)"),
        ("progress_of_a_running_recall", f"{progress} ({stage.case_id}, {line.id}, 'INFORMED', 5)"),
    )


def test_a_recall_is_not_complete_while_pieces_are_out(told: Told) -> None:
    running(told)
    attack = ("complete_when_all_is_settled", moving(told, "COMPLETE"))
    stage = stage_of(told)
    stage.attack(QE, attack)
    for line in told.show().lines:
        if line.is_in_scope:
            recall.record_progress(
                told.plant.sign_in(QE), line_id=line.id, kind=ProgressKind.RECOVERED, pieces=line.pieces
            )
    stage.attack(QE, attack)


def test_a_hold_is_not_released_without_a_signature(told: Told) -> None:
    stage = stage_of(told)
    recall.hold_lots(told.plant.sign_in(QE), stops=(recall.LotStop("YQ-22", "L2610A"),), reason="阻力不符")
    stage.attack(QUALITY_MANAGER, ("hold_released_by_signature", "UPDATE lot_hold SET state = 'RELEASED'"))
