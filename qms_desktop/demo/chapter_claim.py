"""The story's end: the goods in advance, the claim with its seven places, and what the case costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.db.claim import Place, SettlementKind
from qms_desktop.db.claim_execution import PaymentKind
from qms_desktop.db.quality_cost import CostKind
from qms_desktop.db.rework_effort import Activity
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.steps import claim, claim_execution, inspection, quality_cost, rework, rma
from qms_desktop.steps.claim import Settlement

if TYPE_CHECKING:
    from qms_desktop.demo.chapter_goods import Goods
    from qms_desktop.demo.teller import Teller

SIGNERS = {
    Place.SALES_CLERK: "王伟涛",
    Place.RETURN_TEAM: "沈国强",
    Place.QUALITY_INSPECTOR: "高平",
    Place.HEAD_OF_SALES: "王涛兰",
    Place.AFTER_SALES: "宋佳",
    Place.PLANNING: "钱进",
    Place.RETURN_TEAM_CLOSING: "沈国强",
}


def supply_in_advance(teller: Teller, *, rma_id: int) -> None:
    """Tell the emergency supply of 200 certified pieces on 3 November."""
    teller.at("2026-11-03 15:30")
    keeper = teller.by("王涛娟")
    line = rma.show(keeper, rma_id=rma_id).lines[0]
    claim_execution.supply_in_advance(
        keeper, rma_line_id=line.id, pieces=200, lot="L2609A", certificate="100 % 全检合格", carrier="专车"
    )
    wang = teller.by("王伟涛")
    case_id = rma.show(wang, rma_id=rma_id).row.case_id
    _book(
        teller,
        case_id=case_id,
        kind=CostKind.PREMIUM_FREIGHT,
        amount="860.00",
        day=date(2026, 11, 3),
        text="紧急补供专车",
    )
    teller.told("王涛娟", "emergency supply: 200 pieces of L2609A by special truck, freight 860.00")


def book_return_freight(teller: Teller, *, rma_id: int) -> None:
    """Tell the freight of the return, booked on the day it came."""
    wang = teller.by("王伟涛")
    case_id = rma.show(wang, rma_id=rma_id).row.case_id
    _book(teller, case_id=case_id, kind=CostKind.FREIGHT, amount="1280.00", day=date(2026, 11, 4), text="退货运费")
    teller.told("王伟涛", "return freight 1,280.00")


def _book(teller: Teller, *, case_id: int, kind: CostKind, amount: str, day: date, text: str) -> None:
    quality_cost.book_sum(
        teller.by("王伟涛"), case_id=case_id, kind=kind, amount=Decimal(amount), text=text, happened_on=day
    )


def book_quality_hours(teller: Teller, goods: Goods) -> None:
    """Tell the hours of sorting, polishing and inspection, each by its span."""
    gao = teller.by("高平")
    spans = (
        (Activity.SORTING, {"round_id": goods.first}, "检验员", ("2026-11-06 06:00", "2026-11-06 16:00")),
        (Activity.POLISHING, {"round_id": goods.third}, "返工普工", ("2026-11-07 08:00", "2026-11-07 10:00")),
        (Activity.INSPECTION, {"round_id": goods.first}, "检验员", ("2026-11-10 13:00", "2026-11-10 14:00")),
        (Activity.INSPECTION, {"order_id": goods.repacked}, "检验员", ("2026-11-10 14:00", "2026-11-10 15:00")),
        (Activity.INSPECTION, {"order_id": goods.reworked}, "检验员", ("2026-11-19 08:30", "2026-11-19 15:30")),
    )
    for activity, belongs_to, rate, (begin, end) in spans:
        rework.book_quality_hours(
            gao,
            activity=activity,
            badge="10003",
            rate=rate,
            started_at=teller.moment(begin),
            ended_at=teller.moment(end),
            **belongs_to,  # type: ignore[arg-type]
        )
    teller.told("高平", "hours of quality: sorting 10.0, polishing 2.0, inspections 2.0 and 7.0")


def settle(teller: Teller, *, rma_id: int) -> int:
    """Tell the claim from its draft to its execution (24 to 26 November); gives its id."""
    teller.at("2026-11-24 08:30")
    wang = teller.by("王伟涛")
    first, second, third = (line.id for line in rma.show(wang, rma_id=rma_id).lines)
    made = claim.prepare(
        wang,
        rma_id=rma_id,
        settlements=(
            Settlement(first, SettlementKind.GOODS, 588),
            Settlement(second, SettlementKind.CASH, 45),
            Settlement(third, SettlementKind.DISCOUNT, 12, ratio=Decimal("0.5"), text="抛光 12；按 50 % 折价"),
        ),
    )
    claim.review(teller.by("王涛兰"), claim_id=made.claim_id, text="合同索赔条款已核对")
    claim.calculate(wang, claim_id=made.claim_id)
    claim.submit(wang, claim_id=made.claim_id)
    teller.told("王伟涛", f"claim {made.number}: 588 by goods, 45 in cash, 12 at half the price")
    _sign(teller, made.claim_id)
    _execute(teller, made.claim_id)
    return made.claim_id


def _sign(teller: Teller, claim_id: int) -> None:
    teller.at("2026-11-24 10:00")
    for place, name in SIGNERS.items():
        read = claim.show(teller.by(name), claim_id=claim_id)
        claim.sign_place(
            teller.by(name), claim_id=claim_id, place=place, read_hash=read.content_hash, password=DEMO_PASSWORD
        )
    teller.at("2026-11-24 16:20")
    guo = teller.by("郭明")
    read = claim.show(guo, claim_id=claim_id)
    claim.approve(guo, claim_id=claim_id, read_hash=read.content_hash, password=DEMO_PASSWORD)
    total = read.sums.total if read.sums else Decimal(0)
    teller.told("郭明", f"claim approved after seven places: {total:,.2f}")


def _execute(teller: Teller, claim_id: int) -> None:
    teller.at("2026-11-26 10:00")
    qian = teller.by("钱进")
    goods = claim.show(qian, claim_id=claim_id).positions[0]
    claim_execution.deliver(qian, claim_position_id=goods.id, pieces=388, order_no="SO261190010")
    claim_execution.pay(
        teller.by("曹颖"), claim_id=claim_id, amount=Decimal("3464.34"), kind=PaymentKind.OFF_RECEIVABLES
    )
    claim_execution.charge_back(
        teller.by("冯志远"), claim_id=claim_id, amount=Decimal("2511.90"), supplier="V101", debit_note="SCAR-2611-02"
    )
    teller.told("钱进", "388 pieces with order SO261190010; 3,464.34 off the receivables; charge-back 2,511.90")


def finish_cost(teller: Teller, *, rma_id: int, dismantling: int) -> None:
    """Tell the last entries of the cost: dismantling hours, recovered parts, sold scrap (27 November)."""
    teller.at("2026-11-27 09:00")
    xu = teller.by("徐兰")
    case_id = rma.show(xu, rma_id=rma_id).row.case_id
    for part in inspection.parts_of(teller.by("高平"), order_id=dismantling):
        if part.passed:
            quality_cost.credit_parts(xu, part_id=part.id, unit_cost=Decimal("2.40"))
    confirmed = quality_cost.confirm_destruction(
        xu, case_id=case_id, weight_grams=18_400, witness="高平", photo_reference="IMG-1127", pieces=2
    )
    quality_cost.sell_scrap(teller.by("邓小梅"), destruction_id=confirmed, amount=Decimal("86.00"), text="废料出售")
    cost = quality_cost.case_cost(teller.by("胡霞军"), case_id=case_id)
    teller.told("邓小梅", f"scrap sold after its destruction was confirmed: +86.00; the case costs {cost.total:,.2f}")
