"""The entry table of the bench: quantity first, one row a heap, the rest into one heap by F8."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QWidget

from qms_desktop.errors import InvalidInput, QmsError
from qms_desktop.i18n import N_, _
from qms_desktop.steps import sorting
from qms_desktop.steps.sorting import DispositionKind, NewDisposition, RefusalReason
from qms_desktop.ui import theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cards import card_head
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.controls import Choice, ChoiceField, DayField, NumberField, TextField
from qms_desktop.ui.flow import flow
from qms_desktop.ui.form import Form
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.sorting_words import HEAPS, heap
from qms_desktop.ui.text import Eliding, Rule, Sign, Text, Words, said

if TYPE_CHECKING:
    from qms_desktop.steps.sorting_reading import RoundShown
    from qms_desktop.ui.controls import Control
    from qms_desktop.ui.page import Page

K = DispositionKind
_DAILY = (K.REWORK, K.REPACK, K.GOOD, K.RETURN_TO_CUSTOMER, K.DISMANTLE, K.SCRAP, K.ANALYSED)
_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Up: -1}
_NOTHING_TYPED = N_("Type the pieces of at least one heap first.")


class OptionalPieces(NumberField):
    """Pieces of a heap; an empty field is no pieces."""

    def read(self) -> int:  # type: ignore[override]
        return super().read() if self.line.text().strip() else 0


class Cell(QObject):
    """A field of a form that stands in a row of a table: what is wrong is said in one line under the table."""

    def __init__(self, words: Words, control: Control) -> None:
        super().__init__(control.widget)
        self.words, self.control = words, control
        self.error: QmsError | None = None
        self.dress()

    def read(self) -> Any:  # noqa: ANN401 - each control gives its own kind of value
        """Give the control's value; raises InvalidInput when its form is wrong."""
        return self.control.read()

    def show_error(self, error: QmsError | None) -> None:
        """Frame the field and say what is wrong in its tooltip, or neither."""
        self.error = error
        theme.set_property(self.control.widget, "wrong", "1" if error else "")
        self.control.widget.setToolTip(str(error) if error else "")
        self.dress()

    def dress(self) -> None:
        """Give a screen reader the words of the current language."""
        self.control.widget.setAccessibleName(said(self.words))
        self.control.widget.setAccessibleDescription(str(self.error) if self.error else "")


@dataclass(frozen=True)
class _More:
    """What one kind of heap needs beside its pieces."""

    name: str
    words: Words
    control: Control


def _more_of(kind: DispositionKind) -> list[_More]:
    permission = lambda: _("Customer's permission no.")  # noqa: E731 - said thrice
    if kind is K.RETURN_TO_CUSTOMER:
        reasons = [Choice(None, lambda: _("No refusal (say why)"))]
        reasons += [Choice(one, partial(_, words)) for one, words in trade_words.REFUSALS.items()]
        return [_More("refusal_reason", lambda: _("Refusal reason"), ChoiceField(reasons, field="refusal_reason"))]
    if kind is K.CONCESSION:
        return [
            _More("certificate_no", permission, _line("certificate_no", permission)),
            _More("certificate_pieces", lambda: _("Pieces permitted"), OptionalPieces(field="certificate_pieces")),
            _More("valid_until", lambda: _("Valid until"), DayField(field="valid_until", required=False)),
        ]
    if kind is K.REPAIR:
        return [_More("certificate_no", permission, _line("certificate_no", permission))]
    if kind is K.SCRAPPED_AT_CUSTOMER:
        certificate = lambda: _("Scrap certificate no.")  # noqa: E731 - said twice
        return [_More("certificate_no", certificate, _line("certificate_no", certificate))]
    if kind is K.RETURN_TO_SUPPLIER:
        supplier = lambda: _("Supplier's code")  # noqa: E731 - said twice
        return [_More("supplier", supplier, _line("supplier", supplier))]
    if kind is K.RETAINED:
        place = lambda: _("Kept where")  # noqa: E731 - said twice
        return [
            _More("place", place, _line("place", place)),
            _More("valid_until", lambda: _("Kept until"), DayField(field="valid_until", required=False)),
        ]
    return []


def _named(kind: DispositionKind, words: Words) -> str:
    return wording.explained(heap(kind), said(words))


def _line(field: str, words: Words) -> TextField:
    return TextField(field=field, longest=80, placeholder=words)


