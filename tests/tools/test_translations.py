"""No text of the program goes untranslated, and no written catalogue goes stale."""

from __future__ import annotations

import gettext
from typing import TYPE_CHECKING

import pytest

from tests.tools import translations

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Catalog

PROGRAM = """
title = N_("Complaint")
left = _("Only {left} pieces are left.").format(left=3)
total = plural("{count} piece", "{count} pieces", 3).format(count=3)
"""
CHINESE = {"Complaint": "投诉", "Only {left} pieces are left.": "仅剩 {left} 件。", "{count} piece": "{count} 件"}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Give a folder with one small program."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "pieces.py").write_text(PROGRAM, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder for the catalogues."""
    return tmp_path / "translations"


def write_chinese(source: Catalog, folder: Path, chinese: dict[str, str]) -> None:
    """Make catalogues in which both languages hold the same Chinese."""
    translations.translate(source, folder=folder)
    for language in translations.languages():
        catalogue = translations.updated(language, source, folder=folder)
        for message in translations.messages(catalogue):
            text = chinese[translations.forms(message.id)[0]]
            message.string = text if isinstance(message.id, str) else (text,)
        po = translations.po_file(language, folder=folder)
        po.write_bytes(translations.written(catalogue))
    translations.translate(source, folder=folder)


def test_all_three_kinds_of_texts_are_gathered(program: Path) -> None:
    source = translations.source_catalogue(program, project=program)
    gathered = {translations.forms(message.id) for message in translations.messages(source)}
    assert gathered == {("Complaint",), ("Only {left} pieces are left.",), ("{count} piece", "{count} pieces")}


def test_a_file_that_does_not_parse_stops_the_gathering(program: Path) -> None:
    (program / "half_written.py").write_text('title = N_("Half', encoding="utf-8")
    with pytest.raises(SyntaxError):
        translations.source_catalogue(program, project=program)


def test_a_complete_catalogue_has_no_fault(program: Path, folder: Path) -> None:
    source = translations.source_catalogue(program, project=program)
    write_chinese(source, folder, CHINESE)
    assert translations.check(source, folder=folder) == []


def test_the_compiled_catalogue_speaks_chinese(program: Path, folder: Path) -> None:
    write_chinese(translations.source_catalogue(program, project=program), folder, CHINESE)
    spoken = gettext.translation("qms_desktop", folder, languages=["zh_CN"])
    assert spoken.gettext("Complaint") == "投诉"
    assert spoken.ngettext("{count} piece", "{count} pieces", 3) == "{count} 件"


def test_a_text_without_translation_is_named_with_its_place(program: Path, folder: Path) -> None:
    source = translations.source_catalogue(program, project=program)
    write_chinese(source, folder, CHINESE | {"Complaint": ""})
    assert translations.check(source, folder=folder) == [
        "zh_CN: 'Complaint' is not translated (pieces.py)",
        "zh_TW: 'Complaint' is not translated (pieces.py)",
    ]


@pytest.mark.parametrize("chinese", ["仅剩 {rest} 件。", "仅剩几件。", "仅剩 {left} 件，共 {all} 件。"])
def test_a_translation_with_other_fields_is_refused(program: Path, folder: Path, chinese: str) -> None:
    source = translations.source_catalogue(program, project=program)
    write_chinese(source, folder, CHINESE | {"Only {left} pieces are left.": chinese})
    found = translations.check(source, folder=folder)
    assert len(found) == 2
    assert "has other fields than its text" in found[0]


def test_a_translation_with_broken_braces_is_refused(program: Path, folder: Path) -> None:
    source = translations.source_catalogue(program, project=program)
    write_chinese(source, folder, CHINESE | {"Only {left} pieces are left.": "仅剩 {left 件。"})
    assert "has broken braces" in translations.check(source, folder=folder)[0]


def test_a_doubtful_translation_is_refused(program: Path, folder: Path) -> None:
    source = translations.source_catalogue(program, project=program)
    write_chinese(source, folder, CHINESE)
    po = translations.po_file("zh_CN", folder=folder)
    text = po.read_text(encoding="utf-8")
    po.write_text(text.replace('msgid "Complaint"', '#, fuzzy\nmsgid "Complaint"'), encoding="utf-8")
    assert any("fuzzy" in line for line in translations.check(source, folder=folder))


@pytest.mark.parametrize(
    "name", ["qms_desktop.pot", "zh_TW/LC_MESSAGES/qms_desktop.po", "zh_TW/LC_MESSAGES/qms_desktop.mo"]
)
def test_a_stale_file_is_named(program: Path, folder: Path, name: str) -> None:
    source = translations.source_catalogue(program, project=program)
    write_chinese(source, folder, CHINESE)
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n# by hand\n")
    found = translations.check(source, folder=folder)
    assert [line.split()[0] for line in found] == [name.rpartition("/")[2]]


def test_translating_twice_changes_nothing(program: Path, folder: Path) -> None:
    source = translations.source_catalogue(program, project=program)
    write_chinese(source, folder, CHINESE)
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    lacking = translations.translate(source, folder=folder)
    assert {path: path.read_bytes() for path in before} == before
    assert lacking == {"zh_CN": 0, "zh_TW": 0}


def test_a_text_that_left_the_program_leaves_the_catalogue(program: Path, folder: Path) -> None:
    write_chinese(translations.source_catalogue(program, project=program), folder, CHINESE)
    (program / "pieces.py").write_text('title = N_("Complaint")', encoding="utf-8")
    translations.translate(translations.source_catalogue(program, project=program), folder=folder)
    assert "Only" not in translations.po_file("zh_CN", folder=folder).read_text(encoding="utf-8")
