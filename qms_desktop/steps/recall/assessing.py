"""How far a recall reaches: it is proposed, traced, frozen line by line, narrowed with reasons, and reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import action, reading
from qms_desktop.db.complaint import Complaint, ComplaintLine, ComplaintState
from qms_desktop.db.master_data import Customer, Lot, LotKind, LotUse, Product, ShipmentLine
from qms_desktop.db.recall import (
    NARROWED_WITH_A_REASON,
    ONE_RECALL_A_LINE,
    RECALL_MOVES,
    Recall,
    RecallLine,
    RecallLot,
    RecallOpenPoint,
    RecallState,
    RecallTrigger,
)
from qms_desktop.db.record import change, lock, take
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules import search
from qms_desktop.steps import master_data_trace as tracing
from qms_desktop.steps.master_data_find import LotFound, lot_found
from qms_desktop.steps.recall.moves import assessed, taken

if TYPE_CHECKING:
    from qms_desktop.session import Session

NOTHING_SUSPECTED = N_(
    "Line {position} breaks no safety or key characteristic and is no banned substance: there is no recall to assess."
)
LINE_OF_ANOTHER = N_("This shipment is not in the scope of this recall.")
COMPLAINANT = "complainant"
_ENDED = (ComplaintState.REFUSED, ComplaintState.ARCHIVED)


@dataclass(frozen=True)
class Proposal:
    """A complaint line that asks for a recall assessment, and why; pieces of the same lot at other customers."""

    complaint_line_id: int
    case_id: int
    complaint_number: str
    product_code: str
    lot_number: str
    defect_code: str
    defect_name: str
    trigger: RecallTrigger
    pieces_of_lot_elsewhere: int
    customers_with_shared_material: int


@dataclass(frozen=True)
class Proposed:
    """A recall that was put up for assessment."""

    recall_id: int
    number: str
    case_id: int


@dataclass(frozen=True)
class Traced:
    """What a trace added up to: pieces and customers besides the complainant."""

    pieces: int
    customers: int


@reading(Permission.READ)
def proposals(session: Session) -> tuple[Proposal, ...]:
    """Give the complaint lines that ask for an assessment and have none yet (003-A §6.9; 000-T §4.1.10).

    A line asks for it when its defect breaks a safety or key characteristic, or the complaint is about a banned
    substance, and its lot went to other customers or shares a material lot with lots that did.
    """
    assessed = Recall.select(Recall.complaint_line)
    lines = (
        ComplaintLine.select(ComplaintLine, Complaint)
        .join(Complaint)
        .where(ComplaintLine.id.not_in(assessed) & Complaint.state.not_in(_ENDED) & ~ComplaintLine.lot.is_null())
        .order_by(ComplaintLine.id.desc())
    )
    found = ((line, _trigger_of(line)) for line in lines)
    made = (_proposal(line, trigger) for line, trigger in found if trigger is not None)
    return tuple(one for one in made if one.pieces_of_lot_elsewhere or one.customers_with_shared_material)


def _trigger_of(line: ComplaintLine) -> RecallTrigger | None:
    if line.complaint.is_banned_substance:
        return RecallTrigger.BANNED_SUBSTANCE
    defect = line.defect_code
    return RecallTrigger.SAFETY_OR_KEY if defect and (defect.is_safety or defect.is_critical) else None


def _proposal(line: ComplaintLine, trigger: RecallTrigger) -> Proposal:
    complainant = take(Customer, line.complaint.customer_id)
    elsewhere = (
        ShipmentLine.select(fn.COALESCE(fn.SUM(ShipmentLine.pieces_shipped), 0))
        .where((ShipmentLine.lot == line.lot_id) & (ShipmentLine.customer != complainant))
        .scalar()
    )
    materials = _materials_of(line.lot_id)
    sharing = tracing.totals(materials, ()) if materials else ()
    return Proposal(
        complaint_line_id=line.id,
        case_id=line.case_id,
        complaint_number=line.complaint.number,
        product_code=take(Product, line.product_id).code,
        lot_number=line.lot_number,
        defect_code=line.defect_code.code if line.defect_code else "",
        defect_name=line.defect_code.name if line.defect_code else "",
        trigger=trigger,
        pieces_of_lot_elsewhere=int(elsewhere),
        customers_with_shared_material=len({one.customer_id for one in sharing} - {complainant.id}),
    )


def _materials_of(lot_id: int) -> list[LotFound]:
    """Give every lot that went into a lot, whatever the number of steps."""
    found: set[int] = set()
    front = {lot_id}
    while front:
        used = {use.used_id for use in LotUse.select(LotUse.used).where(LotUse.made.in_(front))}
        front = used - found
        found |= front
    return [lot_found(lot) for lot in Lot.select().where(Lot.id.in_(found)).order_by(Lot.id)]


@action(Permission.RECALL_ASSESS)
def propose(session: Session, *, complaint_line_id: int) -> Proposed:
    """Put a complaint line up for assessment: the recall is suspected.

    Raises Refused when the line breaks nothing that asks for it, or is assessed already.
    """
    line = take(ComplaintLine, complaint_line_id)
    trigger = _trigger_of(line)
    if trigger is None:
        raise Refused(NOTHING_SUSPECTED, position=line.position)
    if Recall.select().where(Recall.complaint_line == line).exists():
        ONE_RECALL_A_LINE.refuse()
    made = Recall.create(case=line.case_id, complaint_line=line, trigger_kind=trigger, state=RecallState.SUSPECTED)
    number = take(Recall, made.id).number
    words = f"{line.complaint.number} {line.product.code} {line.lot_number}"
    search.keep(search.Kind.RECALL, made.id, case_id=line.case_id, title=number, text=words)
    return Proposed(made.id, number, line.case_id)


@action(Permission.RECALL_ASSESS)
def assess(
    session: Session,
    *,
    recall_id: int,
    question: str,
    product: str | None = None,
    lot: str | None = None,
    material_lot: str | None = None,
    supplier_lot: str | None = None,
    supplier: str | None = None,
    lot_id: int | None = None,
) -> Traced:
    """Trace a lot and freeze what was found: customers, shipments, pieces, and what stays open.

    All shipments to others are in scope at first; the complainant sends his back anyway. Raises LotIsAmbiguous,
    NotFound, InvalidInput from the trace.
    """
    recall = taken(recall_id, RecallState.ASSESSED)
    line = take(ComplaintLine, recall.complaint_line_id)
    complainant = take(Customer, take(Complaint, line.complaint_id).customer_id)
    asked = tracing.starts(
        product=product, lot=lot, material_lot=material_lot, supplier_lot=supplier_lot, supplier=supplier, lot_id=lot_id
    )
    found = tracing.trace(asked, (complainant.code,))
    _freeze_lots(recall, found)
    _freeze_lines(recall, found, complainant)
    for point in found.open_points:
        RecallOpenPoint.create(
            case=recall.case_id, recall=recall, subject=point.subject, why=point.why, pieces=point.pieces
        )
    change(recall, question=question, known_until=found.known_until, state=RecallState.ASSESSED)
    return Traced(found.pieces_in_scope, found.customers_in_scope)


def _freeze_lots(recall: Recall, found: tracing.Trace) -> None:
    starts = {lot.id for lot in found.starts}
    known = {row.lot_id for row in RecallLot.select().where(RecallLot.recall == recall)}
    for lot_id in sorted(starts - {traced.lot.id for traced in found.lots} - known):
        RecallLot.create(case=recall.case_id, recall=recall, lot=lot_id, is_asked=True)
    for traced in found.lots:
        if traced.lot.id in known or (traced.lot.kind is not LotKind.FINISHED and traced.lot.id not in starts):
            continue
        RecallLot.create(
            case=recall.case_id,
            recall=recall,
            lot=traced.lot.id,
            is_asked=traced.lot.id in starts,
            pieces_in_stock=traced.pieces_in_stock + traced.pieces_in_progress,
        )


def _freeze_lines(recall: Recall, found: tracing.Trace, complainant: Customer) -> None:
    known = {row.shipment_line_id for row in RecallLine.select().where(RecallLine.recall == recall)}
    chains = {line.id: line.found_by for line in found.lines if line.id not in known}
    for shipment_id in sorted(chains):
        shipment = take(ShipmentLine, shipment_id)
        is_complainant = shipment.customer_id == complainant.id
        RecallLine.create(
            case=recall.case_id,
            recall=recall,
            shipment_line=shipment,
            customer=shipment.customer_id,
            lot=shipment.lot_id,
            pieces=shipment.pieces_shipped,
            is_complainant=is_complainant,
            is_in_scope=not is_complainant,
            scope_reason=COMPLAINANT if is_complainant else "",
            found_by=chains[shipment_id],
        )


@action(Permission.RECALL_ASSESS)
def widen(session: Session, *, recall_id: int) -> None:
    """Open the assessment again, to trace a further lot."""
    recall = lock(Recall, recall_id)
    if recall.state is not RecallState.ASSESSED:
        RECALL_MOVES.refuse(number=recall.number, start=recall.state, end=RecallState.SUSPECTED)
    change(recall, state=RecallState.SUSPECTED)


@action(Permission.RECALL_ASSESS)
def narrow(session: Session, *, recall_id: int, line_ids: tuple[int, ...], reason: str, scope: str = "") -> None:
    """Take shipments out of the scope with the reason why; `scope` says in a sentence what remains.

    Only while it is assessed: what was reported is taken back first. What the seats said before is void then.
    """
    if not reason.strip():
        NARROWED_WITH_A_REASON.refuse()
    recall = assessed(recall_id)
    for line in _lines_of(recall, line_ids):
        if not line.is_complainant:
            change(line, is_in_scope=False, scope_reason=reason)
    if scope:
        change(recall, scope=scope)


@action(Permission.RECALL_ASSESS)
def include(session: Session, *, recall_id: int, line_ids: tuple[int, ...]) -> None:
    """Put shipments back into the scope."""
    for line in _lines_of(assessed(recall_id), line_ids):
        if not line.is_complainant:
            change(line, is_in_scope=True, scope_reason="")


def _lines_of(recall: Recall, line_ids: tuple[int, ...]) -> list[RecallLine]:
    found = list(
        RecallLine.select().where((RecallLine.recall == recall) & RecallLine.id.in_(line_ids)).order_by(RecallLine.id)
    )
    if len(found) != len(set(line_ids)):
        raise InvalidInput(LINE_OF_ANOTHER, field="lines")
    return found


@action(Permission.RECALL_ASSESS)
def state_built(session: Session, *, recall_id: int, lot_id: int, pieces: int) -> None:
    """Say how many pieces of a traced lot were built, so that its balance shows what nobody can place."""
    recall = assessed(recall_id)
    row = RecallLot.get_or_none((RecallLot.recall == recall) & (RecallLot.lot == lot_id))
    if row is None or pieces < 0:
        raise InvalidInput(LINE_OF_ANOTHER, field="lot" if row is None else "pieces")
    change(row, pieces_built=pieces)


@action(Permission.RECALL_ASSESS)
def note_open_point(
    session: Session, *, recall_id: int, subject: str, why: str, pieces: int | None = None, owner: str = ""
) -> None:
    """Note something that the trace cannot rule out, and who looks after it."""
    recall = assessed(recall_id)
    RecallOpenPoint.create(case=recall.case_id, recall=recall, subject=subject, why=why, pieces=pieces, owner=owner)
