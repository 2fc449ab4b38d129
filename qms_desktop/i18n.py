"""Texts in any language at any time, by gettext and without Qt.

English is the source text. A document may be printed in another language than the window shows, hence `speaking`.
"""

from __future__ import annotations

import gettext
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING

from qms_desktop import files

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = {"zh_CN": "简体中文", "zh_TW": "繁體中文", "en": "English"}

_window_language = "zh_CN"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("qms_desktop", files.resources() / "translations", languages=[language])


def language() -> str:
    """Name the language that is current here: zh_CN, zh_TW or en."""
    return _spoken.get() or _window_language


def use(chosen: str) -> None:
    """Make a language the one of the whole program; raises KeyError when there is no such language."""
    global _window_language  # noqa: PLW0603 - one language for all threads of a window is the point
    _ = LANGUAGES[chosen]
    _window_language = chosen


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Speak another language inside the block, in this thread alone."""
    _ = LANGUAGES[chosen]
    token = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(text: str) -> str:
    """Give a source text in the current language."""
    return _catalogue(language()).gettext(text) if text else ""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a text for translation and give it unchanged."""
    return text


def plural(one: str, many: str, count: int) -> str:
    """Give the form of a text that fits a count, in the current language."""
    return _catalogue(language()).ngettext(one, many, count)
