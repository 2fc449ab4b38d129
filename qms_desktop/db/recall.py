"""A recall: what was suspected, how far it reaches, who was heard, what was decided, and how it runs."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.complaint import ComplaintLine
from qms_desktop.db.guards import Applied, Check, Refusal, Transition, Unique, state_guards
from qms_desktop.db.master_data import Customer, Lot, ShipmentLine
from qms_desktop.db.record import (
    BooleanField,
    ChoiceField,
    ForeignKeyField,
    IntegerField,
    MomentField,
    NumberField,
    TextField,
    said_by_server,
)
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.db.signed_content import Part, Signable
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role


class RecallTrigger(StrEnum):
    """Why a recall is thought of (003-A §6.9; 000-T §4.1.10)."""

    SAFETY_OR_KEY = "SAFETY_OR_KEY"
    BANNED_SUBSTANCE = "BANNED_SUBSTANCE"


class RecallState(StrEnum):
    """Where the recall stands (domain.md §17)."""

    SUSPECTED = "SUSPECTED"
    ASSESSED = "ASSESSED"
    REPORTED = "REPORTED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"


class Seat(StrEnum):
    """Who is heard before the general manager decides; each word is the role that may speak from this seat."""

    QUALITY = "quality_manager"
    PRODUCTION = "production"
    SALES = "sales_manager"
    PRODUCT_SAFETY = "product_safety"


class ProgressKind(StrEnum):
    """What was heard of a shipment that is called back."""

    INFORMED = "INFORMED"
    RECOVERED = "RECOVERED"
    CHECKED_GOOD = "CHECKED_GOOD"
    SCRAPPED_THERE = "SCRAPPED_THERE"
    USED_UP = "USED_UP"


class Recall(CaseRecord):
    """A recall, from the suspicion on; pieces are counted by the database."""

    number = NumberField()
    complaint_line = ForeignKeyField(ComplaintLine)
    trigger_kind = ChoiceField(RecallTrigger)
    question = TextField(default="")
    scope = TextField(default="")
    known_until = MomentField(null=True)
    pieces_found = IntegerField(constraints=said_by_server("0"))
    state = ChoiceField(RecallState)

    class Meta:
        server_columns = ("number", "pieces_found")


class RecallLot(CaseRecord):
    """A lot of the what-if: one that was asked for, or a finished lot that the trace led to."""

    recall = ForeignKeyField(Recall)
    lot = ForeignKeyField(Lot)
    is_asked = BooleanField()
    pieces_built = IntegerField(null=True)
    pieces_in_stock = IntegerField(default=0)

    class Meta:
        table_name = "recall_lot"


class RecallLine(CaseRecord):
    """One shipment that the what-if found, frozen; `is_in_scope` says whether it is called back."""

    recall = ForeignKeyField(Recall)
    shipment_line = ForeignKeyField(ShipmentLine)
    customer = ForeignKeyField(Customer)
    lot = ForeignKeyField(Lot)
    pieces = IntegerField()
    is_complainant = BooleanField()
    is_in_scope = BooleanField()
    scope_reason = TextField(default="")
    found_by = TextField(default="")
    pieces_settled = IntegerField(constraints=said_by_server("0"))

    class Meta:
        table_name = "recall_line"
        server_columns = ("pieces_settled",)


class RecallOpenPoint(CaseRecord):
    """Something that cannot be ruled out, and why; `pieces` is empty when not even the number is known."""

    recall = ForeignKeyField(Recall)
    subject = TextField()
    why = TextField()
    pieces = IntegerField(null=True)
    owner = TextField(default="")

    class Meta:
        table_name = "recall_open_point"


class RecallHearing(CaseEvent):
    """What one of the four seats said to the scope as it stood then."""

    recall = ForeignKeyField(Recall)
    seat = ChoiceField(Seat)
    opinion = TextField()
    content_hash = TextField()

    class Meta:
        table_name = "recall_hearing"


class RecallDecision(CaseEvent):
    """The general manager's decision and its reason."""

    recall = ForeignKeyField(Recall, unique=True)
    is_approved = BooleanField()
    reason = TextField()

    class Meta:
        table_name = "recall_decision"


class RecallProgress(CaseEvent):
    """A customer was told, or pieces came back or were accounted for."""

    recall_line = ForeignKeyField(RecallLine)
    kind = ChoiceField(ProgressKind)
    pieces = IntegerField()
    text = TextField(default="")

    class Meta:
        table_name = "recall_progress"


