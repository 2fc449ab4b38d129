"""The catalogue is whole: each guard has both forms, a sentence, and a test here that names and attacks it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from qms_desktop.db import guards, tables
from qms_desktop.db.guards import (
    Announced,
    Applied,
    Check,
    Fixed,
    Guard,
    Kept,
    ProgramsOwn,
    Refusal,
    SameCase,
    ServerColumns,
    Unique,
)
from qms_desktop.db.search import SearchIndex

HERE = Path(__file__).parent
GUARDS = tuple(guards.catalogue())


def attacks() -> dict[str, list[re.Pattern[str]]]:
    """Give every test of this folder by name, with the texts of its file that may name a guard."""
    found: dict[str, list[re.Pattern[str]]] = {}
    for path in HERE.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = [re.compile(text) for node in ast.walk(tree) if (text := naming(node))]
        tests = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"]
        found |= dict.fromkeys(tests, named)
    return found


def naming(node: ast.AST) -> str:
    """Give the pattern of the names that a text of the source can stand for; an f-string stands for several."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values]
        return "".join(parts) if set(parts) != {r"\w+"} else ""
    return ""


ATTACKS = attacks()


def test_there_is_a_catalogue() -> None:
    assert len(GUARDS) > 60
    assert tables.MODELS


def faults_of(guard: Guard) -> list[str]:
    """Name what is missing in a guard: its sentence, or one of its forms."""
    forms = {"PostgreSQL": guard.postgresql(), "SQLite": guard.sqlite()}
    faults = [] if guard.message.strip().endswith((".", "?")) else ["it has no sentence"]
    if isinstance(guard, Check):
        faults += [] if guard.clause() in guards.checks_of(guard.table) else ["no table takes its CHECK"]
    elif isinstance(guard, SameCase):
        faults += [] if forms["SQLite"] and all(guard.clauses(table) for table in guard.links) else ["it holds no link"]
    elif isinstance(guard, (ServerColumns, ProgramsOwn)):
        # On a server nobody is granted these columns and tables: test_rights.py compares.
        faults += [] if forms["SQLite"] else ["it keeps nothing"]
    elif not isinstance(guard, (Announced, SearchIndex)):  # functions and rights of the database hold these
        for database, statements in forms.items():
            if not statements:
                faults.append(f"it has no form on {database}")
    if guard.table != "*" and guard.table not in tables.BY_TABLE:
        faults.append(f"there is no table {guard.table}")
    return [f"{guard.name}: {fault}" for fault in faults]


def test_each_guard_has_a_sentence_and_both_forms() -> None:
    assert [fault for guard in GUARDS for fault in faults_of(guard)] == []
    known = (
        *(Check, Unique, Refusal, Applied, Kept, Fixed, SameCase),
        *(ProgramsOwn, ServerColumns, Announced, SearchIndex),
    )
    assert all(isinstance(guard, known) for guard in GUARDS)


def test_each_guard_is_attacked_by_the_test_that_it_names() -> None:
    missing = sorted({f"{guard.attacked_by} ({guard.name})" for guard in GUARDS if guard.attacked_by not in ATTACKS})
    assert missing == [], "no such test in tests/hostile"
    unnamed = [
        f"{guard.attacked_by} ({guard.name})"
        for guard in GUARDS
        if not any(pattern.fullmatch(guard.name) for pattern in ATTACKS[guard.attacked_by])
    ]
    assert unnamed == [], "the test's file does not name the guard"


def test_what_no_guard_says_is_no_refusal() -> None:
    assert guards.refusal_of("division by zero", "22012", None) is None
    assert guards.refusal_of("no_such_guard", "QM001", None) is None
    assert guards.refusal_of("duplicate key", "23505", "some_index") is None
