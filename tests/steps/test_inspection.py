"""The re-inspection, recovered parts and stock by their verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qms_desktop.db.inspection import InspectionKind
from qms_desktop.db.rework import OrderKind, OrderState
from qms_desktop.errors import InvalidInput, NotPermitted, Refused
from qms_desktop.steps import inspection, rework, sorting
from qms_desktop.steps.inspection import NewPart
from tests.helpers.floor import Floor, goods_received

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


def dismantled(floor: Floor, units: int) -> int:
    """Give a dismantling order whose units were taken apart."""
    order = rework.open_order(floor.plant.sign_in("徐兰"), kind=OrderKind.DISMANTLE, takes=floor.take(units))
    rework.release(floor.plant.sign_in("徐兰"), order_id=order.order_id)
    rework.start(floor.plant.sign_in("罗强"), order_id=order.order_id)
    rework.report(floor.plant.sign_in("罗强"), order_id=order.order_id, to_inspect=units)
    return order.order_id


def test_figures_that_do_not_add_up_are_refused_with_the_figures(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(good=20)
    with pytest.raises(InvalidInput, match="17 passed, 1 failed and 1 scrapped do not make the 20"):
        inspection.inspect_good(
            plant.sign_in("高平"), round_id=floor.round_id, submitted=20, passed=17, failed=1, scrapped=1
        )
    assert inspection.listed(plant.sign_in("高平")) == ()


def test_good_pieces_are_no_stock_before_their_inspection(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(good=20)
    gao, zhou = plant.sign_in("高平"), plant.sign_in("周磊秀")
    (waits,) = inspection.waiting(gao)
    assert (waits.kind, waits.pieces) == (InspectionKind.GOOD, 20)
    (flow,) = inspection.goods_flow(gao, rma_id=floor.rma_id)
    assert (flow.places.to_inspect, flow.places.in_stock, flow.places.undecided) == (20, 0, 40)
    done = inspection.inspect_good(gao, round_id=floor.round_id, passed=20)
    assert inspection.waiting(gao) == ()
    inspection.enter_stock(zhou, inspection_id=done.inspection_id, pieces=12, place="成品库")
    (flow,) = inspection.goods_flow(gao, rma_id=floor.rma_id)
    assert (flow.places.to_stock, flow.places.in_stock, flow.is_balanced) == (8, 12, True)


def test_a_wrong_stock_entry_is_taken_back_with_its_reason(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(good=20)
    zhou = plant.sign_in("周磊秀")
    done = inspection.inspect_good(plant.sign_in("高平"), round_id=floor.round_id, passed=20)
    inspection.enter_stock(zhou, inspection_id=done.inspection_id, pieces=20, place="成品库")
    with pytest.raises(InvalidInput):
        inspection.take_out_of_stock(zhou, inspection_id=done.inspection_id, pieces=5, place="成品库", reason="")
    inspection.take_out_of_stock(zhou, inspection_id=done.inspection_id, pieces=5, place="成品库", reason="多入5支")
    shown = inspection.show(zhou, inspection_id=done.inspection_id)
    assert ([entry.pieces for entry in shown.entries], shown.row.left_for_stock) == ([20, -5], 5)


def test_each_failed_inspection_makes_the_next_round(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(good=20)
    gao = plant.sign_in("高平")
    first = inspection.inspect_good(gao, round_id=floor.round_id, passed=9, failed=1)
    second = inspection.inspect_good(gao, round_id=floor.round_id, passed=8, failed=2)
    rounds = {row.id: (row.number, row.pieces) for row in sorting.listed(gao)}
    assert first.new_round_id is not None
    assert second.new_round_id is not None
    assert (rounds[first.new_round_id], rounds[second.new_round_id]) == ((2, 1), (3, 2))
    (flow,) = inspection.goods_flow(gao, rma_id=floor.rma_id)
    assert (flow.places.undecided, flow.places.to_stock, flow.is_balanced) == (43, 17, True)


def test_parts_wait_in_stock_until_all_candidates_are_inspected(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(dismantle=10)
    gao, zhou = plant.sign_in("高平"), plant.sign_in("周磊秀")
    order_id = dismantled(floor, 10)
    with pytest.raises(Refused, match="their parts are"):
        inspection.inspect_order(gao, order_id=order_id, passed=10)
    inspection.count_parts(plant.sign_in("罗强"), order_id=order_id, parts=(NewPart("活塞杆", 10, 8),))
    (part,) = inspection.parts_of(gao, order_id=order_id)
    half = inspection.inspect_parts(gao, part_id=part.id, passed=3, rejected=1)
    with pytest.raises(Refused, match="when all of them are inspected"):
        inspection.enter_stock(zhou, inspection_id=half.inspection_id, pieces=3, place="零件库")
    assert rework.show(gao, order_id=order_id).row.state is OrderState.REPORTED
    inspection.inspect_parts(gao, part_id=part.id, passed=4)
    inspection.enter_stock(zhou, inspection_id=half.inspection_id, pieces=3, place="零件库")
    (part,) = inspection.parts_of(gao, order_id=order_id)
    assert (part.passed, part.rejected, part.stocked, part.scrap) == (7, 1, 3, 3)
    assert rework.show(gao, order_id=order_id).row.state is OrderState.DONE


def test_ageing_counts_the_days_since_the_goods_came(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(good=20, scrap=30)
    plant.at("2026-11-13 10:00")
    (line,) = inspection.ageing(plant.sign_in("高平"))
    assert (line.rma_id, line.days, line.places.unfinished) == (floor.rma_id, 10, 30)


def test_only_the_inspector_passes_and_only_the_warehouse_books_in(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(good=20)
    for name in ("罗强", "徐兰", "周磊秀"):
        with pytest.raises(NotPermitted):
            inspection.inspect_good(plant.sign_in(name), round_id=floor.round_id, passed=20)
    done = inspection.inspect_good(plant.sign_in("高平"), round_id=floor.round_id, passed=20)
    with pytest.raises(NotPermitted):
        inspection.enter_stock(plant.sign_in("高平"), inspection_id=done.inspection_id, pieces=20, place="成品库")


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    results=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 4), st.integers(0, 3)).filter(any), min_size=1, max_size=4
    )
)
def test_whatever_the_inspection_finds_every_piece_is_somewhere(
    plant: Plant, results: list[tuple[int, int, int]]
) -> None:
    floor = goods_received(plant).judged().sorted(good=40)
    gao = plant.sign_in("高平")
    left = 40
    for passed, failed, scrapped in results:
        asked = passed + failed + scrapped
        if asked > left:
            with pytest.raises(Refused, match=f"Only {left} pieces"):
                inspection.inspect_good(gao, round_id=floor.round_id, passed=passed, failed=failed, scrapped=scrapped)
            continue
        inspection.inspect_good(gao, round_id=floor.round_id, passed=passed, failed=failed, scrapped=scrapped)
        left -= asked
        (flow,) = inspection.goods_flow(gao, rma_id=floor.rma_id)
        assert (flow.is_balanced, flow.places.pieces, flow.places.to_inspect) == (True, 60, left)
