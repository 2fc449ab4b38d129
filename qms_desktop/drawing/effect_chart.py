"""Before and after in figures: the defective share of each lot, and the spread of a sample against the limit."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from qms_desktop.drawing import paper_canvas
from qms_desktop.drawing.paper_canvas import GREEN, GRID, INK, RED, STEEL, Canvas
from qms_desktop.i18n import _

if TYPE_CHECKING:
    from decimal import Decimal

    from PySide6.QtGui import QPainter

    from qms_desktop.steps.eight_d_content import EffectEvidence, LotResult, MeasuredSample

WIDTH_MM = 172.0
HEIGHT_MM = 62.0

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class _Panel:
    """A plot in mm with a linear scale on both axes."""

    x: float
    width: float
    x_from: float
    x_to: float
    y_to: float
    y: float = 5.0
    height: float = 46.0

    def across(self, value: float) -> float:
        return self.x + self.width * (value - self.x_from) / (self.x_to - self.x_from)

    def up(self, value: float) -> float:
        return self.y + self.height * (1 - value / self.y_to)

    @property
    def foot(self) -> float:
        return self.y + self.height


def draw(painter: QPainter, rect: QRectF, *, effect: EffectEvidence) -> None:
    """Draw the lots and, where both samples exist, their spread, in the current language.

    Zero findings after the clean point carry the upper 95 % limit of the rule of three (3/n).
    """
    with paper_canvas.canvas(painter, rect, width_mm=WIDTH_MM, height_mm=HEIGHT_MM) as canvas:
        both = effect.before is not None and effect.after is not None
        _draw_lots(canvas, effect, width=82 if both else 158)
        if effect.before is not None and effect.after is not None:
            _draw_spread(canvas, effect, before=effect.before, after=effect.after)


def png(effect: EffectEvidence, *, dpi: int = 300) -> bytes:
    """Give the chart as a PNG for paper."""
    return paper_canvas.png(
        lambda painter, rect: draw(painter, rect, effect=effect), width_mm=WIDTH_MM, height_mm=HEIGHT_MM, dpi=dpi
    )


def share_text(lot: LotResult) -> str:
    """Give a lot's defective share in per cent, three digits at most: 0, 0.33, 42.2."""
    share = 100 * lot.pieces_not_ok / lot.pieces_checked
    return f"{share:.3g} %"


def _draw_lots(canvas: Canvas, effect: EffectEvidence, *, width: float) -> None:
    shares = [100 * lot.pieces_not_ok / lot.pieces_checked for lot in effect.lots]
    step = _nice_step(max([*shares, 1.0]) * 1.28, steps=5)
    top = step * math.ceil(max([*shares, 1.0]) * 1.28 / step)
    panel = _Panel(x=13, width=width, x_from=-0.5, x_to=len(shares) - 0.5, y_to=top)
    _draw_axes(canvas, panel, step=step)
    title = _("Share with {characteristic} > {limit} {unit}, %").format(
        characteristic=effect.characteristic, limit=effect.upper_limit, unit=effect.unit
    )
    canvas.upright_text(3, panel.y + panel.height / 2, panel.height + 8, title, points=6.5)
    slot = panel.width / len(shares)
    for place, (lot, share) in enumerate(zip(effect.lots, shares, strict=True)):
        centre, upper = panel.across(place), panel.up(share)
        colour = GREEN if lot.after else RED if lot.pieces_not_ok else STEEL
        hatched = bool(lot.pieces_not_ok)
        canvas.box(centre - slot * 0.31, upper, slot * 0.62, panel.foot - upper, fill=colour, hatched=hatched)
        figures = f"{share_text(lot)}\nn={lot.pieces_checked:,}"
        canvas.text((centre - slot / 2, upper - 6.2, slot, 6), figures, points=6)
        canvas.text((centre - slot / 2, panel.foot + 0.8, slot, 4), lot.lot, points=6.5)
    _draw_clean_point(canvas, effect, panel)


def _draw_clean_point(canvas: Canvas, effect: EffectEvidence, panel: _Panel) -> None:
    first_after = next((place for place, lot in enumerate(effect.lots) if lot.after), None)
    if first_after is None:
        return
    x = panel.across(first_after - 0.5)
    canvas.line((x, panel.y), (x, panel.foot), colour=INK, width=0.35, dashed=True)
    words = _("Clean point: {clean_point}").format(clean_point=effect.clean_point)
    if effect.upper_limit_ppm is not None:
        words += "\n" + _("0 of {pieces} pieces, upper 95 % limit (3/n) {limit} PPM").format(
            pieces=f"{effect.pieces_after:,}", limit=f"{effect.upper_limit_ppm:,}"
        )
    canvas.text(
        (x + 1.2, panel.y, panel.x + panel.width - x, 18),
        words,
        points=6.3,
        align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
    )