S, P = RecallState, Permission
TRANSITIONS = tuple(
    Transition(kind="recall", column="state", start=start, end=end, permission=permission)
    for start, end, permission in (
        ("", S.SUSPECTED, P.RECALL_ASSESS),
        (S.SUSPECTED, S.ASSESSED, P.RECALL_ASSESS),
        (S.ASSESSED, S.SUSPECTED, P.RECALL_ASSESS),
        (S.ASSESSED, S.REPORTED, P.RECALL_ASSESS),
        (S.REPORTED, S.ASSESSED, P.RECALL_ASSESS),
        (S.REPORTED, S.APPROVED, P.RECALL_DECIDE),
        (S.REPORTED, S.DECLINED, P.RECALL_DECIDE),
        (S.APPROVED, S.RUNNING, P.RECALL_RUN),
        (S.RUNNING, S.COMPLETE, P.RECALL_RUN),
    )
)
NUMBERED = {"recall": ("number", "RC")}
SIGNED = Signable(
    kind="recall",
    table="recall",
    meanings={"DECIDE": P.RECALL_DECIDE, "DECLINE": P.RECALL_DECIDE},
    columns=(
        "number",
        "case_id",
        "complaint_line_id",
        "trigger_kind",
        "question",
        "scope",
        "known_until",
        "pieces_found",
    ),
    parts=(
        Part("recall_lot", "recall_id", ("lot_id", "is_asked", "pieces_built", "pieces_in_stock")),
        Part(
            "recall_line",
            "recall_id",
            ("shipment_line_id", "customer_id", "lot_id", "pieces", "is_complainant", "is_in_scope", "scope_reason"),
        ),
        Part("recall_open_point", "recall_id", ("subject", "why", "pieces", "owner")),
    ),
)
SIGNED_HOLD = Signable(
    kind="lot_hold",
    table="lot_hold",
    meanings={"RELEASE": P.HOLD_RELEASE},
    columns=("lot_id", "case_id", "reason"),
)
RECALL_BEGINS, RECALL_MOVES = state_guards("recall", "state", "test_a_recall_takes_only_its_own_steps")
ONE_RECALL_A_LINE = Unique(
    name="one_recall_a_line",
    table="recall",
    columns=("complaint_line_id",),
    message=N_("The recall of this complaint line is assessed already."),
    attacked_by="test_a_complaint_line_has_one_recall",
)
RECALL_NUMBER_ONCE = Unique(
    name="recall_number_once",
    table="recall",
    columns=("number",),
    message=N_("This recall number exists already."),
    attacked_by="test_a_recall_number_is_given_once",
)
SHIPMENT_ONCE_A_RECALL = Unique(
    name="shipment_once_a_recall",
    table="recall_line",
    columns=("recall_id", "shipment_line_id"),
    message=N_("This shipment is in the scope already."),
    attacked_by="test_a_shipment_is_in_a_scope_once",
)
RECALL_LINE_IS_THE_SHIPMENT = Refusal(
    name="recall_line_is_the_shipment",
    table="recall_line",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM shipment_line s WHERE s.id = NEW.shipment_line_id"
    " AND s.customer_id = NEW.customer_id AND s.lot_id = NEW.lot_id AND s.pieces_shipped = NEW.pieces)"
    " OR NEW.is_complainant <> EXISTS (SELECT 1 FROM recall r JOIN complaint_line l ON l.id = r.complaint_line_id"
    " JOIN complaint c ON c.id = l.complaint_id WHERE r.id = NEW.recall_id AND c.customer_id = NEW.customer_id)",
    message=N_("A line of the scope says what the shipment says: customer, lot and pieces."),
    attacked_by="test_a_scope_line_says_what_the_shipment_says",
)
RECALL_LINE_TOTAL = Applied(
    name="recall_line_total",
    table="recall_line",
    on="INSERT",
    statement="UPDATE recall SET pieces_found = pieces_found + CASE WHEN NEW.is_complainant THEN 0 ELSE NEW.pieces END"
    " WHERE id = NEW.recall_id AND state = 'SUSPECTED'",
    message=N_("The scope is frozen. Suspect anew before you trace again."),
    attacked_by="test_nothing_is_slipped_into_a_frozen_scope",
)
RECALL_LINE_IS_FROZEN = Refusal(
    name="recall_line_is_frozen",
    table="recall_line",
    on="UPDATE OF recall_id, shipment_line_id, customer_id, lot_id, pieces, is_complainant, is_in_scope, scope_reason",
    when="NEW.recall_id <> OLD.recall_id OR NEW.shipment_line_id <> OLD.shipment_line_id"
    " OR NEW.customer_id <> OLD.customer_id OR NEW.lot_id <> OLD.lot_id OR NEW.pieces <> OLD.pieces"
    " OR NEW.is_complainant <> OLD.is_complainant"
    " OR (NEW.is_in_scope <> OLD.is_in_scope OR NEW.scope_reason <> OLD.scope_reason)"
    " AND NOT EXISTS (SELECT 1 FROM recall r WHERE r.id = NEW.recall_id AND r.state = 'ASSESSED')",
    message=N_("The scope that was reported is fixed. Take the report back before you change it."),
    attacked_by="test_a_decided_scope_is_not_changed",
)
_UNFROZEN = "EXISTS (SELECT 1 FROM recall r WHERE r.id = NEW.recall_id AND r.state IN ('SUSPECTED', 'ASSESSED'))"
OPEN_POINT_BEFORE_REPORT, OPEN_POINT_IS_FROZEN, RECALL_LOT_BEFORE_REPORT, RECALL_LOT_IS_FROZEN = (
    Refusal(
        name=f"{table}_{on.lower()}_before_report",
        table=table,
        on=on,
        when=f"NOT {_UNFROZEN}",
        message=N_("The scope that was reported is fixed. Take the report back before you change it."),
        attacked_by="test_a_decided_scope_is_not_changed",
    )
    for table in ("recall_open_point", "recall_lot")
    for on in ("INSERT", "UPDATE")
)
RECALL_TEXT_IS_FROZEN = Refusal(
    name="recall_text_is_frozen",
    table="recall",
    on="UPDATE OF question, scope, known_until",
    when="(NEW.question <> OLD.question OR NEW.scope <> OLD.scope"
    " OR NEW.known_until IS DISTINCT FROM OLD.known_until) AND OLD.state NOT IN ('SUSPECTED', 'ASSESSED')",
    message=N_("The scope that was reported is fixed. Take the report back before you change it."),
    attacked_by="test_a_decided_scope_is_not_changed",
)
NARROWED_WITH_A_REASON = Check(
    name="narrowed_with_a_reason",
    table="recall_line",
    expression="is_in_scope AND NOT is_complainant OR NOT is_in_scope AND scope_reason <> ''",
    message=N_("Write why these pieces are not recalled."),
    attacked_by="test_a_scope_is_not_narrowed_without_a_reason",
)
SEAT_SPEAKS_FOR_ITSELF = Refusal(
    name="seat_speaks_for_itself",
    table="recall_hearing",
    on="INSERT",
    when="NOT qms_holds(NEW.seat) OR NEW.opinion = ''",
    message=N_("Each of the four is heard in person, with an opinion in words."),
    attacked_by="test_nobody_is_heard_for_somebody_else",
)
HEARING_IS_OF_THE_SCOPE = Refusal(
    name="hearing_is_of_the_scope",
    table="recall_hearing",
    on="INSERT",
    when="NEW.content_hash IS DISTINCT FROM qms_content_hash('recall', NEW.recall_id)"
    " OR NOT EXISTS (SELECT 1 FROM recall r WHERE r.id = NEW.recall_id AND r.state = 'ASSESSED')",
    message=N_("The scope was changed while you were reading it, or is not assessed. Read it again."),
    attacked_by="test_a_hearing_is_of_the_scope_as_it_stands",
)
ALL_ARE_HEARD = Refusal(
    name="all_are_heard",
    table="recall",
    on="UPDATE OF state",
    when="NEW.state IN ('REPORTED', 'APPROVED', 'DECLINED') AND NEW.state <> OLD.state"
    " AND (SELECT count(DISTINCT h.seat) FROM recall_hearing h WHERE h.recall_id = NEW.id"
    f" AND h.content_hash = qms_content_hash('recall', NEW.id)) < {len(Seat)}",
    message=N_("Quality, production, sales and product safety are heard on this very scope before it is reported."),
    detail=N_("Still to be heard on this scope: {seats}."),
    attacked_by="test_a_recall_is_not_reported_before_all_are_heard",
)
ASSESSED_WITH_A_SCOPE = Refusal(
    name="assessed_with_a_scope",
    table="recall",
    on="UPDATE OF state",
    when="OLD.state = 'SUSPECTED' AND NEW.state = 'ASSESSED' AND NOT EXISTS"
    " (SELECT 1 FROM recall_lot t WHERE t.recall_id = NEW.id AND t.is_asked)",
    message=N_("Trace a lot first: the assessment needs to know what was asked."),
    attacked_by="test_a_recall_is_not_assessed_without_a_trace",
)


