"""Claims as pages and the return analysis sheet show them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from peewee import fn

from qms_desktop.action import reading
from qms_desktop.db.claim import (
    Claim,
    ClaimAmount,
    ClaimLine,
    ClaimLineAmount,
    ClaimPlaceRole,
    ClaimPlaceSignature,
    ClaimPosition,
    ClaimState,
    Place,
    SettlementKind,
)
from qms_desktop.db.claim_approval import ONE_SETTLEMENT
from qms_desktop.db.claim_execution import (
    AdvanceAllowance,
)
from qms_desktop.db.foundation import Signature
from qms_desktop.db.master_data import Customer, Person, Product
from qms_desktop.db.record import take
from qms_desktop.db.rma import RefusalReason, Rma, RmaLine
from qms_desktop.db.sorting import REFUSED, Responsibility, SortingRound
from qms_desktop.permissions import Permission, Role
from qms_desktop.rules.approval import ApprovalNeed, Subject, signers_needed
from qms_desktop.rules.signature import Meaning, Signed, content_hash, signatures_of
from qms_desktop.steps.claim_sheet import (
    SIGNATURE_PLACES,
)
from qms_desktop.steps.rma import missing_roles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from qms_desktop.session import Session

HUNDRED_PERCENT = Decimal(10_000)


@dataclass(frozen=True)
class ClaimRow:
    """A claim in a list; the amount is None for those who may not see money."""

    id: int
    case_id: int
    number: str
    rma_id: int
    rma_number: str
    customer_code: str
    customer_name: str
    customer_short_name: str
    state: ClaimState
    pieces_settled: int
    currency: str
    amount: Decimal | None
    places_signed: int
    prepared_at: datetime
    prepared_by: str


@dataclass(frozen=True)
class PositionShown:
    """One RMA line in a claim; all pieces in the product's unit."""

    id: int
    rma_line_id: int
    position: int
    product_code: str
    product_name: str
    lot_number: str
    unit: str
    pieces_claimed: int
    pieces_agreed: int
    refused: tuple[tuple[RefusalReason, int], ...]
    pieces_settled: int
    pieces_goods: int
    pieces_advance: int
    pieces_delivered: int
    final_cause: str
    responsibility: Responsibility | None

    @property
    def pieces_accepted(self) -> int:
        """Give what may be settled: received less refused."""
        return self.pieces_agreed - sum(pieces for _reason, pieces in self.refused)

    @property
    def pieces_to_deliver(self) -> int:
        """Give the goods that are still to go out."""
        return self.pieces_goods - self.pieces_advance - self.pieces_delivered


@dataclass(frozen=True)
class LineShown:
    """Pieces settled in one way; prices are None for those who may not see money."""

    id: int
    position_id: int
    kind: SettlementKind
    pieces: int
    ratio: Decimal
    text: str
    unit_price: Decimal | None
    amount: Decimal | None
    home_amount: Decimal | None


@dataclass(frozen=True)
class PlaceShown:
    """A signature place: its title is a source text; without `signed_at` it is empty."""

    place: Place
    title: str
    role: Role
    name: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True)
class ClaimSums:
    """The sums of a claim in its currency, the whole in CNY, and what finance gave already."""

    goods: Decimal
    cash: Decimal
    discount: Decimal
    home_amount: Decimal
    given: Decimal

    @property
    def total(self) -> Decimal:
        """Give what the customer gets in all."""
        return self.goods + self.cash + self.discount

    @property
    def to_give(self) -> Decimal:
        """Give the money that finance still owes."""
        return self.cash + self.discount - self.given


@dataclass(frozen=True)
class ClaimShown:
    """A claim whole; `sums` and `need` are None for those who may not see money."""

    row: ClaimRow
    version: int
    text: str
    positions: tuple[PositionShown, ...]
    lines: tuple[LineShown, ...]
    places: tuple[PlaceShown, ...]
    signatures: tuple[Signed, ...]
    sums: ClaimSums | None
    need: ApprovalNeed | None
    missing: tuple[Role, ...]
    content_hash: str


@dataclass(frozen=True)
class LineToSettle:
    """What of an RMA line can be settled: received less refused."""

    rma_line_id: int
    position: int
    product_code: str
    lot_number: str
    pieces_claimed: int
    pieces_agreed: int
    refused: tuple[tuple[RefusalReason, int], ...]
    pieces_in_advance: int

    @property
    def pieces_accepted(self) -> int:
        """Give what may be settled."""
        return self.pieces_agreed - sum(pieces for _reason, pieces in self.refused)


