"""What waits for one person, in every step of the flow; what waits for others; what just happened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.app.work import ends, floor, front
from qms_desktop.app.work.counts import counts_of
from qms_desktop.app.work.desk import Desk
from qms_desktop.i18n import _
from qms_desktop.permissions import Permission
from qms_desktop.rules import due, history
from qms_desktop.steps import receipt, rma
from qms_desktop.ui import trade_words, wording
from qms_desktop.ui.my_work import LATE, JustHappened, WaitingForOthers, Work, WorkItem
from qms_desktop.ui.sidebar import Waiting
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from qms_desktop.session import Session

_NEVER = datetime.max.replace(tzinfo=UTC)
RECENT_CASES = 6


@reading(Permission.READ)
def my_work(session: Session) -> Work:
    """Give what waits for this person, sorted by limit, with what waits for others and what just happened."""
    desk = Desk(session)
    ended = due.punctuality(session, since=desk.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    on_time = ended.in_time / ended.ended if ended.ended else None
    return Work(desk.now, tuple(_items(desk)), tuple(_waiting_for_others(desk)), tuple(_happened(desk)), on_time)


@reading(Permission.READ)
def waiting(session: Session) -> dict[str, Waiting]:
    """Count what waits behind each page of the side bar; late ones make the count red."""
    desk = Desk(session)
    items = _items(desk)
    mine = Waiting(len(items), late=any(one.group == LATE for one in items))
    return {"my_work": mine, **counts_of(desk)}


def _items(desk: Desk) -> list[WorkItem]:
    found = (*front.items(desk), *floor.items(desk), *ends.items(desk))
    return sorted(found, key=lambda item: (item.due is None, item.due or _NEVER))


def _waiting_for_others(desk: Desk) -> list[WaitingForOthers]:
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


def _happened(desk: Desk) -> list[JustHappened]:
    cases = list(dict.fromkeys(one.case_id for one in desk.complaints))[:RECENT_CASES]
    told = []
    for case_id in cases:
        of_case = history.case_history(desk.session, case_id=case_id, with_figures=False)
        number = desk.complaint_of_case[case_id].number
        told += [
            JustHappened(deed.at, wording.explained(deed.who, f"{_(deed.title)} \u00b7 {number}"))
            for deed in of_case.deeds
        ]
    told.sort(key=lambda one: one.at, reverse=True)
    # Cartons counted one after the other are one line.
    return list({one.text: one for one in reversed(told)}.values())[::-1][:RECENT_CASES]
