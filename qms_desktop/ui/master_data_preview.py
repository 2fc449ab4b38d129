"""The check of a file before it is imported: the sheet with its own letters, what was found, and the questions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from qms_desktop.i18n import _, plural
from qms_desktop.ui import cards, theme, wording
from qms_desktop.ui.buttons import Button, FilterChip
from qms_desktop.ui.cells import Cell
from qms_desktop.ui.flow import Flow
from qms_desktop.ui.master_data_cells import (
    FILTERS,
    FindingDelegate,
    SheetDelegate,
    cell_of,
    finding_height,
    state_cell,
)
from qms_desktop.ui.rows import column, empty_out, row
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.text import Eliding, KeyCap, Rule, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from qms_desktop.ui.master_data_sheet import CheckedFile, Finding, RowState, SheetColumn, SheetRow

_SHEET_ROW = 32
_MEASURED_FINDINGS = 500
_WIDEST, _NARROWEST, _SAMPLED_ROWS = 220, 72, 60
_SIDE = 360


class Findings(Table):
    """What was found, each as high as its sentence needs."""

    def __init__(self) -> None:
        self.found = TableModel([Column("", Cell.TEXT, "text", 200, stretch=True)])
        super().__init__(self.found, name="import_findings", spoken_name=lambda: _("What was found"), row_height=72)
        self.setItemDelegate(FindingDelegate(self.found))
        self.horizontalHeader().hide()
        self.setProperty("ground", "surface")

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show other findings."""
        self.found.show(findings)
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        width = self.viewport().width()
        for number, finding in enumerate(self.found.rows[:_MEASURED_FINDINGS]):
            self.verticalHeader().resizeSection(number, finding_height(finding, width))


class ImportPreviewSide(QFrame):
    """The right card: how much is wrong, the question, and the findings.

    Signals: `chosen(Finding)`; `day_first_answered(bool)`.
    """

    chosen = Signal(object)
    day_first_answered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self.setFixedWidth(theme.px(_SIDE))
        self._sign = Sign("circle-check", "ok", 18)
        self._title = Eliding("", theme.CARD_TITLE, bold=True)
        self._asked = Text("", bold=True, ink="wait")
        self._questions = QVBoxLayout()
        self._questions.setSpacing(theme.px(8))
        self.findings = Findings()
        self.findings.chosen.connect(self.chosen)
        self._foot = Text("", theme.SMALL, ink="text2", wrap=True)
        column(
            row(self._sign, (self._title, 1), self._asked, margins=(12, 10, 12, 4)),
            column(self._questions, margins=(12, 0, 12, 0)),
            (column(self.findings, margins=(12, 0, 12, 0)), 1),
            Rule(),
            column(self._foot, margins=(12, 8, 12, 10)),
            gap=6,
            margins=(1,),
            into=self,
        )

    def show_checked(self, checked: CheckedFile) -> None:
        """Show what was found in a file."""
        wrong = sum(error != checked.question for error in checked.reading.errors)
        refused = len(checked.preview.refused)
        asked = checked.question is not None
        self._sign.show_icon(
            "alert-circle" if wrong or refused else "circle-check", "bad" if wrong or refused else "ok"
        )
        self._title.set_ink("bad" if wrong or refused else "text")
        self._title.say(_title(wrong, refused, len(checked.preview.changed)))
        self._asked.say(_("A decision is needed") if asked else "")
        empty_out(self._questions)
        if checked.preview.earlier:
            self._questions.addWidget(_earlier(checked))
        if checked.question is not None:
            self._questions.addWidget(self._day_question(checked))
        for remark in (*map(str, checked.reading.notices), *checked.preview.remarks):
            self._questions.addWidget(
                row(Sign("info-circle", "text3", 16), (Text(remark, theme.SMALL, ink="text2", wrap=True), 1))
            )
        self.findings.show_findings(checked.findings())
        self._foot.say(_("It is written in one go: all of it or nothing. The file itself is not changed."))

    def _day_question(self, checked: CheckedFile) -> QFrame:
        asked = checked.question
        frame = QFrame()
        frame.setProperty("tone", "wait")
        if asked is None:
            return frame
        title = _("{cell}: which day is {found}?").format(cell=asked.cell, found=asked.found)
        buttons = [
            Button(str(asked.values[name]), clicked=partial(self.day_first_answered.emit, is_first))
            for name, is_first in (("day_first", True), ("month_first", False))
        ]
        column(
            row(Sign("help-circle", "wait", 18), (Text(title, bold=True, ink="wait", wrap=True), 1)),
            Text(
                lambda: _("It is asked once for the whole file; nothing is guessed."),
                theme.SMALL,
                ink="text2",
                wrap=True,
            ),
            row(*((button, 1) for button in buttons)),
            margins=(10, 8, 10, 10),
            into=frame,
        )
        return frame


def _title(wrong: int, refused: int, changed: int) -> str:
    if wrong:
        return plural("{count} cell is wrong", "{count} cells are wrong", wrong).format(count=wording.pieces(wrong))
    if refused:
        return plural("{count} row is refused", "{count} rows are refused", refused).format(
            count=wording.pieces(refused)
        )
    if changed:
        return plural("{count} record changes", "{count} records change", changed).format(count=wording.pieces(changed))
    return _("Nothing is wrong")


