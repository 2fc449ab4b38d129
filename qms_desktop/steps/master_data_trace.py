"""What a lot became and who has it: from a material, component or finished lot to customers, shipments and stock.

What cannot be ruled out is said too, each with its rule (domain.md §6.10):
- shipment lines of the same product without a lot, from the month in which the lot was made (by the product's rule of
  lot numbers; else 31 days before its first known shipment) until 31 days after its last known shipment, or until
  today as long as some of it is in stock;
- other lots made of another portion of the same component lot, when the plant booked which portion went where;
- lots whose further way is not booked: no use, no shipment and no stock.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from qms_desktop.db import trace as walk
from qms_desktop.db.bulk import collected_later, key_chunks, tuples
from qms_desktop.db.master_data import Customer, ImportBatch, Lot, LotKind, StockLine
from qms_desktop.db.record import now
from qms_desktop.errors import InvalidInput, NotFound
from qms_desktop.i18n import N_
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.steps.master_data_find import LotFound, LotIsAmbiguous, lot_found
from qms_desktop.steps.master_data_rows import ImportKind
from qms_desktop.steps.master_data_traced import (
    CustomerPieces,
    CustomerTotal,
    Doubt,
    OpenPoint,
    StockFound,
    Trace,
    TracedLine,
    TracedLot,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from qms_desktop.db.record import TextField

DAYS_AROUND = 31
MONTHS = 12
IN_PROGRESS = frozenset({"在制", "在製", "wip", "in progress"})
ARROW = " → "
_LOT_MONTH = re.compile(r"\{yy\}\{MM\}")

NOTHING_ASKED = N_("Say what to trace: a product, a lot, a material lot or a supplier's lot.")
ONE_QUESTION = N_("Trace a lot of a product, or a material lot, not both at once.")
NO_LOT = N_(
    "There is no lot {number} in the genealogy or the shipments. Check the number, or import the newest export."
)
NO_CUSTOMER = N_("There is no customer {code}.")

NO_LOT_WHY = N_(
    "{lines} shipment lines of {subject} from {begin} to {end} name no lot: {pieces} pieces may be of the traced lots."
)
PORTION_WHY = N_(
    "{subject} was made of other portions of component lots that were traced. {pieces} pieces were shipped; they are "
    "out only if the portions were booked exactly."
)
NO_WAY_WHY = N_("No use, shipment or stock of {subject} is booked. Find out where it is.")


def starts(
    *,
    product: str | None,
    lot: str | None,
    material_lot: str | None,
    supplier_lot: str | None,
    supplier: str | None,
    lot_id: int | None,
) -> list[LotFound]:
    """Give the lots that a question names; raises LotIsAmbiguous, NotFound, InvalidInput."""
    if lot_id is not None:
        return _some(Lot.select().where(Lot.id == lot_id), str(lot_id))
    if (material_lot or supplier_lot) and (product or lot):
        raise InvalidInput(ONE_QUESTION, field="lot")
    if supplier_lot:
        found = _named({Lot.supplier_lot: supplier_lot, Lot.number: material_lot, Lot.supplier_name: supplier})
        # One supplier's lot may have come as several materials; the same number of two suppliers is two things.
        return _one(found, supplier_lot) if len({each.supplier_name for each in found}) > 1 else found
    if material_lot:
        return _one(_named({Lot.number: material_lot, Lot.supplier_name: supplier}, LotKind.MATERIAL), material_lot)
    if lot:
        return _one(_named({Lot.number: lot, Lot.article: product}), lot)
    if product:
        return _named({Lot.article: product}, LotKind.FINISHED)
    raise InvalidInput(NOTHING_ASKED, field="lot")


def _named(asked: Mapping[TextField, str | None], kind: LotKind | None = None) -> list[LotFound]:
    """Give the lots of some names: as they are typed, else in ordinary width and in capital or small letters."""
    chosen = Lot.select() if kind is None else Lot.select().where(Lot.kind == kind)
    names = {field: text for field, text in asked.items() if text is not None}
    exact, spelled = chosen, chosen
    for field, text in names.items():
        plain = unicodedata.normalize("NFKC", text).strip()
        exact = exact.where(field == text)
        spelled = spelled.where(field.in_((text, plain, plain.upper(), plain.lower())))
    return _some(list(exact) or spelled, next(iter(names.values())))


def _some(chosen: Iterable[Lot], number: str) -> list[LotFound]:
    found = [lot_found(each) for each in chosen]
    if not found:
        raise NotFound(NO_LOT, field="lot", number=number)
    return found


def _one(found: list[LotFound], number: str) -> list[LotFound]:
    if len(found) > 1:
        raise LotIsAmbiguous(number, sorted(found, key=lambda each: each.name))
    return found


def trace(asked: Sequence[LotFound], without_customers: Sequence[str]) -> Trace:
    """Follow lots to everything that was made of them."""
    with collected_later():
        return _trace(asked, without_customers)


def _trace(asked: Sequence[LotFound], without_customers: Sequence[str]) -> Trace:
    left_out = _left_out(without_customers)
    hops = walk.hops([lot.id for lot in asked])
    states = {*(walk.State(lot.id, None) for lot in asked), *(after for _before, after in hops)}
    lots = {
        row[0]: LotFound(row[0], LotKind(row[1]), *row[2:]) for row in walk.lots({state.lot_id for state in states})
    }
    whole = {state.lot_id for state in states if state.bound_for is None}
    chains = _chains(asked, hops, {lot_id: lot.name for lot_id, lot in lots.items()})
    found = walk.lines(whole)
    sums = Sums(found)
    products = walk.products_of(whole)
    names = Names(sums.customers, products, left_out)
    stock = _stock(lots)
    traced = _traced(whole, lots, chains, sums, stock)
    return Trace(
        starts=tuple(asked),
        lots=traced,
        customers=_totals(sums, names),
        lines=names.lines(found, {lot_id: (lot.number, chains[lot_id]) for lot_id, lot in lots.items()}),
        stock=tuple(stock),
        open_points=(
            *_without_lot(traced, sums, products, left_out),
            *_other_portions(states, whole, lots),
            *_without_way(traced, {before.lot_id for before, _after in hops}),
        ),
        without_customers=tuple(without_customers),
        known_until=_known_until(),
    )


def totals(asked: Sequence[LotFound], without_customers: Sequence[str]) -> tuple[CustomerTotal, ...]:
    """Give only what each customer has, the largest first."""
    left_out = _left_out(without_customers)
    found = walk.customers([lot.id for lot in asked])
    return tuple([CustomerTotal._make((*row, row[0] not in left_out)) for row in found])


def _left_out(codes: Sequence[str]) -> frozenset[int]:
    found: dict[str, int] = {}
    if codes:
        found = dict(tuples(Customer.select(Customer.code, Customer.id).where(Customer.code.in_(list(codes)))))
    for code in codes:
        if code not in found:
            raise NotFound(NO_CUSTOMER, field="without_customers", code=code)
    return frozenset(found.values())


@dataclass(slots=True)
class Sum:
    """Lines added up: pieces, how many lines, and the days of the first and the last as the database tells them."""

    first: date | str
    last: date | str
    pieces: int = 0
    lines: int = 0

    @property
    def days(self) -> tuple[date, date]:
        """Give the days of the first and the last line."""
        return walk.day(self.first), walk.day(self.last)


class Sums:
    """The sums of shipment lines by customer and by lot; the lines come in the order of their days."""

    def __init__(self, found: Iterable[walk.LineRow]) -> None:
        self.customers: dict[int, Sum] = {}
        self.lots: dict[int | None, Sum] = {}
        for _id, _number, _order, customer_id, _product, lot_id, pieces, day in found:
            of_customer = self.customers.get(customer_id)
            if of_customer is None:
                of_customer = self.customers[customer_id] = Sum(day, day)
            of_customer.pieces += pieces
            of_customer.lines += 1
            of_customer.last = day
            of_lot = self.lots.get(lot_id)
            if of_lot is None:
                of_lot = self.lots[lot_id] = Sum(day, day)
            of_lot.pieces += pieces
            of_lot.last = day


class Names:
    """The names behind the ids of shipment lines."""

    def __init__(
        self, customers: Collection[int], products: Mapping[int, tuple[str, str, str]], left_out: frozenset[int]
    ) -> None:
        self.customers = walk.customer_names(customers)
        self.products = products
        self.left_out = left_out

    def lines(
        self, found: Collection[walk.LineRow], lots: Mapping[int | None, tuple[str, str]]
    ) -> tuple[TracedLine, ...]:
        """Name shipment lines; `lots` says of each lot its number and how it was found."""
        left_out = self.left_out
        buyers = {key: (code, name, key not in left_out) for key, (code, name, *_more) in self.customers.items()}
        articles = self.products
        days = {told: walk.day(told) for told in {row[-1] for row in found}}
        new = tuple.__new__  # what `TracedLine._make` calls; the detour costs a quarter of this list
        made = [
            new(
                TracedLine,
                (line_id, number, days[told], order, (buyer := buyers[customer])[0], buyer[1],
                 (article := articles[product])[0], article[1], (lot := lots[lot_id])[0], pieces, buyer[2], lot[1]),
            )
            for line_id, number, order, customer, product, lot_id, pieces, told in found
        ]  # fmt: skip
        return tuple(made)


def _chains(
    asked: Sequence[LotFound], hops: Iterable[tuple[walk.State, walk.State]], names: Mapping[int, str]
) -> dict[int, str]:
    """Give, for each lot, one shortest chain of names from a start to it."""
    onwards: dict[walk.State, list[walk.State]] = {}
    for before, after in hops:
        onwards.setdefault(before, []).append(after)
    chains = {walk.State(each.id, None): names[each.id] for each in asked}
    front = list(chains)
    while front:
        reached = []
        for state in front:
            for after in onwards.get(state, ()):
                if after not in chains:
                    chains[after] = f"{chains[state]}{ARROW}{names[after.lot_id]}"
                    reached.append(after)
        front = reached
    portions = {state.lot_id: chain for state, chain in chains.items() if state.bound_for is not None}
    # A lot that was reached whole is named by that chain.
    return portions | {state.lot_id: chain for state, chain in chains.items() if state.bound_for is None}


def _totals(sums: Sums, names: Names) -> tuple[CustomerPieces, ...]:
    made = []
    for customer_id, each in sums.customers.items():
        code, name, country, contact = names.customers[customer_id]
        in_scope = 0 if customer_id in names.left_out else each.pieces
        first, last = each.days
        made.append(
            CustomerPieces(customer_id, code, name, country, contact, each.pieces, in_scope, each.lines, first, last)
        )
    return tuple(sorted(made, key=lambda each: (-each.pieces, each.customer_id)))


def _stock(lots: Mapping[int, LotFound]) -> list[StockFound]:
    line = StockLine
    last = line.select(line.taken_on).order_by(line.id.desc()).first()
    if last is None:
        return []
    fields = (line.lot, line.place, line.status, line.quantity, line.unit, line.taken_on)
    lying = line.select(*fields).where((line.taken_on == last.taken_on) & (line.quantity > 0)).order_by(line.id)
    return [
        StockFound(lots[lot_id], *rest)
        for some in key_chunks(lots)
        for lot_id, *rest in tuples(lying.where(line.lot.in_(some)))
    ]


def _traced(
    whole: Collection[int],
    lots: Mapping[int, LotFound],
    chains: Mapping[int, str],
    sums: Sums,
    stock: Iterable[StockFound],
) -> tuple[TracedLot, ...]:
    shipped = {lot_id: each.pieces for lot_id, each in sums.lots.items()}
    lying: dict[tuple[int, bool], int] = {}
    for each in stock:
        key = (each.lot.id, each.status.casefold() in IN_PROGRESS)
        lying[key] = lying.get(key, 0) + each.quantity
    made = [
        TracedLot(
            lot, chains[lot.id], shipped.get(lot.id, 0), lying.get((lot.id, False), 0), lying.get((lot.id, True), 0)
        )
        for lot in lots.values()
        if lot.id in whole or lot.kind is not LotKind.FINISHED
    ]
    order = {kind: place for place, kind in enumerate(LotKind)}
    return tuple(sorted(made, key=lambda each: (order[each.lot.kind], each.lot.article, each.lot.number)))


def _without_lot(
    traced: Iterable[TracedLot],
    sums: Sums,
    products: Mapping[int, tuple[str, str, str]],
    left_out: frozenset[int],
) -> list[OpenPoint]:
    """Find the lines without a lot that may be of the traced lots, one point a product."""
    finished = [each for each in traced if each.lot.kind is LotKind.FINISHED]
    periods = _periods(finished, sums, {code: rule for code, _model, rule in products.values()})
    if not periods:
        return []
    begin, end = min(period[0] for period in periods.values()), max(period[1] for period in periods.values())
    codes = {product_id: code for product_id, (code, _model, _rule) in products.items() if code in periods}
    by_product: dict[str, list[walk.LineRow]] = {}
    for line in walk.lines_without_lot(codes, begin=begin, end=end):
        code, day = codes[line[4]], walk.day(line[-1])
        if periods[code][0] <= day <= periods[code][1]:
            by_product.setdefault(code, []).append(line)
    points = []
    for code, lines in by_product.items():
        begin, end = periods[code]
        found = Sums(lines)
        pieces = sum(each.pieces for each in found.customers.values())
        values = {"lines": len(lines), "subject": code, "begin": begin, "end": end, "pieces": pieces}
        names = Names(found.customers, products, left_out)
        points.append(_point(Doubt.NO_LOT, NO_LOT_WHY, values, pieces, names.lines(lines, {None: ("", "")})))
    return points


def _periods(finished: Iterable[TracedLot], sums: Sums, rules: Mapping[str, str]) -> dict[str, tuple[date, date]]:
    """Give, by product, the days between which a line without a lot may be of one of its traced lots."""
    today = now().astimezone(plant_zone()).date()
    periods: dict[str, tuple[date, date]] = {}
    for each in finished:
        shipped = sums.lots.get(each.lot.id)
        period = _period(each, shipped.days if shipped is not None else None, rules.get(each.lot.article, ""), today)
        if period is not None:
            before = periods.get(each.lot.article, period)
            periods[each.lot.article] = (min(before[0], period[0]), max(before[1], period[1]))
    return periods


def _period(lot: TracedLot, shipped: tuple[date, date] | None, rule: str, today: date) -> tuple[date, date] | None:
    around = timedelta(days=DAYS_AROUND)
    begin = _month_of(lot.lot.number, rule) or (shipped[0] - around if shipped else None)
    if begin is None:
        return None
    if lot.pieces_in_stock or lot.pieces_in_progress or shipped is None:
        return begin, today
    return begin, shipped[1] + around


def _month_of(number: str, rule: str) -> date | None:
    """Give the first day of the month that a lot number names by its product's rule, as `L{yy}{MM}{A-Z}`."""
    place = _LOT_MONTH.search(rule)
    digits = number[place.start() : place.start() + 4] if place else ""
    if not (digits.isascii() and digits.isdigit()) or not 1 <= int(digits[2:] or 0) <= MONTHS:
        return None
    return date(2000 + int(digits[:2]), int(digits[2:]), 1)


