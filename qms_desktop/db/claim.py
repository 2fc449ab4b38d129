"""The claim: what the customer asked, what is accepted, how each piece is settled, who signed it, and what it comes to.

A claim settles one sorted return. Its positions say what was claimed, received and refused of an RMA line; its lines
say how the accepted pieces are settled. Pieces and amounts are totals that triggers move: they cannot exceed what is
accepted (003-A §6.8.3), and they decide whose signature the claim needs (003-A §5.7; C13).
"""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.guards import Applied, Check, Refusal, Transition, Unique, state_guards
from qms_desktop.db.master_data import Customer, Market, Rate
from qms_desktop.db.record import (
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
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.db.signed_content import Part, Signable
from qms_desktop.db.sorting import Responsibility
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role


class ClaimState(StrEnum):
    """Where a claim stands (domain.md §17)."""

    DRAFT = "DRAFT"
    REVIEWED = "REVIEWED"
    CALCULATED = "CALCULATED"
    APPROVAL = "APPROVAL"
    APPROVED = "APPROVED"
    EXECUTED = "EXECUTED"
    CLOSED = "CLOSED"
    REFUSED = "REFUSED"


class SettlementKind(StrEnum):
    """How pieces are settled: by goods of the same value, in cash, or by a discount on goods that are kept."""

    GOODS = "GOODS"
    CASH = "CASH"
    DISCOUNT = "DISCOUNT"


class Place(StrEnum):
    """The seven places for a signature, in the order of 004-J; the return team signs twice."""

    SALES_CLERK = "1"
    RETURN_TEAM = "2"
    QUALITY_INSPECTOR = "3"
    HEAD_OF_SALES = "4"
    AFTER_SALES = "5"
    PLANNING = "6"
    RETURN_TEAM_CLOSING = "7"


class ClaimPlaceRole(Record):
    """Which role fills a signature place; a plant may change it (domain.md §16 "Roles")."""

    place = ChoiceField(Place, unique=True)
    role = ChoiceField(Role)

    class Meta:
        table_name = "claim_place_role"
        is_changing = True


class Claim(CaseRecord):
    """A claim for one return; `pieces_settled` is the sum of its lines and is what the authority table looks at."""

    number = NumberField()
    rma = ForeignKeyField(Rma)
    customer = ForeignKeyField(Customer)
    market = ChoiceField(Market)
    currency = TextField()
    text = TextField(default="")
    pieces_settled = IntegerField(constraints=said_by_server("0"))
    state = ChoiceField(ClaimState)

    class Meta:
        server_columns = ("number", "pieces_settled")


class ClaimPosition(CaseRecord):
    """What became of one RMA line, in the product's unit: claimed, agreed (received), and refused by R1-R4.

    `pieces_settled` and `pieces_goods` are the sums of the lines; `pieces_advance` was supplied before the claim was
    approved, `pieces_delivered` after it.
    """

    claim = ForeignKeyField(Claim, backref="+")
    rma_line = ForeignKeyField(RmaLine)
    position = IntegerField()
    pieces_claimed = IntegerField()
    pieces_agreed = IntegerField()
    refused_r1 = IntegerField(default=0)
    refused_r2 = IntegerField(default=0)
    refused_r3 = IntegerField(default=0)
    refused_r4 = IntegerField(default=0)
    pieces_settled = IntegerField(constraints=said_by_server("0"))
    pieces_goods = IntegerField(constraints=said_by_server("0"))
    pieces_advance = IntegerField(constraints=said_by_server("0"))
    pieces_delivered = IntegerField(constraints=said_by_server("0"))
    stated_reason = TextField(default="")
    final_cause = TextField(default="")
    responsibility = ChoiceField(Responsibility, null=True)
    disposition = TextField(default="")

    class Meta:
        table_name = "claim_position"
        server_columns = ("pieces_settled", "pieces_goods", "pieces_advance", "pieces_delivered")


class ClaimLine(CaseEvent):
    """Pieces of a position that are settled in one way; the ratio is the refunded part of the price in 1/10,000."""

    claim = ForeignKeyField(Claim, backref="+")
    claim_position = ForeignKeyField(ClaimPosition, backref="+")
    kind = ChoiceField(SettlementKind)
    pieces = IntegerField()
    ratio_basis_points = IntegerField()
    text = TextField(default="")

    class Meta:
        table_name = "claim_line"


class ClaimLineAmount(CaseEvent):
    """What a line comes to, in the claim's currency and in CNY by a dated rate; need-to-know."""

    claim_line = ForeignKeyField(ClaimLine, unique=True)
    unit_price = MoneyField()
    rate = ForeignKeyField(Rate, null=True)
    amount = MoneyField()
    home_amount = MoneyField()

    class Meta:
        table_name = "claim_line_amount"
        is_money = True


class ClaimAmount(CaseRecord):
    """The sums of a claim in its currency, by kind, and the whole in CNY; `deducted` is what finance gave already."""

    claim = ForeignKeyField(Claim, unique=True)
    goods = MoneyField(constraints=said_by_server("0"))
    cash = MoneyField(constraints=said_by_server("0"))
    discount = MoneyField(constraints=said_by_server("0"))
    home_amount = MoneyField(constraints=said_by_server("0"))
    deducted = MoneyField(constraints=said_by_server("0"))
    salt = SaltField()

    class Meta:
        table_name = "claim_amount"
        is_money = True
        server_columns = ("goods", "cash", "discount", "home_amount", "deducted", "salt")


class ClaimReview(CaseEvent):
    """The review against the contract by somebody who did not prepare the claim (003-A §5.5)."""

    claim = ForeignKeyField(Claim)
    text = TextField()

    class Meta:
        table_name = "claim_review"


class ClaimRefusal(CaseEvent):
    """Why a claim was refused or withdrawn."""

    claim = ForeignKeyField(Claim)
    text = TextField()

    class Meta:
        table_name = "claim_refusal"


class ClaimPlaceSignature(CaseEvent):
    """A signature place that was filled; `connection` joins it to the one signature that the password gave."""

    claim = ForeignKeyField(Claim)
    place = ChoiceField(Place)
    connection = TextField()

    class Meta:
        table_name = "claim_place_signature"


# The places as 004-J names them; the plant may give a place to another role (table claim_place_role).
STARTING_ROWS = {
    ClaimPlaceRole: (
        {"place": Place.SALES_CLERK, "role": Role.SALES},
        {"place": Place.RETURN_TEAM, "role": Role.RETURN_LEADER},
        {"place": Place.QUALITY_INSPECTOR, "role": Role.INSPECTOR},
        {"place": Place.HEAD_OF_SALES, "role": Role.SALES_MANAGER},
        {"place": Place.AFTER_SALES, "role": Role.AFTER_SALES},
        {"place": Place.PLANNING, "role": Role.PLANNING},
        {"place": Place.RETURN_TEAM_CLOSING, "role": Role.RETURN_LEADER},
    )
}
S, P = ClaimState, Permission
TRANSITIONS = tuple(
    Transition(kind="claim", column="state", start=start, end=end, permission=permission)
    for start, end, permission in (
        ("", S.DRAFT, P.CLAIM_PREPARE),
        (S.DRAFT, S.REVIEWED, P.CLAIM_REVIEW),
        (S.REVIEWED, S.CALCULATED, P.CLAIM_PREPARE),
        (S.CALCULATED, S.APPROVAL, P.CLAIM_PREPARE),
        (S.APPROVAL, S.APPROVED, P.CLAIM_APPROVE),
        (S.APPROVED, S.EXECUTED, P.CLAIM_EXECUTE),
        (S.EXECUTED, S.CLOSED, P.CLAIM_EXECUTE),
        (S.DRAFT, S.REFUSED, P.CLAIM_PREPARE),
        (S.REVIEWED, S.REFUSED, P.CLAIM_PREPARE),
        (S.CALCULATED, S.REFUSED, P.CLAIM_PREPARE),
        (S.DRAFT, S.REFUSED, P.CLAIM_REVIEW),
        (S.APPROVAL, S.REFUSED, P.CLAIM_APPROVE),
    )
)
NUMBERED = {"claim": ("number", "K")}
_REFUSED = ("refused_r1", "refused_r2", "refused_r3", "refused_r4")
SIGNED = Signable(
    kind="claim",
    table="claim",
    meanings={"SIGN_PLACE": P.CLAIM_SIGN_PLACE, "APPROVE": P.CLAIM_APPROVE},
    columns=("number", "case_id", "rma_id", "customer_id", "market", "currency", "text", "pieces_settled"),
    parts=(
        Part(
            "claim_position",
            "claim_id",
            (
                *("rma_line_id", "position", "pieces_claimed", "pieces_agreed", *_REFUSED, "pieces_settled"),
                *("final_cause", "responsibility", "disposition"),
            ),
        ),
        Part("claim_line", "claim_id", ("claim_position_id", "kind", "pieces", "ratio_basis_points", "text")),
        Part("claim_amount", "claim_id", ("goods", "cash", "discount", "home_amount", "salt")),
    ),
)
CLAIM_BEGINS, CLAIM_MOVES = state_guards("claim", "state", "test_a_claim_takes_only_its_own_steps")
CLAIM_NUMBER_ONCE = Unique(
    name="claim_number_once",
    table="claim",
    columns=("number",),
    message=N_("This claim number exists already."),
    attacked_by="test_a_claim_number_is_given_once",
)
ONE_CLAIM_A_RETURN = Unique(
    name="one_claim_a_return",
    table="claim",
    columns=("rma_id",),
    where="state <> 'REFUSED'",
    message=N_("This return has a claim already. Open that one, or refuse it before you prepare another."),
    attacked_by="test_a_return_is_claimed_once",
)
CLAIM_AFTER_SORTING = Refusal(
    name="claim_after_sorting",
    table="claim",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM rma r WHERE r.id = NEW.rma_id AND r.case_id = NEW.case_id"
    " AND r.customer_id = NEW.customer_id AND r.market = NEW.market AND r.goods_state IN ('SORTED', 'NON_PHYSICAL'))"
    " OR NOT EXISTS (SELECT 1 FROM sorting_round o WHERE o.rma_id = NEW.rma_id)"
    " OR EXISTS (SELECT 1 FROM sorting_round o WHERE o.rma_id = NEW.rma_id AND o.state <> 'DONE')",
    message=N_("A return is settled after all its pieces are sorted: refused pieces are taken off first."),
    attacked_by="test_a_return_that_is_not_sorted_is_not_claimed",
)
CLAIM_IS_FIXED = Refusal(
    name="claim_is_fixed",
    table="claim",
    on="UPDATE OF rma_id, customer_id, market, currency, text, case_id",
    when="TRUE",
    message=N_("A claim stays what was signed. Refuse it and prepare another one."),
    attacked_by="test_the_content_of_a_claim_stays",
)
# What sorting says of an RMA line: the pieces of its first rounds, and what all its rounds refused.
_AGREED = (
    "coalesce((SELECT sum(o.pieces) FROM sorting_round o WHERE o.rma_line_id = {row}.rma_line_id AND o.number = 1), 0)"
)
_REFUSED_NOW = "coalesce((SELECT sum(o.{column}) FROM sorting_round o WHERE o.rma_line_id = {row}.rma_line_id), 0)"


def _untrue(row: str) -> str:
    differences = [f"{row}.pieces_agreed <> {_AGREED.format(row=row)}"]
    differences += [f"{row}.{column} <> {_REFUSED_NOW.format(row=row, column=column)}" for column in _REFUSED]
    return f"({' OR '.join(differences)})"


POSITION_IS_TRUE = Refusal(
    name="position_is_true",
    table="claim_position",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM claim c JOIN rma_line l ON l.rma_id = c.rma_id WHERE c.id = NEW.claim_id"
    " AND c.case_id = NEW.case_id AND c.state = 'DRAFT' AND l.id = NEW.rma_line_id"
    f" AND l.pieces_announced = NEW.pieces_claimed) OR {_untrue('NEW')}",
    message=N_("The pieces of the claim are not those that were announced, received and refused. Reload the page."),
    attacked_by="test_a_position_says_what_was_received_and_refused",
)
POSITION_ONCE = Unique(
    name="claim_position_once",
    table="claim_position",
    columns=("claim_id", "rma_line_id"),
    message=N_("This line of the return is in the claim already."),
    attacked_by="test_a_line_of_the_return_is_claimed_once",
)
POSITION_IS_FIXED = Refusal(
    name="claim_position_is_fixed",
    table="claim_position",
    on="UPDATE OF claim_id, rma_line_id, position, pieces_claimed, pieces_agreed, refused_r1, refused_r2, refused_r3,"
    " refused_r4, stated_reason, final_cause, responsibility, disposition",
    when="TRUE",
    message=N_("A claim stays what was signed. Refuse it and prepare another one."),
    attacked_by="test_the_content_of_a_claim_stays",
)
SETTLED_WITHIN_ACCEPTED = Check(
    name="settled_within_accepted",
    table="claim_position",
    expression="pieces_settled BETWEEN 0 AND pieces_agreed - refused_r1 - refused_r2 - refused_r3 - refused_r4",
    message=N_("No more is settled than was received and not refused."),
    detail=N_(
        "Line {position}: {agreed} pieces were received and {refused} of them refused. Only {accepted} can be settled, "
        "not {asked}."
    ),
    attacked_by="test_no_more_is_settled_than_accepted",
)
LINE_IS_SETTLED_SOMEHOW = Check(
    name="line_is_settled_somehow",
    table="claim_line",
    expression="pieces > 0 AND ((kind = 'GOODS' AND ratio_basis_points = 10000)"
    " OR (kind = 'CASH' AND ratio_basis_points BETWEEN 1 AND 10000)"
    " OR (kind = 'DISCOUNT' AND ratio_basis_points BETWEEN 1 AND 9999))",
    message=N_("A line settles pieces: by goods in full, in cash up to the price, or by a discount below it."),
    attacked_by="test_no_more_than_the_price_is_refunded",
)
LINE_MOVES_POSITION = Applied(
    name="claim_line_moves_position",
    table="claim_line",
    on="INSERT",
    statement="UPDATE claim_position SET pieces_settled = pieces_settled + NEW.pieces,"
    " pieces_goods = pieces_goods + CASE WHEN NEW.kind = 'GOODS' THEN NEW.pieces ELSE 0 END"
    " WHERE id = NEW.claim_position_id AND claim_id = NEW.claim_id AND case_id = NEW.case_id",
    message=N_("This line does not belong to the claim."),
    attacked_by="test_a_line_belongs_to_its_claim",
)
LINE_MOVES_CLAIM = Applied(
    name="claim_line_moves_claim",
    table="claim_line",
    on="INSERT",
    statement="UPDATE claim SET pieces_settled = pieces_settled + NEW.pieces"
    " WHERE id = NEW.claim_id AND case_id = NEW.case_id AND state = 'DRAFT'",
    message=N_("Lines are added only while the claim is a draft."),
    attacked_by="test_no_line_is_slipped_into_a_reviewed_claim",
)
_OF_LINE = (
    "FROM claim_line n JOIN claim c ON c.id = n.claim_id JOIN claim_position o ON o.id = n.claim_position_id"
    " JOIN rma_line_price p ON p.rma_line_id = o.rma_line_id WHERE n.id = NEW.claim_line_id"
)
AMOUNT_IS_ARITHMETIC = Refusal(
    name="claim_amount_is_arithmetic",
    table="claim_line_amount",
    on="INSERT",
    # Price, currency and rate are those of the RMA, so that gross and net are measured alike.
    when=f"NOT EXISTS (SELECT 1 {_OF_LINE} AND c.case_id = NEW.case_id AND p.unit_price = NEW.unit_price"
    " AND p.currency = c.currency"
    " AND NEW.amount = ((NEW.unit_price * n.pieces + 50) / 100 * n.ratio_basis_points + 5000) / 10000 * 100"
    " AND ((c.currency = 'CNY' AND NEW.home_amount = NEW.amount) OR (c.currency <> 'CNY' AND EXISTS (SELECT 1"
    " FROM rate r WHERE r.id = NEW.rate_id AND r.id = p.rate_id"
    " AND NEW.home_amount = (NEW.amount * r.amount / 10000 + 50) / 100 * 100))))",
    message=N_("The amount is not pieces times the RMA's price times the ratio, at the RMA's rate."),
    attacked_by="test_an_amount_is_not_changed",
)
AMOUNT_TOTAL = Applied(
    name="claim_amount_total",
    table="claim_line_amount",
    on="INSERT",
    statement="UPDATE claim_amount SET home_amount = home_amount + NEW.home_amount, "
    + ", ".join(
        f"{kind.lower()} = {kind.lower()} + CASE WHEN (SELECT n.kind FROM claim_line n WHERE n.id = NEW.claim_line_id)"
        f" = '{kind}' THEN NEW.amount ELSE 0 END"
        for kind in SettlementKind
    )
    + " WHERE claim_id = (SELECT n.claim_id FROM claim_line n JOIN claim c ON c.id = n.claim_id"
    " WHERE n.id = NEW.claim_line_id AND c.state = 'REVIEWED')",
    message=N_("Amounts are calculated when the claim was reviewed, and only once."),
    attacked_by="test_an_amount_is_not_changed",
)
CALCULATED_WHOLE = Refusal(
    name="claim_calculated_whole",
    table="claim",
    on="UPDATE OF state",
    when="NEW.state = 'CALCULATED' AND OLD.state <> 'CALCULATED' AND (OLD.pieces_settled = 0 OR EXISTS (SELECT 1"
    " FROM claim_line n WHERE n.claim_id = NEW.id"
    " AND NOT EXISTS (SELECT 1 FROM claim_line_amount a WHERE a.claim_line_id = n.id)))",
    message=N_("Every line of the claim needs its amount before it goes to the approval."),
    attacked_by="test_a_claim_without_amounts_is_not_sent_to_the_approval",
)
# Whoever wrote the claim or one of its lines prepared it: he neither reviews nor approves it.
PREPARED = (
    "(EXISTS (SELECT 1 FROM claim c WHERE c.id = {claim} AND c.created_by = qms_user())"
    " OR EXISTS (SELECT 1 FROM claim_position q WHERE q.claim_id = {claim} AND q.created_by = qms_user())"
    " OR EXISTS (SELECT 1 FROM claim_line n WHERE n.claim_id = {claim} AND n.created_by = qms_user()))"
)
REVIEWED_BY_ANOTHER = Refusal(
    name="claim_reviewed_by_another",
    table="claim",
    on="UPDATE OF state",
    when="NEW.state = 'REVIEWED' AND OLD.state <> 'REVIEWED' AND (NOT EXISTS (SELECT 1 FROM claim_review v"
    f" WHERE v.claim_id = NEW.id AND v.created_by = qms_user()) OR {PREPARED.format(claim='NEW.id')})",
    message=N_("A claim is reviewed against the contract by a colleague of who prepared it."),
    attacked_by="test_nobody_reviews_his_own_claim",
)
STILL_TRUE_AT_THE_APPROVAL = Refusal(
    name="claim_still_true",
    table="claim",
    on="UPDATE OF state",
    when="NEW.state IN ('APPROVAL', 'APPROVED') AND NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM claim_position q"
    f" WHERE q.claim_id = NEW.id AND {_untrue('q')})",
    message=N_("Sorting changed since the claim was prepared. Refuse it and prepare it anew."),
    attacked_by="test_a_claim_that_sorting_overtook_is_not_approved",
)
SORTING_STAYS_SETTLED = Refusal(
    name="sorting_stays_settled",
    table="sorting_round",
    on="UPDATE OF state",
    when="OLD.state = 'DONE' AND NEW.state = 'SORTING' AND EXISTS (SELECT 1 FROM claim c WHERE c.rma_id = NEW.rma_id"
    " AND c.state IN ('APPROVED', 'EXECUTED', 'CLOSED'))",
    message=N_("The claim of this return is approved. What was sorted stays."),
    attacked_by="test_what_is_settled_is_not_sorted_again",
)
REFUSED_FOR_A_REASON = Refusal(
    name="claim_refused_for_a_reason",
    table="claim",
    on="UPDATE OF state",
    when="NEW.state = 'REFUSED' AND OLD.state <> 'REFUSED' AND NOT EXISTS (SELECT 1 FROM claim_refusal f"
    " WHERE f.claim_id = NEW.id AND f.text <> '')",
    message=N_("Write why the claim is refused or withdrawn."),
    attacked_by="test_a_claim_is_not_refused_without_a_reason",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.CLAIM_PREPARE: (
        insert(Claim),
        insert(ClaimPosition),
        insert(ClaimLine),
        insert(ClaimLineAmount),
        insert(ClaimAmount),
        insert(ClaimRefusal),
        update(Claim, "state", "version"),
        update(Rma, "settlement_state", "version"),
    ),
    P.CLAIM_REVIEW: (insert(ClaimReview), insert(ClaimRefusal), update(Claim, "state", "version")),
    P.CLAIM_SIGN_PLACE: (insert(ClaimPlaceSignature),),
    P.CLAIM_APPROVE: (insert(ClaimRefusal), update(Claim, "state", "version")),
    P.CLAIM_EXECUTE: (update(Claim, "state", "version"), update(Rma, "settlement_state", "version")),
    P.MASTER_DATA_IMPORT: (update(ClaimPlaceRole, "role"),),
}
