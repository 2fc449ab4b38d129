"""The way of a lot through the plant: one recursive query down the genealogy, and what was shipped of what it reaches.

A state of the walk is a lot and, for a portion, the finished lot that it went into (`LotUse.bound_for`): from a
component lot, a portion goes on only into its own finished lot. What carries no bound lot was reached whole.
"""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from qms_desktop.db.record import DayField, database, on_postgresql

if TYPE_CHECKING:
    from collections.abc import Collection

_BOUND = "coalesce(u.bound_for_id, t.bound_for_id)"
_ONWARDS = f"u.made_id, CASE WHEN u.made_id = {_BOUND} THEN NULL ELSE {_BOUND} END"
_FITS = "(t.bound_for_id IS NULL OR u.bound_for_id IS NULL OR u.bound_for_id = t.bound_for_id)"
_LINE = "s.id, s.number, s.order_no, s.customer_id, s.product_id, s.lot_id, s.pieces_shipped, s.shipped_on"
_DAY = DayField()


class State(NamedTuple):
    """A lot that the walk came to; with `bound_for`, only the portion that went into that lot."""

    lot_id: int
    bound_for: int | None


# Rows of long lists stay plain tuples until they get their names: an object a line more would double the time.
LineRow = tuple[int, str, str, int, int, int | None, int, "date | str"]
"""Id, shipment number, order number, customer's, product's and lot's id (None: unknown), pieces, day (see `day`)."""


def hops(starts: Collection[int]) -> list[tuple[State, State]]:
    """Give every use that the walk from some lots takes, as the state that it leaves and the one that it comes to."""
    query = (
        f"{_walk()} SELECT t.lot_id, t.bound_for_id, {_ONWARDS}"
        f" FROM t JOIN lot_use u ON u.used_id = t.lot_id WHERE {_FITS}"
    )
    return [(State(lot, bound), State(made, made_for)) for lot, bound, made, made_for in _all(query, _listed(starts))]


def customers(starts: Collection[int]) -> list[tuple[Any, ...]]:
    """Give id, code, name, pieces and lines of each customer with lots reached whole, the largest first."""
    # CROSS JOIN keeps SQLite from walking through the whole book by customer; PostgreSQL sees no difference.
    query = (
        f"{_walk()} SELECT c.id, c.code, c.name, a.pieces, a.lines FROM"
        " (SELECT s.customer_id, sum(s.pieces_shipped) AS pieces, count(*) AS lines FROM t CROSS JOIN shipment_line s"
        " WHERE s.lot_id = t.lot_id AND t.bound_for_id IS NULL GROUP BY s.customer_id) AS a"
        " JOIN customer c ON c.id = a.customer_id ORDER BY a.pieces DESC, a.customer_id"
    )
    return _all(query, _listed(starts))


def lots(ids: Collection[int]) -> list[tuple[Any, ...]]:
    """Give id, kind, article, number, supplier's name and supplier's lot of some lots."""
    columns = "l.id, l.kind, l.article, l.number, l.supplier_name, l.supplier_lot"
    return _all(f"SELECT {columns} FROM {_of('lot l', 'l.id')}", _listed(ids))


def customer_names(ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """Give, by id, the code, name, country and contact of some customers."""
    found = _all(f"SELECT c.id, c.code, c.name, c.country, c.contact FROM {_of('customer c', 'c.id')}", _listed(ids))
    return {row[0]: row[1:] for row in found}


def products_of(lot_ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """Give, by id, code, model and rule of lot numbers of the products that some lots are of."""
    made = f"SELECT DISTINCT l.product_id FROM {_of('lot l', 'l.id')}"
    found = _all(f"SELECT p.id, p.code, p.model, p.lot_rule FROM product p WHERE p.id IN ({made})", _listed(lot_ids))
    return {row[0]: row[1:] for row in found}


def lines(lot_ids: Collection[int]) -> list[LineRow]:
    """Give every shipment line of some lots, in the order of their days, and within a day by lot."""
    found: list[LineRow] = _all(f"SELECT {_LINE} FROM {_of('shipment_line s', 's.lot_id')}", _listed(lot_ids))
    # Sorting by one column here takes half the time of the database's own sort of whole rows.
    found.sort(key=itemgetter(-1))
    return found


def lines_without_lot(product_ids: Collection[int], *, begin: date, end: date) -> list[LineRow]:
    """Give the shipment lines of some products in a period whose lot nobody knows."""
    query = (
        f"SELECT {_LINE} FROM {_of('shipment_line s', 's.product_id')} AND s.shipped_on BETWEEN {_mark()} AND {_mark()}"
        " AND s.lot_id IS NULL ORDER BY s.shipped_on, s.id"
    )
    return _all(query, _listed(product_ids), _DAY.db_value(begin), _DAY.db_value(end))


def shipped_of(lot_ids: Collection[int]) -> dict[int, int]:
    """Give, by lot, the pieces that were shipped of some lots."""
    query = f"SELECT s.lot_id, sum(s.pieces_shipped) FROM {_of('shipment_line s', 's.lot_id')} GROUP BY s.lot_id"
    return {lot_id: int(pieces) for lot_id, pieces in _all(query, _listed(lot_ids))}


def day(told: date | str) -> date:
    """Give the day of a line as the database tells it: a file keeps text, which is in the order of time too."""
    return date.fromisoformat(told) if isinstance(told, str) else told


def _walk() -> str:
    return (
        "WITH RECURSIVE t(lot_id, bound_for_id) AS"
        f" (SELECT l.id, CAST(NULL AS BIGINT) FROM {_of('lot l', 'l.id')} UNION SELECT {_ONWARDS}"
        f" FROM t JOIN lot_use u ON u.used_id = t.lot_id WHERE {_FITS})"
    )


def _of(table: str, column: str) -> str:
    """Say FROM a table where a column is one of the ids of the next parameter, led by the ids."""
    if on_postgresql():
        return f"{table} WHERE {column} = ANY({_mark()}::bigint[])"
    return f"json_each({_mark()}) asked CROSS JOIN {table} WHERE {column} = asked.value"


def _mark() -> str:
    return "%s" if on_postgresql() else "?"


def _listed(ids: Collection[int]) -> list[int] | str:
    return list(ids) if on_postgresql() else f"[{','.join(str(each) for each in ids)}]"


def _all(query: str, *values: object) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = database().execute_sql(query, values).fetchall()
    return found
