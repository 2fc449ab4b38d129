"""The fields and lists of an 8D report go in and come out as they were."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.errors import InvalidInput
from qms_desktop.steps import eight_d
from qms_desktop.steps import eight_d_content as content
from qms_desktop.steps.eight_d import Entry, FieldKind, Section
from qms_desktop.steps.eight_d.shelves import canonical, read_field, shelf_of

if TYPE_CHECKING:
    from decimal import Decimal

SHANGHAI = ZoneInfo("Asia/Shanghai")
PARTS = {
    Section.D0: content.Preparation,
    Section.D3: content.InterimContainment,
    Section.D4: content.RootCauses,
    Section.D5: content.CorrectiveActions,
    Section.D8: content.Closure,
    Section.GOODS: content.ReturnedGoods,
}


@pytest.mark.parametrize("section", list(PARTS))
def test_every_single_field_of_the_paper_can_be_entered(section: Section) -> None:
    lists = {"emergency_actions", "places", "candidates", "causes", "actions", "refused", "heaps"}
    wanted = {field.name for field in dataclasses.fields(PARTS[section])} - lists
    assert set(eight_d.FIELDS[section]) == wanted


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_moment_comes_back_in_the_plants_zone(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    kept = canonical(Section.D3, Entry("in_force_at", moment))
    read = read_field(FieldKind.MOMENT, kept, SHANGHAI)
    assert read == moment
    assert read.tzinfo is SHANGHAI


@given(st.lists(st.decimals(min_value=-999, max_value=999, places=2), max_size=90))
def test_measured_values_come_back_exactly(values: list[Decimal]) -> None:
    kept = canonical(Section.D6, Entry("before_values", tuple(values)))
    assert read_field(FieldKind.NUMBERS, kept, SHANGHAI) == tuple(values)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be taken"):
        canonical(Section.D3, Entry("in_force_at", "2026-11-03T11:40:00"))


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_a_share_is_kept_to_a_hundredth_of_a_percent(share: Decimal) -> None:
    cause = content.RootCause(
        kind=content.CauseKind.ESCAPE,
        code="E1",
        category=content.CauseCategory.MAN,
        title="漏检",
        share_percent=share,
    )
    assert shelf_of(content.RootCause).to_columns(cause)["share_basis_points"] == share * 100


def test_a_word_that_is_no_choice_is_refused() -> None:
    member = content.TeamMember(name="徐兰", role="boss")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="not one of the choices"):
        shelf_of(content.TeamMember).to_columns(member)


def test_a_dataclass_that_is_no_list_is_refused() -> None:
    with pytest.raises(InvalidInput):
        shelf_of(date)
