"""Turn a table into typed rows: every cell judged, every fault named by its cell, nothing half taken.

Column by column, because a column holds many equal cells, and each different one is judged only once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic

from qms_desktop.exchange import headers, texts
from qms_desktop.exchange.fields import Code, Context, Text, is_blank, refuse_fault, shown
from qms_desktop.exchange.layouts import Row
from qms_desktop.exchange.lines import SkippedRow, divide
from qms_desktop.exchange.problems import CellError, Problem, Trouble
from qms_desktop.exchange.raw import Notice, NoticeKind, RawTable, RawValue
from qms_desktop.exchange.refusals import FileRefused, Refusal
from qms_desktop.exchange.rows import SourceRow
from qms_desktop.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qms_desktop.exchange.headers import Header
    from qms_desktop.exchange.layouts import Column, Kind, Layout, Rule

ROW_LABEL = N_("Line")


@dataclass(frozen=True)
class Reading(Generic[Row]):
    """What came out of a file: typed rows, faults by cell, lines left out by rule, and remarks.

    `rows` holds only lines without a fault; whether they may be taken while others are faulty is for the caller.
    `titles` are the texts above the headings: some tables say only there of which day they are. `original` is the file.
    """

    kind: Kind
    file_name: str
    sha256: str
    sheet: str | None
    rows: tuple[Row, ...]
    errors: tuple[CellError, ...]
    skipped: tuple[SkippedRow, ...]
    notices: tuple[Notice, ...]
    titles: tuple[str, ...] = ()
    original: bytes = field(default=b"", repr=False)

    @property
    def asks_day_first(self) -> bool:
        """Say whether a date such as 03/04/2026 waits for the answer `day_first`."""
        return any(error.problem is Problem.AMBIGUOUS_DATE for error in self.errors)


@dataclass
class _Sheet(Generic[Row]):
    """A table while it is judged: the lines kept, the values taken by column, codes put right, and faults by line."""

    table: RawTable
    layout: Layout[Row]
    header: Header
    kept: list[int]
    taken: dict[str, list[object]] = field(default_factory=dict)
    originals: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    errors: list[tuple[int, int, CellError]] = field(default_factory=list)
    faulty_lines: set[int] = field(default_factory=set)

    def blame(self, index: int, column: Column, trouble: Trouble) -> None:
        """Note a fault of one cell; a column that is missing blames the line's first cell."""
        place = self.header.columns.get(column.name, 0)
        found = shown(self.table.cell(index, place).value)
        self._note(index, place, trouble, name=column.name, label=column.label, found=found)

    def blame_line(self, index: int, place: int, trouble: Trouble, *, found: str) -> None:
        """Note a fault of a whole line."""
        self._note(index, place, trouble, name="", label=ROW_LABEL, found=found)

    def _note(self, index: int, place: int, trouble: Trouble, *, name: str, label: str, found: str) -> None:
        error = CellError(
            cell=self.table.address(index, place),
            row=self.table.row_numbers[index],
            field=name,
            label=label,
            found=found,
            problem=trouble.problem,
            values=trouble.values,
        )
        self.errors.append((index, place, error))
        self.faulty_lines.add(index)

    def column(self, name: str) -> Column:
        """Give a column of the layout by its field."""
        return next(column for column in self.layout.columns if column.name == name)

    def sorted_errors(self) -> tuple[CellError, ...]:
        """Give the faults from top left to bottom right."""
        return tuple(error for _index, _place, error in sorted(self.errors, key=lambda each: each[:2]))


