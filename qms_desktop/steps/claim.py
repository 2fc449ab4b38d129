"""Claim: how a sorted return is settled, reviewed, calculated, signed in seven places and approved (003-A §5.5-5.7).

What is settled is what was received less what was refused. One claim may mix goods, cash and discount. Nothing of it is
executed before the approval (steps/claim_execution.py); lists are in steps/claim_reading.py, the sheet beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop.action import action
from qms_desktop.db.claim import (
    CALCULATED_WHOLE,
    CLAIM_AFTER_SORTING,
    CLAIM_MOVES,
    LINE_IS_SETTLED_SOMEHOW,
    ONE_CLAIM_A_RETURN,
    REVIEWED_BY_ANOTHER,
    SETTLED_WITHIN_ACCEPTED,
    TRANSITIONS,
    Claim,
    ClaimAmount,
    ClaimLine,
    ClaimLineAmount,
    ClaimPlaceRole,
    ClaimPlaceSignature,
    ClaimPosition,
    ClaimRefusal,
    ClaimReview,
    ClaimState,
    Place,
    SettlementKind,
)
from qms_desktop.db.claim_approval import (
    APPROVER_DID_NOT_PREPARE,
    CLAIM_APPROVED_BY_AUTHORITY,
    PLACE_NEEDS_ITS_ROLE,
    PLACE_ONCE,
    PLACES_BEFORE_APPROVAL,
)
from qms_desktop.db.record import change, database, lock, take
from qms_desktop.db.rma import GoodsState, Rma, RmaLine, RmaLinePrice, SettlementState
from qms_desktop.db.sorting import REFUSED, Judgement, Responsibility, ResponsibilityShare, RoundState, SortingRound
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Permission
from qms_desktop.rules import search
from qms_desktop.rules.money import round_cent
from qms_desktop.rules.signature import Meaning, sign, signatures_of
from qms_desktop.steps.claim_reading import (
    approval_need,
    empty_places,
    listed,
    place_title,
    settleable,
    show,
    valid_places,
)
from qms_desktop.steps.claim_sheet_reading import sheet
from qms_desktop.steps.rma import missing_roles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qms_desktop.session import Session

NO_SETTLEMENT = N_("A claim settles at least one line: how many pieces, and by goods, in cash or by a discount.")
OTHER_RETURN = N_("This line does not belong to the return.")
SEVERAL_CURRENCIES = N_(
    "The lines of this return have several currencies: {currencies}. Prepare them as returns apart."
)
WHY_REFUSED = N_("Write why the claim is refused or withdrawn.")
WHAT_WAS_CHECKED = N_("Write which terms of the contract were checked.")
HUNDRED_PERCENT = 10_000


@dataclass(frozen=True)
class Settlement:
    """How pieces of an RMA line are settled; `ratio` is the refunded part of the price, from 0 to 1, at 1/10,000."""

    rma_line_id: int
    kind: SettlementKind
    pieces: int
    ratio: Decimal = Decimal(1)
    text: str = ""


@dataclass(frozen=True)
class LineText:
    """What the sheet says of an RMA line; what is left empty comes from the signed judgement and the dispositions."""

    rma_line_id: int
    final_cause: str = ""
    disposition: str = ""


@dataclass(frozen=True)
class Prepared:
    """A claim that was prepared."""

    claim_id: int
    number: str
    case_id: int


@action(Permission.CLAIM_PREPARE)
def prepare(
    session: Session,
    *,
    rma_id: int,
    settlements: tuple[Settlement, ...],
    texts: tuple[LineText, ...] = (),
    text: str = "",
) -> Prepared:
    """Draft the claim of a sorted return: what of each line is settled, and how.

    Raises InvalidInput for an unknown line or several currencies, Refused when the goods are not sorted, when the
    return has a claim, or when more is settled than was received and not refused (003-A §6.8.3).
    """
    rma = lock(Rma, rma_id)
    if not settlements:
        raise InvalidInput(NO_SETTLEMENT, field="settlements")
    _refuse_unless_sorted(rma)
    if Claim.select().where((Claim.rma == rma) & (Claim.state != ClaimState.REFUSED)).exists():
        ONE_CLAIM_A_RETURN.refuse()
    claim = Claim.create(
        case=rma.case_id,
        rma=rma,
        customer=rma.customer_id,
        market=rma.market,
        currency=_currency_of(rma),
        text=text,
        state=ClaimState.DRAFT,
    )
    ClaimAmount.insert(case=rma.case_id, claim=claim, version=1).execute()
    positions = _add_positions(claim, rma, {said.rma_line_id: said for said in texts})
    _add_lines(claim, positions, settlements)
    if rma.settlement_state is SettlementState.OPEN:
        change(rma, settlement_state=SettlementState.SETTLING)
    number = take(Claim, claim.id).number
    words = (rma.customer.name, rma.customer.short_name, rma.number)
    search.keep(search.Kind.CLAIM, claim.id, case_id=rma.case_id, title=number, text=" ".join(words))
    return Prepared(claim.id, number, rma.case_id)


def _refuse_unless_sorted(rma: Rma) -> None:
    rounds = SortingRound.select().where(SortingRound.rma == rma)
    is_over = rma.goods_state in (GoodsState.SORTED, GoodsState.NON_PHYSICAL)
    if not is_over or not rounds.exists() or rounds.where(SortingRound.state != RoundState.DONE).exists():
        CLAIM_AFTER_SORTING.refuse()


def _currency_of(rma: Rma) -> str:
    prices = RmaLinePrice.select(RmaLinePrice.currency).join(RmaLine).where(RmaLine.rma == rma).distinct()
    currencies = sorted(price.currency for price in prices)
    if len(currencies) != 1:
        raise InvalidInput(SEVERAL_CURRENCIES, currencies=", ".join(currencies))
    return str(currencies[0])


def _add_positions(claim: Claim, rma: Rma, texts: dict[int, LineText]) -> dict[int, ClaimPosition]:
    made = {}
    for line in RmaLine.select().where(RmaLine.rma == rma).order_by(RmaLine.position):
        agreed, refused = settleable(line)
        if not agreed:
            continue
        said = texts.get(line.id, LineText(line.id))
        judgement = _judgement_of(line)
        made[line.id] = ClaimPosition.create(
            case=claim.case_id,
            claim=claim,
            rma_line=line,
            position=line.position,
            pieces_claimed=line.pieces_announced,
            pieces_agreed=agreed,
            **{column: refused[reason] for reason, column in REFUSED.items()},
            stated_reason=line.reason or (line.defect_code.name if line.defect_code else ""),
            final_cause=said.final_cause or (judgement.text if judgement else ""),
            responsibility=_responsibility_of(judgement),
            disposition=said.disposition,
        )
    return made


def _judgement_of(line: RmaLine) -> Judgement | None:
    """Find the newest judgement of the line's first round, which is the one that was signed."""
    newest: Judgement | None = (
        Judgement.select()
        .join(SortingRound)
        .where((SortingRound.rma_line == line) & (SortingRound.number == 1))
        .order_by(Judgement.id.desc())
        .first()
    )
    return newest


