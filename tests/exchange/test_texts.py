"""Texts and codes: what may be put right, and what must be named (B72, B73)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.exchange import texts
from qms_desktop.exchange.problems import Problem, Trouble


def code(text: str) -> str:
    return texts.code(text, longest=40)


def test_a_code_in_full_width_becomes_an_ordinary_one() -> None:
    assert code("ＹＱ－２２　") == "YQ-22"
    assert code("  L2610A\u00a0") == "L2610A"


def test_a_code_is_not_changed_where_the_meaning_would_change() -> None:
    assert code("Φ8²") == "Φ8²"
    assert code("①-O0") == "①-O0"


def test_composed_and_decomposed_texts_are_the_same() -> None:
    assert code("Mu\u0308ller") == code("Müller") == "Müller"
    assert texts.plain_text("Mu\u0308ller", longest=10) == "Müller"


@pytest.mark.parametrize(
    ("text", "problem", "position"),
    [
        ("L26\x0010A", Problem.CONTROL_CHARACTER, 4),
        ("L26\x0710A", Problem.CONTROL_CHARACTER, 4),
        ("L26\n10A", Problem.CONTROL_CHARACTER, 4),
        ("L26\ud80010A", Problem.CONTROL_CHARACTER, 4),
        ("L2610A\u200b", Problem.INVISIBLE_CHARACTER, 7),
        ("L26\u202e10A", Problem.INVISIBLE_CHARACTER, 4),
        ("L26\u00ad10A", Problem.INVISIBLE_CHARACTER, 4),
        ("L2\u2060610A", Problem.INVISIBLE_CHARACTER, 3),
        ("L26\u202810A", Problem.INVISIBLE_CHARACTER, 4),
    ],
)
def test_what_nobody_can_see_in_a_code_is_named_with_its_position(text: str, problem: Problem, position: int) -> None:
    with pytest.raises(Trouble) as trouble:
        code(text)
    assert trouble.value.problem is problem
    assert trouble.value.values["position"] == position


@pytest.mark.parametrize("text", ["阻力\x00不符", "阻力\x1b不符", "阻力\ud800不符", "阻力\x7f不符"])
def test_control_characters_in_a_text_are_refused(text: str) -> None:
    with pytest.raises(Trouble) as trouble:
        texts.plain_text(text, longest=100)
    assert trouble.value.values["position"] == 3


def test_line_breaks_stay_only_where_a_field_keeps_them() -> None:
    assert texts.plain_text("总装\r\nEOL", longest=20) == "总装 EOL"
    assert texts.plain_text("总装\r\nEOL", longest=20, keeps_lines=True) == "总装\nEOL"


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    with pytest.raises(Trouble) as trouble:
        texts.plain_text("x" * 32767, longest=200)
    assert trouble.value.values == {"length": 32767, "longest": 200}


@given(st.text(max_size=60))
def test_any_code_is_kept_the_same_or_refused_and_reading_it_twice_changes_nothing(text: str) -> None:
    try:
        kept = code(text)
    except Trouble:
        return
    assert code(kept) == kept
    assert "\n" not in kept
    assert kept == "" or kept.isprintable() or all(sign.isprintable() or sign.isspace() for sign in kept)


@given(st.text(max_size=60))
def test_headings_are_compared_without_width_space_and_case(text: str) -> None:
    assert texts.heading(f" {text}\n") == texts.heading(text)


def test_the_apostrophe_by_which_a_table_marks_a_text_is_no_part_of_a_code() -> None:
    assert code("'00123") == code("＇00123") == "00123"


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u202a"])
def test_a_heading_is_known_whatever_nobody_sees_in_it(unseen: str) -> None:
    assert texts.heading(f"客户{unseen}编号{unseen}") == texts.heading("客户编号")


@pytest.mark.parametrize("nothing", ["-", "—", " / ", "NULL", "(null)", "N/A", "ＮＵＬＬ"])
def test_a_sign_for_nothing_is_no_name(nothing: str) -> None:
    assert texts.is_no_name(nothing)


@pytest.mark.parametrize("name", ["NA", "无", "null-free", "-20 °C"])
def test_what_may_be_a_name_stays_one(name: str) -> None:
    assert not texts.is_no_name(name)
