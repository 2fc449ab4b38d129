"""A file from outside, checked for an import: its rows as the sheet shows them, and what would become of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qms_desktop import exchange
from qms_desktop.exchange import fields, headers
from qms_desktop.exchange.problems import CellError, Problem
from qms_desktop.exchange.raw import RawTable, column_letters, column_number
from qms_desktop.exchange.reading import Reading, read_rows
from qms_desktop.i18n import _
from qms_desktop.rules import access, health
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data_known import known_codes
from qms_desktop.ui import wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qms_desktop.session import Session
    from qms_desktop.steps.master_data import ImportKind
    from qms_desktop.steps.master_data_changes import FieldChange


class RowState(StrEnum):
    """What would become of a row of the file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    WRONG = "wrong"
    ASKED = "asked"


RIGHT = frozenset({RowState.NEW, RowState.CHANGED, RowState.SAME})


@dataclass(frozen=True)
class SheetColumn:
    """A column that is read: what it is called here, and its place in the sheet, counted from 0."""

    label: str
    place: int
    to_the_right: bool

    @property
    def letters(self) -> str:
        """Give the letters that Excel names it by."""
        return column_letters(self.place)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the file: its place in the table that was read, its number in the sheet, and what would become of it."""

    index: int
    number: int
    state: RowState


@dataclass(frozen=True)
class Finding:
    """Something to be looked at: a wrong cell, a row that is refused, or a known record that would change."""

    state: RowState
    address: str
    row_number: int
    title: str
    text: str


@dataclass(frozen=True)
class CheckedFile:
    """A file that was read and compared; nothing is written yet."""

    kind: ImportKind
    path: Path
    size_bytes: int
    table: RawTable
    reading: Reading[Any]
    preview: master_data.ImportPreview
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]
    faults: Mapping[tuple[int, int], CellError]
    imported_by: str

    def text(self, row: SheetRow, place: int) -> str:
        """Give a cell as the sheet shows it."""
        return fields.shown(self.table.cell(row.index, place).value)

    def fault(self, row: SheetRow, place: int) -> CellError | None:
        """Give what is wrong with a cell."""
        return self.faults.get((row.number, place))

    def count(self, *states: RowState) -> int:
        """Count the rows of which this would become."""
        return sum(1 for row in self.rows if row.state in states)

    def findings(self) -> tuple[Finding, ...]:
        """Give what has to be looked at, in the current language: cells first, then rows, then changes."""
        return _findings(self.reading, self.preview)

    @property
    def question(self) -> CellError | None:
        """Give the first date that may be two days, asked once for the whole file."""
        return next((one for one in self.reading.errors if one.problem is Problem.AMBIGUOUS_DATE), None)


def check_file(
    session: Session,
    *,
    kind: ImportKind,
    path: Path,
    day_first: bool | None = None,
    columns: Mapping[str, str] | None = None,
) -> CheckedFile:
    """Read a file and compare it with what is known; raises FileRefused, ColumnsAsked."""
    layout = exchange.LAYOUTS[exchange.Kind(str(kind))]
    table = exchange.read_headed(path, layout, columns=columns)
    codes = known_codes(session)
    known = exchange.KnownCodes(codes.customers, codes.products, codes.currencies)
    context = fields.Context(known, health.plant_today(session), day_first)
    reading = read_rows(table, layout, context=context, columns=columns)
    header = headers.find(table, layout, columns or {})
    preview = master_data.preview(session, kind=kind, rows=reading.rows, sha256=reading.sha256)
    read_columns = sorted(
        (
            SheetColumn(
                column.label, header.columns[column.name], isinstance(column.holds, fields.Whole | fields.Amount)
            )
            for column in layout.columns
            if column.name in header.columns
        ),
        key=lambda column: column.place,
    )
    people = {person.login: person.name for person in access.listed(session)}
    return CheckedFile(
        kind=kind,
        path=path,
        size_bytes=path.stat().st_size,
        table=table,
        reading=reading,
        preview=preview,
        columns=tuple(read_columns),
        rows=_rows(table, reading, preview),
        faults={(error.row, _place(error)): error for error in reversed(reading.errors)},
        imported_by=people.get(preview.earlier.by, preview.earlier.by) if preview.earlier else "",
    )


def _place(error: CellError) -> int:
    return column_number(error.cell.rstrip("0123456789"))


def _rows(table: RawTable, reading: Reading[Any], preview: master_data.ImportPreview) -> tuple[SheetRow, ...]:
    states: dict[int, RowState] = {row.source.row: RowState.SAME for row in reading.rows}
    states |= {one.row: RowState.NEW for one in preview.new}
    states |= {one.row: RowState.CHANGED for one in preview.changed}
    states |= {one.row: RowState.REFUSED for one in preview.refused}
    for error in reading.errors:
        asked = error.problem is Problem.AMBIGUOUS_DATE
        if not asked or states.get(error.row) is not RowState.WRONG:
            states[error.row] = RowState.ASKED if asked else RowState.WRONG
    return tuple(
        SheetRow(index, number, states[number]) for index, number in enumerate(table.row_numbers) if number in states
    )


def _findings(reading: Reading[Any], preview: master_data.ImportPreview) -> tuple[Finding, ...]:
    cells = [
        Finding(
            RowState.ASKED if error.problem is Problem.AMBIGUOUS_DATE else RowState.WRONG,
            error.cell,
            error.row,
            wording.explained(_(error.label), error.found) if error.found else _(error.label),
            str(error),
        )
        for error in reading.errors
    ]
    refused = [Finding(RowState.REFUSED, str(one.row), one.row, one.key, one.text) for one in preview.refused]
    changed = [
        Finding(
            RowState.CHANGED, str(one.row), one.row, one.key, wording.clauses(_change(each) for each in one.changes)
        )
        for one in preview.changed
    ]
    return (*cells, *refused, *changed)


def _change(change: FieldChange) -> str:
    before, after = change.old or "\u2014", change.new or "\u2014"
    return _("{field}: {old} \u2192 {new}").format(field=_(change.label), old=before, new=after)
