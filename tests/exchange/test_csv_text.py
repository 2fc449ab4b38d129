"""Text tables as they come: encodings, separators, quotes (B29-B37)."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.exchange import csv_text
from qms_desktop.exchange.limits import LIMITS
from qms_desktop.exchange.refusals import FileRefused, Refusal
from qms_desktop.exchange.sniff import FileKind, table_kind

TABLE = "客户编号,客户名称\r\nC1001,华东远航汽配有限公司\r\nC1002,苏州恒骏机电\r\n"


def records(content: bytes, *, encoding: str | None = None) -> list[tuple[int, list[str]]]:
    return list(csv_text.open_text(content, encoding=encoding, limits=LIMITS).records)


def refused_by(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        records(content)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_the_same_table_is_read_equal_in_every_encoding(encoding: str) -> None:
    assert records(TABLE.encode(encoding)) == records(TABLE.encode("utf-8"))


def test_four_byte_characters_of_gb18030_are_read() -> None:
    name = "㐂𠮷有限公司"
    content = f"客户编号,客户名称\nC1,{name}\n".encode("gb18030")
    assert csv_text.decode(content)[1] == "GB18030"
    assert records(content)[1] == (2, ["C1", name])


def test_an_invalid_byte_in_line_4000_is_named_by_line_and_byte() -> None:
    lines = ["气弹簧,漏油".encode()] * 4100
    lines[3999] = "气弹簧".encode() + b"\xff" + "漏油".encode()
    refused = refused_by(b"\n".join(lines))
    assert refused.refusal is Refusal.BAD_BYTE
    assert refused.values == {"line": 4000, "byte": "0xFF", "encoding": "UTF-8"}


def test_a_line_of_gb18030_in_utf8_is_refused_by_line() -> None:
    lines = ["气弹簧,漏油".encode()] * 20
    lines[11] = "装饰外壳,表面划伤".encode("gb18030")
    refused = refused_by(b"\n".join(lines))
    assert refused.refusal is Refusal.MIXED_ENCODINGS
    assert refused.values == {"encoding": "UTF-8", "line": 12}


def test_a_line_of_utf8_in_gb18030_is_refused_by_line() -> None:
    lines = ["气弹簧,漏油,库存快照".encode("gb18030")] * 20
    lines[6] = "装饰外壳,表面划伤".encode()
    refused = refused_by(b"\n".join(lines))
    assert refused.refusal is Refusal.MIXED_ENCODINGS
    assert refused.values == {"encoding": "GB18030", "line": 7}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("客戶編號,客戶名稱\n退貨處理,氣彈簧漏油\n", "big5"), ("Müller,Größe\nKöln,Übermaß\n", "cp1252")],
)
def test_what_may_be_another_encoding_is_asked_and_read_when_chosen(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    assert refused_by(content).refusal in (Refusal.ENCODING_UNSURE, Refusal.BAD_BYTE)
    assert records(content, encoding=encoding)[0][1] == text.splitlines()[0].split(",")


def test_utf16_cut_in_the_middle_is_refused() -> None:
    assert refused_by("客户,编号\n".encode("utf-16")[:-1]).refusal is Refusal.BAD_BYTE


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    text = f'编号{separator}"名称, 带逗号"{separator}数量\n1{separator}a{separator}2\n'
    opened = csv_text.open_text(text.encode(), encoding=None, limits=LIMITS)
    assert opened.separator == separator
    assert next(opened.records) == (1, ["编号", "名称, 带逗号", "数量"])


def test_a_quote_that_is_never_closed_is_named_by_its_line() -> None:
    lines = ["a,b"] * 30
    lines[11] = 'a,"b'
    refused = refused_by("\n".join(lines).encode())
    assert refused.refusal is Refusal.OPEN_QUOTE
    assert refused.values == {"line": 12}


def test_a_quote_that_swallows_lines_up_to_the_next_quote_is_named_by_its_line() -> None:
    lines = ["a,b"] * 30
    lines[11] = 'a,"b'
    lines[20] = '"a",b'
    assert refused_by("\n".join(lines).encode()).values == {"line": 12}


def test_a_record_over_several_lines_has_the_line_where_it_begins() -> None:
    assert records(b'a,b\n1,"x\ny"\n2,z\n') == [(1, ["a", "b"]), (2, ["1", "x\ny"]), (4, ["2", "z"])]


def test_a_nul_byte_is_refused_by_its_line() -> None:
    refused = refused_by(b"a,b\nc,d\ne,\x00f\n" + b"g,h\n" * 50)
    assert refused.refusal is Refusal.NUL_BYTE
    assert refused.values == {"line": 3}


def test_returns_without_line_feeds_are_refused_by_the_line() -> None:
    assert refused_by(b"a,b\rc,d\r").values == {"line": 1}


def test_a_line_of_ten_megabytes_is_refused_by_its_number() -> None:
    refused = refused_by(b"a,b\n" + b"x" * 10_000_000 + b"\n")
    assert refused.refusal is Refusal.LONG_LINE
    assert refused.values["line"] == 2


def test_more_rows_than_the_limit_are_refused() -> None:
    limits = dataclasses.replace(LIMITS, rows=10)
    with pytest.raises(FileRefused) as refused:
        list(csv_text.open_text(b"a,b\n" * 11, encoding=None, limits=limits).records)
    assert refused.value.refusal is Refusal.TOO_MANY_ROWS


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_a_refusal_and_never_lose_a_sign(content: bytes) -> None:
    try:
        text, encoding = csv_text.decode(content)
    except FileRefused:
        return
    assert "\ufffd" not in text or "\ufffd".encode(encoding) in content
    again = text.encode(encoding)
    assert again == content or again == content[len(content) - len(again) :]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\x00\r\n,;|\t"'), min_size=1, max_size=40))
def test_any_text_in_utf8_comes_back_as_it_was(text: str) -> None:
    content = f"编号,名称\n1,{text}\n".encode()
    assert records(content)[1] == (2, ["1", text])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "客户编号,客户名称,国内国外\r\nC1001,华东远航汽配有限公司,国内\r\n",
        "代码\t缺陷名称\n漏油\t阻力不符\n",
        "a,b\n1,2\n",
    ],
)
def test_utf16_that_does_not_say_so_is_read_whatever_it_is_written_in(encoding: str, text: str) -> None:
    assert csv_text.decode(text.encode(encoding)) == (text, encoding.upper())
    assert table_kind(text.encode(encoding)) is FileKind.CSV
