"""What may come back: the RMA, its lines and prices, quality's opinion, the review and the refusal."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.complaint import Complaint
from qms_desktop.db.guards import Applied, Check, Refusal, Transition, Unique, state_guards
from qms_desktop.db.master_data import Customer, DefectCode, Lot, Market, Product, Rate, ShipmentLine
from qms_desktop.db.master_data_rates import of_the_day
from qms_desktop.db.record import (
    BooleanField,
    ChoiceField,
    ForeignKeyField,
    IntegerField,
    MoneyField,
    NumberField,
    Record,
    SaltField,
    TextField,
    said_by_server,
)
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.db.signed_content import Part, Signable
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role


class RmaKind(StrEnum):
    """What the customer gets for the goods (004-D)."""

    REPLACE = "REPLACE"
    REFUND = "REFUND"
    REPAIR = "REPAIR"


class ReturnMode(StrEnum):
    """Whether the goods come back (003-A §6.6)."""

    PHYSICAL = "PHYSICAL"
    NON_PHYSICAL = "NON_PHYSICAL"


class GoodsState(StrEnum):
    """Where the goods are."""

    REQUESTED = "REQUESTED"
    APPROVAL = "APPROVAL"
    AWAITING_GOODS = "AWAITING_GOODS"
    NON_PHYSICAL = "NON_PHYSICAL"
    RECEIVED = "RECEIVED"
    SORTED = "SORTED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"


class SettlementState(StrEnum):
    """How the return is settled."""

    OPEN = "OPEN"
    SETTLING = "SETTLING"
    CLOSED = "CLOSED"


class OpinionKind(StrEnum):
    """What quality says before the approval (domain.md §16)."""

    RETURN = "RETURN"
    SORT_AT_CUSTOMER = "SORT_AT_CUSTOMER"
    SCRAP_AT_CUSTOMER = "SCRAP_AT_CUSTOMER"
    POLISH_AND_DISCOUNT = "POLISH_AND_DISCOUNT"
    REFUSE = "REFUSE"


class RefusalReason(StrEnum):
    """Why a claim is refused (003-A §5.6)."""

    OUT_OF_WARRANTY = "R1"
    NOT_OURS = "R2"
    MISUSE = "R3"
    CONFORMS = "R4"


class ApprovalRule(Record):
    """One row of the authority table; the rows of the highest matching rank say whose signatures are needed.

    A row matches when the pieces are above `pieces_above`, or the amount is above `amount_above`, at least
    `amount_from` or below `amount_below` (003-A §5.7; amounts in CNY including tax). `code` is the row's own name.
    """

    code = TextField()
    subject = TextField()
    market = ChoiceField(Market)
    rank = IntegerField()
    pieces_above = IntegerField(null=True)
    amount_above = MoneyField(null=True)
    amount_from = MoneyField(null=True)
    amount_below = MoneyField(null=True)
    role = ChoiceField(Role)
    source = TextField()

    class Meta:
        table_name = "approval_rule"


class Rma(CaseRecord):
    """A permission to return goods; its number is given at the request."""

    number = NumberField()
    complaint = ForeignKeyField(Complaint, null=True)
    customer = ForeignKeyField(Customer)
    market = ChoiceField(Market)
    kind = ChoiceField(RmaKind)
    return_mode = ChoiceField(ReturnMode)
    customer_reference = TextField(default="")
    pieces_announced = IntegerField(constraints=said_by_server("0"))
    goods_state = ChoiceField(GoodsState)
    settlement_state = ChoiceField(SettlementState)

    class Meta:
        server_columns = ("number", "pieces_announced")


class RmaLine(CaseRecord):
    """One product and lot of an RMA; all pieces in the product's unit.

    `pieces_agreed` is the most that may be received, `pieces_received` moves at the return leader's signature.
    """

    rma = ForeignKeyField(Rma, backref="lines")
    position = IntegerField()
    product = ForeignKeyField(Product)
    lot_number = TextField(default="")
    lot = ForeignKeyField(Lot, null=True)
    shipment_line = ForeignKeyField(ShipmentLine, null=True)
    order_no = TextField(default="")
    pieces_announced = IntegerField()
    pieces_agreed = IntegerField()
    pieces_received = IntegerField(constraints=said_by_server("0"))
    defect_code = ForeignKeyField(DefectCode, null=True)
    reason = TextField(default="")
    without_record_reason = TextField(default="")

    class Meta:
        table_name = "rma_line"
        server_columns = ("pieces_received",)


class RmaAmount(CaseRecord):
    """The RMA's amount in CNY including tax, the sum of its lines; need-to-know."""

    rma = ForeignKeyField(Rma, unique=True)
    amount = MoneyField(constraints=said_by_server("0"))
    salt = SaltField()

    class Meta:
        table_name = "rma_amount"
        is_money = True
        server_columns = ("amount", "salt")


