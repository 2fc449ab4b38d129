"""The statistics page: one month in tiles and tables, and its papers for Excel."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import TYPE_CHECKING

from qms_desktop import documents, i18n
from qms_desktop.i18n import _
from qms_desktop.permissions import Permission
from qms_desktop.rules import health
from qms_desktop.steps import statistics
from qms_desktop.steps.complaint_tracking import TrackedComplaint, TrackingMark
from qms_desktop.ui import cards, file_choice, plant_time, theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Bar, Cell, IconText, TwoLine
from qms_desktop.ui.page import Page
from qms_desktop.ui.rows import column, row
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.text import Eliding, Rule, Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from PySide6.QtWidgets import QFrame

    from qms_desktop.session import Session
    from qms_desktop.steps.complaint_tracking import ComplaintTracking
    from qms_desktop.steps.statistics_monthly import MonthlyCost, MonthlyReason, MonthlyReturns, RankedReason
    from qms_desktop.ui.table import Row
    from qms_desktop.ui.text import Words
    from qms_desktop.ui.workplace import Workplace

_DECEMBER = 12


@dataclass(frozen=True)
class MonthRead:
    """A month as the page shows it: returns, complaints, and the plant's day."""

    returns: MonthlyReturns
    tracking: ComplaintTracking
    today: date


@dataclass(frozen=True)
class Reason:
    """A reason of return with its share of the month's pieces and the running share."""

    reason: MonthlyReason
    share: Decimal
    running: Decimal


@dataclass(frozen=True)
class CostRow:
    """A class of cost with its share of the month's total."""

    cost: MonthlyCost
    share: Decimal


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint of the month as seen at the cut-off."""

    one: TrackedComplaint
    now: datetime


def month_before(year: int, month: int) -> tuple[int, int]:
    """Give the month before."""
    return (year - 1, _DECEMBER) if month == 1 else (year, month - 1)


def month_after(year: int, month: int) -> tuple[int, int]:
    """Give the month after."""
    return (year + 1, 1) if month == _DECEMBER else (year, month + 1)


def read_month(session: Session, *, year: int | None, month: int | None) -> MonthRead:
    """Give a month, the plant's present one when none is named."""
    today = health.plant_today(session)
    year, month = year or today.year, month or today.month
    return MonthRead(
        returns=statistics.monthly(session, year=year, month=month, is_printed=False),
        tracking=statistics.tracking(session, year=year, month=month),
        today=today,
    )


def make_monthly(session: Session, *, year: int, month: int, language: str) -> bytes:
    """Give the monthly table of returns as an Excel workbook."""
    return bytes(documents.monthly_table.write(statistics.monthly(session, year=year, month=month), language))


def make_tracking(session: Session, *, year: int, month: int, language: str) -> bytes:
    """Give the tracking table of complaints as an Excel workbook."""
    return bytes(documents.tracking_table.write(statistics.tracking(session, year=year, month=month), language))


