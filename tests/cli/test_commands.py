"""The commands answer whatever they are asked: in one line, with an exit code, and as JSON when that is wanted."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from qms_desktop import cli
from qms_desktop.permissions import Role
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data_rows import PersonRow, SourceRow
from tests.helpers.plant import PEOPLE, password_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.helpers.plant import Plant
    from tests.helpers.postgres import Server

ADMIN = "it"


@pytest.fixture(autouse=True)
def it_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QMS_PASSWORD", password_of(ADMIN))
    for variable in ("QMS_NEW_PASSWORD", "QMS_UPGRADE_PASSWORD", "QMS_SUPERUSER_PASSWORD"):
        monkeypatch.delenv(variable, raising=False)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 1) -> str:
    """Run a command that must fail, and give its one line."""
    try:
        ended = cli.run([str(argument) for argument in arguments])
    except SystemExit as usage:
        ended = int(usage.code or 0)
    said = capsys.readouterr()
    assert ended == code, said
    (line,) = said.err.splitlines()
    assert line.startswith("qms-desktop")
    return line


def at(plant: Plant) -> tuple[str, ...]:
    return ("--database", plant.url, "--user", ADMIN)


def test_where_and_as_whom_may_stand_before_the_command(plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([*at(plant), "find", "C1001"]) == 0
    assert "found" in capsys.readouterr().out


def test_the_password_file_and_json_may_stand_before_the_command(
    plant: Plant, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(password_of(ADMIN), encoding="utf-8")
    monkeypatch.delenv("QMS_PASSWORD", raising=False)
    assert cli.run(["--json", "--password-file", str(secret), *at(plant), "find", "C1001"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("import",),
        ("import", "foo", "x"),
        ("report", "monthly", "2026-13", "--out", "x"),
        ("report", "monthly", "0001-01", "--out", "x"),
        ("report", "monthly", "9999-12", "--out", "x"),
        ("db",),
    ],
)
def test_wrong_arguments_are_one_line(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    assert "--help" in refusal(capsys, *arguments, code=2)


@pytest.mark.parametrize("port", ["99999", "0"])
def test_a_printer_without_a_possible_port_is_refused(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert "HOST:PORT" in refusal(capsys, "label", "R1", "--printer", f"press:{port}", code=2)


def test_a_failure_is_json_when_json_is_asked_for(plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["trace", "--product", "YQ-22", "--lot", "nix", *at(plant), "--json"]) == 1
    said = capsys.readouterr()
    assert "nix" in json.loads(said.out)["error"]
    assert "nix" in said.err


@pytest.mark.parametrize("address", ["postgresql://[::1", "postgresql://", "postgresql://127.0.0.1/", "nonsense"])
@pytest.mark.parametrize("command", [("find", "x", "--user", "it"), ("db", "upgrade"), ("db", "init", "--admin", "it")])
def test_an_address_that_is_none_is_named(
    capsys: pytest.CaptureFixture[str], address: str, command: tuple[str, ...]
) -> None:
    assert f"{address} is no database address" in refusal(capsys, *command, "--database", address)


def test_a_number_sign_belongs_to_the_name_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "C#" / "plant.qms"
    assert cli.run(["db", "init", "--database", f"sqlite:///{file}", "--admin", ADMIN]) == 0
    assert file.is_file(), capsys.readouterr()


@pytest.mark.parametrize("content", [b"", b"hello", None])
def test_an_upgrade_leaves_a_foreign_file_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    file = tmp_path / "foreign.db"
    if content is None:
        with sqlite3.connect(file) as other:
            other.execute("CREATE TABLE t (a)")
        other.close()
    else:
        file.write_bytes(content)
    before = file.read_bytes()
    assert "not a QMS Desktop database" in refusal(capsys, "db", "upgrade", "--database", f"sqlite:///{file}")
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_cannot_be_made_where_none_may_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, "db", "init", "--database", "sqlite:////dev/null/plant.qms", "--admin", ADMIN)
    assert "/dev/null" in said


@pytest.mark.parametrize("zone", ["Mars/Phobos", "", "../../etc/passwd", "Asia"])
def test_a_time_zone_that_is_none_is_refused_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    file = tmp_path / "plant.qms"
    said = refusal(capsys, "db", "init", "--database", f"sqlite:///{file}", "--admin", ADMIN, "--time-zone", zone)
    assert "time zone" in said
    assert not file.exists()


@pytest.mark.parametrize(
    "login", ["", " ", "a b", "it'; drop", "x" * 300, "-x", "qms_owner", "postgres", "管" * 21, "ｉｔ9"]
)
def test_a_login_that_cannot_be_is_refused_on_a_new_file_and_on_a_plant(
    plant: Plant, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    monkeypatch.setenv("QMS_NEW_PASSWORD", "new-password-1")
    file = tmp_path / "plant.qms"
    assert "login" in refusal(capsys, "db", "init", "--database", f"sqlite:///{file}", f"--admin={login}")
    assert not file.exists()
    assert "login" in refusal(capsys, "user", "add", "--name", "甲", "--roles", "sales", *at(plant), "--", login)


@pytest.mark.parametrize("given", [("", "sales", "name"), ("甲", "", "role"), ("甲", ",", "role")])
def test_a_person_needs_a_name_and_a_role(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, given: tuple[str, str, str]
) -> None:
    name, roles, said = given
    monkeypatch.setenv("QMS_NEW_PASSWORD", "new-password-1")
    assert said in refusal(capsys, "user", "add", "x1", "--name", name, "--roles", roles, *at(plant))


def test_the_last_administrator_cannot_be_shut_out(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "last one" in refusal(capsys, "user", "disable", ADMIN, *at(plant))
    monkeypatch.setenv("QMS_NEW_PASSWORD", "new-password-1")
    assert cli.run(["user", "add", "it2", "--name", "乙", "--roles", "admin", *at(plant)]) == 0
    # Logins belong to the server that the tests share: only the new one is shut out again.
    assert cli.run(["user", "disable", "it2", *at(plant)]) == 0


@pytest.mark.parametrize(
    "content", [b"password-it", b"password-it\n", b"password-it\r\nmore\n", b"\xef\xbb\xbfpassword-it\r\n"]
)
def test_a_pass_file_may_end_and_begin_as_editors_do(
    plant: Plant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
) -> None:
    monkeypatch.delenv("QMS_PASSWORD")
    file = tmp_path / "pass"
    file.write_bytes(content)
    assert cli.run(["find", "C1001", *at(plant), "--password-file", str(file)]) == 0


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b"\npassword-it", "is empty"), ("密".encode("utf-16"), "UTF-8")]
)
def test_a_pass_file_without_a_password_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    file = tmp_path / "pass"
    file.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("QMS_PASSWORD")
        line = refusal(capsys, "find", "x", "--database", "sqlite:///x", "--user", "it", "--password-file", file)
    assert said in line


def test_nobody_gets_the_password_of_the_one_who_adds_them(
    plant: Plant, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QMS_PASSWORD")
    file = tmp_path / "pass"
    file.write_text(password_of(ADMIN), encoding="utf-8")
    arguments = ("user", "add", "x1", "--name", "甲", "--roles", "sales", *at(plant), "--password-file", file)
    assert "QMS_NEW_PASSWORD" in refusal(capsys, *arguments)


def test_a_server_without_our_tables_is_named(postgres: Server, capsys: pytest.CaptureFixture[str]) -> None:
    address = f"{postgres.new_database('nothing_here')}?sslmode=disable"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QMS_PASSWORD", postgres.password)
        patch.setenv("QMS_UPGRADE_PASSWORD", "upgrade-password-1")
        said = refusal(capsys, "find", "x", "--database", address, "--user", postgres.superuser)
    assert "holds no QMS Desktop" in said
    postgres.drop_database("nothing_here")


def test_a_database_that_is_not_on_the_server_is_named(server_plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    address = server_plant.url.replace("?", "_elsewhere?")
    assert "holds no QMS Desktop" in refusal(capsys, "find", "x", "--database", address, "--user", ADMIN)


def test_a_login_of_the_server_that_is_nobody_here_is_told_so(
    server_plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QMS_PASSWORD", server_plant.admin_password)
    said = refusal(capsys, "find", "x", "--database", server_plant.url, "--user", server_plant.admin_login)
    assert "not as a person of this plant" in said


def test_a_clerk_is_told_which_right_is_missing(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login = PEOPLE["周磊秀"][0]
    monkeypatch.setenv("QMS_PASSWORD", password_of(login))
    said = refusal(capsys, "db", "verify", "--database", plant.url, "--user", login)
    assert "Your roles do not allow this" in said


@pytest.mark.parametrize(("out", "said"), [(".", "Is a directory"), ("/nowhere/x.xlsx", "/nowhere/x.xlsx")])
def test_a_paper_that_cannot_be_written_names_its_place(
    plant: Plant, capsys: pytest.CaptureFixture[str], out: str, said: str
) -> None:
    login = PEOPLE["胡霞军"][0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QMS_PASSWORD", password_of(login))
        line = refusal(capsys, "report", "monthly", "2026-11", "--out", out, "--database", plant.url, "--user", login)
    assert said in line
    assert ".new" not in line


def test_without_a_console_there_is_nobody_to_ask(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QMS_PASSWORD")
    monkeypatch.setattr("sys.stdin", None)
    assert "QMS_PASSWORD" in refusal(capsys, "find", "x", *at(plant))


@pytest.mark.parametrize("what", ["password", "enable", "disable"])
def test_somebody_who_was_only_imported_has_no_access_to_change(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    row = PersonRow("29001", "何娟丽", None, None, (Role.PRODUCTION,), SourceRow("人员", 4))
    master_data.import_rows(plant.sign_in("管理员"), kind="people", rows=[row], file_name="人员", sha256="2" * 64)
    monkeypatch.setenv("QMS_NEW_PASSWORD", "new-password-1")
    assert "user add" in refusal(capsys, "user", what, "29001", *at(plant))


def test_no_two_logins_differ_by_capital_letters_alone(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QMS_NEW_PASSWORD", "new-password-1")
    said = refusal(capsys, "user", "add", "IT", "--name", "甲", "--roles", "sales", *at(plant))
    assert "Somebody signs in under this name already" in said


@pytest.mark.parametrize("what", ["password", "enable", "disable"])
def test_nobody_is_named_as_such(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setenv("QMS_NEW_PASSWORD", "new-password-1")
    assert "nobody with the login nix" in refusal(capsys, "user", what, "nix", *at(plant))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "case:1 ² abc".encode(), b"case:1 1"])
def test_a_file_that_holds_no_heads_is_named(
    plant: Plant, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = tmp_path / "heads"
    file.write_bytes(content)
    assert "no head of an audit chain" in refusal(capsys, "db", "verify", "--heads", file, *at(plant))
