"""Orders to production: pieces of a round to rework, repair, repack or dismantle, and what production reports.

Production never says that a piece is good: it reports what waits for the inspection, what could not be mended and what
it holds for scrap; the last two go back to the inspector as a new round of sorting (domain.md §16).
"""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.guards import Applied, Check, Refusal, Transition, Unique, state_guards
from qms_desktop.db.master_data import Product
from qms_desktop.db.receipt import ReceiptLine
from qms_desktop.db.record import ChoiceField, ForeignKeyField, IntegerField, TextField, said_by_server
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.db.rma import Rma, RmaLine
from qms_desktop.db.sorting import USED, DispositionKind, RoundOrigin, SortingRound, new_round
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class OrderKind(StrEnum):
    """What an order lets production do; it takes its pieces from the heap of the same name."""

    REWORK = "REWORK"
    REPAIR = "REPAIR"
    REPACK = "REPACK"
    DISMANTLE = "DISMANTLE"


class OrderState(StrEnum):
    """Where an order stands (domain.md §17)."""

    OPEN = "OPEN"
    RELEASED = "RELEASED"
    RUNNING = "RUNNING"
    REPORTED = "REPORTED"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


class WorkOrder(CaseRecord):
    """An order to production for pieces of one received line, in the product's unit.

    `pieces` = `pieces_in_work` + `pieces_to_inspect` + `pieces_failed` + `pieces_scrapped`; of a dismantling order,
    `pieces_to_inspect` are the units that were taken apart. `pieces_inspected` is what the inspection had of them.
    """

    number = TextField(null=True)
    rma = ForeignKeyField(Rma)
    rma_line = ForeignKeyField(RmaLine, null=True)
    receipt_line = ForeignKeyField(ReceiptLine, null=True)
    product = ForeignKeyField(Product, null=True)
    kind = ChoiceField(OrderKind)
    instruction = TextField(default="")
    revision = TextField(default="")
    text = TextField(default="")
    state = ChoiceField(OrderState)
    pieces = IntegerField(constraints=said_by_server("0"))
    pieces_in_work = IntegerField(constraints=said_by_server("0"))
    pieces_to_inspect = IntegerField(constraints=said_by_server("0"))
    pieces_failed = IntegerField(constraints=said_by_server("0"))
    pieces_scrapped = IntegerField(constraints=said_by_server("0"))
    pieces_inspected = IntegerField(constraints=said_by_server("0"))

    class Meta:
        table_name = "work_order"
        server_columns = (
            "number", "pieces", "pieces_in_work", "pieces_to_inspect", "pieces_failed", "pieces_scrapped",
            "pieces_inspected",
        )  # fmt: skip


class OrderPieces(CaseEvent):
    """Pieces of a round that an order takes, or gives back (below zero) while it is open."""

    work_order = ForeignKeyField(WorkOrder, backref="+")
    round = ForeignKeyField(SortingRound, backref="+")
    kind = ChoiceField(OrderKind)
    pieces = IntegerField()
    remark = TextField(default="")

    class Meta:
        table_name = "order_pieces"


class OrderReport(CaseEvent):
    """What production reports: 完工待检, 返不好, 待判报废; a correction is below zero, with its reason."""

    work_order = ForeignKeyField(WorkOrder, backref="+")
    pieces_to_inspect = IntegerField(default=0)
    pieces_failed = IntegerField(default=0)
    pieces_scrapped = IntegerField(default=0)
    remark = TextField(default="")
    station = TextField(default="")
    badge = TextField(default="")

    class Meta:
        table_name = "order_report"
        indexes = ((("created_at",), False),)  # what happened in a month


