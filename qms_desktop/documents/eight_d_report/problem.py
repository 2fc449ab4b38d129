"""D2, the problem, and D3, the containment at six places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.documents.eight_d_report import words
from qms_desktop.documents.eight_d_report.head import begin, due, owner
from qms_desktop.documents.eight_d_report.paper import HEAD_FILL, Column, lead
from qms_desktop.documents.word import GREY, RED, Cell, Row, Span, upright
from qms_desktop.i18n import _
from qms_desktop.steps.eight_d_content import CauseKind, Containment, Discipline, Place, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qms_desktop.documents.eight_d_report.paper import Paper
    from qms_desktop.documents.word import Text
    from qms_desktop.steps.eight_d_content import EightDReport, InterimContainment, IsIsNot, OwnFinding, Photo

_MOST_PHOTOS_IN_D2 = 8
_PHOTOS_BEFORE_ANNEX = 4
_PHOTO_MM = (74.0, 40.0)
_LONE_PHOTO_MM = (74.0, 30.0)
_MOST_FIT_COLUMNS = 4
_FITS_MM = 28.0


def write_problem(paper: Paper, report: EightDReport) -> tuple[Photo, ...]:
    """Write D2 and give the photographs that are left for an annex."""
    problem = report.problem
    begin(paper, report, Discipline.D2)
    findings: Text = "\n".join(_finding(finding) for finding in problem.findings)
    if not findings:
        findings = paper.missing(
            _("technical statement, measured value and specification"),
            owner=owner(report, Discipline.D2),
            due=due(report, Discipline.D2),
        )
    paper.facts(
        [
            (_("Customer's words"), problem.customer_words),
            (_("Our own finding"), findings),
            (_("Requirement"), problem.requirement),
        ],
        description=_("D2: the customer's words and our own finding"),
    )
    paper.heading(_("5W2H"))
    answers = {answer.question: answer.answer for answer in problem.answers}
    paper.facts(
        [(_(words.QUESTIONS[question]), answers.get(question, "")) for question in Question],
        description=_("D2: the seven questions"),
    )
    paper.heading(_("Is / is not"))
    _write_comparison(paper, report)
    left = _write_photos(paper, problem.photos, lone=not problem.findings)
    if problem.other_parts:
        paper.sheet.gap(points=4)
        paper.facts([(_("Other parts / plants"), problem.other_parts)])
    return left


def write_photos(paper: Paper, photos: Sequence[Photo], *, lone: bool = False) -> None:
    """Write photographs in two columns, each with its caption in the row below."""
    size = _LONE_PHOTO_MM if lone and len(photos) == 1 else _PHOTO_MM
    rows = []
    for start in range(0, len(photos), 2):
        pictures, captions = [], []
        for photo in photos[start : start + 2]:
            cells = paper.photo_cells(
                upright(photo.picture, name=photo.caption), size_mm=size, caption=photo.caption, taken=_taken(photo)
            )
            pictures.append(cells[0])
            captions.append(cells[1])
        empty = [Cell(style="Caption")] * (2 - len(pictures))
        rows.append(Row(cells=(*pictures, *empty), keep_next=True))
        rows.append(Row(cells=(*captions, *empty)))
    paper.table(rows, widths=paper.form.widths["photos"], lines=False)


def write_containment(paper: Paper, report: EightDReport) -> None:
    """Write D3: always six rows, each a quantity or the reason why there is none, and what follows from them."""
    containment = report.containment
    since = _("from {date}").format(date=words.moment(containment.in_force_at)) if containment.in_force_at else ""
    begin(paper, report, Discipline.D3, since)
    rows = [_containment_row(paper, line) for line in _six_places(containment.places)]
    columns = [
        Column(head=_("Place")),
        Column(head=_("Lot")),
        Column(head=_("Qty"), align="r"),
        Column(head=_("Checked"), align="r"),
        Column(head=_("OK"), align="r"),
        Column(head=_("NOK"), align="r"),
        Column(head=_("Method and limit")),
        Column(head=_("Owner")),
        Column(head=_("Started"), align="c"),
        Column(head=_("In force"), align="c"),
    ]
    paper.listing(
        "containment",
        columns,
        rows,
        description=_("D3: containment at six places"),
        total=_totals(containment.places),
        flows=True,
    )
    if containment.balance:
        paper.sentence((lead(_("Balance of lot {lot}:").format(lot=report.product.lot)), containment.balance))
    elif _is_complete(containment.places):
        paper.sheet.gap(points=4)
    _write_worth(paper, containment)


def _write_worth(paper: Paper, containment: InterimContainment) -> None:
    told = any((containment.mark, containment.clean_point, containment.effectiveness, containment.risk))
    missing = []
    if not containment.balance and not _is_complete(containment.places):
        missing.append(_("All six places must be filled: a quantity, or “none, because …”."))
    if not told:
        missing.append(paper.missing(_("mark of certified goods, clean point, effectiveness, remaining risk")).text)
    if missing:
        paper.sentence(tuple(Span(lead(text).text, colour=GREY) for text in missing))
    if not told:
        return
    share = containment.effectiveness_percent
    effectiveness = words.joined([words.percent(share) if share is not None else "", containment.effectiveness])
    paper.facts(
        [
            (_("Mark of certified goods"), containment.mark),
            (_("Clean point"), containment.clean_point),
            (_("Effectiveness"), effectiveness),
            (_("Remaining risk / valid until"), containment.risk),
        ],
        widths="remarks",
        description=_("D3: mark, clean point, effectiveness and risk"),
    )


def _finding(finding: OwnFinding) -> str:
    details = [
        finding.condition,
        f"n={finding.pieces_measured}" if finding.pieces_measured else "",
        _("report {number}").format(number=finding.report_number) if finding.report_number else "",
    ]
    text = _("{characteristic} {value} {unit}, specification {limit} {unit}").format(
        characteristic=finding.characteristic, value=finding.value, limit=finding.limit, unit=finding.unit
    )
    if any(details):
        text = _("{text} ({details})").format(text=text, details=_(", ").join(part for part in details if part))
    verdict = _("within the limits") if finding.conforms else _("out of the limits")
    return _("{text}: {verdict}").format(text=text, verdict=verdict)


def _write_comparison(paper: Paper, report: EightDReport) -> None:
    comparisons = report.problem.comparisons
    codes = [cause.code for cause in report.root_causes.causes if cause.kind is CauseKind.OCCURRENCE] or ["O1", "O2"]
    widths = paper.form.widths["comparison"]
    base = widths[:4]
    many = len(codes) > _MOST_FIT_COLUMNS
    count = 1 if many else len(codes)
    fits = [_("Explained by")] if many else [_fit_head(code, count) for code in codes]
    columns = [Column(head=head) for head in (_("Aspect"), _("Is seen"), _("Is not seen"), _("Difference / change"))]
    columns += [Column(head=head, align="c") for head in fits]
    all_widths = (*base, *[_FITS_MM / count] * count)
    if comparisons:
        rows = [_comparison_row(row, codes, many=many) for row in comparisons]
        description = _("D2: is and is not")
        paper.listing("comparison", columns, rows, description=description, widths=all_widths, style="QMS Cell")
        return
    heads = tuple(Cell(text=column.head, style="QMS Cell Head", fill=HEAD_FILL) for column in columns)
    text: Text = report.problem.no_comparison_because
    if not text:
        text = paper.missing(_("at least 4 rows, or the reason why not"))
    paper.table([Row(cells=heads, head=True), Row(cells=(Cell(text=text, columns=len(columns)),))], widths=all_widths)


def _fit_head(code: str, count: int) -> str:
    return _("{code} fits").format(code=code) if count <= 2 else code


def _comparison_row(row: IsIsNot, codes: Sequence[str], *, many: bool) -> tuple[Text, ...]:
    if many:
        fits: tuple[str, ...] = (_(", ").join(row.explained_by) or words.DASH,)
    else:
        fits = tuple("●" if code in row.explained_by else words.DASH for code in codes)
    return (row.aspect, row.is_seen, row.is_not_seen, row.difference or words.DASH, *fits)


def _write_photos(paper: Paper, photos: tuple[Photo, ...], *, lone: bool) -> tuple[Photo, ...]:
    paper.heading(_("Photographs and measurement"))
    if not photos:
        paper.missing_line(_("at least one photograph or curve with its caption"))
        return ()
    shown = photos if len(photos) <= _MOST_PHOTOS_IN_D2 else photos[:_PHOTOS_BEFORE_ANNEX]
    write_photos(paper, shown, lone=lone)
    return photos[len(shown) :]


def _taken(photo: Photo) -> str:
    if photo.taken_at is None:
        return photo.taken_by
    return _("taken {time}, {name}").format(time=words.moment(photo.taken_at), name=photo.taken_by or words.DASH)


def _six_places(lines: Sequence[Containment]) -> Iterator[Containment]:
    for place in Place:
        here = [line for line in lines if line.place is place]
        yield from here or [Containment(place=place)]


def _containment_row(paper: Paper, line: Containment) -> tuple[Text, ...]:
    method = words.joined([line.method, line.evidence])
    if line.none_because:
        method = _("None, because {reason}").format(reason=line.none_because)
    bad = Span(words.number(line.not_ok), bold=True, colour=RED) if line.not_ok else words.number(line.not_ok)
    return (
        _(words.PLACES[line.place]),
        line.lot or words.DASH,
        words.number(line.quantity),
        words.number(line.checked),
        words.number(line.ok),
        bad,
        paper.or_missing(method),
        line.owner or words.DASH,
        words.short_day(line.started_on),
        words.short_day(line.in_force_on),
    )


def _is_complete(lines: Sequence[Containment]) -> bool:
    return {line.place for line in lines} == set(Place)


def _totals(lines: Sequence[Containment]) -> tuple[Text, ...]:
    """Give the total row, but only of all six places: an unknown heap is not zero."""
    if not _is_complete(lines):
        return ()
    sums = [
        words.number(sum(known) if (known := [count for count in counts if count is not None]) else None)
        for counts in (
            [line.quantity for line in lines],
            [line.checked for line in lines],
            [line.ok for line in lines],
            [line.not_ok for line in lines],
        )
    ]
    return (_("Total"), "", *sums, "", "", "", "")
