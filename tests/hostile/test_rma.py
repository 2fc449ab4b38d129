"""Attacks on the RMA: more pieces, a smaller amount, a missing signature, an own review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.rules.signature import Meaning, sign
from qms_desktop.steps import rma
from tests.hostile.stage import IT, LEADER, QE, SALES, SALES_MANAGER, SALES_VP

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

LINE = "case_id, rma_id, position, product_id, pieces_announced, pieces_agreed, without_record_reason"
PRICE = "case_id, rma_line_id, unit_price, currency, is_tax_included, rate_id, amount, home_amount"


def new_rma(stage: Stage, goods_state: str, settlement_state: str = "OPEN") -> str:
    return (
        "INSERT INTO rma (case_id, complaint_id, customer_id, market, kind, return_mode, goods_state, settlement_state)"
        f" VALUES ({stage.case_id}, {stage.complaint_id}, 1, 'DOMESTIC', 'REPLACE', 'PHYSICAL',"
        f" '{goods_state}', '{settlement_state}')"
    )


def new_line(stage: Stage, *, position: int = 2, pieces: int = 5, agreed: int = 5, reason: str = "旧货") -> str:
    return (
        f"INSERT INTO rma_line ({LINE})"
        f" VALUES ({stage.case_id}, {stage.rma_id}, {position}, 1, {pieces}, {agreed}, '{reason}')"
    )


def new_price(stage: Stage, line_id: int, *values: object) -> str:
    listed = ", ".join(str(value) for value in values)
    return f"INSERT INTO rma_line_price ({PRICE}) VALUES ({stage.case_id}, {line_id}, {listed})"


def goods(stage: Stage, state: str) -> str:
    return f"UPDATE rma SET goods_state = '{state}' WHERE id = {stage.rma_id}"


def test_an_rma_takes_only_its_own_steps(stage: Stage) -> None:
    stage.requested()
    stage.attack(
        SALES,
        ("rma_goods_state_begins", new_rma(stage, "AWAITING_GOODS")),
        ("rma_settlement_state_begins", new_rma(stage, "REQUESTED", "CLOSED")),
        ("rma_goods_state_moves", goods(stage, "AWAITING_GOODS")),
        ("rma_goods_state_moves", goods(stage, "RECEIVED")),
    )
    settle = f"UPDATE rma SET settlement_state = '{{state}}' WHERE id = {stage.rma_id}"
    with stage.plant.plain(SALES) as connection:
        connection.execute(settle.format(state="SETTLING"))
    stage.attack(SALES, ("rma_settlement_state_moves", settle.format(state="OPEN")))


def test_an_rma_of_no_pieces_is_refused(stage: Stage) -> None:
    stage.requested()
    stage.attack(
        SALES,
        ("rma_line_has_pieces", new_line(stage, pieces=0, agreed=0)),
    )


def test_a_line_cannot_allow_more_than_it_announces(stage: Stage) -> None:
    stage.requested()
    stage.attack(SALES, ("agreed_begins_as_announced", new_line(stage, pieces=5, agreed=500)))


def test_a_line_without_shipment_needs_a_reason(stage: Stage) -> None:
    stage.requested()
    stage.attack(SALES, ("missing_record_has_a_reason", new_line(stage, reason="")))


def test_a_line_cannot_be_slipped_into_an_approved_rma(stage: Stage) -> None:
    stage.requested()
    stage.attack(SALES, ("rma_position_once", new_line(stage, position=1)))
    stage.reviewed()
    stage.attack(SALES, ("rma_line_total", new_line(stage)))


def test_an_approved_line_cannot_be_made_larger(stage: Stage) -> None:
    stage.reviewed()
    which = f"WHERE id = {stage.rma_line_id}"
    stage.attack(
        SALES,
        ("rma_line_is_fixed", f"UPDATE rma_line SET pieces_announced = 500 {which}"),
        ("rma_line_is_fixed", f"UPDATE rma_line SET product_id = 2 {which}"),
        ("rma_line_is_fixed", f"UPDATE rma_line SET lot_number = 'L2610C' {which}"),
        rights_come_first=True,
    )


def test_an_amount_cannot_be_made_smaller_to_escape_the_approval(stage: Stage) -> None:
    stage.requested(pieces=200)
    with stage.plant.plain(SALES) as connection:
        connection.execute(new_line(stage, pieces=100, agreed=100))
    line_id = int(stage.rows("SELECT max(id) FROM rma_line")[0][0])
    cny, usd = "'CNY', TRUE, NULL", "'USD', TRUE, (SELECT id FROM rate WHERE code = 'USD')"
    stage.attack(
        SALES,
        # 100 pieces at 50.76 are 5,076.00.
        ("price_is_arithmetic", new_price(stage, line_id, 507600, cny, 100, 100)),
        ("price_is_arithmetic", new_price(stage, line_id, 507600, cny, 50760000, 100)),
        ("price_is_arithmetic", new_price(stage, line_id, 507600, usd, 50760000, 50760000)),
        ("price_is_arithmetic", new_price(stage, line_id, 507600, "'EUR', TRUE, NULL", 50760000, 50760000)),
        ("price_is_positive", new_price(stage, line_id, -507600, cny, -50759900, -50759900)),
        ("price_is_positive", new_price(stage, line_id, 0, cny, 0, 0)),
    )
    shrink = f"UPDATE rma_amount SET amount = 0 WHERE rma_id = {stage.rma_id}"
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(SALES, shrink)
    else:
        stage.attack(SALES, ("server_columns_are_filled", shrink))


def test_a_price_needs_an_amount_to_be_added_to(stage: Stage) -> None:
    stage.complained()
    with stage.plant.plain(SALES) as connection:
        connection.execute(new_rma(stage, "REQUESTED"))
    stage.rma_id = int(stage.rows("SELECT max(id) FROM rma")[0][0])
    with stage.plant.plain(SALES) as connection:
        connection.execute(new_line(stage, position=1, pieces=100, agreed=100))
    line_id = int(stage.rows("SELECT max(id) FROM rma_line")[0][0])
    stage.attack(
        SALES, ("rma_amount_total", new_price(stage, line_id, 507600, "'CNY', TRUE, NULL", 50760000, 50760000))
    )


def test_an_rma_without_prices_is_not_reviewed(stage: Stage) -> None:
    stage.judged()
    with stage.plant.plain(SALES) as connection:
        connection.execute(new_line(stage))
    line_id = int(stage.rows("SELECT max(id) FROM rma_line")[0][0])
    with stage.plant.plain(QE) as connection:
        connection.execute(
            "INSERT INTO rma_opinion (case_id, rma_id, rma_line_id, opinion)"
            f" VALUES ({stage.case_id}, {stage.rma_id}, {line_id}, 'RETURN')"
        )
    review_as(stage, SALES_MANAGER, accepts_missing_record=True)
    stage.attack(SALES_MANAGER, ("priced_before_approval", goods(stage, "APPROVAL")))


def review_as(stage: Stage, who: str, *, accepts_missing_record: bool = False) -> None:
    with stage.plant.plain(who) as connection:
        connection.execute(new_review(stage, accepts_missing_record=accepts_missing_record))


def new_review(stage: Stage, *, accepts_missing_record: bool = False) -> str:
    return (
        "INSERT INTO rma_review (case_id, rma_id, accepts_missing_record)"
        f" VALUES ({stage.case_id}, {stage.rma_id}, {accepts_missing_record})"
    )


def test_the_applicant_cannot_review_his_own_rma(stage: Stage) -> None:
    stage.judged()
    own = new_rma(stage, "REQUESTED")
    with stage.plant.plain(SALES_MANAGER) as connection:
        connection.execute(own)
    stage.rma_id = int(stage.rows("SELECT max(id) FROM rma")[0][0])
    stage.attack(SALES_MANAGER, ("reviewer_is_not_applicant", new_review(stage)))


def test_an_rma_without_qualitys_opinion_is_not_reviewed(stage: Stage) -> None:
    stage.requested()
    review_as(stage, SALES_MANAGER)
    stage.attack(SALES_MANAGER, ("opinion_before_approval", goods(stage, "APPROVAL")))


def test_a_line_without_shipment_record_must_be_accepted_expressly(stage: Stage) -> None:
    stage.requested(lot="")
    with stage.plant.plain(QE) as connection:
        connection.execute(
            "INSERT INTO rma_opinion (case_id, rma_id, rma_line_id, opinion)"
            f" VALUES ({stage.case_id}, {stage.rma_id}, {stage.rma_line_id}, 'RETURN')"
        )
    stage.attack(SALES_MANAGER, ("reviewed_before_approval", goods(stage, "APPROVAL")))
    review_as(stage, SALES_MANAGER)
    stage.attack(SALES_MANAGER, ("reviewed_before_approval", goods(stage, "APPROVAL")))
    review_as(stage, SALES_VP, accepts_missing_record=True)
    with stage.plant.plain(SALES_MANAGER) as connection:
        connection.execute(goods(stage, "APPROVAL"))
    assert stage.rows(f"SELECT goods_state FROM rma WHERE id = {stage.rma_id}") == [("APPROVAL",)]


def test_an_rma_is_not_approved_without_the_signature_of_the_authority_table(stage: Stage) -> None:
    stage.reviewed(pieces=220)
    stage.attack(SALES_MANAGER, ("approved_by_authority", goods(stage, "AWAITING_GOODS")))
    # More than 200 pieces are the sales vice president's: the sales manager's signature is not enough.
    with stage.plant.sign_in(SALES_MANAGER).store.signing(stage.plant.password(SALES_MANAGER)):
        sign("rma", stage.rma_id, case_id=stage.case_id, meaning=Meaning.APPROVE)
    stage.attack(SALES_MANAGER, ("approved_by_authority", goods(stage, "AWAITING_GOODS")))
    stage.attack(SALES, ("approved_by_authority", goods(stage, "AWAITING_GOODS")))


def test_nothing_is_said_of_an_rma_after_the_decision(stage: Stage) -> None:
    """A refusal beside an approved RMA, an opinion that nobody could know, a review that allows goods in advance."""
    stage.reviewed()
    of = f"({stage.case_id}, {stage.rma_id}"
    opinion = f"INSERT INTO rma_opinion (case_id, rma_id, rma_line_id, opinion) VALUES {of}, {stage.rma_line_id}, "
    stage.attack(QE, ("rma_opinion_in_time", f"{opinion}'REFUSE')"))
    stage.attack(
        SALES_VP,
        ("rma_review_in_time", f"INSERT INTO rma_review (case_id, rma_id, allows_advance) VALUES {of}, TRUE)"),
        ("rma_refusal_in_time", f"INSERT INTO rma_refusal (case_id, rma_id, reason, evidence) VALUES {of}, 'R1', 'x')"),
    )


def test_an_rma_is_not_refused_without_a_reason(stage: Stage) -> None:
    stage.requested()
    stage.attack(SALES_MANAGER, ("refused_with_a_reason", goods(stage, "REFUSED")))


def test_an_rma_is_sent_forward_only_by_who_reviewed_it(stage: Stage) -> None:
    """A colleague's review must not carry what the applicant, who may review others, adds afterwards."""
    stage.judged(by=SALES_MANAGER)
    review_as(stage, SALES_VP)
    stage.attack(SALES_MANAGER, ("sent_forward_by_the_reviewer", goods(stage, "APPROVAL")))


