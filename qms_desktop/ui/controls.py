"""The controls of a form: text, pieces, choice, day, moment, check, notes, and the search for a record."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.rules.quantity import parse_pieces
from qms_desktop.ui import icons, plant_time, theme
from qms_desktop.ui.text import Words, said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EARLIEST_YEAR, _LATEST_YEAR = 2000, 2100


class Control(Protocol):
    """What a form asks of each control."""

    widget: QWidget

    def read(self) -> Any:  # noqa: ANN401 - each control gives its own kind of value
        """Give the value; raises InvalidInput when its form is wrong."""

    def keep(self) -> Any:  # noqa: ANN401 - JSON values
        """Give what a draft keeps."""

    def put(self, kept: Any) -> None:  # noqa: ANN401 - JSON values
        """Show what keep() gave; None empties the control."""

    def when_changed(self, tell: Callable[[], None]) -> None:
        """Be told of every change."""


class Line(QLineEdit):
    """A line of the window's look; its icon follows the palette and its placeholder the language."""

    def __init__(
        self, *, placeholder: Words = "", icon: str = "", height: int = theme.CONTROL, name: Words = ""
    ) -> None:
        super().__init__()
        self._placeholder, self._icon, self._name = placeholder, icon, name
        self._mark = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition) if icon else None
        self.setFixedHeight(theme.px(height))
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange):
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        if self.font() != theme.font():
            self.setFont(theme.font())
        self.setPlaceholderText(said(self._placeholder))
        if self._name:
            self.setAccessibleName(said(self._name))
        if self._mark is not None:
            self._mark.setIcon(icons.icon(self._icon, "text3"))


def line_edit(
    *, placeholder: Words = "", icon: str = "", height: int = theme.CONTROL, right: bool = False, name: Words = ""
) -> Line:
    """Make a bare line, for search boxes and filters; `name` is what a screen reader says of it."""
    line = Line(placeholder=placeholder, icon=icon, height=height, name=name)
    if right:
        line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return line


class TextField:
    """One line of text. `required` refuses nothing but spaces; `longest` is shown as the limit."""

    def __init__(
        self,
        *,
        field: str,
        required: bool = False,
        longest: int = 200,
        placeholder: Words = "",
        secret: bool = False,
        icon: str = "",
        read_only: bool = False,
        right: bool = False,
        height: int = theme.CONTROL,
    ) -> None:
        self.field, self.required = field, required
        self.line = line_edit(placeholder=placeholder, icon=icon, right=right, height=height)
        self.line.setMaxLength(longest)
        self.line.setReadOnly(read_only)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret = secret
        self.widget: QWidget = self.line

    def read(self) -> str:
        text = self.line.text() if self.secret else self.line.text().strip()
        if self.required and not text:
            raise InvalidInput(N_("This is needed. Fill it in."), field=self.field)
        return text

    def keep(self) -> str | None:
        return None if self.secret else self.line.text()

    def put(self, kept: Any) -> None:  # noqa: ANN401
        self.line.setText(str(kept or ""))

    def when_changed(self, tell: Callable[[], None]) -> None:
        self.line.textChanged.connect(lambda: tell())  # noqa: PLW0108 - Qt would pass on the new value


class NumberField(TextField):
    """Whole pieces; understands 11*50+46 and full-width digits."""

    def __init__(self, *, field: str = "pieces", zero_allowed: bool = False, height: int = theme.CONTROL) -> None:
        super().__init__(field=field, right=True, height=height)
        self.zero_allowed = zero_allowed

    def read(self) -> int:  # type: ignore[override]
        return parse_pieces(self.line.text(), field=self.field, zero_allowed=self.zero_allowed)


class DayField(TextField):
    """A day, typed as 2026-11-03, 20261103 or 2026/11/3."""

    def __init__(self, *, field: str, required: bool = True) -> None:
        super().__init__(field=field, required=required, longest=20, placeholder="2026-11-03")

    def read(self) -> date | None:  # type: ignore[override]
        typed = unicodedata.normalize("NFKC", self.line.text()).strip()
        if not typed and not self.required:
            return None
        return read_day(typed, field=self.field)


class MomentField(TextField):
    """A moment in the plant's time, typed as 2026-11-03 15:40; read as aware UTC."""

    def __init__(self, *, field: str, required: bool = True) -> None:
        super().__init__(field=field, required=required, longest=24, placeholder="2026-11-03 15:40")

    def read(self) -> datetime | None:  # type: ignore[override]
        typed = unicodedata.normalize("NFKC", self.line.text()).strip()
        if not typed and not self.required:
            return None
        day, _blank, clock = typed.partition(" ")
        on = read_day(day, field=self.field)
        try:
            hours, minutes = (int(part) for part in clock.strip().split(":"))
            typed_at = datetime(on.year, on.month, on.day, hours, minutes)  # noqa: DTZ001 - the zone comes after
        except ValueError as not_a_time:
            raise InvalidInput(
                N_("“{text}” is not a time of day. Write it like 15:40."), field=self.field, text=clock
            ) from not_a_time
        return plant_time.meant(typed_at)


