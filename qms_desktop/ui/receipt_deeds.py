"""What can be done to a receipt: note its arrival, count, close, agree, sign, and print or save its labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from qms_desktop.documents import receipt_label
from qms_desktop.i18n import _
from qms_desktop.steps import receipt, sorting
from qms_desktop.ui import receipt_strange, signature_dialog, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.chip import State
from qms_desktop.ui.controls import CheckField, Choice, ChoiceField, NotesField, NumberField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.signature_dialog import Figure, SignatureRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.steps.receipt_label import ReceiptLabel
    from qms_desktop.ui.receipt import CartonShown, ReceiptPage, ReceiptRead

S = receipt.ReceiptState


def buttons(page: ReceiptPage, read: ReceiptRead) -> tuple[Button | None, list[Button]]:
    """Give the next step of a person, and what else this person may do now."""
    session = page.workplace.session
    offered = [
        (words, icon, do, is_next)
        for words, icon, verb, is_possible, is_next, do in _deeds(page, read)
        if is_possible and session.may(verb.permission)
    ]
    made = [
        Button(words, kind="primary" if is_next and place == 0 else "", icon=icon, height=theme.HEAD_BUTTON, clicked=do)
        for place, (words, icon, do, is_next) in enumerate(offered)
    ]
    return (made[0], made[1:4]) if made else (None, [])


def _deeds(page: ReceiptPage, read: ReceiptRead) -> list[tuple[Any, str, Any, bool, bool, Callable[[], object]]]:
    state = read.shown.row.state
    counting = state is S.ARRIVED
    return [
        (
            lambda: _("Sign the count…"),
            "signature",
            receipt.accept_count,
            state in (S.COUNTED, S.AGREED),
            True,
            lambda: sign(page, read),
        ),
        *receipt_strange.deeds(page, read),
        (
            lambda: _("Agree the difference…"),
            "arrows-diff",
            receipt.agree,
            state is S.DIFFERENCE and read.shown.row.rma_id is not None,
            True,
            lambda: agree(page, read),
        ),
        (lambda: _("Count a carton…"), "list-numbers", receipt.receive, counting, True, lambda: count(page, read)),
        (lambda: _("Close the count"), "check", receipt.close_count, counting, False, lambda: close_count(page, read)),
        (
            lambda: _("Open the count again…"),
            "arrow-back-up",
            receipt.reopen_count,
            state in (S.COUNTED, S.DIFFERENCE),
            False,
            lambda: reopen(page, read),
        ),
    ]


def arrive(page: ReceiptPage, rma_id: int) -> None:
    """Ask how the goods of an RMA came, and where they stand."""
    fields = {
        "arrival_kind": Field(
            lambda: _("How they came"), ChoiceField(trade_words.choices(trade_words.ARRIVALS), field="arrival_kind")
        ),
        "place": Field(lambda: _("Where they stand"), TextField(field="place", longest=60)),
    }

    def arrived(made: receipt.Arrived) -> None:
        page.say(_("Goods of {number} are here. Count them now.").format(number=made.number))
        page.open_record(made.receipt_id)
        page.list.reload(keep=made.receipt_id)

    ask_form(
        page,
        receipt.arrive,
        name=f"arrive.{rma_id}",
        title=_("Goods have come"),
        icon="package-import",
        words=lambda: _("Note the arrival"),
        fields=fields,
        then=arrived,
        rma_id=rma_id,
    )


def count(page: ReceiptPage, read: ReceiptRead) -> None:
    """Ask for one carton; the announced pieces are not shown here either."""
    lines = [
        Choice(line.id, f"{line.product_code} {line.product_name}".strip() or line.description)
        for line in read.shown.lines
    ]
    fields = {
        "receipt_line_id": Field(lambda: _("Goods"), ChoiceField(lines, field="receipt_line_id")),
        "pieces": Field(
            lambda: _("Pieces counted"),
            NumberField(),
            required=True,
            hint=lambda: _("Sums such as 11*50+46 are understood"),
        ),
        "lot": Field(
            lambda: _("Lot on the carton"),
            TextField(field="lot", longest=60),
            hint=lambda: _("Empty when it cannot be read"),
        ),
        "carton": Field(lambda: _("Carton's own number"), TextField(field="carton", longest=60)),
        "is_damaged": Field("", CheckField(lambda: _("The carton is damaged"))),
        "remark": Field(lambda: _("Remark"), TextField(field="remark", longest=300)),
    }

    def counted(made: receipt.Counted) -> None:
        words = _("Carton {carton} is counted; its label is {serial}.")
        _done(page, words.format(carton=made.carton, serial=f"{made.serial:06d}"))
        if page.prints.printer is not None:
            page.prints.print(
                made.label_id, done=lambda _label: page.reload(), failed=lambda error: page.say(str(error), tone="bad")
            )

    ask_form(
        page,
        receipt.receive,
        name=f"count.{read.shown.row.id}",
        title=_("Count a carton of {number}").format(number=read.shown.row.rma_number),
        icon="list-numbers",
        words=lambda: _("Book the count"),
        fields=fields,
        then=counted,
    )


def close_count(page: ReceiptPage, read: ReceiptRead) -> None:
    """Close the count, after a yes that names the receipt and what was counted."""
    shown = read.shown
    question = _("Close the count of {number} with {pieces} pieces?").format(
        number=shown.row.rma_number, pieces=wording.pieces(shown.row.pieces_counted)
    )

    def close() -> None:
        page.run(
            receipt.close_count,
            then=lambda _state: _done(page, _("The count of {number} is closed.").format(number=shown.row.rma_number)),
            receipt_id=shown.row.id,
        )

    page.ask(question, yes=close, word=_("Close the count"))


def reopen(page: ReceiptPage, read: ReceiptRead) -> None:
    """Ask why the count is opened again."""
    reason = NotesField(field="reason", required=True, height=64)
    ask_form(
        page,
        receipt.reopen_count,
        name=f"reopen.{read.shown.row.id}",
        title=_("Open the count of {number} again").format(number=read.shown.row.rma_number),
        icon="arrow-back-up",
        words=lambda: _("Open the count again"),
        fields={"reason": Field(lambda: _("Why it is opened again"), reason, required=True)},
        then=lambda _none: _done(page, _("The count is open again.")),
        receipt_id=read.shown.row.id,
    )


def agree(page: ReceiptPage, read: ReceiptRead) -> None:
    """Ask what was agreed with the customer about each differing line."""
    open_lines = [line for line in read.shown.lines if line.pieces_agreed is None]
    fields: dict[str, Field] = {}
    for line in open_lines:
        product = f"{line.product_code} {line.product_name}".strip() or line.description
        hint = _("announced {announced}, counted {counted}").format(
            announced=wording.pieces(line.pieces_announced), counted=wording.pieces(line.pieces_counted)
        )
        number = NumberField(field=f"pieces.{line.id}", zero_allowed=True)
        fields[f"pieces.{line.id}"] = Field(product, number, hint=hint, required=True)
        number.put(line.pieces_counted)
        if line.pieces_counted == 0:
            number.line.setText("0")
    fields["agreed_with"] = Field(
        lambda: _("Agreed with whom at the customer"), TextField(field="agreed_with", required=True), required=True
    )
    fields["remark"] = Field(lambda: _("Remark"), NotesField(field="remark", height=56))

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        agreed = tuple(receipt.Agreed(line.id, values[f"pieces.{line.id}"]) for line in open_lines)
        return {"agreed": agreed, "agreed_with": values["agreed_with"], "remark": values["remark"]}

    ask_form(
        page,
        receipt.agree,
        name=f"agree.{read.shown.row.id}",
        title=_("Agree the difference of {number}").format(number=read.shown.row.rma_number),
        icon="arrows-diff",
        words=lambda: _("Record what was agreed"),
        fields=fields,
        arguments=arguments,
        then=lambda _none: _done(
            page, _("The difference of {number} is agreed.").format(number=read.shown.row.rma_number)
        ),
        receipt_id=read.shown.row.id,
    )


def sign(page: ReceiptPage, read: ReceiptRead) -> None:
    """Ask for the return leader's signature on exactly the count that is shown."""
    shown, session = read.shown, page.workplace.session
    cartons = [one for one in read.cartons if not one.count.is_replaced]
    short = f"{shown.content_hash[:4]}\u2026{shown.content_hash[-4:]}"
    damaged = sum(one.count.is_damaged for one in cartons)
    figures = [
        Figure(_("Pieces counted"), wording.pieces(shown.row.pieces_counted)),
        Figure(_("Cartons"), str(len(cartons))),
        Figure(_("Damaged cartons"), str(damaged), "wait" if damaged else "text"),
        Figure(_("Differences"), str(len(shown.differences)), "wait" if shown.differences else "text"),
    ]
    request = SignatureRequest(
        title=_("Sign the count of {number}").format(number=shown.row.rma_number),
        verb=_("Sign the count"),
        state=State("receipt", str(shown.row.state).lower()),
        subject=f"{shown.row.customer_name} \u00b7 {wording.moment(shown.row.arrived_at)} \u00b7 {shown.row.place}",
        figures=figures,
        why_you=_("Why you: the return leader takes the goods in; the labels become valid."),
        rule=_("Complaint procedure {rule}").format(rule="003-A \u00a76.6.3"),
        evidence=[],
        signed=_("You sign the count {hash}: {cartons} cartons, {pieces} pieces").format(
            hash=short, cartons=len(cartons), pieces=wording.pieces(shown.row.pieces_counted)
        ),
        signer=session.name,
        seat=trade_words.seat_of(session.roles),
        station=session.station or _("this PC"),
        moment=wording.moment(read.now),
        can_be_sent_back=False,
    )
    signature_dialog.sign(
        page,
        receipt.accept_count,
        request,
        then=lambda _none: signed(page, shown),
        receipt_id=shown.row.id,
        read_hash=shown.content_hash,
    )


