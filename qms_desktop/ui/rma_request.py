"""The request of an RMA for a complaint: its lines are there already, with pieces and the price of one piece."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from qms_desktop.errors import InvalidInput, QmsError
from qms_desktop.i18n import N_, _
from qms_desktop.steps import complaint, master_data, rma
from qms_desktop.ui import cards, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import Choice, ChoiceField, NumberField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.rows import STRETCH, column, empty_out, fill, layout_of, row, scrolling
from qms_desktop.ui.text import Eliding, Rule, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.session import Session
    from qms_desktop.ui.page import Page

_MOST_DECIMALS = 6


class MoneyField(TextField):
    """An amount typed with a point or a comma for the cents."""

    def __init__(self, *, field: str) -> None:
        super().__init__(field=field, required=True, right=True, longest=20)

    def read(self) -> Decimal:  # type: ignore[override]
        typed = super().read().replace("\u00a5", "").replace(" ", "").replace("\uff0c", ",")
        if typed.count(",") == 1 and "." not in typed:
            typed = typed.replace(",", ".")
        try:
            amount = Decimal(typed.replace(",", ""))
        except InvalidOperation as not_a_number:
            raise InvalidInput(
                N_("“{text}” is not an amount. Write it like 50.76."), field=self.field, text=typed
            ) from not_a_number
        if not amount.is_finite() or amount <= 0:
            raise InvalidInput(N_("A price is above zero. Type what one piece costs."), field=self.field)
        return amount


@dataclass(frozen=True)
class LineKnown:
    """What is known of a line before anything is typed: its price, and how many pieces are still with the customer."""

    position: int
    unit_price: Decimal | None
    pieces_with_customer: int


def read_known(session: Session, *, shown: complaint.ComplaintShown) -> Sequence[LineKnown]:
    """Give prices and shipped pieces of a complaint's lines."""
    return [_known(session, shown, line) for line in shown.lines]


def _known(session: Session, shown: complaint.ComplaintShown, line: complaint.LineShown) -> LineKnown:
    price: Decimal | None = None
    if session.may(rma.price_of.permission):
        try:
            price = rma.price_of(session, product=line.product_code)
        except InvalidInput:
            price = None  # no price yet: the person types it
    pieces = (
        master_data.shipped_to(
            session, customer=shown.row.customer_code, product=line.product_code, lot=line.lot_number
        )
        if line.lot_number
        else 0
    )
    return LineKnown(line.position, price, pieces)


