"""Attacks on what all records of a case share: deadlines. Attachments have a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.complaint import ReplyKind
from qms_desktop.db.deadline_deeds import DEEDS
from qms_desktop.rules.deadline import Start, starting_rules
from qms_desktop.steps import complaint, complaint_ending
from tests.hostile.stage import CLERK, QE, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

KIND_OF = {
    Start.COMPLAINT_RECEIVED: "complaint",
    Start.HANDLING_FINISHED: "complaint",
    Start.GOODS_ARRIVED_BY_POST: "receipt",
    Start.REPORT_TO_QUALITY: "sorting_round",
}
FAR = "'2027-01-04T01:00:00.000000+00:00'"
LATER = "'2026-11-04T01:00:00.000000+00:00'"


def new_deadline(stage: Stage, event: str, state: str = "OPEN", met_at: str = "NULL") -> str:
    return (
        "INSERT INTO deadline (case_id, kind, record_id, event, due_at, named_by, state, met_at)"
        f" VALUES ({stage.case_id}, 'complaint', {stage.complaint_id}, '{event}', {LATER}, 'RULE', '{state}', {met_at})"
    )


def of_the_complaint(stage: Stage) -> str:
    return f"WHERE kind = 'complaint' AND record_id = {stage.complaint_id}"


def contained(stage: Stage) -> str:
    """Contain the complaint past the verb, and give its clock, which runs on."""
    stage.complained()
    with stage.plant.plain(QE) as connection:
        connection.execute(
            "INSERT INTO containment (case_id, complaint_id, place, measure)"
            f" VALUES ({stage.case_id}, {stage.complaint_id}, '仓库', '隔离')"
        )
    return f"{of_the_complaint(stage)} AND event = 'CONTAINMENT'"


def test_a_deadline_is_not_opened_again(stage: Stage) -> None:
    which = contained(stage)
    with stage.plant.plain(QE) as connection:
        connection.execute(f"UPDATE deadline SET state = 'MET', met_at = qms_now() {which}")
    stage.attack(
        QE,
        ("deadline_state_moves", f"UPDATE deadline SET state = 'OPEN', met_at = NULL {which}"),
        ("deadline_state_moves", f"UPDATE deadline SET state = 'DROPPED', met_at = NULL {which}"),
    )
    stage.attack(SALES, ("deadline_state_begins", new_deadline(stage, "OTHER", "MET", LATER)))


def test_a_met_deadline_has_its_moment(stage: Stage) -> None:
    which = contained(stage)
    stage.attack(
        QE,
        ("met_has_a_moment", f"UPDATE deadline SET state = 'MET' {which}"),
        ("met_has_a_moment", f"UPDATE deadline SET met_at = qms_now() {which}"),
    )


def test_a_deadline_is_not_met_at_another_time_than_now(stage: Stage) -> None:
    which = contained(stage)
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


def told_of_an_extension(stage: Stage) -> None:
    with stage.plant.plain(SALES) as connection:
        connection.execute(
            "INSERT INTO customer_reply (case_id, complaint_id, kind, text)"
            f" VALUES ({stage.case_id}, {stage.complaint_id}, 'EXTENSION', '待料')"
        )


def test_an_extension_is_told_and_later(stage: Stage) -> None:
    """A date beside an open limit would move it without a word, and an earlier one would make others late."""
    stage.complained()
    which = of_the_complaint(stage)
    extend = "UPDATE deadline SET state = '{}', extended_to = {}, extension_reason = '待料' " + which
    stage.attack(SALES, ("extension_is_told", extend.format("EXTENDED", FAR)))
    told_of_an_extension(stage)
    stage.attack(
        SALES,
        ("extension_is_told", extend.format("OPEN", FAR)),
        ("extension_is_told", extend.format("EXTENDED", "'2026-11-03T01:00:00.000000+00:00'")),
    )


def test_an_extension_without_reason_is_refused(stage: Stage) -> None:
    stage.complained()
    told_of_an_extension(stage)
    which = of_the_complaint(stage)
    stage.attack(
        SALES,
        ("extension_has_a_reason", f"UPDATE deadline SET state = 'EXTENDED', extended_to = {FAR} {which}"),
        ("extension_has_a_reason", f"UPDATE deadline SET state = 'EXTENDED' {which}"),
    )


def test_a_deadline_runs_once(stage: Stage) -> None:
    stage.complained()
    event = stage.rows(f"SELECT event FROM deadline {of_the_complaint(stage)}")[0][0]
    stage.attack(SALES, ("one_deadline_an_event", new_deadline(stage, event)))


def test_nobody_stops_the_clock_of_somebody_elses_work(stage: Stage) -> None:
    """The warehouse could hide that sales is late with its answer, or set a clock that never ends."""
    met = f"UPDATE deadline SET state = 'MET', met_at = qms_now() {contained(stage)}"
    stage.attack(
        CLERK,
        ("deadline_is_kept_by_its_own_at_update", met),
        ("deadline_is_kept_by_its_own_at_insert", new_deadline(stage, "OTHER")),
    )


def meeting(stage: Stage, event: str) -> str:
    return f"UPDATE deadline SET state = 'MET', met_at = qms_now() {of_the_complaint(stage)} AND event = '{event}'"


def test_a_clock_is_not_stopped_without_its_deed(stage: Stage) -> None:
    """Sales could report an answer in time that the customer never got."""
    stage.complained()
    events = [event for (event,) in stage.rows(f"SELECT event FROM deadline {of_the_complaint(stage)}")]
    assert set(events) >= {"CONTAINMENT", "PRELIMINARY_REPLY", "WRITTEN_REPLY", "CAUSES_AND_MEASURES"}
    for who in (SALES, QE):
        stage.attack(who, *(("deadline_is_met_by_its_deed", meeting(stage, event)) for event in events))
    complaint.reply(
        stage.plant.sign_in(SALES), complaint_id=stage.complaint_id, kind=ReplyKind.ACKNOWLEDGEMENT, text="收到"
    )
    for event in ("WRITTEN_REPLY", "CAUSES_AND_MEASURES"):
        stage.attack(SALES, ("deadline_is_met_by_its_deed", meeting(stage, event)))
    assert stage.rows(f"SELECT state FROM deadline {of_the_complaint(stage)} AND event = 'PRELIMINARY_REPLY'") == [
        ("MET",)
    ]


def test_an_event_that_nobody_knows_is_never_met(stage: Stage) -> None:
    stage.complained()
    with stage.plant.plain(SALES) as connection:
        connection.execute(new_deadline(stage, "OTHER"))
    stage.attack(SALES, ("deadline_is_met_by_its_deed", meeting(stage, "OTHER")))


def test_a_clock_is_dropped_only_with_a_refused_complaint(stage: Stage) -> None:
    """What is dropped is left out of the punctuality: whoever is late would rather drop it."""
    stage.complained()
    drop = f"UPDATE deadline SET state = 'DROPPED' {of_the_complaint(stage)}"
    for who in (SALES, QE):
        stage.attack(who, ("deadline_is_dropped_with_its_complaint", drop))
    complaint_ending.refuse(stage.plant.sign_in(SALES), complaint_id=stage.complaint_id, reason="非本公司产品")
    assert stage.rows(f"SELECT DISTINCT state FROM deadline {of_the_complaint(stage)}") == [("DROPPED",)]


def test_every_event_that_a_verb_meets_has_its_deed() -> None:
    """A clock that starts must be stoppable, by a deed that the database knows."""
    started = {
        (kind, str(rule.event))
        for rule in starting_rules()
        if rule.in_force and (kind := KIND_OF.get(rule.starts_at)) is not None
    }
    assert started - set(DEEDS) == set()


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
