"""`qms-desktop user add|list|disable|enable|password`: who may sign in, as IT decides."""

from __future__ import annotations

import argparse

from qms_desktop.cli.common import add_connection, answer, password_for, signed_in
from qms_desktop.permissions import Role
from qms_desktop.rules import access

NEW_PASSWORD_VARIABLE = "QMS_NEW_PASSWORD"  # noqa: S105 - the name of a variable


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    user = commands.add_parser("user", help="add, list, disable people")
    kinds = user.add_subparsers(required=True, metavar="WHAT")
    new = kinds.add_parser("add", help=f"give somebody access; the first password comes from {NEW_PASSWORD_VARIABLE}")
    add_connection(new)
    new.add_argument("login", help="name to sign in with")
    new.add_argument("--name", required=True, help="the person's own name")
    new.add_argument("--roles", required=True, type=_roles, help=f"comma-separated: {', '.join(Role)}")
    new.add_argument("--badge", default="", help="number of the badge")
    new.add_argument("--department", default="")
    new.add_argument("--position", default="")
    new.set_defaults(run=_add)
    shown = kinds.add_parser("list", help="list everybody who has or had access")
    add_connection(shown)
    shown.set_defaults(run=_list)
    for verb, is_active, words in (
        ("disable", False, "take the access away; what the person did stays on record"),
        ("enable", True, "give the access back"),
    ):
        changed = kinds.add_parser(verb, help=words)
        add_connection(changed)
        changed.add_argument("login")
        changed.set_defaults(run=_set_active, is_active=is_active)
    fresh = kinds.add_parser("password", help=f"give a new password, from {NEW_PASSWORD_VARIABLE} or a prompt")
    add_connection(fresh)
    fresh.add_argument("login")
    fresh.set_defaults(run=_password)


def _roles(text: str) -> frozenset[Role]:
    try:
        return frozenset(Role(word.strip()) for word in text.split(",") if word.strip())
    except ValueError as error:
        message = f"{text} are no roles. There are: {', '.join(Role)}"
        raise argparse.ArgumentTypeError(message) from error


def _add(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        made = access.add_person(
            session,
            login=asked.login,
            name=asked.name,
            roles=asked.roles,
            first_password=password_for(asked, asked.login, NEW_PASSWORD_VARIABLE),
            badge=asked.badge,
            department=asked.department,
            position=asked.position,
        )
    return answer(asked, {"id": made, "login": asked.login}, f"{asked.login} may sign in.")


def _list(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        people = access.listed(session)
    lines = [
        f"{person.login}\t{person.name}\t{','.join(person.roles)}\t{'' if person.is_active else 'disabled'}".rstrip()
        for person in people
    ]
    return answer(asked, people, *lines)


def _set_active(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        access.set_active(session, login=asked.login, is_active=asked.is_active)
    word = "may sign in" if asked.is_active else "may not sign in any more"
    return answer(asked, {"login": asked.login, "is_active": asked.is_active}, f"{asked.login} {word}.")


def _password(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        fresh = password_for(asked, asked.login, NEW_PASSWORD_VARIABLE)
        access.reset_password(session, login=asked.login, new_password=fresh)
    return answer(asked, {"login": asked.login}, f"{asked.login} has a new password.")
