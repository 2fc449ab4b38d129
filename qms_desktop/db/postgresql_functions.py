"""The functions that guards, defaults and verbs call on the server; SQLite registers the same names.

SECURITY DEFINER because a trigger that runs as the clerk fails on what the clerk may not see; `session_user` is still
the clerk inside (database.md §1). `pg_temp` stands last in the search path, so nobody slips in a table of his own.
"""

from __future__ import annotations

import json

from qms_desktop.db import tables
from qms_desktop.db.guards import DEFINER
from qms_desktop.db.signed_content import content_query, signables

FRESH_CONNECTION_S = 15
STABLE = DEFINER.replace("plpgsql", "plpgsql STABLE")


def statements() -> list[str]:
    """Give the functions in the order in which they need each other."""
    return [*early_statements(), _today(), _content(), _content_hash(), *_signing(), _lock(), _history(), *_people()]


def early_statements() -> list[str]:
    """Give the functions that column defaults call, so that they must exist before the tables."""
    return [
        f"CREATE OR REPLACE FUNCTION qms_now() RETURNS timestamptz {STABLE} AS $qms$"
        " DECLARE told timestamptz; BEGIN SELECT set_to INTO told FROM clock;"
        " RETURN coalesce(told, clock_timestamp()); END $qms$",
        # NULL stays NULL: a file that is no picture has no copy.
        f"CREATE OR REPLACE FUNCTION qms_file_sha256(bytes_asked bytea) RETURNS text {STABLE} AS $qms$"
        " BEGIN RETURN encode(sha256(bytes_asked), 'hex'); END $qms$",
        # What a verb read from the clock a moment ago is still "now" when it is written.
        f"CREATE OR REPLACE FUNCTION qms_is_now(asked timestamptz) RETURNS boolean {STABLE} AS $qms$"
        " BEGIN RETURN asked BETWEEN qms_now() - interval '1 minute' AND qms_now() + interval '1 minute'; END $qms$",
        f"CREATE OR REPLACE FUNCTION qms_salt() RETURNS text {DEFINER} AS $qms$"
        " BEGIN RETURN replace(gen_random_uuid()::text, '-', ''); END $qms$",
        f"CREATE OR REPLACE FUNCTION qms_user() RETURNS text {STABLE} AS $qms$"
        " BEGIN RETURN session_user::text; END $qms$",
        f"CREATE OR REPLACE FUNCTION qms_holds(role_asked text) RETURNS boolean {STABLE} AS $qms$"
        " BEGIN RETURN pg_has_role(session_user, 'qms_' || role_asked, 'MEMBER'); END $qms$",
        f"CREATE OR REPLACE FUNCTION qms_may(permission_asked text) RETURNS boolean {STABLE} AS $qms$"
        " BEGIN RETURN EXISTS (SELECT 1 FROM role_permission p WHERE p.permission = permission_asked"
        " AND pg_has_role(session_user, 'qms_' || p.role, 'MEMBER')); END $qms$",
        f"CREATE OR REPLACE FUNCTION qms_roles() RETURNS text {STABLE} AS $qms$"
        " BEGIN RETURN coalesce((SELECT string_agg(DISTINCT p.role, ',' ORDER BY p.role) FROM role_permission p"
        " WHERE pg_has_role(session_user, 'qms_' || p.role, 'MEMBER')), ''); END $qms$",
        f"CREATE OR REPLACE FUNCTION qms_connection() RETURNS text {STABLE} AS $qms$"
        " BEGIN RETURN pg_backend_pid() || '@' || (SELECT extract(epoch FROM backend_start)::text"
        " FROM pg_stat_activity WHERE pid = pg_backend_pid()); END $qms$",
        # NULL (no right to see backend_start) stays a refusal: the guard asks NOT, and NULL is not true there.
        f"CREATE OR REPLACE FUNCTION qms_is_fresh() RETURNS boolean {STABLE} AS $qms$"
        " BEGIN RETURN coalesce((SELECT clock_timestamp() - backend_start < interval"
        f" '{FRESH_CONNECTION_S} seconds' FROM pg_stat_activity WHERE pid = pg_backend_pid()), false); END $qms$",
    ]


