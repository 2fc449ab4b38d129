"""Long lists as Excel workbooks: rows are written as they come, so that 100,000 of them need no memory.

openpyxl takes 1.5 times as long and twenty times the memory for such lists; controlled forms with charts stay with it
(sheet.py). Text and formulas are two kinds of cell here too, and formulas carry their result.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from xlsxwriter import Workbook

from qms_desktop import i18n
from qms_desktop.documents.sheet import (
    BOTTOM_MM,
    CELL_PADDING_MM,
    DAY_FORMAT,
    GREY,
    HEAD_FILL,
    INK,
    LABEL_FILL,
    LINE,
    MM_PER_INCH,
    MM_PER_UNIT,
    PT_PER_MM,
    SIDE_MM,
    TITLE_FONTS,
    TOP_MM,
    body_font,
    checked_figure,
    height_pt,
    lines_needed,
    long_moment,
    needs_quote,
    printable,
)
from qms_desktop.errors import Refused
from qms_desktop.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from typing import Any

EXCEL_ROWS = 1_048_576
A4 = 9
PIECES = "#,##0_ "
TEXT_PT = 9.5
ONE_LINE_PT = 17
SHORT_TEXT = 100


@dataclass(frozen=True)
class ListColumn:
    """One column of a list: its head (already translated), its width, and what kind of cell it holds.

    `kind` is text, figure or day; `number_format` is for figures.
    """

    head: str
    width_mm: float
    kind: str = "text"
    number_format: str = PIECES


class LongBook:
    """A workbook of several lists; open it in a `with` block, at whose end `to_bytes` gives the file."""

    def __init__(self, *, title: str, company: str, form_number: str, printed_at: datetime, zone: str) -> None:
        self._target = io.BytesIO()
        normal = {"font_name": body_font(), "font_size": 11}
        self._book = Workbook(self._target, {"constant_memory": True, "default_format_properties": normal})
        self._book.set_properties(
            {
                "title": title,
                "author": printable(company),
                "created": printed_at.astimezone(UTC).replace(tzinfo=None, microsecond=0),
            }
        )
        self._company, self._form_number = company, form_number
        self._printed = long_moment(printed_at, zone)
        self._formats: dict[tuple[tuple[str, object], ...], object] = {}

    def page(self, name: str, columns: Sequence[ListColumn], *, title: str, landscape: bool = True) -> ListPage:
        """Open a sheet with its heading; `name` is cut to what a tab can hold."""
        sheet = self._book.add_worksheet(re.sub(r"[\\/*?:\[\]']", " ", name)[:31])
        return ListPage(self, sheet, columns, title=title, landscape=landscape)

    def format(self, **properties: object) -> object:
        """Give a cell format, one object for equal ones."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": body_font(), "font_size": TEXT_PT, "font_color": f"#{INK}", "valign": "vcenter"}
            self._formats[key] = self._book.add_format({**base, **properties})
        return self._formats[key]

    def footer(self) -> str:
        """Give the footer of every page: form number, page of pages, printed when."""
        pages = _("Page {page} of {pages}").format(page="&P", pages="&N")
        printed = _("Printed {moment}").format(moment=self._printed)
        return f"&L&8 {self._form_number.replace('&', '&&')}&C&8 {pages}&R&8 {printed}"

    @property
    def company(self) -> str:
        """Name the company that heads every page."""
        return self._company

    def __enter__(self) -> Self:
        """Open the book for a block; its temporary files are closed at the end, after an error too."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close what the block left open."""
        if not self._book.fileclosed:
            self._book.close()

    def to_bytes(self) -> bytes:
        """Close the workbook and give the bytes of the .xlsx file."""
        self._book.close()
        return self._target.getvalue()


