"""How figures, days and spans are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from qms_desktop import i18n
from qms_desktop.ui import plant_time, wording

NOW = datetime(2026, 11, 3, 7, 40, tzinfo=UTC)


def test_pieces_and_money_have_groups_and_units() -> None:
    assert wording.pieces(2400, "pcs") == "2,400 pcs"
    assert wording.pieces(-4) == "−4"
    assert wording.money(Decimal("34872.78"), "CNY") == "¥\u00a034,872.78"
    assert wording.money(Decimal(1200), "JPY") == "JP¥\u00a01,200"
    assert wording.percent(Decimal("0.96")) == "96\u00a0%"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(minutes=35), "35 min"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(days=1, hours=9), "1 d 9 h"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=12, hours=5), "12 d"),
        (timedelta(0), "0 min"),
    ],
)
def test_a_span_names_its_two_largest_parts(length: timedelta, said: str) -> None:
    assert wording.span(length) == said


def test_a_deadline_is_left_or_late() -> None:
    assert wording.time_left(NOW + timedelta(hours=2, minutes=10), NOW) == "2 h 10 min left"
    assert wording.time_left(NOW - timedelta(days=1, hours=9), NOW) == "1 d 9 h late"


@pytest.mark.parametrize(
    ("off", "urgency"), [(timedelta(seconds=-1), "late"), (timedelta(hours=3), "soon"), (timedelta(days=2), "left")]
)
def test_urgency_is_late_soon_or_left(off: timedelta, urgency: str) -> None:
    assert wording.urgency(NOW + off, NOW) == urgency


def test_a_narrow_column_names_the_largest_part_of_a_span() -> None:
    assert wording.rough_span(timedelta(hours=19, minutes=55)) == "19 h"
    assert wording.rough_span(timedelta(days=3, hours=14)) == "3 d"
    assert wording.rough_span(timedelta(minutes=35)) == "35 min"


def test_a_limit_at_midnight_is_24_o_clock_of_the_day_that_it_ends() -> None:
    plant_time.use(ZoneInfo("Asia/Shanghai"))
    midnight = datetime(2026, 11, 12, 16, 0, tzinfo=UTC)
    assert wording.limit(midnight, today=date(2026, 11, 12)) == "24:00"
    assert wording.limit(midnight, today=date(2026, 11, 3)) == "12 Nov 24:00"
    assert wording.limit(midnight + timedelta(minutes=5), today=date(2026, 11, 3)) == "13 Nov 00:05"
    assert wording.urgency(midnight, datetime(2026, 11, 12, 1, 0, tzinfo=UTC)) == "soon"


def test_days_are_iso_and_short_ones_cannot_be_misread() -> None:
    assert wording.day(date(2026, 11, 3)) == "2026-11-03"
    assert wording.short_day(date(2026, 11, 3)) == "3 Nov"
    assert wording.day(None) == wording.short_day(None) == "—"


def test_a_moment_of_today_is_a_time_of_day() -> None:
    local = NOW.astimezone()
    assert wording.short_moment(NOW, today=local.date()) == f"{local:%H:%M}"
    assert wording.short_moment(NOW, today=date(2026, 1, 1)).endswith(f"{local:%H:%M}")


def test_texts_are_joined_by_the_languages_own_marks() -> None:
    assert wording.listed(["L2610A", "L2610B"]) == "L2610A, L2610B"
    assert wording.explained("Reviewed", "terms checked") == "Reviewed: terms checked"
    with i18n.speaking("zh_CN"):
        assert wording.listed(["L2610A", "L2610B"]) == "L2610A、L2610B"
        assert (
            wording.clauses(["657 件超过 200 件", "¥34,872.78 超过 10,000 元"])
            == "657 件超过 200 件；¥34,872.78 超过 10,000 元"
        )
        assert wording.explained("审核", "条款已核对") == "审核：条款已核对"
