"""What can be done to a recall: assess, narrow, hear, report, decide by signature, run, close; and holds on lots."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Role
from qms_desktop.steps import recall
from qms_desktop.steps.recall import LotStop, ProgressKind, RecallState, RecallTrigger, Seat
from qms_desktop.ui import signature_dialog, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.chip import State
from qms_desktop.ui.controls import Choice, ChoiceField, NotesField, TextField
from qms_desktop.ui.eight_d_controls import OptionalPieces
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.rows import row
from qms_desktop.ui.signature_dialog import Figure, SignatureRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qms_desktop.steps.recall import HoldShown, RecallLineShown
    from qms_desktop.ui.recall import RecallPage, RecallRead

Deed = tuple[Any, str, Any, bool, str, "Callable[[], object]"]
TRIGGERS: Mapping[RecallTrigger, str] = {
    RecallTrigger.SAFETY_OR_KEY: N_("safety or key characteristic"),
    RecallTrigger.BANNED_SUBSTANCE: N_("banned substance"),
}
PROGRESS: Mapping[ProgressKind, str] = {
    ProgressKind.INFORMED: N_("The customer was told"),
    ProgressKind.RECOVERED: N_("Pieces came back"),
    ProgressKind.CHECKED_GOOD: N_("Pieces were checked there and are good"),
    ProgressKind.SCRAPPED_THERE: N_("Pieces were scrapped there"),
    ProgressKind.USED_UP: N_("Pieces are used up"),
}
_KINDS_OF_LOT = {
    "supplier_lot": N_("Supplier's lot"),
    "material_lot": N_("Material lot"),
    "lot": N_("Lot of finished goods"),
}


PLAIN = "plain"  # never the primary, even when it is the only deed


def seat_words(seat: Seat) -> str:
    """Name a seat in the current language."""
    return _(trade_words.SEATS[Role(str(seat))])


def buttons(page: RecallPage, read: RecallRead) -> tuple[Button | None, list[Button]]:
    """Give the next step of this person, and what else this person may do now."""
    session = page.workplace.session
    offered = [deed for deed in _deeds(page, read) if deed[3] and session.may(deed[2].permission)]
    made = [
        Button(
            words,
            kind="" if kind == PLAIN else kind or ("primary" if place == 0 else ""),
            icon=icon,
            height=theme.HEAD_BUTTON,
            clicked=do,
        )
        for place, (words, icon, _verb, _possible, kind, do) in enumerate(offered)
    ]
    return (made[0], made[1:]) if made else (None, [])


def _deeds(page: RecallPage, read: RecallRead) -> list[Deed]:
    state, shown = read.shown.row.state, read.shown
    assessed, reported = state is RecallState.ASSESSED, state is RecallState.REPORTED
    mine = own_seats(page, read)
    chosen = page.view.chosen_lines()
    return [
        (
            lambda: _("Trace and assess…"),
            "scale",
            recall.assess,
            state is RecallState.SUSPECTED,
            "",
            lambda: assess(page, read),
        ),
        (
            lambda: _("Approve the recall…"),
            "signature",
            recall.decide,
            reported,
            "danger",
            lambda: decide(page, read, is_approved=True),
        ),
        (lambda: _("No recall…"), "x", recall.decline, reported, PLAIN, lambda: decide(page, read, is_approved=False)),
        (
            lambda: _("Speak to the scope…"),
            "users",
            recall.hear,
            assessed and bool(mine),
            "",
            lambda: hear(page, read, mine),
        ),
        (
            lambda: _("Report to the general manager"),
            "send",
            recall.report_to_gm,
            assessed and not shown.still_to_hear,
            "",
            lambda: _run(page, recall.report_to_gm, N_("It is reported; the general manager decides.")),
        ),
        (
            lambda: _("Take out of the scope…"),
            "circle-minus",
            recall.narrow,
            assessed and bool(shown.lines),
            PLAIN,
            lambda: narrow(page, read, page.view.chosen_lines()),
        ),
        (
            lambda: _("Put back into the scope"),
            "circle-plus",
            recall.include,
            assessed and any(not one.is_in_scope and not one.is_complainant for one in chosen),
            PLAIN,
            lambda: include(page, page.view.chosen_lines()),
        ),
        (
            lambda: _("Trace a further lot"),
            "hierarchy-2",
            recall.widen,
            assessed,
            PLAIN,
            lambda: _run(page, recall.widen, N_("The assessment is open again; trace the further lot.")),
        ),
        (
            lambda: _("Take the report back…"),
            "arrow-back-up",
            recall.take_report_back,
            reported,
            PLAIN,
            lambda: take_back(page, read),
        ),
        (
            lambda: _("Start the recall"),
            "speakerphone",
            recall.start,
            state is RecallState.APPROVED,
            "",
            lambda: _run(page, recall.start, N_("The recall runs. Tell every customer in the scope.")),
        ),
        (
            lambda: _("Record what was done…"),
            "phone-call",
            recall.record_progress,
            state is RecallState.RUNNING,
            "",
            lambda: progress(page, page.view.chosen_lines()),
        ),
        (
            lambda: _("Complete the recall"),
            "flag",
            recall.complete,
            state is RecallState.RUNNING,
            PLAIN,
            lambda: _run(page, recall.complete, N_("The recall is complete.")),
        ),
    ]


def own_seats(page: RecallPage, read: RecallRead) -> list[Seat]:
    """Give the seats that this person holds and that have not spoken yet."""
    return [seat for seat in read.shown.still_to_hear if Role(str(seat)) in page.workplace.session.roles]


def _run(page: RecallPage, verb: Any, said: str) -> None:  # noqa: ANN401 - a verb
    page.run(verb, then=lambda _none: page.done(_(said)), recall_id=page.record_id)


def assess(page: RecallPage, read: RecallRead) -> None:
    """Ask what is traced, and freeze what is found."""
    kinds = [Choice(name, partial(_, words)) for name, words in _KINDS_OF_LOT.items()]
    fields = {
        "kind": Field(lambda: _("What is traced"), ChoiceField(kinds, field="kind")),
        "number": Field(lambda: _("Its number"), TextField(field="lot", required=True), required=True),
        "question": Field(
            lambda: _("The question in a sentence"),
            NotesField(field="question", required=True),
            required=True,
            hint=lambda: _("Such as: where was supplier lot S463087 used?"),
        ),
    }

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        product = {"product": read.shown.row.product_code} if values["kind"] == "lot" else {}
        return {"question": values["question"], values["kind"]: values["number"], **product}

    ask_form(
        page,
        recall.assess,
        name=f"recall.assess.{page.record_id}",
        title=_("Assess {number}").format(number=read.shown.row.number),
        icon="scale",
        words=lambda: _("Trace and freeze"),
        fields=fields,
        lines=[row((fields["kind"], 1), (fields["number"], 1), gap=14), fields["question"]],
        arguments=arguments,
        then=lambda found: page.done(
            _("{pieces} pieces at {customers} other customers were found.").format(
                pieces=wording.pieces(found.pieces), customers=found.customers
            )
        ),
        recall_id=page.record_id,
    )


def narrow(page: RecallPage, read: RecallRead, lines: Sequence[RecallLineShown]) -> None:
    """Ask why the chosen shipments are out of the scope."""
    ids = tuple(one.id for one in lines if one.is_in_scope and not one.is_complainant)
    if not ids:
        page.say(_("Choose the shipments that leave the scope; several with Ctrl or Shift."), tone="wait")
        return
    pieces = sum(one.pieces for one in lines if one.id in ids)
    scope = TextField(field="scope", longest=500)
    scope.put(read.shown.scope)
    ask_form(
        page,
        recall.narrow,
        name=f"recall.narrow.{page.record_id}",
        title=_("Out of the scope: {shipments}, {pieces}").format(
            shipments=wording.count_of(len(ids), N_("{count} shipment"), N_("{count} shipments")),
            pieces=wording.all_pieces(pieces),
        ),
        icon="circle-minus",
        words=lambda: _("Take them out"),
        fields={
            "reason": Field(
                lambda: _("Why they are not concerned"), NotesField(field="reason", required=True), required=True
            ),
            "scope": Field(lambda: _("What remains, in a sentence"), scope),
        },
        then=lambda _none: page.done(_("The scope is narrower. Seats that spoke before speak again.")),
        recall_id=page.record_id,
        line_ids=ids,
    )


def include(page: RecallPage, lines: Sequence[RecallLineShown]) -> None:
    """Put the chosen shipments back."""
    ids = tuple(one.id for one in lines if not one.is_in_scope and not one.is_complainant)
    page.run(
        recall.include,
        then=lambda _none: page.done(_("The shipments are in the scope again.")),
        recall_id=page.record_id,
        line_ids=ids,
    )


def hear(page: RecallPage, read: RecallRead, seats: Sequence[Seat]) -> None:
    """Ask what the person's seat says to the scope as it stands."""
    made = [Choice(seat, partial(seat_words, seat)) for seat in seats]
    ask_form(
        page,
        recall.hear,
        name=f"recall.hear.{page.record_id}",
        title=_("Speak to the scope of {number}").format(number=read.shown.row.number),
        icon="users",
        words=lambda: _("Record it"),
        fields={
            "seat": Field(lambda: _("Seat"), ChoiceField(made, field="seat")),
            "opinion": Field(lambda: _("What it says"), NotesField(field="opinion", required=True), required=True),
        },
        then=lambda _none: page.done(_("It is recorded for this very scope.")),
        recall_id=page.record_id,
        read_hash=read.shown.content_hash,
    )


