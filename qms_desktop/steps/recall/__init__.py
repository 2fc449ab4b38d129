"""Recall: whose goods have the same fault, and whether they are called back (003-A §6.9; 000-T §4.1.10).

A complaint that breaks a safety or key characteristic proposes an assessment. The what-if is frozen line by line, the
four seats are heard on that very scope, and the general manager decides it by signature; nothing starts before that.
Towards another maker it is 可疑产品停用/退回通知; recall is the word towards the public (domain.md §6.10, §17).
"""

from __future__ import annotations

from qms_desktop.db.recall import ProgressKind, RecallState, RecallTrigger, Seat
from qms_desktop.steps.recall.assessing import (
    COMPLAINANT,
    Proposal,
    Proposed,
    Traced,
    assess,
    include,
    narrow,
    note_open_point,
    proposals,
    propose,
    state_built,
    widen,
)
from qms_desktop.steps.recall.deciding import (
    complete,
    decide,
    decline,
    hear,
    record_progress,
    report_to_gm,
    start,
    take_report_back,
)
from qms_desktop.steps.recall.holds import HoldShown, LotStop, hold_lots, holds, release
from qms_desktop.steps.recall.reading import (
    HearingShown,
    RecallLineShown,
    RecallLotShown,
    RecallRow,
    RecallShown,
    listed,
    scope,
    show,
)

__all__ = [
    "COMPLAINANT",
    "HearingShown",
    "HoldShown",
    "LotStop",
    "ProgressKind",
    "Proposal",
    "Proposed",
    "RecallLineShown",
    "RecallLotShown",
    "RecallRow",
    "RecallShown",
    "RecallState",
    "RecallTrigger",
    "Seat",
    "Traced",
    "assess",
    "complete",
    "decide",
    "decline",
    "hear",
    "hold_lots",
    "holds",
    "include",
    "listed",
    "narrow",
    "note_open_point",
    "proposals",
    "propose",
    "record_progress",
    "release",
    "report_to_gm",
    "scope",
    "show",
    "start",
    "state_built",
    "take_report_back",
    "widen",
]
