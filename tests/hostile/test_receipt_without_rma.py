"""Attacks on goods without an RMA: taken in past sales, past the RMA of their case, or for somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.steps import complaint, receipt
from tests.helpers.plant import moment
from tests.hostile.stage import CLERK, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage


def quarantined(stage: Stage, *, closed: bool = True) -> receipt.Quarantined:
    """Let the dock open a case for goods without an RMA, and count them."""
    clerk = stage.plant.sign_in(CLERK)
    made = receipt.arrive_without_rma(clerk, product="YQ-22")
    line = receipt.show(clerk, receipt_id=made.receipt_id).lines[0]
    receipt.receive(clerk, receipt_line_id=line.id, pieces=12)
    if closed:
        receipt.close_count(clerk, receipt_id=made.receipt_id)
    return made


def test_goods_of_a_case_are_not_received_past_its_rma(stage: Stage) -> None:
    stage.reviewed()
    past = (
        "INSERT INTO receipt (case_id, arrival_kind, arrived_at, state)"
        f" VALUES ({stage.case_id}, 'ON_SITE', qms_now(), 'ARRIVED')"
    )
    stage.attack(CLERK, ("goods_of_a_case_have_its_rma", past))


def test_goods_without_an_rma_are_not_taken_in(stage: Stage) -> None:
    made = quarantined(stage)
    change = f"UPDATE receipt SET state = 'AGREED' WHERE id = {made.receipt_id}"
    stage.attack(SALES, ("waits_for_its_rma", change))
    # A clean count of nothing would be the other way in.
    empty = receipt.arrive_without_rma(stage.plant.sign_in(CLERK), product="YQ-22")
    change = f"UPDATE receipt SET state = 'COUNTED' WHERE id = {empty.receipt_id}"
    stage.attack(CLERK, ("waits_for_its_rma", change))


def test_only_an_approved_rma_of_the_case_is_named(stage: Stage) -> None:
    made, uncounted = quarantined(stage), quarantined(stage, closed=False)
    stage.reviewed()
    naming = f"UPDATE receipt SET rma_id = {stage.rma_id} WHERE id = "
    stage.attack(
        SALES,
        ("named_rma_fits", f"{naming}{made.receipt_id}"),
        ("named_rma_fits", f"{naming}{uncounted.receipt_id}"),
    )


def joined(stage: Stage) -> receipt.Quarantined:
    """Let sales take the complaint down in the case of the goods and name the approved RMA."""
    made = quarantined(stage)
    stage.case_id = made.case_id
    registered = complaint.register(
        stage.plant.sign_in(SALES),
        customer="C1001",
        received_at=moment("2026-11-03 09:00"),
        channel=complaint.Channel.PHONE,
        lines=(complaint.NewLine(product="YQ-22", lot="L2610A", pieces=12, customer_words="阻力不符"),),
        joins_case=made.case_id,
    )
    stage.complaint_id = registered.complaint_id
    stage.reviewed()
    receipt.name_rma(stage.plant.sign_in(SALES), receipt_id=made.receipt_id, rma_id=stage.rma_id)
    return made


def test_the_rma_of_goods_is_named_once(stage: Stage) -> None:
    made = joined(stage)
    stage.attack(SALES, ("rma_is_named_once", f"UPDATE receipt SET rma_id = NULL WHERE id = {made.receipt_id}"))


def test_a_received_line_belongs_to_its_own_rma(stage: Stage) -> None:
    made = quarantined(stage)
    stage.arrived()
    line = f"WHERE receipt_id = {made.receipt_id}"
    stage.attack(
        SALES,
        ("named_line_fits", f"UPDATE receipt_line SET rma_line_id = {stage.rma_line_id} {line}"),
        ("named_line_fits", f"UPDATE receipt_line SET rma_line_id = NULL WHERE id = {stage.receipt_line_id}"),
    )
