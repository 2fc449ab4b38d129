"""What becomes of every received piece: rounds of sorting, the signed judgement of the goods, and the dispositions.

A round is made by the database itself: when a receipt is signed, when a non-physical return is approved, when pieces
fail the re-inspection or come back unmended from production. Its totals stand in one row and are moved by triggers, so
that all kinds and what is undecided make up its pieces at every moment (domain.md §16).
"""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord, Deadline
from qms_desktop.db.guards import Applied, Check, Refusal, Transition, Unique, state_guards
from qms_desktop.db.master_data import DefectCode, Product, Supplier
from qms_desktop.db.receipt import ReceiptLine
from qms_desktop.db.record import (
    BigIntegerField,
    ChoiceField,
    ForeignKeyField,
    IntegerField,
    TextField,
    said_by_server,
)
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.db.rma import RefusalReason, Rma, RmaLine
from qms_desktop.db.signed_content import Part, Signable
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class RoundState(StrEnum):
    """Where a round of sorting stands (domain.md §17)."""

    WAITING = "WAITING"
    JUDGED = "JUDGED"
    SORTING = "SORTING"
    DONE = "DONE"


class RoundOrigin(StrEnum):
    """Where the pieces of a round come from; `source_id` is the receipt, RMA, inspection or report."""

    RECEIPT = "RECEIPT"
    NON_PHYSICAL = "NON_PHYSICAL"
    REINSPECTION = "REINSPECTION"
    PRODUCTION = "PRODUCTION"


class DispositionKind(StrEnum):
    """What is done with a piece (domain.md §16)."""

    GOOD = "GOOD"
    REWORK = "REWORK"
    REPAIR = "REPAIR"
    REPACK = "REPACK"
    CONCESSION = "CONCESSION"
    DISMANTLE = "DISMANTLE"
    SCRAP = "SCRAP"
    RETURN_TO_CUSTOMER = "RETURN_TO_CUSTOMER"
    RETURN_TO_SUPPLIER = "RETURN_TO_SUPPLIER"
    ANALYSED = "ANALYSED"
    RETAINED = "RETAINED"
    SCRAPPED_AT_CUSTOMER = "SCRAPPED_AT_CUSTOMER"


class Responsibility(StrEnum):
    """Who is responsible, by the code of the return analysis sheet (004-J)."""

    CUSTOMER = "1"
    SUPPLIER = "2"
    MANUFACTURING = "3"
    AFTER_SALES = "4"
    MATERIAL_CONTROL = "5"
    TRANSPORT = "6"
    DESIGN = "7"
    SALES = "8"
    OTHER = "9"


def _total() -> IntegerField:
    return IntegerField(constraints=said_by_server("0"))


class SortingRound(CaseRecord):
    """The pieces of one received line that are judged and sorted together, in the product's unit.

    `pieces_<kind>` is the heap of each disposition, `refused_r1` to `refused_r4` the refused part of what goes back to
    the customer, `ordered_<kind>` what of a heap stands in an order, `good_inspected` what of the good was inspected.
    """

    rma = ForeignKeyField(Rma)
    rma_line = ForeignKeyField(RmaLine, null=True)
    receipt_line = ForeignKeyField(ReceiptLine, null=True)
    product = ForeignKeyField(Product, null=True)
    origin = ChoiceField(RoundOrigin)
    source_id = BigIntegerField()
    state = ChoiceField(RoundState)
    number = _total()
    pieces = _total()
    pieces_undecided = _total()
    pieces_good = _total()
    pieces_rework = _total()
    pieces_repair = _total()
    pieces_repack = _total()
    pieces_concession = _total()
    pieces_dismantle = _total()
    pieces_scrap = _total()
    pieces_to_customer = _total()
    pieces_to_supplier = _total()
    pieces_analysed = _total()
    pieces_retained = _total()
    pieces_scrapped_at_customer = _total()
    refused_r1 = _total()
    refused_r2 = _total()
    refused_r3 = _total()
    refused_r4 = _total()
    ordered_rework = _total()
    ordered_repair = _total()
    ordered_repack = _total()
    ordered_dismantle = _total()
    good_inspected = _total()

    class Meta:
        table_name = "sorting_round"
        server_columns = (
            "number", "pieces", "pieces_undecided", "pieces_good", "pieces_rework", "pieces_repair", "pieces_repack",
            "pieces_concession", "pieces_dismantle", "pieces_scrap", "pieces_to_customer", "pieces_to_supplier",
            "pieces_analysed", "pieces_retained", "pieces_scrapped_at_customer", "refused_r1", "refused_r2",
            "refused_r3", "refused_r4", "ordered_rework", "ordered_repair", "ordered_repack", "ordered_dismantle",
            "good_inspected",
        )  # fmt: skip
        indexes = ((("created_at",), False),)  # what happened in a month


