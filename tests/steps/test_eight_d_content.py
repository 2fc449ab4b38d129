"""The model report must agree with the story in every figure, in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.demo.eight_d_story import story
from qms_desktop.documents.eight_d_report.wording import texts
from qms_desktop.steps.eight_d_content import CauseKind, Direction, Discipline, EightDReport, Place, TeamRole

if TYPE_CHECKING:
    from datetime import datetime


@pytest.fixture(params=["zh_CN", "en"])
def report(request: pytest.FixtureRequest) -> EightDReport:
    return story(request.param)


def test_the_six_places_hold_the_quantities_of_the_story(report: EightDReport) -> None:
    quantities = {line.place: line.quantity for line in report.containment.places}
    assert quantities == {
        Place.CUSTOMER: 204,
        Place.TRANSIT: 0,
        Place.FINISHED_STOCK: 160,
        Place.WORK_IN_PROGRESS: 240,
        Place.SUPPLIER: 2000,
        Place.FIELD: 720,
    }


def test_checked_pieces_are_the_good_and_the_bad_ones(report: EightDReport) -> None:
    checked = [line for line in report.containment.places if line.checked is not None]
    assert all(line.checked == (line.ok or 0) + (line.not_ok or 0) for line in checked)
    assert sum(line.checked or 0 for line in checked) == 1524
    assert sum(line.not_ok or 0 for line in checked) == 246


def test_the_lot_balances(report: EightDReport) -> None:
    assert report.returned_goods is not None
    ours = 600 - next(units.pieces for units in report.returned_goods.refused if units.refusal == "R2")
    here = [line.quantity or 0 for line in report.containment.places if line.lot == "L2610A"]
    assert ours + sum(here) == 1680


def test_the_returned_goods_balance_and_588_are_settled(report: EightDReport) -> None:
    goods = report.returned_goods
    assert goods is not None
    assert goods.pieces_counted == goods.pieces_treated == 600
    assert goods.pieces_treated - goods.pieces_refused == 588
    assert [heap.pieces for heap in goods.heaps] == [58, 60, 424, 34, 12]


def test_the_defective_pieces_of_the_lot_are_those_found(report: EightDReport) -> None:
    assert report.validation.effect is not None
    lot = next(lot for lot in report.validation.effect.lots if lot.lot == "L2610A")
    outside = sum(line.not_ok or 0 for line in report.containment.places if line.lot == "L2610A")
    assert lot.pieces_not_ok == outside + 424 + 34 + 12
    assert lot.pieces_checked == 1680 - 8


def test_nothing_in_2400_pieces_gives_1250_ppm(report: EightDReport) -> None:
    effect = report.validation.effect
    assert effect is not None
    assert (effect.pieces_after, effect.not_ok_after, effect.upper_limit_ppm) == (2400, 0, 1250)


def test_the_samples_agree_with_the_lots(report: EightDReport) -> None:
    effect = report.validation.effect
    assert effect is not None
    assert effect.before is not None
    assert effect.after is not None
    assert sum(value > effect.upper_limit for value in effect.before.values) == 38  # of 90: 42.2 %
    assert max(effect.after.values) <= Decimal(25)


def test_the_shares_of_every_kind_make_one_hundred(report: EightDReport) -> None:
    for kind in CauseKind:
        shares = [cause.share_percent or Decimal(0) for cause in report.root_causes.causes if cause.kind is kind]
        assert sum(shares) == 100


def test_every_cause_has_an_action_and_every_action_was_introduced(report: EightDReport) -> None:
    answered = {code for action in report.actions.actions for code in action.causes}
    assert answered == {cause.code for cause in report.root_causes.causes}
    introduced = {line.action_number for line in report.validation.implementations if line.introduced_on}
    assert introduced == {action.number for action in report.actions.actions}


def test_the_steps_were_done_one_after_the_other(report: EightDReport) -> None:
    done = [step.done_on for step in report.progress if step.done_on]
    assert len(done) == len(Discipline)
    assert done == sorted(done)
    assert report.containment.removed_on is not None
    assert report.containment.removed_on >= done[6]


def test_a_chain_of_fewer_than_five_whys_says_why(report: EightDReport) -> None:
    for cause in report.root_causes.causes:
        assert len(cause.whys) == 5 or cause.stopped_because


def test_the_champion_is_no_member_and_the_approver_not_the_author(report: EightDReport) -> None:
    leaders = [member.name for member in report.team.members if member.role is TeamRole.LEADER]
    champions = [member.name for member in report.team.members if member.role is TeamRole.CHAMPION]
    members = [member for member in report.team.members if member.role is not TeamRole.CHAMPION]
    assert len(leaders) == len(champions) == 1
    assert leaders != champions
    assert 4 <= len(members) <= 10
    approvers = {signature.name for signature in report.signatures if signature.place == "approved"}
    assert len(approvers) == 2
    assert report.prepared_by not in approvers


def test_spread_is_answered_in_both_directions(report: EightDReport) -> None:
    assert {line.direction for line in report.prevention.read_across} == set(Direction)


def test_every_attachment_that_is_quoted_is_listed(report: EightDReport) -> None:
    listed = {record.number for record in report.attached}
    quoted = {number for _name, text in texts(report) for number in re.findall(r"(?:附件|annex) (A\d)", text)}
    assert len(quoted) >= 7
    assert quoted <= listed


def test_both_languages_tell_the_same_figures() -> None:
    chinese, english = story("zh_CN"), story("en")
    assert chinese.containment.places[0].quantity == english.containment.places[0].quantity
    assert len(list(texts(chinese))) == len(list(texts(english)))
    assert [bool(text) for _name, text in texts(chinese)] == [bool(text) for _name, text in texts(english)]


def test_times_carry_the_zone_of_the_plant(report: EightDReport) -> None:
    times: list[datetime] = [report.created_at, *[revision.issued_at for revision in report.revisions]]
    assert {str(time.utcoffset()) for time in times} == {"8:00:00"}
