"""What the work took: hours by person and badge, and material; the names of rates without their prices.

Prices are need-to-know, but the line must be able to choose a wage group and a material. So every imported rate leaves
its code, name and unit in a table that everybody may read.
"""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.db.case import CaseEvent, CaseRecord
from qms_desktop.db.guards import Applied, Check, Refusal, Transition, Unique, state_guards
from qms_desktop.db.master_data import Person, RateKind
from qms_desktop.db.record import BigIntegerField, ChoiceField, ForeignKeyField, MomentField, Record, TextField
from qms_desktop.db.rework import WorkOrder
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.db.sorting import SortingRound
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission

# The price list has no class for packing; a material whose name holds one of these words is packing, all other is raw
# material, which a repack order may not use (费率与物料单价:
# 包装盒, 吸塑托盘, 标签纸 against 密封圈, 阻尼油脂, 线束端子).
PACKING_WORDS = (
    "包装", "托盘", "标签", "纸箱", "纸盒", "外箱", "胶带", "封箱",
    "气泡", "泡沫", "珍珠棉", "干燥剂", "打包", "缠绕膜", "防锈袋", "塑料袋",
)  # fmt: skip


class Activity(StrEnum):
    """What somebody worked on; an order's hours carry the order's own kind."""

    ANALYSIS = "ANALYSIS"
    SORTING = "SORTING"
    POLISHING = "POLISHING"
    REWORK = "REWORK"
    REPAIR = "REPAIR"
    REPACK = "REPACK"
    DISMANTLE = "DISMANTLE"
    INSPECTION = "INSPECTION"


class WorkState(StrEnum):
    """Whether somebody works now, has stopped, or was booked by mistake."""

    RUNNING = "RUNNING"
    ENDED = "ENDED"
    CANCELLED = "CANCELLED"


class RateName(Record):
    """Code, name and unit of a labour rate or a material price, without the price."""

    kind = ChoiceField(RateKind)
    code = TextField()
    name = TextField(default="")
    unit = TextField(default="")

    class Meta:
        table_name = "rate_name"
        audit_inserts = False


class WorkTime(CaseRecord):
    """A span in which one person worked on an order or on a round; `rate` is the wage group.

    The person is stated by badge. `reason` says why a stop was mended, a span booked afterwards, or a span cancelled.
    """

    work_order = ForeignKeyField(WorkOrder, null=True)
    round = ForeignKeyField(SortingRound, null=True)
    activity = ChoiceField(Activity)
    person = ForeignKeyField(Person)
    rate = ForeignKeyField(RateName)
    started_at = MomentField()
    ended_at = MomentField(null=True)
    reason = TextField(default="")
    station = TextField(default="")
    badge = TextField(default="")
    state = ChoiceField(WorkState)

    class Meta:
        table_name = "work_time"
        indexes = ((("started_at",), False),)  # what was worked in a month


class MaterialUse(CaseEvent):
    """Material that an order used, in 1/1000 of the material's unit; a mistake is taken back whole by `corrects`."""

    work_order = ForeignKeyField(WorkOrder, backref="+")
    material = ForeignKeyField(RateName)
    quantity_thousandths = BigIntegerField()
    corrects = ForeignKeyField("self", null=True)
    remark = TextField(default="")
    station = TextField(default="")
    badge = TextField(default="")

    class Meta:
        table_name = "material_use"
        indexes = ((("created_at",), False),)  # what happened in a month


