"""What can be done to an 8D report and its versions: begin, submit, review, approve, send, answer, verify, close."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import N_, _
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps import eight_d
from qms_desktop.steps.eight_d import ReportKind, ReportState, VersionShown, VersionState
from qms_desktop.ui import signature_dialog, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import Choice, ChoiceField, NotesField, TextField
from qms_desktop.ui.eight_d_gates import open_version, state_of
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.signature_dialog import Figure, SignatureRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.ui.eight_d import EightDPage, EightDRead

Deed = tuple[Any, str, Any, bool, "Callable[[], object]"]
CHANNELS = {
    "EMAIL": N_("E-mail"),
    "PORTAL": N_("Customer's portal"),
    "WECHAT": N_("WeChat"),
    "POST": N_("By post"),
    "IN_PERSON": N_("In person"),
}
_SHORT = 4


def buttons(page: EightDPage, read: EightDRead) -> tuple[Button | None, list[Button]]:
    """Give the next step of this person, and what else this person may do now."""
    session = page.workplace.session
    offered = [
        (words, icon, do)
        for words, icon, verb, is_possible, do in (*_version_deeds(page, read), *_report_deeds(page, read))
        if is_possible and session.may(verb.permission)
    ]
    made = [
        Button(words, kind="primary" if place == 0 else "", icon=icon, height=theme.HEAD_BUTTON, clicked=do)
        for place, (words, icon, do) in enumerate(offered)
    ]
    return (made[0], made[1:]) if made else (None, [])


def _version_deeds(page: EightDPage, read: EightDRead) -> list[Deed]:
    version = open_version(read.shown)
    newest = read.shown.versions[-1] if read.shown.versions else None
    state = version.state if version else None
    in_review = state is VersionState.REVIEW
    reviewed = version is not None and any(one.is_valid and one.meaning is Meaning.REVIEW for one in version.signatures)
    is_sent = newest is not None and newest.state is VersionState.SENT
    is_closed = read.shown.row.state is ReportState.CLOSED
    return [
        (
            lambda: _("Submit…"),
            "send",
            eight_d.submit,
            state is VersionState.DRAFT,
            lambda: _sign(page, read, version, eight_d.submit),
        ),
        (
            lambda: _("Sign the review…"),
            "user-check",
            eight_d.pass_review,
            in_review and not reviewed,
            lambda: _sign(page, read, version, eight_d.pass_review),
        ),
        (
            lambda: _("Approve and sign…"),
            "signature",
            eight_d.approve,
            in_review and reviewed,
            lambda: _sign(page, read, version, eight_d.approve),
        ),
        (
            lambda: _("Send to the customer…"),
            "send",
            eight_d.send,
            state is VersionState.APPROVED,
            lambda: send(page, read),
        ),
        (lambda: _("Send back…"), "arrow-back-up", eight_d.send_back, in_review, lambda: send_back(page, read)),
        (
            lambda: _("Withdraw…"),
            "arrow-back-up",
            eight_d.take_back,
            state is VersionState.APPROVED,
            lambda: _ask_reason(page, read, eight_d.take_back, _("Take the version back")),
        ),
        (lambda: _("Customer's answer…"), "message-report", eight_d.record_answer, is_sent, lambda: answer(page, read)),
        (
            lambda: _("Begin a version…"),
            "versions",
            eight_d.begin_version,
            version is None and not is_closed,
            lambda: begin_version(page, read),
        ),
    ]


def _report_deeds(page: EightDPage, read: EightDRead) -> list[Deed]:
    state = read.shown.row.state
    was_sent = any(one.sent_at is not None and one.kind is not ReportKind.THREE_D for one in read.shown.versions)
    is_open = state in (ReportState.OPEN, ReportState.REOPENED)
    verifying = state is ReportState.VERIFYING
    return [
        (
            lambda: _("Begin the verification"),
            "target-arrow",
            eight_d.begin_verification,
            is_open and was_sent,
            lambda: _run(page, eight_d.begin_verification, N_("The verification has begun."), page.record_id),
        ),
        (
            lambda: _("What was verified…"),
            "checklist",
            eight_d.record_effect,
            verifying,
            lambda: record_effect(page, read),
        ),
        (
            lambda: _("Close the report"),
            "circle-check",
            eight_d.close,
            verifying,
            lambda: _run(page, eight_d.close, N_("The report is closed."), page.record_id),
        ),
        (
            lambda: _("Open again…"),
            "repeat",
            eight_d.reopen,
            state is ReportState.CLOSED,
            lambda: reopen(page, read),
        ),
    ]


def _run(page: EightDPage, verb: Any, said: str, record_id: int | None) -> None:  # noqa: ANN401 - a verb
    page.run(verb, then=lambda _none: page.done(_(said)), eight_d_id=record_id)


def _sign(page: EightDPage, read: EightDRead, version: VersionShown | None, verb: Any) -> None:  # noqa: ANN401 - a verb
    if version is None:
        return
    dialog = signature_dialog.sign(
        page,
        verb,
        _request(page, read, version, verb),
        then=lambda _none: page.done(_signed_words(read, version)),
        remark_as="" if verb is eight_d.submit else "remark",
        version_id=version.id,
        read_hash=version.content_hash,
    )
    dialog.sent_back.connect(lambda: send_back(page, read))


def _signed_words(read: EightDRead, version: VersionShown) -> str:
    return _("{number} {kind} is signed.").format(number=read.shown.row.number, kind=version.kind)


_TITLES = {
    "submit": (N_("Submit {what}"), N_("Submit and sign"), N_("Why you: you hand your own report to the review.")),
    "pass_review": (
        N_("Review {what}"),
        N_("Sign the review"),
        N_("Why you: causes, measures and evidence are reviewed by somebody who did not write them."),
    ),
    "approve": (
        N_("Approve {what}"),
        N_("Approve and sign"),
        N_("Why you: the quality manager approves, for the 8D of a major complaint the general manager too."),
    ),
}


def _request(page: EightDPage, read: EightDRead, version: VersionShown, verb: Any) -> SignatureRequest:  # noqa: ANN401
    session, shown = page.workplace.session, read.shown
    title, verb_words, why = _TITLES[verb.__name__]
    stopping = [gate for gate in read.gates if version.kind in gate.stops]
    done = sum(str(section.progress) == "done" for section in shown.sections)
    short = f"{version.content_hash[:_SHORT]}\u2026{version.content_hash[-_SHORT:]}"
    return SignatureRequest(
        title=_(title).format(what=f"{shown.row.number} {version.kind}"),
        verb=_(verb_words),
        state=state_of(version),
        subject=f"{shown.row.customer_name} \u00b7 {shown.row.title}",
        figures=[
            Figure(_("Version"), str(version.kind)),
            Figure(_("Revision"), str(version.revision)),
            Figure(_("Sections done"), f"{done} / {len(shown.sections)}"),
            Figure(_("Open gates"), str(len(stopping)), "bad" if stopping else "text"),
        ],
        why_you=_(why),
        rule=_("Complaint procedure, 8D: author, reviewer and approver are three people."),
        evidence=[],
        signed=_("You sign the content {hash} of {kind}, revision {revision}").format(
            hash=short, kind=version.kind, revision=version.revision
        ),
        signer=session.name,
        seat=trade_words.seat_of(session.roles),
        station=session.station or _("this PC"),
        moment=wording.moment(read.now),
        can_be_sent_back=verb is not eight_d.submit and session.may(eight_d.send_back.permission),
    )


def send_back(page: EightDPage, read: EightDRead) -> None:
    """Ask why the version goes back to its author."""
    _ask_reason(page, read, eight_d.send_back, _("Send the version back to its author"))


def _ask_reason(page: EightDPage, read: EightDRead, verb: Any, title: str) -> None:  # noqa: ANN401 - a verb
    version = open_version(read.shown)
    if version is None:
        return
    reason = Field(lambda: _("Reason"), NotesField(field="reason", required=True), required=True)
    ask_form(
        page,
        verb,
        name=f"eight_d.{verb.__name__}.{version.id}",
        title=title,
        icon="arrow-back-up",
        words=lambda: _("Send back"),
        fields={"reason": reason},
        then=lambda _none: page.done(_("The version is a draft again; the reason stays on record.")),
        version_id=version.id,
    )


def begin_version(page: EightDPage, read: EightDRead) -> None:
    """Ask which version begins and what is new in it."""
    sent = {one.kind for one in read.shown.versions if one.sent_at is not None}
    kinds = ChoiceField([Choice(kind, str(kind)) for kind in ReportKind], field="kind")
    kinds.put(next((kind for kind in ReportKind if kind not in sent), ReportKind.EIGHT_D))
    fields = {
        "kind": Field(
            lambda: _("Version"), kinds, hint=lambda: _("3D within a day, 5D with the causes, 8D at the end")
        ),
        "change_text": Field(lambda: _("What is new since the last one"), NotesField(field="change_text")),
    }
    ask_form(
        page,
        eight_d.begin_version,
        name=f"eight_d.begin.{page.record_id}",
        title=_("Begin a version of {number}").format(number=read.shown.row.number),
        icon="versions",
        words=lambda: _("Begin"),
        fields=fields,
        then=lambda begun: page.done(_("Revision {revision} is a draft now.").format(revision=begun.revision)),
        eight_d_id=page.record_id,
    )


def send(page: EightDPage, read: EightDRead) -> None:
    """Ask how the approved version left, and to whom."""
    version = open_version(read.shown)
    if version is None:
        return
    channels = [Choice(value, partial(_, words)) for value, words in CHANNELS.items()]
    fields = {
        "channel": Field(lambda: _("How it is sent"), ChoiceField(channels, field="channel")),
        "sent_to": Field(lambda: _("To whom"), TextField(field="sent_to", required=True), required=True),
    }
    ask_form(
        page,
        eight_d.send,
        name=f"eight_d.send.{version.id}",
        title=_("Send {kind} to {customer}").format(kind=version.kind, customer=read.shown.row.customer_name),
        icon="send",
        words=lambda: _("Record that it was sent"),
        fields=fields,
        then=lambda _hash: page.done(_("It is recorded as sent; its limits are met.")),
        version_id=version.id,
    )


def answer(page: EightDPage, read: EightDRead) -> None:
    """Ask what the customer said to the version that was sent."""
    version = read.shown.versions[-1]
    said = [Choice(True, lambda: _("The customer accepts it")), Choice(False, lambda: _("The customer sends it back"))]
    fields = {
        "is_accepted": Field(lambda: _("Answer"), ChoiceField(said, field="is_accepted")),
        "text": Field(lambda: _("In the customer's words"), NotesField(field="text")),
    }
    ask_form(
        page,
        eight_d.record_answer,
        name=f"eight_d.answer.{version.id}",
        title=_("The customer's answer to {kind}").format(kind=version.kind),
        icon="message-report",
        words=lambda: _("Record the answer"),
        fields=fields,
        then=lambda _none: page.done(_("The answer is recorded.")),
        version_id=version.id,
    )


def record_effect(page: EightDPage, read: EightDRead) -> None:
    """Ask what the verification found."""
    found = [Choice(True, lambda: _("The measures work")), Choice(False, lambda: _("They do not: a new round begins"))]
    text = NotesField(field="text", required=True)
    hint = lambda: _("How many pieces, over which time, before and after")  # noqa: E731 - one line
    fields = {
        "is_effective": Field(lambda: _("Result"), ChoiceField(found, field="is_effective")),
        "text": Field(lambda: _("What was found"), text, required=True, hint=hint),
    }
    ask_form(
        page,
        eight_d.record_effect,
        name=f"eight_d.effect.{page.record_id}",
        title=_("Verification of {number}").format(number=read.shown.row.number),
        icon="target-arrow",
        words=lambda: _("Record the result"),
        fields=fields,
        then=lambda _none: page.done(_("The result of the verification is recorded.")),
        eight_d_id=page.record_id,
    )


def reopen(page: EightDPage, read: EightDRead) -> None:
    """Ask why a closed report is opened again."""
    ask_form(
        page,
        eight_d.reopen,
        name=f"eight_d.reopen.{page.record_id}",
        title=_("Open {number} again").format(number=read.shown.row.number),
        icon="repeat",
        words=lambda: _("Open again"),
        fields={"reason": Field(lambda: _("Reason"), NotesField(field="reason", required=True), required=True)},
        then=lambda _none: page.done(_("The report is open again; a new round begins.")),
        eight_d_id=page.record_id,
    )
