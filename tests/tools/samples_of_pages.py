"""Pages made of plain dataclasses, to look at the parts of the window without a database (tests and screenshots)."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from qms_desktop.drawing.timeline import Happening
from qms_desktop.i18n import _
from qms_desktop.permissions import Role
from qms_desktop.session import Session
from qms_desktop.ui import approval, cards, record, station, theme
from qms_desktop.ui.background import Background
from qms_desktop.ui.buttons import Button, FilterChip
from qms_desktop.ui.case_story import CaseStory, CaseStoryPage, RelatedRecord
from qms_desktop.ui.cells import Bar, Cell, Deadline, GroupRow, IconText, TwoLine
from qms_desktop.ui.chip import CHIPS, Chip, State
from qms_desktop.ui.controls import CheckField, Choice, ChoiceField, MomentField, NotesField, NumberField, TextField
from qms_desktop.ui.dock_station import StationWindow, dock_station
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.flow import flow
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.live import Live
from qms_desktop.ui.memory import Memory
from qms_desktop.ui.page import Page
from qms_desktop.ui.rows import STRETCH, column, row, scrolling
from qms_desktop.ui.signature_dialog import Evidence, Figure, SignatureRequest
from qms_desktop.ui.station import Question, StationKey
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
            FilterChip(lambda: _("Open"), count=31),
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


class SampleForm(Page):
    """An empty list beside a form with errors, as page 12."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.fields = {
            "customer": Field(
                lambda: _("Customer"),
                TextField(field="customer", required=True),
                hint="国内 · 保修 36 个月",
                required=True,
            ),
            "channel": Field(
                lambda: _("Channel"),
                ChoiceField(
                    [Choice("phone", lambda: _("Phone")), Choice("mail", lambda: _("E-mail"))], field="channel"
                ),
            ),
            "reported_at": Field(
                lambda: _("Reported by the customer"), MomentField(field="reported_at"), required=True
            ),
            "product": Field(lambda: _("Product"), TextField(field="product"), hint="关键特性：开启力；行程"),
            "lot": Field(lambda: _("Lot"), TextField(field="lot"), hint="出货记录：2,400 支，3 单"),
            "pieces": Field(lambda: _("Pieces complained of"), NumberField(), required=True),
            "defect": Field(lambda: _("What is wrong"), NotesField(field="defect", required=True), required=True),
        }
        self.form = Form("sample_complaint", self.fields, drafts=workplace.drafts, parent=self)
        self.save = Button(lambda: _("Register"), kind="primary", icon="check", key="Ctrl+Return")
        self.form.submits(self.save)
        grid_widget = QWidget()
        grid = QGridLayout(grid_widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(8))
        for place, name in enumerate(("customer", "channel", "reported_at", "product", "lot", "pieces")):
            grid.addWidget(self.fields[name], place // 3, place % 3, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place % 3, 1)
        checks = flow(
            *(
                CheckField(words).widget
                for words in (lambda: _("Batch"), lambda: _("Function"), lambda: _("Written reply wanted"))
            ),
            gap=20,
        )
        similar = cards.panel(
            "wait",
            "alert-triangle",
            lambda: _("2 similar complaints within 90 days"),
            "C20261028005 · 20 支",
            Button(lambda: _("Join the same 8D…")),
        )
        due = cards.panel("run", "clock", lambda: _("Due after registration"), "4 h · 1 d · 12 h · 7 d")
        empty = cards.EmptyPage(
            "message-report",
            lambda: _("Customer complaints belong here"),
            lambda: _("Each has a number, deadlines and a next step. The clock starts at the customer's time."),
            begin=Button(
                lambda: _("Register the first complaint"), icon="plus", key="Ctrl+N", height=theme.HEAD_BUTTON
            ),
            others=[Button(lambda: _("Paste from mail"), kind="ghost", icon="clipboard-text")],
        )
        left = cards.card((empty, 1))
        right = cards.card(
            row(Text(lambda: _("New complaint"), theme.TITLE, bold=True), Chip(State("form", "draft")), STRETCH),
            cards.ErrorLine(self.form),
            Rule(),
            (scrolling(column(grid_widget, self.fields["defect"], similar, checks, due, STRETCH, gap=12)), 1),
            Rule(),
            row(
                Text(lambda: _("* needed"), 12, ink="text3"),
                STRETCH,
                Button(lambda: _("Cancel"), key="Escape"),
                self.save,
            ),
            gap=12,
            margins=(16,),
        )
        row((left, 1), (right, 2), gap=12, margins=(16,), into=self)

    def show_errors(self) -> None:
        """Fill in what is wrong and let the form find it."""
        self.fields["customer"].control.put("华东远航汽配有限公司")
        self.fields["reported_at"].control.put("2026-13-06 10:20")
        self.fields["pieces"].control.put("12.5")
        self.form.read()


class SampleChips(Page):
    """Every chip of the table."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        sheet = QWidget()
        grid = QGridLayout(sheet)
        values = {"reason": "R2", "left": "2 h", "round": 2, "level": 1, "count": 3}
        for place, (kind, state) in enumerate(CHIPS):
            grid.addWidget(Chip(State(kind, state, values)), place % 34, place // 34, Qt.AlignmentFlag.AlignLeft)
        column((cards.card((scrolling(sheet), 1)), 1), margins=(16,), into=self)


def sample_story(workplace: Workplace) -> CaseStoryPage:
    """Make the page of a case with a few happenings."""
    story = CaseStory(
        "C20261103001",
        "华东远航汽配有限公司",
        "YQ-22 气弹簧 · 行程中阻力不符",
        (
            Happening("09:20", "登记投诉", "王伟涛 · 电话", "600 支", "run", day="11-03"),
            Happening("10:05", "遏制：冻结出货 L2610A", "徐兰", "1,660 支", "hold"),
            Happening("15:40", "批准 RMA R20261103001", "郭明 销售副总", "657 件 · ¥ 34,872.78", "ok"),
            Happening("10:10", "收货并贴标", "周磊秀 · 短少 4", "596 支", "run", day="11-04"),
            Happening("16:30", "挑选完成", "高平 · 返工 420，报废 56", "596 支", "ok", day="11-11"),
            Happening("24:00", "完成 8D 的 D4-D6", "徐兰", "", "wait", done=False, day="11-12"),
        ),
        (
            RelatedRecord("R20261103001", "RMA · 657 件", Destination("rma", 1)),
            RelatedRecord("8D20261103001", "8D", Destination("eight_d", 1)),
        ),
    )
    page = CaseStoryPage(workplace, reading=lambda _session, *, case_id: story)
    page.show_story(story)
    return page


def sample_dock(workplace: Workplace, *, step: int = 0) -> StationWindow:
    """Make the dock at one of its steps: 0 scan, 1 count, 3 alarm."""
    dock = dock_station(workplace)
    nothing: Callable[[], None] = lambda: None  # noqa: E731 - a deed that does nothing
    if step == 0:
        field = station.station_field(placeholder=lambda: _("R…  or customer / product / waybill"))
        question = Question(
            lambda: _("Scan the RMA code on the parcel"),
            lambda: _("No code? Type customer, product or waybill"),
            row((QWidget(), 1), (field, 4), (QWidget(), 1)),
            icon="scan",
        )
        expected = row(
            *(
                (station.order_line(number, who, Chip(State("receipt", state), size=15)), 1)
                for number, who, state in (
                    ("R20261103001", "华东远航汽配 · YQ-22 +2", "expected"),
                    ("R20261030003", "青岛海陆通用机械 · ZW-34", "arrived"),
                )
            ),
            gap=12,
        )
        page = column((question, 1), expected, gap=16)
        keys = [
            StationKey("F2", lambda: _("Find"), nothing),
            StationKey("F3", lambda: _("Goods without RMA"), nothing),
            StationKey("Escape", lambda: _("Leave the station"), dock.leave),
        ]
        dock.show_step(0, page, keys, focus=field)
    elif step == 1:
        field = station.station_field(placeholder="", count=True)
        field.setText("596")
        confirm = station.station_button(
            lambda: _("Confirm"), kind="primary", icon="check", key="Return", clicked=nothing
        )
        confirm.setMinimumWidth(theme.px(600))
        question = Question(
            lambda: _("Pieces counted"),
            lambda: _("Blind count: the announced number shows after Enter"),
            row(STRETCH, (field, 4), Text("支", 44, bold=True, ink="text2"), STRETCH, gap=20),
            row(STRETCH, confirm, STRETCH),
        )
        left = cards.card(
            Text("R20261103001", 28, bold=True),
            Eliding("华东远航汽配有限公司", 20, ink="text2"),
            Rule(),
            Text("YQ-22 气弹簧", 32, bold=True),
            cards.panel("ok", "circle-check", lambda: _("It is ours"), "L2610A", station=True),
            STRETCH,
            margins=(24,),
            gap=14,
        )
        dock.show_step(
            1,
            row((left, 2), (question, 3), gap=16),
            [
                StationKey("F4", lambda: _("Photo"), nothing),
                StationKey("F6", lambda: _("Difference"), nothing),
                StationKey("Escape", lambda: _("Back, the number is kept"), nothing),
            ],
            focus=field,
        )
    else:
        alarm = station.Alarm(
            _("Stop: this label is void"),
            "R20261103001.1.000009 → 000031 · 000032 · 000033",
            _("Tear the old label off and put the new one on."),
            understood=dock.end_alarm,
        )
        dock.sound_alarm(
            alarm,
            [
                StationKey("F5", lambda: _("Print again"), nothing),
                StationKey("Escape", lambda: _("Back to scanning"), dock.end_alarm),
            ],
        )
    return dock


def sample_signature() -> SignatureRequest:
    """Give the signature of page 11."""
    return SignatureRequest(
        title="批准 RMA R20261103001",
        verb="批准并签字",
        state=State("deadline", "soon", {"left": "2 h 10 min"}),
        subject="华东远航汽配有限公司 · 换货 600 · 退款 45 · 换货 12",
        figures=[
            Figure("件数", "657"),
            Figure("金额", "¥ 34,872.78"),
            Figure("预计质量损失", "¥ 21,300"),
            Figure("90 天内同类", "2 起", "wait"),
        ],
        why_you="为什么是你：国内退货 657 件 > 200 件，且 ¥34,872.78 > ¥10,000 → 销售副总",
        rule="客户抱怨处理程序 5.7.1.2 · 低于此数由销售部经理签",
        evidence=[
            Evidence("photo", "证据", "照片 4", "F4", lambda: None),
            Evidence("file-text", "客户单", "TH-20261103-07", "F5", lambda: None),
            Evidence("history", "与上次相比", "第一次请批", "F6", lambda: None),
        ],
        signed="签的是快照 7c3e…b1f4：三行、657 件、¥34,872.78",
        signer="郭明",
        seat="销售副总",
        station="SALES-03",
        moment="2026-11-03 15:40:12",
    )
