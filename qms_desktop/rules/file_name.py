"""The name under which a file from outside is shown and may be saved again (B81).

What a mailbox or a phone calls a file is only text here: no path, no characters that a system takes for something else.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

LONGEST_NAME = 120
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
# Names that Windows keeps for devices, whatever ending follows.
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)")
NAMELESS = "file"


def safe_name(given: str) -> str:
    """Give a name that every system may keep: one form of each letter, no path, no control or turning characters.

    A long name keeps its ending; a name of which nothing is left becomes `file`.
    """
    composed = unicodedata.normalize("NFC", given)
    # Cc and Cf are control characters and the ones that turn the direction: `exe.xslx` shown backwards.
    plain = "".join(mark for mark in composed if unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    last = re.split(r"[/\\]", plain)[-1]
    name = _UNSAFE.sub("_", last).strip().rstrip(". ")
    if not name.strip("._"):
        return NAMELESS
    if _DEVICES.match(name):
        name = f"_{name}"
    ending = PurePath(name).suffix[:16]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
