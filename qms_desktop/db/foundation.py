"""The tables that hold the fence itself: kind of database, clock, numbers, transitions, requests, audit, signatures."""

from __future__ import annotations

from qms_desktop.db.guards import Refusal, Unique
from qms_desktop.db.record import (
    BigIntegerField,
    Event,
    IntegerField,
    KeyField,
    MomentField,
    Record,
    TextField,
    said_by_server,
)
from qms_desktop.i18n import N_


class DatabaseKind(Record):
    """The one row that says what the database is for: `real`, `demo` or `test`."""

    kind = TextField()
    plant = TextField(default="")

    class Meta:
        table_name = "database_kind"
        is_machinery = True


class Clock(Record):
    """The moment that `qms_now()` gives in a demo or test database; empty in a real one (database.md §2)."""

    set_to = MomentField()

    class Meta:
        table_name = "clock"
        is_machinery = True


class NumberCounter(Record):
    """The last number of a kind on a day; taken by UPDATE … RETURNING in the insert trigger, so without gaps."""

    prefix = TextField()
    day = TextField()
    last = IntegerField()

    class Meta:
        table_name = "number_counter"
        is_machinery = True
        indexes = ((("prefix", "day"), True),)


class TransitionRow(Record):
    """The steps that a state may take, filled from the TRANSITIONS of all steps."""

    kind = TextField()
    column_name = TextField()
    start_state = TextField()
    end_state = TextField()
    permission = TextField()

    class Meta:
        table_name = "transition"
        is_machinery = True
        indexes = ((("kind", "column_name", "end_state", "start_state", "permission"), True),)


class RolePermission(Record):
    """Which role has which permission, filled from permissions.py."""

    role = TextField()
    permission = TextField()

    class Meta:
        table_name = "role_permission"
        is_machinery = True
        indexes = ((("permission", "role"), True),)


class SignatureRight(Record):
    """Which permission a meaning needs when a kind of record is signed, filled from db/signed_content.py."""

    kind = TextField()
    meaning = TextField()
    permission = TextField()

    class Meta:
        table_name = "signature_right"
        is_machinery = True
        indexes = ((("kind", "meaning"), True),)


class SchemaFile(Record):
    """A numbered schema file that has run, with the SHA-256 of its text."""

    name = TextField(unique=True)
    sha256 = TextField()
    program_version = TextField()

    class Meta:
        table_name = "schema_file"
        is_machinery = True


class Request(Event):
    """A request key and the answer that its verb gave: a retry gets the same answer and books nothing.

    `key` and `content`, the values that were sent, are hashes (db/request.py).
    """

    key = KeyField(unique=True)
    action = TextField()
    content = TextField()
    answer = TextField()

    class Meta:
        table_name = "request"
        is_machinery = True


class AuditEntry(Record):
    """One written row: who, when, from where, what for, and the row before and after, chained by SHA-256.

    One chain a case, or a table for rows without a case. `hash` covers the previous hash and the stored texts.
    """

    chain = TextField()
    position = IntegerField()
    table_name = TextField()
    row_id = BigIntegerField()
    operation = TextField()
    at = MomentField()
    who = TextField()
    address = TextField()
    action = TextField()
    reason = TextField()
    old_row = TextField(null=True)
    new_row = TextField(null=True)
    previous_hash = TextField()
    hash = TextField()

    class Meta:
        table_name = "audit_entry"
        is_machinery = True
        indexes = ((("chain", "position"), True), (("table_name", "row_id"), False))


class Signature(Event):
    """A person's own signature: what was signed, in which meaning, and the hash of the text that was signed.

    It is valid as long as the record's content still has this hash; whatever changes the content voids it.
    """

    case_id = BigIntegerField(null=True)
    kind = TextField()
    record_id = BigIntegerField()
    meaning = TextField()
    content_hash = TextField()
    roles = TextField()
    remark = TextField(default="", constraints=said_by_server("''"))
    connection = TextField()

    class Meta:
        table_name = "signature"
        indexes = ((("kind", "record_id"), False), (("kind", "created_at"), False))


# The column's own unique index, with a sentence: so a verb that books again finds the first answer (action.py).
REQUEST_ONCE = Unique(
    name="request_key",
    table="request",
    columns=("key",),
    message=N_("This was sent already and is booked. Reload the page to see it."),
    attacked_by="test_a_request_key_is_used_once",
)
CLOCK_ONLY_IN_DEMO = Refusal(
    name="clock_only_in_demo",
    table="clock",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM database_kind k WHERE k.kind IN ('demo', 'test'))",
    message=N_("The clock of a real database cannot be set."),
    attacked_by="test_the_clock_of_a_real_database_cannot_be_set",
)
CLOCK_HAS_ONE_ROW = Refusal(
    name="clock_has_one_row",
    table="clock",
    on="INSERT",
    when="EXISTS (SELECT 1 FROM clock)",
    message=N_("The clock is set already. Move it on instead."),
    attacked_by="test_the_clock_has_one_row",
)
DATABASE_KIND_IS_FIXED = Refusal(
    name="database_kind_is_fixed",
    table="database_kind",
    on="UPDATE OF kind",
    when="NEW.kind <> OLD.kind",
    message=N_("What a database is for is decided when it is made, and stays."),
    attacked_by="test_a_real_database_cannot_be_made_a_demo",
)
DATABASE_KIND_HAS_ONE_ROW = Refusal(
    name="database_kind_has_one_row",
    table="database_kind",
    on="INSERT",
    when="EXISTS (SELECT 1 FROM database_kind)",
    message=N_("What a database is for is decided when it is made, and stays."),
    attacked_by="test_a_real_database_cannot_be_made_a_demo",
)
SIGNATURE_IS_OF_THE_CONTENT = Refusal(
    name="signature_is_of_the_content",
    table="signature",
    on="INSERT",
    when="NEW.content_hash IS DISTINCT FROM qms_content_hash(NEW.kind, NEW.record_id)",
    message=N_("The record was changed while you were reading it. Read it again, then sign."),
    attacked_by="test_a_signature_on_other_content_is_refused",
)
SIGNATURE_NEEDS_THE_RIGHT = Refusal(
    name="signature_needs_the_right",
    table="signature",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM signature_right r WHERE r.kind = NEW.kind AND r.meaning = NEW.meaning"
    " AND qms_may(r.permission))",
    message=N_("Your role may not sign this record in this meaning."),
    attacked_by="test_a_signature_without_the_right_is_refused",
)
SIGNATURE_NEEDS_A_FRESH_CONNECTION = Refusal(
    name="signature_needs_a_fresh_connection",
    table="signature",
    on="INSERT",
    when="NOT qms_is_fresh()",
    message=N_("A signature needs the password at that moment. Type it again."),
    attacked_by="test_a_signature_on_an_old_connection_is_refused",
)
ONE_SIGNATURE_A_CONNECTION = Unique(
    name="one_signature_a_connection",
    table="signature",
    columns=("connection",),
    message=N_("One password signs one thing. Type it again for the next."),
    attacked_by="test_a_connection_signs_once",
)
SIGNATURE_IS_OWN = Refusal(
    name="signature_is_own",
    table="signature",
    on="INSERT",
    when="NEW.created_by IS DISTINCT FROM qms_user() OR NEW.connection IS DISTINCT FROM qms_connection()"
    " OR NEW.roles IS DISTINCT FROM qms_roles()",
    message=N_("Nobody signs for somebody else."),
    attacked_by="test_nobody_signs_for_somebody_else",
)
