"""The sorting page: rounds that wait, the judgement with its signature, the balance, the heaps and what was entered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import N_, _
from qms_desktop.rules import due
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import sorting
from qms_desktop.steps.sorting import DispositionKind, RefusalReason, RoundState
from qms_desktop.ui import cards, plant_time, sorting_judgement, theme, trade_words, wording
from qms_desktop.ui.balance import Balance, Share
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.controls import Choice, ChoiceField, NotesField, NumberField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.list_reading import gather
from qms_desktop.ui.list_side import PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.record import Link
from qms_desktop.ui.record_page import RecordPage, RecordView
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.sorting_entry import HeapEntry
from qms_desktop.ui.sorting_words import HEAPS, ORIGINS, UNDECIDED, heap, responsible
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.session import Session
    from qms_desktop.steps.sorting_reading import DispositionShown, JudgementShown, RoundRow, RoundShown
    from qms_desktop.ui.workplace import Workplace

FILTERS = (
    Filter("open", lambda: _("Still open")),
    Filter("waiting", lambda: _("To judge")),
    Filter("sorting", lambda: _("To sort")),
    Filter("all", lambda: _("All")),
)
_STATES: dict[str, tuple[RoundState, ...]] = {
    "open": (RoundState.WAITING, RoundState.JUDGED, RoundState.SORTING),
    "waiting": (RoundState.WAITING,),
    "sorting": (RoundState.JUDGED, RoundState.SORTING),
    "all": (),
}
_MOST_ENTRIES = 60


@dataclass(frozen=True)
class RoundInList:
    """A round as the list shows it at a moment."""

    id: int
    row: RoundRow
    now: datetime


@dataclass(frozen=True)
class RoundRead:
    """A round with what its page shows beside it."""

    shown: RoundShown
    now: datetime


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the list of rounds."""
    now = due.moment(session)
    rows, more = gather(
        lambda last: sorting.listed(session, states=_STATES[which], before_id=last, count=PAGE_ROWS),
        before_id=before_id,
        text=text,
        words=lambda one: (
            one.rma_number,
            one.customer_name,
            one.customer_short_name,
            one.product_code,
            one.product_name,
            one.lot_number,
        ),
    )
    undecided = wording.pieces(sum(one.pieces_undecided for one in rows))
    foot = wording.joined(
        wording.count_of(len(rows), N_("{count} round"), N_("{count} rounds")),
        _("undecided: {pieces}").format(pieces=undecided),
    )
    return ListPage([RoundInList(one.id, one, now) for one in rows], more, foot)


def read_record(session: Session, *, round_id: int) -> RoundRead:
    """Give one round with the plant's clock."""
    return RoundRead(sorting.show(session, round_id=round_id), due.moment(session))


def state_of(one: RoundRow) -> State:
    """Give a round's state for its chip."""
    return State("sorting", str(one.state).lower())


def shares_of(shown: RoundShown) -> list[Share]:
    """Give the heaps of a round and what is undecided, as parts of its balance."""
    kinds = {one.kind: one.pieces for one in shown.heaps}
    parts = [Share(partial(heap, kind), kinds[kind], look.colour) for kind, look in HEAPS.items() if kind in kinds]
    return [*parts, Share(lambda: _(UNDECIDED), shown.row.pieces_undecided, "g7")]