def _draw_spread(canvas: Canvas, effect: EffectEvidence, *, before: MeasuredSample, after: MeasuredSample) -> None:
    limit = float(effect.upper_limit)
    values = [float(value) for value in (*before.values, *after.values)]
    lowest, highest = min([*values, limit]), max([*values, limit])
    width = _nice_step(highest - lowest or 1.0, steps=24)
    heaps = [(sample, _heap(sample.values, width)) for sample in (before, after)]
    tallest = max(count for _sample, heap in heaps for count in heap.values())
    step = max(1.0, _nice_step(tallest * 1.3, steps=5))
    panel = _Panel(
        x=108,
        width=62,
        x_from=width * (math.floor(lowest / width) - 1),
        x_to=width * (math.floor(highest / width) + 2),
        y_to=step * math.ceil(tallest * 1.3 / step),
    )
    _draw_axes(canvas, panel, step=step)
    # Side by side in each class: one in front of the other would hide the good pieces of before.
    half = panel.across(width / 2) - panel.across(0)
    for side, ((_sample, heap), colour) in enumerate(zip(heaps, (RED, GREEN), strict=True)):
        for class_number, count in heap.items():
            left, upper = panel.across(class_number * width) + side * half, panel.up(count)
            canvas.box(left, upper, half - 0.1, panel.foot - upper, fill=colour, hatched=colour == RED)
    _draw_values(canvas, panel)
    x = panel.across(limit)
    canvas.line((x, panel.y), (x, panel.foot), colour=INK, width=0.35)
    words = _("Limit {limit} {unit}").format(limit=effect.upper_limit, unit=effect.unit)
    canvas.text((x + 0.8, panel.y + 12, 24, 4), words, points=6.5, align=_LEFT)
    axis = _("{characteristic}, {unit}").format(characteristic=effect.characteristic, unit=effect.unit)
    canvas.text((panel.x, panel.foot + 4.6, panel.width, 4.5), axis, points=6.5)
    canvas.upright_text(panel.x - 8, panel.y + panel.height / 2, panel.height, _("Pieces"), points=6.5)
    for row, (sample, colour) in enumerate(((before, RED), (after, GREEN))):
        y = panel.y + row * 4.4
        legend = f"{sample.label} (n={len(sample.values):,})"
        left = panel.x + panel.width - canvas.text_width(legend, points=6.3) - 1.5
        canvas.box(left - 5, y + 0.9, 4, 2.4, fill=colour, hatched=colour == RED)
        canvas.text((left, y, panel.x + panel.width - left, 4.2), legend, points=6.3, align=_LEFT)


def _draw_axes(canvas: Canvas, panel: _Panel, *, step: float) -> None:
    for number in range(round(panel.y_to / step) + 1):
        y = panel.up(number * step)
        if number:
            canvas.line((panel.x, y), (panel.x + panel.width, y), colour=GRID, width=0.15)
        canvas.text((panel.x - 9, y - 2, 8, 4), f"{number * step:g}", points=6.5, align=_RIGHT)
    canvas.line((panel.x, panel.foot), (panel.x + panel.width, panel.foot), colour=INK, width=0.3)
    canvas.line((panel.x, panel.y), (panel.x, panel.foot), colour=INK, width=0.3)


def _draw_values(canvas: Canvas, panel: _Panel) -> None:
    step = _nice_step(panel.x_to - panel.x_from, steps=6)
    value = step * math.ceil(panel.x_from / step)
    while value <= panel.x_to:
        x = panel.across(value)
        canvas.line((x, panel.foot), (x, panel.foot + 0.9), colour=INK, width=0.2)
        canvas.text((x - 5, panel.foot + 0.8, 10, 4), f"{value:g}", points=6.5)
        value += step


def _heap(values: tuple[Decimal, ...], width: float) -> Counter[int]:
    return Counter(math.floor(float(value) / width) for value in values)


def _nice_step(span: float, *, steps: int) -> float:
    """Give the step of 1, 2 or 5 times a power of ten that cuts a span into about so many parts."""
    rough = span / steps
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(power * factor for factor in (1, 2, 5, 10) if rough <= power * factor))