S, P = WorkState, Permission
_BOOKERS = (P.REWORK_BOOK, P.SORTING_SORT)
TRANSITIONS = tuple(
    Transition(kind="work_time", column="state", start=start, end=end, permission=booker)
    for booker in _BOOKERS
    for start, end in (
        ("", S.RUNNING),
        ("", S.ENDED),
        (S.RUNNING, S.ENDED),
        (S.RUNNING, S.CANCELLED),
        (S.ENDED, S.CANCELLED),
    )
)
WORK_BEGINS, WORK_MOVES = state_guards("work_time", "state", "test_cancelled_hours_do_not_come_back")
RATE_LEAVES_ITS_NAME = Applied(
    name="rate_leaves_its_name",
    table="rate",
    on="INSERT",
    when="NEW.kind <> 'EXCHANGE'",
    statement="INSERT INTO rate_name (kind, code, name, unit) SELECT NEW.kind, NEW.code, NEW.name, NEW.unit"
    " WHERE NOT EXISTS (SELECT 1 FROM rate_name n WHERE n.kind = NEW.kind AND n.code = NEW.code)",
    must_touch=False,
    message=N_("This rate has its name already."),
    attacked_by="test_a_material_keeps_the_name_of_the_price_list",
)
RATE_NAME_COMES_WITH_A_RATE = Refusal(
    name="rate_name_comes_with_a_rate",
    table="rate_name",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM rate r WHERE r.kind = NEW.kind AND r.code = NEW.code AND r.name = NEW.name"
    " AND r.unit = NEW.unit)",
    message=N_("Names of wages and materials come with the price list."),
    attacked_by="test_a_material_keeps_the_name_of_the_price_list",
)
RATE_NAME_IS_FIXED = Refusal(
    name="rate_name_is_fixed",
    table="rate_name",
    on="UPDATE",
    when="TRUE",
    message=N_("Names of wages and materials come with the price list."),
    attacked_by="test_a_material_keeps_the_name_of_the_price_list",
)
RATE_NAME_ONCE = Unique(
    name="rate_name_once",
    table="rate_name",
    columns=("kind", "code"),
    message=N_("This code has its name already."),
    attacked_by="test_a_material_keeps_the_name_of_the_price_list",
)
WORK_IS_ON_ONE_THING = Check(
    name="work_is_on_one_thing",
    table="work_time",
    expression="(work_order_id IS NULL) <> (round_id IS NULL)"
    " AND (work_order_id IS NOT NULL OR activity NOT IN ('REWORK', 'REPAIR', 'REPACK', 'DISMANTLE'))"
    " AND (round_id IS NOT NULL OR activity NOT IN ('ANALYSIS', 'SORTING', 'POLISHING'))",
    message=N_("Hours belong to one order, or to one round of sorting."),
    attacked_by="test_hours_belong_to_one_order_or_round",
)
WORK_ENDS_AFTER_IT_BEGINS = Check(
    name="work_ends_after_it_begins",
    table="work_time",
    expression="(ended_at IS NULL OR ended_at > started_at) AND (state <> 'ENDED' OR ended_at IS NOT NULL)"
    " AND (state <> 'RUNNING' OR ended_at IS NULL)",
    message=N_("Work ends after it begins. Check the times."),
    attacked_by="test_hours_end_after_they_begin",
)
WORK_IS_NOT_IN_THE_FUTURE = Refusal(
    name="work_is_not_in_the_future",
    table="work_time",
    on="INSERT",
    when="NEW.started_at > qms_now() OR NEW.ended_at > qms_now()",
    message=N_("Hours are booked when they are worked, not before."),
    attacked_by="test_hours_of_tomorrow_are_refused",
)
WORK_STOPS_NOT_IN_THE_FUTURE = Refusal(
    name="work_stops_not_in_the_future",
    table="work_time",
    on="UPDATE OF ended_at",
    when="NEW.ended_at > qms_now()",
    message=N_("Hours are booked when they are worked, not before."),
    attacked_by="test_hours_of_tomorrow_are_refused",
)
WORK_IS_FIXED = Refusal(
    name="work_is_fixed",
    table="work_time",
    on="UPDATE OF work_order_id, round_id, activity, person_id, rate_id, started_at, ended_at, badge",
    when="OLD.state <> 'RUNNING' OR NEW.work_order_id IS DISTINCT FROM OLD.work_order_id"
    " OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.activity <> OLD.activity OR NEW.person_id <> OLD.person_id"
    " OR NEW.rate_id <> OLD.rate_id OR NEW.started_at <> OLD.started_at OR NEW.badge <> OLD.badge",
    message=N_("Booked hours are not changed. Cancel them with a reason and book them again."),
    attacked_by="test_booked_hours_are_not_changed",
)
REASON_COMES_WITH_THE_STEP = Refusal(
    name="work_reason_comes_with_the_step",
    table="work_time",
    on="UPDATE OF reason",
    when="NEW.reason <> OLD.reason AND NEW.state = OLD.state",
    message=N_("Why hours were mended or cancelled is written then, and stays."),
    attacked_by="test_a_reason_is_not_rewritten",
)
CANCELLED_FOR_A_REASON = Check(
    name="cancelled_for_a_reason",
    table="work_time",
    expression="state <> 'CANCELLED' OR reason <> ''",
    message=N_("Write why these hours are cancelled."),
    attacked_by="test_hours_are_not_cancelled_without_a_reason",
)
ONE_WORK_AT_A_TIME = Refusal(
    name="one_work_at_a_time",
    table="work_time",
    on="INSERT",
    when="EXISTS (SELECT 1 FROM work_time w WHERE w.person_id = NEW.person_id AND w.state <> 'CANCELLED'"
    " AND (w.ended_at IS NULL OR w.ended_at > NEW.started_at)"
    " AND (NEW.ended_at IS NULL OR w.started_at < NEW.ended_at))",
    message=N_("This person has hours booked in that time already. Stop or cancel those first."),
    detail=N_("{who} works on {number} since {time}. Stop that first."),
    attacked_by="test_nobody_works_on_two_things_at_once",
)
ONE_RUNNING_WORK = Unique(
    name="one_running_work",
    table="work_time",
    columns=("person_id",),
    where="state = 'RUNNING'",
    message=N_("This person works on something already. Stop that first."),
    attacked_by="test_two_scans_of_a_badge_at_the_same_moment_start_one_work",
)
WORK_IS_THE_BOOKERS_OWN = Refusal(
    name="work_is_the_bookers_own",
    table="work_time",
    on="INSERT",
    when="NOT coalesce((NEW.work_order_id IS NOT NULL AND NEW.activity <> 'INSPECTION' AND qms_may('rework.book'))"
    " OR (NEW.activity = 'INSPECTION' AND qms_may('inspection.record'))"
    " OR (NEW.round_id IS NOT NULL AND NEW.activity <> 'INSPECTION' AND qms_may('sorting.sort')), FALSE)",
    message=N_("Production books the hours of orders; quality books those of analysis, sorting and inspection."),
    attacked_by="test_production_books_no_hours_of_the_inspection",
)
WORK_ON_A_RUNNING_ORDER = Refusal(
    name="work_on_a_running_order",
    table="work_time",
    on="INSERT",
    when="NEW.work_order_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM work_order w WHERE w.id = NEW.work_order_id"
    " AND w.case_id = NEW.case_id AND ((NEW.activity = 'INSPECTION' AND w.state IN ('RUNNING', 'REPORTED', 'DONE'))"
    " OR (NEW.activity = w.kind AND w.state IN ('RUNNING', 'REPORTED'))))",
    message=N_("Hours are booked on an order that runs, with what the order is for."),
    attacked_by="test_no_hours_on_an_order_that_is_not_released",
)
WAGE_IS_A_WAGE = Refusal(
    name="wage_is_a_wage",
    table="work_time",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM rate_name n WHERE n.id = NEW.rate_id AND n.kind = 'LABOUR')",
    message=N_("Choose a wage group from the list of rates."),
    attacked_by="test_hours_are_not_paid_as_material",
)
MATERIAL_HAS_A_QUANTITY = Check(
    name="material_has_a_quantity",
    table="material_use",
    expression="(quantity_thousandths > 0 AND corrects_id IS NULL)"
    " OR (quantity_thousandths < 0 AND corrects_id IS NOT NULL AND remark <> '')",
    message=N_("Type how much material was used; a mistake is taken back whole, with its reason."),
    attacked_by="test_material_is_taken_back_once_and_whole",
)
MATERIAL_TAKEN_BACK_ONCE = Unique(
    name="material_taken_back_once",
    table="material_use",
    columns=("corrects_id",),
    where="corrects_id IS NOT NULL",
    message=N_("This entry was taken back already."),
    attacked_by="test_material_is_taken_back_once_and_whole",
)
MATERIAL_TAKEN_BACK_WHOLE = Refusal(
    name="material_taken_back_whole",
    table="material_use",
    on="INSERT",
    when="NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM material_use m WHERE m.id = NEW.corrects_id"
    " AND m.work_order_id = NEW.work_order_id AND m.material_id = NEW.material_id AND m.corrects_id IS NULL"
    " AND m.quantity_thousandths = -NEW.quantity_thousandths)",
    message=N_("An entry of material is taken back whole: the same order, material and quantity."),
    attacked_by="test_material_is_taken_back_once_and_whole",
)
MATERIAL_IS_A_MATERIAL = Refusal(
    name="material_is_a_material",
    table="material_use",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM rate_name n WHERE n.id = NEW.material_id AND n.kind = 'MATERIAL')",
    message=N_("Choose a material from the price list."),
    attacked_by="test_wages_are_not_booked_as_material",
)
MATERIAL_ON_A_RUNNING_ORDER = Refusal(
    name="material_on_a_running_order",
    table="material_use",
    on="INSERT",
    when="NOT EXISTS (SELECT 1 FROM work_order w WHERE w.id = NEW.work_order_id AND w.case_id = NEW.case_id"
    " AND w.state IN ('RUNNING', 'REPORTED'))",
    message=N_("Material is booked on an order that runs. Start it first."),
    attacked_by="test_no_material_on_an_order_that_is_not_released",
)
_IS_PACKING = " OR ".join(f"n.name LIKE '%{word}%'" for word in PACKING_WORDS)
NO_RAW_MATERIAL_ON_REPACK = Refusal(
    name="no_raw_material_on_repack",
    table="material_use",
    on="INSERT",
    when="EXISTS (SELECT 1 FROM work_order w WHERE w.id = NEW.work_order_id AND w.kind = 'REPACK')"
    f" AND NOT EXISTS (SELECT 1 FROM rate_name n WHERE n.id = NEW.material_id AND ({_IS_PACKING}))",
    message=N_("A repack order uses packing material only. Raw material means rework: ask the inspector for an order."),
    attacked_by="test_no_raw_material_on_a_repack_order",
)
_BOOKING = (insert(WorkTime), update(WorkTime, "ended_at", "reason", "state", "version"))
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    P.REWORK_BOOK: (insert(MaterialUse), *_BOOKING),
    P.SORTING_SORT: _BOOKING,
}