def _other_portions(
    states: Iterable[walk.State], whole: Collection[int], lots: Mapping[int, LotFound]
) -> list[OpenPoint]:
    others = sorted(
        {state.lot_id for state in states if state.lot_id not in whole and lots[state.lot_id].kind is LotKind.FINISHED}
    )
    shipped = walk.shipped_of(others) if others else {}
    points = []
    for lot_id in others:
        pieces = shipped.get(lot_id, 0)
        values = {"subject": lots[lot_id].name, "pieces": pieces}
        points.append(_point(Doubt.OTHER_PORTION, PORTION_WHY, values, pieces))
    return points


def _without_way(traced: Iterable[TracedLot], used: Collection[int]) -> list[OpenPoint]:
    return [
        _point(Doubt.NO_WAY, NO_WAY_WHY, {"subject": each.lot.name}, None)
        for each in traced
        if each.lot.id not in used and not (each.pieces_shipped or each.pieces_in_stock or each.pieces_in_progress)
    ]


def _point(
    doubt: Doubt, reason: str, values: dict[str, object], pieces: int | None, lines: tuple[TracedLine, ...] = ()
) -> OpenPoint:
    texts = tuple((name, str(value)) for name, value in values.items())
    return OpenPoint(doubt, str(values["subject"]), reason, texts, pieces, lines)


def _known_until() -> datetime | None:
    newest = (
        ImportBatch.select(ImportBatch.created_at)
        .where(ImportBatch.kind == str(ImportKind.SHIPMENTS))
        .order_by(ImportBatch.id.desc())
        .first()
    )
    return newest.created_at if newest is not None else None


__all__ = ["Trace", "starts", "totals", "trace"]
