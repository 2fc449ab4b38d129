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
    "claim.prepare": N_("Claim prepared"),
    "claim.review": N_("Claim reviewed"),
    "claim.calculate": N_("Claim calculated"),
    "claim.submit": N_("Claim sent to the approval"),
    "claim.sign_place": N_("Place on the sheet signed"),
    "claim.approve": N_("Claim approved"),
    "claim.withdraw": N_("Claim withdrawn"),
    "claim.refuse": N_("Claim refused"),
    "claim_execution.supply_in_advance": N_("Goods supplied in advance"),
    "claim_execution.deliver": N_("Replacement delivered"),
    "claim_execution.pay": N_("Money given to the customer"),
    "claim_execution.charge_back": N_("Supplier charged"),
    "claim_execution.finish": N_("Claim executed"),
    "claim_execution.close": N_("Claim closed"),
    "claim_execution.note_deduction": N_("Customer's deduction noted"),
    "claim_execution.decide_deduction": N_("Customer's deduction decided"),
    "quality_cost.book_sum": N_("Cost entered"),
    "quality_cost.book_quantity": N_("Cost entered"),
    "quality_cost.book_hours": N_("Hours entered"),
    "quality_cost.credit_parts": N_("Recovered parts credited"),
    "quality_cost.confirm_destruction": N_("Destruction of scrap confirmed"),
    "quality_cost.sell_scrap": N_("Scrap sold"),
    "quality_cost.take_back": N_("Cost taken back"),
    "statistics.close_month": N_("Month closed"),
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
