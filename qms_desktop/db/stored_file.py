"""Pictures and files, once each by their SHA-256 (database.md §1a): the original, and what may be shown of it.

The bytes are in no list and in no audit entry: whoever attaches a file or imports it writes its SHA-256 into a row that
is audited. The thumbnail stands before the original, so that a file of one PC reads it without the rest.
"""

from __future__ import annotations

from qms_desktop.db.guards import Check, Refusal
from qms_desktop.db.record import BytesField, Event, IntegerField, TextField
from qms_desktop.i18n import N_

MOST_BYTES = 25 * 1024 * 1024


class StoredFile(Event):
    """A file as it came; a picture also has its size in pixels, an upright copy without any notes, and a thumbnail."""

    sha256 = TextField(unique=True)
    media_type = TextField()
    size_bytes = IntegerField()
    width_px = IntegerField(null=True)
    height_px = IntegerField(null=True)
    copy_sha256 = TextField(default="")
    thumbnail = BytesField(null=True)
    upright_copy = BytesField(null=True)
    original = BytesField()

    class Meta:
        table_name = "stored_file"
        audit_inserts = False


class ImportedFile(Event):
    """The table of the ERP that an import read, found by the SHA-256 of its batch; it may hold prices."""

    sha256 = TextField(unique=True)
    size_bytes = IntegerField()
    original = BytesField()

    class Meta:
        table_name = "imported_file"
        audit_inserts = False
        is_money = True


FILE_SIZE = Check(
    name="file_size",
    table="stored_file",
    expression=f"size_bytes BETWEEN 1 AND {MOST_BYTES}",
    message=N_("A file may have up to 25 MB. Make it smaller, or attach a link in the text."),
    attacked_by="test_a_file_over_25_mb_is_refused",
)
IMPORTED_FILE_SIZE = Check(
    name="imported_file_size",
    table="imported_file",
    expression=f"size_bytes BETWEEN 1 AND {MOST_BYTES}",
    message=N_("A file may have up to 25 MB. Split it into smaller files."),
    attacked_by="test_an_imported_file_is_its_hash",
)
PICTURE_HAS_ITS_COPIES = Check(
    name="picture_has_its_copies",
    table="stored_file",
    expression="(width_px IS NULL) = (upright_copy IS NULL) AND (width_px IS NULL) = (thumbnail IS NULL)"
    " AND (width_px IS NULL) = (height_px IS NULL) AND (width_px IS NULL) = (copy_sha256 = '')"
    " AND (width_px IS NULL OR length(upright_copy) <= 5242880 AND length(thumbnail) <= 524288)",
    message=N_("A picture is kept with its upright copy and its thumbnail, another file without."),
    attacked_by="test_a_picture_is_kept_with_its_copies",
)
FILE_IS_ITS_HASH = Refusal(
    name="file_is_its_hash",
    table="stored_file",
    on="INSERT",
    when="NEW.sha256 <> qms_file_sha256(NEW.original) OR NEW.size_bytes <> length(NEW.original)"
    " OR NEW.copy_sha256 <> coalesce(qms_file_sha256(NEW.upright_copy), '')",
    message=N_("The file is not the one that its SHA-256 names. Attach it again."),
    attacked_by="test_a_file_is_kept_under_its_own_hash",
)
IMPORTED_FILE_IS_ITS_HASH = Refusal(
    name="imported_file_is_its_hash",
    table="imported_file",
    on="INSERT",
    when="NEW.sha256 <> qms_file_sha256(NEW.original) OR NEW.size_bytes <> length(NEW.original)",
    message=N_("The file is not the one that its SHA-256 names. Import it again."),
    attacked_by="test_an_imported_file_is_its_hash",
)
