"""Other cases beside the story: enough to fill the lists, and to show what the story does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.complaint import ComplaintClass, ReplyKind, Urgency
from qms_desktop.db.receipt import ArrivalKind
from qms_desktop.db.rma import OpinionKind, RefusalReason
from qms_desktop.demo.cases import (
    CLERK,
    MANAGER,
    QE,
    SALES_VP,
    Case,
    answer,
    approve,
    contain,
    handle,
    register,
    request,
    tell_causes,
)
from qms_desktop.rules.deadline import Event
from qms_desktop.steps import complaint, receipt, rma

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller

# Three by three and then two by two: 115 pieces in 40 cartons, and two strange pieces in the forty-first.
CARTONS = (3,) * 35 + (2,) * 5
RMA_STAGES = ("review", "opinion", "to_sign", "awaiting", "arrived", "refused")

CASES = (
    Case("2026-11-10 09:05", "C1005", "JL-28", "L2608C", 24, "F-022", "铰链孔位偏 0.4 mm，装不上", "review"),
    Case("2026-11-10 14:30", "C2007", "YQ-22", "L2608C", 30, "F-014", "Noise at half stroke", "contained"),
    Case("2026-11-12 10:10", "C1017", "ZW-28", "L2608C", 60, "F-021", "外壳划伤，A 面可见", "opinion"),
    Case("2026-11-12 16:40", "C1004", "ZD-22", "L2608B", 150, "F-032", "滑轨中段卡滞", "to_sign"),
    Case("2026-11-13 08:50", "C1006", "DP-34", "L2608A", 90, "F-024", "外箱受潮破损", "awaiting"),
    Case("2026-11-13 11:20", "C1020", "YQ-22", "L2608A", 18, "F-013", "气弹簧渗油", "arrived"),
    Case("2026-11-16 09:30", "C1014", "JL-46", "L2608B", 12, "F-090", "混入 JL-40", "refused"),
    Case("2026-11-16 15:15", "C3002", "JL-52", "L2608B", 40, "F-023", "Labels show another part number", "extended"),
    Case(
        "2026-11-17 10:00", "C1008", "MS-34", "L2608B", 240, "", "交期晚两天，客户产线等料", "registered",
        complaint_class=ComplaintClass.DELIVERY,
    ),
    Case("2026-11-18 13:45", "C1018", "JL-34", "L2608A", 8, "F-022", "厚度超差", "accepted"),
    Case(
        "2026-11-19 09:20", "C2003", "SJ-34", "L2608B", 240, "F-051", "Lead above the limit in the customer's test",
        "contained", urgency=Urgency.URGENT, is_banned_substance=True,
    ),
    Case("2026-11-19 17:30", "C1015", "SJ-52", "L2608A", 6, "F-033", "升降失速", "accepted", urgency=Urgency.URGENT),
    Case("2026-11-20 08:35", "C1013", "FD-22", "L2608A", 15, "F-043", "阀体泄漏", "registered", urgency=Urgency.URGENT),
)  # fmt: skip


def tell_before(teller: Teller) -> None:
    """Tell the case of October whose 41 labels come before the story's: announced 120, counted 117."""
    teller.at("2026-10-12 09:00")
    case = Case("", "C1013", "FD-28", "L2608A", 120, "F-043", "阀体泄漏")
    made = register(teller, case)
    handle(teller, case, made)
    tell_causes(teller, made, "阀体密封面划伤，已改进周转")
    requested = request(teller, case, made)
    approve(teller, requested)
    teller.at("2026-10-15 10:00")
    zhou = teller.by("周磊秀")
    arrived = receipt.arrive(zhou, rma_id=requested.rma_id, arrival_kind=ArrivalKind.POST, place="Q-01")
    line = receipt.show(zhou, receipt_id=arrived.receipt_id).lines[0]
    for pieces in CARTONS:
        receipt.receive(zhou, receipt_line_id=line.id, pieces=pieces, lot="L2608A")
    strange = receipt.add_other_goods(zhou, receipt_id=arrived.receipt_id, product="FD-22", description="混装 FD-22")
    receipt.receive(zhou, receipt_line_id=strange, pieces=2)
    receipt.close_count(zhou, receipt_id=arrived.receipt_id)
    teller.at("2026-10-16 11:00")
    agreed = (receipt.Agreed(line.id, sum(CARTONS)), receipt.Agreed(strange, 2))
    receipt.agree(teller.by(CLERK), receipt_id=arrived.receipt_id, agreed=agreed, agreed_with="客户质量部")
    teller.told(CLERK, f"{requested.number}: announced 120, counted 117 of which 2 are another product, agreed")


