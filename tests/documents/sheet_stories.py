"""What the Excel forms of the story say: its claim, its month, its recall what-if and its tracking table.

English samples hold no Chinese character, as an English export must not.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qms_desktop.i18n import N_
from qms_desktop.steps.claim_sheet import (
    EQUAL_VALUE_GOODS,
    OFF_RECEIVABLES,
    SIGNATURE_PLACES,
    ClaimSheetLine,
    ReturnAnalysisSheet,
    SettlementPart,
    SignaturePlace,
)
from qms_desktop.steps.complaint_tracking import ComplaintTracking, Milestone, TrackedComplaint
from qms_desktop.steps.recall_scope import AffectedCustomer, LotBalance, OpenPoint, RecallScope, ShippedLine
from qms_desktop.steps.statistics_monthly import MonthlyCost, MonthlyReason, MonthlyReturns

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = "Asia/Shanghai"


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Give a moment of the story, in 2026 and the plant's time."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(ZONE))


class Words:
    """Says the sample texts in the language of the paper."""

    def __init__(self, language: str) -> None:
        self._english = language == "en"

    def __call__(self, chinese: str, english: str) -> str:
        """Give the text of the language."""
        return english if self._english else chinese


def company(say: Words) -> str:
    return say("示例气弹簧有限公司", "Demo Gas Springs Co., Ltd.")


def claim_lines(say: Words) -> tuple[ClaimSheetLine, ...]:
    """Give the five lines of the story's claim: 588 + 8 + 4 + 45 + 12 = 657 pieces."""
    spring = say("气弹簧 B781 242N", "Gas spring B781 242N")
    resistance = say("行程中阻力不符，开启困难", "Resistance in the stroke, hard to open")
    pieces, price = say("支", "pcs"), Decimal("50.76")
    return (
        ClaimSheetLine(
            product=spring,
            model="YQ-22",
            lot="L2610A",
            ex_factory=date(2026, 10, 27),
            pieces=588,
            unit=pieces,
            unit_price=price,
            stated_reason=resistance,
            final_cause=say(
                "压装机 #6 限位块短 0.15 mm，密封圈压缩率过大（8D20261103001）",
                "Stop of press #6 0.15 mm short, seal compressed too far (8D20261103001)",
            ),
            responsibility_code=3,
            disposition=say(
                "合格 118，返工 424，拆解 46；等值货物冲抵", "Good 118, rework 424, other 46; equal-value goods"
            ),
            refund_ratio=Decimal(1),
        ),
        ClaimSheetLine(
            product=spring,
            model="YQ-22",
            lot="",
            ex_factory=date(2026, 10, 27),
            pieces=8,
            unit=pieces,
            unit_price=price,
            stated_reason=resistance,
            final_cause=say("活塞杆弯曲，装配工具夹痕：使用不当", "Rod bent, marks of a fitting tool: misuse"),
            responsibility_code=1,
            disposition=say("退回客户，附安装说明", "Back to the customer with the fitting instruction"),
            refund_ratio=Decimal(0),
            refusal_code="R3",
        ),
        ClaimSheetLine(
            product=say("非本公司气弹簧", "Gas spring, not ours"),
            model="",
            lot="",
            ex_factory=None,
            pieces=4,
            unit=pieces,
            unit_price=price,
            stated_reason=resistance,
            final_cause=say("无本公司标志、无批号", "Neither our mark nor a lot number"),
            responsibility_code=1,
            disposition=say("退回客户", "Back to the customer"),
            refund_ratio=Decimal(0),
            refusal_code="R2",
        ),
        ClaimSheetLine(
            product=say("气弹簧 B428 395N", "Gas spring B428 395N"),
            model="YQ-28",
            lot="L2609B",
            ex_factory=date(2026, 9, 21),
            pieces=45,
            unit=pieces,
            unit_price=Decimal("55.82"),
            stated_reason=say("漏油", "Leak"),
            final_cause=say(
                "密封圈毛边，供应商来料（SCAR-2611-02）", "Burr on the seal, supplier's part (SCAR-2611-02)"
            ),
            responsibility_code=2,
            disposition=say("报废 45；退款，转嫁供应商", "Scrap 45; refund, charged to the supplier"),
            refund_ratio=Decimal(1),
        ),
        ClaimSheetLine(
            product=say("装饰外壳 A644 247N", "Trim cover A644 247N"),
            model="ZW-22",
            lot="L2610C",
            ex_factory=date(2026, 10, 20),
            pieces=12,
            unit=say("只", "pcs"),
            unit_price=Decimal("158.74"),
            stated_reason=say("表面划伤", "Surface scratched"),
            final_cause=say("外箱破损，运输中摩擦", "Carton broken, rubbed in transport"),
            responsibility_code=6,
            disposition=say("抛光 12；按 50 % 折价", "Polish 12; 50 % discount"),
            refund_ratio=Decimal("0.5"),
        ),
    )