def take_back(page: RecallPage, read: RecallRead) -> None:
    """Ask why the report goes back."""
    ask_form(
        page,
        recall.take_report_back,
        name=f"recall.back.{page.record_id}",
        title=_("Take the report of {number} back").format(number=read.shown.row.number),
        icon="arrow-back-up",
        words=lambda: _("Take it back"),
        fields={"reason": Field(lambda: _("Reason"), NotesField(field="reason", required=True), required=True)},
        then=lambda _none: page.done(_("The scope may change again.")),
        recall_id=page.record_id,
    )


def decide(page: RecallPage, read: RecallRead, *, is_approved: bool) -> None:
    """Ask for the general manager's signature on exactly what is shown."""
    shown, session = read.shown, page.workplace.session
    in_scope = [one for one in shown.lines if one.is_in_scope]
    customers = len({one.customer_number for one in in_scope})
    short = f"{shown.content_hash[:4]}\u2026{shown.content_hash[-4:]}"
    title = _("Approve the recall {number}") if is_approved else _("No recall for {number}")
    request = SignatureRequest(
        title=title.format(number=shown.row.number),
        verb=_("Sign: recall") if is_approved else _("Sign: no recall"),
        state=State("recall", "reported"),
        subject=shown.scope or shown.question,
        figures=[
            Figure(_("Pieces in scope"), wording.pieces(shown.row.pieces_in_scope), "bad"),
            Figure(_("Customers"), str(customers)),
            Figure(_("Pieces found"), wording.pieces(shown.row.pieces_found)),
            Figure(_("Seats heard"), f"{sum(one.is_valid for one in shown.hearings)} / {len(Seat)}"),
        ],
        why_you=_("Why you: the general manager decides whether goods are recalled."),
        rule=_("Complaint procedure 6.9; the remark is the reason and is signed with the scope."),
        evidence=[],
        signed=_("You sign the content {hash}: {shipments}, in scope {pieces}").format(
            hash=short,
            shipments=wording.count_of(len(shown.lines), N_("{count} shipment"), N_("{count} shipments")),
            pieces=wording.all_pieces(shown.row.pieces_in_scope),
        ),
        signer=session.name,
        seat=trade_words.seat_of(session.roles),
        station=session.station or _("this PC"),
        moment=wording.moment(read.now),
        remark_required=True,
        can_be_sent_back=False,
    )
    signature_dialog.sign(
        page,
        recall.decide if is_approved else recall.decline,
        request,
        then=lambda _none: page.done(_("The decision is signed.")),
        remark_as="reason",
        recall_id=page.record_id,
        read_hash=shown.content_hash,
    )


