"""Attacks on what the trace walks along and on what the search finds: uses of lots, and the index of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db import tables
from qms_desktop.db.search import INDEX_FOLLOWS_TEXT, TABLES
from qms_desktop.rules import search
from tests.hostile.claim_desk import ADMINISTRATION
from tests.hostile.stage import CLERK, IT, PRODUCTION, QE, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

USE = "INSERT INTO lot_use (used_id, made_id, bound_for_id) VALUES (1, 2, {bound_for})"
TEXT = (
    "INSERT INTO search_text (kind, record_id, case_id, title, text, bigrams)"
    " VALUES ('case', 1, 1, 'G1', '{text}', '{bigrams}')"
)


def test_the_same_use_of_a_lot_is_not_booked_twice(stage: Stage) -> None:
    with stage.plant.plain(IT) as connection:
        connection.execute(USE.format(bound_for="NULL"))
        connection.execute(USE.format(bound_for=3))
    stage.attack(IT, ("lot_use_once", USE.format(bound_for="NULL")), ("lot_use_once", USE.format(bound_for=3)))


def test_the_search_index_follows_the_text(stage: Stage) -> None:
    server = stage.plant.kind == "postgresql"
    leak, scratch = ("{漏油}", "{划伤}") if server else ("6f0fx6cb9", "5212x4f24")
    with stage.plant.plain(QE) as connection:
        connection.execute("INSERT INTO case_file (site_id) VALUES (1)")
        connection.execute(TEXT.format(text="漏油", bigrams=leak))
        connection.execute(f"UPDATE search_text SET text = '划伤', bigrams = '{scratch}'")
    session = stage.plant.sign_in(QE)
    found = [[hit.title for hit in search.find(session, text=text)] for text in ("漏油", "划伤")]
    assert found == [[], ["G1"]]
    assert INDEX_FOLLOWS_TEXT.name == "search_index_follows_text"


def test_nobody_writes_what_foreign_records_are_found_by(stage: Stage) -> None:
    """A false title in the search leads everybody to the wrong record, or to none."""
    stage.requested()
    insert = "INSERT INTO search_text (kind, record_id, case_id, title, text, bigrams) VALUES"
    bigrams = "ARRAY['ab']" if stage.plant.kind == "postgresql" else "'61x62'"
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(ADMINISTRATION, "UPDATE search_text SET title = ''", "DELETE FROM search_text")
    for who in (CLERK, PRODUCTION):
        stage.attack(
            who,
            ("found_by_its_own_words_at_insert", f"{insert} ('rma', 99, NULL, '假', '假', {bigrams})"),
            ("found_by_its_own_words_at_update", "UPDATE search_text SET text = '', title = ''"),
        )
    stage.attack(
        QE,
        ("found_by_its_own_words_at_insert", f"{insert} ('customer', 1, NULL, '假', '假', {bigrams})"),
        ("found_by_its_own_words_at_update", "UPDATE search_text SET title = '假' WHERE kind = 'rma'"),
    )
    stage.attack(
        SALES,
        ("found_by_its_own_words_at_insert", f"{insert} ('rma', 999, {stage.case_id}, '假', '假', {bigrams})"),
        ("found_by_its_own_words_at_insert", f"{insert} ('nothing', 1, NULL, '假', '假', {bigrams})"),
        ("found_by_its_own_words_at_update", "UPDATE search_text SET case_id = 999 WHERE kind = 'rma'"),
    )


def test_each_kind_that_is_found_has_its_table() -> None:
    assert set(TABLES) == {str(kind) for kind in search.Kind}
    assert set(TABLES.values()) <= set(tables.BY_TABLE)
