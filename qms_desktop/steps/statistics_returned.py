"""What came back in a month, added up by the database for each reason of return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from peewee import SQL, Case, fn

from qms_desktop.db.bulk import tuples
from qms_desktop.db.complaint import Complaint, ComplaintLine
from qms_desktop.db.master_data import DefectCode
from qms_desktop.db.rma import RmaLine
from qms_desktop.db.sorting import REFUSED, Judgement, RoundState, SortingRound
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.rules.calendar import plant_zone

if TYPE_CHECKING:
    from peewee import CompoundSelectQuery, Expression, Function

NO_MONTH = N_("Choose a month from 1 to 12.")
DECEMBER = 12


@dataclass(frozen=True)
class Month:
    """A month of the plant: its first and last day, and the moments between which it lies."""

    first: date
    last: date
    begins: datetime
    ends: datetime

    def holds(self, day: date) -> bool:
        """Tell whether a day is in the month."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Returned:
    """The pieces that came back for one reason; some were refused, some nobody has sorted yet."""

    pieces: int
    refused: int
    unsorted: int

    @property
    def recognised(self) -> int:
        """Give the pieces that were not refused."""
        return self.pieces - self.refused


def month_of(year: int, month: int) -> Month:
    """Give a month in the plant's own time; raises InvalidInput for a month that does not exist."""
    if not 1 <= month <= DECEMBER or year < 1:
        raise InvalidInput(NO_MONTH, field="month")
    zone = plant_zone()
    first = date(year, month, 1)
    after = date(year + month // DECEMBER, month % DECEMBER + 1, 1)
    begins, ends = (datetime.combine(day, time(), tzinfo=zone) for day in (first, after))
    return Month(first, after - timedelta(days=1), begins, ends)


def month_before(month: Month) -> Month:
    """Give the month before."""
    earlier = month.first - timedelta(days=1)
    return month_of(earlier.year, earlier.month)


def reason_of_round() -> Function:
    """Give the reason of a round in a query: the defect that was judged last, else the one that the RMA names."""
    judged = (
        Judgement.select(DefectCode.name)
        .join(DefectCode)
        .where(Judgement.round == SortingRound.id)
        .order_by(Judgement.id.desc())
        .limit(1)
    )
    announced = RmaLine.select(DefectCode.name).join(DefectCode).where(RmaLine.id == SortingRound.rma_line)
    return fn.COALESCE(judged, announced, "")


def came_back_in(month: Month) -> Expression:
    """Choose the rounds of what came back in a month: the first ones begin when the count is signed."""
    in_time = (SortingRound.created_at >= month.begins) & (SortingRound.created_at < month.ends)
    return (SortingRound.number == 1) & in_time


def returned_in(month: Month) -> dict[str, Returned]:
    """Add up what came back in a month, by reason."""
    refused = sum((getattr(SortingRound, column) for column in REFUSED.values()), start=0)
    unsorted = Case(None, [(SortingRound.state == RoundState.DONE, 0)], SortingRound.pieces)
    heaps = SortingRound.select(
        reason_of_round().alias("reason"), *(fn.SUM(pieces) for pieces in (SortingRound.pieces, refused, unsorted))
    ).where(came_back_in(month))
    found = tuples(heaps.group_by(SQL("reason")))
    return {reason: Returned(*map(int, pieces)) for reason, *pieces in found}


def cases_by_reason(month: Month) -> CompoundSelectQuery:
    """Choose reason and case of what came back, and of what was complained of, in the month (003-A §6.10.1)."""
    returned = SortingRound.select(reason_of_round().alias("reason"), SortingRound.case)
    complained = (
        ComplaintLine.select(DefectCode.name, ComplaintLine.case)
        .join(Complaint)
        .switch(ComplaintLine)
        .join(DefectCode)
        .where((Complaint.received_at >= month.begins) & (Complaint.received_at < month.ends))
    )
    return returned.where(came_back_in(month)) | complained
