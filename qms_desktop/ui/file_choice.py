"""Choosing a file to read or a place to write, without stopping the window; and writing it whole or not at all."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from qms_desktop.errors import Unavailable
from qms_desktop.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.errors import QmsError
    from qms_desktop.session import Session
    from qms_desktop.ui.page import Page

NOT_WRITTEN = N_(
    "“{file}” cannot be written: {reason}. Close it if it is open in Word or Excel, or choose another place."
)


@dataclass(frozen=True)
class Written:
    """A file that was written."""

    path: Path
    size_bytes: int


def ask_open(page: Page, *, title: str, patterns: str, then: Callable[[Path], None]) -> QFileDialog:
    """Ask for a file that exists; `then` gets it, and nothing happens when the person goes back."""
    dialog = QFileDialog(page.window(), title, _last_folder(page), patterns)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _open(page, dialog, then)


def ask_save(page: Page, *, title: str, name: str, pattern: str, then: Callable[[Path], None]) -> QFileDialog:
    """Ask where to write a file, with a name proposed; a file that is there is asked about by the dialog itself."""
    dialog = QFileDialog(page.window(), title, _last_folder(page), pattern)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    return _open(page, dialog, then)


def _last_folder(page: Page) -> str:
    remembered = page.workplace.memory.get("last_folder", otherwise="")
    return remembered if remembered and Path(remembered).is_dir() else str(Path.home())


def _open(page: Page, dialog: QFileDialog, then: Callable[[Path], None]) -> QFileDialog:
    def chosen(name: str) -> None:
        path = Path(name)
        page.workplace.memory.keep("last_folder", str(path.parent))
        then(path)

    dialog.setObjectName("file_choice")
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def write_whole(path: Path, content: bytes) -> Written:
    """Write a file beside its place and move it there, so that no half file is left; raises Unavailable."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix, delete=False) as half:
            half.write(content)
        Path(half.name).replace(path)
    except OSError as error:
        if "half" in locals():
            Path(half.name).unlink(missing_ok=True)
        raise Unavailable(NOT_WRITTEN, file=path.name, reason=error.strerror or type(error).__name__) from error
    return Written(path, len(content))


def save_paper(
    page: Page,
    *,
    title: str,
    name: str,
    pattern: str,
    make: Callable[[Session], bytes],
    said: str,
    failed: Callable[[QmsError], object] | None = None,
) -> QFileDialog:
    """Ask for the place, make the paper off the window's thread, write it, and say where it lies.

    `said` is a translated sentence with {file}.
    """

    def write(path: Path) -> None:
        page.read(
            lambda session: write_whole(path, make(session)),
            then=lambda written: page.say(said.format(file=written.path.name)),
            failed=failed,
            slot="paper",
        )

    return ask_save(page, title=title, name=name, pattern=pattern, then=write)


def excel_pattern() -> str:
    """Name the kind of file for the dialog."""
    return _("Excel workbook (*.xlsx)")


def word_pattern() -> str:
    """Name the kind of file for the dialog."""
    return _("Word document (*.docx)")
