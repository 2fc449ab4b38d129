"""What waits for one person: limits by the responsible role, RMAs by the authority table, receipts by their state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qms_desktop.action import reading
from qms_desktop.i18n import _
from qms_desktop.permissions import Permission, Role
from qms_desktop.rules import access, due, history
from qms_desktop.rules.deadline import Event, starting_rules
from qms_desktop.steps import complaint, receipt, rma, rma_waiting
from qms_desktop.steps.complaint_choice import Choice
from qms_desktop.steps.rma_waiting import Wanted
from qms_desktop.ui import trade_words, wording
from qms_desktop.ui.chip import State
from qms_desktop.ui.my_work import LATE, LATER, TODAY, JustHappened, WaitingForOthers, Work, WorkItem
from qms_desktop.ui.sidebar import Waiting
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qms_desktop.rules.clock import DeadlineShown
    from qms_desktop.session import Session

MOST_OPEN = 1000
_NEVER = datetime.max.replace(tzinfo=UTC)
RECENT_CASES = 6
_GROUPS = {"late": LATE, "soon": TODAY, "left": LATER}
_ICONS = {"complaint": "message-report", "rma": "truck-return", "receipt": "package-import"}

# The verb that meets a limit: who may call it sees the limit, and so does the role that the rule names.
_MET_BY: Mapping[Event, Any] = {
    Event.CONTAINMENT: complaint.contain,
    Event.PRELIMINARY_REPLY: complaint.reply,
    Event.WRITTEN_REPLY: complaint.reply,
    Event.INTERIM_REPLY: complaint.reply,
    Event.FEEDBACK: complaint.reply,
    Event.CAUSES_AND_MEASURES: complaint.reply,
    Event.COUNT: receipt.receive,
}


class _Desk:
    """What is open now, read once for all groups."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = due.moment(session)
        self.complaints = complaint.listed(session, choice=Choice.OPEN, count=MOST_OPEN)
        self.complaint_of = {one.id: one for one in self.complaints}
        self.complaint_of_case = {one.case_id: one for one in reversed(self.complaints)}
        states = tuple(state for state in receipt.ReceiptState if state is not receipt.ReceiptState.SIGNED)
        self.receipts = receipt.listed(session, states=states, count=MOST_OPEN)
        self.receipt_of = {one.id: one for one in self.receipts}
        self.people = access.listed(session)
        self.names = {person.login: person.name for person in self.people}
        self.limits = due.running(session)


