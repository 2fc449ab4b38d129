"""Attacks on the folder: a row hung into a foreign case, where its time line and audit chain would tell a lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db import belonging, tables
from tests.hostile.stage import CLERK, QE, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage


def foreign_case(stage: Stage) -> int:
    """Give a case that has nothing to do with the story under attack."""
    with stage.plant.plain(SALES) as connection:
        connection.execute("INSERT INTO case_file (site_id, title) VALUES (1, '别的案件')")
    return int(stage.rows("SELECT max(id) FROM case_file")[0][0])


def test_no_row_is_hung_into_a_foreign_case(stage: Stage) -> None:
    stage.arrived()
    other = foreign_case(stage)
    stage.attack(
        CLERK,
        (
            "same_case",
            (
                "INSERT INTO receipt_count (case_id, receipt_id, receipt_line_id, carton, pieces)"
                f" VALUES ({other}, {stage.receipt_id}, {stage.receipt_line_id}, '1', 3)"
            ),
        ),
        (
            "same_case",
            f"INSERT INTO receipt_line (case_id, receipt_id, product_id) VALUES ({other}, {stage.receipt_id}, 2)",
        ),
        (
            "same_case",
            (
                "INSERT INTO receipt_difference (case_id, receipt_line_id, kind, pieces)"
                f" VALUES ({other}, {stage.receipt_line_id}, 'SHORT', 1)"
            ),
        ),
    )
    stage.attack(
        QE,
        (
            "same_case",
            (
                "INSERT INTO containment (case_id, complaint_id, place, measure)"
                f" VALUES ({other}, {stage.complaint_id}, '客户', '挑选')"
            ),
        ),
    )


def test_no_opinion_is_hung_into_a_foreign_case(stage: Stage) -> None:
    stage.requested()
    opinion = (
        "INSERT INTO rma_opinion (case_id, rma_id, rma_line_id, opinion)"
        f" VALUES ({foreign_case(stage)}, {stage.rma_id}, {stage.rma_line_id}, 'RETURN')"
    )
    stage.attack(QE, ("same_case", opinion))


def test_a_record_that_does_not_exist_has_no_case(stage: Stage) -> None:
    stage.complained()
    nothing = (
        "INSERT INTO containment (case_id, complaint_id, place, measure)"
        f" VALUES ({stage.case_id}, 999999, '客户', '挑选')"
    )
    stage.attack(QE, ("same_case", nothing))


def test_every_link_between_records_of_a_case_is_held(stage: Stage) -> None:
    """What was tried above on five tables stands at each of them: no link is left out."""
    links = {
        (model._meta.table_name, field.column_name)
        for model in tables.MODELS
        for field in tables.links_within_case(model)
    }
    assert len(links) > 95
    assert ("eight_d_link", "complaint_line_id") not in links  # a report may answer complaints of several cases
    if stage.plant.kind == "postgresql":
        held = stage.rows(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'"
            " AND c.conname LIKE 'same\\_case\\_%' AND c.convalidated AND cardinality(c.conkey) = 2"
            " AND EXISTS (SELECT 1 FROM pg_attribute k WHERE k.attrelid = c.conrelid AND k.attnum = c.conkey[2]"
            " AND k.attname = 'case_id')"
        )
        assert {(table.removeprefix("qms."), column) for table, column in held} == links
        single = stage.rows(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = 'qms'::regnamespace"
            " AND conname NOT LIKE 'same\\_case\\_%'"
        )
        assert not {f"{table}_{column}_fkey" for table, column in links} & {name for (name,) in single}
    else:
        triggers: dict[str, str] = dict(
            stage.rows("SELECT tbl_name, sql FROM sqlite_master WHERE name LIKE 'guard_same_case_%'")
        )
        assert all(f"NEW.{column} " in triggers[table] for table, column in links)


def test_a_row_never_moves_to_another_case_or_record(stage: Stage) -> None:
    stage.arrived()
    other = foreign_case(stage)
    stage.attack(
        SALES,
        ("stays_in_its_case", f"UPDATE rma SET case_id = {other}"),
        ("stays_in_its_case", f"UPDATE complaint SET case_id = {other}"),
        ("stays_in_its_case", f"UPDATE complaint_line SET complaint_id = {stage.complaint_id + 1}"),
        ("stays_in_its_case", f"UPDATE receipt_line SET receipt_id = {stage.receipt_id + 1}"),
        ("stays_in_its_case", f"UPDATE deadline SET case_id = {other}"),
        rights_come_first=True,
    )
    assert {"case_id", "eight_d_id"} <= set(belonging.STAYS_IN_ITS_CASE.columns["eight_d_cause"])


def test_nobody_is_granted_the_links_of_a_record() -> None:
    granted = {
        (right.subject, column)
        for rights in tables.rights().values()
        for right in rights
        if right.privilege == "UPDATE" and right.subject in tables.BY_TABLE
        for column in right.columns
    }
    links = {
        (model._meta.table_name, column)
        for model in tables.MODELS
        if tables.has_case(model) and not tables.is_machinery(model)
        for column in ("case_id", *(field.column_name for field in tables.links_within_case(model)))
    }
    # Goods that came without an RMA are given theirs later, and once: guards of their own hold that.
    named_later = {("receipt", "rma_id"), ("receipt_line", "rma_line_id")}
    assert granted & links == named_later
