"""The words of choice in an 8D report: steps, answers, places, kinds and states, stored as text."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.i18n import N_


class Discipline(StrEnum):
    """The nine steps of the report."""

    D0 = "D0"
    D1 = "D1"
    D2 = "D2"
    D3 = "D3"
    D4 = "D4"
    D5 = "D5"
    D6 = "D6"
    D7 = "D7"
    D8 = "D8"


DISCIPLINE_TITLES: dict[Discipline, str] = {
    Discipline.D0: N_("Preparation and emergency response"),
    Discipline.D1: N_("Team"),
    Discipline.D2: N_("Problem description"),
    Discipline.D3: N_("Interim containment"),
    Discipline.D4: N_("Root causes"),
    Discipline.D5: N_("Chosen permanent corrective actions"),
    Discipline.D6: N_("Implementation and validation"),
    Discipline.D7: N_("Prevention of recurrence"),
    Discipline.D8: N_("Closure and recognition"),
}


class ReportKind(StrEnum):
    """How far a version of the report goes."""

    THREE_D = "3D"
    FIVE_D = "5D"
    EIGHT_D = "8D"


class PaperState(StrEnum):
    """Whether the printed version may be relied on; anything but approved carries a watermark."""

    DRAFT = "draft"
    APPROVED = "approved"
    VOID = "void"


class Progress(StrEnum):
    """How far a step or an action is."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    NOT_BEGUN = "not_begun"


class Answer(StrEnum):
    """An answer that may also be that nobody knows yet."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class TeamRole(StrEnum):
    """A person's part in the team; the champion gives the means and is not a member."""

    CHAMPION = "champion"
    LEADER = "leader"
    MEMBER = "member"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"


class Question(StrEnum):
    """The seven questions of 5W2H."""

    WHAT = "what"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    WHY = "why"
    HOW = "how"
    HOW_MANY = "how_many"


class Place(StrEnum):
    """The six places where suspect goods may be; every report answers all of them."""

    CUSTOMER = "customer"
    TRANSIT = "transit"
    FINISHED_STOCK = "finished_stock"
    WORK_IN_PROGRESS = "work_in_progress"
    SUPPLIER = "supplier"
    FIELD = "field"


class CauseKind(StrEnum):
    """Why it was made, why it was not found, why the system allowed it."""

    OCCURRENCE = "occurrence"
    ESCAPE = "escape"
    SYSTEM = "system"


class CauseCategory(StrEnum):
    """The bones of the cause-and-effect diagram."""

    MAN = "man"
    MACHINE = "machine"
    MATERIAL = "material"
    METHOD = "method"
    ENVIRONMENT = "environment"
    MEASUREMENT = "measurement"


class Verdict(StrEnum):
    """What the investigation said of a candidate cause."""

    PROVED = "proved"
    POSSIBLE = "possible"
    RULED_OUT = "ruled_out"


class Strength(StrEnum):
    """How far an action can be relied on, strongest first."""

    ELIMINATE = "eliminate"
    ERROR_PROOF = "error_proof"
    AUTOMATIC_DETECTION = "automatic_detection"
    STANDARDISE = "standardise"
    TRAIN = "train"


class DocumentKind(StrEnum):
    """The documents that a lasting action changes."""

    FMEA = "fmea"
    CONTROL_PLAN = "control_plan"
    WORK_INSTRUCTION = "work_instruction"
    PROCEDURE = "procedure"
    TOOL_DRAWING = "tool_drawing"
    PRODUCT_DRAWING = "product_drawing"
    SPECIFICATION = "specification"


class Direction(StrEnum):
    """Where else the cause was looked for: beside (products, lines, plants) or along the chain (supplier, lots)."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class RefusalClass(StrEnum):
    """Why a returned unit is refused (003-A §5.6)."""

    OUT_OF_WARRANTY = "R1"
    NOT_OURS = "R2"
    MISUSE = "R3"
    CONFORMS = "R4"


class SignaturePlace(StrEnum):
    """What somebody signs for."""

    PREPARED = "prepared"
    REVIEWED = "reviewed"
    APPROVED = "approved"


class SignatureKind(StrEnum):
    """How somebody signed."""

    ELECTRONIC = "electronic"
    HANDWRITTEN = "handwritten"


class VersionState(StrEnum):
    """What became of a version of the report."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
