"""Forms, chips, the story of a case, the dock and a signature made of plain values, to look at without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from qms_desktop.drawing.timeline import Happening
from qms_desktop.i18n import _
from qms_desktop.ui import cards, station, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.case_story import CaseStory, CaseStoryPage, RelatedRecord
from qms_desktop.ui.chip import CHIPS, Chip, State
from qms_desktop.ui.controls import CheckField, Choice, ChoiceField, MomentField, NotesField, NumberField, TextField
from qms_desktop.ui.dock_station import StationWindow, dock_station
from qms_desktop.ui.flow import flow
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.page import Page
from qms_desktop.ui.rows import STRETCH, column, row, scrolling
from qms_desktop.ui.signature_dialog import Evidence, Figure, SignatureRequest
from qms_desktop.ui.station import Question, StationKey
from qms_desktop.ui.text import Eliding, Rule, Text
from qms_desktop.ui.workplace import Destination, Workplace

if TYPE_CHECKING:
    from collections.abc import Callable


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