def read_rows(
    table: RawTable,
    layout: Layout[Row],
    *,
    context: Context,
    columns: Mapping[str, str] | None = None,
    with_hidden_rows: bool = True,
) -> Reading[Row]:
    """Judge a table by a layout; raises FileRefused when its headings are not found, or nothing stands below them."""
    header = headers.find(table, layout, columns or {})
    kept, skipped = divide(table, layout, header, with_hidden_rows=with_hidden_rows)
    if not kept:
        raise FileRefused(Refusal.NO_LINES, file=table.file_name, row=table.row_numbers[header.index])
    rows, faults, notices = take_lines(table, layout, header, kept, context)
    # An optional column that tells lines apart, the lot above all, is missed only when it is too late.
    absent = [
        _(column.label) for column in layout.columns if column.name in layout.key and column.name not in header.columns
    ]
    if absent:
        notices.append(Notice(NoticeKind.ABSENT_COLUMNS, {"columns": ", ".join(absent)}))
    if header.unused:
        notices.append(Notice(NoticeKind.UNUSED_COLUMNS, {"columns": ", ".join(header.unused)}))
    return Reading(
        kind=layout.kind,
        file_name=table.file_name,
        sha256=table.sha256,
        original=table.original,
        sheet=table.sheet,
        rows=rows,
        errors=faults,
        skipped=skipped,
        notices=(*table.notices, *notices),
        titles=titles_above(table, header),
    )


def titles_above(table: RawTable, header: Header) -> tuple[str, ...]:
    """Give the texts that stand above the headings, from top left to bottom right."""
    above = (value for index in range(header.index) for value in table.rows[index])
    return tuple(texts.trimmed(value) for value in above if isinstance(value, str) and not is_blank(value))


def take_lines(
    table: RawTable, layout: Layout[Row], header: Header, kept: list[int], context: Context
) -> tuple[tuple[Row, ...], tuple[CellError, ...], list[Notice]]:
    """Judge the lines of a table that were kept; gives typed rows, faults and remarks."""
    sheet = _Sheet(table, layout, header, kept)
    if table.is_csv:
        _refuse_wrong_counts(sheet)
    cells = _padded(sheet)
    notices: list[Notice] = []
    for column in layout.columns:
        place = header.columns.get(column.name)
        if place is None:
            # What the file does not tell at all is unknown; an empty cell may say no.
            sheet.taken[column.name] = [None] * len(sheet.kept)
        else:
            notices += _take_column(sheet, column, [row[place] for row in cells], context)
    _apply_rules(sheet)
    _refuse_twice(sheet)
    return _make(sheet), sheet.sorted_errors(), notices


def _refuse_wrong_counts(sheet: _Sheet[Row]) -> None:
    width = sheet.header.width
    right: list[int] = []
    for index in sheet.kept:
        row = sheet.table.rows[index]
        if len(row) == width or (len(row) > width and all(is_blank(value) for value in row[width:])):
            right.append(index)
        else:
            trouble = Trouble(Problem.COLUMN_COUNT, expected=width)
            sheet.blame_line(index, min(len(row), width), trouble, found=str(len(row)))
    sheet.kept = right


def _padded(sheet: _Sheet[Row]) -> list[Sequence[RawValue]]:
    width = max(sheet.header.columns.values(), default=0) + 1
    rows = (sheet.table.rows[index] for index in sheet.kept)
    return [row if len(row) >= width else [*row, *[None] * (width - len(row))] for row in rows]


def _take_column(sheet: _Sheet[Row], column: Column, raws: list[RawValue], context: Context) -> list[Notice]:
    # A column holds many equal cells; each different one is judged once.
    judged = {raw: _take(column, raw, context) for raw in set(raws)}
    sheet.taken[column.name] = [judged[raw] for raw in raws]
    _refuse_merged(sheet, column, raws)
    if any(value.__class__ is Trouble for value in sheet.taken[column.name]):
        for index, value in zip(sheet.kept, sheet.taken[column.name], strict=True):
            if isinstance(value, Trouble):
                sheet.blame(index, column, value)
    if not isinstance(column.holds, Code):
        return []
    _keep_originals(sheet, column, raws, judged)
    return _note_numbers(sheet, column, raws, judged)


def _refuse_merged(sheet: _Sheet[Row], column: Column, raws: list[RawValue]) -> None:
    """Blame cells that only look filled: Excel shows the value of merged cells for all their lines, and keeps one."""
    merged = sheet.table.shown_from(sheet.header.columns[column.name], after=sheet.header.index)
    for position, (index, raw) in enumerate(zip(sheet.kept, raws, strict=True)) if merged else ():
        if index in merged and is_blank(raw):
            sheet.taken[column.name][position] = Trouble(Problem.MERGED, cell=merged[index])


