"""Search: what a record is found by, and finding it by any word of two characters and more, Chinese or Latin.

One normal form and one bigram function for search, similar complaints and the 8D reviewer. Whatever is typed is taken
literally: quotes, percent signs, underscores and backslashes are characters like others.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qms_desktop.action import reading
from qms_desktop.db import search as kept
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qms_desktop.session import Session

FIRST_HAN, LAST_HAN = "\u3400", "\u9fff"
MOST_HITS = 50
# Longer texts are found by their beginning: a whole 8D report would fill the index with common pairs.
LONGEST_TEXT = 4_000


class Kind(StrEnum):
    """What can be found."""

    CASE = "case"
    COMPLAINT = "complaint"
    RMA = "rma"
    LABEL = "label"
    EIGHT_D = "eight_d"
    CLAIM = "claim"
    RECALL = "recall"
    ORDER = "order"
    CUSTOMER = "customer"
    PRODUCT = "product"
    SUPPLIER = "supplier"
    LOT = "lot"


# Who may find what. No text that is kept here holds prices or costs, so reading is enough for all of them today.
MAY_FIND: dict[Kind, Permission] = dict.fromkeys(Kind, Permission.READ)


@dataclass(frozen=True)
class Hit:
    """Something that was found: its kind and record, its case if it has one, and its title as shown."""

    kind: Kind
    record_id: int
    case_id: int | None
    title: str


@dataclass(frozen=True)
class Findable:
    """What one record is found by; `text` may be any text, it is normalised here."""

    record_id: int
    title: str
    text: str


def normalised(text: str) -> str:
    """Give the form in which texts are compared: NFKC, case folded, one blank between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def bigrams(text: str) -> tuple[str, ...]:
    """Give the different pairs of neighbouring characters within the words of a text, in order."""
    words = normalised(text).split()
    return tuple(dict.fromkeys(first + second for word in words for first, second in pairwise(word)))


def pinyin(name: str) -> str:
    """Give the first letters and the full pinyin of a Chinese name, empty without Chinese: `hdyh huadongyuanhang`."""
    han = "".join(character for character in name if FIRST_HAN <= character <= LAST_HAN)
    if not han:
        return ""
    syllables: list[str] = _pypinyin().lazy_pinyin(han)
    return f"{''.join(syllable[0] for syllable in syllables)} {''.join(syllables)}"


@cache
def _pypinyin() -> Any:  # noqa: ANN401 - a module without types
    # Its dictionaries take half a second to load: only who imports names needs them, the first window does not.
    return import_module("pypinyin")


def keep(kind: Kind, record_id: int, *, case_id: int | None, title: str, text: str = "") -> None:
    """Write what a record is found by from now on: its title and its text; for verbs, in their own transaction."""
    findable = _text(title, text)
    kept.keep(kind, record_id, case_id=case_id, title=title, text=findable, bigrams=bigrams(findable))


def keep_many(kind: Kind, records: Iterable[Findable]) -> None:
    """Write what many records without a case are found by."""
    texts = ((record, _text(record.title, record.text)) for record in records)
    kept.keep_many(kind, [(record.record_id, record.title, text, bigrams(text)) for record, text in texts])


def _text(title: str, text: str) -> str:
    return normalised(f"{title} {text}")[:LONGEST_TEXT]


@reading(Permission.READ)
def find(
    session: Session, *, text: str, kinds: Sequence[Kind] = tuple(Kind), limit: int = MOST_HITS
) -> tuple[Hit, ...]:
    """Give the newest records that hold every word of a text, among the kinds that the person may find.

    A word of one character alone finds nothing: everything would hold it.
    """
    if not bigrams(text):
        return ()
    return hits(text, kinds=tuple(kind for kind in kinds if session.may(MAY_FIND[kind])), limit=limit)


def hits(text: str, *, kinds: Sequence[Kind], limit: int = MOST_HITS) -> tuple[Hit, ...]:
    """Give the newest records of some kinds that hold every word of a text; one character is enough here."""
    words = normalised(text).split()
    if not words or not kinds:
        return ()
    rows = kept.matching(words, bigrams=bigrams(text), kinds=[str(kind) for kind in kinds], limit=limit)
    return tuple(
        Hit(kind=Kind(row.kind), record_id=row.record_id, case_id=row.case_id, title=row.title) for row in rows
    )
