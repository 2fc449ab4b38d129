"""What pages read of complaints: lists, and one complaint whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.complaint import (
    Channel,
    Complaint,
    ComplaintClass,
    ComplaintLine,
    ComplaintState,
    Containment,
    CustomerReply,
    CustomerVerdict,
    ReplyKind,
    Severity,
    Urgency,
)
from qms_desktop.db.master_data import (
    Characteristic,
    Customer,
    DefectCode,
    Product,
)
from qms_desktop.db.record import take
from qms_desktop.permissions import Permission
from qms_desktop.rules.clock import DeadlineShown, deadlines_of, unmet_deadlines
from qms_desktop.steps.complaint_choice import Choice, chosen_complaints

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.session import Session


@dataclass(frozen=True)
class LineShown:
    """A complaint line as pages show it; pieces in the product's unit, `pieces_shipped` None when unknown."""

    id: int
    position: int
    product_code: str
    product_name: str
    lot_number: str
    pieces_complained: int
    pieces_shipped: int | None
    unit: str
    defect_code: str
    defect_name: str
    is_safety: bool
    customer_words: str
    found_where: str
    demand: str


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint in a list."""

    id: int
    case_id: int
    number: str
    customer_code: str
    customer_name: str
    customer_short_name: str
    received_at: datetime
    state: ComplaintState
    urgency: Urgency
    products: str
    pieces: int
    round: int
    unmet: DeadlineShown | None


@dataclass(frozen=True)
class ComplaintShown:
    """A complaint whole: head, lines, clocks, measures and answers."""

    row: ComplaintRow
    version: int
    customer_reference: str
    channel: Channel
    complaint_class: ComplaintClass
    severity: Severity
    traits: tuple[str, ...]
    own_limit_hours: int | None
    demand: str
    round: int
    lines: tuple[LineShown, ...]
    deadlines: tuple[DeadlineShown, ...]
    containments: tuple[ContainmentShown, ...]
    replies: tuple[ReplyShown, ...]
    verdicts: tuple[VerdictShown, ...]


@dataclass(frozen=True)
class ContainmentShown:
    """A measure that was taken at once: where, what, how many pieces, by whom and when."""

    place: str
    measure: str
    pieces: int | None
    who: str
    at: datetime


@dataclass(frozen=True)
class ReplyShown:
    """An answer that went to the customer."""

    kind: ReplyKind
    text: str
    who: str
    at: datetime


@dataclass(frozen=True)
class VerdictShown:
    """Whether the customer was satisfied in a round, who said so, and in which words."""

    round: int
    is_satisfied: bool
    said_by: str
    text: str
    who: str
    at: datetime


@reading(Permission.READ)
def listed(
    session: Session,
    *,
    before_id: int | None = None,
    count: int = 100,
    choice: Choice = Choice.ALL,
    text: str = "",
) -> tuple[ComplaintRow, ...]:
    """Give complaints, newest first, a page at a time: those before an id, of a choice, that hold a text."""
    query = Complaint.select(Complaint, Customer).join(Customer).order_by(Complaint.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(Complaint.id < before_id)
    return _rows(list(chosen_complaints(query, session, choice, text)))


def _rows(complaints: list[Complaint]) -> tuple[ComplaintRow, ...]:
    lines: dict[int, list[ComplaintLine]] = {}
    wanted = [complaint.id for complaint in complaints]
    for line in (
        ComplaintLine.select(ComplaintLine, Product).join(Product).where(ComplaintLine.complaint.in_(wanted or [0]))
    ):
        lines.setdefault(line.complaint_id, []).append(line)
    unmet = unmet_deadlines("complaint", wanted)
    return tuple(_row(complaint, lines.get(complaint.id, []), unmet.get(complaint.id)) for complaint in complaints)


def _row(complaint: Complaint, lines: list[ComplaintLine], unmet: DeadlineShown | None) -> ComplaintRow:
    return ComplaintRow(
        id=complaint.id,
        case_id=complaint.case_id,
        number=complaint.number,
        customer_code=complaint.customer.code,
        customer_name=complaint.customer.name,
        customer_short_name=complaint.customer.short_name or complaint.customer.name,
        received_at=complaint.received_at,
        state=complaint.state,
        urgency=complaint.urgency,
        products=" · ".join(dict.fromkeys(f"{line.product.code} {line.lot_number}".strip() for line in lines)),
        pieces=sum(line.pieces_complained for line in lines),
        round=complaint.round,
        unmet=unmet,
    )


@reading(Permission.READ)
def show(session: Session, *, complaint_id: int) -> ComplaintShown:
    """Give one complaint whole; raises NotFound."""
    complaint = take(Complaint, complaint_id)
    traits = ("is_batch", "is_performance", "is_strong_reaction", "is_banned_substance")
    lines = (
        ComplaintLine.select(ComplaintLine, Product)
        .join(Product)
        .where(ComplaintLine.complaint == complaint)
        .order_by(ComplaintLine.position)
    )
    return ComplaintShown(
        row=_rows([complaint])[0],
        version=complaint.version,
        customer_reference=complaint.customer_reference,
        channel=complaint.channel,
        complaint_class=complaint.complaint_class,
        severity=complaint.severity,
        traits=tuple(trait for trait in traits if getattr(complaint, trait)),
        own_limit_hours=complaint.own_limit_hours,
        demand=complaint.demand,
        round=complaint.round,
        lines=tuple(_line(line) for line in lines),
        deadlines=tuple(d for d in deadlines_of(case_id=complaint.case_id) if d.record_id == complaint.id),
        containments=tuple(
            ContainmentShown(c.place, c.measure, c.pieces, c.created_by, c.created_at)
            for c in Containment.select().where(Containment.complaint == complaint).order_by(Containment.id)
        ),
        replies=tuple(
            ReplyShown(r.kind, r.text, r.created_by, r.created_at)
            for r in CustomerReply.select().where(CustomerReply.complaint == complaint).order_by(CustomerReply.id)
        ),
        verdicts=tuple(
            VerdictShown(v.round, v.is_satisfied, v.said_by, v.text, v.created_by, v.created_at)
            for v in CustomerVerdict.select().where(CustomerVerdict.complaint == complaint).order_by(CustomerVerdict.id)
        ),
    )


def _line(line: ComplaintLine) -> LineShown:
    defect = line.defect_code
    return LineShown(
        id=line.id,
        position=line.position,
        product_code=line.product.code,
        product_name=line.product.name,
        lot_number=line.lot_number,
        pieces_complained=line.pieces_complained,
        pieces_shipped=line.pieces_shipped,
        unit=line.product.unit,
        defect_code=defect.code if defect else "",
        defect_name=defect.name if defect else "",
        is_safety=bool(defect and breaks_safety(defect)),
        customer_words=line.customer_words,
        found_where=line.found_where,
        demand=line.demand,
    )


def breaks_safety(defect: DefectCode) -> bool:
    """Tell whether a defect breaks a safety or critical characteristic (003-A §6.9; domain.md §16 "Defect code")."""
    if defect.is_safety or defect.is_critical:
        return True
    names = [name for name in defect.breaks_characteristic.split(";") if name]
    return bool(
        Characteristic.select()
        .where(Characteristic.name.in_(names or [""]) & (Characteristic.is_safety | Characteristic.is_critical))
        .exists()
    )
