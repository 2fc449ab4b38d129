"""The monthly return statistics (顾客退货月统计表, 004-C §9) as an Excel form with a native Pareto chart."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

from qms_desktop import i18n
from qms_desktop.documents.sheet import (
    BARE,
    BLUE,
    BODY,
    HEAD,
    LABEL_FILL,
    MONEY_FORMAT,
    NOTE,
    PIECES_FORMAT,
    RED,
    SECTION,
    TOTAL,
    TOTAL_FIGURE,
    Look,
    Sheet,
    short_day,
)
from qms_desktop.i18n import _

if TYPE_CHECKING:
    from qms_desktop.steps.claim_sheet import SignaturePlace
    from qms_desktop.steps.statistics_monthly import MonthlyReturns

WIDTHS_MM = (40, 24, 24, 24, 24, 24, 28)
SHARE_FORMAT = "0.0%_ "
CHART_ROWS = 18
CHART_ROW_PT = 15.5
CHART_INSET_EMU = 60_000
PALE_LINE = "D9DEE6"
SECOND_AXIS = 200
GRID_STEPS = (1, 2, 5)


def write(x: MonthlyReturns, language: str) -> bytes:
    """Write the table in a language (zh_CN, zh_TW or en) and give the bytes of the .xlsx file."""
    with i18n.speaking(language):
        sheet = Sheet(
            title=_("Monthly statistics of customer returns"),
            company=x.company,
            form_number=x.form_number,
            widths_mm=WIDTHS_MM,
            landscape=False,
            printed_at=x.printed_at,
            zone=x.zone,
        )
        sheet.line_across(_reference(x), BARE, minimum_pt=18)
        sheet.head(_heads(x.currency), minimum_pt=26)
        first = sheet.row
        _write_reasons(sheet, x)
        _write_totals(sheet, x, first)
        sheet.line_across(_check_text(x), NOTE, minimum_pt=30)
        if x.pieces:
            sheet.keep_rest_together()
            _draw_pareto(sheet, x, first)
            sheet.keep_rest_together()
            _write_top(sheet, x)
        else:
            sheet.line_across(_("No returns this month."), Look(size_pt=11, bold=True, align="center"), minimum_pt=30)
        _write_costs(sheet, x)
        _write_foot(sheet, x)
        return sheet.to_bytes()


def _reference(x: MonthlyReturns) -> str:
    month = _("Month {year}-{month:02}").format(year=x.year, month=x.month)
    if not x.distribution:
        return month
    return month + "    " + _("Copies to: {names}").format(names=_(", ").join(_(name) for name in x.distribution))


def _heads(currency: str) -> tuple[str, ...]:
    in_currency = _("CNY") if currency == "CNY" else currency
    return (
        _("Reason of return"),
        _("Cases"),
        _("Pieces returned"),
        _("Share"),
        _("Cumulative share"),
        _("Pieces last month"),
        _("Loss ({currency})").format(currency=in_currency),
    )


def _write_reasons(sheet: Sheet, x: MonthlyReturns) -> None:
    """Write the reasons by pieces; shares are formulas, and 0 in a month without returns."""
    first, last = sheet.row, sheet.row + len(x.reasons) - 1
    for reason, running in zip(x.pareto, x.cumulative_pieces, strict=True):
        row = sheet.row
        sheet.text(1, reason.reason)
        sheet.figure(2, reason.cases, PIECES_FORMAT)
        sheet.figure(3, reason.pieces, PIECES_FORMAT)
        all_pieces = f"SUM($C${first}:$C${last})"
        sheet.formula(
            4,
            f"=IF({all_pieces}=0,0,C{row}/{all_pieces})",
            result=_share(reason.pieces, x.pieces),
            number_format=SHARE_FORMAT,
        )
        sheet.formula(
            5,
            f"=IF({all_pieces}=0,0,SUM($C${first}:C{row})/{all_pieces})",
            result=_share(running, x.pieces),
            number_format=SHARE_FORMAT,
        )
        sheet.figure(6, reason.pieces_last_month, PIECES_FORMAT)
        sheet.figure(7, reason.loss, MONEY_FORMAT)
        sheet.end_row()
    if not x.reasons:
        sheet.text(1, _("None"))
        for column, number_format in ((2, PIECES_FORMAT), (3, PIECES_FORMAT), (4, SHARE_FORMAT), (5, SHARE_FORMAT)):
            sheet.figure(column, 0, number_format)
        sheet.figure(6, 0, PIECES_FORMAT)
        sheet.figure(7, 0, MONEY_FORMAT)
        sheet.end_row()


def _share(pieces: int, of_pieces: int) -> Decimal:
    return (Decimal(pieces) / of_pieces).quantize(Decimal("1.000000000000")) if of_pieces else Decimal(0)


def _write_totals(sheet: Sheet, x: MonthlyReturns, first: int) -> None:
    last = sheet.row - 1
    share_total = Decimal(1) if x.pieces else Decimal(0)
    last_month = sum(reason.pieces_last_month for reason in x.reasons)
    sheet.text(1, _("Total"), TOTAL)
    for column, result, number_format in (
        (2, x.cases, PIECES_FORMAT),
        (3, x.pieces, PIECES_FORMAT),
        (4, share_total, SHARE_FORMAT),
        (6, last_month, PIECES_FORMAT),
        (7, x.loss, MONEY_FORMAT),
    ):
        letter = sheet.column_letter(column)
        sheet.formula(
            column,
            f"=SUM({letter}{first}:{letter}{last})",
            result=result,
            number_format=number_format,
            look=TOTAL_FIGURE,
        )
    sheet.blank(TOTAL, start=5, end=5)
    sheet.end_row(21)


def _check_text(x: MonthlyReturns) -> str:
    """Compare the table with the single returns, and give both returned and recognised pieces with their PPM."""
    sentences = [
        _(
            "Check: {details:,} pieces in the single returns, {table:,} in this table, difference {difference:,}."
        ).format(details=x.pieces_in_details, table=x.pieces, difference=x.pieces_in_details - x.pieces),
        _(
            "Shipped {shipped:,}. Recognised {recognised:,} = {recognised_ppm} PPM, "
            "returned {returned:,} = {returned_ppm} PPM (pieces / pieces shipped in the month)."
        ).format(
            shipped=x.pieces_shipped,
            recognised=x.pieces,
            recognised_ppm=_ppm_text(x.ppm(x.pieces)),
            returned=x.pieces_returned,
            returned_ppm=_ppm_text(x.ppm(x.pieces_returned)),
        ),
        *x.notes,
    ]
    return "\n".join(sentences)


def _ppm_text(ppm: int | None) -> str:
    return "—" if ppm is None else f"{ppm:,}"


def _draw_pareto(sheet: Sheet, x: MonthlyReturns, first: int) -> None:
    """Draw pieces as bars and their running share as a line on a second axis, anchored to cells.

    Reasons that were complained of but of which nothing came back stand in the table and not among the bars.
    """
    sheet.line_across(_("Pareto chart of the reasons (pieces, cumulative share)"), SECTION)
    last = first + max(place for place, reason in enumerate(x.pareto) if reason.pieces)
    bars = _bars(sheet, x, first, last)
    bars += _running_share(sheet, first, last)
    top = sheet.row - 1
    bars.anchor = TwoCellAnchor(
        editAs="oneCell",
        _from=AnchorMarker(col=0, row=top, colOff=CHART_INSET_EMU, rowOff=CHART_INSET_EMU),
        to=AnchorMarker(col=sheet.columns, row=top + CHART_ROWS, colOff=-CHART_INSET_EMU),
    )
    sheet.page.add_chart(bars)
    for _number in range(CHART_ROWS + 1):
        sheet.end_row(CHART_ROW_PT)


def _bars(sheet: Sheet, x: MonthlyReturns, first: int, last: int) -> BarChart:
    chart = BarChart()
    chart.type = "col"
    chart.gapWidth = 40
    chart.add_data(Reference(sheet.page, min_col=3, min_row=first - 1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet.page, min_col=1, min_row=first, max_row=last))
    chart.y_axis.title = _("Pieces")
    # With the total at its end the axis of pieces is level with 100 % on the other side.
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, x.pieces
    chart.y_axis.majorUnit = _grid_step(x.pieces)
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=PALE_LINE))
    chart.y_axis.number_format = "#,##0"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    series = chart.series[0]
    series.graphicalProperties.solidFill = BLUE
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    series.dLbls = labels
    return chart


def _running_share(sheet: Sheet, first: int, last: int) -> LineChart:
    chart = LineChart()
    chart.add_data(Reference(sheet.page, min_col=5, min_row=first - 1, max_row=last), titles_from_data=True)
    axis = chart.y_axis
    axis.axId = SECOND_AXIS
    axis.title = _("Cumulative share")
    axis.crosses = "max"
    axis.scaling.min, axis.scaling.max, axis.majorUnit = 0, 1, 0.2
    axis.number_format = "0%"
    axis.majorGridlines = None
    axis.delete = False
    series = chart.series[0]
    series.smooth = False
    series.graphicalProperties.line.solidFill = RED
    series.graphicalProperties.line.width = 22_000
    series.marker.symbol, series.marker.size = "circle", 6
    series.marker.graphicalProperties = GraphicalProperties(solidFill=RED)
    return chart


def _grid_step(total: int) -> int:
    """Give the round step that puts about five lines on an axis."""
    power = 1
    while True:
        for step in GRID_STEPS:
            if step * power * 6 >= total:
                return step * power
        power *= 10


def _write_top(sheet: Sheet, x: MonthlyReturns) -> None:
    title = _("Top {count} and what is done (by cases; equals share a place; each gets its 8D request)")
    sheet.line_across(title.format(count=x.top_n), SECTION)
    for ranked in x.top:
        reason = ranked.reason
        sheet.text(1, f"{ranked.place} {reason.reason}")
        measure = reason.measure or _("Nothing decided yet.")
        late = Look(bold=True, colour=RED)
        text = _("■ overdue: {measure}").format(measure=measure) if reason.measure_overdue else measure
        sheet.text(2, text, late if reason.measure_overdue else BODY, span=6)
        sheet.end_row()


def _write_costs(sheet: Sheet, x: MonthlyReturns) -> None:
    """Write the month's external failure cost by class, beside the month before."""
    if not x.costs:
        return
    sheet.line_across(_("External failure cost of the month"), SECTION)
    labels = replace(HEAD, fill=LABEL_FILL)
    for column, span, text in ((1, 4, _("Class")), (5, 2, _("Last month")), (7, 1, _("This month"))):
        sheet.text(column, text, labels, span=span)
    sheet.end_row()
    for cost in x.costs:
        _write_cost(sheet, _(cost.name), cost.amount_last_month, cost.amount, bold=False)
    last_month = sum((cost.amount_last_month for cost in x.costs), start=Decimal(0))
    this_month = sum((cost.amount for cost in x.costs), start=Decimal(0))
    _write_cost(sheet, _("Total"), last_month, this_month, bold=True)


