"""What goes over the pipe between the window and the child that reads a file: length-prefixed JSON, never objects.

The child has read bytes from outside; should one of them have taken it over, nothing that it says can run here.
"""

from __future__ import annotations

import json
import struct
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING, Any, cast

from qms_desktop.exchange.raw import Fault, FaultKind, RawValue, Truth

if TYPE_CHECKING:
    from collections.abc import Iterable

_LENGTH = struct.Struct(">I")
_FRAME_LIMIT_BYTES = 64 * 1024 * 1024
# Every text that begins with this sign is a mark and a value; a cell's own text that begins so is marked as text.
_MARK = "\x01"
_AFTER_MARK = "\x02"


class BrokenPipe(Exception):
    """The frames end in the middle: the child was killed or stopped."""


def send(pipe: IO[bytes], frame: object) -> None:
    """Write one frame."""
    send_bytes(pipe, json.dumps(frame, separators=(",", ":")).encode("ascii"))


def send_bytes(pipe: IO[bytes], content: bytes) -> None:
    """Write one frame of plain bytes."""
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)


def receive(pipe: IO[bytes]) -> dict[str, Any]:
    """Read one frame; raises BrokenPipe when the pipe ends first or the frame is no such thing."""
    try:
        frame = json.loads(receive_bytes(pipe))
    except ValueError as error:
        raise BrokenPipe from error
    if not isinstance(frame, dict):
        raise BrokenPipe
    return cast("dict[str, Any]", frame)


def receive_bytes(pipe: IO[bytes]) -> bytes:
    """Read one frame of plain bytes; raises BrokenPipe."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise BrokenPipe
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length) if length <= _FRAME_LIMIT_BYTES else b""
    if len(content) < length:
        raise BrokenPipe
    return content


def pack_row(row: Iterable[object]) -> list[object]:
    """Give a row as JSON can hold it. Texts and numbers, nearly all cells, pass as they are."""
    # '' and texts that begin with the mark are the only ones below the sign after it: one comparison for both.
    return [
        value if value.__class__ is float or (value.__class__ is str and value >= _AFTER_MARK) else _pack(value)
        for value in row
    ]


def _pack(value: object) -> object:  # noqa: PLR0911 - one line for each kind of cell
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return f"{_MARK}b{value}"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return f"{_MARK}t{value.isoformat()}"
    if isinstance(value, date):
        return f"{_MARK}d{value.isoformat()}"
    if isinstance(value, time):
        return f"{_MARK}c{value.isoformat()}"
    if isinstance(value, timedelta):
        return f"{_MARK}s{value.total_seconds()}"
    if isinstance(value, Fault):
        return f"{_MARK}{'e' if value.kind is FaultKind.ERROR else 'f'}{value.text}"
    return f"{_MARK}x{value}"


def unpack_row(row: list[Any], seen: dict[str, RawValue]) -> list[RawValue]:
    """Give a row as it was; `seen` remembers the dates, of which a table has many alike."""
    return [
        (seen[value] if value in seen else _unpack(value, seen))
        if value.__class__ is str and value < _AFTER_MARK
        else value
        for value in row
    ]


def _unpack(packed: str, seen: dict[str, RawValue]) -> RawValue:
    kind, text = packed[1:2], packed[2:]
    value: RawValue
    match kind:
        case "d":
            value = date.fromisoformat(text)
        case "t":
            value = datetime.fromisoformat(text)
        case "c":
            value = time.fromisoformat(text)
        case "s":
            value = timedelta(seconds=float(text))
        case "b":
            value = Truth.TRUE if text == "True" else Truth.FALSE
        case "e":
            value = Fault(FaultKind.ERROR, text)
        case "f":
            value = Fault(FaultKind.NO_RESULT, text)
        case _:
            return text
    seen[packed] = value
    return value
