"""`qms-desktop import KIND FILE`: takes a table of the ERP in, or with `--dry-run` says what it would do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop import exchange
from qms_desktop.cli.common import add_connection, answer, signed_in
from qms_desktop.errors import Refused
from qms_desktop.i18n import N_
from qms_desktop.rules import health
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data_known import known_codes
from qms_desktop.steps.master_data_rows import ImportKind

if TYPE_CHECKING:
    import argparse

    from qms_desktop.exchange.reading import Reading
    from qms_desktop.session import Session

HAS_ERRORS = N_(
    "{file}: {count} cells are wrong, nothing was imported. Mend them, or import the right rows by --skip-wrong."
)


@dataclass(frozen=True)
class WrongCell:
    """A cell that cannot be taken, in words."""

    cell: str
    found: str
    what: str


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
    notices: tuple[str, ...]
    imported_before: str = ""
    is_written: bool = False


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("import", help="take in a table of the ERP (Excel or CSV)")
    add_connection(command)
    command.add_argument("kind", choices=[str(kind) for kind in ImportKind], metavar="KIND", help=", ".join(ImportKind))
    command.add_argument("file", type=Path, help="the workbook or CSV file")
    command.add_argument("--dry-run", action="store_true", help="only say what would be new, changed and refused")
    command.add_argument("--skip-wrong", action="store_true", help="take the right rows though others are wrong")
    days = command.add_mutually_exclusive_group()
    days.add_argument("--day-first", action="store_true", default=None, help="03/04/2026 is 3 April")
    days.add_argument("--month-first", action="store_false", dest="day_first", help="03/04/2026 is 4 March")
    command.set_defaults(run=_import)


def _import(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        read = _read(session, asked)
        wrong = tuple(WrongCell(error.cell, error.found, str(error)) for error in read.errors)
        found = master_data.preview(session, kind=asked.kind, rows=read.rows, sha256=read.sha256)
        planned = Planned(
            kind=asked.kind,
            file=read.file_name,
            rows_new=len(found.new),
            rows_changed=len(found.changed),
            rows_same=found.rows_same,
            rows_refused=len(found.refused),
            wrong_cells=wrong,
            notices=tuple(str(notice) for notice in read.notices),
            imported_before=found.earlier.at.isoformat() if found.earlier else "",
        )
        if asked.dry_run:
            return answer(asked, planned, *_lines(planned, found), "Nothing was written.") or int(bool(wrong))
        if wrong and not asked.skip_wrong:
            answer(asked, planned, *_lines(planned, found))
            raise Refused(HAS_ERRORS, file=read.file_name, count=len(wrong))
        done = master_data.import_rows(
            session,
            kind=asked.kind,
            rows=read.rows,
            file_name=read.file_name,
            sha256=read.sha256,
            confirmed=asked.skip_wrong,
        )
    written = Planned(**{**vars(planned), "is_written": bool(done.batch_id)})
    return answer(asked, written, *_lines(written, found), "Imported." if done.batch_id else "Nothing is new.")


def _read(session: Session, asked: argparse.Namespace) -> Reading[object]:
    codes = known_codes(session)
    known = exchange.KnownCodes(codes.customers, codes.products, codes.currencies)
    today = health.plant_today(session)
    return exchange.read(asked.kind, asked.file, today=today, known=known, day_first=asked.day_first)


def _lines(planned: Planned, found: master_data.ImportPreview) -> list[str]:
    lines = [f"{cell.cell}: {cell.what}" for cell in planned.wrong_cells]
    lines += [f"row {row.row}: {row.text}" for row in found.refused]
    lines += list(planned.notices)
    if planned.imported_before:
        lines.append(f"The same file was imported on {planned.imported_before}.")
    lines.append(
        f"{planned.file}: {planned.rows_new} new, {planned.rows_changed} changed, {planned.rows_same} same,"
        f" {planned.rows_refused} refused"
    )
    return lines
