"""Orders, hours and material by their verbs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.master_data import RateKind
from qms_desktop.db.rework import OrderKind, OrderState
from qms_desktop.db.rework_effort import Activity, WorkState
from qms_desktop.errors import InvalidInput, NotPermitted, Refused
from qms_desktop.steps import rework, sorting
from qms_desktop.steps.master_data import ImportKind
from qms_desktop.steps.rework import Take
from tests.helpers.floor import Floor, goods_received, hire_workers, price_list
from tests.helpers.plant import moment
from tests.steps.test_master_data import person, take_in

if TYPE_CHECKING:
    from qms_desktop.steps.rework_effort import Worked
    from tests.helpers.plant import Plant


@pytest.fixture
def floor(plant: Plant) -> Floor:
    """Give 60 judged pieces: 40 to rework, 10 to repack, 10 to dismantle, and a price list."""
    price_list(plant)
    hire_workers(plant)
    return goods_received(plant).judged().sorted(rework=40, repack=10, dismantle=10)


def running_order(floor: Floor, pieces: int = 40) -> int:
    """Give a released rework order that runs."""
    order = rework.open_order(
        floor.plant.sign_in("徐兰"),
        kind=OrderKind.REWORK,
        takes=floor.take(pieces),
        instruction="RW-YQ22-01",
        revision="A",
    )
    rework.release(floor.plant.sign_in("徐兰"), order_id=order.order_id)
    rework.start(floor.plant.sign_in("罗强"), order_id=order.order_id)
    return order.order_id


def test_heaps_wait_for_an_order_until_it_takes_them(floor: Floor) -> None:
    xu = floor.plant.sign_in("徐兰")
    free = {heap.kind: heap.pieces for heap in rework.free_heaps(xu)}
    assert free == {OrderKind.REWORK: 40, OrderKind.REPACK: 10, OrderKind.DISMANTLE: 10}
    rework.open_order(xu, kind=OrderKind.REWORK, takes=floor.take(25))
    with pytest.raises(Refused, match="Only 15 pieces of this heap are free"):
        rework.open_order(xu, kind=OrderKind.REWORK, takes=floor.take(16))
    free = {heap.kind: heap.pieces for heap in rework.free_heaps(xu)}
    assert free[OrderKind.REWORK] == 15


def test_a_cancelled_order_gives_its_pieces_back_and_stays_on_record(floor: Floor) -> None:
    xu = floor.plant.sign_in("徐兰")
    order = rework.open_order(xu, kind=OrderKind.REPACK, takes=floor.take(10))
    rework.cancel(xu, order_id=order.order_id, reason="客户要求返工")
    assert rework.show(xu, order_id=order.order_id).row.state is OrderState.CANCELLED
    assert {heap.kind: heap.pieces for heap in rework.free_heaps(xu)}[OrderKind.REPACK] == 10
    second = rework.open_order(xu, kind=OrderKind.REPACK, takes=floor.take(10))
    assert (order.number[-3:], second.number[-3:]) == ("001", "002")


def test_a_released_order_is_withdrawn_before_its_pieces_change(floor: Floor) -> None:
    xu = floor.plant.sign_in("徐兰")
    order = rework.open_order(xu, kind=OrderKind.REPACK, takes=floor.take(4))
    rework.release(xu, order_id=order.order_id)
    with pytest.raises(Refused, match="cannot become"):
        rework.add_pieces(xu, order_id=order.order_id, round_id=floor.round_id, pieces=6)
    rework.withdraw(xu, order_id=order.order_id, reason="再加一箱")
    rework.add_pieces(xu, order_id=order.order_id, round_id=floor.round_id, pieces=6)
    assert rework.show(xu, order_id=order.order_id).row.pieces == 10


def test_pieces_of_two_lines_do_not_share_an_order(floor: Floor) -> None:
    other = goods_received(floor.plant).judged().sorted(rework=5)
    takes = (Take(floor.round_id, 5), Take(other.round_id, 5))
    with pytest.raises(Refused, match="its own line"):
        rework.open_order(floor.plant.sign_in("徐兰"), kind=OrderKind.REWORK, takes=takes)
    assert rework.listed(floor.plant.sign_in("徐兰")) == ()


def test_two_scans_book_the_time_between_them(floor: Floor) -> None:
    order_id = running_order(floor)
    luo = floor.plant.sign_in("罗强")
    floor.plant.at("2026-11-09 08:00")
    rework.start_work(luo, order_id=order_id, badge="B10113", rate="返修技工")
    (working,) = rework.working_now(luo)
    assert (working.person_name, working.activity, working.started_at) == (
        "李敏", Activity.REWORK, moment("2026-11-09 08:00"),
    )  # fmt: skip
    floor.plant.at("2026-11-09 11:25")
    assert rework.stop_work(luo, badge="B10113").minutes == 205
    assert rework.working_now(luo) == ()
    assert rework.show(luo, order_id=order_id).minutes == 205


def test_who_works_already_is_told_on_what_and_since_when(floor: Floor) -> None:
    order_id = running_order(floor)
    luo = floor.plant.sign_in("罗强")
    floor.plant.at("2026-11-09 08:05")
    rework.start_work(luo, order_id=order_id, badge="B10113", rate="返修技工")
    with pytest.raises(Refused, match="李敏 works on W20261103001 since 08:05"):
        rework.start_work(luo, order_id=order_id, badge="B10113", rate="返修技工")
    rework.start_work(luo, order_id=order_id, badge="B10114", rate="返修技工")
    assert len(rework.working_now(luo)) == 2


def test_who_was_only_imported_works_by_badge_all_the_same(floor: Floor) -> None:
    order_id = running_order(floor)
    take_in(floor.plant, ImportKind.PEOPLE, person(badge="20001", name="赵新"))
    luo = floor.plant.sign_in("罗强")
    assert rework.start_work(luo, order_id=order_id, badge="20001", rate="返修技工").person_name == "赵新"


def test_a_forgotten_stop_is_mended_with_its_reason(floor: Floor) -> None:
    order_id = running_order(floor)
    luo = floor.plant.sign_in("罗强")
    floor.plant.at("2026-11-09 08:00")
    begun = rework.start_work(luo, order_id=order_id, badge="B10113", rate="返修技工")
    floor.plant.at("2026-11-10 08:00")
    with pytest.raises(Refused, match="24 hours in one piece"):
        rework.stop_work(luo, badge="B10113")
    with pytest.raises(InvalidInput):
        rework.mend_stop(luo, work_time_id=begun.work_time_id, ended_at=moment("2026-11-09 16:30"), reason="")
    mended = rework.mend_stop(
        luo, work_time_id=begun.work_time_id, ended_at=moment("2026-11-09 16:30"), reason="下班忘记扫码"
    )
    assert mended.minutes == 510
    (span,) = rework.show(luo, order_id=order_id).work
    assert (span.state, span.reason) == (WorkState.ENDED, "下班忘记扫码")


def test_cancelled_hours_count_nothing_and_free_the_time(floor: Floor) -> None:
    order_id = running_order(floor)
    luo = floor.plant.sign_in("罗强")
    floor.plant.at("2026-11-10 08:00")

    def book(badge: str) -> Worked:
        return rework.book_hours(
            luo, order_id=order_id, badge=badge, rate="返修技工",
            started_at=moment("2026-11-09 08:00"), ended_at=moment("2026-11-09 12:00"),
        )  # fmt: skip

    wrong = book("B10113")
    with pytest.raises(Refused, match="booked in that time"):
        book("B10113")
    rework.cancel_hours(luo, work_time_id=wrong.work_time_id, reason="记错工单")
    assert rework.show(luo, order_id=order_id).minutes == 0
    assert book("B10113").minutes == 240


def test_material_has_three_decimals_and_is_taken_back_whole(floor: Floor) -> None:
    order_id = running_order(floor)
    luo = floor.plant.sign_in("罗强")
    for wrong in ("0.0005", "0", "-1", "NaN"):
        with pytest.raises(InvalidInput):
            rework.use_material(luo, order_id=order_id, material="M-102", quantity=Decimal(wrong))
    used = rework.use_material(luo, order_id=order_id, material="M-102", quantity=Decimal("8.485"))
    rework.take_back_material(luo, use_id=used, reason="多记")
    assert [entry.quantity for entry in rework.show(luo, order_id=order_id).material] == [
        Decimal("8.485"),
        Decimal("-8.485"),
    ]


def test_the_line_sees_the_names_of_wages_and_materials_without_prices(floor: Floor) -> None:
    luo = floor.plant.sign_in("罗强")
    wages = rework.rate_names(luo, kind=RateKind.LABOUR)
    assert {wage.code for wage in wages} == {"返工普工", "返修技工", "检验员"}
    names = {one.code: (one.name, one.unit) for one in rework.rate_names(luo, kind=RateKind.MATERIAL)}
    assert names["M-102"] == ("阻尼油脂", "千克")


def test_what_production_could_not_mend_is_judged_again(floor: Floor) -> None:
    order_id = running_order(floor)
    luo = floor.plant.sign_in("罗强")
    assert rework.report(luo, order_id=order_id, to_inspect=30, failed=4) is OrderState.RUNNING
    with pytest.raises(Refused, match="Only 6 of 40 pieces are in work"):
        rework.report(luo, order_id=order_id, to_inspect=7)
    assert rework.report(luo, order_id=order_id, to_inspect=5, scrapped=1) is OrderState.REPORTED
    row = rework.show(luo, order_id=order_id).row
    assert (row.pieces_in_work, row.pieces_to_inspect, row.pieces_failed, row.pieces_scrapped) == (0, 35, 4, 1)
    rounds = sorting.listed(luo, rma_id=floor.rma_id)
    assert [(goods.number, goods.pieces_undecided) for goods in rounds] == [(3, 1), (2, 4), (1, 0)]


def test_a_report_is_corrected_before_the_inspection_has_the_pieces(floor: Floor) -> None:
    order_id = running_order(floor)
    luo = floor.plant.sign_in("罗强")
    rework.report(luo, order_id=order_id, to_inspect=40)
    rework.correct_report(luo, order_id=order_id, pieces=10, reason="数错")
    row = rework.show(luo, order_id=order_id).row
    assert (row.state, row.pieces_in_work, row.pieces_waiting) == (OrderState.RUNNING, 10, 30)
    with pytest.raises(Refused, match="Only 30 pieces"):
        rework.correct_report(luo, order_id=order_id, pieces=31, reason="数错")


def test_quality_opens_orders_and_production_books_them(floor: Floor) -> None:
    with pytest.raises(NotPermitted):
        rework.open_order(floor.plant.sign_in("罗强"), kind=OrderKind.REWORK, takes=floor.take(1))
    order_id = running_order(floor)
    for name in ("徐兰", "高平", "王伟涛"):
        with pytest.raises(NotPermitted):
            rework.report(floor.plant.sign_in(name), order_id=order_id, to_inspect=1)
