"""Who is acting: the person, the roles, the workstation and the database that it happens in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from qms_desktop.permissions import Permission, Role, permissions_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class Store(Protocol):
    """What a session needs to know of its database; db/connection.py has the real ones."""

    def use(self) -> AbstractContextManager[None]:
        """Make this database the current one of the thread inside the block."""

    def signing(self, password: str) -> AbstractContextManager[None]:
        """Run the block on a fresh connection, opened with the password that was just typed."""

    def close(self) -> None:
        """Close the connections of all threads; whoever signed out leaves none behind."""


@dataclass(frozen=True)
class Session:
    """A signed-in person at a workstation.

    `login` is the name at the database, `name` the person's own. `station` says which PC or counter it is.
    """

    login: str
    name: str
    roles: frozenset[Role]
    store: Store = field(repr=False, compare=False)
    station: str = ""

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Give everything that the person's roles allow."""
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        """Tell whether the person's roles include the permission."""
        return permission in self.permissions
