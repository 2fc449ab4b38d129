"""My work on a real plant: each seat sees what it owes, by when and why, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from qms_desktop.app import pages
from qms_desktop.app.story import case_story
from qms_desktop.app.work import my_work
from qms_desktop.ui.my_work import LATE, LATER, TODAY, MyWorkPage
from tests.ui import desk as story
from tests.ui import shapes

if TYPE_CHECKING:
    from tests.ui.desk import Desk, Keys


def told(desk: Desk, name: str) -> list[tuple[str, str]]:
    return [(item.what, item.group) for item in my_work(desk.plant.sign_in(name)).items]


def test_the_qe_owes_the_containment_and_the_causes(desk: Desk) -> None:
    story.registered(desk.plant)
    assert told(desk, "徐兰") == [("Containment", TODAY), ("Written reply", TODAY), ("Causes and measures", LATER)]
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
    assert [one.title for one in case.happenings if one.done][:2] == ["Complaint taken down", "Complaint accepted"]
    assert "Containment due" in [one.title for one in case.happenings if not one.done]
    assert [one.destination.page for one in case.related] == ["complaint", "rma"]
