"""The original of an import is kept: found by its SHA-256, given back as it came, never exchanged."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from qms_desktop import files
from qms_desktop.errors import NotFound, NotPermitted, Refused
from qms_desktop.rules import health
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data import ImportKind
from tests.helpers import book

if TYPE_CHECKING:
    from tests.helpers.plant import Plant

SUPPLIERS = files.resources() / "demo" / "供应商资料.xlsx"
SHA256 = hashlib.sha256(SUPPLIERS.read_bytes()).hexdigest()


def imported(plant: Plant, original: bytes | None = None) -> master_data.ImportResult:
    """Let IT import the suppliers."""
    found = book.read(ImportKind.SUPPLIERS, SUPPLIERS)
    assert found.original == SUPPLIERS.read_bytes()
    return master_data.import_rows(
        plant.sign_in("管理员"),
        kind=ImportKind.SUPPLIERS,
        rows=found.rows,
        file_name="../供应商资料.xlsx",
        sha256=found.sha256,
        original=found.original if original is None else original,
    )


def test_the_file_of_an_import_is_given_back_as_it_came(plant: Plant) -> None:
    assert imported(plant).rows_new == 6
    admin = plant.sign_in("管理员")
    for asked in (SHA256, SHA256[:8], SHA256[:8].upper()):
        kept = master_data.imported_file(admin, sha256=asked)
        assert (kept.file_name, kept.content) == (SUPPLIERS.name, SUPPLIERS.read_bytes())
    assert health.verify(admin).broken == ()


def test_the_same_file_again_is_kept_once(plant: Plant) -> None:
    imported(plant)
    assert imported(plant).rows_same == 6
    with plant.plain("管理员") as connection:
        assert connection.execute("SELECT count(*) FROM imported_file").fetchone()[0] == 1


def test_another_file_under_the_hash_stops_the_whole_import(plant: Plant) -> None:
    with pytest.raises(Refused, match="not the one that its SHA-256 names"):
        imported(plant, b"another file")
    with plant.plain("管理员") as connection:
        assert connection.execute("SELECT count(*) FROM supplier").fetchone()[0] == 0


def test_who_may_not_see_prices_does_not_get_the_file(plant: Plant) -> None:
    imported(plant)
    with pytest.raises(NotPermitted):
        master_data.imported_file(plant.sign_in("周磊秀"), sha256=SHA256)


@pytest.mark.parametrize("asked", ["", "0123"])
def test_an_import_that_never_was_is_said(plant: Plant, asked: str) -> None:
    imported(plant)
    with pytest.raises(NotFound, match="No imported file"):
        master_data.imported_file(plant.sign_in("管理员"), sha256=asked)