def story_claim(language: str = "zh_CN", *, signed: int = 7) -> ReturnAnalysisSheet:
    """Give the claim K20261124001: 33,311.22 for 645 of 657 pieces; the first `signed` places are filled."""
    say = Words(language)
    people = (
        (say("王伟涛", "Wang Weitao"), at(11, 24, 9, 5)),
        (say("沈国强", "Shen Guoqiang"), at(11, 24, 9, 15)),
        (say("高平", "Gao Ping"), at(11, 24, 9, 31)),
        (say("王涛兰", "Wang Taolan"), at(11, 24, 9, 52)),
        (say("宋佳", "Song Jia"), at(11, 24, 10, 1)),
        (say("钱进", "Qian Jin"), at(11, 24, 10, 20)),
        (say("沈国强", "Shen Guoqiang"), at(11, 24, 10, 31)),
    )
    return ReturnAnalysisSheet(
        company=company(say),
        form_number="QMS-004-J",
        customer=say("华东远航汽配有限公司", "Huadong Yuanhang Auto Parts Co., Ltd."),
        customer_number="C1001",
        day=date(2026, 11, 24),
        claim_number="K20261124001",
        rma_number="R20261103001",
        lines=claim_lines(say),
        signatures=tuple(
            SignaturePlace(place, name, moment if position < signed else None)
            for position, (place, (name, moment)) in enumerate(zip(SIGNATURE_PLACES, people, strict=True))
        ),
        printed_at=at(11, 24, 16, 30),
        zone=ZONE,
        settlements=(
            SettlementPart(EQUAL_VALUE_GOODS, Decimal("29846.88"), say("订单 SO261190010", "order SO261190010")),
            SettlementPart(OFF_RECEIVABLES, Decimal("3464.34")),
        ),
        charged_to_supplier=Decimal("2511.90"),
        approval=(SignaturePlace(N_("Vice president of sales"), say("郭明", "Guo Ming"), at(11, 24, 16, 20)),)
        if signed == len(people)
        else (SignaturePlace(N_("Vice president of sales"), say("郭明", "Guo Ming")),),
        approval_reason=say(
            "645 支超过 200 支；33,311.22 元超过 10,000 元", "645 pieces > 200; CNY 33,311.22 > 10,000"
        ),
        tax_percent=Decimal(13),
    )


