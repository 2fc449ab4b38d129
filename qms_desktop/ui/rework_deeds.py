"""What can be done to an order: open, release, withdraw, cancel, start, report, correct, count recovered parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import _
from qms_desktop.steps import inspection, rework
from qms_desktop.steps.inspection import NewPart
from qms_desktop.steps.rework import OrderKind, OrderState, Take
from qms_desktop.ui import theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import Choice, ChoiceField, NotesField, NumberField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.rework_words import kind
from qms_desktop.ui.rows import row
from qms_desktop.ui.sorting_entry import OptionalPieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.session import Session
    from qms_desktop.steps.rework_reading import FreeHeap, OrderShown
    from qms_desktop.ui.form_dialog import FormDialog
    from qms_desktop.ui.rework import ReworkPage

S = OrderState


def buttons(page: ReworkPage, shown: OrderShown) -> tuple[Button | None, list[Button]]:
    """Give the next step of an order for this person, and what else may be done now."""
    session = page.workplace.session
    offered = [
        Button(words, icon=icon, key=key, height=theme.HEAD_BUTTON, clicked=do)
        for words, icon, key, verb, is_possible, do in _deeds(page, shown)
        if is_possible and session.may(verb.permission)
    ]
    if not offered:
        return None, []
    offered[0].set_kind("primary")
    return offered[0], offered[1:]


def _deeds(page: ReworkPage, shown: OrderShown) -> list[tuple[Any, str, str, Any, bool, Callable[[], object]]]:
    state, one = shown.row.state, shown.row
    is_taken_apart = one.kind is OrderKind.DISMANTLE and one.pieces_to_inspect > 0
    return [
        (
            lambda: _("Release…"),
            "clipboard-check",
            "",
            rework.release,
            state is S.OPEN,
            lambda: ask_release(page, shown),
        ),
        (
            lambda: _("Start"),
            "player-play",
            "",
            rework.start,
            state is S.RELEASED,
            lambda: page.run(rework.start, then=lambda _none: page.booked(_("The order runs.")), order_id=shown.row.id),
        ),
        (
            lambda: _("Report pieces…"),
            "checkup-list",
            "F4",
            rework.report,
            state is S.RUNNING,
            lambda: ask_report(page, shown),
        ),
        (
            lambda: _("Count parts…"),
            "scissors",
            "F7",
            inspection.count_parts,
            is_taken_apart and state is not S.DONE,
            lambda: ask_parts(page, shown),
        ),
        (
            lambda: _("Correct a report…"),
            "arrow-back-up",
            "",
            rework.correct_report,
            state in (S.RUNNING, S.REPORTED) and one.pieces_to_inspect > one.pieces_inspected,
            lambda: ask_correction(page, shown),
        ),
        (
            lambda: _("Withdraw…"),
            "arrow-back-up",
            "",
            rework.withdraw,
            state is S.RELEASED,
            lambda: _ask_why(page, shown, rework.withdraw, _("Withdraw {number}"), _("The order is open again.")),
        ),
        (
            lambda: _("Cancel the order…"),
            "ban",
            "",
            rework.cancel,
            state is S.OPEN,
            lambda: _ask_why(
                page, shown, rework.cancel, _("Cancel {number}"), _("Cancelled; the pieces are back on their heap.")
            ),
        ),
    ]


def ask_order(page: ReworkPage, heaps: Sequence[FreeHeap], *, then: Callable[[rework.Ordered], object]) -> None:
    """Ask which heap an order is for, how many pieces of it, and with which instruction."""
    by_key = {f"{one.round_id}:{one.kind}": one for one in heaps}
    choice = ChoiceField([Choice(key, _heap_words(one)) for key, one in by_key.items()], field="heap")
    pieces = NumberField()
    fields = {
        "heap": Field(lambda: _("For which heap"), choice),
        "pieces": Field(lambda: _("Pieces"), pieces, required=True),
        **_instruction(""),
        "text": Field(lambda: _("What is to be done"), NotesField(field="text", height=56)),
    }

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        one = by_key[values["heap"]]
        return {
            "kind": one.kind,
            "takes": (Take(one.round_id, values["pieces"]),),
            "instruction": values["instruction"],
            "revision": values["revision"],
            "text": values["text"],
        }

    def propose() -> None:
        one = by_key.get(str(choice.keep()))
        if one is not None:
            pieces.put(str(one.pieces))

    dialog = ask_form(
        page,
        rework.open_order,
        name="rework.open",
        title=_("New order to production"),
        icon="tool",
        words=lambda: _("Open the order"),
        fields=fields,
        lines=[
            fields["heap"],
            fields["pieces"],
            row((fields["instruction"], 2), (fields["revision"], 1), gap=12),
            fields["text"],
        ],
        then=then,
        arguments=arguments,
    )
    choice.when_changed(propose)
    if not dialog.form.dirty:
        propose()


def _heap_words(one: FreeHeap) -> str:
    where = _("{number}, line {position}, round {round}").format(
        number=one.rma_number, position=one.position or "\u2014", round=one.round_number
    )
    return f"{kind(one.kind)} {wording.pieces(one.pieces)} \u00b7 {one.product_code} \u00b7 {where}"


def _instruction(hint: str) -> dict[str, Field]:
    return {
        "instruction": Field(lambda: _("Work instruction"), TextField(field="instruction", longest=60), hint=hint),
        "revision": Field(lambda: _("Revision"), TextField(field="revision", longest=20)),
    }


def ask_release(page: ReworkPage, shown: OrderShown) -> FormDialog:
    """Ask for the released instruction and its revision."""
    fields = _instruction("")
    dialog = ask_form(
        page,
        rework.release,
        name=f"rework.release.{shown.row.id}",
        title=_("Release {number} to production").format(number=shown.row.number),
        icon="clipboard-check",
        words=lambda: _("Release"),
        fields=fields,
        lines=[row((fields["instruction"], 2), (fields["revision"], 1), gap=12)],
        then=lambda _none: page.booked(_("The order is released to production.")),
        order_id=shown.row.id,
    )
    if not dialog.form.dirty:
        dialog.form.open({"instruction": shown.row.instruction, "revision": shown.row.revision})
    return dialog


def _report(session: Session, *, not_mended: int, **values: Any) -> OrderState:  # noqa: ANN401 - the verb's own
    # A page keeps the word `failed` for what it calls when a verb is refused.
    return rework.report(session, failed=not_mended, **values)


def ask_report(page: ReworkPage, shown: OrderShown) -> FormDialog:
    """Ask what production reports: to inspect, not mended, held for scrap."""
    done = (lambda: _("Taken apart")) if shown.row.kind is OrderKind.DISMANTLE else (lambda: _("To inspect"))
    fields = {
        "to_inspect": Field(done, OptionalPieces(field="to_inspect")),
        "not_mended": Field(lambda: _("Not mended"), OptionalPieces(field="not_mended")),
        "scrapped": Field(lambda: _("Held for scrap"), OptionalPieces(field="scrapped")),
        "badge": Field(lambda: _("Badge"), TextField(field="badge", longest=40)),
        "remark": Field(lambda: _("Remark"), TextField(field="remark")),
    }
    dialog = ask_form(
        page,
        _report,
        name=f"rework.report.{shown.row.id}",
        title=_("Report pieces of {number}: {pieces} in work").format(
            number=shown.row.number, pieces=wording.pieces(shown.row.pieces_in_work, shown.row.unit)
        ),
        icon="checkup-list",
        words=lambda: _("Report pieces"),
        fields=fields,
        lines=[
            row((fields["to_inspect"], 1), (fields["not_mended"], 1), (fields["scrapped"], 1), gap=12),
            row((fields["badge"], 1), (fields["remark"], 2), gap=12),
        ],
        then=lambda _state: page.booked(_("Reported. What waits for the inspection is not good yet.")),
        order_id=shown.row.id,
    )
    if not dialog.form.dirty:
        dialog.form.open({"to_inspect": str(shown.row.pieces_in_work)})
        fields["to_inspect"].enter()
    return dialog


def ask_correction(page: ReworkPage, shown: OrderShown) -> FormDialog:
    """Ask how many pieces were reported by mistake, and why."""
    return ask_form(
        page,
        rework.correct_report,
        name=f"rework.correct.{shown.row.id}",
        title=_("Correct a report of {number}").format(number=shown.row.number),
        icon="arrow-back-up",
        words=lambda: _("Take back into work"),
        fields={
            "pieces": Field(lambda: _("Pieces that are still in work"), NumberField(), required=True),
            "reason": Field(lambda: _("Why"), NotesField(field="reason", required=True), required=True),
        },
        then=lambda _none: page.booked(_("Corrected by a counter-entry.")),
        order_id=shown.row.id,
    )


def ask_parts(page: ReworkPage, shown: OrderShown) -> FormDialog:
    """Ask how many parts of one kind came out of the dismantled units, and how many may be used again."""
    return ask_form(
        page,
        inspection.count_parts,
        name=f"rework.parts.{shown.row.id}",
        title=_("Parts out of {number}").format(number=shown.row.number),
        icon="scissors",
        words=lambda: _("Count"),
        fields={
            "name": Field(lambda: _("Part"), TextField(field="parts", required=True, longest=80), required=True),
            "total": Field(lambda: _("Parts in all"), NumberField(field="total"), required=True),
            "candidates": Field(lambda: _("Of them perhaps reusable"), OptionalPieces(field="candidates")),
        },
        arguments=lambda values: {"parts": (NewPart(values["name"], values["total"], values["candidates"]),)},
        then=lambda _none: page.booked(_("The parts are counted; the inspector looks at each one.")),
        order_id=shown.row.id,
    )


def _ask_why(page: ReworkPage, shown: OrderShown, verb: Any, title: str, done: str) -> FormDialog:  # noqa: ANN401
    return ask_form(
        page,
        verb,
        name=f"{verb.name}.{shown.row.id}",
        title=title.format(number=shown.row.number),
        icon="ban",
        words=lambda: _("Yes, do it"),
        fields={"reason": Field(lambda: _("Why"), NotesField(field="reason", required=True), required=True)},
        then=lambda _none: page.booked(done),
        order_id=shown.row.id,
    )
