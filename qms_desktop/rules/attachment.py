"""Pictures and files as evidence: attached to a record, taken back by a counter-entry, shown by those who may read.

A file is kept once by its SHA-256, whoever attaches it and wherever (database.md §1a). What comes in here was decoded
by exchange/ in a child process; lists read no bytes, and only the upright copy is ever shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peewee import JOIN

from qms_desktop.action import action, reading
from qms_desktop.db import tables
from qms_desktop.db.attachment import (
    ATTACHED_ONCE,
    WITHDRAWAL_HAS_A_REASON,
    WITHDRAWN_BY_WHO_ATTACHED,
    WITHDRAWN_ONCE,
    AttachedTo,
    Attachment,
    AttachmentWithdrawal,
)
from qms_desktop.db.complaint import Complaint
from qms_desktop.db.eight_d import EightD
from qms_desktop.db.master_data import Person
from qms_desktop.db.receipt import Receipt, ReceiptCount
from qms_desktop.db.record import now, take
from qms_desktop.db.rma import Rma
from qms_desktop.db.stored_file import FILE_SIZE, MOST_BYTES, ImportedFile, StoredFile
from qms_desktop.errors import InvalidInput, NotFound
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.file_name import safe_name

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from qms_desktop.session import Session

__all__ = [
    "LONGEST_CAPTION",
    "AttachedTo",
    "AttachmentShown",
    "NewFile",
    "OriginalFile",
    "attach",
    "attach_to",
    "camera_zone",
    "copy_of",
    "keep",
    "keep_import",
    "listed",
    "may_take_back",
    "original",
    "thumbnail",
    "upright_copy",
    "withdraw",
]

NO_PICTURE = N_("This file is no picture. Open the original instead.")
LONGEST_CAPTION = 300
CAPTION_TOO_LONG = N_("The caption has {length} characters; up to {most} fit under a picture. Make it shorter.")


@dataclass(frozen=True)
class NewFile:
    """A file that was taken in: the original, and of a picture its upright copy and thumbnail as JPEG.

    `taken_at` is what the camera says, None when it says nothing.
    """

    file_name: str
    media_type: str
    original: bytes
    upright_copy: bytes = b""
    thumbnail: bytes = b""
    width_px: int | None = None
    height_px: int | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True)
class AttachmentShown:
    """An attachment in a list, without its bytes.

    `place` is the number or the carton that it belongs to, `is_here` tells whether that is the record asked for.
    `who` is the name of the person who attached it; sizes are in bytes and in pixels of the upright copy.
    """

    id: int
    case_id: int
    kind: AttachedTo
    record_id: int
    place: str
    is_here: bool
    file_name: str
    media_type: str
    size_bytes: int
    width_px: int | None
    height_px: int | None
    caption: str
    taken_at: datetime | None
    taken_by: str
    login: str
    who: str
    at: datetime

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown."""
        return self.width_px is not None


@dataclass(frozen=True)
class OriginalFile:
    """A file as it came, with a name that is safe to save it under."""

    file_name: str
    content: bytes


def keep(file: NewFile) -> StoredFile:
    """Keep a file once by its SHA-256 and give its row without the bytes; for verbs, in their own transaction."""
    if not 0 < len(file.original) <= MOST_BYTES:
        FILE_SIZE.refuse()
    sha256 = hashlib.sha256(file.original).hexdigest()
    picture = (
        {
            "width_px": file.width_px,
            "height_px": file.height_px,
            "copy_sha256": hashlib.sha256(file.upright_copy).hexdigest(),
            "upright_copy": file.upright_copy,
            "thumbnail": file.thumbnail,
        }
        if file.width_px is not None
        else {}
    )
    facts = StoredFile.select(StoredFile.id, StoredFile.sha256, StoredFile.copy_sha256)
    if not facts.where(StoredFile.sha256 == sha256).exists():
        StoredFile.insert(
            sha256=sha256,
            media_type=file.media_type,
            size_bytes=len(file.original),
            original=file.original,
            **picture,
        ).on_conflict_ignore().execute()
    kept: StoredFile = facts.where(StoredFile.sha256 == sha256).get()
    return kept


