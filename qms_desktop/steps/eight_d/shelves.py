"""How the report's content lies in its tables: which field is of which kind, and which table holds which rows.

A repeated thing goes in and comes out as the frozen dataclass of steps/eight_d_content; here it becomes columns.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from qms_desktop.db import eight_d as db
from qms_desktop.db.eight_d import Nature, Section
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.steps import eight_d_content as content

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

T = TypeVar("T")

UNKNOWN_FIELD = N_("Section {section} has no field “{name}”.")
NOT_OF_ITS_KIND = N_("“{text}” cannot be taken for {name}. Check the value.")
NO_SUCH_WORD = N_("“{text}” is not one of the choices of {name}.")
UNKNOWN_ROWS = N_("The report has no rows of this kind.")


class FieldKind(StrEnum):
    """What the text of a field stands for."""

    TEXT = "text"
    ANSWER = "answer"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    NUMBERS = "numbers"
    PIECES = "pieces"


def _fields(texts: str, **others: FieldKind) -> dict[str, FieldKind]:
    return dict.fromkeys(texts.split(), FieldKind.TEXT) | others


K = FieldKind
FIELDS: dict[Section, dict[str, FieldKind]] = {
    Section.D0: _fields("symptom effect recall_number safety_note urgency", safety=K.ANSWER),
    Section.D1: {},
    Section.D2: _fields(
        "customer_words found_at requirement repeat_note no_comparison_because other_parts date_code lot drawing"
        " drawing_revision safety_characteristic",
        reported_at=K.MOMENT,
        repeat=K.ANSWER,
    ),
    Section.D3: _fields(
        "balance mark clean_point effectiveness risk removed_note",
        in_force_at=K.MOMENT,
        effectiveness_percent=K.NUMBER,
        removed_on=K.DAY,
    ),
    Section.D4: _fields("effect share_basis failure_category change_record"),
    Section.D5: _fields("not_chosen"),
    Section.D6: _fields(
        "period customer_measure effect_characteristic effect_unit effect_clean_point before_label after_label",
        effect_upper_limit=K.NUMBER,
        before_values=K.NUMBERS,
        after_values=K.NUMBERS,
    ),
    Section.D7: _fields("lessons"),
    Section.D8: _fields("completeness result recognition customer_satisfaction effect_watch"),
    Section.GOODS: _fields("rma_line receipt_note settlement", pieces_declared=K.PIECES, pieces_counted=K.PIECES),
}


@dataclass(frozen=True)
class Entry:
    """A field of a section and what is written there; days, moments and numbers as such or as their text."""

    field: str
    value: str | int | Decimal | date | datetime | tuple[Decimal, ...] | None


@dataclass(frozen=True, kw_only=True)
class PreventiveAction:
    """D7: an action against recurrence; `nature` says what it changes, for inspection and audits prevent nothing."""

    number: str
    action: str
    nature: Nature
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PhotoRow:
    """D2: a picture by its attachment."""

    attachment_id: int
    caption: str
    taken_at: datetime | None = None
    taken_by: str = ""


def canonical(section: Section, entry: Entry) -> str:
    """Give the text that is kept for a field; raises InvalidInput for unknown fields and values of another kind."""
    kind = FIELDS[section].get(entry.field)
    if kind is None:
        raise InvalidInput(UNKNOWN_FIELD, field=entry.field, section=str(section), name=entry.field)
    value = entry.value
    if value in (None, "", ()):
        return ""
    try:
        if isinstance(value, tuple):
            return " ".join(str(Decimal(number)) for number in value)
        if isinstance(value, datetime):
            return _utc(value)
        return str(value) if isinstance(value, date) and kind is K.DAY else _checked(kind, str(value))
    except (ValueError, InvalidOperation) as error:
        raise InvalidInput(
            NOT_OF_ITS_KIND, field=f"{section}.{entry.field}", name=entry.field, text=str(value)
        ) from error


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(moment)
    return moment.astimezone(UTC).isoformat()


def _checked(kind: FieldKind, text: str) -> str:
    if kind is K.ANSWER:
        return str(content.Answer(text))
    if kind is K.DAY:
        return date.fromisoformat(text).isoformat()
    if kind is K.MOMENT:
        return _utc(datetime.fromisoformat(text))
    if kind is K.NUMBER:
        return str(Decimal(text))
    if kind is K.NUMBERS:
        return " ".join(str(Decimal(number)) for number in text.split())
    return str(int(text)) if kind is K.PIECES else text


def read_field(kind: FieldKind, text: str, zone: ZoneInfo) -> Any:  # noqa: ANN401 - as the field's kind says
    """Give what a kept text stands for: None for an empty one, except texts and lists of numbers."""
    if kind is K.TEXT:
        return text
    if kind is K.NUMBERS:
        return tuple(Decimal(number) for number in text.split())
    if not text:
        return None
    if kind is K.MOMENT:
        return datetime.fromisoformat(text).astimezone(zone)
    readers: dict[FieldKind, Callable[[str], Any]] = {
        K.ANSWER: content.Answer,
        K.DAY: date.fromisoformat,
        K.NUMBER: Decimal,
        K.PIECES: int,
    }
    return readers[kind](text)


# A column is named as the dataclass's field, except where SQL or a unit asks for another name.
_COLUMNS = {
    "value": "value_text",
    "limit": "limit_text",
    "share_percent": "share_basis_points",
    "effectiveness_percent": "effectiveness_basis_points",
    "attachment_id": "attachment",
}
_LISTS = frozenset({"causes", "explained_by"})
_CHOICES: dict[str, type[StrEnum]] = {
    "role": content.TeamRole,
    "question": content.Question,
    "place": content.Place,
    "category": content.CauseCategory,
    "verdict": content.Verdict,
    "strength": content.Strength,
    "progress": content.Progress,
    "direction": content.Direction,
    "refusal": content.RefusalClass,
    "nature": Nature,
}
_BASIS_POINTS = 100


@dataclass(frozen=True)
class Shelf:
    """Where rows of one dataclass lie: the table, the section that they belong to, and the words of their `kind`."""

    rows_of: type
    model: type[db.EightDRow]
    kind_words: type[StrEnum] | None = None
    elsewhere: tuple[str, ...] = ()

    @property
    def section(self) -> Section:
        """Give the section whose version guards these rows."""
        return db.ROWS[self.model]

    def names(self) -> tuple[str, ...]:
        """Give the fields that lie in this table's own columns."""
        return tuple(field.name for field in dataclasses.fields(self.rows_of) if field.name not in self.elsewhere)

    def to_columns(self, row: object) -> dict[str, Any]:
        """Turn a row into values of columns; raises InvalidInput for a word that is none of the choices."""
        return {_COLUMNS.get(name, name): self._stored(name, getattr(row, name)) for name in self.names()}

    def _stored(self, name: str, value: Any) -> Any:  # noqa: ANN401 - as the field says
        choice = self._choice(name)
        if choice is not None:
            return "" if value is None else _word(choice, name, value)
        if name in _LISTS:
            return ",".join(value)
        if name.endswith("_percent"):
            return None if value is None else int(Decimal(value) * _BASIS_POINTS)
        return value

    def _choice(self, name: str) -> type[StrEnum] | None:
        return self.kind_words if name == "kind" else _CHOICES.get(name)

    def from_row(self, row: db.EightDRow, zone: ZoneInfo, **more: object) -> Any:  # noqa: ANN401 - a `rows_of`
        """Give the dataclass of a row, moments in the plant's own zone."""
        values = {name: self._shown(name, getattr(row, _COLUMNS.get(name, name)), zone) for name in self.names()}
        return self.rows_of(**values, **more)

    def _shown(self, name: str, value: Any, zone: ZoneInfo) -> Any:  # noqa: ANN401 - as the field says
        choice = self._choice(name)
        if choice is not None:
            return choice(value) if value else None
        if name in _LISTS:
            return tuple(code for code in value.split(",") if code)
        if name.endswith("_percent"):
            return None if value is None else _percent(value)
        return value.astimezone(zone) if isinstance(value, datetime) else value