def _earlier(checked: CheckedFile) -> QFrame:
    earlier = checked.preview.earlier
    second = ""
    if earlier is not None:
        second = _("{moment}, by {who}, as “{file}”").format(
            moment=wording.moment(earlier.at), who=checked.imported_by, file=earlier.file_name
        )
    return cards.panel("run", "history", lambda: _("This very file was imported before"), second)


class ImportPreview(QWidget):
    """The sheet beside what was found in it; F8 goes from one finding to the next.

    Signals: `day_first_answered(bool)`.
    """

    day_first_answered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.checked: CheckedFile | None = None
        self._only: RowState | None = None
        self.side = ImportPreviewSide()
        self.side.chosen.connect(self._go_to)
        self.side.day_first_answered.connect(self.day_first_answered)
        self._chips = Flow()
        self.chips: dict[RowState | None, FilterChip] = {}
        self._place = QVBoxLayout()
        self.sheet: Table | None = None
        self._foot = Eliding("", theme.SMALL, ink="text2", right=True)
        card = cards.card(
            column(self._chips, margins=(12, 10, 12, 8)),
            Rule(),
            self._place,
            Rule(),
            row(
                KeyCap("F8"),
                Text(lambda: _("next finding"), theme.SMALL, ink="text2"),
                KeyCap("Shift+F8"),
                Text(lambda: _("the one before"), theme.SMALL, ink="text2"),
                (self._foot, 1),
                margins=(12, 6, 12, 8),
            ),
            gap=0,
            margins=(1,),
        )
        layout = card.layout()
        if isinstance(layout, QVBoxLayout):
            layout.setStretchFactor(self._place, 1)
        row((card, 1), self.side, gap=12, into=self)

    def show_checked(self, checked: CheckedFile) -> None:
        """Show a file that was checked."""
        self.checked, self._only = checked, None
        self._show_chips(checked)
        empty_out(self._place)
        self.sheet = _sheet(checked)
        self._place.addWidget(self.sheet)
        self.side.show_checked(checked)
        self._filter(None)

    def to_first(self) -> None:
        """Go to the first finding, once the sheet has its width."""
        if self.side.findings.found.rows:
            self.side.findings.choose(0)

    def step(self, forwards: bool) -> None:
        """Go to the next finding, or the one before."""
        count = self.side.findings.found.rowCount()
        if count:
            here = self.side.findings.currentIndex().row()
            self.side.findings.choose((here + (1 if forwards else -1)) % count)

    def _show_chips(self, checked: CheckedFile) -> None:
        empty_out(self._chips)
        self.chips = {None: FilterChip(lambda: _("All"), count=len(checked.rows), chosen=True)}
        for state, word in FILTERS.items():
            count = checked.count(state)
            if count:
                self.chips[state] = FilterChip(partial(_, word), count=count)
        for only, chip in self.chips.items():
            chip.clicked.connect(partial(self._filter, only))
            self._chips.addWidget(chip)

    def _filter(self, only: RowState | None, _on: bool = True) -> None:  # noqa: FBT002 - what Qt's clicked gives
        if self.checked is None or self.sheet is None:
            return
        self._only = only
        shown = [one for one in self.checked.rows if only in (None, one.state)]
        self.sheet.rows_model.show(shown)
        first, last = (shown[0].number, shown[-1].number) if shown else (0, 0)
        self._foot.say(
            _("Rows {first} to {last} of the sheet, {count} rows").format(first=first, last=last, count=len(shown))
        )

    def _go_to(self, finding: Finding) -> None:
        if self.sheet is None or self.checked is None:
            return
        wanted: Callable[[SheetRow], bool] = lambda one: one.number == finding.row_number  # noqa: E731
        if not self.sheet.choose_where(wanted):
            self.chips[None].setChecked(True)
            self._filter(None)
            self.sheet.choose_where(wanted)
        letters = finding.address.rstrip("0123456789")
        for number, one in enumerate(self.checked.columns):
            if one.letters == letters:
                model = self.sheet.rows_model
                self.sheet.scrollTo(model.index(self.sheet.currentIndex().row(), number + 2))


def _sheet(checked: CheckedFile) -> Table:
    columns = [
        Column(lambda: _("Row"), Cell.NUMBER, "number", 52, right=False),
        Column(lambda: _("Import"), Cell.ICON_TEXT, state_cell, 108),
        *(
            Column(partial(_head, one), Cell.TEXT, cell_of(checked, one), _width(checked, one), right=one.to_the_right)
            for one in checked.columns
        ),
    ]
    model = TableModel(columns)
    table = Table(model, name="import_sheet", spoken_name=lambda: _("Rows of the file"), row_height=_SHEET_ROW)
    table.setItemDelegate(SheetDelegate(model))
    return table


def _head(one: SheetColumn) -> str:
    return f"{_(one.label)}  {one.letters}"


def _width(checked: CheckedFile, one: SheetColumn) -> int:
    metrics = theme.face(theme.BODY, bold=True)[1]
    texts = [_head(one), *(checked.text(row_, one.place) for row_ in checked.rows[:_SAMPLED_ROWS])]
    widest = max(metrics.horizontalAdvance(text) for text in texts) / (theme.percent() / 100)
    return round(min(_WIDEST, max(_NARROWEST, widest + 24)))
