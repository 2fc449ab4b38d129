"""Who may sign in, as IT decides: adding a person, a new password, letting in and shutting out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.action import action, reading
from qms_desktop.db import people
from qms_desktop.db.master_data import Person, PersonRole
from qms_desktop.db.setup import NewPerson
from qms_desktop.permissions import Permission, Role

if TYPE_CHECKING:
    from qms_desktop.session import Session


@dataclass(frozen=True)
class PersonShown:
    """A person as lists show it."""

    login: str
    name: str
    badge: str
    department: str
    position: str
    roles: tuple[Role, ...]
    is_active: bool


@action(Permission.PERSON_ADMINISTER)
def add_person(
    session: Session,
    *,
    login: str,
    name: str,
    roles: frozenset[Role],
    first_password: str,
    badge: str = "",
    department: str = "",
    position: str = "",
) -> int:
    """Give somebody access with roles and a first password; gives the person's id.

    Raises InvalidInput for a short password, Refused for a reserved login or a badge that is taken.
    """
    person = NewPerson(
        login=login,
        name=name,
        roles=roles,
        password=first_password,
        badge=badge,
        department=department,
        position=position,
    )
    return people.provision(person)


@action(Permission.PERSON_ADMINISTER)
def set_active(session: Session, *, login: str, is_active: bool) -> None:
    """Let a person sign in, or no longer; what the person recorded stays."""
    people.set_active(login, is_active=is_active)


@action(Permission.PERSON_ADMINISTER)
def reset_password(session: Session, *, login: str, new_password: str) -> None:
    """Give a person a new password."""
    people.reset_password(login, new_password)


@reading(Permission.READ)
def listed(session: Session) -> tuple[PersonShown, ...]:
    """Give everybody who has or had access, by login."""
    roles: dict[int, list[Role]] = {}
    for row in PersonRole.select().order_by(PersonRole.role):
        roles.setdefault(row.person_id, []).append(row.role)
    return tuple(
        PersonShown(
            login=person.login,
            name=person.name,
            badge=person.badge or "",
            department=person.department,
            position=person.position,
            roles=tuple(roles.get(person.id, ())),
            is_active=person.is_active,
        )
        for person in Person.select().order_by(Person.login)
    )
