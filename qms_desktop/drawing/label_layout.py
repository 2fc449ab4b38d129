"""Where everything stands on a receipt label, in dots of a 203 dpi printer (8 dots a mm).

One layout for the thermal printer, the PDF and the picture on the screen: each of them only draws these marks.
The order is that of the eye: status, RMA line, product, lot, model, customer, date, label serial, quantity.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qms_desktop.drawing import barcode, text
from qms_desktop.errors import Refused
from qms_desktop.i18n import N_
from qms_desktop.steps.receipt_label import LabelStatus

if TYPE_CHECKING:
    from qms_desktop.steps.receipt_label import ReceiptLabel

DOTS_PER_MM = 8

_LINE_ADVANCE = 1.16  # baseline to baseline, in sizes of the text
_BAND_BASELINE = 0.37  # of the text size below the middle of the band: Chinese characters then stand in its middle
_BAND_PADDING = 8
_BOX_INSET = 4
_LEAST_CORNER_DOTS = 20
_COLUMN_GAP = 12


class LabelSize(StrEnum):
    """The papers on the rolls, width × height in mm."""

    SMALL = "40x30"
    MEDIUM = "60x40"
    LARGE = "100x70"

    @property
    def shown(self) -> str:
        """The size for people, without its unit."""
        return self.value.replace("x", " × ")


@dataclass(frozen=True)
class Bars:
    """The place of a Code 128 and of the clear text below it, in dots."""

    y: int
    height: int
    module: int
    text_y: int
    text_dots: int


@dataclass(frozen=True, kw_only=True)
class Geometry:
    """The measures of one size of label, in dots."""

    width: int
    height: int
    margin: int
    band_height: int
    band_text: int
    code_x: int
    code_y: int
    module: int
    text_x: int
    text_width: int
    number: int
    product: int
    lot: int
    small: int
    divider_y: int
    lower_y: tuple[int, int]
    bars: Bars | None = None
    is_narrow: bool = False

    @property
    def right(self) -> int:
        """The x of the right margin."""
        return self.width - self.margin

    @property
    def code_side(self) -> int:
        """The side of the DataMatrix without its quiet zone."""
        return barcode.MATRIX_MODULES * self.module

    @property
    def lower_end(self) -> int:
        """The y where the text below the divider must end."""
        return self.bars.y - 2 * _BOX_INSET if self.bars else self.height - self.margin


GEOMETRY = {
    LabelSize.SMALL: Geometry(
        width=320, height=240, margin=10, band_height=34, band_text=26, code_x=22, code_y=56, module=6, text_x=148,
        text_width=162, number=22, product=31, lot=25, small=20, divider_y=174, lower_y=(177, 201), is_narrow=True,
    ),
    LabelSize.MEDIUM: Geometry(
        width=480, height=320, margin=16, band_height=48, band_text=34, code_x=30, code_y=78, module=7, text_x=177,
        text_width=287, number=30, product=40, lot=32, small=24, divider_y=226, lower_y=(234, 262),
    ),
    LabelSize.LARGE: Geometry(
        width=800, height=560, margin=24, band_height=72, band_text=50, code_x=46, code_y=118, module=11, text_x=277,
        text_width=499, number=44, product=66, lot=50, small=34, divider_y=344, lower_y=(352, 392),
        bars=Bars(y=454, height=52, module=2, text_y=508, text_dots=24),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A filled rectangle, black or white."""

    x: int
    y: int
    width: int
    height: int
    white: bool = False


@dataclass(frozen=True)
class Words:
    """One line of text from its pen point; `room` is the width that it may take at most."""

    x: int
    baseline: int
    text: str
    dots: int
    room: int
    bold: bool = True
    white: bool = False


@dataclass(frozen=True)
class Code:
    """A DataMatrix or, with a height of bars, a Code 128."""

    x: int
    y: int
    module: int
    payload: str
    bar_height: int = 0

    @property
    def symbol(self) -> barcode.Symbol:
        """Its modules."""
        return barcode.code_128(self.payload) if self.bar_height else barcode.data_matrix(self.payload)


@dataclass(frozen=True)
class Slash:
    """A line rising at 45° from the lower left corner of a square; `thickness` is measured across the page."""

    x: int
    y: int
    side: int
    thickness: int


Mark = Box | Words | Code | Slash


