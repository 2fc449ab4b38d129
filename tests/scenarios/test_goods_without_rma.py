"""The story of a carton that nobody announced: quarantined at the dock, labelled, found by sales, taken in at last."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.errors import InvalidInput, Refused
from qms_desktop.rules import due, history, related, search
from qms_desktop.steps import complaint, receipt, rma
from qms_desktop.steps.receipt import LabelState, Quarantined, ReceiptState
from qms_desktop.steps.receipt_label import LabelStatus
from tests.helpers.plant import moment

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


def came(
    plant: Plant, *, product: str = "YQ-22", description: str = "纸箱一只，无单据", customer: str = ""
) -> Quarantined:
    """Let the dock open a case for a carton of YQ-22 with no paper on it."""
    plant.at("2026-11-04 10:40")
    zhou = plant.sign_in("周磊秀", station="dock-1")
    return receipt.arrive_without_rma(zhou, product=product, description=description, customer=customer)


def counted(plant: Plant, made: Quarantined, pieces: int = 12) -> receipt.Counted:
    """Let the dock count the carton."""
    zhou = plant.sign_in("周磊秀")
    line = receipt.show(zhou, receipt_id=made.receipt_id).lines[0]
    return receipt.receive(zhou, receipt_line_id=line.id, pieces=pieces, lot="L2610A")


def closed(plant: Plant, *, customer: str = "") -> Quarantined:
    """Tell it up to the closed count."""
    made = came(plant, customer=customer)
    counted(plant, made)
    receipt.close_count(plant.sign_in("周磊秀"), receipt_id=made.receipt_id)
    return made


def approved_rma(plant: Plant, case_id: int) -> int:
    """Let sales take the complaint down in the case, and the RMA be approved."""
    wang = plant.sign_in("王伟涛")
    complained = complaint.register(
        wang,
        customer="C1001",
        received_at=moment("2026-11-04 10:30"),
        channel=complaint.Channel.PHONE,
        lines=(complaint.NewLine("YQ-22", 12, "未经申请直接退回", lot="L2610A"),),
        joins_case=case_id,
    )
    line = rma.NewRmaLine("YQ-22", 12, Decimal("50.76"), lot="L2610A")
    made = rma.request(wang, complaint_id=complained.complaint_id, lines=(line,))
    shown = rma.show(plant.sign_in("徐兰"), rma_id=made.rma_id)
    opinion = rma.OpinionOnLine(shown.lines[0].id, rma.OpinionKind.RETURN)
    rma.give_opinion(plant.sign_in("徐兰"), rma_id=made.rma_id, opinions=(opinion,))
    rma.review(plant.sign_in("王涛兰"), rma_id=made.rma_id, text="合同条款已核对")
    return made.rma_id


def test_goods_without_an_rma_open_a_case_and_wait_in_quarantine(plant: Plant) -> None:
    made = came(plant, customer="C1001")
    zhou = plant.sign_in("周磊秀")
    assert made.number == "G20261104001"
    carton = counted(plant, made)
    assert carton.payload == f"{made.number}.0.{carton.serial:06d}"
    label = receipt.preview_label(zhou, label_id=carton.label_id)
    assert (label.status, label.status.chinese) == (LabelStatus.PROVISIONAL, "待判定·禁止出货")
    assert (label.rma_number, label.customer_short_name, label.pieces) == (made.number, "华东远航", 12)
    assert receipt.read_label(zhou, scanned=carton.payload).state is LabelState.PROVISIONAL
    (limit,) = (one for one in due.running(zhou) if one.kind == "receipt")
    assert limit.record_id == made.receipt_id
    (found,) = related.records_of_case(zhou, case_id=made.case_id)
    assert (found.step, found.number) == ("receipt", made.number)
    (hit,) = search.find(zhou, text="无单据")
    assert (hit.kind, hit.case_id) == (search.Kind.CASE, made.case_id)
    assert history.case_history(zhou, case_id=made.case_id).deeds[0].title == "Goods arrived without an RMA"


def test_sales_finds_them_as_a_difference_to_clear(plant: Plant) -> None:
    made = closed(plant)
    (row,) = receipt.listed(plant.sign_in("王伟涛"), states=(ReceiptState.DIFFERENCE,), text="无单据")
    assert (row.rma_id, row.rma_number, row.customer_name, row.pieces_counted) == (None, made.number, "", 12)


def test_goods_whose_customer_is_known_are_found_by_the_customer(plant: Plant) -> None:
    closed(plant, customer="C1001")
    (row,) = receipt.listed(plant.sign_in("王伟涛"), text="远航")
    assert row.customer_short_name == "华东远航"


def test_they_are_neither_agreed_nor_signed_before_the_rma_is_named(plant: Plant) -> None:
    made = closed(plant)
    wang, shen = plant.sign_in("王伟涛"), plant.sign_in("沈国强")
    line = receipt.show(wang, receipt_id=made.receipt_id).lines[0]
    with pytest.raises(Refused, match="stay in quarantine"):
        receipt.agree(wang, receipt_id=made.receipt_id, agreed=(receipt.Agreed(line.id, 12),), agreed_with="客户质量部")
    read = receipt.show(shen, receipt_id=made.receipt_id)
    with pytest.raises(Refused, match="stay in quarantine"):
        receipt.accept_count(
            shen, receipt_id=made.receipt_id, read_hash=read.content_hash, password=plant.password("沈国强")
        )


def test_with_the_rma_of_the_case_they_are_taken_in(plant: Plant) -> None:
    made = came(plant)
    carton = counted(plant, made)
    receipt.close_count(plant.sign_in("周磊秀"), receipt_id=made.receipt_id)
    rma_id = approved_rma(plant, made.case_id)
    wang, shen = plant.sign_in("王伟涛"), plant.sign_in("沈国强")
    receipt.name_rma(wang, receipt_id=made.receipt_id, rma_id=rma_id)
    shown = receipt.show(wang, receipt_id=made.receipt_id)
    number = rma.show(wang, rma_id=rma_id).row.number
    assert (shown.row.rma_number, shown.lines[0].position, shown.lines[0].difference) == (number, 1, 0)
    assert shown.row.customer_short_name == "华东远航"
    assert receipt.preview_label(wang, label_id=carton.label_id).customer_short_name == "华东远航"
    # The label that is on the carton still carries the case's number, and is still understood.
    assert receipt.read_label(wang, scanned=carton.payload).rma_number == number
    agreed = (receipt.Agreed(shown.lines[0].id, 12),)
    receipt.agree(wang, receipt_id=made.receipt_id, agreed=agreed, agreed_with="客户质量部")
    read = receipt.show(shen, receipt_id=made.receipt_id)
    receipt.accept_count(
        shen, receipt_id=made.receipt_id, read_hash=read.content_hash, password=plant.password("沈国强")
    )
    assert receipt.show(shen, receipt_id=made.receipt_id).row.state is ReceiptState.SIGNED
    assert rma.show(wang, rma_id=rma_id).lines[0].pieces_received == 12
    with pytest.raises(Refused, match="have their RMA already"):
        receipt.name_rma(wang, receipt_id=made.receipt_id, rma_id=rma_id)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"product": "", "description": "  "}, "Say what the goods are"),
        ({"product": "XX-99"}, "There is no product XX-99"),
        ({"customer": "C9999"}, "There is no customer C9999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_opened(plant: Plant, values: dict[str, str], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        came(plant, **values)
    assert receipt.listed(plant.sign_in("周磊秀")) == ()
