"""What belongs to what, over all tables: a row to the case of its records, and what is said of a record to its writers.

These guards are generated from the tables' own links and rights, so that a new table is fenced without a line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db import search, tables
from qms_desktop.db.guards import Fixed, Refusal, SameCase, changes_held
from qms_desktop.db.signed_content import signables
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qms_desktop.db.record import Record

# Who else keeps the clocks of a record: an 8D answers a complaint, the signed count starts the clock of the judgement.
_KEEP_TOO: dict[str, tuple[Permission, ...]] = {
    "complaint": (Permission.EIGHT_D_SEND,),
    "sorting_round": (Permission.RECEIPT_SIGN,),
}
_WITH_CLOCKS = ("complaint", "rma", "receipt", "sorting_round", "work_order", "claim", "eight_d", "recall")


def _by_kind(conditions: Mapping[str, str], *, otherwise: str = "FALSE") -> str:
    """Give a condition that depends on the row's kind."""
    cases = " ".join(f"WHEN '{kind}' THEN {condition}" for kind, condition in conditions.items())
    # In brackets: the server's IF ends at the first THEN outside of them.
    return f"(CASE NEW.kind {cases} ELSE {otherwise} END)"


def _of_its_case(table: str) -> str:
    """Give the condition that the record exists and lies in the row's case."""
    model = tables.BY_TABLE[table]
    own_case = "o.id" if table == "case_file" else "o.case_id" if tables.has_case(model) else "NULL"
    return (
        f"EXISTS (SELECT 1 FROM {table} o WHERE o.id = NEW.record_id AND NEW.case_id IS NOT DISTINCT FROM {own_case})"
    )


def _may_write(table: str, also: Iterable[Permission] = ()) -> str:
    permissions = dict.fromkeys((*tables.writers_of(table, tables.rights()), *also))
    return " OR ".join(f"qms_may('{permission}')" for permission in permissions)


SAME_CASE = SameCase(
    name="same_case",
    table="*",
    links={
        model._meta.table_name: tuple((f.column_name, f.rel_model._meta.table_name) for f in links)
        for model in tables.MODELS
        if (links := tables.links_within_case(model))
    },
    message=N_("What this belongs to lies in another case, or does not exist. Reload the page."),
    attacked_by="test_no_row_is_hung_into_a_foreign_case",
)


def _lasting_columns(model: type[Record]) -> tuple[str, ...]:
    table = model._meta.table_name
    links = ("case_id", *(field.column_name for field in tables.links_within_case(model)))
    return tuple(column for column in links if column not in changes_held(table))


STAYS_IN_ITS_CASE = Fixed(
    name="stays_in_its_case",
    table="*",
    columns={
        model._meta.table_name: columns
        for model in tables.MODELS
        if tables.has_case(model) and not tables.is_event(model) and not tables.is_machinery(model)
        and (columns := _lasting_columns(model))
    },
    message=N_("A record stays in its case, and with what it belongs to."),
    attacked_by="test_a_row_never_moves_to_another_case_or_record",
)  # fmt: skip


def _may_keep() -> str:
    """Give the condition under which somebody may write what a record is found by: he may write the record itself."""
    return _by_kind({k: f"({_may_write(table)}) AND {_of_its_case(table)}" for k, table in search.TABLES.items()})


FOUND_BY_ITS_OWN_WORDS, FOUND_WORDS_STAY_WITH_THEIR_RECORD = (
    Refusal(
        name=f"found_by_its_own_words_at_{on.lower()}",
        table="search_text",
        on=on,
        when=f"NOT {_may_keep()}",
        message=N_("What a record is found by is written with the record, by whoever may write that."),
        attacked_by="test_nobody_writes_what_foreign_records_are_found_by",
    )
    for on in ("INSERT", "UPDATE")
)
SIGNATURE_LIES_IN_ITS_CASE = Refusal(
    name="signature_lies_in_its_case",
    table="signature",
    on="INSERT",
    when=f"NOT {_by_kind({each.kind: _of_its_case(each.table) for each in signables()})}",
    message=N_("The signature belongs to the case of what is signed."),
    attacked_by="test_a_signature_lies_in_the_case_of_what_it_signs",
)
CLOCK_OF_ITS_RECORD = Refusal(
    name="clock_of_its_record",
    table="deadline",
    on="INSERT",
    when=f"NOT {_by_kind({table: _of_its_case(table) for table in _WITH_CLOCKS})}",
    message=N_("A deadline belongs to a record of its case."),
    attacked_by="test_a_deadline_belongs_to_a_record_of_its_case",
)
_KEEPS = _by_kind(
    {table: f"({_may_write(table, _KEEP_TOO.get(table, ()))})" for table in _WITH_CLOCKS}, otherwise="TRUE"
)
CLOCKS_ARE_SET_BY_THEIR_OWN, CLOCKS_ARE_STOPPED_BY_THEIR_OWN = (
    Refusal(
        name=f"deadline_is_kept_by_its_own_at_{on.split()[0].lower()}",
        table="deadline",
        on=on,
        when=f"NOT {_KEEPS}",
        message=N_("The deadlines of a record are kept by those who work on it."),
        attacked_by="test_nobody_stops_the_clock_of_somebody_elses_work",
    )
    for on in ("INSERT", "UPDATE OF state, met_at, extended_to, extension_reason")
)
