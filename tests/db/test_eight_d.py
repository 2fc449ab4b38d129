"""What a signature on an 8D version covers, and that each list of content has its section and its guards."""

from __future__ import annotations

import pytest

from qms_desktop.db import guards, tables
from qms_desktop.db.eight_d import ROWS, EightDRow, Section
from qms_desktop.db.eight_d.fence import CONTENT_TABLES, SECTIONS_OF, SIGNED

COVERED = {signable.kind: {part.table for part in signable.parts} for signable in SIGNED}


def test_every_list_of_content_belongs_to_a_section() -> None:
    lists = {model for model in tables.MODELS if issubclass(model, EightDRow)}
    assert lists == set(ROWS)


def test_the_signature_on_an_8d_covers_every_table_of_content() -> None:
    assert COVERED["eight_d_8d"] == set(CONTENT_TABLES)


@pytest.mark.parametrize("kind", ["3D", "5D"])
def test_the_signature_on_an_interim_version_covers_its_own_sections(kind: str) -> None:
    own = {model._meta.table_name for model, section in ROWS.items() if section in SECTIONS_OF[kind]}
    shared = {"eight_d_section", "eight_d_text", "eight_d_wording"}
    assert COVERED[f"eight_d_{kind.lower()}"] == own | shared


def test_a_5d_ends_with_the_chosen_actions() -> None:
    assert SECTIONS_OF["3D"][-1] is Section.D3
    assert SECTIONS_OF["5D"][-1] is Section.D5
    assert set(SECTIONS_OF["8D"]) == set(Section)


@pytest.mark.parametrize("table", CONTENT_TABLES)
def test_each_table_of_content_notes_its_authors_and_is_shut_with_the_report(table: str) -> None:
    names = {guard.name for guard in guards.catalogue()}
    wanted = {f"{table}_{on}_{what}" for on in ("insert", "update") for what in ("is_authored", "is_open")}
    assert wanted <= names
