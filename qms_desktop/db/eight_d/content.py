"""What the sections of an 8D report say: single texts, and a table of its own for everything that repeats.

A row that is taken out stays with `is_removed`: nothing that was written is lost. The words of choice in the rows are
those of the report's content (steps/eight_d_content/codes.py); shares and percentages are in 1/100 of a percent.
"""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.attachment import Attachment
from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.eight_d.report import EightD
from qms_desktop.db.record import (
    BooleanField,
    ChoiceField,
    DayField,
    ForeignKeyField,
    IntegerField,
    MomentField,
    TextField,
)


class Section(StrEnum):
    """A part of the report that one person edits at a time."""

    D0 = "D0"
    D1 = "D1"
    D2 = "D2"
    D3 = "D3"
    D4 = "D4"
    D5 = "D5"
    D6 = "D6"
    D7 = "D7"
    D8 = "D8"
    GOODS = "GOODS"


class Nature(StrEnum):
    """What a preventive action changes; inspection and audits prevent nothing (000-T D7 a-b)."""

    DESIGN = "DESIGN"
    PROCESS = "PROCESS"
    SYSTEM = "SYSTEM"
    TRAINING = "TRAINING"
    INSPECTION = "INSPECTION"
    AUDIT = "AUDIT"


class EightDSection(CaseRecord):
    """A section: how far it is, whose it is; its `version` guards its texts and rows against a second editor."""

    eight_d = ForeignKeyField(EightD)
    section = ChoiceField(Section)
    progress = TextField(default="not_begun")
    done_on = DayField(null=True)
    due_at = MomentField(null=True)
    owner = TextField(default="")
    saved_by = TextField(null=True)
    saved_at = MomentField(null=True)

    class Meta:
        table_name = "eight_d_section"
        server_columns = ("saved_by", "saved_at")


class EightDText(CaseRecord):
    """One field of a section that stands once; days, moments and numbers are kept as their canonical text."""

    eight_d = ForeignKeyField(EightD)
    section = ChoiceField(Section)
    field = TextField()
    text = TextField()

    class Meta:
        table_name = "eight_d_text"


class EightDWording(CaseRecord):
    """How a sentence of this report reads in another language."""

    eight_d = ForeignKeyField(EightD)
    language = TextField()
    source = TextField()
    text = TextField()

    class Meta:
        table_name = "eight_d_wording"


class EightDAuthor(CaseEvent):
    """Somebody who wrote at this report: nobody reviews or approves what he wrote."""

    eight_d = ForeignKeyField(EightD)

    class Meta:
        table_name = "eight_d_author"


class EightDRow(CaseRecord):
    """A row of something that repeats."""

    eight_d = ForeignKeyField(EightD, backref="+")
    position = IntegerField()
    is_removed = BooleanField(default=False)


class EightDEmergency(EightDRow):
    """D0: what was done at once."""

    action = TextField()
    owner = TextField(default="")
    started_at = MomentField(null=True)

    class Meta:
        table_name = "eight_d_emergency"


class EightDMember(EightDRow):
    """D1: a person of the team."""

    name = TextField()
    role = TextField()
    function = TextField(default="")
    contact = TextField(default="")
    duty = TextField(default="")

    class Meta:
        table_name = "eight_d_member"


class EightDMeeting(EightDRow):
    """D1: a meeting of the team before drafting and signing."""

    held_at = MomentField()
    minutes = TextField()
    subject = TextField(default="")

    class Meta:
        table_name = "eight_d_meeting"


class EightDAnswer(EightDRow):
    """D2: the answer to one of the seven questions."""

    question = TextField()
    answer = TextField(default="")

    class Meta:
        table_name = "eight_d_answer"


class EightDComparison(EightDRow):
    """D2: a row of is and is not; `explained_by` holds codes of causes, separated by commas."""

    aspect = TextField()
    is_seen = TextField()
    is_not_seen = TextField()
    difference = TextField(default="")
    explained_by = TextField(default="")

    class Meta:
        table_name = "eight_d_comparison"


class EightDFinding(EightDRow):
    """D2: a characteristic as the plant itself measured it."""

    characteristic = TextField()
    value_text = TextField()
    limit_text = TextField()
    unit = TextField()
    condition = TextField(default="")
    pieces_measured = IntegerField(null=True)
    report_number = TextField(default="")
    conforms = BooleanField(default=False)

    class Meta:
        table_name = "eight_d_finding"


class EightDPhoto(EightDRow):
    """D2: a picture of the defect; what is printed of it stands here by its hash, so that a signature covers it."""

    attachment = ForeignKeyField(Attachment)
    copy_sha256 = TextField()
    caption = TextField()
    taken_at = MomentField(null=True)
    taken_by = TextField(default="")

    class Meta:
        table_name = "eight_d_photo"
        # A complaint that the report answers may lie in another case; PHOTO_IS_EVIDENCE says what may be shown.
        across_cases = ("attachment",)


