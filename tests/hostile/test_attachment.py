"""Attacks on evidence: another file under a hash, a photo of another case, a picture taken back behind somebody."""

from __future__ import annotations

import pytest

from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.rules import attachment, health
from qms_desktop.steps import complaint
from tests.helpers.plant import moment
from tests.hostile.evidence import a_photo_of, blob, photo, sha256
from tests.hostile.stage import CLERK, IT, PRODUCTION, QE, QUALITY_MANAGER, SALES, Stage


def keeping(stage: Stage, content: bytes = b"x", *, named: str = "", size: int | None = None, more: str = "") -> str:
    """Write the statement that keeps a file; `more` are further columns and values."""
    columns, _equals, values = more.partition("=")
    return (
        f"INSERT INTO stored_file (sha256, media_type, size_bytes, original{columns}) VALUES"
        f" ('{named or sha256(content)}', 'image/jpeg', {len(content) if size is None else size},"
        f" {blob(content, stage)}{values})"
    )


def attaching(stage: Stage, **changed: object) -> str:
    """Write the statement that attaches the newest kept file to the complaint, with some values changed."""
    file_id, digest, copied = stage.rows("SELECT id, sha256, copy_sha256 FROM stored_file ORDER BY id DESC LIMIT 1")[0]
    values = {
        "case_id": stage.case_id, "file_id": file_id, "kind": "complaint", "record_id": stage.complaint_id,
        "sha256": digest, "copy_sha256": copied, "file_name": "a.jpg",
    } | changed  # fmt: skip
    written = ", ".join(str(value) if isinstance(value, int) else f"'{value}'" for value in values.values())
    return f"INSERT INTO attachment ({', '.join(values)}) VALUES ({written})"


def taking_back(stage: Stage, attachment_id: int, *, reason: str = "拍错", case_id: int = 0) -> str:
    return (
        "INSERT INTO attachment_withdrawal (case_id, attachment_id, reason)"
        f" VALUES ({case_id or stage.case_id}, {attachment_id}, '{reason}')"
    )


def another_case(stage: Stage) -> complaint.Registered:
    return complaint.register(
        stage.plant.sign_in(SALES),
        customer="C2002",
        received_at=moment("2026-11-03 09:00"),
        channel=complaint.Channel.PHONE,
        lines=(complaint.NewLine(product="YQ-28", pieces=1, customer_words="漏油"),),
    )


def kept(stage: Stage) -> None:
    """Let the clerk keep a file that is attached to nothing."""
    with stage.plant.plain(CLERK) as connection:
        connection.execute(keeping(stage, b"kept"))


def test_a_file_over_25_mb_is_refused(stage: Stage) -> None:
    length = 26_214_401
    zeros = f"decode(repeat('00', {length}), 'hex')" if stage.plant.kind == "postgresql" else f"zeroblob({length})"
    large = (
        "INSERT INTO stored_file (sha256, media_type, size_bytes, original)"
        f" VALUES ('{sha256(bytes(length))}', 'image/jpeg', {length}, {zeros})"
    )
    stage.attack(CLERK, ("file_size", keeping(stage, b"")), ("file_size", large))


def test_a_file_is_kept_under_its_own_hash(stage: Stage) -> None:
    picture = ", width_px, height_px, copy_sha256, upright_copy, thumbnail="
    copies = f", 4, 3, '{sha256(b'another')}', {blob(b'copy', stage)}, {blob(b'small', stage)}"
    stage.attack(
        CLERK,
        ("file_is_its_hash", keeping(stage, named=sha256(b"another"))),
        ("file_is_its_hash", keeping(stage, size=2)),
        ("file_is_its_hash", keeping(stage, more=picture + copies)),
    )


def test_a_picture_is_kept_with_its_copies(stage: Stage) -> None:
    small, large = blob(b"small", stage), blob(bytes(5_242_881), stage)
    stage.attack(
        CLERK,
        ("picture_has_its_copies", keeping(stage, more=", width_px, height_px=, 4, 3")),
        ("picture_has_its_copies", keeping(stage, more=f", thumbnail=, {small}")),
        (
            "picture_has_its_copies",
            keeping(
                stage,
                more=", width_px, height_px, copy_sha256, upright_copy, thumbnail="
                f", 4, 3, '{sha256(bytes(5_242_881))}', {large}, {small}",
            ),
        ),
    )


def test_an_imported_file_is_its_hash(stage: Stage) -> None:
    def importing(content: bytes, named: str) -> str:
        return (
            "INSERT INTO imported_file (sha256, size_bytes, original)"
            f" VALUES ('{named}', {len(content)}, {blob(content, stage)})"
        )

    stage.attack(
        IT,
        ("imported_file_is_its_hash", importing(b"x", sha256(b"y"))),
        ("imported_file_size", importing(b"", sha256(b""))),
    )


def test_the_dock_reads_no_table_of_the_erp(server_stage: Stage) -> None:
    """An imported table may hold prices: it is need-to-know like them."""
    for who in (CLERK, PRODUCTION):
        server_stage.attack_by_rights(who, "SELECT original FROM imported_file")


def test_an_attachment_names_the_file_that_is_kept(stage: Stage) -> None:
    stage.complained()
    kept(stage)
    stage.attack(
        CLERK,
        ("attachment_names_its_file", attaching(stage, sha256=sha256(b"another"))),
        ("attachment_names_its_file", attaching(stage, copy_sha256=sha256(b"another"))),
    )


