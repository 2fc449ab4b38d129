"""The story of a case for its page: the deeds of the audit trail, what is still due, and the records they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.drawing.timeline import Happening
from qms_desktop.i18n import _
from qms_desktop.permissions import Permission
from qms_desktop.rules import due, history, related
from qms_desktop.rules.calendar import zone_of_plant
from qms_desktop.ui import trade_words, wording
from qms_desktop.ui.case_story import CaseStory, RelatedRecord
from qms_desktop.ui.case_tabs import happenings, state_of
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from qms_desktop.session import Session


@reading(Permission.READ)
def case_story(session: Session, *, case_id: int) -> CaseStory:
    """Give the story of a case in the current language; raises NotFound."""
    told = history.case_history(session, case_id=case_id)
    limits = [limit for limit in due.running(session) if limit.case_id == case_id]
    still_due = [
        Happening(
            wording.end_of(limit.runs_until)[1],
            _("{what} due").format(what=_(trade_words.EVENTS[limit.event])),
            _(trade_words.NAMED_BY[limit.named_by]),
            family="wait",
            done=False,
            day=wording.short_day(wording.end_of(limit.runs_until)[0]),
        )
        for limit in limits
    ]
    found = related.records_of_case(session, case_id=case_id)
    records = []
    for one in found:
        state = state_of(one)
        second = " \u00b7 ".join(filter(None, (_(trade_words.STEP_TITLES[one.step]), str(state) if state else "")))
        records.append(RelatedRecord(one.number, second, Destination(one.step, one.record_id, one.number)))
    together = history.told_together(told.deeds, zone=zone_of_plant(session))
    done = happenings(together)
    return CaseStory(told.number, told.customer_name, told.subject, (*done, *still_due), tuple(records))
