"""The controls that only an 8D report needs: figures with a point, lists of figures and codes, and chains of whys."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QWidget

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _
from qms_desktop.steps.eight_d_content import Why
from qms_desktop.ui import theme
from qms_desktop.ui.controls import NumberField, TextField, line_edit
from qms_desktop.ui.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.ui.controls import Line

NOT_A_FIGURE = N_("“{text}” is not a number. Write it like 12.5.")
_LEAST_WHYS = 5


def read_figure(text: str, *, field: str) -> Decimal:
    """Read a number with a point, full-width digits too; raises InvalidInput."""
    typed = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    try:
        figure = Decimal(typed)
    except InvalidOperation as wrong:
        raise InvalidInput(NOT_A_FIGURE, field=field, text=text) from wrong
    if not figure.is_finite():
        raise InvalidInput(NOT_A_FIGURE, field=field, text=text)
    return figure


class OptionalPieces(NumberField):
    """Whole pieces that may be left out; 0 is an answer."""

    def __init__(self, *, field: str, required: bool = False) -> None:
        super().__init__(field=field, zero_allowed=True)
        self.required = required

    def read(self) -> int | None:  # type: ignore[override]
        return super().read() if self.required or self.line.text().strip() else None

    def put(self, kept: Any) -> None:  # noqa: ANN401 - JSON values
        self.line.setText("" if kept is None else str(kept))


class FigureField(TextField):
    """A number with a point, or nothing."""

    def __init__(self, *, field: str) -> None:
        super().__init__(field=field, longest=30, right=True)

    def read(self) -> Decimal | None:  # type: ignore[override]
        text = self.line.text().strip()
        return read_figure(text, field=self.field) if text else None

    def put(self, kept: Any) -> None:  # noqa: ANN401 - JSON values
        self.line.setText("" if kept is None else str(kept))


class FiguresField(TextField):
    """Measured values with blanks between them."""

    def __init__(self, *, field: str) -> None:
        super().__init__(field=field, longest=4000, placeholder="278.1 281.4 279.9")

    def read(self) -> tuple[Decimal, ...]:  # type: ignore[override]
        return tuple(read_figure(text, field=self.field) for text in self.line.text().split())

    def put(self, kept: Any) -> None:  # noqa: ANN401 - JSON values
        self.line.setText(kept if isinstance(kept, str) else " ".join(str(figure) for figure in kept or ()))


class CodesField(TextField):
    """Codes of causes with commas between them."""

    def __init__(self, *, field: str, required: bool = False) -> None:
        super().__init__(field=field, required=required, placeholder="O1, E1")

    def read(self) -> tuple[str, ...]:  # type: ignore[override]
        text = super().read().replace("\uff0c", ",").replace(" ", ",")
        return tuple(code for code in text.split(",") if code)

    def put(self, kept: Any) -> None:  # noqa: ANN401 - JSON values
        self.line.setText(kept if isinstance(kept, str) else ", ".join(kept or ()))


class WhysField:
    """A chain of whys: each line an answer and its evidence; the next line asks on."""

    def __init__(self, *, field: str) -> None:
        self.field = field
        self.widget = QWidget()
        self._grid = QGridLayout(self.widget)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(6))
        self._grid.setColumnStretch(1, 3)
        self._grid.setColumnStretch(2, 2)
        self._lines: list[tuple[Line, Line]] = []
        self._tell: list[Callable[[], None]] = []
        for _number in range(_LEAST_WHYS):
            self._add()
        self.widget.setFocusProxy(self._lines[0][0])

    def _add(self) -> None:
        number = len(self._lines) + 1
        fact = line_edit(placeholder=lambda: _("Why? It is so, because…"))
        evidence = line_edit(placeholder=lambda: _("Evidence"))
        for line, name in ((fact, _("Why {number}")), (evidence, _("Evidence of why {number}"))):
            line.setMaxLength(2000)
            line.setAccessibleName(name.format(number=number))
            line.textChanged.connect(self._changed)
        self._grid.addWidget(Text(str(number), bold=True, ink="text2"), number, 0)
        self._grid.addWidget(fact, number, 1)
        self._grid.addWidget(evidence, number, 2)
        self._lines.append((fact, evidence))

    def _changed(self) -> None:
        if self._lines[-1][0].text().strip():
            self._add()
        for tell in self._tell:
            tell()

    def read(self) -> tuple[Why, ...]:
        whys = [Why(fact=fact.text().strip(), evidence=evidence.text().strip()) for fact, evidence in self._lines]
        return tuple(why for why in whys if why.fact)

    def keep(self) -> list[list[str]]:
        return [[fact.text(), evidence.text()] for fact, evidence in self._lines if fact.text() or evidence.text()]

    def put(self, kept: Any) -> None:  # noqa: ANN401 - JSON values
        wanted = [(one.fact, one.evidence) if isinstance(one, Why) else tuple(one) for one in kept or ()]
        while len(self._lines) <= len(wanted):
            self._add()
        for place, (fact, evidence) in enumerate(self._lines):
            told = wanted[place] if place < len(wanted) else ("", "")
            fact.setText(told[0])
            evidence.setText(told[1])

    def when_changed(self, tell: Callable[[], None]) -> None:
        self._tell.append(tell)
