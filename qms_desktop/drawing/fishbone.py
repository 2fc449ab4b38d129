"""The cause-and-effect diagram of an 8D report: six bones, candidate causes, verified ones marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from qms_desktop.drawing import paper_canvas
from qms_desktop.drawing.paper_canvas import BLUE, GREY, INK, PALE, RED, Canvas
from qms_desktop.i18n import N_, _
from qms_desktop.steps.eight_d_content import CauseCandidate, CauseCategory, RootCauses, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

WIDTH_MM = 172.0
HEIGHT_MM = 76.0

CATEGORY_WORDS: dict[CauseCategory, str] = {
    CauseCategory.MAN: N_("Man"),
    CauseCategory.MACHINE: N_("Machine"),
    CauseCategory.MATERIAL: N_("Material"),
    CauseCategory.METHOD: N_("Method"),
    CauseCategory.ENVIRONMENT: N_("Environment"),
    CauseCategory.MEASUREMENT: N_("Measurement"),
}

# Where each bone meets the spine, and on which side it stands (-1 above, 1 below).
_BONES = {
    CauseCategory.MAN: (38.0, -1),
    CauseCategory.MACHINE: (83.0, -1),
    CauseCategory.MATERIAL: (128.0, -1),
    CauseCategory.METHOD: (38.0, 1),
    CauseCategory.ENVIRONMENT: (83.0, 1),
    CauseCategory.MEASUREMENT: (128.0, 1),
}
_SPINE_Y = HEIGHT_MM / 2
_BONE_RUN, _BONE_RISE = 23.0, 30.0
_TEXT_WIDTH = 41.0
_MOST_ON_A_BONE = 6
_POINTS = 6.5
_RANK = {Verdict.PROVED: 0, Verdict.POSSIBLE: 1, Verdict.RULED_OUT: 2}


def draw(painter: QPainter, rect: QRectF, *, causes: RootCauses) -> None:
    """Draw the diagram into a rectangle, in the current language.

    A proved cause is red, bold, has a full dot and its code; one still possible has an empty dot; one ruled out is
    grey. A bone shows six candidates, the proved first, and tells how many more there are.
    """
    with paper_canvas.canvas(painter, rect, width_mm=WIDTH_MM, height_mm=HEIGHT_MM) as canvas:
        canvas.line((2, _SPINE_Y), (141, _SPINE_Y), colour=BLUE, width=0.8)
        canvas.arrow_head(143.5, _SPINE_Y, length=3.2, colour=BLUE)
        canvas.box(144, _SPINE_Y - 8.5, 27.5, 17, fill=BLUE)
        canvas.text((144.7, _SPINE_Y - 8, 26.1, 16), causes.effect, points=8.5, colour="#FFFFFF", bold=True)
        for category, (foot_x, side) in _BONES.items():
            found = [candidate for candidate in causes.candidates if candidate.category is category]
            _draw_bone(canvas, category, foot_x=foot_x, side=side, candidates=found)


def png(causes: RootCauses, *, dpi: int = 300) -> bytes:
    """Give the diagram as a PNG for paper."""
    return paper_canvas.png(
        lambda painter, rect: draw(painter, rect, causes=causes), width_mm=WIDTH_MM, height_mm=HEIGHT_MM, dpi=dpi
    )


def _draw_bone(
    canvas: Canvas, category: CauseCategory, *, foot_x: float, side: int, candidates: Sequence[CauseCandidate]
) -> None:
    head_x, head_y = foot_x - _BONE_RUN, _SPINE_Y + side * _BONE_RISE
    canvas.line((head_x, head_y), (foot_x, _SPINE_Y), colour=BLUE, width=0.5)
    words = _(CATEGORY_WORDS[category])
    half = canvas.text_width(words, points=8.5, bold=True) / 2 + 1.6
    top = head_y - 5.4 if side < 0 else head_y
    canvas.box(head_x - half, top, 2 * half, 5.4, fill=PALE, colour=BLUE)
    canvas.text((head_x - half, top, 2 * half, 5.4), words, points=8.5, bold=True, colour=BLUE)
    shown = sorted(candidates, key=lambda candidate: _RANK[candidate.verdict])
    if len(shown) > _MOST_ON_A_BONE:
        more = len(shown) - _MOST_ON_A_BONE + 1
        shown = [
            *shown[: _MOST_ON_A_BONE - 1],
            CauseCandidate(category=category, text=_("and {more} more").format(more=more), verdict=Verdict.RULED_OUT),
        ]
    pitch = min(0.32, 0.72 / max(1, len(shown)))
    for number, candidate in enumerate(shown):
        share = 0.2 + pitch * number
        x, y = head_x + _BONE_RUN * share, head_y - side * _BONE_RISE * share
        _draw_candidate(canvas, candidate, x=x, y=y, height=pitch * _BONE_RISE)


def _draw_candidate(canvas: Canvas, candidate: CauseCandidate, *, x: float, y: float, height: float) -> None:
    proved = candidate.verdict is Verdict.PROVED
    colour = RED if proved else GREY
    canvas.line((x - 3, y), (x, y), colour=colour, width=0.35 if proved else 0.25)
    if proved:
        canvas.dot(x - 3, y, radius=0.75, colour=RED)
    elif candidate.verdict is Verdict.POSSIBLE:
        canvas.dot(x - 3, y, radius=0.6, colour=INK, filled=False)
    words = f"{candidate.text} ({candidate.code})" if proved and candidate.code else candidate.text
    lines = 2 if canvas.text_width(words, points=_POINTS, bold=proved) > _TEXT_WIDTH - 1.6 else 1
    # The bone runs on below a text of two lines: begin further from it.
    left = x + 1.6 + (1.2 if lines > 1 else 0)
    ink = {Verdict.PROVED: RED, Verdict.POSSIBLE: INK, Verdict.RULED_OUT: GREY}[candidate.verdict]
    canvas.text(
        (left, y - height / 2, _TEXT_WIDTH - (left - x), height),
        words,
        points=_POINTS,
        colour=ink,
        bold=proved,
        align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    )
