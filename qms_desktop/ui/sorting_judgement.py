"""Judging the goods: what is wrong, how it was found, who is responsible in shares of 100, and the signature."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop.i18n import _
from qms_desktop.steps import sorting
from qms_desktop.steps.sorting import NewShare
from qms_desktop.ui import finding, trade_words, wording
from qms_desktop.ui.chip import State
from qms_desktop.ui.controls import Choice, ChoiceField, NotesField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import FormDialog
from qms_desktop.ui.rows import row
from qms_desktop.ui.signature_dialog import Figure, SignatureRequest, sign
from qms_desktop.ui.sorting_entry import OptionalPieces
from qms_desktop.ui.sorting_words import RESPONSIBILITIES, responsible

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from qms_desktop.steps.sorting_reading import RoundShown
    from qms_desktop.ui.page import Page
    from qms_desktop.ui.pick import PickField


def ask(page: Page, shown: RoundShown, *, now: datetime, then: Callable[[int], object]) -> FormDialog:
    """Open the form of the judgement; its button opens the signature over it, and both close when it is signed."""
    defect = finding.pick(page, finding.defects, field="defect_code", required=False)
    fields = _fields(defect)

    def send(dialog: FormDialog, values: dict[str, Any]) -> None:
        shares = _shares(values)

        def signed(judgement_id: int) -> None:
            dialog.form.succeeded()
            dialog.accept()
            then(judgement_id)

        sign(
            page,
            sorting.judge,
            _request(page, shown, values, shares, defect.found_number, now=now),
            then=signed,
            remark_as="",
            round_id=shown.row.id,
            method=values["method"],
            limit_sample=values["limit_sample"],
            text=values["text"],
            shares=shares,
            defect_code=defect.found_number,
        )

    dialog = FormDialog(
        page,
        name=f"sorting.judge.{shown.row.id}",
        title=_("Judge {number}, line {position}").format(
            number=shown.row.rma_number, position=shown.row.position or "\u2014"
        ),
        icon="stethoscope",
        fields=fields,
        verb=lambda: _("Go on to the signature…"),
        send=send,
        lines=[
            fields["defect_code"],
            row((fields["method"], 1), (fields["limit_sample"], 1), gap=12),
            fields["text"],
            row(
                (fields["first"], 2),
                (fields["first_percent"], 1),
                (fields["second"], 2),
                (fields["second_percent"], 1),
                gap=12,
            ),
            fields["supplier"],
        ],
        width=680,
    )
    if not dialog.form.dirty:
        _begin(dialog, shown)
    dialog.open()
    return dialog


def _fields(defect: PickField) -> dict[str, Field]:
    codes = [Choice(code, partial(_, words)) for code, words in RESPONSIBILITIES.items()]
    return {
        "defect_code": Field(
            lambda: _("Defect code"),
            defect,
            hint=lambda: _("Code or name"),
        ),
        "method": Field(lambda: _("How it was found"), TextField(field="method", required=True), required=True),
        "limit_sample": Field(lambda: _("Limit sample"), TextField(field="limit_sample", longest=80)),
        "text": Field(lambda: _("Finding and cause"), NotesField(field="text", required=True), required=True),
        "first": Field(lambda: _("Responsibility"), ChoiceField(codes, field="first", empty=lambda: _("Choose one"))),
        "first_percent": Field(lambda: _("Percent"), OptionalPieces(field="first_percent")),
        "second": Field(
            lambda: _("Shared with"), ChoiceField([Choice(None, lambda: _("Nobody else")), *codes], field="second")
        ),
        "second_percent": Field(lambda: _("Percent"), OptionalPieces(field="second_percent")),
        "supplier": Field(
            lambda: _("Supplier's code, where a supplier is responsible"), TextField(field="supplier", longest=40)
        ),
    }


def _begin(dialog: FormDialog, shown: RoundShown) -> None:
    contents: dict[str, Any] = {"first_percent": "100"}
    if shown.judgements:
        last = shown.judgements[-1]
        contents |= {"method": last.method, "limit_sample": last.limit_sample, "text": last.text}
    dialog.form.open(contents)


def _shares(values: dict[str, Any]) -> tuple[NewShare, ...]:
    supplier = values["supplier"]
    wanted = [(values["first"], values["first_percent"])]
    if values["second"] is not None:
        wanted.append((values["second"], values["second_percent"]))
    return tuple(
        NewShare(
            sorting.Responsibility(code),
            percent,
            supplier if sorting.Responsibility(code) is sorting.Responsibility.SUPPLIER else "",
        )
        for code, percent in wanted
    )


def _request(
    page: Page, shown: RoundShown, values: dict[str, Any], shares: tuple[NewShare, ...], defect: str, *, now: datetime
) -> SignatureRequest:
    session, goods = page.workplace.session, shown.row
    in_words = wording.listed(responsible(share.code, share.percent, share.supplier) for share in shares)
    return SignatureRequest(
        title=_("Judge {number}, line {position}").format(number=goods.rma_number, position=goods.position or "\u2014"),
        verb=_("Judge and sign"),
        state=State("sorting", "waiting"),
        subject=f"{goods.customer_name} \u00b7 {goods.product_code} {goods.product_name}",
        figures=[
            Figure(_("Pieces"), wording.pieces(goods.pieces, goods.unit)),
            Figure(_("Lots"), wording.listed(shown.lots) or goods.lot_number or "\u2014"),
            Figure(_("Defect code"), defect or "\u2014"),
            Figure(_("Undecided"), wording.pieces(goods.pieces_undecided, goods.unit), "wait"),
        ],
        why_you=_("Why you: the inspector or the quality engineer judges returned goods before they are sorted."),
        rule="003-A §6.8; 004-C §4",
        evidence=(),
        signed=_("What is signed: {text} Responsible: {shares}").format(text=f"{values['text']}.", shares=in_words),
        signer=session.name,
        seat=trade_words.seat_of(session.roles),
        station=session.station,
        moment=wording.moment(now),
    )
