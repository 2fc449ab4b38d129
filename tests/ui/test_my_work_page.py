"""My work on a real plant: each seat sees what it owes, by when and why, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from qms_desktop.app import pages
from qms_desktop.app.story import case_story
from qms_desktop.app.work import my_work, waiting
from qms_desktop.demo.eight_d_filling import INTERIM
from qms_desktop.steps import complaint, complaint_ending, rework
from qms_desktop.steps.complaint import ReplyKind
from qms_desktop.steps.eight_d import ReportKind
from qms_desktop.steps.rework import OrderKind, Take
from qms_desktop.ui.my_work import LATE, LATER, TODAY, MyWorkPage
from tests.scenarios import test_claim_and_cost as ending
from tests.scenarios import test_eight_d as reports
from tests.scenarios import test_end_of_a_complaint as endings
from tests.scenarios import test_recall as recalls
from tests.scenarios import test_sorting_to_stock as floor
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from tests.ui.desk import Desk, Keys


def told(desk: Desk, name: str) -> list[tuple[str, str]]:
    return [(item.what, item.group) for item in my_work(desk.plant.sign_in(name)).items]


def test_the_qe_owes_the_containment_and_the_causes(desk: Desk) -> None:
    story.registered(desk.plant)
    assert told(desk, "徐兰") == [
        ("Containment", TODAY),
        ("Written reply", TODAY),
        ("Causes and measures", LATER),
        ("Open the 8D", LATER),
        ("Assess other customers", TODAY),
    ]
    desk.plant.at("2026-11-03 14:00")
    assert told(desk, "徐兰")[0] == ("Containment", LATE)


@pytest.mark.parametrize(
    ("name", "what", "others"),
    [
        ("徐兰", "Give quality's opinion", ("王涛兰", "郭明", "王伟涛")),
        ("王涛兰", "Review against the contract", ("徐兰", "王伟涛")),
        ("郭明", "Approve and sign", ("徐兰", "王涛兰", "王伟涛")),
    ],
)
def test_an_rma_waits_for_the_right_person(desk: Desk, name: str, what: str, others: tuple[str, ...]) -> None:
    up_to = {"徐兰": story.requested, "王涛兰": story.judged, "郭明": story.reviewed}
    up_to[name](desk.plant)
    assert what in [item for item, _group in told(desk, name)]
    assert not [other for other in others if what in [item for item, _group in told(desk, other)]]


def test_the_reason_of_a_signature_is_the_row_of_the_table(desk: Desk) -> None:
    story.reviewed(desk.plant)
    item = next(one for one in my_work(desk.plant.sign_in("郭明")).items if one.needs_signature)
    assert "657 pieces are more than 200" in item.why


def test_a_difference_waits_for_sales_and_a_clean_count_for_the_leader(desk: Desk) -> None:
    story.counted(desk.plant, first=596)
    assert "Agree the difference" in [item for item, _group in told(desk, "王伟涛")]
    assert "Sign the count" not in [item for item, _group in told(desk, "沈国强")]


def test_the_applicant_sees_for_whom_the_rma_waits(desk: Desk) -> None:
    story.reviewed(desk.plant)
    waiting = my_work(desk.plant.sign_in("王伟涛")).waiting
    assert [(one.who, one.what) for one in waiting] == [("VP sales", "approve R20261103001")]


def test_enter_opens_what_is_chosen(desk: Desk, keys: Keys) -> None:
    made = story.reviewed(desk.plant)
    page = desk.show(MyWorkPage(desk.workplace("郭明"), reading=my_work))
    desk.until(lambda: page.work is not None)
    keys.go_to(page.table)
    keys.press(Qt.Key.Key_Return)
    assert [(one.page, one.record_id) for one in desk.went] == [("rma", made.rma_id)]
    assert shapes.squeezed(page) == []
    assert shapes.nameless(page) == []


def test_the_search_box_finds_the_record_with_exactly_this_number(desk: Desk) -> None:
    made = story.requested(desk.plant)
    found = pages.find(desk.plant.sign_in("徐兰"), text="R20261103001")
    assert [(one.destination.page, one.destination.record_id) for one in found] == [("rma", made.rma_id)]


def test_the_case_tells_what_happened_and_what_is_due(desk: Desk) -> None:
    made = story.requested(desk.plant)
    case = case_story(desk.plant.sign_in("徐兰"), case_id=made.case_id)
    assert [one.title for one in case.happenings if one.done][:2] == ["Complaint registered", "Complaint accepted"]
    assert "Containment due" in [one.title for one in case.happenings if not one.done]
    assert [one.destination.page for one in case.related] == ["complaint", "rma"]


def waits_for(desk: Desk, what: str) -> list[str]:
    """Name everybody of the story for whom something waits, by name."""
    people = ("周磊秀", "沈国强", "高平", "徐兰", "胡丽桂", "胡霞军", "罗强", "王伟涛", "王涛兰", "郭明", "曹颖")
    return [name for name in people if any(item == what for item, _group in told(desk, name))]


def test_goods_wait_for_the_judgement_then_for_the_sorting(desk: Desk) -> None:
    rma_id = floor.receive_the_goods(desk.plant)
    assert waits_for(desk, "Judge the goods") == ["高平", "徐兰"]
    assert waits_for(desk, "Sort the goods") == []
    floor.judge_the_goods(desk.plant, rma_id)
    assert waits_for(desk, "Judge the goods") == []
    assert waits_for(desk, "Sort the goods") == ["沈国强", "高平"]


def test_a_heap_waits_for_its_order_and_the_order_for_production_and_inspection(desk: Desk) -> None:
    rma_id = floor.receive_the_goods(desk.plant)
    floor.judge_the_goods(desk.plant, rma_id)
    floor.sort_the_goods(desk.plant, rma_id)
    assert waits_for(desk, "Open an order: Rework") == ["高平", "徐兰"]
    assert waits_for(desk, "Inspect: Good pieces") == ["高平"]
    assert waits_for(desk, "Prepare the claim") == ["王伟涛", "王涛兰"]
    (first, *_others) = floor.rounds_of(desk.plant, rma_id)
    order = rework.open_order(desk.plant.sign_in("徐兰"), kind=OrderKind.REWORK, takes=(Take(first.id, 424),))
    assert waits_for(desk, "Release the order") == ["高平", "徐兰"]
    rework.release(desk.plant.sign_in("徐兰"), order_id=order.order_id, instruction="RW-YQ22-01", revision="A")
    assert waits_for(desk, "Start the order") == ["罗强"]
    rework.start(desk.plant.sign_in("罗强"), order_id=order.order_id)
    assert waits_for(desk, "Work and report") == ["罗强"]
    rework.report(desk.plant.sign_in("罗强"), order_id=order.order_id, to_inspect=424, badge="B10004")
    assert waits_for(desk, "Inspect: Reported pieces") == ["高平"]


def test_a_claim_waits_for_each_place_then_for_the_authority_then_for_finance(desk: Desk) -> None:
    made = ending.prepare_the_claim(desk.plant, ending.tell(desk.plant))
    ending.send_to_approval(desk.plant, made.claim_id)
    assert "王伟涛" in waits_for(desk, "Sign your place on the sheet")
    assert waits_for(desk, "Approve the claim and sign") == []
    ending.sign_the_places(desk.plant, made.claim_id)
    assert waits_for(desk, "Sign your place on the sheet") == []
    assert waits_for(desk, "Approve the claim and sign") == ["郭明"]
    ending.approve_the_claim(desk.plant, made.claim_id)
    assert waits_for(desk, "Give the money") == ["曹颖"]


def test_an_8d_goes_from_author_to_reviewer_to_approver_to_sales(desk: Desk) -> None:
    report = reports.opened(desk.plant)
    assert waits_for(desk, "Write the 8D") == ["徐兰"]
    begun = report.filled(*INTERIM).begun(ReportKind.THREE_D).submitted()
    assert waits_for(desk, "Review the 8D") == ["胡丽桂"]
    begun.reviewed()
    assert waits_for(desk, "Approve the 8D and sign") == ["胡丽桂"]
    begun.approved_by("胡丽桂")
    assert "王伟涛" in waits_for(desk, "Send the 8D")
    begun.sent()
    assert waits_for(desk, "Record the customer's answer") == ["王伟涛", "王涛兰"]
    assert waits_for(desk, "Write the 8D") == ["徐兰"], "the next version"


def test_a_recall_waits_for_the_seats_and_then_for_the_general_manager_alone(desk: Desk) -> None:
    suspected = recalls.suspected(desk.plant)
    assert waits_for(desk, "Trace the lots") == ["徐兰", "胡丽桂"]
    assessed = suspected.assessed().narrowed()
    assert "胡丽桂" in waits_for(desk, "Speak to the recall")
    assessed.heard()
    assert waits_for(desk, "Report to the general manager") == ["徐兰", "胡丽桂"]
    assessed.reported()
    assert waits_for(desk, "Decide the recall and sign") == ["胡霞军"]


def test_the_side_bar_counts_what_waits_behind_every_step(desk: Desk) -> None:
    rma_id = floor.receive_the_goods(desk.plant)
    counts = waiting(desk.plant.sign_in("高平"))
    assert counts["sorting"].count == 3
    floor.judge_the_goods(desk.plant, rma_id)
    floor.sort_the_goods(desk.plant, rma_id)
    counts = waiting(desk.plant.sign_in("高平"))
    assert (counts["sorting"].count, counts["inspection"].count) == (0, 1)
    assert counts["rework"].count == 3


def test_who_is_dissatisfied_twice_comes_to_the_general_manager(desk: Desk) -> None:
    complaint_id = endings.answered(desk.plant)
    assert waits_for(desk, "Ask whether the customer is satisfied") == ["王伟涛", "王涛兰"]
    endings.says(desk.plant, complaint_id, satisfied=False, text="原因不可信")
    assert waits_for(desk, "Decide how to go on with the customer") == []
    complaint.reply(
        desk.plant.sign_in("王伟涛"), complaint_id=complaint_id, kind=ReplyKind.CAUSES_AND_MEASURES, text="夹具松动"
    )
    endings.says(desk.plant, complaint_id, satisfied=False, text="仍有发生")
    assert waits_for(desk, "Decide how to go on with the customer") == ["胡霞军"]


def test_the_call_back_waits_for_sales_after_the_end(desk: Desk) -> None:
    complaint_id = endings.answered(desk.plant)
    endings.says(desk.plant, complaint_id, satisfied=True)
    assert waits_for(desk, "Confirm the effect and close") == ["徐兰", "胡丽桂"]
    complaint_ending.close(desk.plant.sign_in("徐兰"), complaint_id=complaint_id, text="30 天无再发")
    assert waits_for(desk, "Call back") == ["王伟涛", "王涛兰"]