class StatisticsPage(Page):
    """Ctrl+Left and Ctrl+Right change the month; Ctrl+E exports the monthly table."""

    watches = frozenset({"sorting_round", "receipt", "complaint", "claim", "cost_entry", "disposition", "month_close"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.month: tuple[int, int] | None = None
        self.shown: MonthRead | None = None
        self.may_see_money = workplace.session.may(Permission.READ_MONEY)
        self._second = Eliding("", theme.SMALL, ink="text2")
        self._name = Text("", theme.CARD_TITLE, bold=True)
        self.before = Button(
            icon="chevron-left", name=lambda: _("The month before"), key="Ctrl+Left", clicked=partial(self.step, -1)
        )
        self.after = Button(
            icon="chevron-right", name=lambda: _("The month after"), key="Ctrl+Right", clicked=partial(self.step, 1)
        )
        self.export = Button(
            lambda: _("Export monthly table"),
            kind="primary",
            icon="file-spreadsheet",
            key="Ctrl+E",
            show_key=False,
            clicked=self.export_monthly,
        )
        self.track = Button(lambda: _("Export tracking table"), icon="table-export", clicked=self.export_tracking)
        self.close_it = Button(lambda: _("Close the month…"), icon="lock", clicked=self.ask_close).ask_permission(
            workplace.session, statistics.close_month
        )
        self.tiles = {
            "ppm": cards.Tile(lambda: _("Returned PPM"), "chart-line"),
            "returned": cards.Tile(lambda: _("Pieces returned"), "truck-return"),
            "complaints": cards.Tile(lambda: _("Complaints"), "message-report"),
            "late": cards.Tile(lambda: _("In time"), "clock-check"),
            "cost": cards.Tile(lambda: _("External failure cost"), "coins"),
        }
        if not self.may_see_money:
            self.tiles["cost"].hide()
        self._tables()
        head = row(
            (column(Text(lambda: _("Statistics"), theme.TITLE, bold=True), self._second, gap=0), 1),
            self.before,
            self._name,
            self.after,
            12,
            self.close_it,
            self.track,
            self.export,
        )
        cost = self._card("coins", lambda: _("External failure cost"), self.costs)
        if not self.may_see_money:
            cost.hide()
        column(
            head,
            row(*((tile, 1) for tile in self.tiles.values()), gap=12),
            (
                row(
                    (self._card("chart-bar", lambda: _("Reasons of return"), self.reasons, self._check_line()), 3),
                    (self._card("list-numbers", lambda: _("Top five by cases"), self.top), 2),
                    gap=12,
                ),
                1,
            ),
            (
                row((self._card("message-report", lambda: _("Complaints"), self.complaints), 3), (cost, 2), gap=12),
                1,
            ),
            gap=12,
            margins=(16, 12, 16, 16),
            into=self,
        )
        self.first_focus = self.reasons

    def _check_line(self) -> Eliding:
        self._check = Eliding("", theme.SMALL, ink="text2")
        return self._check

    def _tables(self) -> None:
        self.reasons = self._table("reasons", lambda: _("Reasons of return"), _reason_columns(self.may_see_money))
        self.top = self._table("top", lambda: _("Top five by cases"), _top_columns())
        self.complaints = self._table("complaints", lambda: _("Complaints of the month"), _complaint_columns())
        self.costs = self._table("costs", lambda: _("External failure cost"), _cost_columns())

    def _table(self, name: str, spoken: Words, columns: list[Column]) -> Table:
        return Table(
            TableModel(columns),
            name=f"statistics.{name}",
            spoken_name=spoken,
            row_height=theme.TWO_LINE_ROW if name in ("complaints", "top") else theme.ROW,
            memory=self.workplace.memory,
        )

    @staticmethod
    def _card(icon: str, words: Words, table: Table, foot: Eliding | None = None) -> QFrame:
        below = [Rule(), row((foot, 1), margins=(14, 6, 12, 8))] if foot else []
        return cards.card(
            row(cards.card_head(icon, words), margins=(14, 10, 12, 6)), (table, 1), *below, gap=0, margins=(1,)
        )

    # What the frame asks.

    def reload(self) -> None:
        year, month = self.month or (None, None)
        self.read(read_month, then=self._show, slot="statistics", year=year, month=month)

    def retranslate(self) -> None:
        self.reload()

    def step(self, months: int) -> None:
        """Show the month before or after."""
        if self.month is not None:
            self.month = month_before(*self.month) if months < 0 else month_after(*self.month)
            self.reload()

    def _show(self, read: MonthRead) -> None:
        self.shown = read
        returns = read.returns
        self.month = (returns.year, returns.month)
        self._name.say(f"{returns.year}-{returns.month:02}")
        is_last = self.month >= (read.today.year, read.today.month)
        self.after.forbid(lambda: _("This is the present month.") if is_last else "")
        self.close_it.forbid(lambda: _("A month is closed when it is over.") if is_last else "")
        self._second.say(lambda: _("Figures until {moment}").format(moment=wording.moment(returns.printed_at)))
        self._show_tiles(read)
        pieces = returns.pieces
        self.reasons.rows_model.show(
            [
                Reason(reason, _share(reason.pieces, pieces), _share(running, pieces))
                for reason, running in zip(returns.pareto, returns.cumulative_pieces, strict=True)
            ]
        )
        self.top.rows_model.show(returns.top)
        self.complaints.rows_model.show(
            [ComplaintRow(one, read.tracking.cut_off) for one in reversed(read.tracking.complaints)]
        )
        total = sum((cost.amount for cost in returns.costs), start=Decimal(0))
        self.costs.rows_model.show([CostRow(cost, _share(cost.amount, total)) for cost in returns.costs])
        self._check.say(lambda: _check_words(returns))

    def _show_tiles(self, read: MonthRead) -> None:
        returns = read.returns
        last = _("last month {figure}")
        self.tiles["ppm"].show_figure(
            _or_dash(returns.ppm(returns.pieces)),
            _("of {pieces} shipped").format(pieces=wording.pieces(returns.pieces_shipped)),
        )
        self.tiles["returned"].show_figure(
            wording.pieces(returns.pieces_returned),
            last.format(figure=wording.pieces(returns.pieces_returned_last_month)),
        )
        self.tiles["ppm"].setToolTip(last.format(figure=_or_dash(returns.ppm_last_month)))
        count = len(read.tracking.complaints)
        self.tiles["complaints"].show_figure(wording.pieces(count), _("{late} late").format(late=read.tracking.late))
        share = wording.percent(Decimal(read.tracking.in_time) / count) if count else "\u2014"
        self.tiles["late"].show_figure(share, _("{count} of {all}").format(count=read.tracking.in_time, all=count))
        amount = sum((cost.amount for cost in returns.costs), start=Decimal(0))
        earlier = sum((cost.amount_last_month for cost in returns.costs), start=Decimal(0))
        figure, before_figure = (_whole_money(each, returns.currency) for each in (amount, earlier))
        self.tiles["cost"].show_figure(figure, last.format(figure=before_figure))

    # Papers.

    def export_monthly(self) -> None:
        """Ask for the place and write the monthly table of returns."""
        self._export(_("Export the monthly table"), "returns", make_monthly)

    def export_tracking(self) -> None:
        """Ask for the place and write the tracking table of complaints."""
        self._export(_("Export the tracking table"), "complaints", make_tracking)

    def _export(self, title: str, name: str, make: Callable[..., bytes]) -> None:
        if self.month is None:
            return
        year, month = self.month
        file_choice.save_paper(
            self,
            title=title,
            name=f"{name}_{year}-{month:02}.xlsx",
            pattern=file_choice.excel_pattern(),
            make=partial(make, year=year, month=month, language=i18n.language()),
            said=_("{file} is written."),
        )

    def ask_close(self) -> None:
        """Ask for a yes, and close the month."""
        if self.month is None:
            return
        year, month = self.month
        self.ask(
            _("Close {month}? Its figures are kept as they are, and it takes no more cost.").format(
                month=f"{year}-{month:02}"
            ),
            yes=lambda: self.run(statistics.close_month, then=self._closed, year=year, month=month),
            word=_("Close the month"),
        )

    def _closed(self, _month_id: int) -> None:
        self.say(_("The month is closed."))
        self.reload()


def _whole_money(amount: Decimal, currency: str) -> str:
    """Write an amount for a tile: without cents, which the table below has."""
    return wording.money(amount.quantize(Decimal(1), ROUND_HALF_UP), currency).partition(".")[0]


def _share(part: Decimal | int, whole: Decimal | int) -> Decimal:
    return Decimal(part) / Decimal(whole) if whole else Decimal(0)


def _or_dash(figure: int | None) -> str:
    return "\u2014" if figure is None else wording.pieces(figure)


def _check_words(returns: MonthlyReturns) -> str:
    if returns.pieces == returns.pieces_in_details:
        check = _("Checked: the single returns add up to the same {pieces} recognised pieces.").format(
            pieces=wording.pieces(returns.pieces)
        )
    else:
        check = _("The table says {pieces} recognised pieces, the single returns {details}. Find out why.").format(
            pieces=wording.pieces(returns.pieces), details=wording.pieces(returns.pieces_in_details)
        )
    return " ".join((check, *returns.notes))


def _bar(share: Decimal, colour: str) -> Bar:
    return Bar(float(share), wording.percent(share), colour)


def _reason_columns(money: bool) -> list[Column]:
    columns = [
        Column(lambda: _("Reason"), Cell.TEXT, lambda one: one.reason.reason, 140, stretch=True),
        Column(lambda: _("Cases"), Cell.NUMBER, lambda one: one.reason.cases, 62),
        Column(lambda: _("Pieces"), Cell.NUMBER, lambda one: one.reason.pieces, 70),
        Column(lambda: _("Last month"), Cell.NUMBER, lambda one: one.reason.pieces_last_month, 90),
        Column(lambda: _("Share"), Cell.BAR, lambda one: _bar(one.share, "g1"), 120),
        Column(lambda: _("Cumulative"), Cell.NUMBER, lambda one: wording.percent(one.running), 84),
    ]
    if money:
        columns.append(Column(lambda: _("Loss ¥"), Cell.NUMBER, lambda one: wording.money(one.reason.loss), 96))
    return columns


def _top_columns() -> list[Column]:
    def what(one: RankedReason) -> TwoLine:
        measure = one.reason.measure or _("no measure named")
        return TwoLine(one.reason.reason, measure)

    return [
        Column("#", Cell.NUMBER, "place", 36, right=False),
        Column(lambda: _("Reason and measure"), Cell.TWO_LINE, what, 150, stretch=True),
        Column(lambda: _("Cases"), Cell.NUMBER, lambda one: one.reason.cases, 62),
        Column(lambda: _("Pieces"), Cell.NUMBER, lambda one: one.reason.pieces, 70),
    ]


_MARKS = {
    TrackingMark.OPEN: ("circle-dot", "run"),
    TrackingMark.DONE: ("circle-check", "ok"),
    TrackingMark.RECALL: ("speakerphone", "bad"),
    TrackingMark.OVERDUE: ("flame", "bad"),
}


def _complaint_columns() -> list[Column]:
    def state(row_: ComplaintRow) -> IconText:
        icon, tone = _MARKS[row_.one.mark(row_.now)]
        return IconText(_(row_.one.state), icon, tone)

    def late(row_: Row) -> str:
        hours = row_.one.late_hours(row_.now)
        return _("{hours} h").format(hours=hours) if hours else "\u2014"

    return [
        Column(
            lambda: _("Complaint"),
            Cell.TWO_LINE,
            lambda row_: TwoLine(row_.one.number, wording.day(plant_time.day_of(row_.one.received_at))),
            140,
        ),
        Column(
            lambda: _("Customer and defect"),
            Cell.TWO_LINE,
            lambda row_: TwoLine(row_.one.customer, f"{row_.one.product} \u00b7 {row_.one.defect}", bold=False),
            150,
            stretch=True,
        ),
        Column(lambda: _("Pieces"), Cell.NUMBER, lambda row_: row_.one.pieces, 66),
        Column(lambda: _("State"), Cell.ICON_TEXT, state, 110),
        Column(lambda: _("Late"), Cell.NUMBER, late, 74),
    ]


def _cost_columns() -> list[Column]:
    return [
        Column(lambda: _("Class"), Cell.TEXT, lambda one: _(one.cost.name), 120, stretch=True),
        Column(lambda: _("¥ this month"), Cell.NUMBER, lambda one: wording.money(one.cost.amount), 104),
        Column(lambda: _("¥ last month"), Cell.NUMBER, lambda one: wording.money(one.cost.amount_last_month), 104),
        Column(lambda: _("Share"), Cell.BAR, lambda one: _bar(one.share, "g2"), 110),
    ]
