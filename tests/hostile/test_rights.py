"""The live rights are those of grants.py, no more and no less, and each role is tried with everything that it lacks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import errors

from qms_desktop.db import grants, schema, tables
from qms_desktop.db.grants import Grant
from qms_desktop.db.signed_content import content_query, signables
from qms_desktop.permissions import WHO_MAY, Permission, Role
from tests.helpers.plant import PEOPLE, Plant
from tests.hostile.stage import CLERK, IT, LEADER, PRODUCTION, SALES, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.plant import Templates
    from tests.helpers.postgres import Server

# Whoever is granted something on the schema, PUBLIC and single persons too; only the owner is left out.
LIVE = """
WITH had AS (
 SELECT c.relkind::text AS kind, c.relname::text AS subject, '' AS column_name, a.grantee, a.privilege_type AS privilege
 FROM pg_class c, LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
 WHERE c.relnamespace = 'qms'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
 UNION ALL
 SELECT 'c', c.relname, t.attname, a.grantee, a.privilege_type
 FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, LATERAL aclexplode(t.attacl) a
 WHERE c.relnamespace = 'qms'::regnamespace
 UNION ALL
 SELECT 'f', p.proname || '(' || oidvectortypes(p.proargtypes) || ')', '', a.grantee, a.privilege_type
 FROM pg_proc p, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
 WHERE p.pronamespace = 'qms'::regnamespace
)
SELECT coalesce(r.rolname, 'PUBLIC'), privilege, subject, column_name FROM had LEFT JOIN pg_roles r ON r.oid = grantee
WHERE coalesce(r.rolname, '') <> 'qms_owner'
"""
SEQUENCES = """
SELECT DISTINCT a.privilege_type FROM pg_class c, LATERAL aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = 'qms'::regnamespace AND c.relkind = 'S' AND r.rolname <> 'qms_owner'
"""
PERSON_OF = {role: name for name, (_login, roles) in PEOPLE.items() for role in roles}


@pytest.fixture(params=[16, 18])
def server_of_each_version(request: pytest.FixtureRequest, templates: Templates) -> Iterator[Plant]:
    """Give a plant on the oldest and on the newest PostgreSQL."""
    server: Server = request.getfixturevalue("postgres" if request.param == 18 else "postgres_16")
    made = templates.server_copy(server)
    yield made
    made.close()


def live_rights(plant: Plant) -> frozenset[Grant]:
    with plant.plain(IT) as connection:
        return frozenset(Grant(*row) for row in connection.execute(LIVE))


def test_the_live_rights_are_those_of_the_permission_table(server_of_each_version: Plant) -> None:
    found, wanted = live_rights(server_of_each_version), grants.expected()
    assert found - wanted == frozenset(), "somebody has more"
    assert wanted - found == frozenset(), "somebody lacks something"
    assert len(found) > 500


def test_sequences_are_only_drawn_from(server_of_each_version: Plant) -> None:
    with server_of_each_version.plain(IT) as connection:
        assert list(connection.execute(SEQUENCES)) == [("USAGE",)]


def test_who_may_use_the_schema_and_who_is_member_of_what(server_of_each_version: Plant) -> None:
    with server_of_each_version.plain(IT) as connection:
        using = connection.execute(
            "SELECT coalesce(r.rolname, 'PUBLIC'), a.privilege_type FROM pg_namespace n,"
            " LATERAL aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee"
            " WHERE n.nspname = 'qms' AND coalesce(r.rolname, '') <> 'qms_owner'"
        ).fetchall()
        members = connection.execute(
            "SELECT m.rolname, g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member"
            " JOIN pg_roles g ON g.oid = a.roleid WHERE g.rolname LIKE 'qms\\_%' AND (a.inherit_option OR a.set_option)"
            " AND m.rolname <> 'postgres'"
        ).fetchall()
    assert set(using) == {(grants.group(role), "USAGE") for role in Role}
    people = {(login, grants.group(role)) for login, roles in PEOPLE.values() for role in roles}
    # Other tests give further logins to the same server; those are asked by their own plants.
    logins = {login for login, _roles in PEOPLE.values()}
    of_the_plant = {(member, held) for member, held in members if member in logins or member.startswith("qms_")}
    assert of_the_plant == people | {(grants.UPGRADE, grants.OWNER)}


def test_nobody_who_works_is_more_than_a_login(server_of_each_version: Plant) -> None:
    with server_of_each_version.plain(IT) as connection:
        risen = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
            " AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)",
            ([login for login, _roles in PEOPLE.values()],),
        ).fetchall()
    assert risen == []


def test_who_reads_the_trail_may_read_money_too() -> None:
    """The trail holds the rows of prices: nobody may read it who may not read them."""
    assert WHO_MAY[Permission.READ_AUDIT] <= WHO_MAY[Permission.READ_MONEY]


def test_a_content_with_money_is_not_told_to_the_dock(server_stage: Stage) -> None:
    server_stage.requested()
    for who in (CLERK, PRODUCTION, LEADER):
        server_stage.attack_by_rights(who, f"SELECT qms_content('rma', {server_stage.rma_id})")


def lacking(role: Role) -> list[str]:
    """Give a statement for every right that a role does not have, on every table, column and function."""
    has = {(g.privilege, g.subject, g.column) for g in grants.expected() if g.role == grants.group(role)}
    tried: list[str] = []
    for table, model in tables.BY_TABLE.items():
        columns = [field.column_name for field in model._meta.sorted_fields]
        tried += [f"DELETE FROM {table}", f"TRUNCATE {table}", f"DROP TABLE {table}"]
        tried += [f"ALTER TABLE {table} DISABLE TRIGGER ALL", f"CREATE INDEX ON {table} (id)"]
        if ("SELECT", table, "") not in has:
            if not any(("SELECT", table, column) in has for column in columns):
                tried.append(f"SELECT count(*) FROM {table}")
            tried += [f"SELECT {column} FROM {table}" for column in columns if ("SELECT", table, column) not in has]
        for column in columns:
            if ("UPDATE", table, column) not in has:
                tried.append(f"UPDATE {table} SET {column} = NULL")
            if ("INSERT", table, column) not in has:
                tried.append(f"INSERT INTO {table} ({column}) VALUES (NULL)")
        if not any(privilege == "UPDATE" and subject == table for privilege, subject, _column in has):
            tried.append(f"SELECT 1 FROM {table} FOR UPDATE")
    return tried


def let_through(connection: psycopg.Connection[Any], statements: list[str]) -> list[str]:
    """Give the statements that were not stopped by missing rights."""
    passed = []
    for statement in statements:
        try:
            connection.execute(statement)
        except errors.InsufficientPrivilege:
            continue
        except psycopg.Error as error:
            passed.append(f"{statement}: {error}")
        else:
            passed.append(statement)
    return passed


def test_each_role_is_refused_whatever_it_is_not_given(server_stage: Stage) -> None:
    server_stage.counted()
    before = server_stage.records()
    tried = 0
    for role, name in PERSON_OF.items():
        statements = lacking(role)
        with server_stage.plant.plain(name) as connection:
            assert let_through(connection, statements) == [], role
        tried += len(statements)
    assert server_stage.records() == before
    assert tried > 5000


def test_each_role_is_refused_the_functions_of_the_fence(server_stage: Stage) -> None:
    with server_stage.plant.plain(IT) as connection:
        functions = connection.execute(
            "SELECT p.proname || '(' || oidvectortypes(p.proargtypes) || ')', p.oid, p.proname, p.proargtypes::oid[],"
            " p.prorettype = 'trigger'::regtype FROM pg_proc p WHERE p.pronamespace = 'qms'::regnamespace"
        ).fetchall()
    assert len(functions) > 60
    for role, name in PERSON_OF.items():
        has = {g.subject for g in grants.expected() if g.role == grants.group(role) and g.privilege == "EXECUTE"}
        with server_stage.plant.plain(name) as connection:
            for signature, oid, called, arguments, is_trigger in functions:
                may = connection.execute("SELECT has_function_privilege(%s, 'EXECUTE')", (oid,)).fetchone()
                assert may == (signature in has,), (role, signature)
                if not may[0] and not is_trigger:
                    nothing = ", ".join(f"NULL::{psycopg_type}" for psycopg_type in types_of(connection, arguments))
                    with pytest.raises(errors.InsufficientPrivilege):
                        connection.execute(f"SELECT qms.{called}({nothing})")


def types_of(connection: psycopg.Connection[Any], oids: list[int]) -> list[str]:
    return [connection.execute("SELECT format_type(%s, NULL)", (oid,)).fetchone()[0] for oid in oids]  # type: ignore[index]


def test_money_is_need_to_know(server_stage: Stage) -> None:
    server_stage.requested()
    money = [table for table, model in tables.BY_TABLE.items() if tables.is_money(model)]
    assert {"rma_amount", "rma_line_price", "product_price", "shipment_price", "rate"} <= set(money)
    for who in (CLERK, PRODUCTION, LEADER):
        server_stage.attack_by_rights(who, *(f"SELECT * FROM {table}" for table in money))
        server_stage.attack_by_rights(who, *(f"SELECT count(*) FROM {table}" for table in money))
    with server_stage.plant.plain(SALES) as connection:
        assert connection.execute("SELECT count(*) FROM rma_amount").fetchone() == (1,)


def test_statistics_of_the_server_tell_no_prices(server_stage: Stage) -> None:
    server_stage.requested()
    with server_stage.owner() as owner:
        owner.execute("ANALYZE rma_line_price")
        owner.execute("ANALYZE product_price")
    with server_stage.plant.plain(CLERK) as connection:
        told = connection.execute(
            "SELECT count(*) FROM pg_stats WHERE schemaname = 'qms'"
            " AND tablename IN ('rma_line_price', 'product_price')"
        ).fetchone()
        assert told == (0,)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM pg_statistic")


def test_the_hash_of_a_signed_content_tells_no_amount(server_stage: Stage) -> None:
    """Whoever may see everything but the amount could try amounts at home until the hash agrees."""
    server_stage.judged(pieces=120)
    amount = server_stage.rows("SELECT amount FROM rma_amount")[0][0]
    signable = next(each for each in signables() if each.kind == "rma")
    whole = content_query(signable, tables.BY_TABLE, server=True).replace(":id", str(server_stage.rma_id))
    query, _and, of_money = whole.rpartition(" || chr(10) || ")
    assert "rma_amount" in of_money
    assert "rma_amount" not in query
    with server_stage.plant.plain(CLERK) as connection:
        seen = connection.execute(query).fetchone()[0]
        told = connection.execute(f"SELECT qms_content_hash('rma', {server_stage.rma_id})").fetchone()[0]
    # What he could guess, in the very form in which it is hashed.
    assert hashlib.sha256(f"{seen}\nrma_amount|{amount}".encode()).hexdigest() != told
    server_stage.attack_by_rights(CLERK, "SELECT salt FROM rma_amount", "SELECT qms_content('rma', 1)")
    salt = server_stage.rows("SELECT salt FROM rma_amount")[0][0]
    assert hashlib.sha256(f"{seen}\nrma_amount|{amount}|{salt}".encode()).hexdigest() == told


def test_whatever_is_signed_of_money_is_salted() -> None:
    money = [part for each in signables() for part in each.parts if tables.is_money(tables.BY_TABLE[part.table])]
    assert {part.table for part in money} == {"rma_amount", "claim_amount"}
    assert all("salt" in part.columns for part in money)
    assert all("salt" in schema.SERVER_COLUMNS_ARE_FILLED.columns[part.table] for part in money)
