"""What the customer reported: the complaint, its lines, and what was done at once to contain it."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseFile, CaseRecord, Deadline
from qms_desktop.db.guards import Check, Transition, Unique, state_guards
from qms_desktop.db.master_data import Customer, DefectCode, Lot, Product
from qms_desktop.db.record import (
    BooleanField,
    ChoiceField,
    ForeignKeyField,
    IntegerField,
    MomentField,
    NumberField,
    TextField,
)
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class Channel(StrEnum):
    """How the complaint reached the plant (000-T §4.1.1)."""

    PHONE = "PHONE"
    FAX = "FAX"
    EMAIL = "EMAIL"
    WECHAT = "WECHAT"
    PORTAL = "PORTAL"
    SITE_VISIT = "SITE_VISIT"
    RESIDENT = "RESIDENT"
    IN_PERSON = "IN_PERSON"
    NOTICE = "NOTICE"


class ComplaintClass(StrEnum):
    """What the complaint is about (003-A §3.1)."""

    QUALITY = "QUALITY"
    SERVICE = "SERVICE"
    ATTITUDE = "ATTITUDE"
    DELIVERY = "DELIVERY"
    PAPERS = "PAPERS"


class Urgency(StrEnum):
    """Urgent or not (000-T §4.1.6-4.1.7)."""

    URGENT = "URGENT"
    NORMAL = "NORMAL"


class Severity(StrEnum):
    """How grave it is (002-1 §4.1; 003-A §7.1.6)."""

    GENERAL = "GENERAL"
    MEDIUM = "MEDIUM"
    SEVERE = "SEVERE"
    MAJOR = "MAJOR"


class ComplaintState(StrEnum):
    """Where the complaint stands (domain.md §17)."""

    REGISTERED = "REGISTERED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    CONTAINED = "CONTAINED"
    ANALYSIS = "ANALYSIS"
    REPLIED = "REPLIED"
    VERIFYING = "VERIFYING"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"


class ReplyKind(StrEnum):
    """What was told to the customer."""

    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    WRITTEN = "WRITTEN"
    CAUSES_AND_MEASURES = "CAUSES_AND_MEASURES"
    EXTENSION = "EXTENSION"


class Complaint(CaseRecord):
    """A customer's complaint; the clock starts at `received_at`, the customer's own time stamp."""

    number = NumberField()
    customer = ForeignKeyField(Customer)
    customer_reference = TextField(default="")
    channel = ChoiceField(Channel)
    received_at = MomentField()
    complaint_class = ChoiceField(ComplaintClass)
    urgency = ChoiceField(Urgency)
    severity = ChoiceField(Severity)
    is_batch = BooleanField(default=False)
    is_performance = BooleanField(default=False)
    is_strong_reaction = BooleanField(default=False)
    is_banned_substance = BooleanField(default=False)
    is_formal = BooleanField(default=True)
    own_limit_hours = IntegerField(null=True)
    demand = TextField(default="")
    state = ChoiceField(ComplaintState)
    round = IntegerField(default=1)

    class Meta:
        server_columns = ("number",)


class ComplaintLine(CaseRecord):
    """One product and lot that the customer complains of; pieces in the product's unit."""

    complaint = ForeignKeyField(Complaint, backref="lines")
    position = IntegerField()
    product = ForeignKeyField(Product)
    lot_number = TextField(default="")
    lot = ForeignKeyField(Lot, null=True)
    order_no = TextField(default="")
    date_code = TextField(default="")
    pieces_complained = IntegerField()
    pieces_shipped = IntegerField(null=True)
    defect_code = ForeignKeyField(DefectCode, null=True)
    customer_words = TextField()
    found_where = TextField(default="")
    found_conditions = TextField(default="")
    tests_done = TextField(default="")
    demand = TextField(default="")

    class Meta:
        table_name = "complaint_line"


class Containment(CaseEvent):
    """Something done at once so that no more bad pieces reach anybody (000-T §4.1.4; 003-A §5.1)."""

    complaint = ForeignKeyField(Complaint)
    place = TextField()
    measure = TextField()
    pieces = IntegerField(null=True)
    lot = ForeignKeyField(Lot, null=True)


