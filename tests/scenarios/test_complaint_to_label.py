"""The first half of the story: a notice becomes a complaint, an approved RMA, a counted and signed receipt."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import audit
from qms_desktop.db.complaint import Channel, ComplaintState, ReplyKind, Severity, Urgency
from qms_desktop.db.receipt import ArrivalKind, LabelState, ReceiptState
from qms_desktop.db.rma import GoodsState, OpinionKind
from qms_desktop.errors import NotPermitted, Refused
from qms_desktop.rules.deadline import Event, NamedBy
from qms_desktop.steps import complaint, receipt, rma
from tests.helpers.plant import moment
from tests.helpers.scene import chapter

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


@chapter
def register_the_notice(plant: Plant) -> complaint.Registered:
    """Take down the notice TH-20261103-07 as 王伟涛 did."""
    plant.at("2026-11-03 09:20")
    return complaint.register(
        plant.sign_in("王伟涛"),
        customer="C1001",
        received_at=moment("2026-11-03 09:12"),
        channel=Channel.NOTICE,
        customer_reference="TH-20261103-07",
        urgency=Urgency.URGENT,
        severity=Severity.MAJOR,
        is_batch=True,
        is_performance=True,
        is_strong_reaction=True,
        own_limit_hours=12,
        lines=(
            complaint.NewLine(
                "YQ-22", 600, "行程中阻力不符，开启困难", lot="L2610A", defect_code="F-012", found_where="总装EOL"
            ),
            complaint.NewLine("YQ-28", 45, "漏油", lot="L2609B", defect_code="F-013"),
            complaint.NewLine("ZW-22", 12, "划伤", lot="L2610C", defect_code="F-021"),
        ),
    )


@chapter
def request_the_rma(plant: Plant, made: complaint.Registered) -> rma.Requested:
    """Request, judge, and review the RMA up to the approval."""
    plant.at("2026-11-03 14:00")
    requested = rma.request(
        plant.sign_in("王伟涛"),
        complaint_id=made.complaint_id,
        lines=(
            rma.NewRmaLine("YQ-22", 600, Decimal("50.76"), lot="L2610A", defect_code="F-012"),
            rma.NewRmaLine("YQ-28", 45, Decimal("55.82"), lot="L2609B", defect_code="F-013"),
            rma.NewRmaLine("ZW-22", 12, Decimal("158.74"), lot="L2610C", without_record_reason="经经纬外贸购入"),
        ),
    )
    plant.at("2026-11-03 14:10")
    shown = rma.show(plant.sign_in("徐兰"), rma_id=requested.rma_id)
    kinds = (OpinionKind.RETURN, OpinionKind.RETURN, OpinionKind.POLISH_AND_DISCOUNT)
    rma.give_opinion(
        plant.sign_in("徐兰"),
        rma_id=requested.rma_id,
        opinions=tuple(rma.OpinionOnLine(line.id, kind) for line, kind in zip(shown.lines, kinds, strict=True)),
    )
    plant.at("2026-11-03 14:18")
    rma.review(plant.sign_in("王涛兰"), rma_id=requested.rma_id, accepts_missing_record=True, allows_advance=True)
    return requested


@chapter
def approve_the_rma(plant: Plant, requested: rma.Requested) -> None:
    """Sign as vice president of sales, at 15:40."""
    plant.at("2026-11-03 15:40")
    guo = plant.sign_in("郭明")
    read = rma.show(guo, rma_id=requested.rma_id)
    rma.approve(guo, rma_id=requested.rma_id, read_hash=read.content_hash, password=plant.password("郭明"))


def test_the_shorter_limit_of_the_customer_wins_and_the_deadline_names_it(plant: Plant) -> None:
    made = register_the_notice(plant)
    assert made.number == "C20261103001"
    shown = complaint.show(plant.sign_in("徐兰"), complaint_id=made.complaint_id)
    due = {deadline.event: deadline for deadline in shown.deadlines}
    assert due[Event.CONTAINMENT].due_at == moment("2026-11-03 13:12")
    assert due[Event.WRITTEN_REPLY].due_at == moment("2026-11-03 21:12")
    assert due[Event.WRITTEN_REPLY].named_by is NamedBy.NOTICE
    assert due[Event.CAUSES_AND_MEASURES].due_at == moment("2026-11-13 00:00")


def test_containment_within_four_hours_meets_its_limit_and_holds_the_lot(plant: Plant) -> None:
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
    shown = complaint.show(plant.sign_in("徐兰"), complaint_id=made.complaint_id)
    assert shown.row.state is ComplaintState.CONTAINED
    met = next(deadline for deadline in shown.deadlines if deadline.event is Event.CONTAINMENT)
    assert met.met_at == moment("2026-11-03 11:40")


def test_a_written_answer_meets_the_twelve_hours(plant: Plant) -> None:
    made = register_the_notice(plant)
    plant.at("2026-11-03 20:30")
    complaint.reply(plant.sign_in("王伟涛"), complaint_id=made.complaint_id, kind=ReplyKind.WRITTEN, text="3D")
    shown = complaint.show(plant.sign_in("王伟涛"), complaint_id=made.complaint_id)
    met = next(deadline for deadline in shown.deadlines if deadline.event is Event.WRITTEN_REPLY)
    assert met.met_at == moment("2026-11-03 20:30")
    assert met.met_at < met.due_at


def test_the_authority_table_asks_for_the_vice_president_of_sales(plant: Plant) -> None:
    requested = request_the_rma(plant, register_the_notice(plant))
    assert requested.number == "R20261103001"
    shown = rma.show(plant.sign_in("郭明"), rma_id=requested.rma_id)
    assert shown.row.pieces == 657
    assert shown.amount == Decimal("34872.78")
    assert shown.need is not None
    assert [str(role) for role in shown.need.roles] == ["sales_vp"]
    manager = plant.sign_in("王涛兰")
    with pytest.raises(Refused, match="sales_vp"):
        rma.approve(manager, rma_id=requested.rma_id, read_hash=shown.content_hash, password=plant.password("王涛兰"))
    approve_the_rma(plant, requested)
    after = rma.show(plant.sign_in("郭明"), rma_id=requested.rma_id)
    assert after.row.goods_state is GoodsState.AWAITING_GOODS
    assert [(signed.name, signed.is_valid) for signed in after.signatures] == [("郭明", True)]


def test_the_dock_sees_no_prices(plant: Plant) -> None:
    requested = request_the_rma(plant, register_the_notice(plant))
    shown = rma.show(plant.sign_in("周磊秀"), rma_id=requested.rma_id)
    assert shown.amount is None
    assert {line.unit_price for line in shown.lines} == {None}
    with pytest.raises(NotPermitted):
        rma.review(plant.sign_in("周磊秀"), rma_id=requested.rma_id)


@chapter
def count_everything(plant: Plant, requested: rma.Requested) -> receipt.Arrived:
    """Count 10 cartons of 60, one of 45 and one of 12 at the dock; carton 4 is damaged."""
    plant.at("2026-11-04 10:40")
    zhou = plant.sign_in("周磊秀")
    arrived = receipt.arrive(zhou, rma_id=requested.rma_id, arrival_kind=ArrivalKind.ON_SITE, place="Q-03")
    plant.at("2026-11-04 10:55")
    first, second, third = receipt.show(zhou, receipt_id=arrived.receipt_id).lines
    for number in range(1, 11):
        receipt.receive(zhou, receipt_line_id=first.id, pieces=60, lot="L2610A", is_damaged=number == 4)
    receipt.receive(zhou, receipt_line_id=second.id, pieces=45, lot="L2609B")
    receipt.receive(zhou, receipt_line_id=third.id, pieces=12, lot="L2610C")
    return arrived


def test_a_clean_count_is_signed_by_the_leader_and_its_labels_become_valid(plant: Plant) -> None:
    requested = request_the_rma(plant, register_the_notice(plant))
    approve_the_rma(plant, requested)
    arrived = count_everything(plant, requested)
    zhou, shen = plant.sign_in("周磊秀"), plant.sign_in("沈国强")
    assert receipt.close_count(zhou, receipt_id=arrived.receipt_id) is ReceiptState.COUNTED
    shown = receipt.show(shen, receipt_id=arrived.receipt_id)
    assert shown.row.pieces_counted == 657
    serials = [count.label_serial for line in shown.lines for count in line.counts]
    assert serials == list(range(1, 13))
    assert {count.label_state for line in shown.lines for count in line.counts} == {LabelState.PROVISIONAL}
    plant.at("2026-11-04 13:20")
    receipt.accept_count(
        shen, receipt_id=arrived.receipt_id, read_hash=shown.content_hash, password=plant.password("沈国强")
    )
    after = receipt.show(shen, receipt_id=arrived.receipt_id)
    assert after.row.state is ReceiptState.SIGNED
    assert {count.label_state for line in after.lines for count in line.counts} == {LabelState.VALID}
    lines = rma.show(shen, rma_id=requested.rma_id).lines
    assert [line.pieces_received for line in lines] == [600, 45, 12]
    with shen.store.use():
        assert audit.verify() == [] if plant.kind == "sqlite" else True


def test_a_short_count_waits_for_sales_before_the_leader_can_sign(plant: Plant) -> None:
    requested = request_the_rma(plant, register_the_notice(plant))
    approve_the_rma(plant, requested)
    plant.at("2026-11-04 10:55")
    zhou, shen, wang = plant.sign_in("周磊秀"), plant.sign_in("沈国强"), plant.sign_in("王伟涛")
    arrived = receipt.arrive(zhou, rma_id=requested.rma_id, arrival_kind=ArrivalKind.POST)
    first, second, third = receipt.show(zhou, receipt_id=arrived.receipt_id).lines
    receipt.receive(zhou, receipt_line_id=first.id, pieces=596, lot="L2610A")
    receipt.receive(zhou, receipt_line_id=second.id, pieces=45)
    receipt.receive(zhou, receipt_line_id=third.id, pieces=12)
    assert receipt.close_count(zhou, receipt_id=arrived.receipt_id) is ReceiptState.DIFFERENCE
    shown = receipt.show(shen, receipt_id=arrived.receipt_id)
    with pytest.raises(Refused, match="difference"):
        receipt.accept_count(
            shen, receipt_id=arrived.receipt_id, read_hash=shown.content_hash, password=plant.password("沈国强")
        )
    receipt.agree(wang, receipt_id=arrived.receipt_id, agreed=(receipt.Agreed(first.id, 596),), agreed_with="王经理")
    shown = receipt.show(shen, receipt_id=arrived.receipt_id)
    receipt.accept_count(
        shen, receipt_id=arrived.receipt_id, read_hash=shown.content_hash, password=plant.password("沈国强")
    )
    assert [line.pieces_received for line in rma.show(shen, rma_id=requested.rma_id).lines] == [596, 45, 12]


def test_the_same_carton_is_counted_once_and_says_when_and_by_whom(plant: Plant) -> None:
    requested = request_the_rma(plant, register_the_notice(plant))
    approve_the_rma(plant, requested)
    plant.at("2026-11-04 10:41")
    zhou = plant.sign_in("周磊秀")
    arrived = receipt.arrive(zhou, rma_id=requested.rma_id, arrival_kind=ArrivalKind.ON_SITE)
    line = receipt.show(zhou, receipt_id=arrived.receipt_id).lines[0]
    receipt.receive(zhou, receipt_line_id=line.id, pieces=60, carton="K-1")
    with pytest.raises(Refused, match=r"10:41.*周磊秀"):
        receipt.receive(zhou, receipt_line_id=line.id, pieces=60, carton="K-1")
    assert receipt.show(zhou, receipt_id=arrived.receipt_id).row.pieces_counted == 60
