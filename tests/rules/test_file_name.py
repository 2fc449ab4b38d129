"""What a file from outside is called: its name is text, never a path and never a trick (B81)."""

from __future__ import annotations

import unicodedata

import pytest

from qms_desktop.rules.file_name import LONGEST_NAME, safe_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("照片_外箱破损.jpg", "照片_外箱破损.jpg"),
        ("CON.xlsx", "_CON.xlsx"),
        ("com1", "_com1"),
        ("report.pdf. . ", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\li\photo.jpg", "photo.jpg"),
        ("notes.txt:hidden.exe", "notes.txt_hidden.exe"),
        ('a<b>"c"|d?.png', "a_b__c__d_.png"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\n.jpg", "ab.jpg"),
        ("🚚 truck.jpg", "🚚 truck.jpg"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
    ],
)
def test_a_name_is_made_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_name_from_a_mac_is_the_same_name() -> None:
    composed = "Prüfbericht.pdf"
    assert safe_name(unicodedata.normalize("NFD", composed)) == composed


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("照" * 300 + ".jpg")
    assert len(name) == LONGEST_NAME
    assert name.endswith(".jpg")


def test_a_safe_name_stays_as_it_is() -> None:
    for given in ("CON", "a/b", "照" * 300 + ".xlsx", "x. .", "\u202ex.jpg"):
        assert safe_name(safe_name(given)) == safe_name(given)
