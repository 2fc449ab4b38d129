"""Attacks on rounds, judgements and dispositions: every piece stays where the entries say that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qms_desktop.db.connection import read
from qms_desktop.db.rework import OrderKind
from qms_desktop.rules.signature import content_hash
from qms_desktop.steps import inspection, rework
from tests.helpers.floor import Floor, goods_received, price_list, trigger_stands
from tests.hostile.stage import INSPECTOR, LEADER, QE, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage


@pytest.fixture
def floor(stage: Stage) -> Floor:
    """Give 60 received pieces that nobody has judged yet."""
    return goods_received(stage.plant)


def dispose(floor: Floor, *, kind: str = "GOOD", pieces: int = 1, **columns: object) -> str:
    """Give the statement by which pieces are put on a heap past the program."""
    values = {"remark": "x", **columns}
    names = "".join(f", {name}" for name in values)
    shown = "".join(f", {_literal(value)}" for value in values.values())
    return (
        f"INSERT INTO disposition (case_id, round_id, kind, pieces{names})"
        f" VALUES ({floor.case_id}, {floor.round_id}, '{kind}', {pieces}{shown})"
    )


def _literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else "NULL" if value is None else str(value)


def judgement(floor: Floor, *, method: str = "拉力机") -> str:
    """Give the statement by which a judgement is written without a signature."""
    return (
        "INSERT INTO judgement (case_id, round_id, method, limit_sample, text)"
        f" VALUES ({floor.case_id}, {floor.round_id}, '{method}', 'LS-22', '超差')"
    )


def share(floor: Floor, percent: int, *, judgement_id: int, round_id: int = 0) -> str:
    """Give the statement by which a share of the responsibility is written."""
    return (
        "INSERT INTO responsibility_share (case_id, round_id, judgement_id, code, percent)"
        f" VALUES ({floor.case_id}, {round_id or floor.round_id}, {judgement_id}, '3', {percent})"
    )


def sign_judgement(stage: Stage, floor: Floor) -> str:
    """Give the statement by which the inspector signs the round as it is now."""
    with stage.plant.sign_in(INSPECTOR).store.use():
        covered = read(lambda: content_hash("sorting_round", floor.round_id))
    if stage.plant.kind == "postgresql":
        return f"SELECT qms_sign({floor.case_id}, 'sorting_round', {floor.round_id}, 'JUDGE', '{covered}', '')"
    return (
        "INSERT INTO signature (case_id, kind, record_id, meaning, content_hash, roles, connection)"
        f" VALUES ({floor.case_id}, 'sorting_round', {floor.round_id}, 'JUDGE', '{covered}', qms_roles(),"
        " qms_connection())"
    )


def new_round(floor: Floor, *, source_id: int, state: str = "WAITING") -> str:
    """Give the statement by which a round of the same line is made past the database's own triggers."""
    return (
        "INSERT INTO sorting_round"
        " (case_id, rma_id, rma_line_id, receipt_line_id, product_id, origin, source_id, state)"
        " SELECT case_id, rma_id, rma_line_id, receipt_line_id, product_id, origin,"
        f" {source_id}, '{state}' FROM sorting_round WHERE id = {floor.round_id}"
    )


def test_a_round_takes_only_its_own_steps(stage: Stage, floor: Floor) -> None:
    stage.attack(
        INSPECTOR,
        ("sorting_round_state_moves", f"UPDATE sorting_round SET state = 'SORTING' WHERE id = {floor.round_id}"),
    )
    stage.attack(
        LEADER, ("sorting_round_state_begins", new_round(floor, source_id=99, state="DONE")), rights_come_first=True
    )


def test_nobody_makes_pieces_to_sort(stage: Stage, floor: Floor) -> None:
    assert trigger_stands(stage, "signature_starts_rounds")
    assert trigger_stands(stage, "approval_starts_rounds")
    (source,) = stage.rows(f"SELECT source_id FROM sorting_round WHERE id = {floor.round_id}")[0]
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(LEADER, new_round(floor, source_id=source))
        stage.attack_by_rights(INSPECTOR, "UPDATE sorting_round SET pieces = 1000, pieces_undecided = 1000")
    else:
        stage.attack(LEADER, ("round_once", new_round(floor, source_id=source)))
        stage.attack(
            INSPECTOR, ("server_columns_are_filled", "UPDATE sorting_round SET pieces = 1000, pieces_undecided = 1000")
        )
        made = new_round(floor, source_id=99).replace(
            "source_id, state)", "source_id, state, pieces, pieces_undecided)"
        )
        stage.attack(LEADER, ("server_columns_are_filled", made.replace("'WAITING' FROM", "'WAITING', 9, 9 FROM")))


def test_the_rounds_of_a_line_have_their_own_numbers(stage: Stage, floor: Floor) -> None:
    floor.judged().sorted(good=5)
    inspection.inspect_good(stage.plant.sign_in(INSPECTOR), round_id=floor.round_id, passed=3, failed=2)
    stage.attack(
        INSPECTOR, ("round_number_once", "UPDATE sorting_round SET number = 1 WHERE number = 2"), rights_come_first=True
    )