class SortingPage(RecordPage):
    """Rounds at the left; F8 and Ctrl+Enter work in the entry table of the record."""

    view: SortingView
    watches = frozenset(
        {
            "attachment",
            "attachment_withdrawal",
            "sorting_round",
            "disposition",
            "judgement",
            "order_pieces",
            "inspection",
        }
    )

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record: RoundRead | None = None
        empty = cards.EmptyPage(
            "arrows-split-2",
            lambda: _("Received goods are judged and sorted here"),
            lambda: _("A round comes by itself when a receipt is signed, or when pieces fail their re-inspection."),
        )
        side = ListSide(
            self,
            _list_columns(),
            name="sorting",
            spoken_name=lambda: _("Rounds of sorting"),
            filters=FILTERS,
            reading=read_list,
            empty=empty,
        )
        side.setMinimumWidth(min(theme.px(440), 460))
        nothing = cards.EmptyPage(
            "arrows-split-2",
            lambda: _("No round is chosen"),
            lambda: _("Choose one from the list, or scan the number of its RMA."),
        )
        self.put(side, SortingView(self), nothing=nothing, shares=(4, 7))

    def is_being_edited(self) -> bool:
        return self.view.entry.form.dirty

    def read_record(self, record_id: int) -> None:
        self.read(read_record, then=self.show_read, slot="sorting.record", round_id=record_id)

    # What the buttons do.

    def judge(self) -> None:
        """Open the judgement of the round."""
        if self.record is not None:
            sorting_judgement.ask(self, self.record.shown, now=self.record.now, then=self._judged)

    def _judged(self, _judgement_id: int) -> None:
        self.say(_("The goods are judged and signed. They can be sorted now."))
        self.refresh()

    def sorted_out(self, done: sorting.Sorted) -> None:
        """Say what became of an entry, and show the round anew."""
        if done.pieces_left:
            self.say(_("Booked. {pieces} pieces are still undecided.").format(pieces=wording.pieces(done.pieces_left)))
        else:
            self.say(_("Booked. Every piece of this round is on a heap."))
        self.refresh()

    def take_back(self) -> None:
        """Ask what is taken back from which heap, and why."""
        if self.record is not None:
            _ask_take_back(self, self.record.shown)


def _ask_take_back(page: SortingPage, shown: RoundShown) -> None:
    heaps = [
        Choice(str(one.kind), f"{heap(one.kind)} \u00b7 {wording.pieces(one.pieces_free)}")
        for one in shown.heaps
        if one.pieces_free
    ]
    heaps += [
        Choice(
            f"{DispositionKind.RETURN_TO_CUSTOMER}:{one.reason}",
            f"{heap(DispositionKind.RETURN_TO_CUSTOMER)}, {_(trade_words.REFUSALS[one.reason])}"
            f" \u00b7 {wording.pieces(one.pieces)}",
        )
        for one in shown.refused
    ]

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        kind, _colon, reason = values["heap"].partition(":")
        return {
            "kind": DispositionKind(kind),
            "refusal_reason": RefusalReason(reason) if reason else None,
            "pieces": values["pieces"],
            "reason": values["reason"],
        }

    ask_form(
        page,
        sorting.take_back,
        name=f"sorting.take_back.{shown.row.id}",
        title=_("Take pieces back"),
        icon="arrow-back-up",
        words=lambda: _("Take back"),
        fields={
            "heap": Field(lambda: _("From which heap"), ChoiceField(heaps, field="heap")),
            "pieces": Field(lambda: _("Pieces"), NumberField(), required=True),
            "reason": Field(lambda: _("Why"), NotesField(field="reason", required=True), required=True),
        },
        above=[
            Text(
                lambda: _("A counter-entry with your name stands beside the first one; nothing is deleted."),
                ink="text2",
                wrap=True,
            )
        ],
        then=page.sorted_out,
        arguments=arguments,
        round_id=shown.row.id,
    )


