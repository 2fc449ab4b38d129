"""Hours and material: who worked on what since when, by badge, and what the order used (004-A §5.6.2.4).

Hours are the difference of two moments of the database's clock, or a span that is booked afterwards. Production books
the hours of its orders; quality books analysis, sorting, polishing and inspection on the round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from peewee import JOIN

from qms_desktop.action import action, reading
from qms_desktop.db.master_data import Person, RateKind
from qms_desktop.db.record import change, lock, now, take
from qms_desktop.db.rework import OrderState, WorkOrder
from qms_desktop.db.rework_effort import (
    MATERIAL_ON_A_RUNNING_ORDER,
    ONE_WORK_AT_A_TIME,
    WORK_ENDS_AFTER_IT_BEGINS,
    WORK_IS_ON_ONE_THING,
    WORK_ON_A_RUNNING_ORDER,
    Activity,
    MaterialUse,
    RateName,
    WorkState,
    WorkTime,
)
from qms_desktop.db.rma import Rma
from qms_desktop.db.sorting import SortingRound
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from peewee import ModelSelect

    from qms_desktop.session import Session

THOUSANDTHS = 1000
LONGEST_SPAN = timedelta(hours=16)
UNKNOWN_BADGE = N_("Badge {badge} belongs to nobody. Scan again.")
UNKNOWN_RATE = N_("There is no wage group or material {code} in the list of rates.")
NOT_WORKING = N_("{who} works on nothing now.")
TOO_LONG = N_("{hours} hours in one piece cannot be right: a stop was forgotten. Mend the time first.")
WHY_CANCELLED = N_("Write why.")
NO_QUANTITY = N_("Type the quantity, above zero, with up to three decimals.")


@dataclass(frozen=True)
class Started:
    """Work that runs since a moment."""

    work_time_id: int
    person_name: str


@dataclass(frozen=True)
class Worked:
    """A span that was worked, in whole minutes."""

    work_time_id: int
    person_name: str
    minutes: int


@dataclass(frozen=True)
class WorkingNow:
    """Who works on what since when: what the line's station shows."""

    work_time_id: int
    person_name: str
    badge: str
    activity: Activity
    order_id: int | None
    round_id: int | None
    number: str
    started_at: datetime


@dataclass(frozen=True)
class RateNameShown:
    """A wage group or a material as the line chooses it: without its price."""

    id: int
    code: str
    name: str
    unit: str


@action(Permission.REWORK_BOOK)
def start_work(session: Session, *, order_id: int, badge: str, rate: str) -> Started:
    """Start the work of a person on an order, now; a released order begins to run.

    Raises InvalidInput for an unknown badge or wage group, Refused when the person works on something already.
    """
    order = _running(order_id)
    person = _person(badge)
    _refuse_working(person)
    span = WorkTime.create(
        case=order.case_id,
        work_order=order,
        activity=Activity(order.kind),
        person=person,
        rate=_rate(RateKind.LABOUR, rate),
        started_at=now(),
        station=session.station,
        badge=badge,
        state=WorkState.RUNNING,
    )
    return Started(span.id, person.name)


def _running(order_id: int) -> WorkOrder:
    order = lock(WorkOrder, order_id)
    if order.state is OrderState.RELEASED:
        change(order, state=OrderState.RUNNING)
    if order.state not in (OrderState.RUNNING, OrderState.REPORTED):
        WORK_ON_A_RUNNING_ORDER.refuse()
    return order


def _person(badge: str) -> Person:
    # A badge says who worked, not who may sign in: most people on the line have no login at all.
    person = Person.get_or_none(Person.badge == badge.strip())
    if person is None:
        raise InvalidInput(UNKNOWN_BADGE, field="badge", badge=badge)
    return lock(Person, person.id)


def _rate(kind: RateKind, code: str) -> RateName:
    found = RateName.get_or_none((RateName.kind == kind) & (RateName.code == code))
    if found is None:
        raise InvalidInput(UNKNOWN_RATE, field="rate", code=code)
    return found


def _refuse_working(person: Person) -> None:
    running = _running_rows().where(WorkTime.person == person).first()
    if running is not None:
        local = running.started_at.astimezone(plant_zone())
        ONE_WORK_AT_A_TIME.refuse(who=person.name, number=_number(running), time=f"{local:%H:%M}")


