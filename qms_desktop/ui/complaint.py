"""The complaint page: the list with its limits, the record with lines, measures and answers, and the new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.rules import access, due
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import complaint
from qms_desktop.steps.complaint_choice import Choice as Which
from qms_desktop.ui import cards, complaint_deeds, plant_time, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, IconText, TwoLine
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.complaint_form import ComplaintForm
from qms_desktop.ui.due_words import due_cell, show_deadline
from qms_desktop.ui.list_side import LIST_WIDTH, PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.record import Link
from qms_desktop.ui.record_page import Beside, RecordPage, RecordView
from qms_desktop.ui.rma_request import RmaRequestForm
from qms_desktop.ui.rows import STRETCH, column, empty_out, layout_of, row
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Eliding, Rule, Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from qms_desktop.rules.clock import DeadlineShown
    from qms_desktop.session import Session
    from qms_desktop.ui.workplace import Workplace

FILTERS = (
    Filter(Which.OPEN, lambda: _("Still open")),
    Filter(Which.MINE, lambda: _("Mine")),
    Filter(Which.OVERDUE, lambda: _("Overdue")),
    Filter(Which.ALL, lambda: _("All")),
)


@dataclass(frozen=True)
class ComplaintInList:
    """A complaint as the list shows it at a moment."""

    id: int
    row: complaint.ComplaintRow
    now: datetime


@dataclass(frozen=True)
class ComplaintRead:
    """A complaint with what its page says beside it: the plant's clock and who is who."""

    shown: complaint.ComplaintShown
    now: datetime
    names: Mapping[str, str]

    def name_of(self, login: str) -> str:
        """Give a person's own name."""
        return self.names.get(login, login)


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the list."""
    now = due.moment(session)
    rows = complaint.listed(session, before_id=before_id, count=PAGE_ROWS, choice=Which(which), text=text)
    pieces = sum(one.pieces for one in rows)
    foot = " \u00b7 ".join(
        (
            wording.count_of(len(rows), N_("{count} complaint"), N_("{count} complaints")),
            _("newest first"),
            wording.all_pieces(pieces),
        )
    )
    return ListPage([ComplaintInList(one.id, one, now) for one in rows], len(rows) == PAGE_ROWS, foot)


def read_record(session: Session, *, complaint_id: int) -> ComplaintRead:
    """Give one complaint with the plant's clock and the people's names."""
    names = {person.login: person.name for person in access.listed(session)}
    return ComplaintRead(complaint.show(session, complaint_id=complaint_id), due.moment(session), names)


def state_of(one: complaint.ComplaintRow) -> State:
    """Give a complaint's state for its chip."""
    return State("complaint", str(one.state).lower())