class SortingView(RecordView):
    """The record: head, balance, entry table beside the judgement, and every entry with its counter-entries."""

    def __init__(self, page: SortingPage) -> None:
        super().__init__(page, photos_of=AttachedTo.SORTING_ROUND)
        self._page = page
        self.balance = Balance(lambda: _("Pieces received"))
        self.entry = HeapEntry(page)
        self.entry.sorted.connect(page.sorted_out)
        self.judgement = cards.Facts(label_width=120)
        self._judged_by = Text("", theme.SMALL, ink="text2")
        judgement = cards.card(
            cards.card_head("stethoscope", lambda: _("Judgement of the goods"), self._judged_by), self.judgement
        )
        self.model = TableModel(_entry_columns())
        self.entries = Table(
            self.model, name="sorting_entries", spoken_name=lambda: _("Entries of this round"), row_height=44
        )
        self.back = Button(lambda: _("Take back…"), kind="ghost", icon="arrow-back-up", clicked=page.take_back)
        entries = cards.card(cards.card_head("history", lambda: _("Entries"), self.back), self.entries)
        body = column(self.entry, judgement, entries, STRETCH, gap=12)
        self.put(body, self.balance)

    def show_read(self, read: RoundRead) -> None:
        shown, goods = read.shown, read.shown.row
        self._show_head(shown)
        self._show_deadline(goods, read.now)
        self.balance.show_balance(goods.pieces, shares_of(shown), goods.unit)
        may_sort = self._page.workplace.session.may(sorting.sort.permission)
        self.entry.setVisible(may_sort and goods.pieces_undecided > 0)
        self.entry.show_round(shown)
        self._show_judgement(shown.judgements[-1] if shown.judgements else None)
        newest = tuple(reversed(shown.dispositions))[:_MOST_ENTRIES]
        self.model.show(newest)
        fixed_rows(self.entries, max(len(newest), 1))
        can_take_back = may_sort and any(one.pieces_free for one in shown.heaps)
        self.back.setVisible(can_take_back)
        self.case.show_case(goods.case_id, goods.id)

    def _show_head(self, shown: RoundShown) -> None:
        goods = shown.row
        states = [state_of(goods)]
        if shown.judgements and shown.judgements[-1].is_safety:
            states.append(State("hold", "on", word=_("Safety characteristic")))
        self.head.show_number(goods.rma_number, states)
        line = _("Line {position}, round {round}").format(position=goods.position or "\u2014", round=goods.number)
        self.head.show_facts(
            "building-factory-2",
            goods.customer_name,
            [
                Link("", f"{goods.product_code} {goods.product_name}".strip()),
                Link(lambda: _("Lot"), wording.listed(shown.lots) or goods.lot_number or "\u2014"),
                Link("", f"{line} \u00b7 {_(ORIGINS[goods.origin])}"),
            ],
        )
        self.head.show_buttons(*self._buttons(goods))

    def _buttons(self, goods: RoundRow) -> tuple[Button | None, list[Button], list[Button]]:
        session, page = self._page.workplace.session, self._page
        is_waiting = goods.state is RoundState.WAITING
        made: list[Button] = []
        if session.may(sorting.sort.permission) and not is_waiting and goods.pieces_undecided:
            words = _("Sort {pieces}").format(pieces=wording.pieces(goods.pieces_undecided, goods.unit))
            made.append(_head_button(words, "arrows-split-2", self.entry.begin))
        if session.may(sorting.judge.permission):
            words = _("Judge and sign…") if is_waiting else _("Judge again…")
            made.append(_head_button(words, "stethoscope", page.judge))
        if made and goods.state is not RoundState.DONE:
            made[0].set_kind("primary")
            first, others = made[0], made[1:]
        else:
            first, others = None, made
        rma = Button(
            lambda: _("Open the RMA"),
            kind="ghost",
            icon="truck-return",
            clicked=lambda: page.workplace.go(Destination("rma", goods.rma_id, goods.rma_number)),
        )
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: page.workplace.go(Destination("case", goods.case_id)),
        )
        return first, others, [rma, whole]

    def _show_deadline(self, goods: RoundRow, now: datetime) -> None:
        if goods.due_at is None:
            self.head.deadline.hide()
            return
        until = wording.limit(goods.due_at, today=plant_time.day_of(now))
        self.head.deadline.show_deadline(
            _("Judgement due"),
            f"{until} \u00b7 {wording.time_left(goods.due_at, now)}",
            wording.urgency(goods.due_at, now),
        )

    def _show_judgement(self, last: JudgementShown | None) -> None:
        if last is None:
            self._judged_by.say("")
            words = Text(
                lambda: _("Not judged yet. Until the judgement is signed, pieces can only be cut up for the analysis."),
                ink="text3",
                wrap=True,
            )
            self.judgement.show_facts([cards.Fact(lambda: _("Judgement"), words)])
            return
        self._judged_by.say(f"{last.who} \u00b7 {wording.moment(last.at)}")
        defect = f"{last.defect_code} {last.defect_name}".strip() or "\u2014"
        characteristic: Any = last.breaks_characteristic or "\u2014"
        if last.is_safety or last.is_critical:
            word = _("Safety characteristic") if last.is_safety else _("Critical characteristic")
            characteristic = row(Text(characteristic), Chip(State("hold", "on", word=word)), STRETCH)
        self.judgement.show_facts(
            [
                cards.Fact(lambda: _("Defect code"), defect),
                cards.Fact(lambda: _("Breaks"), characteristic),
                cards.Fact(lambda: _("Finding and cause"), last.text),
                cards.Fact(
                    lambda: _("How it was found"), " \u00b7 ".join(filter(None, (last.method, last.limit_sample)))
                ),
                cards.Fact(
                    lambda: _("Responsibility"),
                    "\n".join(responsible(one.code, one.percent, one.supplier_name) for one in last.shares),
                ),
            ]
        )


