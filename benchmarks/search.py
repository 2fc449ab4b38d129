"""The search: a rare word, a serial number, two Chinese characters and a word that nothing holds, in 1,000,000 texts.

The goal is a time, 100 ms, because nothing shorter finds two Chinese characters; reading every text takes longer.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks import MS, Limit, medians
from benchmarks._many import RARE, RARE_EVERY, plants
from qms_desktop.rules import search
from tests.hostile.stage import SALES

TEXTS, SHORT_TEXTS = 1_000_000, 10_000
ROUNDS, SHORT_ROUNDS = 15, 5
MOST_MS = 100
WORDS = {"a rare word of four characters": RARE, "two Chinese characters": "亮点", "a word that nothing holds": "zzzqx",
         "two words": f"{RARE} 退回", "the beginning of a serial": "SN12AB"}  # fmt: skip


def measure(*, short: bool) -> list[Limit]:
    """Measure every word on both databases."""
    count, rounds = (SHORT_TEXTS, SHORT_ROUNDS) if short else (TEXTS, ROUNDS)
    lines: list[Limit] = []
    with tempfile.TemporaryDirectory() as folder, plants(Path(folder), (count,), with_texts=True) as made:
        for kind, (plant,) in made.items():
            session = plant.sign_in(SALES)
            assert len(search.find(session, text=RARE)) == min(count // RARE_EVERY, search.MOST_HITS)
            assert len(search.find(session, text="亮点")) == search.MOST_HITS
            assert search.find(session, text="zzzqx") == ()
            found = medians(
                {name: partial(search.find, session, text=word) for name, word in WORDS.items()}, rounds=rounds
            )
            lines += [
                Limit(f"search, {name}, in {count:,} texts ({kind})", taken * MS, MOST_MS, "ms")
                for name, taken in found.items()
            ]
    return lines
