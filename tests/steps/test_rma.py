"""Who must sign a return, at every edge of the authority table, through the verb; and the rate of its own day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.complaint import Channel
from qms_desktop.db.master_data import RateKind
from qms_desktop.errors import InvalidInput
from qms_desktop.steps import complaint, master_data, rma
from qms_desktop.steps.master_data import ImportKind
from qms_desktop.steps.master_data_rows import RateRow, SourceRow
from tests.helpers.plant import moment

if TYPE_CHECKING:
    from tests.helpers.plant import Plant

SALES = "王伟涛"
MANAGER, VICE_PRESIDENT = ("sales_manager",), ("sales_vp",)
GENERAL_MANAGER = ("sales_vp", "finance_vp", "gm")

# customer, pieces, price of one, currency, who must sign
EDGES = (
    ("C1001", 100, "50.00", "CNY", ()),
    ("C1001", 101, "0.01", "CNY", MANAGER),
    ("C1001", 1, "5000.01", "CNY", MANAGER),
    ("C1001", 200, "50.00", "CNY", MANAGER),
    ("C1001", 201, "0.01", "CNY", VICE_PRESIDENT),
    ("C1001", 1, "10000.01", "CNY", VICE_PRESIDENT),
    ("C2002", 300, "3.3333", "CNY", MANAGER),
    ("C2002", 1, "999.99", "CNY", MANAGER),
    ("C2002", 1, "1000.00", "CNY", VICE_PRESIDENT),
    ("C2002", 1, "100000.00", "CNY", VICE_PRESIDENT),
    ("C2002", 1, "100000.01", "CNY", GENERAL_MANAGER),
    # 7.1 CNY a dollar: 998.97 and 1,000.04.
    ("C2002", 1, "140.70", "USD", MANAGER),
    ("C2002", 1, "140.85", "USD", VICE_PRESIDENT),
    # An export trader in the country is a foreign customer.
    ("C3003", 201, "0.01", "CNY", MANAGER),
    ("C3003", 1, "1000.00", "CNY", VICE_PRESIDENT),
)


def requested(plant: Plant, customer: str, *lines: rma.NewRmaLine) -> rma.RmaShown:
    """Request an RMA for a new complaint of a customer."""
    sales = plant.sign_in(SALES)
    made = complaint.register(
        sales,
        customer=customer,
        received_at=moment("2025-06-02 09:00"),
        channel=Channel.EMAIL,
        lines=(complaint.NewLine("YQ-22", 1, "漏油"),),
    )
    asked = rma.request(sales, complaint_id=made.complaint_id, lines=lines)
    return rma.show(sales, rma_id=asked.rma_id)


def line(pieces: int, price: str, currency: str = "CNY") -> rma.NewRmaLine:
    return rma.NewRmaLine("YQ-22", pieces, Decimal(price), currency=currency, without_record_reason="客户照片为证")


def test_every_edge_of_the_authority_table_asks_for_the_right_signatures(plant: Plant) -> None:
    plant.at("2026-06-01 09:20")
    asked = [
        (*edge[:4], tuple(str(role) for role in shown.need.roles))
        for edge in EDGES
        if (shown := requested(plant, edge[0], line(edge[1], edge[2], edge[3]))).need is not None
    ]
    assert asked == list(EDGES)


def test_a_return_is_judged_by_all_its_lines_together(plant: Plant) -> None:
    plant.at("2026-06-01 09:20")
    shown = requested(plant, "C1001", line(60, "0.01"), line(40, "0.01"), line(1, "0.01"))
    assert shown.need is not None
    assert [str(role) for role in shown.need.roles] == ["sales_manager"]


def test_each_line_is_rounded_half_up_before_they_are_summed(plant: Plant) -> None:
    plant.at("2026-06-01 09:20")
    shown = requested(plant, "C1001", *(line(1, "0.005") for _ in range(3)), line(1, "0.0049"))
    assert shown.amount == Decimal("0.03")


@pytest.mark.parametrize(("at", "amount"), [("2026-06-30 23:59", "7.10"), ("2026-07-01 00:01", "7.20")])
def test_a_foreign_amount_takes_the_rate_of_the_plants_own_day(plant: Plant, at: str, amount: str) -> None:
    rate = RateRow(
        RateKind.EXCHANGE, "USD", "美元", "CNY", Decimal("7.2"), "CNY", date(2026, 7, 1), None, SourceRow("费率", 4)
    )
    master_data.import_rows(
        plant.sign_in("管理员"), kind=ImportKind.RATES, rows=[rate], file_name="费率", sha256="1" * 64
    )
    plant.at(at)
    assert requested(plant, "C2002", line(1, "1.00", "USD")).amount == Decimal(amount)


@pytest.mark.parametrize(("at", "amount"), [("2026-08-15 09:00", "7.20"), ("2026-10-15 09:00", "7.10")])
def test_a_rate_for_a_time_gives_way_to_the_one_that_holds_on(plant: Plant, at: str, amount: str) -> None:
    until = date(2026, 9, 30)
    rate = RateRow(
        RateKind.EXCHANGE, "USD", "美元", "CNY", Decimal("7.2"), "CNY", date(2026, 7, 1), until, SourceRow("费率", 4)
    )
    master_data.import_rows(
        plant.sign_in("管理员"), kind=ImportKind.RATES, rows=[rate], file_name="费率", sha256="1" * 64
    )
    plant.at(at)
    assert requested(plant, "C2002", line(1, "1.00", "USD")).amount == Decimal(amount)


def test_a_currency_without_a_rate_of_the_day_is_refused(plant: Plant) -> None:
    plant.at("2025-12-31 23:00")
    with pytest.raises(InvalidInput, match="no exchange rate for USD on 2025-12-31"):
        requested(plant, "C2002", line(1, "1.00", "USD"))
