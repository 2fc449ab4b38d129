"""Lots as an import brings them: the genealogy from material to finished lot, and the stock by lot.

A lot is known by what it is a lot of and its number; a material lot by supplier and supplier's lot too (domain.md §16).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from qms_desktop.db.bulk import key_chunks, tuples
from qms_desktop.db.master_data import Lot, LotKind, LotUse, Product, StockLine
from qms_desktop.i18n import N_
from qms_desktop.rules import search
from qms_desktop.rules.search import Findable
from qms_desktop.steps.master_data_changes import SAME, Refusal, Shelf, Verdict, refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from qms_desktop.steps.master_data_rows import GenealogyRow, StockRow

THOUSANDTHS = 1000
NO_PRODUCT = N_("There is no product {code}. Import the products first.")
TOO_FINE = N_("{quantity} is finer than a thousandth. Use a smaller unit.")
SEVERAL_LOTS = N_("{code} has several lots {lot}, of different suppliers. Name the supplier's lot.")
MADE_OF_ITSELF = N_("{code} {lot} would be made of itself. Correct the line in the source system.")
COMPONENT_HALF = N_("A component needs both its number and its lot, or neither.")


class LotKey(NamedTuple):
    """What makes a lot the same lot."""

    kind: LotKind
    article: str
    number: str
    supplier_name: str = ""
    supplier_lot: str = ""


class Lots:
    """The lots that the rows of a file name: those that are stored, and those that are made as needed."""

    def __init__(self) -> None:
        self.shelf = Shelf(Lot, {})
        self.products: dict[str, int] = {}

    def load(self, numbers: Iterable[str]) -> None:
        """Read the products, and the lots with some numbers."""
        self.products = dict(tuples(Product.select(Product.code, Product.id)))
        fields = (Lot.kind, Lot.article, Lot.number, Lot.supplier_name, Lot.supplier_lot, Lot.id, Lot.version)
        for some in key_chunks(numbers):
            for *key, record_id, version in tuples(Lot.select(*fields).where(Lot.number.in_(some))):
                self.shelf.fill(LotKey(*key), record_id, version, ())

    def want(self, key: LotKey) -> LotKey:
        """Say that a lot is needed; it is made when it is not stored."""
        if key not in self.shelf.stored and key not in self.shelf.new:
            self.shelf.put(
                key,
                {
                    "kind": key.kind,
                    "article": key.article,
                    "number": key.number,
                    "product": self.products.get(key.article) if key.kind is LotKind.FINISHED else None,
                    "supplier_name": key.supplier_name,
                    "supplier_lot": key.supplier_lot,
                },
            )
        return key

    def write(self, batch_id: int) -> None:
        """Make the lots that are needed, and let them be found."""
        self.shelf.write(batch_id)
        search.keep_many(
            search.Kind.LOT,
            (
                Findable(
                    record_id=self.shelf.ids[key],
                    title=f"{values['article']} {values['number']}",
                    text=f"{values['supplier_lot']} {values['supplier_name']}",
                )
                for key, values in self.shelf.new.items()
            ),
        )

    def id_of(self, key: LotKey | None) -> int | None:
        """Give a lot's id, after `write`."""
        return None if key is None else self.shelf.ids[key]


USE_COLUMNS = {
    "quantity_thousandths": N_("Used (thousandths)"),
    "unit": N_("Unit"),
    "shift": N_("Shift"),
    "machine": N_("Equipment"),
}


class Genealogy:
    """Takes in lines of finished lot, component lot and material lot as uses of lots in lots.

    The material's use in the component is bound for the finished lot that the line names: another portion of the same
    component lot may be of other material lots, and must not be called back for this one.
    """

    def __init__(self) -> None:
        self.lots = Lots()
        self.uses = Shelf(LotUse, USE_COLUMNS)
        self.own: dict[tuple[str, str], LotKey] = {}

    def plan(self, rows: Sequence[GenealogyRow]) -> list[Verdict | Refusal]:
        """Compare lines with the stored uses."""
        self.lots.load(number for row in rows for number in (row.lot, row.component_lot, row.material_lot) if number)
        self._note_own(rows)
        self._load_uses()
        return [self._put(row) for row in rows]

    def _note_own(self, rows: Sequence[GenealogyRow]) -> None:
        """Note the lots that the plant made itself: one may go into another as its material, over several levels."""
        made = [(LotKind.COMPONENT, row.component_code or "", row.component_lot or "") for row in rows]
        made += [(LotKind.FINISHED, row.product_code, row.lot) for row in rows]
        made += [key[:3] for key in self.lots.shelf.stored if isinstance(key, LotKey)]
        for kind, article, number in made:
            if kind is LotKind.FINISHED or (kind is LotKind.COMPONENT and article not in self.lots.products):
                self.own[article, number] = LotKey(kind, article, number)

    def _went_in(self, row: GenealogyRow) -> LotKey:
        own = self.own.get((row.material_code, row.material_lot))
        if own is not None:
            return own
        if row.material_code in self.lots.products and not row.supplier:
            return LotKey(LotKind.FINISHED, row.material_code, row.material_lot)
        return LotKey(LotKind.MATERIAL, row.material_code, row.material_lot, row.supplier or "", row.supplier_lot or "")

    def _load_uses(self) -> None:
        keys: dict[int | None, object] = {record_id: key for key, record_id in self.lots.shelf.ids.items()}
        keys[None] = None
        names = ("used", "made", "bound_for", "id", "version", *USE_COLUMNS)
        fields = [LotUse._meta.fields[name] for name in names]
        for some in key_chunks(self.lots.shelf.ids.values()):
            chosen = tuples(LotUse.select(*fields).where(LotUse.used.in_(some)))
            for used, made, bound_for, record_id, version, *values in chosen:
                # A use of a lot that this file does not name cannot be one of its lines.
                if made in keys and bound_for in keys:
                    self.uses.fill((keys[used], keys[made], keys[bound_for]), record_id, version, values)

    def _put(self, row: GenealogyRow) -> Verdict | Refusal:
        if row.product_code not in self.lots.products:
            return refused(NO_PRODUCT, code=row.product_code)
        if (row.component_code is None) != (row.component_lot is None):
            return refused(COMPONENT_HALF)
        if row.used is not None and (row.used * THOUSANDTHS) % 1:
            return refused(TOO_FINE, quantity=row.used)
        finished = self.lots.want(LotKey(LotKind.FINISHED, row.product_code, row.lot))
        material = self.lots.want(self._went_in(row))
        if material == finished:
            return refused(MADE_OF_ITSELF, code=row.product_code, lot=row.lot)
        values = {
            "quantity_thousandths": None if row.used is None else int(row.used * THOUSANDTHS),
            "unit": row.unit,
            "shift": row.shift,
            "machine": row.machine,
        }
        if row.component_code is None or row.component_lot is None:
            return self.uses.put((material, finished, None), values)
        kind = LotKind.FINISHED if row.component_code in self.lots.products else LotKind.COMPONENT
        component = self.lots.want(LotKey(kind, row.component_code, row.component_lot))
        if component in (finished, material):
            return refused(MADE_OF_ITSELF, code=row.component_code, lot=row.component_lot)
        self.uses.put((component, finished, None), dict.fromkeys(USE_COLUMNS))
        return self.uses.put((material, component, finished), values)

    def key(self, row: GenealogyRow) -> str:
        """Name a line by its finished lot, component lot and material lot."""
        return " ← ".join(
            filter(
                None,
                (f"{row.product_code} {row.lot}", row.component_lot, f"{row.material_code} {row.material_lot}"),
            )
        )

    def write(self, batch_id: int) -> None:
        """Make the lots, then their uses."""
        self.lots.write(batch_id)
        self.uses.write(batch_id, self._references)

    def _references(self, key: tuple[Any, ...]) -> dict[str, object]:
        used, made, bound_for = (self.lots.id_of(lot) for lot in key)
        return {"used": used, "made": made, "bound_for": bound_for}


