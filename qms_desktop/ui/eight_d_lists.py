"""A list of a section as a card: the table, and the small form in which a row is added, changed or taken out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame

from qms_desktop.i18n import _
from qms_desktop.steps import eight_d
from qms_desktop.steps.eight_d_content import Containment, Place, Question, QuestionAnswer, RootCause
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell
from qms_desktop.ui.eight_d_rows import Kind, RowField, RowList, contents_of, made_of, make_fields, shown
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.rows import Part, column, row
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.steps.eight_d import SectionShown
    from qms_desktop.ui.eight_d import EightDPage
    from qms_desktop.ui.form import Field

_WIDTHS = {
    Kind.TEXT: 92,
    Kind.NOTES: 120,
    Kind.DAY: 86,
    Kind.MOMENT: 120,
    Kind.PIECES: 76,
    Kind.FIGURE: 70,
    Kind.CODES: 74,
    Kind.YES: 70,
    Kind.CHOICE: 104,
    Kind.WHYS: 62,
}
_NARROW = {"number": 72, "code": 56, "unit": 48, "aspect": 80, "action_number": 64}
_KEYED = {Containment: ("place", Place), QuestionAnswer: ("question", Question)}


class RowsCard(QFrame):
    """Enter changes the chosen row, Delete takes it out, Alt+Up and Alt+Down move it."""

    def __init__(
        self, page: EightDPage, section: SectionShown, listed: RowList, rows: Sequence[Any], *, may_write: bool
    ) -> None:
        super().__init__()
        self.setProperty("card", "2")
        self._page, self._section, self.listed, self._rows = page, section, listed, tuple(rows)
        self.model = TableModel([_column(listed, listed.field(name), stretch) for name, stretch in _stretched(listed)])
        self.table = Table(
            self.model,
            name=f"eight_d.{listed.rows_of.__name__}",
            spoken_name=lambda: listed.title,
            row_height=theme.TWO_LINE_ROW,
            memory=page.workplace.memory,
        )
        self.model.show(self._rows)
        fixed_rows(self.table, len(self._rows))
        self.add = Button(
            lambda: _("Add…"),
            kind="ghost",
            icon="plus",
            name=lambda: _("Add: {what}").format(what=_(listed.one)),
            clicked=self.ask_new,
        )
        nothing = Text(lambda: _("Nothing yet"), theme.SMALL, ink="text3")
        # Only hiding: a widget that is shown before it has a parent opens as a window and takes the keyboard away.
        for widget, is_wanted in ((self.table, self._rows), (self.add, may_write), (nothing, not self._rows)):
            if not is_wanted:
                widget.hide()
        column(
            row((Text(lambda: listed.title, bold=True), 1), nothing, self.add),
            self.table,
            gap=6,
            margins=(12, 6, 8, 8),
            into=self,
        )
        self.table.opened.connect(self.ask_change)
        if may_write:
            for key, do in (
                ("Delete", self._take_out_chosen),
                ("Alt+Up", partial(self._move, -1)),
                ("Alt+Down", partial(self._move, 1)),
            ):
                made = QShortcut(QKeySequence(key), self.table)
                made.setContext(Qt.ShortcutContext.WidgetShortcut)
                made.activated.connect(do)
        self._may_write = may_write

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """Make each row as high as its longest text needs, and the table as high as its rows."""
        head, metrics = self.table.horizontalHeader(), QFontMetrics(theme.font(theme.SMALL))
        total = head.height()
        for number, one in enumerate(self._rows):
            height = theme.px(theme.ROW)
            for place, shown_column in enumerate(self.model.columns):
                if shown_column.kind is Cell.WRAPPED:
                    room = QRect(0, 0, max(40, head.sectionSize(place) - theme.px(16)), 10_000)
                    text = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.model.value(one, place))
                    height = max(height, text.height() + theme.px(12))
            self.table.verticalHeader().resizeSection(number, height)
            total += height
        self.table.setFixedHeight(total)

    def is_meant_by(self, name: str) -> bool:
        """Tell whether what is missing, as a gate names it, is entered here."""
        if self.listed.rows_of is Containment:
            return name in set(Place)
        return self.listed.rows_of is RootCause

    def ask_new(self) -> None:
        """Open the form for a new row."""
        contents: dict[str, Any] = {}
        if self.listed.rows_of in _KEYED:
            name, words = _KEYED[self.listed.rows_of]
            used = {getattr(one, name) for one in self._rows}
            contents = {name: next((word for word in words if word not in used), None)}
        self._ask(contents, before=None)

    def ask_change(self, one: Any) -> None:  # noqa: ANN401 - a row of the list
        """Open the form of a row that is there."""
        if self._may_write:
            self._ask(contents_of(self.listed, one), before=one)

    def _ask(self, contents: dict[str, Any], *, before: Any) -> None:  # noqa: ANN401 - a row of the list
        fields = make_fields(self.listed)
        title = _(self.listed.one) if before is None else _("Change: {what}").format(what=_(self.listed.one))
        out = Button(lambda: _("Take it out of the list"), kind="ghost", icon="trash")
        made = ask_form(
            self._page,
            eight_d.replace_rows,
            name=f"eight_d.{self._page.record_id}.{self.listed.rows_of.__name__}.{self._place_of(before)}",
            title=title,
            icon="list-details",
            words=lambda: _("Save"),
            fields=fields,
            then=lambda _version: self._page.section_saved(self._section.section),
            arguments=lambda values: {"rows": self._with(before, made_of(self.listed, values, before=before))},
            lines=[*laid_out(fields, self.listed), out if before is not None else None],
            width=680,
            eight_d_id=self._page.record_id,
            rows_of=self.listed.rows_of,
            read_version=self._section.version,
        )
        out.clicked.connect(made.reject)
        out.clicked.connect(partial(self._take_out, before))
        if made.form.draft() is None:
            made.form.open(contents)
        if made.height():
            made.place()

    def _place_of(self, before: Any) -> int:  # noqa: ANN401 - a row of the list
        return self._index(before) if before is not None else len(self._rows)

    def _index(self, one: Any) -> int:  # noqa: ANN401 - a row of the list
        return next(place for place, row_ in enumerate(self._rows) if row_ is one)

    def _with(self, before: Any, after: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row of the list
        if before is None:
            return (*self._rows, after)
        return tuple(after if one is before else one for one in self._rows)

    def _take_out_chosen(self) -> None:
        chosen = self.table.current()
        if chosen is not None:
            self._take_out(chosen)

    def _take_out(self, out: Any, _on: object = None) -> None:  # noqa: ANN401 - a row of the list
        before = self._rows
        self._replace(tuple(one for one in before if one is not out))

    def _move(self, step: int) -> None:
        chosen = self.table.current()
        if chosen is None:
            return
        here = self._index(chosen)
        there = here + step
        if 0 <= there < len(self._rows):
            rows = list(self._rows)
            rows[here], rows[there] = rows[there], rows[here]
            self._replace(tuple(rows))

    def _replace(self, rows: tuple[Any, ...]) -> None:
        self._page.run(
            eight_d.replace_rows,
            then=lambda _version: self._page.section_saved(self._section.section),
            eight_d_id=self._page.record_id,
            rows_of=self.listed.rows_of,
            rows=rows,
            read_version=self._section.version,
        )


def laid_out(fields: dict[str, Field], listed: RowList) -> list[Part]:
    """Put short fields two a line, and long ones on a line of their own."""
    parts: list[Part] = []
    waiting: Field | None = None
    for name, field in fields.items():
        if listed.field(name).kind in (Kind.NOTES, Kind.WHYS):
            if waiting is not None:
                parts.append(row((waiting, 1), gap=14))
                waiting = None
            parts.append(field)
        elif waiting is None:
            waiting = field
        else:
            parts.append(row((waiting, 1), (field, 1), gap=14))
            waiting = None
    if waiting is not None:
        parts.append(row((waiting, 1), gap=14))
    return parts


def _stretched(listed: RowList) -> list[tuple[str, bool]]:
    kinds = {name: listed.field(name).kind for name in listed.shown}
    wide = next((name for name, kind in kinds.items() if kind is Kind.NOTES), listed.shown[-1])
    return [(name, name == wide) for name in listed.shown]


def _column(listed: RowList, one: RowField, stretch: bool) -> Column:
    number = one.kind in (Kind.PIECES, Kind.FIGURE)
    wraps = one.kind in (Kind.NOTES, Kind.CHOICE, Kind.TEXT)
    kind = Cell.NUMBER if number else Cell.WRAPPED if wraps else Cell.TEXT
    first = listed.shown[0] == one.name
    width = _NARROW.get(one.name, _WIDTHS[one.kind])
    return Column(
        partial(_, one.words),
        Cell.TEXT if first and one.kind is Kind.TEXT else kind,
        lambda row_: shown(getattr(row_, one.name)),
        width,
        stretch=stretch,
        right=number,
    )
