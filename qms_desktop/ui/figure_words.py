"""The pieces that a deed moved, in words: the total at the right of a time line, and what became of them below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.rules.history_figures import FAILED, PARTS, PASSED, SCRAPPED, TO_INSPECT
from qms_desktop.ui import claim_words, sorting_words, wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qms_desktop.rules.history_figures import Figure

# An order's kind is named as the heap that it takes its pieces from.
_WORDS: Mapping[str, str] = {
    **{str(kind): look.words for kind, look in sorting_words.HEAPS.items()},
    **{str(kind): words for kind, words in claim_words.SHORT_SETTLEMENTS.items()},
    PASSED: N_("Passed"),
    FAILED: N_("Failed"),
    SCRAPPED: N_("Scrapped"),
    TO_INSPECT: N_("To inspect"),
}


def total(figures: Sequence[Figure]) -> str:
    """Write all the pieces of a deed, or nothing where none moved."""
    count = sum(figure.pieces for figure in figures)
    if not count:
        return ""
    if all(figure.what == PARTS for figure in figures):
        return wording.count_of(count, N_("{count} part"), N_("{count} parts"))
    return wording.all_pieces(count)


def what_became(figures: Sequence[Figure]) -> str:
    """Write where the pieces went: Rework 424 · Repack 60; nothing for plain pieces and parts."""
    named = [figure for figure in figures if figure.what in _WORDS]
    return " \u00b7 ".join(f"{_(_WORDS[figure.what])} {wording.pieces(figure.pieces)}" for figure in named)
