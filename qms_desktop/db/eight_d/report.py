"""The 8D report and its versions: who leads it, how far it is, what was sent, and what the customer said."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.complaint import ComplaintLine
from qms_desktop.db.guards import Applied, Check, Transition, Unique, state_guards
from qms_desktop.db.master_data import Person
from qms_desktop.db.record import (
    BooleanField,
    ChoiceField,
    ForeignKeyField,
    IntegerField,
    NumberField,
    TextField,
    said_by_server,
)
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class ReportState(StrEnum):
    """Where the report stands (domain.md §17)."""

    OPEN = "OPEN"
    VERIFYING = "VERIFYING"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


class ReportKind(StrEnum):
    """How far a version goes: D0-D3, D0-D5 or all."""

    THREE_D = "3D"
    FIVE_D = "5D"
    EIGHT_D = "8D"


class VersionState(StrEnum):
    """Where a version stands (domain.md §17)."""

    DRAFT = "DRAFT"
    REVIEW = "REVIEW"
    APPROVED = "APPROVED"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class EightD(CaseRecord):
    """An 8D report for a complaint line; `revision` is that of its newest version, 0 before the first."""

    number = NumberField()
    complaint_line = ForeignKeyField(ComplaintLine)
    title = TextField()
    leader = ForeignKeyField(Person, null=True)
    champion = ForeignKeyField(Person, null=True)
    revision = IntegerField(constraints=said_by_server("0"))
    round = IntegerField(default=1)
    state = ChoiceField(ReportState)

    class Meta:
        table_name = "eight_d"
        server_columns = ("number", "revision")


class EightDLink(CaseEvent):
    """A complaint line that this report answers; several complaints may stand under one report."""

    eight_d = ForeignKeyField(EightD)
    complaint_line = ForeignKeyField(ComplaintLine)

    class Meta:
        table_name = "eight_d_link"
        across_cases = ("complaint_line",)


class EightDVersion(CaseRecord):
    """One version of the report on its way to the customer."""

    eight_d = ForeignKeyField(EightD)
    revision = IntegerField()
    kind = ChoiceField(ReportKind)
    change_text = TextField(default="")
    state = ChoiceField(VersionState)

    class Meta:
        table_name = "eight_d_version"


class EightDSentBack(CaseEvent):
    """Why a version went back to its author, from the review or after its approval."""

    eight_d_version = ForeignKeyField(EightDVersion)
    reason = TextField()

    class Meta:
        table_name = "eight_d_sent_back"


class EightDDispatch(CaseEvent):
    """How a version left the house, to whom, and the hash of what it said."""

    eight_d_version = ForeignKeyField(EightDVersion, unique=True)
    channel = TextField()
    sent_to = TextField()
    content_hash = TextField()

    class Meta:
        table_name = "eight_d_dispatch"


class EightDCustomerAnswer(CaseEvent):
    """What the customer said to a version."""

    eight_d_version = ForeignKeyField(EightDVersion, unique=True)
    is_accepted = BooleanField()
    text = TextField(default="")

    class Meta:
        table_name = "eight_d_customer_answer"


class EightDEffect(CaseEvent):
    """What the verification found, one a round: whether the measures work (000-T §4.1.11)."""

    eight_d = ForeignKeyField(EightD)
    round = IntegerField()
    is_effective = BooleanField()
    text = TextField()

    class Meta:
        table_name = "eight_d_effect"


class EightDReopening(CaseEvent):
    """Why a closed report was opened again."""

    eight_d = ForeignKeyField(EightD)
    reason = TextField()

    class Meta:
        table_name = "eight_d_reopening"


R, V, P = ReportState, VersionState, Permission
TRANSITIONS = (
    *(
        Transition(kind="eight_d", column="state", start=start, end=end, permission=permission)
        for start, end, permission in (
            ("", R.OPEN, P.EIGHT_D_WRITE),
            (R.OPEN, R.VERIFYING, P.EIGHT_D_WRITE),
            (R.REOPENED, R.VERIFYING, P.EIGHT_D_WRITE),
            (R.VERIFYING, R.REOPENED, P.EIGHT_D_REVIEW),
            (R.VERIFYING, R.CLOSED, P.EIGHT_D_REVIEW),
            (R.CLOSED, R.REOPENED, P.EIGHT_D_REVIEW),
        )
    ),
    *(
        Transition(kind="eight_d_version", column="state", start=start, end=end, permission=permission)
        for start, end, permission in (
            ("", V.DRAFT, P.EIGHT_D_WRITE),
            (V.DRAFT, V.REVIEW, P.EIGHT_D_WRITE),
            (V.REVIEW, V.DRAFT, P.EIGHT_D_REVIEW),
            (V.REVIEW, V.APPROVED, P.EIGHT_D_APPROVE),
            # Content that was changed after the approval makes it void; the version is submitted once more.
            (V.APPROVED, V.DRAFT, P.EIGHT_D_WRITE),
            (V.APPROVED, V.SENT, P.EIGHT_D_SEND),
            (V.SENT, V.ACCEPTED, P.EIGHT_D_SEND),
            (V.SENT, V.REJECTED, P.EIGHT_D_SEND),
        )
    ),
)
NUMBERED = {"eight_d": ("number", "8D")}
REPORT_BEGINS, REPORT_MOVES = state_guards("eight_d", "state", "test_a_report_takes_only_its_own_steps")
VERSION_BEGINS, VERSION_MOVES = state_guards("eight_d_version", "state", "test_a_version_takes_only_its_own_steps")
CHAMPION_IS_NOT_LEADER = Check(
    name="champion_is_not_leader",
    table="eight_d",
    expression="champion_id IS NULL OR leader_id IS NULL OR champion_id <> leader_id",
    message=N_("The champion gives the means and does not lead. Choose another person."),
    attacked_by="test_the_champion_does_not_lead",
)
EIGHT_D_NUMBER_ONCE = Unique(
    name="eight_d_number_once",
    table="eight_d",
    columns=("number",),
    message=N_("This 8D number exists already."),
    attacked_by="test_a_report_number_is_given_once",
)
ONE_REPORT_A_LINE = Unique(
    name="one_report_a_line",
    table="eight_d_link",
    columns=("complaint_line_id",),
    message=N_("This complaint line has its 8D report already."),
    attacked_by="test_a_complaint_line_has_one_report",
)
ONE_OPEN_VERSION = Unique(
    name="one_open_version",
    table="eight_d_version",
    columns=("eight_d_id",),
    where="state IN ('DRAFT', 'REVIEW', 'APPROVED')",
    message=N_("A version of this report is still on its way. Send it before you begin the next."),
    attacked_by="test_a_report_has_one_open_version",
)
NEXT_REVISION = Applied(
    name="next_revision",
    table="eight_d_version",
    on="INSERT",
    statement="UPDATE eight_d SET revision = revision + 1 WHERE id = NEW.eight_d_id AND revision + 1 = NEW.revision"
    " AND state <> 'CLOSED'",
    message=N_("The versions of a report are counted without gaps, and a closed report gets none. Reload the page."),
    attacked_by="test_revisions_are_counted_without_gaps",
)
