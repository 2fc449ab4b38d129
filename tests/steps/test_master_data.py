"""Master data: what an import adds and changes, what it refuses, what was shipped, and finding things in fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from qms_desktop.db import master_data as md
from qms_desktop.db.bulk import tuples
from qms_desktop.db.foundation import AuditEntry
from qms_desktop.errors import ConfirmationNeeded, InvalidInput, NotFound, NotPermitted, Refused
from qms_desktop.permissions import Role
from qms_desktop.rules import search
from qms_desktop.steps import complaint, master_data, rma
from qms_desktop.steps.complaint import NewLine
from qms_desktop.steps.master_data import ImportKind, ImportResult
from qms_desktop.steps.master_data_rows import (
    CustomerRow,
    DefectCodeRow,
    DefectGrade,
    GenealogyRow,
    PersonRow,
    ProductRow,
    RateRow,
    ShipmentRow,
    SourceRow,
    StockRow,
)
from qms_desktop.steps.rma import NewRmaLine
from tests.helpers.plant import moment

if TYPE_CHECKING:
    from tests.helpers.plant import Plant

K = ImportKind


def at(row: int) -> SourceRow:
    return SourceRow(sheet=None, row=row)


def customer(**other: Any) -> CustomerRow:  # noqa: ANN401 - any field of the row
    return replace(
        CustomerRow(
            code="C9001", name="宁波同力五金", english_name=None, market=md.Market.DOMESTIC, via_trader=False,
            country="CN", contact="王经理", phone=None, email=None, reply_hours=None, warranty_months=24,
            currency="CNY", remark=None,
            source=at(4),
        ),
        **other,
    )  # fmt: skip


def product(**other: Any) -> ProductRow:  # noqa: ANN401 - any field of the row
    return replace(
        ProductRow(
            code="DP-52", name="电磁阀", model="B1", unit="只", unit_price=Decimal("10.5"),
            standard_cost=Decimal("7.1234"), warranty_months=24, critical_characteristics=("吸合电压",),
            is_safety_relevant=False, substance_control="RoHS", lot_rule="L{yy}{MM}{A-Z}",
            weight_kg=Decimal("0.72"), source=at(4),
        ),
        **other,
    )  # fmt: skip


def shipment(**other: Any) -> ShipmentRow:  # noqa: ANN401 - any field of the row
    return replace(
        ShipmentRow(
            shipment_number="CK1", order_number="SO1", customer_code="C1001", customer_name=None, product_code="YQ-22",
            model=None, lot="L2611A", date_code="4626", contract_number=None, ordered_pieces=100, shipped_pieces=100,
            unit="支", unit_price=Decimal("50.76"), currency="CNY", shipped_on=date(2026, 11, 2), carrier=None,
            source=at(2),
        ),
        **other,
    )  # fmt: skip


def used(**other: Any) -> GenealogyRow:  # noqa: ANN401 - any field of the row
    return replace(
        GenealogyRow(
            product_code="YQ-22", lot="L2610A", component_code="B-1", component_lot="B2610A",
            material_code="阻尼油", material_lot="M1", supplier="道达尔", supplier_lot="S1", used=Decimal(2),
            unit="件", shift="早", machine="#6",
            source=at(2),
        ),
        **other,
    )  # fmt: skip


def person(**other: Any) -> PersonRow:  # noqa: ANN401 - any field of the row
    row = PersonRow(
        badge="20001", name="何娟丽", department="生产部", post="返工", roles=(Role.PRODUCTION,), source=at(4)
    )
    return replace(row, **other)


def take_in(plant: Plant, kind: ImportKind, *rows: object, sha256: str = "", **more: Any) -> ImportResult:  # noqa: ANN401 - any option
    return master_data.import_rows(
        plant.sign_in("管理员"), kind=kind, rows=rows, file_name="export.xlsx", sha256=sha256 or str(uuid4()), **more
    )


def counts(result: ImportResult) -> tuple[int, int, int]:
    return result.rows_new, result.rows_changed, result.rows_same


def changes(plant: Plant, kind: ImportKind, *rows: object) -> list[tuple[str, str, str]]:
    seen = master_data.preview(plant.sign_in("管理员"), kind=kind, rows=rows)
    return [(change.label, change.old, change.new) for row in seen.changed for change in row.changes]


def reasons(plant: Plant, kind: ImportKind, *rows: object) -> list[str]:
    return [row.text for row in master_data.preview(plant.sign_in("管理员"), kind=kind, rows=rows).refused]


def test_only_it_may_import(plant: Plant) -> None:
    with pytest.raises(NotPermitted):
        master_data.import_rows(plant.sign_in("徐兰"), kind=K.CUSTOMERS, rows=[customer()], file_name="x", sha256="y")


def test_a_preview_writes_nothing(plant: Plant) -> None:
    seen = master_data.preview(plant.sign_in("管理员"), kind=K.CUSTOMERS, rows=[customer()])
    assert [(row.row, row.key) for row in seen.new] == [(4, "C9001")]
    assert master_data.find_customer(plant.sign_in("徐兰"), text="C9001") == ()


def test_a_repeated_request_books_once_and_gives_the_first_answer(plant: Plant) -> None:
    key = uuid4()
    first = take_in(plant, K.CUSTOMERS, customer(), sha256="a", request_key=key)
    again = take_in(plant, K.CUSTOMERS, customer(), sha256="a", request_key=key)
    assert (again, counts(again)) == (first, (1, 0, 0))


def test_a_changed_field_is_shown_with_old_and_new(plant: Plant) -> None:
    take_in(plant, K.CUSTOMERS, customer())
    changed = customer(warranty_months=36, contact="李工")
    assert changes(plant, K.CUSTOMERS, changed) == [("Contact", "王经理", "李工"), ("Warranty (months)", "24", "36")]
    assert counts(take_in(plant, K.CUSTOMERS, changed)) == (0, 1, 0)
    with plant.sign_in("管理员").store.use():
        stored = md.Customer.get(md.Customer.code == "C9001")
        assert (stored.contact, stored.warranty_months, stored.version) == ("李工", 36, 2)


def test_a_change_by_an_import_is_audited_row_by_row(plant: Plant) -> None:
    take_in(plant, K.CUSTOMERS, customer())
    take_in(plant, K.CUSTOMERS, customer(contact="李工"))
    with plant.sign_in("管理员").store.use():
        entries = AuditEntry.select().where((AuditEntry.table_name == "customer") & (AuditEntry.operation == "UPDATE"))
        (entry,) = entries
    assert ("王经理" in str(entry.old_row), "李工" in str(entry.new_row), entry.who) == (True, True, "it")


def test_an_empty_cell_changes_nothing(plant: Plant) -> None:
    take_in(plant, K.CUSTOMERS, customer())
    assert counts(take_in(plant, K.CUSTOMERS, customer(contact=None, warranty_months=None))) == (0, 0, 1)


def test_a_customer_through_a_trader_is_foreign(plant: Plant) -> None:
    take_in(plant, K.CUSTOMERS, customer(via_trader=True))
    assert master_data.find_customer(plant.sign_in("徐兰"), text="C9001")[0].market is md.Market.FOREIGN


def test_a_renamed_customer_is_found_by_its_new_name(plant: Plant) -> None:
    take_in(plant, K.CUSTOMERS, customer())
    take_in(plant, K.CUSTOMERS, customer(name="重庆嘉陵江"))
    session = plant.sign_in("徐兰")
    assert [each.code for each in master_data.find_customer(session, text="cqjlj")] == ["C9001"]
    assert master_data.find_customer(session, text="同力") == ()


def test_a_product_comes_with_price_and_characteristics(plant: Plant) -> None:
    take_in(plant, K.PRODUCTS, product())
    with plant.sign_in("管理员").store.use():
        stored = md.Product.get(md.Product.code == "DP-52")
        price = md.ProductPrice.get(md.ProductPrice.product == stored)
        (one,) = md.Characteristic.select().where(md.Characteristic.product == stored)
        assert (stored.weight_grams, price.standard_cost, one.name) == (720, Decimal("7.1234"), "吸合电压")
        assert (one.is_critical, one.is_safety) == (True, False)


def test_a_new_price_and_a_new_characteristic_are_changes_of_the_product(plant: Plant) -> None:
    take_in(plant, K.PRODUCTS, product())
    changed = product(unit_price=Decimal("11.5"), critical_characteristics=("吸合电压", "泄漏"))
    assert changes(plant, K.PRODUCTS, changed) == [
        ("Unit price", "10.5", "11.5"),
        ("Critical characteristics", "", "泄漏"),
    ]
    assert counts(take_in(plant, K.PRODUCTS, changed)) == (0, 1, 0)
    assert counts(take_in(plant, K.PRODUCTS, changed)) == (0, 0, 1)


def test_a_characteristic_that_is_gone_is_no_longer_critical(plant: Plant) -> None:
    take_in(plant, K.PRODUCTS, product())
    take_in(plant, K.PRODUCTS, product(critical_characteristics=()))
    with plant.sign_in("管理员").store.use():
        (one,) = md.Characteristic.select().join(md.Product).where(md.Product.code == "DP-52")
        assert not one.is_critical


def test_a_defect_that_breaks_a_safety_characteristic_is_critical_too(plant: Plant) -> None:
    row = DefectCodeRow("F-099", "锁不住", None, None, ("锁止力", "行程"), DefectGrade.SAFETY, at(4))
    take_in(plant, K.DEFECT_CODES, row)
    with plant.sign_in("管理员").store.use():
        stored = md.DefectCode.get(md.DefectCode.code == "F-099")
        assert (stored.is_safety, stored.is_critical, stored.breaks_characteristic) == (True, True, "锁止力;行程")


def test_a_rate_finer_than_four_places_is_refused_and_not_rounded(plant: Plant) -> None:
    rate = RateRow(
        md.RateKind.EXCHANGE, "JPY", "JPY", "CNY", Decimal("0.047123"), "CNY", date(2026, 11, 1), None, at(4)
    )
    assert reasons(plant, K.RATES, rate) == [
        "0.047123 has more than four decimal places. Round it in the source system."
    ]
    with pytest.raises(Refused, match="None of the 1 rows"):
        take_in(plant, K.RATES, rate)


def test_a_rate_that_holds_on_loses_its_end(plant: Plant) -> None:
    rate = RateRow(
        md.RateKind.LABOUR, "返工", "返工", "小时", Decimal(42), "CNY", date(2026, 7, 1), date(2026, 12, 31), at(4)
    )
    take_in(plant, K.RATES, rate)
    assert changes(plant, K.RATES, replace(rate, valid_until=None)) == [("Valid until", "2026-12-31", "")]


def test_an_imported_person_has_no_access(plant: Plant) -> None:
    assert counts(take_in(plant, K.PEOPLE, person())) == (1, 0, 0)
    with plant.sign_in("管理员").store.use():
        stored = md.Person.get(md.Person.login == "20001")
        (role,) = md.PersonRole.select().where(md.PersonRole.person == stored)
        assert (stored.is_active, role.role) == (False, Role.PRODUCTION)
    assert counts(take_in(plant, K.PEOPLE, person())) == (0, 0, 1)


def test_a_file_does_not_change_the_roles_of_somebody_with_access(plant: Plant) -> None:
    sales = person(badge="10005", name="王伟涛", roles=(Role.GM,))
    assert reasons(plant, K.PEOPLE, sales) == [
        "王伟涛 has access already. A file does not change roles; let IT change them for 10005."
    ]


def test_a_file_does_not_give_a_login_to_somebody_else(plant: Plant) -> None:
    other = person(badge="10005", name="何娟丽", roles=(Role.SALES,))
    assert reasons(plant, K.PEOPLE, other) == [
        "10005 is 王伟涛 already and has access. A file does not give a login to somebody else."
    ]


def test_a_badge_of_somebody_else_is_refused(plant: Plant) -> None:
    assert reasons(plant, K.PEOPLE, person(badge="B10005")) == ["The badge B10005 belongs to 王伟涛 already."]


def test_a_shipment_makes_its_lot_and_its_price(plant: Plant) -> None:
    take_in(plant, K.SHIPMENTS, shipment())
    with plant.sign_in("管理员").store.use():
        line = md.ShipmentLine.get(md.ShipmentLine.number == "CK1")
        price = md.ShipmentPrice.get(md.ShipmentPrice.shipment_line == line)
        lot = md.Lot.get(md.Lot.id == line.lot_id)
        assert (lot.article, lot.number, price.unit_price) == ("YQ-22", "L2611A", Decimal("50.76"))


def test_a_line_without_lot_gets_the_lot_that_another_system_knows(plant: Plant) -> None:
    take_in(plant, K.SHIPMENTS, shipment(lot=None))
    assert changes(plant, K.SHIPMENTS, shipment()) == [("Lot", "", "L2611A")]
    assert counts(take_in(plant, K.SHIPMENTS, shipment())) == (0, 1, 0)
    assert counts(take_in(plant, K.SHIPMENTS, shipment(lot=None))) == (0, 0, 1)


def test_two_lots_on_one_line_number_are_two_lines(plant: Plant) -> None:
    both = (shipment(shipped_pieces=60), shipment(lot="L2611B", shipped_pieces=40))
    assert counts(take_in(plant, K.SHIPMENTS, *both)) == (2, 0, 0)
    assert counts(take_in(plant, K.SHIPMENTS, *both)) == (0, 0, 2)
    assert reasons(plant, K.SHIPMENTS, shipment(lot=None)) == [
        "Shipment CK1 has several lines of YQ-22 with different lots. Name the lot."
    ]


def test_a_line_that_was_split_keeps_its_sum(plant: Plant) -> None:
    take_in(plant, K.SHIPMENTS, shipment(lot=None, shipped_pieces=100))
    take_in(plant, K.SHIPMENTS, shipment(shipped_pieces=60), shipment(lot="L2611B", shipped_pieces=40))
    with plant.sign_in("管理员").store.use():
        pieces = md.ShipmentLine.select(md.Lot.number, md.ShipmentLine.pieces_shipped).join(md.Lot)
        lines = tuples(pieces.where(md.ShipmentLine.number == "CK1"))
        assert sorted(lines) == [("L2611A", 60), ("L2611B", 40)]


def test_a_corrected_price_is_shown(plant: Plant) -> None:
    take_in(plant, K.SHIPMENTS, shipment())
    assert changes(plant, K.SHIPMENTS, shipment(unit_price=Decimal("49.5"))) == [("Unit price", "50.76", "49.5")]


def test_strange_codes_are_refused_and_nothing_is_half_imported(plant: Plant) -> None:
    strange = shipment(shipment_number="CK2", product_code="ZZ-1")
    with pytest.raises(ConfirmationNeeded):
        take_in(plant, K.SHIPMENTS, shipment(), strange)
    assert master_data.find_shipment(plant.sign_in("徐兰"), text="CK1") == ()
    result = take_in(plant, K.SHIPMENTS, shipment(), strange, confirmed=True)
    assert (result.rows_new, result.rows_refused) == (1, 1)


def test_a_failure_at_the_last_row_leaves_nothing(plant: Plant) -> None:
    wrong = shipment(shipment_number="CK2", lot="L9", shipped_pieces=0)
    with pytest.raises(Refused, match="at least one piece"):
        take_in(plant, K.SHIPMENTS, shipment(), wrong)
    with plant.sign_in("管理员").store.use():
        assert md.ShipmentLine.select().where(md.ShipmentLine.number.in_(["CK1", "CK2"])).count() == 0
        assert md.Lot.select().where(md.Lot.number.in_(["L2611A", "L9"])).count() == 0
        assert md.ImportBatch.select().where(md.ImportBatch.kind == "shipments").count() == 0


def test_a_lot_that_came_with_a_shipment_is_found(plant: Plant) -> None:
    take_in(plant, K.SHIPMENTS, shipment())
    assert [hit.title for hit in search.find(plant.sign_in("徐兰"), text="l2611a")] == ["YQ-22 L2611A"]


def test_a_portion_is_traced_only_into_its_own_lot(plant: Plant) -> None:
    other = used(lot="L2610Z", material_lot="M2", supplier_lot="S2")
    take_in(plant, K.LOT_GENEALOGY, used(), other)
    trace = master_data.what_if(plant.sign_in("徐兰"), supplier_lot="S1", without_customers=("C1001",))
    assert (trace.pieces_in_scope, trace.customers_in_scope) == (720, 2)
    assert {point.subject for point in trace.open_points} == {"YQ-22 L2610Z"}


def test_a_use_that_is_corrected_is_a_change(plant: Plant) -> None:
    take_in(plant, K.LOT_GENEALOGY, used())
    assert changes(plant, K.LOT_GENEALOGY, used(machine="#7")) == [("Equipment", "#6", "#7")]


def test_material_that_goes_straight_into_the_product_is_traced(plant: Plant) -> None:
    take_in(plant, K.LOT_GENEALOGY, used(component_code=None, component_lot=None))
    assert master_data.what_if(plant.sign_in("徐兰"), material_lot="M1").pieces_at_customers == 1520


def test_a_lot_that_nobody_used_or_shipped_is_an_open_point(plant: Plant) -> None:
    take_in(plant, K.LOT_GENEALOGY, used(lot="L2610Z"))
    (point,) = master_data.what_if(plant.sign_in("徐兰"), supplier_lot="S1").open_points
    assert point.why == "No use, shipment or stock of YQ-22 L2610Z is booked. Find out where it is."


def test_a_trace_of_nothing_is_refused(plant: Plant) -> None:
    with pytest.raises(NotFound, match="L0000"):
        master_data.what_if(plant.sign_in("徐兰"), lot="L0000")


def test_a_new_day_brings_a_new_stock_and_the_same_file_does_not(plant: Plant) -> None:
    line = StockRow("YQ-22", None, "L2610A", None, "A-12", "可用", 160, "支", at(4))
    take_in(plant, K.STOCK, line, sha256="monday")
    plant.at("2026-11-04 09:00")
    assert counts(take_in(plant, K.STOCK, line, sha256="monday")) == (0, 0, 1)
    assert counts(take_in(plant, K.STOCK, replace(line, pieces=150), sha256="tuesday")) == (1, 0, 0)
    trace = master_data.what_if(plant.sign_in("徐兰"), product="YQ-22", lot="L2610A")
    assert [(each.quantity, each.taken_on) for each in trace.stock] == [(150, date(2026, 11, 4))]


def test_stock_in_progress_is_counted_apart(plant: Plant) -> None:
    take_in(plant, K.STOCK, StockRow("YQ-22", None, "L2610A", None, "#6", "在制", 240, "支", at(4)))
    (lot,) = master_data.what_if(plant.sign_in("徐兰"), product="YQ-22", lot="L2610A").lots
    assert (lot.pieces_shipped, lot.pieces_in_stock, lot.pieces_in_progress) == (1520, 0, 240)


def returned(plant: Plant, pieces: int) -> int:
    plant.at("2026-11-03 14:00")
    sales = plant.sign_in("王伟涛")
    opened = complaint.register(
        sales, customer="C1001", channel=complaint.Channel.NOTICE, received_at=moment("2026-11-03 09:12"),
        lines=(NewLine(product="YQ-22", lot="L2610A", pieces=pieces, customer_words="阻力不符"),),
    )  # fmt: skip
    lines = (NewRmaLine(product="YQ-22", lot="L2610A", pieces=pieces, unit_price=Decimal("50.76")),)
    return rma.request(sales, complaint_id=opened.complaint_id, lines=lines).rma_id


def test_what_an_rma_takes_back_is_no_longer_with_the_customer(plant: Plant) -> None:
    returned(plant, 600)
    assert master_data.shipped_to(plant.sign_in("徐兰"), customer="C1001", product="YQ-22", lot="L2610A") == 200


def test_a_cancelled_rma_takes_nothing_back(plant: Plant) -> None:
    rma.cancel(plant.sign_in("王伟涛"), rma_id=returned(plant, 600), reason="typed twice")
    assert master_data.shipped_to(plant.sign_in("徐兰"), customer="C1001", product="YQ-22", lot="L2610A") == 800


def test_a_lot_that_never_went_to_the_customer_counts_nothing(plant: Plant) -> None:
    assert master_data.shipped_to(plant.sign_in("徐兰"), customer="C1001", product="ZW-22", lot="L2610C") == 0


def test_an_unknown_customer_is_named(plant: Plant) -> None:
    with pytest.raises(NotFound, match="C0000"):
        master_data.shipped_to(plant.sign_in("徐兰"), customer="C0000", product="YQ-22")


def finished(code: str, lot: str, material: str, material_lot: str, **other: Any) -> GenealogyRow:  # noqa: ANN401
    row = used(
        product_code=code, lot=lot, component_code=None, component_lot=None, material_code=material,
        material_lot=material_lot, supplier=None, supplier_lot=None,
    )  # fmt: skip
    return replace(row, **other)


def customers_of(plant: Plant, **asked: Any) -> dict[str, int]:  # noqa: ANN401
    trace = master_data.what_if(plant.sign_in("管理员"), **asked)
    return {each.number: each.pieces for each in trace.customers}


def test_a_product_that_goes_into_another_product_is_traced_through_it(plant: Plant) -> None:
    take_in(plant, K.SHIPMENTS, shipment(product_code="ZW-22", lot="Z1", customer_code="C1018", shipped_pieces=70))
    take_in(
        plant,
        K.LOT_GENEALOGY,
        finished("YQ-28", "L1", "YQ-22", "L2610A"),
        finished("ZW-22", "Z1", "YQ-28", "L1", source=at(3)),
        used(supplier_lot="S9", source=at(4)),
    )
    assert customers_of(plant, product="YQ-22", lot="L2610A") == {"C1001": 800, "C2002": 600, "C1018": 190}
    assert customers_of(plant, supplier_lot="S9") == {"C1001": 800, "C2002": 600, "C1018": 190}


def test_a_component_that_goes_into_another_component_is_traced_through_it(plant: Plant) -> None:
    take_in(
        plant,
        K.LOT_GENEALOGY,
        used(component_code="B-2", component_lot="B2", material_code="B-1", material_lot="B1", supplier=None,
             supplier_lot=None),
        used(component_code="B-1", component_lot="B1", supplier_lot="S9", source=at(3)),
    )  # fmt: skip
    assert customers_of(plant, supplier_lot="S9") == {"C1001": 800, "C2002": 600, "C1018": 120}
    lots = master_data.what_if(plant.sign_in("管理员"), supplier_lot="S9").lots
    assert {each.lot.article for each in lots} >= {"B-1", "B-2", "YQ-22"}


def test_a_circle_in_the_genealogy_comes_to_an_end(plant: Plant) -> None:
    take_in(
        plant,
        K.LOT_GENEALOGY,
        finished("YQ-28", "L1", "YQ-22", "L2610A"),
        finished("YQ-22", "L2610A", "YQ-28", "L1", source=at(3)),
    )
    assert customers_of(plant, product="YQ-28", lot="L1") == {"C1001": 800, "C2002": 600, "C1018": 120}


def test_a_lot_that_is_made_of_itself_is_refused(plant: Plant) -> None:
    with pytest.raises(Refused, match="made of itself"):
        take_in(plant, K.LOT_GENEALOGY, finished("YQ-22", "L2610A", "YQ-22", "L2610A"))


def test_a_suppliers_lot_and_a_material_lot_are_asked_for_together(plant: Plant) -> None:
    take_in(plant, K.LOT_GENEALOGY, used(), used(material_lot="M2", lot="L2611A", source=at(3)))
    assert customers_of(plant, supplier_lot="S1", material_lot="M1") == {"C1001": 800, "C2002": 600, "C1018": 120}
    assert customers_of(plant, supplier_lot="S1", material_lot="M2") == {}
    with pytest.raises(NotFound):
        customers_of(plant, supplier_lot="S1", material_lot="M3")
    with pytest.raises(InvalidInput, match="not both"):
        customers_of(plant, product="YQ-22", lot="L2610A", material_lot="M1")


def test_the_same_genealogy_again_changes_nothing(plant: Plant) -> None:
    lines = (finished("YQ-28", "L1", "YQ-22", "L2610A"), used(source=at(3)))
    take_in(plant, K.LOT_GENEALOGY, *lines)
    again = take_in(plant, K.LOT_GENEALOGY, *lines)
    assert (again.rows_new, again.rows_changed) == (0, 0)