def november(language: str = "zh_CN") -> MonthlyReturns:
    """Give November's month: seven reasons, 984 pieces of 19 cases, 61,240 shipped."""
    say = Words(language)
    measures = (
        say("8D20261103001，验证中，期限 2026-12-18", "8D20261103001, being verified, due 2026-12-18"),
        say("SCAR-2611-02，供应商 8D 已收，断点 2026-11-20", "SCAR-2611-02, 8D received, clean point 2026-11-20"),
        say("8D20261113001，分析中，期限 2026-11-23", "8D20261113001, in analysis, due 2026-11-23"),
        say("外箱改为双瓦楞，2026-12-01", "Double corrugated carton, 2026-12-01"),
        say(
            "8D20261117001，书面回复晚 56 h，原因已告客户", "8D20261117001, written reply 56 h late, customer told why"
        ),
    )
    reasons = (
        MonthlyReason(say("阻力超差", "Resistance"), 5, 596, 84, Decimal("18436.30"), measures[0]),
        MonthlyReason(say("漏油", "Leak"), 4, 131, 96, Decimal("9240.15"), measures[1]),
        MonthlyReason(say("毛刺", "Burr"), 3, 118, 140, Decimal("3318.00"), measures[2]),
        MonthlyReason(say("划伤（运输）", "Scratch (transport)"), 3, 64, 31, Decimal("2975.44"), measures[3]),
        MonthlyReason(say("卡滞", "Sticking"), 2, 36, 52, Decimal("1890.20"), measures[4], measure_overdue=True),
        MonthlyReason(say("错发、短发", "Wrong or short delivery"), 1, 22, 18, Decimal("640.00")),
    )
    return MonthlyReturns(
        company=company(say),
        form_number="QMS-004-C-9",
        year=2026,
        month=11,
        reasons=(
            MonthlyReason(say("其他", "Other"), 1, 17, 25, Decimal("512.10"), collective=True),
            *reasons,
        ),
        pieces_in_details=984,
        pieces_returned=996,
        pieces_shipped=61_240,
        signatures=(
            SignaturePlace(N_("Prepared by"), say("高平", "Gao Ping"), at(12, 1, 9, 0)),
            SignaturePlace(N_("Reviewed by"), say("胡丽桂", "Hu Ligui"), at(12, 1, 14, 0)),
            SignaturePlace(N_("Approved by"), say("胡霞军", "Hu Xiajun")),
        ),
        printed_at=at(12, 1, 14, 5),
        zone=ZONE,
        distribution=(
            N_("General manager"),
            N_("Deputy general manager"),
            N_("Management representative"),
            N_("Technical department"),
            N_("Sales department"),
            N_("Production department"),
        ),
        costs=(
            MonthlyCost(N_("Return loss"), Decimal("8758.10"), Decimal("6120.45")),
            MonthlyCost(N_("Claim cost"), Decimal("860.00"), Decimal("1200.00")),
            MonthlyCost(N_("Price reductions"), Decimal("952.44"), Decimal(0)),
        ),
        notes=(say("12 支非本公司责任，不计入。", "12 pieces are not by our fault and do not count."),),
        audit_anchor="9f2c41d07be8a3c55e0f6d1b24a97c80 · 2026-12-01 14:05",
    )


def empty_month(language: str = "zh_CN") -> MonthlyReturns:
    """Give a month in which nothing came back."""
    say = Words(language)
    return MonthlyReturns(
        company=company(say),
        form_number="QMS-004-C-9",
        year=2026,
        month=2,
        reasons=(),
        pieces_in_details=0,
        pieces_returned=0,
        pieces_shipped=0,
        signatures=(SignaturePlace(N_("Prepared by"), say("高平", "Gao Ping"), at(3, 2, 9, 0)),),
        printed_at=at(3, 2, 9, 5),
        zone=ZONE,
    )


def shipped_lines(say: Words) -> Iterator[ShippedLine]:
    """Give the shipments of YQ-22 L2610A and L2610B, as the sample book has them."""
    model = say("气弹簧 B781 242N", "Gas spring B781 242N")
    for shipment, shipped_on, order, number, lot, pieces, in_scope in (
        ("CK261027901", date(2026, 10, 27), "SO261090000", "C1001", "L2610A", 800, False),
        ("CK261028902", date(2026, 10, 28), "SO261090001", "C2002", "L2610A", 600, True),
        ("CK261029903", date(2026, 10, 29), "SO261090002", "C1018", "L2610A", 120, True),
        ("CK261030904", date(2026, 10, 30), "SO261090003", "C1020", "L2610B", 450, False),
        ("CK261030905", date(2026, 10, 30), "SO261090004", "C1011", "L2610B", 100, False),
        ("CK261102906", date(2026, 11, 2), "SO261190005", "C1018", "L2610B", 120, False),
        ("CK261103907", date(2026, 11, 3), "SO261190006", "C3002", "L2610B", 270, False),
    ):
        yield ShippedLine(
            shipment=shipment,
            shipped_on=shipped_on,
            order=order,
            customer_number=number,
            customer=customer_names(say)[number],
            product="YQ-22",
            model=model,
            lot=lot,
            pieces=pieces,
            in_scope=in_scope,
            found_by=f"S463087 → M2610F1 → YQ-22 {lot}",
        )


