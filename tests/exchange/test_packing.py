"""A packed file is looked at before it is unpacked (B6-B12, B82). Bombs are made here and never stored."""

from __future__ import annotations

import dataclasses
import io
import zipfile
import zlib

import pytest

from qms_desktop.exchange import packing
from qms_desktop.exchange.limits import LIMITS
from qms_desktop.exchange.refusals import FileRefused, Refusal
from tests.exchange.books import pack, with_wrong_checksum

MEGABYTE = 1024 * 1024


def refusal_of(content: bytes) -> Refusal:
    with pytest.raises(FileRefused) as refused:
        unpack_all(content)
    return refused.value.refusal


def unpack_all(content: bytes) -> None:
    for part in packing.look(content, LIMITS).values():
        for _piece in packing.watched_xml(content, part):
            pass


def with_sizes(content: bytes, *, claimed: int) -> bytes:
    """Let the central directory claim another unpacked size for the first part."""
    changed = bytearray(content)
    entry = changed.find(b"PK\x01\x02")
    changed[entry + 24 : entry + 28] = claimed.to_bytes(4, "little")
    return bytes(changed)


def test_400_megabytes_in_one_cell_are_refused_before_unpacking() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as part:
        for _ in range(400):
            part.write(b"A" * MEGABYTE)
    content = written.getvalue()
    assert len(content) < MEGABYTE
    with pytest.raises(FileRefused) as refused:
        packing.look(content, LIMITS)
    assert refused.value.refusal is Refusal.UNPACKS_TOO_LARGE
    assert refused.value.values == {"megabytes": 400, "limit": 200}


def test_a_part_that_grows_more_than_a_hundred_times_is_refused() -> None:
    assert refusal_of(pack({"xl/a.xml": b"A" * 10 * MEGABYTE})) is Refusal.PACKED_TOO_TIGHT


def test_a_part_that_is_longer_than_it_claims_is_refused() -> None:
    assert refusal_of(with_sizes(pack({"xl/a.xml": b"AB" * 60}), claimed=30)) is Refusal.UNSAFE_PART


def test_a_part_that_is_shorter_than_it_claims_is_damaged() -> None:
    assert refusal_of(with_sizes(pack({"xl/a.xml": b"AB" * 60}), claimed=500)) is Refusal.DAMAGED_PART


def test_more_than_two_thousand_parts_are_refused() -> None:
    assert refusal_of(pack({f"p{number}": b"" for number in range(2001)})) is Refusal.TOO_MANY_PARTS


def test_a_count_of_parts_that_lies_is_found_out() -> None:
    content = bytearray(pack({f"p{number}": b"" for number in range(12)}))
    end = content.rfind(b"PK\x05\x06")
    content[end + 10 : end + 12] = (3).to_bytes(2, "little")
    limits = dataclasses.replace(LIMITS, parts=10)
    with pytest.raises(FileRefused):
        packing.look(bytes(content), limits)


def test_two_entries_for_the_same_bytes_are_refused() -> None:
    content = pack({"xl/a.xml": b"<a/>", "xl/b.xml": b"<a/>"})
    changed = bytearray(content)
    second = changed.rfind(b"PK\x01\x02")
    changed[second + 42 : second + 46] = bytes(4)
    assert refusal_of(bytes(changed)) in (Refusal.UNSAFE_PART, Refusal.DAMAGED_PART)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl/../../a.xml", "C:a.xml", "xl\\..\\a.xml"])
def test_a_part_named_to_leave_its_folder_is_refused(name: str) -> None:
    assert refusal_of(pack({name: b"<a/>"})) is Refusal.UNSAFE_PART


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_comes_twice_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("xl/a.xml", "<a/>")
        archive.writestr("xl/a.xml", "<b/>")
    assert refusal_of(written.getvalue()) is Refusal.UNSAFE_PART


def test_an_encrypted_part_says_that_the_file_is_protected() -> None:
    changed = bytearray(pack({"xl/a.xml": b"<a/>"}))
    entry = changed.find(b"PK\x01\x02")
    changed[entry + 8] |= 1
    assert refusal_of(bytes(changed)) is Refusal.PASSWORD


def test_a_zip_without_its_end_is_incomplete() -> None:
    content = pack({"xl/a.xml": b"<a/>" * 100})
    assert refusal_of(content[: len(content) // 2]) is Refusal.INCOMPLETE


def test_a_wrong_checksum_names_the_part() -> None:
    content = pack({"xl/a.xml": b"<a>1</a>"})
    with pytest.raises(FileRefused) as refused:
        unpack_all(with_wrong_checksum(content, "xl/a.xml"))
    assert refused.value.refusal is Refusal.DAMAGED_PART
    assert refused.value.values == {"part": "xl/a.xml"}


def test_packed_bytes_that_are_no_deflate_stream_are_damaged() -> None:
    content = bytearray(pack({"xl/a.xml": b"<a>" + b"x1y2" * 100 + b"</a>"}))
    content[38 + 5 : 38 + 15] = b"\xff" * 10
    assert refusal_of(bytes(content)) is Refusal.DAMAGED_PART


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<?xml version="1.0"?>\n<!doctype a SYSTEM "file:///etc/passwd"><a/>',
        b" " * (MEGABYTE - 5) + b"<!DOCTYPE a><a/>",
    ],
)
def test_a_document_type_is_forbidden_wherever_it_stands(xml: bytes) -> None:
    assert refusal_of(pack({"xl/a.xml": xml}, stored=True)) is Refusal.FORBIDDEN_XML


@pytest.mark.parametrize(
    "xml",
    [
        "<a/>".encode("utf-16"),
        "<a/>".encode("utf-16-be"),
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
    ],
)
def test_an_encoding_other_than_utf8_is_refused(xml: bytes) -> None:
    assert refusal_of(pack({"xl/a.xml": xml})) is Refusal.PART_ENCODING


def test_a_packed_file_inside_is_refused_but_an_embedded_object_is_not() -> None:
    inner = pack({"a": b"b"})
    content = pack({"xl/other.bin": inner, "xl/embeddings/one.xlsx": inner})
    found = packing.look(content, LIMITS)
    packing.refuse_nested(content, found["xl/embeddings/one.xlsx"])
    with pytest.raises(FileRefused) as refused:
        packing.refuse_nested(content, found["xl/other.bin"])
    assert refused.value.refusal is Refusal.NESTED_ARCHIVE


def test_unpacking_gives_the_bytes_that_were_packed() -> None:
    original = zlib.compress(b"abc" * 1000) * 50
    for stored in (True, False):
        content = pack({"xl/a.bin": original}, stored=stored)
        assert b"".join(packing.unpack(content, packing.look(content, LIMITS)["xl/a.bin"])) == original
