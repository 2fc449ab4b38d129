"""The ledger of external failure cost: what nobody else books, entry by entry (GB/T 13339; 004-A §5.6.2.4).

Work, material, lost pieces and settled claims are read from their own records; here stand freight, outside work, sold
scrap, recovered parts, penalties and hours without a timer. Entries are never changed: a counter-entry with a reason
takes one back. Amounts are in CNY; a foreign amount is a quantity at the exchange rate of its day.
"""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.attachment import Attachment
from qms_desktop.db.case import CaseEvent
from qms_desktop.db.guards import Check, Refusal, Unique
from qms_desktop.db.inspection import RecoveredPart
from qms_desktop.db.master_data import Rate
from qms_desktop.db.master_data_rates import of_the_day
from qms_desktop.db.record import (
    BigIntegerField,
    ChoiceField,
    DayField,
    ForeignKeyField,
    IntegerField,
    MoneyField,
    TextField,
)
from qms_desktop.db.rights import Right, insert, takes
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission


class CostClass(StrEnum):
    """The accounts of external failure cost (GB/T 13339): 退货损失, 索赔费, 降价损失, 保修费, 诉讼费, 召回费."""

    RETURN_LOSS = "RETURN_LOSS"
    CLAIM = "CLAIM"
    PRICE_REDUCTION = "PRICE_REDUCTION"
    WARRANTY = "WARRANTY"
    LITIGATION = "LITIGATION"
    RECALL = "RECALL"


class CostKind(StrEnum):
    """What was paid, lost or got back; the credits are below zero."""

    FREIGHT = "FREIGHT"
    PREMIUM_FREIGHT = "PREMIUM_FREIGHT"
    INSURANCE = "INSURANCE"
    MATERIAL = "MATERIAL"
    LABOUR = "LABOUR"
    ANALYSIS = "ANALYSIS"
    SCRAP = "SCRAP"
    OUTSIDE_WORK = "OUTSIDE_WORK"
    CLAIM_CASH = "CLAIM_CASH"
    DISCOUNT = "DISCOUNT"
    PENALTY = "PENALTY"
    LEGAL = "LEGAL"
    RECOVERY = "RECOVERY"
    SCRAP_SALE = "SCRAP_SALE"
    CHARGEBACK = "CHARGEBACK"


CREDITS = (CostKind.RECOVERY, CostKind.SCRAP_SALE, CostKind.CHARGEBACK)
# What is read from other records is never entered by hand as well: it would count twice.
DERIVED_ONLY = (CostKind.SCRAP, CostKind.CLAIM_CASH, CostKind.DISCOUNT)


class Destruction(CaseEvent):
    """The confirmation that scrap was made unusable before it was sold: who saw it, weight, photo (IATF 8.7.1)."""

    pieces = IntegerField(null=True)
    weight_grams = IntegerField()
    witness = TextField()
    photo = ForeignKeyField(Attachment, null=True)
    photo_reference = TextField(default="")
    text = TextField(default="")


class CostEntry(CaseEvent):
    """One entry of the ledger in CNY; need-to-know.

    The amount is quantity × unit cost, or hours × rate, rounded half up to the cent, or an invoiced sum with neither.
    `quantity_thousandths` is in 1/1000 of the unit, `minutes` are worked minutes; `rate` is the row of the price list
    that was valid on the day `happened_on`. `source_kind` and `source_id` name the record that the entry belongs to.
    """

    cost_class = ChoiceField(CostClass)
    kind = ChoiceField(CostKind)
    happened_on = DayField(index=True)
    quantity_thousandths = BigIntegerField(null=True)
    unit_cost = MoneyField(null=True)
    minutes = IntegerField(null=True)
    hourly_rate = MoneyField(null=True)
    rate = ForeignKeyField(Rate, null=True)
    amount = MoneyField()
    source_kind = TextField(default="")
    source_id = BigIntegerField(null=True)
    document_no = TextField(default="")
    text = TextField()
    corrects = ForeignKeyField("self", null=True)

    class Meta:
        table_name = "cost_entry"
        is_money = True


