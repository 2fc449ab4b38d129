"""The entry for people who work on the program says what it needs, and the lock says exactly what it installs."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

import dev

if TYPE_CHECKING:
    from pathlib import Path


def pins() -> dict[str, str]:
    """Give the blocks of the lock by the name of their package."""
    blocks = re.split(r"\n(?=\S)", dev.LOCK.read_text(encoding="utf-8").strip())
    return {re.split(r"[=\[ ]", block)[0].lower(): block for block in blocks}


def test_every_package_of_the_lock_is_pinned_and_hashed() -> None:
    loose = [name for name, block in pins().items() if "==" not in block or "--hash=sha256:" not in block]
    assert loose == []
    assert len(pins()) > 40


def test_the_lock_holds_no_address_and_no_path() -> None:
    text = dev.LOCK.read_text(encoding="utf-8")
    assert not re.search(r"://|file:|--(extra-)?index|--find-links|(^|\s)/", text)


def test_the_lock_holds_all_that_is_asked_for() -> None:
    wanted = (dev.PROJECT / "requirements.in").read_text(encoding="utf-8").splitlines()
    names = [re.split(r"[=<>\[ ]", line)[0].lower() for line in wanted if line and not line.startswith("#")]
    assert [name for name in names if name not in pins()] == []


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_a_python_that_was_not_tried_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(dev.Stop, match=rf"3\.11, 3\.12 and 3\.13; this is Python 3\.{version[1]}\."):
        dev.require_python()


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_python_that_was_tried_is_taken(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    dev.require_python()


def test_who_may_not_install_gets_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "is_root_on_debian", lambda: False)
    with pytest.raises(dev.Stop, match="sudo apt-get install libegl1 libgl1"):
        dev.install_packages(["libegl1", "libgl1"], wanted_for="The window (Qt)")


def test_a_missing_library_is_asked_for_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(dev, "is_root_on_debian", lambda: False)
    monkeypatch.setattr(dev, "can_load", lambda library: library != "libEGL.so.1")
    with pytest.raises(dev.Stop, match="sudo apt-get install libegl1\n"):
        dev.require_qt_libraries()


def test_another_lock_makes_another_stamp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = dev.wanted_stamp()
    changed = tmp_path / "requirements.lock"
    changed.write_bytes(dev.LOCK.read_bytes() + b"\n")
    monkeypatch.setattr(dev, "LOCK", changed)
    assert dev.wanted_stamp() != before


def test_without_a_screen_the_story_is_told_into_a_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[tuple[object, ...]] = []

    def note(*arguments: object, offscreen: bool = False) -> int:
        called.append((*arguments, offscreen))
        return 0

    monkeypatch.setattr(dev, "there_is_a_screen", lambda: False)
    monkeypatch.setattr(dev, "require_qt_libraries", lambda _on_top=None: None)
    monkeypatch.setattr(dev, "call", note)
    assert dev.run([]) == 0
    assert called == [("-m", "qms_desktop", "demo", "--out", dev.OUT, True)]
    assert "no screen" in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["tset"]) == 2
    assert "no command 'tset'" in capsys.readouterr().err


def test_every_command_has_one_line_of_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    told = capsys.readouterr().out
    assert all(re.search(rf"^  {name} +[A-Z]", told, re.MULTILINE) for name in dev.COMMANDS)


def test_what_is_imported_by_name_is_named_to_the_bundler() -> None:
    sources = (file.read_text(encoding="utf-8") for file in (dev.PROJECT / "qms_desktop").rglob("*.py"))
    named = {name for source in sources for name in re.findall(r'import_module\("([a-z_]+)', source)}
    foreign = named - {"qms_desktop"} - set(sys.stdlib_module_names)
    spec = (dev.PROJECT / "build.spec").read_text(encoding="utf-8")
    assert foreign == {"pypinyin"}, "or this test looks at nothing"
    assert [name for name in foreign if f'"{name}"' not in spec] == []
