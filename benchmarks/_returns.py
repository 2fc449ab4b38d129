"""Plants with very many returns, each told from its complaint to its cost, put past the verbs by the owner.

Ten years of months as full as each other. What the month's statistics read is there: complaints with their lines and
limits, RMAs, signed counts, sorted and judged rounds, hours, lost pieces, cost entries and shipments.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks._many import drop_triggers
from qms_desktop.db.record import moment_text
from tests.helpers.plant import Templates
from tests.helpers.postgres import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.plant import Plant

LAST_MONTH = (2026, 10)
MONTHS = 120
SHIPMENTS_A_MONTH = 1_000
SHIPMENT_IDS_FROM = 1_000


def insert(table: str, who: str, only: str = "TRUE", **values: str) -> str:
    """Give the statement that inserts a row of a table for each return of a month, from SQL for each column."""
    columns = {"id": "i", **values, "created_by": f"'{who}'", "created_at": "{at}"}
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {{numbers}} WHERE {only}"
    )


PRODUCT, DEFECT = "1 + i % 3", "1 + i % 3"
GOOD, LOST, REFUSED = (f"CASE WHEN i % 6 {those} THEN 12 ELSE 0 END" for those in ("< 4", "= 4", "= 5"))
NUMBER = "'{0}' || (20260000000 + i)"
# Every third customer waits for causes and measures; every fifth return took work and every sixth lost its pieces.
OF_A_MONTH = (
    insert("case_file", "10005", number=NUMBER.format("K"), customer_id="1 + i % 4", site_id="1", title="''"),
    insert("complaint", "10005", number=NUMBER.format("C"), case_id="i", customer_id="1 + i % 4", channel="'PHONE'",
           received_at="{at}", complaint_class="'QUALITY'", urgency="'NORMAL'", severity="'GENERAL'", state="'CLOSED'"),
    insert("complaint_line", "10005", case_id="i", complaint_id="i", position="1", product_id=PRODUCT,
           lot_number="'L2610A'", pieces_complained="12", customer_words="'阻力不符'", defect_code_id=DEFECT),
    insert("deadline", "10005", case_id="i", kind="'complaint'", record_id="i", event="'CAUSES_AND_MEASURES'",
           due_at="{at}", named_by="'RULE'", state="CASE WHEN i % 3 = 0 THEN 'OPEN' ELSE 'MET' END",
           met_at="CASE WHEN i % 3 = 0 THEN NULL ELSE {at} END"),
    insert("rma", "10005", number=NUMBER.format("R"), case_id="i", complaint_id="i", customer_id="1 + i % 4",
           market="'DOMESTIC'", kind="'REPLACE'", return_mode="'PHYSICAL'", pieces_announced="12",
           goods_state="'SORTED'", settlement_state="'CLOSED'"),
    insert("rma_line", "10005", case_id="i", rma_id="i", position="1", product_id=PRODUCT, pieces_announced="12",
           pieces_agreed="12", pieces_received="12", defect_code_id=DEFECT, without_record_reason="'-'"),
    insert("receipt", "10001", case_id="i", rma_id="i", arrival_kind="'POST'", arrived_at="{at}", pieces_counted="12",
           state="'SIGNED'"),
    insert("receipt_line", "10001", case_id="i", receipt_id="i", rma_line_id="i", product_id=PRODUCT,
           pieces_counted="12", pieces_agreed="12"),
    insert("signature", "10008", case_id="i", kind="'receipt'", record_id="i", meaning="'ACCEPT_COUNT'",
           content_hash="'h'", roles="'RETURN_LEADER'", connection="'c' || i"),
    insert("sorting_round", "bench", case_id="i", rma_id="i", rma_line_id="i", receipt_line_id="i", product_id=PRODUCT,
           origin="'RECEIPT'", source_id="i", state="'DONE'", number="1", pieces="12", pieces_good=GOOD,
           pieces_scrap=LOST, pieces_to_customer=REFUSED, refused_r1=REFUSED),
    insert("judgement", "10002", "i % 2 = 0", case_id="i", round_id="i", defect_code_id=DEFECT, method="'m'",
           limit_sample="'s'", text="'t'"),
    insert("disposition", "10003", case_id="i", round_id="i", pieces="12",
           kind="CASE WHEN i % 6 < 4 THEN 'GOOD' WHEN i % 6 = 4 THEN 'SCRAP' ELSE 'RETURN_TO_CUSTOMER' END",
           refusal_reason="CASE WHEN i % 6 = 5 THEN 'R1' END"),
    insert("work_time", "10003", "i % 5 = 0", case_id="i", round_id="i", activity="'SORTING'", person_id="1",
           rate_id="1", started_at="{at}", ended_at="{half_an_hour_later}", state="'ENDED'"),
    insert("cost_entry", "10011", "i % 10 = 0", case_id="i", cost_class="'RETURN_LOSS'", kind="'FREIGHT'",
           happened_on="{day}", amount="480000", text="'freight'"),
)  # fmt: skip
SHIPMENTS = insert(
    "shipment_line", "it", number="'CK' || i", customer_id="1 + i % 4", product_id=PRODUCT, lot_id="1",
    pieces_shipped="100", shipped_on="{day}",
)  # fmt: skip
RATES = (
    (
        "INSERT INTO rate (id, kind, code, name, unit, amount, currency, valid_from, created_by, created_at)"
        " VALUES (100, 'LABOUR', 'W1', 'Sorting', 'h', 480000, 'CNY', {day}, 'it', {at})"
    ),
    "INSERT INTO rate_name (id, kind, code, name, unit) VALUES (1, 'LABOUR', 'W1', 'Sorting', 'h')",
)


def months() -> Iterator[datetime]:
    """Give a moment in the middle of each month, the oldest first."""
    last = LAST_MONTH[0] * 12 + LAST_MONTH[1] - 1
    for month in range(last - MONTHS + 1, last + 1):
        yield datetime(month // 12, month % 12 + 1, 15, 2, tzinfo=UTC)


def statements(count: int, numbers: str, typed: str) -> Iterator[str]:
    """Give the statements that make a plant; `typed` is how its database takes a moment or a day."""

    def words(moment: datetime) -> dict[str, str]:
        later = moment.replace(minute=30)
        day = typed.format(kind="date", text=f"{moment:%Y-%m-%d}")
        at, half = (typed.format(kind="timestamptz", text=moment_text(each)) for each in (moment, later))
        return {"at": at, "half_an_hour_later": half, "day": day}

    yield from (each.format(**words(next(months()))) for each in RATES)
    for place, moment in enumerate(months()):
        first, last = place * count // MONTHS + 1, (place + 1) * count // MONTHS
        of_month = numbers.format(first=first, last=last)
        yield from (each.format(numbers=of_month, **words(moment)) for each in OF_A_MONTH)
        first = SHIPMENT_IDS_FROM + place * SHIPMENTS_A_MONTH
        yield SHIPMENTS.format(numbers=numbers.format(first=first, last=first + SHIPMENTS_A_MONTH - 1), **words(moment))


def fill_server(connection: Any, count: int) -> None:  # noqa: ANN401 - psycopg's own
    """Load as the superuser, with the triggers asleep."""
    connection.execute("SET search_path = qms; SET session_replication_role = replica; SET synchronous_commit = off")
    for statement in statements(count, "generate_series({first}, {last}) AS n(i)", "{kind} '{text}'"):
        connection.execute(statement)
    connection.execute("VACUUM ANALYZE")


def fill_file(path: Path, count: int) -> None:
    """Load into the bare file, once the triggers that ask for the program are gone."""
    numbers = "(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n)"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        drop_triggers(connection)
        for statement in statements(count, numbers, "'{text}'"):
            connection.execute(statement)
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def plants(folder: Path, count: int) -> Iterator[dict[str, Plant]]:
    """Give a plant with so many returns on each database."""
    templates = Templates(folder)
    with Server.start(18) as server:
        made = {"SQLite": templates.file_copy(), "PostgreSQL": templates.server_copy(server)}
        for plant in made.values():
            plant.at("2026-11-03 09:20")
        fill_file(folder / made["SQLite"].url.rpartition("/")[2], count)
        with closing(server.connect(made["PostgreSQL"].url.rpartition("/")[2].partition("?")[0])) as connection:
            fill_server(connection, count)
        yield made
        for plant in made.values():
            plant.close()
