"""Returns of November beside the story, from the truck to their heaps: they make the month's Pareto of seven defects.

Each shows something that the story does not: more pieces than the RMA allows, a carton counted again and its void
label, refusals R1 and R4 at the sorting, a stop that was forgotten, a round that is not finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db.claim import Place, SettlementKind
from qms_desktop.db.receipt import ArrivalKind
from qms_desktop.db.rework import OrderKind
from qms_desktop.db.rma import RefusalReason
from qms_desktop.db.sorting import DispositionKind, Responsibility
from qms_desktop.demo.cases import CLERK, MANAGER, Case, approve, handle, register, request, tell_causes
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.steps import claim, inspection, receipt, rework, rma, sorting
from qms_desktop.steps.claim import Settlement
from qms_desktop.steps.rework import Take
from qms_desktop.steps.sorting import NewDisposition, NewShare

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller

K, R = DispositionKind, RefusalReason
COUNTER, LEADER, INSPECTOR, FOREMAN, ENGINEER = "徐勇", "沈国强", "李娜娜", "朱英", "朱娟霞"


@dataclass(frozen=True)
class Return:
    """Goods of one complaint that came back: what each carton held, when they were sorted and into what."""

    case: Case
    arrived: str
    cartons: tuple[int, ...]
    sorted_at: str
    cause: str
    share: NewShare
    heaps: tuple[NewDisposition, ...]
    place: str


@dataclass(frozen=True)
class Sorted:
    """A return that was told: its RMA and the round of its goods."""

    requested: rma.Requested
    round_id: int


LEAKING = Return(
    Case("2026-11-04 15:00", "C1019", "YQ-22", "L2607C", 80, "F-013", "密封处渗油", "returned"),
    "2026-11-09 09:10", (40, 40), "2026-11-11 10:30", "密封圈唇口缺损", NewShare(Responsibility.SUPPLIER, 100, "V101"),
    (NewDisposition(K.SCRAP, 80, remark="密封圈唇口缺损，不可修复"),), "Q-04",
)  # fmt: skip
TOO_MANY = Return(
    Case("2026-11-05 14:00", "C1007", "DP-34", "L2610B", 60, "F-022", "接口尺寸偏大 0.12 mm", "returned"),
    "2026-11-09 13:40", (30, 32), "2026-11-11 14:00", "模具磨损，尺寸偏大", NewShare(Responsibility.MANUFACTURING, 100),
    (
        NewDisposition(K.REWORK, 54),
        NewDisposition(K.RETURN_TO_CUSTOMER, 6, refusal_reason=R.CONFORMS, remark="复测合格"),
        NewDisposition(K.RETURN_TO_CUSTOMER, 2, refusal_reason=R.MISUSE, remark="螺纹被强行旋入"),
    ), "Q-05",
)  # fmt: skip
DAMAGED = Return(
    Case("2026-11-06 10:00", "C1012", "DP-34", "L2610A", 40, "F-024", "外箱压塌，内盒破损", "returned"),
    "2026-11-10 09:20", (20, 20), "2026-11-12 09:00", "运输挤压，产品无损", NewShare(Responsibility.TRANSPORT, 100),
    (NewDisposition(K.REPACK, 40, remark="内盒破损"),), "Q-06",
)  # fmt: skip
NOISY = Return(
    Case("2026-11-09 10:30", "C1009", "YQ-34", "L2611A", 30, "F-014", "行程中段异响", "returned"),
    "2026-11-12 10:00", (15, 15), "2026-11-16 10:00", "导向套润滑不足", NewShare(Responsibility.MANUFACTURING, 100),
    (
        NewDisposition(K.GOOD, 22),
        NewDisposition(K.RETURN_TO_CUSTOMER, 2, refusal_reason=R.OUT_OF_WARRANTY, remark="缸筒钢印 L2509A，已过保修期"),
        NewDisposition(K.RETURN_TO_CUSTOMER, 6, refusal_reason=R.CONFORMS, remark="噪声 42 dB，合同 ≤45 dB"),
    ), "Q-07",
)  # fmt: skip
MISLABELLED = Return(
    Case("2026-11-11 09:30", "C1012", "JL-40", "L2610C", 24, "F-023", "标签型号与实物不符", "returned"),
    "2026-11-16 13:30", (12, 12), "2026-11-18 09:00", "换型时余签未清", NewShare(Responsibility.MANUFACTURING, 100),
    (NewDisposition(K.REPACK, 16, remark="换标签"),), "Q-08",
)  # fmt: skip


def tell(teller: Teller) -> None:
    """Tell the five returns as they stand when the demo opens."""
    leaking = _tell_return(teller, LEAKING)
    too_many = _tell_return(teller, TOO_MANY)
    damaged = _tell_return(teller, DAMAGED)
    _tell_return(teller, NOISY)
    _tell_return(teller, MISLABELLED)
    _rework_with_forgotten_stop(teller, too_many)
    _repack(teller, damaged)
    _begin_claim(teller, leaking)


def _tell_return(teller: Teller, told: Return) -> Sorted:
    case = told.case
    teller.at(case.at)
    made = register(teller, case)
    handle(teller, case, made)
    requested = request(teller, case, made)
    approve(teller, requested)
    teller.told(CLERK, f"{made.number} of {case.customer}: {requested.number} approved, {case.pieces} {case.product}")
    _count(teller, told, requested)
    round_id = _judge_and_sort(teller, told, requested)
    tell_causes(teller, made, f"原因：{told.cause}；措施已实施")
    return Sorted(requested, round_id)


def _count(teller: Teller, told: Return, requested: rma.Requested) -> None:
    """Count the cartons; the last one of the over-receipt is first miscounted, and its label is void."""
    teller.at(told.arrived)
    keeper = teller.by(COUNTER)
    arrived = receipt.arrive(keeper, rma_id=requested.rma_id, arrival_kind=ArrivalKind.POST, place=told.place)
    line = receipt.show(keeper, receipt_id=arrived.receipt_id).lines[0]
    over = sum(told.cartons) - told.case.pieces
    for number, pieces in enumerate(told.cartons, start=1):
        misread = over > 0 and number == len(told.cartons)
        seen = pieces - over if misread else pieces
        counted = receipt.receive(keeper, receipt_line_id=line.id, pieces=seen, lot=told.case.lot)
        if misread:
            again = receipt.recount(keeper, count_id=counted.count_id, pieces=pieces, reason="箱底另有 2 只，重新清点")
            teller.told(COUNTER, f"{requested.number}: label {counted.serial} void, replaced by {again.serial}")
    receipt.close_count(keeper, receipt_id=arrived.receipt_id)
    if over:
        receipt.agree(
            teller.by(CLERK),
            receipt_id=arrived.receipt_id,
            agreed=(receipt.Agreed(line.id, sum(told.cartons)),),
            agreed_with="客户质量部 李工",
            remark="客户确认多退 2 只，一并处理",
        )
        teller.told(CLERK, f"{requested.number}: {told.case.pieces} allowed, {sum(told.cartons)} counted and agreed")
    teller.at(f"{told.arrived[:10]} 15:20")
    leader = teller.by(LEADER)
    read = receipt.show(leader, receipt_id=arrived.receipt_id)
    receipt.accept_count(leader, receipt_id=arrived.receipt_id, read_hash=read.content_hash, password=DEMO_PASSWORD)
    sorting.start_clock(leader, receipt_id=arrived.receipt_id)
    teller.told(LEADER, f"{requested.number}: count of {sum(told.cartons)} signed, labels valid, {told.place}")


def _judge_and_sort(teller: Teller, told: Return, requested: rma.Requested) -> int:
    teller.at(told.sorted_at)
    inspector = teller.by(INSPECTOR)
    (goods,) = (row for row in sorting.listed(inspector, rma_id=requested.rma_id) if row.pieces)
    sorting.judge(
        inspector,
        round_id=goods.id,
        method="按检验指导书全检",
        limit_sample=f"LS-{told.case.product[-2:]}",
        text=told.cause,
        defect_code=told.case.defect,
        shares=(told.share,),
        password=DEMO_PASSWORD,
    )
    done = sorting.sort(inspector, round_id=goods.id, dispositions=told.heaps)
    heaps = ", ".join(f"{heap.pieces} {heap.refusal_reason or heap.kind}" for heap in told.heaps)
    left = f", {done.pieces_left} not decided yet" if done.pieces_left else ""
    teller.told(INSPECTOR, f"{requested.number}: judged and signed; sorted {heaps}{left}")
    return goods.id


def _rework_with_forgotten_stop(teller: Teller, told: Sorted) -> None:
    """Tell a rework whose worker forgot the stop: it is mended the next morning; today's work runs."""
    teller.at("2026-11-18 13:30")
    engineer, foreman = teller.by(ENGINEER), teller.by(FOREMAN)
    order = rework.open_order(engineer, kind=OrderKind.REWORK, takes=(Take(told.round_id, 54),))
    rework.release(engineer, order_id=order.order_id, instruction="RW-DP34-02", revision="B")
    started = rework.start_work(foreman, order_id=order.order_id, badge="10028", rate="返修技工")
    teller.at("2026-11-19 08:10")
    rework.mend_stop(
        foreman,
        work_time_id=started.work_time_id,
        ended_at=teller.moment("2026-11-18 17:00"),
        reason="下班忘记刷停，班长核对后补记",
    )
    teller.told(FOREMAN, f"{order.number}: a forgotten stop mended, 3.5 h instead of 18.7 h")
    rework.start_work(foreman, order_id=order.order_id, badge="10028", rate="返修技工")
    teller.at("2026-11-19 12:10")
    rework.stop_work(foreman, badge="10028")
    rework.report(foreman, order_id=order.order_id, to_inspect=30)
    teller.at("2026-11-19 13:00")
    rework.start_work(foreman, order_id=order.order_id, badge="10032", rate="返修技工")
    teller.told(FOREMAN, f"{order.number}: 30 of 54 wait for inspection; 高兰 works since 13:00, her stop is missing")


