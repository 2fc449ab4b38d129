"""What is open now, read once for all groups of *my work*, and how an item is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.i18n import _
from qms_desktop.rules import access, due
from qms_desktop.steps import complaint, receipt
from qms_desktop.steps.complaint_choice import Choice
from qms_desktop.ui import trade_words, wording
from qms_desktop.ui.case_tabs import ICONS
from qms_desktop.ui.my_work import LATE, LATER, TODAY, WorkItem
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from qms_desktop.rules.clock import DeadlineShown
    from qms_desktop.rules.deadline import Event
    from qms_desktop.session import Session
    from qms_desktop.ui.chip import State

MOST_OPEN = 1000
_GROUPS = {"late": LATE, "soon": TODAY, "left": LATER}


class Desk:
    """The open complaints and receipts of the plant with the limits that run, for one session at one moment."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = due.moment(session)
        self.complaints = complaint.listed(session, choice=Choice.OPEN, count=MOST_OPEN)
        to_call_back = complaint.listed(session, choice=Choice.TO_CALL_BACK, count=MOST_OPEN)
        self.complaint_of = {one.id: one for one in (*self.complaints, *to_call_back)}
        self.complaint_of_case = {one.case_id: one for one in reversed(self.complaints)}
        states = tuple(state for state in receipt.ReceiptState if state is not receipt.ReceiptState.SIGNED)
        self.receipts = receipt.listed(session, states=states, count=MOST_OPEN)
        self.receipt_of = {one.id: one for one in self.receipts}
        self.names = {person.login: person.name for person in access.listed(session)}
        self.limits = due.running(session)

    def limit_of(self, kind: str, record_id: int, event: Event) -> DeadlineShown | None:
        """Give the limit that runs for an event of a record."""
        wanted = (kind, record_id, event)
        return next((one for one in self.limits if (one.kind, one.record_id, one.event) == wanted), None)

    def customer_of(self, case_id: int) -> str:
        """Name the customer of a case whose complaint is open."""
        found = self.complaint_of_case.get(case_id)
        return found.customer_name if found else ""

    def item(
        self,
        what: str,
        *,
        page: str,
        record_id: int | None,
        number: str,
        state: State,
        which: str = "",
        customer: str = "",
        problem: str = "",
        why: str = "",
        limit: DeadlineShown | None = None,
        needs_signature: bool = False,
        icon: str = "",
    ) -> WorkItem:
        """Make an item; without a limit it stands under today, and a limit says by what rule it runs."""
        until = limit.runs_until if limit else None
        return WorkItem(
            what=what,
            which=which or number,
            icon=icon or ICONS[page],
            customer=customer,
            problem=problem,
            why=why or (rule_of(limit) if limit else ""),
            state=state,
            due=until,
            group=_GROUPS[wording.urgency(until, self.now)] if until else TODAY,
            destination=Destination(page, record_id, number),
            needs_signature=needs_signature,
        )


def rule_of(limit: DeadlineShown) -> str:
    """Say who set a limit and by which rule."""
    source, who = limit.rule.partition("\u300c")[0].strip(), _(trade_words.NAMED_BY[limit.named_by])
    return _("limit by {who}, {rule}").format(who=who, rule=source) if source else _("limit by {who}").format(who=who)


def pieces(count: int) -> str:
    """Write a number of pieces."""
    return wording.all_pieces(count)
