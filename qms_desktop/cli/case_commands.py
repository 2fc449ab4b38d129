"""`export`, `label`, `trace`, `report` and `find`: what other programs and scheduled jobs ask for."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop import documents, drawing, i18n
from qms_desktop.cli.common import add_connection, answer, plain, signed_in, write_file
from qms_desktop.drawing.label_layout import LabelSize
from qms_desktop.errors import InvalidInput, NotFound, Unavailable
from qms_desktop.i18n import N_
from qms_desktop.rules import search
from qms_desktop.steps import eight_d, master_data, receipt, rma, statistics

if TYPE_CHECKING:
    from qms_desktop.session import Session
    from qms_desktop.steps.receipt_label import ReceiptLabel

SIZES = {"40x30": LabelSize.SMALL, "60x40": LabelSize.MEDIUM, "100x70": LabelSize.LARGE}
WHAT_TO_TRACE = N_("Say what to trace: --product with --lot, --material-lot, or --supplier-lot.")
ONE_QUESTION = N_("Ask one thing at a time: --lot (with --product), --material-lot, or --supplier-lot.")
NOTHING_TO_FIND = N_("Type at least two characters that stand together: a number, a name, its first letters in pinyin.")
PRINTED_UNTIL = N_("{printed} of {count} labels were handed over. {reason}")
NO_LABELS = N_("{number} has no labels yet: nothing of it was counted.")
BAD_PRINTER = N_("{text} is no printer. Write HOST:PORT, for example 192.168.1.50:9100.")
PORTS = 65_536
_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0?[1-9]|1[0-2])")
_PRINTER = re.compile(r"([\w.\-]+):(\d{1,5})", re.ASCII)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    _add_export(commands)
    _add_label(commands)
    _add_trace(commands)
    _add_report(commands)
    found = commands.add_parser("find", help="find records by number, name or any word")
    add_connection(found)
    found.add_argument("text")
    found.set_defaults(run=_find)


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = commands.add_parser("export", help="write a document")
    kinds = export.add_subparsers(required=True, metavar="WHAT")
    report = kinds.add_parser("eight-d", help="the 8D report in Word")
    add_connection(report)
    report.add_argument("number", help="number of the 8D")
    report.add_argument("--out", type=Path, required=True, metavar="FILE")
    report.add_argument("--language", choices=tuple(i18n.LANGUAGES), default="zh_CN")
    report.set_defaults(run=_export_eight_d)
    imported = kinds.add_parser("imported-file", help="the table that an import read, as it came")
    add_connection(imported)
    imported.add_argument("sha256", help="its SHA-256, or the beginning of it")
    imported.add_argument("--out", type=Path, required=True, metavar="FILE")
    imported.set_defaults(run=_export_imported)


def _add_label(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    label = commands.add_parser("label", help="the labels of an RMA")
    add_connection(label)
    label.add_argument("number", help="number of the RMA")
    label.add_argument("--size", choices=tuple(SIZES), default="60x40", help="label size in mm")
    way = label.add_mutually_exclusive_group(required=True)
    way.add_argument("--zpl", type=Path, metavar="FILE", help="commands for a thermal printer")
    way.add_argument("--pdf", type=Path, metavar="FILE", help="pages for any printer")
    way.add_argument("--printer", type=_printer, metavar="HOST:PORT", help="print now; each print is counted")
    label.set_defaults(run=_label)


def _add_trace(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    trace = commands.add_parser("trace", help="where the pieces of a lot went")
    add_connection(trace)
    trace.add_argument("--product", metavar="P", help="number of the product; with --lot for one lot of it")
    trace.add_argument("--lot", metavar="L", help="lot of the finished product")
    trace.add_argument("--material-lot", metavar="M", help="our own lot number of a material")
    trace.add_argument("--supplier-lot", metavar="S", help="the supplier's lot number of a material")
    trace.add_argument("--without-customer", metavar="C", action="append", default=[], help="leave this customer out")
    trace.set_defaults(run=_trace)


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser("report", help="write a report")
    kinds = report.add_subparsers(required=True, metavar="WHAT")
    monthly = kinds.add_parser("monthly", help="the month's returns and complaints in Excel")
    add_connection(monthly)
    monthly.add_argument("month", type=_month, help="for example 2026-11")
    monthly.add_argument("--out", type=Path, required=True, metavar="FILE")
    monthly.add_argument("--language", choices=tuple(i18n.LANGUAGES), default="zh_CN")
    monthly.set_defaults(run=_monthly)


def _month(text: str) -> date:
    found = _MONTH.fullmatch(text)
    if found is None:
        message = f"{text} is no month; write it as 2026-11"
        raise argparse.ArgumentTypeError(message)
    return date(int(found[1]), int(found[2]), 1)


def _printer(text: str) -> tuple[str, int]:
    found = _PRINTER.fullmatch(text)
    if found is None or not 0 < int(found[2]) < PORTS:
        raise argparse.ArgumentTypeError(BAD_PRINTER.format(text=text))
    return found[1], int(found[2])


def _export_eight_d(asked: argparse.Namespace) -> int:
    drawing.ready()
    with i18n.speaking(asked.language), signed_in(asked) as session:
        eight_d_id = eight_d.find(session, number=asked.number)
        versions = eight_d.show(session, eight_d_id=eight_d_id).versions
        kind = max(versions, key=lambda version: version.id).kind if versions else eight_d.ReportKind.EIGHT_D
        spoken = asked.language if asked.language == "en" else ""
        report = eight_d.content(session, eight_d_id=eight_d_id, kind=kind, language=spoken)
        written = documents.eight_d_report.write(report, asked.language)
    write_file(asked.out, written)
    return answer(asked, {"number": asked.number, "file": str(asked.out)}, f"{asked.number} is in {asked.out}")


def _export_imported(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        kept = master_data.imported_file(session, sha256=asked.sha256)
    write_file(asked.out, kept.content)
    return answer(asked, {"name": kept.file_name, "file": str(asked.out)}, f"{kept.file_name} is in {asked.out}")


def _label(asked: argparse.Namespace) -> int:
    drawing.ready()
    with signed_in(asked) as session:
        ids = _label_ids(session, asked.number)
        if asked.printer:
            _print(session, ids, printer=asked.printer, size=SIZES[asked.size])
            return answer(asked, {"labels": len(ids)}, f"{len(ids)} labels printed")
        labels = [receipt.preview_label(session, label_id=label_id) for label_id in ids]
    target, content = _label_file(asked, labels)
    write_file(target, content)
    return answer(asked, {"labels": len(labels), "file": str(target)}, f"{len(labels)} labels are in {target}")


def _print(session: Session, ids: list[int], *, printer: tuple[str, int], size: LabelSize) -> None:
    """Print one label after the other, each counted when the printer is reached.

    Raises Unavailable, saying how many were handed over before.
    """
    receipt.print_label.refuse_unless_permitted(session)
    host, port = printer
    to = documents.label_printer.LabelPrinter(host=host, port=port)
    for printed, label_id in enumerate(ids):
        try:
            with to.reach() as reached:
                receipt.print_label(session, label_id=label_id)
                label = receipt.preview_label(session, label_id=label_id)
                to.hand_over(reached, documents.receipt_label.zpl(label, size))
        except Unavailable as error:
            raise Unavailable(PRINTED_UNTIL, printed=printed, count=len(ids), reason=error) from error


def _label_file(asked: argparse.Namespace, labels: list[ReceiptLabel]) -> tuple[Path, bytes]:
    size = SIZES[asked.size]
    if asked.zpl:
        return asked.zpl, b"".join(documents.receipt_label.zpl(label, size) for label in labels)
    return asked.pdf, documents.receipt_label.pdf(labels, size)


def _label_ids(session: Session, number: str) -> list[int]:
    rma_id = rma.find(session, number=number)
    ids = [
        count.label_id
        for row in reversed(receipt.listed(session, rma_id=rma_id))
        for line in receipt.show(session, receipt_id=row.id).lines
        for count in line.counts
        if count.label_id is not None and not count.is_replaced
    ]
    if not ids:
        raise NotFound(NO_LABELS, number=number)
    return ids


def _trace(asked: argparse.Namespace) -> int:
    questions = [one for one in (asked.lot, asked.material_lot, asked.supplier_lot) if one]
    if not questions:
        raise InvalidInput(WHAT_TO_TRACE, field="lot")
    if len(questions) > 1:
        raise InvalidInput(ONE_QUESTION, field="lot")
    with signed_in(asked) as session:
        found = master_data.what_if(
            session,
            product=asked.product,
            lot=asked.lot,
            material_lot=asked.material_lot,
            supplier_lot=asked.supplier_lot,
            without_customers=tuple(asked.without_customer),
        )
    lines = [f"{one.number}\t{one.name}\t{one.pieces_in_scope}" for one in found.customers if one.pieces_in_scope]
    lines += [f"cannot be ruled out: {point.subject}: {point.why}" for point in found.open_points]
    total = f"{found.pieces_in_scope} pieces at {found.customers_in_scope} customers"
    sums = {"pieces_in_scope": found.pieces_in_scope, "customers_in_scope": found.customers_in_scope}
    return answer(asked, sums | plain(found), *lines, total)


def _monthly(asked: argparse.Namespace) -> int:
    with i18n.speaking(asked.language), signed_in(asked) as session:
        month = statistics.monthly(session, year=asked.month.year, month=asked.month.month)
        written = documents.monthly_table.write(month, asked.language)
    write_file(asked.out, written)
    return answer(
        asked, {"month": f"{asked.month:%Y-%m}", "file": str(asked.out)}, f"{asked.month:%Y-%m} is in {asked.out}"
    )


def _find(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        if not search.bigrams(asked.text):
            raise InvalidInput(NOTHING_TO_FIND, field="text")
        hits = search.find(session, text=asked.text)
    return answer(asked, hits, *(f"{hit.kind}\t{hit.title}" for hit in hits), f"{len(hits)} found")
