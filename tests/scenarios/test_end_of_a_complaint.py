"""How complaints end: satisfied and called back, sent round again, heard by the general manager, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.rules.deadline import Event
from qms_desktop.steps import complaint, complaint_ending
from qms_desktop.steps.complaint import Channel, ComplaintState, NewLine, ReplyKind
from tests.helpers.plant import moment
from tests.helpers.scene import chapter

if TYPE_CHECKING:
    from tests.helpers.plant import Plant

S = ComplaintState


@chapter
def taken_down(plant: Plant) -> int:
    made = complaint.register(
        plant.sign_in("王伟涛"),
        customer="C1001",
        received_at=moment("2026-11-03 09:00"),
        channel=Channel.PHONE,
        lines=(NewLine(product="YQ-22", lot="L2610A", pieces=12, customer_words="阻力不符"),),
    )
    return made.complaint_id


def answer(plant: Plant, complaint_id: int) -> None:
    complaint.analyse(plant.sign_in("徐兰"), complaint_id=complaint_id)
    complaint.reply(
        plant.sign_in("王伟涛"), complaint_id=complaint_id, kind=ReplyKind.CAUSES_AND_MEASURES, text="限位磨损，已更换"
    )


@chapter
def answered(plant: Plant) -> int:
    complaint_id = taken_down(plant)
    complaint.accept(plant.sign_in("王伟涛"), complaint_id=complaint_id)
    answer(plant, complaint_id)
    return complaint_id


def says(plant: Plant, complaint_id: int, *, satisfied: bool, text: str = "") -> ComplaintState:
    return complaint_ending.take_verdict(
        plant.sign_in("王伟涛"), complaint_id=complaint_id, is_satisfied=satisfied, said_by="王经理", text=text
    )


def test_a_satisfied_customer_is_called_back_after_a_week_and_the_complaint_archived(plant: Plant) -> None:
    complaint_id = answered(plant)
    assert says(plant, complaint_id, satisfied=True) is S.VERIFYING
    plant.at("2026-12-18 10:00")
    complaint_ending.close(plant.sign_in("胡丽桂"), complaint_id=complaint_id, text="2,400 支，不合格 0")
    shown = complaint.show(plant.sign_in("王伟涛"), complaint_id=complaint_id)
    call_back = next(limit for limit in shown.deadlines if limit.event is Event.CALL_BACK)
    assert call_back.due_at == moment("2026-12-26 00:00"), "the seventh day, to its end"
    plant.at("2026-12-24 10:00")
    assert says(plant, complaint_id, satisfied=True) is S.ARCHIVED
    shown = complaint.show(plant.sign_in("王伟涛"), complaint_id=complaint_id)
    assert next(limit for limit in shown.deadlines if limit.event is Event.CALL_BACK).met_at is not None


def test_a_dissatisfied_customer_sends_the_complaint_round_again(plant: Plant) -> None:
    complaint_id = answered(plant)
    assert says(plant, complaint_id, satisfied=False, text="原因不可信") is S.ANALYSIS
    shown = complaint.show(plant.sign_in("徐兰"), complaint_id=complaint_id)
    assert (shown.round, shown.verdicts[0].text) == (2, "原因不可信")
    complaint.reply(
        plant.sign_in("王伟涛"), complaint_id=complaint_id, kind=ReplyKind.CAUSES_AND_MEASURES, text="导向套同轴度超差"
    )
    assert says(plant, complaint_id, satisfied=True) is S.VERIFYING


def test_an_unhappy_call_back_opens_the_closed_complaint_again(plant: Plant) -> None:
    complaint_id = answered(plant)
    says(plant, complaint_id, satisfied=True)
    complaint_ending.close(plant.sign_in("徐兰"), complaint_id=complaint_id, text="30 天无再发")
    assert says(plant, complaint_id, satisfied=False, text="又发现 3 支") is S.ANALYSIS


def test_nobody_closes_a_complaint_before_the_customer_is_satisfied(plant: Plant) -> None:
    complaint_id = answered(plant)
    with pytest.raises(Refused):
        complaint_ending.close(plant.sign_in("徐兰"), complaint_id=complaint_id, text="无再发")
    with pytest.raises(InvalidInput) as caught:
        says(plant, complaint_id, satisfied=False)
    assert caught.value.field == "text"


def test_a_complaint_that_is_not_ours_is_refused_with_the_reason(plant: Plant) -> None:
    complaint_id = taken_down(plant)
    sales = plant.sign_in("王伟涛")
    with pytest.raises(InvalidInput):
        complaint_ending.refuse(sales, complaint_id=complaint_id, reason=" ")
    complaint_ending.refuse(sales, complaint_id=complaint_id, reason="非本公司产品，标签与徽标不符")
    assert complaint.show(sales, complaint_id=complaint_id).row.state is S.REFUSED
    with pytest.raises(Refused):
        complaint_ending.refuse(sales, complaint_id=complaint_id, reason="再次")
