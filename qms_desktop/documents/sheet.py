"""What all Excel forms share: fonts, frames, safe text, own formulas, row heights, page set-up and footer.

Text of people and formulas of ours go through two functions, so that nobody guesses by the first character: text that
begins with = + - @ stays text. Formulas carry their result, so that a viewer that does not calculate shows it too.
Measures: design of the papers, Excel forms.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from qms_desktop import i18n
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell import Cell

INK, GREY, PALE, BLUE, RED, LINE = "1A1A1A", "44505E", "8A94A3", "1F3A5F", "B00020", "7A8699"
HEAD_FILL, LABEL_FILL = "D5DEEA", "EEF2F7"

BODY_FONTS = {"zh_CN": "宋体", "zh_TW": "新細明體", "en": "Arial"}
TITLE_FONTS = {"zh_CN": "黑体", "zh_TW": "微軟正黑體", "en": "Arial"}

CELL_CHARACTERS = 32_767
SURELY_SHORT = CELL_CHARACTERS // 2  # whatever the characters are
TALLEST_ROW_PT = 409
MM_PER_UNIT = 2.117  # column width unit: a digit of the 11-point default font, 8 pixels
MM_PER_INCH = 25.4
PT_PER_MM = 72 / MM_PER_INCH
PAGE_MM = (210, 297)
SIDE_MM, TOP_MM, BOTTOM_MM = 12, 14, 16
SHRINK_TO_ONE_PAGE = 1.25
CELL_PADDING_MM = 3.2

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_EMPTY_RESULT = r'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)'
_ZIP_DAY_ONE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Look:
    """How a cell looks; `align` is left, center or right, `framed` draws its four lines."""

    size_pt: float = 10
    bold: bool = False
    colour: str = INK
    fill: str | None = None
    align: str = "left"
    framed: bool = True
    title_font: bool = False


BODY = Look()
SMALL = Look(size_pt=9)
CENTRED = Look(align="center")
FIGURE = Look(align="right")
HEAD = Look(bold=True, fill=HEAD_FILL, align="center")
LABEL = Look(colour=GREY, fill=LABEL_FILL)
TOTAL = Look(bold=True, fill=LABEL_FILL, align="center")
TOTAL_FIGURE = Look(bold=True, fill=LABEL_FILL, align="right")
SECTION = Look(size_pt=10.5, bold=True, colour=BLUE, fill=HEAD_FILL, title_font=True)
NOTE = Look(size_pt=9, colour=GREY)
BARE = Look(framed=False)

PIECES_FORMAT = "#,##0_ "
MONEY_FORMAT = "#,##0.00_ "
DAY_FORMAT = "yyyy-mm-dd"


def printable(text: str) -> str:
    """Give text as a cell can hold it: characters that XML cannot carry become a visible □.

    Raises InvalidInput when the text is longer than the 32,767 characters (UTF-16 units) of an Excel cell.
    """
    if len(text) <= SURELY_SHORT and text.isprintable():
        return text
    shown = _UNPRINTABLE.sub("□", text)
    length = len(shown.encode("utf-16-le")) // 2
    if length > CELL_CHARACTERS:
        raise InvalidInput(
            N_("The text “{start}…” has {length:,} characters; a cell holds {limit:,}. Shorten it or split it."),
            start=shown[:20],
            length=length,
            limit=CELL_CHARACTERS,
        )
    return shown


def needs_quote(text: str) -> bool:
    """Tell whether a spreadsheet could take the text for a formula, so that it must be marked as text."""
    return text.startswith(_FORMULA_STARTS)


def put_text(cell: Cell, text: str) -> None:
    """Write text of people into a cell: it stays text, whatever it begins with."""
    shown = printable(text)
    cell.value = shown
    cell.data_type = "s"
    if needs_quote(shown):
        cell.quotePrefix = True


def put_formula(cell: Cell, formula: str) -> None:
    """Write a formula of our own into a cell; never one that contains text of people."""
    if not formula.startswith("="):
        raise ValueError(f"not a formula: {formula}")
    cell.value = formula
    cell.data_type = "f"


def checked_figure(figure: Decimal | int) -> Decimal | int:
    """Give a figure back that Excel can show; raises InvalidInput for NaN and infinity, which would become empty."""
    if not Decimal(figure).is_finite():
        raise InvalidInput(N_("{figure} is no number and cannot be printed."), figure=figure)
    return figure


def text_width_mm(text: str, *, size_pt: float, bold: bool = False) -> float:
    """Estimate how wide a line of text is: a full-width character is one em, a half-width one about half of it."""
    ems = sum(_character_ems(character) for character in text)
    return ems * size_pt / PT_PER_MM * (1.06 if bold else 1.0)


@lru_cache(maxsize=4096)
def _character_ems(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in " .,:;'|!il()[]/-jftrI":
        return 0.32
    if character in "mwMW%@":
        return 0.86
    return 0.69 if character.isupper() else 0.55


def lines_needed(text: str, *, width_mm: float, size_pt: float, bold: bool = False) -> int:
    """Count the lines that wrapped text takes in a cell: Chinese breaks anywhere, other scripts between words."""
    return sum(
        _wrapped_lines(paragraph, width_mm=width_mm - CELL_PADDING_MM, size_pt=size_pt, bold=bold)
        for paragraph in text.split("\n")
    )


def _wrapped_lines(paragraph: str, *, width_mm: float, size_pt: float, bold: bool) -> int:
    lines, used_mm = 1, 0.0
    for word in re.findall(r"[⺀-鿿＀-￯　-〿]|[^\s⺀-鿿＀-￯　-〿]+|\s+", paragraph):
        word_mm = text_width_mm(word, size_pt=size_pt, bold=bold)
        if used_mm + word_mm <= width_mm:
            used_mm += word_mm
        elif word.isspace():
            used_mm = width_mm
        else:
            lines += 1 if used_mm else 0
            overflow = max(1, ceil(word_mm / width_mm))
            lines += overflow - 1
            used_mm = word_mm - (overflow - 1) * width_mm
    return lines


def height_pt(lines: int, *, size_pt: float) -> float:
    """Give the row height for so many lines; Excel's own limit is 409 points."""
    return min(TALLEST_ROW_PT, round(lines * size_pt * 1.36 + 5, 1))


