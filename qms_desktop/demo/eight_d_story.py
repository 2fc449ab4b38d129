"""Reads the 8D report of the demo story in one language, and makes its first-day draft from it."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, cast, get_args, get_origin, get_type_hints

from qms_desktop import files
from qms_desktop.steps import eight_d_content as content

_PLANT = timezone(timedelta(hours=8))
_TYPES = {name: getattr(content, name) for name in content.__all__} | {
    "date": date,
    "datetime": datetime,
    "Decimal": Decimal,
}


@cache
def story(language: str) -> content.EightDReport:
    """Give the report of the story; the Traditional paper carries the Simplified text."""
    source = (files.resources() / "demo" / "story_eight_d.toml").read_bytes()
    told = tomllib.loads(source.decode(), parse_float=Decimal)
    names = told.pop("names") if language == "en" else {}
    told.pop("names", None)
    report = cast(
        "content.EightDReport", _Reader("en" if language == "en" else "zh", names).read(content.EightDReport, told)
    )
    return replace(report, content_sha256=hashlib.sha256(source).hexdigest())


@cache
def first_day(language: str) -> content.EightDReport:
    """Give the same report as it looks on its first day: a draft with little in it."""
    whole = story(language)
    carton = whole.problem.photos[3]
    leader = next(member for member in whole.team.members if member.role is content.TeamRole.LEADER)
    told = {content.Question.WHAT, content.Question.WHERE}
    urgency = whole.preparation.urgency.partition("。" if language != "en" else ".")
    customer = replace(
        whole.containment.places[0], quantity=800, checked=None, ok=None, not_ok=None, method="", evidence=""
    )
    return replace(
        whole,
        revision=0,
        kind=content.ReportKind.THREE_D,
        state=content.PaperState.DRAFT,
        product=replace(whole.product, drawing="", drawing_revision=""),
        delivery=replace(whole.delivery, pieces_returned=None),
        progress=tuple(_first_day_step(discipline, leader.name) for discipline in content.Discipline),
        preparation=replace(
            whole.preparation,
            effect="",
            safety=None,
            recall_number="",
            safety_note="",
            urgency=urgency[0] + urgency[1],
            emergency_actions=(),
        ),
        team=content.Team(members=(replace(leader, duty=""),)),
        problem=content.Problem(
            customer_words=whole.problem.customer_words,
            reported_at=whole.problem.reported_at,
            found_at=whole.problem.found_at,
            repeat=whole.problem.repeat,
            repeat_note=whole.problem.repeat_note,
            answers=tuple(answer for answer in whole.problem.answers if answer.question in told),
            photos=(carton,),
        ),
        containment=content.InterimContainment(places=(replace(customer, in_force_on=None),)),
        root_causes=content.RootCauses(),
        actions=content.CorrectiveActions(),
        validation=content.Validation(),
        prevention=content.Prevention(),
        returned_goods=None,
        closure=content.Closure(),
        revisions=(),
        signatures=(
            replace(whole.signatures[0], signed_at=None),
            replace(whole.signatures[1], name="", function="", signed_at=None),
            replace(whole.signatures[2], name="", signed_at=None),
        ),
        attached=(),
        frozen_at=None,
        content_sha256="",
    )


def bare() -> content.EightDReport:
    """Give a report that holds nothing but its numbers."""
    opened = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    return content.EightDReport(
        number="8D20261103001",
        revision=0,
        kind=content.ReportKind.THREE_D,
        state=content.PaperState.DRAFT,
        company="Demo Gas Springs Co., Ltd.",
        title="Gas spring YQ-22",
        complaint_number="C20261103001",
        rma_number="",
        customer=content.CustomerFacts(number="C1001", name="Huadong Yuanhang"),
        product=content.ProductFacts(part_number="YQ-22", model="B781 242N", lot="L2610A", unit="pcs"),
        prepared_by="Xu Lan",
        created_at=opened,
        changed_at=opened,
    )


def _first_day_step(discipline: content.Discipline, owner: str) -> content.StepProgress:
    evening = datetime(2026, 11, 3, 21, 12, tzinfo=_PLANT)
    causes_due = datetime(2026, 11, 12, 23, 59, tzinfo=_PLANT)
    if discipline is content.Discipline.D1:
        return content.StepProgress(
            discipline=discipline, progress=content.Progress.DONE, done_on=date(2026, 11, 3), owner=owner
        )
    if discipline in {content.Discipline.D0, content.Discipline.D2, content.Discipline.D3}:
        return content.StepProgress(discipline=discipline, progress=content.Progress.OPEN, due_at=evening, owner=owner)
    due = causes_due if discipline in {content.Discipline.D4, content.Discipline.D5} else None
    return content.StepProgress(
        discipline=discipline, progress=content.Progress.NOT_BEGUN, due_at=due, owner=owner if due else ""
    )


class _Reader:
    """Turns tables of TOML into the frozen content, choosing one language of each text."""

    def __init__(self, language: str, names: dict[str, str]) -> None:
        self._language = language
        self._names = names

    def read(self, kind: Any, told: Any) -> object:  # noqa: ANN401 - types and TOML are as they come
        optional = [part for part in get_args(kind) if part is not NoneType]
        if optional and NoneType in get_args(kind):
            return self.read(optional[0], told)
        if get_origin(kind) is tuple:
            return tuple(self.read(get_args(kind)[0], part) for part in told)
        if is_dataclass(kind):
            return self._table(kind, told)
        if kind is bytes:
            return (files.resources() / "demo" / self._text(told)).read_bytes()
        if kind is str:
            return self._text(told)
        if isinstance(kind, type) and issubclass(kind, (Enum, Decimal)):
            return kind(told)
        if not isinstance(told, kind):
            message = f"{told!r} is no {kind}"
            raise TypeError(message)
        return told

    def _table(self, kind: Any, told: dict[str, Any]) -> object:  # noqa: ANN401 - the same
        hints = get_type_hints(kind, localns=_TYPES)
        unknown = set(told) - {field.name for field in fields(kind)}
        if unknown:
            message = f"{kind.__name__} has no {sorted(unknown)}"
            raise TypeError(message)
        return kind(**{name: self.read(hints[name], part) for name, part in told.items()})

    def _text(self, told: str | dict[str, str]) -> str:
        text = told[self._language] if isinstance(told, dict) else told
        return self._names.get(text, text)
