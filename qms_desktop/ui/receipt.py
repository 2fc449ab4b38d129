"""The receipt page: what came, carton by carton, what differs, who agreed it, and the labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.rules import access, due, related
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.rules.scan import CodeKind, ScannedCode
from qms_desktop.steps import receipt
from qms_desktop.ui import cards, receipt_deeds, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, IconText, TwoLine
from qms_desktop.ui.chip import State
from qms_desktop.ui.due_words import due_cell, show_deadline
from qms_desktop.ui.label_prints import LabelPicture, LabelPrints
from qms_desktop.ui.list_side import LIST_WIDTH, PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.record import Link, RecordHead
from qms_desktop.ui.record_page import RecordPage, RecordView
from qms_desktop.ui.rows import STRETCH, column, empty_out, layout_of, row
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qms_desktop.rules.clock import DeadlineShown
    from qms_desktop.session import Session
    from qms_desktop.steps.receipt_label import ReceiptLabel
    from qms_desktop.ui.workplace import Workplace

S = receipt.ReceiptState
OPEN, DIFFERING, TO_SIGN, ALL = "open", "difference", "to_sign", "all"
STATES = {
    OPEN: (S.ARRIVED, S.COUNTED, S.DIFFERENCE, S.AGREED),
    DIFFERING: (S.DIFFERENCE,),
    TO_SIGN: (S.COUNTED, S.AGREED),
    ALL: (),
}
FILTERS = (
    Filter(OPEN, lambda: _("Still open")),
    Filter(DIFFERING, lambda: _("Difference")),
    Filter(TO_SIGN, lambda: _("To sign")),
    Filter(ALL, lambda: _("All")),
)
_STATION_OF = {S.ARRIVED: 1, S.DIFFERENCE: 2, S.COUNTED: 3, S.AGREED: 3, S.SIGNED: 4}


@dataclass(frozen=True)
class ReceiptInList:
    """A receipt as the list shows it."""

    id: int
    row: receipt.ReceiptRow
    limit: DeadlineShown | None
    now: datetime


@dataclass(frozen=True)
class CartonShown:
    """A carton with the line it was counted into."""

    line: receipt.ReceiptLineShown
    count: receipt.CountShown
    who: str


@dataclass(frozen=True)
class ReceiptRead:
    """A receipt with what its page says beside it."""

    shown: receipt.ReceiptShown
    limit: DeadlineShown | None
    now: datetime
    names: Mapping[str, str]
    related: tuple[related.CaseRecordFound, ...]

    @property
    def cartons(self) -> list[CartonShown]:
        """Give the cartons in the order of their lines."""
        return [
            CartonShown(line, count, self.names.get(count.who, count.who))
            for line in self.shown.lines
            for count in line.counts
        ]


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the list."""
    rows = receipt.listed(session, before_id=before_id, count=PAGE_ROWS, states=STATES[which], text=text)
    now = due.moment(session)
    limits = _counts_due(session, rows)
    pieces = wording.pieces(sum(one.pieces_counted for one in rows))
    told = wording.count_of(len(rows), N_("{count} receipt"), N_("{count} receipts"))
    foot = " \u00b7 ".join((told, _("newest first"), _("{pieces} pieces counted").format(pieces=pieces)))
    listed = [ReceiptInList(one.id, one, limits.get(one.id), now) for one in rows]
    return ListPage(listed, len(rows) == PAGE_ROWS, foot)


def _counts_due(session: Session, rows: tuple[receipt.ReceiptRow, ...]) -> dict[int, DeadlineShown]:
    ids = {one.id for one in rows}
    return {
        limit.record_id: limit
        for limit in reversed(due.running(session))
        if limit.kind == "receipt" and limit.record_id in ids
    }


def read_record(session: Session, *, receipt_id: int) -> ReceiptRead:
    """Give one receipt with its limit and the people's names."""
    shown = receipt.show(session, receipt_id=receipt_id)
    names = {person.login: person.name for person in access.listed(session)}
    limit = _counts_due(session, (shown.row,)).get(receipt_id)
    beside = related.records_of_case(session, case_id=shown.row.case_id)
    return ReceiptRead(shown, limit, due.moment(session), names, beside)


