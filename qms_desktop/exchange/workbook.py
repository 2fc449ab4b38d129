"""Read one sheet of an Excel workbook (.xlsx, .xlsm); runs in the child process only.

The packing is looked at first, then every XML part is watched while it is unpacked, and only then calamine reads it.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import python_calamine as calamine

from qms_desktop.exchange import packing, sheet_facts
from qms_desktop.exchange.raw import NoticeKind, column_letters
from qms_desktop.exchange.refusals import FileRefused, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.exchange.limits import Limits
    from qms_desktop.exchange.packing import Part
    from qms_desktop.exchange.raw import Area, RawValue
    from qms_desktop.exchange.sheet_facts import SheetFacts

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRICT = b"http://purl.oclc.org/ooxml/"
_RELATION_ID = re.compile(r"\{.*\}id")
_OTHER_PACKAGES = (
    ("word/document.xml", "Word"),
    ("ppt/presentation.xml", "PowerPoint"),
    ("xl/workbook.bin", "xlsb"),
    ("mimetype", "OpenDocument"),
    ("AndroidManifest.xml", "APK"),
)


@dataclass(frozen=True)
class OpenSheet:
    """A sheet ready to be read: its rows, what is hidden, and the notices of the workbook (kind and values)."""

    sheet: str
    rows: Iterator[list[object]]
    hidden_rows: list[int]
    notices: list[tuple[NoticeKind, dict[str, object]]]
    other_sheets: list[str]
    merged: list[Area]


def open_sheet(content: bytes, *, sheet: str | None, limits: Limits) -> OpenSheet:
    """Open a workbook and choose its sheet: the one named, or the first visible one that holds a cell.

    Raises FileRefused for everything that the table of bad input names (B6-B19, B27, B28).
    """
    parts = packing.look(content, limits)
    _refuse_other_packages(parts)
    paths = _sheet_paths(content, parts)
    suspects = _watch_parts(content, parts, paths, limits)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in _candidates(book, sheet):
            facts = sheet_facts.SheetFacts()
            path = paths.get(name, "")
            if path in suspects:
                facts = sheet_facts.sheet_facts(packing.unpack(content, parts[path]), name, limits)
            cells = book.get_sheet_by_name(name)
            _refuse_size(cells, limits)
            if cells.height or facts.faults:
                notices = [*_book_notices(book, name, parts), *_sheet_notices(facts)]
                others = [each.name for each in book.sheets_metadata if each.name != name and _is_visible(each)]
                merged = [(*first, *last) for first, last in cells.merged_cell_ranges or ()]
                return OpenSheet(name, _rows(cells, facts), facts.hidden_rows, notices, others, merged)
    except (calamine.CalamineError, OSError) as error:
        raise FileRefused(Refusal.DAMAGED) from error
    raise FileRefused(Refusal.NO_CELLS)


def _refuse_other_packages(parts: dict[str, Part]) -> None:
    if _WORKBOOK in parts:
        return
    for name, kind in _OTHER_PACKAGES:
        if name in parts:
            raise FileRefused(Refusal.OTHER_FORMAT, kind=kind)
    raise FileRefused(Refusal.OTHER_FORMAT, kind="zip")


def _read_xml(content: bytes, part: Part) -> ET.Element:
    text = b"".join(packing.watched_xml(content, part))
    if _STRICT in text:
        raise FileRefused(Refusal.OTHER_FORMAT, kind="Strict Open XML")
    try:
        return ET.fromstring(text)  # noqa: S314 - document types and entities were refused by watched_xml
    except ET.ParseError as error:
        raise FileRefused(Refusal.DAMAGED_PART, part=part.name) from error


def _sheet_paths(content: bytes, parts: dict[str, Part]) -> dict[str, str]:
    """Give the part of each sheet by the sheet's name."""
    if _RELATIONS not in parts:
        raise FileRefused(Refusal.DAMAGED_PART, part=_RELATIONS)
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in _read_xml(content, parts[_RELATIONS])}
    paths: dict[str, str] = {}
    for element in _read_xml(content, parts[_WORKBOOK]).iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        relation_id = next((value for key, value in element.items() if _RELATION_ID.fullmatch(key)), "")
        target = targets.get(relation_id, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in parts:
            paths[element.get("name", "")] = path
    return paths


def _watch_parts(content: bytes, parts: dict[str, Part], paths: dict[str, str], limits: Limits) -> set[str]:
    """Unpack every part once; give the sheets that must be read cell by cell, and name a damaged one by its sheet."""
    sheets = {path: name for name, path in paths.items()}
    suspects: set[str] = set()
    for part in parts.values():
        try:
            if part.name in sheets:
                if sheet_facts.may_hide_something(packing.watched_xml(content, part), limits):
                    suspects.add(part.name)
            elif part.is_xml:
                for _piece in packing.watched_xml(content, part):
                    pass
            else:
                packing.refuse_nested(content, part)
        except FileRefused as refused:
            if refused.refusal is Refusal.DAMAGED_PART and part.name in sheets:
                raise FileRefused(Refusal.DAMAGED_SHEET, sheet=sheets[part.name]) from refused
            raise
    return suspects


def _is_table(metadata: calamine.SheetMetadata) -> bool:
    return metadata.typ == calamine.SheetTypeEnum.WorkSheet


def _is_visible(metadata: calamine.SheetMetadata) -> bool:
    return metadata.visible == calamine.SheetVisibleEnum.Visible


def _candidates(book: calamine.CalamineWorkbook, sheet: str | None) -> list[str]:
    """Give the sheets to look at in their order: the one that was named, or all visible ones."""
    tables = [metadata for metadata in book.sheets_metadata if _is_table(metadata)]
    if sheet is None:
        return [metadata.name for metadata in tables if _is_visible(metadata)]
    names = [metadata.name for metadata in tables]
    if sheet not in names:
        raise FileRefused(Refusal.NO_SUCH_SHEET, sheet=sheet, sheets=", ".join(names))
    return [sheet]


def _refuse_size(cells: calamine.CalamineSheet, limits: Limits) -> None:
    if cells.end is None:
        return
    rows, columns = cells.end[0] + 1, cells.end[1] + 1
    if rows > limits.rows:
        raise FileRefused(Refusal.TOO_MANY_ROWS, sheet=cells.name, limit=limits.rows)
    if columns > limits.columns:
        raise FileRefused(Refusal.TOO_MANY_COLUMNS, sheet=cells.name, columns=columns, limit=limits.columns)


def _book_notices(
    book: calamine.CalamineWorkbook, chosen: str, parts: dict[str, Part]
) -> Iterator[tuple[NoticeKind, dict[str, object]]]:
    others = [each for each in book.sheets_metadata if _is_table(each) and each.name != chosen]
    shown = [each.name for each in others if _is_visible(each)]
    hidden = [each.name for each in others if not _is_visible(each)]
    if shown:
        yield NoticeKind.OTHER_SHEETS, {"sheet": chosen, "others": ", ".join(shown)}
    if hidden:
        yield NoticeKind.HIDDEN_SHEETS, {"others": ", ".join(hidden)}
    if "xl/vbaProject.bin" in parts:
        yield NoticeKind.MACROS, {}


def _sheet_notices(facts: SheetFacts) -> Iterator[tuple[NoticeKind, dict[str, object]]]:
    if facts.external_formulas:
        yield NoticeKind.EXTERNAL_LINKS, {"count": facts.external_formulas}
    if facts.hidden_columns:
        letters = ", ".join(column_letters(column) for column in facts.hidden_columns)
        yield NoticeKind.HIDDEN_COLUMNS, {"count": len(facts.hidden_columns), "columns": letters}
    if facts.hidden_rows:
        yield NoticeKind.HIDDEN_ROWS, {"count": len(facts.hidden_rows), "row": facts.hidden_rows[0]}
    if facts.has_filter:
        yield NoticeKind.FILTER, {}


def _rows(cells: calamine.CalamineSheet, facts: SheetFacts) -> Iterator[list[object]]:
    """Give the rows from A1 on, faults put in; calamine begins at the first used column."""
    start = cells.start
    before: list[RawValue] = [None] * (start[1] if start else 0)
    faulty: dict[int, list[int]] = {}
    for row, column in facts.faults:
        faulty.setdefault(row, []).append(column)
    number = -1
    for number, found in enumerate(cells.iter_rows()):
        row_cells: list[object] = [*before, *found] if before else list(found)
        if number in faulty:
            _put(row_cells, number, faulty[number], facts)
        yield row_cells
    # A fault may stand below or beside the last value that calamine saw.
    for later in range(number + 1, max(faulty, default=-1) + 1):
        row_cells = []
        _put(row_cells, later, faulty.get(later, []), facts)
        yield row_cells


def _put(row_cells: list[object], number: int, columns: list[int], facts: SheetFacts) -> None:
    for column in columns:
        row_cells.extend([None] * (column + 1 - len(row_cells)))
        row_cells[column] = facts.faults[number, column]
