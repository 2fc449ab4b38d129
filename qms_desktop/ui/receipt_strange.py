"""What sales does with goods that came without an RMA: take the complaint down in their case, then name its RMA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import _
from qms_desktop.steps import complaint, receipt
from qms_desktop.ui.controls import Choice, ChoiceField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import FormDialog, ask_form
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.ui.receipt import ReceiptPage, ReceiptRead

Deed = tuple[Any, str, Any, bool, bool, "Callable[[], object]"]


def deeds(page: ReceiptPage, read: ReceiptRead) -> list[Deed]:
    """Give the way out of quarantine, one step at a time; nothing for goods that have their RMA."""
    row = read.shown.row
    if row.rma_id is not None:
        return []
    closed = row.state is receipt.ReceiptState.DIFFERENCE
    complaints = [one for one in read.related if one.step == "complaint"]
    approved = [one for one in read.related if one.step == "rma" and one.state in ("AWAITING_GOODS", "RECEIVED")]
    go = page.workplace.go
    return [
        (
            lambda: _("Name the RMA…"),
            "truck-return",
            receipt.name_rma,
            closed and bool(approved),
            True,
            lambda: name_rma(page, read),
        ),
        (
            lambda: _("Take the complaint down…"),
            "message-report",
            complaint.register,
            not complaints,
            closed,
            lambda: go(Destination("complaint", None, f"new {row.case_id}")),
        ),
        (
            lambda: _("To the complaint"),
            "message-report",
            complaint.register,
            bool(complaints) and not approved,
            closed,
            lambda: go(Destination("complaint", complaints[0].record_id, complaints[0].number)),
        ),
    ]


def name_rma(page: ReceiptPage, read: ReceiptRead) -> FormDialog:
    """Ask for which RMA of the case the goods came after all."""
    approved = [one for one in read.related if one.step == "rma" and one.state in ("AWAITING_GOODS", "RECEIVED")]
    choice = ChoiceField([Choice(one.record_id, one.number) for one in approved], field="rma_id")

    def named(_none: object) -> None:
        page.say(_("The goods have their RMA now. Agree the count with the customer."))
        page.reload()

    return ask_form(
        page,
        receipt.name_rma,
        name=f"name_rma.{read.shown.row.id}",
        title=_("Name the RMA of {number}").format(number=read.shown.row.rma_number),
        icon="truck-return",
        words=lambda: _("Name it"),
        fields={"rma_id": Field(lambda: _("RMA"), choice)},
        then=named,
        receipt_id=read.shown.row.id,
    )
