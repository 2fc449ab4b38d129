"""Quality cost: what a case costs, entry by entry and by class (GB/T 13339 external failure cost; 004-A §5.6.2.4).

Most lines are read from what the other steps booked (steps/quality_cost_lines.py). Entered here is what nobody else
books: freight, outside work, penalties, hours without a timer, recovered parts and sold scrap. An entry is never
changed; it is taken back by a counter-entry with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.action import action, reading
from qms_desktop.db.case import CaseFile
from qms_desktop.db.inspection import RecoveredPart
from qms_desktop.db.master_data import Customer, Rate, RateKind
from qms_desktop.db.quality_cost import (
    CORRECTED_ONCE,
    COST_HAS_ONE_BASIS,
    COST_IS_NOT_BOOKED_TWICE,
    CREDITS,
    DERIVED_ONLY,
    DESTRUCTION_IS_COMPLETE,
    RECOVERED_PARTS_PASSED,
    SCRAP_SOLD_DESTROYED,
    CostClass,
    CostEntry,
    CostKind,
    Destruction,
)
from qms_desktop.db.record import lock, now, take
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.money import round_cent
from qms_desktop.steps.quality_cost_lines import THOUSAND, CostLine, lines_of
from qms_desktop.steps.quality_cost_rates import rate_on

if TYPE_CHECKING:
    from datetime import date

    from qms_desktop.session import Session

NOT_A_SUM = N_("Type an amount above zero, in whole cents.")
NOT_A_QUANTITY = N_("Type a quantity above zero with at most three decimals, and the price of one unit.")
NOT_HOURS = N_("Type hours above zero, in whole minutes.")
IN_THE_FUTURE = N_("A cost is booked when it has come up, not before. Correct the day.")
WHY_BACK = N_("Write why the entry is taken back.")
CREDITED_ALREADY = N_("These parts are credited already. Take that entry back first.")
CLASS_WORDS = {
    CostClass.RETURN_LOSS: N_("Return loss"),
    CostClass.CLAIM: N_("Claim cost"),
    CostClass.PRICE_REDUCTION: N_("Price reductions"),
    CostClass.WARRANTY: N_("Warranty"),
    CostClass.LITIGATION: N_("Litigation"),
    CostClass.RECALL: N_("Recall cost"),
}
_CLASSES = {
    CostKind.PREMIUM_FREIGHT: CostClass.CLAIM,
    CostKind.PENALTY: CostClass.CLAIM,
    CostKind.CHARGEBACK: CostClass.CLAIM,
    CostKind.LEGAL: CostClass.LITIGATION,
}


@dataclass(frozen=True)
class ClassSum:
    """The sum of a class in CNY; `name` is a source text."""

    cost_class: CostClass
    name: str
    amount: Decimal


@dataclass(frozen=True)
class CaseCost:
    """What a case costs in CNY: every line, the sum of each class that has any, and the total."""

    case_id: int
    number: str
    lines: tuple[CostLine, ...]
    sums: tuple[ClassSum, ...]
    total: Decimal

    def sum_of(self, cost_class: CostClass) -> Decimal:
        """Give the sum of one class, 0 when it has no line."""
        return next((one.amount for one in self.sums if one.cost_class is cost_class), Decimal(0))


@dataclass(frozen=True)
class CaseCostRow:
    """A case in the list of costs."""

    case_id: int
    number: str
    customer_name: str
    title: str
    sums: tuple[ClassSum, ...]
    total: Decimal


@dataclass(frozen=True)
class _Basis:
    """What an amount is made of: quantity × unit cost, or minutes × rate, or nothing but the sum."""

    amount: Decimal
    quantity_thousandths: int | None = None
    unit_cost: Decimal | None = None
    minutes: int | None = None
    hourly_rate: Decimal | None = None
    rate: Rate | None = None


@reading(Permission.READ_MONEY)
def case_cost(session: Session, *, case_id: int) -> CaseCost:
    """Give every line of a case's cost and the sums; raises NotFound, InvalidInput for a missing rate."""
    case = take(CaseFile, case_id)
    return _cost_of(case, lines_of([case.id]))


def _cost_of(case: CaseFile, lines: list[CostLine]) -> CaseCost:
    sums = class_sums(lines)
    total = sum((one.amount for one in sums), start=Decimal(0))
    return CaseCost(case.id, case.number, tuple(lines), sums, total)


def class_sums(lines: list[CostLine]) -> tuple[ClassSum, ...]:
    """Give the sums of the classes that have lines, in the order of the accounts."""
    sums: dict[CostClass, Decimal] = {}
    for line in lines:
        sums[line.cost_class] = sums.get(line.cost_class, Decimal(0)) + line.amount
    return tuple(ClassSum(one, CLASS_WORDS[one], sums[one]) for one in CostClass if one in sums)


