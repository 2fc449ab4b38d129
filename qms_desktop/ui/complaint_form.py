"""The form for a new complaint: a known shipment fills product and lot; several lines are gathered."""

from __future__ import annotations

from dataclasses import replace
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
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.complaint_lines import LinesField
from qms_desktop.ui.complaint_notice import ComplaintFiles, Understood, attach_all
from qms_desktop.ui.controls import CheckField, ChoiceField, MomentField, NotesField, NumberField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.pick import PickField, Show
from qms_desktop.ui.rows import STRETCH, column, row, scrolling
from qms_desktop.ui.text import Rule, Sign, Text

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from qms_desktop.ui.page import Page

NAME = "complaint.new"
LONGEST_DEMAND = 400
LINE_FIELDS = ("shipment", "product", "lot", "pieces", "defect", "found_where", "customer_words")
_TRAIT_NAMES = tuple(trade_words.TRAITS)
MORE_THAN_SHIPPED = N_(
    "{more} more than shipped: this customer got {shipped} of lot {lot}. Change the number, or add another lot."
)


class OptionalNumber(NumberField):
    """Whole numbers that may be left out."""

    def read(self) -> int | None:  # type: ignore[override]
        return super().read() if self.line.text().strip() else None


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
        self.files = ComplaintFiles(page, self.fill_in)
        self._origin: complaint.NewLine | None = None  # what a line says that has no field here
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
            "files": Field(lambda: _("Files"), self.files),
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
            "demand": Field(lambda: _("Customer's demand"), TextField(field="demand", longest=LONGEST_DEMAND)),
            **{trait: Field("", CheckField(partial(_, words))) for trait, words in trade_words.TRAITS.items()},
        }

    def _lay_out(self) -> None:
        change = Button(
            lambda: _("Change the chosen line"), kind="ghost", icon="pencil", show_key=False, clicked=self.change_line
        )
        self._change = row(change, STRETCH)
        self._change.hide()
        self.gathered.when_changed(lambda: self._change.setVisible(bool(self.gathered.lines)))
        add = Button(
            lambda: _("Add another line"),
            kind="ghost",
            icon="plus",
            key="Ctrl+L",
            show_key=False,
            clicked=self.add_line,
        )
        self.gathered.table.opened.connect(lambda _line: self.change_line())
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
            self.files.widget,
            _grid(self.fields, ("customer", "channel", "received_at")),
            self.gathered.table,
            self._change,
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
        self._origin = None
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

    def fill_in(self, read: Understood) -> None:
        """Fill in what the customer's notice says; what was typed before stays, its lines are added."""
        said = {
            "customer_reference": read.notice.number,
            "own_limit_hours": str(read.notice.reply_hours or ""),
            "demand": "\uff1b".join(read.notice.demands)[:LONGEST_DEMAND],
        }
        for name, words in said.items():
            if not self.fields[name].control.keep():
                self.fields[name].control.put(words)
        self.fields["channel"].control.put(complaint.Channel.NOTICE)
        if read.customer is not None and not self.customer.line.text():
            self.customer.take(read.customer)
        for line in read.known:
            self.gathered.add(line)
        if read.unknown and self._line_is_untouched():
            self._put_line(read.unknown[0], known=False)

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
        self._shipped = self._origin = None
        self.fields["lot"].set_hint("")
        self.shipment.line.setFocus()

    def change_line(self) -> None:
        """Put the chosen line back into the fields, to be changed and added again, or left out."""
        chosen = self.gathered.table.current()
        if chosen is None:
            self._page.say(_("Choose the line in the table first."), tone="wait")
        elif not self._line_is_untouched():
            self._page.say(_("Add the line that stands in the fields first, or empty its fields."), tone="wait")
        else:
            self._put_line(self.gathered.take_out(chosen.number), known=True)
            self.pieces.line.setFocus()

    def _put_line(self, line: complaint.NewLine, *, known: bool) -> None:
        self._origin = line
        self.product.put({"id": 0 if known else None, "title": line.product, "number": line.product if known else ""})
        code = line.defect_code
        self.defect.put({"id": 0, "title": code, "number": code} if code else None)
        self.lot.put(line.lot)
        self.pieces.put(str(line.pieces))
        self.fields["found_where"].control.put(line.found_where)
        self.fields["customer_words"].control.put(line.customer_words)
        self._ask_shipped()

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
        origin = self._origin or complaint.NewLine("", 0, "")
        return replace(
            origin,
            product=self.product.found_number,
            pieces=values["pieces"],
            customer_words=values["customer_words"],
            lot=values["lot"],
            defect_code=self.defect.found_number,
            order_no=shipment.order_no if shipment else origin.order_no,
            date_code=shipment.date_code if shipment else origin.date_code,
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
            then=partial(self._registered, values["files"]),
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

    def _registered(self, paths: tuple[Path, ...], made: complaint.Registered) -> None:
        self.registered.emit(made)
        attach_all(self._page, made, paths)

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