def keep_import(content: bytes, sha256: str) -> None:
    """Keep the table that an import read, once by its SHA-256; for the verb, in its own transaction."""
    if not ImportedFile.select().where(ImportedFile.sha256 == sha256).exists():
        ImportedFile.insert(sha256=sha256, size_bytes=len(content), original=content).on_conflict_ignore().execute()


@action(Permission.ATTACHMENT_ADD)
def attach(
    session: Session,
    *,
    kind: AttachedTo,
    record_id: int,
    file: NewFile,
    caption: str = "",
    taken_at: datetime | None = None,
    taken_by: str = "",
) -> int:
    """Attach a picture or file to a record and give its id; what the camera says fills in when it was taken.

    A moment after now comes from a wrong clock and is not kept. Raises Refused when the record has the file already,
    or when it is empty or over 25 MB; InvalidInput for a caption that fits under no picture; NotFound.
    """
    return attach_to(session, kind, record_id, file, caption=caption, taken_at=taken_at, taken_by=taken_by)


def attach_to(
    session: Session,
    kind: AttachedTo,
    record_id: int,
    file: NewFile,
    *,
    caption: str = "",
    taken_at: datetime | None = None,
    taken_by: str = "",
) -> int:
    """Attach as `attach` does, for verbs that bring a file of their own, in their own transaction."""
    words = " ".join(caption.split())
    if len(words) > LONGEST_CAPTION:
        raise InvalidInput(CAPTION_TOO_LONG, field="caption", length=len(words), most=LONGEST_CAPTION)
    case_id = take(tables.BY_TABLE[str(kind)], record_id).case_id
    kept = keep(file)
    _refuse_attached(kind, record_id, kept.id)
    moment = taken_at or file.taken_at
    made = Attachment.create(
        case=case_id,
        file=kept.id,
        kind=kind,
        record_id=record_id,
        sha256=kept.sha256,
        copy_sha256=kept.copy_sha256,
        file_name=safe_name(file.file_name),
        caption=words,
        taken_at=moment if moment and moment <= now() else None,
        taken_by=taken_by or (session.name if file.width_px is not None else ""),
    )
    return int(made.id)


def _refuse_attached(kind: AttachedTo, record_id: int, file_id: int) -> None:
    same = (Attachment.kind == kind) & (Attachment.record_id == record_id) & (Attachment.file == file_id)
    earlier = Attachment.select().where(same & Attachment.id.not_in(_withdrawn())).first()
    if earlier is not None:
        local = earlier.created_at.astimezone(plant_zone())
        who = Person.get(Person.login == earlier.created_by).name
        ATTACHED_ONCE.refuse(file=earlier.file_name, who=who, time=f"{local:%Y-%m-%d %H:%M}")


@action(Permission.ATTACHMENT_ADD)
def withdraw(session: Session, *, attachment_id: int, reason: str) -> None:
    """Take an attachment back by a counter-entry with its reason; the file stays on record.

    Raises Refused without a reason, for what others attached, and for a picture that an 8D shows.
    """
    if not reason.strip():
        raise InvalidInput(WITHDRAWAL_HAS_A_REASON.message, field="reason")
    attachment = take(Attachment, attachment_id)
    if attachment.created_by != session.login and not session.may(Permission.ATTACHMENT_WITHDRAW):
        WITHDRAWN_BY_WHO_ATTACHED.refuse()
    if AttachmentWithdrawal.select().where(AttachmentWithdrawal.attachment == attachment).exists():
        WITHDRAWN_ONCE.refuse()
    AttachmentWithdrawal.create(case=attachment.case_id, attachment=attachment, reason=reason.strip())


def may_take_back(session: Session, one: AttachmentShown) -> bool:
    """Tell whether a person may take an attachment back: one's own, or with the permission for others'."""
    own = one.login == session.login and session.may(Permission.ATTACHMENT_ADD)
    return own or session.may(Permission.ATTACHMENT_WITHDRAW)


@reading(Permission.READ)
def camera_zone(session: Session) -> ZoneInfo:
    """Give the zone in which a camera stands that names none: the plant's."""
    return plant_zone()


def _withdrawn() -> object:
    return AttachmentWithdrawal.select(AttachmentWithdrawal.attachment)


