"""The catalogue of invariants that the database holds against everybody (database.md §1).

A guard is written once, in SQL that both databases understand, beside the tables that it protects (db/x.py). Here are
the kinds of guard, the two forms that each one takes, and the way back from a database's error to the guard's sentence.
A verb refuses through the same guard: `CARTON_COUNTED_ONCE.refuse(...)`.

In a condition, NEW and OLD are the row; `qms_may`, `qms_holds`, `qms_user`, `qms_now`, `qms_today` and
`qms_content_hash` exist on both databases.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NoReturn

from qms_desktop.errors import Refused
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = qms, pg_catalog, pg_temp"
# In a file, where nobody has rights of his own, a trigger that writes a total leaves a mark while it is at work. Only
# triggers may write the mark (sqlite_functions): no statement of a person's own can, whatever it calls itself. The mark
# points at a row that never is, by a link that is looked at when everything is saved: of a trigger that was stopped
# half-way nothing is saved, even by a statement that keeps what was written so far (OR FAIL).
MARK = "trigger_at_work"
MARK_TABLE = (
    f"CREATE TABLE IF NOT EXISTS {MARK} (id INTEGER PRIMARY KEY,"
    f" is_open INTEGER NOT NULL REFERENCES {MARK} (id) DEFERRABLE INITIALLY DEFERRED) STRICT"
)
AT_WORK = f"INSERT INTO {MARK} (is_open) VALUES (-1)"
DONE = f"DELETE FROM {MARK} WHERE id = (SELECT max(id) FROM {MARK})"
_catalogue: dict[str, Guard] = {}


@dataclass(frozen=True, kw_only=True)
class Guard:
    """An invariant: its name, its table, the sentence for the user, and the test that attacks it.

    `message` stands alone; `detail` says the same with figures, for a verb that knows them.
    """

    name: str
    table: str
    message: str
    detail: str = ""
    attacked_by: str

    def __post_init__(self) -> None:
        """Enter the guard into the catalogue; two of one name are a fault of the program."""
        if self.name in _catalogue:
            message = f"two guards are called {self.name}"
            raise ValueError(message)
        _catalogue[self.name] = self

    def error(self, **values: Any) -> Refused:  # noqa: ANN401 - whatever the sentence shows
        """Give the refusal, with figures where the verb knows them."""
        return Refused(self.detail if values and self.detail else self.message, **values)

    def refuse(self, **values: Any) -> NoReturn:  # noqa: ANN401 - whatever the sentence shows
        """Raise the refusal."""
        raise self.error(**values)

    def postgresql(self) -> list[str]:
        """Give the statements that put the guard up on PostgreSQL."""
        raise NotImplementedError

    def sqlite(self) -> list[str]:
        """Give the statements that put the guard up on SQLite."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Check(Guard):
    """A condition on one row, held by a CHECK in the table's own definition."""

    expression: str

    def clause(self) -> str:
        """Give the constraint as it stands in CREATE TABLE, the same on both databases."""
        return f"CONSTRAINT {self.name} CHECK ({self.expression})"

    def postgresql(self) -> list[str]:
        """Give nothing more: the table's definition holds it."""
        return []

    def sqlite(self) -> list[str]:
        """Give nothing more: the table's definition holds it."""
        return []


@dataclass(frozen=True, kw_only=True)
class Unique(Guard):
    """Columns that occur together only once, where a condition holds."""

    columns: tuple[str, ...]
    where: str = ""

    def postgresql(self) -> list[str]:
        """Give the unique index."""
        where = f" WHERE {self.where}" if self.where else ""
        return [f"CREATE UNIQUE INDEX IF NOT EXISTS {self.name} ON {self.table} ({', '.join(self.columns)}){where}"]

    def sqlite(self) -> list[str]:
        """Give the same unique index."""
        return self.postgresql()


@dataclass(frozen=True, kw_only=True)
class Refusal(Guard):
    """A trigger that refuses an INSERT, UPDATE [OF columns] or DELETE when a condition holds."""

    on: str
    when: str

    def postgresql(self) -> list[str]:
        """Give the trigger function, as definer so that it sees what the clerk may not, and the trigger."""
        row = "OLD" if self.on == "DELETE" else "NEW"
        return [
            f"CREATE OR REPLACE FUNCTION guard_{self.name}() RETURNS trigger {DEFINER} AS $guard$ BEGIN"
            f" IF {self.when} THEN RAISE EXCEPTION '{self.name}' USING ERRCODE = 'QM001'; END IF;"
            f" RETURN {row}; END $guard$",
            f"CREATE OR REPLACE TRIGGER guard_{self.name} BEFORE {self.on} ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION guard_{self.name}()",
        ]

    def sqlite(self) -> list[str]:
        """Give the trigger; RAISE takes only a literal, so it raises the name alone."""
        return [
            f"DROP TRIGGER IF EXISTS guard_{self.name}",
            f"CREATE TRIGGER guard_{self.name} BEFORE {self.on} ON {self.table} FOR EACH ROW WHEN {self.when}"
            f" BEGIN SELECT RAISE(ABORT, 'QM001 {self.name}'); END",
        ]


