"""What stands beside a claim: the seven places of the sheet, and the signatures that the authority table asks for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout

from qms_desktop.i18n import _
from qms_desktop.rules.approval import ApprovalRule, Subject, starting_rules
from qms_desktop.rules.signature import Meaning
from qms_desktop.steps.claim import ClaimState
from qms_desktop.ui import theme, trade_words, wording
from qms_desktop.ui.approval import ApprovalPanel, Place, Rung
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cards import card_head
from qms_desktop.ui.rma_approval import condition_of, short_hash
from qms_desktop.ui.rows import column, empty_out, row
from qms_desktop.ui.text import Eliding, Rule, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from qms_desktop.permissions import Role
    from qms_desktop.session import Session
    from qms_desktop.steps.claim_reading import ClaimShown, PlaceShown

S = ClaimState


def show(panel: ApprovalPanel, shown: ClaimShown) -> None:
    """Fill the approval panel; who may not see money sees the places of the sheet alone."""
    panel.setVisible(shown.need is not None)
    if shown.need is None:
        return
    short = short_hash(shown.content_hash)
    panel.show_approval(
        [_signer(shown, role) for role in shown.need.roles] or [_nobody(shown)],
        ladder_title=_("Authority table"),
        ladder=_ladder(shown),
        source=_("Source: complaint procedure, {rule}").format(rule=_source(shown)),
        covers=_("What is signed is the content {hash}. A later change of pieces or amount asks again.").format(
            hash=short
        ),
    )


def _nobody(shown: ClaimShown) -> Place:
    held = next((one for one in shown.signatures if one.meaning is Meaning.APPROVE and one.is_valid), None)
    if held is not None:
        return Place(held.name, trade_words.seat_of(held.roles), "done", wording.moment(held.at))
    words = _("No limit is reached: one of the approvers signs, nobody on top.")
    return Place(_("Any approver"), "", _state(shown), words)


def _state(shown: ClaimShown) -> str:
    if shown.row.state is S.REFUSED:
        return "refused"
    return "now" if shown.row.state is S.APPROVAL else "later"


def _signer(shown: ClaimShown, role: Role) -> Place:
    seat = trade_words.seat_of((role,))
    held = next((one for one in shown.signatures if role in one.roles and one.meaning is Meaning.APPROVE), None)
    if held is not None:
        words = _("Signed {moment}").format(moment=wording.moment(held.at))
        if not held.is_valid:
            words = _("{words}; the content changed since, it must be signed again").format(words=words)
        ground = wording.explained(words, held.remark) if held.remark else words
        return Place(held.name, seat, "done" if held.is_valid else "refused", ground)
    reasons = wording.clauses(str(reason) for reason in shown.need.reasons) if shown.need else ""
    return Place(seat, "", _state(shown), reasons)


def _rules_of(shown: ClaimShown) -> list[ApprovalRule]:
    ids = set(shown.need.row_ids) if shown.need else set()
    market = next((rule.market for rule in starting_rules() if rule.id in ids), None)
    return [rule for rule in starting_rules() if rule.market is market and Subject.CLAIM in rule.subjects]


def _ladder(shown: ClaimShown) -> list[Rung]:
    ids = set(shown.need.row_ids) if shown.need else set()
    rungs = []
    for _rank, group in groupby(sorted(_rules_of(shown), key=lambda rule: rule.rank), key=lambda rule: rule.rank):
        same = list(group)
        condition = " / ".join(condition_of(rule) for rule in same)
        signer = trade_words.seat_of(same[0].approved_by) or _("sales review")
        rungs.append(Rung(condition, signer, this_one=any(rule.id in ids for rule in same)))
    return rungs


def _source(shown: ClaimShown) -> str:
    ids = set(shown.need.row_ids) if shown.need else set()
    return wording.clauses(dict.fromkeys(rule.source for rule in starting_rules() if rule.id in ids))


class PlacesCard(QFrame):
    """The seven places of the return analysis sheet: who signed, or whose it is; an own one carries a button."""

    def __init__(self, session: Session, sign: Callable[[PlaceShown], object]) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._session, self._sign = session, sign
        self._done = Text("", theme.SMALL, ink="text2")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        head = card_head("signature", lambda: _("Places of the sheet"), self._done)
        column(head, self._lines, gap=6, margins=(12,), into=self)

    def show_places(self, shown: ClaimShown, *, may_sign: bool) -> None:
        """Show the places; `may_sign` says that this person signs places at all and the claim waits for them."""
        signed = sum(place.signed_at is not None for place in shown.places)
        self._done.say(lambda: _("{done} of {all} done").format(done=signed, all=len(shown.places)))
        empty_out(self._lines)
        for number, place in enumerate(shown.places):
            if number:
                self._lines.addWidget(Rule())
            self._lines.addWidget(self._line(place, may_sign=may_sign))

    def _line(self, place: PlaceShown, *, may_sign: bool) -> QWidget:
        is_signed = place.signed_at is not None
        sign = Sign("circle-check" if is_signed else "circle-dashed", "ok" if is_signed else "text3", 18)
        title = Eliding(f"{int(place.place)}  {_(place.title)}", bold=True)
        second = Eliding(place.name or trade_words.seat_of((place.role,)), theme.SMALL, ink="text2")
        right: QWidget = Text(wording.moment(place.signed_at) if is_signed else _("empty"), theme.SMALL, ink="text2")
        if may_sign and not is_signed and place.role in self._session.roles:
            right = Button(
                lambda: _("Sign…"),
                icon="signature",
                height=theme.FILTER,
                name=lambda: _("Sign place {number}").format(number=int(place.place)),
                clicked=lambda: self._sign(place),
            )
        return row(sign, (column(title, second, gap=0), 1), right, gap=10, margins=(0, 5, 0, 5))
