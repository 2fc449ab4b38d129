"""What pages read of 8D reports: lists, one report with sections and versions, and whether a complaint needs one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qms_desktop.action import reading
from qms_desktop.db.case import CaseFile
from qms_desktop.db.complaint import Complaint, ComplaintClass, ComplaintLine, Severity
from qms_desktop.db.eight_d import (
    EightD,
    EightDCause,
    EightDCustomerAnswer,
    EightDDispatch,
    EightDLink,
    EightDPhoto,
    EightDSection,
    EightDSentBack,
    EightDText,
    EightDVersion,
    EightDWhy,
    ReportKind,
    ReportState,
    Section,
    VersionState,
)
from qms_desktop.db.master_data import Customer, Product, Site
from qms_desktop.db.record import take
from qms_desktop.db.rma import GoodsState, ReturnMode, Rma
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role
from qms_desktop.steps.eight_d.shelves import FIELDS, SHELVES, Entry, Shelf, read_field, shelf_of
from qms_desktop.steps.eight_d.signing import hash_of, newest_version, signatures_on
from qms_desktop.steps.eight_d.versions import missing_approvers
from qms_desktop.steps.eight_d_content import Progress, RootCause, Why

if TYPE_CHECKING:
    from datetime import date, datetime

    from qms_desktop.rules.signature import Signed
    from qms_desktop.session import Session


@dataclass(frozen=True)
class VersionShown:
    """A version of the report: where it stands, its signatures, whose is missing, how it left, what was answered."""

    id: int
    revision: int
    kind: ReportKind
    state: VersionState
    change_text: str
    begun_by: str
    begun_at: datetime
    content_hash: str
    signatures: tuple[Signed, ...]
    missing: tuple[Role, ...]
    sent_back: tuple[str, ...]
    sent_at: datetime | None
    channel: str
    sent_to: str
    answer: str
    is_void: bool


@dataclass(frozen=True)
class ListShown:
    """A list of a section: its dataclass and its rows."""

    rows_of: type
    rows: tuple[Any, ...]


@dataclass(frozen=True)
class SectionShown:
    """A section: its version for saving, how far it is, its fields and lists as they are entered."""

    section: Section
    version: int
    progress: Progress
    owner: str
    done_on: date | None
    due_at: datetime | None
    saved_by: str
    saved_at: datetime | None
    fields: tuple[Entry, ...]
    lists: tuple[ListShown, ...]

    def value(self, field: str) -> Any:  # noqa: ANN401 - as the field's kind says
        """Give what is written in a field, None when nothing is."""
        return next((entry.value for entry in self.fields if entry.field == field), None)

    def rows(self, rows_of_kind: type) -> tuple[Any, ...]:
        """Give the rows of one list."""
        return next((shown.rows for shown in self.lists if shown.rows_of is rows_of_kind), ())


@dataclass(frozen=True)
class EightDRow:
    """A report in a list."""

    id: int
    case_id: int
    number: str
    title: str
    complaint_number: str
    customer_name: str
    product_code: str
    lot_number: str
    leader: str
    state: ReportState
    newest: ReportKind | None
    newest_state: VersionState | None
    opened_at: datetime


@dataclass(frozen=True)
class EightDShown:
    """A report whole, for its page; the paper's form is `content`."""

    row: EightDRow
    version: int
    champion: str
    round: int
    sections: tuple[SectionShown, ...]
    versions: tuple[VersionShown, ...]


