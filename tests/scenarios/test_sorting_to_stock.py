"""The middle of the story: 657 received pieces are judged, sorted, mended, inspected; each of them is somewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import audit
from qms_desktop.db.case import DeadlineState
from qms_desktop.db.receipt import ReceiptState
from qms_desktop.db.rework import OrderKind, OrderState
from qms_desktop.db.rework_effort import Activity
from qms_desktop.db.rma import GoodsState, RefusalReason
from qms_desktop.db.sorting import DispositionKind, Responsibility, RoundOrigin, RoundState
from qms_desktop.errors import Refused
from qms_desktop.rules.clock import deadlines_of
from qms_desktop.rules.deadline import Event
from qms_desktop.steps import complaint, inspection, receipt, rework, rma, sorting
from qms_desktop.steps.inspection import NewPart
from qms_desktop.steps.rework import Take
from qms_desktop.steps.sorting import NewDisposition, NewShare
from tests.helpers.floor import hire_workers, price_list
from tests.helpers.plant import moment
from tests.helpers.scene import chapter
from tests.scenarios.test_complaint_to_label import (
    approve_the_rma,
    count_everything,
    register_the_notice,
    request_the_rma,
)

if TYPE_CHECKING:
    from qms_desktop.steps.sorting_reading import RoundRow
    from tests.helpers.plant import Plant

K = DispositionKind


@chapter
def receive_the_goods(plant: Plant) -> int:
    """Tell the story to the signed receipt of 657 pieces, with L2610A on hold; gives the id of the RMA."""
    price_list(plant)
    hire_workers(plant)
    made = register_the_notice(plant)
    complaint.accept(plant.sign_in("王伟涛"), complaint_id=made.complaint_id)
    plant.at("2026-11-03 11:40")
    complaint.contain(
        plant.sign_in("徐兰"),
        complaint_id=made.complaint_id,
        place="stock",
        measure="库存与在途冻结",
        pieces=160,
        stops=(complaint.LotStop("YQ-22", "L2610A"),),
    )
    requested = request_the_rma(plant, made)
    approve_the_rma(plant, requested)
    arrived = count_everything(plant, requested)
    assert receipt.close_count(plant.sign_in("周磊秀"), receipt_id=arrived.receipt_id) is ReceiptState.COUNTED
    plant.at("2026-11-04 13:20")
    shen = plant.sign_in("沈国强")
    read = receipt.show(shen, receipt_id=arrived.receipt_id)
    receipt.accept_count(
        shen, receipt_id=arrived.receipt_id, read_hash=read.content_hash, password=plant.password("沈国强")
    )
    sorting.start_clock(shen, receipt_id=arrived.receipt_id)
    return requested.rma_id


def rounds_of(plant: Plant, rma_id: int) -> tuple[RoundRow, ...]:
    """Give the rounds of the RMA in the order in which they began."""
    return tuple(reversed(sorting.listed(plant.sign_in("高平"), rma_id=rma_id)))


@chapter
def judge_the_goods(plant: Plant, rma_id: int) -> None:
    """Cut up 12 pieces and judge all three lines on the fifth, as 高平 did."""
    gao = plant.sign_in("高平")
    first, second, third = rounds_of(plant, rma_id)
    plant.at("2026-11-05 10:00")
    sorting.take_for_analysis(gao, round_id=first.id, pieces=12, remark="剖切分析")
    plant.at("2026-11-05 15:30")
    for goods, code, defect, share in (
        (first, "阻力超差，限位磨损", "F-012", NewShare(Responsibility.MANUFACTURING, 100)),
        (second, "密封圈老化漏油", "F-013", NewShare(Responsibility.SUPPLIER, 100, supplier="S-03")),
        (third, "运输划伤", "F-021", NewShare(Responsibility.TRANSPORT, 100)),
    ):
        sorting.judge(
            gao, round_id=goods.id, method="拉力机 全行程", limit_sample="LS-22", text=code, defect_code=defect,
            shares=(share,), password=plant.password("高平"),
        )  # fmt: skip
    for begin, end in (("08:30", "11:30"), ("12:30", "15:30")):
        rework.book_quality_hours(
            gao, round_id=first.id, activity=Activity.ANALYSIS, badge="B10003", rate="检验员",
            started_at=moment(f"2026-11-05 {begin}"), ended_at=moment(f"2026-11-05 {end}"),
        )  # fmt: skip


@chapter
def sort_the_goods(plant: Plant, rma_id: int) -> None:
    """Sort all three lines on the sixth: the heap of 588 into six in one verb."""
    plant.at("2026-11-06 16:00")
    gao = plant.sign_in("高平")
    first, second, third = rounds_of(plant, rma_id)
    done = sorting.sort(
        gao,
        round_id=first.id,
        dispositions=(
            NewDisposition(K.RETURN_TO_CUSTOMER, 4, refusal_reason=RefusalReason.NOT_OURS),
            NewDisposition(K.RETURN_TO_CUSTOMER, 8, refusal_reason=RefusalReason.MISUSE),
            NewDisposition(K.GOOD, 58),
            NewDisposition(K.REPACK, 60, defect_code="F-012", remark="4号箱破损"),
            NewDisposition(K.REWORK, 424),
            NewDisposition(K.DISMANTLE, 34),
        ),
    )
    assert done == sorting.Sorted(first.id, 0, RoundState.DONE)
    sorting.put_rest(gao, round_id=second.id, kind=K.SCRAP)
    sorting.put_rest(gao, round_id=third.id, kind=K.RETURN_TO_CUSTOMER, remark="抛光后折价退回客户")


def repack_sixty(plant: Plant, round_id: int) -> int:
    """Repack the damaged carton on the sixth with boxes and trays only; gives the id of the order."""
    plant.at("2026-11-06 16:10")
    order = rework.open_order(plant.sign_in("徐兰"), kind=OrderKind.REPACK, takes=(Take(round_id, 60),))
    assert order.number == "W20261106001"
    rework.release(plant.sign_in("徐兰"), order_id=order.order_id)
    luo = plant.sign_in("罗强", station="line-1")
    plant.at("2026-11-06 16:30")
    rework.start_work(luo, order_id=order.order_id, badge="B10004", rate="返工普工")
    rework.use_material(luo, order_id=order.order_id, material="M-103", quantity=Decimal(60))
    rework.use_material(luo, order_id=order.order_id, material="M-104", quantity=Decimal(60))
    with pytest.raises(Refused, match="packing material only"):
        rework.use_material(luo, order_id=order.order_id, material="M-101", quantity=Decimal(60))
    plant.at("2026-11-06 18:00")
    assert rework.stop_work(luo, badge="B10004").minutes == 90
    assert rework.report(luo, order_id=order.order_id, to_inspect=60) is OrderState.REPORTED
    return order.order_id


def rework_four_hundred(plant: Plant, round_id: int) -> int:
    """Rework 424 pieces from the ninth to the seventeenth, 53.0 hours by five people; gives the id of the order."""
    plant.at("2026-11-09 08:00")
    xu, luo = plant.sign_in("徐兰"), plant.sign_in("罗强")
    order = rework.open_order(xu, kind=OrderKind.REWORK, takes=(Take(round_id, 424),))
    assert order.number == "W20261109001"
    with pytest.raises(Refused, match="instruction"):
        rework.release(xu, order_id=order.order_id)
    rework.release(xu, order_id=order.order_id, instruction="RW-YQ22-01", revision="A")
    rework.start_work(luo, order_id=order.order_id, badge="B10004", rate="返修技工")
    plant.at("2026-11-09 12:00")
    rework.stop_work(luo, badge="B10004")
    plant.at("2026-11-17 17:00")
    for badge, day in (
        ("B10105", "09"), ("B10105", "10"), ("B10114", "11"), ("B10114", "12"), ("B10116", "13"), ("B10116", "16"),
        ("B10113", "17"),
    ):  # fmt: skip
        rework.book_hours(
            luo, order_id=order.order_id, badge=badge, rate="返修技工",
            started_at=moment(f"2026-11-{day} 08:30"), ended_at=moment(f"2026-11-{day} 15:30"),
        )  # fmt: skip
    rework.use_material(luo, order_id=order.order_id, material="M-101", quantity=Decimal(424))
    rework.use_material(luo, order_id=order.order_id, material="M-102", quantity=Decimal("8.48"))
    assert rework.report(luo, order_id=order.order_id, to_inspect=424) is OrderState.REPORTED
    return order.order_id


def inspect_and_stock(plant: Plant, round_id: int, repacked: int, reworked: int) -> int:
    """Inspect 58 + 60 on the tenth and 424 on the nineteenth, and book what passed into stock; gives the new round."""
    gao, zhou = plant.sign_in("高平"), plant.sign_in("周磊秀")
    plant.at("2026-11-10 15:00")
    good = inspection.inspect_good(gao, round_id=round_id, submitted=58, passed=58)
    packed = inspection.inspect_order(gao, order_id=repacked, submitted=60, passed=60)
    for done, pieces in ((good, 58), (packed, 60)):
        inspection.enter_stock(zhou, inspection_id=done.inspection_id, pieces=pieces, place="成品库", slip_no="RK-1110")
    plant.at("2026-11-19 16:00")
    mended = inspection.inspect_order(gao, order_id=reworked, submitted=424, passed=417, failed=5, scrapped=2)
    inspection.enter_stock(zhou, inspection_id=mended.inspection_id, pieces=417, place="成品库", slip_no="RK-1119")
    with pytest.raises(Refused, match="Only 0 of the 417"):
        inspection.enter_stock(zhou, inspection_id=mended.inspection_id, pieces=1, place="成品库")
    assert mended.new_round_id is not None
    return mended.new_round_id


def dismantle_what_is_left(plant: Plant, first_round: int, second_round: int) -> int:
    """Judge the five that failed, and take 34 + 5 units apart into 156 parts on the twentieth; gives the order."""
    plant.at("2026-11-20 08:40")
    gao, luo, xu = plant.sign_in("高平"), plant.sign_in("罗强"), plant.sign_in("徐兰")
    sorting.judge(
        gao, round_id=second_round, method="拉力机 全行程", limit_sample="LS-22", text="返工后仍超差",
        defect_code="F-012", shares=(NewShare(Responsibility.MANUFACTURING, 100),), password=plant.password("高平"),
    )  # fmt: skip
    sorting.put_rest(gao, round_id=second_round, kind=K.DISMANTLE)
    order = rework.open_order(xu, kind=OrderKind.DISMANTLE, takes=(Take(first_round, 34), Take(second_round, 5)))
    rework.release(xu, order_id=order.order_id)
    rework.start(luo, order_id=order.order_id)
    assert rework.report(luo, order_id=order.order_id, to_inspect=39) is OrderState.REPORTED
    parts = (NewPart("活塞杆", 39, 39), NewPart("缸筒", 39, 39), NewPart("活塞", 39, 26), NewPart("密封件", 39, 0))
    inspection.count_parts(luo, order_id=order.order_id, parts=parts)
    plant.at("2026-11-20 15:00")
    rods, tubes, pistons, _seals = inspection.parts_of(gao, order_id=order.order_id)
    for part, passed, rejected in ((rods, 35, 4), (tubes, 33, 6), (pistons, 24, 2)):
        done = inspection.inspect_parts(gao, part_id=part.id, passed=passed, rejected=rejected)
        inspection.enter_stock(plant.sign_in("周磊秀"), inspection_id=done.inspection_id, pieces=passed, place="零件库")
    return order.order_id


def tell(plant: Plant) -> tuple[int, int, int, int]:
    """Tell the whole middle of the story; gives the ids of the RMA and of the three orders."""
    rma_id = receive_the_goods(plant)
    judge_the_goods(plant, rma_id)
    sort_the_goods(plant, rma_id)
    first = rounds_of(plant, rma_id)[0].id
    repacked = repack_sixty(plant, first)
    reworked = rework_four_hundred(plant, first)
    second = inspect_and_stock(plant, first, repacked, reworked)
    return rma_id, repacked, reworked, dismantle_what_is_left(plant, first, second)


def test_the_signed_receipt_starts_a_round_a_line_and_the_judgement_is_due_the_next_day(plant: Plant) -> None:
    rma_id = receive_the_goods(plant)
    rounds = rounds_of(plant, rma_id)
    assert [(goods.position, goods.number, goods.pieces, goods.pieces_undecided) for goods in rounds] == [
        (1, 1, 600, 600),
        (2, 1, 45, 45),
        (3, 1, 12, 12),
    ]
    assert {goods.due_at for goods in rounds} == {moment("2026-11-06 00:00")}
    with pytest.raises(Refused, match="not judged"):
        sorting.sort(plant.sign_in("高平"), round_id=rounds[0].id, dispositions=(NewDisposition(K.GOOD, 1),))
    judge_the_goods(plant, rma_id)
    gao = plant.sign_in("高平")
    shown = sorting.show(gao, round_id=rounds[0].id)
    assert [(signed.name, signed.is_valid) for signed in shown.signatures] == [("高平", True)]
    assert shown.row.state is RoundState.JUDGED
    assert (shown.pieces_of(K.ANALYSED), shown.row.pieces_undecided) == (12, 588)
    assert shown.judgements[0].is_safety
    supplier = sorting.show(gao, round_id=rounds[1].id).judgements[0].shares[0]
    assert (supplier.code, supplier.percent, supplier.supplier_name) == (Responsibility.SUPPLIER, 100, "恒固密封")
    with gao.store.use():
        met = [due for due in deadlines_of(case_id=shown.row.case_id) if due.event is Event.JUDGEMENT]
    assert [(due.state, due.met_at) for due in met] == [(DeadlineState.MET, moment("2026-11-05 15:30"))] * 3


def test_every_piece_of_the_three_lines_is_somewhere_at_the_end(plant: Plant) -> None:
    rma_id, repacked, reworked, dismantled = tell(plant)
    gao = plant.sign_in("高平")
    first, second, third = inspection.goods_flow(gao, rma_id=rma_id)
    assert (first.pieces_announced, first.pieces_received, first.pieces_in) == (600, 600, 600)
    places = first.places
    assert (places.to_customer, places.in_stock, places.analysed, places.dismantled, places.scrapped) == (
        12, 535, 12, 39, 2,
    )  # fmt: skip
    assert (places.refused, places.unfinished, places.pieces, first.pieces_lost) == (12, 0, 600, 53)
    assert (second.places.scrapped, second.places.pieces, second.pieces_in) == (45, 45, 45)
    assert (third.places.to_customer, third.places.refused, third.places.pieces) == (12, 0, 12)
    assert all(line.is_balanced for line in (first, second, third))
    assert inspection.ageing(gao) == ()
    assert rma.show(gao, rma_id=rma_id).row.goods_state is GoodsState.SORTED
    assert {rework.show(gao, order_id=one).row.state for one in (repacked, reworked, dismantled)} == {OrderState.DONE}
    with gao.store.use():
        assert audit.verify() == [] if plant.kind == "sqlite" else True


def test_hours_and_material_of_the_orders_are_those_of_the_story(plant: Plant) -> None:
    _rma_id, repacked, reworked, _dismantled = tell(plant)
    gao = plant.sign_in("高平")
    packing, mending = rework.show(gao, order_id=repacked), rework.show(gao, order_id=reworked)
    assert (packing.minutes, mending.minutes) == (90, 53 * 60)
    assert len({span.person_name for span in mending.work}) == 5
    assert [(used.code, used.quantity) for used in packing.material] == [("M-103", Decimal(60)), ("M-104", Decimal(60))]
    assert [(used.code, used.quantity) for used in mending.material] == [
        ("M-101", Decimal(424)),
        ("M-102", Decimal("8.48")),
    ]
    assert (mending.row.instruction, mending.row.revision) == ("RW-YQ22-01", "A")


def test_the_failed_five_become_a_second_round_and_are_dismantled_with_the_first(plant: Plant) -> None:
    rma_id, _repacked, _reworked, dismantled = tell(plant)
    gao = plant.sign_in("高平")
    second = rounds_of(plant, rma_id)[3]
    assert (second.position, second.number, second.origin, second.pieces) == (1, 2, RoundOrigin.REINSPECTION, 5)
    order = rework.show(gao, order_id=dismantled)
    assert [(source.round_number, source.pieces) for source in order.sources] == [(1, 34), (2, 5)]
    parts = inspection.parts_of(gao, order_id=dismantled)
    assert sum(part.total for part in parts) == 156
    assert sum(part.candidates for part in parts) == sum(part.inspected for part in parts) == 104
    assert (sum(part.passed for part in parts), sum(part.rejected for part in parts)) == (92, 12)
    assert (sum(part.stocked for part in parts), sum(part.scrap for part in parts)) == (92, 64)


def test_a_sample_is_not_enough_for_stock_while_the_lot_is_on_hold(plant: Plant) -> None:
    rma_id = receive_the_goods(plant)
    judge_the_goods(plant, rma_id)
    sort_the_goods(plant, rma_id)
    first = rounds_of(plant, rma_id)[0].id
    gao, zhou = plant.sign_in("高平"), plant.sign_in("周磊秀")
    sample = inspection.inspect_good(gao, round_id=first, passed=50, sampled=8)
    with pytest.raises(Refused, match="on hold"):
        inspection.enter_stock(zhou, inspection_id=sample.inspection_id, pieces=50, place="成品库")
    whole = inspection.inspect_good(gao, round_id=first, passed=8)
    inspection.enter_stock(zhou, inspection_id=whole.inspection_id, pieces=8, place="成品库")
    assert inspection.goods_flow(gao, rma_id=rma_id)[0].places.in_stock == 8