def test_a_file_is_not_attached_to_a_record_of_another_case(stage: Stage) -> None:
    other = another_case(stage)
    stage.arrived()
    kept(stage)
    stage.attack(
        CLERK,
        ("attachment_is_of_its_case", attaching(stage, record_id=other.complaint_id)),
        ("attachment_is_of_its_case", attaching(stage, case_id=other.case_id)),
        ("attachment_is_of_its_case", attaching(stage, kind="rma", record_id=stage.rma_id, case_id=other.case_id)),
        ("attachment_is_of_its_case", attaching(stage, kind="receipt", record_id=99)),
        ("attachment_is_of_its_case", attaching(stage, kind="receipt_count", record_id=99)),
        ("attachment_is_of_its_case", attaching(stage, kind="sorting_round", record_id=99)),
        ("attachment_is_of_its_case", attaching(stage, kind="eight_d", record_id=99)),
    )


def test_a_file_is_attached_to_a_record_once(stage: Stage) -> None:
    stage.complained()
    first = a_photo_of(stage)
    stage.attack(CLERK, ("attached_once", attaching(stage)))
    with pytest.raises(Refused, match="attached here already, by 徐兰"):
        a_photo_of(stage, by=CLERK)
    attachment.withdraw(stage.plant.sign_in(QE), attachment_id=first, reason="拍错")
    assert a_photo_of(stage, by=CLERK) > first


def test_a_file_is_not_taken_back_without_a_reason(stage: Stage) -> None:
    stage.complained()
    made = a_photo_of(stage)
    stage.attack(QE, *(("withdrawal_has_a_reason", taking_back(stage, made, reason=text)) for text in ("", "  ")))
    with pytest.raises(InvalidInput, match="why the file is taken back"):
        attachment.withdraw(stage.plant.sign_in(QE), attachment_id=made, reason=" ")


def test_a_file_is_taken_back_once(stage: Stage) -> None:
    stage.complained()
    made = a_photo_of(stage)
    attachment.withdraw(stage.plant.sign_in(QE), attachment_id=made, reason="拍错")
    stage.attack(QE, ("withdrawn_once", taking_back(stage, made)))
    with pytest.raises(Refused, match="taken back already"):
        attachment.withdraw(stage.plant.sign_in(QE), attachment_id=made, reason="拍错")


def test_a_file_is_not_taken_back_in_another_case(stage: Stage) -> None:
    other = another_case(stage)
    stage.complained()
    made = a_photo_of(stage)
    stage.attack(QE, ("same_case", taking_back(stage, made, case_id=other.case_id)))


def test_evidence_of_others_is_not_taken_back(stage: Stage) -> None:
    stage.complained()
    made = a_photo_of(stage)
    stage.attack(CLERK, ("withdrawn_by_who_attached", taking_back(stage, made)))
    with pytest.raises(Refused, match="taken back by who attached it"):
        attachment.withdraw(stage.plant.sign_in(CLERK), attachment_id=made, reason="拍错")
    attachment.withdraw(stage.plant.sign_in(QUALITY_MANAGER), attachment_id=made, reason="与本案无关")


def test_evidence_is_never_changed_or_deleted(stage: Stage) -> None:
    stage.complained()
    made = a_photo_of(stage)
    attachment.withdraw(stage.plant.sign_in(QE), attachment_id=made, reason="拍错")
    for table, column, value in (
        ("stored_file", "original", blob(b"another", stage)),
        ("stored_file", "upright_copy", blob(b"another", stage)),
        ("attachment", "caption", "'别的'"),
        ("attachment_withdrawal", "reason", "'别的'"),
    ):
        stage.attack(QE, ("events_never_change", f"UPDATE {table} SET {column} = {value}"), rights_come_first=True)
        stage.attack(QE, ("never_deleted", f"DELETE FROM {table}"), rights_come_first=True)


def test_the_bytes_are_in_no_audit_entry(stage: Stage) -> None:
    stage.complained()
    a_photo_of(stage)
    written = stage.rows("SELECT table_name, new_row FROM audit_entry WHERE action = 'attachment.attach'")
    assert [table for table, _row in written] == ["attachment"]
    row = written[0][1]
    assert sha256(photo().original) in row
    assert sha256(photo().upright_copy) in row
    assert photo().original.hex() not in row


def swap(stage: Stage, column: str, content: bytes) -> None:
    """Change a kept file as who owns the database could, who takes the guards away for a moment."""
    with stage.owner() as owner:
        if stage.plant.kind == "postgresql":
            owner.execute("ALTER TABLE stored_file DISABLE TRIGGER USER")
            owner.execute(f"UPDATE stored_file SET {column} = {blob(content, stage)}")
            owner.execute("ALTER TABLE stored_file ENABLE TRIGGER USER")
            return
        triggers = owner.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'stored_file'"
        ).fetchall()
        for name, _text in triggers:
            owner.execute(f"DROP TRIGGER {name}")
        owner.execute(f"UPDATE stored_file SET {column} = {blob(content, stage)}")
        for _name, text in triggers:
            owner.execute(text)


@pytest.mark.parametrize("column", ["original", "upright_copy"])
def test_a_file_that_was_exchanged_behind_the_guards_is_found(stage: Stage, column: str) -> None:
    stage.complained()
    a_photo_of(stage)
    admin = stage.plant.sign_in(IT)
    assert health.verify(admin).broken == ()
    swap(stage, column, b"forged")
    (broken,) = health.verify(admin).broken
    assert (broken.chain, broken.position) == ("stored_file", 1)
    assert "not the one" in broken.fault


def test_a_file_whose_hash_was_exchanged_with_it_is_found_by_the_trail(stage: Stage) -> None:
    stage.complained()
    a_photo_of(stage)
    swap(stage, "sha256 = '" + sha256(b"forged") + "', original", b"forged")
    (broken,) = health.verify(stage.plant.sign_in(IT)).broken
    assert "attachment 1" in broken.fault