class HeapRow:
    """One row of the table: the heap's name, its pieces, what the heap needs, and the reason."""

    def __init__(self, kind: DispositionKind) -> None:
        self.kind = kind
        look = HEAPS[kind]
        self.pieces = OptionalPieces(field="pieces")
        self.pieces.line.setFixedWidth(theme.px(96))
        self.remark = TextField(field="remark", longest=200)
        self.more = _more_of(kind)
        self.sign = Sign(look.icon, look.colour, 18)
        self.name = Text(lambda: _(look.words), bold=True)
        self.needs = row(*((one.control.widget, 1) for one in self.more), gap=6)
        self.cells = {
            f"{kind}.pieces": Cell(lambda: _("{heap}: pieces").format(heap=heap(kind)), self.pieces),
            **{f"{kind}.{one.name}": Cell(partial(_named, kind, one.words), one.control) for one in self.more},
            f"{kind}.remark": Cell(lambda: _("{heap}: reason or remark").format(heap=heap(kind)), self.remark),
        }

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """Give what stands in the row, from left to right."""
        return (self.sign, self.name, self.pieces.widget, self.needs, self.remark.widget)

    def typed(self) -> int:
        """Give the pieces that are typed, 0 while they cannot be read."""
        try:
            return self.pieces.read()
        except InvalidInput:
            return 0

    def disposition(self, values: dict[str, Any]) -> NewDisposition:
        """Make what the verb takes."""
        own = {one.name: values[f"{self.kind}.{one.name}"] for one in self.more}
        if "certificate_pieces" in own:
            own["certificate_pieces"] = own["certificate_pieces"] or None
        reason = own.pop("refusal_reason", None)
        return NewDisposition(
            self.kind,
            values[f"{self.kind}.pieces"],
            refusal_reason=RefusalReason(reason) if reason else None,
            remark=values[f"{self.kind}.remark"],
            **own,
        )


