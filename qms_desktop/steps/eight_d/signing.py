"""Who signed a version: valid against what was sent, or against the content as it is while it has not left."""

from __future__ import annotations

from qms_desktop.db.eight_d import EightD, EightDDispatch, EightDVersion, ReportKind, VersionState
from qms_desktop.db.foundation import Signature
from qms_desktop.db.master_data import Person
from qms_desktop.permissions import Role
from qms_desktop.rules.signature import Meaning, Signed, content_hash

_ON_ITS_WAY = (VersionState.DRAFT, VersionState.REVIEW, VersionState.APPROVED)


def kind_of_signature(kind: ReportKind) -> str:
    """Name the kind of record that a signature on such a version covers."""
    return f"eight_d_{str(kind).lower()}"


def hash_of(version: EightDVersion) -> str:
    """Give the hash of what a version says: as it was sent, or as it is now."""
    dispatch = EightDDispatch.get_or_none(EightDDispatch.eight_d_version == version)
    if dispatch is not None:
        return str(dispatch.content_hash)
    return content_hash(kind_of_signature(version.kind), version.eight_d_id)


def signatures_on(version: EightDVersion) -> tuple[Signed, ...]:
    """Give the signatures on a version, oldest first; one on other content than the version's is not valid.

    Of a version that is still on its way, those that were voided by a change since are given too.
    """
    covered = hash_of(version)
    rows = (
        Signature.select(Signature, Person.name.alias("person_name"))
        .join(Person, on=(Person.login == Signature.created_by))
        .where((Signature.kind == kind_of_signature(version.kind)) & (Signature.record_id == version.eight_d_id))
        .order_by(Signature.id)
        .objects()
    )
    is_open = version.state in _ON_ITS_WAY
    return tuple(
        Signed(
            login=row.created_by,
            name=row.person_name,
            roles=tuple(Role(role) for role in row.roles.split(",") if role),
            meaning=Meaning(row.meaning),
            at=row.created_at,
            remark=row.remark,
            is_valid=row.content_hash == covered,
        )
        for row in rows
        if row.content_hash == covered or (is_open and row.created_at >= version.created_at)
    )


def newest_version(report: EightD, kind: ReportKind | None = None) -> EightDVersion | None:
    """Give the newest version of a report, of one kind when it is named."""
    versions = EightDVersion.select().where(EightDVersion.eight_d == report)
    if kind is not None:
        versions = versions.where(EightDVersion.kind == kind)
    newest: EightDVersion | None = versions.order_by(EightDVersion.revision.desc()).first()
    return newest