class CustomerReply(CaseEvent):
    """An answer that went to the customer, and how."""

    complaint = ForeignKeyField(Complaint)
    kind = ChoiceField(ReplyKind)
    text = TextField()
    sent_by = TextField(default="")

    class Meta:
        table_name = "customer_reply"


S, P = ComplaintState, Permission
TRANSITIONS = tuple(
    Transition(kind="complaint", column="state", start=start, end=end, permission=permission)
    for start, end, permission in (
        ("", S.REGISTERED, P.COMPLAINT_REGISTER),
        (S.REGISTERED, S.ACCEPTED, P.COMPLAINT_ACCEPT),
        (S.REGISTERED, S.REFUSED, P.COMPLAINT_ACCEPT),
        (S.ACCEPTED, S.CONTAINED, P.COMPLAINT_CONTAIN),
        (S.ACCEPTED, S.ANALYSIS, P.COMPLAINT_ANALYSE),
        (S.CONTAINED, S.ANALYSIS, P.COMPLAINT_ANALYSE),
        (S.ANALYSIS, S.REPLIED, P.COMPLAINT_REPLY),
        (S.REPLIED, S.VERIFYING, P.COMPLAINT_CLOSE),
        (S.REPLIED, S.ANALYSIS, P.COMPLAINT_ANALYSE),
        (S.VERIFYING, S.ANALYSIS, P.COMPLAINT_ANALYSE),
        (S.VERIFYING, S.CLOSED, P.COMPLAINT_CLOSE),
        (S.CLOSED, S.ARCHIVED, P.COMPLAINT_CLOSE),
        (S.CLOSED, S.ANALYSIS, P.COMPLAINT_ANALYSE),
    )
)
COMPLAINT_BEGINS, COMPLAINT_MOVES = state_guards("complaint", "state", "test_a_complaint_takes_only_its_own_steps")
NUMBERED = {"complaint": ("number", "C"), "case_file": ("number", "G")}
LINE_HAS_PIECES = Check(
    name="line_has_pieces",
    table="complaint_line",
    expression="pieces_complained > 0",
    message=N_("A complaint line needs at least one piece. Type how many pieces the customer complains of."),
    attacked_by="test_a_complaint_of_no_pieces_is_refused",
)
OWN_LIMIT_IS_POSITIVE = Check(
    name="own_limit_is_positive",
    table="complaint",
    expression="own_limit_hours IS NULL OR own_limit_hours > 0",
    message=N_("The customer's limit is a number of hours above zero, or empty."),
    attacked_by="test_a_limit_of_no_hours_is_refused",
)
COMPLAINT_NUMBER_ONCE = Unique(
    name="complaint_number_once",
    table="complaint",
    columns=("number",),
    message=N_("This complaint number exists already."),
    attacked_by="test_a_number_is_given_once",
)
POSITION_ONCE = Unique(
    name="complaint_position_once",
    table="complaint_line",
    columns=("complaint_id", "position"),
    message=N_("This complaint has such a line already."),
    attacked_by="test_a_complaint_line_has_its_own_position",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.COMPLAINT_REGISTER: (
        insert(CaseFile),
        insert(Complaint),
        insert(ComplaintLine),
        insert(Deadline),
    ),
    P.COMPLAINT_ACCEPT: (update(Complaint, "state", "version", "complaint_class", "urgency", "severity"),),
    P.COMPLAINT_CONTAIN: (
        insert(Containment),
        update(Complaint, "state", "version"),
        update(Deadline, "state", "met_at", "version"),
    ),
    P.COMPLAINT_ANALYSE: (update(Complaint, "state", "version", "round"),),
    P.COMPLAINT_REPLY: (
        insert(CustomerReply),
        update(Complaint, "state", "version"),
        update(Deadline, "state", "met_at", "extended_to", "extension_reason", "version"),
    ),
    P.COMPLAINT_CLOSE: (update(Complaint, "state", "version"),),
}
