"""Attacks on the execution: before the approval, beyond what is settled, goods in advance without the review's word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.claim_execution import PaymentKind
from qms_desktop.errors import Refused
from qms_desktop.steps import claim_execution, complaint, rma
from tests.hostile.claim_desk import FINANCE, PLANNING, SQE, Desk, desk_of
from tests.hostile.stage import CLERK, QE, SALES_MANAGER

if TYPE_CHECKING:
    from tests.hostile.stage import Stage


def delivery(desk: Desk, *, pieces: int = 1, order_no: str = "SO1") -> str:
    return (
        "INSERT INTO claim_delivery (case_id, claim_id, claim_position_id, pieces, order_no)"
        f" VALUES ({desk.case_id}, {desk.claim_id}, {desk.position_id}, {pieces}, '{order_no}')"
    )


def payment(desk: Desk, amount: int = 100) -> str:
    return (
        "INSERT INTO claim_payment (case_id, claim_id, kind, amount)"
        f" VALUES ({desk.case_id}, {desk.claim_id}, 'OFF_RECEIVABLES', {amount})"
    )


def charge_back(desk: Desk, supplier: str = "恒固密封", amount: int = 100) -> str:
    return (
        "INSERT INTO claim_charge_back (case_id, claim_id, supplier_name, amount)"
        f" VALUES ({desk.case_id}, {desk.claim_id}, '{supplier}', {amount})"
    )


def advance(stage: Stage, *, pieces: int = 5, lot: str = "L2609A", certificate: str = "全检") -> str:
    return (
        "INSERT INTO advance_supply (case_id, rma_line_id, pieces, lot_number, certificate)"
        f" VALUES ({stage.case_id}, {stage.rma_line_id}, {pieces}, '{lot}', '{certificate}')"
    )


def allow_advance(stage: Stage) -> None:
    stage.judged()
    rma.review(stage.plant.sign_in(SALES_MANAGER), rma_id=stage.rma_id, text="合同", allows_advance=True)


def test_nothing_is_executed_before_the_approval(stage: Stage) -> None:
    desk = desk_of(stage).signed()
    stage.attack(PLANNING, ("delivery_moves_position", delivery(desk)))
    stage.attack(FINANCE, ("payment_moves_amount", payment(desk)))
    stage.attack(SQE, ("charge_back_after_the_approval", charge_back(desk)))
    stage.attack(PLANNING, ("claim_state_moves", desk.state("EXECUTED")))


def test_no_more_is_delivered_than_settled(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    stage.attack(PLANNING, ("delivered_within_settled", delivery(desk, pieces=201)))


def test_a_delivery_names_its_order(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    stage.attack(
        PLANNING,
        ("delivery_names_its_order", delivery(desk, order_no="")),
        ("delivery_names_its_order", delivery(desk, pieces=-1)),
    )


def test_no_more_is_paid_than_settled(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    stage.attack(FINANCE, ("paid_within_settled", payment(desk, 350_001)))


def test_a_payment_has_an_amount(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    stage.attack(FINANCE, ("payment_has_an_amount", payment(desk, 0)), ("payment_has_an_amount", payment(desk, -100)))


def test_a_charge_back_names_the_supplier(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    stage.attack(
        SQE,
        ("charge_back_names_the_supplier", charge_back(desk, supplier="")),
        ("charge_back_names_the_supplier", charge_back(desk, amount=0)),
    )


def test_a_claim_is_not_executed_by_half(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    plant = stage.plant
    claim_execution.deliver(plant.sign_in(PLANNING), claim_position_id=desk.position_id, pieces=200, order_no="SO1")
    assert stage.rows(f"SELECT state FROM claim WHERE id = {desk.claim_id}") == [("APPROVED",)]
    stage.attack(PLANNING, ("claim_executed_means_all", desk.state("EXECUTED")))
    claim_execution.pay(
        plant.sign_in(FINANCE), claim_id=desk.claim_id, amount=Decimal("35.00"), kind=PaymentKind.PAID_OUT
    )
    assert stage.rows(f"SELECT state FROM claim WHERE id = {desk.claim_id}") == [("EXECUTED",)]


def test_what_follows_by_itself_is_up_and_cannot_be_switched_off(stage: Stage) -> None:
    live = "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O'"
    if stage.plant.kind == "sqlite":
        live = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    names = {name for (name,) in stage.rows(live)}
    for follows in (
        "review_allows_advance",
        "advance_counts_at_the_approval",
        "last_delivery_executes",
        "last_payment_executes",
    ):
        assert f"apply_{follows}" in names


def test_a_return_is_not_closed_before_its_claim(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    closing = f"UPDATE rma SET settlement_state = 'CLOSED' WHERE id = {desk.rma_id}"
    stage.attack(PLANNING, ("return_closes_with_its_claim", closing))


def test_nothing_is_supplied_in_advance_without_the_review(stage: Stage) -> None:
    stage.reviewed()
    own = f"INSERT INTO advance_allowance (case_id, rma_line_id) VALUES ({stage.case_id}, {stage.rma_line_id})"
    stage.attack(CLERK, ("advance_moves_allowance", advance(stage)))
    stage.attack(CLERK, ("advance_comes_from_the_review", own), rights_come_first=True)
    with pytest.raises(Refused, match="does not allow goods in advance"):
        claim_execution.supply_in_advance(
            stage.plant.sign_in(CLERK), rma_line_id=stage.rma_line_id, pieces=5, lot="L2609A", certificate="全检"
        )


def test_no_more_is_supplied_in_advance_than_announced(stage: Stage) -> None:
    allow_advance(stage)
    stage.attack(CLERK, ("advance_within_announced", advance(stage, pieces=13)))
    with stage.plant.plain(CLERK) as connection:
        connection.execute(advance(stage, pieces=12))
        stage.refused_on(connection, "advance_within_announced", advance(stage, pieces=1))


def test_goods_in_advance_are_certified(stage: Stage) -> None:
    allow_advance(stage)
    stage.attack(
        CLERK,
        ("advance_is_certified", advance(stage, certificate="")),
        ("advance_is_certified", advance(stage, lot="")),
        ("advance_is_certified", advance(stage, pieces=0)),
    )


def test_no_held_lot_is_supplied_in_advance(stage: Stage) -> None:
    allow_advance(stage)
    complaint.accept(stage.plant.sign_in(QE), complaint_id=stage.complaint_id)
    complaint.contain(
        stage.plant.sign_in(QE),
        complaint_id=stage.complaint_id,
        place="stock",
        measure="冻结",
        stops=(complaint.LotStop("YQ-22", "L2610A"),),
    )
    stage.attack(CLERK, ("advance_of_a_free_lot", advance(stage, lot="L2610A")))


def test_nothing_is_supplied_in_advance_after_the_approval(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    stage.case_id, stage.rma_line_id = desk.case_id, desk.rma_line_id
    stage.attack(CLERK, ("advance_before_the_claim", advance(stage)))


def test_goods_in_advance_count_at_the_approval(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    more = f"UPDATE claim_position SET pieces_advance = 200 WHERE id = {desk.position_id}"
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(PLANNING, more)
    else:
        stage.attack(PLANNING, ("server_columns_are_filled", more))


def test_a_customers_deduction_takes_its_own_steps(stage: Stage) -> None:
    desk = desk_of(stage)
    finance = stage.plant.sign_in(FINANCE)
    noted = claim_execution.note_deduction(
        finance, rma_id=desk.rma_id, deducted_on=date(2026, 11, 3), amount=Decimal("100.00")
    )

    def entry(state: str, amount: int) -> str:
        return (
            "INSERT INTO customer_deduction (case_id, rma_id, deducted_on, amount, state)"
            f" VALUES ({desk.case_id}, {desk.rma_id}, '2026-11-03', {amount}, '{state}')"
        )

    stage.attack(
        FINANCE,
        ("customer_deduction_state_begins", entry("ACCEPTED", 100)),
        ("customer_deduction_is_positive", entry("NOTED", 0)),
    )
    claim_execution.decide_deduction(finance, deduction_id=noted, accepts=False, reason="无依据")
    stage.attack(
        FINANCE,
        ("customer_deduction_state_moves", f"UPDATE customer_deduction SET state = 'ACCEPTED' WHERE id = {noted}"),
    )
    other = f"UPDATE customer_deduction SET remark = '客户同意' WHERE id = {noted}"
    stage.attack(FINANCE, ("deduction_keeps_its_reason", other))
    larger = f"UPDATE customer_deduction SET amount = 1 WHERE id = {noted}"
    stage.attack(FINANCE, ("customer_deduction_is_fixed", larger), rights_come_first=True)
