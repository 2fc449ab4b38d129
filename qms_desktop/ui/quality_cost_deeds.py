"""What is entered by hand: freight and other sums, the destruction and sale of scrap, and taking an entry back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import _
from qms_desktop.steps import quality_cost
from qms_desktop.steps.quality_cost import CostKind
from qms_desktop.ui.amounts import AmountField
from qms_desktop.ui.controls import Choice, ChoiceField, DayField, NotesField, NumberField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.quality_cost_words import KINDS, SUMS
from qms_desktop.ui.rows import row
from qms_desktop.ui.sorting_entry import OptionalPieces
from qms_desktop.ui.text import Text

if TYPE_CHECKING:
    from qms_desktop.steps.quality_cost import CaseCost
    from qms_desktop.steps.quality_cost_lines import CostLine
    from qms_desktop.ui.quality_cost import QualityCostPage


def ask_sum(page: QualityCostPage, cost: CaseCost) -> None:
    """Ask for an invoiced sum: what it is, the amount, the day, the document."""
    fields = {
        "kind": Field(
            lambda: _("What it is"),
            ChoiceField([Choice(one, partial(_, KINDS[one])) for one in SUMS], field="kind"),
        ),
        "amount": Field(lambda: _("Amount"), AmountField(field="amount"), required=True),
        "currency": Field(lambda: _("Currency"), TextField(field="currency", required=True, longest=3)),
        "text": Field(lambda: _("What for"), TextField(field="text", required=True), required=True),
        "happened_on": Field(
            lambda: _("Day"), DayField(field="happened_on", required=False), hint=lambda: _("Empty: today")
        ),
        "document_no": Field(lambda: _("Document no."), TextField(field="document_no", longest=60)),
    }
    dialog = ask_form(
        page,
        quality_cost.book_sum,
        name=f"quality_cost.sum.{cost.case_id}",
        title=_("Book a cost of {number}").format(number=cost.number),
        icon="coins",
        words=lambda: _("Book"),
        fields=fields,
        lines=[
            fields["kind"],
            row((fields["amount"], 2), (fields["currency"], 1), gap=12),
            fields["text"],
            row((fields["happened_on"], 1), (fields["document_no"], 1), gap=12),
        ],
        arguments=lambda values: values | {"kind": CostKind(values["kind"]), "currency": values["currency"].upper()},
        then=lambda _id: page.booked(_("The cost is booked.")),
        case_id=cost.case_id,
    )
    if not dialog.form.dirty:
        dialog.form.open({"currency": "CNY"})


def ask_destruction(page: QualityCostPage, cost: CaseCost) -> None:
    """Ask who saw that scrap was made unusable, its weight, and where the photo is; then a colleague may sell it."""
    fields = {
        "weight": Field(lambda: _("Weight in kg"), AmountField(field="weight_grams"), required=True),
        "pieces": Field(lambda: _("Pieces"), OptionalPieces(field="pieces")),
        "witness": Field(lambda: _("Who saw it"), TextField(field="witness", required=True), required=True),
        "photo_reference": Field(
            lambda: _("Where the photo is"), TextField(field="photo_reference", required=True), required=True
        ),
    }

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        return {
            "weight_grams": int(values["weight"] * 1000),
            "pieces": values["pieces"] or None,
            "witness": values["witness"],
            "photo_reference": values["photo_reference"],
        }

    ask_form(
        page,
        quality_cost.confirm_destruction,
        name=f"quality_cost.destruction.{cost.case_id}",
        title=_("Confirm that scrap of {number} is unusable").format(number=cost.number),
        icon="trash",
        words=lambda: _("Confirm"),
        fields=fields,
        lines=[
            row((fields["weight"], 1), (fields["pieces"], 1), gap=12),
            fields["witness"],
            fields["photo_reference"],
        ],
        arguments=arguments,
        then=lambda number: page.booked(
            _("Destruction no. {number} is confirmed. A colleague names it at the sale.").format(number=number)
        ),
        case_id=cost.case_id,
    )


def ask_sale(page: QualityCostPage) -> None:
    """Ask what confirmed scrap was sold for."""
    ask_form(
        page,
        quality_cost.sell_scrap,
        name="quality_cost.sale",
        title=_("Scrap sold"),
        icon="receipt-yuan",
        words=lambda: _("Book the credit"),
        fields={
            "destruction_id": Field(lambda: _("Destruction no."), NumberField(field="destruction_id"), required=True),
            "amount": Field(lambda: _("Sold for (CNY)"), AmountField(field="amount"), required=True),
            "text": Field(lambda: _("What was sold"), TextField(field="text", required=True), required=True),
            "document_no": Field(lambda: _("Document no."), TextField(field="document_no", longest=60)),
        },
        then=lambda _id: page.booked(_("The credit is booked.")),
    )


def ask_take_back(page: QualityCostPage, line: CostLine) -> None:
    """Ask why an entry is taken back."""
    ask_form(
        page,
        quality_cost.take_back,
        name=f"quality_cost.take_back.{line.entry_id}",
        title=_("Take back: {text}").format(text=line.text),
        icon="arrow-back-up",
        words=lambda: _("Take back"),
        fields={"reason": Field(lambda: _("Why"), NotesField(field="reason", required=True), required=True)},
        above=[
            Text(lambda: _("A counter-entry of today stands beside it; nothing is deleted."), ink="text2", wrap=True)
        ],
        then=lambda _id: page.booked(_("The entry is taken back by a counter-entry.")),
        entry_id=line.entry_id,
    )
