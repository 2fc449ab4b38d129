"""Tell what a file is by its first bytes; its name is only a hint."""

from __future__ import annotations

import re
from enum import StrEnum

from qms_desktop.exchange.refusals import FileRefused, Refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_HEAD_BYTES = 4096
# Text may hold tab, line feed, form feed, return and nothing else below the space.
_BINARY = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_BINARY_SHARE = 0.02
# What a table is written in: ASCII, Chinese with its signs, and the same in full width.
_ORDINARY = re.compile(r"[\t\r\n -~\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_ORDINARY_SHARE = 0.9
_DIVIDERS = re.compile(r"[\t\r\n,;|]")

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"8BPS", "PSD"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"{\\rtf", "RTF"),
)


class FileKind(StrEnum):
    """The two kinds of table that are read."""

    WORKBOOK = "workbook"
    CSV = "csv"


def table_kind(content: bytes) -> FileKind:
    """Tell whether the bytes are a packed workbook or a text table.

    Raises FileRefused for everything else, and names what it is (B1-B6, B27).
    """
    if not content:
        raise FileRefused(Refusal.EMPTY)
    if content.startswith(_OLE):
        raise _refuse_ole(content)
    if content.startswith((_ZIP, _ZIP_END)):
        return FileKind.WORKBOOK
    for magic, kind in _MAGIC:
        if content.startswith(magic) and (len(magic) > 2 or _BINARY.search(content[:_HEAD_BYTES])):  # noqa: PLR2004
            raise FileRefused(Refusal.OTHER_FORMAT, kind=kind)
    _refuse_markup(content)
    _refuse_binary(content)
    return FileKind.CSV


def _refuse_ole(content: bytes) -> FileRefused:
    # The directory of an OLE container names its streams in UTF-16.
    if "EncryptedPackage".encode("utf-16-le") in content:
        return FileRefused(Refusal.PASSWORD)
    if "WordDocument".encode("utf-16-le") in content:
        return FileRefused(Refusal.OTHER_FORMAT, kind="Word 97-2003")
    return FileRefused(Refusal.OLD_EXCEL)


def _refuse_markup(content: bytes) -> None:
    head = content[:_HEAD_BYTES].replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n").lower()
    if head.startswith(b"mime-version") or (head.startswith(b"<") and (b"<html" in head or b"<table" in head)):
        raise FileRefused(Refusal.WEB_PAGE)
    if head.startswith((b"<!doctype html", b"<meta", b"<style", b"<body", b"<div")):
        raise FileRefused(Refusal.WEB_PAGE)
    if head.startswith((b"<?xml", b"<!doctype")):
        kind = "Excel 2003 XML" if b"office:spreadsheet" in head else "XML"
        raise FileRefused(Refusal.OTHER_FORMAT, kind=kind)


def utf16_without_mark(content: bytes) -> str | None:
    """Give the encoding of UTF-16 text that does not say so: only in the right order its characters are ordinary."""
    head = content[:_HEAD_BYTES]
    if b"\x00" not in head:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        if len(_ORDINARY.findall(text)) > len(text) * _ORDINARY_SHARE and len(_DIVIDERS.findall(text)) > 1:
            return encoding
    return None


def _refuse_binary(content: bytes) -> None:
    head = content[:_HEAD_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(content):
        return
    if len(_BINARY.findall(head)) > len(head) * _MAX_BINARY_SHARE:
        raise FileRefused(Refusal.NOT_A_TABLE)