@dataclass(frozen=True, kw_only=True)
class Applied(Guard):
    """A total that a trigger moves when an event is inserted or a state changes, and that must find its row.

    `UPDATE total = total + n` under a CHECK is exact under any load; a sum over child rows is not (database.md §1).
    """

    on: str
    statement: str
    when: str = ""
    must_touch: bool = True

    def postgresql(self) -> list[str]:
        """Give the trigger function and the trigger."""
        missing = (
            f" IF NOT FOUND THEN RAISE EXCEPTION '{self.name}' USING ERRCODE = 'QM001'; END IF;"
            if self.must_touch
            else ""
        )
        body = f"{self.statement};{missing}"
        if self.when:
            body = f"IF {self.when} THEN {body} END IF;"
        return [
            f"CREATE OR REPLACE FUNCTION apply_{self.name}() RETURNS trigger {DEFINER} AS $guard$ BEGIN {body}"
            " RETURN NULL; END $guard$",
            f"CREATE OR REPLACE TRIGGER {self._trigger()} AFTER {self.on} ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION apply_{self.name}()",
        ]

    def _trigger(self) -> str:
        """Name the server's trigger; triggers of one event fire by name.

        The audit (`z_audit`) of a change comes before that of what the change moves in its own row, or the trail would
        end with the older row.
        """
        moves_itself = self.statement.startswith(f"UPDATE {self.table} ")
        return f"zz_apply_{self.name}" if moves_itself else f"apply_{self.name}"

    def sqlite(self) -> list[str]:
        """Give the trigger, at work under its mark; `changes()` counts the rows of the statement before."""
        missing = f" SELECT RAISE(ABORT, 'QM001 {self.name}') WHERE changes() = 0;" if self.must_touch else ""
        when = f" WHEN {self.when}" if self.when else ""
        return [
            f"DROP TRIGGER IF EXISTS apply_{self.name}",
            f"CREATE TRIGGER apply_{self.name} AFTER {self.on} ON {self.table} FOR EACH ROW{when}"
            f" BEGIN {AT_WORK}; {self.statement};{missing} {DONE}; END",
        ]


@dataclass(frozen=True, kw_only=True)
class Kept(Guard):
    """Rows that are never deleted and, where they are events, never changed, for everyone who works."""

    tables: tuple[str, ...]
    on: str

    def postgresql(self) -> list[str]:
        """Give one function, and a trigger a table; TRUNCATE is refused with DELETE."""
        statements = [
            f"CREATE OR REPLACE FUNCTION guard_{self.name}() RETURNS trigger {DEFINER} AS $guard$ BEGIN"
            f" RAISE EXCEPTION '{self.name}' USING ERRCODE = 'QM001'; END $guard$"
        ]
        for table in self.tables:
            statements.append(
                f"CREATE OR REPLACE TRIGGER guard_{self.name} BEFORE {self.on} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION guard_{self.name}()"
            )
            if self.on == "DELETE":
                statements.append(
                    f"CREATE OR REPLACE TRIGGER guard_{self.name}_all BEFORE TRUNCATE ON {table}"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION guard_{self.name}()"
                )
        return statements

    def sqlite(self) -> list[str]:
        """Give a trigger a table."""
        return [
            statement
            for table in self.tables
            for statement in (
                f"DROP TRIGGER IF EXISTS guard_{self.name}_{table}",
                f"CREATE TRIGGER guard_{self.name}_{table} BEFORE {self.on} ON {table} FOR EACH ROW"
                f" BEGIN SELECT RAISE(ABORT, 'QM001 {self.name}'); END",
            )
        ]


