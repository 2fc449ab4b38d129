"""The gates of an 8D report: what the procedures ask before a version is reviewed, approved, sent and closed.

A gate stands on the step of the version's state; steps/eight_d says for each what is missing and how to mend it.
Source: 000-T D1-D8 (domain.md §6.8), C5 of §9.
"""

from __future__ import annotations

from qms_desktop.db.guards import Refusal
from qms_desktop.i18n import N_

_HAS_D4 = "NEW.kind IN ('5D', '8D')"
_CURRENT = "eight_d_id = NEW.eight_d_id AND NOT {alias}.is_removed"
_HASH = "qms_content_hash('eight_d_' || lower(NEW.kind), NEW.eight_d_id)"
D2_FIELDS = ("date_code", "lot", "reported_at", "requirement", "repeat")


def _of(alias: str) -> str:
    return f"{alias}.{_CURRENT.format(alias=alias)}"


def _gate(name: str, missing: str, message: str, attacked_by: str) -> Refusal:
    """Make a gate that stands before review, approval and sending."""
    return Refusal(
        name=name,
        table="eight_d_version",
        on="UPDATE OF state",
        when=f"NEW.state <> OLD.state AND NEW.state IN ('REVIEW', 'APPROVED', 'SENT') AND ({missing})",
        message=message,
        attacked_by=attacked_by,
    )


LEADER_IS_SET = _gate(
    "leader_is_set",
    "EXISTS (SELECT 1 FROM eight_d d WHERE d.id = NEW.eight_d_id AND d.leader_id IS NULL)",
    N_("D1: the report has no leader. Name one."),
    "test_a_report_without_leader_is_not_submitted",
)
D2_IS_COMPLETE = _gate(
    "d2_is_complete",
    "(SELECT count(*) FROM eight_d_text t WHERE t.eight_d_id = NEW.eight_d_id AND t.section = 'D2' AND t.text <> ''"
    f" AND t.field IN ({', '.join(repr(field) for field in D2_FIELDS)})) < {len(D2_FIELDS)}",
    N_("D2 needs date code, lot, date of the customer's report, the specification required, and first time or repeat."),
    "test_a_report_with_a_gap_in_d2_is_not_submitted",
)
MEASURES_ARE_RECORDED = _gate(
    "measures_are_recorded",
    f"EXISTS (SELECT 1 FROM eight_d_suspect s WHERE {_of('s')} AND s.quantity > 0"
    " AND (s.started_on IS NULL OR s.method = '' OR s.checked IS NULL OR s.not_ok IS NULL))",
    N_("D3: every measure needs its date, the inspection method, and the pieces checked and not OK."),
    "test_a_measure_without_date_or_result_is_not_submitted",
)
SIX_PLACES_ARE_ANSWERED = _gate(
    "six_places_are_answered",
    f"(SELECT count(DISTINCT s.place) FROM eight_d_suspect s WHERE {_of('s')}"
    " AND (s.quantity > 0 OR s.none_because <> '')) < 6",
    N_("D3 answers all six places: customer, transit, finished stock, work in progress, supplier, field,"
       " each with a quantity or “none, because”."),
    "test_a_report_that_leaves_out_a_place_is_not_submitted",
)  # fmt: skip
_WHYS = f"SELECT 1 FROM eight_d_why w WHERE {_of('w')} AND w.cause_code = c.code"
CAUSES_HAVE_WHYS = _gate(
    "causes_have_whys",
    f"{_HAS_D4} AND ((SELECT count(DISTINCT c.kind) FROM eight_d_cause c WHERE {_of('c')}"
    f" AND c.kind IN ('occurrence', 'escape') AND EXISTS ({_WHYS})) < 2"
    f" OR EXISTS (SELECT 1 FROM eight_d_cause c WHERE {_of('c')} AND NOT EXISTS ({_WHYS})))",
    N_("D4 needs a root cause of occurrence and one of escape, and each root cause its chain of whys."),
    "test_a_report_without_escape_cause_or_whys_is_not_submitted",
)
SHARES_ADD_UP = _gate(
    "shares_add_up",
    f"{_HAS_D4} AND EXISTS (SELECT c.kind FROM eight_d_cause c WHERE {_of('c')} GROUP BY c.kind"
    " HAVING (count(*) > 1 OR count(c.share_basis_points) > 0) AND sum(coalesce(c.share_basis_points, 0)) <> 10000)",
    N_("D4: the shares of the causes must add up to 100 % in each kind."),
    "test_shares_that_do_not_add_up_are_not_submitted",
)
ACTION_FOR_EACH_CAUSE = _gate(
    "action_for_each_cause",
    f"{_HAS_D4} AND EXISTS (SELECT 1 FROM eight_d_cause c WHERE {_of('c')} AND NOT EXISTS"
    f" (SELECT 1 FROM eight_d_action a WHERE {_of('a')} AND ',' || a.causes || ',' LIKE '%,' || c.code || ',%'))",
    N_("D5: every root cause needs an action."),
    "test_a_cause_without_action_is_not_submitted",
)
PREVENTION_IS_NOT_INSPECTION = _gate(
    "prevention_is_not_inspection",
    f"NEW.kind = '8D' AND EXISTS (SELECT 1 FROM eight_d_prevention p WHERE {_of('p')}"
    " AND p.nature IN ('INSPECTION', 'AUDIT'))",
    N_("D7: more inspection and audits prevent nothing. Take them out, or put a change of process or system there."),
    "test_an_audit_in_d7_is_not_submitted",
)