class EightDSuspect(EightDRow):
    """D3: suspect goods at one of the six places; pieces, or the reason why there are none."""

    place = TextField()
    lot = TextField(default="")
    quantity = IntegerField(null=True)
    checked = IntegerField(null=True)
    ok = IntegerField(null=True)
    not_ok = IntegerField(null=True)
    method = TextField(default="")
    none_because = TextField(default="")
    owner = TextField(default="")
    started_on = DayField(null=True)
    in_force_on = DayField(null=True)
    evidence = TextField(default="")

    class Meta:
        table_name = "eight_d_suspect"


class EightDCandidate(EightDRow):
    """D4: a potential cause and its verdict."""

    category = TextField()
    text = TextField()
    verdict = TextField()
    code = TextField(default="")
    reason = TextField(default="")

    class Meta:
        table_name = "eight_d_candidate"


class EightDCause(EightDRow):
    """D4: a root cause of occurrence, escape or system, with its share of its kind."""

    kind = TextField()
    code = TextField()
    category = TextField()
    title = TextField()
    share_basis_points = IntegerField(null=True)
    root = TextField(default="")
    stopped_because = TextField(default="")
    proof = TextField(default="")

    class Meta:
        table_name = "eight_d_cause"


class EightDWhy(EightDRow):
    """D4: one answer of the chain of whys of a cause."""

    cause_code = TextField()
    fact = TextField()
    evidence = TextField(default="")

    class Meta:
        table_name = "eight_d_why"


class EightDAction(EightDRow):
    """D5: a chosen action; `causes` holds the codes of the causes it removes, separated by commas."""

    number = TextField()
    causes = TextField()
    action = TextField()
    strength = TextField(default="")
    verified_before = TextField(default="")
    effectiveness_basis_points = IntegerField(null=True)
    owner = TextField(default="")
    due_on = DayField(null=True)

    class Meta:
        table_name = "eight_d_action"


class EightDImplementation(EightDRow):
    """D6: how an action was introduced."""

    action_number = TextField()
    introduced_on = DayField(null=True)
    clean_point = TextField(default="")
    evidence = TextField(default="")
    owner = TextField(default="")
    progress = TextField(default="open")

    class Meta:
        table_name = "eight_d_implementation"


class EightDLot(EightDRow):
    """D6: pieces checked and found defective in one lot, before or after the clean point."""

    lot = TextField()
    pieces_checked = IntegerField()
    pieces_not_ok = IntegerField()
    after = BooleanField(default=False)

    class Meta:
        table_name = "eight_d_lot"


class EightDPrevention(EightDRow):
    """D7: an action against recurrence elsewhere."""

    number = TextField()
    action = TextField()
    nature = ChoiceField(Nature)
    owner = TextField(default="")
    due_on = DayField(null=True)

    class Meta:
        table_name = "eight_d_prevention"


class EightDDocument(EightDRow):
    """D7: a document and its revisions, or why it does not change."""

    kind = TextField()
    number = TextField()
    old_revision = TextField(default="")
    new_revision = TextField(default="")
    change = TextField(default="")
    no_change_because = TextField(default="")
    owner = TextField(default="")
    released_on = DayField(null=True)

    class Meta:
        table_name = "eight_d_document"


class EightDReadAcross(EightDRow):
    """D7: where else the cause was looked for, and what was decided."""

    direction = TextField()
    target = TextField()
    same = TextField(default="")
    decision = TextField(default="")
    owner = TextField(default="")
    done_on = DayField(null=True)
    progress = TextField(default="open")

    class Meta:
        table_name = "eight_d_read_across"


class EightDRefused(EightDRow):
    """Returned goods: units of one refusal class (003-A §6.8.3)."""

    refusal = TextField()
    reason = TextField(default="")
    pieces = IntegerField(default=0)
    treatment = TextField(default="")

    class Meta:
        table_name = "eight_d_refused"


class EightDHeap(EightDRow):
    """Returned goods: a heap of accepted units and its final treatment (003-A §6.8.7)."""

    name = TextField()
    reason = TextField(default="")
    pieces = IntegerField(default=0)
    treatment = TextField(default="")

    class Meta:
        table_name = "eight_d_heap"


class EightDAttached(EightDRow):
    """D8: a record that goes with the report, by the number that the text quotes."""

    number = TextField()
    title = TextField()

    class Meta:
        table_name = "eight_d_attached"


ROWS: dict[type[EightDRow], Section] = {
    EightDEmergency: Section.D0,
    EightDMember: Section.D1,
    EightDMeeting: Section.D1,
    EightDAnswer: Section.D2,
    EightDComparison: Section.D2,
    EightDFinding: Section.D2,
    EightDPhoto: Section.D2,
    EightDSuspect: Section.D3,
    EightDCandidate: Section.D4,
    EightDCause: Section.D4,
    EightDWhy: Section.D4,
    EightDAction: Section.D5,
    EightDImplementation: Section.D6,
    EightDLot: Section.D6,
    EightDPrevention: Section.D7,
    EightDDocument: Section.D7,
    EightDReadAcross: Section.D7,
    EightDRefused: Section.GOODS,
    EightDHeap: Section.GOODS,
    EightDAttached: Section.D8,
}
