"""What arrived: the receipt of an RMA, its lines, the count of each carton, the differences, and the labels."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseFile, CaseRecord, Deadline
from qms_desktop.db.guards import Applied, Check, Refusal, Transition, Unique, state_guards
from qms_desktop.db.master_data import Lot, Product
from qms_desktop.db.record import (
    BooleanField,
    ChoiceField,
    ForeignKeyField,
    IntegerField,
    MomentField,
    SerialField,
    TextField,
    said_by_server,
)
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.db.signed_content import Part, Signable
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class ArrivalKind(StrEnum):
    """How the goods came: it decides how soon they are counted (003-A §6.6.1)."""

    ON_SITE = "ON_SITE"
    POST = "POST"


class ReceiptState(StrEnum):
    """Where the receipt stands (domain.md §17)."""

    ARRIVED = "ARRIVED"
    COUNTED = "COUNTED"
    DIFFERENCE = "DIFFERENCE"
    AGREED = "AGREED"
    SIGNED = "SIGNED"


class DifferenceKind(StrEnum):
    """How what came differs from what was announced."""

    SHORT = "SHORT"
    OVER = "OVER"
    OTHER_PRODUCT = "OTHER_PRODUCT"
    OTHER_LOT = "OTHER_LOT"
    NOT_OURS = "NOT_OURS"
    DAMAGED = "DAMAGED"


class LabelState(StrEnum):
    """What a label on a carton is worth."""

    PROVISIONAL = "PROVISIONAL"
    VALID = "VALID"
    VOID = "VOID"


class Receipt(CaseRecord):
    """One arrival of goods; `pieces_counted` is moved by each count, in pieces.

    Without an RMA the goods wait in quarantine, in a case of their own, until sales names the RMA.
    """

    rma = ForeignKeyField(Rma, null=True)
    arrival_kind = ChoiceField(ArrivalKind)
    arrived_at = MomentField()
    place = TextField(default="")
    pieces_counted = IntegerField(constraints=said_by_server("0"))
    state = ChoiceField(ReceiptState)

    class Meta:
        server_columns = ("pieces_counted",)


class ReceiptLine(CaseRecord):
    """What one receipt holds for an RMA line, or of goods that nobody announced (`rma_line` empty)."""

    receipt = ForeignKeyField(Receipt, backref="lines")
    rma_line = ForeignKeyField(RmaLine, null=True)
    product = ForeignKeyField(Product, null=True)
    description = TextField(default="")
    pieces_counted = IntegerField(constraints=said_by_server("0"))
    pieces_agreed = IntegerField(null=True)

    class Meta:
        table_name = "receipt_line"
        server_columns = ("pieces_counted",)


class ReceiptCount(CaseEvent):
    """One carton as it was counted: an event without limit; a recount replaces it, the first stays on record."""

    receipt = ForeignKeyField(Receipt)
    receipt_line = ForeignKeyField(ReceiptLine, backref="counts")
    carton = TextField()
    lot_number = TextField(default="")
    lot = ForeignKeyField(Lot, null=True)
    pieces = IntegerField()
    is_damaged = BooleanField(default=False)
    remark = TextField(default="")
    station = TextField(default="")
    badge = TextField(default="")
    replaces = ForeignKeyField("self", null=True)

    class Meta:
        table_name = "receipt_count"


class ReceiptDifference(CaseEvent):
    """A difference that was found, and later what was agreed about it with the customer (003-A §6.6.2)."""

    receipt_line = ForeignKeyField(ReceiptLine)
    kind = ChoiceField(DifferenceKind)
    pieces = IntegerField()
    text = TextField(default="")

    class Meta:
        table_name = "receipt_difference"


class ReceiptAgreement(CaseEvent):
    """What sales agreed with the customer about one line: the pieces that are taken as received."""

    receipt_line = ForeignKeyField(ReceiptLine)
    pieces = IntegerField()
    agreed_with = TextField()
    remark = TextField(default="")

    class Meta:
        table_name = "receipt_agreement"


class Label(CaseRecord):
    """A label on a carton; its serial is one sequence for the plant and is never used again."""

    serial = SerialField()
    receipt_count = ForeignKeyField(ReceiptCount)
    rma_line = ForeignKeyField(RmaLine, null=True)
    pieces = IntegerField()
    state = ChoiceField(LabelState)
    prints = IntegerField(default=0)
    replaced_by = TextField(default="")

    class Meta:
        server_columns = ("serial",)


S, L, P = ReceiptState, LabelState, Permission
TRANSITIONS = (
    *(
        Transition(kind="receipt", column="state", start=start, end=end, permission=permission)
        for start, end, permission in (
            ("", S.ARRIVED, P.RECEIPT_RECEIVE),
            (S.ARRIVED, S.COUNTED, P.RECEIPT_RECEIVE),
            (S.ARRIVED, S.DIFFERENCE, P.RECEIPT_RECEIVE),
            (S.COUNTED, S.ARRIVED, P.RECEIPT_RECEIVE),
            (S.DIFFERENCE, S.ARRIVED, P.RECEIPT_RECEIVE),
            (S.DIFFERENCE, S.AGREED, P.RECEIPT_AGREE),
            (S.COUNTED, S.SIGNED, P.RECEIPT_SIGN),
            (S.AGREED, S.SIGNED, P.RECEIPT_SIGN),
        )
    ),
    *(
        Transition(kind="label", column="state", start=start, end=end, permission=permission)
        for start, end, permission in (
            ("", L.PROVISIONAL, P.RECEIPT_RECEIVE),
            (L.PROVISIONAL, L.VALID, P.RECEIPT_SIGN),
            (L.PROVISIONAL, L.VOID, P.RECEIPT_RECEIVE),
            (L.VALID, L.VOID, P.SORTING_SORT),
            ("", L.VALID, P.SORTING_SORT),
        )
    ),
)
SERIALS = {"label": ("serial", "LABEL")}
SIGNED = Signable(
    kind="receipt",
    table="receipt",
    meanings={"ACCEPT_COUNT": P.RECEIPT_SIGN},
    columns=("case_id", "rma_id", "arrival_kind", "arrived_at", "pieces_counted"),
    parts=(
        Part("receipt_line", "receipt_id", ("rma_line_id", "product_id", "pieces_counted", "pieces_agreed")),
        Part("receipt_count", "receipt_id", ("carton", "lot_number", "pieces", "is_damaged", "replaces_id")),
    ),
)
RECEIPT_BEGINS, RECEIPT_MOVES = state_guards("receipt", "state", "test_a_receipt_takes_only_its_own_steps")
RECEIPT_NEEDS_APPROVAL = Refusal(
    name="receipt_needs_approval",
    table="receipt",
    on="INSERT",
    when="NEW.rma_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rma r WHERE r.id = NEW.rma_id"
    " AND r.goods_state IN ('AWAITING_GOODS', 'RECEIVED'))",
    message=N_("Goods are received only for an approved RMA. Put them into quarantine and ask sales for the RMA."),
    attacked_by="test_goods_of_an_unapproved_rma_are_not_received",
)
GOODS_OF_A_CASE_HAVE_ITS_RMA = Refusal(
    name="goods_of_a_case_have_its_rma",
    table="receipt",
    on="INSERT",
    when="NEW.rma_id IS NULL AND EXISTS (SELECT 1 FROM rma r WHERE r.case_id = NEW.case_id)",
    message=N_("This case has an RMA. Receive the goods for it, not as goods without an RMA."),
    attacked_by="test_goods_of_a_case_are_not_received_past_its_rma",
)
WAITS_FOR_ITS_RMA = Refusal(
    name="waits_for_its_rma",
    table="receipt",
    on="UPDATE OF state",
    when="NEW.rma_id IS NULL AND NEW.state IN ('COUNTED', 'AGREED')",
    message=N_("Goods without an RMA stay in quarantine. Sales finds out whose they are and names the RMA first."),
    attacked_by="test_goods_without_an_rma_are_not_taken_in",
)
RMA_IS_NAMED_ONCE = Refusal(
    name="rma_is_named_once",
    table="receipt",
    on="UPDATE OF rma_id",
    when="OLD.rma_id IS NOT NULL AND NEW.rma_id IS DISTINCT FROM OLD.rma_id",
    message=N_("These goods have their RMA already."),
    attacked_by="test_the_rma_of_goods_is_named_once",
)
NAMED_RMA_FITS = Refusal(
    name="named_rma_fits",
    table="receipt",
    on="UPDATE OF rma_id",
    when="OLD.rma_id IS NULL AND NEW.rma_id IS NOT NULL AND (OLD.state <> 'DIFFERENCE' OR NOT EXISTS (SELECT 1 FROM"
    " rma r WHERE r.id = NEW.rma_id AND r.case_id = NEW.case_id AND r.goods_state IN ('AWAITING_GOODS', 'RECEIVED')))",
    message=N_("When the count is closed, name an approved RMA of this case. Take the complaint down in it first."),
    attacked_by="test_only_an_approved_rma_of_the_case_is_named",
)
NAMED_LINE_FITS = Refusal(
    name="named_line_fits",
    table="receipt_line",
    on="UPDATE OF rma_line_id",
    when="NEW.rma_line_id IS DISTINCT FROM OLD.rma_line_id AND (OLD.rma_line_id IS NOT NULL OR NOT EXISTS (SELECT 1"
    " FROM rma_line m JOIN receipt r ON r.rma_id = m.rma_id WHERE m.id = NEW.rma_line_id AND r.id = NEW.receipt_id"
    " AND m.product_id = NEW.product_id AND r.state = 'DIFFERENCE'))",
    message=N_("A line of the receipt belongs to the line of its own RMA with the same product."),
    attacked_by="test_a_received_line_belongs_to_its_own_rma",
)
COUNT_IS_WHOLE = Check(
    name="count_is_whole",
    table="receipt_count",
    expression="pieces >= 0 AND (pieces > 0 OR replaces_id IS NOT NULL)",
    message=N_("A carton holds at least one piece. Type the number of pieces."),
    attacked_by="test_a_carton_of_no_pieces_is_refused",
)
CARTON_COUNTED_ONCE = Unique(
    name="carton_counted_once",
    table="receipt_count",
    columns=("receipt_id", "carton"),
    where="replaces_id IS NULL",
    message=N_("This carton is counted already."),
    detail=N_("Carton {carton} is counted already at {time} by {who}."),
    attacked_by="test_a_carton_is_counted_once_whoever_counts_it",
)
RECOUNT_REPLACES_ONCE = Unique(
    name="recount_replaces_once",
    table="receipt_count",
    columns=("replaces_id",),
    where="replaces_id IS NOT NULL",
    message=N_("This count was corrected already. Correct the newer one."),
    attacked_by="test_a_count_is_corrected_once",
)
RECOUNT_IS_OF_THE_SAME_CARTON = Refusal(
    name="recount_is_of_the_same_carton",
    table="receipt_count",
    on="INSERT",
    when="NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM receipt_count o WHERE o.id = NEW.replaces_id"
    " AND o.receipt_line_id = NEW.receipt_line_id AND o.carton = NEW.carton)",
    message=N_("A recount is of the same carton and the same line."),
    attacked_by="test_a_count_is_corrected_once",
)
COUNT_BELONGS_TOGETHER = Refusal(
    name="count_belongs_together",
    table="receipt_count",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM receipt_line l WHERE l.id = NEW.receipt_line_id AND l.receipt_id = NEW.receipt_id)",
    message=N_("The carton and its line belong to different receipts."),
    attacked_by="test_a_carton_is_not_booked_to_a_line_of_another_receipt",
)
COUNT_NAMES_ITS_LOT = Refusal(
    name="count_names_its_lot",
    table="receipt_count",
    on="INSERT",
    # A hold is on the lot: a carton that does not point to it would slip past.
    when="NEW.lot_id IS NULL AND NEW.lot_number <> '' AND EXISTS (SELECT 1 FROM lot t JOIN receipt_line l"
    " ON l.product_id = t.product_id WHERE l.id = NEW.receipt_line_id AND t.number = NEW.lot_number"
    " AND t.kind = 'FINISHED') OR NEW.lot_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lot t WHERE t.id = NEW.lot_id"
    " AND t.number = NEW.lot_number)",
    message=N_("The carton's lot is not the one that its number names."),
    attacked_by="test_a_carton_does_not_hide_its_lot",
)
COUNT_MOVES_RECEIPT = Applied(
    name="count_moves_receipt",
    table="receipt_count",
    on="INSERT",
    statement="UPDATE receipt SET pieces_counted = pieces_counted + NEW.pieces"
    " - coalesce((SELECT o.pieces FROM receipt_count o WHERE o.id = NEW.replaces_id), 0)"
    " WHERE id = NEW.receipt_id AND state = 'ARRIVED'",
    message=N_("This receipt is counted and closed. Open the count again before you add a carton."),
    attacked_by="test_nothing_is_counted_into_a_signed_receipt",
)
COUNT_MOVES_LINE = Applied(
    name="count_moves_line",
    table="receipt_count",
    on="INSERT",
    statement="UPDATE receipt_line SET pieces_counted = pieces_counted + NEW.pieces"
    " - coalesce((SELECT o.pieces FROM receipt_count o WHERE o.id = NEW.replaces_id), 0)"
    " WHERE id = NEW.receipt_line_id",
    message=N_("The line of this carton does not exist."),
    attacked_by="test_nothing_is_counted_into_a_signed_receipt",
)
AGREEMENT_MOVES_LINE = Applied(
    name="agreement_moves_line",
    table="receipt_agreement",
    on="INSERT",
    statement="UPDATE receipt_line SET pieces_agreed = NEW.pieces WHERE id = NEW.receipt_line_id"
    " AND EXISTS (SELECT 1 FROM receipt r WHERE r.id = receipt_line.receipt_id AND r.state = 'DIFFERENCE')",
    message=N_("There is no open difference on this receipt."),
    attacked_by="test_a_difference_is_not_agreed_after_the_signature",
)
AGREEMENT_IS_WITHIN_THE_COUNT = Refusal(
    name="agreement_is_within_the_count",
    table="receipt_agreement",
    on="INSERT",
    when="NEW.pieces < 0"
    " OR NEW.pieces > (SELECT l.pieces_counted FROM receipt_line l WHERE l.id = NEW.receipt_line_id)",
    message=N_("No more pieces can be agreed than were counted. Recount if the count is wrong."),
    detail=N_("{counted} pieces were counted; {pieces} cannot be agreed. Recount if the count is wrong."),
    attacked_by="test_no_more_is_agreed_than_was_counted",
)
MORE_AGREED_HAS_AN_AGREEMENT = Refusal(
    name="more_agreed_has_an_agreement",
    table="rma_line",
    on="UPDATE OF pieces_agreed",
    when="NEW.pieces_agreed <> OLD.pieces_agreed AND NOT EXISTS (SELECT 1 FROM receipt_agreement a"
    " JOIN receipt_line l ON l.id = a.receipt_line_id JOIN receipt r ON r.id = l.receipt_id"
    " WHERE l.rma_line_id = NEW.id AND r.state = 'DIFFERENCE' AND NEW.pieces_agreed = OLD.pieces_received + a.pieces)",
    message=N_("What an RMA allows is widened only to what was counted and agreed with the customer."),
    attacked_by="test_more_is_not_agreed_without_what_was_counted",
)
CLOSED_RECEIPT_GETS_NO_LINE = Refusal(
    name="closed_receipt_gets_no_line",
    table="receipt_line",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM receipt r WHERE r.id = NEW.receipt_id AND r.state = 'ARRIVED')",
    message=N_("This receipt is counted and closed. Open the count again before you add goods."),
    attacked_by="test_a_closed_receipt_gets_no_more_lines",
)
FINAL_QUANTITY_STAYS = Refusal(
    name="final_quantity_stays",
    table="receipt_line",
    on="UPDATE OF pieces_agreed",
    when="NEW.pieces_agreed IS DISTINCT FROM OLD.pieces_agreed"
    " AND EXISTS (SELECT 1 FROM receipt r WHERE r.id = NEW.receipt_id AND r.state IN ('AGREED', 'SIGNED'))",
    message=N_("The quantity is agreed and final. It does not change any more."),
    attacked_by="test_a_final_quantity_does_not_change",
)
AGREED_LINE_HAS_EVENT = Refusal(
    name="agreed_line_has_event",
    table="receipt_line",
    on="UPDATE OF pieces_agreed",
    when="NEW.pieces_agreed IS NOT NULL AND NEW.pieces_agreed IS DISTINCT FROM NEW.pieces_counted"
    " AND NOT EXISTS (SELECT 1 FROM receipt_agreement a WHERE a.receipt_line_id = NEW.id"
    " AND a.pieces = NEW.pieces_agreed)",
    message=N_("A difference is taken over only with what sales agreed with the customer."),
    attacked_by="test_a_difference_needs_the_agreement_of_sales",
)
NO_OPEN_DIFFERENCE_AT_SIGNATURE = Refusal(
    name="no_open_difference_at_signature",
    table="receipt",
    on="UPDATE OF state",
    when="NEW.state = 'SIGNED' AND OLD.state <> 'SIGNED' AND EXISTS (SELECT 1 FROM receipt_line l"
    " WHERE l.receipt_id = NEW.id AND l.pieces_agreed IS NULL)",
    message=N_("A difference is still open. Sales agrees it with the customer first, then the return leader signs."),
    attacked_by="test_the_leader_cannot_sign_over_an_open_difference",
)
AGREED_IS_OF_THIS_COUNT = Refusal(
    name="agreed_is_of_this_count",
    table="receipt",
    on="UPDATE OF state",
    # An agreement about an earlier count says nothing of what was counted after it.
    when="NEW.state IN ('AGREED', 'SIGNED') AND OLD.state IN ('DIFFERENCE', 'COUNTED', 'AGREED')"
    " AND EXISTS (SELECT 1 FROM receipt_line l WHERE l.receipt_id = NEW.id AND l.pieces_agreed IS NOT NULL"
    " AND l.pieces_agreed <> l.pieces_counted AND (l.pieces_agreed > l.pieces_counted"
    " OR NOT EXISTS (SELECT 1 FROM receipt_agreement a WHERE a.receipt_line_id = l.id AND a.pieces = l.pieces_agreed"
    " AND NOT EXISTS (SELECT 1 FROM receipt_count c WHERE c.receipt_line_id = l.id"
    " AND c.created_at > a.created_at))))",
    message=N_("The goods were counted again after the difference was agreed. Agree it anew."),
    attacked_by="test_an_agreement_about_an_earlier_count_is_not_signed",
)
RECEIVED_MEANS_SIGNED = Refusal(
    name="received_means_signed",
    table="rma",
    on="UPDATE OF goods_state",
    when="NEW.goods_state = 'RECEIVED' AND OLD.goods_state = 'AWAITING_GOODS' AND NOT EXISTS (SELECT 1 FROM receipt r"
    " WHERE r.rma_id = NEW.id AND r.state = 'SIGNED')",
    message=N_("Goods are received when the return leader has signed their count."),
    attacked_by="test_goods_are_not_received_without_a_signed_count",
)
ARRIVED_IS_NOT_LATER = Refusal(
    name="arrived_is_not_later",
    table="receipt",
    on="INSERT",
    when="NEW.arrived_at > qms_now() AND NOT qms_is_now(NEW.arrived_at)",
    message=N_("Goods cannot arrive later than now. Check the time."),
    attacked_by="test_nothing_arrives_tomorrow",
)
COUNTED_MEANS_NO_DIFFERENCE = Refusal(
    name="counted_means_no_difference",
    table="receipt",
    on="UPDATE OF state",
    when="NEW.state = 'COUNTED' AND EXISTS (SELECT 1 FROM receipt_line l LEFT JOIN rma_line r ON r.id = l.rma_line_id"
    " WHERE l.receipt_id = NEW.id AND (l.rma_line_id IS NULL AND l.pieces_counted > 0"
    " OR l.rma_line_id IS NOT NULL AND l.pieces_counted <> r.pieces_agreed - r.pieces_received))",
    message=N_("What was counted differs from what was announced. Sales has to agree the difference first."),
    attacked_by="test_a_difference_is_not_passed_off_as_a_clean_count",
)
SIGNED_BY_LEADER = Refusal(
    name="signed_by_leader",
    table="receipt",
    on="UPDATE OF state",
    when="NEW.state = 'SIGNED' AND OLD.state <> 'SIGNED' AND NOT EXISTS (SELECT 1 FROM signature s"
    " WHERE s.kind = 'receipt' AND s.record_id = NEW.id AND s.meaning = 'ACCEPT_COUNT'"
    " AND s.content_hash = qms_content_hash('receipt', NEW.id))",
    message=N_("The count becomes valid with the return leader's own signature."),
    attacked_by="test_a_receipt_is_not_signed_without_the_leaders_signature",
)
SIGNATURE_RECEIVES = Applied(
    name="signature_receives",
    table="receipt",
    on="UPDATE OF state",
    when="NEW.state = 'SIGNED' AND OLD.state <> 'SIGNED'",
    statement="UPDATE rma_line SET pieces_received = pieces_received + coalesce((SELECT sum(l.pieces_agreed)"
    " FROM receipt_line l WHERE l.receipt_id = NEW.id AND l.rma_line_id = rma_line.id), 0)"
    " WHERE id IN (SELECT l.rma_line_id FROM receipt_line l WHERE l.receipt_id = NEW.id AND l.rma_line_id IS NOT NULL)",
    must_touch=False,
    message=N_("The receipt has no lines."),
    attacked_by="test_the_signature_takes_in_no_more_than_was_agreed",
)
RECEIPT_LINE_ONCE = Unique(
    name="receipt_line_once",
    table="receipt_line",
    columns=("receipt_id", "rma_line_id"),
    where="rma_line_id IS NOT NULL",
    message=N_("This receipt has such a line already."),
    attacked_by="test_a_carton_is_not_booked_to_a_line_of_another_receipt",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.RECEIPT_RECEIVE: (
        insert(CaseFile),
        insert(Receipt),
        insert(ReceiptLine),
        insert(ReceiptCount),
        insert(ReceiptDifference),
        insert(Label),
        insert(Deadline),
        update(Receipt, "state", "version"),
        update(ReceiptLine, "pieces_agreed", "version"),
        update(Deadline, "state", "met_at", "version"),
    ),
    P.RECEIPT_AGREE: (
        insert(ReceiptAgreement),
        update(Receipt, "rma_id", "state", "version"),
        update(ReceiptLine, "rma_line_id", "version"),
        update(RmaLine, "pieces_agreed", "version"),
    ),
    P.RECEIPT_SIGN: (
        update(Receipt, "state", "version"),
        update(Rma, "goods_state", "version"),
        update(Deadline, "state", "met_at", "version"),
    ),
    P.LABEL_PRINT: (update(Label, "prints", "version"),),
}