class RmaLinePrice(CaseEvent):
    """The price of an RMA line, in its currency and in CNY by a dated rate; need-to-know."""

    rma_line = ForeignKeyField(RmaLine, unique=True)
    unit_price = MoneyField()
    currency = TextField()
    is_tax_included = BooleanField()
    rate = ForeignKeyField(Rate, null=True)
    amount = MoneyField()
    home_amount = MoneyField()

    class Meta:
        table_name = "rma_line_price"
        is_money = True


class RmaOpinion(CaseEvent):
    """Quality's opinion on a line before the approval."""

    rma = ForeignKeyField(Rma)
    rma_line = ForeignKeyField(RmaLine)
    opinion = ChoiceField(OpinionKind)
    text = TextField(default="")

    class Meta:
        table_name = "rma_opinion"


class RmaReview(CaseEvent):
    """The contract review by somebody who did not apply (003-A §5.5)."""

    rma = ForeignKeyField(Rma)
    accepts_missing_record = BooleanField(default=False)
    allows_advance = BooleanField(default=False)
    text = TextField(default="")

    class Meta:
        table_name = "rma_review"


class RmaRefusal(CaseEvent):
    """Why an RMA was refused: R1-R4 with the evidence (003-A §5.6)."""

    rma = ForeignKeyField(Rma)
    reason = ChoiceField(RefusalReason)
    evidence = TextField()

    class Meta:
        table_name = "rma_refusal"


