"""Dispositions: pieces put on a heap or taken back from it, and what each kind of heap asks for (domain.md §16)."""

from __future__ import annotations

from qms_desktop.db.case import CaseEvent
from qms_desktop.db.guards import Applied, Check, Refusal
from qms_desktop.db.master_data import DefectCode, Supplier
from qms_desktop.db.record import ChoiceField, DayField, ForeignKeyField, IntegerField, TextField
from qms_desktop.db.rights import Right, insert
from qms_desktop.db.rma import RefusalReason
from qms_desktop.db.sorting import HEAPS, IS_SIGNED, REFUSED, USED, DispositionKind, SortingRound
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class Disposition(CaseEvent):
    """Pieces that were put on a heap, or taken back from it with a reason (below zero); in the product's unit.

    `certificate_no` is the customer's permission, approval or scrap certificate; `valid_until` its last day, or the day
    until which a retained piece is kept at `place`.
    """

    round = ForeignKeyField(SortingRound, backref="+")
    kind = ChoiceField(DispositionKind)
    pieces = IntegerField()
    refusal_reason = ChoiceField(RefusalReason, null=True)
    defect_code = ForeignKeyField(DefectCode, null=True)
    supplier = ForeignKeyField(Supplier, null=True)
    certificate_no = TextField(default="")
    certificate_pieces = IntegerField(null=True)
    valid_until = DayField(null=True)
    place = TextField(default="")
    remark = TextField(default="")
    station = TextField(default="")
    badge = TextField(default="")

    class Meta:
        indexes = ((("created_at",), False),)  # what happened in a month


