"""Attacks on the claim: more than accepted, another amount, somebody else's place, an approval below the authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.claim import Place
from qms_desktop.db.record import database
from qms_desktop.rules.signature import Meaning, sign
from qms_desktop.steps import claim, complaint, complaint_ending, sorting
from tests.helpers.floor import goods_received
from tests.hostile.claim_desk import PLANNING, SIGNERS, Desk, desk_of
from tests.hostile.stage import INSPECTOR, LEADER, QE, SALES, SALES_MANAGER, SALES_VP

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

AMOUNT = "case_id, claim_line_id, unit_price, amount, home_amount"


def new_claim(desk: Desk, state: str = "DRAFT", rma_id: int = 0) -> str:
    return (
        "INSERT INTO claim (case_id, rma_id, customer_id, market, currency, state)"
        f" VALUES ({desk.case_id}, {rma_id or desk.rma_id}, 1, 'DOMESTIC', 'CNY', '{state}')"
    )


def new_position(desk: Desk, *, claimed: int = 250, agreed: int = 250, refused: int = 10, position: int = 1) -> str:
    return (
        "INSERT INTO claim_position"
        " (case_id, claim_id, rma_line_id, position, pieces_claimed, pieces_agreed, refused_r3)"
        f" VALUES ({desk.case_id}, {desk.claim_id}, {desk.rma_line_id}, {position}, {claimed}, {agreed}, {refused})"
    )


def new_line(desk: Desk, *, pieces: int = 1, kind: str = "CASH", ratio: int = 10_000, position_id: int = 0) -> str:
    return (
        "INSERT INTO claim_line (case_id, claim_id, claim_position_id, kind, pieces, ratio_basis_points) VALUES"
        f" ({desk.case_id}, {desk.claim_id}, {position_id or desk.position_id}, '{kind}', {pieces}, {ratio})"
    )


def new_place(desk: Desk, place: Place) -> str:
    return (
        "INSERT INTO claim_place_signature (case_id, claim_id, place, connection)"
        f" VALUES ({desk.case_id}, {desk.claim_id}, '{place}', qms_connection())"
    )


def test_a_claim_takes_only_its_own_steps(stage: Stage) -> None:
    desk = desk_of(stage)
    stage.attack(SALES, ("claim_state_begins", new_claim(desk, "APPROVED")))
    desk.drafted()
    stage.attack(SALES, *(("claim_state_moves", desk.state(state)) for state in ("APPROVED", "EXECUTED", "CLOSED")))
    desk.stage.attack(PLANNING, ("claim_state_moves", desk.state("EXECUTED")))


def test_a_claim_number_is_given_once(stage: Stage) -> None:
    desk = desk_of(stage).drafted(goods=1, cash=0, discount=0)
    claim.withdraw(stage.plant.sign_in(SALES), claim_id=desk.claim_id, reason="数量更正")
    desk.drafted()
    numbers = stage.rows("SELECT number FROM claim ORDER BY id")
    assert [number for (number,) in numbers] == ["K20261103001", "K20261103002"]
    same = f"UPDATE claim SET number = 'K20261103001' WHERE id = {desk.claim_id}"
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(SALES, same)
        with stage.owner() as owner:
            stage.refused_on(owner, "claim_number_once", same)
        return
    stage.attack(SALES, ("server_columns_are_filled", same))
    with stage.plant.plain(SALES) as connection:
        stage.pretend_a_trigger(connection)
        stage.refused_on(connection, "claim_number_once", same)


def test_a_return_is_claimed_once(stage: Stage) -> None:
    desk = desk_of(stage).drafted()
    stage.attack(SALES, ("one_claim_a_return", new_claim(desk)))


def test_a_return_that_is_not_sorted_is_not_claimed(stage: Stage) -> None:
    floor = goods_received(stage.plant, pieces=60).judged()
    desk = Desk(stage, floor.case_id, floor.rma_id, 1, floor.round_id)
    stage.attack(SALES, ("claim_after_sorting", new_claim(desk)))


def test_the_content_of_a_claim_stays(stage: Stage) -> None:
    desk = desk_of(stage).submitted()
    stage.attack(
        SALES,
        ("claim_is_fixed", f"UPDATE claim SET text = '' WHERE id = {desk.claim_id}"),
        ("claim_position_is_fixed", f"UPDATE claim_position SET pieces_agreed = 300 WHERE claim_id = {desk.claim_id}"),
        ("events_never_change", f"UPDATE claim_line SET pieces = 240 WHERE claim_id = {desk.claim_id}"),
        ("events_never_change", "UPDATE claim_line_amount SET amount = 10000"),
        rights_come_first=True,
    )


def test_a_position_says_what_was_received_and_refused(stage: Stage) -> None:
    desk = desk_of(stage)
    with stage.plant.plain(SALES) as connection:
        connection.execute(new_claim(desk))
    desk.claim_id = desk.number("SELECT max(id) FROM claim")
    stage.attack(
        SALES,
        ("position_is_true", new_position(desk, refused=0)),
        ("position_is_true", new_position(desk, agreed=300)),
        ("position_is_true", new_position(desk, claimed=300)),
    )


def test_a_line_of_the_return_is_claimed_once(stage: Stage) -> None:
    desk = desk_of(stage).drafted()
    stage.attack(SALES, ("claim_position_once", new_position(desk, position=2)))


def test_no_more_is_settled_than_accepted(stage: Stage) -> None:
    desk = desk_of(stage).drafted()
    stage.attack(SALES, ("settled_within_accepted", new_line(desk)))


def test_no_more_than_the_price_is_refunded(stage: Stage) -> None:
    desk = desk_of(stage).drafted(goods=1)
    stage.attack(
        SALES,
        ("line_is_settled_somehow", new_line(desk, ratio=20_000)),
        ("line_is_settled_somehow", new_line(desk, pieces=-1)),
        ("line_is_settled_somehow", new_line(desk, kind="GOODS", ratio=5_000)),
        ("line_is_settled_somehow", new_line(desk, kind="DISCOUNT")),
    )


def test_a_line_belongs_to_its_claim(stage: Stage) -> None:
    other = desk_of(stage).drafted(goods=1)
    desk = desk_of(stage).drafted(goods=1)
    stage.attack(SALES, ("same_case", new_line(desk, position_id=other.position_id)))
    withdrawn = desk.position_id
    claim.withdraw(stage.plant.sign_in(SALES), claim_id=desk.claim_id, reason="数量更正")
    desk.drafted(goods=1)
    assert desk.position_id != withdrawn
    stage.attack(SALES, ("claim_line_moves_position", new_line(desk, position_id=withdrawn)))


def test_no_line_is_slipped_into_a_reviewed_claim(stage: Stage) -> None:
    desk = desk_of(stage).drafted(goods=1)
    claim.review(stage.plant.sign_in(SALES_MANAGER), claim_id=desk.claim_id, text="合同已核对")
    stage.attack(SALES, ("claim_line_moves_claim", new_line(desk)))


def test_an_amount_is_not_changed(stage: Stage) -> None:
    desk = desk_of(stage).drafted()
    lines = [row[0] for row in stage.rows(f"SELECT id FROM claim_line WHERE claim_id = {desk.claim_id} ORDER BY id")]

    def amount(line_id: int, price: int, total: int) -> str:
        return f"INSERT INTO claim_line_amount ({AMOUNT}) VALUES ({desk.case_id}, {line_id}, {price}, {total}, {total})"

    stage.attack(SALES, ("claim_amount_total", amount(lines[0], 10_000, 2_000_000)))
    claim.review(stage.plant.sign_in(SALES_MANAGER), claim_id=desk.claim_id, text="合同已核对")
    stage.attack(
        SALES,
        ("claim_amount_is_arithmetic", amount(lines[0], 10_000, 20_000)),
        ("claim_amount_is_arithmetic", amount(lines[0], 5_000, 1_000_000)),
        ("claim_amount_is_arithmetic", amount(lines[2], 10_000, 100_000)),
    )
    claim.calculate(stage.plant.sign_in(SALES), claim_id=desk.claim_id)
    assert desk.number(f"SELECT home_amount FROM claim_amount WHERE claim_id = {desk.claim_id}") == 2_350_000


def test_a_claim_without_amounts_is_not_sent_to_the_approval(stage: Stage) -> None:
    desk = desk_of(stage).reviewed()
    stage.attack(SALES, ("claim_calculated_whole", desk.state("CALCULATED")))


def test_nobody_reviews_his_own_claim(stage: Stage) -> None:
    desk = desk_of(stage).drafted()
    stage.attack(SALES_MANAGER, ("claim_reviewed_by_another", desk.state("REVIEWED")))
    stage.attack(SALES_VP, ("claim_reviewed_by_another", desk.state("REVIEWED")))


def test_a_claim_that_sorting_overtook_is_not_approved(stage: Stage) -> None:
    desk = desk_of(stage).calculated()
    sorting.take_back(
        stage.plant.sign_in(INSPECTOR),
        round_id=desk.round_id,
        kind=sorting.DispositionKind.SCRAP,
        pieces=5,
        reason="复判",
    )
    sorting.sort(
        stage.plant.sign_in(INSPECTOR),
        round_id=desk.round_id,
        dispositions=(
            sorting.NewDisposition(
                sorting.DispositionKind.RETURN_TO_CUSTOMER, 5, refusal_reason=sorting.RefusalReason.MISUSE
            ),
        ),
    )
    stage.attack(SALES, ("claim_still_true", desk.state("APPROVAL")))


def test_what_is_settled_is_not_sorted_again(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    again = f"UPDATE sorting_round SET state = 'SORTING' WHERE id = {desk.round_id}"
    stage.attack(INSPECTOR, ("sorting_stays_settled", again))


def test_a_claim_is_not_refused_without_a_reason(stage: Stage) -> None:
    desk = desk_of(stage).drafted()
    stage.attack(SALES, ("claim_refused_for_a_reason", desk.state("REFUSED")))


def test_a_place_is_signed_once(stage: Stage) -> None:
    desk = desk_of(stage).submitted()
    desk.sign(Place.QUALITY_INSPECTOR, INSPECTOR)
    session = stage.plant.sign_in(INSPECTOR)
    with session.store.signing(stage.plant.password(INSPECTOR)):
        sign("claim", desk.claim_id, case_id=desk.case_id, meaning=Meaning.SIGN_PLACE)
        stage.refused_on(database().connection(), "claim_place_once", new_place(desk, Place.QUALITY_INSPECTOR))


def test_nobody_signs_the_place_of_others(stage: Stage) -> None:
    desk = desk_of(stage).submitted()
    session = stage.plant.sign_in(SALES)
    before = stage.rows("SELECT * FROM claim_place_signature")
    with session.store.signing(stage.plant.password(SALES)):
        sign("claim", desk.claim_id, case_id=desk.case_id, meaning=Meaning.SIGN_PLACE)
        for place, name in SIGNERS.items():
            if name != SALES:
                stage.refused_on(database().connection(), "claim_place_needs_its_role", new_place(desk, place))
    assert stage.rows("SELECT * FROM claim_place_signature") == before == []


def test_a_place_is_not_filled_without_a_signature(stage: Stage) -> None:
    desk = desk_of(stage).submitted()
    foreign = new_place(desk, Place.RETURN_TEAM).replace("qms_connection()", "'4711'")
    stage.attack(
        LEADER,
        ("claim_place_needs_the_password", new_place(desk, Place.RETURN_TEAM)),
        ("claim_place_needs_the_password", foreign),
    )


def test_a_claim_with_an_empty_place_is_not_approved(stage: Stage) -> None:
    desk = desk_of(stage).signed(without=Place.AFTER_SALES)
    session = stage.plant.sign_in(SALES_VP)
    with session.store.signing(stage.plant.password(SALES_VP)):
        sign("claim", desk.claim_id, case_id=desk.case_id, meaning=Meaning.APPROVE)
        stage.refused_on(database().connection(), "claim_places_before_approval", desk.state("APPROVED"))
    assert stage.rows(f"SELECT state FROM claim WHERE id = {desk.claim_id}") == [("APPROVAL",)]


def test_a_case_is_not_closed_while_a_place_is_empty(stage: Stage) -> None:
    desk = desk_of(stage).signed(without=Place.PLANNING)
    qe, clerk = stage.plant.sign_in(QE), stage.plant.sign_in(SALES)
    complaint_id = desk.number(f"SELECT id FROM complaint WHERE case_id = {desk.case_id}")
    complaint.accept(clerk, complaint_id=complaint_id)
    complaint.analyse(qe, complaint_id=complaint_id)
    complaint.reply(clerk, complaint_id=complaint_id, kind=complaint.ReplyKind.CAUSES_AND_MEASURES, text="8D")
    complaint_ending.take_verdict(clerk, complaint_id=complaint_id, is_satisfied=True, said_by="王经理")
    with stage.plant.plain(QE) as connection:
        connection.execute(
            "INSERT INTO complaint_closing (case_id, complaint_id, round, text)"
            f" VALUES ({desk.case_id}, {complaint_id}, 1, '无再发')"
        )
    stage.attack(QE, ("complaint_closes_signed", f"UPDATE complaint SET state = 'CLOSED' WHERE id = {complaint_id}"))


def test_a_claim_is_not_approved_below_the_authority(stage: Stage) -> None:
    desk = desk_of(stage).signed()
    stage.attack(SALES_VP, ("claim_approved_by_authority", desk.state("APPROVED")))
    session = stage.plant.sign_in(SALES_MANAGER)
    with session.store.signing(stage.plant.password(SALES_MANAGER)):
        sign("claim", desk.claim_id, case_id=desk.case_id, meaning=Meaning.APPROVE)
        stage.refused_on(database().connection(), "claim_approved_by_authority", desk.state("APPROVED"))
    assert stage.rows(f"SELECT state FROM claim WHERE id = {desk.claim_id}") == [("APPROVAL",)]


def test_a_claim_is_not_refused_after_its_approval(stage: Stage) -> None:
    desk = desk_of(stage).approved()
    refuse = f"INSERT INTO claim_refusal (case_id, claim_id, text) VALUES ({desk.case_id}, {desk.claim_id}, 'x')"
    stage.attack(SALES_MANAGER, ("claim_refusal_in_time", refuse))


def test_nobody_approves_his_own_claim(stage: Stage) -> None:
    desk = desk_of(stage)
    manager = stage.plant.sign_in(SALES_MANAGER)
    made = claim.prepare(
        manager,
        rma_id=desk.rma_id,
        settlements=(claim.Settlement(desk.rma_line_id, claim.SettlementKind.GOODS, 50),),
    )
    desk.claim_id = made.claim_id
    claim.review(stage.plant.sign_in(SALES_VP), claim_id=made.claim_id, text="合同已核对")
    claim.calculate(manager, claim_id=made.claim_id)
    claim.submit(manager, claim_id=made.claim_id)
    for place, name in SIGNERS.items():
        desk.sign(place, name)
    stage.attack(
        SALES_MANAGER,
        ("claim_signer_did_not_prepare", stage.signing("claim", made.claim_id, "APPROVE", case_id=made.case_id)),
        ("claim_approver_did_not_prepare", desk.state("APPROVED")),
    )
