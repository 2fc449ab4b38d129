"""Files that come as evidence: photos are decoded apart, known documents are kept, all else is named and refused."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from qms_desktop import files
from qms_desktop.exchange import FileRefused, Refusal, evidence
from qms_desktop.exchange.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from qms_desktop.rules.attachment import NewFile

DEMO = files.resources() / "demo"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def taken(source: Path | bytes, name: str = "") -> NewFile:
    return evidence.take(source, zone=SHANGHAI, name=name)


def photo_taken(said: str, offset: str = "") -> bytes:
    exif = Image.Exif()
    shot = exif.get_ifd(0x8769)
    shot[0x9003] = said
    if offset:
        shot[0x9011] = offset
    exif[0x010F] = "Phone"
    written = io.BytesIO()
    Image.new("RGB", (40, 30)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def refused_by(content: bytes, name: str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        taken(content, name)
    assert refused.value.values["file"] == name
    return refused.value


def test_a_photo_comes_with_its_copy_and_thumbnail() -> None:
    path = DEMO / "照片_漏油_竖拍.jpg"
    file = taken(path)
    assert (file.file_name, file.media_type, file.original) == (path.name, "image/jpeg", path.read_bytes())
    assert (file.width_px, file.height_px) == (960, 1280)
    assert file.upright_copy.startswith(b"\xff\xd8\xff")
    assert file.thumbnail.startswith(b"\xff\xd8\xff")
    assert len(file.thumbnail) < len(file.upright_copy)


@pytest.mark.parametrize(
    ("said", "offset", "moment"),
    [
        ("2026:11:04 10:58:07", "", datetime(2026, 11, 4, 10, 58, 7, tzinfo=SHANGHAI)),
        ("2026:11:04 02:58:07", "+00:00", datetime(2026, 11, 4, 10, 58, 7, tzinfo=SHANGHAI)),
        ("0000:00:00 00:00:00", "", None),
        ("2026:11:04 10:58:07", "east", None),
        ("yesterday", "", None),
    ],
)
def test_the_camera_says_when_a_photo_was_taken(said: str, offset: str, moment: datetime | None) -> None:
    assert taken(photo_taken(said, offset), "x.jpg").taken_at == moment


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("通知.pdf", b"%PDF-1.7 rest", "application/pdf"),
        ("notice.XLSX", b"PK\x03\x04rest", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("mail.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "application/vnd.ms-outlook"),
        ("mail.eml", b"From: a@b.example\r\n\r\ntext", "message/rfc822"),
        ("data.csv", "批号;数量".encode("gb18030"), "text/csv"),
    ],
)
def test_a_document_of_a_known_kind_is_kept_as_it_is(name: str, content: bytes, media_type: str) -> None:
    file = taken(content, name)
    assert (file.media_type, file.original, file.width_px, file.upright_copy) == (media_type, content, None, b"")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"MZ\x90\x00"), ("a.xlsx", b"<html>"), ("a.doc", b"PK\x03\x04"), ("a.txt", b"MZ\x90\x00\x03")],
)
def test_a_document_that_is_something_else_is_refused(name: str, content: bytes) -> None:
    assert refused_by(content, name).refusal is Refusal.NOT_ITS_KIND


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("setup.exe", b"MZ\x90\x00" + bytes(100), Refusal.NOT_A_PICTURE),
        ("page.html", b"<html><script>", Refusal.NOT_A_PICTURE),
        ("photo.jpg", b"<html>", Refusal.NOT_A_PICTURE),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg">', Refusal.PICTURE_FORMAT),
        ("scan.tiff", b"II*\x00" + bytes(20), Refusal.PICTURE_FORMAT),
        ("empty.jpg", b"", Refusal.EMPTY),
        ("empty.pdf", b"", Refusal.EMPTY),
    ],
)
def test_what_is_neither_is_refused(name: str, content: bytes, refusal: Refusal) -> None:
    assert refused_by(content, name).refusal is refusal


@pytest.mark.parametrize("name", ["long.pdf", "long.jpg"])
def test_a_file_over_the_limit_is_refused_by_its_size(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"%PDF-" + bytes(1_000))
    for source in (path, path.read_bytes()):
        with pytest.raises(FileRefused) as refused:
            evidence.take(source, zone=SHANGHAI, name=name, limits=Limits(file_bytes=1_000))
        assert refused.value.refusal is Refusal.FILE_TOO_LARGE