def test_pieces_are_not_moved_to_another_line(stage: Stage, floor: Floor) -> None:
    for column in ("rma_line_id", "receipt_line_id", "source_id"):
        stage.attack(INSPECTOR, ("round_is_fixed", f"UPDATE sorting_round SET {column} = 1"), rights_come_first=True)


def test_a_judgement_without_method_is_refused(stage: Stage, floor: Floor) -> None:
    stage.attack(QE, ("judgement_is_complete", judgement(floor, method="")))


def test_shares_that_do_not_make_a_whole_cannot_be_signed(stage: Stage, floor: Floor) -> None:
    with stage.plant.plain(QE) as connection:
        connection.execute(judgement(floor))
    (made,) = stage.rows("SELECT max(id) FROM judgement")[0]
    for percent in (0, 101, -5):
        stage.attack(QE, ("share_is_a_percentage", share(floor, percent, judgement_id=made)))
    stage.attack(INSPECTOR, ("shares_make_a_whole", sign_judgement(stage, floor)))
    with stage.plant.plain(QE) as connection:
        connection.execute(share(floor, 60, judgement_id=made))
    stage.attack(INSPECTOR, ("shares_make_a_whole", sign_judgement(stage, floor)))


def test_a_share_of_another_round_is_refused(stage: Stage, floor: Floor) -> None:
    floor.judged().sorted(good=5)
    gao = stage.plant.sign_in(INSPECTOR)
    second = inspection.inspect_good(gao, round_id=floor.round_id, passed=3, failed=2).new_round_id
    assert second is not None
    stage.attack(QE, ("share_belongs_to_its_judgement", share(floor, 5, judgement_id=1, round_id=second)))


def test_goods_are_not_judged_without_a_signature(stage: Stage, floor: Floor) -> None:
    with stage.plant.plain(INSPECTOR) as connection:
        connection.execute(judgement(floor))
    stage.attack(
        INSPECTOR, ("judged_with_signature", f"UPDATE sorting_round SET state = 'JUDGED' WHERE id = {floor.round_id}")
    )


def test_nothing_is_sorted_before_the_judgement_is_signed(stage: Stage, floor: Floor) -> None:
    stage.attack(INSPECTOR, ("judged_before_sorting", dispose(floor)))
    floor.judged()
    with stage.plant.plain(QE) as connection:
        connection.execute(judgement(floor, method="改判"))
    stage.attack(INSPECTOR, ("judged_before_sorting", dispose(floor)))


def test_nothing_is_sorted_into_a_closed_round(stage: Stage, floor: Floor) -> None:
    floor.judged().sorted(scrap=60)
    stage.attack(INSPECTOR, ("disposition_moves_round", dispose(floor, kind="SCRAP", pieces=-1)))


def test_a_heap_is_not_enlarged_past_the_entries(stage: Stage, floor: Floor) -> None:
    stage.attack(
        INSPECTOR,
        ("round_is_balanced", "UPDATE sorting_round SET pieces_good = pieces_good + 5"),
        rights_come_first=True,
    )


def test_no_more_is_sorted_than_was_received(stage: Stage, floor: Floor) -> None:
    stage.attack(INSPECTOR, ("sorted_within_received", dispose(floor, kind="ANALYSED", pieces=61)))
    floor.judged().sorted(good=58)
    stage.attack(INSPECTOR, ("sorted_within_received", dispose(floor, pieces=3)))


def test_no_more_is_taken_back_than_lies_there(stage: Stage, floor: Floor) -> None:
    floor.judged().sorted(scrap=3, return_to_customer=4)
    stage.attack(INSPECTOR, ("heaps_are_not_negative", dispose(floor, kind="SCRAP", pieces=-4)))
    stage.attack(
        INSPECTOR,
        ("heaps_are_not_negative", dispose(floor, kind="RETURN_TO_CUSTOMER", pieces=-2, refusal_reason="R2")),
    )  # fmt: skip


def test_pieces_in_an_order_are_not_taken_back(stage: Stage, floor: Floor) -> None:
    floor.judged().sorted(rework=5, good=5)
    rework.open_order(stage.plant.sign_in(QE), kind=OrderKind.REWORK, takes=floor.take(5))
    stage.attack(INSPECTOR, ("used_pieces_stay", dispose(floor, kind="REWORK", pieces=-3)))
    inspection.inspect_good(stage.plant.sign_in(INSPECTOR), round_id=floor.round_id, passed=4)
    stage.attack(INSPECTOR, ("used_pieces_stay", dispose(floor, kind="GOOD", pieces=-2)))


def test_pieces_are_not_taken_back_without_a_reason(stage: Stage, floor: Floor) -> None:
    floor.judged().sorted(scrap=3)
    for pieces in (-1, 0):
        stage.attack(INSPECTOR, ("disposition_has_pieces", dispose(floor, kind="SCRAP", pieces=pieces, remark="")))


