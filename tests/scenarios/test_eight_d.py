"""The 8D of the story: opened on the day, sent as 3D, 5D and 8D, approved by others than its author, and closed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from qms_desktop.db import people
from qms_desktop.db.connection import write
from qms_desktop.db.setup import NewPerson
from qms_desktop.demo.eight_d_filling import CAUSES, INTERIM, REST, fill, replace, save, section_of, version_of
from qms_desktop.demo.eight_d_story import story
from qms_desktop.errors import ChangedMeanwhile, InvalidInput, NotPermitted, Refused
from qms_desktop.permissions import Role
from qms_desktop.rules.deadline import Event
from qms_desktop.steps import complaint, eight_d
from qms_desktop.steps import eight_d_content as content
from qms_desktop.steps.eight_d import Entry, ReportKind, ReportState, Section, VersionState
from tests.helpers.plant import Plant, moment, password_of
from tests.helpers.scene import Scene, chapter
from tests.scenarios.test_complaint_to_label import register_the_notice

if TYPE_CHECKING:
    from qms_desktop.session import Session

AUTHOR, QUALITY_MANAGER, GM, SALES = "徐兰", "胡丽桂", "胡霞军", "王伟涛"


@dataclass
class Told(Scene):
    """The report of the story as it is told so far."""

    plant: Plant
    made: complaint.Registered
    eight_d_id: int
    version_id: int = 0

    @property
    def author(self) -> Session:
        return self.plant.sign_in(AUTHOR)

    @chapter
    def filled(self, *sections: Section) -> Told:
        fill(self.author, self.eight_d_id, story("zh_CN"), *sections)
        return self

    @chapter
    def begun(self, kind: ReportKind) -> Told:
        self.version_id = eight_d.begin_version(self.author, eight_d_id=self.eight_d_id, kind=kind).version_id
        return self

    def version(self) -> eight_d.VersionShown:
        shown = eight_d.show(self.author, eight_d_id=self.eight_d_id)
        return next(one for one in shown.versions if one.id == self.version_id)

    @chapter
    def submitted(self) -> Told:
        read = self.version().content_hash
        eight_d.submit(self.author, version_id=self.version_id, read_hash=read, password=self.plant.password(AUTHOR))
        return self

    @chapter
    def reviewed(self) -> Told:
        read = self.version().content_hash
        who = self.plant.sign_in(QUALITY_MANAGER)
        password = self.plant.password(QUALITY_MANAGER)
        eight_d.pass_review(who, version_id=self.version_id, read_hash=read, password=password)
        return self

    @chapter
    def approved_by(self, name: str) -> Told:
        read = self.version().content_hash
        who, password = self.plant.sign_in(name), self.plant.password(name)
        eight_d.approve(who, version_id=self.version_id, read_hash=read, password=password)
        return self

    @chapter
    def sent(self) -> Told:
        eight_d.send(self.plant.sign_in(SALES), version_id=self.version_id, channel="EMAIL", sent_to="王经理")
        return self


@chapter
def opened(plant: Plant) -> Told:
    made = register_the_notice(plant)
    plant.at("2026-11-03 16:30")
    xu = plant.sign_in(AUTHOR)
    line = complaint.show(xu, complaint_id=made.complaint_id).lines[0]
    report = eight_d.open_report(
        xu, complaint_line_id=line.id, title=story("zh_CN").title, leader=xu.login, champion=plant.sign_in(GM).login
    )
    assert report.number == "8D20261103001"
    assert report.case_id == made.case_id
    return Told(plant, made, report.eight_d_id)


def test_the_story_of_the_report_from_the_3d_to_its_closing(plant: Plant) -> None:
    told = opened(plant).filled(*INTERIM)
    assert eight_d.open_gates(told.author, eight_d_id=told.eight_d_id, kind=ReportKind.THREE_D) == ()
    plant.at("2026-11-03 20:10")
    told.begun(ReportKind.THREE_D).submitted().reviewed().approved_by(QUALITY_MANAGER)
    assert told.version().state is VersionState.APPROVED
    plant.at("2026-11-03 20:30")
    told.sent()
    assert told.version().sent_at == moment("2026-11-03 20:30")

    plant.at("2026-11-11 17:20")
    told.filled(*CAUSES).begun(ReportKind.FIVE_D).submitted().reviewed().approved_by(QUALITY_MANAGER).sent()
    shown = complaint.show(told.author, complaint_id=told.made.complaint_id)
    due = next(one for one in shown.deadlines if one.event is Event.CAUSES_AND_MEASURES)
    assert due.met_at == moment("2026-11-11 17:20")
    assert due.met_at < due.due_at
    eight_d.begin_verification(told.author, eight_d_id=told.eight_d_id)

    plant.at("2026-12-18 14:02")
    told.filled(*REST).begun(ReportKind.EIGHT_D).submitted().reviewed().approved_by(QUALITY_MANAGER)
    assert told.version().missing == (Role.GM,)
    assert told.version().state is VersionState.REVIEW
    plant.at("2026-12-18 16:31")
    told.approved_by(GM).sent()
    eight_d.record_answer(plant.sign_in(SALES), version_id=told.version_id, is_accepted=True, text="满意")
    quality = plant.sign_in(QUALITY_MANAGER)
    eight_d.record_effect(quality, eight_d_id=told.eight_d_id, is_effective=True, text="2,400 支，不合格 0")
    eight_d.close(quality, eight_d_id=told.eight_d_id)
    assert eight_d.show(told.author, eight_d_id=told.eight_d_id).row.state is ReportState.CLOSED
    paper = eight_d.content(told.author, eight_d_id=told.eight_d_id, kind=ReportKind.EIGHT_D)
    assert [one.revision for one in paper.revisions] == [1, 2, 3]
    assert [one.name for one in paper.signatures] == [AUTHOR, QUALITY_MANAGER, QUALITY_MANAGER, GM]
    assert paper.state is content.PaperState.APPROVED
    assert paper.frozen_at == moment("2026-12-18 16:31")
    assert len(paper.content_sha256) == 64


def test_the_paper_says_what_was_entered(plant: Plant) -> None:
    told = opened(plant).filled(*Section)
    paper = eight_d.content(told.author, eight_d_id=told.eight_d_id, kind=ReportKind.EIGHT_D)
    model = story("zh_CN")
    assert paper.preparation == model.preparation
    assert paper.team == model.team
    assert paper.problem == dataclasses.replace(model.problem, photos=())
    assert paper.containment == model.containment
    assert paper.root_causes == model.root_causes
    assert paper.actions == model.actions
    assert paper.validation == model.validation
    assert paper.prevention == model.prevention
    assert paper.returned_goods == model.returned_goods
    assert paper.closure == model.closure
    assert paper.attached == model.attached
    for head in ("lot", "date_code", "drawing", "drawing_revision", "safety_characteristic"):
        assert getattr(paper.product, head) == getattr(model.product, head)
    assert (paper.delivery.pieces_delivered, paper.delivery.pieces_complained) == (800, 600)
    assert (paper.revision, paper.state) == (0, content.PaperState.DRAFT)


def test_a_3d_holds_no_causes(plant: Plant) -> None:
    told = opened(plant).filled(*Section)
    paper = eight_d.content(told.author, eight_d_id=told.eight_d_id, kind=ReportKind.THREE_D)
    assert paper.containment.places
    assert paper.root_causes == content.RootCauses()
    assert paper.returned_goods is None


def test_the_paper_is_read_in_the_other_wording(plant: Plant) -> None:
    told = opened(plant).filled(Section.D0)
    symptom = story("zh_CN").preparation.symptom
    said = eight_d.Wording(symptom, story("en").preparation.symptom)
    eight_d.save_wording(told.author, eight_d_id=told.eight_d_id, language="en", wording=(said,))
    read = eight_d.content(told.author, eight_d_id=told.eight_d_id, kind=ReportKind.THREE_D, language="en")
    assert read.preparation.symptom == story("en").preparation.symptom
    assert read.preparation.effect == story("zh_CN").preparation.effect


def test_opening_enters_what_the_complaint_says(plant: Plant) -> None:
    told = opened(plant)
    problem = section_of(told.author, told.eight_d_id, Section.D2)
    assert problem.value("customer_words") == "行程中阻力不符，开启困难"
    assert problem.value("reported_at") == moment("2026-11-03 09:12")
    assert problem.value("lot") == "L2610A"


def test_a_complaint_line_has_one_report(plant: Plant) -> None:
    told = opened(plant)
    line = complaint.show(told.author, complaint_id=told.made.complaint_id).lines[0]
    assert eight_d.report_of_line(told.author, complaint_line_id=line.id) == told.eight_d_id
    with pytest.raises(Refused, match="has its 8D report already"):
        eight_d.open_report(told.author, complaint_line_id=line.id, title="again")


def test_the_first_day_shows_its_open_gates_and_what_is_missing(plant: Plant) -> None:
    told = opened(plant)
    gates = {gate.name: gate for gate in eight_d.open_gates(told.author, eight_d_id=told.eight_d_id)}
    assert [one.where for one in gates["d2_is_complete"].missing] == ["D2.date_code", "D2.requirement", "D2.repeat"]
    assert len(gates["six_places_are_answered"].missing) == 6
    assert ReportKind.THREE_D not in gates["causes_have_whys"].stops
    assert "leader_is_set" not in gates
    told.begun(ReportKind.THREE_D)
    with pytest.raises(Refused, match="D2 needs date code"):
        told.submitted()


def test_a_3d_needs_no_causes_and_a_5d_does(plant: Plant) -> None:
    told = opened(plant).filled(*INTERIM)
    assert eight_d.open_gates(told.author, eight_d_id=told.eight_d_id, kind=ReportKind.THREE_D) == ()
    names = [gate.name for gate in eight_d.open_gates(told.author, eight_d_id=told.eight_d_id, kind=ReportKind.FIVE_D)]
    assert names == ["causes_have_whys"]


def test_two_people_in_different_sections_both_save(plant: Plant) -> None:
    told = opened(plant)
    first = version_of(told.author, told.eight_d_id, Section.D0)
    second = version_of(told.author, told.eight_d_id, Section.D3)
    for section, read, field in ((Section.D0, first, "symptom"), (Section.D3, second, "risk")):
        eight_d.save_section(
            told.author, eight_d_id=told.eight_d_id, section=section, read_version=read, fields=(Entry(field, "低"),)
        )
    assert section_of(told.author, told.eight_d_id, Section.D3).value("risk") == "低"
    assert section_of(told.author, told.eight_d_id, Section.D0).value("symptom") == "低"


def test_the_second_in_one_section_sees_both_texts_and_nothing_is_lost(plant: Plant) -> None:
    told = opened(plant)
    read = version_of(told.author, told.eight_d_id, Section.D0)
    plant.at("2026-11-03 16:41")
    save(told.author, told.eight_d_id, Section.D0, Entry("symptom", "开启困难"))
    mine = (Entry("symptom", "行程中阻力偏大"),)
    with pytest.raises(ChangedMeanwhile) as caught:
        eight_d.save_section(
            told.author, eight_d_id=told.eight_d_id, section=Section.D0, read_version=read, fields=mine
        )
    error = caught.value
    assert isinstance(error, eight_d.SectionChanged)
    assert error.theirs == (Entry("symptom", "开启困难"),)
    assert error.mine == mine
    assert error.saved_by == told.author.login
    assert error.saved_at == moment("2026-11-03 16:41")
    assert section_of(told.author, told.eight_d_id, Section.D0).value("symptom") == "开启困难"


def test_a_shorter_list_keeps_what_was_taken_out_on_record(plant: Plant) -> None:
    told = opened(plant).filled(Section.D4)
    causes = story("zh_CN").root_causes.causes
    replace(told.author, told.eight_d_id, content.RootCause, (causes[2], causes[0]))
    shown = section_of(told.author, told.eight_d_id, Section.D4).rows(content.RootCause)
    assert shown == (causes[2], causes[0])
    replace(told.author, told.eight_d_id, content.RootCause, causes)
    assert section_of(told.author, told.eight_d_id, Section.D4).rows(content.RootCause) == causes


def test_a_value_of_another_kind_is_refused_with_its_field(plant: Plant) -> None:
    told = opened(plant)
    for entry in (Entry("reported_at", "yesterday"), Entry("repeat", "maybe"), Entry("unheard", "x")):
        with pytest.raises(InvalidInput):
            save(told.author, told.eight_d_id, Section.D2, entry)


def test_a_change_after_the_approval_voids_it_and_the_version_is_taken_back(plant: Plant) -> None:
    told = opened(plant).filled(*INTERIM).begun(ReportKind.THREE_D).submitted().reviewed().approved_by(QUALITY_MANAGER)
    save(told.author, told.eight_d_id, Section.D3, Entry("risk", "高"))
    assert told.version().is_void
    assert [signed.is_valid for signed in told.version().signatures] == [False, False, False]
    with pytest.raises(Refused, match="needs a new approval"):
        told.sent()
    eight_d.take_back(told.author, version_id=told.version_id, reason="风险改判")
    told.submitted().reviewed().approved_by(QUALITY_MANAGER).sent()
    assert told.version().state is VersionState.SENT


def test_work_on_the_causes_does_not_void_an_approved_3d(plant: Plant) -> None:
    told = opened(plant).filled(*INTERIM).begun(ReportKind.THREE_D).submitted().reviewed().approved_by(QUALITY_MANAGER)
    told.filled(Section.D4)
    told.sent()
    assert told.version().state is VersionState.SENT


def test_a_review_that_fails_sends_the_version_back_with_its_reason(plant: Plant) -> None:
    told = opened(plant).filled(*INTERIM).begun(ReportKind.THREE_D).submitted()
    eight_d.send_back(plant.sign_in(QUALITY_MANAGER), version_id=told.version_id, reason="缺少客户处筛选结果")
    assert told.version().state is VersionState.DRAFT
    assert told.version().sent_back == ("缺少客户处筛选结果",)


def test_ineffective_measures_open_a_new_round(plant: Plant) -> None:
    told = opened(plant).filled(*INTERIM, *CAUSES)
    told.begun(ReportKind.FIVE_D).submitted().reviewed().approved_by(QUALITY_MANAGER).sent()
    eight_d.begin_verification(told.author, eight_d_id=told.eight_d_id)
    quality = plant.sign_in(QUALITY_MANAGER)
    eight_d.record_effect(quality, eight_d_id=told.eight_d_id, is_effective=False, text="800 支中 2 支不合格")
    shown = eight_d.show(told.author, eight_d_id=told.eight_d_id)
    assert (shown.row.state, shown.round) == (ReportState.REOPENED, 2)
    with pytest.raises(Refused):
        eight_d.close(quality, eight_d_id=told.eight_d_id)


def test_a_colleague_may_review_and_the_reasons_for_a_report_are_named(plant: Plant) -> None:
    told = opened(plant).filled(*INTERIM).begun(ReportKind.THREE_D).submitted()
    line = complaint.show(told.author, complaint_id=told.made.complaint_id).lines[0]
    assert eight_d.reasons_for_report(told.author, complaint_line_id=line.id) == ("MAJOR", "BATCH", "SAFETY")
    ma = NewPerson(login="10031", name="马军", roles=frozenset({Role.QE}), password=password_of("10031"))
    with plant.sign_in("管理员").store.use():
        write(lambda: people.provision(ma))
    session = people.sign_in(plant.url, "10031", password_of("10031"))
    plant.sessions.append(session)
    read = told.version().content_hash
    eight_d.pass_review(session, version_id=told.version_id, read_hash=read, password=password_of("10031"))
    assert [signed.name for signed in told.version().signatures] == [AUTHOR, "马军"]


def test_sales_does_not_write_the_report_and_a_clerk_does_not_send_it(plant: Plant) -> None:
    told = opened(plant)
    with pytest.raises(NotPermitted):
        save(plant.sign_in(SALES), told.eight_d_id, Section.D0, Entry("symptom", "x"))
    told.filled(*INTERIM).begun(ReportKind.THREE_D).submitted().reviewed().approved_by(QUALITY_MANAGER)
    with pytest.raises(NotPermitted):
        eight_d.send(plant.sign_in("周磊秀"), version_id=told.version_id, channel="EMAIL", sent_to="王经理")


def test_opening_twice_with_one_key_opens_one_report(plant: Plant) -> None:
    made = register_the_notice(plant)
    xu = plant.sign_in(AUTHOR)
    line = complaint.show(xu, complaint_id=made.complaint_id).lines[0]
    key = uuid4()
    first, second = (
        eight_d.open_report(xu, complaint_line_id=line.id, title="YQ-22", request_key=key) for _time in range(2)
    )
    assert first == second
