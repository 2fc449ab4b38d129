"""The story's second chapter: judged, sorted, mended and inspected (5 to 20 November 2026)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.db.rework import OrderKind
from qms_desktop.db.rework_effort import Activity
from qms_desktop.db.rma import RefusalReason
from qms_desktop.db.sorting import DispositionKind, Responsibility
from qms_desktop.demo import evidence
from qms_desktop.demo.evidence import Evidence
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import inspection, rework, sorting
from qms_desktop.steps.inspection import NewPart
from qms_desktop.steps.rework import Take
from qms_desktop.steps.sorting import NewDisposition, NewShare

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller

K = DispositionKind
# Seven days of seven hours and the foreman's four make the 53.0 hours of five people.
SHIFTS = (
    ("10005", "09"),
    ("10005", "10"),
    ("10013", "11"),
    ("10013", "12"),
    ("10014", "13"),
    ("10014", "16"),
    ("10016", "17"),
)


@dataclass
class Goods:
    """The rounds of the three lines, the orders, and the round of what failed, as they come to be."""

    first: int
    second: int
    third: int
    repacked: int = 0
    reworked: int = 0
    failed: int = 0


def judge_and_sort(teller: Teller, *, receipt_id: int, rma_id: int) -> Goods:
    """Tell 5 to 9 November: judged, sorted, repacked, rework begun."""
    sorting.start_clock(teller.by("沈国强"), receipt_id=receipt_id)
    first, second, third = (goods.id for goods in reversed(sorting.listed(teller.by("高平"), rma_id=rma_id)))
    goods = Goods(first, second, third)
    _judge(teller, first, second, third)
    _sort(teller, first, second, third)
    goods.repacked = _repack(teller, first)
    goods.reworked = _begin_rework(teller, first, goods.repacked)
    return goods


def finish_and_inspect(teller: Teller, goods: Goods) -> None:
    """Tell 17 to 19 November: the rework is reported and inspected."""
    _finish_rework(teller, goods.reworked)
    goods.failed = _inspect(teller, goods.reworked)


def _judge(teller: Teller, first: int, second: int, third: int) -> None:
    gao = teller.by("高平")
    teller.at("2026-11-05 10:00")
    sorting.take_for_analysis(gao, round_id=first, pieces=12, remark="解剖分析")
    shown = (evidence.SCRATCH, evidence.GREASE, evidence.CURVE)
    evidence.photograph(teller, *(Evidence(one, AttachedTo.SORTING_ROUND, first) for one in shown))
    teller.at("2026-11-05 15:30")
    for goods, text, defect, share in (
        (first, "全行程开启力超差，限位块磨损", "F-012", NewShare(Responsibility.MANUFACTURING, 100)),
        (second, "密封圈唇口缺损，漏油", "F-013", NewShare(Responsibility.SUPPLIER, 100, supplier="V101")),
        (third, "运输划伤，尺寸合格", "F-021", NewShare(Responsibility.TRANSPORT, 100)),
    ):
        sorting.judge(
            gao,
            round_id=goods,
            method="拉力机 全行程 17～25 N",
            limit_sample="LS-22",
            text=text,
            defect_code=defect,
            shares=(share,),
            password=DEMO_PASSWORD,
        )
    for begin, end in (("08:30", "11:30"), ("12:30", "15:30")):
        rework.book_quality_hours(
            gao,
            round_id=first,
            activity=Activity.ANALYSIS,
            badge="10003",
            rate="检验员",
            started_at=teller.moment(f"2026-11-05 {begin}"),
            ended_at=teller.moment(f"2026-11-05 {end}"),
        )
    teller.told("高平", "goods judged and signed; 12 pieces cut up; 6.0 h")


def _sort(teller: Teller, first: int, second: int, third: int) -> None:
    teller.at("2026-11-06 16:00")
    gao = teller.by("高平")
    sorting.sort(
        gao,
        round_id=first,
        dispositions=(
            NewDisposition(K.RETURN_TO_CUSTOMER, 4, refusal_reason=RefusalReason.NOT_OURS),
            NewDisposition(K.RETURN_TO_CUSTOMER, 8, refusal_reason=RefusalReason.MISUSE),
            NewDisposition(K.GOOD, 58),
            NewDisposition(K.REPACK, 60, remark="4 号箱破损"),
            NewDisposition(K.REWORK, 424),
            NewDisposition(K.DISMANTLE, 34),
        ),
    )
    sorting.put_rest(gao, round_id=second, kind=K.SCRAP)
    sorting.put_rest(gao, round_id=third, kind=K.RETURN_TO_CUSTOMER, remark="抛光后折价退回客户")
    teller.told("高平", "sorted: 12 refused, 58 good, 60 repack, 424 rework, 34 dismantle; 45 scrap; 12 polish")


def _repack(teller: Teller, first: int) -> int:
    teller.at("2026-11-06 16:10")
    order = rework.open_order(teller.by("徐兰"), kind=OrderKind.REPACK, takes=(Take(first, 60),))
    rework.release(teller.by("徐兰"), order_id=order.order_id)
    teller.at("2026-11-06 16:30")
    luo = teller.by("罗强")
    rework.start_work(luo, order_id=order.order_id, badge="10004", rate="返工普工")
    rework.use_material(luo, order_id=order.order_id, material="M-103", quantity=Decimal(60))
    rework.use_material(luo, order_id=order.order_id, material="M-104", quantity=Decimal(60))
    teller.at("2026-11-06 18:00")
    rework.stop_work(luo, badge="10004")
    rework.report(luo, order_id=order.order_id, to_inspect=60)
    teller.told("罗强", f"repack order {order.number}: 60 boxes, 60 trays, 1.5 h, no raw material")
    return order.order_id


def _begin_rework(teller: Teller, first: int, repacked: int) -> int:
    teller.at("2026-11-09 08:00")
    xu, luo, gao = teller.by("徐兰"), teller.by("罗强"), teller.by("高平")
    order = rework.open_order(xu, kind=OrderKind.REWORK, takes=(Take(first, 424),))
    rework.release(xu, order_id=order.order_id, instruction="RW-YQ22-01", revision="A")
    rework.start_work(luo, order_id=order.order_id, badge="10004", rate="返修技工")
    teller.at("2026-11-09 12:00")
    rework.stop_work(luo, badge="10004")
    teller.at("2026-11-10 15:00")
    good = inspection.inspect_good(gao, round_id=first, submitted=58, passed=58)
    packed = inspection.inspect_order(gao, order_id=repacked, submitted=60, passed=60)
    for done, pieces in ((good, 58), (packed, 60)):
        inspection.enter_stock(
            teller.by("周磊秀"), inspection_id=done.inspection_id, pieces=pieces, place="成品库 A-12", slip_no="RK-1110"
        )
    teller.told("高平", "118 of 118 pass and go to stock")
    return order.order_id


def _finish_rework(teller: Teller, order_id: int) -> None:
    teller.at("2026-11-17 17:00")
    luo = teller.by("罗强")
    for badge, day in SHIFTS:
        rework.book_hours(
            luo,
            order_id=order_id,
            badge=badge,
            rate="返修技工",
            started_at=teller.moment(f"2026-11-{day} 08:30"),
            ended_at=teller.moment(f"2026-11-{day} 15:30"),
        )
    rework.use_material(luo, order_id=order_id, material="M-101", quantity=Decimal(424))
    rework.use_material(luo, order_id=order_id, material="M-102", quantity=Decimal("8.48"))
    rework.report(luo, order_id=order_id, to_inspect=424)
    teller.told("罗强", "rework order: 424 pieces, 53.0 h by five people, 424 seals, 8.48 kg grease")


def _inspect(teller: Teller, reworked: int) -> int:
    teller.at("2026-11-19 16:00")
    gao = teller.by("高平")
    mended = inspection.inspect_order(gao, order_id=reworked, submitted=424, passed=417, failed=5, scrapped=2)
    inspection.enter_stock(
        teller.by("周磊秀"), inspection_id=mended.inspection_id, pieces=417, place="成品库 A-12", slip_no="RK-1119"
    )
    teller.told("高平", "424 inspected: 417 pass and go to stock, 5 fail, 2 scrapped")
    if mended.new_round_id is None:
        message = "the failed pieces should have begun a new round"
        raise RuntimeError(message)
    return mended.new_round_id


def dismantle(teller: Teller, goods: Goods) -> int:
    """Tell how 34 + 5 units were taken apart on 20 November, after the demo opens; gives the order."""
    teller.at("2026-11-20 10:10")
    gao, luo, xu, zhou = teller.by("高平"), teller.by("罗强"), teller.by("徐兰"), teller.by("周磊秀")
    sorting.judge(
        gao,
        round_id=goods.failed,
        method="拉力机 全行程 17～25 N",
        limit_sample="LS-22",
        text="返工后仍超差",
        defect_code="F-012",
        shares=(NewShare(Responsibility.MANUFACTURING, 100),),
        password=DEMO_PASSWORD,
    )
    sorting.put_rest(gao, round_id=goods.failed, kind=K.DISMANTLE)
    order = rework.open_order(xu, kind=OrderKind.DISMANTLE, takes=(Take(goods.first, 34), Take(goods.failed, 5)))
    rework.release(xu, order_id=order.order_id)
    rework.start_work(luo, order_id=order.order_id, badge="10013", rate="返工普工")
    teller.at("2026-11-20 14:10")
    rework.stop_work(luo, badge="10013")
    rework.report(luo, order_id=order.order_id, to_inspect=39)
    parts = (NewPart("活塞杆", 39, 39), NewPart("缸筒", 39, 39), NewPart("活塞", 39, 26), NewPart("密封件", 39, 0))
    inspection.count_parts(luo, order_id=order.order_id, parts=parts)
    teller.at("2026-11-20 15:00")
    rods, tubes, pistons, _seals = inspection.parts_of(gao, order_id=order.order_id)
    for part, passed, rejected in ((rods, 35, 4), (tubes, 33, 6), (pistons, 24, 2)):
        done = inspection.inspect_parts(gao, part_id=part.id, passed=passed, rejected=rejected)
        inspection.enter_stock(zhou, inspection_id=done.inspection_id, pieces=passed, place="零件库 P-02")
    teller.told(
        "李敏", f"dismantling {order.number}: 39 units, 156 parts, 104 inspected, 92 to stock, 12 rejected, 64 scrap"
    )
    return order.order_id
