"""The story's recall: assessed by supplier lot, narrowed to L2610A at other customers, decided on 5 November 2026."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.recall import Seat
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.steps import complaint, recall

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller

SUPPLIER_LOT = "S463087"
WHY_NARROWED = "L2610B 抽检 32 支全部合格（17～25 N），原因只在 6 号压装机，故 L2610B 不召回"
SEATS = {Seat.QUALITY: "胡丽桂", Seat.PRODUCTION: "罗强", Seat.SALES: "王涛兰", Seat.PRODUCT_SAFETY: "吕慧"}


def tell(teller: Teller, *, complaint_id: int) -> int:
    """Tell the recall up to the general manager's signature and the first notices; gives its id."""
    teller.at("2026-11-05 09:40")
    xu = teller.by("徐兰")
    line = complaint.show(xu, complaint_id=complaint_id).lines[0]
    proposed = recall.propose(xu, complaint_line_id=line.id)
    traced = recall.assess(
        xu, recall_id=proposed.recall_id, question=f"供应商批号 {SUPPLIER_LOT} 用到了哪里？", supplier_lot=SUPPLIER_LOT
    )
    teller.told(
        "徐兰", f"{proposed.number}: what-if by {SUPPLIER_LOT}: {traced.pieces} pieces at {traced.customers} others"
    )
    shown = recall.show(xu, recall_id=proposed.recall_id)
    recall.narrow(
        xu,
        recall_id=proposed.recall_id,
        line_ids=tuple(one.id for one in shown.lines if one.lot != "L2610A" and one.is_in_scope),
        reason=WHY_NARROWED,
        scope="YQ-22 L2610A 在其他客户处的 720 支",
    )
    for seat, name in SEATS.items():
        heard = recall.show(teller.by(name), recall_id=proposed.recall_id)
        recall.hear(
            teller.by(name),
            recall_id=proposed.recall_id,
            seat=seat,
            opinion="同意该范围",
            read_hash=heard.content_hash,
        )
    recall.report_to_gm(xu, recall_id=proposed.recall_id)
    teller.at("2026-11-05 10:20")
    manager = teller.by("胡霞军")
    read = recall.show(manager, recall_id=proposed.recall_id)
    recall.decide(
        manager,
        recall_id=proposed.recall_id,
        read_hash=read.content_hash,
        reason="安全特性不符合，召回其他客户处的 L2610A",
        password=DEMO_PASSWORD,
    )
    recall.start(xu, recall_id=proposed.recall_id)
    teller.told("胡霞军", f"{proposed.number} decided and signed: {read.row.pieces_in_scope} pieces recalled")
    return proposed.recall_id