def _today() -> str:
    return (
        f"CREATE OR REPLACE FUNCTION qms_today() RETURNS date {STABLE} AS $qms$ BEGIN"
        " RETURN (qms_now() AT TIME ZONE (SELECT time_zone FROM site ORDER BY id LIMIT 1))::date; END $qms$"
    )


def _content() -> str:
    cases = "".join(
        f" WHEN '{signable.kind}' THEN RETURN ("
        + content_query(signable, tables.BY_TABLE, server=True).replace(":id", "record_asked")
        + ");"
        for signable in signables()
    )
    return (
        f"CREATE OR REPLACE FUNCTION qms_content(kind_asked text, record_asked bigint) RETURNS text {STABLE} AS $qms$"
        f" BEGIN CASE kind_asked{cases} ELSE RETURN NULL; END CASE; END $qms$"
    )


def _content_hash() -> str:
    return (
        "CREATE OR REPLACE FUNCTION qms_content_hash(kind_asked text, record_asked bigint) RETURNS text"
        f" {STABLE} AS $qms$"
        " BEGIN RETURN encode(sha256(convert_to(qms_content(kind_asked, record_asked), 'UTF8')), 'hex'); END $qms$"
    )


def _signing() -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION qms_sign(case_asked bigint, kind_asked text, record_asked bigint,"
        " meaning_asked text,"
        f" hash_asked text, remark_asked text) RETURNS bigint {DEFINER} AS $qms$ DECLARE made bigint; BEGIN"
        " INSERT INTO signature (case_id, kind, record_id, meaning, content_hash, roles, remark, connection)"
        " VALUES (case_asked, kind_asked, record_asked, meaning_asked, hash_asked, qms_roles(), remark_asked,"
        " qms_connection()) RETURNING id INTO made; RETURN made; END $qms$",
    ]


def _lock() -> str:
    """Give the row as it is once the lock is held, so that a verb needs no second question.

    Only records, and each only for those who write it or what hangs on it: others would only keep people waiting.
    Whoever held the counters or the trail would keep the whole plant waiting. Who may not read the row gets none.
    """
    records = sorted(table for table, model in tables.BY_TABLE.items() if not tables.is_machinery(model))
    lockers = json.dumps({table: tables.lockers_of(table) for table in records})
    return (
        f"CREATE OR REPLACE FUNCTION qms_lock(table_asked text, record_asked bigint) RETURNS json {DEFINER} AS $qms$"
        " DECLARE found json; BEGIN IF EXISTS (SELECT 1 FROM role_permission p WHERE p.permission ="
        f" ANY (string_to_array('{lockers}'::jsonb ->> table_asked, ' '))"
        " AND pg_has_role(session_user, 'qms_' || p.role, 'MEMBER'))"
        " AND has_table_privilege(session_user, 'qms.' || quote_ident(table_asked), 'SELECT') THEN"
        f" {_lock_in(records)} END IF;"
        " RAISE EXCEPTION 'no records % to lock', table_asked USING ERRCODE = 'insufficient_privilege'; END $qms$"
    )


def _lock_in(records: list[str]) -> str:
    """Choose the table by halves: a statement made up at every call had to be planned at every call."""
    if len(records) == 1:
        (table,) = records
        return (
            f"IF table_asked = '{table}' THEN SELECT row_to_json(r) INTO found FROM {table} r"
            " WHERE r.id = record_asked FOR UPDATE; RETURN found; END IF;"
        )
    half = len(records) // 2
    return (
        f"IF table_asked < '{records[half]}' COLLATE \"C\" THEN {_lock_in(records[:half])}"
        f" ELSE {_lock_in(records[half:])} END IF;"
    )


def _history() -> str:
    """Everybody may read what happened to a case, but neither the rows themselves nor what happened to money."""
    money = ", ".join(f"'{table}'" for table in tables.money_tables())
    return (
        "CREATE OR REPLACE FUNCTION qms_history(case_asked bigint) RETURNS TABLE (at timestamptz, who text,"
        f" table_name text, row_id bigint, operation text, action text, reason text) {STABLE} AS $qms$"
        " BEGIN RETURN QUERY"
        " SELECT a.at, a.who, a.table_name, a.row_id, a.operation, a.action, a.reason FROM audit_entry a"
        f" WHERE a.chain = 'case:' || case_asked AND (qms_may('read_money') OR a.table_name NOT IN ({money}))"
        " ORDER BY a.position; END $qms$"
    )