def tell_beside(teller: Teller) -> tuple[complaint.Registered, ...]:
    """Tell the cases of November that are open when the demo opens; gives them in the order of `CASES`."""
    told = []
    for case in CASES:
        teller.at(case.at)
        made = register(teller, case)
        if case.reaches != "registered":
            handle(teller, case, made)
        if case.reaches == "extended":
            _extend(teller, made)
        stage = _carry_on(teller, case, made) if case.reaches in RMA_STAGES else case.reaches
        teller.told(CLERK, f"{made.number} of {case.customer}: {case.pieces} {case.product} {case.lot}, {stage}")
        told.append(made)
    _quarantine(teller)
    return tuple(told)


def _quarantine(teller: Teller) -> None:
    """Tell the carton that nobody announced: it waits in quarantine for sales."""
    teller.at("2026-11-18 15:20")
    zhou = teller.by("周磊秀")
    made = receipt.arrive_without_rma(zhou, product="FD-22", description="纸箱一只，无单据", place="Q-04")
    line = receipt.show(zhou, receipt_id=made.receipt_id).lines[0]
    receipt.receive(zhou, receipt_line_id=line.id, pieces=24, lot="L2608B")
    receipt.close_count(zhou, receipt_id=made.receipt_id)
    teller.told("周磊秀", f"goods without an RMA: case {made.number}, 24 pieces of FD-22 in quarantine Q-04")


def _extend(teller: Teller, made: complaint.Registered) -> None:
    clerk = teller.by(CLERK)
    complaint.reply(
        clerk, complaint_id=made.complaint_id, kind=ReplyKind.ACKNOWLEDGEMENT, text="已受理，正在核对标签记录"
    )
    complaint.tell_extension(
        clerk,
        complaint_id=made.complaint_id,
        event=Event.CAUSES_AND_MEASURES,
        until=teller.moment("2026-12-04 18:00"),
        reason="等待外贸公司提供标签照片",
    )
    teller.told(CLERK, f"{made.number}: extension to 2026-12-04 18:00 told to the customer in time")


def _carry_on(teller: Teller, case: Case, made: complaint.Registered) -> str:
    """Carry an RMA as far as the case has come; gives what happened to it, for the story's line."""
    requested = request(teller, case, made, opinion=None if case.reaches == "opinion" else OpinionKind.RETURN)
    if case.reaches in ("opinion", "review"):
        return f"{requested.number} waits for {case.reaches}"
    if case.reaches == "refused":
        rma.refuse(
            teller.by(MANAGER),
            rma_id=requested.rma_id,
            reason=RefusalReason.NOT_OURS,
            evidence="无本公司标识，批号规则不符",
        )
        return f"{requested.number} refused (R2)"
    if case.reaches == "to_sign":
        rma.review(teller.by(SALES_VP), rma_id=requested.rma_id, text="合同条款已核对")
        return f"{requested.number} waits for a signature"
    approve(teller, requested)
    if case.reaches == "arrived":
        zhou = teller.by("周磊秀")
        receipt.arrive(zhou, rma_id=requested.rma_id, arrival_kind=ArrivalKind.POST, place="Q-02")
        return f"{requested.number} has arrived and waits for its count"
    return f"{requested.number} approved, goods on their way"


def tell_after(teller: Teller, told: tuple[complaint.Registered, ...]) -> None:
    """Tell how the open complaints of November are answered after the demo opens (20 to 30 November)."""
    for case, made in zip(CASES, told, strict=True):
        if case.reaches in ("registered", "accepted"):
            teller.at("2026-11-20 10:30")
            if case.reaches == "registered":
                complaint.accept(teller.by(CLERK), complaint_id=made.complaint_id)
            contain(teller, case, made)
            answer(teller, made)
    for number, (case, made) in enumerate(zip(CASES, told, strict=True)):
        day = "2026-11-20" if case.at < "2026-11-11" else "2026-11-23" if case.at < "2026-11-16" else "2026-11-25"
        teller.at(f"{day} {11 + number // 4}:{number % 4}5")
        tell_causes(teller, made, "原因已查明，措施已实施并复核")
    teller.told(QE, f"causes and measures of {len(told)} complaints told to their customers")
