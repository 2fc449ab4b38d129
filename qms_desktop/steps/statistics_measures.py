"""What is done about each reason of the month: its 8D reports, and whether the customers know causes and measures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from peewee import JOIN, SQL, Case, NodeList, fn

from qms_desktop.db.bulk import tuples
from qms_desktop.db.case import Deadline, DeadlineState
from qms_desktop.db.complaint import ComplaintLine
from qms_desktop.db.eight_d import EightD, EightDLink, ReportState
from qms_desktop.db.master_data import DefectCode
from qms_desktop.i18n import N_, _
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.deadline import Event
from qms_desktop.steps.statistics_returned import cases_by_reason

if TYPE_CHECKING:
    from datetime import datetime

    from qms_desktop.steps.statistics_returned import Month

REPORT_WORDS = {
    ReportState.OPEN: N_("open"),
    ReportState.VERIFYING: N_("effect being proved"),
    ReportState.CLOSED: N_("closed"),
    ReportState.REOPENED: N_("opened again"),
}
REPORT = N_("{number} {state}")
TOLD = N_("measures told: {told} of {count}")
DUE = N_("due {day}")


@dataclass(frozen=True)
class Measure:
    """How many cases a reason has, what is done about it in the current language, and whether something is late."""

    cases: int = 0
    text: str = ""
    is_overdue: bool = False


def measures_of(month: Month, *, moment: datetime) -> dict[str, Measure]:
    """Give the measure of each reason from the complaint lines of its cases that name it, or name nothing yet."""
    reports = _reports(month)
    due_at = Deadline.due_at
    return {
        reason: _measure(cases, reports[reason], _Limits(count, told, due_at.python_value(next_one)), moment)
        for reason, cases, count, told, next_one in _limits(month)
    }


@dataclass(frozen=True)
class _Limits:
    """How many limits for causes and measures a reason has, how many were met, and the next of the others."""

    count: int
    told: int
    next_one: datetime | None


def _limits(month: Month) -> list[tuple[Any, ...]]:
    """Give each reason with the number of its cases, of its limits and of those met, and the next of the others."""
    cases = cases_by_reason(month).alias("cases")
    limit = (
        (Deadline.kind == "complaint")
        & (Deadline.record_id == ComplaintLine.complaint)
        & (Deadline.event == Event.CAUSES_AND_MEASURES)
        & (Deadline.state != DeadlineState.DROPPED)
        & (ComplaintLine.defect_code.is_null() | (DefectCode.name == cases.c.reason))
    )
    told = Case(None, [(Deadline.met_at.is_null(is_null=False), Deadline.id)])
    still = Case(None, [(Deadline.met_at.is_null(), fn.COALESCE(Deadline.extended_to, Deadline.due_at))])
    counted = (cases.c.case_id, Deadline.id, told)
    found = (
        Deadline.select(
            cases.c.reason,
            *(fn.COUNT(NodeList((SQL("DISTINCT"), one))) for one in counted),
            fn.MIN(still),
        )
        .from_(cases)
        .join(ComplaintLine, JOIN.LEFT_OUTER, on=(ComplaintLine.case == cases.c.case_id))
        .join(DefectCode, JOIN.LEFT_OUTER, on=(ComplaintLine.defect_code == DefectCode.id))
        .join(Deadline, JOIN.LEFT_OUTER, on=limit)
    )
    return tuples(found.group_by(cases.c.reason))


def _reports(month: Month) -> dict[str, list[str]]:
    """Give the 8D reports of each reason with their states, in the current language."""
    cases = cases_by_reason(month).alias("cases")
    linked = (
        EightD.select(cases.c.reason, EightD.number, EightD.state, EightD.id)
        .from_(cases)
        .join(ComplaintLine, on=(ComplaintLine.case == cases.c.case_id))
        .join(DefectCode, JOIN.LEFT_OUTER, on=(ComplaintLine.defect_code == DefectCode.id))
        .join(EightDLink, on=(EightDLink.complaint_line == ComplaintLine.id))
        .join(EightD, on=(EightDLink.eight_d == EightD.id))
        .where(ComplaintLine.defect_code.is_null() | (DefectCode.name == cases.c.reason))
    )
    reports: dict[str, list[str]] = defaultdict(list)
    for reason, number, state, _id in tuples(linked.distinct().order_by(EightD.id)):
        reports[reason].append(_(REPORT).format(number=number, state=_(REPORT_WORDS[state])))
    return reports


def _measure(cases: int, reports: list[str], limits: _Limits, moment: datetime) -> Measure:
    parts = list(reports)
    if limits.count:
        parts.append(_(TOLD).format(told=limits.told, count=limits.count))
    if limits.next_one:
        last_moment = limits.next_one - timedelta(seconds=1)  # a limit at midnight is the end of the day before
        parts.append(_(DUE).format(day=f"{last_moment.astimezone(plant_zone()):%Y-%m-%d}"))
    return Measure(cases, _("; ").join(parts), limits.next_one is not None and limits.next_one < moment)