HEAPS: dict[DispositionKind, str] = {
    DispositionKind.GOOD: "pieces_good",
    DispositionKind.REWORK: "pieces_rework",
    DispositionKind.REPAIR: "pieces_repair",
    DispositionKind.REPACK: "pieces_repack",
    DispositionKind.CONCESSION: "pieces_concession",
    DispositionKind.DISMANTLE: "pieces_dismantle",
    DispositionKind.SCRAP: "pieces_scrap",
    DispositionKind.RETURN_TO_CUSTOMER: "pieces_to_customer",
    DispositionKind.RETURN_TO_SUPPLIER: "pieces_to_supplier",
    DispositionKind.ANALYSED: "pieces_analysed",
    DispositionKind.RETAINED: "pieces_retained",
    DispositionKind.SCRAPPED_AT_CUSTOMER: "pieces_scrapped_at_customer",
}
REFUSED: dict[RefusalReason, str] = {reason: f"refused_{reason.lower()}" for reason in RefusalReason}
# What of a heap is used already and cannot be taken back: the heap's column and the column that counts it.
USED: dict[DispositionKind, str] = {
    DispositionKind.GOOD: "good_inspected",
    DispositionKind.REWORK: "ordered_rework",
    DispositionKind.REPAIR: "ordered_repair",
    DispositionKind.REPACK: "ordered_repack",
    DispositionKind.DISMANTLE: "ordered_dismantle",
}


class Judgement(CaseEvent):
    """What quality found about the goods of a round: the defect, how it was tested and against which limit sample.

    The newest one counts; it is valid when it is signed (T12; 004-C §4).
    """

    round = ForeignKeyField(SortingRound, backref="+")
    defect_code = ForeignKeyField(DefectCode, null=True)
    method = TextField()
    limit_sample = TextField()
    text = TextField()


class ResponsibilityShare(CaseEvent):
    """A share of the responsibility in whole percent, by code 1-9; the shares of a judgement make 100 (004-J)."""

    round = ForeignKeyField(SortingRound, backref="+")
    judgement = ForeignKeyField(Judgement, backref="+")
    code = ChoiceField(Responsibility)
    percent = IntegerField()
    supplier = ForeignKeyField(Supplier, null=True)

    class Meta:
        table_name = "responsibility_share"


S, P = RoundState, Permission
TRANSITIONS = tuple(
    Transition(kind="sorting_round", column="state", start=start, end=end, permission=permission)
    for start, end, permission in (
        ("", S.WAITING, P.RECEIPT_SIGN),
        ("", S.WAITING, P.RMA_APPROVE),
        ("", S.WAITING, P.INSPECTION_RECORD),
        ("", S.WAITING, P.REWORK_BOOK),
        (S.WAITING, S.JUDGED, P.SORTING_JUDGE),
        (S.JUDGED, S.SORTING, P.SORTING_SORT),
        (S.JUDGED, S.DONE, P.SORTING_SORT),
        (S.JUDGED, S.DONE, P.SORTING_JUDGE),
        (S.SORTING, S.DONE, P.SORTING_SORT),
        (S.DONE, S.SORTING, P.SORTING_SORT),
    )
)
SIGNED = Signable(
    kind="sorting_round",
    table="sorting_round",
    meanings={"JUDGE": P.SORTING_JUDGE},
    columns=("case_id", "rma_id", "rma_line_id", "receipt_line_id", "origin", "number", "pieces"),
    parts=(
        Part("judgement", "round_id", ("defect_code_id", "method", "limit_sample", "text")),
        Part("responsibility_share", "round_id", ("judgement_id", "code", "percent", "supplier_id")),
    ),
)
ROUND_BEGINS, ROUND_MOVES = state_guards("sorting_round", "state", "test_a_round_takes_only_its_own_steps")

# --- how rounds come about -------------------------------------------------------------------------------------------

