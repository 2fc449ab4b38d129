"""A case (案件): the folder of one story. Every record of the flow points to it (database.md §1a)."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.guards import Check, Refusal, Transition, Unique, state_guards
from qms_desktop.db.master_data import Customer, Site
from qms_desktop.db.record import (
    BigIntegerField,
    ChoiceField,
    Event,
    ForeignKeyField,
    MomentField,
    NumberField,
    TextField,
    Versioned,
)
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class DeadlineState(StrEnum):
    """How a deadline stands; overdue is seen from the clock and not stored."""

    OPEN = "OPEN"
    MET = "MET"
    EXTENDED = "EXTENDED"
    PAUSED = "PAUSED"
    DROPPED = "DROPPED"


class CaseFile(Event):
    """One story from the first call to the closed 8D; `number` is what people quote."""

    number = NumberField()
    customer = ForeignKeyField(Customer, null=True)
    site = ForeignKeyField(Site)
    title = TextField(default="")

    class Meta:
        table_name = "case_file"
        server_columns = ("number",)
        is_changing = True


class CaseRecord(Versioned):
    """A record of the flow that may change; it belongs to a case."""

    case = ForeignKeyField(CaseFile, backref="+")


class CaseEvent(Event):
    """An event of the flow; it belongs to a case and is never changed."""

    case = ForeignKeyField(CaseFile, backref="+")


class Deadline(CaseRecord):
    """A moment by which something is owed; `named_by` says which rule, profile or notice set it (domain.md §3)."""

    kind = TextField()
    record_id = BigIntegerField()
    event = TextField()
    due_at = MomentField(index=True)
    named_by = TextField()
    source = TextField(default="")
    met_at = MomentField(null=True)
    extended_to = MomentField(null=True)
    extension_reason = TextField(default="")
    state = ChoiceField(DeadlineState)

    class Meta:
        # What runs still is found among all that was ever met by the second index.
        indexes = ((("kind", "record_id"), False), (("kind", "state", "due_at"), False))


CASE_NUMBER_ONCE = Unique(
    name="case_number_once",
    table="case_file",
    columns=("number",),
    message=N_("This case number exists already."),
    attacked_by="test_a_number_is_given_once",
)
P = Permission
_DEADLINE_KEEPERS = (P.COMPLAINT_REGISTER, P.COMPLAINT_CONTAIN, P.COMPLAINT_REPLY, P.RECEIPT_RECEIVE, P.RECEIPT_SIGN,
                     P.SORTING_JUDGE, P.SORTING_SORT, P.EIGHT_D_SEND, P.RMA_REQUEST)  # fmt: skip
TRANSITIONS = tuple(
    Transition(kind="deadline", column="state", start=start, end=end, permission=keeper)
    for keeper in _DEADLINE_KEEPERS
    for start, end in (
        ("", DeadlineState.OPEN),
        (DeadlineState.OPEN, DeadlineState.MET),
        (DeadlineState.OPEN, DeadlineState.EXTENDED),
        (DeadlineState.EXTENDED, DeadlineState.MET),
        (DeadlineState.OPEN, DeadlineState.DROPPED),
        (DeadlineState.EXTENDED, DeadlineState.DROPPED),
    )
)
DEADLINE_BEGINS, DEADLINE_MOVES = state_guards("deadline", "state", "test_a_deadline_is_not_opened_again")
MET_HAS_A_MOMENT = Check(
    name="met_has_a_moment",
    table="deadline",
    expression="(state = 'MET') = (met_at IS NOT NULL)",
    message=N_("A deadline is met at a moment, and only then."),
    attacked_by="test_a_met_deadline_has_its_moment",
)
DEADLINE_IS_MET_NOW = Refusal(
    name="deadline_is_met_now",
    table="deadline",
    on="UPDATE OF met_at",
    when="NEW.met_at IS NOT NULL AND NOT qms_is_now(NEW.met_at)",
    message=N_("A deadline is met now, by the database's clock, not at another time."),
    attacked_by="test_a_deadline_is_not_met_at_another_time_than_now",
)
EXTENSION_HAS_A_REASON = Check(
    name="extension_has_a_reason",
    table="deadline",
    expression="state <> 'EXTENDED' OR (extended_to IS NOT NULL AND extension_reason <> '')",
    message=N_("An extension needs the new date and the reason that the customer was told."),
    attacked_by="test_an_extension_without_reason_is_refused",
)
ONE_DEADLINE_AN_EVENT = Unique(
    name="one_deadline_an_event",
    table="deadline",
    columns=("kind", "record_id", "event"),
    message=N_("This deadline runs already."),
    attacked_by="test_a_deadline_runs_once",
)
