"""What can be done to a complaint: the next step as the one primary button, its alternatives, and their small forms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import _
from qms_desktop.steps import complaint, complaint_ending, rma
from qms_desktop.ui import theme, trade_words
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.complaint_form import OptionalNumber
from qms_desktop.ui.controls import CheckField, Choice, ChoiceField, MomentField, NotesField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.session import Session
    from qms_desktop.ui.complaint import ComplaintPage

S = complaint.ComplaintState


def buttons(page: ComplaintPage, shown: complaint.ComplaintShown) -> tuple[Button | None, list[Button]]:
    """Give the next step of a person, and what else this person may do now."""
    session: Session = page.workplace.session
    offered = [
        (words, icon, do)
        for words, icon, verb, is_possible, do in _deeds(page, shown)
        if is_possible and session.may(verb.permission)
    ]
    if not offered:
        return None, []
    made = [
        Button(words, kind="primary" if place == 0 else "", icon=icon, height=theme.HEAD_BUTTON, clicked=do)
        for place, (words, icon, do) in enumerate(offered)
    ]
    return made[0], made[1:3]


def _deeds(
    page: ComplaintPage, shown: complaint.ComplaintShown
) -> list[tuple[Any, str, Any, bool, Callable[[], object]]]:
    state = shown.row.state
    unmet = {limit.event for limit in shown.deadlines if limit.met_at is None}
    contains = complaint.Event.CONTAINMENT in unmet
    replies = bool(unmet - {complaint.Event.CONTAINMENT})
    may_move = lambda end: complaint.may_become(state, end)  # noqa: E731 - one line, used thrice
    return [
        (lambda: _("Accept"), "player-play", complaint.accept, may_move(S.ACCEPTED), lambda: accept(page, shown)),
        (
            lambda: _("Contain…"),
            "shield-check",
            complaint.contain,
            contains and state is not S.REGISTERED,
            lambda: contain(page, shown),
        ),
        (
            lambda: _("Begin the analysis"),
            "stethoscope",
            complaint.analyse,
            may_move(S.ANALYSIS) and state is not S.ACCEPTED,
            lambda: analyse(page, shown),
        ),
        (
            lambda: _("Is the customer satisfied?…"),
            "phone-call",
            complaint_ending.take_verdict,
            state in (S.REPLIED, S.CLOSED),
            lambda: take_verdict(page, shown),
        ),
        (
            lambda: _("Close…"),
            "circle-check",
            complaint_ending.close,
            state is S.VERIFYING,
            lambda: close(page, shown),
        ),
        (lambda: _("Reply…"), "send", complaint.reply, replies, lambda: reply(page, shown)),
        (lambda: _("Request an RMA…"), "truck-return", rma.request, state is not S.REFUSED, page.ask_for_rma),
        (
            lambda: _("Another measure…"),
            "shield-check",
            complaint.contain,
            not contains and state not in (S.REGISTERED, S.REFUSED, S.CLOSED, S.ARCHIVED),
            lambda: contain(page, shown),
        ),
        (
            lambda: _("Extend a limit…"),
            "clock-edit",
            complaint.tell_extension,
            bool(unmet),
            lambda: extend(page, shown),
        ),
        (
            lambda: _("Refuse…"),
            "circle-x",
            complaint_ending.refuse,
            may_move(S.REFUSED),
            lambda: refuse(page, shown),
        ),
    ]


def accept(page: ComplaintPage, shown: complaint.ComplaintShown) -> None:
    """Accept the complaint at once."""
    page.run(
        complaint.accept,
        then=lambda _none: _done(page, _("{number} is accepted.").format(number=shown.row.number)),
        complaint_id=shown.row.id,
    )


def analyse(page: ComplaintPage, shown: complaint.ComplaintShown) -> None:
    """Begin the analysis at once."""
    page.run(
        complaint.analyse,
        then=lambda _none: _done(page, _("The analysis of {number} has begun.").format(number=shown.row.number)),
        complaint_id=shown.row.id,
    )


def contain(page: ComplaintPage, shown: complaint.ComplaintShown) -> None:
    """Ask what was done at once, and which lots are put on hold."""
    lots = list(dict.fromkeys((line.product_code, line.lot_number) for line in shown.lines if line.lot_number))
    fields = {
        "place": Field(lambda: _("Place"), TextField(field="place", required=True), required=True),
        "measure": Field(
            lambda: _("What was done at once"), NotesField(field="measure", required=True, height=64), required=True
        ),
        "pieces": Field(lambda: _("Pieces that are held"), OptionalNumber(field="pieces")),
        **{f"hold.{place}": Field("", CheckField(partial(_hold_words, *one))) for place, one in enumerate(lots)},
    }

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        stops = tuple(
            complaint.LotStop(product, lot) for place, (product, lot) in enumerate(lots) if values[f"hold.{place}"]
        )
        return {"place": values["place"], "measure": values["measure"], "pieces": values["pieces"], "stops": stops}

    ask_form(
        page,
        complaint.contain,
        name=f"contain.{shown.row.id}",
        title=_("Contain {number}").format(number=shown.row.number),
        icon="shield-check",
        words=lambda: _("Record the measure"),
        fields=fields,
        arguments=arguments,
        then=lambda _none: _done(page, _("The measure is recorded for {number}.").format(number=shown.row.number)),
        complaint_id=shown.row.id,
    )


def _hold_words(product: str, lot: str) -> str:
    return _("Put {lot} on hold").format(lot=f"{product} {lot}")


def reply(page: ComplaintPage, shown: complaint.ComplaintShown) -> None:
    """Ask what the customer was told; it meets the limits of its kind."""
    kinds = [
        Choice(kind, partial(_, words))
        for kind, words in trade_words.REPLIES.items()
        if kind is not complaint.ReplyKind.EXTENSION
    ]
    fields = {
        "kind": Field(lambda: _("Kind of answer"), ChoiceField(kinds, field="kind")),
        "text": Field(
            lambda: _("What the customer was told"), NotesField(field="text", required=True, height=110), required=True
        ),
        "sent_by": Field(
            lambda: _("Sent by"), TextField(field="sent_by", placeholder=lambda: _("E-mail, portal, letter"))
        ),
    }
    ask_form(
        page,
        complaint.reply,
        name=f"reply.{shown.row.id}",
        title=_("Reply to {number}").format(number=shown.row.number),
        icon="send",
        words=lambda: _("Record the answer"),
        fields=fields,
        then=lambda _none: _done(page, _("The answer is recorded for {number}.").format(number=shown.row.number)),
        complaint_id=shown.row.id,
    )


def extend(page: ComplaintPage, shown: complaint.ComplaintShown) -> None:
    """Ask which limit moves, to when, and what the customer was told."""
    running = [
        Choice(limit.event, partial(_, trade_words.EVENTS[limit.event]))
        for limit in shown.deadlines
        if limit.met_at is None
    ]
    fields = {
        "event": Field(lambda: _("Limit"), ChoiceField(running, field="event")),
        "until": Field(lambda: _("New date and time"), MomentField(field="until"), required=True),
        "reason": Field(
            lambda: _("Reason, as the customer was told"),
            NotesField(field="reason", required=True, height=64),
            required=True,
        ),
    }
    ask_form(
        page,
        complaint.tell_extension,
        name=f"extend.{shown.row.id}",
        title=_("Extend a limit of {number}").format(number=shown.row.number),
        icon="clock-edit",
        words=lambda: _("Record the extension"),
        fields=fields,
        then=lambda _none: _done(page, _("The new date is recorded for {number}.").format(number=shown.row.number)),
        complaint_id=shown.row.id,
    )


def refuse(page: ComplaintPage, shown: complaint.ComplaintShown) -> None:
    """Ask why the complaint is not taken on."""
    reason = NotesField(field="reason", required=True, height=64)
    ask_form(
        page,
        complaint_ending.refuse,
        name=f"refuse.{shown.row.id}",
        title=_("Refuse {number}").format(number=shown.row.number),
        icon="circle-x",
        words=lambda: _("Refuse the complaint"),
        fields={"reason": Field(lambda: _("Reason, as the customer was told"), reason, required=True)},
        then=lambda _none: _done(page, _("{number} is refused.").format(number=shown.row.number)),
        complaint_id=shown.row.id,
    )


def take_verdict(page: ComplaintPage, shown: complaint.ComplaintShown) -> None:
    """Ask what the customer said to the answer, or when called back."""
    choices = [Choice(True, lambda: _("Satisfied")), Choice(False, lambda: _("Not satisfied"))]
    called_back = shown.row.state is S.CLOSED
    fields = {
        "is_satisfied": Field(lambda: _("The customer is"), ChoiceField(choices, field="is_satisfied")),
        "said_by": Field(
            lambda: _("Who at the customer said so"), TextField(field="said_by", required=True), required=True
        ),
        "text": Field(lambda: _("In the customer's words"), NotesField(field="text", height=64)),
    }
    title = _("Call back for {number}") if called_back else _("Is the customer satisfied with the answer to {number}?")
    ask_form(
        page,
        complaint_ending.take_verdict,
        name=f"verdict.{shown.row.id}.{shown.round}",
        title=title.format(number=shown.row.number),
        icon="phone-call",
        words=lambda: _("Record what the customer said"),
        fields=fields,
        then=lambda _state: _done(
            page, _("The customer's word is recorded for {number}.").format(number=shown.row.number)
        ),
        complaint_id=shown.row.id,
    )


def close(page: ComplaintPage, shown: complaint.ComplaintShown) -> None:
    """Ask how the effect was confirmed."""
    text = NotesField(field="text", required=True, height=90)
    ask_form(
        page,
        complaint_ending.close,
        name=f"close.{shown.row.id}.{shown.round}",
        title=_("Close {number}").format(number=shown.row.number),
        icon="circle-check",
        words=lambda: _("Close the complaint"),
        fields={"text": Field(lambda: _("How the effect was confirmed, what became standard"), text, required=True)},
        then=lambda _none: _done(page, _("{number} is closed; the call-back is due.").format(number=shown.row.number)),
        complaint_id=shown.row.id,
    )


def _done(page: ComplaintPage, text: str) -> None:
    page.say(text)
    page.reload()