class ComplaintPage(RecordPage):
    """Ctrl+N opens the form; Enter on a row opens the record."""

    view: ComplaintView
    watches = frozenset(
        {
            "attachment",
            "attachment_withdrawal",
            "complaint",
            "complaint_line",
            "containment",
            "customer_reply",
            "customer_verdict",
            "deadline",
            "rma",
        }
    )

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record: ComplaintRead | None = None
        may_register = workplace.session.may(complaint.register.permission)
        begin = Button(
            lambda: _("Register the first complaint"), icon="plus", height=theme.HEAD_BUTTON, clicked=self.begin
        )
        empty = cards.EmptyPage(
            "message-report",
            lambda: _("Customer complaints belong here"),
            lambda: _("Each has a number, limits and a next step. Register it first; the clock runs since the call."),
            begin=begin if may_register else None,
        )
        self.new = Button(
            lambda: _("New"),
            kind="primary",
            icon="plus",
            key="Ctrl+N",
            show_key=False,
            name=lambda: _("New complaint"),
            clicked=self.begin,
        )
        side = ListSide(
            self,
            _columns(),
            name="complaints",
            spoken_name=lambda: _("Complaints"),
            filters=FILTERS,
            reading=read_list,
            first=Which.OPEN,
            empty=empty,
            begin=self.new if may_register else None,
        )
        side.setMinimumWidth(theme.px(LIST_WIDTH))
        nothing = cards.EmptyPage(
            "message-report",
            lambda: _("No complaint is chosen"),
            lambda: _("Choose one from the list, scan its number, or register a new one."),
        )
        self.put(side, ComplaintView(self), nothing=nothing)
        self.form = ComplaintForm(self)
        self.form.registered.connect(self._registered)
        self.form.left.connect(self._form_left)
        self.request = RmaRequestForm(self)
        self.request.requested.connect(lambda made: workplace.go(Destination("rma", made.rma_id, made.number)))
        self.request.left.connect(lambda: self.right.setCurrentWidget(self.view))
        self.right.addWidget(self.form)
        self.right.addWidget(self.request)

    # What the frame asks.

    def show_record(self, destination: Destination) -> None:
        super().show_record(destination)
        if destination.number.startswith("new"):
            case_id = destination.number.removeprefix("new").strip()
            self.begin(joins_case=int(case_id) if case_id else None)

    def is_being_edited(self) -> bool:
        return (self.right.currentWidget() is self.form and self.form.form.dirty) or (
            self.right.currentWidget() is self.request and self.request.form_is_dirty()
        )

    # The record.

    def choose(self, record_id: int) -> None:
        """Show a complaint; a form that is open keeps its draft."""
        if self.right.currentWidget() is self.form:
            self.form.form.keep_draft()
        self.record_id = record_id
        self._read(record_id, then=self.show_read)

    def read_record(self, record_id: int) -> None:
        self._read(record_id, then=self._read_again)

    def _read(self, record_id: int, *, then: Callable[[ComplaintRead], None]) -> None:
        self.read(read_record, then=then, slot="complaint.record", complaint_id=record_id)

    def _read_again(self, read: ComplaintRead) -> None:
        if self.right.currentWidget() in (self.form, self.request):
            self.record = read
            self.view.show_read(read)
        else:
            self.show_read(read)

    def show_read(self, read: ComplaintRead) -> None:
        super().show_read(read)
        self._turn_to(self.view)

    def show_nothing(self) -> None:
        if self.record_id is None and self.right.currentWidget() is self.view:
            self._turn_to(self.nothing)
            self.turn(to_record=False)

    def _turn_to(self, widget: QWidget) -> None:
        self.right.setCurrentWidget(widget)
        is_view = widget in (self.view, self.nothing)
        # One primary a page: the form's own while it is open, else the record's next step.
        self.new.set_kind("" if widget is not self.nothing else "primary")
        self.new.setEnabled(is_view)

    # The new complaint.

    def begin(self, *, joins_case: int | None = None) -> None:
        """Open the form for a new complaint, with its draft if one was left; it may join a case that is open."""
        if self.workplace.session.may(complaint.register.permission):
            self._turn_to(self.form)
            self.turn(to_record=True)
            self.form.open(joins_case=joins_case)

    def _registered(self, made: complaint.Registered) -> None:
        self.say(_("Complaint {number} is registered; its limits run.").format(number=made.number))
        self.open_record(made.complaint_id)
        self.list.choose_filter(Which.OPEN)
        self.list.table.setFocus()

    def _form_left(self) -> None:
        self._turn_to(self.view if self.record_id is not None else self.nothing)
        self.turn(to_record=self.record_id is not None)
        self.list.table.setFocus()

    def ask_for_rma(self) -> None:
        """Open the request of an RMA for this complaint."""
        if self.record is not None:
            self.request.open(self.record.shown)
            self._turn_to(self.request)