def progress(page: RecallPage, lines: Sequence[RecallLineShown]) -> None:
    """Ask what was done for the chosen shipment."""
    chosen = next((one for one in lines if one.is_in_scope), None)
    if chosen is None:
        page.say(_("Choose a shipment of the scope in the table first."), tone="wait")
        return
    kinds = [Choice(kind, partial(_, words)) for kind, words in PROGRESS.items()]
    fields = {
        "kind": Field(lambda: _("What was done"), ChoiceField(kinds, field="kind")),
        "pieces": Field(lambda: _("Pieces"), OptionalPieces(field="pieces")),
        "text": Field(lambda: _("Remark"), NotesField(field="text")),
    }
    fields["kind"].control.put(ProgressKind.INFORMED if chosen.informed_at is None else ProgressKind.RECOVERED)
    ask_form(
        page,
        recall.record_progress,
        name=f"recall.progress.{chosen.id}",
        title=_("{customer}, {shipment}: {left} pieces open").format(
            customer=chosen.customer,
            shipment=chosen.shipment,
            left=wording.pieces(chosen.pieces - chosen.pieces_settled),
        ),
        icon="phone-call",
        words=lambda: _("Record it"),
        fields=fields,
        lines=[row((fields["kind"], 1), (fields["pieces"], 1), gap=14), fields["text"]],
        arguments=lambda values: values | {"pieces": values["pieces"] or 0},
        then=lambda _none: page.done(_("It is recorded.")),
        line_id=chosen.id,
    )


