"""The labels of cartons: provisional with the count, valid with the signature, void with a recount (db/receipt.py)."""

from __future__ import annotations

from qms_desktop.db.guards import Applied, Refusal, Unique, state_guards
from qms_desktop.i18n import N_

LABEL_BEGINS, LABEL_MOVES = state_guards("label", "state", "test_a_label_is_not_made_valid_by_a_clerk")
SIGNATURE_VALIDATES_LABELS = Applied(
    name="signature_validates_labels",
    table="receipt",
    on="UPDATE OF state",
    when="NEW.state = 'SIGNED' AND OLD.state <> 'SIGNED'",
    statement="UPDATE label SET state = 'VALID' WHERE state = 'PROVISIONAL' AND receipt_count_id IN"
    " (SELECT c.id FROM receipt_count c WHERE c.receipt_id = NEW.id)",
    must_touch=False,
    message=N_("The receipt has no labels."),
    attacked_by="test_a_label_is_not_made_valid_by_a_clerk",
)
RECOUNT_VOIDS_LABEL = Applied(
    name="recount_voids_label",
    table="receipt_count",
    on="INSERT",
    when="NEW.replaces_id IS NOT NULL",
    statement="UPDATE label SET state = 'VOID' WHERE receipt_count_id = NEW.replaces_id AND state = 'PROVISIONAL'",
    must_touch=False,
    message=N_("The label of this carton cannot be voided."),
    attacked_by="test_the_label_of_a_recounted_carton_is_void",
)
NO_LABEL_OF_A_HELD_LOT = Refusal(
    name="no_label_of_a_held_lot",
    table="label",
    on="INSERT",
    when="NEW.state = 'VALID' AND EXISTS (SELECT 1 FROM receipt_count c JOIN lot_hold h ON h.lot_id = c.lot_id"
    " WHERE c.id = NEW.receipt_count_id AND h.state = 'ON')",
    message=N_("This lot is on hold. No label that lets goods go may be printed until the hold is released."),
    attacked_by="test_a_held_lot_gets_no_releasing_label",
)
LABEL_HAS_THE_PIECES_OF_ITS_CARTON = Refusal(
    name="label_has_the_pieces_of_its_carton",
    table="label",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM receipt_count c JOIN receipt_line l ON l.id = c.receipt_line_id"
    " WHERE c.id = NEW.receipt_count_id AND l.rma_line_id IS NOT DISTINCT FROM NEW.rma_line_id"
    " AND (c.pieces = NEW.pieces OR (NEW.state = 'VALID' AND NEW.pieces BETWEEN 1 AND c.pieces))) OR NEW.prints <> 0",
    message=N_("A label carries the pieces that were counted in its carton."),
    attacked_by="test_a_label_cannot_claim_other_pieces_than_were_counted",
)
PRINTS_ARE_COUNTED = Refusal(
    name="prints_are_counted",
    table="label",
    on="UPDATE OF prints",
    when="NEW.prints <> OLD.prints + 1",
    message=N_("Each print of a label is counted, one by one."),
    attacked_by="test_a_reprint_is_not_hidden",
)
SERIAL_ONCE = Unique(
    name="serial_once",
    table="label",
    columns=("serial",),
    message=N_("This label serial exists already."),
    attacked_by="test_a_number_is_given_once",
)
ONE_LABEL_A_COUNT = Unique(
    name="one_label_a_count",
    table="label",
    columns=("receipt_count_id",),
    where="state = 'PROVISIONAL'",
    message=N_("This carton has its label already. Print it again instead."),
    attacked_by="test_a_label_cannot_claim_other_pieces_than_were_counted",
)
