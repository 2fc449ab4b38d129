"""Who must sign, exactly at and around every limit of the table."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.db.master_data import Market
from qms_desktop.errors import InvalidInput
from qms_desktop.permissions import Role
from qms_desktop.rules.approval import (
    ApprovalLevel,
    ApprovalMeaning,
    ApprovalNeed,
    NeededSignature,
    Subject,
    signers_needed,
    starting_rules,
)

CENT = Decimal("0.01")
amounts = st.decimals(min_value=0, max_value=1_000_000, places=2)
pieces_counts = st.integers(min_value=0, max_value=10_000)


def need(market: Market, pieces: int, amount: Decimal | str) -> ApprovalNeed:
    return signers_needed(market, pieces=pieces, amount_with_tax_cny=Decimal(amount))


@pytest.mark.parametrize(
    ("pieces", "amount", "level", "rows"),
    [
        (1, "0", ApprovalLevel.SALES_REVIEW, ("D0",)),
        (100, "5000.00", ApprovalLevel.SALES_REVIEW, ("D0",)),
        (101, "5000.00", ApprovalLevel.SALES_MANAGER, ("D1",)),
        (100, "5000.01", ApprovalLevel.SALES_MANAGER, ("D2",)),
        (200, "10000.00", ApprovalLevel.SALES_MANAGER, ("D1", "D2")),
        (201, "10000.00", ApprovalLevel.SALES_VP, ("D3",)),
        (200, "10000.01", ApprovalLevel.SALES_VP, ("D4",)),
        (201, "10000.01", ApprovalLevel.SALES_VP, ("D3", "D4")),
    ],
)
def test_domestic_limits_are_strict(pieces: int, amount: str, level: ApprovalLevel, rows: tuple[str, ...]) -> None:
    found = need(Market.DOMESTIC, pieces, amount)
    assert (found.level, found.row_ids) == (level, rows)


@pytest.mark.parametrize(
    ("amount", "level", "row"),
    [
        ("0", ApprovalLevel.SALES_MANAGER, "F1"),
        ("999.99", ApprovalLevel.SALES_MANAGER, "F1"),
        ("1000.00", ApprovalLevel.SALES_VP, "F2"),
        ("100000.00", ApprovalLevel.SALES_VP, "F2"),
        ("100000.01", ApprovalLevel.GENERAL_MANAGER, "F3"),
    ],
)
def test_both_ends_belong_to_the_middle_of_the_foreign_table(amount: str, level: ApprovalLevel, row: str) -> None:
    found = need(Market.FOREIGN, 5_000, amount)
    assert (found.level, found.row_ids) == (level, (row,))


def test_the_story_needs_the_vice_president_for_both_reasons(english: None) -> None:
    found = need(Market.DOMESTIC, 657, "34872.78")
    assert found.roles == (Role.SALES_VP,)
    assert [str(reason) for reason in found.reasons] == [
        "657 pieces are more than 200",
        "CNY 34,872.78 is more than 10,000",
    ]


def test_the_net_figures_of_the_storys_claim_need_the_vice_president_too() -> None:
    found = signers_needed(Market.DOMESTIC, pieces=645, amount_with_tax_cny=Decimal("33311.22"), subject=Subject.CLAIM)
    assert (found.level, found.row_ids) == (ApprovalLevel.SALES_VP, ("D3", "D4"))


def test_a_small_domestic_return_is_reviewed_and_nobody_signs_on_top(english: None) -> None:
    found = need(Market.DOMESTIC, 12, "300.50")
    assert found.signatures == ()
    assert str(found.reasons[0]) == "No limit is reached: 12 pieces, CNY 300.50. The sales review is recorded."


def test_a_large_foreign_return_is_discussed_by_three_and_signed_outward_by_sales() -> None:
    found = need(Market.FOREIGN, 1, "100000.01")
    assert found.signatures == (
        NeededSignature(Role.SALES_VP, ApprovalMeaning.DISCUSSED),
        NeededSignature(Role.FINANCE_VP, ApprovalMeaning.DISCUSSED),
        NeededSignature(Role.GM, ApprovalMeaning.DISCUSSED),
        NeededSignature(Role.GM, ApprovalMeaning.APPROVED),
        NeededSignature(Role.SALES_VP, ApprovalMeaning.SIGNED_OUTWARD),
    )
    assert found.roles == (Role.SALES_VP, Role.FINANCE_VP, Role.GM)
    assert found.outward_signer is Role.SALES_VP


def test_who_approves_alone_signs_outward_with_the_same_signature() -> None:
    assert need(Market.FOREIGN, 1, "1000").signatures == (NeededSignature(Role.SALES_VP, ApprovalMeaning.APPROVED),)


@given(pieces=pieces_counts, amount=amounts)
def test_domestic_levels_follow_the_two_figures(pieces: int, amount: Decimal) -> None:
    level = need(Market.DOMESTIC, pieces, amount).level
    if pieces > 200 or amount > 10_000:
        assert level is ApprovalLevel.SALES_VP
    elif pieces > 100 or amount > 5_000:
        assert level is ApprovalLevel.SALES_MANAGER
    else:
        assert level is ApprovalLevel.SALES_REVIEW


@given(pieces=pieces_counts, amount=amounts)
def test_pieces_do_not_matter_abroad(pieces: int, amount: Decimal) -> None:
    assert need(Market.FOREIGN, pieces, amount).level is need(Market.FOREIGN, 0, amount).level


@given(
    limit=st.sampled_from([Decimal(1_000), Decimal(5_000), Decimal(10_000), Decimal(100_000)]),
    cents=st.integers(min_value=-3, max_value=3),
    market=st.sampled_from(list(Market)),
)
def test_one_cent_decides_around_every_limit(limit: Decimal, cents: int, market: Market) -> None:
    amount = limit + cents * CENT
    order = list(ApprovalLevel)
    here, above = need(market, 1, amount), need(market, 1, amount + CENT)
    assert order.index(above.level) - order.index(here.level) in (0, 1)
    steps_up = here.level is not above.level
    if market is Market.DOMESTIC:
        assert steps_up == (amount in (5_000, 10_000))
    else:
        assert steps_up == (amount in (Decimal("999.99"), 100_000))


@given(market=st.sampled_from(list(Market)), pieces=pieces_counts, more=pieces_counts, amount=amounts, plus=amounts)
def test_more_goods_or_money_never_need_fewer_signatures(
    market: Market, pieces: int, more: int, amount: Decimal, plus: Decimal
) -> None:
    order = list(ApprovalLevel)
    smaller, larger = need(market, pieces, amount), need(market, pieces + more, amount + plus)
    assert order.index(smaller.level) <= order.index(larger.level)


def test_fractions_of_a_cent_do_not_reach_a_limit_that_paper_does_not_show() -> None:
    assert need(Market.DOMESTIC, 1, "5000.0049").level is ApprovalLevel.SALES_REVIEW


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
def test_an_amount_that_is_negative_or_no_number_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        need(Market.DOMESTIC, 1, amount)
    assert refused.value.field == "amount"


def test_negative_pieces_are_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        need(Market.DOMESTIC, -1, "1")
    assert refused.value.field == "pieces"


def test_a_table_without_a_row_for_the_figures_is_a_fault_and_not_a_free_pass() -> None:
    rules = [rule for rule in starting_rules() if rule.id != "D0"]
    with pytest.raises(ValueError, match="has no row"):
        signers_needed(Market.DOMESTIC, pieces=1, amount_with_tax_cny=Decimal(1), rules=rules)


def test_returns_and_claims_share_the_starting_table() -> None:
    assert all(rule.subjects == {Subject.RMA, Subject.CLAIM} for rule in starting_rules())
