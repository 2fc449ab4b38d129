"""Take a photo from outside: the original as it came, and a copy that may be shown, printed and sent."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from qms_desktop.exchange import wire
from qms_desktop.exchange.limits import LIMITS, Limits
from qms_desktop.exchange.reader import asked, naming, read_file, take_frame, within


@dataclass(frozen=True)
class TakenPicture:
    """A photo that was taken.

    `original` is kept untouched under its SHA-256; `jpeg` is an upright copy of at most 1,280 pixels on its longer
    side, `thumbnail_jpeg` one of at most 256, both without place, camera or any other note.
    `kind` is jpeg, png or heic; `taken_at` is the camera's own word, without a zone where the camera names none.
    """

    original: bytes
    sha256: str
    kind: str
    original_width_px: int
    original_height_px: int
    jpeg: bytes
    width_px: int
    height_px: int
    thumbnail_jpeg: bytes
    had_position: bool
    taken_at: datetime | None


def take(source: Path | str | bytes, *, name: str | None = None, limits: Limits = LIMITS) -> TakenPicture:
    """Take a picture from a path or from bytes (then `name` is what errors call it), decoded in a child process.

    Raises FileRefused when it is no picture, of another kind than JPEG, PNG or HEIC, too large, or incomplete.
    """
    if isinstance(source, bytes):
        shown = name or "…"
        original = within(source, shown, limits)
    else:
        shown, original = name or Path(source).name, read_file(Path(source), limits)
    request = {"task": "picture", "limits": asdict(limits)}
    with naming(shown), asked(request, original, limits) as answer:
        head = take_frame(answer)
        jpeg = wire.receive_bytes(answer)
        thumbnail = wire.receive_bytes(answer)
    return TakenPicture(
        original=original,
        sha256=hashlib.sha256(original).hexdigest(),
        kind=head["kind"],
        original_width_px=head["original_width"],
        original_height_px=head["original_height"],
        jpeg=jpeg,
        width_px=head["width"],
        height_px=head["height"],
        thumbnail_jpeg=thumbnail,
        had_position=head["had_position"],
        taken_at=datetime.fromisoformat(head["taken"]) if head["taken"] else None,
    )