S, P = OrderState, Permission
TRANSITIONS = tuple(
    Transition(kind="work_order", column="state", start=start, end=end, permission=permission)
    for start, end, permission in (
        ("", S.OPEN, P.REWORK_ORDER),
        (S.OPEN, S.RELEASED, P.REWORK_ORDER),
        (S.RELEASED, S.OPEN, P.REWORK_ORDER),
        (S.OPEN, S.CANCELLED, P.REWORK_ORDER),
        (S.RELEASED, S.RUNNING, P.REWORK_BOOK),
        (S.RUNNING, S.REPORTED, P.REWORK_BOOK),
        (S.REPORTED, S.RUNNING, P.REWORK_BOOK),
        (S.REPORTED, S.DONE, P.REWORK_BOOK),
        (S.REPORTED, S.DONE, P.INSPECTION_RECORD),
    )
)
NUMBERED = {"work_order": ("number", "W")}
ORDER_BEGINS, ORDER_MOVES = state_guards("work_order", "state", "test_an_order_takes_only_its_own_steps")
ORDER_NUMBER_ONCE = Unique(
    name="order_number_once",
    table="work_order",
    columns=("number",),
    message=N_("This order number exists already."),
    attacked_by="test_an_order_number_is_given_once",
)
ORDER_IS_FIXED = Refusal(
    name="order_is_fixed",
    table="work_order",
    on="UPDATE OF kind, rma_id, rma_line_id, receipt_line_id, product_id",
    when="TRUE",
    message=N_("What an order is for is decided when it is opened. Cancel it and open another one."),
    attacked_by="test_an_order_is_not_changed_into_another_kind",
)
RELEASED_WITH_INSTRUCTION = Refusal(
    name="released_with_instruction",
    table="work_order",
    on="UPDATE OF state",
    when="NEW.state = 'RELEASED' AND OLD.state <> 'RELEASED' AND (OLD.pieces = 0"
    " OR (NEW.kind IN ('REWORK', 'REPAIR') AND (NEW.instruction = '' OR NEW.revision = '')))",
    message=N_("An order needs pieces; rework and repair also need the released instruction and its revision."),
    attacked_by="test_rework_without_an_instruction_is_not_released",
)
INSTRUCTION_STAYS = Refusal(
    name="instruction_stays",
    table="work_order",
    on="UPDATE OF instruction, revision",
    when="OLD.state <> 'OPEN' AND (NEW.instruction <> OLD.instruction OR NEW.revision <> OLD.revision)",
    message=N_("The order is released with its instruction. Open it again before you change that."),
    attacked_by="test_the_instruction_of_a_released_order_stays",
)
ORDER_TAKES_FROM_ITS_HEAP = Refusal(
    name="order_takes_from_its_heap",
    table="order_pieces",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM work_order w JOIN sorting_round r ON r.id = NEW.round_id"
    " WHERE w.id = NEW.work_order_id AND w.kind = NEW.kind AND w.case_id = NEW.case_id AND r.case_id = NEW.case_id"
    " AND r.rma_id = w.rma_id AND r.rma_line_id IS NOT DISTINCT FROM w.rma_line_id"
    " AND r.receipt_line_id IS NOT DISTINCT FROM w.receipt_line_id)",
    message=N_("An order takes pieces of its own line, from the heap of its own kind."),
    attacked_by="test_an_order_takes_no_pieces_of_another_line",
)
ORDER_PIECES_HAVE_A_REASON = Check(
    name="order_pieces_have_a_reason",
    table="order_pieces",
    expression="pieces > 0 OR (pieces < 0 AND remark <> '')",
    message=N_("Type how many pieces the order takes; whoever gives pieces back writes why."),
    attacked_by="test_an_order_of_no_pieces_is_refused",
)
PIECES_MOVE_ORDER = Applied(
    name="pieces_move_order",
    table="order_pieces",
    on="INSERT",
    statement="UPDATE work_order SET pieces = pieces + NEW.pieces, pieces_in_work = pieces_in_work + NEW.pieces"
    " WHERE id = NEW.work_order_id AND state = 'OPEN'",
    message=N_("This order is released. Pieces are added or given back only while it is open."),
    attacked_by="test_no_pieces_are_slipped_into_a_released_order",
)
PIECES_MOVE_ROUND = Applied(
    name="pieces_move_round",
    table="order_pieces",
    on="INSERT",
    statement="UPDATE sorting_round SET "
    + ", ".join(
        f"{USED[DispositionKind(kind)]} = {USED[DispositionKind(kind)]}"
        f" + CASE WHEN NEW.kind = '{kind}' THEN NEW.pieces ELSE 0 END"
        for kind in OrderKind
    )
    + " WHERE id = NEW.round_id",
    message=N_("The round of these pieces does not exist."),
    attacked_by="test_no_more_is_ordered_than_was_sorted",
)
ORDER_IS_BALANCED = Check(
    name="order_is_balanced",
    table="work_order",
    expression="pieces = pieces_in_work + pieces_to_inspect + pieces_failed + pieces_scrapped",
    message=N_("What is in work, to inspect, failed and scrapped must make up the pieces of the order."),
    attacked_by="test_the_balance_of_an_order_is_not_bent",
)
REPORTED_WITHIN_ORDER = Check(
    name="reported_within_order",
    table="work_order",
    expression="pieces_in_work >= 0 AND pieces_to_inspect >= 0 AND pieces_failed >= 0 AND pieces_scrapped >= 0",
    message=N_("There are not that many pieces in work on this order."),
    detail=N_("Only {left} of {pieces} pieces are in work on this order; {asked} cannot be reported."),
    attacked_by="test_no_more_is_reported_than_was_ordered",
)
INSPECTED_WITHIN_REPORTED = Check(
    name="inspected_within_reported",
    table="work_order",
    expression="pieces_inspected BETWEEN 0 AND pieces_to_inspect",
    message=N_("There are not that many pieces of this order waiting for the inspection."),
    detail=N_("Only {left} pieces of this order wait for the inspection."),
    attacked_by="test_no_more_is_inspected_than_was_reported",
)
REPORT_IS_WHOLE = Check(
    name="report_is_whole",
    table="order_report",
    expression="pieces_failed >= 0 AND pieces_scrapped >= 0 AND (pieces_to_inspect >= 0 OR remark <> '')"
    " AND (pieces_to_inspect <> 0 OR pieces_failed + pieces_scrapped > 0)",
    message=N_("A report has pieces; a correction has its reason."),
    attacked_by="test_a_report_of_nothing_is_refused",
)
REPORT_MOVES_ORDER = Applied(
    name="report_moves_order",
    table="order_report",
    on="INSERT",
    statement="UPDATE work_order SET"
    " pieces_in_work = pieces_in_work - NEW.pieces_to_inspect - NEW.pieces_failed - NEW.pieces_scrapped,"
    " pieces_to_inspect = pieces_to_inspect + NEW.pieces_to_inspect, pieces_failed = pieces_failed + NEW.pieces_failed,"
    " pieces_scrapped = pieces_scrapped + NEW.pieces_scrapped"
    " WHERE id = NEW.work_order_id AND case_id = NEW.case_id AND state = 'RUNNING'",
    message=N_("This order does not run. Start it first, or open the report again."),
    attacked_by="test_nothing_is_reported_on_an_order_that_does_not_run",
)
REPORT_STARTS_ROUND = Applied(
    name="report_starts_round",
    table="order_report",
    on="INSERT",
    when="NEW.pieces_failed + NEW.pieces_scrapped > 0",
    statement=new_round(
        origin=RoundOrigin.PRODUCTION,
        pieces="NEW.pieces_failed + NEW.pieces_scrapped",
        line_of="work_order o WHERE o.id = NEW.work_order_id",
    ),
    message=N_("The order of this report does not exist."),
    attacked_by="test_what_production_could_not_mend_goes_back_to_the_inspector",
)
REPORTED_MEANS_NONE_IN_WORK = Refusal(
    name="reported_means_none_in_work",
    table="work_order",
    on="UPDATE OF state",
    when="NEW.state = 'REPORTED' AND OLD.state <> 'REPORTED' AND OLD.pieces_in_work <> 0",
    message=N_("Pieces of this order are still in work. Report them first."),
    attacked_by="test_an_order_is_not_reported_with_pieces_in_work",
)
DONE_MEANS_INSPECTED = Refusal(
    name="done_means_inspected",
    table="work_order",
    on="UPDATE OF state",
    when="NEW.state = 'DONE' AND OLD.state <> 'DONE' AND NEW.kind <> 'DISMANTLE'"
    " AND OLD.pieces_inspected <> OLD.pieces_to_inspect",
    message=N_("Pieces of this order still wait for the inspection."),
    attacked_by="test_an_order_is_not_done_before_the_inspection",
)
CANCELLED_MEANS_EMPTY = Refusal(
    name="cancelled_means_empty",
    table="work_order",
    on="UPDATE OF state",
    when="NEW.state = 'CANCELLED' AND OLD.state <> 'CANCELLED' AND OLD.pieces <> 0",
    message=N_("The order still holds pieces. They go back to their heap first."),
    attacked_by="test_an_order_is_not_cancelled_with_pieces_in_it",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.REWORK_ORDER: (
        insert(WorkOrder),
        insert(OrderPieces),
        update(WorkOrder, "instruction", "revision", "state", "version"),
    ),
    P.REWORK_BOOK: (insert(OrderReport), update(WorkOrder, "state", "version")),
    P.INSPECTION_RECORD: (update(WorkOrder, "state", "version"),),
}
