"""Walks through all texts of a report, to find what must not be printed."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING

from qms_desktop.errors import InvalidInput, QmsError
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.steps.eight_d_content import EightDReport

# Han, kana, bopomofo, their punctuation and full-width forms, in and beyond the first plane.
_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
# What XML 1.0 cannot hold (section 2.2), tab and line break apart.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MOST_NAMED = 12


class ChineseLeft(QmsError):
    """An English report still holds Chinese; `fields` names where, `texts` what was found there."""

    def __init__(self, *, found: dict[str, str]) -> None:
        self.fields = tuple(found)
        self.texts = tuple(found.values())
        shown = [f"{name} ({text})" for name, text in list(found.items())[:_MOST_NAMED]]
        super().__init__(
            N_("The English report still holds Chinese in {count} fields. Fill in their English text: {fields}"),
            count=len(found),
            fields="; ".join(shown) + ("; …" if len(found) > _MOST_NAMED else ""),
        )


def refuse_chinese(report: EightDReport) -> None:
    """Raise ChineseLeft, naming the fields, when any text of the report holds Chinese characters or marks."""
    found = {name: "".join(_CHINESE.findall(text))[:8] for name, text in texts(report) if _CHINESE.search(text)}
    if found:
        raise ChineseLeft(found=found)


def refuse_control_characters(report: EightDReport) -> None:
    """Raise InvalidInput, naming the field, when a text holds characters that no document can hold."""
    for name, text in texts(report):
        if _FORBIDDEN.search(text):
            message = N_("The text of {name} holds control characters, perhaps from copying. Type it again.")
            raise InvalidInput(message, field=name, name=name)


def texts(content: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Give every text below a dataclass with its path, such as “root_causes.causes 2.whys 3.fact”."""
    if isinstance(content, str):
        if not isinstance(content, Enum):
            yield name, content
    elif isinstance(content, tuple):
        for number, part in enumerate(content, 1):
            yield from texts(part, f"{name} {number}")
    elif is_dataclass(content) and not isinstance(content, type):
        for field in fields(content):
            below = f"{name}.{field.name}" if name else field.name
            yield from texts(getattr(content, field.name), below)