@action(Permission.REWORK_BOOK)
def stop_work(session: Session, *, badge: str) -> Worked:
    """Stop the work that a person is on, now. Raises Refused when the person works on nothing, or for over 16 hours."""
    person = _person(badge)
    span = _running_span(person)
    moment = now()
    if moment - span.started_at > LONGEST_SPAN:
        raise Refused(TOO_LONG, hours=round((moment - span.started_at) / timedelta(hours=1)))
    change(span, ended_at=moment, state=WorkState.ENDED)
    return Worked(span.id, person.name, minutes_of(span))


def _running_span(person: Person) -> WorkTime:
    span = WorkTime.get_or_none((WorkTime.person == person) & (WorkTime.state == WorkState.RUNNING))
    if span is None:
        raise Refused(NOT_WORKING, who=person.name)
    return span


@action(Permission.REWORK_BOOK)
def mend_stop(session: Session, *, work_time_id: int, ended_at: datetime, reason: str) -> Worked:
    """Mend a forgotten stop: say when the work really ended, and why it was forgotten."""
    _need_reason(reason)
    span = lock(WorkTime, work_time_id)
    if span.state is not WorkState.RUNNING:
        raise Refused(NOT_WORKING, who=take(Person, span.person_id).name)
    _refuse_span(span.started_at, ended_at)
    change(span, ended_at=ended_at, state=WorkState.ENDED, reason=reason.strip())
    return Worked(span.id, take(Person, span.person_id).name, minutes_of(span))


@action(Permission.REWORK_BOOK)
def book_hours(
    session: Session,
    *,
    order_id: int,
    badge: str,
    rate: str,
    started_at: datetime,
    ended_at: datetime,
    reason: str = "",
) -> Worked:
    """Book a finished span of work on an order, with its begin and its end.

    Raises InvalidInput, Refused when the span lies in the future or the person worked on something else in it.
    """
    order = _running(order_id)
    return _book(
        session, order, None, Activity(order.kind), badge=badge, rate=rate, started_at=started_at, ended_at=ended_at,
        reason=reason,
    )  # fmt: skip


@action(Permission.SORTING_SORT)
def book_quality_hours(
    session: Session,
    *,
    activity: Activity,
    badge: str,
    rate: str,
    started_at: datetime,
    ended_at: datetime,
    round_id: int | None = None,
    order_id: int | None = None,
    reason: str = "",
) -> Worked:
    """Book a finished span of analysis, sorting, polishing or inspection on a round, or of inspection on an order."""
    if (round_id is None) == (order_id is None):
        WORK_IS_ON_ONE_THING.refuse()
    order = take(WorkOrder, order_id) if order_id is not None else None
    goods = take(SortingRound, round_id) if round_id is not None else None
    return _book(
        session, order, goods, activity, badge=badge, rate=rate, started_at=started_at, ended_at=ended_at, reason=reason
    )


def _book(
    session: Session,
    order: WorkOrder | None,
    goods: SortingRound | None,
    activity: Activity,
    *,
    badge: str,
    rate: str,
    started_at: datetime,
    ended_at: datetime,
    reason: str,
) -> Worked:
    _refuse_span(started_at, ended_at)
    subject = order or goods
    person = _person(badge)
    span = WorkTime.create(
        case=subject.case_id if subject else None,
        work_order=order,
        round=goods,
        activity=activity,
        person=person,
        rate=_rate(RateKind.LABOUR, rate),
        started_at=started_at,
        ended_at=ended_at,
        reason=reason.strip(),
        station=session.station,
        badge=badge,
        state=WorkState.ENDED,
    )
    return Worked(span.id, person.name, minutes_of(span))


def _refuse_span(started_at: datetime, ended_at: datetime) -> None:
    if ended_at <= started_at:
        raise InvalidInput(WORK_ENDS_AFTER_IT_BEGINS.message, field="ended_at")
    if ended_at - started_at > LONGEST_SPAN:
        raise InvalidInput(TOO_LONG, field="ended_at", hours=round((ended_at - started_at) / timedelta(hours=1)))


