"""Pages made of plain dataclasses, to look at the parts of the window without a database (tests and screenshots)."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qms_desktop.i18n import _
from qms_desktop.permissions import Role
from qms_desktop.session import Session
from qms_desktop.ui import approval, cards, record, theme
from qms_desktop.ui.background import Background
from qms_desktop.ui.buttons import Button, FilterChip
from qms_desktop.ui.cells import Bar, Cell, Deadline, GroupRow, IconText, TwoLine
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.controls import TextField
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.flow import flow
from qms_desktop.ui.live import Live
from qms_desktop.ui.memory import Memory
from qms_desktop.ui.page import Page
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Eliding, Rule, Text
from qms_desktop.ui.workplace import Destination, Workplace

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path


class NoStore:
    """A database that the samples never ask."""

    def use(self) -> AbstractContextManager[None]:
        return nullcontext()

    def signing(self, password: str) -> AbstractContextManager[None]:  # noqa: ARG002 - as sessions ask it
        return nullcontext()

    def close(self) -> None:
        """Close nothing: there is no connection."""


def sample_session(*roles: Role) -> Session:
    """Give a person who may do what the roles allow."""
    return Session("10002", "徐兰", frozenset(roles or (Role.QE,)), NoStore(), station="QE-01")


def sample_workplace(
    folder: Path, *, session: Session | None = None, go: Callable[[Destination], None] | None = None
) -> Workplace:
    """Make everything that a page is given, in a folder that may be thrown away."""
    return Workplace(
        session=session or sample_session(),
        background=Background(),
        live=Live(),
        drafts=Drafts(folder / "drafts.sqlite3", person="10002", store="sample"),
        memory=Memory(folder / "window.json"),
        go=go or (lambda _destination: None),
    )


@dataclass(frozen=True)
class Task:
    """A line of *my work*."""

    what: str
    which: str
    icon: str
    customer: str
    problem: str
    why: str
    state: State
    due: Deadline


TASKS = (
    GroupRow("已逾期 · 2", "flame", "bad"),
    Task(
        "完成 8D 的 D4-D6 并送审",
        "8D20261110001 · 门锁总成 MS-28",
        "file-report",
        "佛山南顺电器",
        "锁舌回位不良 · 120 套",
        "根因与措施：7 个工作日",
        State("eight_d", "open"),
        Deadline("11-19 24:00", "逾期 9 h 40 min", "late"),
    ),
    Task(
        "判定未决客退品 4 支",
        "R20261103001 · 气弹簧 YQ-22 · L2610A",
        "arrows-split-2",
        "华东远航汽配",
        "行程中阻力不符，开启困难",
        "你是责任 QE",
        State("sorting", "sorting"),
        Deadline("11-18 24:00", "逾期 1 天 9 h", "late"),
    ),
    GroupRow("今天 · 3", "calendar-due", "wait"),
    Task(
        "采取应急补救措施（遏制）",
        "C20261120001 · 气弹簧 YQ-40 · L2610C",
        "message-report",
        "Nordhelm GmbH",
        "漏油 · 疑批量 · 200 支",
        "批量性不良：4 小时",
        State("complaint", "urgent"),
        Deadline("10:52", "还剩 1 h 12 min", "soon"),
    ),
    Task(
        "回复客户：初步原因",
        "C20261119003 · 电磁阀 DP-40",
        "message-report",
        "Saigon Precision JSC",
        "线圈开路 · 8 只",
        "1 个工作日初步回复",
        State("complaint", "accepted"),
        Deadline("12:00", "还剩 2 h 20 min", "soon"),
    ),
    Task(
        "复检 60 支返工品",
        "W20261117002 · 气弹簧 YQ-22 · 第 2 轮",
        "checkup-list",
        "华东远航汽配",
        "返工：更换阻尼油",
        "生产已报完工",
        State("pieces", "to_inspect"),
        Deadline("17:30", "还剩 7 h 50 min", "left"),
    ),
)


class SampleWork(Page):
    """Tiles, a grouped list and cards, as page 01."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.tiles = [
            cards.Tile(lambda: _("Late"), "flame", tone="bad"),
            cards.Tile(lambda: _("Today"), "calendar-due", tone="wait"),
            cards.Tile(lambda: _("Later"), "calendar-week"),
            cards.Tile(lambda: _("Waiting for others"), "hourglass"),
            cards.Tile(lambda: _("On time this month"), "target-arrow", tone="ok"),
        ]
        for tile, (figure, second) in zip(
            self.tiles, (("2", "1 d 9 h"), ("5", "10:52"), ("5", ""), ("6", ""), ("96 %", "≥ 95 %")), strict=True
        ):
            tile.show_figure(figure, second)
        columns = [
            Column(lambda: _("To do"), Cell.TWO_LINE, lambda task: TwoLine(task.what, task.which, task.icon), 250),
            Column(
                lambda: _("Customer and problem"),
                Cell.TWO_LINE,
                lambda task: TwoLine(task.customer, task.problem),
                150,
                stretch=True,
            ),
            Column(lambda: _("Why you"), Cell.WRAPPED, "why", 116),
            Column(lambda: _("State"), Cell.CHIP, "state", 112),
            Column(lambda: _("Due"), Cell.DEADLINE, "due", 140),
            Column("", Cell.ACTION, lambda _task: _("Open ↵"), 78),
        ]
        self.model = TableModel(columns)
        self.table = Table(
            self.model,
            name="sample_work",
            spoken_name=lambda: _("My work"),
            row_height=theme.TWO_LINE_ROW,
            memory=workplace.memory,
        )
        self.model.show(list(TASKS))
        self.table.choose(4)
        chips = [
            FilterChip(lambda: _("All"), count=12, chosen=True),
            FilterChip(lambda: _("Mine"), count=9),
            FilterChip(lambda: _("To sign"), count=1),
            FilterChip(lambda: _("Watching"), count=4),
        ]
        listing = cards.card(
            row(*chips, STRETCH, margins=(12, 10, 12, 8)),
            Rule(),
            (self.table, 1),
            Rule(),
            row(
                (Eliding(lambda: _("Enter opens · ↑↓ move · D extend · T hand over"), 12, ink="text3"), 1),
                margins=(12, 6, 12, 8),
            ),
            gap=0,
            margins=(1,),
        )
        right = column(
            cards.card(
                cards.card_head("stairs-up", lambda: _("Escalation"), Text("2", 12, ink="text2")),
                *(
                    Chip(state)
                    for state in (
                        State("deadline", "escalated", {"level": 1}),
                        State("deadline", "soon", {"left": "12 min"}),
                    )
                ),
                gap=10,
            ),
            cards.card(
                cards.card_head("hourglass", lambda: _("Waiting for others")),
                Text("郭明 · 销售副总", bold=True),
                STRETCH,
            ),
            gap=12,
        )
        right.setFixedWidth(theme.px(344))
        self.first_focus = self.table
        begin = Button(lambda: _("Register a complaint"), kind="primary", icon="plus", key="Ctrl+N", show_key=False)
        column(
            cards.page_head(lambda: _("My work"), "2026-11-20 · 徐兰", begin),
            row(*((tile, 1) for tile in self.tiles), gap=12),
            (row((listing, 1), right, gap=12), 1),
            gap=12,
            margins=(16,),
            into=self,
        )


