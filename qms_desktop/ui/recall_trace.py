"""The what-if: where the pieces of a lot are, as tiles, a table of customers, and what cannot be ruled out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data import LotIsAmbiguous, Trace
from qms_desktop.ui import cards, finding, theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, IconText, TwoLine
from qms_desktop.ui.controls import TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.rows import STRETCH, column, empty_out, row, scrolling
from qms_desktop.ui.side_by_side import SideBySide
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.text import Rule, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qms_desktop.errors import QmsError
    from qms_desktop.ui.page import Page

_PAUSE_MS = 350


@dataclass(frozen=True)
class Open:
    """Something that cannot be ruled out, in words."""

    subject: str
    why: str
    pieces: int | None


@dataclass(frozen=True)
class CustomerLine:
    """What one customer has."""

    number: str
    name: str
    pieces: int
    in_scope: int
    shipments: int
    last: date | None
    note: IconText


class TraceResult(QWidget):
    """Shows the answer to a what-if; the same for a trace and for the frozen scope of a recall."""

    def __init__(self, name: str, page: Page) -> None:
        super().__init__()
        self.tiles = {
            "scope": cards.Tile(lambda: _("Pieces in scope"), "packages"),
            "customers": cards.Tile(lambda: _("Customers"), "building-factory-2"),
            "stock": cards.Tile(lambda: _("Still in our house"), "building-warehouse"),
            "open": cards.Tile(lambda: _("Cannot be ruled out"), "help-hexagon", tone="wait"),
        }
        self.model = TableModel(_customer_columns())
        self.table = Table(
            self.model,
            name=f"recall.{name}",
            spoken_name=lambda: _("Customers concerned"),
            row_height=theme.TWO_LINE_ROW,
            memory=page.workplace.memory,
        )
        self._total = Text("", bold=True)
        self._points = QVBoxLayout()
        self._points.setSpacing(theme.px(8))
        self._points_title = Text("", bold=True, ink="wait")
        customers = cards.card(
            row(cards.card_head("building-factory-2", lambda: _("Customers")), margins=(12, 10, 12, 4)),
            (self.table, 1),
            Rule(),
            row(Text(lambda: _("Total"), ink="text2"), STRETCH, self._total, margins=(12, 8, 12, 10)),
            gap=0,
            margins=(1,),
        )
        points = cards.card(
            cards.card_head("help-hexagon", lambda: _("Cannot be ruled out"), self._points_title),
            (scrolling(column(self._points, STRETCH), name=_("Cannot be ruled out")), 1),
        )
        self.columns = SideBySide(
            customers, lambda: _("Customers"), points, lambda: _("Cannot be ruled out"), width=296
        )
        column(
            row(*((tile, 1) for tile in self.tiles.values()), gap=12),
            (self.columns, 1),
            gap=12,
            into=self,
        )

    def show_lines(self, lines: Sequence[CustomerLine], *, stock: str, known: str, open_points: Sequence[Open]) -> None:
        """Show customers, stock, and what stays open; all texts are translated already."""
        pieces = sum(one.pieces for one in lines)
        in_scope = sum(one.in_scope for one in lines)
        concerned = sum(one.in_scope > 0 for one in lines)
        self.model.show(list(lines))
        self.tiles["scope"].show_figure(
            wording.pieces(in_scope), _("of {pieces}").format(pieces=wording.pieces(pieces))
        )
        self.tiles["customers"].show_figure(str(concerned), _("of {count}").format(count=len(lines)))
        self.tiles["stock"].show_figure(stock, known)
        unsure = sum(one.pieces or 0 for one in open_points)
        without = any(one.pieces is None for one in open_points)
        self.tiles["open"].show_figure(wording.pieces(unsure), _("and unknown") if without else "")
        self._total.say(
            _("{pieces} at {customers}, {in_scope} in scope").format(
                pieces=wording.all_pieces(pieces),
                customers=wording.count_of(len(lines), N_("{count} customer"), N_("{count} customers")),
                in_scope=wording.pieces(in_scope),
            )
        )
        self._points_title.say(wording.pieces(unsure) if open_points else "")
        empty_out(self._points)
        if not open_points:
            self._points.addWidget(Text(lambda: _("Nothing stays open."), ink="text2", wrap=True))
        for one in open_points:
            self._points.addWidget(_point(one))


def _point(one: Open) -> QWidget:
    figure = wording.pieces(one.pieces) if one.pieces is not None else "?"
    words = column(Text(one.subject, bold=True, wrap=True), Text(one.why, theme.SMALL, ink="text2", wrap=True), gap=2)
    return row(Sign("help-hexagon", "wait", 18), (words, 1), Text(figure, theme.CARD_TITLE, bold=True, ink="wait"))


def _customer_columns() -> list[Column]:
    return [
        Column(lambda: _("Customer"), Cell.TWO_LINE, lambda one: TwoLine(one.name, one.number), 140, stretch=True),
        Column(lambda: _("Shipments"), Cell.NUMBER, "shipments", 84),
        Column(lambda: _("Last shipped"), Cell.TEXT, lambda one: wording.day(one.last), 96),
        Column(lambda: _("Pieces"), Cell.NUMBER, "pieces", 70),
        Column(lambda: _("In scope"), Cell.NUMBER, "in_scope", 76),
        Column(lambda: _("State"), Cell.ICON_TEXT, "note", 98),
    ]


class WhatIf(QWidget):
    """The question at the left, asked again while typing, and its answer."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self.trace: Trace | None = None
        self._lot_id: int | None = None
        self.fields = {
            "product": Field(
                lambda: _("Product"), finding.pick(page, finding.products, field="product", required=False)
            ),
            "lot": Field(lambda: _("Lot"), TextField(field="lot", longest=60)),
            "material_lot": Field(lambda: _("Material lot"), TextField(field="material_lot", longest=60)),
            "supplier_lot": Field(lambda: _("Supplier's lot"), TextField(field="supplier_lot", longest=60)),
            "without_customers": Field(
                lambda: _("Without these customers"),
                TextField(field="without_customers", placeholder="C1001, C1018"),
                hint=lambda: _("They are shown, but not in scope"),
            ),
        }
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.ask)
        for field in self.fields.values():
            field.control.when_changed(self._changed)
        self._choices = QVBoxLayout()
        clear = Button(lambda: _("Clear"), kind="ghost", clicked=self.clear)
        left = cards.card(
            row((cards.card_head("adjustments-horizontal", lambda: _("Scope")), 1), clear),
            *self.fields.values(),
            self._choices,
            STRETCH,
        )
        left.setFixedWidth(theme.px(262))
        self.result = TraceResult("what_if", page)
        row(left, (self.result, 1), gap=12, into=self)

    def _changed(self) -> None:
        self._lot_id = None
        self._pause.start()

    def clear(self) -> None:
        """Begin with an empty question."""
        for field in self.fields.values():
            field.control.put(None)
            field.show_error(None)
        empty_out(self._choices)
        self.fields["lot"].control.widget.setFocus()

    def question(self) -> dict[str, Any]:
        """Give what stands in the fields, as the trace takes it."""
        product = self.fields["product"].control
        asked: dict[str, Any] = {"product": product.found_number or None}  # type: ignore[attr-defined]
        for name in ("lot", "material_lot", "supplier_lot"):
            asked[name] = self.fields[name].read() or None
        without = self.fields["without_customers"].read().replace("\uff0c", ",").split(",")
        asked["without_customers"] = tuple(code.strip() for code in without if code.strip())
        return asked

    def ask(self) -> None:
        """Ask now."""
        self._pause.stop()
        asked = self.question()
        for field in self.fields.values():
            field.show_error(None)
        empty_out(self._choices)
        if self._lot_id is None and not any(asked[name] for name in ("product", "lot", "material_lot", "supplier_lot")):
            return
        self._page.read(
            master_data.what_if,
            then=self.show_trace,
            failed=self._failed,
            slot="recall.what_if",
            lot_id=self._lot_id,
            **asked,
        )

    def _failed(self, error: QmsError) -> None:
        self._page.toast.hide()
        name = error.field if error.field in self.fields else "lot"
        if error.field == "lot":
            name = next((one for one in ("lot", "material_lot", "supplier_lot") if self.fields[one].read()), "lot")
        if isinstance(error, LotIsAmbiguous):
            for lot in error.candidates:
                self._choices.addWidget(Button(lot.name, clicked=partial(self._choose, lot.id)))
        self.fields[name].show_error(error)

    def _choose(self, lot_id: int) -> None:
        self._lot_id = lot_id
        self.ask()

    def show_trace(self, trace: Trace) -> None:
        """Show an answer."""
        self.trace = trace
        in_house = sum(lot.pieces_in_stock + lot.pieces_in_progress for lot in trace.lots)
        lines = [
            CustomerLine(
                one.number,
                one.name,
                one.pieces,
                one.pieces_in_scope,
                one.lines,
                one.last_shipped,
                IconText(_("in scope"), "circle-dot", "bad")
                if one.pieces_in_scope
                else IconText(_("left out"), "circle-minus"),
            )
            for one in trace.customers
        ]
        known = (
            _("shipments until {moment}").format(moment=wording.short_moment(trace.known_until))
            if trace.known_until
            else ""
        )
        points = [Open(one.subject, one.why, one.pieces) for one in trace.open_points]
        self.result.show_lines(lines, stock=wording.pieces(in_house), known=known, open_points=points)