def _responsibility_of(judgement: Judgement | None) -> Responsibility | None:
    if judgement is None:
        return None
    shares = ResponsibilityShare.select().where(ResponsibilityShare.judgement == judgement)
    largest = shares.order_by(ResponsibilityShare.percent.desc(), ResponsibilityShare.id).first()
    return largest.code if largest else None


def _add_lines(claim: Claim, positions: dict[int, ClaimPosition], settlements: Iterable[Settlement]) -> None:
    settled: dict[int, int] = {}
    for number, wanted in enumerate(settlements, start=1):
        position = positions.get(wanted.rma_line_id)
        if position is None:
            raise InvalidInput(OTHER_RETURN, field=f"settlements.{number}")
        if wanted.pieces <= 0 or not 0 < wanted.ratio <= 1:
            raise InvalidInput(LINE_IS_SETTLED_SOMEHOW.message, field=f"settlements.{number}")
        refused = sum(getattr(position, column) for column in REFUSED.values())
        accepted = position.pieces_agreed - refused
        settled[position.id] = settled.get(position.id, 0) + wanted.pieces
        if settled[position.id] > accepted:
            SETTLED_WITHIN_ACCEPTED.refuse(
                position=position.position,
                agreed=position.pieces_agreed,
                refused=refused,
                accepted=accepted,
                asked=settled[position.id],
            )
        ClaimLine.create(
            case=claim.case_id,
            claim=claim,
            claim_position=position,
            kind=wanted.kind,
            pieces=wanted.pieces,
            ratio_basis_points=int(wanted.ratio * HUNDRED_PERCENT),
            text=wanted.text,
        )


@action(Permission.CLAIM_REVIEW)
def review(session: Session, *, claim_id: int, text: str) -> None:
    """Review the claim against the contract, as somebody who did not prepare it (003-A §5.5)."""
    if not text.strip():
        raise InvalidInput(WHAT_WAS_CHECKED, field="text")
    claim = _taken(claim_id, ClaimState.REVIEWED)
    if claim.created_by == session.login:
        REVIEWED_BY_ANOTHER.refuse()
    ClaimReview.create(case=claim.case_id, claim=claim, text=text)
    change(claim, state=ClaimState.REVIEWED)


def _taken(claim_id: int, end: ClaimState) -> Claim:
    claim = lock(Claim, claim_id)
    if not any(step.start == claim.state and step.end == end for step in TRANSITIONS):
        CLAIM_MOVES.refuse(number=claim.number, start=claim.state, end=end)
    return claim


