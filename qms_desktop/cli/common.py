"""What the commands share: which database, as whom, with which password, and how the answer is printed."""

from __future__ import annotations

import argparse
import codecs
import dataclasses
import errno
import getpass
import json
import os
import sys
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from qms_desktop import settings
from qms_desktop.errors import InvalidInput, Unavailable
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qms_desktop.session import Session

PASSWORD_VARIABLE = "QMS_PASSWORD"  # noqa: S105 - the name of a variable
NO_DATABASE = N_(
    "Say which database: --database sqlite:///file.qms or postgresql://host/name, or choose it in the window."
)
NO_USER = N_("Say who you are: --user NAME.")
NO_PASSWORD = N_("There is no password for {who}: set {variable}, or run it where it can be typed.")
NO_OWN_PASSWORD = N_(
    "There is no password: set {variable}, name a file by --password-file, or run it where it can be typed."
)
EMPTY_PASSWORD_FILE = N_("The first line of {file} is empty. Write the password there.")
NO_PASSWORD_FILE = N_("The password file {file} cannot be read: {reason}. Check its name and that you may read it.")
STRANGE_PASSWORD_FILE = N_("{file} is no text in UTF-8. Write the password on its first line, and save it as UTF-8.")
NO_ROOM_FOR_ANSWER = N_("The answer cannot be written: {reason}. What the command has done stands.")
NO_PLACE_FOR_FILE = N_(
    "{file} cannot be written: {reason}. Close the program that has it open, or choose another place."
)


def add_connection(command: argparse.ArgumentParser, *, user: bool = True) -> None:
    """Add the arguments that say where, and as whom."""
    # Without SUPPRESS, what stood before the command's name would be forgotten.
    command.add_argument(
        "--database", metavar="URL", default=argparse.SUPPRESS, help="sqlite:///file.qms or postgresql://host/name"
    )
    if user:
        command.add_argument(
            "--user",
            metavar="NAME",
            default=argparse.SUPPRESS,
            help="sign in as; the password comes from QMS_PASSWORD or a prompt",
        )
    command.add_argument(
        "--password-file",
        metavar="FILE",
        type=Path,
        default=argparse.SUPPRESS,
        help="a file whose first line is the password",
    )
    add_json(command)


def add_json(command: argparse.ArgumentParser) -> None:
    """Add the choice of how the answer is printed."""
    command.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print the answer as JSON")


def database_of(asked: argparse.Namespace) -> str:
    """Give the address of the database: as asked, else as the workstation remembers; raises InvalidInput."""
    found = asked.database or settings.load().database
    if not found:
        raise InvalidInput(NO_DATABASE, field="database")
    return str(found)


def password_for(
    asked: argparse.Namespace, who: str, variable: str = PASSWORD_VARIABLE, *, from_file: bool | None = None
) -> str:
    """Give a password: from the environment, the pass file or a prompt; raises InvalidInput when there is none.

    The pass file holds the password of who signs in; nobody else's is taken from it, unless `from_file` says so.
    """
    is_own = variable == PASSWORD_VARIABLE if from_file is None else from_file
    if variable in os.environ:
        return os.environ[variable]
    if is_own and asked.password_file:
        return _first_line(asked.password_file)
    missing = InvalidInput(NO_OWN_PASSWORD if is_own else NO_PASSWORD, field="password", variable=variable, who=who)
    if not is_typed(sys.stdin):
        raise missing
    try:
        return getpass.getpass(f"{who}: ")
    except EOFError:
        raise missing from None


def _first_line(path: Path) -> str:
    try:
        # Windows' editor puts a mark in front.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(STRANGE_PASSWORD_FILE, field="password", file=path) from error
    except OSError as error:
        raise InvalidInput(NO_PASSWORD_FILE, field="password", file=path, reason=error.strerror) from error
    first = text.partition("\n")[0].removesuffix("\r")
    if not first:
        raise InvalidInput(EMPTY_PASSWORD_FILE, field="password", file=path)
    return first


def is_typed(stream: IO[str] | None) -> bool:
    """Say whether a person sits before a stream; a program without a console has none at all."""
    return stream is not None and not stream.closed and stream.isatty()


@contextmanager
def signed_in(asked: argparse.Namespace) -> Iterator[Session]:
    """Sign in as the arguments say, and close the connection afterwards."""
    from qms_desktop.db import people  # noqa: PLC0415 - the window starts before the database is loaded

    remembered = settings.load()
    who = asked.user or remembered.login
    if not who:
        raise InvalidInput(NO_USER, field="login")
    session = people.sign_in(database_of(asked), who, password_for(asked, who), station="command line")
    try:
        yield session
    finally:
        session.store.close()


def answer(asked: argparse.Namespace, result: object, *lines: str) -> int:
    """Print the answer: the result as JSON, or the lines for people; gives exit code 0."""
    if asked.json:
        print_json(plain(result))
        asked.is_answered = True
    else:
        say(*lines)
    return 0


def say(*lines: str) -> None:
    """Print lines at once; raises Unavailable when they find no room."""
    try:
        print(*lines, sep="\n", flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is still buffered would fail once more when the program ends.
        sys.stdout = None
        raise Unavailable(NO_ROOM_FOR_ANSWER, reason=error.strerror) from error


def print_json(document: object) -> None:
    """Print the one JSON document of a command, in ASCII where the stream may not know every character."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    knows_all = codecs.lookup(encoding).name.startswith("utf")
    say(json.dumps(document, ensure_ascii=not knows_all, indent=2))


def fail(asked: argparse.Namespace, sentence: str, code: int = 1) -> int:
    """Say in one line why a command failed, as JSON too where that was asked for and nothing was answered yet.

    Gives the exit code.
    """
    print(f"qms-desktop: {sentence}", file=sys.stderr)
    if getattr(asked, "json", False) and not getattr(asked, "is_answered", False):
        print_json({"error": sentence})
    return code


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a verb answers
    """Give a value in the forms that JSON knows: amounts as text, moments in ISO form with their zone."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it first, then in its place; raises Unavailable."""
    fresh = path.parent / f"{path.name}.new"
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise Unavailable(NO_PLACE_FOR_FILE, file=path, reason=error.strerror) from error
