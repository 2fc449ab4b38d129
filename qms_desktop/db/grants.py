"""Permissions turned into rights of the database; the only place that names database roles (database.md §1).

`qms_owner` owns everything and cannot log in; `qms_upgrade` may become it for `db upgrade`; each Role is a group role;
each person is a login role that holds group roles. What is expected here is compared with the live rights by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db import numbers, tables
from qms_desktop.db.record import database
from qms_desktop.permissions import WHO_MAY, Permission, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.db.record import Record

OWNER = "qms_owner"
UPGRADE = "qms_upgrade"
SCHEMA = "qms"

# What everybody who works may call: asked by defaults, guards and pages; each answers only for the caller.
COMMON_FUNCTIONS = (
    "qms_now()", "qms_user()", "qms_salt()", "qms_may(text)", "qms_holds(text)", "qms_roles()",
    "qms_lock(text, bigint)", "qms_content_hash(text, bigint)", "qms_sign(bigint, text, bigint, text, text, text)",
    "qms_connection()", "qms_is_fresh()", "qms_history(bigint)",
)  # fmt: skip
# Parts of the fence that everybody may read; the rest of the machinery is seen by its functions alone.
OPEN_MACHINERY = (
    "database_kind",
    "clock",
    "transition",
    "role_permission",
    "signature_right",
    "schema_file",
    "request",
)
ADMIN_FUNCTIONS = ("qms_reset_password(text, text)", "qms_set_active(text, boolean)")


@dataclass(frozen=True, order=True)
class Grant:
    """One right of one group role; `column` is empty for a whole table or a function."""

    role: str
    privilege: str
    subject: str
    column: str = ""


def group(role: Role) -> str:
    """Name the database's group role of a role."""
    return f"{SCHEMA}_{role}"


def expected() -> frozenset[Grant]:
    """Give every right that a group role should have, no more and no less."""
    return frozenset((*_reading(), *_requests(), *_calling(), *_writing()))


def _reads(model: type[Record]) -> frozenset[Role]:
    table = model._meta.table_name
    if table == "audit_entry":
        return WHO_MAY[Permission.READ_AUDIT]
    if tables.is_machinery(model) and table not in OPEN_MACHINERY:
        return frozenset()
    return WHO_MAY[Permission.READ_MONEY if tables.is_money(model) else Permission.READ]


def _reading() -> Iterator[Grant]:
    for model in tables.MODELS:
        for role in _reads(model):
            yield Grant(group(role), "SELECT", model._meta.table_name)


def _requests() -> Iterator[Grant]:
    for role in Role:
        for column in ("key", "action", "content", "answer"):
            yield Grant(group(role), "INSERT", "request", column)


def _calling() -> Iterator[Grant]:
    for role in Role:
        for function in COMMON_FUNCTIONS:
            yield Grant(group(role), "EXECUTE", function)
    for role in WHO_MAY[Permission.PERSON_ADMINISTER]:
        for function in ADMIN_FUNCTIONS:
            yield Grant(group(role), "EXECUTE", function)


def _writing() -> Iterator[Grant]:
    for permission, given in tables.rights().items():
        for role in WHO_MAY[permission]:
            for right in given:
                if right.privilege == "EXECUTE":
                    yield Grant(group(role), "EXECUTE", right.subject)
                for column in right.columns:
                    yield Grant(group(role), right.privilege, right.subject, column)


def cluster_statements() -> list[str]:
    """Give the statements, run once as the server's administrator, that make the owner and the group roles."""
    made = [
        _unless_exists(OWNER, f"CREATE ROLE {OWNER} NOLOGIN CREATEROLE"),
        # Without this, backend_start is NULL for the signing function and everybody is refused.
        f"GRANT pg_read_all_stats TO {OWNER}",
    ]
    for role in Role:
        made.append(_unless_exists(group(role), f"CREATE ROLE {group(role)} NOLOGIN"))
        made.append(f"GRANT {group(role)} TO {OWNER} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE")
    return made


def _unless_exists(role: str, statement: str) -> str:
    missing = f"NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}')"
    return f"DO $qms$ BEGIN IF {missing} THEN {statement}; END IF; END $qms$"