def test_pieces_go_back_to_the_customer_for_a_reason(stage: Stage, floor: Floor) -> None:
    floor.judged()
    stage.attack(INSPECTOR, ("refused_go_to_the_customer", dispose(floor, kind="RETURN_TO_CUSTOMER", remark="")))
    stage.attack(INSPECTOR, ("refused_go_to_the_customer", dispose(floor, kind="SCRAP", refusal_reason="R2")))


def test_a_retained_sample_has_its_place_and_day(stage: Stage, floor: Floor) -> None:
    floor.judged()
    stage.attack(INSPECTOR, ("kept_with_place", dispose(floor, kind="RETAINED", place="留样柜")))
    stage.attack(INSPECTOR, ("kept_with_place", dispose(floor, kind="RETAINED", valid_until="2027-11-03")))


def test_a_repair_or_concession_needs_the_customers_permission(stage: Stage, floor: Floor) -> None:
    floor.judged(defect_code="F-021")
    stage.attack(INSPECTOR, ("proved_by_certificate", dispose(floor, kind="REPAIR")))
    stage.attack(
        INSPECTOR,
        ("proved_by_certificate", dispose(floor, kind="CONCESSION", valid_until="2027-01-01", certificate_pieces=5)),
    )  # fmt: skip


def test_a_concession_stays_within_its_permission(stage: Stage, floor: Floor) -> None:
    floor.judged(defect_code="F-021")
    permitted: dict[str, Any] = {"certificate_no": "CP-7", "valid_until": "2027-01-01", "certificate_pieces": 5}
    stage.attack(INSPECTOR, ("concession_within_permission", dispose(floor, kind="CONCESSION", pieces=6, **permitted)))
    with stage.plant.plain(INSPECTOR) as connection:
        connection.execute(dispose(floor, kind="CONCESSION", pieces=3, **permitted))
    stage.attack(INSPECTOR, ("concession_within_permission", dispose(floor, kind="CONCESSION", pieces=3, **permitted)))
    stage.attack(INSPECTOR, ("concession_within_permission", dispose(floor, kind="CONCESSION", certificate_no="CP-7")))


def test_no_concession_for_a_safety_characteristic(stage: Stage, floor: Floor) -> None:
    floor.judged(defect_code="F-012")
    permitted: dict[str, Any] = {"certificate_no": "CP-7", "valid_until": "2027-01-01", "certificate_pieces": 5}
    stage.attack(INSPECTOR, ("no_concession_for_safety", dispose(floor, kind="CONCESSION", **permitted)))
    (scratch,) = stage.rows("SELECT id FROM defect_code WHERE code = 'F-021'")[0]
    stage.attack(
        INSPECTOR, ("no_concession_for_safety", dispose(floor, kind="CONCESSION", defect_code_id=scratch, **permitted))
    )


def test_a_concession_of_a_critical_or_unnamed_defect_is_refused(stage: Stage, floor: Floor) -> None:
    permitted: dict[str, Any] = {"certificate_no": "CP-7", "valid_until": "2027-01-01", "certificate_pieces": 5}
    floor.judged(defect_code="")
    stage.attack(INSPECTOR, ("no_concession_for_safety", dispose(floor, kind="CONCESSION", **permitted)))
    floor.judged(defect_code="F-013")
    stage.attack(INSPECTOR, ("no_concession_for_safety", dispose(floor, kind="CONCESSION", **permitted)))


def test_pieces_go_back_to_a_named_supplier(stage: Stage, floor: Floor) -> None:
    price_list(stage.plant)
    floor.judged()
    stage.attack(INSPECTOR, ("supplier_is_named", dispose(floor, kind="RETURN_TO_SUPPLIER")))


def test_goods_at_the_customer_are_not_reworked_here(stage: Stage, floor: Floor) -> None:
    floor.judged()
    stage.attack(
        INSPECTOR, ("only_goods_that_are_here", dispose(floor, kind="SCRAPPED_AT_CUSTOMER", certificate_no="SC-1"))
    )


def test_a_round_is_not_closed_with_undecided_pieces(stage: Stage, floor: Floor) -> None:
    floor.judged()
    stage.attack(
        INSPECTOR, ("done_means_decided", f"UPDATE sorting_round SET state = 'DONE' WHERE id = {floor.round_id}")
    )


def test_an_rma_is_not_sorted_while_a_round_is_open(stage: Stage, floor: Floor) -> None:
    stage.attack(
        INSPECTOR, ("sorted_means_all_rounds", f"UPDATE rma SET goods_state = 'SORTED' WHERE id = {floor.rma_id}")
    )


def test_sales_and_the_line_sort_nothing(server_stage: Stage) -> None:
    floor = goods_received(server_stage.plant).judged()
    for who in (SALES, QE, "罗强", "周磊秀"):
        server_stage.attack_by_rights(who, dispose(floor))
