"""The desk of the attacks on a claim: a sorted return of 250 pieces, and its claim as far as a test wants it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qms_desktop.db.claim import Place, SettlementKind
from qms_desktop.db.rma import RefusalReason
from qms_desktop.db.sorting import DispositionKind
from qms_desktop.steps import claim, rma, sorting
from qms_desktop.steps.claim import Settlement
from qms_desktop.steps.sorting import NewDisposition
from tests.helpers.floor import goods_received
from tests.helpers.scene import Scene, chapter
from tests.hostile.stage import INSPECTOR, LEADER, SALES, SALES_MANAGER, SALES_VP, Stage

FINANCE, PLANNING, SQE, AFTER_SALES, ADMINISTRATION = "曹颖", "钱进", "冯志远", "宋佳", "邓小梅"
SIGNERS = {
    Place.SALES_CLERK: SALES,
    Place.RETURN_TEAM: LEADER,
    Place.QUALITY_INSPECTOR: INSPECTOR,
    Place.HEAD_OF_SALES: SALES_MANAGER,
    Place.AFTER_SALES: AFTER_SALES,
    Place.PLANNING: PLANNING,
    Place.RETURN_TEAM_CLOSING: LEADER,
}


@dataclass
class Desk(Scene):
    """A sorted return: 10 pieces refused, 240 accepted; the claim settles 200 by goods, 30 in cash, 10 cheaper."""

    stage: Stage
    case_id: int
    rma_id: int
    rma_line_id: int
    round_id: int
    claim_id: int = 0
    position_id: int = 0

    @chapter
    def drafted(self, *, goods: int = 200, cash: int = 30, discount: int = 10) -> Desk:
        """Let sales draft the claim."""
        wanted = (
            Settlement(self.rma_line_id, SettlementKind.GOODS, goods),
            Settlement(self.rma_line_id, SettlementKind.CASH, cash),
            Settlement(self.rma_line_id, SettlementKind.DISCOUNT, discount, ratio=Decimal("0.5")),
        )
        made = claim.prepare(
            self.stage.plant.sign_in(SALES),
            rma_id=self.rma_id,
            settlements=tuple(settlement for settlement in wanted if settlement.pieces),
        )
        self.claim_id = made.claim_id
        self.position_id = self.number(f"SELECT id FROM claim_position WHERE claim_id = {made.claim_id}")
        return self

    @chapter
    def reviewed(self) -> Desk:
        """Let the sales manager review it."""
        self.drafted()
        claim.review(self.stage.plant.sign_in(SALES_MANAGER), claim_id=self.claim_id, text="合同已核对")
        return self

    @chapter
    def calculated(self) -> Desk:
        """Let sales calculate it."""
        self.reviewed()
        claim.calculate(self.stage.plant.sign_in(SALES), claim_id=self.claim_id)
        return self

    @chapter
    def submitted(self) -> Desk:
        """Let sales send it to the places and the approval."""
        self.calculated()
        claim.submit(self.stage.plant.sign_in(SALES), claim_id=self.claim_id)
        return self

    @chapter
    def signed(self, *, without: Place | None = None) -> Desk:
        """Let the places be signed, but for one that is left out."""
        self.submitted()
        for place, name in SIGNERS.items():
            if place is not without:
                self.sign(place, name)
        return self

    def sign(self, place: Place, name: str) -> None:
        """Let one person sign one place."""
        plant = self.stage.plant
        claim.sign_place(plant.sign_in(name), claim_id=self.claim_id, place=place, password=plant.password(name))

    @chapter
    def approved(self) -> Desk:
        """Let the vice president of sales approve it."""
        self.signed()
        plant = self.stage.plant
        read = claim.show(plant.sign_in(SALES_VP), claim_id=self.claim_id)
        claim.approve(
            plant.sign_in(SALES_VP),
            claim_id=self.claim_id,
            read_hash=read.content_hash,
            password=plant.password(SALES_VP),
        )
        return self

    def number(self, query: str) -> int:
        """Read one number with nobody's eyes."""
        return int(self.stage.rows(query)[0][0])

    def state(self, state: str) -> str:
        """Give the statement that moves the claim past the verbs."""
        return f"UPDATE claim SET state = '{state}' WHERE id = {self.claim_id}"


@chapter
def desk_of(stage: Stage) -> Desk:
    """Tell a return of 250 pieces until it is sorted."""
    floor = goods_received(stage.plant, pieces=250).judged()
    sorting.sort(
        stage.plant.sign_in(INSPECTOR),
        round_id=floor.round_id,
        dispositions=(
            NewDisposition(DispositionKind.RETURN_TO_CUSTOMER, 10, refusal_reason=RefusalReason.MISUSE),
            NewDisposition(DispositionKind.GOOD, 200),
            NewDisposition(DispositionKind.SCRAP, 40),
        ),
    )
    (line,) = rma.show(stage.plant.sign_in(SALES), rma_id=floor.rma_id).lines
    return Desk(stage, floor.case_id, floor.rma_id, line.id, floor.round_id)
