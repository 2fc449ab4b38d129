"""Attacks on 8D reports: gates, versions, signatures and content, on plain connections with a person's password."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import people
from qms_desktop.db.complaint import Severity
from qms_desktop.db.connection import write
from qms_desktop.db.eight_d import ROWS, EightDPhoto, EightDSection, EightDText, EightDWording
from qms_desktop.db.guards import Applied
from qms_desktop.db.record import BooleanField, ChoiceField, ForeignKeyField, IntegerField, MomentField
from qms_desktop.db.setup import NewPerson
from qms_desktop.permissions import Role
from qms_desktop.rules import attachment
from qms_desktop.steps import eight_d
from qms_desktop.steps.eight_d import ReportKind
from tests.helpers import plant as plants
from tests.hostile.eight_d_stage import Report
from tests.hostile.evidence import a_photo_of
from tests.hostile.stage import GM, IT, QE, QUALITY_MANAGER, SALES, guard_called

if TYPE_CHECKING:
    from enum import StrEnum

    from peewee import Field

    from qms_desktop.db.record import Record
    from tests.hostile.stage import Stage

COLLEAGUE = "马军"
CONTENT: tuple[type[Record], ...] = (EightDSection, EightDText, EightDWording, *ROWS)


@pytest.fixture
def report(stage: Stage) -> Report:
    """Give a report that is opened."""
    return Report(stage).opened()


def complete(report: Report, kind: ReportKind = ReportKind.THREE_D) -> Report:
    return report.written().begun(kind)


def test_a_report_takes_only_its_own_steps(report: Report) -> None:
    stage = report.stage
    line = stage.rows("SELECT max(id) FROM complaint_line")[0][0]
    report.run(
        QE, f"INSERT INTO eight_d_reopening (case_id, eight_d_id, reason) VALUES ({stage.case_id}, {report.id}, '再现')"
    )
    stage.attack(
        QE,
        (
            "eight_d_state_begins",
            (
                "INSERT INTO eight_d (case_id, complaint_line_id, title, state)"
                f" VALUES ({stage.case_id}, {line}, 'YQ-22', 'CLOSED')"
            ),
        ),
        ("eight_d_state_moves", report.reporting("REOPENED", ", round = round + 1")),
    )


def test_a_version_takes_only_its_own_steps(report: Report) -> None:
    report.stage.attack(
        QE,
        (
            "eight_d_version_state_begins",
            report.insert("eight_d_version", "revision, kind, state", "1, '3D', 'APPROVED'")[0],
        ),
    )
    complete(report).submitted()
    report.stage.attack(SALES, ("eight_d_version_state_moves", report.moving("DRAFT")))


def test_the_champion_does_not_lead(report: Report) -> None:
    report.stage.attack(QE, ("champion_is_not_leader", "UPDATE eight_d SET champion_id = leader_id"))


def test_a_report_number_is_given_once(report: Report) -> None:
    Report(report.stage).opened()
    report.stage.attack(
        QE,
        ("eight_d_number_once", "UPDATE eight_d SET number = (SELECT min(number) FROM eight_d)"),
        rights_come_first=True,
    )


def test_a_complaint_line_has_one_report(report: Report) -> None:
    line = report.stage.rows("SELECT max(id) FROM complaint_line")[0][0]
    report.stage.attack(QE, ("one_report_a_line", report.insert("eight_d_link", "complaint_line_id", str(line))[0]))


def new_version(report: Report, revision: int) -> str:
    return report.insert("eight_d_version", "revision, kind, state", f"{revision}, '3D', 'DRAFT'")[0]


def test_a_report_has_one_open_version(report: Report) -> None:
    report.begun(ReportKind.THREE_D)
    report.stage.attack(QE, ("one_open_version", new_version(report, 2)))


def test_revisions_are_counted_without_gaps(report: Report) -> None:
    report.stage.attack(QE, ("next_revision", new_version(report, 2)), ("next_revision", new_version(report, 0)))


def submit_with(report: Report, guard: str, *faults: str, kind: ReportKind = ReportKind.THREE_D) -> None:
    """Spoil a complete report, sign it all the same, and try to hand it in."""
    complete(report, kind).run(QE, *faults)
    report.signed(QE, "SIGN_PLACE").stage.attack(QE, (guard, report.moving("REVIEW")))


def test_a_report_without_leader_is_not_submitted(report: Report) -> None:
    submit_with(report, "leader_is_set", "UPDATE eight_d SET leader_id = NULL")


@pytest.mark.parametrize("field", ["date_code", "lot", "reported_at", "requirement", "repeat"])
def test_a_report_with_a_gap_in_d2_is_not_submitted(report: Report, field: str) -> None:
    submit_with(report, "d2_is_complete", f"UPDATE eight_d_text SET text = '' WHERE field = '{field}'")


@pytest.mark.parametrize("fault", ["started_on = NULL", "method = ''", "checked = NULL, ok = NULL, not_ok = NULL"])
def test_a_measure_without_date_or_result_is_not_submitted(report: Report, fault: str) -> None:
    submit_with(report, "measures_are_recorded", f"UPDATE eight_d_suspect SET {fault} WHERE place = 'field'")


@pytest.mark.parametrize("fault", ["is_removed = true", "quantity = 0, checked = 0, ok = 0, not_ok = 0"])
def test_a_report_that_leaves_out_a_place_is_not_submitted(report: Report, fault: str) -> None:
    submit_with(report, "six_places_are_answered", f"UPDATE eight_d_suspect SET {fault} WHERE place = 'transit'")


@pytest.mark.parametrize(
    "faults",
    [
        ("UPDATE eight_d_why SET is_removed = true WHERE cause_code = 'E1'",),
        ("UPDATE eight_d_cause SET kind = 'occurrence', share_basis_points = 5000",),
    ],
)
def test_a_report_without_escape_cause_or_whys_is_not_submitted(report: Report, faults: tuple[str, ...]) -> None:
    submit_with(report, "causes_have_whys", *faults, kind=ReportKind.FIVE_D)


def test_shares_that_do_not_add_up_are_not_submitted(report: Report) -> None:
    fault = "UPDATE eight_d_cause SET share_basis_points = 9500 WHERE code = 'O1'"
    submit_with(report, "shares_add_up", fault, kind=ReportKind.FIVE_D)


def test_a_cause_without_action_is_not_submitted(report: Report) -> None:
    submit_with(report, "action_for_each_cause", "UPDATE eight_d_action SET causes = 'O1,E10'", kind=ReportKind.FIVE_D)


@pytest.mark.parametrize("nature", ["INSPECTION", "AUDIT"])
def test_an_audit_in_d7_is_not_submitted(report: Report, nature: str) -> None:
    fault = report.insert("eight_d_prevention", "position, number, action, nature", f"1, 'P1', '稽核', '{nature}'")
    submit_with(report, "prevention_is_not_inspection", *fault, kind=ReportKind.EIGHT_D)


def test_a_version_is_submitted_with_the_authors_signature(report: Report) -> None:
    complete(report).stage.attack(QE, ("prepared_by_signature", report.moving("REVIEW")))


def test_a_version_is_not_approved_without_review(report: Report) -> None:
    complete(report).submitted().signed(QUALITY_MANAGER, "APPROVE")
    report.stage.attack(QUALITY_MANAGER, ("eight_d_reviewed_before_approval", report.moving("APPROVED")))


def test_an_unapproved_or_changed_version_is_not_sent(report: Report) -> None:
    complete(report).submitted().signed(QUALITY_MANAGER, "REVIEW")
    attack = ("quality_manager_approves", report.moving("APPROVED"))
    report.stage.attack(QUALITY_MANAGER, attack)
    report.signed(GM, "APPROVE").stage.attack(GM, attack)
    report.signed(QUALITY_MANAGER, "APPROVE").run(QUALITY_MANAGER, report.moving("APPROVED"))
    report.run(QE, "UPDATE eight_d_suspect SET lot = 'L2611A' WHERE place = 'field'")
    before = report.stage.records()
    dispatch = dispatching(report, "qms_content_hash('eight_d_3d', eight_d_id)")
    report.run(SALES, dispatch)
    report.signed(QE, "SIGN_PLACE").signed(QUALITY_MANAGER, "REVIEW")
    report.stage.attack(SALES, ("quality_manager_approves", report.moving("SENT")))
    assert report.stage.records()["eight_d_version"] == before["eight_d_version"]


def test_the_8d_of_a_major_complaint_needs_the_general_manager(stage: Stage) -> None:
    report = Report(stage).opened(severity=Severity.MAJOR)
    complete(report, ReportKind.EIGHT_D).submitted()
    report.signed(QUALITY_MANAGER, "REVIEW").signed(QUALITY_MANAGER, "APPROVE")
    report.stage.attack(QUALITY_MANAGER, ("major_needs_general_manager", report.moving("APPROVED")))
    report.signed(GM, "APPROVE").run(GM, report.moving("APPROVED"))


def test_the_author_does_not_review_his_own_report(report: Report) -> None:
    complete(report).submitted().stage.attack(QE, ("reviewer_is_not_author", report.signing("REVIEW")))


def test_the_author_does_not_approve_his_own_report(report: Report) -> None:
    login = report.stage.plant.sign_in(QUALITY_MANAGER).login
    complete(report).run(QE, f"UPDATE eight_d SET leader_id = (SELECT id FROM person WHERE login = '{login}')")
    report.submitted().stage.attack(QUALITY_MANAGER, ("approver_is_not_author", report.signing("APPROVE")))


def dispatching(report: Report, content_hash: str) -> str:
    return (
        "INSERT INTO eight_d_dispatch (case_id, eight_d_version_id, channel, sent_to, content_hash)"
        f" SELECT case_id, id, 'EMAIL', '王经理', {content_hash} FROM eight_d_version WHERE id = {report.version_id}"
    )


def test_a_dispatch_names_the_content_that_was_approved(report: Report) -> None:
    present = "qms_content_hash('eight_d_3d', eight_d_id)"
    complete(report).submitted().stage.attack(SALES, ("dispatch_is_of_what_was_approved", dispatching(report, present)))
    report.signed(QUALITY_MANAGER, "REVIEW").signed(QUALITY_MANAGER, "APPROVE")
    report.run(QUALITY_MANAGER, report.moving("APPROVED"))
    report.stage.attack(SALES, ("dispatch_is_of_what_was_approved", dispatching(report, f"'{'0' * 64}'")))


def test_a_version_is_not_sent_without_a_record(report: Report) -> None:
    complete(report).approved().stage.attack(SALES, ("sent_with_a_record", report.moving("SENT")))


def test_the_customers_answer_is_on_record(report: Report) -> None:
    complete(report).sent()
    stage = report.stage
    stage.attack(SALES, ("answered_by_the_customer", report.moving("ACCEPTED")))
    report.run(
        SALES,
        "INSERT INTO eight_d_customer_answer (case_id, eight_d_version_id, is_accepted, text)"
        f" VALUES ({stage.case_id}, {report.version_id}, false, '证据不足')",
    )
    stage.attack(SALES, ("answered_by_the_customer", report.moving("ACCEPTED")))


def test_verification_begins_after_the_actions_were_sent(report: Report) -> None:
    complete(report).sent().stage.attack(QE, ("verifying_after_actions", report.reporting("VERIFYING")))


def test_a_report_is_not_closed_before_it_is_proved(report: Report) -> None:
    complete(report, ReportKind.EIGHT_D).sent().verifying()
    stage, attack = report.stage, ("closed_when_proved", report.reporting("CLOSED"))
    stage.attack(QE, attack)
    effect = "INSERT INTO eight_d_effect (case_id, eight_d_id, round, is_effective, text) VALUES"
    report.run(QE, f"{effect} ({stage.case_id}, {report.id}, 1, true, '合格')")
    stage.attack(QE, attack)
    report.run(QE, *report.insert("eight_d_implementation", "position, action_number, progress", "1, 'A1', 'done'"))
    report.run(QE, f"{effect} ({stage.case_id}, {report.id}, 1, false, '再现')")
    stage.attack(QE, attack)


def test_a_report_is_not_reopened_without_a_reason(report: Report) -> None:
    complete(report, ReportKind.FIVE_D).sent().verifying()
    attack = ("reopened_with_a_reason", report.reporting("REOPENED", ", round = round + 1"))
    report.stage.attack(QE, attack, ("reopened_with_a_reason", report.reporting("REOPENED")))


def test_who_saved_a_section_is_the_databases_word(report: Report) -> None:
    guard = guard_called("section_says_who")
    assert isinstance(guard, Applied)
    stage = report.stage
    report.run(QE, "UPDATE eight_d_section SET version = version + 1 WHERE section = 'D0'")
    saved = stage.rows("SELECT saved_by FROM eight_d_section WHERE section = 'D0'")
    assert saved == [(stage.plant.sign_in(QE).login,)]
    forged = "UPDATE eight_d_section SET saved_by = '10009' WHERE section = 'D0'"
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(QE, forged)
    else:
        stage.attack(QE, ("server_columns_are_filled", forged))


def test_a_report_has_each_section_and_field_once(report: Report) -> None:
    said = report.insert("eight_d_wording", "language, source, text", "'en', '低', 'low'")[0]
    report.run(QE, said)
    report.stage.attack(
        QE,
        ("section_once", report.insert("eight_d_section", "section", "'D0'")[0]),
        ("field_once", report.insert("eight_d_text", "section, field, text", "'D2', 'lot', 'L2611A'")[0]),
        ("wording_once", said),
    )


def test_suspect_stock_has_a_place_and_sums_that_agree(report: Report) -> None:
    columns = "position, place, quantity, checked, ok, not_ok"
    wrong = ("10, 10, 9, 2", "10, 11, 11, 0", "10, 10, 11, -1", "-5, 0, 0, 0", "10, 5, 0, 6")
    report.stage.attack(
        QE,
        ("place_is_one_of_six", report.insert("eight_d_suspect", columns, "1, 'nowhere', 10, 10, 10, 0")[0]),
        *(
            ("checked_is_ok_and_not_ok", report.insert("eight_d_suspect", columns, f"1, 'customer', {sums}")[0])
            for sums in wrong
        ),
    )


def test_a_cause_has_a_kind_a_code_and_a_share(report: Report) -> None:
    columns = "position, kind, code, category, title, share_basis_points"
    report.run(QE, *report.insert("eight_d_cause", columns, "1, 'escape', 'E1', 'man', '漏检', 10000"))
    wrong = ("'guess', 'X1', 'man', '猜', 1", "'escape', '', 'man', '无', 1", "'escape', 'E2', 'man', '多', 10001")
    report.stage.attack(
        QE,
        *(("cause_kind_is_known", report.insert("eight_d_cause", columns, f"2, {row}")[0]) for row in wrong),
        ("cause_code_once", report.insert("eight_d_cause", columns, "2, 'system', 'E1', 'man', '同号', 1")[0]),
    )


def value_of(field: Field) -> str:
    """Give a value that a column of content takes."""
    if isinstance(field, ChoiceField):
        words: type[StrEnum] = field.choice
        return f"'{list(words)[-1]}'"
    if isinstance(field, (IntegerField, ForeignKeyField)):
        return "1"
    if isinstance(field, BooleanField):
        return "true"
    if isinstance(field, MomentField):
        return "'2026-11-03T01:00:00.000000+00:00'"
    return "'escape'" if field.column_name == "kind" else "'customer'"


def row_of(report: Report, model: type[Record]) -> str:
    """Give a statement that inserts a row, taken out of its list at once, so that no gate sees it."""
    filled = {"id", "created_by", "created_at", "version", "case_id", "eight_d_id"}
    needed = {
        field.column_name: value_of(field)
        for field in model._meta.sorted_fields
        if field.column_name not in filled and not field.null and field.default is None
    }
    if model in ROWS:
        needed["is_removed"] = "true"
    return report.insert(model._meta.table_name, ", ".join(needed), ", ".join(needed.values()))[0]


def colleague(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a second QE begin to work in the plant."""
    login = "10031"
    monkeypatch.setitem(plants.PEOPLE, COLLEAGUE, (login, {Role.QE}))
    person = NewPerson(
        login=login, name=COLLEAGUE, roles=frozenset({Role.QE}), password=plants.password_of(login), badge="B10031"
    )
    with stage.plant.sign_in(IT).store.use():
        write(lambda: people.provision(person))
    return login


