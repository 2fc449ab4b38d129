"""Attacks on the limits of the authority table: one return, split over several RMAs, complaints or claims."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qms_desktop.errors import Refused
from qms_desktop.steps import claim, rma
from tests.helpers.floor import goods_received
from tests.hostile.claim_desk import SIGNERS, Desk
from tests.hostile.stage import SALES, SALES_MANAGER, SALES_VP, Stage

if TYPE_CHECKING:
    from tests.helpers.plant import Plant

FORWARD = "UPDATE rma SET goods_state = 'AWAITING_GOODS' WHERE id = {}"
MANAGER, NOBODY = ["sales_manager"], list[str]()


def needed(stage: Stage, rma_id: int = 0) -> list[str]:
    need = rma.show(stage.plant.sign_in(SALES), rma_id=rma_id or stage.rma_id).need
    assert need is not None
    return [str(role) for role in need.roles]


def state(stage: Stage) -> str:
    return str(stage.rows(f"SELECT goods_state FROM rma WHERE id = {stage.rma_id}")[0][0])


def test_a_return_that_is_split_over_two_rmas_needs_the_signature_of_the_whole(stage: Stage) -> None:
    """Sixty pieces are nobody's to sign, a hundred and twenty of one case are the sales manager's."""
    stage.reviewed(pieces=60)
    first = stage.rows("SELECT number FROM rma")[0][0]
    assert state(stage) == "AWAITING_GOODS"
    stage.reviewed(pieces=60)
    assert (state(stage), needed(stage)) == ("APPROVAL", MANAGER)
    stage.attack(SALES_MANAGER, ("approved_by_authority", FORWARD.format(stage.rma_id)))
    manager = stage.plant.sign_in(SALES_MANAGER)
    read = rma.show(manager, rma_id=stage.rma_id)
    assert read.need is not None
    assert [str(reason) for reason in read.need.reasons] == [
        f"120 pieces are more than 100, counted together with {first}",
        f"CNY 6,091.20 is more than 5,000, counted together with {first}",
    ]
    rma.approve(manager, rma_id=stage.rma_id, read_hash=read.content_hash, password=stage.plant.password(SALES_MANAGER))
    assert state(stage) == "AWAITING_GOODS"


def test_whichever_rma_of_a_return_is_approved_first_the_whole_is_signed(stage: Stage) -> None:
    stage.judged(pieces=60)
    first = stage.rma_id
    stage.judged(pieces=60)
    rma.review(stage.plant.sign_in(SALES_MANAGER), rma_id=first, text="合同已核对")
    assert needed(stage, first) == MANAGER
    stage.attack(SALES_MANAGER, ("approved_by_authority", FORWARD.format(first)))


def test_a_second_complaint_about_goods_that_are_still_on_their_way_is_the_same_return(stage: Stage) -> None:
    stage.reviewed(pieces=60)
    stage.complained().reviewed(pieces=60)
    assert (state(stage), needed(stage)) == ("APPROVAL", MANAGER)
    stage.attack(SALES_MANAGER, ("approved_by_authority", FORWARD.format(stage.rma_id)))


def test_two_halves_below_a_limit_of_the_vice_president_are_his(stage: Stage) -> None:
    stage.judged(pieces=150, price="1.00")
    stage.reviewed(pieces=150, price="1.00")
    assert needed(stage) == ["sales_vp"]
    manager = stage.plant.sign_in(SALES_MANAGER)
    read = rma.show(manager, rma_id=stage.rma_id)
    with pytest.raises(Refused, match="needs the signature of: sales_vp"):
        rma.approve(
            manager, rma_id=stage.rma_id, read_hash=read.content_hash, password=stage.plant.password(SALES_MANAGER)
        )


def test_another_lot_in_another_case_is_another_return(stage: Stage) -> None:
    """Per return, not per customer or month (domain.md §4.1)."""
    stage.reviewed(pieces=60)
    stage.complained()
    line = rma.NewRmaLine("YQ-28", 60, Decimal("50.76"), lot="L2609B")
    asked = rma.request(stage.plant.sign_in(SALES), complaint_id=stage.complaint_id, lines=(line,))
    assert needed(stage, asked.rma_id) == NOBODY


def test_goods_of_the_same_lot_that_came_already_are_another_return(plant: Plant) -> None:
    goods_received(plant, pieces=60)
    stage = Stage(plant)
    stage.reviewed(pieces=60)
    assert (state(stage), needed(stage)) == ("AWAITING_GOODS", NOBODY)


@pytest.mark.parametrize("end", ["cancel", "refuse"])
def test_an_rma_that_brings_no_goods_counts_no_more(stage: Stage, end: str) -> None:
    stage.judged(pieces=60)
    if end == "cancel":
        rma.cancel(stage.plant.sign_in(SALES), rma_id=stage.rma_id, reason="数量有误")
    else:
        rma.refuse(
            stage.plant.sign_in(SALES_MANAGER),
            rma_id=stage.rma_id,
            reason=rma.RefusalReason.MISUSE,
            evidence="照片",
        )
    stage.reviewed(pieces=60)
    assert (state(stage), needed(stage)) == ("AWAITING_GOODS", NOBODY)


@given(parts=st.lists(st.integers(1, 90), min_size=2, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6, deadline=None)
def test_however_a_return_is_split_it_is_signed_as_a_whole(stage: Stage, parts: list[int]) -> None:
    stage.complained()
    for pieces in parts:
        stage.judged(pieces=pieces, price="0.01")
    whole = sum(parts)
    assert needed(stage) == (["sales_vp"] if whole > 200 else MANAGER if whole > 100 else NOBODY)
    for (each,) in stage.rows(f"SELECT id FROM rma WHERE case_id = {stage.case_id}"):
        rma.cancel(stage.plant.sign_in(SALES), rma_id=each, reason="下一例")


def test_two_claims_of_one_return_need_the_signature_of_the_whole(stage: Stage) -> None:
    """Each claim of sixty pieces would be nobody's to sign."""
    desks: list[Desk] = []
    for _half in range(2):
        joins = desks[0].case_id if desks else None
        floor = goods_received(stage.plant, pieces=60, joins_case=joins).judged().sorted(good=60)
        (line,) = rma.show(stage.plant.sign_in(SALES), rma_id=floor.rma_id).lines
        desks.append(Desk(stage, floor.case_id, floor.rma_id, line.id, floor.round_id))
    for desk in desks:
        desk.drafted(goods=60, cash=0, discount=0)
    second = desks[1]
    claim.review(stage.plant.sign_in(SALES_MANAGER), claim_id=second.claim_id, text="合同已核对")
    claim.calculate(stage.plant.sign_in(SALES), claim_id=second.claim_id)
    claim.submit(stage.plant.sign_in(SALES), claim_id=second.claim_id)
    for place, name in SIGNERS.items():
        second.sign(place, name)
    shown = claim.show(stage.plant.sign_in(SALES_VP), claim_id=second.claim_id)
    assert [str(role) for role in shown.missing] == MANAGER
    stage.attack(SALES_VP, ("claim_approved_by_authority", second.state("APPROVED")))
