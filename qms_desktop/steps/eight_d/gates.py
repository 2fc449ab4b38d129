"""The gates before a version: for each, what is missing, where, and how to mend it (domain.md §6.8).

The database holds the same gates as triggers (db/eight_d/gates.py); a verb refuses through them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db import eight_d as db
from qms_desktop.db.eight_d import EightD, EightDText, Nature, ReportKind, Section
from qms_desktop.db.eight_d.gates import D2_FIELDS
from qms_desktop.db.record import take
from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Permission
from qms_desktop.steps.eight_d_content import CauseKind, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.db.eight_d import EightDRow
    from qms_desktop.db.guards import Refusal
    from qms_desktop.session import Session

_ALL = (ReportKind.THREE_D, ReportKind.FIVE_D, ReportKind.EIGHT_D)
_WITH_CAUSES = (ReportKind.FIVE_D, ReportKind.EIGHT_D)
_WHOLE_BASIS_POINTS = 10_000


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: where (`D3.transit`), and what, translated when shown."""

    where: str
    template: str
    values: dict[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Give the sentence in the current language."""
        return _(self.template).format(**self.values)


@dataclass(frozen=True)
class Gate:
    """An open gate: its name, its section, the kinds of version that it stops, what is missing, and how to mend it."""

    name: str
    section: Section
    stops: tuple[ReportKind, ...]
    missing: tuple[Missing, ...]
    mend: str


def _rows(model: type[EightDRow], report: EightD) -> list[EightDRow]:
    return list(model.select().where((model.eight_d == report) & ~model.is_removed).order_by(model.position))


def _leader(report: EightD) -> list[Missing]:
    return [] if report.leader_id else [Missing("D1.leader", N_("The report has no leader."))]


D2_WORDS = {
    "date_code": N_("The date code is missing."),
    "lot": N_("The lot is missing."),
    "reported_at": N_("The date of the customer's report is missing."),
    "requirement": N_("The specification required is missing."),
    "repeat": N_("It is not said whether this happens for the first time or again."),
}


def _problem(report: EightD) -> list[Missing]:
    texts = EightDText.select().where((EightDText.eight_d == report) & (EightDText.section == Section.D2))
    filled = {text.field for text in texts if text.text}
    return [Missing(f"D2.{name}", D2_WORDS[name]) for name in D2_FIELDS if name not in filled]


def _measures(report: EightD) -> list[Missing]:
    wanted = (
        ("started_on", N_("The measure at “{place}” has no date.")),
        ("method", N_("The measure at “{place}” has no inspection method.")),
        ("checked", N_("The measure at “{place}” has no pieces checked.")),
        ("not_ok", N_("The measure at “{place}” has no pieces not OK.")),
    )
    return [
        Missing(f"D3.{row.place}.{name}", sentence, {"place": row.place})
        for row in _rows(db.EightDSuspect, report)
        if row.quantity
        for name, sentence in wanted
        if getattr(row, name) in (None, "")
    ]


def _places(report: EightD) -> list[Missing]:
    answered = {row.place for row in _rows(db.EightDSuspect, report) if row.quantity or row.none_because}
    sentence = N_("“{place}” is not answered: neither a quantity nor “none, because”.")
    return [Missing(f"D3.{place}", sentence, {"place": str(place)}) for place in Place if place not in answered]


def _causes(report: EightD) -> list[Missing]:
    with_whys = {row.cause_code for row in _rows(db.EightDWhy, report)}
    causes = _rows(db.EightDCause, report)
    kinds = {cause.kind for cause in causes if cause.code in with_whys}
    lacking = [
        Missing(f"D4.{kind}", N_("There is no root cause of {kind} with its whys."), {"kind": str(kind)})
        for kind in (CauseKind.OCCURRENCE, CauseKind.ESCAPE)
        if kind not in kinds
    ]
    return lacking + [
        Missing(f"D4.{cause.code}", N_("Cause {code} has no chain of whys."), {"code": cause.code})
        for cause in causes
        if cause.code not in with_whys
    ]


def _shares(report: EightD) -> list[Missing]:
    by_kind: dict[str, list[int | None]] = defaultdict(list)
    for cause in _rows(db.EightDCause, report):
        by_kind[cause.kind].append(cause.share_basis_points)
    sentence = N_("The shares of {kind} add up to {percent} %, not 100 %.")
    return [
        Missing(f"D4.{kind}", sentence, {"kind": kind, "percent": f"{sum(s or 0 for s in shares) / 100:g}"})
        for kind, shares in by_kind.items()
        if (len(shares) > 1 or shares[0] is not None) and sum(s or 0 for s in shares) != _WHOLE_BASIS_POINTS
    ]


def _actions(report: EightD) -> list[Missing]:
    acted_on = {code for action in _rows(db.EightDAction, report) for code in action.causes.split(",")}
    return [
        Missing(f"D5.{cause.code}", N_("No action removes cause {code}."), {"code": cause.code})
        for cause in _rows(db.EightDCause, report)
        if cause.code not in acted_on
    ]


def _prevention(report: EightD) -> list[Missing]:
    sentence = N_("Action {number} is inspection or an audit: it prevents nothing.")
    return [
        Missing(f"D7.{row.number}", sentence, {"number": row.number})
        for row in _rows(db.EightDPrevention, report)
        if row.nature in (Nature.INSPECTION, Nature.AUDIT)
    ]


@dataclass(frozen=True)
class _Rule:
    guard: Refusal
    section: Section
    stops: tuple[ReportKind, ...]
    look: Callable[[EightD], list[Missing]]
    mend: str


_RULES = (
    _Rule(db.LEADER_IS_SET, Section.D1, _ALL, _leader, N_("Name the leader at the head of the report.")),
    _Rule(db.D2_IS_COMPLETE, Section.D2, _ALL, _problem,
          N_("Fill the fields in D2; ask sales for what the customer knows.")),
    _Rule(db.MEASURES_ARE_RECORDED, Section.D3, _ALL, _measures,
          N_("Enter date, method and result of each measure in D3.")),
    _Rule(db.SIX_PLACES_ARE_ANSWERED, Section.D3, _ALL, _places,
          N_("Give each place a quantity, or write why there is none.")),
    _Rule(db.CAUSES_HAVE_WHYS, Section.D4, _WITH_CAUSES, _causes,
          N_("Ask why it was made and why it was not found, down to the root, each with evidence.")),
    _Rule(db.SHARES_ADD_UP, Section.D4, _WITH_CAUSES, _shares, N_("Weigh the causes of each kind anew.")),
    _Rule(db.ACTION_FOR_EACH_CAUSE, Section.D5, _WITH_CAUSES, _actions, N_("Choose an action for the cause in D5.")),
    _Rule(db.PREVENTION_IS_NOT_INSPECTION, Section.D7, (ReportKind.EIGHT_D,), _prevention,
          N_("Take it out, or put a change of process, design or system there.")),
)  # fmt: skip


@reading(Permission.READ)
def open_gates(session: Session, *, eight_d_id: int, kind: ReportKind | None = None) -> tuple[Gate, ...]:
    """Give the gates that are open now, all of them or those that stop one kind of version."""
    return gates_of(take(EightD, eight_d_id), kind)


def gates_of(report: EightD, kind: ReportKind | None = None) -> tuple[Gate, ...]:
    """Give the open gates of a report."""
    found = ((rule, rule.look(report)) for rule in _RULES if kind is None or kind in rule.stops)
    return tuple(
        Gate(rule.guard.name, rule.section, rule.stops, tuple(missing), rule.mend) for rule, missing in found if missing
    )


def refuse_at_open_gates(report: EightD, kind: ReportKind) -> None:
    """Refuse through the first open gate of this kind of version."""
    for rule in _RULES:
        if kind in rule.stops and rule.look(report):
            rule.guard.refuse()