def settleable(line: RmaLine) -> tuple[int, dict[RefusalReason, int]]:
    """Give the received pieces of an RMA line, and the refused ones by reason, as sorting has them now."""
    rounds = list(SortingRound.select().where(SortingRound.rma_line == line))
    agreed = sum(goods.pieces for goods in rounds if goods.number == 1)
    return agreed, {reason: sum(getattr(g, column) for g in rounds) for reason, column in REFUSED.items()}


def place_title(place: Place) -> str:
    """Give the source text of a place's title."""
    return SIGNATURE_PLACES[int(place) - 1]


def valid_places(claim: Claim) -> dict[Place, Signature]:
    """Give the signed places with their signatures; one whose content changed since does not count."""
    present = content_hash("claim", claim.id)
    signed = {s.connection: s for s in _signatures(claim.id) if s.content_hash == present}
    filled = ClaimPlaceSignature.select().where(ClaimPlaceSignature.claim == claim)
    return {row.place: signed[row.connection] for row in filled if row.connection in signed}


def _signatures(claim_id: int) -> Iterable[Signature]:
    return Signature.select().where(
        (Signature.kind == "claim") & (Signature.record_id == claim_id) & (Signature.meaning == Meaning.SIGN_PLACE)
    )


def empty_places(claim: Claim) -> tuple[Place, ...]:
    """Give the places that nobody signed yet, in the order of the sheet."""
    filled = valid_places(claim)
    return tuple(row.place for row in ClaimPlaceRole.select().order_by(ClaimPlaceRole.place) if row.place not in filled)


def approval_need(claim: Claim) -> ApprovalNeed:
    """Say whose signature the net pieces and amount of the whole return need (003-A §5.7; C13)."""
    whole = ONE_SETTLEMENT.sums(claim.id)
    return signers_needed(
        claim.market,
        pieces=whole.pieces,
        amount_with_tax_cny=whole.amount,
        subject=Subject.CLAIM,
        together_with=whole.numbers,
    )


@reading(Permission.READ)
def to_settle(session: Session, *, rma_id: int) -> tuple[LineToSettle, ...]:
    """Give what of each line of a return can be settled, for the form of a new claim."""
    lines = RmaLine.select(RmaLine, Product).join(Product).where(RmaLine.rma == rma_id).order_by(RmaLine.position)
    advance = {
        a.rma_line_id: a.pieces_supplied for a in AdvanceAllowance.select().join(RmaLine).where(RmaLine.rma == rma_id)
    }
    made = []
    for line in lines:
        agreed, refused = settleable(line)
        made.append(
            LineToSettle(
                rma_line_id=line.id,
                position=line.position,
                product_code=line.product.code,
                lot_number=line.lot_number,
                pieces_claimed=line.pieces_announced,
                pieces_agreed=agreed,
                refused=tuple((reason, pieces) for reason, pieces in refused.items() if pieces),
                pieces_in_advance=advance.get(line.id, 0),
            )
        )
    return tuple(made)


