"""Receipt: what arrives is counted blind, labelled carton by carton, agreed and signed (003-A §6.6; domain.md §16).

A count is an event without limit. When it is closed, what differs from the announced pieces goes to sales, who agrees
it with the customer; then the return leader signs, the pieces are taken in and the labels are valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peewee import JOIN

from qms_desktop.action import action
from qms_desktop.db.case import CaseFile
from qms_desktop.db.master_data import Lot, LotKind, Person, Product
from qms_desktop.db.question import Question, asked
from qms_desktop.db.receipt import (
    AGREEMENT_IS_WITHIN_THE_COUNT,
    CARTON_COUNTED_ONCE,
    COUNT_MOVES_RECEIPT,
    NO_OPEN_DIFFERENCE_AT_SIGNATURE,
    RECEIPT_MOVES,
    RECEIPT_NEEDS_APPROVAL,
    TRANSITIONS,
    WAITS_FOR_ITS_RMA,
    ArrivalKind,
    DifferenceKind,
    Label,
    LabelState,
    Receipt,
    ReceiptAgreement,
    ReceiptCount,
    ReceiptDifference,
    ReceiptLine,
    ReceiptState,
)
from qms_desktop.db.record import UNKNOWN_RECORD, change, lock, now, take
from qms_desktop.db.rma import GoodsState, Rma, RmaLine
from qms_desktop.errors import InvalidInput, NotFound, Refused
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.clock import meet, open_deadlines
from qms_desktop.rules.deadline import Event
from qms_desktop.rules.signature import Meaning, sign
from qms_desktop.steps.receipt_label import LabelCode
from qms_desktop.steps.receipt_limits import count_limits
from qms_desktop.steps.receipt_reading import (
    CountShown,
    DifferenceShown,
    LabelFound,
    ReceiptLineShown,
    ReceiptRow,
    ReceiptShown,
    listed,
    number_of,
    preview_label,
    read_label,
    show,
    still_to_come,
)
from qms_desktop.steps.receipt_without_rma import WHAT_IS_IT, Quarantined, arrive_without_rma, name_rma

if TYPE_CHECKING:
    from qms_desktop.session import Session

__all__ = [
    "Agreed",
    "ArrivalKind",
    "Arrived",
    "CountShown",
    "Counted",
    "DifferenceKind",
    "DifferenceShown",
    "LabelFound",
    "LabelState",
    "Quarantined",
    "ReceiptLineShown",
    "ReceiptRow",
    "ReceiptShown",
    "ReceiptState",
    "accept_count",
    "add_other_goods",
    "agree",
    "arrive",
    "arrive_without_rma",
    "close_count",
    "listed",
    "name_rma",
    "preview_label",
    "print_label",
    "read_label",
    "receive",
    "recount",
    "reopen_count",
    "show",
]

NO_PIECES = N_("A carton holds at least one piece. Type the number of pieces.")
OTHER_RECEIPT = N_("This line does not belong to the receipt. Scan the RMA again.")
NOTHING_COUNTED = N_("Nothing was counted yet. Count the cartons first, or say that nothing of the RMA came.")
ALREADY_RECEIVED = N_("Everything of {number} was received already.")
WITH_WHOM = N_("Write with whom at the customer the difference was agreed.")


@dataclass(frozen=True)
class Arrived:
    """Goods that are at the dock now."""

    receipt_id: int
    rma_id: int
    number: str


@dataclass(frozen=True)
class Counted:
    """A carton that was counted, and the label that it gets."""

    count_id: int
    label_id: int
    serial: int
    payload: str
    carton: str


@dataclass(frozen=True)
class Agreed:
    """What was agreed about one line of a receipt, in pieces."""

    receipt_line_id: int
    pieces: int


@action(Permission.RECEIPT_RECEIVE)
def arrive(session: Session, *, rma_id: int, arrival_kind: ArrivalKind, place: str = "") -> Arrived:
    """Note that goods of an RMA are here; on site counted at once, by post within three working days (T10, T11).

    Raises Refused for an RMA that is not approved, or of which everything was received already.
    """
    rma = lock(Rma, rma_id)
    if rma.goods_state not in (GoodsState.AWAITING_GOODS, GoodsState.RECEIVED):
        RECEIPT_NEEDS_APPROVAL.refuse()
    open_lines = RmaLine.select().where((RmaLine.rma == rma) & (RmaLine.pieces_received < RmaLine.pieces_agreed))
    lines = list(open_lines.order_by(RmaLine.position))
    if not lines:
        raise Refused(ALREADY_RECEIVED, number=rma.number)
    moment = now()
    receipt = Receipt.create(
        case=rma.case_id, rma=rma, arrival_kind=arrival_kind, arrived_at=moment, place=place, state=ReceiptState.ARRIVED
    )
    for line in lines:
        ReceiptLine.create(case=rma.case_id, receipt=receipt, rma_line=line, product=line.product_id)
    open_deadlines(
        case_id=rma.case_id, kind="receipt", record_id=receipt.id, moments=count_limits(arrival_kind, moment)
    )
    return Arrived(receipt.id, rma.id, rma.number)


@action(Permission.RECEIPT_RECEIVE)
def receive(
    session: Session,
    *,
    receipt_line_id: int,
    pieces: int,
    lot: str = "",
    carton: str = "",
    is_damaged: bool = False,
    remark: str = "",
    badge: str = "",
) -> Counted:
    """Count one carton and make its provisional label; the lot is read from the carton itself, empty when unreadable.

    `carton` is the carton's own code or number; without one, the next free number is taken. Raises InvalidInput for no
    pieces, Refused when the carton is counted already (with when and by whom) or the count is closed.
    """
    if pieces <= 0:
        raise InvalidInput(NO_PIECES, field="pieces")
    line = _line(receipt_line_id, lot)
    receipt = lock(Receipt, line.receipt_id)
    if receipt.rma_id != line.rma_id:
        line = _line(receipt_line_id, lot)  # sales has named the RMA meanwhile
    if receipt.state is not ReceiptState.ARRIVED:
        COUNT_MOVES_RECEIPT.refuse()
    number = carton.strip() or _next_carton(receipt.id)
    _refuse_counted(receipt.id, number)
    return _book_count(
        session, receipt, line, carton=number, pieces=pieces, lot=lot, is_damaged=is_damaged, remark=remark, badge=badge
    )


def _next_carton(receipt_id: int) -> str:
    taken = ReceiptCount.select().where((ReceiptCount.receipt == receipt_id) & ReceiptCount.replaces.is_null()).count()
    while (
        ReceiptCount.select()
        .where((ReceiptCount.receipt == receipt_id) & (ReceiptCount.carton == str(taken + 1)))
        .exists()
    ):
        taken += 1
    return str(taken + 1)


# Cartons are counted more often than anything else is done, so these questions are written once.
_COUNTED_EARLIER = Question(
    lambda: (
        ReceiptCount.select(ReceiptCount.created_at, Person.name.alias("person_name"))
        .join(Person, on=(Person.login == ReceiptCount.created_by))
        .where(
            (ReceiptCount.receipt == asked("receipt"))
            & (ReceiptCount.carton == asked("carton"))
            & ReceiptCount.replaces.is_null()
        )
    )
)
_LINE = Question(
    lambda: (
        ReceiptLine.select(
            ReceiptLine.id,
            ReceiptLine.receipt.alias("receipt_id"),
            ReceiptLine.rma_line.alias("rma_line_id"),
            Receipt.rma.alias("rma_id"),
            Rma.number.alias("rma_number"),
            CaseFile.number.alias("case_number"),
            RmaLine.position.alias("position"),
            Lot.id.alias("lot_id"),
        )
        .join(Receipt, on=(Receipt.id == ReceiptLine.receipt))
        .join(CaseFile, on=(CaseFile.id == Receipt.case))
        .join(Rma, JOIN.LEFT_OUTER, on=(Rma.id == Receipt.rma))
        .join(RmaLine, JOIN.LEFT_OUTER, on=(RmaLine.id == ReceiptLine.rma_line))
        .join(
            Lot,
            JOIN.LEFT_OUTER,
            on=(Lot.kind == LotKind.FINISHED) & (Lot.product == ReceiptLine.product) & (Lot.number == asked("lot")),
        )
        .where(ReceiptLine.id == asked("line"))
    )
)


def _line(receipt_line_id: int, lot: str) -> Any:  # noqa: ANN401 - a row of the question above
    found = _LINE.first(line=receipt_line_id, lot=lot)
    if found is None:
        raise NotFound(UNKNOWN_RECORD)
    return found


def _refuse_counted(receipt_id: int, carton: str) -> None:
    earlier = _COUNTED_EARLIER.first(receipt=receipt_id, carton=carton)
    if earlier is not None:
        local = earlier.created_at.astimezone(plant_zone())
        CARTON_COUNTED_ONCE.refuse(carton=carton, time=f"{local:%H:%M}", who=earlier.person_name)


def _book_count(
    session: Session,
    receipt: Receipt,
    line: Any,  # noqa: ANN401 - what `_line` gives
    *,
    carton: str,
    pieces: int,
    lot: str,
    is_damaged: bool,
    remark: str,
    badge: str,
    replaces: int | None = None,
) -> Counted:
    count = ReceiptCount.create(
        case=receipt.case_id,
        receipt=receipt,
        receipt_line=line.id,
        carton=carton,
        lot_number=lot,
        lot=line.lot_id,
        pieces=pieces,
        is_damaged=is_damaged,
        remark=remark,
        station=session.station,
        badge=badge,
        replaces=replaces,
    )
    label = Label.create(
        case=receipt.case_id,
        receipt_count=count,
        rma_line=line.rma_line_id,
        pieces=pieces,
        state=LabelState.PROVISIONAL,
    )
    code = LabelCode(rma_number=line.rma_number or line.case_number, rma_line=line.position or 0, serial=label.serial)
    return Counted(count.id, label.id, label.serial, code.payload, carton)


@action(Permission.RECEIPT_RECEIVE)
def add_other_goods(session: Session, *, receipt_id: int, product: str = "", description: str = "") -> int:
    """Open a line for goods that nobody announced: another product of ours, or something that is not ours.

    Gives the id of the receipt line to count into. Raises InvalidInput when nothing says what the goods are.
    """
    if not product and not description.strip():
        raise InvalidInput(WHAT_IS_IT, field="product")
    receipt = lock(Receipt, receipt_id)
    known = Product.get_or_none(Product.code == product) if product else None
    if product and known is None:
        raise InvalidInput(N_("There is no product {code}. Choose one from the list."), field="product", code=product)
    line = ReceiptLine.create(case=receipt.case_id, receipt=receipt, product=known, description=description)
    ReceiptDifference.create(
        case=receipt.case_id,
        receipt_line=line,
        kind=DifferenceKind.OTHER_PRODUCT if known else DifferenceKind.NOT_OURS,
        pieces=0,
        text=description,
    )
    return int(line.id)


@action(Permission.RECEIPT_RECEIVE)
def recount(session: Session, *, count_id: int, pieces: int, reason: str, lot: str | None = None) -> Counted:
    """Correct the count of a carton by a counter-entry; the first count stays on record and its label is void.

    Raises InvalidInput without a reason, Refused when the count is closed or was corrected already.
    """
    if not reason.strip():
        raise InvalidInput(N_("Write why the carton is counted again."), field="reason")
    if pieces <= 0:
        raise InvalidInput(NO_PIECES, field="pieces")
    first = take(ReceiptCount, count_id)
    receipt = lock(Receipt, first.receipt_id)
    if receipt.state is not ReceiptState.ARRIVED:
        COUNT_MOVES_RECEIPT.refuse()
    lot_read = first.lot_number if lot is None else lot
    return _book_count(
        session,
        receipt,
        _line(first.receipt_line_id, lot_read),
        carton=first.carton,
        pieces=pieces,
        lot=lot_read,
        is_damaged=first.is_damaged,
        remark=reason,
        badge=first.badge,
        replaces=first.id,
    )


@action(Permission.RECEIPT_RECEIVE)
def close_count(session: Session, *, receipt_id: int, nothing_more_comes: bool = False) -> ReceiptState:
    """Close the blind count: it is clean, or its differences go to sales (003-A §6.6.2). Gives the new state.

    Raises Refused when nothing was counted, unless it is said that nothing of the RMA came.
    """
    receipt = lock(Receipt, receipt_id)
    if receipt.state is not ReceiptState.ARRIVED:
        _refuse_step(receipt, ReceiptState.COUNTED)
    if receipt.pieces_counted == 0 and not nothing_more_comes:
        raise Refused(NOTHING_COUNTED)
    lines = list(ReceiptLine.select().where(ReceiptLine.receipt == receipt).order_by(ReceiptLine.id))
    differing = [line for line in lines if _note_difference(line)]
    for line in lines:
        if line not in differing:
            change(line, pieces_agreed=line.pieces_counted)
    end = ReceiptState.DIFFERENCE if differing else ReceiptState.COUNTED
    change(receipt, state=end)
    meet("receipt", receipt.id, Event.COUNT)
    return end


def _refuse_step(receipt: Receipt, end: ReceiptState) -> None:
    RECEIPT_MOVES.refuse(number=number_of(receipt), start=receipt.state, end=end)


def _note_difference(line: ReceiptLine) -> bool:
    difference = line.pieces_counted - still_to_come(line)
    if difference and line.rma_line_id is not None:
        kind = DifferenceKind.OVER if difference > 0 else DifferenceKind.SHORT
        ReceiptDifference.create(case=line.case_id, receipt_line=line, kind=kind, pieces=abs(difference))
    return bool(difference)


@action(Permission.RECEIPT_RECEIVE)
def reopen_count(session: Session, *, receipt_id: int, reason: str) -> None:
    """Open a closed count again before it is signed, to add or correct cartons."""
    if not reason.strip():
        raise InvalidInput(N_("Write why the count is opened again."), field="reason")
    receipt = lock(Receipt, receipt_id)
    if receipt.state not in (ReceiptState.COUNTED, ReceiptState.DIFFERENCE):
        _refuse_step(receipt, ReceiptState.ARRIVED)
    for line in ReceiptLine.select().where(
        (ReceiptLine.receipt == receipt) & ReceiptLine.pieces_agreed.is_null(is_null=False)
    ):
        change(line, pieces_agreed=None)
    change(receipt, state=ReceiptState.ARRIVED)


@action(Permission.RECEIPT_AGREE)
def agree(session: Session, *, receipt_id: int, agreed: tuple[Agreed, ...], agreed_with: str, remark: str = "") -> None:
    """Record what sales agreed with the customer about differing lines; it is the final quantity (003-A §6.6.2).

    More than the RMA allowed widens the line to what was agreed. Raises InvalidInput, and Refused through the guards.
    """
    if not agreed_with.strip():
        raise InvalidInput(WITH_WHOM, field="agreed_with")
    receipt = lock(Receipt, receipt_id)
    if receipt.rma_id is None:
        WAITS_FOR_ITS_RMA.refuse()
    if receipt.state is not ReceiptState.DIFFERENCE:
        _refuse_step(receipt, ReceiptState.AGREED)
    for agreement in agreed:
        _agree_line(receipt, agreement, agreed_with, remark)
    still_open = ReceiptLine.select().where((ReceiptLine.receipt == receipt) & ReceiptLine.pieces_agreed.is_null())
    if not still_open.exists():
        change(receipt, state=ReceiptState.AGREED)


def _agree_line(receipt: Receipt, agreement: Agreed, agreed_with: str, remark: str) -> None:
    line = take(ReceiptLine, agreement.receipt_line_id)
    if line.receipt_id != receipt.id:
        raise InvalidInput(OTHER_RECEIPT, field="agreed")
    if not 0 <= agreement.pieces <= line.pieces_counted:
        AGREEMENT_IS_WITHIN_THE_COUNT.refuse(counted=line.pieces_counted, pieces=agreement.pieces)
    ReceiptAgreement.create(
        case=receipt.case_id, receipt_line=line, pieces=agreement.pieces, agreed_with=agreed_with, remark=remark
    )
    if line.rma_line_id is None:
        return
    rma_line = lock(RmaLine, line.rma_line_id)
    if rma_line.pieces_received + agreement.pieces > rma_line.pieces_agreed:
        change(rma_line, pieces_agreed=rma_line.pieces_received + agreement.pieces)


@action(Permission.RECEIPT_SIGN, signs=Meaning.ACCEPT_COUNT)
def accept_count(session: Session, *, receipt_id: int, read_hash: str, remark: str = "") -> None:
    """Sign the count as return leader: the pieces are taken in and the labels become valid (003-A §6.6.3).

    Raises Refused while a difference is open, or when the count changed since it was read.
    """
    receipt = lock(Receipt, receipt_id)
    if receipt.rma_id is None:
        WAITS_FOR_ITS_RMA.refuse()
    if receipt.state is ReceiptState.DIFFERENCE:
        NO_OPEN_DIFFERENCE_AT_SIGNATURE.refuse()
    if not any(s.column == "state" and (s.start, s.end) == (receipt.state, ReceiptState.SIGNED) for s in TRANSITIONS):
        _refuse_step(receipt, ReceiptState.SIGNED)
    sign(
        "receipt", receipt.id, case_id=receipt.case_id, meaning=Meaning.ACCEPT_COUNT, read_hash=read_hash, remark=remark
    )
    change(receipt, state=ReceiptState.SIGNED)
    rma = lock(Rma, receipt.rma_id)
    if rma.goods_state is GoodsState.AWAITING_GOODS:
        change(rma, goods_state=GoodsState.RECEIVED)


@action(Permission.LABEL_PRINT)
def print_label(session: Session, *, label_id: int) -> int:
    """Count one print of a label, when its printer is reached; gives how many prints there are now.

    What goes on the paper is given by `preview_label` afterwards: the first print is the label, each further a reprint.
    """
    label = lock(Label, label_id)
    change(label, prints=label.prints + 1)
    return int(label.prints)