@dataclass(frozen=True, kw_only=True)
class SameCase(Guard):
    """Links between records of a case, by table: (column, the other table). Both ends lie in the same case.

    On PostgreSQL it is the foreign key itself, over the link and the case, so that it costs no second look-up.
    """

    links: dict[str, tuple[tuple[str, str], ...]]

    def clauses(self, table: str) -> list[str]:
        """Give the foreign keys as they stand in CREATE TABLE on PostgreSQL, and what the others refer to."""
        made = [
            f"CONSTRAINT {self.constraint(table, column)} FOREIGN KEY ({column}, case_id)"
            f" REFERENCES {other} (id, case_id)"
            for column, other in self.links.get(table, ())
        ]
        is_asked = any(other == table for links in self.links.values() for _column, other in links)
        return [*made, *([f"CONSTRAINT {table}_id_case UNIQUE (id, case_id)"] if is_asked else [])]

    def constraint(self, table: str, column: str) -> str:
        """Name the foreign key of a link."""
        return f"{self.name}_{table}_{column}"

    def answers(self, constraint: str) -> bool:
        """Tell whether a constraint of the server is one of its foreign keys."""
        return any(
            constraint == self.constraint(table, column) for table, links in self.links.items() for column, _ in links
        )

    def postgresql(self) -> list[str]:
        """Give nothing more: the table's definition holds it."""
        return []

    def sqlite(self) -> list[str]:
        """Give a trigger a table: a file's foreign keys stop a row without a word about which of them it was."""
        made = []
        for table, links in self.links.items():
            wrong = " OR ".join(
                f"NEW.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o.id = NEW.{column}"
                " AND o.case_id = NEW.case_id)"
                for column, other in links
            )
            made += [
                f"DROP TRIGGER IF EXISTS guard_{self.name}_{table}",
                f"CREATE TRIGGER guard_{self.name}_{table} BEFORE INSERT ON {table} FOR EACH ROW WHEN {wrong}"
                f" BEGIN SELECT RAISE(ABORT, 'QM001 {self.name}'); END",
            ]
        return made


@dataclass(frozen=True, kw_only=True)
class Fixed(Guard):
    """Columns, by table, that keep the value with which their row was inserted."""

    columns: dict[str, tuple[str, ...]]

    def _changed(self, table: str) -> str:
        return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in self.columns[table])

    def postgresql(self) -> list[str]:
        """Give one function, and a trigger a table."""
        return [
            f"CREATE OR REPLACE FUNCTION guard_{self.name}() RETURNS trigger {DEFINER} AS $guard$ BEGIN"
            f" RAISE EXCEPTION '{self.name}' USING ERRCODE = 'QM001'; END $guard$",
            *(
                f"CREATE OR REPLACE TRIGGER guard_{self.name} BEFORE UPDATE OF {', '.join(columns)} ON {table}"
                f" FOR EACH ROW WHEN ({self._changed(table)}) EXECUTE FUNCTION guard_{self.name}()"
                for table, columns in self.columns.items()
            ),
        ]

    def sqlite(self) -> list[str]:
        """Give a trigger a table."""
        return [
            statement
            for table, columns in self.columns.items()
            for statement in (
                f"DROP TRIGGER IF EXISTS guard_{self.name}_{table}",
                f"CREATE TRIGGER guard_{self.name}_{table} BEFORE UPDATE OF {', '.join(columns)} ON {table}"
                f" FOR EACH ROW WHEN {self._changed(table)} BEGIN SELECT RAISE(ABORT, 'QM001 {self.name}'); END",
            )
        ]


@dataclass(frozen=True, kw_only=True)
class ProgramsOwn(Guard):
    """Tables of the fence itself, which other tools must not write.

    On PostgreSQL nobody is granted them. In a file their triggers call a function that only the program brings along.
    """

    tables: tuple[str, ...]

    def postgresql(self) -> list[str]:
        """Give nothing: db/grants.py leaves these tables out, and a test compares."""
        return []

    def sqlite(self) -> list[str]:
        """Give a trigger for each way of writing, a table."""
        return [
            statement
            for table in self.tables
            for way in ("INSERT", "UPDATE", "DELETE")
            for statement in (
                f"DROP TRIGGER IF EXISTS guard_{self.name}_{way.lower()}_{table}",
                f"CREATE TRIGGER guard_{self.name}_{way.lower()}_{table} BEFORE {way} ON {table} FOR EACH ROW"
                f" WHEN NOT qms_is_program() BEGIN SELECT RAISE(ABORT, 'QM001 {self.name}'); END",
            )
        ]


@dataclass(frozen=True, kw_only=True)
class ServerColumns(Guard):
    """Columns that only the database itself fills: who, when, numbers and totals.

    On PostgreSQL nobody is granted them. A file has no grants: its triggers ask whether another one is at work.
    """

    columns: dict[str, tuple[str, ...]]

    def postgresql(self) -> list[str]:
        """Give nothing: db/grants.py leaves these columns out, and a test compares."""
        return []

    def sqlite(self) -> list[str]:
        """Give a trigger for what may not be inserted, and one for what may not be changed, a table."""
        made = []
        for table, columns in self.columns.items():
            wrong = " OR ".join(_wrong_at_insert(column) for column in columns)
            listed = ", ".join(columns)
            made += [
                f"DROP TRIGGER IF EXISTS guard_{self.name}_{table}",
                f"CREATE TRIGGER guard_{self.name}_{table} BEFORE INSERT ON {table} FOR EACH ROW WHEN {wrong}"
                f" BEGIN SELECT RAISE(ABORT, 'QM001 {self.name}'); END",
                f"DROP TRIGGER IF EXISTS guard_{self.name}_kept_{table}",
                f"CREATE TRIGGER guard_{self.name}_kept_{table} BEFORE UPDATE OF {listed} ON {table} FOR EACH ROW"
                f" WHEN NOT EXISTS (SELECT 1 FROM {MARK}) BEGIN SELECT RAISE(ABORT, 'QM001 {self.name}'); END",
            ]
        return made