@reading(Permission.READ)
def my_work(session: Session) -> Work:
    """Give what waits for this person, sorted by limit, with what waits for others and what just happened."""
    desk = _Desk(session)
    items = sorted(_items(desk), key=_by_limit)
    ended = due.punctuality(session, since=desk.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    on_time = ended.in_time / ended.ended if ended.ended else None
    return Work(desk.now, tuple(items), tuple(_waiting_for_others(desk)), tuple(_happened(desk)), on_time)


@reading(Permission.READ)
def waiting(session: Session) -> dict[str, Waiting]:
    """Count what waits behind each page of the side bar; late ones make the count red."""
    desk = _Desk(session)
    items = _items(desk)
    counts = {"my_work": Waiting(len(items), late=any(one.group == LATE for one in items))}
    late = any(one.unmet is not None and one.unmet.runs_until < desk.now for one in desk.complaints)
    counts["complaint"] = Waiting(len(desk.complaints), late=late)
    open_states = (rma.GoodsState.REQUESTED, rma.GoodsState.APPROVAL, rma.GoodsState.AWAITING_GOODS)
    counts["rma"] = Waiting(len(rma.listed(session, states=open_states, count=MOST_OPEN)))
    counts["receipt"] = Waiting(len(desk.receipts))
    return counts


def _by_limit(item: WorkItem) -> tuple[bool, datetime]:
    return item.due is None, item.due or _NEVER


def _items(desk: _Desk) -> list[WorkItem]:
    owed = [_owed(desk, limit) for limit in desk.limits if _is_mine(desk, limit)]
    items = [one for one in owed if one is not None]
    items += [_rma_item(desk, one) for one in rma_waiting.waiting_for_me(desk.session)]
    items += [item for one in desk.receipts if (item := _receipt_item(desk, one)) is not None]
    return items


def _responsible(limit: DeadlineShown) -> Role | None:
    # A customer's own limit names no rule; whoever answers for the rule of the same event answers for it too.
    rule_id = limit.rule.partition(" ")[0]
    of_event = [rule for rule in starting_rules() if rule.event is limit.event and rule.in_force]
    named = [rule for rule in of_event if rule.id == rule_id]
    return next((rule.responsible for rule in named or of_event), None)


def _is_mine(desk: _Desk, limit: DeadlineShown) -> bool:
    verb = _MET_BY.get(limit.event)
    return _responsible(limit) in desk.session.roles or (verb is not None and desk.session.may(verb.permission))


def _owed(desk: _Desk, limit: DeadlineShown) -> WorkItem | None:
    of_case = (
        desk.complaint_of.get(limit.record_id)
        if limit.kind == "complaint"
        else desk.complaint_of_case.get(limit.case_id)
    )
    counted = desk.receipt_of.get(limit.record_id) if limit.kind == "receipt" else None
    if of_case is None and counted is None:
        return None
    number = counted.rma_number if counted else of_case.number if of_case else ""
    customer = counted.customer_short_name if counted else of_case.customer_name if of_case else ""
    state = State("receipt", str(counted.state).lower()) if counted else State("complaint", str(of_case.state).lower())  # type: ignore[union-attr]
    source = limit.rule.partition("\u300c")[0].strip()
    return WorkItem(
        what=_(trade_words.EVENTS[limit.event]),
        which=f"{number} \u00b7 {of_case.products}" if of_case else number,
        icon=_ICONS.get(limit.kind, "clock"),
        customer=customer,
        problem=_("{pieces} pieces").format(pieces=wording.pieces(of_case.pieces)) if of_case else "",
        why=_("limit by {who}, {rule}").format(who=_(trade_words.NAMED_BY[limit.named_by]), rule=source),
        state=state,
        due=limit.runs_until,
        group=_GROUPS[wording.urgency(limit.runs_until, desk.now)],
        destination=Destination(limit.kind, limit.record_id, number),
    )


def _rma_item(desk: _Desk, one: rma_waiting.RmaWaiting) -> WorkItem:
    words = {
        Wanted.OPINION: (_("Give quality's opinion"), _("quality speaks before the approval")),
        Wanted.REVIEW: (_("Review against the contract"), _("you did not apply for it")),
        Wanted.SIGNATURE: (_("Approve and sign"), one.why),
    }
    what, why = words[one.wanted]
    return WorkItem(
        what=what,
        which=f"{one.row.number} \u00b7 {one.row.products}",
        icon=_ICONS["rma"],
        customer=one.row.customer_short_name,
        problem=_("{pieces} pieces").format(pieces=wording.pieces(one.row.pieces)),
        why=why,
        state=State("rma_goods", str(one.row.goods_state).lower()),
        due=None,
        group=TODAY,
        destination=Destination("rma", one.row.id, one.row.number),
        needs_signature=one.wanted is not Wanted.OPINION,
    )


def _receipt_item(desk: _Desk, one: receipt.ReceiptRow) -> WorkItem | None:
    states = receipt.ReceiptState
    if one.state is states.DIFFERENCE and desk.session.may(receipt.agree.permission):
        what, why, signs = _("Agree the difference"), _("the count differs from what was announced"), False
    elif one.state in (states.COUNTED, states.AGREED) and desk.session.may(receipt.accept_count.permission):
        what, why, signs = _("Sign the count"), _("the return leader takes the goods in"), True
    else:
        return None
    return WorkItem(
        what=what,
        which=one.rma_number,
        icon=_ICONS["receipt"],
        customer=one.customer_short_name,
        problem=_("{pieces} pieces counted").format(pieces=wording.pieces(one.pieces_counted)),
        why=why,
        state=State("receipt", str(one.state).lower()),
        due=None,
        group=TODAY,
        destination=Destination("receipt", one.id, one.rma_number),
        needs_signature=signs,
    )


def _waiting_for_others(desk: _Desk) -> list[WaitingForOthers]:
    session = desk.session
    found = []
    for row in rma.listed(session, states=(rma.GoodsState.REQUESTED, rma.GoodsState.APPROVAL), only_mine=True):
        shown = rma.show(session, rma_id=row.id)
        roles = rma.missing_roles(shown.need, shown.signatures) if shown.need else ()
        signs = row.goods_state is rma.GoodsState.APPROVAL and roles
        who = trade_words.seat_of(roles) if signs else _("Sales review")
        what = (
            _("approve {number}").format(number=row.number) if signs else _("review {number}").format(number=row.number)
        )
        found.append(WaitingForOthers(who, what, row.requested_at, Destination("rma", row.id, row.number)))
    may_count, may_agree = session.may(receipt.receive.permission), session.may(receipt.agree.permission)
    for one in desk.receipts:
        if one.state is receipt.ReceiptState.DIFFERENCE and may_count and not may_agree:
            what = _("agree the difference of {number}").format(number=one.rma_number)
            found.append(WaitingForOthers(_("Sales"), what, one.arrived_at, Destination("receipt", one.id)))
    return sorted(found, key=lambda one: one.since)


def _happened(desk: _Desk) -> list[JustHappened]:
    cases = list(dict.fromkeys(one.case_id for one in desk.complaints))[:RECENT_CASES]
    told = []
    for case_id in cases:
        of_case = history.case_history(desk.session, case_id=case_id)
        number = desk.complaint_of_case[case_id].number
        told += [JustHappened(deed.at, f"{deed.who}: {_(deed.title)} \u00b7 {number}") for deed in of_case.deeds]
    told.sort(key=lambda one: one.at, reverse=True)
    # Cartons counted one after the other are one line.
    return list({one.text: one for one in reversed(told)}.values())[::-1][:RECENT_CASES]
