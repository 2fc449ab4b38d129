"""How much a file from outside may hold before it is refused; one place for all of it."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The limits of one import. Source: the table of bad input (B8, B9, B28, B58)."""

    file_bytes: int = 25 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    ratio: int = 100
    # Below this size the ratio says nothing: an almost empty part packs well and harms nobody.
    ratio_from_bytes: int = MEGABYTE
    parts: int = 2000
    rows: int = 200_000
    columns: int = 200
    line_characters: int = 200_000
    picture_megapixels: int = 50
    child_memory_bytes: int = 512 * MEGABYTE
    child_cpu_s: int = 20
    child_wait_s: int = 60


LIMITS = Limits()
