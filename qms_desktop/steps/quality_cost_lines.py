"""The lines of a case's cost, read from what the other steps booked; nothing here is stored twice.

Work is paid at the rate of its day, material at the price of its day, a lost piece counts at standard cost, and a claim
at what was approved. Pieces that are settled in cash count as the cash alone (domain.md §16 "Loss of goods"). What
belongs together in a month is added up first and rounded half up to the cent once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from peewee import JOIN, fn

from qms_desktop.db.bulk import rows, tuples
from qms_desktop.db.claim import Claim, ClaimLine, ClaimLineAmount, ClaimPosition, ClaimState, SettlementKind
from qms_desktop.db.claim_execution import ClaimChargeBack
from qms_desktop.db.foundation import Signature
from qms_desktop.db.inspection import Inspection
from qms_desktop.db.master_data import RateKind
from qms_desktop.db.quality_cost import CostClass, CostEntry, CostKind
from qms_desktop.db.record import among
from qms_desktop.db.rework import OrderKind, OrderReport, WorkOrder
from qms_desktop.db.rework_effort import Activity, MaterialUse, RateName, WorkState, WorkTime
from qms_desktop.db.rma import Rma, RmaKind
from qms_desktop.db.sorting import DispositionKind, SortingRound
from qms_desktop.db.sorting_disposition import Disposition
from qms_desktop.i18n import N_
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.money import round_cent
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps.master_data_rates import PriceList
from qms_desktop.steps.quality_cost_rates import StandardCosts, rate_in
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
    cases = list(case_ids)
    zone = plant_zone()
    classes = _rma_classes(cases)
    lines = [
        *_work(cases, classes, zone),
        *_material(cases, classes, zone),
        *_lost(cases, classes, zone),
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


class _Key(NamedTuple):
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


def _work(cases: list[int], classes: dict[int, CostClass], zone: ZoneInfo) -> Iterator[CostLine]:
    spans = (
        WorkTime.select(
            *(WorkTime.case, WorkTime.activity, WorkTime.started_at, WorkTime.ended_at),
            *(WorkTime.work_order, WorkTime.round, RateName.code, RateName.name, WorkOrder.number),
            fn.COALESCE(WorkOrder.rma, SortingRound.rma).alias("rma_id"),
            fn.COALESCE(WorkOrder.rma_line, SortingRound.rma_line).alias("rma_line_id"),
        )
        .join(RateName)
        .switch(WorkTime)
        .join(WorkOrder, JOIN.LEFT_OUTER)
        .switch(WorkTime)
        .join(SortingRound, JOIN.LEFT_OUTER)
        .where(among(WorkTime.case, cases) & (WorkTime.state == WorkState.ENDED))
        .order_by(WorkTime.id)
    )
    prices = PriceList(RateKind.LABOUR)
    minutes: dict[_Key, int] = defaultdict(int)
    days: dict[_Key, date] = {}
    activities: dict[_Key, Activity] = {}
    for span in rows(spans):
        day = _day(span.started_at, zone)
        key = _Key(
            case_id=span.case,
            cost_class=classes[span.rma_id],
            source_kind="work_order" if span.work_order else "sorting_round",
            source_id=span.work_order or span.round,
            word=WORK_WORDS[span.activity],
            detail=str(span.number if span.work_order else span.name),
            unit_cost=rate_in(prices, span.code, day).amount,
            month=(day.year, day.month),
            rma_line_id=span.rma_line_id,
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
    kinds = tuples(Rma.select(Rma.id, Rma.kind).where(among(Rma.case, cases)))
    return {rma_id: _class_of(kind) for rma_id, kind in kinds}


def _material(cases: list[int], classes: dict[int, CostClass], zone: ZoneInfo) -> Iterator[CostLine]:
    used_rows = rows(
        MaterialUse.select(
            *(MaterialUse.id, MaterialUse.case, MaterialUse.created_at, MaterialUse.quantity_thousandths),
            *(MaterialUse.corrects, MaterialUse.work_order, RateName.code, RateName.name),
            *(WorkOrder.number, WorkOrder.rma, WorkOrder.rma_line),
        )
        .join(WorkOrder)
        .switch(MaterialUse)
        .join(RateName)
        .where(among(MaterialUse.case, cases))
        .order_by(MaterialUse.id)
    )
    booked = {row.id: _day(row.created_at, zone) for row in used_rows}
    prices = PriceList(RateKind.MATERIAL)
    thousandths: dict[_Key, int] = defaultdict(int)
    days: dict[_Key, date] = {}
    for row in used_rows:
        # What is taken back counts at the price at which it was booked.
        day = booked[row.corrects or row.id]
        key = _Key(
            case_id=row.case,
            cost_class=classes[row.rma],
            source_kind="work_order",
            source_id=row.work_order,
            word=row.name or row.code,
            detail=str(row.number),
            unit_cost=rate_in(prices, row.code, day).amount,
            month=(day.year, day.month),
            rma_line_id=row.rma_line,
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


class _Loss(NamedTuple):
    """What of one line and product was lost, or given back to the count, in a month."""

    case_id: int
    rma_id: int
    rma_line_id: int | None
    product_id: int
    kind: DispositionKind
    month: tuple[int, int]


def _losses(cases: list[int], zone: ZoneInfo) -> Iterator[tuple[_Loss, date, int]]:
    of_round = (SortingRound.rma, SortingRound.rma_line, SortingRound.product)
    moved = Disposition.select(*of_round, Disposition.case, Disposition.kind, Disposition.created_at,
                               Disposition.pieces).join(SortingRound)  # fmt: skip
    for row in rows(moved.where(among(Disposition.case, cases) & Disposition.kind.in_(list(LOST_WORDS)))):
        yield from _loss(row, row.kind, _day(row.created_at, zone), row.pieces)
    either = (
        fn.COALESCE(getattr(WorkOrder, name), getattr(SortingRound, name)).alias(name)
        for name in ("rma", "rma_line", "product")
    )
    seen = (
        Inspection.select(*either, Inspection.case, Inspection.created_at, Inspection.pieces_scrapped)
        .join(WorkOrder, JOIN.LEFT_OUTER)
        .switch(Inspection)
        .join(SortingRound, JOIN.LEFT_OUTER)
        .where(among(Inspection.case, cases) & (Inspection.pieces_scrapped > 0) & Inspection.part.is_null())
    )
    for found in rows(seen):
        yield from _loss(found, DispositionKind.SCRAP, _day(found.created_at, zone), found.pieces_scrapped)
    # Units that could not be taken apart go back to the inspector: they are counted by their next disposition.
    back = OrderReport.select(WorkOrder.rma, WorkOrder.rma_line, WorkOrder.product, OrderReport.case,
                              OrderReport.created_at, OrderReport.pieces_failed,
                              OrderReport.pieces_scrapped).join(WorkOrder)  # fmt: skip
    for told in rows(back.where(among(OrderReport.case, cases) & (WorkOrder.kind == OrderKind.DISMANTLE))):
        day = _day(told.created_at, zone)
        yield from _loss(told, DispositionKind.DISMANTLE, day, -told.pieces_failed - told.pieces_scrapped)


def _loss(row: Any, kind: DispositionKind, day: date, pieces: int) -> Iterator[tuple[_Loss, date, int]]:  # noqa: ANN401 - a row
    if row.product is not None and pieces:
        yield _Loss(row.case, row.rma, row.rma_line, row.product, kind, (day.year, day.month)), day, pieces


def _lost(cases: list[int], classes: dict[int, CostClass], zone: ZoneInfo) -> Iterator[CostLine]:
    order = list(LOST_WORDS)
    heaps: dict[_Loss, int] = defaultdict(int)
    days: dict[_Loss, date] = {}
    for loss, day, pieces in _losses(cases, zone):
        heaps[loss] += pieces
        days[loss] = max(day, days.get(loss, day))
    paid = _paid_in_cash(cases)
    costs = StandardCosts({loss.product_id for loss in heaps})
    for loss in sorted(heaps, key=lambda loss: (loss.month, order.index(loss.kind))):
        by_cash = min(paid.get(loss.rma_line_id or 0, 0), max(heaps[loss], 0))
        if by_cash:
            paid[loss.rma_line_id or 0] -= by_cash
        pieces = heaps[loss] - by_cash
        if pieces:
            cost = costs.of(loss.product_id)
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
    paid = (
        ClaimPosition.select(ClaimPosition.rma_line, fn.SUM(ClaimLine.pieces))
        .join(ClaimLine)
        .join(Claim)
        .where(among(Claim.case, cases) & Claim.state.in_(SETTLED) & (ClaimLine.kind == SettlementKind.CASH))
        .group_by(ClaimPosition.rma_line)
    )
    return {rma_line_id: int(pieces) for rma_line_id, pieces in tuples(paid)}


def _claims(cases: list[int], zone: ZoneInfo) -> Iterator[CostLine]:
    lines = (
        ClaimLine.select(
            *(ClaimLine.case, ClaimLine.kind, ClaimLine.claim, ClaimLine.pieces),
            *(ClaimLineAmount.home_amount, Claim.number, ClaimPosition.rma_line),
        )
        .join(Claim)
        .switch(ClaimLine)
        .join(ClaimPosition)
        .switch(ClaimLine)
        .join(ClaimLineAmount)
        .where(among(Claim.case, cases) & Claim.state.in_(SETTLED) & (ClaimLine.kind != SettlementKind.GOODS))
        .order_by(ClaimLine.id)
    )
    settled = rows(lines)
    approved = _approved_at({line.claim for line in settled})
    for line in settled:
        is_cash = line.kind is SettlementKind.CASH
        yield CostLine(
            case_id=line.case,
            cost_class=CostClass.CLAIM if is_cash else CostClass.PRICE_REDUCTION,
            kind=CostKind.CLAIM_CASH if is_cash else CostKind.DISCOUNT,
            day=_day(approved[line.claim], zone),
            text=CASH_PAID if is_cash else DISCOUNT_GIVEN,
            detail=line.number,
            amount=line.home_amount,
            quantity=Decimal(line.pieces),
            source_kind="claim",
            source_id=line.claim,
            rma_line_id=line.rma_line,
        )


def _approved_at(claims: set[int]) -> dict[int, datetime]:
    """Give the moment of the last approval of each claim."""
    given = (
        Signature.select(Signature.record_id, Signature.created_at)
        .where(
            (Signature.kind == "claim") & (Signature.meaning == Meaning.APPROVE) & among(Signature.record_id, claims)
        )
        .order_by(Signature.id)
    )
    return dict(tuples(given))


def _charge_backs(cases: list[int], zone: ZoneInfo) -> Iterator[CostLine]:
    charged = ClaimChargeBack.select(ClaimChargeBack, Claim).join(Claim).where(among(ClaimChargeBack.case, cases))
    for row in charged.order_by(ClaimChargeBack.id):
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
    for row in rows(CostEntry.select().where(among(CostEntry.case, cases)).order_by(CostEntry.id)):
        sign = 1 if row.amount > 0 else -1
        yield CostLine(
            case_id=row.case,
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
            corrects_id=row.corrects,
            who=row.created_by,
        )
