"""What the demo's other cases have in common: a complaint is taken down, handled, and turned into an approved RMA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db.complaint import Channel, ComplaintClass, ReplyKind, Severity, Urgency
from qms_desktop.db.rma import OpinionKind
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.steps import complaint, rma

if TYPE_CHECKING:
    from decimal import Decimal

    from qms_desktop.demo.teller import Teller

CLERK, QE, MANAGER, SALES_VP = "陈明军", "马军", "王涛兰", "郭明"


@dataclass(frozen=True)
class Case:
    """A further complaint: when it was taken down, of whom, of what, and how far it has come."""

    at: str
    customer: str
    product: str
    lot: str
    pieces: int
    defect: str
    words: str
    reaches: str = "registered"
    urgency: Urgency = Urgency.NORMAL
    complaint_class: ComplaintClass = ComplaintClass.QUALITY
    is_banned_substance: bool = False


def register(teller: Teller, case: Case) -> complaint.Registered:
    """Take the complaint down at the moment of the story."""
    received = teller.now
    if received is None:
        message = "the clock of the story is not set"
        raise RuntimeError(message)
    return complaint.register(
        teller.by(CLERK),
        customer=case.customer,
        received_at=received,
        channel=Channel.EMAIL,
        complaint_class=case.complaint_class,
        urgency=case.urgency,
        severity=Severity.MEDIUM,
        is_banned_substance=case.is_banned_substance,
        lines=(complaint.NewLine(case.product, case.pieces, case.words, lot=case.lot, defect_code=case.defect),),
    )


def handle(teller: Teller, case: Case, made: complaint.Registered) -> None:
    """Accept a complaint, contain it and answer, except where the case waits for just that."""
    complaint.accept(teller.by(CLERK), complaint_id=made.complaint_id)
    if case.reaches != "accepted":
        contain(teller, case, made)
        answer(teller, made)


def contain(teller: Teller, case: Case, made: complaint.Registered) -> None:
    """Set the lot's stock apart."""
    complaint.contain(
        teller.by(QE), complaint_id=made.complaint_id, place="stock", measure="同批库存隔离全检", pieces=case.pieces
    )


def answer(teller: Teller, made: complaint.Registered, text: str = "已受理，同批库存已隔离") -> None:
    """Answer in writing."""
    complaint.reply(teller.by(CLERK), complaint_id=made.complaint_id, kind=ReplyKind.WRITTEN, text=text)


def tell_causes(teller: Teller, made: complaint.Registered, text: str) -> None:
    """Analyse, and tell the customer causes and measures."""
    complaint.analyse(teller.by(QE), complaint_id=made.complaint_id)
    complaint.reply(teller.by(CLERK), complaint_id=made.complaint_id, kind=ReplyKind.CAUSES_AND_MEASURES, text=text)


def request(
    teller: Teller,
    case: Case,
    made: complaint.Registered,
    *,
    opinion: OpinionKind | None = OpinionKind.RETURN,
    price: Decimal | None = None,
    currency: str = "CNY",
) -> rma.Requested:
    """Request the RMA, with quality's opinion where it is given already."""
    clerk = teller.by(CLERK)
    each = price or rma.price_of(clerk, product=case.product)
    line = rma.NewRmaLine(
        case.product, case.pieces, each, lot=case.lot, defect_code=case.defect, reason=case.words, currency=currency
    )
    requested = rma.request(clerk, complaint_id=made.complaint_id, lines=(line,))
    if opinion:
        lines = rma.show(teller.by(QE), rma_id=requested.rma_id).lines
        opinions = tuple(rma.OpinionOnLine(one.id, opinion) for one in lines)
        rma.give_opinion(teller.by(QE), rma_id=requested.rma_id, opinions=opinions)
    return requested


def approve(teller: Teller, requested: rma.Requested) -> None:
    """Review the RMA against the contract, and give the signatures that the authority table asks for."""
    rma.review(teller.by(MANAGER), rma_id=requested.rma_id, text="合同条款已核对")
    need = rma.show(teller.by(SALES_VP), rma_id=requested.rma_id).need
    for role in need.roles if need else ():
        name = {"sales_manager": MANAGER, "sales_vp": SALES_VP}[str(role)]
        read = rma.show(teller.by(name), rma_id=requested.rma_id)
        rma.approve(teller.by(name), rma_id=requested.rma_id, read_hash=read.content_hash, password=DEMO_PASSWORD)
