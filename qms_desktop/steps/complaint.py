"""Complaint: what the customer reports, its clocks, and what is done at once (000-T §4.1; 003-A §5, §6.1).

The clock starts at the customer's own time stamp. The shortest of rule, customer's profile and this notice's own limit
wins, and the deadline names which (000-T §4.1.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import action
from qms_desktop.db.case import CaseFile
from qms_desktop.db.complaint import (
    COMPLAINT_MOVES,
    LINE_HAS_PIECES,
    TRANSITIONS,
    Channel,
    Complaint,
    ComplaintClass,
    ComplaintLine,
    ComplaintState,
    Containment,
    CustomerReply,
    ReplyKind,
    Severity,
    Urgency,
)
from qms_desktop.db.master_data import (
    Customer,
    DefectCode,
    HoldState,
    Lot,
    LotHold,
    LotKind,
    Product,
    ShipmentLine,
    Site,
)
from qms_desktop.db.record import change, lock, now, take
from qms_desktop.errors import InvalidInput, NotFound, Refused
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules import search
from qms_desktop.rules.calendar import plant_calendar
from qms_desktop.rules.clock import deadlines_of, extend, meet, open_deadlines
from qms_desktop.rules.deadline import (
    ComplaintFacts,
    CustomerLimit,
    Event,
    LimitUnit,
    NamedBy,
    shortest,
    starting_rules,
)
from qms_desktop.steps.complaint_choice import Choice
from qms_desktop.steps.complaint_reading import (
    ComplaintRow,
    ComplaintShown,
    ContainmentShown,
    LineShown,
    ReplyShown,
    breaks_safety,
    listed,
    show,
)

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.session import Session

__all__ = [
    "Channel",
    "Choice",
    "Complaint",
    "ComplaintClass",
    "ComplaintRow",
    "ComplaintShown",
    "ComplaintState",
    "ContainmentShown",
    "LineShown",
    "LotStop",
    "NewLine",
    "Registered",
    "ReplyKind",
    "ReplyShown",
    "Severity",
    "Urgency",
    "accept",
    "analyse",
    "breaks_safety",
    "contain",
    "known_lot",
    "listed",
    "may_become",
    "register",
    "reply",
    "show",
    "tell_extension",
]

NO_CUSTOMER = N_("There is no customer {code}. Choose one from the list, or ask IT to import the customers again.")
NO_PRODUCT = N_("Line {position}: there is no product {code}. Choose one from the list.")
NO_DEFECT = N_("Line {position}: there is no defect code {code}. Choose one from the list.")
NO_LINES = N_("A complaint needs at least one line: which product, which lot, how many pieces.")
NO_WORDS = N_("Line {position}: write what the customer reports, in the customer's own words.")
FUTURE_NOTICE = N_("The notice is dated {received}, that is after now. Check the customer's time stamp.")
BANNED_NEEDS_CLASS = N_("A banned substance is a quality matter. Choose the class “quality”.")
REASON_MISSING = N_("Write the reason, as the customer was told.")
EARLIER_DATE = N_("The new date must lie after the present limit ({due}).")


@dataclass(frozen=True)
class NewLine:
    """One line of a new complaint: product and lot as the customer names them, pieces, and the customer's words."""

    product: str
    pieces: int
    customer_words: str
    lot: str = ""
    defect_code: str = ""
    order_no: str = ""
    date_code: str = ""
    found_where: str = ""
    found_conditions: str = ""
    tests_done: str = ""
    demand: str = ""


@dataclass(frozen=True)
class Registered:
    """A complaint that was taken down: its number, and the case that it opened or joined."""

    complaint_id: int
    number: str
    case_id: int


@dataclass(frozen=True)
class LotStop:
    """A lot to be put on hold: the product's code and the lot's number."""

    product: str
    lot: str


