"""Who must sign a claim before it counts: the seven places of the sheet, and the authority table on the net figures."""

from __future__ import annotations

from qms_desktop.db.authority import Counted
from qms_desktop.db.claim import PREPARED
from qms_desktop.db.guards import Refusal, Unique
from qms_desktop.i18n import N_

# --- the signature places --------------------------------------------------------------------------------------------

PLACE_ONCE = Unique(
    name="claim_place_once",
    table="claim_place_signature",
    columns=("claim_id", "place"),
    message=N_("This place is signed already."),
    attacked_by="test_a_place_is_signed_once",
)
PLACE_NEEDS_ITS_ROLE = Refusal(
    name="claim_place_needs_its_role",
    table="claim_place_signature",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM claim_place_role p WHERE p.place = NEW.place AND qms_holds(p.role))",
    message=N_("This place is not yours to sign."),
    detail=N_("This place is signed by: {role}. It is not yours to sign."),
    attacked_by="test_nobody_signs_the_place_of_others",
)
PLACE_NEEDS_THE_PASSWORD = Refusal(
    name="claim_place_needs_the_password",
    table="claim_place_signature",
    on="INSERT",
    when="NEW.connection <> qms_connection()"
    " OR NOT EXISTS (SELECT 1 FROM signature s JOIN claim c ON c.id = NEW.claim_id"
    " WHERE s.kind = 'claim' AND s.record_id = NEW.claim_id AND s.meaning = 'SIGN_PLACE' AND s.created_by = qms_user()"
    " AND s.connection = qms_connection() AND s.content_hash = qms_content_hash('claim', NEW.claim_id)"
    " AND c.state = 'APPROVAL' AND c.case_id = NEW.case_id)",
    message=N_("A place is signed with the own password, on a claim that waits for the approval."),
    attacked_by="test_a_place_is_not_filled_without_a_signature",
)
PLACES_BEFORE_APPROVAL = Refusal(
    name="claim_places_before_approval",
    table="claim",
    on="UPDATE OF state",
    when="((NEW.state = 'APPROVED' AND OLD.state = 'APPROVAL') OR (NEW.state = 'CLOSED' AND OLD.state = 'EXECUTED'))"
    " AND EXISTS (SELECT 1 FROM claim_place_role p"
    " WHERE NOT EXISTS (SELECT 1 FROM claim_place_signature x JOIN signature s ON s.connection = x.connection"
    " WHERE x.claim_id = NEW.id AND x.place = p.place AND s.kind = 'claim' AND s.record_id = NEW.id"
    " AND s.meaning = 'SIGN_PLACE' AND s.content_hash = qms_content_hash('claim', NEW.id)))",
    message=N_("Signature places of the return analysis sheet are still empty."),
    detail=N_("These places of the return analysis sheet are still empty: {places}."),
    attacked_by="test_a_claim_with_an_empty_place_is_not_approved",
)
COMPLAINT_CLOSES_SIGNED = Refusal(
    name="complaint_closes_signed",
    table="complaint",
    on="UPDATE OF state",
    when="NEW.state IN ('CLOSED', 'ARCHIVED') AND NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM claim c"
    " WHERE c.case_id = NEW.case_id AND c.state <> 'REFUSED' AND EXISTS (SELECT 1 FROM claim_place_role p"
    " WHERE NOT EXISTS (SELECT 1 FROM claim_place_signature x WHERE x.claim_id = c.id AND x.place = p.place)))",
    message=N_("A signature place of the return analysis sheet is still empty. The case cannot be closed."),
    attacked_by="test_a_case_is_not_closed_while_a_place_is_empty",
)
# --- the approval ----------------------------------------------------------------------------------------------------

# A return that is split over several RMAs is settled by several claims, and is still one (db/rma_approval.py).
ONE_SETTLEMENT = Counted(
    subject="CLAIM",
    table="claim",
    pieces="pieces_settled",
    amount="home_amount",
    belongs="o.customer_id = {row}.customer_id AND o.case_id = {row}.case_id AND o.state <> 'REFUSED'",
)
CLAIM_APPROVED_BY_AUTHORITY = Refusal(
    name="claim_approved_by_authority",
    table="claim",
    on="UPDATE OF state",
    when="NEW.state = 'APPROVED' AND OLD.state = 'APPROVAL'"
    f" AND (NOT EXISTS (SELECT 1 FROM claim_amount m WHERE m.claim_id = NEW.id) OR {ONE_SETTLEMENT.unsigned()})",
    message=N_("This claim needs the signature that the authority table names for its pieces and amount."),
    detail=N_("This claim needs the signature of: {roles} ({reason})."),
    attacked_by="test_a_claim_is_not_approved_below_the_authority",
)
CLAIM_REFUSED_IN_TIME = Refusal(
    name="claim_refusal_in_time",
    table="claim_refusal",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM claim c WHERE c.id = NEW.claim_id"
    " AND c.state IN ('DRAFT', 'REVIEWED', 'CALCULATED', 'APPROVAL'))",
    message=N_("The claim is decided already. It cannot be refused any more."),
    attacked_by="test_a_claim_is_not_refused_after_its_approval",
)
APPROVER_DID_NOT_PREPARE = Refusal(
    name="claim_approver_did_not_prepare",
    table="claim",
    on="UPDATE OF state",
    when="NEW.state = 'APPROVED' AND OLD.state = 'APPROVAL' AND NEW.created_by = qms_user()",
    message=N_("Whoever prepared the claim cannot approve it."),
    attacked_by="test_nobody_approves_his_own_claim",
)
CLAIM_SIGNER_DID_NOT_PREPARE = Refusal(
    name="claim_signer_did_not_prepare",
    table="signature",
    on="INSERT",
    # The signature is what counts: a colleague could move the state for him.
    when=f"NEW.kind = 'claim' AND NEW.meaning = 'APPROVE' AND {PREPARED.format(claim='NEW.record_id')}",
    message=N_("Whoever prepared the claim cannot approve it."),
    attacked_by="test_nobody_approves_his_own_claim",
)
