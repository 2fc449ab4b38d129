"""Files as they lie in a folder, and the child that opens them (B1-B6, B8, B83)."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qms_desktop.exchange import FileRefused, NoticeKind, RawTable, Refusal, read_table
from qms_desktop.exchange.limits import LIMITS
from tests.exchange.books import A_SHIPMENT, SHIPMENT_HEADINGS, book, saved

if TYPE_CHECKING:
    from pathlib import Path

VALID_ROWS: list[list[object]] = [
    list(SHIPMENT_HEADINGS),
    list(A_SHIPMENT),
    [*A_SHIPMENT[:4], "L2610B", *A_SHIPMENT[5:]],
]
VALID = book(VALID_ROWS)


def read_or_refusal(path: Path) -> RawTable | FileRefused:
    try:
        return read_table(path)
    except FileRefused as refused:
        return refused


def refused_by(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read_table(path)
    return refused.value


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "“出货.xlsx” is empty (0 bytes). Export it again."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
            "“出货.xlsx” is an Excel 97-2003 file. Open it in Excel and save it as .xlsx.",
        ),
        (
            b"<html><table><tr><td>1</td></tr></table></html>",
            "“出货.xlsx” is a web page, not an Excel file. Open it in Excel and save it as .xlsx.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "“出货.xlsx” is password-protected. Save it without a password and choose it again.",
        ),
        (VALID[:700], "“出货.xlsx” is incomplete: its end is missing. Copy it or have it sent again."),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(tmp_path: Path, content: bytes, sentence: str) -> None:
    assert str(refused_by(saved(tmp_path, content, "出货.xlsx"))) == sentence


def test_a_csv_named_as_a_workbook_is_read_with_a_notice(tmp_path: Path) -> None:
    read = read_table(saved(tmp_path, "编号,名称\n1,甲\n".encode(), "出货.xlsx"))
    assert [list(row) for row in read.rows] == [["编号", "名称"], ["1", "甲"]]
    assert [notice.kind for notice in read.notices] == [NoticeKind.READ_AS_CSV]


def test_a_bomb_is_refused_in_words(tmp_path: Path) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(400):
            part.write(b"A" * 1024 * 1024)
    refused = refused_by(saved(tmp_path, written.getvalue()))
    assert str(refused) == "“表.xlsx” unpacks to 400 MB; the limit is 200 MB. It was not opened."


def test_a_file_over_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with path.open("wb") as made:
        made.truncate(26 * 1024 * 1024)
    refused = refused_by(path)
    assert refused.refusal is Refusal.FILE_TOO_LARGE
    assert refused.values == {"file": "表.xlsx", "megabytes": 26, "limit": 25}


def test_a_file_that_is_gone_and_a_lock_file_are_named(tmp_path: Path) -> None:
    assert refused_by(tmp_path / "gone.xlsx").refusal is Refusal.UNREADABLE
    assert refused_by(tmp_path).refusal is Refusal.UNREADABLE
    assert refused_by(saved(tmp_path, b"x", "~$表.xlsx")).refusal is Refusal.LOCK_FILE


def test_the_file_is_known_by_its_hash(tmp_path: Path) -> None:
    read = read_table(saved(tmp_path, VALID))
    assert read.sha256 == hashlib.sha256(VALID).hexdigest()
    assert read.file_name == "表.xlsx"


def test_a_child_that_needs_too_much_time_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    rows = [(number, "气弹簧", number * 3) for number in range(60_000)]
    limits = dataclasses.replace(LIMITS, child_wait_s=0)
    with pytest.raises(FileRefused) as refused:
        read_table(saved(tmp_path, book(rows)), limits=limits)
    assert refused.value.refusal is Refusal.TOO_MUCH_TIME


def test_a_child_that_needs_too_much_memory_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    limits = dataclasses.replace(LIMITS, child_memory_bytes=80 * 1024 * 1024)
    rows = [tuple(f"{number}气弹簧{place}" * 20 for place in range(20)) for number in range(8000)]
    with pytest.raises(FileRefused) as refused:
        read_table(saved(tmp_path, book(rows)), limits=limits)
    assert refused.value.refusal in (Refusal.TOO_MUCH_MEMORY, Refusal.READER_STOPPED)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_mutated_workbook_is_refused_or_read_as_it_was(tmp_path: Path, data: st.DataObject) -> None:
    changed = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "double", "zero"])):
            case "flip":
                changed[place] ^= 1 << data.draw(st.integers(0, 7))
            case "cut":
                del changed[place : place + data.draw(st.integers(1, 60))]
            case "double":
                changed[place:place] = changed[place : place + data.draw(st.integers(1, 200))]
            case _:
                width = data.draw(st.integers(1, 30))
                changed[place : place + width] = bytes(len(changed[place : place + width]))
        if not changed:
            changed = bytearray(b"P")
    read = read_or_refusal(saved(tmp_path, bytes(changed), "mutated.xlsx"))
    if isinstance(read, FileRefused):
        assert "mutated.xlsx" in str(read)
    elif not read.is_csv:
        assert read.sheet == "表1"
        assert [list(row) for row in read.rows] == VALID_ROWS


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_workbook_with_mutated_parts_never_breaks_the_reader(tmp_path: Path, data: st.DataObject) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(VALID)) as valid, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as mutated:
        victim = data.draw(st.sampled_from(valid.namelist()))
        for name in valid.namelist():
            content = bytearray(valid.read(name))
            if name == victim:
                place = data.draw(st.integers(0, max(0, len(content) - 1)))
                content[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
            mutated.writestr(name, bytes(content))
    read = read_or_refusal(saved(tmp_path, written.getvalue(), "mutated.xlsx"))
    if isinstance(read, FileRefused):
        assert "mutated.xlsx" in str(read)
    else:
        assert all(len(row) <= LIMITS.columns for row in read.rows)
