"""Attacks on what the trace walks along and on what the search finds: uses of lots, and the index of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.search import INDEX_FOLLOWS_TEXT
from qms_desktop.rules import search
from tests.hostile.stage import IT, QE

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

USE = "INSERT INTO lot_use (used_id, made_id, bound_for_id) VALUES (1, 2, {bound_for})"
TEXT = "INSERT INTO search_text (kind, record_id, title, text, bigrams) VALUES ('case', 1, 'G1', '{text}', '{bigrams}')"


def test_the_same_use_of_a_lot_is_not_booked_twice(stage: Stage) -> None:
    with stage.plant.plain(IT) as connection:
        connection.execute(USE.format(bound_for="NULL"))
        connection.execute(USE.format(bound_for=3))
    stage.attack(IT, ("lot_use_once", USE.format(bound_for="NULL")), ("lot_use_once", USE.format(bound_for=3)))


def test_the_search_index_follows_the_text(stage: Stage) -> None:
    server = stage.plant.kind == "postgresql"
    leak, scratch = ("{漏油}", "{划伤}") if server else ("6f0fx6cb9", "5212x4f24")
    with stage.plant.plain(QE) as connection:
        connection.execute(TEXT.format(text="漏油", bigrams=leak))
        connection.execute(f"UPDATE search_text SET text = '划伤', bigrams = '{scratch}'")
    session = stage.plant.sign_in(QE)
    found = [[hit.title for hit in search.find(session, text=text)] for text in ("漏油", "划伤")]
    assert found == [[], ["G1"]]
    assert INDEX_FOLLOWS_TEXT.name == "search_index_follows_text"