def state_of(one: receipt.ReceiptRow) -> State:
    """Give a receipt's state for its chip."""
    return State("receipt", str(one.state).lower())


def stations() -> list[str]:
    """Name the stations of a receipt."""
    return [_("Arrived"), _("Counted"), _("Difference agreed"), _("Signed"), _("Quarantine")]


class ReceiptPage(RecordPage):
    """The list beside the record. A scanned label opens its receipt at the carton."""

    view: ReceiptView
    watches = frozenset(
        {
            "attachment",
            "attachment_withdrawal",
            "receipt",
            "receipt_line",
            "receipt_count",
            "receipt_difference",
            "receipt_agreement",
            "label",
            "signature",
            "rma",
        }
    )

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record: ReceiptRead | None = None
        self.prints = LabelPrints(self)
        empty = cards.EmptyPage(
            "package-import",
            lambda: _("Receipts belong here"),
            lambda: _("Goods of an approved RMA are counted at the dock, carton by carton, and labelled at once."),
            begin=Button(
                lambda: _("To the RMAs"),
                icon="truck-return",
                height=theme.HEAD_BUTTON,
                clicked=lambda: workplace.go(Destination("rma")),
            ),
        )
        side = ListSide(
            self,
            _columns(),
            name="receipts",
            spoken_name=lambda: _("Receipts"),
            filters=FILTERS,
            reading=read_list,
            first=OPEN,
            empty=empty,
        )
        side.setMinimumWidth(theme.px(LIST_WIDTH))
        nothing = cards.EmptyPage(
            "package-import",
            lambda: _("No receipt is chosen"),
            lambda: _("Choose one from the list, or scan the label of a carton."),
        )
        self.put(side, ReceiptView(self), nothing=nothing)

    def show_record(self, destination: Destination) -> None:
        super().show_record(destination)
        if destination.record_id is None and destination.number.startswith("arrive "):
            receipt_deeds.arrive(self, int(destination.number.removeprefix("arrive ")))

    def take_scan(self, code: ScannedCode) -> bool:
        if code.kind is not CodeKind.LABEL:
            return False
        self.read(receipt.read_label, then=self._label_found, slot="receipt.label", scanned=code.text)
        return True

    def _label_found(self, found: receipt.LabelFound) -> None:
        self.open_record(found.receipt_id)
        self.list.mark(found.receipt_id)
        if found.state is receipt.LabelState.VOID:
            words = _("Stop: label {serial} is void. Replaced by {others}.")
            self.say(words.format(serial=f"{found.serial:06d}", others=found.replaced_by or "\u2014"), tone="bad")

    def use_settings(self) -> None:
        self.prints.reload()
        self.view.picture.use_size(self.prints.size)

    def read_record(self, record_id: int) -> None:
        self.read(read_record, then=self.show_read, slot="receipt.record", receipt_id=record_id)


