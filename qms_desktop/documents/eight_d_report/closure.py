"""The end of the report: returned goods, D8, revisions, attachments, signatures and annexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.documents.eight_d_report import causes, words
from qms_desktop.documents.eight_d_report.head import begin, due, owner
from qms_desktop.documents.eight_d_report.paper import Column, lead
from qms_desktop.documents.eight_d_report.problem import write_photos
from qms_desktop.documents.word import RED, Span
from qms_desktop.i18n import _
from qms_desktop.steps.eight_d_content import (
    Discipline,
    RefusalClass,
    RefusedUnits,
    ReportSignature,
    SignaturePlace,
    VersionState,
)

if TYPE_CHECKING:
    from qms_desktop.documents.eight_d_report.paper import Paper
    from qms_desktop.documents.word import Text
    from qms_desktop.steps.eight_d_content import EightDReport, Photo, ReturnedGoods, Revision

_PHOTOS_A_PAGE = 6


def write(paper: Paper, report: EightDReport, *, photos_left: tuple[Photo, ...]) -> None:
    """Write everything after D7."""
    _write_returned_goods(paper, report)
    _write_closure(paper, report)
    if report.revision and report.revisions:
        _write_revisions(paper, report)
    if report.attached:
        _write_attached(paper, report)
    _write_signatures(paper, report)
    _write_annexes(paper, report, photos_left)


def _write_attached(paper: Paper, report: EightDReport) -> None:
    """Write the attachments in two columns side by side, read downwards."""
    paper.heading(_("Attachments"))
    half = (len(report.attached) + 1) // 2
    named = [(record.number, record.title) for record in report.attached] + [("", "")] * (len(report.attached) % 2)
    rows = [(*left, *right) for left, right in zip(named[:half], named[half:], strict=True)]
    columns = [Column(head=_("No."), align="c"), Column(head=_("Record"))] * 2
    paper.listing("attached", columns, rows, description=_("Attachments"))


def _write_returned_goods(paper: Paper, report: EightDReport) -> None:
    goods = report.returned_goods
    paper.band("RMA", _("Treatment of returned goods"), goods.rma_line if goods else report.rma_number)
    if goods is None or not (goods.refused or goods.heaps):
        declared = goods.pieces_declared if goods else report.delivery.pieces_complained
        what = _("filled after the count and sorting; declared quantity {pieces} {unit}").format(
            pieces=words.number(declared), unit=report.product.unit
        )
        paper.missing_line(what)
        return
    _write_count(paper, report, goods)
    refused = {units.refusal: units for units in goods.refused}
    rows: list[tuple[Text, ...]] = []
    for refusal in RefusalClass:
        units = refused.get(refusal, RefusedUnits(refusal=refusal))
        name = _("Refused {code}").format(code=refusal.value)
        reason = units.reason or _(words.REFUSALS[refusal])
        rows.append((name, reason, words.number(units.pieces), units.treatment or words.DASH))
    rows += [
        (heap.name, heap.reason or words.DASH, words.number(heap.pieces), paper.or_missing(heap.treatment))
        for heap in goods.heaps
    ]
    columns = [
        Column(head=_("Class")),
        Column(head=_("Reason")),
        Column(head=_("Pieces"), align="r"),
        Column(head=_("Final treatment")),
    ]
    settled = goods.pieces_treated - goods.pieces_refused
    arithmetic = _("Settled quantity {total} − {refused} = {settled} {unit}").format(
        total=words.number(goods.pieces_treated),
        refused=words.number(goods.pieces_refused),
        settled=words.number(settled),
        unit=report.product.unit,
    )
    if goods.settlement:
        arithmetic = _("{text} ({details})").format(text=arithmetic, details=goods.settlement)
    paper.listing(
        "returned",
        columns,
        rows,
        description=_("Treatment of returned goods"),
        total=(_("Total"), "", words.number(goods.pieces_treated), arithmetic),
    )


def _write_count(paper: Paper, report: EightDReport, goods: ReturnedGoods) -> None:
    if goods.pieces_counted is None or goods.pieces_declared is None:
        return
    text = _("Declared {declared} {unit}, counted {counted} {unit}, difference {difference}.").format(
        declared=words.number(goods.pieces_declared),
        counted=words.number(goods.pieces_counted),
        difference=words.number(goods.pieces_counted - goods.pieces_declared),
        unit=report.product.unit,
    )
    paper.sentence((lead(text, bold=None), goods.receipt_note), keep_next=True)


def _write_closure(paper: Paper, report: EightDReport) -> None:
    closure = report.closure
    begin(paper, report, Discipline.D8)
    if not (closure.completeness or closure.result):
        what = _("after all actions are done, approved by the quality manager")
        paper.missing_line(what, owner=owner(report, Discipline.D8), due=due(report, Discipline.D8))
        return
    acceptance = _("□ Accepted   □ Returned, reason: {line}   Score: {score} / 100   Name, date: {line}")
    paper.facts(
        [
            (_("Completeness"), closure.completeness),
            (_("Result"), closure.result),
            (_("Recognition"), closure.recognition),
            (_("Customer's satisfaction"), closure.customer_satisfaction),
            (_("Customer acceptance"), acceptance.format(line="_" * 11, score="_" * 4)),
            (_("Effect watch"), closure.effect_watch),
        ],
        widths="remarks",
        description=_("D8: closure"),
    )


def _write_revisions(paper: Paper, report: EightDReport) -> None:
    paper.heading(_("Revision history"))
    columns = [
        Column(head=_("Rev."), align="c"),
        Column(head=_("Time"), align="c"),
        Column(head=_("Content")),
        Column(head=_("Status")),
        Column(head=_("Changed since the last one")),
    ]
    rows: list[tuple[Text, ...]] = [
        (
            str(revision.revision),
            words.moment(revision.issued_at),
            revision.content,
            _version_state(revision),
            revision.change or words.DASH,
        )
        for revision in report.revisions
    ]
    paper.listing("revisions", columns, rows, description=_("Revision history"))


def _version_state(revision: Revision) -> Text:
    word = _(words.VERSION_STATES[revision.state])
    text = f"{word} {words.day(revision.state_on)}" if revision.state_on else word
    return Span(text, bold=True, colour=RED) if revision.state is VersionState.REJECTED else text


def _write_signatures(paper: Paper, report: EightDReport) -> None:
    paper.heading(_("Signatures"))
    signatures = report.signatures or tuple(ReportSignature(place=place) for place in SignaturePlace)
    signed = [signature.signed_at for signature in signatures if signature.signed_at]
    time_head = _("Time ({zone})").format(zone=words.zone(signed[0] if signed else report.created_at))
    columns = [
        Column(head=_("Signature"), label=True),
        Column(head=_("Printed name")),
        Column(head=_("Function")),
        Column(head=_("Meaning")),
        Column(head=time_head),
        Column(head=_("How signed")),
    ]
    rows = [_signature_row(signature) for signature in signatures]
    description = _("Signatures")
    paper.listing("signatures", columns, rows, description=description, style="QMS Cell", height_mm=8.5)


def _signature_row(signature: ReportSignature) -> tuple[Text, ...]:
    place = _(words.SIGNATURE_PLACES[signature.place])
    name, function = signature.name or words.DASH, signature.function or words.DASH
    if signature.signed_at is None:
        unsigned = _("not signed")
        return (place, name, function, words.DASH, words.DASH, f"○ {unsigned}")
    kind = _(words.SIGNATURE_KINDS[signature.kind])
    return (
        place,
        name,
        function,
        signature.meaning or _(words.MEANINGS[signature.place]),
        words.moment(signature.signed_at, seconds=True),
        f"● {kind}",
    )


def _write_annexes(paper: Paper, report: EightDReport, photos_left: tuple[Photo, ...]) -> None:
    if any(candidate.reason for candidate in report.root_causes.candidates):
        paper.heading(_("Annex: potential causes and their verdicts"))
        causes.write_candidates(paper, report.root_causes)
    for number, annex in enumerate(paper.annexes, 1):
        paper.heading(_("Text annex {number}: {title}").format(number=number, title=annex.title))
        paper.sheet.paragraph(annex.text, style="QMS Body")
    for start in range(0, len(photos_left), _PHOTOS_A_PAGE):
        paper.sheet.page_break()
        paper.heading(_("Annex: photographs"))
        write_photos(paper, photos_left[start : start + _PHOTOS_A_PAGE])
