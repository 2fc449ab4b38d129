"""`qms-desktop db init|upgrade|check|verify`: making, bringing up to date and examining a database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop.cli.common import add_connection, answer, database_of, password_for, signed_in
from qms_desktop.db import setup
from qms_desktop.db.audit import ChainHead
from qms_desktop.db.connection import is_file
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_
from qms_desktop.permissions import Role
from qms_desktop.rules import health

if TYPE_CHECKING:
    import argparse

    from qms_desktop.db.audit import Broken
    from qms_desktop.db.totals import Differs
    from qms_desktop.db.verification import Unaccounted

SUPERUSER_VARIABLE = "QMS_SUPERUSER_PASSWORD"
UPGRADE_VARIABLE = "QMS_UPGRADE_PASSWORD"
NO_HEADS = N_(
    "Line {line} of {file} is no head of an audit chain. Name the file that this command wrote the last time."
)


@dataclass(frozen=True)
class Made:
    """A database that was made."""

    database: str
    admin: str


@dataclass(frozen=True)
class Upgraded:
    """The schema files that ran."""

    ran: tuple[str, ...]


@dataclass(frozen=True)
class Verified:
    """What following the evidence found."""

    chains: int
    broken: tuple[Broken, ...]
    unaccounted: tuple[Unaccounted, ...]
    differing: tuple[Differs, ...]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    database = commands.add_parser("db", help="make, upgrade, check or verify a database")
    kinds = database.add_subparsers(required=True, metavar="WHAT")
    _add_init(kinds)
    upgrade = kinds.add_parser("upgrade", help="bring a database to this program's version (password of qms_upgrade)")
    add_connection(upgrade, user=False)
    upgrade.set_defaults(run=_upgrade)
    check = kinds.add_parser(
        "check", help="tell whether schema, guards and rights are those of this program, no more and no less"
    )
    add_connection(check)
    check.set_defaults(run=_check)
    verify = kinds.add_parser(
        "verify",
        help="follow every audit chain, compare every row with it, and sum up every total",
        description="Follow every audit chain from its beginning, compare every row with its newest entry, and sum up "
        "every total from its events. The end of a chain is proved only by what is kept outside of the database: "
        "with --heads, the heads noted down the last time must still be in their chains, and if nothing is wrong the "
        "present heads are noted down.",
    )
    add_connection(verify)
    verify.add_argument(
        "--heads",
        metavar="FILE",
        type=Path,
        help="the heads of the chains, kept where the database's owner cannot write",
    )
    verify.set_defaults(run=_verify)


def _add_init(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    init = kinds.add_parser(
        "init",
        help="make a new database with its first person",
        description="Make a new database. Passwords: QMS_PASSWORD is the first person's; on a server "
        f"{SUPERUSER_VARIABLE} is the server administrator's and {UPGRADE_VARIABLE} becomes that of qms_upgrade. "
        "What is not set is asked for.",
    )
    add_connection(init, user=False)
    init.add_argument("--admin", metavar="LOGIN", required=True, help="login name of the first person, who is IT")
    init.add_argument("--admin-name", metavar="NAME", help="that person's own name")
    init.add_argument("--plant", metavar="NAME", default="", help="name of the plant")
    init.add_argument("--plant-english", metavar="NAME", default="", help="its English name")
    init.add_argument("--time-zone", metavar="ZONE", default="Asia/Shanghai", help="where the days begin and end")
    init.add_argument("--superuser", metavar="LOGIN", default="postgres", help="the server's administrator")
    kind = init.add_mutually_exclusive_group()
    kind.add_argument(
        "--demo", action="store_const", dest="purpose", const=setup.Purpose.DEMO, help="a try-out database"
    )
    kind.add_argument(
        "--test", action="store_const", dest="purpose", const=setup.Purpose.TEST, help="a database for tests"
    )
    init.set_defaults(run=_init, purpose=setup.Purpose.REAL)


def _init(asked: argparse.Namespace) -> int:
    url = database_of(asked)
    is_single_file = is_file(url)
    plant = setup.Plant(name=asked.plant, english_name=asked.plant_english, time_zone=asked.time_zone)
    admin = setup.NewPerson(
        login=asked.admin,
        name=asked.admin_name or asked.admin,
        roles=frozenset({Role.ADMIN}),
        password=password_for(asked, asked.admin),
    )
    if is_single_file:
        setup.make_file(url, purpose=asked.purpose, plant=plant, admin=admin)
    else:
        setup.make_server(
            url,
            superuser=asked.superuser,
            superuser_password=password_for(asked, asked.superuser, SUPERUSER_VARIABLE),
            upgrade_password=password_for(asked, "qms_upgrade", UPGRADE_VARIABLE),
            purpose=asked.purpose,
            plant=plant,
            admin=admin,
        )
    return answer(asked, Made(url, asked.admin), f"{url} is ready; {asked.admin} may sign in.")


def _upgrade(asked: argparse.Namespace) -> int:
    url = database_of(asked)
    password = "" if is_file(url) else password_for(asked, "qms_upgrade", UPGRADE_VARIABLE, from_file=True)
    ran = tuple(setup.upgrade(url, password))
    return answer(asked, Upgraded(ran), f"{url} is up to date ({', '.join(ran) or 'no new schema file'}).")


def _check(asked: argparse.Namespace) -> int:
    with signed_in(asked) as session:
        found = health.check(session)
    lines = [
        f"schema: {', '.join(found.schema_files)}",
        f"kind: {found.kind}",
        *(f"wrong: {fault}" for fault in found.faults),
    ]
    answer(asked, found, *lines, "all is as it should be" if not found.faults else f"{len(found.faults)} faults")
    return int(bool(found.faults))


def _verify(asked: argparse.Namespace) -> int:
    kept = _read_heads(asked.heads) if asked.heads and asked.heads.exists() else ()
    with signed_in(asked) as session:
        found = health.verify(session, kept=kept)
    lines = [
        *(f"{place.chain} entry {place.position}: {place.fault}" for place in found.broken),
        *(f"{row.table} {row.row_id}: {row.fault}" for row in found.unaccounted),
        *(f"{d.table} {d.row_id}: {d.column} is {d.stands}, its events make {d.events_make}" for d in found.differing),
    ]
    if asked.heads and not found.count:
        _note_down(asked.heads, found.heads)
    verified = Verified(len(found.heads), found.broken, found.unaccounted, found.differing)
    answer(asked, verified, *lines, f"{verified.chains} chains, {found.count} faults")
    return int(bool(found.count))


def _read_heads(path: Path) -> tuple[ChainHead, ...]:
    heads = []
    text = path.read_bytes().decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), start=1):
        chain, position, digest, *more = [*line.split(" "), "", ""]
        if not (chain and position.isascii() and position.isdigit() and digest) or any(more):
            raise InvalidInput(NO_HEADS, field="heads", file=str(path), line=number)
        heads.append(ChainHead(chain, int(position), digest))
    return tuple(heads)


def _note_down(path: Path, heads: tuple[ChainHead, ...]) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text("".join(f"{head.chain} {head.position} {head.hash}\n" for head in heads), encoding="utf-8")
    new.replace(path)
