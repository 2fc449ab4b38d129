"""The stage of the attacks: a return told through the verbs, plain connections, and what all tables hold."""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import errors

from qms_desktop.db import guards, tables
from qms_desktop.db.complaint import Channel, Severity
from qms_desktop.db.receipt import ArrivalKind
from qms_desktop.db.rma import OpinionKind
from qms_desktop.steps import complaint, receipt, rma
from qms_desktop.steps.complaint import NewLine
from qms_desktop.steps.rma import NewRmaLine, OpinionOnLine
from tests.helpers.plant import Plant, moment
from tests.helpers.scene import Scene, chapter

if TYPE_CHECKING:
    from collections.abc import Iterator

CLERK, LEADER, INSPECTOR, SALES = "周磊秀", "沈国强", "高平", "王伟涛"
SALES_MANAGER, SALES_VP, QE, IT = "王涛兰", "郭明", "徐兰", "管理员"
QUALITY_MANAGER, GM, PRODUCTION = "胡丽桂", "胡霞军", "罗强"
Row = tuple[Any, ...]


@dataclass
class Stage(Scene):
    """A plant and the return that is under attack in it; ids are 0 until the story has come so far."""

    plant: Plant
    case_id: int = 0
    complaint_id: int = 0
    rma_id: int = 0
    rma_line_id: int = 0
    receipt_id: int = 0
    receipt_line_id: int = 0

    @chapter
    def complained(self, *, severity: Severity = Severity.GENERAL) -> Stage:
        """Let sales take the complaint down."""
        made = complaint.register(
            self.plant.sign_in(SALES),
            customer="C1001",
            received_at=moment("2026-11-03 09:00"),
            channel=Channel.PHONE,
            severity=severity,
            lines=(NewLine(product="YQ-22", lot="L2610A", pieces=12, customer_words="阻力不符"),),
        )
        self.case_id, self.complaint_id = made.case_id, made.complaint_id
        return self

    @chapter
    def requested(self, *, pieces: int = 12, price: str = "50.76", lot: str = "L2610A", by: str = SALES) -> Stage:
        """Let sales request the RMA for the complaint."""
        if not self.complaint_id:
            self.complained()
        line = NewRmaLine(
            product="YQ-22",
            lot=lot,
            pieces=pieces,
            unit_price=Decimal(price),
            without_record_reason="" if lot else "旧货",
        )
        made = rma.request(self.plant.sign_in(by), complaint_id=self.complaint_id, lines=(line,))
        self.rma_id = made.rma_id
        self.rma_line_id = int(self.rows(f"SELECT id FROM rma_line WHERE rma_id = {made.rma_id}")[0][0])
        return self

    @chapter
    def judged(self, *, pieces: int = 12, price: str = "50.76", by: str = SALES) -> Stage:
        """Let quality give its opinion on the request."""
        self.requested(pieces=pieces, price=price, by=by)
        opinion = OpinionOnLine(rma_line_id=self.rma_line_id, opinion=OpinionKind.RETURN)
        rma.give_opinion(self.plant.sign_in(QE), rma_id=self.rma_id, opinions=(opinion,))
        return self

    @chapter
    def reviewed(self, *, pieces: int = 12, price: str = "50.76") -> Stage:
        """Let the sales manager review; a small RMA needs no more than that."""
        self.judged(pieces=pieces, price=price)
        rma.review(self.plant.sign_in(SALES_MANAGER), rma_id=self.rma_id, text="合同已核对")
        return self

    @chapter
    def arrived(self, *, pieces: int = 12) -> Stage:
        """Let the goods of an approved RMA come to the dock."""
        self.reviewed(pieces=pieces)
        made = receipt.arrive(self.plant.sign_in(CLERK), rma_id=self.rma_id, arrival_kind=ArrivalKind.POST)
        self.receipt_id = made.receipt_id
        self.receipt_line_id = int(self.rows(f"SELECT id FROM receipt_line WHERE receipt_id = {made.receipt_id}")[0][0])
        return self

    @chapter
    def counted(self, *, pieces: int = 12, announced: int = 12) -> Stage:
        """Let the clerk count one carton of the goods."""
        self.arrived(pieces=announced)
        receipt.receive(
            self.plant.sign_in(CLERK), receipt_line_id=self.receipt_line_id, pieces=pieces, lot="L2610A", carton="1"
        )
        return self

    @chapter
    def closed(self, *, pieces: int = 12, announced: int = 12) -> Stage:
        """Let the clerk close the count."""
        self.counted(pieces=pieces, announced=announced)
        receipt.close_count(self.plant.sign_in(CLERK), receipt_id=self.receipt_id)
        return self

    @chapter
    def signed(self) -> Stage:
        """Let the return leader sign the count."""
        self.closed()
        read = receipt.show(self.plant.sign_in(LEADER), receipt_id=self.receipt_id)
        receipt.accept_count(
            self.plant.sign_in(LEADER),
            receipt_id=self.receipt_id,
            read_hash=read.content_hash,
            password=self.plant.password(LEADER),
        )
        return self

    @contextmanager
    def owner(self) -> Iterator[Any]:
        """Open the database as its owner: on a server by the upgrade login, on a file by the bare file."""
        connection = self.plant.open_as_owner()
        yield connection
        connection.close()

    def plant_file(self) -> Path:
        """Give the file of a plant that is one."""
        return Path(self.plant.url.removeprefix("sqlite:///"))

    def rows(self, query: str) -> list[Row]:
        """Read with nobody's eyes: everything."""
        return list(self.plant.reader().execute(query).fetchall())

    def records(self) -> dict[str, list[Row]]:
        """Give every row of every table, to be compared after an attack."""
        return {table: self.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables.BY_TABLE}

    def attack(
        self, who: str, *attempts: tuple[str, str], rights_come_first: bool = False, owner_may: bool = False
    ) -> None:
        """Try statements as a person, each named with its guard: the guard's sentence answers, and no row changes.

        Where the rights of the server stop everybody already (`rights_come_first`), the guard must stop the owner too,
        and on a file somebody who took the program's watch off and pretends that a trigger is at work. A guard
        that asks only for a permission lets the owner pass (`owner_may`), who gives every role.
        """
        before = self.records()
        stopped_by_rights = rights_come_first and self.plant.kind == "postgresql"
        with self.plant.plain(who) as connection:
            if rights_come_first and not stopped_by_rights:
                self.pretend_a_trigger(connection)
            for guard, statement in attempts:
                if stopped_by_rights:
                    with pytest.raises(errors.InsufficientPrivilege):
                        connection.execute(statement)
                    continue
                self.refused_on(connection, guard, statement)
        if stopped_by_rights and not owner_may:
            with self.owner() as owner:
                for guard, statement in attempts:
                    self.refused_on(owner, guard, statement)
        assert self.records() == before

    @staticmethod
    def pretend_a_trigger(connection: sqlite3.Connection) -> None:
        """Take the program's watch off a connection to a file, and write the mark of a trigger that is at work."""
        connection.set_authorizer(None)
        connection.execute("BEGIN")
        connection.execute(guards.AT_WORK)

    def attack_by_rights(self, who: str, *statements: str) -> None:
        """Try statements that a server's rights forbid; no row may change."""
        before = self.records()
        with self.plant.plain(who) as connection:
            for statement in statements:
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(statement)
        assert self.records() == before

    def signing(self, kind: str, record_id: int, meaning: str, *, case_id: int = 0) -> str:
        """Give the statement by which somebody signs a record as it stands, past the program."""
        case, content = case_id or self.case_id, f"qms_content_hash('{kind}', {record_id})"
        if self.plant.kind == "postgresql":
            return f"SELECT qms_sign({case}, '{kind}', {record_id}, '{meaning}', {content}, '')"
        return (
            "INSERT INTO signature (case_id, kind, record_id, meaning, content_hash, roles, connection) VALUES"
            f" ({case}, '{kind}', {record_id}, '{meaning}', {content}, qms_roles(), qms_connection())"
        )

    @staticmethod
    def refused_on(connection: Any, guard: str, statement: str) -> None:  # noqa: ANN401 - either driver's connection
        """Try a statement on an open connection; the guard's sentence must answer."""
        with pytest.raises((psycopg.Error, sqlite3.Error)) as caught:
            connection.execute(statement)
        error: Any = caught.value
        constraint = error.diag.constraint_name if isinstance(error, psycopg.Error) else None
        sentence = guards.refusal_of(str(error), getattr(error, "sqlstate", None), constraint)
        assert sentence is not None, f"no guard's sentence for: {error}"
        assert sentence.template == guard_called(guard).message, f"another guard answered: {error}"
        # A guard over many tables holds each by a constraint of its own: the guard's name begins it.
        assert re.search(rf"\b{guard}(_\w+)?\b", f"{error} {constraint}") or "UNIQUE constraint failed" in str(error)


def guard_called(name: str) -> guards.Guard:
    """Give the guard of a name."""
    return next(guard for guard in guards.catalogue() if guard.name == name)
