"""Master data: what the plant knows before a return comes, brought by imports, found in fields, and traced by lot.

The caller reads a file with exchange/ and hands the typed rows over. An import is one transaction: it takes in all rows
or none, adds what is new, changes what differs, and leaves alone what is the same; the same file again does nothing.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from peewee import fn

from qms_desktop.action import action, reading
from qms_desktop.db.bulk import expect_long_work
from qms_desktop.db.master_data import Customer, ImportBatch, Lot, Product, ShipmentLine
from qms_desktop.db.record import now
from qms_desktop.db.rma import GoodsState, Rma, RmaLine
from qms_desktop.db.stored_file import ImportedFile
from qms_desktop.errors import ConfirmationNeeded, NotFound, Refused
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules.attachment import OriginalFile, keep_import
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.file_name import safe_name
from qms_desktop.steps import master_data_find as finding
from qms_desktop.steps import master_data_registers as registers
from qms_desktop.steps import master_data_trace as tracing
from qms_desktop.steps.master_data_changes import (
    ChangedRow,
    EarlierImport,
    Importer,
    ImportPreview,
    ImportResult,
    NewRow,
    Refusal,
    RefusedRow,
)
from qms_desktop.steps.master_data_find import (
    CustomerFound,
    LotFound,
    LotIsAmbiguous,
    ProductFound,
    ShipmentFound,
)
from qms_desktop.steps.master_data_lots import Genealogy, Stock
from qms_desktop.steps.master_data_people import People
from qms_desktop.steps.master_data_rows import ImportKind
from qms_desktop.steps.master_data_shipments import Shipments
from qms_desktop.steps.master_data_traced import CustomerPieces, CustomerTotal, Trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.session import Session

MOST_FOUND = 20

SOME_REFUSED = N_("{refused} of {total} rows cannot be taken in. Import the other {others} rows without them?")
ALL_REFUSED = N_("None of the {total} rows can be taken in. {first}")
NO_SUCH_CUSTOMER = N_("There is no customer {code}. Choose one from the list, or ask IT to import the customers again.")
NO_SUCH_IMPORT = N_("No imported file has a SHA-256 that begins with {sha256}. See the list of imports.")
NO_SUCH_PRODUCT = N_("There is no product {code}. Choose one from the list.")


@reading(Permission.MASTER_DATA_IMPORT)
def preview(session: Session, *, kind: ImportKind | str, rows: Sequence[Any], sha256: str = "") -> ImportPreview:
    """Say what an import of typed rows would do; with the file's SHA-256, also whether it was imported before."""
    return _compare(ImportKind(kind), rows, sha256)[1]


@action(Permission.MASTER_DATA_IMPORT, checks_values=False)
def import_rows(
    session: Session,
    *,
    kind: ImportKind | str,
    rows: Sequence[Any],
    file_name: str,
    sha256: str,
    original: bytes = b"",
    confirmed: bool = False,
) -> ImportResult:
    """Take in the typed rows of one file, all of them or none, and keep the `original` under its SHA-256.

    Imported people have no access until IT gives a password. Raises ConfirmationNeeded when some rows are refused and
    the others may be taken, Refused when all are, ChangedMeanwhile when somebody changed a record meanwhile.
    """
    expect_long_work()
    importer, found = _compare(ImportKind(kind), rows, sha256)
    refused, others = len(found.refused), found.rows_total - len(found.refused)
    if refused and not others:
        raise Refused(ALL_REFUSED, total=refused, first=found.refused[0].text)
    if refused and not confirmed:
        raise ConfirmationNeeded(SOME_REFUSED, refused=refused, total=found.rows_total, others=others)
    batch_id = 0
    if found.new or found.changed:
        batch = ImportBatch.create(
            kind=found.kind,
            file_name=file_name,
            sha256=sha256,
            rows_new=len(found.new),
            rows_changed=len(found.changed),
            rows_same=found.rows_same,
        )
        batch_id = batch.id
        if original:
            keep_import(original, sha256)
        importer.write(batch_id)
    earlier = found.earlier
    return ImportResult(
        batch_id=batch_id,
        rows_new=len(found.new),
        rows_changed=len(found.changed),
        rows_same=found.rows_same,
        rows_refused=refused,
        imported_before=earlier.at.astimezone(UTC).isoformat() if earlier else "",
        imported_before_by=earlier.by if earlier else "",
    )