def _repack(teller: Teller, told: Sorted) -> None:
    teller.at("2026-11-17 08:30")
    engineer, foreman, inspector = teller.by(ENGINEER), teller.by(FOREMAN), teller.by(INSPECTOR)
    order = rework.open_order(engineer, kind=OrderKind.REPACK, takes=(Take(told.round_id, 40),))
    rework.release(engineer, order_id=order.order_id)
    rework.start_work(foreman, order_id=order.order_id, badge="10031", rate="返工普工")
    teller.at("2026-11-17 09:30")
    rework.stop_work(foreman, badge="10031")
    rework.report(foreman, order_id=order.order_id, to_inspect=40)
    teller.at("2026-11-17 14:00")
    done = inspection.inspect_order(inspector, order_id=order.order_id, submitted=40, passed=40)
    inspection.enter_stock(
        teller.by(COUNTER), inspection_id=done.inspection_id, pieces=40, place="成品库 B-03", slip_no="RK-1117"
    )
    teller.told(INSPECTOR, f"{order.number}: 40 repacked, 40 of 40 pass and go to stock")


def _begin_claim(teller: Teller, told: Sorted) -> None:
    """Tell a claim that waits for signatures when the demo opens: three of the seven places have signed."""
    teller.at("2026-11-18 14:20")
    clerk = teller.by(CLERK)
    (line,) = rma.show(clerk, rma_id=told.requested.rma_id).lines
    made = claim.prepare(
        clerk, rma_id=told.requested.rma_id, settlements=(Settlement(line.id, SettlementKind.CASH, 80),)
    )
    claim.review(teller.by(MANAGER), claim_id=made.claim_id, text="合同索赔条款已核对")
    claim.calculate(clerk, claim_id=made.claim_id)
    claim.submit(clerk, claim_id=made.claim_id)
    places = {Place.SALES_CLERK: CLERK, Place.RETURN_TEAM: LEADER, Place.QUALITY_INSPECTOR: INSPECTOR}
    for place, name in places.items():
        read = claim.show(teller.by(name), claim_id=made.claim_id)
        claim.sign_place(
            teller.by(name), claim_id=made.claim_id, place=place, read_hash=read.content_hash, password=DEMO_PASSWORD
        )
    teller.told(CLERK, f"claim {made.number}: 80 in cash, three of seven places have signed")
