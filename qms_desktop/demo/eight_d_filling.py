"""Fills an 8D report through the verbs from its frozen content, as the people of the story entered it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from qms_desktop.steps import eight_d
from qms_desktop.steps import eight_d_content as content
from qms_desktop.steps.eight_d import FIELDS, Entry, Section

if TYPE_CHECKING:
    from qms_desktop.session import Session

INTERIM = (Section.D0, Section.D1, Section.D2, Section.D3)
CAUSES = (Section.D4, Section.D5)
PROVED = (Section.D6, Section.D7, Section.GOODS)
REST = (*PROVED, Section.D8)


def fill(session: Session, eight_d_id: int, report: content.EightDReport, *sections: Section) -> None:
    """Enter the sections that are named."""
    for section in sections:
        part = parts_of(report)[section]
        save(session, eight_d_id, section, *entries_of(report, section))
        for rows_of, rows in lists_of(part, report, section).items():
            replace(session, eight_d_id, rows_of, rows)
        for step in report.progress:
            if str(step.discipline) == str(section):
                mark(session, eight_d_id, section, step)


def mark(session: Session, eight_d_id: int, section: Section, step: content.StepProgress) -> int:
    """Say how far a section is, whose it is and when it was done."""
    return eight_d.set_progress(
        session,
        eight_d_id=eight_d_id,
        section=section,
        read_version=version_of(session, eight_d_id, section),
        progress=step.progress,
        owner=step.owner,
        done_on=step.done_on,
        due_at=step.due_at,
    )


def save(session: Session, eight_d_id: int, section: Section, *entries: Entry) -> int:
    """Save fields of a section as it stands now."""
    return eight_d.save_section(
        session,
        eight_d_id=eight_d_id,
        section=section,
        read_version=version_of(session, eight_d_id, section),
        fields=entries,
    )


def replace(session: Session, eight_d_id: int, rows_of: type, rows: tuple[Any, ...]) -> int:
    """Put a list in place of the present one."""
    section = eight_d.SHELVES[rows_of].section
    return eight_d.replace_rows(
        session,
        eight_d_id=eight_d_id,
        rows_of=rows_of,
        rows=rows,
        read_version=version_of(session, eight_d_id, section),
    )


def version_of(session: Session, eight_d_id: int, section: Section) -> int:
    """Give the version of a section that a page would have read."""
    return section_of(session, eight_d_id, section).version


def section_of(session: Session, eight_d_id: int, section: Section) -> eight_d.SectionShown:
    """Give one section of a report."""
    shown = eight_d.show(session, eight_d_id=eight_d_id)
    return next(one for one in shown.sections if one.section is section)


def parts_of(report: content.EightDReport) -> dict[Section, Any]:
    """Give the part of the content that each section holds."""
    return {
        Section.D0: report.preparation,
        Section.D1: report.team,
        Section.D2: report.problem,
        Section.D3: report.containment,
        Section.D4: report.root_causes,
        Section.D5: report.actions,
        Section.D6: report.validation,
        Section.D7: report.prevention,
        Section.D8: report.closure,
        Section.GOODS: report.returned_goods,
    }


def entries_of(report: content.EightDReport, section: Section) -> tuple[Entry, ...]:
    """Give the fields of a section that stand once."""
    part = parts_of(report)[section]
    told = {name: getattr(part, name) for name in FIELDS[section] if hasattr(part, name)}
    if section is Section.D2:
        told |= {name: getattr(report.product, name) for name in FIELDS[section] if hasattr(report.product, name)}
    if section is Section.D6 and part.effect is not None:
        effect = part.effect
        told |= {
            "effect_characteristic": effect.characteristic,
            "effect_unit": effect.unit,
            "effect_upper_limit": effect.upper_limit,
            "effect_clean_point": effect.clean_point,
        }
        for side in ("before", "after"):
            sample = getattr(effect, side)
            told |= {f"{side}_label": sample.label, f"{side}_values": sample.values}
    return tuple(Entry(name, value) for name, value in told.items())


def lists_of(part: Any, report: content.EightDReport, section: Section) -> dict[type, tuple[Any, ...]]:  # noqa: ANN401
    """Give the lists of a section, photographs left out: they are chosen from the attachments."""
    lists = {
        type(rows[0]): rows
        for field in dataclasses.fields(part)
        if isinstance(rows := getattr(part, field.name), tuple) and rows and type(rows[0]) in eight_d.SHELVES
    }
    if section is Section.D6 and part.effect is not None:
        lists[content.LotResult] = part.effect.lots
    if section is Section.D8:
        lists[content.AttachedRecord] = report.attached
    return lists
