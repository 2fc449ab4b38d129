"""The lists of an 8D section: each a table whose rows are opened in a small form, added, moved and taken out."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum, auto
from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import N_, _
from qms_desktop.steps import eight_d_content as content
from qms_desktop.steps.eight_d import Nature, PreventiveAction
from qms_desktop.steps.eight_d_content import codes
from qms_desktop.ui import wording
from qms_desktop.ui.controls import CheckField, ChoiceField, DayField, MomentField, NotesField, TextField
from qms_desktop.ui.eight_d_controls import CodesField, FigureField, OptionalPieces, WhysField
from qms_desktop.ui.eight_d_words import LISTS, choices_of, word_of
from qms_desktop.ui.form import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qms_desktop.ui.controls import Control


class Kind(Enum):
    """What a field of a row holds."""

    TEXT = auto()
    NOTES = auto()
    DAY = auto()
    MOMENT = auto()
    PIECES = auto()
    FIGURE = auto()
    CODES = auto()
    YES = auto()
    CHOICE = auto()
    WHYS = auto()


@dataclass(frozen=True)
class RowField:
    """A field of a row: its name in the dataclass, its words, and what it holds; `choice` may be left open or not."""

    name: str
    words: str
    kind: Kind = Kind.TEXT
    choice: type[StrEnum] | None = None
    required: bool = False


@dataclass(frozen=True)
class RowList:
    """A list: what its rows are, how a new one is called, its fields, and which of them the table shows."""

    rows_of: type
    one: str
    fields: tuple[RowField, ...]
    shown: tuple[str, ...]

    @property
    def title(self) -> str:
        """Give the list's name in the current language."""
        return _(LISTS.get(self.rows_of, self.one))

    def field(self, name: str) -> RowField:
        """Give a field by its name."""
        return next(one for one in self.fields if one.name == name)


F, K = RowField, Kind
OWNER = F("owner", N_("Responsible"))

