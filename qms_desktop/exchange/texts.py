"""Texts and codes as they come: trimmed, in one form, and free of what nobody can see.

Only what surely means the same is changed: full-width Latin letters, digits and signs become ordinary ones in codes,
and composed forms are used throughout (NFC). NFKC is not used for values: it would turn 5² into 52.
"""

from __future__ import annotations

import unicodedata

from qms_desktop.exchange.problems import Problem, Trouble

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_EDGES = " \t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000\ufeff"
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
    """Give a heading as it is compared: NFKC, without spaces and line breaks, in lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


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
    if kept.isascii() and kept.isprintable():
        _refuse_long(kept, longest)
        return kept
    kept = unicodedata.normalize("NFC", trimmed(narrowed(kept)))
    _refuse_control(kept)
    for position, character in enumerate(kept, 1):
        if unicodedata.category(character) in ("Cf", "Zl", "Zp"):
            raise Trouble(Problem.INVISIBLE_CHARACTER, code=_name(character), position=position)
    _refuse_long(kept, longest)
    return kept


def _without_breaks(text: str, *, keeps_lines: bool) -> str:
    text = text.replace("\r\n", "\n")
    if keeps_lines:
        return text
    for character in _LINE_BREAKS:
        text = text.replace(character, " ")
    return text


def _refuse_control(text: str) -> None:
    for position, character in enumerate(text, 1):
        if unicodedata.category(character) in _UNSEEN and character != "\n":
            raise Trouble(Problem.CONTROL_CHARACTER, code=_name(character), position=position)


def _refuse_long(text: str, longest: int) -> None:
    if len(text) > longest:
        raise Trouble(Problem.TOO_LONG, length=len(text), longest=longest)


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"
