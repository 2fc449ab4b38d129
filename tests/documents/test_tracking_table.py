"""The complaint tracking table: hours late, marks with words, extensions, share in time."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from qms_desktop.documents import tracking_table
from qms_desktop.steps.complaint_tracking import ComplaintTracking, Milestone, TrackingMark
from tests.documents.sheet_stories import at, story_tracking
from tests.documents.test_return_analysis_sheet import CHINESE, texts

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

NOW = at(11, 22, 8, 0)


def written(tracking: ComplaintTracking) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(tracking_table.write(tracking, "en"))).active


def test_the_storys_complaint_is_in_time_with_its_return_and_claim() -> None:
    row = [cell.value for cell in written(story_tracking("en"))[5]]
    assert row[:3] == [1, "C20261103001\nTH-20261103-07", "3 Nov 09:12"]
    assert row[6:11] == [600, "3 Nov 11:40", "3 Nov 20:30", "11 Nov 17:00", "due 25 Dec 24:00"]
    assert row[11] == 0
    assert row[13] == "R20261103001 sorted\nK20261124001 33,311.22 approval"
    assert row[15] == "○ Verifying"


def test_hours_late_are_counted_from_the_limit() -> None:
    page = written(story_tracking("en"))
    assert [page.cell(row=row, column=12).value for row in range(5, 9)] == [0, 1.4, 0, 56]
    assert page["L5"].number_format == "0.0_ ;;—_ "


def test_done_late_is_still_done_and_the_mark_does_not_say_in_time() -> None:
    page = written(story_tracking("en"))
    assert page["P6"].value == "● Closed"
    assert page["H6"].value == "9 Nov 12:40\nlate"


def test_overdue_is_a_mark_and_a_word() -> None:
    page = written(story_tracking("en"))
    assert page["I8"].value == "■ overdue"
    assert page["P8"].value == "■ overdue\nIn analysis"


def test_an_extension_told_in_time_moves_the_limit() -> None:
    page = written(story_tracking("en"))
    assert page["M7"].value == "to 1 Dec 24:00: Test bench free on 1 Dec"
    assert page["J7"].value == "due 1 Dec 24:00"


@pytest.mark.parametrize(("told_after", "late"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_an_extension_counts_only_when_told_before_the_limit(told_after: timedelta, late: object) -> None:
    due = at(11, 20)
    step = Milestone(due, None, at(12, 1), due + told_after, "why")
    assert step.is_late(NOW) is late


def test_an_extension_told_too_late_is_named_so() -> None:
    tracking = story_tracking("en")
    step = Milestone(at(11, 20), None, at(12, 1), at(11, 21), "why")
    late = replace(tracking.complaints[2], causes_and_measures=step)
    assert "(customer not told in time)" in written(replace(tracking, complaints=(late,)))["M5"].value


def test_late_hours_are_rounded_half_up_to_a_tenth() -> None:
    due = at(11, 20)
    assert Milestone(due, due + timedelta(minutes=3)).late_hours(NOW) == Decimal("0.1")
    assert Milestone(due, due + timedelta(minutes=2)).late_hours(NOW) == Decimal("0.0")
    assert Milestone(due, due).late_hours(NOW) == 0
    assert not Milestone(due, due).is_late(NOW)


def test_a_recall_and_a_closed_case_have_their_own_marks() -> None:
    complaint = story_tracking().complaints[0]
    assert replace(complaint, recall=True).mark(NOW) is TrackingMark.RECALL
    assert replace(complaint, recall=True, closed=True).mark(NOW) is TrackingMark.DONE
    assert complaint.mark(NOW) is TrackingMark.OPEN
    assert story_tracking().complaints[3].mark(NOW) is TrackingMark.OVERDUE


def test_the_share_in_time_stands_below() -> None:
    tracking = story_tracking("en")
    assert (tracking.in_time, tracking.late) == (2, 2)
    assert "4 complaints this month, 2 in time (50.0 %), 2 late." in texts(written(tracking))


def test_a_month_without_complaints_says_so() -> None:
    page = written(replace(story_tracking("en"), complaints=()))
    assert "No complaints this month." in texts(page)
    assert page["B5"].value == "—— blank below ——"


def test_head_and_filter_stay_in_sight() -> None:
    page = written(story_tracking("en"))
    assert page.freeze_panes == "C5"
    assert page.auto_filter.ref == "A4:P8"
    assert page.print_title_rows == "$1:$4"
    assert "as of 2026-11-22 08:00 (UTC+8)" in page["A3"].value


def test_text_of_customers_stays_text() -> None:
    tracking = story_tracking("en")
    evil = replace(tracking.complaints[0], customer="=cmd", defect="+1", responsible="@x", product="-")
    page = written(replace(tracking, complaints=(evil,)))
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}


def test_an_english_table_holds_no_chinese_character() -> None:
    assert CHINESE.findall(texts(written(story_tracking("en")))) == []