class HeapEntry(QFrame):
    """Enter, ↑ and ↓ go from quantity to quantity; F8 puts the rest where the cursor stands; Ctrl+Enter books all.

    Signals: `sorted(Sorted)`.
    """

    sorted = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._page = page
        self.shown: RoundShown | None = None
        self.rows = {kind: HeapRow(kind) for kind in HEAPS}
        self.cells = {name: cell for one in self.rows.values() for name, cell in one.cells.items()}
        self.form = Form("sorting.entry", self.cells, drafts=None, parent=self)
        self.form.speaks_itself = True
        self._last = K.REWORK
        self._all = False
        self.left = Chip(State("sorting", "waiting", word="0"))
        self.entered = Text("", theme.SMALL, ink="text2")
        self.wrong = Text("", bold=True, ink="bad").follow_width()
        self.more = Button(
            lambda: _("Fewer heaps") if self._all else _("More heaps"),
            kind="ghost",
            icon="plus",
            clicked=self._show_all,
        )
        self.rest = Button(self._rest_words, kind="ghost", icon="arrow-bar-to-down", key="F8", clicked=self.put_rest)
        self.book = Button(lambda: _("Book the heaps"), icon="check", key="Ctrl+Return", clicked=self.send)
        self.form.submits(self.book)
        self.form.changed.connect(self._say_left)
        self.form.problems_changed.connect(lambda _count: self._say_wrong())
        column(
            card_head("list-check", lambda: _("Put pieces on heaps"), self.entered, self.left),
            self._table(),
            self.wrong,
            flow(self.more, self.rest, STRETCH, self.book),
            gap=8,
            margins=(12,),
            into=self,
        )
        self.wrong.hide()

    def _table(self) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(4))
        heads: tuple[Words, ...] = (
            "",
            lambda: _("Heap"),
            lambda: _("Pieces"),
            lambda: _("What the heap needs"),
            lambda: _("Reason, remark"),
        )
        for place, words in enumerate(heads):
            grid.addWidget(Eliding(words, theme.SMALL, ink="text2", right=place == 2), 0, place)
        grid.addWidget(Rule(), 1, 0, 1, len(heads))
        for line, one in enumerate(self.rows.values(), start=2):
            for place, widget in enumerate(one.widgets):
                grid.addWidget(widget, line, place, Qt.AlignmentFlag.AlignVCenter if place < 2 else Qt.AlignmentFlag(0))
            one.pieces.line.installEventFilter(self)
        grid.setColumnStretch(3, 3)
        grid.setColumnStretch(4, 4)
        return table

    # Filling in.

    def show_round(self, shown: RoundShown) -> None:
        """Begin an entry for a round; what is typed stays while the same round is only read again."""
        if self.shown is None or self.shown.row.id != shown.row.id:
            self.form.open()
            self._all = False
        self.shown = shown
        self._show_rows()
        self._say_left()

    def _show_rows(self) -> None:
        for kind, one in self.rows.items():
            visible = kind in self._kinds() or bool(one.pieces.line.text())
            for widget in one.widgets:
                widget.setVisible(visible)
        self.more.setVisible(not self._only_analysis)
        self.more.say(self.more.words)

    @property
    def _only_analysis(self) -> bool:
        return self.shown is not None and self.shown.row.state is sorting.RoundState.WAITING

    def _kinds(self) -> tuple[DispositionKind, ...]:
        if self._only_analysis:
            return (K.ANALYSED,)
        return tuple(HEAPS) if self._all else _DAILY

    def _show_all(self) -> None:
        self._all = not self._all
        self._show_rows()

    def begin(self) -> None:
        """Put the cursor into the first quantity."""
        self.rows[self._kinds()[0]].pieces.line.setFocus()

    @property
    def pieces_left(self) -> int:
        """Give what is undecided after this entry; below zero when too much is typed."""
        undecided = self.shown.row.pieces_undecided if self.shown else 0
        return undecided - sum(one.typed() for one in self.rows.values())

    def put_rest(self) -> None:
        """Put everything that is left on the heap where the cursor stands, or stood last."""
        one = self.rows[self._heap_of_rest()]
        rest = self.pieces_left + one.typed()
        if rest > 0:
            one.pieces.put(str(rest))
        one.pieces.line.setFocus()

    def _heap_of_rest(self) -> DispositionKind:
        return self._last if self._last in self._kinds() else self._kinds()[0]

    def _rest_words(self) -> str:
        return _("Rest to {heap}").format(heap=heap(self._heap_of_rest()))

    def _say_left(self) -> None:
        if self.shown is None:
            return
        unit, left = self.shown.row.unit, self.pieces_left
        undecided = self.shown.row.pieces_undecided
        self.entered.say(
            _("Typed {typed} of {undecided}").format(
                typed=wording.pieces(undecided - left), undecided=wording.pieces(undecided, unit)
            )
        )
        if left < 0:
            state = State("receipt", "difference", word=_("{pieces} too many").format(pieces=wording.pieces(-left)))
        elif left:
            state = State("sorting", "waiting", word=_("{pieces} left").format(pieces=wording.pieces(left)))
        else:
            state = State("sorting", "classified", word=_("Nothing left"))
        self.left.show_state(state)
        self.rest.say(self._rest_words)

    def _say_wrong(self) -> None:
        wrong = next((cell for cell in self.cells.values() if cell.error is not None), None)
        self.wrong.setVisible(wrong is not None)
        if wrong is not None:
            self.wrong.say(wording.explained(said(wrong.words), wrong.error))

    # Booking.

    def send(self) -> None:
        """Book every heap that has pieces, all at once or none."""
        values = self.form.read()
        if values is None or self.shown is None:
            return
        typed = [one for one in self.rows.values() if values[f"{one.kind}.pieces"]]
        if not typed:
            self.show_problem(InvalidInput(_NOTHING_TYPED))
            return
        self._page.run(
            sorting.sort,
            then=self._booked,
            failed=self.show_problem,
            form=self.form,
            round_id=self.shown.row.id,
            dispositions=tuple(one.disposition(values) for one in typed),
        )

    def _booked(self, done: sorting.Sorted) -> None:
        self.form.open()
        self.wrong.hide()
        self.sorted.emit(done)

    def show_problem(self, error: QmsError) -> None:
        """Say what the verb refused: at the first filled row that has the named field, and under the table."""
        for one in self.rows.values():
            cell = one.cells.get(f"{one.kind}.{error.field}")
            if cell is not None and one.pieces.line.text():
                cell.show_error(error)
                cell.control.widget.setFocus()
                break
        self.wrong.say(str(error))
        self.wrong.show()

    # Keys and language.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        here = next((kind for kind, one in self.rows.items() if one.pieces.line is watched), None)
        if here is None:
            return False
        if event.type() == QEvent.Type.FocusIn:
            self._last = here
            self._say_left()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            step = _STEPS.get(event.key())
            if step:
                self._go(here, step)
                return True
        return False

    def _go(self, here: DispositionKind, step: int) -> None:
        lines: list[QLineEdit] = [one.pieces.line for one in self.rows.values() if not one.pieces.line.isHidden()]
        place = lines.index(self.rows[here].pieces.line)
        line = lines[(place + step) % len(lines)]
        line.setFocus()
        line.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            for cell in self.cells.values():
                cell.dress()
            self._say_left()
            self._say_wrong()
        super().changeEvent(event)