@action(Permission.COMPLAINT_REGISTER)
def register(
    session: Session,
    *,
    customer: str,
    received_at: datetime,
    channel: Channel,
    lines: tuple[NewLine, ...],
    complaint_class: ComplaintClass = ComplaintClass.QUALITY,
    urgency: Urgency = Urgency.NORMAL,
    severity: Severity = Severity.GENERAL,
    is_batch: bool = False,
    is_performance: bool = False,
    is_strong_reaction: bool = False,
    is_banned_substance: bool = False,
    is_formal: bool = True,
    own_limit_hours: int | None = None,
    customer_reference: str = "",
    demand: str = "",
    joins_case: int | None = None,
) -> Registered:
    """Take down a complaint with its lines, open or join its case, and start its clocks.

    Raises InvalidInput for an unknown customer, product or defect, no lines, or a notice dated after now.
    """
    known = Customer.get_or_none(Customer.code == customer)
    if known is None:
        raise InvalidInput(NO_CUSTOMER, field="customer", code=customer)
    if not lines:
        raise InvalidInput(NO_LINES, field="lines")
    if received_at > now():
        raise InvalidInput(FUTURE_NOTICE, field="received_at", received=f"{received_at:%Y-%m-%d %H:%M}")
    if is_banned_substance and complaint_class is not ComplaintClass.QUALITY:
        raise InvalidInput(BANNED_NEEDS_CLASS, field="complaint_class")
    case = take(CaseFile, joins_case) if joins_case else _open_case(known, lines)
    complaint = Complaint.create(
        case=case,
        customer=known,
        customer_reference=customer_reference,
        channel=channel,
        received_at=received_at,
        complaint_class=complaint_class,
        urgency=urgency,
        severity=severity,
        is_batch=is_batch,
        is_performance=is_performance,
        is_strong_reaction=is_strong_reaction,
        is_banned_substance=is_banned_substance,
        is_formal=is_formal,
        own_limit_hours=own_limit_hours,
        demand=demand,
        state=ComplaintState.REGISTERED,
    )
    for position, line in enumerate(lines, start=1):
        _add_line(complaint, known, position, line)
    facts = ComplaintFacts(
        received_at=received_at,
        complaint_class=complaint_class,
        urgent=urgency is Urgency.URGENT,
        severity=severity,
        batch=is_batch,
        performance=is_performance,
        strong_reaction=is_strong_reaction,
        customer_limits=_customer_limits(known, own_limit_hours),
    )
    open_deadlines(
        case_id=case.id,
        kind="complaint",
        record_id=complaint.id,
        moments=shortest(facts, rules=starting_rules(), calendar=plant_calendar()),
    )
    number = take(Complaint, complaint.id).number
    words = (
        customer_reference,
        known.name,
        known.short_name,
        *(f"{one.product} {one.lot} {one.customer_words}" for one in lines),
    )
    search.keep(search.Kind.COMPLAINT, complaint.id, case_id=case.id, title=number, text=" ".join(words))
    return Registered(complaint.id, number, case.id)


def _open_case(customer: Customer, lines: tuple[NewLine, ...]) -> CaseFile:
    title = " · ".join(dict.fromkeys(f"{line.product} {line.lot}".strip() for line in lines))
    return CaseFile.create(customer=customer, site=Site.select().order_by(Site.id).get(), title=title)


def _customer_limits(customer: Customer, own_limit_hours: int | None) -> tuple[CustomerLimit, ...]:
    limits = ((customer.reply_hours, NamedBy.CUSTOMER_PROFILE), (own_limit_hours, NamedBy.NOTICE))
    return tuple(
        CustomerLimit(Event.WRITTEN_REPLY, Decimal(hours), LimitUnit.HOURS, named_by)
        for hours, named_by in limits
        if hours
    )


def _add_line(complaint: Complaint, customer: Customer, position: int, line: NewLine) -> None:
    product = Product.get_or_none(Product.code == line.product)
    if product is None:
        raise InvalidInput(NO_PRODUCT, field=f"lines.{position}.product", position=position, code=line.product)
    defect = DefectCode.get_or_none(DefectCode.code == line.defect_code) if line.defect_code else None
    if line.defect_code and defect is None:
        raise InvalidInput(NO_DEFECT, field=f"lines.{position}.defect_code", position=position, code=line.defect_code)
    if line.pieces <= 0:
        raise InvalidInput(LINE_HAS_PIECES.message, field=f"lines.{position}.pieces")
    if not line.customer_words.strip():
        raise InvalidInput(NO_WORDS, field=f"lines.{position}.customer_words", position=position)
    lot = known_lot(product, line.lot)
    ComplaintLine.create(
        case=complaint.case_id,
        complaint=complaint,
        position=position,
        product=product,
        lot_number=line.lot,
        lot=lot,
        order_no=line.order_no,
        date_code=line.date_code,
        pieces_complained=line.pieces,
        pieces_shipped=_pieces_shipped(customer, lot),
        defect_code=defect,
        customer_words=line.customer_words,
        found_where=line.found_where,
        found_conditions=line.found_conditions,
        tests_done=line.tests_done,
        demand=line.demand,
    )


def known_lot(product: Product, number: str) -> Lot | None:
    """Find a product's own lot by its number; a lot is known by product and number together (domain.md §16)."""
    if not number:
        return None
    return Lot.get_or_none((Lot.kind == LotKind.FINISHED) & (Lot.article == product.code) & (Lot.number == number))


def _pieces_shipped(customer: Customer, lot: Lot | None) -> int | None:
    if lot is None:
        return None
    total: int | None = (
        ShipmentLine.select(fn.SUM(ShipmentLine.pieces_shipped))
        .where((ShipmentLine.lot == lot) & (ShipmentLine.customer == customer))
        .scalar()
    )
    return int(total) if total else None


@action(Permission.COMPLAINT_ACCEPT)
def accept(session: Session, *, complaint_id: int) -> None:
    """Accept a complaint for handling; whether it is a quality matter is in its class (003-A §6.1)."""
    _move(complaint_id, ComplaintState.ACCEPTED)


def _move(complaint_id: int, end: ComplaintState) -> Complaint:
    complaint = lock(Complaint, complaint_id)
    if not may_become(complaint.state, end):
        COMPLAINT_MOVES.refuse(number=complaint.number, start=complaint.state, end=end)
    change(complaint, state=end)
    return complaint


