"""D0 to D3 of an 8D report: preparation, team, problem and interim containment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from qms_desktop.steps.eight_d_content.codes import Answer, Place, Question, TeamRole


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A picture as it was taken (JPEG or PNG bytes); it is turned upright and freed of its place when printed."""

    picture: bytes
    caption: str
    taken_at: datetime | None = None
    taken_by: str = ""


@dataclass(frozen=True, kw_only=True)
class EmergencyAction:
    """What was done at once."""

    action: str
    owner: str = ""
    started_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """D0: the symptom, what it did to the customer, and the safety question that comes before everything."""

    symptom: str = ""
    effect: str = ""
    safety: Answer | None = None
    recall_number: str = ""
    safety_note: str = ""
    urgency: str = ""
    emergency_actions: tuple[EmergencyAction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """A person of the team."""

    name: str
    role: TeamRole
    function: str = ""
    contact: str = ""
    duty: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """The meeting that stands before drafting and signing (000-T D1 c)."""

    held_at: datetime
    minutes: str
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Team:
    """D1: champion, leader and members, and when they met."""

    members: tuple[TeamMember, ...] = ()
    meetings: tuple[Meeting, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OwnFinding:
    """One characteristic as the plant itself measured it: value and limit with unit, condition, pieces, report."""

    characteristic: str
    value: str
    limit: str
    unit: str
    condition: str = ""
    pieces_measured: int | None = None
    report_number: str = ""
    conforms: bool = False


@dataclass(frozen=True, kw_only=True)
class QuestionAnswer:
    """The answer to one of the seven questions."""

    question: Question
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class IsIsNot:
    """One row of is and is not; `explained_by` holds the codes of the occurrence causes that explain it."""

    aspect: str
    is_seen: str
    is_not_seen: str
    difference: str = ""
    explained_by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Problem:
    """D2: the customer's words beside the plant's own finding, 5W2H, is and is not, photographs.

    `repeat` is UNCLEAR until somebody has looked for earlier cases; None means that it was not asked.
    """

    customer_words: str = ""
    findings: tuple[OwnFinding, ...] = ()
    reported_at: datetime | None = None
    found_at: str = ""
    requirement: str = ""
    repeat: Answer | None = None
    repeat_note: str = ""
    answers: tuple[QuestionAnswer, ...] = ()
    comparisons: tuple[IsIsNot, ...] = ()
    no_comparison_because: str = ""
    photos: tuple[Photo, ...] = ()
    other_parts: str = ""


@dataclass(frozen=True, kw_only=True)
class Containment:
    """D3, one place: quantities in pieces with what was checked, or the reason why there is none."""

    place: Place
    lot: str = ""
    quantity: int | None = None
    checked: int | None = None
    ok: int | None = None
    not_ok: int | None = None
    method: str = ""
    none_because: str = ""
    owner: str = ""
    started_on: date | None = None
    in_force_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class InterimContainment:
    """D3: the six places, the balance of the lot, the mark, the clean point, and what it was worth."""

    in_force_at: datetime | None = None
    places: tuple[Containment, ...] = ()
    balance: str = ""
    mark: str = ""
    clean_point: str = ""
    effectiveness_percent: Decimal | None = None
    effectiveness: str = ""
    risk: str = ""
    removed_on: date | None = None
    removed_note: str = ""
