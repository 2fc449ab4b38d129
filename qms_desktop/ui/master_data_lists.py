"""The lists of what the plant knows before a return comes: what each shows, and how it is found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Permission
from qms_desktop.rules import access
from qms_desktop.steps import complaint_defects, master_data
from qms_desktop.steps.master_data import ImportKind
from qms_desktop.ui import trade_words, wording
from qms_desktop.ui.cells import Cell, IconText, TwoLine
from qms_desktop.ui.table import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.session import Session

MOST_SHOWN = 500


@dataclass(frozen=True)
class Register:
    """A list: its words, how it is read (`reading(session, *, text)`), and its columns."""

    name: str
    kind: ImportKind
    words: str
    second: str
    icon: str
    reading: Callable[..., Sequence[Any]]
    columns: tuple[Column, ...]
    permission: Permission = Permission.READ


@dataclass(frozen=True)
class Listed:
    """What a list shows now."""

    register: str
    rows: tuple[Any, ...]

    @property
    def foot(self) -> str:
        """Say how many there are, and when more exist than are shown."""
        count = wording.pieces(len(self.rows))
        if len(self.rows) < MOST_SHOWN:
            return _("{count} shown").format(count=count)
        return _("The first {count} are shown. Type a part of the name or number to find others.").format(count=count)


def read_list(session: Session, *, register: Register, text: str) -> Listed:
    """Give what fits the text, at most MOST_SHOWN rows."""
    return Listed(register.name, tuple(register.reading(session, text=text)))


def register_of(session: Session, *, number: str) -> str:
    """Give the name of the list that holds a number, the list of products when none does."""
    for register in (CUSTOMERS, PRODUCTS, SHIPMENTS, LOTS, DEFECTS):
        found = register.reading(session, text=number)
        if any(number in (getattr(row, "code", ""), getattr(row, "number", "")) for row in found):
            return register.name
    return PRODUCTS.name


def _people(session: Session, *, text: str) -> Sequence[access.PersonShown]:
    typed = text.strip().casefold()
    return [
        person
        for person in access.listed(session)
        if not typed or any(typed in part.casefold() for part in (person.login, person.name, person.department))
    ]


_MARKETS = {"DOMESTIC": N_("Domestic"), "FOREIGN": N_("Foreign")}
_LOT_KINDS = {"FINISHED": N_("Finished goods"), "COMPONENT": N_("Component"), "MATERIAL": N_("Raw material")}

CUSTOMERS = Register(
    "customers",
    ImportKind.CUSTOMERS,
    N_("Customers"),
    N_("who gets our goods"),
    "building-factory-2",
    partial(master_data.find_customer, limit=MOST_SHOWN),
    (
        Column(lambda: _("Number"), Cell.TEXT, "code", 110),
        Column(lambda: _("Customer"), Cell.TWO_LINE, lambda one: TwoLine(one.name, one.short_name), 240, stretch=True),
        Column(lambda: _("Market"), Cell.TEXT, lambda one: _(_MARKETS[str(one.market)]), 110),
        Column(lambda: _("Country"), Cell.TEXT, "country", 120),
    ),
)
PRODUCTS = Register(
    "products",
    ImportKind.PRODUCTS,
    N_("Products"),
    N_("what we make"),
    "package",
    partial(master_data.find_product, limit=MOST_SHOWN),
    (
        Column(lambda: _("Number"), Cell.TEXT, "code", 120),
        Column(lambda: _("Product"), Cell.TWO_LINE, lambda one: TwoLine(one.name, one.model), 240, stretch=True),
        Column(lambda: _("Unit"), Cell.TEXT, "unit", 80),
    ),
)
SHIPMENTS = Register(
    "shipments",
    ImportKind.SHIPMENTS,
    N_("Shipments"),
    N_("what went to whom, newest first"),
    "truck",
    partial(master_data.find_shipment, limit=MOST_SHOWN),
    (
        Column(lambda: _("Shipment"), Cell.TWO_LINE, lambda one: TwoLine(one.number, one.order_no), 150),
        Column(lambda: _("Shipped"), Cell.TEXT, lambda one: wording.day(one.shipped_on), 100),
        Column(
            lambda: _("Customer"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.customer_name, one.customer_code, bold=False),
            200,
            stretch=True,
        ),
        Column(lambda: _("Product"), Cell.TEXT, "product_code", 100),
        Column(
            lambda: _("Lot"),
            Cell.ICON_TEXT,
            lambda one: IconText(one.lot, "tags") if one.lot else IconText(_("unknown"), "help-circle", "wait"),
            130,
        ),
        Column(lambda: _("Pieces"), Cell.NUMBER, lambda one: wording.pieces(one.pieces_shipped, one.unit), 100),
    ),
)
LOTS = Register(
    "lots",
    ImportKind.LOT_GENEALOGY,
    N_("Lots"),
    N_("finished goods, components, material"),
    "hierarchy-2",
    partial(master_data.find_lot, limit=MOST_SHOWN),
    (
        Column(lambda: _("Lot"), Cell.TWO_LINE, lambda one: TwoLine(one.number, one.article), 180),
        Column(lambda: _("Kind"), Cell.TEXT, lambda one: _(_LOT_KINDS[str(one.kind)]), 140),
        Column(lambda: _("Supplier"), Cell.TEXT, "supplier_name", 200, stretch=True),
        Column(lambda: _("Supplier's lot"), Cell.TEXT, "supplier_lot", 140),
    ),
)
DEFECTS = Register(
    "defects",
    ImportKind.DEFECT_CODES,
    N_("Defect codes"),
    N_("what can be wrong"),
    "alert-triangle",
    partial(complaint_defects.find_defect, limit=MOST_SHOWN),
    (
        Column(lambda: _("Code"), Cell.TEXT, "code", 110),
        Column(lambda: _("Defect"), Cell.TEXT, "name", 240, stretch=True),
        Column(lambda: _("Breaks the characteristic"), Cell.TEXT, "breaks", 260),
    ),
)
PEOPLE = Register(
    "people",
    ImportKind.PEOPLE,
    N_("People"),
    N_("who works with returns"),
    "users",
    _people,
    (
        Column(lambda: _("Person"), Cell.TWO_LINE, lambda one: TwoLine(one.name, one.login), 160),
        Column(
            lambda: _("Department"), Cell.TWO_LINE, lambda one: TwoLine(one.department, one.position, bold=False), 200
        ),
        Column(lambda: _("Seats"), Cell.TEXT, lambda one: trade_words.seat_of(one.roles), 220, stretch=True),
        Column(
            lambda: _("Access"),
            Cell.ICON_TEXT,
            lambda one: (
                IconText(_("yes"), "circle-check", "ok") if one.is_active else IconText(_("no"), "circle-minus")
            ),
            100,
        ),
    ),
)
REGISTERS = (CUSTOMERS, PRODUCTS, SHIPMENTS, LOTS, DEFECTS, PEOPLE)
