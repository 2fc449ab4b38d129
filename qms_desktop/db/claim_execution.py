"""What is done for an approved claim: goods, money, the supplier's share; and goods that were sent in advance."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.claim import Claim, ClaimPosition
from qms_desktop.db.guards import Applied, Check, Refusal, Transition, state_guards
from qms_desktop.db.master_data import Lot, Supplier
from qms_desktop.db.record import (
    ChoiceField,
    DayField,
    ForeignKeyField,
    IntegerField,
    MoneyField,
    TextField,
    said_by_server,
)
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class PaymentKind(StrEnum):
    """How finance gives the money (003-A §6.7.2)."""

    OFF_RECEIVABLES = "OFF_RECEIVABLES"
    PAID_OUT = "PAID_OUT"
    CREDIT_NOTE = "CREDIT_NOTE"


class DeductionState(StrEnum):
    """What became of an amount that the customer took off by himself."""

    NOTED = "NOTED"
    ACCEPTED = "ACCEPTED"
    RECLAIMED = "RECLAIMED"


class AdvanceAllowance(CaseRecord):
    """How many pieces of an RMA line may be supplied before the goods are judged; made by the review that allows it."""

    rma_line = ForeignKeyField(RmaLine, unique=True)
    pieces_allowed = IntegerField(constraints=said_by_server("0"))
    pieces_supplied = IntegerField(constraints=said_by_server("0"))

    class Meta:
        table_name = "advance_allowance"
        server_columns = ("pieces_allowed", "pieces_supplied")


class AdvanceSupply(CaseEvent):
    """Certified pieces that left for the customer's line before the claim (紧急补供, 003-A §5.1; C19).

    Taking one back is an entry below zero with its reason. What the freight cost stands in the ledger.
    """

    rma_line = ForeignKeyField(RmaLine)
    pieces = IntegerField()
    lot_number = TextField()
    lot = ForeignKeyField(Lot, null=True)
    order_no = TextField(default="")
    carrier = TextField(default="")
    certificate = TextField()
    remark = TextField(default="")

    class Meta:
        table_name = "advance_supply"


class ClaimDelivery(CaseEvent):
    """Replacement goods that left with an order of the customer (003-A §6.7.1; 003-O §5.2.6)."""

    claim = ForeignKeyField(Claim, backref="+")
    claim_position = ForeignKeyField(ClaimPosition, backref="+")
    pieces = IntegerField()
    order_no = TextField()
    delivery_no = TextField(default="")
    remark = TextField(default="")

    class Meta:
        table_name = "claim_delivery"


class ClaimPayment(CaseEvent):
    """Cash and discount that finance gave, in the claim's currency, with its voucher or red-letter invoice."""

    claim = ForeignKeyField(Claim, backref="+")
    kind = ChoiceField(PaymentKind)
    amount = MoneyField()
    voucher = TextField(default="")
    remark = TextField(default="")

    class Meta:
        table_name = "claim_payment"
        is_money = True


class ClaimChargeBack(CaseEvent):
    """What a supplier is charged for the claim, in CNY (000-T §4.1.5); a mistake is taken back below zero."""

    claim = ForeignKeyField(Claim, backref="+")
    supplier = ForeignKeyField(Supplier, null=True)
    supplier_name = TextField()
    amount = MoneyField()
    debit_note = TextField(default="")
    remark = TextField(default="")

    class Meta:
        table_name = "claim_charge_back"
        is_money = True
        indexes = ((("created_at",), False),)  # what happened in a month


class CustomerDeduction(CaseRecord):
    """An amount that the customer took off by himself, in CNY: noted, then accepted or reclaimed (domain.md §16)."""

    rma = ForeignKeyField(Rma)
    deducted_on = DayField()
    amount = MoneyField()
    remark = TextField(default="")
    state = ChoiceField(DeductionState)

    class Meta:
        table_name = "customer_deduction"
        is_money = True


