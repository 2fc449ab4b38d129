"""Whatever stands behind the commands' streams: a console of another alphabet, a full disk, a person who stops them."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from qms_desktop import cli, files, settings
from tests.helpers.plant import password_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.helpers.plant import Plant

FIND = ("find", "L2610A")


@pytest.fixture
def at(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.setenv("QMS_PASSWORD", password_of("it"))
    return ("--database", plant.url, "--user", "it")


class FullDisk(io.RawIOBase):
    """A file on a disk that has no room left."""

    def writable(self) -> bool:
        return True

    def write(self, _data: object) -> int:
        raise OSError(28, "No space left on device")


def console(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)


def seen(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(stream.encoding)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "big5", "utf-8"])
def test_a_console_that_lacks_a_character_gets_the_answer_all_the_same(
    at: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    out, err = console(encoding), console(encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert cli.run(["user", "list", *at]) == 0
    assert cli.run(["label", "无此单", "--pdf", "x.pdf", *at]) == 1
    assert "\tadmin" in seen(out)
    assert len(seen(err).splitlines()) == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "big5", "utf-8"])
def test_json_is_json_whatever_the_console_speaks(
    at: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    out = console(encoding)
    monkeypatch.setattr(sys, "stdout", out)
    assert cli.run(["user", "list", *at, "--json"]) == 0
    assert "管理员" in {each["name"] for each in json.loads(seen(out))}


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_answer_that_finds_no_room_is_one_line(
    at: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: tuple[str, ...]
) -> None:
    full = io.TextIOWrapper(io.BufferedWriter(FullDisk()), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", full)
        assert cli.run([*FIND, *at, *form]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "The answer cannot be written: No space left on device" in line


@pytest.mark.parametrize("where", ["qms_desktop.rules.search.find", "qms_desktop.cli.import_module"])
def test_whoever_stops_a_command_is_told_that_nothing_half_was_saved(
    at: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(where, stopped)
    assert cli.run([*FIND, *at, "--json"]) == cli.EXIT_INTERRUPTED
    said = capsys.readouterr()
    assert "Stopped" in json.loads(said.out)["error"]
    assert len(said.err.splitlines()) == 1


def test_a_service_without_a_home_can_use_the_commands(
    at: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = tmp_path / "file"
    nowhere.touch()
    for place in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(place, str(nowhere))
    assert cli.run([*FIND, *at]) == 0


def test_settings_that_cannot_be_put_aside_do_not_stop_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    place = files.person_folder() / "settings.toml"
    place.write_text("database = ", encoding="utf-8")
    aside = place.with_suffix(".broken")
    aside.mkdir(exist_ok=True)
    assert settings.load() == settings.Settings()
    place.unlink()
    aside.rmdir()
