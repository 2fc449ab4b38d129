"""The complaint tracking table (客户抱怨处理跟踪表, 003-A §5.4) as an Excel list for the monthly review."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop import i18n
from qms_desktop.documents.sheet import (
    BARE,
    HEAD,
    NOTE,
    PIECES_FORMAT,
    RED,
    Look,
    Sheet,
    long_moment,
    short_limit,
    short_moment,
)
from qms_desktop.i18n import N_, _
from qms_desktop.steps.complaint_tracking import TrackingMark

if TYPE_CHECKING:
    from qms_desktop.steps.complaint_tracking import ComplaintTracking, Milestone, TrackedComplaint

WIDTHS_MM = (9, 29, 20, 30, 17, 32, 14, 21, 21, 21, 21, 15, 30, 36, 18, 23)
ROWS_OF_THE_FORM = 12
CELL = Look(size_pt=9.5)
MIDDLE = Look(size_pt=9.5, align="center")
LATE = Look(size_pt=9.5, bold=True, colour=RED, align="center")

HEADS = (
    N_("No."),
    N_("Number / customer's number"),
    N_("Received at"),
    N_("Customer"),
    N_("Class"),
    N_("Product / defect"),
    N_("Pieces"),
    N_("First reply"),
    N_("Written reply"),
    N_("8D / root cause"),
    N_("Call-back"),
    N_("Late (h)"),
    N_("Extension"),
    N_("Return and claim"),
    N_("Responsible"),
    N_("Latest state"),
)


def write(x: ComplaintTracking, language: str) -> bytes:
    """Write the table in a language (zh_CN, zh_TW or en) and give the bytes of the .xlsx file."""
    with i18n.speaking(language):
        sheet = Sheet(
            title=_("Complaint tracking table"),
            company=x.company,
            form_number=x.form_number,
            widths_mm=WIDTHS_MM,
            landscape=True,
            printed_at=x.printed_at,
            zone=x.zone,
        )
        _write_reference(sheet, x)
        sheet.head(tuple(_(head) for head in HEADS), replace(HEAD, size_pt=9.5), minimum_pt=28)
        head = sheet.row - 1
        for position, complaint in enumerate(x.complaints, start=1):
            _write_complaint(sheet, x, position, complaint)
        sheet.page.freeze_panes = f"C{head + 1}"
        sheet.page.auto_filter.ref = f"A{head}:{sheet.column_letter(sheet.columns)}{max(head, sheet.row - 1)}"
        sheet.blank_below(ROWS_OF_THE_FORM - len(x.complaints), span=2, minimum_pt=24)
        sheet.keep_rest_together()
        sheet.line_across(_key(), NOTE, minimum_pt=20)
        sheet.line_across(_shares(x), replace(NOTE, bold=True), minimum_pt=20)
        return sheet.to_bytes()


def _write_reference(sheet: Sheet, x: ComplaintTracking) -> None:
    period = _("Month {year}-{month:02}    as of {moment}    management review: monthly").format(
        year=x.year, month=x.month, moment=long_moment(x.cut_off, x.zone)
    )
    sheet.text(1, period, BARE, span=9)
    people = _("Prepared by: {prepared}    Reviewed by: {reviewed}").format(
        prepared=x.prepared_by, reviewed=x.reviewed_by or "____________"
    )
    sheet.text(10, people, replace(BARE, align="right"), span=7)
    sheet.end_row(18)


def _write_complaint(sheet: Sheet, x: ComplaintTracking, position: int, complaint: TrackedComplaint) -> None:
    sheet.figure(1, position, "0", MIDDLE)
    sheet.text(2, _two_lines(complaint.number, complaint.customer_reference), CELL)
    sheet.text(3, short_moment(complaint.received_at, x.zone), MIDDLE)
    sheet.text(4, complaint.customer, CELL)
    kind = _(complaint.complaint_class)
    sheet.text(5, _two_lines(kind, _("urgent")) if complaint.urgent else kind, MIDDLE)
    sheet.text(6, _two_lines(complaint.product, complaint.defect), CELL)
    sheet.figure(7, complaint.pieces, PIECES_FORMAT, replace(CELL, align="right"))
    milestones = (
        complaint.preliminary_reply,
        complaint.written_reply,
        complaint.causes_and_measures,
        complaint.call_back,
    )
    for column, milestone in enumerate(milestones, start=8):
        _write_milestone(sheet, column, milestone, x)
    late_hours = complaint.late_hours(x.cut_off)
    look = replace(LATE, align="right") if late_hours else replace(MIDDLE, align="right")
    sheet.figure(12, late_hours, "0.0_ ;;—_ ", look)
    sheet.text(13, _extension_text(complaint, x.zone), replace(CELL, size_pt=9))
    sheet.text(14, _settlement_text(complaint), replace(CELL, size_pt=9))
    sheet.text(15, complaint.responsible, MIDDLE)
    mark = complaint.mark(x.cut_off)
    is_overdue = mark is TrackingMark.OVERDUE
    state = _two_lines(_("■ overdue"), _(complaint.state)) if is_overdue else f"{mark.value} {_(complaint.state)}"
    sheet.text(16, state, replace(LATE, align="left") if is_overdue else CELL)
    sheet.end_row(31)


def _two_lines(first: str, second: str) -> str:
    return "\n".join(part for part in (first, second) if part)


def _write_milestone(sheet: Sheet, column: int, milestone: Milestone | None, x: ComplaintTracking) -> None:
    """Write when it was done, by when it is due, that it is overdue, or that it is not needed."""
    if milestone is None:
        sheet.text(column, _("not needed"), MIDDLE)
    elif milestone.done_at is not None:
        late = milestone.is_late(x.cut_off)
        done = short_moment(milestone.done_at, x.zone)
        sheet.text(column, _two_lines(done, _("late")) if late else done, LATE if late else MIDDLE)
    elif milestone.limit is None:
        sheet.text(column, "—", MIDDLE)
    elif milestone.is_late(x.cut_off):
        sheet.text(column, _("■ overdue"), LATE)
    else:
        sheet.text(column, _("due {moment}").format(moment=short_limit(milestone.limit, x.zone)), MIDDLE)


def _extension_text(complaint: TrackedComplaint, zone: str) -> str:
    """Name the new date and the reason, and say when the customer was told too late or not at all."""
    texts = []
    for step in complaint.milestones:
        if step.extended_to is None:
            continue
        told = step.extension_told_at is not None and step.limit == step.extended_to
        template = _("to {moment}: {reason}") if told else _("to {moment}: {reason} (customer not told in time)")
        texts.append(template.format(moment=short_limit(step.extended_to, zone), reason=step.extension_reason))
    return "\n".join(texts) or "—"


def _settlement_text(complaint: TrackedComplaint) -> str:
    return_text = _two_words(complaint.return_number, _(complaint.return_state))
    claim_text = _two_words(complaint.claim_number, complaint.claim_amount, _(complaint.claim_state))
    return _two_lines(return_text, claim_text) or "—"


def _two_words(*words: str) -> str:
    return " ".join(word for word in words if word)


def _key() -> str:
    return _(
        "Marks: ○ open   ● done   ▲ recall   ■ overdue. Late hours count from the limit; "
        "an extension needs a reason and a new date, told to the customer before the limit."
    )


def _shares(x: ComplaintTracking) -> str:
    total = len(x.complaints)
    if not total:
        return _("No complaints this month.")
    percent = Decimal(100 * x.in_time) / total
    return _("{total} complaints this month, {in_time} in time ({percent:.1f} %), {late} late.").format(
        total=total, in_time=x.in_time, percent=percent, late=x.late
    )
