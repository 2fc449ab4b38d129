"""Read a text table (CSV): its encoding, its separator, its records; runs in the child process only.

Never guesses silently: what is not UTF-8, UTF-16 or plausible GB18030 is refused by line, or read with the encoding
that the clerk chose. Nothing is ever replaced by a question mark (B29-B37).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.exchange.refusals import FileRefused, Refusal
from qms_desktop.exchange.sniff import utf16_without_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.exchange.limits import Limits

# Text in Chinese as a plant writes it: GB2312 signs and the 3,755 most common characters, in GB18030 bytes.
_GB_PAIR = re.compile(rb"[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|([\x81-\xfe][\x40-\x7e\x80-\xfe])")
_COMMON_LEADS = frozenset([*range(0xA1, 0xAA), *range(0xB0, 0xD8)])
_LOWEST_TRAIL = 0xA1
_COMMON_SHARE = 0.6
_CJK = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
# How exports tell Excel that a number is a text: ="00123".
_AS_TEXT = re.compile(r'="([^"]*)"')
_LONE_RETURN = re.compile("\r(?!\n)")
_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_LINES = 30
GB18030 = "GB18030"


@dataclass(frozen=True)
class TextTable:
    """A text table opened: its encoding and separator, and the records with the line where each begins."""

    encoding: str
    separator: str
    records: Iterator[tuple[int, list[str]]]


def open_text(content: bytes, *, encoding: str | None, limits: Limits) -> TextTable:
    """Open a text table; `encoding` is what the clerk chose, else it is found out. Raises FileRefused by line."""
    text, found = decode(content, encoding)
    if "\x00" in text:
        raise FileRefused(Refusal.NUL_BYTE, line=_line(text, text.index("\x00")))
    lone = _LONE_RETURN.search(text)
    if lone:
        raise FileRefused(Refusal.LONE_RETURN, line=_line(text, lone.start()))
    separator = _separator(text)
    return TextTable(found, separator, _records(text, separator, limits))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def decode(content: bytes, chosen: str | None = None) -> tuple[str, str]:
    """Turn bytes into text; gives the text and the name of its encoding.

    Raises FileRefused naming line and byte when the bytes do not belong to the encoding.
    """
    if chosen is not None:
        return _decode_as(content, chosen), chosen
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return _decode_as(content[len(mark) :], name), name.upper()
    unmarked = utf16_without_mark(content)
    if unmarked:
        return _decode_as(content, unmarked), unmarked.upper()
    if b"\x00" in content:
        raise FileRefused(Refusal.NUL_BYTE, line=content.count(b"\n", 0, content.index(b"\x00")) + 1)
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _decode_not_utf8(content)


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _bad_byte(content, error.start, encoding) from error
    return text.removeprefix("\ufeff")


def _bad_byte(content: bytes, position: int, encoding: str) -> FileRefused:
    step = 2 if encoding.lower().startswith("utf-16") else 1
    if step == 1:
        line = content.count(b"\n", 0, position) + 1
    else:
        line = content[:position].decode(encoding, "ignore").count("\n") + 1
    return FileRefused(Refusal.BAD_BYTE, line=line, byte=f"0x{content[position]:02X}", encoding=encoding.upper())


def _is_utf8_chinese(line: bytes) -> bool:
    try:
        return _CJK.search(line.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def _common_share(text: bytes) -> float:
    """Give the share of common characters among the two-byte ones, 1 when there is none."""
    pairs = [pair for pair in _GB_PAIR.findall(text) if pair]
    common = sum(1 for pair in pairs if pair[0] in _COMMON_LEADS and pair[1] >= _LOWEST_TRAIL)
    return common / len(pairs) if pairs else 1.0


def _decode_not_utf8(content: bytes) -> tuple[str, str]:
    lines = [(number, line) for number, line in enumerate(content.split(b"\n"), 1) if not line.isascii()]
    utf8 = [number for number, line in lines if _is_utf8_chinese(line)]
    others = [(number, line) for number, line in lines if not _is_utf8_chinese(line)]
    if len(utf8) > len(others):
        raise _refuse_in_utf8(content, others)
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _refuse_in_gb(content, error.start, utf8) from error
    if _common_share(content) < _COMMON_SHARE:
        raise FileRefused(Refusal.ENCODING_UNSURE, line=others[0][0])
    strange = [number for number, line in lines if number in set(utf8) and _common_share(line) < _COMMON_SHARE]
    if strange:
        raise FileRefused(Refusal.MIXED_ENCODINGS, encoding=GB18030, line=strange[0])
    return text, GB18030


def _refuse_in_utf8(content: bytes, others: list[tuple[int, bytes]]) -> FileRefused:
    for number, line in others:
        try:
            line.decode("gb18030")
        except UnicodeDecodeError:
            continue
        pairs = sum(1 for pair in _GB_PAIR.findall(line) if pair)
        if pairs > 1 and _common_share(line) >= _COMMON_SHARE:
            return FileRefused(Refusal.MIXED_ENCODINGS, encoding="UTF-8", line=number)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _bad_byte(content, error.start, "utf-8")
    return FileRefused(Refusal.ENCODING_UNSURE, line=others[0][0])


def _refuse_in_gb(content: bytes, position: int, utf8_lines: list[int]) -> FileRefused:
    line = content.count(b"\n", 0, position) + 1
    if line in utf8_lines:
        return FileRefused(Refusal.MIXED_ENCODINGS, encoding=GB18030, line=line)
    return _bad_byte(content, position, "gb18030")


def _separator(text: str) -> str:
    """Choose the separator that divides most lines into the same number of columns; the comma when in doubt."""
    lines = [line for line in text[:200_000].splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", (0, 0)
    for separator in _SEPARATORS:
        counts = [_outside_quotes(line).count(separator) for line in lines]
        usual = max(set(counts), key=lambda each: (counts.count(each), each), default=0)
        score = (counts.count(usual), usual) if usual else (0, 0)
        if score > best_score:
            best, best_score = separator, score
    return best


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _records(text: str, separator: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(limits.line_characters)
    reader = csv.reader(_lines(text, limits), delimiter=separator, strict=True)
    count = 0
    while True:
        begin = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused(Refusal.OPEN_QUOTE, line=begin) from error
        count += 1
        if count > limits.rows:
            raise FileRefused(Refusal.TOO_MANY_ROWS, sheet="CSV", limit=limits.rows)
        if len(record) > limits.columns:
            raise FileRefused(Refusal.TOO_MANY_COLUMNS, sheet="CSV", columns=len(record), limit=limits.columns)
        yield begin, [_as_text(cell) if cell[:1] == "=" else cell for cell in record]


def _as_text(cell: str) -> str:
    found = _AS_TEXT.fullmatch(cell)
    return found[1] if found else cell


def _lines(text: str, limits: Limits) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > limits.line_characters:
            raise FileRefused(Refusal.LONG_LINE, line=number, limit=limits.line_characters)
        yield line
