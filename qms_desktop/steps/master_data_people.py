"""People as an import brings them: known with badge and roles, but without access until IT gives a password.

An imported person is inactive and has no login at the server; `qms-desktop user add` makes one of the same login (the
badge number). What a person with access may do is never changed by a file: IT gives and takes roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop.db.bulk import insert_rows, tuples
from qms_desktop.db.master_data import Person, PersonRole, Site
from qms_desktop.db.record import change, take
from qms_desktop.i18n import N_
from qms_desktop.steps.master_data_changes import NEW, SAME, FieldChange, Refusal, Verdict, refused, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.permissions import Role
    from qms_desktop.steps.master_data_rows import PersonRow

ROLES_OF_ACTIVE = N_("{name} has access already. A file does not change roles; let IT change them for {login}.")
OTHER_NAME = N_("{login} is {name} already and has access. A file does not give a login to somebody else.")
BADGE_TAKEN = N_("The badge {badge} belongs to {name} already.")

LABELS = {"name": N_("Name"), "badge": N_("Badge number"), "department": N_("Department"), "position": N_("Post")}
ROLES_LABEL = N_("Roles")


@dataclass(frozen=True, slots=True)
class Known:
    """A person as stored, with the roles held."""

    id: int
    login: str
    name: str
    badge: str | None
    department: str
    position: str
    is_active: bool
    roles: frozenset[Role]


class People:
    """Takes in people, each by the login that is the badge number."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.new: list[PersonRow] = []
        self.changed: dict[str, dict[str, object]] = {}
        self.new_roles: dict[str, list[Role]] = {}

    def plan(self, rows: Sequence[PersonRow]) -> list[Verdict | Refusal]:
        """Compare people with those that are known."""
        roles: dict[int, set[Role]] = {}
        for person_id, role in tuples(PersonRole.select(PersonRole.person, PersonRole.role)):
            roles.setdefault(person_id, set()).add(role)
        for each in Person.select():
            self.known[each.login] = Known(
                each.id, each.login, each.name, each.badge, each.department, each.position, each.is_active,
                frozenset(roles.get(each.id, ())),
            )  # fmt: skip
        badges = {person.badge: person for person in self.known.values() if person.badge}
        return [self._put(row, badges.get(row.badge)) for row in rows]

    def _put(self, row: PersonRow, holder: Known | None) -> Verdict | Refusal:
        if holder is not None and holder.login != row.badge:
            return refused(BADGE_TAKEN, badge=row.badge, name=holder.name)
        known = self.known.get(row.badge)
        if known is None:
            self.new.append(row)
            return NEW
        if known.is_active and known.name != row.name:
            return refused(OTHER_NAME, login=known.login, name=known.name)
        if known.is_active and known.roles != frozenset(row.roles):
            return refused(ROLES_OF_ACTIVE, login=known.login, name=known.name)
        return self._compare(row, known)

    def _compare(self, row: PersonRow, known: Known) -> Verdict:
        wanted = {"name": row.name, "badge": row.badge, "department": row.department, "position": row.post}
        different = {name: value for name, value in wanted.items() if value and value != getattr(known, name)}
        changes = [
            FieldChange(LABELS[name], shown(getattr(known, name)), shown(value)) for name, value in different.items()
        ]
        added = [role for role in row.roles if role not in known.roles]
        if added:
            self.new_roles[row.badge] = added
            changes.append(FieldChange(ROLES_LABEL, listed(known.roles), listed({*known.roles, *added})))
        if different:
            self.changed[row.badge] = dict(different)
        return Verdict(changes=tuple(changes)) if changes else SAME

    def key(self, row: PersonRow) -> str:
        """Name a person by badge and name."""
        return f"{row.badge} {row.name}"

    def write(self, batch_id: int) -> None:  # noqa: ARG002 - people are audited one by one, not by their batch
        """Write new people without access, and what changed of known ones."""
        site = Site.select().order_by(Site.id).get().id
        names = ("login", "name", "badge", "department", "position", "site", "is_active")
        insert_rows(
            Person,
            names,
            ((row.badge, row.name, row.badge, row.department or "", row.post or "", site, False) for row in self.new),
        )
        for login, values in self.changed.items():
            change(take(Person, self.known[login].id), **values)
        ids = dict(tuples(Person.select(Person.login, Person.id)))
        given = [(ids[row.badge], role) for row in self.new for role in row.roles]
        given += [(ids[login], role) for login, roles in self.new_roles.items() for role in roles]
        insert_rows(PersonRole, ("person", "role"), given)


def listed(roles: frozenset[Role] | set[Role]) -> str:
    """Give roles as one text, in a steady order."""
    return ", ".join(sorted(roles))