ROW_LISTS: Mapping[type, RowList] = {
    made.rows_of: made
    for made in (
        RowList(
            content.EmergencyAction,
            N_("Emergency action"),
            (
                F("action", N_("What was done"), K.NOTES, required=True),
                OWNER,
                F("started_at", N_("Begun at"), K.MOMENT),
            ),
            ("action", "owner", "started_at"),
        ),
        RowList(
            content.TeamMember,
            N_("Member of the team"),
            (
                F("name", N_("Name"), required=True),
                F("role", N_("Part in the team"), K.CHOICE, codes.TeamRole, required=True),
                F("function", N_("Function")),
                F("contact", N_("Contact")),
                F("duty", N_("Duty"), K.NOTES),
            ),
            ("name", "role", "function", "duty"),
        ),
        RowList(
            content.Meeting,
            N_("Meeting"),
            (
                F("held_at", N_("Held at"), K.MOMENT, required=True),
                F("subject", N_("Subject")),
                F("minutes", N_("Minutes"), K.NOTES, required=True),
            ),
            ("held_at", "subject", "minutes"),
        ),
        RowList(
            content.QuestionAnswer,
            N_("Question"),
            (
                F("question", N_("Question"), K.CHOICE, codes.Question, required=True),
                F("answer", N_("Answer"), K.NOTES),
            ),
            ("question", "answer"),
        ),
        RowList(
            content.IsIsNot,
            N_("Comparison"),
            (
                F("aspect", N_("Question"), required=True),
                F("is_seen", N_("Is"), K.NOTES, required=True),
                F("is_not_seen", N_("Is not"), K.NOTES, required=True),
                F("difference", N_("Difference"), K.NOTES),
                F("explained_by", N_("Explained by the causes"), K.CODES),
            ),
            ("aspect", "is_seen", "is_not_seen", "difference", "explained_by"),
        ),
        RowList(
            content.OwnFinding,
            N_("Measured value"),
            (
                F("characteristic", N_("Characteristic"), required=True),
                F("value", N_("Value"), required=True),
                F("limit", N_("Limit value"), required=True),
                F("unit", N_("Unit"), required=True),
                F("condition", N_("Condition")),
                F("pieces_measured", N_("Pieces measured"), K.PIECES),
                F("report_number", N_("Test report")),
                F("conforms", N_("It conforms"), K.YES),
            ),
            ("characteristic", "value", "limit", "unit", "pieces_measured", "conforms"),
        ),
        RowList(
            content.Containment,
            N_("Place"),
            (
                F("place", N_("Place"), K.CHOICE, codes.Place, required=True),
                F("lot", N_("Lot")),
                F("quantity", N_("Pieces suspected"), K.PIECES),
                F("checked", N_("Pieces checked"), K.PIECES),
                F("ok", N_("Pieces OK"), K.PIECES),
                F("not_ok", N_("Pieces not OK"), K.PIECES),
                F("method", N_("Inspection method"), K.NOTES),
                F("none_because", N_("None, because"), K.NOTES),
                OWNER,
                F("started_on", N_("Begun on"), K.DAY),
                F("in_force_on", N_("In force on"), K.DAY),
                F("evidence", N_("Evidence")),
            ),
            ("place", "lot", "quantity", "checked", "not_ok", "method"),
        ),
        RowList(
            content.CauseCandidate,
            N_("Possible cause"),
            (
                F("category", N_("Category"), K.CHOICE, codes.CauseCategory, required=True),
                F("text", N_("Possible cause"), K.NOTES, required=True),
                F("verdict", N_("Verdict"), K.CHOICE, codes.Verdict, required=True),
                F("code", N_("Code")),
                F("reason", N_("What shows it"), K.NOTES),
            ),
            ("category", "text", "verdict", "code", "reason"),
        ),
        RowList(
            content.RootCause,
            N_("Root cause"),
            (
                F("kind", N_("Kind"), K.CHOICE, codes.CauseKind, required=True),
                F("code", N_("Code"), required=True),
                F("category", N_("Category"), K.CHOICE, codes.CauseCategory, required=True),
                F("share_percent", N_("Share in %"), K.FIGURE),
                F("title", N_("Cause in a word"), required=True),
                F("whys", N_("Chain of whys"), K.WHYS),
                F("root", N_("Root cause"), K.NOTES),
                F("stopped_because", N_("Why the chain ends here"), K.NOTES),
                F("proof", N_("Proof"), K.NOTES),
            ),
            ("code", "kind", "title", "share_percent", "whys", "root"),
        ),
        RowList(
            content.CorrectiveAction,
            N_("Corrective action"),
            (
                F("number", N_("Number"), required=True),
                F("causes", N_("Against the causes"), K.CODES, required=True),
                F("action", N_("Action"), K.NOTES, required=True),
                F("strength", N_("Strength"), K.CHOICE, codes.Strength),
                F("verified_before", N_("Verified before by"), K.NOTES),
                F("effectiveness_percent", N_("Effectiveness in %"), K.FIGURE),
                OWNER,
                F("due_on", N_("Due on"), K.DAY),
            ),
            ("number", "causes", "action", "strength", "owner", "due_on"),
        ),
        RowList(
            content.Implementation,
            N_("Action put in place"),
            (
                F("action_number", N_("Action"), required=True),
                F("progress", N_("Progress"), K.CHOICE, codes.Progress, required=True),
                F("introduced_on", N_("Introduced on"), K.DAY),
                F("clean_point", N_("Clean point")),
                F("evidence", N_("Evidence"), K.NOTES),
                OWNER,
            ),
            ("action_number", "progress", "introduced_on", "clean_point", "evidence", "owner"),
        ),
        RowList(
            content.LotResult,
            N_("Lot"),
            (
                F("lot", N_("Lot"), required=True),
                F("pieces_checked", N_("Pieces checked"), K.PIECES, required=True),
                F("pieces_not_ok", N_("Pieces not OK"), K.PIECES, required=True),
                F("after", N_("After the clean point"), K.YES),
            ),
            ("lot", "pieces_checked", "pieces_not_ok", "after"),
        ),
        RowList(
            PreventiveAction,
            N_("Preventive action"),
            (
                F("number", N_("Number"), required=True),
                F("nature", N_("What it changes"), K.CHOICE, Nature, required=True),
                F("action", N_("Action"), K.NOTES, required=True),
                OWNER,
                F("due_on", N_("Due on"), K.DAY),
            ),
            ("number", "action", "nature", "owner", "due_on"),
        ),
        RowList(
            content.DocumentChange,
            N_("Document"),
            (
                F("kind", N_("Kind"), K.CHOICE, codes.DocumentKind, required=True),
                F("number", N_("Number"), required=True),
                F("old_revision", N_("Old revision")),
                F("new_revision", N_("New revision")),
                F("change", N_("Change"), K.NOTES),
                F("no_change_because", N_("No change, because"), K.NOTES),
                OWNER,
                F("released_on", N_("Released on"), K.DAY),
            ),
            ("kind", "number", "old_revision", "new_revision", "change", "released_on"),
        ),
        RowList(
            content.ReadAcross,
            N_("Read across"),
            (
                F("direction", N_("Direction"), K.CHOICE, codes.Direction, required=True),
                F("target", N_("Product, line, plant, supplier or lot"), required=True),
                F("same", N_("What is the same"), K.NOTES),
                F("decision", N_("Decision"), K.NOTES),
                OWNER,
                F("done_on", N_("Done on"), K.DAY),
                F("progress", N_("Progress"), K.CHOICE, codes.Progress, required=True),
            ),
            ("direction", "target", "decision", "owner", "progress"),
        ),
        RowList(
            content.RefusedUnits,
            N_("Refused pieces"),
            (
                F("refusal", N_("Class"), K.CHOICE, codes.RefusalClass, required=True),
                F("pieces", N_("Pieces"), K.PIECES, required=True),
                F("reason", N_("Reason"), K.NOTES),
                F("treatment", N_("Treatment")),
            ),
            ("refusal", "pieces", "reason", "treatment"),
        ),
        RowList(
            content.TreatedHeap,
            N_("Heap"),
            (
                F("name", N_("Heap"), required=True),
                F("pieces", N_("Pieces"), K.PIECES, required=True),
                F("reason", N_("Reason"), K.NOTES),
                F("treatment", N_("Treatment")),
            ),
            ("name", "pieces", "reason", "treatment"),
        ),
        RowList(
            content.AttachedRecord,
            N_("Attached record"),
            (F("number", N_("Number"), required=True), F("title", N_("Title"), required=True)),
            ("number", "title"),
        ),
    )
}