class ReceiptView(RecordView):
    """The record: head, lines with announced and counted, cartons beside the label that is chosen."""

    def __init__(self, page: ReceiptPage) -> None:
        super().__init__(page, RecordHead(stations), photos_of=AttachedTo.RECEIPT)
        self._page = page
        self.differences = QWidget()
        column(gap=6, into=self.differences)
        self.model = TableModel(_line_columns())
        self.lines = Table(
            self.model, name="receipt_lines", spoken_name=lambda: _("Lines of the receipt"), row_height=46
        )
        self.cartons_model = TableModel(_carton_columns())
        self.cartons = Table(
            self.cartons_model, name="receipt_cartons", spoken_name=lambda: _("Cartons"), row_height=40
        )
        self.cartons.chosen.connect(self._carton_chosen)
        self.picture = LabelPicture(page.prints.size)
        self.picture.setMinimumSize(theme.px(200), theme.px(136))
        self.picture.setFixedHeight(theme.px(148))
        self.print = Button(
            lambda: _("Print"), icon="printer", clicked=lambda: receipt_deeds.print_again(page, self.carton())
        )
        self.print.ask_permission(page.workplace.session, receipt.print_label)
        self.save = Button(
            lambda: _("Save…"),
            icon="download",
            clicked=lambda: receipt_deeds.save_label(page, self.carton(), self.label),
        )
        self.label: ReceiptLabel | None = None
        self.label_card = cards.card(self.picture, row(self.print, self.save, STRETCH), STRETCH, margins=(8,))
        self.label_card.setFixedWidth(theme.px(230))
        self.signed = QWidget()
        column(gap=4, into=self.signed)
        body = column(
            self.differences,
            row((column(self.lines, STRETCH, gap=0), 1), self.label_card, gap=12),
            self.signed,
            cards.card_head("package", lambda: _("Cartons")),
            self.cartons,
            STRETCH,
            gap=10,
        )
        self.put(body)

    def carton(self) -> CartonShown | None:
        """Give the carton that is chosen."""
        return self.cartons.current()

    def show_read(self, read: ReceiptRead) -> None:
        shown = read.shown
        chosen = self.carton()
        self._show_head(read)
        self._show_differences(read)
        self.model.show(shown.lines)
        fixed_rows(self.lines, len(shown.lines))
        cartons = read.cartons
        self.cartons_model.show(cartons)
        self.label_card.setVisible(bool(cartons))
        fixed_rows(self.cartons, max(len(cartons), 1))
        if not (chosen and self.cartons.choose_where(lambda one: one.count.id == chosen.count.id)) and cartons:
            self.cartons.choose(0)
        elif not cartons:
            self._show_label(None)
        self.case.show_case(shown.row.case_id, shown.row.id)

    def _show_head(self, read: ReceiptRead) -> None:
        shown, head = read.shown, self.head
        head.show_number(shown.row.rma_number, [state_of(shown.row)])
        show_deadline(head.deadline, read.limit, read.now)
        go = self._page.workplace.go
        rma = (
            Link(lambda: _("RMA"), shown.row.rma_number, lambda: go(Destination("rma", shown.row.rma_id)))
            if shown.row.rma_id is not None
            else Link("", _("without an RMA"))
        )
        links = [
            rma,
            Link(_(trade_words.ARRIVALS[shown.row.arrival_kind]), wording.moment(shown.row.arrived_at)),
        ]
        if shown.row.place:
            links.append(Link(lambda: _("Place"), shown.row.place))
        head.show_facts("building-factory-2", shown.row.customer_name or _("customer not known"), links)
        head.show_station(_STATION_OF[shown.row.state])
        next_step, others = receipt_deeds.buttons(self._page, read)
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: go(Destination("case", shown.row.case_id)),
        )
        head.show_buttons(next_step, others, [whole])

    def _show_differences(self, read: ReceiptRead) -> None:
        layout = layout_of(self.differences)
        empty_out(layout)
        if read.shown.row.state is not S.ARRIVED:
            for one in read.shown.differences:
                line = next(line for line in read.shown.lines if line.id == one.receipt_line_id)
                layout.addWidget(_difference(line, one))
        signed = layout_of(self.signed)
        empty_out(signed)
        for made in read.shown.signatures:
            words = _("Count signed by {name}, {moment}").format(name=made.name, moment=wording.moment(made.at))
            tone = "ok" if made.is_valid else "bad"
            signed.addWidget(cards.panel(tone, "signature", words, made.remark))

    def _carton_chosen(self, carton: CartonShown) -> None:
        if carton.count.label_id is None:
            self._show_label(None)
            return
        self._page.read(
            receipt.preview_label, then=self._show_label, slot="receipt.preview", label_id=carton.count.label_id
        )

    def _show_label(self, label: ReceiptLabel | None) -> None:
        self.label = label
        self.picture.show_label(label)
        self.print.setEnabled(label is not None)
        self.save.setEnabled(label is not None)


def _difference(line: receipt.ReceiptLineShown, one: receipt.DifferenceShown) -> QWidget:
    kind = _(trade_words.DIFFERENCES[one.kind])
    product = f"{line.product_code} {line.product_name}".strip() or line.description
    if line.pieces_agreed is not None:
        words = _("{kind}: {product}. Agreed: {pieces}").format(
            kind=kind, product=product, pieces=wording.pieces(line.pieces_agreed, line.unit)
        )
        return cards.panel("ok", "check", words, one.text)
    figures = _("announced {announced}, counted {counted}, difference {difference}").format(
        announced=wording.pieces(line.pieces_announced), counted=wording.pieces(line.pieces_counted),
        difference=f"{line.difference:+,}".replace("-", "\u2212"),
    )  # fmt: skip
    return cards.panel("wait", "arrows-diff", wording.explained(kind, product), f"{figures} {one.text}".strip())


