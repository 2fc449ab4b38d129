"""The form for a new complaint: a known shipment fills product and lot; several lines are gathered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from qms_desktop.errors import InvalidInput, QmsError
from qms_desktop.i18n import N_, _
from qms_desktop.rules import due
from qms_desktop.steps import complaint, master_data
from qms_desktop.ui import cards, finding, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.controls import CheckField, ChoiceField, MomentField, NotesField, NumberField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.pick import PickField, Show
from qms_desktop.ui.rows import STRETCH, column, row, scrolling
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Rule, Sign, Text

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.ui.page import Page

NAME = "complaint.new"
LINE_FIELDS = ("shipment", "product", "lot", "pieces", "defect", "found_where", "customer_words")
_TRAIT_NAMES = tuple(trade_words.TRAITS)
MORE_THAN_SHIPPED = N_(
    "{more} more than shipped: this customer got {shipped} of lot {lot}. Change the number, or add another lot."
)


class OptionalNumber(NumberField):
    """Whole numbers that may be left out."""

    def read(self) -> int | None:  # type: ignore[override]
        return super().read() if self.line.text().strip() else None


@dataclass(frozen=True)
class GatheredLine:
    """A line that was added to the complaint already."""

    number: int
    line: complaint.NewLine


class LinesField:
    """The lines that were added already, as one control of the form, so that a draft keeps them."""

    def __init__(self) -> None:
        self.model = TableModel(
            [
                Column("#", Cell.TEXT, "number", 32),
                Column(
                    lambda: _("Product and lot"),
                    Cell.TWO_LINE,
                    lambda one: TwoLine(one.line.product, one.line.lot),
                    150,
                ),
                Column(
                    lambda: _("What is wrong"), Cell.WRAPPED, lambda one: one.line.customer_words, 160, stretch=True
                ),
                Column(lambda: _("Pieces"), Cell.NUMBER, lambda one: one.line.pieces, 80),
            ]
        )
        self.table = Table(self.model, name="complaint_new_lines", spoken_name=lambda: _("Lines"), row_height=44)
        self.table.hide()
        self.lines: tuple[complaint.NewLine, ...] = ()
        self.widget: QWidget = self.table
        self._tell: list[Any] = []

    def add(self, line: complaint.NewLine) -> None:
        """Put one more line under the others."""
        self._show((*self.lines, line))

    def read(self) -> tuple[complaint.NewLine, ...]:
        return self.lines

    def keep(self) -> Any:  # noqa: ANN401
        return [vars(line) for line in self.lines]

    def put(self, kept: Any) -> None:  # noqa: ANN401
        self._show(tuple(complaint.NewLine(**line) for line in kept or ()))

    def when_changed(self, tell: Any) -> None:  # noqa: ANN401
        self._tell.append(tell)

    def _show(self, lines: tuple[complaint.NewLine, ...]) -> None:
        self.lines = lines
        self.model.show([GatheredLine(number, line) for number, line in enumerate(lines, start=1)])
        self.table.setVisible(bool(lines))
        fixed_rows(self.table, max(len(lines), 1))
        for tell in self._tell:
            tell()


class ComplaintForm(QFrame):
    """Signals: `registered(complaint.Registered)`, `left()` when the form is closed without saving."""

    registered = Signal(object)
    left = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page = page
        self._shipments: dict[int, master_data.ShipmentFound] = {}
        self._shipped: int | None = None
        self.customer = finding.pick(page, finding.customers, field="customer")
        self.shipment = PickField(self._search_shipments, field="shipment", required=False)
        self.product = finding.pick(page, finding.products, field="product")
        self.defect = finding.pick(page, finding.defects, field="defect_code", required=False)
        self.lot = TextField(field="lot", longest=60)
        self.pieces = NumberField(field="pieces")
        self.gathered = LinesField()
        self.fields = self._fields()
        self.form = Form(NAME, self.fields, drafts=page.workplace.drafts, parent=self)
        self.register = Button(
            lambda: _("Register"),
            kind="primary",
            icon="check",
            key="Ctrl+Return",
            height=theme.HEAD_BUTTON,
            clicked=self.send,
        )
        self.form.submits(self.register)
        self._kept = Text("", theme.SMALL, ink="text2")
        self._kept_sign = Sign("cloud-check", "ok", 16)
        self._kept_sign.hide()
        self.form.kept.connect(self._say_kept)
        self.form.not_kept.connect(lambda why: self._kept.say(_("The draft is not kept: {why}").format(why=why)))
        self.form.changed.connect(self._check_pieces)
        self.shipment.when_taken(self._take_shipment)
        self.product.when_taken(self._ask_shipped)
        self._lay_out()

    def _fields(self) -> dict[str, Field]:
        return {
            "customer": Field(
                lambda: _("Customer"), self.customer, required=True, hint=lambda: _("Code, name or initials")
            ),
            "channel": Field(
                lambda: _("Channel"), ChoiceField(trade_words.choices(trade_words.CHANNELS), field="channel")
            ),
            "received_at": Field(
                lambda: _("Reported at"),
                MomentField(field="received_at"),
                required=True,
                hint=lambda: _("The limits run from here"),
            ),
            "lines": Field(lambda: _("Lines"), self.gathered),
            "shipment": Field(
                lambda: _("Known shipment"),
                self.shipment,
                hint=lambda: _("Lot, shipment or order number"),
            ),
            "product": Field(lambda: _("Product"), self.product, required=True),
            "lot": Field(lambda: _("Lot"), self.lot),
            "pieces": Field(lambda: _("Pieces"), self.pieces, required=True),
            "defect": Field(lambda: _("Defect code"), self.defect),
            "found_where": Field(lambda: _("Found where"), TextField(field="found_where", longest=120)),
            "customer_words": Field(
                lambda: _("What is wrong, in the customer's words"),
                NotesField(field="customer_words", required=True, height=64),
                required=True,
            ),
            "urgency": Field(
                lambda: _("Urgency"), ChoiceField(trade_words.choices(trade_words.URGENCIES), field="urgency")
            ),
            "complaint_class": Field(
                lambda: _("Class"), ChoiceField(trade_words.choices(trade_words.CLASSES), field="complaint_class")
            ),
            "severity": Field(
                lambda: _("Severity"), ChoiceField(trade_words.choices(trade_words.SEVERITIES), field="severity")
            ),
            "customer_reference": Field(
                lambda: _("Customer's number"), TextField(field="customer_reference", longest=60)
            ),
            "own_limit_hours": Field(lambda: _("Answer within (hours)"), OptionalNumber(field="own_limit_hours")),
            "demand": Field(lambda: _("Customer's demand"), TextField(field="demand", longest=400)),
            **{trait: Field("", CheckField(partial(_, words))) for trait, words in trade_words.TRAITS.items()},
        }

    def _lay_out(self) -> None:
        add = Button(
            lambda: _("Add another line"),
            kind="ghost",
            icon="plus",
            key="Ctrl+L",
            show_key=False,
            clicked=self.add_line,
        )
        for name in _TRAIT_NAMES:
            self.fields[name].label.hide()
        checks = row(*(self.fields[name].control.widget for name in _TRAIT_NAMES), STRETCH, gap=20)
        self.joins_case: int | None = None
        self.joining = cards.panel(
            "wait",
            "package-import",
            lambda: _("For goods that came without an RMA"),
            lambda: _("The complaint joins the case that the dock opened; then request the RMA and name it there."),
        )
        self.joining.hide()
        body = column(
            cards.ErrorLine(self.form),
            self.joining,
            _grid(self.fields, ("customer", "channel", "received_at")),
            self.gathered.table,
            _grid(self.fields, ("shipment", "product", "lot", "pieces", "defect", "found_where")),
            self.fields["customer_words"],
            row(add, STRETCH),
            Rule(),
            _grid(
                self.fields,
                ("urgency", "complaint_class", "severity", "customer_reference", "own_limit_hours", "demand"),
            ),
            checks,
            STRETCH,
            gap=10,
        )
        cancel = Button(lambda: _("Cancel"), key="Escape", height=theme.HEAD_BUTTON, clicked=self.leave)
        column(
            row(
                Text(lambda: _("New complaint"), theme.TITLE, bold=True),
                Chip(State("form", "draft")),
                STRETCH,
                self._kept_sign,
                self._kept,
            ),
            Rule(),
            (scrolling(body), 1),
            Rule(),
            row(Text(lambda: _("* needed"), theme.SMALL, ink="text3"), STRETCH, cancel, self.register),
            gap=12,
            margins=(16,),
            into=self,
        )

    # Opening and leaving.

    def open(self, *, joins_case: int | None = None) -> None:
        """Begin anew, or go on with the draft that was left; the complaint may join a case that is open."""
        self.joins_case = joins_case
        self.joining.setVisible(joins_case is not None)
        draft = self.form.draft()
        if draft is None:
            self.form.open()
            self._page.read(due.moment, then=self._propose_moment, slot="form.moment")
        else:
            self.form.take_draft(draft)
            self._kept_sign.show()
            self._kept.say(_("Draft of {moment} taken up again").format(moment=wording.moment(draft.saved_at)))
        self.customer.line.setFocus()

    def _propose_moment(self, now: datetime) -> None:
        control = self.fields["received_at"].control
        if not control.keep():
            control.put(wording.moment(now))
            self.form.dirty = False

    def leave(self) -> None:
        """Close the form; what was typed stays as a draft."""
        self.form.keep_draft()
        self.left.emit()

    def _say_kept(self) -> None:
        self._kept_sign.show()
        self._kept.say(_("Draft kept on this PC"))

    # Filling in from what is known.

    def _search_shipments(self, text: str, show: Show) -> None:
        def shown(found: list[master_data.ShipmentFound]) -> None:
            self._shipments = {one.id: one for one in found}
            show([finding.shipment_answer(one) for one in found])

        self._page.read(
            finding.shipments, then=shown, slot="form.shipments", text=text, customer_id=self.customer.found_id
        )

    def _take_shipment(self) -> None:
        one = self._shipments.get(self.shipment.found_id or 0)
        if one is None:
            return
        self.product.put({"id": one.id, "title": one.product_code, "number": one.product_code})
        self.lot.put(one.lot)
        self._ask_shipped()
        self.pieces.line.setFocus()

    def _ask_shipped(self) -> None:
        if self.customer.found_number and self.product.found_number:
            self._page.read(
                master_data.shipped_to,
                then=self._say_shipped,
                slot="form.shipped",
                customer=self.customer.found_number,
                product=self.product.found_number,
                lot=self.lot.line.text().strip(),
            )

    def _say_shipped(self, pieces: int) -> None:
        self._shipped = pieces or None
        hint = _("{pieces} are with this customer").format(pieces=wording.pieces(pieces)) if pieces else ""
        self.fields["lot"].set_hint(hint or (lambda: _("No shipment of it to this customer is known")))

    def _check_pieces(self) -> None:
        if self._shipped is None or not self.pieces.line.text().strip():
            return
        try:
            typed = self.pieces.read()
        except InvalidInput:
            return
        over = typed - self._shipped
        self.fields["pieces"].show_error(
            InvalidInput(
                MORE_THAN_SHIPPED,
                field="pieces",
                more=wording.pieces(over),
                shipped=wording.pieces(self._shipped),
                lot=self.lot.line.text() or "\u2014",
            )
            if over > 0
            else None
        )

    # Lines and sending.

    def add_line(self) -> None:
        """Put the line that stands in the fields under the others, and begin the next."""
        line = self._line()
        if line is None:
            return
        self.gathered.add(line)
        for name in LINE_FIELDS:
            self.fields[name].control.put(None)
        self._shipped = None
        self.fields["lot"].set_hint("")
        self.shipment.line.setFocus()

    def _line(self) -> complaint.NewLine | None:
        values: dict[str, Any] = {}
        for name in LINE_FIELDS:
            field = self.fields[name]
            try:
                values[name] = field.read()
                field.show_error(None)
            except QmsError as error:
                field.show_error(error)
        if self.form.wrong_fields():
            self.form.problems_changed.emit(len(self.form.wrong_fields()))
            self.form.to_next_problem()
            return None
        return self._made(values)

    def _made(self, values: dict[str, Any]) -> complaint.NewLine:
        shipment = self._shipments.get(self.shipment.found_id or 0)
        return complaint.NewLine(
            product=self.product.found_number,
            pieces=values["pieces"],
            customer_words=values["customer_words"],
            lot=values["lot"],
            defect_code=self.defect.found_number,
            order_no=shipment.order_no if shipment else "",
            date_code=shipment.date_code if shipment else "",
            found_where=values["found_where"],
        )

    def _line_is_untouched(self) -> bool:
        return not any(
            self.fields[name].control.widget.property("text") for name in ("shipment", "product", "lot", "pieces")
        )

    def send(self) -> None:
        """Register the complaint with the lines that were added and the one in the fields."""
        untouched = self.gathered.lines and self._line_is_untouched()
        values = self.form.read() if not untouched else self._read_without_line()
        if values is None:
            return
        lines = self.gathered.lines if untouched else (*self.gathered.lines, self._made(values))
        self._page.run(
            complaint.register,
            then=self.registered.emit,
            failed=self._show_line_error,
            form=self.form,
            customer=self.customer.found_number,
            received_at=values["received_at"],
            channel=values["channel"],
            lines=lines,
            urgency=values["urgency"],
            complaint_class=values["complaint_class"],
            severity=values["severity"],
            customer_reference=values["customer_reference"],
            own_limit_hours=values["own_limit_hours"],
            demand=values["demand"],
            joins_case=self.joins_case,
            **{name: values[name] for name in _TRAIT_NAMES},
        )

    def _read_without_line(self) -> dict[str, Any] | None:
        values: dict[str, Any] = {}
        self.form.clear_errors()
        for name, field in self.fields.items():
            if name in LINE_FIELDS:
                continue
            try:
                values[name] = field.read()
            except QmsError as error:
                field.show_error(error)
        if self.form.wrong_fields():
            self.form.to_next_problem()
            return None
        return values

    def _show_line_error(self, error: QmsError) -> None:
        # Errors of a line name it as lines.2.pieces; the last line stands in the fields.
        if error.field and error.field.startswith("lines."):
            name = error.field.rpartition(".")[2].replace("defect_code", "defect")
            if name in self.fields:
                self.fields[name].show_error(error)


def _grid(fields: dict[str, Field], names: tuple[str, ...]) -> QWidget:
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(16))
    grid.setVerticalSpacing(theme.px(8))
    for place, name in enumerate(names):
        grid.addWidget(fields[name], place // 3, place % 3, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(place % 3, 1)
    return widget
