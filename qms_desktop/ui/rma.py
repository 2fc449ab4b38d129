"""The RMA page: what may come back, checked against what was shipped, with quality's opinion and the approval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.rules import access, due
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import master_data, rma, rma_waiting
from qms_desktop.ui import cards, plant_time, rma_approval, rma_deeds, theme, trade_words, wording
from qms_desktop.ui.approval import ApprovalPanel
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, Deadline, IconText, TwoLine
from qms_desktop.ui.chip import State
from qms_desktop.ui.due_words import due_cell, show_deadline
from qms_desktop.ui.list_side import LIST_WIDTH, PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.record import Link, RecordHead
from qms_desktop.ui.record_page import Beside, RecordPage, RecordView
from qms_desktop.ui.rows import STRETCH, column, empty_out, layout_of, row
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qms_desktop.rules.clock import DeadlineShown
    from qms_desktop.session import Session
    from qms_desktop.ui.workplace import Workplace

G = rma.GoodsState
TO_ME, MINE, OPEN, ALL = "to_me", "mine", "open", "all"
OPEN_STATES = (G.REQUESTED, G.APPROVAL, G.AWAITING_GOODS, G.NON_PHYSICAL, G.RECEIVED)
FILTERS = (
    Filter(TO_ME, lambda: _("Wait for me")),
    Filter(MINE, lambda: _("Mine")),
    Filter(OPEN, lambda: _("Still open")),
    Filter(ALL, lambda: _("All")),
)
_STATION_OF = {
    G.REQUESTED: 1,
    G.APPROVAL: 2,
    G.AWAITING_GOODS: 3,
    G.NON_PHYSICAL: 5,
    G.RECEIVED: 4,
    G.SORTED: 5,
    G.REFUSED: 2,
    G.CANCELLED: 2,
}


@dataclass(frozen=True)
class RmaInList:
    """An RMA as the list shows it at a moment, with the nearest limit of its case."""

    id: int
    row: rma.RmaRow
    limit: DeadlineShown | None
    now: datetime


@dataclass(frozen=True)
class LineChecked:
    """A line with what was shipped, and what other RMAs let come back already, in pieces."""

    line: rma.RmaLineShown
    pieces_returned: int


@dataclass(frozen=True)
class RmaRead:
    """An RMA with what its page says beside it."""

    shown: rma.RmaShown
    lines: tuple[LineChecked, ...]
    limit: DeadlineShown | None
    now: datetime
    people: tuple[access.PersonShown, ...]

    @property
    def names(self) -> Mapping[str, str]:
        """Give the people's own names by login."""
        return {person.login: person.name for person in self.people}


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the list; what waits for me comes whole."""
    waiting = [one.row for one in rma_waiting.waiting_for_me(session)]
    rows: list[rma.RmaRow] | tuple[rma.RmaRow, ...]
    more = False
    if which == TO_ME:
        rows = waiting if before_id is None else []
    else:
        states = OPEN_STATES if which == OPEN else ()
        rows = rma.listed(
            session, before_id=before_id, count=PAGE_ROWS, states=states, only_mine=which == MINE, text=text
        )
        more = len(rows) == PAGE_ROWS
    now = due.moment(session)
    limits = due.nearest_of_cases(session, case_ids=[one.case_id for one in rows])
    counted = wording.count_of(len(rows), N_("{count} RMA"), N_("{count} RMAs"))
    foot = wording.joined(counted, _("newest first"), wording.all_pieces(sum(one.pieces for one in rows)))
    listed = [RmaInList(one.id, one, limits.get(one.case_id), now) for one in rows]
    return ListPage(listed, more, foot, ((TO_ME, len(waiting)),))


def read_record(session: Session, *, rma_id: int) -> RmaRead:
    """Give one RMA with its checks, the nearest limit of its case and the people's names."""
    shown = rma.show(session, rma_id=rma_id)
    lines = tuple(LineChecked(line, _returned(session, shown, line)) for line in shown.lines)
    limits = due.nearest_of_cases(session, case_ids=[shown.row.case_id])
    people = access.listed(session)
    return RmaRead(shown, lines, limits.get(shown.row.case_id), due.moment(session), people)


def _returned(session: Session, shown: rma.RmaShown, line: rma.RmaLineShown) -> int:
    if line.pieces_shipped is None:
        return 0
    left = master_data.shipped_to(
        session, customer=shown.row.customer_code, product=line.product_code, lot=line.lot_number
    )
    own = 0 if shown.row.goods_state in (G.REFUSED, G.CANCELLED) else line.pieces_agreed
    return max(0, line.pieces_shipped - left - own)


def goods_state(row: rma.RmaRow, refusal: str = "") -> State:
    """Give where the goods are, for a chip."""
    return State("rma_goods", str(row.goods_state).lower(), {"reason": refusal})


def stations() -> list[str]:
    """Name the stations of an RMA."""
    return [
        _("Requested"),
        _("Review"),
        _("Approval"),
        _("Goods in"),
        _("Received"),
        _("Sorted"),
        _("Settled"),
        _("Closed"),
    ]


