"""Goods without an RMA at the dock: two questions, then they are counted and labelled like all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.i18n import _
from qms_desktop.steps import receipt
from qms_desktop.ui.dock_pages import WithoutRmaPage
from qms_desktop.ui.dock_reading import known_customer, known_product
from qms_desktop.ui.station import StationKey

if TYPE_CHECKING:
    from qms_desktop.ui.dock import DockStation


class GoodsWithoutRma:
    """Asks what the goods are, then whose; opens their case and hands them over to the count."""

    def __init__(self, dock: DockStation) -> None:
        self._dock = dock
        self.page = WithoutRmaPage()
        self._product, self._words = "", ""

    def ask(self) -> None:
        """Ask what the goods are."""
        self._show(customer=False)

    def enter(self) -> None:
        """Take the answer that stands in the field."""
        dock, typed = self._dock, self.page.field.text().strip()
        if self.page.asks_customer:
            dock.read(known_customer, then=self._open_case, failed=self._wrong, slot="dock.customer", text=typed)
        elif typed:
            self._words = typed
            dock.read(known_product, then=self._goods_known, failed=self._wrong, slot="dock.product", text=typed)

    def _goods_known(self, product: str) -> None:
        self._product = product
        self._show(customer=True)

    def _show(self, *, customer: bool) -> None:
        self.page.ask(customer=customer)
        back = self.ask if customer else self._dock.begin
        keys = [StationKey("Escape", lambda: _("Go back"), back)]
        self._dock.show_step(0, self.page, keys, focus=self.page.field)

    def _open_case(self, customer: str) -> None:
        self._dock.run(
            receipt.arrive_without_rma,
            then=self._dock.count_goods,
            failed=self._wrong,
            product=self._product,
            description="" if self._product else self._words,
            customer=customer,
        )

    def _wrong(self, error: Exception) -> None:
        dock = self._dock
        dock.toast.hide()
        dock.sounds.wrong()
        self.page.question.say_wrong(str(error))
        self.page.field.selectAll()
        self.page.field.setFocus()