# Holds.


def hold(page: RecallPage) -> None:
    """Ask for the lots that are held, and why."""
    fields = {
        "product": Field(lambda: _("Product"), TextField(field="product", required=True), required=True),
        "lots": Field(
            lambda: _("Lots"),
            TextField(field="stops", required=True),
            required=True,
            hint=lambda: _("Several with commas between them"),
        ),
        "reason": Field(lambda: _("Why they are held"), NotesField(field="reason", required=True), required=True),
    }

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        lots = [lot.strip() for lot in values["lots"].replace("\uff0c", ",").split(",") if lot.strip()]
        return {"stops": tuple(LotStop(values["product"], lot) for lot in lots), "reason": values["reason"]}

    ask_form(
        page,
        recall.hold_lots,
        name="recall.hold",
        title=_("Put lots on hold"),
        icon="hand-stop",
        words=lambda: _("Put them on hold"),
        fields=fields,
        lines=[row((fields["product"], 1), (fields["lots"], 2), gap=14), fields["reason"]],
        arguments=arguments,
        then=lambda placed: page.done(
            wording.count_of(placed, N_("{count} lot is on hold now."), N_("{count} lots are on hold now."))
        ),
    )


def release(page: RecallPage, held: HoldShown) -> None:
    """Ask for the signature that releases a lot."""
    session = page.workplace.session
    name = f"{held.product} {held.lot}"
    request = SignatureRequest(
        title=_("Release {lot}").format(lot=name),
        verb=_("Release and sign"),
        state=State("hold", "on"),
        subject=held.reason,
        figures=[Figure(_("Lot"), name), Figure(_("On hold since"), wording.moment(held.since))],
        why_you=_("Why you: who may release a hold signs for it."),
        rule=_("The remark says why, such as who consented; it is signed with the release."),
        evidence=[],
        signed=_("You sign the content {hash} of this hold").format(
            hash=f"{held.content_hash[:4]}\u2026{held.content_hash[-4:]}"
        ),
        signer=session.name,
        seat=trade_words.seat_of(session.roles),
        station=session.station or _("this PC"),
        moment=wording.moment(page.now),
        remark_required=True,
        can_be_sent_back=False,
    )
    signature_dialog.sign(
        page,
        recall.release,
        request,
        then=lambda _none: page.done(_("{lot} is released.").format(lot=name)),
        hold_id=held.id,
        read_hash=held.content_hash,
    )
