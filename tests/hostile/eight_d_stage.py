"""The stage of the attacks on 8D reports: a small complete report, its versions, and signatures past the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db.complaint import Severity
from qms_desktop.steps import eight_d
from tests.helpers.scene import Scene, chapter
from tests.hostile.stage import GM, QE, QUALITY_MANAGER, SALES, Stage

if TYPE_CHECKING:
    from qms_desktop.steps.eight_d import ReportKind

PLACES = ("customer", "transit", "finished_stock", "work_in_progress", "supplier", "field")


@dataclass
class Report(Scene):
    """A report under attack; ids are 0 until the story has come so far."""

    stage: Stage
    id: int = 0
    version_id: int = 0
    kind: str = "3D"

    @chapter
    def opened(self, *, severity: Severity = Severity.GENERAL) -> Report:
        """Let the QE open a report for a new complaint, with a leader and a champion."""
        self.stage.complained(severity=severity)
        line_id = int(self.stage.rows("SELECT max(id) FROM complaint_line")[0][0])
        plant = self.stage.plant
        qe = plant.sign_in(QE)
        made = eight_d.open_report(
            qe, complaint_line_id=line_id, title="YQ-22", leader=qe.login, champion=plant.sign_in(GM).login
        )
        self.id = made.eight_d_id
        return self

    def run(self, who: str, *statements: str) -> None:
        """Let somebody write what is allowed on a plain connection."""
        with self.stage.plant.plain(who) as connection:
            for statement in statements:
                connection.execute(statement)

    def insert(self, table: str, columns: str, *rows: str) -> list[str]:
        """Give the statements that insert rows of content."""
        first = f"case_id, eight_d_id, {columns}"
        return [f"INSERT INTO {table} ({first}) VALUES ({self.stage.case_id}, {self.id}, {row})" for row in rows]

    @chapter
    def written(self) -> Report:
        """Let the QE fill everything that the gates ask for, in a few words."""
        suspects = [f"{n}, '{place}', 10, 10, 9, 1, '力台架', '2026-11-03'" for n, place in enumerate(PLACES, start=1)]
        self.run(
            QE,
            *self.insert(
                "eight_d_text",
                "section, field, text",
                "'D2', 'date_code', '4426'",
                "'D2', 'requirement', '30 N'",
                "'D2', 'repeat', 'no'",
            ),
            *self.insert(
                "eight_d_suspect", "position, place, quantity, checked, ok, not_ok, method, started_on", *suspects
            ),
            *self.insert(
                "eight_d_cause",
                "position, kind, code, category, title, share_basis_points",
                "1, 'occurrence', 'O1', 'machine', '限位块磨损', 10000",
                "2, 'escape', 'E1', 'measurement', '不测全行程力', 10000",
            ),
            *self.insert("eight_d_why", "position, cause_code, fact", "1, 'O1', '压入过深'", "2, 'E1', '终检只测中点'"),
            *self.insert("eight_d_action", "position, number, causes, action", "1, 'A1', 'O1,E1', '换限位块'"),
        )
        return self

    @chapter
    def begun(self, kind: ReportKind) -> Report:
        """Let the QE begin a version."""
        self.kind = str(kind)
        qe = self.stage.plant.sign_in(QE)
        self.version_id = eight_d.begin_version(qe, eight_d_id=self.id, kind=kind).version_id
        return self

    def signing(self, meaning: str) -> str:
        """Give the statement by which somebody signs the present content past the program."""
        kind = f"eight_d_{self.kind.lower()}"
        covered = f"qms_content_hash('{kind}', {self.id})"
        if self.stage.plant.kind == "postgresql":
            return f"SELECT qms_sign({self.stage.case_id}, '{kind}', {self.id}, '{meaning}', {covered}, '')"
        return (
            "INSERT INTO signature (case_id, kind, record_id, meaning, content_hash, roles, connection) VALUES"
            f" ({self.stage.case_id}, '{kind}', {self.id}, '{meaning}', {covered}, qms_roles(), qms_connection())"
        )

    @chapter
    def signed(self, who: str, meaning: str) -> Report:
        """Let somebody sign, each time on a connection of its own."""
        self.run(who, self.signing(meaning))
        return self

    def moving(self, state: str) -> str:
        """Give the statement that moves the version."""
        return f"UPDATE eight_d_version SET state = '{state}' WHERE id = {self.version_id}"

    def reporting(self, state: str, more: str = "") -> str:
        """Give the statement that moves the report."""
        return f"UPDATE eight_d SET state = '{state}'{more} WHERE id = {self.id}"

    @chapter
    def submitted(self) -> Report:
        """Let the QE sign and hand in."""
        self.signed(QE, "SIGN_PLACE").run(QE, self.moving("REVIEW"))
        return self

    @chapter
    def approved(self) -> Report:
        """Let the quality manager review and approve."""
        self.submitted().signed(QUALITY_MANAGER, "REVIEW").signed(QUALITY_MANAGER, "APPROVE")
        self.run(QUALITY_MANAGER, self.moving("APPROVED"))
        return self

    @chapter
    def sent(self) -> Report:
        """Let sales send the version."""
        self.approved()
        eight_d.send(self.stage.plant.sign_in(SALES), version_id=self.version_id, channel="EMAIL", sent_to="王经理")
        return self

    @chapter
    def verifying(self) -> Report:
        """Let the verification begin."""
        self.run(QE, self.reporting("VERIFYING"))
        return self

    @chapter
    def closed(self) -> Report:
        """Let the report be proved and closed."""
        qe = self.stage.plant.sign_in(QE)
        self.run(QE, *self.insert("eight_d_implementation", "position, action_number, progress", "1, 'A1', 'done'"))
        eight_d.record_effect(qe, eight_d_id=self.id, is_effective=True, text="2,400 支，不合格 0")
        eight_d.close(qe, eight_d_id=self.id)
        return self
