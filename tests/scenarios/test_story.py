"""The whole story of the demo set, told through the verbs on both databases, comes to its figures to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import setup
from qms_desktop.db.recall import RecallState
from qms_desktop.db.receipt import LabelState
from qms_desktop.demo import chapters, place
from qms_desktop.demo.chapter_others import CASES
from qms_desktop.demo.teller import ADMIN_LOGIN, DEMO_PASSWORD, Teller
from qms_desktop.permissions import Role
from qms_desktop.rules import health, search
from qms_desktop.rules.search import Kind
from qms_desktop.steps import (
    claim,
    complaint,
    eight_d,
    inspection,
    master_data,
    quality_cost,
    recall,
    receipt,
    rma,
    statistics,
)
from tests.helpers.plant import UPGRADE_PASSWORD
from tests.helpers.postgres import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qms_desktop.session import Session


def on_server(server: Server) -> Teller:
    """Make the demo database on a server, with the demo set imported there."""
    url = f"postgresql://127.0.0.1:{server.port}/story?sslmode=disable"
    setup.make_server(
        url,
        superuser=server.superuser,
        superuser_password=server.password,
        upgrade_password=UPGRADE_PASSWORD,
        purpose=setup.Purpose.DEMO,
        plant=place.PLANT,
        admin=setup.NewPerson(ADMIN_LOGIN, "管理员", frozenset({Role.ADMIN}), DEMO_PASSWORD),
    )
    teller = Teller(url=url, clock_login="qms_upgrade", clock_password=UPGRADE_PASSWORD)
    place.fill(teller)
    return teller


@pytest.fixture(params=["sqlite", "postgresql"])
def teller(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Teller]:
    """Give the demo database on each of the two."""
    if request.param == "sqlite":
        made = place.make(f"sqlite:///{tmp_path / 'story.qms'}")
        yield made
        made.close()
        return
    # A server of its own: logins belong to the server, and the demo's people share theirs with the test plant's.
    with Server.start() as server:
        made = on_server(server)
        yield made
        made.close()


def _the_other_cases_are_told(boss: Session) -> None:
    """Check what the story does not show: the month's Pareto, and the rare cases that story.md names."""
    month = statistics.monthly(boss, year=2026, month=11)
    pieces = {reason.reason: reason.pieces for reason in month.pareto if reason.pieces}
    assert list(pieces.items())[:2] == [("阻力不符", 588), ("漏油", 125)]
    assert len(pieces) == 7
    assert month.pieces_in_details == month.pieces == sum(pieces.values())
    assert "8D20261103001" in next(reason.measure for reason in month.reasons if reason.reason == "阻力不符")
    states = {row.number: row.state for row in recall.listed(boss)}
    assert states == {"RC20261105001": RecallState.RUNNING, "RC20261109001": RecallState.DECLINED}
    rounds = {row.number: complaint.show(boss, complaint_id=row.id).round for row in complaint.listed(boss)}
    assert [number for number, count in rounds.items() if count > 1] == ["C20261104002"]
    over = rma.show(boss, rma_id=rma.find(boss, number="R20261105001"))
    assert [(line.pieces_announced, line.pieces_agreed) for line in over.lines] == [(60, 62)]
    kept = next(row for row in receipt.listed(boss, rma_id=over.row.id))
    labels = [count.label_state for line in receipt.show(boss, receipt_id=kept.id).lines for count in line.counts]
    assert (labels.count(LabelState.VALID), labels.count(LabelState.VOID)) == (2, 1)
    tracked = {one.number: one for one in statistics.tracking(boss, year=2026, month=11).complaints}
    assert tracked["C20261111002"].claim_amount == "EUR 460.80"
    late = tracked["C20261105002"].written_reply
    extended = tracked["C20261116002"].causes_and_measures
    assert late is not None
    assert late.done_at is not None
    assert late.due_at is not None
    assert late.done_at > late.due_at
    assert extended is not None
    assert extended.extension_told_at is not None
    assert extended.due_at is not None
    assert extended.extension_told_at < extended.due_at


@pytest.mark.timeout(600)
def test_the_story_comes_to_its_figures(teller: Teller) -> None:
    told = chapters.tell_everything(teller)
    boss = teller.by("胡霞军")
    shown = rma.show(boss, rma_id=told.rma_id)
    assert (shown.row.number, shown.row.pieces, shown.amount) == ("R20261103001", 657, Decimal("34872.78"))
    first = inspection.goods_flow(boss, rma_id=told.rma_id)[0].places
    assert (first.to_customer, first.in_stock, first.analysed, first.dismantled, first.scrapped) == (12, 535, 12, 39, 2)
    settled = claim.show(boss, claim_id=told.claim_id)
    assert settled.sums is not None
    assert (settled.row.pieces_settled, settled.sums.total) == (645, Decimal("33311.22"))
    assert quality_cost.case_cost(boss, case_id=shown.row.case_id).total == Decimal("10570.54")
    called_back = recall.show(boss, recall_id=told.recall_id).row
    assert (called_back.pieces_found, called_back.pieces_in_scope) == (1660, 720)
    assert eight_d.open_gates(boss, eight_d_id=told.report.eight_d_id) == ()
    traced = master_data.what_if(boss, supplier_lot="S463087", without_customers=("C1001",))
    assert (traced.pieces_in_scope, traced.customers_in_scope) == (1660, 5)
    _the_other_cases_are_told(boss)
    for number, kind in (
        ("8D20261103001", Kind.EIGHT_D),
        ("RC20261105001", Kind.RECALL),
        ("W20261109001", Kind.ORDER),
        (settled.row.number, Kind.CLAIM),
    ):
        assert [hit.kind for hit in search.find(boss, text=number)] == [kind], number
    assert [hit.title for hit in search.find(boss, text="hdyh")] == ["C1001 华东远航汽配有限公司"]
    verified = health.verify(teller.by("管理员"))
    assert len(verified.heads) > len(CASES)
    assert (verified.broken, verified.unaccounted, verified.differing) == ((), (), ())
    assert health.check(teller.by("管理员")).faults == ()
