"""The end of the story: the claim K20261124001 is signed in seven places and executed; the case costs 10,570.54."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import audit
from qms_desktop.db.claim import ClaimState, Place, SettlementKind
from qms_desktop.db.claim_execution import PaymentKind
from qms_desktop.db.quality_cost import CostClass, CostKind
from qms_desktop.db.rework import OrderKind
from qms_desktop.db.rework_effort import Activity
from qms_desktop.db.rma import RefusalReason, SettlementState
from qms_desktop.db.sorting import Responsibility
from qms_desktop.errors import NotPermitted, Refused
from qms_desktop.rules.money import amount_in_capitals
from qms_desktop.steps import claim, claim_execution, inspection, quality_cost, rework, rma, statistics
from qms_desktop.steps.claim import Settlement
from tests.helpers.plant import moment
from tests.scenarios import test_sorting_to_stock as story

if TYPE_CHECKING:
    from qms_desktop.steps.claim_reading import ClaimShown
    from tests.helpers.plant import Plant

SIGNERS = {
    Place.SALES_CLERK: "王伟涛",
    Place.RETURN_TEAM: "沈国强",
    Place.QUALITY_INSPECTOR: "高平",
    Place.HEAD_OF_SALES: "王涛兰",
    Place.AFTER_SALES: "宋佳",
    Place.PLANNING: "钱进",
    Place.RETURN_TEAM_CLOSING: "沈国强",
}


def prepare_the_claim(plant: Plant, rma_id: int) -> claim.Prepared:
    """Draft the claim as 王伟涛 did: 588 by goods, 45 in cash, 12 at half the price."""
    plant.at("2026-11-24 08:30")
    wang = plant.sign_in("王伟涛")
    first, second, third = (line.id for line in rma.show(wang, rma_id=rma_id).lines)
    return claim.prepare(
        wang,
        rma_id=rma_id,
        settlements=(
            Settlement(first, SettlementKind.GOODS, 588),
            Settlement(second, SettlementKind.CASH, 45),
            Settlement(third, SettlementKind.DISCOUNT, 12, ratio=Decimal("0.5"), text="抛光 12；按 50 % 折价"),
        ),
    )


def send_to_approval(plant: Plant, claim_id: int) -> None:
    """Review as sales manager, calculate, and send the claim to its seven places."""
    claim.review(plant.sign_in("王涛兰"), claim_id=claim_id, text="合同索赔条款已核对")
    claim.calculate(plant.sign_in("王伟涛"), claim_id=claim_id)
    claim.submit(plant.sign_in("王伟涛"), claim_id=claim_id)


def sign_the_places(plant: Plant, claim_id: int) -> None:
    """Let the seven sign, each with the own password."""
    plant.at("2026-11-24 10:00")
    for place, name in SIGNERS.items():
        read = claim.show(plant.sign_in(name), claim_id=claim_id)
        claim.sign_place(
            plant.sign_in(name),
            claim_id=claim_id,
            place=place,
            read_hash=read.content_hash,
            password=plant.password(name),
        )


def approve_the_claim(plant: Plant, claim_id: int) -> None:
    """Sign as vice president of sales."""
    plant.at("2026-11-24 16:20")
    guo = plant.sign_in("郭明")
    read = claim.show(guo, claim_id=claim_id)
    claim.approve(guo, claim_id=claim_id, read_hash=read.content_hash, password=plant.password("郭明"))


def execute_the_claim(plant: Plant, claim_id: int) -> None:
    """Deliver 388 pieces, take 3,464.34 off the receivables, and charge the supplier."""
    plant.at("2026-11-26 10:00")
    first = claim.show(plant.sign_in("钱进"), claim_id=claim_id).positions[0]
    claim_execution.deliver(plant.sign_in("钱进"), claim_position_id=first.id, pieces=388, order_no="SO261190010")
    claim_execution.pay(
        plant.sign_in("曹颖"), claim_id=claim_id, amount=Decimal("3464.34"), kind=PaymentKind.OFF_RECEIVABLES
    )
    claim_execution.charge_back(
        plant.sign_in("冯志远"),
        claim_id=claim_id,
        amount=Decimal("2511.90"),
        supplier="S-03",
        debit_note="SCAR-2611-02",
    )


def supply_in_advance(plant: Plant, rma_id: int) -> int:
    """Send 200 certified pieces of L2609A by special truck on the third; gives the id of the supply."""
    plant.at("2026-11-03 15:30")
    line = rma.show(plant.sign_in("周磊秀"), rma_id=rma_id).lines[0]
    return claim_execution.supply_in_advance(
        plant.sign_in("周磊秀"),
        rma_line_id=line.id,
        pieces=200,
        lot="L2609A",
        certificate="100 % 全检合格",
        carrier="专车",
    )


def tell(plant: Plant) -> int:
    """Tell the story until everything is sorted, with the goods in advance; gives the id of the RMA."""
    rma_id = story.receive_the_goods(plant)
    supply_in_advance(plant, rma_id)
    story.judge_the_goods(plant, rma_id)
    story.sort_the_goods(plant, rma_id)
    return rma_id


def settle(plant: Plant, rma_id: int) -> int:
    """Tell the claim of a sorted return until it is executed; gives its id."""
    made = prepare_the_claim(plant, rma_id)
    send_to_approval(plant, made.claim_id)
    sign_the_places(plant, made.claim_id)
    approve_the_claim(plant, made.claim_id)
    execute_the_claim(plant, made.claim_id)
    return made.claim_id


def book_the_rest(plant: Plant, rma_id: int) -> None:
    """Enter what nobody else books: freight, recovered parts, sold scrap, and the hours of quality by their spans."""
    gao = plant.sign_in("高平")
    case_id = rma.show(gao, rma_id=rma_id).row.case_id
    first, _second, third, _again = story.rounds_of(plant, rma_id)
    orders = {order.kind: order.id for order in rework.listed(gao)}
    plant.at("2026-11-27 09:00")
    repacked, reworked = orders[OrderKind.REPACK], orders[OrderKind.REWORK]
    quality_spans = (
        (Activity.SORTING, {"round_id": first.id}, "检验员", ("2026-11-06 06:00", "2026-11-06 16:00")),
        (Activity.POLISHING, {"round_id": third.id}, "返工普工", ("2026-11-07 08:00", "2026-11-07 10:00")),
        (Activity.INSPECTION, {"round_id": first.id}, "检验员", ("2026-11-10 13:00", "2026-11-10 14:00")),
        (Activity.INSPECTION, {"order_id": repacked}, "检验员", ("2026-11-10 14:00", "2026-11-10 15:00")),
        (Activity.INSPECTION, {"order_id": reworked}, "检验员", ("2026-11-19 08:30", "2026-11-19 15:30")),
    )
    for activity, belongs_to, wage, (begin, end) in quality_spans:
        rework.book_quality_hours(
            gao,
            activity=activity,
            badge="B10003",
            rate=wage,
            started_at=moment(begin),
            ended_at=moment(end),
            **belongs_to,  # type: ignore[arg-type]
        )
    entries = (
        ("王伟涛", CostKind.FREIGHT, "1280.00", date(2026, 11, 4), "退货运费"),
        ("王伟涛", CostKind.PREMIUM_FREIGHT, "860.00", date(2026, 11, 3), "紧急补供专车"),
    )
    for who, kind, amount, day, text in entries:
        quality_cost.book_sum(
            plant.sign_in(who), case_id=case_id, kind=kind, amount=Decimal(amount), text=text, happened_on=day
        )
    quality_cost.book_hours(
        plant.sign_in("徐兰"), case_id=case_id, hours=Decimal("4.0"), rate="返工普工", text="拆解",
        happened_on=date(2026, 11, 20),
    )  # fmt: skip
    for part in inspection.parts_of(gao, order_id=orders[OrderKind.DISMANTLE]):
        if part.passed:
            quality_cost.credit_parts(plant.sign_in("徐兰"), part_id=part.id, unit_cost=Decimal("2.40"))
    confirmed = quality_cost.confirm_destruction(
        plant.sign_in("徐兰"),
        case_id=case_id,
        weight_grams=18_400,
        witness="高平",
        photo_reference="IMG-1127",
        pieces=2,
    )
    quality_cost.sell_scrap(plant.sign_in("邓小梅"), destruction_id=confirmed, amount=Decimal("86.00"), text="废料出售")


def shown(plant: Plant, claim_id: int) -> ClaimShown:
    return claim.show(plant.sign_in("郭明"), claim_id=claim_id)


def test_the_claim_settles_588_by_goods_45_in_cash_and_12_at_half_the_price(plant: Plant) -> None:
    made = prepare_the_claim(plant, tell(plant))
    assert made.number == "K20261124001"
    send_to_approval(plant, made.claim_id)
    read = shown(plant, made.claim_id)
    assert read.row.pieces_settled == 645
    first = read.positions[0]
    assert (first.pieces_claimed, first.pieces_agreed, first.pieces_accepted) == (600, 600, 588)
    assert first.refused == ((RefusalReason.NOT_OURS, 4), (RefusalReason.MISUSE, 8))
    assert [line.amount for line in read.lines] == [Decimal("29846.88"), Decimal("2511.90"), Decimal("952.44")]
    assert read.sums is not None
    assert read.sums.total == Decimal("33311.22")
    assert amount_in_capitals(read.sums.total) == "人民币叁万叁仟叁佰壹拾壹元贰角贰分"
    assert read.need is not None
    assert [str(role) for role in read.need.roles] == ["sales_vp"]


def test_no_more_than_588_of_the_600_can_be_settled(plant: Plant) -> None:
    rma_id = tell(plant)
    wang = plant.sign_in("王伟涛")
    line = rma.show(wang, rma_id=rma_id).lines[0]
    with pytest.raises(Refused, match="Only 588 can be settled, not 600"):
        claim.prepare(wang, rma_id=rma_id, settlements=(Settlement(line.id, SettlementKind.GOODS, 600),))
    assert claim.listed(wang) == ()


def test_the_approval_waits_for_the_seven_places(plant: Plant) -> None:
    made = prepare_the_claim(plant, tell(plant))
    send_to_approval(plant, made.claim_id)
    with pytest.raises(Refused, match="Sales clerk"):
        approve_the_claim(plant, made.claim_id)
    sign_the_places(plant, made.claim_id)
    assert [place.name for place in shown(plant, made.claim_id).places] == list(SIGNERS.values())
    manager = plant.sign_in("王涛兰")
    read = claim.show(manager, claim_id=made.claim_id)
    with pytest.raises(Refused, match="sales_vp"):
        claim.approve(manager, claim_id=made.claim_id, read_hash=read.content_hash, password=plant.password("王涛兰"))
    approve_the_claim(plant, made.claim_id)
    assert shown(plant, made.claim_id).row.state is ClaimState.APPROVED


def test_a_place_is_signed_by_who_holds_it_and_once(plant: Plant) -> None:
    made = prepare_the_claim(plant, tell(plant))
    send_to_approval(plant, made.claim_id)
    gao = plant.sign_in("高平")
    for place in (Place.RETURN_TEAM, Place.HEAD_OF_SALES):
        with pytest.raises(Refused, match="not yours"):
            claim.sign_place(gao, claim_id=made.claim_id, place=place, password=plant.password("高平"))
    claim.sign_place(gao, claim_id=made.claim_id, place=Place.QUALITY_INSPECTOR, password=plant.password("高平"))
    with pytest.raises(Refused, match="signed already"):
        claim.sign_place(gao, claim_id=made.claim_id, place=Place.QUALITY_INSPECTOR, password=plant.password("高平"))


def test_the_goods_in_advance_count_and_the_last_payment_executes_the_claim(plant: Plant) -> None:
    rma_id = tell(plant)
    made = prepare_the_claim(plant, rma_id)
    send_to_approval(plant, made.claim_id)
    sign_the_places(plant, made.claim_id)
    with pytest.raises(Refused, match="before it is approved"):
        execute_the_claim(plant, made.claim_id)
    approve_the_claim(plant, made.claim_id)
    first = shown(plant, made.claim_id).positions[0]
    assert (first.pieces_goods, first.pieces_advance, first.pieces_to_deliver) == (588, 200, 388)
    with pytest.raises(Refused, match="Only 388 can be delivered"):
        claim_execution.deliver(plant.sign_in("钱进"), claim_position_id=first.id, pieces=389, order_no="SO261190010")
    execute_the_claim(plant, made.claim_id)
    assert shown(plant, made.claim_id).row.state is ClaimState.EXECUTED
    claim_execution.close(plant.sign_in("钱进"), claim_id=made.claim_id)
    assert shown(plant, made.claim_id).row.state is ClaimState.CLOSED
    assert rma.show(plant.sign_in("郭明"), rma_id=rma_id).row.settlement_state is SettlementState.CLOSED


def test_the_sheet_says_what_the_customer_gets_and_who_signed(plant: Plant) -> None:
    claim_id = settle(plant, tell(plant))
    sheet = claim.sheet(plant.sign_in("郭明"), claim_id=claim_id)
    assert (sheet.pieces, sheet.total, sheet.refund) == (657, Decimal("34872.78"), Decimal("33311.22"))
    assert [(line.pieces, line.refund) for line in sheet.lines] == [
        (588, Decimal("29846.88")),
        (4, 0),
        (8, 0),
        (45, Decimal("2511.90")),
        (12, Decimal("952.44")),
    ]
    assert sheet.refused_pieces == (("R2", 4), ("R3", 8))
    assert sheet.not_settled_yet == 0
    assert sheet.charged_to_supplier == Decimal("2511.90")
    assert [signature.name for signature in sheet.signatures] == list(SIGNERS.values())
    assert [signature.name for signature in sheet.approval] == ["郭明"]
    assert sheet.lines[3].responsibility_code == int(Responsibility.SUPPLIER)
    assert sheet.lines[0].ex_factory == date(2026, 10, 27)


def test_the_case_costs_10570_54_with_exactly_the_entries_of_the_story(plant: Plant) -> None:
    rma_id, _repacked, _reworked, _dismantled = story.tell(plant)
    supply_in_advance(plant, rma_id)
    settle(plant, rma_id)
    book_the_rest(plant, rma_id)
    boss = plant.sign_in("胡霞军")
    case_id = rma.show(boss, rma_id=rma_id).row.case_id
    cost = quality_cost.case_cost(boss, case_id=case_id)
    amounts = {
        CostClass.RETURN_LOSS: (
            "1280.00 408.66 288.00 480.00 156.00 69.00 63.00 763.20 296.80 3180.00 48.00 48.00 336.00 68.11 1328.13"
            " 168.00 -84.00 -79.20 -57.60 84.00 -86.00"
        ),
        CostClass.CLAIM: "860.00 2511.90 -2511.90",
        CostClass.PRICE_REDUCTION: "952.44",
    }
    for cost_class, listed in amounts.items():
        lines = sorted(line.amount for line in cost.lines if line.cost_class is cost_class)
        assert lines == sorted(Decimal(amount) for amount in listed.split())
    assert cost.sum_of(CostClass.RETURN_LOSS) == Decimal("8758.10")
    assert cost.sum_of(CostClass.CLAIM) == Decimal("860.00")
    assert cost.sum_of(CostClass.PRICE_REDUCTION) == Decimal("952.44")
    assert cost.total == Decimal("10570.54")
    with pytest.raises(NotPermitted):
        quality_cost.case_cost(plant.sign_in("周磊秀"), case_id=case_id)
    november = statistics.monthly(boss, year=2026, month=11)
    assert (november.pieces_returned, november.pieces, november.pieces_in_details) == (657, 645, 645)
    assert [(one.reason, one.cases, one.pieces) for one in november.pareto] == [
        ("阻力不符", 1, 588),
        ("漏油", 1, 45),
        ("划伤", 1, 12),
    ]
    assert {one.name: one.amount for one in november.costs} == {
        "Return loss": Decimal("8758.10"),
        "Claim cost": Decimal("860.00"),
        "Price reductions": Decimal("952.44"),
    }
    assert november.loss == cost.total
    assert len(november.audit_anchor.split(" · ")[0]) == 64
    row = statistics.tracking(boss, year=2026, month=11).complaints[0]
    assert (row.return_state, row.claim_number, row.claim_amount, row.claim_state) == (
        "sorted",
        "K20261124001",
        "33,311.22",
        "executed",
    )
    with boss.store.use():
        assert audit.verify() == [] if plant.kind == "sqlite" else True
