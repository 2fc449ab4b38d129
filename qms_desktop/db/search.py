"""What can be found by any word of two characters and more: one row a record, with the pairs of its characters.

No index of the databases finds two Chinese characters: trigrams need three, and words are not divided by spaces. So the
text's bigrams are the index: an array under GIN on PostgreSQL, tokens of FTS5 on SQLite (performance.md "search").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import SQL, Field, fn

from qms_desktop.db.bulk import insert_rows, key_chunks, tuples
from qms_desktop.db.guards import Guard
from qms_desktop.db.record import BigIntegerField, Record, TextField, on_postgresql
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from peewee import Context


class PairsField(Field):
    """The bigrams of a text: an array on PostgreSQL, tokens of letters and digits divided by blanks on SQLite."""

    field_type = "TEXT"

    def ddl_datatype(self, ctx: Context) -> SQL:  # noqa: ARG002 - peewee's own signature
        """Give the column's type in the database in use."""
        return SQL("TEXT[]" if on_postgresql() else "TEXT")

    def db_value(self, value: Sequence[str] | None) -> list[str] | str | None:
        """Give the database's form."""
        if value is None:
            return None
        return list(value) if on_postgresql() else " ".join(token(pair) for pair in value)

    def python_value(self, value: Sequence[str] | str | None) -> tuple[str, ...]:
        """Give the pairs; a file's tokens stay tokens, nobody reads them back."""
        return tuple(value.split() if isinstance(value, str) else value or ())


def token(pair: str) -> str:
    """Give a pair as one word of ASCII, so that FTS5 divides and folds nothing of it."""
    return "x".join(f"{ord(character):x}" for character in pair)


class SearchText(Record):
    """What a record is found by: its title as shown and its normalised text; derived, so no evidence."""

    kind = TextField()
    record_id = BigIntegerField()
    case_id = BigIntegerField(null=True)
    title = TextField()
    text = TextField()
    bigrams = PairsField()

    class Meta:
        table_name = "search_text"
        is_machinery = True
        indexes = ((("kind", "record_id"), True),)


class SearchIndex(Guard):
    """The index over the bigrams, kept by the database itself, so that it cannot differ from the text."""

    def postgresql(self) -> list[str]:
        """Give the GIN index."""
        return ["CREATE INDEX IF NOT EXISTS search_text_bigrams ON search_text USING gin (bigrams)"]

    def sqlite(self) -> list[str]:
        """Give the FTS5 table, which keeps no text of its own, and the triggers that follow the rows."""
        forget = "INSERT INTO search_pairs (search_pairs, rowid, bigrams) VALUES ('delete', OLD.id, OLD.bigrams);"
        learn = "INSERT INTO search_pairs (rowid, bigrams) VALUES (NEW.id, NEW.bigrams);"
        made = [
            "CREATE VIRTUAL TABLE IF NOT EXISTS search_pairs USING fts5"
            " (bigrams, content='search_text', content_rowid='id', detail='none', columnsize=0, tokenize='ascii')"
        ]
        for event, body in (
            ("INSERT", learn),
            ("DELETE", forget),
            ("UPDATE", f"{forget} {learn}"),
        ):
            made += [
                f"DROP TRIGGER IF EXISTS search_pairs_{event.lower()}",
                f"CREATE TRIGGER search_pairs_{event.lower()} AFTER {event} ON search_text"
                f" FOR EACH ROW BEGIN {body} END",
            ]
        return made


INDEX_FOLLOWS_TEXT = SearchIndex(
    name="search_index_follows_text",
    table="search_text",
    message=N_("The search index is kept by the database."),
    attacked_by="test_the_search_index_follows_the_text",
)
# What can be found, and the table that holds it.
TABLES = {
    "case": "case_file",
    "order": "work_order",
    **{kind: kind for kind in ("complaint", "rma", "label", "eight_d", "claim", "recall")},
    **{kind: kind for kind in ("customer", "product", "supplier", "lot")},
}
_ALL = Right("SELECT", "search_text", tuple(sorted(SearchText._meta.columns)))
RIGHTS: dict[Permission, tuple[Right, ...]] = {Permission.READ: (_ALL,)}
# For every permission that writes a table of the above (db/tables.py).
KEEPING = (insert(SearchText), update(SearchText, "case_id", "title", "text", "bigrams"))


def keep(kind: str, record_id: int, *, case_id: int | None, title: str, text: str, bigrams: Sequence[str]) -> None:
    """Write what a record is found by from now on."""
    SearchText.insert(
        kind=kind, record_id=record_id, case_id=case_id, title=title, text=text, bigrams=bigrams
    ).on_conflict(
        conflict_target=(SearchText.kind, SearchText.record_id),
        preserve=(SearchText.case_id, SearchText.title, SearchText.text, SearchText.bigrams),
    ).execute()


def keep_many(kind: str, rows: Iterable[tuple[int, str, str, Sequence[str]]]) -> None:
    """Write what many records are found by: record id, title, normalised text, bigrams; older rows are replaced."""
    wanted = {row[0]: row for row in rows}
    known: set[int] = set()
    for ids in key_chunks(wanted):
        chosen = SearchText.select(SearchText.record_id).where(
            (SearchText.kind == kind) & SearchText.record_id.in_(ids)
        )
        known |= {record_id for (record_id,) in tuples(chosen)}
    names = ("kind", "record_id", "case_id", "title", "text", "bigrams")
    insert_rows(
        SearchText,
        names,
        ((kind, key, None, title, text, pairs) for key, title, text, pairs in wanted.values() if key not in known),
    )
    for record_id in sorted(known):
        _key, title, text, pairs = wanted[record_id]
        keep(kind, record_id, case_id=None, title=title, text=text, bigrams=pairs)


def matching(words: Sequence[str], *, bigrams: Sequence[str], kinds: Sequence[str], limit: int) -> list[Any]:
    """Give the newest rows that hold every word literally; without bigrams, the kinds are read through."""
    condition = SearchText.kind.in_(list(kinds))
    for word in words:
        condition &= fn.strpos(SearchText.text, word) > 0 if on_postgresql() else fn.instr(SearchText.text, word) > 0
    if bigrams:
        condition &= _having(bigrams)
    return list(SearchText.select().where(condition).order_by(SearchText.id.desc()).limit(limit))


def _having(bigrams: Sequence[str]) -> SQL:
    if on_postgresql():
        return SQL("bigrams @> %s::text[]", (list(bigrams),))
    asked = " AND ".join(f'"{token(pair)}"' for pair in bigrams)
    return SQL("t1.id IN (SELECT rowid FROM search_pairs WHERE search_pairs MATCH ?)", (asked,))