class ListPage:
    """One sheet of a long book, filled from the top; a row that is left cannot be changed any more."""

    def __init__(
        self,
        book: LongBook,
        sheet: Any,  # noqa: ANN401 - the package has no types
        columns: Sequence[ListColumn],
        *,
        title: str,
        landscape: bool,
    ) -> None:
        self._book, self._sheet, self._columns = book, sheet, tuple(columns)
        self.row = 1
        self._lines = 1
        # So many full-width characters fit on one line: only longer texts have to be measured. Numbers and codes take
        # at most two thirds of that a character.
        ems = tuple((column.width_mm - CELL_PADDING_MM) * PT_PER_MM / TEXT_PT for column in columns)
        self._sure_fit = tuple(int(width) for width in ems)
        self._sure_fit_ascii = tuple(int(width * 1.5) for width in ems)
        self._cell = {"border": 1, "border_color": f"#{LINE}"}
        self._set_up(landscape=landscape)
        across = {"align": "center", "border": 0}
        self.line_across(book.company, minimum_pt=18, font_size=11, font_color=f"#{GREY}", **across)
        fonts = {"font_name": TITLE_FONTS[i18n.language()], "font_size": 18, "bold": True}
        self.line_across(title, minimum_pt=30, **fonts, **across)
        self._writers: tuple[Callable[[int, int, Any], None], ...] = tuple(
            self._writer(column) for column in self._columns
        )

    @property
    def name(self) -> str:
        """Give the name of the tab as formulas write it."""
        return f"'{self._sheet.get_name()}'"

    def line_across(self, text: str, *, minimum_pt: float = 18, **properties: object) -> None:
        """Write one text over the whole width; the row is as high as the text needs."""
        size_pt = float(str(properties.get("font_size", TEXT_PT)))
        width_mm = sum(column.width_mm for column in self._columns)
        needed = height_pt(lines_needed(text, width_mm=width_mm, size_pt=size_pt), size_pt=size_pt)
        self._sheet.set_row(self.row - 1, max(minimum_pt, needed))
        look = self._book.format(**{"text_wrap": True, "align": "left", **properties})
        shown = printable(text)
        self._sheet.merge_range(self.row - 1, 0, self.row - 1, len(self._columns) - 1, "", look)
        self._sheet.write_string(self.row - 1, 0, shown, look)
        self.row += 1

    def head(self) -> int:
        """Write the head of the list, freeze it, repeat it on every page, and give the number of its row."""
        look = self._book.format(**self._cell, bold=True, bg_color=f"#{HEAD_FILL}", align="center", text_wrap=True)
        needed = max(
            lines_needed(column.head, width_mm=column.width_mm, size_pt=TEXT_PT, bold=True) for column in self._columns
        )
        self._sheet.set_row(self.row - 1, max(24, height_pt(needed, size_pt=TEXT_PT)))
        for number, column in enumerate(self._columns):
            self._sheet.write_string(self.row - 1, number, printable(column.head), look)
        self._sheet.freeze_panes(self.row, 0)
        self._sheet.repeat_rows(0, self.row - 1)
        self.row += 1
        return self.row - 1

    def write_row(self, cells: Iterable[str | int | Decimal | date | None]) -> None:
        """Write one line; the cells come in the order of the columns, None is an empty cell with a dash.

        Raises Refused when Excel has no more rows.
        """
        if self.row > EXCEL_ROWS:
            raise Refused(
                N_("The list has more than {limit:,} rows, which is all that Excel can hold. Narrow the question."),
                limit=EXCEL_ROWS,
            )
        row = self.row - 1
        self._lines = 1
        for column, (write, value) in enumerate(zip(self._writers, cells, strict=True)):
            write(row, column, value)
        self.end_row()

    def formula(self, column: int, formula: str, *, result: int, bold: bool = False) -> None:
        """Write a formula of ours with its result into the row that is open; columns are counted from 1."""
        look = self._book.format(**self._cell, num_format=PIECES, align="right", **self._strong(bold=bold))
        self._sheet.write_formula(self.row - 1, column - 1, formula, look, result)

    def text(self, column: int, text: str, *, bold: bool = False) -> None:
        """Write text into the row that is open; columns are counted from 1."""
        self._write_text(self.row - 1, column - 1, text, **self._strong(bold=bold))

    def figure(self, column: int, figure: int, *, bold: bool = False) -> None:
        """Write a number into the row that is open; columns are counted from 1."""
        look = self._book.format(**self._cell, num_format=PIECES, align="right", **self._strong(bold=bold))
        self._sheet.write_number(self.row - 1, column - 1, checked_figure(figure), look)

    def end_row(self) -> None:
        """Leave the open row, as high as its longest text."""
        if self._lines > 1:  # every row with a height of its own stays in memory
            self._sheet.set_row(self.row - 1, height_pt(self._lines, size_pt=TEXT_PT))
        self._lines = 1
        self.row += 1

    def filter_from(self, head_row: int) -> None:
        """Offer a filter over the list whose head stands in that row."""
        last_row = max(head_row, self.row - 2)
        self._sheet.autofilter(head_row - 1, 0, last_row, len(self._columns) - 1)

    def finish(self) -> None:
        """Set the print area to what was written."""
        self._sheet.print_area(0, 0, max(0, self.row - 2), len(self._columns) - 1)

    @staticmethod
    def _strong(*, bold: bool) -> dict[str, object]:
        return {"bold": True, "bg_color": f"#{LABEL_FILL}"} if bold else {}

    def _set_up(self, *, landscape: bool) -> None:
        sheet = self._sheet
        sheet.hide_gridlines(2)
        sheet.set_default_row(ONE_LINE_PT)
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
        side, top, bottom = SIDE_MM / MM_PER_INCH, TOP_MM / MM_PER_INCH, BOTTOM_MM / MM_PER_INCH
        sheet.set_margins(left=side, right=side, top=top, bottom=bottom)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(self._book.footer(), {"margin": 7 / MM_PER_INCH})
        for number, column in enumerate(self._columns):
            sheet.set_column(number, number, round(column.width_mm / MM_PER_UNIT, 2))

    def _writer(self, column: ListColumn) -> Callable[[int, int, Any], None]:
        """Choose once how the cells of a column are written: the loop over 100,000 rows has no time to ask."""
        sheet = self._sheet
        text_look = self._book.format(**self._cell, text_wrap=True, indent=1)
        quoted_look = self._book.format(**self._cell, text_wrap=True, indent=1, quote_prefix=True)

        def write_text(row: int, number: int, value: Any) -> None:  # noqa: ANN401 - a cell of the list
            text = printable(value if value is not None else "—")
            self._measure(text, number)
            sheet.write_string(row, number, text, quoted_look if needs_quote(text) else text_look)

        def write_figure(row: int, number: int, value: Any) -> None:  # noqa: ANN401
            if value is None:
                write_text(row, number, None)
            else:
                sheet.write_number(row, number, checked_figure(value), figure_look)

        def write_day(row: int, number: int, value: Any) -> None:  # noqa: ANN401
            if value is None:
                write_text(row, number, None)
            else:
                sheet.write_datetime(row, number, value, day_look)

        figure_look = self._book.format(**self._cell, num_format=column.number_format, align="right")
        day_look = self._book.format(**self._cell, num_format=DAY_FORMAT, align="center")
        return {"text": write_text, "figure": write_figure, "day": write_day}[column.kind]

    def _measure(self, text: str, number: int) -> None:
        fit = self._sure_fit_ascii if text.isascii() else self._sure_fit
        if len(text) > fit[number] or "\n" in text:
            width_mm = self._columns[number].width_mm
            measured = _lines_of_short_text if len(text) <= SHORT_TEXT else _lines
            self._lines = max(self._lines, measured(text, width_mm))

    def _write_text(self, row: int, column: int, text: str, **properties: object) -> None:
        shown = printable(text)
        self._measure(shown, column)
        quote = {"quote_prefix": True} if needs_quote(shown) else {}
        look = self._book.format(**{**self._cell, "text_wrap": True, "indent": 1, **properties, **quote})
        self._sheet.write_string(row, column, shown, look)


def _lines(text: str, width_mm: float) -> int:
    return lines_needed(text, width_mm=width_mm, size_pt=TEXT_PT)


@lru_cache(maxsize=2048)
def _lines_of_short_text(text: str, width_mm: float) -> int:
    """Remember the names of customers and products: a long list repeats them in every row."""
    return _lines(text, width_mm)