_LINE_COLUMNS = "case_id, rma_id, rma_line_id, receipt_line_id, product_id, origin, source_id, state"
SIGNATURE_STARTS_ROUNDS = Applied(
    name="signature_starts_rounds",
    table="receipt",
    on="UPDATE OF state",
    when="NEW.state = 'SIGNED' AND OLD.state <> 'SIGNED'",
    statement=f"INSERT INTO sorting_round ({_LINE_COLUMNS})"
    " SELECT NEW.case_id, NEW.rma_id, l.rma_line_id, l.id, l.product_id, 'RECEIPT', NEW.id, 'WAITING'"
    " FROM receipt_line l WHERE l.receipt_id = NEW.id AND l.pieces_agreed > 0;"
    " UPDATE sorting_round SET number = 1,"
    " pieces = (SELECT l.pieces_agreed FROM receipt_line l WHERE l.id = sorting_round.receipt_line_id),"
    " pieces_undecided = (SELECT l.pieces_agreed FROM receipt_line l WHERE l.id = sorting_round.receipt_line_id)"
    " WHERE origin = 'RECEIPT' AND source_id = NEW.id AND number = 0",
    must_touch=False,
    message=N_("The receipt has nothing to sort."),
    attacked_by="test_nobody_makes_pieces_to_sort",
)
APPROVAL_STARTS_ROUNDS = Applied(
    name="approval_starts_rounds",
    table="rma",
    on="UPDATE OF goods_state",
    when="NEW.goods_state = 'NON_PHYSICAL' AND OLD.goods_state <> 'NON_PHYSICAL'",
    statement="INSERT INTO sorting_round (case_id, rma_id, rma_line_id, product_id, origin, source_id, state)"
    " SELECT NEW.case_id, NEW.id, l.id, l.product_id, 'NON_PHYSICAL', NEW.id, 'WAITING'"
    " FROM rma_line l WHERE l.rma_id = NEW.id;"
    " UPDATE sorting_round SET number = 1,"
    " pieces = (SELECT l.pieces_agreed FROM rma_line l WHERE l.id = sorting_round.rma_line_id),"
    " pieces_undecided = (SELECT l.pieces_agreed FROM rma_line l WHERE l.id = sorting_round.rma_line_id)"
    " WHERE origin = 'NON_PHYSICAL' AND source_id = NEW.id AND number = 0",
    must_touch=False,
    message=N_("The RMA has no lines."),
    attacked_by="test_nobody_makes_pieces_to_sort",
)
ROUND_ONCE = Unique(
    name="round_once",
    table="sorting_round",
    columns=("origin", "source_id", "coalesce(rma_line_id, 0)", "coalesce(receipt_line_id, 0)"),
    message=N_("These pieces have their round of sorting already. Reload the page."),
    attacked_by="test_nobody_makes_pieces_to_sort",
)
ROUND_NUMBER_ONCE = Unique(
    name="round_number_once",
    table="sorting_round",
    columns=("rma_id", "coalesce(rma_line_id, 0)", "coalesce(receipt_line_id, 0)", "number"),
    where="number > 0",
    message=N_("This round of sorting exists already. Reload the page."),
    attacked_by="test_the_rounds_of_a_line_have_their_own_numbers",
)
ROUND_IS_FIXED = Refusal(
    name="round_is_fixed",
    table="sorting_round",
    on="UPDATE OF rma_id, rma_line_id, receipt_line_id, product_id, origin, source_id",
    when="TRUE",
    message=N_("The pieces of a round stay with the line that they came from."),
    attacked_by="test_pieces_are_not_moved_to_another_line",
)


def new_round(*, origin: RoundOrigin, pieces: str, line_of: str) -> str:
    """Give the two statements by which a trigger of a later step makes the next round of a line.

    `pieces` is the SQL of how many, `line_of` a FROM with the row `o` that carries the line; NEW.id is the source.
    """
    same_line = (
        "x.rma_id = sorting_round.rma_id AND x.rma_line_id IS NOT DISTINCT FROM sorting_round.rma_line_id"
        " AND x.receipt_line_id IS NOT DISTINCT FROM sorting_round.receipt_line_id"
    )
    return (
        f"INSERT INTO sorting_round ({_LINE_COLUMNS})"
        f" SELECT o.case_id, o.rma_id, o.rma_line_id, o.receipt_line_id, o.product_id, '{origin}', NEW.id, 'WAITING'"
        f" FROM {line_of};"
        f" UPDATE sorting_round SET number = 1 + (SELECT max(x.number) FROM sorting_round x WHERE {same_line}),"
        f" pieces = {pieces}, pieces_undecided = {pieces}"
        f" WHERE origin = '{origin}' AND source_id = NEW.id AND number = 0"
    )


# --- the judgement ---------------------------------------------------------------------------------------------------

