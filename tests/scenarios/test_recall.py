"""The recall of the story: 1,660 pieces at 5 others are found by supplier lot S463087, 720 at 2 are called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from qms_desktop.db import master_data as md
from qms_desktop.db.connection import write
from qms_desktop.documents import recall_list
from qms_desktop.errors import NotPermitted, Refused
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps import complaint, recall
from qms_desktop.steps.recall import ProgressKind, RecallState, RecallTrigger, Seat
from tests.helpers.plant import Plant, moment
from tests.helpers.scene import Scene, chapter
from tests.scenarios.test_complaint_to_label import register_the_notice

QE, GM, QUALITY_MANAGER, SALES_MANAGER, PRODUCTION, SAFETY = "徐兰", "胡霞军", "胡丽桂", "王涛兰", "罗强", "吕慧"
SEATS = {
    Seat.QUALITY: QUALITY_MANAGER,
    Seat.PRODUCTION: PRODUCTION,
    Seat.SALES: SALES_MANAGER,
    Seat.PRODUCT_SAFETY: SAFETY,
}
WHY_NARROWED = "L2610B 试验 32/32 合格（17～25 N），原因只在 6 号压装机"


@chapter
def supply(plant: Plant) -> None:
    """Let supplier lot S463087 go into L2610A and L2610B, and L2610B to four customers, as in the sample books."""
    session = plant.sign_in("管理员")
    with session.store.use():
        write(_supply)


def _supply() -> None:
    product = md.Product.get(md.Product.code == "YQ-22")
    first = md.Lot.get(md.Lot.number == "L2610A")
    second = md.Lot.create(kind="FINISHED", article="YQ-22", number="L2610B", product=product)
    oil = md.Lot.create(
        kind="MATERIAL", article="M-101", number="ML-101-2610", supplier_name="恒固密封", supplier_lot="S463087"
    )
    seal = md.Lot.create(kind="COMPONENT", article="C-2231", number="CL-2610-7")
    for used, made in ((oil, seal), (seal, first), (seal, second)):
        md.LotUse.create(used=used, made=made)
    shipped = (("C1018", 120), ("C1020", 450), ("C1011", 100), ("C3002", 270))
    for number, (code, pieces) in enumerate(shipped, start=1):
        customer = md.Customer.get_or_none(md.Customer.code == code) or md.Customer.create(
            code=code, name=f"客户 {code}", market="DOMESTIC"
        )
        md.ShipmentLine.create(
            number=f"CK2611020{number:02}", order_no=f"SO2611{number:02}", customer=customer, product=product,
            lot=second, pieces_ordered=pieces, pieces_shipped=pieces, shipped_on=date(2026, 11, 2),
        )  # fmt: skip


@dataclass
class Told(Scene):
    """The recall of the story as it is told so far."""

    plant: Plant
    recall_id: int
    complaint_line_id: int

    def show(self) -> recall.RecallShown:
        return recall.show(self.plant.sign_in(QE), recall_id=self.recall_id)

    @chapter
    def assessed(self) -> Told:
        found = recall.assess(
            self.plant.sign_in(QE),
            recall_id=self.recall_id,
            question="供应商批号 S463087 用到了哪里？",
            supplier_lot="S463087",
        )
        assert (found.pieces, found.customers) == (1660, 5)
        return self

    @chapter
    def narrowed(self) -> Told:
        out = tuple(line.id for line in self.show().lines if line.lot == "L2610B")
        recall.narrow(
            self.plant.sign_in(QE),
            recall_id=self.recall_id,
            line_ids=out,
            reason=WHY_NARROWED,
            scope="YQ-22 L2610A 在其他客户处的 720 支",
        )
        return self

    @chapter
    def heard(self, *seats: Seat) -> Told:
        for seat in seats or tuple(Seat):
            read = self.show().content_hash
            who = self.plant.sign_in(SEATS[seat])
            recall.hear(who, recall_id=self.recall_id, seat=seat, opinion="同意该范围", read_hash=read)
        return self

    @chapter
    def reported(self) -> Told:
        recall.report_to_gm(self.plant.sign_in(QE), recall_id=self.recall_id)
        return self

    @chapter
    def decided(self) -> Told:
        read = self.show().content_hash
        password = self.plant.password(GM)
        gm = self.plant.sign_in(GM)
        recall.decide(gm, recall_id=self.recall_id, read_hash=read, reason="安全特性", password=password)
        return self


@chapter
def suspected(plant: Plant) -> Told:
    supply(plant)
    made = register_the_notice(plant)
    plant.at("2026-11-05 09:40")
    line = complaint.show(plant.sign_in(QE), complaint_id=made.complaint_id).lines[0]
    put_up = recall.propose(plant.sign_in(QE), complaint_line_id=line.id)
    assert put_up.number == "RC20261105001"
    assert put_up.case_id == made.case_id
    return Told(plant, put_up.recall_id, line.id)


def test_a_safety_defect_whose_lot_went_to_others_proposes_an_assessment(plant: Plant) -> None:
    supply(plant)
    register_the_notice(plant)
    (one,) = recall.proposals(plant.sign_in(QE))
    assert (one.product_code, one.lot_number, one.defect_code) == ("YQ-22", "L2610A", "F-012")
    assert one.trigger is RecallTrigger.SAFETY_OR_KEY
    assert one.pieces_of_lot_elsewhere == 720
    assert one.customers_with_shared_material == 5
    recall.propose(plant.sign_in(QE), complaint_line_id=one.complaint_line_id)
    assert recall.proposals(plant.sign_in(QE)) == ()


def test_the_story_of_the_recall(plant: Plant) -> None:
    told = suspected(plant).assessed()
    assert told.show().row.pieces_in_scope == 1660
    told.narrowed().heard().reported()
    plant.at("2026-11-05 10:20")
    told.decided()
    shown = told.show()
    assert shown.row.state is RecallState.APPROVED
    assert (shown.row.pieces_found, shown.row.pieces_in_scope) == (1660, 720)
    in_scope = {line.customer_number: line.pieces for line in shown.lines if line.is_in_scope}
    assert in_scope == {"C2002": 600, "C1018": 120}
    (signed,) = shown.signatures
    assert (signed.name, signed.meaning, signed.is_valid) == (GM, Meaning.DECIDE, True)
    assert signed.at == moment("2026-11-05 10:20")
    recall.start(plant.sign_in(QE), recall_id=told.recall_id)
    for line in shown.lines:
        if line.is_in_scope:
            recall.record_progress(plant.sign_in(QE), line_id=line.id, kind=ProgressKind.INFORMED, text="停用通知")
    with pytest.raises(Refused, match="720 pieces"):
        recall.complete(plant.sign_in(QE), recall_id=told.recall_id)
    for line in shown.lines:
        if line.is_in_scope:
            good = line.pieces * 3 // 4
            for kind, pieces in ((ProgressKind.CHECKED_GOOD, good), (ProgressKind.RECOVERED, line.pieces - good)):
                recall.record_progress(plant.sign_in(QE), line_id=line.id, kind=kind, pieces=pieces)
    recall.complete(plant.sign_in(QE), recall_id=told.recall_id)
    assert told.show().row.state is RecallState.COMPLETE
    assert told.show().row.pieces_settled == 720


def test_the_complainant_is_shown_but_not_called_back(plant: Plant) -> None:
    told = suspected(plant).assessed()
    own = [line for line in told.show().lines if line.is_complainant]
    assert [(line.customer_number, line.pieces, line.is_in_scope) for line in own] == [("C1001", 800, False)]


def test_the_recall_list_prints_the_frozen_scope(plant: Plant) -> None:
    told = suspected(plant).assessed().narrowed()
    qe = plant.sign_in(QE)
    lot_id = next(lot.lot_id for lot in told.show().lots if lot.lot == "L2610A")
    recall.state_built(qe, recall_id=told.recall_id, lot_id=lot_id, pieces=1680)
    recall.note_open_point(
        qe, recall_id=told.recall_id, subject="C3002 转售", why="最终客户未知", pieces=270, owner="王伟涛"
    )
    scope = recall.scope(qe, recall_id=told.recall_id)
    assert scope.pieces_in_scope == 720
    assert sum(customer.pieces for customer in scope.others) == 1660
    (balance,) = scope.lots
    assert (balance.lot, balance.pieces_built, balance.pieces_shipped, balance.pieces_unknown) == (
        "L2610A",
        1680,
        1520,
        160,
    )
    assert {"C3002 转售", "YQ-22 L2610B"} <= {point.subject for point in scope.open_points}
    assert all("S463087" in line.found_by for line in scope.lines)
    assert recall_list.write(scope, "zh_CN").startswith(b"PK")


def test_a_further_shipment_after_the_trace_does_not_change_the_frozen_scope(plant: Plant) -> None:
    told = suspected(plant).assessed()
    session = plant.sign_in("管理员")

    def ship() -> None:
        lot = md.Lot.get(md.Lot.number == "L2610B")
        customer = md.Customer.get(md.Customer.code == "C1011")
        md.ShipmentLine.create(
            number="CK261106001", customer=customer, product=lot.product_id, lot=lot, pieces_shipped=60,
            shipped_on=date(2026, 11, 6),
        )  # fmt: skip

    with session.store.use():
        write(ship)
    assert told.show().row.pieces_found == 1660


def test_narrowing_makes_what_was_heard_before_void(plant: Plant) -> None:
    told = suspected(plant).assessed().heard().narrowed()
    assert told.show().still_to_hear == tuple(Seat)
    assert {hearing.is_valid for hearing in told.show().hearings} == {False}
    with pytest.raises(Refused, match="quality_manager"):
        told.reported()


def test_a_declined_recall_is_signed_with_its_reason_and_never_runs(plant: Plant) -> None:
    told = suspected(plant).assessed().heard().reported()
    gm = plant.sign_in(GM)
    read = told.show().content_hash
    recall.decline(gm, recall_id=told.recall_id, read_hash=read, reason="仅该批受影响", password=plant.password(GM))
    assert told.show().row.state is RecallState.DECLINED
    assert told.show().decision_reason == "仅该批受影响"
    with pytest.raises(Refused, match="before the general manager"):
        recall.start(plant.sign_in(QE), recall_id=told.recall_id)


def test_a_qe_decides_nothing_and_starts_nothing(plant: Plant) -> None:
    told = suspected(plant).assessed().narrowed().heard().reported()
    qe = plant.sign_in(QE)
    read = told.show().content_hash
    with pytest.raises(NotPermitted):
        recall.decide(qe, recall_id=told.recall_id, read_hash=read, reason="急", password=plant.password(QE))
    with pytest.raises(Refused, match="before the general manager"):
        recall.start(qe, recall_id=told.recall_id)
    line = next(line for line in told.show().lines if line.is_in_scope)
    with pytest.raises(Refused, match="Only a running recall"):
        recall.record_progress(qe, line_id=line.id, kind=ProgressKind.INFORMED)


def test_the_general_manager_signs_only_the_scope_that_was_read(plant: Plant) -> None:
    told = suspected(plant).assessed().heard().reported()
    read = told.show().content_hash
    recall.take_report_back(plant.sign_in(QE), recall_id=told.recall_id, reason="缩小范围")
    told.narrowed().heard().reported()
    gm = plant.sign_in(GM)
    with pytest.raises(Refused, match="Read it again"):
        recall.decide(gm, recall_id=told.recall_id, read_hash=read, reason="同意", password=plant.password(GM))
    assert told.decided().show().row.state is RecallState.APPROVED


def test_a_hold_is_released_by_the_quality_managers_signature(plant: Plant) -> None:
    supply(plant)
    stops = (recall.LotStop("YQ-22", "L2610A"), recall.LotStop("YQ-22", "L2610B"))
    assert recall.hold_lots(plant.sign_in(QE), stops=stops, reason="阻力不符") == 2
    assert recall.hold_lots(plant.sign_in(QE), stops=stops, reason="阻力不符") == 0
    second = next(hold for hold in recall.holds(plant.sign_in(QE)) if hold.lot == "L2610B")
    with pytest.raises(NotPermitted):
        recall.release(
            plant.sign_in(QE),
            hold_id=second.id,
            read_hash=second.content_hash,
            remark="好",
            password=plant.password(QE),
        )
    manager, password = plant.sign_in(QUALITY_MANAGER), plant.password(QUALITY_MANAGER)
    recall.release(manager, hold_id=second.id, read_hash=second.content_hash, remark="32/32 合格", password=password)
    assert [hold.lot for hold in recall.holds(manager)] == ["L2610A"]
    released = next(hold for hold in recall.holds(manager, only_on=False) if hold.lot == "L2610B")
    assert [(signed.name, signed.remark) for signed in released.signatures] == [(QUALITY_MANAGER, "32/32 合格")]
