"""A packed file (zip) looked at before anything is unpacked, and its parts unpacked under watch.

The library that reads the cells unpacks by itself; what is refused here never reaches it (B6-B12, B82).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.exchange.limits import MEGABYTE, Limits
from qms_desktop.exchange.refusals import FileRefused, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_END = b"PK\x05\x06"
_END_BYTES = 22
_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MAGIC = b"PK\x03\x04"
_ENCRYPTED = 0x1
_CHUNK_BYTES = 1 << 20
_UNSAFE_NAME = re.compile(r"(^[/\\])|((^|[/\\])\.\.([/\\]|$))|[\x00-\x1f]|^[A-Za-z]:")
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP_BYTES = 16
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_XML_NAMES = (".xml", ".rels", ".vml")


@dataclass(frozen=True)
class Part:
    """One packed part: where its bytes begin and end in the file, and what it says of itself."""

    name: str
    start: int
    packed_bytes: int
    unpacked_bytes: int
    crc: int
    is_packed: bool

    @property
    def is_xml(self) -> bool:
        """Say whether the part is read as XML by anybody."""
        return self.name.lower().endswith(_XML_NAMES)


def look(content: bytes, limits: Limits) -> dict[str, Part]:
    """List the parts of a packed file by name, without unpacking; raises FileRefused."""
    _refuse_too_many(content, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        reason = Refusal.DAMAGED if _END in content[-_END_BYTES - 0xFFFF :] else Refusal.INCOMPLETE
        raise FileRefused(reason) from error
    except (struct.error, ValueError, NotImplementedError, OverflowError, IndexError, OSError) as error:
        raise FileRefused(Refusal.DAMAGED) from error
    if len(entries) > limits.parts:
        raise FileRefused(Refusal.TOO_MANY_PARTS, parts=len(entries), limit=limits.parts)
    _refuse_growth(entries, limits)
    parts: dict[str, Part] = {}
    for entry in entries:
        part = _part(content, entry)
        if part.name in parts:
            raise FileRefused(Refusal.UNSAFE_PART, part=part.name)
        parts[part.name] = part
    _refuse_overlap(parts.values())
    return parts


def _refuse_too_many(content: bytes, limits: Limits) -> None:
    # The count stands at the end of the file: no need to make objects of 100,000 entries first.
    end = content.rfind(_END, max(0, len(content) - _END_BYTES - 0xFFFF))
    if end < 0 or end + _END_BYTES > len(content):
        raise FileRefused(Refusal.INCOMPLETE)
    (count,) = struct.unpack_from("<H", content, end + 10)
    if count > limits.parts:
        raise FileRefused(Refusal.TOO_MANY_PARTS, parts=count, limit=limits.parts)


def _refuse_growth(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise FileRefused(
            Refusal.UNPACKS_TOO_LARGE, megabytes=-(-total // MEGABYTE), limit=limits.unpacked_bytes // MEGABYTE
        )
    for entry in entries:
        if entry.file_size > max(limits.ratio_from_bytes, entry.compress_size * limits.ratio):
            ratio = entry.file_size // max(1, entry.compress_size)
            raise FileRefused(Refusal.PACKED_TOO_TIGHT, part=entry.filename, ratio=ratio, limit=limits.ratio)


def _part(content: bytes, entry: zipfile.ZipInfo) -> Part:
    name = entry.filename
    if _UNSAFE_NAME.search(name) or _UNSAFE_NAME.search(entry.orig_filename):
        raise FileRefused(Refusal.UNSAFE_PART, part=name)
    if entry.flag_bits & _ENCRYPTED:
        raise FileRefused(Refusal.PASSWORD)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused(Refusal.UNSAFE_PART, part=name)
    if entry.header_offset < 0 or entry.header_offset + _LOCAL.size > len(content):
        raise FileRefused(Refusal.DAMAGED_PART, part=name)
    magic, *_unused, name_bytes, extra_bytes = _LOCAL.unpack_from(content, entry.header_offset)
    start = entry.header_offset + _LOCAL.size + name_bytes + extra_bytes
    if magic != _LOCAL_MAGIC or start + entry.compress_size > len(content):
        raise FileRefused(Refusal.DAMAGED_PART, part=name)
    return Part(
        name, start, entry.compress_size, entry.file_size, entry.CRC, entry.compress_type == zipfile.ZIP_DEFLATED
    )


def _refuse_overlap(parts: Iterable[Part]) -> None:
    end = 0
    for part in sorted(parts, key=lambda each: each.start):
        if part.start < end:
            raise FileRefused(Refusal.UNSAFE_PART, part=part.name)
        end = part.start + part.packed_bytes


def unpack(content: bytes, part: Part) -> Iterator[bytes]:
    """Give the part piece by piece; raises FileRefused when it is longer than it said, or its checksum is wrong."""
    packed = memoryview(content)[part.start : part.start + part.packed_bytes]
    seen_bytes = 0
    crc = 0
    for piece in _inflate(packed, part) if part.is_packed else _slices(packed):
        seen_bytes += len(piece)
        if seen_bytes > part.unpacked_bytes:
            raise FileRefused(Refusal.UNSAFE_PART, part=part.name)
        crc = zlib.crc32(piece, crc)
        yield piece
    if seen_bytes != part.unpacked_bytes or crc != part.crc:
        raise FileRefused(Refusal.DAMAGED_PART, part=part.name)


def _slices(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), _CHUNK_BYTES):
        yield bytes(packed[start : start + _CHUNK_BYTES])


def _inflate(packed: memoryview, part: Part) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting: bytes | memoryview = packed
    try:
        while not inflater.eof:
            piece = inflater.decompress(waiting, _CHUNK_BYTES)
            if not piece and not inflater.unconsumed_tail and not inflater.eof:
                break
            waiting = inflater.unconsumed_tail
            if piece:
                yield piece
    except zlib.error as error:
        raise FileRefused(Refusal.DAMAGED_PART, part=part.name) from error
    if not inflater.eof or inflater.unused_data:
        raise FileRefused(Refusal.DAMAGED_PART, part=part.name)


def watched_xml(content: bytes, part: Part) -> Iterator[bytes]:
    """Unpack an XML part piece by piece, and refuse document types, entities and encodings other than UTF-8."""
    carried = b""
    first = True
    for piece in unpack(content, part):
        if first:
            _refuse_encoding(piece, part)
            first = False
        if _FORBIDDEN.search(carried + piece[:_OVERLAP_BYTES]) or (b"<!" in piece and _FORBIDDEN.search(piece)):
            raise FileRefused(Refusal.FORBIDDEN_XML, part=part.name)
        carried = piece[-_OVERLAP_BYTES:]
        yield piece


def _refuse_encoding(piece: bytes, part: Part) -> None:
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in piece[:4]:
        raise FileRefused(Refusal.PART_ENCODING, part=part.name, encoding="UTF-16")
    declared = _DECLARED.match(piece.removeprefix(b"\xef\xbb\xbf")[:1024])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        encoding = declared[1].decode("ascii", "replace")[:40]
        raise FileRefused(Refusal.PART_ENCODING, part=part.name, encoding=encoding)


def refuse_nested(content: bytes, part: Part) -> None:
    """Refuse a part that is a packed file itself, except an embedded object, which nobody opens here."""
    if "/embeddings/" in part.name:
        return
    for piece in unpack(content, part):
        if piece.startswith(_LOCAL_MAGIC):
            raise FileRefused(Refusal.NESTED_ARCHIVE, part=part.name)
        return