@action(Permission.CLAIM_PREPARE)
def calculate(session: Session, *, claim_id: int) -> None:
    """Put the RMA's prices on every line: pieces × price × ratio, rounded half up to the cent (003-A §6.6.5)."""
    claim = _taken(claim_id, ClaimState.CALCULATED)
    lines = ClaimLine.select(ClaimLine, ClaimPosition).join(ClaimPosition).where(ClaimLine.claim == claim)
    for line in lines.order_by(ClaimLine.id):
        price = RmaLinePrice.get(RmaLinePrice.rma_line == line.claim_position.rma_line_id)
        amount = round_cent(
            round_cent(price.unit_price * line.pieces) * Decimal(line.ratio_basis_points) / HUNDRED_PERCENT
        )
        ClaimLineAmount.insert(
            case=claim.case_id,
            claim_line=line,
            unit_price=price.unit_price,
            rate=price.rate_id,
            amount=amount,
            home_amount=amount if price.rate is None else round_cent(amount * price.rate.amount),
        ).execute()
    if not lines.exists():
        CALCULATED_WHOLE.refuse()
    change(claim, state=ClaimState.CALCULATED)


@action(Permission.CLAIM_PREPARE)
def submit(session: Session, *, claim_id: int) -> None:
    """Send a calculated claim to the signature places and the approval."""
    change(_taken(claim_id, ClaimState.APPROVAL), state=ClaimState.APPROVAL)


@action(Permission.CLAIM_SIGN_PLACE, signs=Meaning.SIGN_PLACE)
def sign_place(session: Session, *, claim_id: int, place: Place, read_hash: str = "") -> None:
    """Sign one of the seven places of the return analysis sheet with the own password (004-J).

    Raises Refused when the place belongs to another role, when it is signed already, or when the claim is not waiting
    for the approval.
    """
    claim = _taken(claim_id, ClaimState.APPROVED)
    role = ClaimPlaceRole.get(ClaimPlaceRole.place == place).role
    if role not in session.roles:
        PLACE_NEEDS_ITS_ROLE.refuse(role=role)
    if place in valid_places(claim):
        PLACE_ONCE.refuse()
    sign(
        "claim",
        claim.id,
        case_id=claim.case_id,
        meaning=Meaning.SIGN_PLACE,
        read_hash=read_hash,
        remark=place_title(place),
    )
    connection = database().execute_sql("SELECT qms_connection()").fetchone()[0]
    ClaimPlaceSignature.create(case=claim.case_id, claim=claim, place=place, connection=connection)


@action(Permission.CLAIM_APPROVE, signs=Meaning.APPROVE)
def approve(session: Session, *, claim_id: int, read_hash: str, remark: str = "") -> None:
    """Sign the net figures of the claim; with every signature of the authority table it is approved (003-A §5.7; C13).

    Raises Refused while a place of the sheet is empty, when this person's signature is not asked for, when the person
    prepared the claim, or when the content changed since it was read.
    """
    claim = _taken(claim_id, ClaimState.APPROVED)
    empty = empty_places(claim)
    if empty:
        PLACES_BEFORE_APPROVAL.refuse(places=_(", ").join(_(place_title(place)) for place in empty))
    if claim.created_by == session.login:
        APPROVER_DID_NOT_PREPARE.refuse()
    need = approval_need(claim)
    if need.signatures and not set(need.roles) & session.roles:
        roles = ", ".join(str(role) for role in need.roles)
        CLAIM_APPROVED_BY_AUTHORITY.refuse(roles=roles, reason="; ".join(str(reason) for reason in need.reasons))
    sign("claim", claim.id, case_id=claim.case_id, meaning=Meaning.APPROVE, read_hash=read_hash, remark=remark)
    if not missing_roles(need, signatures_of("claim", claim.id)):
        change(claim, state=ClaimState.APPROVED)


@action(Permission.CLAIM_PREPARE)
def withdraw(session: Session, *, claim_id: int, reason: str) -> None:
    """Take a claim back before it is sent to the approval; another one may be prepared then."""
    _refuse(claim_id, reason)


@action(Permission.CLAIM_APPROVE)
def refuse(session: Session, *, claim_id: int, reason: str) -> None:
    """Refuse a claim that waits for the approval, with the reason."""
    _refuse(claim_id, reason)


def _refuse(claim_id: int, reason: str) -> None:
    if not reason.strip():
        raise InvalidInput(WHY_REFUSED, field="reason")
    claim = _taken(claim_id, ClaimState.REFUSED)
    ClaimRefusal.create(case=claim.case_id, claim=claim, text=reason)
    change(claim, state=ClaimState.REFUSED)


__all__ = [
    "LineText",
    "Prepared",
    "Settlement",
    "approve",
    "calculate",
    "listed",
    "prepare",
    "refuse",
    "review",
    "sheet",
    "show",
    "sign_place",
    "submit",
    "withdraw",
]