class ComplaintView(RecordView):
    """The record: head, lines, measures and answers beside the clocks, and the tabs of the case."""

    def __init__(self, page: ComplaintPage) -> None:
        super().__init__(page, photos_of=AttachedTo.COMPLAINT)
        self._page = page
        self.model = TableModel(_line_columns())
        self.lines = Table(
            self.model, name="complaint_lines", spoken_name=lambda: _("Lines of the complaint"), row_height=46
        )
        self.facts = cards.Facts(label_width=130)
        self.limits = QWidget()
        self.measures = QWidget()
        self.answers = QWidget()
        for widget in (self.limits, self.measures, self.answers):
            column(gap=0, into=widget)
        left = column(
            cards.card(cards.card_head("list-details", lambda: _("Facts")), self.facts),
            cards.card(cards.card_head("shield-check", lambda: _("Containment")), self.measures),
            cards.card(cards.card_head("send", lambda: _("Answers to the customer")), self.answers),
            STRETCH,
            gap=12,
        )
        right = column(cards.card(cards.card_head("clock", lambda: _("Limits")), self.limits), STRETCH)
        body = column(self.lines, row((left, 1), right, gap=12), STRETCH, gap=12)
        self.put(body, beside=Beside(right, lambda: _("Limits"), 330))

    def show_read(self, read: ComplaintRead) -> None:
        shown, now = read.shown, read.now
        states = [state_of(shown.row)]
        if str(shown.row.urgency) == "URGENT":
            states.append(State("complaint", "urgent"))
        self.head.show_number(shown.row.number, states)
        show_deadline(self.head.deadline, shown.row.unmet, now)
        links = [Link("", shown.row.customer_code)]
        if shown.customer_reference:
            links.append(Link(lambda: _("Customer's number"), shown.customer_reference))
        links.append(Link(lambda: _("Reported at"), wording.moment(shown.row.received_at)))
        self.head.show_facts("building-factory-2", shown.row.customer_name, links)
        next_step, others = complaint_deeds.buttons(self._page, shown)
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: self._page.workplace.go(Destination("case", shown.row.case_id)),
        )
        self.head.show_buttons(next_step, others, [whole])
        self.model.show(shown.lines)
        fixed_rows(self.lines, len(shown.lines))
        self._show_facts(shown)
        self._show_limits(shown, now)
        self._show_deeds(read)
        self.case.show_case(shown.row.case_id, shown.row.id)

    def _show_facts(self, shown: complaint.ComplaintShown) -> None:
        traits = " \u00b7 ".join(_(trade_words.TRAITS[trait]) for trait in shown.traits) or "\u2014"
        grave = f"{_(trade_words.CLASSES[shown.complaint_class])} \u00b7 {_(trade_words.SEVERITIES[shown.severity])}"
        own = _("within {hours} h").format(hours=shown.own_limit_hours) if shown.own_limit_hours else "\u2014"
        self.facts.show_facts(
            [
                cards.Fact(lambda: _("Class and severity"), grave),
                cards.Fact(lambda: _("Traits"), traits),
                cards.Fact(lambda: _("Channel"), _(trade_words.CHANNELS[shown.channel])),
                cards.Fact(lambda: _("Written answer wanted"), own),
                cards.Fact(lambda: _("Demand"), shown.demand or "\u2014"),
            ]
        )

    def _show_limits(self, shown: complaint.ComplaintShown, now: datetime) -> None:
        layout = layout_of(self.limits)
        empty_out(layout)
        for limit in shown.deadlines:
            layout.addWidget(_limit_line(limit, now))
            layout.addWidget(Rule())

    def _show_deeds(self, read: ComplaintRead) -> None:
        layout = layout_of(self.measures)
        empty_out(layout)
        for one in read.shown.containments:
            pieces = wording.pieces(one.pieces) if one.pieces is not None else ""
            second = " \u00b7 ".join(filter(None, (one.place, read.name_of(one.who), wording.moment(one.at))))
            layout.addWidget(_deed_line(one.measure, second, pieces))
        if not read.shown.containments:
            layout.addWidget(Text(lambda: _("Nothing is contained yet."), theme.SMALL, ink="text3"))
        layout = layout_of(self.answers)
        empty_out(layout)
        for told in read.shown.replies:
            second = " \u00b7 ".join(
                (_(trade_words.REPLIES[told.kind]), read.name_of(told.who), wording.moment(told.at))
            )
            layout.addWidget(_deed_line(told.text, second, ""))
        for verdict in read.shown.verdicts:
            word = _("Satisfied") if verdict.is_satisfied else _("Not satisfied")
            title = " \u00b7 ".join(filter(None, (word, verdict.text)))
            second = " \u00b7 ".join((verdict.said_by, read.name_of(verdict.who), wording.moment(verdict.at)))
            layout.addWidget(_deed_line(title, second, ""))
        if not read.shown.replies:
            layout.addWidget(Text(lambda: _("The customer has no answer yet."), theme.SMALL, ink="text3"))


