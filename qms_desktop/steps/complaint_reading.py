"""What pages read of complaints: lists, and one complaint whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qms_desktop.action import reading
from qms_desktop.db.bulk import tuples
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
from qms_desktop.db.record import among, take
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
    query = _heads().order_by(Complaint.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(Complaint.id < before_id)
    return _rows(chosen_complaints(query, session, choice, text))


def _heads() -> Any:  # noqa: ANN401 - peewee's query
    """Ask for no more than a row shows, as plain tuples: a page of whole records took ten times as long."""
    shown = (Complaint.id, Complaint.case, Complaint.number, Complaint.received_at, Complaint.state, Complaint.urgency,
             Complaint.round, Customer.code, Customer.name, Customer.short_name)  # fmt: skip
    return Complaint.select(*shown).join(Customer)


def _rows(heads: Any) -> tuple[ComplaintRow, ...]:  # noqa: ANN401 - peewee's query
    found = tuples(heads)
    ids = [head[0] for head in found]
    lines: dict[int, list[tuple[str, int]]] = {}
    asked = ComplaintLine.select(
        ComplaintLine.complaint, Product.code, ComplaintLine.lot_number, ComplaintLine.pieces_complained
    )
    for complaint_id, code, lot, pieces in tuples(asked.join(Product).where(among(ComplaintLine.complaint, ids))):
        lines.setdefault(complaint_id, []).append((f"{code} {lot}".strip(), pieces))
    unmet = unmet_deadlines("complaint", ids)
    return tuple(_row(head, lines.get(head[0], []), unmet.get(head[0])) for head in found)


def _row(head: tuple[Any, ...], lines: list[tuple[str, int]], unmet: DeadlineShown | None) -> ComplaintRow:
    (
        complaint_id,
        case_id,
        number,
        received_at,
        state,
        urgency,
        round_,
        customer_code,
        customer_name,
        customer_short_name,
    ) = head
    return ComplaintRow(
        id=complaint_id,
        case_id=case_id,
        number=number,
        customer_code=customer_code,
        customer_name=customer_name,
        customer_short_name=customer_short_name or customer_name,
        received_at=received_at,
        state=state,
        urgency=urgency,
        products=" · ".join(dict.fromkeys(goods for goods, _pieces in lines)),
        pieces=sum(pieces for _goods, pieces in lines),
        round=round_,
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
        row=_rows(_heads().where(Complaint.id == complaint_id))[0],
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
