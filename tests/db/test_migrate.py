"""Bringing a database to the program's schema: whole or not at all, once, and never by an older program."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from qms_desktop import files
from qms_desktop.db import connection, migrate, people, postgresql_functions, schema, setup
from qms_desktop.db.connection import sqlite_path
from qms_desktop.errors import Unavailable
from tests.helpers.plant import UPGRADE_PASSWORD, Plant, Templates
from tests.hostile.stage import IT, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.helpers.postgres import Server

NEXT = '''"""A file of a later release."""

POSTGRESQL = (
    "CREATE TABLE later_note (id bigserial PRIMARY KEY, text text NOT NULL)",
    "INSERT INTO later_note (text) SELECT name FROM site",
    "ALTER TABLE later_note ADD COLUMN is_read boolean NOT NULL DEFAULT FALSE",
)
SQLITE = (
    "CREATE TABLE later_note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",
    "INSERT INTO later_note (text) SELECT name FROM site",
    "ALTER TABLE later_note ADD COLUMN is_read INTEGER NOT NULL DEFAULT 0",
)
'''


class Killed(BaseException):
    """The program ends here, as by a power cut."""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program be a later release with one more schema file, and give the folder of its files."""
    folder = tmp_path / "migrations"
    shutil.copytree(files.migrations(), folder)
    (folder / "0900_later.py").write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(files, "migrations", lambda: folder)
    return folder


def upgrade(plant: Plant) -> list[str]:
    return setup.upgrade(plant.url, UPGRADE_PASSWORD)


def shape(stage: Stage) -> set[tuple[Any, ...]]:
    """Give the tables, columns, constraints, indexes, triggers and functions as the database knows them."""
    if stage.plant.kind == "sqlite":
        return set(stage.rows("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    return set(
        stage.rows(
            "SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || a.attnotnull::text"
            " || coalesce(pg_get_expr(d.adbin, d.adrelid), '')"
            " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
            " WHERE c.relnamespace = 'qms'::regnamespace AND c.relkind = 'r' AND a.attnum > 0"
            " UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE connamespace = 'qms'::regnamespace"
            " UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'qms'"
            " UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE NOT tgisinternal"
            " UNION ALL SELECT 'function', proname, oidvectortypes(proargtypes), prosrc FROM pg_proc"
            " WHERE pronamespace = 'qms'::regnamespace"
        )
    )


def test_the_frozen_files_make_todays_tables(tmp_path: Path) -> None:
    def made_by(statements: list[str], name: str) -> set[tuple[str, ...]]:
        with sqlite3.connect(tmp_path / name) as opened:
            for statement in statements:
                opened.execute(statement)
            return set(opened.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))

    frozen = [statement for change in migrate.changes() for statement in change.sqlite]
    assert made_by(frozen, "frozen.db") == made_by(schema.table_statements(schema.blank_file()), "today.db")


def test_the_frozen_files_make_todays_tables_on_a_server(server_plant: Plant, postgres: Server) -> None:
    postgres.new_database("today")
    with postgres.connect("today") as opened:
        opened.execute("CREATE SCHEMA qms")
        opened.execute("SET search_path = qms")
        for statement in [*postgresql_functions.early_statements(), *schema.table_statements(schema.blank_server())]:
            opened.execute(statement)

    class Today(Stage):
        def rows(self, query: str) -> list[tuple[Any, ...]]:
            with postgres.connect("today") as reader:
                reader.execute("SET search_path = qms")
                return list(reader.execute(query).fetchall())

    tables = ("column", "constraint")
    found = {row for row in shape(Stage(server_plant)) if row[0] in tables}
    wanted = {row for row in shape(Today(server_plant)) if row[0] in tables}
    postgres.drop_database("today")
    assert found - wanted == set()
    assert wanted - found == set()


def test_an_upgrade_without_anything_new_changes_nothing(stage: Stage) -> None:
    before, rows = shape(stage), stage.records()
    assert upgrade(stage.plant) == []
    assert shape(stage) == before
    approvals = {name: table for name, table in stage.records().items() if name == "approval_rule"}
    assert approvals == {"approval_rule": rows["approval_rule"]}


def test_a_later_release_adds_its_file_once(stage: Stage, later: Path) -> None:
    rows = stage.rows("SELECT count(*) FROM audit_entry")
    assert upgrade(stage.plant) == ["0900_later"]
    assert upgrade(stage.plant) == []
    assert len(stage.rows("SELECT text, is_read FROM later_note")) == 1
    assert stage.rows("SELECT count(*) FROM audit_entry") == rows
    recorded = [row[0] for row in stage.rows("SELECT name FROM schema_file ORDER BY id")]
    assert recorded == [change.name for change in migrate.changes()]


