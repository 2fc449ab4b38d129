"""D4: the cause-and-effect diagram, one table of whys for each verified cause, and the sum of the shares."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.documents.eight_d_report import words
from qms_desktop.documents.eight_d_report.head import begin, due, owner
from qms_desktop.documents.eight_d_report.paper import HEAD_FILL, LABEL_FILL, ROOT_FILL, Column, lead
from qms_desktop.documents.word import Cell, Row, Span
from qms_desktop.drawing import fishbone
from qms_desktop.i18n import N_, _
from qms_desktop.steps.eight_d_content import CauseKind, Discipline, Verdict

if TYPE_CHECKING:
    from qms_desktop.documents.eight_d_report.paper import Paper
    from qms_desktop.documents.word import Text
    from qms_desktop.steps.eight_d_content import EightDReport, RootCause, RootCauses

_SOFT = "44505E"
_DEEPEST_INDENT = 6
_ASKED = 5
_MISSING = {
    CauseKind.OCCURRENCE: N_("why it was made"),
    CauseKind.ESCAPE: N_("why it was not found"),
    CauseKind.SYSTEM: N_("why the system allowed it"),
}
_LABELS = {
    CauseKind.OCCURRENCE: N_("Occurrence cause O"),
    CauseKind.ESCAPE: N_("Escape cause E"),
    CauseKind.SYSTEM: N_("System cause S"),
}


def write(paper: Paper, report: EightDReport) -> None:
    """Write D4."""
    causes = report.root_causes
    begin(paper, report, Discipline.D4)
    if causes.candidates:
        _write_fishbone(paper, causes)
    if not causes.causes:
        paper.facts([(_(_LABELS[kind]), _missing(paper, report, kind)) for kind in CauseKind], widths="remarks")
        return
    for kind in CauseKind:
        paper.heading(_(words.KINDS[kind]))
        found = [cause for cause in causes.causes if cause.kind is kind]
        if not found:
            paper.facts([(_(_LABELS[kind]), _missing(paper, report, kind))], widths="remarks")
        for number, cause in enumerate(found):
            if number:
                paper.sheet.gap(points=5)
            _write_whys(paper, cause)
    paper.sentence(_summary(causes))


def write_candidates(paper: Paper, causes: RootCauses) -> None:
    """Write the annex that says of every candidate cause what was found out about it."""
    columns = [Column(head=head) for head in (_("Category"), _("Potential cause"), _("Verdict"), _("Evidence"))]
    rows: list[tuple[Text, ...]] = [
        (
            _(fishbone.CATEGORY_WORDS[candidate.category]),
            candidate.text,
            Span(
                f"{_(words.VERDICTS[candidate.verdict])} {candidate.code}".rstrip(),
                bold=candidate.verdict is Verdict.PROVED,
            ),
            paper.or_missing(candidate.reason),
        )
        for candidate in causes.candidates
    ]
    paper.listing("candidates", columns, rows, description=_("Potential causes and their verdicts"))


def _missing(paper: Paper, report: EightDReport, kind: CauseKind) -> Text:
    return paper.missing(_(_MISSING[kind]), owner=owner(report, Discipline.D4), due=due(report, Discipline.D4))


def _write_fishbone(paper: Paper, causes: RootCauses) -> None:
    paper.heading(_("Cause-and-effect diagram; proved causes in red and bold, with a dot"))
    proved = [candidate for candidate in causes.candidates if candidate.verdict is Verdict.PROVED]
    open_ones = [candidate for candidate in causes.candidates if candidate.verdict is Verdict.POSSIBLE]
    text = _(
        "Cause-and-effect diagram: {candidates} potential causes, {proved} proved, {ruled_out} ruled out, {open} open"
    ).format(
        candidates=len(causes.candidates),
        proved=len(proved),
        ruled_out=len(causes.candidates) - len(proved) - len(open_ones),
        open=len(open_ones),
    )
    message = _("{effect}. Proved: {causes}").format(
        effect=" ".join(causes.effect.split()), causes=words.joined([candidate.text for candidate in proved])
    )
    paper.drawing(fishbone.png(causes), size_mm=(fishbone.WIDTH_MM, fishbone.HEIGHT_MM), text=text, message=message)


def _write_whys(paper: Paper, cause: RootCause) -> None:
    share = _("Share {share}").format(share=words.percent(cause.share_percent))
    rows = [
        Row(
            cells=(
                Cell(text=f"{cause.code}   {cause.title}", style="QMS Cell Head", fill=HEAD_FILL, columns=2),
                Cell(text=share, style="QMS Cell Head", fill=HEAD_FILL, align="right"),
            )
        )
    ]
    for depth, why in enumerate(cause.whys):
        label = _("Why {number}").format(number=depth + 1)
        rows.append(
            Row(
                cells=(
                    Cell(text=label, style="QMS Label", fill=LABEL_FILL),
                    Cell(
                        text=paper.long(f"{'└ ' if depth else ''}{why.fact}", title=f"{cause.code} {label}"),
                        indent_mm=4 * min(depth, _DEEPEST_INDENT),
                    ),
                    Cell(text=Span(why.evidence or words.DASH, colour=_SOFT), style="QMS Cell Small"),
                )
            )
        )
    rows.append(_root_row(paper, cause))
    proof_label = _("Proof")
    proof = paper.long(paper.or_missing(cause.proof), title=f"{cause.code} {proof_label}")
    rows.append(Row(cells=(Cell(text=proof_label, style="QMS Label", fill=LABEL_FILL), Cell(text=proof, columns=2))))
    description = _("D4: whys of cause {code}").format(code=cause.code)
    paper.table(rows, widths=paper.form.widths["whys"], description=description)


def _root_row(paper: Paper, cause: RootCause) -> Row:
    if cause.root:
        text: Text = Span(cause.root, bold=True)
        if cause.stopped_because and len(cause.whys) < _ASKED:
            stopped = _("(Stopped at why {number}: {reason})").format(
                number=len(cause.whys), reason=cause.stopped_because
            )
            text = (Span(cause.root, bold=True), f" {stopped}")
    else:
        text = paper.or_missing("")
    title = _("Root")
    label = Cell(text=Span(title, bold=True), style="QMS Label", fill=ROOT_FILL)
    whole = paper.long(text, title=f"{cause.code} {title}")
    return Row(cells=(label, Cell(text=whole, fill=ROOT_FILL, columns=2)))


def _summary(causes: RootCauses) -> tuple[Span | str, ...]:
    sums = [_sum(causes, kind) for kind in CauseKind]
    parts: list[Span | str] = [lead(_("Shares:")), words.joined(sums)]
    for label, text in (
        (_("Basis:"), causes.share_basis),
        (_("Failure category:"), causes.failure_category),
        (_("Change record:"), causes.change_record),
    ):
        if text:
            parts += ["  ", lead(label), text]
    return tuple(parts)


def _sum(causes: RootCauses, kind: CauseKind) -> str:
    """Give the shares of one kind with their sum, such as “occurrence O1 75 % + O2 25 % = 100 %”."""
    found = [cause for cause in causes.causes if cause.kind is kind and cause.share_percent is not None]
    if not found:
        return ""
    terms = " + ".join(f"{cause.code} {words.percent(cause.share_percent)}" for cause in found)
    if len(found) > 1:
        total = sum((cause.share_percent for cause in found if cause.share_percent is not None), Decimal(0))
        terms += f" = {words.percent(total)}"
    return f"{_(words.KIND_NAMES[kind])} {terms}"
