"""The records of one case: what a page offers under *related*, and what the story of a case leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.complaint import Complaint
from qms_desktop.db.receipt import Receipt
from qms_desktop.db.rma import Rma
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.session import Session


@dataclass(frozen=True)
class CaseRecordFound:
    """A record of a case: the step it belongs to, its id, the number that people quote, its state, when it began."""

    step: str
    record_id: int
    number: str
    state: str
    at: datetime


@reading(Permission.READ)
def records_of_case(session: Session, *, case_id: int) -> tuple[CaseRecordFound, ...]:
    """Give the records of a case in the order of the flow; a receipt is quoted by the number of its RMA."""
    complaints = [
        CaseRecordFound("complaint", one.id, one.number, str(one.state), one.received_at)
        for one in Complaint.select().where(Complaint.case == case_id).order_by(Complaint.id)
    ]
    rmas = [
        CaseRecordFound("rma", one.id, one.number, str(one.goods_state), one.created_at)
        for one in Rma.select().where(Rma.case == case_id).order_by(Rma.id)
    ]
    receipts = [
        CaseRecordFound("receipt", one.id, one.rma.number, str(one.state), one.arrived_at)
        for one in Receipt.select(Receipt, Rma).join(Rma).where(Receipt.case == case_id).order_by(Receipt.id)
    ]
    return (*complaints, *rmas, *receipts)
