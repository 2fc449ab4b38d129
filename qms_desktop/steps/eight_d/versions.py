"""Versions of an 8D report on their way to the customer: submitted, reviewed, approved, sent, answered.

Each step is signed by somebody else: the author submits, a QE who did not write it reviews, the quality manager
approves, and for the 8D of a major complaint the general manager too (C5 of domain.md §9). Whatever changes the content
in between voids the signatures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import action
from qms_desktop.db.complaint import Complaint, ComplaintLine, Severity
from qms_desktop.db.eight_d import (
    APPROVER_IS_NOT_AUTHOR,
    MAJOR_NEEDS_GENERAL_MANAGER,
    QUALITY_MANAGER_APPROVES,
    REPORT_MOVES,
    REVIEWED_BEFORE_APPROVAL,
    REVIEWER_IS_NOT_AUTHOR,
    TRANSITIONS,
    VERSION_MOVES,
    EightD,
    EightDAuthor,
    EightDCustomerAnswer,
    EightDDispatch,
    EightDEffect,
    EightDLink,
    EightDReopening,
    EightDSentBack,
    EightDVersion,
    ReportKind,
    ReportState,
    VersionState,
)
from qms_desktop.db.eight_d.report import ONE_OPEN_VERSION
from qms_desktop.db.record import change, lock, take
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role
from qms_desktop.rules.clock import meet
from qms_desktop.rules.deadline import Event
from qms_desktop.rules.signature import Meaning, content_hash, sign
from qms_desktop.steps.eight_d.gates import refuse_at_open_gates
from qms_desktop.steps.eight_d.signing import kind_of_signature, signatures_on

if TYPE_CHECKING:
    from qms_desktop.session import Session

REASON_MISSING = N_("Write the reason: it stays on record.")
HOW_SENT = N_("Say how the report was sent and to whom.")
WHAT_WAS_FOUND = N_("Write what the verification found: how many pieces, over which time, before and after.")
ANSWER_MISSING = N_("Write what the customer said.")
_OPEN = (VersionState.DRAFT, VersionState.REVIEW, VersionState.APPROVED)
# What reaches the customer with each kind of version, and so which clocks of the complaint it stops.
_MEETS = {
    ReportKind.THREE_D: (Event.INTERIM_REPLY,),
    ReportKind.FIVE_D: (Event.CAUSES_AND_MEASURES, Event.CAUSE_NOTICE),
    ReportKind.EIGHT_D: (Event.CAUSES_AND_MEASURES, Event.CAUSE_NOTICE),
}


@dataclass(frozen=True)
class Begun:
    """A version that was begun: its revision counts the versions of the report."""

    version_id: int
    revision: int


@action(Permission.EIGHT_D_WRITE)
def begin_version(session: Session, *, eight_d_id: int, kind: ReportKind, change_text: str = "") -> Begun:
    """Begin the next version: a 3D, 5D or 8D; `change_text` says what is new since the last one.

    Raises Refused while another version is on its way, or when the report is closed.
    """
    report = lock(EightD, eight_d_id)
    if EightDVersion.select().where((EightDVersion.eight_d == report) & EightDVersion.state.in_(_OPEN)).exists():
        ONE_OPEN_VERSION.refuse()
    made = EightDVersion.create(
        case=report.case_id,
        eight_d=report,
        revision=report.revision + 1,
        kind=kind,
        change_text=change_text,
        state=VersionState.DRAFT,
    )
    return Begun(made.id, made.revision)


def _taken(version_id: int, end: VersionState, *, also_from: tuple[VersionState, ...] = ()) -> EightDVersion:
    version = lock(EightDVersion, version_id)
    if version.state not in also_from and not may_become(version.state, end):
        number = f"{take(EightD, version.eight_d_id).number} rev. {version.revision}"
        VERSION_MOVES.refuse(number=number, start=version.state, end=end)
    return version


def may_become(start: VersionState, end: VersionState) -> bool:
    """Tell whether the table of steps leads from one state of a version to the other."""
    return any(step.kind == "eight_d_version" and step.start == start and step.end == end for step in TRANSITIONS)


@action(Permission.EIGHT_D_WRITE, signs=Meaning.SIGN_PLACE)
def submit(session: Session, *, version_id: int, read_hash: str) -> None:
    """Sign as the author and hand the version to the review; raises Refused at the first open gate."""
    version = _taken(version_id, VersionState.REVIEW)
    report = take(EightD, version.eight_d_id)
    refuse_at_open_gates(report, version.kind)
    _sign(version, report, Meaning.SIGN_PLACE, read_hash)
    change(version, state=VersionState.REVIEW)


def _sign(version: EightDVersion, report: EightD, meaning: Meaning, read_hash: str, remark: str = "") -> None:
    kind = kind_of_signature(version.kind)
    sign(kind, report.id, case_id=report.case_id, meaning=meaning, read_hash=read_hash, remark=remark)


@action(Permission.EIGHT_D_REVIEW, signs=Meaning.REVIEW)
def pass_review(session: Session, *, version_id: int, read_hash: str, remark: str = "") -> None:
    """Sign that causes, measures and evidence were reviewed and hold (000-T §4.1.6); not by an author."""
    version = _taken(version_id, VersionState.APPROVED)
    if is_author(session.login, version.eight_d_id):
        REVIEWER_IS_NOT_AUTHOR.refuse()
    _sign(version, take(EightD, version.eight_d_id), Meaning.REVIEW, read_hash, remark)


def is_author(login: str, eight_d_id: int) -> bool:
    """Tell whether somebody wrote at the report or leads it."""
    report = take(EightD, eight_d_id)
    wrote = EightDAuthor.select().where((EightDAuthor.eight_d == report) & (EightDAuthor.created_by == login)).exists()
    return bool(wrote or (report.leader and report.leader.login == login))


@action(Permission.EIGHT_D_REVIEW)
def send_back(session: Session, *, version_id: int, reason: str) -> None:
    """Send a version back to its author because the analysis or the measures do not hold (000-T §4.1.6)."""
    _back(version_id, reason, start=VersionState.REVIEW)


@action(Permission.EIGHT_D_WRITE)
def take_back(session: Session, *, version_id: int, reason: str) -> None:
    """Take an approved version back because its content has to change; it is reviewed and approved anew."""
    _back(version_id, reason, start=VersionState.APPROVED)


def _back(version_id: int, reason: str, *, start: VersionState) -> None:
    if not reason.strip():
        raise InvalidInput(REASON_MISSING, field="reason")
    version = lock(EightDVersion, version_id)
    if version.state is not start:
        number = f"{take(EightD, version.eight_d_id).number} rev. {version.revision}"
        VERSION_MOVES.refuse(number=number, start=version.state, end=VersionState.DRAFT)
    EightDSentBack.create(case=version.case_id, eight_d_version=version, reason=reason)
    change(version, state=VersionState.DRAFT)


@action(Permission.EIGHT_D_APPROVE, signs=Meaning.APPROVE)
def approve(session: Session, *, version_id: int, read_hash: str, remark: str = "") -> None:
    """Sign the version that was read; when all signatures are there that it needs, it may be sent.

    Raises Refused for an author, without review, at an open gate, or when the content changed since it was read.
    """
    version = _taken(version_id, VersionState.APPROVED)
    report = take(EightD, version.eight_d_id)
    if is_author(session.login, report.id):
        APPROVER_IS_NOT_AUTHOR.refuse()
    refuse_at_open_gates(report, version.kind)
    if Meaning.REVIEW not in _meanings(version):
        REVIEWED_BEFORE_APPROVAL.refuse()
    _sign(version, report, Meaning.APPROVE, read_hash, remark)
    if not missing_approvers(version):
        change(version, state=VersionState.APPROVED)


def _meanings(version: EightDVersion) -> set[Meaning]:
    return {signed.meaning for signed in signatures_on(version) if signed.is_valid}


def approvers_of(version: EightDVersion) -> tuple[Role, ...]:
    """Give the roles that must approve: the quality manager; the general manager too for the 8D of a major one."""
    major = (
        EightDLink.select()
        .join(ComplaintLine)
        .join(Complaint)
        .where((EightDLink.eight_d == version.eight_d_id) & (Complaint.severity == Severity.MAJOR))
        .exists()
    )
    needs_gm = version.kind is ReportKind.EIGHT_D and major
    return (Role.QUALITY_MANAGER, Role.GM) if needs_gm else (Role.QUALITY_MANAGER,)


def missing_approvers(version: EightDVersion) -> tuple[Role, ...]:
    """Give the roles whose valid signature is not there yet."""
    held = {
        role
        for signed in signatures_on(version)
        if signed.is_valid and signed.meaning is Meaning.APPROVE
        for role in signed.roles
    }
    return tuple(role for role in approvers_of(version) if role not in held)


@action(Permission.EIGHT_D_SEND)
def send(session: Session, *, version_id: int, channel: str, sent_to: str) -> str:
    """Record that the approved version left, how and to whom; gives the hash of what it said.

    A 5D or 8D meets the limit for causes and measures of every complaint that the report answers (003-A §5.2). Raises
    Refused when the approval is missing or void.
    """
    if not channel.strip() or not sent_to.strip():
        raise InvalidInput(HOW_SENT, field="channel" if not channel.strip() else "sent_to")
    version = _taken(version_id, VersionState.SENT)
    missing = missing_approvers(version)
    if Role.QUALITY_MANAGER in missing:
        QUALITY_MANAGER_APPROVES.refuse()
    if missing:
        MAJOR_NEEDS_GENERAL_MANAGER.refuse()
    covered = content_hash(kind_of_signature(version.kind), version.eight_d_id)
    EightDDispatch.create(
        case=version.case_id, eight_d_version=version, channel=channel, sent_to=sent_to, content_hash=covered
    )
    change(version, state=VersionState.SENT)
    for link in (
        EightDLink.select(EightDLink, ComplaintLine).join(ComplaintLine).where(EightDLink.eight_d == version.eight_d_id)
    ):
        meet("complaint", link.complaint_line.complaint_id, *_MEETS[version.kind])
    return covered


@action(Permission.EIGHT_D_SEND)
def record_answer(session: Session, *, version_id: int, is_accepted: bool, text: str = "") -> None:
    """Record whether the customer accepted the version; a rejection needs the customer's words."""
    if not is_accepted and not text.strip():
        raise InvalidInput(ANSWER_MISSING, field="text")
    end = VersionState.ACCEPTED if is_accepted else VersionState.REJECTED
    version = _taken(version_id, end)
    EightDCustomerAnswer.create(case=version.case_id, eight_d_version=version, is_accepted=is_accepted, text=text)
    change(version, state=end)


