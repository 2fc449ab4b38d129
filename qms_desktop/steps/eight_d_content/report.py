"""The report as a whole: the facts at its head, its versions and its signatures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qms_desktop.steps.eight_d_content.codes import SignatureKind
from qms_desktop.steps.eight_d_content.problem import (
    InterimContainment,
    Preparation,
    Problem,
    Team,
)
from qms_desktop.steps.eight_d_content.remedy import (
    Closure,
    CorrectiveActions,
    Prevention,
    RootCauses,
    Validation,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from qms_desktop.steps.eight_d_content.codes import (
        Discipline,
        PaperState,
        Progress,
        ReportKind,
        SignaturePlace,
        VersionState,
    )
    from qms_desktop.steps.eight_d_content.remedy import ReturnedGoods


@dataclass(frozen=True, kw_only=True)
class CustomerFacts:
    """Who complained, and under which number."""

    number: str
    name: str
    contact: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """What was complained of; `unit` is the counting word, such as 支 or pcs."""

    part_number: str
    model: str
    lot: str
    unit: str
    date_code: str = ""
    drawing: str = ""
    drawing_revision: str = ""
    safety_characteristic: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryFacts:
    """The delivery and what came of it; None where the pieces are not counted yet."""

    order_number: str = ""
    delivered_on: date | None = None
    pieces_delivered: int | None = None
    pieces_complained: int | None = None
    pieces_returned: int | None = None


@dataclass(frozen=True, kw_only=True)
class StepProgress:
    """How far one step is, and when it was done or is due."""

    discipline: Discipline
    progress: Progress
    done_on: date | None = None
    due_at: datetime | None = None
    owner: str = ""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A version of the report that left the house, or this one."""

    revision: int
    issued_at: datetime
    content: str
    state: VersionState
    state_on: date | None = None
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportSignature:
    """A place for a signature; `signed_at` is None while nobody has signed."""

    place: SignaturePlace
    name: str = ""
    function: str = ""
    meaning: str = ""
    signed_at: datetime | None = None
    kind: SignatureKind = SignatureKind.ELECTRONIC


@dataclass(frozen=True, kw_only=True)
class AttachedRecord:
    """A record that goes with the report, by the number that the text quotes."""

    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class EightDReport:
    """One version of an 8D report, ready to be printed, reviewed or shown.

    `revision` counts the versions issued, this one included; 0 is a draft before the first issue.
    `content_sha256` is the hash of the record's content, 64 hex digits, given once it is frozen.
    """

    number: str
    revision: int
    kind: ReportKind
    state: PaperState
    company: str
    title: str
    complaint_number: str
    rma_number: str
    customer: CustomerFacts
    product: ProductFacts
    prepared_by: str
    created_at: datetime
    changed_at: datetime
    delivery: DeliveryFacts = field(default_factory=DeliveryFacts)
    progress: tuple[StepProgress, ...] = ()
    preparation: Preparation = field(default_factory=Preparation)
    team: Team = field(default_factory=Team)
    problem: Problem = field(default_factory=Problem)
    containment: InterimContainment = field(default_factory=InterimContainment)
    root_causes: RootCauses = field(default_factory=RootCauses)
    actions: CorrectiveActions = field(default_factory=CorrectiveActions)
    validation: Validation = field(default_factory=Validation)
    prevention: Prevention = field(default_factory=Prevention)
    returned_goods: ReturnedGoods | None = None
    closure: Closure = field(default_factory=Closure)
    revisions: tuple[Revision, ...] = ()
    signatures: tuple[ReportSignature, ...] = ()
    attached: tuple[AttachedRecord, ...] = ()
    frozen_at: datetime | None = None
    content_sha256: str = ""
