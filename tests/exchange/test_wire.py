"""What crosses the pipe comes out as it went in, and nothing else can come out of it."""

from __future__ import annotations

import io
import json
import struct
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.exchange import wire
from qms_desktop.exchange.raw import Fault, FaultKind, RawValue, Truth

CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.floats(allow_nan=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.builds(Fault, st.sampled_from(FaultKind), st.text(st.characters(exclude_categories=["Cs"]), max_size=10)),
)


@given(st.lists(CELLS, max_size=8))
def test_a_row_comes_out_as_it_went_in(row: list[RawValue]) -> None:
    assert wire.unpack_row(json.loads(json.dumps(wire.pack_row(row))), {}) == row


def test_truths_and_durations_come_out_as_they_went_in() -> None:
    packed = json.loads(json.dumps(wire.pack_row([True, False, timedelta(hours=25), ""])))
    assert wire.unpack_row(packed, {}) == [Truth.TRUE, Truth.FALSE, timedelta(hours=25), None]


def test_a_text_that_looks_like_a_mark_stays_a_text() -> None:
    marks: list[RawValue] = ["\x01d2026-01-04", "\x01", "\x00x", "\x01e#N/A"]
    assert wire.unpack_row(json.loads(json.dumps(wire.pack_row(marks))), {}) == marks


def test_the_same_date_is_read_once() -> None:
    seen: dict[str, RawValue] = {}
    packed = wire.pack_row([date(2026, 1, 4), datetime(2026, 1, 4, 9, 30), time(9, 30), date(2026, 1, 4)])  # noqa: DTZ001
    row = wire.unpack_row(packed, seen)
    assert row[0] is row[3]


@pytest.mark.parametrize(
    "pipe",
    [
        b"",
        b"\x00\x00",
        struct.pack(">I", 10) + b"{}",
        struct.pack(">I", 2**31),
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 3) + b"{x}",
        struct.pack(">I", 1) + b"\xff",
    ],
)
def test_a_broken_frame_is_a_broken_pipe(pipe: bytes) -> None:
    with pytest.raises(wire.BrokenPipe):
        wire.receive(io.BytesIO(pipe))