def _report(eight_d_id: int, end: ReportState) -> EightD:
    report = lock(EightD, eight_d_id)
    if not any(s.kind == "eight_d" and s.start == report.state and s.end == end for s in TRANSITIONS):
        REPORT_MOVES.refuse(number=report.number, start=report.state, end=end)
    return report


@action(Permission.EIGHT_D_WRITE)
def begin_verification(session: Session, *, eight_d_id: int) -> None:
    """Begin to verify the effect, after causes and actions were sent (000-T §4.1.11)."""
    change(_report(eight_d_id, ReportState.VERIFYING), state=ReportState.VERIFYING)


@action(Permission.EIGHT_D_REVIEW)
def record_effect(session: Session, *, eight_d_id: int, is_effective: bool, text: str) -> None:
    """Record what the verification found; ineffective measures open the report again for a new round."""
    if not text.strip():
        raise InvalidInput(WHAT_WAS_FOUND, field="text")
    report = lock(EightD, eight_d_id)
    if report.state is not ReportState.VERIFYING:
        REPORT_MOVES.refuse(number=report.number, start=report.state, end=ReportState.VERIFYING)
    EightDEffect.create(case=report.case_id, eight_d=report, round=report.round, is_effective=is_effective, text=text)
    if not is_effective:
        _reopen(report, text)


def _reopen(report: EightD, reason: str) -> None:
    EightDReopening.create(case=report.case_id, eight_d=report, reason=reason)
    change(report, state=ReportState.REOPENED, round=report.round + 1)


@action(Permission.EIGHT_D_REVIEW)
def close(session: Session, *, eight_d_id: int) -> None:
    """Close the report: the 8D was sent, all actions are done, and the verification found them effective."""
    change(_report(eight_d_id, ReportState.CLOSED), state=ReportState.CLOSED)


@action(Permission.EIGHT_D_REVIEW)
def reopen(session: Session, *, eight_d_id: int, reason: str) -> None:
    """Open a closed report again, as when the same defect comes back after the clean point (000-E)."""
    if not reason.strip():
        raise InvalidInput(REASON_MISSING, field="reason")
    report = _report(eight_d_id, ReportState.REOPENED)
    if report.state is not ReportState.CLOSED:
        REPORT_MOVES.refuse(number=report.number, start=report.state, end=ReportState.REOPENED)
    _reopen(report, reason)
