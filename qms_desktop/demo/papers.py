"""The papers of the story: labels, 8D in three languages, return analysis sheet, recall list, monthly table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop import documents, i18n
from qms_desktop.drawing.label_layout import LabelSize
from qms_desktop.steps import claim, eight_d, recall, receipt, statistics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.demo.chapters import Told
    from qms_desktop.demo.teller import Teller
    from qms_desktop.steps.receipt_label import ReceiptLabel

LANGUAGE = "zh_CN"


@dataclass(frozen=True)
class Paper:
    """One file that the story leaves."""

    file_name: str
    content: bytes


def of_the_story(teller: Teller, told: Told) -> tuple[Paper, ...]:
    """Write the papers; what the steps say in words is read in the language of the paper."""
    with i18n.speaking(LANGUAGE):
        return tuple(_papers(teller, told))


def _papers(teller: Teller, told: Told) -> Iterator[Paper]:
    boss = teller.by("胡霞军")
    labels = list(_labels(teller, told))
    yield Paper("label.zpl", documents.receipt_label.zpl(labels[0], LabelSize.MEDIUM))
    yield Paper("labels.pdf", documents.receipt_label.pdf(labels, LabelSize.MEDIUM))
    for language in ("zh_CN", "zh_TW", "en"):
        spoken = "en" if language == "en" else ""
        content = eight_d.content(
            boss, eight_d_id=told.report.eight_d_id, kind=eight_d.ReportKind.EIGHT_D, language=spoken
        )
        yield Paper(f"{told.report.number}_{language}.docx", documents.eight_d_report.write(content, language))
    sheet = claim.sheet(boss, claim_id=told.claim_id)
    yield Paper("return_analysis_sheet.xlsx", documents.return_analysis_sheet.write(sheet, LANGUAGE))
    scope = recall.scope(boss, recall_id=told.recall_id)
    yield Paper("recall_list.xlsx", documents.recall_list.write(scope, LANGUAGE))
    month = statistics.monthly(boss, year=2026, month=11)
    yield Paper("monthly_table_2026-11.xlsx", documents.monthly_table.write(month, LANGUAGE))
    tracking = statistics.tracking(boss, year=2026, month=11)
    yield Paper("complaint_tracking_2026-11.xlsx", documents.tracking_table.write(tracking, LANGUAGE))


def _labels(teller: Teller, told: Told) -> Iterator[ReceiptLabel]:
    zhou = teller.by("周磊秀")
    for row in receipt.listed(zhou, rma_id=told.rma_id):
        for line in receipt.show(zhou, receipt_id=row.id).lines:
            for count in line.counts:
                if count.label_id is not None:
                    receipt.print_label(zhou, label_id=count.label_id)
                    yield receipt.preview_label(zhou, label_id=count.label_id)
