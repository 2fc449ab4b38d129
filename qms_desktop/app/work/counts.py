"""How many records wait behind each entry of the side bar, and whether one of them is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.app.work.desk import MOST_OPEN
from qms_desktop.app.work.floor import OPEN_ORDERS, OPEN_ROUNDS
from qms_desktop.steps import claim_waiting, eight_d, inspection_reading, recall, rework_reading, rma, sorting_reading
from qms_desktop.steps.claim_reading import listed as claims_listed
from qms_desktop.ui.sidebar import Waiting

if TYPE_CHECKING:
    from qms_desktop.app.work.desk import Desk

_RMA_OPEN = (rma.GoodsState.REQUESTED, rma.GoodsState.APPROVAL, rma.GoodsState.AWAITING_GOODS)


def counts_of(desk: Desk) -> dict[str, Waiting]:
    """Give, by page, how many records are open there; red where a limit of one is past."""
    session = desk.session
    late = {(one.kind, one.record_id) for one in desk.limits if one.runs_until < desk.now}
    rounds = sorting_reading.listed(session, states=OPEN_ROUNDS, count=MOST_OPEN)
    orders = rework_reading.listed(session, states=OPEN_ORDERS, count=MOST_OPEN)
    heaps = rework_reading.free_heaps(session)
    return {
        "complaint": Waiting(len(desk.complaints), late=any(("complaint", one.id) in late for one in desk.complaints)),
        "rma": Waiting(len(rma.listed(session, states=_RMA_OPEN, count=MOST_OPEN))),
        "receipt": Waiting(len(desk.receipts), late=any(("receipt", one.id) in late for one in desk.receipts)),
        "sorting": Waiting(len(rounds), late=any(("sorting_round", one.id) in late for one in rounds)),
        "rework": Waiting(len(orders) + len(heaps)),
        "inspection": Waiting(len(inspection_reading.waiting(session))),
        "claim": Waiting(len(claims_listed(session, states=claim_waiting.OPEN, count=MOST_OPEN))),
        "eight_d": Waiting(len(eight_d.listed(session, only_open=True, count=MOST_OPEN))),
        "recall": Waiting(len(recall.listed(session, only_open=True, count=MOST_OPEN))),
    }
