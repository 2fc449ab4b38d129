"""Finding defect codes from what is typed into a field of a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.master_data import DefectCode
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from qms_desktop.session import Session

MOST_FOUND = 20


@dataclass(frozen=True)
class DefectFound:
    """A defect code that fits what was typed; `breaks` names the characteristic that it breaks, or is empty."""

    id: int
    code: str
    name: str
    breaks: str


@reading(Permission.READ)
def find_defect(session: Session, *, text: str, limit: int = MOST_FOUND) -> tuple[DefectFound, ...]:
    """Find defect codes by a part of the code or of the name, by code."""
    typed = text.strip()
    query = DefectCode.select().order_by(DefectCode.code).limit(limit)
    if typed:
        query = query.where(DefectCode.code.contains(typed) | DefectCode.name.contains(typed))
    return tuple(DefectFound(one.id, one.code, one.name, one.breaks_characteristic) for one in query)
