"""D5 to D7: the chosen actions, what they did, and what keeps the problem from coming back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.documents.eight_d_report import words
from qms_desktop.documents.eight_d_report.head import begin, due, owner
from qms_desktop.documents.eight_d_report.paper import Column, lead
from qms_desktop.drawing import effect_chart
from qms_desktop.i18n import _
from qms_desktop.steps.eight_d_content import Discipline

if TYPE_CHECKING:
    from qms_desktop.documents.eight_d_report.paper import Paper
    from qms_desktop.documents.word import Text
    from qms_desktop.steps.eight_d_content import DocumentChange, EffectEvidence, EightDReport

_FEWEST_LOTS = 2


def write_actions(paper: Paper, report: EightDReport) -> None:
    """Write D5."""
    begin(paper, report, Discipline.D5)
    if not report.actions.actions:
        _write_missing(paper, report, Discipline.D5, _("at least one action for each root cause"))
        return
    columns = [
        Column(head=_("No."), align="c"),
        Column(head=_("Cause"), align="c"),
        Column(head=_("Action")),
        Column(head=_("Strength")),
        Column(head=_("Verified before")),
        Column(head=_("Eff."), align="c"),
        Column(head=_("Owner")),
        Column(head=_("Due"), align="c"),
    ]
    rows: list[tuple[Text, ...]] = [
        (
            action.number,
            _(", ").join(action.causes) or words.DASH,
            action.action,
            _(words.STRENGTHS[action.strength]) if action.strength else words.DASH,
            paper.or_missing(action.verified_before),
            words.percent(action.effectiveness_percent),
            action.owner or words.DASH,
            words.short_day(action.due_on),
        )
        for action in report.actions.actions
    ]
    paper.listing("actions", columns, rows, description=_("D5: corrective actions"))
    if report.actions.not_chosen:
        paper.sentence((lead(_("Considered, not chosen:")), report.actions.not_chosen))


def write_validation(paper: Paper, report: EightDReport) -> None:
    """Write D6; a chart is drawn from two lots on."""
    validation = report.validation
    period = _("validated {period}").format(period=validation.period) if validation.period else ""
    begin(paper, report, Discipline.D6, period)
    if not validation.implementations:
        _write_missing(paper, report, Discipline.D6, _("date introduced, clean point, figures before and after"))
        return
    columns = [
        Column(head=_("No."), align="c"),
        Column(head=_("Introduced"), align="c"),
        Column(head=_("Clean point")),
        Column(head=_("Validation data")),
        Column(head=_("Owner")),
        Column(head=_("Status"), align="c"),
    ]
    rows: list[tuple[Text, ...]] = [
        (
            line.action_number,
            words.day(line.introduced_on),
            line.clean_point or words.DASH,
            paper.or_missing(line.evidence),
            line.owner or words.DASH,
            words.mark(line.progress),
        )
        for line in validation.implementations
    ]
    paper.listing("implementation", columns, rows, description=_("D6: actions introduced"))
    if validation.effect and len(validation.effect.lots) >= _FEWEST_LOTS:
        paper.sheet.gap(points=4)
        _write_effect(paper, validation.effect)
    else:
        paper.sheet.gap(points=4)
    containment = report.containment
    removed = words.joined(
        [words.day(containment.removed_on) if containment.removed_on else "", containment.removed_note]
    )
    paper.facts(
        [
            (_("Customer's own measure"), validation.customer_measure),
            (_("Containment removed"), removed or _("still in force")),
        ],
        widths="remarks",
    )


def write_prevention(paper: Paper, report: EightDReport) -> None:
    """Write D7: documents with their revisions, read-across, and what was learned."""
    prevention = report.prevention
    begin(paper, report, Discipline.D7)
    if not prevention.documents and not prevention.read_across:
        _write_missing(paper, report, Discipline.D7, _("documents changed with their revisions, read-across"))
        return
    paper.heading(_("Documents changed"))
    columns = [
        Column(head=_("Document")),
        Column(head=_("Number")),
        Column(head=_("Old rev."), align="c"),
        Column(head=_("New rev."), align="c"),
        Column(head=_("What changed")),
        Column(head=_("Owner")),
        Column(head=_("Released"), align="c"),
    ]
    rows = [_document_row(paper, change) for change in prevention.documents]
    if rows:
        paper.listing("documents", columns, rows, description=_("D7: documents changed"))
    else:
        paper.missing_line(_("each document with its revisions, or “no change, because …”"))
    paper.heading(_("Read-across"))
    _write_read_across(paper, report)
    if prevention.lessons:
        paper.sentence((lead(_("Lessons learned:")), prevention.lessons))


def _write_missing(paper: Paper, report: EightDReport, discipline: Discipline, what: str) -> None:
    paper.missing_line(what, owner=owner(report, discipline), due=due(report, discipline))


def _write_effect(paper: Paper, effect: EffectEvidence) -> None:
    before = [lot for lot in effect.lots if not lot.after]
    worst = max(before or effect.lots, key=lambda lot: lot.pieces_not_ok / lot.pieces_checked)
    text = _("Before and after: lot {lot} {share}; after the clean point {found} of {pieces}").format(
        lot=worst.lot,
        share=effect_chart.share_text(worst),
        found=f"{effect.not_ok_after:,}",
        pieces=f"{effect.pieces_after:,}",
    )
    if effect.upper_limit_ppm is not None:
        text = _("{text}, upper 95 % limit (3/n) {limit} PPM").format(text=text, limit=f"{effect.upper_limit_ppm:,}")
    paper.drawing(
        effect_chart.png(effect), size_mm=(effect_chart.WIDTH_MM, effect_chart.HEIGHT_MM), text=text, message=text
    )


def _document_row(paper: Paper, change: DocumentChange) -> tuple[Text, ...]:
    text: Text = change.change
    if change.no_change_because:
        text = _("No change, because {reason}").format(reason=change.no_change_because)
    return (
        _(words.DOCUMENTS[change.kind]),
        change.number,
        change.old_revision or words.DASH,
        change.new_revision or words.DASH,
        paper.or_missing(text),
        change.owner or words.DASH,
        words.day(change.released_on),
    )


def _write_read_across(paper: Paper, report: EightDReport) -> None:
    lines = report.prevention.read_across
    if not lines:
        paper.missing_line(_("other products, lines and plants; supplier, earlier and later lots; or why none"))
        return
    columns = [
        Column(head=_("Direction")),
        Column(head=_("Product / line / lot")),
        Column(head=_("What is the same")),
        Column(head=_("Decision")),
        Column(head=_("Owner")),
        Column(head=_("Date"), align="c"),
        Column(head=_("Status"), align="c"),
    ]
    rows: list[tuple[Text, ...]] = [
        (
            _(words.DIRECTIONS[line.direction]),
            line.target,
            line.same or words.DASH,
            paper.or_missing(line.decision),
            line.owner or words.DASH,
            words.day(line.done_on),
            words.mark(line.progress),
        )
        for line in lines
    ]
    paper.listing("read_across", columns, rows, description=_("D7: read-across"))
