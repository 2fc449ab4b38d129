"""The words of an 8D report in the window: its sections, the fields of each, and the choices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qms_desktop.i18n import N_, _
from qms_desktop.steps import eight_d_content as content
from qms_desktop.steps.eight_d import Nature, PreventiveAction, Section
from qms_desktop.steps.eight_d_content import codes
from qms_desktop.ui.controls import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

SECTIONS: Mapping[Section, str] = {
    Section(str(discipline)): words for discipline, words in codes.DISCIPLINE_TITLES.items()
} | {Section.GOODS: N_("Returned goods")}


SHORT: Mapping[Section, str] = {
    Section.D0: N_("Preparation"),
    Section.D1: N_("Team"),
    Section.D2: N_("Problem"),
    Section.D3: N_("Containment"),
    Section.D4: N_("Root causes"),
    Section.D5: N_("Actions"),
    Section.D6: N_("Implementation"),
    Section.D7: N_("Prevention"),
    Section.D8: N_("Closure"),
    Section.GOODS: N_("Returned goods"),
}


def section_name(section: Section) -> str:
    """Write a section's short name: D4, or a dash for the returned goods, which have no number."""
    return "" if section is Section.GOODS else str(section)


PROGRESS: Mapping[StrEnum, tuple[str, str, str]] = {
    codes.Progress.DONE: (N_("done"), "circle-check", "ok"),
    codes.Progress.OPEN: (N_("open"), "circle-dot", "run"),
    codes.Progress.OVERDUE: (N_("overdue"), "flame", "bad"),
    codes.Progress.NOT_BEGUN: (N_("not begun"), "circle-dashed", "text3"),
}
ANSWERS: Mapping[StrEnum, str] = {
    codes.Answer.YES: N_("yes"),
    codes.Answer.NO: N_("no"),
    codes.Answer.UNCLEAR: N_("not clear yet"),
}
CHOICES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    codes.Answer: ANSWERS,
    codes.Progress: {progress: words for progress, (words, _icon, _tone) in PROGRESS.items()},
    codes.TeamRole: {
        codes.TeamRole.CHAMPION: N_("Champion (not a member)"),
        codes.TeamRole.LEADER: N_("Team leader"),
        codes.TeamRole.MEMBER: N_("Member"),
        codes.TeamRole.CUSTOMER: N_("Customer delegate"),
        codes.TeamRole.SUPPLIER: N_("Supplier delegate"),
    },
    codes.Question: {
        codes.Question.WHAT: N_("What"),
        codes.Question.WHEN: N_("When"),
        codes.Question.WHERE: N_("Where"),
        codes.Question.WHO: N_("Who"),
        codes.Question.WHY: N_("Why a problem"),
        codes.Question.HOW: N_("How found"),
        codes.Question.HOW_MANY: N_("How many"),
    },
    codes.Place: {
        codes.Place.CUSTOMER: N_("1 Customer"),
        codes.Place.TRANSIT: N_("2 In transit"),
        codes.Place.FINISHED_STOCK: N_("3 Finished stock"),
        codes.Place.WORK_IN_PROGRESS: N_("4 Work in progress"),
        codes.Place.SUPPLIER: N_("5 Supplier"),
        codes.Place.FIELD: N_("6 Field / other customers"),
    },
    codes.CauseKind: {
        codes.CauseKind.OCCURRENCE: N_("Occurrence: why it was made"),
        codes.CauseKind.ESCAPE: N_("Escape: why it was not found"),
        codes.CauseKind.SYSTEM: N_("System: why the management system allowed it"),
    },
    codes.CauseCategory: {
        codes.CauseCategory.MAN: N_("Man"),
        codes.CauseCategory.MACHINE: N_("Machine"),
        codes.CauseCategory.MATERIAL: N_("Material"),
        codes.CauseCategory.METHOD: N_("Method"),
        codes.CauseCategory.ENVIRONMENT: N_("Environment"),
        codes.CauseCategory.MEASUREMENT: N_("Measurement"),
    },
    codes.Verdict: {
        codes.Verdict.PROVED: N_("proved"),
        codes.Verdict.POSSIBLE: N_("still possible"),
        codes.Verdict.RULED_OUT: N_("ruled out"),
    },
    codes.Strength: {
        codes.Strength.ELIMINATE: N_("Eliminated"),
        codes.Strength.ERROR_PROOF: N_("Error-proof"),
        codes.Strength.AUTOMATIC_DETECTION: N_("Automatic detection"),
        codes.Strength.STANDARDISE: N_("Standardised"),
        codes.Strength.TRAIN: N_("Training"),
    },
    codes.DocumentKind: {
        codes.DocumentKind.FMEA: N_("FMEA"),
        codes.DocumentKind.CONTROL_PLAN: N_("Control plan"),
        codes.DocumentKind.WORK_INSTRUCTION: N_("Work instruction"),
        codes.DocumentKind.PROCEDURE: N_("Procedure"),
        codes.DocumentKind.TOOL_DRAWING: N_("Tool drawing"),
        codes.DocumentKind.PRODUCT_DRAWING: N_("Product drawing"),
        codes.DocumentKind.SPECIFICATION: N_("Specification"),
    },
    codes.Direction: {
        codes.Direction.HORIZONTAL: N_("Horizontal"),
        codes.Direction.VERTICAL: N_("Vertical"),
    },
    codes.RefusalClass: {
        codes.RefusalClass.OUT_OF_WARRANTY: N_("R1: out of warranty"),
        codes.RefusalClass.NOT_OURS: N_("R2: not our product"),
        codes.RefusalClass.MISUSE: N_("R3: wrong mounting or use"),
        codes.RefusalClass.CONFORMS: N_("R4: conforms to the contract"),
    },
    Nature: {
        Nature.DESIGN: N_("Design"),
        Nature.PROCESS: N_("Process"),
        Nature.SYSTEM: N_("System"),
        Nature.TRAINING: N_("Training"),
        Nature.INSPECTION: N_("Inspection"),
        Nature.AUDIT: N_("Audit"),
    },
}

# The fields of each section that stand once, in the order in which they are asked; (long) ones take the whole width.
FIELD_WORDS: Mapping[Section, Mapping[str, str]] = {
    Section.D0: {
        "symptom": N_("Symptom"),
        "effect": N_("Effect at the customer"),
        "safety": N_("Is safety concerned?"),
        "recall_number": N_("Recall assessment"),
        "safety_note": N_("Why safety is or is not concerned"),
        "urgency": N_("Urgency"),
    },
    Section.D1: {},
    Section.D2: {
        "customer_words": N_("The customer's own words"),
        "reported_at": N_("Reported by the customer at"),
        "found_at": N_("Found where"),
        "lot": N_("Lot"),
        "date_code": N_("Date code"),
        "drawing": N_("Drawing"),
        "drawing_revision": N_("Revision of the drawing"),
        "safety_characteristic": N_("Safety or key characteristic"),
        "repeat": N_("Has it happened before?"),
        "requirement": N_("Specification required"),
        "repeat_note": N_("Earlier cases"),
        "no_comparison_because": N_("No comparison, because"),
        "other_parts": N_("Other parts concerned"),
    },
    Section.D3: {
        "in_force_at": N_("In force since"),
        "effectiveness_percent": N_("Effectiveness in %"),
        "balance": N_("Balance of the lot"),
        "mark": N_("Mark on good pieces"),
        "clean_point": N_("Clean point"),
        "effectiveness": N_("How the effectiveness was measured"),
        "risk": N_("Risk that remains"),
        "removed_on": N_("Taken away on"),
        "removed_note": N_("Why it may be taken away"),
    },
    Section.D4: {
        "effect": N_("The effect whose causes are sought"),
        "failure_category": N_("Failure category"),
        "share_basis": N_("What the shares rest on"),
        "change_record": N_("Changes before the defect"),
    },
    Section.D5: {"not_chosen": N_("What was weighed and not chosen")},
    Section.D6: {
        "effect_characteristic": N_("Characteristic"),
        "effect_unit": N_("Unit"),
        "effect_upper_limit": N_("Upper limit"),
        "effect_clean_point": N_("Clean point"),
        "before_label": N_("Sample before"),
        "before_values": N_("Values before"),
        "after_label": N_("Sample after"),
        "after_values": N_("Values after"),
        "period": N_("Period of verification"),
        "customer_measure": N_("What the customer measures"),
    },
    Section.D7: {"lessons": N_("What was learned")},
    Section.D8: {
        "completeness": N_("What shows that the case is complete"),
        "result": N_("Result"),
        "recognition": N_("Recognition of the team"),
        "customer_satisfaction": N_("What the customer says"),
        "effect_watch": N_("How the effect stays watched"),
    },
    Section.GOODS: {
        "rma_line": N_("RMA line"),
        "pieces_declared": N_("Pieces announced"),
        "pieces_counted": N_("Pieces counted"),
        "receipt_note": N_("Note on the receipt"),
        "settlement": N_("Settlement"),
    },
}
LONG = frozenset(
    (
        "symptom",
        "effect",
        "safety_note",
        "urgency",
        "customer_words",
        "requirement",
        "repeat_note",
        "no_comparison_because",
        "other_parts",
        "balance",
        "mark",
        "clean_point",
        "effectiveness",
        "risk",
        "removed_note",
        "share_basis",
        "change_record",
        "not_chosen",
        "before_values",
        "after_values",
        "period",
        "customer_measure",
        "lessons",
        "completeness",
        "result",
        "recognition",
        "customer_satisfaction",
        "effect_watch",
        "receipt_note",
        "settlement",
    )
)

LISTS: Mapping[type, str] = {
    content.EmergencyAction: N_("Emergency actions"),
    content.TeamMember: N_("Team"),
    content.Meeting: N_("Meetings"),
    content.QuestionAnswer: N_("Seven questions"),
    content.IsIsNot: N_("Is and is not"),
    content.OwnFinding: N_("What we measured ourselves"),
    content.Containment: N_("Six places"),
    content.CauseCandidate: N_("Possible causes"),
    content.RootCause: N_("Root causes and their whys"),
    content.CorrectiveAction: N_("Corrective actions"),
    content.Implementation: N_("Actions put in place"),
    content.LotResult: N_("Lots before and after"),
    content.DocumentChange: N_("Documents changed"),
    content.ReadAcross: N_("Read across"),
    content.RefusedUnits: N_("Refused pieces"),
    content.TreatedHeap: N_("Heaps and what became of them"),
    content.AttachedRecord: N_("Records attached"),
    PreventiveAction: N_("Preventive actions"),
}


def choices_of(kind: type[StrEnum], *, may_be_empty: bool = False) -> list[Choice]:
    """Give the lines of a choice; an empty one stands first where nothing may be chosen."""
    made = [Choice(value, partial(_, text)) for value, text in CHOICES[kind].items()]
    return [Choice(None, "\u2014"), *made] if may_be_empty else made


def word_of(value: StrEnum | None) -> str:
    """Write a choice in the current language."""
    return _(CHOICES[type(value)][value]) if value is not None else ""
