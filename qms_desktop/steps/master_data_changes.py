"""What an import would do: rows that are new, changed field by field, the same, or refused; and what compares them.

An empty cell changes nothing: the other system may only not know. What was removed from a file stays in the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from qms_desktop.db.bulk import insert_rows, tuples
from qms_desktop.db.record import change, take
from qms_desktop.errors import ChangedMeanwhile
from qms_desktop.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qms_desktop.db.master_data import Imported
    from qms_desktop.steps.master_data_rows import ImportKind

Key = tuple[object, ...]

CHANGED_SINCE = N_("Somebody else changed what this import compares with. Read the file again.")
YES, NO = N_("yes"), N_("no")
STAYS = N_(
    "{count} lines that were taken in today are not in this file and stay, the first: {first}. Where nothing lies any "
    "more, let the file say 0."
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record that a row would change; `label` is a source text, the values are as shown."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row of the file that is not known yet, by its line in the file."""

    row: int
    key: str


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row of the file that is known with other values."""

    row: int
    key: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of the file that cannot be taken, and why (a source text with its values)."""

    row: int
    key: str
    reason: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """Give the reason in the current language."""
        return _(self.reason).format(**dict(self.values))


@dataclass(frozen=True)
class EarlierImport:
    """The first import of the very same file: when (UTC), by which login, and under which name."""

    at: datetime
    by: str
    file_name: str


@dataclass(frozen=True)
class ImportPreview:
    """What an import of a file would do; `stays` names stored lines that the file leaves out."""

    kind: ImportKind
    new: tuple[NewRow, ...]
    changed: tuple[ChangedRow, ...]
    rows_same: int
    refused: tuple[RefusedRow, ...]
    earlier: EarlierImport | None
    stays: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Give what should be known before the import, in the current language."""
        return (_(STAYS).format(count=len(self.stays), first=self.stays[0]),) if self.stays else ()

    @property
    def rows_total(self) -> int:
        """Give the number of rows that were compared."""
        return len(self.new) + len(self.changed) + self.rows_same + len(self.refused)


@dataclass(frozen=True)
class ImportResult:
    """What an import did; `batch_id` is 0 when there was nothing to do.

    `imported_before` (UTC, ISO 8601) and `imported_before_by` tell of the first import of the very same file.
    """

    batch_id: int
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_refused: int
    imported_before: str = ""
    imported_before_by: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one row would do; no change and not new is the same."""

    is_new: bool = False
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one row cannot be taken."""

    reason: str
    values: tuple[tuple[str, str], ...] = ()


NEW, SAME = Verdict(is_new=True), Verdict()


class Importer(Protocol):
    """Takes in the rows of one kind: first compares all of them, then writes what is new or changed."""

    def plan(self, rows: Sequence[Any]) -> list[Verdict | Refusal]:
        """Compare rows with what is stored; one verdict a row, in order."""

    def key(self, row: Any) -> str:  # noqa: ANN401 - each importer has rows of its own
        """Name a row for people."""

    def write(self, batch_id: int) -> None:
        """Write what the plan found to be new or changed."""


def refused(reason: str, **values: object) -> Refusal:
    """Make a refusal with its values as shown."""
    return Refusal(reason, tuple((name, str(value)) for name, value in values.items()))


def joined(verdicts: Iterable[Verdict]) -> Verdict:
    """Make one verdict of those on the parts of a row; the first part is the record itself."""
    first, *others = verdicts
    if first.is_new:
        return NEW
    changes = [*first.changes, *(each for other in others for each in other.changes)]
    return Verdict(changes=tuple(changes)) if changes else SAME


def shown(value: object) -> str:
    """Give a stored or new value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _(YES if value else NO)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored row: id, version, and the values that are compared."""

    id: int
    version: int
    values: tuple[object, ...]


@dataclass
class Shelf:
    """The stored rows of one table by natural key, and what the rows of a file would do to them.

    `columns` are the fields that are compared, with their labels; in those of `empty_counts`, an empty cell counts.
    """

    model: type[Imported]
    columns: Mapping[str, str]
    empty_counts: frozenset[str] = frozenset()
    stored: dict[Key, Stored] = field(default_factory=dict)
    new: dict[Key, dict[str, object]] = field(default_factory=dict)
    changed: dict[Key, dict[str, object]] = field(default_factory=dict)
    ids: dict[Key, int] = field(default_factory=dict)

    def fill(self, key: Key, record_id: int, version: int, values: Sequence[object]) -> None:
        """Note a stored row; the values stand in the order of the columns."""
        self.stored[key] = Stored(record_id, version, tuple(values))
        self.ids[key] = record_id

    def put(self, key: Key, values: Mapping[str, object]) -> Verdict:
        """Compare one row with what is stored under its key, and note what it would do."""
        stored = self.stored.get(key)
        if stored is None:
            self.new.setdefault(key, dict(values))
            return NEW
        return self.compare(key, stored, values)

    def compare(self, key: Key, stored: Stored, values: Mapping[str, object]) -> Verdict:
        """Compare one row with a stored one, whatever its key."""
        different = {
            name: value
            for name, old in zip(self.columns, stored.values, strict=True)
            if name in values
            and (value := values[name]) != old
            and (value not in (None, "") or name in self.empty_counts)
        }
        if not different:
            return SAME
        self.changed.setdefault(key, {}).update(different)
        before = dict(zip(self.columns, stored.values, strict=True))
        return Verdict(
            changes=tuple(
                FieldChange(self.columns[name], shown(before[name]), shown(value)) for name, value in different.items()
            )
        )

    def write(self, batch_id: int, more: Callable[[Key], Mapping[str, object]] = lambda _key: {}) -> None:
        """Insert what is new and change what differs; `more` gives the columns that follow from the key."""
        for key, values in self.changed.items():
            update(self.model, self.stored[key], values)
        if not self.new:
            return
        rows = [{**values, **more(key)} for key, values in self.new.items()]
        insert(self.model, rows, batch_id)
        made = tuples(self.model.select(self.model.id).where(self.model.batch == batch_id).order_by(self.model.id))
        self.ids.update(zip(self.new, (record_id for (record_id,) in made), strict=True))


def update(model: type[Imported], stored: Stored, values: Mapping[str, object]) -> None:
    """Change one stored row; raises ChangedMeanwhile when it is not any more what was compared."""
    record = take(model, stored.id)
    if record.version != stored.version:
        raise ChangedMeanwhile(CHANGED_SINCE)
    change(record, **values)


def insert(model: type[Imported], rows: Sequence[Mapping[str, object]], batch_id: int) -> None:
    """Insert rows of one shape with their batch; an empty value becomes the column's default."""
    names = list(rows[0])
    defaults = [model._meta.fields[name].default for name in names]
    insert_rows(
        model,
        [*names, "batch"],
        (
            (
                *(default if row[name] is None else row[name] for name, default in zip(names, defaults, strict=True)),
                batch_id,
            )
            for row in rows
        ),
    )
