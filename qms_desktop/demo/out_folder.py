"""The folder that the demo leaves its papers in: all of them are put in place together, or none is touched."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop.db import setup
from qms_desktop.errors import Refused, Unavailable
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "demo.qms"
NO_FOLDER = N_("{folder} cannot take the demo: {why}. Name another folder; nothing was changed.")
NOT_A_DEMO = N_("{file} is no demo of this program, so it was left as it is. Name another folder.")
IN_USE = N_("{file} is open in another program or window. Close it there and try again; nothing was changed.")
NOT_REPLACED = N_("{file} cannot be replaced: {why}. Close it where it is open and try again; nothing was changed.")


@dataclass
class Filling:
    """Where the new files are made, and once they are in place, which they are."""

    beside: Path
    files: list[Path] = field(default_factory=list)


@contextmanager
def filled(folder: Path) -> Iterator[Filling]:
    """Give a place to make files in, and put them into the folder when all are made.

    Raises Unavailable when the folder cannot be written or a file in it is open, Refused when its database is no demo.
    """
    database = folder / DATABASE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _free(database)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as made, _kept(folder) as kept:
            filling = Filling(beside=Path(made))
            yield filling
            _free(database)
            filling.files = _put_in_place(filling.beside, folder, kept)
    except OSError as error:
        raise Unavailable(NO_FOLDER, folder=folder, why=error.strerror or error) from error


def _kept(folder: Path) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix=".old-", dir=folder)


def _free(database: Path) -> None:
    """Make sure that a database of this name is a demo that nobody has open; its journal goes back into the file."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=0)) as opened:
            kind = opened.execute("SELECT kind FROM database_kind").fetchone()
            if kind != (str(setup.Purpose.DEMO),):
                raise Refused(NOT_A_DEMO, file=database)
            # Only who is alone may leave the write-ahead log; a log left behind would be read into the new file.
            opened.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Unavailable(IN_USE, file=database) from error
        raise Refused(NOT_A_DEMO, file=database) from error


def _put_in_place(made: Path, folder: Path, kept: str) -> list[Path]:
    """Move every new file to its place; where one cannot, put the old ones back and raise Unavailable."""
    moved: list[Path] = []
    fresh_files = sorted(made.iterdir())
    for fresh in fresh_files:
        target = folder / fresh.name
        try:
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if target.exists():
                target.replace(Path(kept) / fresh.name)
            moved.append(target)
            fresh.replace(target)
        except OSError as error:
            _put_back(moved, Path(kept))
            raise Unavailable(NOT_REPLACED, file=target, why=error.strerror or error) from error
    return moved


def _put_back(moved: list[Path], kept: Path) -> None:
    for target in moved:
        old = kept / target.name
        if old.exists():
            old.replace(target)
        else:
            target.unlink(missing_ok=True)
