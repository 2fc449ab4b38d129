"""`qms-desktop import KIND FILE`: takes a table of the ERP in, or with `--dry-run` says what it would do."""

from __future__ import annotations

import argparse
import codecs
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop import exchange
from qms_desktop.cli.common import add_connection, answer, signed_in
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.i18n import N_, _
from qms_desktop.rules import health
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data_known import known_codes
from qms_desktop.steps.master_data_rows import ImportKind

if TYPE_CHECKING:
    from qms_desktop.exchange.reading import Reading
    from qms_desktop.session import Session

HAS_ERRORS = N_(
    "{file}: {count} cells are wrong, nothing was imported. Mend them, or import the right rows by --skip-wrong."
)
NOTHING_WRITTEN = N_("Nothing was written.")
IMPORTED = N_("Imported.")
NOTHING_NEW = N_("Nothing is new.")
CELL_OF_SHEET, CELL_OF_TEXT = N_("{file}, {sheet}!{cell}: {what}"), N_("{file}, line {row} ({cell}): {what}")
ROW_REFUSED = N_("{file}, row {row}: {text}")
ROW_LEFT_OUT = N_("row {row} is no record and was left out: {text}")
IMPORTED_BEFORE = N_("The same file was imported on {moment}.")
COUNTS = N_("{file}: {new} new, {changed} changed, {same} same, {refused} refused")
NO_SUCH_FIELD = N_("{name} is no column of {kind}. There are: {names}.")


@dataclass(frozen=True)
class WrongCell:
    """A cell that cannot be taken: where it is (in a CSV the row is the line), what it held, and the fault in words."""

    sheet: str
    row: int
    cell: str
    field: str
    problem: str
    found: str
    what: str


@dataclass(frozen=True)
class LeftOut:
    """A line that is no record, or one that the plant's data do not allow, and what it says or why."""

    row: int
    text: str


@dataclass(frozen=True)
class Planned:
    """What an import would do, or did."""

    kind: str
    file: str
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_refused: int
    wrong_cells: tuple[WrongCell, ...]
    refused: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    notices: tuple[str, ...]
    imported_before: str = ""
    is_written: bool = False


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("import", help="import a table of the ERP (Excel or CSV)")
    add_connection(command)
    command.add_argument("kind", choices=[str(kind) for kind in ImportKind], metavar="KIND", help=", ".join(ImportKind))
    command.add_argument("file", type=Path, help="the workbook or CSV file")
    command.add_argument("--dry-run", action="store_true", help="only say what would be new, changed and refused")
    command.add_argument("--skip-wrong", action="store_true", help="import the right rows and leave the wrong ones out")
    days = command.add_mutually_exclusive_group()
    days.add_argument("--day-first", action="store_true", default=None, help="03/04/2026 is 3 April")
    days.add_argument("--month-first", action="store_false", dest="day_first", help="03/04/2026 is 4 March")
    command.add_argument("--sheet", metavar="NAME", help="the sheet to read; else the first that has the headings")
    command.add_argument("--encoding", metavar="NAME", type=_encoding, help="of a CSV that does not tell, such as big5")
    command.add_argument(
        "--column",
        metavar="FIELD=LETTER",
        type=_column,
        action="append",
        default=[],
        help="which column is meant, such as lot=G",
    )
    command.set_defaults(run=_import)


def _encoding(text: str) -> str:
    try:
        return codecs.lookup(text).name
    except LookupError as error:
        message = f"{text} is no encoding; write for example utf-8, gb18030 or big5"
        raise argparse.ArgumentTypeError(message) from error


def _column(text: str) -> tuple[str, str]:
    name, sign, letter = text.partition("=")
    if not sign or not letter.isascii() or not letter.isalpha():
        message = f"{text} names no column; write for example lot=G"
        raise argparse.ArgumentTypeError(message)
    return name.strip(), letter.upper()


def _import(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        read = _read(session, asked)
        wrong = tuple(
            WrongCell(read.sheet or "", error.row, error.cell, error.field, str(error.problem), error.found, str(error))
            for error in read.errors
        )
        found = master_data.preview(session, kind=asked.kind, rows=read.rows, sha256=read.sha256)
        planned = Planned(
            kind=asked.kind,
            file=read.file_name,
            rows_new=len(found.new),
            rows_changed=len(found.changed),
            rows_same=found.rows_same,
            rows_refused=len(found.refused),
            wrong_cells=wrong,
            refused=tuple(LeftOut(row.row, row.text) for row in found.refused),
            left_out=tuple(LeftOut(row.row, row.text) for row in read.skipped),
            notices=(*map(str, read.notices), *found.remarks),
            imported_before=found.earlier.at.isoformat() if found.earlier else "",
        )
        if asked.dry_run:
            answer(asked, planned, *_lines(planned), _(NOTHING_WRITTEN))
            return int(bool(wrong or found.refused))
        if wrong and not asked.skip_wrong:
            answer(asked, planned, *_lines(planned))
            print(f"qms-desktop: {Refused(HAS_ERRORS, file=read.file_name, count=len(wrong))}", file=sys.stderr)
            return 1
        done = master_data.import_rows(
            session,
            kind=asked.kind,
            rows=read.rows,
            file_name=read.file_name,
            sha256=read.sha256,
            original=read.original,
            confirmed=asked.skip_wrong,
        )
    written = Planned(**{**vars(planned), "is_written": bool(done.batch_id)})
    return answer(asked, written, *_lines(written), _(IMPORTED if done.batch_id else NOTHING_NEW))


def _read(session: Session, asked: argparse.Namespace) -> Reading[object]:
    codes = known_codes(session)
    known = exchange.KnownCodes(codes.customers, codes.products, codes.currencies)
    fields = [column.name for column in exchange.LAYOUTS[exchange.Kind(asked.kind)].columns]
    for name, _letter in asked.column:
        if name not in fields:
            raise InvalidInput(NO_SUCH_FIELD, field="column", name=name, kind=asked.kind, names=", ".join(fields))
    return exchange.read(
        asked.kind,
        asked.file,
        today=health.plant_today(session),
        known=known,
        day_first=asked.day_first,
        columns=dict(asked.column),
        sheet=asked.sheet,
        encoding=asked.encoding,
    )


def _lines(planned: Planned) -> list[str]:
    file = planned.file
    lines = [_of_cell(file, cell) for cell in planned.wrong_cells]
    lines += [_(ROW_REFUSED).format(file=file, row=row.row, text=row.text) for row in planned.refused]
    lines += [_(ROW_LEFT_OUT).format(row=row.row, text=row.text) for row in planned.left_out]
    lines += list(planned.notices)
    if planned.imported_before:
        lines.append(_(IMPORTED_BEFORE).format(moment=planned.imported_before))
    counts = {"new": planned.rows_new, "changed": planned.rows_changed, "same": planned.rows_same}
    lines.append(_(COUNTS).format(file=file, **counts, refused=planned.rows_refused))
    return lines


def _of_cell(file: str, wrong: WrongCell) -> str:
    template = CELL_OF_SHEET if wrong.sheet else CELL_OF_TEXT
    return _(template).format(file=file, sheet=wrong.sheet, row=wrong.row, cell=wrong.cell, what=wrong.what)
