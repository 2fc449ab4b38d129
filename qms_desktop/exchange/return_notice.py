"""Read a customer's own return notice: headings with free lines above and below the table."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qms_desktop.exchange import days, headers, texts
from qms_desktop.exchange.fields import is_blank, shown
from qms_desktop.exchange.layouts import RETURN_NOTICE, Kind
from qms_desktop.exchange.lines import SkippedRow
from qms_desktop.exchange.problems import CellError, Problem, Trouble
from qms_desktop.exchange.reading import Reading, take_lines, titles_above
from qms_desktop.exchange.rows import ReturnNotice, ReturnNoticeLine, SourceRow
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qms_desktop.exchange.fields import Context
    from qms_desktop.exchange.headers import Header
    from qms_desktop.exchange.raw import RawTable

_TITLE = re.compile(r"(.*?)\s*(?:退货通知单?|退貨通知單?|return notice)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:单号|單號|通知单号|通知單號|no\.|number)\s*[:：]\s*(.+)", re.IGNORECASE)
_DAY = re.compile(r"(?:日期|date)\s*[:：]\s*(.+)", re.IGNORECASE)
_CONTACT = re.compile(r"(?:联系人|聯絡人|contact)\s*[:：]\s*(.+)", re.IGNORECASE)
_CUSTOMER = re.compile(r"(?:客户名称|客户|客戶|公司名称|公司名稱|customer)\s*[:：]\s*(.+)", re.IGNORECASE)
_HOURS = re.compile(r"([0-9]{1,4})\s*(?:小时|小時|hours?\b|h\b)", re.IGNORECASE)
_SIGNATURE = re.compile(r"(?:签|簽)\s*[章字名]|signature", re.IGNORECASE)
_EIGHT_D = re.compile(r"\b8\s*D|8D", re.IGNORECASE)


def read_notice(
    table: RawTable, *, context: Context, columns: Mapping[str, str] | None = None
) -> Reading[ReturnNotice]:
    """Judge a return notice; `rows` holds the one notice when every cell of it is right.

    Raises FileRefused when the headings of its lines are not found.
    """
    header = headers.find(table, RETURN_NOTICE, columns or {})
    kept, below = _divide(table, header)
    lines, errors, notices = take_lines(table, RETURN_NOTICE, header, kept, context)
    notice, heading_errors = _heading(table, header, context)
    errors = (*heading_errors, *errors)
    demands = tuple(text for _index, text in below if not _SIGNATURE.match(text))
    wishes = "\n".join((*demands, *(line.demand or "" for line in lines)))
    hours = _HOURS.search(texts.narrowed(wishes))
    whole = replace(
        notice,
        lines=lines,
        demands=demands,
        reply_hours=int(hours[1]) if hours else None,
        wants_eight_d=_EIGHT_D.search(wishes) is not None,
    )
    return Reading(
        kind=Kind.RETURN_NOTICE,
        file_name=table.file_name,
        sha256=table.sha256,
        original=table.original,
        sheet=table.sheet,
        rows=() if errors else (whole,),
        errors=errors,
        skipped=tuple(SkippedRow(table.row_numbers[index], text) for index, text in below),
        notices=(*table.notices, *notices),
        titles=titles_above(table, header),
    )


def _divide(table: RawTable, header: Header) -> tuple[list[int], list[tuple[int, str]]]:
    """Divide what stands below the headings: lines up to the first gap that no product follows, and free text."""
    places = [header.columns[name] for name in ("product_code", "pieces")]
    kept: list[int] = []
    below: list[tuple[int, str]] = []
    for index in range(header.index + 1, len(table.rows)):
        row = table.rows[index]
        if any(place < len(row) and not is_blank(row[place]) for place in places):
            kept.append(index)
        else:
            below += [(index, texts.trimmed(value)) for value in row if isinstance(value, str) and not is_blank(value)]
    return kept, below


def _heading(table: RawTable, header: Header, context: Context) -> tuple[ReturnNotice, tuple[CellError, ...]]:
    errors: list[CellError] = []
    found: dict[str, str] = {}
    patterns = (("number", _NUMBER), ("day", _DAY), ("contact", _CONTACT), ("customer", _CUSTOMER), ("title", _TITLE))
    places: dict[str, tuple[int, int]] = {}
    for index in range(header.index):
        for place, value in enumerate(table.rows[index]):
            for name, pattern in patterns:
                if isinstance(value, str) and name not in found and (match := pattern.fullmatch(texts.trimmed(value))):
                    found[name] = match[1]
                    places[name] = (index, place)
    number, day = "", None
    customer = found.get("customer") or found.get("title")
    try:
        number = _number(found.get("number"))
    except Trouble as trouble:
        errors.append(_error(table, places.get("number", (0, 0)), "number", N_("Notice number"), trouble))
    try:
        day = _day(found.get("day"), context)
    except Trouble as trouble:
        errors.append(_error(table, places["day"], "day", N_("Date of the notice"), trouble))
    notice = ReturnNotice(
        number=number,
        day=day,
        customer_name=texts.trimmed(customer) if customer else None,
        contact=found.get("contact"),
        reply_hours=None,
        wants_eight_d=False,
        demands=(),
        lines=(),
        source=SourceRow(table.sheet, table.row_numbers[0] if table.row_numbers else 1),
    )
    return notice, tuple(errors)


def _number(text: str | None) -> str:
    if not text:
        raise Trouble(Problem.MISSING)
    return texts.code(text, longest=40)


def _day(text: str | None, context: Context) -> date | None:
    if not text:
        return None
    return days.in_range(days.from_text(text, day_first=context.day_first), today=context.today, may_be_future=False)


def _error(table: RawTable, place: tuple[int, int], name: str, label: str, trouble: Trouble) -> CellError:
    index, column = place
    return CellError(
        cell=table.address(index, column),
        row=table.row_numbers[index],
        field=name,
        label=label,
        found=shown(table.cell(index, column).value),
        problem=trouble.problem,
        values=trouble.values,
    )


__all__ = ["ReturnNotice", "ReturnNoticeLine", "read_notice"]
