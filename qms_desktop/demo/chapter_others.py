"""Other cases beside the story: enough to fill the lists, and to show what the story does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db.complaint import Channel, ComplaintClass, ReplyKind, Severity, Urgency
from qms_desktop.db.receipt import ArrivalKind
from qms_desktop.db.rma import OpinionKind, RefusalReason
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.rules.deadline import Event
from qms_desktop.steps import complaint, receipt, rma

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller

# Three by three and then two by two: 115 pieces in 40 cartons, and two strange pieces in the forty-first.
CARTONS = (3,) * 35 + (2,) * 5
CLERK, QE, MANAGER = "陈明军", "马军", "王涛兰"


@dataclass(frozen=True)
class Case:
    """A further complaint: when it was taken down, of whom, of what, and how far it has come."""

    at: str
    customer: str
    product: str
    lot: str
    pieces: int
    defect: str
    words: str
    reaches: str = "registered"
    urgency: Urgency = Urgency.NORMAL
    complaint_class: ComplaintClass = ComplaintClass.QUALITY
    is_banned_substance: bool = False


CASES = (
    Case("2026-11-10 09:05", "C1005", "JL-28", "L2608C", 24, "F-022", "铰链孔位偏 0.4 mm，装不上", "review"),
    Case("2026-11-10 14:30", "C2007", "YQ-22", "L2608C", 30, "F-014", "Noise at half stroke", "contained"),
    Case("2026-11-12 10:10", "C1017", "ZW-28", "L2608C", 60, "F-021", "外壳划伤，A 面可见", "opinion"),
    Case("2026-11-12 16:40", "C1004", "ZD-22", "L2608B", 150, "F-042", "电磁阀不吸合", "to_sign"),
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
    made = _register(teller, case)
    _handle(teller, case, made)
    complaint.analyse(teller.by(QE), complaint_id=made.complaint_id)
    complaint.reply(
        teller.by(CLERK),
        complaint_id=made.complaint_id,
        kind=ReplyKind.CAUSES_AND_MEASURES,
        text="阀体密封面划伤，已改进周转",
    )
    requested = _request(teller, case, made)
    _approve(teller, requested)
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


def tell_beside(teller: Teller) -> None:
    """Tell the cases of November that are open when the demo opens."""
    for case in CASES:
        teller.at(case.at)
        made = _register(teller, case)
        if case.reaches != "registered":
            _handle(teller, case, made)
        if case.reaches == "extended":
            _extend(teller, made)
        if case.reaches in ("review", "opinion", "to_sign", "awaiting", "arrived", "refused"):
            _carry_on(teller, case, made)
    teller.told(CLERK, f"{len(CASES)} further complaints of November are in the lists")


def _handle(teller: Teller, case: Case, made: complaint.Registered) -> None:
    """Accept a complaint, contain it and answer, except where the case waits for just that."""
    complaint.accept(teller.by(CLERK), complaint_id=made.complaint_id)
    if case.reaches != "accepted":
        complaint.contain(
            teller.by(QE), complaint_id=made.complaint_id, place="stock", measure="同批库存隔离全检", pieces=case.pieces
        )
        complaint.reply(
            teller.by(CLERK), complaint_id=made.complaint_id, kind=ReplyKind.WRITTEN, text="已受理，同批库存已隔离"
        )


def _register(teller: Teller, case: Case) -> complaint.Registered:
    received = teller.now
    if received is None:
        message = "the clock of the story is not set"
        raise RuntimeError(message)
    return complaint.register(
        teller.by(CLERK),
        customer=case.customer,
        received_at=received,
        channel=Channel.EMAIL,
        complaint_class=case.complaint_class,
        urgency=case.urgency,
        severity=Severity.MEDIUM,
        is_banned_substance=case.is_banned_substance,
        lines=(complaint.NewLine(case.product, case.pieces, case.words, lot=case.lot, defect_code=case.defect),),
    )


def _extend(teller: Teller, made: complaint.Registered) -> None:
    wang = teller.by(CLERK)
    complaint.reply(
        wang, complaint_id=made.complaint_id, kind=ReplyKind.ACKNOWLEDGEMENT, text="已受理，正在核对标签记录"
    )
    complaint.tell_extension(
        wang,
        complaint_id=made.complaint_id,
        event=Event.CAUSES_AND_MEASURES,
        until=teller.moment("2026-12-04 18:00"),
        reason="等待外贸公司提供标签照片",
    )


def _carry_on(teller: Teller, case: Case, made: complaint.Registered) -> None:
    requested = _request(teller, case, made, opinion=case.reaches != "opinion")
    if case.reaches in ("opinion", "review"):
        return
    if case.reaches == "refused":
        rma.refuse(
            teller.by(MANAGER),
            rma_id=requested.rma_id,
            reason=RefusalReason.NOT_OURS,
            evidence="无本公司标识，批号规则不符",
        )
        return
    if case.reaches == "to_sign":
        rma.review(teller.by("郭明"), rma_id=requested.rma_id, text="合同条款已核对")
        return
    _approve(teller, requested)
    if case.reaches == "arrived":
        zhou = teller.by("周磊秀")
        receipt.arrive(zhou, rma_id=requested.rma_id, arrival_kind=ArrivalKind.POST, place="Q-02")


def _request(teller: Teller, case: Case, made: complaint.Registered, *, opinion: bool = True) -> rma.Requested:
    clerk = teller.by(CLERK)
    price = rma.price_of(clerk, product=case.product)
    requested = rma.request(
        clerk,
        complaint_id=made.complaint_id,
        lines=(rma.NewRmaLine(case.product, case.pieces, price, lot=case.lot, defect_code=case.defect),),
    )
    if opinion:
        lines = rma.show(teller.by(QE), rma_id=requested.rma_id).lines
        opinions = tuple(rma.OpinionOnLine(line.id, OpinionKind.RETURN) for line in lines)
        rma.give_opinion(teller.by(QE), rma_id=requested.rma_id, opinions=opinions)
    return requested


def _approve(teller: Teller, requested: rma.Requested) -> None:
    rma.review(teller.by(MANAGER), rma_id=requested.rma_id, text="合同条款已核对")
    signer = teller.by("郭明")
    need = rma.show(signer, rma_id=requested.rma_id).need
    for role in need.roles if need else ():
        name = {"sales_manager": MANAGER, "sales_vp": "郭明"}[str(role)]
        read = rma.show(teller.by(name), rma_id=requested.rma_id)
        rma.approve(teller.by(name), rma_id=requested.rma_id, read_hash=read.content_hash, password=DEMO_PASSWORD)
