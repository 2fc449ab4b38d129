"""The 8D report as a Word file, full or draft, in zh_CN, zh_TW and en.

The look follows papers.md of the design, sections 1 to 4; form ADD-PCD-QA-001.F1W (procedure 003-A §9.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.documents.eight_d_report import causes, closure, head, problem, remedy, words
from qms_desktop.documents.eight_d_report.form import Form
from qms_desktop.documents.eight_d_report.paper import Paper
from qms_desktop.documents.eight_d_report.wording import ChineseLeft, refuse_chinese, refuse_control_characters
from qms_desktop.documents.word import Properties, fill_fields, save, set_properties, watermark
from qms_desktop.i18n import _, speaking
from qms_desktop.steps.eight_d_content import PaperState

if TYPE_CHECKING:
    from docx.document import Document

    from qms_desktop.steps.eight_d_content import EightDReport

__all__ = ["ChineseLeft", "Form", "write"]


def write(report: EightDReport, language: str) -> bytes:
    """Give the report as a Word file in a language: zh_CN, zh_TW or en; the same report gives the same bytes.

    Raises ChineseLeft when an English report still holds Chinese, InvalidInput when a text or picture cannot be
    printed, Unavailable when the form is missing, Refused when the form lacks a field, KeyError for another language.
    """
    form = Form.of(language)
    refuse_control_characters(report)
    if language == "en":
        refuse_chinese(report)
    with speaking(language):
        document = form.empty_document()
        _fill_margins(document, report, form)
        paper = Paper(document, form=form)
        head.write(paper, report)
        photos_left = problem.write_problem(paper, report)
        problem.write_containment(paper, report)
        causes.write(paper, report)
        remedy.write_actions(paper, report)
        remedy.write_validation(paper, report)
        remedy.write_prevention(paper, report)
        closure.write(paper, report, photos_left=photos_left)
        set_properties(document, _properties(report, language))
        return save(document)


def _fill_margins(document: Document, report: EightDReport, form: Form) -> None:
    fill_fields(
        document,
        {
            "company": report.company,
            "number": report.number,
            "revision": str(report.revision),
            "form": form.number,
            "frozen": _frozen(report),
        },
    )
    if report.state is PaperState.DRAFT:
        watermark(document, _("DRAFT"), typeface=form.typeface)
    elif report.state is PaperState.VOID:
        watermark(document, _("VOID"), typeface=form.typeface)


def _frozen(report: EightDReport) -> str:
    """Say when the content was frozen, and its hash; a file cannot hold its own."""
    if report.state is PaperState.DRAFT or not report.frozen_at or not report.content_sha256:
        return _("Draft, not approved")
    return _("Rev. {revision} frozen {time} · SHA-256 {first}…{last}").format(
        revision=report.revision,
        time=words.zoned(report.frozen_at),
        first=report.content_sha256[:8],
        last=report.content_sha256[-4:],
    )


def _properties(report: EightDReport, language: str) -> Properties:
    numbers = (
        report.number,
        report.complaint_number,
        report.rma_number,
        report.customer.reference,
        report.preparation.recall_number,
        report.product.part_number,
        report.product.lot,
    )
    title = _("8D report")
    return Properties(
        title=f"{title} {report.number}",
        subject=report.title,
        author=report.prepared_by,
        created_at=report.created_at,
        changed_at=report.changed_at,
        version=str(report.revision),
        keywords="; ".join(number for number in numbers if number),
        language=language.replace("_", "-"),
        category="8D",
    )