@reading(Permission.READ_MONEY)
def listed(session: Session, *, before_id: int | None = None, count: int = 50) -> tuple[CaseCostRow, ...]:
    """Give cases with their cost, newest first, a page at a time."""
    query = CaseFile.select().order_by(CaseFile.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(CaseFile.id < before_id)
    cases = list(query)
    by_case: dict[int, list[CostLine]] = {case.id: [] for case in cases}
    for line in lines_of(by_case):
        by_case[line.case_id].append(line)
    names = {c.id: c.name for c in Customer.select().where(Customer.id.in_([c.customer_id for c in cases] or [0]))}
    rows = []
    for case in cases:
        cost = _cost_of(case, by_case[case.id])
        name = names.get(case.customer_id, "")
        rows.append(CaseCostRow(case.id, case.number, name, case.title, cost.sums, cost.total))
    return tuple(rows)


@action(Permission.COST_BOOK)
def book_sum(
    session: Session,
    *,
    case_id: int,
    kind: CostKind,
    amount: Decimal,
    text: str,
    happened_on: date | None = None,
    currency: str = "CNY",
    cost_class: CostClass | None = None,
    source_kind: str = "",
    source_id: int | None = None,
    document_no: str = "",
) -> int:
    """Enter an invoiced sum, always above zero; a foreign one counts at the exchange rate of its day.

    Raises InvalidInput for no amount, a day to come, or a currency without a rate.
    """
    day = _day_of(happened_on)
    if amount <= 0 or amount != round_cent(amount):
        raise InvalidInput(NOT_A_SUM, field="amount")
    if currency == "CNY":
        basis = _Basis(amount)
    else:
        rate = rate_on(RateKind.EXCHANGE, currency, day)
        basis = _Basis(round_cent(amount * rate.amount), int(amount * THOUSAND), rate.amount, rate=rate)
    return _book(
        case_id,
        kind,
        basis,
        text=text,
        day=day,
        cost_class=cost_class,
        source_kind=source_kind,
        source_id=source_id,
        document_no=document_no,
    )


@action(Permission.COST_BOOK)
def book_quantity(
    session: Session,
    *,
    case_id: int,
    kind: CostKind,
    quantity: Decimal,
    text: str,
    unit_cost: Decimal | None = None,
    material: str = "",
    happened_on: date | None = None,
    cost_class: CostClass | None = None,
    source_kind: str = "",
    source_id: int | None = None,
    document_no: str = "",
) -> int:
    """Enter a quantity at a price of one unit, or of `material` at the price of its day.

    Raises InvalidInput for no quantity, a day to come, or a material without a price on that day.
    """
    day = _day_of(happened_on)
    rate = rate_on(RateKind.MATERIAL, material, day) if material else None
    price = rate.amount if rate else unit_cost
    if quantity <= 0 or price is None or price <= 0 or quantity * THOUSAND != int(quantity * THOUSAND):
        raise InvalidInput(NOT_A_QUANTITY, field="quantity")
    basis = _Basis(round_cent(quantity * price), int(quantity * THOUSAND), price, rate=rate)
    return _book(
        case_id,
        kind,
        basis,
        text=text,
        day=day,
        cost_class=cost_class,
        source_kind=source_kind,
        source_id=source_id,
        document_no=document_no,
    )


@action(Permission.COST_BOOK)
def book_hours(
    session: Session,
    *,
    case_id: int,
    hours: Decimal,
    rate: str,
    text: str,
    kind: CostKind = CostKind.LABOUR,
    happened_on: date | None = None,
    cost_class: CostClass | None = None,
    source_kind: str = "",
    source_id: int | None = None,
) -> int:
    """Enter hours for which no timer ran, at the wage group's rate of their day.

    Raises InvalidInput for no hours, a day to come, or a wage group without a rate on that day.
    """
    day = _day_of(happened_on)
    minutes = hours * 60
    if minutes <= 0 or minutes != int(minutes):
        raise InvalidInput(NOT_HOURS, field="hours")
    found = rate_on(RateKind.LABOUR, rate, day)
    basis = _Basis(round_cent(hours * found.amount), minutes=int(minutes), hourly_rate=found.amount, rate=found)
    return _book(
        case_id,
        kind,
        basis,
        text=text,
        day=day,
        cost_class=cost_class,
        source_kind=source_kind,
        source_id=source_id,
    )


def _day_of(happened_on: date | None) -> date:
    today = now().astimezone(plant_zone()).date()
    if happened_on is not None and happened_on > today:
        raise InvalidInput(IN_THE_FUTURE, field="happened_on")
    return happened_on or today


def _book(
    case_id: int,
    kind: CostKind,
    basis: _Basis,
    *,
    text: str,
    day: date,
    cost_class: CostClass | None = None,
    source_kind: str = "",
    source_id: int | None = None,
    document_no: str = "",
) -> int:
    if kind in DERIVED_ONLY:
        COST_IS_NOT_BOOKED_TWICE.refuse()
    if not text.strip():
        raise InvalidInput(COST_HAS_ONE_BASIS.message, field="text")
    made = CostEntry.create(
        case=take(CaseFile, case_id),
        cost_class=cost_class or _CLASSES.get(kind, CostClass.RETURN_LOSS),
        kind=kind,
        happened_on=day,
        quantity_thousandths=basis.quantity_thousandths,
        unit_cost=basis.unit_cost,
        minutes=basis.minutes,
        hourly_rate=basis.hourly_rate,
        rate=basis.rate,
        amount=-basis.amount if kind in CREDITS else basis.amount,
        source_kind=source_kind,
        source_id=source_id,
        document_no=document_no,
        text=text.strip(),
    )
    return int(made.id)


@action(Permission.COST_BOOK)
def credit_parts(session: Session, *, part_id: int, unit_cost: Decimal) -> int:
    """Credit the recovered parts of one kind that passed the inspection, at a value for one part (003-A §6.8.6.1).

    Raises Refused while not all candidates are inspected, or when they are credited already.
    """
    part = lock(RecoveredPart, part_id)
    if not part.parts_passed or part.parts_inspected != part.parts_candidate:
        RECOVERED_PARTS_PASSED.refuse()
    if unit_cost <= 0:
        raise InvalidInput(NOT_A_QUANTITY, field="unit_cost")
    counter = CostEntry.alias()
    undone = counter.select(counter.corrects).where(counter.corrects.is_null(is_null=False))
    credited = CostEntry.select().where(
        (CostEntry.source_kind == "recovered_part") & (CostEntry.source_id == part.id) & CostEntry.corrects.is_null()
    )
    if credited.where(CostEntry.id.not_in(undone)).exists():
        raise Refused(CREDITED_ALREADY)
    basis = _Basis(round_cent(part.parts_passed * unit_cost), part.parts_passed * int(THOUSAND), unit_cost)
    return _book(
        part.case_id,
        CostKind.RECOVERY,
        basis,
        text=part.name,
        day=_day_of(None),
        source_kind="recovered_part",
        source_id=part.id,
    )


@action(Permission.COST_BOOK)
def confirm_destruction(
    session: Session,
    *,
    case_id: int,
    weight_grams: int,
    witness: str,
    photo_reference: str,
    pieces: int | None = None,
    text: str = "",
) -> int:
    """Confirm that scrap was made unusable: who saw it, its weight, and where the photo is (IATF 8.7.1).

    The id that comes back is what the sale of the scrap names.
    """
    if weight_grams <= 0 or not witness.strip() or not photo_reference.strip():
        raise InvalidInput(DESTRUCTION_IS_COMPLETE.message, field="weight_grams")
    made = Destruction.create(
        case=take(CaseFile, case_id),
        pieces=pieces,
        weight_grams=weight_grams,
        witness=witness.strip(),
        photo_reference=photo_reference.strip(),
        text=text,
    )
    return int(made.id)


@action(Permission.COST_BOOK)
def sell_scrap(session: Session, *, destruction_id: int, amount: Decimal, text: str, document_no: str = "") -> int:
    """Credit what scrap was sold for, after a colleague confirmed its destruction (003-A §6.8.6.2)."""
    confirmed = take(Destruction, destruction_id)
    if confirmed.created_by == session.login:
        SCRAP_SOLD_DESTROYED.refuse()
    if amount <= 0 or amount != round_cent(amount):
        raise InvalidInput(NOT_A_SUM, field="amount")
    basis = _Basis(amount)
    return _book(
        confirmed.case_id,
        CostKind.SCRAP_SALE,
        basis,
        text=text,
        day=_day_of(None),
        source_kind="destruction",
        source_id=confirmed.id,
        document_no=document_no,
    )


@action(Permission.COST_BOOK)
def take_back(session: Session, *, entry_id: int, reason: str) -> int:
    """Take an entry back by a counter-entry of today with the opposite sign, and say why."""
    if not reason.strip():
        raise InvalidInput(WHY_BACK, field="reason")
    entry = take(CostEntry, entry_id)
    if entry.corrects_id is not None or CostEntry.select().where(CostEntry.corrects == entry).exists():
        CORRECTED_ONCE.refuse()
    made = CostEntry.create(
        case=entry.case_id,
        cost_class=entry.cost_class,
        kind=entry.kind,
        happened_on=_day_of(None),
        quantity_thousandths=entry.quantity_thousandths,
        unit_cost=entry.unit_cost,
        minutes=entry.minutes,
        hourly_rate=entry.hourly_rate,
        rate=entry.rate_id,
        amount=-entry.amount,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        document_no=entry.document_no,
        text=reason.strip(),
        corrects=entry,
    )
    return int(made.id)


__all__ = [
    "CLASS_WORDS",
    "CaseCost",
    "CaseCostRow",
    "ClassSum",
    "CostLine",
    "book_hours",
    "book_quantity",
    "book_sum",
    "case_cost",
    "class_sums",
    "confirm_destruction",
    "credit_parts",
    "listed",
    "sell_scrap",
    "take_back",
]
