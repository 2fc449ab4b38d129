"""What stops a clock: the deed that was owed, and nothing else.

The verbs stop clocks as they book the deed. By hand somebody could say that he answered in time and never answer:
the month's punctuality would be a fiction. So a deadline is met only when its deed is on record, moved only with the
answer that told the customer, and dropped only with the complaint that was refused.
"""

from __future__ import annotations

from qms_desktop.db.guards import Refusal
from qms_desktop.i18n import N_


def _replied(*kinds: str) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"EXISTS (SELECT 1 FROM customer_reply d WHERE d.complaint_id = NEW.record_id AND d.kind IN ({listed}))"


def _reported(*kinds: str) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return (
        "EXISTS (SELECT 1 FROM eight_d_link k JOIN complaint_line l ON l.id = k.complaint_line_id"
        " JOIN eight_d_version v ON v.eight_d_id = k.eight_d_id WHERE l.complaint_id = NEW.record_id"
        f" AND v.state IN ('SENT', 'ACCEPTED', 'REJECTED') AND v.kind IN ({listed}))"
    )


_CONTAINED = "EXISTS (SELECT 1 FROM containment d WHERE d.complaint_id = NEW.record_id)"
_CAUSES_TOLD = f"{_replied('CAUSES_AND_MEASURES')} OR {_reported('5D', '8D')}"
# What is on record when an event has happened, by the kind of record and the event.
DEEDS: dict[tuple[str, str], str] = {
    ("complaint", "CONTAINMENT"): _CONTAINED,
    ("complaint", "COORDINATION"): f"{_CONTAINED} OR {_replied('WRITTEN')}",
    ("complaint", "PRELIMINARY_REPLY"): _replied("ACKNOWLEDGEMENT", "WRITTEN"),
    ("complaint", "WRITTEN_REPLY"): _replied("WRITTEN"),
    ("complaint", "FEEDBACK"): _replied("WRITTEN"),
    ("complaint", "INTERIM_REPLY"): f"{_replied('WRITTEN')} OR {_reported('3D')}",
    ("complaint", "CAUSES_AND_MEASURES"): _CAUSES_TOLD,
    ("complaint", "CAUSE_NOTICE"): _CAUSES_TOLD,
    ("complaint", "CALL_BACK"): "EXISTS (SELECT 1 FROM customer_verdict d WHERE d.complaint_id = NEW.record_id"
    " AND d.occasion = 'CALL_BACK')",
    ("receipt", "COUNT"): "EXISTS (SELECT 1 FROM receipt d WHERE d.id = NEW.record_id AND d.state <> 'ARRIVED')",
    ("sorting_round", "JUDGEMENT"): "EXISTS (SELECT 1 FROM judgement d WHERE d.round_id = NEW.record_id)",
}
_DONE = " OR ".join(
    f"(NEW.kind = '{kind}' AND NEW.event = '{event}' AND ({deed}))" for (kind, event), deed in DEEDS.items()
)
MET_BY_ITS_DEED = Refusal(
    name="deadline_is_met_by_its_deed",
    table="deadline",
    on="UPDATE OF state",
    when=f"NEW.state = 'MET' AND OLD.state IN ('OPEN', 'EXTENDED') AND NOT ({_DONE})",
    message=N_("A deadline is met by what was owed. Record the answer, the count or the judgement itself."),
    attacked_by="test_a_clock_is_not_stopped_without_its_deed",
)
EXTENSION_IS_TOLD = Refusal(
    name="extension_is_told",
    table="deadline",
    on="UPDATE OF extended_to, extension_reason",
    when="(NEW.extended_to IS DISTINCT FROM OLD.extended_to OR NEW.extension_reason <> OLD.extension_reason)"
    " AND NOT (NEW.state = 'EXTENDED' AND OLD.state IN ('OPEN', 'EXTENDED') AND NEW.kind = 'complaint'"
    " AND NEW.extended_to > coalesce(OLD.extended_to, OLD.due_at)"
    f" AND {_replied('EXTENSION')})",
    message=N_("A limit is moved to a later date that the customer was told, and only while it runs."),
    attacked_by="test_an_extension_is_told_and_later",
)
DROPPED_WITH_ITS_COMPLAINT = Refusal(
    name="deadline_is_dropped_with_its_complaint",
    table="deadline",
    on="UPDATE OF state",
    when="NEW.state = 'DROPPED' AND OLD.state IN ('OPEN', 'EXTENDED') AND NOT (NEW.kind = 'complaint'"
    " AND EXISTS (SELECT 1 FROM complaint c WHERE c.id = NEW.record_id AND c.state = 'REFUSED'))",
    message=N_("Only the deadlines of a refused complaint are dropped. Extend it, with the reason and the new date."),
    attacked_by="test_a_clock_is_dropped_only_with_a_refused_complaint",
)
