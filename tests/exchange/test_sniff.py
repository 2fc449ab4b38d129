"""What a file is, told by its first bytes (B1-B5, B27)."""

from __future__ import annotations

import pytest

from qms_desktop.exchange.refusals import FileRefused, Refusal
from qms_desktop.exchange.sniff import FileKind, table_kind

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", Refusal.EMPTY),
        (OLE + "Workbook".encode("utf-16-le"), Refusal.OLD_EXCEL),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Refusal.PASSWORD),
        (OLE + "WordDocument".encode("utf-16-le"), Refusal.OTHER_FORMAT),
        (b"<html><body><table><tr><td>1</td></tr></table>", Refusal.WEB_PAGE),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", Refusal.WEB_PAGE),
        ("<table border=1>".encode("utf-16"), Refusal.WEB_PAGE),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Refusal.WEB_PAGE),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', Refusal.OTHER_FORMAT),
        (b"%PDF-1.7\n", Refusal.OTHER_FORMAT),
        (b"\xff\xd8\xff\xe0" + bytes(30), Refusal.OTHER_FORMAT),
        (bytes(range(1, 32)) * 20, Refusal.NOT_A_TABLE),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, refusal: Refusal) -> None:
    with pytest.raises(FileRefused) as refused:
        table_kind(content)
    assert refused.value.refusal is refusal


@pytest.mark.parametrize(
    "content",
    [
        "客户编号,客户名称\n".encode("gb18030"),
        "客户编号,客户名称\n".encode("utf-16"),
        "客户编号,客户名称\n1,2\n".encode("utf-16-be"),
        b"BMW,MZ\n",
        b"a,b\r\n1,2\r\n",
    ],
)
def test_text_is_read_as_csv_whatever_its_encoding(content: bytes) -> None:
    assert table_kind(content) is FileKind.CSV


def test_a_packed_file_is_looked_at_as_a_workbook() -> None:
    assert table_kind(b"PK\x03\x04") is FileKind.WORKBOOK
