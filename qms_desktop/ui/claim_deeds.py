"""What can be done to a claim: review, calculate, send, sign, approve, deliver, pay, charge back, close."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import _
from qms_desktop.steps import claim, claim_execution
from qms_desktop.steps.claim import ClaimState
from qms_desktop.steps.claim_execution import PaymentKind
from qms_desktop.ui import theme, trade_words, wording
from qms_desktop.ui.amounts import AmountField
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.claim_words import PAYMENTS, state_of
from qms_desktop.ui.controls import Choice, ChoiceField, NotesField, NumberField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.rma_approval import short_hash
from qms_desktop.ui.signature_dialog import Figure, SignatureRequest, sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.session import Session
    from qms_desktop.steps.claim_reading import ClaimShown, PlaceShown
    from qms_desktop.ui.claim import ClaimPage

S = ClaimState


def buttons(page: ClaimPage, shown: ClaimShown) -> tuple[Button | None, list[Button]]:
    """Give the next step of a claim for this person, and what else may be done now."""
    session = page.workplace.session
    offered = [
        Button(words, icon=icon, height=theme.HEAD_BUTTON, clicked=do)
        for words, icon, verb, is_possible, do in _deeds(page, shown)
        if is_possible and session.may(verb.permission)
    ]
    if not offered:
        return None, []
    offered[0].set_kind("primary")
    return offered[0], offered[1:4]


def own_place(session: Session, shown: ClaimShown) -> PlaceShown | None:
    """Give the first empty place that this person may sign."""
    if shown.row.state is not S.APPROVAL:
        return None
    return next((one for one in shown.places if one.signed_at is None and one.role in session.roles), None)


def _deeds(page: ClaimPage, shown: ClaimShown) -> list[tuple[Any, str, Any, bool, Callable[[], object]]]:
    state, claim_id = shown.row.state, shown.row.id
    place = own_place(page.workplace.session, shown)
    is_full = all(one.signed_at is not None for one in shown.places)
    to_give = shown.sums is not None and shown.sums.to_give > 0
    to_deliver = any(one.pieces_to_deliver > 0 for one in shown.positions)
    is_given = state in (S.APPROVED, S.EXECUTED)

    def do(verb: Any, words: str) -> Callable[[], object]:  # noqa: ANN401 - a verb
        return lambda: page.run(verb, then=lambda _none: page.booked(words), claim_id=claim_id)

    return [
        (
            lambda: _("Contract reviewed…"),
            "file-check",
            claim.review,
            state is S.DRAFT,
            lambda: ask_review(page, shown),
        ),
        (
            lambda: _("Calculate"),
            "coins",
            claim.calculate,
            state is S.REVIEWED,
            do(claim.calculate, _("The claim is calculated with the prices of the RMA.")),
        ),
        (
            lambda: _("Send to the approval"),
            "send",
            claim.submit,
            state is S.CALCULATED,
            do(claim.submit, _("The claim waits for its signatures.")),
        ),
        (
            lambda: _("Sign your place…"),
            "signature",
            claim.sign_place,
            place is not None,
            lambda: sign_place(page, shown, place) if place else None,
        ),
        (
            lambda: _("Approve and sign…"),
            "signature",
            claim.approve,
            state is S.APPROVAL and is_full,
            lambda: approve(page, shown),
        ),
        (
            lambda: _("Goods delivered…"),
            "truck",
            claim_execution.deliver,
            state is S.APPROVED and to_deliver,
            lambda: ask_delivery(page, shown),
        ),
        (
            lambda: _("Money given…"),
            "receipt-yuan",
            claim_execution.pay,
            state is S.APPROVED and to_give,
            lambda: ask_payment(page, shown),
        ),
        (
            lambda: _("Close the claim"),
            "lock",
            claim_execution.close,
            state is S.EXECUTED,
            do(claim_execution.close, _("The claim is closed and the return is settled.")),
        ),
        (
            lambda: _("Charge a supplier…"),
            "coins",
            claim_execution.charge_back,
            is_given,
            lambda: ask_charge_back(page, shown),
        ),
        (
            lambda: _("Nothing left to do"),
            "circle-check",
            claim_execution.finish,
            state is S.APPROVED and shown.sums is not None and not to_give and not to_deliver,
            do(claim_execution.finish, _("The claim is executed.")),
        ),
        (
            lambda: _("Refuse…"),
            "ban",
            claim.refuse,
            state is S.APPROVAL,
            lambda: _ask_why(page, shown, claim.refuse, _("Refuse {number}")),
        ),
        (
            lambda: _("Withdraw…"),
            "arrow-back-up",
            claim.withdraw,
            state in (S.DRAFT, S.REVIEWED, S.CALCULATED),
            lambda: _ask_why(page, shown, claim.withdraw, _("Withdraw {number}")),
        ),
    ]


def ask_review(page: ClaimPage, shown: ClaimShown) -> None:
    """Ask which terms of the contract were checked."""
    ask_form(
        page,
        claim.review,
        name=f"claim.review.{shown.row.id}",
        title=_("Review {number} against the contract").format(number=shown.row.number),
        icon="file-check",
        words=lambda: _("Record the review"),
        fields={"text": Field(lambda: _("Terms that were checked"), NotesField(field="text", required=True))},
        then=lambda _none: page.booked(_("The review is recorded.")),
        claim_id=shown.row.id,
    )


def ask_delivery(page: ClaimPage, shown: ClaimShown) -> None:
    """Ask which replacement goods left with which order."""
    open_ones = [one for one in shown.positions if one.pieces_to_deliver > 0]
    choices = [
        Choice(
            one.id,
            wording.explained(f"{one.position} {one.product_code}", wording.pieces(one.pieces_to_deliver, one.unit)),
        )
        for one in open_ones
    ]
    dialog = ask_form(
        page,
        claim_execution.deliver,
        name=f"claim.deliver.{shown.row.id}",
        title=_("Goods delivered for {number}").format(number=shown.row.number),
        icon="truck",
        words=lambda: _("Record the delivery"),
        fields={
            "claim_position_id": Field(lambda: _("Line"), ChoiceField(choices, field="claim_position_id")),
            "pieces": Field(lambda: _("Pieces"), NumberField(), required=True),
            "order_no": Field(lambda: _("Order no."), TextField(field="order_no", required=True), required=True),
            "delivery_no": Field(lambda: _("Delivery no."), TextField(field="delivery_no", longest=60)),
        },
        then=lambda _none: page.booked(_("The delivery is recorded.")),
    )
    if not dialog.form.dirty:
        dialog.form.open({"claim_position_id": open_ones[0].id, "pieces": str(open_ones[0].pieces_to_deliver)})


def ask_payment(page: ClaimPage, shown: ClaimShown) -> None:
    """Ask how finance gave which amount."""
    kinds = [Choice(one, partial(_, words)) for one, words in PAYMENTS.items()]
    dialog = ask_form(
        page,
        claim_execution.pay,
        name=f"claim.pay.{shown.row.id}",
        title=_("Money given for {number}").format(number=shown.row.number),
        icon="receipt-yuan",
        words=lambda: _("Record the money"),
        fields={
            "amount": Field(
                lambda: _("Amount ({currency})").format(currency=shown.row.currency),
                AmountField(field="amount"),
                required=True,
            ),
            "kind": Field(lambda: _("How"), ChoiceField(kinds, field="kind")),
            "voucher": Field(lambda: _("Voucher no."), TextField(field="voucher", longest=60)),
        },
        arguments=lambda values: values | {"kind": PaymentKind(values["kind"])},
        then=lambda _none: page.booked(_("The money is recorded.")),
        claim_id=shown.row.id,
    )
    if shown.sums is not None and not dialog.form.dirty:
        dialog.form.open({"amount": str(shown.sums.to_give)})


def ask_charge_back(page: ClaimPage, shown: ClaimShown) -> None:
    """Ask which supplier bears which amount."""
    ask_form(
        page,
        claim_execution.charge_back,
        name=f"claim.charge_back.{shown.row.id}",
        title=_("Charge a supplier for {number}").format(number=shown.row.number),
        icon="coins",
        words=lambda: _("Charge"),
        fields={
            "supplier": Field(lambda: _("Supplier's code"), TextField(field="supplier", longest=40)),
            "supplier_name": Field(
                lambda: _("Or the name, where there is no code"), TextField(field="supplier_name", longest=80)
            ),
            "amount": Field(lambda: _("Amount (CNY)"), AmountField(field="amount"), required=True),
            "debit_note": Field(lambda: _("Debit note"), TextField(field="debit_note", longest=60)),
        },
        then=lambda _none: page.booked(_("The supplier is charged.")),
        claim_id=shown.row.id,
    )


def _ask_why(page: ClaimPage, shown: ClaimShown, verb: Any, title: str) -> None:  # noqa: ANN401 - a verb
    ask_form(
        page,
        verb,
        name=f"{verb.name}.{shown.row.id}",
        title=title.format(number=shown.row.number),
        icon="ban",
        words=lambda: _("Yes, do it"),
        fields={"reason": Field(lambda: _("Why"), NotesField(field="reason", required=True), required=True)},
        then=lambda _none: page.booked(_("The claim is refused; another one may be prepared.")),
        claim_id=shown.row.id,
    )


def sign_place(page: ClaimPage, shown: ClaimShown, place: PlaceShown) -> None:
    """Open the signature of one place of the sheet."""
    title = _("Sign place {number} of {claim}: {title}").format(
        number=int(place.place), claim=shown.row.number, title=_(place.title)
    )
    why = _("Why you: this place of the return analysis sheet belongs to your seat.")
    request = _request(page, shown, title=title, verb=_("Sign"), why=why, rule="004-J")
    sign(
        page,
        claim.sign_place,
        request,
        then=lambda _none: page.booked(_("The place is signed.")),
        remark_as="",
        claim_id=shown.row.id,
        place=place.place,
        read_hash=shown.content_hash,
    )


def approve(page: ClaimPage, shown: ClaimShown) -> None:
    """Open the signature of the approval."""
    reasons = wording.clauses(str(reason) for reason in shown.need.reasons) if shown.need else ""
    request = _request(
        page,
        shown,
        title=_("Approve claim {number}").format(number=shown.row.number),
        verb=_("Approve and sign"),
        why=_("Why you: {reasons}").format(reasons=reasons or _("the authority table names your seat")),
        rule=_("Authority table, on the net figures of the claim"),
    )
    sign(
        page,
        claim.approve,
        request,
        then=lambda _none: page.booked(_("The claim is signed.")),
        claim_id=shown.row.id,
        read_hash=shown.content_hash,
    )


def _request(page: ClaimPage, shown: ClaimShown, *, title: str, verb: str, why: str, rule: str) -> SignatureRequest:
    session, one, read = page.workplace.session, shown.row, page.record
    amount = wording.money(one.amount, one.currency) if one.amount is not None else "\u2014"
    signed = sum(place.signed_at is not None for place in shown.places)
    return SignatureRequest(
        title=title,
        verb=verb,
        state=state_of(one),
        subject=f"{one.customer_name} \u00b7 {one.rma_number}",
        figures=[
            Figure(_("Pieces settled"), wording.pieces(one.pieces_settled)),
            Figure(_("Amount"), amount),
            Figure(_("Places signed"), f"{signed} / {len(shown.places)}"),
        ],
        why_you=why,
        rule=rule,
        evidence=(),
        signed=_("What is signed: content {hash}, {pieces} pieces, {amount}").format(
            hash=short_hash(shown.content_hash), pieces=wording.pieces(one.pieces_settled), amount=amount
        ),
        signer=session.name,
        seat=trade_words.seat_of(session.roles),
        station=session.station,
        moment=wording.moment(read.now) if read is not None else "",
    )
