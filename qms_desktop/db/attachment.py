"""Pictures and files as evidence: to which record of which case they belong, what they show, and who took them back."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent
from qms_desktop.db.guards import Check, Refusal, Unique
from qms_desktop.db.record import BigIntegerField, ChoiceField, ForeignKeyField, MomentField, TextField
from qms_desktop.db.rights import Right, insert
from qms_desktop.db.stored_file import StoredFile
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class AttachedTo(StrEnum):
    """What a file can be attached to, by the name of its table; a `receipt_count` is one carton."""

    COMPLAINT = "complaint"
    RMA = "rma"
    RECEIPT = "receipt"
    RECEIPT_COUNT = "receipt_count"
    SORTING_ROUND = "sorting_round"
    EIGHT_D = "eight_d"


class Attachment(CaseEvent):
    """A file attached to a record; its hashes stand here too, so that the case's audit chain holds them."""

    file = ForeignKeyField(StoredFile)
    kind = ChoiceField(AttachedTo)
    record_id = BigIntegerField()
    sha256 = TextField()
    copy_sha256 = TextField(default="")
    file_name = TextField()
    caption = TextField(default="")
    taken_at = MomentField(null=True)
    taken_by = TextField(default="")

    class Meta:
        indexes = ((("kind", "record_id"), False),)


class AttachmentWithdrawal(CaseEvent):
    """The counter-entry that takes an attachment back; the file stays on record."""

    attachment = ForeignKeyField(Attachment)
    reason = TextField()

    class Meta:
        table_name = "attachment_withdrawal"


P = Permission
_RECORDS = " OR ".join(
    f"NEW.kind = '{kind}' AND EXISTS (SELECT 1 FROM {kind} r WHERE r.id = NEW.record_id AND r.case_id = NEW.case_id)"
    for kind in AttachedTo
)
ATTACHMENT_IS_OF_ITS_CASE = Refusal(
    name="attachment_is_of_its_case",
    table="attachment",
    on="INSERT",
    when=f"NOT ({_RECORDS})",
    message=N_("The record to which the file belongs is not one of this case. Reload the page."),
    attacked_by="test_a_file_is_not_attached_to_a_record_of_another_case",
)
ATTACHMENT_NAMES_ITS_FILE = Refusal(
    name="attachment_names_its_file",
    table="attachment",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM stored_file f WHERE f.id = NEW.file_id AND f.sha256 = NEW.sha256"
    " AND f.copy_sha256 = NEW.copy_sha256)",
    message=N_("The attachment names another file than the one that is kept. Attach it again."),
    attacked_by="test_an_attachment_names_the_file_that_is_kept",
)
ATTACHED_ONCE = Refusal(
    name="attached_once",
    table="attachment",
    on="INSERT",
    when="EXISTS (SELECT 1 FROM attachment a WHERE a.kind = NEW.kind AND a.record_id = NEW.record_id"
    " AND a.file_id = NEW.file_id"
    " AND NOT EXISTS (SELECT 1 FROM attachment_withdrawal w WHERE w.attachment_id = a.id))",
    message=N_("This file is attached here already."),
    detail=N_("“{file}” is attached here already, by {who} at {time}."),
    attacked_by="test_a_file_is_attached_to_a_record_once",
)
WITHDRAWAL_HAS_A_REASON = Check(
    name="withdrawal_has_a_reason",
    table="attachment_withdrawal",
    expression="trim(reason) <> ''",
    message=N_("Write why the file is taken back."),
    attacked_by="test_a_file_is_not_taken_back_without_a_reason",
)
WITHDRAWN_ONCE = Unique(
    name="withdrawn_once",
    table="attachment_withdrawal",
    columns=("attachment_id",),
    message=N_("This file was taken back already. Reload the page."),
    attacked_by="test_a_file_is_taken_back_once",
)
WITHDRAWN_BY_WHO_ATTACHED = Refusal(
    name="withdrawn_by_who_attached",
    table="attachment_withdrawal",
    on="INSERT",
    when=f"NOT (qms_may('{P.ATTACHMENT_WITHDRAW}')"
    f" OR qms_may('{P.ATTACHMENT_ADD}') AND EXISTS (SELECT 1 FROM attachment a WHERE a.id = NEW.attachment_id"
    " AND a.created_by = qms_user()))",
    message=N_("A file is taken back by who attached it, the return leader, a QE, or the sales or quality manager."),
    attacked_by="test_evidence_of_others_is_not_taken_back",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.ATTACHMENT_ADD: (insert(StoredFile), insert(Attachment), insert(AttachmentWithdrawal)),
}
