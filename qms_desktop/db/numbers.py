"""Numbers that auditors count: no gaps, no doubles, restarted each day in the plant's own time (domain.md §16).

A number is a prefix, the day as yyyyMMdd and three digits, a fourth when the day needs it. Label serials are one
sequence for the plant and never restart. Nobody counts them, so they may leave gaps: on the server they come from a
sequence, because a counter row would let every dock wait until the others have committed.
"""

from __future__ import annotations

from qms_desktop.db import tables
from qms_desktop.db.guards import AT_WORK, DEFINER, DONE


def statements(*, server: bool) -> list[str]:
    """Give the functions and triggers that number the rows of the numbered tables."""
    made = _server_functions() if server else []
    for table, (column, prefix) in tables.NUMBERED.items():
        made += _server_number(table, prefix) if server else _file_number(table, column, prefix)
    for table, (column, name) in tables.SERIALS.items():
        made += _server_serial(table, column) if server else _file_serial(table, column, name)
    return made


def _server_functions() -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION qms_next(prefix_asked text, day_asked text) RETURNS integer {DEFINER} AS $qms$"
        " DECLARE taken integer; BEGIN"
        " UPDATE number_counter SET last = last + 1 WHERE prefix = prefix_asked AND day = day_asked"
        " RETURNING last INTO taken;"
        " IF taken IS NULL THEN"
        " INSERT INTO number_counter AS c (prefix, day, last) VALUES (prefix_asked, day_asked, 1)"
        " ON CONFLICT (prefix, day) DO UPDATE SET last = c.last + 1 RETURNING c.last INTO taken;"
        " END IF; RETURN taken; END $qms$",
        f"CREATE OR REPLACE FUNCTION qms_number() RETURNS trigger {DEFINER} AS $qms$"
        " DECLARE day text; taken integer; BEGIN"
        " day := to_char(qms_now() AT TIME ZONE (SELECT time_zone FROM site ORDER BY id LIMIT 1), 'YYYYMMDD');"
        " taken := qms_next(TG_ARGV[0], day);"
        " NEW.number := TG_ARGV[0] || day || lpad(taken::text, greatest(3, length(taken::text)), '0');"
        " RETURN NEW; END $qms$",
        f"CREATE OR REPLACE FUNCTION qms_serial() RETURNS trigger {DEFINER} AS $qms$"
        " BEGIN NEW.serial := nextval(TG_ARGV[0]::regclass); RETURN NEW; END $qms$",
    ]


def _server_number(table: str, prefix: str) -> list[str]:
    return [
        f"CREATE OR REPLACE TRIGGER number_{table} BEFORE INSERT ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION qms_number('{prefix}')"
    ]


def sequence_of(table: str, column: str) -> str:
    """Name the server's sequence of a serial column."""
    return f"{table}_{column}"


def _server_serial(table: str, column: str) -> list[str]:
    sequence = sequence_of(table, column)
    return [
        f"CREATE SEQUENCE IF NOT EXISTS {sequence} AS integer",
        f"CREATE OR REPLACE TRIGGER number_{table} BEFORE INSERT ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION qms_serial('{sequence}')",
    ]


def _file_number(table: str, column: str, prefix: str) -> list[str]:
    day = "qms_day((SELECT time_zone FROM site ORDER BY id LIMIT 1))"
    number = f"'{prefix}' || day || CASE WHEN last < 1000 THEN substr('000' || last, -3) ELSE last END"
    return _file_trigger(table, column, prefix, day, number)


def _file_serial(table: str, column: str, name: str) -> list[str]:
    return _file_trigger(table, column, name, "''", "last")


def _file_trigger(table: str, column: str, prefix: str, day: str, taken: str) -> list[str]:
    # SQLite's BEFORE triggers cannot fill NEW, so the number is written right after the row, in the same statement.
    counter = f"number_counter WHERE prefix = '{prefix}' AND day = {day}"
    return [
        f"DROP TRIGGER IF EXISTS number_{table}",
        f"CREATE TRIGGER number_{table} AFTER INSERT ON {table} FOR EACH ROW BEGIN"
        f" INSERT INTO number_counter (prefix, day, last) SELECT '{prefix}', {day}, 0"
        f" WHERE NOT EXISTS (SELECT 1 FROM {counter});"
        f" UPDATE number_counter SET last = last + 1 WHERE prefix = '{prefix}' AND day = {day};"
        f" {AT_WORK}; UPDATE {table} SET {column} = (SELECT {taken} FROM {counter}) WHERE id = NEW.id;"
        f" {DONE}; END",
    ]
