"""A new claim: choose a sorted return, say for each line how many pieces are settled, and how."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import _
from qms_desktop.steps import claim, claim_reading, rma
from qms_desktop.steps.claim import Settlement, SettlementKind
from qms_desktop.steps.rma import GoodsState
from qms_desktop.ui import theme, wording
from qms_desktop.ui.amounts import AmountField
from qms_desktop.ui.claim_words import SETTLEMENTS
from qms_desktop.ui.controls import Choice, ChoiceField, NotesField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import FormDialog, ask_form
from qms_desktop.ui.rows import row
from qms_desktop.ui.sorting_entry import OptionalPieces
from qms_desktop.ui.text import Rule, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.session import Session
    from qms_desktop.steps.claim_reading import LineToSettle
    from qms_desktop.steps.rma_reading import RmaRow
    from qms_desktop.ui.page import Page

_MOST_RETURNS = 100
_HUNDRED = Decimal(100)


def read_returns(session: Session) -> Sequence[RmaRow]:
    """Give the sorted returns that have no claim yet, newest first."""
    rows = rma.listed(session, states=(GoodsState.SORTED, GoodsState.NON_PHYSICAL), count=_MOST_RETURNS)
    return [one for one in rows if str(one.settlement_state) == "OPEN"]


def begin(page: Page, *, then: Callable[[claim.Prepared], object]) -> None:
    """Read the returns that can be claimed, and let one be chosen."""
    page.read(read_returns, then=lambda rows: choose(page, rows, then=then), slot="claim.returns")


def choose(page: Page, rows: Sequence[RmaRow], *, then: Callable[[claim.Prepared], object]) -> None:
    """Let a person choose the return; without any, say why."""
    if not rows:
        page.say(_("No sorted return waits for a claim. Sort the goods of a return first."), tone="wait")
        return
    choices = [Choice(one.id, f"{one.number} \u00b7 {one.customer_short_name} \u00b7 {one.products}") for one in rows]

    def send(dialog: FormDialog, values: dict[str, Any]) -> None:
        chosen = next(one for one in rows if one.id == values["rma"])
        dialog.form.succeeded()
        dialog.accept()
        page.read(
            claim_reading.to_settle,
            then=lambda lines: settle(page, chosen, lines, then=then),
            slot="claim.lines",
            rma_id=chosen.id,
        )

    FormDialog(
        page,
        name="claim.choose",
        title=_("Claim for which return?"),
        icon="receipt-yuan",
        fields={"rma": Field(lambda: _("Return"), ChoiceField(choices, field="rma"))},
        verb=lambda: _("Go on"),
        send=send,
    ).open()


def settle(
    page: Page, chosen: RmaRow, lines: Sequence[LineToSettle], *, then: Callable[[claim.Prepared], object]
) -> FormDialog:
    """Ask how each line is settled; what is not settled stays empty."""
    received = [one for one in lines if one.pieces_agreed]
    fields: dict[str, Field] = {}
    parts: list[Any] = []
    for one in received:
        own = _fields(one)
        fields |= own
        kind, pieces, ratio, text = own.values()
        parts += [_head(one), row((pieces, 1), (kind, 2), (ratio, 1), (text, 2), gap=10), Rule()]
    fields["text"] = Field(lambda: _("Remark to the claim"), NotesField(field="text", height=48))

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        settlements = tuple(
            Settlement(
                one.rma_line_id,
                SettlementKind(values[f"{one.rma_line_id}.kind"]),
                values[f"{one.rma_line_id}.pieces"],
                values[f"{one.rma_line_id}.ratio"] / _HUNDRED,
                values[f"{one.rma_line_id}.text"],
            )
            for one in received
            if values[f"{one.rma_line_id}.pieces"]
        )
        return {"settlements": settlements, "text": values["text"]}

    dialog = ask_form(
        page,
        claim.prepare,
        name=f"claim.new.{chosen.id}",
        title=_("New claim for {number}").format(number=chosen.number),
        icon="receipt-yuan",
        words=lambda: _("Prepare the claim"),
        fields=fields,
        lines=[*parts, fields["text"]],
        then=then,
        arguments=arguments,
        width=820,
        rma_id=chosen.id,
    )
    if not dialog.form.dirty:
        dialog.form.open(
            {f"{one.rma_line_id}.pieces": str(one.pieces_accepted or "") for one in received}
            | {f"{one.rma_line_id}.ratio": "100" for one in received}
            | {f"{one.rma_line_id}.kind": SettlementKind.GOODS for one in received}
        )
    return dialog


def _head(one: LineToSettle) -> Text:
    refused = sum(pieces for _reason, pieces in one.refused)
    words = _("Line {position} \u00b7 {product}: received {agreed}, refused {refused}, accepted {accepted}").format(
        position=one.position,
        product=f"{one.product_code} {one.lot_number}".strip(),
        agreed=wording.pieces(one.pieces_agreed),
        refused=wording.pieces(refused),
        accepted=wording.pieces(one.pieces_accepted),
    )
    return Text(words, theme.BODY, bold=True)


def _fields(one: LineToSettle) -> dict[str, Field]:
    kinds = [Choice(kind, partial(_, words)) for kind, words in SETTLEMENTS.items()]
    name = str(one.rma_line_id)
    return {
        f"{name}.kind": Field(lambda: _("Settled by"), ChoiceField(kinds, field=f"{name}.kind")),
        f"{name}.pieces": Field(lambda: _("Pieces"), OptionalPieces(field=f"{name}.pieces")),
        f"{name}.ratio": Field(lambda: _("Percent of the price"), AmountField(field=f"{name}.ratio")),
        f"{name}.text": Field(lambda: _("Remark"), TextField(field=f"{name}.text", longest=120)),
    }
