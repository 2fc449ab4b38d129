"""All tables of the program in the order in which they are created, and what their modules declare for the fence."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from peewee import ForeignKeyField

from qms_desktop.db import (
    attachment,
    case,
    claim,
    claim_approval,
    claim_execution,
    complaint,
    deadline_deeds,
    foundation,
    inspection,
    master_data,
    master_data_rates,
    quality_cost,
    recall,
    receipt,
    receipt_label,
    rework,
    rework_effort,
    rma,
    rma_approval,
    search,
    sorting,
    sorting_disposition,
    statistics,
    stored_file,
)
from qms_desktop.db.eight_d import content as eight_d_content
from qms_desktop.db.eight_d import fence as eight_d_fence
from qms_desktop.db.eight_d import gates as eight_d_gates
from qms_desktop.db.eight_d import report as eight_d_report
from qms_desktop.db.record import Event, Record, Versioned
from qms_desktop.db.rights import Right
from qms_desktop.db.signed_content import content_query, signables
from qms_desktop.db.sqlite_functions import CONTENT_QUERIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qms_desktop.db.guards import Transition
    from qms_desktop.permissions import Permission

# A module stands after those whose tables it refers to.
MODULES = (
    foundation,
    search,
    stored_file,
    master_data,
    master_data_rates,
    case,
    attachment,
    complaint,
    rma,
    rma_approval,
    receipt,
    receipt_label,
    sorting,
    sorting_disposition,
    rework,
    rework_effort,
    inspection,
    claim,
    claim_approval,
    claim_execution,
    quality_cost,
    eight_d_report,
    eight_d_content,
    eight_d_fence,
    eight_d_gates,
    recall,
    statistics,
    deadline_deeds,
)
_ABSTRACT = (eight_d_content.EightDRow, master_data.Imported, case.CaseRecord, case.CaseEvent, Event, Versioned, Record)

MODELS: tuple[type[Record], ...] = tuple(
    model
    for module in MODULES
    for model in vars(module).values()
    if isinstance(model, type)
    and issubclass(model, Record)
    and model.__module__ == module.__name__
    and model not in _ABSTRACT
)
BY_TABLE: dict[str, type[Record]] = {model._meta.table_name: model for model in MODELS}
TRANSITIONS: tuple[Transition, ...] = tuple(
    chain.from_iterable(getattr(module, "TRANSITIONS", ()) for module in MODULES)
)
NUMBERED: dict[str, tuple[str, str]] = {
    table: numbered for module in MODULES for table, numbered in getattr(module, "NUMBERED", {}).items()
}
SERIALS: dict[str, tuple[str, str]] = {
    table: numbered for module in MODULES for table, numbered in getattr(module, "SERIALS", {}).items()
}

# A file's connection answers qms_content_hash by these; the server has them in a function of its own.
CONTENT_QUERIES.update({signable.kind: content_query(signable, BY_TABLE, server=False) for signable in signables()})


def starting_rows() -> dict[type[Record], tuple[dict[str, object], ...]]:
    """Give the rows that a new database begins with, and that the plant may change afterwards."""
    return {model: rows for module in MODULES for model, rows in getattr(module, "STARTING_ROWS", {}).items()}


def rights() -> dict[Permission, tuple[Right, ...]]:
    """Give what each permission may write, gathered from all steps."""
    gathered: dict[Permission, tuple[Right, ...]] = {}
    for module in MODULES:
        for permission, given in getattr(module, "RIGHTS", {}).items():
            gathered[permission] = (*gathered.get(permission, ()), *given)
    for table in search.TABLES.values():
        for permission in writers_of(table, gathered):
            gathered[permission] = (*gathered[permission], *search.KEEPING)
    return gathered


def writers_of(table: str, given: Mapping[Permission, tuple[Right, ...]]) -> tuple[Permission, ...]:
    """Give the permissions that write a table, among the rights that each permission gives."""
    return tuple(
        permission
        for permission, rights_given in given.items()
        if any(right.subject == table and right.privilege in ("INSERT", "UPDATE") for right in rights_given)
    )


def is_machinery(model: type[Record]) -> bool:
    """Tell whether a table belongs to the fence itself: not audited, not granted with the others."""
    return bool(getattr(model._meta, "is_machinery", False))


def is_money(model: type[Record]) -> bool:
    """Tell whether a table is need-to-know because it holds prices or costs."""
    return bool(getattr(model._meta, "is_money", False))


def money_tables() -> list[str]:
    """Give the names of the need-to-know tables."""
    return [model._meta.table_name for model in MODELS if is_money(model)]


def audits_inserts(model: type[Record]) -> bool:
    """Tell whether each new row is audited; imported rows are audited by their batch."""
    return bool(getattr(model._meta, "audit_inserts", True))


def is_event(model: type[Record]) -> bool:
    """Tell whether rows are never changed by anybody who works."""
    is_changing = bool(getattr(model._meta, "is_changing", False))
    return issubclass(model, Event) and not issubclass(model, Versioned) and not is_changing


def has_case(model: type[Record]) -> bool:
    """Tell whether a row points to its case."""
    return any(field.column_name == "case_id" for field in model._meta.sorted_fields)


def links_within_case(model: type[Record]) -> tuple[ForeignKeyField, ...]:
    """Give the links to records that lie in the same case; `across_cases` names those that may lead elsewhere."""
    if not has_case(model):
        return ()
    across = getattr(model._meta, "across_cases", ())
    return tuple(
        field
        for field in model._meta.sorted_fields
        if isinstance(field, ForeignKeyField) and has_case(field.rel_model) and field.name not in across
    )


def lockers_of(table: str) -> str:
    """Give, divided by blanks, the permissions that may lock a table's rows: to write them, what links to them, or so.

    A permission that locks what it does not write says so by `rights.takes`.
    """
    linked = {
        model._meta.table_name
        for model in MODELS
        for field in model._meta.sorted_fields
        if isinstance(field, ForeignKeyField) and field.rel_model._meta.table_name == table
    }
    given = rights()
    writers = (permission for each in sorted({table, *linked}) for permission in writers_of(each, given))
    takers = (permission for permission, those in given.items() if Right("LOCK", table) in those)
    return " ".join(dict.fromkeys((*writers, *takers)))
