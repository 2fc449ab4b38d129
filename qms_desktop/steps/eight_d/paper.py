"""The report as the paper, the reviewer and the screen take it: one frozen dataclass made from the rows."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from peewee import fn

from qms_desktop.action import reading
from qms_desktop.db.case import CaseFile
from qms_desktop.db.complaint import Complaint, ComplaintLine
from qms_desktop.db.eight_d import (
    EightD,
    EightDCustomerAnswer,
    EightDDispatch,
    EightDSection,
    EightDVersion,
    EightDWording,
    ReportKind,
    Section,
    VersionState,
)
from qms_desktop.db.eight_d.fence import SECTIONS_OF
from qms_desktop.db.master_data import Customer, Person, Product, Site
from qms_desktop.db.record import take
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.permissions import Permission
from qms_desktop.rules.attachment import copy_of
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps import eight_d_content as content
from qms_desktop.steps.eight_d.reading import causes_of, fields_of, rows_of, zone_of
from qms_desktop.steps.eight_d.shelves import PhotoRow, PreventiveAction, shelf_of
from qms_desktop.steps.eight_d.signing import hash_of, newest_version, signatures_on
from qms_desktop.steps.rma import newest_shipment

if TYPE_CHECKING:
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from qms_desktop.session import Session

T = TypeVar("T")

_DISCIPLINES = frozenset(content.Discipline)
_PAPER_STATES = {
    VersionState.DRAFT: content.VersionState.DRAFT,
    VersionState.REVIEW: content.VersionState.DRAFT,
    VersionState.APPROVED: content.VersionState.DRAFT,
    VersionState.SENT: content.VersionState.SENT,
    VersionState.ACCEPTED: content.VersionState.ACCEPTED,
    VersionState.REJECTED: content.VersionState.REJECTED,
}


@reading(Permission.READ)
def content_of(
    session: Session,
    *,
    eight_d_id: int,
    kind: ReportKind,
    language: str = "",
) -> content.EightDReport:
    """Give a version of the report as its paper says it; sections that this kind of version does not hold are empty.

    With a language, sentences are given in the wording that was kept for it. The photographs are the upright copies of
    the case's attachments. Raises NotFound.
    """
    report = take(EightD, eight_d_id)
    made = _Paper(report, ReportKind(str(kind))).read()
    if not language:
        return made
    wording = EightDWording.select().where((EightDWording.eight_d == report) & (EightDWording.language == language))
    return _worded(made, {row.source: row.text for row in wording})


def _worded(part: T, wording: dict[str, str]) -> T:
    """Give a part of the report with each sentence in the other wording, where there is one."""
    if isinstance(part, str) and not isinstance(part, Enum):
        return cast("T", wording.get(part, part))
    if isinstance(part, tuple):
        return cast("T", tuple(_worded(one, wording) for one in part))
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        values = {field.name: _worded(getattr(part, field.name), wording) for field in dataclasses.fields(part)}
        return cast("T", dataclasses.replace(part, **values))
    return part


@dataclass
class _Paper:
    """Gathers one report; `kind` decides which sections are taken."""

    report: EightD
    kind: ReportKind

    def __post_init__(self) -> None:
        self.zone: ZoneInfo = zone_of(self.report)
        self.line = take(ComplaintLine, self.report.complaint_line_id)
        self.complaint = take(Complaint, self.line.complaint_id)
        self.version = newest_version(self.report, self.kind)
        self.sections = SECTIONS_OF[self.kind]

    def fields(self, section: Section) -> dict[str, Any]:
        """Give the fields of a section, none when this version does not hold it."""
        return fields_of(self.report, section, self.zone) if section in self.sections else {}

    def rows(self, rows_of_kind: type[T]) -> tuple[T, ...]:
        """Give the rows of a list, none when this version does not hold its section."""
        shelf = shelf_of(rows_of_kind)
        return rows_of(self.report, shelf, self.zone) if shelf.section in self.sections else ()

    def read(self) -> content.EightDReport:
        """Put the report together."""
        site = take(Site, take(CaseFile, self.report.case_id).site_id)
        rma = Rma.select().where(Rma.complaint == self.complaint).order_by(Rma.id).first()
        section_rows = list(
            EightDSection.select().where(EightDSection.eight_d == self.report).order_by(EightDSection.id)
        )
        saved = [row.saved_at for row in section_rows if row.saved_at]
        dispatch = EightDDispatch.get_or_none(EightDDispatch.eight_d_version == self.version) if self.version else None
        preparation, closure = self.fields(Section.D0), self.fields(Section.D8)
        return content.EightDReport(
            number=self.report.number,
            revision=self.version.revision if self.version and dispatch else self._revision_of_draft(),
            kind=content.ReportKind(str(self.kind)),
            state=self._state(dispatch),
            company=site.name,
            title=self.report.title,
            complaint_number=self.complaint.number,
            rma_number=rma.number if rma else "",
            customer=self._customer(),
            product=self._product(),
            prepared_by=self._prepared_by(),
            created_at=self.report.created_at.astimezone(self.zone),
            changed_at=max([*saved, self.report.created_at]).astimezone(self.zone),
            delivery=self._delivery(rma),
            progress=tuple(self._progress(row) for row in section_rows if str(row.section) in _DISCIPLINES),
            preparation=content.Preparation(emergency_actions=self.rows(content.EmergencyAction), **preparation),
            team=content.Team(members=self.rows(content.TeamMember), meetings=self.rows(content.Meeting)),
            problem=self._problem(),
            containment=content.InterimContainment(places=self.rows(content.Containment), **self.fields(Section.D3)),
            root_causes=content.RootCauses(
                candidates=self.rows(content.CauseCandidate),
                causes=causes_of(self.report, self.zone) if Section.D4 in self.sections else (),
                **self.fields(Section.D4),
            ),
            actions=content.CorrectiveActions(actions=self.rows(content.CorrectiveAction), **self.fields(Section.D5)),
            validation=self._validation(),
            prevention=self._prevention(),
            returned_goods=self._returned_goods(),
            closure=content.Closure(**closure),
            revisions=self._revisions(),
            signatures=self._signatures(),
            attached=self.rows(content.AttachedRecord),
            frozen_at=dispatch.created_at.astimezone(self.zone) if dispatch else None,
            content_sha256=hash_of(self.version) if self.version and self.version.state in _FROZEN else "",
        )

    def _revision_of_draft(self) -> int:
        """Give the version's revision once the first was issued; a draft before the first issue is 0."""
        issued = EightDDispatch.select().join(EightDVersion).where(EightDVersion.eight_d == self.report).exists()
        return self.version.revision if self.version and (issued or self.version.state in _FROZEN) else 0

    def _state(self, dispatch: EightDDispatch | None) -> content.PaperState:
        if dispatch is not None:
            return content.PaperState.APPROVED
        if self.version is None or self.version.state is not VersionState.APPROVED:
            return content.PaperState.DRAFT
        held = [s for s in signatures_on(self.version) if s.meaning is Meaning.APPROVE and s.is_valid]
        return content.PaperState.APPROVED if held else content.PaperState.VOID

    def _customer(self) -> content.CustomerFacts:
        customer = take(Customer, self.complaint.customer_id)
        return content.CustomerFacts(
            number=customer.code,
            name=customer.name,
            contact=f"{customer.contact} {customer.phone}".strip(),
            reference=self.complaint.customer_reference,
        )

    def _product(self) -> content.ProductFacts:
        product = take(Product, self.line.product_id)
        told = self.fields(Section.D2)
        return content.ProductFacts(
            part_number=product.code,
            model=product.model,
            lot=told.get("lot") or self.line.lot_number,
            unit=product.unit,
            date_code=told.get("date_code", ""),
            drawing=told.get("drawing", ""),
            drawing_revision=told.get("drawing_revision", ""),
            safety_characteristic=told.get("safety_characteristic", ""),
        )

    def _delivery(self, rma: Rma | None) -> content.DeliveryFacts:
        customer = take(Customer, self.complaint.customer_id)
        shipment = newest_shipment(customer, self.line.lot, self.line.order_no)
        returned = None
        if rma is not None:
            same = (
                (RmaLine.rma == rma)
                & (RmaLine.product == self.line.product)
                & (RmaLine.lot_number == self.line.lot_number)
            )
            returned = RmaLine.select(fn.SUM(RmaLine.pieces_received)).where(same).scalar() or None
        return content.DeliveryFacts(
            order_number=shipment.order_no if shipment else self.line.order_no,
            delivered_on=shipment.shipped_on if shipment else None,
            pieces_delivered=self.line.pieces_shipped,
            pieces_complained=self.line.pieces_complained,
            pieces_returned=int(returned) if returned else None,
        )

    def _prepared_by(self) -> str:
        person = (
            self.report.leader if self.report.leader_id else Person.get_or_none(Person.login == self.report.created_by)
        )
        return person.name if person else self.report.created_by

    def _progress(self, row: EightDSection) -> content.StepProgress:
        return content.StepProgress(
            discipline=content.Discipline(str(row.section)),
            progress=content.Progress(row.progress),
            done_on=row.done_on,
            due_at=row.due_at.astimezone(self.zone) if row.due_at else None,
            owner=row.owner,
        )

    def _problem(self) -> content.Problem:
        told = self.fields(Section.D2)
        head = ("date_code", "lot", "drawing", "drawing_revision", "safety_characteristic")
        photos = tuple(
            content.Photo(
                picture=copy_of(row.attachment_id), caption=row.caption, taken_at=row.taken_at, taken_by=row.taken_by
            )
            for row in self.rows(PhotoRow)
        )
        return content.Problem(
            findings=self.rows(content.OwnFinding),
            answers=self.rows(content.QuestionAnswer),
            comparisons=self.rows(content.IsIsNot),
            photos=photos,
            **{name: value for name, value in told.items() if name not in head},
        )

    def _validation(self) -> content.Validation:
        told = self.fields(Section.D6)
        lots = self.rows(content.LotResult)
        effect = None
        if told.get("effect_upper_limit") is not None:
            effect = content.EffectEvidence(
                characteristic=told.get("effect_characteristic", ""),
                unit=told.get("effect_unit", ""),
                upper_limit=told["effect_upper_limit"],
                clean_point=told.get("effect_clean_point", ""),
                lots=lots,
                before=_sample(told, "before"),
                after=_sample(told, "after"),
            )
        return content.Validation(
            implementations=self.rows(content.Implementation),
            effect=effect,
            period=told.get("period", ""),
            customer_measure=told.get("customer_measure", ""),
        )

    def _prevention(self) -> content.Prevention:
        # The paper has no list of preventive actions of its own: they stand above what was learned.
        actions = [
            f"{row.number} {row.action} ({', '.join(str(part) for part in (row.owner, row.due_on) if part)})"
            for row in self.rows(PreventiveAction)
        ]
        lessons = self.fields(Section.D7).get("lessons", "")
        return content.Prevention(
            documents=self.rows(content.DocumentChange),
            read_across=self.rows(content.ReadAcross),
            lessons="\n".join(part for part in (*actions, lessons) if part),
        )

    def _returned_goods(self) -> content.ReturnedGoods | None:
        told = self.fields(Section.GOODS)
        if not told.get("rma_line"):
            return None
        return content.ReturnedGoods(
            refused=self.rows(content.RefusedUnits), heaps=self.rows(content.TreatedHeap), **told
        )

    def _revisions(self) -> tuple[content.Revision, ...]:
        """Give the versions that left the house, and this one."""
        last = self.version.revision if self.version else 0
        shown = []
        for version in (
            EightDVersion.select()
            .where((EightDVersion.eight_d == self.report) & (EightDVersion.revision <= last))
            .order_by(EightDVersion.revision)
        ):
            dispatch = EightDDispatch.get_or_none(EightDDispatch.eight_d_version == version)
            if dispatch is None:
                continue
            answer = EightDCustomerAnswer.get_or_none(EightDCustomerAnswer.eight_d_version == version)
            shown.append(
                content.Revision(
                    revision=version.revision,
                    issued_at=dispatch.created_at.astimezone(self.zone),
                    content=str(version.kind),
                    state=_PAPER_STATES[version.state],
                    state_on=answer.created_at.astimezone(self.zone).date() if answer else None,
                    change=version.change_text,
                )
            )
        return tuple(shown)

    def _signatures(self) -> tuple[content.ReportSignature, ...]:
        places = {
            Meaning.SIGN_PLACE: content.SignaturePlace.PREPARED,
            Meaning.REVIEW: content.SignaturePlace.REVIEWED,
            Meaning.APPROVE: content.SignaturePlace.APPROVED,
        }
        signed = [s for s in signatures_on(self.version) if s.is_valid] if self.version else []
        shown = []
        for meaning, place in places.items():
            of_place = [one for one in signed if one.meaning is meaning]
            for one in of_place:
                person = Person.get(Person.login == one.login)
                shown.append(
                    content.ReportSignature(
                        place=place,
                        name=one.name,
                        function=person.position or person.department,
                        meaning=one.remark,
                        signed_at=one.at.astimezone(self.zone),
                    )
                )
            if not of_place:
                shown.append(content.ReportSignature(place=place))
        return tuple(shown)


_FROZEN = (VersionState.APPROVED, VersionState.SENT, VersionState.ACCEPTED, VersionState.REJECTED)


def _sample(told: dict[str, Any], side: str) -> content.MeasuredSample | None:
    values: tuple[Decimal, ...] = told.get(f"{side}_values", ())
    return content.MeasuredSample(label=told.get(f"{side}_label", ""), values=values) if values else None