def _people() -> list[str]:
    only_it = (
        " IF NOT qms_may('person.administer') THEN RAISE EXCEPTION 'role_needs_admin' USING ERRCODE = 'QM001'; END IF;"
    )
    return [
        "CREATE OR REPLACE FUNCTION qms_provision(login_asked text, name_asked text, badge_asked text,"
        " department_asked text, position_asked text, roles_asked text, verifier text)"
        f" RETURNS bigint {DEFINER} AS $qms$ DECLARE made bigint; one_role text; BEGIN{only_it}"
        " IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN"
        " RAISE EXCEPTION 'a password goes over as a SCRAM verifier'; END IF;"
        " IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = login_asked AND (r.rolsuper OR r.rolcreaterole))"
        " OR login_asked LIKE 'qms\\_%' OR login_asked LIKE 'pg\\_%' THEN"
        " RAISE EXCEPTION 'login_is_reserved' USING ERRCODE = 'QM001'; END IF;"
        " IF NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = login_asked) THEN"
        " EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', login_asked, verifier);"
        " ELSE EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', login_asked, verifier); END IF;"
        # An import may have made the person known already, without access.
        " SELECT p.id INTO made FROM person p WHERE p.login = login_asked AND NOT p.is_active;"
        " IF made IS NULL AND EXISTS (SELECT 1 FROM person p WHERE p.login = login_asked) THEN"
        " RAISE EXCEPTION 'login_is_taken' USING ERRCODE = 'QM001'; END IF;"
        " IF made IS NULL THEN INSERT INTO person (login, name, badge, department, position, site_id)"
        " VALUES (login_asked, name_asked, nullif(badge_asked, ''), department_asked, position_asked,"
        " (SELECT id FROM site ORDER BY id LIMIT 1)) RETURNING id INTO made;"
        " ELSE UPDATE person SET name = name_asked, badge = coalesce(nullif(badge_asked, ''), badge),"
        " department = coalesce(nullif(department_asked, ''), department),"
        " position = coalesce(nullif(position_asked, ''), position), is_active = true, version = version + 1"
        " WHERE id = made; END IF;"
        " FOR one_role IN SELECT unnest(string_to_array(roles_asked, ','))"
        " UNION SELECT r.role FROM person_role r WHERE r.person_id = made LOOP"
        " IF NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = made AND r.role = one_role) THEN"
        " INSERT INTO person_role (person_id, role) VALUES (made, one_role); END IF;"
        " EXECUTE format('GRANT %I TO %I', 'qms_' || one_role, login_asked); END LOOP;"
        " RETURN made; END $qms$",
        "CREATE OR REPLACE FUNCTION qms_reset_password(login_asked text, verifier text)"
        f" RETURNS void {DEFINER} AS $qms$ BEGIN{only_it}"
        " IF verifier NOT LIKE 'SCRAM-SHA-256$%'"
        " OR NOT EXISTS (SELECT 1 FROM person p WHERE p.login = login_asked) THEN"
        " RAISE EXCEPTION 'login_is_reserved' USING ERRCODE = 'QM001'; END IF;"
        # A password belongs to no audited table: the new version of the person leaves the trace of who gave it.
        " UPDATE person SET version = version + 1 WHERE login = login_asked;"
        " EXECUTE format('ALTER ROLE %I PASSWORD %L', login_asked, verifier); END $qms$",
        "CREATE OR REPLACE FUNCTION qms_set_active(login_asked text, is_active_asked boolean)"
        f" RETURNS void {DEFINER} AS $qms$ BEGIN{only_it}"
        " UPDATE person SET is_active = is_active_asked, version = version + 1 WHERE login = login_asked;"
        " IF NOT FOUND THEN RAISE EXCEPTION 'login_is_reserved' USING ERRCODE = 'QM001'; END IF;"
        " EXECUTE format(CASE WHEN is_active_asked THEN 'ALTER ROLE %I LOGIN' ELSE 'ALTER ROLE %I NOLOGIN' END,"
        " login_asked); END $qms$",
    ]
