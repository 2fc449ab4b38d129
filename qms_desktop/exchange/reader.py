"""Start the child that reads a file, and take its answer; a child that dies is an error with a sentence, no more."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import qms_desktop
from qms_desktop.exchange import wire
from qms_desktop.exchange.child import HIDDEN_ARGUMENT
from qms_desktop.exchange.limits import LIMITS, MEGABYTE, Limits
from qms_desktop.exchange.raw import Notice, NoticeKind, RawTable, RawValue
from qms_desktop.exchange.refusals import FileRefused, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TEXT_NAMES = (".csv", ".txt", ".tsv")
_CPU_SIGNALS = {-signal.SIGKILL, -signal.SIGXCPU} if hasattr(signal, "SIGXCPU") else set()


def read_table(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> RawTable:
    """Read a workbook's sheet or a CSV as it is, in a child process.

    `sheet` names one sheet, else it is the first visible one; `encoding` is what the clerk chose for a CSV.
    Raises FileRefused, which says what was found and what to do; nothing is read half.
    """
    chosen = Path(path)
    content = read_file(chosen, limits)
    request = {
        "task": "table",
        "sheet": sheet,
        "encoding": encoding,
        "is_named_text": chosen.suffix.lower() in _TEXT_NAMES,
        "limits": asdict(limits),
    }
    rows: list[list[RawValue]] = []
    numbers: list[int] = []
    with naming(chosen.name), asked(request, content, limits) as answer:
        head = take_frame(answer)
        seen: dict[str, RawValue] = {}
        while "rows_sent" not in (frame := take_frame(answer)):
            numbers += frame["numbers"]
            rows += [wire.unpack_row(row, seen) for row in frame["rows"]]
        if frame["rows_sent"] != len(rows):
            raise wire.BrokenPipe
    return RawTable(
        file_name=chosen.name,
        sha256=hashlib.sha256(content).hexdigest(),
        sheet=head["sheet"],
        rows=rows,
        row_numbers=numbers,
        hidden_rows=frozenset(head["hidden_rows"]),
        notices=tuple(Notice(NoticeKind(kind), values) for kind, values in head["notices"]),
        other_sheets=tuple(head["other_sheets"]),
        merged=tuple((area[0], area[1], area[2], area[3]) for area in head["merged"]),
        original=content,
    )


def read_file(path: Path, limits: Limits) -> bytes:
    """Give the bytes of a file from outside; raises FileRefused when it is missing, empty or too large."""
    if path.name.startswith("~$"):
        raise FileRefused(Refusal.LOCK_FILE, file=path.name)
    try:
        with path.open("rb") as opened:
            content = opened.read(limits.file_bytes + 1)
            size = max(len(content), path.stat().st_size)
    except OSError as error:
        raise FileRefused(Refusal.UNREADABLE, file=path.name, reason=error.strerror or type(error).__name__) from error
    return within(content, path.name, limits, size=size)


def within(content: bytes, shown: str, limits: Limits, *, size: int = 0) -> bytes:
    """Give bytes from outside as they are; raises FileRefused when they are none or too many.

    `size` is the size of the whole file in bytes where not all of it was read.
    """
    size = max(size, len(content))
    if size > limits.file_bytes:
        raise FileRefused(
            Refusal.FILE_TOO_LARGE,
            file=shown,
            megabytes=-(-size // MEGABYTE),
            limit=limits.file_bytes // MEGABYTE,
        )
    if not content:
        raise FileRefused(Refusal.EMPTY, file=shown)
    return content


@contextmanager
def naming(file_name: str) -> Iterator[None]:
    """Put the file's name into what the child said, which never knew it."""
    try:
        yield
    except FileRefused as refused:
        refused.values.setdefault("file", file_name)
        raise


def take_frame(answer: IO[bytes]) -> dict[str, Any]:
    """Take one frame of the answer; raises FileRefused when it is a refusal."""
    frame = wire.receive(answer)
    if "refused" in frame:
        raise FileRefused(Refusal(frame["refused"]), **frame["values"])
    return frame


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, HIDDEN_ARGUMENT]
    # -P: a file named json.py in the folder where the program was started must not be taken for a module.
    return [sys.executable, "-P", "-m", "qms_desktop.exchange.child"]


def _environment() -> dict[str, str]:
    root = str(Path(qms_desktop.__file__).resolve().parent.parent)
    paths = [root, os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else [root]
    # A stack trace of the cell library's own language, hundreds of lines for a known end, helps nobody.
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "RUST_BACKTRACE": "0"}


@contextmanager
def asked(request: Mapping[str, object], content: bytes, limits: Limits) -> Iterator[IO[bytes]]:
    """Start a child, hand it the request and the bytes, and give the pipe of its answer.

    Raises FileRefused when the child was ended by a limit or stopped by itself; it never outlives the block.
    """
    with subprocess.Popen(  # noqa: S603 - this very program
        _command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        too_late = threading.Event()
        clock = threading.Timer(limits.child_wait_s, _end, args=(child, too_late))
        feeder = threading.Thread(target=_feed, args=(child, request, content), daemon=True)
        clock.start()
        feeder.start()
        try:
            yield cast("IO[bytes]", child.stdout)
        except wire.BrokenPipe as broken:
            if too_late.is_set():
                raise FileRefused(Refusal.TOO_MUCH_TIME, limit=limits.child_wait_s) from broken
            raise _why(child.wait(), limits) from broken
        finally:
            clock.cancel()
            child.kill()
            feeder.join()


def _feed(child: subprocess.Popen[bytes], request: Mapping[str, object], content: bytes) -> None:
    asking = cast("IO[bytes]", child.stdin)
    # Should the child end first, then what it said, or how it ended, tells why. Closing writes what is left, too.
    with suppress(OSError):
        wire.send(asking, request)
        asking.write(content)
    with suppress(OSError):
        asking.close()


def _end(child: subprocess.Popen[bytes], too_late: threading.Event) -> None:
    too_late.set()
    child.kill()


def _why(return_code: int, limits: Limits) -> FileRefused:
    if return_code in _CPU_SIGNALS:
        return FileRefused(Refusal.TOO_MUCH_TIME, limit=limits.child_cpu_s)
    if hasattr(signal, "SIGABRT") and return_code == -signal.SIGABRT:
        return FileRefused(Refusal.TOO_MUCH_MEMORY, limit=limits.child_memory_bytes // MEGABYTE)
    return FileRefused(Refusal.READER_STOPPED, reason=return_code)
