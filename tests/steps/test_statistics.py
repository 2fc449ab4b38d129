"""The month in numbers: an empty month, refused pieces, ties at place five, and complaints without a return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.rma import RefusalReason
from qms_desktop.db.sorting import DispositionKind
from qms_desktop.errors import InvalidInput, NotPermitted
from qms_desktop.steps import complaint, eight_d, sorting, statistics
from qms_desktop.steps.sorting import NewDisposition
from tests.helpers.floor import goods_received
from tests.helpers.plant import moment

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


def test_an_empty_month_works(plant: Plant) -> None:
    february = statistics.monthly(plant.sign_in("胡丽桂"), year=2026, month=2)
    assert (february.reasons, february.pieces_returned, february.pieces_in_details, february.costs) == ((), 0, 0, ())
    assert february.ppm(0) is None
    assert statistics.tracking(plant.sign_in("胡丽桂"), year=2026, month=2).complaints == ()


def test_a_month_that_does_not_exist_is_refused(plant: Plant) -> None:
    with pytest.raises(InvalidInput):
        statistics.monthly(plant.sign_in("胡丽桂"), year=2026, month=13)
    with pytest.raises(NotPermitted):
        statistics.monthly(plant.sign_in("周磊秀"), year=2026, month=11)


def test_refused_pieces_came_back_but_are_not_recognised(plant: Plant) -> None:
    floor = goods_received(plant, pieces=60).judged()
    chief = plant.sign_in("胡丽桂")
    before = statistics.monthly(chief, year=2026, month=11)
    assert before.notes == ("60 pieces are not sorted yet and count as recognised until they are.",)
    sorting.sort(
        plant.sign_in("高平"),
        round_id=floor.round_id,
        dispositions=(
            NewDisposition(DispositionKind.RETURN_TO_CUSTOMER, 10, refusal_reason=RefusalReason.MISUSE),
            NewDisposition(DispositionKind.GOOD, 50),
        ),
    )
    after = statistics.monthly(chief, year=2026, month=11)
    assert (after.pieces_returned, after.pieces, after.pieces_in_details) == (60, 50, 50)
    assert after.notes == ("10 pieces were refused (R1 to R4) and do not count as recognised.",)
    december = statistics.monthly(chief, year=2026, month=12)
    assert [(reason.pieces, reason.pieces_last_month) for reason in december.reasons] == [(0, 50)]


def test_a_reason_names_its_8d_and_what_the_customers_were_told(plant: Plant) -> None:
    goods_received(plant, pieces=60)
    chief, engineer = plant.sign_in("胡丽桂"), plant.sign_in("徐兰")
    (row,) = complaint.listed(chief)
    (line, *_others) = complaint.show(chief, complaint_id=row.id).lines

    def measure() -> tuple[str, bool]:
        reasons = statistics.monthly(chief, year=2026, month=11).reasons
        one = next(reason for reason in reasons if reason.reason == "阻力不符")
        return one.measure, one.measure_overdue

    assert measure() == ("measures told: 0 of 1; due 2026-11-12", False)
    report = eight_d.open_report(engineer, complaint_line_id=line.id, title="Resistance")
    plant.at("2026-12-01 08:00")
    assert measure() == (f"{report.number} open; measures told: 0 of 1; due 2026-11-12", True)


def test_the_denominator_of_the_ppm_is_what_was_shipped_in_the_month(plant: Plant) -> None:
    october = statistics.monthly(plant.sign_in("胡丽桂"), year=2026, month=10)
    assert october.pieces_shipped == 1920
    assert october.ppm(1920) == 1_000_000


def test_only_who_may_read_the_audit_trail_prints_its_anchor(plant: Plant) -> None:
    assert statistics.monthly(plant.sign_in("王伟涛"), year=2026, month=11).audit_anchor == ""
    assert statistics.monthly(plant.sign_in("胡霞军"), year=2026, month=11).audit_anchor != ""


def test_an_open_complaint_stays_on_the_table_of_the_next_month(plant: Plant) -> None:
    goods_received(plant, pieces=60)
    plant.at("2026-12-02 09:00")
    (row,) = statistics.tracking(plant.sign_in("胡丽桂"), year=2026, month=12).complaints
    assert (row.number, row.received_at, row.return_state) == (
        "C20261103001",
        moment("2026-11-03 09:00"),
        "received",
    )
    assert row.is_late(moment("2026-12-02 09:00"))