def shown(value: Any) -> str:  # noqa: ANN401 - any field of a row
    """Write a value of a row for its table."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, StrEnum):
        return word_of(value)
    if isinstance(value, datetime):
        return wording.moment(value)
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, tuple):
        codes_or_whys = [one if isinstance(one, str) else one.fact for one in value]
        return ", ".join(codes_or_whys) if all(isinstance(one, str) for one in value) else str(len(value))
    return wording.pieces(value) if isinstance(value, int) else str(value)


def kept(value: Any) -> Any:  # noqa: ANN401 - what a control's put() takes
    """Give a value as a control takes it."""
    if isinstance(value, datetime):
        return wording.moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def make_fields(listed: RowList) -> dict[str, Field]:
    """Make the fields of a row's form."""
    return {
        one.name: Field(partial(_, one.words) if one.kind is not Kind.YES else "", _control(one), required=one.required)
        for one in listed.fields
    }


def _control(one: RowField) -> Control:  # noqa: PLR0911 - one line a kind
    match one.kind:
        case Kind.NOTES:
            return NotesField(field=one.name, required=one.required, height=56)
        case Kind.DAY:
            return DayField(field=one.name, required=one.required)
        case Kind.MOMENT:
            return MomentField(field=one.name, required=one.required)
        case Kind.PIECES:
            return OptionalPieces(field=one.name, required=one.required)
        case Kind.FIGURE:
            return FigureField(field=one.name)
        case Kind.CODES:
            return CodesField(field=one.name, required=one.required)
        case Kind.YES:
            return CheckField(partial(_, one.words))
        case Kind.WHYS:
            return WhysField(field=one.name)
        case Kind.CHOICE if one.choice is not None:
            return ChoiceField(choices_of(one.choice, may_be_empty=not one.required), field=one.name)
        case _:
            return TextField(field=one.name, required=one.required, longest=500)


def contents_of(listed: RowList, row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the list
    """Give a row's values as its form takes them."""
    return {one.name: kept(getattr(row, one.name)) for one in listed.fields}


def made_of(listed: RowList, values: dict[str, Any], *, before: Any = None) -> Any:  # noqa: ANN401 - a row of the list
    """Make a row of what was typed; what the form does not ask stays as it was."""
    if before is not None:
        return dataclasses.replace(before, **values)
    return listed.rows_of(**values)