class RmaPage(RecordPage):
    """The list beside the record; requests begin at the complaint."""

    view: RmaView
    watches = frozenset(
        {
            "attachment",
            "attachment_withdrawal",
            "rma",
            "rma_line",
            "rma_line_price",
            "rma_opinion",
            "rma_review",
            "rma_refusal",
            "signature",
            "deadline",
            "receipt",
        }
    )

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record: RmaRead | None = None
        to_complaints = Button(
            lambda: _("To the complaints"),
            icon="message-report",
            height=theme.HEAD_BUTTON,
            clicked=lambda: workplace.go(Destination("complaint")),
        )
        empty = cards.EmptyPage(
            "truck-return",
            lambda: _("RMAs belong here"),
            lambda: _("An RMA says what may come back. It is requested from its complaint, where the lines are known."),
            begin=to_complaints,
        )
        waits = bool({rma.approve, rma.review, rma.give_opinion} & _may(workplace.session))
        side = ListSide(
            self,
            _columns(),
            name="rmas",
            spoken_name=lambda: _("RMAs"),
            filters=FILTERS,
            reading=read_list,
            first=OPEN,
            empty=empty,
        )
        side.chips[TO_ME].setVisible(waits)
        side.setMinimumWidth(theme.px(LIST_WIDTH))
        nothing = cards.EmptyPage(
            "truck-return",
            lambda: _("No RMA is chosen"),
            lambda: _("Choose one from the list, or scan the number on a parcel."),
        )
        self.put(side, RmaView(self), nothing=nothing)

    def show_record(self, destination: Destination) -> None:
        super().show_record(destination)
        if destination.record_id is None and destination.number:
            self.read(rma.find, then=self.open_record, slot="rma.find", number=destination.number)

    def read_record(self, record_id: int) -> None:
        self.read(read_record, then=self.show_read, slot="rma.record", rma_id=record_id)


def _may(session: Session) -> set[object]:
    return {verb for verb in (rma.approve, rma.review, rma.give_opinion) if session.may(verb.permission)}


class RmaView(RecordView):
    """The record: head with its stations, opinion, lines with the check, total, facts beside the approval."""

    def __init__(self, page: RmaPage) -> None:
        super().__init__(page, RecordHead(stations), photos_of=AttachedTo.RMA)
        self._page = page
        self.opinion = QWidget()
        column(gap=0, into=self.opinion)
        sees_money = page.workplace.session.may(rma.price_of.permission)
        self.model = TableModel(_line_columns(sees_money=sees_money))
        self.lines = Table(self.model, name="rma_lines", spoken_name=lambda: _("Lines of the RMA"), row_height=46)
        self._pieces = Text("", bold=True)
        self._amount = Text("", theme.CARD_TITLE, bold=True)
        total = row(
            STRETCH,
            Text(lambda: _("Total"), theme.SMALL, ink="text2"),
            self._pieces,
            16,
            self._amount,
            margins=(0, 0, 8, 0),
        )
        self.facts = cards.Facts(label_width=120)
        facts = cards.card(cards.card_head("list-details", lambda: _("Facts")), self.facts, STRETCH)
        self.approval = ApprovalPanel()
        body = column(self.opinion, self.lines, total, row((facts, 1), self.approval, gap=12), STRETCH, gap=8)
        self.put(body, beside=Beside(self.approval, lambda: _("Approval"), 330))

    def show_read(self, read: RmaRead) -> None:
        shown = read.shown
        self._show_head(read)
        self._show_opinion(shown)
        self.model.show(read.lines)
        fixed_rows(self.lines, len(read.lines))
        self._pieces.say(wording.pieces(shown.row.pieces, _("pcs")))
        self._amount.say(wording.money(shown.amount, "CNY") if shown.amount is not None else "")
        self._show_facts(read)
        rma_approval.show(self.approval, read)
        self.case.show_case(shown.row.case_id, shown.row.id)

    def _show_head(self, read: RmaRead) -> None:
        shown, head = read.shown, self.head
        refusal = str(shown.refusal[0]) if shown.refusal else ""
        kind = State("rma_kind", str(shown.return_mode).lower())
        states = [goods_state(shown.row, refusal), kind]
        if str(shown.row.settlement_state) != "OPEN":
            states.append(State("rma_settlement", str(shown.row.settlement_state).lower()))
        head.show_number(shown.row.number, states)
        show_deadline(head.deadline, read.limit, read.now)
        links = [Link("", _(trade_words.MARKETS[shown.market]))]
        if shown.customer_reference:
            links.append(Link(lambda: _("Customer's number"), shown.customer_reference))
        head.show_facts("building-factory-2", shown.row.customer_name, links)
        settled = {"SETTLING": 6, "CLOSED": 8}.get(str(shown.row.settlement_state))
        head.show_station(settled if settled is not None else _STATION_OF[shown.row.goods_state])
        next_step, others = rma_deeds.buttons(self._page, read)
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: self._page.workplace.go(Destination("case", shown.row.case_id)),
        )
        head.show_buttons(next_step, others, [whole])

    def _show_opinion(self, shown: rma.RmaShown) -> None:
        layout = layout_of(self.opinion)
        empty_out(layout)
        said = [
            _("line {number}: {opinion}").format(number=line.position, opinion=_(trade_words.OPINIONS[line.opinion]))
            for line in shown.lines
            if line.opinion is not None
        ]
        if said:
            words = " \u00b7 ".join(said)
            notes = " \u00b7 ".join(line.opinion_text for line in shown.lines if line.opinion_text)
            layout.addWidget(cards.panel("run", "stethoscope", _("Quality's opinion"), f"{words} {notes}".strip()))
        elif shown.row.goods_state is G.REQUESTED:
            layout.addWidget(
                cards.panel(
                    "wait", "hourglass", _("Quality has not given its opinion yet"), _("It comes before the approval.")
                )
            )

    def _show_facts(self, read: RmaRead) -> None:
        shown = read.shown
        names = read.names
        applicant = names.get(shown.row.requested_by, shown.row.requested_by)
        requested = f"{applicant} \u00b7 {wording.moment(shown.row.requested_at)}"
        facts = [
            cards.Fact(lambda: _("Customer wants"), _(trade_words.RMA_KINDS[shown.kind])),
            cards.Fact(lambda: _("Goods"), _(trade_words.RETURN_MODES[shown.return_mode])),
            cards.Fact(lambda: _("Requested"), requested),
        ]
        if orders := dict.fromkeys(line.order_no for line in shown.lines if line.order_no):
            facts.append(cards.Fact(lambda: _("Order no."), wording.listed(orders)))
        for review in shown.reviews:
            accepted = [review.text] if review.text else []
            accepted += [_("goods without shipment record accepted")] if review.accepts_missing_record else []
            accepted += [_("replacement in advance allowed")] if review.allows_advance else []
            facts.append(cards.Fact(lambda: _("Review"), " \u00b7 ".join(accepted) or "\u2014"))
        for line in shown.lines:
            if line.without_record_reason:
                title = _("Line {number} without record").format(number=line.position)
                facts.append(cards.Fact(title, line.without_record_reason))
        if shown.refusal:
            facts.append(
                cards.Fact(
                    lambda: _("Refused"), wording.explained(_(trade_words.REFUSALS[shown.refusal[0]]), shown.refusal[1])
                )
            )
        self.facts.show_facts(facts)


