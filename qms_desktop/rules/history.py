"""What happened to a case, in the trade's words: one line a deed, from the audit trail.

Rows that one deed wrote in one moment are one line. Prices and costs are left out for those who may not see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db import audit
from qms_desktop.db.case import CaseFile
from qms_desktop.db.master_data import Customer, Person
from qms_desktop.db.record import take
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.session import Session

# What each verb is called when it is told afterwards. A test names the verb that is missing here.
TOLD = {
    "complaint.register": N_("Complaint taken down"),
    "complaint.accept": N_("Complaint accepted"),
    "complaint.contain": N_("Contained"),
    "complaint.analyse": N_("Analysis begun"),
    "complaint.reply": N_("Customer answered"),
    "complaint.tell_extension": N_("Limit extended, customer told"),
    "rma.request": N_("RMA requested"),
    "rma.give_opinion": N_("Quality gave its opinion"),
    "rma.review": N_("Contract reviewed"),
    "rma.approve": N_("RMA approved"),
    "rma.refuse": N_("RMA refused"),
    "rma.cancel": N_("RMA cancelled"),
    "receipt.arrive": N_("Goods arrived"),
    "receipt.receive": N_("Carton counted"),
    "receipt.add_other_goods": N_("Other goods noted"),
    "receipt.recount": N_("Carton counted again"),
    "receipt.close_count": N_("Count closed"),
    "receipt.reopen_count": N_("Count opened again"),
    "receipt.agree": N_("Difference agreed with the customer"),
    "receipt.accept_count": N_("Count signed"),
    "receipt.print_label": N_("Label printed"),
}


@dataclass(frozen=True)
class Told:
    """One deed in the story of a case: when, by whom, what (a source text), why, and how many records it wrote."""

    at: datetime
    who: str
    title: str
    reason: str
    count: int


@dataclass(frozen=True)
class CaseHistory:
    """The story of a case with its head."""

    case_id: int
    number: str
    customer_name: str
    subject: str
    deeds: tuple[Told, ...]


@reading(Permission.READ)
def case_history(session: Session, *, case_id: int) -> CaseHistory:
    """Give the story of a case, oldest deed first; raises NotFound."""
    case = take(CaseFile, case_id)
    names = {person.login: person.name for person in Person.select(Person.login, Person.name)}
    entries = audit.history(case_id, sees_money=session.may(Permission.READ_MONEY))
    told = []
    for (action, who, at), rows in groupby(entries, key=lambda entry: (entry.action, entry.who, entry.at)):
        written = list(rows)
        told.append(Told(at, names.get(who, who), TOLD.get(action, action), written[0].reason, len(written)))
    customer = take(Customer, case.customer_id).name if case.customer_id else ""
    return CaseHistory(case.id, case.number, customer, case.title, tuple(told))
