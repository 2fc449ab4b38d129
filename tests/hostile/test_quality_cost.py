"""Attacks on the ledger: wrong sign or arithmetic, a rate of another day, a changed entry, scrap sold undestroyed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.quality_cost import CostKind
from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.rules.money import round_cent
from qms_desktop.steps import inspection, quality_cost, rework
from qms_desktop.steps.inspection import NewPart
from tests.helpers.floor import goods_received, price_list
from tests.hostile.claim_desk import ADMINISTRATION, FINANCE
from tests.hostile.stage import CLERK, INSPECTOR, IT, PRODUCTION, QE, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage


def entry(stage: Stage, **columns: object) -> str:
    values: dict[str, object] = {
        "cost_class": "RETURN_LOSS",
        "kind": "FREIGHT",
        "happened_on": "2026-11-03",
        "amount": 12_800_000,
        "text": "运费",
        **columns,
    }
    shown = ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values.values())
    return f"INSERT INTO cost_entry (case_id, {', '.join(values)}) VALUES ({stage.case_id}, {shown})"


def rate_id(stage: Stage, code: str) -> int:
    return int(stage.rows(f"SELECT id FROM rate WHERE code = '{code}'")[0][0])


def test_a_cost_has_its_sign(stage: Stage) -> None:
    stage.complained()
    stage.attack(
        FINANCE,
        ("cost_has_its_sign", entry(stage, amount=-12_800_000)),
        ("cost_has_its_sign", entry(stage, kind="CHARGEBACK", amount=12_800_000)),
        ("cost_has_its_sign", entry(stage, amount=0)),
    )


def test_the_arithmetic_of_a_cost_is_right(stage: Stage) -> None:
    price_list(stage.plant)
    stage.complained()
    labour = rate_id(stage, "返工普工")
    stage.attack(
        FINANCE,
        ("cost_is_arithmetic", entry(stage, quantity_thousandths=12_000, unit_cost=340_546, amount=4_086_500)),
        ("cost_is_arithmetic", entry(stage, quantity_thousandths=12_000, unit_cost=340_546, amount=4_086_552)),
        (
            "cost_is_arithmetic",
            entry(stage, kind="LABOUR", minutes=90, hourly_rate=420_000, rate_id=labour, amount=1_000_000),
        ),
        ("cost_is_arithmetic", entry(stage, amount=12_800_001)),
        ("cost_has_one_basis", entry(stage, minutes=90, amount=12_800_000)),
        ("cost_has_one_basis", entry(stage, kind="LABOUR", minutes=90, hourly_rate=420_000, amount=630_000)),
        ("cost_has_one_basis", entry(stage, text="")),
    )


def test_what_is_derived_is_not_entered_by_hand(stage: Stage) -> None:
    stage.complained()
    kinds = ("SCRAP", "CLAIM_CASH", "DISCOUNT")
    stage.attack(FINANCE, *(("cost_is_not_booked_twice", entry(stage, kind=kind)) for kind in kinds))


def test_a_rate_of_another_day_is_refused(stage: Stage) -> None:
    price_list(stage.plant)
    stage.complained()
    labour = rate_id(stage, "返工普工")
    hours = {"kind": "LABOUR", "minutes": 60, "hourly_rate": 420_000, "rate_id": labour, "amount": 420_000}
    stage.attack(
        FINANCE,
        ("cost_rate_of_the_day", entry(stage, **{**hours, "happened_on": "2026-06-30"})),
        ("cost_rate_of_the_day", entry(stage, **{**hours, "hourly_rate": 840_000, "amount": 840_000})),
    )
    with stage.plant.plain(IT) as connection:
        connection.execute(
            "INSERT INTO rate (kind, code, name, unit, amount, currency, valid_from)"
            " VALUES ('LABOUR', '返工普工', '返工普工', '小时', 450000, 'CNY', '2026-07-02')"
        )
    # The older rate has no end of its own: it ended as the newer one began.
    stage.attack(FINANCE, ("cost_rate_of_the_day", entry(stage, **{**hours, "happened_on": "2026-07-02"})))
    with pytest.raises(InvalidInput, match="no rate for 返工普工 on 2026-06-30"):
        quality_cost.book_hours(
            stage.plant.sign_in(QE), case_id=stage.case_id, hours=Decimal(1), rate="返工普工", text="挑选",
            happened_on=date(2026, 6, 30),
        )  # fmt: skip


def test_an_entry_is_taken_back_once_and_whole(stage: Stage) -> None:
    stage.complained()
    finance = stage.plant.sign_in(FINANCE)
    booked = quality_cost.book_sum(
        finance, case_id=stage.case_id, kind=CostKind.FREIGHT, amount=Decimal("1280.00"), text="运费"
    )
    stage.attack(
        FINANCE,
        ("cost_correction_is_whole", entry(stage, corrects_id=booked, amount=-10_000)),
        ("cost_correction_is_whole", entry(stage, corrects_id=booked, kind="PENALTY", amount=-12_800_000)),
    )
    with pytest.raises(InvalidInput):
        quality_cost.take_back(finance, entry_id=booked, reason=" ")
    quality_cost.take_back(finance, entry_id=booked, reason="重复录入")
    stage.attack(FINANCE, ("cost_corrected_once", entry(stage, corrects_id=booked, amount=-12_800_000)))
    assert quality_cost.case_cost(finance, case_id=stage.case_id).total == 0


def test_a_ledger_entry_is_never_changed(stage: Stage) -> None:
    stage.complained()
    booked = quality_cost.book_sum(
        stage.plant.sign_in(SALES), case_id=stage.case_id, kind=CostKind.FREIGHT, amount=Decimal("1280.00"), text="运费"
    )
    stage.attack(
        FINANCE,
        ("events_never_change", f"UPDATE cost_entry SET amount = 10000 WHERE id = {booked}"),
        ("never_deleted", f"DELETE FROM cost_entry WHERE id = {booked}"),
        rights_come_first=True,
    )


def test_the_dock_sees_no_ledger(server_stage: Stage) -> None:
    server_stage.complained()
    server_stage.attack_by_rights(CLERK, "SELECT * FROM cost_entry", "SELECT * FROM claim_amount", entry(server_stage))


def test_scrap_is_not_sold_before_it_is_destroyed(stage: Stage) -> None:
    stage.complained()
    sale = {"kind": "SCRAP_SALE", "amount": -860_000, "text": "废料"}
    stage.attack(ADMINISTRATION, ("scrap_sold_destroyed", entry(stage, **sale)))
    admin = stage.plant.sign_in(ADMINISTRATION)
    own = quality_cost.confirm_destruction(
        admin, case_id=stage.case_id, weight_grams=1_000, witness="邓小梅", photo_reference="IMG-1"
    )
    stage.attack(
        ADMINISTRATION, ("scrap_sold_destroyed", entry(stage, **sale, source_kind="destruction", source_id=own))
    )
    with pytest.raises(Refused, match="colleague"):
        quality_cost.sell_scrap(admin, destruction_id=own, amount=Decimal("86.00"), text="废料")


def test_a_destruction_is_confirmed_whole(stage: Stage) -> None:
    stage.complained()

    def confirmed(weight: int, witness: str, photo: str) -> str:
        return (
            "INSERT INTO destruction (case_id, weight_grams, witness, photo_reference)"
            f" VALUES ({stage.case_id}, {weight}, '{witness}', '{photo}')"
        )

    stage.attack(
        QE,
        ("destruction_is_complete", confirmed(0, "高平", "IMG-1")),
        ("destruction_is_complete", confirmed(100, "", "IMG-1")),
        ("destruction_is_complete", confirmed(100, "高平", "")),
    )


def test_no_more_parts_are_credited_than_passed(stage: Stage) -> None:
    floor = goods_received(stage.plant).judged().sorted(dismantle=5)
    stage.case_id = floor.case_id
    qe, inspector = stage.plant.sign_in(QE), stage.plant.sign_in(INSPECTOR)
    order = rework.open_order(qe, kind=rework.OrderKind.DISMANTLE, takes=floor.take(5))
    rework.release(qe, order_id=order.order_id)
    line = stage.plant.sign_in(PRODUCTION)
    rework.start(line, order_id=order.order_id)
    rework.report(line, order_id=order.order_id, to_inspect=5)
    inspection.count_parts(line, order_id=order.order_id, parts=(NewPart("活塞杆", 5, 5),))
    (part,) = inspection.parts_of(inspector, order_id=order.order_id)
    inspection.inspect_parts(inspector, part_id=part.id, passed=3, rejected=1)
    credit = {"kind": "RECOVERY", "unit_cost": 24_000, "source_kind": "recovered_part", "source_id": part.id}
    three = entry(stage, **credit, quantity_thousandths=3_000, amount=-72_000)
    stage.attack(QE, ("recovered_parts_passed", three))
    inspection.inspect_parts(inspector, part_id=part.id, passed=1, rejected=0)
    stage.attack(
        QE,
        ("recovered_parts_passed", entry(stage, **credit, quantity_thousandths=5_000, amount=-120_000)),
        ("recovered_parts_passed", entry(stage, kind="RECOVERY", amount=-120_000)),
    )
    quality_cost.credit_parts(qe, part_id=part.id, unit_cost=Decimal("2.40"))
    with pytest.raises(Refused, match="credited already"):
        quality_cost.credit_parts(qe, part_id=part.id, unit_cost=Decimal("2.40"))
    credited = [row for row in quality_cost.case_cost(qe, case_id=floor.case_id).lines if row.kind is CostKind.RECOVERY]
    assert [row.amount for row in credited] == [-round_cent(Decimal("9.60"))]


def test_a_cost_of_tomorrow_is_refused(stage: Stage) -> None:
    stage.complained()
    stage.attack(FINANCE, ("cost_is_not_later", entry(stage, happened_on="2026-11-04")))