def _wrong_at_insert(column: str) -> str:
    if column == "created_by":
        return "NEW.created_by IS DISTINCT FROM qms_user()"
    if column == "created_at":
        # The default was read a moment before this trigger reads the clock again.
        return "abs(julianday(NEW.created_at) - julianday(qms_now())) > 0.0005"
    if column == "salt":
        return "length(NEW.salt) <> 32"
    return f"coalesce(NEW.{column}, 0) <> 0"


@dataclass(frozen=True, kw_only=True)
class Announced(Guard):
    """A refusal that a function of the database raises by name; it has its sentence here."""

    def postgresql(self) -> list[str]:
        """Give nothing: the function holds it."""
        return []

    def sqlite(self) -> list[str]:
        """Give nothing: the function holds it."""
        return []


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A step that a state may take: from which to which word, and the permission that it needs."""

    kind: str
    column: str
    start: str
    end: str
    permission: str


ILLEGAL_TRANSITION = N_(
    "This step is not possible now, or not yours to take. Reload the page to see the present state."
)
ILLEGAL_TRANSITION_DETAIL = N_(
    "{number} is “{start}”; it cannot become “{end}” from there, or your role may not do it."
)


def state_guards(table: str, column: str, attacked_by: str) -> tuple[Guard, Guard]:
    """Make the two guards of a state column: how it begins, and which steps it may take, by whom."""
    allowed = (
        f"SELECT 1 FROM transition t WHERE t.kind = '{table}' AND t.column_name = '{column}'"
        f" AND t.end_state = NEW.{column} AND qms_may(t.permission)"
    )
    begins = Refusal(
        name=f"{table}_{column}_begins",
        table=table,
        on="INSERT",
        when=f"NOT EXISTS ({allowed} AND t.start_state = '')",
        message=ILLEGAL_TRANSITION,
        detail=ILLEGAL_TRANSITION_DETAIL,
        attacked_by=attacked_by,
    )
    moves = Refusal(
        name=f"{table}_{column}_moves",
        table=table,
        on=f"UPDATE OF {column}",
        when=f"NEW.{column} <> OLD.{column} AND NOT EXISTS ({allowed} AND t.start_state = OLD.{column})",
        message=ILLEGAL_TRANSITION,
        detail=ILLEGAL_TRANSITION_DETAIL,
        attacked_by=attacked_by,
    )
    return begins, moves


def catalogue() -> Iterator[Guard]:
    """Give every guard of every table that has been imported."""
    yield from tuple(_catalogue.values())


def changes_held(table: str) -> frozenset[str]:
    """Give the columns of a table of which a refusal of its own says whether they may change."""
    lists = (
        guard.on.removeprefix("UPDATE OF ").split(", ")
        for guard in _catalogue.values()
        if isinstance(guard, Refusal) and guard.table == table and guard.on.startswith("UPDATE OF ")
    )
    return frozenset(chain.from_iterable(lists))


def checks_of(table: str) -> list[str]:
    """Give the CHECK clauses of one table."""
    return [guard.clause() for guard in _catalogue.values() if isinstance(guard, Check) and guard.table == table]


def refusal_of(text: str, state: str | None, constraint: str | None) -> Refused | None:
    """Find the guard behind a database's error: by its name, its constraint, or the columns that SQLite names."""
    if "QM001" in text or state == "QM001":
        words = text.replace("'", " ").replace(")", " ").replace("\n", " ").split()
        return next((_catalogue[word].error() for word in words if word in _catalogue), None)
    if constraint in _catalogue:
        return _catalogue[constraint].error()
    if constraint:
        return next((g.error() for g in _catalogue.values() if isinstance(g, SameCase) and g.answers(constraint)), None)
    if "constraint failed: " in text:
        failed = text.rpartition("constraint failed: ")[2].rstrip("'\")").strip()
        for guard in _catalogue.values():
            columns = (
                ", ".join(f"{guard.table}.{column}" for column in guard.columns) if isinstance(guard, Unique) else ""
            )
            if failed in (guard.name, columns) or f"index '{guard.name}'" in text:
                return guard.error()
    return None