@reading(Permission.READ_MONEY)
def imported_file(session: Session, *, sha256: str) -> OriginalFile:
    """Give the file of an import as it came, by its SHA-256 or the beginning of it; raises NotFound."""
    batch = (
        ImportBatch.select().where(ImportBatch.sha256.startswith(sha256.casefold())).order_by(ImportBatch.id).first()
    )
    kept = ImportedFile.get_or_none(ImportedFile.sha256 == batch.sha256) if batch and sha256 else None
    if kept is None:
        raise NotFound(NO_SUCH_IMPORT, field="sha256", sha256=sha256)
    return OriginalFile(safe_name(batch.file_name), kept.original)


def _compare(kind: ImportKind, rows: Sequence[Any], sha256: str) -> tuple[Importer, ImportPreview]:
    earlier = _earlier(kind, sha256)
    importer = _importer(kind, is_known_file=earlier is not None)
    new: list[NewRow] = []
    changed: list[ChangedRow] = []
    refused: list[RefusedRow] = []
    verdicts = importer.plan(rows)
    for row, verdict in zip(rows, verdicts, strict=True):
        line, key = row.source.row, importer.key(row)
        if isinstance(verdict, Refusal):
            refused.append(RefusedRow(line, key, verdict.reason, verdict.values))
        elif verdict.is_new:
            new.append(NewRow(line, key))
        elif verdict.changes:
            changed.append(ChangedRow(line, key, verdict.changes))
    same = len(rows) - len(new) - len(changed) - len(refused)
    stays = importer.stays() if isinstance(importer, Stock) else ()
    return importer, ImportPreview(kind, tuple(new), tuple(changed), same, tuple(refused), earlier, stays)


def _importer(kind: ImportKind, *, is_known_file: bool) -> Importer:
    if kind is ImportKind.STOCK:
        return Stock(taken_on=now().astimezone(plant_zone()).date(), is_known_file=is_known_file)
    makers: dict[ImportKind, type[Importer] | Any] = {
        ImportKind.CUSTOMERS: registers.customers,
        ImportKind.PRODUCTS: registers.Products,
        ImportKind.SUPPLIERS: registers.suppliers,
        ImportKind.DEFECT_CODES: registers.defect_codes,
        ImportKind.PEOPLE: People,
        ImportKind.RATES: registers.Rates,
        ImportKind.SHIPMENTS: Shipments,
        ImportKind.LOT_GENEALOGY: Genealogy,
    }
    made: Importer = makers[kind]()
    return made


def _earlier(kind: ImportKind, sha256: str) -> EarlierImport | None:
    if not sha256:
        return None
    batch = (
        ImportBatch.select()
        .where((ImportBatch.sha256 == sha256) & (ImportBatch.kind == str(kind)))
        .order_by(ImportBatch.id)
        .first()
    )
    return EarlierImport(batch.created_at, batch.created_by, batch.file_name) if batch is not None else None


@reading(Permission.READ)
def what_if(
    session: Session,
    *,
    product: str | None = None,
    lot: str | None = None,
    material_lot: str | None = None,
    supplier_lot: str | None = None,
    supplier: str | None = None,
    lot_id: int | None = None,
    without_customers: Sequence[str] = (),
) -> Trace:
    """Say who has pieces of what a lot went into, where they are, and what cannot be ruled out (domain.md §6.10).

    `without_customers` are codes of customers whose pieces are shown but not in scope: the complainant sends them back
    anyway. Raises LotIsAmbiguous with its candidates (ask again with `lot_id`), NotFound, InvalidInput.
    """
    asked = tracing.starts(
        product=product, lot=lot, material_lot=material_lot, supplier_lot=supplier_lot, supplier=supplier, lot_id=lot_id
    )
    return tracing.trace(asked, tuple(without_customers))