D, P = DeductionState, Permission
TRANSITIONS = tuple(
    Transition(kind="customer_deduction", column="state", start=start, end=end, permission=P.CLAIM_PAY)
    for start, end in (("", D.NOTED), (D.NOTED, D.ACCEPTED), (D.NOTED, D.RECLAIMED))
)
DEDUCTION_BEGINS, DEDUCTION_MOVES = state_guards(
    "customer_deduction", "state", "test_a_customers_deduction_takes_its_own_steps"
)
DEDUCTION_IS_FIXED = Refusal(
    name="customer_deduction_is_fixed",
    table="customer_deduction",
    on="UPDATE OF rma_id, deducted_on, amount, case_id",
    when="TRUE",
    message=N_("What the customer took off stays as it was noted."),
    attacked_by="test_a_customers_deduction_takes_its_own_steps",
)
DEDUCTION_IS_POSITIVE = Check(
    name="customer_deduction_is_positive",
    table="customer_deduction",
    expression="amount > 0",
    message=N_("A deduction is an amount above zero."),
    attacked_by="test_a_customers_deduction_takes_its_own_steps",
)
# --- in advance ------------------------------------------------------------------------------------------------------

REVIEW_ALLOWS_ADVANCE = Applied(
    name="review_allows_advance",
    table="rma_review",
    on="INSERT",
    when="NEW.allows_advance",
    statement="INSERT INTO advance_allowance (case_id, rma_line_id) SELECT NEW.case_id, l.id FROM rma_line l"
    " WHERE l.rma_id = NEW.rma_id AND NOT EXISTS (SELECT 1 FROM advance_allowance a WHERE a.rma_line_id = l.id);"
    " UPDATE advance_allowance SET pieces_allowed = (SELECT l.pieces_announced FROM rma_line l"
    " WHERE l.id = advance_allowance.rma_line_id)"
    " WHERE rma_line_id IN (SELECT l.id FROM rma_line l WHERE l.rma_id = NEW.rma_id)",
    must_touch=False,
    message=N_("The review does not allow goods in advance."),
    attacked_by="test_nothing_is_supplied_in_advance_without_the_review",
)
ADVANCE_COMES_FROM_THE_REVIEW = Refusal(
    name="advance_comes_from_the_review",
    table="advance_allowance",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM rma_review v JOIN rma_line l ON l.rma_id = v.rma_id WHERE l.id = NEW.rma_line_id"
    " AND v.allows_advance)",
    message=N_("The review does not allow goods in advance."),
    attacked_by="test_nothing_is_supplied_in_advance_without_the_review",
)
ADVANCE_MOVES_ALLOWANCE = Applied(
    name="advance_moves_allowance",
    table="advance_supply",
    on="INSERT",
    statement="UPDATE advance_allowance SET pieces_supplied = pieces_supplied + NEW.pieces"
    " WHERE rma_line_id = NEW.rma_line_id AND case_id = NEW.case_id",
    message=N_("The review of this RMA does not allow goods in advance. Ask the sales manager."),
    attacked_by="test_nothing_is_supplied_in_advance_without_the_review",
)
ADVANCE_WITHIN_ANNOUNCED = Check(
    name="advance_within_announced",
    table="advance_allowance",
    expression="pieces_supplied BETWEEN 0 AND pieces_allowed",
    message=N_("No more is supplied in advance than the RMA announces."),
    detail=N_("Only {left} pieces may still be supplied in advance."),
    attacked_by="test_no_more_is_supplied_in_advance_than_announced",
)
ADVANCE_IS_CERTIFIED = Check(
    name="advance_is_certified",
    table="advance_supply",
    expression="lot_number <> '' AND certificate <> '' AND (pieces > 0 OR (pieces < 0 AND remark <> ''))",
    message=N_(
        "Goods in advance have pieces, a lot, and say how they were certified; taking them back has its reason."
    ),
    attacked_by="test_goods_in_advance_are_certified",
)
ADVANCE_OF_A_FREE_LOT = Refusal(
    name="advance_of_a_free_lot",
    table="advance_supply",
    on="INSERT",
    when="NEW.pieces > 0 AND EXISTS (SELECT 1 FROM lot_hold h JOIN lot t ON t.id = h.lot_id"
    " JOIN rma_line l ON l.id = NEW.rma_line_id WHERE h.state = 'ON' AND (h.lot_id = NEW.lot_id"
    " OR (t.number = NEW.lot_number AND t.product_id = l.product_id)))",
    message=N_("This lot is on hold. Supply pieces of a lot that is free and certified."),
    attacked_by="test_no_held_lot_is_supplied_in_advance",
)
ADVANCE_BEFORE_THE_CLAIM = Refusal(
    name="advance_before_the_claim",
    table="advance_supply",
    on="INSERT",
    when="EXISTS (SELECT 1 FROM rma_line l JOIN claim c ON c.rma_id = l.rma_id WHERE l.id = NEW.rma_line_id"
    " AND c.state IN ('APPROVED', 'EXECUTED', 'CLOSED'))"
    " OR EXISTS (SELECT 1 FROM rma_line l JOIN rma r ON r.id = l.rma_id WHERE l.id = NEW.rma_line_id"
    " AND r.goods_state IN ('REFUSED', 'CANCELLED'))",
    message=N_("The claim is approved, or the RMA was refused. Deliver with the claim instead."),
    attacked_by="test_nothing_is_supplied_in_advance_after_the_approval",
)
ADVANCE_COUNTS_AT_THE_APPROVAL = Applied(
    name="advance_counts_at_the_approval",
    table="claim",
    on="UPDATE OF state",
    when="NEW.state = 'APPROVED' AND OLD.state <> 'APPROVED'",
    statement="UPDATE claim_position SET pieces_advance = coalesce((SELECT CASE"
    " WHEN a.pieces_supplied < claim_position.pieces_goods THEN a.pieces_supplied ELSE claim_position.pieces_goods END"
    " FROM advance_allowance a WHERE a.rma_line_id = claim_position.rma_line_id), 0) WHERE claim_id = NEW.id",
    message=N_("The claim has no positions."),
    attacked_by="test_goods_in_advance_count_at_the_approval",
)
# --- the execution ---------------------------------------------------------------------------------------------------

