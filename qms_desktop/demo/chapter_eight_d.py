"""The story's 8D: opened on 3 November, sent as 3D and 5D, approved and sent as 8D on 18 December 2026."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from qms_desktop.demo import evidence
from qms_desktop.demo.eight_d_filling import CAUSES, INTERIM, PROVED, fill
from qms_desktop.demo.eight_d_story import story
from qms_desktop.demo.teller import DEMO_PASSWORD
from qms_desktop.steps import complaint, eight_d
from qms_desktop.steps.eight_d import ReportKind, Section, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.demo.teller import Teller
    from qms_desktop.steps.eight_d import VersionShown

AUTHOR, REVIEWER, QUALITY_MANAGER, GENERAL_MANAGER, SALES = "徐兰", "马军", "胡丽桂", "胡霞军", "王伟涛"

# What the paper takes from the master data, where a plant keeps it in Chinese alone.
MASTER_DATA_IN_ENGLISH = {
    "王经理": "Manager Wang",
    "王经理 023-75811287": "Manager Wang, +86 23 7581 1287",
    "客诉QE": "Complaint QE",
    "质量部经理": "Quality manager",
    "总经理": "General manager",
}


def open_report(teller: Teller, *, complaint_id: int) -> eight_d.Opened:
    """Tell how the report is opened for line 1, with D0 to D3."""
    teller.at("2026-11-03 16:30")
    xu = teller.by(AUTHOR)
    line = complaint.show(xu, complaint_id=complaint_id).lines[0]
    report = eight_d.open_report(
        xu,
        complaint_line_id=line.id,
        title=story("zh_CN").title,
        leader=teller.login_of(AUTHOR),
        champion=teller.login_of(GENERAL_MANAGER),
    )
    fill(xu, report.eight_d_id, story("zh_CN"), *INTERIM)
    teller.told(AUTHOR, f"{report.number} opened for line 1, D0 to D3: checked 1,524, not OK 246")
    return report


def send_3d(teller: Teller, report: eight_d.Opened) -> None:
    """Tell how the 3D leaves with the written answer."""
    teller.at("2026-11-03 20:10")
    _issue(teller, report, ReportKind.THREE_D, QUALITY_MANAGER)


def send_5d(teller: Teller, report: eight_d.Opened) -> None:
    """Tell how causes and actions leave, one day before the limit."""
    teller.at("2026-11-11 16:20")
    evidence.show_in_d2(teller, eight_d_id=report.eight_d_id, case_id=report.case_id, who=AUTHOR)
    fill(teller.by(AUTHOR), report.eight_d_id, story("zh_CN"), *CAUSES)
    _issue(teller, report, ReportKind.FIVE_D, QUALITY_MANAGER)
    eight_d.begin_verification(teller.by(AUTHOR), eight_d_id=report.eight_d_id)


def close(teller: Teller, report: eight_d.Opened) -> None:
    """Tell how effect and prevention are proved, the 8D is approved by two, sent and closed."""
    teller.at("2026-12-17 15:00")
    fill(teller.by(AUTHOR), report.eight_d_id, story("zh_CN"), *PROVED)
    said = dict(_pairs(story("zh_CN"), story("en"))) | MASTER_DATA_IN_ENGLISH
    wording = tuple(Wording(source, text) for source, text in said.items())
    eight_d.save_wording(teller.by(AUTHOR), eight_d_id=report.eight_d_id, language="en", wording=wording)
    teller.at("2026-12-18 10:00")
    fill(teller.by(AUTHOR), report.eight_d_id, story("zh_CN"), Section.D8)
    version = _issue(teller, report, ReportKind.EIGHT_D, QUALITY_MANAGER, GENERAL_MANAGER)
    eight_d.record_answer(teller.by(SALES), version_id=version.id, is_accepted=True, text="满意")
    manager = teller.by(QUALITY_MANAGER)
    eight_d.record_effect(manager, eight_d_id=report.eight_d_id, is_effective=True, text="2,400 支，不合格 0")
    eight_d.close(manager, eight_d_id=report.eight_d_id)
    teller.told(QUALITY_MANAGER, f"{report.number} closed, customer satisfied")


def _issue(teller: Teller, report: eight_d.Opened, kind: ReportKind, *approvers: str) -> VersionShown:
    begun = eight_d.begin_version(teller.by(AUTHOR), eight_d_id=report.eight_d_id, kind=kind)

    def version() -> VersionShown:
        shown = eight_d.show(teller.by(AUTHOR), eight_d_id=report.eight_d_id)
        return next(one for one in shown.versions if one.id == begun.version_id)

    signed: dict[str, Any] = {"version_id": begun.version_id, "password": DEMO_PASSWORD}
    eight_d.submit(teller.by(AUTHOR), read_hash=version().content_hash, **signed)
    eight_d.pass_review(teller.by(REVIEWER), read_hash=version().content_hash, **signed)
    for approver in approvers:
        eight_d.approve(teller.by(approver), read_hash=version().content_hash, **signed)
    eight_d.send(teller.by(SALES), version_id=begun.version_id, channel="EMAIL", sent_to="王经理")
    teller.told(SALES, f"{report.number} sent as {kind}, approved by {', '.join(approvers)}")
    return version()


def _pairs(source: Any, target: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any part of the content
    """Walk the same report in two languages and give each text that differs with its other wording."""
    if isinstance(source, str):
        if source != target and source:
            yield source, target
    elif isinstance(source, tuple):
        for one, other in zip(source, target, strict=False):
            yield from _pairs(one, other)
    elif dataclasses.is_dataclass(source):
        for field in dataclasses.fields(source):
            yield from _pairs(getattr(source, field.name), getattr(target, field.name))