@reading(Permission.READ)
def customers_of_lot(
    session: Session, *, lot_id: int, without_customers: Sequence[str] = ()
) -> tuple[CustomerTotal, ...]:
    """Give only the totals a customer of what a lot went into, the largest first."""
    asked = tracing.starts(product=None, lot=None, material_lot=None, supplier_lot=None, supplier=None, lot_id=lot_id)
    return tracing.totals(asked, tuple(without_customers))


@reading(Permission.READ)
def shipped_to(session: Session, *, customer: str, product: str, lot: str = "") -> int:
    """Give the pieces of a product (and lot) that a customer got and that no RMA has back yet; never below zero.

    Lines of refused and cancelled RMAs do not count. Raises NotFound for an unknown customer or product.
    """
    buyer = Customer.get_or_none(Customer.code == customer)
    if buyer is None:
        raise NotFound(NO_SUCH_CUSTOMER, field="customer", code=customer)
    bought = Product.get_or_none(Product.code == product)
    if bought is None:
        raise NotFound(NO_SUCH_PRODUCT, field="product", code=product)
    line = ShipmentLine
    shipped = line.select(fn.COALESCE(fn.SUM(line.pieces_shipped), 0)).where(
        (line.customer == buyer) & (line.product == bought)
    )
    returned = (
        RmaLine.select(fn.COALESCE(fn.SUM(RmaLine.pieces_agreed), 0))
        .join(Rma)
        .where(
            (Rma.customer == buyer)
            & (RmaLine.product == bought)
            & Rma.goods_state.not_in([GoodsState.REFUSED, GoodsState.CANCELLED])
        )
    )
    if lot:
        lots = Lot.select(Lot.id).where((Lot.product == bought) & (Lot.number == lot))
        shipped = shipped.where(line.lot.in_(lots))
        returned = returned.where(RmaLine.lot_number == lot)
    return max(0, int(shipped.scalar()) - int(returned.scalar()))


@reading(Permission.READ)
def find_customer(session: Session, *, text: str, limit: int = MOST_FOUND) -> tuple[CustomerFound, ...]:
    """Find customers by code, a part of the name, or the first letters of its pinyin."""
    return finding.customers(text, limit=limit)


@reading(Permission.READ)
def find_product(session: Session, *, text: str, limit: int = MOST_FOUND) -> tuple[ProductFound, ...]:
    """Find products by code, a part of name or model, or the first letters of the name's pinyin."""
    return finding.products(text, limit=limit)


@reading(Permission.READ)
def find_lot(
    session: Session, *, text: str, product: str | None = None, limit: int = MOST_FOUND
) -> tuple[LotFound, ...]:
    """Find lots by number, article, supplier or supplier's lot, of one product if it is known."""
    return finding.lots(text, product=product, limit=limit)


@reading(Permission.READ)
def find_shipment(
    session: Session,
    *,
    text: str = "",
    customer_id: int | None = None,
    product_id: int | None = None,
    lot_id: int | None = None,
    limit: int = MOST_FOUND,
) -> tuple[ShipmentFound, ...]:
    """Find shipment lines by the beginning of shipment or order number, newest first, of a customer, product or lot."""
    return finding.shipments(text, customer_id=customer_id, product_id=product_id, lot_id=lot_id, limit=limit)


__all__ = [
    "CustomerFound",
    "CustomerPieces",
    "CustomerTotal",
    "ImportKind",
    "ImportPreview",
    "ImportResult",
    "LotFound",
    "LotIsAmbiguous",
    "ProductFound",
    "ShipmentFound",
    "Trace",
    "customers_of_lot",
    "find_customer",
    "find_lot",
    "find_product",
    "find_shipment",
    "import_rows",
    "imported_file",
    "preview",
    "shipped_to",
    "what_if",
]