def customer_names(say: Words) -> dict[str, str]:
    return {
        "C1001": say("华东远航汽配有限公司", "Huadong Yuanhang Auto Parts Co., Ltd."),
        "C1011": say("天津滨海医疗器械", "Tianjin Binhai Medical Devices"),
        "C1018": say("西安航锐科技", "Xi'an Hangrui Technology"),
        "C1020": say("温州鹿城汽摩配", "Wenzhou Lucheng Auto and Motorcycle Parts"),
        "C2002": "Kestrel Automotive Ltd",
        "C3002": say("宁波甬联进出口", "Ningbo Yonglian Import and Export"),
    }


def story_recall(language: str = "zh_CN") -> RecallScope:
    """Give the what-if by supplier lot S463087: 1,660 pieces at 5 other customers, of which 720 are called back."""
    say = Words(language)
    names = customer_names(say)

    def customer(number: str, pieces: int, in_scope: int, *shipped: date) -> AffectedCustomer:
        return AffectedCustomer(
            number=number,
            name=names[number],
            country="GB" if number == "C2002" else "CN",
            pieces=pieces,
            pieces_in_scope=in_scope,
            shipments=len(shipped),
            first_shipped=min(shipped),
            last_shipped=max(shipped),
            contact=f"quality{number.lower()}@example.com",
            complainant=number == "C1001",
        )

    return RecallScope(
        company=company(say),
        form_number="QMS-003-A-R",
        assessment_number="RC20261105001",
        question=say(
            "供应商批号 S463087（密封圈 M-101）用到了哪里？", "Where did supplier lot S463087 (seal M-101) go?"
        ),
        scope=say(
            "YQ-22 L2610A 在其他客户处的 720 支；L2610B 试验 32/32 合格，原因只在 6 号压装机，不列入。",
            "YQ-22 L2610A at other customers, 720 pieces; L2610B tested 32 of 32 good, the cause is press #6 alone.",
        ),
        lots=(
            LotBalance("YQ-22", "L2610A", 1_680, 1_520, 160),
            LotBalance("YQ-22", "L2610B", 1_000, 940, 60),
        ),
        customers=(
            customer("C1001", 800, 0, date(2026, 10, 27)),
            customer("C2002", 600, 600, date(2026, 10, 28)),
            customer("C1018", 240, 120, date(2026, 10, 29), date(2026, 11, 2)),
            customer("C1020", 450, 0, date(2026, 10, 30)),
            customer("C1011", 100, 0, date(2026, 10, 30)),
            customer("C3002", 270, 0, date(2026, 11, 3)),
        ),
        lines=shipped_lines(say),
        open_points=(
            OpenPoint(
                say("2026-11-03 08:00 之后出货的批次", "Lots shipped after 2026-11-03 08:00"),
                say("出货记录只导入到该时刻", "Shipments are imported up to that moment only"),
                None,
                say("徐兰", "Xu Lan"),
            ),
            OpenPoint(
                say("经外贸商 C3002 转售的 270 支 L2610B", "270 pieces of L2610B resold by the trader C3002"),
                say("最终客户未知", "The final customer is not known"),
                270,
                say("王伟涛", "Wang Weitao"),
            ),
        ),
        asked_by=say("徐兰", "Xu Lan"),
        known_until=at(11, 3, 8, 0),
        printed_at=at(11, 5, 9, 40),
        zone=ZONE,
    )


