"""The master data page: the lists of what the plant knows, and the import that fills them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QStackedWidget

from qms_desktop.i18n import _
from qms_desktop.steps import master_data
from qms_desktop.ui import cards, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.controls import line_edit
from qms_desktop.ui.master_data_import import ImportSheet
from qms_desktop.ui.master_data_lists import REGISTERS, Listed, Register, read_list, register_of
from qms_desktop.ui.page import Page
from qms_desktop.ui.rows import column, row
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.text import Eliding, Rule

if TYPE_CHECKING:
    from qms_desktop.ui.workplace import Destination, Workplace

_PAUSE_MS = 200


class RegisterSide(QFrame):
    """One list with its search line."""

    def __init__(self, page: Page, register: Register) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page, self.register = page, register
        spoken = partial(_, register.words)
        self.filter = line_edit(
            placeholder=lambda: _("Number, part of the name, or pinyin initials"), icon="search", name=spoken
        )
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        self.filter.textEdited.connect(lambda _text: self._pause.start())
        self.model = TableModel(register.columns)
        self.table = Table(
            self.model,
            name=f"master_data.{register.name}",
            spoken_name=spoken,
            row_height=theme.TWO_LINE_ROW,
            memory=page.workplace.memory,
        )
        copy = Button(icon="copy", name=lambda: _("Copy the list for Excel"), clicked=self._copy)
        self._foot = Eliding("", theme.SMALL, ink="text2")
        column(
            row(
                (Eliding(spoken, theme.CARD_TITLE, bold=True), 1),
                (self.filter, 1),
                copy,
                margins=(12, 10, 12, 8),
            ),
            Rule(),
            (self.table, 1),
            Rule(),
            row((self._foot, 1), margins=(12, 6, 12, 8)),
            gap=0,
            margins=(1,),
            into=self,
        )

    def reload(self) -> None:
        """Read what fits the line."""
        self._page.read(
            read_list,
            then=self._show,
            slot=f"master_data.{self.register.name}",
            register=self.register,
            text=self.filter.text(),
        )

    def look_for(self, text: str) -> None:
        """Show what fits a text."""
        self.filter.setText(text)
        self.reload()

    def _show(self, listed: Listed) -> None:
        kept = self.table.current()
        self.model.show(listed.rows)
        if kept is None or not self.table.choose_where(lambda one: one == kept):
            self.table.choose(0)
        self._foot.say(lambda: listed.foot)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.table.as_tab_separated())
        self._page.say(_("The list is on the clipboard. Paste it into Excel."))


class MasterDataPage(Page):
    """The kinds at the left, the list at the right; Ctrl+I begins an import."""

    watches = frozenset({"customer", "product", "shipment_line", "lot", "defect_code", "person", "import_batch"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.registers = [one for one in REGISTERS if workplace.session.may(one.permission)]
        self.sides = {one.name: RegisterSide(self, one) for one in self.registers}
        self.kinds = Table(
            TableModel(
                [
                    Column(
                        "", Cell.TWO_LINE, lambda one: TwoLine(_(one.words), _(one.second), one.icon), 200, stretch=True
                    )
                ]
            ),
            name="master_data.kinds",
            spoken_name=lambda: _("Kinds of master data"),
            row_height=50,
        )
        self.kinds.horizontalHeader().hide()
        self.kinds.rows_model.show(self.registers)
        self.kinds.chosen.connect(self._show_kind)
        self.kinds.opened.connect(lambda one: self.sides[one.name].filter.setFocus())
        kinds = cards.card(self.kinds, margins=(1,))
        kinds.setFixedWidth(theme.px(260))
        self.lists = QStackedWidget()
        for side in self.sides.values():
            self.lists.addWidget(side)
        self.bring = Button(
            lambda: _("Import…"),
            kind="primary",
            icon="table-import",
            key="Ctrl+I",
            show_key=False,
            clicked=self.begin_import,
        ).ask_permission(workplace.session, master_data.import_rows)
        head = cards.page_head(
            lambda: _("Master data"),
            lambda: _("Comes from the ERP by import; here it is looked up, not typed"),
            self.bring,
        )
        self.sheet = ImportSheet(self)
        self.sheet.left.connect(self._to_lists)
        self.sheet.imported.connect(lambda _done: self._reload_all())
        self.stack = QStackedWidget()
        self.stack.addWidget(column(head, (row(kinds, (self.lists, 1), gap=12), 1), gap=10))
        self.stack.addWidget(self.sheet)
        column((self.stack, 1), margins=(16, 12, 16, 16), into=self)
        self.first_focus = self.kinds
        self.kinds.choose(0)

    @property
    def side(self) -> RegisterSide:
        """Give the list that is shown."""
        return self.sides[self.registers[max(self.kinds.currentIndex().row(), 0)].name]

    def reload(self) -> None:
        self.side.reload()

    def retranslate(self) -> None:
        self.reload()
        self.sheet.check_again()

    def show_record(self, destination: Destination) -> None:
        self.read(
            register_of,
            then=partial(self._find, destination.number),
            slot="master_data.register",
            number=destination.number,
        )

    def _find(self, number: str, name: str) -> None:
        self.kinds.choose_where(lambda one: one.name == name)
        self.stack.setCurrentIndex(0)
        self.sides[name].look_for(number)

    def is_being_edited(self) -> bool:
        return self.stack.currentWidget() is self.sheet

    def begin_import(self) -> None:
        """Open the import, for the kind of the list that is shown."""
        self.sheet.begin(self.side.register.kind)
        self.stack.setCurrentWidget(self.sheet)
        self.sheet.choose.setFocus()

    def _show_kind(self, register: Register) -> None:
        self.lists.setCurrentWidget(self.sides[register.name])
        self.sides[register.name].reload()

    def _to_lists(self) -> None:
        self.stack.setCurrentIndex(0)
        self.kinds.setFocus()

    def _reload_all(self) -> None:
        for side in self.sides.values():
            side.reload()