def _signed(meaning: str, role: str = "") -> str:
    held = f" AND ',' || s.roles || ',' LIKE '%,{role},%'" if role else ""
    return (
        "EXISTS (SELECT 1 FROM signature s WHERE s.kind = 'eight_d_' || lower(NEW.kind)"
        f" AND s.record_id = NEW.eight_d_id AND s.meaning = '{meaning}' AND s.content_hash = {_HASH}{held})"
    )


def _signature_gate(name: str, states: str, missing: str, message: str, attacked_by: str) -> Refusal:
    return Refusal(
        name=name,
        table="eight_d_version",
        on="UPDATE OF state",
        when=f"NEW.state <> OLD.state AND NEW.state IN ({states}) AND {missing}",
        message=message,
        attacked_by=attacked_by,
    )


PREPARED_BY_SIGNATURE = _signature_gate(
    "prepared_by_signature",
    "'REVIEW', 'APPROVED', 'SENT'",
    f"NOT {_signed('SIGN_PLACE')}",
    N_("The author has not signed this content. Submit the version again."),
    "test_a_version_is_submitted_with_the_authors_signature",
)
REVIEWED_BEFORE_APPROVAL = _signature_gate(
    "eight_d_reviewed_before_approval",
    "'APPROVED', 'SENT'",
    f"NOT {_signed('REVIEW')}",
    N_("A QE who did not write this content has to review it first."),
    "test_a_version_is_not_approved_without_review",
)
QUALITY_MANAGER_APPROVES = _signature_gate(
    "quality_manager_approves",
    "'APPROVED', 'SENT'",
    f"NOT {_signed('APPROVE', 'quality_manager')}",
    N_("This content is not approved by the quality manager. If it was changed since, it needs a new approval."),
    "test_an_unapproved_or_changed_version_is_not_sent",
)
MAJOR_NEEDS_GENERAL_MANAGER = _signature_gate(
    "major_needs_general_manager",
    "'APPROVED', 'SENT'",
    "NEW.kind = '8D' AND EXISTS (SELECT 1 FROM eight_d_link k JOIN complaint_line l ON l.id = k.complaint_line_id"
    " JOIN complaint c ON c.id = l.complaint_id WHERE k.eight_d_id = NEW.eight_d_id AND c.severity = 'MAJOR')"
    f" AND NOT {_signed('APPROVE', 'gm')}",
    N_("The 8D of a major complaint needs the general manager's signature too."),
    "test_the_8d_of_a_major_complaint_needs_the_general_manager",
)
_SIGNS_8D = "NEW.kind IN ('eight_d_3d', 'eight_d_5d', 'eight_d_8d')"
_AUTHOR = (
    "(EXISTS (SELECT 1 FROM eight_d_author a WHERE a.eight_d_id = NEW.record_id AND a.created_by = qms_user())"
    " OR EXISTS (SELECT 1 FROM eight_d d JOIN person p ON p.id = d.leader_id WHERE d.id = NEW.record_id"
    " AND p.login = qms_user()))"
)
REVIEWER_IS_NOT_AUTHOR = Refusal(
    name="reviewer_is_not_author",
    table="signature",
    on="INSERT",
    when=f"{_SIGNS_8D} AND NEW.meaning = 'REVIEW' AND {_AUTHOR}",
    message=N_("Whoever wrote or leads this report cannot review it. Ask a colleague."),
    attacked_by="test_the_author_does_not_review_his_own_report",
)
APPROVER_IS_NOT_AUTHOR = Refusal(
    name="approver_is_not_author",
    table="signature",
    on="INSERT",
    when=f"{_SIGNS_8D} AND NEW.meaning = 'APPROVE' AND {_AUTHOR}",
    message=N_("Whoever wrote or leads this report cannot approve it."),
    attacked_by="test_the_author_does_not_approve_his_own_report",
)
DISPATCH_IS_OF_WHAT_WAS_APPROVED = Refusal(
    name="dispatch_is_of_what_was_approved",
    table="eight_d_dispatch",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM eight_d_version v WHERE v.id = NEW.eight_d_version_id AND v.state = 'APPROVED'"
    " AND NEW.content_hash = qms_content_hash('eight_d_' || lower(v.kind), v.eight_d_id))",
    message=N_("Only an approved version is sent, with the content that was approved."),
    attacked_by="test_a_dispatch_names_the_content_that_was_approved",
)
SENT_WITH_A_RECORD = _signature_gate(
    "sent_with_a_record",
    "'SENT'",
    f"NOT EXISTS (SELECT 1 FROM eight_d_dispatch p WHERE p.eight_d_version_id = NEW.id AND p.content_hash = {_HASH})",
    N_("A version is sent with a record of how it left and to whom."),
    "test_a_version_is_not_sent_without_a_record",
)
ANSWERED_BY_THE_CUSTOMER = _signature_gate(
    "answered_by_the_customer",
    "'ACCEPTED', 'REJECTED'",
    "NOT EXISTS (SELECT 1 FROM eight_d_customer_answer w WHERE w.eight_d_version_id = NEW.id"
    " AND w.is_accepted = (NEW.state = 'ACCEPTED'))",
    N_("Record what the customer said to this version."),
    "test_the_customers_answer_is_on_record",
)
_WAS_SENT = (
    "EXISTS (SELECT 1 FROM eight_d_version v WHERE v.eight_d_id = NEW.id AND v.state IN ('SENT', 'ACCEPTED')"
    " AND v.kind IN ({kinds}){more})"
)
VERIFYING_AFTER_ACTIONS = Refusal(
    name="verifying_after_actions",
    table="eight_d",
    on="UPDATE OF state",
    when="NEW.state = 'VERIFYING' AND OLD.state <> 'VERIFYING' AND NOT "
    + _WAS_SENT.format(kinds="'5D', '8D'", more=""),
    message=N_("The verification begins when the causes and actions were sent (5D or 8D)."),
    attacked_by="test_verification_begins_after_the_actions_were_sent",
)
CLOSED_WHEN_PROVED = Refusal(
    name="closed_when_proved",
    table="eight_d",
    on="UPDATE OF state",
    when="NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED' AND (NOT "
    + _WAS_SENT.format(kinds="'8D'", more=" AND v.revision = NEW.revision")
    + " OR NOT EXISTS (SELECT 1 FROM eight_d_effect e WHERE e.eight_d_id = NEW.id AND e.round = NEW.round"
    " AND e.is_effective AND e.id = (SELECT max(f.id) FROM eight_d_effect f WHERE f.eight_d_id = NEW.id))"
    " OR EXISTS (SELECT 1 FROM eight_d_action a WHERE a.eight_d_id = NEW.id AND NOT a.is_removed AND NOT EXISTS"
    " (SELECT 1 FROM eight_d_implementation i WHERE i.eight_d_id = NEW.id AND NOT i.is_removed"
    " AND i.action_number = a.number AND i.progress = 'done')))",
    message=N_(
        "A report closes when its 8D was sent, all actions are done, and the verification found that they work."
    ),
    attacked_by="test_a_report_is_not_closed_before_it_is_proved",
)
REOPENED_WITH_A_REASON = Refusal(
    name="reopened_with_a_reason",
    table="eight_d",
    on="UPDATE OF state",
    when="NEW.state = 'REOPENED' AND OLD.state <> 'REOPENED' AND (NEW.round <> OLD.round + 1"
    " OR (SELECT count(*) FROM eight_d_reopening r WHERE r.eight_d_id = NEW.id) < OLD.round)",
    message=N_("A report is opened again with a reason, and for a new round."),
    attacked_by="test_a_report_is_not_reopened_without_a_reason",
)