def test_nobody_approves_an_rma_that_he_requested(stage: Stage) -> None:
    """The manager requests, the vice president reviews, and then the manager's signature would be enough."""
    stage.judged(pieces=150, by=SALES_MANAGER)
    rma.review(stage.plant.sign_in(SALES_VP), rma_id=stage.rma_id, text="合同已核对")
    stage.attack(SALES_MANAGER, ("rma_approver_is_not_applicant", stage.signing("rma", stage.rma_id, "APPROVE")))


def test_whoever_adds_a_line_is_an_applicant_too(stage: Stage) -> None:
    """A colleague's name on the request must not open the review and the approval to who wrote its lines."""
    stage.judged(pieces=150)
    with stage.plant.plain(SALES_MANAGER) as manager:
        manager.execute(new_line(stage))
    review = f"INSERT INTO rma_review (case_id, rma_id) VALUES ({stage.case_id}, {stage.rma_id})"
    stage.attack(
        SALES_MANAGER,
        ("reviewer_is_not_applicant", review),
        ("rma_approver_is_not_applicant", stage.signing("rma", stage.rma_id, "APPROVE")),
    )


def test_a_reviewer_adds_no_line_after_his_review(stage: Stage) -> None:
    stage.judged(pieces=150)
    rma.review(stage.plant.sign_in(SALES_MANAGER), rma_id=stage.rma_id, text="合同已核对")
    with stage.plant.plain(SALES_MANAGER) as manager:
        manager.execute(goods(stage, "REQUESTED"))
        manager.execute(new_line(stage))
        line = stage.rows("SELECT max(id) FROM rma_line")[0][0]
        manager.execute(new_price(stage, line, 10_000, "'CNY'", "TRUE", "NULL", 50_000, 50_000))
    with stage.plant.plain(QE) as quality:
        quality.execute(
            "INSERT INTO rma_opinion (case_id, rma_id, rma_line_id, opinion)"
            f" VALUES ({stage.case_id}, {stage.rma_id}, {line}, 'RETURN')"
        )
    accepted = (
        "INSERT INTO rma_review (case_id, rma_id, accepts_missing_record)"
        f" VALUES ({stage.case_id}, {stage.rma_id}, TRUE)"
    )
    with stage.plant.plain(SALES_VP) as other:
        other.execute(accepted)
    stage.attack(SALES_MANAGER, ("sent_forward_by_the_reviewer", goods(stage, "APPROVAL")))


