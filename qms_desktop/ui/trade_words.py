"""The trade's words for what the steps keep as codes: limits, channels, classes, opinions, differences, seats."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Role
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.rules.deadline import Event, NamedBy
from qms_desktop.steps.complaint import Channel, ComplaintClass, ReplyKind, Severity, Urgency
from qms_desktop.steps.receipt import ArrivalKind, DifferenceKind
from qms_desktop.steps.rma import Market, OpinionKind, RefusalReason, ReturnMode, RmaKind
from qms_desktop.ui.controls import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENTS: Mapping[Event, str] = {
    Event.REGISTRATION: N_("Registration"),
    Event.CONTAINMENT: N_("Containment"),
    Event.INTERIM_REPLY: N_("Interim reply"),
    Event.PRELIMINARY_REPLY: N_("Preliminary reply"),
    Event.WRITTEN_REPLY: N_("Written reply"),
    Event.CAUSE_NOTICE: N_("Cause notice"),
    Event.CAUSES_AND_MEASURES: N_("Causes and measures"),
    Event.COUNT: N_("Count"),
    Event.JUDGEMENT: N_("Judgement of the goods"),
    Event.SORTING: N_("Sort the goods"),
    Event.COORDINATION: N_("Coordination"),
    Event.FEEDBACK: N_("Feedback to the customer"),
    Event.FORM_RETURNED: N_("Form returned"),
    Event.ANSWER_AND_PLAN: N_("Answer and plan"),
    Event.CALL_BACK: N_("Call back"),
    Event.FINISHED: N_("Finish"),
}
ATTACHED_TO: Mapping[AttachedTo, str] = {
    AttachedTo.COMPLAINT: N_("Complaint"),
    AttachedTo.RMA: N_("RMA"),
    AttachedTo.RECEIPT: N_("Receipt"),
    AttachedTo.RECEIPT_COUNT: N_("Carton"),
    AttachedTo.SORTING_ROUND: N_("Judgement and sorting"),
    AttachedTo.EIGHT_D: N_("8D"),
}
NAMED_BY: Mapping[NamedBy, str] = {
    NamedBy.RULE: N_("rule"),
    NamedBy.CUSTOMER_PROFILE: N_("customer's profile"),
    NamedBy.NOTICE: N_("this notice"),
}
CHANNELS: Mapping[Channel, str] = {
    Channel.PHONE: N_("Phone"),
    Channel.EMAIL: N_("E-mail"),
    Channel.NOTICE: N_("Return notice"),
    Channel.WECHAT: N_("WeChat"),
    Channel.PORTAL: N_("Customer's portal"),
    Channel.SITE_VISIT: N_("Visit at the customer"),
    Channel.RESIDENT: N_("Resident engineer"),
    Channel.IN_PERSON: N_("In person"),
    Channel.FAX: N_("Fax"),
}
CLASSES: Mapping[ComplaintClass, str] = {
    ComplaintClass.QUALITY: N_("Quality"),
    ComplaintClass.SERVICE: N_("Service"),
    ComplaintClass.ATTITUDE: N_("Attitude"),
    ComplaintClass.DELIVERY: N_("Delivery"),
    ComplaintClass.PAPERS: N_("Papers"),
}
URGENCIES: Mapping[Urgency, str] = {Urgency.NORMAL: N_("Normal"), Urgency.URGENT: N_("Urgent")}
SEVERITIES: Mapping[Severity, str] = {
    Severity.GENERAL: N_("General"),
    Severity.MEDIUM: N_("Medium"),
    Severity.SEVERE: N_("Severe"),
    Severity.MAJOR: N_("Major"),
}
TRAITS: Mapping[str, str] = {
    "is_batch": N_("Batch"),
    "is_performance": N_("Performance"),
    "is_strong_reaction": N_("Strong reaction"),
    "is_banned_substance": N_("Banned substance"),
}
REPLIES: Mapping[ReplyKind, str] = {
    ReplyKind.ACKNOWLEDGEMENT: N_("Acknowledgement"),
    ReplyKind.WRITTEN: N_("Written reply"),
    ReplyKind.CAUSES_AND_MEASURES: N_("Causes and measures"),
    ReplyKind.EXTENSION: N_("Extension"),
}
RMA_KINDS: Mapping[RmaKind, str] = {
    RmaKind.REPLACE: N_("Replace"),
    RmaKind.REFUND: N_("Refund"),
    RmaKind.REPAIR: N_("Repair"),
}
RETURN_MODES: Mapping[ReturnMode, str] = {
    ReturnMode.PHYSICAL: N_("The goods come back"),
    ReturnMode.NON_PHYSICAL: N_("No goods come back"),
}
MARKETS: Mapping[Market, str] = {Market.DOMESTIC: N_("Domestic"), Market.FOREIGN: N_("Foreign")}
OPINIONS: Mapping[OpinionKind, str] = {
    OpinionKind.RETURN: N_("Return"),
    OpinionKind.SORT_AT_CUSTOMER: N_("Sort at the customer"),
    OpinionKind.SCRAP_AT_CUSTOMER: N_("Scrap at the customer"),
    OpinionKind.POLISH_AND_DISCOUNT: N_("Polish, discount"),
    OpinionKind.REFUSE: N_("Refuse"),
}
REFUSALS: Mapping[RefusalReason, str] = {
    RefusalReason.OUT_OF_WARRANTY: N_("R1: out of warranty"),
    RefusalReason.NOT_OURS: N_("R2: not our product"),
    RefusalReason.MISUSE: N_("R3: wrong mounting or use"),
    RefusalReason.CONFORMS: N_("R4: conforms to the contract"),
}
ARRIVALS: Mapping[ArrivalKind, str] = {
    ArrivalKind.ON_SITE: N_("Brought on site"),
    ArrivalKind.POST: N_("By post or carrier"),
}
DIFFERENCES: Mapping[DifferenceKind, str] = {
    DifferenceKind.SHORT: N_("Short"),
    DifferenceKind.OVER: N_("Over"),
    DifferenceKind.OTHER_PRODUCT: N_("Other product"),
    DifferenceKind.OTHER_LOT: N_("Other lot"),
    DifferenceKind.NOT_OURS: N_("Not ours"),
    DifferenceKind.DAMAGED: N_("Damaged"),
}
SEATS: Mapping[Role, str] = {
    Role.WAREHOUSE: N_("Warehouse"),
    Role.RETURN_LEADER: N_("Return leader"),
    Role.INSPECTOR: N_("Inspector"),
    Role.QE: N_("Quality engineer"),
    Role.SQE: N_("Supplier quality"),
    Role.TECHNICAL: N_("Technical department"),
    Role.PRODUCTION: N_("Production"),
    Role.PLANNING: N_("Planning"),
    Role.SALES: N_("Sales"),
    Role.AFTER_SALES: N_("After-sales"),
    Role.SALES_MANAGER: N_("Sales manager"),
    Role.SALES_VP: N_("VP sales"),
    Role.FINANCE: N_("Finance"),
    Role.FINANCE_VP: N_("VP finance"),
    Role.QUALITY_MANAGER: N_("Quality manager"),
    Role.PRODUCT_SAFETY: N_("Product safety"),
    Role.DEPUTY_GM: N_("Deputy general manager"),
    Role.GM: N_("General manager"),
    Role.MANAGEMENT_REP: N_("Management representative"),
    Role.ADMINISTRATION: N_("Administration office"),
    Role.ADMIN: N_("IT"),
}
STEP_TITLES: Mapping[str, str] = {
    "complaint": N_("Complaint"),
    "rma": N_("RMA"),
    "receipt": N_("Receipt"),
    "sorting": N_("Sorting"),
    "rework": N_("Rework"),
    "inspection": N_("Re-inspection"),
    "claim": N_("Claim"),
    "eight_d": N_("8D"),
    "recall": N_("Recall"),
}


_Kind = TypeVar("_Kind", bound=StrEnum)


def choices(words: Mapping[_Kind, str]) -> list[Choice]:
    """Make the lines of a choice field from a table of words."""
    return [Choice(value, partial(_, text)) for value, text in words.items()]


def seat_of(roles: frozenset[Role] | tuple[Role, ...]) -> str:
    """Name a person's seats in the current language, in the order of the table."""
    return " \u00b7 ".join(_(words) for role, words in SEATS.items() if role in roles)
