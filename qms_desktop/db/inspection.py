"""The re-inspection, which alone says that a piece is good; the parts of dismantled units; the entry into stock.

**A lot on hold.** The hold (003-A §5.1) stops what has not been checked, and stays on until quality releases the lot.
Returned pieces of such a lot may still go back into stock, one way only: they were judged and sorted, then passed a
re-inspection of *every* piece (no sample), of good pieces or of pieces that an order mended. A stock entry always names
its inspection and cannot exceed what passed, so pieces that were not inspected, or not mended, never get there.
"""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.guards import Applied, Check, Refusal
from qms_desktop.db.record import (
    BooleanField,
    ChoiceField,
    ForeignKeyField,
    IntegerField,
    TextField,
    said_by_server,
)
from qms_desktop.db.rework import WorkOrder
from qms_desktop.db.rights import Right, insert
from qms_desktop.db.sorting import RoundOrigin, SortingRound, new_round
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class InspectionKind(StrEnum):
    """What was inspected: good pieces of a round, pieces of an order, or recovered parts (003-A §6.8.5-6.8.6)."""

    GOOD = "GOOD"
    ORDER = "ORDER"
    PARTS = "PARTS"


class RecoveredPart(CaseRecord):
    """Parts of one kind out of the units of a dismantling order, in single parts.

    Of `parts_total`, `parts_candidate` may be reusable and are all inspected; the others are scrap.
    """

    work_order = ForeignKeyField(WorkOrder, backref="+")
    name = TextField()
    parts_total = IntegerField()
    parts_candidate = IntegerField()
    parts_inspected = IntegerField(constraints=said_by_server("0"))
    parts_passed = IntegerField(constraints=said_by_server("0"))
    parts_rejected = IntegerField(constraints=said_by_server("0"))
    badge = TextField(default="")

    class Meta:
        table_name = "recovered_part"
        server_columns = ("parts_inspected", "parts_passed", "parts_rejected")


class Inspection(CaseEvent):
    """A re-inspection: submitted = passed + failed + scrapped (004-A §5.6.2.5); failed pieces make a new round.

    `pieces_stocked` is what of the passed went into stock. For parts all figures are single parts.
    """

    kind = ChoiceField(InspectionKind)
    round = ForeignKeyField(SortingRound, null=True)
    work_order = ForeignKeyField(WorkOrder, null=True)
    part = ForeignKeyField(RecoveredPart, null=True)
    pieces_submitted = IntegerField()
    pieces_passed = IntegerField()
    pieces_failed = IntegerField(default=0)
    pieces_scrapped = IntegerField(default=0)
    is_every_piece = BooleanField(default=True)
    pieces_sampled = IntegerField(null=True)
    method = TextField(default="")
    remark = TextField(default="")
    pieces_stocked = IntegerField(constraints=said_by_server("0"))

    class Meta:
        server_columns = ("pieces_stocked",)
        is_changing = True
        indexes = ((("created_at",), False),)  # what happened in a month


class StockEntry(CaseEvent):
    """Pieces or parts that went into stock after a pass; a mistake is taken back by an entry below zero, with why."""

    inspection = ForeignKeyField(Inspection, backref="+")
    pieces = IntegerField()
    place = TextField()
    slip_no = TextField(default="")
    remark = TextField(default="")

    class Meta:
        table_name = "stock_entry"