def story_tracking(language: str = "zh_CN") -> ComplaintTracking:
    """Give the tracking table as of 22 November: four complaints, one of them overdue and one extended in time."""
    say = Words(language)
    return ComplaintTracking(
        company=company(say),
        form_number="ADD-PCD-QA-015.F2E",
        year=2026,
        month=11,
        cut_off=at(11, 22, 8, 0),
        complaints=(
            TrackedComplaint(
                number="C20261103001",
                customer_reference="TH-20261103-07",
                received_at=at(11, 3, 9, 12),
                customer=customer_names(say)["C1001"],
                complaint_class=N_("Quality"),
                urgent=True,
                product="YQ-22 L2610A",
                defect=say("行程阻力不符", "Resistance in the stroke"),
                pieces=600,
                preliminary_reply=Milestone(at(11, 3, 13, 12), at(11, 3, 11, 40)),
                written_reply=Milestone(at(11, 3, 21, 12), at(11, 3, 20, 30)),
                causes_and_measures=Milestone(at(11, 13), at(11, 11, 17, 0)),
                call_back=Milestone(at(12, 26)),
                responsible=say("徐兰", "Xu Lan"),
                state=N_("Verifying"),
                return_number="R20261103001",
                return_state=N_("sorted"),
                claim_number="K20261124001",
                claim_amount="33,311.22",
                claim_state=N_("approval"),
            ),
            TrackedComplaint(
                number="C20261109001",
                customer_reference="",
                received_at=at(11, 9, 10, 15),
                customer=say("苏州恒骏机电", "Suzhou Hengjun Electromechanical"),
                complaint_class=N_("Delivery"),
                urgent=False,
                product="SJ-22",
                defect=say("晚交 2 天", "2 days late"),
                pieces=80,
                preliminary_reply=Milestone(at(11, 9, 11, 15), at(11, 9, 12, 40)),
                written_reply=Milestone(at(11, 10, 10, 15), at(11, 10, 9, 0)),
                causes_and_measures=None,
                call_back=Milestone(at(11, 18), at(11, 17, 10, 0)),
                responsible=say("陈明军", "Chen Mingjun"),
                state=N_("Closed"),
                closed=True,
            ),
            TrackedComplaint(
                number="C20261112001",
                customer_reference="NH-8841",
                received_at=at(11, 12, 16, 48),
                customer="Nordhelm GmbH",
                complaint_class=N_("Quality"),
                urgent=False,
                product="JL-28",
                defect=say("毛刺", "Burr"),
                pieces=150,
                preliminary_reply=Milestone(at(11, 14), at(11, 13, 9, 30)),
                written_reply=Milestone(at(11, 18), at(11, 17, 17, 20)),
                causes_and_measures=Milestone(
                    at(11, 24),
                    None,
                    at(12, 2),
                    at(11, 20, 9, 0),
                    say("试验台 12-01 才有空", "Test bench free on 1 Dec"),
                ),
                call_back=None,
                responsible=say("周明杰", "Zhou Mingjie"),
                state=N_("In analysis"),
                return_number="R20261112002",
                return_state=N_("awaiting goods"),
            ),
            TrackedComplaint(
                number="C20261116001",
                customer_reference="",
                received_at=at(11, 16, 8, 20),
                customer=say("重庆嘉陵江汽车零部件", "Chongqing Jialingjiang Auto Parts"),
                complaint_class=N_("Quality"),
                urgent=False,
                product="ZD-34",
                defect=say("卡滞", "Sticking"),
                pieces=36,
                preliminary_reply=Milestone(at(11, 18), at(11, 17, 8, 0)),
                written_reply=Milestone(at(11, 20)),
                causes_and_measures=Milestone(at(11, 26)),
                call_back=None,
                responsible=say("朱娟霞", "Zhu Juanxia"),
                state=N_("In analysis"),
            ),
        ),
        prepared_by=say("王伟涛", "Wang Weitao"),
        printed_at=at(11, 22, 8, 0),
        zone=ZONE,
    )
