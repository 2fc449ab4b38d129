"""The story's first chapter: from the customer's notice to the signed count (3 and 4 November 2026)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qms_desktop import exchange, files
from qms_desktop.db.complaint import Channel, ReplyKind, Severity, Urgency
from qms_desktop.db.receipt import ArrivalKind
from qms_desktop.db.rma import OpinionKind
from qms_desktop.demo import evidence
from qms_desktop.demo.evidence import Evidence
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.rules.deadline import Event
from qms_desktop.steps import complaint, complaint_ending, receipt, rma

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller
    from qms_desktop.exchange.rows import ReturnNotice

NOTICE = "客户退货通知_华东远航.xlsx"
DEFECTS = {"YQ-22": "F-012", "YQ-28": "F-013", "ZW-22": "F-021"}
CARTONS = {"YQ-22": (60,) * 10, "YQ-28": (45,), "ZW-22": (12,)}
DAMAGED = ("YQ-22", 4)


def complain(teller: Teller) -> tuple[complaint.Registered, rma.Requested]:
    """Tell the complaint, its containment, and the RMA up to its review."""
    registered = _complaint(teller)
    return registered, _rma(teller, registered)


def _notice(teller: Teller) -> ReturnNotice:
    today = teller.moment("2026-11-03 09:20").date()
    read = exchange.read_return_notice(files.resources() / "demo" / NOTICE, today=today)
    (notice,) = read.rows
    return notice


def _complaint(teller: Teller) -> complaint.Registered:
    teller.at("2026-11-03 09:20")
    notice = _notice(teller)
    wang = teller.by("王伟涛")
    registered = complaint.register(
        wang,
        customer="C1001",
        received_at=teller.moment("2026-11-03 09:12"),
        channel=Channel.NOTICE,
        customer_reference=notice.number,
        urgency=Urgency.URGENT,
        severity=Severity.MAJOR,
        is_batch=True,
        is_performance=True,
        is_strong_reaction=True,
        own_limit_hours=notice.reply_hours,
        demand="；".join(notice.demands),
        lines=tuple(
            complaint.NewLine(
                line.product_code,
                line.pieces,
                line.defect or "",
                lot=line.lot or "",
                defect_code=DEFECTS[line.product_code],
                found_where=line.found_at or "",
                demand=line.demand or "",
            )
            for line in notice.lines
        ),
    )
    complaint.accept(wang, complaint_id=registered.complaint_id)
    evidence.keep_notice(teller, complaint_id=registered.complaint_id, name=NOTICE, who="王伟涛")
    teller.told("王伟涛", f"complaint {registered.number}: {len(notice.lines)} lines of {notice.number}")
    teller.at("2026-11-03 11:40")
    complaint.contain(
        teller.by("徐兰"),
        complaint_id=registered.complaint_id,
        place="stock and shipments",
        measure="L2610A 成品库 160 支与全部发货冻结",
        pieces=160,
        stops=(complaint.LotStop("YQ-22", "L2610A"),),
    )
    teller.told("徐兰", "containment: stock and shipments of L2610A on hold, 1 h 32 min before the limit")
    return registered


def _rma(teller: Teller, registered: complaint.Registered) -> rma.Requested:
    teller.at("2026-11-03 14:00")
    notice = _notice(teller)
    wang = teller.by("王伟涛")
    reasons = {"ZW-22": "客户经经纬外贸购入，本公司无对该客户的出货记录"}
    requested = rma.request(
        wang,
        complaint_id=registered.complaint_id,
        lines=tuple(
            rma.NewRmaLine(
                line.product_code,
                line.pieces,
                rma.price_of(wang, product=line.product_code),
                lot=line.lot or "",
                defect_code=DEFECTS[line.product_code],
                reason=line.defect or "",
                without_record_reason=reasons.get(line.product_code, ""),
            )
            for line in notice.lines
        ),
    )
    teller.told("王伟涛", f"RMA {requested.number} requested")
    teller.at("2026-11-03 14:10")
    xu = teller.by("徐兰")
    kinds = (OpinionKind.RETURN, OpinionKind.RETURN, OpinionKind.POLISH_AND_DISCOUNT)
    lines = rma.show(xu, rma_id=requested.rma_id).lines
    opinions = tuple(rma.OpinionOnLine(line.id, kind) for line, kind in zip(lines, kinds, strict=True))
    rma.give_opinion(xu, rma_id=requested.rma_id, opinions=opinions)
    teller.told("徐兰", "quality's opinion: return lines 1 and 2, polish line 3 and discount it")
    teller.at("2026-11-03 14:18")
    rma.review(
        teller.by("王涛兰"),
        rma_id=requested.rma_id,
        text="合同条款已核对",
        accepts_missing_record=True,
        allows_advance=True,
    )
    teller.told("王涛兰", "contract reviewed; line 3 without shipment record accepted; advance replacement allowed")
    return requested


def approve(teller: Teller, requested: rma.Requested) -> None:
    """Tell the signature that the authority table asks for."""
    teller.at("2026-11-03 15:40")
    guo = teller.by("郭明")
    shown = rma.show(guo, rma_id=requested.rma_id)
    rma.approve(guo, rma_id=requested.rma_id, read_hash=shown.content_hash, password=DEMO_PASSWORD)
    teller.told("郭明", f"RMA approved and signed: {shown.row.pieces} pieces, {shown.amount:,.2f}")


def answer(teller: Teller, registered: complaint.Registered) -> None:
    """Tell the written answer, before the customer's twelve hours end."""
    teller.at("2026-11-03 20:30")
    complaint.reply(
        teller.by("王伟涛"),
        complaint_id=registered.complaint_id,
        kind=ReplyKind.WRITTEN,
        text="已收到并受理，附 3D 版本：遏制措施、可疑数量与客户处挑选安排。",
        sent_by="e-mail",
    )
    teller.told("王伟涛", "written answer with the 3D version, before 21:12")


