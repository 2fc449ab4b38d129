"""Texts and codes as they come: trimmed, in one form, and free of what nobody can see.

Only what surely means the same is changed: full-width Latin letters, digits and signs become ordinary ones in codes,
and composed forms are used throughout (NFC). NFKC is not used for values: it would turn 5² into 52.
"""

from __future__ import annotations

import re
import unicodedata

from qms_desktop.exchange.problems import Problem, Trouble

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_EDGES = " \t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000\ufeff"
# Hyphens that look the same; Word and phones type them. Spaces of other widths, too.
_LOOK_ALIKES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63"), "-") | dict.fromkeys(
    map(ord, "\u00a0\u2002\u2003\u2009\u202f"), " "
)
_NOTHING = frozenset(
    (
        "",
        "无",
        "無",
        "暂无",
        "暫無",
        "不明",
        "未知",
        "批号不明",
        "批號不明",
        "n/a",
        "na",
        "nil",
        "none",
        "null",
        "(null)",
    )
)
_NO_NAMES = frozenset(("", "n/a", "null", "(null)"))
_LONGEST_NOTHING = 12
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E[+][0-9]{2,3}")
_LINE_BREAKS = "\t\n\r"
_UNSEEN = ("Cc", "Cs", "Cn", "Co")
ERRORS_SHOWN = frozenset(
    ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)


def trimmed(text: str) -> str:
    """Give a text without spaces of any width at its ends."""
    return text.strip(_EDGES)


def narrowed(text: str) -> str:
    """Give a text with full-width Latin letters, digits, signs and spaces in their ordinary width."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def heading(text: str) -> str:
    """Give a heading or a word of a list as it is compared: NFKC, without what nobody sees, in lower case."""
    bare = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return bare if bare.isprintable() else "".join(sign for sign in bare if unicodedata.category(sign) != "Cf")


def says_nothing(value: object) -> bool:
    """Say whether a cell holds only a sign that people type for nothing: a dash, a slash, 无, N/A."""
    return isinstance(value, str) and len(value) <= _LONGEST_NOTHING and heading(value).strip("-—–_/\\") in _NOTHING


def is_no_name(value: object) -> bool:
    """Say whether a text is only a dash, a slash, or what a database shows for nothing; NA and 无 may be names."""
    return isinstance(value, str) and len(value) <= _LONGEST_NOTHING and heading(value).strip("-—–_/\\") in _NO_NAMES


def plain_text(text: str, *, longest: int, keeps_lines: bool = False) -> str:
    """Give a text as it is kept; raises Trouble for control characters and for too many characters.

    A line break inside becomes a space unless the field keeps lines; joiners and direction marks stay, the window
    shows them.
    """
    kept = trimmed(text)
    if not kept.isascii():
        kept = unicodedata.normalize("NFC", kept)
    if not kept.isprintable():
        kept = _without_breaks(kept, keeps_lines=keeps_lines)
        _refuse_control(kept)
    _refuse_long(kept, longest)
    return kept


def code(text: str, *, longest: int) -> str:
    """Give a code (number of an order, a lot, a product): narrow, composed, every character visible.

    Raises Trouble for control and invisible characters, with their position, and for too many characters.
    """
    kept = trimmed(text)
    if not (kept.isascii() and kept.isprintable()):
        kept = unicodedata.normalize("NFC", trimmed(narrowed(kept)).translate(_LOOK_ALIKES))
        refuse_unseen(kept)
    # An apostrophe in front marks a number as text, in tables that once went through Excel.
    kept = kept.lstrip(f"'{_EDGES}") or kept
    if _SCIENTIFIC.fullmatch(kept):
        # Excel has shortened a long number before it wrote the text.
        raise Trouble(Problem.SCIENTIFIC)
    _refuse_long(kept, longest)
    return kept


def refuse_unseen(text: str) -> None:
    """Raise Trouble for a control or an invisible character, and for a line break, with its position."""
    if text.isascii() and text.isprintable():
        return
    _refuse_control(text, keeps_lines=False)
    for position, character in enumerate(text, 1):
        if unicodedata.category(character) in ("Cf", "Zl", "Zp"):
            raise Trouble(Problem.INVISIBLE_CHARACTER, code=_name(character), position=position)


def _without_breaks(text: str, *, keeps_lines: bool) -> str:
    text = text.replace("\r\n", "\n")
    if keeps_lines:
        return text
    for character in _LINE_BREAKS:
        text = text.replace(character, " ")
    return text


def _refuse_control(text: str, *, keeps_lines: bool = True) -> None:
    for position, character in enumerate(text, 1):
        if unicodedata.category(character) in _UNSEEN and not (keeps_lines and character == "\n"):
            raise Trouble(Problem.CONTROL_CHARACTER, code=_name(character), position=position)


def _refuse_long(text: str, longest: int) -> None:
    if len(text) > longest:
        raise Trouble(Problem.TOO_LONG, length=len(text), longest=longest)


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"
