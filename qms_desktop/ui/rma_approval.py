"""What the approval panel of an RMA says: who signed on what ground, who must sign and why, by which row."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from qms_desktop.i18n import _
from qms_desktop.rules.approval import ApprovalRule, Metric, Operator, starting_rules
from qms_desktop.rules.signature import Meaning, Signed
from qms_desktop.steps import rma
from qms_desktop.ui import trade_words, wording
from qms_desktop.ui.approval import ApprovalPanel, Place, Rung

if TYPE_CHECKING:
    from decimal import Decimal

    from qms_desktop.permissions import Role
    from qms_desktop.ui.rma import RmaRead

G = rma.GoodsState


def show(panel: ApprovalPanel, read: RmaRead) -> None:
    """Fill the panel from an RMA; without the right to see money only the review is shown."""
    shown = read.shown
    places = [_reviewed(read)] + [_signer(read, role) for role in (shown.need.roles if shown.need else ())]
    title = _("Domestic rule") if str(shown.market) == "DOMESTIC" else _("Foreign rule")
    panel.show_approval(
        places,
        ladder_title=title,
        ladder=ladder(shown) if shown.need else (),
        source=_("Source: complaint procedure, {rule}").format(rule=source(shown)) if shown.need else "",
        covers=_covers(shown),
    )


def _reviewed(read: RmaRead) -> Place:
    reviews = read.shown.reviews
    if not reviews:
        state = "refused" if read.shown.row.goods_state is G.REFUSED else "now"
        return Place(_("Sales review"), "", state, _("Somebody who did not apply checks the contract."))
    last = reviews[-1]
    words = _("Reviewed {moment}").format(moment=wording.moment(last.at))
    return Place(
        read.names.get(last.who, last.who),
        _("Sales review"),
        "done",
        wording.explained(words, last.text) if last.text else words,
    )


def _signer(read: RmaRead, role: Role) -> Place:
    shown = read.shown
    held = next((one for one in shown.signatures if role in one.roles and one.meaning is Meaning.APPROVE), None)
    if held is not None:
        return Place(held.name, trade_words.seat_of((role,)), "done" if held.is_valid else "refused", _signed(held))
    holders = " / ".join(person.name for person in read.people if role in person.roles and person.is_active)
    ended = shown.row.goods_state in (G.REFUSED, G.CANCELLED)
    state = "refused" if ended else "now" if shown.row.goods_state is G.APPROVAL else "later"
    reasons = wording.clauses(str(reason) for reason in shown.need.reasons) if shown.need else ""
    return Place(holders or trade_words.seat_of((role,)), trade_words.seat_of((role,)), state, reasons)


def _signed(held: Signed) -> str:
    words = _("Signed {moment}").format(moment=wording.moment(held.at))
    if not held.is_valid:
        return _("{words}; the content changed since, it must be signed again").format(words=words)
    return wording.explained(words, held.remark) if held.remark else words


def _covers(shown: rma.RmaShown) -> str:
    short = short_hash(shown.content_hash)
    return _("What is signed is the content {hash}. A later change of pieces or amount asks again.").format(hash=short)


def short_hash(whole: str) -> str:
    """Write a content's hash so that people can compare it."""
    return f"{whole[:4]}\u2026{whole[-4:]}"


def source(shown: rma.RmaShown) -> str:
    """Name where the deciding rows of the table stand."""
    ids = set(shown.need.row_ids) if shown.need else set()
    return wording.clauses(dict.fromkeys(rule.source for rule in starting_rules() if rule.id in ids))


def ladder(shown: rma.RmaShown) -> list[Rung]:
    """Give the steps of the table for this market, the one of this RMA marked."""
    rules = [rule for rule in starting_rules() if rule.market is shown.market]
    ids = set(shown.need.row_ids) if shown.need else set()
    rungs = []
    for _rank, group in groupby(sorted(rules, key=lambda rule: rule.rank), key=lambda rule: rule.rank):
        same = list(group)
        condition = " / ".join(condition_of(rule) for rule in same)
        signer = trade_words.seat_of(same[0].approved_by) or _("sales review")
        rungs.append(Rung(condition, signer, this_one=any(rule.id in ids for rule in same)))
    return rungs


def condition_of(rule: ApprovalRule) -> str:
    """Write one row's condition short: > 200 pcs, ≥ ¥1,000."""
    if rule.operator is Operator.ALWAYS:
        return _("not above these")
    sign = {Operator.MORE_THAN: ">", Operator.AT_LEAST: "\u2265", Operator.LESS_THAN: "<"}[rule.operator]
    figure = (
        _("{count} pcs").format(count=f"{rule.limit:,.0f}") if rule.metric is Metric.PIECES else f"¥{rule.limit:,.0f}"
    )
    return f"{sign} {figure}"


def amount_words(amount: Decimal | None) -> str:
    """Write an amount in the plant's currency, a dash for who may not see it."""
    return wording.money(amount, "CNY") if amount is not None else "\u2014"
