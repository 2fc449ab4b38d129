"""Sorting: the goods are judged with a signature, then every piece is put on a heap (003-A §6.8; domain.md §16).

A round is what is judged and sorted together; the database makes it when goods are received or fail their
re-inspection. Pieces may be cut up before the judgement; everything else is sorted after it. A correction takes pieces
back from their heap with a reason, as far as they are not used in an order or an inspection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import action
from qms_desktop.db.master_data import DefectCode, Supplier
from qms_desktop.db.record import change, lock, now, take
from qms_desktop.db.rma import GoodsState, RefusalReason, Rma, RmaLine
from qms_desktop.db.sorting import (
    HEAPS,
    REFUSED,
    SHARES_MAKE_A_WHOLE,
    SORTED_MEANS_ALL_ROUNDS,
    USED,
    DispositionKind,
    Judgement,
    Responsibility,
    ResponsibilityShare,
    RoundState,
    SortingRound,
)
from qms_desktop.db.sorting_disposition import (
    DISPOSITION_MOVES_ROUND,
    HEAPS_ARE_NOT_NEGATIVE,
    JUDGED_BEFORE_SORTING,
    SORTED_WITHIN_RECEIVED,
    USED_PIECES_STAY,
    Disposition,
)
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_calendar, plant_zone
from qms_desktop.rules.clock import meet, open_deadlines, unmet_deadlines
from qms_desktop.rules.deadline import Event, Start, due_after, starting_rules
from qms_desktop.rules.signature import Meaning, sign
from qms_desktop.steps.sorting_reading import listed, receipt_rounds, show

if TYPE_CHECKING:
    from datetime import date

    from qms_desktop.session import Session

NO_PIECES = N_("Type how many pieces, a whole number above zero.")
NOTHING_TO_SORT = N_("Type at least one heap with its pieces.")
WHOLE = 100
EXPIRED = N_("The customer's permission ended on {day}. Ask sales for a new one.")
UNKNOWN_DEFECT = N_("There is no defect code {code}. Choose one from the list.")
UNKNOWN_SUPPLIER = N_("There is no supplier {code}. Choose one from the list.")
WHY_BACK = N_("Write why the pieces are taken back.")


@dataclass(frozen=True)
class NewShare:
    """A share of the responsibility in whole percent; `supplier` is the code of the supplier, where one is meant."""

    code: Responsibility
    percent: int
    supplier: str = ""


@dataclass(frozen=True)
class NewDisposition:
    """Pieces for one heap; what else is asked for depends on the kind (domain.md §16).

    `certificate_no`: the customer's permission (CONCESSION, REPAIR) or scrap certificate (SCRAPPED_AT_CUSTOMER).
    """

    kind: DispositionKind
    pieces: int
    refusal_reason: RefusalReason | None = None
    defect_code: str = ""
    supplier: str = ""
    certificate_no: str = ""
    certificate_pieces: int | None = None
    valid_until: date | None = None
    place: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Sorted:
    """How a round stands after sorting: what is undecided, and its state."""

    round_id: int
    pieces_left: int
    state: RoundState


@action(Permission.RECEIPT_SIGN)
def start_clock(session: Session, *, receipt_id: int) -> None:
    """Start the clocks of the judgement for the goods of a signed receipt (T12); the page calls it after the signature.

    A clock that runs already is left alone.
    """
    for goods in receipt_rounds(receipt_id):
        _start_clock(goods)


def _start_clock(goods: SortingRound) -> None:
    if unmet_deadlines("sorting_round", [goods.id]):
        return
    moments = due_after(Start.REPORT_TO_QUALITY, goods.created_at, rules=starting_rules(), calendar=plant_calendar())
    open_deadlines(case_id=goods.case_id, kind="sorting_round", record_id=goods.id, moments=moments)


@action(Permission.SORTING_JUDGE, signs=Meaning.JUDGE)
def judge(
    session: Session,
    *,
    round_id: int,
    method: str,
    limit_sample: str,
    text: str,
    shares: tuple[NewShare, ...],
    defect_code: str = "",
) -> int:
    """Judge the goods of a round and sign: from then on they are sorted. Gives the id of the judgement (T12; 004-C §4).

    A later judgement takes the place of the earlier one. Raises InvalidInput, Refused when the shares do not make 100.
    """
    goods = lock(SortingRound, round_id)
    if sum(share.percent for share in shares) != WHOLE:
        SHARES_MAKE_A_WHOLE.refuse(sum=sum(share.percent for share in shares))
    is_first = not Judgement.select().where(Judgement.round == goods).exists()
    judgement = Judgement.create(
        case=goods.case_id,
        round=goods,
        defect_code=_defect(defect_code),
        method=method.strip(),
        limit_sample=limit_sample.strip(),
        text=text.strip(),
    )
    for share in shares:
        ResponsibilityShare.create(
            case=goods.case_id,
            round=goods,
            judgement=judgement,
            code=share.code,
            percent=share.percent,
            supplier=_supplier(share.supplier),
        )
    sign("sorting_round", goods.id, case_id=goods.case_id, meaning=Meaning.JUDGE)
    if goods.state is RoundState.WAITING:
        change(goods, state=RoundState.JUDGED)
    if goods.state is RoundState.JUDGED and not goods.pieces_undecided:
        change(goods, state=RoundState.DONE)
    if is_first:
        _start_clock(goods)
        meet("sorting_round", goods.id, Event.JUDGEMENT)
    return int(judgement.id)


def _defect(code: str) -> DefectCode | None:
    found = DefectCode.get_or_none(DefectCode.code == code) if code else None
    if code and found is None:
        raise InvalidInput(UNKNOWN_DEFECT, field="defect_code", code=code)
    return found


def _supplier(code: str) -> Supplier | None:
    found = Supplier.get_or_none(Supplier.code == code) if code else None
    if code and found is None:
        raise InvalidInput(UNKNOWN_SUPPLIER, field="supplier", code=code)
    return found


@action(Permission.SORTING_SORT)
def take_for_analysis(session: Session, *, round_id: int, pieces: int, remark: str = "", badge: str = "") -> Sorted:
    """Note pieces that are cut up for the analysis, also before the judgement. Raises Refused for more than left."""
    wanted = NewDisposition(DispositionKind.ANALYSED, pieces, remark=remark)
    return _sort(session, lock(SortingRound, round_id), (wanted,), badge)


@action(Permission.SORTING_SORT)
def sort(session: Session, *, round_id: int, dispositions: tuple[NewDisposition, ...], badge: str = "") -> Sorted:
    """Put pieces on heaps, all at once or none. The last piece closes the round, and the last round sorts the RMA.

    Raises InvalidInput for no pieces, Refused (with what is left) for more than is undecided, and through the guards
    when the goods are not judged or a kind lacks what it needs.
    """
    return _sort(session, lock(SortingRound, round_id), dispositions, badge)


@action(Permission.SORTING_SORT)
def put_rest(session: Session, *, round_id: int, kind: DispositionKind, remark: str = "", badge: str = "") -> Sorted:
    """Put everything that is undecided on one heap. Raises Refused when nothing is left."""
    goods = lock(SortingRound, round_id)
    if not goods.pieces_undecided:
        SORTED_WITHIN_RECEIVED.refuse(left=0, pieces=goods.pieces, asked=0)
    rest = NewDisposition(kind, goods.pieces_undecided, remark=remark)
    return _sort(session, goods, (rest,), badge)


def _sort(session: Session, goods: SortingRound, wanted: tuple[NewDisposition, ...], badge: str) -> Sorted:
    if not wanted:
        raise InvalidInput(NOTHING_TO_SORT, field="pieces")
    asked = sum(one.pieces for one in wanted)
    if any(one.pieces <= 0 for one in wanted):
        raise InvalidInput(NO_PIECES, field="pieces")
    if goods.state is RoundState.WAITING and any(one.kind is not DispositionKind.ANALYSED for one in wanted):
        JUDGED_BEFORE_SORTING.refuse()
    if asked > goods.pieces_undecided:
        SORTED_WITHIN_RECEIVED.refuse(left=goods.pieces_undecided, pieces=goods.pieces, asked=asked)
    for one in wanted:
        _refuse_expired(one)
        Disposition.create(
            case=goods.case_id,
            round=goods,
            kind=one.kind,
            pieces=one.pieces,
            refusal_reason=one.refusal_reason,
            defect_code=_defect(one.defect_code),
            supplier=_supplier(one.supplier),
            certificate_no=one.certificate_no.strip(),
            certificate_pieces=one.certificate_pieces,
            valid_until=one.valid_until,
            place=one.place.strip(),
            remark=one.remark.strip(),
            station=session.station,
            badge=badge,
        )
    return _move_on(goods.id)


def _refuse_expired(wanted: NewDisposition) -> None:
    if wanted.valid_until is not None and wanted.valid_until < now().astimezone(plant_zone()).date():
        raise InvalidInput(EXPIRED, field="valid_until", day=f"{wanted.valid_until:%Y-%m-%d}")


def _move_on(round_id: int) -> Sorted:
    goods = take(SortingRound, round_id)
    if goods.state is RoundState.JUDGED and goods.pieces_undecided:
        change(goods, state=RoundState.SORTING)
    elif goods.state in (RoundState.JUDGED, RoundState.SORTING) and not goods.pieces_undecided:
        change(goods, state=RoundState.DONE)
        _sort_rma_when_all_is_here(goods.rma_id)
    return Sorted(goods.id, goods.pieces_undecided, goods.state)


def _sort_rma_when_all_is_here(rma_id: int) -> None:
    to_come = RmaLine.select().where((RmaLine.rma == rma_id) & (RmaLine.pieces_received < RmaLine.pieces_agreed))
    rma = lock(Rma, rma_id)
    if rma.goods_state is GoodsState.RECEIVED and not to_come.exists() and not _open_rounds(rma_id):
        change(rma, goods_state=GoodsState.SORTED)


def _open_rounds(rma_id: int) -> bool:
    return bool(
        SortingRound.select().where((SortingRound.rma == rma_id) & (SortingRound.state != RoundState.DONE)).exists()
    )


@action(Permission.SORTING_SORT)
def finish(session: Session, *, rma_id: int) -> None:
    """Say that nothing more of an RMA comes and all that came is sorted. Raises Refused while a round is open."""
    rma = lock(Rma, rma_id)
    if _open_rounds(rma_id):
        SORTED_MEANS_ALL_ROUNDS.refuse()
    change(rma, goods_state=GoodsState.SORTED)


@action(Permission.SORTING_SORT)
def take_back(
    session: Session,
    *,
    round_id: int,
    kind: DispositionKind,
    pieces: int,
    reason: str,
    refusal_reason: RefusalReason | None = None,
    badge: str = "",
) -> Sorted:
    """Take pieces back from a heap by a counter-entry: they are undecided again.

    Raises InvalidInput without a reason, Refused when fewer are free (in an order or inspected already).
    """
    if not reason.strip():
        raise InvalidInput(WHY_BACK, field="reason")
    if pieces <= 0:
        raise InvalidInput(NO_PIECES, field="pieces")
    goods = lock(SortingRound, round_id)
    free = free_pieces(goods, kind, refusal_reason)
    if pieces > free:
        guard = USED_PIECES_STAY if kind in USED else HEAPS_ARE_NOT_NEGATIVE
        guard.refuse(left=free, asked=pieces)
    if goods.state is RoundState.DONE:
        change(goods, state=RoundState.SORTING)
    elif goods.state is RoundState.WAITING and kind is not DispositionKind.ANALYSED:
        DISPOSITION_MOVES_ROUND.refuse()
    Disposition.create(
        case=goods.case_id,
        round=goods,
        kind=kind,
        pieces=-pieces,
        refusal_reason=refusal_reason,
        remark=reason.strip(),
        station=session.station,
        badge=badge,
    )
    return _move_on(goods.id)


def free_pieces(goods: SortingRound, kind: DispositionKind, refusal_reason: RefusalReason | None = None) -> int:
    """Give how many pieces of a heap are not in an order or inspected; of the refused, those of the reason."""
    if refusal_reason is not None:
        return int(getattr(goods, REFUSED[refusal_reason]))
    heap = int(getattr(goods, HEAPS[kind]))
    if kind is DispositionKind.RETURN_TO_CUSTOMER:
        return heap - sum(int(getattr(goods, column)) for column in REFUSED.values())
    return heap - (int(getattr(goods, USED[kind])) if kind in USED else 0)


__all__ = [
    "NewDisposition",
    "NewShare",
    "Sorted",
    "finish",
    "free_pieces",
    "judge",
    "listed",
    "put_rest",
    "show",
    "sort",
    "start_clock",
    "take_back",
    "take_for_analysis",
]