@pytest.mark.parametrize("on", ["insert", "update"])
def test_whoever_writes_a_row_past_the_program_is_an_author(
    report: Report, on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = report.stage
    a_photo_of(stage)
    login = colleague(stage, monkeypatch)
    complete(report).submitted().signed(COLLEAGUE, "REVIEW")
    for model in CONTENT:
        table = model._meta.table_name
        guard = guard_called(f"{table}_{on}_is_authored")
        assert isinstance(guard, Applied)
        assert f"AFTER {on.upper()} ON {table}" in guard.postgresql()[1]
    if on == "insert":
        report.run(COLLEAGUE, row_of(report, EightDPhoto))
    else:
        report.run(COLLEAGUE, "UPDATE eight_d_suspect SET lot = 'L2611A' WHERE place = 'field'")
    authors = stage.rows(f"SELECT created_by FROM eight_d_author WHERE eight_d_id = {report.id} ORDER BY id")
    assert authors == [(stage.plant.sign_in(QE).login,), (login,)]
    stage.attack(COLLEAGUE, ("reviewer_is_not_author", report.signing("REVIEW")))


def test_a_closed_report_is_not_written_at(report: Report) -> None:
    a_photo_of(report.stage)
    complete(report, ReportKind.EIGHT_D)
    for model in CONTENT:
        if model not in (EightDSection, EightDText):
            report.run(QE, row_of(report, model))
    report.sent().verifying().closed()
    attempts = []
    for model in CONTENT:
        table = model._meta.table_name
        attempts.append((f"{table}_insert_is_open", row_of(report, model)))
        attempts.append((f"{table}_update_is_open", f"UPDATE {table} SET version = version + 1"))
    report.stage.attack(QE, *attempts)


def photo_in(report: Report, attachment_id: int, *, is_removed: bool = False) -> str:
    columns = "position, attachment_id, caption, is_removed, copy_sha256"
    printed = f"coalesce((SELECT copy_sha256 FROM attachment WHERE id = {attachment_id}), '')"
    return report.insert("eight_d_photo", columns, f"1, {attachment_id}, '划痕', {str(is_removed).lower()}, {printed}")[
        0
    ]


def test_a_report_shows_only_pictures_of_its_case(report: Report) -> None:
    stage = report.stage
    own, back = a_photo_of(stage), a_photo_of(stage, mark=b"2")
    qe = stage.plant.sign_in(QE)
    attachment.withdraw(qe, attachment_id=back, reason="拍错")
    document = attachment.NewFile("notice.pdf", "application/pdf", b"%PDF-1")
    kind, record_id = attachment.AttachedTo.COMPLAINT, stage.complaint_id
    paper = attachment.attach(qe, kind=kind, record_id=record_id, file=document)
    stage.complained()
    foreign = a_photo_of(stage)
    stage.case_id = int(stage.rows(f"SELECT case_id FROM eight_d WHERE id = {report.id}")[0][0])
    stage.attack(QE, *(("photo_is_evidence", photo_in(report, one)) for one in (foreign, back, paper)))
    report.run(QE, photo_in(report, own))
    change = "UPDATE eight_d_photo SET attachment_id = {}"
    stage.attack(QE, *(("changed_photo_is_evidence", change.format(one)) for one in (foreign, back, paper)))
    stage.attack(QE, ("changed_photo_is_evidence", "UPDATE eight_d_photo SET copy_sha256 = 'another picture'"))


def test_a_picture_that_a_report_shows_is_not_taken_back(report: Report) -> None:
    stage = report.stage
    shown = a_photo_of(stage)
    report.run(QE, photo_in(report, shown))
    taking = (
        f"INSERT INTO attachment_withdrawal (case_id, attachment_id, reason) VALUES ({stage.case_id}, {shown}, 'x')"
    )
    stage.attack(QE, ("shown_picture_stays", taking))
    report.run(QE, "UPDATE eight_d_photo SET is_removed = true", taking)


def test_the_trail_ends_with_the_row_as_it_is_however_often_a_section_is_saved(report: Report) -> None:
    stage = report.stage
    qe = stage.plant.sign_in(QE)
    for clock in ("2026-11-03 10:00", "2026-11-04 10:00"):
        stage.plant.at(clock)
        section = next(one for one in eight_d.show(qe, eight_d_id=report.id).sections if one.section == "D2")
        entry = eight_d.Entry("requirement", clock)
        eight_d.save_section(
            qe, eight_d_id=report.id, section=section.section, read_version=section.version, fields=(entry,)
        )
    last = stage.rows(
        f"SELECT new_row FROM audit_entry WHERE table_name = 'eight_d_section' AND chain = 'case:{stage.case_id}'"
        " ORDER BY position DESC LIMIT 1"
    )[0][0]
    assert json.loads(last)["saved_at"][:10] == "2026-11-04"