@action(Permission.REWORK_BOOK)
def cancel_hours(session: Session, *, work_time_id: int, reason: str) -> None:
    """Cancel hours of an order that were booked by mistake; they stay on record and count nothing."""
    _cancel(work_time_id, reason)


@action(Permission.SORTING_SORT)
def cancel_quality_hours(session: Session, *, work_time_id: int, reason: str) -> None:
    """Cancel hours of quality that were booked by mistake; they stay on record and count nothing."""
    _cancel(work_time_id, reason)


def _cancel(work_time_id: int, reason: str) -> None:
    _need_reason(reason)
    change(lock(WorkTime, work_time_id), state=WorkState.CANCELLED, reason=reason.strip())


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput(WHY_CANCELLED, field="reason")


@action(Permission.REWORK_BOOK)
def use_material(
    session: Session, *, order_id: int, material: str, quantity: Decimal, remark: str = "", badge: str = ""
) -> int:
    """Book material on an order, in the material's own unit with up to three decimals; gives the id of the entry.

    Raises InvalidInput for an unknown material or quantity, Refused for raw material on a repack order.
    """
    thousandths = quantity * THOUSANDTHS
    if not quantity.is_finite() or quantity <= 0 or thousandths != int(thousandths):
        raise InvalidInput(NO_QUANTITY, field="quantity")
    order = lock(WorkOrder, order_id)
    if order.state is OrderState.RELEASED:
        change(order, state=OrderState.RUNNING)
    if order.state not in (OrderState.RUNNING, OrderState.REPORTED):
        MATERIAL_ON_A_RUNNING_ORDER.refuse()
    made = MaterialUse.create(
        case=order.case_id,
        work_order=order,
        material=_rate(RateKind.MATERIAL, material),
        quantity_thousandths=int(thousandths),
        remark=remark,
        station=session.station,
        badge=badge,
    )
    return int(made.id)


@action(Permission.REWORK_BOOK)
def take_back_material(session: Session, *, use_id: int, reason: str, badge: str = "") -> int:
    """Take an entry of material back whole, with the reason; gives the id of the counter-entry."""
    _need_reason(reason)
    wrong = take(MaterialUse, use_id)
    made = MaterialUse.create(
        case=wrong.case_id,
        work_order=wrong.work_order_id,
        material=wrong.material_id,
        quantity_thousandths=-wrong.quantity_thousandths,
        corrects=wrong,
        remark=reason.strip(),
        station=session.station,
        badge=badge,
    )
    return int(made.id)


@reading(Permission.READ)
def rate_names(session: Session, *, kind: RateKind) -> tuple[RateNameShown, ...]:
    """Give the wage groups or the materials to choose from, by code, without prices."""
    rows = RateName.select().where(RateName.kind == kind).order_by(RateName.code)
    return tuple(RateNameShown(row.id, row.code, row.name, row.unit) for row in rows)


@reading(Permission.READ)
def working_now(session: Session) -> tuple[WorkingNow, ...]:
    """Give who works on what since when, the longest first: a forgotten stop stands on top."""
    return tuple(
        WorkingNow(
            work_time_id=span.id,
            person_name=span.person.name,
            badge=span.badge,
            activity=span.activity,
            order_id=span.work_order_id,
            round_id=span.round_id,
            number=_number(span),
            started_at=span.started_at,
        )
        for span in _running_rows().order_by(WorkTime.started_at)
    )


def _running_rows() -> ModelSelect[WorkTime]:
    return (
        WorkTime.select(WorkTime, Person, WorkOrder, SortingRound, Rma)
        .join(Person)
        .switch(WorkTime)
        .join(WorkOrder, JOIN.LEFT_OUTER)
        .switch(WorkTime)
        .join(SortingRound, JOIN.LEFT_OUTER)
        .join(Rma, JOIN.LEFT_OUTER)
        .where(WorkTime.state == WorkState.RUNNING)
    )


def _number(span: WorkTime) -> str:
    if span.round is not None:
        return str(span.round.rma.number)
    return str(span.work_order.number if span.work_order else "")


def minutes_of(span: WorkTime) -> int:
    """Give the whole minutes of a span that has ended, rounded down."""
    return int((span.ended_at - span.started_at) / timedelta(minutes=1))