def test_an_rma_takes_no_other_market_to_escape_the_approval(stage: Stage) -> None:
    """Abroad the limits are higher: a domestic return must not be passed off as a foreign one."""
    stage.complained()
    stage.attack(
        SALES,
        ("rma_is_the_customers", new_rma(stage, "REQUESTED").replace("'DOMESTIC'", "'FOREIGN'")),
        ("rma_is_the_customers", new_rma(stage, "REQUESTED").replace(", 1, 'DOMESTIC'", ", 3, 'FOREIGN'")),
        (
            "rma_is_the_customers",
            new_rma(stage, "REQUESTED").replace(f" {stage.complaint_id}, 1, 'DOMESTIC'", " NULL, 3, 'FOREIGN'"),
        ),
    )


def test_an_amount_is_not_made_smaller_by_the_rate_of_another_day(stage: Stage) -> None:
    stage.requested()
    with stage.plant.plain(IT) as administrator:
        for code, amount, begins, ends in (
            ("USD", 10_000, "2020-01-01", "'2020-12-31'"),
            ("USD", 1, "2027-01-01", "NULL"),
        ):
            administrator.execute(
                "INSERT INTO rate (kind, code, amount, currency, valid_from, valid_until)"
                f" VALUES ('EXCHANGE', '{code}', {amount}, 'CNY', '{begins}', {ends})"
            )
    with stage.plant.plain(SALES) as sales:
        sales.execute(new_line(stage))
    line = stage.rows("SELECT max(id) FROM rma_line")[0][0]
    old, coming = (row[0] for row in stage.rows("SELECT id FROM rate WHERE code = 'USD' ORDER BY id DESC LIMIT 2"))
    stage.attack(
        SALES,
        ("price_is_arithmetic", new_price(stage, line, 10_000, "'USD'", "TRUE", old, 50_000, 50_000)),
        ("price_is_arithmetic", new_price(stage, line, 10_000, "'USD'", "TRUE", coming, 50_000, 50_000)),
        ("price_is_arithmetic", new_price(stage, line, 10_000, "'USD'", "TRUE", coming, 50_000, 0)),
        ("price_is_arithmetic", new_price(stage, line, 10_000, "'USD'", "TRUE", old, 50_000, 0)),
    )


def test_goods_that_must_come_back_are_not_settled_without_them(stage: Stage) -> None:
    """Whoever approves could let the pieces be judged and paid that nobody ever sent."""
    stage.judged(pieces=150)
    rma.review(stage.plant.sign_in(SALES_MANAGER), rma_id=stage.rma_id, text="合同已核对")
    with stage.plant.sign_in(SALES_MANAGER).store.signing(stage.plant.password(SALES_MANAGER)):
        sign("rma", stage.rma_id, case_id=stage.case_id, meaning=Meaning.APPROVE)
    stage.attack(SALES_MANAGER, ("goods_come_or_stay", goods(stage, "NON_PHYSICAL")))


def test_an_rma_whose_goods_came_is_not_cancelled(stage: Stage) -> None:
    stage.closed()
    with stage.plant.plain(LEADER) as leader:
        leader.execute(stage.signing("receipt", stage.receipt_id, "ACCEPT_COUNT"))
        leader.execute(f"UPDATE receipt SET state = 'SIGNED' WHERE id = {stage.receipt_id}")
    stage.attack(SALES, ("cancelled_before_goods", goods(stage, "CANCELLED")))
