"""What can be done to an RMA: opinion, review, signature, refusal, cancelling, and the way to the dock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import N_, _
from qms_desktop.steps import receipt, rma
from qms_desktop.ui import rma_approval, signature_dialog, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.chip import State
from qms_desktop.ui.controls import CheckField, ChoiceField, NotesField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.rows import row
from qms_desktop.ui.signature_dialog import Figure, SignatureRequest
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.ui.rma import RmaPage, RmaRead

G = rma.GoodsState


def buttons(page: RmaPage, read: RmaRead) -> tuple[Button | None, list[Button]]:
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


def _deeds(page: RmaPage, read: RmaRead) -> list[tuple[Any, str, Any, bool, bool, Callable[[], object]]]:
    shown, session = read.shown, page.workplace.session
    state = shown.row.goods_state
    missing = rma.missing_roles(shown.need, shown.signatures) if shown.need else ()
    is_reviewer = shown.row.requested_by != session.login
    is_open = rma.may_become(state, G.REFUSED)
    no_opinion = any(line.opinion is None for line in shown.lines)
    return [
        (
            lambda: _("Approve and sign…"),
            "signature",
            rma.approve,
            state is G.APPROVAL and bool(set(missing) & session.roles),
            True,
            lambda: approve(page, read),
        ),
        (
            lambda: _("Quality's opinion…"),
            "stethoscope",
            rma.give_opinion,
            is_open,
            no_opinion,
            lambda: give_opinion(page, read),
        ),
        (
            lambda: _("Review…"),
            "file-check",
            rma.review,
            state is G.REQUESTED and is_reviewer and not no_opinion,
            True,
            lambda: review(page, read),
        ),
        (
            lambda: _("Goods have come…"),
            "package-import",
            receipt.arrive,
            state is G.AWAITING_GOODS,
            True,
            lambda: page.workplace.go(Destination("receipt", None, f"arrive {shown.row.id}")),
        ),
        (lambda: _("Refuse R1-R4…"), "ban", rma.refuse, is_open, False, lambda: refuse(page, read)),
        (
            lambda: _("Cancel the RMA…"),
            "x",
            rma.cancel,
            rma.may_become(state, G.CANCELLED),
            False,
            lambda: cancel(page, read),
        ),
    ]


def signature_of(page: RmaPage, read: RmaRead) -> SignatureRequest:
    """Give everything that the signature of an RMA says."""
    shown, session = read.shown, page.workplace.session
    number = shown.row.number
    reasons = wording.clauses(str(reason) for reason in shown.need.reasons) if shown.need else ""
    seats = trade_words.seat_of(session.roles)
    amount = rma_approval.amount_words(shown.amount)
    figures = [
        Figure(_("Pieces"), wording.pieces(shown.row.pieces)),
        Figure(_("Amount with tax"), amount),
        Figure(_("Lines"), str(len(shown.lines))),
    ]
    without = sum(line.pieces_shipped is None for line in shown.lines)
    if without:
        figures.append(Figure(_("Without shipment record"), str(without), "wait"))
    kinds = f"{_(trade_words.RMA_KINDS[shown.kind])} \u00b7 {_(trade_words.RETURN_MODES[shown.return_mode])}"
    return SignatureRequest(
        title=_("Approve RMA {number}").format(number=number),
        verb=_("Approve and sign"),
        state=State("rma_goods", "approval"),
        subject=f"{shown.row.customer_name} \u00b7 {kinds} \u00b7 {shown.row.products}",
        figures=figures,
        why_you=_("Why you: {reasons}").format(reasons=reasons),
        rule=_("Complaint procedure {rule}").format(rule=rma_approval.source(shown)),
        evidence=[],
        signed=_("You sign the content {hash}: {lines}, {pieces}, {amount}").format(
            hash=rma_approval.short_hash(shown.content_hash),
            lines=wording.count_of(len(shown.lines), N_("{count} line"), N_("{count} lines")),
            pieces=wording.all_pieces(shown.row.pieces),
            amount=amount,
        ),
        signer=session.name,
        seat=seats,
        station=session.station or _("this PC"),
        moment=wording.moment(read.now),
        can_be_sent_back=False,
    )


def approve(page: RmaPage, read: RmaRead) -> None:
    """Ask for the signature; the verb is given the hash of exactly what is shown."""
    shown = read.shown
    signature_dialog.sign(
        page,
        rma.approve,
        signature_of(page, read),
        then=lambda _none: _done(page, _("{number} is approved and signed.").format(number=shown.row.number)),
        rma_id=shown.row.id,
        read_hash=shown.content_hash,
    )


def give_opinion(page: RmaPage, read: RmaRead) -> None:
    """Ask what quality thinks of each line."""
    shown = read.shown
    fields: dict[str, Field] = {}
    for line in shown.lines:
        words = _("Line {number}: {product}").format(
            number=line.position, product=f"{line.product_code} {line.lot_number}"
        )
        fields[f"opinion.{line.id}"] = Field(
            words, ChoiceField(trade_words.choices(trade_words.OPINIONS), field="opinions")
        )
        fields[f"text.{line.id}"] = Field(lambda: _("Remark"), TextField(field="opinions", longest=300))

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        return {
            "opinions": tuple(
                rma.OpinionOnLine(line.id, values[f"opinion.{line.id}"], values[f"text.{line.id}"])
                for line in shown.lines
            )
        }

    lines = [row((fields[f"opinion.{line.id}"], 2), (fields[f"text.{line.id}"], 3), gap=16) for line in shown.lines]
    ask_form(
        page,
        rma.give_opinion,
        name=f"opinion.{shown.row.id}",
        title=_("Quality's opinion on {number}").format(number=shown.row.number),
        icon="stethoscope",
        words=lambda: _("Give the opinion"),
        fields=fields,
        arguments=arguments,
        lines=lines,
        width=680,
        then=lambda _none: _done(page, _("The opinion on {number} is recorded.").format(number=shown.row.number)),
        rma_id=shown.row.id,
    )


def review(page: RmaPage, read: RmaRead) -> None:
    """Ask for the review against the contract."""
    shown = read.shown
    fields = {
        "text": Field(lambda: _("Result of the review"), NotesField(field="text", height=64)),
        "accepts_missing_record": Field("", CheckField(lambda: _("Goods without shipment record are accepted"))),
        "allows_advance": Field("", CheckField(lambda: _("Replacement may be sent in advance"))),
    }
    ask_form(
        page,
        rma.review,
        name=f"review.{shown.row.id}",
        title=_("Review {number} against the contract").format(number=shown.row.number),
        icon="file-check",
        words=lambda: _("Record the review"),
        fields=fields,
        then=lambda _none: _done(page, _("{number} is reviewed.").format(number=shown.row.number)),
        rma_id=shown.row.id,
    )


def refuse(page: RmaPage, read: RmaRead) -> None:
    """Ask for the reason R1-R4 and its evidence."""
    shown = read.shown
    fields = {
        "reason": Field(lambda: _("Reason"), ChoiceField(trade_words.choices(trade_words.REFUSALS), field="reason")),
        "evidence": Field(
            lambda: _("Evidence: what was found, and where it is kept"),
            NotesField(field="evidence", required=True, height=80),
            required=True,
        ),
    }
    ask_form(
        page,
        rma.refuse,
        name=f"refuse.{shown.row.id}",
        title=_("Refuse {number}").format(number=shown.row.number),
        icon="ban",
        words=lambda: _("Refuse the RMA"),
        fields=fields,
        then=lambda _none: _done(page, _("{number} is refused.").format(number=shown.row.number)),
        rma_id=shown.row.id,
    )


def cancel(page: RmaPage, read: RmaRead) -> None:
    """Ask why the RMA is cancelled."""
    shown = read.shown
    fields = {
        "reason": Field(
            lambda: _("Why it is cancelled"), NotesField(field="reason", required=True, height=64), required=True
        )
    }
    ask_form(
        page,
        rma.cancel,
        name=f"cancel.{shown.row.id}",
        title=_("Cancel {number}").format(number=shown.row.number),
        icon="x",
        words=lambda: _("Cancel the RMA"),
        fields=fields,
        then=lambda _none: _done(page, _("{number} is cancelled.").format(number=shown.row.number)),
        rma_id=shown.row.id,
    )


def _done(page: RmaPage, text: str) -> None:
    page.say(text)
    page.reload()