P = Permission
INSPECTION_ADDS_UP = Check(
    name="inspection_adds_up",
    table="inspection",
    expression="pieces_submitted > 0 AND pieces_passed >= 0 AND pieces_failed >= 0 AND pieces_scrapped >= 0"
    " AND pieces_submitted = pieces_passed + pieces_failed + pieces_scrapped",
    message=N_("Passed, failed and scrapped must make up what was submitted."),
    detail=N_("{passed} passed, {failed} failed and {scrapped} scrapped do not make the {submitted} submitted."),
    attacked_by="test_an_inspection_that_does_not_add_up_is_refused",
)
INSPECTION_HAS_ONE_SUBJECT = Check(
    name="inspection_has_one_subject",
    table="inspection",
    expression="(kind = 'GOOD') = (round_id IS NOT NULL) AND (kind = 'ORDER') = (work_order_id IS NOT NULL)"
    " AND (kind = 'PARTS') = (part_id IS NOT NULL)",
    message=N_("An inspection is of good pieces, of one order, or of one kind of part."),
    attacked_by="test_an_inspection_has_one_subject",
)
SAMPLE_IS_NAMED = Check(
    name="sample_is_named",
    table="inspection",
    expression="CASE WHEN is_every_piece THEN pieces_sampled IS NULL"
    " ELSE kind <> 'PARTS' AND pieces_sampled IS NOT NULL AND pieces_sampled BETWEEN 1 AND pieces_submitted END",
    message=N_("A sample has its size; recovered parts are inspected one by one."),
    attacked_by="test_recovered_parts_are_inspected_one_by_one",
)
INSPECTION_IS_FIXED = Refusal(
    name="inspection_is_fixed",
    table="inspection",
    on="UPDATE OF case_id, kind, round_id, work_order_id, part_id, pieces_submitted, pieces_passed, pieces_failed,"
    " pieces_scrapped, is_every_piece, pieces_sampled, method, remark",
    when="TRUE",
    message=N_("The result of an inspection is never changed. Inspect the pieces again."),
    attacked_by="test_the_result_of_an_inspection_stays",
)
INSPECTION_MOVES_ROUND = Applied(
    name="inspection_moves_round",
    table="inspection",
    on="INSERT",
    when="NEW.kind = 'GOOD'",
    statement="UPDATE sorting_round SET good_inspected = good_inspected + NEW.pieces_submitted"
    " WHERE id = NEW.round_id AND case_id = NEW.case_id",
    message=N_("The round of these pieces does not exist."),
    attacked_by="test_no_more_is_inspected_than_was_sorted_as_good",
)
INSPECTION_MOVES_ORDER = Applied(
    name="inspection_moves_order",
    table="inspection",
    on="INSERT",
    when="NEW.kind = 'ORDER'",
    statement="UPDATE work_order SET pieces_inspected = pieces_inspected + NEW.pieces_submitted"
    " WHERE id = NEW.work_order_id AND case_id = NEW.case_id AND kind <> 'DISMANTLE'",
    message=N_("The units of a dismantling order are not inspected; their parts are."),
    attacked_by="test_dismantled_units_do_not_go_through_the_inspection",
)
INSPECTION_MOVES_PART = Applied(
    name="inspection_moves_part",
    table="inspection",
    on="INSERT",
    when="NEW.kind = 'PARTS'",
    statement="UPDATE recovered_part SET parts_inspected = parts_inspected + NEW.pieces_submitted,"
    " parts_passed = parts_passed + NEW.pieces_passed,"
    " parts_rejected = parts_rejected + NEW.pieces_failed + NEW.pieces_scrapped"
    " WHERE id = NEW.part_id AND case_id = NEW.case_id",
    message=N_("These parts do not exist."),
    attacked_by="test_no_more_parts_are_inspected_than_are_candidates",
)
FAILED_GOOD_STARTS_ROUND = Applied(
    name="failed_good_starts_round",
    table="inspection",
    on="INSERT",
    when="NEW.kind = 'GOOD' AND NEW.pieces_failed > 0",
    statement=new_round(
        origin=RoundOrigin.REINSPECTION, pieces="NEW.pieces_failed", line_of="sorting_round o WHERE o.id = NEW.round_id"
    ),
    message=N_("The round of these pieces does not exist."),
    attacked_by="test_failed_pieces_become_a_new_round",
)
FAILED_ORDER_STARTS_ROUND = Applied(
    name="failed_order_starts_round",
    table="inspection",
    on="INSERT",
    when="NEW.kind = 'ORDER' AND NEW.pieces_failed > 0",
    statement=new_round(
        origin=RoundOrigin.REINSPECTION,
        pieces="NEW.pieces_failed",
        line_of="work_order o WHERE o.id = NEW.work_order_id",
    ),
    message=N_("The order of these pieces does not exist."),
    attacked_by="test_failed_pieces_become_a_new_round",
)
PARTS_ADD_UP = Check(
    name="parts_add_up",
    table="recovered_part",
    expression="parts_total > 0 AND parts_candidate BETWEEN 0 AND parts_total",
    message=N_("There are no more candidates for reuse than parts."),
    attacked_by="test_there_are_no_more_candidates_than_parts",
)
PARTS_INSPECTED_WITHIN_CANDIDATES = Check(
    name="parts_inspected_within_candidates",
    table="recovered_part",
    expression="parts_inspected BETWEEN 0 AND parts_candidate AND parts_inspected = parts_passed + parts_rejected",
    message=N_("There are not that many parts waiting for the inspection."),
    detail=N_("Only {left} of these parts wait for the inspection."),
    attacked_by="test_no_more_parts_are_inspected_than_are_candidates",
)
PARTS_ARE_FIXED = Refusal(
    name="parts_are_fixed",
    table="recovered_part",
    on="UPDATE OF case_id, work_order_id, name, parts_total, parts_candidate",
    when="TRUE",
    message=N_("The parts of a dismantling are counted once."),
    attacked_by="test_the_count_of_parts_stays",
)
PARTS_OF_A_DISMANTLING = Refusal(
    name="parts_of_a_dismantling",
    table="recovered_part",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM work_order w WHERE w.id = NEW.work_order_id AND w.case_id = NEW.case_id"
    " AND w.kind = 'DISMANTLE' AND w.state IN ('RUNNING', 'REPORTED') AND w.pieces_to_inspect > 0)",
    message=N_("Parts come from a dismantling order whose units were reported as taken apart."),
    attacked_by="test_parts_come_from_dismantled_units",
)
DONE_MEANS_PARTS_INSPECTED = Refusal(
    name="done_means_parts_inspected",
    table="work_order",
    on="UPDATE OF state",
    when="NEW.state = 'DONE' AND OLD.state <> 'DONE' AND NEW.kind = 'DISMANTLE' AND ((OLD.pieces_to_inspect > 0"
    " AND NOT EXISTS (SELECT 1 FROM recovered_part p WHERE p.work_order_id = NEW.id)) OR EXISTS (SELECT 1"
    " FROM recovered_part p WHERE p.work_order_id = NEW.id AND p.parts_inspected <> p.parts_candidate))",
    message=N_("The parts of this dismantling are not all counted and inspected."),
    attacked_by="test_a_dismantling_is_not_done_before_its_parts_are_inspected",
)
STOCK_ENTRY_HAS_PIECES = Check(
    name="stock_entry_has_pieces",
    table="stock_entry",
    expression="place <> '' AND (pieces > 0 OR (pieces < 0 AND remark <> ''))",
    message=N_("A stock entry has pieces and a place; taking one back needs its reason."),
    attacked_by="test_a_stock_entry_has_pieces_and_a_place",
)
ENTRY_MOVES_INSPECTION = Applied(
    name="entry_moves_inspection",
    table="stock_entry",
    on="INSERT",
    statement="UPDATE inspection SET pieces_stocked = pieces_stocked + NEW.pieces"
    " WHERE id = NEW.inspection_id AND case_id = NEW.case_id",
    message=N_("Only what passed an inspection goes into stock."),
    attacked_by="test_no_more_goes_into_stock_than_passed",
)
STOCKED_WITHIN_PASSED = Check(
    name="stocked_within_passed",
    table="inspection",
    expression="pieces_stocked BETWEEN 0 AND pieces_passed",
    message=N_("No more goes into stock than passed the inspection."),
    detail=N_("Only {left} of the {passed} passed pieces are not in stock yet."),
    attacked_by="test_no_more_goes_into_stock_than_passed",
)
PARTS_WHOLLY_INSPECTED = Refusal(
    name="parts_wholly_inspected",
    table="stock_entry",
    on="INSERT",
    when="EXISTS (SELECT 1 FROM inspection i JOIN recovered_part p ON p.id = i.part_id WHERE i.id = NEW.inspection_id"
    " AND p.parts_inspected <> p.parts_candidate)",
    message=N_("Recovered parts go into stock when all of them are inspected."),
    attacked_by="test_recovered_parts_are_all_inspected_before_stock",
)
HELD_LOT_NEEDS_EVERY_PIECE = Refusal(
    name="held_lot_needs_every_piece",
    table="stock_entry",
    on="INSERT",
    when="NEW.pieces > 0 AND EXISTS (SELECT 1 FROM inspection i LEFT JOIN work_order w ON w.id = i.work_order_id"
    " LEFT JOIN sorting_round r ON r.id = i.round_id"
    " LEFT JOIN rma_line l ON l.id = coalesce(w.rma_line_id, r.rma_line_id)"
    " WHERE i.id = NEW.inspection_id AND i.kind <> 'PARTS' AND NOT i.is_every_piece AND EXISTS (SELECT 1"
    " FROM lot_hold h WHERE h.state = 'ON' AND (h.lot_id = l.lot_id OR h.lot_id IN (SELECT c.lot_id"
    " FROM receipt_count c WHERE c.receipt_line_id = coalesce(w.receipt_line_id, r.receipt_line_id)))))",
    message=N_(
        "The lot of these pieces is on hold and only a sample was inspected. Inspect every piece, or ask quality to "
        "release the lot."
    ),
    attacked_by="test_a_sample_does_not_bring_a_held_lot_into_stock",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.REWORK_BOOK: (insert(RecoveredPart),),
    P.INSPECTION_RECORD: (insert(Inspection),),
    P.STOCK_ENTER: (insert(StockEntry),),
}
