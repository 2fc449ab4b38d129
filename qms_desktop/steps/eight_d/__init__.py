"""8D: find the cause, mend it, and report it to the customer (000-T D0-D8; domain.md §2.1, §6.8, §17).

A report is opened for a complaint line, written section by section, and leaves in versions (3D, 5D, 8D) that are
submitted, reviewed, approved and sent, each by its own signature. Its gates say what is missing and how to mend it.
"""

from __future__ import annotations

from qms_desktop.db.eight_d import Nature, ReportKind, ReportState, Section, VersionState
from qms_desktop.steps.eight_d.gates import Gate, Missing, open_gates
from qms_desktop.steps.eight_d.paper import content_of as content
from qms_desktop.steps.eight_d.reading import (
    WHY_NEEDED,
    EightDRow,
    EightDShown,
    SectionShown,
    VersionShown,
    find,
    listed,
    reasons_for_report,
    report_of_line,
    show,
)
from qms_desktop.steps.eight_d.shelves import FIELDS, SHELVES, Entry, FieldKind, PhotoRow, PreventiveAction
from qms_desktop.steps.eight_d.versions import (
    Begun,
    approve,
    begin_verification,
    begin_version,
    close,
    pass_review,
    record_answer,
    record_effect,
    reopen,
    send,
    send_back,
    submit,
    take_back,
)
from qms_desktop.steps.eight_d.writing import (
    Opened,
    SectionChanged,
    Wording,
    appoint,
    attach_line,
    open_report,
    rename,
    replace_rows,
    save_section,
    save_wording,
    set_progress,
)

__all__ = [
    "FIELDS",
    "SHELVES",
    "WHY_NEEDED",
    "Begun",
    "EightDRow",
    "EightDShown",
    "Entry",
    "FieldKind",
    "Gate",
    "Missing",
    "Nature",
    "Opened",
    "PhotoRow",
    "PreventiveAction",
    "ReportKind",
    "ReportState",
    "Section",
    "SectionChanged",
    "SectionShown",
    "VersionShown",
    "VersionState",
    "Wording",
    "appoint",
    "approve",
    "attach_line",
    "begin_verification",
    "begin_version",
    "close",
    "content",
    "find",
    "listed",
    "open_gates",
    "open_report",
    "pass_review",
    "reasons_for_report",
    "record_answer",
    "record_effect",
    "rename",
    "reopen",
    "replace_rows",
    "report_of_line",
    "save_section",
    "save_wording",
    "send",
    "send_back",
    "set_progress",
    "show",
    "submit",
    "take_back",
]