S, P = GoodsState, Permission
TRANSITIONS = (
    *(
        Transition(kind="rma", column="goods_state", start=start, end=end, permission=permission)
        for start, end, permission in (
            ("", S.REQUESTED, P.RMA_REQUEST),
            (S.REQUESTED, S.APPROVAL, P.RMA_REVIEW),
            (S.APPROVAL, S.AWAITING_GOODS, P.RMA_APPROVE),
            (S.APPROVAL, S.NON_PHYSICAL, P.RMA_APPROVE),
            (S.AWAITING_GOODS, S.RECEIVED, P.RECEIPT_SIGN),
            (S.RECEIVED, S.SORTED, P.SORTING_SORT),
            (S.REQUESTED, S.REFUSED, P.RMA_REFUSE),
            (S.APPROVAL, S.REFUSED, P.RMA_REFUSE),
            (S.REQUESTED, S.CANCELLED, P.RMA_REQUEST),
            (S.APPROVAL, S.CANCELLED, P.RMA_REQUEST),
            (S.AWAITING_GOODS, S.CANCELLED, P.RMA_REQUEST),
            (S.APPROVAL, S.REQUESTED, P.RMA_REQUEST),
        )
    ),
    *(
        Transition(kind="rma", column="settlement_state", start=start, end=end, permission=permission)
        for start, end, permission in (
            ("", SettlementState.OPEN, P.RMA_REQUEST),
            (SettlementState.OPEN, SettlementState.SETTLING, P.CLAIM_PREPARE),
            (SettlementState.SETTLING, SettlementState.CLOSED, P.CLAIM_EXECUTE),
        )
    ),
)
NUMBERED = {"rma": ("number", "R")}
SIGNED = Signable(
    kind="rma",
    table="rma",
    meanings={"APPROVE": P.RMA_APPROVE},
    columns=("number", "case_id", "customer_id", "market", "kind", "return_mode", "pieces_announced"),
    parts=(
        Part("rma_line", "rma_id", ("position", "product_id", "lot_number", "order_no", "pieces_announced", "reason")),
        Part("rma_amount", "rma_id", ("amount", "salt")),
    ),
)
GOODS_BEGIN, GOODS_MOVE = state_guards("rma", "goods_state", "test_an_rma_takes_only_its_own_steps")
SETTLEMENT_BEGINS, SETTLEMENT_MOVES = state_guards("rma", "settlement_state", "test_an_rma_takes_only_its_own_steps")
RMA_LINE_HAS_PIECES = Check(
    name="rma_line_has_pieces",
    table="rma_line",
    expression="pieces_announced > 0 AND pieces_agreed >= 0",
    message=N_("An RMA line needs at least one piece. Type how many pieces come back."),
    attacked_by="test_an_rma_of_no_pieces_is_refused",
)
AGREED_BEGINS_AS_ANNOUNCED = Refusal(
    name="agreed_begins_as_announced",
    table="rma_line",
    on="INSERT",
    when="NEW.pieces_agreed <> NEW.pieces_announced",
    message=N_("What may be received begins as what was announced; a difference is agreed at the receipt."),
    attacked_by="test_a_line_cannot_allow_more_than_it_announces",
)
RECEIVED_WITHIN_AGREED = Check(
    name="received_within_agreed",
    table="rma_line",
    expression="pieces_received BETWEEN 0 AND pieces_agreed",
    message=N_("More pieces than the RMA allows cannot be received. Agree the difference with the customer first."),
    detail=N_(
        "The RMA line allows {agreed} pieces and {received} are received already; {pieces} more cannot be received. "
        "Agree the difference with the customer first."
    ),
    attacked_by="test_no_more_is_received_than_agreed",
)
RMA_LINE_TOTAL = Applied(
    name="rma_line_total",
    table="rma_line",
    on="INSERT",
    statement="UPDATE rma SET pieces_announced = pieces_announced + NEW.pieces_announced"
    " WHERE id = NEW.rma_id AND goods_state = 'REQUESTED'",
    message=N_("Lines can be added only while the RMA is requested and not yet reviewed."),
    attacked_by="test_a_line_cannot_be_slipped_into_an_approved_rma",
)
RMA_LINE_IS_FIXED = Refusal(
    name="rma_line_is_fixed",
    table="rma_line",
    on="UPDATE OF pieces_announced, product_id, lot_number, rma_id",
    when="NEW.pieces_announced <> OLD.pieces_announced OR NEW.product_id <> OLD.product_id"
    " OR NEW.lot_number <> OLD.lot_number OR NEW.rma_id <> OLD.rma_id",
    message=N_("The lines of an RMA are what was approved. Cancel it and request a new one."),
    attacked_by="test_an_approved_line_cannot_be_made_larger",
)
PRICE_IS_POSITIVE = Check(
    name="price_is_positive",
    table="rma_line_price",
    expression="unit_price > 0",
    message=N_("A price is above zero. Type what one piece costs."),
    attacked_by="test_an_amount_cannot_be_made_smaller_to_escape_the_approval",
)
PRICE_IS_ARITHMETIC = Refusal(
    name="price_is_arithmetic",
    table="rma_line_price",
    on="INSERT",
    when="NEW.amount <> (NEW.unit_price"
    " * (SELECT l.pieces_announced FROM rma_line l WHERE l.id = NEW.rma_line_id) + 50)"
    " / 100 * 100"
    " OR (NEW.currency = 'CNY' AND NEW.home_amount <> NEW.amount)"
    " OR (NEW.currency <> 'CNY' AND NOT EXISTS (SELECT 1 FROM rate r WHERE r.id = NEW.rate_id AND r.kind = 'EXCHANGE'"
    f" AND r.code = NEW.currency AND {of_the_day('r', 'qms_today()')}"
    " AND NEW.home_amount = (NEW.amount * r.amount / 10000 + 50) / 100 * 100))",
    message=N_("The amount of the line is not pieces times price at the rate of the day."),
    attacked_by="test_an_amount_cannot_be_made_smaller_to_escape_the_approval",
)
RMA_AMOUNT_TOTAL = Applied(
    name="rma_amount_total",
    table="rma_line_price",
    on="INSERT",
    statement="UPDATE rma_amount SET amount = amount + NEW.home_amount"
    " WHERE rma_id = (SELECT l.rma_id FROM rma_line l WHERE l.id = NEW.rma_line_id)",
    message=N_("The RMA has no amount to add to."),
    attacked_by="test_an_amount_cannot_be_made_smaller_to_escape_the_approval",
)
PRICED_BEFORE_APPROVAL = Refusal(
    name="priced_before_approval",
    table="rma",
    on="UPDATE OF goods_state",
    when="OLD.goods_state <> 'APPROVAL' AND NEW.goods_state = 'APPROVAL' AND (EXISTS (SELECT 1 FROM rma_line l"
    " WHERE l.rma_id = NEW.id AND NOT EXISTS (SELECT 1 FROM rma_line_price p WHERE p.rma_line_id = l.id))"
    " OR NOT EXISTS (SELECT 1 FROM rma_line l WHERE l.rma_id = NEW.id))",
    message=N_("Every line of the RMA needs its price before it is reviewed."),
    attacked_by="test_an_rma_without_prices_is_not_reviewed",
)
# Whoever wrote the request, one of its lines or a price is its applicant: he neither reviews nor approves it.
_APPLIED = (
    "(EXISTS (SELECT 1 FROM rma r WHERE r.id = {rma} AND r.created_by = qms_user())"
    " OR EXISTS (SELECT 1 FROM rma_line l WHERE l.rma_id = {rma} AND (l.created_by = qms_user() OR EXISTS"
    " (SELECT 1 FROM rma_line_price p WHERE p.rma_line_id = l.id AND p.created_by = qms_user()))))"
)
REVIEWER_IS_NOT_APPLICANT = Refusal(
    name="reviewer_is_not_applicant",
    table="rma_review",
    on="INSERT",
    when=_APPLIED.format(rma="NEW.rma_id"),
    message=N_("Whoever requested the RMA cannot review it. Ask a colleague."),
    attacked_by="test_the_applicant_cannot_review_his_own_rma",
)
APPROVER_IS_NOT_APPLICANT = Refusal(
    name="rma_approver_is_not_applicant",
    table="signature",
    on="INSERT",
    when=f"NEW.kind = 'rma' AND NEW.meaning = 'APPROVE' AND {_APPLIED.format(rma='NEW.record_id')}",
    message=N_("Whoever requested the RMA cannot approve it. Ask a colleague."),
    attacked_by="test_nobody_approves_an_rma_that_he_requested",
)
RMA_IS_THE_CUSTOMERS = Refusal(
    name="rma_is_the_customers",
    table="rma",
    on="INSERT",
    # The market decides which limits of the authority table hold.
    when="NEW.market IS DISTINCT FROM (SELECT c.market FROM customer c WHERE c.id = NEW.customer_id)"
    " OR (NEW.complaint_id IS NULL AND NEW.customer_id IS DISTINCT FROM"
    " (SELECT f.customer_id FROM case_file f WHERE f.id = NEW.case_id))"
    " OR (NEW.complaint_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM complaint k WHERE k.id = NEW.complaint_id"
    " AND k.customer_id = NEW.customer_id))",
    message=N_("An RMA is for the customer who complained, in that customer's market."),
    attacked_by="test_an_rma_takes_no_other_market_to_escape_the_approval",
)
GOODS_COME_OR_STAY = Refusal(
    name="goods_come_or_stay",
    table="rma",
    on="UPDATE OF goods_state",
    when="OLD.goods_state = 'APPROVAL'"
    " AND ((NEW.goods_state = 'NON_PHYSICAL' AND NEW.return_mode <> 'NON_PHYSICAL')"
    " OR (NEW.goods_state = 'AWAITING_GOODS' AND NEW.return_mode <> 'PHYSICAL'))",
    message=N_("Whether the goods come back was approved with the RMA. It cannot be settled the other way."),
    attacked_by="test_goods_that_must_come_back_are_not_settled_without_them",
)
CANCELLED_BEFORE_GOODS = Refusal(
    name="cancelled_before_goods",
    table="rma",
    on="UPDATE OF goods_state",
    when="NEW.goods_state = 'CANCELLED' AND OLD.goods_state = 'AWAITING_GOODS' AND EXISTS (SELECT 1 FROM rma_line l"
    " WHERE l.rma_id = NEW.id AND l.pieces_received > 0)",
    message=N_("Goods of this RMA were received already. It cannot be cancelled."),
    attacked_by="test_an_rma_whose_goods_came_is_not_cancelled",
)
SENT_FORWARD_BY_THE_REVIEWER = Refusal(
    name="sent_forward_by_the_reviewer",
    table="rma",
    on="UPDATE OF goods_state",
    when="OLD.goods_state = 'REQUESTED' AND NEW.goods_state = 'APPROVAL' AND (NOT EXISTS (SELECT 1 FROM rma_review v"
    f" WHERE v.rma_id = NEW.id AND v.created_by = qms_user()) OR {_APPLIED.format(rma='NEW.id')})",
    message=N_("Only a colleague who reviewed the RMA sends it on to the approval."),
    attacked_by="test_an_rma_is_sent_forward_only_by_who_reviewed_it",
)
REVIEWED_BEFORE_APPROVAL = Refusal(
    name="reviewed_before_approval",
    table="rma",
    on="UPDATE OF goods_state",
    when="OLD.goods_state = 'REQUESTED' AND NEW.goods_state = 'APPROVAL'"
    " AND NOT EXISTS (SELECT 1 FROM rma_review v WHERE v.rma_id = NEW.id AND (v.accepts_missing_record"
    " OR NOT EXISTS (SELECT 1 FROM rma_line l WHERE l.rma_id = NEW.id AND l.shipment_line_id IS NULL)))",
    message=N_("A line has no shipment record. The reviewer must accept that expressly."),
    attacked_by="test_a_line_without_shipment_record_must_be_accepted_expressly",
)
OPINION_BEFORE_APPROVAL = Refusal(
    name="opinion_before_approval",
    table="rma",
    on="UPDATE OF goods_state",
    when="OLD.goods_state = 'REQUESTED' AND NEW.goods_state = 'APPROVAL' AND EXISTS (SELECT 1 FROM rma_line l"
    " WHERE l.rma_id = NEW.id AND NOT EXISTS (SELECT 1 FROM rma_opinion o WHERE o.rma_line_id = l.id))",
    message=N_("Quality has not given its opinion on every line yet. Ask the QE."),
    attacked_by="test_an_rma_without_qualitys_opinion_is_not_reviewed",
)
REFUSED_WITH_A_REASON = Refusal(
    name="refused_with_a_reason",
    table="rma",
    on="UPDATE OF goods_state",
    when="NEW.goods_state = 'REFUSED' AND NOT EXISTS (SELECT 1 FROM rma_refusal f WHERE f.rma_id = NEW.id)",
    message=N_("A refusal needs its reason (R1 to R4) and the evidence."),
    attacked_by="test_an_rma_is_not_refused_without_a_reason",
)
MISSING_RECORD_HAS_A_REASON = Check(
    name="missing_record_has_a_reason",
    table="rma_line",
    expression="shipment_line_id IS NOT NULL OR without_record_reason <> ''",
    message=N_("No shipment of this lot to this customer is known. Say why the goods are accepted all the same."),
    detail=N_(
        "Line {position}: no shipment of lot {lot} to this customer is known. "
        "Say why the goods are accepted all the same."
    ),
    attacked_by="test_a_line_without_shipment_needs_a_reason",
)
RMA_NUMBER_ONCE = Unique(
    name="rma_number_once",
    table="rma",
    columns=("number",),
    message=N_("This RMA number exists already."),
    attacked_by="test_a_number_is_given_once",
)
RMA_POSITION_ONCE = Unique(
    name="rma_position_once",
    table="rma_line",
    columns=("rma_id", "position"),
    message=N_("This RMA has such a line already."),
    attacked_by="test_a_line_cannot_be_slipped_into_an_approved_rma",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.RMA_REQUEST: (
        insert(Rma),
        insert(RmaLine),
        insert(RmaAmount, "case_id", "rma_id", "version"),
        insert(RmaLinePrice),
        update(Rma, "goods_state", "version"),
    ),
    P.RMA_GIVE_OPINION: (insert(RmaOpinion),),
    P.RMA_REVIEW: (insert(RmaReview), update(Rma, "goods_state", "version")),
    P.RMA_REFUSE: (insert(RmaRefusal), update(Rma, "goods_state", "version")),
    P.RMA_APPROVE: (update(Rma, "goods_state", "version"),),
}
