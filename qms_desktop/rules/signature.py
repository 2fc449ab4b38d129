"""Signing a record, and reading who signed it: name, meaning, time, and whether the content is still what was signed.

The approving verb runs wholly on the fresh connection that the typed password opened: the signature and the change of
state are one transaction (database.md §2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qms_desktop.db.foundation import Signature
from qms_desktop.db.master_data import Person
from qms_desktop.db.record import database, on_postgresql
from qms_desktop.i18n import N_
from qms_desktop.permissions import Role

if TYPE_CHECKING:
    from datetime import datetime


class Meaning(StrEnum):
    """What a signature says; printed on every copy of the document."""

    APPROVE = "APPROVE"
    ACCEPT_COUNT = "ACCEPT_COUNT"
    JUDGE = "JUDGE"
    SIGN_PLACE = "SIGN_PLACE"
    REVIEW = "REVIEW"
    DECIDE = "DECIDE"
    DECLINE = "DECLINE"
    RELEASE = "RELEASE"


MEANING_WORDS = {
    Meaning.APPROVE: N_("approved"),
    Meaning.ACCEPT_COUNT: N_("count accepted"),
    Meaning.JUDGE: N_("judged"),
    Meaning.SIGN_PLACE: N_("signed"),
    Meaning.REVIEW: N_("reviewed"),
    Meaning.DECIDE: N_("recall decided"),
    Meaning.DECLINE: N_("recall declined"),
    Meaning.RELEASE: N_("released"),
}


@dataclass(frozen=True)
class Signed:
    """A signature as it is shown: by whom, holding which roles, in which meaning, when, and whether it still holds."""

    login: str
    name: str
    roles: tuple[Role, ...]
    meaning: Meaning
    at: datetime
    remark: str
    is_valid: bool


def content_hash(kind: str, record_id: int) -> str:
    """Give the SHA-256 of what a signature of this record would cover now."""
    mark = "%s" if on_postgresql() else "?"
    row = database().execute_sql(f"SELECT qms_content_hash({mark}, {mark})", (kind, record_id)).fetchone()
    return str(row[0])


def sign(
    kind: str, record_id: int, *, case_id: int | None, meaning: Meaning, read_hash: str = "", remark: str = ""
) -> None:
    """Sign the content that was read; without `read_hash`, the content as it is in this transaction.

    Raises Refused through the guards: changed content, no right to the meaning, an old connection, a second signature.
    """
    covered = read_hash or content_hash(kind, record_id)
    if on_postgresql():
        database().execute_sql(
            "SELECT qms_sign(%s, %s, %s, %s, %s, %s)", (case_id, kind, record_id, str(meaning), covered, remark)
        )
        return
    roles, connection = database().execute_sql("SELECT qms_roles(), qms_connection()").fetchone()
    Signature.insert(
        case_id=case_id,
        kind=kind,
        record_id=record_id,
        meaning=meaning,
        content_hash=covered,
        roles=roles,
        remark=remark,
        connection=connection,
    ).execute()


def signatures_of(kind: str, record_id: int) -> tuple[Signed, ...]:
    """Give the signatures of a record, oldest first."""
    present = content_hash(kind, record_id)
    rows = (
        Signature.select(Signature, Person.name.alias("person_name"))
        .join(Person, on=(Person.login == Signature.created_by))
        .where((Signature.kind == kind) & (Signature.record_id == record_id))
        .order_by(Signature.id)
        .objects()
    )
    return tuple(
        Signed(
            login=row.created_by,
            name=row.person_name,
            roles=tuple(Role(role) for role in row.roles.split(",") if role),
            meaning=Meaning(row.meaning),
            at=row.created_at,
            remark=row.remark,
            is_valid=row.content_hash == present,
        )
        for row in rows
    )
