"""What is said of an RMA before the decision, whose signature it needs, and what counts as one return.

The procedure says 一次退货, per return and not per customer or month (003-A §5.7; domain.md §4.1). One return is

* what one customer sends back of one case, over however many RMAs, as long as they are neither refused nor cancelled;
* and what is on its way at the same time of the same product and lot, though a second complaint opened a case of its
  own for it: goods that did not come yet, or a return without goods that is not settled yet.

So a return that is split over two RMAs needs the signature of the whole, and the RMA that is approved last cannot
escape it. A lot that is not known is nobody's twin: such a line has its own reason, which the reviewer accepts
expressly.
"""

from __future__ import annotations

from qms_desktop.db.authority import Counted
from qms_desktop.db.guards import Refusal
from qms_desktop.i18n import N_

ONE_RETURN = Counted(
    subject="RMA",
    table="rma",
    pieces="pieces_announced",
    amount="amount",
    belongs="o.customer_id = {row}.customer_id AND o.goods_state NOT IN ('REFUSED', 'CANCELLED')"
    " AND (o.case_id = {row}.case_id OR ((o.goods_state IN ('REQUESTED', 'APPROVAL', 'AWAITING_GOODS')"
    " OR (o.goods_state = 'NON_PHYSICAL' AND o.settlement_state <> 'CLOSED'))"
    " AND EXISTS (SELECT 1 FROM rma_line mine JOIN rma_line other ON other.product_id = mine.product_id"
    " AND other.lot_number = mine.lot_number WHERE mine.rma_id = {row}.id AND other.rma_id = o.id"
    " AND mine.lot_number <> '')))",
)
APPROVED_BY_AUTHORITY = Refusal(
    name="approved_by_authority",
    table="rma",
    on="UPDATE OF goods_state",
    when="OLD.goods_state = 'APPROVAL' AND NEW.goods_state IN ('AWAITING_GOODS', 'NON_PHYSICAL')"
    f" AND {ONE_RETURN.unsigned()}",
    message=N_("This RMA needs the signature that the authority table names for its pieces and amount."),
    detail=N_("This RMA needs the signature of: {roles} ({reason})."),
    attacked_by="test_an_rma_is_not_approved_without_the_signature_of_the_authority_table",
)


def _said_in_time(table: str, states: str, message: str) -> Refusal:
    return Refusal(
        name=f"{table}_in_time",
        table=table,
        on="INSERT",
        when=f"NOT EXISTS (SELECT 1 FROM rma r WHERE r.id = NEW.rma_id AND r.goods_state IN ({states}))",
        message=message,
        attacked_by="test_nothing_is_said_of_an_rma_after_the_decision",
    )


OPINION_IN_TIME = _said_in_time(
    "rma_opinion", "'REQUESTED', 'APPROVAL'", N_("Quality gives its opinion before the decision, not after it.")
)
REVIEW_IN_TIME = _said_in_time("rma_review", "'REQUESTED'", N_("The RMA is reviewed already. A review is not added."))
REFUSAL_IN_TIME = _said_in_time(
    "rma_refusal", "'REQUESTED', 'APPROVAL'", N_("The RMA is decided already. It cannot be refused any more.")
)