def layout(label: ReceiptLabel, size: LabelSize) -> tuple[Mark, ...]:
    """Place everything that one label shows.

    Text that is too long shrinks to 18 dots and is then cut with …; number, lot, serial and quantity never are.
    Raises Refused when one of those does not fit on this size.
    """
    place = GEOMETRY[size]
    marks = [
        *_band(label, place),
        *_column(label, place, size),
        *_lower_part(label, place, size),
        *_codes(label, place),
    ]
    if label.status is LabelStatus.VOID:
        marks.extend(_hatch(place))
    return tuple(marks)


def _baseline(top: int, dots: int) -> int:
    return top + round(_LINE_ADVANCE * dots)


def _band(label: ReceiptLabel, place: Geometry) -> list[Mark]:
    left, top = place.margin, place.margin
    marks: list[Mark] = [Box(left, top, place.right - left, place.band_height)]
    room = place.right - left - 2 * _BAND_PADDING
    middle = top + place.band_height / 2
    if corner := _corner_text(label):
        most = room - _least_status_room(label) - place.margin - _BOX_INSET
        fitted = text.fit(corner, dots=max(_LEAST_CORNER_DOTS, round(0.65 * place.band_text)), room=most, bold=True)
        across = fitted.width + place.margin
        x = place.right - _BOX_INSET - across
        marks.append(Box(x, top + _BOX_INSET, across, place.band_height - 2 * _BOX_INSET, white=True))
        baseline = round(middle + _BAND_BASELINE * fitted.dots)
        marks.append(Words(x + place.margin // 2, baseline, fitted.text, fitted.dots, fitted.width))
        room -= across + _BOX_INSET
    status = _status_words(label.status, place.band_text, room)
    baseline = round(middle + _BAND_BASELINE * status.dots)
    marks.append(Words(left + _BAND_PADDING, baseline, status.text, status.dots, room, white=True))
    return marks


def _least_status_room(label: ReceiptLabel) -> int:
    status = label.status
    return text.width(f"{status.chinese} {status.english[-1]}", dots=text.LEAST_DOTS, bold=True)


def _status_words(status: LabelStatus, dots: int, room: int) -> text.Fitted:
    """Give the status in both languages, with the shorter English word where the full one does not fit."""
    for english in status.english:
        fitted = text.fit(f"{status.chinese} {english}", dots=dots, room=room, bold=True)
        if not fitted.is_cut:
            break
    return fitted


def _corner_text(label: ReceiptLabel) -> str:
    if label.status is LabelStatus.VOID and label.replaced_by:
        return f"由 {_serial_ranges(label.replaced_by)} 取代"
    return f"补打 {label.reprint}" if label.reprint else ""


def _serial_ranges(serials: tuple[int, ...]) -> str:
    """Write serials as they follow each other: 52～56, 60."""
    ranges: list[list[int]] = []
    for serial in sorted(set(serials)):
        if ranges and serial == ranges[-1][-1] + 1:
            ranges[-1][1:] = [serial]
        else:
            ranges.append([serial])
    return ", ".join("～".join(map(str, ends)) for ends in ranges)


def _column(label: ReceiptLabel, place: Geometry, size: LabelSize) -> list[Mark]:
    """Place the lines beside the code."""
    number = f"{label.rma_number}-{label.rma_line}"
    rows = [
        (_whole(number, place.number, place.text_width, size=size, refusal=_NUMBER_TOO_LONG), True),
        (text.fit(text.shown(label.product_code), dots=place.product, room=place.text_width, bold=True), True),
        (_whole(label.lot_shown, place.lot, place.text_width, size=size, refusal=_LOT_TOO_LONG), True),
    ]
    line_dots = [place.number, place.product, place.lot]
    if not place.is_narrow:
        rows.append((text.fit(text.shown(label.product_shown), dots=place.small, room=place.text_width), False))
        line_dots.append(place.small)
    marks: list[Mark] = []
    top = place.code_y - round(0.2 * place.number)
    for (fitted, bold), dots in zip(rows, line_dots, strict=True):
        baseline = _baseline(top, dots)
        marks.append(Words(place.text_x, baseline, fitted.text, fitted.dots, place.text_width, bold=bold))
        top = baseline
    return marks


def _lower_part(label: ReceiptLabel, place: Geometry, size: LabelSize) -> list[Mark]:
    """Place what stands below the divider: customer; date and serial; and the quantity large at the right."""
    left, across = place.margin, place.right - place.margin
    upper, lower = (_baseline(y, place.small) for y in place.lower_y)
    marks: list[Mark] = [Box(left, place.divider_y, across, 2)]
    received = label.received_on.isoformat()
    serial = f"#{label.serial:06d}" + (f"  箱 {label.carton}" if label.carton and place.bars else "")
    quantity = text.shown(f"{label.pieces:,} {label.unit}")
    dots, quantity_dots = _sizes_below(received, serial, quantity, place)
    if quantity_dots is None:
        raise Refused(_QUANTITY_TOO_LONG, quantity=quantity, size=size.shown)
    quantity_width = text.width(quantity, dots=quantity_dots, bold=True)
    quantity_x = place.right - quantity_width
    serial_x = left + text.width(received, dots=dots) + place.small // 2
    marks.append(Words(left, lower, received, dots, serial_x - left - 2, bold=False))
    marks.append(Words(serial_x, lower, serial, dots, quantity_x - serial_x - 2))
    large = round(0.98 * place.product)
    marks.append(Words(quantity_x, _baseline(place.lower_y[0] - 2, large), quantity, quantity_dots, quantity_width))
    customer = label.customer_short_name if place.is_narrow else label.customer_name
    room = quantity_x - left - _COLUMN_GAP
    fitted = text.fit(text.shown(customer), dots=place.small, room=room)
    marks.append(Words(left, upper, fitted.text, fitted.dots, room, bold=False))
    return marks


def _sizes_below(received: str, serial: str, quantity: str, place: Geometry) -> tuple[int, int | None]:
    """Give the sizes of the line of date and serial and of the quantity beside it; None when it does not fit."""
    for dots in range(place.small, text.LEAST_DOTS - 1, -1):
        line = text.width(received, dots=dots) + place.small // 2 + text.width(serial, dots=dots, bold=True)
        room = place.right - place.margin - line - _COLUMN_GAP
        fitted = text.fit(quantity, dots=round(0.98 * place.product), room=room, bold=True)
        if not fitted.is_cut:
            return dots, fitted.dots
    return text.LEAST_DOTS, None


_NUMBER_TOO_LONG = N_("The RMA line {text} does not fit on a label of {size} mm. Choose a larger label.")
_LOT_TOO_LONG = N_(
    "The lot {text} does not fit on a label of {size} mm, and a lot is never printed in part. Choose a larger label."
)
_QUANTITY_TOO_LONG = N_(
    "The quantity {quantity} does not fit on a label of {size} mm, and a quantity is never printed in part. "
    "Choose a larger label."
)


def _whole(wanted: str, dots: int, room: int, *, size: LabelSize, refusal: str) -> text.Fitted:
    """Make a text fit that must not be cut."""
    fitted = text.fit(text.shown(wanted), dots=dots, room=room, bold=True)
    if fitted.is_cut:
        raise Refused(refusal, text=wanted, size=size.shown)
    return fitted


def _codes(label: ReceiptLabel, place: Geometry) -> list[Mark]:
    payload = label.code.payload
    marks: list[Mark] = [Code(place.code_x, place.code_y, place.module, payload)]
    if bars := place.bars:
        across = barcode.code_128(payload).width * bars.module
        marks.append(Code((place.width - across) // 2, bars.y, bars.module, payload, bar_height=bars.height))
        clear = text.fit(payload, dots=bars.text_dots, room=place.right - place.margin)
        x = (place.width - clear.width) // 2
        marks.append(Words(x, _baseline(bars.text_y, clear.dots), clear.text, clear.dots, place.right - x, bold=False))
    return marks


def _hatch(place: Geometry) -> list[Mark]:
    """Strike the text out, and never the code: a scan still reads the old serial and can sound the alarm."""
    areas = (
        (place.text_x - _BOX_INSET, place.code_y - 2 * _BOX_INSET, place.right, place.divider_y - _BOX_INSET),
        (place.margin, place.divider_y + 2 * _BOX_INSET, place.right, place.lower_end),
    )
    step, thickness = 7 * place.module, max(3, place.module * 2 // 5)
    marks: list[Mark] = []
    for left, top, right, bottom in areas:
        for crossing in range(-(-(left + top) // step) * step, right + bottom, step):
            first = max(left, crossing - bottom)
            last = min(right - thickness, crossing - top)
            if last - first > 2 * thickness:
                marks.append(Slash(first, crossing - last, last - first, thickness))
    return marks
