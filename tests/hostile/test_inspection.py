"""Attacks on the re-inspection, the recovered parts and the entry into stock."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from qms_desktop.db.rework import OrderKind
from qms_desktop.steps import inspection, rework
from qms_desktop.steps.inspection import NewPart
from tests.helpers.floor import Floor, goods_received, trigger_stands
from tests.helpers.scene import Scene, chapter
from tests.hostile.stage import CLERK, INSPECTOR, PRODUCTION, QE, Stage


@dataclass
class Bench(Scene):
    """20 good pieces to inspect, and an order that took 5 units apart into 20 parts with 12 candidates."""

    stage: Stage
    floor: Floor
    order_id: int
    part_id: int

    def inspected(self, passed: int, *, failed: int = 0, sampled: int | None = None) -> int:
        """Let the inspector inspect good pieces."""
        return inspection.inspect_good(
            self.stage.plant.sign_in(INSPECTOR),
            round_id=self.floor.round_id,
            passed=passed,
            failed=failed,
            sampled=sampled,
        ).inspection_id


@pytest.fixture
def bench(stage: Stage) -> Bench:
    """Give good pieces and parts that wait for the inspection."""
    return bench_of(stage)


@chapter
def bench_of(stage: Stage) -> Bench:
    """Tell the story to 20 good pieces and an order that took 5 units apart."""
    floor = goods_received(stage.plant).judged().sorted(good=20, dismantle=5)
    qe, production = stage.plant.sign_in(QE), stage.plant.sign_in(PRODUCTION)
    order = rework.open_order(qe, kind=OrderKind.DISMANTLE, takes=floor.take(5))
    rework.release(qe, order_id=order.order_id)
    rework.start(production, order_id=order.order_id)
    rework.report(production, order_id=order.order_id, to_inspect=5)
    inspection.count_parts(production, order_id=order.order_id, parts=(NewPart("活塞杆", 20, 12),))
    (part,) = inspection.parts_of(qe, order_id=order.order_id)
    return Bench(stage, floor, order.order_id, part.id)


def result(bench: Bench, **columns: object) -> str:
    """Give the statement that records an inspection of good pieces past the program."""
    values: dict[str, object] = {"kind": "GOOD", "round_id": bench.floor.round_id, **columns}
    shown = ", ".join("NULL" if v is None else f"'{v}'" if isinstance(v, str) else str(v) for v in values.values())
    return f"INSERT INTO inspection (case_id, {', '.join(values)}) VALUES ({bench.floor.case_id}, {shown})"


def entry(bench: Bench, inspection_id: int, pieces: int, *, place: str = "成品库", remark: str = "") -> str:
    return (
        "INSERT INTO stock_entry (case_id, inspection_id, pieces, place, remark)"
        f" VALUES ({bench.floor.case_id}, {inspection_id}, {pieces}, '{place}', '{remark}')"
    )


def test_an_inspection_that_does_not_add_up_is_refused(bench: Bench) -> None:
    for submitted, passed, failed in ((10, 9, 0), (10, 11, -1), (0, 0, 0)):
        statement = result(bench, pieces_submitted=submitted, pieces_passed=passed, pieces_failed=failed)
        bench.stage.attack(INSPECTOR, ("inspection_adds_up", statement))


def test_an_inspection_has_one_subject(bench: Bench) -> None:
    bench.stage.attack(
        INSPECTOR,
        ("inspection_has_one_subject", result(bench, part_id=bench.part_id, pieces_submitted=1, pieces_passed=1)),
    )  # fmt: skip


def test_recovered_parts_are_inspected_one_by_one(bench: Bench) -> None:
    sample = {"kind": "PARTS", "round_id": None, "part_id": bench.part_id, "pieces_submitted": 12, "pieces_passed": 12}
    no = "FALSE" if bench.stage.plant.kind == "postgresql" else "0"
    statement = result(bench, **sample, pieces_sampled=3, is_every_piece="@").replace("'@'", no)
    bench.stage.attack(INSPECTOR, ("sample_is_named", statement))
    unnamed = result(bench, pieces_submitted=5, pieces_passed=5, is_every_piece="@").replace("'@'", no)
    bench.stage.attack(INSPECTOR, ("sample_is_named", unnamed))


def test_the_result_of_an_inspection_stays(bench: Bench) -> None:
    bench.inspected(10)
    bench.stage.attack(
        INSPECTOR, ("inspection_is_fixed", "UPDATE inspection SET pieces_passed = 12"), rights_come_first=True
    )


def test_no_more_is_inspected_than_was_sorted_as_good(bench: Bench) -> None:
    other = goods_received(bench.stage.plant)
    foreign = result(bench, pieces_submitted=2, pieces_passed=2).replace(
        f"({bench.floor.case_id},", f"({other.case_id},"
    )
    assert trigger_stands(bench.stage, "inspection_moves_round")
    bench.stage.attack(INSPECTOR, ("same_case", foreign))
    bench.stage.attack(INSPECTOR, ("used_pieces_stay", result(bench, pieces_submitted=21, pieces_passed=21)))
    bench.inspected(20)
    bench.stage.attack(INSPECTOR, ("used_pieces_stay", result(bench, pieces_submitted=1, pieces_passed=1)))


def test_dismantled_units_do_not_go_through_the_inspection(bench: Bench) -> None:
    statement = result(
        bench, kind="ORDER", round_id=None, work_order_id=bench.order_id, pieces_submitted=5, pieces_passed=5
    )
    bench.stage.attack(INSPECTOR, ("inspection_moves_order", statement))


def test_failed_pieces_become_a_new_round(bench: Bench) -> None:
    assert trigger_stands(bench.stage, "failed_good_starts_round")
    assert trigger_stands(bench.stage, "failed_order_starts_round")
    with bench.stage.plant.plain(INSPECTOR) as connection:
        connection.execute(result(bench, pieces_submitted=20, pieces_passed=17, pieces_failed=3))
    made = bench.stage.rows(
        "SELECT number, origin, pieces, pieces_undecided, state FROM sorting_round WHERE number = 2"
    )
    assert made == [(2, "REINSPECTION", 3, 3, "WAITING")]


def test_there_are_no_more_candidates_than_parts(bench: Bench) -> None:
    statement = (
        "INSERT INTO recovered_part (case_id, work_order_id, name, parts_total, parts_candidate)"
        f" VALUES ({bench.floor.case_id}, {bench.order_id}, '缸筒', {{total}}, {{candidates}})"
    )
    for total, candidates in ((4, 5), (0, 0), (4, -1)):
        bench.stage.attack(PRODUCTION, ("parts_add_up", statement.format(total=total, candidates=candidates)))


def test_no_more_parts_are_inspected_than_are_candidates(bench: Bench) -> None:
    statement = result(bench, kind="PARTS", round_id=None, part_id=bench.part_id, pieces_submitted=13, pieces_passed=13)
    bench.stage.attack(INSPECTOR, ("parts_inspected_within_candidates", statement))
    other = goods_received(bench.stage.plant)
    foreign = statement.replace(f"({bench.floor.case_id},", f"({other.case_id},")
    assert trigger_stands(bench.stage, "inspection_moves_part")
    bench.stage.attack(INSPECTOR, ("same_case", foreign))


def test_the_count_of_parts_stays(bench: Bench) -> None:
    bench.stage.attack(
        PRODUCTION, ("parts_are_fixed", "UPDATE recovered_part SET parts_total = 200"), rights_come_first=True
    )


def test_parts_come_from_dismantled_units(bench: Bench) -> None:
    statement = (
        "INSERT INTO recovered_part (case_id, work_order_id, name, parts_total, parts_candidate)"
        f" VALUES ({bench.floor.case_id}, {{order}}, '缸筒', 4, 4)"
    )
    bench.floor.sorted(rework=10, dismantle=3)
    qe = bench.stage.plant.sign_in(QE)
    for kind, pieces in ((OrderKind.REWORK, 10), (OrderKind.DISMANTLE, 3)):
        order = rework.open_order(qe, kind=kind, takes=bench.floor.take(pieces), instruction="RW", revision="A")
        rework.release(qe, order_id=order.order_id)
        rework.start(bench.stage.plant.sign_in(PRODUCTION), order_id=order.order_id)
        bench.stage.attack(PRODUCTION, ("parts_of_a_dismantling", statement.format(order=order.order_id)))


def test_a_dismantling_is_not_done_before_its_parts_are_inspected(bench: Bench) -> None:
    done = f"UPDATE work_order SET state = 'DONE' WHERE id = {bench.order_id}"
    bench.stage.attack(PRODUCTION, ("done_means_parts_inspected", done))
    inspection.inspect_parts(bench.stage.plant.sign_in(INSPECTOR), part_id=bench.part_id, passed=5, rejected=6)
    bench.stage.attack(PRODUCTION, ("done_means_parts_inspected", done))


def test_a_stock_entry_has_pieces_and_a_place(bench: Bench) -> None:
    done = bench.inspected(10)
    bench.stage.attack(CLERK, ("stock_entry_has_pieces", entry(bench, done, 0)))
    bench.stage.attack(CLERK, ("stock_entry_has_pieces", entry(bench, done, -1)))
    bench.stage.attack(CLERK, ("stock_entry_has_pieces", entry(bench, done, 5, place="")))


def test_no_more_goes_into_stock_than_passed(bench: Bench) -> None:
    done = bench.inspected(10, failed=2)
    bench.stage.attack(CLERK, ("stocked_within_passed", entry(bench, done, 11)))
    inspection.enter_stock(bench.stage.plant.sign_in(CLERK), inspection_id=done, pieces=7, place="成品库")
    bench.stage.attack(CLERK, ("stocked_within_passed", entry(bench, done, 4)))
    bench.stage.attack(CLERK, ("stocked_within_passed", entry(bench, done, -8, remark="x")))
    other = goods_received(bench.stage.plant)
    foreign = entry(bench, done, 1).replace(f"({bench.floor.case_id},", f"({other.case_id},")
    assert trigger_stands(bench.stage, "entry_moves_inspection")
    bench.stage.attack(CLERK, ("same_case", foreign))


def test_recovered_parts_are_all_inspected_before_stock(bench: Bench) -> None:
    gao = bench.stage.plant.sign_in(INSPECTOR)
    first = inspection.inspect_parts(gao, part_id=bench.part_id, passed=5, rejected=1)
    bench.stage.attack(CLERK, ("parts_wholly_inspected", entry(bench, first.inspection_id, 5)))
    inspection.inspect_parts(gao, part_id=bench.part_id, passed=6)
    with bench.stage.plant.plain(CLERK) as connection:
        connection.execute(entry(bench, first.inspection_id, 5))


def test_a_sample_does_not_bring_a_held_lot_into_stock(bench: Bench) -> None:
    sampled, whole = bench.inspected(10, sampled=3), bench.inspected(10)
    with bench.stage.plant.plain(CLERK) as connection:
        connection.execute(entry(bench, sampled, 5))
    with bench.stage.plant.plain(QE) as connection:
        connection.execute(
            "INSERT INTO lot_hold (lot_id, reason, state) SELECT id, '阻力不符', 'ON' FROM lot WHERE number = 'L2610A'"
        )
    bench.stage.attack(CLERK, ("held_lot_needs_every_piece", entry(bench, sampled, 1)))
    with bench.stage.plant.plain(CLERK) as connection:
        connection.execute(entry(bench, whole, 10))
