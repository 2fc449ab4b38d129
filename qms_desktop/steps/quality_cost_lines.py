"""The lines of a case's cost, read from what the other steps booked; nothing here is stored twice.

Work is paid at the rate of its day, material at the price of its day, a lost piece counts at standard cost, and a claim
at what was approved. Pieces that are settled in cash count as the cash alone (domain.md §16 "Loss of goods"). What
belongs together in a month is added up first and rounded half up to the cent once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from peewee import JOIN, fn

from qms_desktop.db.claim import Claim, ClaimLine, ClaimLineAmount, ClaimPosition, ClaimState, SettlementKind
from qms_desktop.db.claim_execution import ClaimChargeBack
from qms_desktop.db.foundation import Signature
from qms_desktop.db.inspection import Inspection
from qms_desktop.db.master_data import RateKind
from qms_desktop.db.quality_cost import CostClass, CostEntry, CostKind
from qms_desktop.db.rework import OrderKind, OrderReport, WorkOrder
from qms_desktop.db.rework_effort import Activity, MaterialUse, RateName, WorkState, WorkTime
from qms_desktop.db.rma import Rma, RmaKind
from qms_desktop.db.sorting import DispositionKind, SortingRound
from qms_desktop.db.sorting_disposition import Disposition
from qms_desktop.i18n import N_
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.money import round_cent
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps.quality_cost_rates import rate_on, standard_cost_of
from qms_desktop.steps.rework_effort import minutes_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

THOUSAND = Decimal(1000)
MINUTES = Decimal(60)
LOST_WORDS = {
    DispositionKind.SCRAP: N_("Scrapped pieces"),
    DispositionKind.RETURN_TO_SUPPLIER: N_("Pieces sent back to the supplier"),
    DispositionKind.SCRAPPED_AT_CUSTOMER: N_("Pieces scrapped at the customer"),
    DispositionKind.DISMANTLE: N_("Dismantled pieces"),
    DispositionKind.ANALYSED: N_("Pieces cut up for analysis"),
    DispositionKind.RETAINED: N_("Retained samples"),
}
WORK_WORDS = {
    Activity.ANALYSIS: N_("Analysis"),
    Activity.SORTING: N_("Sorting"),
    Activity.POLISHING: N_("Polishing"),
    Activity.REWORK: N_("Rework"),
    Activity.REPAIR: N_("Repair"),
    Activity.REPACK: N_("Repacking"),
    Activity.DISMANTLE: N_("Dismantling"),
    Activity.INSPECTION: N_("Inspection"),
}
CASH_PAID, DISCOUNT_GIVEN, CHARGED_BACK = (
    N_("Claim paid in cash"),
    N_("Discount granted"),
    N_("Charged to the supplier"),
)
SETTLED = (ClaimState.APPROVED, ClaimState.EXECUTED, ClaimState.CLOSED)


@dataclass(frozen=True)
class CostLine:
    """One line of a case's cost in CNY: quantity × unit cost, or hours × rate, or a sum.

    `text` is a source text for what is derived, and what was typed for an entry of the ledger; `detail` is a number.
    `entry_id` is None for what is derived; `unit_cost` is the price of one unit or of one hour.
    """

    case_id: int
    cost_class: CostClass
    kind: CostKind
    day: date
    text: str
    detail: str
    amount: Decimal
    quantity: Decimal | None = None
    hours: Decimal | None = None
    unit_cost: Decimal | None = None
    source_kind: str = ""
    source_id: int | None = None
    rma_line_id: int | None = None
    entry_id: int | None = None
    corrects_id: int | None = None
    who: str = ""


def lines_of(case_ids: Collection[int]) -> list[CostLine]:
    """Give every line of cost of some cases, by day; raises InvalidInput for a missing rate or standard cost."""
    cases = list(case_ids) or [0]
    zone = plant_zone()
    lines = [
        *_work(cases, zone),
        *_material(cases, zone),
        *_lost(cases, zone),
        *_claims(cases, zone),
        *_charge_backs(cases, zone),
        *_entries(cases),
    ]
    return sorted(lines, key=lambda line: (line.case_id, line.day, line.cost_class, line.kind))


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _class_of(kind: RmaKind) -> CostClass:
    """Repairing under the warranty is 保修费; all other work on returned goods is 退货损失."""
    return CostClass.WARRANTY if kind is RmaKind.REPAIR else CostClass.RETURN_LOSS


@dataclass(frozen=True)
class _Key:
    """What belongs together in a line: the case, the record, what it is, its price, and the month."""

    case_id: int
    cost_class: CostClass
    source_kind: str
    source_id: int
    word: str
    detail: str
    unit_cost: Decimal
    month: tuple[int, int]
    rma_line_id: int | None


def _work(cases: list[int], zone: ZoneInfo) -> Iterator[CostLine]:
    spans = (
        WorkTime.select(WorkTime, WorkOrder, SortingRound, RateName)
        .join(RateName)
        .switch(WorkTime)
        .join(WorkOrder, JOIN.LEFT_OUTER)
        .switch(WorkTime)
        .join(SortingRound, JOIN.LEFT_OUTER)
        .where(WorkTime.case.in_(cases) & (WorkTime.state == WorkState.ENDED))
        .order_by(WorkTime.id)
    )
    classes = _rma_classes(cases)
    minutes: dict[_Key, int] = defaultdict(int)
    days: dict[_Key, date] = {}
    activities: dict[_Key, Activity] = {}
    for span in spans:
        day = _day(span.started_at, zone)
        order, goods = span.work_order, span.round
        parent = order or goods
        if parent is None:
            continue
        key = _Key(
            case_id=span.case_id,
            cost_class=classes[parent.rma_id],
            source_kind="work_order" if order else "sorting_round",
            source_id=parent.id,
            word=WORK_WORDS[span.activity],
            detail=str(order.number if order else span.rate.name),
            unit_cost=rate_on(RateKind.LABOUR, span.rate.code, day).amount,
            month=(day.year, day.month),
            rma_line_id=parent.rma_line_id,
        )
        minutes[key] += minutes_of(span)
        days[key] = max(day, days.get(key, day))
        activities[key] = span.activity
    for key, worked in minutes.items():
        yield CostLine(
            case_id=key.case_id,
            cost_class=key.cost_class,
            kind=CostKind.ANALYSIS if activities[key] is Activity.ANALYSIS else CostKind.LABOUR,
            day=days[key],
            text=key.word,
            detail=key.detail,
            amount=round_cent(worked * key.unit_cost / MINUTES),
            hours=worked / MINUTES,
            unit_cost=key.unit_cost,
            source_kind=key.source_kind,
            source_id=key.source_id,
            rma_line_id=key.rma_line_id,
        )


def _rma_classes(cases: list[int]) -> dict[int, CostClass]:
    return {rma.id: _class_of(rma.kind) for rma in Rma.select(Rma.id, Rma.kind).where(Rma.case.in_(cases))}


def _material(cases: list[int], zone: ZoneInfo) -> Iterator[CostLine]:
    rows = list(
        MaterialUse.select(MaterialUse, WorkOrder, RateName)
        .join(WorkOrder)
        .switch(MaterialUse)
        .join(RateName)
        .where(MaterialUse.case.in_(cases))
        .order_by(MaterialUse.id)
    )
    booked = {row.id: _day(row.created_at, zone) for row in rows}
    classes = _rma_classes(cases)
    thousandths: dict[_Key, int] = defaultdict(int)
    days: dict[_Key, date] = {}
    for row in rows:
        # What is taken back counts at the price at which it was booked.
        day = booked[row.corrects_id or row.id]
        key = _Key(
            case_id=row.case_id,
            cost_class=classes[row.work_order.rma_id],
            source_kind="work_order",
            source_id=row.work_order_id,
            word=row.material.name or row.material.code,
            detail=str(row.work_order.number),
            unit_cost=rate_on(RateKind.MATERIAL, row.material.code, day).amount,
            month=(day.year, day.month),
            rma_line_id=row.work_order.rma_line_id,
        )
        thousandths[key] += row.quantity_thousandths
        days[key] = max(day, days.get(key, day))
    for key, used in thousandths.items():
        if used:
            yield CostLine(
                case_id=key.case_id,
                cost_class=key.cost_class,
                kind=CostKind.MATERIAL,
                day=days[key],
                text=key.word,
                detail=key.detail,
                amount=round_cent(used / THOUSAND * key.unit_cost),
                quantity=used / THOUSAND,
                unit_cost=key.unit_cost,
                source_kind=key.source_kind,
                source_id=key.source_id,
                rma_line_id=key.rma_line_id,
            )


@dataclass(frozen=True)
class _Loss:
    """Pieces of one line and product that were lost, or given back to the count, on a day."""

    case_id: int
    rma_id: int
    rma_line_id: int | None
    product_id: int
    kind: DispositionKind
    day: date
    pieces: int


def _losses(cases: list[int], zone: ZoneInfo) -> Iterator[_Loss]:
    moved = Disposition.select(Disposition, SortingRound).join(SortingRound)
    for row in moved.where(Disposition.case.in_(cases) & Disposition.kind.in_(list(LOST_WORDS))):
        yield from _loss(row.round, row.kind, _day(row.created_at, zone), row.pieces)
    seen = Inspection.select().where(Inspection.case.in_(cases) & (Inspection.pieces_scrapped > 0))
    for found in seen.where(Inspection.part.is_null()):
        parent = found.work_order or found.round
        if parent is not None:
            yield from _loss(parent, DispositionKind.SCRAP, _day(found.created_at, zone), found.pieces_scrapped)
    # Units that could not be taken apart go back to the inspector: they are counted by their next disposition.
    back = OrderReport.select(OrderReport, WorkOrder).join(WorkOrder)
    for told in back.where(OrderReport.case.in_(cases) & (WorkOrder.kind == OrderKind.DISMANTLE)):
        day = _day(told.created_at, zone)
        yield from _loss(told.work_order, DispositionKind.DISMANTLE, day, -told.pieces_failed - told.pieces_scrapped)


def _loss(parent: SortingRound | WorkOrder, kind: DispositionKind, day: date, pieces: int) -> Iterator[_Loss]:
    if parent.product_id is not None and pieces:
        yield _Loss(parent.case_id, parent.rma_id, parent.rma_line_id, parent.product_id, kind, day, pieces)


def _lost(cases: list[int], zone: ZoneInfo) -> Iterator[CostLine]:
    order = list(LOST_WORDS)
    heaps: dict[_Loss, int] = defaultdict(int)
    days: dict[_Loss, date] = {}
    for one in _losses(cases, zone):
        in_month = replace(one, day=one.day.replace(day=1), pieces=0)
        heaps[in_month] += one.pieces
        days[in_month] = max(one.day, days.get(in_month, one.day))
    paid = _paid_in_cash(cases)
    classes = _rma_classes(cases)
    for loss in sorted(heaps, key=lambda loss: (loss.day, order.index(loss.kind))):
        by_cash = min(paid.get(loss.rma_line_id or 0, 0), max(heaps[loss], 0))
        if by_cash:
            paid[loss.rma_line_id or 0] -= by_cash
        pieces = heaps[loss] - by_cash
        if pieces:
            cost = standard_cost_of(loss.product_id)
            yield CostLine(
                case_id=loss.case_id,
                cost_class=classes[loss.rma_id],
                kind=CostKind.SCRAP,
                day=days[loss],
                text=LOST_WORDS[loss.kind],
                detail="",
                amount=round_cent(pieces * cost),
                quantity=Decimal(pieces),
                unit_cost=cost,
                source_kind="rma",
                source_id=loss.rma_id,
                rma_line_id=loss.rma_line_id,
            )


def _paid_in_cash(cases: list[int]) -> dict[int, int]:
    rows = (
        ClaimPosition.select(ClaimPosition.rma_line, fn.SUM(ClaimLine.pieces).alias("cash_pieces"))
        .join(ClaimLine)
        .join(Claim)
        .where(Claim.case.in_(cases) & Claim.state.in_(SETTLED) & (ClaimLine.kind == SettlementKind.CASH))
        .group_by(ClaimPosition.rma_line)
        .objects()
    )
    return {row.rma_line_id: int(row.cash_pieces) for row in rows}


def _claims(cases: list[int], zone: ZoneInfo) -> Iterator[CostLine]:
    rows = (
        ClaimLine.select(ClaimLine, Claim, ClaimPosition)
        .join(Claim)
        .switch(ClaimLine)
        .join(ClaimPosition)
        .where(Claim.case.in_(cases) & Claim.state.in_(SETTLED) & (ClaimLine.kind != SettlementKind.GOODS))
        .order_by(ClaimLine.id)
    )
    for line in rows:
        is_cash = line.kind is SettlementKind.CASH
        price = ClaimLineAmount.get(ClaimLineAmount.claim_line == line)
        yield CostLine(
            case_id=line.case_id,
            cost_class=CostClass.CLAIM if is_cash else CostClass.PRICE_REDUCTION,
            kind=CostKind.CLAIM_CASH if is_cash else CostKind.DISCOUNT,
            day=_approved_on(line.claim_id, zone),
            text=CASH_PAID if is_cash else DISCOUNT_GIVEN,
            detail=line.claim.number,
            amount=price.home_amount,
            quantity=Decimal(line.pieces),
            source_kind="claim",
            source_id=line.claim_id,
            rma_line_id=line.claim_position.rma_line_id,
        )


def _approved_on(claim_id: int, zone: ZoneInfo) -> date:
    given = Signature.select().where(
        (Signature.kind == "claim") & (Signature.record_id == claim_id) & (Signature.meaning == Meaning.APPROVE)
    )
    return _day(given.order_by(Signature.id.desc()).get().created_at, zone)


def _charge_backs(cases: list[int], zone: ZoneInfo) -> Iterator[CostLine]:
    rows = ClaimChargeBack.select(ClaimChargeBack, Claim).join(Claim).where(ClaimChargeBack.case.in_(cases))
    for row in rows.order_by(ClaimChargeBack.id):
        yield CostLine(
            case_id=row.case_id,
            cost_class=CostClass.CLAIM,
            kind=CostKind.CHARGEBACK,
            day=_day(row.created_at, zone),
            text=CHARGED_BACK,
            detail=row.supplier_name,
            amount=-row.amount,
            source_kind="claim",
            source_id=row.claim_id,
        )


def _entries(cases: list[int]) -> Iterator[CostLine]:
    for row in CostEntry.select().where(CostEntry.case.in_(cases)).order_by(CostEntry.id):
        sign = 1 if row.amount > 0 else -1
        yield CostLine(
            case_id=row.case_id,
            cost_class=row.cost_class,
            kind=row.kind,
            day=row.happened_on,
            text=row.text,
            detail=row.document_no,
            amount=row.amount,
            quantity=None if row.quantity_thousandths is None else sign * row.quantity_thousandths / THOUSAND,
            hours=None if row.minutes is None else row.minutes / MINUTES,
            unit_cost=row.hourly_rate if row.unit_cost is None else row.unit_cost,
            source_kind=row.source_kind,
            source_id=row.source_id,
            entry_id=row.id,
            corrects_id=row.corrects_id,
            who=row.created_by,
        )