@action(Permission.COMPLAINT_CONTAIN)
def contain(
    session: Session,
    *,
    complaint_id: int,
    place: str,
    measure: str,
    pieces: int | None = None,
    stops: tuple[LotStop, ...] = (),
) -> None:
    """Record what was done at once, and put lots on hold; this meets the containment limit (000-T §4.1.4; 003-A §5.1).

    The first measure moves an accepted complaint on. Raises NotFound for an unknown lot; a lot on hold stays on hold.
    """
    complaint = lock(Complaint, complaint_id)
    for stop in stops:
        _hold(complaint, stop)
    Containment.create(case=complaint.case_id, complaint=complaint, place=place, measure=measure, pieces=pieces)
    meet("complaint", complaint.id, Event.CONTAINMENT, Event.COORDINATION)
    if complaint.state is ComplaintState.ACCEPTED:
        change(complaint, state=ComplaintState.CONTAINED)


def _hold(complaint: Complaint, stop: LotStop) -> None:
    lot = Lot.get_or_none((Lot.kind == LotKind.FINISHED) & (Lot.article == stop.product) & (Lot.number == stop.lot))
    if lot is None:
        raise NotFound(
            N_("There is no lot {lot} of product {product}."), field="stops", lot=stop.lot, product=stop.product
        )
    if not LotHold.select().where((LotHold.lot == lot) & (LotHold.state == HoldState.ON)).exists():
        LotHold.create(lot=lot, case_id=complaint.case_id, reason=complaint.number, state=HoldState.ON)


@action(Permission.COMPLAINT_ANALYSE)
def analyse(session: Session, *, complaint_id: int) -> None:
    """Begin the analysis, or begin it again after a dissatisfied customer or an ineffective measure (000-E)."""
    complaint = lock(Complaint, complaint_id)
    again = complaint.state in (ComplaintState.REPLIED, ComplaintState.VERIFYING, ComplaintState.CLOSED)
    if not may_become(complaint.state, ComplaintState.ANALYSIS):
        COMPLAINT_MOVES.refuse(number=complaint.number, start=complaint.state, end=ComplaintState.ANALYSIS)
    change(complaint, state=ComplaintState.ANALYSIS, round=complaint.round + int(again))


_MEETS = {
    ReplyKind.ACKNOWLEDGEMENT: (Event.PRELIMINARY_REPLY,),
    # Feedback on a late delivery or a service says what was agreed with the other departments (003-O §5.1.3.3).
    ReplyKind.WRITTEN: (
        Event.PRELIMINARY_REPLY,
        Event.WRITTEN_REPLY,
        Event.INTERIM_REPLY,
        Event.COORDINATION,
        Event.FEEDBACK,
    ),
    ReplyKind.CAUSES_AND_MEASURES: (Event.CAUSES_AND_MEASURES, Event.CAUSE_NOTICE),
}


@action(Permission.COMPLAINT_REPLY)
def reply(session: Session, *, complaint_id: int, kind: ReplyKind, text: str, sent_by: str = "") -> None:
    """Record an answer that went to the customer; it meets the limits of its kind (000-T §4.1.6-4.1.7; 003-A §5.2)."""
    if not text.strip():
        raise InvalidInput(N_("Write what the customer was told."), field="text")
    if kind is ReplyKind.EXTENSION:
        raise InvalidInput(N_("An extension is recorded with its new date and reason."), field="kind")
    complaint = lock(Complaint, complaint_id)
    CustomerReply.create(case=complaint.case_id, complaint=complaint, kind=kind, text=text, sent_by=sent_by)
    meet("complaint", complaint.id, *_MEETS[kind])
    if complaint.state is ComplaintState.ANALYSIS and kind is ReplyKind.CAUSES_AND_MEASURES:
        change(complaint, state=ComplaintState.REPLIED)


@action(Permission.COMPLAINT_REPLY)
def tell_extension(session: Session, *, complaint_id: int, event: Event, until: datetime, reason: str) -> None:
    """Move a limit that cannot be met, with the reason and date that the customer was told (003-A §5.3).

    Raises InvalidInput without a reason or with a date before the present limit, Refused when the limit does not run.
    """
    if not reason.strip():
        raise InvalidInput(REASON_MISSING, field="reason")
    complaint = lock(Complaint, complaint_id)
    running = {d.event: d for d in deadlines_of(case_id=complaint.case_id) if d.record_id == complaint.id}
    deadline = running.get(event)
    if deadline is None or deadline.met_at is not None:
        raise Refused(N_("This limit does not run."))
    if until <= deadline.runs_until:
        raise InvalidInput(EARLIER_DATE, field="until", due=f"{deadline.runs_until:%Y-%m-%d %H:%M}")
    CustomerReply.create(case=complaint.case_id, complaint=complaint, kind=ReplyKind.EXTENSION, text=reason)
    extend("complaint", complaint.id, event, until=until, reason=reason)


def may_become(start: ComplaintState, end: ComplaintState) -> bool:
    """Tell whether the table of steps leads from one state to the other."""
    return any(step.start == start and step.end == end for step in TRANSITIONS)
