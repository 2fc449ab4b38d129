"""What the customer reported: the complaint, its lines, and what was done at once to contain it."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL

from qms_desktop.db.case import CaseEvent, CaseFile, CaseRecord, Deadline
from qms_desktop.db.guards import Check, Refusal, Transition, Unique, state_guards
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


class VerdictOccasion(StrEnum):
    """When the customer said whether he is satisfied: with the answer, or a week after the end (003-C §4)."""

    ANSWER = "ANSWER"
    CALL_BACK = "CALL_BACK"


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
        # Whose complaints these are, newest first; and those of a month.
        indexes = ((("created_by", "id"), False), (("received_at",), False))


ENDED = (ComplaintState.REFUSED, ComplaintState.CLOSED, ComplaintState.ARCHIVED)
# The few that are open still have an index of their own; it is used where the condition stands in the same words.
STILL_OPEN = SQL(f"state NOT IN {tuple(map(str, ENDED))}")
Complaint.add_index(Complaint.index(Complaint.id, name="complaint_open", where=STILL_OPEN))


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


class ComplaintRefusal(CaseEvent):
    """Why a complaint is not taken on, as the customer was told (003-H §5.1.2)."""

    complaint = ForeignKeyField(Complaint)
    reason = TextField()

    class Meta:
        table_name = "complaint_refusal"


class CustomerVerdict(CaseEvent):
    """Whether the customer is satisfied, who said so, and in which round: with the answer, or when called back."""

    complaint = ForeignKeyField(Complaint)
    round = IntegerField()
    occasion = ChoiceField(VerdictOccasion)
    is_satisfied = BooleanField()
    said_by = TextField()
    text = TextField(default="")

    class Meta:
        table_name = "customer_verdict"


class ComplaintClosing(CaseEvent):
    """How the effect was confirmed and what became standard, for the round that closes (000-T §4.1.11)."""

    complaint = ForeignKeyField(Complaint)
    round = IntegerField()
    text = TextField()

    class Meta:
        table_name = "complaint_closing"


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
        (S.REPLIED, S.VERIFYING, P.COMPLAINT_TAKE_VERDICT),
        (S.REPLIED, S.ANALYSIS, P.COMPLAINT_TAKE_VERDICT),
        (S.REPLIED, S.ANALYSIS, P.COMPLAINT_ANALYSE),
        (S.VERIFYING, S.ANALYSIS, P.COMPLAINT_ANALYSE),
        (S.VERIFYING, S.CLOSED, P.COMPLAINT_CLOSE),
        (S.CLOSED, S.ARCHIVED, P.COMPLAINT_TAKE_VERDICT),
        (S.CLOSED, S.ANALYSIS, P.COMPLAINT_TAKE_VERDICT),
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
COMPLAINT_KEEPS_ITS_CLOCKS = Refusal(
    name="complaint_keeps_what_set_its_clocks",
    table="complaint",
    on="UPDATE OF complaint_class, urgency, severity, received_at, own_limit_hours",
    when="TRUE",
    message=N_("Class, urgency and severity set the limits of the complaint when it came. They are not changed."),
    attacked_by="test_what_set_the_clocks_of_a_complaint_stays",
)
CONTAINMENT_SAYS_WHAT = Check(
    name="containment_says_what",
    table="containment",
    expression="place <> '' AND measure <> '' AND (pieces IS NULL OR pieces >= 0)",
    message=N_("A measure says where and what was done, and of how many pieces."),
    attacked_by="test_a_measure_and_an_answer_say_something",
)
REPLY_SAYS_SOMETHING = Check(
    name="reply_says_something",
    table="customer_reply",
    expression="text <> ''",
    message=N_("Write what the customer was told."),
    attacked_by="test_a_measure_and_an_answer_say_something",
)
_SATISFIED = (
    "EXISTS (SELECT 1 FROM customer_verdict v WHERE v.complaint_id = NEW.id AND v.round = NEW.round"
    " AND v.is_satisfied AND v.occasion = '{occasion}')"
)
VERDICT_FITS_THE_STATE = Refusal(
    name="verdict_fits_the_state",
    table="customer_verdict",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM complaint c WHERE c.id = NEW.complaint_id AND c.round = NEW.round"
    " AND (NEW.occasion = 'ANSWER' AND c.state = 'REPLIED' OR NEW.occasion = 'CALL_BACK' AND c.state = 'CLOSED'))",
    message=N_("The customer is asked after the answer with causes and measures, and called back after the end."),
    attacked_by="test_a_verdict_is_taken_only_after_the_answer_or_the_end",
)
VERDICT_NAMES_WHO = Check(
    name="verdict_names_who",
    table="customer_verdict",
    expression="said_by <> '' AND (is_satisfied OR text <> '')",
    message=N_("Write who at the customer said so, and in the customer's words why he is not satisfied."),
    attacked_by="test_a_verdict_is_taken_only_after_the_answer_or_the_end",
)
VERIFIED_WHEN_SATISFIED = Refusal(
    name="verified_when_satisfied",
    table="complaint",
    on="UPDATE OF state",
    when=f"NEW.state = 'VERIFYING' AND OLD.state <> 'VERIFYING' AND NOT {_SATISFIED.format(occasion='ANSWER')}",
    message=N_("The effect is verified after the customer is satisfied with the answer."),
    attacked_by="test_a_complaint_is_not_closed_over_the_customers_head",
)
CLOSED_WHEN_SATISFIED = Refusal(
    name="closed_when_satisfied",
    table="complaint",
    on="UPDATE OF state",
    when="NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED' AND NOT (EXISTS (SELECT 1 FROM complaint_closing e"
    f" WHERE e.complaint_id = NEW.id AND e.round = NEW.round AND e.text <> '') AND"
    f" {_SATISFIED.format(occasion='ANSWER')})",
    message=N_("A complaint is closed when the customer is satisfied and the effect is confirmed in writing."),
    attacked_by="test_a_complaint_is_not_closed_over_the_customers_head",
)
ARCHIVED_AFTER_THE_CALL_BACK = Refusal(
    name="archived_after_the_call_back",
    table="complaint",
    on="UPDATE OF state",
    when=f"NEW.state = 'ARCHIVED' AND OLD.state <> 'ARCHIVED' AND NOT {_SATISFIED.format(occasion='CALL_BACK')}",
    message=N_("A complaint is archived when the customer was called back and is still satisfied."),
    attacked_by="test_a_complaint_is_not_closed_over_the_customers_head",
)
COMPLAINT_REFUSED_WITH_A_REASON = Refusal(
    name="complaint_refused_with_a_reason",
    table="complaint",
    on="UPDATE OF state",
    when="NEW.state = 'REFUSED' AND OLD.state <> 'REFUSED' AND NOT EXISTS (SELECT 1 FROM complaint_refusal r"
    " WHERE r.complaint_id = NEW.id AND r.reason <> '')",
    message=N_("A complaint is refused with the reason, as the customer was told."),
    attacked_by="test_a_complaint_is_not_refused_without_a_reason",
)
ROUND_GROWS_BY_ONE = Refusal(
    name="round_grows_by_one",
    table="complaint",
    on="UPDATE OF round",
    when="NEW.round <> OLD.round AND NOT (NEW.round = OLD.round + 1 AND NEW.state = 'ANALYSIS'"
    " AND OLD.state IN ('REPLIED', 'VERIFYING', 'CLOSED'))",
    message=N_("A new round begins only when the analysis begins again."),
    attacked_by="test_the_rounds_of_a_complaint_are_not_counted_away",
)
COMPLAINED_IS_NOT_LATER = Refusal(
    name="complained_is_not_later",
    table="complaint",
    on="INSERT",
    # The clocks start at this moment: one of tomorrow would win a day.
    when="NEW.received_at > qms_now() AND NOT qms_is_now(NEW.received_at)",
    message=N_("A complaint cannot come later than now. Check the time."),
    attacked_by="test_a_complaint_of_tomorrow_is_refused",
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
    P.COMPLAINT_ACCEPT: (
        insert(ComplaintRefusal),
        update(Complaint, "state", "version"),
        update(Deadline, "state", "version"),
    ),
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
    P.COMPLAINT_TAKE_VERDICT: (
        insert(CustomerVerdict),
        update(Complaint, "state", "version", "round"),
        update(Deadline, "state", "met_at", "version"),
    ),
    P.COMPLAINT_CLOSE: (
        insert(ComplaintClosing),
        insert(Deadline),
        update(Complaint, "state", "version"),
    ),
}
