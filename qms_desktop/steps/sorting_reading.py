"""What the pages of sorting show: the list of rounds, and one round with its heaps, judgements and entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import JOIN

from qms_desktop.action import reading
from qms_desktop.db.master_data import Customer, DefectCode, Person, Product, Supplier
from qms_desktop.db.receipt import ReceiptCount, ReceiptLine
from qms_desktop.db.record import take
from qms_desktop.db.rma import RefusalReason, Rma, RmaLine
from qms_desktop.db.sorting import (
    HEAPS,
    REFUSED,
    USED,
    DispositionKind,
    Judgement,
    Responsibility,
    ResponsibilityShare,
    RoundOrigin,
    RoundState,
    SortingRound,
)
from qms_desktop.db.sorting_disposition import Disposition
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_calendar
from qms_desktop.rules.deadline import Start, due_after, starting_rules
from qms_desktop.rules.signature import Signed, content_hash, signatures_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from peewee import ModelSelect

    from qms_desktop.session import Session


@dataclass(frozen=True)
class RoundRow:
    """A round in a list; pieces in the product's unit. `due_at` is the judgement's limit while it is waited for."""

    id: int
    case_id: int
    rma_id: int
    rma_number: str
    rma_line_id: int | None
    position: int | None
    receipt_line_id: int | None
    customer_name: str
    customer_short_name: str
    product_code: str
    product_name: str
    unit: str
    lot_number: str
    number: int
    origin: RoundOrigin
    pieces: int
    pieces_undecided: int
    state: RoundState
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class Heap:
    """A heap of a round: its pieces, those in an order or inspected, and those still free."""

    kind: DispositionKind
    pieces: int
    pieces_used: int

    @property
    def pieces_free(self) -> int:
        """Give what is in no order and not inspected."""
        return self.pieces - self.pieces_used


@dataclass(frozen=True)
class Refused:
    """Pieces that are refused for a reason (003-A §5.6)."""

    reason: RefusalReason
    pieces: int


@dataclass(frozen=True)
class ShareShown:
    """A share of the responsibility in percent, with the supplier where one is meant."""

    code: Responsibility
    percent: int
    supplier_code: str
    supplier_name: str


@dataclass(frozen=True)
class JudgementShown:
    """A judgement of the goods; the last one counts."""

    id: int
    defect_code: str
    defect_name: str
    breaks_characteristic: str
    is_safety: bool
    is_critical: bool
    method: str
    limit_sample: str
    text: str
    who: str
    at: datetime
    shares: tuple[ShareShown, ...]


@dataclass(frozen=True)
class DispositionShown:
    """An entry: pieces on a heap, or taken back from it (below zero)."""

    id: int
    kind: DispositionKind
    pieces: int
    refusal_reason: RefusalReason | None
    defect_code: str
    supplier_name: str
    certificate_no: str
    valid_until: date | None
    place: str
    remark: str
    badge: str
    who: str
    at: datetime


@dataclass(frozen=True)
class RoundShown:
    """A round whole: its heaps, what is refused, judgements, entries and signatures."""

    row: RoundRow
    version: int
    lots: tuple[str, ...]
    heaps: tuple[Heap, ...]
    refused: tuple[Refused, ...]
    judgements: tuple[JudgementShown, ...]
    dispositions: tuple[DispositionShown, ...]
    signatures: tuple[Signed, ...]
    content_hash: str

    def pieces_of(self, kind: DispositionKind) -> int:
        """Give the pieces on one heap."""
        return next((heap.pieces for heap in self.heaps if heap.kind is kind), 0)


def receipt_rounds(receipt_id: int) -> Sequence[SortingRound]:
    """Give the rounds that the signature of a receipt started, in the order of its lines."""
    return tuple(
        SortingRound.select()
        .join(ReceiptLine)
        .where((ReceiptLine.receipt == receipt_id) & (SortingRound.origin == RoundOrigin.RECEIPT))
        .order_by(SortingRound.receipt_line)
    )


@reading(Permission.READ)
def listed(
    session: Session,
    *,
    rma_id: int | None = None,
    states: tuple[RoundState, ...] = (),
    before_id: int | None = None,
    count: int = 100,
) -> tuple[RoundRow, ...]:
    """Give rounds, newest first, a page at a time: those before an id, of one RMA, or in some states."""
    query = _rows().order_by(SortingRound.id.desc()).limit(count)
    if rma_id is not None:
        query = query.where(SortingRound.rma == rma_id)
    if states:
        query = query.where(SortingRound.state.in_([str(state) for state in states]))
    if before_id is not None:
        query = query.where(SortingRound.id < before_id)
    return tuple(_row(goods) for goods in query)


def _rows() -> ModelSelect[SortingRound]:
    return (
        SortingRound.select(SortingRound, Rma, Customer, RmaLine, Product)
        .join(Rma)
        .join(Customer)
        .switch(SortingRound)
        .join(RmaLine, JOIN.LEFT_OUTER)
        .switch(SortingRound)
        .join(Product, JOIN.LEFT_OUTER)
    )


def _row(goods: SortingRound) -> RoundRow:
    customer, line, product = goods.rma.customer, goods.rma_line, goods.product
    is_waiting = goods.state is RoundState.WAITING
    return RoundRow(
        id=goods.id,
        case_id=goods.case_id,
        rma_id=goods.rma_id,
        rma_number=goods.rma.number,
        rma_line_id=goods.rma_line_id,
        position=line.position if line else None,
        receipt_line_id=goods.receipt_line_id,
        customer_name=customer.name,
        customer_short_name=customer.short_name or customer.name,
        product_code=product.code if product else "",
        product_name=product.name if product else "",
        unit=product.unit if product else "",
        lot_number=line.lot_number if line else "",
        number=goods.number,
        origin=goods.origin,
        pieces=goods.pieces,
        pieces_undecided=goods.pieces_undecided,
        state=goods.state,
        since=goods.created_at,
        due_at=judgement_due(goods) if is_waiting else None,
    )


def judgement_due(goods: SortingRound) -> datetime:
    """Give by when the goods are to be judged: a working day after they reached quality (T12)."""
    (due,) = due_after(Start.REPORT_TO_QUALITY, goods.created_at, rules=starting_rules(), calendar=plant_calendar())
    return due.due_at


@reading(Permission.READ)
def show(session: Session, *, round_id: int) -> RoundShown:
    """Give one round whole; raises NotFound."""
    take(SortingRound, round_id)
    goods = _rows().where(SortingRound.id == round_id).get()
    return RoundShown(
        row=_row(goods),
        version=goods.version,
        lots=lots_of(goods.receipt_line_id),
        heaps=heaps_of(goods),
        refused=tuple(
            Refused(reason, getattr(goods, column)) for reason, column in REFUSED.items() if getattr(goods, column)
        ),
        judgements=_judgements(goods),
        dispositions=_dispositions(goods),
        signatures=signatures_of("sorting_round", goods.id),
        content_hash=content_hash("sorting_round", goods.id),
    )


def lots_of(receipt_line_id: int | None) -> tuple[str, ...]:
    """Give the lots that were read from the cartons of a received line, each once."""
    if receipt_line_id is None:
        return ()
    counts = ReceiptCount.select(ReceiptCount.lot_number).where(
        (ReceiptCount.receipt_line == receipt_line_id) & (ReceiptCount.lot_number != "")
    )
    return tuple(sorted({count.lot_number for count in counts}))


def heaps_of(goods: SortingRound) -> tuple[Heap, ...]:
    """Give the heaps of a round that hold pieces."""
    return tuple(
        Heap(kind, getattr(goods, column), getattr(goods, USED[kind]) if kind in USED else 0)
        for kind, column in HEAPS.items()
        if getattr(goods, column)
    )


def _judgements(goods: SortingRound) -> tuple[JudgementShown, ...]:
    rows = (
        Judgement.select(Judgement, DefectCode, Person.name.alias("person_name"))
        .join(DefectCode, JOIN.LEFT_OUTER)
        .join(Person, on=(Person.login == Judgement.created_by))
        .where(Judgement.round == goods)
        .order_by(Judgement.id)
    )
    return tuple(_judgement(row) for row in rows)


def _judgement(row: Judgement) -> JudgementShown:
    shares = (
        ResponsibilityShare.select(ResponsibilityShare, Supplier)
        .join(Supplier, JOIN.LEFT_OUTER)
        .where(ResponsibilityShare.judgement == row)
        .order_by(ResponsibilityShare.percent.desc(), ResponsibilityShare.id)
    )
    defect = row.defect_code
    return JudgementShown(
        id=row.id,
        defect_code=defect.code if defect else "",
        defect_name=defect.name if defect else "",
        breaks_characteristic=defect.breaks_characteristic if defect else "",
        is_safety=bool(defect and defect.is_safety),
        is_critical=bool(defect and defect.is_critical),
        method=row.method,
        limit_sample=row.limit_sample,
        text=row.text,
        who=_name_of(row.created_by),
        at=row.created_at,
        shares=tuple(
            ShareShown(
                share.code,
                share.percent,
                share.supplier.code if share.supplier else "",
                share.supplier.name if share.supplier else "",
            )
            for share in shares
        ),
    )


def _dispositions(goods: SortingRound) -> tuple[DispositionShown, ...]:
    rows = (
        Disposition.select(Disposition, DefectCode, Supplier)
        .join(DefectCode, JOIN.LEFT_OUTER)
        .switch(Disposition)
        .join(Supplier, JOIN.LEFT_OUTER)
        .where(Disposition.round == goods)
        .order_by(Disposition.id)
    )
    return tuple(
        DispositionShown(
            id=row.id,
            kind=row.kind,
            pieces=row.pieces,
            refusal_reason=row.refusal_reason,
            defect_code=row.defect_code.code if row.defect_code else "",
            supplier_name=row.supplier.name if row.supplier else "",
            certificate_no=row.certificate_no,
            valid_until=row.valid_until,
            place=row.place,
            remark=row.remark,
            badge=row.badge,
            who=_name_of(row.created_by),
            at=row.created_at,
        )
        for row in rows
    )


def _name_of(login: str) -> str:
    return str(Person.get(Person.login == login).name)