def _word(choice: type[StrEnum], name: str, value: str) -> str:
    try:
        return str(choice(value))
    except ValueError as error:
        raise InvalidInput(NO_SUCH_WORD, field=name, name=name, text=str(value)) from error


def _percent(basis_points: int) -> Decimal:
    percent = Decimal(basis_points) / _BASIS_POINTS
    return percent.quantize(Decimal(1)) if percent == percent.to_integral_value() else percent.normalize()


SHELVES: Mapping[type, Shelf] = {
    shelf.rows_of: shelf
    for shelf in (
        Shelf(content.EmergencyAction, db.EightDEmergency),
        Shelf(content.TeamMember, db.EightDMember),
        Shelf(content.Meeting, db.EightDMeeting),
        Shelf(content.QuestionAnswer, db.EightDAnswer),
        Shelf(content.IsIsNot, db.EightDComparison),
        Shelf(content.OwnFinding, db.EightDFinding),
        Shelf(PhotoRow, db.EightDPhoto),
        Shelf(content.Containment, db.EightDSuspect),
        Shelf(content.CauseCandidate, db.EightDCandidate),
        Shelf(content.RootCause, db.EightDCause, content.CauseKind, elsewhere=("whys",)),
        Shelf(content.CorrectiveAction, db.EightDAction),
        Shelf(content.Implementation, db.EightDImplementation),
        Shelf(content.LotResult, db.EightDLot),
        Shelf(PreventiveAction, db.EightDPrevention),
        Shelf(content.DocumentChange, db.EightDDocument, content.DocumentKind),
        Shelf(content.ReadAcross, db.EightDReadAcross),
        Shelf(content.RefusedUnits, db.EightDRefused),
        Shelf(content.TreatedHeap, db.EightDHeap),
        Shelf(content.AttachedRecord, db.EightDAttached),
    )
}


def shelf_of(rows_of: type) -> Shelf:
    """Give the shelf of a dataclass; raises InvalidInput for one that the report does not hold."""
    if rows_of not in SHELVES:
        raise InvalidInput(UNKNOWN_ROWS, field="rows_of")
    return SHELVES[rows_of]
