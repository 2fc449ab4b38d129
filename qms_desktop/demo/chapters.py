"""The chapters of the story in their order, and where the demo opens: 2026-11-20 09:40."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qms_desktop import i18n
from qms_desktop.demo import (
    chapter_claim,
    chapter_eight_d,
    chapter_goods,
    chapter_november,
    chapter_others,
    chapter_rare,
    chapter_recall,
    chapter_return,
    erp,
)

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller
    from qms_desktop.steps import complaint, eight_d

OPENS_AT = "2026-11-20 09:40"
# What the program writes into records in words, such as the doubts of a trace, is in the plant's language.
SPOKEN = "zh_CN"


@dataclass(frozen=True)
class Told:
    """What the story leaves: the records that its papers are made of."""

    complaint_id: int
    rma_number: str
    rma_id: int
    report: eight_d.Opened
    recall_id: int
    goods: chapter_goods.Goods
    others: tuple[complaint.Registered, ...]
    claim_id: int = 0


@i18n.speaking(SPOKEN)
def tell_until_the_demo_opens(teller: Teller) -> Told:
    """Tell what has happened when the demo opens, and leave the clock there."""
    chapter_others.tell_before(teller)
    erp.import_lots(teller, "2026-11-03 08:10")
    erp.import_shipments(teller, "2026-11-03 08:20")
    registered, requested = chapter_return.complain(teller)
    chapter_claim.supply_in_advance(teller, rma_id=requested.rma_id)
    chapter_return.approve(teller, requested)
    report = chapter_eight_d.open_report(teller, complaint_id=registered.complaint_id)
    chapter_eight_d.send_3d(teller, report)
    chapter_return.answer(teller, registered)
    arrived = chapter_return.receive(teller, requested)
    chapter_claim.book_return_freight(teller, rma_id=requested.rma_id)
    erp.import_shipments(teller, "2026-11-05 08:10")
    recall_id = chapter_recall.tell(teller, complaint_id=registered.complaint_id)
    goods = chapter_goods.judge_and_sort(teller, receipt_id=arrived.receipt_id, rma_id=requested.rma_id)
    chapter_eight_d.send_5d(teller, report)
    chapter_return.tell_causes(teller, registered)
    chapter_goods.finish_and_inspect(teller, goods)
    chapter_claim.book_quality_hours(teller, goods)
    erp.import_shipments(teller, "2026-11-09 08:10")
    chapter_november.tell(teller)
    chapter_rare.tell(teller)
    others = chapter_others.tell_beside(teller)
    erp.import_shipments(teller, "2026-11-20 08:31")
    teller.at(OPENS_AT)
    return Told(registered.complaint_id, requested.number, requested.rma_id, report, recall_id, goods, others)


@i18n.speaking(SPOKEN)
def tell_everything(teller: Teller) -> Told:
    """Tell the whole story to its end."""
    told = tell_until_the_demo_opens(teller)
    dismantling = chapter_goods.dismantle(teller, told.goods)
    chapter_others.tell_after(teller, told.others)
    claim_id = chapter_claim.settle(teller, rma_id=told.rma_id)
    chapter_claim.finish_cost(teller, rma_id=told.rma_id, dismantling=dismantling)
    chapter_eight_d.close(teller, told.report)
    chapter_return.close(teller, told.complaint_id)
    return replace(told, claim_id=claim_id)
