"""What the complaint tracking table (客户抱怨处理跟踪表, 003-A §5.4) says: the latest state of every complaint."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class TrackingMark(StrEnum):
    """The sign before a state; ● says that the case is done, not that it was in time."""

    OPEN = "○"
    DONE = "●"
    RECALL = "▲"
    OVERDUE = "■"


@dataclass(frozen=True)
class Milestone:
    """One thing that is owed to the customer: by when, and when it was done; aware moments.

    An extension counts only when the customer was told before the first limit ended (003-A §5.3).
    """

    due_at: datetime | None = None
    done_at: datetime | None = None
    extended_to: datetime | None = None
    extension_told_at: datetime | None = None
    extension_reason: str = ""

    @property
    def limit(self) -> datetime | None:
        """Give the moment that counts: the extended one, if the customer was told in time."""
        if self.due_at is None or self.extended_to is None or self.extension_told_at is None:
            return self.due_at
        return self.extended_to if self.extension_told_at <= self.due_at else self.due_at

    def late_hours(self, now: datetime) -> Decimal:
        """Give the hours beyond the limit, to a tenth and half up; 0 when in time or when nothing is owed."""
        limit = self.limit
        if limit is None:
            return Decimal(0)
        late_s = int(((self.done_at or now) - limit).total_seconds())
        return max(Decimal(0), (Decimal(late_s) / 3600).quantize(Decimal("0.1"), ROUND_HALF_UP))

    def is_late(self, now: datetime) -> bool:
        """Tell whether it was done, or is still open, after its limit."""
        return self.limit is not None and (self.done_at or now) > self.limit


@dataclass(frozen=True)
class TrackedComplaint:
    """One line of the table; `complaint_class` and `state` are source texts, a milestone that is None is not needed.

    `return_state` and `claim_state` tell how the return and the claim stand, `claim_amount` comes already formatted
    or empty for those who may not see money.
    """

    number: str
    customer_reference: str
    received_at: datetime
    customer: str
    complaint_class: str
    urgent: bool
    product: str
    defect: str
    pieces: int
    preliminary_reply: Milestone | None
    written_reply: Milestone | None
    causes_and_measures: Milestone | None
    call_back: Milestone | None
    responsible: str
    state: str
    closed: bool = False
    recall: bool = False
    return_number: str = ""
    return_state: str = ""
    claim_number: str = ""
    claim_amount: str = ""
    claim_state: str = ""

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """Give what is owed to the customer, in its order."""
        steps = (self.preliminary_reply, self.written_reply, self.causes_and_measures, self.call_back)
        return tuple(step for step in steps if step is not None)

    def late_hours(self, now: datetime) -> Decimal:
        """Give the longest delay of all milestones."""
        return max((step.late_hours(now) for step in self.milestones), default=Decimal(0))

    def is_late(self, now: datetime) -> bool:
        """Tell whether any milestone was or is late."""
        return any(step.is_late(now) for step in self.milestones)

    def mark(self, now: datetime) -> TrackingMark:
        """Give the sign of the state: done, overdue now, recall, or open."""
        if self.closed:
            return TrackingMark.DONE
        if any(step.done_at is None and step.is_late(now) for step in self.milestones):
            return TrackingMark.OVERDUE
        return TrackingMark.RECALL if self.recall else TrackingMark.OPEN


@dataclass(frozen=True)
class ComplaintTracking:
    """The table of one month as seen at `cut_off`; aware moments, `zone` is the site's."""

    company: str
    form_number: str
    year: int
    month: int
    cut_off: datetime
    complaints: tuple[TrackedComplaint, ...]
    prepared_by: str
    printed_at: datetime
    zone: str
    reviewed_by: str = ""

    @property
    def late(self) -> int:
        """Give the number of complaints with something late."""
        return sum(complaint.is_late(self.cut_off) for complaint in self.complaints)

    @property
    def in_time(self) -> int:
        """Give the number of complaints with nothing late so far."""
        return len(self.complaints) - self.late