@dataclass(frozen=True)
class Line:
    """A line of an RMA."""

    number: int
    product: TwoLine
    lot: TwoLine
    pieces: int
    price: Decimal
    amount: Decimal
    check: IconText


LINES = (
    Line(
        1,
        TwoLine("YQ-22 气弹簧", "B781 242N"),
        TwoLine("L2610A", "4426", bold=False),
        600,
        Decimal("50.76"),
        Decimal("30456.00"),
        IconText("2,400 − 0 ≥ 600", "circle-check", "ok"),
    ),
    Line(
        2,
        TwoLine("YQ-28 气弹簧", "B428 395N"),
        TwoLine("L2609B", "3926", bold=False),
        45,
        Decimal("55.82"),
        Decimal("2511.90"),
        IconText("300 − 12 ≥ 45", "circle-check", "ok"),
    ),
    Line(
        3,
        TwoLine("ZW-22 装饰外壳", "A644 247N"),
        TwoLine("L2610C", "—", bold=False),
        12,
        Decimal("158.74"),
        Decimal("1904.88"),
        IconText("Lot never shipped", "alert-triangle", "wait", bold=True),
    ),
)


class SampleRecord(Page):
    """A list beside a record with head, stepper, lines, facts and approval, as page 02."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        row((self._list(), 1), (self._record(), 2), gap=12, margins=(16,), into=self)

    def _list(self) -> QWidget:
        columns = [
            Column(lambda: _("RMA"), Cell.TWO_LINE, lambda task: TwoLine(task.which.split(" ")[0], "11-03"), 122),
            Column(
                lambda: _("Customer"),
                Cell.TWO_LINE,
                lambda task: TwoLine(task.customer, "YQ-22", bold=False),
                110,
                stretch=True,
            ),
            Column(lambda: _("State"), Cell.CHIP, "state", 112),
            Column(lambda: _("Done"), Cell.BAR, lambda _task: Bar(0.62, "62 %"), 96),
        ]
        model = TableModel(columns)
        table = Table(model, name="sample_rma", spoken_name=lambda: _("RMA"), row_height=theme.TWO_LINE_ROW)
        model.show([task for task in TASKS if isinstance(task, Task)])
        table.choose(0)
        self.filter = TextField(field="filter", icon="search").line
        self.filter.setAccessibleName("filter")
        chips = [
            FilterChip(lambda: _("To sign"), count=2, chosen=True),
            FilterChip(lambda: _("Still open"), count=31),
            FilterChip(lambda: _("All")),
        ]
        return cards.card(
            column(
                flow(*chips, gap=6),
                row((self.filter, 1), Button(icon="columns-3", name=lambda: _("Columns")), gap=6),
                margins=(10,),
            ),
            Rule(),
            (table, 1),
            gap=0,
            margins=(1,),
        )

    def _record(self) -> QWidget:
        def stations() -> list[str]:
            return [
                _("Requested"),
                _("Review"),
                _("Approval"),
                _("Awaiting goods"),
                _("Received"),
                _("Sorted"),
                _("Settled"),
                _("Closed"),
            ]

        head = record.RecordHead(stations)
        head.show_number("R20261103001", [State("rma_goods", "approval"), State("rma_kind", "physical")])
        head.deadline.show_deadline(_("Approval due"), "17:50 · 2 h 10 min", "soon")
        head.show_facts(
            "building-factory-2",
            "华东远航汽配有限公司",
            [
                record.Link(_("Complaint"), "C20261103001", lambda: None),
                record.Link(_("Customer's number"), "TH-20261103-07"),
            ],
        )
        if head.stepper:
            head.stepper.show_current(2)
        head.show_buttons(
            Button(lambda: _("Approve and sign…"), kind="primary", icon="signature", height=theme.HEAD_BUTTON),
            [
                Button(lambda: _("Send back…"), icon="arrow-back-up", height=theme.HEAD_BUTTON),
                Button(lambda: _("Refuse…"), icon="ban", height=theme.HEAD_BUTTON),
            ],
            [
                Button(lambda: _("Whole case"), kind="ghost", icon="timeline"),
                Button(lambda: _("Print"), kind="ghost", icon="printer"),
            ],
        )
        model = TableModel(
            [
                Column("#", Cell.TEXT, "number", 32),
                Column(lambda: _("Product"), Cell.TWO_LINE, "product", 140, stretch=True),
                Column(lambda: _("Lot"), Cell.TWO_LINE, "lot", 90),
                Column(lambda: _("Pieces"), Cell.NUMBER, "pieces", 70),
                Column("¥", Cell.NUMBER, "price", 70),
                Column(lambda: _("Amount"), Cell.NUMBER, "amount", 96),
                Column(lambda: _("Shipped − returned"), Cell.ICON_TEXT, "check", 170),
            ]
        )
        lines = Table(model, name="sample_lines", spoken_name=lambda: _("Lines"), row_height=46)
        model.show(LINES)
        fixed_rows(lines, 3)
        total = row(
            STRETCH,
            Text(lambda: _("Total"), 12, ink="text2"),
            Text("657", bold=True),
            16,
            Text("¥ 34,872.78", 15, bold=True),
        )
        facts = cards.card(
            cards.card_head("list-details", lambda: _("Facts")),
            cards.Facts(
                [
                    cards.Fact(lambda: _("Demand"), "12 小时内书面回复，提交 8D"),
                    cards.Fact(lambda: _("Freight"), "约 ¥ 1,280"),
                    cards.Fact(lambda: _("Valid until"), "2026-12-03"),
                ]
            ),
            STRETCH,
        )
        panel = approval.ApprovalPanel()
        panel.setFixedWidth(theme.px(330))
        panel.show_approval(
            [
                approval.Place("王伟涛", "业务员", "done", "11-03 14:18 已签：保修期内（36 个月），合同条款 7.2"),
                approval.Place("郭明", "销售副总", "now", "657 件超过 200 件，且 ¥34,872.78 超过 ¥10,000"),
            ],
            ladder_title="国内规则",
            source="客户抱怨处理程序 5.7.1.2",
            covers="签的是 11-03 14:18 的快照。之后改动件数或金额会重新请批。",
            ladder=[
                approval.Rung("≤ 100 件 且 ≤ ¥5,000", "业务复核即可"),
                approval.Rung("> 100 件 或 > ¥5,000", "销售部经理"),
                approval.Rung("> 200 件 或 > ¥10,000", "销售副总", this_one=True),
            ],
        )
        body = column(lines, total, (row((facts, 1), panel, gap=12), 1), gap=6)
        tabs = record.Tabs(
            [lambda: _("Record"), lambda: _("Photos"), lambda: _("History"), lambda: _("Related")],
            [body, QWidget(), QWidget(), QWidget()],
        )
        tabs.show_count(1, 4)
        return cards.card(head, (tabs, 1), margins=(16,))
