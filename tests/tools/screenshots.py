"""Opens every page in three languages, light and dark, and leaves PNGs and one contact sheet in build/screens/.

`python -m tests.tools.screenshots [--page NAME] [--language zh_CN] [--look light] [--size 100]`. A page registers
itself in PAGES with a function that gives the widget to look at.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtWidgets import QApplication, QWidget

from qms_desktop import i18n
from qms_desktop.ui import place_dialog, signature_dialog, theme
from qms_desktop.ui.controls import Choice
from qms_desktop.ui.first_start import FirstStartWindow
from qms_desktop.ui.main_window import MainWindow, PageEntry, Readings, entries_of_flow, my_work_entry
from qms_desktop.ui.scanner import Scanner
from qms_desktop.ui.sidebar import Waiting
from qms_desktop.ui.sign_in import SignInWindow
from qms_desktop.ui.workplace import Destination, Workplace
from tests.tools import pages_of_photos, pages_of_the_core, pages_of_the_floor, plant_pages
from tests.tools import samples_of_pages as samples
from tests.tools import samples_of_parts as parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qms_desktop.ui.page import Page
    from qms_desktop.ui.place_dialog import PlaceDialog

SCREENS = Path(__file__).parents[2] / "build" / "screens"
SIZE = (1440, 900)
_SHEET_COLUMNS, _THUMB_WIDTH = 4, 480


class Studio:
    """Holds what the pictures need: the application and a workplace in a folder that is thrown away."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.app, self.workplace = app, samples.sample_workplace(folder)
        self.scanner = Scanner(app)

    def window(self, page: str, make: Callable[[Workplace], Page]) -> MainWindow:
        """Put a page into the real frame."""
        from_steps = entries_of_flow(dict.fromkeys(_STEP_NAMES, samples.SampleRecord))
        entries = [
            PageEntry(entry.page, make if entry.page == page else entry.make, entry.permission, entry.side)
            for entry in (my_work_entry(samples.SampleWork), *from_steps)
        ]
        waiting = {
            "my_work": Waiting(12, late=True),
            "complaint": Waiting(7, late=True),
            "rma": Waiting(5),
            "eight_d": Waiting(9),
        }
        readings = Readings(search=lambda _session, *, text: [], waiting=lambda _session: waiting)
        window = MainWindow(
            self.app, self.workplace, entries, seat=lambda: "品保部 · 客诉 QE", readings=readings, scanner=self.scanner
        )
        window.resize(*SIZE)
        window.go(Destination(page))
        window.side.show_waiting(waiting)
        return window

    def sign_in(self) -> QWidget:
        """Make the sign-in window after a wrong password."""
        window = SignInWindow(
            database="QMS",
            stations=[Choice("desk", lambda: "QE-01")],
            open_session=lambda _typed: None,
            background=self.workplace.background,
            version="1.0",
            login="10002",
        )
        window.form.read()
        return window

    def form(self) -> QWidget:
        """Make the form with its errors."""
        window = self.window("complaint", parts.SampleForm)
        if isinstance(window.page, parts.SampleForm):
            window.page.show_errors()
        return window

    def signature(self) -> QWidget:
        """Make the signature over its page."""
        window = self.window("rma", samples.SampleRecord)
        window.show()
        self.app.processEvents()
        dialog = signature_dialog.SignatureDialog(
            window.pages["rma"], parts.sample_signature(), sign=lambda _dialog: None
        )
        dialog.open()
        return dialog

    def place(self, dialog: Callable[..., PlaceDialog], **more: str) -> QWidget:
        """Make a dialog of the first start over its window, with what an empty form answers."""
        window = FirstStartWindow(version="1.0")
        window.resize(*map(theme.px, (1000, 640)))
        window.show()
        made = dialog(window, self.workplace.background, work=lambda _typed: None, **more)
        made.open()
        made.send()
        return made


_STEP_NAMES = (
    "master_data",
    "complaint",
    "rma",
    "receipt",
    "sorting",
    "rework",
    "inspection",
    "claim",
    "quality_cost",
    "eight_d",
    "recall",
    "statistics",
)

PAGES: dict[str, Callable[[Studio], QWidget]] = {
    "my_work": lambda studio: studio.window("my_work", samples.SampleWork),
    "record": lambda studio: studio.window("rma", samples.SampleRecord),
    "form": Studio.form,
    "chips": lambda studio: studio.window("statistics", parts.SampleChips),
    "case": lambda studio: studio.window("rma", parts.sample_story),
    "signature": Studio.signature,
    "sign_in": Studio.sign_in,
    "first_start": lambda _studio: FirstStartWindow(version="1.0", may_go_back=True),
    "single_pc": lambda studio: studio.place(place_dialog.single_pc, file="plant.qms"),
    "shared": lambda studio: studio.place(place_dialog.shared),
    "dock_scan": lambda studio: parts.sample_dock(studio.workplace, step=0),
    "dock_count": lambda studio: parts.sample_dock(studio.workplace, step=1),
    "dock_alarm": lambda studio: parts.sample_dock(studio.workplace, step=3),
    **pages_of_the_core.PAGES,
    **pages_of_photos.PAGES,
    **pages_of_the_floor.PAGES,
    **plant_pages.PAGES,
}
_OWN_SIZE = {
    "sign_in": (1000, 640),
    "first_start": (1000, 640),
    "dock_scan": (1600, 960),
    "dock_count": (1600, 960),
    "dock_alarm": (1600, 960),
    "real_dock_scan": (1600, 960),
    "real_dock_count": (1600, 960),
    "real_dock_label": (1600, 960),
    "real_dock_photo": (1600, 960),
    "real_dock_without_rma": (1600, 960),
}


def photograph(studio: Studio, name: str, *, language: str, dark: bool, percent: int = 100) -> Path:
    """Open a page, save its picture, close it."""
    i18n.use(language)
    theme.apply(studio.app, dark=dark, percent=percent)
    widget = PAGES[name](studio)
    if name not in ("signature", "sorting_judge", "single_pc", "shared"):
        widget.resize(*_OWN_SIZE.get(name, SIZE))
        widget.show()
    for _turn in range(4):
        studio.app.processEvents()
    path = SCREENS / f"{name}-{language}-{'dark' if dark else 'light'}{'' if percent == 100 else f'-{percent}'}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not widget.grab().save(str(path)):
        raise OSError(path)
    for window in studio.app.topLevelWidgets():
        window.close()
        window.deleteLater()
    return path


def contact_sheet(paths: list[Path]) -> Path:
    """Put all pictures on one sheet."""
    thumbs = [Image.open(path).convert("RGB") for path in paths]
    heights = [round(thumb.height * _THUMB_WIDTH / thumb.width) for thumb in thumbs]
    tallest = max(heights)
    lines = -(-len(thumbs) // _SHEET_COLUMNS)
    sheet = Image.new("RGB", (_SHEET_COLUMNS * _THUMB_WIDTH, lines * tallest), "white")
    for place, (thumb, height) in enumerate(zip(thumbs, heights, strict=True)):
        line, across = divmod(place, _SHEET_COLUMNS)
        sheet.paste(thumb.resize((_THUMB_WIDTH, height)), (across * _THUMB_WIDTH, line * tallest))
    path = SCREENS / "contact_sheet.png"
    sheet.save(path)
    return path


def wanted(arguments: argparse.Namespace) -> Iterator[tuple[str, str, bool]]:
    """Give every page, language and look that was asked for."""
    for name in [arguments.page] if arguments.page else PAGES:
        for language in [arguments.language] if arguments.language else i18n.LANGUAGES:
            for look in [arguments.look] if arguments.look else ("light", "dark"):
                yield name, language, look == "dark"


def main() -> int:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", choices=sorted(PAGES))
    parser.add_argument("--language", choices=sorted(i18n.LANGUAGES))
    parser.add_argument("--look", choices=("light", "dark"))
    parser.add_argument("--size", type=int, default=100, choices=theme.PERCENT_CHOICES)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(app, Path(folder))
        paths = [
            photograph(studio, name, language=language, dark=dark, percent=arguments.size)
            for name, language, dark in wanted(arguments)
        ]
        studio.workplace.background.close()
        studio.workplace.drafts.close()
    print(contact_sheet(paths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