JUDGED_BEFORE_SORTING = Refusal(
    name="judged_before_sorting",
    table="disposition",
    on="INSERT",
    # Pieces are cut up in order to judge, so analysis alone goes before.
    when=f"NEW.kind <> 'ANALYSED' AND NOT {IS_SIGNED.format(round='NEW.round_id')}",
    message=N_("The goods are not judged yet. The inspector or the QE signs the judgement, then they are sorted."),
    attacked_by="test_nothing_is_sorted_before_the_judgement_is_signed",
)
DISPOSITION_MOVES_ROUND = Applied(
    name="disposition_moves_round",
    table="disposition",
    on="INSERT",
    statement="UPDATE sorting_round SET pieces_undecided = pieces_undecided - NEW.pieces, "
    + ", ".join(
        f"{column} = {column} + CASE WHEN NEW.kind = '{kind}' THEN NEW.pieces ELSE 0 END"
        for kind, column in HEAPS.items()
    )
    + ", "
    + ", ".join(
        f"{column} = {column} + CASE WHEN NEW.refusal_reason = '{reason}' THEN NEW.pieces ELSE 0 END"
        for reason, column in REFUSED.items()
    )
    + " WHERE id = NEW.round_id AND case_id = NEW.case_id AND state <> 'DONE'"
    " AND (state <> 'WAITING' OR NEW.kind = 'ANALYSED')",
    message=N_("This round is sorted and closed, or not judged yet. Reload the page."),
    attacked_by="test_nothing_is_sorted_into_a_closed_round",
)
SORTED_WITHIN_RECEIVED = Check(
    name="sorted_within_received",
    table="sorting_round",
    expression="pieces_undecided >= 0",
    message=N_("There are not that many undecided pieces left in this round. Reload the page."),
    detail=N_("Only {left} of {pieces} pieces are left undecided; {asked} cannot be sorted. Correct the number."),
    attacked_by="test_no_more_is_sorted_than_was_received",
)
HEAPS_ARE_NOT_NEGATIVE = Check(
    name="heaps_are_not_negative",
    table="sorting_round",
    expression=" AND ".join(f"{column} >= 0" for column in (*HEAPS.values(), *REFUSED.values()))
    + f" AND {' + '.join(REFUSED.values())} <= pieces_to_customer",
    message=N_("There are not that many pieces on this heap. Reload the page."),
    detail=N_("Only {left} pieces are on this heap; {asked} cannot be taken back."),
    attacked_by="test_no_more_is_taken_back_than_lies_there",
)
USED_PIECES_STAY = Check(
    name="used_pieces_stay",
    table="sorting_round",
    expression=" AND ".join(f"{used} BETWEEN 0 AND {HEAPS[kind]}" for kind, used in USED.items()),
    message=N_("These pieces are in an order or inspected already, or there are not that many on the heap."),
    detail=N_("Only {left} pieces of this heap are free; the others are in an order or inspected already."),
    attacked_by="test_pieces_in_an_order_are_not_taken_back",
)
DISPOSITION_HAS_PIECES = Check(
    name="disposition_has_pieces",
    table="disposition",
    expression="pieces > 0 OR (pieces < 0 AND remark <> '')",
    message=N_("Type how many pieces; whoever takes pieces back writes why."),
    attacked_by="test_pieces_are_not_taken_back_without_a_reason",
)
REFUSED_GO_TO_THE_CUSTOMER = Check(
    name="refused_go_to_the_customer",
    table="disposition",
    expression="(refusal_reason IS NULL OR kind = 'RETURN_TO_CUSTOMER')"
    " AND (kind <> 'RETURN_TO_CUSTOMER' OR refusal_reason IS NOT NULL OR remark <> '')",
    message=N_("What goes back to the customer has a refusal reason (R1 to R4), or a remark that says why."),
    attacked_by="test_pieces_go_back_to_the_customer_for_a_reason",
)
KEPT_WITH_PLACE = Check(
    name="kept_with_place",
    table="disposition",
    expression="kind <> 'RETAINED' OR pieces < 0 OR (place <> '' AND valid_until IS NOT NULL)",
    message=N_("Retained samples need their place and the day until which they are kept."),
    attacked_by="test_a_retained_sample_has_its_place_and_day",
)
PROVED_BY_CERTIFICATE = Check(
    name="proved_by_certificate",
    table="disposition",
    expression="kind NOT IN ('SCRAPPED_AT_CUSTOMER', 'REPAIR', 'CONCESSION') OR pieces < 0 OR certificate_no <> ''",
    message=N_(
        "Scrapping at the customer needs the certificate's number; a repair or a concession needs the number of the "
        "customer's written permission."
    ),
    attacked_by="test_a_repair_or_concession_needs_the_customers_permission",
)
CONCESSION_WITHIN_PERMISSION = Refusal(
    name="concession_within_permission",
    table="disposition",
    on="INSERT",
    when="NEW.kind = 'CONCESSION' AND NEW.pieces > 0 AND (NEW.valid_until IS NULL OR NEW.certificate_pieces IS NULL"
    " OR NEW.certificate_pieces < NEW.pieces + (SELECT r.pieces_concession FROM sorting_round r"
    " WHERE r.id = NEW.round_id))",
    message=N_("The customer's permission needs its number of pieces and its last day, and must cover these pieces."),
    attacked_by="test_a_concession_stays_within_its_permission",
)
_JUDGED_CODE = (
    "(SELECT j.defect_code_id FROM judgement j WHERE j.id ="
    " (SELECT max(k.id) FROM judgement k WHERE k.round_id = NEW.round_id))"
)
NO_CONCESSION_FOR_SAFETY = Refusal(
    name="no_concession_for_safety",
    table="disposition",
    on="INSERT",
    when="NEW.kind = 'CONCESSION' AND NEW.pieces > 0"
    f" AND (coalesce(NEW.defect_code_id, {_JUDGED_CODE}) IS NULL OR EXISTS (SELECT 1 FROM defect_code d"
    f" WHERE d.id IN (NEW.defect_code_id, {_JUDGED_CODE}) AND (d.is_safety OR d.is_critical)))",
    message=N_(
        "A concession is not possible: the defect breaks a safety or critical characteristic, or no defect is named."
    ),
    attacked_by="test_no_concession_for_a_safety_characteristic",
)
SUPPLIER_IS_NAMED = Check(
    name="supplier_is_named",
    table="disposition",
    expression="kind <> 'RETURN_TO_SUPPLIER' OR pieces < 0 OR supplier_id IS NOT NULL",
    message=N_("Say to which supplier the pieces go back."),
    attacked_by="test_pieces_go_back_to_a_named_supplier",
)
ONLY_GOODS_THAT_ARE_HERE = Refusal(
    name="only_goods_that_are_here",
    table="disposition",
    on="INSERT",
    when="NEW.pieces > 0 AND EXISTS (SELECT 1 FROM sorting_round r WHERE r.id = NEW.round_id AND ("
    "(r.origin = 'NON_PHYSICAL' AND NEW.kind NOT IN ('SCRAPPED_AT_CUSTOMER', 'CONCESSION', 'RETURN_TO_CUSTOMER'))"
    " OR (r.origin <> 'NON_PHYSICAL' AND NEW.kind = 'SCRAPPED_AT_CUSTOMER')))",
    message=N_("Goods that stay at the customer are scrapped, conceded or left there; goods that are here are not."),
    attacked_by="test_goods_at_the_customer_are_not_reworked_here",
)
RIGHTS: dict[Permission, tuple[Right, ...]] = {Permission.SORTING_SORT: (insert(Disposition),)}