def _columns() -> list[Column]:
    return [
        Column(
            lambda: _("RMA"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.row.number, wording.short_day(plant_time.day_of(one.row.requested_at))),
            116,
        ),
        Column(
            lambda: _("Customer"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.row.customer_short_name, wording.first_of(one.row.products), bold=False),
            80,
            stretch=True,
        ),
        Column(lambda: _("Pcs"), Cell.NUMBER, lambda one: one.row.pieces, 50),
        Column(lambda: _("State"), Cell.CHIP, lambda one: goods_state(one.row), 120),
        Column(lambda: _("Due"), Cell.DEADLINE, _due, 106),
    ]


def _due(one: RmaInList) -> Deadline:
    if one.limit is None or one.row.goods_state in (G.REFUSED, G.CANCELLED):
        return Deadline("\u2014", "", "left")
    return due_cell(one.limit, one.now)


def _line_columns(*, sees_money: bool) -> list[Column]:
    money = [
        Column(
            lambda: _("Price ¥"), Cell.NUMBER, lambda one: one.line.unit_price and f"{one.line.unit_price:,.2f}", 58
        ),
        Column(lambda: _("Amount ¥"), Cell.NUMBER, lambda one: one.line.amount and f"{one.line.amount:,.2f}", 78),
    ]
    return [
        Column("#", Cell.TEXT, lambda one: str(one.line.position), 26),
        Column(
            lambda: _("Product"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.line.product_code, one.line.model or one.line.product_name),
            96,
        ),
        Column(
            lambda: _("Lot"),
            Cell.TEXT,
            lambda one: one.line.lot_number or "\u2014",
            76,
        ),
        Column(
            lambda: _("Defect"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.line.reason or one.line.defect_code, one.line.defect_code, bold=False),
            80,
            stretch=True,
        ),
        Column(
            lambda: _("Declared"), Cell.NUMBER, lambda one: wording.pieces(one.line.pieces_announced, one.line.unit), 68
        ),
        *(money if sees_money else []),
        Column(lambda: _("Shipped − returned"), Cell.ICON_TEXT, _check, 132),
    ]


def _check(one: LineChecked) -> IconText:
    line = one.line
    if line.pieces_shipped is None:
        words = _("Not shipped") if line.without_record_reason else _("Lot never shipped")
        return IconText(words, "alert-triangle", "wait", bold=True)
    sum_written = f"{line.pieces_shipped:,} \u2212 {one.pieces_returned:,}"
    if line.pieces_shipped - one.pieces_returned >= line.pieces_announced:
        return IconText(f"{sum_written} \u2265 {line.pieces_announced:,}", "circle-check", "ok")
    return IconText(f"{sum_written} < {line.pieces_announced:,}", "alert-triangle", "bad", bold=True)
