"""What pages and papers read of recalls: lists, one recall whole, and the frozen what-if."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import reading
from qms_desktop.db.complaint import Complaint, ComplaintLine
from qms_desktop.db.master_data import Customer, Lot, LotKind, Person, Product, ShipmentLine, Site
from qms_desktop.db.recall import (
    ProgressKind,
    Recall,
    RecallDecision,
    RecallHearing,
    RecallLine,
    RecallLot,
    RecallOpenPoint,
    RecallProgress,
    RecallState,
    RecallTrigger,
    Seat,
)
from qms_desktop.db.record import now, take
from qms_desktop.i18n import _
from qms_desktop.permissions import Permission
from qms_desktop.rules.signature import Signed, content_hash, signatures_of
from qms_desktop.steps.recall_scope import AffectedCustomer, LotBalance, OpenPoint, RecallScope, ShippedLine

if TYPE_CHECKING:
    from datetime import date, datetime

    from qms_desktop.session import Session

FORM_NUMBER = "QMS-003-A-R"


@dataclass(frozen=True)
class RecallLineShown:
    """A shipment of the scope: whose, which, how many pieces, in or out and why, and what was heard of it."""

    id: int
    customer_number: str
    customer: str
    shipment: str
    shipped_on: date
    product: str
    lot: str
    pieces: int
    is_complainant: bool
    is_in_scope: bool
    scope_reason: str
    pieces_settled: int
    informed_at: datetime | None


@dataclass(frozen=True)
class RecallLotShown:
    """A lot of the what-if: whether it was asked for, and its pieces where they are known."""

    lot_id: int
    product: str
    lot: str
    is_asked: bool
    pieces_built: int | None
    pieces_in_stock: int


@dataclass(frozen=True)
class HearingShown:
    """What a seat said; `is_valid` while the scope is still the one that it was said to."""

    seat: Seat
    opinion: str
    who: str
    at: datetime
    is_valid: bool


@dataclass(frozen=True)
class RecallRow:
    """A recall in a list; pieces at other customers, found and called back."""

    id: int
    case_id: int
    number: str
    complaint_number: str
    product_code: str
    lot_number: str
    state: RecallState
    pieces_found: int
    pieces_in_scope: int
    pieces_settled: int
    raised_at: datetime


@dataclass(frozen=True)
class RecallShown:
    """A recall whole: scope, hearings, decision, signatures, progress."""

    row: RecallRow
    version: int
    trigger: RecallTrigger
    question: str
    scope: str
    lots: tuple[RecallLotShown, ...]
    lines: tuple[RecallLineShown, ...]
    hearings: tuple[HearingShown, ...]
    still_to_hear: tuple[Seat, ...]
    decision_reason: str
    signatures: tuple[Signed, ...]
    content_hash: str


@reading(Permission.READ)
def listed(
    session: Session, *, before_id: int | None = None, count: int = 100, only_open: bool = False
) -> tuple[RecallRow, ...]:
    """Give recalls, newest first, a page at a time: those before an id, or only those that are not at their end."""
    query = Recall.select().order_by(Recall.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(Recall.id < before_id)
    if only_open:
        query = query.where(Recall.state.not_in([RecallState.DECLINED, RecallState.COMPLETE]))
    return tuple(_row(recall) for recall in query)


def _row(recall: Recall) -> RecallRow:
    line = take(ComplaintLine, recall.complaint_line_id)
    scope = RecallLine.select(
        fn.COALESCE(fn.SUM(RecallLine.pieces), 0), fn.COALESCE(fn.SUM(RecallLine.pieces_settled), 0)
    ).where((RecallLine.recall == recall) & RecallLine.is_in_scope)
    pieces, settled = scope.scalar(as_tuple=True)
    return RecallRow(
        id=recall.id,
        case_id=recall.case_id,
        number=recall.number,
        complaint_number=take(Complaint, line.complaint_id).number,
        product_code=take(Product, line.product_id).code,
        lot_number=line.lot_number,
        state=recall.state,
        pieces_found=recall.pieces_found,
        pieces_in_scope=int(pieces),
        pieces_settled=int(settled),
        raised_at=recall.created_at,
    )


@reading(Permission.READ)
def show(session: Session, *, recall_id: int) -> RecallShown:
    """Give one recall whole; raises NotFound."""
    recall = take(Recall, recall_id)
    covered = content_hash("recall", recall.id)
    decision = RecallDecision.get_or_none(RecallDecision.recall == recall)
    hearings = RecallHearing.select().where(RecallHearing.recall == recall).order_by(RecallHearing.id)
    return RecallShown(
        row=_row(recall),
        version=recall.version,
        trigger=recall.trigger_kind,
        question=recall.question,
        scope=recall.scope,
        lots=tuple(
            RecallLotShown(
                row.lot_id, row.lot.article, row.lot.number, row.is_asked, row.pieces_built, row.pieces_in_stock
            )
            for row in RecallLot.select(RecallLot, Lot)
            .join(Lot)
            .where(RecallLot.recall == recall)
            .order_by(RecallLot.id)
        ),
        lines=lines_of(recall),
        hearings=tuple(
            HearingShown(row.seat, row.opinion, row.created_by, row.created_at, row.content_hash == covered)
            for row in hearings
        ),
        still_to_hear=still_to_hear(recall),
        decision_reason=decision.reason if decision else "",
        signatures=signatures_of("recall", recall.id),
        content_hash=covered,
    )


def lines_of(recall: Recall) -> tuple[RecallLineShown, ...]:
    """Give the shipments of a scope, in the order in which they were found."""
    informed = {
        row.recall_line_id: row.created_at
        for row in RecallProgress.select()
        .join(RecallLine)
        .where((RecallLine.recall == recall) & (RecallProgress.kind == ProgressKind.INFORMED))
    }
    rows = (
        RecallLine.select(RecallLine, ShipmentLine, Customer, Lot)
        .join(ShipmentLine)
        .switch(RecallLine)
        .join(Customer)
        .switch(RecallLine)
        .join(Lot)
        .where(RecallLine.recall == recall)
        .order_by(RecallLine.id)
    )
    return tuple(
        RecallLineShown(
            id=row.id,
            customer_number=row.customer.code,
            customer=row.customer.name,
            shipment=row.shipment_line.number,
            shipped_on=row.shipment_line.shipped_on,
            product=row.lot.article,
            lot=row.lot.number,
            pieces=row.pieces,
            is_complainant=row.is_complainant,
            is_in_scope=row.is_in_scope,
            scope_reason=row.scope_reason,
            pieces_settled=row.pieces_settled,
            informed_at=informed.get(row.id),
        )
        for row in rows
    )


@reading(Permission.READ)
def scope(session: Session, *, recall_id: int) -> RecallScope:
    """Give the frozen what-if as the recall list prints it; raises NotFound."""
    recall = take(Recall, recall_id)
    site = Site.select().order_by(Site.id).get()
    lines = lines_of(recall)
    return RecallScope(
        company=site.name,
        form_number=FORM_NUMBER,
        assessment_number=recall.number,
        question=recall.question,
        scope=recall.scope,
        lots=_balances(recall, lines),
        customers=_affected(lines),
        lines=_printed_lines(recall),
        open_points=_open_points(recall),
        asked_by=Person.get(Person.login == recall.created_by).name,
        known_until=recall.known_until or recall.created_at,
        printed_at=now(),
        zone=site.time_zone,
    )


def _printed_lines(recall: Recall) -> tuple[ShippedLine, ...]:
    rows = (
        RecallLine.select(RecallLine, ShipmentLine, Product, Customer, Lot)
        .join(ShipmentLine)
        .join(Product)
        .switch(RecallLine)
        .join(Customer)
        .switch(RecallLine)
        .join(Lot)
        .where(RecallLine.recall == recall)
        .order_by(ShipmentLine.shipped_on, RecallLine.id)
    )
    return tuple(
        ShippedLine(
            shipment=row.shipment_line.number,
            shipped_on=row.shipment_line.shipped_on,
            order=row.shipment_line.order_no,
            customer_number=row.customer.code,
            customer=row.customer.name,
            product=row.shipment_line.product.code,
            model=row.shipment_line.product.model,
            lot=row.lot.number,
            pieces=row.pieces,
            in_scope=row.is_in_scope,
            found_by=row.found_by,
        )
        for row in rows
    )


def _balances(recall: Recall, lines: tuple[RecallLineShown, ...]) -> tuple[LotBalance, ...]:
    """Give the balance of each finished lot whose built pieces somebody stated; the others are open points."""
    return tuple(
        LotBalance(
            product=row.lot.article,
            lot=row.lot.number,
            pieces_built=row.pieces_built,
            pieces_shipped=_pieces_of(row.lot, lines),
            pieces_in_stock=row.pieces_in_stock,
        )
        for row in _finished_lots(recall)
        if row.pieces_built is not None
    )


def _pieces_of(lot: Lot, lines: tuple[RecallLineShown, ...]) -> int:
    return sum(line.pieces for line in lines if (line.product, line.lot) == (lot.article, lot.number))


def _finished_lots(recall: Recall) -> list[RecallLot]:
    rows = (
        RecallLot.select(RecallLot, Lot).join(Lot).where((RecallLot.recall == recall) & (Lot.kind == LotKind.FINISHED))
    )
    return list(rows.order_by(Lot.article, Lot.number))


def _open_points(recall: Recall) -> tuple[OpenPoint, ...]:
    noted = RecallOpenPoint.select().where(RecallOpenPoint.recall == recall).order_by(RecallOpenPoint.id)
    unknown = tuple(
        OpenPoint(f"{row.lot.article} {row.lot.number}", _("How many pieces were built is not stated."))
        for row in _finished_lots(recall)
        if row.pieces_built is None
    )
    return (*(OpenPoint(row.subject, row.why, row.pieces, row.owner) for row in noted), *unknown)


def _affected(lines: tuple[RecallLineShown, ...]) -> tuple[AffectedCustomer, ...]:
    by_customer: dict[str, list[RecallLineShown]] = {}
    for line in lines:
        by_customer.setdefault(line.customer_number, []).append(line)
    known = {row.code: row for row in Customer.select().where(Customer.code.in_(list(by_customer) or [""]))}
    made = [
        AffectedCustomer(
            number=code,
            name=own[0].customer,
            country=known[code].country,
            pieces=sum(line.pieces for line in own),
            pieces_in_scope=sum(line.pieces for line in own if line.is_in_scope),
            shipments=len({line.shipment for line in own}),
            first_shipped=min(line.shipped_on for line in own),
            last_shipped=max(line.shipped_on for line in own),
            contact=known[code].contact,
            complainant=own[0].is_complainant,
        )
        for code, own in by_customer.items()
    ]
    return tuple(sorted(made, key=lambda customer: (-customer.pieces, customer.number)))


def still_to_hear(recall: Recall) -> tuple[Seat, ...]:
    """Give the seats that have not spoken to the scope as it stands."""
    covered = content_hash("recall", recall.id)
    heard = {
        row.seat
        for row in RecallHearing.select().where(
            (RecallHearing.recall == recall) & (RecallHearing.content_hash == covered)
        )
    }
    return tuple(seat for seat in Seat if seat not in heard)