def body_font() -> str:
    """Name the font of tables in the current language."""
    return BODY_FONTS[i18n.language()]


def zone_text(moment: datetime, zone: str) -> str:
    """Say the zone of a moment as UTC+8."""
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def long_moment(moment: datetime, zone: str) -> str:
    """Write a moment as 2026-11-24 10:05 (UTC+8)."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone_text(moment, zone)})"


def short_day(day: date) -> str:
    """Write a day in a narrow column: 11-03 in Chinese, 3 Nov in English, where 11-03 would be read as 11 March."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]}" if i18n.language() == "en" else f"{day:%m-%d}"


def short_moment(moment: datetime, zone: str) -> str:
    """Write a moment in a narrow column: 11-03 09:12 in Chinese, 3 Nov 09:12 in English."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{short_day(local.date())} {local:%H:%M}"


def short_limit(moment: datetime, zone: str) -> str:
    """Write the end of a limit in a narrow column; midnight is 24:00 of the day before, as people say it."""
    local = moment.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute) == (0, 0):
        return f"{short_day(local.date() - timedelta(days=1))} 24:00"
    return short_moment(moment, zone)


def money_text(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency: ¥33,311.22 in Chinese, CNY 33,311.22 in English."""
    if currency == "CNY":
        return _("CNY {amount:,.2f}").format(amount=amount)
    return f"{currency} {amount:,.2f}"


