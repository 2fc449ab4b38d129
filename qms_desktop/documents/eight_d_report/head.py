"""The head of the report: title, facts, status strip, D0 and D1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.documents.eight_d_report import words
from qms_desktop.documents.eight_d_report.paper import HEAD_FILL, Column, lead
from qms_desktop.documents.word import GREY, RED, Cell, Row, Span
from qms_desktop.i18n import _
from qms_desktop.steps.eight_d_content import (
    DISCIPLINE_TITLES,
    Answer,
    Discipline,
    PaperState,
    Progress,
    ReportKind,
    TeamMember,
    TeamRole,
)

if TYPE_CHECKING:
    from qms_desktop.documents.eight_d_report.paper import Paper
    from qms_desktop.documents.word import Text
    from qms_desktop.steps.eight_d_content import EightDReport, StepProgress

_SOFT = "44505E"


def write(paper: Paper, report: EightDReport) -> None:
    """Write everything before D2."""
    _write_title(paper, report)
    _write_facts(paper, report)
    paper.sheet.gap(points=5)
    _write_strip(paper, report)
    _write_preparation(paper, report)
    _write_team(paper, report)


def begin(paper: Paper, report: EightDReport, discipline: Discipline, right: str = "") -> None:
    """Begin a step with its band; its date or what is due stands at the right when nothing else is given."""
    paper.band(discipline.value, _(DISCIPLINE_TITLES[discipline]), right or _when(step_of(report, discipline)))


def step_of(report: EightDReport, discipline: Discipline) -> StepProgress | None:
    """Give how far a step is, or None when the report does not say."""
    return next((step for step in report.progress if step.discipline is discipline), None)


def due(report: EightDReport, discipline: Discipline) -> str:
    """Give until when a step is due, or nothing."""
    step = step_of(report, discipline)
    return words.moment(step.due_at) if step and step.due_at else ""


def owner(report: EightDReport, discipline: Discipline) -> str:
    """Give who owes a step, or nothing."""
    step = step_of(report, discipline)
    return step.owner if step else ""


def _when(step: StepProgress | None) -> str:
    if step is None:
        return ""
    if step.progress is Progress.DONE:
        return _("done {date}").format(date=words.day(step.done_on))
    if step.due_at:
        return _("due {date}").format(date=words.moment(step.due_at))
    return "" if step.progress is Progress.NOT_BEGUN else words.mark(step.progress)


def _write_title(paper: Paper, report: EightDReport) -> None:
    title = (_("8D report"), Span(f"   {report.number}", bold=True, colour=_SOFT, size=13))
    paper.sheet.paragraph(title, style="QMS Title")
    paper.sheet.paragraph(report.title, style="QMS Subject")


def _write_facts(paper: Paper, report: EightDReport) -> None:
    customer, product, delivery = report.customer, report.product, report.delivery
    pieces = " / ".join(
        words.number(count)
        for count in (delivery.pieces_delivered, delivery.pieces_complained, delivery.pieces_returned)
    )
    paper.facts(
        [
            (_("Customer"), f"{customer.name} ({customer.number})"),
            (_("Customer ref."), customer.reference),
            (_("Customer contact"), customer.contact),
            (_("Complaint / RMA"), _pair(report.complaint_number, report.rma_number)),
            (_("Part no. / model"), _pair(product.part_number, product.model)),
            (_("Drawing / rev."), _pair(product.drawing, product.drawing_revision)),
            (_("Lot / date code"), _pair(product.lot, product.date_code)),
            (_("Safety characteristic"), product.safety_characteristic),
            (
                _("Order / delivery"),
                _pair(delivery.order_number, words.day(delivery.delivered_on) if delivery.delivered_on else ""),
            ),
            (_("Delivered / complained / returned"), f"{pieces} {product.unit}"),
            (_("Reported by customer"), words.zoned(report.problem.reported_at) if report.problem.reported_at else ""),
            (_("First / repeat"), _repeat(report)),
            (_("Found at"), report.problem.found_at),
            (_("Report status"), _status(report)),
        ],
        widths="head",
        description=_("The facts of the case"),
    )


def _pair(first: str, second: str) -> str:
    """Give two facts of one row; a dash stands for the one that is missing, nothing when both are."""
    return f"{first or words.DASH} / {second or words.DASH}" if first or second else ""


def _repeat(report: EightDReport) -> str:
    answers = {Answer.NO: _("First case"), Answer.YES: _("Repeat case"), Answer.UNCLEAR: _("Unclear")}
    if report.problem.repeat is None:
        return ""
    answer = answers[report.problem.repeat]
    note = report.problem.repeat_note
    return _("{answer} ({note})").format(answer=answer, note=note) if note else answer


def _status(report: EightDReport) -> Text:
    kinds = {
        ReportKind.THREE_D: _("3D report"),
        ReportKind.FIVE_D: _("5D report"),
        ReportKind.EIGHT_D: _("Final report"),
    }
    kind = kinds[report.kind]
    if report.state is PaperState.VOID:
        return (Span(_("Void"), bold=True, colour=RED), _(", replaced by a later revision"))
    if report.state is PaperState.DRAFT:
        open_due = next((step.due_at for step in report.progress if step.due_at and not step.done_on), None)
        until = _(", due {date}").format(date=words.moment(open_due)) if open_due else ""
        return (Span(_("Draft: {kind}").format(kind=kind), bold=True, colour=RED), until)
    frozen_on = _(", ") + words.day(report.frozen_at) if report.frozen_at else ""
    return (Span(kind, bold=True), frozen_on)


def _write_strip(paper: Paper, report: EightDReport) -> None:
    heads = tuple(
        Cell(text=discipline.value, style="QMS Cell Head", fill=HEAD_FILL, align="center") for discipline in Discipline
    )
    states = tuple(
        Cell(text=_state(step_of(report, discipline)), style="QMS Cell Small", align="center")
        for discipline in Discipline
    )
    paper.table(
        [Row(cells=heads, head=True), Row(cells=states)],
        widths=paper.form.widths["strip"],
        description=_("Completion dates of the steps"),
    )


def _state(step: StepProgress | None) -> str:
    if step is None:
        return words.mark(Progress.NOT_BEGUN)
    if step.progress is Progress.DONE:
        return f"● {words.short_day(step.done_on)}"
    return words.mark(step.progress)


def _write_preparation(paper: Paper, report: EightDReport) -> None:
    preparation = report.preparation
    begin(paper, report, Discipline.D0)
    actions = "\n".join(
        _("{action} ({details})").format(
            action=action.action,
            details=words.joined([action.owner, words.moment(action.started_at) if action.started_at else ""]),
        )
        for action in preparation.emergency_actions
    )
    paper.facts(
        [
            (_("Symptom"), preparation.symptom),
            (_("Effect at customer"), preparation.effect),
            (_("Safety / legal"), _safety(report)),
            (_("Urgency"), preparation.urgency),
            (_("Emergency action"), actions),
        ],
        description=_("D0: symptom, effect and emergency action"),
    )


def _safety(report: EightDReport) -> Text:
    preparation = report.preparation
    answers = {Answer.YES: _("Yes"), Answer.NO: _("No"), Answer.UNCLEAR: _("Unclear")}
    boxes = "  ".join(f"{'■' if answer is preparation.safety else '□'} {word}" for answer, word in answers.items())
    if preparation.safety is None:
        return (f"{boxes}    ", Span(_("must be answered before D1"), bold=True, colour=RED))
    recall = preparation.recall_number
    assessment = _("Recall assessment {number}").format(number=recall) if recall else ""
    note = preparation.safety_note
    text = _("{assessment}: {note}").format(assessment=assessment, note=note) if assessment and note else ""
    return (boxes, f"    {text or assessment or note}" if text or assessment or note else "")


def _write_team(paper: Paper, report: EightDReport) -> None:
    begin(paper, report, Discipline.D1)
    members = list(report.team.members)
    for role in (TeamRole.CHAMPION, TeamRole.LEADER):
        if role not in {member.role for member in members}:
            members.append(TeamMember(name="", role=role))
    rows: list[tuple[Text, ...]] = [
        (
            paper.or_missing(member.name),
            Span(_(words.ROLES[member.role]), bold=member.role is TeamRole.LEADER),
            paper.or_missing(member.function),
            paper.or_missing(member.contact),
            paper.or_missing(member.duty),
        )
        for member in members
    ]
    columns = [Column(head=head) for head in (_("Name"), _("Role"), _("Function"), _("Contact"), _("Duty"))]
    paper.listing("team", columns, rows, description=_("D1: members of the team"), style="QMS Cell")
    meetings = words.joined(
        [
            _("{date} {subject} (minutes {minutes})").format(
                date=words.moment(meeting.held_at), subject=meeting.subject, minutes=meeting.minutes
            )
            for meeting in report.team.meetings
        ]
    )
    if meetings:
        paper.sentence((lead(_("Team meetings:")), meetings))
    else:
        paper.sentence(Span(_("No meeting of the team is recorded yet."), colour=GREY))