def statements() -> list[str]:
    """Give the statements that take every right away and grant those that are expected."""
    groups = ", ".join(group(role) for role in Role)
    made = [
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC, {groups}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {SCHEMA} FROM PUBLIC, {groups}",
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC, {groups}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {groups}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {groups}",
        # Serials are taken by their trigger alone, or a clerk could use them all up.
        *(
            f"REVOKE ALL ON SEQUENCE {SCHEMA}.{numbers.sequence_of(table, column)} FROM {groups}"
            for table, (column, _name) in tables.SERIALS.items()
        ),
    ]
    gathered: dict[tuple[str, str, str], list[str]] = {}
    for grant in sorted(expected()):
        gathered.setdefault((grant.role, grant.privilege, grant.subject), []).append(grant.column)
    for (role, privilege, subject), columns in gathered.items():
        listed = f" ({', '.join(columns)})" if columns != [""] else ""
        kind = "FUNCTION " if privilege == "EXECUTE" else ""
        made.append(f"GRANT {privilege}{listed} ON {kind}{SCHEMA}.{subject} TO {role}")
    return made


# Functions of the server that everybody may call in a new database. With an advisory lock, which no time limit ends,
# one login could stop every booking of a case and every upgrade; large objects would be a store beside the fence.
CLOSED_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
AND (p.proname ~ '^pg_(try_)?advisory_' OR p.proname IN
('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_put', 'lo_open', 'lowrite', 'lo_unlink'))
"""
# What is still open to everybody in the database in use; nothing, when its administrator closed the doors.
OPEN_DOORS = f"""
SELECT signature FROM ({CLOSED_FUNCTIONS.replace("::text", "::text AS signature, p.oid AS function_id", 1)}) AS closed
WHERE has_function_privilege('public', closed.function_id, 'EXECUTE')
UNION ALL SELECT 'temporary tables' WHERE has_database_privilege('public', current_database(), 'TEMP')
UNION ALL SELECT 'new schemas' WHERE has_database_privilege('public', current_database(), 'CREATE')
UNION ALL SELECT 'the schema public' WHERE has_schema_privilege('public', 'public', 'CREATE, USAGE')
"""


# What every session begins with. A session may set its own limits back, and a person those of all his sessions to come:
# PostgreSQL lets nobody forbid that. So `db check` names who did, and docs/fence.md says how such a session is ended.
SERVER_SETTINGS = {
    "search_path": "qms, pg_catalog, pg_temp",
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "5s",
    "statement_timeout": "60s",
}
_SETTINGS = """
SELECT coalesce(r.rolname, ''), unnest(s.setconfig) FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
AND (s.setrole = 0 OR EXISTS (SELECT 1 FROM person p WHERE p.login = r.rolname) OR r.rolname ~ '^qms_')
"""


def strange_settings() -> Iterator[str]:
    """Name what sessions of the database in use begin with and should not, or should and do not."""
    rows = [(who, *said.split("=", 1)) for who, said in database().execute_sql(_SETTINGS).fetchall()]
    begun = {name: value for who, name, value in rows if not who}
    for name, value in SERVER_SETTINGS.items():
        if begun.get(name) != value:
            yield f"sessions begin without {name} = {value}"
    for who, name, value in sorted(row for row in rows if row[0]):
        yield f"the sessions of {who} begin with {name} = {value}"


# What the catalogue of the server says: whole tables and functions, then single columns.
_LIVE_TABLES = """
SELECT r.rolname, a.privilege_type, c.relname, '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE n.nspname = 'qms' AND c.relkind IN ('r', 'v', 'm', 'p') AND r.rolname <> 'qms_owner'
UNION ALL
SELECT r.rolname, 'EXECUTE', p.oid::regprocedure::text, '' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE n.nspname = 'qms' AND r.rolname IS DISTINCT FROM 'qms_owner'
UNION ALL
SELECT r.rolname, x.privilege_type, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(a.attacl) x
JOIN pg_roles r ON r.oid = x.grantee WHERE n.nspname = 'qms'
"""


def _subject(text: str) -> str:
    """Write a function as we do, with a blank after each comma; a table's name stays as it is."""
    return text.removeprefix(f"{SCHEMA}.").replace(", ", ",").replace(",", ", ")


def live() -> frozenset[Grant]:
    """Read every right on the schema that anybody but the owner has in the database in use, a server."""
    rows = database().execute_sql(_LIVE_TABLES).fetchall()
    return frozenset(
        Grant(role or "PUBLIC", privilege, _subject(subject), column) for role, privilege, subject, column in rows
    )