def receive(teller: Teller, requested: rma.Requested) -> receipt.Arrived:
    """Tell the arrival, the blind count and the return leader's signature."""
    teller.at("2026-11-04 10:40")
    zhou = teller.by("周磊秀")
    arrived = receipt.arrive(zhou, rma_id=requested.rma_id, arrival_kind=ArrivalKind.ON_SITE, place="Q-03")
    teller.told("周磊秀", "customer's truck on site, counted at once")
    teller.at("2026-11-04 10:55")
    for line in receipt.show(zhou, receipt_id=arrived.receipt_id).lines:
        for number, pieces in enumerate(CARTONS[line.product_code], start=1):
            counted = receipt.receive(
                zhou,
                receipt_line_id=line.id,
                pieces=pieces,
                lot=line.lot_announced,
                is_damaged=(line.product_code, number) == DAMAGED,
                badge="B10001",
            )
            if (line.product_code, number) == DAMAGED:
                damaged = Evidence(evidence.CARTON, AttachedTo.RECEIPT_COUNT, counted.count_id)
    evidence.photograph(teller, damaged)
    teller.at("2026-11-04 11:30")
    state = receipt.close_count(zhou, receipt_id=arrived.receipt_id)
    shown = receipt.show(zhou, receipt_id=arrived.receipt_id)
    teller.told("周磊秀", f"blind count closed: {shown.row.pieces_counted} pieces, {state}")
    teller.at("2026-11-04 13:20")
    shen = teller.by("沈国强")
    read = receipt.show(shen, receipt_id=arrived.receipt_id)
    receipt.accept_count(shen, receipt_id=arrived.receipt_id, read_hash=read.content_hash, password=DEMO_PASSWORD)
    teller.told("沈国强", "count signed; labels valid; quarantine Q-03")
    return arrived


def tell_causes(teller: Teller, registered: complaint.Registered) -> None:
    """Tell how the customer hears causes and measures with the 5D version, on the eleventh."""
    complaint.analyse(teller.by("徐兰"), complaint_id=registered.complaint_id)
    complaint.reply(
        teller.by("王伟涛"),
        complaint_id=registered.complaint_id,
        kind=ReplyKind.CAUSES_AND_MEASURES,
        text="5D 报告：6# 压机限位磨损（75 %）、注脂参数（25 %），措施与日期见报告",
        sent_by="EMAIL",
    )
    teller.told("王伟涛", f"{registered.number}: causes and measures told with the 5D")


def close(teller: Teller, complaint_id: int) -> None:
    """Tell how the customer is satisfied, the effect confirmed and the complaint closed; the call-back falls due."""
    complaint_ending.take_verdict(
        teller.by("王伟涛"), complaint_id=complaint_id, is_satisfied=True, said_by="王经理", text="报告接受，满意"
    )
    manager = teller.by("胡丽桂")
    complaint_ending.close(manager, complaint_id=complaint_id, text="2,400 支，不合格 0；控制计划与作业指导书已修订")
    shown = complaint.show(manager, complaint_id=complaint_id)
    due = next(limit for limit in shown.deadlines if limit.event is Event.CALL_BACK)
    last_moment = due.due_at - timedelta(seconds=1)  # a limit ends at 24:00
    teller.told(
        "胡丽桂", f"{shown.row.number} closed, call-back due {last_moment.astimezone(ZoneInfo(teller.zone)):%Y-%m-%d}"
    )
