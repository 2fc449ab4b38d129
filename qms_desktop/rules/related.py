"""The records of one case: what a page offers under *related*, and what the story of a case leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import JOIN, fn

from qms_desktop.action import reading
from qms_desktop.db.case import CaseFile
from qms_desktop.db.claim import Claim
from qms_desktop.db.complaint import Complaint
from qms_desktop.db.eight_d import EightD, EightDLink
from qms_desktop.db.inspection import Inspection
from qms_desktop.db.recall import Recall
from qms_desktop.db.receipt import Receipt
from qms_desktop.db.rework import WorkOrder
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.db.sorting import SortingRound
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from peewee import ModelSelect

    from qms_desktop.session import Session


@dataclass(frozen=True)
class CaseRecordFound:
    """A record of a case: the step it belongs to, its id, the number that people quote, its state, when it began.

    A receipt is quoted by the number of its RMA, or of its case for goods that came without one, a round of sorting by
    RMA and line as on the labels, an inspection by what was inspected; an inspection has no state.
    """

    step: str
    record_id: int
    number: str
    state: str
    at: datetime


@reading(Permission.READ)
def records_of_case(session: Session, *, case_id: int) -> tuple[CaseRecordFound, ...]:
    """Give the records of a case in the order of the flow."""
    return (
        *_numbered("complaint", Complaint, case_id, state="state", at="received_at"),
        *_numbered("rma", Rma, case_id, state="goods_state"),
        *_receipts(case_id),
        *_rounds(case_id),
        *_numbered("rework", WorkOrder, case_id),
        *_inspections(case_id),
        *_numbered("claim", Claim, case_id),
        *_reports(case_id),
        *_numbered("recall", Recall, case_id),
    )


def _numbered(
    step: str,
    model: type[Complaint | Rma | WorkOrder | Claim | Recall],
    case_id: int,
    *,
    state: str = "state",
    at: str = "created_at",
) -> Iterator[CaseRecordFound]:
    for one in model.select().where(model.case == case_id).order_by(model.id):
        yield CaseRecordFound(step, one.id, str(one.number), str(getattr(one, state)), getattr(one, at))


def _receipts(case_id: int) -> Iterator[CaseRecordFound]:
    quoted = fn.COALESCE(Rma.number, CaseFile.number).alias("quoted")
    found = Receipt.select(Receipt, quoted).join(CaseFile).join(Rma, JOIN.LEFT_OUTER, on=(Rma.id == Receipt.rma))
    for one in found.where(Receipt.case == case_id).order_by(Receipt.id).objects():
        yield CaseRecordFound("receipt", one.id, one.quoted, str(one.state), one.arrived_at)


def _rounds(case_id: int) -> Iterator[CaseRecordFound]:
    for one in _with_line(SortingRound).where(SortingRound.case == case_id).order_by(SortingRound.id):
        yield CaseRecordFound("sorting", one.id, _round_number(one), str(one.state), one.created_at)


def _inspections(case_id: int) -> Iterator[CaseRecordFound]:
    rounds = {one.id: _round_number(one) for one in _with_line(SortingRound).where(SortingRound.case == case_id)}
    for one in Inspection.select().where(Inspection.case == case_id).order_by(Inspection.id):
        order = one.part.work_order if one.part else one.work_order
        number = str(order.number) if order else rounds[one.round_id]
        yield CaseRecordFound("inspection", one.id, number, "", one.created_at)


def _reports(case_id: int) -> Iterator[CaseRecordFound]:
    """Give the reports at home in the case, and those that answer a line of it from the home of another."""
    linked = EightDLink.select(EightDLink.eight_d).where(EightDLink.case == case_id)
    for one in EightD.select().where((EightD.case == case_id) | EightD.id.in_(linked)).order_by(EightD.id):
        yield CaseRecordFound("eight_d", one.id, one.number, str(one.state), one.created_at)


def _with_line(model: type[SortingRound]) -> ModelSelect[SortingRound]:
    return model.select(model, Rma, RmaLine).join(Rma).switch(model).left_outer_join(RmaLine)


def _round_number(goods: SortingRound) -> str:
    number = f"{goods.rma.number}-{goods.rma_line.position}" if goods.rma_line else goods.rma.number
    return f"{number}.{goods.number}" if goods.number > 1 else str(number)