def signed(page: ReceiptPage, shown: receipt.ReceiptShown) -> None:
    """Start the clock of the judgement: the goods are in quality's hands now (004-C §4)."""
    said = _("The count of {number} is signed; its labels are valid.").format(number=shown.row.rma_number)
    page.run(sorting.start_clock, then=lambda _none: _done(page, said), receipt_id=shown.row.id)


def print_again(page: ReceiptPage, carton: CartonShown | None) -> None:
    """Print the label of a carton; each further print is counted as a reprint."""
    if carton is None or carton.count.label_id is None:
        return

    def printed(label: ReceiptLabel) -> None:
        words = _("Label {serial} is printed, reprint {count}.") if label.reprint else _("Label {serial} is printed.")
        _done(page, words.format(serial=f"{label.serial:06d}", count=label.reprint))

    page.prints.print(carton.count.label_id, done=printed, failed=lambda error: page.say(str(error), tone="bad"))


def save_label(page: ReceiptPage, carton: CartonShown | None, label: ReceiptLabel | None) -> None:
    """Save a label as PDF or ZPL, by the ending that is chosen."""
    if carton is None or label is None or carton.count.label_id is None:
        return
    name = f"label_{label.serial:06d}.pdf"
    chosen, _kind = QFileDialog.getSaveFileName(page, _("Save the label"), name, "PDF (*.pdf);;ZPL (*.zpl)")
    if chosen:
        write_label(page, Path(chosen), label)


def write_label(page: ReceiptPage, path: Path, label: ReceiptLabel) -> None:
    """Write a label's file, by its ending."""
    size = page.prints.size
    whole = receipt_label.zpl(label, size) if path.suffix.lower() == ".zpl" else receipt_label.pdf([label], size)
    try:
        path.write_bytes(whole)
    except OSError as error:
        page.say(_("{path} cannot be written: {why}").format(path=path.name, why=error.strerror), tone="bad")
        return
    page.say(_("{path} is saved.").format(path=path.name))


def _done(page: ReceiptPage, text: str) -> None:
    page.say(text)
    page.reload()
