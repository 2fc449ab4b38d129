"""The child process that opens files from outside: no window, no database, little memory, little time.

From source it is `python -m qms_desktop.exchange.child`; the frozen program starts itself with HIDDEN_ARGUMENT, which
`__main__` must look for before it imports anything else, and then call `main()`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from typing import IO, TYPE_CHECKING, Any

from qms_desktop.exchange import wire
from qms_desktop.exchange.limits import MEGABYTE, Limits
from qms_desktop.exchange.raw import NoticeKind
from qms_desktop.exchange.refusals import FileRefused, Refusal
from qms_desktop.exchange.sniff import FileKind, table_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN_ARGUMENT = "--exchange-child"
_ROWS_A_FRAME = 500


def main() -> int:
    """Read one request from the standard input, answer it on the standard output, and end."""
    # It lives for seconds, and its rows hold no circles: looking for garbage is a quarter of its time.
    gc.disable()
    # The numbers, not sys.stdin: a window program on Windows has none, the handles are there all the same.
    with os.fdopen(0, "rb", closefd=False) as asked, os.fdopen(1, "wb", closefd=False) as answer:
        request = wire.receive(asked)
        content = asked.read()
        limits = Limits(**request["limits"])
        _limit_itself(limits)
        try:
            if request["task"] == "picture":
                _answer_picture(answer, content, limits)
            else:
                _answer_table(answer, content, request, limits)
        except FileRefused as refused:
            wire.send(answer, {"refused": refused.refusal, "values": refused.values})
        except (MemoryError, RecursionError):
            limit = limits.child_memory_bytes // MEGABYTE
            wire.send(answer, {"refused": Refusal.TOO_MUCH_MEMORY, "values": {"limit": limit}})
    return 0


def _limit_itself(limits: Limits) -> None:
    if sys.platform == "win32":
        # The window's own clock ends a child there (read_table); Windows has no limit that a process sets on itself.
        return
    import resource  # noqa: PLC0415 - there is no such module on Windows

    resource.setrlimit(resource.RLIMIT_AS, (limits.child_memory_bytes, limits.child_memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.child_cpu_s, limits.child_cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer_table(answer: IO[bytes], content: bytes, request: dict[str, Any], limits: Limits) -> None:
    if table_kind(content) is FileKind.WORKBOOK:
        _answer_workbook(answer, content, request, limits)
    else:
        _answer_text(answer, content, request, limits)


def _answer_workbook(answer: IO[bytes], content: bytes, request: dict[str, Any], limits: Limits) -> None:
    from qms_desktop.exchange import workbook  # noqa: PLC0415 - a CSV is read without the cell library

    opened = workbook.open_sheet(content, sheet=request["sheet"], limits=limits)
    head = {
        "sheet": opened.sheet,
        "hidden_rows": opened.hidden_rows,
        "notices": opened.notices,
        "other_sheets": opened.other_sheets,
        "merged": opened.merged,
    }
    wire.send(answer, head)
    _send_rows(answer, enumerate(opened.rows, 1))


def _answer_text(answer: IO[bytes], content: bytes, request: dict[str, Any], limits: Limits) -> None:
    from qms_desktop.exchange import csv_text  # noqa: PLC0415 - a workbook is read without it

    opened = csv_text.open_text(content, encoding=request["encoding"], limits=limits)
    notices: list[tuple[NoticeKind, dict[str, object]]] = []
    if not request["is_named_text"]:
        notices.append((NoticeKind.READ_AS_CSV, {}))
    if opened.encoding != "UTF-8":
        notices.append((NoticeKind.ENCODING, {"encoding": opened.encoding}))
    if opened.separator != ",":
        notices.append((NoticeKind.SEPARATOR, {"separator": json.dumps(opened.separator)}))
    wire.send(answer, {"sheet": None, "hidden_rows": [], "notices": notices, "other_sheets": [], "merged": []})
    _send_rows(answer, opened.records)


def _send_rows(answer: IO[bytes], numbered: Iterable[tuple[int, Iterable[object]]]) -> None:
    numbers: list[int] = []
    rows: list[list[object]] = []
    count = 0
    for number, row in numbered:
        numbers.append(number)
        rows.append(wire.pack_row(row))
        count += 1
        if len(rows) == _ROWS_A_FRAME:
            wire.send(answer, {"numbers": numbers, "rows": rows})
            numbers, rows = [], []
    wire.send(answer, {"numbers": numbers, "rows": rows})
    wire.send(answer, {"rows_sent": count})


def _answer_picture(answer: IO[bytes], content: bytes, limits: Limits) -> None:
    from qms_desktop.exchange import picture_decoder  # noqa: PLC0415 - Pillow is not needed for tables

    taken = picture_decoder.decode(content, limits)
    wire.send(
        answer,
        {
            "kind": taken.kind,
            "width": taken.width_px,
            "height": taken.height_px,
            "original_width": taken.original_width_px,
            "original_height": taken.original_height_px,
            "had_position": taken.had_position,
            "taken": taken.taken,
        },
    )
    wire.send_bytes(answer, taken.jpeg)
    wire.send_bytes(answer, taken.thumbnail_jpeg)


if __name__ == "__main__":
    sys.exit(main())