@reading(Permission.READ)
def listed(
    session: Session,
    *,
    before_id: int | None = None,
    count: int = 100,
    case_id: int | None = None,
    only_open: bool = False,
) -> tuple[EightDRow, ...]:
    """Give reports, newest first, a page at a time: those before an id, of a case, or only those not closed."""
    query = EightD.select().order_by(EightD.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(EightD.id < before_id)
    if case_id is not None:
        query = query.where(EightD.case == case_id)
    if only_open:
        query = query.where(EightD.state != ReportState.CLOSED)
    return tuple(_row(report) for report in query)


def _row(report: EightD) -> EightDRow:
    line = take(ComplaintLine, report.complaint_line_id)
    complaint = take(Complaint, line.complaint_id)
    newest = newest_version(report)
    return EightDRow(
        id=report.id,
        case_id=report.case_id,
        number=report.number,
        title=report.title,
        complaint_number=complaint.number,
        customer_name=take(Customer, complaint.customer_id).name,
        product_code=take(Product, line.product_id).code,
        lot_number=line.lot_number,
        leader=report.leader.name if report.leader else "",
        state=report.state,
        newest=newest.kind if newest else None,
        newest_state=newest.state if newest else None,
        opened_at=report.created_at,
    )


@reading(Permission.READ)
def find(session: Session, *, number: str) -> int:
    """Give the id of the report with a number; raises InvalidInput."""
    report = EightD.get_or_none(EightD.number == number.strip().upper())
    if report is None:
        raise InvalidInput(N_("There is no 8D report {number}."), field="number", number=number)
    return int(report.id)


@reading(Permission.READ)
def show(session: Session, *, eight_d_id: int) -> EightDShown:
    """Give one report whole; raises NotFound."""
    report = take(EightD, eight_d_id)
    zone = zone_of(report)
    rows = EightDSection.select().where(EightDSection.eight_d == report).order_by(EightDSection.id)
    versions = EightDVersion.select().where(EightDVersion.eight_d == report).order_by(EightDVersion.revision)
    return EightDShown(
        row=_row(report),
        version=report.version,
        champion=report.champion.name if report.champion else "",
        round=report.round,
        sections=tuple(_section(report, row, zone) for row in rows),
        versions=tuple(_version(version) for version in versions),
    )


def zone_of(report: EightD) -> ZoneInfo:
    """Give the time zone of the plant that the report's case belongs to."""
    return ZoneInfo(take(Site, take(CaseFile, report.case_id).site_id).time_zone)


def _section(report: EightD, row: EightDSection, zone: ZoneInfo) -> SectionShown:
    return SectionShown(
        section=row.section,
        version=row.version,
        progress=Progress(row.progress),
        owner=row.owner,
        done_on=row.done_on,
        due_at=row.due_at,
        saved_by=row.saved_by or "",
        saved_at=row.saved_at,
        fields=tuple(Entry(name, value) for name, value in fields_of(report, row.section, zone).items()),
        lists=tuple(
            ListShown(shelf.rows_of, rows_of(report, shelf, zone))
            for shelf in SHELVES.values()
            if shelf.section is row.section
        ),
    )


def fields_of(report: EightD, section: Section, zone: ZoneInfo) -> dict[str, Any]:
    """Give the fields of a section that stand once, each as its kind says; those not written yet are left out."""
    kinds = FIELDS[section]
    texts = EightDText.select().where((EightDText.eight_d == report) & (EightDText.section == section))
    return {text.field: read_field(kinds[text.field], text.text, zone) for text in texts}


def rows_of(report: EightD, shelf: Shelf, zone: ZoneInfo) -> tuple[Any, ...]:
    """Give the rows of a list in their order, as they were entered."""
    if shelf.model is EightDCause:
        return causes_of(report, zone)
    model = shelf.model
    kept = model.select().where((model.eight_d == report) & ~model.is_removed).order_by(model.position)
    if model is EightDPhoto:
        return tuple(
            shelf.rows_of(
                attachment_id=row.attachment_id,
                caption=row.caption,
                taken_at=row.taken_at.astimezone(zone) if row.taken_at else None,
                taken_by=row.taken_by,
            )
            for row in kept
        )
    return tuple(shelf.from_row(row, zone) for row in kept)


def causes_of(report: EightD, zone: ZoneInfo) -> tuple[RootCause, ...]:
    """Give the root causes with their chains of whys."""
    shelf = shelf_of(RootCause)
    whys: dict[str, list[Why]] = {}
    for why in (
        EightDWhy.select().where((EightDWhy.eight_d == report) & ~EightDWhy.is_removed).order_by(EightDWhy.position)
    ):
        whys.setdefault(why.cause_code, []).append(Why(fact=why.fact, evidence=why.evidence))
    kept = EightDCause.select().where((EightDCause.eight_d == report) & ~EightDCause.is_removed)
    return tuple(
        shelf.from_row(cause, zone, whys=tuple(whys.get(cause.code, ())))
        for cause in kept.order_by(EightDCause.position)
    )


def _version(version: EightDVersion) -> VersionShown:
    dispatch = EightDDispatch.get_or_none(EightDDispatch.eight_d_version == version)
    answer = EightDCustomerAnswer.get_or_none(EightDCustomerAnswer.eight_d_version == version)
    backs = EightDSentBack.select().where(EightDSentBack.eight_d_version == version).order_by(EightDSentBack.id)
    missing = () if dispatch else missing_approvers(version)
    return VersionShown(
        id=version.id,
        revision=version.revision,
        kind=version.kind,
        state=version.state,
        change_text=version.change_text,
        begun_by=version.created_by,
        begun_at=version.created_at,
        content_hash=hash_of(version),
        signatures=signatures_on(version),
        missing=missing,
        sent_back=tuple(back.reason for back in backs),
        sent_at=dispatch.created_at if dispatch else None,
        channel=dispatch.channel if dispatch else "",
        sent_to=dispatch.sent_to if dispatch else "",
        answer=answer.text if answer else "",
        is_void=version.state is VersionState.APPROVED and bool(missing),
    )


WHY_NEEDED = {
    "RETURN": N_("Goods come back."),
    "MAJOR": N_("The complaint is major."),
    "BATCH": N_("It is a batch defect."),
    "SAFETY": N_("A safety or key characteristic is broken."),
    "BANNED_SUBSTANCE": N_("It is about a banned substance."),
}


@reading(Permission.READ)
def reasons_for_report(session: Session, *, complaint_line_id: int) -> tuple[str, ...]:
    """Give the reasons, words of WHY_NEEDED, why a complaint line needs an 8D; none when a cause notice is enough (C3).

    Whether the cause is internal is known only after the analysis, and whether the customer asks for one is the demand.
    """
    line = take(ComplaintLine, complaint_line_id)
    complaint = take(Complaint, line.complaint_id)
    if complaint.complaint_class is not ComplaintClass.QUALITY:
        return ()
    defect = line.defect_code
    ended = (GoodsState.REFUSED, GoodsState.CANCELLED)
    comes_back = (
        Rma.select()
        .where((Rma.complaint == complaint) & (Rma.return_mode == ReturnMode.PHYSICAL) & Rma.goods_state.not_in(ended))
        .exists()
    )
    holds = {
        "RETURN": comes_back,
        "MAJOR": complaint.severity is Severity.MAJOR,
        "BATCH": complaint.is_batch,
        "SAFETY": bool(defect and (defect.is_safety or defect.is_critical)),
        "BANNED_SUBSTANCE": complaint.is_banned_substance,
    }
    return tuple(reason for reason, is_so in holds.items() if is_so)


@reading(Permission.READ)
def report_of_line(session: Session, *, complaint_line_id: int) -> int | None:
    """Give the id of the report that answers a complaint line, None when it has none."""
    link = EightDLink.get_or_none(EightDLink.complaint_line == complaint_line_id)
    return int(link.eight_d_id) if link else None
