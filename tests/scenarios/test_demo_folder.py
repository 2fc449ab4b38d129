"""The folder of `demo --out`: everything is put in place together, or what was there stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import setup
from qms_desktop.db.connection import sqlite_path, sqlite_url
from qms_desktop.demo import out_folder, place
from qms_desktop.errors import Refused, Unavailable
from qms_desktop.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.demo.out_folder import Filling

PAPERS = ("a.docx", "b.xlsx", "story.txt")


def fill(folder: Path, text: str, *, then: Callable[[Filling], None] = lambda _filling: None) -> list[Path]:
    """Fill a folder with papers that say something; `then` happens before they are put in place."""
    with out_folder.filled(folder) as filling:
        for name in PAPERS:
            (filling.beside / name).write_text(text, encoding="utf-8")
        then(filling)
    return filling.files


def content(folder: Path) -> dict[str, str]:
    """Give what is in a folder, and nothing hidden or half made may be left there."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def a_database(path: Path, purpose: setup.Purpose) -> None:
    admin = setup.NewPerson("it", "IT", frozenset({Role.ADMIN}), "secret-2026")
    setup.make_file(sqlite_url(path), purpose=purpose, plant=place.PLANT, admin=admin)


@pytest.mark.parametrize("name", ["out", "a b", "出 口", "50 %41 #1 ?x"])
def test_any_folder_is_filled_and_filled_again(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "new" / name
    assert fill(folder, "first") == [folder / paper for paper in PAPERS]
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    fill(folder, "second")
    assert content(folder) == {**dict.fromkeys(PAPERS, "second"), "mine.txt": "mine"}


def test_the_address_of_a_file_keeps_every_character(tmp_path: Path) -> None:
    path = tmp_path / "出 口 %41 #1 ?x" / "demo.qms"
    assert sqlite_path(sqlite_url(path)) == path


def test_a_failure_while_telling_leaves_everything_as_it_was(tmp_path: Path) -> None:
    fill(tmp_path, "first")

    def fail(_filling: Filling) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fill(tmp_path, "second", then=fail)
    assert content(tmp_path) == dict.fromkeys(PAPERS, "first")


def test_a_paper_that_is_open_elsewhere_leaves_all_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "first")
    move = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if self == tmp_path / "b.xlsx":
            raise PermissionError(13, "Permission denied", str(self))
        return move(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(Unavailable, match=r"b\.xlsx cannot be replaced: Permission denied"):
        fill(tmp_path, "second")
    assert content(tmp_path) == dict.fromkeys(PAPERS, "first")


def test_a_folder_in_a_papers_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").mkdir()
    with pytest.raises(Unavailable, match=r"b\.xlsx cannot be replaced"):
        fill(tmp_path, "first")
    assert [path.name for path in tmp_path.iterdir()] == ["b.xlsx"]


def test_a_folder_that_cannot_be_made_is_named_before_anything_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(Unavailable, match="cannot take the demo"):
            fill(folder, "never")


@pytest.mark.parametrize("kind", ["real", "other", "text"])
def test_a_database_that_is_no_demo_is_never_replaced(tmp_path: Path, kind: str) -> None:
    database = tmp_path / out_folder.DATABASE
    if kind == "real":
        a_database(database, setup.Purpose.REAL)
    elif kind == "other":
        with closing(sqlite3.connect(database)) as opened:
            opened.execute("CREATE TABLE mine (x)")
    else:
        database.write_text("my notes", encoding="utf-8")
    before = database.read_bytes()
    with pytest.raises(Refused, match="is no demo of this program"):
        fill(tmp_path, "never")
    assert database.read_bytes() == before
    assert not (tmp_path / "a.docx").exists()


def test_a_demo_that_somebody_has_open_is_not_replaced(tmp_path: Path) -> None:
    database = tmp_path / out_folder.DATABASE
    a_database(database, setup.Purpose.DEMO)
    with closing(sqlite3.connect(database)) as window:
        window.execute("PRAGMA journal_mode = WAL")
        window.execute("SELECT kind FROM database_kind").fetchone()
        with pytest.raises(Unavailable, match="is open in another program"):
            fill(tmp_path, "never")
    fill(tmp_path, "now")
    assert (tmp_path / "a.docx").read_text(encoding="utf-8") == "now"