def _deed_line(title: str, second: str, figure: str) -> QWidget:
    words = column(Text(title, bold=True, wrap=True), Eliding(second, theme.SMALL, ink="text2"), gap=2)
    return row((words, 1), Text(figure, bold=True) if figure else None, gap=10, margins=(0, 4, 0, 6))


def _limit_line(limit: DeadlineShown, now: datetime) -> QWidget:
    who = _(trade_words.NAMED_BY[limit.named_by])
    rule = limit.rule.partition("\u300c")[0].strip()
    second = " \u00b7 ".join(filter(None, (_("set by {who}").format(who=who), rule)))
    until = wording.limit(limit.runs_until, today=plant_time.day_of(now))
    if limit.met_at is not None:
        in_time = limit.met_at <= limit.runs_until
        chip = State("deadline", "met") if in_time else State("deadline", "late", word=_("Met late"))
    else:
        urgency = wording.urgency(limit.runs_until, now)
        chip = State("deadline", urgency, {"left": wording.span(limit.runs_until - now)})
    title = column(
        Eliding(_(trade_words.EVENTS[limit.event]), bold=True), Eliding(second, theme.SMALL, ink="text2"), gap=0
    )
    moment = column(row(STRETCH, Chip(chip)), Text(until, theme.SMALL, ink="text2", right=True), gap=2)
    return row((title, 1), moment, gap=8, margins=(0, 6, 0, 6))


def _columns() -> list[Column]:
    return [
        Column(
            lambda: _("Complaint"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.row.number, wording.moment(one.row.received_at)),
            122,
        ),
        Column(
            lambda: _("Customer"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.row.customer_short_name, wording.first_of(one.row.products), bold=False),
            80,
            stretch=True,
        ),
        Column(lambda: _("Pcs"), Cell.NUMBER, lambda one: one.row.pieces, 52),
        Column(lambda: _("State"), Cell.CHIP, lambda one: state_of(one.row), 102),
        Column(lambda: _("Due"), Cell.DEADLINE, lambda one: due_cell(one.row.unmet, one.now), 108),
    ]


def _line_columns() -> list[Column]:
    return [
        Column("#", Cell.TEXT, lambda line: str(line.position), 32),
        Column(lambda: _("Product"), Cell.TWO_LINE, lambda line: TwoLine(line.product_code, line.product_name), 96),
        Column(lambda: _("Lot"), Cell.TEXT, lambda line: line.lot_number or "\u2014", 80),
        Column(
            lambda: _("What is wrong"),
            Cell.TWO_LINE,
            lambda line: TwoLine(
                line.customer_words,
                " \u00b7 ".join(filter(None, (f"{line.defect_code} {line.defect_name}".strip(), line.found_where))),
                bold=False,
            ),
            140,
            stretch=True,
        ),
        Column(lambda: _("Pieces"), Cell.NUMBER, lambda line: wording.pieces(line.pieces_complained, line.unit), 76),
        Column(
            lambda: _("Shipped"),
            Cell.NUMBER,
            lambda line: wording.pieces(line.pieces_shipped, line.unit) if line.pieces_shipped else "\u2014",
            76,
        ),
        Column(lambda: _("Characteristic"), Cell.ICON_TEXT, _characteristic, 104),
    ]


def _characteristic(line: complaint.LineShown) -> IconText:
    if line.is_safety:
        return IconText(_("Safety"), "alert-triangle", "hold", bold=True)
    return IconText(_("Ordinary"), "circle", "text3")
