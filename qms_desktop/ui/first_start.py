"""The first start: try with demo data, single PC, or join a shared database; and what comes next."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QProgressBar, QWidget

from qms_desktop import i18n
from qms_desktop.errors import QmsError
from qms_desktop.i18n import _
from qms_desktop.ui import icons, overlay, theme
from qms_desktop.ui.brand import BrandPanel
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cards import panel
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.sign_in import HEIGHT, WIDTH
from qms_desktop.ui.text import Rule, Sign, Text, Words
from qms_desktop.ui.topbar import language_menu

if TYPE_CHECKING:
    from collections.abc import Callable


class _Emblem(QWidget):
    """A large icon on a pale square."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(theme.px(48), theme.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_bg"))
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        inset = theme.px(11)
        painter.drawPixmap(inset, inset, icons.pixmap(self._icon, "accent_text", 26, ratio=self.devicePixelRatioF()))


class FirstStartWindow(QWidget):
    """Three ways to begin, and a backup; `may_go_back` offers the sign-in of the database that is known.

    Signals: `demo_wanted()`, `single_pc_wanted()`, `shared_wanted()`, `backup_chosen(Path)`, `back_wanted()`,
    `language_chosen(str)`.
    """

    demo_wanted = Signal()
    single_pc_wanted = Signal()
    shared_wanted = Signal()
    backup_chosen = Signal(object)
    back_wanted = Signal()
    language_chosen = Signal(str)

    def __init__(self, *, version: str, may_go_back: bool = False) -> None:
        super().__init__()
        theme.dress(self)
        self._may_go_back = may_go_back
        self.offers: list[Button] = []
        self.status = Text("", bold=True, wrap=True)
        self.working = QProgressBar()
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        self.working.setFixedHeight(theme.px(4))
        self.working.setAccessibleName(_("Working"))
        self._state = column(self.status, self.working, gap=6)
        self._state.hide()
        self.setWindowTitle(_("QMS Desktop"))
        self.setProperty("ground", "1")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(theme.px(WIDTH), theme.px(HEIGHT))
        row(BrandPanel(width=300, version=version), (self._right(), 1), gap=0, into=self)

    def _right(self) -> QWidget:
        demo = self._offer(
            "player-play",
            lambda: _("Try it with demo data"),
            lambda: _("Customers, products, almost a year of shipments and cases in every state"),
            lambda: _("Can be deleted at any time; it never mixes with real data"),
            lambda: _("Start the demo"),
            self.demo_wanted.emit,
            recommended=True,
        )
        single = self._offer(
            "device-desktop",
            lambda: _("Single PC"),
            lambda: _("One computer, one file: register the first complaint now"),
            lambda: _("A copy of the file is a backup; it can be moved to a shared database later"),
            lambda: _("New data"),
            self.single_pc_wanted.emit,
        )
        shared = self._offer(
            "server-2",
            lambda: _("Join a shared database"),
            lambda: _("The whole plant works together: IT gives you the address once"),
            lambda: _("PostgreSQL 16 or newer; encrypted; typing survives a broken connection"),
            lambda: _("Connect…"),
            self.shared_wanted.emit,
        )
        then = panel(
            "accent",
            "list-check",
            lambda: _("Then three steps, about 5 minutes"),
            lambda: _("Import customers, products and shipments → add people and roles → print a trial label"),
        )
        language = Button(lambda: i18n.LANGUAGES[i18n.language()], kind="quiet", icon="language", size=theme.SMALL)
        language.clicked.connect(lambda: self._languages(language))
        restore = Button(
            lambda: _("Restore from a backup…"), kind="ghost", size=theme.SMALL, clicked=self._ask_for_backup
        )
        self.offers.append(restore)
        back = Button(
            lambda: _("Back to signing in"),
            kind="ghost",
            icon="arrow-left",
            size=theme.SMALL,
            key="Escape",
            show_key=False,
            clicked=self.back_wanted.emit,
        )
        back.setVisible(self._may_go_back)
        backup = Text(lambda: _("Is there a backup?"), theme.SMALL, ink="text2")
        return column(
            Text(lambda: _("First start: where shall the data be kept?"), 22, bold=True, wrap=True),
            Text(
                lambda: _("This can be changed later: a single PC moves to a shared database whole."),
                ink="text2",
                wrap=True,
            ),
            10,
            demo,
            single,
            shared,
            then,
            self._state,
            STRETCH,
            Rule(),
            row(Sign("database-import"), backup, restore, STRETCH, back, language, gap=6),
            gap=10,
            margins=(40, 30, 40, 14),
        )

    def show_working(self, words: Words) -> None:
        """Say what is being done; nothing else can be begun meanwhile."""
        self._show_state(words, ink="text2", working=True)

    def show_failure(self, error: BaseException) -> None:
        """Say what went wrong; a fault of the program is shown whole, to copy."""
        if not isinstance(error, QmsError):
            self._state.hide()
            self._allow(offers=True)
            overlay.show_fault(self, "".join(traceback.format_exception(error)))
            return
        self._show_state(str(error), ink="bad", working=False)

    def _show_state(self, words: Words, *, ink: str, working: bool) -> None:
        self.status.say(words)
        self.status.set_ink(ink)
        self.working.setVisible(working)
        self._state.show()
        self._allow(offers=not working)

    def _allow(self, *, offers: bool) -> None:
        for button in self.offers:
            button.forbid("" if offers else (lambda: _("Wait until this is done.")))

    def _ask_for_backup(self) -> None:
        dialog = QFileDialog(self, _("Choose the backup"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["QMS Desktop (*.qms *.qms.*)", _("All files (*)")])
        dialog.fileSelected.connect(lambda chosen: self.backup_chosen.emit(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setWindowTitle(_("QMS Desktop"))
            self.working.setAccessibleName(_("Working"))
        super().changeEvent(event)

    def _offer(  # noqa: PLR0917 - one card, written in reading order
        self,
        icon: str,
        title: Words,
        what: Words,
        safe: Words,
        word: Words,
        clicked: Callable[[], None],
        *,
        recommended: bool = False,
    ) -> QFrame:
        frame = QFrame()
        frame.setProperty("card", "chosen" if recommended else "1")
        button = Button(word, kind="primary" if recommended else "", height=theme.HEAD_BUTTON, clicked=clicked)
        button.setMinimumWidth(theme.px(124))
        self.offers.append(button)
        mark = Chip(State("start", "recommended")) if recommended else None
        words = column(
            row(Text(title, theme.CARD_TITLE, bold=True), STRETCH, mark),
            Text(what, ink="text2", wrap=True),
            Text(safe, theme.SMALL, ink="text3", wrap=True),
            gap=2,
        )
        row(column(_Emblem(icon), STRETCH), (words, 1), button, gap=16, margins=(18, 12, 18, 12), into=frame)
        return frame

    def _languages(self, below: QWidget) -> None:
        language_menu(self, self.language_chosen.emit).popup(below.mapToGlobal(below.rect().topLeft()))
