"""The window: side bar, top bar, and the pages, each made when it is opened first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from qms_desktop import i18n
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import _
from qms_desktop.permissions import Permission
from qms_desktop.rules.scan import read_code
from qms_desktop.steps import STEPS
from qms_desktop.ui import help_sheet, theme, this_pc
from qms_desktop.ui.page import Page
from qms_desktop.ui.rows import column, row
from qms_desktop.ui.sidebar import TOP, SideBar, SideEntry, Waiting
from qms_desktop.ui.topbar import TopBar
from qms_desktop.ui.workplace import Destination, Found, Workplace

if TYPE_CHECKING:
    from qms_desktop.session import Session
    from qms_desktop.ui.live import Live, Notices
    from qms_desktop.ui.scanner import Scanner

MakePage = Callable[[Workplace], Page]
SMALLEST = QSize(1100, 680)
COUNT_AFTER_MS = 2000


@dataclass(frozen=True)
class PageEntry:
    """A page that the window can open; without `side` it has no entry in the side bar (the story of a case)."""

    page: str
    make: MakePage
    permission: Permission = Permission.READ
    side: SideEntry | None = None


@dataclass(frozen=True)
class Readings:
    """What the frame itself asks: answers of the search box, and what waits behind each page. app.py gives them."""

    search: Callable[..., Sequence[Found]]
    waiting: Callable[..., Mapping[str, Waiting]]


def entries_of_flow(
    makers: Mapping[str, MakePage], permissions: Mapping[str, Permission] | None = None
) -> list[PageEntry]:
    """Make the entries of the steps in their order; a step without a maker is left out."""
    needed = permissions or {}
    return [
        PageEntry(
            step.name,
            makers[step.name],
            needed.get(step.name, Permission.READ),
            SideEntry(step.name, partial(_, step.title), step.icon, step.group),
        )
        for step in STEPS
        if step.name in makers
    ]


def my_work_entry(make: MakePage) -> PageEntry:
    """Make the entry that stands above the flow."""
    return PageEntry("my_work", make, Permission.READ, SideEntry("my_work", lambda: _("My work"), "inbox", TOP))


class MainWindow(QMainWindow):
    """Signals: `language_changed(str)`, `look_changed(bool)`, `size_wanted(int)`, `sign_out_wanted()`, `closed()`.

    app.py keeps the choices in the settings; for another text size it makes the window again.
    """

    language_changed = Signal(str)
    look_changed = Signal(bool)
    size_wanted = Signal(int)
    sign_out_wanted = Signal()
    closed = Signal()

    def __init__(
        self,
        app: QApplication,
        workplace: Workplace,
        entries: Sequence[PageEntry],
        *,
        seat: Callable[[], str],
        readings: Readings,
        scanner: Scanner,
    ) -> None:
        super().__init__()
        theme.dress(self)
        session: Session = workplace.session
        self._app, self.workplace, self._readings = app, workplace, readings
        self._entries = {entry.page: entry for entry in entries if session.may(entry.permission)}
        self.pages: dict[str, Page] = {}
        self.setWindowTitle(_("QMS Desktop"))
        self.setMinimumSize(SMALLEST)
        self.side = SideBar([entry.side for entry in self._entries.values() if entry.side])
        self.top = TopBar(name=session.name, seat=seat, search=self._search)
        self.stack = QStackedWidget()
        body = column(self.top, (self.stack, 1), gap=0)
        body.setProperty("ground", "1")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCentralWidget(row(self.side, (body, 1), gap=0))
        self.count_soon = QTimer(self, singleShot=True, interval=COUNT_AFTER_MS)
        self.count_soon.timeout.connect(self.count)
        self._folded_by_hand = bool(workplace.memory.get("side_folded", otherwise=False))
        self._breadth = theme.breadth(self)
        self._connect(workplace.live, scanner)
        self._fold()

    def _connect(self, live: Live, scanner: Scanner) -> None:
        self.side.chosen.connect(lambda page: self.go(Destination(page)))
        self.top.found.connect(lambda found: self.go(found.destination))
        self.top.typed.connect(self._read_typed)
        self.top.language_chosen.connect(self.speak)
        self.top.look_chosen.connect(self.wear)
        self.top.size_chosen.connect(self.size_wanted)
        self.top.sign_out_wanted.connect(self.sign_out_wanted)
        self.top.this_pc_wanted.connect(self.ask_this_pc)
        self.top.help_wanted.connect(lambda: help_sheet.show(self))
        live.noticed.connect(self.take_notices)
        live.connection_changed.connect(lambda on: self.top.connection.show_connection(connected=on))
        scanner.scanned.connect(self.take_scan)
        QShortcut(QKeySequence("Ctrl+B"), self).activated.connect(self.fold_by_hand)

    @property
    def page(self) -> Page | None:
        """Give the page that is open."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    def go(self, destination: Destination) -> None:
        """Open a page, made when it is wanted first, at a record."""
        entry = self._entries.get(destination.page)
        if entry is None:
            if self.page:
                self.page.say(_("Your roles do not include this page. Ask IT if you need it."), tone="wait")
            return
        is_first = not self.pages
        if destination.page not in self.pages:
            made = entry.make(self.workplace)
            self.pages[destination.page] = made
            self.stack.addWidget(made)
        page = self.pages[destination.page]
        self.stack.setCurrentWidget(page)
        self.side.mark(destination.page)
        (page.first_focus or page).setFocus()
        if is_first:
            self.count()
        if destination.record_id is not None or destination.number:
            page.show_record(destination)

    def speak(self, language: str) -> None:
        """Change the language of everything that is open."""
        i18n.use(language)
        self._app.setFont(theme.font())
        self.setWindowTitle(_("QMS Desktop"))
        for window in self._app.topLevelWidgets():
            self._app.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
        self.language_changed.emit(language)

    def wear(self, dark: bool) -> None:
        """Change between the light and the dark look."""
        theme.apply(self._app, dark=dark, percent=theme.percent())
        self.look_changed.emit(dark)

    def ask_this_pc(self) -> None:
        """Ask for the printer and the photo folder of this PC; every page takes them up."""

        def kept() -> None:
            for page in self.pages.values():
                page.use_settings()

        if page := self.page:
            this_pc.ask(page, then=kept)

    def take_notices(self, notices: Notices) -> None:
        """Pass notices to every page that was made, and soon count again what waits.

        Thirty windows that counted at every carton would keep the server at nothing else.
        """
        for page in self.pages.values():
            page.take_notices(notices)
        if not self.count_soon.isActive():
            self.count_soon.start()

    def count(self) -> None:
        """Read what waits behind each page."""
        if page := self.page:
            page.read(self._readings.waiting, then=self.side.show_waiting, slot="waiting")

    def take_scan(self, text: str) -> None:
        """Give a scan to the open page, or to the search when the page has no use for it."""
        page = self.page
        if page is None or self._app.activeModalWidget() is not None:
            return
        try:
            code = read_code(text)
        except InvalidInput as refused:
            page.say(str(refused), tone="bad")
            return
        if not page.take_scan(code):
            self._find(code.number)

    def _read_typed(self, text: str) -> None:
        # What is typed may be any word; only what looks like a code of ours is held to its form.
        try:
            wanted = read_code(text).number
        except InvalidInput:
            wanted = text
        self._find(wanted)

    def _find(self, text: str) -> None:
        page = self.page
        if page is None:
            return

        def show(found: Sequence[Found]) -> None:
            if len(found) == 1:
                self.go(found[0].destination)
            elif not found:
                page.say(
                    _("Nothing is known under “{text}”. Check the number, or type a part of the name.").format(
                        text=text
                    ),
                    tone="wait",
                )
            else:
                self.top.box.setText(text)
                self.top.to_the_box()
                self.top.finder.answers.offer(found)

        page.read(self._readings.search, then=show, slot="find", text=text)

    def _search(self, text: str, show: Callable[[Sequence[Found]], None]) -> None:
        if page := self.page:
            page.read(self._readings.search, then=show, slot="search", text=text)

    def fold_by_hand(self) -> None:
        """Fold or unfold the side bar (Ctrl+B) and remember it."""
        self._folded_by_hand = not self.side.is_collapsed
        self.workplace.memory.keep("side_folded", self._folded_by_hand)
        self.side.collapse(on=self._folded_by_hand)

    def _fold(self) -> None:
        wanted = self._folded_by_hand or theme.breadth(self) is not theme.Breadth.WIDE
        if wanted != self.side.is_collapsed:
            self.side.collapse(on=wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (breadth := theme.breadth(self)) is not self._breadth:
            self._breadth = breadth
            self._fold()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.page and self.page.stop_waiting():
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.workplace.memory.write()
        super().closeEvent(event)
        self.closed.emit()


def ground(widget: QWidget) -> QWidget:
    """Give a bare widget the ground of the window."""
    widget.setProperty("ground", "1")
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget
