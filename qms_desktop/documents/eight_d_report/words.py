"""Words, dates and figures as they stand on the 8D report, in the current language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop import i18n
from qms_desktop.i18n import N_, _
from qms_desktop.steps.eight_d_content import (
    CauseKind,
    Direction,
    DocumentKind,
    Place,
    Progress,
    Question,
    RefusalClass,
    SignatureKind,
    SignaturePlace,
    Strength,
    TeamRole,
    Verdict,
    VersionState,
)

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

DASH = "—"

# An English paper shortens dates with the month's name: 11-03 reads as 11 March in Europe.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ROLES = {
    TeamRole.CHAMPION: N_("Champion (not a member)"),
    TeamRole.LEADER: N_("Team leader"),
    TeamRole.MEMBER: N_("Member"),
    TeamRole.CUSTOMER: N_("Customer delegate"),
    TeamRole.SUPPLIER: N_("Supplier delegate"),
}
QUESTIONS = {
    Question.WHAT: N_("What"),
    Question.WHEN: N_("When"),
    Question.WHERE: N_("Where"),
    Question.WHO: N_("Who"),
    Question.WHY: N_("Why a problem"),
    Question.HOW: N_("How found"),
    Question.HOW_MANY: N_("How many"),
}
PLACES = {
    Place.CUSTOMER: N_("1 Customer"),
    Place.TRANSIT: N_("2 In transit"),
    Place.FINISHED_STOCK: N_("3 Finished stock"),
    Place.WORK_IN_PROGRESS: N_("4 Work in progress"),
    Place.SUPPLIER: N_("5 Supplier"),
    Place.FIELD: N_("6 Field / other customers"),
}
KINDS = {
    CauseKind.OCCURRENCE: N_("Occurrence: why it was made"),
    CauseKind.ESCAPE: N_("Escape: why it was not found"),
    CauseKind.SYSTEM: N_("System: why the management system allowed it"),
}
KIND_NAMES = {
    CauseKind.OCCURRENCE: N_("occurrence"),
    CauseKind.ESCAPE: N_("escape"),
    CauseKind.SYSTEM: N_("system"),
}
VERDICTS = {
    Verdict.PROVED: N_("proved"),
    Verdict.POSSIBLE: N_("still possible"),
    Verdict.RULED_OUT: N_("ruled out"),
}
STRENGTHS = {
    Strength.ELIMINATE: N_("Eliminated"),
    Strength.ERROR_PROOF: N_("Error-proof"),
    Strength.AUTOMATIC_DETECTION: N_("Automatic detection"),
    Strength.STANDARDISE: N_("Standardised"),
    Strength.TRAIN: N_("Training"),
}
PROGRESS = {
    Progress.DONE: ("●", N_("done")),
    Progress.OPEN: ("○", N_("open")),
    Progress.OVERDUE: ("■", N_("overdue")),
    Progress.NOT_BEGUN: ("—", N_("not begun")),
}
DOCUMENTS = {
    DocumentKind.FMEA: N_("FMEA"),
    DocumentKind.CONTROL_PLAN: N_("Control plan"),
    DocumentKind.WORK_INSTRUCTION: N_("Work instruction"),
    DocumentKind.PROCEDURE: N_("Procedure"),
    DocumentKind.TOOL_DRAWING: N_("Tool drawing"),
    DocumentKind.PRODUCT_DRAWING: N_("Product drawing"),
    DocumentKind.SPECIFICATION: N_("Specification"),
}
DIRECTIONS = {Direction.HORIZONTAL: N_("Horizontal"), Direction.VERTICAL: N_("Vertical")}
REFUSALS = {
    RefusalClass.OUT_OF_WARRANTY: N_("Out of warranty"),
    RefusalClass.NOT_OURS: N_("Not our product"),
    RefusalClass.MISUSE: N_("Wrong mounting or use"),
    RefusalClass.CONFORMS: N_("Conforms to the contract"),
}
SIGNATURE_PLACES = {
    SignaturePlace.PREPARED: N_("Prepared by"),
    SignaturePlace.REVIEWED: N_("Reviewed by"),
    SignaturePlace.APPROVED: N_("Approved by"),
}
# What a signature in each place says, where its owner added no remark of the own.
MEANINGS = {
    SignaturePlace.PREPARED: N_("I wrote this report; it agrees with the records"),
    SignaturePlace.REVIEWED: N_("Causes, actions and evidence reviewed"),
    SignaturePlace.APPROVED: N_("Approved to leave for the customer"),
}
SIGNATURE_KINDS = {SignatureKind.ELECTRONIC: N_("electronic"), SignatureKind.HANDWRITTEN: N_("by hand")}
VERSION_STATES = {
    VersionState.DRAFT: N_("draft"),
    VersionState.SENT: N_("sent"),
    VersionState.ACCEPTED: N_("accepted"),
    VersionState.REJECTED: N_("returned by the customer"),
}


def number(count: int | None) -> str:
    """Give a quantity with thousands, or a dash when it is not known."""
    return DASH if count is None else f"{count:,}"


def percent(share: Decimal | None) -> str:
    """Give a share such as 75 %, or a dash when it is not known."""
    return DASH if share is None else f"{share.normalize():f} %"


def day(when: date | None) -> str:
    """Give a date with its year, or a dash."""
    return DASH if when is None else when.strftime("%Y-%m-%d")


def short_day(when: date | None) -> str:
    """Give a date without its year for narrow columns: 11-03 in Chinese, 3 Nov in English."""
    if when is None:
        return DASH
    if i18n.language() == "en":
        return f"{when.day} {_MONTHS[when.month - 1]}"
    return f"{when.month:02}-{when.day:02}"


def moment(when: datetime, *, seconds: bool = False) -> str:
    """Give date and time in the zone that the time carries, without naming it."""
    return when.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def zone(when: datetime) -> str:
    """Name the zone of a time, such as UTC+8."""
    offset = when.utcoffset()
    if offset is None:
        raise ValueError("a time on a report must be aware of its zone")
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def zoned(when: datetime | None) -> str:
    """Give date, time and zone, or a dash."""
    return DASH if when is None else f"{moment(when)} ({zone(when)})"


def mark(progress: Progress) -> str:
    """Give the sign and the word of a state."""
    sign, word = PROGRESS[progress]
    return f"{sign} {_(word)}"


def joined(parts: list[str]) -> str:
    """Join the parts of an enumeration that are there."""
    return _("; ").join(part for part in parts if part)