class Sheet:
    """One form on A4, filled row by row from the top; columns are counted from 1."""

    def __init__(
        self,
        *,
        title: str,
        company: str,
        form_number: str,
        widths_mm: Sequence[float],
        landscape: bool,
        printed_at: datetime,
        zone: str,
    ) -> None:
        self.book = Workbook()
        self.page = self.book.active
        self.page.title = re.sub(r"[\\/*?:\[\]]", " ", title)[:31]
        self.row = 1
        self._widths_mm = tuple(widths_mm)
        self._landscape = landscape
        self._printed_at = printed_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self._row_needs_pt = 0.0
        self._results: dict[str, Decimal | int | str] = {}
        self._head_rows = 0
        self._whole_from: list[int] = []
        self._set_up_page(title, company, form_number, long_moment(printed_at, zone))
        self._heading(company, title)

    @property
    def columns(self) -> int:
        """Count the columns of the form."""
        return len(self._widths_mm)

    def text(self, column: int, text: str, look: Look = BODY, *, span: int = 1) -> None:
        """Write text of people or a translated text; the row grows with it."""
        put_text(self._cell(column, look, span), text)
        self._need(text, column, look, span)

    def figure(
        self, column: int, figure: Decimal | int, number_format: str, look: Look = FIGURE, *, span: int = 1
    ) -> None:
        """Write a number that the reader takes as it is."""
        cell = self._cell(column, look, span)
        cell.value = checked_figure(figure)
        cell.number_format = number_format

    def day(self, column: int, day: date | None, look: Look = CENTRED) -> None:
        """Write a day as a date of Excel, or — when it is not known."""
        if day is None:
            self.text(column, "—", look)
            return
        cell = self._cell(column, look, 1)
        cell.value = day
        cell.number_format = DAY_FORMAT

    def formula(
        self, column: int, formula: str, *, result: Decimal | int, number_format: str, look: Look = FIGURE
    ) -> None:
        """Write a formula of our own, for the reader to check, together with its result."""
        cell = self._cell(column, look, 1)
        put_formula(cell, formula)
        cell.number_format = number_format
        self._results[cell.coordinate] = checked_figure(result)

    def blank(self, look: Look = BODY, *, start: int = 1, end: int | None = None) -> None:
        """Draw empty cells from one column to another."""
        for column in range(start, (end or self.columns) + 1):
            self._cell(column, look, 1)

    def end_row(self, minimum_pt: float = 19) -> None:
        """Fix the height of the row from its longest text, and go to the next."""
        self.page.row_dimensions[self.row].height = max(minimum_pt, self._row_needs_pt)
        self._row_needs_pt = 0.0
        self.row += 1

    def head(self, texts: Sequence[str], look: Look = HEAD, *, minimum_pt: float = 24) -> None:
        """Write the head of the table; it and everything above is repeated on every page."""
        for column, text in enumerate(texts, start=1):
            self.text(column, text, look)
        self.end_row(minimum_pt)
        self._head_rows = self.row - 1
        self.page.print_title_rows = f"1:{self._head_rows}"

    def line_across(self, text: str, look: Look = BODY, *, minimum_pt: float = 20) -> None:
        """Write one text over the whole width."""
        self.text(1, text, look, span=self.columns)
        self.end_row(minimum_pt)

    def blank_below(self, rows: int, *, span: int = 1, minimum_pt: float = 22) -> None:
        """Say that nothing follows, so that nothing can be added by hand, and fill the form with empty rows."""
        for number in range(max(1, rows)):
            self.blank()
            if number == 0:
                self.text(2, _("—— blank below ——"), replace(CENTRED, colour=GREY), span=span)
            self.end_row(minimum_pt)

    def keep_rest_together(self) -> None:
        """From here on, up to the next such place or the end, nothing is torn apart by the end of a page."""
        self._whole_from.append(self.row)

    def column_letter(self, column: int) -> str:
        """Give the letter of a column, for formulas."""
        return str(get_column_letter(column))

    def to_bytes(self) -> bytes:
        """Close the form: print area, fit to page, results of the formulas; the same input gives the same bytes."""
        self._fit_to_page()
        plain = io.BytesIO()
        self.book.save(plain)
        return _finished(plain.getvalue(), results=self._results, created=self._printed_at)

    def _cell(self, column: int, look: Look, span: int) -> Cell:
        for number in range(column, column + span):
            cell = self.page.cell(row=self.row, column=number)
            cell.font = _font(look, i18n.language())
            cell.alignment = _alignment(look.align)
            if look.framed:
                cell.border = _frame()
            if look.fill:
                cell.fill = _fill(look.fill)
        if span > 1:
            self.page.merge_cells(
                start_row=self.row, end_row=self.row, start_column=column, end_column=column + span - 1
            )
        return self.page.cell(row=self.row, column=column)

    def _need(self, text: str, column: int, look: Look, span: int) -> None:
        width_mm = sum(self._widths_mm[column - 1 : column - 1 + span])
        lines = lines_needed(text, width_mm=width_mm, size_pt=look.size_pt, bold=look.bold)
        self._row_needs_pt = max(self._row_needs_pt, height_pt(lines, size_pt=look.size_pt))

    def _heading(self, company: str, title: str) -> None:
        self.line_across(company, Look(size_pt=11, colour=GREY, align="center", framed=False), minimum_pt=18)
        look = Look(size_pt=18, bold=True, align="center", framed=False, title_font=True)
        self.line_across(title, look, minimum_pt=30)

    def _set_up_page(self, title: str, company: str, form_number: str, printed: str) -> None:
        normal = self.book._named_styles["Normal"].font  # noqa: SLF001 - column widths count digits of this font
        normal.name, normal.sz, normal.family, normal.scheme = body_font(), 11, None, None
        page = self.page
        page.sheet_view.showGridLines = False
        page.page_setup.paperSize = page.PAPERSIZE_A4
        page.page_setup.orientation = "landscape" if self._landscape else "portrait"
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.print_options.horizontalCentered = True
        margins = page.page_margins
        margins.left = margins.right = SIDE_MM / MM_PER_INCH
        margins.top, margins.bottom = TOP_MM / MM_PER_INCH, BOTTOM_MM / MM_PER_INCH
        margins.header, margins.footer = 6 / MM_PER_INCH, 7 / MM_PER_INCH
        footer = page.oddFooter
        footer.left.text = form_number.replace("&", "&&")
        footer.center.text = _("Page {page} of {pages}").format(page="&P", pages="&N")
        footer.right.text = _("Printed {moment}").format(moment=printed)
        for part in (footer.left, footer.center, footer.right):
            part.size = 8
        for number, width_mm in enumerate(self._widths_mm, start=1):
            page.column_dimensions[get_column_letter(number)].width = round(width_mm / MM_PER_UNIT, 2)
        self.book.properties.creator = printable(company)
        self.book.properties.title = title
        self.book.properties.created = self._printed_at

    def _fit_to_page(self) -> None:
        """One page when the form fits on one, shrunk by a fifth at most; else as many as it takes, with heads."""
        page = self.page
        page.print_area = f"A1:{get_column_letter(self.columns)}{self.row - 1}"
        short_mm, long_mm = PAGE_MM
        width_mm, paper_mm = (long_mm, short_mm) if self._landscape else (short_mm, long_mm)
        scale = min(1.0, (width_mm - 2 * SIDE_MM) / sum(self._widths_mm))
        page_pt = (paper_mm - TOP_MM - BOTTOM_MM) * PT_PER_MM / scale
        total_pt = self._height_pt(1, self.row - 1)
        page.page_setup.fitToWidth = 1
        page.page_setup.fitToHeight = 1 if total_pt <= page_pt * SHRINK_TO_ONE_PAGE else 0
        if total_pt > page_pt * SHRINK_TO_ONE_PAGE and self._whole_from:
            self._break_before_torn_parts(page_pt)

    def _break_before_torn_parts(self, page_pt: float) -> None:
        head_pt = self._height_pt(1, self._head_rows)
        used_pt = 0.0
        for number in range(1, self._whole_from[0]):
            row_pt = self._height_pt(number, number)
            used_pt = head_pt + row_pt if used_pt + row_pt > page_pt else used_pt + row_pt
        for first, after in pairwise((*self._whole_from, self.row)):
            part_pt = self._height_pt(first, after - 1)
            if used_pt + part_pt > page_pt:
                self.page.row_breaks.append(Break(id=first - 1))
                used_pt = head_pt
            used_pt += part_pt

    def _height_pt(self, first: int, last: int) -> float:
        return sum(float(self.page.row_dimensions[number].height) for number in range(first, last + 1))