class Stock:
    """Takes in the stock of a day: each import is a new snapshot, unless it is the very same file again.

    Several files of one day are one snapshot, as each store hands over its own. So a line that a later file leaves out
    stays: a recall must rather look in vain than miss pieces.
    """

    def __init__(self, *, taken_on: date, is_known_file: bool) -> None:
        self.taken_on = taken_on
        self.is_known_file = is_known_file
        self.lots = Lots()
        self.lines = Shelf(StockLine, {"quantity": N_("Quantity"), "unit": N_("Unit")})
        self.by_number: dict[tuple[str, str], list[LotKey]] = {}
        self.named: set[int] = set()

    def plan(self, rows: Sequence[StockRow]) -> list[Verdict | Refusal]:
        """Compare lines with what was taken on the same day."""
        if self.is_known_file:
            return [SAME] * len(rows)
        self.lots.load(row.lot for row in rows)
        keys = {record_id: key for key, record_id in self.lots.shelf.ids.items()}
        for key in self.lots.shelf.stored:
            if isinstance(key, LotKey):
                self.by_number.setdefault((key.article, key.number), []).append(key)
        line = StockLine
        fields = (line.lot, line.place, line.status, line.id, line.version, line.quantity, line.unit)
        for lot, place, status, record_id, version, *values in tuples(
            line.select(*fields).where(line.taken_on == self.taken_on)
        ):
            if lot in keys:
                self.lines.fill((keys[lot], place, status), record_id, version, values)
        return [self._put(row) for row in rows]

    def _put(self, row: StockRow) -> Verdict | Refusal:
        found = self._lot(row)
        if isinstance(found, Refusal):
            return found
        values = {
            "quantity": row.pieces,
            "unit": row.unit,
            "place": row.place,
            "status": row.status,
            "taken_on": self.taken_on,
        }
        key = (found, row.place, row.status)
        if key in self.lines.ids:
            self.named.add(self.lines.ids[key])
        return self.lines.put(key, values)

    def stays(self) -> tuple[str, ...]:
        """Name the lines of the same day that the file leaves out, after `plan`."""
        if self.is_known_file:
            return ()
        line = StockLine
        lying = (
            line.select(line.id, Lot.article, Lot.number, line.place)
            .join(Lot)
            .where((line.taken_on == self.taken_on) & (line.quantity > 0))
            .order_by(line.id)
        )
        return tuple(" ".join(names) for line_id, *names in tuples(lying) if line_id not in self.named)

    def _lot(self, row: StockRow) -> LotKey | Refusal:
        supplier_lot = row.supplier_lot or ""
        known = [
            key
            for key in self.by_number.get((row.code, row.lot), ())
            if not supplier_lot or key.supplier_lot == supplier_lot
        ]
        if len(known) > 1:
            return refused(SEVERAL_LOTS, code=row.code, lot=row.lot)
        if known:
            return known[0]
        kind = LotKind.FINISHED if row.code in self.lots.products else LotKind.MATERIAL
        return self.lots.want(LotKey(kind, row.code, row.lot, "", supplier_lot))

    def key(self, row: StockRow) -> str:
        """Name a line by its lot and place."""
        return f"{row.code} {row.lot} {row.place}"

    def write(self, batch_id: int) -> None:
        """Make the lots that nothing else brought, then the lines."""
        self.lots.write(batch_id)
        self.lines.write(batch_id, lambda key: {"lot": self.lots.shelf.ids[cast("LotKey", key[0])]})
