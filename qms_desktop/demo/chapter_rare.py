"""What is rare: goods scrapped at a customer abroad, a declined recall, an unsatisfied customer, a late answer."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.db.claim import SettlementKind
from qms_desktop.db.complaint import ReplyKind
from qms_desktop.db.recall import Seat
from qms_desktop.db.rma import OpinionKind
from qms_desktop.db.sorting import DispositionKind, Responsibility
from qms_desktop.demo.cases import (
    CLERK,
    MANAGER,
    QE,
    Case,
    answer,
    approve,
    contain,
    handle,
    register,
    request,
    tell_causes,
)
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.steps import claim, complaint, complaint_ending, recall, rma, sorting
from qms_desktop.steps.claim import Settlement
from qms_desktop.steps.sorting import NewDisposition, NewShare

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller

INSPECTOR, GENERAL_MANAGER = "李娜娜", "胡霞军"
SEATS = {Seat.QUALITY: "胡丽桂", Seat.PRODUCTION: "罗强", Seat.SALES: MANAGER, Seat.PRODUCT_SAFETY: "吕慧"}
NOT_SATISFIED = Case("2026-11-04 16:30", "C1003", "YQ-22", "L2606A", 40, "F-012", "开启力偏大，老人打不开", "returned")
NO_RECALL = Case("2026-11-09 14:00", "C1011", "YQ-22", "L2603A", 30, "F-012", "开启力偏大", "contained")
LATE = Case("2026-11-05 16:00", "C1002", "JL-28", "L2610B", 20, "F-024", "外箱淋雨", "accepted")
ABROAD = Case("2026-11-11 15:00", "C2001", "XT-28", "L2610C", 36, "F-022", "Terminal 0.2 mm too wide", "returned")


def tell(teller: Teller) -> None:
    """Tell the four cases."""
    _tell_not_satisfied(teller)
    _tell_declined_recall(teller)
    _tell_late_answer(teller)
    _tell_scrapped_abroad(teller)


def _tell_not_satisfied(teller: Teller) -> None:
    """Tell of a customer whom the first causes did not satisfy: the analysis begins again, round 2."""
    case = NOT_SATISFIED
    teller.at(case.at)
    made = register(teller, case)
    handle(teller, case, made)
    teller.at("2026-11-10 10:00")
    tell_causes(teller, made, "润滑脂低温变稠；改用低温脂")
    teller.at("2026-11-13 09:40")
    complaint_ending.take_verdict(
        teller.by(CLERK),
        complaint_id=made.complaint_id,
        is_satisfied=False,
        said_by="Ms. Becker",
        text="换脂后 8 支仍超差，常温也费力",
    )
    again = complaint.show(teller.by(QE), complaint_id=made.complaint_id)
    teller.told(QE, f"{made.number}: customer not satisfied, round {again.round}: analysed again")
    teller.at("2026-11-18 16:10")
    complaint.reply(
        teller.by(CLERK),
        complaint_id=made.complaint_id,
        kind=ReplyKind.CAUSES_AND_MEASURES,
        text="第 2 轮：导向套同轴度超差，已更换夹具并全检库存",
    )
    teller.told(CLERK, f"{made.number}: causes and measures of round {again.round} told")


def _tell_declined_recall(teller: Teller) -> None:
    """Tell of a recall that the general manager declined by signature, after all four seats were heard."""
    case = NO_RECALL
    teller.at(case.at)
    made = register(teller, case)
    handle(teller, case, made)
    qe = teller.by(QE)
    line = complaint.show(qe, complaint_id=made.complaint_id).lines[0]
    proposed = recall.propose(qe, complaint_line_id=line.id)
    traced = recall.assess(
        qe,
        recall_id=proposed.recall_id,
        question=f"{case.product} {case.lot} 还发给了谁？",
        product=case.product,
        lot=case.lot,
    )
    for seat, name in SEATS.items():
        read = recall.show(teller.by(name), recall_id=proposed.recall_id)
        recall.hear(
            teller.by(name),
            recall_id=proposed.recall_id,
            seat=seat,
            opinion="留样与库存 50 支全检合格，非产品问题",
            read_hash=read.content_hash,
        )
    recall.report_to_gm(qe, recall_id=proposed.recall_id)
    teller.at("2026-11-10 09:30")
    manager = teller.by(GENERAL_MANAGER)
    read = recall.show(manager, recall_id=proposed.recall_id)
    recall.decline(
        manager,
        recall_id=proposed.recall_id,
        read_hash=read.content_hash,
        reason="50 支全检合格（17～25 N），客户安装支架变形所致，不构成产品召回",
        password=DEMO_PASSWORD,
    )
    teller.told(
        GENERAL_MANAGER,
        f"{proposed.number} declined and signed: {traced.pieces} pieces at {traced.customers} others stay",
    )
    teller.at("2026-11-16 11:00")
    tell_causes(teller, made, "客户安装支架变形，产品合格；已提供安装检具")


def _tell_late_answer(teller: Teller) -> None:
    """Tell of a written answer that came after its limit."""
    case = LATE
    teller.at(case.at)
    made = register(teller, case)
    handle(teller, case, made)
    teller.at("2026-11-12 09:10")
    contain(teller, case, made)
    answer(teller, made, "回复延误致歉；同批外箱已换防水箱")
    teller.told(CLERK, f"{made.number}: written answer after its limit, with an apology")
    teller.at("2026-11-13 10:00")
    tell_causes(teller, made, "月台无雨棚，装车淋雨；已加篷布")


def _tell_scrapped_abroad(teller: Teller) -> None:
    """Tell of goods that stay with a customer abroad, are scrapped there by certificate, and are claimed in euro."""
    case = ABROAD
    teller.at(case.at)
    made = register(teller, case)
    handle(teller, case, made)
    requested = request(
        teller, case, made, opinion=OpinionKind.SCRAP_AT_CUSTOMER, price=Decimal("12.80"), currency="EUR"
    )
    approve(teller, requested)
    teller.told(CLERK, f"{requested.number}: {case.pieces} pieces stay at {case.customer}, to be scrapped there")
    teller.at("2026-11-17 16:00")
    inspector = teller.by(INSPECTOR)
    (goods,) = sorting.listed(inspector, rma_id=requested.rma_id)
    sorting.judge(
        inspector,
        round_id=goods.id,
        method="客户 3D 报告与照片复核",
        limit_sample="LS-28",
        text="端子压接模磨损",
        defect_code=case.defect,
        shares=(NewShare(Responsibility.MANUFACTURING, 100),),
        password=DEMO_PASSWORD,
    )
    scrapped = NewDisposition(
        DispositionKind.SCRAPPED_AT_CUSTOMER,
        case.pieces,
        certificate_no="NH-SC-2611-07",
        certificate_pieces=case.pieces,
        remark="报废证明 2026-11-16，照片 6 张",
    )
    sorting.sort(inspector, round_id=goods.id, dispositions=(scrapped,))
    teller.told(INSPECTOR, f"{requested.number}: {case.pieces} scrapped at the customer, certificate NH-SC-2611-07")
    tell_causes(teller, made, "Crimping die worn; die replaced, stock sorted")
    teller.at("2026-11-19 15:00")
    clerk = teller.by(CLERK)
    (line,) = rma.show(clerk, rma_id=requested.rma_id).lines
    claimed = claim.prepare(
        clerk, rma_id=requested.rma_id, settlements=(Settlement(line.id, SettlementKind.CASH, case.pieces),)
    )
    claim.review(teller.by(MANAGER), claim_id=claimed.claim_id, text="合同索赔条款已核对")
    claim.calculate(clerk, claim_id=claimed.claim_id)
    sums = claim.show(clerk, claim_id=claimed.claim_id).sums
    teller.told(CLERK, f"claim {claimed.number}: EUR {sums.total if sums else 0:,.2f}, to be submitted")
