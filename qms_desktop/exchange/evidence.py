"""Take a file from outside as evidence: a photo is decoded apart, a document is kept as it is if its kind is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop.exchange import pictures
from qms_desktop.exchange.limits import LIMITS, Limits
from qms_desktop.exchange.reader import read_file, within
from qms_desktop.exchange.refusals import FileRefused, Refusal
from qms_desktop.rules.attachment import NewFile

if TYPE_CHECKING:
    from datetime import tzinfo

PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".heic", ".heif")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument."
# By its ending: how the file begins, and what it is. Nothing is opened here; the program only keeps it.
_DOCUMENTS: dict[str, tuple[bytes, str]] = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".xlsx": (_ZIP, f"{_OFFICE}spreadsheetml.sheet"),
    ".docx": (_ZIP, f"{_OFFICE}wordprocessingml.document"),
    ".pptx": (_ZIP, f"{_OFFICE}presentationml.presentation"),
    ".xls": (_OLE, "application/vnd.ms-excel"),
    ".doc": (_OLE, "application/msword"),
    ".msg": (_OLE, "application/vnd.ms-outlook"),
    ".csv": (b"", "text/csv"),
    ".txt": (b"", "text/plain"),
    ".eml": (b"", "message/rfc822"),
}
DOCUMENT_ENDINGS = tuple(_DOCUMENTS)


def take(source: Path | bytes, *, zone: tzinfo, name: str = "", limits: Limits = LIMITS) -> NewFile:
    """Take a picture or a document from a path, or from bytes (then `name` is its name).

    A camera that names no zone is taken to stand in `zone`, the plant's. Raises FileRefused for what is neither a photo
    (JPEG, PNG, HEIC) nor a document of a known kind, and for what is empty, too large, incomplete or too wide.
    """
    shown = name or (source.name if isinstance(source, Path) else "\u2026")
    ending = Path(shown).suffix.lower()
    if ending in _DOCUMENTS:
        return _document(_content(source, shown, limits), shown, ending)
    taken = pictures.take(source, name=shown, limits=limits)
    moment = taken.taken_at
    return NewFile(
        file_name=shown,
        media_type=f"image/{taken.kind}",
        original=taken.original,
        upright_copy=taken.jpeg,
        thumbnail=taken.thumbnail_jpeg,
        width_px=taken.width_px,
        height_px=taken.height_px,
        taken_at=moment.replace(tzinfo=zone) if moment is not None and moment.tzinfo is None else moment,
    )


def _content(source: Path | bytes, shown: str, limits: Limits) -> bytes:
    return read_file(source, limits) if isinstance(source, Path) else within(source, shown, limits)


def _document(content: bytes, shown: str, ending: str) -> NewFile:
    begins, media_type = _DOCUMENTS[ending]
    # A text holds no NUL byte; what does is something else under its name.
    if not content.startswith(begins) or (not begins and b"\0" in content[:4096]):
        raise FileRefused(Refusal.NOT_ITS_KIND, file=shown, kind=ending.removeprefix(".").upper())
    return NewFile(file_name=shown, media_type=media_type, original=content)
