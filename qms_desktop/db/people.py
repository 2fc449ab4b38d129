"""Who may sign in: giving access, changing passwords, and the session that a right password opens."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from qms_desktop.db import migrate
from qms_desktop.db.connection import NOT_SET_UP, Store, place_of, read
from qms_desktop.db.guards import Announced
from qms_desktop.db.master_data import Person, PersonRole, PersonSecret, Site
from qms_desktop.db.record import change, database, on_postgresql
from qms_desktop.db.sqlite_functions import hashed
from qms_desktop.errors import InvalidInput, NotFound, Refused, Unavailable
from qms_desktop.i18n import N_
from qms_desktop.permissions import Role
from qms_desktop.session import Session

if TYPE_CHECKING:
    import psycopg

    from qms_desktop.db.setup import NewPerson

SHORTEST_PASSWORD = 8
# A server cuts names after 63 bytes; a Chinese character has three of them.
_LOGIN = re.compile(r"\w[\w.@-]{0,39}")
_MOST_LOGIN_BYTES = 60
_RESERVED = re.compile(r"qms_.*|pg_.*|postgres|public|none", re.IGNORECASE)
PASSWORD_TOO_SHORT = N_("A password needs at least {count} characters.")
STRANGE_LOGIN = N_("“{login}” cannot be a login name. Use letters, digits, and . _ - @ inside, 40 characters at most.")
NO_NAME = N_("The person's own name is missing. Give it, as it stands on the papers.")
NO_ROLE = N_("{login} would have no role. Give at least one.")
NO_ACCESS_YET = N_("{login} has no access yet. Give it with `qms-desktop user add`.")
LAST_ADMIN = N_("{login} is the last one who may give access. Give somebody else the role `admin` first.")
NOBODY = N_("There is nobody with the login {login}. See `qms-desktop user list`.")
NO_PERSON = N_("{login} is known to the database server, but not as a person of this plant. Ask IT.")

LOGIN_IS_RESERVED = Announced(
    name="login_is_reserved",
    table="person",
    message=N_("This login name is reserved or unknown. Choose another."),
    attacked_by="test_it_cannot_take_over_the_servers_administrator",
)

LOGIN_IS_TAKEN = Announced(
    name="login_is_taken",
    table="person",
    message=N_("Somebody signs in under this name already. Choose another."),
    attacked_by="test_it_cannot_take_over_a_colleagues_login",
)


def scram_verifier(connection: psycopg.Connection[tuple[object, ...]], login: str, password: str) -> str:
    """Give the form in which a password goes to the server: never the password itself."""
    return connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()


def provision(person: NewPerson) -> int:
    """Give somebody access to the database in use, with roles and a first password; gives the person's id.

    Raises InvalidInput for a short password, a login or a name that cannot be, Refused through the guards.
    """
    refuse_strange(person)
    _refuse_twin(person.login)
    if on_postgresql():
        verifier = scram_verifier(database().connection(), person.login, person.password)
        cursor = database().execute_sql(
            "SELECT qms_provision(%s, %s, %s, %s, %s, %s, %s)",
            (
                person.login,
                person.name,
                person.badge,
                person.department,
                person.position,
                ",".join(sorted(person.roles)),
                verifier,
            ),
        )
        return int(cursor.fetchone()[0])
    return _provision_in_file(person)


def _provision_in_file(person: NewPerson) -> int:
    known: Person | None = Person.get_or_none(Person.login == person.login)
    if known is not None and known.is_active:
        LOGIN_IS_TAKEN.refuse()
    if known is None:
        known = Person.create(
            login=person.login,
            name=person.name,
            badge=person.badge or None,
            department=person.department,
            position=person.position,
            site=Site.select().order_by(Site.id).get(),
        )
    else:  # An import made the person known already, without access.
        change(
            known,
            name=person.name,
            badge=person.badge or known.badge,
            department=person.department or known.department,
            position=person.position or known.position,
            is_active=True,
        )
    held = {row.role for row in PersonRole.select().where(PersonRole.person == known)}
    for role in sorted(person.roles - held):
        PersonRole.insert(person=known, role=role).execute()
    PersonSecret.insert(person=known, password_hash=hashed(person.password)).on_conflict_replace().execute()
    return int(known.id)


def reset_password(login: str, password: str) -> None:
    """Give a person a new password, as IT."""
    refuse_short(password)
    _refuse_without_access(login)
    if on_postgresql():
        verifier = scram_verifier(database().connection(), login, password)
        database().execute_sql("SELECT qms_reset_password(%s, %s)", (login, verifier))
        return
    person = Person.get(Person.login == login)
    # The secret is in no audited table: the new version of the person leaves the trace of who gave it.
    Person.update(version=Person.version + 1).where(Person.id == person.id).execute()
    PersonSecret.update(password_hash=hashed(password)).where(PersonSecret.person == person).execute()


def refuse_strange(person: NewPerson) -> None:
    """Raise InvalidInput for a person who could not sign in, or whom nobody would know."""
    is_plain = unicodedata.normalize("NFKC", person.login) == person.login
    if not is_plain or not _LOGIN.fullmatch(person.login) or len(person.login.encode()) > _MOST_LOGIN_BYTES:
        raise InvalidInput(STRANGE_LOGIN, field="login", login=person.login)
    if _RESERVED.fullmatch(person.login):
        LOGIN_IS_RESERVED.refuse()
    if not person.name.strip():
        raise InvalidInput(NO_NAME, field="name")
    if not person.roles:
        raise InvalidInput(NO_ROLE, field="roles", login=person.login)
    refuse_short(person.password)


def _refuse_twin(login: str) -> None:
    """Refuse a login that differs from another by capital letters alone: on paper nobody could tell the two apart."""
    others = (each.login for each in Person.select(Person.login).where(Person.login != login))
    if any(other.casefold() == login.casefold() for other in others):
        LOGIN_IS_TAKEN.refuse()


def _refuse_without_access(login: str) -> None:
    """Raise Refused for somebody whom an import made known, and who never got a password."""
    person = Person.get_or_none(Person.login == login)
    if person is None:
        raise NotFound(NOBODY, field="login", login=login)
    if on_postgresql():
        found = database().execute_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
    else:
        found = PersonSecret.get_or_none(PersonSecret.person == person)
    if found is None:
        raise Refused(NO_ACCESS_YET, field="login", login=login)


def _refuse_last_admin(login: str) -> None:
    admins = {
        row.person.login
        for row in PersonRole.select().join(Person).where((PersonRole.role == Role.ADMIN) & Person.is_active)
    }
    if admins == {login}:
        raise Refused(LAST_ADMIN, field="login", login=login)


def set_active(login: str, *, is_active: bool) -> None:
    """Let a person sign in, or no longer; nothing that was recorded changes.

    Raises Refused for the last one who may give access: nobody could ever be let in again.
    """
    _refuse_without_access(login)
    if not is_active:
        _refuse_last_admin(login)
    if on_postgresql():
        database().execute_sql("SELECT qms_set_active(%s, %s)", (login, is_active))
    else:
        Person.update(is_active=is_active, version=Person.version + 1).where(Person.login == login).execute()


def refuse_short(password: str) -> None:
    """Raise InvalidInput for a password that is guessed too easily."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(PASSWORD_TOO_SHORT, field="password", count=SHORTEST_PASSWORD)


def _known(person: Person | None, login: str) -> Person:
    if person is None:
        raise InvalidInput(NO_PERSON, field="login", login=login)
    return person


def _refuse_never_made(store: Store) -> None:
    """Raise Unavailable for a server's database without our schema, InvalidInput for somebody who may not look in."""
    if not store.is_shared:
        return
    found = (
        database()
        .execute_sql("SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = 'qms'")
        .fetchone()
    )
    if found is None:
        raise Unavailable(NOT_SET_UP, field="database", place=place_of(store.url))
    if not found[0]:
        raise InvalidInput(NO_PERSON, field="login", login=store.login)


def sign_in(url: str, login: str, password: str, *, station: str = "") -> Session:
    """Open a database as a person; raises InvalidInput for a wrong password, Unavailable for the rest."""
    store = Store(url, login, password)
    try:
        with store.use():
            _refuse_never_made(store)
            read(migrate.refuse_unless_current)
            person = _known(read(lambda: Person.get_or_none(Person.login == login)), login)
            roles = read(lambda: frozenset(row.role for row in PersonRole.select().where(PersonRole.person == person)))
    except BaseException:
        store.close()
        raise
    return Session(
        login=login, name=person.name, roles=frozenset(Role(role) for role in roles), store=store, station=station
    )