def test_two_upgrades_at_once_give_one_result(server_stage: Stage, later: Path) -> None:
    ran: list[list[str]] = []
    threads = [threading.Thread(target=lambda: ran.append(upgrade(server_stage.plant))) for _upgrade in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == [[], ["0900_later"]]
    assert len(server_stage.rows("SELECT text FROM later_note")) == 1


def test_an_upgrade_waits_for_a_long_one(server_stage: Stage, later: Path, postgres: Server) -> None:
    """An upgrade of a large database takes longer than anybody else would wait for a lock or a statement."""
    with server_stage.owner() as other:
        database = other.info.dbname
        with closing(postgres.connect()) as administrator:
            for limit in ("lock_timeout", "statement_timeout"):
                administrator.execute(f"ALTER DATABASE {database} SET {limit} = '300ms'".encode())
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(%s)", (migrate.UPGRADE_LOCK,))
        ran: list[list[str]] = []
        waiting = threading.Thread(target=lambda: ran.append(upgrade(server_stage.plant)))
        waiting.start()
        waiting.join(timeout=1.5)
        other.execute("COMMIT")
    waiting.join()
    assert ran == [["0900_later"]]


class Counting:
    """A cursor that kills the program at its n-th statement."""

    seen = 0
    last = 0

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401 - either driver's cursor
        self.cursor = cursor

    def execute(self, *said: Any) -> Any:  # noqa: ANN401
        Counting.seen += 1
        if Counting.seen == Counting.last:
            raise Killed
        return self.cursor.execute(*said)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.cursor, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cursor)


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Plant, int], int]:
    """Give a function that upgrades, dies at the n-th statement, and says how many were sent."""

    def run(plant: Plant, last: int) -> int:
        kind = connection.SqliteFile if plant.kind == "sqlite" else connection.Server
        Counting.seen, Counting.last = 0, last
        with monkeypatch.context() as patch:
            plain = kind.cursor
            patch.setattr(kind, "cursor", lambda self, *said: Counting(plain(self, *said)))
            try:
                upgrade(plant)
            except Killed:
                return Counting.seen
        return Counting.seen

    return run


def test_an_upgrade_killed_at_a_statement_leaves_the_old_or_the_new(
    stage: Stage, later: Path, killed_at: Callable[[Plant, int], int], tmp_path: Path
) -> None:
    before = shape(stage)
    probe = tmp_path / "probe.qms"
    if stage.plant.kind == "sqlite":
        shutil.copy(stage.plant.url.removeprefix("sqlite:///"), probe)
        whole = killed_at(Plant(url=f"sqlite:///{probe}", kind="sqlite"), 0)
    else:
        whole = 700
    # Every statement around the new file, and some of the many that put up the fence; the last one is the COMMIT.
    moments = sorted({*range(1, 14), *range(20, whole, max(whole // 6, 1)), whole - 1, whole})
    for moment in moments:
        sent = killed_at(stage.plant, moment)
        if sent < moment:
            break
        assert shape(stage) == before, f"killed at statement {moment}"
    assert upgrade(stage.plant) in ([], ["0900_later"])
    assert len(stage.rows("SELECT text FROM later_note")) == 1


def test_a_changed_schema_file_is_refused(stage: Stage, later: Path) -> None:
    upgrade(stage.plant)
    (later / "0900_later.py").write_text(NEXT + "# touched\n", encoding="utf-8")
    before = shape(stage)
    with pytest.raises(Unavailable) as refused:
        upgrade(stage.plant)
    assert refused.value.template == migrate.CHANGED_FILE
    assert refused.value.values == {"name": "0900_later"}
    assert shape(stage) == before


def test_line_ends_of_another_system_do_not_change_a_schema_file(stage: Stage, later: Path) -> None:
    upgrade(stage.plant)
    (later / "0900_later.py").write_bytes(NEXT.replace("\n", "\r\n").encode())
    assert upgrade(stage.plant) == []


def test_a_program_older_than_the_schema_refuses_to_work(
    stage: Stage, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(stage.plant)
    (later / "0900_later.py").unlink()
    with pytest.raises(Unavailable) as refused:
        people.sign_in(stage.plant.url, "it", stage.plant.password(IT))
    assert refused.value.template == migrate.NEWER_SCHEMA
    assert refused.value.values["version"]
    before = shape(stage)
    with pytest.raises(Unavailable):
        upgrade(stage.plant)
    assert shape(stage) == before


def test_a_program_newer_than_the_schema_asks_for_the_upgrade(server_stage: Stage, later: Path) -> None:
    with pytest.raises(Unavailable) as refused:
        people.sign_in(server_stage.plant.url, "it", server_stage.plant.password(IT))
    assert refused.value.template == migrate.OLDER_SCHEMA


def test_nobody_who_works_upgrades_a_server(server_stage: Stage) -> None:
    with server_stage.plant.plain(IT) as opened, pytest.raises(psycopg.errors.InsufficientPrivilege):
        opened.execute("SET ROLE qms_owner")


def test_a_file_is_copied_aside_before_it_is_upgraded(templates: Templates) -> None:
    plant = templates.file_copy()
    setup.upgrade(plant.url, "")
    path = sqlite_path(plant.url)
    with closing(sqlite3.connect(path.with_name(f"{path.name}.before-upgrade"))) as copy:
        assert copy.execute("SELECT count(*) FROM person").fetchone()[0] > 10


def test_a_missing_file_is_not_made_by_an_upgrade(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no database file"):
        setup.upgrade(f"sqlite:///{tmp_path / 'nothing.qms'}", "")
    assert list(tmp_path.iterdir()) == []
