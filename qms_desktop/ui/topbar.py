"""The top bar: one search-and-scan box, connection, language, look, help, and who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QWidget

from qms_desktop import i18n
from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import line_edit
from qms_desktop.ui.pick import Finder, Search
from qms_desktop.ui.rows import STRETCH, column, layout_of, row
from qms_desktop.ui.text import KeyCap, Rule, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Callable

HEIGHT = 48


class _Face(QWidget):
    """The first letter of a name in a circle."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._letter = name[:1]
        self.setFixedSize(theme.px(28), theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_bg"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(theme.colour("accent_text"))
        painter.setFont(theme.font(bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)


class ConnectionSign(QWidget):
    """Whether the database can be reached: sign, word and colour."""

    def __init__(self, *, size: int = theme.SMALL, icon: int = 16, ink: str = "ok") -> None:
        super().__init__()
        self._ink, self.connected = ink, True
        self._sign = Sign("plug-connected", ink, icon)
        self._words = Text("", size, ink=ink)
        row(self._sign, self._words, gap=6, into=self)
        self.show_connection(connected=True)

    def show_connection(self, *, connected: bool) -> None:
        """Show that the database answers, or does not."""
        self.connected = connected
        tone = self._ink if connected else "bad"
        self._sign.show_icon("plug-connected" if connected else "plug-connected-x", tone)
        self._words.set_ink(tone)
        self._words.say((lambda: _("Connected")) if connected else (lambda: _("No connection, typing is kept")))


def language_menu(parent: QWidget, chosen: Callable[[str], None]) -> QMenu:
    """Make the menu of languages, each in its own words."""
    menu = QMenu(parent)
    group = QActionGroup(menu)
    for code, name in i18n.LANGUAGES.items():
        action = QAction(name, menu, checkable=True, checked=code == i18n.language())
        action.triggered.connect(lambda _on=False, code=code: chosen(code))
        group.addAction(action)
        menu.addAction(action)
    return menu


class TopBar(QFrame):
    """The strip above the pages.

    Signals: `language_chosen(str)`, `look_chosen(bool)` (dark), `this_pc_wanted()`, `help_wanted()`, `typed(str)` and
    `found(Found)`.
    """

    language_chosen = Signal(str)
    look_chosen = Signal(bool)
    size_chosen = Signal(int)
    help_wanted = Signal()
    sign_out_wanted = Signal()
    this_pc_wanted = Signal()
    typed = Signal(str)
    found = Signal(object)

    def __init__(self, *, name: str, seat: Callable[[], str], search: Search) -> None:
        super().__init__()
        self.setProperty("strip", "top")
        self.setFixedHeight(theme.px(HEIGHT))
        self.box = line_edit(
            placeholder=lambda: _("Scan or type: customer, RMA, 8D, lot, label"),
            icon="barcode",
            height=32,
            name=lambda: _("Search and scan"),
        )
        self.box.setMaximumWidth(theme.px(520))
        self.box.setMinimumWidth(theme.px(200))
        self.finder = Finder(self.box, search)
        self.finder.taken.connect(self.found)
        self.finder.asked.connect(self.typed)
        self.connection = ConnectionSign()
        self.language = Button(lambda: i18n.LANGUAGES[i18n.language()], kind="quiet", icon="language", size=theme.SMALL)
        self.language.clicked.connect(lambda: self._open(self.language, self._languages()))
        self._help = Button(
            icon="help-circle", kind="quiet", key="F1", name=lambda: _("Keys and help"), clicked=self.help_wanted.emit
        )
        self._person = QPushButton()
        self._person.setProperty("kind", "quiet")
        self._person.setFixedHeight(theme.px(HEIGHT - 4))
        seat_words = Text(seat, theme.SMALL, ink="text2")
        row(
            _Face(name),
            column(STRETCH, Text(name, bold=True), seat_words, STRETCH, gap=0),
            into=self._person,
            margins=(4, 0, 4, 0),
        )
        self._person.setMinimumWidth(layout_of(self._person).sizeHint().width())
        self._person.setAccessibleName(f"{name}, {seat()}")
        self._person.clicked.connect(lambda: self._open(self._person, self._own_menu()))
        row(
            (self.box, 20),
            KeyCap("Ctrl K"),
            STRETCH,
            self.connection,
            Rule(upright=True, length=20),
            self.language,
            Rule(upright=True, length=20),
            self._help,
            self._person,
            gap=6,
            margins=(16, 0, 16, 0),
            into=self,
        )
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self.to_the_box)

    def to_the_box(self) -> None:
        """Put the cursor into the box and choose what stands there."""
        self.box.setFocus()
        self.box.selectAll()

    @staticmethod
    def _open(below: QWidget, menu: QMenu) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def _languages(self) -> QMenu:
        return language_menu(self, self.language_chosen.emit)

    def _own_menu(self) -> QMenu:
        menu = QMenu(self)
        look = menu.addAction(_("Light look") if theme.is_dark() else _("Dark look"))
        look.triggered.connect(lambda: self.look_chosen.emit(not theme.is_dark()))
        menu.addSeparator()
        for percent in theme.PERCENT_CHOICES:
            size = QAction(_("Text size {percent} %").format(percent=percent), menu, checkable=True)
            size.setChecked(percent == theme.percent())
            size.triggered.connect(lambda _on=False, percent=percent: self.size_chosen.emit(percent))
            menu.addAction(size)
        menu.addSeparator()
        menu.addAction(_("This PC: printer and photos…")).triggered.connect(self.this_pc_wanted)
        menu.addAction(_("Sign out")).triggered.connect(self.sign_out_wanted)
        return menu