@reading(Permission.READ)
def listed(
    session: Session, *, case_id: int, kind: AttachedTo | None = None, record_id: int = 0
) -> tuple[AttachmentShown, ...]:
    """Give what is attached in a case, oldest first, without bytes; what was taken back is left out.

    With a record, `is_here` tells what belongs to it; a receipt has the pictures of its cartons.
    """
    facts = (StoredFile.media_type, StoredFile.size_bytes, StoredFile.width_px, StoredFile.height_px)
    query = (
        Attachment.select(Attachment, *facts, Person.name.alias("person_name"))
        .join(StoredFile)
        .join(Person, on=(Person.login == Attachment.created_by))
        .where((Attachment.case == case_id) & Attachment.id.not_in(_withdrawn()))
        .order_by(Attachment.id)
        .objects()
    )
    places = _Places(case_id)
    return tuple(
        AttachmentShown(
            id=one.id,
            case_id=case_id,
            kind=one.kind,
            record_id=one.record_id,
            place=places.named(one),
            is_here=places.is_at(one, kind, record_id),
            file_name=one.file_name,
            media_type=one.media_type,
            size_bytes=one.size_bytes,
            width_px=one.width_px,
            height_px=one.height_px,
            caption=one.caption,
            taken_at=one.taken_at,
            taken_by=one.taken_by,
            login=one.created_by,
            who=one.person_name,
            at=one.created_at,
        )
        for one in query
    )


class _Places:
    """The numbers and cartons of one case, read once a list."""

    def __init__(self, case_id: int) -> None:
        numbered: dict[AttachedTo, Any] = {
            AttachedTo.COMPLAINT: Complaint,
            AttachedTo.RMA: Rma,
            AttachedTo.EIGHT_D: EightD,
        }
        self._names: dict[tuple[AttachedTo, int], str] = {
            (kind, one.id): one.number
            for kind, model in numbered.items()
            for one in model.select(model.id, model.number).where(model.case == case_id)
        }
        of_receipts = Receipt.select(Receipt.id, Rma.number.alias("rma_number")).join(Rma, JOIN.LEFT_OUTER)
        for receipt in of_receipts.where(Receipt.case == case_id).objects():
            self._names[AttachedTo.RECEIPT, receipt.id] = receipt.rma_number or ""
        self._receipt_of: dict[int, int] = {}
        for count in ReceiptCount.select().where(ReceiptCount.case == case_id):
            self._names[AttachedTo.RECEIPT_COUNT, count.id] = count.carton
            self._receipt_of[count.id] = count.receipt_id

    def named(self, one: Attachment) -> str:
        """Give the number or the carton of what a file is attached to."""
        return self._names.get((one.kind, one.record_id), "")

    def is_at(self, one: Attachment, kind: AttachedTo | None, record_id: int) -> bool:
        """Tell whether a file belongs to a record."""
        if kind is AttachedTo.RECEIPT and one.kind is AttachedTo.RECEIPT_COUNT:
            return self._receipt_of[one.record_id] == record_id
        return (one.kind, one.record_id) == (kind, record_id)


@reading(Permission.READ)
def thumbnail(session: Session, *, attachment_id: int) -> bytes:
    """Give the thumbnail of a picture as JPEG; raises NotFound."""
    return _bytes_of(attachment_id, StoredFile.thumbnail)


@reading(Permission.READ)
def upright_copy(session: Session, *, attachment_id: int) -> bytes:
    """Give the upright copy of a picture as JPEG, up to 1,280 pixels; raises NotFound."""
    return copy_of(attachment_id)


def copy_of(attachment_id: int) -> bytes:
    """Give the upright copy of a picture, for readings that print it; raises NotFound."""
    return _bytes_of(attachment_id, StoredFile.upright_copy)


@reading(Permission.READ)
def original(session: Session, *, attachment_id: int) -> OriginalFile:
    """Give a file as it came, to be saved; raises NotFound."""
    return OriginalFile(take(Attachment, attachment_id).file_name, _bytes_of(attachment_id, StoredFile.original))


def _bytes_of(attachment_id: int, column: object) -> bytes:
    file_id = take(Attachment, attachment_id).file_id
    found = StoredFile.select(column).where(StoredFile.id == file_id).scalar()
    if found is None:
        raise NotFound(NO_PICTURE)
    return bytes(found)
