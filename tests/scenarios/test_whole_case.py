"""One case, one story: from the complaint on, every deed with its pieces, and every record one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.rules import history, related
from qms_desktop.rules.history_figures import Figure
from qms_desktop.steps import rma
from tests.helpers.plant import SHANGHAI
from tests.helpers.scene import chapter
from tests.scenarios import test_sorting_to_stock as story

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


@chapter
def sorted_case(plant: Plant) -> int:
    rma_id = story.receive_the_goods(plant)
    story.judge_the_goods(plant, rma_id)
    story.sort_the_goods(plant, rma_id)
    return rma.show(plant.sign_in("徐兰"), rma_id=rma_id).row.case_id


def test_the_time_line_says_how_many_pieces_each_deed_moved(plant: Plant) -> None:
    case_id = sorted_case(plant)
    deeds = history.case_history(plant.sign_in("徐兰"), case_id=case_id).deeds
    told = history.told_together(deeds, zone=SHANGHAI)
    pieces = {deed.title: deed.pieces for deed in told}
    assert pieces["Complaint registered"] == pieces["RMA requested"] == pieces["Carton counted"] == 657
    assert pieces["Count signed"] == 657
    assert pieces["Pieces cut up for the analysis"] == 12
    sorted_ones = next(deed for deed in told if deed.title == "Pieces sorted")
    assert Figure("REWORK", 424) in sorted_ones.figures


def test_all_records_of_a_case_are_found_from_it(plant: Plant) -> None:
    case_id = sorted_case(plant)
    first, *_others = story.rounds_of(plant, 1)
    story.repack_sixty(plant, first.id)
    found = related.records_of_case(plant.sign_in("徐兰"), case_id=case_id)
    steps_found = [(one.step, one.number) for one in found]
    assert ("rma", "R20261103001") in steps_found
    assert ("sorting", "R20261103001-1") in steps_found
    assert any(step == "rework" and number.startswith("W") for step, number in steps_found)