DELIVERY_MOVES_POSITION = Applied(
    name="delivery_moves_position",
    table="claim_delivery",
    on="INSERT",
    statement="UPDATE claim_position SET pieces_delivered = pieces_delivered + NEW.pieces"
    " WHERE id = NEW.claim_position_id AND claim_id = NEW.claim_id AND case_id = NEW.case_id"
    " AND EXISTS (SELECT 1 FROM claim c WHERE c.id = NEW.claim_id AND c.state = 'APPROVED')",
    message=N_("Nothing is delivered for a claim before it is approved, or after it is executed."),
    attacked_by="test_nothing_is_executed_before_the_approval",
)
DELIVERED_WITHIN_SETTLED = Check(
    name="delivered_within_settled",
    table="claim_position",
    expression="pieces_delivered >= 0 AND pieces_advance >= 0 AND pieces_delivered + pieces_advance <= pieces_goods",
    message=N_("No more goods are delivered than the claim settles by goods, those in advance included."),
    detail=N_("{goods} pieces are settled by goods and {gone} went out already. Only {left} can be delivered."),
    attacked_by="test_no_more_is_delivered_than_settled",
)
DELIVERY_NAMES_ITS_ORDER = Check(
    name="delivery_names_its_order",
    table="claim_delivery",
    expression="order_no <> '' AND (pieces > 0 OR (pieces < 0 AND remark <> ''))",
    message=N_("A replacement goes with an order number and pieces; taking it back has its reason."),
    attacked_by="test_a_delivery_names_its_order",
)
PAYMENT_MOVES_AMOUNT = Applied(
    name="payment_moves_amount",
    table="claim_payment",
    on="INSERT",
    statement="UPDATE claim_amount SET deducted = deducted + NEW.amount WHERE claim_id = NEW.claim_id"
    " AND case_id = NEW.case_id"
    " AND EXISTS (SELECT 1 FROM claim c WHERE c.id = NEW.claim_id AND c.state = 'APPROVED')",
    message=N_("Nothing is paid for a claim before it is approved, or after it is executed."),
    attacked_by="test_nothing_is_executed_before_the_approval",
)
PAID_WITHIN_SETTLED = Check(
    name="paid_within_settled",
    table="claim_amount",
    expression="deducted BETWEEN 0 AND cash + discount",
    message=N_("No more money is given than the claim settles in cash and by discount."),
    detail=N_("Only {left} of the claim's {settled} is still to be given."),
    attacked_by="test_no_more_is_paid_than_settled",
)
PAYMENT_HAS_AN_AMOUNT = Check(
    name="payment_has_an_amount",
    table="claim_payment",
    expression="amount > 0 OR (amount < 0 AND remark <> '')",
    message=N_("A payment has an amount; taking it back has its reason."),
    attacked_by="test_a_payment_has_an_amount",
)
_OPEN = (
    "(EXISTS (SELECT 1 FROM claim_position q WHERE q.claim_id = {claim}"
    " AND q.pieces_delivered + q.pieces_advance <> q.pieces_goods)"
    " OR EXISTS (SELECT 1 FROM claim_amount m WHERE m.claim_id = {claim} AND m.deducted <> m.cash + m.discount))"
)
EXECUTED_MEANS_ALL = Refusal(
    name="claim_executed_means_all",
    table="claim",
    on="UPDATE OF state",
    when=f"NEW.state = 'EXECUTED' AND OLD.state = 'APPROVED' AND {_OPEN.format(claim='NEW.id')}",
    message=N_("Goods or money of this claim are still to be given."),
    attacked_by="test_a_claim_is_not_executed_by_half",
)
_FINISH = "UPDATE claim SET state = 'EXECUTED', version = version + 1 WHERE id = NEW.claim_id AND state = 'APPROVED'"
LAST_DELIVERY_EXECUTES = Applied(
    name="last_delivery_executes",
    table="claim_position",
    on="UPDATE OF pieces_delivered",
    when=f"NEW.pieces_delivered <> OLD.pieces_delivered AND NOT {_OPEN.format(claim='NEW.claim_id')}",
    statement=_FINISH,
    must_touch=False,
    message=N_("Goods or money of this claim are still to be given."),
    attacked_by="test_a_claim_is_not_executed_by_half",
)
LAST_PAYMENT_EXECUTES = Applied(
    name="last_payment_executes",
    table="claim_amount",
    on="UPDATE OF deducted",
    when=f"NEW.deducted <> OLD.deducted AND NOT {_OPEN.format(claim='NEW.claim_id')}",
    statement=_FINISH,
    must_touch=False,
    message=N_("Goods or money of this claim are still to be given."),
    attacked_by="test_a_claim_is_not_executed_by_half",
)
CHARGE_BACK_AFTER_THE_APPROVAL = Refusal(
    name="charge_back_after_the_approval",
    table="claim_charge_back",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM claim c WHERE c.id = NEW.claim_id AND c.case_id = NEW.case_id"
    " AND c.state IN ('APPROVED', 'EXECUTED'))",
    message=N_("A supplier is charged for a claim that is approved and not yet closed."),
    attacked_by="test_nothing_is_executed_before_the_approval",
)
CHARGE_BACK_NAMES_THE_SUPPLIER = Check(
    name="charge_back_names_the_supplier",
    table="claim_charge_back",
    expression="supplier_name <> '' AND (amount > 0 OR (amount < 0 AND remark <> ''))",
    message=N_("A charge-back names the supplier and an amount; taking it back has its reason."),
    attacked_by="test_a_charge_back_names_the_supplier",
)
RETURN_CLOSES_WITH_ITS_CLAIM = Refusal(
    name="return_closes_with_its_claim",
    table="rma",
    on="UPDATE OF settlement_state",
    when="NEW.settlement_state = 'CLOSED' AND OLD.settlement_state <> 'CLOSED' AND NOT EXISTS (SELECT 1 FROM claim c"
    " WHERE c.rma_id = NEW.id AND c.state = 'CLOSED')",
    message=N_("A return is settled when its claim is executed and closed."),
    attacked_by="test_a_return_is_not_closed_before_its_claim",
)
DEDUCTION_KEEPS_ITS_REASON = Refusal(
    name="deduction_keeps_its_reason",
    table="customer_deduction",
    on="UPDATE OF remark",
    when="NEW.remark <> OLD.remark AND NEW.state = OLD.state",
    message=N_("What was said of a deduction is said with the decision, and stays."),
    attacked_by="test_a_customers_deduction_takes_its_own_steps",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.CLAIM_DELIVER: (insert(AdvanceSupply), insert(ClaimDelivery)),
    P.CLAIM_PAY: (
        insert(ClaimPayment),
        insert(CustomerDeduction),
        update(CustomerDeduction, "state", "remark", "version"),
    ),
    P.CLAIM_CHARGE_BACK: (insert(ClaimChargeBack),),
}