def _take(column: Column, raw: RawValue, context: Context) -> object:
    try:
        if is_blank(raw) or _says_nothing(column, raw):
            return Trouble(Problem.MISSING) if column.is_required else column.blank
        refuse_fault(raw)
        return column.holds.take(raw, context)
    except Trouble as trouble:
        # The trace would keep every frame alive for as long as the fault is shown.
        return trouble.with_traceback(None)


def _says_nothing(column: Column, raw: RawValue) -> bool:
    if not isinstance(column.holds, Text):
        return texts.says_nothing(raw)
    return not column.is_required and texts.is_no_name(raw)


def _note_numbers(
    sheet: _Sheet[Row], column: Column, raws: list[RawValue], judged: Mapping[RawValue, object]
) -> list[Notice]:
    if not any(isinstance(raw, int | float) for raw in judged):
        return []
    numeric = [index for index, raw in zip(sheet.kept, raws, strict=True) if isinstance(raw, int | float)]
    cell = sheet.table.address(numeric[0], sheet.header.columns[column.name])
    return [Notice(NoticeKind.LEADING_ZEROS, {"field": _(column.label), "count": len(numeric), "cell": cell})]


def _keep_originals(
    sheet: _Sheet[Row], column: Column, raws: list[RawValue], judged: Mapping[RawValue, object]
) -> None:
    changed = {
        raw
        for raw, value in judged.items()
        if raw != value and isinstance(raw, str) and isinstance(value, str) and texts.trimmed(raw) != value
    }
    if changed:
        for position, raw in enumerate(raws):
            if raw in changed:
                sheet.originals.setdefault(position, []).append((column.name, str(raw)))


def _apply_rules(sheet: _Sheet[Row]) -> None:
    for rule in sheet.layout.rules:
        lines = list(zip(*(sheet.taken[name] for name in rule.needs), strict=True))
        broken = {values: trouble for values in set(lines) if (trouble := _judge(rule, values)) is not None}
        if broken:
            for index, values in zip(sheet.kept, lines, strict=True):
                if values in broken:
                    sheet.blame(index, sheet.column(rule.blames), broken[values])


def _judge(rule: Rule, values: tuple[object, ...]) -> Trouble | None:
    if any(value is None or value.__class__ is Trouble for value in values):
        return None
    return rule.judge(*values)


def _refuse_twice(sheet: _Sheet[Row]) -> None:
    keys = list(zip(*(sheet.taken[name] for name in sheet.layout.key), strict=True))
    if len(sheet.layout.key) == 1:
        # What is known by one code alone is one thing, however the code is written.
        keys = [(code.casefold() if isinstance(code, str) else code,) for (code,) in keys]
    if len(set(keys)) == len(keys):
        return
    first_seen: dict[tuple[object, ...], int] = {}
    for index, key in zip(sheet.kept, keys, strict=True):
        if any(isinstance(part, Trouble) for part in key):
            # The Trouble of equal cells is one object: two faulty cells are no proof of the same line.
            continue
        before = first_seen.setdefault(key, index)
        if before != index:
            shown_key = ", ".join(str(part) for part in key if part is not None)
            trouble = Trouble(Problem.SAME_LINE_TWICE, row=sheet.table.row_numbers[before], key=shown_key)
            sheet.blame(index, sheet.column(sheet.layout.key[0]), trouble)


def _make(sheet: _Sheet[Row]) -> tuple[Row, ...]:
    name, numbers, make = sheet.table.sheet, sheet.table.row_numbers, sheet.layout.make
    made: list[Row] = []
    lines = zip(*(sheet.taken[column.name] for column in sheet.layout.columns), strict=True)
    for position, (index, values) in enumerate(zip(sheet.kept, lines, strict=True)):
        if index not in sheet.faulty_lines:
            originals = tuple(sheet.originals[position]) if position in sheet.originals else ()
            made.append(make(*values, SourceRow(name, numbers[index], originals)))
    return tuple(made)