class RmaRequestForm(QFrame):
    """Signals: `requested(rma.Requested)`, `left()`."""

    requested = Signal(object)
    left = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page = page
        self._shown: complaint.ComplaintShown | None = None
        self.form: Form | None = None
        self.fields: dict[str, Field] = {}
        self.inside = QWidget()
        column(into=self.inside, margins=(16,), gap=12)
        column((self.inside, 1), into=self)

    def form_is_dirty(self) -> bool:
        """Tell whether something was typed."""
        return self.form is not None and self.form.dirty

    def open(self, shown: complaint.ComplaintShown) -> None:
        """Begin the request for a complaint."""
        self._shown = shown
        by_market = Choice(None, lambda: _("As the market asks"))
        self.fields = {
            "kind": Field(
                lambda: _("The customer wants"), ChoiceField(trade_words.choices(trade_words.RMA_KINDS), field="kind")
            ),
            "return_mode": Field(
                lambda: _("Goods"),
                ChoiceField([by_market, *trade_words.choices(trade_words.RETURN_MODES)], field="return_mode"),
            ),
            "customer_reference": Field(
                lambda: _("Customer's return number"), TextField(field="customer_reference", longest=60)
            ),
        }
        for line in shown.lines:
            self.fields |= _line_fields(line)
        self.form = Form(f"rma.request.{shown.row.id}", self.fields, drafts=self._page.workplace.drafts, parent=self)
        self._lay_out(self.form, shown)
        draft = self.form.draft()
        if draft is not None:
            self.form.take_draft(draft)
        else:
            start = {f"lines.{line.position}.pieces": line.pieces_complained for line in shown.lines}
            self.form.open(start | {"customer_reference": shown.customer_reference})
        self._page.read(read_known, then=self._fill_in, slot="request.known", shown=shown)
        self.fields["kind"].control.widget.setFocus()

    def _lay_out(self, form: Form, shown: complaint.ComplaintShown) -> None:
        layout = layout_of(self.inside)
        empty_out(layout)
        send = Button(
            lambda: _("Request the RMA"),
            kind="primary",
            icon="check",
            key="Ctrl+Return",
            height=theme.HEAD_BUTTON,
            clicked=self.send,
        )
        cancel = Button(lambda: _("Cancel"), key="Escape", height=theme.HEAD_BUTTON, clicked=self._leave)
        form.submits(send)
        first = row(*((self.fields[name], 1) for name in ("kind", "return_mode", "customer_reference")), gap=16)
        body = column(cards.ErrorLine(form), first, *(self._line(line) for line in shown.lines), STRETCH, gap=12)
        title = _("Request an RMA for {number}").format(number=shown.row.number)
        foot = row(Text(lambda: _("* needed"), theme.SMALL, ink="text3"), STRETCH, cancel, send)
        parts = (Eliding(title, theme.TITLE, bold=True), Rule(), (scrolling(body), 1), Rule(), foot)
        fill(layout, parts, gap=12, margins=(16,))

    def _line(self, line: complaint.LineShown) -> QWidget:
        title = f"{line.position}  {line.product_code} {line.product_name}  {line.lot_number}"
        fields = [
            self.fields[f"lines.{line.position}.{name}"] for name in ("pieces", "unit_price", "without_record_reason")
        ]
        return cards.card(
            row((Eliding(title, bold=True), 1), Text(line.customer_words[:40], theme.SMALL, ink="text2")),
            row((fields[0], 2), (fields[1], 2), (fields[2], 5), gap=16),
            inner=True,
        )

    def _fill_in(self, known: Sequence[LineKnown]) -> None:
        for one in known:
            price = self.fields[f"lines.{one.position}.unit_price"]
            if one.unit_price is not None and not price.control.keep():
                price.control.put(f"{one.unit_price.normalize():f}")
            pieces = self.fields[f"lines.{one.position}.pieces"]
            words = _("{pieces} are with this customer").format(pieces=wording.pieces(one.pieces_with_customer))
            pieces.set_hint(words)
        if self.form is not None and not self.form.draft():
            self.form.dirty = False

    def _leave(self) -> None:
        if self.form is not None:
            self.form.keep_draft()
        self.left.emit()

    def send(self) -> None:
        """Request the RMA with what stands in the fields."""
        values = self.form.read() if self.form else None
        if values is None or self._shown is None:
            return
        self._page.run(
            rma.request,
            then=self.requested.emit,
            failed=self._show_error,
            form=self.form,
            complaint_id=self._shown.row.id,
            kind=values["kind"],
            return_mode=values["return_mode"],
            customer_reference=values["customer_reference"],
            lines=tuple(_made(line, values) for line in self._shown.lines),
        )

    def _show_error(self, error: QmsError) -> None:
        if error.field and error.field not in self.fields:
            self._page.say(str(error), tone="bad")


def _line_fields(line: complaint.LineShown) -> dict[str, Field]:
    name = f"lines.{line.position}"
    return {
        f"{name}.pieces": Field(lambda: _("Pieces"), NumberField(field=f"{name}.pieces"), required=True),
        f"{name}.unit_price": Field(
            lambda: _("Price of one, with tax (CNY)"), MoneyField(field=f"{name}.unit_price"), required=True
        ),
        f"{name}.without_record_reason": Field(
            lambda: _("Accepted without shipment record, because"),
            TextField(field=f"{name}.without_record_reason", longest=300),
        ),
    }


def _made(line: complaint.LineShown, values: dict[str, Any]) -> rma.NewRmaLine:
    name = f"lines.{line.position}"
    return rma.NewRmaLine(
        product=line.product_code,
        pieces=values[f"{name}.pieces"],
        unit_price=values[f"{name}.unit_price"],
        lot=line.lot_number,
        defect_code=line.defect_code,
        reason=line.customer_words,
        without_record_reason=values[f"{name}.without_record_reason"],
    )