JUDGEMENT_IS_COMPLETE = Check(
    name="judgement_is_complete",
    table="judgement",
    expression="method <> '' AND limit_sample <> '' AND text <> ''",
    message=N_("A judgement says how the goods were tested, against which limit sample, and what was found."),
    attacked_by="test_a_judgement_without_method_is_refused",
)
SHARE_IS_A_PERCENTAGE = Check(
    name="share_is_a_percentage",
    table="responsibility_share",
    expression="percent BETWEEN 1 AND 100",
    message=N_("A share of the responsibility is between 1 and 100 percent."),
    attacked_by="test_shares_that_do_not_make_a_whole_cannot_be_signed",
)
SHARE_BELONGS_TO_ITS_JUDGEMENT = Refusal(
    name="share_belongs_to_its_judgement",
    table="responsibility_share",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM judgement j WHERE j.id = NEW.judgement_id AND j.round_id = NEW.round_id)",
    message=N_("The share and its judgement belong to different rounds."),
    attacked_by="test_a_share_of_another_round_is_refused",
)
_NEWEST = "(SELECT max(j.id) FROM judgement j WHERE j.round_id = NEW.record_id)"
SHARES_MAKE_A_WHOLE = Refusal(
    name="shares_make_a_whole",
    table="signature",
    on="INSERT",
    when="NEW.kind = 'sorting_round' AND coalesce((SELECT sum(s.percent) FROM responsibility_share s"
    f" WHERE s.judgement_id = {_NEWEST}), 0) <> 100",
    message=N_("The shares of the responsibility must make 100 percent."),
    detail=N_("The shares of the responsibility make {sum} percent; they must make 100."),
    attacked_by="test_shares_that_do_not_make_a_whole_cannot_be_signed",
)
IS_SIGNED = (
    "EXISTS (SELECT 1 FROM signature s WHERE s.kind = 'sorting_round' AND s.record_id = {round}"
    " AND s.meaning = 'JUDGE' AND s.content_hash = qms_content_hash('sorting_round', {round}))"
)
JUDGED_WITH_SIGNATURE = Refusal(
    name="judged_with_signature",
    table="sorting_round",
    on="UPDATE OF state",
    when=f"NEW.state = 'JUDGED' AND OLD.state <> 'JUDGED' AND NOT {IS_SIGNED.format(round='NEW.id')}",
    message=N_("The judgement of the goods counts with the signature of the inspector or the QE."),
    attacked_by="test_goods_are_not_judged_without_a_signature",
)

# --- the totals and the end of a round --------------------------------------------------------------------------------

ROUND_IS_BALANCED = Check(
    name="round_is_balanced",
    table="sorting_round",
    expression=f"pieces_undecided + {' + '.join(HEAPS.values())} = pieces",
    message=N_("All heaps and what is undecided must make up the pieces of the round."),
    attacked_by="test_a_heap_is_not_enlarged_past_the_entries",
)
DONE_MEANS_DECIDED = Refusal(
    name="done_means_decided",
    table="sorting_round",
    on="UPDATE OF state",
    when="NEW.state = 'DONE' AND OLD.state <> 'DONE' AND OLD.pieces_undecided <> 0",
    message=N_("Pieces are still undecided. Put every piece on a heap first."),
    detail=N_("{left} pieces are still undecided. Put every piece on a heap first."),
    attacked_by="test_a_round_is_not_closed_with_undecided_pieces",
)
SORTED_MEANS_ALL_ROUNDS = Refusal(
    name="sorted_means_all_rounds",
    table="rma",
    on="UPDATE OF goods_state",
    when="NEW.goods_state = 'SORTED' AND OLD.goods_state <> 'SORTED'"
    " AND (EXISTS (SELECT 1 FROM sorting_round r WHERE r.rma_id = NEW.id AND r.state <> 'DONE')"
    " OR NOT EXISTS (SELECT 1 FROM sorting_round r WHERE r.rma_id = NEW.id))",
    message=N_("The goods of this RMA are not all sorted yet."),
    attacked_by="test_an_rma_is_not_sorted_while_a_round_is_open",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.RECEIPT_SIGN: (insert(Deadline),),
    P.SORTING_JUDGE: (
        insert(Judgement),
        insert(ResponsibilityShare),
        insert(Deadline),
        update(SortingRound, "state", "version"),
        update(Deadline, "state", "met_at", "version"),
    ),
    P.SORTING_SORT: (
        update(SortingRound, "state", "version"),
        update(Rma, "goods_state", "version"),
    ),
}