@lru_cache(maxsize=256)
def _font(look: Look, language: str) -> Font:
    fonts = TITLE_FONTS if look.title_font else BODY_FONTS
    return Font(name=fonts[language], size=look.size_pt, bold=look.bold, color=look.colour)


@lru_cache(maxsize=4)
def _alignment(align: str) -> Alignment:
    # An indent on numbers is kept in some cells and lost in others; their formats end with a space instead.
    indent = 1 if align == "left" else 0
    return Alignment(horizontal=align, vertical="center", wrap_text=align != "right", indent=indent)


@lru_cache(maxsize=1)
def _frame() -> Border:
    line = Side(style="thin", color=LINE)
    return Border(left=line, right=line, top=line, bottom=line)


@lru_cache(maxsize=16)
def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


def _finished(plain: bytes, *, results: dict[str, Decimal | int | str], created: datetime) -> bytes:
    """Put the results beside the formulas and take today's clock out of the file.

    openpyxl writes formulas without results, and the moment of saving as the day of change.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml" and results:
                part = _with_results(part.decode("utf-8"), results).encode("utf-8")
            elif name == "docProps/core.xml":
                stamp = f"{created:%Y-%m-%dT%H:%M:%SZ}"
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp.encode(), part)
            book.writestr(zipfile.ZipInfo(name, _ZIP_DAY_ONE), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _with_results(xml: str, results: dict[str, Decimal | int | str]) -> str:
    for cell, result in results.items():
        xml, found = re.subn(_EMPTY_RESULT.format(cell=cell), rf"\g<1><v>{result}</v>", xml, count=1)
        if not found:
            raise ValueError(f"no formula without a result in {cell}")
    return xml
