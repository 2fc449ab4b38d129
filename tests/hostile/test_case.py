"""Attacks on what all records of a case share: deadlines. Attachments have a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hostile.stage import CLERK, QE, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

LATER = "'2026-11-04T01:00:00.000000+00:00'"


def new_deadline(stage: Stage, event: str, state: str = "OPEN", met_at: str = "NULL") -> str:
    return (
        "INSERT INTO deadline (case_id, kind, record_id, event, due_at, named_by, state, met_at)"
        f" VALUES ({stage.case_id}, 'complaint', {stage.complaint_id}, '{event}', {LATER}, 'RULE', '{state}', {met_at})"
    )


def of_the_complaint(stage: Stage) -> str:
    return f"WHERE kind = 'complaint' AND record_id = {stage.complaint_id}"


def test_a_deadline_is_not_opened_again(stage: Stage) -> None:
    stage.complained()
    which = of_the_complaint(stage)
    with stage.plant.plain(QE) as connection:
        connection.execute(f"UPDATE deadline SET state = 'MET', met_at = qms_now() {which}")
    stage.attack(
        QE,
        ("deadline_state_moves", f"UPDATE deadline SET state = 'OPEN', met_at = NULL {which}"),
        ("deadline_state_moves", f"UPDATE deadline SET state = 'DROPPED', met_at = NULL {which}"),
    )
    stage.attack(SALES, ("deadline_state_begins", new_deadline(stage, "OTHER", "MET", LATER)))


def test_a_met_deadline_has_its_moment(stage: Stage) -> None:
    stage.complained()
    which = of_the_complaint(stage)
    stage.attack(
        QE,
        ("met_has_a_moment", f"UPDATE deadline SET state = 'MET' {which}"),
        ("met_has_a_moment", f"UPDATE deadline SET met_at = qms_now() {which}"),
    )


def test_a_deadline_is_not_met_at_another_time_than_now(stage: Stage) -> None:
    stage.complained()
    which = of_the_complaint(stage)
    stage.attack(
        QE,
        (
            "deadline_is_met_now",
            f"UPDATE deadline SET state = 'MET', met_at = '2026-11-03T01:01:00.000000+00:00' {which}",
        ),
        (
            "deadline_is_met_now",
            f"UPDATE deadline SET state = 'MET', met_at = '2027-11-03T01:01:00.000000+00:00' {which}",
        ),
    )


def test_an_extension_without_reason_is_refused(stage: Stage) -> None:
    stage.complained()
    which = of_the_complaint(stage)
    stage.attack(
        SALES,
        ("extension_has_a_reason", f"UPDATE deadline SET state = 'EXTENDED', extended_to = {LATER} {which}"),
        ("extension_has_a_reason", f"UPDATE deadline SET state = 'EXTENDED', extension_reason = '待料' {which}"),
    )


def test_a_deadline_runs_once(stage: Stage) -> None:
    stage.complained()
    event = stage.rows(f"SELECT event FROM deadline {of_the_complaint(stage)}")[0][0]
    stage.attack(SALES, ("one_deadline_an_event", new_deadline(stage, event)))


def test_nobody_stops_the_clock_of_somebody_elses_work(stage: Stage) -> None:
    """The warehouse could hide that sales is late with its answer, or set a clock that never ends."""
    stage.complained()
    met = f"UPDATE deadline SET state = 'MET', met_at = qms_now() {of_the_complaint(stage)}"
    stage.attack(
        CLERK,
        ("deadline_is_kept_by_its_own_at_update", met),
        ("deadline_is_kept_by_its_own_at_insert", new_deadline(stage, "OTHER")),
    )


def test_a_deadline_belongs_to_a_record_of_its_case(stage: Stage) -> None:
    stage.complained()
    first, record = stage.case_id, stage.complaint_id
    stage.complaint_id = 0
    stage.complained()
    ours = f"VALUES ({stage.case_id}, 'complaint', {stage.complaint_id},"
    stage.attack(
        SALES,
        (
            "clock_of_its_record",
            new_deadline(stage, "OTHER").replace(ours, f"VALUES ({first}, 'complaint', {stage.complaint_id},"),
        ),
        (
            "clock_of_its_record",
            new_deadline(stage, "OTHER").replace(ours, f"VALUES ({stage.case_id}, 'complaint', 999,"),
        ),
        ("clock_of_its_record", new_deadline(stage, "OTHER").replace("'complaint'", "'nothing'")),
    )
    assert record != stage.complaint_id