def _write_cost(sheet: Sheet, name: str, last_month: Decimal, this_month: Decimal, *, bold: bool) -> None:
    fill = LABEL_FILL if bold else None
    sheet.text(1, name, Look(bold=bold, fill=fill), span=4)
    figure = Look(bold=bold, fill=fill, align="right")
    sheet.figure(5, last_month, MONEY_FORMAT, figure, span=2)
    sheet.figure(7, this_month, MONEY_FORMAT, figure)
    sheet.end_row()


def _write_foot(sheet: Sheet, x: MonthlyReturns) -> None:
    if x.audit_anchor:
        text = _("Audit record at the time of printing: {digest}").format(digest=x.audit_anchor)
        sheet.line_across(text, replace(NOTE, size_pt=8), minimum_pt=18)
    for place, (column, span) in zip(x.signatures, ((1, 2), (3, 3), (6, 2)), strict=False):
        sheet.text(column, _signature_text(place, x.zone), span=span)
    sheet.end_row(26)


def _signature_text(place: SignaturePlace, zone: str) -> str:
    if place.signed_at is None:
        return _("{place}: {name}").format(place=_(place.place), name=place.name).strip()
    return _("{place}: {name} ● {day}").format(
        place=_(place.place), name=place.name, day=short_day(place.signed_at.astimezone(ZoneInfo(zone)).date())
    )
