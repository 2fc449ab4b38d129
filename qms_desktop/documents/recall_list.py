"""The list of a recall what-if as a workbook: scope, shipments, what stays open, and a sheet that reconciles them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qms_desktop import i18n
from qms_desktop.documents.long_list import ListColumn, LongBook
from qms_desktop.documents.sheet import GREY, long_moment, printable
from qms_desktop.i18n import _

if TYPE_CHECKING:
    from qms_desktop.documents.long_list import ListPage
    from qms_desktop.steps.recall_scope import RecallScope, ShippedLine


@dataclass
class _Tally:
    """What the list of shipments added up to while it was written, and where it stands."""

    first_row: int = 0
    last_row: int = 0
    pieces: int = 0
    pieces_in_scope: int = 0
    by_customer: Counter[str] = field(default_factory=Counter)
    in_scope_by_customer: Counter[str] = field(default_factory=Counter)
    by_lot: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, line: ShippedLine) -> None:
        self.pieces += line.pieces
        self.by_customer[line.customer_number] += line.pieces
        self.by_lot[line.product, line.lot] += line.pieces
        if line.in_scope:
            self.pieces_in_scope += line.pieces
            self.in_scope_by_customer[line.customer_number] += line.pieces


def write(x: RecallScope, language: str) -> bytes:
    """Write the list in a language (zh_CN, zh_TW or en) and give the bytes of the .xlsx file; reads `lines` once."""
    with (
        i18n.speaking(language),
        LongBook(
            title=_("Recall scope {number}").format(number=x.assessment_number),
            company=x.company,
            form_number=x.form_number,
            printed_at=x.printed_at,
            zone=x.zone,
        ) as book,
    ):
        _write_scope(book, x)
        shipments = book.page(_("Shipments"), _shipment_columns(), title=_("Shipments found by the trace"))
        tally = _write_shipments(shipments, x)
        _write_open_points(book, x)
        _write_check(book, x, tally, shipments.name)
        return book.to_bytes()


def _write_scope(book: LongBook, x: RecallScope) -> None:
    columns = (
        ListColumn(_("Customer no."), 24),
        ListColumn(_("Customer"), 62),
        ListColumn(_("Country"), 20),
        ListColumn(_("Pieces found"), 24, "figure"),
        ListColumn(_("Pieces recalled"), 26, "figure"),
        ListColumn(_("Number of shipments"), 22, "figure"),
        ListColumn(_("First shipped"), 24, "day"),
        ListColumn(_("Last shipped"), 24, "day"),
        ListColumn(_("Contact"), 47),
    )
    page = book.page(_("Scope"), columns, title=_("Recall what-if {number}").format(number=x.assessment_number))
    page.line_across(_("Question: {question}").format(question=x.question))
    page.line_across(_("Scope: {scope}").format(scope=x.scope), bold=True)
    known = _("Shipments known until {moment}. Asked by {name}.")
    page.line_across(known.format(moment=long_moment(x.known_until, x.zone), name=x.asked_by), font_color=f"#{GREY}")
    head = page.head()
    for customer in x.customers:
        page.write_row(
            (
                customer.number,
                customer.name,
                customer.country,
                customer.pieces,
                customer.pieces_in_scope,
                customer.shipments,
                customer.first_shipped,
                customer.last_shipped,
                customer.contact,
            )
        )
    last = page.row - 1
    _write_sum_row(page, head + 1, last, {4: x.pieces_at_customers, 5: x.pieces_in_scope}, columns=len(columns))
    others = _("Besides the complainant: {pieces:,} pieces at {customers} other customers, {called_back:,} recalled.")
    page.line_across(
        others.format(
            pieces=sum(customer.pieces for customer in x.others),
            customers=len(x.others),
            called_back=sum(customer.pieces_in_scope for customer in x.others),
        ),
        bold=True,
    )
    page.finish()


def _shipment_columns() -> tuple[ListColumn, ...]:
    return (
        ListColumn(_("No."), 12, "figure"),
        ListColumn(_("Shipment"), 28),
        ListColumn(_("Shipped on"), 22, "day"),
        ListColumn(_("Order"), 28),
        ListColumn(_("Customer no."), 20),
        ListColumn(_("Customer"), 44),
        ListColumn(_("Product"), 18),
        ListColumn(_("Model"), 36),
        ListColumn(_("Lot"), 22),
        ListColumn(_("Pieces"), 16, "figure"),
        ListColumn(_("Recalled"), 16),
        ListColumn(_("Found by"), 52),
    )


def _write_shipments(page: ListPage, x: RecallScope) -> _Tally:
    head = page.head()
    tally = _Tally(first_row=head + 1)
    yes, no = _("yes"), _("no")
    for position, line in enumerate(x.lines, start=1):
        tally.count(line)
        page.write_row(
            (
                position,
                line.shipment,
                line.shipped_on,
                line.order,
                line.customer_number,
                line.customer,
                line.product,
                line.model,
                line.lot,
                line.pieces,
                yes if line.in_scope else no,
                line.found_by,
            )
        )
    tally.last_row = max(tally.first_row, page.row - 1)
    page.filter_from(head)
    page.finish()
    return tally


def _write_open_points(book: LongBook, x: RecallScope) -> None:
    columns = (
        ListColumn(_("No."), 12, "figure"),
        ListColumn(_("What cannot be ruled out"), 110),
        ListColumn(_("Why"), 95),
        ListColumn(_("Pieces"), 20, "figure"),
        ListColumn(_("Responsible"), 36),
    )
    page = book.page(_("Cannot be ruled out"), columns, title=_("What cannot be ruled out"))
    page.head()
    for position, point in enumerate(x.open_points, start=1):
        page.write_row((position, point.subject, point.why, point.pieces, point.owner))
    if not x.open_points:
        page.line_across(_("Nothing is open: every piece of the traced lots is placed."))
    page.finish()


def _write_check(book: LongBook, x: RecallScope, tally: _Tally, shipments: str) -> None:
    """Compare the customers, the lots and the list of shipments; every difference is a formula to be checked."""
    columns = (
        ListColumn(_("What is compared"), 84),
        ListColumn(_("Stated"), 30, "figure"),
        ListColumn(_("Counted from the shipments"), 34, "figure"),
        ListColumn(_("Difference"), 30, "figure"),
        ListColumn(_("Verdict"), 34),
    )
    page = book.page(_("Check"), columns, title=_("Check: do the sheets agree?"), landscape=False)
    page.head()
    first = page.row
    differences = 0
    span = _Span(shipments, tally.first_row, tally.last_row)
    differences += _compare(
        page, _("All pieces at customers"), x.pieces_at_customers, f"=SUM({span.of('J')})", tally.pieces
    )
    differences += _compare(
        page,
        _("All pieces recalled"),
        x.pieces_in_scope,
        f"=SUMPRODUCT(--({span.of('K')}={_quoted(_('yes'))}),{span.of('J')})",
        tally.pieces_in_scope,
    )
    for customer in x.customers:
        differences += _compare(
            page,
            _("Customer {number} {name}").format(number=customer.number, name=customer.name),
            customer.pieces,
            f"=SUMPRODUCT(--({span.of('E')}={_quoted(customer.number)}),{span.of('J')})",
            tally.by_customer[customer.number],
        )
    for lot in x.lots:
        differences += _compare(
            page,
            _("Lot {product} {lot}: shipped").format(product=lot.product, lot=lot.lot),
            lot.pieces_shipped,
            f"=SUMPRODUCT(({span.of('G')}={_quoted(lot.product)})*({span.of('I')}={_quoted(lot.lot)}),{span.of('J')})",
            tally.by_lot[lot.product, lot.lot],
        )
    page.text(1, _("Comparisons that differ"), bold=True)
    page.text(2, "", bold=True)
    page.text(3, "", bold=True)
    page.formula(4, f'=COUNTIF(D{first}:D{page.row - 1},"<>0")', result=differences, bold=True)
    page.text(5, _("all agree") if not differences else _("■ differs"), bold=True)
    page.end_row()
    _write_lot_balances(page, x)
    page.finish()


def _compare(page: ListPage, subject: str, stated: int, counting: str, counted: int) -> int:
    """Write one comparison and give 1 when it differs."""
    page.text(1, subject)
    page.figure(2, stated)
    page.formula(3, counting, result=counted)
    page.formula(4, f"=B{page.row}-C{page.row}", result=stated - counted)
    page.text(5, _("agrees") if stated == counted else _("■ differs"))
    page.end_row()
    return int(stated != counted)


def _write_lot_balances(page: ListPage, x: RecallScope) -> None:
    """Say for every lot where its pieces are, and how many nobody can place."""
    page.line_across(
        _("Balance of the lots: built = shipped + in stock + in progress + scrapped + not placed"), bold=True
    )
    for lot in x.lots:
        page.text(
            1,
            _(
                "{product} {lot}: shipped {shipped:,}, in stock {stock:,}, "
                "in progress {progress:,}, scrapped {scrapped:,}"
            ).format(
                product=lot.product,
                lot=lot.lot,
                shipped=lot.pieces_shipped,
                stock=lot.pieces_in_stock,
                progress=lot.pieces_in_progress,
                scrapped=lot.pieces_scrapped,
            ),
        )
        placed = lot.pieces_built - lot.pieces_unknown
        page.figure(2, lot.pieces_built)
        page.figure(3, placed)
        page.formula(4, f"=B{page.row}-C{page.row}", result=lot.pieces_unknown)
        page.text(5, _("agrees") if not lot.pieces_unknown else _("■ not placed"))
        page.end_row()


def _write_sum_row(page: ListPage, first: int, last: int, sums: dict[int, int], *, columns: int) -> None:
    for column in range(1, columns + 1):
        if column in sums:
            letter = chr(ord("A") + column - 1)
            page.formula(column, f"=SUM({letter}{first}:{letter}{last})", result=sums[column], bold=True)
        else:
            page.text(column, _("Total") if column == 1 else "", bold=True)
    page.end_row()


@dataclass(frozen=True)
class _Span:
    """The rows of the shipments, as formulas on other sheets name them."""

    sheet: str
    first: int
    last: int

    def of(self, column: str) -> str:
        return f"{self.sheet}!${column}${self.first}:${column}${self.last}"


def _quoted(text: str) -> str:
    """Write text into a formula as a constant to compare with.

    Compared with =, never through SUMIF: that would take lot 0123 for 123, and * in a number for a wildcard.
    """
    return '"' + printable(text).replace('"', '""') + '"'
