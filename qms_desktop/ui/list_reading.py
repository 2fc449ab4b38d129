"""Reading a list whose step has no text search of its own: page after page, until enough rows fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qms_desktop.rules.search import normalised
from qms_desktop.ui.list_side import PAGE_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def gather(
    read: Callable[[int | None], Sequence[Any]],
    *,
    before_id: int | None,
    text: str,
    words: Callable[[Any], Iterable[str]],
    fits: Callable[[Any], bool] = lambda _row: True,
) -> tuple[tuple[Any, ...], bool]:
    """Give about a page of the rows that fit and hold the text, and whether others may follow.

    `read` gives at most PAGE_ROWS rows before an id; `words` gives the texts that a row is found by.
    """
    wanted, last = normalised(text), before_id
    found: list[Any] = []
    while len(found) < PAGE_ROWS:
        rows = read(last)
        found += [one for one in rows if fits(one) and holds(one, wanted, words)]
        if len(rows) < PAGE_ROWS:
            return tuple(found), False
        last = rows[-1].id
    return tuple(found), True


def holds(one: Any, wanted: str, words: Callable[[Any], Iterable[str]]) -> bool:  # noqa: ANN401 - any row
    """Tell whether a row holds a normalised text in one of its words."""
    return not wanted or any(wanted in normalised(word) for word in words(one))