def _decided(meaning: str, is_approved: str) -> str:
    return (
        "(NOT EXISTS (SELECT 1 FROM signature s WHERE s.kind = 'recall' AND s.record_id = NEW.id"
        f" AND s.meaning = '{meaning}' AND s.content_hash = qms_content_hash('recall', NEW.id)"
        " AND ',' || s.roles || ',' LIKE '%,gm,%') OR NOT EXISTS (SELECT 1 FROM recall_decision d"
        f" WHERE d.recall_id = NEW.id AND {is_approved} AND d.reason <> ''))"
    )


DECIDED_BY_GENERAL_MANAGER = Refusal(
    name="decided_by_general_manager",
    table="recall",
    on="UPDATE OF state",
    when="NEW.state <> OLD.state AND (NEW.state = 'APPROVED' AND " + _decided("DECIDE", "d.is_approved")
    + " OR NEW.state = 'DECLINED' AND " + _decided("DECLINE", "NOT d.is_approved") + ")",
    message=N_("A recall is decided by the general manager's signature on this scope, with a reason."),
    attacked_by="test_a_recall_is_not_decided_without_the_general_managers_signature",
)  # fmt: skip
NOTHING_STARTS_BEFORE_THE_SIGNATURE = Refusal(
    name="nothing_starts_before_the_signature",
    table="recall",
    on="UPDATE OF state",
    when="NEW.state = 'RUNNING' AND OLD.state <> 'RUNNING' AND " + _decided("DECIDE", "d.is_approved"),
    message=N_("Nothing is recalled before the general manager has signed."),
    attacked_by="test_nothing_starts_before_the_general_manager_signs",
)
PROGRESS_OF_A_RUNNING_RECALL = Refusal(
    name="progress_of_a_running_recall",
    table="recall_progress",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM recall_line l JOIN recall r ON r.id = l.recall_id WHERE l.id = NEW.recall_line_id"
    " AND r.state = 'RUNNING' AND l.is_in_scope)"
    " OR NEW.pieces < 0 OR (NEW.kind = 'INFORMED') <> (NEW.pieces = 0)",
    message=N_("Only a running recall has progress: customers told, and pieces of its scope accounted for."),
    attacked_by="test_nothing_starts_before_the_general_manager_signs",
)
PROGRESS_SETTLES = Applied(
    name="progress_settles",
    table="recall_progress",
    on="INSERT",
    statement="UPDATE recall_line SET pieces_settled = pieces_settled + NEW.pieces WHERE id = NEW.recall_line_id",
    message=N_("The shipment is not in the scope."),
    attacked_by="test_no_more_pieces_come_back_than_were_shipped",
)
SETTLED_WITHIN_SHIPPED = Check(
    name="settled_within_shipped",
    table="recall_line",
    expression="pieces_settled BETWEEN 0 AND pieces",
    message=N_("No more pieces can be accounted for than were shipped."),
    detail=N_("{pieces} pieces were shipped and {settled} are accounted for; {more} more is too many."),
    attacked_by="test_no_more_pieces_come_back_than_were_shipped",
)
COMPLETE_WHEN_ALL_IS_SETTLED = Refusal(
    name="complete_when_all_is_settled",
    table="recall",
    on="UPDATE OF state",
    when="NEW.state = 'COMPLETE' AND OLD.state <> 'COMPLETE' AND EXISTS (SELECT 1 FROM recall_line l"
    " WHERE l.recall_id = NEW.id AND l.is_in_scope AND (l.pieces_settled < l.pieces OR NOT EXISTS"
    " (SELECT 1 FROM recall_progress p WHERE p.recall_line_id = l.id AND p.kind = 'INFORMED')))",
    message=N_("Customers are still to be told, or pieces still to be accounted for."),
    detail=N_("{pieces} pieces are still to be accounted for, and {customers} shipments still to be announced."),
    attacked_by="test_a_recall_is_not_complete_while_pieces_are_out",
)
HOLD_RELEASED_BY_SIGNATURE = Refusal(
    name="hold_released_by_signature",
    table="lot_hold",
    on="UPDATE OF state",
    when="NEW.state = 'RELEASED' AND OLD.state <> 'RELEASED' AND qms_may('hold.release')"
    " AND NOT EXISTS (SELECT 1 FROM signature s"
    " WHERE s.kind = 'lot_hold' AND s.record_id = NEW.id AND s.meaning = 'RELEASE'"
    " AND s.content_hash = qms_content_hash('lot_hold', NEW.id))",
    message=N_("A hold is released by signature. Type your password."),
    attacked_by="test_a_hold_is_not_released_without_a_signature",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.RECALL_ASSESS: (
        insert(Recall),
        update(Recall, "question", "scope", "known_until", "state", "version"),
        insert(RecallLot),
        update(RecallLot, "pieces_built", "version"),
        insert(RecallLine),
        update(RecallLine, "is_in_scope", "scope_reason", "version"),
        insert(RecallOpenPoint),
    ),
    P.RECALL_HEAR: (insert(RecallHearing),),
    P.RECALL_DECIDE: (insert(RecallDecision), update(Recall, "state", "version")),
    P.RECALL_RUN: (insert(RecallProgress), update(Recall, "state", "version")),
}
SEAT_OF_ROLE: dict[Role, Seat] = {Role(str(seat)): seat for seat in Seat}
