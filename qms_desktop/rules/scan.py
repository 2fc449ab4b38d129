"""What a scanned or typed code names: a label, a record, an article, a carrier of GS1 parts, or plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_

LONGEST_CODE = 120
_GROUP_SEPARATOR = "\x1d"


class CodeKind(StrEnum):
    """What a code names."""

    LABEL = "label"
    CASE = "case"
    COMPLAINT = "complaint"
    RMA = "rma"
    EIGHT_D = "eight_d"
    ORDER = "order"
    NONCONFORMING = "nonconforming"
    CLAIM = "claim"
    RECALL = "recall"
    ARTICLE = "article"
    GS1 = "gs1"
    OTHER = "other"


@dataclass(frozen=True)
class ScannedCode:
    """A code as it was read; what does not belong to its kind is empty.

    `number` is the record's number, the article number or, of other codes, the whole text. `rma_line` counts from 1.
    """

    kind: CodeKind
    text: str
    number: str
    rma_line: int | None = None
    label_serial: int | None = None
    lot: str = ""
    serial: str = ""
    pieces: int | None = None


# Prefix, day, and three or four digits of the day's own counting (domain.md, section 16, "Numbers").
_RECORD = re.compile(r"(8D|RC|C|G|R|W|N|K)(\d{8})(\d{3,4})", re.ASCII)
_LABEL = re.compile(r"([RG]\d{11,12})\.(\d{1,3})\.(\d{6,9})", re.ASCII)
_ONE_OF_OURS = re.compile(r"(?:8D|RC|(?<![A-Z])[CGRWNK])20\d{6}", re.ASCII)
_BEGINS_LIKE_OURS = re.compile(r"(?:8D|RC|[CGRWNK])20\d*[\d.]*", re.ASCII)
_KINDS = {
    "C": CodeKind.COMPLAINT,
    "G": CodeKind.CASE,
    "R": CodeKind.RMA,
    "8D": CodeKind.EIGHT_D,
    "W": CodeKind.ORDER,
    "N": CodeKind.NONCONFORMING,
    "K": CodeKind.CLAIM,
    "RC": CodeKind.RECALL,
}
_SYMBOLOGY = re.compile(r"\][A-Za-z]\d", re.ASCII)
_GS1_START = re.compile(r"01\d{14}(?:1[0-7]|21|30|37)", re.ASCII)


def read_code(text: str) -> ScannedCode:
    """Tell what a code names.

    Raises InvalidInput when the scanner types through an input method, with Caps Lock, half a code, two codes in one,
    a wrong check digit, printer commands, a web address, or far too much.
    """
    code = text.strip(" \t\r\n")
    _refuse_garbage(code)
    symbology = _SYMBOLOGY.match(code)
    bare = code[symbology.end() :] if symbology else code
    bare = bare.replace("^]", _GROUP_SEPARATOR)
    if _GROUP_SEPARATOR in bare or _GS1_START.match(bare) or (symbology and symbology[0] in ("]d2", "]C1", "]Q3")):
        return _gs1(code, bare.lstrip(_GROUP_SEPARATOR))
    if label := _LABEL.fullmatch(bare):
        _refuse_unless_a_day(label[1][1:9], code=code)
        return ScannedCode(CodeKind.LABEL, code, label[1], rma_line=int(label[2]), label_serial=int(label[3]))
    if record := _RECORD.fullmatch(bare):
        _refuse_unless_a_day(record[2], code=code)
        return ScannedCode(_KINDS[record[1]], code, bare)
    _refuse_glued_or_half(bare)
    if bare.isascii() and bare.isdigit() and len(bare) in (8, 12, 13, 14):
        return _article(code, bare)
    return ScannedCode(CodeKind.OTHER, code, bare)


def check_digit(digits: str) -> int:
    """Give the GS1 check digit of an article number without its last digit (GS1 General Specifications 7.9)."""
    weighted = (int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -sum(weighted) % 10


def _refuse_garbage(code: str) -> None:
    if not code:
        raise InvalidInput(N_("Nothing was read. Hold the scanner still and scan again."), field="code")
    if len(code) > LONGEST_CODE:
        raise InvalidInput(
            N_("This code holds {length} characters; the longest label has {most}. Scan the label of the parcel."),
            field="code",
            length=f"{len(code):,}",
            most=LONGEST_CODE,
        )
    folded = code.translate({code_point: code_point - 0xFEE0 for code_point in range(0xFF01, 0xFF5F)})
    if folded != code or any(mark in code for mark in "。，．、；：") or _chinese_before_digits(code):
        raise InvalidInput(
            N_("The scan came through the Chinese input method. Switch the input to English and scan again."),
            field="code",
        )
    if re.fullmatch(r"(?:8d|rc|[cgrwnk])20\d{6,}[\d.]*", code):
        raise InvalidInput(N_("Caps Lock turns the scan around. Switch Caps Lock off and scan again."), field="code")
    if re.match(r"(?i)(?:https?://|www\.)", code):
        raise InvalidInput(N_("This is a web address, not a label. Scan the label of the parcel."), field="code")
    if "^XA" in code or "^XZ" in code or code.startswith(("~", "^F")):
        raise InvalidInput(
            N_("These are commands for a printer, not a label. Scan the label of the parcel."), field="code"
        )
    if any(ord(mark) < ord(" ") and mark != _GROUP_SEPARATOR for mark in code) or "\x7f" in code:
        raise InvalidInput(
            N_("The code holds control characters. Set the scanner to its factory keyboard mode and scan again."),
            field="code",
        )


def _chinese_before_digits(code: str) -> bool:
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{1,4}20\d{6,}.*", code))


def _refuse_unless_a_day(day: str, *, code: str) -> None:
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError as not_a_day:
        raise InvalidInput(
            N_("{code} was misread: {day} is not a day. Scan again, or type the number."),
            field="code",
            code=code,
            day=f"{day[:4]}-{day[4:6]}-{day[6:8]}",
        ) from not_a_day


def _refuse_glued_or_half(bare: str) -> None:
    if len(_ONE_OF_OURS.findall(bare)) > 1:
        raise InvalidInput(N_("Two codes were read as one. Nothing was counted; scan each one alone."), field="code")
    if _BEGINS_LIKE_OURS.fullmatch(bare):
        raise InvalidInput(
            N_("Only a part of the code was read: {text}. Nothing was counted; scan again."), field="code", text=bare
        )


def _article(code: str, digits: str) -> ScannedCode:
    expected = check_digit(digits[:-1])
    if expected == int(digits[-1]):
        return ScannedCode(CodeKind.ARTICLE, code, digits)
    if len(digits) in (13, 14):
        raise InvalidInput(
            N_("The check digit of {digits} is wrong, expected {expected}. Scan again."),
            field="code",
            digits=digits,
            expected=expected,
        )
    # Eight and twelve digits are also dates with a counter and customers' own numbers: no reason to refuse them.
    return ScannedCode(CodeKind.OTHER, code, digits)


# Application identifiers that a carton can carry: name, fixed length (None: up to the separator), longest.
_PARTS: dict[str, tuple[str, int | None, int]] = {
    "00": ("shipping", 18, 18),
    "01": ("article", 14, 14),
    "02": ("article", 14, 14),
    "10": ("lot", None, 20),
    "11": ("made", 6, 6),
    "13": ("packed", 6, 6),
    "15": ("best_before", 6, 6),
    "17": ("expires", 6, 6),
    "21": ("serial", None, 20),
    "30": ("pieces", None, 8),
    "37": ("pieces", None, 8),
    "240": ("article_extra", None, 30),
    "400": ("order", None, 30),
}


def _gs1(code: str, bare: str) -> ScannedCode:
    parts: dict[str, str] = {}
    rest = bare
    while rest:
        identifier = next((known for known in _PARTS if rest.startswith(known)), None)
        if identifier is None:
            raise InvalidInput(
                N_("The GS1 code has a part that is not known here: {text}. Type the article and the lot."),
                field="code",
                text=rest[:12],
            )
        name, fixed, longest = _PARTS[identifier]
        rest = rest[len(identifier) :]
        value, rest = (rest[:fixed], rest[fixed:]) if fixed else _up_to_separator(rest, longest=longest)
        if fixed and len(value) < fixed:
            raise InvalidInput(
                N_("Only a part of the code was read: {text}. Nothing was counted; scan again."),
                field="code",
                text=code,
            )
        parts[name] = value
        rest = rest.removeprefix(_GROUP_SEPARATOR)
    article = parts.get("article", "")
    if article:
        _article(code, article)
    count = parts.get("pieces", "")
    return ScannedCode(
        CodeKind.GS1,
        code,
        article,
        lot=parts.get("lot", ""),
        serial=parts.get("serial", ""),
        pieces=int(count) if count.isascii() and count.isdigit() else None,
    )


def _up_to_separator(rest: str, *, longest: int) -> tuple[str, str]:
    value, _separator, after = rest.partition(_GROUP_SEPARATOR)
    if len(value) > longest:
        raise InvalidInput(
            N_("The scanner dropped the separator (GS) between the parts of a GS1 code. Switch it on in the scanner."),
            field="code",
        )
    return value, after