def _head_button(words: str, icon: str, clicked: Any) -> Button:  # noqa: ANN401 - any callable
    return Button(words, icon=icon, height=theme.HEAD_BUTTON, clicked=clicked)


def _list_state(one: RoundInList) -> State:
    until = one.row.due_at
    if until is None:
        return state_of(one.row)
    # The clock of the judgement says more than the word that it is still to be made.
    return State("deadline", wording.urgency(until, one.now), word=wording.time_left(until, one.now))


def _list_columns() -> list[Column]:
    return [
        Column(
            lambda: _("RMA"),
            Cell.TWO_LINE,
            lambda one: TwoLine(
                one.row.rma_number,
                _("Line {position}, round {round}").format(position=one.row.position or "\u2014", round=one.row.number),
            ),
            116,
        ),
        Column(
            lambda: _("Customer and product"),
            Cell.TWO_LINE,
            lambda one: TwoLine(
                one.row.customer_short_name, f"{one.row.product_code} {one.row.lot_number}".strip(), bold=False
            ),
            84,
            stretch=True,
        ),
        Column(
            lambda: _("Undecided"),
            Cell.NUMBER,
            lambda one: f"{wording.pieces(one.row.pieces_undecided)} / {wording.pieces(one.row.pieces)}",
            90,
        ),
        Column(lambda: _("State"), Cell.CHIP, _list_state, 152),
    ]


def _entry_columns() -> list[Column]:
    return [
        Column(lambda: _("Heap"), Cell.TWO_LINE, _heap_cell, 190),
        Column(lambda: _("Pieces"), Cell.NUMBER, lambda one: wording.pieces(one.pieces), 80),
        Column(lambda: _("Reason, remark"), Cell.WRAPPED, _entry_words, 160, stretch=True),
        Column(
            lambda: _("Who and when"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.who, wording.moment(one.at), bold=False),
            140,
        ),
    ]


def _heap_cell(one: DispositionShown) -> TwoLine:
    look = HEAPS[one.kind]
    second = _(trade_words.REFUSALS[one.refusal_reason]) if one.refusal_reason else one.supplier_name
    if one.pieces < 0:
        second = _("taken back")
    return TwoLine(heap(one.kind), second, look.icon, tone="bad" if one.pieces < 0 else "text")


def _entry_words(one: DispositionShown) -> str:
    kept = f"{one.place} {wording.day(one.valid_until) if one.valid_until else ''}".strip()
    return " \u00b7 ".join(filter(None, (one.defect_code, one.certificate_no, kept, one.remark)))
