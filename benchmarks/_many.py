"""Plants with very many records, put past the verbs by the owner: for lists and the search, which only read."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from qms_desktop.db.search import token
from qms_desktop.rules.search import bigrams, normalised
from tests.helpers.plant import Templates
from tests.helpers.postgres import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.plant import Plant

# The newest two hundred run still, ten of them overdue; a hundred were taken down by the person who looks.
NOW = "'2026-01-01T00:00:00.000000+00:00'"
RUNS = "i > {count} - 200"
CASES = (
    "INSERT INTO case_file (id, number, customer_id, site_id, title, created_by, created_at)"
    f" SELECT i, 'K' || (20260000000 + i), 1 + i % 4, 1, '', 'bench', {NOW} FROM {{numbers}}"
)
HEADS = (
    "INSERT INTO complaint (id, number, case_id, customer_id, channel, received_at, complaint_class, urgency, severity,"
    " state, created_by, created_at)"
    f" SELECT i, 'C' || (20260000000 + i), i, 1 + i % 4, 'PHONE', {NOW}, 'QUALITY', 'NORMAL', 'GENERAL',"
    f" CASE WHEN {RUNS} THEN 'CONTAINED' ELSE 'ARCHIVED' END,"
    f" CASE WHEN i % ({{count}} / 100) = 7 THEN '10005' ELSE 'bench' END, {NOW} FROM {{numbers}}"
)
LINES = (
    "INSERT INTO complaint_line (id, case_id, complaint_id, position, product_id, lot_number, pieces_complained,"
    " customer_words, created_by, created_at)"
    f" SELECT i, i, i, 1, 1 + i % 3, 'L2610A', 12, '', 'bench', {NOW} FROM {{numbers}}"
)
CLOCKS = (
    "INSERT INTO deadline (id, case_id, kind, record_id, event, due_at, named_by, state, met_at, created_by,"
    " created_at) SELECT i, i, 'complaint', i, 'CONTAINMENT',"
    " CASE WHEN i % 20 = 3 THEN '2026-01-03T00:00:00.000000+00:00' ELSE '2027-01-03T00:00:00.000000+00:00' END, 'RULE',"
    f" CASE WHEN {RUNS} THEN 'OPEN' ELSE 'MET' END, CASE WHEN {RUNS} THEN NULL ELSE {NOW} END, 'bench', {NOW}"
    " FROM {numbers}"
)
COMPLAINTS = (CASES, HEADS, LINES, CLOCKS)
_MOMENT = re.compile(r"'\d{4}-\d\d-\d\dT[^']*'")
SERVER_NUMBERS = "generate_series(1, {count}) AS n(i)"
FILE_NUMBERS = (
    "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n) AS n"
)
GOODS = ("显示器", "电源模组", "触控面板", "主机板", "外壳", "连接器", "风扇", "保护膜", "锂电池", "传感器")
FAULTS = ("无法开机", "外观刮伤", "间歇性断线", "亮点", "异音", "过热", "标签错误", "包装破损", "短少配件", "固件异常")
FROM = ("客户退回", "产线退回", "经销商退回", "抽检不良", "运输损坏")
RARE, RARE_EVERY = "电容爆浆", 5_000
# The person of the story who looks at lists and searches.
SALES_LOGIN = "10005"


def texts(count: int) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Give number, normalised text and pairs of very many records."""
    dice = random.Random(42)
    for number in range(1, count + 1):
        said = (
            f"{dice.choice(FROM)} {dice.choice(GOODS)}{dice.choice(FAULTS)} SN{dice.randrange(16**8):08X}"
            f" {dice.choice(GOODS)} {dice.choice(FAULTS)}{f' {RARE}' if number % RARE_EVERY == 0 else ''}"
        )
        text = normalised(said)
        yield number, text, bigrams(text)


def fill_server(connection: Any, count: int, *, with_texts: bool) -> None:  # noqa: ANN401 - psycopg's own
    """Load as the superuser, with the triggers asleep."""
    connection.execute("SET search_path = qms; SET session_replication_role = replica")
    if with_texts:
        connection.execute("DROP INDEX search_text_bigrams")
        copy = "COPY search_text (kind, record_id, title, text, bigrams) FROM STDIN"
        with connection.cursor().copy(copy) as rows:
            for number, text, pairs in texts(count):
                rows.write_row(("complaint", number, f"C{number}", text, list(pairs)))
        connection.execute("CREATE INDEX search_text_bigrams ON search_text USING gin (bigrams)")
    else:
        for statement in COMPLAINTS:
            typed = _MOMENT.sub(r"timestamptz \g<0>", statement)
            connection.execute(typed.format(numbers=SERVER_NUMBERS.format(count=count), count=count))
    connection.execute("VACUUM ANALYZE")


def drop_triggers(connection: sqlite3.Connection) -> None:
    """Take a file's triggers away, which ask for the program; those of the search index stay."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        if not name.startswith("search_pairs"):
            connection.execute(f"DROP TRIGGER {name}")


def fill_file(path: Path, count: int, *, with_texts: bool) -> None:
    """Load into the bare file, without its triggers."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        drop_triggers(connection)
        if with_texts:
            connection.executemany(
                "INSERT INTO search_text (kind, record_id, title, text, bigrams) VALUES ('complaint', ?, ?, ?, ?)",
                ((n, f"C{n}", text, " ".join(token(pair) for pair in pairs)) for n, text, pairs in texts(count)),
            )
        else:
            for statement in COMPLAINTS:
                connection.execute(statement.format(numbers=FILE_NUMBERS.format(count=count), count=count))
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def plants(folder: Path, counts: tuple[int, ...], *, with_texts: bool) -> Iterator[dict[str, list[Plant]]]:
    """Give plants of each size on both databases, filled with complaints, or with texts to be found."""
    templates = Templates(folder)
    with Server.start(18) as server:
        made: dict[str, list[Plant]] = {"SQLite": [], "PostgreSQL": []}
        for count in counts:
            of_file, of_server = templates.file_copy(), templates.server_copy(server)
            for plant in (of_file, of_server):
                plant.at("2026-11-03 09:20")
            fill_file(folder / of_file.url.rpartition("/")[2], count, with_texts=with_texts)
            with closing(server.connect(of_server.url.rpartition("/")[2].partition("?")[0])) as connection:
                fill_server(connection, count, with_texts=with_texts)
            made["SQLite"].append(of_file)
            made["PostgreSQL"].append(of_server)
        yield made
        for plant in (*made["SQLite"], *made["PostgreSQL"]):
            plant.close()