def read_day(typed: str, *, field: str) -> date:
    """Read a typed day; raises InvalidInput for what is no day and for years that nobody means."""
    parts = typed.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 1 and len(typed) == len("20261103") and typed.isdigit():
        parts = [typed[:4], typed[4:6], typed[6:]]
    try:
        year, month, number = (int(part) for part in parts)
        day = date(year, month, number)
    except ValueError as not_a_day:
        raise InvalidInput(
            N_("“{text}” is not a day. Write it like 2026-11-03."), field=field, text=typed
        ) from not_a_day
    if not _EARLIEST_YEAR <= day.year <= _LATEST_YEAR:
        raise InvalidInput(N_("The year {year} cannot be meant. Write all four digits."), field=field, year=day.year)
    return day


class NotesField:
    """Several lines of plain text."""

    def __init__(
        self, *, field: str, required: bool = False, longest: int = 4000, placeholder: str = "", height: int = 74
    ) -> None:
        self.field, self.required, self.longest = field, required, longest
        self.box = QPlainTextEdit()
        self.box.setFont(theme.font())
        self.box.setTabChangesFocus(True)
        self.box.setPlaceholderText(placeholder)
        self.box.setFixedHeight(theme.px(height))
        self.widget: QWidget = self.box

    def read(self) -> str:
        text = self.box.toPlainText().strip()
        if self.required and not text:
            raise InvalidInput(N_("This is needed. Fill it in."), field=self.field)
        if len(text) > self.longest:
            raise InvalidInput(
                N_("The text has {length} characters, {most} fit. Shorten it, or attach it as a file."),
                field=self.field,
                length=f"{len(text):,}",
                most=f"{self.longest:,}",
            )
        return text

    def keep(self) -> str:
        return self.box.toPlainText()

    def put(self, kept: Any) -> None:  # noqa: ANN401
        self.box.setPlainText(str(kept or ""))

    def when_changed(self, tell: Callable[[], None]) -> None:
        self.box.textChanged.connect(tell)


@dataclass(frozen=True)
class Choice:
    """One line of a choice: the value (an enum member or a key) and its words."""

    value: Any
    words: Words


class _Combo(QComboBox):
    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.choices = list(choices)
        self.setFont(theme.font())
        self.setFixedHeight(theme.px(theme.CONTROL))
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.addItems([said(choice.words) for choice in self.choices])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            for place, choice in enumerate(self.choices):
                self.setItemText(place, said(choice.words))
        super().changeEvent(event)


class ChoiceField:
    """One of a few; with `empty`, none is chosen at first and one is required."""

    def __init__(self, choices: Sequence[Choice], *, field: str, empty: Words | None = None) -> None:
        self.field, self.required = field, empty is not None
        first = [Choice(None, empty)] if empty is not None else []
        self.combo = _Combo([*first, *choices])
        self.widget: QWidget = self.combo

    def read(self) -> Any:  # noqa: ANN401
        chosen = self.combo.choices[self.combo.currentIndex()].value
        if chosen is None and self.required:
            raise InvalidInput(N_("This is needed. Choose one."), field=self.field)
        return chosen

    def keep(self) -> Any:  # noqa: ANN401
        value = self.combo.choices[self.combo.currentIndex()].value
        return value.value if isinstance(value, Enum) else value

    def put(self, kept: Any) -> None:  # noqa: ANN401
        wanted = kept.value if isinstance(kept, Enum) else kept
        for place, choice in enumerate(self.combo.choices):
            value = choice.value.value if isinstance(choice.value, Enum) else choice.value
            if value == wanted:
                self.combo.setCurrentIndex(place)
                return
        self.combo.setCurrentIndex(0)

    def when_changed(self, tell: Callable[[], None]) -> None:
        self.combo.currentIndexChanged.connect(lambda: tell())  # noqa: PLW0108 - Qt would pass on the new value


class _Check(QCheckBox):
    def __init__(self, words: Words) -> None:
        super().__init__(said(words))
        self.words = words
        self.setFont(theme.font())
        self.setMinimumHeight(theme.px(theme.FILTER))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setText(said(self.words))
        super().changeEvent(event)


class CheckField:
    """A yes or no with its own words."""

    def __init__(self, words: Words) -> None:
        self.check = _Check(words)
        self.widget: QWidget = self.check

    def read(self) -> bool:
        return self.check.isChecked()

    def keep(self) -> bool:
        return self.check.isChecked()

    def put(self, kept: Any) -> None:  # noqa: ANN401
        self.check.setChecked(bool(kept))

    def when_changed(self, tell: Callable[[], None]) -> None:
        self.check.toggled.connect(lambda: tell())  # noqa: PLW0108 - Qt would pass on the new value
