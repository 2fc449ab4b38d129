"""Photos at the dock: the newest picture of a folder, where a phone or scanner leaves them, or a file that is chosen.

No camera is needed and the count never waits: pictures are taken in beside it and attached when the carton is booked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from qms_desktop import settings
from qms_desktop.errors import Unavailable
from qms_desktop.exchange.evidence import PICTURE_ENDINGS
from qms_desktop.i18n import N_, _
from qms_desktop.rules import attachment
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.ui import photo_deeds, theme
from qms_desktop.ui.rows import column, empty_out, layout_of, row
from qms_desktop.ui.text import Text
from qms_desktop.ui.thumbnails import PictureBox, decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QFileDialog

    from qms_desktop.errors import QmsError
    from qms_desktop.rules.attachment import NewFile
    from qms_desktop.session import Session
    from qms_desktop.ui.page import Page

_LOOK_EVERY_MS = 1500
_MOST_SHOWN = 4
_STRIP_HEIGHT = 96
NO_FOLDER = N_("The photo folder {folder} cannot be read: {reason}. Check the cable, or choose another one with F12.")


@dataclass(frozen=True)
class Taken:
    """A picture that was taken in, with its thumbnail."""

    file: NewFile
    small: QImage


@dataclass(frozen=True)
class Lying:
    """A picture that lies in the folder, and its size in bytes now."""

    path: Path
    size_bytes: int


@dataclass
class Carton:
    """The pictures of one carton; once it is booked, `count_id` says to what they are attached."""

    taken: list[Taken] = field(default_factory=list)
    attached: int = 0
    count_id: int = 0
    caption: str = ""


def pictures_in(_session: Session, *, folder: str) -> tuple[Lying, ...]:
    """Give the pictures that lie in a folder, the newest first; raises Unavailable when it cannot be read."""
    try:
        found = [
            (about.st_mtime, Lying(entry, about.st_size))
            for entry in Path(folder).iterdir()
            if entry.suffix.lower() in PICTURE_ENDINGS and entry.is_file() and (about := entry.stat())
        ]
    except OSError as error:
        raise Unavailable(NO_FOLDER, folder=folder, reason=error.strerror or type(error).__name__) from error
    return tuple(one for _moment, one in sorted(found, key=lambda pair: pair[0], reverse=True))


def take_in(session: Session, *, path: Path) -> Taken:
    """Take a picture in and decode its thumbnail."""
    file = photo_deeds.take_in(session, source=path)
    return Taken(file, decoded(file.thumbnail))


class DockPhotos:
    """The pictures of the carton at the dock, shown on strips; `failed` is told when one could not be taken."""

    def __init__(self, page: Page, strips: Sequence[PhotoStrip], *, failed: Callable[[], object]) -> None:
        self._page, self._strips, self._failed = page, strips, failed
        self.reload()
        self.carton = Carton()
        self._known: set[Path] = set()
        self._growing: dict[Path, int] = {}
        self.clock = QTimer(page, interval=_LOOK_EVERY_MS)
        self.clock.timeout.connect(self._look)

    def reload(self) -> None:
        """Take up the folder that the settings name now."""
        self.folder = settings.load().photo_folder

    def begin(self) -> None:
        """Begin with another carton."""
        self.clock.stop()
        self.carton = Carton()
        self._show()

    def watch(self, *, on: bool) -> None:
        """Take every picture that comes into the folder from now on, or no more."""
        if not on or not self.folder:
            self.clock.stop()
            return
        self._page.read(
            pictures_in, then=self._remember, failed=self._say_wrong, slot="dock.photos", folder=self.folder
        )

    def _remember(self, there: tuple[Lying, ...]) -> None:
        self._known.update(one.path for one in there)
        self.clock.start()

    def _look(self) -> None:
        self._page.read(pictures_in, then=self.take_new, failed=self._stop, slot="dock.photos", folder=self.folder)

    def _stop(self, error: QmsError) -> None:
        self.clock.stop()
        self._say_wrong(error)

    def take_new(self, there: tuple[Lying, ...]) -> None:
        """Take the pictures that came since the carton was marked, once they are whole."""
        if not self.clock.isActive():
            return
        for one in there:
            # A picture that still grows is being copied; half of it would be refused.
            if one.path not in self._known and self._growing.get(one.path) == one.size_bytes:
                self.take(one.path)
            self._growing[one.path] = one.size_bytes

    def ask(self) -> None:
        """Take the newest picture of the folder that no carton has yet; where there is none, ask for the file."""
        if not self.folder:
            self._ask_file()
            return
        self._page.read(
            pictures_in, then=self.take_newest, failed=self._ask_after, slot="dock.newest", folder=self.folder
        )

    def take_newest(self, there: tuple[Lying, ...]) -> None:
        used = {one.file.file_name for one in self.carton.taken}
        newest = next((one.path for one in there[:1] if one.path.name not in used), None)
        if newest is None:
            self._ask_file()
        else:
            self.take(newest)

    def _ask_after(self, error: QmsError) -> None:
        self._say_wrong(error)
        self._ask_file()

    def _ask_file(self) -> QFileDialog:
        return photo_deeds.ask_files(self._page, self._take_all)

    def _take_all(self, paths: list[Path]) -> None:
        for path in paths:
            self.take(path)

    def take(self, path: Path) -> None:
        """Take a picture in for the carton that is at the dock now, even when the next one has come meanwhile."""
        self._known.add(path)
        carton = self.carton

        def took(taken: Taken) -> None:
            carton.taken.append(taken)
            self._show()
            if carton.count_id:
                self._attach(carton, taken)

        self._page.read(take_in, then=took, failed=self._say_wrong, path=path)

    def _show(self) -> None:
        taken, attached = self.carton.taken, self.carton.attached
        names = ", ".join(one.file.file_name for one in taken)
        words = _("Attached to this carton: {names}") if attached == len(taken) else _("For this carton: {names}")
        for strip in self._strips:
            strip.show_taken(taken, words.format(names=names) if taken else "")

    def _say_wrong(self, error: QmsError) -> None:
        self._failed()
        for strip in self._strips:
            strip.show_taken(self.carton.taken, str(error), tone="bad")

    def attach_to(self, count_id: int, caption: str) -> None:
        """Attach what was taken to the carton that was booked; what is taken from now on follows."""
        carton = self.carton
        carton.count_id, carton.caption = count_id, caption
        for taken in carton.taken:
            self._attach(carton, taken)

    def _attach(self, carton: Carton, taken: Taken) -> None:
        def attached(_id: int) -> None:
            carton.attached += 1
            self._show()

        self._page.run(
            attachment.attach,
            then=attached,
            failed=self._say_wrong,
            kind=AttachedTo.RECEIPT_COUNT,
            record_id=carton.count_id,
            file=taken.file,
            caption=carton.caption,
        )


class PhotoStrip(QWidget):
    """The pictures of a carton in a row, and what became of them."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures = row(gap=8)
        self._words = Text("", 16, bold=True, ink="ok", wrap=True)
        column(self._pictures, self._words, gap=4, into=self)
        self.hide()

    def show_taken(self, taken: Sequence[Taken], words: str, *, tone: str = "ok") -> None:
        """Show the newest pictures; without any and without words the strip is away."""
        layout = layout_of(self._pictures)
        if layout is None:
            return
        empty_out(layout)
        for one in taken[-_MOST_SHOWN:]:
            # On a small screen with large text the pictures give way, not the question.
            picture = PictureBox()
            picture.setMaximumSize(theme.px(_STRIP_HEIGHT * 4 // 3), theme.px(_STRIP_HEIGHT))
            picture.setMinimumSize(theme.px(_STRIP_HEIGHT), theme.px(_STRIP_HEIGHT // 2))
            picture.setAccessibleName(one.file.file_name)
            picture.show_image(one.small)
            layout.addWidget(picture)
        if isinstance(layout, QHBoxLayout):
            layout.addStretch(1)
        self._words.set_ink(tone)
        self._words.say(words)
        self.setVisible(bool(taken or words))