P = Permission
_CREDITS = ", ".join(f"'{kind}'" for kind in CREDITS)
_DERIVED = ", ".join(f"'{kind}'" for kind in DERIVED_ONLY)
COST_HAS_ITS_SIGN = Check(
    name="cost_has_its_sign",
    table="cost_entry",
    expression=f"amount <> 0 AND ((amount < 0) = (kind IN ({_CREDITS}))) = (corrects_id IS NULL)",
    message=N_("Recovered parts, sold scrap and charge-backs are credits; everything else is a cost."),
    attacked_by="test_a_cost_has_its_sign",
)
COST_IS_ARITHMETIC = Check(
    name="cost_is_arithmetic",
    table="cost_entry",
    expression="abs(amount) = CASE"
    " WHEN minutes IS NOT NULL THEN (minutes * hourly_rate + 3000) / 6000 * 100"
    " WHEN quantity_thousandths IS NOT NULL THEN (quantity_thousandths * unit_cost + 50000) / 100000 * 100"
    " ELSE abs(amount) / 100 * 100 END",
    message=N_("The amount is not quantity times price, or hours times rate, rounded to the cent."),
    attacked_by="test_the_arithmetic_of_a_cost_is_right",
)
COST_HAS_ONE_BASIS = Check(
    name="cost_has_one_basis",
    table="cost_entry",
    expression="(minutes IS NULL) = (hourly_rate IS NULL) AND (quantity_thousandths IS NULL) = (unit_cost IS NULL)"
    " AND (minutes IS NULL OR quantity_thousandths IS NULL) AND (minutes IS NULL OR (minutes > 0 AND hourly_rate > 0))"
    " AND (quantity_thousandths IS NULL OR (quantity_thousandths > 0 AND unit_cost > 0))"
    " AND (minutes IS NULL OR rate_id IS NOT NULL) AND text <> ''",
    message=N_("An entry says what it is for, and has a quantity with its price, or hours with their rate, or a sum."),
    attacked_by="test_the_arithmetic_of_a_cost_is_right",
)
COST_IS_NOT_BOOKED_TWICE = Check(
    name="cost_is_not_booked_twice",
    table="cost_entry",
    expression=f"kind NOT IN ({_DERIVED})",
    message=N_(
        "Lost pieces, cash and discounts are read from sorting and from the claim. They are not entered by hand."
    ),
    attacked_by="test_what_is_derived_is_not_entered_by_hand",
)
RATE_OF_THE_DAY = Refusal(
    name="cost_rate_of_the_day",
    table="cost_entry",
    on="INSERT",
    when="NEW.rate_id IS NOT NULL AND NEW.corrects_id IS NULL AND NOT EXISTS (SELECT 1 FROM rate r"
    f" WHERE r.id = NEW.rate_id AND {of_the_day('r', 'NEW.happened_on')}"
    " AND ((r.kind = 'LABOUR' AND r.amount = NEW.hourly_rate) OR (r.kind <> 'LABOUR' AND r.amount = NEW.unit_cost)))",
    message=N_("This rate did not hold on that day."),
    attacked_by="test_a_rate_of_another_day_is_refused",
)
COST_IS_NOT_LATER = Refusal(
    name="cost_is_not_later",
    table="cost_entry",
    on="INSERT",
    when="NEW.happened_on > qms_today()",
    message=N_("A cost is entered when it has happened, not before."),
    attacked_by="test_a_cost_of_tomorrow_is_refused",
)
_CORRECTED = "SELECT 1 FROM cost_entry e WHERE e.id = NEW.corrects_id AND e.case_id = NEW.case_id"
CORRECTION_IS_WHOLE = Refusal(
    name="cost_correction_is_whole",
    table="cost_entry",
    on="INSERT",
    when=f"NEW.corrects_id IS NOT NULL AND NOT EXISTS ({_CORRECTED} AND e.amount = -NEW.amount AND e.kind = NEW.kind"
    " AND e.cost_class = NEW.cost_class AND e.corrects_id IS NULL)",
    message=N_("An entry is taken back whole, by one of the same kind with the opposite sign."),
    attacked_by="test_an_entry_is_taken_back_once_and_whole",
)
CORRECTED_ONCE = Unique(
    name="cost_corrected_once",
    table="cost_entry",
    columns=("corrects_id",),
    where="corrects_id IS NOT NULL",
    message=N_("This entry was taken back already."),
    attacked_by="test_an_entry_is_taken_back_once_and_whole",
)
SCRAP_SOLD_DESTROYED = Refusal(
    name="scrap_sold_destroyed",
    table="cost_entry",
    on="INSERT",
    when="NEW.kind = 'SCRAP_SALE' AND NEW.corrects_id IS NULL AND (NEW.source_kind <> 'destruction' OR NOT EXISTS"
    " (SELECT 1 FROM destruction d WHERE d.id = NEW.source_id AND d.case_id = NEW.case_id"
    " AND d.created_by <> qms_user()))",
    message=N_("Scrap is sold after a colleague confirmed that it was made unusable."),
    attacked_by="test_scrap_is_not_sold_before_it_is_destroyed",
)
DESTRUCTION_IS_COMPLETE = Check(
    name="destruction_is_complete",
    table="destruction",
    expression="weight_grams > 0 AND witness <> '' AND (pieces IS NULL OR pieces > 0)"
    " AND (photo_id IS NOT NULL OR photo_reference <> '')",
    message=N_("The confirmation says who saw it, the weight, and where the photo is."),
    attacked_by="test_a_destruction_is_confirmed_whole",
)
RECOVERED_PARTS_PASSED = Refusal(
    name="recovered_parts_passed",
    table="cost_entry",
    on="INSERT",
    when="NEW.kind = 'RECOVERY' AND NEW.corrects_id IS NULL AND (NEW.source_kind <> 'recovered_part' OR NOT EXISTS"
    " (SELECT 1 FROM recovered_part p WHERE p.id = NEW.source_id AND p.case_id = NEW.case_id"
    " AND p.parts_passed * 1000 = NEW.quantity_thousandths AND p.parts_inspected = p.parts_candidate))",
    message=N_("Recovered parts count for as many as passed the inspection, when all of them are inspected."),
    attacked_by="test_no_more_parts_are_credited_than_passed",
)
# The parts that are credited stay as they are until the entry is booked.
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.COST_BOOK: (insert(CostEntry), insert(Destruction), takes(RecoveredPart)),
}
