"""Which complaints a list shows: mine, open, overdue or all, and those that hold a typed text."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qms_desktop.db.case import Deadline, DeadlineState
from qms_desktop.db.complaint import ENDED, Complaint, ComplaintState
from qms_desktop.db.master_data import Customer
from qms_desktop.db.record import now

if TYPE_CHECKING:
    from qms_desktop.session import Session


class Choice(StrEnum):
    """The choices of the list."""

    MINE = "mine"
    OPEN = "open"
    OVERDUE = "overdue"
    TO_CALL_BACK = "to_call_back"
    ALL = "all"


def chosen_complaints(query: Any, session: Session, choice: Choice, text: str) -> Any:  # noqa: ANN401 - peewee's query
    """Narrow a query of complaints and their customers; overdue is seen from the database's clock."""
    match choice:
        case Choice.MINE:
            query = query.where(Complaint.created_by == session.login)
        case Choice.OPEN:
            query = query.where(Complaint.state.not_in(list(ENDED)))
        case Choice.TO_CALL_BACK:
            query = query.where(Complaint.state == ComplaintState.CLOSED)
        case Choice.OVERDUE:
            query = query.where(Complaint.id.in_(_late()))
        case Choice.ALL:
            pass
    if typed := text.strip():
        held = Complaint.number.contains(typed) | Complaint.customer_reference.contains(typed)
        query = query.where(held | Customer.name.contains(typed) | Customer.code.contains(typed))
    return query


def _late() -> Any:  # noqa: ANN401 - peewee's query
    moment = now()
    running = Deadline.state.in_([DeadlineState.OPEN, DeadlineState.EXTENDED])
    late = (Deadline.extended_to < moment) | (Deadline.extended_to.is_null() & (Deadline.due_at < moment))
    return Deadline.select(Deadline.record_id).where((Deadline.kind == "complaint") & running & late)
