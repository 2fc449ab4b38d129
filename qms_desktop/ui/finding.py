"""What fields that name a record search in: customers, products, shipments, defect codes, as answers under a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qms_desktop.i18n import _
from qms_desktop.steps import complaint_defects, master_data
from qms_desktop.ui import wording
from qms_desktop.ui.pick import PickField, Show
from qms_desktop.ui.workplace import Destination, Found

if TYPE_CHECKING:
    from qms_desktop.session import Session
    from qms_desktop.ui.page import Page

Look = Callable[..., Sequence[Found]]


def customers(session: Session, *, text: str) -> Sequence[Found]:
    """Find customers by code, name or pinyin initials."""
    return [_customer(one) for one in master_data.find_customer(session, text=text)]


def customer_named(session: Session, *, name: str) -> Found | None:
    """Give the one customer of this name; None when there is none, or when it may be several."""
    found = master_data.find_customer(session, text=name)
    fits = [one for one in found if name in (one.name, one.short_name)] or found
    return _customer(fits[0]) if len(fits) == 1 else None


def _customer(one: master_data.CustomerFound) -> Found:
    place = Destination("master_data", one.id, one.code)
    return Found(place, f"{one.code} {one.name}", one.short_name, "building-factory-2")


def products(session: Session, *, text: str) -> Sequence[Found]:
    """Find products by code, name, model or pinyin initials."""
    return [
        Found(Destination("master_data", one.id, one.code), f"{one.code} {one.name}", one.model, "package")
        for one in master_data.find_product(session, text=text)
    ]


def defects(session: Session, *, text: str) -> Sequence[Found]:
    """Find defect codes by code or name."""
    return [
        Found(Destination("master_data", one.id, one.code), f"{one.code} {one.name}", one.breaks, "alert-triangle")
        for one in complaint_defects.find_defect(session, text=text)
    ]


def shipments(session: Session, *, text: str, customer_id: int | None) -> Sequence[master_data.ShipmentFound]:
    """Find shipment lines by lot, shipment or order number; of one customer when it is known."""
    found = {one.id: one for one in master_data.find_shipment(session, text=text, customer_id=customer_id)}
    for lot in master_data.find_lot(session, text=text):
        more = master_data.find_shipment(session, customer_id=customer_id, lot_id=lot.id)
        found.update((one.id, one) for one in more)
    return list(found.values())


def shipment_answer(one: master_data.ShipmentFound) -> Found:
    """Write a shipment line as an answer."""
    words = _("{number}, {pieces} shipped on {day}").format(
        number=one.number, pieces=wording.pieces(one.pieces_shipped, one.unit), day=wording.day(one.shipped_on)
    )
    title = f"{one.product_code} {one.lot}".strip()
    return Found(Destination("master_data", one.id, one.number), title, f"{words} \u00b7 {one.customer_name}", "truck")


def pick(page: Page, look: Look, *, field: str, required: bool = True) -> PickField:
    """Make a field that finds records while typing."""

    def search(text: str, show: Show) -> None:
        page.read(look, then=show, slot=f"find.{field}", text=text)

    return PickField(search, field=field, required=required)
