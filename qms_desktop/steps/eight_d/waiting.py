"""Which 8D reports wait for one person: to be opened, written, reviewed, approved, sent, answered, proved or closed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.complaint import ENDED, Complaint, ComplaintClass, ComplaintLine
from qms_desktop.db.eight_d import (
    EightD,
    EightDEffect,
    EightDLink,
    EightDVersion,
    ReportKind,
    ReportState,
    VersionState,
)
from qms_desktop.db.master_data import Customer, Product
from qms_desktop.db.record import take
from qms_desktop.permissions import Permission
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps.eight_d.reading import EightDRow, listed, reasons_for_report
from qms_desktop.steps.eight_d.signing import newest_version, signatures_on
from qms_desktop.steps.eight_d.versions import (
    approve,
    close,
    is_author,
    missing_approvers,
    pass_review,
    record_answer,
    record_effect,
    send,
)
from qms_desktop.steps.eight_d.writing import open_report

if TYPE_CHECKING:
    from qms_desktop.session import Session

MOST_LISTED = 500


class Wanted(StrEnum):
    """What is wanted of the person."""

    WRITE = "WRITE"
    REVIEW = "REVIEW"
    APPROVE = "APPROVE"
    SEND = "SEND"
    ANSWER = "ANSWER"
    PROVE = "PROVE"
    CLOSE = "CLOSE"


@dataclass(frozen=True)
class EightDWaiting:
    """A report that waits for a person, and what for."""

    row: EightDRow
    wanted: Wanted


@dataclass(frozen=True)
class ComplaintWithoutReport:
    """A complaint that needs an 8D and has none, by its first such line; the reasons are words of WHY_NEEDED."""

    complaint_line_id: int
    complaint_id: int
    complaint_number: str
    customer_name: str
    product_code: str
    lot_number: str
    pieces: int
    reasons: tuple[str, ...]


@reading(Permission.READ)
def waiting_for_me(session: Session) -> tuple[EightDWaiting, ...]:
    """Give the open reports that wait for this person, newest first."""
    rows = listed(session, count=MOST_LISTED, only_open=True)
    found = ((row, _wanted(session, take(EightD, row.id))) for row in rows)
    return tuple(EightDWaiting(row, wanted) for row, wanted in found if wanted is not None)


def _wanted(session: Session, report: EightD) -> Wanted | None:
    version = newest_version(report)
    is_mine = is_author(session.login, report.id)
    if version is None or version.state in (VersionState.DRAFT, VersionState.REJECTED):
        return Wanted.WRITE if is_mine else None
    if version.state is VersionState.REVIEW:
        return None if is_mine else _to_sign(session, version)
    if version.state is VersionState.APPROVED:
        return Wanted.SEND if session.may(send.permission) and not missing_approvers(version) else None
    return _after_sending(session, report, version, is_mine=is_mine)


def _to_sign(session: Session, version: EightDVersion) -> Wanted | None:
    reviewed = any(one.is_valid and one.meaning is Meaning.REVIEW for one in signatures_on(version))
    if not reviewed:
        return Wanted.REVIEW if session.may(pass_review.permission) else None
    asked = session.may(approve.permission) and set(missing_approvers(version)) & session.roles
    return Wanted.APPROVE if asked else None


def _after_sending(session: Session, report: EightD, version: EightDVersion, *, is_mine: bool) -> Wanted | None:
    """The author goes on to the next version, sales hears the customer, and quality proves the effect and closes."""
    is_last = version.kind is ReportKind.EIGHT_D
    if is_mine and not is_last and report.state is not ReportState.VERIFYING:
        return Wanted.WRITE
    if version.state is VersionState.SENT and session.may(record_answer.permission) and not is_mine:
        return Wanted.ANSWER
    if report.state is not ReportState.VERIFYING:
        return None
    effects = EightDEffect.select().where((EightDEffect.eight_d == report) & (EightDEffect.round == report.round))
    if not effects.exists():
        return Wanted.PROVE if session.may(record_effect.permission) else None
    if not is_last:
        return Wanted.WRITE if is_mine else None
    return Wanted.CLOSE if session.may(close.permission) else None


@reading(Permission.READ)
def complaints_without_report(session: Session) -> tuple[ComplaintWithoutReport, ...]:
    """Give the complaints that need an 8D and have none, for those who may open one (domain.md §16 "8D")."""
    if not session.may(open_report.permission):
        return ()
    answered = EightDLink.select(ComplaintLine.complaint).join(ComplaintLine)
    lines = (
        ComplaintLine.select(ComplaintLine, Complaint, Customer, Product)
        .join(Complaint)
        .join(Customer)
        .switch(ComplaintLine)
        .join(Product)
        .where(
            (Complaint.complaint_class == ComplaintClass.QUALITY)
            & Complaint.state.not_in(list(ENDED))
            & Complaint.id.not_in(answered)
        )
        .order_by(Complaint.id.desc(), ComplaintLine.id)
        .limit(MOST_LISTED)
    )
    found: dict[int, ComplaintWithoutReport] = {}
    for line in lines:
        reasons = reasons_for_report(session, complaint_line_id=line.id)
        if reasons:
            found.setdefault(line.complaint_id, _without(line, reasons))
    return tuple(found.values())


def _without(line: ComplaintLine, reasons: tuple[str, ...]) -> ComplaintWithoutReport:
    return ComplaintWithoutReport(
        complaint_line_id=line.id,
        complaint_id=line.complaint_id,
        complaint_number=line.complaint.number,
        customer_name=line.complaint.customer.name,
        product_code=line.product.code,
        lot_number=line.lot_number,
        pieces=line.pieces_complained,
        reasons=reasons,
    )
