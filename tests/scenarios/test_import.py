"""The sample book of a year comes in: every export, twice, an overlapping and a faulty one; then lots are traced."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db import audit, people
from qms_desktop.db import master_data as md
from qms_desktop.db.foundation import AuditEntry
from qms_desktop.db.search import SearchText
from qms_desktop.errors import ConfirmationNeeded, InvalidInput
from qms_desktop.rules import search
from qms_desktop.steps import master_data
from qms_desktop.steps.master_data import ImportKind, LotIsAmbiguous
from qms_desktop.steps.master_data_traced import Doubt
from tests.helpers.book import BOOK, FIRST_QUARTER, SAMPLES, empty_file, empty_server, import_book, read, take_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.session import Session
    from qms_desktop.steps.master_data import ImportResult
    from tests.helpers.plant import Plant

SHIPMENTS = ImportKind.SHIPMENTS


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def imported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Plant, dict[ImportKind, ImportResult]]]:
    """Give a plant with the whole book; tests only read it, or import what changes nothing for the others."""
    if request.param == "sqlite":
        plant = empty_file(tmp_path_factory.mktemp("book"))
    else:
        plant = empty_server(request.getfixturevalue("postgres"), "book")
    plant.at("2026-11-20 09:40")
    yield plant, import_book(plant.sign_in("管理员"))
    plant.close()


@pytest.fixture
def book(imported: tuple[Plant, dict[ImportKind, ImportResult]]) -> Plant:
    return imported[0]


@pytest.fixture
def admin(book: Plant) -> Session:
    return book.sign_in("管理员")


def test_every_row_of_the_book_is_new(imported: tuple[Plant, dict[ImportKind, ImportResult]]) -> None:
    counted = {str(kind): result.rows_new for kind, result in imported[1].items()}
    assert counted == {
        "customers": 33, "products": 60, "suppliers": 6, "defect_codes": 15, "people": 46, "rates": 15,
        "lot_genealogy": 3912, "shipments": 6008, "stock": 7,
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(BOOK))
def test_the_same_file_again_changes_nothing_and_says_who_brought_it(admin: Session, kind: ImportKind) -> None:
    result = take_in(admin, kind, BOOK[kind])
    assert (result.batch_id, result.rows_new, result.rows_changed, result.rows_refused) == (0, 0, 0, 0)
    assert (result.imported_before_by, result.imported_before) == ("it", "2026-11-20T01:40:00+00:00")


def test_an_overlapping_export_adds_only_the_lots_that_were_missing(admin: Session) -> None:
    found = read(SHIPMENTS, FIRST_QUARTER)
    seen = master_data.preview(admin, kind=SHIPMENTS, rows=found.rows, sha256=found.sha256)
    labels = {change.label for row in seen.changed for change in row.changes}
    assert (len(seen.new), len(seen.changed), seen.rows_same, labels) == (0, 21, 1611, {"Lot"})


def test_a_lot_that_only_one_system_knows_survives_both_orders(admin: Session) -> None:
    with admin.store.use():
        before = md.ShipmentLine.select().where(md.ShipmentLine.lot.is_null()).count()
    first = take_in(admin, SHIPMENTS, FIRST_QUARTER)
    again = take_in(admin, SHIPMENTS, BOOK[SHIPMENTS])
    with admin.store.use():
        after = md.ShipmentLine.select().where(md.ShipmentLine.lot.is_null()).count()
        lines = md.ShipmentLine.select().count()
    assert (again.rows_new, again.rows_changed, before - after, lines) == (0, 0, first.rows_changed, 6008)


def test_codes_that_the_plant_does_not_know_are_refused_by_line(admin: Session) -> None:
    found = read(SHIPMENTS, SAMPLES / "出货明细_有错误.xlsx")
    seen = master_data.preview(admin, kind=SHIPMENTS, rows=found.rows)
    assert [(row.row, row.text) for row in seen.refused] == [
        (18, "There is no customer C9999. Import the customers first."),
        (20, "There is no product ZZ-00. Import the products first."),
    ]


def test_traders_are_foreign_customers(admin: Session) -> None:
    with admin.store.use():
        traders = md.Customer.select(md.Customer.code, md.Customer.market).where(md.Customer.via_trader).tuples()
        assert sorted(traders) == [(code, md.Market.FOREIGN) for code in ("C3001", "C3002", "C3003")]


def test_a_safety_characteristic_comes_with_its_product(admin: Session) -> None:
    with admin.store.use():
        chosen = md.Characteristic.select().join(md.Product).where(md.Product.code == "YQ-22")
        assert {(each.name, each.is_critical, each.is_safety) for each in chosen} == {
            ("开启力", True, True),
            ("行程", True, True),
        }


def test_a_defect_code_says_which_characteristic_it_breaks(admin: Session) -> None:
    with admin.store.use():
        force, leak, scratch = (md.DefectCode.get(md.DefectCode.code == code) for code in ("F-012", "F-013", "F-021"))
        assert (force.breaks_characteristic, force.is_safety, force.is_critical) == ("开启力;行程", True, True)
        assert (leak.breaks_characteristic, leak.is_safety, leak.is_critical) == ("密封性", False, True)
        assert (scratch.breaks_characteristic, scratch.is_safety, scratch.is_critical) == ("", False, False)


def test_standard_cost_is_exact(admin: Session) -> None:
    with admin.store.use():
        price = md.ProductPrice.select().join(md.Product).where(md.Product.code == "YQ-22").get()
        assert (price.unit_price, price.standard_cost) == (Decimal("50.76"), Decimal("34.0546"))


def test_every_shipment_line_has_its_price(admin: Session) -> None:
    with admin.store.use():
        assert md.ShipmentPrice.select().count() == 6008
        line = md.ShipmentLine.get(md.ShipmentLine.number == "CK260104000")
        price = md.ShipmentPrice.get(md.ShipmentPrice.shipment_line == line)
        assert (price.unit_price, price.currency) == (Decimal("13.7577"), "USD")


def test_rates_hold_from_their_first_day(admin: Session) -> None:
    with admin.store.use():
        rates = md.Rate.select(md.Rate.amount, md.Rate.valid_from, md.Rate.valid_until).where(
            md.Rate.code == "返修技工"
        )
        assert sorted(rates.tuples()) == [
            (Decimal(55), date(2025, 1, 1), date(2026, 6, 30)),
            (Decimal(60), date(2026, 7, 1), None),
        ]


def test_imported_people_have_roles_but_no_access(book: Plant, admin: Session) -> None:
    with admin.store.use():
        person = md.Person.get(md.Person.login == "10011")
        roles = [str(row.role) for row in md.PersonRole.select().where(md.PersonRole.person == person)]
    assert (person.name, person.is_active, roles) == ("胡霞军", False, ["gm"])
    with pytest.raises(InvalidInput, match="not right"):
        people.sign_in(book.url, "10011", "any-password")


def test_one_audit_entry_tells_of_a_whole_batch(admin: Session) -> None:
    with admin.store.use():
        entries = AuditEntry.select().where(AuditEntry.table_name.in_(["shipment_line", "import_batch"]))
        of_lines = [entry for entry in entries if entry.table_name == "shipment_line" and entry.operation == "INSERT"]
        batches = [entry for entry in entries if entry.table_name == "import_batch"]
        assert of_lines == []
        assert all(entry.action == "master_data.import_rows" for entry in batches)
        assert {kind for entry in batches for kind in BOOK if f'"{kind}"' in str(entry.new_row)} == set(BOOK)
        assert audit.verify() == []


def test_every_imported_line_points_to_its_batch(admin: Session) -> None:
    with admin.store.use():
        batch = md.ImportBatch.select().where(md.ImportBatch.kind == "shipments").order_by(md.ImportBatch.id).first()
        assert md.ShipmentLine.select().where(md.ShipmentLine.batch == batch).count() == batch.rows_new == 6008


def test_the_suppliers_lot_is_at_five_other_customers(admin: Session) -> None:
    trace = master_data.what_if(admin, supplier_lot="S463087", without_customers=("C1001",))
    assert (trace.pieces_in_scope, trace.customers_in_scope, trace.pieces_at_customers) == (1660, 5, 2460)
    assert {each.number: each.pieces for each in trace.customers} == {
        "C1001": 800, "C2002": 600, "C1020": 450, "C3002": 270, "C1018": 240, "C1011": 100,
    }  # fmt: skip


def test_the_finished_lot_is_at_two_other_customers(admin: Session) -> None:
    trace = master_data.what_if(admin, product="YQ-22", lot="L2610A", without_customers=("C1001",))
    assert (trace.pieces_in_scope, trace.customers_in_scope) == (720, 2)


def test_the_totals_alone_are_those_of_the_trace(admin: Session) -> None:
    trace = master_data.what_if(admin, product="YQ-22", lot="L2610A", without_customers=("C1001",))
    totals = master_data.customers_of_lot(admin, lot_id=trace.starts[0].id, without_customers=("C1001",))
    assert [(each.number, each.pieces, each.lines, each.in_scope) for each in totals] == [
        (each.number, each.pieces, each.lines, each.pieces_in_scope > 0) for each in trace.customers
    ]


def test_a_line_says_how_it_was_found(admin: Session) -> None:
    trace = master_data.what_if(admin, supplier_lot="S463087")
    (line,) = [each for each in trace.lines if each.customer_number == "C1020"]
    assert line.found_by == "阻尼油 M2610F1 (道达尔润滑 S463087) → B-YQ-1 B2610C → YQ-22 L2610B"


def test_what_lies_in_house_is_part_of_the_trace(admin: Session) -> None:
    trace = master_data.what_if(admin, supplier_lot="S463087")
    lying = {(each.lot.article, each.lot.number): each.quantity for each in trace.stock}
    assert lying == {("YQ-22", "L2610A"): 160, ("YQ-22", "L2610B"): 60, ("阻尼油", "M2610F1"): 2000}


def test_lines_without_a_lot_cannot_be_ruled_out(admin: Session) -> None:
    trace = master_data.what_if(admin, product="YQ-22", lot="L2610A")
    (point,) = [each for each in trace.open_points if each.doubt is Doubt.NO_LOT]
    assert (point.subject, point.pieces, [line.shipment for line in point.lines]) == ("YQ-22", 600, ["CK261026014"])
    assert "from 2026-10-01 to 2026-11-20" in point.why


def test_other_portions_of_the_same_component_lot_are_named(admin: Session) -> None:
    trace = master_data.what_if(admin, supplier_lot="S463087")
    portions = {each.subject for each in trace.open_points if each.doubt is Doubt.OTHER_PORTION}
    assert portions == {"YQ-22 L2610C", "YQ-28 L2610A", "YQ-34 L2610B", "YQ-46 L2610C", "YQ-52 L2610A", "YQ-52 L2610B"}


def test_a_bare_lot_number_lists_the_lots_and_stops(admin: Session) -> None:
    with pytest.raises(LotIsAmbiguous) as stopped:
        master_data.what_if(admin, lot="L2610A")
    chosen = next(each for each in stopped.value.candidates if each.article == "YQ-22")
    assert len(stopped.value.candidates) == 60
    assert master_data.what_if(admin, lot_id=chosen.id, without_customers=("C1001",)).pieces_in_scope == 720


def test_a_suppliers_lot_of_two_suppliers_stops_until_one_is_named(admin: Session) -> None:
    with pytest.raises(LotIsAmbiguous):
        master_data.what_if(admin, supplier_lot="S227147")
    trace = master_data.what_if(admin, supplier_lot="S227147", supplier="三花铜业")
    assert {each.supplier_name for each in trace.starts} == {"三花铜业"}


@pytest.mark.parametrize("typed", ["hdyh", "HDYH", "远航", "C1001", "huadong", "Yuanhang Auto"])
def test_a_customer_is_found_by_letters_name_or_code(admin: Session, typed: str) -> None:
    assert master_data.find_customer(admin, text=typed)[0].code == "C1001"


def test_one_character_is_enough_in_a_field(admin: Session) -> None:
    assert "C1001" in {each.code for each in master_data.find_customer(admin, text="华")}


def test_a_lot_is_found_by_its_suppliers_number_anywhere(admin: Session) -> None:
    hits = search.find(admin, text="S463087")
    assert {hit.title for hit in hits} == {"阻尼油 M2610F1", "锌合金 M2610F1"}


def test_a_shipment_is_found_by_the_beginning_of_its_number(admin: Session) -> None:
    (found,) = master_data.find_shipment(admin, text="ck26102790")
    assert (found.number, found.lot, found.pieces_shipped) == ("CK261027901", "L2610A", 800)


def test_every_lot_can_be_found(admin: Session) -> None:
    with admin.store.use():
        assert SearchText.select().where(SearchText.kind == "lot").count() == md.Lot.select().count()


def test_some_refused_rows_need_a_yes(admin: Session) -> None:
    rows = list(read(SHIPMENTS, BOOK[SHIPMENTS]).rows[:2])
    stranger = type(rows[0])(
        **{name: getattr(rows[0], name) for name in rows[0].__slots__} | {"customer_code": "C9999"}
    )
    with pytest.raises(ConfirmationNeeded, match="1 of 2 rows"):
        master_data.import_rows(admin, kind=SHIPMENTS, rows=[stranger, rows[1]], file_name="x", sha256="")
