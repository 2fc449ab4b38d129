"""Attacks on orders, reports, hours and material."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

import pytest

from qms_desktop.db.rework import OrderKind
from qms_desktop.steps import inspection, rework
from tests.helpers.floor import Floor, goods_received, price_list, trigger_stands
from tests.helpers.scene import Scene, chapter
from tests.hostile.stage import INSPECTOR, PRODUCTION, QE, Stage

SOMEBODY_WAITS = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO work_time%'"


@dataclass
class Shop(Scene):
    """A rework order of 20 pieces, and the round that it took them from (30 to rework, 10 good, 5 to repack)."""

    stage: Stage
    floor: Floor
    order_id: int

    @chapter
    def released(self) -> Shop:
        """Let quality release the order."""
        rework.release(self.stage.plant.sign_in(QE), order_id=self.order_id, instruction="RW-YQ22-01", revision="A")
        return self

    @chapter
    def running(self) -> Shop:
        """Let production start the order."""
        self.released()
        rework.start(self.stage.plant.sign_in(PRODUCTION), order_id=self.order_id)
        return self

    @chapter
    def reported(self, *, to_inspect: int) -> Shop:
        """Let production report pieces."""
        rework.report(self.stage.plant.sign_in(PRODUCTION), order_id=self.order_id, to_inspect=to_inspect)
        return self

    def state(self, word: str) -> str:
        """Give the statement that moves the order."""
        return f"UPDATE work_order SET state = '{word}' WHERE id = {self.order_id}"


@pytest.fixture
def shop(stage: Stage) -> Shop:
    """Give an open rework order of 20 pieces, on each database."""
    return shop_of(stage)


@chapter
def shop_of(stage: Stage) -> Shop:
    """Tell the story to an open rework order of 20 pieces."""
    price_list(stage.plant)
    floor = goods_received(stage.plant).judged().sorted(rework=30, good=10, repack=5)
    order = rework.open_order(stage.plant.sign_in(QE), kind=OrderKind.REWORK, takes=floor.take(20))
    return Shop(stage, floor, order.order_id)


def pieces(shop: Shop, count: int, *, kind: str = "REWORK", remark: str = "", order_id: int = 0) -> str:
    return (
        "INSERT INTO order_pieces (case_id, work_order_id, round_id, kind, pieces, remark) VALUES"
        f" ({shop.floor.case_id}, {order_id or shop.order_id}, {shop.floor.round_id}, '{kind}', {count}, '{remark}')"
    )


def report(shop: Shop, *, to_inspect: int = 0, failed: int = 0, scrapped: int = 0, remark: str = "") -> str:
    return (
        "INSERT INTO order_report (case_id, work_order_id, pieces_to_inspect, pieces_failed, pieces_scrapped, remark)"
        f" VALUES ({shop.floor.case_id}, {shop.order_id}, {to_inspect}, {failed}, {scrapped}, '{remark}')"
    )


def hours(shop: Shop, **columns: object) -> str:
    """Give the statement that books hours; by default one hour of 罗强 on the order, before now."""
    values: dict[str, object] = {
        "work_order_id": shop.order_id,
        "activity": "REWORK",
        "person_id": shop.stage.rows("SELECT id FROM person WHERE login = '10004'")[0][0],
        "rate_id": shop.stage.rows("SELECT id FROM rate_name WHERE code = '返修技工'")[0][0],
        "started_at": "2026-11-03T00:00:00.000000+00:00",
        "ended_at": "2026-11-03T01:00:00.000000+00:00",
        "state": "ENDED",
        **columns,
    }
    shown = ", ".join("NULL" if v is None else f"'{v}'" if isinstance(v, str) else str(v) for v in values.values())
    return f"INSERT INTO work_time (case_id, {', '.join(values)}) VALUES ({shop.floor.case_id}, {shown})"


def material(shop: Shop, code: str, *, thousandths: int = 1000, corrects: int | None = None, remark: str = "") -> str:
    return (
        "INSERT INTO material_use (case_id, work_order_id, material_id, quantity_thousandths, corrects_id, remark)"
        f" SELECT {shop.floor.case_id}, {shop.order_id}, id, {thousandths}, {corrects or 'NULL'}, '{remark}'"
        f" FROM rate_name WHERE code = '{code}'"
    )


def test_an_order_takes_only_its_own_steps(shop: Shop) -> None:
    shop.stage.attack(QE, ("work_order_state_moves", shop.state("DONE").replace("DONE", "RUNNING")))
    shop.released()
    shop.stage.attack(QE, ("work_order_state_moves", shop.state("RUNNING")))
    begin = (
        "INSERT INTO work_order (case_id, rma_id, kind, state)"
        f" VALUES ({shop.floor.case_id}, {shop.floor.rma_id}, 'REPACK', 'RUNNING')"
    )
    shop.stage.attack(QE, ("work_order_state_begins", begin))


def test_an_order_number_is_given_once(shop: Shop) -> None:
    rework.open_order(shop.stage.plant.sign_in(QE), kind=OrderKind.REPACK, takes=shop.floor.take(5))
    shop.stage.attack(
        QE,
        ("order_number_once", "UPDATE work_order SET number = (SELECT min(number) FROM work_order)"),
        rights_come_first=True,
    )


def test_an_order_is_not_changed_into_another_kind(shop: Shop) -> None:
    shop.stage.attack(QE, ("order_is_fixed", "UPDATE work_order SET kind = 'REPACK'"), rights_come_first=True)


def test_rework_without_an_instruction_is_not_released(shop: Shop) -> None:
    shop.stage.attack(QE, ("released_with_instruction", shop.state("RELEASED")))
    shop.stage.attack(
        QE, ("released_with_instruction", shop.state("RELEASED").replace("SET", "SET instruction = 'RW-1',")),
    )  # fmt: skip


def test_an_order_without_pieces_is_not_released(shop: Shop) -> None:
    with shop.stage.plant.plain(QE) as connection:
        connection.execute(
            "INSERT INTO work_order (case_id, rma_id, kind, state)"
            f" VALUES ({shop.floor.case_id}, {shop.floor.rma_id}, 'REPACK', 'OPEN')"
        )
    shop.stage.attack(
        QE, ("released_with_instruction", "UPDATE work_order SET state = 'RELEASED' WHERE kind = 'REPACK'")
    )


def test_the_instruction_of_a_released_order_stays(shop: Shop) -> None:
    shop.released()
    shop.stage.attack(QE, ("instruction_stays", f"UPDATE work_order SET revision = 'B' WHERE id = {shop.order_id}"))


def test_an_order_takes_no_pieces_of_another_line(shop: Shop) -> None:
    other = goods_received(shop.stage.plant).judged().sorted(rework=10)
    foreign = pieces(shop, 5).replace(f", {shop.floor.round_id},", f", {other.round_id},")
    first = "order_takes_from_its_heap" if shop.stage.plant.kind == "postgresql" else "same_case"
    shop.stage.attack(QE, (first, foreign))
    shop.stage.attack(QE, ("order_takes_from_its_heap", pieces(shop, 5, kind="REPACK")))


def test_an_order_of_no_pieces_is_refused(shop: Shop) -> None:
    shop.stage.attack(QE, ("order_pieces_have_a_reason", pieces(shop, 0)))
    shop.stage.attack(QE, ("order_pieces_have_a_reason", pieces(shop, -3)))


def test_no_pieces_are_slipped_into_a_released_order(shop: Shop) -> None:
    shop.running()
    # The guard of the row's own state answers: an order is filled while it is open.
    shop.stage.attack(QE, ("pieces_move_order", pieces(shop, 5)))


def test_no_more_is_ordered_than_was_sorted(shop: Shop) -> None:
    assert trigger_stands(shop.stage, "pieces_move_round")
    shop.stage.attack(QE, ("used_pieces_stay", pieces(shop, 11)))
    rework.open_order(shop.stage.plant.sign_in(QE), kind=OrderKind.REWORK, takes=shop.floor.take(10))
    shop.stage.attack(QE, ("reported_within_order", pieces(shop, -21, remark="x")))


def test_the_balance_of_an_order_is_not_bent(shop: Shop) -> None:
    shop.stage.attack(
        PRODUCTION, ("order_is_balanced", "UPDATE work_order SET pieces_to_inspect = 500"), rights_come_first=True
    )


def test_no_more_is_reported_than_was_ordered(shop: Shop) -> None:
    shop.running()
    shop.stage.attack(PRODUCTION, ("reported_within_order", report(shop, to_inspect=15, failed=6)))
    shop.reported(to_inspect=15)
    shop.stage.attack(PRODUCTION, ("reported_within_order", report(shop, to_inspect=6)))
    inspection.inspect_order(shop.stage.plant.sign_in(INSPECTOR), order_id=shop.order_id, passed=10)
    shop.stage.attack(PRODUCTION, ("inspected_within_reported", report(shop, to_inspect=-6, remark="x")))


def test_a_report_of_nothing_is_refused(shop: Shop) -> None:
    shop.running()
    shop.stage.attack(PRODUCTION, ("report_is_whole", report(shop)))
    shop.stage.attack(PRODUCTION, ("report_is_whole", report(shop, to_inspect=-1)))
    shop.stage.attack(PRODUCTION, ("report_is_whole", report(shop, to_inspect=5, failed=-5)))


def test_nothing_is_reported_on_an_order_that_does_not_run(shop: Shop) -> None:
    shop.stage.attack(PRODUCTION, ("report_moves_order", report(shop, to_inspect=5)))
    shop.released()
    shop.stage.attack(PRODUCTION, ("report_moves_order", report(shop, to_inspect=5)))


def test_what_production_could_not_mend_goes_back_to_the_inspector(shop: Shop) -> None:
    shop.running()
    assert trigger_stands(shop.stage, "report_starts_round")
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(report(shop, to_inspect=10, failed=6, scrapped=4))
    made = shop.stage.rows("SELECT number, origin, pieces, pieces_undecided, state FROM sorting_round WHERE number = 2")
    assert made == [(2, "PRODUCTION", 10, 10, "WAITING")]


def test_an_order_is_not_reported_with_pieces_in_work(shop: Shop) -> None:
    shop.running()
    shop.stage.attack(PRODUCTION, ("reported_means_none_in_work", shop.state("REPORTED")))


def test_an_order_is_not_done_before_the_inspection(shop: Shop) -> None:
    shop.running().reported(to_inspect=20)
    shop.stage.attack(PRODUCTION, ("done_means_inspected", shop.state("DONE")))


def test_an_order_is_not_cancelled_with_pieces_in_it(shop: Shop) -> None:
    shop.stage.attack(QE, ("cancelled_means_empty", shop.state("CANCELLED")))


def test_no_more_is_inspected_than_was_reported(shop: Shop) -> None:
    shop.running().reported(to_inspect=12)
    statement = (
        "INSERT INTO inspection (case_id, kind, work_order_id, pieces_submitted, pieces_passed)"
        f" VALUES ({shop.floor.case_id}, 'ORDER', {shop.order_id}, {{n}}, {{n}})"
    )
    shop.stage.attack(INSPECTOR, ("inspected_within_reported", statement.format(n=13)))
    inspection.inspect_order(shop.stage.plant.sign_in(INSPECTOR), order_id=shop.order_id, passed=12)
    shop.stage.attack(INSPECTOR, ("inspected_within_reported", statement.format(n=1)))


def test_cancelled_hours_do_not_come_back(shop: Shop) -> None:
    shop.running()
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(hours(shop))
        connection.execute("UPDATE work_time SET state = 'CANCELLED', reason = 'x'")
    shop.stage.attack(PRODUCTION, ("work_time_state_moves", "UPDATE work_time SET state = 'ENDED'"))
    shop.stage.attack(PRODUCTION, ("work_time_state_begins", hours(shop, state="CANCELLED", reason="x")))


def test_a_material_keeps_the_name_of_the_price_list(shop: Shop) -> None:
    assert trigger_stands(shop.stage, "rate_leaves_its_name")
    forged = "INSERT INTO rate_name (kind, code, name, unit) VALUES ('MATERIAL', 'M-101', '包装盒', '只')"
    shop.stage.attack(PRODUCTION, ("rate_name_comes_with_a_rate", forged), rights_come_first=True)
    shop.stage.attack(
        PRODUCTION, ("rate_name_is_fixed", "UPDATE rate_name SET name = '包装盒' WHERE code = 'M-101'"),
        rights_come_first=True,
    )  # fmt: skip
    again = forged.replace("包装盒", "密封圈")
    shop.stage.attack(PRODUCTION, ("rate_name_once", again), rights_come_first=True)


def test_hours_belong_to_one_order_or_round(shop: Shop) -> None:
    shop.running()
    both = hours(shop, round_id=shop.floor.round_id)
    shop.stage.attack(PRODUCTION, ("work_is_on_one_thing", both))


def test_hours_end_after_they_begin(shop: Shop) -> None:
    shop.running()
    shop.stage.attack(
        PRODUCTION, ("work_ends_after_it_begins", hours(shop, ended_at="2026-11-02T23:00:00.000000+00:00"))
    )
    shop.stage.attack(PRODUCTION, ("work_ends_after_it_begins", hours(shop, ended_at=None)))


def test_hours_of_tomorrow_are_refused(shop: Shop) -> None:
    shop.running()
    tomorrow = "2026-11-04T05:00:00.000000+00:00"
    shop.stage.attack(PRODUCTION, ("work_is_not_in_the_future", hours(shop, ended_at=tomorrow)))
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(hours(shop, state="RUNNING", ended_at=None))
    shop.stage.attack(
        PRODUCTION, ("work_stops_not_in_the_future", f"UPDATE work_time SET state = 'ENDED', ended_at = '{tomorrow}'")
    )


def test_booked_hours_are_not_changed(shop: Shop) -> None:
    shop.running()
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(hours(shop))
    shop.stage.attack(
        PRODUCTION, ("work_is_fixed", "UPDATE work_time SET ended_at = '2026-11-03T01:10:00.000000+00:00'")
    )
    shop.stage.attack(
        PRODUCTION, ("work_is_fixed", "UPDATE work_time SET started_at = '2026-11-02T20:00:00.000000+00:00'"),
        rights_come_first=True,
    )  # fmt: skip


def test_hours_are_not_cancelled_without_a_reason(shop: Shop) -> None:
    shop.running()
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(hours(shop))
    shop.stage.attack(PRODUCTION, ("cancelled_for_a_reason", "UPDATE work_time SET state = 'CANCELLED'"))


def test_a_reason_is_not_rewritten(shop: Shop) -> None:
    shop.running()
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(hours(shop))
        connection.execute("UPDATE work_time SET state = 'CANCELLED', reason = '重复'")
    shop.stage.attack(PRODUCTION, ("work_reason_comes_with_the_step", "UPDATE work_time SET reason = '主管要求'"))


def test_nobody_works_on_two_things_at_once(shop: Shop) -> None:
    shop.running()
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(hours(shop))
    shop.stage.attack(PRODUCTION, ("one_work_at_a_time", hours(shop, started_at="2026-11-03T00:30:00.000000+00:00")))
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(hours(shop, started_at="2026-11-03T01:00:00.000000+00:00", ended_at=None, state="RUNNING"))
    shop.stage.attack(
        PRODUCTION,
        (
            "one_work_at_a_time",
            hours(shop, started_at="2026-11-03T01:10:00.000000+00:00", ended_at=None, state="RUNNING"),
        ),
    )  # fmt: skip


def test_two_scans_of_a_badge_at_the_same_moment_start_one_work(server_stage: Stage) -> None:
    shop = shop_of(server_stage).running()
    begun = hours(shop, ended_at=None, state="RUNNING")
    with (
        server_stage.plant.plain(PRODUCTION) as first,
        server_stage.plant.plain(PRODUCTION) as second,
        ThreadPoolExecutor(1) as other_scanner,
    ):
        with first.transaction():
            first.execute(begun)
            waiting = other_scanner.submit(server_stage.refused_on, second, "one_running_work", begun)
            while not (server_stage.rows(SOMEBODY_WAITS) or waiting.done()):
                time.sleep(0.05)
        waiting.result()
    assert server_stage.rows("SELECT count(*) FROM work_time") == [(1,)]


def test_production_books_no_hours_of_the_inspection(shop: Shop) -> None:
    shop.running()
    shop.stage.attack(PRODUCTION, ("work_is_the_bookers_own", hours(shop, activity="INSPECTION")))
    on_round = hours(shop, work_order_id=None, round_id=shop.floor.round_id, activity="SORTING")
    shop.stage.attack(PRODUCTION, ("work_is_the_bookers_own", on_round))
    shop.stage.attack(INSPECTOR, ("work_is_the_bookers_own", hours(shop)))


def test_no_hours_on_an_order_that_is_not_released(shop: Shop) -> None:
    shop.stage.attack(PRODUCTION, ("work_on_a_running_order", hours(shop)))
    shop.running()
    shop.stage.attack(PRODUCTION, ("work_on_a_running_order", hours(shop, activity="REPACK")))


def test_hours_are_not_paid_as_material(shop: Shop) -> None:
    shop.running()
    (seal,) = shop.stage.rows("SELECT id FROM rate_name WHERE code = 'M-101'")[0]
    shop.stage.attack(PRODUCTION, ("wage_is_a_wage", hours(shop, rate_id=seal)))


def test_wages_are_not_booked_as_material(shop: Shop) -> None:
    shop.running()
    shop.stage.attack(PRODUCTION, ("material_is_a_material", material(shop, "返修技工")))


def test_material_is_taken_back_once_and_whole(shop: Shop) -> None:
    shop.running()
    used = rework.use_material(
        shop.stage.plant.sign_in(PRODUCTION), order_id=shop.order_id, material="M-101", quantity=Decimal(20)
    )
    shop.stage.attack(PRODUCTION, ("material_has_a_quantity", material(shop, "M-101", thousandths=0)))
    shop.stage.attack(PRODUCTION, ("material_has_a_quantity", material(shop, "M-101", thousandths=-1000)))
    part = material(shop, "M-101", thousandths=-5000, corrects=used, remark="x")
    shop.stage.attack(PRODUCTION, ("material_taken_back_whole", part))
    rework.take_back_material(shop.stage.plant.sign_in(PRODUCTION), use_id=used, reason="记错")
    whole = material(shop, "M-101", thousandths=-20000, corrects=used, remark="x")
    shop.stage.attack(PRODUCTION, ("material_taken_back_once", whole))


def test_no_material_on_an_order_that_is_not_released(shop: Shop) -> None:
    shop.stage.attack(PRODUCTION, ("material_on_a_running_order", material(shop, "M-101")))


def test_no_raw_material_on_a_repack_order(shop: Shop) -> None:
    order = rework.open_order(shop.stage.plant.sign_in(QE), kind=OrderKind.REPACK, takes=shop.floor.take(5))
    rework.release(shop.stage.plant.sign_in(QE), order_id=order.order_id)
    packing = Shop(shop.stage, shop.floor, order.order_id)
    rework.start(shop.stage.plant.sign_in(PRODUCTION), order_id=order.order_id)
    shop.stage.attack(PRODUCTION, ("no_raw_material_on_repack", material(packing, "M-101")))
    with shop.stage.plant.plain(PRODUCTION) as connection:
        connection.execute(material(packing, "M-103"))


def test_production_opens_no_orders_and_inspects_nothing(server_stage: Stage) -> None:
    floor = goods_received(server_stage.plant).judged().sorted(good=5)
    server_stage.attack_by_rights(
        PRODUCTION,
        "INSERT INTO inspection (case_id, kind, round_id, pieces_submitted, pieces_passed)"
        f" VALUES ({floor.case_id}, 'GOOD', {floor.round_id}, 5, 5)",
    )
    server_stage.attack_by_rights(
        PRODUCTION,
        "INSERT INTO work_order (case_id, rma_id, kind, state)"
        f" VALUES ({floor.case_id}, {floor.rma_id}, 'REPACK', 'OPEN')",
    )