@reading(Permission.READ)
def listed(
    session: Session, *, before_id: int | None = None, count: int = 100, states: tuple[ClaimState, ...] = ()
) -> tuple[ClaimRow, ...]:
    """Give claims, newest first, a page at a time."""
    query = Claim.select(Claim, Rma, Customer).join(Rma).switch(Claim).join(Customer)
    query = query.order_by(Claim.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(Claim.id < before_id)
    if states:
        query = query.where(Claim.state.in_(states))
    return _rows(list(query), sees_money=session.may(Permission.READ_MONEY))


def _rows(claims: list[Claim], *, sees_money: bool) -> tuple[ClaimRow, ...]:
    wanted = [claim.id for claim in claims] or [0]
    amounts = {}
    if sees_money:
        amounts = {m.claim_id: m for m in ClaimAmount.select().where(ClaimAmount.claim.in_(wanted))}
    counts = ClaimPlaceSignature.select(ClaimPlaceSignature.claim, fn.COUNT(ClaimPlaceSignature.id).alias("places"))
    signed = {
        row.claim_id: row.places
        for row in counts.where(ClaimPlaceSignature.claim.in_(wanted)).group_by(ClaimPlaceSignature.claim)
    }
    return tuple(
        ClaimRow(
            id=claim.id,
            case_id=claim.case_id,
            number=claim.number,
            rma_id=claim.rma_id,
            rma_number=claim.rma.number,
            customer_code=claim.customer.code,
            customer_name=claim.customer.name,
            customer_short_name=claim.customer.short_name or claim.customer.name,
            state=claim.state,
            pieces_settled=claim.pieces_settled,
            currency=claim.currency,
            amount=_total(amounts[claim.id]) if sees_money else None,
            places_signed=signed.get(claim.id, 0),
            prepared_at=claim.created_at,
            prepared_by=claim.created_by,
        )
        for claim in claims
    )


def _total(amount: ClaimAmount) -> Decimal:
    total: Decimal = amount.goods + amount.cash + amount.discount
    return total


@reading(Permission.READ)
def show(session: Session, *, claim_id: int) -> ClaimShown:
    """Give one claim whole, with amounts only for those who may see money; raises NotFound."""
    claim = take(Claim, claim_id)
    sees_money = session.may(Permission.READ_MONEY)
    need = approval_need(claim) if sees_money else None
    signatures = signatures_of("claim", claim.id)
    return ClaimShown(
        row=_rows([claim], sees_money=sees_money)[0],
        version=claim.version,
        text=claim.text,
        positions=tuple(_position(row) for row in positions_of(claim)),
        lines=_lines(claim, sees_money=sees_money),
        places=places_of(claim),
        signatures=signatures,
        sums=_sums(claim) if sees_money else None,
        need=need,
        missing=missing_roles(need, signatures) if need else (),
        content_hash=content_hash("claim", claim.id),
    )


def positions_of(claim: Claim) -> Iterable[ClaimPosition]:
    """Give the positions of a claim with their lines and products, in order."""
    rows = ClaimPosition.select(ClaimPosition, RmaLine, Product).join(RmaLine).join(Product)
    return rows.where(ClaimPosition.claim == claim).order_by(ClaimPosition.position)


def _position(row: ClaimPosition) -> PositionShown:
    line = row.rma_line
    return PositionShown(
        id=row.id,
        rma_line_id=line.id,
        position=row.position,
        product_code=line.product.code,
        product_name=line.product.name,
        lot_number=line.lot_number,
        unit=line.product.unit,
        pieces_claimed=row.pieces_claimed,
        pieces_agreed=row.pieces_agreed,
        refused=refused_of(row),
        pieces_settled=row.pieces_settled,
        pieces_goods=row.pieces_goods,
        pieces_advance=row.pieces_advance,
        pieces_delivered=row.pieces_delivered,
        final_cause=row.final_cause,
        responsibility=row.responsibility,
    )


def refused_of(row: ClaimPosition) -> tuple[tuple[RefusalReason, int], ...]:
    """Give the refused pieces of a position by reason, those that are not zero."""
    pieces = ((reason, getattr(row, column)) for reason, column in REFUSED.items())
    return tuple((reason, count) for reason, count in pieces if count)


def _lines(claim: Claim, *, sees_money: bool) -> tuple[LineShown, ...]:
    amounts = {}
    if sees_money:
        own = ClaimLineAmount.select().join(ClaimLine).where(ClaimLine.claim == claim)
        amounts = {amount.claim_line_id: amount for amount in own}
    shown = []
    for line in ClaimLine.select().where(ClaimLine.claim == claim).order_by(ClaimLine.id):
        amount = amounts.get(line.id)
        shown.append(
            LineShown(
                id=line.id,
                position_id=line.claim_position_id,
                kind=line.kind,
                pieces=line.pieces,
                ratio=line.ratio_basis_points / HUNDRED_PERCENT,
                text=line.text,
                unit_price=amount.unit_price if amount else None,
                amount=amount.amount if amount else None,
                home_amount=amount.home_amount if amount else None,
            )
        )
    return tuple(shown)


def places_of(claim: Claim) -> tuple[PlaceShown, ...]:
    """Give the signature places of a claim in the order of the sheet, signed or empty."""
    filled = valid_places(claim)
    names = {person.login: person.name for person in Person.select(Person.login, Person.name)}
    shown = []
    for row in ClaimPlaceRole.select().order_by(ClaimPlaceRole.place):
        signature = filled.get(row.place)
        name = names.get(signature.created_by, signature.created_by) if signature else ""
        moment = signature.created_at if signature else None
        shown.append(PlaceShown(row.place, place_title(row.place), row.role, name, moment))
    return tuple(shown)


def _sums(claim: Claim) -> ClaimSums:
    amount = ClaimAmount.get(ClaimAmount.claim == claim)
    return ClaimSums(amount.goods, amount.cash, amount.discount, amount.home_amount, amount.deducted)