def _columns() -> list[Column]:
    return [
        Column(
            lambda: _("RMA"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.row.rma_number, wording.moment(one.row.arrived_at)),
            122,
        ),
        Column(
            lambda: _("Customer"),
            Cell.TWO_LINE,
            lambda one: TwoLine(
                one.row.customer_short_name or _("customer not known"),
                " \u00b7 ".join(filter(None, (_(trade_words.ARRIVALS[one.row.arrival_kind]), one.row.place))),
                bold=False,
            ),
            80,
            stretch=True,
        ),
        Column(lambda: _("Counted"), Cell.NUMBER, lambda one: one.row.pieces_counted, 70),
        Column(lambda: _("State"), Cell.CHIP, lambda one: state_of(one.row), 132),
        Column(lambda: _("Due"), Cell.DEADLINE, lambda one: due_cell(one.limit, one.now), 96),
    ]


def _line_columns() -> list[Column]:
    return [
        Column(
            lambda: _("Product"),
            Cell.TWO_LINE,
            lambda line: TwoLine(_goods(line), line.lot_announced),
            76,
            stretch=True,
        ),
        Column(lambda: _("Announced"), Cell.NUMBER, lambda line: wording.pieces(line.pieces_announced, line.unit), 80),
        Column(lambda: _("Counted"), Cell.NUMBER, lambda line: wording.pieces(line.pieces_counted, line.unit), 68),
        Column(lambda: _("Difference"), Cell.ICON_TEXT, _balance, 84),
        Column(
            lambda: _("Agreed"),
            Cell.NUMBER,
            lambda line: wording.pieces(line.pieces_agreed, line.unit) if line.pieces_agreed is not None else "\u2014",
            62,
        ),
    ]


def _goods(line: receipt.ReceiptLineShown) -> str:
    goods = line.product_code or line.description
    return f"{line.position}  {goods}" if line.position else goods


def _balance(line: receipt.ReceiptLineShown) -> IconText:
    if not line.counts and line.pieces_agreed is None:
        return IconText(_("not counted"), "hourglass", "text3")
    if line.difference == 0:
        return IconText(_("none"), "circle-check", "ok")
    return IconText(f"{line.difference:+,}".replace("-", "\u2212"), "arrows-diff", "wait", bold=True)


def _carton_columns() -> list[Column]:
    return [
        Column(lambda: _("Carton"), Cell.TEXT, lambda one: one.count.carton, 56),
        Column(lambda: _("Product"), Cell.TEXT, lambda one: one.line.product_code or one.line.description, 70),
        Column(lambda: _("Lot read"), Cell.TEXT, lambda one: one.count.lot_number or _("unreadable"), 84),
        Column(lambda: _("Pieces"), Cell.NUMBER, lambda one: wording.pieces(one.count.pieces, one.line.unit), 66),
        Column(lambda: _("Condition"), Cell.ICON_TEXT, _condition, 90, stretch=True),
        Column(lambda: _("Label"), Cell.CHIP, _label_state, 150),
        Column(
            lambda: _("Counted by"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.who, wording.short_moment(one.count.at), bold=False),
            96,
        ),
    ]


def _condition(one: CartonShown) -> IconText:
    if one.count.is_replaced:
        return IconText(_("counted again"), "repeat", "text3")
    if one.count.is_damaged:
        return IconText(_("damaged"), "alert-triangle", "wait", bold=True)
    return IconText(_("whole"), "circle-check", "ok")


def _label_state(one: CartonShown) -> State:
    state = str(one.count.label_state or receipt.LabelState.VOID).lower()
    serial = f"{one.count.label_serial:06d}" if one.count.label_serial else "\u2014"
    words = {"provisional": _("provisional"), "valid": _("valid"), "void": _("void")}
    return State("label", state, word=f"{serial} {words[state]}")
