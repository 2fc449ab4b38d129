"""The months that were reported: their figures as they were printed, and the anchor of the audit chains."""

from __future__ import annotations

from qms_desktop.db.guards import Check, Refusal, Unique
from qms_desktop.db.quality_cost import CostEntry
from qms_desktop.db.record import DayField, Event, IntegerField, TextField
from qms_desktop.db.rights import Right, insert
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class MonthClose(Event):
    """A month whose statistics went out; what comes later for it is entered in the next one (domain.md §16).

    `anchor` is the digest of the audit chains at that moment: printed on paper, it stands outside the database.
    """

    first_day = DayField()
    last_day = DayField()
    pieces_returned = IntegerField()
    pieces_recognised = IntegerField()
    anchor = TextField()

    class Meta:
        table_name = "month_close"


MONTH_CLOSED_ONCE = Unique(
    name="month_closed_once",
    table="month_close",
    columns=("first_day",),
    message=N_("This month is closed already."),
    attacked_by="test_a_month_is_closed_once",
)
CLOSED_MONTH_HAS_FIGURES = Check(
    name="closed_month_has_figures",
    table="month_close",
    expression="last_day > first_day AND pieces_recognised BETWEEN 0 AND pieces_returned AND anchor <> ''",
    message=N_("A month is closed with its figures and the anchor of the audit chains."),
    attacked_by="test_a_month_is_closed_with_its_figures",
)
CLOSED_MONTH_IS_OVER = Refusal(
    name="closed_month_is_over",
    table="month_close",
    on="INSERT",
    # Days to come that were closed would take no cost any more.
    when="NEW.last_day >= qms_today()",
    message=N_("A month is closed when it is over."),
    attacked_by="test_a_month_to_come_is_not_closed",
)
CLOSED_MONTH_STAYS = Refusal(
    name="closed_month_stays",
    table=CostEntry._meta.table_name,
    on="INSERT",
    when="EXISTS (SELECT 1 FROM month_close m WHERE NEW.happened_on BETWEEN m.first_day AND m.last_day)",
    message=N_("This month is closed. Enter the cost in the present month and name what it belongs to."),
    attacked_by="test_a_closed_month_takes_no_cost",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {Permission.REPORT_CLOSE: (insert(MonthClose),)}
