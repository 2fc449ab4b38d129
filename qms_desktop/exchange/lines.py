"""Tell records from what else stands below the headings: sums, remarks, page ends, headings printed again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.exchange import texts
from qms_desktop.exchange.fields import Amount, Whole, is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.exchange.headers import Header
    from qms_desktop.exchange.layouts import Layout, Row
    from qms_desktop.exchange.raw import RawTable, RawValue

# What stands in the first filled cell of a line that is no record: sums, page headers and footers, places to sign.
_FOOTER = re.compile(
    r"(?:本[页頁月日])?\s*[小合总總累]\s*[计計]\s*(?:[:：(（].*)?"
    r"|(?:制\s*表|製\s*表|审\s*核|審\s*核|批\s*准|签\s*[章字名]|簽\s*[章字名]|打印|列印|导出|導出|匯出)"
    r"\s*(?:人|者|日期|时间|時間)?\s*[:：].*"
    r"|第\s*[0-9]+\s*[页頁].*|page [0-9]+.*"
    r"|(?:sub-?\s?|grand )?total\s*:?|(?:prepared|checked|approved) by\s*:.*|(?:exported|printed)(?: on| at)?\s*:.*",
    re.IGNORECASE | re.DOTALL,
)
# What such a line says anywhere, where most of what a record needs is missing as well.
_SAYS_SO = re.compile(
    r"[小合总總累共]\s*[计計]|[汇匯]\s*[总總]|平均|结转|結轉|承前[页頁]|[过過]次[页頁]|以下空白|共\s*[0-9]+\s*[条條行笔筆]"
    r"|^(?:备\s*注|備\s*註|注|註|说明|說明|[页頁][码碼])\s*[:：]|制\s*表|製\s*表|审\s*核|審\s*核|打印|列印"
    r"|^[0-9]+\s*/\s*[0-9]+$|\b(?:sub-?)?totals?\b|\bsum\b|\bend of\b|\bremarks?\b|\bnotes?\b",
    re.IGNORECASE,
)
_LONGEST_FOOTER = 200
_HEADING_SHARE = 0.6


@dataclass(frozen=True)
class SkippedRow:
    """A line that was recognised as no record (subtotal, footer, repeated headings), with its first text."""

    row: int
    text: str


def divide(
    table: RawTable, layout: Layout[Row], header: Header, *, with_hidden_rows: bool
) -> tuple[list[int], tuple[SkippedRow, ...]]:
    """Divide the lines below the headings into records (their indexes) and others; blank lines are neither."""
    titles = {texts.trimmed(str(value)) for value in table.rows[header.index] if value is not None}
    needed = [header.columns[column.name] for column in layout.columns if column.is_required]
    numbers = {
        header.columns[column.name]
        for column in layout.columns
        if column.name in header.columns and isinstance(column.holds, Whole | Amount)
    }
    kept: list[int] = []
    skipped: list[SkippedRow] = []
    for index in range(header.index + 1, len(table.rows)):
        row = table.rows[index]
        first = row[0] if row else None
        if first is None or is_blank(first):
            first = next((value for value in row if not is_blank(value)), None)
        if first is None or (not with_hidden_rows and table.row_numbers[index] in table.hidden_rows):
            continue
        is_other = isinstance(first, str) and (_is_footer(first) or _repeats_headings(row, first, titles))
        if is_other or _is_sum(row, needed, numbers):
            skipped.append(SkippedRow(table.row_numbers[index], texts.trimmed(shown(first))))
        else:
            kept.append(index)
    return kept, tuple(skipped)


def _is_footer(first: str) -> bool:
    # Nearly all of them are codes, which end in a digit: they need no long look.
    if first[-1:].isdigit() and first.isalnum() and first.isascii():
        return False
    return len(first) <= _LONGEST_FOOTER and _FOOTER.fullmatch(texts.trimmed(first)) is not None


def _is_sum(row: Sequence[RawValue], needed: Sequence[int], numbers: set[int]) -> bool:
    """Say whether a line lacks half of what a record needs, and says that it is none, or holds only numbers."""
    if _holds_most(row, needed):
        return False
    filled = [(place, value) for place, value in enumerate(row) if not is_blank(value)]
    said = [texts.narrowed(value) for _place, value in filled if isinstance(value, str)]
    if any(len(each) <= _LONGEST_FOOTER and _SAYS_SO.search(texts.trimmed(each)) for each in said):
        return True
    return all(isinstance(value, int | float) and place in numbers for place, value in filled)


def _holds_most(row: Sequence[RawValue], needed: Sequence[int]) -> bool:
    # Nearly every line is a record, and four filled cells of seven prove it.
    found = 0
    for place in needed:
        value = row[place] if place < len(row) else None
        if value is not None and (value.__class__ is not str or not is_blank(value)):
            found += 1
            if found * 2 > len(needed):
                return True
    return False


def _repeats_headings(row: Sequence[RawValue], first: str, titles: set[str]) -> bool:
    if texts.trimmed(first) not in titles:
        return False
    filled = [texts.trimmed(str(value)) for value in row if not is_blank(value)]
    return sum(1 for value in filled if value in titles) >= len(titles) * _HEADING_SHARE
