"""What is done about each reason of the month: its 8D reports, and whether the customers know causes and measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from peewee import JOIN

from qms_desktop.db.case import Deadline, DeadlineState
from qms_desktop.db.complaint import ComplaintLine
from qms_desktop.db.eight_d import EightD, EightDLink, ReportState
from qms_desktop.db.master_data import DefectCode
from qms_desktop.i18n import N_, _
from qms_desktop.rules.calendar import plant_zone
from qms_desktop.rules.deadline import Event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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
    """What is done about a reason, in the current language, and whether something of it is late."""

    text: str = ""
    is_overdue: bool = False


def measures_of(cases: Mapping[str, set[int]], *, moment: datetime) -> dict[str, Measure]:
    """Give the measure of each reason from the complaint lines of its cases that name it, or name nothing yet."""
    lines = _lines(set().union(*cases.values()))
    reports = _reports([line.id for line in lines])
    limits = _limits({line.complaint_id for line in lines})
    measures = {}
    for reason, ids in cases.items():
        own = [line for line in lines if line.case_id in ids and line.defect_name in (reason, None)]
        complaints = dict.fromkeys(line.complaint_id for line in own)
        measures[reason] = _measure(
            [reports[line.id] for line in own if line.id in reports],
            [limits[complaint] for complaint in complaints if complaint in limits],
            moment,
        )
    return measures


def _lines(case_ids: set[int]) -> list[ComplaintLine]:
    chosen = ComplaintLine.select(
        ComplaintLine.id, ComplaintLine.case, ComplaintLine.complaint, DefectCode.name.alias("defect_name")
    ).join(DefectCode, JOIN.LEFT_OUTER)
    return list(chosen.where(ComplaintLine.case.in_(list(case_ids) or [0])).order_by(ComplaintLine.id).objects())


def _reports(line_ids: list[int]) -> dict[int, EightD]:
    links = EightDLink.select(EightDLink, EightD).join(EightD).where(EightDLink.complaint_line.in_(line_ids or [0]))
    return {link.complaint_line_id: link.eight_d for link in links.order_by(EightDLink.id)}


def _limits(complaint_ids: set[int]) -> dict[int, Deadline]:
    rows = Deadline.select().where(
        (Deadline.kind == "complaint")
        & (Deadline.event == Event.CAUSES_AND_MEASURES)
        & (Deadline.state != DeadlineState.DROPPED)
        & Deadline.record_id.in_(list(complaint_ids) or [0])
    )
    return {row.record_id: row for row in rows}


def _measure(reports: list[EightD], limits: list[Deadline], moment: datetime) -> Measure:
    parts = [_(REPORT).format(number=one.number, state=_(REPORT_WORDS[one.state])) for one in reports]
    running = [row.extended_to or row.due_at for row in limits if row.met_at is None]
    if limits:
        parts.append(_(TOLD).format(told=len(limits) - len(running), count=len(limits)))
    if running:
        last_moment = min(running) - timedelta(seconds=1)  # a limit at midnight is the end of the day before
        parts.append(_(DUE).format(day=f"{last_moment.astimezone(plant_zone()):%Y-%m-%d}"))
    return Measure(_("; ").join(parts), bool(running) and min(running) < moment)
